//! What we ask of the world, said in our words.
//!
//! - [`directory`] looks at users, groups, licences, mailboxes; it cannot change anything
//! - [`people`]    looks at people closer: lists, single properties, methods, the deleted
//! - [`mailboxes`] looks at mailboxes, the rights on them and the rules in them
//! - [`mail_flow`] looks at transport rules, domains, retention
//! - [`handover`]  looks at the meetings and the drive of somebody who leaves
//! - [`world`]     all that an action may look at, in one
//! - [`policies`] [`applications`] [`domains`] [`workbooks`] [`raw_graph`] look at what is beside people
//! - [`hands`]     changes one thing, and reads it back; the only door through which a tenant is touched
//! - [`chat`]      posts a card, replaces one, tells who somebody is
//! - [`sign_in`]   where somebody signs in, and who they turn out to be
//! - [`rehearsal`] puts up a tenant that is not real
//! - [`faces`]     draws a message for a platform
//! - [`model`]     a language model, which is asked to point and does nothing
//! - [`store`]     remembers, one whole turn at a time; [`copies`] of cards among it; [`partner`]
//!   the partner's refresh token
//! - [`clock`]     the time, fresh ids and chance
//! - [`trace`]     what is measured on a request's way
//!
//! Not here: anything that knows HTTP, SQL or the name of a vendor. Each port has
//! its real adapters and a fake with a memory.

pub mod applications;
pub mod chat;
pub mod clock;
pub mod copies;
pub mod devices;
pub mod directory;
pub mod domains;
pub mod faces;
pub mod groups;
pub mod guests;
pub mod handover;
pub mod hands;
pub mod mail_flow;
pub mod mailboxes;
pub mod model;
pub mod partner;
pub mod people;
pub mod policies;
pub mod raw_graph;
pub mod rehearsal;
pub mod roles;
pub mod sign_in;
pub mod store;
pub mod trace;
pub mod workbooks;
pub mod world;
