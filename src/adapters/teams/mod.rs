//! Microsoft Teams, through the Bot Framework's protocol.
//!
//! In, in reading order:
//! - [`cloud`]     the addresses and names of one Microsoft cloud, each can be set
//! - [`jwt`]       takes a signed token apart, strictly
//! - [`keys`]      the service's signing keys: cached, fetched at most once a minute
//! - [`token`]     is this token the Bot Framework's, meant for us, and in time?
//! - [`hosts`]     which connectors we speak to at all
//! - [`activity`]  what came in, in Microsoft's words
//! - [`decode`]    the same in ours
//! - [`forms`]     forms of actions: buttons, dialogs, the message extension, searches
//! - [`words`]     text without the mention of the bot, people as `⟨@n⟩`
//! - [`door`]      all of the above in one call: bytes → [`door::FromTeams`]
//! - [`tokenless`] the same for Microsoft's Agents Playground, on this machine only
//!
//! Out:
//! - [`credential`] the bot's own token, by secret or certificate
//! - [`pace`]       not faster than a conversation allows
//! - [`connector`]  one call: where the token may go, what is tried again
//! - [`member`]     who somebody is, as the connector says
//! - [`chat`]       [`crate::ports::chat::Chat`] over those calls
//! - [`answer`]     what a pressed button gets back at once
//!
//! Facts about the protocol come from Microsoft's pages on Bot Framework
//! authentication, the Bot Connector and Universal Actions, and from the official
//! SDKs `@microsoft/teams.apps` 2.1 and `botbuilder` 4.23.
//!
//! Not here: tabs, queries of message extensions and file consent. An invoke we do
//! not know is answered 501.

pub mod activity;
pub mod answer;
pub mod chat;
pub mod cloud;
pub mod connector;
pub mod credential;
pub mod decode;
pub mod door;
pub mod forms;
pub mod hosts;
pub mod jwt;
pub mod keys;
pub mod member;
pub mod pace;
pub mod token;
pub mod tokenless;
pub mod words;

pub use answer::{InvokeAnswer, invoke_answer};
pub use chat::TeamsChat;
pub use cloud::{Cloud, Endpoints};
pub use credential::AppCredential;
pub use decode::Decoded;
pub use door::{Admitted, DoorRefusal, FromTeams, TeamsDoor, TeamsSettings};
pub use hosts::ServiceHosts;
pub use token::TrustedCaller;
pub use tokenless::{BuiltInSimulator, SimulatorOnly, TokenlessDoor};
