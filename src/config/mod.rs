//! What the operator decides: read once, at the start, from one file and the environment.
//!
//! - [`keys`]     the keys that seal and sign, from a file only its owner can read
//! - [`sections`] [`policy`] [`api`] [`model`] [`telemetry`] [`endpoints`] one struct per concern; unknown keys are refused
//! - [`templates`] named ways to ask for an action; [`tenants`] customers' directories
//! - [`approval`] who must sign, as it is written; [`profile`] starting values for every group
//! - [`database`] a file, or a server; [`timing`] how long things are held and waited for
//! - [`check`]    what can be seen wrong in them
//! - [`given`]    file and variables before they are read; errors that quote no value
//! - [`Config::load`] the file, then `COUNTERSIGN_…` variables, then `…_FILE` variables
//!
//! A key with `_file` at its end names a file that holds the key's value: `client_secret_file`.
//! `COUNTERSIGN_SLACK__SIGNING_SECRET` sets `slack.signing_secret`;
//! `COUNTERSIGN_SLACK__SIGNING_SECRET_FILE` names a file that holds it. So do
//! `COUNTERSIGN_DATABASE` and `COUNTERSIGN_DATABASE_FILE`, for a server's address.
//!
//! Not here: whether the world agrees with the settings. The doctor looks at that.

pub mod api;
pub mod approval;
pub mod check;
pub mod database;
pub mod endpoints;
mod given;
pub mod keys;
pub mod model;
pub mod policy;
pub mod profile;
pub mod sections;
pub mod telemetry;
pub mod templates;
pub mod tenants;
pub mod timing;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use given::Given;
use serde::Deserialize;
use toml::{Table, Value};

pub use api::{Api, ApiClient};
pub use approval::{Approval, Expression, Source};
pub use database::{Database, Postgres};
pub use endpoints::{Cloud, Endpoints};
pub use keys::KeyRing;
pub use model::{Model, ModelHeader};
pub use policy::{
    Access, AreaPolicy, Automation, CallerCheckBy, ChannelPolicy, Delegate, MassLimits, Policy,
    Reads, Reasons, SecretsTo, SetPolicy, Shows, StepUp,
};
pub use sections::{
    Approvals, Config, Drafts, Keys, Microsoft, Places, Retention, Server, SignIn, Slack, Teams,
    Tenant,
};
pub use telemetry::Telemetry;
pub use templates::Template;
pub use tenants::{Customer, CustomerAccess};
pub use timing::Timing;

/// A settings file has at most this many bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;
const PREFIX: &str = "COUNTERSIGN_";

impl Config {
    /// Where whoever runs the service is told what it needs: `[operators]`, or where approval
    /// cards are posted, so that it is never told to nobody.
    pub fn told_to_operators(&self) -> Places {
        let own = &self.operators;
        if !own.slack_channels.is_empty() || !own.teams_conversations.is_empty() {
            return own.clone();
        }
        Places {
            slack_channels: self.approvals.slack_channels.clone(),
            teams_conversations: self.approvals.teams_conversations.clone(),
        }
    }

    /// Reads the file and lays the environment over it. `environment` is handed in:
    /// the process reads its own once, in `main`.
    pub fn load(file: &Path, environment: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let size = fs::metadata(file)
            .with_context(|| {
                format!(
                    "cannot read {}; write one with `countersign config example`",
                    file.display()
                )
            })?
            .len();
        if size > FILE_BYTES_MAX {
            bail!(
                "{} is larger than {FILE_BYTES_MAX} bytes, which no settings file is",
                file.display()
            );
        }
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::read(&text, environment).with_context(|| format!("in {}", file.display()))
    }

    /// The same, from the file's text.
    pub fn read(text: &str, environment: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let mut table: Table = text.parse().map_err(|error| not_toml(text, &error))?;
        named_files(&mut table)?;
        let mut given = Given::from(table);
        for (name, value) in environment {
            if let Some(path) = name.strip_prefix(PREFIX) {
                overlay(&mut given, name, path, value)?;
            }
        }
        profile::fill(&mut given)?;
        let config = Self::deserialize(given)
            .context("a setting is wrong; `countersign config example` explains every key")?;
        config.check()?;
        Ok(config)
    }
}

/// Replaces each `key_file = "…"` by `key` with what the file holds.
fn named_files(table: &mut Table) -> anyhow::Result<()> {
    let named: Vec<(String, String)> = table
        .iter()
        .filter_map(|(key, value)| {
            let stem = key.strip_suffix("_file").filter(|stem| !stem.is_empty())?;
            Some((stem.to_owned(), value.as_str()?.to_owned()))
        })
        .collect();
    for (key, file) in named {
        if table.contains_key(&key) {
            bail!("both {key} and {key}_file are set; keep one");
        }
        let held = held_by(&file).with_context(|| format!("{key}_file"))?;
        table.remove(&format!("{key}_file"));
        table.insert(key, Value::String(held));
    }
    for (_, value) in table.iter_mut() {
        match value {
            Value::Table(inner) => named_files(inner)?,
            Value::Array(list) => {
                list.iter_mut().filter_map(Value::as_table_mut).try_for_each(named_files)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a file holds, without the end of its last line.
fn held_by(file: &str) -> anyhow::Result<String> {
    let size = fs::metadata(file).with_context(|| format!("cannot read {file}"))?.len();
    if size > FILE_BYTES_MAX {
        bail!("{file} is larger than {FILE_BYTES_MAX} bytes, which no value is");
    }
    let held = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
    Ok(held.trim_end_matches(['\r', '\n']).to_owned())
}

/// Where the file stops being TOML. Its own error shows the line, and a secret may stand there.
fn not_toml(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let upto = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = upto.matches('\n').count() + 1;
    anyhow::anyhow!(
        "line {line} is not TOML: {}",
        error.message().lines().next().unwrap_or_default()
    )
}

/// Puts one variable where its name says.
fn overlay(given: &mut Given, name: &str, path: &str, value: &str) -> anyhow::Result<()> {
    let path = path.to_lowercase();
    let (path, text) = match path.strip_suffix("_file") {
        Some(path) if path.contains("__") || path == "database" => {
            let held = held_by(value)
                .with_context(|| format!("{name} names a file that cannot be read"))?;
            (path.to_owned(), held)
        }
        _ => (path, value.to_owned()),
    };
    let (mut at, mut under) = (given, "the file");
    for key in path.split("__") {
        if key.is_empty() {
            bail!("{name} names no setting")
        }
        let section = match at {
            Given::Section(section) => section,
            Given::List(_) => bail!(
                "{name}: `{under}` is a list; set it in the settings file, where a key with _file at its end names a file that holds a secret"
            ),
            _ => bail!("{name}: `{under}` is not a section"),
        };
        at = section.entry(key.to_owned()).or_insert_with(|| Given::Section(BTreeMap::new()));
        under = key;
    }
    *at = Given::Variable { name: name.to_owned(), text };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
        database = "x.db"
        [tenant]
        id = "11111111-2222-4333-8444-555555555555"
        [keys]
        file = "keys.toml"
        [microsoft]
        client_id = "a"
        client_secret = "b"
    "#;

    fn with(pairs: &[(&str, &str)]) -> anyhow::Result<Config> {
        let environment = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::read(SMALL, &environment)
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let config = with(&[
            ("COUNTERSIGN_DATABASE", "y.db"),
            ("COUNTERSIGN_SERVER__LISTEN", "127.0.0.1:9"),
        ])
        .unwrap();
        assert_eq!(config.database.to_string(), "y.db");
        assert_eq!(config.server.listen.port(), 9);
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = format!("{:#}", with(&[("COUNTERSIGN_SERVER__LISTNE", "1")]).unwrap_err());
        assert!(error.contains("listne"), "{error}");
    }

    #[test]
    fn a_key_s_value_can_be_in_a_file_of_its_own() {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("secret");
        fs::write(&file, "from~the~file\n").unwrap();
        let named = format!("client_secret_file = {:?}", file.display().to_string());
        let text = SMALL.replace("client_secret = \"b\"", &named);
        let config = Config::read(&text, &BTreeMap::new()).unwrap();
        assert_eq!(config.microsoft.client_secret.unwrap().reveal(), "from~the~file");
        let gone = text.replace("secret\"", "nowhere\"");
        let error = format!("{:#}", Config::read(&gone, &BTreeMap::new()).unwrap_err());
        assert!(error.contains("client_secret_file"), "{error}");
        let both = SMALL.replace("[microsoft]", &format!("[microsoft]\n{named}"));
        let error = format!("{:#}", Config::read(&both, &BTreeMap::new()).unwrap_err());
        assert!(error.contains("both client_secret"), "{error}");
    }

    #[test]
    fn a_variable_is_what_its_key_wants() {
        let config = with(&[
            ("COUNTERSIGN_TENANT__TIME_ZONE", "Europe/Lisbon"),
            ("COUNTERSIGN_APPROVALS__PERSONAL", "true"),
            ("COUNTERSIGN_APPROVALS__SLACK_CHANNELS", r#"["C1", "C2"]"#),
            ("COUNTERSIGN_POLICY__GROUPS__USERS__ACCESS", "read_only"),
            ("COUNTERSIGN_DATABASE", "2026"),
        ])
        .unwrap();
        assert_eq!(config.tenant.time_zone.iana_name(), Some("Europe/Lisbon"));
        assert_eq!(config.approvals.personal, Some(true));
        assert_eq!(config.approvals.slack_channels, ["C1", "C2"]);
        assert_eq!(
            config.policy.groups[&crate::domain::area::Area::Users].access,
            Access::ReadOnly
        );
        assert_eq!(config.database.to_string(), "2026");
    }

    #[test]
    fn a_secret_is_text_whatever_it_looks_like() {
        for value in ["12345678", "true", "0x1F", "[\"x\"]", "1979-05-27", "-0", "1e5"] {
            let config = with(&[("COUNTERSIGN_MICROSOFT__CLIENT_SECRET", value)]).unwrap();
            assert_eq!(config.microsoft.client_secret.unwrap().reveal(), value);
        }
    }

    #[test]
    fn a_wrong_value_is_named_with_its_whole_path_its_variable_and_what_is_right() {
        let cases = [
            ("POLICY__GROUPS__USERS__ACCESS", "write", "policy.groups.users.access", "read_write"),
            ("APPROVALS__PERSONAL", "yes", "approvals.personal", "true or false"),
            ("APPROVALS__SLACK_CHANNELS", "C1", "approvals.slack_channels", r#"["one", "two"]"#),
            ("MICROSOFT", "x", "microsoft", "a section"),
        ];
        for (name, value, path, right) in cases {
            let name = format!("COUNTERSIGN_{name}");
            let error = format!("{:#}", with(&[(&name, value)]).unwrap_err());
            assert!(error.contains(&format!("{path} (from {name}): ")), "{error}");
            assert!(error.contains(right) && error.contains("config example"), "{error}");
        }
    }

    #[test]
    fn no_error_quotes_a_secret() {
        let number = "client_secret = 7742771234";
        for wrong in [
            number,
            "client_secret = [\"7742771234\"]",
            "client_secret = { is = \"7742771234\" }",
            "client_secret = 7742771234.5",
            "client_secret = \"7742771234",
            "client_secret = 7742771234 x",
            "client_secret \"7742771234\"",
            "client_secret = \"7742771234\"\nclient_secret = \"7742771234\"",
        ] {
            let text = SMALL.replace("client_secret = \"b\"", wrong);
            let error = format!("{:#?}", Config::read(&text, &BTreeMap::new()).unwrap_err());
            assert!(!error.contains("77427"), "{wrong}: {error}");
        }
        let text = SMALL.replace("client_secret = \"b\"", number);
        let error = format!("{:#}", Config::read(&text, &BTreeMap::new()).unwrap_err());
        assert!(error.contains("microsoft.client_secret: ") && error.contains("quotes"), "{error}");
        for name in ["COUNTERSIGN_MICROSOFT", "COUNTERSIGN_MICROSOFT__CLIENT_SECRET__X"] {
            let error = format!("{:#?}", with(&[(name, "7742771234")]).unwrap_err());
            assert!(!error.contains("77427"), "{error}");
        }
    }

    #[test]
    fn a_blank_secret_is_refused_by_its_name() {
        let slack = "[slack]\nteam_id = \"T1\"\napp_id = \"A1\"\nbot_token = \"xoxb-1\"\nsigning_secret = \"s\"\n";
        let text = format!("{SMALL}\n{slack}");
        assert!(Config::read(&text, &BTreeMap::new()).is_ok());
        for key in [
            "microsoft.client_secret",
            "slack.bot_token",
            "slack.signing_secret",
            "slack.previous_signing_secret",
            "slack.app_token",
            "keys.encryption",
            "keys.signing",
        ] {
            for blank in ["", " ", "\t\n"] {
                let name = format!("COUNTERSIGN_{}", key.replace('.', "__").to_uppercase());
                let environment = BTreeMap::from([(name, blank.to_owned())]);
                let error = format!("{:#}", Config::read(&text, &environment).unwrap_err());
                assert!(error.contains(&format!("{key} is empty")), "{error}");
            }
        }
    }
}
