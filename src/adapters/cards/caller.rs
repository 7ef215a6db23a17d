//! The number that somebody reads out as sentences, before it has a face. It is in no
//! notification: those are read over a shoulder.

use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, request::buttons, say::Say},
    domain::message::CallerNumberView,
};

/// The number in words, and its summary.
pub fn sheet(say: &Say<'_>, view: &CallerNumberView) -> Result<(Value, String), CardError> {
    let (number, action) = (view.number.to_string(), say.actions(&view.actions)?);
    let by = say.person(&view.requester)?;
    let fields = [("number", number.as_str()), ("action", &action), ("who", &by)];
    let (key, tone) = match &view.digits {
        Some(_) => ("asks", "waiting"),
        None => (view.over.as_str(), if view.over == "recognised" { "good" } else { "quiet" }),
    };
    let about = [action.as_str(), "", &number];
    let until = [("until", &*say.when(view.until))];
    let shown = match &view.digits {
        Some(digits) => Some(json!({
            "digits": digits,
            "title": say.word("caller.title")?,
            "rules": say.line("caller.rules", &until)?,
        })),
        None => None,
    };
    let sheet = json!({
        "sign": say.word(&format!("tone.{tone}"))?,
        "title": say.line("line.request", &[("number", &number), ("action", &action)])?,
        "about": say.line(&format!("caller.{key}"), &fields)?,
        "shown": shown,
        "buttons": buttons(say, &view.buttons, &about)?, "token": view.token,
    });
    Ok((sheet, say.line(&format!("summary.caller_{key}"), &fields[..1])?))
}
