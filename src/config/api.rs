//! `[api]`: programs that may propose, each with a token, a person and permission groups.

use std::collections::BTreeMap;

use anyhow::ensure;
use serde::{Deserialize, Deserializer};

use crate::domain::{area::Area, ids::Upn, secret::Secret};

/// A token is at least this long: 32 random bytes in base64 have 43 characters.
const TOKEN_CHARS_MIN: usize = 32;
/// A program's name is short; it stands on cards and in the record.
const NAME_CHARS_MAX: usize = 40;
/// Nobody asks this often for good reasons.
const PER_MINUTE_MAX: u32 = 600;

/// Programs that may propose. None: there is no such door.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// One table per program, under the name that cards and the record show.
    pub clients: BTreeMap<String, ApiClient>,
}

/// A program that may propose. It can never sign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiClient {
    /// The token it sends…
    #[serde(default, deserialize_with = "secret")]
    pub token: Option<Secret>,
    /// …or its SHA-256 in hex, so that this file does not hold the token.
    pub token_sha256: Option<String>,
    /// In whose name it asks: a sign-in name. What that person may ask for, it may.
    pub acts_as: Option<String>,
    /// May it name another person in `on_behalf_of`?
    #[serde(default)]
    pub on_behalf_of: bool,
    /// The permission groups it may propose in, whatever the person may.
    pub areas: Vec<Area>,
    /// So many proposals and questions a minute.
    #[serde(default = "thirty")]
    pub per_minute: u32,
}

fn thirty() -> u32 {
    30
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Secret::new))
}

impl Api {
    /// What can be seen wrong. Each error names its key and the remedy.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for (name, client) in &self.clients {
            let at = format!("api.clients.{name}");
            let plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
            ensure!(
                (1..=NAME_CHARS_MAX).contains(&name.len()) && name.chars().all(plain),
                "{at}: a program's name has 1 to {NAME_CHARS_MAX} of the characters a-z 0-9 - _"
            );
            ensure!(name != "directory", "{at}: this name stands for the directory's own days");
            match (&client.token, &client.token_sha256) {
                (Some(token), None) => ensure!(
                    token.reveal().len() >= TOKEN_CHARS_MIN,
                    "{at}.token is shorter than {TOKEN_CHARS_MIN} characters; make one with `openssl rand -base64 32`"
                ),
                (None, Some(hash)) => ensure!(
                    hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit()),
                    "{at}.token_sha256 is not 64 hexadecimal digits; print it with `printf %s TOKEN | sha256sum`"
                ),
                _ => anyhow::bail!("{at}: set token, or token_sha256, and not both"),
            }
            ensure!(
                client.acts_as.is_some() || client.on_behalf_of,
                "{at}: set acts_as to a sign-in name, or on_behalf_of = true; otherwise it could ask in nobody's name"
            );
            if let Some(upn) = &client.acts_as {
                ensure!(upn.parse::<Upn>().is_ok(), "{at}.acts_as: `{upn}` is not a sign-in name");
            }
            ensure!(
                !client.areas.is_empty(),
                "{at}.areas is empty, so it could propose nothing; name permission groups"
            );
            ensure!(
                (1..=PER_MINUTE_MAX).contains(&client.per_minute),
                "{at}.per_minute is 1 to {PER_MINUTE_MAX}"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), String> {
        let api: Api = toml::from_str(text).map_err(|error| error.to_string())?;
        api.check().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_client_says_who_it_is_whose_name_it_uses_and_what_it_may() {
        let token = "token = \"0123456789012345678901234567890123456789\"\n";
        let well =
            format!("[clients.hr]\n{token}acts_as = \"hr@contoso.com\"\nareas = [\"users\"]\n");
        assert_eq!(check(&well), Ok(()));
        for (change, to, names) in [
            ("[clients.hr]", "[clients.\"H R\"]", "a program's name"),
            (token, "", "token_sha256"),
            (token, "token = \"short\"\n", "openssl rand"),
            (token, "token_sha256 = \"abc\"\n", "sha256sum"),
            ("acts_as = \"hr@contoso.com\"\n", "", "acts_as"),
            ("hr@contoso.com", "hr", "not a sign-in name"),
            ("[\"users\"]", "[]", "areas"),
            ("[\"users\"]", "[\"users\"]\nper_minute = 0", "per_minute"),
            ("[\"users\"]", "[\"users\"]\nmay_sign = true", "may_sign"),
        ] {
            let error = check(&well.replace(change, to)).unwrap_err();
            assert!(error.contains(names), "{error}");
        }
    }
}
