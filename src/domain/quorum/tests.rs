//! What a rule is made of, and when nobody can fulfil it. That every order of votes agrees with a
//! reference is tried in `tests/assured/votes.rs`.

use super::*;

fn set(count: u8, name: &str) -> Needs {
    Needs::Signatures { count, from: Circle::Set { name: name.to_owned() } }
}

fn all<const N: usize>(parts: [Needs; N]) -> Needs {
    Needs::All(Vec::from(parts))
}

fn any<const N: usize>(ways: [Needs; N]) -> Needs {
    Needs::Any(Vec::from(ways))
}

#[test]
fn what_two_areas_ask_of_the_same_set_is_asked_once() {
    let one = Quorum::of(all([set(1, "a"), set(1, "b")]));
    let two = Quorum { stages: vec![set(2, "a"), set(1, "c")], at_least: 3 };
    let both = one.and(two);
    assert_eq!(both.to_string(), "2 of a and b then c, at least 3 people");
}

#[test]
fn a_rule_with_too_many_ways_is_never_fulfilled() {
    let two = any([set(1, "a"), set(1, "b")]);
    let many = Needs::All(vec![two; 7]);
    assert!(!many.is_readable());
    let quorum = Quorum::of(many);
    let everybody = Capacity { stage: 0, seats: (0..14).collect() };
    let signed = vec![everybody; 14];
    assert!(matches!(quorum.progress(&signed), Progress::Open { .. }));
    assert!(quorum.capacity(&signed, |_| true).is_err());
}

#[test]
fn nothing_asked_is_nothing_given() {
    let nothing = Quorum { stages: Vec::new(), at_least: 0 };
    assert!(matches!(nothing.progress(&[]), Progress::Open { .. }));
    let stage = Capacity { stage: 9, seats: vec![0] };
    assert!(matches!(Quorum::of(set(1, "a")).progress(&[stage]), Progress::Open { .. }));
}
