//! Sign-ins from a chat: what the app's registration needs for them.

use crate::{
    adapters::graph::own::OwnApp,
    cli::{doctor::check::Check, grants::links, reach},
    config::{Config, SignIn},
};

const WHAT: &str = "sign-ins";

/// The redirect address, and the claim that step-up sign-ins are dated by.
pub async fn look(config: &Config) -> Vec<Check> {
    let Some(base) = config.server.public_url.as_ref().filter(|_| config.sign_in.enabled) else {
        return Vec::new();
    };
    let Ok(microsoft) = reach::microsoft(config) else { return Vec::new() };
    let Ok(client) = links::client_id(&config.microsoft.client_id) else { return Vec::new() };
    // Without a token, the checks before this one have said why.
    let Ok(own) = microsoft.own_app(&config.tenant.id, client).await else { return Vec::new() };
    found(&own, &SignIn::redirect(base), !config.policy.step_up.is_off())
}

fn found(own: &OwnApp, redirect: &str, stepping_up: bool) -> Vec<Check> {
    if own.declared.is_none() {
        let found = "the app's registration may not be read, so its redirect address is not known";
        return vec![Check::ok(WHAT, found)];
    }
    let mut checks = Vec::new();
    if own.redirects.iter().any(|known| known == redirect) {
        checks.push(Check::ok(WHAT, format!("people come back to {redirect}")));
    } else {
        checks.push(Check::wrong(
            WHAT,
            format!("the registration does not have the redirect address {redirect}"),
            "add it in the Entra admin center: App registrations, the app, Authentication, platform Web",
        ));
    }
    if stepping_up && !own.id_claims.iter().any(|name| name == "auth_time") {
        checks.push(Check::wrong(
            WHAT,
            "id tokens do not say when somebody signed in, so no step-up sign-in counts",
            "add the optional claim auth_time for ID tokens: App registrations, the app, Token configuration",
        ));
    }
    checks
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_registration_without_the_address_or_the_claim_is_named() {
        let redirect = "https://bot.contoso.com/sign-in/done";
        let mut bare = OwnApp::default();
        bare.declared = Some(BTreeSet::new());
        let wrong = |own: &OwnApp, stepping_up| {
            found(own, redirect, stepping_up).iter().filter(|check| !check.is_ok()).count()
        };
        assert_eq!((wrong(&bare, false), wrong(&bare, true)), (1, 2));
        let mut good = bare;
        good.redirects.push(redirect.to_owned());
        good.id_claims.push("auth_time".to_owned());
        assert_eq!(wrong(&good, true), 0);
        assert_eq!(wrong(&OwnApp::default(), true), 0, "what may not be read is not wrong");
    }
}
