//! Look a group up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::shown::sort_word,
        look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::FactsView,
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Show details of one group.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetGroup {
    /// Which group? Its name, mail address or object id.
    #[schemars(extend("x-pick" = "group"))]
    pub group: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["show", "tell", "noun"], &["group"]).beside(&["details", "mailbox"])],
    slots: &[("group", Slot::GroupOutOf)],
    examples: &[
        "show me the Sales Team group",
        "look up the group Sales Team",
        "show details of the Sales Team group",
    ],
};

/// Owners shown.
const OWNERS_MAX: usize = 15;

impl Action for GetGroup {
    const ABOUT: About = About {
        id: "get_group",
        title: "Look up a group",
        area: Area::Groups,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { group: "VPN Users".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let group = look::group(look, asked, &self.group).await?;
        let found = look.group_details(&group.id).await?;
        let found = found.ok_or_else(|| Reason::NoSuchGroup { name: self.group.clone() })?;
        let yes_no = |is: bool| if is { "=yes" } else { "=no" }.to_owned();
        let mut facts = Vec::new();
        let mut tell = |what: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                facts.push((what.to_owned(), value));
            }
        };
        tell("group_sort", Some(sort_word(group.sort).to_owned()));
        tell("description", found.description);
        tell("mail", group.mail.clone());
        tell("mail_enabled", Some(yes_no(found.mail_enabled)));
        tell("security_enabled", Some(yes_no(found.security_enabled)));
        tell("visibility", found.visibility);
        if let Some(rule) = &found.rule {
            tell("member_rule", Some(rule.text.clone()));
            tell("rule_state", Some(if rule.on { "=on" } else { "=paused" }.to_owned()));
        }
        tell("synced", group.synced.then(|| "=yes".to_owned()));
        tell("role_assignable", group.role_assignable.then(|| "=yes".to_owned()));
        tell("gives_licences", group.licensed.then(|| "=yes".to_owned()));
        let sign = if found.more { "+" } else { "" };
        tell("members", Some(format!("{}{sign}", found.members)));
        tell("created", found.created.map(|at| format!("@{at}")));
        tell("object_id", Some(group.id.guid().hyphenated().to_string()));
        let more = found.owners.len().saturating_sub(OWNERS_MAX);
        let mut owners = found.owners;
        owners.truncate(OWNERS_MAX);
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: group.name,
            subtitle: None,
            facts,
            lists: vec![("owners".to_owned(), owners)],
            table: None,
            more: u32::try_from(more).unwrap_or(u32::MAX),
            next: None,
        }))
    }
}
