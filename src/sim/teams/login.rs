//! The token endpoint, the metadata and the published keys.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use reqwest::Url;
use ring::signature::{RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::sim::teams::{
    faults::At,
    keys::SigningKey,
    service::{BotService, SimCall},
};

/// The bot's tokens last this long, as Entra's do.
const TOKEN_SECONDS: i64 = 3599;
const SCOPE: &str = "https://api.botframework.com/.default";

/// The routes.
pub fn routes() -> Router<BotService> {
    Router::new()
        .route("/botframework.com/oauth2/v2.0/token", post(multi_tenant))
        .route("/bot-login/{tenant}/oauth2/v2.0/token", post(any_tenant))
        .route("/v1/.well-known/openidconfiguration", get(metadata))
        .route("/v1/.well-known/keys", get(keys))
}

async fn multi_tenant(State(bot): State<BotService>, form: Bytes) -> Response {
    token(&bot, "botframework.com", &form).await
}

async fn any_tenant(
    State(bot): State<BotService>,
    Path(tenant): Path<String>,
    form: Bytes,
) -> Response {
    token(&bot, &tenant, &form).await
}

/// `POST …/oauth2/v2.0/token`. Also for a login that serves other scopes and hands
/// the bot's on. Error bodies: Microsoft's page “Microsoft Entra authentication and
/// authorization error codes”.
pub async fn token(bot: &BotService, tenant: &str, form: &[u8]) -> Response {
    let fault = bot.state().fault(At::Token);
    let mut call =
        SimCall { what: At::Token, path: tenant.to_owned(), status: None, body: Value::Null };
    if let Some(fault) = &fault
        && let Some(answer) = fault.before().await
    {
        bot.state().record(call);
        return answer;
    }
    let answer = match judge(bot, form) {
        Ok(()) => {
            let token = bot_token(bot);
            Json(json!({"token_type": "Bearer", "expires_in": TOKEN_SECONDS, "ext_expires_in": TOKEN_SECONDS, "access_token": token}))
                .into_response()
        }
        Err((status, error, text)) => {
            let number: String =
                text.chars().skip("AADSTS".len()).take_while(char::is_ascii_digit).collect();
            let number: u64 = number.parse().unwrap_or(0);
            (
                status,
                Json(json!({"error": error, "error_description": text, "error_codes": [number]})),
            )
                .into_response()
        }
    };
    call.status = Some(answer.status().as_u16());
    bot.state().record(call);
    match fault {
        Some(fault) => fault.after(answer),
        None => answer,
    }
}

type Refused = (StatusCode, &'static str, &'static str);

fn judge(bot: &BotService, form: &[u8]) -> Result<(), Refused> {
    let text = std::str::from_utf8(form).unwrap_or_default();
    let url: Url = format!("form:?{text}")
        .parse()
        .map_err(|_| bad("AADSTS900144: The body is not a form."))?;
    let field = |name: &str| {
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let settings = &bot.0.settings;
    if field("grant_type").as_deref() != Some("client_credentials") {
        return Err(bad("AADSTS70003: The app requested an unsupported grant type."));
    }
    if field("client_id").as_deref() != Some(&settings.app_id) {
        let text = "AADSTS700016: Application was not found in the directory.";
        return Err((StatusCode::BAD_REQUEST, "unauthorized_client", text));
    }
    if field("scope").as_deref() != Some(SCOPE) {
        return Err((
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "AADSTS1002012: The provided value for scope is not valid.",
        ));
    }
    let known = match (field("client_secret"), field("client_assertion")) {
        (Some(secret), None) => secret == settings.secret,
        (None, Some(assertion)) => vouched(bot, &assertion).is_some(),
        _ => {
            return Err((
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "AADSTS7000216: A secret or an assertion is required.",
            ));
        }
    };
    if known {
        return Ok(());
    }
    Err((
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "AADSTS7000215: Invalid client secret provided.",
    ))
}

fn bad(text: &'static str) -> Refused {
    (StatusCode::BAD_REQUEST, "invalid_request", text)
}

/// A client assertion: Microsoft's page “Certificate credentials”. PS256, the
/// thumbprint of the registered certificate, our address, at most ten minutes.
fn vouched(bot: &BotService, assertion: &str) -> Option<()> {
    let (signed, signature) = assertion.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let json =
        |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (header, claims) = (json(header)?, json(claims)?);
    let settings = &bot.0.settings;
    let now = bot.now().as_second();
    let (begins, ends) = (claims["nbf"].as_i64()?, claims["exp"].as_i64()?);
    let right = header["alg"] == "PS256"
        && header["x5t#S256"].as_str() == settings.certificate.as_deref()
        && claims["iss"] == *settings.app_id
        && claims["sub"] == *settings.app_id
        && claims["jti"].as_str().is_some_and(|jti| !jti.is_empty())
        && claims["aud"].as_str().is_some_and(|aud| {
            aud.starts_with(&settings.base) && aud.ends_with("/oauth2/v2.0/token")
        })
        && (begins..=ends).contains(&now)
        && ends - begins <= 600;
    let (n, e) = SigningKey::shared(3).public();
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let valid = RsaPublicKeyComponents { n, e }.verify(
        &RSA_PSS_2048_8192_SHA256,
        signed.as_bytes(),
        &signature,
    );
    (right && valid.is_ok()).then_some(())
}

/// A token of the bot: of Entra, for the Bot Framework, and remembered.
pub(super) fn bot_token(bot: &BotService) -> String {
    let settings = &bot.0.settings;
    let now = bot.now();
    let tenant = settings.people.first().map_or("tenant", |person| person.tenant.as_str());
    let claims = json!({
        "aud": "https://api.botframework.com", "iss": format!("https://sts.windows.net/{tenant}/"), "tid": tenant,
        "appid": settings.app_id, "ver": "1.0", "iat": now.as_second(), "nbf": now.as_second(),
        "exp": now.as_second() + TOKEN_SECONDS, "uti": settings.clock.uuid().to_string(),
    });
    let token = bot.signing_key().token(&claims);
    let mut state = bot.state();
    state.tokens.retain(|_, ends| *ends > now);
    state.tokens.insert(token.clone(), now + SignedDuration::from_secs(TOKEN_SECONDS));
    token
}

async fn metadata(State(bot): State<BotService>) -> Response {
    let body = json!({
        "issuer": bot.issuer(),
        "jwks_uri": format!("{}/v1/.well-known/keys", bot.0.settings.base),
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    published(&bot, At::Metadata, body).await
}

async fn keys(State(bot): State<BotService>) -> Response {
    let (numbers, endorsements) = {
        let state = bot.state();
        (state.published.clone(), state.endorsements.clone())
    };
    let keys: Vec<_> =
        numbers.into_iter().map(|key| SigningKey::shared(key).published(&endorsements)).collect();
    published(&bot, At::Keys, json!({"keys": keys})).await
}

async fn published(bot: &BotService, what: At, body: Value) -> Response {
    let fault = {
        let mut state = bot.state();
        state.record(SimCall { what, path: String::new(), status: None, body: Value::Null });
        state.fault(what)
    };
    match fault {
        None => Json(body).into_response(),
        Some(fault) => match fault.before().await {
            Some(answer) => answer,
            None => fault.after(Json(body).into_response()),
        },
    }
}
