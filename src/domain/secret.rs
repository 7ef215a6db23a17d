//! A value that cannot be printed.

use std::fmt;

use zeroize::Zeroizing;

/// A password, token or key. Has no `Display`, no `Serialize`; `Debug` shows
/// nothing; memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value in.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself, for the one call or page that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret")
    }
}

/// Makes a password of 16 characters from 32 random bytes: four groups of four
/// from an alphabet without look-alikes, with lower case, upper case and a digit
/// always present (Entra ID wants three of four classes, 8 to 256 characters).
pub fn password(random: &[u8; 32]) -> Secret {
    const LOWER: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
    const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    const DIGIT: &[u8] = b"23456789";
    const ALL: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    // Two bytes for each character keep the bias below 0.1 %.
    let pick = |at: usize, from: &[u8]| {
        let wide = usize::from(u16::from_be_bytes([random[2 * at], random[2 * at + 1]]));
        char::from(from[wide % from.len()])
    };
    let mut value = String::with_capacity(19);
    for at in 0..16 {
        if at > 0 && at % 4 == 0 {
            value.push('-');
        }
        value.push(match at {
            0 => pick(at, UPPER),
            1 => pick(at, LOWER),
            5 => pick(at, DIGIT),
            _ => pick(at, ALL),
        });
    }
    Secret::new(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "a secret");
    }

    #[test]
    fn a_password_has_three_classes_whatever_the_dice_say() {
        for byte in 0..=255 {
            let made = password(&[byte; 32]);
            let value = made.reveal();
            assert_eq!(value.len(), 19);
            assert!(value.chars().any(char::is_lowercase), "{byte}");
            assert!(value.chars().any(char::is_uppercase), "{byte}");
            assert!(value.chars().any(|c| c.is_ascii_digit()), "{byte}");
        }
    }
}
