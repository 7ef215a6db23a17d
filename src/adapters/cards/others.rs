//! All messages but the request card as sentences, before they have a face.

use serde_json::{Value, json};

use crate::{
    adapters::cards::{
        CardError, caller, card_form,
        clean::clean,
        facts, forms,
        gathered::gathered,
        request::{Fact, buttons, sheet as request},
        rows,
        say::Say,
        steps::page,
    },
    domain::{
        chat::Verb,
        message::{
            Button, Gone, HelpView, Message, QuestionView, SecretGoneView, SecretLinkView,
            SignInFor, SignInView, WaitingView,
        },
        proposal::WHICH_TENANT,
        trouble::Choice,
    },
};

/// A message in words, and its summary for the notification.
pub fn sheet(say: &Say<'_>, message: &Message) -> Result<(Value, String), CardError> {
    match message {
        Message::Request(view) => {
            let (sheet, summary) = request(say, view)?;
            Ok((json!(sheet), summary))
        }
        Message::Steps(view) => page(say, view),
        Message::Question(view) | Message::QuestionForm(view) => question(say, view),
        Message::CardForm(view) => card_form::sheet(say, view),
        Message::Asked(view) => card_form::asked(say, view),
        Message::CallerNumber(view) => caller::sheet(say, view),
        Message::Form(view) => forms::form(say, view),
        Message::Chooser(view) => forms::chooser(say, view),
        Message::Facts(view) => facts::facts(say, view, None),
        Message::Pages(view) => facts::facts(say, &view.facts, Some(view)),
        Message::SecretLink(view) => secret_link(say, view),
        Message::SignIn(view) => sign_in(say, view),
        Message::SecretGone(view) => secret_gone(say, view),
        Message::Sorry(view) => {
            let (what, hint) = say.reason(&view.reason)?;
            let summary = say.line("summary.sorry", &[("what", &what)])?;
            Ok((json!({ "sign": say.word("tone.warning")?, "what": what, "hint": hint }), summary))
        }
        Message::Note(note) => {
            let text = say.note("note", note)?;
            Ok((json!({ "text": text }), text))
        }
        Message::Help(view) => help(say, view),
        Message::Waiting(view) => waiting(say, view),
        Message::Rows(view) => rows::none_fits(say, view),
        Message::Gathered(view) => gathered(say, view),
    }
}

/// Labels of Slack's options end at 75 characters; longer ones are listed above them.
const OPTION_MAX: usize = 75;
/// Radio buttons end at 10 (docs.slack.dev, radio button element).
const RADIO_MAX: usize = 10;

fn question(say: &Say<'_>, view: &QuestionView) -> Result<(Value, String), CardError> {
    let number = view.number.to_string();
    let action = say.word(&format!("action.{}", view.action))?;
    let ask = serde_json::to_value(view.question.ask).expect("a question is plain data");
    let words = view.question.said.as_deref().map(|words| say.typed(words)).unwrap_or_default();
    let key = format!("question.{}", ask.as_str().unwrap_or_default());
    let asked = say.line(&key, &[("said", &words)])?;
    let title = say.line("line.request", &[("number", &number), ("action", &action)])?;
    // Some questions quote the words themselves.
    let said = match words.as_str() {
        "" => None,
        words if asked.contains(words) => None,
        words => Some(say.line("line.said", &[("said", words)])?),
    };
    let over = over(say, view)?;
    let open = over.is_none();
    // A question that nobody answered is not asked again, not even as history.
    let (asked, over) = match over {
        Some(over) if view.answered.is_none() => (over, None),
        over => (asked, over),
    };
    let choices = if open { choices(say, &view.question.choices)? } else { Vec::new() };
    let listed = choices.iter().any(|choice| choice["long"] == true);
    let radio = choices.len() <= RADIO_MAX;
    let button = |verb, style: &str| Button { verb, style: style.to_owned(), confirm: false };
    let wanted: Vec<Button> = match (open, choices.is_empty()) {
        (false, _) => Vec::new(),
        (true, true) => vec![button(Verb::Edit, "plain"), button(Verb::Cancel, "plain")],
        (true, false) if view.action == WHICH_TENANT => {
            vec![button(Verb::Pick, "primary"), button(Verb::Cancel, "plain")]
        }
        (true, false) => vec![
            button(Verb::Pick, "primary"),
            button(Verb::Edit, "plain"),
            button(Verb::Cancel, "plain"),
        ],
    };
    let about = [action.as_str(), "", &number];
    let choose = buttons(say, &[button(Verb::Choose, "primary")], &about)?.pop();
    let buttons = buttons(say, &wanted, &about)?;
    let tone = if open { "waiting" } else { "quiet" };
    let in_words = open && choices.is_empty();
    let sheet = json!({
        "sign": say.word(&format!("tone.{tone}"))?, "title": title, "asked": asked, "said": said,
        "choices": choices, "listed": listed, "radio": radio, "over": over,
        "in_words": in_words, "buttons": buttons, "choose": choose, "token": view.token,
        "action": action, "metadata": metadata(view).to_string(),
    });
    let summary = [("action", action.as_str()), ("question", &asked), ("number", &number)];
    Ok((sheet, say.line("summary.question", &summary)?))
}

/// What Slack hands back with a form: its button's values, and the message it came from.
fn metadata(view: &QuestionView) -> Value {
    let mut data = json!({
        "r": view.token.request, "n": view.token.nonce, "d": view.token.digest,
    });
    if let Some(card) = &view.of {
        data["channel"] = json!(card.place.conversation);
        data["ts"] = json!(card.message);
    }
    data
}

/// What became of a question that is only history.
fn over(say: &Say<'_>, view: &QuestionView) -> Result<Option<String>, CardError> {
    if let Some(answer) = &view.answered {
        let fields = [("label", say.typed(&answer.label)), ("detail", say.typed(&answer.detail))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        return say.line("line.answered", &fields).map(Some);
    }
    let Some(state) = &view.over else { return Ok(None) };
    let status = say.word(&format!("status.{state}"))?;
    say.line("line.over", &[("status", &status)]).map(Some)
}

fn choices(say: &Say<'_>, choices: &[Choice]) -> Result<Vec<Value>, CardError> {
    let mut made = Vec::with_capacity(choices.len());
    for (at, choice) in choices.iter().enumerate() {
        let (mut label, detail) = (say.typed(&choice.label), say.typed(&choice.detail));
        if label.is_empty() {
            label = say.typed(&choice.value);
        }
        let n = (at + 1).to_string();
        let fields = [("n", n.as_str()), ("label", &label), ("detail", &detail)];
        let long = label.chars().count() > OPTION_MAX - 4 || detail.chars().count() > OPTION_MAX;
        made.push(json!({
            "value": choice.value, "label": label, "detail": detail, "long": long,
            "one_line": say.line("line.choice", &fields)?,
            "numbered": say.line("line.numbered", &fields)?,
            "numbered_full": say.line("line.numbered_full", &fields)?,
        }));
    }
    Ok(made)
}

fn secret_link(say: &Say<'_>, view: &SecretLinkView) -> Result<(Value, String), CardError> {
    if !(view.link.starts_with("https://") || view.link.starts_with("http://")) {
        return Err(CardError::NotALink);
    }
    let number = view.number.to_string();
    let (name, upn) = (say.typed(&view.subject.name), clean(view.subject.upn.as_str()));
    let about = [("name", name.as_str()), ("upn", &upn), ("number", &number)];
    let sheet = json!({
        "title": say.word(&format!("secret.{}_title", view.what))?,
        "about": say.line(&format!("secret.{}_for", view.what), &about)?,
        "rules": say.line("secret.rules", &[("until", &say.when(view.until))])?,
        "after": say.word("secret.after")?,
        "button": say.word("button.open_link")?,
        "link": view.link,
    });
    Ok((sheet, say.line(&format!("summary.secret_{}", view.what), &[("number", &number)])?))
}

fn sign_in(say: &Say<'_>, view: &SignInView) -> Result<(Value, String), CardError> {
    if !(view.link.starts_with("https://") || view.link.starts_with("http://")) {
        return Err(CardError::NotALink);
    }
    let (key, about) = match &view.purpose {
        SignInFor::Link => ("link", say.word("sign_in.link_about")?),
        SignInFor::StepUp { number, actions, subjects } => {
            let fields = [
                ("number", number.to_string()),
                ("action", say.actions(actions)?),
                ("who", say.names(subjects, &[], 3)?),
            ];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            ("step_up", say.line("sign_in.step_up_about", &fields)?)
        }
    };
    let sheet = json!({
        "title": say.word(&format!("sign_in.{key}_title"))?,
        "about": about,
        "rules": say.line("sign_in.rules", &[("until", &say.when(view.until))])?,
        "after": say.word(&format!("sign_in.{key}_after"))?,
        "button": say.word("button.sign_in")?,
        "link": view.link,
    });
    Ok((sheet, say.word(&format!("summary.sign_in_{key}"))?))
}

fn secret_gone(say: &Say<'_>, view: &SecretGoneView) -> Result<(Value, String), CardError> {
    let (how, at, tone) = match view.gone {
        Gone::Opened { at } => ("opened", at, "good"),
        Gone::Expired { at } => ("expired", at, "warning"),
        Gone::Replaced { at } => ("replaced", at, "warning"),
    };
    let number = view.number.to_string();
    let (name, upn) = (say.typed(&view.subject.name), clean(view.subject.upn.as_str()));
    let about = [("name", name.as_str()), ("upn", &upn), ("number", &number)];
    let sheet = json!({
        "sign": say.word(&format!("tone.{tone}"))?,
        "title": say.word(&format!("secret.{}_{how}", view.what))?,
        "about": say.line(&format!("secret.{}_for", view.what), &about)?,
        "rules": say.line(&format!("secret.{how}"), &[("at", &say.when(at))])?,
        "after": say.line(&format!("secret.{}_again", view.what), &[("upn", &upn)])?,
    });
    Ok((sheet, say.line(&format!("summary.secret_{how}"), &[("number", &number)])?))
}

fn help(say: &Say<'_>, view: &HelpView) -> Result<(Value, String), CardError> {
    let mut actions = Vec::new();
    for (action, example) in &view.actions {
        let name = say.word(&format!("action.{action}"))?;
        actions.push(Fact { name, value: say.typed(example) });
    }
    let sheet = json!({
        "title": say.word("help.title")?, "examples": say.word("label.examples")?,
        "actions": actions, "rule": say.word("help.rule")?,
    });
    Ok((sheet, say.word("summary.help")?))
}

fn waiting(say: &Say<'_>, view: &WaitingView) -> Result<(Value, String), CardError> {
    let mut lines = Vec::new();
    for line in &view.requests {
        let fields = [
            ("number", line.number.to_string()),
            ("action", say.actions(&line.actions)?),
            ("who", say.names(&line.subjects, &line.objects, 1)?),
            ("status", say.word(&format!("status.{}", line.state))?),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        lines.push(say.line("line.waiting", &fields)?);
    }
    let all = view.requests.len() + view.more as usize;
    let count = if all == 0 { String::new() } else { all.to_string() };
    let none = if all == 0 { Some(say.word("waiting.none")?) } else { None };
    let sheet = json!({
        "title": say.word("waiting.title")?, "lines": lines, "none": none,
        "more": more(say, view.more)?,
    });
    Ok((sheet, say.line("summary.waiting", &[("count", &count)])?))
}

pub(super) fn more(say: &Say<'_>, count: u32) -> Result<Option<String>, CardError> {
    let said = || say.line("line.more", &[("count", &count.to_string())]);
    (count > 0).then(said).transpose()
}
