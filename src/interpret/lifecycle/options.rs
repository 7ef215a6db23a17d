//! What is to become of a leaver's mail, mailbox and devices, in whatever words.
//!
//! - [`onward`]      who gets the mail from then on
//! - [`said_shared`] is the mailbox to be a shared one
//! - [`wiped`]       are the devices to be wiped
//!
//! Not here: orders about the mail of somebody who stays; those are frames.

use serde_json::Value;

use super::absorbed::own;
use crate::interpret::{
    entities::{Span, What},
    scene::Scene,
    slots,
};

/// Not said of it: "no", "without", "do not", "not necessary to" within a few words before.
fn denied(scene: &Scene<'_>, at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map_or("", |at| scene.word(at));
    let no = |back: usize| {
        ["no", "not", "dont", "without", "never", "nor", "neither", "exclude", "excluding"]
            .contains(&word(back))
    };
    // "There is no forwarding, convert it": said of something else.
    (1..=3).any(|back| no(back) && (1..back).all(|back| scene.tokens[at - back].word()))
        || ["need", "necessary", "needed"].contains(&word(2)) && (3..=4).any(no)
}

/// "wipe his devices", "Devices: wipe", "all her devices are wiped"; false: "without wiping".
pub(in crate::interpret) fn wiped(scene: &Scene<'_>) -> Option<bool> {
    const WIPES: &[&str] = &["wipe", "wiped", "wiping", "erase", "erased"];
    const DEVICES: &[&str] = &[
        "kit",
        "everything",
        "hardware",
        "machine",
        "machines",
        "laptops",
        "devices",
        "equipment",
    ];
    let at = own(scene).into_iter().find(|at| WIPES.contains(&scene.word(*at)))?;
    // "offboard Ada, mail to Lee, and wipe her laptop": hers who leaves, and not Lee's.
    let hers = ["her", "his", "their"].contains(&scene.word(at + 1))
        && slots::is_device(scene.word(at + 2));
    let near =
        hers || (at.saturating_sub(5)..at + 6).any(|at| {
            let each = ["every", "each", "any", "all"].contains(&scene.word(at));
            DEVICES.contains(&scene.word(at)) || each && scene.word(at + 1) == "device"
        }) || at > 0 && scene.word(at - 1) == "device";
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

/// Words that lead from a mailbox to what it becomes.
const BECOMES: &[&str] = &[
    "to",
    "into",
    "as",
    "in",
    "a",
    "an",
    "the",
    "one",
    "be",
    "become",
    "becomes",
    "becoming",
    "is",
    "made",
    "turned",
    "converted",
    "changed",
    "set",
    "should",
    "must",
    "can",
    "will",
    "and",
    "needs",
    "need",
    "kept",
    "stay",
    "stays",
    "left",
    "goes",
    "switched",
    "transformed",
    "then",
    "please",
    "him",
    "her",
    "them",
    "it",
    "over",
    "shall",
    "could",
    "being",
    "get",
    "getting",
];
/// What is done with it.
const CONVERTS: &[&str] = &[
    "convert",
    "converted",
    "converting",
    "conversion",
    "turn",
    "turned",
    "turning",
    "make",
    "made",
    "transform",
    "transformed",
    "change",
    "changed",
    "switch",
    "switched",
    "put",
    "set",
    "leave",
    "keep",
    "flip",
    "flipped",
    "move",
    "moved",
];

/// "convert her mailbox to a shared one", "Mailbox: convert to shared", "put his mailbox as
/// shared", "mailbox -> shared".
pub(in crate::interpret) fn said_shared(scene: &Scene<'_>) -> bool {
    let own = own(scene);
    let mailbox = |at: usize| {
        ["mailbox", "inbox", "mailboxes"].contains(&scene.word(at))
            && scene.span(at).is_none_or(|span| !matches!(span.what, What::Named(_)))
    };
    // "the mailbox is to be converted"
    let converted = own.iter().any(|at| {
        let sentence = scene.sentence(*at);
        let near = sentence.from.max(at.saturating_sub(6))..sentence.to.min(at + 5);
        ["convert", "converted"].contains(&scene.word(*at))
            && near.into_iter().any(mailbox)
            && !denied(scene, *at)
            && !filled_in_no(scene, *at)
    });
    converted
        || own.into_iter().filter(|at| scene.word(*at) == "shared").any(|shared| {
            let from = scene.sentence(shared).from.max(shared.saturating_sub(9));
            let verb = (from..shared).rev().find(|at| CONVERTS.contains(&scene.word(*at)));
            let box_at = (from..shared).rev().find(|at| mailbox(*at));
            // "access to the shared mailbox": nothing becomes it.
            let led = box_at.is_some_and(|at| {
                (at + 1..shared).all(|at| {
                    !scene.tokens[at].word() && !scene.tokens[at].is(',')
                        || BECOMES.contains(&scene.word(at))
                })
            });
            let becomes = verb.is_some_and(|verb| {
                let strong = ["convert", "transform", "conver", "turn"];
                let strong = strong.iter().any(|stem| scene.word(verb).starts_with(stem));
                let its = ["it", "his", "her", "their"];
                let one = (verb..shared).any(|at| its.contains(&scene.word(at)));
                let into = (shared.saturating_sub(2)..shared)
                    .any(|at| ["to", "into", "as", "in"].contains(&scene.word(at)));
                strong || box_at.is_some_and(|at| at > verb) && into || one && into
            });
            let denies = verb.is_some_and(|verb| denied(scene, verb))
                || box_at.is_some_and(|at| denied(scene, at))
                || denied(scene, shared);
            // "…, shared mailbox, wipe everything"
            let mark = |at: Option<usize>| {
                at.and_then(|at| scene.tokens.get(at)).is_none_or(|token| !token.word())
            };
            let alone = scene.word(shared + 1) == "mailbox"
                && mark(shared.checked_sub(1))
                && mark(Some(shared + 2));
            (led || becomes || alone) && !denies
        })
}

const MAILS: &[&str] = &[
    "mail",
    "mails",
    "email",
    "emails",
    "messages",
    "message",
    "correspondence",
    "post",
    "inbox",
    "anything",
    "mailbox",
];
/// Mail is sent on by these, and nothing else is, …
const FORWARDS: &[&str] = &[
    "forward",
    "forwarded",
    "forwards",
    "forwarding",
    "redirect",
    "redirected",
    "redirecting",
    "redirection",
    "reroute",
    "rerouted",
    "divert",
    "diverted",
    "fwd",
];
/// … and by these, if it is mail.
const SENDS: &[&str] = &[
    "send",
    "sent",
    "go",
    "goes",
    "going",
    "direct",
    "directed",
    "pass",
    "passed",
    "transfer",
    "transferred",
    "come",
    "comes",
    "land",
    "arrive",
    "reach",
    "route",
    "routed",
    "delivered",
];
/// So many words may stand between the verb and the mail, or whom it goes to.
const NEAR: usize = 9;

/// "forward her emails to her manager", "Forward to: Lee Gu", "the incoming mails go to Lee",
/// "her mail should come to me".
pub(in crate::interpret) fn onward(scene: &Scene<'_>) -> Option<(usize, Value)> {
    own(scene).into_iter().find_map(|at| onward_at(scene, at))
}

/// The same, said by this word.
pub(super) fn onward_at(scene: &Scene<'_>, at: usize) -> Option<(usize, Value)> {
    let mails = |at: usize| MAILS.contains(&scene.word(at));
    let sentence = scene.sentence(at);
    let forwards = FORWARDS.contains(&scene.word(at));
    let sends = SENDS.contains(&scene.word(at));
    // "mails to Katherine Doyle please"
    let next = scene.tokens.get(at + 1);
    let arrow = next.is_some_and(|next| next.is('-') || next.is('→') || next.is('>'));
    let onto = |at: usize| scene.span(at).is_some_and(|span| span.from == at && span.person());
    let bare = mails(at)
        && scene.word(at) != "mailbox"
        && (scene.word(at + 1) == "to" || scene.word(at + 1) == "for" && onto(at + 2) || arrow);
    if let Some(found) = had(scene, at).filter(|_| !denied(scene, at)) {
        return Some(found);
    }
    let from = sentence.from.max(at.saturating_sub(NEAR));
    let near = || {
        // A comma parts what is sent from other things.
        let before = (from..at)
            .rev()
            .take_while(|at| !scene.tokens[*at].is(',') && !scene.tokens[*at].is(':'));
        before.into_iter().any(mails) || (at + 1..sentence.to.min(at + 6)).any(mails)
    };
    if denied(scene, at) || !(forwards || bare || sends && near()) {
        return None;
    }
    let end = sentence.to.min(at + NEAR);
    let to = |to: &usize| {
        ["to", "onto", "at"].contains(&scene.word(*to))
            || bare
                && (scene.word(*to) == "for"
                    || scene.tokens[*to].is('>')
                    || scene.tokens[*to].is('→'))
            || forwards && scene.word(*to) == "for" && scene.word(at).ends_with("ion")
    };
    (at + 1..end).filter(to).find_map(|to| {
        let skip = |at: &usize| {
            scene.tokens[*at].is(':')
                || ["the", "our", "colleague", "both"].contains(&scene.word(*at))
        };
        let from = to + 1 + (to + 1..end).take_while(skip).count();
        let span = scene.span(from).filter(|span| span.from == from && span.person())?;
        Some((from, slots::sure_person(scene, span)?))
    })
}

/// "let me have his mail", "Ada is to receive her mails", "Bo wants his mail": whoever has them.
fn had(scene: &Scene<'_>, at: usize) -> Option<(usize, Value)> {
    const HAS: &[&str] = &["have", "get", "gets", "receive", "receives", "wants", "want", "takes"];
    const NEAR: usize = 4;
    let sentence = scene.sentence(at);
    if !HAS.contains(&scene.word(at)) {
        return None;
    }
    let mail = (at + 1..sentence.to.min(at + 1 + NEAR))
        .find(|at| ["mail", "mails", "email", "emails", "post"].contains(&scene.word(*at)))?;
    // "gets mail from customers", "has mail access"
    let theirs = (at + 1..mail).any(|at| {
        ["his", "her", "their", "the", "incoming"].contains(&scene.word(at))
            || scene.tokens[at].possessive
    });
    let before = scene.lattice.spans_in(sentence.from, at);
    let person = |span: &&Span| matches!(span.what, What::People(..) | What::Me);
    let span = before.filter(person).last().filter(|span| theirs && span.to + 5 > at)?;
    Some((span.from, slots::sure_person(scene, span)?))
}
