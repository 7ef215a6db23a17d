//! `countersign manifest`

use std::{
    fs::OpenOptions,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use clap::{Subcommand, ValueEnum};
use include_dir::{Dir, include_dir};
use reqwest::Url;
use serde_json::Value;
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::cli::{
    say,
    settings::{ConfigFile, Environment},
};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/manifests");

/// Make the app packages for Teams and Slack
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the zip to upload in the Teams admin center (schema 1.30, with icons)
    Teams(Teams),
    /// Print the manifest to paste at api.slack.com/apps, "From a manifest"
    Slack(Slack),
}

#[derive(Debug, clap::Args)]
struct Teams {
    /// The host people reach it under, such as bot.contoso.com; the public address of the settings, when nothing is said
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// The bot's application (client) id; that of the settings, when nothing is said
    #[arg(long, value_name = "GUID")]
    bot_id: Option<String>,
    /// The Teams app's own id, the same in every version; the bot's id, when nothing is said
    #[arg(long, value_name = "GUID")]
    app_id: Option<String>,
    /// Teams takes an update of the app only when this grows
    #[arg(long, value_name = "X.Y.Z", default_value = "1.0.0")]
    app_version: String,
    /// Who runs it, at most 32 characters
    #[arg(long, value_name = "NAME", default_value = "Your IT department")]
    developer: String,
    /// Your page about it; the host itself, when nothing is said
    #[arg(long, value_name = "URL")]
    website: Option<String>,
    /// Your privacy page; the website, when nothing is said
    #[arg(long, value_name = "URL")]
    privacy: Option<String>,
    /// Your terms of use; the website, when nothing is said
    #[arg(long, value_name = "URL")]
    terms: Option<String>,
    /// The zip to write
    #[arg(long, value_name = "FILE", default_value = "countersign-teams.zip")]
    out: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, clap::Args)]
struct Slack {
    /// The host Slack reaches, with its port when that is not 443; the public address of the settings, when nothing is said
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// How deliveries come: Slack calls the host, or the bot calls Slack (Socket Mode)
    #[arg(long, value_enum, default_value_t = Way::Http)]
    way: Way,
    /// The file to write; the terminal, when nothing is said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Way {
    /// Slack posts to the host, below /slack/
    Http,
    /// No address is needed; make an app-level token with connections:write afterwards
    Socket,
}

/// Makes a package.
pub fn run(args: Args, environment: &Environment) -> anyhow::Result<()> {
    match args.command {
        Command::Teams(args) => teams(&args, environment),
        Command::Slack(args) => slack(&args, environment),
    }
}

fn teams(args: &Teams, environment: &Environment) -> anyhow::Result<()> {
    let (mut host, mut bot) = (args.host.clone(), args.bot_id.clone());
    if host.is_none() || bot.is_none() {
        let config = args.config.load(environment).context(
            "the host and the bot's id come from the settings unless --host and --bot-id say them",
        )?;
        host = host.or(config.server.public_url);
        bot = bot.or(config.teams.map(|teams| teams.app_id));
    }
    let host = public_host(&host.context("no host: give --host, or set server.public_url")?)?;
    let bot = guid("--bot-id", &bot.context("no bot: give --bot-id, or set teams.app_id")?)?;
    let app = args.app_id.as_deref().map_or(Ok(bot.clone()), |id| guid("--app-id", id))?;
    let website = page("--website", args.website.as_deref(), &format!("https://{}", host.name))?;
    let package = teams_package(&[
        ("app_id", &app),
        ("bot_id", &bot),
        ("version", version(&args.app_version)?),
        ("host_name", &host.name),
        ("developer_name", developer(&args.developer)?),
        ("privacy_url", &page("--privacy", args.privacy.as_deref(), &website)?),
        ("terms_url", &page("--terms", args.terms.as_deref(), &website)?),
        ("website_url", &website),
    ])?;
    write_new(&args.out, &package)?;
    say(format!(
        "Wrote {out}.\n\
         1. In the bot's Azure resource, set the messaging endpoint: https://{host}/api/messages\n\
         2. Upload {out} in the Teams admin center: Teams apps, Manage apps, Upload new app.\n\
         3. Allow it for the people of [policy], then add it to the approvers' team or chat.",
        out = args.out.display(),
        host = host.with_port,
    ));
    Ok(())
}

fn slack(args: &Slack, environment: &Environment) -> anyhow::Result<()> {
    let manifest = match args.way {
        Way::Socket => filled("slack/socket.json", &[])?,
        Way::Http => {
            let host = match &args.host {
                Some(host) => Some(host.clone()),
                None => args.config.load(environment)?.server.public_url,
            };
            let host =
                host.context("no host: give --host, set server.public_url, or take --way socket")?;
            filled("slack/http.json", &[("host", &public_host(&host)?.with_port)])?
        }
    };
    match &args.out {
        None => say(manifest.trim_end()),
        Some(file) => {
            write_new(file, manifest.as_bytes())?;
            say(format!(
                "Wrote {}. Paste it at https://api.slack.com/apps, Create New App, From a manifest.",
                file.display()
            ));
        }
    }
    Ok(())
}

/// The scopes that the Slack app asks for, as its manifest says.
pub fn slack_scopes() -> Vec<String> {
    let text = template("slack/http.json").expect("the manifest is built in");
    let manifest: Value = serde_json::from_slice(text).expect("a test fills and reads it");
    let scopes = manifest["oauth_config"]["scopes"]["bot"].as_array();
    scopes.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The zip: `manifest.json` and the two icons at its root.
fn teams_package(values: &[(&str, &str)]) -> anyhow::Result<Vec<u8>> {
    let manifest = filled("teams/manifest.json", values)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed time, so that the same settings give the same bytes.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in [
        ("manifest.json", manifest.as_bytes()),
        ("color.png", template("teams/color.png")?),
        ("outline.png", template("teams/outline.png")?),
    ] {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn template(name: &str) -> anyhow::Result<&'static [u8]> {
    let file =
        TEMPLATES.get_file(name).with_context(|| format!("manifests/{name} is not built in"))?;
    Ok(file.contents())
}

/// Fills `{{placeholders}}`. Every one must have a value, and JSON must come out.
fn filled(name: &str, values: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut text = String::from_utf8(template(name)?.to_vec()).context("a template is text")?;
    for (placeholder, value) in values {
        let escaped = Value::from(*value).to_string();
        text = text.replace(&format!("{{{{{placeholder}}}}}"), &escaped[1..escaped.len() - 1]);
    }
    ensure!(!text.contains("{{"), "manifests/{name} has a placeholder without a value");
    serde_json::from_str::<Value>(&text).with_context(|| format!("manifests/{name}"))?;
    Ok(text)
}

#[derive(Debug, PartialEq, Eq)]
struct Host {
    name: String,
    with_port: String,
}

/// A bare host name, or an https address without a path.
fn public_host(said: &str) -> anyhow::Result<Host> {
    let wrong = || format!("`{said}` is not a public host; write one such as bot.contoso.com");
    let said = said.trim().trim_end_matches('/');
    let address = if said.contains("://") { said.to_owned() } else { format!("https://{said}") };
    let url: Url = address.parse().with_context(wrong)?;
    let name = url.host_str().with_context(wrong)?.to_owned();
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    ensure!(url.scheme() == "https" && plain && anonymous, wrong());
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    let labels = name.contains('.') && name.split('.').all(|label| !label.is_empty());
    ensure!(url.domain().is_some() && letters && labels, wrong());
    let with_port = url.port().map_or_else(|| name.clone(), |port| format!("{name}:{port}"));
    Ok(Host { name, with_port })
}

fn guid(what: &str, said: &str) -> anyhow::Result<String> {
    let id: Uuid = said.trim().parse().with_context(|| {
        format!("{what}: `{said}` is not a GUID such as 11111111-2222-4333-8444-555555555555")
    })?;
    ensure!(!id.is_nil(), "{what} is all zeroes");
    Ok(id.hyphenated().to_string())
}

fn version(said: &str) -> anyhow::Result<&str> {
    let parts: Vec<_> = said.split('.').collect();
    let number = |part: &&str| part.parse::<u32>().is_ok_and(|n| n.to_string() == **part);
    ensure!(
        parts.len() == 3 && parts.iter().all(number),
        "`{said}` is not a version such as 1.0.3"
    );
    Ok(said)
}

fn developer(said: &str) -> anyhow::Result<&str> {
    let said = said.trim();
    ensure!((1..=32).contains(&said.chars().count()), "--developer has 1 to 32 characters");
    Ok(said)
}

fn page(what: &str, said: Option<&str>, otherwise: &str) -> anyhow::Result<String> {
    let said = said.unwrap_or(otherwise).trim();
    let url: Url = said.parse().with_context(|| format!("{what}: `{said}` is not an address"))?;
    ensure!(url.scheme() == "https", "{what}: Teams wants an address that begins with https://");
    Ok(url.to_string())
}

/// Writes a file that was not there.
fn write_new(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    match opened.and_then(|mut open| open.write_all(bytes)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already; move it away or choose another --out", file.display())
        }
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_https_address_and_nothing_else() {
        let host = public_host("https://bot.contoso.com:8443/").unwrap();
        assert_eq!(
            (host.name.as_str(), host.with_port.as_str()),
            ("bot.contoso.com", "bot.contoso.com:8443")
        );
        assert_eq!(public_host("bot.contoso.com").unwrap().with_port, "bot.contoso.com");
        for wrong in [
            "",
            "localhost",
            "10.0.0.1",
            "http://bot.contoso.com",
            "bot.contoso.com/x",
            "a b.com",
            "https://u:p@bot.contoso.com",
            "[::1]",
            "\"}.com",
        ] {
            assert!(public_host(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_package_holds_the_manifest_and_the_icons_and_no_placeholder() {
        let id = "11111111-2222-4333-8444-555555555555";
        let values = [
            ("app_id", id),
            ("bot_id", id),
            ("version", "1.0.0"),
            ("host_name", "bot.contoso.com"),
            ("developer_name", "O\"Neil & Sons"),
            ("website_url", "https://contoso.com/"),
            ("privacy_url", "https://contoso.com/"),
            ("terms_url", "https://contoso.com/"),
        ];
        let package = teams_package(&values).unwrap();
        assert_eq!(package, teams_package(&values).unwrap(), "the same every time");
        let mut zip = zip::ZipArchive::new(Cursor::new(package)).unwrap();
        let mut names: Vec<_> = zip.file_names().map(str::to_owned).collect();
        names.sort();
        assert_eq!(names, ["color.png", "manifest.json", "outline.png"]);
        let mut text = String::new();
        zip.by_name("manifest.json").unwrap().read_to_string(&mut text).unwrap();
        let manifest: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(manifest["developer"]["name"], "O\"Neil & Sons");
        assert_eq!(manifest["bots"][0]["botId"], id);
        assert!(teams_package(&values[1..]).is_err(), "a missing value is an error");
    }

    #[test]
    fn slack_s_manifest_knows_the_host_only_over_http() {
        let http = filled("slack/http.json", &[("host", "bot.contoso.com")]).unwrap();
        assert!(http.contains("https://bot.contoso.com/slack/events"));
        let socket = filled("slack/socket.json", &[]).unwrap();
        assert!(!socket.contains("https://bot"));
        assert!(filled("slack/http.json", &[]).is_err());
    }

    #[test]
    fn bad_ids_versions_and_pages_are_refused() {
        assert!(guid("--bot-id", "not-a-guid").is_err());
        assert!(guid("--bot-id", "00000000-0000-0000-0000-000000000000").is_err());
        for wrong in ["1", "1.0", "1.0.x", "01.0.0", "1.0.0.0", "1.0.-1"] {
            assert!(version(wrong).is_err(), "{wrong}");
        }
        assert!(page("--website", Some("http://contoso.com"), "").is_err());
        assert!(developer(&"x".repeat(33)).is_err());
    }
}
