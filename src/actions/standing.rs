//! A standing approval, as it is asked for: which actions it may cover, and its form.
//!
//! Not in the catalogue: it changes no tenant, so it needs no permission and no chat grammar.
//! Covered is only what is named here, and can be taken back: no action that always takes a
//! second person, ends access, hands out a secret, or cannot be repeated safely. Nor one that
//! gives somebody a say over another (a manager, a delegate) or changes who somebody is, since
//! values are free.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::domain::standing::ACTION;
use crate::{
    actions::{CATALOG, Entry, forms::fields_of},
    domain::{
        area::{Care, Risk},
        change::Repeat,
        form::{Form, Sort},
        standing::{ACTIONS_MAX, PER_DAY_MAX},
        trouble::Reason,
    },
};

/// What somebody asks for. Who and what is meant is looked up when it is planned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StandingApproval {
    /// Which actions, with any values? At most five. Each can be taken back.
    pub actions: Vec<String>,
    /// About which people? At most five; more are in a group.
    #[schemars(extend("x-pick" = "person"))]
    pub people: Vec<String>,
    /// About the members of which group?
    #[schemars(extend("x-pick" = "group"))]
    pub group: Option<String>,
    /// Asked for by which people? At most five; more are in a group.
    #[schemars(extend("x-pick" = "person"))]
    pub by_people: Vec<String>,
    /// Asked for by the members of which group?
    #[schemars(extend("x-pick" = "group"))]
    pub by_group: Option<String>,
    /// At most how many a day? Each person something is done about counts once.
    #[schemars(range(min = 1, max = 100))]
    pub per_day: u16,
    /// Until the end of which day? At most 90 days.
    #[schemars(extend("x-pick" = "date"))]
    pub until: String,
}

impl StandingApproval {
    /// From arguments. What is missing is named.
    pub fn read(given: &Map<String, Value>) -> Result<Self, Reason> {
        let wrong =
            |field: &str, why: String| Reason::WrongArgument { field: field.to_owned(), why };
        let asked: Self = serde_json::from_value(Value::Object(given.clone()))
            .map_err(|error| wrong(ACTION, error.to_string()))?;
        let coverable = |id: &String| COVERABLE.iter().any(|entry| entry.about.id == id);
        if asked.actions.is_empty() || asked.actions.len() > ACTIONS_MAX {
            return Err(wrong("actions", format!("name one to {ACTIONS_MAX} of them")));
        }
        if let Some(other) = asked.actions.iter().find(|id| !coverable(id)) {
            let other: String = other.chars().take(80).collect();
            let why = format!(
                "a standing approval does not cover {other}: only what can be taken back, and needs no second person by its nature"
            );
            return Err(wrong("actions", why));
        }
        if !(1..=PER_DAY_MAX).contains(&asked.per_day) {
            return Err(wrong("per_day", format!("say a number from 1 to {PER_DAY_MAX}")));
        }
        Ok(asked)
    }
}

/// Those that may be covered, if they are what this file says.
const NAMED: [&str; 11] = [
    "enable_user",
    "unlock_user",
    "assign_license",
    "add_to_group",
    "remove_from_group",
    "add_group_members",
    "remove_group_members",
    "set_out_of_office",
    "hide_from_address_list",
    "remove_mailbox_permission",
    "remove_send_as",
];

/// The actions that a standing approval may cover.
pub static COVERABLE: LazyLock<Vec<&'static Entry>> =
    LazyLock::new(|| CATALOG.iter().filter(|entry| is_coverable(entry)).collect());

fn is_coverable(entry: &Entry) -> bool {
    let about = &entry.about;
    NAMED.contains(&about.id)
        && about.care == Care::Usual
        && about.risk == Risk::Write
        && !about.undone_by.is_empty()
        && about.may.iter().all(|kind| kind.repeat() != Repeat::NeverBlind)
}

/// Its form.
pub fn form() -> &'static Form {
    static FORM: LazyLock<Form> = LazyLock::new(|| {
        let schema = Value::from(schemars::schema_for!(StandingApproval));
        let mut form = Form::of(ACTION, &schema, fields_of::<StandingApproval>(), false);
        for field in &mut form.fields {
            field.preset = None;
            field.required = matches!(field.name.as_str(), "actions" | "per_day" | "until");
            if field.name == "actions" {
                let options = COVERABLE.iter();
                let options = options.map(|e| (e.about.id.to_owned(), e.about.title.to_owned()));
                field.sort = Sort::Choice { options: options.collect() };
            }
        }
        form
    });
    &FORM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_taken_back_is_covered() {
        let ids: Vec<&str> = COVERABLE.iter().map(|entry| entry.about.id).collect();
        let (mut named, mut found) = (NAMED.to_vec(), ids);
        named.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, named, "what is named here is what this file says");
    }

    #[test]
    fn its_form_asks_for_all_of_it_once() {
        let names: Vec<&str> = form().fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(
            names,
            ["actions", "people", "group", "by_people", "by_group", "per_day", "until"]
        );
        assert!(form().fields.iter().all(|field| field.question.chars().count() <= 75));
    }

    #[test]
    fn what_is_not_covered_is_named() {
        let read = |json: Value| StandingApproval::read(json.as_object().unwrap());
        let no = read(serde_json::json!({ "actions": ["reset_password"], "per_day": 5 }));
        assert!(no.unwrap_err().to_string().contains("reset_password"));
        assert!(read(serde_json::json!({ "actions": [], "per_day": 5 })).is_err());
        assert!(read(serde_json::json!({ "actions": ["add_to_group"], "per_day": 101 })).is_err());
    }
}
