//! Files in a personal conversation: kept in somebody's `OneDrive`, opened by an address that is
//! good for some minutes and needs no token (learn.microsoft.com, "Send and receive files
//! through a bot").

use axum::{
    extract::{Path, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{people::BotAnswer, service::BotService};

/// Files kept; older ones are gone.
const FILES_MAX: usize = 100;

impl BotService {
    /// Somebody writes to the bot alone and attaches a file.
    pub async fn attach(
        &self,
        who: &str,
        conversation: &str,
        text: &str,
        (name, bytes): (&str, &[u8]),
    ) -> anyhow::Result<BotAnswer> {
        let mut activity = self.said(who, conversation, text, &[])?;
        let id = activity["id"].as_str().unwrap_or_default().to_owned();
        let base = &self.0.settings.base;
        let kind = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let attachment = json!({
            "contentType": "application/vnd.microsoft.teams.file.download.info",
            "contentUrl": format!("{base}/personal/files/{name}"), "name": name,
            "content": {
                "downloadUrl": format!("{base}/teams-files/{id}?tempauth=simulated"),
                "uniqueId": id, "fileType": kind,
            },
        });
        if let Value::Array(attachments) = &mut activity["attachments"] {
            attachments.push(attachment);
        }
        {
            let mut state = self.state();
            if state.files.len() >= FILES_MAX {
                state.files.clear();
            }
            state.files.insert(id, bytes.to_vec());
        }
        self.deliver(&activity).await
    }
}

/// The file itself.
pub(super) async fn download(
    Extract(bot): Extract<BotService>,
    Path(id): Path<String>,
) -> Response {
    match bot.state().files.get(&id).cloned() {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
