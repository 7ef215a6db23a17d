//! The table of cases: rules, people, and what comes out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Parties, Principal, Rules, Standing, SubjectFacts, Wanted, Whose, may_ask, may_decide,
    same_person,
};
use crate::{
    config::{Access, Approval, AreaPolicy, Policy},
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
    let area = AreaPolicy { access, approval, ..AreaPolicy::default() };
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

const NOW: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

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
        standing: None,
        rows: None,
        notes: vec![],
        rule,
        emergency: Vec::new(),
        step_up: false,
        caller_number: false,
        escalation: None,
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
    rules.untouchable = vec![Principal::Upn(tenant(), user("john").upn)];
    assert!(weighed(&[WRITE], &[admin], &rules).is_err());
}

#[test]
fn requester_subject_and_outsiders_never_sign() {
    let rules = rules(Access::ReadWrite, Approval::Approve(1));
    let rule = Rule::Approve { count: 1, of: vec!["users".into()] };
    let decide = |name: &str| {
        may_decide(&who(name), &user("tina"), &[user("john")], (&plan(rule.clone()), NOW), &rules)
    };
    assert_eq!(decide("anna"), Ok(()));
    assert_eq!(decide("tina"), Err(Reason::OwnRequest));
    assert_eq!(decide("john"), Err(Reason::AboutYou));
    assert!(matches!(decide("otto"), Err(Reason::NotAnApprover { .. })));
    let mut blocked = who("anna");
    blocked.user.enabled = false;
    assert!(may_decide(&blocked, &user("tina"), &[], (&plan(rule), NOW), &rules).is_err());
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

/// Tina asks; after an hour Otto may sign for users, and for groups after two.
fn escalating() -> Rules {
    let area = |after| AreaPolicy {
        access: Access::ReadWrite,
        approval: Approval::Approve(1),
        approvers: Some(vec!["anna@contoso.com".into()]),
        escalate_after: Some(jiff::SignedDuration::from_hours(after)),
        ..AreaPolicy::default()
    };
    let groups = [(Area::Users, area(1)), (Area::Groups, area(2))];
    let licences = AreaPolicy { escalate_to: Some(Vec::new()), ..area(1) };
    let policy = Policy {
        escalate_to: vec!["otto@contoso.com".into()],
        groups: groups.into_iter().chain([(Area::Licences, licences)]).collect(),
        ..Policy::default()
    };
    Rules::read(&policy, &tenant()).unwrap()
}

#[test]
fn a_plan_escalates_where_all_its_groups_do_after_the_longest_of_their_times() {
    let rules = escalating();
    let tina = user("tina");
    let parties = Parties { requester: &tina, subjects: &[], paths: &[] };
    let in_area = |area| Wanted { area, ..WRITE };
    let found = |areas: &[Area]| {
        let wanted: Vec<Wanted> = areas.iter().map(|area| in_area(*area)).collect();
        let verdict = super::weigh(&wanted, parties, &rules).unwrap();
        super::escalation(&wanted, parties, &verdict.rule, &rules).unwrap()
    };
    let hours = jiff::SignedDuration::from_hours;
    assert_eq!(found(&[Area::Users]), Some((hours(1), vec!["users".to_owned()])));
    let both = vec!["groups".to_owned(), "users".to_owned()];
    assert_eq!(found(&[Area::Users, Area::Groups]), Some((hours(2), both)));
    assert_eq!(found(&[Area::Users, Area::Licences]), None, "licences wait for their own");
    let path = [crate::policy::Path::through_group("Tier Zero".into(), "roles".into())];
    let guarded = Parties { paths: &path, ..parties };
    let rule = Rule::Approve { count: 1, of: vec!["users".into()] };
    assert_eq!(super::escalation(&[WRITE], guarded, &rule, &rules).unwrap(), None);
    assert_eq!(super::escalation(&[WRITE], parties, &Rule::Confirm, &rules).unwrap(), None);
}

#[test]
fn further_people_sign_from_their_instant_on_and_never_what_is_theirs() {
    let rules = escalating();
    let at = |seconds| jiff::Timestamp::from_second(seconds).unwrap();
    let rule = Rule::Approve { count: 1, of: vec!["users".into()] };
    let of = vec!["users".to_owned()];
    let escalation = Some(crate::domain::escalation::Escalation { at: at(100), of });
    let plan = Plan { escalation, ..plan(rule) };
    let decide = |name: &str, second| {
        may_decide(&who(name), &user("tina"), &[user("john")], (&plan, at(second)), &rules).is_ok()
    };
    assert!(!decide("otto", 99));
    assert!(decide("otto", 100) && decide("anna", 99) && decide("anna", 100));
    assert!(!decide("eve", 100));
    let own = may_decide(&who("otto"), &user("otto"), &[], (&plan, at(100)), &rules);
    assert_eq!(own, Err(Reason::OwnRequest));
    let about = may_decide(&who("otto"), &user("tina"), &[user("otto")], (&plan, at(100)), &rules);
    assert_eq!(about, Err(Reason::AboutYou));
}

#[test]
fn half_an_escalation_is_refused_and_so_is_one_after_the_end() {
    let hours = jiff::SignedDuration::from_hours;
    let wrong = |after: Option<i64>, to: &[&str]| {
        let area = AreaPolicy::default();
        let policy = Policy {
            escalate_after: after.map(hours),
            escalate_to: to.iter().map(|who| (*who).to_owned()).collect(),
            groups: [(Area::Users, area)].into_iter().collect(),
            ..Policy::default()
        };
        Rules::read(&policy, &tenant()).err().map(|error| format!("{error:#}"))
    };
    assert_eq!(wrong(None, &[]), None);
    assert_eq!(wrong(Some(1), &["otto@contoso.com"]), None);
    assert!(wrong(Some(1), &[]).unwrap().contains("belong together"));
    assert!(wrong(None, &["otto@contoso.com"]).unwrap().contains("belong together"));
    assert!(wrong(Some(8), &["otto@contoso.com"]).unwrap().contains("shorter than"));
    assert!(wrong(Some(1), &["Otto"]).unwrap().contains("escalate_to"));
}

#[test]
fn names_mean_the_operator_s_people_and_with_a_mark_those_of_the_tenant_concerned() {
    let about = TenantId::from(uuid::Uuid::from_u128(77));
    let policy = Policy {
        requesters: vec!["john@contoso.com".to_owned()],
        approvers: vec!["customer:john@contoso.com".to_owned()],
        untouchable: vec!["john@contoso.com".to_owned()],
        groups: [(Area::Users, AreaPolicy { access: Access::ReadWrite, ..AreaPolicy::default() })]
            .into(),
        ..Policy::default()
    };
    let whose = Whose { people: &tenant(), about: &about };
    let rules = Rules::read_of(&policy, whose).unwrap();
    let ours = user("john");
    let theirs = User { id: about.object(ours.id.guid()), ..ours.clone() };
    let names = |list: &[Principal], user: &User| list.iter().any(|one| one.names(user));
    let area = rules.area(Area::Users);
    assert!(names(&area.requesters, &ours) && !names(&area.requesters, &theirs));
    assert!(names(&area.approvers, &theirs) && !names(&area.approvers, &ours));
    assert!(names(&rules.untouchable, &theirs) && !names(&rules.untouchable, &ours));
}

#[test]
fn an_account_elsewhere_with_the_same_mail_is_the_same_person() {
    let about = TenantId::from(uuid::Uuid::from_u128(77));
    let mail = |mail: &str| Some(mail.to_owned());
    let ours = User { mail: mail("John.Doe@contoso.com"), ..user("john") };
    let other = User { id: about.object(ours.id.guid()), ..ours.clone() };
    let guest = User { mail: mail("john.doe@Contoso.com"), upn: user("kim").upn, ..other.clone() };
    assert!(same_person(&ours, &guest), "a guest has the mail of their own account");
    let namesake = User { mail: mail("john.doe@fabrikam.com"), ..guest };
    assert!(!same_person(&ours, &namesake), "the same object id in another directory is another");
    let without = User { mail: None, ..namesake };
    assert!(!same_person(&ours, &without));
}
