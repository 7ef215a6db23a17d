//! The operator's own cases: a file of who asks what about whom, weighed by the real rules.
//!
//! People are made from what the file says of them; nobody is looked up. What an action finds
//! out while it plans (how many it concerns, say) is not known here, so a rule can come out
//! stricter for a real request, never milder.
//!
//! Not here: the rules ([`crate::policy`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::Map;
use uuid::Uuid;

use crate::{
    actions,
    config::{Approval, CallerCheckBy},
    domain::{
        decision::Rule,
        ids::{Digest, RequestId, TenantId, Upn, UserId},
        plan::{FORMAT, Plan},
        users::{PersonRef, Role, User},
    },
    policy::{self, Parties, Rules, Standing, SubjectFacts, Wanted},
};

/// A file of cases to begin with.
pub const EXAMPLE: &str = include_str!("example.toml");
/// A file of cases has at most this many bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What a file of cases says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    #[serde(default)]
    people: BTreeMap<Upn, Person>,
    cases: Vec<Case>,
}

/// What matters of somebody beside the sign-in name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Person {
    id: Option<Uuid>,
    groups: Vec<Uuid>,
    manager: Option<Upn>,
    employee_id: Option<String>,
    roles: Vec<String>,
    guest: bool,
    blocked: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    who: Upn,
    asks: String,
    #[serde(default)]
    about: Vec<Upn>,
    expect: String,
    #[serde(default)]
    may_sign: Vec<Upn>,
    #[serde(default)]
    may_not_sign: Vec<Upn>,
}

impl Cases {
    /// Reads a file.
    pub fn load(file: &Path) -> anyhow::Result<Self> {
        let size =
            fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
        ensure!(size <= FILE_BYTES_MAX, "{} is larger than {FILE_BYTES_MAX} bytes", file.display());
        Self::read(&fs::read_to_string(file)?).with_context(|| format!("in {}", file.display()))
    }

    /// Reads its text. Errors name the case or the key.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let cases: Self = toml::from_str(text)?;
        ensure!(!cases.cases.is_empty(), "there are no [[cases]] in it");
        Ok(cases)
    }

    /// How many.
    #[expect(clippy::len_without_is_empty, reason = "a file without cases is not read")]
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// What came out differently, a sentence each.
    pub fn weigh(&self, tenant: &TenantId, rules: &Rules) -> anyhow::Result<Vec<String>> {
        let mut wrong = Vec::new();
        for case in &self.cases {
            let about = || format!("case “{}”", case.name);
            wrong.extend(self.one(case, tenant, rules).with_context(about)?);
        }
        Ok(wrong)
    }

    fn one(&self, case: &Case, tenant: &TenantId, rules: &Rules) -> anyhow::Result<Vec<String>> {
        let Some(entry) = actions::entry(&case.asks) else {
            bail!("asks: there is no action {}; `countersign actions` lists them", case.asks);
        };
        let about = &entry.about;
        let risk = entry.risk(&Map::new());
        let wanted =
            Wanted { action: about.id, care: about.care, area: about.area, risk, at_least: 0 };
        let who = self.standing(&case.who, tenant);
        let subjects: Vec<SubjectFacts> =
            case.about.iter().map(|upn| self.subject(upn, tenant)).collect();
        let parties = Parties { requester: &who.user, subjects: &subjects, paths: &[] };
        let weighed = policy::may_ask(&who, wanted, rules)
            .and_then(|()| policy::weigh(&[wanted], parties, rules))
            .and_then(|verdict| {
                let by = policy::caller_check(std::iter::once(about.id), rules);
                if by == Some(CallerCheckBy::Manager) {
                    policy::after_caller_check(verdict, parties, rules)
                } else {
                    Ok(verdict)
                }
            });
        let told = |found: String| {
            vec![format!("{}: expected {}, and it is {found}", case.name, case.expect)]
        };
        let rule = match weighed {
            Err(_) if case.expect == "refused" => return Ok(Vec::new()),
            Err(reason) => return Ok(told(format!("refused: {reason}"))),
            Ok(verdict) => verdict.rule,
        };
        let found = written(&rule);
        let expected: Result<Approval, _> = case.expect.parse();
        let as_read = expected.map_or_else(|_| case.expect.clone(), |rule| rule.to_string());
        if found != as_read {
            return Ok(told(found));
        }
        Ok(self.signers(case, tenant, rules, (&who, &subjects, rule)))
    }

    fn signers(
        &self,
        case: &Case,
        tenant: &TenantId,
        rules: &Rules,
        (asker, subjects, rule): (&Standing, &[SubjectFacts], Rule),
    ) -> Vec<String> {
        let subjects: Vec<User> = subjects.iter().map(|subject| subject.user.clone()).collect();
        let plan = plan(tenant, &subjects, rule);
        let wanted = case.may_sign.iter().map(|upn| (upn, true));
        let wanted = wanted.chain(case.may_not_sign.iter().map(|upn| (upn, false)));
        let mut wrong = Vec::new();
        for (upn, may) in wanted {
            let who = self.standing(upn, tenant);
            match policy::may_decide(&who, &asker.user, &subjects, (&plan, plan.expires_at), rules)
            {
                Ok(()) if !may => wrong.push(format!("{}: {upn} may sign it", case.name)),
                Err(why) if may => {
                    wrong.push(format!("{}: {upn} may not sign it: {why}", case.name));
                }
                _ => {}
            }
        }
        wrong
    }

    fn standing(&self, upn: &Upn, tenant: &TenantId) -> Standing {
        let groups = self.people.get(upn).map(|person| person.groups.clone()).unwrap_or_default();
        let groups: BTreeSet<_> = groups.into_iter().map(|guid| tenant.object(guid)).collect();
        Standing::own(self.user(upn, tenant), groups)
    }

    fn subject(&self, upn: &Upn, tenant: &TenantId) -> SubjectFacts {
        let roles = self.people.get(upn).map(|person| person.roles.clone()).unwrap_or_default();
        let roles = roles.into_iter().enumerate().map(|(at, name)| Role {
            id: tenant.object(Uuid::from_u128(at as u128)),
            name,
            privileged: true,
        });
        SubjectFacts { user: self.user(upn, tenant), roles: roles.collect() }
    }

    fn reference(&self, upn: &Upn, tenant: &TenantId) -> PersonRef {
        let id = self.people.get(upn).and_then(|person| person.id);
        // Nobody is looked up: an id that only this name has.
        let own = || {
            let mut own = [0; 16];
            let hash = Digest::of(upn.as_str().as_bytes()).0;
            own.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
            Uuid::from_bytes(own)
        };
        let id = id.unwrap_or_else(own);
        let id: UserId = tenant.object(id);
        PersonRef { id, name: upn.to_string(), upn: upn.clone() }
    }

    fn user(&self, upn: &Upn, tenant: &TenantId) -> User {
        let nothing = Person::default();
        let said = self.people.get(upn).unwrap_or(&nothing);
        let user = User::deleted(&self.reference(upn, tenant), said.employee_id.clone());
        let manager = said.manager.as_ref().map(|manager| self.reference(manager, tenant));
        User { enabled: !said.blocked, guest: said.guest, manager, ..user }
    }
}

/// A rule of a plan as the settings would write it.
fn written(rule: &Rule) -> String {
    match rule {
        Rule::Confirm => Approval::Confirm.to_string(),
        Rule::Approve { count, .. } => Approval::Approve(*count).to_string(),
        Rule::Quorum(quorum) => quorum.to_string(),
    }
}

fn plan(tenant: &TenantId, subjects: &[User], rule: Rule) -> Plan {
    Plan {
        format: FORMAT,
        tenant: tenant.clone(),
        request: RequestId(Uuid::nil()),
        revision: 1,
        parts: Vec::new(),
        subjects: subjects.iter().map(User::to_ref).collect(),
        objects: Vec::new(),
        steps: Vec::new(),
        left_out: Vec::new(),
        standing: None,
        rows: None,
        notes: Vec::new(),
        rule,
        emergency: Vec::new(),
        step_up: false,
        caller_number: false,
        escalation: None,
        expires_at: jiff::Timestamp::UNIX_EPOCH,
        start_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Access, AreaPolicy, Policy, SetPolicy};
    use crate::domain::area::Area;

    fn rules(approval: &str) -> (TenantId, Rules) {
        let tenant: TenantId = "11111111-2222-4333-8444-555555555555".parse().unwrap();
        let area = AreaPolicy {
            access: Access::ReadWrite,
            approval: approval.parse().unwrap(),
            ..AreaPolicy::default()
        };
        let members = vec!["grace@contoso.com".to_owned()];
        let policy = Policy {
            requesters: vec!["group:22222222-3333-4444-8555-666666666666".to_owned()],
            approvers: vec!["anna.approver@contoso.com".to_owned()],
            sets: BTreeMap::from([("security".to_owned(), SetPolicy { members })]),
            groups: BTreeMap::from([(Area::Users, area)]),
            ..Policy::default()
        };
        let rules = Rules::read(&policy, &tenant).unwrap();
        (tenant, rules)
    }

    #[test]
    fn the_example_comes_out_as_it_says() {
        let (tenant, rules) = rules("approve");
        let cases = Cases::read(EXAMPLE).unwrap();
        assert_eq!(cases.weigh(&tenant, &rules).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_comes_out_differently_is_said_with_what_it_is() {
        let (tenant, rules) = rules("security and subject_manager");
        let cases = Cases::read(&EXAMPLE.replace("expect = \"approve\"", "expect = \"confirm\""));
        let wrong = cases.unwrap().weigh(&tenant, &rules).unwrap();
        let rule = "security and samir.nadar@contoso.com, manager of john.doe@contoso.com";
        assert_eq!(
            wrong,
            [format!("a technician blocks a colleague: expected confirm, and it is {rule}")]
        );
        let signs = EXAMPLE.replace("expect = \"approve\"", &format!("expect = \"{rule}\""));
        let wrong = Cases::read(&signs).unwrap().weigh(&tenant, &rules).unwrap();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(wrong[0].contains("anna.approver@contoso.com may not sign it"), "{wrong:?}");
    }

    #[test]
    fn a_wrong_file_is_refused_by_case_and_key() {
        let (tenant, rules) = rules("approve");
        let unknown = EXAMPLE.replace("disable_user", "make_coffee");
        let error = Cases::read(&unknown).unwrap().weigh(&tenant, &rules).unwrap_err();
        assert!(format!("{error:#}").contains("case “a technician blocks"), "{error:#}");
        assert!(Cases::read("cases = []").is_err());
        assert!(Cases::read(&EXAMPLE.replace("about =", "abuot =")).is_err());
    }
}
