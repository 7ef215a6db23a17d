//! A simulated Microsoft tenant with a memory: it refuses what the real one refuses.
//!
//! In reading order:
//!
//! - [`world`]    what others hold: [`World`], made from a directory, asked for its ledger and faults
//! - [`state`]    the tenant itself: users, groups, seats, mailboxes; [`views`] how Graph shows them
//! - [`methods`]  what people sign in with
//! - [`directory`] reads a directory file; [`catalog`] Microsoft's own ids of plans, roles, permissions
//! - [`apps`] [`token`] [`keys`] [`certificate`] who may ask for a token, and the token
//! - [`partner`]  a partner's account in customers' tenants: refresh tokens, relationships
//! - [`sign_in`]  the page on which people sign in, and the id token for it
//! - [`door`]     HTTP in, HTTP out, one origin for everything; [`cut`] connections that break on command
//! - [`several`]  several tenants behind one origin
//! - [`call`] [`turn`] one request while it is answered; [`access`] what its token allows
//! - [`graph`]    Graph v1.0; [`odata`] its query options
//! - [`exchange`] Exchange's `InvokeCommand`
//! - [`refusals`] [`aadsts`] every error body, each with its source
//! - [`ledger`] [`requests`] what was felt, what was asked; [`faults`] what goes wrong on command
//! - [`conduct`]  how this tenant behaves where tenants differ
//! - [`control`]  `/_sim/*`; [`control_apps`] registering an application, and the consent page
//!
//! Not here: anything of the product. A caller meets only HTTP, or [`World`] in a test.

mod aadsts;
mod access;
mod apps;
mod call;
mod catalog;
mod certificate;
mod conduct;
mod control;
mod control_apps;
mod cut;
mod directory;
mod door;
mod exchange;
mod faults;
mod graph;
mod keys;
mod ledger;
mod methods;
mod odata;
mod partner;
mod password;
mod refusals;
mod requests;
mod several;
mod sign_in;
mod state;
mod token;
mod turn;
mod views;
mod world;

pub use apps::{AppRegistration, Consent};
pub use conduct::{AppSecrets, Conduct, PolicyPace, WorkbookDoor, Writes};
pub use control::control_router;
pub use door::{router, serve};
pub use faults::{Fault, FaultBoard, FaultKind, RetryAfter};
pub use ledger::{Effect, Target};
pub use methods::PassPolicy;
pub use requests::Logged;
pub use several::{router_of, serve_all};
pub use world::{
    BadDirectory, CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, ProfileWrites, SyncedSignIn,
    World,
};
