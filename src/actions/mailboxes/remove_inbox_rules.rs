//! Delete inbox rules, or switch them off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        mailboxes::{
            forwarding::{self, Back},
            set_forwarding::SetForwarding,
        },
        propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, InboxRuleChange, inbox_rules},
        mail::InboxRule,
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Remove inbox rules.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveInboxRules {
    /// Of which mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Which rules, by name? Those that forward or redirect if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// All rules, whatever they do?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// Only switch them off, so that it can be undone?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub switch_off: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["take", "delete", "leave", "revoke"], &["inbox_rule"])
            .beside(&["mailbox", "forwarding"]),
        Frame::of(&["block", "switch_off"], &["inbox_rule"])
            .beside(&["mailbox", "forwarding"])
            .sets(&["switch_off"]),
    ],
    slots: &[("mailbox", Slot::Mailbox), ("rules", Slot::QuotedNames), ("all", Slot::AllOfThem)],
    examples: &[
        "remove all inbox rules from megan.bowen@contoso.com",
        "delete the inbox rule \"Newsletter\" of Megan Bowen",
        "disable the forwarding inbox rules in Megan Bowen's mailbox",
    ],
};

impl Action for RemoveInboxRules {
    const ABOUT: About = About {
        id: "remove_inbox_rules",
        title: "Remove inbox rules",
        area: Area::Mailboxes,
        risk: Risk::Destructive,
        may: &[inbox_rules::REMOVE_INBOX_RULE, inbox_rules::SWITCH_INBOX_RULE],
        care: Care::Usual,
        undone_by: &["set_forwarding"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "nadia.petrova@contoso.com".to_owned(),
            rules: vec!["Newsletters".to_owned()],
            all: false,
            switch_off: false,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::mail::owner(look, asked, &self.mailbox).await?;
        let rules = look.inbox_rules(&user.id).await?;
        let rules = rules.ok_or_else(|| look::mail::none(&user.name))?;
        let chosen = self.chosen(&rules)?;
        let domains = look.accepted_domains(&asked.tenant).await?;
        let mut draft = Draft::about(user.to_ref());
        for rule in chosen.iter().filter(|rule| rule.enabled || !self.switch_off) {
            if forwarding::leaves(rule, &domains) {
                let to = forwarding::of_rule(rule);
                let fields = [("rule", rule.name.as_str()), ("to", to.as_str())];
                draft.notes.push(Note::new("rule_leaves", &fields));
            }
            if self.switch_off {
                forwarding::switch_rule(&mut draft, &user, rule, false);
                continue;
            }
            let does = does(rule);
            draft
                .step(
                    InboxRuleChange::RemoveInboxRule {
                        user: user.id.clone().into(),
                        rule: rule.id.clone(),
                    },
                    &[("user", &user.name), ("rule", &rule.name)],
                    vec![Value::new("rule_does", does, "=none")],
                )
                .cannot_be_undone("rule_deleted");
        }
        if draft.steps.is_empty() {
            let what = format!("the inbox of {} has no such rule", user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        draft.notes.push(Note::new("outlook_rules_go", &[("user", &user.name)]));
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let off = done.iter().filter(|(_, run)| run.state == StepState::Done);
        let rules: Vec<String> = off
            .filter_map(|(step, _)| match &step.change {
                Change::InboxRule(InboxRuleChange::SwitchInboxRule { rule, .. }) => {
                    Some(rule.clone())
                }
                _ => None,
            })
            .collect();
        if rules.is_empty() {
            return Vec::new();
        }
        vec![propose(&SetForwarding {
            mailbox: self.mailbox.clone(),
            forward_to: String::new(),
            keep_copy: None,
            until: None,
            back_to: Some(Back { forwarding: None, rules }),
        })]
    }
}

impl RemoveInboxRules {
    /// Those named; without names those that send mail on, or all of them.
    fn chosen<'a>(&self, rules: &'a [InboxRule]) -> Result<Vec<&'a InboxRule>, Reason> {
        if self.rules.is_empty() {
            let sends = |rule: &&InboxRule| self.all || !rule.targets.is_empty();
            return Ok(rules.iter().filter(sends).collect());
        }
        let mut chosen = Vec::new();
        for name in &self.rules {
            let same = |rule: &&InboxRule| rule.name.eq_ignore_ascii_case(name.trim());
            let found: Vec<&InboxRule> = rules.iter().filter(same).collect();
            if found.is_empty() {
                return Err(Reason::Gone { what: "=rule".to_owned(), name: name.clone() });
            }
            chosen.extend(found);
        }
        Ok(chosen)
    }
}

/// What a rule does, for the record of what was deleted.
fn does(rule: &InboxRule) -> String {
    let to = forwarding::of_rule(rule);
    let mut parts = rule.looks_for.clone();
    parts.extend((!to.is_empty()).then(|| format!("→ {to}")));
    parts.extend(rule.moves_to.iter().map(|folder| format!("→ {folder}")));
    if rule.deletes {
        parts.push("✗".to_owned());
    }
    if parts.is_empty() { "=other_doing".to_owned() } else { parts.join(" · ") }
}
