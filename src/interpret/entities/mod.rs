//! The entity lattice: who and what the words name. Every span keeps all candidates;
//! choosing between them is not done here.
//!
//! - [`finder`] names: addresses, full names, parts of names, pronouns, things
//! - [`mailboxes`] mailboxes that are named by less than their name
//! - [`negated`] names that are said not to be meant
//! - [`mod@beside`] what stands beside somebody and says which one is meant
//! - [`surnames`] names with the last name first
//! - [`marks`]  quotation marks, typing errors, relations, object words
//!
//! Not here: choosing between candidates.

mod beside;
mod finder;
mod mailboxes;
mod marks;
mod negated;
mod surnames;

use self::{
    beside::beside,
    finder::Finder,
    marks::{hits, literals, mend, relations},
};
use crate::{
    domain::users::PersonRef,
    interpret::{
        index::{Index, Surely},
        lexicon::Classes,
        text::Token,
        work::{self, Walked},
    },
};

/// What a span names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// One person, or several who match equally well.
    People(Vec<usize>, Surely),
    /// A name, but nobody's.
    Nobody,
    /// The requester.
    Me,
    /// "her", "this user".
    Pronoun,
    /// "her manager": of the span before.
    Manager(Box<What>),
    /// "her team": the people who report to the span before. Nobody by name.
    Team(Box<What>),
    /// A group, or several.
    Group(Vec<usize>),
    /// A licence, or several.
    Sku(Vec<usize>),
    /// Something else with a name, or several.
    Named(Vec<usize>),
}

/// A run of tokens that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// What it names.
    pub what: What,
    /// "not Lee Gu", "except Lee Gu".
    pub negated: bool,
}

impl Span {
    /// Somebody, known or not?
    pub fn person(&self) -> bool {
        matches!(
            self.what,
            What::People(..)
                | What::Nobody
                | What::Me
                | What::Pronoun
                | What::Manager(_)
                | What::Team(_)
        )
    }

    /// A device, a mailbox or another thing with a name, and no group and no licence?
    pub fn is_thing(&self) -> bool {
        matches!(self.what, What::Named(_))
    }

    /// Somebody by name, not by a pronoun?
    pub fn named(&self) -> bool {
        matches!(self.what, What::People(..) | What::Nobody | What::Manager(_) | What::Team(_))
    }
}

/// An object word or phrase.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Its classes.
    pub classes: Classes,
}

/// Everything that was recognised.
#[derive(Debug, Default)]
pub struct Lattice {
    /// Named things, in order.
    pub spans: Walked<Span>,
    /// Object phrases, in order.
    pub hits: Walked<Hit>,
    /// Token → its span.
    pub span_at: Vec<Option<usize>>,
    /// Token → its hit.
    pub hit_at: Vec<Option<usize>>,
    /// Token → inside quotation marks.
    pub literal: Vec<bool>,
    /// Token of each opening and closing quotation mark.
    pub literals: Walked<(usize, usize)>,
}

impl Lattice {
    /// Does this token belong to the name of a thing?
    pub fn names_a_thing(&self, at: usize) -> bool {
        let span = self.span_at.get(at).copied().flatten().map(|span| &self.spans[span].what);
        matches!(span, Some(What::Group(_) | What::Sku(_) | What::Named(_)))
    }

    /// The named things from here to there, whole, in order.
    pub fn spans_in(&self, from: usize, to: usize) -> impl Iterator<Item = &Span> {
        let first = self.spans.partition_point(|span| span.from < from);
        let behind = self.spans[first..].iter().inspect(|_| work::step());
        behind.take_while(move |span| span.from < to).filter(move |span| span.to <= to)
    }
}

/// Recognises everything in the tokens. Mends typing errors in them on the way. `mails`: the
/// first byte of each mail in quotation marks, which quotes no name.
pub fn lattice(
    tokens: &mut [Token],
    index: &Index,
    mentions: &[Option<PersonRef>],
    mails: &[usize],
) -> Lattice {
    let mut found = Lattice {
        span_at: vec![None; tokens.len()],
        hit_at: vec![None; tokens.len()],
        literal: vec![false; tokens.len()],
        ..Lattice::default()
    };
    literals(tokens, mails, &mut found);
    mend(tokens, index, &found.literal);
    let of_mail = mailboxes::of_mail(tokens);
    let finder = Finder { tokens, index, mentions, literal: &found.literal, of_mail };
    let mut at = 0;
    let mut spans = Vec::new();
    while at < tokens.len() {
        match finder.span(at) {
            Some((to, what)) => {
                let negated = finder.negated(at) || finder.falls_short(to);
                spans.push(Span { from: at, to, what, negated });
                at = to;
            }
            None => at += 1,
        }
    }
    relations(tokens, &mut spans);
    beside(tokens, index, &mut spans);
    for (number, span) in spans.iter().enumerate() {
        found.span_at[span.from..span.to].fill(Some(number));
    }
    found.spans = spans.into();
    hits(tokens, &mut found);
    found
}
