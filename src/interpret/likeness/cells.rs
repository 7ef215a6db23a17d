//! A sentence as words and sorts of names.
//!
//! Not here: which of them matter.

use crate::{
    actions::wording,
    interpret::{
        dates::When,
        entities::{Lattice, What},
        index::Index,
        scene::Scene,
        text::{self, Sort, Text, Token},
    },
};

/// A word of a sentence, or the sort of a name in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The folded word; one capital letter for a name.
    pub word: String,
    /// The token it begins at.
    pub at: usize,
}

/// Marks that say something.
const MARKS: &[char] = &['?', ':', '-', '\u{2013}', '\u{2014}', '>', '!'];

/// "a Visio problem" is no licence.
pub(in crate::interpret) const MATTERS: &[&str] = &[
    "problem", "problems", "issue", "issues", "error", "file", "files", "training", "course",
    "cost", "costs", "bill", "bills", "spend", "invoice", "invoices", "renewal", "price",
    "pricing",
];

/// Words for somebody who is named elsewhere, or writes.
const PERSONS: &[&str] = &[
    "he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs", "me", "my",
    "mine", "myself", "i", "im", "hes", "shes", "theyre", "ive", "id",
];

/// The cells of the tokens from here to there.
pub(in crate::interpret) fn of_scene(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Cell> {
    of(
        &scene.tokens,
        &scene.lattice,
        &scene.whens.iter().collect::<Vec<_>>(),
        scene.index,
        from,
        to,
    )
}

fn of(
    tokens: &[Token],
    lattice: &Lattice,
    whens: &[&When],
    index: &Index,
    from: usize,
    to: usize,
) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(to.saturating_sub(from));
    let mut at = from;
    while at < to {
        if let Some(when) = whens.iter().find(|when| when.from <= at && at < when.to) {
            time(&mut cells, at);
            at = when.to.max(at + 1);
            continue;
        }
        if let Some(span) = lattice.span_at[at].map(|span| &lattice.spans[span]) {
            let matter = tokens.get(span.to).filter(|_| matches!(span.what, What::Sku(_)));
            let matter = matter.is_some_and(|next| MATTERS.contains(&next.folded.as_str()));
            let word = if matter { "software" } else { sort(&span.what, index) };
            cells.push(Cell { word: word.to_owned(), at });
            at = span.to.max(at + 1);
            continue;
        }
        if lattice.literal[at] {
            let end = (at..to).find(|at| !lattice.literal[*at]).unwrap_or(to);
            let named = (at..end).find_map(|at| lattice.span_at[at]);
            let named = named.map(|span| &lattice.spans[span]);
            // 'Block legacy authentication' is the policy of that name.
            let word = match named.filter(|span| 2 * (span.to - span.from) >= end - at) {
                Some(span) => sort(&span.what, index),
                None => "Q",
            };
            cells.push(Cell { word: word.to_owned(), at });
            at = end.max(at + 1);
            continue;
        }
        let next = plain(tokens, at, to, &mut cells);
        at = next.max(at + 1);
    }
    cells
}

fn sort(what: &What, index: &Index) -> &'static str {
    match what {
        What::Group(_) => "G",
        What::Sku(_) => "L",
        What::Named(all) => match all.first().map(|one| index.named[*one].sort) {
            Some(wording::Sort::Device) => "D",
            Some(wording::Sort::Mailbox) => "M",
            Some(wording::Sort::Role) => "R",
            Some(wording::Sort::Policy) => "C",
            Some(wording::Sort::App) => "A",
            Some(wording::Sort::Workbook) => "W",
            None => "P",
        },
        _ => "P",
    }
}

/// A time, with the little words before it: "on Friday", "as of the 3rd".
fn time(cells: &mut Vec<Cell>, at: usize) {
    const BEFORE: &[&str] = &[
        "on",
        "at",
        "from",
        "by",
        "until",
        "till",
        "as",
        "of",
        "per",
        "effective",
        "since",
        "the",
        "T",
        "to",
        "with",
        "effect",
        "for",
    ];
    while cells.last().is_some_and(|cell| BEFORE.contains(&cell.word.as_str())) {
        cells.pop();
    }
    cells.push(Cell { word: "T".to_owned(), at });
}

/// A token without a name; how far it goes.
fn plain(tokens: &[Token], at: usize, to: usize, cells: &mut Vec<Cell>) -> usize {
    let token = &tokens[at];
    match token.sort {
        Sort::Address => cells.push(Cell { word: "E".to_owned(), at }),
        Sort::Mention(_) => cells.push(Cell { word: "P".to_owned(), at }),
        Sort::Line => {}
        Sort::Mark(mark) => {
            if MARKS.contains(&mark) && !(mark == '-' && token.glued) {
                cells.push(Cell { word: mark.to_string(), at });
            }
        }
        Sort::Word if ["http", "https"].contains(&token.folded.as_str()) => {
            cells.push(Cell { word: "U".to_owned(), at });
            return (at + 1..to).find(|at| !tokens[*at].glued).unwrap_or(to);
        }
        Sort::Word => {
            let word = token.folded.as_str();
            let word = if PERSONS.contains(&word) {
                "P"
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                "N"
            } else {
                word
            };
            cells.push(Cell { word: word.to_owned(), at });
        }
    }
    at + 1
}

/// The cells of an example, in which names are written as capital letters.
pub(super) fn of_example(sentence: &str) -> Vec<Cell> {
    let text = Text::of(sentence);
    let tokens = text::tokens(&text.clean);
    let mut cells = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let said = &text.clean[token.start..token.end];
        let letter = said.strip_suffix("'s").unwrap_or(said);
        if token.word() && NAMES.contains(&letter) {
            if letter == "T" {
                time(&mut cells, at);
            } else {
                cells.push(Cell { word: letter.to_owned(), at });
            }
            at += 1;
        } else {
            at = plain(&tokens, at, tokens.len(), &mut cells).max(at + 1);
        }
    }
    cells
}

/// How names are written in an example.
const NAMES: &[&str] = &["P", "G", "L", "D", "M", "R", "C", "A", "W", "T", "N", "E", "U", "Q"];
