//! Plans and votes changed by dice, one field or several that fit together: none of them is what
//! was signed. The plans are those that earlier versions wrote (`tests/golden/`).

use std::{fs, path::PathBuf};

use countersign::domain::{
    chat::Platform,
    decision::{Approved, Choice, Rule, Vote, VoteKey},
    ids::{RequestId, UserId},
    plan::Frozen,
    users::PersonRef,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assure::{Dice, figure, times};

/// Where chance begins.
const SEED: u64 = 0xB3;

/// A plan that people signed, and their votes.
struct Signed {
    name: String,
    frozen: Frozen,
    value: Value,
    votes: Vec<Vote>,
}

fn kept() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/plan-format-1"));
    let digests = fs::read_to_string(folder.join("digests.txt")).unwrap();
    let name = |line: &str| line.split_once("  ").unwrap().1.to_owned();
    let names: Vec<String> = digests.lines().map(name).collect();
    names.into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

fn key() -> VoteKey {
    VoteKey::new(&[7; 32])
}

fn requester(frozen: &Frozen) -> UserId {
    frozen.plan().tenant.object(Uuid::from_u128(1))
}

fn signed((name, bytes): (String, Vec<u8>)) -> Signed {
    let value = serde_json::from_slice(&bytes).unwrap();
    let frozen = Frozen::read(bytes).unwrap();
    let plan = frozen.plan();
    let Rule::Approve { count, .. } = plan.rule else { panic!("{name} is not approved") };
    let vote = |at: u128| {
        let vote = Vote {
            request: plan.request,
            revision: plan.revision,
            digest: frozen.digest(),
            voter: PersonRef {
                id: plan.tenant.object(Uuid::from_u128(2 + at)),
                name: format!("Approver {at}"),
                upn: format!("approver{at}@contoso.com").parse().unwrap(),
            },
            choice: Choice::Approve,
            door: Platform::Slack,
            note: None,
            at: plan.expires_at,
            capacity: None,
            instead_of: None,
            emergency: false,
            beforehand: None,
            whole: None,
            step_up: None,
            recognised: None,
            mac: Vec::new(),
        };
        vote.sealed(&plan.rule, &key())
    };
    let votes = (0..u128::from(count)).map(vote).collect();
    Signed { name, frozen, value, votes }
}

/// Changes one field of a plan, wherever it is: another value of the same form, none, or one more.
fn field(value: &mut Value, dice: &mut Dice) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let name = map.keys().nth(dice.place(map.len())).unwrap().clone();
            match dice.roll(12) {
                0 => drop(map.remove(&name)),
                1 => drop(map.insert("also".to_owned(), json!(true))),
                _ => return format!("{name}.{}", field(map.get_mut(&name).unwrap(), dice)),
            }
            name
        }
        Value::Array(list) if !list.is_empty() => {
            let at = dice.place(list.len());
            match dice.roll(8) {
                0 => drop(list.remove(at)),
                1 => list.insert(at, list[at].clone()),
                2 if list.len() > 1 && list.first() != list.last() => list.rotate_left(1),
                _ => return format!("{at}.{}", field(&mut list[at], dice)),
            }
            format!("{at}")
        }
        other => {
            *other = leaf(other, dice);
            String::new()
        }
    }
}

fn leaf(value: &Value, dice: &mut Dice) -> Value {
    match value {
        Value::String(text) if !text.is_empty() => {
            let mut letters: Vec<char> = text.chars().collect();
            let at = dice.place(letters.len());
            letters[at] = match letters[at] {
                '0' => '1',
                letter if letter.is_ascii_digit() => '0',
                'a' => 'b',
                letter if letter.is_ascii_lowercase() => 'a',
                'A' => 'B',
                _ => 'A',
            };
            json!(letters.into_iter().collect::<String>())
        }
        Value::Number(number) => {
            json!(number.as_i64().unwrap_or_default() + 1 + i64::try_from(dice.roll(9)).unwrap())
        }
        Value::Bool(said) => json!(!said),
        Value::Null => json!("x"),
        _ => json!(dice.roll(1_000_000)),
    }
}

/// Changes a vote so that it may fit better: whose it is, about what, when, how.
fn vote(vote: &mut Vote, dice: &mut Dice) -> &'static str {
    let tenant = vote.voter.id.tenant().clone();
    match dice.roll(9) {
        0 => {
            vote.request = RequestId(Uuid::from_u128(u128::from(dice.roll(u64::MAX))));
            "its request"
        }
        1 => {
            vote.revision += 1;
            "its revision"
        }
        2 => {
            vote.digest.0[dice.place(32)] ^= 1 << dice.roll(8);
            "its digest"
        }
        3 => {
            vote.voter.id = tenant.object(Uuid::from_u128(100 + u128::from(dice.roll(1_000))));
            "whose it is"
        }
        4 => {
            vote.choice = Choice::Reject;
            "yes and no"
        }
        5 => {
            vote.door = Platform::Teams;
            "where it was cast"
        }
        6 => {
            let long = 1 + i64::try_from(dice.roll(1_000_000)).unwrap();
            vote.at -= jiff::SignedDuration::from_micros(long);
            "when"
        }
        7 => {
            vote.emergency = true;
            "alone or not"
        }
        _ => {
            let at = dice.place(vote.mac.len());
            vote.mac[at] ^= 1 << dice.roll(8);
            "its seal"
        }
    }
}

/// One change, or several that fit together; what may no longer count, and what was done.
fn changed(one: &Signed, dice: &mut Dice) -> Option<(Frozen, Vec<Vote>, String)> {
    let mut votes = one.votes.clone();
    let at = dice.place(votes.len());
    let how = dice.roll(4);
    if how == 0 {
        let what = vote(&mut votes[at], dice);
        return Some((one.frozen.clone(), votes, format!("of a vote, {what}")));
    }
    let mut value = one.value.clone();
    let what = field(&mut value, dice);
    let frozen = Frozen::read(serde_json::to_vec(&value).unwrap()).ok()?;
    if frozen.digest() == one.frozen.digest() {
        // Read as the same plan, byte for byte: that is the plan that was signed.
        assert_eq!(frozen.bytes(), one.frozen.bytes(), "{}: {what}", one.name);
        return None;
    }
    if how == 1 {
        return Some((frozen, votes, format!("of the plan, {what}")));
    }
    // Consistently: the votes name the new plan, too, as somebody would who writes the database;
    // and are sealed anew with a key of his own.
    for vote in &mut votes {
        vote.digest = frozen.digest();
        vote.request = frozen.plan().request;
        vote.revision = frozen.plan().revision;
    }
    if how == 3 {
        let own = VoteKey::new(&[u8::try_from(dice.roll(7)).unwrap(); 32]);
        votes = votes.into_iter().map(|vote| vote.sealed(&frozen.plan().rule, &own)).collect();
    }
    Some((frozen, votes, format!("of the plan, its digest and the votes, {what}")))
}

#[test]
fn b3_no_plan_and_no_vote_that_was_changed_is_what_was_signed() {
    let (tried, mut dice) = (times(4_000, 80_000), Dice(SEED));
    let all: Vec<Signed> = kept().into_iter().map(signed).collect();
    for one in &all {
        let proof =
            Approved::check(one.frozen.clone(), &requester(&one.frozen), &one.votes, &key());
        assert!(proof.is_some(), "{} is signed", one.name);
    }
    let mut unreadable = 0_u32;
    for at in 0..tried {
        let one = &all[dice.place(all.len())];
        let Some((frozen, votes, what)) = changed(one, &mut dice) else {
            unreadable += 1;
            continue;
        };
        let proof = Approved::check(frozen, &requester(&one.frozen), &votes, &key());
        assert!(proof.is_none(), "change {at}, seed {SEED:#x}: {}: {what}", one.name);
    }
    assert!(unreadable < tried / 2, "{unreadable} of {tried} were no plans any more");
    let what = "changes of plans and votes, consistent ones among them; none is what was signed";
    figure("B3", what, tried, SEED);
}
