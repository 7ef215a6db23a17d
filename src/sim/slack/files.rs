//! Files that people share: `files.info`, and the address that opens with the token.
//!
//! docs "File object": `url_private_download` wants the token in a header and the scope
//! `files:read`; whoever has neither is sent to a page to sign in at.

use axum::{
    extract::{Path, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    acts::{Acted, CannotDo},
    web::{Arguments, Refusal},
    world::Workspace,
};

/// Files kept; older ones are gone.
const FILES_MAX: usize = 100;

/// A file that somebody shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedFile {
    /// Its name.
    pub name: String,
    /// Its type, such as `text/csv`.
    pub mimetype: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Workspace {
    /// Somebody writes in a channel and shares a file with it.
    pub async fn share(
        &self,
        user: &str,
        channel: &str,
        text: &str,
        file: SharedFile,
    ) -> Result<Acted, CannotDo> {
        let id = self.state().fresh("F");
        // Not the address: an app asks for that, as it may not be told (`check_file_info`).
        let told = json!({
            "id": id, "name": file.name, "title": file.name, "mimetype": file.mimetype,
            "size": file.bytes.len(), "mode": "hosted",
        });
        {
            let mut state = self.state();
            if state.files.len() >= FILES_MAX {
                state.files.clear();
            }
            state.files.insert(id, file);
        }
        self.write(user, channel, (text, None), Some(told)).await
    }
}

/// `files.info`. docs, the method's page: `file_not_found`.
pub(super) fn info(
    workspace: &Workspace,
    arguments: &Arguments,
    headers: &HeaderMap,
) -> Result<Value, Refusal> {
    let id = arguments.get("file").ok_or("file_not_found")?;
    let state = workspace.state();
    let file = state.files.get(id).ok_or("file_not_found")?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let address = |way: &str| format!("http://{host}/files-pri/{id}/{way}{}", file.name);
    Ok(json!({ "file": {
        "id": id, "name": file.name, "title": file.name, "mimetype": file.mimetype,
        "size": file.bytes.len(), "mode": "hosted", "is_external": false,
        "url_private": address(""), "url_private_download": address("download/"),
    }}))
}

/// The file itself.
pub(super) async fn download(
    Extract(workspace): Extract<Workspace>,
    Path((id, _)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let known = bearer == Some(&format!("Bearer {}", workspace.setup().bot_token));
    if !known || workspace.may(&["files:read"]).is_err() {
        let there = [(header::LOCATION, "/?redir=%2Ffiles-pri")];
        return (StatusCode::FOUND, there).into_response();
    }
    match workspace.state().files.get(&id).cloned() {
        Some(file) => ([(header::CONTENT_TYPE, file.mimetype)], file.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
