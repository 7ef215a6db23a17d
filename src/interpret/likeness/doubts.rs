//! Whether a sentence may be taken for what it is most like.
//!
//! Not here: what it is like, and what comes of it.

use super::{Liking, cells::Cell};
use crate::{
    actions::Entry,
    domain::{
        area::{Care, Risk},
        proposal::Proposal,
    },
    interpret::{
        clauses::{self, Sentence},
        entities::Span,
        lexicon::{LEXICON, object_classes},
        scene::Scene,
    },
};

/// So surely a sentence must be like those that ask to change something.
const CHANGES_MIN: f32 = 0.65;
/// As much as this it may be like those that ask for nothing.
const DOUBT_MAX: f32 = 0.2;
/// So plain, and so little like what asks for nothing, that a trouble which is told is a wish.
const PLAIN_MIN: f32 = 0.9;
const PLAIN_DOUBT_MAX: f32 = 0.05;
/// Like those that only look.
const READS_MIN: f32 = 0.78;
/// Words of somebody else, handed over.
const QUOTED_MIN: f32 = 0.85;
/// Words of somebody else never lose anything, nor touch what needs more care, by a likeness.
pub(super) fn harmless(entry: &Entry) -> bool {
    entry.about.risk != Risk::Destructive && entry.about.care == Care::Usual
}

/// Names alone ask for nothing, nor do names of things: "info mailbox and Grace Kim".
pub(super) fn bare(cells: &[Cell]) -> bool {
    const THINGS: &[&str] = &[
        "mailbox", "inbox", "and", "group", "list", "licence", "license", "account", "user",
        "device", "laptop", "phone", "the", "of", "policy", "app", "role",
    ];
    !cells.iter().any(|cell| cell.word.len() > 1 && !THINGS.contains(&cell.word.as_str()))
}

/// "Office: London": a line of a form says something of another sentence.
pub(super) fn form_line(cells: &[Cell]) -> bool {
    let colon = cells.iter().position(|cell| cell.word == ":");
    colon.is_some_and(|colon| {
        let key = &cells[..colon];
        (1..=3).contains(&colon) && key.iter().all(|cell| cell.word.len() > 1)
    })
}

/// "zork Ada re the list": who knows what is to be done, with a verb that nobody uses?
pub(super) fn strange_verb(scene: &Scene<'_>, cells: &[Cell]) -> bool {
    let small = [
        "please", "pls", "can", "could", "you", "somebody", "someone", "we", "just", "and", "hi",
        "hey",
    ];
    let mut words = cells.iter().filter(|cell| !small.contains(&cell.word.as_str()));
    words.next().is_some_and(|first| {
        let token = &scene.tokens[first.at];
        first.word.len() > 1
            && !token.capital
            && token.folded.chars().all(char::is_alphabetic)
            && !LEXICON.knows(&first.word)
            && !super::weights().knows(&first.word)
    })
}

/// Words in quotation marks alone are no automatic reply.
pub(super) fn speaks_of_a_reply(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let replies = object_classes(&["replies"]);
    let inside = |from: usize, to: usize| from >= sentence.from && to <= sentence.to;
    let mut hits = scene.lattice.hits.iter();
    hits.any(|hit| inside(hit.from, hit.to) && hit.classes & replies != 0)
        || (sentence.from..sentence.to).any(|at| {
            ["reply", "replies", "answer", "response", "away", "autoreply", "notice", "absence"]
                .contains(&scene.word(at))
        })
}

/// Where every argument may be left out, one of them alone says nothing.
pub(super) fn says_enough(proposal: &Proposal) -> bool {
    const TWO: &[&str] = &["set_licenses", "update_ca_policy", "create_ca_policy", "graph_request"];
    !TWO.contains(&proposal.action.as_str()) || proposal.arguments.len() > 1
}

/// Sure enough for what it would do, and asked rather than asked about.
pub(super) fn sure(scene: &Scene<'_>, sentence: Sentence, entry: &Entry, liking: &Liking) -> bool {
    let reads = entry.about.risk == Risk::Read;
    let least = match (reads, sentence.quoted) {
        (true, _) => READS_MIN,
        (false, false) => CHANGES_MIN,
        (false, true) => QUOTED_MIN,
    };
    let whole = scene.sentence(sentence.from);
    let question = (whole.from..whole.to).any(|at| scene.tokens[at].is('?'));
    let first = (whole.from..whole.to).find(|at| scene.tokens[*at].word());
    let asks_about = first.is_some_and(|at| ABOUT.contains(&scene.word(at)));
    let said = |words: &[&str]| {
        (whole.from..whole.to)
            .any(|at| !scene.lattice.literal[at] && words.contains(&scene.word(at)))
    };
    let how = (whole.from..whole.to).any(|at| {
        ["how", "why"].contains(&scene.word(at)) && !["many", "much"].contains(&scene.word(at + 1))
    });
    // "gonna move him myself later"
    let myself = said(&["myself", "ourselves", "herself", "himself", "themselves"])
        && said(&["will", "ill", "gonna", "going", "shall", "later", "learn", "well", "wish"]);
    // "he said, and I quote, …"; "it has been set"; "if he is fired, …"
    let quotes = said(&["said", "says", "quote", "quoted", "wrote"]) || said(TO_READ);
    let plain = liking.sure > PLAIN_MIN && liking.none < PLAIN_DOUBT_MAX;
    let told = said(&["was", "were", "been"]) && !wished(scene, whole) && !plain
        || said(&["seems", "looks", "fine", "already"]) && !wished(scene, whole)
        || did(scene, whole) && !wished(scene, whole)
        || reads && sends(scene, whole)
        || said(&["fyi"])
        || first.is_some_and(|at| PRAISE.contains(&scene.word(at)))
            && !question
            && !said(&["please", "pls", "plz", "kindly"])
        || tells_on(scene, whole)
        || tells(scene, whole.from, whole.to)
        || they_will(scene, whole)
        || they_must(scene, whole);
    let doubt = liking.none > DOUBT_MAX || quotes || told || clauses::supposes(scene, whole);
    let settled = how || myself || reads && told;
    liking.sure >= least && !settled && (reads || !(doubt || question && asks_about))
}

/// "Last week you took it off him": done.
fn did(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from..sentence.to).any(|at| {
        let who = ["you", "we", "they", "someone", "somebody"].contains(&scene.word(at));
        let done = [
            "took", "gave", "removed", "added", "put", "set", "changed", "deleted", "reset",
            "assigned", "granted", "moved", "made", "did",
        ];
        who && done.contains(&scene.word(at + 1))
            || scene.word(at) == "last"
                && ["week", "month", "year", "night"].contains(&scene.word(at + 1))
    })
}

/// "Let Grace know that …", "remind Omar to …": words for somebody else.
fn tells_on(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from..sentence.to).any(|at| {
        ["let", "tell", "inform", "notify", "remind", "advise", "warn", "ask"]
            .contains(&scene.word(at))
            && scene.span(at + 1).is_some_and(|span| {
                span.named()
                    && (scene.word(at) != "let"
                        || (span.to..span.to + 2).any(|at| scene.word(at) == "know"))
            })
    })
}

/// "Somebody complained about a mail that went out on it": what others said, or what something
/// did, and no order.
pub(in crate::interpret) fn tells(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    const SAID: &[&str] = &[
        "complained",
        "complaining",
        "complains",
        "moaned",
        "grumbled",
        "remarked",
        "commented",
        "mentioned",
        "noticed",
        "wondered",
        "queried",
    ];
    const DID: &[&str] = &["went", "goes", "was", "were", "came", "comes", "keeps", "got"];
    const ASKS: &[&str] = &["please", "pls", "plz", "kindly", "can", "could", "would", "so"];
    let free = |at: usize| !scene.lattice.literal[at];
    let said = (from..to.min(from + 8)).any(|at| SAID.contains(&scene.word(at)) && free(at));
    let did = (from..to)
        .any(|at| ["that", "which"].contains(&scene.word(at)) && DID.contains(&scene.word(at + 1)));
    (said || did) && !(from..to).any(|at| ASKS.contains(&scene.word(at)) && free(at))
}

/// "Marcus is going to convert it by hand": he does, not we.
fn they_will(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from + 1..sentence.to).any(|at| {
        ["is", "are"].contains(&scene.word(at))
            && scene.word(at + 1) == "going"
            && scene.word(at + 2) == "to"
            && scene.span(at - 1).is_some_and(Span::named)
    })
}

/// "Grace must reset her password before Friday": she does.
fn they_must(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from + 1..sentence.to).any(|at| {
        ["must", "should", "has", "needs", "can", "shall", "will"].contains(&scene.word(at))
            && scene.span(at - 1).is_some_and(Span::named)
            && (at + 1..at + 4).any(|at| {
                ["reset", "change", "update", "set"].contains(&scene.word(at))
                    && ["her", "his", "their"].contains(&scene.word(at + 1))
            })
    }) && !(sentence.from..sentence.to)
        .any(|at| ["next", "first"].contains(&scene.word(at)) && !scene.lattice.literal[at])
}

/// "send Grace the list": an order of another sort.
fn sends(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from..sentence.to).any(|at| {
        ["send", "email", "mail", "forward", "text"].contains(&scene.word(at))
            && scene.span(at + 1).is_some_and(Span::named)
    })
}

/// "Unblock the drain": nothing of ours, though the verb is.
pub(super) fn strange_object(scene: &Scene<'_>, cells: &[Cell]) -> bool {
    let the = cells.iter().position(|cell| ["the", "a", "an"].contains(&cell.word.as_str()));
    let Some(noun) = the.filter(|the| *the == 1).and_then(|the| cells.get(the + 1)) else {
        return false;
    };
    noun.word.len() > 2
        && scene.tokens[noun.at].folded.chars().all(char::is_alphabetic)
        && scene.lattice.hit_at[noun.at].is_none()
        && !LEXICON.knows(&noun.word)
        && !super::weights().knows(&noun.word)
}

/// A sentence that opens so is glad of something.
pub(in crate::interpret) const PRAISE: &[&str] = &[
    "brilliant",
    "perfect",
    "great",
    "lovely",
    "super",
    "nice",
    "cheers",
    "thanks",
    "thank",
    "awesome",
    "excellent",
    "wonderful",
    "hooray",
];

/// With these a text is to be read, or noted down, and nothing in it to be done.
const TO_READ: &[&str] = &[
    "translate",
    "summarise",
    "summarize",
    "proofread",
    "rephrase",
    "reword",
    "explain",
    "agenda",
    "minutes",
    "memo",
    "recap",
];

/// Does it say that something is wished?
pub(super) fn wished(scene: &Scene<'_>, sentence: Sentence) -> bool {
    (sentence.from..sentence.to)
        .any(|at| !scene.lattice.literal[at] && WISHED.contains(&scene.word(at)))
}

/// Words with which something is wished.
const WISHED: &[&str] = &[
    "please", "pls", "plz", "kindly", "should", "must", "need", "needs", "can", "could", "would",
    "want", "wants", "ought", "may", "might", "to", "let", "lets",
];

/// A question that opens so asks about something, and for nothing to be done.
const ABOUT: &[&str] = &[
    "how", "what", "whats", "why", "when", "who", "whos", "which", "did", "does", "do", "is",
    "are", "was", "were", "has", "have", "had", "should", "if",
];

/// "she is not able to log in", "unable to open it": a trouble that somebody has, and nothing
/// that is to be so. "She should not be able to" and "… any more" are wishes.
pub(super) fn is_unable(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const WISHED: &[&str] = &[
        "should", "must", "may", "shall", "ensure", "sure", "so", "let", "anymore", "longer",
        "needs", "ought", "supposed", "want", "wants",
    ];
    let says =
        |words: &[&str]| (sentence.from..sentence.to).any(|at| words.contains(&scene.word(at)));
    let able = (sentence.from..sentence.to).any(|at| {
        scene.word(at) == "unable"
            || scene.word(at) == "able"
                && at > sentence.from
                && ["not", "isnt", "arent", "wasnt", "never"].contains(&scene.word(at - 1))
    });
    able && !says(WISHED)
}
