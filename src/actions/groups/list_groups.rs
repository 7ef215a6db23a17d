//! List or search groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::shown::{self, PAGE, PAGE_MAX, sort_word, special},
        wording::{Filter, Frame, Slot, Value as Words, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        groups::{GroupQuery, GroupsFound},
        message::{FactsView, Table},
        trouble::{Reason, Result},
        users::{Group, GroupSort},
    },
    ports::world::World,
};

/// List groups, or search them by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListGroups {
    /// Part of the name or of the mail address?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only groups of one sort?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_type: Option<GroupSort>,
    /// A filter as Microsoft Graph takes it (`OData`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// A search as Microsoft Graph takes it, such as "displayName:sales".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// An order as Microsoft Graph takes it, such as displayName desc.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orderby: Option<String>,
    /// Further properties to show, at most two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    /// Neighbours to read with each, as Microsoft Graph takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expand: Option<String>,
    /// How many on a page? At most 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
    /// Say how many there are?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub count: bool,
    /// Which page, from 1?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "ask"], &["group"]).beside(&["mailbox"])],
    slots: &[
        ("group_type", Slot::Maybe(&Slot::Choice(SORTS))),
        ("query", Slot::Filter(Filter::Words)),
    ],
    examples: &["list all groups", "show all distribution lists", "show me our security groups"],
};

/// The words for a sort of group. A dynamic one is of another sort besides.
const SORTS: &[Words] = &[
    ("mail_enabled_security", &["mail enabled security", "mail - enabled security"]),
    ("distribution", &["distribution", "mailing lists", "dls", "email lists"]),
    ("microsoft365", &["microsoft 365", "m365", "office 365", "o365", "365 groups", "teams"]),
    ("security", &["security"]),
];

/// Groups read for one answer.
const GROUPS_MAX: usize = 5_000;
/// Columns that a table still has room for.
const COLUMNS_MAX: usize = 2;

impl Action for ListGroups {
    const ABOUT: About = About {
        id: "list_groups",
        title: "List groups",
        area: Area::Groups,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { query: Some("sales".to_owned()), ..Self::default() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.select.len() > COLUMNS_MAX {
            return Err(Reason::TooMuch {
                what: format!("a list shows at most {COLUMNS_MAX} further properties"),
            }
            .into());
        }
        let query = GroupQuery {
            filter: self.filter.clone(),
            search: self.search.clone(),
            orderby: self.orderby.clone(),
            select: self.select.clone(),
            expand: self.expand.clone(),
            limit: GROUPS_MAX,
        };
        let mut found = look.groups_listed(&asked.tenant, &query).await?;
        found.groups.retain(|(group, _)| self.wants(group));
        if self.orderby.is_none() {
            found.groups.sort_by_key(|(group, _)| group.name.to_lowercase());
        }
        Ok(Planned::Facts(self.shown(&found, asked)))
    }
}

impl ListGroups {
    fn wants(&self, group: &Group) -> bool {
        let named = self.query.as_ref().is_none_or(|query| {
            let query = query.to_lowercase();
            let mail = group.mail.as_deref().unwrap_or_default();
            group.name.to_lowercase().contains(&query) || mail.to_lowercase().contains(&query)
        });
        named && self.group_type.is_none_or(|sort| group.sort == sort)
    }

    fn shown(&self, found: &GroupsFound, asked: &Asked) -> FactsView {
        let total = found.groups.len();
        let row = |(group, more): &(Group, serde_json::Map<String, Value>)| {
            let mut row = vec![
                group.name.clone(),
                group.mail.clone().unwrap_or_default(),
                sort_word(group.sort).to_owned(),
                special(group),
            ];
            row.extend(self.select.iter().map(|name| plain(more.get(name))));
            row
        };
        let rows = found.groups.iter().map(row).collect();
        let size =
            self.top.map_or(PAGE, |top| usize::try_from(top).unwrap_or(PAGE).clamp(1, PAGE_MAX));
        let (rows, more, next) = shown::page(rows, self.page.unwrap_or(1), size, self);
        let mut facts = Vec::new();
        if self.count || found.more || total > size {
            let sign = if found.more { "+" } else { "" };
            facts.push(("how_many".to_owned(), format!("{total}{sign}")));
        }
        if total == 0 {
            facts.push(("groups".to_owned(), "=none".to_owned()));
        }
        let mut columns: Vec<String> =
            ["name", "mail", "group_sort", "special"].map(str::to_owned).to_vec();
        columns.extend(self.select.iter().map(|_| "asked_for".to_owned()));
        let domain = asked.requester.upn.as_str().rsplit('@').next().unwrap_or_default();
        FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: self.query.clone().unwrap_or_else(|| domain.to_owned()),
            subtitle: None,
            facts,
            lists: Vec::new(),
            table: (!rows.is_empty()).then_some(Table { columns, rows }),
            more,
            next,
        }
    }
}

/// A value of a property that was asked for by name.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
