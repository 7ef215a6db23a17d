//! A form as sentences and inputs, before it has a face.

use jiff::civil;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, clean::clip, say::Say},
    domain::{
        chat::{FORM_FIND, FORM_OPEN, FORM_SEND, Place},
        form::{
            AT, Sort, Why,
            given::{Given, TIME, TYPED},
            view::{ChooserView, FieldView, FormView, PartView, Shape},
        },
        trouble::Choice,
    },
};

/// A label of Slack's selects and of our inputs ends here.
const LABEL_MAX: usize = 75;
/// A hint below an input.
const HINT_MAX: usize = 300;

/// One input in words.
#[derive(Debug, Serialize)]
struct Input {
    key: String,
    kind: &'static str,
    label: String,
    hint: Option<String>,
    required: bool,
    many: bool,
    long: bool,
    most: Option<i64>,
    least: Option<i64>,
    /// What is filled in, as one text.
    value: Option<String>,
    /// The same as single values.
    values: Vec<String>,
    options: Vec<Offered>,
    picked: Vec<Offered>,
    /// Slack's action id and Teams' data set of a search.
    find: String,
    time_key: String,
    time: Option<String>,
    typed_key: String,
    wrong: Option<String>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, Serialize)]
struct Offered {
    value: String,
    label: String,
    detail: String,
    chosen: bool,
}

/// A form in words, and its summary.
pub fn form(say: &Say<'_>, view: &FormView) -> Result<(Value, String), CardError> {
    let ids: Vec<String> = view.parts.iter().map(|part| part.action.clone()).collect();
    let action = say.actions(&ids)?;
    let several = view.parts.len() > 1;
    let parts: Result<Vec<Value>, CardError> =
        view.parts.iter().map(|p| part(say, p, several)).collect();
    let rule = match &view.of {
        Some((number, _)) => say.line("form.replaces", &[("number", &number.to_string())])?,
        None => say.word("form.rule")?,
    };
    let wrong: Result<Vec<String>, CardError> =
        view.wrong.iter().map(|complaint| why(say, &complaint.why)).collect();
    let title = match &view.of {
        Some((number, _)) => {
            let fields = [("number", number.to_string()), ("action", action.clone())];
            say.line("line.request", &fields.each_ref().map(|(n, v)| (*n, v.as_str())))?
        }
        None => action.clone(),
    };
    let mut carried = json!({ "a": ids, "f": view.nonce });
    if let Some((_, token)) = &view.of {
        carried["r"] = json!(token.request);
        carried["n"] = json!(token.nonce);
        carried["d"] = json!(token.digest);
    }
    let mut metadata = carried.clone();
    put_place(&mut metadata, view.place.as_ref());
    let sheet = json!({
        "action": action, "title": title, "rule": rule, "wrong": wrong?, "parts": parts?,
        "sign": say.word("tone.warning")?, "window": view.shape == Shape::Window,
        "edits": view.of.is_some(), "carried": carried, "metadata": metadata.to_string(),
        "verb": FORM_SEND, "open": FORM_OPEN, "first": ids.first(),
    });
    Ok((sheet, say.line("summary.form", &[("action", &action)])?))
}

/// Where Slack's window was opened; Teams says it by itself.
fn put_place(metadata: &mut Value, place: Option<&Place>) {
    if let Some(place) = place {
        metadata["channel"] = json!(place.conversation);
        if let Some(thread) = &place.thread {
            metadata["thread"] = json!(thread);
        }
    }
}

fn part(say: &Say<'_>, part: &PartView, several: bool) -> Result<Value, CardError> {
    let inputs: Result<Vec<Input>, CardError> =
        part.fields.iter().map(|field| input(say, field)).collect();
    let heading = several.then(|| say.word(&format!("action.{}", part.action))).transpose()?;
    Ok(json!({ "heading": heading, "inputs": inputs? }))
}

fn input(say: &Say<'_>, view: &FieldView) -> Result<Input, CardError> {
    let field = &view.field;
    let (label, hint) = if field.name == AT && field.question.is_empty() {
        (say.word("form.at")?, Some(say.word("form.at_hint")?))
    } else {
        (say.typed(&field.question), field.hint.as_deref().map(|hint| say.typed(hint)))
    };
    let (kind, most, least, long) = match &field.sort {
        Sort::Text { most, long } => ("text", Some(i64::from(*most)), None, *long || field.many),
        Sort::Toggle => ("toggle", None, None, false),
        Sort::Choice { .. } => ("choice", None, None, false),
        Sort::Whole { least, most } => ("whole", *most, *least, false),
        Sort::Number => ("number", None, None, false),
        Sort::Date => ("date", None, None, false),
        Sort::DateTime => ("datetime", None, None, false),
        Sort::Pick { pick } if pick.is_searched() => ("pick", None, None, false),
        Sort::Pick { .. } => ("text", Some(256), None, field.many),
        Sort::Pairs | Sort::Json => ("text", Some(3000), None, true),
    };
    let find = match &field.sort {
        Sort::Pick { pick } => format!("{FORM_FIND}:{}", pick.as_str()),
        _ => String::new(),
    };
    let given = view.given.as_ref().or(field.preset.as_ref());
    let values: Vec<String> = match given {
        Some(Given::One(text)) if !field.many => vec![text.clone()],
        Some(given) => given.texts(',').into_iter().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    let value = given.map(|given| match given {
        Given::One(text) => text.clone(),
        Given::Many(all) => all.join(if kind == "text" { "\n" } else { "," }),
    });
    let value = value.filter(|value| !value.is_empty() && may_stand(&field.sort, value));
    let options = options(say, &field.sort, &values);
    Ok(Input {
        key: view.key.clone(),
        kind,
        label: clip(&label, LABEL_MAX),
        hint: hint.map(|hint| clip(&hint, HINT_MAX)),
        required: field.required,
        many: field.many,
        long,
        most,
        least,
        picked: picked(say, &view.named, &values),
        value,
        values,
        options,
        find,
        time_key: format!("{}{TIME}", view.key),
        time: view.time.clone().filter(|time| time.parse::<civil::Time>().is_ok()),
        typed_key: format!("{}{TYPED}", view.key),
        wrong: view.wrong.as_ref().map(|complaint| why(say, &complaint.why)).transpose()?,
    })
}

/// Would an input of this sort take the text? What it would not take is only complained about.
fn may_stand(sort: &Sort, text: &str) -> bool {
    match sort {
        Sort::Whole { .. } => text.parse::<i64>().is_ok(),
        Sort::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        Sort::Date | Sort::DateTime => text.parse::<civil::Date>().is_ok(),
        _ => true,
    }
}

fn options(say: &Say<'_>, sort: &Sort, values: &[String]) -> Vec<Offered> {
    let Sort::Choice { options } = sort else { return Vec::new() };
    let offered = |(value, label): &(String, String)| Offered {
        value: value.clone(),
        label: clip(&say.typed(label), LABEL_MAX),
        detail: String::new(),
        chosen: values.contains(value),
    };
    options.iter().map(offered).collect()
}

/// What was picked, by name where it is known; a value alone stands for itself.
fn picked(say: &Say<'_>, named: &[Choice], values: &[String]) -> Vec<Offered> {
    let offered = |value: &String| {
        let known = named.iter().find(|choice| choice.value == *value);
        let label = known.map_or(value.as_str(), |choice| choice.label.as_str());
        let detail = known.map_or("", |choice| choice.detail.as_str());
        Offered {
            value: value.clone(),
            label: clip(&say.typed(label), LABEL_MAX),
            detail: clip(&say.typed(detail), LABEL_MAX),
            chosen: true,
        }
    };
    values.iter().filter(|value| !value.is_empty()).map(offered).collect()
}

/// What is wrong, in one line.
pub(super) fn why(say: &Say<'_>, why: &Why) -> Result<String, CardError> {
    match why {
        Why::Answer(note) => say.note("note", note),
        Why::Reason(reason) => {
            let (what, hint) = say.reason(reason)?;
            say.line("line.why", &[("what", &what), ("hint", &hint)])
        }
    }
}

/// All forms there are, to choose one.
pub fn chooser(say: &Say<'_>, view: &ChooserView) -> Result<(Value, String), CardError> {
    let mut groups = Vec::new();
    for (area, ids) in &view.actions {
        let mut actions = Vec::new();
        for id in ids {
            let label = say.word(&format!("action.{id}"))?;
            actions.push(json!({ "value": id, "label": clip(&label, LABEL_MAX) }));
        }
        let area = say.word(&format!("area.{area}"))?;
        groups.push(json!({ "label": clip(&area, LABEL_MAX), "actions": actions }));
    }
    let mut metadata = json!({});
    put_place(&mut metadata, view.place.as_ref());
    let sheet = json!({
        "title": say.word("form.choose")?, "rule": say.word("form.rule")?, "groups": groups,
        "none": say.word("form.none")?, "window": view.shape == Shape::Window,
        "metadata": metadata.to_string(), "open": FORM_OPEN,
    });
    Ok((sheet, say.word("summary.chooser")?))
}
