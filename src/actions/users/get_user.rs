//! Look somebody up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        message::FactsView,
        trouble::Result,
        users::Facet,
    },
    ports::world::World,
};

/// Show details and status of one person.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetUser {
    /// Whom should I look up?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["show", "who"], &[]),
        Frame::of(&["show", "ask", "who", "tell", "noun"], &["details", "account"]),
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "show me megan.bowen@contoso.com",
        "who is Megan Bowen?",
        "what is Megan Bowen's job title?",
    ],
};

/// Of a list, at most so many are shown.
const LIST_MAX: usize = 15;

impl Action for GetUser {
    const ABOUT: About = About {
        id: "get_user",
        title: "Look up a user",
        area: Area::Users,
        risk: Risk::Read,
        may: &[],
        care: Care::Usual,
        undone_by: &[],
        reads: &[
            "GroupMember.Read.All",
            "LicenseAssignment.Read.All",
            "RoleManagement.Read.Directory",
        ],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let wanted = [Facet::Groups, Facet::Licences, Facet::Roles];
        let found = look::dossier(look, asked, &self.user, &wanted).await?;
        let skus = look.skus(&asked.tenant).await?;
        let user = &found.user;
        let mut facts = vec![(
            "sign_in".to_owned(),
            if user.enabled { "=allowed" } else { "=blocked" }.to_owned(),
        )];
        let mut tell = |what: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                facts.push((what.to_owned(), value));
            }
        };
        tell("title", user.job_title.clone());
        tell("department", user.department.clone());
        tell("office", user.office.clone());
        tell(
            "manager",
            user.manager.as_ref().map(|manager| format!("{} ({})", manager.name, manager.upn)),
        );
        tell("mail", user.mail.clone());
        tell("user_type", user.guest.then(|| "=guest".to_owned()));
        tell("synced", user.synced.then(|| "=yes".to_owned()));
        let when = |at: jiff::Timestamp| {
            at.to_zoned(asked.zone.clone()).strftime("%-d %B %Y %H:%M %Z").to_string()
        };
        tell("last_password_change", user.password_changed_at.map(when));
        tell("sessions_valid_from", user.sessions_valid_from.map(when));
        let named = |id| {
            skus.iter()
                .find(|sku| sku.id == id)
                .map_or_else(|| id.guid().to_string(), |sku| sku.name.clone())
        };
        let mut more = 0;
        let mut list = |name: &str, mut items: Vec<String>| {
            items.sort();
            more += u32::try_from(items.len().saturating_sub(LIST_MAX)).unwrap_or(u32::MAX);
            items.truncate(LIST_MAX);
            (name.to_owned(), items)
        };
        let lists = vec![
            list(
                "licences",
                found.licences.iter().map(|licence| named(licence.sku.clone())).collect(),
            ),
            list("groups", found.groups.iter().map(|group| group.name.clone()).collect()),
            list("roles", found.roles.iter().map(|role| role.name.clone()).collect()),
        ];
        Ok(Planned::Facts(FactsView {
            action: Self::ABOUT.id.to_owned(),
            title: user.name.clone(),
            subtitle: Some(user.upn.to_string()),
            facts,
            table: None,
            next: None,
            lists: lists.into_iter().filter(|(_, items)| !items.is_empty()).collect(),
            more,
        }))
    }
}
