//! Slack's mark-up in a message, back to what a person typed.
//!
//! The label after `|` is chosen by whoever posted the text, so the part before
//! it counts (reference: docs.slack.dev "Formatting message text").

use crate::domain::chat::{ChatUser, Mention, Platform, Words};

/// Slack cuts messages at this many characters; so do we.
const TEXT_CHARS_MAX: usize = 40_000;

/// At most this many different people can be mentioned; further ones stay unnamed.
const MENTIONS_MAX: usize = 50;

/// What a message says once its mark-up is read.
pub(super) struct Read {
    pub words: Words,
    pub mentions: Vec<Mention>,
}

/// Reads `text`. The bot's own mention goes away; people become `⟨@n⟩`.
pub(super) fn read(text: &str, bot: &str, realm: &str) -> Read {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let mut out = String::with_capacity(text.len());
    let mut people: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while let Some(open) = rest.find('<') {
        plain(&rest[..open], &mut out);
        let Some(close) = rest[open..].find('>').map(|at| open + at) else {
            plain(&rest[open..], &mut out);
            rest = "";
            break;
        };
        tag(&rest[open + 1..close], bot, &mut people, &mut out);
        rest = &rest[close + 1..];
    }
    plain(rest, &mut out);
    let mentions = people
        .into_iter()
        .map(|id| Mention {
            user: ChatUser {
                platform: Platform::Slack,
                realm: realm.to_owned(),
                id,
                address: None,
            },
        })
        .collect();
    Read { words: Words(out.trim().to_owned()), mentions }
}

/// Text outside of tags: three entities, spaces that do not break, and no
/// brackets that could be taken for ours.
fn plain(text: &str, out: &mut String) {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    out.extend(text.chars().map(|c| match c {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => ' ',
        '⟨' => '(',
        '⟩' => ')',
        c => c,
    }));
}

fn tag(inside: &str, bot: &str, people: &mut Vec<String>, out: &mut String) {
    let (target, label) = inside.split_once('|').map_or((inside, None), |(t, l)| (t, Some(l)));
    if let Some(id) = target.strip_prefix('@') {
        mention(id, bot, people, out);
    } else if let Some(id) = target.strip_prefix('#') {
        plain(&format!("#{id}"), out);
    } else if let Some(special) = target.strip_prefix('!') {
        out.push_str(match special.split('^').next().unwrap_or(special) {
            "subteam" => "(a group)",
            "here" | "channel" | "everyone" => "(everyone)",
            "date" => "(a date)",
            _ => "(something)",
        });
    } else {
        link(target, label, out);
    }
}

fn mention(id: &str, bot: &str, people: &mut Vec<String>, out: &mut String) {
    let known = !id.is_empty() && id.len() <= 32 && id.bytes().all(|b| b.is_ascii_alphanumeric());
    if id == bot {
        out.push(' ');
        return;
    }
    let at = people.iter().position(|seen| seen == id).or_else(|| {
        (known && people.len() < MENTIONS_MAX).then(|| {
            people.push(id.to_owned());
            people.len() - 1
        })
    });
    match at {
        Some(n) => {
            out.push_str("⟨@");
            out.push_str(&n.to_string());
            out.push('⟩');
        }
        None => out.push_str("(somebody)"),
    }
}

fn link(target: &str, label: Option<&str>, out: &mut String) {
    let bare = |scheme: &str| target.strip_prefix(scheme).map(|rest| rest.trim_end_matches('/'));
    if let Some(address) = target.strip_prefix("mailto:") {
        plain(address.split('?').next().unwrap_or(address), out);
    } else if let Some(number) = target.strip_prefix("tel:") {
        plain(number, out);
    } else if label
        .is_some_and(|label| bare("http://") == Some(label) || bare("https://") == Some(label))
    {
        // A bare domain that somebody typed: Slack added the scheme.
        plain(label.unwrap_or(target), out);
    } else {
        plain(target, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        read(text, "UBOT", "T1").words.0
    }

    #[test]
    fn marks_become_what_was_typed() {
        for (wire, typed) in [
            ("reset <mailto:a@b.com|a@b.com>", "reset a@b.com"),
            ("reset <mailto:a@b.com|ceo@b.com>", "reset a@b.com"),
            ("<@UBOT> hello", "hello"),
            ("<@UBOT|countersign> hello", "hello"),
            ("see <http://b.com|b.com> now", "see b.com now"),
            ("see <https://evil.example/x|b.com> now", "see https://evil.example/x now"),
            ("see <https://b.com/x>", "see https://b.com/x"),
            ("a &amp;lt; b &lt;c&gt; &amp; d", "a &lt; b <c> & d"),
            ("<!here> <!subteam^S1|@it>", "(everyone) (a group)"),
            ("in <#C1|general>", "in #C1"),
            ("a\u{a0}b", "a b"),
            ("disable ⟨@0⟩", "disable (@0)"),
            ("left < open", "left < open"),
            ("call <tel:+4912|+49 12>", "call +4912"),
        ] {
            assert_eq!(said(wire), typed, "{wire}");
        }
    }

    #[test]
    fn people_are_numbered_in_order_and_named_once() {
        let read = read("<@U2> and <@U3|boss> and <@U2> not <@U 4>", "UBOT", "T1");
        assert_eq!(read.words.0, "⟨@0⟩ and ⟨@1⟩ and ⟨@0⟩ not (somebody)");
        let ids: Vec<_> = read.mentions.iter().map(|m| m.user.id.as_str()).collect();
        assert_eq!(ids, ["U2", "U3"]);
    }
}
