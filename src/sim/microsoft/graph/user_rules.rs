//! What a property of a user may be set to.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::{
    odata::kinds::{Shape, USER, Use},
    password::complies,
    refusals::{self, Refusal},
    state::State,
};

/// "Who can perform sensitive actions" (learn.microsoft.com/graph/api/resources/users).
const SENSITIVE: &[&str] = &[
    "accountEnabled",
    "businessPhones",
    "mobilePhone",
    "onPremisesImmutableId",
    "otherMails",
    "passwordProfile",
    "userPrincipalName",
];

/// The longest value in characters, where it is not 256 (learn.microsoft.com/graph/api/resources/user).
const LENGTHS: &[(&str, usize)] = &[
    ("ageGroup", 12),
    ("city", 128),
    ("companyName", 64),
    ("country", 128),
    ("department", 64),
    ("employeeId", 16),
    ("givenName", 64),
    ("jobTitle", 128),
    ("mailNickname", 64),
    ("mobilePhone", 64),
    ("officeLocation", 128),
    ("postalCode", 40),
    ("state", 128),
    ("streetAddress", 1024),
    ("surname", 64),
];

/// Properties with a closed set of values.
const CHOICES: &[(&str, &[&str])] = &[
    ("ageGroup", &["Minor", "NotAdult", "Adult"]),
    ("consentProvidedForMinor", &["Granted", "Denied", "NotRequired"]),
    ("userType", &["Member", "Guest"]),
];

/// The members that are properties: annotations are left out.
pub(super) fn plain(body: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    body.iter().filter(|(name, _)| !name.contains('@'))
}

pub(super) fn is_sensitive(name: &str) -> bool {
    SENSITIVE.contains(&name)
}

/// Kept by `SharePoint`, not by the directory.
pub(super) fn is_profile(name: &str) -> bool {
    USER.property(name).is_some_and(|property| property.usage == Use::Profile)
}

/// Checks one property and its value against the declared properties of a user.
pub(super) fn check_property(name: &str, value: &Value) -> Result<(), Refusal> {
    let property = USER.property(name).ok_or_else(|| refusals::undeclared_property(name))?;
    if matches!(property.usage, Use::Seen | Use::Shown) {
        return Err(refusals::read_only(name));
    }
    if let Some(text) = value.as_str() {
        let longest = LENGTHS.iter().find(|(known, _)| *known == name).map(|(_, most)| *most);
        // A free text has no limit that Microsoft names.
        let longest = longest.unwrap_or(if is_profile(name) { usize::MAX } else { 256 });
        if text.chars().count() > longest {
            return Err(refusals::too_long(name));
        }
    }
    let right = match (property.shape, value) {
        (_, Value::Null) => {
            // "Not nullable" in the property table.
            !["accountEnabled", "displayName", "userPrincipalName", "usageLocation"].contains(&name)
        }
        // An empty text is refused, null clears (learn.microsoft.com/graph/api/user-update).
        (Shape::Text, Value::String(text)) => !text.is_empty(),
        (Shape::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Shape::Time, Value::String(text)) => text.parse::<jiff::Timestamp>().is_ok(),
        (Shape::Flag, Value::Bool(_)) | (Shape::Other, Value::Object(_) | Value::Array(_)) => true,
        _ => false,
    };
    if right && is_well_formed(name, value) { Ok(()) } else { Err(refusals::invalid_value(name)) }
}

/// The rules of single properties.
fn is_well_formed(name: &str, value: &Value) -> bool {
    if let Some((_, choices)) = CHOICES.iter().find(|(known, _)| *known == name) {
        return value.as_str().is_none_or(|said| choices.contains(&said));
    }
    match (name, value) {
        ("usageLocation", Value::String(code)) => {
            code.len() == 2 && code.chars().all(|c| c.is_ascii_alphabetic())
        }
        ("mailNickname", Value::String(alias)) => {
            !alias.contains(|c: char| c == '@' || c.is_whitespace())
        }
        ("mail", Value::String(mail)) => mail.contains('@'),
        // "Only one number can be set for this property."
        ("businessPhones", Value::Array(numbers)) => numbers.len() <= 1,
        ("passwordPolicies", Value::String(list)) => list.split(',').map(str::trim).all(|word| {
            ["None", "DisablePasswordExpiration", "DisableStrongPassword"].contains(&word)
        }),
        ("employeeOrgData", Value::Object(members)) => {
            members.keys().all(|name| ["costCenter", "division"].contains(&name.as_str()))
        }
        ("onPremisesExtensionAttributes", Value::Object(members)) => members.keys().all(|name| {
            let number = name.strip_prefix("extensionAttribute").and_then(|n| n.parse().ok());
            number.is_some_and(|number: u8| (1..=15).contains(&number))
        }),
        _ => true,
    }
}

/// A sign-in name in one of our domains that nobody has.
pub(super) fn check_upn(state: &State, upn: &str, own: Option<Uuid>) -> Result<(), Refusal> {
    let (_, domain) =
        upn.split_once('@').ok_or_else(|| refusals::invalid_value("userPrincipalName"))?;
    let verified = state.domains.iter().filter(|known| known.verified).map(|known| &known.name);
    let mut ours = [&state.tenant.domain, &state.tenant.onmicrosoft].into_iter().chain(verified);
    if !ours.any(|known| known.eq_ignore_ascii_case(domain)) {
        return Err(refusals::foreign_domain());
    }
    match state.user_id(upn) {
        Some(taken) if Some(taken) != own => Err(refusals::upn_taken()),
        _ => Ok(()),
    }
}

/// A mail address that nobody else has. Deleted users do not count.
pub(super) fn check_mail(state: &State, mail: &str, own: Option<Uuid>) -> Result<(), Refusal> {
    let wanted = format!("smtp:{mail}").to_lowercase();
    let has = |props: &Map<String, Value>| {
        let list = props.get("proxyAddresses").and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .any(|address| address.as_str().is_some_and(|text| text.to_lowercase() == wanted))
    };
    let users = state.users.values().map(|user| (user.id, &user.props));
    let groups = state.groups.values().map(|group| (group.id, &group.props));
    if users.chain(groups).any(|(id, props)| Some(id) != own && has(props)) {
        return Err(refusals::address_taken());
    }
    Ok(())
}

/// The new password, when the profile brings one.
pub(super) fn new_password(profile: &Value) -> Result<Option<&str>, Refusal> {
    let members = profile.as_object().ok_or_else(|| refusals::invalid_value("passwordProfile"))?;
    for (name, value) in members {
        let right = match name.as_str() {
            "password" => value.is_string(),
            "forceChangePasswordNextSignIn" | "forceChangePasswordNextSignInWithMfa" => {
                value.is_boolean()
            }
            name if name.starts_with('@') => true,
            other => return Err(refusals::undeclared_property(other)),
        };
        if !right {
            return Err(refusals::invalid_value("passwordProfile"));
        }
    }
    match members.get("password").and_then(Value::as_str) {
        Some(value) if !complies(value) => Err(refusals::password_weak()),
        found => Ok(found),
    }
}

/// The parts of a password profile that may be kept and shown: what is not named stays.
pub(super) fn kept_profile(before: Option<&Value>, profile: &Value) -> Value {
    let mut kept = before.cloned().unwrap_or_else(|| Value::Object(Map::new()));
    if let (Some(kept), Some(members)) = (kept.as_object_mut(), profile.as_object()) {
        for (name, value) in members.iter().filter(|(name, _)| *name != "password") {
            kept.insert(name.clone(), value.clone());
        }
    }
    kept
}
