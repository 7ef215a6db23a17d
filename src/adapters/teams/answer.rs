//! What a pressed button gets back at once. The HTTP status is always 200: what
//! happened is in the body (Microsoft's page “Universal Action Model”), and Teams
//! shows “Something went wrong” for everything else.

use serde_json::{Value, json};

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
