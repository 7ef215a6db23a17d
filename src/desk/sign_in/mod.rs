//! Signing in at Entra from a chat.
//!
//! - [`page`]    what the page asks: to begin, to come back, to confirm
//! - [`link`]    whose a Slack account is: offered in a direct message, ended by its owner
//! - [`step_up`] a signature that waits for a fresh sign-in
//! - [`persons`] two directory accounts behind one chat account are one person
//!
//! A forwarded link links nobody: whoever signs in through it gets a code that only the
//! account it was made for can use, and both sides are told who the other is. See
//! `docs/decisions/0015-linking-by-sign-in.md`.
//!
//! Not here: Entra itself, and the HTML.

pub mod link;
pub mod page;
mod persons;
pub mod step_up;

use std::sync::Arc;

use jiff::SignedDuration;

use crate::{
    desk::Desk,
    domain::{
        chat::{ChatUser, Inbound, Place, PlaceKind, Platform},
        ids::Digest,
        sign_in::{LIVES, Purpose, SignIn, Stage, typed_code},
    },
    engine::link as token,
    ports::sign_in::SignsIn,
};

/// A new link is made for somebody this often at most.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// The way to Entra and back.
#[derive(Clone)]
pub struct Entrance {
    /// Entra.
    pub entra: Arc<dyn SignsIn>,
    /// The address of the doors, without a slash at its end.
    pub base: String,
}

impl std::fmt::Debug for Entrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "sign-ins through {}", self.base)
    }
}

/// Words that are about signing in and nothing else.
pub(super) enum Said {
    /// The account is to be linked.
    Link,
    /// It is not to be linked any more.
    Unlink,
    /// A code that a page showed.
    Code(String),
}

/// Reads them.
fn said(words: &str) -> Option<Said> {
    let plain = words.trim().trim_end_matches(['.', '!']).to_lowercase();
    match plain.as_str() {
        "link" | "link me" | "link my account" | "sign in" | "sign me in" => Some(Said::Link),
        "unlink" | "unlink me" | "unlink my account" => Some(Said::Unlink),
        _ => typed_code(words).map(Said::Code),
    }
}

impl Desk {
    /// Words in a direct message of Slack that are about signing in.
    pub(super) fn about_sign_in(&self, inbound: &Inbound, words: &str) -> Option<Said> {
        let Place { platform, kind, .. } = &inbound.place;
        let here = *platform == Platform::Slack && *kind == PlaceKind::Personal;
        said(words).filter(|_| here && self.sign_ins.is_some() && self.home.is_none())
    }

    /// A new sign-in, and its link.
    fn new_sign_in(
        &self,
        entrance: &Entrance,
        (by, name): (&ChatUser, &str),
        place: &Place,
        purpose: Purpose,
    ) -> (SignIn, String) {
        let mut random = [0; token::TOKEN_BYTES];
        self.clock.fill(&mut random);
        let sign_in = SignIn {
            id: Digest(token::hash(&random)),
            tenant: self.tenant.clone(),
            by: by.clone(),
            name: name.to_owned(),
            place: place.clone(),
            purpose,
            stage: Stage::Asked,
            until: self.now() + LIVES,
            version: 0,
        };
        (sign_in, format!("{}/sign-in/#{}", entrance.base, hex::encode(random)))
    }
}
