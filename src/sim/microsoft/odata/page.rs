//! A list or one object, shaped as asked.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use super::{
    super::{
        call::{Answer, Call, encode},
        refusals::{self, Outcome, Refusal},
        turn::Turn,
    },
    evaluate,
    kinds::{Kind, Use},
    options::{Options, is_eventual},
};

pub(in super::super) use super::options::Expand;

/// How an object's neighbours are found: the object, and what to expand.
pub(in super::super) type Expander<'a> = &'a dyn Fn(&Value, &str) -> Value;

/// For kinds without anything to expand.
pub(in super::super) fn nothing(_: &Value, _: &str) -> Value {
    Value::Null
}

/// One object, with 200.
pub(in super::super) fn one(
    turn: &Turn<'_>,
    call: &Call,
    kind: &Kind,
    object: &Value,
    expander: Expander<'_>,
) -> Outcome {
    let options = Options::read(call, kind)?;
    let mut shaped = Map::new();
    let selected = options.select.as_ref().map(|names| format!("({})", names.join(",")));
    let context = format!(
        "{}/v1.0/$metadata#{}{}/$entity",
        turn.origin,
        kind.set,
        selected.unwrap_or_default()
    );
    shaped.insert("@odata.context".into(), json!(context));
    shaped.extend(shape(object, kind, &options, expander));
    Ok(Answer::json(200, Value::Object(shaped)))
}

/// A new or changed object as a write answers it: the default properties.
pub(in super::super) fn written(
    turn: &Turn<'_>,
    status: u16,
    kind: &Kind,
    object: &Value,
) -> Answer {
    let mut shaped = Map::new();
    let context = format!("{}/v1.0/$metadata#{}/$entity", turn.origin, kind.set);
    shaped.insert("@odata.context".into(), json!(context));
    shaped.extend(pick(object, None, kind));
    Answer::json(status, Value::Object(shaped))
}

/// A page of a list, with `@odata.nextLink` while there is more.
pub(in super::super) fn list(
    turn: &Turn<'_>,
    call: &Call,
    kind: &Kind,
    objects: Vec<Value>,
    expander: Expander<'_>,
) -> Outcome {
    let options = Options::read(call, kind)?;
    let profile =
        |name: &String| kind.property(name).is_some_and(|property| property.usage == Use::Profile);
    if options.select.iter().flatten().any(profile) {
        return Err(refusals::profile_in_list());
    }
    let mut found = chosen(objects, &options);
    if let Some((name, descending)) = &options.orderby {
        let key = |object: &Value| object[name].as_str().unwrap_or_default().to_lowercase();
        found.sort_by_key(key);
        if *descending {
            found.reverse();
        }
    }
    let total = found.len();
    let from = match &options.skiptoken {
        Some(token) => opened(token, call)?,
        None => 0,
    };
    let page = found.iter().skip(from).take(options.top);
    let page: Vec<Value> =
        page.map(|object| Value::Object(shape(object, kind, &options, expander))).collect();
    let mut body = Map::new();
    let selected = options.select.as_ref().map(|names| format!("({})", names.join(",")));
    let context =
        format!("{}/v1.0/$metadata#{}{}", turn.origin, kind.set, selected.unwrap_or_default());
    body.insert("@odata.context".into(), json!(context));
    if options.count {
        body.insert("@odata.count".into(), json!(total));
    }
    if from + page.len() < total {
        let link = next_link(turn, call, from + page.len());
        body.insert("@odata.nextLink".into(), json!(link));
    }
    body.insert("value".into(), Value::Array(page));
    Ok(Answer::json(200, Value::Object(body)))
}

/// `…/$count`: a bare number, only with the header.
pub(in super::super) fn count(call: &Call, kind: &Kind, objects: Vec<Value>) -> Outcome {
    if !is_eventual(call) {
        return Err(refusals::count_needs_eventual());
    }
    let options = Options::read(call, kind)?;
    Ok(Answer::json(200, json!(chosen(objects, &options).len())))
}

fn chosen(mut objects: Vec<Value>, options: &Options) -> Vec<Value> {
    objects.retain(|object| {
        options.filter.as_ref().is_none_or(|expr| evaluate::fits(expr, object, None))
            && options.search.as_ref().is_none_or(|search| search.fits(object))
    });
    objects
}

fn shape(
    object: &Value,
    kind: &Kind,
    options: &Options,
    expander: Expander<'_>,
) -> Map<String, Value> {
    let mut shaped = pick(object, options.select.as_deref(), kind);
    for Expand { name, select } in &options.expand {
        let neighbour = match (expander(object, name), select) {
            (Value::Object(found), Some(names)) => Value::Object(only(&found, names)),
            (Value::Array(found), Some(names)) => found
                .iter()
                .filter_map(Value::as_object)
                .map(|found| Value::Object(only(found, names)))
                .collect(),
            (found, _) => found,
        };
        // A user without a manager has no member of that name.
        if !neighbour.is_null() {
            shaped.insert(name.clone(), neighbour);
        }
    }
    shaped
}

fn only(object: &Map<String, Value>, names: &[String]) -> Map<String, Value> {
    let wanted = |name: &String| name.starts_with('@') || names.contains(name);
    object.iter().filter(|(name, _)| wanted(name)).map(|(k, v)| (k.clone(), v.clone())).collect()
}

fn pick(object: &Value, select: Option<&[String]>, kind: &Kind) -> Map<String, Value> {
    let mut shaped = Map::new();
    let Some(object) = object.as_object() else { return shaped };
    for (name, value) in object {
        let wanted = match select {
            _ if name.starts_with('@') => true,
            Some(names) => names.iter().any(|wanted| wanted.split('/').next() == Some(name)),
            None => kind.defaults.is_empty() || kind.defaults.contains(&name.as_str()),
        };
        if wanted {
            shaped.insert(name.clone(), value.clone());
        }
    }
    shaped
}

/// The token holds where the next page begins, and which query it belongs to.
fn next_link(turn: &Turn<'_>, call: &Call, from: usize) -> String {
    let token = URL_SAFE_NO_PAD.encode(format!("{from}:{}", fingerprint(call)));
    let mut pairs: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"))
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.push(format!("$skiptoken={token}"));
    let path: Vec<String> = call.path.iter().map(|segment| encode(segment)).collect();
    format!("{}/v1.0/{}?{}", turn.origin, path.join("/"), pairs.join("&"))
}

fn opened(token: &str, call: &Call) -> Result<usize, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| refusals::expired_page())?;
    let text = String::from_utf8(bytes).map_err(|_| refusals::expired_page())?;
    let (from, query) = text.split_once(':').ok_or_else(refusals::expired_page)?;
    if query != fingerprint(call) {
        return Err(refusals::expired_page());
    }
    from.parse().map_err(|_| refusals::expired_page())
}

fn fingerprint(call: &Call) -> String {
    let rest: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let text = format!("{}?{}", call.path.join("/"), rest.join("&"));
    hex::encode(&digest(&SHA256, text.as_bytes()).as_ref()[..8])
}
