//! One message laid out: tokens, names, times, sentences, and what can be asked of them.
//!
//! - [`fields`]  forms: labels and values, who only asks
//! - [`people`]  whom a verb is about
//! - [`objects`] what else it is about
//!
//! Not here: the choice of an action.

mod fields;
mod objects;
mod people;

use crate::interpret::{
    Context,
    clauses::Sentence,
    dates::When,
    entities::{Lattice, What},
    index::Index,
    text::{Text, Token},
};

/// One message laid out.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its tokens, typing errors mended.
    pub tokens: Vec<Token>,
    /// What they name.
    pub lattice: Lattice,
    /// Dates and times.
    pub whens: Vec<When>,
    /// The sentences that are read.
    pub sentences: Vec<Sentence>,
    /// Who writes the quoted words, if they were handed over.
    pub author: Option<What>,
    /// The directory.
    pub index: &'a Index,
    /// The thread and the clock.
    pub context: &'a Context,
}

impl Scene<'_> {
    /// The folded word there; empty beyond the end.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    /// The words of a span, joined.
    pub fn key(&self, from: usize, to: usize) -> String {
        let words: Vec<&str> =
            self.tokens[from..to].iter().filter(|t| t.word()).map(|t| t.folded.as_str()).collect();
        words.join(" ")
    }

    /// The original words of a run of tokens.
    pub fn said(&self, from: usize, to: usize) -> String {
        match (self.tokens.get(from), self.tokens.get(to.saturating_sub(1))) {
            (Some(first), Some(last)) if to > from => self.text.said(first.start, last.end),
            _ => String::new(),
        }
    }

    /// The sentence a token is in.
    pub fn sentence(&self, at: usize) -> Sentence {
        let whole = Sentence { from: 0, to: self.tokens.len(), quoted: false };
        self.sentences.iter().copied().find(|s| (s.from..s.to).contains(&at)).unwrap_or(whole)
    }
}
