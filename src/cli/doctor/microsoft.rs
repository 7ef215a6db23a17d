//! Clock, tokens, the permission groups and what they lack.

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{Url, header::DATE};

use crate::{
    adapters::{
        graph::{
            Microsoft,
            app_roles::{Right, Service},
            claims::Claims,
            own::OwnApp,
            settings::Audience,
        },
        http,
    },
    cli::{
        actions::needs,
        doctor::{Findings, check::Check},
        grants::{
            cause,
            held::Held,
            links::{self, Links},
            ready, switched_on,
        },
        reach, say,
    },
    config::Config,
    domain::trouble::{Reason, Trouble},
    ports::clock::Clock,
};

/// Tokens and signatures tolerate minutes; a clock that is off by more than this is broken.
const CLOCK_OFF_SECONDS_MAX: i64 = 60;
/// When nobody answers.
const REACH: &str =
    "let this machine reach the addresses under [endpoints], through HTTPS_PROXY if need be";

/// Everything about Microsoft 365. Gives the entries of permission lists that are missing.
pub async fn look(config: &Config, found: &mut Findings) -> Vec<&'static str> {
    found.add(clock(config, &*reach::clock()).await);
    let microsoft = match reach::microsoft(config) {
        Ok(microsoft) => microsoft,
        Err(error) => {
            let mend = "correct [microsoft]";
            found.add(Check::wrong("Microsoft app", format!("{error:#}"), mend));
            return Vec::new();
        }
    };
    let tenant = &config.tenant.id;
    let graph = match microsoft.rights(tenant, Audience::Graph).await {
        Ok(claims) => claims,
        Err(trouble) => {
            found.add(refused("token for Graph", &trouble));
            return Vec::new();
        }
    };
    let names = if graph.roles.is_empty() { "none".to_owned() } else { graph.roles.join(", ") };
    found.add(Check::ok("token for Graph", format!("permissions: {names}")));
    let exchange = exchange(&microsoft, config, found).await;
    let held = Held::of(&graph, exchange.as_ref());
    let own = own(&microsoft, config).await;
    groups(config, &held, &own, found)
}

/// The token for Exchange. That there is none is wrong only when something that is on needs it.
async fn exchange(microsoft: &Microsoft, config: &Config, found: &mut Findings) -> Option<Claims> {
    let needed = needs::needs(switched_on(&config.policy)).into_iter().any(|need| {
        matches!(Right::read(need.permission), Right::Permission(Service::Exchange, _))
    });
    match microsoft.rights(&config.tenant.id, Audience::Exchange).await {
        Ok(claims) => Some(claims),
        Err(trouble) => {
            if needed {
                found.add(refused("token for Exchange", &trouble));
            }
            None
        }
    }
}

/// What the directory says of the app, where the app may ask.
async fn own(microsoft: &Microsoft, config: &Config) -> OwnApp {
    let Ok(client) = links::client_id(&config.microsoft.client_id) else {
        return OwnApp::default();
    };
    // Only causes come from it; without an answer they are unknown.
    microsoft.own_app(&config.tenant.id, client).await.unwrap_or_default()
}

fn groups(config: &Config, held: &Held, own: &OwnApp, found: &mut Findings) -> Vec<&'static str> {
    let groups = ready::groups(&config.policy, held);
    for line in ready::page(&groups) {
        say(line);
    }
    let missing = ready::missing(&groups, held);
    if missing.is_empty() {
        found.add(Check::ok("permissions", "every action that is on has what it needs"));
    }
    let links = Links::of(config);
    for (need, used_by) in &missing {
        let used_by: Vec<_> = used_by.iter().copied().collect();
        found.add(Check::wrong(
            "permissions",
            format!("missing {}, for {}", Right::read(need), used_by.join(", ")),
            cause::mend(need, cause::of(need, own), &links),
        ));
    }
    let surplus = held.beyond(&needs::needs(switched_on(&config.policy)));
    if !surplus.is_empty() {
        say(format!(
            "-     more than what is on needs, and could be taken away: {}",
            surplus.join(", ")
        ));
    }
    missing.into_keys().collect()
}

async fn clock(config: &Config, clock: &dyn Clock) -> Check {
    let mend = "set this machine's clock by NTP";
    let login = config.endpoints.login();
    let address = format!("{login}/common/v2.0/.well-known/openid-configuration");
    let Ok(url) = address.parse::<Url>() else {
        return Check::wrong(
            "clock",
            format!("{address} is no address"),
            "correct endpoints.login",
        );
    };
    let answer = match http::client_for(&url, reach::TIMEOUT).get(url).send().await {
        Ok(answer) => answer,
        Err(error) => {
            return Check::wrong(
                "clock",
                format!(
                    "{login} did not answer, so it cannot be compared: {}",
                    error.without_url()
                ),
                REACH,
            );
        }
    };
    let said = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    match said.map(|date| off_seconds(date, clock.now())) {
        Some(Some(off)) if off.abs() <= CLOCK_OFF_SECONDS_MAX => {
            Check::ok("clock", format!("within {} s of {login}", off.abs().max(1)))
        }
        Some(Some(off)) => Check::wrong("clock", format!("{off} s away from {login}"), mend),
        // A simulator or a proxy may not say.
        _ => Check::ok("clock", format!("{login} does not tell the time")),
    }
}

/// How far we are ahead of an HTTP date, in seconds.
fn off_seconds(date: &str, now: Timestamp) -> Option<i64> {
    let theirs = rfc2822::parse(date).ok()?.timestamp();
    Some(now.as_second() - theirs.as_second())
}

pub(super) fn refused(what: &str, trouble: &Trouble) -> Check {
    match trouble {
        Trouble::Refused(Reason::MissingPermission { missing, mend }) => {
            Check::wrong(what, format!("missing: {missing}"), mend)
        }
        Trouble::Unreachable { what: whom, source } => {
            Check::wrong(what, format!("{whom} did not answer: {source:#}"), REACH)
        }
        other => Check::wrong(what, other.to_string(), "correct [microsoft]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_compared_with_an_http_date() {
        let now: Timestamp = "1994-11-06T08:50:37Z".parse().unwrap();
        assert_eq!(off_seconds("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(60));
        assert_eq!(off_seconds("soon", now), None);
    }
}
