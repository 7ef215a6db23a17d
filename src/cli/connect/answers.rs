//! What was answered, so far. Kept beside the settings while it is not finished, so that
//! an interrupted run goes on where it stopped. Never holds a secret: only the name of its file.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::domain::area::Area;

/// The answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    /// The directory's GUID.
    pub tenant: Option<String>,
    /// The application (client) id.
    pub client_id: Option<String>,
    /// Which cloud: `public`, `usgov`, `usgov_dod`, `china`.
    pub cloud: Option<String>,
    /// The file that holds the client secret.
    pub secret_file: Option<PathBuf>,
    /// Or the certificate…
    pub certificate: Option<PathBuf>,
    /// …and its key.
    pub private_key: Option<PathBuf>,
    /// Who may ask.
    pub requesters: Vec<String>,
    /// Who may sign.
    pub approvers: Vec<String>,
    /// Addresses that were set, for a proxy or a simulator.
    pub endpoints: BTreeMap<String, String>,
    /// Permission groups and their access.
    pub groups: BTreeMap<Area, String>,
}

impl Answers {
    /// Where they are kept.
    pub fn file_beside(settings: &Path) -> PathBuf {
        let mut name = settings.as_os_str().to_owned();
        name.push(".connect");
        PathBuf::from(name)
    }

    /// Those of a run that was interrupted.
    pub fn kept(settings: &Path) -> anyhow::Result<Option<Self>> {
        let file = Self::file_beside(settings);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
        };
        let answers = toml::from_str(&text).with_context(|| {
            format!("{} is not what an earlier run wrote; --fresh begins anew", file.display())
        })?;
        Ok(Some(answers))
    }

    /// Keeps them.
    pub fn keep(&self, settings: &Path) -> anyhow::Result<()> {
        let file = Self::file_beside(settings);
        let text = toml::to_string(self).context("answers are plain values")?;
        let top =
            "# What `countersign connect` was told so far; it deletes this file when it is done.\n";
        fs::write(&file, format!("{top}{text}"))
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// Forgets them.
    pub fn forget(settings: &Path) -> anyhow::Result<()> {
        let file = Self::file_beside(settings);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot delete {}", file.display()))
            }
            _ => Ok(()),
        }
    }

    /// These, and what only `earlier` has.
    #[must_use]
    pub fn over(self, earlier: Self) -> Self {
        let proven = self.secret_file.is_some() || self.certificate.is_some();
        let either = |new: Option<PathBuf>, old: Option<PathBuf>| if proven { new } else { old };
        let list = |new: Vec<String>, old: Vec<String>| if new.is_empty() { old } else { new };
        let mut endpoints = earlier.endpoints;
        endpoints.extend(self.endpoints);
        Self {
            tenant: self.tenant.or(earlier.tenant),
            client_id: self.client_id.or(earlier.client_id),
            cloud: self.cloud.or(earlier.cloud),
            endpoints,
            secret_file: either(self.secret_file, earlier.secret_file),
            certificate: either(self.certificate, earlier.certificate),
            private_key: either(self.private_key, earlier.private_key),
            groups: if self.groups.is_empty() { earlier.groups } else { self.groups },
            requesters: list(self.requesters, earlier.requesters),
            approvers: list(self.approvers, earlier.approvers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_now_wins_over_what_was_said_before() {
        let earlier = Answers {
            tenant: Some("t".to_owned()),
            secret_file: Some("secret".into()),
            groups: BTreeMap::from([(Area::Users, "read_only".to_owned())]),
            ..Answers::default()
        };
        let now = Answers {
            certificate: Some("app.crt".into()),
            private_key: Some("app.key".into()),
            ..Answers::default()
        };
        let both = now.over(earlier);
        assert_eq!(both.tenant.as_deref(), Some("t"));
        assert_eq!(both.secret_file, None, "a certificate replaces the secret");
        assert_eq!(both.groups.len(), 1);
    }

    #[test]
    fn answers_survive_an_interruption_and_are_forgotten_at_the_end() {
        let room = tempfile::tempdir().unwrap();
        let settings = room.path().join("countersign.toml");
        assert_eq!(Answers::kept(&settings).unwrap(), None);
        let answers = Answers {
            client_id: Some("c".to_owned()),
            endpoints: BTreeMap::from([("login".to_owned(), "http://x".to_owned())]),
            groups: BTreeMap::from([(Area::Licences, "read_write".to_owned())]),
            ..Answers::default()
        };
        answers.keep(&settings).unwrap();
        assert_eq!(Answers::kept(&settings).unwrap(), Some(answers));
        Answers::forget(&settings).unwrap();
        Answers::forget(&settings).unwrap();
        assert_eq!(Answers::kept(&settings).unwrap(), None);
    }
}
