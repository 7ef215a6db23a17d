//! The settings file with the answers in it: changed where it must be, and shown first.
//!
//! Comments and keys of the operator stay. No line that holds a secret is ever shown.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use similar::{ChangeTag, TextDiff};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::{
    cli::{config::EXAMPLE, connect::answers::Answers},
    config::keys::new_private_file,
    domain::area::Area,
};

/// Lines around a change that are shown.
const AROUND: usize = 2;

/// A settings file and what it would become.
#[derive(Debug)]
pub struct Settings {
    /// The file.
    pub file: PathBuf,
    before: Option<String>,
    /// Its text with the answers in it.
    pub after: String,
}

impl Settings {
    /// The file with `answers` in it; an example with every key explained when there is none yet.
    pub fn with(file: &Path, before: Option<String>, answers: &Answers) -> anyhow::Result<Self> {
        let begin = before.clone().unwrap_or_else(|| EXAMPLE.to_owned());
        let named = || format!("{} is not TOML", file.display());
        let mut document: DocumentMut = begin.parse().with_context(named)?;
        put(&mut document, answers)?;
        if before.is_none() {
            only(&mut document, answers)?;
        }
        Ok(Self { file: file.to_owned(), before, after: document.to_string() })
    }

    /// What would change, a few lines around each change; `None` when nothing would.
    pub fn diff(&self) -> Option<String> {
        let before = self.before.as_deref().unwrap_or_default();
        if before == self.after {
            return None;
        }
        // A new file is the example with some lines changed, and those are what matters.
        let old = if self.before.is_some() { before } else { EXAMPLE };
        let diff = TextDiff::from_lines(old, &self.after);
        let mut text = String::new();
        for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
            if number > 0 {
                text.push_str("  …\n");
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let sign = match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                let line = masked(change.value().trim_end_matches('\n'));
                writeln!(text, "{sign} {line}").expect("a string takes everything");
            }
        }
        Some(text.trim_end().to_owned())
    }

    /// Is the file new?
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// Replaces the file whole, or leaves it as it is.
    pub fn write(&self) -> anyhow::Result<()> {
        let beside = self.file.with_extension("toml.new");
        let cannot = || format!("cannot write {}", beside.display());
        let _left_by_a_crash = fs::remove_file(&beside);
        let mut new = new_private_file(&beside).with_context(cannot)?;
        new.write_all(self.after.as_bytes()).and_then(|()| new.sync_all()).with_context(cannot)?;
        if let Ok(about) = fs::metadata(&self.file) {
            fs::set_permissions(&beside, about.permissions()).with_context(cannot)?;
        }
        fs::rename(&beside, &self.file)
            .with_context(|| format!("cannot replace {}", self.file.display()))
    }
}

/// The file's text; nothing when there is none.
pub fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// A line without the value of a secret.
fn masked(line: &str) -> String {
    let Some((key, _)) = line.split_once('=') else { return line.to_owned() };
    let name = key.trim().trim_start_matches('#').trim();
    let secret = ["secret", "token", "encryption", "signing"];
    let hides = secret.iter().any(|word| name.ends_with(word) || name.starts_with(word));
    if hides && !name.ends_with("_file") && !name.contains(' ') {
        format!("{key}= \"***\"")
    } else {
        line.to_owned()
    }
}

fn put(document: &mut DocumentMut, answers: &Answers) -> anyhow::Result<()> {
    let path = |path: &Path| path.display().to_string();
    if let Some(tenant) = &answers.tenant {
        set(table(document, &["tenant"])?, "id", tenant.into());
    }
    let microsoft = table(document, &["microsoft"])?;
    if let Some(client) = &answers.client_id {
        set(microsoft, "client_id", client.into());
    }
    let proofs = ["client_secret", "client_secret_file", "certificate", "private_key"];
    let mut prove = |keys: &[(&str, String)]| {
        for key in proofs.iter().filter(|key| !keys.iter().any(|(name, _)| name == *key)) {
            microsoft.remove(key);
        }
        for (key, said) in keys {
            set(microsoft, key, said.into());
        }
    };
    match (&answers.secret_file, &answers.certificate, &answers.private_key) {
        (Some(file), _, _) => prove(&[("client_secret_file", path(file))]),
        (None, Some(certificate), Some(key)) => {
            prove(&[("certificate", path(certificate)), ("private_key", path(key))]);
        }
        _ => {}
    }
    if let Some(cloud) = &answers.cloud {
        let endpoints = table(document, &["endpoints"])?;
        if cloud != "public" || endpoints.contains_key("cloud") {
            set(endpoints, "cloud", cloud.into());
        }
    }
    for (name, address) in &answers.endpoints {
        set(table(document, &["endpoints"])?, name, address.into());
    }
    for (area, access) in &answers.groups {
        let written = document.get("policy").and_then(|policy| policy.get("groups"));
        let written = written.and_then(|groups| groups.get(area.as_str())).is_some();
        // A group without a table is off already.
        if written || access != "disabled" {
            set(table(document, &["policy", "groups", area.as_str()])?, "access", access.into());
        }
    }
    for (key, people) in [("requesters", &answers.requesters), ("approvers", &answers.approvers)] {
        if !people.is_empty() {
            let list: Array = people.iter().collect();
            set(table(document, &["policy"])?, key, list.into());
        }
    }
    Ok(())
}

/// Sets a value; what stands around the old one, such as a comment, stays.
fn set(table: &mut Table, key: &str, new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if old.to_string().trim() == new.to_string().trim() => {}
        Some(old) => {
            let around = old.decor().clone();
            *old = new;
            *old.decor_mut() = around;
        }
        None => _ = table.insert(key, Item::Value(new)),
    }
}

/// In a new file nothing is on that was not asked for, whatever the example shows.
fn only(document: &mut DocumentMut, answers: &Answers) -> anyhow::Result<()> {
    for area in Area::ALL.iter().filter(|area| !answers.groups.contains_key(area)) {
        let groups = document.get("policy").and_then(|policy| policy.get("groups"));
        if groups.and_then(|groups| groups.get(area.as_str())).is_some() {
            set(
                table(document, &["policy", "groups", area.as_str()])?,
                "access",
                "disabled".into(),
            );
        }
    }
    Ok(())
}

/// The table at this path, made where it is missing.
fn table<'a>(document: &'a mut DocumentMut, path: &[&str]) -> anyhow::Result<&'a mut Table> {
    let mut at = document.as_table_mut();
    for (depth, name) in path.iter().enumerate() {
        let missing = || {
            let mut made = Table::new();
            made.set_implicit(depth + 1 < path.len());
            Item::Table(made)
        };
        let Some(inner) = at.entry(name).or_insert_with(missing).as_table_mut() else {
            bail!("`{}` is not a section of the settings", path[..=depth].join("."));
        };
        at = inner;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::{Access, Config};

    fn answers() -> Answers {
        Answers {
            tenant: Some("11111111-2222-4333-8444-000000000001".to_owned()),
            client_id: Some("11111111-2222-4333-8444-000000000002".to_owned()),
            certificate: Some("app.crt".into()),
            private_key: Some("app.key".into()),
            groups: BTreeMap::from([(Area::Licences, "read_write".to_owned())]),
            approvers: vec!["anna@contoso.com".to_owned()],
            ..Answers::default()
        }
    }

    #[test]
    fn a_new_file_is_the_example_with_the_answers_in_it() {
        let made = Settings::with(Path::new("x.toml"), None, &answers()).unwrap();
        let config = Config::read(&made.after, &BTreeMap::new()).unwrap();
        assert_eq!(config.policy.groups[&Area::Licences].access, Access::ReadWrite);
        assert_eq!(config.policy.groups[&Area::Users].access, Access::Disabled);
        assert_eq!(config.policy.approvers, ["anna@contoso.com"]);
        assert!(made.after.contains("# --- Where the doors listen"), "the comments are there");
        insta::assert_snapshot!(made.diff().unwrap());
    }

    #[test]
    fn an_operator_s_file_keeps_its_comments_and_shows_no_secret() {
        let before = "# ours\ndatabase = \"x.db\" # here\n[tenant]\nid = \"old\" # whose\n[keys]\nfile = \"k\"\n\
                      [microsoft]\nclient_id = \"old\"\nclient_secret = \"hunter2\"\n\
                      [slack]\nbot_token = \"xoxb-1\"\n";
        let made =
            Settings::with(Path::new("x.toml"), Some(before.to_owned()), &answers()).unwrap();
        assert!(made.after.contains("# ours\ndatabase = \"x.db\" # here"), "{}", made.after);
        assert!(made.after.contains("000000000001\" # whose"), "{}", made.after);
        let shown = made.diff().unwrap();
        assert!(!shown.contains("hunter2") && !shown.contains("xoxb-1"), "{shown}");
        assert!(shown.contains("- client_secret = \"***\""), "{shown}");
        let again = Settings::with(Path::new("x.toml"), Some(made.after), &answers()).unwrap();
        assert_eq!(again.diff(), None, "the same answers change nothing");
    }
}
