//! What a token says of itself: tenant, permissions, roles.

use anyhow::Context as _;
use base64::Engine as _;
use serde::Deserialize;
use uuid::Uuid;

/// The claims we look at. The signature is not checked: the token came to us over
/// TLS from the sign-in service, and only its resource can judge it. We read it to
/// refuse a token of another tenant and to explain a 403.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// The tenant it is valid in.
    pub tid: Uuid,
    /// The resource it is for.
    #[serde(default)]
    pub aud: String,
    /// Application permissions, or those in somebody's name. Empty when nobody consented.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Template ids of the Entra roles the app holds.
    #[serde(default)]
    pub wids: Vec<Uuid>,
    /// Delegated permissions; an application's token has none.
    #[serde(default)]
    pub scp: Option<String>,
}

impl Claims {
    /// Reads the middle part of a JWT.
    ///
    /// # Errors
    /// When it is not one. The text does not repeat the token.
    pub fn read(token: &str) -> anyhow::Result<Self> {
        let middle = token.split('.').nth(1).context("the token is not a JWT")?;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(middle.trim_end_matches('='))
            .map_err(|_| anyhow::anyhow!("the token is not a JWT"))?;
        let mut claims: Self = serde_json::from_slice(&bytes)
            .map_err(|error| anyhow::anyhow!("the token lacks a claim: {:?}", error.classify()))?;
        // What somebody's app may do in their name has the same names as what it may do alone.
        if claims.roles.is_empty() {
            let delegated = claims.scp.iter().flat_map(|scp| scp.split_whitespace());
            claims.roles = delegated.map(str::to_owned).collect();
        }
        Ok(claims)
    }

    /// Does the app act in somebody's name?
    pub fn is_delegated(&self) -> bool {
        self.scp.is_some()
    }

    /// Whether the app may do the same things with this token as with `other`.
    pub fn same_rights(&self, other: &Self) -> bool {
        let set = |list: &[String]| list.iter().cloned().collect::<std::collections::BTreeSet<_>>();
        let ids = |list: &[Uuid]| list.iter().copied().collect::<std::collections::BTreeSet<_>>();
        set(&self.roles) == set(&other.roles) && ids(&self.wids) == ids(&other.wids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_from_the_middle_and_garbage_is_refused() {
        let middle = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(
            r#"{"tid":"11111111-2222-4333-8444-555555555555","roles":["User.Read.All"],"x":1}"#,
        );
        let claims = Claims::read(&format!("h.{middle}.s")).unwrap();
        assert_eq!(claims.roles, ["User.Read.All"]);
        assert!(claims.wids.is_empty());
        for wrong in ["", "opaque", "a.b.c", "a.e30.c"] {
            let error = Claims::read(wrong).unwrap_err().to_string();
            assert!(wrong.is_empty() || !error.contains("e30"), "{error}");
        }
    }
}
