//! "His last day is Friday. Close his account that day, his mail goes to Ada": a leaver whose
//! account is closed is offboarded. Where it is only to be blocked, that is done and nothing else.

use serde_json::Value;

use super::{
    LEAVER, SHUT_OUT,
    absorbed::own,
    options::{onward, said_shared, wiped},
};
use crate::{
    domain::proposal::{Proposal, Understood},
    interpret::{scene::Scene, slots},
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
    for one in &mut understood.proposals {
        if blocks && one.action == LEAVER && guest(one) {
            SHUT_OUT.clone_into(&mut one.action);
            one.arguments.retain(|name, _| name == "user" || name == slots::AT);
        }
    }
}
