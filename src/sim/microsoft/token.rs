//! The token endpoint: client credentials in, a signed access token out; or a code of
//! [`sign_in`], for an id token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    aadsts::{self, Aadsts},
    apps::{AppRegistration, Consent},
    call::{Answer, pairs},
    catalog,
    keys::{KEY_ID, Keys},
    partner,
    refusals::{self, Refusal},
    sign_in,
    state::Tenant,
    turn::{Caller, Turn},
};

pub(super) const GRAPH: &str = "https://graph.microsoft.com";
pub(super) const EXCHANGE: &str = "https://outlook.office365.com";
const BOT: &str = "https://api.botframework.com";

/// Resources a token can be asked for.
pub(super) const RESOURCES: &[&str] = &[GRAPH, EXCHANGE, BOT];

/// What a federated token must be for.
const FEDERATED_AUDIENCE: &str = "api://AzureADTokenExchange";

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An access token, version 1.0 as Graph's are.
pub(super) fn issue(
    tenant: &Tenant,
    app: &AppRegistration,
    audience: &str,
    now: Timestamp,
    id: Uuid,
) -> String {
    let roles = match audience {
        GRAPH => app.graph_roles.iter().collect(),
        EXCHANGE => app.exchange_roles.iter().collect(),
        _ => Vec::new(),
    };
    // The last one is what every token carries, "User" (learn.microsoft.com/entra, claims reference).
    let mut wids: Vec<&str> =
        app.directory_roles.iter().filter_map(|name| catalog::role_template(name)).collect();
    wids.push("0997a1d0-0d1d-4acb-b408-d5ca73121e90");
    let issuer = format!("https://sts.windows.net/{}/", tenant.id);
    let begins = now.as_second();
    let mut claims = json!({
        "aud": audience, "iss": issuer, "idp": issuer, "tid": tenant.id,
        "iat": begins - 300, "nbf": begins - 300, "exp": begins + app.token_seconds,
        "appid": app.client_id, "app_displayname": app.name, "appidacr": "1",
        "oid": app.object_id(), "sub": app.object_id(), "idtyp": "app",
        "wids": wids, "uti": id.simple().to_string(), "ver": "1.0",
    });
    // Nothing granted: the claim is absent, not empty.
    if !roles.is_empty() {
        claims["roles"] = json!(roles);
    }
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    header.x5t = Some(KEY_ID.to_owned());
    jsonwebtoken::encode(&header, &claims, &Keys::get().encoding)
        .expect("our own key signs our own claims")
}

/// Reads the bearer token of a request for `audience`.
pub(super) fn read(
    authorization: Option<&str>,
    audience: &str,
    tenant: &Tenant,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let token = authorization
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty());
    let Some((_, token)) = token else { return Err(refusals::no_token()) };
    let claims = verify(token.trim()).ok_or_else(refusals::bad_token)?;
    if claims["aud"] != audience || claims["tid"] != tenant.id.to_string() {
        return Err(refusals::wrong_audience());
    }
    if claims["exp"].as_i64().unwrap_or(0) <= now.as_second() {
        return Err(refusals::token_expired());
    }
    let names = |claim: &str| {
        let list = claims[claim].as_array().into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut caller = Caller {
        app: claims["appid"].as_str().unwrap_or_default().to_owned(),
        roles: names("roles"),
        wids: names("wids"),
    };
    if let Some(scopes) = claims["scp"].as_str() {
        caller.roles = partner::reach(scopes, &caller.wids);
    }
    Ok(caller)
}

/// The tenant that a bearer token says it is of. Whether that is true, its world finds out.
pub(super) fn tenant_of(authorization: Option<&str>) -> Option<String> {
    let (_, token) = authorization?.split_once(' ')?;
    claims_of(token)?["tid"].as_str().map(str::to_owned)
}

/// The signature only: time is checked against the world's clock.
pub(super) fn verify(token: &str) -> Option<Value> {
    let keys = Keys::get();
    jsonwebtoken::decode::<Value>(token, &keys.decoding, &without_time(Algorithm::RS256))
        .ok()
        .map(|data| data.claims)
}

fn without_time(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

/// The fields of a form, or of a query.
pub(super) struct Form(pub(super) Vec<(String, String)>);

impl Form {
    pub fn read(body: &str) -> Self {
        Self(pairs(body))
    }

    /// A field that is there and not empty.
    pub fn field(&self, wanted: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn needed(&self, name: &'static str) -> Result<&str, Aadsts> {
        self.field(name).ok_or_else(|| aadsts::missing_parameter(name))
    }
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(super) fn endpoint(turn: &mut Turn<'_>, tenant: &str, form: &str) -> Answer {
    answer(turn, tenant, &Form::read(form)).unwrap_or_else(|trouble| trouble.answer(turn))
}

fn answer(turn: &mut Turn<'_>, tenant: &str, form: &Form) -> Result<Answer, Aadsts> {
    our_tenant(turn, tenant)?;
    match form.needed("grant_type")? {
        "client_credentials" => client_credentials(turn, form),
        "refresh_token" => partner::refresh(turn, form),
        "authorization_code" => {
            let app = known_app(turn, form.needed("client_id")?)?;
            proven(turn, &app, form)?;
            sign_in::redeem(turn, &app, form)
        }
        other => Err(aadsts::unsupported_grant(other)),
    }
}

fn client_credentials(turn: &Turn<'_>, form: &Form) -> Result<Answer, Aadsts> {
    let client = form.needed("client_id")?;
    let scope = form.needed("scope")?;
    let app = known_app(turn, client)?;
    let Some(resource) = scope.strip_suffix("/.default") else {
        return Err(aadsts::bad_scope(scope));
    };
    let resource = resource.trim_end_matches('/');
    let Some(resource) = RESOURCES.iter().find(|known| **known == resource) else {
        return Err(aadsts::unknown_resource(resource));
    };
    proven(turn, &app, form)?;
    // What was granted in somebody's name is nothing that the app may do alone.
    if app.consent == Consent::Missing || app.gdap.is_some() {
        return Err(aadsts::no_consent(&app));
    }
    let token = issue(&turn.core.state.tenant, &app, resource, turn.now, turn.clock.uuid());
    let lives = app.token_seconds;
    Ok(Answer::json(
        200,
        json!({
            "token_type": "Bearer", "expires_in": lives, "ext_expires_in": lives,
            "access_token": token,
        }),
    ))
}

/// An application that signs in here. Those that were registered through Graph do too.
pub(super) fn known_app(turn: &Turn<'_>, client: &str) -> Result<AppRegistration, Aadsts> {
    let app = turn.core.apps.get(&client.to_ascii_lowercase()).cloned();
    app.or_else(|| AppRegistration::registered(&turn.core.state, client))
        .ok_or_else(|| aadsts::unknown_app(client, &turn.core.state.tenant))
}

/// The application's secret, or its signed assertion.
pub(super) fn proven(turn: &Turn<'_>, app: &AppRegistration, form: &Form) -> Result<(), Aadsts> {
    if let Some(secret) = form.field("client_secret") {
        return if app.knows_secret(secret) {
            Ok(())
        } else {
            Err(aadsts::bad_secret(&app.client_id))
        };
    }
    if form.field("client_assertion_type") == Some(ASSERTION_TYPE) {
        return check_assertion(turn, app, form.needed("client_assertion")?);
    }
    Err(aadsts::no_credential())
}

pub(super) fn our_tenant(turn: &Turn<'_>, wanted: &str) -> Result<(), Aadsts> {
    let tenant = &turn.core.state.tenant;
    let names = [tenant.id.to_string(), tenant.domain.clone(), tenant.onmicrosoft.clone()];
    if names.iter().any(|name| name.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(aadsts::unknown_tenant(wanted))
}

/// A token of another issuer that the registration trusts: issuer, subject and audience are those
/// of the federated credential (learn.microsoft.com/entra/workload-id,
/// "Configure an app to trust an external identity provider").
fn check_federated(
    turn: &Turn<'_>,
    app: &AppRegistration,
    token: &str,
    algorithm: Algorithm,
) -> Result<(), Aadsts> {
    let said = claims_of(token).ok_or_else(aadsts::bad_assertion)?;
    let text = |claim: &str| said[claim].as_str().unwrap_or_default();
    let trusted = app.federated.iter().find(|one| one.issuer == text("iss"));
    let trusted = trusted.filter(|one| one.subject == text("sub"));
    let Some(trusted) = trusted.filter(|_| text("aud") == FEDERATED_AUDIENCE) else {
        return Err(aadsts::no_federation(text("sub")));
    };
    if algorithm != Algorithm::RS256
        || jsonwebtoken::decode::<Value>(token, &trusted.key, &without_time(algorithm)).is_err()
    {
        return Err(aadsts::bad_assertion());
    }
    let fresh = said["exp"].as_i64().is_some_and(|exp| exp > turn.now.as_second());
    if fresh { Ok(()) } else { Err(aadsts::stale_assertion()) }
}

/// What a token says, whoever signed it.
fn claims_of(token: &str) -> Option<Value> {
    let middle = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&middle).ok()
}

/// A signed assertion (learn.microsoft.com/entra, "Certificate credentials").
fn check_assertion(turn: &Turn<'_>, app: &AppRegistration, token: &str) -> Result<(), Aadsts> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| aadsts::bad_assertion())?;
    if header.x5t.is_none() && header.x5t_s256.is_none() {
        return check_federated(turn, app, token, header.alg);
    }
    let certificate = app
        .certificate(header.x5t.as_deref(), header.x5t_s256.as_deref())
        .ok_or_else(|| aadsts::unknown_certificate(app))?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::PS256) {
        return Err(aadsts::bad_assertion());
    }
    let data = jsonwebtoken::decode::<Value>(token, &certificate.key, &without_time(header.alg))
        .map_err(|_| aadsts::bad_assertion())?;
    let claims = data.claims;
    let audience = claims["aud"].as_str().unwrap_or_default();
    let tenant = &turn.core.state.tenant;
    let for_us = audience.ends_with("/oauth2/v2.0/token")
        && [tenant.id.to_string(), tenant.domain.clone(), tenant.onmicrosoft.clone()]
            .iter()
            .any(|name| audience.contains(&format!("/{name}/")));
    let who = |claim: &str| claims[claim].as_str().is_some_and(|id| id == app.client_id);
    let now = turn.now.as_second();
    let fresh = claims["exp"].as_i64().is_some_and(|exp| exp > now)
        && claims["nbf"].as_i64().is_none_or(|nbf| nbf <= now + 300);
    if !for_us || !who("iss") || !who("sub") {
        return Err(aadsts::bad_assertion());
    }
    if fresh { Ok(()) } else { Err(aadsts::stale_assertion()) }
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub(super) fn discovery(turn: &Turn<'_>, tenant: &str) -> Answer {
    if let Err(trouble) = our_tenant(turn, tenant) {
        return trouble.answer(turn);
    }
    let id = turn.core.state.tenant.id;
    let base = format!("{}/{id}", turn.origin);
    Answer::json(
        200,
        json!({
            "issuer": format!("https://login.microsoftonline.com/{id}/v2.0"),
            "token_endpoint": format!("{base}/oauth2/v2.0/token"),
            "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
            "jwks_uri": format!("{base}/discovery/v2.0/keys"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_types_supported": ["code", "id_token", "code id_token", "token id_token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com",
        }),
    )
}

/// `GET /{tenant}/discovery/v2.0/keys`.
pub(super) fn keys(turn: &Turn<'_>, tenant: &str) -> Answer {
    if let Err(trouble) = our_tenant(turn, tenant) {
        return trouble.answer(turn);
    }
    let id = turn.core.state.tenant.id;
    let issuer = format!("https://login.microsoftonline.com/{id}/v2.0");
    Answer::json(200, Keys::get().published(&issuer))
}
