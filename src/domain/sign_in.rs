//! A sign-in at Entra that somebody was asked for in a chat, and whose a chat account is.
//!
//! A [`SignIn`] is one link for one purpose and one chat account, good for ten minutes and
//! used once. Whoever opens it goes to Entra ([`Stage::Gone`]); when they come back, it is
//! known who they are ([`Stage::Known`]); they confirm what it is for. To link an account, a
//! code is then typed by that account in the chat ([`Stage::Confirmed`]): two browsers and two
//! people cannot do it without handing the code over.
//!
//! Not here: Entra, the page, and the words.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::{
    chat::{ChatUser, Place, Press},
    ids::{Digest, Number, TenantId, UserId},
    users::PersonRef,
};

/// A link is good for so long.
pub const LIVES: SignedDuration = SignedDuration::from_mins(10);
/// A step-up sign-in must not be older than this.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// Clocks of Entra and of this machine may differ by this much.
pub const LEEWAY: SignedDuration = SignedDuration::from_mins(1);
/// A code is mistyped at most so often.
pub const TRIES_MAX: u8 = 5;
/// Letters and digits of a code: none is mistaken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// A code has so many of them: 40 bits, five tries.
const CODE_LETTERS: usize = 8;

/// A sign-in that somebody was asked for. Shows nothing of it in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// SHA-256 of the link's token.
    pub id: Digest,
    /// Whose directory.
    pub tenant: TenantId,
    /// Which chat account was asked.
    pub by: ChatUser,
    /// What it is called there, for the page.
    pub name: String,
    /// Where it was asked.
    pub place: Place,
    /// What for.
    pub purpose: Purpose,
    /// How far it came.
    pub stage: Stage,
    /// When it is over.
    pub until: Timestamp,
    /// Counts up with each change.
    pub version: u64,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a sign-in, {}", self.about())
    }
}

/// What somebody signs in for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "for")]
pub enum Purpose {
    /// Their chat account is to be theirs.
    Link,
    /// Their signature is to count.
    StepUp(Box<Signing>),
}

/// The signature that waits for a sign-in: bound to request, revision, digest and choice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// Whose.
    pub voter: PersonRef,
    /// Under which request.
    pub number: Number,
    /// Under which revision of its plan.
    pub revision: u32,
    /// The actions' ids.
    pub actions: Vec<String>,
    /// Whom it is about.
    pub subjects: Vec<PersonRef>,
    /// The button: request, digest, choice and comment are in it.
    pub press: Press,
}

/// How far a sign-in came.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// Nobody went to Entra yet.
    Asked,
    /// A browser went to Entra.
    Gone {
        /// What it comes back with.
        gone: Going,
        /// In the id token, too.
        nonce: String,
        /// The secret behind the challenge (RFC 7636).
        verifier: String,
    },
    /// It came back, and Entra says who sits there.
    Known {
        /// The same browser.
        gone: Going,
        /// Who.
        who: PersonRef,
        /// How they signed in, where that counts.
        step_up: Option<StepUp>,
    },
    /// They confirmed it; the chat account has to type the code.
    Confirmed {
        /// Who.
        who: PersonRef,
        /// SHA-256 of the code.
        code: Digest,
        /// How often a wrong one was typed.
        tries: u8,
    },
}

/// One way to Entra and back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Going {
    /// SHA-256 of `state`.
    pub state: Digest,
    /// SHA-256 of what only the browser that went has.
    pub browser: Digest,
}

/// How somebody signed in when they signed. Part of the vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    /// When, as Entra says (`auth_time`). UTC.
    pub at: Timestamp,
    /// What proves a second factor: `mfa`, or the authentication context (`c1` to `c99`).
    pub by: String,
}

/// What a checked id token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// When they proved it (`auth_time`); Entra says it only where the registration asks for it.
    pub at: Option<Timestamp>,
    /// How (`amr`).
    pub methods: Vec<String>,
    /// Which authentication contexts were met (`acrs`).
    pub contexts: Vec<String>,
}

/// Whose a chat account is, by a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityLink {
    /// The account.
    pub chat: ChatUser,
    /// Whose.
    pub user: PersonRef,
    /// Since when.
    pub at: Timestamp,
}

/// What becomes of a link between an account and a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linking {
    /// It begins. Refused while the account is somebody's.
    Linked(IdentityLink),
    /// It ends; that it was is remembered. Refused when there is none.
    Unlinked {
        /// Which.
        link: IdentityLink,
        /// The account's conversations with the bot, by their keys: they are nobody's then.
        places: Vec<String>,
    },
}

impl SignIn {
    /// What it is for, as one word: an account has one sign-in for each.
    pub fn about(&self) -> String {
        match &self.purpose {
            Purpose::Link => "link".to_owned(),
            Purpose::StepUp(signing) => signing.press.request.to_string(),
        }
    }

    /// The way to Entra it is on.
    pub fn gone(&self) -> Option<&Going> {
        match &self.stage {
            Stage::Gone { gone, .. } | Stage::Known { gone, .. } => Some(gone),
            Stage::Asked | Stage::Confirmed { .. } => None,
        }
    }

    /// When it was asked for.
    pub fn asked_at(&self) -> Timestamp {
        self.until - LIVES
    }
}

/// Which account that is, as a hash; where its private messages are addressed does not count.
pub fn account(user: &ChatUser) -> Digest {
    let ChatUser { platform, realm, id, .. } = user;
    let account = serde_json::to_vec(&(platform, realm, id));
    Digest::of(&account.expect("an account is plain data"))
}

/// The same account, wherever its private messages are addressed.
pub fn same_account(a: &ChatUser, b: &ChatUser) -> bool {
    a.platform == b.platform && a.realm == b.realm && a.id == b.id
}

/// A code from chance: `K7QF-2M9D`.
pub fn code(random: &[u8; CODE_LETTERS]) -> String {
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let letters: String = random.iter().map(letter).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

/// The code in words that are nothing else, as it was made. The dash is what tells it from
/// two short words.
pub fn typed_code(words: &str) -> Option<String> {
    let (first, last) = words.split_once('-')?;
    let half = |said: &str| {
        let said = said.trim().to_ascii_uppercase();
        (said.len() == CODE_LETTERS / 2 && said.bytes().all(|b| LETTERS.contains(&b)))
            .then_some(said)
    };
    Some(format!("{}-{}", half(first)?, half(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_typed_and_nothing_else_is_one() {
        let made = code(&[0, 31, 32, 7, 200, 9, 255, 64]);
        assert_eq!(made, "A9AH-JK9A");
        let small = made.to_lowercase();
        for said in [made.clone(), small, format!(" {made} "), made.replace('-', " - ")] {
            assert_eq!(typed_code(&said).as_deref(), Some(made.as_str()), "{said}");
        }
        for said in ["disabled", "lock ruth", "A9AH-JK0A", "A9AH-JK9A now", "A9A-HJK9A", ""] {
            assert_eq!(typed_code(said), None, "{said}");
        }
    }
}
