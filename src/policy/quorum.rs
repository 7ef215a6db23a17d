//! The settings' expressions, said of one plan; and who is in which circle of it.
//!
//! - [`readable`] is an expression within bounds?
//! - [`draft`]    an expression about these people: a rule for the plan, or why nobody could
//! - [`is_in`]    is somebody in a circle, by what the directory and the rules say now?
//!
//! Not here: counting signatures ([`crate::domain::quorum`]).

use anyhow::ensure;

use crate::{
    config::{Approval, Expression, Source},
    domain::{
        quorum::{Circle, Needs, Quorum, SEATS_MAX, WAYS_MAX},
        trouble::Reason,
        users::User,
    },
    policy::{Principal, Rules, Standing, SubjectFacts},
};

/// Of whom a plan speaks.
#[derive(Debug, Clone, Copy)]
pub struct Parties<'a> {
    /// Who asked.
    pub requester: &'a User,
    /// Whom it is about.
    pub subjects: &'a [SubjectFacts],
    /// What the plan hands out beside what it says.
    pub paths: &'a [Path],
}

/// A way to more rights that a plan opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Through what or whom, by name.
    pub through: String,
    /// What it gives.
    pub gives: String,
    /// Into the account of somebody who signs here, and not to rights in the tenant?
    pub to_signature: bool,
}

impl Path {
    /// Membership of a group that gives more than membership.
    pub fn through_group(group: String, gives: String) -> Self {
        Self { through: group, gives, to_signature: false }
    }

    /// Into the account of somebody who signs here.
    pub fn into_signer(person: String) -> Self {
        let gives =
            "they sign requests here, and this would open a way into their account".to_owned();
        Self { through: person, gives, to_signature: true }
    }
}

/// Is it short enough to be weighed whole?
pub fn readable(approval: &Approval) -> anyhow::Result<()> {
    let Approval::Stages(stages) = approval else { return Ok(()) };
    ensure!(stages.len() <= SEATS_MAX, "it has more than {SEATS_MAX} stages; say it with fewer");
    for stage in stages {
        let needs = shape(stage);
        ensure!(
            needs.is_readable(),
            "it names more than {SEATS_MAX} sets in a stage, or can be fulfilled in more than {WAYS_MAX} ways; say it more simply"
        );
    }
    Ok(())
}

fn shape(expression: &Expression) -> Needs {
    match expression {
        Expression::Signatures(count, source) => {
            let from = Circle::Set { name: source.as_str().to_owned() };
            Needs::Signatures { count: *count, from }
        }
        Expression::All(parts) => Needs::All(parts.iter().map(shape).collect()),
        Expression::Any(parts) => Needs::Any(parts.iter().map(shape).collect()),
    }
}

/// The rule of these areas about these people. Of ways that nobody could go, others are left;
/// if none is, the reason of the first.
pub fn draft(
    stages: &[Expression],
    areas: &[String],
    parties: Parties<'_>,
    rules: &Rules,
) -> Result<Quorum, Reason> {
    let draft = Drafting { areas, parties, rules };
    let stages: Result<Vec<Needs>, Reason> = stages.iter().map(|s| draft.needs(s)).collect();
    Ok(Quorum { stages: stages?, at_least: 0 })
}

struct Drafting<'a> {
    areas: &'a [String],
    parties: Parties<'a>,
    rules: &'a Rules,
}

impl Drafting<'_> {
    fn needs(&self, expression: &Expression) -> Result<Needs, Reason> {
        match expression {
            Expression::Signatures(count, source) => self.signatures(*count, source),
            Expression::All(parts) => {
                let mut parts = parts.iter().map(|part| self.needs(part));
                let first = parts.next().unwrap_or(Ok(Needs::All(Vec::new())))?;
                parts.try_fold(first, |all, part| Ok(all.and(part?)))
            }
            Expression::Any(parts) => {
                let (mut ways, mut why) = (Vec::new(), None);
                for part in parts {
                    match self.needs(part) {
                        Ok(needs) => ways.push(needs),
                        Err(reason) => why = why.or(Some(reason)),
                    }
                }
                match why {
                    Some(reason) if ways.is_empty() => Err(reason),
                    _ if ways.len() == 1 => Ok(ways.remove(0)),
                    _ => Ok(Needs::Any(ways)),
                }
            }
        }
    }

    fn signatures(&self, count: u8, source: &Source) -> Result<Needs, Reason> {
        let from = match source {
            Source::Approvers => {
                named_everywhere(self.areas, self.rules)?;
                Circle::Areas { of: self.areas.to_vec() }
            }
            Source::Set(name) => Circle::Set { name: name.clone() },
            Source::SubjectManager => return self.managers_of_subjects(),
            Source::RequesterManager => self.manager(self.parties.requester)?,
        };
        Ok(Needs::Signatures { count, from })
    }

    /// Each subject's manager; whoever manages several signs once.
    fn managers_of_subjects(&self) -> Result<Needs, Reason> {
        let mut circles: Vec<Circle> = Vec::new();
        for subject in self.parties.subjects {
            let circle = self.manager(&subject.user)?;
            let manager = |circle: &Circle| match circle {
                Circle::Manager { who, .. } => Some(who.id.clone()),
                _ => None,
            };
            if !circles.iter().any(|known| manager(known) == manager(&circle)) {
                circles.push(circle);
            }
        }
        let each = circles.into_iter().map(|from| Needs::Signatures { count: 1, from });
        let why = || "it is about nobody who has one".to_owned();
        each.reduce(Needs::and).ok_or_else(|| Reason::NoManager { why: why() })
    }

    fn manager(&self, of: &User) -> Result<Circle, Reason> {
        let no = |why: String| Err(Reason::NoManager { why });
        let Some(who) = of.manager.clone() else {
            return no(format!("the directory names no manager of {}", of.name));
        };
        if who.id == self.parties.requester.id {
            return no(format!("the manager of {}, {}, asked for it", of.name, who.name));
        }
        if self.parties.subjects.iter().any(|subject| subject.user.id == who.id) {
            return no(format!("it is about the manager of {}, {}", of.name, who.name));
        }
        Ok(Circle::Manager { who, of: of.to_ref() })
    }
}

/// Is somebody named who could approve each of these groups?
pub fn named_everywhere(areas: &[String], rules: &Rules) -> Result<(), Reason> {
    let nobody = |area: &&String| rules.named(area).is_none_or(|area| area.approvers.is_empty());
    match areas.iter().find(nobody) {
        Some(area) => Err(Reason::NobodyMayApprove { area: area.clone() }),
        None => Ok(()),
    }
}

/// Is somebody in a circle? `people` are the requester and the subjects as the directory has
/// them now: a manager counts while it still says so.
pub fn is_in<'a>(
    circle: &Circle,
    who: &Standing,
    mut people: impl Iterator<Item = &'a User>,
    rules: &Rules,
) -> bool {
    match circle {
        Circle::Areas { of } => {
            let approves = |area: &String| {
                rules.named(area).is_some_and(|area| who.signs_among(&area.approvers))
            };
            !of.is_empty() && of.iter().all(approves)
        }
        Circle::Set { name } => who.signs_among(rules.set(name)),
        Circle::Manager { who: manager, of } => {
            let is_theirs = |user: &User| {
                user.id == of.id && user.manager.as_ref().is_some_and(|m| m.id == manager.id)
            };
            who.both().any(|one| one.user.id == manager.id) && people.any(is_theirs)
        }
    }
}

impl Principal {
    /// As the settings write it, for the operator.
    pub fn written(&self) -> String {
        match self {
            Self::User(id) => id.guid().to_string(),
            Self::Upn(_, upn) => upn.to_string(),
            Self::Group(id) => format!("group:{}", id.guid()),
        }
    }
}
