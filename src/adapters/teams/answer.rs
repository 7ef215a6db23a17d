//! What a pressed button gets back at once. The HTTP status is always 200: what
//! happened is in the body (Microsoft's page “Universal Action Model”), and Teams
//! shows “Something went wrong” for everything else.

use serde_json::{Value, json};

use crate::{
    adapters::cards::clean::{clean, clip},
    domain::trouble::Choice,
};

/// The answer to an `adaptiveCard/action`.
#[derive(Debug, Clone, PartialEq)]
pub enum InvokeAnswer {
    /// Replaces the card for the one who pressed. Others see it after an update.
    Card(Value),
    /// A line below the card, which stays.
    Message(String),
    /// A refusal, shown to the one who pressed.
    Error {
        /// 400 not understood, 403 not allowed, 404 unknown, 500 our fault.
        status: u16,
        /// A word for programs, such as `NotAllowed`.
        code: String,
        /// A sentence for the person.
        message: String,
    },
}

/// What a dialog shows next (Microsoft's page “Invoke and dismiss dialogs”).
#[derive(Debug, Clone, PartialEq)]
pub enum DialogAnswer {
    /// This card, under this title.
    Card {
        /// The title of the window.
        title: String,
        /// The card.
        card: Value,
    },
    /// A sentence; closing the window is all that is left.
    Message(String),
}

/// The body of an answer to `task/…` and to the message extension.
pub fn dialog_answer(answer: &DialogAnswer) -> Value {
    match answer {
        DialogAnswer::Card { title, card } => json!({"task": {"type": "continue", "value": {
            "title": title, "height": "large", "width": "medium",
            "card": {"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
        }}}),
        DialogAnswer::Message(text) => json!({"task": {"type": "message", "value": text}}),
    }
}

/// The body of an answer to `application/search` (Microsoft's page “Typeahead search in
/// Adaptive Cards”; a list shows at most 15).
pub fn search_answer(found: &[Choice]) -> Value {
    let shown = |choice: &Choice| {
        let detail =
            if choice.detail.is_empty() { String::new() } else { format!(" · {}", choice.detail) };
        let title = clip(&clean(&format!("{}{detail}", choice.label)), TITLE_CHARS_MAX);
        json!({"title": title, "value": choice.value})
    };
    let results: Vec<Value> = found.iter().take(RESULTS_MAX).map(shown).collect();
    json!({"statusCode": 200, "type": "application/vnd.microsoft.search.searchResponse", "value": {"results": results}})
}

/// A list of a picker shows at most so many.
pub const RESULTS_MAX: usize = 15;
const TITLE_CHARS_MAX: usize = 150;

/// The body of the answer.
pub fn invoke_answer(answer: &InvokeAnswer) -> Value {
    match answer {
        InvokeAnswer::Card(card) => {
            json!({"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card})
        }
        InvokeAnswer::Message(text) => {
            json!({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text})
        }
        InvokeAnswer::Error { status, code, message } => json!({
            "statusCode": status,
            "type": "application/vnd.microsoft.error",
            "value": {"code": code, "message": message},
        }),
    }
}
