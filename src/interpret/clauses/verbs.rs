//! The verbs of a sentence, and how far each governs.

use super::{Scan, Verb};
use crate::interpret::{
    lexicon::{Form, LEXICON, object_class, verb_class, verb_classes},
    text::Sort,
};

impl Scan<'_> {
    pub(super) fn separator(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let mark = matches!(
            token.sort,
            Sort::Mark(
                ',' | ';'
                    | ':'
                    | '('
                    | ')'
                    | '\u{2013}'
                    | '\u{2014}'
                    | '&'
                    | '+'
                    | '/'
                    | '>'
                    | '•'
                    | '*'
            ) | Sort::Line
        ) || (token.is('-') && !token.glued);
        let word = ["and", "then", "but", "so", "or", "plus", "therefore", "afterwards", "n"]
            .contains(&token.folded.as_str());
        if !(mark || word)
            || self.lattice.span_at[at].is_some()
            || self.lattice.hit_at[at].is_some()
        {
            return false;
        }
        // "Megan and Alex" is one thing.
        let before = at.checked_sub(1).and_then(|at| self.lattice.span_at[at]);
        let after = self.lattice.span_at.get(at + 1).copied().flatten();
        let same = |a: usize, b: usize| {
            let (a, b) = (&self.lattice.spans[a], &self.lattice.spans[b]);
            a.person() == b.person()
        };
        let pair =
            before.zip(after).is_some_and(|(a, b)| same(a, b) && self.lattice.spans[b].named());
        !(pair && (word || token.is(',') || token.is('&')))
    }

    pub(super) fn clause_start(&self, verb: usize) -> usize {
        (self.sentence.from..verb)
            .rev()
            .find(|at| self.separator(*at))
            .map_or(self.sentence.from, |at| at + 1)
    }

    /// Where the verb's objects end: at a reason, an aside, a new subject.
    pub(super) fn governed(&self, verb: usize, ceiling: usize) -> usize {
        const ENDS: &[&str] = &[
            "because",
            "cause",
            "cos",
            "bc",
            "bcs",
            "since",
            "due",
            "who",
            "which",
            "while",
            "so",
            "after",
            "before",
            "tho",
            "though",
            "given",
            "btw",
            "otherwise",
            "but",
        ];
        const SUBJECTS: &[&str] = &[
            "he", "she", "they", "it", "hes", "shes", "theyre", "its", "i", "im", "ive", "we",
            "were", "weve", "thats", "no",
        ];
        for at in verb + 1..ceiling {
            let word = self.word(at);
            let dash = matches!(self.tokens[at].sort, Sort::Mark('\u{2013}' | '\u{2014}'))
                || (self.tokens[at].is('-') && !self.tokens[at].glued);
            let aside = (self.tokens[at].is(',') || dash || self.tokens[at].is('.'))
                && SUBJECTS.contains(&self.word(at + 1));
            // "show me which methods he has"
            let shown = word == "which" && (at == verb + 1 || self.word(at - 1) == "me");
            if self.lattice.span_at[at].is_none()
                && self.lattice.hit_at[at].is_none()
                && !shown
                && (ENDS.contains(&word) || aside)
            {
                return at;
            }
        }
        ceiling
    }

    pub(super) fn verbs(&self) -> Vec<Verb> {
        let mut found: Vec<Verb> = Vec::new();
        let light = verb_class("light");
        for at in self.sentence.from..self.sentence.to {
            if !self.tokens[at].word()
                || self.lattice.literal[at]
                || self.lattice.span_at[at].is_some()
            {
                continue;
            }
            let senses = LEXICON.verb(&self.tokens[at].folded);
            if senses.is_empty() || !self.verbal(at) {
                continue;
            }
            // "force him to change his password": one thing is asked.
            let forced = found.last().is_some_and(|verb| verb.is("force"))
                && self.word(at) == "change"
                && self.word(at - 1) == "to";
            if forced {
                continue;
            }
            let particle = senses
                .iter()
                .filter(|sense| !sense.particle.is_empty())
                .filter_map(|sense| self.particle(at, sense.particle))
                .min();
            let fits = |particle_of: &str| {
                particle_of.is_empty()
                    || particle.is_some_and(|place| self.word(place) == particle_of)
            };
            let kept: Vec<_> = senses.iter().filter(|sense| fits(sense.particle)).collect();
            let Some(first) = kept.first() else { continue };
            // "need the licence back", "get rid of it": the particle turns the verb around.
            let turns = |particle: &str| ["back", "rid"].contains(&particle);
            let turned = kept.iter().any(|sense| turns(sense.particle));
            let back = kept.iter().any(|sense| sense.particle == "back");
            let classes = kept
                .iter()
                .filter(|sense| !turned || turns(sense.particle))
                .fold(0, |all, sense| all | sense.classes);
            let form =
                if kept.iter().any(|s| s.form == Form::Base) { Form::Base } else { first.form };
            // "make her a member of …"
            let makes = ["make", "making", "made"].contains(&self.word(at))
                && self.any(at + 1, (at + 8).min(self.sentence.to), &["member", "members"]);
            let classes = if makes { classes | verb_class("join") } else { classes };
            // "make his account active again"
            let active = self.word(at) == "make"
                && self.any(at + 1, (at + 8).min(self.sentence.to), &["active", "enabled"]);
            let classes = if active { classes | verb_class("allow") } else { classes };
            let classes = if self.lets_in(at) { verb_class("switch_on") } else { classes };
            let classes = if self.goes(at) { verb_classes(&["take", "leave"]) } else { classes };
            let classes = if self.shuts_out(at) { verb_class("block") } else { classes };
            let classes = if self.asks_to_know(at) { verb_class("show") } else { classes };
            let wants = kept.iter().any(|sense| sense.classes & verb_class("want") != 0) || back;
            found.push(Verb { at, classes, form, particle, wants });
        }
        // "needs her password reset": the second verb says what.
        let keep: Vec<bool> = found
            .iter()
            .enumerate()
            .map(|(number, verb)| {
                let next = found.get(number + 1);
                let carried = next.is_some_and(|next| {
                    !(verb.at + 1..next.at).any(|at| self.separator(at))
                        && next.classes & light != next.classes
                });
                verb.classes & light == 0 || !carried
            })
            .collect();
        let mut keep = keep.into_iter();
        found.retain(|_| keep.next().unwrap_or(true));
        found
    }

    /// "I need the details of …", "let me have her record": what is wanted is to know.
    fn asks_to_know(&self, at: usize) -> bool {
        let wants = ["need", "want", "like", "have", "get"].contains(&self.word(at));
        let by_me = (at.saturating_sub(3)..at)
            .any(|at| at >= self.sentence.from && ["i", "we", "me", "us"].contains(&self.word(at)));
        let told = self.any(self.sentence.from, at, &["already", "did", "dont"]);
        let details = (at + 1..(at + 7).min(self.sentence.to)).any(|at| {
            let hit = self.lattice.hit_at[at].map(|hit| &self.lattice.hits[hit]);
            hit.is_some_and(|hit| hit.classes & object_class("details") != 0)
        });
        wants && details && !told && (by_me || self.clause_start(at) == at)
    }

    /// A verb here, not the noun of the same letters?
    pub(super) fn verbal(&self, at: usize) -> bool {
        let before = at.checked_sub(1).filter(|at| *at >= self.sentence.from);
        // "on-call", "sign-in": part of a word.
        if self.tokens[at].glued
            && before.is_some_and(|at| self.tokens[at].is('-') && self.tokens[at].glued)
        {
            return false;
        }
        let previous = before.map_or("", |at| self.word(at));
        // "which policies do we have?" asks; "the group which she is in" tells.
        if self.word(at) == "which" && before.is_some() {
            return false;
        }
        // "a new group called Spring Fair": what it is named.
        let noun = before.is_some_and(|at| self.lattice.hit_at[at].is_some());
        // "to report only", "to enforced": what a policy becomes.
        let state = self.word(at) == "report" && self.word(at + 1) == "only"
            || previous == "to" && self.word(at) == "enforced";
        if noun && self.word(at) == "called" || self.word(at) == "expiring" || state {
            return false;
        }
        if let Some(hit) = self.lattice.hit_at[at] {
            let hit = self.lattice.hits[hit];
            let opens = self.clause_start(at) == at
                || [
                    "please", "pls", "plz", "kindly", "to", "you", "just", "dont", "not", "also",
                    "then", "and", "can", "could",
                ]
                .contains(&previous);
            return hit.from == at && hit.to == at + 1 && opens;
        }
        let article = ["a", "an", "the", "any", "no", "this", "that"].contains(&previous);
        let owned = before.is_some_and(|at| self.tokens[at].possessive);
        let base = LEXICON
            .verb(self.word(at))
            .iter()
            .any(|s| matches!(s.form, Form::Base | Form::BaseOrPast | Form::Third));
        // "all the disabled accounts": what they are, not what is to be done.
        let past = LEXICON.verb(self.word(at)).iter().all(|s| s.form == Form::Past);
        if past && (article || previous == "all" || previous == "these") {
            return false;
        }
        // "the reset of her password is complete"
        let told = article
            && self.word(at + 1) == "of"
            && self.any(at, self.sentence.to, &["is", "was", "went", "has", "failed"])
            && !self.any(self.sentence.from, self.sentence.to, &["please", "pls", "plz"]);
        if told {
            return false;
        }
        !(base && (article || owned) && !["reset", "who", "whos"].contains(&self.word(at)))
    }

    pub(super) fn particle(&self, verb: usize, particle: &str) -> Option<usize> {
        let end = (verb + 10).min(self.sentence.to);
        for at in verb + 1..end {
            if self.lattice.hit_at[at].is_some() && at > verb + 1 && self.word(at) == particle {
                return None;
            }
            if self.word(at) == particle
                && !self.lattice.literal[at]
                && self.lattice.span_at[at].is_none()
                && self.lattice.hit_at[at].is_none()
            {
                return Some(at);
            }
            let verb_there = at > verb + 1
                && self.lattice.span_at[at].is_none()
                && self.lattice.hit_at[at].is_none()
                && LEXICON
                    .verb(self.word(at))
                    .iter()
                    .any(|sense| sense.form != Form::Base || sense.particle.is_empty())
                && !LEXICON.common(self.word(at));
            if self.tokens[at].is(';') || verb_there {
                return None;
            }
        }
        None
    }
}
