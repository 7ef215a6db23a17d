//! Somebody's new name, however it is told: "Mrs Park is now Mrs Ek", "Ada Park's married name is
//! Ek", "Current: Ada Park, new: Ada Ek". Each becomes "Ada Park is now called Ada Ek".
//!
//! Only where a name is spoken of, and only of one person of the directory whose first name stays.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::listed::somebody;
use crate::interpret::{index::Index, text::fold};

struct Patterns {
    speaks: Regex,
    ways: [Regex; 6],
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let one = |pattern: &str| {
        let name = r"[^\s\d,.:;!?()<>=|/–—'’][^\s\d,.:;!?()<>=|/–—'’]+(?: [^\s\d,.:;!?()<>=|/–—'’][^\s\d,.:;!?()<>=|/–—'’]+){0,3}";
        Regex::new(&pattern.replace("NAME", name)).expect("a fixed pattern")
    };
    Patterns {
        speaks: one(
            r"(?i)\b(?:name|names|surname|wedding|married|marriage|marrying|divorced?|maiden)\b",
        ),
        ways: [
            // "Mrs Park is now Mrs Ek", "Ada Park's now Ada Ek"
            one(
                r"(?i)(?:\b(?:mr|mrs|ms|miss)\.? )?\b(NAME?)(?:['’]s| is| has become| became| becomes) (?:now |officially |henceforth )+(?:called |known as |to be known as )?(?P<titled>(?:mr|mrs|ms|miss)\.? )?(?P<new>[^\s\d,.:;!?()<>=|/–—'’][^\s\d,.:;!?()<>=|/–—'’]+(?: [A-ZÀ-ÞĀ-Ž][^\s\d,.:;!?()<>=|/–—'’]+| [^\s\d,.:;!?()<>=|/–—'’][^\s\d,.:;!?()<>=|/–—'’]+)?)",
            ),
            // "Ada Park got married, her new surname is Ek"
            one(
                r"(?i)\b(NAME)(?:['’]s| (?:got|has got|is|was|has) [^.!?\n]{0,40}?[,;.]? (?:and )?(?:his|her|their)) (?:new |married )(?:surname|last name|family name|name) (?:is|will be|shall be|should be)(?: now)? ([^\s\d,.:;!?()<>=|/–—'’][^\s\d,.:;!?()<>=|/–—'’]+(?: [A-ZÀ-ÞĀ-Ž][^\s\d,.:;!?()<>=|/–—'’]+)?)",
            ),
            // "The surname of Ada Park is since the marriage Ek"
            one(
                r"(?i)\bthe (?:surname|last name|family name|name) of (NAME) (?:is|was|has been|has|will be)(?: now)?(?: changed)?(?: since [^.!?\n,]{3,20}?| from [^\s\d,.:;!?()]+ to| to| now)? ((?-i:[A-ZÀ-ÞĀ-Ž])[^\s\d,.:;!?()<>=|/–—'’]+)",
            ),
            // "Ada Park takes back her maiden name: Ada Ek"
            one(
                r"(?i)\b(NAME) (?:takes back|goes back to|reverts to|returns to|resumes|is going back to) (?:his|her|their) (?:maiden name|name of birth|birth name|former name|old name)\s*[:,(]?\s*(NAME)",
            ),
            // "Current: Ada Park / New: Ada Ek"
            one(
                r"(?i)\b(?:current|old|previous|former|existing|present)(?: (?:full |display |legal )?(?:sur)?name)?\s*[:=|]\s*(NAME)\s*\n\W*(?:new|changed|updated|married)(?: (?:full |display |legal )?(?:sur)?name)?\s*[:=|]\s*(NAME)",
            ),
            // "Ada Park's surname has changed to Ek"
            one(
                r"(?i)\b(NAME)['’]s? (?:surname|last name|family name) (?:has changed|changed|has been changed|changes|is changing|will change|should be changed|is to be changed)(?: from [^\s\d,.:;!?()]+)? to ([^\s\d,.:;!?()<>=|/–—'’][^\s\d,.:;!?()<>=|/–—'’]+)",
            ),
        ],
    }
});

pub(super) fn make_ready() {
    LazyLock::force(&PATTERNS);
}

/// The text with every such new name put plainly.
pub(super) fn renamed(text: &str, index: &Index) -> String {
    let patterns = &*PATTERNS;
    if !patterns.speaks.is_match(text) {
        return text.to_owned();
    }
    let mut put = text.to_owned();
    for way in &patterns.ways {
        let new = |found: &Captures<'_>| {
            // "Ada is now Buyer": a post, unless she is called "Mrs" or Ada.
            let title = found.name("new").is_some() && found.name("titled").is_none();
            let new = found.name("new").map_or_else(|| &found[2], |new| new.as_str());
            called(&found[1], new, title, index).unwrap_or_else(|| found[0].to_owned())
        };
        put = way.replace_all(&put, new).into_owned();
    }
    put
}

/// "Ada Park is now called Ada Ek"; nothing if that is nobody's new name.
fn called(old: &str, new: &str, title: bool, index: &Index) -> Option<String> {
    let words: Vec<&str> = old.split(' ').collect();
    // The last words before it are the name: "as you know Ada Park".
    let (from, name) = (0..words.len().min(4))
        .find_map(|from| Some((from, somebody(index, &words[from..].join(" "))?)))?;
    let before: String = words[..from].iter().flat_map(|word| [*word, " "]).collect();
    let first = name.split(' ').next()?;
    let mut parts: Vec<&str> = new.split(' ').collect();
    if fold(parts[0]) == fold(first) {
        parts.remove(0);
    } else if parts.len() > 1 {
        // A second word that is no name of theirs: "Ek after".
        parts.truncate(1);
    }
    let last = parts.first().copied().filter(|last| last.chars().count() > 1)?;
    let known = name.split(' ').any(|part| fold(part) == fold(last));
    // A post or a word of a sentence is no surname, unless the first name stands before it.
    let with_first = new.contains(' ') && fold(new.split(' ').next()?) == fold(first);
    if known || !with_first && (title || !last.starts_with(char::is_uppercase)) {
        return None;
    }
    let mut letters = last.chars();
    let last: String = letters.next()?.to_uppercase().chain(letters).collect();
    Some(format!("{before}{name} is now called {first} {last}"))
}
