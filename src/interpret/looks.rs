//! A second look at a sentence of which nothing came: does it only want to be told
//! something that can be looked up?
//!
//! "is Ada's account active?", "admin roles on Ada?", "I need a list of all disabled
//! accounts": asked with verbs that ask nothing by themselves, or with none. Looking up
//! changes nothing, so a looser reading is enough here; whoever says how, why, if or not is
//! asking something else. Not here: anything that changes something.

use std::sync::LazyLock;

use crate::{
    actions::Entry,
    domain::area::Risk,
    interpret::{
        clauses::{Act, Predicate, Sentence},
        lexicon::{Classes, Form, LEXICON, verb_classes},
        likeness::PRAISE,
        scene::Scene,
        text::Sort,
    },
};

/// A sentence that asks to be told is not longer than this, in tokens.
const TOKENS_MAX: usize = 30;

/// It opens like a question that a look answers.
const OPENS: &[&str] = &[
    "is", "are", "does", "has", "have", "what", "whats", "which", "who", "whos", "whose", "when",
    "where", "any", "anyone", "anybody", "list", "show", "details", "overview", "report", "count",
    "counts", "status",
];
/// Or it says that somebody wants to see.
const WANTS: &[&str] = &[
    "list",
    "overview",
    "details",
    "report",
    "see",
    "look",
    "show",
    "pull",
    "count",
    "counts",
    "info",
    "summary",
    "status",
    "memberships",
    "membership",
];
/// Or somebody here wants something.
const ASKS: &[&str] =
    &["need", "want", "like", "can", "could", "may", "get", "give", "please", "pls", "me", "us"];
/// It asks how, why or whether something may be done, tells, supposes or denies.
const OTHER: &[&str] = &[
    "how",
    "why",
    "should",
    "would",
    "if",
    "unless",
    "allowed",
    "permitted",
    "must",
    "will",
    "dont",
    "not",
    "never",
    "no",
    "cannot",
    "cant",
    "wont",
    "isnt",
    "arent",
    "doesnt",
    "didnt",
    "was",
    "were",
    "did",
    "had",
    "been",
    "yesterday",
    "already",
    "someone",
    "somebody",
    "sure",
    "possible",
    "able",
    "difference",
    "mean",
    "means",
    "think",
    "wonder",
    "told",
    "said",
    "says",
    "asked",
];

/// The verbs with which a look is asked for.
static ASKING: LazyLock<Classes> =
    LazyLock::new(|| verb_classes(&["list", "show", "ask", "who", "tell", "noun", "own"]));

/// Verbs that are as often no verbs: "is it left", "to get", "a set of".
static WEAK: LazyLock<Classes> =
    LazyLock::new(|| verb_classes(&["light", "want", "keep", "report", "fetch"]));

/// A sentence as a wish to be told something; nothing if it is none.
pub(super) fn wish(scene: &Scene<'_>, sentence: Sentence) -> Option<Predicate> {
    let Sentence { from, to, quoted } = sentence;
    if quoted || to - from > TOKENS_MAX {
        return None;
    }
    let word = |at: usize| scene.word(at);
    let free = |at: &usize| scene.lattice.span_at[*at].is_none() && !scene.lattice.literal[*at];
    let has = |words: &[&str]| (from..to).filter(free).any(|at| words.contains(&word(at)));
    // "can you wipe devices?", "what happens when I delete a user?"
    let changes = (from..to).filter(free).any(|at| {
        scene.lattice.hit_at[at].is_none()
            && LEXICON.verb(word(at)).iter().any(|sense| {
                let plain = sense.particle.is_empty() && base_form(sense.form);
                plain && sense.classes & *ASKING == 0 && sense.classes & *WEAK == 0
            })
    });
    let many = (from..to).any(|at| word(at) == "how" && word(at + 1) == "many");
    let other =
        (from..to).filter(free).any(|at| OTHER.contains(&word(at)) && !(many && word(at) == "how"));
    if other
        || changes
        || has(&["happens", "happen", "real", "legit", "genuine", "spam", "phishing", "safe"])
    {
        return None;
    }
    let first = (from..to).find(|at| scene.tokens[*at].word())?;
    let question = scene.tokens[from..to].iter().any(|token| token.is('?'));
    // "Brilliant, Rachel can see the mailbox now."
    if PRAISE.contains(&word(first)) && !question && !has(&["please", "pls", "plz"]) {
        return None;
    }
    // "who removed Grace from Sales?"
    let did = |at: usize| {
        LEXICON
            .verb(word(at))
            .iter()
            .any(|sense| sense.form == Form::Past && sense.classes & (*ASKING | *WEAK) == 0)
    };
    if ["who", "what", "which"].contains(&word(first)) && did(first + 1) {
        return None;
    }
    let opens = OPENS.contains(&word(first)) && scene.lattice.span_at[first].is_none();
    let wants = has(WANTS) && has(ASKS);
    // "Could accounts@ be opened up to Wen?", "Any chance his mail could come to me?"
    let offered = ["can", "could", "would", "will", "may", "might"].contains(&word(first))
        || word(first) == "any" && ["chance", "way", "possibility"].contains(&word(first + 1));
    let told = has(WANTS) || has(&["tell", "know", "check", "who", "which", "what", "whose"]);
    let asks = (question || opens || wants || many) && (!offered || told);
    // "What Grace did, …" is no question, and a line of a form is none.
    let line = (from..to).any(|at| scene.tokens[at].is(':') || scene.tokens[at].sort == Sort::Line);
    let act = Act::Request;
    (asks && !line).then(|| Predicate {
        from,
        verb: first,
        to,
        classes: *ASKING,
        particle: None,
        act,
        quoted,
    })
}

/// The parts of a wish that is joined of several, each with something of its own.
pub(super) fn parts(scene: &Scene<'_>, whole: &Predicate) -> Vec<Predicate> {
    let joins = |at: &usize| {
        let mark = [',', '&', ';', '+'].iter().any(|mark| scene.tokens[*at].is(*mark));
        let word = ["and", "plus", "also"].contains(&scene.word(*at));
        (mark || word)
            && scene.lattice.span_at[*at].is_none()
            && scene.lattice.hit_at[*at].is_none()
    };
    let mut parts = Vec::new();
    let mut from = whole.from;
    for at in (whole.from..whole.to).filter(joins).chain([whole.to]) {
        let own = (from..at).any(|at| scene.lattice.hit_at[at].is_some());
        let first = (from..at).find(|at| scene.tokens[*at].word());
        if let Some(verb) = first.filter(|_| own) {
            parts.push(Predicate { from, verb, to: at, ..*whole });
        }
        from = at + 1;
    }
    if parts.len() > 1 { parts } else { Vec::new() }
}

/// The actions that only look.
pub(super) fn looking(catalog: &[Entry]) -> Vec<Entry> {
    catalog.iter().filter(|entry| entry.about.risk == Risk::Read).copied().collect()
}

/// As in an order, or with "to".
fn base_form(form: Form) -> bool {
    matches!(form, Form::Base | Form::BaseOrPast)
}
