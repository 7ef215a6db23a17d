//! What is done with a verb: asked, told, asked about, supposed, denied.

use super::{
    Act, Scan, Verb, base_form,
    words::{NOTED, OPINIONS, PLANS, POLITE_IF, SPEAKS, WH},
};
use crate::interpret::{
    entities::What,
    lexicon::{Form, verb_class},
    text::Sort,
};

impl Scan<'_> {
    /// The first words of the sentence that are not greetings or politeness.
    pub(super) fn opening(&self) -> usize {
        (self.sentence.from..self.sentence.to)
            .find(|at| {
                !matches!(self.tokens[*at].sort, Sort::Line | Sort::Mark(_))
                    && ![
                        "hi", "hello", "hey", "so", "and", "also", "please", "ok", "but", "sorry",
                        "morning", "quick", "question", "just", "btw",
                    ]
                    .contains(&self.word(*at))
            })
            .unwrap_or(self.sentence.from)
    }

    #[expect(clippy::too_many_lines, reason = "one order of questions, read top to bottom")]
    pub(super) fn act(&self, verb: &Verb, start: usize, before: Option<Act>) -> Act {
        let is = |class: &str| verb.classes & verb_class(class) != 0;
        let (from, at) = (start, verb.at);
        if let Some(act) = self.framed(verb, from) {
            return act;
        }
        let remind = is("remind");
        let not = self.any(
            from,
            at,
            &[
                "dont", "not", "never", "without", "avoid", "wont", "didnt", "no", "cant",
                "cannot", "doesnt", "couldnt", "unable", "nor", "isnt", "shouldnt", "arent",
                "mustnt", "neednt",
            ],
        );
        let state = at.checked_sub(1).is_some_and(|at| {
            ["is", "was", "are", "got", "been", "gets", "im", "being"].contains(&self.word(at))
        });
        let wished = self.any(from, at, &["want", "need", "needs", "should", "must", "please"]);
        if (verb.form == Form::Past && self.word(at).starts_with("lock") && !wished)
            || (verb.form == Form::Base && state)
        {
            return Act::Told;
        }
        if remind {
            return if not { Act::Request } else { Act::Told };
        }
        let modals = [
            "will", "would", "shall", "should", "can", "could", "might", "may", "wants", "has",
            "had", "must",
        ];
        let theirs = (from + 1..at).any(|place| {
            let subject =
                self.lattice.span_at[place - 1].is_some_and(|s| self.lattice.spans[s].person());
            // "I would like you to …" is no plan of mine.
            let of_us = self.any(place + 1, at, &["you", "u", "someone", "somebody"]);
            subject && modals.contains(&self.word(place)) && !of_us
        });
        // "Megan is going to reset it": she does, not we.
        let plans = self.word(at.wrapping_sub(1)) == "to"
            && !self.any(from, at, &["you", "u", "please", "pls", "kindly", "someone"])
            && (from + 1..at).any(|place| {
                let subject = self.lattice.span_at[place - 1].is_some_and(|s| {
                    let span = &self.lattice.spans[s];
                    span.person() && span.what != What::Me && !self.tokens[span.to - 1].possessive
                });
                subject && PLANS.contains(&self.word(place))
            });
        // "Can Grace reset her own password?"
        let may_they = (from..at).any(|place| {
            let person =
                self.lattice.span_at[place + 1].map(|s| &self.lattice.spans[s]).filter(|span| {
                    span.person() && span.what != What::Me && !self.tokens[span.to - 1].possessive
                });
            ["can", "could", "will", "would", "may", "should"].contains(&self.word(place))
                && person.is_some_and(|span| span.to == at)
        });
        if may_they && base_form(verb.form) && !is("want") {
            return Act::Question;
        }
        let told_on = (from..at.saturating_sub(1)).any(|place| {
            let person =
                self.lattice.span_at[place + 1].is_some_and(|s| self.lattice.spans[s].person());
            let me = self.lattice.span_at[place + 1]
                .is_some_and(|s| self.lattice.spans[s].what == What::Me);
            person
                && !me
                && ["tell", "ask", "remind", "inform", "advise", "let", "told", "asked"]
                    .contains(&self.word(place))
        });
        // "remind me to reset it": later, and by me.
        let reminds = (from..at.saturating_sub(2)).any(|place| {
            self.word(place) == "remind" && ["me", "us"].contains(&self.word(place + 1))
        });
        if reminds || told_on && base_form(verb.form) && !self.any(from, at, &["know"]) {
            return Act::Told;
        }
        if (theirs || plans) && base_form(verb.form) && !is("want") {
            return Act::Told;
        }
        // "we may need to", "maybe we should", "approve the request to": no request.
        let hedged = self.any(
            from,
            at,
            &[
                "may",
                "might",
                "probably",
                "perhaps",
                "maybe",
                "eventually",
                "considering",
                "approve",
                "approved",
                "reject",
                "decline",
                "declined",
                "review",
            ],
        ) && !self.any(from, at, &["you", "u", "someone", "somebody", "please"])
            || self.any(from, at, &["approve", "reject", "decline", "confirm", "verify", "check"]);
        // "I would have disabled him", "would you have …": not done, and not asked.
        let would_have = verb.form == Form::Past
            && self.word(at.wrapping_sub(1)) == "have"
            && self.any(
                at.saturating_sub(4).max(from),
                at,
                &["would", "could", "should", "must", "may", "might"],
            );
        // "would you say she should be disabled?"
        let opinion = (from..at).any(|at| OPINIONS.contains(self.word(at)))
            && !self.any(from, at, &["please", "pls", "plz"]);
        // "Omar put it there already", "the reply that Tom set"
        let theirs_done = verb.form == Form::BaseOrPast && self.did_it(from, at);
        // "Show Grace how to …"
        let shows_how = is("show") && self.any(at, self.sentence.to, &["how"]);
        // "I might need you to …": perhaps, and not yet.
        let perhaps = (from..at).any(|place| {
            ["i", "we"].contains(&self.word(place))
                && ["might", "may"].contains(&self.word(place + 1))
        });
        if hedged || perhaps || opinion || theirs_done || would_have || shows_how {
            return Act::Told;
        }
        let bare = self.residual(from, at) == 0;
        let joined = start.checked_sub(1).map_or("", |at| self.word(at));
        // "go ahead and assign it"
        let ahead = start.checked_sub(2).is_some_and(|at| self.word(at) == "ahead");
        if not {
            return Act::Negated;
        }
        if base_form(verb.form)
            && bare
            && from + 2 >= at
            && let Some(earlier) = before
            && earlier != Act::Request
            && !ahead
            && ["and", "or", "then", "nor", "&", "/"].contains(&joined)
        {
            return earlier;
        }
        if verb.form == Form::BaseOrPast
            && before == Some(Act::Told)
            && !self.any(from, at, &["please", "pls", "plz", "you", "u", "someone"])
        {
            return Act::Told;
        }
        if is("forgot") {
            return if self.any(from, at, &["dont", "if"]) { Act::Told } else { Act::Request };
        }
        let asked = match verb.form {
            Form::Base => bare || self.asks(from, at, verb.wants),
            Form::BaseOrPast => bare || self.asks(from, at, false) || self.passive(from, at),
            // "… be signed out and his password be changed": the same wish.
            Form::Past => {
                self.passive(from, at)
                    || (self.word(at - 1) == "be"
                        && before == Some(Act::Request)
                        && joined == "and")
            }
            // "please proceed with removing it"
            Form::Ing if self.proceeds(from, at) => true,
            Form::Ing => self.any(
                from,
                at,
                &[
                    "mind",
                    "needs",
                    "need",
                    "needing",
                    "require",
                    "requires",
                    "chance",
                    "appreciate",
                    "grateful",
                    "wants",
                ],
            ),
            Form::Third
                if self.any(from, at, &["that"])
                    && self.any(from, at, &["need", "want", "like"]) =>
            {
                true
            }
            Form::Third if is("want") && self.any(from, at, &["see", "sure", "ensure"]) => true,
            Form::Third if self.goes(at) => true,
            Form::Third => is("want") && !["has", "gets"].contains(&self.word(at)),
        };
        let asked = asked
            && !(self.word(at) == "have"
                || self.word(at) == "had"
                || self.word(at) == "got"
                || self.word(at) == "like")
            || asked
                && self.any(from, at, &["can", "could", "may", "should", "please", "would", "id"])
                && self.word(at) != "had";
        if asked { Act::Request } else { Act::Told }
    }

    /// Somebody is named right before the verb, and it is told of them.
    fn did_it(&self, from: usize, at: usize) -> bool {
        let Some(span) = at
            .checked_sub(1)
            .filter(|before| *before >= from)
            .and_then(|before| self.lattice.span_at[before])
            .map(|span| &self.lattice.spans[span])
        else {
            return false;
        };
        let named = span.named() && !self.tokens[span.to - 1].possessive;
        let of_it = span
            .from
            .checked_sub(1)
            .is_some_and(|before| before >= from && ["that", "which"].contains(&self.word(before)));
        let past = self.any(
            at,
            self.sentence.to,
            &["already", "yesterday", "earlier", "ago", "himself", "herself", "themselves"],
        );
        named && (of_it || past)
    }

    /// What the whole sentence makes of it: a question, a supposition.
    #[expect(clippy::too_many_lines, reason = "one question after another, in their order")]
    pub(super) fn framed(&self, verb: &Verb, start: usize) -> Option<Act> {
        let reads = verb_class("ask") | verb_class("who") | verb_class("tell");
        let (from, to) = (self.sentence.from, self.sentence.to);
        // "we would appreciate it if …", "it would be great if …"
        let polite_if = |at: usize| {
            POLITE_IF.contains(&self.word(at + 1))
                || self.word(at) == "if"
                    && self.any(
                        from,
                        at,
                        &["appreciate", "appreciated", "grateful", "great", "lovely"],
                    )
        };
        for at in from..to {
            if self.lattice.literal[at] || self.lattice.span_at[at].is_some() {
                continue;
            }
            let word = self.word(at);
            let supposes = [
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
            ]
            .contains(&word);
            // "in case he leaves, …", "as soon as HR confirms"; not "…, just in case".
            let two = (word, self.word(at + 1));
            let on_case =
                two == ("in", "case") || two == ("in", "the") && self.word(at + 2) == "event";
            let soon =
                two == ("as", "soon") && !["possible", "you", "u"].contains(&self.word(at + 3));
            let provided = word == "provided" && self.word(at + 1) == "that";
            let supposes = supposes || (on_case && at < verb.at) || soon || provided;
            let passes = ["chance", "moment", "minute", "possible", "time"]
                .iter()
                .any(|w| self.any(at, (at + 6).min(to), &[w]));
            // "check whether her account is enabled" asks to look.
            let looks = verb.classes & verb_class("show") != 0
                && at == verb.at + 1
                && ["if", "whether", "wether"].contains(&word);
            let supposes = supposes && !looks;
            let close = at < verb.at || at < verb.at + 40;
            if supposes && close && !polite_if(at) && !passes && verb.classes & reads == 0 {
                return Some(if self.tokens[to - 1].is('?') { Act::Question } else { Act::Told });
            }
        }
        // "explain how to revoke …", "print the following: …"
        let how = (from..verb.at).any(|at| {
            ["how", "why"].contains(&self.word(at)) && (at >= start || self.word(at + 1) == "to")
        });
        if how && verb.classes & reads == 0 {
            return Some(Act::Question);
        }
        let spoken = (from..verb.at)
            .any(|at| SPEAKS.contains(&self.word(at)) && !self.lattice.literal[at])
            && (from..verb.at).any(|at| self.tokens[at].is(':'));
        // "Note to self: …", "Agenda: …"
        let noted = (from..verb.at).find(|at| self.tokens[*at].is(':')).is_some_and(|colon| {
            (from..colon).any(|at| {
                NOTED.contains(self.word(at))
                    || [("note", "to", "self"), ("notes", "to", "self")].contains(&(
                        self.word(at),
                        self.word(at + 1),
                        self.word(at + 2),
                    ))
                    || (self.word(at), self.word(at + 1)) == ("to", "do")
            })
        });
        if spoken || noted {
            return Some(Act::Told);
        }
        let opening = self.opening();
        let named = self.lattice.span_at[opening].is_some();
        let first = if named { "" } else { self.word(opening) };
        let asks_for =
            self.any(from, verb.at, &["possible", "able", "mind", "chance", "way", "ask"]);
        let causes = first == "have" && verb.at > opening;
        // "please do the needful and …" asks nothing.
        let favour = self.word(opening + 1) == "me";
        let does = first == "do"
            && (favour || self.lattice.span_at.get(opening + 1).copied().flatten().is_none())
            && !["you", "u", "we", "i", "they", "people", "users"]
                .contains(&self.word(opening + 1));
        if WH.contains(&first) && !does && !asks_for && !causes && verb.at >= opening {
            // "who is allowed to disable accounts?" asks for nobody's details.
            let rights = ["is", "are", "can", "may", "could", "should"]
                .contains(&self.word(opening + 1))
                && self.lattice.span_at.get(opening + 2).copied().flatten().is_none()
                && self.any(
                    opening + 1,
                    (opening + 4).min(to),
                    &["allowed", "able", "can", "may", "permitted", "authorised", "authorized"],
                );
            let reading = verb.classes & reads != 0 && verb.at <= opening && !rights;
            let negative = first == "dont";
            return match (reading, negative) {
                (true, _) => Some(Act::Request),
                (_, true) => None,
                _ => Some(Act::Question),
            };
        }
        if verb.classes & (verb_class("ask") | verb_class("who")) == verb.classes
            && !self.any(from, verb.at, &["tell", "telling", "know", "show", "check", "telling"])
            && verb.at > opening
        {
            return Some(Act::Told);
        }
        let examples = ["example", "eg", "hypothetically", "theoretically"];
        self.any(from, to, &examples).then_some(Act::Told)
    }
}
