//! `POST /api/messages`: token → activity → desk → answer.

mod forms;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    adapters::teams::{
        answer::{DialogAnswer, InvokeAnswer, dialog_answer, invoke_answer},
        decode::{Decoded, Search},
        door::{DoorRefusal, FromTeams},
        forms::Asks,
    },
    domain::{
        chat::{Face, Heard, Inbound, Press},
        message::Message,
        trouble::chain,
    },
    web::{Doors, TeamsEntrance, metrics},
};

/// Said to a button that nobody of us made.
const NOT_OURS: &str = "This button is not one of mine. Nothing ran.";

/// The Playground asks whether somebody is there before it starts.
pub async fn probe() -> StatusCode {
    StatusCode::OK
}

/// One activity.
pub async fn messages(State(doors): State<Doors>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(entrance) = doors.teams.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let from = match admit(&doors, &entrance, &headers, body).await {
        Ok(from) => from,
        Err(refusal) => {
            tracing::warn!(status = %refusal.status, why = %refusal.why, "An activity was refused at the door");
            return refusal.status.into_response();
        }
    };
    let asks = from.asks();
    match from.into_decoded() {
        Decoded::Heard(inbound) => {
            entrance.chat.learn(&inbound.place);
            match &inbound.what {
                Heard::Pressed(press) if asks != Asks::Nothing => {
                    let press = press.clone();
                    let answer = pressed(&doors, *inbound, press).await;
                    let said = Json(invoke_answer(&answer));
                    match answer {
                        InvokeAnswer::Error { .. } => said.into_response(),
                        _ => metrics::click(said),
                    }
                }
                Heard::Turned(turned) if asks != Asks::Nothing => {
                    forms::turned(&doors, &inbound, turned).await
                }
                Heard::Wants(wants) if asks != Asks::Nothing => {
                    forms::wanted(&doors, asks, &inbound, wants).await
                }
                Heard::Filled(filled) if asks != Asks::Nothing => {
                    let filled = filled.clone();
                    forms::filled(&doors, asks, *inbound, filled).await
                }
                _ => doors.take(*inbound).await.into_response(),
            }
        }
        Decoded::Search(search) => {
            let Search { from, place, pick, typed, most } = *search;
            forms::searched(&doors, &from, &place, (pick, &typed, most)).await
        }
        Decoded::Stray if matches!(asks, Asks::Dialog | Asks::Extension) => {
            let nothing = DialogAnswer::Message(NOT_OURS.to_owned());
            Json(dialog_answer(&nothing)).into_response()
        }
        Decoded::Stray => {
            let message = NOT_OURS.to_owned();
            Json(invoke_answer(&InvokeAnswer::Error {
                status: 400,
                code: "NotOurs".to_owned(),
                message,
            }))
            .into_response()
        }
        Decoded::Ignored(_) => StatusCode::OK.into_response(),
        Decoded::Unsupported => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}

async fn admit(
    doors: &Doors,
    entrance: &TeamsEntrance,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<FromTeams, DoorRefusal> {
    match &entrance.tokenless {
        Some(tokenless) if !headers.contains_key(header::AUTHORIZATION) => {
            tokenless.read(headers, &body)
        }
        _ => entrance.door.read(headers, body, doors.clock.now()).await,
    }
}

/// Decides within the invoke; the answer is the new card, or words under the old one.
async fn pressed(doors: &Doors, inbound: Inbound, press: Press) -> InvokeAnswer {
    let doors = &doors.seated(&inbound).await;
    let desks = doors.desks.clone();
    let deciding = tokio::spawn(async move { desks.handle(inbound).await });
    let answer = match tokio::time::timeout(doors.patience.teams, deciding).await {
        Ok(Ok(Ok(answer))) => answer,
        Ok(Ok(Err(error))) => {
            tracing::error!(error = %chain(&error), "A click could not be stored; nothing ran");
            return not_stored();
        }
        Ok(Err(panic)) => {
            tracing::error!(error = %panic, "A click failed inside; nothing was stored");
            return not_stored();
        }
        Err(_) => {
            // Not stored yet, so nothing is promised: the deciding goes on, and the card says what became of it.
            let message = "Microsoft is slow to say who you are. The card changes when your click counts; if it does not within a minute, press again.";
            return InvokeAnswer::Message(message.to_owned());
        }
    };
    if let Some(form @ (Message::Form(_) | Message::CardForm(_))) = &answer.say {
        let drawn = doors.desk.draw(form, Face::Teams);
        return match drawn {
            Some(drawn) => InvokeAnswer::Card(drawn.body),
            None => not_stored(),
        };
    }
    if let Some(message) = &answer.say {
        return InvokeAnswer::Message(doors.desk.plain(message));
    }
    match doors.desk.card_now(&press).await {
        Ok(Some(drawn)) => InvokeAnswer::Card(drawn.body),
        _ => InvokeAnswer::Message("Your click is stored; the card follows.".to_owned()),
    }
}

fn not_stored() -> InvokeAnswer {
    let message = "Your click could not be stored, so it does not count and nothing ran. Press again in a minute.".to_owned();
    InvokeAnswer::Error { status: 500, code: "NotStored".to_owned(), message }
}
