//! Forms: labels and their values, who only asks, who is concerned.

use super::Scene;
use crate::interpret::{
    clauses::Predicate,
    entities::{Span, What},
    text::Sort,
};

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

/// Departments that are spelled out, and how they are called for short.
const SPELLED: &[(&str, &str)] = &[
    ("human resources", "hr"),
    ("information technology", "it"),
    ("research and development", "r d"),
    ("research development", "r d"),
];

impl Scene<'_> {
    /// Where the lines of a form end that follow here: "Name: …", "- Owner: …".
    pub(in super::super) fn form_end(&self, from: usize) -> usize {
        let mut end = from;
        let mut at = from;
        while at < self.tokens.len() {
            let line = (at..self.tokens.len())
                .find(|at| self.tokens[*at].sort == Sort::Line)
                .unwrap_or(self.tokens.len());
            let words: Vec<usize> = (at..line).filter(|at| self.tokens[*at].word()).collect();
            let colon = (at..line).find(|at| self.tokens[*at].is(':'));
            let field = colon.is_some_and(|colon| {
                (1..=4).contains(&words.iter().take_while(|at| **at < colon).count())
            });
            if !words.is_empty() && !field {
                break;
            }
            if field {
                end = line;
            }
            at = line + 1;
        }
        end
    }

    /// The key of the form field a span is the value of.
    pub(in super::super) fn field(&self, span: &Span) -> Option<String> {
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
        // "Hi Ada, …": spoken to, also in a mail that is handed on.
        let greeted = ["hi", "hello", "dear", "hey"].contains(&before)
            && self.tokens.get(span.to).is_some_and(|next| !next.word());
        if greeted || self.spoken_to(span) || self.only_speaks(span) {
            return true;
        }
        let second = span.from.checked_sub(2).map_or("", |at| self.word(at));
        // "what is up with John?" is about John.
        let about = before == "with"
            && [
                "issue",
                "issues",
                "problem",
                "problems",
                "story",
                "wrong",
                "trouble",
                "up",
                "deal",
                "termination",
                "separation",
                "resignation",
                "ways",
            ]
            .contains(&second);
        // "I would like Omar disabled" is a wish; "the same as … like Omar" compares.
        let wish = before == "like" && ["would", "id", "wed", "should"].contains(&second);
        !about
            && !wish
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

    /// "Bob, Ada is away next week": who is spoken to in a mail that was handed over.
    fn spoken_to(&self, span: &Span) -> bool {
        let Some(sentence) = self.sentences.around(span.from).filter(|one| one.quoted) else {
            return false;
        };
        let first = (sentence.from..span.from).all(|at| !self.tokens[at].word());
        let comma = self.tokens.get(span.to).is_some_and(|next| next.is(','));
        let next = self.span(span.to + 1).filter(|next| next.person());
        let listed = next.is_some_and(|next| {
            self.tokens.get(next.to).is_none_or(|token| !token.word())
                || ["and", "or"].contains(&self.word(next.to))
        });
        let asks = ["can", "could", "would", "will", "please", "pls", "as", "we", "i"]
            .contains(&self.word(span.to + 1));
        first && comma && (asks || next.is_some() && !listed)
    }

    pub(super) fn subject_field(&self, span: &Span) -> bool {
        self.field(span).is_some_and(|field| {
            SUBJECT_KEYS.iter().any(|key| field == *key || field.ends_with(&format!(" {key}")))
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

    /// The departments, or the offices, of the directory that are named from here to there.
    pub fn places(&self, from: usize, to: usize, offices: bool) -> Vec<(usize, usize, String)> {
        let mut found = Vec::new();
        let mut at = from;
        while at < to {
            let first = &self.tokens[at];
            // "it" is no department, "IT" is.
            let named =
                first.word() && (first.capital || first.folded.len() > 3 || first.folded == "hr");
            let run = (1..=4).rev().filter(|_| named).find_map(|length| {
                let end = at + length;
                if end > to || !self.tokens[end - 1].word() {
                    return None;
                }
                let key = self.key(at, end);
                let name = if offices {
                    self.index.office_named(&key)
                } else {
                    self.index.department_named(&key).or_else(|| {
                        let short = SPELLED.iter().find(|(long, _)| *long == key)?.1;
                        self.index.department_named(short)
                    })
                };
                name.map(|name| (at, end, name.to_owned()))
            });
            at = run.as_ref().map_or(at + 1, |(_, end, _)| *end);
            found.extend(run);
        }
        found
    }

    /// "Ben: convert his mailbox, then …": the name that heads a sentence.
    pub(in super::super) fn heading(&self, at: usize) -> Option<Span> {
        let sentence = self.sentence(at);
        let mut spans = self.lattice.spans.iter();
        let heads = |span: &&Span| {
            span.named()
                && span.from >= sentence.from
                && span.from <= sentence.from + 1
                && self.tokens.get(span.to).is_some_and(|next| next.is(':'))
                && span.to < at
        };
        spans.find(heads).cloned()
    }

    /// "| John Doe | disable |": the person of the same row of a table.
    pub(super) fn in_this_row(&self, predicate: &Predicate) -> Option<Span> {
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
    pub(super) fn my_own(&self) -> bool {
        self.lattice.spans.iter().any(|span| {
            span.what == What::Me
                && self.word(span.from) == "my"
                && self.lattice.hit_at.get(span.to).copied().flatten().is_some()
                && self.read_here(span)
                && !self.sentence(span.from).quoted
        })
    }
}
