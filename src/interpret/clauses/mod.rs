//! Sentences, the verbs in them, how far each governs, and what is done with the
//! words: asked, told, asked about, supposed, or said not to be done. Only what is
//! asked may become a proposal.
//!
//! - [`mod@sentences`] tokens → sentences
//! - [`verbs`]     the verbs of one, and how far each governs
//! - [`acts`]      what is done with a verb
//! - [`others`]    what others do, may do, or are told to do
//! - [`framed`]    what the whole sentence makes of it
//! - [`asking`]    the ways of asking
//! - [`unmarked`]  orders and parts of a list that no mark or verb sets apart
//! - [`words`]     the word lists these need
//!
//! Not here: what the verbs mean. That is the frames' work.

mod acts;
mod asking;
mod framed;
mod others;
mod sentences;
mod unmarked;
mod verbs;
mod words;

pub use sentences::sentences;

use crate::interpret::{
    entities::{Lattice, Span},
    lexicon::{Classes, Form, verb_class},
    scene::Scene,
    text::{Sort, Token},
    work,
};

/// What somebody does by saying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Asks for it.
    Request,
    /// Asks whether or how.
    Question,
    /// Asks whether we can, of nobody in particular.
    Capability,
    /// Says it must not be done.
    Negated,
    /// Tells of it, plans it, supposes it.
    Told,
}

/// A run of tokens, one thought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Words that were quoted.
    pub quoted: bool,
}

/// A verb with what it governs.
#[derive(Debug, Clone, Copy)]
pub struct Predicate {
    /// First token of what it governs.
    pub from: usize,
    /// The verb.
    pub verb: usize,
    /// One past what it governs.
    pub to: usize,
    /// Its classes.
    pub classes: Classes,
    /// Its particle.
    pub particle: Option<usize>,
    /// What is done with it.
    pub act: Act,
    /// The words are quoted.
    pub quoted: bool,
}

/// At most so many verbs of one sentence say something: each is weighed against the words
/// around it.
const VERBS_MAX: usize = 60;

/// "- Ada Park - forward to Lee Gu": in a list, a verb governs nothing of the next point, and
/// nothing before its own if that names somebody.
fn within_its_point(
    tokens: &[Token],
    lattice: &Lattice,
    sentence: Sentence,
    verb: usize,
    (from, to): (usize, usize),
) -> (usize, usize) {
    let point = |at: usize| {
        let line = at.checked_sub(1).is_some_and(|at| tokens[at].sort == Sort::Line);
        line && ['-', '*', '•', '–'].iter().any(|mark| tokens[at].is(*mark))
    };
    let Some(own) = (sentence.from..verb).rev().find(|at| point(*at)) else { return (from, to) };
    let next = (verb + 1..to).find(|at| point(*at)).unwrap_or(to);
    let mut before = lattice.spans_in(own, verb);
    let from = if before.any(Span::named) { from.max(own) } else { from };
    (from, next)
}

/// The predicates of one sentence, in order.
pub fn predicates(tokens: &[Token], lattice: &Lattice, sentence: Sentence) -> Vec<Predicate> {
    let scan = Scan { tokens, lattice, sentence };
    let verbs = scan.verbs();
    let mut found: Vec<Predicate> = Vec::with_capacity(verbs.len());
    for (number, verb) in verbs.iter().take(VERBS_MAX).enumerate() {
        let start = scan.clause_start(verb.at);
        let floor = if number == 0 { sentence.from } else { start.max(verbs[number - 1].at + 1) };
        let from = if number == 0 { sentence.from } else { floor };
        let ceiling = verbs.get(number + 1).map_or(sentence.to, |next| {
            let start = scan.clause_start(next.at);
            if start > verb.at { start } else { next.at }
        });
        let to = scan.governed(verb.at, ceiling);
        let (from, to) = within_its_point(tokens, lattice, sentence, verb.at, (from, to));
        let from = scan.spared(from, verb.at).unwrap_or(from);
        let before = found.last().map(|last: &Predicate| last.act);
        let act = scan.act(verb, start, before);
        found.push(Predicate {
            from,
            verb: verb.at,
            to,
            classes: verb.classes,
            particle: verb.particle,
            act,
            quoted: sentence.quoted,
        });
    }
    // "new CA policy …, requires MFA, applies to the Sales Team": what is new is asked for.
    let new = ["new", "another", "additional"].contains(&scan.word(scan.opening()));
    let tells = verbs.iter().all(|verb| matches!(verb.form, Form::Third | Form::Past | Form::Ing));
    if new
        && tells
        && !verbs.is_empty()
        && let Some(noun) = scan.verbless()
    {
        return vec![noun];
    }
    // "new temp password for Omar and sign him out": the first part needs no verb.
    if let Some(first) = found.first().copied()
        && let Some(end) = scan.clause_start(first.verb).checked_sub(1)
        && end > sentence.from
        && ["and", "then", "plus", "also", "&", "+"].contains(&tokens[end].folded.as_str())
    {
        let part = Scan { tokens, lattice, sentence: Sentence { to: end, ..sentence } };
        if let Some(noun) = part.verbless().filter(|noun| noun.act == first.act) {
            found[0].from = end + 1;
            found.insert(0, noun);
        }
    }
    found.extend(scan.new_passwords(&verbs, &found));
    // "password reset required for Grace": the verb says nothing of its own.
    let only_wanted = found.iter().all(|predicate| {
        predicate.act == Act::Told
            && ["required", "needed", "requested", "writing", "emailing", "calling"]
                .contains(&tokens[predicate.verb].folded.as_str())
    });
    if only_wanted && let Some(noun) = scan.verbless() {
        found = vec![noun];
    }
    found
}

/// Is what a sentence says only supposed: "in case he leaves, …"?
pub(in crate::interpret) fn supposes(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let scan = Scan { tokens: &scene.tokens, lattice: &scene.lattice, sentence };
    scan.verbs().iter().any(|verb| scan.supposed(verb))
}

fn base_form(form: Form) -> bool {
    matches!(form, Form::Base | Form::BaseOrPast)
}

struct Verb {
    at: usize,
    classes: Classes,
    form: Form,
    particle: Option<usize>,
    /// "need", "want", "get".
    wants: bool,
}

impl Verb {
    fn is(&self, class: &str) -> bool {
        self.classes & verb_class(class) != 0
    }
}

struct Scan<'a> {
    tokens: &'a [Token],
    lattice: &'a Lattice,
    sentence: Sentence,
}

impl Scan<'_> {
    fn word(&self, at: usize) -> &str {
        work::step();
        self.tokens
            .get(at)
            .filter(|_| at < self.sentence.to)
            .map_or("", |token| token.folded.as_str())
    }

    fn any(&self, from: usize, to: usize, words: &[&str]) -> bool {
        (from..to).any(|at| !self.lattice.literal[at] && words.contains(&self.word(at)))
    }
}
