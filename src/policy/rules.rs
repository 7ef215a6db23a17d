//! What the operator decided, read from `[policy]` once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow, bail};
use jiff::{SignedDuration, Timestamp};

use crate::{
    config::{
        Access, Approval, AreaPolicy, CallerCheckBy, MassLimits, Policy, Reads, Reasons, SecretsTo,
        Source, StepUp, approval,
    },
    domain::{
        area::Area,
        graph_rules::Allowed,
        ids::{Digest, GroupId, TenantId},
        quorum::Circle,
        users::User,
    },
    policy::{Automation, Principal, Whose, automation, quorum},
};

/// Somebody signs for somebody else, for a time.
#[derive(Debug, Clone)]
pub struct Delegation {
    /// Who is away.
    pub from: Principal,
    /// Who signs instead.
    pub to: Principal,
    /// Until when.
    pub until: Timestamp,
}

/// The rules of one permission group.
#[derive(Debug, Clone)]
pub struct AreaRules {
    /// Off, reading only, or reading and changing.
    pub access: Access,
    /// Who must sign.
    pub approval: Approval,
    /// Who may ask.
    pub requesters: Vec<Principal>,
    /// Who may sign.
    pub approvers: Vec<Principal>,
    /// Who may sign alone as an emergency.
    pub emergency_by: Vec<Principal>,
    /// Who may sign too, after how long without a decision.
    pub escalation: Option<Longer>,
    /// Where what is looked up appears.
    pub reads: Reads,
}

/// Who may sign too when something waits for long.
#[derive(Debug, Clone)]
pub struct Longer {
    /// For so long.
    pub after: SignedDuration,
    /// Who; at least one.
    pub to: Vec<Principal>,
}

/// What the operator decided.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Twelve digits of a hash over the settings, for the record.
    pub version: String,
    /// How long a request waits for its signatures.
    pub expires_after: SignedDuration,
    /// Who receives generated passwords.
    pub secrets_to: SecretsTo,
    /// Actions that are blocked unless they are named here, by id.
    pub unblocked: BTreeSet<String>,
    /// Accounts that nothing may be done to.
    pub untouchable: Vec<Principal>,
    /// Whose drives are searched for a workbook when nobody says whose it is in.
    pub workbook_drives: Vec<Principal>,
    /// Requests of Graph that need no more signatures than the group `raw_graph` asks.
    pub graph_requests: Vec<Allowed>,
    /// What it takes to touch somebody with a privileged role.
    pub privileged: Approval,
    /// What it takes to open a way into the account of somebody who signs here.
    pub signers: Approval,
    /// What the profile proposes to be signed beforehand.
    pub automation: Option<Automation>,
    /// Which decisions need a reason.
    pub reasons: Reasons,
    /// From where on a change of many people needs one more signature.
    pub limits: MassLimits,
    /// Which plans take a fresh sign-in of whoever signs them.
    pub step_up: StepUp,
    /// Actions before which it is made sure that it is really the person who asks, by id.
    pub caller_check: BTreeSet<String>,
    /// How.
    pub caller_check_by: CallerCheckBy,
    /// So long before the end, a request that waits is brought to mind. Longest first.
    pub remind_before: Vec<SignedDuration>,
    delegations: Vec<Delegation>,
    channels: BTreeMap<String, BTreeSet<Area>>,
    sets: BTreeMap<String, Vec<Principal>>,
    areas: BTreeMap<Area, AreaRules>,
    off: AreaRules,
}

impl Rules {
    /// Reads the settings, where there is one directory. Errors name the key.
    pub fn read(policy: &Policy, tenant: &TenantId) -> anyhow::Result<Self> {
        Self::read_of(policy, Whose::one(tenant))
    }

    /// The same, where people of one directory work in another.
    pub fn read_of(policy: &Policy, whose: Whose<'_>) -> anyhow::Result<Self> {
        let read = |key: &str, list: &[String], whose| -> anyhow::Result<Vec<Principal>> {
            let each = list.iter().map(|said| Principal::read_of(said, whose));
            each.map(|read| read.with_context(|| format!("policy.{key}"))).collect()
        };
        let all = |key: &str, list: &[String]| read(key, list, whose);
        // These are spoken of, and neither ask nor sign.
        let spoken_of = |key: &str, list: &[String]| read(key, list, Whose::one(whose.about));
        let sets = sets(policy, &all)?;
        let known = |key: &str, approval: &Approval| match approval
            .sources()
            .into_iter()
            .find(|source| matches!(source, Source::Set(name) if !sets.contains_key(name)))
        {
            Some(missing) => {
                let name = missing.as_str();
                bail!(
                    "policy.{key}: there is no set `{name}`; add [policy.sets.{name}] with its members"
                )
            }
            None => quorum::readable(approval).with_context(|| format!("policy.{key}")),
        };
        known("privileged", &policy.privileged)?;
        known("signers", &policy.signers)?;
        let requesters = all("requesters", &policy.requesters)?;
        let approvers = all("approvers", &policy.approvers)?;
        let mut areas = BTreeMap::new();
        for (area, set) in &policy.groups {
            known(&format!("groups.{area}.approval"), &set.approval)?;
            let own = |key: &str, list: &Option<Vec<String>>, default: &[Principal]| match list {
                Some(list) => all(&format!("groups.{area}.{key}"), list),
                None => Ok(default.to_vec()),
            };
            let rules = AreaRules {
                access: set.access,
                approval: set.approval.clone(),
                requesters: own("requesters", &set.requesters, &requesters)?,
                approvers: own("approvers", &set.approvers, &approvers)?,
                emergency_by: match &set.emergency_by {
                    Some(list) => all(&format!("groups.{area}.emergency_by"), list)?,
                    None => all("emergency_by", &policy.emergency_by)?,
                },
                escalation: longer(policy, (*area, set), &all)?,
                reads: set.reads,
            };
            areas.insert(*area, rules);
        }
        Ok(Self {
            version: Digest::of(format!("{policy:?}").as_bytes()).short(),
            expires_after: policy.expires_after,
            secrets_to: policy.secrets_to.clone(),
            unblocked: policy.unblocked.iter().cloned().collect(),
            untouchable: spoken_of("untouchable", &policy.untouchable)?,
            workbook_drives: spoken_of("workbook_drives", &policy.workbook_drives)?,
            graph_requests: policy
                .graph_requests
                .iter()
                .map(|said| {
                    let read = said.parse::<Allowed>();
                    read.map_err(|why| anyhow!("policy.graph_requests: `{said}`: {why}"))
                })
                .collect::<anyhow::Result<_>>()?,
            privileged: policy.privileged.clone(),
            signers: policy.signers.clone(),
            // People who ask in another directory are not found there.
            automation: automation::read(policy, &all)?.filter(|_| whose.people == whose.about),
            reasons: policy.reasons,
            limits: checked(policy.limits)?,
            step_up: policy.step_up.clone(),
            caller_check: policy.caller_check.iter().cloned().collect(),
            caller_check_by: policy.caller_check_by,
            remind_before: reminders(policy)?,
            delegations: delegations(policy, whose)?,
            channels: policy
                .channels
                .iter()
                .map(|(id, channel)| (id.clone(), channel.groups.iter().copied().collect()))
                .collect(),
            sets,
            areas,
            off: off(),
        })
    }

    /// The rules of a permission group; of one that is not set, everything is off.
    pub fn area(&self, area: Area) -> &AreaRules {
        self.areas.get(&area).unwrap_or(&self.off)
    }

    /// The permission groups in which something may be asked for.
    pub fn switched_on(&self) -> Vec<Area> {
        let on = |(_, rules): &(&Area, &AreaRules)| rules.access != Access::Disabled;
        self.areas.iter().filter(on).map(|(area, _)| *area).collect()
    }

    /// The same, by the name that a plan's rule holds.
    pub fn named(&self, area: &str) -> Option<&AreaRules> {
        self.areas.get(&area.parse::<Area>().ok()?)
    }

    /// Every directory group the rules speak of, which somebody's standing needs.
    pub fn groups(&self) -> Vec<GroupId> {
        let lists =
            self.areas.values().flat_map(|area| area.requesters.iter().chain(&area.approvers));
        let longer = self.areas.values().filter_map(|area| area.escalation.as_ref());
        let groups: BTreeSet<GroupId> = lists
            .chain(self.sets.values().flatten())
            .chain(longer.flat_map(|longer| &longer.to))
            .chain(self.areas.values().flat_map(|area| &area.emergency_by))
            .filter_map(|principal| match principal {
                Principal::Group(id) => Some(id.clone()),
                _ => None,
            })
            .collect();
        groups.into_iter().collect()
    }

    /// Those for whom this person signs at an instant, at most ten.
    pub fn stands_in_for(&self, user: &User, at: Timestamp) -> impl Iterator<Item = &Principal> {
        let theirs = move |d: &&Delegation| d.to.names(user) && at < d.until;
        self.delegations.iter().filter(theirs).map(|d| &d.from).take(10)
    }

    /// May something of this permission group be asked for in a conversation, by its id?
    pub fn is_asked_in(&self, conversation: &str, area: Area) -> bool {
        self.channels.get(conversation).is_none_or(|areas| areas.contains(&area))
    }

    /// Everybody who could sign something: lists of them.
    pub fn sign_anything(&self) -> impl Iterator<Item = &[Principal]> {
        let areas = self.areas.values().flat_map(|area| {
            let longer = area.escalation.as_ref().map(|longer| longer.to.as_slice());
            [area.approvers.as_slice(), area.emergency_by.as_slice()].into_iter().chain(longer)
        });
        areas.chain(self.sets.values().map(Vec::as_slice))
    }

    /// The members of a set; nobody is in one that is not there.
    pub fn set(&self, name: &str) -> &[Principal] {
        self.sets.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The sets, in the order of their names.
    pub fn sets(&self) -> impl Iterator<Item = (&str, &[Principal])> {
        self.sets.iter().map(|(name, members)| (name.as_str(), members.as_slice()))
    }

    /// Everybody named in these circles by name or id, and whoever signs for them now, without
    /// duplicates.
    pub fn named_in<'a>(
        &self,
        circles: impl Iterator<Item = &'a Circle>,
        now: Timestamp,
    ) -> Vec<Principal> {
        let mut all: Vec<Principal> = circles.flat_map(|circle| self.principals(circle)).collect();
        let instead = self.delegations.iter().filter(|d| now < d.until && all.contains(&d.from));
        let instead: Vec<Principal> = instead.map(|d| d.to.clone()).collect();
        all.extend(instead);
        let mut named: Vec<Principal> = Vec::new();
        for principal in all {
            if !matches!(principal, Principal::Group(_)) && !named.contains(&principal) {
                named.push(principal);
            }
        }
        named
    }

    fn principals(&self, circle: &Circle) -> Vec<Principal> {
        match circle {
            Circle::Areas { of } => {
                let areas = of.iter().filter_map(|area| self.named(area));
                areas.flat_map(|area| area.approvers.clone()).collect()
            }
            Circle::Set { name } => self.set(name).to_vec(),
            Circle::Manager { who, .. } => vec![Principal::User(who.id.clone())],
        }
    }
}

/// Nothing, by nobody.
fn off() -> AreaRules {
    AreaRules {
        access: Access::Disabled,
        approval: Approval::Refuse,
        requesters: Vec::new(),
        approvers: Vec::new(),
        emergency_by: Vec::new(),
        escalation: None,
        reads: Reads::default(),
    }
}

fn delegations(policy: &Policy, whose: Whose<'_>) -> anyhow::Result<Vec<Delegation>> {
    let person = |key: &str, said: &str| match Principal::read_of(said, whose) {
        Ok(Principal::Group(_)) => {
            bail!("policy.delegates.{key}: `{said}` is a group; one person signs for one person")
        }
        read => read.with_context(|| format!("policy.delegates.{key}")),
    };
    let each = policy.delegates.iter().map(|delegate| {
        let (from, to) = (person("from", &delegate.from)?, person("to", &delegate.to)?);
        if from == to {
            bail!("policy.delegates: `{}` signs for nobody else; name two people", delegate.to);
        }
        Ok(Delegation { from, to, until: delegate.until })
    });
    each.collect()
}

/// Limits that would hold everything back, or nothing, are a mistake.
fn checked(limits: MassLimits) -> anyhow::Result<MassLimits> {
    let counts = [
        ("people_per_hour", limits.people_per_hour),
        ("people_per_hour_each", limits.people_per_hour_each),
    ];
    if let Some((key, _)) = counts.into_iter().find(|(_, most)| *most == Some(0)) {
        bail!("policy.limits.{key} is at least 1; leave it out for no limit");
    }
    match limits.percent_of_users {
        Some(percent) if !(1..=100).contains(&percent) => {
            bail!("policy.limits.percent_of_users is 1 to 100")
        }
        _ => Ok(limits),
    }
}

/// Who may sign too in a permission group, if the settings say so whole.
fn longer(
    policy: &Policy,
    (area, set): (Area, &AreaPolicy),
    all: &impl Fn(&str, &[String]) -> anyhow::Result<Vec<Principal>>,
) -> anyhow::Result<Option<Longer>> {
    let key = format!("groups.{area}.escalate_to");
    let to = all(&key, set.escalate_to.as_deref().unwrap_or(&policy.escalate_to))?;
    let off = set.escalate_to.as_ref().is_some_and(Vec::is_empty);
    match set.escalate_after.or(policy.escalate_after) {
        _ if off => Ok(None),
        None if to.is_empty() => Ok(None),
        Some(after) if !to.is_empty() => {
            if after < SignedDuration::from_mins(1) || after >= policy.expires_after {
                bail!(
                    "policy.groups.{area}.escalate_after is at least a minute, and shorter than policy.expires_after"
                );
            }
            Ok(Some(Longer { after, to }))
        }
        _ => bail!(
            "policy.groups.{area}: escalate_after and escalate_to belong together; write both, there or under [policy]"
        ),
    }
}

fn reminders(policy: &Policy) -> anyhow::Result<Vec<SignedDuration>> {
    let mut before = policy.remind_before.clone();
    before.sort_by(|a, b| b.cmp(a));
    before.dedup();
    if before.len() > 5 {
        bail!("policy.remind_before names more than 5 reminders; take some away");
    }
    if before.iter().any(|b| *b < SignedDuration::from_mins(1) || *b >= policy.expires_after) {
        bail!(
            "policy.remind_before: each is at least a minute, and shorter than policy.expires_after"
        );
    }
    Ok(before)
}

fn sets(
    policy: &Policy,
    all: &impl Fn(&str, &[String]) -> anyhow::Result<Vec<Principal>>,
) -> anyhow::Result<BTreeMap<String, Vec<Principal>>> {
    let mut sets = BTreeMap::new();
    for (name, set) in &policy.sets {
        let key = format!("sets.{name}");
        if !approval::is_set_name(name) {
            bail!(
                "policy.{key}: a set is named in small letters, digits, - and _, at most 40, and not like one of our own words"
            );
        }
        if set.members.is_empty() {
            bail!("policy.{key}.members is empty, so nobody could sign as it; name somebody");
        }
        sets.insert(name.clone(), all(&format!("{key}.members"), &set.members)?);
    }
    Ok(sets)
}
