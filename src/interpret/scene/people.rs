//! Whom a verb is about: named with it, meant by a pronoun, or clear from the message.

use super::Scene;
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    index::Surely,
    lexicon::{LEXICON, verb_classes},
    text::Sort,
};

impl Scene<'_> {
    /// The people a predicate is about. Empty: nobody was said, and nobody is clear.
    pub fn people(&self, predicate: &Predicate) -> Vec<Span> {
        let inside = |span: &&Span| {
            span.from >= predicate.from
                && span.to <= predicate.to
                && !self.aside(span)
                && !self.lattice.literal[span.from]
        };
        let named: Vec<&Span> = self
            .lattice
            .spans
            .iter()
            .filter(inside)
            .filter(|span| span.named() || self.beside_others(span))
            .collect();
        if let Some(us) = self.us(predicate) {
            return us;
        }
        if let Some(me) = self.taken_from_me(predicate) {
            return vec![self.whose(&me)];
        }
        // Without a verb: "Ada + Bo -> Project Atlas".
        let noun = predicate.classes & verb_classes(&["noun"]) != 0;
        let behind = predicate.verb + usize::from(!noun);
        let after = self.cluster(named.iter().copied().filter(|span| span.from >= behind), true);
        if !after.is_empty() {
            let own = |span: Span| if span.what == What::Me { self.whose(&span) } else { span };
            return after.into_iter().map(own).collect();
        }
        let before: Vec<&Span> =
            named.iter().copied().filter(|span| span.from <= predicate.verb).collect();
        let cluster = self.cluster(before.into_iter(), false);
        if !cluster.is_empty() {
            return cluster;
        }
        if let Some(two) = self.both(predicate) {
            return two;
        }
        // "add both": nobody alone is meant.
        if (predicate.verb + 1..predicate.to).any(|at| {
            self.word(at) == "both"
                && ["to", "in", "into", "on", "onto", "from", "off", "out"]
                    .contains(&self.word(at + 1))
        }) {
            return Vec::new();
        }
        if let Some(span) = self.it_is_who(predicate) {
            return if span.named() { vec![span] } else { self.antecedents(&span) };
        }
        let pronoun = |wanted: fn(&Scene<'_>, &Span) -> bool| {
            self.lattice.spans.iter().filter(inside).find(|span| wanted(self, span)).cloned()
        };
        if let Some(span) = pronoun(|_, span| span.what == What::Pronoun) {
            return self.antecedents(&span);
        }
        if let Some(somebody) = self.described(predicate) {
            return vec![somebody];
        }
        let my = pronoun(|scene, span| {
            span.what == What::Me && ["my", "me", "myself", "mine"].contains(&scene.word(span.from))
        });
        let my = my.filter(|span| !(Self::reads(predicate) && self.word(span.from) == "me"));
        let own = predicate.classes & verb_classes(&["want", "forgot", "remind", "noun"]) != 0;
        let passive = predicate.verb > 0 && ["be", "get"].contains(&self.word(predicate.verb - 1));
        let me = my.or_else(|| {
            let any = pronoun(|_, span| span.what == What::Me).filter(|_| own || passive);
            any.filter(|span| !(Self::reads(predicate) && self.word(span.from) == "me"))
        });
        if let Some(me) = me {
            return vec![self.whose(&me)];
        }
        if let Some(me) = self.wishes_for_myself(predicate) {
            return vec![me];
        }
        if let Some(stranger) = self.stranger(predicate) {
            return vec![stranger];
        }
        self.topic(predicate).into_iter().collect()
    }

    /// "me and Katie", "Adele Vance and myself": I am one of a list.
    pub(in super::super) fn beside_others(&self, me: &Span) -> bool {
        if me.what != What::Me || !["me", "myself", "i"].contains(&self.word(me.from)) {
            return false;
        }
        let and = |at: usize| {
            ["and", "plus", "n"].contains(&self.word(at))
                || [',', '&', '+'].iter().any(|mark| self.tokens[at].is(*mark))
        };
        let others = || self.lattice.spans.iter().filter(|span| span.named());
        let behind = || others().any(|span| (me.to + 1..me.to + 3).contains(&span.from));
        let before = || others().any(|span| span.to + 3 > me.from && span.to < me.from);
        me.to < self.tokens.len() && and(me.to) && behind()
            || me.from > 0 && and(me.from - 1) && before()
    }

    /// "me" in quoted words is who wrote them.
    pub(super) fn whose(&self, me: &Span) -> Span {
        let quoted = self.sentence(me.from).quoted;
        let what = if quoted { self.author.clone().unwrap_or(What::Nobody) } else { What::Me };
        Span { what, ..me.clone() }
    }

    /// Neighbours in a list: "A, B and C".
    pub(in super::super) fn cluster<'s>(
        &self,
        spans: impl Iterator<Item = &'s Span>,
        first: bool,
    ) -> Vec<Span> {
        let mut clusters: Vec<Vec<Span>> = Vec::new();
        for span in spans {
            let joins = clusters.last().and_then(|list| list.last()).is_some_and(|last| {
                // "Sara (Legal, not me) and Chris": what stands in brackets parts nobody.
                let opens = self.tokens.get(last.to).is_some_and(|token| token.is('('));
                let closes = (last.to..span.from).find(|at| self.tokens[*at].is(')'));
                let from = closes.filter(|_| opens).map_or(last.to, |at| at + 1);
                // "it was Ada's, Bo has it now"
                let whose = self.tokens[last.to - 1].possessive
                    && !self.tokens[span.to - 1].possessive
                    && self.tokens.get(last.to).is_some_and(|next| next.is(','));
                !whose
                    && (from..span.from).all(|at| {
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
    pub(in super::super) fn antecedents(&self, pronoun: &Span) -> Vec<Span> {
        let own = self.sentence(pronoun.from);
        let lines = self.lines_before(own.from);
        if lines.len() > 1 && ["them", "they", "their"].contains(&self.word(pronoun.from)) {
            return lines;
        }
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
    pub(super) fn antecedent(&self, pronoun: &Span) -> Span {
        if let Some(found) = self.earlier(pronoun.from).or_else(|| self.only()) {
            return found;
        }
        if let Some(caller) = self.caller() {
            return caller;
        }
        let what = self.thread_person().unwrap_or(What::Nobody);
        Span { what, ..pronoun.clone() }
    }

    /// Who called, in a ticket that names nobody whom it is for.
    fn caller(&self) -> Option<Span> {
        let calls = |span: &&Span| {
            matches!(span.what, What::People(..))
                && self.read_here(span)
                && self
                    .field(span)
                    .is_some_and(|field| ["caller", "affected user"].contains(&field.as_str()))
        };
        let mut all = self.lattice.spans.iter().filter(calls);
        let one = all.next()?;
        all.next().is_none().then(|| one.clone())
    }

    /// Whom the pronoun in "her manager" means.
    pub fn people_before(&self, span: &Span) -> What {
        self.antecedent(&Span { what: What::Pronoun, ..span.clone() }).what
    }

    /// The one person the thread was last about; several if no turn names just one.
    pub(in super::super) fn thread_person(&self) -> Option<What> {
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

    pub(super) fn read_here(&self, span: &Span) -> bool {
        self.sentences.around(span.from).is_some()
    }

    /// The last person named before, if one sentence names just one.
    pub(super) fn earlier(&self, before: usize) -> Option<Span> {
        let any = |span: &&Span| {
            span.named()
                && span.from < before
                && !self.aside(span)
                && !self.lattice.literal[span.from]
                && self.read_here(span)
                // "I" of a mail that was handed over is never "she".
                && !["i", "me", "my", "mine", "myself", "im", "ive"].contains(&self.word(span.from))
        };
        let relation = |span: &Span| matches!(span.what, What::Manager(_));
        let manages = |span: &Span| relation(span) || self.only_manages(span);
        // The last one who is no manager of theirs, if their manager was named after them.
        let subject = self.lattice.spans.iter().filter(any).rfind(|span| !manages(span));
        let boss = self.lattice.spans.iter().filter(any).rfind(|span| manages(span));
        let passed = subject.zip(boss).is_some_and(|(subject, boss)| boss.from > subject.from);
        let named = |span: &&Span| any(span) && !(passed && manages(span));
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
    pub(super) fn only(&self) -> Option<Span> {
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

    /// Whose team "my team" is.
    pub(in super::super) fn owner_of(&self, team: &Span) -> Span {
        let what = match &team.what {
            What::Team(of) => of.as_ref().clone(),
            other => other.clone(),
        };
        let owner = Span { what, ..team.clone() };
        if owner.what == What::Pronoun { self.antecedent(&owner) } else { owner }
    }

    /// "I need Visio", said by somebody who names nobody.
    fn wishes_for_myself(&self, predicate: &Predicate) -> Option<Span> {
        let sentence = self.sentence(predicate.verb);
        let wants = predicate.classes & verb_classes(&["want"]) != 0;
        let mine = |span: &&Span| {
            span.what == What::Me && (sentence.from..predicate.verb).contains(&span.from)
        };
        let nobody = !self.lattice.spans.iter().any(|span| span.named() && self.read_here(span));
        let found = self.lattice.spans.iter().filter(|_| wants && nobody).find(mine)?;
        Some(self.whose(found))
    }

    /// Nobody was said with this verb: the one person the message is about.
    pub(super) fn topic(&self, predicate: &Predicate) -> Option<Span> {
        if let Some(head) = self.heading(predicate.verb) {
            return Some(head);
        }
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

    /// Words after the verb that are no words we know: perhaps a mistyped name.
    pub(super) fn stranger(&self, predicate: &Predicate) -> Option<Span> {
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
}
