//! What somebody is called whom nobody knows yet.
//!
//! Not here: names of the directory; those are spans.

use crate::interpret::{dates::is_day_or_month, entities::What, scene::Scene};

/// Not part of a name, though they begin with a capital.
const NO_NAMES: &[&str] = &[
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
/// What posts are called by.
const POSTS: &[&str] = &[
    "engineer",
    "manager",
    "analyst",
    "assistant",
    "specialist",
    "technician",
    "coordinator",
    "executive",
    "lead",
    "officer",
    "designer",
    "developer",
    "administrator",
    "director",
    "agent",
    "consultant",
    "accountant",
    "clerk",
    "buyer",
    "scientist",
    "controller",
    "merchandiser",
    "senior",
    "junior",
    "paralegal",
    "intern",
    "producer",
    "recruiter",
    "representative",
    "advisor",
    "adviser",
    "planner",
    "architect",
    "head",
    "trainer",
    "supervisor",
    "associate",
    "trainee",
    "apprentice",
    "counsel",
    "partner",
    "nurse",
    "operator",
    "generalist",
    "strategist",
    "tester",
];

/// The first name between these tokens that is nobody's and no post.
pub(super) fn newcomer(scene: &Scene<'_>, from: usize, to: usize) -> Option<String> {
    let mut at = from;
    while at < to {
        let Some((name, end)) = capitals(scene, at, to) else {
            at += 1;
            continue;
        };
        let lead = at.checked_sub(1).map_or("", |at| scene.word(at));
        let post = ["as", "a", "an", "our", "like", "position", "role", "post", "designation"]
            .contains(&lead)
            || (at..end).any(|at| POSTS.contains(&scene.word(at)));
        if !post {
            return Some(name);
        }
        at = end;
    }
    None
}

/// Two to five capitalised words that name nobody and nothing of the directory.
pub(super) fn capitals(scene: &Scene<'_>, at: usize, to: usize) -> Option<(String, usize)> {
    let fits = |at: usize| {
        let token = &scene.tokens[at];
        let known = scene.lattice.span_at[at]
            .is_some_and(|span| !matches!(scene.lattice.spans[span].what, What::Nobody));
        let date = scene.whens.iter().any(|when| (when.from..when.to).contains(&at));
        token.word()
            && token.capital
            && !known
            && !date
            && !scene.lattice.literal[at]
            && !NO_NAMES.contains(&token.folded.as_str())
            && !is_day_or_month(&token.folded)
    };
    // "Femke de Wit", "Ana da Silva", "Jordi Capdevila i Roig"
    let particle = |at: usize| {
        [
            "de", "da", "di", "van", "von", "der", "den", "del", "la", "le", "al", "dos", "das",
            "bin", "ten", "i", "y", "e",
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
