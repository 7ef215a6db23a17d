//! Where everything is kept: a file, or a server.

use std::fmt;

use reqwest::Url;
use serde::Deserialize;

use crate::domain::secret::Secret;

/// The database. Its address is shown without the password it may hold.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub enum Database {
    /// A `SQLite` file.
    File(String),
    /// A PostgreSQL server: `postgres://user:password@host/database`.
    Server(Secret),
}

impl From<String> for Database {
    fn from(given: String) -> Self {
        let given = given.trim();
        if given.starts_with("postgres://") || given.starts_with("postgresql://") {
            Self::Server(Secret::new(given))
        } else {
            Self::File(given.to_owned())
        }
    }
}

impl Database {
    /// Nothing is named.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::File(path) if path.is_empty())
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(path),
            Self::Server(address) => f.write_str(&without_password(address.reveal())),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// User, host and database, if they can be told from a password for sure.
fn without_password(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return "postgres://…".to_owned() };
    if address.contains('@') && url.username().is_empty() {
        return "postgres://…".to_owned();
    }
    let user = if url.username().is_empty() { "" } else { &format!("{}@", url.username()) };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("postgres://{user}{}{port}{}", url.host_str().unwrap_or_default(), url.path())
}

/// How a PostgreSQL server is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Postgres {
    /// Connections each replica keeps at most, beside the one it listens on.
    pub connections: u32,
    /// A pooler in transaction mode stands in front.
    pub pooled: bool,
}

impl Default for Postgres {
    fn default() -> Self {
        Self { connections: 10, pooled: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (given, shown) in [
            ("postgres://cs:hush77@db.example.com/cs", "postgres://cs@db.example.com/cs"),
            ("postgresql://cs:hush77@db:6432/cs?sslmode=require", "postgres://cs@db:6432/cs"),
            ("postgres://db/cs?user=cs&password=hush77", "postgres://db/cs"),
            ("postgres://cs:hush77/x@db/cs", "postgres://…"),
            ("postgres://cs:77?hush@db/cs", "postgres://…"),
            ("countersign.db", "countersign.db"),
        ] {
            let database = Database::from(given.to_owned());
            assert_eq!(database.to_string(), shown);
            assert_eq!(format!("{database:?}"), shown);
        }
    }
}
