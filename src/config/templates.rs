//! `[templates]`: named ways to ask for an action, some of its form filled in already.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One way to ask for an action.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The action's id, such as `offboard_user`.
    pub action: String,
    /// Answers of its form, by the field's name, which hold where nobody says otherwise.
    #[serde(default)]
    pub with: Map<String, Value>,
}
