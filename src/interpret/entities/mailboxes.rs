//! Mailboxes that are named by less than their name: "info@", "the support mailbox", "the post to
//! Careers".
//!
//! Not here: all other names ([`super::finder`]).

use super::{What, finder::Finder};
use crate::{
    actions::wording::Sort as Named,
    interpret::{index::Thing, text::Token, work},
};

/// Is it spoken of mailboxes, or of what is done with their mail?
pub(super) fn of_mail(tokens: &[Token]) -> bool {
    const SAYS: &[&str] = &[
        "mailbox",
        "mailboxes",
        "inbox",
        "inboxes",
        "forwarding",
        "forward",
        "forwarded",
        "forwards",
        "redirect",
        "autoreply",
        "delegate",
    ];
    const PAIRS: &[(&str, &str)] =
        &[("send", "as"), ("full", "access"), ("on", "behalf"), ("auto", "reply")];
    let word = |at: usize| {
        work::step();
        tokens.get(at).map_or("", |token| token.folded.as_str())
    };
    let hyphen = |at: usize| tokens.get(at).is_some_and(|token| token.is('-') && token.glued);
    (0..tokens.len()).any(|at| {
        let next = word(at + 1 + usize::from(hyphen(at + 1)));
        SAYS.contains(&word(at)) || PAIRS.contains(&(word(at), next))
    })
}

impl Finder<'_> {
    /// "info@", of a house that has one domain.
    pub(super) fn short_address(&self, at: usize) -> Option<(usize, What)> {
        let mark = self.tokens.get(at + 1).filter(|next| next.is('@') && next.glued)?;
        let ends = self.tokens.get(at + 2).is_none_or(|next| !(next.glued && next.word()));
        let things = self.index.things(&format!("{}@", self.word(at)));
        (mark.glued && ends && !things.is_empty() && !self.literal[at])
            .then(|| (at + 2, Self::thing(&things)))
    }

    /// "the support mailbox", whose address begins so.
    pub(super) fn local_part(&self, at: usize) -> Option<(usize, What)> {
        let shared = usize::from(self.word(at + 1) == "shared");
        let noun = ["mailbox", "inbox"].contains(&self.word(at + 1 + shared));
        if !noun || self.literal[at] {
            return None;
        }
        let things = self.index.things(&format!("{}@", self.word(at)));
        let mailbox = |thing: &Thing| match thing {
            Thing::Named(at) => self.index.named[*at].sort == Named::Mailbox,
            _ => false,
        };
        let one = things.len() == 1 && things.iter().all(mailbox);
        one.then(|| (at + 1, Self::thing(&things)))
    }

    /// "the post to Careers", where it is spoken of mailboxes.
    pub(super) fn spoken_of(&self, at: usize, to: usize) -> bool {
        let back = |back: usize| at.checked_sub(back).map_or("", |at| self.word(at));
        let mail = ["mail", "mails", "post", "emails", "messages", "access", "forwarding"];
        let led = ["to", "into", "about"].contains(&back(1))
            || ["for", "on"].contains(&back(1)) && mail.contains(&back(2));
        // "to Payroll Officer": a post.
        let alone = self.tokens.get(to).is_none_or(|next| !next.word() || !next.capital);
        self.of_mail && led && alone && self.tokens[at].capital && !self.tokens[at].possessive
    }
}
