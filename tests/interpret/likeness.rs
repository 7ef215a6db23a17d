//! What a sentence is most like: the weights, and what must not come of a likeness.

use std::{collections::BTreeSet, path::Path};

use countersign::{
    actions::entry,
    cli::interpret::examples,
    interpret::likeness::{NONE, learn, weights},
};

use super::check;

fn said() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/interpret/likeness/said");
    examples(&folder).unwrap()
}

#[test]
fn the_weights_were_learned_from_the_examples_that_are_there() {
    let fresh = weights().digest == learn::digest(&said());
    assert!(fresh, "the example sentences have changed: run `make learn`");
}

#[test]
fn every_example_is_of_an_action_or_of_nothing() {
    let said = said();
    let mut labels = BTreeSet::new();
    for line in said.lines() {
        let (label, sentence) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
        assert!(!sentence.trim().is_empty(), "{line}");
        labels.insert(label);
    }
    for label in &labels {
        assert!(*label == NONE || entry(label).is_some(), "{label} is no action");
    }
    assert_eq!(labels.into_iter().map(str::to_owned).collect::<Vec<_>>(), weights().labels);
}

#[test]
fn the_same_examples_teach_the_same() {
    let some = said().lines().step_by(97).collect::<Vec<_>>().join("\n");
    let (one, other) = (learn::learn(&some).unwrap(), learn::learn(&some).unwrap());
    assert!(one.to_bytes() == other.to_bytes());
}

#[test]
fn what_no_rule_says_is_taken_for_what_it_is_like() {
    check(&[
        (
            "apparently Grace Kim typed it wrong too often and is locked",
            &["unlock_user user=grace.kim"],
        ),
        (
            "Grace Kim has no business in the Sales Team list any more",
            &["remove_from_group group=Sales Team user=grace.kim"],
        ),
        ("owners of the Sales Team list, pls", &["list_group_owners group=Sales Team"]),
    ]);
}

#[test]
fn what_is_wished_in_the_next_sentence_is_wished_of_the_one_before() {
    check(&[(
        "In the directory Omar Haddad is still under me, but he reports to Grace Kim now. This should be corrected.",
        &["set_manager manager=grace.kim user=omar.haddad"],
    )]);
}

#[test]
fn parts_that_no_verb_governs_are_read_too() {
    check(&[(
        "block Grace Kim's sign-in, all licences off and out of every group",
        &[
            "disable_user user=grace.kim",
            "remove_from_group group=ALL user=grace.kim",
            "remove_license license=ALL user=grace.kim",
        ],
    )]);
}

#[test]
fn a_verb_nobody_uses_and_a_word_that_turns_it_around_are_not_guessed_at() {
    check(&[
        ("zork Omar Haddad outta the Sales Team list", &[]),
        ("gonna move Omar Haddad to Visio myself later", &[]),
        ("he said, and I quote, disable Grace Kim", &[]),
        ("Omar must have a Visio problem", &[]),
    ]);
}

#[test]
fn in_a_pasted_ticket_who_asks_speaks_of_himself() {
    check(&[(
        "please work this ticket:\nRequester: Omar Haddad\nI need to be added to the Sales Team list.",
        &["add_to_group group=Sales Team user=omar.haddad"],
    )]);
}

#[test]
fn a_sentence_that_only_says_when_is_of_the_wish_beside_it() {
    check(&[(
        "Please block Grace Kim's sign-in. Effective 09:00 tomorrow.",
        &["disable_user at=2026-03-05T09:00 user=grace.kim"],
    )]);
}

#[test]
fn words_of_somebody_else_lose_nothing_by_a_likeness() {
    check(&[(
        "can you action this please?\n> From: Grace Kim\n> Subject: x\n> apparently Omar Haddad's whole account may go for good now",
        &[],
    )]);
}
