//! What is promised, tried as often as it is promised where no server is needed for it.
//!
//! - [`charts`]    who may sign, over random organisations (B1)
//! - [`mutations`] plans and votes changed by dice (B3)
//! - [`votes`]     every order of votes, against a second evaluator (B6)
//! - [`namesakes`] nobody is chosen in silence among people of one name (C5)
//! - [`records`]   a long record verified and exported (E3)
//!
//! Not here: what goes through the doors; the conversations count that themselves.

#[path = "support/assure.rs"]
mod assure;
#[path = "assured/charts.rs"]
mod charts;
#[path = "assured/mutations.rs"]
mod mutations;
#[path = "assured/namesakes.rs"]
mod namesakes;
#[path = "assured/records.rs"]
mod records;
#[path = "assured/votes.rs"]
mod votes;
