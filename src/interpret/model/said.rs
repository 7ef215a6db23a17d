//! One action of an answer → a proposal, a question, or nothing.
//!
//! The slots are filled from the evidence as they are for every message. What the model
//! points at beside that may only fill a gap, and must be one somebody or something; where
//! it says another name than the words do, the requester is asked.

use serde_json::Value;

use super::{
    Asked,
    evidence::{self, Evidence, critical},
    shortlist::takes,
};
use crate::{
    actions::{
        Entry,
        look::group_choice,
        wording::{Slot, Sort},
    },
    domain::{
        proposal::{Because, Open, Proposal, WITH_MODEL},
        trouble::{Ask, Choice, Question},
    },
    interpret::{
        entities::{Span, What},
        frames::Fit,
        scene::Scene,
        slots,
    },
    ports::model::{Kind, Said, Takes},
};

/// What became of one action of an answer.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The action.
    pub entry: &'static Entry,
    /// The words.
    pub evidence: Evidence,
    /// Complete, or with one thing to ask.
    pub is: Is,
}

/// Complete or not.
#[derive(Debug, Clone)]
pub(super) enum Is {
    /// It may be proposed.
    Whole(Proposal),
    /// Something of it must be asked.
    Asks(Open),
    /// The words name one, the model another: which?
    Doubts(Open),
}

impl Is {
    /// What there is of the proposal.
    pub fn proposal(&self) -> &Proposal {
        match self {
            Self::Whole(proposal) => proposal,
            Self::Asks(open) | Self::Doubts(open) => &open.proposal,
        }
    }
}

/// Reads one action of an answer.
pub(super) fn read(
    scene: &Scene<'_>,
    asked: &Asked,
    catalog: &'static [Entry],
    said: &Said,
) -> Option<Found> {
    let offered = asked.question.actions.iter().any(|one| one.id == said.action);
    let entry = catalog.iter().find(|one| one.about.id == said.action).filter(|_| offered)?;
    let evidence = evidence::read(scene, &asked.sheet, entry, &said.evidence)?;
    let fit = Fit { entry, frame: evidence.frame };
    let (whole, open) = slots::fill(scene, &evidence.predicate, &fit, &[]);
    let rows = whole.into_iter().map(Is::Whole).chain(open.into_iter().map(Is::Asks));
    let pointed = pointed(scene, asked, entry, said);
    let mut best: Option<Is> = None;
    for row in rows {
        let row = filled(scene, entry, row, &pointed, &evidence);
        let agrees = pointed.iter().all(|one| one.agrees(row.proposal()));
        if agrees {
            best = Some(row);
            break;
        }
        best = best.or_else(|| Some(differs(scene, row, &pointed)));
    }
    let mut is = best.filter(|is| named(entry, is))?;
    let note = Because {
        words: scene.said(evidence.from, evidence.to),
        gave: WITH_MODEL.to_owned(),
        quoted: false,
    };
    match &mut is {
        Is::Whole(proposal) => proposal.because.insert(0, note),
        Is::Asks(open) | Is::Doubts(open) => open.proposal.because.insert(0, note),
    }
    Some(Found { entry, evidence, is })
}

impl Found {
    /// For what nobody else read: an action that loses something or gives a power is asked
    /// about before it is proposed.
    pub fn alone(self, scene: &Scene<'_>) -> Option<Is> {
        match self.is {
            Is::Whole(proposal) if critical(self.entry) => {
                confirm(scene, self.entry, proposal).map(Is::Asks)
            }
            other => Some(other),
        }
    }

    /// The question of a doubt.
    pub fn doubt(&self) -> Option<&Open> {
        match &self.is {
            Is::Doubts(open) => Some(open),
            _ => None,
        }
    }
}

/// Asks for the target again, with the one that was read as the choice.
pub(super) fn confirm(scene: &Scene<'_>, entry: &Entry, mut proposal: Proposal) -> Option<Open> {
    let (argument, slot) = target(entry, &proposal)?;
    let value = proposal.arguments.remove(argument)?;
    let said =
        proposal.because.iter().find(|one| one.gave == argument).map(|one| one.words.clone());
    let question = Question { ask: which(slot), said, choices: vec![choice(scene, &value)?] };
    Some(Open { proposal, argument: argument.to_owned(), question })
}

/// Two readings of whom or what it is about: the requester says which.
pub(super) fn either(
    scene: &Scene<'_>,
    entry: &Entry,
    mut proposal: Proposal,
    other: &Proposal,
) -> Option<Open> {
    let (argument, slot) = entry.about.wording.slots.iter().find_map(|(name, slot)| {
        let (one, two) = (proposal.arguments.get(*name)?, other.arguments.get(*name)?);
        (one.is_string() && two.is_string() && one != two).then_some((*name, *slot))
    })?;
    let values = [proposal.arguments.remove(argument)?, other.arguments.get(argument)?.clone()];
    let choices = values.iter().map(|value| choice(scene, value)).collect::<Option<_>>()?;
    let question = Question { ask: which(slot), said: None, choices };
    Some(Open { proposal, argument: argument.to_owned(), question })
}

/// The argument that says to whom or what it is done.
pub(super) fn target(entry: &Entry, proposal: &Proposal) -> Option<(&'static str, Slot)> {
    let given =
        |(name, _): &&(&str, Slot)| proposal.arguments.get(*name).is_some_and(Value::is_string);
    entry.about.wording.slots.iter().find(given).copied()
}

/// What a model gave for an argument, looked up.
struct Pointed {
    argument: &'static str,
    slot: Slot,
    value: Value,
    why: Because,
}

impl Pointed {
    /// The proposal says the same, or nothing yet.
    fn agrees(&self, proposal: &Proposal) -> bool {
        proposal.arguments.get(self.argument).is_none_or(|value| *value == self.value)
    }
}

fn pointed(scene: &Scene<'_>, asked: &Asked, entry: &Entry, said: &Said) -> Vec<Pointed> {
    let slots = entry.about.wording.slots.iter();
    let given = slots.filter_map(|(argument, slot)| {
        let given = said.arguments.get(*argument)?;
        let (value, from, to) = match takes(*slot)? {
            Takes::One(kind) => {
                let span = asked.sheet.span(scene, given).filter(|span| !span.negated)?;
                (sure(scene, span, kind, *slot)?, span.from, span.to)
            }
            Takes::Words => {
                let (start, end) = asked.sheet.source(given)?;
                let from = scene.tokens.iter().position(|token| token.end > start)?;
                let to = scene.tokens.iter().rposition(|token| token.start < end)? + 1;
                let words = scene.text.clean[start..end].trim();
                (Value::String(words.to_owned()), from, to)
            }
        };
        let words = scene.said(from, to);
        let why = Because { words, gave: (*argument).to_owned(), quoted: false };
        Some(Pointed { argument, slot: *slot, value, why })
    });
    given.collect()
}

/// The one that a span means. Several that match equally well are nobody here.
fn sure(scene: &Scene<'_>, span: &Span, kind: Kind, slot: Slot) -> Option<Value> {
    let fits = |sort: Sort| slot == Slot::Thing(sort);
    match (&span.what, kind) {
        (What::Group(_) | What::Sku(_) | What::Named(_), Kind::Person) => None,
        (_, Kind::Person) => slots::sure_person(scene, span),
        (What::Group(all), Kind::Group) => {
            let [one] = all.as_slice() else { return None };
            Some(Value::String(slots::group_value(scene.index, *one)))
        }
        (What::Sku(all), Kind::Licence) => {
            let [one] = all.as_slice() else { return None };
            Some(Value::String(scene.index.skus[*one].part_number.clone()))
        }
        (What::Named(all), Kind::Thing) => {
            let [one] = all.as_slice() else { return None };
            let named = &scene.index.named[*one];
            fits(named.sort).then(|| Value::String(named.value.clone()))
        }
        _ => None,
    }
}

/// Fills the gap that is asked about, and those behind it.
fn filled(
    scene: &Scene<'_>,
    entry: &Entry,
    row: Is,
    pointed: &[Pointed],
    evidence: &Evidence,
) -> Is {
    let Is::Asks(mut open) = row else { return row };
    // Choices are for people: a model does not choose between namesakes.
    while open.question.choices.is_empty() {
        let given = pointed.iter().find(|one| one.argument == open.argument);
        let Some(given) = given else { return Is::Asks(open) };
        let mut proposal = open.proposal.clone();
        proposal.arguments.insert(open.argument.clone(), given.value.clone());
        if slots::doubled(&proposal).is_some() {
            return Is::Asks(open);
        }
        proposal.because.push(given.why.clone());
        open.proposal = proposal;
        let next = |argument: &str, ask, said| {
            (argument.to_owned(), Question { ask, said, choices: Vec::new() })
        };
        (open.argument, open.question) =
            match (slots::missing(entry, &open.proposal), over(scene, evidence)) {
                (Some((argument, ask)), _) => next(argument, ask, None),
                (None, Some(said)) => next(slots::AT, Ask::When, Some(said)),
                (None, None) => return Is::Whole(open.proposal),
            };
    }
    Is::Asks(open)
}

/// A time that is over and stands with these words: it was asked about behind the gap.
fn over(scene: &Scene<'_>, evidence: &Evidence) -> Option<String> {
    let sentence = scene.sentence(evidence.from);
    let past = scene.whens.iter().find(|when| {
        let here = when.from >= sentence.from && when.to <= sentence.to;
        here && !when.now && !scene.lattice.literal[when.from] && when.past(&scene.context.now)
    })?;
    Some(scene.said(past.from, past.to))
}

/// The words give one name and the model another: asked, the words' own first.
fn differs(scene: &Scene<'_>, row: Is, pointed: &[Pointed]) -> Is {
    let mut proposal = row.proposal().clone();
    let Some(other) = pointed.iter().find(|one| !one.agrees(&proposal)) else { return row };
    let Some(own) = proposal.arguments.remove(other.argument) else { return row };
    let choices: Vec<Choice> =
        [&own, &other.value].into_iter().filter_map(|value| choice(scene, value)).collect();
    let question = Question { ask: which(other.slot), said: None, choices };
    Is::Doubts(Open { proposal, argument: other.argument.to_owned(), question })
}

/// Somebody or something is named in it; an action that needs nobody is whole without.
fn named(entry: &Entry, is: &Is) -> bool {
    match is {
        Is::Whole(_) | Is::Doubts(_) => true,
        Is::Asks(open) => {
            !open.question.choices.is_empty() || target(entry, &open.proposal).is_some()
        }
    }
}

fn which(slot: Slot) -> Ask {
    match takes(slot) {
        Some(Takes::One(Kind::Person)) => Ask::WhichPerson,
        Some(Takes::One(Kind::Group)) => Ask::WhichGroup,
        Some(Takes::One(Kind::Licence)) => Ask::WhichLicence,
        _ => Ask::WhichOne,
    }
}

/// A value as a choice, called as the directory calls it.
pub(super) fn choice(scene: &Scene<'_>, value: &Value) -> Option<Choice> {
    let value = value.as_str()?;
    if let Some(person) = scene.index.person(value) {
        let detail = match &person.department {
            Some(department) => format!("{} · {department}", person.upn),
            None => person.upn.to_string(),
        };
        return Some(Choice { value: value.to_owned(), label: person.name.to_owned(), detail });
    }
    let group =
        scene.index.groups.iter().find(|one| one.name == value || one.id.to_string() == value);
    if let Some(group) = group {
        return Some(Choice { value: value.to_owned(), ..group_choice(group) });
    }
    let label = match scene.index.sku(value) {
        Some(sku) => sku.name.clone(),
        None => value.to_owned(),
    };
    let cut = |text: &str| text.chars().take(150).collect::<String>();
    Some(Choice { value: cut(value), label: cut(&label), detail: String::new() })
}
