//! What is left of a plan depends on nothing that is gone, and keeps its order.

use jiff::Timestamp;

use super::*;
use crate::domain::{
    change::{AccountChange, GroupChange, LicenceChange, MailboxChange, PasswordChange, Ref},
    decision::Rule,
    ids::{RequestId, TenantId, UserId},
    mail::MailboxSort,
    plan::{Draft, FORMAT, Frozen},
    users::GroupSort,
};

const SEED: u64 = 20_261_130;
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

fn person(number: u128) -> PersonRef {
    PersonRef {
        id: tenant().object(uuid::Uuid::from_u128(number)),
        name: format!("Person {number}"),
        upn: format!("p{number}@contoso.com").parse().unwrap(),
    }
}

fn user() -> Ref<UserId> {
    person(1).id.into()
}

fn plan(drafts: Vec<Draft>) -> Plan {
    let parts = drafts.iter().map(|_| crate::domain::plan::Part {
        action: "disable_user".to_owned(),
        arguments: serde_json::Map::new(),
        because: Vec::new(),
    });
    let parts = parts.collect();
    let Draft { subjects, objects, steps, notes, .. } = Plan::join(drafts);
    Plan {
        format: FORMAT,
        tenant: tenant(),
        request: RequestId(uuid::Uuid::from_u128(7)),
        revision: 1,
        parts,
        subjects,
        objects,
        steps,
        left_out: Vec::new(),
        standing: None,
        rows: None,
        notes,
        rule: Rule::Approve { count: 2, of: vec!["users".to_owned()] },
        emergency: Vec::new(),
        step_up: false,
        caller_number: false,
        escalation: None,
        expires_at: Timestamp::UNIX_EPOCH,
        start_at: None,
    }
}

fn one(change: impl Into<crate::domain::change::Change>) -> Draft {
    let mut draft = Draft::about(person(1));
    draft.step(change, &[("user", "Person 1")], Vec::new());
    draft
}

/// A leaver: 1 blocked, 2 mailbox shared, 3 sessions ended, 4 licences taken.
fn leaver() -> Plan {
    let remove = vec![tenant().object(uuid::Uuid::from_u128(9))];
    plan(vec![
        one(AccountChange::DisableSignIn { user: user() }),
        one(PasswordChange::RevokeSessions { user: user() }),
        one(MailboxChange::ConvertMailbox { user: user(), sort: MailboxSort::Shared }),
        one(LicenceChange::SetLicences { user: user(), add: Vec::new(), remove }),
    ])
}

fn ids(all: &[u16]) -> BTreeSet<StepId> {
    all.iter().copied().map(StepId).collect()
}

fn numbers(plan: &Plan) -> Vec<u16> {
    plan.steps.iter().map(|step| step.id.0).collect()
}

#[test]
fn a_step_that_needs_one_that_is_left_out_goes_with_it_and_the_card_can_say_so() {
    let before = leaver();
    let trimmed = before.without(&ids(&[2]), &person(2)).unwrap();
    // Licences are taken only from a mailbox that became shared.
    assert_eq!(numbers(&trimmed.plan), [1, 3]);
    assert_eq!(trimmed.parts, [0, 1]);
    let said: Vec<(u16, bool)> =
        trimmed.plan.left_out.iter().map(|left| (left.step.0, left.follows)).collect();
    assert_eq!(said, [(2, false), (4, true)]);
    assert!(trimmed.plan.left_out.iter().all(|left| left.by == person(2)));
    assert_eq!((trimmed.plan.revision, &trimmed.plan.rule), (2, &before.rule));
    assert_eq!(trimmed.plan.subjects, before.subjects);
    let frozen = |plan: &Plan| Frozen::of(plan).unwrap().digest();
    assert_ne!(frozen(&trimmed.plan), frozen(&before));
}

#[test]
fn the_order_that_safety_wants_stays() {
    let trimmed = leaver().without(&ids(&[4]), &person(2)).unwrap();
    assert_eq!(trimmed.plan.steps[2].after, [StepId(1)], "sessions end after the block");
    // The block is gone, and with it what the sessions waited for.
    let trimmed = trimmed.plan.without(&ids(&[1]), &person(3)).unwrap();
    assert_eq!(numbers(&trimmed.plan), [2, 3]);
    assert!(trimmed.plan.steps[1].after.is_empty());
    let by: Vec<&PersonRef> = trimmed.plan.left_out.iter().map(|left| &left.by).collect();
    assert_eq!(by, [&person(2), &person(3)], "both stay named");
}

#[test]
fn what_a_step_makes_is_not_taken_from_it_when_it_is_gone() {
    let mut draft = one(AccountChange::DisableSignIn { user: user() });
    let group = tenant().object(uuid::Uuid::from_u128(4)).into();
    let made = Ref::made_by(StepId(1));
    draft.step(
        GroupChange::AddMember { user: made, group, sort: GroupSort::Security },
        &[],
        Vec::new(),
    );
    draft.step(AccountChange::EnableSignIn { user: user() }, &[], Vec::new());
    let trimmed = plan(vec![draft]).without(&ids(&[1]), &person(2)).unwrap();
    assert_eq!(numbers(&trimmed.plan), [3], "although it forgot to say that it needs it");
}

#[test]
fn a_plan_is_not_emptied_and_starts_with_what_is_left() {
    assert_eq!(leaver().without(&ids(&[1, 2, 3]), &person(2)), Err(NotAPlan::Empty));
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let mut later = leaver();
    for step in &mut later.steps[2..] {
        step.not_before = at("2026-12-01T17:00:00Z");
    }
    let trimmed = later.without(&ids(&[1, 2]), &person(2)).unwrap();
    assert_eq!(trimmed.plan.start_at, at("2026-12-01T17:00:00Z"));
    assert_eq!(later.without(&ids(&[2]), &person(2)).unwrap().plan.start_at, None);
}

/// What each step comes after, directly and through others.
fn comes_after(plan: &Plan) -> BTreeMap<StepId, BTreeSet<StepId>> {
    let mut all: BTreeMap<StepId, BTreeSet<StepId>> = BTreeMap::new();
    for step in &plan.steps {
        let direct = step.needs.iter().chain(&step.after);
        let before: BTreeSet<StepId> = direct
            .flat_map(|id| std::iter::once(*id).chain(all.get(id).into_iter().flatten().copied()))
            .collect();
        all.insert(step.id, before);
    }
    all
}

#[test]
fn whatever_is_left_out_nothing_hangs_in_the_air_and_nothing_overtakes() {
    let mut dice = Dice(SEED);
    eprintln!("seed {SEED}");
    for round in 0..ROUNDS {
        let mut draft = Draft::about(person(1));
        let many = 2 + dice.below(11);
        for _ in 0..many {
            let change: crate::domain::change::Change = match dice.below(3) {
                0 => AccountChange::DisableSignIn { user: user() }.into(),
                1 => PasswordChange::RevokeSessions { user: user() }.into(),
                _ => AccountChange::EnableSignIn { user: user() }.into(),
            };
            draft.step(change, &[], Vec::new());
        }
        for at in 1..many {
            for before in 0..at {
                let id = draft.steps[before].id;
                match dice.below(5) {
                    0 => draft.steps[at].needs.push(id),
                    1 => draft.steps[at].after.push(id),
                    _ => {}
                }
            }
        }
        let whole = plan(vec![draft]);
        let unticked: BTreeSet<StepId> =
            whole.steps.iter().map(|step| step.id).filter(|_| dice.below(3) == 0).collect();
        let Ok(Trimmed { plan: left, gone, .. }) = whole.without(&unticked, &person(2)) else {
            continue;
        };
        assert!(unticked.is_subset(&gone), "round {round}");
        let (before, after) = (comes_after(&whole), comes_after(&left));
        for step in &left.steps {
            assert!(!step.needs.iter().any(|id| gone.contains(id)), "round {round}: {step:?}");
            assert!(!step.after.iter().any(|id| gone.contains(id)), "round {round}: {step:?}");
            let stays: BTreeSet<StepId> = before[&step.id].difference(&gone).copied().collect();
            assert_eq!(after[&step.id], stays, "round {round}: step {}", step.id);
            assert!(whole.steps.iter().any(|old| old.change == step.change && old.id == step.id));
        }
        for id in gone.difference(&unticked) {
            let why = whole.step(*id).unwrap();
            assert!(
                why.needs.iter().any(|id| gone.contains(id)),
                "round {round}: {id} for nothing"
            );
        }
    }
}
