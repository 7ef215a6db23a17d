//! What the token endpoint refuses, by Entra's numbers, each with its source.

use serde_json::json;

use super::{apps::AppRegistration, call::Answer, state::Tenant, turn::Turn};

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
