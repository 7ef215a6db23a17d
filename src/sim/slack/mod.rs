//! A Slack workspace with a memory, which refuses what Slack refuses.
//!
//! - [`world`]   people, channels, messages, forms; what can be read back and watched
//! - [`web`]     the Web API under `/api/…`; [`posting`] and [`looking`] are its methods
//! - [`blocks`]  Block Kit's rules; [`elements`] those of buttons and inputs
//! - [`acts`]    people do things: say, press, fill in; [`typed`] what they type, as Slack sends it
//! - [`forms`]   shortcuts, searches in pickers, and what becomes of a form that was sent
//! - [`files`]   files that people share
//! - [`payload`] the JSON of what they did; [`deliver`] signs and sends it, over HTTP
//!   or over [`socket`] mode
//! - [`faults`]  429, 5xx, HTML, and answers that are cut off
//!
//! Not here: anything of the product. It talks to the bot as Slack does.
//!
//! Sources: "docs" is docs.slack.dev, the page of the method or object named;
//! 'unconfirmed' is what no page says.

mod acts;
mod blocks;
mod deliver;
mod elements;
mod faults;
mod files;
mod forms;
mod looking;
mod payload;
mod posting;
mod socket;
mod typed;
mod web;
mod world;

pub use acts::{Acted, CannotDo};
pub use deliver::{Answered, Sent, Transport};
pub use faults::{Fault, Trouble};
pub use files::SharedFile;
pub use world::{Change, Channel, ChannelKind, Message, Person, Setup, View, Whisper, Workspace};
