//! `[policy]`: who may ask, and who must sign.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    config::approval::Approval,
    domain::area::{Area, Risk},
};

/// Who may ask, and who must sign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Starting values for every group: one of [`crate::config::profile::PROFILES`].
    pub profile: Option<String>,
    /// What the profile `full-automation` proposes to be signed beforehand.
    pub automation: Option<Automation>,
    /// Who may ask, in every group that does not say otherwise: sign-in names, `group:<object id>`.
    pub requesters: Vec<String>,
    /// Who may sign, in every group that does not say otherwise.
    pub approvers: Vec<String>,
    /// Who receives generated passwords.
    pub secrets_to: SecretsTo,
    /// How long a request waits for its signatures.
    pub expires_after: SignedDuration,
    /// Accounts that nothing may be done to: sign-in names or object ids (break-glass accounts).
    pub untouchable: Vec<String>,
    /// Ids of actions that are blocked unless they are named here.
    pub unblocked: Vec<String>,
    /// Requests of Graph that need no second signature more than their group asks: method and
    /// template, such as `GET /users/{id}/calendars`.
    pub graph_requests: Vec<String>,
    /// Whose drives are searched for a workbook: sign-in names, object ids, `group:<object id>`.
    pub workbook_drives: Vec<String>,
    /// What it takes to touch somebody with a privileged role: `refuse`, `approve:2`, or an
    /// expression.
    pub privileged: Approval,
    /// What it takes to open a way into the account of somebody who signs here: a password, a
    /// pass, or a sign-in method less. The same values.
    pub signers: Approval,
    /// Sets of people whom the rules of approval name.
    pub sets: BTreeMap<String, SetPolicy>,
    /// Who signs for whom while they are away.
    pub delegates: Vec<Delegate>,
    /// Which decisions need a reason, typed beside the button.
    pub reasons: Reasons,
    /// So long before its time is over, a request that still waits is brought to mind.
    pub remind_before: Vec<SignedDuration>,
    /// Who may sign alone as an emergency, with a reason and a review afterwards, in every group
    /// that does not say otherwise: sign-in names, object ids, `group:<object id>`.
    pub emergency_by: Vec<String>,
    /// After so long without a decision, further people may sign a request too, in every group
    /// that does not say otherwise.
    pub escalate_after: Option<SignedDuration>,
    /// Who they are: sign-in names, object ids, `group:<object id>`.
    pub escalate_to: Vec<String>,
    /// Ids of actions before which it is made sure that it is really whom they are about who asks.
    pub caller_check: Vec<String>,
    /// How that is said: by the manager, or by a number.
    pub caller_check_by: CallerCheckBy,
    /// Which plans take a fresh sign-in of whoever signs them.
    pub step_up: StepUp,
    /// Conversations in which only some permission groups are asked for, by Slack channel id or
    /// Teams conversation id.
    pub channels: BTreeMap<String, ChannelPolicy>,
    /// From where on a change of many people needs one more signature.
    pub limits: MassLimits,
    /// One table per permission group.
    pub groups: BTreeMap<Area, AreaPolicy>,
}

/// From where on a change of many people waits for one more signature than usual, and cards of
/// one approver are gathered. What is not set is not limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MassLimits {
    /// People whom requests were about within an hour, of everybody together. At least 1.
    pub people_per_hour: Option<u32>,
    /// The same of one requester. At least 1.
    pub people_per_hour_each: Option<u32>,
    /// Of all users of the directory, those whom one request is about, in percent: 1 to 100.
    pub percent_of_users: Option<u8>,
    /// So many cards to sign come to one approver's own chat within ten minutes; further requests
    /// are listed on one card, from which each is opened. 0: every request has a card there.
    pub cards_in_ten_minutes: u32,
}

impl Default for MassLimits {
    fn default() -> Self {
        Self {
            people_per_hour: None,
            people_per_hour_each: None,
            percent_of_users: None,
            cards_in_ten_minutes: 20,
        }
    }
}

impl MassLimits {
    /// Is no change of many people limited?
    pub fn are_unset(&self) -> bool {
        self.people_per_hour.is_none()
            && self.people_per_hour_each.is_none()
            && self.percent_of_users.is_none()
    }
}

/// Somebody signs for somebody else, for a time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegate {
    /// Who is away: a sign-in name or an object id.
    pub from: String,
    /// Who signs instead: a sign-in name or an object id.
    pub to: String,
    /// Until when, with its zone: `2026-12-24T18:00:00Z`.
    pub until: Timestamp,
}

/// Which decisions need a reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reasons {
    /// None; one may be given.
    #[default]
    Optional,
    /// Saying no.
    Rejections,
    /// Saying yes and saying no.
    Decisions,
}

/// The set of standing approvals of the profile `full-automation`. Nothing of it holds before
/// somebody signs it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// In whose name it is proposed: a sign-in name. They never sign it.
    pub proposed_by: String,
    /// Whom it is about: up to five people, or `group:<object id>`, or both.
    pub about: Vec<String>,
    /// Who may ask: the same.
    pub asked_by: Vec<String>,
    /// At most so many a day: 1 to 100.
    #[serde(default = "twenty")]
    pub per_day: u16,
    /// For so many days: 1 to 90.
    #[serde(default = "ninety")]
    pub days: u16,
}

fn twenty() -> u16 {
    20
}

fn ninety() -> u16 {
    90
}

/// How it is made sure that it is really the subject who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerCheckBy {
    /// Their manager says so, on a card of their own.
    #[default]
    Manager,
    /// They read out a number that is shown in their own chat with the bot, and whoever asked
    /// types it.
    Number,
}

/// Which plans take a fresh sign-in with a second factor of whoever signs them: those that any
/// of these says. None, if all are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepUp {
    /// Everything of these permission groups.
    pub groups: Vec<Area>,
    /// These actions, by id.
    pub actions: Vec<String>,
    /// Everything that does at least so much harm: `write` or `destructive`.
    pub from_risk: Option<Risk>,
    /// The authentication context that the sign-in has to meet: `c1` to `c99`. Without one,
    /// the id token has to say `mfa` under `amr`.
    pub context: Option<String>,
}

impl StepUp {
    /// No plan takes one.
    pub fn is_off(&self) -> bool {
        self.groups.is_empty() && self.actions.is_empty() && self.from_risk.is_none()
    }
}

/// What is asked for in a conversation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelPolicy {
    /// Only these permission groups.
    pub groups: Vec<Area>,
}

/// A set of people who sign.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SetPolicy {
    /// Who is in it: sign-in names, object ids, `group:<object id>`.
    pub members: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            profile: None,
            automation: None,
            requesters: Vec::new(),
            approvers: Vec::new(),
            secrets_to: SecretsTo::Manager,
            expires_after: SignedDuration::from_hours(8),
            untouchable: Vec::new(),
            unblocked: Vec::new(),
            graph_requests: Vec::new(),
            workbook_drives: Vec::new(),
            privileged: Approval::Refuse,
            signers: Approval::Approve(2),
            sets: BTreeMap::new(),
            delegates: Vec::new(),
            reasons: Reasons::default(),
            remind_before: Vec::new(),
            emergency_by: Vec::new(),
            escalate_after: None,
            escalate_to: Vec::new(),
            caller_check: Vec::new(),
            caller_check_by: CallerCheckBy::default(),
            step_up: StepUp::default(),
            channels: BTreeMap::new(),
            limits: MassLimits::default(),
            groups: BTreeMap::new(),
        }
    }
}

/// Who receives a generated password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretsTo {
    /// Whoever asked.
    Requester,
    /// The subject's manager.
    Manager,
    /// Always the person with this sign-in name.
    #[serde(untagged)]
    Person(String),
}

/// The rules of one permission group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AreaPolicy {
    /// Off, reading only, or reading and changing. Off if it is not said.
    pub access: Access,
    /// Who must sign. `approve` if it is not said.
    pub approval: Approval,
    /// Who may ask here.
    pub requesters: Option<Vec<String>>,
    /// Who may sign here.
    pub approvers: Option<Vec<String>>,
    /// Who may sign alone here as an emergency.
    pub emergency_by: Option<Vec<String>>,
    /// After so long without a decision, further people may sign here too.
    pub escalate_after: Option<SignedDuration>,
    /// Who they are.
    pub escalate_to: Option<Vec<String>>,
    /// Where what is looked up appears.
    pub reads: Reads,
}

/// Where what is looked up appears, by sort of conversation. In one's own conversation
/// with the bot it always appears there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reads {
    /// Asked in a channel. If it is not said: what is about people goes to the asker alone.
    pub channels: Option<Shows>,
    /// Asked in a chat of several people.
    pub group_chats: Option<Shows>,
}

/// Who sees what was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// Everybody there, if no guest and nobody of another organisation is.
    Thread,
    /// Whoever asked, alone.
    Asker,
    /// Nobody: it is not looked up there.
    Refuse,
}

/// What a permission group may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing.
    #[default]
    Disabled,
    /// Look.
    ReadOnly,
    /// Look and change.
    ReadWrite,
}
