//! Whose directory: an id, or a domain that Microsoft knows the id of.

use anyhow::{Context, bail};
use reqwest::Url;
use serde_json::Value;
use uuid::Uuid;

use crate::{adapters::http, cli::reach};

/// The discovery document has a few thousand bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The directory's id. A domain is looked up in its discovery document, which anybody may read
/// (learn.microsoft.com/entra/identity-platform/v2-protocols-oidc).
pub async fn resolve(login: &str, said: &str) -> anyhow::Result<Uuid> {
    let said = said.trim();
    if let Ok(id) = said.parse::<Uuid>() {
        if id.is_nil() {
            bail!("the tenant id is all zeroes");
        }
        return Ok(id);
    }
    let plain = said.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    if !plain || !said.contains('.') {
        bail!(
            "`{said}` is neither a tenant id such as 11111111-2222-4333-8444-555555555555 nor a domain such as contoso.com"
        );
    }
    let address = format!("{login}/{said}/v2.0/.well-known/openid-configuration");
    let url: Url = address.parse().with_context(|| format!("{login} is no address"))?;
    let answer = http::client_for(&url, reach::TIMEOUT).get(url).send().await;
    let answer = answer.map_err(reqwest::Error::without_url);
    let answer = answer.with_context(|| format!("{login} did not answer"))?;
    let known = answer.status().is_success();
    let body = http::read(answer, ANSWER_BYTES_MAX).await?;
    let document: Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = document["issuer"]
        .as_str()
        .and_then(|issuer| issuer.split('/').find_map(|part| part.parse::<Uuid>().ok()));
    id.filter(|_| known)
        .with_context(|| format!("Microsoft knows no directory of the domain {said} in this cloud"))
}
