//! Forms in Teams: in a card, in a dialog, and from the message extension.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};

use crate::{
    adapters::teams::{
        answer::{DialogAnswer, InvokeAnswer, dialog_answer, invoke_answer, search_answer},
        forms::Asks,
    },
    desk::fill::Filling,
    domain::{
        chat::{ChatUser, Face, Filled, Inbound, Place, Turned, Wants, Words},
        form::{Pick, view::Shape},
        message::Message,
        plan::Note,
        trouble::chain,
    },
    web::Doors,
};

/// Teams gives up on a dialog after 10 to 15 seconds…
const DIALOG_WITHIN: Duration = Duration::from_secs(8);
/// …on a message extension after 5, and tries twice more.
const EXTENSION_WITHIN: Duration = Duration::from_secs(4);

fn within(asks: Asks) -> Duration {
    if asks == Asks::Extension || asks == Asks::Search { EXTENSION_WITHIN } else { DIALOG_WITHIN }
}

fn shape(asks: Asks) -> Shape {
    if asks == Asks::Card { Shape::Card } else { Shape::Window }
}

/// A form that is wanted.
pub(super) async fn wanted(
    doors: &Doors,
    asks: Asks,
    inbound: &Inbound,
    wants: &Wants,
) -> Response {
    let doors = &doors.seated(inbound).await;
    let drawing = doors.desk.form(inbound, wants, shape(asks));
    let message = match tokio::time::timeout(within(asks), drawing).await {
        Ok(message) => message,
        Err(_) => Message::Note(Note::new("form_not_opened", &[])),
    };
    shown(doors, asks, &message)
}

/// A form that was sent. It is stored by the turn that handles it; when that takes too
/// long, the form itself is stored before the answer, and what comes of it is said in
/// the chat.
pub(super) async fn filled(
    doors: &Doors,
    asks: Asks,
    inbound: Inbound,
    filled: Filled,
) -> Response {
    let doors = &doors.seated(&inbound).await;
    let (desk, delivery) = (doors.desk.clone(), inbound.clone());
    let filling = tokio::spawn(async move { desk.fill(&delivery, &filled).await });
    let message = match tokio::time::timeout(within(asks), filling).await {
        Ok(Ok(Ok(Filling::Sent(said)))) => *said,
        Ok(Ok(Ok(Filling::Again(mut form)))) => {
            form.shape = shape(asks);
            Message::Form(*form)
        }
        Ok(Ok(Err(error))) => {
            tracing::error!(error = %chain(&error), "A form could not be stored; nothing was asked");
            Message::Note(Note::new("form_not_stored", &[]))
        }
        Ok(Err(panic)) => {
            tracing::error!(error = %panic, "A form failed inside; nothing was asked");
            Message::Note(Note::new("form_not_stored", &[]))
        }
        Err(_) => {
            let key = if doors.take(inbound).await.is_success() {
                "form_working"
            } else {
                "form_not_stored"
            };
            Message::Note(Note::new(key, &[]))
        }
    };
    shown(doors, asks, &message)
}

/// A card where a card is wanted, words where the card says no more than they do.
fn shown(doors: &Doors, asks: Asks, message: &Message) -> Response {
    let words = || doors.desk.plain(message);
    let drawn = match message {
        Message::Form(_) | Message::Chooser(_) => doors.desk.draw(message, Face::Teams),
        // A sent form must not stand there to be sent again.
        Message::Note(note) if note.key == "form_sent" || note.key == "form_answered" => {
            doors.desk.draw(message, Face::Teams).filter(|_| asks == Asks::Card)
        }
        _ => None,
    };
    if asks == Asks::Card {
        let answer = match drawn {
            Some(drawn) => InvokeAnswer::Card(drawn.body),
            None => InvokeAnswer::Message(words()),
        };
        return Json(invoke_answer(&answer)).into_response();
    }
    let answer = match drawn {
        Some(drawn) => DialogAnswer::Card { title: "Countersign".to_owned(), card: drawn.body },
        None => DialogAnswer::Message(words()),
    };
    Json(dialog_answer(&answer)).into_response()
}

/// Turns a page: the card is replaced for the one who pressed.
pub(super) async fn turned(doors: &Doors, inbound: &Inbound, turned: &Turned) -> Response {
    let doors = &doors.seated(inbound).await;
    let turning = doors.desk.turn_page(inbound, turned);
    let message = match tokio::time::timeout(DIALOG_WITHIN, turning).await {
        Ok(message) => message,
        Err(_) => Message::Note(Note::new("form_not_opened", &[])),
    };
    let drawn = match &message {
        Message::Pages(_) => doors.desk.draw(&message, Face::Teams),
        _ => None,
    };
    let answer = match drawn {
        Some(drawn) => InvokeAnswer::Card(drawn.body),
        None => InvokeAnswer::Message(doors.desk.plain(&message)),
    };
    Json(invoke_answer(&answer)).into_response()
}

/// What may be meant by what was typed.
pub(super) async fn searched(
    doors: &Doors,
    from: &ChatUser,
    place: &Place,
    (pick, typed, most): (Pick, &Words, usize),
) -> Response {
    let doors = &doors.seated_for(from, place);
    let looking = doors.desk.suggest(from, place, pick, &typed.0, most);
    let found = tokio::time::timeout(EXTENSION_WITHIN, looking).await.unwrap_or_default();
    Json(search_answer(&found)).into_response()
}
