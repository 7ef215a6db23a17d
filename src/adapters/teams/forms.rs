//! Forms of actions in an activity: asked for by a button, a dialog or the message
//! extension, filled in, and searched while somebody types.
//!
//! What a button or dialog carries was in a client's hands and is only a claim; who and
//! where come from the service. Sources: Microsoft's pages “Dialogs”, “Action commands of
//! message extensions” and “Typeahead search in Adaptive Cards”.

use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};

use crate::{
    adapters::teams::{activity::Activity, words},
    domain::{
        chat::{
            ChatUser, FORM_CHOICE, FORM_FIND, FORM_OPEN, FORM_SEND, Filled, FilledOf, Wants, Words,
        },
        form::{
            Pick,
            given::{Answers, Given},
        },
        ids::Nonce,
    },
};

/// Answers that are read of one form, and characters of one of them.
const ANSWERS_MAX: usize = 200;
const ANSWER_CHARS_MAX: usize = 12_000;
/// What is typed into a picker.
const TYPED_CHARS_MAX: usize = 150;

/// How an invoke wants to be answered. Everything else is answered 200 with an empty body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// No answer: not an invoke.
    Nothing,
    /// `adaptiveCard/action`: a card, a line, or an error.
    Card,
    /// `task/fetch`, `task/submit`: a dialog.
    Dialog,
    /// `composeExtension/fetchTask`, `…/submitAction`: a dialog, within five seconds.
    Extension,
    /// `application/search`: what may be meant.
    Search,
    /// Another invoke: 501.
    Else,
}

impl Asks {
    /// By the activity's kind and name.
    pub fn of(activity: &Activity) -> Self {
        if activity.kind.as_deref() != Some("invoke") {
            return Self::Nothing;
        }
        match activity.name.as_deref() {
            Some("adaptiveCard/action") => Self::Card,
            Some("task/fetch" | "task/submit") => Self::Dialog,
            Some("composeExtension/fetchTask" | "composeExtension/submitAction") => Self::Extension,
            Some("application/search") => Self::Search,
            _ => Self::Else,
        }
    }
}

/// A form, as the data of a button or dialog says.
pub(super) enum Form {
    Wants(Wants),
    Filled(Filled),
}

/// What a dialog or the message extension asks for.
pub(super) fn dialog(activity: &Activity, tenant: &str) -> Option<Form> {
    let nothing = Value::Null;
    let value = activity.value.as_ref().unwrap_or(&nothing);
    let data = value.get("data").unwrap_or(&nothing);
    let verb = data.get("verb").and_then(Value::as_str).unwrap_or_default();
    if activity.name.as_deref() == Some("composeExtension/fetchTask") {
        let (words, mentions) = message(value, activity, tenant);
        return Some(Form::Wants(Wants { words, mentions, ..Wants::of(None) }));
    }
    read(verb, data)
}

/// What the data of a button with this verb asks for, if it is a form's.
pub(super) fn read(verb: &str, data: &Value) -> Option<Form> {
    match verb {
        FORM_OPEN => {
            let chosen = text(data, FORM_CHOICE).or_else(|| text(data, "a"));
            Some(Form::Wants(Wants::of(chosen)))
        }
        FORM_SEND => filled(data).map(Form::Filled),
        _ => None,
    }
}

fn filled(data: &Value) -> Option<Filled> {
    let actions: Vec<String> = match &data["a"] {
        Value::String(action) => vec![action.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let nonce = text(data, "f").map(Nonce::claimed).filter(|_| !actions.is_empty())?;
    let of = match (text(data, "r"), text(data, "n"), text(data, "d")) {
        (Some(request), Some(nonce), Some(digest)) => Some(FilledOf {
            request: request.parse().ok()?,
            nonce: Nonce::claimed(nonce),
            digest: digest.parse().ok()?,
        }),
        (None, None, None) => None,
        _ => return None,
    };
    Some(Filled { actions, answers: answers(data), of, nonce, window: None })
}

/// The inputs: their ids begin with the part's number and a dot.
fn answers(data: &Value) -> Answers {
    let none = Map::new();
    let inputs = data.as_object().unwrap_or(&none).iter();
    let own = inputs.filter(|(name, _)| {
        name.split_once('.').is_some_and(|(part, _)| part.parse::<u8>().is_ok())
    });
    let given = |(name, value): (&String, &Value)| {
        let text = match value {
            Value::String(text) => text.chars().take(ANSWER_CHARS_MAX).collect(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => return None,
        };
        Some((name.clone(), Given::One(text)))
    };
    own.take(ANSWERS_MAX).filter_map(given).collect()
}

/// The same form with the same answers of the same person is one delivery, however often
/// it is sent: each press of the button is an activity of its own.
pub(super) fn key(filled: &Filled, tenant: &str, from: &ChatUser) -> String {
    let text = serde_json::to_string(&(&filled.actions, &filled.answers)).unwrap_or_default();
    let print = hex::encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16]);
    let form: String = filled.nonce.as_str().chars().take(64).collect();
    format!("teams:{tenant}:filled:{form}:{}:{print}", from.id)
}

/// The words of the message that the extension was used on.
fn message(
    value: &Value,
    activity: &Activity,
    tenant: &str,
) -> (Option<Words>, Vec<crate::domain::chat::Mention>) {
    let Some(html) = value.pointer("/messagePayload/body/content").and_then(Value::as_str) else {
        return (None, Vec::new());
    };
    let html: String = html.chars().take(ANSWER_CHARS_MAX).collect();
    // Its mentions are listed another way than an activity's; people are read by name.
    let plain = Activity {
        text: Some(without_tags(&html)),
        recipient: None,
        entities: activity.entities.clone(),
        ..Activity::default()
    };
    let (words, mentions) = words::read(&plain, tenant);
    (Some(words).filter(|words| !words.0.is_empty()), mentions)
}

fn without_tags(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside = true;
                plain.push(' ');
            }
            '>' if inside => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// A search: what for, what was typed, and how many are wanted.
pub(super) fn search(activity: &Activity) -> Option<(Pick, Words, usize)> {
    let value = activity.value.as_ref()?;
    let dataset = text(value, "dataset")?;
    let (_, of) = dataset.split_once(':').filter(|(find, _)| *find == FORM_FIND)?;
    let typed: String =
        text(value, "queryText").unwrap_or_default().chars().take(TYPED_CHARS_MAX).collect();
    let top = value.pointer("/queryOptions/top").and_then(Value::as_u64).unwrap_or(15);
    Some((Pick::read(of)?, Words(typed), usize::try_from(top).unwrap_or(15).clamp(1, 15)))
}

fn text<'a>(data: &'a Value, member: &str) -> Option<&'a str> {
    data.get(member).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}
