//! Signing people in at Entra: authorization code with PKCE, by the app of `[microsoft]`.
//!
//! The id token comes from the token endpoint over TLS and is checked all the same: its
//! signature with Entra's keys, issuer and tenant, audience, nonce, times. There is no switch
//! that turns a check off (learn.microsoft.com/entra/identity-platform/id-tokens,
//! "Validate tokens").
//!
//! Not here: what anybody may do. That is read from the directory afterwards.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    adapters::{
        graph::{Microsoft, wire::encoded},
        teams::{jwt, keys::Keys, token::in_time},
    },
    domain::{
        ids::TenantId,
        secret::Secret,
        sign_in::SignedIn,
        trouble::{Reason, Result},
    },
    ports::{
        clock::Clock,
        sign_in::{Ask, SignsIn},
    },
};

/// So many methods or contexts of a token are read.
const LISTED_MAX: usize = 50;

/// Where Entra is, and who we are there.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose directory.
    pub tenant: TenantId,
    /// The app's id.
    pub client: Uuid,
    /// The token service, such as `https://login.microsoftonline.com`.
    pub login: String,
    /// Whom its id tokens name as issuer: the cloud's own address, wherever `login` is.
    pub issuer: String,
    /// Where people come back to, as the registration has it.
    pub redirect: String,
}

/// Entra, for people.
pub struct Entra {
    settings: Settings,
    keys: Keys,
    microsoft: Arc<Microsoft>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Entra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entra's sign-in for {}", self.settings.tenant)
    }
}

impl Entra {
    /// Signs people of the tenant in.
    pub fn new(
        settings: Settings,
        microsoft: Arc<Microsoft>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let Settings { login, tenant, .. } = &settings;
        let about = format!("{login}/{tenant}/v2.0/.well-known/openid-configuration");
        Ok(Self { keys: Keys::new(&about, &[])?, settings, microsoft, clock })
    }

    /// Checks an id token. The error says why not, for the log only.
    async fn check(&self, token: &str, nonce: &str) -> Result<SignedIn, &'static str> {
        let now = self.clock.now();
        let parts = jwt::take_apart(token)?;
        let user = self.claims(&parts.claims, nonce, now)?;
        let key = self.keys.get(&parts.kid, now).await.ok_or("the token's key is not known")?;
        if !key.signed(parts.signed, &parts.signature) {
            return Err("the token's signature is wrong");
        }
        Ok(user)
    }

    fn claims(
        &self,
        claims: &Map<String, Value>,
        nonce: &str,
        now: Timestamp,
    ) -> Result<SignedIn, &'static str> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let Settings { tenant, client, issuer, .. } = &self.settings;
        if text("iss") != Some(issuer) {
            return Err("the token is of another issuer");
        }
        if text("tid") != Some(&tenant.to_string()) {
            return Err("the token is of another tenant");
        }
        let client = client.to_string();
        if text("aud") != Some(&client) || text("azp").is_some_and(|party| party != client) {
            return Err("the token is meant for somebody else");
        }
        if text("ver") != Some("2.0") {
            return Err("the token is of another version");
        }
        in_time(claims, now)?;
        let said = text("nonce").ok_or("the token has no nonce")?;
        if !bool::from(said.as_bytes().ct_eq(nonce.as_bytes())) {
            return Err("the token's nonce is another one");
        }
        let object = text("oid").and_then(|oid| Uuid::parse_str(oid).ok());
        let list = |name: &str| -> Vec<String> {
            let listed = claims.get(name).and_then(Value::as_array).into_iter().flatten();
            listed.filter_map(Value::as_str).take(LISTED_MAX).map(str::to_owned).collect()
        };
        let at = claims.get("auth_time").and_then(Value::as_i64);
        Ok(SignedIn {
            user: tenant.object(object.ok_or("the token names nobody")?),
            at: at.and_then(|second| Timestamp::from_second(second).ok()),
            methods: list("amr"),
            contexts: list("acrs"),
        })
    }
}

#[async_trait]
impl SignsIn for Entra {
    fn page(&self, ask: &Ask<'_>) -> String {
        let Settings { tenant, client, login, redirect, .. } = &self.settings;
        let client = client.to_string();
        // Without a session to lean on, or with a choice: never a silent sign-in as somebody
        // who happens to be signed in (v2-oauth2-auth-code-flow, `prompt`).
        let prompt = if ask.afresh { "login" } else { "select_account" };
        let mut fields = vec![
            ("client_id", client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", redirect),
            ("response_mode", "query"),
            ("scope", "openid profile"),
            ("state", ask.state),
            ("nonce", ask.nonce),
            ("code_challenge", ask.challenge),
            ("code_challenge_method", "S256"),
            ("prompt", prompt),
        ];
        if let Some(hint) = ask.hint {
            fields.push(("login_hint", hint.as_str()));
        }
        let claims = ask.context.map(|context| {
            json!({ "id_token": { "acrs": { "essential": true, "value": context } } }).to_string()
        });
        if let Some(claims) = &claims {
            fields.push(("claims", claims));
        }
        let query: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("{login}/{tenant}/oauth2/v2.0/authorize?{}", query.join("&"))
    }

    async fn redeem(&self, code: &Secret, verifier: &Secret, nonce: &str) -> Result<SignedIn> {
        let Settings { tenant, redirect, .. } = &self.settings;
        let token = self.microsoft.tokens.redeem(tenant, code, verifier, redirect).await?;
        self.check(token.reveal(), nonce).await.map_err(|why| {
            tracing::warn!(why, "An id token was refused; nothing followed from it");
            Reason::SignInRefused.into()
        })
    }
}
