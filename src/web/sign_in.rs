//! `/sign-in/`: from a chat to Entra and back.
//!
//! Three `POST`s of the page's own script do something; no `GET` does, so that previews and
//! scanners that follow a link use up nothing. The link's token stands in the fragment. What
//! binds the way back to the browser that began is kept by its tab and never stands in an
//! address, so a code that somebody else brings is worth nothing.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    desk::sign_in::page::Told,
    domain::{ids::Digest, secret::Secret, trouble::chain},
    ports::store::StoreError,
    web::{
        Doors, guesses,
        links::{guarded, own_json},
    },
};

const PAGE: &str = include_str!("assets/sign_in.html");
const SCRIPT: &str = include_str!("assets/sign_in.js");

/// Entra's codes have some 1,000 bytes; with the rest, a body is far below this.
const BODY_BYTES_MAX: usize = 8 * 1024;
/// Said when a link is none.
const OVER: &str = "This link is used up, its time is over, or a newer one took its place. Take a new one in the chat.";
/// Said when the database does not answer.
const NOT_STORED: &str =
    "This could not be stored just now, so nothing was done. Take a new link in a minute.";
/// Said when somebody tries too many links.
const BUSY: &str = "Too many links were tried from here. Wait a minute.";

/// What the page sends first.
#[derive(Deserialize)]
struct Begin {
    token: String,
}

/// What it sends when it is back.
#[derive(Deserialize)]
struct Back {
    state: String,
    browser: String,
    code: String,
}

/// What it sends when the button is pressed.
#[derive(Deserialize)]
struct Confirm {
    state: String,
    browser: String,
}

/// The page, at both of its addresses.
pub async fn page() -> Response {
    guarded("text/html; charset=utf-8", PAGE)
}

/// Its script.
pub async fn script() -> Response {
    guarded("text/javascript; charset=utf-8", SCRIPT)
}

/// The link's token → where to go.
pub async fn begin(State(doors): State<Doors>, request: Request) -> Response {
    let (who, sent): (guesses::Client, Begin) = match own(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let token = Secret::new(sent.token);
    let too_many = doors.guesses.too_many(who, doors.clock.now());
    let _turn = doors.guesses.turn(too_many).await;
    match doors.desks.sign_in_begin(token.reveal()).await {
        Ok(Some(begun)) => {
            let to = json!({ "page": begun.page, "browser": begun.browser.reveal() });
            guarded("application/json", to.to_string())
        }
        Ok(None) if too_many => said(StatusCode::TOO_MANY_REQUESTS, BUSY),
        Ok(None) => {
            doors.guesses.wrong(who, Digest::of(token.reveal().as_bytes()), doors.clock.now());
            said(StatusCode::GONE, OVER)
        }
        Err(error) => broken(&error),
    }
}

/// Entra's code → who that is, and what for.
pub async fn back(State(doors): State<Doors>, request: Request) -> Response {
    let (_, Back { state, browser, code }) = match own(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    told(doors.desks.sign_in_back(&state, &browser, &Secret::new(code)).await)
}

/// The button → what follows from it.
pub async fn confirm(State(doors): State<Doors>, request: Request) -> Response {
    let (_, Confirm { state, browser }) = match own(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    told(doors.desks.sign_in_confirm(&state, &browser).await)
}

async fn own<T: DeserializeOwned>(request: Request) -> Result<(guesses::Client, T), Response> {
    own_json(request, BODY_BYTES_MAX).await
}

fn told(told: Told<crate::desk::sign_in::page::Shown>) -> Response {
    match told {
        Ok(Ok(shown)) => {
            let code = shown.code.as_ref().map(Secret::reveal);
            let body = json!({ "purpose": shown.purpose, "text": shown.text, "code": code });
            guarded("application/json", body.to_string())
        }
        Ok(Err(why)) => said(StatusCode::FORBIDDEN, &why),
        Err(error) => broken(&error),
    }
}

fn said(status: StatusCode, why: &str) -> Response {
    let body: Value = json!({ "say": why });
    (status, guarded("application/json", body.to_string())).into_response()
}

fn broken(error: &StoreError) -> Response {
    tracing::error!(error = %chain(error), "A sign-in could not be stored");
    said(StatusCode::SERVICE_UNAVAILABLE, NOT_STORED)
}
