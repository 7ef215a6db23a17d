//! Forms in Slack: opened within three seconds, answered within three, searched at
//! every letter.
//!
//! A form that is sent is answered with an empty 200 (it closes), with what is wrong in
//! each field, or with the same form again. When planning takes longer, the form is
//! stored, its window says so, and is replaced when it is known what came of it.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use crate::{
    adapters::slack::payload::{OPTIONS_MAX, options},
    desk::fill::Filling,
    domain::{
        chat::{ChatUser, Face, Filled, Heard, Inbound, Place, Turned, Wants, Words},
        form::{
            Pick,
            view::{FormView, Shape},
        },
        message::Message,
        plan::Note,
        trouble::chain,
    },
    ports::{chat::ChatError, store::StoreError},
    web::Doors,
};

/// The words of a slash command that name a form; anything else is words.
pub(super) async fn command(doors: &Doors, inbound: Inbound, trigger: String) -> Response {
    let named = match &inbound.what {
        Heard::Said { words, .. } => doors.desk.form_wanted(&words.0, true),
        _ => None,
    };
    match named {
        Some(wants) => {
            let wants = Wants { trigger: Some(trigger), ..wants };
            wanted(doors, &inbound, &wants).await
        }
        None => doors.take(inbound).await.into_response(),
    }
}

/// Opens a form, or answers with it where a window is open already.
pub(super) async fn wanted(doors: &Doors, inbound: &Inbound, wants: &Wants) -> Response {
    let doors = &doors.seated(inbound).await;
    let drawing = doors.desk.form(inbound, wants, Shape::Window);
    let drawn = tokio::time::timeout(doors.patience.slack, drawing);
    let form = match drawn.await {
        Ok(form) => form,
        Err(_) => Message::Note(Note::new("form_working", &[])),
    };
    match (&wants.trigger, &form) {
        (Some(trigger), Message::Form(_) | Message::Chooser(_)) => {
            if let Err(error) = open(doors, inbound, trigger, &form).await {
                tracing::warn!(error = %chain(&error), "A form could not be opened in Slack");
                let failed = Message::Note(Note::new("form_not_opened", &[]));
                doors.desk.whisper(&inbound.from, &inbound.place, failed).await;
            }
            StatusCode::OK.into_response()
        }
        (Some(_), refusal) => {
            doors.desk.whisper(&inbound.from, &inbound.place, refusal.clone()).await;
            StatusCode::OK.into_response()
        }
        (None, form) => shown(doors, form),
    }
}

async fn open(
    doors: &Doors,
    inbound: &Inbound,
    trigger: &str,
    form: &Message,
) -> Result<(), ChatError> {
    let refused = |what: &str| ChatError::Refused(what.to_owned());
    let drawn = doors.desk.draw(form, Face::Slack).ok_or_else(|| refused("it cannot be drawn"))?;
    let chat = doors.desk.chats.get(&inbound.from.platform).ok_or_else(|| refused("it is off"))?;
    chat.open_form(trigger, &drawn).await
}

/// The answer that shows this in the window that was sent.
fn shown(doors: &Doors, message: &Message) -> Response {
    match doors.desk.draw(message, Face::Slack) {
        Some(drawn) => {
            let view = drawn.body.get("view").cloned().unwrap_or_else(|| note_view(doors, message));
            Json(json!({ "response_action": "update", "view": view })).into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A sentence in a window of its own.
fn note_view(doors: &Doors, message: &Message) -> Value {
    let drawn = doors.desk.draw(message, Face::Slack);
    let blocks = drawn.and_then(|drawn| drawn.body.get("blocks").cloned()).unwrap_or_default();
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    json!({ "type": "modal", "title": plain("Countersign"), "blocks": blocks })
}

/// Handles a form that was sent.
pub(super) async fn filled(doors: &Doors, inbound: Inbound, filled: Filled) -> Response {
    let doors = &doors.seated(&inbound).await;
    let (desk, delivery, answers) = (doors.desk.clone(), inbound.clone(), filled.clone());
    let mut filling = tokio::spawn(async move { desk.fill(&delivery, &answers).await });
    match tokio::time::timeout(doors.patience.slack, &mut filling).await {
        Ok(Ok(Ok(Filling::Sent(_)))) => StatusCode::OK.into_response(),
        Ok(Ok(Ok(Filling::Again(form)))) => again(doors, *form),
        Ok(Ok(Err(error))) => {
            tracing::error!(error = %chain(&error), "A form could not be stored; it stays open");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Ok(Err(panic)) => {
            tracing::error!(error = %panic, "A form failed inside; it stays open");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => match doors.desk.receive(inbound.clone()).await {
            Ok(()) => {
                tokio::spawn(follow(doors.clone(), inbound, filled, filling));
                shown(doors, &Message::Note(Note::new("form_working", &[])))
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "A form could not be stored; it stays open");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        },
    }
}

/// What is wrong goes under its field; what is about all of it, on top of the form.
fn again(doors: &Doors, form: FormView) -> Response {
    if !form.wrong.is_empty() {
        return shown(doors, &Message::Form(form));
    }
    let mut errors = Map::new();
    for (field, complaint) in form.wrong_fields() {
        errors.insert(field.to_owned(), doors.desk.sentence(complaint).into());
    }
    Json(json!({ "response_action": "errors", "errors": errors })).into_response()
}

/// A form whose planning took long: its window shows at last what came of it.
async fn follow(
    doors: Doors,
    inbound: Inbound,
    filled: Filled,
    filling: JoinHandle<Result<Filling, StoreError>>,
) {
    let Ok(Ok(filling)) = filling.await else {
        // It is stored, and taken up again like everything that was acknowledged.
        return;
    };
    let message = match filling {
        Filling::Sent(said) => *said,
        Filling::Again(form) => Message::Form(*form),
    };
    let body = doors.desk.draw(&message, Face::Slack).map(|mut drawn| {
        if drawn.body.get("view").is_none() {
            drawn.body = json!({ "view": note_view(&doors, &message) });
        }
        drawn
    });
    let chat = doors.desk.chats.get(&inbound.place.platform);
    let (Some(drawn), Some(chat), Some(window)) = (body, chat, &filled.window) else { return };
    let replaced = chat.replace_form(&inbound.place, window, &drawn).await;
    if let Err(error) = &replaced {
        tracing::warn!(error = %chain(error), "A form's window could not be replaced");
    }
    if matches!(message, Message::Form(_)) && replaced.is_ok() {
        // It is with the person again; otherwise it is told in the chat.
        if let Err(error) = doors.desk.set_aside(&inbound).await {
            tracing::error!(error = %chain(&error), "A form could not be set aside");
        }
    }
}

/// Turns a page: the message is replaced, or, where only one person sees it, another one
/// follows.
pub(super) async fn turned(doors: &Doors, inbound: &Inbound, turned: &Turned) -> Response {
    let patience = doors.patience.slack;
    let (doors, inbound) = (doors.seated(inbound).await, inbound.clone());
    let turned = turned.clone();
    let turning = tokio::spawn(async move {
        let message = doors.desk.turn_page(&inbound, &turned).await;
        let page = matches!(message, Message::Pages(_));
        let chat = doors.desk.chats.get(&inbound.place.platform);
        match (chat, doors.desk.draw(&message, Face::Slack)) {
            (Some(chat), Some(drawn)) if page && !turned.once => {
                if let Err(error) = chat.update(&turned.on, &drawn).await {
                    tracing::warn!(error = %chain(&error), "A page could not be turned in Slack");
                }
            }
            _ => doors.desk.whisper(&inbound.from, &inbound.place, message).await,
        }
    });
    // It goes on by itself when the directory is slow; Slack wants its answer now.
    let _late = tokio::time::timeout(patience, turning).await;
    StatusCode::OK.into_response()
}

/// What may be meant by what was typed.
pub(super) async fn searched(
    doors: &Doors,
    from: &ChatUser,
    place: &Place,
    pick: Pick,
    typed: &Words,
) -> Response {
    let doors = &doors.seated_for(from, place);
    let looking = doors.desk.suggest(from, place, pick, &typed.0, OPTIONS_MAX);
    let found = tokio::time::timeout(doors.patience.slack, looking).await.unwrap_or_default();
    Json(options(&found)).into_response()
}
