//! Errors of the API as `application/problem+json` (RFC 9457): what is wrong, with which
//! field, and what to do, in the words that people read as well.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    desk::{
        Desk,
        client::{Refused, RefusedSort},
    },
    domain::{
        form::{Complaint, Why},
        plan::Note,
    },
};

/// An error, ready to be sent.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: String,
    detail: String,
    errors: Vec<Value>,
}

impl Problem {
    /// One that is about the call as a whole: a text under `note.`.
    pub fn about(desk: &Desk, status: StatusCode, key: &str, fields: &[(&str, &str)]) -> Self {
        let why = Why::Answer(Note::new(key, fields));
        let detail = desk.sentence(&Complaint { field: None, why });
        Self { status, code: key.to_owned(), detail, errors: Vec::new() }
    }

    /// The same, about one field.
    #[must_use]
    pub fn of_field(mut self, field: &str) -> Self {
        self.errors = vec![json!({ "field": field, "code": self.code, "detail": self.detail })];
        self
    }

    /// A proposal that was not taken.
    pub fn refused(desk: &Desk, refused: &Refused) -> Self {
        let status = match refused.sort {
            RefusedSort::Forbidden => StatusCode::FORBIDDEN,
            RefusedSort::Wrong | RefusedSort::KeyUsed => StatusCode::UNPROCESSABLE_ENTITY,
            RefusedSort::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        };
        let error = |one: &Complaint| json!({ "field": one.field, "code": code(&one.why), "detail": desk.sentence(one) });
        let errors: Vec<Value> = refused.wrong.iter().map(error).collect();
        let first = refused.wrong.first();
        let named = |one: &Complaint| {
            let said = desk.sentence(one);
            one.field.as_ref().map_or_else(|| said.clone(), |field| format!("{field}: {said}"))
        };
        Self {
            status,
            code: first.map_or_else(|| "wrong".to_owned(), |one| code(&one.why)),
            detail: refused.wrong.iter().map(named).collect::<Vec<_>>().join(" "),
            errors,
        }
    }
}

/// A word for programs: the text's key, or the reason's code.
fn code(why: &Why) -> String {
    match why {
        Why::Answer(note) => note.key.clone(),
        Why::Reason(reason) => {
            let value = serde_json::to_value(reason).unwrap_or_default();
            value["code"].as_str().unwrap_or("wrong").to_owned()
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:countersign:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "errors": self.errors,
        });
        let mut answer = (self.status, body.to_string()).into_response();
        let headers = answer.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}
