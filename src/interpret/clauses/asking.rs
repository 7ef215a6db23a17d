//! The ways of asking: an order, "can you", a need, a passive, no verb at all.

use super::{
    Act, Predicate, Scan, Sentence,
    words::{ASKS, PLANNED, POLITE, WH},
};
use crate::interpret::{
    entities::What,
    lexicon::{Classes, object_classes, verb_class, verb_classes},
};

/// Good wishes, with which nothing is asked.
const WISHES: &[&str] =
    &["welcome", "congrats", "congratulations", "goodbye", "farewell", "meet", "kudos", "cheers"];

/// It was done, and went well or not.
const OVER: &[&str] = &[
    "good",
    "done",
    "sorted",
    "resolved",
    "solved",
    "complete",
    "completed",
    "finished",
    "successful",
    "successfully",
    "failed",
];

/// Nouns that stand for a verb, and its classes: "account suspension for …".
const NOMINALS: &[(&str, &[&str])] = &[
    ("suspension deactivation disablement disabling", &["block"]),
    ("reactivation activation enablement reinstatement unblocking", &["allow"]),
    ("removal withdrawal", &["take", "leave", "stop"]),
    ("revocation", &["revoke", "take"]),
    ("deletion", &["delete"]),
    ("assignment allocation", &["give"]),
    ("invitation invite", &["invite"]),
    ("conversion", &["convert"]),
    ("creation", &["create"]),
    ("exemption exclusion", &["exempt"]),
    ("restoration", &["restore"]),
];

/// The classes of the verb behind a noun; none if it is no such noun.
fn nominal(word: &str) -> Classes {
    let found = NOMINALS.iter().find(|(words, _)| words.split(' ').any(|one| one == word));
    found.map_or(0, |(_, classes)| verb_classes(classes))
}

impl Scan<'_> {
    /// Words before the verb that are neither politeness nor names nor objects.
    pub(super) fn residual(&self, from: usize, to: usize) -> usize {
        let subject = (from..to)
            .any(|at| ["i", "we", "ive", "weve", "he", "she", "they"].contains(&self.word(at)));
        let count = (from..to)
            .filter(|at| {
                let token = &self.tokens[*at];
                let known =
                    self.lattice.span_at[*at].is_some() || self.lattice.hit_at[*at].is_some();
                let number = token.folded.chars().any(|c| c.is_ascii_digit());
                token.word() && !known && !number && !POLITE.contains(&token.folded.as_str())
            })
            .count();
        let asks = self.any(from, to, &["need", "can", "could", "would", "must", "want"]);
        let modal_self = subject
            && !self.any(from, to, &["you", "u", "someone", "somebody"])
            && !(self.any(from, to, &["need", "must", "want", "like"]));
        count
            + usize::from(
                modal_self
                    && !(asks
                        && self.any(from, to, &["can", "could", "may"])
                        && self.any(to, to + 1, &["get", "have"])),
            )
    }

    /// "can you", "I need you to", "would you be so kind as to", "grateful if you could".
    pub(super) fn asks(&self, from: usize, at: usize, want: bool) -> bool {
        let from = from.max(self.sentence.from);
        let you = self.any(from, at, &["you", "u", "someone", "somebody", "anyone", "ya"]);
        let modal = self.any(
            from,
            at,
            &["can", "could", "would", "will", "please", "pls", "plz", "kindly", "might", "may"],
        );
        let before = |back: usize| {
            at.checked_sub(back).filter(|at| *at >= from).map_or("", |at| self.word(at))
        };
        let to = before(1) == "to";
        let plans =
            (from..at).any(|at| PLANNED.contains(self.word(at))) && !self.any(from, at, &["you"]);
        let wants = (from..at).any(|at| ASKS.contains(self.word(at)));
        let subject = self.any(from, at, &["i", "we"]) && !you;
        if plans {
            return false;
        }
        if want {
            // "Megan would like Visio", "I need", "can I get"
            let somebody = (from..at)
                .any(|at| self.lattice.span_at[at].is_some_and(|s| self.lattice.spans[s].person()));
            return (somebody || modal || subject) && !self.any(from, at, &["used", "did", "dont"]);
        }
        // "it is needed to …"
        let due = (from..at).any(|at| {
            ["needed", "necessary"].contains(&self.word(at))
                && ["is", "its"].contains(&self.word(at.wrapping_sub(1)))
        });
        (you && modal)
            || (to && (wants || due))
            || (modal && !subject && self.any(from, at, &["please", "pls", "plz", "kindly"]))
            || (subject && self.any(from, at, &["must", "need"]))
            || (subject
                && modal
                && self.any(at, self.sentence.to, &["please", "pls", "plz"])
                && self.any(from, at, &["can", "could"])
                && !self.any(at, self.sentence.to, &["advise", "confirm", "know", "tell"])
                && self.opens_with_modal())
    }

    /// "please proceed with …ing"
    pub(super) fn proceeds(&self, from: usize, at: usize) -> bool {
        self.word(at.wrapping_sub(1)) == "with"
            && self.any(from, at, &["proceed", "ahead", "assist", "help"])
            && self.any(from, at, &["please", "pls", "plz", "kindly", "can", "could"])
    }

    /// "needs to go", "has to go", and nothing after it: to be taken away.
    pub(super) fn goes(&self, at: usize) -> bool {
        let ends = |at: usize| {
            at >= self.sentence.to
                || self.separator(at)
                || !self.tokens[at].word()
                || ["please", "pls", "now", "asap", "today", "away"].contains(&self.word(at))
        };
        ["need", "needs", "has", "have"].contains(&self.word(at))
            && self.word(at + 1) == "to"
            && self.word(at + 2) == "go"
            && ends(at + 3)
    }

    /// "ensure that she can no longer log in": said as what shall be so.
    pub(super) fn shuts_out(&self, at: usize) -> bool {
        let sees = ["ensure", "see"].contains(&self.word(at))
            || self.word(at) == "make" && self.word(at + 1) == "sure";
        let no = |at: usize| {
            ["cannot", "cant", "not", "never"].contains(&self.word(at))
                || self.word(at) == "no" && self.word(at + 1) == "longer"
        };
        let Some(not) = (at + 1..self.sentence.to).find(|at| no(*at)) else { return false };
        let entry = (not + 1..(not + 7).min(self.sentence.to)).find(|at| {
            self.lattice.hit_at[*at].is_some_and(|hit| {
                self.lattice.hits[hit].classes & object_classes(&["account", "access"]) != 0
            })
        });
        let person = (at + 1..not).any(|at| {
            self.lattice.span_at[at].is_some_and(|span| self.lattice.spans[span].person())
        });
        sees && person && entry.is_some()
    }

    /// "let her sign in again"
    pub(super) fn lets_in(&self, at: usize) -> bool {
        let whom = self.lattice.span_at.get(at + 1).copied().flatten();
        let somebody = whom.map(|span| &self.lattice.spans[span]).filter(|span| span.person());
        let account = |hit: usize| {
            self.lattice.hits[hit].classes & object_classes(&["account", "access"]) != 0
        };
        self.word(at) == "let"
            && somebody.is_some_and(|span| {
                span.what != What::Me
                    && self.lattice.hit_at.get(span.to).copied().flatten().is_some_and(account)
            })
    }

    /// "Can we …": the sentence begins with the modal.
    pub(super) fn opens_with_modal(&self) -> bool {
        ["can", "could", "may"].contains(&self.word(self.opening()))
    }

    /// "needs … removed", "can … be added", "… disabled please"; not "was reset".
    pub(super) fn passive(&self, from: usize, at: usize) -> bool {
        let done = [
            "was",
            "were",
            "been",
            "already",
            "got",
            "had",
            "ive",
            "weve",
            "being",
            "yesterday",
            "previously",
            "successfully",
        ];
        // "we ask that he be signed out"
        let that_be = self.word(at.wrapping_sub(1)) == "be"
            && self.any(from, at, &["ask", "request", "require"])
            && self.any(from, at, &["that"]);
        let asks = [
            "need", "needs", "needing", "want", "wants", "should", "must", "can", "could",
            "please", "pls", "plz", "would", "like", "require", "requires", "may", "kindly", "get",
            "ensure", "shall", "to", "have", "sure",
        ];
        let subject = at.checked_sub(1).is_some_and(|at| {
            ["i", "we", "he", "she", "they", "ive", "weve"].contains(&self.word(at))
        });
        // "… disabled please", "… disabled, please"; not "… lost her phone, please …".
        let end = (at + 1..self.sentence.to).find(|place| self.separator(*place)).map_or(
            self.sentence.to,
            |place| {
                let last = (place + 2..self.sentence.to).all(|at| !self.tokens[at].word());
                if last { self.sentence.to } else { place }
            },
        );
        // "is enabled" tells, unless it is to be seen to.
        let is_so = ["is", "are"].contains(&self.word(at.wrapping_sub(1)))
            && !self.any(from, at, &["ensure", "sure", "see", "need", "needs", "must", "want"]);
        if is_so {
            return false;
        }
        let late = self.any(at + 1, end, &["please", "pls", "plz"])
            && !self.any(from, at, &["is", "are", "has"]);
        // "who disabled her", "the list that was changed"
        let relative = ["who", "whoever", "which"].contains(&self.word(at.wrapping_sub(1)));
        !self.any(from, at, &done)
            && !subject
            && !relative
            && (self.any(from, at, &asks) || late || that_be)
            && !self.any(at + 1, self.sentence.to, &["yesterday"])
    }

    /// A request without a verb: "temp password for Adele please".
    pub(super) fn verbless(&self) -> Option<Predicate> {
        let Sentence { from, to, quoted } = self.sentence;
        let states = [
            "is",
            "was",
            "were",
            "are",
            "has",
            "had",
            "did",
            "does",
            "been",
            "will",
            "works",
            "working",
            "fine",
            "already",
            "yesterday",
            "not",
            "didnt",
            "cant",
            "isnt",
            "thanks",
            "my",
            "there",
            "be",
            "would",
            "should",
            "if",
            "currently",
            "presently",
            "nowadays",
        ];
        let opening = self.word(self.opening());
        // "Welcome Grace Kim to Project Atlas": good wishes.
        // "her out of office says …", "password reset, all good now": how it is.
        let says = (from + 1..to).any(|at| {
            ["says", "said", "reads", "looks", "sounds", "works", "seems"].contains(&self.word(at))
                && self.lattice.hit_at[at - 1].is_some()
        });
        let over = self.any(from, to, OVER);
        let told = WISHES.contains(&opening)
            || (says || over || self.any(from, to, &states))
                && !self.any(from, to, &["please", "pls", "plz", "not"]);
        let any_hit = (from..to)
            .any(|at| self.lattice.hit_at[at].is_some() || self.lattice.span_at[at].is_some());
        if !any_hit
            || told
            || to - from > 30
            || (WH.contains(&opening) || self.tokens[to - 1].is('?'))
        {
            return None;
        }
        let verb = from;
        // "OOF off for Grace"
        let off = (from + 1..to)
            .any(|at| self.word(at) == "off" && self.lattice.hit_at[at - 1].is_some());
        // "new DL please": to be made.
        let new = ["new", "another", "additional"].contains(&opening);
        let done = (from..to).fold(0, |all, at| all | nominal(self.word(at)));
        let classes = match (off, new) {
            (true, _) => verb_classes(&["noun", "switch_off", "stop"]),
            (false, true) => verb_classes(&["noun", "create"]),
            (false, false) => verb_class("noun") | done,
        };
        // "Exchange Administrator for Leo: not any more, please."
        let over = (from..to).any(|at| {
            self.word(at) == "not"
                && (self.word(at + 1) == "anymore"
                    || self.word(at + 1) == "any"
                        && ["more", "longer"].contains(&self.word(at + 2)))
        });
        let denied = over || self.any(from, to, &["no", "never", "dont"]);
        let act = if denied { Act::Negated } else { Act::Request };
        Some(Predicate { from, verb, to, classes, particle: None, act, quoted })
    }
}
