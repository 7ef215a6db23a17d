//! What a policy says, in names.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    actions::Asked,
    domain::{ca_policy::texts, trouble::Result},
    ports::{policies::Named, world::World},
};

/// Names that are shown of one list.
const NAMES_MAX: usize = 20;

/// The names of everybody and everything a policy mentions.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: BTreeMap<Uuid, String>,
    places: BTreeMap<Uuid, String>,
}

const USERS: [&str; 2] = ["includeUsers", "excludeUsers"];
const GROUPS: [&str; 2] = ["includeGroups", "excludeGroups"];

fn of<'a>(definition: &'a Map<String, Value>, list: &str) -> Vec<&'a str> {
    texts(definition, &["conditions", "users", list])
}

impl Names {
    /// Looks them up.
    pub async fn read(
        look: &dyn World,
        asked: &Asked,
        definition: &Map<String, Value>,
    ) -> Result<Self> {
        let guids = |lists: [&str; 2]| -> Vec<Uuid> {
            let all = lists.into_iter().flat_map(|list| of(definition, list));
            all.filter_map(|id| Uuid::parse_str(id).ok()).collect()
        };
        let mut ids: Vec<Named> = guids(USERS).into_iter().map(Named::User).collect();
        ids.extend(guids(GROUPS).into_iter().map(Named::Group));
        let people = if ids.is_empty() {
            BTreeMap::new()
        } else {
            look.names_of(&asked.tenant, &ids).await?
        };
        let places = texts(definition, &["conditions", "locations", "includeLocations"])
            .into_iter()
            .chain(texts(definition, &["conditions", "locations", "excludeLocations"]))
            .any(|id| Uuid::parse_str(id).is_ok());
        let places =
            if places { look.named_locations(&asked.tenant).await? } else { BTreeMap::new() };
        Ok(Self { people, places })
    }

    fn name(&self, id: &str) -> String {
        let known = Uuid::parse_str(id)
            .ok()
            .and_then(|guid| self.people.get(&guid).or_else(|| self.places.get(&guid)));
        known.cloned().unwrap_or_else(|| id.to_owned())
    }

    /// The names in one list of `conditions.users`.
    pub fn users(&self, definition: &Map<String, Value>, list: &str) -> Vec<String> {
        of(definition, list).into_iter().map(|id| self.name(id)).collect()
    }

    /// The names in one list of `conditions.locations`.
    pub fn locations(&self, definition: &Map<String, Value>, list: &str) -> Vec<String> {
        let ids = texts(definition, &["conditions", "locations", list]);
        ids.into_iter().map(|id| self.name(id)).collect()
    }

    /// Everybody a policy applies to (`include`) or leaves out (`exclude`).
    pub fn everybody(&self, definition: &Map<String, Value>, side: &str) -> Vec<String> {
        let mut all = self.users(definition, &format!("{side}Users"));
        all.extend(self.users(definition, &format!("{side}Groups")));
        all.extend(of(definition, &format!("{side}Roles")).into_iter().map(role));
        let guests = format!("{side}GuestsOrExternalUsers");
        let guests = definition.get("conditions").and_then(|c| c["users"].get(&guests));
        if guests.is_some_and(Value::is_object) {
            all.push("guests and external users".to_owned());
        }
        all
    }
}

/// A role by its template id. Names are Microsoft's; an id that is not known is shown.
fn role(id: &str) -> String {
    format!("role {id}")
}

/// A list as one value: `=nobody_named` when it is empty.
pub(super) fn joined(names: &[String]) -> String {
    if names.is_empty() {
        return "=nobody_named".to_owned();
    }
    let shown = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(NAMES_MAX);
    if more == 0 { shown } else { format!("{shown} (+{more})") }
}

/// What it asks for, by Graph's words.
pub(super) fn controls(definition: &Map<String, Value>) -> String {
    let mut all: Vec<String> = texts(definition, &["grantControls", "builtInControls"])
        .into_iter()
        .map(str::to_owned)
        .collect();
    let grants = definition.get("grantControls");
    if grants.is_some_and(|grants| grants.get("authenticationStrength").is_some()) {
        all.push("authentication strength".to_owned());
    }
    let session = definition.get("sessionControls").and_then(Value::as_object);
    all.extend(session.into_iter().flatten().map(|(name, _)| name.clone()));
    let joiner = match grants.and_then(|grants| grants["operator"].as_str()) {
        Some("AND") => " and ",
        _ => " or ",
    };
    if all.is_empty() { "=none".to_owned() } else { all.join(joiner) }
}

/// Which applications it is about.
pub(super) fn applications(definition: &Map<String, Value>) -> String {
    let of = |list: &str| texts(definition, &["conditions", "applications", list]);
    let mut all: Vec<&str> = of("includeApplications");
    all.extend(of("includeUserActions"));
    let mut said = all.join(", ");
    let left_out = of("excludeApplications");
    if !left_out.is_empty() {
        said = format!("{said} − {}", left_out.join(", "));
    }
    if said.is_empty() { "=none".to_owned() } else { said }
}
