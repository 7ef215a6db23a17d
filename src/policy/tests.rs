//! The table of cases: rules, people, and what comes out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Parties, Principal, Rules, Standing, SubjectFacts, Wanted, may_ask, may_decide, same_person,
};
use crate::{
    config::{Access, Approval, AreaPolicy, Policy, Reads},
    domain::{
        area::{Area, Care, Risk},
        change::AccountChange,
        decision::Rule,
        ids::{RequestId, TenantId},
        plan::{Draft, FORMAT, Plan},
        request::Verdict,
        trouble::Reason,
        users::{Role, User},
    },
};

fn tenant() -> TenantId {
    "11111111-2222-4333-8444-555555555555".parse().unwrap()
}

fn user(name: &str) -> User {
    let mut guid = [0; 16];
    name.bytes().zip(guid.iter_mut()).for_each(|(from, to)| *to = from);
    User {
        id: tenant().object(uuid::Uuid::from_bytes(guid)),
        upn: format!("{name}@contoso.com").parse().unwrap(),
        name: name.to_owned(),
        given_name: None,
        surname: None,
        mail: None,
        job_title: None,
        department: None,
        office: None,
        employee_id: None,
        enabled: true,
        guest: false,
        synced: false,
        usage_location: None,
        manager: None,
        password_changed_at: None,
        sessions_valid_from: None,
    }
}

fn who(name: &str) -> Standing {
    Standing::own(user(name), BTreeSet::new())
}

fn rules(access: Access, approval: Approval) -> Rules {
    let area =
        AreaPolicy { access, approval, requesters: None, approvers: None, reads: Reads::default() };
    let policy = Policy {
        requesters: vec!["tina@contoso.com".into()],
        approvers: vec![
            "anna@contoso.com".into(),
            "tina@contoso.com".into(),
            "john@contoso.com".into(),
        ],
        groups: BTreeMap::from([(Area::Users, area)]),
        ..Policy::default()
    };
    Rules::read(&policy, &tenant()).unwrap()
}

fn weighed(wanted: &[Wanted], subjects: &[SubjectFacts], rules: &Rules) -> Result<Verdict, Reason> {
    super::weigh(wanted, Parties { requester: &user("tina"), subjects, paths: &[] }, rules)
}

fn plan(rule: Rule) -> Plan {
    let subject = user("john");
    let mut draft = Draft::about(subject.to_ref());
    draft.step(AccountChange::DisableSignIn { user: subject.id.into() }, &[], vec![]);
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
        notes: vec![],
        rule,
        expires_at: jiff::Timestamp::UNIX_EPOCH,
        start_at: None,
    }
}

const WRITE: Wanted = Wanted {
    action: "enable_user",
    care: Care::Usual,
    area: Area::Users,
    risk: Risk::Write,
    at_least: 0,
};
const HARSH: Wanted = Wanted { risk: Risk::Destructive, ..WRITE };

#[test]
fn only_who_is_named_may_ask_and_only_what_is_switched_on() {
    use Access::{Disabled, ReadOnly, ReadWrite};
    let read = Wanted { risk: Risk::Read, ..WRITE };
    let elsewhere = Wanted { area: Area::Groups, ..WRITE };
    let cases = [
        ("tina", WRITE, ReadWrite, true),
        ("tina", WRITE, ReadOnly, false),
        ("tina", read, ReadOnly, true),
        ("tina", read, Disabled, false),
        ("otto", read, ReadWrite, false),
        ("tina", elsewhere, ReadWrite, false),
    ];
    for (name, wanted, access, expected) in cases {
        let answer = may_ask(&who(name), wanted, &rules(access, Approval::default()));
        assert_eq!(answer.is_ok(), expected, "{name} {wanted:?} {access:?}: {answer:?}");
    }
}

#[test]
fn empty_rules_mean_nobody() {
    let empty = Rules::read(&Policy::default(), &tenant()).unwrap();
    assert!(may_ask(&who("tina"), WRITE, &empty).is_err());
    assert!(weighed(&[WRITE], &[], &empty).is_err());
}

#[test]
fn a_destructive_action_takes_a_second_person_even_where_confirm_is_set() {
    let confirm = rules(Access::ReadWrite, Approval::Confirm);
    assert_eq!(weighed(&[WRITE], &[], &confirm).unwrap().rule, Rule::Confirm);
    let Rule::Approve { count: 1, .. } = weighed(&[HARSH], &[], &confirm).unwrap().rule else {
        panic!("no approval")
    };
}

#[test]
fn some_actions_take_a_second_person_always_and_some_are_blocked_until_they_are_named() {
    let mut rules = rules(Access::ReadWrite, Approval::Confirm);
    let careful = Wanted { care: Care::AlwaysApprove, ..WRITE };
    let Rule::Approve { count: 1, .. } = weighed(&[careful], &[], &rules).unwrap().rule else {
        panic!("no approval")
    };
    let blocked = Wanted { action: "delete_device", care: Care::Blocked, ..WRITE };
    let refused = may_ask(&who("tina"), blocked, &rules).unwrap_err();
    assert_eq!(refused, Reason::Blocked { action: "delete_device".to_owned() });
    rules.unblocked.insert("delete_device".to_owned());
    may_ask(&who("tina"), blocked, &rules).unwrap();
    let Rule::Approve { count: 1, .. } = weighed(&[blocked], &[], &rules).unwrap().rule else {
        panic!("no approval")
    };
}

#[test]
fn administrators_and_untouchable_accounts_are_protected() {
    let mut rules = rules(Access::ReadWrite, Approval::Approve(1));
    let role = Role {
        id: tenant().object(uuid::Uuid::from_u128(9)),
        name: "Global Administrator".into(),
        privileged: true,
    };
    let admin = SubjectFacts { user: user("john"), roles: vec![role] };
    assert!(matches!(
        weighed(&[WRITE], std::slice::from_ref(&admin), &rules),
        Err(Reason::Protected { .. })
    ));
    rules.privileged = Approval::Approve(2);
    let Rule::Approve { count: 2, .. } =
        weighed(&[WRITE], std::slice::from_ref(&admin), &rules).unwrap().rule
    else {
        panic!("one is not enough for an administrator")
    };
    rules.untouchable = vec![Principal::Upn(user("john").upn)];
    assert!(weighed(&[WRITE], &[admin], &rules).is_err());
}

#[test]
fn requester_subject_and_outsiders_never_sign() {
    let rules = rules(Access::ReadWrite, Approval::Approve(1));
    let rule = Rule::Approve { count: 1, of: vec!["users".into()] };
    let decide = |name: &str| {
        may_decide(&who(name), &user("tina"), &[user("john")], &plan(rule.clone()), &rules)
    };
    assert_eq!(decide("anna"), Ok(()));
    assert_eq!(decide("tina"), Err(Reason::OwnRequest));
    assert_eq!(decide("john"), Err(Reason::AboutYou));
    assert!(matches!(decide("otto"), Err(Reason::NotAnApprover { .. })));
    let mut blocked = who("anna");
    blocked.user.enabled = false;
    assert!(may_decide(&blocked, &user("tina"), &[], &plan(rule), &rules).is_err());
}

#[test]
fn two_accounts_with_one_employee_id_are_one_person() {
    let (mut a, mut b) = (user("tina"), user("adm-tina"));
    assert!(!same_person(&a, &b));
    a.employee_id = Some(String::new());
    b.employee_id = Some(String::new());
    assert!(!same_person(&a, &b), "an empty employee id is none");
    a.employee_id = Some("4711".into());
    b.employee_id = Some("4711".into());
    assert!(same_person(&a, &b));
}
