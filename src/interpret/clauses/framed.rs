//! What the whole sentence makes of its verbs: a supposition, a question, a note.

use super::{
    Act, Scan, Verb,
    words::{NOTED, POLITE_IF, SPEAKS, WH},
};
use crate::interpret::{
    lexicon::{Classes, object_class, verb_class},
    lifecycle::is_post,
};

/// These open a supposition.
const SUPPOSES: &[&str] = &[
    "if",
    "unless",
    "suppose",
    "supposing",
    "assuming",
    "when",
    "whenever",
    "once",
    "hypothetically",
    "imagine",
    "wether",
    "whether",
];

/// Verbs that ask to be told something.
fn reading() -> Classes {
    verb_class("ask") | verb_class("who") | verb_class("tell")
}

impl Scan<'_> {
    /// "…, Supply Planner, …": a post, and nothing is supplied.
    pub(super) fn in_a_post(&self, at: usize) -> bool {
        let capital = |at: usize| self.tokens.get(at).is_some_and(|token| token.capital);
        let led = at.checked_sub(1).is_some_and(|at| self.tokens[at].is(','));
        let ends = self.tokens.get(at + 2).is_none_or(|token| !token.word());
        led && ends && capital(at) && capital(at + 1) && is_post(self.word(at + 1))
    }

    /// What the sentence makes of the verb; nothing if that is left to the verb itself.
    pub(super) fn framed(&self, verb: &Verb, start: usize) -> Option<Act> {
        if verb.classes & reading() == 0 {
            if self.supposed(verb) {
                let asks = self.tokens[self.sentence.to - 1].is('?');
                return Some(if asks { Act::Question } else { Act::Told });
            }
            if self.explains_how(verb, start) {
                return Some(Act::Question);
            }
        }
        if self.spoken(verb) || self.noted(verb) || self.by_myself() {
            return Some(Act::Told);
        }
        if self.opens_as_question(verb) {
            return self.question(verb);
        }
        (self.knows_by_itself(verb) || self.is_example()).then_some(Act::Told)
    }

    /// "if he does not reply, …", "once HR confirms"; not "if you could", not "when you
    /// have a moment".
    pub(super) fn supposed(&self, verb: &Verb) -> bool {
        let from = self.sentence.from;
        self.supposed_from(from, verb)
            && self.asked_anew(verb.at).is_none_or(|anew| self.supposed_from(anew, verb))
    }

    /// Does a supposition begin here or behind it?
    fn supposed_from(&self, from: usize, verb: &Verb) -> bool {
        (from..self.sentence.to).any(|at| {
            !self.lattice.literal[at]
                && self.lattice.span_at[at].is_none()
                && at < verb.at + 40
                && self.supposes(at, verb)
                && !self.polite_if(at)
                && !self.at_a_time(at)
                && !self.any(
                    at,
                    (at + 6).min(self.sentence.to),
                    &["chance", "moment", "minute", "possible", "time"],
                )
        })
    }

    /// "She keeps it when she goes, so could you …": where something is asked that is not
    /// supposed.
    fn asked_anew(&self, verb: usize) -> Option<usize> {
        const BACK_MAX: usize = 12;
        let asks = ["can", "could", "would", "will"];
        let from = verb.saturating_sub(BACK_MAX).max(self.sentence.from + 1);
        (from..verb).rev().find(|at| {
            let at = *at;
            self.word(at) == "so"
                && !self.tokens[at - 1].word()
                && (asks.contains(&self.word(at + 1)) && self.word(at + 2) == "you"
                    || ["please", "pls", "kindly"].contains(&self.word(at + 1)))
        })
    }

    /// "at 14:00 today when we clock out": the time was said already.
    fn at_a_time(&self, when: usize) -> bool {
        let Some(before) = when.checked_sub(1).filter(|at| *at > self.sentence.from) else {
            return false;
        };
        let days = ["today", "tomorrow", "tonight", "noon", "midnight", "midday", "pm", "am"];
        let figure = self.word(before).bytes().all(|byte| byte.is_ascii_digit());
        let clock = figure
            && before.checked_sub(2).is_some_and(|at| {
                self.tokens[at + 1].is(':') || ["at", "on"].contains(&self.word(at + 1))
            });
        self.word(when) == "when" && (days.contains(&self.word(before)) || clock)
    }

    /// A word, or two, with which a supposition begins.
    fn supposes(&self, at: usize, verb: &Verb) -> bool {
        let (word, next, third) = (self.word(at), self.word(at + 1), self.word(at + 2));
        // "in case he leaves, …", "as soon as HR confirms"; not "…, just in case".
        let on_case =
            (word, next) == ("in", "case") || (word, next, third) == ("in", "the", "event");
        let soon = (word, next) == ("as", "soon")
            && !["possible", "you", "u"].contains(&self.word(at + 3));
        let provided = (word, next) == ("provided", "that");
        // "check whether her account is enabled" asks to look.
        let looks =
            verb.is("show") && at == verb.at + 1 && ["if", "whether", "wether"].contains(&word);
        !looks && (SUPPOSES.contains(&word) || on_case && at < verb.at || soon || provided)
    }

    /// "we would appreciate it if …", "it would be great if …"
    fn polite_if(&self, at: usize) -> bool {
        let thanks = ["appreciate", "appreciated", "grateful", "great", "lovely"];
        POLITE_IF.contains(&self.word(at + 1))
            || self.word(at) == "if" && self.any(self.sentence.from, at, &thanks)
    }

    /// "explain how to revoke …"
    fn explains_how(&self, verb: &Verb, start: usize) -> bool {
        (self.sentence.from..verb.at).any(|at| {
            ["how", "why"].contains(&self.word(at)) && (at >= start || self.word(at + 1) == "to")
        })
    }

    /// "print the following: …"
    fn spoken(&self, verb: &Verb) -> bool {
        let before = self.sentence.from..verb.at;
        before.clone().any(|at| SPEAKS.contains(&self.word(at)) && !self.lattice.literal[at])
            && before.into_iter().any(|at| self.tokens[at].is(':'))
    }

    /// "I'd like to learn to do it myself", "gonna move him myself later"
    fn by_myself(&self) -> bool {
        let (from, to) = (self.sentence.from, self.sentence.to);
        self.any(from, to, &["myself", "ourselves"])
            && self.any(from, to, &["learn", "gonna", "later"])
    }

    /// "Note to self: …", "Agenda: …"
    fn noted(&self, verb: &Verb) -> bool {
        let from = self.sentence.from;
        let colon = (from..verb.at).find(|at| self.tokens[*at].is(':'));
        colon.is_some_and(|colon| {
            (from..colon).any(|at| {
                let (word, next, third) = (self.word(at), self.word(at + 1), self.word(at + 2));
                NOTED.contains(word)
                    || ["note", "notes"].contains(&word) && (next, third) == ("to", "self")
                    || [("to", "do"), ("test", "case")].contains(&(word, next))
            })
        })
    }

    /// The sentence's first word, if it is no name.
    fn first(&self) -> (usize, &str) {
        let opening = self.opening();
        let named = self.lattice.span_at[opening].is_some();
        (opening, if named { "" } else { self.word(opening) })
    }

    /// "did you …", "who can …": not "do me a favour", "is it possible to", "have him …".
    fn opens_as_question(&self, verb: &Verb) -> bool {
        let (opening, first) = self.first();
        let asks_for = self.any(
            self.sentence.from,
            verb.at,
            &["possible", "able", "mind", "chance", "way", "ask"],
        ) && !["whom", "who"].contains(&first);
        let causes = first == "have" && verb.at > opening;
        // "please do the needful and …" asks nothing.
        let favour = self.word(opening + 1) == "me";
        let does = first == "do"
            && (favour || self.lattice.span_at.get(opening + 1).copied().flatten().is_none())
            && !["you", "u", "we", "i", "they", "people", "users"]
                .contains(&self.word(opening + 1));
        WH.contains(&first) && !does && !asks_for && !causes && verb.at >= opening
    }

    /// A question, unless it asks for what we can read.
    fn question(&self, verb: &Verb) -> Option<Act> {
        let (opening, first) = self.first();
        // "who is allowed to disable accounts?" asks for nobody's details.
        let rights = ["is", "are", "can", "may", "could", "should"]
            .contains(&self.word(opening + 1))
            && self.lattice.span_at.get(opening + 2).copied().flatten().is_none()
            && self.any(
                opening + 1,
                (opening + 4).min(self.sentence.to),
                &["allowed", "able", "can", "may", "permitted", "authorised", "authorized"],
            );
        // "who owns the group?", "which app secrets expire?"
        let owns = verb.is("own") && first == "who" && verb.at == opening + 1;
        let secret = |at: usize| {
            let hit = self.lattice.hit_at[at].map(|hit| &self.lattice.hits[hit]);
            hit.is_some_and(|hit| hit.classes & object_class("secret") != 0)
        };
        let expire =
            first == "which" && self.word(verb.at) == "expire" && (opening..verb.at).any(secret);
        if owns || expire {
            return Some(Act::Request);
        }
        if verb.classes & reading() != 0 && verb.at <= opening && !rights {
            return Some(Act::Request);
        }
        (first != "dont").then_some(Act::Question)
    }

    /// "I asked who …": asking and knowing within a sentence ask nothing of us.
    fn knows_by_itself(&self, verb: &Verb) -> bool {
        let asks = ["tell", "telling", "know", "show", "check"];
        verb.classes & (verb_class("ask") | verb_class("who")) == verb.classes
            && !self.any(self.sentence.from, verb.at, &asks)
            && verb.at > self.opening()
    }

    fn is_example(&self) -> bool {
        let examples = ["example", "eg", "hypothetically", "theoretically"];
        self.any(self.sentence.from, self.sentence.to, &examples)
    }
}
