//! Is anything to be set up at all, and is it time?

use super::{
    marks::{Run, says},
    said::{COMES, DONE, DOUBTS, SETS_UP},
};
use crate::interpret::{
    entities::What,
    lifecycle::{asked_for, headed},
    scene::Scene,
};

/// May somebody start at all: by a word for it, or on a day?
pub(super) fn possible(scene: &Scene<'_>, runs: &[Run]) -> bool {
    !scene.whens.is_empty() || runs.iter().any(|run| says(scene, *run, COMES))
}

/// Is somebody to be set up: something is asked for, or a form's heading stands for it, or
/// licences and groups are named as if it were?
pub(super) fn wanted(scene: &Scene<'_>, runs: &[Run], gets: bool, day: bool) -> bool {
    let says = |any: &[&str]| runs.iter().any(|run| says(scene, *run, any));
    let asks = scene.asked || asked_for(scene) || headed(scene);
    let news = only_tells(scene, runs);
    let sets_up = says(SETS_UP);
    (says(COMES) || day) && (asks && sets_up || gets && !news)
}

/// News for everybody.
fn only_tells(scene: &Scene<'_>, runs: &[Run]) -> bool {
    const NEWS: &[&str] = &[
        "welcoming",
        "welcomed",
        "fyi",
        "announce",
        "announcing",
        "announcement",
        "news",
        "welcome",
        "congratulate",
        "congratulations",
        "information",
        "newsletter",
        "thrilled",
        "delighted",
        "heads",
    ];
    runs.iter().any(|run| says(scene, *run, NEWS))
}

/// Is it only told that somebody starts, to everybody, with nothing to be made ready?
pub(super) fn news(scene: &Scene<'_>, runs: &[Run]) -> bool {
    only_tells(scene, runs) && !runs.iter().any(|run| says(scene, *run, SETS_UP))
}

/// Is somebody said to go by the sentence that names them?
pub(super) fn goes(scene: &Scene<'_>, run: Run) -> bool {
    const GOES: &[&str] = &[
        "deactivate",
        "deactivated",
        "left",
        "remove",
        "delete",
        "suspend",
        "finishes",
        "finish",
        "leaves",
        "leaving",
        "close",
        "closed",
        "block",
        "blocked",
        "disable",
        "departure",
        "resigned",
        "offboard",
        "terminated",
        "terminates",
        "quits",
        "leaver",
        "retires",
    ];
    says(scene, run, GOES)
}

/// Is it supposed, put off, called off, done already, or somebody else's work?
pub(super) fn held(scene: &Scene<'_>, runs: &[Run]) -> bool {
    runs.iter().any(|run| {
        doubts(scene, *run) || done(scene, *run) || waits(scene, *run) || theirs(scene, *run)
    })
}

fn doubts(scene: &Scene<'_>, (from, to): Run) -> bool {
    (from..to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let supposes =
            word == "if" && !["you", "possible", "needed"].contains(&next) && at < from + 2;
        let may = word == "may"
            && at > from
            && !scene.dated(at)
            && ["join", "start", "come", "be", "begin", "not"].contains(&next);
        let not = word == "not"
            && ["decided", "confirmed", "signed", "happening", "joining", "coming", "starting"]
                .contains(&next);
        let through = (word, next) == ("fell", "through")
            || (word, next) == ("backed", "out")
            || (word, next) == ("pulled", "out");
        let asks_when = ["when", "why", "what", "how", "who", "does", "did", "is"].contains(&word)
            && at == first_word(scene, (from, to))
            && (from..to).any(|at| scene.tokens[at].is('?'))
            && !["whos"].contains(&word);
        DOUBTS.contains(&word) || supposes || may || not || through || asks_when
    })
}

fn first_word(scene: &Scene<'_>, (from, to): Run) -> usize {
    (from..to).find(|at| scene.tokens[*at].word()).unwrap_or(from)
}

/// "her account is already set up", "I have created everything", "Kofi did it"
fn done(scene: &Scene<'_>, (from, to): Run) -> bool {
    const THINGS: &[&str] = &[
        "account",
        "accounts",
        "everything",
        "login",
        "access",
        "it",
        "this",
        "that",
        "all",
        "licence",
        "laptop",
    ];
    (from..to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let word = scene.word(at);
        let ahead = |max: usize| at + 1..to.min(at + 1 + max);
        let already = word == "already"
            && (at.saturating_sub(3)..at + 4).any(|at| DONE.contains(&scene.word(at)))
            && !says(scene, (from, to), &["late", "urgent", "urgently"]);
        let was = ["is", "was", "were", "are", "been"].contains(&word)
            && ahead(3).any(|at| {
                ["created", "done", "onboarded", "sorted", "provisioned", "completed"]
                    .contains(&scene.word(at))
            })
            && !(from..at).any(|at| {
                ["please", "should", "must", "needs", "could", "that", "have", "get"]
                    .contains(&scene.word(at))
            })
            && (at.saturating_sub(4)..at).any(|at| THINGS.contains(&scene.word(at)));
        let mine = ["i", "we", "ive", "weve"].contains(&word)
            && ahead(3).any(|at| ["created", "onboarded", "ordered"].contains(&scene.word(at)));
        already || was || mine
    })
}

/// "please wait", "hold off", "nothing to do yet", "I'll send the details"
fn waits(scene: &Scene<'_>, (from, to): Run) -> bool {
    (from..to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let (word, next, third) = (scene.word(at), scene.word(at + 1), scene.word(at + 2));
        let not = |at: usize| ["not", "dont", "nothing", "no"].contains(&scene.word(at));
        let yet = word == "yet"
            && (from..at).any(not)
            && (from..at).any(|at| {
                [
                    "create", "anything", "action", "set", "do", "onboard", "needed", "open",
                    "required", "prepare",
                ]
                .contains(&scene.word(at))
            });
        let sends = ["ill", "will", "well"].contains(&word)
            && (["send", "confirm", "raise", "submit"].contains(&next)
                || ["send", "raise", "submit"].contains(&third))
            && (at + 1..to.min(at + 9))
                .any(|at| ["form", "request", "details", "ticket", "go"].contains(&scene.word(at)));
        let nothing = nothing(scene, (from, to), at);
        nothing
            || (word, next) == ("hold", "off")
            || (word, next) == ("on", "hold")
            || word == "wait" && !says(scene, (from, to), &["cant"])
            || (word, next) == ("no", "action")
            || (word, next) == ("nothing", "to") && third == "do"
            || (word, next) == ("dont", "need")
            || yet
            || sends
    })
}

/// "Kofi is creating her account", "Renée takes care of the rest"
fn theirs(scene: &Scene<'_>, (from, to): Run) -> bool {
    const DOES: &[&str] = &[
        "creating",
        "create",
        "creates",
        "handling",
        "handles",
        "handle",
        "arranging",
        "care",
        "dealing",
        "deals",
        "sets",
        "setting",
        "onboarding",
        "organising",
        "organizing",
        "doing",
    ];
    scene.lattice.spans_in(from, to).filter(|span| matches!(span.what, What::People(..))).any(
        |span| {
            let word = scene.word(span.to);
            // "lynnes doing the paperwork herself"
            let herself =
                word == "doing" && says(scene, (from, to), &["herself", "himself", "themselves"]);
            herself
                || ["is", "will", "takes", "handles", "deals", "creates", "sets"].contains(&word)
                    && (span.to..to.min(span.to + 4)).any(|at| DOES.contains(&scene.word(at)))
        },
    )
}

/// "please do not create anything": by this word.
fn nothing(scene: &Scene<'_>, (from, to): Run, at: usize) -> bool {
    const DO: &[&str] = &["create", "prepare", "do", "touch", "onboard", "action", "start"];
    const WHAT: &[&str] = &["anything", "it", "yet", "her", "him", "them", "the"];
    ["not", "dont"].contains(&scene.word(at))
        && (at + 1..to.min(at + 4)).any(|at| DO.contains(&scene.word(at)))
        && (at + 2..to.min(at + 6)).any(|at| WHAT.contains(&scene.word(at)))
        && !says(scene, (from, to), &["wipe", "forward"])
}

/// Is it somebody else's work, or is nothing to be done at all: no reason to ask back either.
pub(super) fn stopped(scene: &Scene<'_>, runs: &[Run]) -> bool {
    runs.iter().any(|run| theirs(scene, *run) || (run.0..run.1).any(|at| nothing(scene, *run, at)))
}
