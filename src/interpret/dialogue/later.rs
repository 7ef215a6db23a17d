//! "Her start is postponed to the 15th", "his last day is Friday, not the 6th": what was asked
//! last, on another day.
//!
//! Or for somebody else: "her manager is Miriam, not Megan".
//!
//! Not here: "make it Friday"; see [`super::again`].

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::pattern;
use crate::{
    domain::proposal::{Because, Intent, Proposal, Understood},
    interpret::{
        entities::{Span, What},
        lifecycle::former,
        scene::Scene,
        slots::{AT, group_value},
        text::key,
    },
};

/// Longer messages are requests of their own.
const WORDS_MAX: usize = 40;
const START: &str = "start_date";
/// What is told of a joiner or a leaver on a day of its own.
const PROCESSES: &[&str] = &["onboard_user", "offboard_user", "transfer_user"];

static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(instead|postponed?|delayed?|deferred|revised|amend(ed)?|correct(ion)?|mistake|better|extension|extended|",
        r"pushed|pushing|preponed?|brought forward|rescheduled?|moved to|changed?|change|update|new (start|joining|entry|last|end|date|doj|lwd)|",
        r"(start|starting|joining|entry|last|exit|leaving) (working )?(date|day)|doj|lwd|hold on|sorry|actually|stays? until|earlier|later|shifted|shift|bump(ed|ing)?|moved?|moving|adjust|arrival|in place of|excuse|not good|begins?)\b",
    ))
});

/// The last proposals on the one day that is said, if it is said of them.
pub fn other_day(scene: &Scene<'_>, own: &str, last: &[Proposal]) -> Option<Understood> {
    let said = key(own);
    let process = |one: &Proposal| PROCESSES.contains(&one.action.as_str());
    if last.is_empty()
        || !last.iter().any(process)
        || said.split(' ').count() > WORDS_MAX
        || !CHANGED.is_match(&said)
        || scene.lattice.spans.iter().any(|span| somebody_else(scene, span, last))
    {
        return None;
    }
    let meant = |when: &&crate::interpret::dates::When| {
        when.dated && !when.now && !when.past(&scene.context.now) && !former(scene, when)
    };
    let mut days = scene.whens.iter().filter(meant);
    let (Some(day), None) = (days.next(), days.next()) else { return None };
    let mut understood = Understood::only(Intent::Request);
    for proposal in last {
        let mut proposal = proposal.clone();
        if proposal.action == "onboard_user" {
            proposal.arguments.insert(START.to_owned(), Value::String(day.date.to_string()));
        } else {
            proposal.arguments.insert(AT.to_owned(), Value::String(day.text()));
        }
        let words = scene.said(day.from, day.to);
        proposal.because = vec![Because { words, gave: AT.to_owned(), quoted: false }];
        understood.proposals.push(proposal);
    }
    Some(understood)
}

/// "The leader is Miriam Graham, not Megan Bowen": of two who are named, the one who was
/// asked for goes, and the other takes their place.
pub fn somebody_instead(scene: &Scene<'_>, own: &str, last: &[Proposal]) -> Option<Understood> {
    if last.is_empty() || key(own).split(' ').count() > WORDS_MAX {
        return None;
    }
    let one = |span: &&Span| matches!(&span.what, What::People(all, _) if all.len() == 1);
    let upn = |span: &Span| match &span.what {
        What::People(all, _) => all.first().map(|at| scene.index.somebody(*at).upn.to_owned()),
        _ => None,
    };
    let denied = |span: &Span| {
        let word = |back: usize| span.from.checked_sub(back).map_or("", |at| scene.word(at));
        span.negated
            || word(1) == "not"
            || word(2) == "not"
            || (word(2), word(1)) == ("instead", "of")
            || (word(2), word(1)) == ("rather", "than")
    };
    let people: Vec<&Span> = scene.lattice.spans.iter().filter(one).collect();
    let [first, second] = people.as_slice() else { return None };
    let (old, new) = match (denied(first), denied(second)) {
        (true, false) => (first, second),
        (false, true) => (second, first),
        _ => return None,
    };
    let (before, now) = (upn(old)?, upn(new)?);
    let mut understood = Understood::only(Intent::Request);
    let mut changed = false;
    for proposal in last {
        let mut proposal = proposal.clone();
        for (name, value) in &mut proposal.arguments {
            if value.as_str() == Some(before.as_str()) {
                *value = Value::String(now.clone());
                changed = true;
                let words = scene.said(new.from, new.to);
                proposal.because = vec![Because { words, gave: name.clone(), quoted: false }];
            }
        }
        understood.proposals.push(proposal);
    }
    changed.then_some(understood)
}

/// Somebody whom the last proposals do not name.
fn somebody_else(scene: &Scene<'_>, span: &Span, last: &[Proposal]) -> bool {
    let What::People(all, _) = &span.what else { return false };
    let named = |at: &usize| {
        let upn = scene.index.somebody(*at).upn;
        last.iter().any(|one| one.arguments.values().any(|value| value.as_str() == Some(upn)))
    };
    !all.iter().any(named)
}

/// "Sorry, I meant All Managers", "it should be the Sales list, not the other one": a thing of
/// the sort that was asked for takes its place.
pub fn something_instead(scene: &Scene<'_>, own: &str, last: &[Proposal]) -> Option<Understood> {
    const MENDS: &str = r"\b(sorry|i meant|i mean|instead|wrong|should (be|have been)|make (it|that)|not the|rather|mixed up|actually|correction|oops|its|it is|fat fingers)\b";
    static SAYS: LazyLock<Regex> = LazyLock::new(|| pattern(MENDS));
    let said = key(own);
    let named = scene.lattice.spans.iter().any(|span| matches!(span.what, What::People(..)));
    if last.is_empty() || named || said.split(' ').count() > 20 || !SAYS.is_match(&said) {
        return None;
    }
    let value = |span: &Span| match &span.what {
        What::Group(all) => match all.as_slice() {
            [one] => Some(("group", group_value(scene.index, *one))),
            _ => None,
        },
        What::Sku(all) => match all.as_slice() {
            [one] => Some(("license", scene.index.skus[*one].part_number.clone())),
            _ => None,
        },
        _ => None,
    };
    let denied = |span: &Span| {
        let mut before = (1..=3).filter_map(|back| span.from.checked_sub(back));
        span.negated || before.any(|at| ["not", "than"].contains(&scene.word(at)))
    };
    let mut meant = scene.lattice.spans.iter().filter(|span| !denied(span));
    let mut meant = meant.by_ref().filter_map(|span| Some((span, value(span)?)));
    let (Some((span, (name, now))), None) = (meant.next(), meant.next()) else { return None };
    let of_it = |one: &&Proposal| one.arguments.get(name).is_some_and(Value::is_string);
    let mut olds: Vec<&Value> =
        last.iter().filter(of_it).filter_map(|one| one.arguments.get(name)).collect();
    olds.dedup();
    let [old] = olds.as_slice() else { return None };
    if old.as_str() == Some(now.as_str()) {
        return None;
    }
    let mut understood = Understood::only(Intent::Request);
    for one in last {
        let mut one = one.clone();
        if one.arguments.get(name) == Some(old) {
            one.arguments.insert(name.to_owned(), Value::String(now.clone()));
            let words = scene.said(span.from, span.to);
            one.because = vec![Because { words, gave: name.to_owned(), quoted: false }];
        }
        understood.proposals.push(one);
    }
    Some(understood)
}
