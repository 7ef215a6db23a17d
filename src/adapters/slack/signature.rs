//! Did Slack really send these bytes, just now?
//!
//! Order: size → headers there exactly once → timestamp decimal and fresh →
//! HMAC over the raw bytes. Nothing is decoded before the last one agrees.

use std::fmt;

use axum::http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use ring::hmac;
use zeroize::Zeroizing;

/// Bodies over this many bytes are refused unread. Slack's own are far smaller.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// How far the timestamp may be from our clock, in either direction.
/// Source: docs.slack.dev "Verifying requests from Slack" (five minutes).
pub const AGE_SECONDS_MAX: i64 = 300;

/// A shorter text is a placeholder, not a signing secret (Slack's have 32 hex digits).
const SECRET_CHARS_MIN: usize = 16;

const TIMESTAMP: HeaderName = HeaderName::from_static("x-slack-request-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("x-slack-signature");

/// The app's signing secret, or two of them while it is being rotated. Never
/// empty, never printed; the text is wiped when this is dropped.
pub struct SigningSecrets(Vec<Zeroizing<String>>);

/// Why there is no door: the secret is missing or is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSecret {
    /// Nothing, or only spaces.
    #[error("the Slack signing secret is empty; copy it from the app's Basic Information page")]
    Empty,
    /// Fewer than 16 characters.
    #[error(
        "the Slack signing secret is too short to be one; copy it from the app's Basic Information page"
    )]
    Short,
}

/// Why a request did not get in. Tells the sender nothing but a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DoorRefusal {
    /// The body is over [`BODY_BYTES_MAX`].
    #[error("the body is too large")]
    TooLarge,
    /// A signature header is missing, empty, doubled or not of the form `v0=` + 64 lower-case hex digits.
    #[error("there is no readable signature")]
    Unsigned,
    /// The timestamp is more than [`AGE_SECONDS_MAX`] away, or is no number.
    #[error("the timestamp is not of now")]
    Stale,
    /// The signature belongs to other bytes or another secret.
    #[error("the signature does not fit")]
    Forged,
    /// Signed, but not a payload of this door.
    #[error("the payload cannot be read")]
    Unreadable,
    /// Signed, but for another app, or from a workspace this app is not installed in here.
    #[error("this app is not installed there")]
    NotInstalled,
    /// This app takes its events through Socket Mode only.
    #[error("this app does not take requests over HTTP")]
    Closed,
    /// Slack has not said yet whose the bot token is, so nothing can be read as meant for it.
    #[error("Slack could not be asked yet whose the bot token is")]
    NotYet,
}

impl DoorRefusal {
    /// The HTTP status to answer with. To those of 4xx add `X-Slack-No-Retry: 1`:
    /// none of them gets better by sending it again.
    pub fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::Unsigned | Self::Stale | Self::Forged => 401,
            Self::Unreadable => 400,
            Self::NotInstalled => 403,
            Self::Closed => 404,
            Self::NotYet => 503,
        }
    }
}

impl SigningSecrets {
    /// The secret in use, and the other one while it is being rotated. Spaces
    /// and line ends around them (files have them) are not part of them.
    pub fn new(current: &str, other: Option<&str>) -> Result<Self, NoSecret> {
        let secrets = std::iter::once(current).chain(other).map(|said| match said.trim() {
            "" => Err(NoSecret::Empty),
            short if short.len() < SECRET_CHARS_MIN => Err(NoSecret::Short),
            secret => Ok(Zeroizing::new(secret.to_owned())),
        });
        Ok(Self(secrets.collect::<Result<_, _>>()?))
    }

    /// Refuses everything that Slack did not sign within five minutes of `now`.
    pub fn check(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), DoorRefusal> {
        if body.len() > BODY_BYTES_MAX {
            return Err(DoorRefusal::TooLarge);
        }
        let timestamp = only(headers, &TIMESTAMP)?;
        let signature = only(headers, &SIGNATURE)?;
        fresh(timestamp, now)?;
        let signature = bytes_of(signature)?;

        let mut base = Vec::with_capacity(body.len() + timestamp.len() + 4);
        base.extend_from_slice(b"v0:");
        base.extend_from_slice(timestamp.as_bytes());
        base.push(b':');
        base.extend_from_slice(body);

        // Every secret is tried, so that the time does not tell which one fitted.
        let fits = self.0.iter().fold(false, |fits, secret| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            fits | hmac::verify(&key, &base, &signature).is_ok()
        });
        if fits { Ok(()) } else { Err(DoorRefusal::Forged) }
    }
}

/// The header's value, if it is there exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, DoorRefusal> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(DoorRefusal::Unsigned);
    };
    value.to_str().map_err(|_| DoorRefusal::Unsigned)
}

fn fresh(timestamp: &str, now: Timestamp) -> Result<(), DoorRefusal> {
    // `parse` alone would take a sign.
    if timestamp.is_empty() || !timestamp.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DoorRefusal::Stale);
    }
    let sent: i64 = timestamp.parse().map_err(|_| DoorRefusal::Stale)?;
    let age = now.as_second().checked_sub(sent).ok_or(DoorRefusal::Stale)?;
    if age.abs() <= AGE_SECONDS_MAX { Ok(()) } else { Err(DoorRefusal::Stale) }
}

fn bytes_of(signature: &str) -> Result<[u8; 32], DoorRefusal> {
    let digits = signature.strip_prefix("v0=").ok_or(DoorRefusal::Unsigned)?;
    if digits.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(DoorRefusal::Unsigned);
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| DoorRefusal::Unsigned)?;
    Ok(bytes)
}

impl fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} signing secret(s)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_none_makes_no_door() {
        assert_eq!(SigningSecrets::new("", None).unwrap_err(), NoSecret::Empty);
        assert_eq!(SigningSecrets::new(" \n", None).unwrap_err(), NoSecret::Empty);
        assert_eq!(SigningSecrets::new("changeme", None).unwrap_err(), NoSecret::Short);
        let good = "8f742231b10e8888abcd99yyyzzz85a5";
        assert_eq!(SigningSecrets::new(good, Some("")).unwrap_err(), NoSecret::Empty);
        assert!(SigningSecrets::new(good, Some(good)).is_ok());
    }

    #[test]
    fn the_signature_of_slacks_own_documentation_fits() {
        // Source: docs.slack.dev "Verifying requests from Slack", the worked example.
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
                    &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
                    &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
                    &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        let mut headers = HeaderMap::new();
        headers.insert(TIMESTAMP, "1531420618".parse().unwrap());
        let signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
        headers.insert(SIGNATURE, signature.parse().unwrap());
        let secrets = SigningSecrets::new("8f742231b10e8888abcd99yyyzzz85a5", None).unwrap();
        let then = Timestamp::from_second(1_531_420_618).unwrap();
        assert_eq!(secrets.check(&headers, body.as_bytes(), then), Ok(()));
    }
}
