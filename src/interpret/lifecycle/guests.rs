//! A guest of whom several sentences tell: the address in one, the wish in the next, sponsor
//! and groups in a third.
//!
//! Not here: several guests at once.

use serde_json::{Map, Value};

use super::{absorbed::own, asks, names};
use crate::{
    domain::proposal::{Because, Proposal, Understood},
    interpret::{
        entities::{Span, What},
        scene::Scene,
        slots::{self, sure_person},
        text::Sort,
    },
};

const GUEST: &str = "invite_guest";
/// What is said of the one who is invited, and no second wish.
const OF_A_GUEST: &[&str] =
    &[GUEST, "create_user", "onboard_user", "add_sponsor", "add_to_group", "get_group"];

/// Puts together what is said of the one guest of a message.
pub(in crate::interpret) fn guest(scene: &Scene<'_>, understood: &mut Understood) {
    let of_a_guest = |id: &str| OF_A_GUEST.contains(&id);
    let invites = |at: usize| {
        ["invite", "invited", "inviting", "invitation", "guest"].contains(&scene.word(at))
    };
    let own = own(scene);
    let Some(at) = own.iter().copied().find(|at| invites(*at)) else { return };
    let mut addresses = own.iter().copied().filter(|at| outside(scene, *at));
    let (Some(address), None) = (addresses.next(), addresses.next()) else { return };
    let sponsor = sponsor(scene, &own);
    // What is asked for somebody here is another wish, and which is which is not guessed.
    let other = |one: &Proposal| {
        let email = one.arguments.get("email").and_then(Value::as_str);
        let whom = ["user", "guest"].iter().find_map(|name| one.arguments.get(*name));
        !of_a_guest(&one.action)
            || email.is_some_and(|email| email != scene.tokens[address].folded)
            || whom.is_some() && whom != sponsor.as_ref()
    };
    if !asks(scene) || understood.proposals.iter().any(other) {
        return;
    }
    let known = understood.proposals.iter().find(|one| one.action == GUEST);
    let quoted = scene.sentence(at).quoted;
    let mut made = known.cloned().unwrap_or_else(|| Proposal {
        action: GUEST.to_owned(),
        arguments: Map::new(),
        because: vec![Because { words: scene.said(at, at + 1), gave: "action".to_owned(), quoted }],
    });
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            made.arguments.entry(name).or_insert(value);
        }
    };
    put("email", Some(scene.tokens[address].folded.clone().into()));
    let sentence = scene.sentence(address);
    let name = names::newcomer(scene, sentence.from, sentence.to);
    put("display_name", name.map(Value::String));
    let groups = groups(scene, &own, sponsor.as_ref());
    put("sponsor", sponsor);
    put("groups", (!groups.is_empty()).then_some(Value::Array(groups)));
    understood.proposals.retain(|one| !of_a_guest(&one.action));
    understood.questions.retain(|open| !of_a_guest(&open.proposal.action));
    understood.proposals.push(made);
}

/// An address of nobody here.
fn outside(scene: &Scene<'_>, at: usize) -> bool {
    let unknown = scene.span(at).is_none_or(|span| matches!(span.what, What::Nobody));
    scene.tokens[at].sort == Sort::Address && unknown
}

/// "Sponsor is Megan Bowen", "Megan Bowen is sponsoring him", "me as sponsor".
fn sponsor(scene: &Scene<'_>, own: &[usize]) -> Option<Value> {
    let at = own.iter().copied().find(|at| scene.word(*at).starts_with("sponsor"))?;
    let sentence = scene.sentence(at);
    let near = |span: &&Span| {
        let person = matches!(span.what, What::People(..) | What::Me | What::Manager(_));
        let far = if span.to <= at { at - span.to } else { span.from.saturating_sub(at) };
        person && span.from >= sentence.from && span.to <= sentence.to && far <= 6
    };
    let span = scene.lattice.spans.iter().find(near)?;
    sure_person(scene, span)
}

/// Every group that is named in a sentence about nobody else.
fn groups(scene: &Scene<'_>, own: &[usize], sponsor: Option<&Value>) -> Vec<Value> {
    let about_another = |span: &Span| {
        let sentence = scene.sentence(span.from);
        scene.lattice.spans_in(sentence.from, sentence.to).any(|other| {
            matches!(other.what, What::People(..)) && sure_person(scene, other).as_ref() != sponsor
        })
    };
    let mut all = Vec::new();
    for span in scene.lattice.spans.iter().filter(|span| !span.negated) {
        let What::Group(found) = &span.what else { continue };
        let ([one], true) = (found.as_slice(), own.contains(&span.from)) else { continue };
        if about_another(span) {
            continue;
        }
        let value = Value::String(slots::group_value(scene.index, *one));
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}
