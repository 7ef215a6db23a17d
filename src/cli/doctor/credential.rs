//! Until when the bot's own secrets and certificates last.

use crate::{
    adapters::graph::settings::Audience,
    app::credentials::{self, Watched},
    cli::{doctor::check::Check, grants::links::Links, reach},
    config::Config,
    domain::credential::{CredentialEnd, Urgency},
    ports::clock::Clock,
};

/// Looks at each of them.
pub async fn look(config: &Config) -> Vec<Check> {
    // What cannot be read has been said by the checks before this one.
    let (Ok(microsoft), Ok(all)) = (reach::microsoft(config), credentials::watched(config)) else {
        return Vec::new();
    };
    let tenant = &config.tenant.id;
    let signed_in = microsoft.rights(tenant, Audience::Graph).await.is_ok();
    let mut checks = Vec::new();
    for one in &all {
        match one.end(&microsoft, tenant).await {
            Ok(Some(end)) => checks.push(check(config, one, &end, &*reach::clock())),
            Ok(None) => checks.push(Check::ok(
                what(one),
                "its end is not known: the registration is elsewhere, or may not be read (Application.Read.All)",
            )),
            // Without a token the reason has been said; otherwise it is worth a word.
            Err(_) if !signed_in => {}
            Err(trouble) => checks.push(Check::wrong(
                what(one),
                format!("its end could not be read: {trouble}"),
                "run the doctor again",
            )),
        }
    }
    checks
}

fn what(one: &Watched) -> String {
    format!("credential of [{}]", one.section)
}

fn check(config: &Config, one: &Watched, end: &CredentialEnd, clock: &dyn Clock) -> Check {
    let now = clock.now();
    let links =
        Links::to(&config.endpoints, &config.tenant.id.to_string(), &one.client.to_string());
    let mend = format!(
        "make a new one beside it ({}), set it under [{}], restart, and take the old one away",
        links.credentials(),
        one.section
    );
    match end.urgency(now) {
        Urgency::None => Check::ok(what(one), end.in_words(now)),
        Urgency::Within(days) if days > 3 => Check::soon(what(one), end.in_words(now), mend),
        Urgency::Within(_) | Urgency::Over => Check::wrong(what(one), end.in_words(now), mend),
    }
}
