//! Lines of somebody and what is to be with them, under a heading that says what they are about:
//! "New titles: Ada Park → Buyer", "Bo Ek = locked out", "- C. Lee: to report to Ada Park", and
//! boxes that are ticked or open below somebody's name.
//!
//! Each line becomes a sentence. Only lines with one person of the directory are put so, and a
//! list with a line that is not plain is left as it is.

use std::sync::LazyLock;

use regex::Regex;

use crate::interpret::{index::Index, text::fold};

/// Longer lists are sheets, and come as tables.
const LINES_MAX: usize = 12;
/// A name has at most so many words.
const NAME_WORDS_MAX: usize = 5;

struct Patterns {
    line: Regex,
    bare: Regex,
    open: Regex,
    ticked: Regex,
    day: Regex,
    unchanged: Regex,
    told: Regex,
    asks: Regex,
    title: Regex,
    reports: Regex,
    locked: Regex,
    password: Regex,
    says: Regex,
    over: Regex,
    instead: Regex,
    off: Regex,
    number: Regex,
    done: Regex,
    noun: Regex,
    address: Regex,
    point: Regex,
    things: Regex,
    same: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let one = |pattern: &str| Regex::new(pattern).expect("a fixed pattern");
    Patterns {
        line: one(
            r"^\s*(?:[-*•·–]\s*|\d{1,2}[.)]\s*)?((?:[A-ZÀ-ÞĀ-Ž][^\s,:;!?()<>=|/–—→]*)(?: [^\s,:;!?()<>=|/–—→]+){0,4})(?: \([^()\n]*\))?(?: <([^<>@\s]+@[^<>\s]+)>)?\s*(?:–|—|=>|=|->|→|:|,| - )\s*(\S.*?)\s*[.;,]?\s*$",
        ),
        bare: one(
            r"^\s*(?:[-*•·–]\s*|\d{1,2}[.)]\s*)((?:[A-ZÀ-ÞĀ-Ž][^\s,:;!?()<>=|/–—→]*)(?: [^\s,:;!?()<>=|/–—→]+){0,4})\s*[.;,]?\s*$",
        ),
        open: one(r"^\s*[-*•]?\s*(?:\[\s?\]|☐|□|\( \))\s*(\S.*?)(?:\s*\([^()]*\))?\s*[.;,]?\s*$"),
        ticked: one(r"(?i)^\s*[-*•]?\s*(?:\[\s?[x✓✔]\s?\]|☑|✓|✔|☒|\(x\))"),
        day: one(
            r"(?i)\b(\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: \d{4})?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?)\b",
        ),
        instead: one(
            r"(?i)^(?:gets? |to get |needs? )?(.{2,40}?) (?:instead of|rather than|replaces|in place of) (.{2,40})$",
        ),
        off: one(r"(?i)^(?:take |remove )?(.{2,40}?) (?:off|away|removed|to go|goes)(?: please)?$"),
        number: one(r"^\+?[\d ()/-]{7,20}$"),
        unchanged: one(
            r"(?i)^(?:no change|unchanged|nothing|none|n/?a|as (?:is|before)|stays?|remains?|(?:all |is |are )?(?:fine|ok|okay|good|sorted|working|done)\b).{0,30}$",
        ),
        told: one(
            r"(?i)\b(?:fyi|for (?:your )?(?:info\w*|records?|reference|awareness)|announc\w*|congratulat\w*|minutes|agenda|was|were|have been|has been|already|example|draft)\b",
        ),
        asks: one(
            r"(?i)\b(?:please|pls|plz|kindly|can you|could you|can we|need|needs|update|change|enter|amend|set|yours|to do|for it|help|valid|effective|immediately)\b",
        ),
        title: one(
            r"(?i)^(?:(?:job )?title|position|designation|role)(?: to be| becomes| is now| now| to|:)? (?:be )?(\S.*)$",
        ),
        reports: one(
            r"(?i)^(?:(?:is |are )?to |will |should |must |now )?(?:report|reports|reporting)(?: now)?(?: in)? ?to (\S.*)$",
        ),
        locked: one(r"(?i)^(?:is |account )?(?:locked(?: out)?|lockout)\b"),
        password: one(
            r"(?i)^(?:(?:needs?|wants?|requires?) (?:a |his |her |their )?)?(?:new |temporary |temp )?(?:password|pw)(?: reset)?(?: please| needed| again)?$|^forgot (?:his|her|their|the) password$",
        ),
        says: one(
            r"(?i)^(?:needs?|must|should|has to|have to|is to|wants?|requires?|gets?|loses?|leaves|leaving|moves|moving|will|no longer|can|may|to (?:be|get|have|lose|go|leave|move|join|come))\b",
        ),
        over: one(
            r"(?i)^(.{2,40}?)(?: licen[cs]e)?\s*(?:–|—|-|:|,|=)?\s*(?:is )?(?:no longer|not) (?:needed|required|used|in use)(?: any ?more| any longer)?$",
        ),
        done: one(
            r"(?i)^(?:added|removed|put|moved|taken|unblocked|unlocked|enabled|disabled|blocked|given|granted|set|reset|converted|signed|reactivated|restored)\b",
        ),
        noun: one(
            r"(?i)^((?:[^\s]+ ){1,4}?)((?:re)?(?:enabled|disabled|unblocked|blocked|unlocked|reset|activated|deactivated|removed|restored|assigned|added|wiped|converted|stopped|updated|changed))\b(.*)$",
        ),
        same: one(
            r"^\s*(?:[-*•·–]\s*|\d{1,2}[.)]\s*)?([A-ZÀ-ÞĀ-Ž][^:;=→–—\n]{2,40}?)\s*(?:–|—|=>|=|->|→|:|,| - )\s*(?:the )?(?i:same|same thing|ditto|likewise)(?i: please)?\s*[.;,]?\s*$",
        ),
        things: one(r"(?i)\b(?:things|items|requests|tasks|jobs|bits|points|wishes|changes)\b"),
        point: one(r"(?:^|\s)\(?(\d)[.)]\s+"),
        address: one(r"[^\s<>@]+@[^\s<>@]+\.\w+"),
    }
});

pub(super) fn make_ready() {
    LazyLock::force(&PATTERNS);
}

/// What a heading says that the values of its lines are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Title,
    Manager,
    Office,
    Phone,
    Guests,
    None,
}

fn topic(head: &str) -> Topic {
    let words: Vec<String> =
        head.split(|letter: char| !letter.is_alphanumeric()).map(fold).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    match () {
        () if has(&["guest", "guests", "externals"]) => Topic::Guests,
        () if has(&["title", "titles", "designation", "designations", "positions"]) => Topic::Title,
        () if has(&["manager", "managers", "reporting", "supervisors", "bosses"]) => Topic::Manager,
        () if has(&["mobile", "mobiles", "phone", "numbers", "phones", "cell"]) => Topic::Phone,
        () if has(&["office", "offices", "location", "locations", "site", "sites"]) => {
            Topic::Office
        }
        () => Topic::None,
    }
}

/// The full name of the one person of the directory who is so called.
pub(super) fn somebody(index: &Index, said: &str) -> Option<String> {
    let words: Vec<String> = said
        .split([' ', '.'])
        .filter(|word| !["Mr", "Mrs", "Ms", "Miss", "Dr", "Mx", ""].contains(word))
        .map(fold)
        .collect();
    if words.is_empty() || words.len() > NAME_WORDS_MAX {
        return None;
    }
    let short = words.len() > 1 && words[0].chars().count() == 1;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = index.name(if short { &words[1..] } else { &words })?;
    if found.surely == crate::interpret::index::Surely::Near {
        return None;
    }
    let fits = |at: &usize| !short || fold(index.somebody(*at).name).starts_with(words[0]);
    let mut meant = found.people.iter().filter(|at| fits(at));
    let (Some(one), None) = (meant.next(), meant.next()) else { return None };
    let name = index.somebody(*one).name;
    let full: Vec<String> = name.split(' ').map(fold).collect();
    let full: Vec<&str> = full.iter().map(String::as_str).collect();
    // Namesakes are told apart by what is said, and here nothing is.
    (index.full_name(&full).len() == 1).then(|| name.to_owned())
}

/// The message with the lines of its list as sentences, and how many of them say something.
pub(super) fn sentences(clean: &str, index: &Index) -> Option<(String, usize)> {
    boxes(clean, index).or_else(|| lines(clean, index)).or_else(|| points(clean))
}

/// "Two things for Monday 18 May: 1. Ada's account off. 2. Bo gets E5.": each point as a sentence,
/// with the day of them all.
fn points(clean: &str) -> Option<(String, usize)> {
    const POINT_MAX: usize = 120;
    let patterns = &*PATTERNS;
    let mut places = Vec::new();
    let mut next = 1;
    for found in patterns.point.captures_iter(clean) {
        let whole = found.get(0)?;
        if found[1].parse::<usize>().ok() == Some(next) {
            places.push((whole.start(), whole.end()));
            next += 1;
        }
    }
    let first = places.first().filter(|_| (2..=LINES_MAX).contains(&places.len()))?.0;
    let head = &clean[..first];
    let mut days = patterns.day.find_iter(head);
    let day = days.next().map(|day| day.as_str()).filter(|_| days.next().is_none())?;
    let things = patterns.things.is_match(head);
    if patterns.told.is_match(head) || !patterns.asks.is_match(head) || !things {
        return None;
    }
    let ends = places.iter().skip(1).map(|place| place.0).chain([clean.len()]);
    let mut said = Vec::new();
    for (place, end) in places.iter().zip(ends) {
        let point = clean[place.1..end].trim().trim_end_matches(['.', ';', ',']);
        if point.len() > POINT_MAX || point.contains('\n') || patterns.day.is_match(point) {
            return None;
        }
        said.push(format!("{point} on {day}."));
    }
    Some((format!("Please: {}", said.join("\n")), 0))
}

/// What is said around a list, and the day it names, if it is one.
struct Around<'a> {
    topic: Topic,
    day: Option<&'a str>,
}

fn lines(clean: &str, index: &Index) -> Option<(String, usize)> {
    let patterns = &*PATTERNS;
    let all: Vec<&str> = clean.lines().collect();
    let listed = |at: usize| {
        let line = all[at];
        let found = patterns.line.captures(line);
        let bare = || patterns.bare.captures(line);
        found
            .or_else(bare)
            .is_some_and(|found| found.get(2).is_some() || somebody(index, &found[1]).is_some())
    };
    let first = (1..all.len()).find(|at| listed(*at))?;
    let last =
        (first..all.len()).take_while(|at| listed(*at) || all[*at].trim().is_empty()).last()?;
    let lines: Vec<&str> =
        all[first..=last].iter().copied().filter(|line| !line.trim().is_empty()).collect();
    let head = all[..first].join("\n");
    let behind = all[last + 1..].join("\n");
    let around = format!("{head}\n{behind}");
    let told = patterns.told.is_match(&around) || !patterns.asks.is_match(&around);
    // A form has a heading too, and fields of one person.
    let others = all[last + 1..].iter().any(|line| patterns.line.is_match(line));
    if !(2..=LINES_MAX).contains(&lines.len()) || told || others || head.trim().is_empty() {
        return None;
    }
    let mut days = patterns.day.find_iter(&around);
    let day = days.next().map(|day| day.as_str()).filter(|_| days.next().is_none());
    let around = Around { topic: topic(&head), day };
    if let Some(names) = lines.iter().map(|line| bare(line, index)).collect::<Option<Vec<_>>>() {
        return together(&head, &names, &behind);
    }
    let mut said: Vec<String> = Vec::new();
    let mut last: Option<String> = None;
    for line in lines {
        // "Bo Ek → same": what was said of the one before.
        let again = patterns.same.captures(line).and_then(|found| {
            let (one, before) = (somebody(index, &found[1])?, last.clone()?);
            Some(said.last()?.replace(&before, &one))
        });
        if let Some(again) = again {
            said.push(again);
            continue;
        }
        let found = patterns.line.captures(line);
        last = found.and_then(|found| somebody(index, &found[1]));
        match sentence(line, &around, index) {
            Line::Says(sentence) => said.push(sentence),
            Line::Nothing => {}
            Line::Else => return None,
        }
    }
    let count = said.len();
    let head = head.trim_end().trim_end_matches(':');
    let put = format!("{head}.\n{}\n{behind}", said.join("\n"));
    (count > 0).then_some((put, count))
}

/// A line of nothing but one name.
fn bare(line: &str, index: &Index) -> Option<String> {
    let patterns = &*PATTERNS;
    if patterns.line.is_match(line) {
        return None;
    }
    somebody(index, &patterns.bare.captures(line)?[1])
}

/// "Please add to Sales: - Ada Park - Bo Ek": all of them in one sentence.
fn together(head: &str, names: &[String], behind: &str) -> Option<(String, usize)> {
    let (last, others) = names.split_last()?;
    let head = head.trim_end();
    let put = format!("{head} {} and {last}.\n{behind}", others.join(", "));
    head.ends_with(':').then_some((put, 0))
}

enum Line {
    Says(String),
    Nothing,
    /// What it says is not plain.
    Else,
}

fn sentence(line: &str, around: &Around<'_>, index: &Index) -> Line {
    let patterns = &*PATTERNS;
    let Some(found) = patterns.line.captures(line) else { return Line::Else };
    let (name, said) = (&found[1], found[3].trim());
    let when = |words: String| match around.day {
        Some(day) if !patterns.day.is_match(said) => Line::Says(format!("{words} from {day}.")),
        _ => Line::Says(format!("{words}.")),
    };
    if around.topic == Topic::Guests {
        let address = found.get(2).map(|address| address.as_str());
        let Some(address) =
            address.or_else(|| patterns.address.find(said).map(|found| found.as_str()))
        else {
            return Line::Else;
        };
        let rest = said.replace(address, "").replace(['–', '—', '|', ';'], ",");
        let rest = rest.trim_matches([' ', ',', '<', '>']);
        return Line::Says(format!("Please invite {name} <{address}> as a guest, {rest}."));
    }
    let Some(name) = somebody(index, name) else { return Line::Else };
    if patterns.unchanged.is_match(said) {
        return Line::Nothing;
    }
    if let Some(title) = patterns.title.captures(said) {
        return when(format!("Set {name}'s job title to {}", &title[1]));
    }
    if let Some(manager) = patterns.reports.captures(said) {
        return when(format!("{name} must report to {}", &manager[1]));
    }
    if patterns.locked.is_match(said) {
        return when(format!("Please unlock {name}"));
    }
    if patterns.password.is_match(said) {
        return when(format!("Please reset the password of {name}"));
    }
    if let Some(over) = patterns.over.captures(said) {
        return when(format!("Please remove {} from {name}", &over[1]));
    }
    if let Some(instead) = patterns.instead.captures(said) {
        let (new, old) = (&instead[1], &instead[2]);
        return when(format!("Please remove {old} from {name} and assign {new} to {name}"));
    }
    if let Some(off) = patterns.off.captures(said) {
        return when(format!("Please remove {} from {name}", &off[1]));
    }
    if patterns.says.is_match(said) {
        return when(format!("{name} {said}"));
    }
    // "Ada Park → Buyer": what the heading speaks of. More than that is no value.
    let value = !said.contains([',', ';', ':', '→', '(']) && said.split(' ').count() <= 6;
    let said = said.strip_prefix("to ").unwrap_or(said);
    let capital = said.starts_with(char::is_uppercase);
    match around.topic {
        Topic::Title if value && capital => when(format!("Set {name}'s job title to {said}")),
        Topic::Manager if value && somebody(index, said).is_some() => {
            when(format!("{name} must report to {said}"))
        }
        Topic::Phone if patterns.number.is_match(said) => {
            when(format!("Set {name}'s mobile number to {said}"))
        }
        Topic::Office if value && index.office_named(&fold(said)).is_some() => {
            when(format!("Set {name}'s office location to {said}"))
        }
        _ => Line::Else,
    }
}

/// Boxes below somebody's name: what is open is to be done.
fn boxes(clean: &str, index: &Index) -> Option<(String, usize)> {
    let patterns = &*PATTERNS;
    let all: Vec<&str> = clean.lines().collect();
    let boxed = |at: &usize| patterns.open.is_match(all[*at]) || patterns.ticked.is_match(all[*at]);
    let first = (0..all.len()).find(boxed)?;
    let head = all[..first].join("\n");
    let name = head
        .split(['–', '—', ':', '\n', ',', '(', '|'])
        .flat_map(|part| part.split(" for "))
        .map(|part| part.trim_matches([' ', '-', '.', ')']))
        .find_map(|part| somebody(index, part))?;
    let mut days = patterns.day.find_iter(&head);
    let day = days.next().map(|day| day.as_str()).filter(|_| days.next().is_none());
    let mut said = Vec::new();
    let mut behind = Vec::new();
    for line in &all[first..] {
        if patterns.ticked.is_match(line) {
            continue;
        }
        let Some(open) = patterns.open.captures(line) else {
            behind.push(*line);
            continue;
        };
        let what = open[1].trim_end_matches(" again");
        let when = day.map(|day| format!(" on {day}")).unwrap_or_default();
        if patterns.done.is_match(what) {
            said.push(format!("{name} must be {what}{when}."));
        } else if let Some(noun) = patterns.noun.captures(what) {
            let (thing, done, rest) = (noun[1].trim(), &noun[2], &noun[3]);
            said.push(format!("{name}'s {thing} must be {done}{rest}{when}."));
        } else {
            return None;
        }
    }
    let behind = behind.join("\n");
    let asked = patterns.asks.is_match(&behind) || patterns.asks.is_match(&head);
    let count = said.len();
    (asked && count > 0).then(|| (said.join("\n"), count))
}
