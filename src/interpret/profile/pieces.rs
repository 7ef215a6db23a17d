//! Which words are about whom, and which are about all.

use super::{
    facts::Facts,
    marks::{Run, begins_line, line_end, says},
    strangers::{Stranger, strangers},
};
use crate::interpret::{
    entities::{Span, What},
    scene::Scene,
};

/// Somebody, and what is told of them.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub who: Stranger,
    pub facts: Facts,
}

/// Words by which all are meant.
const ALL: &[&str] =
    &["both", "all", "each", "everyone", "everybody", "they", "them", "two", "three", "every"];

/// The sentences that are read, quoted or not.
pub(super) fn runs(scene: &Scene<'_>, quoted: bool) -> Vec<Run> {
    let own = scene.sentences.iter().filter(|sentence| sentence.quoted == quoted);
    let mut all: Vec<Run> = own.map(|sentence| (sentence.from, sentence.to)).collect();
    all.sort_unstable();
    if quoted {
        all.retain(|run| !head_of_a_mail(scene, *run));
        let end = all.iter().position(|run| signs_off(scene, *run));
        all.truncate(end.filter(|end| *end > 0).unwrap_or(all.len()));
    }
    all
}

/// "To: HR Team", "Subject: …"
fn head_of_a_mail(scene: &Scene<'_>, (from, to): Run) -> bool {
    const HEADS: &[&str] = &[
        "from",
        "to",
        "cc",
        "subject",
        "sent",
        "date",
        "de",
        "von",
        "van",
        "aan",
        "an",
        "onderwerp",
        "betreff",
        "para",
        "asunto",
        "enviado",
        "a",
        "objet",
    ];
    let first = (from..to).find(|at| scene.tokens[*at].word());
    first.is_some_and(|at| {
        HEADS.contains(&scene.word(at)) && scene.tokens.get(at + 1).is_some_and(|next| next.is(':'))
    })
}

/// "Kind regards", below which a signature stands.
fn signs_off(scene: &Scene<'_>, (from, to): Run) -> bool {
    const ENDS: &[&str] = &[
        "regards",
        "thanks",
        "best",
        "kind",
        "cheers",
        "groet",
        "sincerely",
        "rgds",
        "br",
        "many",
    ];
    let words = (from..to).filter(|at| scene.tokens[*at].word()).count();
    let first = (from..to).find(|at| scene.tokens[*at].word());
    words <= 5 && first.is_some_and(|at| ENDS.contains(&scene.word(at)))
}

/// What of these runs lies between two tokens.
fn within(runs: &[Run], from: usize, to: usize) -> Vec<Run> {
    let cut = runs.iter().map(|run| (run.0.max(from), run.1.min(to)));
    cut.filter(|(from, to)| from < to).collect()
}

/// Everybody nobody knows yet who is told of, each with what is theirs and what is all's.
pub(super) fn told(scene: &Scene<'_>, runs: &[Run]) -> Vec<Told> {
    let all = strangers(scene, runs);
    match all.as_slice() {
        [] => Vec::new(),
        [one] => vec![alone(scene, runs, one)],
        _ => several(scene, runs, &all),
    }
}

/// The only one: all that is not of somebody else.
fn alone(scene: &Scene<'_>, runs: &[Run], one: &Stranger) -> Told {
    let own = item(scene, runs, one).unwrap_or_else(|| runs.to_vec());
    // What stands with the name says most.
    let home = own.iter().copied().filter(|run| (run.0..run.1).contains(&one.from));
    let rest = own.iter().copied().filter(|run| !(run.0..run.1).contains(&one.from));
    let rest = rest.filter(|run| !of_another(scene, *run));
    let ordered: Vec<Run> = home.chain(rest).collect();
    let behind = behind(&ordered, one);
    Told { who: one.clone(), facts: Facts::of(scene, &behind, Some(one.to)) }
}

/// In the sentence of the name, what stands behind it is read first.
fn behind(runs: &[Run], one: &Stranger) -> Vec<Run> {
    let mut found = Vec::new();
    for run in runs {
        if (run.0..run.1).contains(&one.from) {
            found.push((one.to, run.1));
            found.push((run.0, one.from));
        } else {
            found.push(*run);
        }
    }
    found.retain(|(from, to)| from < to);
    found
}

/// "1. Ada Park starts …" beside items about others: that item alone.
fn item(scene: &Scene<'_>, runs: &[Run], one: &Stranger) -> Option<Vec<Run>> {
    let first = (0..scene.tokens.len()).filter(|at| begins_item(scene, *at));
    let items: Vec<Run> = first.map(|at| (at, line_end(scene, at))).collect();
    let own = items.iter().find(|item| (item.0..item.1).contains(&one.from))?;
    let others = items.iter().any(|item| {
        item != own
            && scene.lattice.spans_in(item.0, item.1).any(|span| {
                matches!(span.what, What::People(..)) && !managed_by(scene, span, *item)
            })
    });
    others.then(|| within(runs, own.0, own.1))
}

fn begins_item(scene: &Scene<'_>, at: usize) -> bool {
    let marked = at > 0
        && !scene.tokens[at - 1].word()
        && scene.tokens[at - 1].sort != crate::interpret::text::Sort::Line;
    scene.tokens[at].word() && marked && begins_line(scene, at)
}

fn managed_by(scene: &Scene<'_>, span: &Span, run: Run) -> bool {
    matches!(
        super::managers::manager(scene, run),
        Some(super::managers::Manager::Is(_, at)) if at == (span.from, span.to)
    )
}

/// Is it somebody else of whom this sentence begins to tell?
fn of_another(scene: &Scene<'_>, run: Run) -> bool {
    let mut spans = scene.lattice.spans_in(run.0, run.1);
    let first = spans.find(|span| span.person() && !matches!(span.what, What::Me));
    let Some(first) = first else { return false };
    let opens = first.from <= run.0 + 3 && matches!(first.what, What::People(..));
    let pronoun = scene
        .lattice
        .spans_in(run.0, run.1)
        .any(|span| matches!(span.what, What::Pronoun | What::Nobody));
    opens && !pronoun && !managed_by(scene, first, run)
}

/// Several: each has what stands between their name and the next.
fn several(scene: &Scene<'_>, runs: &[Run], all: &[Stranger]) -> Vec<Told> {
    let ends: Vec<usize> = (0..all.len()).map(|at| piece_end(scene, runs, all, at)).collect();
    let first = piece_start(scene, runs, &all[0], 0);
    let last = ends[all.len() - 1];
    let mut shared = within(runs, 0, first);
    let mut own: Vec<Vec<Run>> =
        all.iter().zip(&ends).map(|(one, end)| within(runs, one.to, *end)).collect();
    for at in 0..all.len() {
        let before = at.checked_sub(1).map_or(first, |at| ends[at]);
        own[at].extend(within(runs, before, all[at].from));
    }
    for run in within(runs, last, scene.tokens.len()) {
        tail(scene, run, all, &mut own, &mut shared);
    }
    // "Ann Lee and Bo Ek, both Buyers": what stands behind the last is of all of them.
    for at in (0..all.len() - 1).rev() {
        let (from, to) = (all[at].to, all[at + 1].from);
        let joined = to <= from + 2
            && (from..to).all(|at| {
                scene.word(at) == "and" || scene.tokens[at].is(',') || scene.tokens[at].is('&')
            });
        if joined && from < to {
            let lead = std::mem::take(&mut own[at]);
            shared.extend(lead.into_iter().filter(|run| run.1 <= all[at].from));
            let behind = own[at + 1].clone();
            own[at] = behind;
        }
    }
    let common = Facts::of(scene, &shared, None);
    let one = |(who, runs): (&Stranger, Vec<Run>)| {
        let facts = Facts::of(scene, &runs, Some(who.to)).or(&common);
        Told { who: who.clone(), facts }
    };
    all.iter().zip(own).map(one).collect()
}

/// Where what is told of one begins: with their sentence, if it tells of nobody before them.
fn piece_start(scene: &Scene<'_>, runs: &[Run], one: &Stranger, before: usize) -> usize {
    let run = runs.iter().find(|run| (run.0..run.1).contains(&one.from));
    // "Ada Park (Buyer) and Bo Ek (Clerk)": in one sentence each begins with the name.
    if before > 0 && run.is_some_and(|run| run.0 < before) {
        return one.from;
    }
    let start = run.map_or(one.from, |run| run.0).max(before);
    // A heading with a colon is about all.
    let colon = (start..one.from).rev().find(|at| scene.tokens[*at].is(':'));
    let line = (start..one.from).rev().find(|at| begins_line(scene, *at));
    let listed = line.is_some_and(|line| line > start) && begins_line(scene, one.from);
    if listed || colon.is_some() { one.from } else { start }
}

/// Where what is told of one ends.
fn piece_end(scene: &Scene<'_>, runs: &[Run], all: &[Stranger], at: usize) -> usize {
    let one = &all[at];
    if let Some(next) = all.get(at + 1) {
        return piece_start(scene, runs, next, one.to);
    }
    let lines = begins_line(scene, one.from) && at > 0 && begins_line(scene, all[at - 1].from);
    if lines {
        return line_end(scene, one.to);
    }
    let run = runs.iter().find(|run| (run.0..run.1).contains(&one.from));
    run.map_or(one.to, |run| run.1)
}

/// A sentence behind them all: of all, of the last, or of whoever it names first.
fn tail(
    scene: &Scene<'_>,
    run: Run,
    all: &[Stranger],
    own: &mut [Vec<Run>],
    shared: &mut Vec<Run>,
) {
    let called = |at: usize| {
        all.iter().position(|one| {
            let first = scene.word(one.from);
            scene.word(at) == first
                && first.len() > 2
                && all.iter().filter(|other| scene.word(other.from) == first).count() == 1
        })
    };
    let named: Vec<(usize, usize)> =
        (run.0..run.1).filter_map(|at| Some((at, called(at)?))).collect();
    if named.is_empty() {
        let one = says(scene, run, &["he", "she", "her", "his", "him"]) && !says(scene, run, ALL);
        match own.last_mut().filter(|_| one) {
            Some(last) => last.push(run),
            None if !of_another(scene, run) => shared.push(run),
            None => {}
        }
        return;
    }
    for (number, (at, who)) in named.iter().enumerate() {
        let end = named.get(number + 1).map_or(run.1, |(next, _)| *next);
        own[*who].push((at + 1, end));
    }
}

/// What is said around a table, of all its rows or of whoever is called by name.
pub(super) fn beside(scene: &Scene<'_>, runs: &[Run], names: &[String]) -> Vec<Facts> {
    let first = |name: &String| name.split_whitespace().next().unwrap_or_default().to_lowercase();
    let firsts: Vec<String> = names.iter().map(first).collect();
    let called = |at: usize| firsts.iter().position(|one| scene.word(at) == one && one.len() > 2);
    let mut own: Vec<Vec<Run>> = vec![Vec::new(); names.len()];
    let mut shared = Vec::new();
    for run in runs.iter().copied() {
        let said: Vec<(usize, usize)> =
            (run.0..run.1).filter_map(|at| Some((at, called(at)?))).collect();
        if said.is_empty() && !of_another(scene, run) {
            shared.push(run);
        }
        for (number, (at, who)) in said.iter().enumerate() {
            let end = said.get(number + 1).map_or(run.1, |(next, _)| *next);
            own[*who].push((at + 1, end));
        }
    }
    let common = Facts::of(scene, &shared, None);
    own.into_iter().map(|runs| Facts::of(scene, &runs, None).or(&common)).collect()
}
