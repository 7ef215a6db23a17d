//! Entra's sign-in page: who is there, a code for it, and an id token for the code.
//!
//! Authorization code flow with PKCE (learn.microsoft.com/entra/identity-platform,
//! "v2-oauth2-auth-code-flow"). The page offers everybody of the directory; whoever opens it
//! says who they are and whether a second factor was used.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Header};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    aadsts::{self, Aadsts},
    apps::AppRegistration,
    call::{Answer, encode, pairs},
    keys::{KEY_ID, Keys},
    token::{Form, known_app, our_tenant},
    turn::Turn,
};

/// A code is good for ten minutes at most ("v2-oauth2-auth-code-flow", authorization response).
const CODE_LIVES: SignedDuration = SignedDuration::from_mins(10);
/// An id token is good for an hour (learn.microsoft.com/entra/identity-platform/id-tokens).
const TOKEN_SECONDS: i64 = 3600;
/// So many codes are remembered; older ones are forgotten.
const CODES_MAX: usize = 1_000;

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Code {
    value: String,
    client: String,
    redirect: String,
    nonce: Option<String>,
    challenge: String,
    user: Uuid,
    second_factor: bool,
    signed_in_at: i64,
    context: Option<String>,
    until: Timestamp,
    used: bool,
}

/// `GET` and `POST /{tenant}/oauth2/v2.0/authorize`.
pub(super) fn authorize(
    turn: &mut Turn<'_>,
    tenant: &str,
    address: &str,
    body: Option<&str>,
) -> Answer {
    let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let wanted = match Wanted::read(turn, tenant, query) {
        Ok(wanted) => wanted,
        // Whoever may not be sent back is told here.
        Err(trouble) => return trouble.page(turn),
    };
    if let Err(trouble) = wanted.check() {
        return trouble.back(turn, &wanted.redirect, wanted.state.as_deref());
    }
    match body {
        None => Answer::page(200, choice_of_people(turn, address)),
        Some(body) => signed_in(turn, &wanted, &Form::read(body)),
    }
}

/// What an authorization request asks for.
struct Wanted {
    client: String,
    redirect: String,
    state: Option<String>,
    nonce: Option<String>,
    response: Option<String>,
    scope: String,
    challenge: Option<String>,
    method: Option<String>,
    afresh: bool,
    context: Option<String>,
}

impl Wanted {
    fn read(turn: &Turn<'_>, tenant: &str, query: &str) -> Result<Self, Aadsts> {
        our_tenant(turn, tenant)?;
        let form = Form(pairs(query));
        let app = known_app(turn, form.needed("client_id")?)?;
        let redirect = form.needed("redirect_uri")?;
        if !app.redirects.contains(redirect) {
            return Err(aadsts::unknown_redirect(redirect, &app));
        }
        let own = |name: &str| form.field(name).map(str::to_owned);
        let claims = form.field("claims").and_then(|said| serde_json::from_str::<Value>(said).ok());
        let context = claims.as_ref().and_then(|claims| {
            let acrs = &claims["id_token"]["acrs"];
            acrs["value"].as_str().map(str::to_owned)
        });
        Ok(Self {
            client: app.client_id.clone(),
            redirect: redirect.to_owned(),
            state: own("state"),
            nonce: own("nonce"),
            response: own("response_type"),
            scope: own("scope").unwrap_or_default(),
            challenge: own("code_challenge"),
            method: own("code_challenge_method"),
            afresh: form.field("prompt") == Some("login"),
            context,
        })
    }

    fn check(&self) -> Result<(), Aadsts> {
        match self.response.as_deref() {
            Some("code") => {}
            Some(other) => return Err(aadsts::unsupported_response(other)),
            None => return Err(aadsts::missing_parameter("response_type")),
        }
        if self.scope.is_empty() {
            return Err(aadsts::missing_parameter("scope"));
        }
        if !self.scope.split(' ').any(|scope| scope == "openid") {
            return Err(aadsts::not_openid(&self.scope));
        }
        let well_formed = |challenge: &str| {
            (43..=128).contains(&challenge.len())
                && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
        };
        match (self.challenge.as_deref(), self.method.as_deref()) {
            (Some(challenge), Some("S256")) if well_formed(challenge) => Ok(()),
            _ => Err(aadsts::bad_challenge()),
        }
    }
}

/// The page. Guests and blocked accounts stand on it too: who may not sign in finds out here.
fn choice_of_people(turn: &Turn<'_>, address: &str) -> String {
    let users = turn.core.state.users.values();
    let mut people: Vec<(&str, &str)> = users
        .map(|user| {
            let text = |name: &str| user.props.get(name).and_then(Value::as_str);
            (text("displayName").unwrap_or_default(), text("userPrincipalName").unwrap_or_default())
        })
        .collect();
    people.sort_unstable();
    let mut list = String::new();
    for (name, upn) in people {
        let (name, upn) = (escaped(name), escaped(upn));
        writeln!(
            list,
            r#"<button name="user" value="{upn}">{name}<br><small>{upn}</small></button>"#
        )
        .expect("a String takes every line");
    }
    let (action, tenant) = (escaped(address), escaped(&turn.core.state.tenant.name));
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in (simulated)</title><style>body{{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem}}button{{display:block;width:100%;text-align:left;margin:.25rem 0;padding:.5rem .75rem;font:inherit}}</style></head><body><h1>Sign in to {tenant}</h1><p>This is the simulated Microsoft. Who are you?</p><form method="post" action="{action}"><label><input type="checkbox" name="mfa" value="1" checked> with a second factor</label>
{list}</form></body></html>"#
    )
}

/// Somebody said who they are.
fn signed_in(turn: &mut Turn<'_>, wanted: &Wanted, form: &Form) -> Answer {
    let state = &turn.core.state;
    let found = form.field("user").and_then(|said| state.user(said));
    let Some(user) = found else {
        return aadsts::unknown_user(&state.tenant).page(turn);
    };
    if user.props.get("accountEnabled").and_then(Value::as_bool) == Some(false) {
        return aadsts::blocked_user().page(turn);
    }
    let (user, second_factor) = (user.id, form.field("mfa").is_some());
    if wanted.context.is_some() && !second_factor {
        return aadsts::second_factor_wanted(&wanted.client).page(turn);
    }
    // A session from before is as old as it is, unless a fresh sign-in was asked for.
    let ago = form.field("ago").and_then(|said| said.parse::<i64>().ok()).unwrap_or_default();
    let ago = if wanted.afresh { 0 } else { ago };
    let value = format!("1.{}{}", turn.clock.uuid().simple(), turn.clock.uuid().simple());
    let now = turn.now;
    let codes = &mut turn.core.codes;
    codes.retain(|code| code.until + CODE_LIVES > now);
    if codes.len() >= CODES_MAX {
        codes.remove(0);
    }
    codes.push(Code {
        value: value.clone(),
        client: wanted.client.clone(),
        redirect: wanted.redirect.clone(),
        nonce: wanted.nonce.clone(),
        challenge: wanted.challenge.clone().unwrap_or_default(),
        user,
        second_factor,
        signed_in_at: now.as_second() - ago,
        context: wanted.context.clone(),
        until: now + CODE_LIVES,
        used: false,
    });
    let mut back = format!("{}?code={}", wanted.redirect, encode(&value));
    if let Some(state) = &wanted.state {
        back.push_str("&state=");
        back.push_str(&encode(state));
    }
    Answer::empty(302).with("Location", back)
}

/// `grant_type=authorization_code` at the token endpoint, after the client was proven.
pub(super) fn redeem(
    turn: &mut Turn<'_>,
    app: &AppRegistration,
    form: &Form,
) -> Result<Answer, Aadsts> {
    let (value, redirect) = (form.needed("code")?, form.needed("redirect_uri")?);
    let now = turn.now;
    let found = turn.core.codes.iter_mut().find(|code| code.value == value);
    let code = found.ok_or_else(aadsts::bad_code)?;
    if code.client != app.client_id {
        return Err(aadsts::bad_code());
    }
    if code.used {
        return Err(aadsts::used_code());
    }
    if now > code.until {
        return Err(aadsts::old_code());
    }
    if code.redirect != redirect {
        return Err(aadsts::other_redirect(redirect));
    }
    let verifier = form.field("code_verifier").ok_or_else(aadsts::no_verifier)?;
    if URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != code.challenge {
        return Err(aadsts::bad_verifier());
    }
    code.used = true;
    let code = code.clone();
    let token = id_token(turn, app, &code);
    Ok(Answer::json(
        200,
        json!({
            "token_type": "Bearer", "scope": "openid profile", "expires_in": TOKEN_SECONDS,
            "ext_expires_in": TOKEN_SECONDS, "access_token": "simulated", "id_token": token,
        }),
    ))
}

/// An id token, version 2.0 (learn.microsoft.com/entra/identity-platform/id-token-claims-reference).
fn id_token(turn: &Turn<'_>, app: &AppRegistration, code: &Code) -> String {
    let (state, conduct) = (&turn.core.state, &turn.core.conduct);
    let text = |name: &str| {
        let user = state.users.get(&code.user);
        user.and_then(|user| user.props.get(name)).cloned().unwrap_or_default()
    };
    let begins = turn.now.as_second();
    let mut claims = json!({
        "aud": app.client_id, "iss": format!("https://login.microsoftonline.com/{}/v2.0", state.tenant.id),
        "iat": begins, "nbf": begins, "exp": begins + TOKEN_SECONDS, "ver": "2.0",
        "tid": state.tenant.id, "oid": code.user, "sub": format!("{}-{}", app.client_id, code.user),
        "name": text("displayName"), "preferred_username": text("userPrincipalName"),
        "uti": turn.clock.uuid().simple().to_string(),
    });
    if let Some(nonce) = &code.nonce {
        claims["nonce"] = json!(nonce);
    }
    if app.id_claims.contains("auth_time") {
        claims["auth_time"] = json!(code.signed_in_at);
    }
    // unconfirmed: the claims of version 2.0 do not name `amr`; version 1.0 has it.
    if app.id_claims.contains("amr") {
        let methods = if code.second_factor { json!(["pwd", "mfa"]) } else { json!(["pwd"]) };
        claims["amr"] = methods;
    }
    // Azure-Samples/ms-identity-dotnetcore-ca-auth-context-app reads it from the id token.
    if let Some(context) = &code.context {
        claims["acrs"] = json!([context]);
    }
    for (name, value) in &conduct.id_claims {
        claims[name] = value.clone();
    }
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    jsonwebtoken::encode(&header, &claims, &Keys::get().encoding)
        .expect("our own key signs our own claims")
}

pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
