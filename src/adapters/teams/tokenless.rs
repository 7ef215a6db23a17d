//! The door for Microsoft's Agents Playground, which sends no token.
//!
//! It exists only in the demo and only on this machine: [`TokenlessDoor`] needs a
//! [`SimulatorOnly`], which cannot be made when any configured address is not the
//! simulator that this very process runs. `serve` has no way to it.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use reqwest::Url;

use crate::adapters::{
    http,
    teams::{
        cloud::origin,
        door::{self, DoorRefusal, FromTeams},
    },
};

/// The simulator that this process started, by the addresses it listens on. Only
/// `countersign demo` and tests have one to name.
#[derive(Debug, Clone)]
pub struct BuiltInSimulator(Vec<SocketAddr>);

impl BuiltInSimulator {
    /// Names it. Nothing comes back if it listens anywhere but on this machine.
    pub fn started_on(addresses: Vec<SocketAddr>) -> Option<Self> {
        let local =
            !addresses.is_empty() && addresses.iter().all(|address| address.ip().is_loopback());
        local.then_some(Self(addresses))
    }
}

/// Proof that nothing real can be reached: every configured address is the
/// built-in simulator.
#[derive(Debug, Clone)]
pub struct SimulatorOnly(());

impl SimulatorOnly {
    /// Makes the proof from *all* addresses the product is configured to call
    /// (Graph, login, Exchange, Slack, the Bot Framework …).
    pub fn prove<'a>(
        endpoints: impl IntoIterator<Item = &'a str>,
        simulator: &BuiltInSimulator,
    ) -> Result<Self, &'static str> {
        let mut any = false;
        for endpoint in endpoints {
            any = true;
            let url: Url = endpoint.parse().map_err(|_| "an endpoint is not an address")?;
            let port = origin(&url).map(|(_, _, port)| port);
            let ours = http::is_loopback(&url)
                && simulator.0.iter().any(|address| Some(address.port()) == port);
            if !ours {
                return Err("an endpoint is not the built-in simulator");
            }
        }
        if any { Ok(Self(())) } else { Err("no endpoints were named") }
    }
}

/// Lets in what a program on this machine says without a token.
#[derive(Debug)]
pub struct TokenlessDoor(SimulatorOnly);

/// Headers of a proxy: what comes through one may come from anywhere.
const FORWARDED: [&str; 3] = ["forwarded", "via", "x-real-ip"];

impl TokenlessDoor {
    /// The door, for whoever holds the proof.
    pub fn new(proof: SimulatorOnly) -> Self {
        Self(proof)
    }

    /// The proof, for others who need it.
    pub fn proof(&self) -> &SimulatorOnly {
        &self.0
    }

    /// Checks that a request was made on this machine and by no web page, and reads
    /// it. Its ids may be anything; the tenant is what the Playground says.
    pub fn read(&self, headers: &HeaderMap, body: &Bytes) -> Result<FromTeams, DoorRefusal> {
        from_this_machine(headers).map_err(DoorRefusal::barred)?;
        if !is_json(headers) {
            return Err(DoorRefusal::bad("the body is not said to be JSON"));
        }
        let activity = door::parse(body)?;
        if activity.channel_id.as_deref() != Some("msteams") {
            return Err(DoorRefusal::barred("the activity is of another channel"));
        }
        let connector: Option<Url> =
            activity.service_url.as_deref().and_then(|url| url.parse().ok());
        if !connector.is_some_and(|url| url.scheme() == "http" && http::is_loopback(&url)) {
            return Err(DoorRefusal::barred("the connector is not on this machine"));
        }
        let tenant = activity.tenant().map_err(DoorRefusal::barred)?;
        FromTeams::read(&activity, &tenant)
    }
}

fn from_this_machine(headers: &HeaderMap) -> Result<(), &'static str> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err("a token belongs to the other door");
    }
    if headers
        .keys()
        .any(|name| name.as_str().starts_with("x-forwarded") || FORWARDED.contains(&name.as_str()))
    {
        return Err("the request came through a proxy");
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        _ => "",
    };
    if !is_local(host) {
        return Err("the request names another host");
    }
    let foreign = |value: &axum::http::HeaderValue| {
        !value.to_str().ok().and_then(|origin| origin.strip_prefix("http://")).is_some_and(is_local)
    };
    if headers.get_all(header::ORIGIN).iter().any(foreign) {
        return Err("the request was made by a foreign page");
    }
    if headers.get_all("sec-fetch-site").iter().any(|site| site == "cross-site") {
        return Err("the request was made by a foreign page");
    }
    Ok(())
}

/// `127.0.0.1` or `localhost`, with or without a port.
fn is_local(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "1"));
    (name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")) && port.parse::<u16>().is_ok()
}

/// Only JSON: a page elsewhere cannot send that without asking first (CORS).
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let essence = only.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
