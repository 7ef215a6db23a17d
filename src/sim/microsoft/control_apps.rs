//! What an administrator does to an application outside Graph: registers it in the portal, opens
//! the consent page, gives the service principal a role.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use super::{apps::AppRegistration, world::World};

/// `POST /_sim/apps`, `POST /_sim/consent?client_id=`, and the page of the consent link.
pub(super) fn router(world: World) -> Router {
    Router::new()
        .route("/_sim/apps", post(register))
        .route("/_sim/consent", post(consent))
        .route("/{tenant}/adminconsent", get(page))
        .route("/{tenant}/v2.0/adminconsent", get(page))
        .with_state(world)
}

/// A registration, as the portal makes it: it asks, and nothing is granted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Registered {
    client_id: String,
    #[serde(default = "named")]
    name: String,
    /// A client secret it may sign in with.
    secret: Option<String>,
    /// A certificate it may sign in with, in PEM.
    certificate: Option<String>,
    /// What it asks for; kept as it was when this is not said.
    asks: Option<Vec<String>>,
    /// Entra roles of its service principal; kept as they were when this is not said.
    roles: Option<Vec<String>>,
}

fn named() -> String {
    "Countersign".to_owned()
}

/// Makes an application, or adds to the one of that id.
async fn register(State(world): State<World>, Json(said): Json<Registered>) -> Response {
    let client = said.client_id.to_ascii_lowercase();
    let known = world.app(&client);
    let mut app = known.unwrap_or_else(|| AppRegistration::new(&client, &said.name).asking(&[]));
    if let Some(secret) = &said.secret {
        app = app.with_secret(secret);
    }
    if let Some(pem) = &said.certificate {
        let Some(with) = app.with_certificate(pem) else {
            let no = json!({ "error": "no certificate with an RSA key" });
            return (StatusCode::BAD_REQUEST, Json(no)).into_response();
        };
        app = with;
    }
    if let Some(asks) = said.asks {
        app.asks = asks.into_iter().collect();
    }
    if let Some(roles) = said.roles {
        app.directory_roles = roles.into_iter().collect();
    }
    world.set_app(app);
    StatusCode::NO_CONTENT.into_response()
}

#[derive(Deserialize)]
struct Which {
    client_id: String,
}

async fn consent(State(world): State<World>, Query(which): Query<Which>) -> Response {
    if world.consent(&which.client_id) {
        return StatusCode::NO_CONTENT.into_response();
    }
    (StatusCode::NOT_FOUND, Json(json!({ "error": "no such application" }))).into_response()
}

/// What an administrator sees who follows the link: one button. Nobody has to sign in here.
async fn page(State(world): State<World>, Query(which): Query<Which>) -> Html<String> {
    let name =
        world.app(&which.client_id).map_or_else(|| "nobody knows".to_owned(), |app| app.name);
    let plain: String = name.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    let id: String =
        which.client_id.chars().filter(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    Html(format!(
        "<!DOCTYPE html><title>Permissions requested</title>\
         <h1>Permissions requested</h1><p>{plain}, in the simulated tenant</p>\
         <form method=post action=\"/_sim/consent?client_id={id}\"><button>Accept</button></form>"
    ))
}
