//! `[model]`: a language model that helps to read words. Off when it is not there.

use std::net::IpAddr;

use anyhow::{Context, bail, ensure};
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};

use crate::domain::secret::Secret;

/// Nobody is kept waiting for a model longer than this.
const TIMEOUT_MAX: SignedDuration = SignedDuration::from_secs(4);

/// A model behind the chat completions of `OpenAI`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its address, up to and with `/v1`.
    pub url: String,
    /// Its name; with Azure, the deployment's.
    pub name: String,
    /// The key, if it wants one.
    #[serde(default, deserialize_with = "secret")]
    pub key: Option<Secret>,
    /// How the key is sent.
    #[serde(default)]
    pub header: ModelHeader,
    /// For everything together; at most 4 s.
    #[serde(default = "four")]
    pub timeout: SignedDuration,
}

/// How a model's key is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelHeader {
    /// `Authorization: Bearer …`.
    #[default]
    Bearer,
    /// `api-key: …`, as Azure takes it.
    ApiKey,
}

fn four() -> SignedDuration {
    TIMEOUT_MAX
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Secret::new))
}

impl Model {
    /// What can be seen wrong. Each error names its key and the remedy.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.name.trim().is_empty(),
            "model.name is empty; it is the model's name, or with Azure the deployment's"
        );
        if let Some(key) = &self.key {
            ensure!(
                !key.reveal().trim().is_empty(),
                "model.key is empty; leave it out for a model that wants none"
            );
        }
        ensure!(
            self.timeout > SignedDuration::ZERO && self.timeout <= TIMEOUT_MAX,
            "model.timeout is more than nothing and at most PT4S, because people wait for it"
        );
        let url: reqwest::Url = self.url.parse().context(
            "model.url is not an address; write it up to and with /v1, such as https://api.openai.com/v1",
        )?;
        ensure!(
            !url.path().trim_end_matches('/').ends_with("/chat/completions"),
            "model.url: leave /chat/completions away, it is added"
        );
        ensure!(
            url.username().is_empty() && url.password().is_none(),
            "model.url holds a user or a password; set model.key instead"
        );
        ensure!(
            url.query().is_none() && url.fragment().is_none(),
            "model.url ends after its path; Azure wants no api-version under /openai/v1"
        );
        let near = Near::of(&url);
        match url.scheme() {
            "https" => Ok(()),
            "http" if near == Near::Here => Ok(()),
            "http" if near == Near::Network && self.key.is_none() => Ok(()),
            "http" if near == Near::Network => bail!(
                "model.url begins with http:// and model.key is set: the key would cross the network in the clear; use https://"
            ),
            _ => bail!(
                "model.url must begin with https://, because what people write goes there; http:// is for this machine and its own network"
            ),
        }
    }
}

/// How far an address is.
#[derive(Debug, PartialEq, Eq)]
enum Near {
    /// This machine.
    Here,
    /// A private address, or a name without a dot such as a container's.
    Network,
    /// Anywhere.
    Outside,
}

impl Near {
    fn of(url: &reqwest::Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) if address.is_loopback() => Self::Here,
            Ok(IpAddr::V4(address)) if address.is_private() => Self::Network,
            Ok(IpAddr::V6(address)) if address.is_unique_local() => Self::Network,
            Err(_) if host == "localhost" => Self::Here,
            Err(_) if !host.is_empty() && !host.contains('.') => Self::Network,
            _ => Self::Outside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), String> {
        let model: Model = toml::from_str(text).map_err(|error| error.to_string())?;
        model.check().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_model_is_named_with_its_address() {
        let well = "url = \"https://api.openai.com/v1\"\nname = \"m\"\nkey = \"k\"\n";
        assert_eq!(check(well), Ok(()));
        for (change, to, names) in [
            ("\"m\"", "\" \"", "model.name"),
            ("\"k\"", "\" \"", "model.key is empty"),
            ("https://", "ftp://", "https://"),
            ("https://", "http://", "https://"),
            ("https://api", "https://u:p@api", "model.key instead"),
            ("/v1", "/v1/chat/completions", "it is added"),
            ("/v1", "/v1?api-version=1", "api-version"),
            ("https://api.openai.com/v1", "somewhere", "not an address"),
            ("key", "header = \"basic\"\nkey", "header"),
            ("key", "timeout = \"PT5S\"\nkey", "at most PT4S"),
            ("key", "timeout = \"PT0S\"\nkey", "at most PT4S"),
            ("key", "temperature = 1\nkey", "temperature"),
        ] {
            let error = check(&well.replacen(change, to, 1)).unwrap_err();
            assert!(error.contains(names), "{to}: {error}");
        }
    }

    #[test]
    fn in_the_clear_only_on_this_machine_or_without_a_key_next_to_it() {
        let of = |url: &str, key: &str| check(&format!("url = \"{url}\"\nname = \"m\"\n{key}"));
        let key = "key = \"k\"";
        for here in ["http://localhost:11434/v1", "http://127.0.0.1:8000/v1", "http://[::1]:1/v1"] {
            assert!(of(here, "").is_ok() && of(here, key).is_ok(), "{here}");
        }
        for near in ["http://ollama:11434/v1", "http://10.1.2.3/v1", "http://192.168.0.9:8000/v1"] {
            assert!(of(near, "").is_ok(), "{near}");
            assert!(of(near, key).unwrap_err().contains("in the clear"), "{near}");
        }
        for far in [
            "http://models.example.com/v1",
            "http://8.8.8.8/v1",
            "http://localhost.evil.example/v1",
        ] {
            assert!(of(far, "").is_err(), "{far}");
        }
    }
}
