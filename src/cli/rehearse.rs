//! `countersign rehearse`: what a request that waits would do, played in a tenant that is not real.

use anyhow::Context;

use crate::{
    adapters::cards::Cards,
    app::rehearsal::OnLoopback,
    cli::{
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::{Config, KeyRing},
    desk::rehearse,
    domain::{chat::Face, ids::Number, message::Message, request::Request},
    ports::store::Store,
};

/// Play what a request that waits would do, in the built-in simulator, and print what would become of each step
///
/// The people, groups and licences that its plan is about are read from the tenant as they are
/// now; nothing is written to it, and nothing is signed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The number of the request, as its card shows it
    #[arg(value_name = "NUMBER")]
    number: u64,
    #[command(flatten)]
    config: ConfigFile,
}

/// Plays and prints.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let text = match store.numbered(&config.tenant.id, Number(args.number)).await {
        Ok(Some(request)) => Box::pin(text(&*store, &config, &request)).await,
        Ok(None) => Err(anyhow::anyhow!("there is no request #{}", args.number)),
        Err(error) => Err(error.into()),
    };
    store.close().await;
    say(text?.trim_end());
    Ok(())
}

/// What would become of each step, in plain text.
pub async fn text(
    store: &(impl Store + ?Sized),
    config: &Config,
    request: &Request,
) -> anyhow::Result<String> {
    let frozen = store.plan(&request.id, request.revision).await?;
    let frozen = frozen.with_context(|| format!("{} has no plan yet", request.number))?;
    let look = reach::microsoft(config)?;
    let played = rehearse::play(request, &frozen, &look, &OnLoopback, reach::clock());
    let played =
        Box::pin(played).await.map_err(|trouble| anyhow::anyhow!("{}", trouble.reason()))?;
    let cards = Cards::new("en").context("the cards do not compile")?;
    let mut text = Vec::new();
    let said = Message::Note(played.said);
    for message in [said].into_iter().chain(played.pages.into_iter().map(Message::Steps)) {
        let drawn = cards.draw(&message, Face::Plain, &config.tenant.time_zone)?;
        text.push(drawn.body.as_str().unwrap_or_default().to_owned());
    }
    Ok(text.join("\n\n"))
}
