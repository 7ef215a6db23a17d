//! The addresses and names of one Microsoft cloud. A preset for each, and each
//! single one can be set, so that the same code talks to a simulator.

use reqwest::Url;

/// A Microsoft cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    /// The worldwide cloud, and GCC, which shares its identity service.
    Public,
    /// GCC High and the Department of Defense.
    UsGov,
    /// Operated by 21Vianet.
    China,
}

/// Where the Bot Framework of one cloud is, and how it names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Where the bot gets its own token, without a path: `https://login.microsoftonline.com`.
    pub login: String,
    /// The tenant in the token's path for a multi-tenant registration: `botframework.com`.
    /// A single-tenant bot uses its own tenant instead.
    pub login_tenant: String,
    /// The scope of the bot's own token.
    pub scope: String,
    /// The document that names the service's signing keys.
    pub openid_metadata: String,
    /// The only issuer of the service's tokens.
    pub issuer: String,
    /// The connector for a conversation nobody has spoken in yet.
    pub service_url: Option<String>,
    /// Hosts the bot's token may be sent to, by https and on the standard port. A
    /// name that begins with a dot stands for all hosts below it.
    pub service_hosts: Vec<String>,
    /// Further connectors, by scheme, host and port, named by the operator. Plain
    /// http only on this machine.
    pub service_origins: Vec<String>,
}

impl Cloud {
    /// Its addresses. Source: the cloud table of `@microsoft/teams.apps` 2.1, and
    /// Microsoft's page “Send proactive messages” for the connectors. Only whole
    /// host names: anybody can register a name below `trafficmanager.net`.
    pub fn endpoints(self) -> Endpoints {
        let made = |login: &str,
                    tenant: &str,
                    bot: &str,
                    metadata: &str,
                    service: Option<&str>,
                    hosts: &[&str]| {
            Endpoints {
                login: format!("https://{login}"),
                login_tenant: tenant.to_owned(),
                scope: format!("https://{bot}/.default"),
                openid_metadata: format!("https://{metadata}/v1/.well-known/openidconfiguration"),
                issuer: format!("https://{bot}"),
                service_url: service.map(str::to_owned),
                service_hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
                service_origins: Vec::new(),
            }
        };
        match self {
            Self::Public => made(
                "login.microsoftonline.com",
                "botframework.com",
                "api.botframework.com",
                "login.botframework.com",
                Some("https://smba.trafficmanager.net/teams"),
                &["smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"],
            ),
            Self::UsGov => made(
                "login.microsoftonline.us",
                "MicrosoftServices.onmicrosoft.us",
                "api.botframework.us",
                "login.botframework.azure.us",
                Some("https://smba.infra.gov.teams.microsoft.us/teams"),
                &["smba.infra.gov.teams.microsoft.us", "smba.infra.dod.teams.microsoft.us"],
            ),
            Self::China => made(
                "login.partner.microsoftonline.cn",
                "microsoftservices.partner.onmschina.cn",
                "api.botframework.azure.cn",
                "login.botframework.azure.cn",
                None,
                &[".botframework.azure.cn"],
            ),
        }
    }
}

impl Endpoints {
    /// Every address a call may go to, for whoever must look at all of them.
    pub fn addresses(&self) -> Vec<&str> {
        let fixed = [self.login.as_str(), &self.openid_metadata];
        fixed
            .into_iter()
            .chain(self.service_url.as_deref())
            .chain(self.service_origins.iter().map(String::as_str))
            .collect()
    }
}

/// The scheme, host and port of an address, with the port written out.
pub(super) fn origin(url: &Url) -> Option<(String, String, u16)> {
    Some((url.scheme().to_owned(), url.host_str()?.to_lowercase(), url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_https_and_of_its_own_cloud() {
        for (cloud, ending) in
            [(Cloud::Public, ".com"), (Cloud::UsGov, ".us"), (Cloud::China, ".cn")]
        {
            let endpoints = cloud.endpoints();
            for address in [&endpoints.login, &endpoints.issuer] {
                assert!(
                    address.starts_with("https://") && address.ends_with(ending),
                    "{cloud:?}: {address}"
                );
            }
            assert!(endpoints.addresses().iter().all(|address| address.starts_with("https://")));
        }
    }
}
