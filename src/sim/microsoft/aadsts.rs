//! What the token endpoint refuses, by Entra's numbers, each with its source.

use serde_json::json;

use super::{
    apps::AppRegistration,
    call::{Answer, encode},
    sign_in::escaped,
    state::Tenant,
    turn::Turn,
};

/// What Entra refuses, by number.
pub(super) struct Aadsts {
    status: u16,
    error: &'static str,
    number: u32,
    text: String,
}

fn refuse(status: u16, error: &'static str, number: u32, text: impl Into<String>) -> Aadsts {
    Aadsts { status, error, number, text: text.into() }
}

impl Aadsts {
    /// Shown to whoever is at the page, where nobody can be sent back.
    /// unconfirmed: the status; Entra's page says the same with more around it.
    pub fn page(&self, turn: &Turn<'_>) -> Answer {
        let text = escaped(&self.text);
        let (number, trace) = (self.number, turn.request_id);
        Answer::page(
            self.status,
            format!(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in</title></head><body><h1>Sorry, but we\u{2019}re having trouble signing you in.</h1><p>AADSTS{number}: {text}</p><p>Trace ID: {trace}</p></body></html>"
            ),
        )
    }

    /// Sent back to the application with the error (learn.microsoft.com/entra/identity-platform,
    /// "v2-oauth2-auth-code-flow", error response).
    pub fn back(&self, turn: &Turn<'_>, redirect: &str, state: Option<&str>) -> Answer {
        let said = format!("AADSTS{}: {} Trace ID: {}", self.number, self.text, turn.request_id);
        let mut to = format!("{redirect}?error={}&error_description={}", self.error, encode(&said));
        if let Some(state) = state {
            to.push_str("&state=");
            to.push_str(&encode(state));
        }
        Answer::empty(302).with("Location", to)
    }

    /// The body's shape: learn.microsoft.com/entra, "OAuth 2.0 client credentials flow".
    pub fn answer(&self, turn: &Turn<'_>) -> Answer {
        let stamp = turn.now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        Answer::json(
            self.status,
            json!({
                "error": self.error,
                "error_description": format!(
                    "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {stamp}",
                    self.number, self.text, turn.request_id, turn.client_request_id
                ),
                "error_codes": [self.number],
                "timestamp": stamp,
                "trace_id": turn.request_id,
                "correlation_id": turn.client_request_id,
                "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
            }),
        )
    }
}

pub(super) fn unknown_tenant(tenant: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS90002)
    refuse(
        400,
        "invalid_request",
        90002,
        format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
        ),
    )
}

pub(super) fn missing_parameter(name: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS900144)
    refuse(
        400,
        "invalid_request",
        900_144,
        format!("The request body must contain the following parameter: '{name}'."),
    )
}

pub(super) fn unsupported_grant(grant: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS70003)
    refuse(
        400,
        "unsupported_grant_type",
        70003,
        format!("The app requested an unsupported grant type '{grant}'."),
    )
}

pub(super) fn unknown_app(client: &str, tenant: &Tenant) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS700016)
    refuse(
        400,
        "unauthorized_client",
        700_016,
        format!(
            "Application with identifier '{client}' was not found in the directory '{}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
            tenant.name
        ),
    )
}

pub(super) fn bad_scope(scope: &str) -> Aadsts {
    // source: public code quoting AADSTS1002012
    refuse(
        400,
        "invalid_scope",
        1_002_012,
        format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
        ),
    )
}

pub(super) fn unknown_resource(resource: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS500011)
    refuse(
        400,
        "invalid_resource",
        500_011,
        format!(
            "The resource principal named {resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
        ),
    )
}

pub(super) fn bad_secret(client: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS7000215)
    refuse(
        401,
        "invalid_client",
        7_000_215,
        format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'."
        ),
    )
}

pub(super) fn no_credential() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS7000218)
    refuse(
        401,
        "invalid_client",
        7_000_218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )
}

pub(super) fn unknown_certificate(app: &AppRegistration) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS700027)
    refuse(
        401,
        "invalid_client",
        700_027,
        format!(
            "The certificate with identifier used to sign the client assertion is not registered on application. Application '{}'.",
            app.client_id
        ),
    )
}

pub(super) fn bad_assertion() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50027)
    refuse(400, "invalid_request", 50027, "JWT token is invalid or malformed.")
}

pub(super) fn stale_assertion() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS700024)
    refuse(401, "invalid_client", 700_024, "Client assertion is not within its valid time range.")
}

pub(super) fn no_federation(subject: &str) -> Aadsts {
    // source: public issues quoting the answer (AADSTS700213)
    refuse(
        401,
        "invalid_client",
        700_213,
        format!(
            "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
        ),
    )
}

pub(super) fn no_consent(app: &AppRegistration) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS65001);
    // unconfirmed for client credentials, where a missing grant usually shows as absent roles
    refuse(
        400,
        "invalid_grant",
        65001,
        format!(
            "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send an interactive authorization request for this user and resource.",
            app.client_id, app.name
        ),
    )
}

pub(super) fn stranger(tenant: &Tenant) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50020)
    refuse(
        400,
        "invalid_grant",
        50020,
        format!(
            "User account from identity provider does not exist in tenant '{}' and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.",
            tenant.name
        ),
    )
}

pub(super) fn bad_refresh_token() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS9002313)
    refuse(400, "invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid.")
}

pub(super) fn old_refresh_token() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS700082)
    refuse(400, "invalid_grant", 700_082, "The refresh token has expired due to inactivity.")
}

pub(super) fn unknown_redirect(redirect: &str, app: &AppRegistration) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50011)
    refuse(
        400,
        "invalid_request",
        50011,
        format!(
            "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application '{}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
            app.client_id
        ),
    )
}

pub(super) fn unsupported_response(kind: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS700054)
    refuse(
        400,
        "unsupported_response_type",
        700_054,
        format!("response_type '{kind}' is not enabled for the application."),
    )
}

pub(super) fn not_openid(scope: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS70011);
    // unconfirmed: Entra takes other scopes too, this simulator signs people in and nothing else
    refuse(
        400,
        "invalid_scope",
        70011,
        format!(
            "The provided value for the input parameter 'scope' is not valid. The scope '{scope}' does not ask for openid."
        ),
    )
}

pub(super) fn bad_challenge() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50147);
    // unconfirmed: a confidential client may leave PKCE out, this simulator wants it
    refuse(400, "invalid_request", 50147, "Invalid size of Code_Challenge parameter.")
}

pub(super) fn unknown_user(tenant: &Tenant) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50034)
    refuse(
        400,
        "invalid_grant",
        50034,
        format!(
            "The user account does not exist in the {} directory. To sign into this application, the account must be added to the directory.",
            tenant.name
        ),
    )
}

pub(super) fn blocked_user() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50057)
    refuse(400, "invalid_grant", 50057, "The user account is disabled.")
}

pub(super) fn second_factor_wanted(client: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50076);
    // unconfirmed: Entra asks for the second factor on its page and says this when it cannot
    refuse(
        400,
        "interaction_required",
        50076,
        format!(
            "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{client}'."
        ),
    )
}

pub(super) fn bad_code() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS70000)
    refuse(400, "invalid_grant", 70000, "The provided value for the 'code' parameter is not valid.")
}

pub(super) fn used_code() -> Aadsts {
    // source: devblogs.microsoft.com/premier-developer/handling-error-aadsts54005
    refuse(
        400,
        "invalid_grant",
        54005,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
    )
}

pub(super) fn old_code() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS70008)
    refuse(
        400,
        "invalid_grant",
        70008,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
    )
}

pub(super) fn other_redirect(redirect: &str) -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS500112);
    // unconfirmed: the words
    refuse(
        400,
        "invalid_grant",
        500_112,
        format!(
            "The reply address '{redirect}' does not match the reply address provided when requesting Authorization code."
        ),
    )
}

pub(super) fn no_verifier() -> Aadsts {
    // source: learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS50148)
    refuse(
        400,
        "invalid_grant",
        50148,
        "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
    )
}

pub(super) fn bad_verifier() -> Aadsts {
    // source: answers quoting AADSTS501481 beside AADSTS50148
    refuse(
        400,
        "invalid_grant",
        501_481,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    )
}
