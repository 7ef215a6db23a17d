//! The words of the house. No await, no clock, no network.
//!
//! - [`ids`]      names that were checked once: tenants, objects, requests, digests
//! - [`users`]    what the directory says about people, groups, licences, mailboxes
//! - [`news`]     what changed in it since it was last read
//! - [`methods`]  what people sign in with; [`properties`] what can be written of a user
//! - [`groups`] [`guests`] [`roles`] [`devices`] the same of groups made and looked into, of
//!   people from elsewhere, of who holds which role, of devices
//! - [`mail`]     what Exchange says about mailboxes, rights, rules and the flow of mail
//! - [`batch`]    many people in one request: rows, and what becomes of them
//! - [`area`]     permission groups, and how much harm a mistake would do
//! - [`form`]     an action's questions: fields, answers, what is wrong with them
//! - [`page`]     a page of an answer, sealed into the button that turns it
//! - [`proposal`] an action with its arguments, as understood, not yet planned
//! - [`change`]   one typed effect on a tenant, and what each kind needs and proves
//! - [`plan`]     the changes as a graph of steps, frozen into bytes with a digest
//! - [`request`]  a plan on its way from asked to finished: its states and verbs
//! - [`ahead`]    when what waits for its time is looked at before it
//! - [`talk`]     questions about a request that waits, and their answers
//! - [`step`]     a step while it is carried out: outcomes and evidence
//! - [`rehearsal`] what a tenant that is not real is made of, to play a plan in
//! - [`snapshot`] what somebody had before a request took it
//! - [`quorum`]   who must sign, as an expression; and who is still missing
//! - [`escalation`] further people who may sign, after a time
//! - [`emergency`] what somebody signed alone, and what was said of it afterwards
//! - [`caller`]   a number by which the subject of a request is recognised
//! - [`standing`] a class of requests that is signed beforehand
//! - [`decision`] votes, verdicts, and the proof that a plan may run
//! - [`chat`]     people and places in Slack and Teams; what came in from them
//! - [`sign_in`]  a sign-in at Entra that is asked for in a chat, and whose a chat account is
//! - [`message`]  everything the bot can say
//! - [`samples`]  one of each message, as nasty as life
//! - [`credential`] how long the bot's own credential lasts
//! - [`secret`]   a value that cannot be printed
//! - [`ca_policy`] a Conditional Access policy; [`apps`] applications; [`sheet`] worksheets
//! - [`domains`]  domains of the tenant
//! - [`graph_address`] [`graph_call`] [`graph_rules`] a request of Graph that somebody wrote,
//!   and how it is weighed
//! - [`fact`]     what the record keeps: a public header and a payload
//! - [`trouble`]  why something is refused or failed, for three readers
//!
//! Not here: anything that waits, reads a clock, or knows HTTP, SQL or a vendor's
//! wire format. Time, ids and chance are handed in.

pub mod ahead;
pub mod apps;
pub mod area;
pub mod batch;
pub mod ca_policy;
pub mod caller;
pub mod change;
pub mod chat;
pub mod credential;
pub mod decision;
pub mod devices;
pub mod domains;
pub mod emergency;
pub mod escalation;
pub mod fact;
pub mod form;
pub mod graph_address;
pub mod graph_call;
pub mod graph_rules;
pub mod groups;
pub mod guests;
pub mod ids;
pub mod mail;
pub mod message;
pub mod methods;
pub mod news;
pub mod page;
pub mod plan;
pub mod properties;
pub mod proposal;
pub mod quorum;
pub mod rehearsal;
pub mod request;
pub mod roles;
pub mod samples;
pub mod secret;
pub mod sheet;
pub mod sign_in;
pub mod snapshot;
pub mod standing;
pub mod step;
pub mod talk;
pub mod trouble;
pub mod users;
