//! Sentences, the verbs in them, how far each governs, and what is done with the
//! words: asked, told, asked about, supposed, or said not to be done. Only what is
//! asked may become a proposal.

use crate::interpret::{
    entities::{Lattice, What},
    lexicon::{Classes, Form, LEXICON, verb_class, verb_classes},
    text::{Sort, Token},
};

/// What somebody does by saying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Asks for it.
    Request,
    /// Asks whether or how.
    Question,
    /// Asks whether we can, of nobody in particular.
    Capability,
    /// Says it must not be done.
    Negated,
    /// Tells of it, plans it, supposes it.
    Told,
}

/// A run of tokens, one thought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Words that were quoted.
    pub quoted: bool,
}

/// A verb with what it governs.
#[derive(Debug, Clone, Copy)]
pub struct Predicate {
    /// First token of what it governs.
    pub from: usize,
    /// The verb.
    pub verb: usize,
    /// One past what it governs.
    pub to: usize,
    /// Its classes.
    pub classes: Classes,
    /// Its particle.
    pub particle: Option<usize>,
    /// What is done with it.
    pub act: Act,
    /// The words are quoted.
    pub quoted: bool,
}

/// Splits tokens `from..to` into sentences.
pub fn sentences(
    tokens: &[Token],
    lattice: &Lattice,
    from: usize,
    to: usize,
    quoted: bool,
) -> Vec<Sentence> {
    let person = |at: usize| {
        lattice.span_at.get(at).copied().flatten().is_some_and(|span| lattice.spans[span].person())
    };
    let mut found = Vec::new();
    let mut start = from;
    let mut listing = false;
    let mut line_start = from;
    for at in from..to {
        let ends = match tokens[at].sort {
            Sort::Mark('.') if at > from && TITLES.contains(&tokens[at - 1].folded.as_str()) => {
                false
            }
            // "a@contoso.com; b@contoso.com"
            Sort::Mark(';') if at > from && person(at - 1) && person(at + 1) => false,
            Sort::Mark('.') => {
                tokens.get(at + 1).is_none_or(|next| !next.glued || next.sort == Sort::Line)
            }
            Sort::Mark('!' | '?' | ';' | '|' | '•') => true,
            Sort::Line => {
                let previous = at.checked_sub(1).map(|at| &tokens[at]);
                let opens = previous.is_some_and(|token| token.is(':') && at > start);
                let bullet = tokens.get(at + 1).is_some_and(|next| next.is('-') || next.is('*'));
                listing = opens || (listing && bullet);
                let wide = tokens[at].start.saturating_sub(tokens[line_start.min(at)].start) > 60;
                let goes_on = tokens.get(at + 1).is_some_and(|next| next.word() && !next.capital);
                line_start = at + 1;
                !(listing || wide && goes_on)
            }
            _ => false,
        };
        if ends {
            found.push(Sentence { from: start, to: at + 1, quoted });
            start = at + 1;
        }
    }
    found.push(Sentence { from: start, to, quoted });
    found.retain(|sentence| {
        (sentence.from..sentence.to)
            .any(|at| !matches!(tokens[at].sort, Sort::Line | Sort::Mark(_)))
    });
    found
}

/// A full stop after these ends no sentence.
const TITLES: &[&str] = &["mr", "mrs", "ms", "dr", "prof"];

const WH: &[&str] = &[
    "how", "what", "whats", "why", "when", "where", "wheres", "which", "who", "whos", "whose",
    "do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "should", "shall",
    "hows", "am", "isnt", "arent", "didnt", "doesnt", "hasnt", "wasnt", "whether", "dont",
    "anyone", "anybody",
];
/// "… is going to", "… plans to": what somebody else does.
const PLANS: &[&str] = &[
    "is", "are", "was", "were", "has", "had", "needs", "plans", "intends", "tries", "tried",
    "keeps", "decided", "refuses", "used", "likes", "promised", "agreed", "offered", "wants",
    "going", "managed", "started",
];
/// What follows them and a colon is said, not asked.
const SPEAKS: &[&str] = &[
    "print",
    "translate",
    "echo",
    "repeat",
    "summarise",
    "summarize",
    "rephrase",
    "reword",
    "type",
    "spell",
    "proofread",
    "titled",
    "says",
    "said",
    "wrote",
    "writes",
    "reads",
    "quote",
    "say",
    "pretend",
];
const POLITE: &[&str] = &[
    "yo",
    "um",
    "uh",
    "erm",
    "er",
    "force",
    "really",
    "myself",
    "trouble",
    "bother",
    "dear",
    "sir",
    "madam",
    "requested",
    "needful",
    "below",
    "following",
    "please",
    "pls",
    "plz",
    "kindly",
    "just",
    "also",
    "then",
    "and",
    "hi",
    "hello",
    "hey",
    "team",
    "all",
    "urgent",
    "urgently",
    "asap",
    "quick",
    "quickly",
    "simply",
    "only",
    "now",
    "again",
    "instead",
    "ok",
    "okay",
    "so",
    "but",
    "can",
    "could",
    "would",
    "will",
    "you",
    "u",
    "ya",
    "someone",
    "somebody",
    "anyone",
    "we",
    "go",
    "ahead",
    "a",
    "an",
    "the",
    "for",
    "of",
    "to",
    "from",
    "on",
    "at",
    "in",
    "by",
    "with",
    "first",
    "next",
    "second",
    "finally",
    "lastly",
    "immediately",
    "today",
    "tomorrow",
    "tonight",
    "this",
    "that",
    "too",
    "need",
    "needs",
    "want",
    "like",
    "id",
    "it",
    "yes",
    "yep",
    "user",
    "account",
    "request",
    "action",
    "task",
    "todo",
    "re",
    "fw",
    "fwd",
    "subject",
    "thanks",
    "temporarily",
    "permanently",
    "morning",
    "afternoon",
    "evening",
    "effective",
    "possible",
    "is",
    "be",
    "able",
    "mr",
    "mrs",
    "ms",
    "dr",
    "both",
    "s",
    "actually",
    "wait",
    "no",
    "oh",
    "sorry",
    "right",
    "away",
    "straight",
    "hours",
    "hour",
    "minutes",
    "pm",
    "am",
    "noon",
    "everyone",
    "there",
    "good",
    "day",
    "us",
    "let",
    "lets",
    "if",
    "could",
    "must",
    "bot",
    "countersign",
    "may",
    "might",
    "quickly",
    "yet",
    "still",
    "up",
    "or",
];
const POLITE_IF: &[&str] = &[
    "possible",
    "you",
    "u",
    "needed",
    "necessary",
    "ok",
    "okay",
    "so",
    "thats",
    "poss",
    "its",
    "that",
    "we",
    "not",
    "permitted",
    "appropriate",
];

/// The predicates of one sentence, in order.
pub fn predicates(tokens: &[Token], lattice: &Lattice, sentence: Sentence) -> Vec<Predicate> {
    let scan = Scan { tokens, lattice, sentence };
    let verbs = scan.verbs();
    let mut found: Vec<Predicate> = Vec::with_capacity(verbs.len());
    for (number, verb) in verbs.iter().enumerate() {
        let start = scan.clause_start(verb.at);
        let floor = if number == 0 { sentence.from } else { start.max(verbs[number - 1].at + 1) };
        let from = if number == 0 { sentence.from } else { floor };
        let ceiling = verbs.get(number + 1).map_or(sentence.to, |next| {
            let start = scan.clause_start(next.at);
            if start > verb.at { start } else { next.at }
        });
        let to = scan.governed(verb.at, ceiling);
        let before = found.last().map(|last: &Predicate| last.act);
        let act = scan.act(verb, start, before);
        found.push(Predicate {
            from,
            verb: verb.at,
            to,
            classes: verb.classes,
            particle: verb.particle,
            act,
            quoted: sentence.quoted,
        });
    }
    // "password reset required for Grace": the verb says nothing of its own.
    let only_wanted = found.iter().all(|predicate| {
        predicate.act == Act::Told
            && ["required", "needed", "requested"].contains(&tokens[predicate.verb].folded.as_str())
    });
    if only_wanted && let Some(noun) = scan.verbless() {
        found = vec![noun];
    }
    found
}

fn base_form(form: Form) -> bool {
    matches!(form, Form::Base | Form::BaseOrPast)
}

struct Verb {
    at: usize,
    classes: Classes,
    form: Form,
    particle: Option<usize>,
    /// "need", "want", "get".
    wants: bool,
}

struct Scan<'a> {
    tokens: &'a [Token],
    lattice: &'a Lattice,
    sentence: Sentence,
}

impl Scan<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .filter(|_| at < self.sentence.to)
            .map_or("", |token| token.folded.as_str())
    }

    fn separator(&self, at: usize) -> bool {
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

    fn clause_start(&self, verb: usize) -> usize {
        (self.sentence.from..verb)
            .rev()
            .find(|at| self.separator(*at))
            .map_or(self.sentence.from, |at| at + 1)
    }

    /// Where the verb's objects end: at a reason, an aside, a new subject.
    fn governed(&self, verb: usize, ceiling: usize) -> usize {
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
            if self.lattice.span_at[at].is_none()
                && self.lattice.hit_at[at].is_none()
                && (ENDS.contains(&word) || aside)
            {
                return at;
            }
        }
        ceiling
    }

    fn verbs(&self) -> Vec<Verb> {
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
            // "need the licence back": the particle turns the verb around.
            let back = kept.iter().any(|sense| sense.particle == "back");
            let classes = kept
                .iter()
                .filter(|sense| !back || sense.particle == "back")
                .fold(0, |all, sense| all | sense.classes);
            let form =
                if kept.iter().any(|s| s.form == Form::Base) { Form::Base } else { first.form };
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

    /// A verb here, not the noun of the same letters?
    fn verbal(&self, at: usize) -> bool {
        let before = at.checked_sub(1).filter(|at| *at >= self.sentence.from);
        // "on-call", "sign-in": part of a word.
        if self.tokens[at].glued
            && before.is_some_and(|at| self.tokens[at].is('-') && self.tokens[at].glued)
        {
            return false;
        }
        let previous = before.map_or("", |at| self.word(at));
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
        !(base && (article || owned) && !["reset", "who", "whos"].contains(&self.word(at)))
    }

    fn particle(&self, verb: usize, particle: &str) -> Option<usize> {
        let end = (verb + 10).min(self.sentence.to);
        for at in verb + 1..end {
            if self.lattice.hit_at[at].is_some() && at > verb + 1 && self.word(at) == particle {
                return None;
            }
            if self.word(at) == particle
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

    fn any(&self, from: usize, to: usize, words: &[&str]) -> bool {
        (from..to).any(|at| !self.lattice.literal[at] && words.contains(&self.word(at)))
    }

    /// The first words of the sentence that are not greetings or politeness.
    fn opening(&self) -> usize {
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
    fn act(&self, verb: &Verb, start: usize, before: Option<Act>) -> Act {
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
            subject && modals.contains(&self.word(place))
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
        if told_on && base_form(verb.form) && !self.any(from, at, &["know"]) {
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
            || self.any(from, at, &["approve", "reject", "decline"]);
        if hedged {
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
            Form::Past => self.passive(from, at),
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

    /// What the whole sentence makes of it: a question, a supposition.
    fn framed(&self, verb: &Verb, start: usize) -> Option<Act> {
        let reads = verb_class("ask") | verb_class("who") | verb_class("tell");
        let (from, to) = (self.sentence.from, self.sentence.to);
        let polite_if = |at: usize| POLITE_IF.contains(&self.word(at + 1));
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
        if spoken {
            return Some(Act::Told);
        }
        let opening = self.opening();
        let named = self.lattice.span_at[opening].is_some();
        let first = if named { "" } else { self.word(opening) };
        let asks_for =
            self.any(from, verb.at, &["possible", "able", "mind", "chance", "way", "ask"]);
        let causes = first == "have" && verb.at > opening;
        // "please do the needful and …" asks nothing.
        let does = first == "do"
            && !["you", "u", "we", "i", "they", "people", "users"]
                .contains(&self.word(opening + 1))
            && self.lattice.span_at.get(opening + 1).copied().flatten().is_none();
        if WH.contains(&first) && !does && !asks_for && !causes && verb.at >= opening {
            let reading = verb.classes & reads != 0 && verb.at <= opening;
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

    /// Words before the verb that are neither politeness nor names nor objects.
    fn residual(&self, from: usize, to: usize) -> usize {
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
    fn asks(&self, from: usize, at: usize, want: bool) -> bool {
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
        let plans = self.any(
            from,
            at,
            &[
                "going",
                "plan",
                "planning",
                "tried",
                "trying",
                "forgot",
                "decided",
                "supposed",
                "used",
                "how",
                "thinking",
                "about",
                "asked",
                "told",
                "able",
                "may",
                "might",
                "probably",
                "perhaps",
                "maybe",
                "eventually",
                "considering",
            ],
        ) && !self.any(from, at, &["you"]);
        let wants = self.any(
            from,
            at,
            &[
                "need",
                "needs",
                "want",
                "like",
                "require",
                "ask",
                "request",
                "requesting",
                "possible",
                "required",
                "have",
                "kind",
                "grateful",
                "appreciate",
                "mind",
                "able",
                "favour",
                "favor",
                "chance",
                "help",
                "trouble",
                "bother",
                "asking",
                "love",
                "way",
            ],
        );
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
        (you && modal)
            || (to && wants)
            || (modal && !subject && self.any(from, at, &["please", "pls", "plz", "kindly"]))
            || (subject && self.any(from, at, &["must", "need"]))
            || (subject
                && modal
                && self.any(at, self.sentence.to, &["please", "pls", "plz"])
                && self.any(from, at, &["can", "could"])
                && !self.any(at, self.sentence.to, &["advise", "confirm", "know", "tell"])
                && self.opens_with_modal())
    }

    /// "Can we …": the sentence begins with the modal.
    fn opens_with_modal(&self) -> bool {
        ["can", "could", "may"].contains(&self.word(self.opening()))
    }

    /// "needs … removed", "can … be added", "… disabled please"; not "was reset".
    fn passive(&self, from: usize, at: usize) -> bool {
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
        let asks = [
            "need", "needs", "needing", "want", "wants", "should", "must", "can", "could",
            "please", "pls", "plz", "would", "like", "require", "requires", "may", "kindly", "get",
            "ensure", "shall", "to", "have", "sure",
        ];
        let subject = at.checked_sub(1).is_some_and(|at| {
            ["i", "we", "he", "she", "they", "ive", "weve"].contains(&self.word(at))
        });
        let late = self.any(at + 1, self.sentence.to, &["please", "pls", "plz"])
            && !self.any(from, at, &["is", "are", "has"]);
        !self.any(from, at, &done)
            && !subject
            && (self.any(from, at, &asks) || late)
            && !self.any(at + 1, self.sentence.to, &["yesterday"])
    }

    /// A request without a verb: "temp password for Adele please".
    fn verbless(&self) -> Option<Predicate> {
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
        ];
        let opening = self.word(self.opening());
        let told =
            self.any(from, to, &states) && !self.any(from, to, &["please", "pls", "plz", "not"]);
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
        let classes =
            if off { verb_classes(&["noun", "switch_off", "stop"]) } else { verb_class("noun") };
        let act = if self.any(from, to, &["no"]) { Act::Negated } else { Act::Request };
        Some(Predicate { from, verb, to, classes, particle: None, act, quoted })
    }
}
