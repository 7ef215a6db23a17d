//! What a verb is about besides people: groups, licences, or nothing at all.

use super::Scene;
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    lexicon::{LEXICON, object_class, verb_class, verb_classes},
};

/// What may follow a verb whose person was said before it.
const AFTER: &[&str] = &[
    "asap",
    "now",
    "today",
    "immediately",
    "straightaway",
    "urgently",
    "please",
    "pls",
    "plz",
    "thanks",
    "thx",
    "from",
    "signing",
    "logging",
    "at",
    "by",
    "until",
    "temporarily",
    "once",
    "more",
    "too",
    "as",
    "well",
    "quickly",
    "here",
    "effective",
    "entra",
    "azure",
    "aad",
];

/// Words beside "group" that are not part of its name.
const NO_NAME: &[&str] = &[
    "the",
    "a",
    "our",
    "this",
    "that",
    "his",
    "her",
    "their",
    "any",
    "all",
    "new",
    "security",
    "distribution",
    "email",
    "mailing",
    "mail",
    "dl",
    "every",
    "same",
    "right",
    "correct",
    "called",
    "named",
    "and",
    "of",
    "for",
    "to",
    "from",
    "in",
    "into",
    "out",
    "off",
    "add",
    "remove",
    "on",
];

impl Scene<'_> {
    /// The person is the verb's own object: nothing unknown stands between or behind.
    #[expect(clippy::too_many_lines, reason = "most of it is the list of words that say nothing")]
    pub fn direct_person(&self, predicate: &Predicate) -> bool {
        const FILLERS: &[&str] = &[
            "the",
            "user",
            "for",
            "of",
            "please",
            "pls",
            "both",
            "mr",
            "mrs",
            "ms",
            "dr",
            "this",
            "our",
            "colleague",
            "following",
            "request",
            "users",
            "up",
            "out",
            "back",
            "in",
            "on",
            "off",
            "again",
            "and",
            "all",
            "people",
            "employee",
            "also",
            "to",
            "me",
            "active",
            "person",
            "off",
            "away",
            "down",
            "intern",
            "contractor",
            "is",
            "are",
        ];
        let people = self.people(predicate);
        let Some(first) = people.first() else { return false };
        let reads = verb_classes(&["show", "who"]) & predicate.classes != 0;
        // "offboard all three at noon": just them.
        if self.counted(predicate.verb + 1, predicate.to).is_some() {
            const COUNTS: &[&str] =
                &["all", "both", "two", "three", "four", "five", "these", "those", "them", "at"];
            return !reads
                && (predicate.verb + 1..predicate.to).all(|at| {
                    !self.tokens[at].word()
                        || COUNTS.contains(&self.word(at))
                        || FILLERS.contains(&self.word(at))
                        || AFTER.contains(&self.word(at))
                        || !self.dates_free(at, at + 1)
                });
        }
        let pronoun = self.lattice.spans.iter().any(|span| {
            matches!(span.what, What::Pronoun | What::Me)
                && span.from > predicate.verb
                && span.to <= predicate.to
        });
        if first.from <= predicate.verb {
            // Said before the verb: then nothing else may be its object ("disable it").
            let alone = (predicate.verb + 1..predicate.to).all(|at| {
                let token = &self.tokens[at];
                !token.word()
                    || FILLERS.contains(&token.folded.as_str())
                    || AFTER.contains(&token.folded.as_str())
                    || self.lattice.span_at[at].is_some()
                    || !self.dates_free(at, at + 1)
            });
            let here = first.from >= predicate.from && first.from < predicate.verb;
            // "He is back. Please re-enable." gives access back; taking it needs more.
            let back = predicate.classes & verb_classes(&["allow", "unlock"]) != 0
                && first.from != predicate.verb;
            return !reads && alone && (here || pronoun || back);
        }
        let between = (predicate.verb + 1..first.from).all(|at| {
            let token = &self.tokens[at];
            !token.word()
                || FILLERS.contains(&token.folded.as_str())
                || self.lattice.span_at[at].is_some()
        });
        let last = people.last().unwrap_or(first);
        let owner = self.tokens[last.to - 1].possessive
            || ["his", "her", "their", "my"].contains(&self.word(last.to - 1)) && !last.named();
        let behind = self.tokens.get(last.to).filter(|t| last.to < predicate.to && t.word());
        let content = behind.is_some_and(|t| {
            ![
                "asap",
                "please",
                "pls",
                "now",
                "today",
                "immediately",
                "plz",
                "on",
                "at",
                "for",
                "in",
                "from",
                "until",
                "tomorrow",
                "and",
                "back",
                "out",
                "off",
                "right",
            ]
            .contains(&t.folded.as_str())
        });
        let noun = behind.is_some_and(|t| !LEXICON.knows(&t.folded));
        let unsaid = first.what == What::Nobody && first.from < predicate.from;
        if unsaid || (owner && content) || (noun && !reads) {
            return false;
        }
        between && (first.from > predicate.verb || pronoun)
    }

    /// The groups somebody goes into (or comes out of), with their spans.
    pub fn groups(&self, predicate: &Predicate, into: bool) -> Vec<Span> {
        let wrong: &[&str] = if into { &["from", "of"] } else { &["to", "into", "onto"] };
        let fits = |span: &&Span| {
            let mut before = span.from;
            while before > predicate.from && ["the", "our", "both"].contains(&self.word(before - 1))
            {
                before -= 1;
            }
            let preposition = before.checked_sub(1).map_or("", |at| self.word(at));
            matches!(span.what, What::Group(_))
                && span.from >= predicate.from
                && span.to <= predicate.to
                && !span.negated
                && !self.says_which(span)
                && (!wrong.contains(&preposition)
                    || (into
                        && preposition == "of"
                        && ["member", "part", "membership", "owner", "owners", "ownership"]
                            .contains(&before.checked_sub(2).map_or("", |at| self.word(at)))))
        };
        let found: Vec<Span> = self.lattice.spans.iter().filter(fits).cloned().collect();
        if !found.is_empty() {
            return found;
        }
        let any = self.lattice.spans.iter().any(|s| {
            matches!(s.what, What::Group(_)) && s.from >= predicate.from && s.to <= predicate.to
        });
        if any { Vec::new() } else { self.partial_group(predicate, true).into_iter().collect() }
    }

    /// "Sarah Davies of Procurement": which of them, and no group.
    fn says_which(&self, group: &Span) -> bool {
        let of = group
            .from
            .checked_sub(1)
            .is_some_and(|at| ["of", "from", "in"].contains(&self.word(at)));
        let person =
            group.from.checked_sub(2).and_then(|at| self.span(at)).is_some_and(Span::named);
        let called = ["group", "list", "team", "dl", "groups"].contains(&self.word(group.to));
        let departments = self.places(group.from, group.to, false);
        // "NOT Isaac Langer from Engineering"
        let denied =
            group.from.checked_sub(2).and_then(|at| self.span(at)).is_some_and(|s| s.negated);
        of && denied
            || of && person
            && !called
            && departments.iter().any(|(from, to, _)| *from == group.from && *to == group.to)
            // "remove Sarah from Procurement" has nothing else to be taken from.
            && (self.word(group.from - 1) == "of"
                || self.lattice.spans.iter().any(|other| {
                    matches!(other.what, What::Group(_) | What::Sku(_) | What::Named(_))
                        && other.from != group.from
                        && self.sentence(other.from) == self.sentence(group.from)
                }))
    }

    /// "the on-call group", "to phoenix": part of a group's name. With `noun`, an
    /// unknown name before "group" counts too, as nobody's.
    pub fn partial_group(&self, predicate: &Predicate, noun: bool) -> Option<Span> {
        self.group_before_its_noun(predicate, noun)
            .or_else(|| self.group_after_a_preposition(predicate))
    }

    /// May this word be part of a name nothing else has taken?
    fn free(&self, at: usize) -> bool {
        self.tokens[at].word() && self.lattice.span_at[at].is_none() && !self.lattice.literal[at]
    }

    /// The words from here to there, without hyphens.
    fn words_in(&self, from: usize, to: usize) -> Vec<&str> {
        (from..to).map(|at| self.word(at)).filter(|word| *word != "-").collect()
    }

    /// "the on-call group".
    fn group_before_its_noun(&self, predicate: &Predicate, noun: bool) -> Option<Span> {
        let group = object_class("group");
        for hit in self.lattice.hits.iter().filter(|hit| {
            hit.classes & group != 0 && hit.from >= predicate.verb && hit.to <= predicate.to
        }) {
            let mut from = hit.from;
            while from > predicate.verb
                && hit.from - from < 4
                && (self.free(from - 1) || self.tokens[from - 1].is('-'))
                && !NO_NAME.contains(&self.word(from - 1))
            {
                from -= 1;
            }
            if from < hit.from {
                let words = self.words_in(from, hit.from);
                let groups = self.index.groups_with(&words);
                let what = if !groups.is_empty() {
                    What::Group(groups)
                } else if noun && words.iter().any(|word| !LEXICON.knows(word)) {
                    What::Nobody
                } else {
                    continue;
                };
                return Some(Span { from, to: hit.to, what, negated: false });
            }
        }
        None
    }

    /// "to phoenix".
    fn group_after_a_preposition(&self, predicate: &Predicate) -> Option<Span> {
        for at in predicate.verb..predicate.to {
            if !["to", "into", "from", "in", "of", "onto", "on"].contains(&self.word(at)) {
                continue;
            }
            let from = at + 1 + usize::from(self.word(at + 1) == "the");
            let mut to = from;
            while to < predicate.to
                && to - from < 4
                && (self.free(to) || self.tokens[to].is('-'))
                && (self.tokens[to].is('-') || !self.index.groups_with(&[self.word(to)]).is_empty())
            {
                to += 1;
            }
            let words = self.words_in(from, to);
            let groups = if words.is_empty() { Vec::new() } else { self.index.groups_with(&words) };
            let common = words.iter().all(|word| LEXICON.common(word))
                && words.len() < 2
                && !words.iter().all(|w| self.index.department(w));
            if !groups.is_empty() && !common && self.dates_free(from, to) {
                return Some(Span { from, to, what: What::Group(groups), negated: false });
            }
        }
        None
    }

    pub(in super::super) fn dates_free(&self, from: usize, to: usize) -> bool {
        !self.whens.iter().any(|when| when.from < to && from < when.to)
    }

    /// A licence, or licences, are named with this verb.
    pub fn names_licence(&self, predicate: &Predicate) -> bool {
        let span = self.lattice.spans.iter().any(|s| {
            matches!(s.what, What::Sku(_))
                && s.from >= predicate.from
                && s.to <= predicate.to
                && !s.negated
        });
        let licence = object_class("licence") | object_class("all_licences");
        span || self.lattice.hits.iter().any(|hit| {
            hit.classes & licence != 0 && hit.from >= predicate.from && hit.to <= predicate.to
        })
    }

    /// Does the verb only read?
    pub fn reads(predicate: &Predicate) -> bool {
        predicate.classes
            & (verb_class("show") | verb_class("ask") | verb_class("who") | verb_class("tell"))
            != 0
    }
}
