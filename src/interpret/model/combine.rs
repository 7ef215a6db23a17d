//! Both readings → what is understood. What was read without a model stands; a model may
//! confirm it, complete it, add to it, or raise a doubt, which becomes a question.

use super::{
    Asked, Reading, evidence, said,
    said::{Found, Is},
    scene,
};
use crate::{
    actions::{self, Entry},
    domain::proposal::{Intent, Open, Proposal, Understood},
    interpret::{frames, scene::Scene, text::Text},
    ports::model::{ACTIONS_MAX, Answer, Decision},
};

/// At most so many proposals and questions come of one message.
const ALL_MAX: usize = 60;

/// Weighs an answer against what was read without it.
pub fn combine(
    reading: &Reading<'_>,
    asked: &Asked,
    answer: &Answer,
    read: Understood,
) -> Understood {
    if answer.decision != Decision::Propose || answer.actions.is_empty() {
        return read;
    }
    let text = Text::of(reading.words);
    let (scene, _) = scene(&text, reading);
    let found = answer.actions.iter().take(ACTIONS_MAX);
    let found: Vec<Found> =
        found.filter_map(|one| said::read(&scene, asked, actions::CATALOG, one)).collect();
    let mut both = Both { scene: &scene, catalog: reading.catalog, understood: read };
    for one in &found {
        both.weigh(one.clone(), &found);
    }
    both.understood
}

struct Both<'a> {
    scene: &'a Scene<'a>,
    catalog: &'a [Entry],
    understood: Understood,
}

impl Both<'_> {
    fn weigh(&mut self, one: Found, all: &[Found]) {
        if let Some(open) = one.doubt() {
            let open = open.clone();
            return self.ask_which(open, one);
        }
        if self.agreed(&one) {
            return;
        }
        if let Some(at) = self.open_question(&one) {
            self.complete(at, one);
            return;
        }
        if let Some(at) = self.other_target(&one, all) {
            let own = self.understood.proposals[at].clone();
            if let Some(open) = said::either(self.scene, one.entry, own, one.is.proposal()) {
                self.understood.proposals.remove(at);
                self.understood.questions.push(open);
            }
            return;
        }
        if let Some(read) = self.read_otherwise(&one) {
            // The words were read as something else. A doubt about what loses something is
            // worth a question; any other is not.
            if evidence::critical(one.entry) {
                self.doubt(&read);
            }
            return;
        }
        self.add(one);
    }

    /// The words name one and the model another. What was read without it waits for the answer.
    fn ask_which(&mut self, mut open: Open, one: Found) {
        let same = |own: &Proposal| own.action == open.proposal.action;
        let own = self.understood.proposals.iter().position(|own| {
            let value = own.arguments.get(&open.argument).and_then(|value| value.as_str());
            same(own) && open.question.choices.iter().any(|one| Some(one.value.as_str()) == value)
        });
        if let Some(at) = own {
            open.proposal = self.understood.proposals.remove(at);
            open.proposal.arguments.remove(&open.argument);
            self.understood.questions.push(open);
        } else if !self.understood.questions.iter().any(|asked| same(&asked.proposal)) {
            self.add(one);
        }
    }

    /// The same was read without the model.
    fn agreed(&self, one: &Found) -> bool {
        let new = one.is.proposal();
        let same = |own: &Proposal| {
            own.action == new.action
                && new
                    .arguments
                    .iter()
                    .all(|(name, value)| own.arguments.get(name).is_none_or(|own| own == value))
                && said::target(one.entry, new)
                    .is_none_or(|(name, _)| own.arguments.get(name) == new.arguments.get(name))
        };
        self.understood.proposals.iter().any(same)
    }

    /// The open question that this answers, or asks again: about the same action, and
    /// nothing that is known of it differs.
    fn open_question(&self, one: &Found) -> Option<usize> {
        let new = one.is.proposal();
        self.understood.questions.iter().position(|open| {
            open.proposal.action == new.action
                && open
                    .proposal
                    .arguments
                    .iter()
                    .all(|(name, value)| new.arguments.get(name).is_none_or(|new| new == value))
        })
    }

    /// A question without choices is answered by what the model points at; where something
    /// is lost or a power given, that becomes its one choice instead. A question with
    /// choices is for people.
    fn complete(&mut self, at: usize, one: Found) {
        let open = &mut self.understood.questions[at];
        let Is::Whole(proposal) = one.is else { return };
        if !open.question.choices.is_empty() {
            return;
        }
        if !evidence::critical(one.entry) {
            self.understood.questions.remove(at);
            self.understood.proposals.push(proposal);
        } else if let Some(choice) =
            proposal.arguments.get(&open.argument).and_then(|value| said::choice(self.scene, value))
        {
            open.question.choices.push(choice);
        }
    }

    /// A proposal of the same action that the model says nothing of: it took the words to be
    /// about another.
    fn other_target(&self, one: &Found, all: &[Found]) -> Option<usize> {
        let new = one.is.proposal();
        let (name, _) = said::target(one.entry, new)?;
        self.understood.proposals.iter().position(|own| {
            let confirmed = all.iter().any(|other| {
                other.is.proposal().action == own.action
                    && other.is.proposal().arguments.get(name) == own.arguments.get(name)
            });
            own.action == new.action
                && own.arguments.get(name) != new.arguments.get(name)
                && !confirmed
        })
    }

    /// The actions that the same words were read as, when this is none of them.
    fn read_otherwise(&self, one: &Found) -> Option<Vec<&'static str>> {
        let predicates = evidence::overlapping(self.scene, one.evidence.from, one.evidence.to);
        let fits = predicates
            .iter()
            .flat_map(|predicate| frames::fits(self.scene, predicate, self.catalog, &[]));
        let ids: Vec<&'static str> = fits.map(|fit| fit.entry.about.id).collect();
        let known = |id: &&str| {
            let open = self.understood.questions.iter().map(|open| &open.proposal);
            self.understood.proposals.iter().chain(open).any(|own| own.action == **id)
        };
        let other = ids.iter().any(known) && !ids.contains(&one.entry.about.id);
        other.then_some(ids)
    }

    /// Asks about what was read, before it is proposed.
    fn doubt(&mut self, ids: &[&'static str]) {
        let own = self.understood.proposals.iter();
        let Some(at) = own.clone().position(|own| ids.contains(&own.action.as_str())) else {
            return;
        };
        let proposal = self.understood.proposals[at].clone();
        let entry = actions::entry(&proposal.action);
        if let Some(open) = entry.and_then(|entry| said::confirm(self.scene, entry, proposal)) {
            self.understood.proposals.remove(at);
            self.understood.questions.push(open);
        }
    }

    /// What only the model read.
    fn add(&mut self, one: Found) {
        let words = self.scene.said(one.evidence.from, one.evidence.to);
        let Some(is) = one.alone(self.scene) else { return };
        if self.understood.proposals.len() + self.understood.questions.len() >= ALL_MAX {
            return;
        }
        match is {
            Is::Whole(proposal) => self.understood.proposals.push(proposal),
            Is::Asks(open) | Is::Doubts(open) => {
                if self.understood.questions.iter().any(|own| own.proposal == open.proposal) {
                    return;
                }
                self.understood.questions.push(open);
            }
        }
        self.understood
            .leftover
            .retain(|left| !left.contains(&words) && !words.contains(left.as_str()));
        self.understood.intent = Intent::Request;
    }
}
