//! `$batch`: up to twenty requests in one (learn.microsoft.com/graph/json-batching).

use std::{collections::HashMap, sync::Arc};

use serde_json::{Map, Value, json};

use super::{
    super::{
        call::{Answer, Body, Call},
        faults::{FaultKind, Place},
        refusals::{self, Outcome, Refusal},
        turn::Turn,
    },
    answer, object,
};

/// The most requests in one batch.
const ITEMS_MAX: usize = 20;

struct Item {
    id: String,
    method: String,
    address: String,
    headers: Vec<(String, String)>,
    body: Body,
    after: Vec<String>,
}

pub(super) fn run(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let items = object(call)?.get("requests").and_then(Value::as_array);
    let items = items.ok_or_else(|| refusals::bad_batch("Invalid batch payload format."))?;
    if items.is_empty() {
        return Err(refusals::bad_batch("Invalid batch payload format."));
    }
    if items.len() > ITEMS_MAX {
        return Err(refusals::batch_too_long());
    }
    let items = items.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    check_ids(&items)?;
    let mut statuses: HashMap<String, u16> = HashMap::new();
    let mut responses = Vec::new();
    for item in &items {
        let failed = |id: &String| statuses.get(&id.to_lowercase()).is_none_or(|s| *s >= 400);
        let answered = if item.after.iter().any(failed) {
            Some(refusals::dependency_failed().answer(turn))
        } else {
            run_item(turn, item)
        };
        // A missing answer still happened, for those that depend on it.
        let status = answered.as_ref().map_or(200, |answer| answer.status);
        statuses.insert(item.id.to_lowercase(), status);
        responses.extend(answered.map(|answer| response(turn, &item.id, answer)));
    }
    // The order of answers is not the order of requests; clients must look at the ids.
    responses.reverse();
    Ok(Answer::json(200, json!({ "responses": responses })))
}

/// One answer; nothing when a fault takes it away.
fn run_item(turn: &mut Turn<'_>, item: &Item) -> Option<Answer> {
    let path = item.address.split('?').next().unwrap_or_default();
    let full = format!("/v1.0/{}", path.trim_start_matches('/'));
    let verdict = turn.core.faults.decide(&item.method, &full, Place::Item);
    turn.latency_ms = turn.latency_ms.saturating_add(verdict.latency_ms);
    if let Some(FaultKind::Status { status, retry_after, after_effect: false }) = verdict.strike {
        return Some(refusals::on_command(status, retry_after.0).answer(turn));
    }
    let outer = turn.stale.clone();
    if let Some(ms) = verdict.stale_ms {
        let then = turn.now - jiff::SignedDuration::from_millis(ms);
        turn.stale = turn.core.as_of(then).or_else(|| Some(Arc::clone(&turn.core.state)));
    }
    if item.method != "GET" {
        turn.stale = None;
    }
    // An item that names itself is known by that name.
    let own = item.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("client-request-id"));
    let of_batch = turn.client_request_id.clone();
    if let Some((_, id)) = own {
        turn.client_request_id.clone_from(id);
    }
    let call = Call::new(&item.method, &item.address, item.headers.clone(), item.body.clone());
    let answered = if call.path.iter().any(|segment| segment == "$batch") {
        refusals::bad_batch("A batch cannot hold a batch.").answer(turn)
    } else {
        answer(turn, &call)
    };
    turn.client_request_id = of_batch;
    turn.stale = outer;
    match verdict.strike {
        Some(FaultKind::MissingItem) => None,
        Some(FaultKind::Status { status, retry_after, .. }) => {
            Some(refusals::on_command(status, retry_after.0).answer(turn))
        }
        _ => Some(answered),
    }
}

fn response(turn: &Turn<'_>, id: &str, answer: Answer) -> Value {
    let mut headers = Map::new();
    headers.insert("request-id".into(), json!(turn.request_id));
    for (name, value) in answer.headers {
        headers.insert(name, json!(value));
    }
    let mut response = json!({ "id": id, "status": answer.status });
    if let Some(body) = answer.body {
        headers.insert("Content-Type".into(), json!("application/json"));
        response["body"] = body;
    }
    response["headers"] = Value::Object(headers);
    response
}

fn item(value: &Value) -> Result<Item, Refusal> {
    let text = |name: &str| value[name].as_str().filter(|text| !text.is_empty());
    let id = text("id").ok_or_else(|| refusals::bad_batch("Request id is missing."))?;
    let method = text("method").ok_or_else(|| refusals::bad_batch("Request method is missing."))?;
    let address = text("url").ok_or_else(|| refusals::bad_batch("Request url is missing."))?;
    let bare = address.trim_start_matches('/');
    if address.contains("://") || bare.starts_with("v1.0/") || bare.starts_with("beta/") {
        return Err(refusals::bad_batch("Request url must be relative, without a version."));
    }
    let headers: Vec<(String, String)> = value["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let body = match &value["body"] {
        Value::Null => Body::Empty,
        body => Body::Json(body.clone()),
    };
    let typed = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if matches!(body, Body::Json(_)) && !typed {
        return Err(refusals::batch_needs_content_type(id));
    }
    let after = value["dependsOn"].as_array().into_iter().flatten();
    let after = after.filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(Item {
        id: id.to_owned(),
        method: method.to_ascii_uppercase(),
        address: address.to_owned(),
        headers,
        body,
        after,
    })
}

fn check_ids(items: &[Item]) -> Result<(), Refusal> {
    let mut seen: Vec<String> = Vec::new();
    for item in items {
        let folded = item.id.to_lowercase();
        if seen.contains(&folded) {
            return Err(refusals::bad_batch(format!("Duplicate request id '{}'.", item.id)));
        }
        let earlier = |id: &String| seen.contains(&id.to_lowercase());
        if !item.after.iter().all(earlier) {
            return Err(refusals::bad_batch(format!(
                "Request '{}' depends on a request that does not stand before it.",
                item.id
            )));
        }
        seen.push(folded);
    }
    Ok(())
}
