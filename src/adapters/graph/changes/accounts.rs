//! Accounts: made, changed, switched on and off, deleted and brought back.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Behind, Calls, Door, Found, Read, With, known, user_path, user_read, user_sight};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        change::{AccountChange, Sight, accounts::AtNextSignIn},
        ids::{TenantId, UserId},
        trouble::Reason,
    },
    ports::hands::Output,
};

impl Calls for AccountChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let selected = |user: &UserId, names: &str| {
            let path = format!("{}?$select=id,{names}", user_path(user));
            Read::one(user.tenant(), path, Reading::USERS)
        };
        Ok(vec![match self {
            Self::DisableSignIn { user }
            | Self::EnableSignIn { user }
            | Self::DeleteUser { user } => user_read(known(user)?),
            Self::CreateUser { tenant, upn, properties, .. } => {
                let names: Vec<&str> = properties.keys().map(String::as_str).collect();
                let key = encoded(upn.as_str());
                let path = format!("/users/{key}?$select=id,{}", names.join(","));
                Read::one(tenant, path, Reading::USERS)
            }
            Self::UpdateUser { user, properties } => {
                let names: Vec<&str> = properties.keys().map(String::as_str).collect();
                selected(known(user)?, &names.join(","))
            }
            Self::UpdateProfile { user, property, .. } => selected(known(user)?, property),
            Self::SetLeaveDate { user, .. } => selected(known(user)?, "employeeLeaveDateTime"),
            Self::SetIdentities { user, .. } => selected(known(user)?, "identities"),
            Self::SetManager { user, .. } => {
                let user = known(user)?;
                let path = format!("{}?$select=id&$expand=manager($select=id)", user_path(user));
                Read::one(user.tenant(), path, Reading::USERS)
            }
            Self::RestoreUser { user, .. } => selected(user, "userPrincipalName"),
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(body) = found[0].one() else { return Ok(Sight::Missing) };
        let one = |name: &str, value: &Value| Sight::Object {
            id: None,
            values: std::iter::once((name.to_owned(), seen(&body[name], value))).collect(),
        };
        Ok(match self {
            Self::DisableSignIn { .. } | Self::EnableSignIn { .. } | Self::DeleteUser { .. } => {
                return user_sight(found[0]);
            }
            Self::CreateUser { tenant, properties, .. } => Sight::Object {
                id: object_id(tenant, body),
                values: properties
                    .iter()
                    .map(|(name, wanted)| (name.clone(), seen(&body[name], wanted)))
                    .collect(),
            },
            Self::UpdateUser { properties, .. } => Sight::Object {
                id: None,
                values: properties
                    .iter()
                    .map(|(name, wanted)| (name.clone(), seen(&body[name], wanted)))
                    .collect(),
            },
            Self::UpdateProfile { property, value, .. } => one(property, value),
            Self::SetLeaveDate { value, .. } => one("employeeLeaveDateTime", value),
            Self::SetIdentities { value, .. } => one("identities", value),
            Self::SetManager { .. } => Sight::object([("manager", body["manager"]["id"].clone())]),
            Self::RestoreUser { user, .. } => Sight::Object {
                id: object_id(user.tenant(), body),
                values: std::iter::once((
                    "userPrincipalName".to_owned(),
                    body["userPrincipalName"].clone(),
                ))
                .collect(),
            },
        })
    }

    fn call(&self, with: &With<'_>) -> Result<Door, Reason> {
        let patch =
            |user: &UserId, body: Value| Ask::of(Method::PATCH, user_path(user), Some(body));
        Ok(Door::Graph(match self {
            Self::DisableSignIn { user } => patch(known(user)?, json!({ "accountEnabled": false })),
            Self::EnableSignIn { user } => patch(known(user)?, json!({ "accountEnabled": true })),
            Self::CreateUser { upn, properties, at_next_sign_in, .. } => {
                let secret = with.secret.ok_or_else(|| Reason::NotPossible {
                    what: "no password was made for this step".to_owned(),
                })?;
                let mut body: Map<String, Value> =
                    properties.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                body.insert("userPrincipalName".to_owned(), json!(upn.as_str()));
                let mut profile = forcing(*at_next_sign_in);
                profile["password"] = json!(secret.reveal());
                body.insert("passwordProfile".to_owned(), profile);
                Ask::of(Method::POST, "/users", Some(Value::Object(body)))
            }
            Self::UpdateUser { user, properties } => patch(known(user)?, json!(properties)),
            Self::UpdateProfile { user, property, value } => {
                patch(known(user)?, json!({ property: value }))
            }
            Self::SetLeaveDate { user, value } => {
                patch(known(user)?, json!({ "employeeLeaveDateTime": value }))
            }
            Self::SetIdentities { user, value } => {
                patch(known(user)?, json!({ "identities": value }))
            }
            Self::SetManager { user, manager } => {
                let link = format!("{}/manager/$ref", user_path(known(user)?));
                match manager {
                    Some(manager) => {
                        let body = json!({ "@odata.id": with.reference(manager) });
                        Ask::of(Method::PUT, link, Some(body))
                    }
                    None => Ask::of(Method::DELETE, link, None),
                }
            }
            Self::DeleteUser { user } => Ask::of(Method::DELETE, user_path(known(user)?), None),
            Self::RestoreUser { user, upn } => {
                let restore =
                    format!("/directory/deletedItems/{}/restore", user.guid().hyphenated());
                let body = upn.as_ref().map(|upn| json!({ "newUserPrincipalName": upn.as_str() }));
                Ask::of(Method::POST, restore, body)
            }
        }))
    }

    fn output(&self, answer: &Value) -> Output {
        match self {
            Self::CreateUser { tenant, .. } => {
                Output { id: object_id(tenant, answer), ..Output::default() }
            }
            Self::RestoreUser { user, .. } => {
                Output { id: Some(user.to_string()), ..Output::default() }
            }
            _ => Output::default(),
        }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match (self, answer.status) {
            (Self::DeleteUser { .. } | Self::SetManager { manager: None, .. }, 404) => {
                Some(Meaning::AlreadySo)
            }
            (_, 400) if refusals::says(answer, "already exists") => Some(taken(answer)),
            (_, 400) if refusals::says(answer, "domain portion") => {
                Some(refusals::no("the sign-in name must end with a verified domain of the tenant"))
            }
            (Self::CreateUser { .. }, 400) if refusals::says(answer, "password complexity") => {
                Some(refusals::no("the tenant's password policy refuses the generated password"))
            }
            (Self::UpdateProfile { .. }, 400) if refusals::says(answer, "entity set") => {
                Some(refusals::no("Microsoft keeps this property apart and did not take it"))
            }
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        match self {
            Self::DisableSignIn { user }
            | Self::EnableSignIn { user }
            | Self::UpdateUser { user, .. }
            | Self::DeleteUser { user } => user.known().map_or(Behind::Nothing, Behind::User),
            Self::UpdateProfile { .. } => Behind::Profile,
            _ => Behind::Nothing,
        }
    }
}

/// A name or an address that somebody else has.
fn taken(answer: &Answer) -> Meaning {
    let what =
        if refusals::says(answer, "proxyaddresses") || refusals::says(answer, "property mail") {
            "somebody else has this mail address; Exchange keeps each address for one recipient"
        } else {
            "somebody else has this sign-in name meanwhile"
        };
    refusals::no(what)
}

/// What `passwordProfile` says of the next sign-in.
fn forcing(at_next_sign_in: AtNextSignIn) -> Value {
    json!({
        "forceChangePasswordNextSignIn": at_next_sign_in != AtNextSignIn::KeepIt,
        "forceChangePasswordNextSignInWithMfa":
            at_next_sign_in == AtNextSignIn::ChooseAnotherWithMfa,
    })
}

/// `tenant/guid`, of an object in an answer.
fn object_id(tenant: &TenantId, body: &Value) -> Option<String> {
    let guid = body["id"].as_str()?.parse().ok()?;
    let id: UserId = tenant.object(guid);
    Some(id.to_string())
}

/// A value as it compares with the one that is wanted: of an object only the members
/// that are wanted, an instant in the same words when it is the same instant.
fn seen(found: &Value, wanted: &Value) -> Value {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            let member =
                |name: &String| (name.clone(), found.get(name).cloned().unwrap_or(Value::Null));
            Value::Object(wanted.keys().map(member).collect())
        }
        (Value::Null, Value::Object(wanted)) => {
            Value::Object(wanted.keys().map(|name| (name.clone(), Value::Null)).collect())
        }
        (Value::String(found_text), Value::String(wanted_text)) => {
            let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
            match (instant(found_text), instant(wanted_text)) {
                (Some(at), Some(then)) if at == then => wanted.clone(),
                _ => found.clone(),
            }
        }
        _ => found.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wanted_is_compared() {
        let found = json!({ "extensionAttribute1": "a", "extensionAttribute2": null });
        assert_eq!(
            seen(&found, &json!({ "extensionAttribute1": "a" })),
            json!({ "extensionAttribute1": "a" })
        );
        let wanted = json!("2026-01-05T00:00:00Z");
        assert_eq!(seen(&json!("2026-01-05T00:00:00.000Z"), &wanted), wanted);
        assert_eq!(seen(&json!("Leeds"), &json!("York")), json!("Leeds"));
    }
}
