//! Who may ask, and who must sign. Pure: the directory's answers are handed in.
//!
//! - [`Rules`]       what the operator decided, read from `[policy]`
//! - [`Principal`]   whom they name
//! - [`Standing`]    what the directory says about somebody, read fresh
//! - [`may_ask`]     may this person ask for this at all?
//! - [`weigh`]       who must sign this plan, and why
//! - [`may_decide`]  may this person sign (or refuse) it?
//! - [`capacity`]    as what they sign now, where several sorts of people have to
//! - [`caller_check`] before what a manager says that it is really their report who asks
//! - [`emergency()`] who may sign alone, and which plans
//! - [`escalation()`] from when on further people may sign, and whether somebody is one of them
//! - [`limits`]      how many people at once need one more signature
//! - [`step_up()`] which plans take a fresh sign-in; [`proves`] which sign-ins count
//! - [`never_covered`] about whom nothing runs under a standing approval
//! - [`quorum`]      the settings' expressions, said of one plan
//!
//! Each reads top to bottom, most careful first, and answers with a reason. Empty
//! rules mean nobody. The file decides *who*; the code decides *how it is weighed*.
//!
//! Not here: chats, cards, and looking anything up.

mod automation;
mod caller;
mod emergency;
mod escalation;
pub mod limits;
mod principal;
pub mod quorum;
mod rules;
mod standing;
mod step_up;

use std::collections::BTreeSet;

pub use automation::Automation;
pub use caller::{after_caller_check, caller_check};
pub use emergency::{emergency, may_sign_alone};
pub use escalation::{escalation, is_further};
use jiff::Timestamp;
pub use principal::{CUSTOMER, Principal, Whose};
pub use quorum::{Parties, Path};
pub use rules::{AreaRules, Delegation, Longer, Rules};
pub use standing::never_covered;
pub use step_up::{proves, step_up};

use crate::{
    config::{Access, Approval},
    domain::{
        area::{Area, Care, Risk},
        decision::Rule,
        ids::GroupId,
        plan::{Note, Plan},
        quorum::{Capacity, Circle, NotNow},
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
    /// For whom they sign, when they do it in another's place.
    pub stands_in: Option<Box<Standing>>,
}

impl Standing {
    /// As themselves.
    pub fn own(user: User, groups: BTreeSet<GroupId>) -> Self {
        Self { user, groups, stands_in: None }
    }

    /// In another's place: what the other may sign, they may. Nobody passes it on.
    #[must_use]
    pub fn instead_of(self, other: Self) -> Self {
        Self { stands_in: Some(Box::new(Self { stands_in: None, ..other })), ..self }
    }

    /// They, and whoever they stand in for.
    fn both(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.stands_in.as_deref())
    }

    /// May they sign as one of these, in their own right or in another's place?
    fn signs_among(&self, set: &[Principal]) -> bool {
        self.both().any(|one| one.is_among(set))
    }

    fn is_among(&self, set: &[Principal]) -> bool {
        set.iter().any(|principal| match principal {
            Principal::Group(id) => self.groups.contains(id),
            one => one.names(&self.user),
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

/// Two accounts of one person: the same object, or the same `employeeId`; in another directory,
/// an account with the other's mail address, as a guest has.
pub fn same_person(a: &User, b: &User) -> bool {
    let employee = |user: &User| user.employee_id.clone().filter(|id| !id.trim().is_empty());
    if a.id.tenant() == b.id.tenant() {
        return a.id == b.id || (employee(a).is_some() && employee(a) == employee(b));
    }
    let has = |one: &User, mail: &str| {
        one.upn.as_str() == mail || one.mail.as_ref().is_some_and(|own| own.to_lowercase() == mail)
    };
    let mail = |user: &User| user.mail.as_ref().map(|mail| mail.to_lowercase());
    mail(a).is_some_and(|mail| has(b, &mail)) || mail(b).is_some_and(|mail| has(a, &mail))
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
pub fn weigh(wanted: &[Wanted], parties: Parties<'_>, rules: &Rules) -> Result<Verdict, Reason> {
    let subjects = parties.subjects;
    for subject in subjects {
        if rules.untouchable.iter().any(|principal| principal.names(&subject.user)) {
            return Err(Reason::Protected {
                person: subject.user.name.clone(),
                why: "the operator listed this account as untouchable".to_owned(),
            });
        }
    }
    let (mut rule, mut why) = (Rule::Confirm, "confirm");
    for one in wanted {
        if let Some(needs) = needs(one, parties, rules)? {
            why = "approve";
            rule = rule.and(needs);
        }
    }
    let held = subjects.iter().filter_map(|subject| {
        let held = subject.roles.iter().find(|role| role.privileged)?;
        Some((subject.user.name.clone(), format!("holds the role {}", held.name)))
    });
    let opened = |to_signature: bool| {
        let paths = parties.paths.iter().filter(move |path| path.to_signature == to_signature);
        paths.map(|path| (path.through.clone(), path.gives.clone()))
    };
    // The last says why: rights in the tenant weigh more than a signature here.
    let signers = opened(true).map(|guarded| ("signer", &rules.signers, guarded));
    let rights = held.chain(opened(false));
    let rights = rights.map(|guarded| ("privileged", &rules.privileged, guarded));
    for (key, takes, guarded) in signers.chain(rights) {
        why = key;
        rule = guard(rule, takes, guarded, wanted, parties, rules)?;
    }
    Ok(Verdict { why: self::why(&rule, why), rule, policy: rules.version.clone() })
}

/// The rule with what it takes beside it to touch something that is guarded.
fn guard(
    rule: Rule,
    takes: &Approval,
    (person, why): (String, String),
    wanted: &[Wanted],
    parties: Parties<'_>,
    rules: &Rules,
) -> Result<Rule, Reason> {
    let areas: BTreeSet<String> = wanted.iter().map(|w| w.area.to_string()).collect();
    let areas: Vec<String> = areas.into_iter().collect();
    Ok(match (takes, rule) {
        (Approval::Confirm | Approval::Refuse, _) => {
            return Err(Reason::Protected { person, why });
        }
        (Approval::Approve(count), rule @ Rule::Quorum(_)) => rule.at_least(*count),
        (Approval::Approve(count), rule) => {
            quorum::named_everywhere(&areas, rules)?;
            rule.and(Rule::Approve { count: *count, of: areas })
        }
        (Approval::Stages(stages), rule) => {
            rule.and(Rule::Quorum(quorum::draft(stages, &areas, parties, rules)?))
        }
    })
}

/// Why a signature is needed, and whose: `key` says what for, where people are named by group.
pub fn why(rule: &Rule, key: &str) -> Note {
    match rule {
        Rule::Confirm => Note::new("confirm", &[]),
        Rule::Approve { count, of } => {
            Note::new(key, &[("count", &count.to_string()), ("of", &of.join(", "))])
        }
        Rule::Quorum(quorum) => Note::new("quorum", &[("rule", &quorum.to_string())]),
    }
}

/// What one action asks beside the requester's own word, if anything.
fn needs(wanted: &Wanted, parties: Parties<'_>, rules: &Rules) -> Result<Option<Rule>, Reason> {
    let area = wanted.area.to_string();
    // Ending access or losing something always takes a second person.
    let second = wanted.risk == Risk::Destructive || wanted.care != Care::Usual;
    let count = match &rules.area(wanted.area).approval {
        Approval::Refuse => return Err(Reason::SwitchedOff { area }),
        Approval::Confirm if second || wanted.at_least > 0 => 1,
        Approval::Confirm => return Ok(None),
        Approval::Approve(count) => *count,
        Approval::Stages(stages) => {
            let quorum = quorum::draft(stages, &[area], parties, rules)?;
            return Ok(Some(Rule::Quorum(quorum).at_least(wanted.at_least)));
        }
    };
    let of = vec![area];
    quorum::named_everywhere(&of, rules)?;
    Ok(Some(Rule::Approve { count: count.max(wanted.at_least), of }))
}

/// Is a privileged role touched, or a way opened to one or to a signature?
fn is_guarded(parties: Parties<'_>) -> bool {
    let mut roles = parties.subjects.iter().flat_map(|subject| &subject.roles);
    roles.any(|role| role.privileged) || !parties.paths.is_empty()
}

/// Whoever asked, is spoken of or receives a secret never signs.
fn not_concerned(
    user: &User,
    requester: Option<&User>,
    subjects: &[User],
    plan: &Plan,
) -> Result<(), Reason> {
    if requester.is_some_and(|requester| same_person(user, requester)) {
        return Err(Reason::OwnRequest);
    }
    if subjects.iter().any(|subject| same_person(subject, user)) {
        return Err(Reason::AboutYou);
    }
    if plan.recipients().any(|recipient| recipient.id == user.id) {
        return Err(Reason::WouldReceiveSecret);
    }
    Ok(())
}

/// May this person sign (or refuse) this plan at an instant?
pub fn may_decide(
    who: &Standing,
    requester: &User,
    subjects: &[User],
    plan: (&Plan, Timestamp),
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
    (plan, at): (&Plan, Timestamp),
    rules: &Rules,
) -> Result<(), Reason> {
    if who.both().any(|one| !one.user.enabled || one.user.guest) {
        return Err(Reason::NotLinked);
    }
    let asked = requester.is_some_and(|requester| same_person(&who.user, requester));
    if plan.rule == Rule::Confirm {
        return if asked { Ok(()) } else { Err(Reason::NotYours) };
    }
    // Whoever never signs is not signed for either.
    for one in who.both() {
        not_concerned(&one.user, requester, subjects, plan)?;
    }
    let further = is_further(who, plan, at, rules);
    let people = || requester.into_iter().chain(subjects);
    let is_in = |circle: &Circle| further || quorum::is_in(circle, who, people(), rules);
    match &plan.rule {
        Rule::Confirm => Ok(()),
        Rule::Approve { of, .. } => {
            let not = |area: &&String| !is_in(&Circle::Areas { of: vec![(*area).clone()] });
            let outside = of.iter().find(not);
            outside.map_or(Ok(()), |area| Err(Reason::NotAnApprover { area: area.clone() }))
        }
        Rule::Quorum(quorum) if quorum.circles().any(is_in) => Ok(()),
        Rule::Quorum(quorum) => Err(Reason::NotAmong { rule: quorum.to_string() }),
    }
}

/// As what somebody who may decide signs now, after those who did; nothing where everybody signs
/// as the same.
pub fn capacity(
    who: &Standing,
    requester: &User,
    subjects: &[User],
    (plan, signed, at): (&Plan, &[Capacity], Timestamp),
    rules: &Rules,
) -> Result<Option<Capacity>, Reason> {
    let Rule::Quorum(quorum) = &plan.rule else { return Ok(None) };
    let further = is_further(who, plan, at, rules);
    let people = || std::iter::once(requester).chain(subjects);
    let is_in = |circle: &Circle| further || quorum::is_in(circle, who, people(), rules);
    let found = quorum.capacity(signed, is_in);
    found.map(Some).map_err(|why| match why {
        NotNow::Outside => Reason::NotAmong { rule: quorum.to_string() },
        NotNow::Unneeded => Reason::NotNeededNow,
    })
}

/// Is somebody still all that they signed as, at that instant?
pub fn is_still(
    who: &Standing,
    requester: Option<&User>,
    subjects: &[User],
    (plan, capacity, at): (&Plan, &Capacity, Timestamp),
    rules: &Rules,
) -> bool {
    let Rule::Quorum(quorum) = &plan.rule else { return false };
    let further = is_further(who, plan, at, rules);
    let people = || requester.into_iter().chain(subjects);
    let is_in = |circle: &Circle| further || quorum::is_in(circle, who, people(), rules);
    let now = quorum.seats(capacity.stage, is_in);
    !capacity.seats.is_empty() && capacity.seats.iter().all(|seat| now.contains(seat))
}

#[cfg(test)]
mod tests;
