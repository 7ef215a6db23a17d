//! The environment, read once; and the settings file with the environment laid over it.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;

use crate::config::Config;

/// Variables that are not settings of the file.
const NOT_SETTINGS: &[&str] = &["COUNTERSIGN_LOG", "COUNTERSIGN_CONFIG", "COUNTERSIGN_NO_INSTALL"];

/// The process's environment, as far as it is ours.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    settings: BTreeMap<String, String>,
    log: Option<String>,
}

impl Environment {
    /// Reads the process's environment.
    pub fn of_process() -> Self {
        Self::of(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }))
    }

    fn of(all: impl Iterator<Item = (String, String)>) -> Self {
        let mut settings: BTreeMap<_, _> =
            all.filter(|(name, _)| name.starts_with("COUNTERSIGN_")).collect();
        let log = settings.get("COUNTERSIGN_LOG").cloned().filter(|filter| !filter.is_empty());
        settings.retain(|name, _| !NOT_SETTINGS.contains(&name.as_str()));
        Self { settings, log }
    }

    /// Reads settings from their text, with the environment over them.
    pub fn over(&self, text: &str) -> anyhow::Result<Config> {
        Config::read(text, &self.settings)
    }

    /// A setting of the environment.
    pub fn value(&self, name: &str) -> Option<String> {
        self.settings.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Does the environment say this setting, or name a file that does?
    pub fn says(&self, name: &str) -> bool {
        self.value(name).or_else(|| self.value(&format!("{name}_FILE"))).is_some()
    }

    /// The log's filter.
    pub fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }
}

/// Which settings file.
#[derive(Debug, Clone, Args)]
pub struct ConfigFile {
    /// The settings file; `countersign config example` prints one
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERSIGN_CONFIG",
        default_value = "countersign.toml"
    )]
    pub config: PathBuf,
}

impl ConfigFile {
    /// Reads the file and the environment.
    pub fn load(&self, environment: &Environment) -> anyhow::Result<Config> {
        Config::load(&self.config, &environment.settings)
    }
}

/// Which tenant, where there are several.
#[derive(Debug, clap::Args)]
pub struct InTenant {
    /// The tenant, by its name in the settings; your own, if it is not said
    #[arg(long, value_name = "NAME")]
    pub tenant: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_settings_reach_the_settings() {
        let all = [
            ("COUNTERSIGN_LOG", "debug"),
            ("COUNTERSIGN_CONFIG", "x.toml"),
            ("COUNTERSIGN_DATABASE", "x.db"),
            ("PATH", "/bin"),
        ];
        let read = Environment::of(all.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(read.log(), Some("debug"));
        assert_eq!(read.settings.keys().collect::<Vec<_>>(), ["COUNTERSIGN_DATABASE"]);
    }
}
