//! What a form asks for beside its process: the delegate of a leaver, the groups of a mover.

use serde_json::{Map, Value, json};

use super::{labels::Field, values::Made};
use crate::{
    domain::proposal::Proposal,
    interpret::{
        entities::{Span, What},
        slots::{self, Filled},
    },
};

impl Made<'_, '_> {
    /// "Mailbox: convert to shared, delegate to Ada Park": a right of its own, that day.
    pub(super) fn delegated(&self) -> Vec<Proposal> {
        const SAYS: &[&str] =
            &["delegate", "delegated", "delegates", "access", "read", "reads", "opened", "open"];
        let mailbox = self.record.all.iter().filter(|one| one.field == Field::Mailbox);
        let says = |at: &usize| SAYS.contains(&self.scene.word(*at));
        let people = mailbox.flat_map(|one| {
            // "Access to mailbox: Ada Park", "Mailbox: shared, access for Ada Park"
            let labelled = (one.label.0..one.label.1).any(|at| says(&at));
            let from = (one.value.0..one.value.1).find(says);
            let from = if labelled { Some(one.value.0) } else { from };
            let spans = from.map(|from| self.scene.lattice.spans_in(from, one.value.1));
            spans.into_iter().flatten().filter(|span| span.person())
        });
        people.filter_map(|span| self.delegate(span)).collect()
    }

    fn delegate(&self, span: &Span) -> Option<Proposal> {
        let Filled::Value(user, _) = slots::person(self.scene, span, &span.what, false) else {
            return None;
        };
        let leaver = &self.proposal.arguments;
        let mut arguments = Map::new();
        arguments.insert("mailbox".to_owned(), leaver.get("user")?.clone());
        arguments.insert("user".to_owned(), user);
        arguments.insert("permission".to_owned(), json!("full_access"));
        if let Some(when) = leaver.get(slots::AT) {
            arguments.insert(slots::AT.to_owned(), when.clone());
        }
        let because = self.proposal.because.clone();
        Some(Proposal { action: "add_mailbox_permission".to_owned(), arguments, because })
    }

    /// The groups of somebody who moves, as orders beside the move.
    pub(super) fn moved_groups(&self) -> Vec<Proposal> {
        let moved = &self.proposal.arguments;
        let (Some(run), Some(user)) = (self.record.value(Field::Groups), moved.get("user")) else {
            return Vec::new();
        };
        let label =
            self.record.all.iter().find(|one| one.value == run).map_or((0, 0), |one| one.label);
        let out = (label.0..label.1)
            .any(|at| ["remove", "removed", "out", "leave", "drop"].contains(&self.scene.word(at)));
        let action = if out { "remove_from_group" } else { "add_to_group" };
        let one = |span: &Span| {
            let What::Group(found) = &span.what else { return None };
            let [group] = found.as_slice() else { return None };
            let group = slots::group_value(self.scene.index, *group);
            let mut arguments = Map::new();
            arguments.insert("user".to_owned(), user.clone());
            arguments.insert("group".to_owned(), Value::String(group));
            if let Some(at) = moved.get(slots::AT) {
                arguments.insert(slots::AT.to_owned(), at.clone());
            }
            let because = self.proposal.because.clone();
            Some(Proposal { action: action.to_owned(), arguments, because })
        };
        self.spans(run).filter_map(one).collect()
    }
}
