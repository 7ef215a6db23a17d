//! `countersign standing`

use std::fmt::Write as _;

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    cli::{
        reach, say,
        settings::{ConfigFile, Environment, InTenant},
    },
    config::KeyRing,
    domain::{fact::Fact, ids::Number, standing::IN_FORCE_MAX},
    ports::{
        clock::Clock,
        store::{Store, Turn},
    },
};

/// List the standing approvals that are in force, or revoke one
///
/// Nothing runs under a revoked one any more, not even what was to run later; what ran stays as it is.
/// It works while `serve` runs: the cards say so at once.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    #[command(flatten)]
    of: InTenant,
    /// Revoke the one with this number
    #[arg(long, value_name = "NUMBER")]
    revoke: Option<u64>,
}

/// Lists, or revokes.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let (clock, tenant) = (reach::clock(), &config.tenant_called(args.of.tenant.as_deref())?);
    let told = if let Some(number) = args.revoke {
        let found = store.numbered(tenant, Number(number)).await?;
        let request = found.with_context(|| format!("there is no request #{number}"))?;
        revoke(&*store, request, clock.as_ref()).await
    } else {
        let now = clock.now();
        let mut all = store.standing(tenant, now, IN_FORCE_MAX).await?;
        all.retain(|one| one.in_force.as_ref().is_some_and(|held| held.at(now)));
        Ok(listed(&all, now))
    };
    store.close().await;
    say(told?);
    Ok(())
}

/// Ends one, for an operator: nobody of the directory.
pub async fn revoke(
    store: &(impl Store + ?Sized),
    request: crate::domain::request::Request,
    clock: &dyn Clock,
) -> anyhow::Result<String> {
    let (id, version, number, now) = (request.id, request.version, request.number, clock.now());
    let Ok(request) = request.revoke(None, now) else {
        bail!(
            "{number} is no standing approval that is in force; `countersign standing` lists them"
        );
    };
    let payload = json!({ "by": "operator" });
    let fact = Fact::about(&request, "standing.revoked", clock.uuid(), now, payload);
    let turn = Turn {
        at: now,
        facts: vec![fact],
        redraw: vec![id],
        requests: vec![(request, Some(version))],
        ..Turn::default()
    };
    store.save(turn).await.context("somebody changed it in the same instant; try again")?;
    Ok(format!("{number} is revoked. Nothing runs under it any more."))
}

fn listed(all: &[crate::domain::request::Request], now: Timestamp) -> String {
    if all.is_empty() {
        return "No standing approval is in force.".to_owned();
    }
    let mut text = String::new();
    for request in all {
        let until = request.in_force.as_ref().map_or(now, |held| held.until);
        let signers: Vec<&str> =
            request.stage.signed_by().iter().map(|who| who.upn.as_str()).collect();
        let given = request.proposals.first().map(|one| &one.arguments);
        let actions = given.and_then(|given| given.get("actions")).map(ToString::to_string);
        writeln!(
            text,
            "{}  until {until}  signed by {}  {}",
            request.number,
            signers.join(", "),
            actions.unwrap_or_default()
        )
        .expect("a string takes every line");
    }
    text.trim_end().to_owned()
}
