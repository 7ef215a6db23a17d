//! What is done with a verb: asked, told, asked about, supposed, denied.

use super::{Act, Scan, Verb, base_form, words::OPINIONS};
use crate::interpret::{lexicon::Form, text::Sort};

/// Before a verb: not.
const NOT: &[&str] = &[
    "dont", "not", "never", "without", "avoid", "wont", "didnt", "no", "cant", "cannot", "doesnt",
    "couldnt", "unable", "nor", "isnt", "shouldnt", "arent", "mustnt", "neednt", "postpone",
    "delay", "defer", "skip", "nobody", "none",
];

/// Perhaps, or left to somebody's decision.
const HEDGES: &[&str] = &[
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
];

/// An order that was given before is taken back, or not followed.
const TAKES_BACK: &[&str] = &[
    "withdraw",
    "withdrawing",
    "withdrew",
    "retract",
    "retracting",
    "disregard",
    "ignore",
    "oppose",
];

/// "the … to disable him"
const ORDERS: &[&str] = &[
    "request",
    "decision",
    "ticket",
    "order",
    "plan",
    "attempt",
    "proposal",
    "idea",
    "wish",
    "instruction",
    "call",
];

/// Before "…ing": it is to be done.
const NEEDS_DOING: &[&str] = &[
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
];

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

    pub(super) fn act(&self, verb: &Verb, start: usize, before: Option<Act>) -> Act {
        let at = verb.at;
        // "he's lost it again take him off the list": what was told before ends there.
        let from = if self.runs_on(verb, start) { at } else { start };
        if let Some(act) = self.framed(verb, from) {
            return act;
        }
        if self.is_so(verb, from) {
            return Act::Told;
        }
        // "… because it blocked Ada": why something was done.
        let why = (from..at).any(|at| {
            self.word(at) == "because"
                && ["he", "she", "it", "they", "we", "i"].contains(&self.word(at + 1))
        });
        // "somebody put me on the list": done, and not asked.
        let theirs = verb.form == Form::BaseOrPast
            && ["somebody", "someone", "who", "they"].contains(&self.previous(at))
            && !self.any(
                self.sentence.from,
                self.sentence.to,
                &["please", "pls", "plz", "can", "could", "would", "need", "kindly"],
            );
        if why && verb.form != Form::Base || theirs {
            return Act::Told;
        }
        // "to read the mailbox he needs not"
        let needs_not = ["need", "needs"].contains(&self.word(at))
            && self.word(at + 1) == "not"
            && self.tokens.get(at + 2).is_none_or(|next| !next.word());
        let not = self.any(from, at, NOT) || needs_not;
        if verb.is("remind") {
            return if not { Act::Request } else { Act::Told };
        }
        if let Some(act) = self.of_others(verb, from) {
            return act;
        }
        if self.not_yet(verb, from) {
            return Act::Told;
        }
        if not {
            return Act::Negated;
        }
        if let Some(act) = self.as_before(verb, from, before) {
            return act;
        }
        if verb.is("forgot") {
            return if self.any(from, at, &["dont", "if"]) { Act::Told } else { Act::Request };
        }
        // "she needs to be in it and have a licence": wished with the verb before it.
        let wished = before == Some(Act::Request)
            && self.previous(from) == "and"
            && ["have", "get"].contains(&self.word(at))
            && from + 1 >= at;
        if self.asked(verb, from, before) && (wished || self.means_it(verb, from)) {
            Act::Request
        } else {
            Act::Told
        }
    }

    /// The word before, or nothing.
    pub(super) fn previous(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    /// "she is locked out", "his sign-in is off": a state, and no wish.
    fn is_so(&self, verb: &Verb, from: usize) -> bool {
        let at = verb.at;
        let state =
            ["is", "was", "are", "got", "been", "gets", "im", "being"].contains(&self.previous(at));
        let wished = self.any(from, at, &["want", "need", "needs", "should", "must", "please"])
            || self.word(from) == "get";
        let locked = verb.form == Form::Past && self.word(at).starts_with("lock");
        // "leave her account enabled", "keep him blocked": as it is.
        let stays = matches!(verb.form, Form::Past | Form::BaseOrPast)
            && (self.sentence.from..at).any(|place| {
                let word = self.word(place);
                let kept = ["keep", "keeps", "remain", "remains", "stay", "stays"].contains(&word)
                    || word == "leave"
                        && ![
                            "on", "from", "of", "his", "her", "their", "a", "the", "sick", "annual",
                        ]
                        .contains(&self.previous(place));
                kept && !(place..at).any(|at| self.separator(at))
            });
        stays || self.finds_itself_out(at) || !wished && (locked || base_form(verb.form) && state)
    }

    /// "Fatima shut out of her login since 6", "frozen out of his account": how somebody finds
    /// themselves; "shut her out of it" is an order.
    fn finds_itself_out(&self, at: usize) -> bool {
        let out = ["shut", "locked", "frozen", "kept", "cut", "lockd"].contains(&self.word(at))
            && self.word(at + 1) == "out"
            && self.word(at + 2) == "of"
            && ["his", "her", "their", "my"].contains(&self.word(at + 3));
        let begins = at == self.opening();
        out && !begins
            && !["be", "get", "getting", "have", "please", "pls", "to"].contains(&self.previous(at))
    }

    /// "… must choose a new password the next time she logs on": what we can ask for.
    pub(super) fn at_next_sign_in(&self, at: usize) -> bool {
        let changes = ["change", "choose", "pick"].contains(&self.word(at));
        // "… and she must change it at next logon" only says how it is handed out.
        let password = self.any(at, self.sentence.to, &["password", "pw", "pwd"]);
        changes
            && password
            && (at..self.sentence.to).any(|at| {
                ["next", "first"].contains(&self.word(at))
                    && (at + 1..at + 3).any(|at| {
                        ["sign", "signin", "login", "logon", "log", "logs", "time"]
                            .contains(&self.word(at))
                    })
            })
    }

    /// Thought of, feared, left to a decision, or done by somebody: no request yet.
    fn not_yet(&self, verb: &Verb, from: usize) -> bool {
        let at = verb.at;
        // "we may need to", "maybe we should", "approve the request to"
        // "the same may kindly be allotted to him", said with "please": no perhaps.
        let may_be = self.previous(at) == "be"
            && self.any(from, at, &["may"])
            && self.any(self.sentence.from, at, &["please", "kindly", "pls"]);
        let hedged = !may_be
            && self.any(from, at, HEDGES)
            && !self.any(from, at, &["you", "u", "someone", "somebody", "please"])
            || self.any(from, at, &["approve", "reject", "decline", "confirm", "verify", "check"]);
        // "I withdraw the request to …", "the request to … was rejected": of an order, told.
        let of_an_order = self.tells_of_an_order(from, at);
        // "I would have disabled him", "would you have …": not done, and not asked.
        let would_have = verb.form == Form::Past
            && self.previous(at) == "have"
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
        let shows_how = verb.is("show") && self.any(at, self.sentence.to, &["how"]);
        // "I might need you to …": perhaps, and not yet.
        let perhaps = (from..at).any(|place| {
            ["i", "we"].contains(&self.word(place))
                && ["might", "may"].contains(&self.word(place + 1))
        });
        let quotes = self.any(self.sentence.from, at, &["quote", "quoting"]);
        hedged
            || quotes
            || of_an_order
            || perhaps
            || opinion
            || theirs_done
            || would_have
            || shows_how
    }

    /// An order is taken back, or something became of it.
    fn tells_of_an_order(&self, from: usize, at: usize) -> bool {
        if self.any(from, at, TAKES_BACK) {
            return true;
        }
        let order = at.checked_sub(2).is_some_and(|noun| ORDERS.contains(&self.word(noun)));
        let became = ["was", "were", "is", "has", "got", "came", "failed", "went"];
        self.previous(at) == "to" && order && self.any(at + 1, self.sentence.to, &became)
    }

    /// "… and remove her licence": what the verb before it was.
    fn as_before(&self, verb: &Verb, from: usize, before: Option<Act>) -> Option<Act> {
        let at = verb.at;
        let bare = self.residual(from, at) == 0;
        // "go ahead and assign it"
        let ahead = from.checked_sub(2).is_some_and(|at| self.word(at) == "ahead");
        let joined = ["and", "or", "then", "nor", "&", "/"].contains(&self.previous(from));
        let follows = base_form(verb.form) && bare && from + 2 >= at && !ahead && joined;
        if let Some(earlier) = before.filter(|earlier| follows && *earlier != Act::Request) {
            return Some(earlier);
        }
        let tells_on = verb.form == Form::BaseOrPast
            && before == Some(Act::Told)
            && !self.any(
                from,
                at,
                &["please", "pls", "plz", "you", "u", "someone", "needs", "need", "requires"],
            );
        tells_on.then_some(Act::Told)
    }

    /// Does the form of the verb, with the words before it, ask?
    fn asked(&self, verb: &Verb, from: usize, before: Option<Act>) -> bool {
        let at = verb.at;
        let bare = self.residual(from, at) == 0;
        match verb.form {
            Form::Base => {
                // "she should be prompted to choose a new password at next sign-in"
                let due = &["should", "must", "needs", "has", "shall"];
                bare || self.asks(from, at, verb.wants)
                    || self.made_to(from, at)
                    || self.any(from, at, due)
                        && (self.at_next_sign_in(at) || ["lose", "become"].contains(&self.word(at)))
            }
            Form::BaseOrPast => bare || self.asks(from, at, false) || self.passive(from, at),
            // "… be signed out and his password be changed": the same wish.
            Form::Past => {
                self.passive(from, at)
                    || (self.previous(at) == "be"
                        && before == Some(Act::Request)
                        && self.previous(from) == "and")
            }
            // "please proceed with removing it"
            Form::Ing => self.proceeds(from, at) || self.any(from, at, NEEDS_DOING),
            Form::Third => {
                let that =
                    self.any(from, at, &["that"]) && self.any(from, at, &["need", "want", "like"]);
                let sees = verb.is("want") && self.any(from, at, &["see", "sure", "ensure"]);
                that || sees
                    || self.goes(at)
                    || verb.is("want") && !["has", "gets"].contains(&self.word(at))
            }
        }
    }

    /// "make Grace change her password"
    fn made_to(&self, from: usize, at: usize) -> bool {
        (from..at).any(|place| {
            self.word(place) == "make"
                && self.any(at, self.sentence.to, &["password", "pw", "pwd"])
                && self.residual(from, place) == 0
                && self.other_person(place + 1).is_some_and(|span| span.to == at)
        })
    }

    /// "have", "got", "like" ask only where it is said that something is wished.
    fn means_it(&self, verb: &Verb, from: usize) -> bool {
        let word = self.word(verb.at);
        let empty = ["have", "had", "got", "like"].contains(&word);
        let wished =
            self.any(from, verb.at, &["can", "could", "may", "should", "please", "would", "id"]);
        !empty || wished && word != "had"
    }

    /// "please don't touch her licences, only take her out of the list": where what is to be done
    /// begins, behind what nothing is to be done with.
    pub(super) fn spared(&self, from: usize, at: usize) -> Option<usize> {
        const TOUCHES: &[&str] = &[
            "touch",
            "touching",
            "mess",
            "fiddle",
            "tamper",
            "interfere",
            "bother",
            "disturb",
            "alter",
            "harm",
            "affect",
            "modify",
            "amend",
        ];
        const NO: &[&str] = &["dont", "not", "never", "without", "no"];
        let touch = (from..at).find(|at| {
            TOUCHES.contains(&self.word(*at))
                && (1..=2)
                    .filter_map(|back| at.checked_sub(back))
                    .any(|at| NO.contains(&self.word(at)))
        })?;
        let ends = |at: &usize| {
            [',', ';', '-', '\u{2013}', '\u{2014}', ':']
                .iter()
                .any(|mark| self.tokens[*at].is(*mark))
                && !self.tokens[*at].glued
                || ["but", "only", "just"].contains(&self.word(*at))
        };
        (touch + 1..at).find(ends).map(|at| at + 1)
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
        // "Seán reset his password within five minutes"; "John Doe reset password pls" asks.
        let theirs = ["his", "her", "their", "it", "him", "them", "my", "our"]
            .contains(&self.word(at + 1))
            && !self.any(self.sentence.from, self.sentence.to, &["please", "pls", "plz"]);
        named && (of_it || past || theirs)
    }
}
