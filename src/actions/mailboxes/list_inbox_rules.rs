//! Show the inbox rules of a mailbox, and which of them send mail outside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        mailboxes::forwarding,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        mail::{InboxRule, Onward},
        message::{FactsView, Table},
        trouble::Result,
    },
    ports::world::World,
};

/// List inbox rules.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListInboxRules {
    /// Of which mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "ask"], &["inbox_rule"]).beside(&[
        "mailbox",
        "details",
        "forwarding",
    ])],
    slots: &[("mailbox", Slot::Mailbox)],
    examples: &[
        "show the inbox rules of megan.bowen@contoso.com",
        "list Megan Bowen's mailbox rules",
        "check the inbox rules of Megan Bowen",
    ],
};

/// Rules shown at once.
const SHOWN_MAX: usize = 50;

impl Action for ListInboxRules {
    const ABOUT: About = About {
        id: "list_inbox_rules",
        title: "List inbox rules",
        area: Area::Mailboxes,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: super::READS,
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "nadia.petrova@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::mail::owner(look, asked, &self.mailbox).await?;
        let rules = look.inbox_rules(&user.id).await?;
        let rules = rules.ok_or_else(|| look::mail::none(&user.name))?;
        let domains = look.accepted_domains(&asked.tenant).await?;
        let leaving = rules.iter().filter(|rule| forwarding::leaves(rule, &domains)).count();
        let rows = rules.iter().take(SHOWN_MAX).map(|rule| row(rule, &domains)).collect();
        let columns =
            ["rule", "rule_switch", "rule_looks_for", "rule_does", "rule_sends_to", "lies"];
        Ok(Planned::Facts(FactsView {
            action: "list_inbox_rules".to_owned(),
            title: user.name.clone(),
            subtitle: Some(user.upn.to_string()),
            facts: vec![
                ("rules_found".to_owned(), rules.len().to_string()),
                ("rules_leaving".to_owned(), leaving.to_string()),
            ],
            lists: Vec::new(),
            table: (!rules.is_empty()).then(|| Table {
                columns: columns.iter().map(|name| (*name).to_owned()).collect(),
                rows,
            }),
            more: u32::try_from(rules.len().saturating_sub(SHOWN_MAX)).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}

fn row(rule: &InboxRule, domains: &[String]) -> Vec<String> {
    let does = match rule.targets.first().map(|target| target.how) {
        Some(Onward::Forward) => "=forwards",
        Some(Onward::Attach) => "=forwards_attached",
        Some(Onward::Redirect) => "=redirects",
        None if rule.deletes => "=deletes",
        None if rule.moves_to.is_some() => "=moves",
        None => "=other_doing",
    };
    let lies = match (rule.targets.is_empty(), forwarding::leaves(rule, domains)) {
        (true, _) => "=none",
        (false, true) => "=outside",
        (false, false) => "=inside",
    };
    let looks_for = rule.looks_for.join(", ");
    let to = forwarding::of_rule(rule);
    vec![
        rule.name.clone(),
        (if rule.enabled { "=on" } else { "=off" }).to_owned(),
        if looks_for.is_empty() { "=everything".to_owned() } else { looks_for },
        does.to_owned(),
        if to.is_empty() { "=nobody".to_owned() } else { to },
        lies.to_owned(),
    ]
}
