//! `POST /slack/…`: signature → payload → desk → 200 within 3 seconds.

mod forms;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    adapters::slack::{
        door::Kind,
        payload::{Decoded, form_errors},
    },
    domain::{
        chat::{Heard, Inbound},
        trouble::chain,
    },
    web::{Doors, metrics},
};

/// Source: docs.slack.dev "Events API", turning retries off.
const NO_RETRY: HeaderName = HeaderName::from_static("x-slack-no-retry");
/// Said under a form's empty answer.
const CHOOSE_ONE: &str = "Choose one of the answers.";

/// What people say.
pub async fn events(State(doors): State<Doors>, headers: HeaderMap, body: Bytes) -> Response {
    enter(&doors, Kind::Events, &headers, body).await
}

/// What people press and fill in.
pub async fn interactions(State(doors): State<Doors>, headers: HeaderMap, body: Bytes) -> Response {
    enter(&doors, Kind::Interactions, &headers, body).await
}

/// Slash commands.
pub async fn commands(State(doors): State<Doors>, headers: HeaderMap, body: Bytes) -> Response {
    enter(&doors, Kind::Commands, &headers, body).await
}

/// Nothing that is refused gets better by sending it again; Slack need not try. What
/// could not be stored (5xx) it shall send again.
pub async fn no_retry(mut response: Response) -> Response {
    if response.status().is_client_error() {
        response.headers_mut().insert(NO_RETRY, HeaderValue::from_static("1"));
    }
    response
}

async fn enter(doors: &Doors, kind: Kind, headers: &HeaderMap, body: Bytes) -> Response {
    let Some(door) = doors.slack.clone() else { return StatusCode::NOT_FOUND.into_response() };
    match door.read_http(kind, headers, &body, doors.clock.now()) {
        Ok(from) => decoded(doors, from.into_decoded()).await,
        Err(refusal) => {
            tracing::warn!(why = %refusal, "A delivery was refused at Slack's door");
            StatusCode::from_u16(refusal.status())
                .unwrap_or(StatusCode::UNAUTHORIZED)
                .into_response()
        }
    }
}

/// The same for HTTP and Socket Mode: what is answered to one delivery.
pub async fn decoded(doors: &Doors, decoded: Decoded) -> Response {
    match decoded {
        Decoded::Challenge(challenge) => challenge.into_response(),
        Decoded::Inbound(inbound) => match inbound.what {
            Heard::Pressed(_) => metrics::click(pressed(doors, *inbound).await),
            Heard::Turned(ref turned) => forms::turned(doors, &inbound, turned).await,
            Heard::Wants(ref wants) => forms::wanted(doors, &inbound, wants).await,
            Heard::Filled(ref filled) => {
                let filled = filled.clone();
                forms::filled(doors, *inbound, filled).await
            }
            _ => doors.take(*inbound).await.into_response(),
        },
        Decoded::Command { inbound, trigger } => forms::command(doors, *inbound, trigger).await,
        Decoded::Search { from, place, pick, typed } => {
            forms::searched(doors, &from, &place, pick, &typed).await
        }
        Decoded::FormErrors(blocks) => Json(form_errors(&blocks, CHOOSE_ONE)).into_response(),
        Decoded::Illegible { from, place } => {
            doors.desks.for_person(&from, &place).illegible(&from, &place).await;
            StatusCode::OK.into_response()
        }
        Decoded::Nothing => StatusCode::OK.into_response(),
    }
}

/// Decides, and acknowledges with an empty body. When that takes too long, the click
/// is stored before it is acknowledged and decided afterwards.
async fn pressed(doors: &Doors, inbound: Inbound) -> StatusCode {
    let (desks, delivery) = (doors.desks.clone(), inbound.clone());
    let mut deciding = tokio::spawn(async move { desks.handle(delivery).await });
    match tokio::time::timeout(doors.patience.slack, &mut deciding).await {
        Ok(Ok(Ok(_))) => StatusCode::OK,
        Ok(Ok(Err(error))) => {
            tracing::error!(error = %chain(&error), "A click could not be stored; it is not acknowledged");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Ok(Err(panic)) => {
            tracing::error!(error = %panic, "A click failed inside; it is not acknowledged");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        Err(_) => match doors.desks.receive(inbound).await {
            Ok(()) => StatusCode::OK,
            Err(error) => {
                tracing::error!(error = %chain(&error), "A click could not be stored; it is not acknowledged");
                StatusCode::SERVICE_UNAVAILABLE
            }
        },
    }
}
