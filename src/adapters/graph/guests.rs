//! [`Guests`]: looks at people of other organisations.

use async_trait::async_trait;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::Ask,
        client::unreachable,
        groups::member,
        permissions::Reading,
        shapes::{self, USER_SELECT},
        wire::encoded,
    },
    domain::{
        groups::Member,
        guests::{Guest, SPONSORS_MAX},
        ids::{TenantId, UserId},
        trouble::Result,
    },
    ports::guests::Guests,
};

#[async_trait]
impl Guests for Microsoft {
    async fn account_of(&self, tenant: &TenantId, mail: &str) -> Result<Option<Guest>> {
        let text = encoded(&mail.replace('\'', "''"));
        let path = format!(
            "/users?$filter=mail%20eq%20'{text}'&$select={USER_SELECT},externalUserState&$top=5"
        );
        let items = self.listing(tenant, path, 5, Reading::USERS).await?;
        let guest = |item: &serde_json::Value| {
            let user = shapes::user(tenant, item).map_err(unreachable)?;
            Ok(Guest { user, state: item["externalUserState"].as_str().map(str::to_owned) })
        };
        items.first().map(guest).transpose()
    }

    async fn sponsors(&self, user: &UserId) -> Result<Option<Vec<Member>>> {
        let tenant = user.tenant();
        let path = format!(
            "/users/{}/sponsors?$select=id,displayName,userPrincipalName,mail",
            user.guid().hyphenated()
        );
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let first = self.page(tenant, answer, Reading::USERS).await?;
        let items = self.items(tenant, first, 2 * SPONSORS_MAX, Reading::USERS).await?;
        Ok(Some(items.iter().filter_map(member).collect()))
    }
}
