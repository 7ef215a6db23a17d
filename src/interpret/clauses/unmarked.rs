//! Orders and parts of a list that no mark or verb sets apart, and names that look like verbs.
//!
//! Not here: the ways of asking ([`super::asking`]).

use super::{Act, Predicate, Scan, Sentence, Verb};
use crate::interpret::lexicon::{Form, object_classes, verb_class, verb_classes};

/// Before such an order, something is told.
const TOLD: &[&str] = &[
    "is", "are", "was", "hes", "shes", "theyre", "has", "lost", "got", "forgot", "left", "broke",
    "died", "gone", "moved", "needs", "keeps", "works", "went",
];
/// … or denied of somebody.
const DENIED: &[&str] = &[
    "cant", "cannot", "dont", "doesnt", "wont", "isnt", "never", "not", "no", "without", "nobody",
    "none",
];
/// Behind these a verb belongs to what stands before it.
const LEADS: &[&str] = &[
    "to",
    "not",
    "dont",
    "doesnt",
    "didnt",
    "can",
    "cant",
    "cannot",
    "could",
    "will",
    "would",
    "should",
    "must",
    "may",
    "might",
    "shall",
    "let",
    "lets",
    "make",
    "makes",
    "help",
    "helps",
    "helped",
    "says",
    "said",
    "never",
    "always",
    "usually",
    "often",
    "sometimes",
    "a",
    "an",
    "the",
    "his",
    "her",
    "their",
    "my",
    "our",
    "of",
    "in",
    "on",
    "for",
    "with",
    "by",
    "from",
    "at",
    "before",
    "after",
    "when",
    "how",
    "i",
    "we",
    "he",
    "she",
    "they",
    "you",
    "it",
    "who",
    "that",
    "which",
    "people",
    "users",
    "admins",
    "everyone",
    "somebody",
    "someone",
    "nobody",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "be",
    "been",
    "being",
    "get",
    "gets",
    "got",
    "him",
    "them",
];

impl Scan<'_> {
    /// An order that follows what was told, and nothing stands between them: "she dont need it
    /// no more take her access off".
    pub(super) fn runs_on(&self, verb: &Verb, from: usize) -> bool {
        let at = verb.at;
        let idle = ["show", "ask", "who", "tell", "want", "light", "list", "noun", "other"];
        let orders = verb.classes & !verb_classes(&idle) != 0
            && verb.classes & verb_classes(&["want", "light", "who", "ask"]) == 0
            && verb.form == Form::Base;
        let previous = at.checked_sub(1).filter(|at| *at > from);
        let Some(previous) = previous.filter(|_| orders) else { return false };
        let word = self.word(previous);
        let person = self.lattice.span_at[previous];
        let free = self.tokens[previous].word()
            && !LEADS.contains(&word)
            && !person.is_some_and(|span| self.lattice.spans[span].person());
        let objects = ["it", "him", "her", "his", "them", "their", "my", "me", "the"];
        let object = objects.contains(&self.word(at + 1))
            || self.lattice.span_at.get(at + 1).copied().flatten().is_some();
        let digits = word.bytes().any(|byte| byte.is_ascii_digit());
        let asks = self.tokens[self.sentence.to - 1].is('?');
        // "she dont need it no more" is said of her; "dont anyone …" denies what follows.
        let of_them = |at: usize| {
            let before = at.checked_sub(1).filter(|before| *before >= from);
            before.is_some_and(|at| self.lattice.span_at[at].is_some())
        };
        let mut denied = (from..at).filter(|at| DENIED.contains(&self.word(*at)));
        let first = denied.next();
        if first.is_some_and(|at| !of_them(at)) {
            return false;
        }
        let told = digits || first.is_some() || self.any(from, at, TOLD);
        free && object && told && !asks
    }

    /// "new password, kick her sessions, and reset her MFA": a part of a list that wants a password
    /// and needs no verb.
    pub(super) fn new_passwords(&self, verbs: &[Verb], found: &[Predicate]) -> Vec<Predicate> {
        let asked = found.iter().any(|one| one.act == Act::Request);
        let Sentence { from, to, quoted } = self.sentence;
        let mut parts = Vec::new();
        let mut start = from;
        for at in (from..=to).filter(|at| *at == to || self.separator(*at)) {
            parts.push((start, at));
            start = at + 1;
        }
        let password = object_classes(&["new_password"]);
        let fits = |(from, to): &(usize, usize)| {
            let small = ["a", "one", "also", "please", "pls", "too", "then"];
            let hit = |at: usize| self.lattice.hit_at[at].map(|hit| self.lattice.hits[hit].classes);
            let wants = (*from..*to).any(|at| hit(at).is_some_and(|all| all & password != 0));
            let bare = (*from..*to).all(|at| {
                !self.tokens[at].word()
                    || small.contains(&self.word(at))
                    || hit(at).is_some_and(|all| all & password != 0)
            });
            wants && bare && !verbs.iter().any(|verb| (*from..*to).contains(&verb.at))
        };
        let made = |(from, to): (usize, usize)| Predicate {
            from,
            verb: from,
            to,
            classes: verb_class("noun"),
            particle: None,
            act: Act::Request,
            quoted,
        };
        if asked { parts.into_iter().filter(fits).map(made).collect() } else { Vec::new() }
    }

    /// "a group Night Shift with Ada": a capital of a name that stands behind what it is.
    pub(super) fn in_a_new_name(&self, at: usize) -> bool {
        let free = |at: usize| {
            self.tokens[at].word() && self.tokens[at].capital && self.lattice.span_at[at].is_none()
        };
        let mut start = at;
        while start > self.sentence.from
            && free(start - 1)
            && self.lattice.hit_at[start - 1].is_none()
        {
            start -= 1;
        }
        let kinds = object_classes(&["group", "shared_mailbox", "app", "policy", "worksheet"]);
        let behind = start.checked_sub(1).filter(|at| *at >= self.sentence.from);
        let hit = behind.and_then(|at| self.lattice.hit_at[at]);
        let kind = hit.is_some_and(|hit| self.lattice.hits[hit].classes & kinds != 0);
        start < at && free(at) && kind
    }

    /// "after this delete it": the word before the verb is no article.
    pub(super) fn after_this(&self, at: usize) -> bool {
        at > self.sentence.from + 1
            && ["this", "that"].contains(&self.word(at - 1))
            && ["after", "before", "with"].contains(&self.word(at - 2))
    }
}
