//! One message laid out: tokens, names, times, sentences, and what can be asked of them.
//!
//! - [`fields`]  forms: labels and values, who only asks
//! - [`people`]  whom a verb is about; [`meant`] whom "both" and the like mean;
//!   [`described`] somebody without a name
//! - [`objects`] what else it is about
//! - [`thread`]  what was named before it in the thread
//!
//! Not here: the choice of an action.

mod described;
mod fields;
mod meant;
mod objects;
mod people;
mod thread;

use std::ops::Deref;

use crate::interpret::{
    Context,
    clauses::Sentence,
    dates::When,
    entities::{Lattice, Span, What},
    index::Index,
    text::{Text, Token},
    work::{self, Walk, Walked},
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
    pub whens: Walked<When>,
    /// Token → is it part of a date or time?
    pub(super) dated: Vec<bool>,
    /// The sentences that are read.
    pub sentences: Sentences,
    /// Who writes the quoted words, if they were handed over.
    pub author: Option<What>,
    /// It was taken for a request already: the bot answered it.
    pub asked: bool,
    /// The directory.
    pub index: &'a Index,
    /// The thread and the clock.
    pub context: &'a Context,
}

impl Scene<'_> {
    /// The folded word there; empty beyond the end.
    pub fn word(&self, at: usize) -> &str {
        work::step();
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    /// What is named at a token, if anything is.
    pub(super) fn span(&self, at: usize) -> Option<&Span> {
        let span = self.lattice.span_at.get(at).copied().flatten()?;
        Some(&self.lattice.spans[span])
    }

    /// Is it part of a date or time?
    pub(super) fn dated(&self, at: usize) -> bool {
        work::step();
        self.dated.get(at).copied().unwrap_or(false)
    }

    /// The words of a span, joined.
    pub fn key(&self, from: usize, to: usize) -> String {
        work::steps(to - from);
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
        self.sentences.around(at).unwrap_or(whole)
    }
}

/// The sentences in the order in which they are read, and which one a token is in.
#[derive(Debug, Default)]
pub struct Sentences {
    all: Walked<Sentence>,
    /// Token → one more than the position of its sentence; 0: it is in none.
    of: Vec<usize>,
}

impl Sentences {
    /// The sentence this token is in.
    pub fn around(&self, at: usize) -> Option<Sentence> {
        work::step();
        self.of.get(at)?.checked_sub(1).map(|number| self.all[number])
    }

    /// One more to read. What is in two sentences belongs to the first.
    pub fn push(&mut self, sentence: Sentence) {
        self.all.push(sentence);
        if self.of.len() < sentence.to {
            self.of.resize(sentence.to, 0);
        }
        let number = self.all.len();
        let free = self.of[sentence.from..sentence.to].iter_mut().filter(|of| **of == 0);
        free.for_each(|of| *of = number);
    }
}

impl Extend<Sentence> for Sentences {
    fn extend<I: IntoIterator<Item = Sentence>>(&mut self, sentences: I) {
        sentences.into_iter().for_each(|sentence| self.push(sentence));
    }
}

impl Deref for Sentences {
    type Target = Walked<Sentence>;

    fn deref(&self) -> &Walked<Sentence> {
        &self.all
    }
}

impl<'a> IntoIterator for &'a Sentences {
    type Item = &'a Sentence;
    type IntoIter = Walk<'a, Sentence>;

    fn into_iter(self) -> Walk<'a, Sentence> {
        self.all.iter()
    }
}
