//! What somebody is called whom nobody knows yet.
//!
//! Not here: names of the directory; those are spans.

use super::posts::is_post;
use crate::interpret::{dates::is_day_or_month, entities::What, lexicon::LEXICON, scene::Scene};

/// Not part of a name, though they begin with a capital.
const NO_NAMES: &[&str] = &[
    "mme",
    "mlle",
    "department",
    "dept",
    "manager",
    "licence",
    "license",
    "licences",
    "licenses",
    "title",
    "role",
    "start",
    "location",
    "site",
    "position",
    "group",
    "groups",
    "mailbox",
    "account",
    "date",
    "reports",
    "contract",
    "contractor",
    "leaver",
    "mover",
    "joiners",
    "leavers",
    "movers",
    "personnel",
    "changes",
    "updates",
    "internal",
    "external",
    "transfer",
    "notice",
    "starters",
    "contractors",
    "approved",
    "confirmed",
    "hi",
    "hello",
    "dear",
    "good",
    "morning",
    "afternoon",
    "please",
    "kindly",
    "could",
    "can",
    "would",
    "new",
    "hire",
    "starter",
    "joiner",
    "form",
    "microsoft",
    "office",
    "team",
    "thanks",
    "regards",
    "onboard",
    "onboarding",
    "it",
    "details",
    "field",
    "value",
    "set",
    "we",
    "the",
    "all",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "herr",
    "frau",
    "sir",
    "madam",
    "madame",
    "monsieur",
    "hr",
    "shared",
    "services",
    "unfortunately",
    "congratulations",
    "original",
    "message",
    "forwarded",
    "name",
    "fwd",
    "re",
    "subject",
    "he",
    "she",
    "they",
    "his",
    "her",
    "our",
    "this",
    "there",
    "welcome",
    "attention",
    "urgent",
    "request",
];
/// The first name between these tokens that is nobody's and no post.
pub(in crate::interpret) fn newcomer(scene: &Scene<'_>, from: usize, to: usize) -> Option<String> {
    newcomer_at(scene, from, to).map(|(name, _, _)| name)
}

/// The same, and where it begins and ends.
pub(in crate::interpret) fn newcomer_at(
    scene: &Scene<'_>,
    from: usize,
    to: usize,
) -> Option<(String, usize, usize)> {
    let mut at = from;
    while at < to {
        let Some((name, end)) = capitals(scene, at, to) else {
            at += 1;
            continue;
        };
        let lead = at.checked_sub(1).map_or("", |at| scene.word(at));
        let post = ["as", "a", "an", "our", "like", "position", "role", "post", "designation"]
            .contains(&lead)
            || (at..end).any(|at| is_post(scene.word(at)));
        if !post {
            return Some((name, at, end));
        }
        at = end;
    }
    small(scene, from, to)
}

/// "amanda clarke, agent in …, starts thursday": who writes no capitals begins with the name.
fn small(scene: &Scene<'_>, from: usize, to: usize) -> Option<(String, usize, usize)> {
    let begins = scene.sentence(from).from;
    let at = (begins..to).find(|at| scene.tokens[*at].word()).filter(|at| *at >= from)?;
    let part = |at: usize| {
        let token = &scene.tokens[at];
        token.word()
            && !token.capital
            && token.folded.len() > 2
            && token.folded.chars().all(char::is_alphabetic)
            && !LEXICON.knows(&token.folded)
            && !LEXICON.common(&token.folded)
            && scene.span(at).is_none_or(|span| span.what == What::Nobody)
    };
    let parted = scene.tokens.get(at + 2).is_some_and(|token| token.is(','));
    if at + 2 >= to || !parted || !part(at) || !part(at + 1) {
        return None;
    }
    Some((titled(&scene.said(at, at + 2)), at, at + 2))
}

/// "events coordinator" is Events Coordinator.
pub(in crate::interpret) fn titled(words: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    words.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// "Ann Lee and Bo Ek": everybody who is named together with the first.
pub(super) fn together(scene: &Scene<'_>, from: usize, to: usize) -> Vec<String> {
    let Some((first, _, mut end)) = newcomer_at(scene, from, to) else { return Vec::new() };
    let mut all = vec![first];
    loop {
        let comma = usize::from(scene.tokens.get(end).is_some_and(|token| token.is(',')));
        let and = scene.word(end + comma) == "and"
            || scene.tokens.get(end + comma).is_some_and(|token| token.is('&'));
        let next = end + comma + usize::from(and);
        // "Ann Lee, Bo Ek" may be a name and a place.
        let Some((name, _, behind)) =
            newcomer_at(scene, next, to.min(next + 6)).filter(|(_, at, _)| and && *at == next)
        else {
            return all;
        };
        all.push(name);
        end = behind;
    }
}

/// Two to five capitalised words that name nobody and nothing of the directory.
pub(in crate::interpret) fn capitals(
    scene: &Scene<'_>,
    at: usize,
    to: usize,
) -> Option<(String, usize)> {
    let fits = |at: usize| {
        let token = &scene.tokens[at];
        // "Jean-Baptiste" is not the Jean of the directory.
        let glued = |at: usize| scene.tokens.get(at).is_some_and(|token| token.glued);
        let half = glued(at + 1) && glued(at + 2) && scene.tokens[at + 1].is('-');
        let known = scene.span(at).is_some_and(|span| {
            span.what != What::Nobody && !(half && span.to == at + 1 && span.from == at)
        });
        token.word()
            && token.capital
            && !known
            && !scene.dated(at)
            && !scene.lattice.literal[at]
            && !NO_NAMES.contains(&token.folded.as_str())
            && !is_day_or_month(&token.folded)
    };
    // "Femke de Wit", "Ana da Silva", "Jordi Capdevila i Roig"
    let particle = |at: usize| {
        [
            "de", "da", "di", "van", "von", "der", "den", "del", "la", "le", "al", "dos", "das",
            "dela", "bin", "ten", "i", "y", "e",
        ]
        .contains(&scene.word(at))
    };
    // "Freiherr-Lindenau"
    let hyphen = |at: usize| {
        let glued = |at: usize| scene.tokens.get(at).is_some_and(|token| token.glued);
        scene.tokens[at].is('-') && glued(at) && glued(at + 1) && at + 1 < to && fits(at + 1)
    };
    if at >= to || !fits(at) {
        return None;
    }
    let mut end = (at..to.min(at + 9))
        .take_while(|here| fits(*here) || *here > at && (particle(*here) || hyphen(*here)))
        .count()
        + at;
    while end > at && !fits(end - 1) {
        end -= 1;
    }
    let words = (at..end).filter(|at| scene.tokens[*at].word()).count();
    ((2..=6).contains(&words)).then(|| (scene.said(at, end), end))
}
