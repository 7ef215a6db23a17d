//! Random organisations: managers, second accounts, guests, blocked people, those who stand in
//! for others. Whoever asked, is spoken of, or is the same person as one of them never signs.

use std::collections::{BTreeMap, BTreeSet};

use countersign::{
    config::{Access, Approval, AreaPolicy, Policy},
    domain::{
        area::Area,
        change::AccountChange,
        decision::Rule,
        ids::{RequestId, TenantId, UserId},
        plan::{Draft, FORMAT, Plan},
        users::User,
    },
    policy::{self, Rules, Standing},
};
use jiff::Timestamp;

use crate::assure::{Dice, figure, times};

/// Where chance begins.
const SEED: u64 = 0xB1;
/// People of one organisation.
const PEOPLE: usize = 24;

fn tenant() -> TenantId {
    TenantId::from(uuid::Uuid::from_u128(1))
}

fn id(number: usize) -> UserId {
    tenant().object(uuid::Uuid::from_u128(100 + number as u128))
}

/// One account, and the person it belongs to: accounts with the same `employeeId` are one.
struct Account {
    user: User,
    person: usize,
}

fn account(number: usize, earlier: &[Account], dice: &mut Dice) -> Account {
    // A third of the accounts are somebody's second or third one. Whose number the directory
    // does not know is nobody else's account, as far as anybody knows.
    let second = !earlier.is_empty() && dice.roll(3) == 0;
    let first = second.then(|| &earlier[dice.place(earlier.len())]);
    let (person, employee_id) = match first.map(|first| (first.person, &first.user.employee_id)) {
        Some((person, Some(number))) => (person, Some(number.clone())),
        Some((_, None)) => (number, None),
        None => (number, (dice.roll(10) > 0).then(|| format!("E{number}"))),
    };
    let user = User {
        id: id(number),
        upn: format!("p{number}@contoso.com").parse().unwrap(),
        name: format!("Person {person}"),
        given_name: None,
        surname: None,
        mail: None,
        job_title: None,
        department: None,
        office: None,
        employee_id,
        enabled: dice.roll(8) > 0,
        guest: dice.roll(10) == 0,
        synced: false,
        usage_location: None,
        manager: None,
        password_changed_at: None,
        sessions_valid_from: None,
    };
    Account { user, person }
}

fn plan(subjects: &[&Account]) -> Plan {
    let mut draft = Draft::default();
    for subject in subjects {
        draft.subjects.push(subject.user.to_ref());
        draft.step(
            AccountChange::DisableSignIn { user: subject.user.id.clone().into() },
            &[],
            vec![],
        );
    }
    Plan {
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
        rule: Rule::Approve { count: 1, of: vec![Area::Users.to_string()] },
        emergency: Vec::new(),
        step_up: false,
        caller_number: false,
        escalation: None,
        expires_at: Timestamp::MAX,
        start_at: None,
    }
}

#[test]
fn b1_in_no_organisation_does_anybody_sign_what_concerns_them() {
    let (tried, mut dice) = (times(200, 5_000), Dice(SEED));
    let (mut yes, mut no) = (0_u32, 0_u32);
    for at in 0..tried {
        let mut accounts: Vec<Account> = Vec::new();
        for number in 0..PEOPLE {
            let one = account(number, &accounts, &mut dice);
            accounts.push(one);
        }
        let approvers: BTreeSet<usize> = (0..8).map(|_| dice.place(PEOPLE)).collect();
        let policy = Policy {
            requesters: vec!["p0@contoso.com".into()],
            approvers: approvers.iter().map(|at| format!("p{at}@contoso.com")).collect(),
            groups: BTreeMap::from([(
                Area::Users,
                AreaPolicy {
                    access: Access::ReadWrite,
                    approval: Approval::Approve(1),
                    ..AreaPolicy::default()
                },
            )]),
            ..Policy::default()
        };
        let rules = Rules::read(&policy, &tenant()).unwrap();
        let requester = dice.place(PEOPLE);
        let subjects: Vec<usize> = (0..=dice.place(3)).map(|_| dice.place(PEOPLE)).collect();
        let about: Vec<&Account> = subjects.iter().map(|at| &accounts[*at]).collect();
        let plan = plan(&about);
        let users: Vec<User> = about.iter().map(|one| one.user.clone()).collect();
        for who in 0..PEOPLE {
            let own = Standing::own(accounts[who].user.clone(), BTreeSet::new());
            let other =
                (dice.roll(4) == 0).then(|| dice.place(PEOPLE)).filter(|other| *other != who);
            let standing = match other {
                Some(other) => {
                    own.instead_of(Standing::own(accounts[other].user.clone(), BTreeSet::new()))
                }
                None => own,
            };
            let may = policy::may_decide(
                &standing,
                &accounts[requester].user,
                &users,
                (&plan, Timestamp::UNIX_EPOCH),
                &rules,
            );
            // The reference knows persons, not accounts.
            let both: Vec<&Account> =
                std::iter::once(who).chain(other).map(|at| &accounts[at]).collect();
            let concerned = |one: &Account| {
                std::iter::once(requester)
                    .chain(subjects.iter().copied())
                    .any(|at| accounts[at].person == one.person)
            };
            let sound =
                both.iter().all(|one| one.user.enabled && !one.user.guest && !concerned(one));
            let named = std::iter::once(who).chain(other).any(|at| approvers.contains(&at));
            let told = format!(
                "organisation {at}, seed {SEED:#x}: {who} (for {other:?}), asked by {requester} about {subjects:?}"
            );
            assert_eq!(may.is_ok(), sound && named, "{told}: {may:?}");
            if may.is_ok() { yes += 1 } else { no += 1 }
        }
    }
    assert!(yes > tried && no > tried, "{yes} might sign and {no} might not: both must be tried");
    figure(
        "B1",
        "organisations with second accounts; nobody signs what concerns them",
        tried,
        SEED,
    );
}
