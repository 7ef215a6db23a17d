//! Who is told of and nobody knows yet: names that are nobody's, and no posts, firms or headings.

use super::marks::{Run, begins_line, line_end, parts};
use crate::interpret::{
    entities::What,
    lexicon::LEXICON,
    lifecycle::{capitals, is_post, titled},
    scene::Scene,
    text::Sort,
};

/// A name, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stranger {
    pub name: String,
    pub from: usize,
    pub to: usize,
}

/// At most so many are told of in one message.
pub(super) const STRANGERS_MAX: usize = 20;

/// Behind a name that is no person's.
const FIRMS: &[&str] = &[
    "ltd",
    "inc",
    "gmbh",
    "ag",
    "plc",
    "llc",
    "bv",
    "agency",
    "team",
    "group",
    "office",
    "project",
    "list",
    "department",
    "dept",
    "form",
    "process",
    "policy",
    "programme",
    "program",
    "account",
    "mailbox",
    "channel",
    "workshop",
    "conference",
    "meeting",
    "site",
    "building",
];
/// Before a name that is told of by the way.
const BY_THE_WAY: &[&str] = &[
    "from",
    "via",
    "through",
    "project",
    "dear",
    "hi",
    "hello",
    "hey",
    "cc",
    "regards",
    "replaces",
    "replacing",
    "replace",
    "succeeds",
    "covers",
    "covering",
];
/// Before a value of a mail's head.
const HEADS: &[&str] = &["from", "to", "cc", "subject", "sent", "de", "von", "date", "betreff"];

/// All of them among these runs, in order.
pub(super) fn strangers(scene: &Scene<'_>, runs: &[Run]) -> Vec<Stranger> {
    let mut found: Vec<Stranger> = Vec::new();
    for (from, to) in runs.iter().copied() {
        let mut at = from;
        while at < to && found.len() < STRANGERS_MAX {
            let one = capital(scene, at, to).or_else(|| small(scene, at, to));
            let Some(one) = one else {
                at += 1;
                continue;
            };
            at = one.to;
            let again = found.iter().any(|other| other.name == one.name);
            if !again && plausible(scene, &one) {
                found.push(one);
            }
        }
    }
    found
}

/// "Dara Whelan", without what a sentence begins with.
fn capital(scene: &Scene<'_>, at: usize, to: usize) -> Option<Stranger> {
    let (_, end) = capitals(scene, at, to)?;
    let words = |from: usize| (from..end).filter(|at| scene.tokens[*at].word()).count();
    let mut from = at;
    // "Sales Iñaki Etxeberria": a department, and a name.
    if let Some((first, behind, _)) = scene.places(at, end, false).first().cloned()
        && first == at
        && words(behind) >= 2
    {
        from = behind;
    }
    // "Starting Hazel Quirke …"
    let known = LEXICON.knows(scene.word(from)) || scene.word(from).ends_with("ing");
    if known && words(from + 1) >= 2 {
        from += 1;
    }
    // "Dr Imogen Fry"
    if ["dr", "prof", "mr", "mrs", "ms"].contains(&scene.word(from)) && words(from + 1) >= 2 {
        from += 1;
    }
    // What is left may hold a post: "Designer Noor Haddad".
    if is_post(scene.word(from)) && words(from + 1) >= 2 {
        from += 1;
    }
    let name = scene.said(from, end);
    Some(Stranger { name, from, to: end })
}

/// "pim jansen - recruiter - …", "her name's tamsin oke": who writes no capitals.
fn small(scene: &Scene<'_>, at: usize, to: usize) -> Option<Stranger> {
    let part = |at: usize| {
        let token = &scene.tokens[at];
        token.word()
            && !token.capital
            && token.folded.len() > 2
            && token.folded.chars().all(char::is_alphabetic)
            && !LEXICON.knows(&token.folded)
            && !is_post(&token.folded)
            && scene.span(at).is_none_or(|span| span.what == What::Nobody)
            && !scene.dated(at)
            && scene.places(at, at + 1, true).is_empty()
            && scene.places(at, at + 1, false).is_empty()
    };
    if at + 1 >= to || !part(at) || !part(at + 1) {
        return None;
    }
    let end = at + 2 + usize::from(at + 2 < to && part(at + 2));
    let before = at.checked_sub(1);
    let called = before.is_some_and(|before| {
        ["name", "names", "called", "named", "onboard", "welcome"].contains(&scene.word(before))
            || scene.word(before) == "up" && before > 0 && scene.word(before - 1) == "set"
            || scene.word(before) == "is" && before > 0 && scene.word(before - 1) == "name"
    });
    let opens = called
        || begins_line(scene, at)
        || before.is_some_and(|before| {
            matches!(scene.tokens[before].sort, Sort::Mark('.' | ':' | '!' | '?' | ')'))
        });
    let starts =
        ["starts", "joins", "begins", "starting", "joining", "is", "for", "as", "from", "who"];
    let closes = end >= to
        || parts(scene, end)
        || starts.contains(&scene.word(end))
        || scene.tokens[end - 1].possessive
        || called;
    (opens && closes).then(|| Stranger { name: titled(&scene.said(at, end)), from: at, to: end })
}

/// No post, no firm, no heading, and nobody who only writes or is written to.
fn plausible(scene: &Scene<'_>, one: &Stranger) -> bool {
    let post = (one.from..one.to).any(|at| is_post(scene.word(at)));
    let before = one.from.checked_sub(1).map_or("", |at| scene.word(at));
    let firm = FIRMS.contains(&scene.word(one.to))
        || scene.tokens.get(one.to).is_some_and(|next| next.is('&'))
            && scene.tokens.get(one.to + 1).is_some_and(|next| next.capital)
            && capitals(scene, one.to + 1, scene.tokens.len()).is_none();
    let line = (0..one.from).rev().find(|at| scene.tokens[*at].sort == Sort::Line);
    let head = line.map_or(0, |line| line + 1);
    let written = scene.sentence(one.from).quoted
        && (head..one.from).any(|at| scene.tokens[at].is(':'))
        && (head..one.from).any(|at| HEADS.contains(&scene.word(at)));
    let place = [false, true].into_iter().any(|offices| {
        let places = scene.places(one.from, one.to, offices);
        places.iter().any(|(from, to, _)| (*from, *to) == (one.from, one.to))
    });
    let as_one = ["as", "a", "an", "role", "post", "position", "title"].contains(&before);
    !(place
        || post
        || firm
        || written
        || as_one
        || BY_THE_WAY.contains(&before)
        || signed(scene, one))
}

/// A name alone on its line, where no list of them stands: who wrote it.
fn signed(scene: &Scene<'_>, one: &Stranger) -> bool {
    let alone = begins_line(scene, one.from) && line_end(scene, one.to) == one.to;
    let plain = one.from == 0 || scene.tokens[one.from - 1].sort == Sort::Line;
    let before = (0..one.from).rev().find(|at| scene.tokens[*at].sort != Sort::Line);
    let listed = before.is_some_and(|at| scene.tokens[at].is(':') || line_is_name(scene, at));
    alone && plain && one.from > 0 && !listed
}

/// Does the line that ends with this token hold a name alone?
fn line_is_name(scene: &Scene<'_>, last: usize) -> bool {
    let line = (0..last).rev().find(|at| scene.tokens[*at].sort == Sort::Line);
    let from = line.map_or(0, |line| line + 1);
    capitals(scene, from, last + 1).is_some_and(|(_, end)| end == last + 1)
}
