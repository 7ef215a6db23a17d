//! Whoever comes into a group or a mailbox and whoever goes, in two short lists: "Sales Team. In:
//! Ada Park. Out: Bo Ek", "Info mailbox: Ada Park in, Bo Ek out".
//!
//! Put as two orders, so that nobody who comes in is taken out with the others.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    actions::wording::Sort,
    interpret::{
        index::{Index, Thing},
        text::key,
    },
};

struct Patterns {
    labelled: Regex,
    behind: Regex,
    joins: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let one = |pattern: &str| {
        let list = r"[^.:;=\n]{2,120}?";
        let thing = r"[^.:;,=\n()|]{3,50}?";
        Regex::new(&pattern.replace("LIST", list).replace("THING", thing)).expect("a fixed pattern")
    };
    Patterns {
        labelled: one(
            r"(?i)(?:\b(?:for|of|in|on|to) )?(?:the )?(THING(?: group| list| dl| mailbox| inbox| team)?)\s*[.:;,\n–—-]+\s*in ?[:=] ?(LIST)\s*[.;,\n–—-]+\s*out ?[:=] ?(LIST)(?:[.;\n]|$)",
        ),
        joins: one(
            r"(?i)(?:\b(?:as of|from|on|effective|with effect from) ([^,.;:\n]{3,20}?),? )?\b((?-i:[A-ZÀ-ÞĀ-Ž])[^\s,.;:]+(?: (?-i:[A-ZÀ-ÞĀ-Ž])[^\s,.;:]+){0,2}) (?:joins|enters|goes into|comes into) (?:the )?(THING(?: group| list| dl)?),? and ((?-i:[A-ZÀ-ÞĀ-Ž])[^\s,.;:]+(?: (?-i:[A-ZÀ-ÞĀ-Ž])[^\s,.;:]+){0,2}) (?:comes out of|goes out of|leaves|drops out of|comes off|goes off) (?:it|the group|the list|that)\b",
        ),
        behind: one(
            r"(?im)^(?:[^:\n]{2,40}, )?(?:(?:please|pls)[,:]? )?(?:the )?(THING(?: group| list| dl| mailbox| inbox| team)?)(?: tidy[- ]?up| clean[- ]?up| changes?| update)?\s*(?:[:–—-]|,)+\s*(LIST) (?:goes |comes |go |come |is |are )?(in|out)( (?:on|at|from) [^,;.\n]{3,30}?)?\s*(?:[,;&–—/-]|and)\s*(?:and )?(LIST) (?:goes |comes |go |come |is |are )?(in|out)\b( same (?:moment|time|day|date)| too)?",
        ),
    }
});

pub(super) fn make_ready() {
    LazyLock::force(&PATTERNS);
}

/// The text with such lists as orders.
pub(super) fn orders(text: &str, index: &Index) -> Option<String> {
    let patterns = &*PATTERNS;
    if let Some(found) = patterns.joins.captures(text) {
        let words: Vec<&str> = found[3].split_whitespace().collect();
        let name = [words.len(), words.len().saturating_sub(1)].into_iter().find_map(|to| {
            let said = words[..to].join(" ");
            let group = index.things(&key(&said)).into_iter().find_map(|thing| sort(index, thing));
            (group == Some(false)).then_some(said)
        });
        if let (Some(name), Some(all)) = (name, found.get(0)) {
            let when =
                found.get(1).map(|when| format!(" on {}", when.as_str())).unwrap_or_default();
            let (into, out) = (&found[2], &found[4]);
            return Some(format!(
                "{}Please add {into} to {name}{when}. Please remove {out} from {name}{when}{}",
                &text[..all.start()],
                &text[all.end()..]
            ));
        }
    }
    for way in [&patterns.labelled, &patterns.behind] {
        let Some(found) = way.captures(text) else { continue };
        let all = found.get(0)?;
        // The last words before the lists are its name.
        let words: Vec<&str> = found[1].split_whitespace().collect();
        let ends = [words.len(), words.len().saturating_sub(1)];
        let runs = ends.into_iter().flat_map(|to| (0..to).map(move |from| (from, to)));
        let named = runs.into_iter().find_map(|(from, to)| {
            let said = words[from..to].join(" ");
            index
                .things(&key(&said))
                .into_iter()
                .find_map(|thing| sort(index, thing))
                .map(|it| (said, it))
        });
        let Some((name, mailbox)) = named else { continue };
        let two = way.captures_len() > 4;
        let (into, out) = match two.then(|| (found[3].to_lowercase(), found[6].to_lowercase())) {
            None => (found[2].trim(), found[3].trim()),
            Some((one, other)) if one == other => continue,
            Some((one, _)) if one == "in" => (found[2].trim(), found[5].trim()),
            Some(_) => (found[5].trim(), found[2].trim()),
        };
        // "goes in on Monday, … out the same moment"
        let when = if two { found.get(4).map_or("", |when| when.as_str()) } else { "" };
        let orders = if mailbox {
            format!(
                "Please give {into} full access to the {name} mailbox. Please remove access to the {name} mailbox from {out}."
            )
        } else {
            format!("Please add {into} to {name}{when}. Please remove {out} from {name}{when}.")
        };
        return Some(format!("{}{orders}{}", &text[..all.start()], &text[all.end()..]));
    }
    None
}

/// Is it a mailbox, or a group? Nothing for anything else.
fn sort(index: &Index, thing: Thing) -> Option<bool> {
    match thing {
        Thing::Group(_) => Some(false),
        Thing::Named(at) => (index.named[at].sort == Sort::Mailbox).then_some(true),
        Thing::Sku(_) => None,
    }
}
