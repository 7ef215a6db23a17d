//! The tenant at the head of everything that is said about it, where there are several.
//!
//! It is put there by whoever draws, so that no card and no form can forget it.

use serde_json::{Value, json};

use crate::{
    adapters::cards::{CardError, clean, escape, fit, say::Say},
    domain::{
        chat::{Drawn, Face},
        message::Message,
        proposal::WHICH_TENANT,
    },
};

/// What is about no tenant yet: the question which one is meant.
pub fn is_of_none(message: &Message) -> bool {
    match message {
        Message::Question(view) | Message::QuestionForm(view) => view.action == WHICH_TENANT,
        _ => false,
    }
}

/// The same card, with the tenant said first and in its notification.
pub fn said(
    say: &Say<'_>,
    face: Face,
    tenant: &str,
    Drawn { mut body, summary }: Drawn,
) -> Result<Drawn, CardError> {
    let name = clean::clean(tenant);
    let line = say.line("line.tenant", &[("tenant", &name)])?;
    match face {
        Face::Plain => {
            body = Value::String(format!("{line}\n{}", body.as_str().unwrap_or_default()));
        }
        Face::Teams => first(
            &mut body["body"],
            json!({ "type": "TextBlock", "wrap": true, "text": escape::md(&line), "size": "Small",
                "weight": "Bolder" }),
        ),
        Face::Slack => {
            let blocks = match body.get_mut("view") {
                Some(view) => &mut view["blocks"],
                None => &mut body["blocks"],
            };
            let text =
                json!({ "type": "plain_text", "text": escape::plain(&line), "emoji": false });
            first(blocks, json!({ "type": "context", "elements": [text] }));
        }
    }
    // Slack reads mark-up in a message's `text` as well.
    let name = if face == Face::Slack { escape::mrkdwn(&name) } else { name };
    let fields = [("tenant", name.as_str()), ("summary", &summary)];
    let summary = clean::clip(&say.line("summary.tenant", &fields)?, fit::SUMMARY_MAX);
    Ok(Drawn { body, summary })
}

fn first(list: &mut Value, one: Value) {
    if let Some(list) = list.as_array_mut() {
        list.insert(0, one);
    }
}
