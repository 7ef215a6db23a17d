//! The words that a model points at: are they the requester's own, do they hold what asks
//! for this action, and are they asked, not told, supposed or denied?

use super::{sheet::Sheet, shortlist::Cues};
use crate::{
    actions::{Entry, wording::Frame},
    domain::area::{Care, Risk},
    interpret::{
        clauses::{self, Act, Predicate},
        lexicon::{LEXICON, verb_classes},
        scene::Scene,
    },
};

/// The shortest run of words that asks is not longer than this.
const TOKENS_MAX: usize = 60;

/// Words that say no. "can't" is not among them: it tells a trouble.
const NO: &[&str] = &[
    "not", "never", "no", "dont", "doesnt", "didnt", "wont", "wouldnt", "shouldnt", "mustnt",
    "neednt", "without", "neither", "nor", "nobody", "none", "except", "unless", "instead",
    "rather", "avoid", "stop", "refuse", "refused", "hold",
];
/// Words that tell, suppose or ask, where no verb is known that could say so.
const TELLS: &[&str] = &[
    "was",
    "were",
    "had",
    "did",
    "already",
    "yesterday",
    "said",
    "says",
    "told",
    "tells",
    "asked",
    "heard",
    "think",
    "thinks",
    "thought",
    "guess",
    "wonder",
    "might",
    "may",
    "maybe",
    "perhaps",
    "probably",
    "would",
    "should",
    "suppose",
    "supposed",
    "if",
    "when",
    "whenever",
    "once",
    "imagine",
    "pretend",
    "example",
    "like",
    "wants",
    "plans",
    "planning",
    "going",
    "policy",
];
/// A sentence that opens with one of these asks for an answer, not for a change.
const ASKS: &[&str] = &[
    "how", "what", "whats", "why", "when", "where", "which", "who", "whose", "do", "does", "did",
    "is", "are", "was", "were", "has", "have", "had", "should", "shall",
];

/// Words that count for an action.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    /// First token.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// The words as a predicate, for the slots.
    pub predicate: Predicate,
    /// The way of asking that they fit best.
    pub frame: &'static Frame,
}

/// Loses something, or gives a power: a role, a policy, an app, a deletion, mail going out.
pub(super) fn critical(entry: &Entry) -> bool {
    entry.about.risk == Risk::Destructive
        || entry.about.care != Care::Usual
        || ["set_forwarding", "set_licenses"].contains(&entry.about.id)
}

/// Reads what a model points at for this action; nothing if it does not hold.
pub(super) fn read(
    scene: &Scene<'_>,
    sheet: &Sheet,
    entry: &Entry,
    said: &str,
) -> Option<Evidence> {
    let (start, end) = sheet.source(said)?;
    let from = scene.tokens.iter().position(|token| token.end > start)?;
    let to = scene.tokens.iter().rposition(|token| token.start < end)? + 1;
    if from >= to || to - from > TOKENS_MAX || !in_one_sentence(scene, from, to) {
        return None;
    }
    let cues = Cues::of(scene, from, to);
    let changes = entry.about.risk != Risk::Read;
    let frames = entry.about.wording.frames.iter();
    // A verb alone is too little where something is lost or a power given.
    let holds = |frame: &&Frame| {
        let verb = cues.verb(frame) && (!critical(entry) || frame.objects.is_empty());
        cues.object(frame) || verb
    };
    let weight = |frame: &&Frame| (u8::from(cues.object(frame)), u8::from(cues.verb(frame)));
    let frame = frames.filter(holds).max_by_key(weight)?;
    let predicates = overlapping(scene, from, to);
    if !asked(scene, &predicates, from, to, changes) {
        return None;
    }
    Some(Evidence { from, to, predicate: predicate(scene, frame, from, to), frame })
}

/// One sentence of the own words: what was quoted has none here.
fn in_one_sentence(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    scene.sentences.iter().any(|one| !one.quoted && one.from <= from && to <= one.to)
}

/// The predicates that were found in these words without a model.
pub(super) fn overlapping(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Predicate> {
    let sentence = scene.sentence(from);
    let all = clauses::predicates(&scene.tokens, &scene.lattice, sentence);
    all.into_iter().filter(|one| one.from < to && from < one.to).collect()
}

/// Asked for: nothing before or in it says no, no known verb of it is only told, and where
/// no verb is known, no word tells, supposes or asks back.
fn asked(
    scene: &Scene<'_>,
    predicates: &[Predicate],
    from: usize,
    to: usize,
    changes: bool,
) -> bool {
    let sentence = scene.sentence(from);
    let word = |at: usize| scene.word(at);
    let denied = (sentence.from..to).any(|at| {
        let cannot = ["cannot", "cant", "couldnt"].contains(&word(at));
        NO.contains(&word(at)) || cannot && ["be", "get"].contains(&word(at + 1))
    });
    let bars = |act: Act| match act {
        Act::Request => false,
        Act::Negated | Act::Told => true,
        Act::Question | Act::Capability => changes,
    };
    if denied || predicates.iter().any(|one| bars(one.act)) {
        return false;
    }
    if !changes || predicates.iter().any(|one| one.act == Act::Request) {
        return true;
    }
    let polite = |at: usize| {
        let next = word(at + 1);
        ["would", "if"].contains(&word(at)) && ["you", "u", "possible", "needed"].contains(&next)
            || word(at) == "like" && at > 0 && ["would", "id", "d"].contains(&word(at - 1))
    };
    let opens = (sentence.from..sentence.to).find(|at| scene.tokens[*at].word());
    let opens = opens.is_some_and(|at| ASKS.contains(&word(at)));
    !opens && !(sentence.from..to).any(|at| TELLS.contains(&word(at)) && !polite(at))
}

/// The words as a predicate of the frame's sense.
fn predicate(scene: &Scene<'_>, frame: &Frame, from: usize, to: usize) -> Predicate {
    let own = verb_classes(frame.verbs);
    let sense = |at: &usize| {
        let free = scene.lattice.span_at[*at].is_none() && !scene.lattice.literal[*at];
        let classes = LEXICON.verb(scene.word(*at)).iter().fold(0, |all, one| all | one.classes);
        free && classes & own != 0
    };
    let verb = (from..to).find(sense);
    let classes = match verb {
        Some(at) => LEXICON.verb(scene.word(at)).iter().fold(0, |all, one| all | one.classes) & own,
        None => frame.verbs.first().map_or(0, |first| verb_classes(&[first])),
    };
    let act = Act::Request;
    let verb = verb.unwrap_or(from);
    Predicate { from, verb, to, classes, particle: None, act, quoted: false }
}
