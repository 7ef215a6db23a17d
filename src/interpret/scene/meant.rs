//! Whom words mean that stand for somebody: "both", "it is she who", lines that only name
//! people, "from my account", a manager who is only told of.
//!
//! Not here: pronouns by themselves ([`super::people`]).

use super::Scene;
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    lexicon::verb_classes,
};

impl Scene<'_> {
    /// "remove Power BI from my account and give the same to Ada": it is mine that goes.
    pub(super) fn taken_from_me(&self, predicate: &Predicate) -> Option<Span> {
        let takes = verb_classes(&["take", "leave", "revoke"]);
        let from = |at: usize| at.checked_sub(1).is_some_and(|at| self.word(at) == "from");
        let inside = |span: &&Span| span.from > predicate.verb && span.to <= predicate.to;
        let mut spans = self.lattice.spans.iter().filter(inside).filter(|span| span.person());
        let first = spans.next().filter(|_| predicate.classes & takes != 0)?;
        let mine = ["my", "me", "mine", "myself"].contains(&self.word(first.from));
        let owned = self.lattice.spans.iter().any(|span| span.from == first.to && span.named());
        (first.what == What::Me && mine && from(first.from) && !owned).then(|| first.clone())
    }

    /// "Ada and Bo keep missing it. Would you add both?": the two of the sentence before.
    pub(super) fn both(&self, predicate: &Predicate) -> Option<Vec<Span>> {
        let both = |at: usize| {
            let of_them = ["of", "to", "in", "into", "on", "onto", "from", "off", "out", "for"]
                .contains(&self.word(at + 1))
                || !self.tokens.get(at + 1).is_some_and(crate::interpret::text::Token::word);
            self.word(at) == "both" && of_them
                || self.word(at) == "two" && of_them && self.word(at.wrapping_sub(1)) == "the"
        };
        (predicate.verb + 1..predicate.to).find(|at| both(*at))?;
        let own = self.sentence(predicate.verb);
        let before = self.sentences.around(own.from.checked_sub(1)?)?;
        let named = |span: &&Span| span.named() && !self.aside(span);
        let two: Vec<Span> =
            self.lattice.spans_in(before.from, before.to).filter(named).cloned().collect();
        let sure = |span: &Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
        (two.len() == 2 && two.iter().all(sure) && two[0].what != two[1].what).then_some(two)
    }

    /// "• Ada • Bo. Offboard both of them": the lines that only name somebody, one after another.
    pub(super) fn lines_before(&self, before: usize) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        for sentence in self.sentences.iter().rev().filter(|one| one.to <= before) {
            let mut spans = self.lattice.spans_in(sentence.from, sentence.to);
            let (first, second) = (spans.next(), spans.next());
            let Some(only) = first.filter(|span| span.named() && second.is_none()) else { break };
            let bare = (sentence.from..sentence.to)
                .all(|at| (only.from..only.to).contains(&at) || !self.tokens[at].word());
            if !bare {
                break;
            }
            found.push(only.clone());
        }
        found.reverse();
        found
    }

    /// "It is she who needs the licence": whom the "who" stands for.
    pub(super) fn it_is_who(&self, predicate: &Predicate) -> Option<Span> {
        let from = self.sentence(predicate.verb).from;
        let who = (from..predicate.verb)
            .rev()
            .take(3)
            .find(|at| ["who", "that"].contains(&self.word(*at)))?;
        let is = |at: usize| ["is", "its", "was"].contains(&self.word(at));
        let found = self.lattice.spans.iter().find(|span| span.to == who && span.person())?;
        (from..found.from).any(is).then(|| found.clone())
    }

    /// "Enrico will be her line manager", "reporting to Enrico": said of somebody else, whom a
    /// later "she" means.
    pub(super) fn only_manages(&self, span: &Span) -> bool {
        const MANAGERS: &[&str] = &[
            "manager",
            "boss",
            "lead",
            "leader",
            "supervisor",
            "superior",
            "mentor",
            "buddy",
            "sponsor",
            "chief",
        ];
        let word = |at: usize| self.word(at);
        let back = |back: usize| span.from.checked_sub(back).map_or("", |at| self.word(at));
        let verb =
            (span.to..span.to + 3).find(|at| ["is", "be", "becomes", "as"].contains(&word(*at)));
        let manages = verb.is_some_and(|at| {
            ["his", "her", "their"].contains(&word(at + 1))
                && (at + 2..at + 5).any(|at| MANAGERS.contains(&word(at)))
        });
        let reports = back(1) == "to" && ["reports", "report", "reporting"].contains(&back(2))
            || back(1) == "by" && back(2) == "managed"
            || ["is", "be"].contains(&back(1))
                && (2..6).any(|at| MANAGERS.contains(&back(at)))
                && (3..8).any(|at| ["his", "her", "their"].contains(&back(at)));
        manages || reports
    }
}
