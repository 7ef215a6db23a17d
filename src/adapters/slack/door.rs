//! The door: bytes in, something Slack really said out.
//!
//! ```text
//! HTTP         signature over the raw bytes ─┐
//!                                            ├→ decode → FromSlack
//! Socket Mode  our own TLS connection ───────┘
//! ```

use std::sync::OnceLock;

use axum::http::HeaderMap;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    installed::Installed,
    payload::{self, Decoded},
    press,
    signature::{DoorRefusal, SigningSecrets},
};

/// Which of the three addresses a request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `/slack/events`: JSON.
    Events,
    /// `/slack/interactions`: a form with one field, `payload`.
    Interactions,
    /// `/slack/commands`: a form.
    Commands,
}

/// Where Slack comes in.
#[derive(Debug)]
pub struct SlackDoor {
    secrets: Option<SigningSecrets>,
    installed: OnceLock<Installed>,
}

/// Something Slack really said: it was signed and fresh, or came over our own
/// Socket Mode connection, and is for this app in a workspace it is installed
/// in. There is no other way to get one.
#[derive(Debug)]
pub struct FromSlack(Decoded);

impl FromSlack {
    /// What it says.
    pub fn decoded(&self) -> &Decoded {
        &self.0
    }

    /// What it says, to keep.
    pub fn into_decoded(self) -> Decoded {
        self.0
    }
}

impl SlackDoor {
    /// A door for signed requests over HTTP (and for Socket Mode, should the app use it).
    /// An empty cell: until [`Self::opens_to`] fills it, what is genuine is refused with
    /// a status after which Slack tries again.
    pub fn over_http(secrets: SigningSecrets, installed: impl Into<OnceLock<Installed>>) -> Self {
        Self { secrets: Some(secrets), installed: installed.into() }
    }

    /// A door for Socket Mode alone: every HTTP request is refused.
    pub fn over_socket(installed: impl Into<OnceLock<Installed>>) -> Self {
        Self { secrets: None, installed: installed.into() }
    }

    /// Where the app is installed, once that is known. The first word stands.
    pub fn opens_to(&self, installed: Installed) {
        self.installed.get_or_init(|| installed);
    }

    fn installed(&self) -> Result<&Installed, DoorRefusal> {
        self.installed.get().ok_or(DoorRefusal::NotYet)
    }

    /// Checks a request and reads it. `body` is as it came over the wire; whoever
    /// reads it stops at [`super::signature::BODY_BYTES_MAX`].
    pub fn read_http(
        &self,
        kind: Kind,
        headers: &HeaderMap,
        body: &Bytes,
        now: Timestamp,
    ) -> Result<FromSlack, DoorRefusal> {
        let secrets = self.secrets.as_ref().ok_or(DoorRefusal::Closed)?;
        secrets.check(headers, body, now)?;
        let installed = self.installed()?;
        let decoded = match kind {
            Kind::Events => payload::event(body, installed),
            Kind::Interactions => payload::interaction_form(body, installed),
            Kind::Commands => payload::command_form(body, installed),
        };
        decoded.map(FromSlack)
    }

    /// Reads the payload of a Socket Mode envelope. The connection was opened by
    /// us, with our token, over TLS: that is its authentication.
    pub(super) fn read_envelope(
        &self,
        kind: &str,
        payload: &Value,
    ) -> Result<FromSlack, DoorRefusal> {
        let installed = self.installed()?;
        let bytes = serde_json::to_vec(payload).map_err(|_| DoorRefusal::Unreadable)?;
        let decoded = match kind {
            "events_api" => payload::event(&bytes, installed),
            "interactive" => press::interaction(&bytes, installed),
            "slash_commands" => serde_json::from_slice(&bytes)
                .map_err(|_| DoorRefusal::Unreadable)
                .and_then(|said| payload::command(said, installed)),
            _ => Ok(Decoded::Nothing),
        };
        decoded.map(FromSlack)
    }
}
