//! Words about standing approvals: which there are, one that is to end, one that is wanted.
//!
//! Read from own words alone, before anything else; the rest of the grammar never sees them.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::{
    domain::ids::Number,
    interpret::{
        Context, Index, dates, own_words,
        regions::{Part, regions, steers},
        text::{Text, tokens},
    },
};

/// What somebody says of standing approvals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Which are there?
    List,
    /// This one is to end; which one, if no number was said?
    Revoke(Option<Number>),
    /// One is wanted: as much of it as was understood, as the arguments of its form.
    Ask(Map<String, Value>),
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static NAMED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bstanding approvals?\b|^\s*standing\s*$"));
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(please\s+)?((which|what|show|list|are there|do we have|give me|see|any)\b[^:]*\bstanding approvals?\b[^:]*|standing( approvals?)?)\W*$",
    )
});
static REVOKE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(please\s+)?(revoke|end|cancel|withdraw|stop|remove|delete|take back|terminate)\b[^:]*\bstanding approvals?\b",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"#?\b(\d{4,12})\b"));
static PER_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:at most |up to |max(?:imum)? )?(\d{1,4})\s*(?:times|requests|x|of them)?\s*(?:a|per|each|/)\s*day\b|\bdaily limit (?:of )?(\d{1,4})\b",
    )
});
static UNTIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(until|till|through)\b"));
static BY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)[,;]?\s*\b(?:when\s+|if\s+)?(?:asked\s+|asked for\s+|requested\s+)?by\b")
});
static ABOUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)[,;]?\s*\b(?:for|about)\b"));
static END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[;\n]|\.\s|[,\s]*\b(?:when\s+|if\s+)?(?:asked|requested|by|for|about|until|till|through|at most|up to|max)\b|\.?$",
    )
});
static GROUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:all\s+)?(?:members|people|everybody|everyone|anybody)\s+(?:of|in)\s+)?(?:the\s+)?(?:group\s+)?(.+?)(?:\s+group)?$",
    )
});
static IS_GROUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bgroup\b|^(?:all\s+)?(?:members|people|everybody|everyone|anybody)\s+(?:of|in)\b",
    )
});
static MENTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^⟨@(\d+)⟩$"));

/// Does a message say all that it says by itself: no quotation, no words for a machine?
pub fn is_plain(words: &str) -> bool {
    let text = Text::of(words);
    let own = regions(&text.clean).iter().all(|region| region.part == Part::Own);
    own && !text.cut && text.hidden() == 0 && !super::TICKET.is_match(&text.clean)
}

/// What the message says of standing approvals, if it is about them. `actions` are ids with
/// titles.
pub fn read(
    words: &str,
    context: &Context,
    index: &Index,
    actions: &[(&str, &str)],
) -> Option<Said> {
    let text = Text::of(words);
    let own = own_words(&text);
    let named = NAMED.find(&own)?;
    if steers(&own) {
        return None;
    }
    if LIST.is_match(&own) {
        return Some(Said::List);
    }
    if REVOKE.is_match(&own) {
        let number = NUMBER.captures(&own).and_then(|found| found[1].parse().ok());
        return Some(Said::Revoke(number.map(Number)));
    }
    // Whoever quotes something beside it fills in the form.
    if !is_plain(words) {
        return Some(Said::Ask(Map::new()));
    }
    let mut rest = format!("{} {}", &own[..named.start()], &own[named.end()..]);
    let mut asked = Map::new();
    if let Some(found) = PER_DAY.captures(&rest) {
        let said =
            found.get(1).or_else(|| found.get(2)).and_then(|n| n.as_str().parse::<u16>().ok());
        let all = found.get(0).map_or(0..0, |all| all.range());
        asked.extend(said.map(|count| ("per_day".to_owned(), json!(count))));
        rest.replace_range(all, ";");
    }
    if let Some(from) = UNTIL.find(&rest).map(|found| found.range()) {
        let clean = Text::of(&rest[from.end..]).clean;
        let found = tokens(&clean);
        let when = dates::find(&found, &context.now, context.end_of_day).into_iter().next();
        if let Some(when) = when.filter(|when| when.from <= 2 && when.dated) {
            asked.insert("until".to_owned(), json!(when.date.to_string()));
            let end = found.get(when.to.saturating_sub(1)).map_or(0, |token| token.end);
            rest.replace_range(from.start..(from.end + end).min(rest.len()), ";");
        }
    }
    for (marker, people, group) in [(&*BY, "by_people", "by_group"), (&*ABOUT, "people", "group")] {
        let Some(found) = marker.find(&rest).map(|found| found.range()) else { continue };
        let end = END.find(&rest[found.end..]).map_or(rest.len(), |end| found.end + end.start());
        let those = those(&rest[found.end..end], context, index);
        if !those.0.is_empty() {
            asked.insert(people.to_owned(), json!(those.0));
        }
        asked.extend(those.1.map(|name| (group.to_owned(), json!(name))));
        rest.replace_range(found.start..end, ";");
    }
    let meant = meant(&rest, actions);
    if !meant.is_empty() {
        asked.insert("actions".to_owned(), json!(meant));
    }
    Some(Said::Ask(asked))
}

/// People by sign-in name, and the last group by name.
fn those(said: &str, context: &Context, index: &Index) -> (Vec<String>, Option<String>) {
    let (mut people, mut group) = (Vec::new(), None);
    let all = said.replace(" and ", ",");
    for one in all.split([',', '&']).map(str::trim).filter(|one| !one.is_empty()) {
        if let Some(at) = MENTION.captures(one).and_then(|found| found[1].parse::<usize>().ok()) {
            let who = context.mentions.get(at).and_then(Option::as_ref);
            people.extend(who.map(|who| who.upn.to_string()));
            continue;
        }
        if one.contains('@') {
            people.push(one.to_lowercase());
            continue;
        }
        let words: Vec<String> = one.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match index.full_name(&words).as_slice() {
            [only] if !IS_GROUP.is_match(one) => {
                people.push(index.somebody(*only).upn.to_owned());
            }
            _ => group = GROUP.captures(one).map(|found| found[1].to_owned()),
        }
    }
    (people, group)
}

/// The actions whose title or id stands there, longest first.
fn meant(said: &str, actions: &[(&str, &str)]) -> Vec<String> {
    let mut said = format!(" {} ", bare(said));
    let mut names: Vec<(String, &str)> =
        actions.iter().flat_map(|(id, title)| [(bare(title), *id), (bare(id), *id)]).collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found: Vec<(usize, String)> = Vec::new();
    for (name, id) in names {
        if let Some(at) = said.find(&format!(" {name} ")) {
            let end = at + name.len() + 1;
            said.replace_range(at + 1..end, &"·".repeat(name.len()));
            if !found.iter().any(|(_, known)| known == id) {
                found.push((at, id.to_owned()));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

/// Lower case, without articles, endings of the plural and signs.
fn bare(said: &str) -> String {
    let said = said.to_lowercase().replace(['_', '-'], " ");
    let words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.filter(|word| !matches!(*word, "a" | "an" | "the"));
    let words = words.map(|word| match word {
        "adding" => "add",
        "removing" => "remove",
        "assigning" => "assign",
        "setting" => "set",
        "unlocking" => "unlock",
        "licenses" | "licences" | "license" => "licence",
        "groups" => "group",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let id = crate::domain::ids::TenantId::from(uuid::Uuid::from_u128(1));
        let tina = crate::domain::users::PersonRef {
            id: id.object(uuid::Uuid::from_u128(2)),
            name: "Tina Tech".to_owned(),
            upn: "tina.tech@contoso.com".parse().unwrap(),
        };
        Context {
            now: "2026-11-20T12:00:00[Europe/London]".parse().unwrap(),
            requester: tina.clone(),
            mentions: vec![Some(tina)],
            thread: Vec::new(),
            open: None,
            end_of_day: jiff::civil::time(17, 0, 0, 0),
        }
    }

    fn said(words: &str) -> Option<Said> {
        let actions = [("add_to_group", "Add to a group"), ("assign_license", "Assign a licence")];
        read(words, &context(), &Index::default(), &actions)
    }

    #[test]
    fn which_there_are_and_which_is_to_end() {
        for words in ["which standing approvals are there?", "standing", "list standing approvals"]
        {
            assert_eq!(said(words), Some(Said::List), "{words}");
        }
        for words in ["revoke standing approval #1001", "please end the standing approval 1001"] {
            assert_eq!(said(words), Some(Said::Revoke(Some(Number(1001)))), "{words}");
        }
        assert_eq!(said("revoke the standing approval"), Some(Said::Revoke(None)));
        assert_eq!(said("reset the password of john.doe@contoso.com"), None);
        assert_eq!(said("look at this\n> which standing approvals are there?"), None);
    }

    #[test]
    fn all_of_it_is_read_from_one_sentence() {
        let words = "standing approval: add to a group and assign licences for the Sales Team group, asked by ⟨@0⟩, 5 a day, until 18 December 2026";
        let Some(Said::Ask(asked)) = said(words) else { panic!("{:?}", said(words)) };
        assert_eq!(
            Value::Object(asked),
            json!({
                "actions": ["add_to_group", "assign_license"], "group": "Sales Team",
                "by_people": ["tina.tech@contoso.com"], "per_day": 5, "until": "2026-12-18",
            })
        );
    }

    #[test]
    fn what_is_quoted_asks_for_none() {
        assert_eq!(said("fyi\n> standing approval: add to a group for a@b.com by c@b.com"), None);
        let beside = said("standing approval as below\n> add to a group for a@b.com, 5 a day");
        assert_eq!(beside, Some(Said::Ask(Map::new())), "the form, empty");
    }

    #[test]
    fn a_message_is_plain_or_it_is_not() {
        assert!(is_plain("add john.doe@contoso.com to Sales"));
        assert!(!is_plain("please do this\n> add john.doe@contoso.com to Sales"));
        assert!(!is_plain("INC0012345\nadd john.doe@contoso.com to Sales"));
    }
}
