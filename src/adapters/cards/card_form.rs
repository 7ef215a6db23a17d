//! A form that belongs to a request's card as sentences, before it has a face.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, clean::clip, say::Say},
    domain::{
        chat::{CardRef, Platform, TICKS, Verb},
        message::{AskedView, ButtonToken, CardAsks, CardFormView, Tick},
        talk::REMARK_CHARS_MAX,
    },
};

/// A name that is mentioned ends here.
const NAME_MAX: usize = 60;

/// A number that is typed has at most so many characters, spaces among them.
const DIGITS_MAX: usize = 12;

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
        "ticks_id": TICKS, "ticks": [], "words": null, "most": REMARK_CHARS_MAX,
        "short": false,
    });
    let mut lines = Vec::new();
    let (verb, asked) = match &view.asks {
        CardAsks::Steps(steps) => {
            let ticks: Result<Vec<_>, _> = steps.iter().map(|step| tick(say, step)).collect();
            sheet["ticks"] = json!(ticks?);
            sheet["label"] = say.word("form.steps")?.into();
            sheet["label_more"] = say.word("form.steps_more")?.into();
            (Verb::LeaveOut, "leave_out")
        }
        CardAsks::Question { typed } => {
            sheet["words"] = json!({ "label": say.word("form.question")?, "value": typed });
            (Verb::SendQuestion, "send_question")
        }
        CardAsks::Answer { by, words } => {
            let fields = [("who", say.person(by)?), ("words", say.typed(words))];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            lines.push(say.line("line.asks", &fields)?);
            sheet["words"] = json!({ "label": say.word("form.answer")?, "value": "" });
            (Verb::SendAnswer, "send_answer")
        }
        CardAsks::Number { of, left } => {
            let fields = [("who", say.person(of)?), ("left", left.to_string())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            lines.push(say.line("caller.enter", &fields)?);
            sheet["words"] = json!({ "label": say.word("form.number")?, "value": "" });
            (sheet["short"], sheet["most"]) = (true.into(), DIGITS_MAX.into());
            (Verb::SendNumber, "send_number")
        }
    };
    lines.push(say.word(&format!("form.{asked}"))?);
    sheet["verb"] = verb.as_str().into();
    sheet["lines"] = json!(lines);
    sheet["send"] = say.word(&format!("button.{asked}"))?.into();
    let summary = say.line("summary.card_form", &[("number", &number), ("action", &action)])?;
    Ok((sheet, summary))
}

/// A question to whoever asked, in words, and its summary. Whom it mentions is an id that
/// the service gave; what looks like none is not mentioned.
pub fn asked(say: &Say<'_>, view: &AskedView) -> Result<(Value, String), CardError> {
    let (number, action) = (view.number.to_string(), say.actions(&view.actions)?);
    let name = clip(&say.typed(&view.name), NAME_MAX);
    let id = view.to.address.as_ref().unwrap_or(&view.to.id);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
    let named = !id.is_empty() && id.chars().all(plain) && !name.is_empty();
    let slack = view.to.platform == Platform::Slack;
    let fields = [("who", say.person(&view.by)?), ("words", say.typed(&view.words))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let sheet = json!({
        "title": say.line("line.request", &[("number", &number), ("action", &action)])?,
        "asks": say.line("line.asks", &fields)?, "how": say.word("line.how_to_answer")?,
        "to": named.then_some(id), "name": name, "slack": slack,
    });
    Ok((
        sheet,
        say.line("summary.asked", &[("number", &number), ("who", &say.typed(&view.by.name))])?,
    ))
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
