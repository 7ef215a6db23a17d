//! A form that belongs to a request's card as sentences, before it has a face.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, say::Say},
    domain::{
        chat::{CardRef, TICKS, Verb},
        message::{ButtonToken, CardAsks, CardFormView, Tick},
    },
};

/// One step to be unticked.
#[derive(Debug, Serialize)]
struct TickSheet {
    value: String,
    title: String,
    detail: String,
}

/// The form in words, and its summary.
pub fn sheet(say: &Say<'_>, view: &CardFormView) -> Result<(Value, String), CardError> {
    let (number, action) = (view.number.to_string(), say.actions(&view.actions)?);
    let title = say.line("line.request", &[("number", &number), ("action", &action)])?;
    let CardFormView { token, of, .. } = view;
    let mut sheet = json!({
        "title": title, "carried": carried(token), "metadata": metadata(token, of).to_string(),
        "ticks_id": TICKS, "ticks": [],
    });
    let (verb, asked) = match &view.asks {
        CardAsks::Steps(steps) => {
            let ticks: Result<Vec<_>, _> = steps.iter().map(|step| tick(say, step)).collect();
            sheet["ticks"] = json!(ticks?);
            sheet["label"] = say.word("form.steps")?.into();
            sheet["label_more"] = say.word("form.steps_more")?.into();
            (Verb::LeaveOut, "leave_out")
        }
    };
    sheet["verb"] = verb.as_str().into();
    sheet["lines"] = json!([say.word(&format!("form.{asked}"))?]);
    sheet["send"] = say.word(&format!("button.{asked}"))?.into();
    let summary = say.line("summary.card_form", &[("number", &number), ("action", &action)])?;
    Ok((sheet, summary))
}

fn tick(say: &Say<'_>, tick: &Tick) -> Result<TickSheet, CardError> {
    let what = say.texts.say(&format!("change.{}", tick.kind), &say.fields(&tick.names)?)?;
    let number = tick.step.to_string();
    let needs: Vec<String> = tick.needs.iter().map(ToString::to_string).collect();
    let detail = if needs.is_empty() {
        String::new()
    } else {
        say.line("line.goes_with", &[("steps", &needs.join(", "))])?
    };
    let title = say.line("line.step", &[("number", &number), ("what", &what)])?;
    Ok(TickSheet { value: number, title, detail })
}

fn carried(token: &ButtonToken) -> Value {
    json!({ "r": token.request, "n": token.nonce, "d": token.digest })
}

/// What Slack hands back with a form: the button's values, and the message it came from.
pub(super) fn metadata(token: &ButtonToken, of: &CardRef) -> Value {
    let mut data = carried(token);
    data["channel"] = json!(of.place.conversation);
    data["ts"] = json!(of.message);
    if let Some(thread) = &of.place.thread {
        data["thread"] = json!(thread);
    }
    data
}
