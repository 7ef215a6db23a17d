//! Application registrations and their client secrets.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        apps::AppRegistration,
        call::{Answer, Call},
        conduct::AppSecrets,
        odata::{kinds_estate::APPLICATION, page},
        refusals::{self, Outcome, Refusal},
        state::{AppKey, Principal, Props, Registration, Secret, secret_digest},
        turn::{Turn, seconds},
        views,
    },
    groups, object, unknown,
};

pub(super) fn route(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => list(turn, call),
        ("GET", ["$count"]) => count(turn, call),
        ("POST", []) => create(turn, call),
        ("GET", [key]) => get(turn, call, key),
        ("PATCH", [key]) => patch(turn, call, key),
        ("DELETE", [key]) => delete(turn, key),
        ("GET", [key, "owners"]) => owners(turn, call, key),
        ("POST", [key, "addPassword" | "microsoft.graph.addPassword"]) => {
            add_password(turn, call, key)
        }
        ("POST", [key, "removePassword" | "microsoft.graph.removePassword"]) => {
            remove_password(turn, call, key)
        }
        (_, [] | [_] | [_, "owners" | "addPassword" | "removePassword"]) => {
            Err(refusals::no_method())
        }
        _ => Err(unknown(path)),
    }
}

/// `appId='…'` is the other key; anything else is an object id.
pub(super) fn key_of(key: &str) -> Result<AppKey, Refusal> {
    let by_app = key.strip_prefix("appId=").map(|id| id.trim_matches('\''));
    let id = Uuid::try_parse(by_app.unwrap_or(key));
    match (id, by_app) {
        (Ok(id), None) => Ok(AppKey::Object(id)),
        (Ok(id), Some(_)) => Ok(AppKey::App(id)),
        (Err(_), _) => Err(refusals::bad_object_id(key)),
    }
}

fn find<'a>(turn: &'a Turn<'_>, key: &str) -> Result<&'a Registration, Refusal> {
    turn.state().registration(key_of(key)?).ok_or_else(|| refusals::no_object(key))
}

/// The applications that sign in here are registered here too.
fn signing(turn: &Turn<'_>, key: AppKey) -> Option<Value> {
    let same = |app: &&AppRegistration| match key {
        AppKey::Object(id) => views::registration_id(app) == id,
        AppKey::App(id) => app.client_id == id.to_string(),
    };
    turn.core.apps.values().find(same).map(views::registration)
}

fn all(turn: &Turn<'_>) -> Vec<Value> {
    let signing = turn.core.apps.values().map(views::registration);
    signing.chain(turn.state().applications.registrations.iter().map(Registration::view)).collect()
}

fn neighbour(turn: &Turn<'_>, app: &Value) -> Value {
    let id = app["id"].as_str().and_then(|id| Uuid::try_parse(id).ok());
    let found = id.and_then(|id| turn.state().registration(AppKey::Object(id)));
    found.map_or_else(|| json!([]), |found| Value::Array(owner_views(turn, found)))
}

fn owner_views(turn: &Turn<'_>, app: &Registration) -> Vec<Value> {
    let state = turn.state();
    let view = |id: &Uuid| {
        let principal = state.principal(AppKey::Object(*id)).map(Principal::view);
        let signing = || {
            let app = turn.core.apps.values().find(|app| app.object_id() == *id);
            app.map(views::service_principal)
        };
        let principal = principal.or_else(signing);
        principal
            .map(|view| views::typed(view, "servicePrincipal"))
            .or_else(|| groups::object(state, *id))
    };
    app.owners.iter().filter_map(view).collect()
}

fn list(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    page::list(turn, call, &APPLICATION, all(turn), &|app, _| neighbour(turn, app))
}

fn count(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    page::count(call, &APPLICATION, all(turn))
}

fn get(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    let view = match signing(turn, key_of(key)?) {
        Some(view) => view,
        None => find(turn, key)?.view(),
    };
    page::one(turn, call, &APPLICATION, &view, &|app, _| neighbour(turn, app))
}

fn owners(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::REGISTRATION_READ)?;
    let kind = &super::super::odata::kinds::DIRECTORY_OBJECT;
    page::list(turn, call, kind, owner_views(turn, find(turn, key)?), &page::nothing)
}

/// The service principal of the caller.
pub(super) fn caller_id(turn: &Turn<'_>) -> Option<Uuid> {
    turn.core.apps.get(&turn.caller.app).map(AppRegistration::object_id)
}

/// Any application, or one that the caller owns
/// (permissions reference, Application.ReadWrite.OwnedBy).
fn may_write(turn: &Turn<'_>, app: &Registration) -> Result<(), Refusal> {
    let own = caller_id(turn).is_some_and(|id| app.owners.contains(&id));
    if turn.caller.has(access::REGISTRATION_WRITE)
        || own && turn.caller.has(access::REGISTRATION_WRITE_OWN)
    {
        return Ok(());
    }
    Err(refusals::not_allowed())
}

fn check(props: &Props) -> Result<(), Refusal> {
    for (name, value) in props {
        let right = match name.as_str() {
            "displayName" => value.as_str().is_some_and(|name| (1..=256).contains(&name.len())),
            "signInAudience" => [
                "AzureADMyOrg",
                "AzureADMultipleOrgs",
                "AzureADandPersonalMicrosoftAccount",
                "PersonalMicrosoftAccount",
            ]
            .contains(&value.as_str().unwrap_or_default()),
            "description" | "notes" | "uniqueName" => value.is_string() || value.is_null(),
            "tags" | "identifierUris" => {
                value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
            }
            "requiredResourceAccess" => resources_fit(value),
            "web" | "spa" | "publicClient" => value.is_object() && addresses_fit(value),
            "api" | "isFallbackPublicClient" | "appRoles" => true,
            _ => return Err(refusals::undeclared_property(name)),
        };
        if !right {
            return Err(refusals::app_invalid(name));
        }
    }
    Ok(())
}

fn resources_fit(value: &Value) -> bool {
    let guid = |value: &Value| value.as_str().is_some_and(|id| Uuid::try_parse(id).is_ok());
    let access = |value: &Value| {
        guid(&value["id"])
            && ["Role", "Scope"].contains(&value["type"].as_str().unwrap_or_default())
    };
    let resource = |value: &Value| {
        guid(&value["resourceAppId"])
            && value["resourceAccess"].as_array().is_some_and(|list| list.iter().all(access))
    };
    value.as_array().is_some_and(|list| list.iter().all(resource))
}

/// `https`, or `http` on this machine
/// (learn.microsoft.com/entra/identity-platform/reply-url).
fn addresses_fit(value: &Value) -> bool {
    let fits = |address: &Value| {
        address.as_str().is_some_and(|address| {
            let local = ["http://localhost", "http://127.0.0.1"];
            address.len() <= 256
                && (address.starts_with("https://")
                    || local.iter().any(|start| address.starts_with(start)))
        })
    };
    value["redirectUris"].as_array().is_none_or(|list| list.iter().all(fits))
}

fn plain(body: &Map<String, Value>) -> Props {
    let own = body.iter().filter(|(name, _)| !name.contains('@'));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn create(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::REGISTRATION_CREATE)?;
    let mut props = plain(object(call)?);
    if !props.contains_key("displayName") {
        return Err(refusals::app_missing("displayName"));
    }
    check(&props)?;
    let state = turn.state();
    props.insert("createdDateTime".into(), json!(seconds(turn.now)));
    props.insert("publisherDomain".into(), json!(state.tenant.domain));
    let app = Registration {
        id: turn.clock.uuid(),
        app_id: turn.clock.uuid(),
        created_by: Some(turn.caller.app.clone()),
        owners: caller_id(turn).into_iter().collect::<BTreeSet<_>>(),
        secrets: Vec::new(),
        props,
    };
    let (id, name, view) = (app.id, app.name().to_owned(), app.view());
    turn.change().applications.registrations.push(app);
    turn.felt_about("application.create", id, &name, Value::Null, view.clone());
    let location = format!("{}/v1.0/applications/{id}", turn.origin);
    Ok(page::written(turn, 201, &APPLICATION, &view).with("Location", location))
}

fn patch(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let app = find(turn, key)?;
    may_write(turn, app)?;
    let (id, name) = (app.id, app.name().to_owned());
    let changes = plain(object(call)?);
    check(&changes)?;
    let view = find(turn, key)?.view();
    let before: Map<String, Value> =
        changes.keys().map(|name| (name.clone(), view[name].clone())).collect();
    if let Some(app) = registration_mut(turn, id) {
        app.props.extend(changes.clone());
    }
    let (before, after) = (Value::Object(before), Value::Object(changes));
    turn.felt_about("application.update", id, &name, before, after);
    Ok(Answer::empty(204))
}

fn registration_mut<'a>(turn: &'a mut Turn<'_>, id: Uuid) -> Option<&'a mut Registration> {
    turn.change().applications.registrations.iter_mut().find(|app| app.id == id)
}

/// The service principal in the home tenant goes with it
/// (learn.microsoft.com/graph/api/application-delete).
fn delete(turn: &mut Turn<'_>, key: &str) -> Outcome {
    let app = find(turn, key)?;
    may_write(turn, app)?;
    let (id, app_id, name, view) = (app.id, app.app_id, app.name().to_owned(), app.view());
    let applications = &mut turn.change().applications;
    applications.registrations.retain(|app| app.id != id);
    applications.principals.retain(|principal| principal.app_id != app_id);
    turn.felt_about("application.delete", id, &name, view, Value::Null);
    Ok(Answer::empty(204))
}

/// Letters that a secret of Entra's is made of.
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~.";

fn fresh_secret(turn: &Turn<'_>) -> String {
    let mut bytes = [0; 36];
    turn.clock.fill(&mut bytes);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let mut secret: String = bytes.iter().map(letter).collect();
    // Entra marks its secrets, so that scanners find them where they should not be.
    secret.insert_str(3, "8Q~");
    secret
}

/// Two years unless said otherwise (learn.microsoft.com/graph/api/application-addpassword).
const LIFETIME_DAYS: i64 = 730;

fn add_password(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let app = find(turn, key)?;
    may_write(turn, app)?;
    let (id, name) = (app.id, app.name().to_owned());
    if turn.core.conduct.app_secrets == AppSecrets::Forbidden {
        return Err(refusals::secrets_forbidden());
    }
    let asked = match &call.body {
        super::super::call::Body::Empty => Value::Null,
        _ => object(call)?.get("passwordCredential").cloned().unwrap_or(Value::Null),
    };
    let time = |member: &str, otherwise: Timestamp| match &asked[member] {
        Value::Null => Ok(otherwise),
        value => value
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
            .ok_or_else(|| refusals::app_invalid(member)),
    };
    let begins = time("startDateTime", turn.now)?;
    let long = SignedDuration::from_hours(24 * LIFETIME_DAYS);
    let ends = time("endDateTime", begins + long)?;
    if ends <= begins {
        return Err(refusals::app_invalid("endDateTime"));
    }
    let value = fresh_secret(turn);
    let secret = Secret {
        key_id: turn.clock.uuid(),
        name: asked["displayName"].as_str().map(str::to_owned),
        begins,
        ends,
        hint: value.chars().take(3).collect(),
        digest: secret_digest(&value),
    };
    let mut view = secret.view();
    let shown = json!({
        "keyId": secret.key_id, "displayName": secret.name, "endDateTime": seconds(ends),
        "secretText": "(set)",
    });
    if let Some(app) = registration_mut(turn, id) {
        app.secrets.push(secret);
    }
    turn.felt_about("application.password.add", id, &name, Value::Null, shown);
    view["secretText"] = json!(value);
    view["@odata.context"] =
        json!(format!("{}/v1.0/$metadata#microsoft.graph.passwordCredential", turn.origin));
    Ok(Answer::json(200, view))
}

fn remove_password(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    let app = find(turn, key)?;
    may_write(turn, app)?;
    let (id, name) = (app.id, app.name().to_owned());
    let wanted = object(call)?.get("keyId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let known = app.secrets.iter().find(|secret| secret.key_id.to_string() == wanted);
    let known = known.ok_or_else(|| refusals::no_secret(&wanted))?;
    let (key_id, view) = (known.key_id, known.view());
    if let Some(app) = registration_mut(turn, id) {
        app.secrets.retain(|secret| secret.key_id != key_id);
    }
    turn.felt_about("application.password.remove", id, &name, view, Value::Null);
    Ok(Answer::empty(204))
}
