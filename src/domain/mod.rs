//! The words of the house. No await, no clock, no network.
//!
//! - [`ids`]      names that were checked once: tenants, objects, requests, digests
//! - [`users`]    what the directory says about people, groups, licences, mailboxes
//! - [`area`]     permission groups, and how much harm a mistake would do
//! - [`proposal`] an action with its arguments, as understood, not yet planned
//! - [`change`]   one typed effect on a tenant, and what each kind needs and proves
//! - [`plan`]     the changes as a graph of steps, frozen into bytes with a digest
//! - [`request`]  a plan on its way from asked to finished: its states and verbs
//! - [`step`]     a step while it is carried out: outcomes and evidence
//! - [`decision`] votes, verdicts, and the proof that a plan may run
//! - [`chat`]     people and places in Slack and Teams; what came in from them
//! - [`message`]  everything the bot can say
//! - [`samples`]  one of each message, as nasty as life
//! - [`secret`]   a value that cannot be printed
//! - [`fact`]     what the record keeps: a public header and a payload
//! - [`trouble`]  why something is refused or failed, for three readers
//!
//! Not here: anything that waits, reads a clock, or knows HTTP, SQL or a vendor's
//! wire format. Time, ids and chance are handed in.

pub mod area;
pub mod change;
pub mod chat;
pub mod decision;
pub mod fact;
pub mod ids;
pub mod message;
pub mod plan;
pub mod proposal;
pub mod request;
pub mod samples;
pub mod secret;
pub mod step;
pub mod trouble;
pub mod users;
