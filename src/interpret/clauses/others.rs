//! What somebody else does, may do, or is told to do, which is nothing for us.
//!
//! Not here: whether a verb asks ([`super::acts`]).

use super::{Act, Scan, Verb, base_form, words::PLANS};
use crate::interpret::entities::{Span, What};

/// After somebody's name: what they do, may or want.
const MODALS: &[&str] = &[
    "will", "would", "shall", "should", "can", "could", "might", "may", "wants", "has", "had",
    "must",
];

impl Scan<'_> {
    /// Somebody else does it, may do it, or is told to.
    pub(super) fn of_others(&self, verb: &Verb, from: usize) -> Option<Act> {
        let at = verb.at;
        if !base_form(verb.form) {
            return self.reminds(from, at).then_some(Act::Told);
        }
        let wants = verb.is("want");
        if self.may_they(from, at) && !wants {
            return Some(Act::Question);
        }
        let told_on = self.tells_on(from, at) && !self.any(from, at, &["know"]);
        // "Fatima should lose send-as", "the mailbox must become a shared one": said of them,
        // and to be done by us.
        let befalls = ["lose", "become"].contains(&self.word(at))
            && self.any(from, at, &["should", "must", "has", "needs", "shall"]);
        let theirs = (self.theirs(from, at) && !self.at_next_sign_in(at)
            || self.they_plan(from, at))
            && !wants
            && !befalls;
        (self.reminds(from, at) || told_on || theirs).then_some(Act::Told)
    }

    /// The person named at this place, who is not the one who writes.
    pub(super) fn other_person(&self, at: usize) -> Option<&Span> {
        let span = self.lattice.span_at.get(at).copied().flatten();
        span.map(|span| &self.lattice.spans[span])
            .filter(|span| span.person() && span.what != What::Me)
    }

    /// "Grace would …": no plan of ours; "I would like you to …" is.
    fn theirs(&self, from: usize, at: usize) -> bool {
        (from + 1..at).any(|place| {
            let subject =
                self.lattice.span_at[place - 1].is_some_and(|s| self.lattice.spans[s].person());
            let of_us = || self.any(place + 1, at, &["you", "u", "someone", "somebody"]);
            subject && MODALS.contains(&self.word(place)) && !of_us()
        })
    }

    /// "Megan is going to reset it": she does, not we.
    fn they_plan(&self, from: usize, at: usize) -> bool {
        let owns = |span: &Span| self.tokens[span.to - 1].possessive;
        self.previous(at) == "to"
            && !self.any(from, at, &["you", "u", "please", "pls", "kindly", "someone"])
            && (from + 1..at).any(|place| {
                let subject = self.other_person(place - 1).is_some_and(|span| !owns(span));
                subject && PLANS.contains(&self.word(place))
            })
    }

    /// "Can Grace reset her own password?"
    fn may_they(&self, from: usize, at: usize) -> bool {
        (from..at).any(|place| {
            let person =
                self.other_person(place + 1).filter(|span| !self.tokens[span.to - 1].possessive);
            ["can", "could", "will", "would", "may", "should"].contains(&self.word(place))
                && person.is_some_and(|span| span.to == at)
        })
    }

    /// "Tell Grace to …", "Tom asked her to …"
    fn tells_on(&self, from: usize, at: usize) -> bool {
        (from..at.saturating_sub(1)).any(|place| {
            self.other_person(place + 1).is_some()
                && ["tell", "ask", "remind", "inform", "advise", "let", "told", "asked"]
                    .contains(&self.word(place))
        })
    }

    /// "remind me to reset it": later, and by me.
    fn reminds(&self, from: usize, at: usize) -> bool {
        (from..at.saturating_sub(2)).any(|place| {
            self.word(place) == "remind" && ["me", "us"].contains(&self.word(place + 1))
        })
    }
}
