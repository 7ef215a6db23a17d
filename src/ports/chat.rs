//! Speaks in a chat, and tells who somebody there is.

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{
    chat::{Attached, CardRef, ChatUser, Drawn, Place},
    ids::Upn,
};

/// A chat service: Slack or Teams.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Posts a message and says where it stands.
    ///
    /// `key` is the same for every try of the same message; an adapter that can
    /// look for an earlier try (Slack: message metadata) does so before posting again
    /// when `again` is true.
    async fn post(
        &self,
        to: &Place,
        message: &Drawn,
        key: &str,
        again: bool,
    ) -> Result<CardRef, ChatError>;

    /// Replaces a message that [`Self::post`] made.
    async fn update(&self, card: &CardRef, message: &Drawn) -> Result<(), ChatError>;

    /// Shows a message in `place` to one person only. Falls back to nothing: an
    /// error if the service cannot.
    async fn whisper(&self, place: &Place, to: &ChatUser, message: &Drawn)
    -> Result<(), ChatError>;

    /// The personal conversation with somebody, opened if need be.
    async fn personal(&self, with: &ChatUser) -> Result<Place, ChatError>;

    /// Who somebody is, read fresh (at most 60 s old).
    async fn person(&self, who: &ChatUser, seen_in: &Place) -> Result<ChatPerson, ChatError>;

    /// Who is in a conversation. What cannot be told is an error.
    async fn company(&self, place: &Place) -> Result<Company, ChatError>;

    /// Opens a form for somebody who just pressed a button (Slack modals only).
    async fn open_form(&self, trigger: &str, form: &Drawn) -> Result<(), ChatError>;

    /// The bytes of a file that came with a message there, at most `max`.
    async fn file(&self, place: &Place, file: &Attached, max: usize) -> Result<Vec<u8>, FileError>;

    /// Replaces a form that is open, by the id of its window (Slack modals only). One
    /// that was closed meanwhile is an error, and no harm.
    async fn replace_form(&self, of: &Place, window: &str, form: &Drawn) -> Result<(), ChatError>;
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is larger than was wanted.
    #[error("the file is too large")]
    TooLarge,
    /// The bot has no right to it.
    #[error("the bot may not read the file")]
    Forbidden,
    /// It is not at the service's own address.
    #[error("the file is at an address the bot does not read from")]
    Elsewhere,
    /// It was deleted.
    #[error("the file is no longer there")]
    Gone,
    /// The service could not be reached, or failed.
    #[error("the file could not be read")]
    Away(#[source] anyhow::Error),
}

/// Who is in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// Only members of our own organisation.
    Ours,
    /// Guests, too, or more people than can be looked at.
    Guests,
    /// People of another organisation, or it is not known.
    Others,
}

/// What the service says about somebody. Missing facts are refusals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatPerson {
    /// The name shown, for the log of an operator only; never an identity.
    pub name: String,
    /// How the service ties them to the directory.
    pub identity: ChatIdentity,
    /// Why they may neither ask nor decide, if so.
    pub barred: Option<Barred>,
}

/// How a chat service ties somebody to the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatIdentity {
    /// Teams: the Entra object id and tenant, both from the signed activity.
    Entra {
        /// The tenant's GUID, as text.
        tenant: String,
        /// The object's GUID, as text.
        object: String,
        /// The sign-in name the service adds; never used for rights.
        upn: Option<Upn>,
    },
    /// Slack: an address the workspace holds for them, confirmed or not.
    Mail {
        /// The address.
        address: Option<String>,
        /// Slack's `is_email_confirmed`; `None` when it does not say.
        confirmed: Option<bool>,
    },
}

/// Why somebody in a chat is no one to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// `is_restricted`, `is_ultra_restricted`, or a guest of the tenant.
    #[error("guests cannot ask or decide")]
    Guest,
    /// A bot or a workflow.
    #[error("bots cannot ask or decide")]
    Bot,
    /// From another organisation in a shared channel.
    #[error("people of other organisations cannot ask or decide")]
    Foreign,
    /// Deactivated, or only invited.
    #[error("this account is deactivated")]
    Deactivated,
    /// The service does not say enough about them.
    #[error("the chat service does not say enough about this account")]
    Unknown,
}

/// Why a chat call failed.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// Our own pace says to wait: nothing was sent, so this was no try.
    #[error("our own pace says to wait {} ms", wait.as_millis())]
    Early {
        /// How long to wait.
        wait: Duration,
    },
    /// The service says to wait, or could not be reached. Try again, not before this long.
    #[error("the chat service asks to wait {} s", wait.as_secs())]
    Busy {
        /// How long to wait.
        wait: Duration,
    },
    /// It may or may not have happened.
    #[error("the chat service did not answer")]
    Unsure(#[source] anyhow::Error),
    /// The message to replace is gone.
    #[error("the message is no longer there")]
    Gone,
    /// The bot may not speak there (removed, archived, not installed).
    #[error("the bot may not speak there: {0}")]
    NotAllowed(String),
    /// The service refused what we sent; repeating it will not help.
    #[error("the chat service refused: {0}")]
    Refused(String),
}
