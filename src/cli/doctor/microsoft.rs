//! Clock, tokens, and the permissions of every action that is switched on.

use std::collections::BTreeMap;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{Url, header::DATE};

use crate::{
    actions::Entry,
    adapters::{
        graph::{
            Microsoft,
            claims::Claims,
            forbidden::{self, Reading},
            roles,
            settings::Audience,
        },
        http,
    },
    cli::{
        doctor::{check::Check, switched_on},
        reach,
    },
    config::Config,
    domain::{
        change::groups,
        trouble::{Reason, Trouble},
    },
    ports::clock::Clock,
};

/// Tokens and signatures tolerate minutes; a clock that is off by more than this is broken.
const CLOCK_OFF_SECONDS_MAX: i64 = 60;
/// What Exchange's admin endpoint wants of an application.
const MANAGE_EXCHANGE: &str = "Exchange.ManageAsApp";
/// When nobody answers.
const REACH: &str =
    "let this machine reach the addresses under [endpoints], through HTTPS_PROXY if need be";

/// Everything about Microsoft 365.
pub async fn look(config: &Config) -> Vec<Check> {
    let mut checks = vec![clock(config, &*reach::clock()).await];
    let microsoft = match reach::microsoft(config) {
        Ok(microsoft) => microsoft,
        Err(error) => {
            let mend = "correct [microsoft]";
            checks.push(Check::wrong("Microsoft app", format!("{error:#}"), mend));
            return checks;
        }
    };
    let tenant = &config.tenant.id;
    match microsoft.rights(tenant, Audience::Graph).await {
        Ok(claims) => checks.extend(permissions(&microsoft, config, &claims)),
        Err(trouble) => checks.push(refused("token for Graph", &trouble)),
    }
    let mail_groups = |entry: &&Entry| {
        entry
            .about
            .may
            .iter()
            .any(|kind| [groups::ADD_MEMBER, groups::REMOVE_MEMBER].contains(kind))
    };
    if let Some(entry) = switched_on(config).find(mail_groups) {
        checks.push(match microsoft.rights(tenant, Audience::Exchange).await {
            Ok(claims) => exchange(entry, &claims),
            Err(trouble) => refused("token for Exchange", &trouble),
        });
    }
    checks
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

fn refused(what: &str, trouble: &Trouble) -> Check {
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

fn permissions(microsoft: &Microsoft, config: &Config, claims: &Claims) -> Vec<Check> {
    let link = microsoft.consent_link(&config.tenant.id).unwrap_or_default();
    let held = if claims.roles.is_empty() { "none".to_owned() } else { claims.roles.join(", ") };
    let mut checks = vec![Check::ok("token for Graph", format!("permissions: {held}"))];
    let missing = missing(switched_on(config), claims);
    if missing.is_empty() {
        checks.push(Check::ok("permissions", "every action that is on has what it needs"));
    }
    for (needs, used_by) in missing {
        checks.push(Check::wrong(
            "permissions",
            format!("missing {needs}, for {}", used_by.join(", ")),
            mend(needs, &link),
        ));
    }
    checks
}

fn mend(needs: &str, link: &str) -> String {
    match needs.strip_prefix("role:") {
        Some(role) => format!(
            "Entra admin center, Roles and administrators, {role}: assign it to the app's service principal"
        ),
        None => format!(
            "add it to the app registration (API permissions, Microsoft Graph, Application), then an administrator opens {link}"
        ),
    }
}

/// What is missing, and what for.
fn missing(
    on: impl Iterator<Item = &'static Entry>,
    claims: &Claims,
) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut found: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    let mut add = |needs: Vec<&'static str>, what: &'static str| {
        for need in needs {
            let used_by = found.entry(need).or_default();
            if !used_by.contains(&what) {
                used_by.push(what);
            }
        }
    };
    for (reading, what) in [
        (Reading::USERS, "finding people"),
        (Reading::ROLES, "knowing who is an administrator"),
        (Reading::GROUPS, "people named by group"),
    ] {
        add(reading.missing(&claims.roles, &claims.wids), what);
    }
    for entry in on {
        for gap in forbidden::missing(entry.about.may, &claims.roles, &claims.wids) {
            add(gap.needs, entry.about.id);
        }
        for read in entry.about.reads {
            let reading = Reading::ALL
                .iter()
                .find(|reading| reading.permissions().iter().any(|set| set.contains(read)));
            if let Some(reading) = reading {
                add(reading.missing(&claims.roles, &claims.wids), entry.about.id);
            }
        }
    }
    found
}

fn exchange(entry: &Entry, claims: &Claims) -> Check {
    let what = "token for Exchange";
    let admin = roles::satisfying("Exchange Recipient Administrator");
    if !claims.roles.iter().any(|role| role == MANAGE_EXCHANGE) {
        return Check::wrong(
            what,
            format!("missing {MANAGE_EXCHANGE}, for distribution lists in {}", entry.about.id),
            "add it to the app registration (API permissions, Office 365 Exchange Online, Application) and grant consent",
        );
    }
    if !claims.wids.iter().any(|wid| admin.contains(wid)) {
        return Check::wrong(
            what,
            format!("no Exchange role, for distribution lists in {}", entry.about.id),
            "Entra admin center, Roles and administrators, Exchange Recipient Administrator: assign it to the app's service principal",
        );
    }
    Check::ok(what, format!("{MANAGE_EXCHANGE} and a role"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::CATALOG;

    fn claims(roles: &[&str]) -> Claims {
        Claims {
            tid: uuid::Uuid::from_u128(1),
            aud: String::new(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            wids: Vec::new(),
            scp: None,
        }
    }

    #[test]
    fn what_is_missing_is_named_with_the_actions_that_need_it() {
        let nothing = missing(CATALOG.iter(), &claims(&[]));
        assert_eq!(nothing["GroupMember.ReadWrite.All"], ["add_to_group", "remove_from_group"]);
        assert!(nothing["role:User Administrator"].contains(&"reset_password"));
        let some = missing(CATALOG.iter(), &claims(&["GroupMember.ReadWrite.All"]));
        assert!(!some.contains_key("GroupMember.ReadWrite.All"));
        assert!(some.contains_key("User.RevokeSessions.All"));
    }

    #[test]
    fn everything_the_catalogue_lists_is_enough_for_the_doctor() {
        let needs = crate::cli::actions::needs::needs(CATALOG);
        let granted: Vec<_> = needs.iter().map(|need| need.permission).collect();
        let left = missing(CATALOG.iter(), &claims(&granted));
        assert!(left.keys().all(|name| name.starts_with("role:")), "{left:?}");
    }

    #[test]
    fn every_reading_an_action_declares_is_known() {
        for entry in CATALOG {
            for read in entry.about.reads {
                let known =
                    |reading: Reading| reading.permissions().iter().any(|set| set.contains(read));
                assert!(Reading::ALL.iter().copied().any(known), "{}: {read}", entry.about.id);
            }
        }
    }

    #[test]
    fn a_clock_is_compared_with_an_http_date() {
        let now: Timestamp = "1994-11-06T08:50:37Z".parse().unwrap();
        assert_eq!(off_seconds("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(60));
        assert_eq!(off_seconds("soon", now), None);
    }
}
