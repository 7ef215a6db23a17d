//! Authentication methods: read, deleted, and the one that an application can make.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access::{self, Needs},
        call::{Answer, Body, Call},
        methods::{self, Method, PASSWORD_ID, Sort},
        odata::{
            kinds::{METHOD, METHOD_CONFIGURATION},
            page,
        },
        password::Password,
        refusals::{self, Outcome, Refusal},
        state::User,
        turn::{Turn, seconds},
    },
    object,
    users::find,
};

/// `/users/{id}/authentication/…`
pub(super) fn routes(turn: &mut Turn<'_>, call: &Call, user: &str, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", ["methods"]) => list(turn, call, user, None),
        ("GET", ["methods", id]) => get(turn, call, user, None, id),
        // Public scripts that tried it quote the answer; its words are unconfirmed.
        ("DELETE", ["methods", _]) => Err(refusals::no_method()),
        // No application permission exists (Graph permissions, August 2026).
        ("POST", ["methods" | "passwordMethods", PASSWORD_ID, "resetPassword"]) => {
            Err(refusals::methods_denied())
        }
        (method, [segment, rest @ ..]) => {
            let sort = Sort::of_segment(segment).ok_or_else(|| refusals::no_segment(segment))?;
            match (method, rest) {
                ("GET", []) => list(turn, call, user, Some(sort)),
                ("GET", [id]) => get(turn, call, user, Some(sort), id),
                ("DELETE", [id]) => delete(turn, user, sort, id),
                ("POST", []) if sort == Sort::TemporaryAccessPass => issue_pass(turn, call, user),
                _ => Err(refusals::no_method()),
            }
        }
        (_, []) => Err(refusals::no_segment("authentication")),
    }
}

/// The tenant's policy, for the one method that is configured here.
pub(super) fn configuration(turn: &Turn<'_>, call: &Call, id: &str) -> Outcome {
    if !turn.caller.has(access::METHOD_POLICY_READ) {
        return Err(refusals::methods_denied());
    }
    if !id.eq_ignore_ascii_case("temporaryAccessPass") {
        return Err(refusals::no_method_object(id));
    }
    let view = turn.state().pass_policy.view();
    page::one(turn, call, &METHOD_CONFIGURATION, &view, &page::nothing)
}

fn need(turn: &Turn<'_>, needs: Needs) -> Result<(), Refusal> {
    if turn.caller.has(needs) { Ok(()) } else { Err(refusals::methods_denied()) }
}

fn shown(turn: &Turn<'_>, user: &User, sort: Option<Sort>) -> Vec<(Method, Value)> {
    let wanted = |method: &Method| sort.is_none_or(|sort| method.sort == sort);
    let policy = &turn.state().pass_policy;
    methods::of(turn.state(), user)
        .into_iter()
        .filter(wanted)
        .map(|method| {
            let view = methods::view(&method, turn.now, policy);
            (method, view)
        })
        .collect()
}

fn list(turn: &Turn<'_>, call: &Call, user: &str, sort: Option<Sort>) -> Outcome {
    need(turn, access::METHOD_READ)?;
    let user = find(turn.state(), user)?;
    let all = shown(turn, user, sort).into_iter().map(|(_, view)| view).collect();
    page::list(turn, call, &METHOD, all, &page::nothing)
}

fn get(turn: &Turn<'_>, call: &Call, user: &str, sort: Option<Sort>, id: &str) -> Outcome {
    need(turn, access::METHOD_READ)?;
    let user = find(turn.state(), user)?;
    let mut all = shown(turn, user, sort).into_iter();
    let found = all.find(|(method, _)| method.id.eq_ignore_ascii_case(id));
    let (_, view) = found.ok_or_else(|| refusals::no_method_object(id))?;
    page::one(turn, call, &METHOD, &view, &page::nothing)
}

/// What deleting a method of this type needs; the broad permission does for all of them.
fn deleting(sort: Sort) -> Needs {
    match sort {
        Sort::Email => access::METHOD_EMAIL,
        Sort::Fido2 => access::METHOD_PASSKEY,
        Sort::MicrosoftAuthenticator => access::METHOD_APP,
        Sort::Phone => access::METHOD_PHONE,
        Sort::SoftwareOath => access::METHOD_OATH,
        Sort::TemporaryAccessPass => access::METHOD_PASS,
        Sort::WindowsHelloForBusiness => access::METHOD_HELLO,
        Sort::PlatformCredential => access::METHOD_PLATFORM,
        Sort::External => access::METHOD_EXTERNAL,
        Sort::Password => access::METHOD_WRITE,
    }
}

fn delete(turn: &mut Turn<'_>, user: &str, sort: Sort, id: &str) -> Outcome {
    need(turn, deleting(sort))?;
    if sort == Sort::Password {
        return Err(refusals::no_method());
    }
    let user = find(turn.state(), user)?.id;
    let held = turn.state().methods.get(&user).cloned().unwrap_or_default();
    let method = held.find(id).filter(|method| method.sort == sort).cloned();
    let method = method.ok_or_else(|| refusals::no_method_object(id))?;
    if held.is_held_by_others(&method) {
        return Err(refusals::default_method(&method.id));
    }
    if held.carries_alternate(&method) {
        return Err(refusals::alternate_first());
    }
    let usable = sort == Sort::TemporaryAccessPass
        && method.pass_state(turn.now, &turn.state().pass_policy).0;
    let now = seconds(turn.now);
    let state = turn.change();
    if let Some(methods) = state.methods.get_mut(&user) {
        methods.list.retain(|known| known.id != method.id);
        if methods.default.as_deref() == Some(&method.id) {
            methods.default = None;
        }
        if sort == Sort::TemporaryAccessPass {
            methods.pass = None;
        }
    }
    // Deleting a valid pass ends the person's sessions (microsoft-graph-docs pull request 10995).
    if usable && let Some(found) = state.users.get_mut(&user) {
        found.set("signInSessionsValidFromDateTime", now);
    }
    let before = json!({ "type": sort.name(), "id": method.id });
    turn.felt("user.method.remove", user, before, Value::Null);
    Ok(Answer::empty(204))
}

/// What somebody asks of a pass, checked against the policy.
struct Wish {
    minutes: i64,
    once: bool,
    start: Timestamp,
}

fn wish(turn: &Turn<'_>, body: &Map<String, Value>) -> Result<Wish, Refusal> {
    let policy = &turn.state().pass_policy;
    for (name, _) in body.iter().filter(|(name, _)| !name.contains('@')) {
        if !["lifetimeInMinutes", "isUsableOnce", "startDateTime"].contains(&name.as_str()) {
            return Err(refusals::method_value(name));
        }
    }
    let minutes = match body.get("lifetimeInMinutes") {
        None | Some(Value::Null) => policy.minutes,
        Some(value) => value.as_i64().ok_or_else(|| refusals::method_value("lifetimeInMinutes"))?,
    };
    if !(policy.minutes_min..=policy.minutes_max).contains(&minutes) {
        return Err(refusals::pass_lifetime(policy.minutes_min, policy.minutes_max));
    }
    let once = match body.get("isUsableOnce") {
        None | Some(Value::Null) => policy.only_once,
        Some(value) => value.as_bool().ok_or_else(|| refusals::method_value("isUsableOnce"))?,
    };
    if policy.only_once && !once {
        return Err(refusals::pass_only_once());
    }
    let start = match body.get("startDateTime") {
        None | Some(Value::Null) => turn.now,
        Some(value) => {
            let at = value.as_str().and_then(|at| at.parse().ok());
            at.ok_or_else(|| refusals::method_value("startDateTime"))?
        }
    };
    Ok(Wish { minutes, once, start })
}

fn issue_pass(turn: &mut Turn<'_>, call: &Call, user: &str) -> Outcome {
    need(turn, access::METHOD_PASS)?;
    let user = find(turn.state(), user)?;
    let (id, guest) = (user.id, user.props.get("userType") == Some(&json!("Guest")));
    if guest {
        return Err(refusals::pass_for_guest());
    }
    if !turn.state().pass_policy.enabled {
        return Err(refusals::pass_disabled());
    }
    let none = Map::new();
    let body = if matches!(call.body, Body::Empty) { &none } else { object(call)? };
    let wish = wish(turn, body)?;
    let held = turn.state().methods.get(&id).cloned().unwrap_or_default();
    let is_pass = |method: &Method| method.sort == Sort::TemporaryAccessPass;
    let policy = turn.state().pass_policy.clone();
    // The pages of 2022 and later say that a valid pass is replaced; earlier ones and public
    // scripts quote a refusal. Whoever deletes first is right with both.
    if held.list.iter().any(|method| is_pass(method) && method.pass_state(turn.now, &policy).0) {
        return Err(refusals::pass_exists());
    }
    let value = pass_value(turn, policy.length);
    let made = methods::pass(turn.clock.uuid(), turn.now, wish.start, wish.minutes, wish.once);
    let mut view = methods::view(&made, turn.now, &policy);
    let hashed = Password::new(&value, turn.clock);
    let mut after = Value::Object(made.props.clone());
    let methods = turn.change().methods.entry(id).or_default();
    methods.list.retain(|method| !is_pass(method));
    methods.list.push(made);
    methods.pass = Some(hashed);
    after["type"] = json!(Sort::TemporaryAccessPass.name());
    after["id"] = view["id"].clone();
    after["temporaryAccessPass"] = json!("(set)");
    turn.felt("user.method.add", id, Value::Null, after);
    view["temporaryAccessPass"] = json!(value);
    let location = location(turn, id, &view);
    Ok(page::written(turn, 201, &METHOD, &view).with("Location", location))
}

fn location(turn: &Turn<'_>, user: Uuid, view: &Value) -> String {
    let method = view["id"].as_str().unwrap_or_default();
    format!("{}/v1.0/users/{user}/authentication/temporaryAccessPassMethods/{method}", turn.origin)
}

/// Letters, digits and signs, as Microsoft's own passes look.
fn pass_value(turn: &Turn<'_>, length: usize) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789!+?%";
    let mut chance = vec![0; length];
    turn.clock.fill(&mut chance);
    chance.iter().map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()])).collect()
}
