//! `countersign identities`

use std::fmt::Write as _;

use crate::{
    cli::{
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
    desk::sign_in::link::unlinking,
    domain::{ids::TenantId, sign_in::IdentityLink},
    ports::{clock::Clock, store::Store},
};
use anyhow::{Context, bail};

/// So many are listed.
const LISTED_MAX: u32 = 10_000;

/// List the chat accounts that are linked to people by a sign-in, or end such a link
///
/// It works while `serve` runs, and holds within a minute. What the settings say about Slack accounts
/// (slack.people) is not listed here and ends in the settings.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// End the link of this chat account, such as U0123456789
    #[arg(long, value_name = "ACCOUNT")]
    unlink: Option<String>,
}

/// Lists, or ends one.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let tenant = &config.tenant.id;
    let told = match &args.unlink {
        Some(account) => unlink(&*store, tenant, account, reach::clock().as_ref()).await,
        None => {
            store.identities(tenant, LISTED_MAX).await.map(|all| listed(&all)).map_err(Into::into)
        }
    };
    store.close().await;
    say(told?);
    Ok(())
}

/// Ends the link of an account, for an operator: nobody of the directory.
pub async fn unlink(
    store: &(impl Store + ?Sized),
    tenant: &TenantId,
    account: &str,
    clock: &dyn Clock,
) -> anyhow::Result<String> {
    let all = store.identities(tenant, LISTED_MAX).await?;
    let mut held = all.into_iter().filter(|link| link.chat.id == account);
    let Some(link) = held.next() else {
        bail!("{account} is linked to nobody by a sign-in; `countersign identities` lists who is");
    };
    if held.next().is_some() {
        bail!(
            "{account} is an account of several workspaces; its owner writes `unlink` to the bot"
        );
    }
    let said = format!("{account} is not {} any more.", link.user.upn);
    let turn = unlinking(store, link, ("operator", clock)).await?;
    store.save(turn).await.context("somebody ended it in the same instant")?;
    Ok(said)
}

fn listed(all: &[IdentityLink]) -> String {
    if all.is_empty() {
        return "No chat account is linked by a sign-in.".to_owned();
    }
    let mut text = String::new();
    for link in all {
        let (chat, user) = (&link.chat, &link.user);
        let platform = chat.platform.as_str();
        writeln!(text, "{platform} {} {}  {}  since {}", chat.realm, chat.id, user.upn, link.at)
            .expect("a string takes every line");
    }
    text.trim_end().to_owned()
}
