//! `countersign connect`: guides through the app registration, from the tenant's name to
//! settings that work.
//!
//! - [`ask`]      the questions, in their order; each answer can be a flag
//! - [`terminal`] how a question is asked
//! - [`answers`]  what was answered, kept until it is done
//! - [`tenant`]   an id, or a domain that Microsoft knows the id of
//! - [`proof`]    a secret, or a certificate, perhaps a new one
//! - [`consent`]  waits until what is needed is in the token
//! - [`settings`] the settings file with the answers in it, shown before it is written
//!
//! Not here: granting. Only an administrator of the tenant does that, on Microsoft's pages.

pub mod answers;
pub mod ask;
pub mod consent;
pub mod proof;
pub mod settings;
pub mod tenant;
pub mod terminal;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context;

use crate::{
    actions::Entry,
    adapters::{clock::SystemClock, graph::app_roles::Service},
    cli::{
        actions::needs,
        connect::{answers::Answers, consent::End, settings::Settings, terminal::Terminal},
        grants::{enabled, held::Held, links::Links, ready, switched_on},
        reach, say,
        settings::{ConfigFile, Environment},
    },
    config::{Access, Config, KeyRing},
    domain::area::Area,
    ports::clock::Clock,
};

/// Connect a Microsoft 365 tenant: choose what may be done, register the app, have it consented to, write the settings
///
/// Asks for the tenant and the permission groups, shows the exact permissions and roles before anybody
/// consents to them, prints the consent link, waits until consent is seen in the app's own token, and
/// writes countersign.toml after showing what would change. Ctrl-C is safe at any point: the same
/// command goes on where it stopped. Every question can be answered by a flag; --yes asks nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Begin narrow: `--group users=read_only` needs three permissions that change nothing. Run it again with
more groups, or read_write, when you want more; it then asks for what is new.

In a script:
  countersign connect --yes --tenant contoso.com --group users=read_only \\
      --client-id aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee --secret-file microsoft.secret

To try it without a tenant: `countersign simulate`, and --simulator with its address.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// Whose directory: the tenant's id, or one of its domains
    #[arg(long, value_name = "ID|DOMAIN")]
    tenant: Option<String>,
    /// Microsoft's cloud: `public`, `usgov` (GCC High), `usgov_dod` or `china` (21Vianet)
    #[arg(long, value_name = "CLOUD", value_parser = ["public", "usgov", "usgov_dod", "china"])]
    cloud: Option<String>,
    /// A permission group and its access, such as `users=read_only` or `licences=read_write`; once for each
    #[arg(long = "group", value_name = "GROUP=ACCESS", value_parser = enabled::group)]
    groups: Vec<(Area, Access)>,
    /// Who may ask: a sign-in name, or `group:OBJECT-ID`; once for each
    #[arg(long = "requester", value_name = "WHO")]
    requesters: Vec<String>,
    /// Who may sign: a sign-in name, or `group:OBJECT-ID`; once for each
    #[arg(long = "approver", value_name = "WHO")]
    approvers: Vec<String>,
    /// The app registration's application (client) id
    #[arg(long, value_name = "GUID")]
    client_id: Option<String>,
    /// A file that holds the app's client secret; the settings will name it
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// The PEM file of the certificate it signs in with
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The PEM file of that certificate's private key
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// Make a self-signed certificate and its key beside the settings: app.crt, app.key
    #[arg(long, conflicts_with_all = ["secret_file", "certificate", "private_key"])]
    new_certificate: bool,
    /// How long a new certificate is valid
    #[arg(long, value_name = "DAYS", default_value_t = proof::DAYS, value_parser = clap::value_parser!(u16).range(1..=1825))]
    certificate_days: u16,
    /// An address that the registration names under Authentication: the consent page returns there
    #[arg(long, value_name = "URL")]
    redirect: Option<String>,
    /// How long it waits for consent
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
    /// How often it looks whether consent is there
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(20..=600_000), hide = true)]
    look_every: u64,
    /// Write the settings even when something is still missing
    #[arg(long)]
    even_if_missing: bool,
    /// Ask nothing: take the flags, what an interrupted run was told, and the settings; write without asking
    #[arg(long)]
    yes: bool,
    /// Forget what an interrupted run was told
    #[arg(long)]
    fresh: bool,
    /// The address of a `countersign simulate`, instead of Microsoft's
    #[arg(long, value_name = "URL")]
    simulator: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Guides. Ends with 1 when it is not done yet.
pub async fn run(args: Args, environment: &Environment) -> anyhow::Result<ExitCode> {
    let file = &args.config.config;
    let terminal = Terminal::new(args.yes);
    let before = settings::read(file)?;
    if args.fresh {
        Answers::forget(file)?;
    }
    let answers = ask::all(&args, &terminal, environment, before.as_deref()).await?;
    let made = Settings::with(file, before, &answers)?;
    let config = environment
        .over(&made.after)
        .with_context(|| format!("{} would not be in order", file.display()))?;
    let on: Vec<&'static Entry> = switched_on(&config.policy).collect();

    heading("Consent");
    say(consent_page(&args, &config));
    let times = (Duration::from_secs(args.wait), Duration::from_millis(args.look_every));
    let held = match consent::wait(&config, &on, times).await? {
        End::Granted(held) => held,
        End::Missing(held) if args.even_if_missing => held,
        End::Missing(held) => {
            status(&config, &held);
            let missing = ready::missing(&groups(&config, &held), &held);
            let links = Links::of(&config).for_rights(missing.into_keys());
            say(format!(
                "\nNot done yet. What is missing is granted here:\n\n{}",
                links.join("\n")
            ));
            return Ok(not_done());
        }
        End::Stopped => return Ok(not_done()),
    };

    heading("Status");
    verified(&config).await;
    status(&config, &held);
    if !write(&made, &terminal)? {
        return Ok(not_done());
    }
    keys(&config)?;
    Answers::forget(file)?;
    say(next(&config, file));
    Ok(ExitCode::SUCCESS)
}

fn heading(title: &str) {
    say(format!("\n{title}"));
}

fn not_done() -> ExitCode {
    say(
        "\nNothing was written to the settings. Run `countersign connect` again to go on from here.",
    );
    ExitCode::FAILURE
}

/// Which pages an administrator opens.
fn consent_page(args: &Args, config: &Config) -> String {
    let links = Links::of(config);
    let pages = match &args.redirect {
        None => format!(
            "     {}\n   (the page may end with AADSTS500113, \"no reply address\": consent is given all the same)",
            links.consent()
        ),
        Some(back) => {
            let needs = needs::needs(switched_on(&config.policy));
            let services = Service::ALL.into_iter().filter(|service| {
                let of = |need: &needs::Need| {
                    use crate::adapters::graph::app_roles::Right;
                    matches!(Right::read(need.permission), Right::Permission(of, _) if of == *service)
                };
                needs.iter().any(of)
            });
            let pages: Vec<_> = services
                .map(|service| format!("     {}", links.consent_v2(service, back)))
                .collect();
            pages.join("\n")
        }
    };
    format!(
        "   An administrator of the tenant opens this page, sees the permissions listed above, and accepts:\n{pages}\n   \
         or presses \"Grant admin consent\" on the registration's own page:\n     {}\n   \
         Roles are assigned apart: `countersign doctor --fix-links` prints where.\n   \
         Waiting for it; Ctrl-C stops, and the same command goes on from here.",
        links.api_permissions()
    )
}

fn groups(config: &Config, held: &Held) -> Vec<ready::Group> {
    ready::groups(&config.policy, held)
}

fn status(config: &Config, held: &Held) {
    for line in ready::page(&groups(config, held)) {
        say(format!("   {line}"));
    }
}

/// Something is read, so that "connected" is true.
async fn verified(config: &Config) {
    use crate::ports::directory::Directory;
    let tenant = &config.tenant.id;
    let read = match reach::microsoft(config) {
        Ok(microsoft) => microsoft.everyone(tenant, 1).await.map(|people| people.len()),
        Err(error) => {
            say(format!("   not connected: {error:#}"));
            return;
        }
    };
    say(match read {
        Ok(_) => format!("   Connected to {tenant} as the app {}.", config.microsoft.client_id),
        Err(trouble) => format!("   The token is there, and reading failed: {trouble}"),
    });
}

/// Shows what would change, and writes it. `false` when nobody wanted it.
fn write(made: &Settings, terminal: &Terminal) -> anyhow::Result<bool> {
    heading("Settings");
    let file = made.file.display();
    let Some(diff) = made.diff() else {
        say(format!("   {file} says all of it already."));
        return Ok(true);
    };
    if made.is_new() {
        say(format!("   {file} would be new: every key explained, and these lines changed:\n"));
    } else {
        say(format!("   {file} would change:\n"));
    }
    say(diff);
    say("");
    if !terminal.yes(&format!("Write {file}?"))? {
        return Ok(false);
    }
    made.write()?;
    say(format!("   Wrote {file}."));
    Ok(true)
}

/// Makes the key file that the settings name, when there is none.
fn keys(config: &Config) -> anyhow::Result<()> {
    let Some(file) = config.keys.file.as_deref().filter(|file| !file.exists()) else {
        return Ok(());
    };
    let ring = KeyRing::new_file(file, |bytes| SystemClock.fill(bytes))?;
    say(format!(
        "   Wrote {}: encryption key {} and a signing key. Keep a copy apart from the database's copies.",
        file.display(),
        ring.id
    ));
    Ok(())
}

/// What is left to do.
fn next(config: &Config, file: &std::path::Path) -> String {
    let mut left = Vec::new();
    if config.policy.requesters.is_empty() || config.policy.approvers.is_empty() {
        left.push("Name people under [policy]: requesters, approvers. Empty means nobody.");
    }
    if config.teams.is_none() && config.slack.is_none() {
        left.push("Set up a chat: `countersign manifest teams`, `countersign manifest slack`.");
    }
    left.push("countersign doctor    looks at everything, and says how to mend it");
    left.push("countersign serve     runs it");
    let lines: Vec<_> = left.iter().map(|line| format!("  - {line}")).collect();
    format!("\nConnected. Next, with {}:\n{}", file.display(), lines.join("\n"))
}
