//! A password that can be compared, and not read.

use std::num::NonZeroU32;

use ring::pbkdf2;

use crate::ports::clock::Clock;

const ROUNDS: NonZeroU32 = NonZeroU32::new(2_000).expect("not zero");

/// Words that Entra's global list bans, as far as a test needs them.
const BANNED: &[&str] = &["password", "contoso", "welcome", "qwerty"];

/// A salted hash. The value itself is kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Password {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(hashed)")
    }
}

impl Password {
    pub fn new(value: &str, clock: &dyn Clock) -> Self {
        let mut salt = [0; 16];
        clock.fill(&mut salt);
        let mut hash = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, value.as_bytes(), &mut hash);
        Self { salt, hash }
    }

    pub fn is(&self, value: &str) -> bool {
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::verify(algorithm, ROUNDS, &self.salt, value.as_bytes(), &self.hash).is_ok()
    }
}

/// Entra's rule: 8 to 256 characters, three of four classes, no banned word
/// (learn.microsoft.com/entra, "Password policies", "Eliminate bad passwords").
pub(super) fn complies(value: &str) -> bool {
    let length = value.chars().count();
    let classes = [
        value.chars().any(char::is_lowercase),
        value.chars().any(char::is_uppercase),
        value.chars().any(|c| c.is_ascii_digit()),
        value.chars().any(|c| !c.is_alphanumeric()),
    ];
    let kinds = classes.iter().filter(|there| **there).count();
    let folded =
        value.to_lowercase().replace('0', "o").replace(['1', '!'], "i").replace(['$', '5'], "s");
    let folded = folded.replace(['@', '4'], "a");
    // A banned word counts as one point; five points are needed.
    let mut points = folded.clone();
    for word in BANNED {
        points = points.replace(word, "#");
    }
    (8..=256).contains(&length) && kinds >= 3 && points.chars().count() >= 5
}
