//! What changed since: `/users/delta` and `/groups/delta`.
//!
//! A link stands for the state as it was when it was given out; what is told is the
//! difference (learn.microsoft.com/graph/delta-query-overview, graph/api/user-delta).
//!
//! Not here: relationships (`manager`, `members`) in `$select`, which are refused; and the
//! replays and repetitions that Graph allows itself.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::{
    access,
    call::{Answer, Call},
    odata::{
        kinds::{GROUP, Kind, USER, Use},
        options::option,
    },
    refusals::{self, Outcome, Refusal},
    state::State,
    turn::Turn,
    views,
};

/// A page holds so many (learn.microsoft.com/answers, question 5875141).
const PAGE: usize = 200;
/// So long a token is good (learn.microsoft.com/graph/delta-query-overview, "Token duration").
const TOKEN_DAYS: i64 = 7;
/// So many objects can be named in `$filter` (learn.microsoft.com/graph/api/user-delta).
const FILTERED_MAX: usize = 50;
/// So many links are kept; older ones are answered 410.
const LINKS_MAX: usize = 512;

/// What was asked first; a link carries it along.
#[derive(Clone)]
struct Query {
    set: &'static str,
    /// Properties that are told; all when nothing was selected.
    select: Option<Vec<String>>,
    /// Only these objects.
    only: Option<BTreeSet<Uuid>>,
}

#[derive(Clone)]
enum Link {
    /// What changed since this state.
    Since(Arc<State>),
    /// More of an answer, and the state it was made of.
    More(Vec<Value>, Arc<State>),
}

/// The links that were given out.
#[derive(Default)]
pub(in super::super) struct Links {
    given: u64,
    kept: VecDeque<(u64, Timestamp, Query, Link)>,
}

impl Links {
    /// All tokens are answered 410 from now on.
    pub fn forget(&mut self) {
        self.kept.clear();
    }

    fn give(&mut self, now: Timestamp, query: Query, link: Link) -> String {
        self.given += 1;
        self.kept.push_back((self.given, now, query, link));
        while self.kept.len() > LINKS_MAX {
            self.kept.pop_front();
        }
        URL_SAFE_NO_PAD.encode(format!("delta:{}", self.given))
    }

    /// `Ok(None)`: it was given out once, and is forgotten.
    fn open(&self, token: &str, now: Timestamp) -> Result<Option<(Query, Link)>, Refusal> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let number = text.and_then(|text| text.strip_prefix("delta:")?.parse::<u64>().ok());
        let number = number.filter(|number| (1..=self.given).contains(number));
        let number = number.ok_or_else(refusals::delta_token_unreadable)?;
        let Some((_, at, query, link)) = self.kept.iter().find(|(given, ..)| *given == number)
        else {
            return Ok(None);
        };
        if now.duration_since(*at) > SignedDuration::from_hours(24 * TOKEN_DAYS) {
            return Err(refusals::delta_token_expired());
        }
        Ok(Some((query.clone(), link.clone())))
    }
}

pub(super) fn users(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::USER_READ)?;
    answer(turn, call, &USER)
}

pub(super) fn groups(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::GROUP_READ)?;
    answer(turn, call, &GROUP)
}

fn answer(turn: &mut Turn<'_>, call: &Call, kind: &'static Kind) -> Outcome {
    let state = turn.stale.clone().unwrap_or_else(|| Arc::clone(&turn.core.state));
    let token = option(call, "$deltatoken").or_else(|| option(call, "$skiptoken"));
    let (query, told, state) = match token {
        None | Some("") => {
            let query = first(call, kind)?;
            let told = changes(None, &state, &query, false);
            (query, told, state)
        }
        Some(latest) if latest.eq_ignore_ascii_case("latest") => {
            (first(call, kind)?, Vec::new(), state)
        }
        Some(token) => match turn.core.links.open(token, turn.now)? {
            None => return Ok(reset(turn, kind)),
            Some((query, _)) if query.set != kind.set => {
                return Err(refusals::delta_token_unreadable());
            }
            Some((query, Link::More(rest, state))) => (query, rest, state),
            Some((query, Link::Since(before))) => {
                let minimal = call.header("Prefer").is_some_and(|said| said == "return=minimal");
                let told = changes(Some(&before), &state, &query, minimal);
                (query, told, state)
            }
        },
    };
    Ok(page(turn, kind, query, told, state))
}

/// A full synchronisation is needed; the header says where it begins.
fn reset(turn: &Turn<'_>, kind: &Kind) -> Answer {
    let again = format!("{}/v1.0/{}/delta?$deltatoken=", turn.origin, kind.set);
    refusals::resync().answer(turn).with("Location", again)
}

fn page(
    turn: &mut Turn<'_>,
    kind: &Kind,
    query: Query,
    mut told: Vec<Value>,
    state: Arc<State>,
) -> Answer {
    let size = turn.core.conduct.delta_page.unwrap_or(PAGE).max(1);
    let rest = told.split_off(told.len().min(size));
    let (name, option, link) = if rest.is_empty() {
        ("@odata.deltaLink", "$deltatoken", Link::Since(state))
    } else {
        ("@odata.nextLink", "$skiptoken", Link::More(rest, state))
    };
    let token = turn.core.links.give(turn.now, query, link);
    let mut body = Map::new();
    let context = format!("{}/v1.0/$metadata#{}", turn.origin, kind.set);
    body.insert("@odata.context".into(), json!(context));
    let link = format!("{}/v1.0/{}/delta?{option}={token}", turn.origin, kind.set);
    body.insert(name.into(), json!(link));
    body.insert("value".into(), Value::Array(told));
    Answer::json(200, Value::Object(body))
}

/// The query of a first request. `$top` and `$expand` are left aside, not refused
/// (learn.microsoft.com/answers question 1090464; microsoft-graph-docs issue 6194).
fn first(call: &Call, kind: &'static Kind) -> Result<Query, Refusal> {
    // `$count`, `$search` and `$skip`: unconfirmed, refused as `$orderby` is.
    if ["$orderby", "$search", "$count", "$skip"].iter().any(|name| option(call, name).is_some()) {
        return Err(refusals::no_delta_query());
    }
    let select: Option<Vec<String>> = option(call, "$select").map(|list| {
        list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    });
    let mut untracked = Vec::new();
    for name in select.iter().flatten() {
        match kind.property(name) {
            Some(property) if property.usage == Use::Profile => untracked.push(name.as_str()),
            Some(_) => {}
            None if name == "signInActivity" => untracked.push(name.as_str()),
            None => return Err(refusals::unknown_property(name, kind.name)),
        }
    }
    if !untracked.is_empty() {
        return Err(refusals::not_tracked(&untracked));
    }
    let only = option(call, "$filter").map(filtered).transpose()?;
    Ok(Query { set: kind.set, select, only })
}

/// `id eq '…' or id eq '…'`; nothing else is taken.
fn filtered(text: &str) -> Result<BTreeSet<Uuid>, Refusal> {
    let one = |part: &str| {
        let id = part.trim().strip_prefix("id eq ")?.trim();
        Uuid::try_parse(id.strip_prefix('\'')?.strip_suffix('\'')?).ok()
    };
    let all: Option<BTreeSet<Uuid>> = text.split(" or ").map(one).collect();
    all.filter(|ids| ids.len() <= FILTERED_MAX).ok_or_else(refusals::no_delta_query)
}

/// What is told of everything that differs; of everything, when nothing was before.
fn changes(before: Option<&Arc<State>>, now: &State, query: &Query, minimal: bool) -> Vec<Value> {
    let (known, mut gone) = match before {
        Some(before) => (shown(before, query), deleted(before, query)),
        None => (BTreeMap::new(), BTreeSet::new()),
    };
    let present = shown(now, query);
    let still_deleted = deleted(now, query);
    let mut told = Vec::new();
    for (id, object) in &present {
        let old = known.get(id);
        if old == Some(object) {
            continue;
        }
        let mut item = Map::new();
        item.insert("id".into(), json!(id));
        for (name, value) in object {
            let was = old.and_then(|old| old.get(name));
            let changed = was != Some(value);
            // What never had a value is not in the answer at all.
            let ever = !value.is_null() || was.is_some_and(|was| !was.is_null());
            if ever && (changed || !minimal) {
                item.insert(name.clone(), value.clone());
            }
        }
        told.push(Value::Object(item));
    }
    gone.extend(known.keys());
    for id in gone.iter().filter(|id| !present.contains_key(id)) {
        let reason = match (still_deleted.contains(id), known.contains_key(id)) {
            (true, true) => "changed",
            (false, _) => "deleted",
            // It was among the deleted before, and still is.
            (true, false) => continue,
        };
        told.push(json!({ "id": id, "@removed": { "reason": reason } }));
    }
    told
}

/// Every object as it is told, by id.
fn shown(state: &State, query: &Query) -> BTreeMap<Uuid, Map<String, Value>> {
    let wanted = |id: &Uuid| query.only.as_ref().is_none_or(|only| only.contains(id));
    let all: Vec<(Uuid, Value)> = if query.set == USER.set {
        let users = state.users.values().filter(|user| wanted(&user.id));
        users.map(|user| (user.id, views::user(state, user))).collect()
    } else {
        let groups = state.groups.values().filter(|group| wanted(&group.id));
        groups.map(|group| (group.id, views::group(group))).collect()
    };
    let pick = |object: Value| {
        let Value::Object(members) = object else { return Map::new() };
        let told = |name: &str| match &query.select {
            Some(select) => select.iter().any(|wanted| wanted == name),
            None => true,
        };
        members.into_iter().filter(|(name, _)| name != "id" && told(name)).collect()
    };
    all.into_iter().map(|(id, object)| (id, pick(object))).collect()
}

/// What can be restored.
fn deleted(state: &State, query: &Query) -> BTreeSet<Uuid> {
    let all: BTreeSet<Uuid> = if query.set == USER.set {
        state.deleted.keys().copied().collect()
    } else {
        state.deleted_groups.keys().copied().collect()
    };
    let wanted = |id: &Uuid| query.only.as_ref().is_none_or(|only| only.contains(id));
    all.into_iter().filter(wanted).collect()
}
