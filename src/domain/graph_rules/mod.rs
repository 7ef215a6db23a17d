//! What may be asked of Graph, and how many sign for it.
//!
//! - [`class`]     in this order: what is never done, what has an action of its own, what
//!   anybody may look at, what the operator listed; everything else takes two people
//! - [`templates`] the tables it is decided by
//!
//! Not here: who signs.

pub mod templates;

use serde_json::Value;

use self::templates::Template;
use crate::domain::{
    graph_address::{GraphAddress, Segment},
    graph_call::{Method, is_credential},
};

/// The largest body, in bytes of JSON.
const BODY_BYTES_MAX: usize = 32 * 1024;
/// The deepest body.
const DEPTH_MAX: usize = 16;

/// How a request is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A look at what the actions look at themselves.
    Open,
    /// The operator listed its method and template.
    Listed,
    /// Anything else.
    Other,
}

/// Why it is not done at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Never {
    /// It would show or set a credential.
    Credential(String),
    /// An action does it, and shows what it changes.
    Typed(&'static str),
    /// Nothing here does it.
    Closed(&'static str),
    /// It would change an object through a list that only refers to it.
    ThroughReference,
    /// The body is too large, too deep, or not an object.
    Body,
    /// The body refers to another address than Graph's.
    OtherHost,
}

/// Weighs a request.
pub fn class(
    method: Method,
    address: &GraphAddress,
    body: Option<&Value>,
    listed: &[Allowed],
) -> Result<Class, Never> {
    if let Some(found) = credential_in(address, body) {
        return Err(Never::Credential(found));
    }
    if let Some(body) = body {
        check_body(body)?;
    }
    if method != Method::Get {
        check_write(method, address)?;
    }
    if method == Method::Get && body.is_none() && is_open(address) {
        return Ok(Class::Open);
    }
    let fits = |allowed: &Allowed| allowed.method == method && allowed.template.fits(address);
    Ok(if listed.iter().any(fits) { Class::Listed } else { Class::Other })
}

/// A method and a template that the operator lists, such as `GET /users/{id}/calendars`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The method.
    pub method: Method,
    /// The path; a part in braces stands for any one part.
    pub template: Template,
}

impl std::str::FromStr for Allowed {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        let (method, template) =
            said.trim().split_once(' ').ok_or("write a method and a path: GET /users/{id}")?;
        Ok(Self { method: method.parse()?, template: template.trim().parse()? })
    }
}

/// A part of the path, or a property asked for, that is a credential.
fn credential_in(address: &GraphAddress, body: Option<&Value>) -> Option<String> {
    let parts = address.segments().iter().map(|segment| segment.plain.as_str());
    let in_path =
        parts.filter(|part| templates::CREDENTIAL_PATHS.contains(part) || is_credential(part));
    if let Some(found) = in_path.into_iter().next() {
        return Some(found.to_owned());
    }
    for (name, value) in address.options() {
        if ["$top", "$count", "$skip", "$skiptoken"].contains(&name.as_str()) {
            continue;
        }
        // Texts in quotes are data; words outside are properties.
        let outside: String = value.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
        let words = outside.split(|c: char| !c.is_alphanumeric());
        // A neighbour that is brought along is a path too.
        let leads = |word: &str| name == "$expand" && templates::CREDENTIAL_PATHS.contains(&word);
        let is = |word: &String| is_credential(word) || leads(word);
        if let Some(found) = words.map(str::to_lowercase).find(is) {
            return Some(found);
        }
    }
    body.and_then(credential_member)
}

fn credential_member(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            if is_credential(&name.to_lowercase()) {
                return Some(name.clone());
            }
            credential_member(value)
        }),
        Value::Array(items) => items.iter().find_map(credential_member),
        _ => None,
    }
}

fn check_body(body: &Value) -> Result<(), Never> {
    let small = body.to_string().len() <= BODY_BYTES_MAX;
    if !body.is_object() || !small || depth(body) > DEPTH_MAX {
        return Err(Never::Body);
    }
    references(body)
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// `@odata.id` and `…@odata.bind` name objects of Graph, or nothing.
fn references(value: &Value) -> Result<(), Never> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            let folded = name.to_lowercase();
            if folded.ends_with("@odata.id") || folded.ends_with("@odata.bind") {
                return refers(value);
            }
            references(value)
        }),
        Value::Array(items) => items.iter().try_for_each(references),
        _ => Ok(()),
    }
}

fn refers(value: &Value) -> Result<(), Never> {
    let one = |value: &Value| {
        let text = value.as_str().ok_or(Never::OtherHost)?;
        let path = text.strip_prefix("https://graph.microsoft.com").unwrap_or(text);
        GraphAddress::parse(path).map(|_| ()).map_err(|_| Never::OtherHost)
    };
    match value {
        Value::Array(items) => items.iter().try_for_each(one),
        other => one(other),
    }
}

fn check_write(method: Method, address: &GraphAddress) -> Result<(), Never> {
    let parts: Vec<&str> =
        address.segments().iter().map(|segment| segment.plain.as_str()).collect();
    // Behind another key than its id, an object is not recognised.
    if address.segments().iter().any(|segment| segment.call) && !parts[0].eq("applications") {
        return Err(Never::Closed("an object that is changed is named by its id"));
    }
    for closed in templates::CLOSED {
        let here = match closed.place {
            templates::Place::Begins(first) => {
                first.len() <= parts.len() && first.iter().zip(&parts).all(|(a, b)| a == b)
            }
            templates::Place::Anywhere(part) => parts.contains(&part),
        };
        if here && closed.methods.is_none_or(|methods| methods.contains(&method)) {
            return Err(match closed.action {
                Some(action) => Never::Typed(action),
                None => Never::Closed(closed.why),
            });
        }
    }
    if through_reference(address.segments()) {
        return Err(Never::ThroughReference);
    }
    Ok(())
}

/// `DELETE /groups/{id}/members/{id}` without `/$ref` deletes the member itself.
fn through_reference(segments: &[Segment]) -> bool {
    let refers = |segment: &Segment| templates::REFERENCES.contains(&segment.plain.as_str());
    let ends = segments.last().is_some_and(|last| last.plain == "$ref");
    // The first part is a collection of its own, whatever it is called.
    segments.iter().skip(1).any(refers) && !ends
}

fn is_open(address: &GraphAddress) -> bool {
    let plain_options = address.options().iter().all(|(name, value)| {
        name != "$expand"
            || value.split(',').all(|part| {
                let part = part.split('(').next().unwrap_or_default().trim().to_lowercase();
                templates::EXPANDS.contains(&part.as_str())
            })
    });
    plain_options && templates::open().iter().any(|template| template.fits(address))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Allowed, Class, Never, class};
    use crate::domain::{graph_address::GraphAddress, graph_call::Method};

    fn weigh(method: Method, path: &str, body: Option<&Value>) -> Result<Class, Never> {
        class(method, &GraphAddress::parse(path).unwrap(), body, &[])
    }

    #[test]
    fn looks_at_our_own_areas_are_open_and_other_looks_are_not() {
        for path in [
            "/users?$filter=startswith(displayName,'a')&$top=5",
            "/users/john.doe@contoso.com?$select=id,mail&$expand=manager($select=id)",
            "/Users('john.doe@contoso.com')/memberOf",
            "/groups/x/members/$count",
            "/identity/conditionalAccess/policies",
            "/subscribedSkus",
        ] {
            assert_eq!(weigh(Method::Get, path, None), Ok(Class::Open), "{path}");
        }
        for path in [
            "/users/x/messages",
            "/users/x/drive/root/children",
            "/users/x/calendars",
            "/users?$expand=messages",
            "/security/alerts",
            "/users/x/memberOf/y/z",
            "/applications(appId='x')",
        ] {
            assert_eq!(weigh(Method::Get, path, None), Ok(Class::Other), "{path}");
        }
    }

    #[test]
    fn credentials_are_neither_shown_nor_set_in_any_spelling() {
        for path in [
            "/users/x?$select=id,passwordProfile",
            "/users/x?$select=PASSWORDPROFILE",
            "/users?$filter=passwordProfile/forceChangePasswordNextSignIn eq true",
            "/applications/x?$select=keyCredentials",
            "/applications?$expand=owners($select=passwordCredentials)",
            "/servicePrincipals/x/synchronization/secrets",
            "/informationProtection/bitlocker/recoveryKeys/x?$select=key",
            "/directory/deviceLocalCredentials/x?$select=credentials",
            "/devices/x?$expand=deviceLocalCredentials",
            "/users/x/authentication/temporaryAccessPassMethods",
            "/deviceManagement/managedDevices/x/getFileVaultKey",
        ] {
            let found = weigh(Method::Get, path, None);
            assert!(matches!(found, Err(Never::Credential(_))), "{path}: {found:?}");
        }
        let bodies = [
            json!({ "passwordProfile": { "forceChangePasswordNextSignIn": true } }),
            json!({ "a": [{ "Password": "x" }] }),
            json!({ "passwordCredential": {} }),
        ];
        for body in bodies {
            let found = weigh(Method::Patch, "/users/x", Some(&body));
            assert!(matches!(found, Err(Never::Credential(_))));
        }
        // A name in quotes is data.
        let named = "/groups?$filter=displayName eq 'password resets'";
        assert_eq!(weigh(Method::Get, named, None), Ok(Class::Open));
    }

    #[test]
    fn what_has_an_action_of_its_own_goes_through_it() {
        for (method, path, action) in [
            (Method::Post, "/roleManagement/directory/roleAssignments", "assign_role"),
            (Method::Post, "/directoryRoles/x/members/$ref", "assign_role"),
            (Method::Patch, "/identity/conditionalAccess/policies/x", "update_ca_policy"),
            (Method::Patch, "/Identity/ConditionalAccess/Policies('x')", "update_ca_policy"),
            (Method::Post, "/applications", "create_app"),
            (Method::Patch, "/applications(appId='x')", "create_app"),
            (Method::Delete, "/domains/contoso.com", "delete_domain"),
            (Method::Delete, "/devices/x", "delete_device"),
            (Method::Post, "/deviceManagement/managedDevices/x/wipe", "wipe_device"),
        ] {
            assert_eq!(weigh(method, path, None), Err(Never::Typed(action)), "{path}");
        }
        for path in [
            "/servicePrincipals/x",
            "/users/x/appRoleAssignments",
            "/directoryObjects/x",
            "/groups(uniqueName='x')",
        ] {
            assert!(matches!(weigh(Method::Delete, path, None), Err(Never::Closed(_))), "{path}");
        }
    }

    #[test]
    fn an_object_is_not_changed_through_a_reference_to_it() {
        let through = Err(Never::ThroughReference);
        assert_eq!(weigh(Method::Delete, "/groups/g/members/u", None), through);
        let city = json!({ "city": "x" });
        assert_eq!(weigh(Method::Patch, "/users/u/manager", Some(&city)), through);
        assert_eq!(weigh(Method::Delete, "/groups/g/members/u/$ref", None), Ok(Class::Other));
        assert_eq!(weigh(Method::Delete, "/users/u", None), Ok(Class::Other));
    }

    #[test]
    fn the_operator_widens_by_method_and_template() {
        let listed: Vec<Allowed> = ["GET /users/{id}/calendars", "PATCH /users/{id}"]
            .iter()
            .map(|said| said.parse().unwrap())
            .collect();
        let weigh = |method, path: &str, body: Option<Value>| {
            class(method, &GraphAddress::parse(path).unwrap(), body.as_ref(), &listed)
        };
        assert_eq!(weigh(Method::Get, "/users/x/Calendars", None), Ok(Class::Listed));
        assert_eq!(weigh(Method::Post, "/users/x/calendars", None), Ok(Class::Other));
        let city = Some(json!({ "city": "Leeds" }));
        assert_eq!(weigh(Method::Patch, "/users/x", city), Ok(Class::Listed));
        let secret = Some(json!({ "passwordProfile": {} }));
        assert!(weigh(Method::Patch, "/users/x", secret).is_err(), "no list lets this through");
        for wrong in ["/users", "FETCH /users", "GET users", "GET /users/../x", "GET /beta/users"] {
            assert!(wrong.parse::<Allowed>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_body_stays_small_flat_and_at_home() {
        let post = |body: Value| weigh(Method::Post, "/groups/g/members/$ref", Some(&body));
        let home = json!({ "@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/u" });
        assert_eq!(post(home), Ok(Class::Other));
        let elsewhere = json!({ "@odata.id": "https://evil.example/v1.0/directoryObjects/u" });
        assert_eq!(post(elsewhere), Err(Never::OtherHost));
        assert_eq!(post(json!([1])), Err(Never::Body));
        assert_eq!(post(json!({ "a": "x".repeat(40_000) })), Err(Never::Body));
        let mut deep = json!({});
        for _ in 0..20 {
            deep = json!({ "a": deep });
        }
        assert_eq!(post(deep), Err(Never::Body));
    }
}
