//! What is said of somebody, as the order it means: "Joni can no longer open legal@" reads
//! like "remove access to legal@ from Joni".
//!
//! A few ways of asking put the wish into a state: how somebody's things should be, what
//! they lack, what is not to be any more. Here such words of a sentence are exchanged for
//! the order that says the same, before anything is made of them; what stands around them
//! stays, so that "if …", "I told HR that …" or a date keep their say. The order's words
//! point at the words they stand for.
//!
//! - [`ways`]    the ways, as a table; [`things`], [`states`], [`turns`], [`swaps`] and
//!   [`looked`] its other parts
//! - [`pattern`] how one is written, and found in a sentence; [`shared`] what many ways share
//! - [`table`]   all of them, by what they may begin with
//!
//! Not here: what the order means. It is read like any other.

mod looked;
mod pattern;
mod shared;
mod states;
mod swaps;
mod table;
mod things;
mod turns;
mod ways;

use std::sync::LazyLock;

use self::{
    looked::LOOKED,
    pattern::{Found, Part, Way},
    states::STATES,
    swaps::SWAPS,
    table::{Named, Table},
    things::THINGS,
    turns::TURNS,
    ways::WAYS,
};
use crate::interpret::{
    clauses::sentences,
    entities::Lattice,
    index::Index,
    text::{Sort, Token},
};

/// At most so many exchanges in one message.
const RECASTS_MAX: usize = 20;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let all = SWAPS.iter().chain(STATES).chain(WAYS).chain(THINGS).chain(TURNS).chain(LOOKED);
    Table::of(all.map(|(said, order)| Way::of(said, order)))
});

/// Reads the table once, so that the first message need not wait for it.
pub(super) fn make_ready() {
    LazyLock::force(&TABLE);
}

/// The tokens with every way exchanged for its order; nothing if there is none.
pub(super) fn recast(tokens: &[Token], lattice: &Lattice, index: &Index) -> Option<Vec<Token>> {
    let spelled = spelled(tokens, lattice);
    let tokens = spelled.as_deref().unwrap_or(tokens);
    let mut put: Vec<(Found, &Way)> = Vec::new();
    for sentence in sentences(tokens, lattice, 0, tokens.len(), false) {
        let cells = pattern::Cells { tokens, lattice, index, from: sentence.from, to: sentence.to };
        let asks = tokens[sentence.from..sentence.to].iter().any(|token| token.is('?'));
        let modal = (sentence.from..sentence.to)
            .find(|at| tokens[*at].word())
            .is_some_and(|at| OFFERS.contains(&tokens[at].folded.as_str()));
        let only_looks = asks && !modal;
        // "Tobias no longer needs it, I think": not sure enough to be an order.
        let word = |at: usize| tokens.get(at).map_or("", |token| token.folded.as_str());
        let hedged = (sentence.from..sentence.to).any(|at| {
            ["maybe", "perhaps", "apparently", "supposedly", "presumably"].contains(&word(at))
                || word(at) == "i"
                    && ["think", "guess", "suppose", "reckon"].contains(&word(at + 1))
        });
        if hedged {
            continue;
        }
        let mut at = sentence.from;
        while at < sentence.to && put.len() < RECASTS_MAX {
            let mark = matches!(tokens[at].sort, Sort::Line | Sort::Mark(_))
                && lattice.span_at[at].is_none()
                && !lattice.literal[at];
            if mark {
                at += 1;
                continue;
            }
            let named = match lattice.span_at[at].map(|span| &lattice.spans[span]) {
                None => Named::Nothing,
                Some(span) if span.person() => Named::Somebody,
                Some(_) => Named::Something,
            };
            let ways = TABLE.beginning(&tokens[at], named);
            let found = ways
                .filter(|way| !only_looks || way.looks() || way.asks())
                .find_map(|way| Some((cells.found(way, at)?, way)));
            match found {
                Some((found, way)) => {
                    at = found.to;
                    put.push((found, way));
                }
                None => at += 1,
            }
        }
    }
    if put.is_empty() {
        return spelled;
    }
    let mut said = Vec::with_capacity(tokens.len() + 8 * put.len());
    let mut from = 0;
    for (found, way) in &put {
        said.extend_from_slice(&tokens[from..found.from]);
        write(&mut said, tokens, found, way);
        from = found.to;
    }
    said.extend_from_slice(&tokens[from..]);
    Some(said)
}

/// "forward it 2 Ada", "same 4 Ben": a figure before somebody is a little word.
fn spelled(tokens: &[Token], lattice: &Lattice) -> Option<Vec<Token>> {
    let little = |at: usize| {
        let word = match tokens[at].folded.as_str() {
            "2" => "to",
            "4" => "for",
            _ => return None,
        };
        let named = lattice.span_at.get(at + 1).copied().flatten();
        let alone = lattice.span_at[at].is_none() && !lattice.literal[at] && !tokens[at].glued;
        (alone && named.is_some_and(|span| lattice.spans[span].person())).then_some(word)
    };
    let found: Vec<(usize, &str)> =
        (0..tokens.len()).filter_map(|at| Some((at, little(at)?))).collect();
    if found.is_empty() {
        return None;
    }
    let mut tokens = tokens.to_vec();
    for (at, word) in found {
        word.clone_into(&mut tokens[at].folded);
    }
    Some(tokens)
}

/// A question that opens with one of these asks for something to be done.
const OFFERS: &[&str] = &[
    "can", "could", "would", "will", "may", "might", "please", "pls", "plz", "kindly", "hi",
    "hello", "hey",
];

/// What already says that something is a mailbox.
const MAILBOXES: &[&str] =
    &["mailbox", "inbox", "address", "mails", "mail", "emails", "email", "mbx"];

/// The order, each of its own words standing for all that was exchanged.
fn write(said: &mut Vec<Token>, tokens: &[Token], found: &Found, way: &Way) {
    let (start, end) = (tokens[found.from].start, tokens[found.to - 1].end);
    for part in &way.order {
        match part {
            Part::Own(word) => said.push(Token {
                start,
                end,
                folded: (*word).to_owned(),
                sort: match *word {
                    "," => Sort::Mark(','),
                    ":" => Sort::Mark(':'),
                    "-" => Sort::Mark('-'),
                    _ => Sort::Word,
                },
                possessive: false,
                glued: false,
                capital: false,
            }),
            Part::Taken(name, possessive) => {
                let Some((from, to)) = found.taken(name) else { continue };
                // "Ms. Ada Park" in the middle of an order ends no sentence.
                let style = |at: &usize| {
                    let said = tokens[*at].folded.as_str();
                    ["mr", "mrs", "ms", "miss", "mx", "dr"].contains(&said) || tokens[*at].is('.')
                };
                let from = (from..to).find(|at| !style(at)).unwrap_or(from);
                let first = said.len();
                said.extend_from_slice(&tokens[from..to]);
                if let Some(last) = said[first..].last_mut() {
                    last.possessive |= possessive;
                }
                // "Recruitment" alone may be a word like others.
                let plain =
                    |token: &Token| token.word() && !MAILBOXES.contains(&token.folded.as_str());
                if *name == "m" && said[first..].last().is_some_and(plain) {
                    said.push(Token {
                        start,
                        end,
                        folded: "mailbox".to_owned(),
                        sort: Sort::Word,
                        possessive: false,
                        glued: false,
                        capital: false,
                    });
                }
            }
        }
    }
}
