//! "His last day is Friday. Close his account that day, his mail goes to Ada": a leaver whose
//! account is closed is offboarded. Where it is only to be blocked, that is done and nothing else.

use serde_json::{Map, Value};

use super::{
    LEAVER, SHUT_OUT,
    absorbed::own,
    asks,
    options::{onward, said_shared, wiped},
};
use crate::{
    domain::proposal::{Because, Proposal, Understood},
    interpret::{dates::When, entities::What, scene::Scene, slots},
};

/// Is an account closed for good, or switched off with something done about mail or devices?
pub(super) fn shuts_out(scene: &Scene<'_>) -> bool {
    const CLOSES: &[&str] =
        &["close", "closed", "closing", "closure", "shut", "kill", "killed", "terminate", "cut"];
    const OFF: &[&str] = &["deactivate", "deactivated", "deactivation"];
    const BLOCKS: &[&str] =
        &["block", "blocked", "disable", "disabled", "suspend", "suspended", "only", "just"];
    let own = own(scene);
    let says = |any: &[&str]| own.iter().any(|at| any.contains(&scene.word(*at)));
    let more = || onward(scene).is_some() || said_shared(scene) || wiped(scene).is_some();
    !says(BLOCKS) && (says(CLOSES) || says(OFF) && more())
}

/// "Her engagement ends on Friday, please block her guest account": a guest has no mailbox and no
/// devices here, and is blocked.
pub(in crate::interpret) fn guests_are_blocked(scene: &Scene<'_>, understood: &mut Understood) {
    const BLOCKS: &[&str] = &["block", "blocked", "disable", "disabled", "deactivate", "suspend"];
    let blocks = own(scene).iter().any(|at| BLOCKS.contains(&scene.word(*at)));
    let guest = |one: &Proposal| {
        let user = one.arguments.get("user").and_then(Value::as_str);
        user.is_some_and(|user| user.to_lowercase().contains("#ext#"))
    };
    if understood.proposals.is_empty() && blocks && asks(scene) {
        understood.proposals.extend(guest_account(scene));
        if !understood.proposals.is_empty() {
            understood.questions.clear();
        }
    }
    for one in &mut understood.proposals {
        if blocks && one.action == LEAVER && guest(one) {
            SHUT_OUT.clone_into(&mut one.action);
            one.arguments.retain(|name, _| name == "user" || name == slots::AT);
        }
    }
}

/// "Please block his guest account on Friday": of the only guest who is named.
fn guest_account(scene: &Scene<'_>) -> Option<Proposal> {
    const NO: &[&str] = &["not", "dont", "if", "whether", "was", "already", "who", "how"];
    let own = own(scene);
    let says = |any: &[&str]| own.iter().any(|at| any.contains(&scene.word(*at)));
    let account =
        own.iter().any(|at| scene.word(*at) == "guest" && scene.word(at + 1) == "account");
    let people = scene.lattice.spans.iter().filter(|span| matches!(span.what, What::People(..)));
    let mut users: Vec<Value> = people.filter_map(|span| slots::sure_person(scene, span)).collect();
    users.dedup();
    let ([user], true, false) = (users.as_slice(), account, says(NO)) else { return None };
    if !user.as_str().is_some_and(|user| user.to_lowercase().contains("#ext#")) {
        return None;
    }
    let mut arguments = Map::new();
    arguments.insert("user".to_owned(), user.clone());
    let ahead = |when: &&When| when.dated && !when.now && !when.past(&scene.context.now);
    let mut days = scene.whens.iter().filter(ahead);
    if let Some(day) = days.next() {
        let time = scene.whens.iter().find(|other| other.date == day.date && other.time.is_some());
        let when = time.unwrap_or(day);
        if days.any(|other| other.date != day.date) {
            return None;
        }
        arguments.insert(slots::AT.to_owned(), Value::String(when.text()));
    }
    let at = own.iter().find(|at| scene.word(**at) == "guest")?;
    let words = scene.said(*at, at + 2);
    let quoted = scene.sentence(*at).quoted;
    let because = vec![Because { words, gave: "action".to_owned(), quoted }];
    Some(Proposal { action: SHUT_OUT.to_owned(), arguments, because })
}
