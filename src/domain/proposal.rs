//! An action with its arguments, as understood from words or a form, not yet planned.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::trouble::Question;

/// Something Countersign is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The action's id, such as `reset_password`.
    pub action: String,
    /// Its arguments by name, as the action's schema describes them.
    pub arguments: serde_json::Map<String, Value>,
    /// Which words led to what, for the card.
    #[serde(default)]
    pub because: Vec<Because>,
}

/// What stands in the place of an action while it is asked which tenant is meant.
pub const WHICH_TENANT: &str = "which_tenant";

/// What [`Because::gave`] says where a language model helped to read the words.
pub const WITH_MODEL: &str = "model";

/// One piece of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The words that were read, at most 80 characters.
    pub words: String,
    /// What they were taken for: `action`, an argument's name, or [`WITH_MODEL`].
    pub gave: String,
    /// They stood in quoted or forwarded text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quoted: bool,
}

/// What was understood from one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// What sort of message it was.
    pub intent: Intent,
    /// What to do, complete.
    pub proposals: Vec<Proposal>,
    /// What is missing or unclear; the proposals wait for it.
    pub questions: Vec<Open>,
    /// What was asked for besides, in the requester's own words, and is neither a proposal
    /// nor a question: it must be said that it was left out. At most ten, 80 characters each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftover: Vec<String>,
}

impl Understood {
    /// A message of this sort that asks for nothing.
    pub fn only(intent: Intent) -> Self {
        Self { intent, proposals: Vec::new(), questions: Vec::new(), leftover: Vec::new() }
    }
}

/// A proposal that lacks one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The proposal so far.
    pub proposal: Proposal,
    /// The argument that the answer fills.
    pub argument: String,
    /// What to ask.
    pub question: Question,
}

/// What sort of message it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Asks for something to be done or looked up.
    Request,
    /// Asks what the bot can do, or how.
    Help,
    /// Asks how a request stands.
    Status,
    /// Takes a request back.
    Cancel,
    /// Asks for what was taken from somebody who left.
    Restore,
    /// Asks what a request that waits would do.
    Rehearse,
    /// Nothing for us.
    None,
}
