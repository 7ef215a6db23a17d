//! `[endpoints]`: every outside address, with the defaults of each cloud.

use serde::Deserialize;

use crate::domain::ids::TenantId;

/// A Microsoft cloud.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cloud {
    /// The worldwide one.
    #[default]
    Public,
    /// US Government (GCC High).
    Usgov,
    /// US Department of Defense.
    UsgovDod,
    /// China, operated by 21Vianet.
    China,
}

/// Outside addresses: those of the cloud, unless one is set here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Which cloud's addresses are the defaults.
    pub cloud: Cloud,
    /// Entra's token service.
    pub login: Option<String>,
    /// Microsoft Graph, without `/v1.0`.
    pub graph: Option<String>,
    /// Exchange Online's admin endpoint.
    pub exchange: Option<String>,
    /// Slack's Web API, ending in `/api`.
    pub slack: Option<String>,
    /// The Bot Framework's token service.
    pub bot_login: Option<String>,
    /// The Bot Framework's OpenID metadata.
    pub bot_openid: Option<String>,
}

impl Endpoints {
    /// Entra's token service.
    pub fn login(&self) -> String {
        self.choose(
            self.login.as_ref(),
            [
                "https://login.microsoftonline.com",
                "https://login.microsoftonline.us",
                "https://login.microsoftonline.us",
                "https://login.partner.microsoftonline.cn",
            ],
        )
    }

    /// Whom id tokens of this tenant name as their issuer: the cloud's own address, also when
    /// another one is set for the token service.
    pub fn issuer(&self, tenant: &TenantId) -> String {
        let own = Self { login: None, ..self.clone() }.login();
        format!("{own}/{tenant}/v2.0")
    }

    /// Microsoft Graph.
    pub fn graph(&self) -> String {
        self.choose(
            self.graph.as_ref(),
            [
                "https://graph.microsoft.com",
                "https://graph.microsoft.us",
                "https://dod-graph.microsoft.us",
                "https://microsoftgraph.chinacloudapi.cn",
            ],
        )
    }

    /// Exchange Online.
    pub fn exchange(&self) -> String {
        self.choose(
            self.exchange.as_ref(),
            [
                "https://outlook.office365.com",
                "https://outlook.office365.us",
                "https://webmail.apps.mil",
                "https://partner.outlook.cn",
            ],
        )
    }

    /// Slack's Web API.
    pub fn slack(&self) -> String {
        self.slack.clone().unwrap_or_else(|| "https://slack.com/api".to_owned())
    }

    fn choose(&self, set: Option<&String>, of: [&str; 4]) -> String {
        let at = match self.cloud {
            Cloud::Public => 0,
            Cloud::Usgov => 1,
            Cloud::UsgovDod => 2,
            Cloud::China => 3,
        };
        set.map_or_else(|| of[at].to_owned(), |set| set.trim_end_matches('/').to_owned())
    }
}
