//! The verbs of a sentence, and how far each governs.

use super::{Scan, Verb};
use crate::interpret::{
    entities::What,
    lexicon::{Classes, Form, LEXICON, object_class, object_classes, verb_class, verb_classes},
    text::Sort,
    work,
};

/// Words with which free seats are asked for.
pub(super) const LEFT: &[&str] = &[
    "left",
    "spare",
    "free",
    "available",
    "unused",
    "remaining",
    "seats",
    "seat",
    "over",
    "unassigned",
];

impl Scan<'_> {
    pub(super) fn separator(&self, at: usize) -> bool {
        work::step();
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
        let mut skip = 0;
        for at in self.sentence.from..self.sentence.to {
            if at < skip
                || !self.tokens[at].word()
                || self.lattice.literal[at]
                || self.lattice.span_at[at].is_some()
            {
                continue;
            }
            if self.asks_what_is_left(at) {
                let classes = verb_class("ask");
                found.push(Verb { at, classes, form: Form::Base, particle: None, wants: false });
                skip = at + 3;
                continue;
            }
            let senses = LEXICON.verb(&self.tokens[at].folded);
            if senses.is_empty()
                || !self.verbal(at)
                || self.allowed_to(at, &found)
                || self.needs_to_see(at, &found)
            {
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
            if self.word(at) == "how" && self.word(at + 1) != "many" {
                continue;
            }
            let fits = |particle_of: &str| {
                particle_of.is_empty()
                    || particle.is_some_and(|place| self.word(place) == particle_of)
            };
            let kept: Vec<_> = senses.iter().filter(|sense| fits(sense.particle)).collect();
            let Some(first) = kept.first() else { continue };
            // "need the licence back", "get rid of it": the particle turns the verb around.
            let turns = |particle: &str| {
                ["back", "rid"].contains(&particle)
                    || particle == "into" && ["pull", "bring", "take"].contains(&self.word(at))
                    // "get me off the list": nothing is wanted but that.
                    || ["off", "out"].contains(&particle) && ["get", "got"].contains(&self.word(at))
            };
            let turned = kept.iter().any(|sense| turns(sense.particle));
            let back = kept.iter().any(|sense| sense.particle == "back");
            let classes = kept
                .iter()
                .filter(|sense| !turned || turns(sense.particle))
                .fold(0, |all, sense| all | sense.classes);
            let form =
                if kept.iter().any(|s| s.form == Form::Base) { Form::Base } else { first.form };
            let classes = self.turned(at, classes);
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
                        && !self.for_a_purpose(verb.at, next.at)
                });
                verb.classes & light == 0 || !carried
            })
            .collect();
        let mut keep = keep.into_iter();
        found.retain(|_| keep.next().unwrap_or(true));
        found
    }

    /// "needs a TAP to enrol his phone": what it is needed for, not what is to be done.
    fn for_a_purpose(&self, verb: usize, next: usize) -> bool {
        let wanted = (verb + 1..next).any(|at| self.lattice.hit_at[at].is_some());
        let whom = (verb + 1..next).any(|at| {
            self.lattice.span_at[at].is_some_and(|span| self.lattice.spans[span].named())
                || ["you", "u", "someone", "somebody"].contains(&self.word(at))
        });
        wanted && !whom && self.word(next - 1) == "to"
    }

    /// What a verb is in the words around it: "make her a member", "factory reset it".
    fn turned(&self, at: usize, classes: Classes) -> Classes {
        // "make that Ada comes into …", "make it so that …", "make sure": nothing is made.
        let so = ["that", "it", "sure", "so"].contains(&self.word(at + 1));
        let create = verb_class("create");
        let made = ["make", "making"].contains(&self.word(at)) && so && classes & create != 0;
        let that = made && self.any(at + 1, (at + 4).min(self.sentence.to), &["that", "sure"]);
        let classes = if that { classes & !create | verb_class("light") } else { classes };
        // "make her a member of …"
        let makes = ["make", "making", "made"].contains(&self.word(at))
            && self.any(at + 1, (at + 8).min(self.sentence.to), &["member", "members"]);
        let classes = if makes { classes | verb_class("join") } else { classes };
        // "make his account active again"
        let active = self.word(at) == "make"
            && self.any(at + 1, (at + 8).min(self.sentence.to), &["active", "enabled"]);
        let classes = if active { classes | verb_class("allow") } else { classes };
        // "factory reset her laptop"
        let factory = self.word(at) == "reset"
            && at.checked_sub(1).is_some_and(|at| self.word(at) == "factory");
        let classes = if factory { verb_class("wipe") } else { classes };
        // "make his mailbox shared"; not "make a shared mailbox".
        let shared = ["make", "made", "making"].contains(&self.word(at))
            && (at + 1..(at + 6).min(self.sentence.to)).any(|at| {
                self.word(at) == "shared"
                    && !["a", "new", "another", "the"].contains(&self.word(at - 1))
            });
        let classes = if shared { classes | verb_class("convert") } else { classes };
        let classes = if self.closes(at) { verb_class("block") } else { classes };
        let classes = if self.lets_in(at) { verb_class("switch_on") } else { classes };
        let classes = if self.goes(at) { verb_classes(&["take", "leave"]) } else { classes };
        let classes = if self.shuts_out(at) { verb_class("block") } else { classes };
        if self.asks_to_know(at) { verb_class("show") } else { classes }
    }

    /// "I need the details of …", "let me have her record": what is wanted is to know.
    fn asks_to_know(&self, at: usize) -> bool {
        const SHOWN: &[&str] =
            &["names", "overview", "figures", "breakdown", "numbers", "costs", "cost", "count"];
        let wants = ["need", "want", "like", "have", "get"].contains(&self.word(at));
        let by_me = (at.saturating_sub(3)..at)
            .any(|at| at >= self.sentence.from && ["i", "we", "me", "us"].contains(&self.word(at)));
        let told = self.any(self.sentence.from, at, &["already", "did", "dont"]);
        // "I'd like the names behind our E5 cost"
        let the = usize::from(["the", "a", "all", "some"].contains(&self.word(at + 1)));
        let details = SHOWN.contains(&self.word(at + 1 + the))
            || (at + 1..(at + 7).min(self.sentence.to)).any(|at| {
                let hit = self.lattice.hit_at[at].map(|hit| &self.lattice.hits[hit]);
                hit.is_some_and(|hit| hit.classes & object_class("details") != 0)
            });
        wants && details && !told && (by_me || self.clause_start(at) == at)
    }

    /// "arrange for his account to be closed": nobody signs in any more.
    fn closes(&self, at: usize) -> bool {
        let account = object_class("account");
        (at.saturating_sub(4).max(self.sentence.from)..(at + 5).min(self.sentence.to)).any(|near| {
            let hit = self.lattice.hit_at[near].map(|hit| &self.lattice.hits[hit]);
            hit.is_some_and(|hit| {
                hit.classes & account != 0 && hit.classes & object_class("sessions") == 0
            })
        }) && ["close", "closed", "closing"].contains(&self.word(at))
    }

    /// "have we got Project seats left?", "are there any seats left?"
    fn asks_what_is_left(&self, at: usize) -> bool {
        let we = |at: usize| ["we", "you"].contains(&self.word(at));
        let asks = match self.word(at) {
            "do" => we(at + 1) && ["have", "own"].contains(&self.word(at + 2)),
            "have" => we(at + 1) && self.word(at + 2) == "got",
            "are" | "is" => self.word(at + 1) == "there",
            _ => false,
        };
        let licence = object_classes(&["licence", "all_licences", "seats"]);
        let of_licences = (at..self.sentence.to).any(|at| {
            let hit = self.lattice.hit_at[at].map(|hit| &self.lattice.hits[hit]);
            let sku = self.lattice.span_at[at].map(|span| &self.lattice.spans[span].what);
            hit.is_some_and(|hit| hit.classes & licence != 0) || matches!(sku, Some(What::Sku(_)))
        });
        asks && at == self.opening() && of_licences && self.any(at, self.sentence.to, LEFT)
    }

    /// "allow Grace to read the info mailbox": the first verb says what is asked.
    fn allowed_to(&self, at: usize, found: &[Verb]) -> bool {
        const USES: &[&str] =
            &["read", "see", "view", "open", "use", "send", "write", "reply", "answer", "access"];
        let lets = |verb: &&Verb| ["allow", "permit", "let"].contains(&self.word(verb.at));
        let Some(before) = found.last().filter(lets) else { return false };
        let somebody = (before.at + 1..at)
            .any(|at| self.lattice.span_at[at].is_some_and(|s| self.lattice.spans[s].person()));
        let near = !(before.at + 1..at).any(|at| self.separator(at));
        USES.contains(&self.word(at)) && somebody && near
    }

    /// "Grace needs to read the info mailbox": what she needs is to be let in.
    fn needs_to_see(&self, at: usize, found: &[Verb]) -> bool {
        let Some(before) = found.last() else { return false };
        let needs = ["need", "needs", "require", "requires"].contains(&self.word(before.at));
        let somebody = (self.sentence.from..before.at)
            .any(|at| self.lattice.span_at[at].is_some_and(|s| self.lattice.spans[s].person()));
        let mailbox = object_classes(&["mailbox", "shared_mailbox", "onedrive"]);
        let theirs = (at + 1..self.sentence.to).any(|at| {
            self.lattice.hit_at[at].is_some_and(|hit| self.lattice.hits[hit].classes & mailbox != 0)
        });
        needs
            && somebody
            && theirs
            && before.at + 2 == at
            && self.word(at - 1) == "to"
            && ["read", "see", "view", "check", "access", "open"].contains(&self.word(at))
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
        if self.in_a_post(at) || self.in_a_new_name(at) {
            return false;
        }
        // "which policies do we have?" asks; "the group which she is in" tells.
        if self.word(at) == "which" && before.is_some() {
            return false;
        }
        // "a new group called Spring Fair": what it is named.
        let noun = before.is_some_and(|at| self.lattice.hit_at[at].is_some());
        // "to report only", "to enforced": what a policy becomes.
        let state = self.word(at) == "report" && self.word(at + 1) == "only"
            || previous == "to" && self.word(at) == "enforced";
        // "my own password", "the month-end reports"
        let own = self.word(at) == "own"
            && ["my", "his", "her", "their", "your", "its", "our"].contains(&previous);
        let papers =
            self.word(at) == "reports" && !["to", "into", "directly"].contains(&self.word(at + 1));
        if noun && self.word(at) == "called" || self.word(at) == "expiring" || state {
            return false;
        }
        // "redirect URI: https://…", "redirect is https://…"
        let redirects = self.word(at) == "redirect"
            && (["uri", "url", "uris", "urls", "link", "is", "https", "http", "address"]
                .contains(&self.word(at + 1))
                || self.tokens.get(at + 1).is_some_and(|next| next.is(':')));
        if own || papers || redirects {
            return false;
        }
        if let Some(hit) = self.lattice.hit_at[at] {
            let hit = self.lattice.hits[hit];
            let opens = self.clause_start(at) == at
                || [
                    "please", "pls", "plz", "kindly", "to", "you", "just", "dont", "not", "also",
                    "then", "and", "can", "could", "never",
                ]
                .contains(&previous);
            // "convert it to shared": what it becomes.
            let becomes = ["to", "and"].contains(&previous)
                && LEXICON.verb(self.word(at)).iter().all(|sense| sense.form == Form::Past);
            // "in Leavers Tracker.xlsx update row 4"
            let place = before.is_some_and(|at| {
                let span = self.lattice.span_at[at].map(|span| &self.lattice.spans[span].what);
                matches!(span, Some(What::Named(_)))
            });
            let opens =
                opens || place && self.lattice.hit_at.get(at + 1).copied().flatten().is_some();
            return hit.from == at && hit.to == at + 1 && opens && !becomes;
        }
        let article = ["a", "an", "the", "any", "no", "this", "that"].contains(&previous)
            && !self.after_this(at);
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
