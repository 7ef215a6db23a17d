//! A sentence of which nothing came, taken for what it is most like.
//!
//! Not here: permission or any look at the tenant; nothing comes of a likeness alone, without
//! the people and things the action needs.

use super::{
    NONE,
    cells::{self, Cell},
    directions::{not_meant, says_it, turned},
    doubts::{
        bare, form_line, harmless, is_unable, says_enough, speaks_of_a_reply, strange_object,
        strange_verb, sure, wished,
    },
    left_open, like,
};
use crate::{
    actions::{Entry, wording::Frame},
    domain::{
        area::{Area, Risk},
        proposal::{Open, Proposal},
        trouble::Ask,
    },
    interpret::{
        clauses::{Act, Predicate, Sentence},
        entities::{Span, What},
        frames::Fit,
        lexicon::{LEXICON, object_classes, verb_classes},
        scene::Scene,
        slots,
        text::Sort,
        weigh::{DEVICES, vague_device},
    },
};

/// Beside other wishes a sentence mostly says why, and a line of a form for whom.
const BESIDE_MIN: f32 = 0.85;
const READS_BESIDE_MIN: f32 = 0.95;
/// A question back costs somebody's time: it must be plain that something is asked.
const ASKS_BACK_MIN: f32 = 0.9;
/// So surely, what was going to be asked back is not asked.
const INSTEAD_MIN: f32 = 0.95;
/// A sentence falls into at most so many parts.
const PARTS_MAX: usize = 8;

/// What came of a likeness.
#[derive(Debug, Default)]
pub(in crate::interpret) struct Liked {
    pub(in crate::interpret) proposals: Vec<Proposal>,
    pub(in crate::interpret) questions: Vec<Open>,
    /// The predicate that stands for each action, for the trace.
    pub(in crate::interpret) taken: Vec<(Predicate, &'static str)>,
    /// It only looks something up.
    reads: bool,
    /// Sure even beside other wishes.
    pub(in crate::interpret) clear: bool,
    /// As sure as can be.
    pub(in crate::interpret) certain: bool,
}

impl Liked {
    pub(in crate::interpret) fn is_empty(&self) -> bool {
        self.proposals.is_empty() && self.questions.is_empty()
    }

    fn add(&mut self, other: Self) {
        self.proposals.extend(other.proposals);
        self.questions.extend(other.questions);
        self.certain = other.certain && (self.certain || self.taken.is_empty());
        self.taken.extend(other.taken);
    }
}

/// What a sentence asks for by its likeness: each of its parts, if each is clear by itself,
/// else the whole of it.
pub(in crate::interpret) fn liked(
    scene: &Scene<'_>,
    sentence: Sentence,
    acts: &[Predicate],
    catalog: &[Entry],
    memory: &[Span],
    others: bool,
) -> Liked {
    let ends = ends_wished(scene, sentence);
    let denied = |one: &&Predicate| one.act == Act::Negated && !only_a_reason(scene, sentence, one);
    if !ends && acts.iter().any(|one| denied(&one)) {
        return Liked::default();
    }
    // "Sara does not have access any more": what she lacks is not to be taken.
    let lacks = acts.iter().any(|one| one.act == Act::Negated);
    let unable = is_unable(scene, sentence);
    let whole = (sentence.from, sentence.to);
    // "add Ada as an owner of the group" asks to be shown nothing.
    let asking = verb_classes(&[
        "list", "show", "ask", "who", "tell", "noun", "own", "light", "want", "report", "fetch",
    ]);
    let changes = acts.iter().any(|one| one.act == Act::Request && one.classes & asking == 0);
    let one = |run: (usize, usize)| {
        let liked = part(scene, sentence, run, catalog, memory, others);
        let is = |start: &str| liked.taken.iter().any(|(_, id)| id.starts_with(start));
        let takes = ["remove_", "disable_", "revoke_"].iter().any(|start| is(start));
        let ended = takes || ["offboard_", "delete_", "wipe_", "retire_"].iter().any(|s| is(s));
        if unable && ended {
            return Liked::default();
        }
        let other = changes && liked.reads || lacks && is("remove_") && !ends || ends && !takes;
        if other { Liked::default() } else { liked }
    };
    let parts = parts(scene, sentence);
    if parts.len() > 1 {
        let each: Vec<Liked> = parts.iter().map(|run| one(*run)).collect();
        let several = each.iter().filter(|liked| !liked.proposals.is_empty()).count() > 1;
        let whole = one(whole);
        let kept = |liked: &Liked| {
            if several { !liked.proposals.is_empty() } else { !liked.is_empty() && liked.clear }
        };
        let mut all = Liked::default();
        if several || whole.is_empty() && (wished(scene, sentence) || each.iter().all(kept)) {
            each.into_iter().filter(kept).for_each(|liked| all.add(liked));
        }
        return if all.is_empty() { whole } else { all };
    }
    one(whole)
}

/// "he shouldn't be listed there any more": what is denied is what is to end.
fn ends_wished(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let word = |at: usize| scene.word(at);
    let not = (sentence.from..sentence.to).find(|at| {
        ["shouldnt", "mustnt", "oughtnt"].contains(&word(*at))
            || ["should", "must"].contains(&word(*at)) && ["not", "no"].contains(&word(at + 1))
    });
    let ends = |at: usize| {
        ["anymore", "longer"].contains(&word(at)) || word(at) == "any" && word(at + 1) == "more"
    };
    not.is_some_and(|not| (not..sentence.to).any(ends))
}

/// "a phone she doesn't have any more", "because he cannot sign in": said of somebody, and no
/// order. "Don't open her mailbox" and "so don't block him" are.
fn only_a_reason(scene: &Scene<'_>, sentence: Sentence, denied: &Predicate) -> bool {
    let things = object_classes(&["device", "account", "mailbox", "mfa", "password", "details"]);
    let subject = |at: usize| {
        let hit = scene.lattice.hit_at[at].map(|hit| scene.lattice.hits[hit].classes);
        ["he", "she", "they", "it", "i", "we"].contains(&scene.word(at))
            || scene.span(at).is_some_and(|span| span.named() || span.is_thing())
            || hit.is_some_and(|classes| classes & things != 0)
    };
    let said_of = (sentence.from + 1..=denied.verb).any(|at| {
        let one = [
            "doesnt", "dont", "didnt", "cant", "cannot", "couldnt", "wont", "never", "isnt",
            "arent", "aint", "hasnt", "havent",
        ];
        let two = ["does", "do", "did", "can", "could", "has", "is", "will"]
            .contains(&scene.word(at))
            && scene.word(at + 1) == "not";
        (one.contains(&scene.word(at)) || two) && subject(at - 1)
    });
    let has = [
        "have", "work", "know", "see", "get", "receive", "open", "own", "boot", "start", "stop",
        "stops", "stopped", "log", "sign", "connect", "reach", "find", "load", "turn", "switch",
        "charge", "respond", "answer", "come", "ring", "rings", "remember", "recall", "working",
        "getting", "booting",
    ];
    let because = (sentence.from..denied.verb)
        .any(|at| ["because", "since", "cause"].contains(&scene.word(at)));
    said_of && (has.contains(&scene.word(denied.verb)) || because)
}

/// What the parts of a sentence ask for of which nothing came, while something came of
/// another: "take Ada off the list, and an E3 as well".
pub(in crate::interpret) fn rest(
    scene: &Scene<'_>,
    sentence: Sentence,
    taken: &[usize],
    acts: &[Predicate],
    catalog: &[Entry],
    memory: &[Span],
) -> Liked {
    let mut all = Liked::default();
    let parts = parts(scene, sentence);
    if parts.len() < 2 {
        return all;
    }
    let names = |from: usize, to: usize| scene.lattice.spans_in(from, to).any(Span::person);
    let mut before: Option<(usize, usize)> = None;
    for (start, to) in parts {
        // "…, and Ada gets also a new password": hers whom the part before it names.
        // "Ada to get access, all licences off": she gets something, and loses nothing by it.
        let gets = |from: usize, to: usize| {
            (from..to).any(|at| {
                ["get", "gets", "have", "receives", "receive", "access"].contains(&scene.word(at))
            })
        };
        let off = (start..to).any(|at| scene.word(at) == "off");
        let idle = before.filter(|(from, end)| {
            !(taken.iter().any(|at| (*from..*end).contains(at)) || off && gets(*from, *end))
        });
        let from = match idle {
            Some((from, end)) if names(from, end) && !names(start, to) => from,
            _ => start,
        };
        before = Some((from, to));
        let inside = |at: usize| (from..to).contains(&at);
        let denied = acts.iter().any(|one| one.act == Act::Negated && inside(one.verb));
        if !denied && !taken.iter().any(|at| inside(*at)) {
            let liked = part(scene, sentence, (from, to), catalog, memory, true);
            let which = |open: &Open| open.question.ask == Ask::WhichPerson;
            if !liked.proposals.is_empty() || liked.certain && liked.questions.iter().any(which) {
                all.add(liked);
            }
        }
    }
    all
}

/// One part, or a whole sentence.
fn part(
    scene: &Scene<'_>,
    whole: Sentence,
    (from, to): (usize, usize),
    catalog: &[Entry],
    memory: &[Span],
    others: bool,
) -> Liked {
    let sentence = Sentence { from, to, ..whole };
    let cells = with_subject(scene, whole, cells::of_scene(scene, from, to), from);
    let Some(liking) = like(&cells).filter(|liking| liking.label != NONE) else {
        return Liked::default();
    };
    let Some(entry) = catalog.iter().find(|entry| entry.about.id == liking.label) else {
        return Liked::default();
    };
    let reads = entry.about.risk == Risk::Read;
    let least = match (others, reads, form_line(&cells)) {
        (true, true, _) => READS_BESIDE_MIN,
        (true, ..) | (_, _, true) => BESIDE_MIN,
        _ => 0.0,
    };
    let unsure = !reads
        && (strange_verb(scene, &cells)
            || strange_object(scene, &cells)
            || turned(&cells, &liking.label));
    let quoted = sentence.quoted && !harmless(entry);
    if liking.sure < least
        || quoted
        || unsure
        || bare(&cells)
        || !sure(scene, sentence, entry, &liking)
        || !says_it(scene, sentence, &liking.label)
        || not_meant(scene, sentence, &liking.label)
    {
        return Liked::default();
    }
    let Some(frame) = frame(scene, sentence, entry) else { return Liked::default() };
    let predicate = left_open::asked(sentence, liking.at, frame);
    let (mut proposals, mut questions) =
        slots::fill(scene, &predicate, &Fit { entry, frame }, memory);
    proposals.retain(says_enough);
    only_who_loses(scene, sentence, entry, &mut proposals);
    if entry.about.id == "set_out_of_office" && !speaks_of_a_reply(scene, sentence) {
        return Liked::default();
    }
    // "for people who may see it": nobody asks for a list of everybody so.
    let lists = ["list", "show", "all", "everyone", "everybody", "which", "users", "how"];
    if entry.about.id == "list_users"
        && !(whole.from..whole.to).any(|at| lists.contains(&scene.word(at)))
    {
        proposals.retain(|one| !one.arguments.is_empty());
    }
    // "Omar, Grace is leaving": who is spoken to does not leave too; and whoever lists the
    // steps asks for no process.
    if entry.about.area == Area::Lifecycle && (others || proposals.len() > 1) {
        proposals.clear();
    }
    // Nobody is asked back about what may have been no wish, or no property of ours.
    let mends = (whole.from..whole.to)
        .any(|at| ["correct", "fix", "amend", "mend"].contains(&scene.word(at)));
    questions.retain(|open| open.argument != "fields" || mends);
    if liking.sure < ASKS_BACK_MIN || !proposals.is_empty() || !wished(scene, whole) {
        questions.clear();
    }
    let taken = if proposals.is_empty() && questions.is_empty() {
        Vec::new()
    } else {
        vec![(predicate, entry.about.id)]
    };
    Liked {
        proposals,
        questions,
        taken,
        reads,
        clear: liking.sure >= BESIDE_MIN,
        certain: liking.sure >= INSTEAD_MIN,
    }
}

/// Nobody loses anything who only gets something, or is not named in what says so.
fn only_who_loses(
    scene: &Scene<'_>,
    sentence: Sentence,
    entry: &Entry,
    proposals: &mut Vec<Proposal>,
) {
    if DEVICES.contains(&entry.about.id) {
        proposals.retain(|one| !vague_device(scene, (sentence.from, sentence.to), one));
    }
    if entry.about.id.starts_with("remove_") {
        proposals.retain(|one| !left_open::takes_over(scene, sentence, one));
    }
    if LOSES.contains(&entry.about.id) {
        if only_a_goal(scene, &sentence) {
            proposals.clear();
        }
        proposals.retain(|one| !of_nobody_here(scene, sentence, one));
    }
}

/// What somebody loses by it.
pub(in crate::interpret) const LOSES: &[&str] = &[
    "convert_to_shared_mailbox",
    "disable_user",
    "delete_user",
    "offboard_user",
    "wipe_device",
    "retire_device",
    "delete_shared_mailbox",
];

/// "turn the mailbox into a shared one, and send new mail to Ada": she who gets something is
/// not the one who loses it.
pub(in crate::interpret) fn only_a_goal(scene: &Scene<'_>, sentence: &Sentence) -> bool {
    let spans = scene.lattice.spans_in(sentence.from, sentence.to);
    let named: Vec<&Span> = spans.filter(|span| span.named()).collect();
    let to = |span: &&Span| {
        let word = span.from.checked_sub(1).map_or("", |at| scene.word(at));
        ["to", "with"].contains(&word)
    };
    let sends = ["send", "sent", "goes", "go", "forward", "pass", "hand", "give", "come"];
    !named.is_empty()
        && named.iter().all(to)
        && (sentence.from..sentence.to).any(|at| sends.contains(&scene.word(at)))
}

/// "…, Lynne has had a look at it": who is named in a part, and not who was before, is the one
/// who would lose something by it.
fn of_nobody_here(scene: &Scene<'_>, sentence: Sentence, one: &Proposal) -> bool {
    let spans = scene.lattice.spans_in(sentence.from, sentence.to);
    let named: Vec<&Span> = spans.filter(|span| matches!(span.what, What::People(..))).collect();
    let loses = one.arguments.get("user").or_else(|| one.arguments.get("mailbox"));
    let is = |span: &&Span| slots::sure_person(scene, span).as_ref() == loses;
    loses.is_some() && !named.is_empty() && !named.iter().any(is)
}

/// The cells of a part that names nobody, with whom the sentence named before it.
fn with_subject(scene: &Scene<'_>, whole: Sentence, cells: Vec<Cell>, from: usize) -> Vec<Cell> {
    if from == whole.from || cells.iter().any(|cell| cell.word == "P") {
        return cells;
    }
    let before = cells::of_scene(scene, whole.from, from);
    let subject = before.into_iter().rfind(|cell| cell.word == "P");
    let at = cells.first().map_or(from, |cell| cell.at);
    subject.map(|cell| Cell { at, ..cell }).into_iter().chain(cells).collect()
}

/// The way of asking whose objects and verbs the sentence has most of.
pub(super) fn frame<'e>(
    scene: &Scene<'_>,
    sentence: Sentence,
    entry: &'e Entry,
) -> Option<&'e Frame> {
    let inside = |from: usize, to: usize| from >= sentence.from && to <= sentence.to;
    let worth = |frame: &&Frame| {
        let objects = object_classes(frame.objects);
        let verbs = verb_classes(frame.verbs);
        let hits = scene.lattice.hits.iter().filter(|hit| inside(hit.from, hit.to));
        let named = hits.filter(|hit| hit.classes & objects != 0).count();
        let said = (sentence.from..sentence.to)
            .filter(|at| {
                LEXICON.verb(scene.word(*at)).iter().any(|sense| sense.classes & verbs != 0)
            })
            .count();
        2 * named.min(2) + said.min(2)
    };
    let mut best: Option<(&Frame, usize)> = None;
    for frame in entry.about.wording.frames {
        let worth = worth(&frame);
        if best.is_none_or(|(_, most)| worth > most) {
            best = Some((frame, worth));
        }
    }
    best.map(|(frame, _)| frame)
}

/// The parts of a sentence that are joined by "and", commas and the like.
fn parts(scene: &Scene<'_>, sentence: Sentence) -> Vec<(usize, usize)> {
    let joins = |at: usize| {
        let token = &scene.tokens[at];
        let mark = matches!(
            token.sort,
            Sort::Mark(',' | ';' | '&' | '+' | '\u{2013}' | '\u{2014}') | Sort::Line
        );
        let word = ["and", "then", "plus", "also", "but", "n"].contains(&token.folded.as_str());
        // "Megan and Alex" is one thing.
        let beside = |at: Option<usize>| {
            let span = at.and_then(|at| scene.lattice.span_at.get(at).copied().flatten());
            span.map(|span| scene.lattice.spans[span].person())
        };
        let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
        let pair = before.is_some() && before == after;
        (mark || word) && !pair && scene.lattice.span_at[at].is_none() && !scene.lattice.literal[at]
    };
    let mut found = Vec::new();
    let mut from = sentence.from;
    for at in (sentence.from..sentence.to).filter(|at| joins(*at)).chain([sentence.to]) {
        if (from..at).filter(|at| scene.tokens[*at].word()).count() > 1 && found.len() < PARTS_MAX {
            found.push((from, at));
        }
        from = at + 1;
    }
    found
}
