//! One message laid out: tokens, names, times, sentences, and what can be asked of them.

use crate::interpret::{
    Context,
    clauses::{Predicate, Sentence},
    dates::When,
    entities::{Lattice, Span, What},
    index::{Index, Surely},
    lexicon::{LEXICON, object_class, verb_class, verb_classes},
    text::{Sort, Text, Token},
};

/// One message laid out.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its tokens, typing errors mended.
    pub tokens: Vec<Token>,
    /// What they name.
    pub lattice: Lattice,
    /// Dates and times.
    pub whens: Vec<When>,
    /// The sentences that are read.
    pub sentences: Vec<Sentence>,
    /// Who writes the quoted words, if they were handed over.
    pub author: Option<What>,
    /// The directory.
    pub index: &'a Index,
    /// The thread and the clock.
    pub context: &'a Context,
}

const REQUESTER_KEYS: &[&str] = &[
    "requester",
    "caller",
    "from",
    "requested by",
    "submitted by",
    "approved by",
    "manager",
    "line manager",
    "reported by",
    "assigned to",
    "raised by",
    "opened by",
    "cc",
    "contact",
    "to",
    "agent",
    "technician",
    "reports to",
    "logged by",
    "sent by",
    "created by",
    "supervisor",
    "reviewer",
    "approver",
];
const SUBJECT_KEYS: &[&str] = &[
    "requested for",
    "user",
    "employee",
    "name",
    "username",
    "upn",
    "account",
    "affected user",
    "for",
    "staff member",
    "full name",
    "end user",
    "user name",
    "affected person",
    "colleague",
    "person",
    "subject user",
    "login",
    "who",
    "employee name",
    "user principal name",
    "email",
    "target",
    "on behalf of",
];

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
];

impl Scene<'_> {
    /// The folded word there; empty beyond the end.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    /// The words of a span, joined.
    pub fn key(&self, from: usize, to: usize) -> String {
        let words: Vec<&str> =
            self.tokens[from..to].iter().filter(|t| t.word()).map(|t| t.folded.as_str()).collect();
        words.join(" ")
    }

    /// The original words of a run of tokens.
    pub fn said(&self, from: usize, to: usize) -> String {
        match (self.tokens.get(from), self.tokens.get(to.saturating_sub(1))) {
            (Some(first), Some(last)) if to > from => self.text.said(first.start, last.end),
            _ => String::new(),
        }
    }

    /// The sentence a token is in.
    pub fn sentence(&self, at: usize) -> Sentence {
        let whole = Sentence { from: 0, to: self.tokens.len(), quoted: false };
        self.sentences.iter().copied().find(|s| (s.from..s.to).contains(&at)).unwrap_or(whole)
    }

    /// The key of the form field a span is the value of.
    fn field(&self, span: &Span) -> Option<String> {
        let colon = span
            .from
            .checked_sub(1)
            .filter(|at| self.tokens[*at].is(':') || self.tokens[*at].is('|'))?;
        let mut from = colon;
        while from > 0 && colon - from < 3 && self.tokens[from - 1].word() {
            from -= 1;
        }
        Some(self.key(from, colon))
    }

    /// A span that names somebody else than the subject: who asks, who approved.
    pub fn aside(&self, span: &Span) -> bool {
        if span.negated {
            return true;
        }
        if let Some(field) = self.field(span)
            && REQUESTER_KEYS.iter().any(|key| field == *key || field.ends_with(&format!(" {key}")))
            && !SUBJECT_KEYS.contains(&field.as_str())
        {
            return true;
        }
        let before = span.from.checked_sub(1).map_or("", |at| self.word(at));
        let second = span.from.checked_sub(2).map_or("", |at| self.word(at));
        // "what is up with John?" is about John.
        let about = before == "with"
            && [
                "issue", "issues", "problem", "problems", "story", "wrong", "trouble", "up", "deal",
            ]
            .contains(&second);
        !about
            && [
                "by",
                "cc",
                "per",
                "via",
                "ask",
                "tell",
                "thanks",
                "contact",
                "like",
                "with",
                "replacing",
                "than",
            ]
            .contains(&before)
            || [
                ("according", "to"),
                ("spoke", "to"),
                ("speak", "to"),
                ("report", "to"),
                ("reports", "to"),
                ("reporting", "to"),
                ("same", "as"),
                ("request", "from"),
                ("ticket", "from"),
                ("mail", "from"),
                ("email", "from"),
                ("message", "from"),
                ("call", "from"),
                ("cover", "for"),
                ("covering", "for"),
                ("signed", "off"),
            ]
            .contains(&(second, before))
    }

    fn subject_field(&self, span: &Span) -> bool {
        self.field(span).is_some_and(|field| {
            SUBJECT_KEYS.iter().any(|key| field == *key || field.ends_with(&format!(" {key}")))
        })
    }

    /// The people a predicate is about. Empty: nobody was said, and nobody is clear.
    pub fn people(&self, predicate: &Predicate) -> Vec<Span> {
        let inside = |span: &&Span| {
            span.from >= predicate.from
                && span.to <= predicate.to
                && !self.aside(span)
                && !self.lattice.literal[span.from]
        };
        let named: Vec<&Span> =
            self.lattice.spans.iter().filter(inside).filter(|span| span.named()).collect();
        let after =
            self.cluster(named.iter().copied().filter(|span| span.from > predicate.verb), true);
        if !after.is_empty() {
            return after;
        }
        let before: Vec<&Span> =
            named.iter().copied().filter(|span| span.from <= predicate.verb).collect();
        let cluster = self.cluster(before.into_iter(), false);
        if !cluster.is_empty() {
            return cluster;
        }
        let pronoun = |wanted: fn(&Scene<'_>, &Span) -> bool| {
            self.lattice.spans.iter().filter(inside).find(|span| wanted(self, span)).cloned()
        };
        if let Some(span) = pronoun(|_, span| span.what == What::Pronoun) {
            return self.antecedents(&span);
        }
        let my = pronoun(|scene, span| {
            span.what == What::Me && ["my", "me", "myself", "mine"].contains(&scene.word(span.from))
        });
        let my = my.filter(|span| !(Self::reads(predicate) && self.word(span.from) == "me"));
        let own = predicate.classes & verb_classes(&["want", "forgot", "remind", "noun"]) != 0;
        let passive = predicate.verb > 0 && ["be", "get"].contains(&self.word(predicate.verb - 1));
        let me = my.or_else(|| pronoun(|_, span| span.what == What::Me).filter(|_| own || passive));
        if let Some(me) = me {
            return vec![self.whose(&me)];
        }
        if let Some(stranger) = self.stranger(predicate) {
            return vec![stranger];
        }
        self.topic(predicate).into_iter().collect()
    }

    /// "me" in quoted words is who wrote them.
    fn whose(&self, me: &Span) -> Span {
        let quoted = self.sentence(me.from).quoted;
        let what = if quoted { self.author.clone().unwrap_or(What::Nobody) } else { What::Me };
        Span { what, ..me.clone() }
    }

    /// Neighbours in a list: "A, B and C".
    fn cluster<'s>(&self, spans: impl Iterator<Item = &'s Span>, first: bool) -> Vec<Span> {
        let mut clusters: Vec<Vec<Span>> = Vec::new();
        for span in spans {
            let joins = clusters.last().and_then(|list| list.last()).is_some_and(|last| {
                (last.to..span.from).all(|at| {
                    let token = &self.tokens[at];
                    matches!(
                        token.sort,
                        Sort::Line
                            | Sort::Mark(
                                ',' | '&'
                                    | '+'
                                    | '/'
                                    | '-'
                                    | '*'
                                    | '•'
                                    | ';'
                                    | '<'
                                    | '>'
                                    | '('
                                    | ')'
                                    | '.'
                                    | '|'
                                    | ':'
                            )
                    ) || [
                        "and", "also", "both", "plus", "as", "well", "or", "then", "account",
                        "accounts", "mailto", "n", "the", "s",
                    ]
                    .contains(&token.folded.as_str())
                        || token.folded.bytes().all(|b| b.is_ascii_digit())
                })
            });
            match clusters.last_mut().filter(|_| joins) {
                Some(list) => list.push(span.clone()),
                None => clusters.push(vec![span.clone()]),
            }
        }
        let found = if first { clusters.into_iter().next() } else { clusters.pop() };
        found.unwrap_or_default()
    }

    /// Whom a pronoun means. "them" is everybody of the list said last; "his" after
    /// two people is a doubt.
    fn antecedents(&self, pronoun: &Span) -> Vec<Span> {
        let one = self.antecedent(pronoun);
        let sentence = self.sentence(one.from);
        let named = |span: &&Span| {
            span.named()
                && (sentence.from..sentence.to).contains(&span.from)
                && span.from < pronoun.from
                && !self.aside(span)
                && !self.lattice.literal[span.from]
        };
        let spans = self.lattice.spans.iter().filter(named);
        let list = self.cluster(spans, true);
        if list.len() < 2 || !list.iter().any(|span| span.what == one.what) {
            return vec![one];
        }
        let many = ["them", "they", "their", "theirs", "theyre"].contains(&self.word(pronoun.from));
        let mut all: Vec<usize> = Vec::new();
        for span in &list {
            match &span.what {
                What::People(people, _) if people.len() == 1 => all.extend(people),
                _ => return if many { list } else { vec![one] },
            }
        }
        all.sort_unstable();
        all.dedup();
        match (many, all.len()) {
            (true, _) => list,
            (false, 1) => vec![one],
            (false, _) => vec![Span { what: What::People(all, Surely::Exact), ..pronoun.clone() }],
        }
    }

    /// Whom a pronoun means: the last person of the message, then of the thread.
    fn antecedent(&self, pronoun: &Span) -> Span {
        if let Some(found) = self.earlier(pronoun.from).or_else(|| self.only()) {
            return found;
        }
        let what = self.thread_person().unwrap_or(What::Nobody);
        Span { what, ..pronoun.clone() }
    }

    /// The one person the thread was last about; several if no turn names just one.
    fn thread_person(&self) -> Option<What> {
        let mut several = None;
        for said in self.context.thread.iter().rev() {
            let known: Vec<usize> = said
                .about
                .iter()
                .filter_map(|person| self.index.address(person.upn.as_str()))
                .collect();
            match known.as_slice() {
                [] => {}
                [_] => return Some(What::People(known, Surely::Exact)),
                _ => several = several.or(Some(What::People(known, Surely::Exact))),
            }
        }
        several
    }

    fn read_here(&self, span: &Span) -> bool {
        self.sentences.iter().any(|s| (s.from..s.to).contains(&span.from))
    }

    /// The last person named before, if one sentence names just one.
    fn earlier(&self, before: usize) -> Option<Span> {
        let named = |span: &&Span| {
            span.named()
                && span.from < before
                && !self.aside(span)
                && !self.lattice.literal[span.from]
                && self.read_here(span)
        };
        let last = self.lattice.spans.iter().rfind(named)?;
        let sentence = self.sentence(last.from);
        let same: Vec<&Span> = self
            .lattice
            .spans
            .iter()
            .filter(named)
            .filter(|s| (sentence.from..sentence.to).contains(&s.from))
            .collect();
        let clear = same.iter().all(|span| span.what == last.what);
        if clear {
            return Some(last.clone());
        }
        self.cluster(same.into_iter(), true).into_iter().next()
    }

    /// The only person of the whole message (a form's subject first).
    fn only(&self) -> Option<Span> {
        let named: Vec<&Span> = self
            .lattice
            .spans
            .iter()
            .filter(|span| {
                span.named()
                    && !self.aside(span)
                    && !self.lattice.literal[span.from]
                    && self.read_here(span)
            })
            .collect();
        if let Some(subject) = named.iter().find(|span| self.subject_field(span)) {
            return Some((*subject).clone());
        }
        let first = *named.first()?;
        named.iter().all(|span| span.what == first.what).then(|| first.clone())
    }

    /// Nobody was said with this verb: the one person the message is about.
    fn topic(&self, predicate: &Predicate) -> Option<Span> {
        if let Some(subject) = self
            .lattice
            .spans
            .iter()
            .find(|span| span.person() && self.subject_field(span) && self.read_here(span))
        {
            return Some(subject.clone());
        }
        let said = self.in_this_row(predicate).or_else(|| self.only()).or_else(|| {
            let found = self.earlier(predicate.verb)?;
            (self.sentence(found.from) == self.sentence(predicate.verb)).then_some(found)
        });
        let names = self.lattice.spans.iter().any(|span| span.named() && self.read_here(span));
        match said {
            None if !names => {
                let what = self.thread_person().or_else(|| self.my_own().then_some(What::Me))?;
                Some(Span { from: predicate.verb, to: predicate.verb + 1, what, negated: false })
            }
            said => said,
        }
    }

    /// "| John Doe | disable |": the person of the same row of a table.
    fn in_this_row(&self, predicate: &Predicate) -> Option<Span> {
        let row = (0..predicate.from)
            .rev()
            .find(|at| self.tokens[*at].sort == Sort::Line)
            .map_or(0, |at| at + 1);
        if !(row..predicate.from).any(|at| self.tokens[at].is('|')) {
            return None;
        }
        let named = |span: &&Span| {
            span.named()
                && span.from >= row
                && span.to <= predicate.from
                && !self.lattice.literal[span.from]
        };
        let mut found = self.lattice.spans.iter().filter(named);
        let first = found.next()?;
        found.all(|span| span.what == first.what).then(|| first.clone())
    }

    /// "my password has expired, can you reset it"
    fn my_own(&self) -> bool {
        self.lattice.spans.iter().any(|span| {
            span.what == What::Me
                && self.word(span.from) == "my"
                && self.lattice.hit_at.get(span.to).copied().flatten().is_some()
                && self.read_here(span)
                && !self.sentence(span.from).quoted
        })
    }

    /// The value of the form field with one of these labels.
    pub fn fielded(&self, labels: &[&str], wanted: fn(&What) -> bool) -> Option<Span> {
        let fits = |span: &&Span| {
            wanted(&span.what)
                && self.read_here(span)
                && self.field(span).is_some_and(|field| labels.contains(&field.as_str()))
        };
        self.lattice.spans.iter().find(fits).cloned()
    }

    /// Words after the verb that are no words we know: perhaps a mistyped name.
    fn stranger(&self, predicate: &Predicate) -> Option<Span> {
        let strange = |at: usize| {
            let token = &self.tokens[at];
            token.word()
                && token.folded.len() > 2
                && token.folded.chars().all(char::is_alphabetic)
                && self.lattice.span_at[at].is_none()
                && self.lattice.hit_at[at].is_none()
                && !self.lattice.literal[at]
                && !LEXICON.knows(&token.folded)
        };
        let from = (predicate.verb..predicate.to).find(|at| strange(*at))?;
        let to = (from..predicate.to).find(|at| !strange(*at)).unwrap_or(predicate.to);
        let words: Vec<&str> = (from..to).map(|at| self.word(at)).collect();
        let what = match self.index.name(&words) {
            Some(found) if words.iter().any(|word| word.len() >= 5) => {
                What::People(found.people, found.surely)
            }
            _ => What::Nobody,
        };
        Some(Span { from, to, what, negated: false })
    }

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
            let back = predicate.classes & verb_class("allow") != 0 && first.from != predicate.verb;
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
                && (!wrong.contains(&preposition)
                    || (into
                        && preposition == "of"
                        && ["member", "part", "membership"]
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

    /// "the on-call group", "to phoenix": part of a group's name. With `noun`, an
    /// unknown name before "group" counts too, as nobody's.
    #[expect(clippy::too_many_lines, reason = "two ways to say part of a name, side by side")]
    pub fn partial_group(&self, predicate: &Predicate, noun: bool) -> Option<Span> {
        let small = [
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
        ];
        let free = |at: usize| {
            self.tokens[at].word()
                && self.lattice.span_at[at].is_none()
                && !self.lattice.literal[at]
        };
        let group = object_class("group");
        for hit in self.lattice.hits.iter().filter(|hit| {
            hit.classes & group != 0 && hit.from >= predicate.verb && hit.to <= predicate.to
        }) {
            let mut from = hit.from;
            while from > predicate.verb
                && hit.from - from < 4
                && (free(from - 1) || self.tokens[from - 1].is('-'))
                && !small.contains(&self.word(from - 1))
                && !["to", "from", "in", "into", "out", "off", "add", "remove", "on"]
                    .contains(&self.word(from - 1))
            {
                from -= 1;
            }
            if from < hit.from {
                let words: Vec<&str> =
                    (from..hit.from).map(|at| self.word(at)).filter(|w| *w != "-").collect();
                let groups = self.index.groups_with(&words);
                if !groups.is_empty() {
                    return Some(Span {
                        from,
                        to: hit.to,
                        what: What::Group(groups),
                        negated: false,
                    });
                }
                if noun && words.iter().any(|w| !LEXICON.knows(w)) {
                    return Some(Span { from, to: hit.to, what: What::Nobody, negated: false });
                }
            }
        }
        for at in predicate.verb..predicate.to {
            if !["to", "into", "from", "in", "of", "onto", "on"].contains(&self.word(at)) {
                continue;
            }
            let from = at + 1 + usize::from(self.word(at + 1) == "the");
            let mut to = from;
            while to < predicate.to
                && to - from < 4
                && (free(to) || self.tokens[to].is('-'))
                && (self.tokens[to].is('-') || !self.index.groups_with(&[self.word(to)]).is_empty())
            {
                to += 1;
            }
            let words: Vec<&str> =
                (from..to).map(|at| self.word(at)).filter(|w| *w != "-").collect();
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

    fn dates_free(&self, from: usize, to: usize) -> bool {
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

impl Scene<'_> {
    /// Whom the pronoun in "her manager" means.
    pub fn people_before(&self, span: &Span) -> What {
        self.antecedent(&Span { what: What::Pronoun, ..span.clone() }).what
    }
}
