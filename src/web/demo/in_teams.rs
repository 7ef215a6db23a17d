//! What people do in Teams.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Done, Refusal, Shared, done};
use crate::sim::teams::BotAnswer;

/// `POST /demo/teams/say`
#[derive(Deserialize)]
pub struct Say {
    user: String,
    conversation: String,
    text: String,
}

/// `POST /demo/teams/press`
#[derive(Deserialize)]
pub struct Press {
    user: String,
    conversation: String,
    message: String,
    verb: Option<String>,
    #[serde(default)]
    data: Value,
}

const NOT_THERE: &str = "Reload the page; it may show an earlier run of the demo.";

/// Somebody writes to the bot.
pub async fn say(State(shared): State<Shared>, Json(said): Json<Say>) -> Done {
    let Say { user, conversation, text } = said;
    let answer = shared.stage.teams.say(&user, &conversation, &text, &[]).await;
    taken(answer)?;
    Ok(done())
}

/// Somebody presses a button of a card. What the product answers to the press itself is
/// shown to this person only; a new card comes to everybody as an update.
pub async fn press(State(shared): State<Shared>, Json(pressed): Json<Press>) -> Done {
    let Press { user, conversation, message, verb, data } = pressed;
    let (teams, at, none) =
        (&shared.stage.teams, (conversation.as_str(), message.as_str()), json!({}));
    let answer = match &verb {
        Some(verb) => teams.press(&user, at, verb, &data, &none).await,
        None => teams.submit(&user, at, &data, &none).await,
    };
    let body = taken(answer)?.body;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if body["type"] == "application/vnd.microsoft.card.adaptive" {
        // In place of the card, for this person alone, until the card changes for everybody.
        return Ok(Json(json!({ "card": body["value"] })));
    }
    let answer = match body["type"].as_str() {
        Some("application/vnd.microsoft.activity.message") => {
            text(&body["value"]).map(|text| ("message", text))
        }
        Some("application/vnd.microsoft.error") => {
            text(&body["value"]["message"]).map(|text| ("error", text))
        }
        _ => None,
    };
    match answer {
        Some((kind, text)) => Ok(Json(json!({ "answer": { "kind": kind, "text": text } }))),
        None => Ok(done()),
    }
}

fn taken(answer: anyhow::Result<BotAnswer>) -> Result<BotAnswer, Refusal> {
    match answer {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(answer),
        Ok(answer) => Err(Refusal::not_taken(Some(answer.status))),
        // The HTTP client's errors are about the product; the others about who is where.
        Err(error) if error.is::<reqwest::Error>() => Err(Refusal::not_taken(None)),
        Err(error) => Err(Refusal {
            status: StatusCode::BAD_REQUEST,
            error: error.to_string(),
            hint: NOT_THERE,
        }),
    }
}
