//! What a person types, as Slack sends it on: `& < >` escaped, people, addresses
//! and links marked (docs "Formatting message text").

use serde_json::{Value, json};

use super::world::Person;

/// The text of the message, and its `rich_text` block.
pub(super) struct Typed {
    pub text: String,
    pub block: Value,
}

/// Reads `@handle` as a mention of one of `people`.
pub(super) fn message<'a>(said: &str, people: impl Iterator<Item = &'a Person> + Clone) -> Typed {
    let mut text = String::new();
    let mut parts: Vec<Value> = Vec::new();
    for piece in pieces(said) {
        let (word, tail) = without_punctuation(piece);
        let lower = word.to_lowercase();
        if let Some(person) = word
            .strip_prefix('@')
            .and_then(|handle| people.clone().find(|one| one.handle == handle))
        {
            text.push_str(&format!("<@{}>", person.id));
            parts.push(json!({ "type": "user", "user_id": person.id }));
        } else if is_address(word) {
            let escaped = escape(word);
            text.push_str(&format!("<mailto:{escaped}|{escaped}>"));
            parts.push(json!({ "type": "link", "url": format!("mailto:{word}"), "text": word }));
        } else if lower.starts_with("http://") || lower.starts_with("https://") {
            text.push_str(&format!("<{}>", escape(word)));
            parts.push(json!({ "type": "link", "url": word }));
        } else if is_domain(word) {
            text.push_str(&format!("<http://{word}|{word}>"));
            parts.push(json!({ "type": "link", "url": format!("http://{word}"), "text": word }));
        } else {
            text.push_str(&escape(word));
            parts.push(json!({ "type": "text", "text": word }));
        }
        if !tail.is_empty() {
            text.push_str(&escape(tail));
            parts.push(json!({ "type": "text", "text": tail }));
        }
    }
    parts.retain(|part| part["text"] != "");
    let section = json!({ "type": "rich_text_section", "elements": parts });
    Typed {
        text,
        block: json!({ "type": "rich_text", "block_id": "typed", "elements": [section] }),
    }
}

/// The text of a slash command with `should_escape`: only people are marked.
pub(super) fn command<'a>(said: &str, people: impl Iterator<Item = &'a Person> + Clone) -> String {
    let mark = |piece: &str| {
        let (word, tail) = without_punctuation(piece);
        let person = word
            .strip_prefix('@')
            .and_then(|handle| people.clone().find(|one| one.handle == handle));
        match person {
            Some(person) => format!("<@{}|{}>{}", person.id, person.handle, escape(tail)),
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
        let people = [Person::member("U1", "grace", "Grace", "g@contoso.com")];
        let said = "Reset john.doe@contoso.com, ask @grace & see contoso.com or https://x.example/a?b <now> @nobody.";
        assert_eq!(
            message(said, people.iter()).text,
            "Reset <mailto:john.doe@contoso.com|john.doe@contoso.com>, ask <@U1> &amp; see \
             <http://contoso.com|contoso.com> or <https://x.example/a?b> &lt;now&gt; @nobody.",
        );
        assert_eq!(
            command("reset a@b.com for @grace.", people.iter()),
            "reset a@b.com for <@U1|grace>."
        );
    }
}
