//! Show the transport rules, the settings that decide where mail may go, and retention.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        mail::{AutoForwarding, TransportRule},
        message::{FactsView, Table},
        trouble::Result,
    },
    ports::world::World,
};

/// List mail flow rules and settings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTransportRules {
    /// The tenant's retention policies as well?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retention: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "ask"], &["transport_rule"]).beside(&["details"]),
        Frame::of(&["show", "ask"], &["retention"])
            .beside(&["details", "transport_rule"])
            .sets(&["retention"]),
    ],
    slots: &[],
    examples: &[
        "list the transport rules",
        "show the mail flow rules",
        "show the retention policies",
    ],
};

/// Rules shown at once.
const SHOWN_MAX: usize = 50;
/// Characters shown of what a rule does.
const DOES_CHARS_MAX: usize = 200;

impl Action for ListTransportRules {
    const ABOUT: About = About {
        id: "list_transport_rules",
        title: "List mail flow rules and settings",
        area: Area::MailFlow,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: super::set_transport_rule::READS,
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { retention: false }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let rules = look.transport_rules(&asked.tenant).await?;
        let settings = look.flow_settings(&asked.tenant).await?;
        let yes = |yes: bool| (if yes { "=yes" } else { "=no" }).to_owned();
        let outside = settings.outbound.1 == AutoForwarding::On && settings.remote_forwarding;
        let facts = vec![
            ("outbound_forwarding".to_owned(), settings.outbound.1.word().to_owned()),
            ("remote_forwarding".to_owned(), yes(settings.remote_forwarding)),
            ("forwarding_arrives".to_owned(), yes(outside)),
        ];
        let domain = |(name, kind): &(String, String)| match kind.as_str() {
            "Authoritative" => name.clone(),
            other => format!("{name} ({other})"),
        };
        let mut lists =
            vec![("own_domains".to_owned(), settings.domains.iter().map(domain).collect())];
        if self.retention {
            let policies = look.retention_policies(&asked.tenant).await?;
            let named = |policy: &crate::domain::mail::RetentionPolicy| {
                let star = if policy.default { " *" } else { "" };
                format!("{}{star}: {}", policy.name, policy.tags.join(", "))
            };
            lists.push(("retention_policies".to_owned(), policies.iter().map(named).collect()));
        }
        let columns = ["priority", "rule", "rule_switch", "rule_mode", "rule_does"];
        Ok(Planned::Facts(FactsView {
            action: "list_transport_rules".to_owned(),
            title: asked.tenant.to_string(),
            subtitle: None,
            facts,
            lists,
            table: (!rules.is_empty()).then(|| Table {
                columns: columns.iter().map(|name| (*name).to_owned()).collect(),
                rows: rules.iter().take(SHOWN_MAX).map(row).collect(),
            }),
            more: u32::try_from(rules.len().saturating_sub(SHOWN_MAX)).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}

fn row(rule: &TransportRule) -> Vec<String> {
    let does: String = rule.description.split_whitespace().collect::<Vec<_>>().join(" ");
    let mode = match rule.mode.as_str() {
        "Enforce" => "=enforced",
        _ => "=only_watched",
    };
    vec![
        rule.priority.to_string(),
        rule.name.clone(),
        (if rule.enabled { "=on" } else { "=off" }).to_owned(),
        mode.to_owned(),
        does.chars().take(DOES_CHARS_MAX).collect(),
    ]
}
