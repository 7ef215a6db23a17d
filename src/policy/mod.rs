//! Who may ask, and who must sign. Pure: the directory's answers are handed in.
//!
//! - [`Rules`]       what the operator decided, read from `[policy]`
//! - [`Standing`]    what the directory says about somebody, read fresh
//! - [`may_ask`]     may this person ask for this at all?
//! - [`weigh`]       who must sign this plan, and why
//! - [`may_decide`]  may this person sign (or refuse) it?
//!
//! Each reads top to bottom, most careful first, and answers with a reason. Empty
//! rules mean nobody. The file decides *who*; the code decides *how it is weighed*.
//!
//! Not here: chats, cards, and looking anything up.

mod rules;

use std::collections::BTreeSet;

pub use rules::{AreaRules, Principal, Rules};

use crate::{
    config::{Access, Approval},
    domain::{
        area::{Area, Care, Risk},
        decision::Rule,
        ids::GroupId,
        plan::{Note, Plan},
        request::Verdict,
        trouble::Reason,
        users::{Role, User},
    },
};

/// What the directory says about somebody, read fresh (at most 60 s old).
#[derive(Debug, Clone)]
pub struct Standing {
    /// The person.
    pub user: User,
    /// Those of the rules' groups that they are in.
    pub groups: BTreeSet<GroupId>,
}

impl Standing {
    fn is_among(&self, set: &[Principal]) -> bool {
        set.iter().any(|principal| match principal {
            Principal::User(id) => *id == self.user.id,
            Principal::Upn(upn) => *upn == self.user.upn,
            Principal::Group(id) => self.groups.contains(id),
        })
    }
}

/// Whom a plan is about, with the roles that make somebody an administrator.
#[derive(Debug, Clone)]
pub struct SubjectFacts {
    /// The person.
    pub user: User,
    /// Their directory roles.
    pub roles: Vec<Role>,
}

/// One action of a plan, as policy sees it.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The action's id.
    pub action: &'static str,
    /// What it needs whatever the group says.
    pub care: Care,
    /// The permission group.
    pub area: Area,
    /// How much harm a mistake would do.
    pub risk: Risk,
    /// At least so many people must sign, whatever the group says; 0 asks nothing.
    pub at_least: u8,
}

/// Two accounts of one person: the same object, or the same `employeeId`.
pub fn same_person(a: &User, b: &User) -> bool {
    let employee = |user: &User| user.employee_id.clone().filter(|id| !id.trim().is_empty());
    a.id == b.id
        || (a.id.tenant() == b.id.tenant() && employee(a).is_some() && employee(a) == employee(b))
}

/// May this person ask for this at all?
pub fn may_ask(who: &Standing, wanted: Wanted, rules: &Rules) -> Result<(), Reason> {
    let area = rules.area(wanted.area);
    if !who.user.enabled || who.user.guest {
        return Err(Reason::NotLinked);
    }
    if area.access == Access::Disabled
        || (wanted.risk > Risk::Read && area.access == Access::ReadOnly)
    {
        return Err(Reason::SwitchedOff { area: wanted.area.to_string() });
    }
    if wanted.care == Care::Blocked && !rules.unblocked.contains(wanted.action) {
        return Err(Reason::Blocked { action: wanted.action.to_owned() });
    }
    if !who.is_among(&area.requesters) {
        return Err(Reason::MayNotAsk {
            person: who.user.name.clone(),
            area: wanted.area.to_string(),
        });
    }
    Ok(())
}

/// Who must sign a plan of these actions about these people, and why.
pub fn weigh(
    wanted: &[Wanted],
    subjects: &[SubjectFacts],
    rules: &Rules,
) -> Result<Verdict, Reason> {
    let mut rule = Rule::Confirm;
    let mut why = "confirm";
    for subject in subjects {
        if rules.untouchable.iter().any(|principal| principal.names(&subject.user)) {
            return Err(Reason::Protected {
                person: subject.user.name.clone(),
                why: "the operator listed this account as untouchable".to_owned(),
            });
        }
    }
    for Wanted { area, risk, care, at_least, .. } in wanted {
        let approval = rules.area(*area).approval;
        let needs = match approval {
            Approval::Refuse => return Err(Reason::SwitchedOff { area: area.to_string() }),
            // Ending access or losing something always takes a second person.
            Approval::Confirm if *risk == Risk::Destructive || *care != Care::Usual => {
                Approval::Approve(1)
            }
            other => other,
        };
        let needs = match needs {
            Approval::Confirm if *at_least > 0 => Approval::Approve(*at_least),
            Approval::Approve(count) => Approval::Approve(count.max(*at_least)),
            other => other,
        };
        if let Approval::Approve(count) = needs {
            why = "approve";
            rule = rule.and(Rule::Approve { count, of: vec![area.to_string()] });
        }
    }
    for subject in subjects {
        let Some(held) = subject.roles.iter().find(|role| role.privileged) else { continue };
        let refused = || Reason::Protected {
            person: subject.user.name.clone(),
            why: format!("holds the role {}", held.name),
        };
        let Approval::Approve(count) = rules.privileged else { return Err(refused()) };
        why = "privileged";
        let of = wanted.iter().map(|wanted| wanted.area.to_string()).collect::<BTreeSet<_>>();
        rule = rule.and(Rule::Approve { count, of: of.into_iter().collect() });
    }
    if let Rule::Approve { of, .. } = &rule
        && let Some(area) =
            of.iter().find(|area| rules.named(area).is_none_or(|area| area.approvers.is_empty()))
    {
        return Err(Reason::NobodyMayApprove { area: area.clone() });
    }
    let why = match &rule {
        Rule::Confirm => Note::new("confirm", &[]),
        Rule::Approve { count, of } => {
            Note::new(why, &[("count", &count.to_string()), ("of", &of.join(", "))])
        }
    };
    Ok(Verdict { rule, why, policy: rules.version.clone() })
}

/// May this person sign (or refuse) this plan?
pub fn may_decide(
    who: &Standing,
    requester: &User,
    subjects: &[User],
    plan: &Plan,
    rules: &Rules,
) -> Result<(), Reason> {
    may_still_decide(who, Some(requester), subjects, plan, rules)
}

/// The same later, when whoever asked may have left the directory. Then nobody can be the
/// same person any more: their own account was not counted when it was signed.
pub fn may_still_decide(
    who: &Standing,
    requester: Option<&User>,
    subjects: &[User],
    plan: &Plan,
    rules: &Rules,
) -> Result<(), Reason> {
    if !who.user.enabled || who.user.guest {
        return Err(Reason::NotLinked);
    }
    let asked = requester.is_some_and(|requester| same_person(&who.user, requester));
    let Rule::Approve { of, .. } = &plan.rule else {
        return if asked { Ok(()) } else { Err(Reason::NotYours) };
    };
    if asked {
        return Err(Reason::OwnRequest);
    }
    if subjects.iter().any(|subject| same_person(subject, &who.user)) {
        return Err(Reason::AboutYou);
    }
    if plan.recipients().any(|recipient| recipient.id == who.user.id) {
        return Err(Reason::WouldReceiveSecret);
    }
    for area in of {
        if !rules.named(area).is_some_and(|area| who.is_among(&area.approvers)) {
            return Err(Reason::NotAnApprover { area: area.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
