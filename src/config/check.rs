//! What can be seen wrong in the settings alone.

use std::path::PathBuf;

use anyhow::{bail, ensure};
use jiff::SignedDuration;

use crate::{
    config::{Access, Config, Policy, Slack},
    domain::{area::Area, ids::Upn, secret::Secret},
};

impl Config {
    /// What can be seen wrong without looking at the world. Each error names its key and the remedy.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.database.is_empty(),
            "database is empty; name a file such as countersign.db, or a server as postgres://user@host/name"
        );
        ensure!(
            (1..=1_000).contains(&self.postgres.connections),
            "postgres.connections is how many connections a replica may keep: 1 to 1000"
        );
        self.no_secret_is_blank()?;
        let from_values = self.keys.encryption.is_some() && self.keys.signing.is_some();
        ensure!(
            self.keys.file.is_some() || from_values,
            "keys: name keys.file (make one with `countersign keys new`), or give keys.encryption and keys.signing"
        );
        self.microsoft.check("microsoft")?;
        if let Some(teams) = &self.teams {
            ensure!(
                !teams.app_id.trim().is_empty(),
                "teams.app_id is empty; it is the bot's application id"
            );
            proof(
                "teams",
                teams.app_secret.as_ref(),
                teams.certificate.as_ref(),
                teams.private_key.as_ref(),
                "app_secret",
            )?;
        }
        if let Some(slack) = &self.slack {
            ensure!(
                slack.signing_secret.is_some() || slack.app_token.is_some(),
                "slack.signing_secret is not set, so nothing that claims to come from Slack could be believed; take it from the app's Basic Information page, or set slack.app_token for Socket Mode"
            );
            ensure!(
                !slack.team_id.is_empty() && !slack.app_id.is_empty(),
                "slack.team_id and slack.app_id must be set (T… and A…)"
            );
        }
        if let Some(url) = &self.server.public_url {
            ensure!(
                url.starts_with("https://")
                    || url.starts_with("http://127.0.0.1")
                    || url.starts_with("http://localhost"),
                "server.public_url must begin with https://, because one-time links start with it"
            );
        }
        ensure!(
            (1..=90).contains(&self.drafts.days_before),
            "drafts.days_before is how many days ahead a first or last day is proposed: 1 to 90"
        );
        if let Some(requester) = &self.drafts.requester {
            ensure!(
                requester.parse::<Upn>().is_ok(),
                "drafts.requester is no sign-in name; write the one of somebody who may ask for offboardings, such as hr@contoso.com"
            );
        }
        self.api.check()?;
        self.timing.check()?;
        if let Some(model) = &self.model {
            model.check()?;
        }
        if let Some(telemetry) = &self.telemetry {
            telemetry.check()?;
        }
        ensure!(
            !self.sign_in.enabled || self.server.public_url.is_some(),
            "sign_in.enabled needs server.public_url, because people come back there from Entra"
        );
        self.check_policy(&self.policy)?;
        self.check_tenants()
    }

    /// What can be seen wrong in the rules of a tenant.
    pub(super) fn check_policy(&self, policy: &Policy) -> anyhow::Result<()> {
        ensure!(
            policy.step_up.is_off() || self.sign_in.enabled,
            "policy.step_up needs sign_in.enabled = true, because approvers sign in at Entra for it"
        );
        ensure!(
            policy.expires_after > SignedDuration::from_mins(1),
            "policy.expires_after must be longer than a minute"
        );
        Ok(())
    }

    /// A secret that is set is not blank: a variable may be there and hold nothing.
    fn no_secret_is_blank(&self) -> anyhow::Result<()> {
        let (slack, teams) = (self.slack.as_ref(), self.teams.as_ref());
        let of_slack = |choose: fn(&Slack) -> Option<&Secret>| slack.and_then(choose);
        let all = [
            (
                "teams.app_secret",
                teams.and_then(|teams| teams.app_secret.as_ref()),
                "it is the value of the bot's client secret",
            ),
            ("slack.bot_token", of_slack(|slack| Some(&slack.bot_token)), "it starts with xoxb-"),
            (
                "slack.signing_secret",
                of_slack(|slack| slack.signing_secret.as_ref()),
                "take it from the app's Basic Information page",
            ),
            (
                "slack.previous_signing_secret",
                of_slack(|slack| slack.previous_signing_secret.as_ref()),
                "leave it out when no rotation is going on",
            ),
            (
                "slack.app_token",
                of_slack(|slack| slack.app_token.as_ref()),
                "it starts with xapp-; leave it out for Slack over HTTP",
            ),
            (
                "keys.encryption",
                self.keys.encryption.as_ref(),
                "it is 32 bytes in base64; `countersign keys new` makes them",
            ),
            (
                "keys.signing",
                self.keys.signing.as_ref(),
                "it is 32 bytes in base64; `countersign keys new` makes them",
            ),
        ];
        for (key, secret, remedy) in all {
            let blank = secret.is_some_and(|secret| secret.reveal().trim().is_empty());
            ensure!(!blank, "{key} is empty; {remedy}");
        }
        Ok(())
    }

    /// May passwords be set in any tenant? They are handed over by one-time links.
    pub fn hands_passwords_over(&self) -> bool {
        let all = self.tenants.iter().filter_map(|customer| customer.policy.as_ref());
        std::iter::once(&self.policy).chain(all).any(|policy| {
            let group = policy.groups.get(&Area::PasswordsAndSecurity);
            group.is_some_and(|group| group.access == Access::ReadWrite)
        })
    }

    /// What reaches this machine from outside, by the https address that `server.public_url` names.
    pub fn comes_from_outside(&self) -> Vec<&'static str> {
        let passwords = self.hands_passwords_over();
        let over_http = self.slack.as_ref().is_some_and(|slack| slack.app_token.is_none());
        let all = [
            (self.teams.is_some(), "Teams"),
            (over_http, "Slack over HTTP"),
            (passwords, "whoever opens a one-time link"),
            (self.sign_in.enabled, "whoever signs in"),
        ];
        all.into_iter().filter_map(|(on, who)| on.then_some(who)).collect()
    }
}

pub(super) fn proof(
    section: &str,
    secret: Option<&Secret>,
    certificate: Option<&PathBuf>,
    key: Option<&PathBuf>,
    name: &str,
) -> anyhow::Result<()> {
    match (secret, certificate, key) {
        (Some(_), None, None) | (None, Some(_), Some(_)) => Ok(()),
        (None, None, None) => bail!("{section}: set {name}, or certificate and private_key"),
        _ => bail!(
            "{section}: set either {name}, or both certificate and private_key, not a mixture"
        ),
    }
}
