//! `countersign forget`

use std::fmt::Write as _;

use anyhow::bail;

use crate::{
    adapters::store::forget::{Acquaintance, Erased, Forgetting, Kept},
    cli::{
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::KeyRing,
    domain::ids::Number,
};

/// Erase what is stored about a person; without --yes only say what that would be
///
/// The record keeps its facts about them without what they say, and still verifies. Signed plans and
/// votes stay, because they prove what was allowed. Nothing can bring back what was erased.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Their sign-in name, or the object id of their account
    person: String,
    /// Do it
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Forgets somebody, or says what that would do.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    let config = args.config.load(environment)?;
    let keys = KeyRing::load(&config.keys)?;
    let store = reach::store(&config, &keys).await?;
    let whom = match &store.acquaintances(&args.person).await?[..] {
        [one] => one.clone(),
        [] => bail!(
            "nothing is stored about {}: no request or vote names them; check the spelling, or \
             give the object id of their account",
            args.person
        ),
        several => bail!(
            "{} is the name of {} accounts; give the object id of one of them: {}",
            args.person,
            several.len(),
            several.iter().map(|one| one.who.id.guid().to_string()).collect::<Vec<_>>().join(", ")
        ),
    };
    let (erased, kept) = match store.forget(&whom, args.yes).await? {
        Forgetting::Open(numbers) => bail!(
            "{} is about or from {}, and not over; let it end or cancel it in the chat, then run \
             this again",
            listed(&numbers),
            whom.who.upn
        ),
        Forgetting::Done { erased, kept } => (erased, kept),
    };
    let emptied = !args.yes || store.empty_log().await?;
    store.close().await;
    say(told(&whom, &erased, &kept, args.yes));
    if !emptied {
        say("The write-ahead log still holds old pages, because `serve` runs: restart it once.");
    }
    Ok(())
}

fn listed(numbers: &[Number]) -> String {
    numbers.iter().map(Number::to_string).collect::<Vec<_>>().join(", ")
}

fn told(whom: &Acquaintance, erased: &Erased, kept: &Kept, done: bool) -> String {
    let who = &whom.who;
    let mut text = format!("{} ({}), account {}\n\n", who.name, who.upn, who.id.guid());
    text += if done { "Erased:\n" } else { "Would be erased:\n" };
    let mut line = |count: u64, what: &str| {
        writeln!(text, "{count:>6}  {what}").expect("a string takes every line");
    };
    line(erased.payloads, "facts of the record about them: what they say; their key is destroyed");
    line(erased.words, "messages heard in threads that are about them or name them");
    line(erased.secrets, "secrets and one-time links");
    line(erased.answers, "answers of the bot that name them");
    line(erased.addresses, "of their conversations and chat accounts");
    line(erased.observed, "steps and snapshots that hold what their account was like");
    text += if done { "\nStays:\n" } else { "\nWould stay:\n" };
    let mut line = |count: u64, what: &str| {
        writeln!(text, "{count:>6}  {what}").expect("a string takes every line");
    };
    line(kept.facts, "facts of the record about them: ids, kinds and times, so that it verifies");
    line(kept.about, "requests about them, with the plan that was shown: sealed, as proof");
    line(kept.asked, "requests they asked for, and what the record says of those");
    line(kept.votes, "signatures they gave, and what the record says of those");
    text += "        messages in Slack and Teams, and the account in Microsoft 365: delete them there\n";
    text += "        backups and exports from before: they hold all of it until they are deleted\n";
    text += if done {
        "\nThe record says that they were forgotten. `countersign audit verify` still finds it whole."
    } else {
        "\nNothing was changed. Run it again with --yes to erase it; nothing brings it back."
    };
    text
}
