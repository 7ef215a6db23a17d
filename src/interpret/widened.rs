//! What is still open after a verb was read, and the rest of the message says once: "…, for
//! which Planner is needed. Please give the said licence to Ada."
//!
//! Not here: a choice. Whatever is named twice, or beside another of its sort, stays a question.

use crate::{
    actions::{
        Entry,
        wording::{Frame, Slot},
    },
    domain::{
        proposal::{Open, Proposal, Understood},
        trouble::{Ask, Question},
    },
    interpret::{
        clauses::{Act, Predicate},
        frames::Fit,
        likeness::wish::LOSES,
        scene::Scene,
        slots,
    },
};

/// What makes something new takes all that is said of it.
const MAKES: &[&str] = &["invite_guest", "create_user", "create_shared_mailbox"];
/// So many questions are looked at: each is read with the whole message around it.
const OPEN_MAX: usize = 10;

/// Answers the questions of a message from the rest of it.
pub(super) fn widen(scene: &Scene<'_>, understood: &mut Understood, catalog: &[Entry]) {
    let mut left = Vec::new();
    for (number, open) in std::mem::take(&mut understood.questions).into_iter().enumerate() {
        let entry = catalog.iter().find(|entry| entry.about.id == open.proposal.action);
        let known = understood.proposals.iter().any(|one| one.action == open.proposal.action);
        let whole = entry
            .filter(|_| !known && number < OPEN_MAX && answers(&open.question))
            // Which mailbox is lost is not to be guessed from elsewhere.
            .filter(|entry| {
                open.question.ask != Ask::WhatMailbox || !LOSES.contains(&entry.about.id)
            })
            .filter(|entry| open.question.ask != Ask::Whom || people(entry) < 2)
            .and_then(|entry| whole(scene, &open, entry));
        match whole {
            Some(proposal) => understood.proposals.push(proposal),
            None => left.push(open),
        }
    }
    understood.questions = left;
}

/// Is it a thing that another sentence may name?
fn answers(question: &Question) -> bool {
    let asks = [
        Ask::Whom,
        Ask::WhatGroup,
        Ask::WhatLicence,
        Ask::WhatOne,
        Ask::WhatMailbox,
        Ask::WhatAddress,
    ];
    asks.contains(&question.ask) && question.said.is_none() && question.choices.is_empty()
}

/// How many people an action is about: of two, which is which is not to be guessed.
fn people(entry: &Entry) -> usize {
    let person = |slot: &Slot| {
        matches!(
            slot,
            Slot::Person
                | Slot::Second
                | Slot::Guest
                | Slot::Managed
                | Slot::NewManager
                | Slot::Delegate
                | Slot::Forwarded
                | Slot::ForwardTo
                | Slot::MailboxOf
                | Slot::Mailbox
        )
    };
    entry.about.wording.slots.iter().filter(|(_, slot)| person(slot)).count()
}

/// The proposal with what was open, if all of the message gives one value for it and says
/// nothing else than the verb's own words did.
fn whole(scene: &Scene<'_>, open: &Open, entry: &Entry) -> Option<Proposal> {
    let because = open.proposal.because.iter().find(|because| because.gave == "action")?;
    let sentences = || scene.sentences.iter().filter(|one| one.quoted == because.quoted);
    let from = sentences().map(|one| one.from).min()?;
    let to = sentences().map(|one| one.to).max()?;
    let verb = (from..to).find(|at| scene.said(*at, at + 1) == because.words)?;
    let all = Predicate {
        from,
        verb,
        to,
        classes: 0,
        particle: None,
        act: Act::Request,
        quoted: because.quoted,
    };
    let own = &open.proposal.arguments;
    let fits = |frame: &&Frame| frame.sets.iter().all(|name| own.contains_key(*name));
    let frame = entry.about.wording.frames.iter().find(fits)?;
    let (made, questions) = slots::fill(scene, &all, &Fit { entry, frame }, &[]);
    let ([one], true) = (made.as_slice(), questions.is_empty()) else { return None };
    let agrees = own.iter().all(|(name, value)| one.arguments.get(name) == Some(value));
    if !agrees {
        return None;
    }
    let mut proposal = open.proposal.clone();
    for (name, value) in &one.arguments {
        let required = entry.about.wording.slots.iter().any(|(argument, _)| argument == name)
            && (*name == open.argument
                || slots::missing(entry, &proposal).is_some_and(|(missing, _)| missing == name));
        if required || MAKES.contains(&proposal.action.as_str()) {
            proposal.arguments.insert(name.clone(), value.clone());
            let why = one.because.iter().filter(|because| because.gave == *name);
            proposal.because.extend(why.cloned());
        }
    }
    slots::missing(entry, &proposal).is_none().then_some(proposal)
}
