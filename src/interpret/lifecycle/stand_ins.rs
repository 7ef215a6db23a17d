//! Who takes whose place: the sponsor of a guest, and one group with somebody out and somebody in.
//!
//! - [`sponsored`] "Petra has no sponsor any more. Rachel has agreed to take it, please put her down."
//! - [`swapped`]   "Pradeep comes out of Payroll Readers and Megan goes in. Could you see to it?"
//!
//! Each only where nothing else is asked for.

use serde_json::{Map, Value};

use super::{absorbed::own, asks, former};
use crate::{
    actions::Entry,
    domain::{
        area::Risk,
        proposal::{Because, Proposal, Understood},
    },
    interpret::{
        clauses::Sentence,
        entities::{Span, What},
        scene::Scene,
        slots::{self, sure_person},
    },
};

fn quiet(understood: &Understood, catalog: &[Entry], but: &[&str]) -> bool {
    let reads = |id: &str| {
        catalog.iter().any(|entry| entry.about.id == id && entry.about.risk == Risk::Read)
    };
    understood.proposals.iter().all(|one| reads(&one.action) || but.contains(&one.action.as_str()))
}

fn made(action: &str, arguments: &[(&str, Value)], words: String, quoted: bool) -> Proposal {
    let pair = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    Proposal {
        action: action.to_owned(),
        arguments: arguments.iter().map(pair).collect::<Map<_, _>>(),
        because: vec![Because { words, gave: "action".to_owned(), quoted }],
    }
}

/// Somebody is put down as the sponsor of the one guest of a message. Says whether.
pub(in crate::interpret) fn sponsored(
    scene: &Scene<'_>,
    understood: &mut Understood,
    catalog: &[Entry],
) -> bool {
    const OTHERS: &[&str] =
        &["remove", "removed", "delete", "invite", "whether", "who", "not", "if"];
    let words = own(scene);
    let says = |any: &[&str]| words.iter().any(|at| any.contains(&scene.word(*at)));
    let sign = words.iter().any(|at| {
        scene.word(*at).starts_with("sponsor")
            || (scene.word(*at), scene.word(at + 1)) == ("in", "charge")
    });
    if !sign || says(OTHERS) || !asks(scene) || !quiet(understood, catalog, &["add_sponsor"]) {
        return false;
    }
    let named = |span: &&Span| {
        scene.sentences.around(span.from).is_some()
            && matches!(span.what, What::People(..) | What::Me)
    };
    let people: Vec<(&Span, Value)> = scene
        .lattice
        .spans
        .iter()
        .filter(named)
        .filter_map(|span| Some((span, sure_person(scene, span)?)))
        .collect();
    let guest =
        |value: &Value| value.as_str().is_some_and(|upn| upn.to_lowercase().contains("#ext#"));
    let mut guests: Vec<&Value> =
        people.iter().map(|(_, value)| value).filter(|value| guest(value)).collect();
    guests.dedup();
    let takes = |span: &Span| {
        let ahead = |any: &[&str]| (span.to..span.to + 6).any(|at| any.contains(&scene.word(at)));
        let put = (span.from.saturating_sub(2)..span.from)
            .any(|at| ["put", "add", "make", "note", "register", "set"].contains(&scene.word(at)));
        // "could Ada be put down as her sponsor", "please fill in Ada"
        let filled = (span.from.saturating_sub(3)..span.from)
            .any(|at| ["fill", "enter"].contains(&scene.word(at)) && scene.word(at + 1) == "in");
        let be = ["be", "becomes", "become"].contains(&scene.word(span.to));
        let agreed = ["has", "will", "agreed", "agrees", "takes", "can"]
            .contains(&scene.word(span.to))
            && ahead(&["take", "takes", "taking", "sponsor", "over"]);
        put && ahead(&["sponsor", "down"]) || be && ahead(&["sponsor", "down"]) || filled || agreed
    };
    let mut sponsors: Vec<&(&Span, Value)> =
        people.iter().filter(|(span, value)| !guest(value) && takes(span)).collect();
    sponsors.dedup_by(|one, other| one.1 == other.1);
    let ([guest], [(span, sponsor)]) = (guests.as_slice(), sponsors.as_slice()) else {
        return false;
    };
    let arguments = [("guest", (*guest).clone()), ("sponsor", sponsor.clone())];
    let words = scene.said(span.from, span.to);
    let quoted = scene.sentence(span.from).quoted;
    let reads = |one: &Proposal| one.action != "add_sponsor";
    understood.proposals.retain(|one| reads(one) && !quiet_read(one, catalog));
    understood.questions.retain(|open| open.proposal.action != "add_sponsor");
    understood.proposals.push(made("add_sponsor", &arguments, words, quoted));
    true
}

fn quiet_read(one: &Proposal, catalog: &[Entry]) -> bool {
    catalog.iter().any(|entry| entry.about.id == one.action && entry.about.risk == Risk::Read)
}

/// Somebody comes out of a group and somebody else goes in. Says whether.
pub(in crate::interpret) fn swapped(
    scene: &Scene<'_>,
    understood: &mut Understood,
    catalog: &[Entry],
) -> bool {
    const GROUPED: &[&str] = &["add_to_group", "remove_from_group"];
    if !(scene.asked || asks(scene)) || !quiet(understood, catalog, GROUPED) {
        return false;
    }
    let found = scene.sentences.iter().copied().find_map(|one| swap(scene, one));
    let Some((out, into, group, sentence)) = found else { return false };
    let ahead = |when: &&crate::interpret::dates::When| {
        when.dated
            && !when.now
            && when.from >= sentence.from
            && when.to <= sentence.to
            && !when.past(&scene.context.now)
            && !former(scene, when)
    };
    let mut days = scene.whens.iter().filter(ahead);
    let day = days.next().filter(|day| days.all(|other| other.date == day.date));
    let one = |action: &str, user: Value| {
        let mut arguments = vec![("user", user), ("group", group.clone())];
        if let Some(day) = day {
            arguments.push((slots::AT, Value::String(day.text())));
        }
        made(action, &arguments, scene.said(sentence.from, sentence.to), sentence.quoted)
    };
    understood.proposals.retain(|one| !GROUPED.contains(&one.action.as_str()));
    understood.questions.retain(|open| !GROUPED.contains(&open.proposal.action.as_str()));
    understood.proposals.push(one("remove_from_group", out));
    understood.proposals.push(one("add_to_group", into));
    true
}

/// "X comes out of G and Y goes in".
fn swap(scene: &Scene<'_>, sentence: Sentence) -> Option<(Value, Value, Value, Sentence)> {
    const GOES: &[&str] =
        &["comes", "goes", "come", "go", "steps", "moves", "drops", "is", "should"];
    let person = |at: usize| {
        scene.span(at).filter(|span| span.from == at && matches!(span.what, What::People(..)))
    };
    (sentence.from..sentence.to).find_map(|at| {
        let first = person(at)?;
        // As an order has it: "remove X from G and Y goes in".
        let order =
            scene.word(first.from.wrapping_sub(1)) == "remove" && scene.word(first.to) == "from";
        let out = (first.to + 1..first.to + 4)
            .find(|at| ["out", "off"].contains(&scene.word(*at)))
            .or(order.then_some(first.to))?;
        let goes = |from: usize, to: usize| (from..to).any(|at| GOES.contains(&scene.word(at)));
        if !order && !goes(first.to, out) {
            return None;
        }
        let group = (out + 1..out + 4).find_map(|at| {
            scene.span(at).filter(|span| span.from == at && matches!(span.what, What::Group(_)))
        })?;
        let What::Group(all) = &group.what else { return None };
        let [one] = all.as_slice() else { return None };
        let second = (group.to..group.to + 5).find_map(person)?;
        let and = (group.to..second.from).any(|at| scene.word(at) == "and");
        let inside =
            (second.to + 1..second.to + 4).find(|at| ["in", "on"].contains(&scene.word(*at)))?;
        if !and || !goes(second.to, inside) || second.what == first.what {
            return None;
        }
        let group = Value::String(slots::group_value(scene.index, *one));
        Some((sure_person(scene, first)?, sure_person(scene, second)?, group, sentence))
    })
}

/// "• out of the Sales Team group • into Customer Service": points of a list under a move, which
/// happen with it.
pub(super) fn groups_of_a_move(scene: &Scene<'_>, moved: &Proposal) -> Vec<Proposal> {
    let Some(user) = moved.arguments.get("user") else { return Vec::new() };
    let point = |sentence: &Sentence| {
        let from = (sentence.from..sentence.to).find(|at| scene.tokens[*at].word())?;
        let bullet = from > 0
            && ['-', '•', '*', '–', '·'].iter().any(|mark| scene.tokens[from - 1].is(*mark));
        let action = match (scene.word(from), scene.word(from + 1)) {
            ("out", "of") | ("off", _) => "remove_from_group",
            ("into" | "in" | "onto" | "on", _) => "add_to_group",
            _ => return None,
        };
        let mut spans = scene.lattice.spans_in(sentence.from, sentence.to);
        let (span, None) = (spans.next()?, spans.next()) else { return None };
        let What::Group(all) = &span.what else { return None };
        let ([one], true) = (all.as_slice(), bullet && span.from <= from + 3) else { return None };
        let mut arguments = vec![
            ("user", user.clone()),
            ("group", Value::String(slots::group_value(scene.index, *one))),
        ];
        if let Some(at) = moved.arguments.get(slots::AT) {
            arguments.push((slots::AT, at.clone()));
        }
        Some(made(action, &arguments, scene.said(from, span.to), sentence.quoted))
    };
    scene.sentences.iter().filter_map(point).collect()
}
