//! The pages on which an administrator grants what is missing, in each cloud.
//!
//! The admin centers' addresses are not documented as an interface; they are those that the
//! portals themselves show (Entra admin center of August 2026; national clouds:
//! learn.microsoft.com/entra/identity-platform/authentication-national-cloud and the
//! announcement of the Exchange admin center for GCC High). In a cloud whose page nobody has
//! confirmed, words say where to click instead.

use uuid::Uuid;

use crate::{
    adapters::graph::app_roles::{Right, Service},
    config::{Cloud, Config, Endpoints},
};

/// Addresses for one app in one tenant.
#[derive(Debug, Clone)]
pub struct Links {
    cloud: Cloud,
    login: String,
    graph: String,
    tenant: String,
    client: String,
}

impl Links {
    /// For the app of the settings.
    pub fn of(config: &Config) -> Self {
        let tenant = config.tenant.id.to_string();
        Self::to(&config.endpoints, &tenant, &config.microsoft.client_id)
    }

    /// For an app that may not be in the settings yet.
    pub fn to(endpoints: &Endpoints, tenant: &str, client: &str) -> Self {
        Self {
            cloud: endpoints.cloud,
            login: endpoints.login(),
            graph: Endpoints { graph: None, ..endpoints.clone() }.graph(),
            tenant: tenant.to_owned(),
            client: client.trim().to_owned(),
        }
    }

    /// Grants everything that the registration asks for, in one page, and needs no redirect
    /// address (learn.microsoft.com/entra, "Grant tenant-wide admin consent", the URL there).
    pub fn consent(&self) -> String {
        format!("{}/{}/adminconsent?client_id={}", self.login, self.tenant, self.client)
    }

    /// The second version of that page: one service, and back to `redirect` afterwards, which
    /// the registration must name. Application permissions cannot be listed in the address:
    /// `.default` stands for exactly those that the registration asks for
    /// (learn.microsoft.com/entra/identity-platform/v2-admin-consent, parameter `scope`).
    pub fn consent_v2(&self, service: Service, redirect: &str) -> String {
        let resource = match service {
            Service::Graph => self.graph.clone(),
            Service::Exchange => format!("https://{}", exchange_audience(self.cloud)),
        };
        format!(
            "{}/{}/v2.0/adminconsent?client_id={}&scope={}&redirect_uri={}",
            self.login,
            self.tenant,
            self.client,
            encoded(&format!("{resource}/.default")),
            encoded(redirect),
        )
    }

    /// The app registration's API permissions, with the button that grants consent.
    pub fn api_permissions(&self) -> String {
        format!(
            "{}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/{}",
            self.entra(),
            self.client
        )
    }

    /// The app registration's secrets and certificates.
    pub fn credentials(&self) -> String {
        format!(
            "{}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/{}",
            self.entra(),
            self.client
        )
    }

    /// The list of app registrations, with "New registration".
    pub fn registrations(&self) -> String {
        format!("{}/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade", self.entra())
    }

    /// An Entra role's members, with "Add assignments"; the list of roles when its id is unknown.
    pub fn role(&self, name: &str) -> String {
        let entra = self.entra();
        match Right::Role(name).id() {
            Some(id) => format!(
                "{entra}/#view/Microsoft_AAD_IAM/RoleMenuBlade/~/RoleMembers/objectId/{id}/roleName/{}/roleTemplateId/{id}/adminUnitObjectId//customRole~/false/resourceScope/%2F",
                encoded(name)
            ),
            None => format!("{entra}/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles"),
        }
    }

    /// Exchange's own admin roles, an alternative to an Entra role that can be narrowed to some
    /// mailboxes; `None` in a cloud whose address is not confirmed.
    pub fn exchange_roles(&self) -> Option<String> {
        let host = match self.cloud {
            Cloud::Public => "admin.exchange.microsoft.com",
            Cloud::Usgov => "admin.exchange.office365.us",
            Cloud::UsgovDod => "admin.exchange.apps.mil",
            Cloud::China => return None,
        };
        Some(format!("https://{host}/#/adminRoles"))
    }

    fn entra(&self) -> &'static str {
        match self.cloud {
            Cloud::Public => "https://entra.microsoft.com",
            Cloud::Usgov | Cloud::UsgovDod => "https://entra.microsoft.us",
            Cloud::China => "https://entra.microsoftonline.cn",
        }
    }

    /// Where each of these rights is granted, one line for each place.
    pub fn for_rights<'a>(&self, needs: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let rights: Vec<_> = needs.into_iter().map(Right::read).collect();
        let mut lines = Vec::new();
        let of = |service: Service| -> Vec<&str> {
            let name = |right: &Right<'a>| match right {
                Right::Permission(of, name) if *of == service => Some(*name),
                _ => None,
            };
            rights.iter().filter_map(name).collect()
        };
        for service in Service::ALL {
            let names = of(service);
            if !names.is_empty() {
                lines.push(format!(
                    "Add {} ({}, Application permissions):\n  {}",
                    names.join(", "),
                    service.name(),
                    self.api_permissions()
                ));
            }
        }
        if !lines.is_empty() {
            lines.push(format!(
                "Then grant consent to all that the registration asks for:\n  {}",
                self.consent()
            ));
        }
        for right in &rights {
            if let Right::Role(name) = right {
                lines.push(format!(
                    "Assign the Entra role {name} to the app's service principal:\n  {}",
                    self.role(name)
                ));
                let exchange = self.exchange_roles().filter(|_| name.contains("Exchange"));
                lines.extend(exchange.map(|link| {
                    format!("…or, narrower, an Exchange role group with a scope:\n  {link}")
                }));
            }
        }
        lines
    }
}

/// The host of the Exchange audience, whatever the endpoint's address is set to.
fn exchange_audience(cloud: Cloud) -> String {
    let plain = Endpoints { cloud, ..Endpoints::default() };
    plain.exchange().trim_start_matches("https://").to_owned()
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Is it a client id at all? Links to nothing help nobody.
pub fn client_id(said: &str) -> anyhow::Result<Uuid> {
    let id: Uuid = said.trim().parse().map_err(|_| {
        anyhow::anyhow!(
            "`{said}` is no application (client) id; it looks like aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
        )
    })?;
    anyhow::ensure!(!id.is_nil(), "the application (client) id is all zeroes");
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(cloud: Cloud) -> Links {
        Links::to(&Endpoints { cloud, ..Endpoints::default() }, "tenant", "client")
    }

    #[test]
    fn every_cloud_has_its_own_pages() {
        assert_eq!(
            links(Cloud::Public).consent(),
            "https://login.microsoftonline.com/tenant/adminconsent?client_id=client"
        );
        let government = links(Cloud::Usgov);
        assert!(government.consent().starts_with("https://login.microsoftonline.us/tenant/"));
        assert!(government.api_permissions().starts_with("https://entra.microsoft.us/#view/"));
        let china = links(Cloud::China);
        assert!(china.consent().starts_with("https://login.partner.microsoftonline.cn/"));
        assert_eq!(china.exchange_roles(), None);
    }

    #[test]
    fn the_second_consent_page_names_one_service_and_the_way_back() {
        let link = links(Cloud::Public).consent_v2(Service::Graph, "https://bot.contoso.com/?a b");
        assert!(link.contains("scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"), "{link}");
        assert!(link.ends_with("redirect_uri=https%3A%2F%2Fbot.contoso.com%2F%3Fa%20b"), "{link}");
        let link = links(Cloud::UsgovDod).consent_v2(Service::Exchange, "https://x");
        assert!(link.contains("webmail.apps.mil%2F.default"), "{link}");
    }

    #[test]
    fn each_missing_right_has_its_page() {
        let needs = [
            "User.Read.All",
            "exchange:Exchange.ManageAsApp",
            "role:Exchange Recipient Administrator",
        ];
        let lines = links(Cloud::Public).for_rights(needs);
        let text = lines.join("\n");
        for word in [
            "CallAnAPI/appId/client",
            "Office 365 Exchange Online",
            "adminconsent",
            "roleTemplateId/31392ffb-586c-42d1-9346-e59415a2cc4e",
            "admin.exchange.microsoft.com/#/adminRoles",
        ] {
            assert!(text.contains(word), "no {word} in:\n{text}");
        }
        let role = links(Cloud::Public).for_rights(["role:User Administrator"]);
        assert_eq!(role.len(), 1, "a role alone needs no consent: {role:?}");
    }
}
