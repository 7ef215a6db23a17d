//! Orders beside a leaver become its arguments; orders beside a move happen with it.
//!
//! Not here: telling that somebody leaves.

use serde_json::{Value, json};

use super::{LEAVER, MOVER};
use crate::{
    domain::proposal::{Proposal, Understood},
    interpret::{
        entities::{Span, What},
        scene::Scene,
        slots,
    },
};

/// Orders beside a leaver become its arguments: forwarding, the conversion, wiping.
pub(in crate::interpret) fn absorb(scene: &Scene<'_>, understood: &mut Understood) {
    let leavers: Vec<String> = understood
        .proposals
        .iter()
        .filter(|one| one.action == LEAVER)
        .filter_map(|one| one.arguments.get("user")?.as_str().map(str::to_owned))
        .collect();
    if leavers.is_empty() {
        return;
    }
    let forward = understood
        .proposals
        .iter()
        .find(|one| one.action == "set_forwarding" && of_leaver(one, "mailbox", &leavers));
    let forward = forward.and_then(|one| one.arguments.get("forward_to").cloned());
    let forward = forward.or_else(|| onward(scene));
    let wipe = wiped(scene);
    let shared = said_shared(scene);
    // "… and have his mail forwarded to Lynne": she stays.
    understood.proposals.retain(|one| {
        one.action != LEAVER || forward.is_none() || one.arguments.get("user") != forward.as_ref()
    });
    for one in understood.proposals.iter_mut().filter(|one| one.action == LEAVER) {
        if let Some(to) = &forward {
            one.arguments.insert("forward_to".to_owned(), to.clone());
        }
        if let Some(wipe) = wipe {
            one.arguments.insert("wipe_devices".to_owned(), json!(wipe));
        }
        if shared {
            one.arguments.insert("convert_mailbox".to_owned(), json!(true));
        }
    }
    let delegate = delegate(scene, &understood.proposals);
    understood.proposals.extend(delegate);
    let gone = |one: &Proposal| match one.action.as_str() {
        "set_forwarding" => of_leaver(one, "mailbox", &leavers),
        // "… her mails to Grace. Also convert her mailbox": hers who leaves.
        "convert_to_shared_mailbox" => {
            of_leaver(one, "mailbox", &leavers)
                || shared && one.arguments.get("mailbox") == forward.as_ref()
        }
        "wipe_device" => wipe.is_some(),
        _ => false,
    };
    understood.proposals.retain(|one| !gone(one));
    understood.questions.retain(|open| {
        !["set_forwarding", "convert_to_shared_mailbox", "wipe_device", LEAVER]
            .contains(&open.proposal.action.as_str())
    });
}

fn of_leaver(one: &Proposal, argument: &str, leavers: &[String]) -> bool {
    let of = one.arguments.get(argument).and_then(Value::as_str);
    of.is_some_and(|of| leavers.iter().any(|leaver| leaver == of))
}

/// Not said of it: "no", "without", "do not" within a few words before.
fn denied(scene: &Scene<'_>, at: usize) -> bool {
    (1..=3)
        .filter_map(|back| at.checked_sub(back))
        .any(|at| ["no", "not", "dont", "without", "never", "nor"].contains(&scene.word(at)))
}

/// The own words among the tokens, outside quotation marks.
pub(super) fn own(scene: &Scene<'_>) -> Vec<usize> {
    let all = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    all.filter(|at| !scene.lattice.literal[*at]).collect()
}

/// "wipe his devices", "Devices: wipe", "all her devices are wiped"; false: "without wiping".
fn wiped(scene: &Scene<'_>) -> Option<bool> {
    const WIPES: &[&str] = &["wipe", "wiped", "wiping", "erase", "erased"];
    const DEVICES: &[&str] = &["devices", "equipment"];
    let at = own(scene).into_iter().find(|at| WIPES.contains(&scene.word(*at)))?;
    let near = (at.saturating_sub(5)..at + 6).any(|at| {
        let each = ["every", "each", "any", "all"].contains(&scene.word(at));
        DEVICES.contains(&scene.word(at)) || each && scene.word(at + 1) == "device"
    });
    near.then(|| !denied(scene, at) && !filled_in_no(scene, at))
}

/// "Wipe devices: NO", "wipe devices? no".
fn filled_in_no(scene: &Scene<'_>, at: usize) -> bool {
    let end = scene.sentence(at).to.max(at + 1);
    let mut behind = (at + 1..end).skip_while(|at| scene.tokens[*at].word());
    let marked = behind.next().is_some();
    let value = behind.find(|at| scene.tokens[*at].word());
    marked && value.is_some_and(|at| ["no", "none", "n", "false", "not"].contains(&scene.word(at)))
}

/// "convert her mailbox to a shared one", "Mailbox: convert to shared".
fn said_shared(scene: &Scene<'_>) -> bool {
    own(scene).into_iter().any(|at| {
        ["convert", "converted", "turn", "make"].contains(&scene.word(at))
            && (at + 1..at + 8).any(|at| scene.word(at) == "shared")
            && !denied(scene, at)
    })
}

/// "forward her emails to her manager", "Forward to: Lee Gu".
fn onward(scene: &Scene<'_>) -> Option<Value> {
    let own = own(scene);
    let forward = own.iter().copied().find(|at| {
        let words =
            ["forward", "forwarded", "redirect", "redirected", "forwarding", "send", "sent"];
        let mails = (at.saturating_sub(4)..at + 5)
            .any(|near| ["mail", "mails", "email", "emails"].contains(&scene.word(near)));
        let sends = ["send", "sent"].contains(&scene.word(*at));
        words.contains(&scene.word(*at)) && (mails || !sends) && !denied(scene, *at)
    });
    // "mails to Katherine Doyle please"
    let mails = || {
        own.iter().copied().find(|at| {
            ["mails", "emails"].contains(&scene.word(*at))
                && scene.word(at + 1) == "to"
                && !denied(scene, *at)
        })
    };
    let at = forward.or_else(mails)?;
    let end = scene.sentence(at).to;
    let to = (at + 1..end).find(|at| ["to", "onto"].contains(&scene.word(*at)))?;
    let mut from = to + 1;
    while from < end && (scene.tokens[from].is(':') || scene.word(from) == "the") {
        from += 1;
    }
    let span = scene.lattice.spans.iter().find(|span| span.from == from && span.person())?;
    slots::sure_person(scene, span)
}

/// "Mailbox: …, delegate to Lee Gu": a right of its own, at the leaver's time.
fn delegate(scene: &Scene<'_>, proposals: &[Proposal]) -> Option<Proposal> {
    if proposals.iter().any(|one| one.action == "add_mailbox_permission") {
        return None;
    }
    let mut leavers = proposals.iter().filter(|one| one.action == LEAVER);
    let (Some(leaver), None) = (leavers.next(), leavers.next()) else { return None };
    let at = own(scene).into_iter().find(|at| {
        ["delegate", "delegated"].contains(&scene.word(*at)) && scene.word(at + 1) == "to"
    })?;
    let after = |span: &&Span| span.from == at + 2 && matches!(span.what, What::People(..));
    let span = scene.lattice.spans.iter().find(after)?;
    let mut arguments = serde_json::Map::new();
    arguments.insert("mailbox".to_owned(), leaver.arguments.get("user")?.clone());
    arguments.insert("user".to_owned(), slots::sure_person(scene, span)?);
    arguments.insert("permission".to_owned(), json!("full_access"));
    if let Some(when) = leaver.arguments.get(slots::AT) {
        arguments.insert(slots::AT.to_owned(), when.clone());
    }
    Some(Proposal {
        action: "add_mailbox_permission".to_owned(),
        arguments,
        because: leaver.because.clone(),
    })
}

/// "On the same day take her out of the group": what is asked for beside a move or a leaver
/// happens with it, where that is said.
pub(in crate::interpret) fn with_it(scene: &Scene<'_>, understood: &mut Understood) {
    let said = own(scene).into_iter().any(|at| {
        let (word, next) = (scene.word(at), scene.word(at + 1));
        ["same", "that"].contains(&word) && ["day", "date"].contains(&next)
            || word == "then"
                && (next == "."
                    || !scene.tokens.get(at + 1).is_some_and(super::super::text::Token::word))
    });
    let moved =
        understood.proposals.iter().find(|one| [LEAVER, MOVER].contains(&one.action.as_str()));
    let Some(moved) = moved.filter(|_| said) else { return };
    let (Some(user), Some(at)) =
        (moved.arguments.get("user").cloned(), moved.arguments.get(slots::AT).cloned())
    else {
        return;
    };
    for one in &mut understood.proposals {
        let theirs = ["user", "mailbox"].iter().any(|name| one.arguments.get(*name) == Some(&user));
        if theirs && !one.arguments.contains_key(slots::AT) {
            one.arguments.insert(slots::AT.to_owned(), at.clone());
        }
    }
}
