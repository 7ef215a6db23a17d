//! What a form asks for beside its process: the delegate of a leaver, the groups of a mover.

use serde_json::{Map, Value, json};

use super::{
    grid::Run,
    labels::{self, Field},
    values::Made,
};

use crate::{
    domain::proposal::Proposal,
    interpret::{
        entities::{Span, What},
        slots::{self, Filled},
    },
};

const SET_MANAGER: &str = "set_manager";

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

    /// "Where: Hull, Logistics": a department in the field of the office, and the other way round.
    pub(super) fn elsewhere(&mut self) {
        for (argument, offices, field) in
            [("department", false, Field::Office), ("office_location", true, Field::Department)]
        {
            let Some((from, to)) = self.record.value(field) else { continue };
            let known = self.proposal.arguments.contains_key(argument);
            let comma = (from..to).any(|at| self.scene.tokens[at].is(','));
            let found = self.scene.places(from, to, offices).into_iter().next();
            if let Some((from, to, name)) = found.filter(|_| !known && comma) {
                self.set(argument, Value::String(name), (from, to));
            }
        }
    }

    /// "| Ada | Manager | Lee Gu |": whom somebody reports to is no property of theirs.
    pub(super) fn of_a_manager(&self) -> bool {
        let said = self.record.value(Field::Property).map(|run| self.scene.key(run.0, run.1));
        said.is_some_and(|said| labels::field(&said) == Field::Manager)
    }

    pub(super) fn new_manager(&mut self) {
        SET_MANAGER.clone_into(&mut self.proposal.action);
        self.person("user", &[Field::Login, Field::Name, Field::Email]);
        self.person("manager", &[Field::Value]);
        self.when(&[Field::When, Field::Start]);
    }

    /// What becomes of mail and devices, in the fields of something else.
    pub(super) fn loosely(&mut self) {
        // "Phone: wipe, we keep it", "Mail: forward to Ada"
        let loose: Vec<(Run, bool)> = self
            .record
            .all
            .iter()
            .filter(|one| [Field::Mobile, Field::Email, Field::Other].contains(&one.field))
            .filter_map(|one| {
                let says = |any: &[&str]| {
                    (one.value.0..one.value.1).any(|at| any.contains(&self.scene.word(at)))
                };
                let no = says(&["no", "not", "dont", "keep"]) && !says(&["wipe"]);
                let wipe = says(&["wipe", "wiped", "erase"]);
                let forward = says(&["forward", "redirect", "to"]) && one.field == Field::Email;
                (!no && (wipe || forward)).then_some((one.value, wipe))
            })
            .collect();
        for (run, wipe) in loose {
            if wipe {
                self.set("wipe_devices", json!(true), run);
            } else if !self.record.has(Field::Forward) {
                let span = self.spans(run).find(|span| span.person()).cloned();
                let to = span.and_then(|span| slots::sure_person(self.scene, &span));
                if let Some(to) = to {
                    self.set("forward_to", to, run);
                }
            }
        }
    }
}
