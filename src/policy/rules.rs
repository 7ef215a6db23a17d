//! What the operator decided, read from `[policy]` once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow, bail};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{
    config::{Access, Approval, Policy, Reads, SecretsTo},
    domain::{
        area::Area,
        graph_rules::Allowed,
        ids::{Digest, GroupId, TenantId, Upn, UserId},
        users::User,
    },
};

/// Somebody, or everybody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// By object id.
    User(UserId),
    /// By sign-in name, as the directory has it at the time.
    Upn(Upn),
    /// Members of a group, direct or through others.
    Group(GroupId),
}

impl Principal {
    /// Does it name this user himself?
    pub fn names(&self, user: &User) -> bool {
        match self {
            Self::User(id) => *id == user.id,
            Self::Upn(upn) => *upn == user.upn,
            Self::Group(_) => false,
        }
    }

    /// From a setting: a sign-in name, an object id, or `group:<object id>`.
    pub fn read(said: &str, tenant: &TenantId) -> anyhow::Result<Self> {
        if let Some(id) = said.strip_prefix("group:") {
            let guid = Uuid::parse_str(id.trim())
                .with_context(|| format!("`{said}`: after group: comes the group's object id"))?;
            return Ok(Self::Group(tenant.object(guid)));
        }
        if let Ok(guid) = Uuid::parse_str(said.trim()) {
            return Ok(Self::User(tenant.object(guid)));
        }
        match said.parse::<Upn>() {
            Ok(upn) => Ok(Self::Upn(upn)),
            Err(_) => {
                bail!("`{said}` is neither a sign-in name, nor an object id, nor group:<object id>")
            }
        }
    }
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
    /// Where what is looked up appears.
    pub reads: Reads,
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
    areas: BTreeMap<Area, AreaRules>,
    off: AreaRules,
}

impl Rules {
    /// Reads the settings. Errors name the key.
    pub fn read(policy: &Policy, tenant: &TenantId) -> anyhow::Result<Self> {
        let all = |key: &str, list: &[String]| -> anyhow::Result<Vec<Principal>> {
            list.iter()
                .map(|said| Principal::read(said, tenant).with_context(|| format!("policy.{key}")))
                .collect()
        };
        let requesters = all("requesters", &policy.requesters)?;
        let approvers = all("approvers", &policy.approvers)?;
        let mut areas = BTreeMap::new();
        for (area, set) in &policy.groups {
            let own = |key: &str, list: &Option<Vec<String>>, default: &[Principal]| match list {
                Some(list) => all(&format!("groups.{area}.{key}"), list),
                None => Ok(default.to_vec()),
            };
            let rules = AreaRules {
                access: set.access,
                approval: set.approval,
                requesters: own("requesters", &set.requesters, &requesters)?,
                approvers: own("approvers", &set.approvers, &approvers)?,
                reads: set.reads,
            };
            areas.insert(*area, rules);
        }
        Ok(Self {
            version: Digest::of(format!("{policy:?}").as_bytes()).short(),
            expires_after: policy.expires_after,
            secrets_to: policy.secrets_to.clone(),
            unblocked: policy.unblocked.iter().cloned().collect(),
            untouchable: all("untouchable", &policy.untouchable)?,
            workbook_drives: all("workbook_drives", &policy.workbook_drives)?,
            graph_requests: policy
                .graph_requests
                .iter()
                .map(|said| {
                    let read = said.parse::<Allowed>();
                    read.map_err(|why| anyhow!("policy.graph_requests: `{said}`: {why}"))
                })
                .collect::<anyhow::Result<_>>()?,
            privileged: policy.privileged,
            areas,
            off: AreaRules {
                access: Access::Disabled,
                approval: Approval::Refuse,
                requesters: Vec::new(),
                approvers: Vec::new(),
                reads: Reads::default(),
            },
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
        let groups: BTreeSet<GroupId> = lists
            .filter_map(|principal| match principal {
                Principal::Group(id) => Some(id.clone()),
                _ => None,
            })
            .collect();
        groups.into_iter().collect()
    }

    /// Everybody named as an approver of these groups by name or id, without duplicates.
    pub fn named_approvers(&self, of: &[String]) -> Vec<Principal> {
        let mut named: Vec<Principal> = Vec::new();
        for principal in
            of.iter().filter_map(|area| self.named(area)).flat_map(|area| &area.approvers)
        {
            if !matches!(principal, Principal::Group(_)) && !named.contains(principal) {
                named.push(principal.clone());
            }
        }
        named
    }
}
