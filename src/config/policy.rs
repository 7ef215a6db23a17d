//! `[policy]`: who may ask, and who must sign.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};

use crate::domain::area::Area;

/// Who may ask, and who must sign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Who may ask, in every group that does not say otherwise: sign-in names, `group:<object id>`.
    pub requesters: Vec<String>,
    /// Who may sign, in every group that does not say otherwise.
    pub approvers: Vec<String>,
    /// Who receives generated passwords.
    pub secrets_to: SecretsTo,
    /// How long a request waits for its signatures.
    pub expires_after: SignedDuration,
    /// Accounts that nothing may be done to: sign-in names or object ids (break-glass accounts).
    pub untouchable: Vec<String>,
    /// Ids of actions that are blocked unless they are named here.
    pub unblocked: Vec<String>,
    /// Requests of Graph that need no second signature more than their group asks: method and
    /// template, such as `GET /users/{id}/calendars`.
    pub graph_requests: Vec<String>,
    /// Whose drives are searched for a workbook: sign-in names, object ids, `group:<object id>`.
    pub workbook_drives: Vec<String>,
    /// What it takes to touch somebody with a privileged role: `refuse`, or `approve:2`.
    pub privileged: Approval,
    /// One table per permission group.
    pub groups: BTreeMap<Area, AreaPolicy>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            requesters: Vec::new(),
            approvers: Vec::new(),
            secrets_to: SecretsTo::Manager,
            expires_after: SignedDuration::from_hours(8),
            untouchable: Vec::new(),
            unblocked: Vec::new(),
            graph_requests: Vec::new(),
            workbook_drives: Vec::new(),
            privileged: Approval::Refuse,
            groups: BTreeMap::new(),
        }
    }
}

/// Who receives a generated password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretsTo {
    /// Whoever asked.
    Requester,
    /// The subject's manager.
    Manager,
    /// Always the person with this sign-in name.
    #[serde(untagged)]
    Person(String),
}

/// The rules of one permission group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AreaPolicy {
    /// Off, reading only, or reading and changing. Off if it is not said.
    pub access: Access,
    /// Who must sign. `approve` if it is not said.
    pub approval: Approval,
    /// Who may ask here.
    pub requesters: Option<Vec<String>>,
    /// Who may sign here.
    pub approvers: Option<Vec<String>>,
    /// Where what is looked up appears.
    pub reads: Reads,
}

/// Where what is looked up appears, by sort of conversation. In one's own conversation
/// with the bot it always appears there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reads {
    /// Asked in a channel. If it is not said: what is about people goes to the asker alone.
    pub channels: Option<Shows>,
    /// Asked in a chat of several people.
    pub group_chats: Option<Shows>,
}

/// Who sees what was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// Everybody there, if no guest and nobody of another organisation is.
    Thread,
    /// Whoever asked, alone.
    Asker,
    /// Nobody: it is not looked up there.
    Refuse,
}

/// What a permission group may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing.
    #[default]
    Disabled,
    /// Look.
    ReadOnly,
    /// Look and change.
    ReadWrite,
}

/// Who must sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// The requester presses it himself.
    Confirm,
    /// So many other people.
    Approve(u8),
    /// Nobody can: it is not done.
    Refuse,
}

impl Default for Approval {
    fn default() -> Self {
        Self::Approve(1)
    }
}

impl<'de> Deserialize<'de> for Approval {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = String::deserialize(from)?;
        let count = |text: &str| text.parse::<u8>().ok().filter(|count| (1..=9).contains(count));
        match said.as_str() {
            "confirm" => Ok(Self::Confirm),
            "approve" => Ok(Self::Approve(1)),
            "refuse" => Ok(Self::Refuse),
            other => other.strip_prefix("approve:").and_then(count).map(Self::Approve).ok_or_else(|| {
                de::Error::custom(format!("`{other}` is no approval; write confirm, approve, approve:2 … approve:9, or refuse"))
            }),
        }
    }
}
