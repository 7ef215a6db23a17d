//! How a way of saying something is written, and how it is found in a sentence.
//!
//! A pattern is words in order. `(a | b c)` is one of several, `(a)?` may be missing, `{p}`
//! is a thing of its sort and is taken along, `..` are a few words that do not matter.
//! `{m}` and its like are patterns of their own, in [`SORTS`].
//!
//! Not here: the ways themselves.

use super::shared::{SHARED, SORTS};
use crate::{
    actions::wording,
    interpret::{
        entities::{Lattice, Span, What},
        index::Index,
        likeness::cells::MATTERS,
        slots,
        text::{Sort, Token},
        work,
    },
};

/// `..` skips at most so many words.
const SKIPPED_MAX: usize = 9;

/// A piece of a pattern.
#[derive(Debug)]
enum Node {
    Word(&'static str),
    /// A name of a sort, by its letter; with what it owns behind it, if the flag is set.
    Name(char, bool),
    /// The device, property or run of words that is meant.
    Class(&'static str),
    Any(Vec<Vec<Node>>, bool),
    /// The same, of single words: one look is enough.
    OneOf(Vec<&'static str>, bool),
    Taken(&'static str, Vec<Node>),
    Skip,
    /// Nothing but marks before, or behind, in the sentence.
    Edge,
}

/// A part of the order.
#[derive(Debug)]
pub(super) enum Part {
    /// A word of ours.
    Own(&'static str),
    /// What was taken, perhaps as whose something is.
    Taken(&'static str, bool),
}

/// A way of saying something, and the order that says the same.
#[derive(Debug)]
pub(super) struct Way {
    said: Vec<Node>,
    pub(super) order: Vec<Part>,
}

impl Way {
    /// Does the order only look something up?
    pub(super) fn looks(&self) -> bool {
        matches!(self.order.first(), Some(Part::Own("list" | "show")))
    }

    /// Is it a wish though it is put as a question: "any chance …"?
    pub(super) fn asks(&self) -> bool {
        matches!(self.order.first(), Some(Part::Own("kindly")))
    }

    /// What it may begin with.
    pub(super) fn begins(&self) -> Begins {
        let mut begins = Begins::default();
        begins.other |= begins.sequence(&self.said);
        begins
    }

    /// Reads a line of the table.
    pub(super) fn of(said: &'static str, order: &'static str) -> Self {
        let mut pieces = pieces(said).into_iter().peekable();
        let said = sequence(&mut pieces);
        let order = order.split_whitespace().map(|word| match word.strip_prefix('{') {
            Some(name) => {
                let possessive = name.ends_with("'s");
                let name = name.trim_end_matches("'s").trim_end_matches('}');
                Part::Taken(name, possessive)
            }
            None => Part::Own(word),
        });
        Self { said, order: order.collect() }
    }
}

/// Words and brackets.
fn pieces(line: &'static str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in line.split_whitespace() {
        let mut rest = word;
        while let Some(bare) = rest.strip_prefix('(') {
            found.push(&rest[..1]);
            rest = bare;
        }
        let inner = rest.trim_end_matches(')').trim_end_matches(")?");
        let inner = inner.trim_end_matches(')');
        if !inner.is_empty() {
            found.push(inner);
        }
        let mut tail = &rest[inner.len()..];
        while !tail.is_empty() {
            let length = if tail.starts_with(")?") { 2 } else { 1 };
            found.push(&tail[..length]);
            tail = &tail[length..];
        }
    }
    found
}

type Pieces = std::iter::Peekable<std::vec::IntoIter<&'static str>>;

/// Up to the end, a bar, or a closing bracket.
fn sequence(pieces: &mut Pieces) -> Vec<Node> {
    let mut nodes = Vec::new();
    while let Some(piece) = pieces.next_if(|piece| !["|", ")", ")?"].contains(piece)) {
        nodes.push(node(piece, pieces));
    }
    nodes
}

fn node(piece: &'static str, pieces: &mut Pieces) -> Node {
    if piece == "(" {
        let mut several = vec![sequence(pieces)];
        while pieces.next_if_eq(&"|").is_some() {
            several.push(sequence(pieces));
        }
        let maybe = pieces.next() == Some(")?");
        let single = |one: &Vec<Node>| match one.as_slice() {
            [Node::Word(word)] if *word != "-" => Some(*word),
            _ => None,
        };
        let words: Option<Vec<_>> = several.iter().map(single).collect();
        return words.map_or_else(|| Node::Any(several, maybe), |words| Node::OneOf(words, maybe));
    }
    match piece {
        ".." => Node::Skip,
        "^" => Node::Edge,
        "DEVICE" | "FIELD" | "VALUE" | "DASH" | "FIGURE" | "CODE" | "PLACE" | "OFFICE" => {
            Node::Class(piece)
        }
        _ => named(piece),
    }
}

fn named(piece: &'static str) -> Node {
    if let Some((_, said)) = SHARED.iter().find(|(name, _)| *name == piece) {
        return Node::Any(vec![sequence(&mut pieces(said).into_iter().peekable())], false);
    }
    if let Some(name) = piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let sort = SORTS.iter().find(|(sort, _)| *sort == name);
        let said = sort.map_or(name, |(_, said)| *said);
        return Node::Taken(name, sequence(&mut pieces(said).into_iter().peekable()));
    }
    // Whoever something belongs to.
    if let Some(name) = piece.strip_prefix('{').and_then(|rest| rest.strip_suffix("}'s")) {
        let said = if name == "d" { "D" } else { "(mr | mrs | ms | miss | mx | dr)? (.)? P's" };
        return Node::Taken(name, sequence(&mut pieces(said).into_iter().peekable()));
    }
    let mut letters = piece.chars();
    match (letters.next(), letters.as_str()) {
        (Some(letter @ 'A'..='Z'), "") => Node::Name(letter, false),
        (Some(letter @ 'A'..='Z'), "'s") => Node::Name(letter, true),
        _ => Node::Word(piece),
    }
}

/// What a way may begin with. Of a thousand ways a token begins few.
#[derive(Debug, Default)]
pub(super) struct Begins {
    /// One of these words.
    pub(super) words: Vec<&'static str>,
    /// Somebody.
    pub(super) person: bool,
    /// The name of a thing.
    pub(super) thing: bool,
    /// Anything else.
    pub(super) other: bool,
}

impl Begins {
    /// Adds what this sequence may begin with. Can it be empty?
    fn sequence(&mut self, nodes: &[Node]) -> bool {
        nodes.iter().all(|node| self.node(node))
    }

    /// Adds what this may begin with. Can it be empty?
    fn node(&mut self, node: &Node) -> bool {
        match node {
            Node::Word(word) => self.words.push(word),
            Node::OneOf(words, maybe) => {
                self.words.extend(words);
                return *maybe;
            }
            Node::Name('P' | 'N', _) => self.person = true,
            Node::Name(..) => self.thing = true,
            Node::Class(_) | Node::Skip => self.other = true,
            Node::Edge => return true,
            Node::Taken(_, nodes) => return self.sequence(nodes),
            Node::Any(several, maybe) => {
                let empty = several.iter().filter(|one| self.sequence(one)).count();
                return *maybe || empty > 0;
            }
        }
        false
    }
}

/// Where a way was found, and what it takes along.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) from: usize,
    pub(super) to: usize,
    taken: Vec<(&'static str, usize, usize)>,
}

impl Found {
    /// The tokens of what was taken under this name.
    pub(super) fn taken(&self, name: &str) -> Option<(usize, usize)> {
        let found = self.taken.iter().rev().find(|(of, ..)| *of == name);
        found.map(|(_, from, to)| (*from, *to))
    }
}

/// A sentence in which ways are looked for.
pub(super) struct Cells<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) lattice: &'a Lattice,
    pub(super) index: &'a Index,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What is still to be found: nodes, and those behind them.
#[derive(Clone, Copy)]
struct Rest<'a> {
    nodes: &'a [Node],
    behind: Option<&'a Rest<'a>>,
    /// What these nodes belong to, and where it began.
    takes: Option<(&'static str, usize)>,
}

impl Cells<'_> {
    /// This way, beginning at this token.
    pub(super) fn found(&self, way: &Way, at: usize) -> Option<Found> {
        if self.lattice.literal[at] || self.inside_a_name(at) {
            return None;
        }
        let mut taken = Vec::new();
        let rest = Rest { nodes: &way.said, behind: None, takes: None };
        let to = self.follow(rest, at, &mut taken)?;
        (to > at).then_some(Found { from: at, to, taken })
    }

    fn span(&self, at: usize) -> Option<&Span> {
        let span = self.lattice.span_at.get(at).copied().flatten()?;
        Some(&self.lattice.spans[span])
    }

    fn inside_a_name(&self, at: usize) -> bool {
        self.span(at).is_some_and(|span| span.from < at)
    }

    /// One past the end, if all of it follows from here.
    fn follow(
        &self,
        rest: Rest<'_>,
        at: usize,
        taken: &mut Vec<(&'static str, usize, usize)>,
    ) -> Option<usize> {
        work::step();
        let Some((node, nodes)) = rest.nodes.split_first() else {
            let kept = taken.len();
            if let Some((name, from)) = rest.takes {
                taken.push((name, from, at));
            }
            let Some(behind) = rest.behind else { return Some(at) };
            let end = self.follow(*behind, at, taken);
            if end.is_none() {
                taken.truncate(kept);
            }
            return end;
        };
        let rest = Rest { nodes, ..rest };
        match node {
            Node::Word(word) => self.follow(rest, self.behind_word(at, &[word])?, taken),
            Node::OneOf(words, maybe) => {
                let found = self.behind_word(at, words);
                let end = found.and_then(|next| self.follow(rest, next, taken));
                end.or_else(|| if *maybe { self.follow(rest, at, taken) } else { None })
            }
            Node::Name(letter, owns) => {
                // 'Require MFA', "Require MFA"
                let quote = |at: usize| {
                    at < self.to
                        && self.lattice.literal[at]
                        && ['\'', '"', '`'].iter().any(|mark| self.tokens[at].is(*mark))
                };
                let opens = quote(at);
                let at = at + usize::from(opens);
                let span = self.span(at).filter(|span| span.from == at && span.to <= self.to)?;
                let to = span.to + usize::from(opens && quote(span.to));
                let owner = self.tokens[span.to - 1].possessive
                    || *owns && OWNERS.contains(&self.tokens[span.to - 1].folded.as_str());
                let fits = (!span.negated || *letter == 'N')
                    && self.sort(*letter, span)
                    && (*owns == owner || owner && *letter != 'P');
                if fits { self.follow(rest, to, taken) } else { None }
            }
            Node::Class(class) => {
                let to = self.class(class, at)?;
                self.follow(rest, to, taken)
            }
            Node::Any(several, maybe) => {
                for one in several {
                    let inner = Rest { nodes: one, behind: Some(&rest), takes: None };
                    if let Some(end) = self.follow(inner, at, taken) {
                        return Some(end);
                    }
                }
                if *maybe { self.follow(rest, at, taken) } else { None }
            }
            Node::Taken(name, nodes) => {
                let inner = Rest { nodes, behind: Some(&rest), takes: Some((name, at)) };
                self.follow(inner, at, taken)
            }
            Node::Skip => {
                let last = (at + SKIPPED_MAX).min(self.to);
                let ends = |at: usize| {
                    matches!(self.tokens[at].sort, Sort::Mark('.' | '!' | '?' | ';') | Sort::Line)
                };
                (at..=last)
                    .take_while(|to| *to == at || !ends(to - 1))
                    .find_map(|to| self.follow(rest, to, taken))
            }
            Node::Edge => {
                let mark = |at: usize| !self.tokens[at].word() && self.span(at).is_none();
                let open = (self.from..at).all(mark);
                let close = (at..self.to).all(mark);
                if open || close { self.follow(rest, at, taken) } else { None }
            }
        }
    }

    /// One past one of these words; "sign-in" is "sign in".
    fn behind_word(&self, at: usize, words: &[&str]) -> Option<usize> {
        let hyphen = at > self.from
            && at + 1 < self.to
            && words != ["-"]
            && self.tokens[at].is('-')
            && self.tokens[at].glued
            && self.tokens[at + 1].glued;
        let at = at + usize::from(hyphen);
        let here = at < self.to && !self.lattice.literal[at];
        (here && words.contains(&self.tokens[at].folded.as_str())).then_some(at + 1)
    }

    /// A name of this sort?
    fn sort(&self, letter: char, span: &Span) -> bool {
        let of = |sort: wording::Sort| matches!(&span.what, What::Named(all) if all.iter().any(|one| self.index.named[*one].sort == sort));
        match letter {
            // Even somebody who is said not to be meant.
            'N' => span.person(),
            'P' => span.person() && !matches!(span.what, What::Team(_)),
            'G' => matches!(span.what, What::Group(_)),
            // "a Visio problem" is no licence.
            'L' => matches!(span.what, What::Sku(_)) && !self.a_matter_of_it(span.to),
            'D' => of(wording::Sort::Device),
            'M' => of(wording::Sort::Mailbox),
            'C' => of(wording::Sort::Policy),
            'R' => of(wording::Sort::Role),
            'A' => of(wording::Sort::App),
            'W' => of(wording::Sort::Workbook),
            _ => false,
        }
    }

    fn a_matter_of_it(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| MATTERS.contains(&token.folded.as_str()))
    }

    /// One past "CHG-2291", "REQ 4711".
    fn code(&self, at: usize) -> Option<usize> {
        let digits = |at: usize| {
            self.tokens[at].word()
                && self.tokens[at].folded.bytes().any(|byte| byte.is_ascii_digit())
        };
        let end = (at + 1..self.to.min(at + 4))
            .find(|end| !self.tokens[*end].glued && !self.tokens[*end].is('-'))
            .unwrap_or(self.to.min(at + 4));
        (self.span(at).is_none() && (at..end).any(digits)).then_some(end)
    }

    /// One past the name of a department or an office.
    fn place(&self, at: usize, named: impl Fn(&str) -> bool) -> Option<usize> {
        (1..=4).rev().map(|length| at + length).filter(|end| *end <= self.to).find(|end| {
            let words: Vec<&str> =
                self.tokens[at..*end].iter().map(|token| token.folded.as_str()).collect();
            self.tokens[end - 1].word() && named(&words.join(" "))
        })
    }

    /// One past a device, a property, a value or a dash.
    fn class(&self, class: &str, at: usize) -> Option<usize> {
        let token = self.tokens.get(at).filter(|_| at < self.to)?;
        match class {
            "FIGURE" => slots::figure(&token.folded).map(|_| at + 1),
            "DEVICE" => slots::is_device(&token.folded).then_some(at + 1),
            "CODE" => self.code(at),
            "OFFICE" => self.place(at, |key| self.index.office_named(key).is_some()),
            "PLACE" => self.place(at, |key| self.index.department(key)),
            "FIELD" => {
                let two = self.tokens.get(at + 1).filter(|_| at + 1 < self.to);
                let pair = two.map(|two| format!("{} {}", token.folded, two.folded));
                if pair.is_some_and(|pair| slots::is_property(&pair)) {
                    return Some(at + 2);
                }
                slots::is_property(&token.folded).then_some(at + 1)
            }
            "DASH" => {
                let dash = matches!(
                    token.sort,
                    Sort::Mark('-' | '\u{2013}' | '\u{2014}' | ':' | ',' | '/' | '>' | '|')
                );
                dash.then_some(at + 1)
            }
            // To the end of the clause.
            _ => {
                let ends = |at: usize| {
                    let token = &self.tokens[at];
                    matches!(token.sort, Sort::Mark(',' | '.' | '!' | '?' | ';' | '(') | Sort::Line)
                        && !(token.glued && self.tokens.get(at + 1).is_some_and(|next| next.glued))
                };
                let to = (at..self.to).find(|at| ends(*at)).unwrap_or(self.to);
                (to > at).then_some(to)
            }
        }
    }
}

const OWNERS: &[&str] = &["his", "her", "their", "my"];
