//! A fitting frame → complete proposals, or what must be asked. Nothing is chosen
//! between candidates that match equally well, except by what the message says.
//!
//! - [`mod@people`] whom; [`lists`] several people at once, owners, guests
//! - [`things`] which group, which licence
//! - [`named`]  which device, mailbox, role, policy, app, workbook; who else
//! - [`mail`]   whose mailbox and for whom; [`forwarding`] where mail goes on to
//! - [`texts`]  names of new things, one of a few values, properties; [`value_end`] where those end;
//!   [`figures`] numbers, labels
//! - [`times`]  when, and what a reply says; [`nearer`] which of two; [`lasting`] until when something is given
//! - [`newcomer`] what is said of somebody new, [`posts`] and as what they start; [`reporting`] under whom; [`managers`] whose manager, and who
//! - [`circles`] groups and people of a policy, what a list is narrowed to
//! - [`rows`]   worksheets and cells
//!
//! Not here: whether it can be done.

mod circles;
mod figures;
mod forwarding;
mod lasting;
mod lists;
mod mail;
mod managers;
mod named;
mod nearer;
mod newcomer;
mod people;
mod posts;
mod reporting;
mod rows;
mod texts;
mod things;
mod times;
mod value_end;

pub(in crate::interpret) use figures::figure;
pub(in crate::interpret) use named::is_device;
pub(in crate::interpret) use newcomer::{labelled, phrase};
pub(in crate::interpret) use people::person;
pub use people::{which_person, whom};
pub(in crate::interpret) use rows::{cells_behind, sheet};
pub(in crate::interpret) use texts::{is_property, property};
pub use things::swaps_licences;
pub(in crate::interpret) use things::{group_value, sku_value};

use serde_json::{Map, Value};

use self::{
    people::people,
    things::{groups, licences},
    times::{bound, change_at_sign_in, message, schedule},
};
use crate::{
    actions::{
        Entry,
        wording::{Detail, Slot},
    },
    domain::{
        area::Risk,
        proposal::{Because, Open, Proposal},
        trouble::{Ask, Question},
    },
    interpret::{clauses::Predicate, entities::Span, frames::Fit, lifecycle, scene::Scene},
};

/// The argument that says when to run, for the desk: it is no action's own.
pub const AT: &str = crate::domain::form::AT;

/// A value, or why there is none.
#[derive(Debug, Clone)]
pub(in crate::interpret) enum Filled {
    Value(Value, Option<Because>),
    Ask(Question),
    Absent,
}

/// At most so many proposals come from one predicate.
const PRODUCT_MAX: usize = 40;

/// Fills a frame's slots.
pub fn fill(
    scene: &Scene<'_>,
    predicate: &Predicate,
    fit: &Fit<'_>,
    memory: &[Span],
) -> (Vec<Proposal>, Vec<Open>) {
    let mut rows: Vec<Vec<(&str, Filled)>> = vec![Vec::new()];
    let has = |wanted: Slot| fit.entry.about.wording.slots.iter().any(|(_, slot)| *slot == wanted);
    // "update her display name to Ada Park": what it becomes is nobody it is done to.
    let narrow = has(Slot::Fields).then(|| texts::before_values(scene, predicate)).flatten();
    for (argument, slot) in fit.entry.about.wording.slots {
        let off = fit.frame.sets.contains(&"off");
        if off && matches!(slot, Slot::Message | Slot::Start | Slot::End) {
            continue;
        }
        let next: Vec<Vec<(&str, Filled)>> = rows
            .iter()
            .flat_map(|row| {
                let person = row.first().map(|(_, filled)| filled);
                let narrow = narrow.as_ref().filter(|_| *slot == Slot::Person);
                let values = values(scene, narrow.unwrap_or(predicate), *slot, person, memory);
                values
                    .into_iter()
                    .map(|value| {
                        let mut row = row.clone();
                        row.push((*argument, value));
                        row
                    })
                    .collect::<Vec<_>>()
            })
            .take(PRODUCT_MAX)
            .collect();
        rows = next;
    }
    let (mut proposals, mut opens) = (Vec::new(), Vec::new());
    for row in rows {
        let mut proposal = Proposal {
            action: fit.entry.about.id.to_owned(),
            arguments: Map::new(),
            because: vec![because(
                scene,
                predicate.verb,
                predicate.verb + 1,
                "action",
                predicate.quoted,
            )],
        };
        for argument in fit.frame.sets {
            proposal.arguments.insert((*argument).to_owned(), Value::Bool(true));
        }
        let mut question = None;
        for (argument, filled) in row {
            match filled {
                Filled::Value(value, why) => {
                    proposal.arguments.insert(argument.to_owned(), value);
                    proposal
                        .because
                        .extend(why.map(|why| Because { gave: argument.to_owned(), ..why }));
                }
                Filled::Ask(asked) => question = question.or(Some((argument, asked))),
                Filled::Absent => {}
            }
        }
        // A reply has its own times; a date in a row is a cell.
        let timeless = [Slot::FirstDay, Slot::LastDay, Slot::Message, Slot::Cells, Slot::Worksheet]
            .into_iter()
            .any(has);
        if !timeless
            && fit.entry.about.risk != Risk::Read
            && let Some(asked) = schedule(scene, predicate, &mut proposal)
        {
            question = question.or(Some((AT, asked)));
        }
        if question.is_none()
            && let Some((argument, ask)) = impossible(scene, &proposal)
        {
            proposal.arguments.remove(argument);
            question = Some((argument, Question { ask, said: None, choices: Vec::new() }));
        }
        match question {
            None => proposals.push(proposal),
            Some((argument, question)) => {
                opens.push(Open { proposal, argument: argument.to_owned(), question });
            }
        }
    }
    (proposals, opens)
}

/// An argument that cannot be what was meant, and what is asked instead.
fn impossible(scene: &Scene<'_>, proposal: &Proposal) -> Option<(&'static str, Ask)> {
    let name = || no_name(scene, proposal).then_some(("display_name", Ask::WhatName));
    let changes = || {
        // "rename the policy": nothing of it would change.
        let nothing = proposal.arguments.keys().all(|name| ["policy", AT].contains(&name.as_str()));
        (proposal.action == "update_ca_policy" && nothing)
            .then_some(("display_name", Ask::WhatName))
    };
    doubled(proposal).map(|argument| (argument, Ask::Whom)).or_else(name).or_else(changes)
}

/// Whoever starts is not called like their manager, their department or a pronoun.
fn no_name(scene: &Scene<'_>, proposal: &Proposal) -> bool {
    if !["onboard_user", "create_user"].contains(&proposal.action.as_str()) {
        return false;
    }
    let text = |name: &str| proposal.arguments.get(name).and_then(Value::as_str);
    let Some(name) = text("display_name") else { return false };
    // "make it free again": the sentence before is no name.
    if name.split_whitespace().count() > 5 {
        return true;
    }
    let manager = text("manager").and_then(|upn| scene.index.person(upn));
    let begins = name.split_whitespace().next().unwrap_or_default();
    let word = begins.to_lowercase();
    let place = scene.index.department(&name.to_lowercase());
    // "an account for a new Warehouse Clerk": that is a post.
    let last = name.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let post = lifecycle::is_post(&last) && (!name.contains(' ') || behind_an_article(scene, name));
    place
        || post
        || manager.is_some_and(|manager| manager.name == name)
        || ["i", "under", "we", "he", "she", "they", "the", "a", "our"].contains(&word.as_str())
}

/// Does a name stand behind "a", "our" or "new"?
fn behind_an_article(scene: &Scene<'_>, name: &str) -> bool {
    let name = crate::interpret::text::key(name);
    let words = name.split(' ').count();
    (1..scene.tokens.len()).any(|at| {
        let to = (at + words).min(scene.tokens.len());
        ["a", "an", "our", "new", "another"].contains(&scene.word(at - 1))
            && scene.key(at, to) == name
    })
}

/// Two that are never the same person, nor the same mailbox: "set his manager to Ada" makes
/// nobody her own manager. The one that is asked for.
pub(in crate::interpret) fn doubled(proposal: &Proposal) -> Option<&'static str> {
    const PAIRS: &[(&str, &str, &str)] = &[
        ("user", "manager", "user"),
        ("mailbox", "forward_to", "forward_to"),
        ("mailbox", "user", "mailbox"),
        ("owner", "user", "user"),
        ("guest", "sponsor", "sponsor"),
    ];
    let value = |name: &str| proposal.arguments.get(name).filter(|value| value.is_string());
    let same = |(a, b, _): &&(&str, &str, &str)| value(a).is_some() && value(a) == value(b);
    PAIRS.iter().find(same).map(|(.., asked)| *asked)
}

pub(super) fn because(
    scene: &Scene<'_>,
    from: usize,
    to: usize,
    gave: &str,
    quoted: bool,
) -> Because {
    Because { words: scene.said(from, to), gave: gave.to_owned(), quoted }
}

/// The words of a span; nothing for what only the thread named.
pub(super) fn said_here(scene: &Scene<'_>, span: &Span, quoted: bool) -> Option<Because> {
    (span.to > span.from).then(|| because(scene, span.from, span.to, "", quoted))
}

fn values(
    scene: &Scene<'_>,
    predicate: &Predicate,
    slot: Slot,
    person: Option<&Filled>,
    memory: &[Span],
) -> Vec<Filled> {
    match slot {
        Slot::Person => people(scene, predicate),
        Slot::Replying => named::replying(scene, predicate)
            .map_or_else(|| people(scene, predicate), |mailbox| vec![mailbox]),
        Slot::Label => vec![figures::label(scene, predicate)],
        Slot::Renamed => vec![figures::renamed(scene, predicate)],
        Slot::Detail(detail) => vec![newcomer::detail(scene, predicate, detail)],
        Slot::FirstDay => vec![times::first_day(scene, predicate)],
        Slot::LastDay => vec![times::end_of_contract(scene, predicate, &["last"])],
        // "His predecessor's last day": of somebody who stays, only what says that it ends.
        Slot::Maybe(Slot::LastDay) => vec![times::end_of_contract(scene, predicate, &[])],
        Slot::Filter(filter) => vec![circles::filter(scene, predicate, filter)],
        Slot::Groups(side) => vec![circles::groups(scene, predicate, side)],
        Slot::Users(side) => vec![circles::users(scene, predicate, side)],
        Slot::Managed => managers::managed(scene, predicate),
        Slot::NewManager => managers::manager(scene, predicate),
        Slot::Worksheet => vec![rows::worksheet(scene, predicate)],
        Slot::Cells => rows::rows(scene, predicate),
        Slot::NewSheet => vec![rows::new_sheet(scene, predicate)],
        Slot::Row => vec![rows::row(scene, predicate)],
        Slot::Link => vec![texts::link(scene, predicate)],
        Slot::GroupInto => groups(scene, predicate, true, memory),
        Slot::GroupOutOf => groups(scene, predicate, false, memory),
        Slot::Licence => licences(scene, predicate, None, false, memory),
        Slot::LicenceHeld => licences(scene, predicate, person, true, memory),
        Slot::Message => vec![message(scene, predicate)],
        Slot::Start => vec![bound(scene, predicate, true)],
        Slot::End | Slot::Until => vec![bound(scene, predicate, false)],
        Slot::While => vec![lasting::lasts(scene, predicate)],
        Slot::ChangeAtSignIn => vec![change_at_sign_in(scene, predicate)],
        Slot::Thing(sort) => named::things(scene, predicate, sort, memory),
        Slot::Mailbox => named::mailbox(scene, predicate, memory),
        Slot::Second => named::second(scene, predicate, person),
        Slot::Address => vec![named::address(scene, predicate, person)],
        Slot::Name | Slot::Newcomer => vec![texts::name(scene, predicate)],
        Slot::Number => vec![figures::number(scene, predicate)],
        Slot::Choice(all) => vec![texts::choice(scene, predicate, all)],
        Slot::Fields => vec![texts::fields(scene, predicate)],
        Slot::People => vec![lists::people(scene, predicate)],
        Slot::Owner => vec![lists::owner(scene, predicate)],
        Slot::Guest => vec![lists::guest(scene, predicate)],
        Slot::Forwarded => forwarding::forwarded(scene, predicate),
        Slot::ForwardTo => vec![forwarding::forward_to(scene, predicate)],
        Slot::KeepCopy => vec![forwarding::keep_copy(scene, predicate)],
        Slot::MailboxOf => mail::mailbox_of(scene, predicate),
        Slot::Delegate => mail::delegates(scene, predicate),
        Slot::MailPermission => mail::permissions(scene, predicate),
        Slot::NewAddress => vec![mail::new_address(scene, predicate)],
        Slot::Members => vec![mail::members(scene, predicate)],
        Slot::QuotedNames => vec![mail::quoted_names(scene, predicate)],
        Slot::AllOfThem => vec![mail::all_of_them(scene, predicate)],
        Slot::Days => vec![mail::days(scene, predicate)],
        Slot::Maybe(inner) => {
            let found = values(scene, predicate, *inner, person, memory);
            let sure = |filled: Filled| match filled {
                Filled::Ask(_) => Filled::Absent,
                sure => sure,
            };
            found.into_iter().map(sure).collect()
        }
    }
}

/// Somebody who is clear, by sign-in name.
pub(in crate::interpret) fn sure_person(scene: &Scene<'_>, span: &Span) -> Option<Value> {
    match person(scene, span, &span.what, false) {
        Filled::Value(value, _) => Some(value),
        _ => None,
    }
}

/// What is asked when the words give nothing.
fn which(ask: Ask) -> Filled {
    Filled::Ask(Question { ask, said: None, choices: Vec::new() })
}

/// The first argument that is still missing.
pub fn missing(entry: &Entry, proposal: &Proposal) -> Option<(&'static str, Ask)> {
    let off = proposal.arguments.get("off").is_some_and(|off| *off == Value::Bool(true));
    entry.about.wording.slots.iter().find_map(|(argument, slot)| {
        if proposal.arguments.contains_key(*argument) {
            return None;
        }
        let ask = match slot {
            Slot::Person
            | Slot::Replying
            | Slot::Second
            | Slot::People
            | Slot::Owner
            | Slot::Guest
            | Slot::Managed
            | Slot::NewManager
            | Slot::Delegate => Ask::Whom,
            Slot::GroupInto | Slot::GroupOutOf => Ask::WhatGroup,
            Slot::Licence | Slot::LicenceHeld => Ask::WhatLicence,
            Slot::Message if !off => Ask::WhatMessage,
            Slot::Mailbox | Slot::Forwarded | Slot::MailboxOf => Ask::WhatMailbox,
            Slot::Address | Slot::ForwardTo => Ask::WhatAddress,
            Slot::Name | Slot::Newcomer | Slot::NewSheet => Ask::WhatName,
            Slot::Number | Slot::Row => Ask::WhatNumber,
            Slot::LastDay => Ask::WhatDay,
            Slot::Thing(_)
            | Slot::Choice(_)
            | Slot::Fields
            | Slot::Cells
            | Slot::Detail(Detail::NewDepartment) => Ask::WhatOne,
            Slot::Message
            | Slot::Start
            | Slot::End
            | Slot::ChangeAtSignIn
            | Slot::KeepCopy
            | Slot::Until
            | Slot::While
            | Slot::FirstDay
            | Slot::MailPermission
            | Slot::NewAddress
            | Slot::Members
            | Slot::QuotedNames
            | Slot::AllOfThem
            | Slot::Days
            | Slot::Detail(_)
            | Slot::Filter(_)
            | Slot::Groups(_)
            | Slot::Users(_)
            | Slot::Worksheet
            | Slot::Link
            | Slot::Label
            | Slot::Renamed
            | Slot::Maybe(_) => return None,
        };
        Some((*argument, ask))
    })
}
