//! Where the processes keep what they know, and what may befall a server or a file.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _, postgres::PgConnectOptions};

use crate::domain::secret::Secret;

/// The processes' connections, as the server lists them.
const THEIRS: &str = "FROM pg_stat_activity
     WHERE application_name = 'countersign' AND datname = current_database()
       AND pid <> pg_backend_pid()";

/// The store of one run.
#[derive(Debug)]
pub enum Database {
    /// A new file.
    File(PathBuf),
    /// A new schema on a server.
    Schema {
        /// The server.
        server: Secret,
        /// The schema.
        name: String,
    },
}

impl Database {
    /// A new file in the room.
    pub fn file(room: &Path) -> Self {
        Self::File(room.join("countersign.db"))
    }

    /// A new schema of that name.
    pub async fn schema(server: Secret, name: String) -> anyhow::Result<Self> {
        let mut connection = connect(&server).await?;
        connection.execute(&*format!("CREATE SCHEMA {name}")).await?;
        connection.close().await?;
        Ok(Self::Schema { server, name })
    }

    /// As `database` of the settings.
    pub fn address(&self) -> Secret {
        match self {
            Self::File(path) => Secret::new(path.display().to_string()),
            Self::Schema { server, name } => {
                let server = server.reveal();
                let and = if server.contains('?') { '&' } else { '?' };
                Secret::new(format!("{server}{and}options[search_path]={name}"))
            }
        }
    }

    /// The socket at which a server on this machine listens. A server elsewhere may want TLS,
    /// into which no line could look.
    pub fn socket(&self) -> Option<PathBuf> {
        let options = self.options()?;
        let file = format!(".s.PGSQL.{}", options.get_port());
        let named = options.get_socket().cloned();
        let named = named.or_else(|| Some(PathBuf::from(options.get_host())));
        named.filter(|folder| folder.is_absolute()).map(|folder| folder.join(file))
    }

    /// The same database through a line there.
    pub fn address_through(&self, line: SocketAddr) -> Option<Secret> {
        let (Self::Schema { name, .. }, options) = (self, self.options()?) else { return None };
        let (user, database) = (options.get_username(), options.get_database().unwrap_or(""));
        Some(Secret::new(format!(
            "postgres://{user}@{line}/{database}?sslmode=disable&options[search_path]={name}"
        )))
    }

    fn options(&self) -> Option<PgConnectOptions> {
        let Self::Schema { server, .. } = self else { return None };
        server.reveal().parse().ok()
    }

    /// What it is, for the report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "sqlite",
            Self::Schema { .. } => "postgres",
        }
    }

    /// Every connection of every process breaks; says how many did.
    pub async fn cut(&self) -> u64 {
        let Self::Schema { server, .. } = self else { return 0 };
        let cut = async {
            let mut connection = connect(server).await?;
            let sql = format!("SELECT count(pg_terminate_backend(pid)) {THEIRS}");
            let row = connection.fetch_one(&*sql).await?;
            anyhow::Ok(row.try_get::<i64, _>(0)?)
        };
        u64::try_from(cut.await.unwrap_or_default()).unwrap_or_default()
    }

    /// Somebody else holds the file for writing, for so long; false when there is no file.
    pub async fn hold(&self, long: Duration) -> bool {
        let Self::File(path) = self else { return false };
        let path = path.clone();
        let held = tokio::task::spawn_blocking(move || {
            let other = rusqlite::Connection::open(path)?;
            other.busy_timeout(Duration::from_secs(1))?;
            other.execute_batch("BEGIN IMMEDIATE")?;
            std::thread::sleep(long);
            other.execute_batch("ROLLBACK")
        });
        matches!(held.await, Ok(Ok(())))
    }

    /// How long the write-ahead log of the file is; none when there is no file.
    pub fn log_bytes(&self) -> Option<u64> {
        let Self::File(path) = self else { return None };
        let log = path.with_extension("db-wal");
        Some(std::fs::metadata(log).map_or(0, |about| about.len()))
    }

    /// When the file was last written to.
    pub fn written_at(&self) -> Option<SystemTime> {
        let Self::File(path) = self else { return None };
        std::fs::metadata(path.with_extension("db-wal")).ok()?.modified().ok()
    }

    /// A process of the server is killed, and the server starts anew from its log, as after
    /// any crash of its own. False where this user may not, or there is no server.
    pub async fn crash(&self) -> bool {
        let Self::Schema { server, .. } = self else { return false };
        let find = async {
            let mut connection = connect(server).await?;
            let row = connection.fetch_one(&*format!("SELECT pid {THEIRS} LIMIT 1")).await?;
            anyhow::Ok(row.try_get::<i32, _>(0)?)
        };
        let Some(pid) = find.await.ok().and_then(Pid::from_raw) else { return false };
        kill_process(pid, Signal::KILL).is_ok()
    }

    /// Takes it away again.
    pub async fn remove(&self) -> anyhow::Result<()> {
        if let Self::Schema { server, name } = self {
            let mut connection = connect(server).await?;
            connection.execute(&*format!("DROP SCHEMA {name} CASCADE")).await?;
        }
        Ok(())
    }
}

async fn connect(server: &Secret) -> anyhow::Result<PgConnection> {
    PgConnection::connect(server.reveal()).await.context("the PostgreSQL server cannot be reached")
}
