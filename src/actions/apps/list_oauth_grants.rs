//! List consent: what applications may do, for one user or by themselves.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{PRINCIPALS_MAX, no_app, publisher};
use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        page::{self, Paged},
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        apps::{Access, Api, GRAPH, Principal, RoleGrant},
        area::{Area, Care, Risk},
        trouble::Result,
        users::User,
    },
    ports::{policies::Named, world::World},
};

/// List what applications were allowed to do: for people, or by themselves.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOauthGrants {
    /// Only what one person consented to?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub user: Option<String>,
    /// Only of which application?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "app"))]
    pub app: Option<String>,
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["list", "show", "noun", "ask"], &["consent"]).beside(&["app"])],
    slots: &[("user", Slot::Maybe(&Slot::Person)), ("app", Slot::Maybe(&Slot::Thing(Sort::App)))],
    examples: &[
        "show oauth consents for john.doe@contoso.com",
        "list oauth grants",
        "show me all oauth grants of our tenant",
    ],
};

/// Grants read of one tenant.
const GRANTS_MAX: usize = 10_000;
/// Applications whose own permissions are read.
const HOLDERS_MAX: usize = 200;

impl Action for ListOauthGrants {
    const ABOUT: About = About {
        id: "list_oauth_grants",
        title: "List app consent",
        area: Area::Apps,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Application.Read.All", "Directory.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: None, app: None, page: 0 }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = match &self.user {
            Some(said) => Some(look::user(look, asked, said).await?),
            None => None,
        };
        let principals = look.principals(&asked.tenant, PRINCIPALS_MAX).await?;
        let wanted = self.app.as_ref().map(|said| said.trim().to_lowercase());
        let of = |app: &&Principal| {
            wanted.as_ref().is_none_or(|wanted| {
                app.name.to_lowercase().contains(wanted) || app.client.to_string() == *wanted
            })
        };
        let chosen: Vec<&Principal> = principals.iter().filter(of).collect();
        if let (Some(said), true) = (&self.app, chosen.is_empty()) {
            return Err(no_app(said));
        }
        let rows = self.rows(look, asked, user.as_ref(), &principals, &chosen).await?;
        let title = user.map(|user| user.name).or_else(|| self.app.clone());
        let columns = ["app", "publisher", "granted_for", "api", "permissions"];
        Ok(Planned::Facts(page::table(Paged {
            action: Self::ABOUT.id,
            title: title.unwrap_or_else(|| asked.tenant.to_string()),
            columns: &columns,
            rows,
            page: self.page,
            again: |page| Self { page, ..self.clone() },
        })))
    }
}

impl ListOauthGrants {
    async fn rows(
        &self,
        look: &dyn World,
        asked: &Asked,
        user: Option<&User>,
        all: &[Principal],
        chosen: &[&Principal],
    ) -> Result<Vec<Vec<String>>> {
        let scopes =
            look.scope_grants(&asked.tenant, user.map(|user| &user.id), GRANTS_MAX).await?;
        let people: Vec<Named> = scopes
            .iter()
            .filter_map(|grant| grant.person.as_ref())
            .map(|person| Named::User(person.guid()))
            .collect();
        let people = match user {
            Some(user) => BTreeMap::from([(user.id.guid(), user.name.clone())]),
            None => look.names_of(&asked.tenant, &people).await?,
        };
        let api = |id: Uuid| {
            let known = all.iter().find(|app| app.id == id);
            known.map_or_else(|| id.to_string(), |app| app.name.clone())
        };
        let mut rows = Vec::new();
        for grant in &scopes {
            let Some(app) = chosen.iter().find(|app| app.id == grant.holder) else { continue };
            let whom = match &grant.person {
                None => "=everybody".to_owned(),
                Some(person) => {
                    people.get(&person.guid()).cloned().unwrap_or_else(|| person.guid().to_string())
                }
            };
            rows.push(vec![
                app.name.clone(),
                publisher(asked, app),
                whom,
                api(grant.api),
                grant.scopes.join(" "),
            ]);
        }
        // What an application may do by itself is nobody's own consent.
        if user.is_none() {
            rows.extend(self.own(look, asked, chosen).await?);
        }
        rows.sort();
        Ok(rows)
    }

    /// Application permissions: of the app that was named, else of strangers.
    async fn own(
        &self,
        look: &dyn World,
        asked: &Asked,
        chosen: &[&Principal],
    ) -> Result<Vec<Vec<String>>> {
        let wanted =
            |app: &&&Principal| self.app.is_some() || app.is_third_party(asked.tenant.guid());
        let holders: Vec<&Principal> =
            chosen.iter().filter(wanted).take(HOLDERS_MAX).copied().collect();
        let ids: Vec<Uuid> = holders.iter().map(|app| app.id).collect();
        let grants = look.role_grants(&asked.tenant, &ids).await?;
        let graph = if grants.is_empty() { None } else { look.api(&asked.tenant, GRAPH).await? };
        let mut by_pair: BTreeMap<(Uuid, String), Vec<String>> = BTreeMap::new();
        for grant in &grants {
            let key = (grant.holder, grant.api_name.clone());
            by_pair.entry(key).or_default().push(permission(graph.as_ref(), grant));
        }
        let row = |((holder, api), names): ((Uuid, String), Vec<String>)| {
            let app = holders.iter().find(|app| app.id == holder)?;
            let by_itself = "=by_itself".to_owned();
            Some(vec![app.name.clone(), publisher(asked, app), by_itself, api, names.join(" ")])
        };
        Ok(by_pair.into_iter().filter_map(row).collect())
    }
}

fn permission(graph: Option<&Api>, grant: &RoleGrant) -> String {
    let of_graph = graph.filter(|graph| graph.id == grant.api);
    of_graph.map_or_else(
        || grant.role.to_string(),
        |api| api.named(&Access { api: api.client, id: grant.role, role: true }),
    )
}
