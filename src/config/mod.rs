//! What the operator decides: read once, at the start, from one file and the environment.
//!
//! - [`keys`]     the keys that seal and sign, from a file only its owner can read
//! - [`sections`] [`policy`] [`endpoints`] one struct per concern; unknown keys are refused
//! - [`check`]    what can be seen wrong in them
//! - [`Config::load`] the file, then `COUNTERSIGN_…` variables, then `…_FILE` variables
//!
//! `COUNTERSIGN_SLACK__SIGNING_SECRET` sets `slack.signing_secret`;
//! `COUNTERSIGN_SLACK__SIGNING_SECRET_FILE` names a file that holds it.
//!
//! Not here: whether the world agrees with the settings. The doctor looks at that.

pub mod check;
pub mod endpoints;
pub mod keys;
pub mod policy;
pub mod sections;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use toml::{Table, Value};

pub use endpoints::{Cloud, Endpoints};
pub use keys::KeyRing;
pub use policy::{Access, Approval, AreaPolicy, Policy, SecretsTo};
pub use sections::{Approvals, Config, Keys, Microsoft, Retention, Server, Slack, Teams, Tenant};

/// A settings file has at most this many bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;
const PREFIX: &str = "COUNTERSIGN_";

impl Config {
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
        let mut table: Table = text.parse().context("this is not TOML")?;
        for (name, value) in environment {
            if let Some(path) = name.strip_prefix(PREFIX) {
                overlay(&mut table, name, path, value)?;
            }
        }
        let config: Self = Value::Table(table).try_into().map_err(|error: toml::de::Error| {
            anyhow::anyhow!("{}", error.message())
                .context("a setting is wrong; see countersign.example.toml for every key")
        })?;
        config.check()?;
        Ok(config)
    }
}

/// Puts one variable where its name says.
fn overlay(table: &mut Table, name: &str, path: &str, value: &str) -> anyhow::Result<()> {
    let path = path.to_lowercase();
    let (path, value) = match path.strip_suffix("_file") {
        Some(path) if path.contains("__") => {
            let held = fs::read_to_string(value)
                .with_context(|| format!("{name} names a file that cannot be read"))?;
            (path.to_owned(), held.trim_end_matches(['\r', '\n']).to_owned())
        }
        _ => (path, value.to_owned()),
    };
    let mut keys: Vec<&str> = path.split("__").collect();
    let Some(last) = keys.pop().filter(|last| !last.is_empty()) else {
        bail!("{name} names no setting")
    };
    let mut at = table;
    for key in keys {
        let inner = at.entry(key).or_insert_with(|| Value::Table(Table::new()));
        at = inner.as_table_mut().with_context(|| format!("{name}: `{key}` is not a section"))?;
    }
    at.insert(last.to_owned(), scalar(&value));
    Ok(())
}

/// `true`, whole numbers and `[lists]` are what they look like; the rest is text.
fn scalar(value: &str) -> Value {
    if value == "true" || value == "false" {
        return Value::Boolean(value == "true");
    }
    if let Ok(number) = value.parse::<i64>()
        && number.to_string() == value
    {
        return Value::Integer(number);
    }
    if value.starts_with('[')
        && let Ok(table) = format!("v = {value}").parse::<Table>()
        && let Some(list) = table.get("v")
    {
        return list.clone();
    }
    Value::String(value.to_owned())
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
        assert_eq!(config.database, "y.db");
        assert_eq!(config.server.listen.port(), 9);
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = format!("{:#}", with(&[("COUNTERSIGN_SERVER__LISTNE", "1")]).unwrap_err());
        assert!(error.contains("listne"), "{error}");
    }

    #[test]
    fn an_empty_secret_is_an_error() {
        let error =
            format!("{:#}", with(&[("COUNTERSIGN_MICROSOFT__CLIENT_SECRET", "")]).unwrap_err());
        assert!(error.contains("client_secret"), "{error}");
    }
}
