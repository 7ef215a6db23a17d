//! A row of a workbook, whose cells stand in another sentence than what is to be done: "In the
//! Fleet Register, sheet Vans, row 9 is out of date. It should read: LV-20, sold."
//!
//! Not here: the cells. They are read like those of any order.

use super::{Edit, again, own};
use crate::{
    actions::wording,
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        slots,
        text::{Sort, Token},
    },
};

/// Before the colon they say that cells follow.
const READS: &[&str] = &[
    "read",
    "reads",
    "say",
    "says",
    "be",
    "contain",
    "line",
    "row",
    "with",
    "overwritten",
    "as",
    "to",
    "following",
    "this",
    "entry",
    "added",
    "correct",
    "correctly",
    "right",
    "new",
];
/// With these nothing is to be written.
const DENIES: &[&str] = &["dont", "not", "never", "who", "why", "what", "how", "if"];

/// All up to the cells, as an order.
pub(super) fn edit(scene: &Scene<'_>, all: &[Sentence]) -> Option<Edit> {
    let (from, to) = (all.first()?.from, all.last()?.to);
    let mut books = scene.lattice.spans_in(from, to).filter(|span| is_book(scene, span));
    let (Some(book), None) = (books.next(), books.next()) else { return None };
    let colon = (book.to..to)
        .find(|at| scene.tokens[*at].is(':') && !scene.lattice.literal[*at])
        .or_else(|| bare(scene, book.to, to))?;
    let before = colon.saturating_sub(2).max(from);
    let one_more = (from..colon).any(|at| {
        ["one", "another"].contains(&scene.word(at))
            && ["more", "for", "in"].contains(&scene.word(at + 1))
    });
    let leads = one_more || (before..colon).any(|at| READS.contains(&scene.word(at)));
    let denied = (from..colon).any(|at| DENIES.contains(&scene.word(at)));
    let sentence = all.iter().find(|one| (one.from..one.to).contains(&book.from))?;
    if !leads || denied || colon > sentence.to + 30 {
        return None;
    }
    let row = (from..colon).find_map(|at| {
        let number = scene.word(at + 1).bytes().all(|byte| byte.is_ascii_digit());
        (["row", "line"].contains(&scene.word(at)) && number && !scene.word(at + 1).is_empty())
            .then_some(at + 1)
    });
    let adds = one_more
        || (from..colon).any(|at| {
            ["line", "row", "entry", "record"].contains(&scene.word(at))
                && (1..=2).filter_map(|back| at.checked_sub(back)).any(|at| {
                    ["new", "fresh", "one", "another", "further", "extra", "a"]
                        .contains(&scene.word(at))
                })
        });
    let sheet = slots::sheet(scene, sentence.from, sentence.to.min(colon));
    let mut said: Vec<Token> = Vec::new();
    let say = |said: &mut Vec<Token>, words: &str| {
        said.extend(words.split(' ').map(|word| own(scene, word, sentence.from, colon)));
    };
    match row {
        Some(number) => {
            say(&mut said, "please update row");
            said.extend(again(scene, (number, number + 1), false));
        }
        None if adds => say(&mut said, "please add a row"),
        None => return None,
    }
    if let Some(sheet) = sheet {
        say(&mut said, "on sheet");
        said.extend(again(scene, sheet, false));
    }
    say(&mut said, "in");
    said.extend(again(scene, (book.from, book.to), false));
    // What is said behind the cells is no cell.
    let line = (colon..to).find(|at| {
        scene.tokens[*at].sort == Sort::Line && (*at > colon + 1)
            || scene.tokens[*at].is('.')
                && scene.tokens.get(at + 1).is_some_and(|next| !next.glued && next.capital)
    });
    let end = line.unwrap_or(to);
    let mut mark = own(scene, ":", colon, colon + 1);
    mark.sort = Sort::Mark(':');
    said.push(mark);
    let first = reads(scene, colon + 1, end);
    let mut cells = scene.tokens[first..end].to_vec();
    said.append(&mut cells);
    Some(Edit { from: sentence.from, to, said })
}

/// "row 9 is stale, it must say A / B / C": the verb behind which cells stand, without a colon.
fn bare(scene: &Scene<'_>, from: usize, to: usize) -> Option<usize> {
    let verb = (from..to).find(|at| {
        ["say", "says", "read", "reads", "contain", "show"].contains(&scene.word(*at))
            && scene.span(*at).is_none()
    })?;
    let apart = |at: usize| {
        let token = &scene.tokens[at];
        token.is('/') && !token.glued || token.is(';') || token.is('|')
    };
    ((verb + 1..to).filter(|at| apart(*at)).count() > 1).then_some(verb)
}

/// "row 4: should now read A; B": where the cells begin.
fn reads(scene: &Scene<'_>, from: usize, to: usize) -> usize {
    const LEADS: &[&str] = &[
        "it", "this", "should", "must", "has", "needs", "ought", "now", "to", "read", "reads",
        "say", "says", "be", "is", "as", "follows", "contain",
    ];
    let run = (from..to)
        .take_while(|at| LEADS.contains(&scene.word(*at)) && !scene.lattice.literal[*at])
        .count();
    let said = (from..from + run).any(|at| {
        ["read", "reads", "say", "says", "be", "follows", "contain"].contains(&scene.word(at))
    });
    if said { from + run } else { from }
}

fn is_book(scene: &Scene<'_>, span: &Span) -> bool {
    matches!(&span.what, What::Named(all) if all.len() == 1
        && scene.index.named[all[0]].sort == wording::Sort::Workbook)
}
