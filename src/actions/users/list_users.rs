//! List people, page by page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Filter, Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::Values,
        message::{FactsView, Table},
        properties::shown,
        trouble::{Reason, Result},
    },
    ports::{people::PeopleQuery, world::World},
};

/// People on one page, unless somebody asks for fewer.
const PAGE: u32 = 20;
/// A card shows at most this many.
const PAGE_MAX: u32 = 50;
/// Columns of a table.
const COLUMNS_MAX: usize = 6;
/// What is shown unless something else is asked for.
const COLUMNS: &[&str] =
    &["displayName", "userPrincipalName", "jobTitle", "department", "accountEnabled"];
/// What may be shown: what a list of Graph has, in words of the text file.
const SHOWN: &[&str] = &[
    "displayName",
    "givenName",
    "surname",
    "userPrincipalName",
    "mail",
    "mailNickname",
    "jobTitle",
    "department",
    "companyName",
    "officeLocation",
    "employeeId",
    "employeeType",
    "employeeHireDate",
    "mobilePhone",
    "businessPhones",
    "streetAddress",
    "city",
    "state",
    "postalCode",
    "country",
    "usageLocation",
    "preferredLanguage",
    "userType",
    "accountEnabled",
    "createdDateTime",
    "lastPasswordChangeDateTime",
    "onPremisesSyncEnabled",
];

/// Whether people may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignInState {
    /// They may.
    Enabled,
    /// They may not.
    Disabled,
}

/// Members or guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserType {
    /// Of this organisation.
    Member,
    /// Of another one.
    Guest,
}

/// List users.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUsers {
    /// Of which department?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// With which job title?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// In which office?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// Who report to whom?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub manager: Option<String>,
    /// Who may sign in, or may not?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SignInState>,
    /// Members or guests?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<UserType>,
    /// With which licence? A part number, `ALL` for any, `NONE` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "licence"))]
    pub license: Option<String>,
    /// What do names or addresses begin with?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// A filter of Microsoft Graph, such as `startswith(city,'L')`?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// A search of Microsoft Graph, such as `"displayName:ada"`?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Which properties, at most six?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    /// In which order, such as `displayName desc`?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orderby: Option<String>,
    /// How many on a page, at most 50?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
    /// Only how many there are?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub count: bool,
    /// What else? `manager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expand: Option<String>,
    /// From which page on? As the page before said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

const STATES: &[crate::actions::wording::Value] = &[
    ("enabled", &["enabled", "active"]),
    ("disabled", &["disabled", "blocked", "inactive", "suspended"]),
];
const TYPES: &[crate::actions::wording::Value] =
    &[("guest", &["guest", "guests", "external"]), ("member", &["member", "members", "internal"])];

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["list", "show", "ask", "who", "tell"], &["users", "guest"]).beside(&[
            "licence",
            "group",
            "reports_to",
        ]),
        Frame::of(&["list", "show", "ask", "who", "tell"], &["reports_to"]).beside(&["users"]),
    ],
    slots: &[
        ("department", Slot::Filter(Filter::Department)),
        ("job_title", Slot::Filter(Filter::Title)),
        ("office_location", Slot::Filter(Filter::Office)),
        ("manager", Slot::Filter(Filter::Manager)),
        ("state", Slot::Maybe(&Slot::Choice(STATES))),
        ("user_type", Slot::Maybe(&Slot::Choice(TYPES))),
        ("license", Slot::Maybe(&Slot::Licence)),
        ("query", Slot::Filter(Filter::Words)),
    ],
    examples: &["list all users", "show me all disabled users", "list everyone please"],
};

impl Action for ListUsers {
    const ABOUT: About = About {
        id: "list_users",
        title: "List users",
        area: Area::Users,
        risk: Risk::Read,
        care: Care::Usual,
        undone_by: &[],
        may: &[],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { department: Some("Sales".to_owned()), ..Self::default() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let columns = self.columns()?;
        let query = self.asked_for(look, asked, &columns).await?;
        let found = look.people(&asked.tenant, &query).await?;
        let mut facts = Vec::new();
        if let Some(total) = found.total {
            facts.push(("found".to_owned(), total.to_string()));
        }
        let rows: Vec<Vec<String>> = found
            .rows
            .iter()
            .take(usize::try_from(PAGE_MAX).unwrap_or(50))
            .map(|row| columns.iter().map(|name| cell(asked, row, name)).collect())
            .collect();
        let table = (!self.count && !rows.is_empty()).then(|| Table {
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            rows,
        });
        let next = if self.count { None } else { found.next };
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: self.title(),
            subtitle: None,
            facts,
            lists: Vec::new(),
            table,
            more: 0,
            next: next.map(|page| self.onward_from(page)),
        }))
    }
}

impl ListUsers {
    /// The columns, checked.
    fn columns(&self) -> Result<Vec<&'static str>, Reason> {
        let wrong = |field: &str, why: &str| Reason::WrongArgument {
            field: field.to_owned(),
            why: why.to_owned(),
        };
        let mut columns: Vec<&'static str> = Vec::new();
        for name in &self.select {
            let known = SHOWN.iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
            let known = known.ok_or_else(|| {
                wrong(
                    "select",
                    &format!("a list does not show {name}; it shows {}", SHOWN.join(", ")),
                )
            })?;
            columns.push(known);
        }
        if columns.is_empty() {
            columns.extend(COLUMNS);
        }
        match self.expand.as_deref().map(str::trim) {
            None | Some("") => {}
            Some(name) if name.to_ascii_lowercase().starts_with("manager") => {
                columns.push("manager");
            }
            Some(_) => {
                return Err(wrong("expand", "a list can show the manager beside each person"));
            }
        }
        if columns.len() > COLUMNS_MAX {
            return Err(wrong("select", "a card shows at most six columns"));
        }
        Ok(columns)
    }

    /// What is asked of Microsoft.
    async fn asked_for(
        &self,
        look: &dyn World,
        asked: &Asked,
        columns: &[&'static str],
    ) -> Result<PeopleQuery> {
        let manager = match &self.manager {
            Some(said) => Some(look::user(look, asked, said).await?.id),
            None => None,
        };
        let licence = self.license.as_deref();
        let (licence, licensed) = match licence {
            None => (None, None),
            Some(all) if all.eq_ignore_ascii_case("ALL") => (None, Some(true)),
            Some(none) if none.eq_ignore_ascii_case("NONE") => (None, Some(false)),
            Some(said) => (Some(look::sku(look, asked, said).await?.id), None),
        };
        let equal = [
            ("department", &self.department),
            ("jobTitle", &self.job_title),
            ("officeLocation", &self.office_location),
        ];
        let select = columns.iter().filter(|name| **name != "manager");
        Ok(PeopleQuery {
            equal: equal
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.clone()?)))
                .collect(),
            enabled: self.state.map(|state| state == SignInState::Enabled),
            guests: self.user_type.map(|sort| sort == UserType::Guest),
            manager,
            licence,
            licensed,
            words: self.query.clone(),
            filter: self.filter.clone(),
            search: self.search.clone(),
            orderby: self.orderby.clone(),
            select: select.map(|name| (*name).to_owned()).collect(),
            with_manager: columns.contains(&"manager"),
            top: if self.count { 1 } else { self.top.unwrap_or(PAGE).clamp(1, PAGE_MAX) },
            page: self.page.clone(),
        })
    }

    /// What the list is of, in the words that were asked with.
    fn title(&self) -> String {
        let said = [
            &self.department,
            &self.job_title,
            &self.office_location,
            &self.manager,
            &self.license,
            &self.query,
            &self.filter,
            &self.search,
        ];
        let said: Vec<&str> = said.into_iter().filter_map(|text| text.as_deref()).collect();
        if said.is_empty() { "=everybody".to_owned() } else { said.join(", ") }
    }

    /// The same list, from this page on.
    fn onward_from(&self, page: String) -> Map<String, Json> {
        let next = Self { page: Some(page), ..self.clone() };
        match serde_json::to_value(&next) {
            Ok(Json::Object(arguments)) => arguments,
            _ => Map::new(),
        }
    }
}

/// A value as a cell; instants are shown in the tenant's zone.
fn cell(asked: &Asked, row: &Values, name: &str) -> String {
    let value = row.get(name).unwrap_or(&Json::Null);
    match (name, value) {
        ("accountEnabled", Json::Bool(enabled)) => {
            if *enabled { "=allowed" } else { "=blocked" }.to_owned()
        }
        ("onPremisesSyncEnabled", Json::Null) => "=no".to_owned(),
        (_, Json::Null) => String::new(),
        (name, Json::String(at)) if name.ends_with("DateTime") || name.ends_with("Date") => {
            match at.parse::<jiff::Timestamp>() {
                // Systems of HR write a day as midnight UTC: the same day everywhere.
                Ok(at) => {
                    let day = at.to_string().ends_with("T00:00:00Z");
                    let zone = if day { jiff::tz::TimeZone::UTC } else { asked.zone.clone() };
                    at.to_zoned(zone).strftime("%-d %B %Y").to_string()
                }
                Err(_) => at.clone(),
            }
        }
        _ => shown(value),
    }
}
