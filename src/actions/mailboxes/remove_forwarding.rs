//! Stop every forwarding of a mailbox: its own, and what its inbox rules send on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        mailboxes::{
            forwarding::{self, Back, Target},
            set_forwarding::SetForwarding,
        },
        propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, InboxRuleChange, MailboxChange, inbox_rules, mailboxes},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Remove all forwarding.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveForwarding {
    /// Of which mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Inbox rules that forward or redirect as well? Yes if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<bool>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["stop", "take", "switch_off", "revoke", "delete"], &["forwarding"])
        .beside(&["mailbox", "shared_mailbox"])],
    slots: &[("mailbox", Slot::Mailbox)],
    examples: &[
        "remove the forwarding from megan.bowen@contoso.com",
        "turn off forwarding on Megan Bowen's mailbox",
        "please stop forwarding Megan Bowen's emails",
    ],
};

impl Action for RemoveForwarding {
    const ABOUT: About = About {
        id: "remove_forwarding",
        title: "Remove forwarding",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mailboxes::SET_FORWARDING, inbox_rules::SWITCH_INBOX_RULE],
        care: Care::Usual,
        undone_by: &["set_forwarding"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "nadia.petrova@contoso.com".to_owned(), rules: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        let mut draft = Draft::about(user.to_ref());
        if let Some(now) = forwarding::now(look, asked, &mailbox).await? {
            draft.step(
                MailboxChange::SetForwarding { user: user.id.clone().into(), forwarding: None },
                &[("user", &user.name)],
                vec![
                    Value::new("forwards_to", now.shown.clone(), "=nobody"),
                    Value::new("lies", Target::lies(&now), "=none"),
                ],
            );
        }
        if self.rules.unwrap_or(true) {
            let rules = look.inbox_rules(&user.id).await?.unwrap_or_default();
            let sends = rules.iter().filter(|rule| rule.enabled && !rule.targets.is_empty());
            let sends: Vec<_> = sends.collect();
            let domains = if sends.is_empty() {
                Vec::new()
            } else {
                look.accepted_domains(&asked.tenant).await?
            };
            for rule in &sends {
                forwarding::switch_rule(&mut draft, &user, rule, false);
                if forwarding::leaves(rule, &domains) {
                    let to = forwarding::of_rule(rule);
                    let fields = [("rule", rule.name.as_str()), ("to", to.as_str())];
                    draft.notes.push(Note::new("rule_leaves", &fields));
                }
            }
            if !sends.is_empty() {
                draft.notes.push(Note::new("outlook_rules_go", &[("user", &user.name)]));
            }
        }
        if draft.steps.is_empty() {
            let what = format!("nothing forwards the mail of {}", user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let mut back = Back { forwarding: None, rules: Vec::new() };
        for (step, run) in done.iter().filter(|(_, run)| run.state == StepState::Done) {
            match &step.change {
                Change::Mailbox(MailboxChange::SetForwarding { .. }) => {
                    back.forwarding = run.before.as_ref().and_then(forwarding::seen);
                }
                Change::InboxRule(InboxRuleChange::SwitchInboxRule { rule, .. }) => {
                    back.rules.push(rule.clone());
                }
                _ => {}
            }
        }
        if back.forwarding.is_none() && back.rules.is_empty() {
            return Vec::new();
        }
        let to = back.forwarding.as_ref().map(|forwarding| forwarding.to.address().to_owned());
        vec![propose(&SetForwarding {
            mailbox: self.mailbox.clone(),
            forward_to: to.unwrap_or_default(),
            keep_copy: None,
            until: None,
            back_to: Some(back),
        })]
    }
}
