//! `[telemetry]`: where traces go. Off when it is not there.

use anyhow::{Context, ensure};
use serde::{Deserialize, Deserializer};

use crate::domain::secret::Secret;

/// A collector of OpenTelemetry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// Its address for OTLP over HTTP, without `/v1/traces`.
    pub endpoint: String,
    /// The `Authorization` header, if it wants one.
    #[serde(default, deserialize_with = "secret")]
    pub authorization: Option<Secret>,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Secret::new))
}

impl Telemetry {
    /// Where spans are posted.
    pub fn traces(&self) -> anyhow::Result<reqwest::Url> {
        let base = self.endpoint.trim_end_matches('/');
        format!("{base}/v1/traces").parse().context(
            "telemetry.endpoint is not an address; write one such as http://127.0.0.1:4318",
        )
    }

    /// What can be seen wrong. Each error names its key and the remedy.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let url = self.traces()?;
        ensure!(
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some(),
            "telemetry.endpoint begins with https:// or http://, such as http://127.0.0.1:4318"
        );
        ensure!(
            url.username().is_empty() && url.password().is_none(),
            "telemetry.endpoint holds a user or a password; set telemetry.authorization instead"
        );
        ensure!(
            !self.endpoint.contains("/v1/traces"),
            "telemetry.endpoint: leave /v1/traces away, it is added"
        );
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        ensure!(
            url.scheme() == "https" || here || self.authorization.is_none(),
            "telemetry.endpoint begins with http:// and telemetry.authorization is set: it would cross the network in the clear; use https://"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_address_without_its_path_and_a_secret_stays_off_the_wire() {
        let of = |endpoint: &str, secret: Option<&str>| Telemetry {
            endpoint: endpoint.to_owned(),
            authorization: secret.map(Secret::new),
        };
        for right in ["http://127.0.0.1:4318", "https://otel.example.com/", "http://otel:4318"] {
            of(right, None).check().unwrap();
            assert!(of(right, None).traces().unwrap().path().ends_with("/v1/traces"));
        }
        of("https://otel.example.com", Some("Bearer x")).check().unwrap();
        for (wrong, secret, why) in [
            ("otel:4318", None, "telemetry.endpoint"),
            ("https://me:pw@otel.example.com", None, "telemetry.authorization"),
            ("https://otel.example.com/v1/traces", None, "it is added"),
            ("http://otel:4318", Some("Bearer x"), "in the clear"),
        ] {
            let error = of(wrong, secret).check().unwrap_err().to_string();
            assert!(error.contains(why), "{wrong}: {error}");
        }
    }
}
