//! The JSON of what people press and fill in. Everything may be missing; what we do not
//! use is not named.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Interaction {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub api_app_id: Option<String>,
    pub user: Option<User>,
    pub team: Option<Team>,
    pub enterprise: Option<Named>,
    pub container: Option<Container>,
    pub channel: Option<Named>,
    pub message: Option<Message>,
    pub view: Option<View>,
    pub state: Option<State>,
    pub actions: Option<Vec<Action>>,
    pub trigger_id: Option<String>,
    /// Of a shortcut.
    pub callback_id: Option<String>,
    /// Of a search while somebody types: the input, and what was typed.
    pub action_id: Option<String>,
    pub value: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub id: Option<String>,
    pub team_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Team {
    pub id: Option<String>,
    pub enterprise_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub id: Option<String>,
    pub name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Container {
    pub message_ts: Option<String>,
    pub channel_id: Option<String>,
    pub thread_ts: Option<String>,
    pub is_ephemeral: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Message {
    pub ts: Option<String>,
    pub thread_ts: Option<String>,
    pub text: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct View {
    pub id: Option<String>,
    pub callback_id: Option<String>,
    pub private_metadata: Option<String>,
    pub state: Option<State>,
}

#[derive(Default, Deserialize)]
pub(super) struct State {
    pub values: Option<BTreeMap<String, BTreeMap<String, Input>>>,
}

#[derive(Deserialize)]
pub(super) struct Input {
    /// A text; of a number input, too.
    pub value: Option<String>,
    pub selected_option: Option<Choice>,
    pub selected_options: Option<Vec<Choice>>,
    pub selected_date: Option<String>,
    pub selected_time: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    pub value: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Action {
    #[serde(rename = "action_id")]
    pub id: Option<String>,
    #[serde(rename = "action_ts")]
    pub at: Option<String>,
    pub value: Option<String>,
    pub selected_option: Option<Choice>,
}
