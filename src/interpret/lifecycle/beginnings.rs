//! Which sentence tells that somebody starts.

use super::{events::doubtful, names};
use crate::interpret::{
    clauses::Sentence,
    entities::{Span, What},
    scene::Scene,
};

/// "new starter", "NEW HIRE FORM", "two joiners", "who joins Legal as a Paralegal".
pub(super) fn joins(scene: &Scene<'_>, sentence: Sentence) -> bool {
    const NEW: &[&str] = &[
        "hire",
        "starter",
        "joiner",
        "employee",
        "colleague",
        "recruit",
        "hires",
        "starters",
        "girl",
        "guy",
        "worker",
        "person",
        "people",
        "lady",
        "joinee",
        "joinees",
        "member",
        "colleagues",
        "employees",
        "incorporation",
        "incorporations",
        "start",
        "starts",
        "designer",
        "technician",
    ];
    (sentence.from..sentence.to).filter(|at| !scene.lattice.literal[*at]).any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        let in_a_name = scene.lattice.span_at[at].is_some();
        let new = word == "new" && NEW.contains(&next) && !in_a_name;
        let joiner = [
            "starter",
            "joiner",
            "joiners",
            "onboard",
            "onboarding",
            "onboarded",
            "joinee",
            "joinees",
            "starters",
            "arrivals",
            "newcomers",
            "recruits",
            "hires",
        ]
        .contains(&word)
            && scene.lattice.span_at[at].is_none()
            && (word != "starter" || names::newcomer(scene, sentence.from, sentence.to).is_some());
        let department = || !scene.places(at + 1, (at + 5).min(sentence.to), false).is_empty();
        let comes = ["joins", "joining"].contains(&word) && department();
        // "3 offers signed", "she accepted our offer"
        let offer = ["offer", "offers"].contains(&word)
            && (at.saturating_sub(4)..at + 4)
                .any(|at| ["signed", "accepted"].contains(&scene.word(at)));
        // "We get two temps"
        let temps = ["temps", "interns", "trainees", "apprentices", "graduates"].contains(&word)
            && scene.lattice.span_at[at].is_none()
            && names::newcomer(scene, at, scene.tokens.len().min(at + 60)).is_some();
        // "get Ann Lee ready", "set up Ann Lee, Buyer, …"
        let made = word == "get" || word == "set" && next == "up";
        let behind = at + 1 + usize::from(word == "set");
        let named = || {
            names::newcomer_at(scene, behind, sentence.to.min(behind + 6)).is_some_and(
                |(_, from, to)| {
                    let set_up = (scene.word(to), scene.word(to + 1)) == ("set", "up");
                    from == behind && (word == "set" || scene.word(to) == "ready" || set_up)
                },
            )
        };
        new || joiner || comes || offer || temps || made && named() || begins(scene, sentence, at)
    })
}

/// "We've got an intern starting Monday", "a new Data Engineer on 2 March": somebody starts,
/// and nobody says who.
pub(super) fn nameless(scene: &Scene<'_>) -> Option<Sentence> {
    const NEW: &[&str] = &["new", "another", "vacant"];
    const SOMEONE: &[&str] =
        &["intern", "trainee", "apprentice", "temp", "starter", "joiner", "someone", "somebody"];
    const STARTS: &[&str] = &[
        "starting",
        "joining",
        "starts",
        "joins",
        "start",
        "arriving",
        "arrives",
        "coming",
        "begins",
        "beginning",
    ];
    let own = scene.sentences.iter().copied().filter(|one| !one.quoted);
    own.filter(|one| {
        !scene
            .lattice
            .spans_in(one.from, one.to)
            .any(|span| span.what == What::Nobody && scene.tokens[span.from].capital)
    })
    .find(|sentence| {
        let words = || (sentence.from..sentence.to).filter(|at| scene.span(*at).is_none());
        let someone = words().any(|at| {
            let article = at.checked_sub(1).map_or("", |at| scene.word(at));
            let some = ["someone", "somebody"].contains(&scene.word(at));
            SOMEONE.contains(&scene.word(at))
                && (some || ["a", "an", "our", "new"].contains(&article))
        });
        let post = words().any(|at| {
            NEW.contains(&scene.word(at))
                && (at + 1..at + 5).any(|at| super::is_post(scene.word(at)))
        });
        let starts = words().any(|at| {
            STARTS.contains(&scene.word(at)) || ["hired", "vacant"].contains(&scene.word(at))
        });
        let day = scene
            .whens
            .iter()
            .any(|when| when.dated && when.from >= sentence.from && when.to <= sentence.to);
        // "Ada: new title Senior Buyer, from today" is told of Ada.
        let first = scene.lattice.spans_in(sentence.from, sentence.to).find(|span| span.named());
        let known = first.is_some_and(|span| {
            span.from <= sentence.from + 1
                && scene.tokens.get(span.to).is_some_and(|next| next.is(':'))
        });
        let doubt = known || doubtful(scene, *sentence);
        (someone || post) && (starts || day) && !doubt
    })
}

/// So many words of one sentence are looked at.
const BEGINNINGS_MAX: usize = 4;

/// "Ann Lee will be joining us as Buyer", "Bo Ek starts on 1 December in R&D": somebody
/// nobody knows yet, and a post, a department or a day.
fn begins(scene: &Scene<'_>, sentence: Sentence, at: usize) -> bool {
    const BEGINS: &[&str] = &[
        "joins",
        "join",
        "joining",
        "joined",
        "starts",
        "starting",
        "start",
        "begins",
        "begin",
        "beginning",
        "enters",
        "enter",
        "entering",
        "strengthen",
        "strengthens",
        "commences",
        "commencing",
        "hired",
        "incorporates",
        "comes",
        "come",
        "coming",
        "arrives",
        "arrive",
        "arriving",
        "arrival",
        "expect",
        "expecting",
        "welcome",
        "welcoming",
        "admission",
        "accepted",
        "report",
    ];
    let begins =
        |at: usize| BEGINS.contains(&scene.word(at)) && scene.lattice.span_at[at].is_none();
    // The first few tell.
    if !begins(at) || (sentence.from..at).filter(|at| begins(*at)).count() >= BEGINNINGS_MAX {
        return false;
    }
    let pronoun =
        |at: usize| ["he", "she", "they", "hell", "shell", "who"].contains(&scene.word(at));
    let somebody = names::newcomer(scene, sentence.from, sentence.to).is_some()
        || (sentence.from..at).any(pronoun);
    let newcomer = names::newcomer_at(scene, sentence.from, sentence.to).map(|(_, at, _)| at);
    // "Patti has a new assistant joining: Ann Lee"
    let presented = |span: &Span| match newcomer {
        Some(newcomer) if newcomer < at => newcomer > span.from,
        Some(_) => {
            scene.tokens.get(at + 1).is_some_and(|token| token.is(':'))
                || (span.to..at).any(|at| scene.word(at) == "new")
        }
        None => false,
    };
    let known = scene.lattice.spans_in(sentence.from, at).any(|span| {
        matches!(span.what, What::People(..)) && !scene.aside(span) && !presented(span)
    });
    let post = (sentence.from..sentence.to).any(|at| ["as", "like"].contains(&scene.word(at)));
    let place = || !scene.places(sentence.from, sentence.to, false).is_empty();
    let day = || {
        scene
            .whens
            .iter()
            .any(|when| when.dated && when.from >= sentence.from && when.to <= sentence.to)
    };
    somebody && !known && (post || place() || day())
}
