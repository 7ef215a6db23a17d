//! Who must sign, as an expression; and who is still missing. Pure.
//!
//! - [`Circle`]   whose signatures count: approvers of areas, a named set, a manager
//! - [`Needs`]    so many of a circle; all of several; any of several
//! - [`Quorum`]   stages of needs, one after another
//! - [`Capacity`] what somebody signed as: sealed into the vote
//! - [`Quorum::capacity`] may this person sign now, and as what?
//! - [`Quorum::progress`] is it enough, or who is missing?
//!
//! A person counts once in a whole request, whatever sets they are in: three signatures are
//! three people. Within a stage the order of signing does not matter, and somebody who is in
//! several sets is counted wherever it helps most. A stage is signed for only once the ones
//! before it are complete.
//!
//! Not here: who is in which circle (policy says), and whether a vote is genuine
//! ([`crate::domain::decision`]).

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::domain::users::PersonRef;

/// An expression is read as at most so many ways to fulfil it; one with more is never fulfilled.
pub const WAYS_MAX: usize = 64;
/// A stage names at most so many circles, and a rule at most so many stages.
pub const SEATS_MAX: usize = 16;

/// Whose signatures count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "circle", rename_all = "snake_case")]
pub enum Circle {
    /// Whoever approves for every one of these permission groups.
    Areas {
        /// The permission groups, sorted.
        of: Vec<String>,
    },
    /// A set that the operator named in the settings.
    Set {
        /// Its name there.
        name: String,
    },
    /// The manager of somebody whom the request is about, or of whoever asked.
    Manager {
        /// Who that was when the plan was made. Somebody who became the manager later is not meant.
        who: PersonRef,
        /// Whose manager.
        of: PersonRef,
    },
}

/// What has to come together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// So many different people of a circle.
    Signatures {
        /// How many, at least 1.
        count: u8,
        /// Of whom.
        from: Circle,
    },
    /// All of these.
    All(Vec<Needs>),
    /// One of these.
    Any(Vec<Needs>),
}

/// Who must sign, one stage after another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    /// The stages, in order; at least one.
    pub stages: Vec<Needs>,
    /// At least so many people altogether, whatever the stages say. Who is beyond them signs
    /// in the last stage.
    pub at_least: u8,
}

/// What somebody signed as. Sealed into their vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// In which stage, from 0.
    pub stage: u8,
    /// As a member of which of its circles: their places in the reading order of the stage,
    /// sorted.
    pub seats: Vec<u8>,
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Enough people signed.
    Complete,
    /// Somebody is missing.
    Open {
        /// The stage that is signed for now, from 0.
        stage: u8,
        /// At least so many more people, in this stage.
        people: u8,
        /// Who, in this stage.
        missing: Needs,
    },
}

/// Why somebody cannot sign now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// In none of the circles.
    Outside,
    /// In one, but their signature changes nothing at this point.
    Unneeded,
}

/// So many of each circle, by its place in the stage: one way to fulfil it.
type Way = Vec<(usize, u8)>;

impl Needs {
    /// The circles with their counts, in reading order.
    pub fn seats(&self) -> Vec<(u8, &Circle)> {
        match self {
            Self::Signatures { count, from } => vec![(*count, from)],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::seats).collect(),
        }
    }

    /// Both of two. What both ask of the same circle is asked once, as often as the stricter
    /// says.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all: Vec<Self> = Vec::new();
        for part in [self, other] {
            let parts = if let Self::All(parts) = part { parts } else { vec![part] };
            for part in parts {
                join(&mut all, part);
            }
        }
        if all.len() == 1 { all.remove(0) } else { Self::All(all) }
    }

    fn ways(&self, next: &mut usize) -> Vec<Way> {
        match self {
            Self::Signatures { count, .. } => {
                *next += 1;
                vec![vec![(*next - 1, (*count).max(1))]]
            }
            Self::Any(parts) => {
                let mut ways: Vec<Way> = parts.iter().flat_map(|part| part.ways(next)).collect();
                ways.truncate(WAYS_MAX + 1);
                ways
            }
            Self::All(parts) => parts.iter().fold(vec![Way::new()], |ways, part| {
                let more = part.ways(next);
                let both = |way: &Way, more: &Way| way.iter().chain(more).copied().collect();
                let all = ways.iter().flat_map(|way| more.iter().map(move |more| both(way, more)));
                all.take(WAYS_MAX + 1).collect()
            }),
        }
    }

    /// Every way to fulfil it; none if there are too many to look at.
    fn all_ways(&self) -> Vec<Way> {
        let ways = self.ways(&mut 0);
        if ways.len() > WAYS_MAX { Vec::new() } else { ways }
    }

    /// Can it be read within the bounds, and fulfilled at all?
    pub fn is_readable(&self) -> bool {
        let ways = self.ways(&mut 0).len();
        (1..=WAYS_MAX).contains(&ways) && (1..=SEATS_MAX).contains(&self.seats().len())
    }
}

fn join(all: &mut Vec<Needs>, part: Needs) {
    if let Needs::Signatures { count, from } = &part {
        let same = all.iter_mut().find_map(|known| match known {
            Needs::Signatures { count, from: known } if known == from => Some(count),
            _ => None,
        });
        if let Some(known) = same {
            *known = (*known).max(*count);
            return;
        }
    }
    if !all.contains(&part) {
        all.push(part);
    }
}

/// The most places of a way that these people can take, one each; which are left over, by circle.
fn left_over(way: &Way, people: &[&[u8]]) -> Vec<usize> {
    let places: Vec<usize> = way
        .iter()
        .flat_map(|(seat, count)| std::iter::repeat_n(*seat, usize::from(*count)))
        .collect();
    let mut taken: Vec<Option<usize>> = vec![None; places.len()];
    for person in 0..people.len() {
        let mut tried = vec![false; places.len()];
        seated(person, &places, people, &mut taken, &mut tried);
    }
    let free = places.iter().zip(&taken).filter(|(_, taken)| taken.is_none());
    free.map(|(seat, _)| *seat).collect()
}

/// Gives somebody a place, moving others to another of theirs where it helps (Kuhn's method).
fn seated(
    person: usize,
    places: &[usize],
    people: &[&[u8]],
    taken: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for place in 0..places.len() {
        let theirs = people[person].iter().any(|seat| usize::from(*seat) == places[place]);
        if !theirs || tried[place] {
            continue;
        }
        tried[place] = true;
        let free = match taken[place] {
            None => true,
            Some(other) => seated(other, places, people, taken, tried),
        };
        if free {
            taken[place] = Some(person);
            return true;
        }
    }
    false
}

/// The places of everybody who signed in a stage.
fn seated_in(stage: u8, signed: &[Capacity]) -> impl Iterator<Item = &[u8]> {
    let here = signed.iter().filter(move |c| c.stage == stage && !c.seats.is_empty());
    here.map(|capacity| capacity.seats.as_slice())
}

impl Quorum {
    /// One stage.
    pub fn of(needs: Needs) -> Self {
        Self { stages: vec![needs], at_least: 0 }
    }

    /// Both of two rules: their stages side by side.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut stages: Vec<Needs> = Vec::new();
        let (mut mine, mut theirs) = (self.stages.into_iter(), other.stages.into_iter());
        loop {
            match (mine.next(), theirs.next()) {
                (Some(a), Some(b)) => stages.push(a.and(b)),
                (Some(one), None) | (None, Some(one)) => stages.push(one),
                (None, None) => break,
            }
        }
        Self { stages, at_least: self.at_least.max(other.at_least) }
    }

    /// Every circle of it.
    pub fn circles(&self) -> impl Iterator<Item = &Circle> {
        self.stages.iter().flat_map(Needs::seats).map(|(_, circle)| circle)
    }

    /// The stage that is signed for, or the last one.
    pub fn stage(&self, signed: &[Capacity]) -> &Needs {
        let open = match self.progress(signed) {
            Progress::Open { stage, .. } => usize::from(stage),
            Progress::Complete => self.stages.len() - 1,
        };
        &self.stages[open.min(self.stages.len() - 1)]
    }

    /// What somebody signs as now, after these; or why they cannot.
    pub fn capacity(
        &self,
        signed: &[Capacity],
        is_in: impl Fn(&Circle) -> bool,
    ) -> Result<Capacity, NotNow> {
        if !self.circles().any(&is_in) {
            return Err(NotNow::Outside);
        }
        let Progress::Open { stage, .. } = self.progress(signed) else {
            return Err(NotNow::Unneeded);
        };
        let capacity = Capacity { stage, seats: self.seats(stage, is_in) };
        if self.helps(signed, &capacity) { Ok(capacity) } else { Err(NotNow::Unneeded) }
    }

    /// Does a signature bring any way of the open stage nearer, or the number of people?
    fn helps(&self, signed: &[Capacity], one: &Capacity) -> bool {
        let needs = &self.stages[usize::from(one.stage)];
        let before: Vec<&[u8]> = seated_in(one.stage, signed).collect();
        let after: Vec<&[u8]> = before.iter().copied().chain([one.seats.as_slice()]).collect();
        let ways = needs.all_ways();
        let left = |way: &Way, people: &[&[u8]]| left_over(way, people).len();
        if ways.iter().all(|way| left(way, &before) > 0) {
            return ways.iter().any(|way| left(way, &after) < left(way, &before));
        }
        // The stages are complete, and it is people that are missing.
        !one.seats.is_empty()
    }

    /// The places of a stage that somebody can take.
    pub fn seats(&self, stage: u8, is_in: impl Fn(&Circle) -> bool) -> Vec<u8> {
        let needs = self.stages.get(usize::from(stage)).map(Needs::seats).unwrap_or_default();
        let theirs = (0..=u8::MAX).zip(needs).filter(|(_, (_, circle))| is_in(circle));
        theirs.map(|(seat, _)| seat).collect()
    }

    /// Where it stands, after the signatures of different people.
    pub fn progress(&self, signed: &[Capacity]) -> Progress {
        let mut people = 0;
        for (stage, needs) in (0..=u8::MAX).zip(&self.stages) {
            let here: Vec<&[u8]> = seated_in(stage, signed).collect();
            let ways = needs.all_ways();
            let open = ways.iter().map(|way| (way, left_over(way, &here)));
            let open: Vec<(&Way, Vec<usize>)> = open.collect();
            let Some(fewest) = open.iter().map(|(_, left)| left.len()).min() else {
                return Progress::Open { stage, people: u8::MAX, missing: needs.clone() };
            };
            if fewest > 0 {
                let missing = missing(needs, &open, fewest, &here);
                let people = u8::try_from(fewest).unwrap_or(u8::MAX);
                return Progress::Open { stage, people, missing };
            }
            people += here.len();
        }
        self.all_told(u8::try_from(people).unwrap_or(u8::MAX))
    }

    /// All stages are complete; are they enough people?
    fn all_told(&self, people: u8) -> Progress {
        let Some(last) = self.stages.last() else {
            let missing = Needs::Any(Vec::new());
            return Progress::Open { stage: 0, people: u8::MAX, missing };
        };
        let more = self.at_least.saturating_sub(people);
        if more == 0 {
            return Progress::Complete;
        }
        let circles: BTreeSet<&Circle> = last.seats().into_iter().map(|(_, from)| from).collect();
        let any = circles.into_iter();
        let any = any.map(|from| Needs::Signatures { count: more, from: from.clone() }).collect();
        let stage = u8::try_from(self.stages.len() - 1).unwrap_or(u8::MAX);
        Progress::Open { stage, people: more, missing: one_of(any) }
    }
}

/// Who is missing, in the ways that need the fewest people more.
fn missing(needs: &Needs, open: &[(&Way, Vec<usize>)], fewest: usize, here: &[&[u8]]) -> Needs {
    if here.is_empty() {
        return needs.clone();
    }
    let circles = needs.seats();
    let of = |seat: usize, count: u8| Needs::Signatures { count, from: circles[seat].1.clone() };
    let mut ways: Vec<Needs> = Vec::new();
    for (way, left) in open.iter().filter(|(_, left)| left.len() == fewest) {
        let found = if fewest == 1 {
            // Whoever is in one of these circles completes it.
            let helps = |seat: &usize| {
                let one = [u8::try_from(*seat).unwrap_or(u8::MAX)];
                let with: Vec<&[u8]> = here.iter().copied().chain([one.as_slice()]).collect();
                left_over(way, &with).is_empty()
            };
            let seats = way.iter().map(|(seat, _)| *seat).filter(helps);
            seats.map(|seat| of(seat, 1)).collect()
        } else {
            let seats: BTreeSet<usize> = left.iter().copied().collect();
            let count = |seat: usize| left.iter().filter(|left| **left == seat).count();
            let parts = seats.into_iter();
            let parts = parts.map(|s| of(s, u8::try_from(count(s)).unwrap_or(u8::MAX)));
            let parts: Vec<Needs> = parts.collect();
            vec![if parts.len() == 1 { parts[0].clone() } else { Needs::All(parts) }]
        };
        for part in found {
            if !ways.contains(&part) {
                ways.push(part);
            }
        }
    }
    one_of(ways)
}

fn one_of(mut ways: Vec<Needs>) -> Needs {
    if ways.len() == 1 { ways.remove(0) } else { Needs::Any(ways) }
}

impl fmt::Display for Quorum {
    /// In the words of the settings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stages: Vec<String> = self.stages.iter().map(ToString::to_string).collect();
        f.write_str(&stages.join(" then "))?;
        if self.at_least > 0 { write!(f, ", at least {} people", self.at_least) } else { Ok(()) }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Self], word: &str| {
            let one = |part: &Self| match part {
                Self::Any(_) if word == " and " => format!("({part})"),
                part => part.to_string(),
            };
            parts.iter().map(one).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Signatures { count: 1, from } => write!(f, "{from}"),
            Self::Signatures { count, from } => write!(f, "{count} of {from}"),
            Self::All(parts) => f.write_str(&joined(parts, " and ")),
            Self::Any(parts) => f.write_str(&joined(parts, " or ")),
        }
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Areas { of } => write!(f, "approvers for {}", of.join(", ").replace('_', " ")),
            Self::Set { name } => f.write_str(name),
            Self::Manager { who, of } => write!(f, "{}, manager of {}", who.name, of.name),
        }
    }
}

#[cfg(test)]
mod tests;
