//! What the card of a standing approval shows, a line for each part of its class. Pure.

use std::collections::BTreeMap;

use crate::{
    actions,
    domain::{
        message::StepView,
        plan::named,
        request::Request,
        standing::{Class, Those},
        step::StepState,
    },
};

/// Its lines, in the order in which they are read.
pub(in crate::desk) fn lines(class: &Class) -> Vec<StepView> {
    let mut all: Vec<(&str, BTreeMap<String, String>)> = Vec::new();
    for id in &class.actions {
        let title = actions::entry(id).map_or(id.as_str(), |entry| entry.about.title);
        all.push(("standing_action", named(&[("action", title)])));
    }
    let mut those = |those: &Those, person: &'static str, group: &'static str| {
        for who in &those.people {
            let who = format!("{} ({})", who.name, who.upn);
            all.push((person, named(&[("user", &who)])));
        }
        if let Some(of) = &those.group {
            all.push((group, named(&[("group", &of.name)])));
        }
    };
    those(&class.about, "standing_about", "standing_about_group");
    those(&class.by, "standing_by", "standing_by_group");
    all.push(("standing_limit", named(&[("count", &class.per_day.to_string())])));
    all.push(("standing_until", named(&[("at", &format!("@{}", class.until))])));
    let line = |(at, (kind, names)): (usize, (&str, BTreeMap<String, String>))| StepView {
        id: u16::try_from(at + 1).unwrap_or(u16::MAX),
        kind: kind.to_owned(),
        names,
        values: Vec::new(),
        state: StepState::Waiting,
        evidence: None,
        why: None,
        said_by: None,
        cannot_undo: None,
        secret_to: None,
        not_before: None,
        ends: false,
    };
    all.into_iter().enumerate().map(line).collect()
}

/// How it stands, for the headline: signed is in force until it is revoked.
pub(in crate::desk) fn state(request: &Request) -> (&'static str, Option<&'static str>) {
    match &request.in_force {
        None => (request.stage.name(), None),
        Some(held) if held.revoked.is_some() => ("revoked", Some("quiet")),
        Some(_) => ("in_force", None),
    }
}
