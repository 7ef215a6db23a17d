//! The profile `full-automation`: what its set of standing approvals is about, as the settings
//! say. Not here: what it covers (the actions that a standing approval may cover), and signing it.

use anyhow::{bail, ensure};

use crate::{
    config::{Policy, profile::FULL_AUTOMATION},
    domain::{
        ids::Digest,
        standing::{DAYS_MAX, PEOPLE_MAX, PER_DAY_MAX},
    },
    policy::Principal,
};

/// The set that the settings propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    /// In whose name; they never sign it.
    pub proposed_by: Principal,
    /// Whom it is about.
    pub about: Vec<Principal>,
    /// Who may ask.
    pub asked_by: Vec<Principal>,
    /// At most so many on one day.
    pub per_day: u16,
    /// It lasts so many days once it is proposed.
    pub days: i64,
    /// Of these settings: a set of others is another one.
    pub settings: String,
}

/// The set of the settings, if they have the profile.
pub(super) fn read(
    policy: &Policy,
    all: &impl Fn(&str, &[String]) -> anyhow::Result<Vec<Principal>>,
) -> anyhow::Result<Option<Automation>> {
    let on = policy.profile.as_deref() == Some(FULL_AUTOMATION);
    let Some(set) = policy.automation.as_ref().filter(|_| on) else {
        ensure!(
            policy.automation.is_none(),
            "policy.automation belongs to policy.profile = \"{FULL_AUTOMATION}\"; write both or neither"
        );
        return Ok(None);
    };
    let few = |key: &str, list: &[String]| {
        let read = all(&format!("automation.{key}"), list)?;
        let groups = read.iter().filter(|one| matches!(one, Principal::Group(_))).count();
        ensure!(
            !read.is_empty() && groups <= 1 && read.len() - groups <= PEOPLE_MAX,
            "policy.automation.{key} names up to {PEOPLE_MAX} people, a group:<object id>, or both, so that its card shows all of them"
        );
        Ok(read)
    };
    let mut by = all("automation.proposed_by", std::slice::from_ref(&set.proposed_by))?;
    let Some(proposed_by @ (Principal::User(_) | Principal::Upn(..))) = by.pop() else {
        bail!("policy.automation.proposed_by is one person, by sign-in name or object id");
    };
    ensure!(
        (1..=PER_DAY_MAX).contains(&set.per_day),
        "policy.automation.per_day is 1 to {PER_DAY_MAX}"
    );
    ensure!(
        (1..=DAYS_MAX).contains(&i64::from(set.days)),
        "policy.automation.days is 1 to {DAYS_MAX}"
    );
    Ok(Some(Automation {
        proposed_by,
        about: few("about", &set.about)?,
        asked_by: few("asked_by", &set.asked_by)?,
        per_day: set.per_day,
        days: i64::from(set.days),
        settings: Digest::of(format!("{set:?}").as_bytes()).short(),
    }))
}
