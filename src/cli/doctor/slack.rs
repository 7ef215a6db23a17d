//! Slack's token, scopes and workspace, the channels approvals go to, Socket Mode.

use anyhow::Context;
use reqwest::Url;
use serde_json::Value;

use crate::{
    adapters::{
        http,
        slack::web::{ApiError, Method, WebApi},
    },
    cli::{doctor::check::Check, manifest, reach},
    config::{Config, Slack},
};

/// Slack's answer about a token has a few hundred bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Everything about Slack.
pub async fn look(config: &Config, app: &Slack) -> Vec<Check> {
    let mut checks = Vec::new();
    match whoami(config, app).await {
        Ok((said, scopes)) => {
            checks.push(workspace(app, &said));
            checks.push(scope_check(&scopes));
        }
        Err(error) => {
            let mend =
                "take the bot token (xoxb-…) from OAuth & Permissions, after installing the app";
            checks.push(Check::wrong("Slack token", format!("{error:#}"), mend));
            return checks;
        }
    }
    let api = match reach::slack(config, &app.bot_token) {
        Ok(api) => api,
        Err(error) => {
            checks.push(Check::wrong("Slack", format!("{error:#}"), "correct endpoints.slack"));
            return checks;
        }
    };
    let posted = [&config.heads.slack_channels, &config.operators.slack_channels];
    for channel in config.approvals.slack_channels.iter().chain(posted.into_iter().flatten()) {
        checks.push(channel_check(&api, channel).await);
    }
    if let Some(token) = &app.app_token {
        checks.push(socket(config, token).await);
    }
    checks
}

/// `auth.test`, with the scopes of its header.
async fn whoami(config: &Config, app: &Slack) -> anyhow::Result<(Value, Vec<String>)> {
    let url: Url =
        format!("{}/auth.test", config.endpoints.slack().trim_end_matches('/')).parse()?;
    let client = http::client_for(&url, reach::TIMEOUT);
    let sent = client.post(url).bearer_auth(app.bot_token.reveal().trim()).send().await;
    let answer = sent.map_err(reqwest::Error::without_url).context("Slack did not answer")?;
    let scopes = answer.headers().get("x-oauth-scopes").and_then(|list| list.to_str().ok());
    let scopes = scopes.unwrap_or_default().split(',').map(|one| one.trim().to_owned()).collect();
    let said: Value = serde_json::from_slice(&http::read(answer, ANSWER_BYTES_MAX).await?)
        .context("Slack's answer is no JSON")?;
    if said["ok"] != true {
        anyhow::bail!("Slack says {}", said["error"].as_str().unwrap_or("no"));
    }
    Ok((said, scopes))
}

fn workspace(app: &Slack, said: &Value) -> Check {
    let team = said["team_id"].as_str().unwrap_or_default();
    let enterprise = said["enterprise_id"].as_str();
    if !team.is_empty() && team != app.team_id {
        return Check::wrong(
            "Slack workspace",
            format!("the token is of {team}, the settings say {}", app.team_id),
            "set slack.team_id to the workspace the app is installed in",
        );
    }
    match (&app.enterprise_id, enterprise) {
        (Some(ours), Some(theirs)) if ours != theirs => Check::wrong(
            "Slack workspace",
            format!("the token is of organisation {theirs}, the settings say {ours}"),
            "correct slack.enterprise_id",
        ),
        _ => Check::ok("Slack workspace", &app.team_id),
    }
}

fn scope_check(scopes: &[String]) -> Check {
    let wanted = manifest::slack_scopes();
    let missing: Vec<_> = wanted.into_iter().filter(|scope| !scopes.contains(scope)).collect();
    if missing.is_empty() {
        return Check::ok("Slack scopes", "all that the manifest names");
    }
    Check::wrong(
        "Slack scopes",
        format!("missing {}", missing.join(", ")),
        "paste the manifest of `countersign manifest slack` again, and reinstall the app",
    )
}

async fn channel_check(api: &WebApi, channel: &str) -> Check {
    let what = format!("Slack channel {channel}");
    let said = match api.call(Method::ConversationInfo, &[("channel", channel)], None).await {
        Ok(said) => said,
        Err(error) => {
            return Check::wrong(
                what,
                words(&error),
                "copy the id (C…) from the channel's About tab, and invite the bot",
            );
        }
    };
    let flag = |name: &str| said["channel"][name].as_bool().unwrap_or(false);
    if flag("is_archived") {
        return Check::wrong(what, "it is archived", "name another channel under [approvals]");
    }
    if flag("is_ext_shared")
        || flag("is_pending_ext_shared")
        || (flag("is_shared") && !flag("is_org_shared"))
    {
        return Check::wrong(
            what,
            "it is shared with another organisation, whose people could read the cards",
            "name a channel of your own under [approvals]",
        );
    }
    if !flag("is_member") {
        return Check::wrong(what, "the bot is not in it", "write /invite @Countersign there");
    }
    Check::ok(what, "the bot is in it, and it is not shared")
}

async fn socket(config: &Config, token: &crate::domain::secret::Secret) -> Check {
    let opened = match reach::slack(config, token) {
        Ok(api) => api.call(Method::OpenSocket, &[], None).await.map_err(|error| words(&error)),
        Err(error) => Err(format!("{error:#}")),
    };
    match opened {
        Ok(_) => Check::ok("Slack Socket Mode", "Slack offers a connection"),
        Err(error) => Check::wrong(
            "Slack Socket Mode",
            error,
            "make an app-level token (xapp-…) with connections:write, and switch Socket Mode on",
        ),
    }
}

fn words(error: &ApiError) -> String {
    match error {
        ApiError::Unsure { source, .. } => format!("{error}: {source:#}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_scope_is_named() {
        let mut all = manifest::slack_scopes();
        assert!(scope_check(&all).is_ok());
        let gone = all.remove(0);
        let found = scope_check(&all);
        assert!(!found.is_ok());
        let said = found.found;
        assert!(said.contains(&gone), "{said}");
    }
}
