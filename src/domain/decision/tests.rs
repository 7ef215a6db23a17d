//! Whoever can write the store cannot sign: random changes of plan and votes, also ones that fit
//! each other, prove nothing.

use serde_json::Value;

use super::*;
use crate::domain::{
    change::AccountChange,
    ids::TenantId,
    plan::{Draft, FORMAT},
};

const SEED: u64 = 20_261_129;
const ROUNDS: usize = 2_000;

struct Dice(u64);

impl Dice {
    /// `SplitMix64`, below a bound.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

fn tenant() -> TenantId {
    "11111111-2222-4333-8444-555555555555".parse().unwrap()
}

fn person(name: &str) -> PersonRef {
    let mut guid = [0; 16];
    name.bytes().zip(guid.iter_mut()).for_each(|(from, to)| *to = from);
    let id = tenant().object(uuid::Uuid::from_bytes(guid));
    PersonRef { id, name: name.to_owned(), upn: format!("{name}@contoso.com").parse().unwrap() }
}

fn frozen(rule: Rule) -> Frozen {
    let john = person("john");
    let mut draft = Draft::about(john.clone());
    draft.step(AccountChange::DisableSignIn { user: john.id.into() }, &[], vec![]);
    let plan = Plan {
        format: FORMAT,
        tenant: tenant(),
        request: RequestId(uuid::Uuid::from_u128(1)),
        revision: 1,
        parts: vec![],
        subjects: draft.subjects,
        objects: vec![],
        steps: draft.steps,
        left_out: Vec::new(),
        standing: None,
        rows: None,
        notes: vec![],
        rule,
        emergency: Vec::new(),
        step_up: false,
        caller_number: false,
        escalation: None,
        expires_at: Timestamp::UNIX_EPOCH,
        start_at: None,
    };
    Frozen::of(&plan).unwrap()
}

fn two_sets() -> Rule {
    let one =
        |name: &str| Needs::Signatures { count: 1, from: Circle::Set { name: name.to_owned() } };
    Rule::Quorum(Quorum { stages: vec![one("leads"), one("security")], at_least: 2 })
}

fn votes(frozen: &Frozen, key: &VoteKey) -> Vec<Vote> {
    let cast = |(stage, name): (u8, &str)| Vote {
        request: frozen.plan().request,
        revision: 1,
        digest: frozen.digest(),
        voter: person(name),
        choice: Choice::Approve,
        door: Platform::Slack,
        note: None,
        at: Timestamp::UNIX_EPOCH,
        capacity: Some(Capacity { stage, seats: vec![0] }),
        instead_of: None,
        emergency: false,
        beforehand: None,
        whole: None,
        step_up: None,
        recognised: None,
        mac: Vec::new(),
    };
    let all = [(0, "anna"), (1, "bob")].map(cast);
    all.map(|vote| vote.sealed(&frozen.plan().rule, key)).to_vec()
}

fn approved(frozen: Frozen, votes: &[Vote], key: &VoteKey) -> bool {
    Approved::check(frozen, &person("tina").id, votes, key).is_some()
}

/// Changes one value somewhere, in a way that reads as the same sort of value.
fn bend(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let at = dice.below(map.len());
            bend(map.values_mut().nth(at).unwrap(), dice);
        }
        Value::Array(list) if !list.is_empty() => match dice.below(4) {
            0 => drop(list.remove(dice.below(list.len()))),
            1 => {
                let again = list[dice.below(list.len())].clone();
                list.push(again);
            }
            _ => {
                let at = dice.below(list.len());
                bend(&mut list[at], dice);
            }
        },
        Value::String(text) => {
            let digit = char::from(b"0123456789abcdef"[dice.below(16)]);
            let at = dice.below(text.len().max(1));
            match text.char_indices().nth(at) {
                Some((at, old)) => text.replace_range(at..at + old.len_utf8(), &digit.to_string()),
                None => text.push(digit),
            }
        }
        Value::Number(number) => *value = (number.as_u64().unwrap_or(0) + 1).into(),
        Value::Bool(truth) => *truth = !*truth,
        other => *other = Value::from(1),
    }
}

#[test]
fn b3_no_changed_plan_or_vote_proves_anything_also_when_they_fit_each_other() {
    eprintln!("seed {SEED}");
    let (key, mut dice) = (VoteKey::new(&[7; 32]), Dice(SEED));
    let honest = frozen(two_sets());
    let signed = votes(&honest, &key);
    assert!(approved(honest.clone(), &signed, &key), "the honest plan is signed");
    let (mut bent_plans, mut bent_votes) = (0, 0);
    for _ in 0..ROUNDS {
        let mut value: Value = serde_json::from_slice(honest.bytes()).unwrap();
        bend(&mut value, &mut dice);
        let Ok(bent) = Frozen::read(serde_json::to_vec(&value).unwrap()) else { continue };
        if bent.digest() == honest.digest() {
            continue;
        }
        bent_plans += 1;
        assert!(!approved(bent.clone(), &signed, &key), "{value}");
        // The same with votes that name the new digest, as whoever has the database could write.
        let mut fitting = signed.clone();
        for vote in &mut fitting {
            vote.digest = bent.digest();
            vote.request = bent.plan().request;
            vote.revision = bent.plan().revision;
        }
        assert!(!approved(bent.clone(), &fitting, &key), "{value}");
        // And sealed anew, with another key.
        let other = VoteKey::new(&[8; 32]);
        let sealed = fitting.into_iter().map(|vote| vote.sealed(&bent.plan().rule, &other));
        assert!(!approved(bent.clone(), &sealed.collect::<Vec<_>>(), &key), "{value}");
    }
    for _ in 0..ROUNDS {
        let mut bent = signed.clone();
        let at = dice.below(bent.len());
        let mut value = serde_json::to_value(&bent[at]).unwrap();
        bend(&mut value, &mut dice);
        let Ok(vote) = serde_json::from_value::<Vote>(value.clone()) else { continue };
        // A name is what a person reads; nothing is decided by it.
        let read = |vote: &Vote| {
            let voter = PersonRef { id: vote.voter.id.clone(), ..person("x") };
            Vote { voter, note: None, ..vote.clone() }
        };
        if read(&vote) == read(&signed[at]) {
            continue;
        }
        bent_votes += 1;
        bent[at] = vote;
        assert!(!approved(honest.clone(), &bent, &key), "{value}");
    }
    eprintln!("{bent_plans} changed plans and {bent_votes} changed votes proved nothing");
    assert!(bent_plans > 500 && bent_votes > 500);
}

#[test]
fn a_vote_is_worth_what_it_was_sealed_as() {
    let key = VoteKey::new(&[7; 32]);
    let honest = frozen(two_sets());
    let mut signed = votes(&honest, &key);
    assert!(!approved(honest.clone(), &signed[..1], &key), "one stage is not two");
    assert!(!approved(honest.clone(), &signed[1..], &key), "nor is the second");
    let no = Vote { choice: Choice::Reject, voter: person("otto"), ..signed[0].clone() };
    let with_a_no = [signed.clone(), vec![no.sealed(&honest.plan().rule, &key)]].concat();
    assert!(!approved(honest.clone(), &with_a_no, &key), "one no is enough");
    let twice = vec![signed[0].clone(), signed[0].clone()];
    assert!(!approved(honest.clone(), &twice, &key), "nor is one of them twice");
    signed[1].capacity = None;
    let bare = signed[1].clone().sealed(&honest.plan().rule, &key);
    assert!(!approved(honest.clone(), &[signed[0].clone(), bare], &key), "signed as nobody");
    for barred in ["tina", "john"] {
        let mut votes = votes(&honest, &key);
        votes[1].instead_of = Some(person(barred));
        let votes: Vec<Vote> =
            votes.into_iter().map(|vote| vote.sealed(&honest.plan().rule, &key)).collect();
        assert!(!approved(honest.clone(), &votes, &key), "in place of {barred}");
    }
}

#[test]
fn a_signature_alone_is_sealed_as_one_and_enough_only_where_the_plan_says_so() {
    let key = VoteKey::new(&[7; 32]);
    let ordinary = frozen(two_sets());
    let plan = Plan { emergency: vec!["users".to_owned()], ..ordinary.plan().clone() };
    let urgent = Frozen::of(&plan).unwrap();
    let alone = |frozen: &Frozen, voter: &str| Vote {
        emergency: true,
        capacity: None,
        voter: person(voter),
        ..votes(frozen, &key).remove(0)
    };
    let sealed = |frozen: &Frozen, vote: Vote| vote.sealed(&frozen.plan().rule, &key);
    let one = sealed(&urgent, alone(&urgent, "anna"));
    assert!(approved(urgent.clone(), std::slice::from_ref(&one), &key));
    let usual = sealed(&urgent, Vote { emergency: false, ..one.clone() });
    assert!(
        !approved(urgent.clone(), std::slice::from_ref(&usual), &key),
        "one ordinary vote is not enough"
    );
    let bent = Vote { emergency: true, ..usual };
    assert!(!approved(urgent.clone(), &[bent], &key), "nobody makes it one afterwards");
    let there = sealed(&ordinary, alone(&ordinary, "anna"));
    assert!(!approved(ordinary, &[there], &key), "not where the plan does not say so");
    for never in ["tina", "john"] {
        let own = sealed(&urgent, alone(&urgent, never));
        assert!(!approved(urgent.clone(), &[own], &key), "{never} asked, or it is about them");
    }
    let no = Vote { choice: Choice::Reject, ..alone(&urgent, "bob") };
    let no = sealed(&urgent, Vote { emergency: false, ..no });
    assert!(!approved(urgent, &[one, no], &key), "a no is a no");
}

#[test]
fn where_the_subject_is_recognised_first_only_votes_after_that_count() {
    let key = VoteKey::new(&[7; 32]);
    let plan = Plan { caller_number: true, ..frozen(two_sets()).plan().clone() };
    let checked = Frozen::of(&plan).unwrap();
    let cast = votes(&checked, &key);
    assert!(!approved(checked.clone(), &cast, &key), "nobody was recognised");
    let late = |vote: &Vote| Vote { recognised: Some(Timestamp::UNIX_EPOCH), ..vote.clone() };
    let bent: Vec<Vote> = cast.iter().map(late).collect();
    assert!(!approved(checked.clone(), &bent, &key), "nor is that written in afterwards");
    let rule = &checked.plan().rule;
    let sealed: Vec<Vote> = bent.into_iter().map(|vote| vote.sealed(rule, &key)).collect();
    assert!(approved(checked, &sealed, &key));
}

#[test]
fn a_vote_for_a_batch_counts_for_its_rows_and_for_nothing_else() {
    let key = VoteKey::new(&[7; 32]);
    let batch = frozen(two_sets());
    let row = Frozen::of(&Plan { revision: 2, ..batch.plan().clone() }).unwrap();
    let other = Frozen::of(&Plan { revision: 3, ..batch.plan().clone() }).unwrap();
    let cast = votes(&batch, &key);
    assert!(!approved(row.clone(), &cast, &key), "a vote names one digest");
    let own: Vec<Vote> = cast.iter().map(|vote| vote.for_row(&row, &key)).collect();
    assert!(own.iter().all(|vote| vote.whole == Some(batch.plan().request)));
    assert!(approved(row.clone(), &own, &key));
    assert!(!approved(other, &own, &key));
    let bent: Vec<Vote> = own.iter().map(|vote| Vote { whole: None, ..vote.clone() }).collect();
    assert!(!approved(row.clone(), &bent, &key), "where it came from is sealed");
    let forged: Vec<Vote> =
        own.iter().map(|vote| vote.for_row(&row, &VoteKey::new(&[8; 32]))).collect();
    assert!(!approved(row, &forged, &key));
}
