//! Waits until what is needed is in the app's own token.

use std::{collections::BTreeSet, time::Duration};

use anyhow::Context;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::Instant,
};

use crate::{
    actions::Entry,
    adapters::graph::{
        app_roles::{Right, Service},
        settings::Audience,
    },
    cli::{
        actions::needs::{self, Need},
        grants::{
            held::Held,
            ready::{self, State},
        },
        reach, say,
    },
    config::Config,
    domain::trouble::{Reason, Trouble},
};

/// How the waiting ended.
#[derive(Debug)]
pub enum End {
    /// Everything is there.
    Granted(Held),
    /// The time was up, or nobody wanted to wait.
    Missing(Held),
    /// Somebody pressed Ctrl-C.
    Stopped,
}

/// What is seen in the tokens.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    held: Held,
    /// Why there is no token.
    refused: Option<String>,
}

/// Looks every `pause`, for at most `wait`, and says what changed.
pub async fn wait(
    config: &Config,
    on: &[&'static Entry],
    (wait, pause): (Duration, Duration),
) -> anyhow::Result<End> {
    // From here on Ctrl-C is heard, whatever is being done at that moment.
    let mut stop = signal(SignalKind::interrupt()).context("Ctrl-C cannot be heard")?;
    let needs = needs::needs(on.iter().copied());
    let until = Instant::now() + wait;
    let mut last = None;
    loop {
        let seen = tokio::select! {
            seen = look(config, &needs) => seen?,
            _ = stop.recv() => return Ok(End::Stopped),
        };
        let missing = missing(on, &seen.held);
        if missing.is_empty() && seen.refused.is_none() {
            return Ok(End::Granted(seen.held));
        }
        let news = (seen.refused.clone(), missing);
        if last.as_ref() != Some(&news) {
            tell(&news);
            last = Some(news);
        }
        if Instant::now() >= until {
            return Ok(End::Missing(seen.held));
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.recv() => return Ok(End::Stopped),
        }
    }
}

/// What these actions lack, and what every request needs.
fn missing(on: &[&'static Entry], held: &Held) -> BTreeSet<&'static str> {
    let always = needs::ALWAYS.iter().map(|(name, _)| *name).filter(|name| !held.has(name));
    on.iter().flat_map(|entry| State::of(entry, held).lacks()).chain(always).collect()
}

fn tell((refused, missing): &(Option<String>, BTreeSet<&'static str>)) {
    match refused {
        Some(why) => say(format!("   not yet: {why}")),
        None => say(format!("   still missing: {}", ready::list(missing))),
    }
}

/// With tokens of now: nothing that was fetched before is used again.
async fn look(config: &Config, needs: &[Need]) -> anyhow::Result<Seen> {
    let microsoft = reach::microsoft(config)?;
    let tenant = &config.tenant.id;
    let graph = match microsoft.rights(tenant, Audience::Graph).await {
        Ok(claims) => claims,
        Err(trouble) => return Ok(Seen { refused: Some(why(&trouble)), ..Seen::default() }),
    };
    let exchange = needs.iter().any(|need| {
        matches!(Right::read(need.permission), Right::Permission(Service::Exchange, _))
    });
    let exchange = if exchange {
        // A tenant without Exchange refuses it; what is missing then says so.
        microsoft.rights(tenant, Audience::Exchange).await.ok()
    } else {
        None
    };
    Ok(Seen { held: Held::of(&graph, exchange.as_ref()), refused: None })
}

fn why(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Refused(Reason::MissingPermission { missing, mend }) => {
            format!("Microsoft misses {missing}\n     → {mend}")
        }
        Trouble::Unreachable { what, source } => format!("{what} did not answer: {source:#}"),
        other => other.to_string(),
    }
}
