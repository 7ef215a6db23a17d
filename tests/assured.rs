//! What is promised, tried as often as it is promised where no server is needed for it.
//!
//! - [`charts`]    who may sign, over random organisations (B1)
//! - [`namesakes`] nobody is chosen in silence among people of one name (C5)
//!
//! Not here: what goes through the doors; the conversations count that themselves.

#[path = "support/assure.rs"]
mod assure;
#[path = "assured/charts.rs"]
mod charts;
#[path = "assured/namesakes.rs"]
mod namesakes;
