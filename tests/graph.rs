//! The Microsoft adapters against the simulated tenant, over HTTP.
//!
//! - [`room`]     a tenant, a clock that stands still, and the adapters in between
//! - [`reading`]  what the directory says
//! - [`changing`] what is made, and what is refused
//! - [`people`]   users, passwords, licences: each action walked through by [`walk`]
//! - [`corners`]  methods, passes, profiles, lists
//! - [`trouble`]  throttling, cut connections, missing answers
//! - [`rights`]   tokens, permissions, roles
//! - [`lists`]    what goes through Exchange
//! - [`asking`]   actions planned by what the tenant says, and carried out
//! - [`policies`] [`apps`] [`domains`] [`workbooks`] [`raw`]  those areas, from plan to read-back
//! - [`mail`]     mailboxes, mail flow, holds: each action planned, made and read back
//! - [`undoing`]  what is undone is as it was, in shuffled tenants; [`leaving`] so for leavers
//! - [`shuffled`] Contoso shuffled by a seed
//! - [`strange`]  services that are not what they should be; [`mangled`] answers changed by dice

#[path = "graph/apps.rs"]
mod apps;
#[path = "graph/asking.rs"]
mod asking;
#[path = "graph/changing.rs"]
mod changing;
#[path = "graph/corners.rs"]
mod corners;
#[path = "graph/domains.rs"]
mod domains;
#[path = "graph/leaving.rs"]
mod leaving;
#[path = "graph/lists.rs"]
mod lists;
#[path = "graph/mail.rs"]
mod mail;
#[path = "graph/mangled.rs"]
mod mangled;
#[path = "support/mutate.rs"]
mod mutate;
#[path = "graph/people.rs"]
mod people;
#[path = "graph/policies.rs"]
mod policies;
#[path = "graph/raw.rs"]
mod raw;
#[path = "graph/reading.rs"]
mod reading;
#[path = "graph/rights.rs"]
mod rights;
#[path = "graph/room.rs"]
mod room;
#[path = "support/shuffled.rs"]
mod shuffled;
#[path = "graph/strange.rs"]
mod strange;
#[path = "graph/trouble.rs"]
mod trouble;
#[path = "graph/undoing.rs"]
mod undoing;
#[path = "graph/walk.rs"]
mod walk;
#[path = "graph/workbooks.rs"]
mod workbooks;
