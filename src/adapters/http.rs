//! One HTTP client for every call out.
//!
//! It follows no redirect (a redirect could carry a token to another host), keeps
//! no cookie, and gives up in time. Bodies are read up to a limit that the caller
//! names. Not here: tokens, retries, or anything of one service.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, Response, Url,
    header::{HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore};

/// How the bot names itself in every call.
pub const USER_AGENT: &str = concat!("countersign/", env!("CARGO_PKG_VERSION"));

/// The longest time to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A client that waits at most `timeout` for a whole answer, body included.
///
/// It uses the proxy of the environment, as the operator set it
/// (`HTTPS_PROXY`, `NO_PROXY`). For addresses on this machine take [`direct`].
pub fn client(timeout: Duration) -> Client {
    builder(timeout).build().expect("the TLS settings are constant")
}

/// As [`client`], but never through a proxy: for addresses on this machine, where
/// a proxy would be handed a plain-text token.
pub fn direct(timeout: Duration) -> Client {
    builder(timeout).no_proxy().build().expect("the TLS settings are constant")
}

/// [`direct`] if `base` is on this machine, else [`client`].
pub fn client_for(base: &Url, timeout: Duration) -> Client {
    if is_loopback(base) { direct(timeout) } else { client(timeout) }
}

/// Whether an address is on this machine: `localhost`, `127.0.0.0/8` or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// Why a body was not read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Longer than the caller allows.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The connection ended early, or the time was up.
    #[error("the answer was cut off")]
    Cut(#[source] reqwest::Error),
}

/// Reads a body of at most `max` bytes. A longer one is an error, and is not read
/// to its end.
pub async fn read(mut answer: Response, max: usize) -> Result<Bytes, BodyError> {
    let expected = usize::try_from(answer.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
    if expected > max {
        return Err(BodyError::TooLong(max));
    }
    let mut body = BytesMut::with_capacity(expected);
    while let Some(part) = answer.chunk().await.map_err(BodyError::Cut)? {
        if body.len() + part.len() > max {
            return Err(BodyError::TooLong(max));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

/// What `Retry-After` asks for, if it is a whole number of seconds (the form that
/// Graph, the Bot Connector and Slack use). At most one day is believed.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(24 * 60 * 60)))
}

fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    Client::builder()
        .use_preconfigured_tls(tls())
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(Policy::none())
        .user_agent(USER_AGENT)
        .referer(false)
}

/// What all clients share: the machine's root certificates, read once. A client that
/// reads them for itself costs some 10 ms at the start and keeps its own copy.
fn tls() -> ClientConfig {
    static SHARED: OnceLock<ClientConfig> = OnceLock::new();
    let make = || {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        let (good, _unreadable) = roots.add_parsable_certificates(found.certs);
        if good == 0 {
            tracing::warn!(
                "This machine has no root certificates: every call over https will fail. Install ca-certificates"
            );
        }
        let mut tls =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("ring speaks TLS 1.2 and 1.3")
                .with_root_certificates(roots)
                .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        tls
    };
    SHARED.get_or_init(make).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for here in
            ["http://localhost:1/x", "http://127.0.0.1", "http://127.1.2.3:9", "http://[::1]:80"]
        {
            assert!(is_loopback(&here.parse().unwrap()), "{here}");
        }
        for there in [
            "http://localhost.evil.example",
            "http://10.0.0.1",
            "http://[::ffff:10.0.0.1]",
            "https://128.0.0.1",
        ] {
            assert!(!is_loopback(&there.parse().unwrap()), "{there}");
        }
    }

    #[test]
    fn retry_after_is_believed_in_seconds_and_up_to_a_day() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(of("7"), Some(Duration::from_secs(7)));
        assert_eq!(of("0"), Some(Duration::ZERO));
        assert_eq!(of("99999999"), Some(Duration::from_hours(24)));
        assert_eq!(of("soon"), None);
        assert_eq!(of("-1"), None);
    }
}
