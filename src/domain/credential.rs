//! How long the bot's own credential still lasts, and when somebody should be told.

use std::fmt;

use jiff::Timestamp;

/// Days before the end at which it is said, and again, and again.
pub const WARN_AT_DAYS: [i64; 3] = [30, 14, 3];

/// How an app proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialSort {
    /// A client secret.
    Secret,
    /// A certificate.
    Certificate,
    /// The partner relationship with a customer.
    Relationship,
}

impl CredentialSort {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "client secret",
            Self::Certificate => "certificate",
            Self::Relationship => "GDAP relationship",
        }
    }

    /// What is done about its end.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Secret | Self::Certificate => {
                "add a new one to the app's registration and set it"
            }
            Self::Relationship => {
                "ask the customer for a new one in Partner Center, or let it extend itself"
            }
        }
    }
}

/// The end of the credential that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialEnd {
    /// Which sort it is.
    pub sort: CredentialSort,
    /// Its name or thumbprint in the app registration, when that was seen there.
    pub name: Option<String>,
    /// From then on nobody signs in with it. UTC.
    pub at: Timestamp,
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// More than a month.
    None,
    /// At most so many days: one of [`WARN_AT_DAYS`].
    Within(i64),
    /// It is over.
    Over,
}

impl CredentialEnd {
    /// Whole days until the end, rounded down; negative when it is over.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        (self.at.as_second() - now.as_second()).div_euclid(24 * 60 * 60)
    }

    /// How urgent it is.
    pub fn urgency(&self, now: Timestamp) -> Urgency {
        let left = self.days_left(now);
        if left < 0 {
            return Urgency::Over;
        }
        let within = WARN_AT_DAYS.into_iter().rev().find(|days| left <= *days);
        within.map_or(Urgency::None, Urgency::Within)
    }

    /// `client secret "bot" ends on 2026-03-01, 12 days left`.
    pub fn in_words(&self, now: Timestamp) -> String {
        let named = self.name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
        let day = self.at.strftime("%Y-%m-%d");
        let sort = self.sort.as_str();
        match self.days_left(now) {
            left if left < 0 => format!("{sort}{named} ended on {day}"),
            0 => format!("{sort}{named} ends within a day, on {day}"),
            1 => format!("{sort}{named} ends on {day}, 1 day left"),
            left => format!("{sort}{named} ends on {day}, {left} days left"),
        }
    }
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("ok"),
            Self::Within(days) => write!(f, "ends within {days} days"),
            Self::Over => f.write_str("ended"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn in_hours(hours: i64) -> CredentialEnd {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        CredentialEnd { sort: CredentialSort::Secret, name: Some("bot".to_owned()), at }
    }

    #[test]
    fn it_is_said_at_thirty_fourteen_and_three_days_and_when_it_is_over() {
        let urgency = |hours| in_hours(hours).urgency(Timestamp::UNIX_EPOCH);
        assert_eq!(urgency(31 * 24), Urgency::None);
        assert_eq!(urgency(30 * 24 + 1), Urgency::Within(30));
        assert_eq!(urgency(15 * 24), Urgency::Within(30));
        assert_eq!(urgency(14 * 24), Urgency::Within(14));
        assert_eq!(urgency(3 * 24), Urgency::Within(3));
        assert_eq!(urgency(0), Urgency::Within(3));
        assert_eq!(urgency(-1), Urgency::Over);
    }

    #[test]
    fn days_are_said_in_words() {
        let said = |hours| in_hours(hours).in_words(Timestamp::UNIX_EPOCH);
        assert_eq!(said(49), "client secret \"bot\" ends on 1970-01-03, 2 days left");
        assert_eq!(said(25), "client secret \"bot\" ends on 1970-01-02, 1 day left");
        assert!(said(1).contains("within a day") && said(-1).contains("ended on"));
    }
}
