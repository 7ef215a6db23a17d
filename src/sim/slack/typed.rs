//! What a person types, as Slack sends it on: `& < >` escaped, people, addresses
//! and links marked (docs "Formatting message text").

use serde_json::{Value, json};

/// The text of the message, and its `rich_text` block.
pub(super) struct Typed {
    pub text: String,
    pub block: Value,
}

/// The user id behind a handle.
pub(super) type WhoIs<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads `@handle` as a mention of whom `who` knows.
pub(super) fn message(said: &str, who: WhoIs<'_>) -> Typed {
    let mut text = String::new();
    let mut parts: Vec<Value> = Vec::new();
    for piece in pieces(said) {
        let (word, tail) = without_punctuation(piece);
        let (marked, part) = mark(word, who);
        text += &marked;
        parts.push(part);
        if !tail.is_empty() {
            text += &escape(tail);
            parts.push(json!({ "type": "text", "text": tail }));
        }
    }
    let section = json!({ "type": "rich_text_section", "elements": parts });
    Typed {
        text,
        block: json!({ "type": "rich_text", "block_id": "typed", "elements": [section] }),
    }
}

fn mark(word: &str, who: WhoIs<'_>) -> (String, Value) {
    let lower = word.to_lowercase();
    if let Some(id) = word.strip_prefix('@').and_then(who) {
        (format!("<@{id}>"), json!({ "type": "user", "user_id": id }))
    } else if is_address(word) {
        let escaped = escape(word);
        let url = format!("mailto:{word}");
        (
            format!("<mailto:{escaped}|{escaped}>"),
            json!({ "type": "link", "url": url, "text": word }),
        )
    } else if lower.starts_with("http://") || lower.starts_with("https://") {
        (format!("<{}>", escape(word)), json!({ "type": "link", "url": word }))
    } else if is_domain(word) {
        let url = format!("http://{word}");
        (format!("<{url}|{word}>"), json!({ "type": "link", "url": url, "text": word }))
    } else {
        (escape(word), json!({ "type": "text", "text": word }))
    }
}

/// The text of a slash command with `should_escape`: only people are marked.
pub(super) fn command(said: &str, who: WhoIs<'_>) -> String {
    let mark = |piece: &str| {
        let (word, tail) = without_punctuation(piece);
        let handle = word.strip_prefix('@');
        match handle.and_then(|handle| Some((who(handle)?, handle))) {
            Some((id, handle)) => format!("<@{id}|{handle}>{}", escape(tail)),
            None => escape(piece),
        }
    };
    pieces(said).into_iter().map(mark).collect()
}

/// Words and the spaces between them, in order.
fn pieces(said: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = said;
    while let Some(first) = rest.chars().next() {
        let space = first.is_whitespace();
        let end = rest.find(|c: char| c.is_whitespace() != space).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn without_punctuation(piece: &str) -> (&str, &str) {
    let word = piece.trim_end_matches([',', '.', ';', ':', '!', '?', ')', '"', '\'']);
    if word.is_empty() { (piece, "") } else { piece.split_at(word.len()) }
}

fn is_address(word: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
    word.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && user.chars().all(name) && is_host(host))
}

fn is_host(host: &str) -> bool {
    let labels: Vec<_> = host.split('.').collect();
    let label =
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    labels.len() > 1 && labels.iter().all(label)
}

fn is_domain(word: &str) -> bool {
    const ENDINGS: [&str; 6] = [".com", ".org", ".net", ".io", ".dev", ".eu"];
    is_host(word) && word.is_ascii() && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_marked_as_slack_marks_it() {
        let who = |handle: &str| (handle == "grace").then(|| "U1".to_owned());
        let said = "Reset john.doe@contoso.com, ask @grace & see contoso.com or https://x.example/a?b <now> @nobody.";
        assert_eq!(
            message(said, &who).text,
            "Reset <mailto:john.doe@contoso.com|john.doe@contoso.com>, ask <@U1> &amp; see \
             <http://contoso.com|contoso.com> or <https://x.example/a?b> &lt;now&gt; @nobody.",
        );
        assert_eq!(command("reset a@b.com for @grace.", &who), "reset a@b.com for <@U1|grace>.");
    }
}
