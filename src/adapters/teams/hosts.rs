//! Which connectors we speak to at all. The bot's token goes to no other host, and
//! an activity that names another one is not let in.

use reqwest::Url;

use crate::adapters::{
    http,
    teams::{
        cloud::{Endpoints, origin},
        tokenless::SimulatorOnly,
    },
};

/// Where files of Teams are kept, in each cloud
/// (learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges).
const SHAREPOINT: &[&str] =
    &[".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us", ".sharepoint.cn"];

/// The connectors the bot's token may be sent to.
#[derive(Debug, Clone)]
pub struct ServiceHosts {
    names: Vec<String>,
    origins: Vec<(String, String, u16)>,
    this_machine: bool,
}

impl ServiceHosts {
    /// The hosts of these endpoints. Fails if a named connector is plain http and
    /// not on this machine.
    pub fn of(endpoints: &Endpoints) -> anyhow::Result<Self> {
        let mut origins = Vec::new();
        for named in endpoints.service_origins.iter().chain(&endpoints.service_url) {
            let url: Url = named.parse()?;
            let safe =
                url.scheme() == "https" || (url.scheme() == "http" && http::is_loopback(&url));
            anyhow::ensure!(safe, "a Teams connector must be https: the bot's token is sent there");
            origins.extend(origin(&url));
        }
        let names = endpoints.service_hosts.iter().map(|name| name.to_lowercase()).collect();
        Ok(Self { names, origins, this_machine: false })
    }

    /// Also every port of this machine: for the Agents Playground, which chooses its own.
    #[must_use]
    pub fn and_this_machine(mut self, _: &SimulatorOnly) -> Self {
        self.this_machine = true;
        self
    }

    /// The address to call, without a slash at its end, if the token may go there.
    pub fn allow(&self, service_url: &str) -> Result<Url, &'static str> {
        let mut url: Url =
            service_url.parse().map_err(|_| "the connector's address is not an address")?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && service_url.len() <= 500;
        if !plain || !self.knows(&url) {
            return Err("the connector is not one the bot speaks to (teams.service_hosts)");
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(url)
    }

    /// The address of a file that came with a message, if it is one of `SharePoint`'s or of a
    /// connector that the operator named. No token goes there.
    pub fn allow_file(&self, address: &str) -> Option<Url> {
        let url: Url = address.parse().ok()?;
        let plain = url.username().is_empty() && url.password().is_none();
        let (scheme, host, port) = origin(&url)?;
        let stored = scheme == "https"
            && port == 443
            && SHAREPOINT.iter().any(|below| host.ends_with(below) && host.len() > below.len());
        (plain && (stored || self.knows(&url))).then_some(url)
    }

    fn knows(&self, url: &Url) -> bool {
        let Some(place) = origin(url) else { return false };
        if self.origins.contains(&place)
            || (self.this_machine && url.scheme() == "http" && http::is_loopback(url))
        {
            return true;
        }
        let (scheme, host, port) = place;
        let below =
            |name: &str| name.starts_with('.') && host.ends_with(name) && host.len() > name.len();
        scheme == "https"
            && port == 443
            && self.names.iter().any(|name| *name == host || below(name))
    }
}

/// The form in which two of these addresses are compared: lower case, no slash at
/// the end (as `@microsoft/teams.apps` 2.1 does).
pub(super) fn comparable(service_url: &str) -> String {
    service_url.trim_end_matches('/').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::teams::cloud::Cloud;

    #[test]
    fn only_microsofts_own_hosts_by_https_are_connectors() {
        let hosts = ServiceHosts::of(&Cloud::Public.endpoints()).unwrap();
        for good in
            ["https://smba.trafficmanager.net/emea/", "https://SMBA.trafficmanager.net:443/teams"]
        {
            assert!(hosts.allow(good).is_ok(), "{good}");
        }
        for bad in [
            "http://smba.trafficmanager.net/teams",
            "https://smba.trafficmanager.net:8443/teams",
            "https://evil.trafficmanager.net/teams",
            "https://smba.trafficmanager.net.evil.example/",
            "https://smba.trafficmanager.net@evil.example/",
            "https://x:y@smba.trafficmanager.net/",
            "https://smba.trafficmanager.net/?to=evil",
            "https://smba.trafficmanager.net./",
            "http://127.0.0.1:9/",
            "https://169.254.169.254/",
            "https://[::ffff:169.254.169.254]/",
            "https://2852039166/",
            "https://xn--smba-5na.trafficmanager.net/",
            "file:///etc/passwd",
            "smba.trafficmanager.net",
            "",
        ] {
            assert!(hosts.allow(bad).is_err(), "{bad}");
        }
        let china = ServiceHosts::of(&Cloud::China.endpoints()).unwrap();
        assert!(china.allow("https://east.botframework.azure.cn/teams").is_ok());
        assert!(china.allow("https://eastbotframework.azure.cn/teams").is_err());
    }

    #[test]
    fn files_are_read_from_sharepoint_and_named_connectors_alone() {
        let named = Endpoints {
            service_origins: vec!["http://127.0.0.1:7000/teams".into()],
            ..Cloud::Public.endpoints()
        };
        let hosts = ServiceHosts::of(&named).unwrap();
        for good in [
            "https://contoso-my.sharepoint.com/personal/x/_layouts/15/download.aspx?tempauth=y",
            "https://contoso.sharepoint.us/a.csv",
            "http://127.0.0.1:7000/files/1?tempauth=y",
        ] {
            assert!(hosts.allow_file(good).is_some(), "{good}");
        }
        for bad in [
            "http://contoso.sharepoint.com/a.csv",
            "https://contoso.sharepoint.com:8443/a.csv",
            "https://sharepoint.com.evil.example/a.csv",
            "https://evilsharepoint.com/a.csv",
            "https://x:y@contoso.sharepoint.com/a.csv",
            "https://169.254.169.254/a.csv",
            "http://127.0.0.1:7001/a.csv",
            "file:///etc/passwd",
        ] {
            assert!(hosts.allow_file(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_plain_http_connector_must_be_on_this_machine() {
        let with = |origin: &str| {
            let endpoints =
                Endpoints { service_origins: vec![origin.into()], ..Cloud::Public.endpoints() };
            ServiceHosts::of(&endpoints)
        };
        assert!(with("http://10.0.0.1:80").is_err());
        let hosts = with("http://127.0.0.1:7000/teams").unwrap();
        assert_eq!(
            hosts.allow("http://127.0.0.1:7000/teams/").unwrap().as_str(),
            "http://127.0.0.1:7000/teams"
        );
        assert!(hosts.allow("http://127.0.0.1:7001/teams").is_err());
    }
}
