//! What came in, in Microsoft's words. Tolerant: every field may be missing, and
//! unknown ones are welcome (activity protocol 3.1, A2005). A field that is there
//! twice is refused, so that no two readers can disagree.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::chat::{Attached, FILES_MAX};

/// A file that can be downloaded.
const FILE: &str = "application/vnd.microsoft.teams.file.download.info";

/// One activity.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Activity {
    /// `message`, `invoke`, `installationUpdate`, `conversationUpdate`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The service's id of it; not a GUID everywhere.
    pub id: Option<String>,
    /// The connector to answer through.
    pub service_url: Option<String>,
    /// `msteams`.
    pub channel_id: Option<String>,
    /// Who did it.
    pub from: Option<Account>,
    /// Where.
    pub conversation: Option<Conversation>,
    /// The bot.
    pub recipient: Option<Account>,
    /// What was written; null for files and buttons.
    pub text: Option<String>,
    /// The same words as HTML, among other things: there a quotation is marked.
    pub attachments: Option<Vec<Value>>,
    /// What a button carries.
    pub value: Option<Value>,
    /// The message a button is on.
    pub reply_to_id: Option<String>,
    /// Of an invoke: `adaptiveCard/action`, …
    pub name: Option<String>,
    /// Of an `installationUpdate`: `add`, `remove`, …
    pub action: Option<String>,
    /// Who joined.
    pub members_added: Option<Vec<Account>>,
    /// Who left.
    pub members_removed: Option<Vec<Account>>,
    /// Mentions among other things.
    pub entities: Option<Vec<Value>>,
    /// What only Teams says.
    pub channel_data: Option<Value>,
}

/// Somebody, or the bot.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    /// The MRI: `29:…` a user, `28:…` a bot. Another one for each bot.
    pub id: Option<String>,
    /// The Entra object id.
    pub aad_object_id: Option<String>,
}

/// A conversation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Conversation {
    /// `a:…`, `19:…@thread.v2`, `19:…@thread.tacv2;messageid=…`.
    pub id: Option<String>,
    /// `personal`, `groupChat` or `channel`.
    pub conversation_type: Option<String>,
    /// May be missing in channels.
    pub tenant_id: Option<String>,
}

/// A mention among the entities.
#[derive(Debug, Deserialize)]
pub struct MentionEntity {
    /// Whom.
    pub mentioned: Account,
    /// As it stands in the text: `<at>Ada</at>`.
    pub text: String,
}

impl Activity {
    /// The tenant of the activity, in lower case. `channelData.tenant.id` and
    /// `conversation.tenantId` must agree where both are there.
    pub fn tenant(&self) -> Result<String, &'static str> {
        let of_channel =
            match self.channel_data.as_ref().and_then(|data| data.pointer("/tenant/id")) {
                None | Some(Value::Null) => None,
                Some(Value::String(tenant)) => Some(tenant.as_str()),
                Some(_) => return Err("the activity's tenant is not text"),
            };
        let of_conversation =
            self.conversation.as_ref().and_then(|conversation| conversation.tenant_id.as_deref());
        let (first, second) = match (of_channel, of_conversation) {
            (Some(one), Some(other)) => (one, other),
            (Some(one), None) | (None, Some(one)) => (one, one),
            (None, None) => return Err("the activity names no tenant"),
        };
        if !first.eq_ignore_ascii_case(second) {
            return Err("the activity names two tenants");
        }
        if first.is_empty() || first.len() > 100 {
            Err("the activity names no tenant")
        } else {
            Ok(first.to_lowercase())
        }
    }

    /// Do the words hold a message that is quoted or forwarded? In the text it looks like
    /// the writer's own; the HTML beside it has it in a `blockquote`.
    pub fn quotes(&self) -> bool {
        let html = |one: &Value| {
            let content = one.get("content").and_then(Value::as_str).unwrap_or_default();
            one.get("contentType").and_then(Value::as_str) == Some("text/html")
                && content.to_ascii_lowercase().contains("<blockquote")
        };
        self.attachments.iter().flatten().any(html)
    }

    /// Files that came with it: in a personal conversation, each with an address that opens for
    /// some minutes (learn.microsoft.com, "Send and receive files through a bot").
    pub fn files(&self) -> Vec<Attached> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let file = |one: &Value| {
            let is = one.get("contentType").and_then(Value::as_str) == Some(FILE);
            let at =
                text(one.pointer("/content/downloadUrl")).filter(|at| is && at.len() <= 4_000)?;
            let name = text(one.get("name"))?.chars().take(200).collect();
            Some(Attached { name, bytes: None, at })
        };
        self.attachments.iter().flatten().filter_map(file).take(FILES_MAX).collect()
    }

    /// The people mentioned, in the order in which the service lists them.
    pub fn mentions(&self) -> impl Iterator<Item = MentionEntity> {
        let entities = self.entities.iter().flatten();
        let mentions =
            entities.filter(|entity| entity.get("type").and_then(Value::as_str) == Some("mention"));
        mentions.filter_map(|entity| MentionEntity::deserialize(entity).ok())
    }
}
