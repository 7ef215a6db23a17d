//! Orders beside a leaver become its arguments; orders beside a move happen with it.
//!
//! Not here: telling that somebody leaves.

use serde_json::{Value, json};

use super::{
    LEAVER, MOVER,
    options::{onward, said_shared, wiped},
};
use crate::{
    domain::proposal::{Proposal, Understood},
    interpret::{
        entities::{Span, What},
        scene::Scene,
        slots,
    },
};

/// "New hire: Name: Jane Roe, Job title: Buyer": what is said is said of who starts, and nothing
/// of it is done to the Jane Roe who is there.
pub(in crate::interpret) fn not_the_namesake(scene: &Scene<'_>, understood: &mut Understood) {
    let starts = |one: &&Proposal| ["onboard_user", "create_user"].contains(&one.action.as_str());
    let name = |one: &Proposal| Some(one.arguments.get("display_name")?.as_str()?.to_lowercase());
    let new: Vec<String> = understood.proposals.iter().filter(starts).filter_map(name).collect();
    if new.is_empty() {
        return;
    }
    understood.proposals.retain(|one| {
        let upn = one.arguments.get("user").and_then(Value::as_str);
        let namesake = upn.and_then(|upn| scene.index.person(upn));
        !namesake.is_some_and(|person| new.contains(&person.name.to_lowercase()))
    });
}

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
    let forward = forward.or_else(|| onward(scene).map(|(_, to)| to));
    // "leaver: Ada, laptop wiped": hers who leaves, unless only one of them is meant.
    let only = own(scene)
        .into_iter()
        .any(|at| ["only", "not", "dont", "keep", "keeps", "but"].contains(&scene.word(at)));
    let erased = understood.proposals.iter().filter(|one| one.action == "wipe_device").count();
    let theirs = (erased == 1 && leavers.len() == 1 && !only).then_some(true);
    let wipe = wiped(scene).or(theirs);
    if !only && leavers.len() > 1 {
        each_device(scene, understood, &leavers);
    }
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
    // "… afterwards no more": nothing stops whoever gets it.
    understood.proposals.retain(|one| {
        one.action != "remove_forwarding"
            || forward.is_none()
            || one.arguments.get("mailbox") != forward.as_ref()
    });
    // "Lee and I need access to his mailbox": his who leaves, and not Lee's.
    if let [leaver] = leavers.as_slice()
        && own(scene).into_iter().any(|at| needs_access(scene, at))
    {
        understood.proposals.retain(|one| {
            one.action != "add_mailbox_permission"
                || one.arguments.get("mailbox").and_then(Value::as_str) == Some(leaver)
        });
    }
    let delegates = delegates(scene, &understood.proposals);
    let readers: Vec<Value> =
        delegates.iter().filter_map(|one| one.arguments.get("user").cloned()).collect();
    understood.proposals.extend(delegates);
    let gone = |one: &Proposal| match one.action.as_str() {
        "set_forwarding" => of_leaver(one, "mailbox", &leavers),
        // "… her mails to Grace. Also convert her mailbox": hers who leaves.
        "convert_to_shared_mailbox" => {
            let read = one.arguments.get("mailbox").is_some_and(|of| readers.contains(of));
            of_leaver(one, "mailbox", &leavers)
                || shared && (read || one.arguments.get("mailbox") == forward.as_ref())
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

/// The own words among the tokens, outside quotation marks.
pub(super) fn own(scene: &Scene<'_>) -> Vec<usize> {
    let all = scene.sentences.iter().flat_map(|sentence| sentence.from..sentence.to);
    all.filter(|at| !scene.lattice.literal[*at]).collect()
}

/// "Mailbox: …, delegate to Lee Gu", "let Jean-Luc open it", "give Wei Li access to her mailbox":
/// rights of their own, at the leaver's time.
pub(in crate::interpret) fn delegates(scene: &Scene<'_>, proposals: &[Proposal]) -> Vec<Proposal> {
    let mut leavers = proposals.iter().filter(|one| one.action == LEAVER);
    let (Some(leaver), None) = (leavers.next(), leavers.next()) else { return Vec::new() };
    let known = proposals.iter().any(|one| one.action == "add_mailbox_permission");
    let Some(mailbox) = leaver.arguments.get("user").filter(|_| !known) else { return Vec::new() };
    let mut all: Vec<Proposal> = Vec::new();
    for span in own(scene).into_iter().flat_map(|at| opened_to(scene, at)) {
        let Some(user) = slots::sure_person(scene, span).filter(|user| user != mailbox) else {
            continue;
        };
        let mut arguments = serde_json::Map::new();
        arguments.insert("mailbox".to_owned(), mailbox.clone());
        arguments.insert("user".to_owned(), user);
        arguments.insert("permission".to_owned(), json!("full_access"));
        if let Some(when) = leaver.arguments.get(slots::AT) {
            arguments.insert(slots::AT.to_owned(), when.clone());
        }
        let action = "add_mailbox_permission".to_owned();
        let because = leaver.because.clone();
        if !all.iter().any(|one| one.arguments == arguments) {
            all.push(Proposal { action, arguments, because });
        }
    }
    all
}

/// "… need access to his mailbox", by this word.
fn needs_access(scene: &Scene<'_>, at: usize) -> bool {
    ["need", "needs", "require", "requires"].contains(&scene.word(at))
        && scene.word(at + 1) == "access"
        && (["his", "her", "their"].contains(&scene.word(at + 3))
            && ["mailbox", "inbox", "mails"].contains(&scene.word(at + 4))
            // "mailbox shared, I need access"
            || scene.tokens.get(at + 2).is_none_or(|next| !next.word())
                && (scene.sentence(at).from..at).any(|at| scene.word(at) == "mailbox"))
}

/// To whom a leaver's mailbox is opened by this word.
fn opened_to<'s>(scene: &'s Scene<'_>, at: usize) -> Vec<&'s Span> {
    if needs_access(scene, at) {
        let person = |span: &&Span| matches!(span.what, What::People(..) | What::Me);
        return scene.lattice.spans_in(scene.sentence(at).from, at).filter(person).collect();
    }
    let may = able(scene, at);
    if may.is_empty() { opened_to_one(scene, at).into_iter().collect() } else { may }
}

/// "Ada must be able to read it", "Ada and I should have access to his mailbox", by the word for
/// looking in.
fn able<'s>(scene: &'s Scene<'_>, at: usize) -> Vec<&'s Span> {
    const LOOKS: &[&str] = &["open", "read", "see", "access", "view"];
    const MAY: &[&str] = &[
        "must", "should", "needs", "need", "can", "could", "has", "wants", "will", "shall", "may",
        "ought", "requires", "require",
    ];
    const BACK_MAX: usize = 7;
    let sentence = scene.sentence(at);
    let ahead = at + 1..sentence.to.min(at + 5);
    let its = ahead.clone().any(|at| {
        ["it", "mailbox", "inbox", "mails", "emails", "correspondence"].contains(&scene.word(at))
    });
    let other = ahead.into_iter().any(|at| {
        scene.span(at).is_some_and(|span| matches!(span.what, What::Group(_) | What::Named(_)))
    });
    let from = sentence.from.max(at.saturating_sub(BACK_MAX));
    let modal = (from..at).find(|at| MAY.contains(&scene.word(*at)));
    let denied = (from..at).any(|at| ["not", "no", "never", "without"].contains(&scene.word(at)));
    let (true, false, Some(modal)) =
        (LOOKS.contains(&scene.word(at)) && its, other || denied, modal)
    else {
        return Vec::new();
    };
    let mut found: Vec<&Span> = Vec::new();
    let mut end = modal;
    let before: Vec<&Span> = scene.lattice.spans_in(sentence.from, modal).collect();
    for span in before.into_iter().rev() {
        let joined = (span.to..end).all(|at| {
            ["and", "also"].contains(&scene.word(at))
                || scene.tokens[at].is('&')
                || scene.tokens[at].is(',')
        });
        if !joined || !matches!(span.what, What::People(..) | What::Me) {
            break;
        }
        found.push(span);
        end = span.from;
    }
    found.reverse();
    found
}

fn opened_to_one<'s>(scene: &'s Scene<'_>, at: usize) -> Option<&'s Span> {
    const OPENS: &[&str] = &["open", "read", "see", "access", "into"];
    let person = |from: usize| {
        scene.span(from).filter(|span| span.from == from && matches!(span.what, What::People(..)))
    };
    let (word, next) = (scene.word(at), scene.word(at + 1));
    if ["delegate", "delegated"].contains(&word) && next == "to" {
        return person(at + 2);
    }
    let sentence = scene.sentence(at);
    let mailbox = (sentence.from..sentence.to).any(|at| {
        ["mailbox", "inbox", "mails", "mail", "correspondence"].contains(&scene.word(at))
    });
    let span = match word {
        "let" | "give" | "grant" | "gives" | "allow" => person(at + 1)?,
        "access" if next == "for" => person(at + 2)?,
        _ => return None,
    };
    let denied = (at.saturating_sub(3)..at)
        .any(|at| ["not", "dont", "no", "without", "never"].contains(&scene.word(at)));
    let near = span.to..sentence.to.min(span.to + 5);
    // "… access to it", "… open her mailbox", and not "… access to Project Atlas"
    let opens = word == "access" || near.clone().any(|at| OPENS.contains(&scene.word(at)));
    let other = near.into_iter().any(|at| {
        scene
            .span(at)
            .is_some_and(|span| matches!(span.what, What::Group(_) | What::Sku(_) | What::Named(_)))
    });
    (mailbox && opens && !other && !denied).then_some(span)
}

/// "that day", "on the same date".
pub(super) fn that_day(scene: &Scene<'_>) -> bool {
    own(scene).into_iter().any(|at| {
        ["same", "that"].contains(&scene.word(at)) && ["day", "date"].contains(&scene.word(at + 1))
    })
}

/// "On the same day take her out of the group": what is asked for beside a move or a leaver
/// happens with it, where that is said.
pub(in crate::interpret) fn with_it(scene: &Scene<'_>, understood: &mut Understood) {
    let said = that_day(scene)
        || own(scene).into_iter().any(|at| {
            let next = scene.tokens.get(at + 1);
            scene.word(at) == "then" && !next.is_some_and(super::super::text::Token::word)
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

/// "Both leave on Friday, wipe Ada's laptop": a part of Ada's leaving.
fn each_device(scene: &Scene<'_>, understood: &mut Understood, leavers: &[String]) {
    let owner = |one: &Proposal| {
        let device = one.arguments.get("device")?.as_str()?;
        let named = scene.index.named.iter().find(|named| named.value == device)?;
        named.owner.clone().filter(|owner| leavers.contains(owner))
    };
    let wiped: Vec<String> = understood
        .proposals
        .iter()
        .filter(|one| one.action == "wipe_device")
        .filter_map(owner)
        .collect();
    understood.proposals.retain(|one| one.action != "wipe_device" || owner(one).is_none());
    for one in understood.proposals.iter_mut().filter(|one| one.action == LEAVER) {
        let user = one.arguments.get("user").and_then(Value::as_str);
        if user.is_some_and(|user| wiped.iter().any(|owner| owner == user)) {
            one.arguments.insert("wipe_devices".to_owned(), json!(true));
        }
    }
}
