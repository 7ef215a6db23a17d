//! Throttling, errors and cuts, planted in front of the next calls.

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Which calls a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The bot's own sign-in.
    Token,
    /// The metadata document.
    Metadata,
    /// The published keys.
    Keys,
    /// A new message.
    Send,
    /// A message replaced.
    Update,
    /// A conversation opened.
    Create,
    /// A member read.
    Member,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This status, with `Retry-After` if given. Nothing happens.
    Status(u16, Option<u64>),
    /// It happens, and the answer is cut off.
    Cut,
    /// Nothing happens, and no answer comes.
    Hang,
    /// A redirect to this address.
    Redirect(String),
    /// An answer of 4 MiB.
    Huge,
}

impl Fault {
    /// The answer in place of the real one; `None` if the call is to happen first.
    pub(super) async fn before(&self) -> Option<Response> {
        match self {
            Self::Status(status, retry_after) => {
                let status =
                    StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                // The body of a throttled call, as in Microsoft's page “Rate limiting for bots”.
                let body = json!({"error": {"code": "ServiceError", "message": "planted"}});
                let mut answer = (status, axum::Json(body)).into_response();
                if let Some(seconds) = retry_after {
                    answer.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
                }
                Some(answer)
            }
            Self::Redirect(to) => {
                Some((StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response())
            }
            Self::Huge => Some(vec![b' '; 4 * 1024 * 1024].into_response()),
            Self::Hang => std::future::pending().await,
            Self::Cut => None,
        }
    }

    /// What becomes of the real answer.
    pub(super) fn after(&self, answer: Response) -> Response {
        if *self != Self::Cut {
            return answer;
        }
        let part: Result<Bytes, std::io::Error> = Ok(Bytes::from_static(b"{\"id\":"));
        let cut = Err(std::io::Error::other("cut off"));
        let body = Body::from_stream(futures::stream::iter([part, cut]));
        (answer.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}
