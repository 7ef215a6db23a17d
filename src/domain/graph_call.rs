//! A request of Graph that somebody wrote: its method, and what of its answer is shown.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How Graph is asked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Looks.
    #[serde(alias = "get")]
    Get,
    /// Makes or does.
    #[serde(alias = "post")]
    Post,
    /// Sets whole.
    #[serde(alias = "put")]
    Put,
    /// Sets in part.
    #[serde(alias = "patch")]
    Patch,
    /// Removes.
    #[serde(alias = "delete")]
    Delete,
}

impl Method {
    /// In capitals.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(said))
            .ok_or_else(|| "the method is GET, POST, PUT, PATCH or DELETE".to_owned())
    }
}

/// Stands where a secret stood.
const HIDDEN: &str = "(hidden)";

/// Names of properties that hold credentials, in lower case. Whole names, so that
/// `passwordPolicies` and `lastPasswordChangeDateTime` stay visible.
const CREDENTIALS: &[&str] = &[
    "accesstoken",
    "access_token",
    "apikey",
    "authorization",
    "clientsecret",
    "client_secret",
    "connectionstring",
    "credentials",
    "currentpassword",
    "keycredentials",
    "newpassword",
    "passcode",
    "password",
    "passwordcredential",
    "passwordcredentials",
    "passwordprofile",
    "pin",
    "privatekey",
    "recoverykey",
    "refreshtoken",
    "refresh_token",
    "secret",
    "secretkey",
    "secrettext",
    "secrets",
    "sharedsecret",
    "temporaryaccesspass",
];

/// Whether a property of this name (in lower case) holds a credential.
pub fn is_credential(name: &str) -> bool {
    CREDENTIALS.contains(&name)
        || ["password", "secret", "secrettext", "privatekey", "accesstoken", "refreshtoken"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

/// An answer as it may be shown: secrets hidden, wherever they stand.
pub fn masked(answer: &Value) -> Value {
    match answer {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                // `key` is the key of a recovery key or of a certificate.
                let folded = name.to_lowercase();
                let hide = (is_credential(&folded) || folded == "key") && !is_nothing(value);
                (name.clone(), if hide { Value::from(HIDDEN) } else { masked(value) })
            })
            .collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::String(text) if looks_secret(text) => Value::from(HIDDEN),
        other => other.clone(),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// A token, a key in PEM, or a client secret of Entra's, which has `…nQ~…` in it.
fn looks_secret(text: &str) -> bool {
    let token = text.starts_with("eyJ") && text.matches('.').count() == 2 && text.len() > 60;
    let secret = (37..=44).contains(&text.len())
        && text.get(3..6).is_some_and(|mark| {
            mark.ends_with("Q~") && mark.starts_with(|c: char| c.is_ascii_digit())
        });
    token || secret || text.contains("PRIVATE KEY-----")
}

/// An answer as text, cut to so many characters. True: something was cut.
pub fn cut(answer: &Value, characters: usize) -> (String, bool) {
    let whole = serde_json::to_string_pretty(answer).unwrap_or_default();
    match whole.char_indices().nth(characters) {
        Some((at, _)) => (whole[..at].to_owned(), true),
        None => (whole, false),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{cut, masked};

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let answer = json!({
            "displayName": "Expense Portal", "passwordPolicies": "None",
            "lastPasswordChangeDateTime": "2026-01-01T00:00:00Z",
            "passwordProfile": { "password": "x" },
            "value": [{ "key": "123-456", "secretText": "abc8Q~whatever", "keyId": "1" }],
            "note": "abc8Q~0123456789012345678901234567890123",
            "list": [], "passwordCredentials": [],
        });
        let shown = masked(&answer);
        assert_eq!(shown["passwordProfile"], "(hidden)");
        assert_eq!(
            shown["value"][0],
            json!({ "key": "(hidden)", "secretText": "(hidden)", "keyId": "1" })
        );
        assert_eq!(shown["note"], "(hidden)");
        assert_eq!(shown["passwordPolicies"], "None");
        assert_eq!(shown["lastPasswordChangeDateTime"], "2026-01-01T00:00:00Z");
        assert_eq!(shown["passwordCredentials"], json!([]));
    }

    #[test]
    fn a_long_answer_is_cut_between_characters() {
        let (text, was_cut) = cut(&json!({ "name": "Zoë Zoë Zoë" }), 12);
        assert_eq!((text.chars().count(), was_cut), (12, true));
        assert!(!cut(&json!(1), 12).1);
    }
}
