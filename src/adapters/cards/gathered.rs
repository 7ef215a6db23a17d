//! Requests to sign that have no card of their own yet, as a list with a button each.

use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, others::more, request::buttons, say::Say},
    domain::{
        chat::Verb,
        message::{Button, GatheredView},
    },
};

/// The list in words, and its summary for the notification.
pub(super) fn gathered(say: &Say<'_>, view: &GatheredView) -> Result<(Value, String), CardError> {
    let wanted: Vec<Button> = view
        .requests
        .iter()
        .map(|_| Button { verb: Verb::Open, style: "plain".to_owned(), confirm: false })
        .collect();
    let made = buttons(say, &wanted, &["", "", ""])?;
    let mut lines = Vec::new();
    for (line, button) in view.requests.iter().zip(made) {
        let number = line.of.number.to_string();
        let risk = serde_json::to_value(line.risk).unwrap_or_default();
        let risk = risk.as_str().map(|risk| say.word(&format!("risk.{risk}"))).transpose()?;
        let fields = [
            ("number", number.clone()),
            ("action", say.actions(&line.of.actions)?),
            ("who", say.names(&line.of.subjects, &line.of.objects, 1)?),
            ("by", say.names(std::slice::from_ref(&line.requester), &[], 1)?),
            ("risk", risk.unwrap_or_default()),
            ("until", say.when(line.until)),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let mut button = json!(button);
        let word = button["text"].as_str().unwrap_or_default().to_owned();
        let named = [("button", word.as_str()), ("number", number.as_str())];
        button["text"] = say.line("gathered.open", &named)?.into();
        let text = say.line("gathered.line", &fields)?;
        lines.push(json!({ "text": text, "button": button, "token": line.token }));
    }
    let all = view.requests.len() + view.more as usize;
    let tone = if all == 0 { "quiet" } else { "waiting" };
    let count = if all == 0 { String::new() } else { all.to_string() };
    let how = if all == 0 { None } else { Some(say.word("gathered.how")?) };
    let sheet = json!({
        "sign": say.word(&format!("tone.{tone}"))?, "tone": tone, "how": how, "lines": lines,
        "title": say.line("gathered.title", &[("count", &count)])?,
        "more": more(say, view.more)?,
    });
    Ok((sheet, say.line("summary.gathered", &[("count", &count)])?))
}
