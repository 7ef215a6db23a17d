//! Contoso with its people, managers, licences and groups moved about by a seed, and what
//! differs between two states of it.

use serde_json::{Value, json};

/// `SplitMix64`, from the seed that a failure prints.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(many).unwrap()).unwrap()
    }

    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Names as people have them.
const NAMES: &[&str] =
    &["Zoë O’Neill", "Siân Ní Dhomhnaill", "محمد علي", "李小龍", "D'Arcy 🦊", "Łukasz Żółć", "Ana"];

/// Whose members are put in by hand and get nothing but membership.
pub const GROUPS: &[&str] = &["VPN Users", "Sales Team", "Company News", "Finance Restricted"];

/// The built-in Contoso as a document, to be added to.
pub fn contoso() -> Value {
    serde_json::from_str(include_str!("../../src/sim/microsoft/data/contoso.json")).unwrap()
}

/// Contoso with its people moved about.
pub fn shuffled(dice: &mut Dice) -> Value {
    let mut tenant = contoso();
    let upns: Vec<Value> =
        tenant["users"].as_array().unwrap().iter().map(|user| user["upn"].clone()).collect();
    let keep = ["tina.tech@contoso.com", "anna.approver@contoso.com"];
    for user in tenant["users"].as_array_mut().unwrap() {
        let upn = user["upn"].as_str().unwrap().to_owned();
        if keep.contains(&upn.as_str()) {
            continue;
        }
        if dice.below(2) == 0 {
            user["displayName"] = json!(format!("{} {}", dice.one(NAMES), dice.below(100)));
        }
        user["jobTitle"] = dice.one(&[json!(null), json!("Buyer"), json!("Chef d’équipe")]);
        user["department"] = dice.one(&[json!("Sales"), json!("Finance"), json!("R&D")]);
        user["officeLocation"] = dice.one(&[json!(null), json!("London"), json!("Zürich")]);
        let manager = dice.one(&upns);
        user["manager"] = if manager == user["upn"] { json!(null) } else { manager };
        user["accountEnabled"] = json!(dice.below(4) > 0);
    }
    for group in tenant["groups"].as_array_mut().unwrap() {
        if GROUPS.contains(&group["displayName"].as_str().unwrap()) {
            let mut members: Vec<Value> = upns.clone();
            members.retain(|upn| !upn.as_str().unwrap().contains('#') && dice.below(4) == 0);
            group["members"] = json!(members);
        }
    }
    tenant
}

/// The sign-in names of members other than whoever asks.
pub fn people(tenant: &Value) -> Vec<String> {
    let users = tenant["users"].as_array().unwrap().iter();
    users
        .filter_map(|user| user["userPrincipalName"].as_str().map(str::to_owned))
        .filter(|upn| !upn.contains('#') && !upn.starts_with("tina.tech"))
        .collect()
}

/// Leaves out when things were changed.
fn still(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.ends_with("DateTime") && !key.ends_with("At"));
            map.values_mut().for_each(still);
        }
        Value::Array(list) => list.iter_mut().for_each(still),
        _ => {}
    }
}

/// The tenant, without the instants of its last changes.
pub fn settled(mut tenant: Value) -> Value {
    still(&mut tenant);
    for group in tenant["groups"].as_array_mut().unwrap() {
        sorted(&mut group["members"]);
    }
    for user in tenant["users"].as_array_mut().unwrap() {
        sorted(&mut user["groups"]);
        sorted(&mut user["licenses"]);
    }
    tenant
}

/// A set is the same in whatever order it is told.
fn sorted(list: &mut Value) {
    if let Some(list) = list.as_array_mut() {
        list.sort_by_key(ToString::to_string);
    }
}

/// What differs, to be read.
pub fn differs(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let none = Value::Null;
                let (a, b) = (a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none));
                differs(&format!("{path}.{key}"), a, b, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                differs(&format!("{path}[{at}]"), a, b, found);
            }
        }
        (a, b) if a != b => found.push(format!("{path}: {a} → {b}")),
        _ => {}
    }
}
