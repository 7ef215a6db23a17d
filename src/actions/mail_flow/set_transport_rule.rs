//! Switch a transport rule on or off, or say whether mail may forward itself outside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, MailFlowChange, mail_flow},
        mail::{AutoForwarding, TransportRule},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
    },
    ports::world::World,
};

/// Switch a mail flow rule or setting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTransportRule {
    /// Which rule, by name?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Switch it off? Else it is switched on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// Instead of a rule: may mail forward itself to addresses outside?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_forwarding: Option<AutoForwarding>,
}

/// What looking at mail flow needs.
pub(super) const READS: &[&str] = &["exchange:Exchange.ManageAsApp", "role:Exchange Administrator"];

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["switch_on", "allow"], &["transport_rule"]),
        Frame::of(&["switch_off", "block"], &["transport_rule"]).sets(&["off"]),
    ],
    slots: &[("rule", Slot::Maybe(&Slot::Name))],
    examples: &[
        "disable the transport rule \"Block executable attachments\"",
        "enable the mail flow rule \"Copy to legal\"",
        "turn off the transport rule \"External sender warning\"",
    ],
};

impl Action for SetTransportRule {
    const ABOUT: About = About {
        id: "set_transport_rule",
        title: "Switch a mail flow rule or setting",
        area: Area::MailFlow,
        risk: Risk::Destructive,
        may: &[mail_flow::SWITCH_TRANSPORT_RULE, mail_flow::SET_AUTO_FORWARDING],
        care: Care::AlwaysApprove,
        undone_by: &["set_transport_rule"],
        reads: READS,
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            rule: Some("Block executable attachments".to_owned()),
            off: true,
            external_forwarding: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if let Some(mode) = self.external_forwarding {
            return setting(look, asked, mode).await;
        }
        let rules = look.transport_rules(&asked.tenant).await?;
        let said = self.rule.as_deref().map(str::trim).unwrap_or_default();
        let rule = chosen(&rules, said)?;
        let on = !self.off;
        if rule.enabled == on {
            let so = if on { "is on" } else { "is off" };
            let what = format!("the mail flow rule {} {so} already", rule.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        let word = |on: bool| if on { "=on" } else { "=off" };
        let mut draft = Draft { objects: vec![rule.name.clone()], ..Draft::default() };
        let does: String = rule.description.split_whitespace().collect::<Vec<_>>().join(" ");
        let does: String = does.chars().take(400).collect();
        let place = rules.iter().position(|other| other.id == rule.id).map_or(1, |at| at + 1);
        let (place, count) = (place.to_string(), rules.len().to_string());
        let fields = [
            ("rule", rule.name.as_str()),
            ("place", place.as_str()),
            ("count", count.as_str()),
            ("does", does.as_str()),
        ];
        draft.notes.push(Note::new("rule_does_this", &fields));
        draft.step(
            MailFlowChange::SwitchTransportRule { tenant: asked.tenant.clone(), rule: rule.id, on },
            &[("rule", &rule.name), ("state", word(on))],
            vec![
                Value::new("rule_switch", word(rule.enabled), word(on)),
                Value::new("priority", rule.priority.to_string(), rule.priority.to_string()),
            ],
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().find(|(_, run)| run.state == StepState::Done);
        let Some((step, run)) = made else { return Vec::new() };
        match &step.change {
            Change::MailFlow(MailFlowChange::SwitchTransportRule { rule, on, .. }) => {
                vec![propose(&Self {
                    rule: Some(rule.to_string()),
                    off: *on,
                    external_forwarding: None,
                })]
            }
            Change::MailFlow(MailFlowChange::SetAutoForwarding { .. }) => {
                let before = run
                    .before
                    .as_ref()
                    .and_then(|seen| seen.value(mail_flow::MODE)?.as_str().map(AutoForwarding::of));
                let back = |mode| Self { rule: None, off: false, external_forwarding: Some(mode) };
                before.map(|mode| propose(&back(mode))).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The rule of this name or id; a question when there is none.
fn chosen<'a>(rules: &'a [TransportRule], said: &str) -> Result<&'a TransportRule> {
    let same = |rule: &&TransportRule| {
        rule.name.eq_ignore_ascii_case(said) || rule.id.to_string().eq_ignore_ascii_case(said)
    };
    if let Some(rule) = rules.iter().find(same) {
        return Ok(rule);
    }
    if rules.is_empty() {
        return Err(Reason::Gone { what: "=rule".to_owned(), name: said.to_owned() }.into());
    }
    let choices = rules.iter().take(10).map(|rule| Choice {
        value: rule.id.to_string(),
        label: rule.name.chars().take(150).collect(),
        detail: format!("{} · {}", rule.priority, if rule.enabled { "on" } else { "off" }),
    });
    Err(Trouble::Unclear {
        argument: "rule".to_owned(),
        question: Question {
            ask: Ask::WhatOne,
            said: (!said.is_empty()).then(|| said.chars().take(80).collect()),
            choices: choices.collect(),
        },
    })
}

/// Whether mail may forward itself outside.
async fn setting(look: &dyn World, asked: &Asked, mode: AutoForwarding) -> Result<Planned> {
    let settings = look.flow_settings(&asked.tenant).await?;
    let (policy, now) = settings.outbound;
    if now == mode {
        let what = format!("the outbound spam policy {policy} says so");
        return Err(Reason::AlreadySo { what }.into());
    }
    let mut draft = Draft { objects: vec![policy.clone()], ..Draft::default() };
    if mode == AutoForwarding::On {
        draft.notes.push(Note::new("forwarding_opens_for_all", &[]));
    }
    draft.step(
        MailFlowChange::SetAutoForwarding {
            tenant: asked.tenant.clone(),
            policy: policy.clone(),
            mode,
        },
        &[("policy", &policy)],
        vec![Value::new("outbound_forwarding", now.word(), mode.word())],
    );
    Ok(Planned::Changes(draft))
}
