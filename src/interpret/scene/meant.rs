//! Whom words mean that stand for somebody: "both", "it is she who", lines that only name
//! people, "from my account", a manager who is only told of.
//!
//! Not here: pronouns by themselves ([`super::people`]).

use super::Scene;
use crate::interpret::{
    clauses::{Predicate, Sentence},
    entities::{Span, What},
    lexicon::verb_classes,
};

/// So many lines of a list are looked at.
const LINES_MAX: usize = 40;

impl Scene<'_> {
    /// "remove Power BI from my account and give the same to Ada": it is mine that goes.
    pub(super) fn taken_from_me(&self, predicate: &Predicate) -> Option<Span> {
        let takes = verb_classes(&["take", "leave", "revoke"]);
        let from = |at: usize| at.checked_sub(1).is_some_and(|at| self.word(at) == "from");
        let inside = |span: &&Span| span.from > predicate.verb && span.to <= predicate.to;
        let mut spans = self.lattice.spans.iter().filter(inside).filter(|span| span.person());
        let first = spans.next().filter(|_| predicate.classes & takes != 0)?;
        let mine = ["my", "me", "mine", "myself"].contains(&self.word(first.from));
        let owned = self.lattice.spans.iter().any(|span| span.from == first.to && span.named());
        (first.what == What::Me && mine && from(first.from) && !owned).then(|| first.clone())
    }

    /// "Ada and Bo keep missing it. Would you add both?": the two of the sentence before.
    pub(super) fn both(&self, predicate: &Predicate) -> Option<Vec<Span>> {
        self.counted(predicate.verb + 1, predicate.to)
    }

    /// "put it to us both": who writes is one of them.
    pub(super) fn us(&self, predicate: &Predicate) -> Option<Vec<Span>> {
        let counts = |at: usize| self.of_us(at) && self.count_of_people(at).is_some();
        (predicate.verb + 1..predicate.to).any(counts).then(|| self.both(predicate)).flatten()
    }

    /// "both", "all three", "the two of them" among these words: the people, just as many, of
    /// the lines before or behind, or of the sentence before.
    pub(in super::super) fn counted(&self, from: usize, to: usize) -> Option<Vec<Span>> {
        let (at, count) = (from..to).find_map(|at| Some((at, self.count_of_people(at)?)))?;
        let own = self.sentence(at);
        if self.of_us(at) {
            return self.with_me(own, at, count);
        }
        let sure = |span: &Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
        let fits = |all: &Vec<Span>| {
            let apart = |at: usize| !all[..at].iter().any(|other| other.what == all[at].what);
            all.len() == count && all.iter().all(sure) && (0..count).all(apart)
        };
        let before = || {
            let before = self.sentences.around(own.from.checked_sub(1)?)?;
            let named = |span: &&Span| span.named() && !self.aside(span);
            Some(self.lattice.spans_in(before.from, before.to).filter(named).cloned().collect())
        };
        // "Ada and Bo are on call now, please add both"
        let here = || {
            let named = |span: &&Span| span.named() && !self.aside(span) && !span.negated;
            Some(self.lattice.spans_in(own.from, at).filter(named).cloned().collect())
        };
        let lines = [self.lines_before(own.from), self.lines_behind(own.to)];
        let said = lines.into_iter().find(fits).or_else(|| before().filter(fits));
        said.or_else(|| here().filter(fits))
    }

    /// "us both", "both of us", "the two of us"
    fn of_us(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        before == "us" || self.word(at + 1) == "of" && self.word(at + 2) == "us"
    }

    /// "Ada has approved it for Bo and for me, you can put it to us both": who writes, and just
    /// as many others as are named here, or in the sentence before.
    fn with_me(&self, own: Sentence, at: usize, count: usize) -> Option<Vec<Span>> {
        let sure = |span: &Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
        let others = |from: usize, to: usize| -> Vec<Span> {
            let named = |span: &&Span| {
                span.named() && !span.negated && !self.aside(span) && !self.only_speaks(span)
            };
            let mut all: Vec<Span> = Vec::new();
            for span in self.lattice.spans_in(from, to).filter(named) {
                if !all.iter().any(|other| other.what == span.what) {
                    all.push(span.clone());
                }
            }
            all
        };
        let fits = |all: &Vec<Span>| all.len() + 1 == count && all.iter().all(sure);
        let before = || {
            let before = self.sentences.around(own.from.checked_sub(1)?)?;
            Some(others(before.from, before.to))
        };
        let found = Some(others(own.from, at)).filter(fits).or_else(|| before().filter(fits));
        let me = Span { from: at, to: at + 1, what: What::Me, negated: false };
        found.map(|all| all.into_iter().chain([self.whose(&me)]).collect())
    }

    /// "both", "all three", "the two of them", and no noun behind it.
    fn count_of_people(&self, at: usize) -> Option<usize> {
        let count = match self.word(at) {
            "both" | "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            _ => return None,
        };
        let of_them = [
            "of", "to", "in", "into", "on", "onto", "from", "off", "out", "for", "at", "as",
            "that", "please", "pls", "by", "and", "then", "today", "tomorrow", "are", "need",
            "should",
        ];
        let behind = of_them.contains(&self.word(at + 1))
            || !self.tokens.get(at + 1).is_some_and(crate::interpret::text::Token::word);
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        let led = self.word(at) == "both" || ["all", "the", "these", "those"].contains(&before);
        (behind && led).then_some(count)
    }

    /// "• Ada • Bo. Offboard both of them": the lines that only name somebody, one after another.
    pub(super) fn lines_before(&self, before: usize) -> Vec<Span> {
        let all = self.sentences.iter().rev().filter(|one| one.to <= before).take(LINES_MAX);
        let mut found: Vec<Span> = all.map_while(|one| self.only_names(*one)).flatten().collect();
        found.reverse();
        found
    }

    /// The same behind it.
    fn lines_behind(&self, behind: usize) -> Vec<Span> {
        let all = self.sentences.iter().filter(|one| one.from >= behind).take(LINES_MAX);
        all.map_while(|one| self.only_names(*one)).flatten().collect()
    }

    /// Somebody, if the sentence only names them; nobody, if it only counts a line.
    fn only_names(&self, sentence: Sentence) -> Option<Vec<Span>> {
        let number = |at: usize| self.word(at).bytes().all(|byte| byte.is_ascii_digit());
        let mut spans = self.lattice.spans_in(sentence.from, sentence.to);
        let (first, second) = (spans.next(), spans.next());
        if second.is_some() || first.is_some_and(|span| !span.named()) {
            return None;
        }
        let inside = |at: usize| first.is_some_and(|only| (only.from..only.to).contains(&at));
        let bare = (sentence.from..sentence.to)
            .all(|at| inside(at) || !self.tokens[at].word() || number(at));
        bare.then(|| first.into_iter().cloned().collect())
    }

    /// "Patti has approved …", "Allan has signed off on this: …", "Christie says Brian is …":
    /// who only lets it happen, or tells of somebody else.
    pub(super) fn only_speaks(&self, span: &Span) -> bool {
        let mut at = span.to;
        while at < span.to + 3
            && ["has", "have", "already", "just", "also", "kindly", "now"].contains(&self.word(at))
        {
            at += 1;
        }
        let next = self.word(at + 1);
        match self.word(at) {
            "approved" | "approves" | "okayed" | "authorised" | "authorized" | "sanctioned" => true,
            "agreed" | "agrees" | "confirmed" | "confirms" => ["that", "this"].contains(&next),
            "signed" | "signs" => next == "off",
            "gave" | "given" | "gives" => (at + 1..at + 5).any(|at| {
                ["ok", "okay", "blessing", "approval", "nod", "permission"].contains(&self.word(at))
                    || self.word(at) == "go" && self.word(at + 1) == "ahead"
                    || self.word(at) == "green" && self.word(at + 1) == "light"
            }),
            "went" => next == "through",
            "said" | "says" if ["yes", "ok", "okay", "fine"].contains(&next) => true,
            "says" | "said" | "reckons" | "thinks" | "mentioned" => {
                let ahead = at + 1..at + 4;
                // "Ada says Dominic is joining": somebody we do not know.
                let stranger = self.tokens.get(at + 1).is_some_and(|next| next.capital)
                    && self.span(at + 1).is_none()
                    && ["is", "has", "needs", "will", "was"].contains(&self.word(at + 2));
                let named = |at: usize| {
                    self.span(at).is_some_and(|other| other.from == at && other.named())
                };
                stranger || ahead.clone().any(named)
            }
            _ => false,
        }
    }

    /// "It is she who needs the licence": whom the "who" stands for.
    pub(super) fn it_is_who(&self, predicate: &Predicate) -> Option<Span> {
        let from = self.sentence(predicate.verb).from;
        let who = (from..predicate.verb)
            .rev()
            .take(3)
            .find(|at| ["who", "that"].contains(&self.word(*at)))?;
        let is = |at: usize| ["is", "its", "was"].contains(&self.word(at));
        let found = self.lattice.spans.iter().find(|span| span.to == who && span.person())?;
        (from..found.from).any(is).then(|| found.clone())
    }

    /// "Enrico will be her line manager", "reporting to Enrico": said of somebody else, whom a
    /// later "she" means.
    pub(in super::super) fn only_manages(&self, span: &Span) -> bool {
        const MANAGERS: &[&str] = &[
            "manager",
            "boss",
            "lead",
            "leader",
            "supervisor",
            "superior",
            "mentor",
            "buddy",
            "sponsor",
            "chief",
        ];
        let word = |at: usize| self.word(at);
        let back = |back: usize| span.from.checked_sub(back).map_or("", |at| self.word(at));
        let verb =
            (span.to..span.to + 3).find(|at| ["is", "be", "becomes", "as"].contains(&word(*at)));
        let manages = verb.is_some_and(|at| {
            ["his", "her", "their"].contains(&word(at + 1))
                && (at + 2..at + 5).any(|at| MANAGERS.contains(&word(at)))
        });
        let reports = back(1) == "to" && ["reports", "report", "reporting"].contains(&back(2))
            || back(1) == "by" && back(2) == "managed"
            || ["is", "be"].contains(&back(1))
                && (2..6).any(|at| MANAGERS.contains(&back(at)))
                && (3..8).any(|at| ["his", "her", "their"].contains(&back(at)));
        // "boss = Enrico", "Line manager: Enrico"
        let labelled = span
            .from
            .checked_sub(1)
            .is_some_and(|at| self.tokens[at].is('=') || self.tokens[at].is(':'))
            && MANAGERS.contains(&back(2));
        manages || reports || labelled
    }
}
