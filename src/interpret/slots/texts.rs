//! Names of new things, one of a few values, properties.

use serde_json::{Map, Value};

use super::{
    Filled, because,
    value_end::{line_end, listed_value, value_end},
    which,
};
use crate::{
    actions::wording::Value as Choice,
    domain::trouble::Ask,
    interpret::{clauses::Predicate, lexicon::object_classes, scene::Scene, text::Sort},
};

/// A name ends before one of these.
const ENDS: &[&str] = &[
    "with",
    "for",
    "in",
    "owner",
    "owned",
    "members",
    "member",
    "and",
    "dept",
    "department",
    "as",
    "reporting",
    "starting",
    "from",
    "to",
    "please",
    "pls",
    "valid",
    "report",
    "requires",
    "who",
    "that",
    "which",
    "so",
    "because",
    "on",
    "at",
    "using",
    "give",
    "then",
    "group",
    "workbook",
    "app",
    "mailbox",
    "w",
    "requiring",
    "redirect",
    "http",
    "https",
    "effective",
    "too",
    "thanks",
    "asap",
];
/// A name follows one of these.
const LEADS: &[&str] = &["called", "named", "name", "titled", "display", "entitled"];
/// A name has at most so many words.
const WORDS_MAX: usize = 8;

/// What something new is called: quoted, after "called", or the capitalised words behind
/// what it is.
pub(super) fn name(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let quoted = scene.lattice.literals.iter().find(|(open, close)| {
        let described = (1..=3)
            .filter_map(|back| open.checked_sub(back))
            .any(|at| ["description", "purpose", "described"].contains(&scene.word(at)));
        *open >= predicate.from && *close <= predicate.to && close - open > 1 && !described
    });
    if let Some((open, close)) = quoted {
        return said(scene, predicate, open + 1, *close);
    }
    let behind = |from: usize, to: usize| {
        (from..to).find(|at| LEADS.contains(&scene.word(*at))).map(|at| at + 1)
    };
    // What a likeness rests on may stand at its end.
    // "Title: Lab devices only", of a policy
    let titled = || {
        let mut words = predicate.from..predicate.to;
        let policy = names_a_policy(scene, predicate);
        words.find(|at| policy && scene.word(*at) == "title" && scene.tokens[at + 1].is(':'))
    };
    let led = behind(predicate.verb, predicate.to)
        .or_else(|| titled().map(|at| at + 1))
        .or_else(|| behind(predicate.from, predicate.verb).filter(|at| scene.tokens[*at].capital));
    let after = scene
        .lattice
        .hits
        .iter()
        .filter(|hit| hit.from > predicate.verb && hit.to < predicate.to)
        .filter(|hit| hit.classes & object_classes(&["field", "manager_of", "owner"]) == 0)
        // "New app registration: Badge Printer"
        .map(|hit| hit.to + usize::from(scene.tokens[hit.to].is(':')))
        .find(|at| scene.tokens.get(*at).is_some_and(|token| token.capital));
    let from = led.or(after).or_else(|| {
        let policy = names_a_policy(scene, predicate);
        (predicate.verb + 1..predicate.to).find(|at| {
            scene.tokens[*at].capital
                && scene.lattice.hit_at[*at].is_none()
                && !(policy && scene.lattice.names_a_thing(*at))
        })
    });
    let Some(mut from) = from.or_else(|| labelled(scene)) else { return which(Ask::WhatName) };
    while from < predicate.to
        && (scene.tokens[from].is(':') || ["is", "it", "of"].contains(&scene.word(from)))
    {
        from += 1;
    }
    // "a new starter on Monday": a day is nobody's name.
    if scene.dated(from) {
        return which(Ask::WhatName);
    }
    let sentence = scene.sentence(from);
    // "called Compliant device for R&D labs: anyone in …"
    let mut ahead = from..sentence.to.min(from + WORDS_MAX);
    let colon = ahead.find(|at| !scene.tokens[*at].word() && !scene.tokens[*at].is('&'));
    if let Some(colon) = colon.filter(|at| led.is_some() && scene.tokens[*at].is(':') && *at > from)
    {
        return said(scene, predicate, from, colon);
    }
    let to = (from..sentence.to.min(from + WORDS_MAX))
        .find(|at| {
            let token = &scene.tokens[*at];
            matches!(token.sort, Sort::Line | Sort::Address)
                || token.is(',')
                || token.is('(')
                || token.is(';')
                || token.is(':')
                || (token.is('.') && !token.glued)
                || token.is('.') && at + 1 == sentence.to
                || ENDS.contains(&token.folded.as_str()) && !token.capital
        })
        .unwrap_or(sentence.to.min(from + WORDS_MAX));
    if to == from { which(Ask::WhatName) } else { said(scene, predicate, from, to) }
}

/// "New CA: block Sales Contractors": whom a policy is about is not what it is called.
fn names_a_policy(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    (predicate.from..predicate.to)
        .any(|at| ["policy", "ca", "rule", "conditional"].contains(&scene.word(at)))
}

/// "Name: Jonas Weber", a line of a form: where the name begins.
fn labelled(scene: &Scene<'_>) -> Option<usize> {
    const LABELS: &[&str] = &["name", "full name", "display name", "employee name", "employee"];
    let begins = |at: usize| at == 0 || scene.tokens[at - 1].sort == Sort::Line;
    (0..scene.tokens.len()).filter(|at| begins(*at)).find_map(|at| {
        let colon = (at + 1..at + 3).find(|at| scene.tokens.get(*at).is_some_and(|t| t.is(':')))?;
        LABELS.contains(&scene.key(at, colon).as_str()).then_some(colon + 1)
    })
}

pub(super) fn said(scene: &Scene<'_>, predicate: &Predicate, from: usize, to: usize) -> Filled {
    let words = scene.said(from, to).trim().trim_end_matches(['.', '!', '?']).trim().to_owned();
    if words.is_empty() {
        return which(Ask::WhatName);
    }
    Filled::Value(Value::String(words), Some(because(scene, from, to, "", predicate.quoted)))
}

/// An address of the web, as it is written: what stands behind "redirect URI".
pub(super) fn link(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let end = scene.form_end(scene.sentence(predicate.verb).to.max(predicate.to));
    let begins = |at: &usize| {
        ["http", "https"].contains(&scene.word(*at))
            && scene.tokens.get(at + 1).is_some_and(|next| next.is(':') && next.glued)
    };
    let Some(at) = (predicate.from..end).find(begins) else { return Filled::Absent };
    let rest = &scene.text.clean[scene.tokens[at].start..];
    let shown = rest.split(|c: char| c.is_whitespace() || "<>\"|".contains(c)).next();
    let shown = shown.unwrap_or_default().trim_end_matches(['.', ',', ';', ')', '!', '?']);
    Filled::Value(
        Value::String(shown.to_owned()),
        Some(because(scene, at, at + 1, "", predicate.quoted)),
    )
}

/// Where these words end, if they stand here: "report only", "report-only".
fn phrase_end(scene: &Scene<'_>, at: usize, words: &[&str], to: usize) -> Option<usize> {
    let mut next = at;
    for (number, word) in words.iter().enumerate() {
        let hyphen = number > 0 && scene.tokens.get(next).is_some_and(|t| t.is('-') && t.glued);
        next += usize::from(hyphen);
        if next >= to || scene.word(next) != *word {
            return None;
        }
        next += 1;
    }
    Some(next)
}

/// One of a few values: the one whose longest phrase is said.
pub(super) fn choice(scene: &Scene<'_>, predicate: &Predicate, values: &[Choice]) -> Filled {
    let mut best: Option<(usize, usize, &str)> = None;
    let end = predicate.to.max(scene.sentence(predicate.verb).to);
    for (value, phrases) in values {
        for phrase in *phrases {
            let words: Vec<&str> = phrase.split(' ').collect();
            // "from report-only to enforced": what it becomes is meant.
            let becomes = |at: &usize| at.checked_sub(1).is_none_or(|at| scene.word(at) != "from");
            // "Require app protection on mobile": a word of a name says nothing of it.
            let own = |at: &usize| !scene.lattice.names_a_thing(*at);
            let read = |from: usize, to: usize| {
                let mut places = (from..to).filter(becomes).filter(own);
                places.find_map(|at| Some((at, phrase_end(scene, at, &words, to)?)))
            };
            // What is said with the verb itself comes first.
            let bare = ["on", "off"].contains(phrase);
            // "… out of it, the scanners keep failing on it"
            let stands = |to: usize| {
                const NEXT: &[&str] = &[
                    "from", "at", "tomorrow", "today", "now", "please", "pls", "again", "proper",
                    "for", "by", "and",
                ];
                to >= end
                    || !scene.tokens[to].word()
                    || NEXT.contains(&scene.word(to))
                    || scene.span(to).is_some()
                    || !scene.dates_free(to, to + 1)
            };
            let found = read(predicate.from, predicate.to)
                .or_else(|| {
                    let behind = best.is_none().then(|| read(predicate.to, end)).flatten();
                    // "…, it was on report-only by mistake": how it was.
                    behind.filter(|(at, _)| {
                        !(predicate.to..*at)
                            .any(|at| ["was", "were", "been", "had"].contains(&scene.word(at)))
                    })
                })
                .filter(|(_, to)| !bare || stands(*to));
            if let Some((at, to)) = found
                && best.is_none_or(|(_, longest, _)| to - at > longest)
            {
                best = Some((at, to - at, value));
            }
        }
    }
    match best {
        Some((at, length, value)) => {
            let why = because(scene, at, at + length, "", predicate.quoted);
            Filled::Value(Value::String(value.to_owned()), Some(why))
        }
        None => which(Ask::WhatOne),
    }
}

/// Properties of a user by the words people use for them.
const FIELDS: &[(&str, &[&str])] = &[
    ("jobTitle", &["job title", "title", "position", "role title"]),
    ("department", &["department", "dept"]),
    ("officeLocation", &["office location", "office", "location", "desk"]),
    ("mobilePhone", &["mobile phone", "mobile number", "mobile", "cell", "cell phone"]),
    ("businessPhones", &["phone number", "office number", "work phone", "phone", "extension"]),
    ("surname", &["surname", "last name", "family name"]),
    ("givenName", &["first name", "given name"]),
    ("displayName", &["display name", "displayed name"]),
    ("companyName", &["company name", "company"]),
    ("employeeId", &["employee id", "staff number", "employee number"]),
    ("usageLocation", &["usage location"]),
    ("city", &["city"]),
    ("country", &["country"]),
    ("streetAddress", &["street address", "street"]),
    ("postalCode", &["postal code", "postcode", "zip code"]),
    ("employeeType", &["employee type"]),
];

/// Do people call a property of a user so?
pub(in crate::interpret) fn is_property(words: &str) -> bool {
    property(words).is_some()
}

/// The property of a user that people call so, or that Graph does.
pub(in crate::interpret) fn property(words: &str) -> Option<&'static str> {
    let called = |(name, phrases): &&(&str, &[&str])| {
        phrases.contains(&words) || name.eq_ignore_ascii_case(words)
    };
    FIELDS.iter().find(called).map(|(name, _)| *name)
}

/// The predicate up to where a property's new value begins; nothing if none is given.
pub(super) fn before_values(scene: &Scene<'_>, predicate: &Predicate) -> Option<Predicate> {
    let phrases = FIELDS.iter().flat_map(|(_, phrases)| phrases.iter());
    let field = |at: usize| {
        let lengths = phrases.clone().filter_map(|phrase| {
            let words = phrase.split(' ').count();
            (scene.key(at, (at + words).min(predicate.to)) == **phrase).then_some(words)
        });
        lengths.max()
    };
    let after = (predicate.verb..predicate.to).find_map(|at| field(at).map(|words| at + words))?;
    let lead = (after..predicate.to).find(|at| {
        ["to", "as"].contains(&scene.word(*at))
            || scene.tokens[*at].is(':')
            || scene.tokens[*at].is('=')
    })?;
    Some(Predicate { to: lead, ..*predicate })
}

/// "Ada has been promoted to Senior Paralegal. Please amend her job title."
fn told_before(scene: &Scene<'_>, predicate: &Predicate) -> Option<(usize, usize)> {
    let before = scene.sentence(predicate.verb).from;
    let told = (0..before).rev().find_map(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        match (word, next) {
            ("promoted" | "promotion", "to")
            | ("title" | "position" | "role", "is")
            | ("now", "a" | "an" | "our" | "the") => Some(at + 2),
            _ => None,
        }
    })?;
    let start = told + usize::from(["a", "an", "the"].contains(&scene.word(told)));
    let end = (start..before.min(start + WORDS_MAX))
        .find(|at| {
            let token = &scene.tokens[*at];
            !token.word() || ENDS.contains(&token.folded.as_str()) && !token.capital
        })
        .unwrap_or(before.min(start + WORDS_MAX));
    (end > start && scene.tokens[start].capital).then_some((start, end))
}

/// What is said of a property and is no value of it.
const NO_VALUE: &[&str] = &[
    "wrong",
    "incorrect",
    "outdated",
    "out of date",
    "missing",
    "misspelt",
    "misspelled",
    "old",
    "not right",
    "still wrong",
    "blank",
    "empty",
    "that",
    "this",
    "it",
];

/// "change her job title to Senior Accountant"; several in a row.
pub(super) fn fields(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let mut found = Map::new();
    let mut at = predicate.from;
    while at < sentence.to {
        let hit = FIELDS.iter().find_map(|(property, phrases)| {
            phrases.iter().find_map(|phrase| {
                let words: Vec<&str> = phrase.split(' ').collect();
                let here = words.iter().enumerate().all(|(n, word)| scene.word(at + n) == *word);
                here.then_some((*property, at + words.len()))
            })
        });
        let Some((property, after)) = hit else {
            at += 1;
            continue;
        };
        let leads = |at: usize| {
            ["to", "as", "is", "now", "should", "be", "becomes", "become", "read", "reads", "changed"]
                .contains(&scene.word(at))
                // "should be changed to"
                || at == predicate.verb && !scene.tokens[at].capital
                || scene
                    .tokens
                    .get(at)
                    .is_some_and(|t| t.is(':') || t.is('=') || t.is('>') || t.is('-'))
        };
        let limit = sentence.to.min(after + 12).min(line_end(scene, after, sentence.to));
        let digits = property.ends_with("Phone") || property == "businessPhones";
        let digit = |at: &usize| {
            scene.tokens[*at].is('+') || scene.word(*at).starts_with(|c: char| c.is_ascii_digit())
        };
        let leads =
            |at: usize| leads(at) && (!digits || (at..limit.min(at + 4)).any(|at| digit(&at)));
        let start = (after..limit).find(|at| leads(*at)).map(|at| {
            let mut at = at;
            while at < limit && leads(at) {
                at += 1;
            }
            at
        });
        let start = start.or_else(|| {
            // "update mobile for … +49 151 555 0199"
            (after..sentence.to).find(digit).filter(|_| digits)
        });
        // "job title 'Project Engineer', office Leeds": said right behind it, in a list.
        let start = start.or_else(|| listed_value(scene, at, after).filter(|_| !digits));
        let Some(start) = start else {
            at = after;
            continue;
        };
        let end = value_end(scene, property, start, sentence.to);
        let words = scene.said(start, end).trim().trim_matches(['"', '“', '”', '\'']).to_owned();
        // "her title is wrong, please correct it" says no new one.
        // "Title must change in system", "please only change the office": no value either.
        // Nothing at all may stand behind the last word: "to be changed: display name".
        let small = scene.tokens.get(start).is_some_and(|token| !token.capital)
            && ["on", "both", "for", "from", "in", "the", "remains", "stays", "same"]
                .contains(&scene.word(start));
        if small || NO_VALUE.contains(&words.to_lowercase().as_str()) {
            at = end.max(after);
            continue;
        }
        // "add a phone number to her profile" says no number.
        let numbers = property.ends_with("Phone") || property == "businessPhones";
        if !words.is_empty() && (!numbers || words.contains(|c: char| c.is_ascii_digit())) {
            let value = if property == "businessPhones" {
                Value::from(vec![words])
            } else {
                Value::String(words)
            };
            found.insert(property.to_owned(), value);
        }
        at = end.max(after);
    }
    let title =
        (predicate.verb..sentence.to).any(|at| ["title", "position"].contains(&scene.word(at)));
    if found.is_empty()
        && title
        && let Some((from, to)) = told_before(scene, predicate)
    {
        found.insert("jobTitle".to_owned(), Value::String(scene.said(from, to)));
        let why = because(scene, from, to, "", predicate.quoted);
        return Filled::Value(Value::Object(found), Some(why));
    }
    if found.is_empty() { which(Ask::WhatOne) } else { Filled::Value(Value::Object(found), None) }
}
