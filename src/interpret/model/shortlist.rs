//! The actions that the words may mean, by their verbs, their objects and what is named:
//! what a model may choose from, and what the words must hold for its choice to count.

use crate::{
    actions::{
        Entry,
        wording::{Frame, Slot},
    },
    domain::{area::Risk, proposal::Understood},
    interpret::{
        entities::What,
        lexicon::{self, Classes, LEXICON, object_class, object_of},
        scene::Scene,
        spelled,
    },
    ports::model::{Kind, Offered, Takes},
};

/// So many actions are offered.
const OFFERED_MAX: usize = 15;

/// Verb and object classes of a run of words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cues {
    /// What its verbs may mean.
    pub verbs: Classes,
    /// What its nouns and names are.
    pub objects: Classes,
    /// Somebody is named.
    pub somebody: bool,
}

impl Cues {
    /// Of the tokens `from..to`. What stands in quotation marks is no cue.
    pub fn of(scene: &Scene<'_>, from: usize, to: usize) -> Self {
        let mut found = Self::default();
        for at in (from..to).filter(|at| !scene.lattice.literal[*at]) {
            let named = scene.lattice.span_at[at].is_some();
            let senses = if named { &[][..] } else { LEXICON.verb(scene.word(at)) };
            found.verbs |= senses.iter().fold(0, |all, sense| all | sense.classes);
        }
        let inside = |start: usize, end: usize| start >= from && end <= to;
        for hit in scene.lattice.hits.iter().filter(|hit| inside(hit.from, hit.to)) {
            found.objects |= hit.classes;
        }
        for span in scene.lattice.spans.iter().filter(|span| inside(span.from, span.to)) {
            found.somebody |= span.person();
            found.objects |= match &span.what {
                What::Group(_) => object_class("group"),
                What::Sku(_) => object_class("licence"),
                What::Named(all) => all
                    .iter()
                    .map(|at| object_of(scene.index.named[*at].sort))
                    .fold(0, |a, b| a | b),
                _ => 0,
            };
        }
        found
    }

    /// Does a frame's verb stand here?
    pub fn verb(&self, frame: &Frame) -> bool {
        self.verbs & lexicon::verb_classes(frame.verbs) != 0
    }

    /// Does a frame's object stand here?
    pub fn object(&self, frame: &Frame) -> bool {
        self.objects & lexicon::object_classes(frame.objects) != 0
    }

    fn weight(&self, frame: &Frame) -> u32 {
        let objects = self.objects & lexicon::object_classes(frame.objects);
        2 * u32::from(self.verb(frame)) + 3 * objects.count_ones().min(2)
    }
}

/// Can a model choose it at all? A request of Graph is spelled out by a person, or is none.
pub(super) fn may_be_read(entry: &Entry) -> bool {
    entry.about.id != spelled::ACTION
}

/// The short list for these cues. What was read without a model comes first.
pub(super) fn shortlist<'a>(
    cues: &Cues,
    catalog: &'a [Entry],
    read: &Understood,
) -> Vec<&'a Entry> {
    let known = |entry: &Entry| {
        let open = read.questions.iter().map(|open| &open.proposal);
        read.proposals.iter().chain(open).any(|proposal| proposal.action == entry.about.id)
    };
    let mut weighed: Vec<(u32, &Entry)> = catalog
        .iter()
        .filter(|entry| may_be_read(entry))
        .filter_map(|entry| {
            let frames = entry.about.wording.frames.iter();
            let best = frames.map(|frame| cues.weight(frame)).max().unwrap_or(0);
            let person = entry.about.wording.slots.iter().any(|(_, slot)| *slot == Slot::Person);
            // Something that is done to somebody, where somebody is named.
            let fits =
                u32::from(best > 0 && person && cues.somebody && entry.about.risk != Risk::Read);
            let weight = if known(entry) { u32::MAX } else { best + fits };
            (best > 0 || known(entry)).then_some((weight, entry))
        })
        .collect();
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighed.into_iter().map(|(_, entry)| entry).take(OFFERED_MAX).collect()
}

/// An action as it is offered. A model may point at what the action cannot do without, and
/// at nothing else: what is optional is read without it, or left out.
pub(super) fn offered(entry: &Entry) -> Offered {
    let slots = entry.about.wording.slots.iter();
    Offered {
        id: entry.about.id,
        title: entry.about.title,
        example: entry.about.wording.examples.iter().find(|said| !said.contains('@')).copied(),
        arguments: slots.filter_map(|(name, slot)| Some((*name, takes(*slot)?))).collect(),
    }
}

/// What a model may fill a slot with.
pub(super) fn takes(slot: Slot) -> Option<Takes> {
    Some(match slot {
        Slot::Person | Slot::Second | Slot::Managed | Slot::NewManager | Slot::Delegate => {
            Takes::One(Kind::Person)
        }
        Slot::GroupInto | Slot::GroupOutOf => Takes::One(Kind::Group),
        Slot::Licence | Slot::LicenceHeld => Takes::One(Kind::Licence),
        Slot::Thing(_) => Takes::One(Kind::Thing),
        Slot::Name | Slot::Message => Takes::Words,
        _ => return None,
    })
}
