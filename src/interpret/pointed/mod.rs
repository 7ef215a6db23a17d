//! What little words point at, put in their place, over the borders of sentences: "The Hello
//! mailbox is dead. It can be deleted." is read like "… The Hello mailbox can be deleted."
//!
//! This is a second reading. It is made of the same words, counts only where it says more than
//! the first and nothing else ([`says_more`]), and points only where one thing, one person
//! or one right can be meant.
//!
//! - [`things`]  what "it", "that one", "that phone", "5 more" and "him" mean
//! - [`described`] the things that are named, or described
//! - [`details`] what a sentence without a verb adds to the one before it
//! - [`rows`]    a row of a workbook, whose cells stand in another sentence
//! - [`rights`]  a right on a mailbox that was told of, and is taken away or wanted back
//! - [`wishes`]  rights on a mailbox that are wished for in other words
//!
//! Not here: what a sentence asks for. It is read like any other.

mod described;
mod details;
mod rights;
mod rows;
mod things;
mod wishes;

use super::{regions::Region, token_range};
use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Proposal, Understood},
    },
    interpret::{
        clauses::{Sentence, sentences},
        entities::{Span, What},
        scene::Scene,
        text::{Sort, Token},
    },
};

/// At most so many little words of one message are put in words.
const EDITS_MAX: usize = 20;

/// Words that stand in the place of others.
#[derive(Debug)]
pub(super) struct Edit {
    from: usize,
    to: usize,
    said: Vec<Token>,
}

/// The tokens with what is pointed at in its place; nothing where nothing is pointed at.
pub(super) fn pointed(scene: &Scene<'_>, parts: &[Region]) -> Option<Vec<Token>> {
    let mut edits: Vec<Edit> = Vec::new();
    for region in parts {
        let (from, to) = token_range(&scene.tokens, region);
        let all = sentences(&scene.tokens, &scene.lattice, from, to, false);
        if let Some(row) = rows::edit(scene, &all) {
            edits.push(row);
            continue;
        }
        let mut kept = rights::edits(scene, &all);
        kept.extend(details::edits(scene, &all));
        let free =
            |edit: &Edit| !kept.iter().any(|other| edit.from < other.to && other.from < edit.to);
        edits.extend(things::edits(scene, &all).into_iter().filter(free));
        edits.extend(kept);
    }
    edits.sort_by_key(|edit| edit.from);
    edits.truncate(EDITS_MAX);
    if edits.is_empty() {
        return None;
    }
    let mut said = Vec::with_capacity(scene.tokens.len() + 8 * edits.len());
    let mut from = 0;
    for edit in edits {
        if edit.from < from {
            continue;
        }
        said.extend_from_slice(&scene.tokens[from..edit.from]);
        said.extend(edit.said);
        from = edit.to;
    }
    said.extend_from_slice(&scene.tokens[from..]);
    Some(said)
}

/// Does the second reading say all that the first says, and more of it? A look of the first
/// counts for nothing where the second finds something to be done.
pub(super) fn says_more(again: &Understood, first: &Understood, catalog: &[Entry]) -> bool {
    let reads = |one: &Proposal| {
        catalog.iter().any(|entry| entry.about.id == one.action && entry.about.risk == Risk::Read)
    };
    let done = again.proposals.iter().any(|one| !reads(one));
    let mut first = first.clone();
    let all = first.proposals.len();
    // Cells that were put together are read as they were meant: what else was made of them is not.
    let book = |one: &Proposal| {
        one.action
            .starts_with("workbook_")
            .then(|| one.arguments.get("workbook").cloned())
            .flatten()
    };
    // A right that is taken was not to be given.
    first.proposals.retain(|one| !again.proposals.iter().any(|taken| undoes(taken, one)));
    let written = again.proposals.iter().find(|one| one.arguments.contains_key("values"));
    let written = written.and_then(book);
    first.proposals.retain(|one| written.is_none() || book(one) != written);
    // A device in a cell is to get no owner.
    first.proposals.retain(|one| {
        written.is_none() || again.proposals.iter().any(|other| other.action == one.action)
    });
    first.proposals.retain(|one| !(done && reads(one)));
    let looked = first.proposals.len() < all && again.proposals.len() < all;
    let holds = |one: &Proposal| {
        again.proposals.iter().any(|other| {
            other.action == one.action
                && one
                    .arguments
                    .iter()
                    .all(|(name, value)| other.arguments.get(name) == Some(value))
        })
    };
    let more = again.proposals.len() > first.proposals.len() || looked;
    let said = |of: &Understood| of.proposals.iter().map(|one| one.arguments.len()).sum::<usize>();
    let clearer = again.proposals.len() == first.proposals.len()
        && !again.proposals.is_empty()
        && (again.questions.len() < first.questions.len() || said(again) > said(&first));
    first.proposals.iter().all(holds)
        && again.questions.len() <= first.questions.len()
        && (more || clearer)
}

/// Is the one right taken that the other gives?
fn undoes(taken: &Proposal, given: &Proposal) -> bool {
    let same = ["mailbox", "user"]
        .iter()
        .all(|name| taken.arguments.get(*name) == given.arguments.get(*name));
    let rights = ["mailbox_permission", "send_as"];
    same && rights.iter().any(|right| {
        taken.action == format!("remove_{right}") && given.action == format!("add_{right}")
    })
}

/// What was told of a right that is taken gives nothing.
pub(super) fn settle(again: &mut Understood) {
    let all = again.proposals.clone();
    again.proposals.retain(|one| !all.iter().any(|taken| undoes(taken, one)));
}

/// A word of ours in the place of these tokens.
fn own(scene: &Scene<'_>, word: &str, from: usize, to: usize) -> Token {
    Token {
        start: scene.tokens[from].start,
        end: scene.tokens[to - 1].end,
        folded: word.to_owned(),
        sort: if word == "," { Sort::Mark(',') } else { Sort::Word },
        possessive: false,
        glued: false,
        capital: false,
    }
}

/// The tokens of a name once more, perhaps as whose something is.
fn again(scene: &Scene<'_>, (from, to): (usize, usize), possessive: bool) -> Vec<Token> {
    let mut said = scene.tokens[from..to].to_vec();
    if let Some(first) = said.first_mut() {
        first.glued = false;
    }
    if let Some(last) = said.last_mut() {
        last.possessive = possessive;
    }
    said
}

/// The people that are named in these sentences up to a token, each once.
fn people(scene: &Scene<'_>, all: &[Sentence], before: usize) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let from = all.first().map_or(before, |sentence| sentence.from);
    for span in scene.lattice.spans_in(from, before) {
        let new =
            span.what == What::Nobody && scene.tokens[span.from].capital && span.to > span.from + 1;
        let named =
            (new || matches!(span.what, What::People(..))) && !scene.lattice.literal[span.from];
        if named && !found.iter().any(|other| other.what == span.what) {
            found.push(span.clone());
        }
    }
    found
}

/// The one person who is named before; nobody where it is not just one.
fn only_person(scene: &Scene<'_>, all: &[Sentence], before: usize) -> Option<Span> {
    let found = people(scene, all, before);
    let [one] = found.as_slice() else { return None };
    matches!(&one.what, What::People(people, _) if people.len() == 1).then(|| one.clone())
}
