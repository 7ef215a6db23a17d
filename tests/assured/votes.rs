//! The evaluator against a second one that is slow and obvious, over every order in which up to
//! five people of three sets can sign, refuse, and sign again.

use std::collections::HashMap;

use countersign::domain::quorum::{Capacity, Circle, Needs, NotNow, Progress, Quorum};

use crate::assure::{Dice, figure, times};

/// Where chance begins.
const SEED: u64 = 0xB6;

fn set(count: u8, name: &str) -> Needs {
    Needs::Signatures { count, from: Circle::Set { name: name.to_owned() } }
}

fn all<const N: usize>(parts: [Needs; N]) -> Needs {
    Needs::All(Vec::from(parts))
}

fn any<const N: usize>(ways: [Needs; N]) -> Needs {
    Needs::Any(Vec::from(ways))
}

fn rules() -> Vec<Quorum> {
    let one = |needs| Quorum::of(needs);
    vec![
        one(set(1, "a")),
        one(set(3, "a")),
        one(all([set(1, "a"), set(1, "b")])),
        one(all([set(2, "a"), set(1, "b"), set(1, "c")])),
        one(all([set(1, "a"), set(1, "a")])),
        one(any([set(2, "a"), set(1, "b")])),
        one(any([all([set(1, "a"), set(1, "b")]), set(3, "c")])),
        one(all([any([set(1, "a"), set(2, "b")]), any([set(1, "b"), set(1, "c")])])),
        Quorum { stages: vec![set(1, "a"), set(1, "b")], at_least: 0 },
        Quorum { stages: vec![set(2, "a"), any([set(1, "a"), set(2, "c")])], at_least: 0 },
        Quorum { stages: vec![set(1, "a"), set(1, "b"), set(1, "c")], at_least: 0 },
        Quorum { stages: vec![any([set(1, "a"), set(2, "b")])], at_least: 3 },
        Quorum { stages: vec![set(1, "c"), all([set(1, "a"), set(1, "b")])], at_least: 4 },
    ]
}

/// Of which of the sets a, b, c somebody is: three bits.
type Sort = u8;

fn is_in(sort: Sort, circle: &Circle) -> bool {
    let Circle::Set { name } = circle else { return false };
    sort & (1 << (name.as_bytes()[0] - b'a')) != 0
}

/// The reference: choose a way at every "any"; then try every seat for everybody.
mod slow {
    use super::*;

    /// Every way to resolve the alternatives: lists of single seats.
    fn ways(needs: &Needs) -> Vec<Vec<&Circle>> {
        match needs {
            Needs::Signatures { count, from } => vec![vec![from; usize::from(*count)]],
            Needs::Any(parts) => parts.iter().flat_map(ways).collect(),
            Needs::All(parts) => {
                let mut all: Vec<Vec<&Circle>> = vec![vec![]];
                for part in parts {
                    let mut longer = Vec::new();
                    for way in &all {
                        for more in ways(part) {
                            longer.push([way.clone(), more].concat());
                        }
                    }
                    all = longer;
                }
                all
            }
        }
    }

    /// How few seats can stay empty: each person takes any seat of theirs, or none.
    fn empty(way: &[&Circle], people: &[Sort]) -> usize {
        let Some((person, others)) = people.split_first() else { return way.len() };
        let mut best = empty(way, others);
        for (seat, circle) in way.iter().enumerate() {
            if is_in(*person, circle) {
                let mut rest = way.to_vec();
                rest.remove(seat);
                best = best.min(empty(&rest, others));
            }
        }
        best
    }

    /// What stays empty in each way.
    pub fn lacks(needs: &Needs, people: &[Sort]) -> Vec<usize> {
        ways(needs).iter().map(|way| empty(way, people)).collect()
    }
}

/// What the reference remembers: who signed in which stage.
#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    rule: usize,
    signed: Vec<Vec<Sort>>,
}

impl State {
    fn people_missing(&self, rules: &[Quorum]) -> usize {
        let signed: usize = self.signed.iter().map(Vec::len).sum();
        usize::from(rules[self.rule].at_least).saturating_sub(signed)
    }
}

#[derive(Default)]
struct Slow {
    known: HashMap<(usize, usize, Vec<Sort>), Vec<usize>>,
}

impl Slow {
    fn lacks(
        &mut self,
        rules: &[Quorum],
        (state, at): (&State, usize),
        people: &[Sort],
    ) -> Vec<usize> {
        let mut key = people.to_vec();
        key.sort_unstable();
        let needs = &rules[state.rule].stages[at];
        let of = || slow::lacks(needs, people);
        self.known.entry((state.rule, at, key)).or_insert_with(of).clone()
    }

    /// The open stage with what it lacks; none if the stages are complete.
    fn open(&mut self, rules: &[Quorum], state: &State) -> Option<(usize, usize)> {
        for at in 0..rules[state.rule].stages.len() {
            let lacks = self.lacks(rules, (state, at), &state.signed[at]);
            let fewest = *lacks.iter().min().unwrap();
            if fewest > 0 {
                return Some((at, fewest));
            }
        }
        None
    }

    /// In which stage somebody's signature is taken, if it is.
    fn takes(&mut self, rules: &[Quorum], state: &State, sort: Sort) -> Option<usize> {
        if let Some((at, _)) = self.open(rules, state) {
            let before = self.lacks(rules, (state, at), &state.signed[at]);
            let with = [state.signed[at].clone(), vec![sort]].concat();
            let after = self.lacks(rules, (state, at), &with);
            return before.iter().zip(&after).any(|(b, a)| a < b).then_some(at);
        }
        let last = rules[state.rule].stages.len() - 1;
        let mut circles = rules[state.rule].stages[last].seats().into_iter();
        let among = circles.any(|(_, circle)| is_in(sort, circle));
        (state.people_missing(rules) > 0 && among).then_some(last)
    }
}

#[test]
fn b6_every_order_of_votes_of_five_people_and_three_sets_agrees_with_the_reference() {
    let (rules, mut slow, mut seen) = (rules(), Slow::default(), 0_u64);
    for rule in 0..rules.len() {
        let state = State { rule, signed: vec![Vec::new(); rules[rule].stages.len()] };
        walk(&rules, &mut slow, &state, &[], 5, &mut seen);
    }
    assert!(seen > 3_000, "only {seen} states were looked at");
    let what = "states of all orders of up to 5 votes and 3 sets, as the reference says";
    figure("B6", what, u32::try_from(seen).unwrap(), 0);
}

/// A rule of chance: at most three stages, alternatives at most two deep.
fn rule(dice: &mut Dice) -> Quorum {
    let stages: Vec<Needs> = (0..=dice.place(3)).map(|_| needs(dice, 2)).collect();
    Quorum { stages, at_least: u8::try_from(dice.roll(5)).unwrap() }
}

fn needs(dice: &mut Dice, depth: u8) -> Needs {
    let name = ["a", "b", "c"][dice.place(3)];
    let parts = |dice: &mut Dice| (0..2).map(|_| needs(dice, depth - 1)).collect();
    match dice.roll(4) {
        0 if depth > 0 => Needs::All(parts(dice)),
        1 if depth > 0 => Needs::Any(parts(dice)),
        _ => set(1 + u8::try_from(dice.roll(2)).unwrap(), name),
    }
}

#[test]
fn b6_random_rules_and_votes_agree_with_the_reference() {
    let (tried, mut dice) = (times(500, 10_000), Dice(SEED));
    for at in 0..tried {
        let (rules, mut slow) = (vec![rule(&mut dice)], Slow::default());
        let quorum = &rules[0];
        let mut state = State { rule: 0, signed: vec![Vec::new(); quorum.stages.len()] };
        let mut signed: Vec<Capacity> = Vec::new();
        for _ in 0..8 {
            agree(&rules, &mut slow, &state, &signed);
            let sort = u8::try_from(dice.roll(8)).unwrap();
            let fast = quorum.capacity(&signed, |circle| is_in(sort, circle));
            let taken = fast.as_ref().ok().map(|capacity| usize::from(capacity.stage));
            let expected = slow.takes(&rules, &state, sort);
            let told = format!("rule {at}, seed {SEED:#x}: {quorum}: {:?}", state.signed);
            assert_eq!(taken, expected, "{told} then {sort:03b}");
            if let Ok(capacity) = fast {
                state.signed[usize::from(capacity.stage)].push(sort);
                signed.push(capacity);
            }
        }
    }
    figure("B6", "rules of chance with eight votes of chance, as the reference says", tried, SEED);
}

/// One more person of every sort: the two must take or refuse them alike, and agree afterwards.
fn walk(
    rules: &[Quorum],
    slow: &mut Slow,
    state: &State,
    signed: &[Capacity],
    left: u8,
    seen: &mut u64,
) {
    let quorum = &rules[state.rule];
    *seen += 1;
    agree(rules, slow, state, signed);
    if left == 0 {
        return;
    }
    for sort in 0..8 {
        let fast = quorum.capacity(signed, |circle| is_in(sort, circle));
        let expected = slow.takes(rules, state, sort);
        let taken = fast.as_ref().ok().map(|capacity| usize::from(capacity.stage));
        assert_eq!(taken, expected, "{quorum}: {:?} then {sort:03b}", state.signed);
        let outside = !quorum.circles().any(|circle| is_in(sort, circle));
        assert_eq!(fast == Err(NotNow::Outside), outside);
        // Whoever was refused changed nothing: what follows is looked at from here anyway.
        let Ok(capacity) = fast else { continue };
        let mut after = state.clone();
        after.signed[usize::from(capacity.stage)].push(sort);
        let with = [signed, std::slice::from_ref(&capacity)].concat();
        walk(rules, slow, &after, &with, left - 1, seen);
    }
}

fn agree(rules: &[Quorum], slow: &mut Slow, state: &State, signed: &[Capacity]) {
    let quorum = &rules[state.rule];
    let expected = match slow.open(rules, state) {
        Some(open) => Some(open),
        None => match state.people_missing(rules) {
            0 => None,
            people => Some((quorum.stages.len() - 1, people)),
        },
    };
    // The order in which the store gives the signatures changes nothing.
    let backwards: Vec<Capacity> = signed.iter().rev().cloned().collect();
    for signed in [signed, &backwards] {
        let found = match quorum.progress(signed) {
            Progress::Complete => None,
            Progress::Open { stage, people, missing } => {
                says_who_is_missing(quorum, signed, stage, people, &missing);
                Some((usize::from(stage), usize::from(people)))
            }
        };
        assert_eq!(found, expected, "{quorum}: {:?}", state.signed);
    }
}

/// The people whom the card asks for next do complete the stage.
fn says_who_is_missing(
    quorum: &Quorum,
    signed: &[Capacity],
    stage: u8,
    people: u8,
    missing: &Needs,
) {
    let needs = &quorum.stages[usize::from(stage)];
    let ways = match missing {
        Needs::Any(ways) => ways.clone(),
        one => vec![one.clone()],
    };
    let first = signed.iter().all(|c| c.stage != stage);
    if first && missing == needs {
        return;
    }
    for way in ways {
        let mut with = signed.to_vec();
        let mut count = 0;
        for (more, circle) in way.seats() {
            for _ in 0..more {
                let seats = quorum.seats(stage, |seat| seat == circle);
                with.push(Capacity { stage, seats });
                count += 1;
            }
        }
        assert_eq!(count, people, "{quorum}: {way} for {signed:?}");
        let still = matches!(quorum.progress(&with), Progress::Open { stage: s, .. } if s == stage);
        let short = quorum.at_least > 0 && usize::from(stage) == quorum.stages.len() - 1;
        assert!(!still || short, "{quorum}: {way} does not complete {signed:?}");
    }
}
