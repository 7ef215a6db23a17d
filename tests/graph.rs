//! The Microsoft adapters against the simulated tenant, over HTTP.
//!
//! - [`room`]     a tenant, a clock that stands still, and the adapters in between
//! - [`reading`]  what the directory says
//! - [`changing`] what is made, and what is refused
//! - [`trouble`]  throttling, cut connections, missing answers
//! - [`rights`]   tokens, permissions, roles
//! - [`lists`]    what goes through Exchange
//! - [`strange`]  services that are not what they should be

#[path = "graph/changing.rs"]
mod changing;
#[path = "graph/lists.rs"]
mod lists;
#[path = "graph/reading.rs"]
mod reading;
#[path = "graph/rights.rs"]
mod rights;
#[path = "graph/room.rs"]
mod room;
#[path = "graph/strange.rs"]
mod strange;
#[path = "graph/trouble.rs"]
mod trouble;
