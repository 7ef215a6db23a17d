//! Opening the database: its schema is brought up to date, and its key checked first.

use std::{str::FromStr as _, time::Duration};

use anyhow::{Context as _, ensure};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Options, PostgresStore,
    bell::Bell,
    link::{Link, SCHEMA, Server, is_lost},
};
use crate::{
    adapters::store::{
        database::{Database as _, Row, values},
        save::Means,
        seal_check,
        sealing::{NotOpened, Sealing},
        subjects::Subjects,
    },
    config::Database,
    domain::secret::Secret,
};

static MIGRATIONS: Migrator = sqlx::migrate!("src/adapters/store/postgres/migrations");

/// Statements kept ready on each connection; the store has about ninety.
const STATEMENTS_KEPT: usize = 128;
/// Nobody waits longer for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// A connection that was idle for so long is asked whether it still stands before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// A start tries again after these when the server's connection broke under it.
const AGAIN: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// The oldest server whose words we speak.
const OLDEST: i64 = 13;

/// Why the database does not open. Each text ends with what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// What is set is no address.
    #[error(
        "`database` is no address of a PostgreSQL server; write \
         postgres://user:password@host/database, with special characters of the password as %XX"
    )]
    Address,
    /// The server cannot be reached or does not do what it is asked.
    #[error(
        "the database {at} cannot be used; check that the server runs, that this machine may \
         connect, and that the user may make tables there"
    )]
    Server {
        /// Where, without the password.
        at: String,
        /// What the server said.
        #[source]
        why: anyhow::Error,
    },
    /// The database was written by a newer version.
    #[error(
        "the database {at} was written by a newer Countersign (schema {version}); \
         run that version, or restore a backup from before the upgrade"
    )]
    Newer {
        /// Where, without the password.
        at: String,
        /// The step of the schema this version does not know.
        version: i64,
    },
    /// The key is not the one the database was sealed with.
    #[error(
        "the key `{key}` does not open the database {at}; put the key it was sealed with back \
         under [keys] (an older key belongs there too), or restore the backup that belongs to this key"
    )]
    WrongKey {
        /// The id of the configured key.
        key: String,
        /// Where, without the password.
        at: String,
        /// What the seal said.
        #[source]
        why: NotOpened,
    },
}

impl PostgresStore {
    /// Opens the database and brings its schema up to date. Several replicas may do so at once.
    pub async fn open(
        address: &Secret,
        keys: Sealing,
        options: Options,
    ) -> Result<Self, OpenError> {
        let at = Database::Server(address.clone()).to_string();
        let direct = told(address)?;
        let server = connect(&direct, &options);
        let mut waits = AGAIN.iter();
        let schema = loop {
            match prepare(&server, &keys, &at).await {
                // The server is just starting anew: a start beside it need not end for that.
                Err(OpenError::Server { why, .. }) if broke(&why) && waits.len() > 0 => {
                    tracing::warn!(error = %format!("{why:#}"), "The database's connection broke while it was opened; trying again");
                    tokio::time::sleep(*waits.next().unwrap_or(&Duration::ZERO)).await;
                }
                prepared => break prepared?,
            }
        };
        let own = keys.clock().uuid();
        let bell = Bell::start(server.pool.clone(), direct.clone(), options.pooled, &schema, own);
        let means = Means {
            sealing: keys.into(),
            subjects: Subjects::default(),
            worker: options.worker,
            kept: options.kept,
            witness: options.witness,
        };
        Ok(Self { server, means, bell, direct })
    }

    /// Waits for what is under way and closes every connection.
    pub async fn close(self) {
        self.server.pool.close().await;
    }

    /// Rewrites the tables that had erased rows, so that nothing of these is left in them.
    pub(super) async fn rewrite(&self) -> anyhow::Result<()> {
        let mut connection = self.direct.connect().await?;
        for table in ["subject_key", "heard", "secret", "secret_link", "conversation", "inbox"] {
            connection.execute(&*format!("VACUUM FULL {table}")).await?;
        }
        connection.close().await?;
        Ok(())
    }
}

/// Brings the schema up to date and looks whether the key is right; says which schema it is. Done
/// in one transaction, so that it may be done again.
async fn prepare(server: &Server, keys: &Sealing, at: &str) -> Result<String, OpenError> {
    let at = at.to_owned();
    let failed = |why: anyhow::Error| OpenError::Server { at: at.clone(), why };
    let mut link = server.begin().await.context("the first connection").map_err(failed)?;
    if let Some(version) = migrate(&mut link).await.map_err(failed)? {
        return Err(OpenError::Newer { at, version });
    }
    seal_check::check(&mut link, keys).await.context("its key").map_err(failed)?.map_err(
        |why| OpenError::WrongKey { key: keys.key_id().to_owned(), at: at.clone(), why },
    )?;
    let schema = schema(&mut link).await.map_err(failed)?;
    link.commit().await.context("the schema").map_err(failed)?;
    Ok(schema)
}

/// The connection broke under it.
fn broke(why: &anyhow::Error) -> bool {
    why.chain().any(|cause| cause.downcast_ref::<sqlx::Error>().is_some_and(is_lost))
}

/// A transaction without limits of time, in which the schema was brought up to date: for
/// filling the database.
pub(super) async fn begin(address: &Secret) -> Result<Link, OpenError> {
    let at = Database::Server(address.clone()).to_string();
    let failed = |why: anyhow::Error| OpenError::Server { at: at.clone(), why };
    let server = connect(&told(address)?, &Options { connections: 1, ..Options::default() });
    let mut link = server.begin().await.context("the first connection").map_err(failed)?;
    if let Some(version) = migrate(&mut link).await.map_err(failed)? {
        return Err(OpenError::Newer { at, version });
    }
    let patient = "SET LOCAL idle_in_transaction_session_timeout = 0";
    link.connection().execute(patient).await.map_err(|why| failed(why.into()))?;
    Ok(link)
}

/// What the address says.
fn told(address: &Secret) -> Result<PgConnectOptions, OpenError> {
    let told = PgConnectOptions::from_str(address.reveal()).map_err(|_| OpenError::Address)?;
    let told = told.disable_statement_logging();
    let is_named = told.get_application_name().is_some();
    Ok(if is_named { told } else { told.application_name("countersign") })
}

fn connect(direct: &PgConnectOptions, options: &Options) -> Server {
    let mut each = direct.clone().statement_cache_capacity(STATEMENTS_KEPT);
    if !options.pooled {
        // A pooler would refuse these, or keep them for others; in transactions they are set anyway.
        each = each.options([("statement_timeout", "15s"), ("lock_timeout", "10s")]);
    }
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(each);
    Server { pool, pooled: options.pooled }
}

/// Which schema of the database tables are made in.
async fn schema(link: &mut Link) -> anyhow::Result<String> {
    let row = link.first("SELECT current_schema()::text", &[]).await?;
    Ok(row.unwrap_or_else(|| Row::new(Vec::new())).take()?)
}

/// Brings the schema up to date within one transaction; others wait meanwhile. Says which
/// step this version does not know, if there is one.
async fn migrate(link: &mut Link) -> anyhow::Result<Option<i64>> {
    let about = "SELECT current_setting('server_version_num')::bigint / 10000,
         to_regclass('schema_step') IS NULL";
    link.lock(SCHEMA).await?;
    link.connection()
        .execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await?;
    let (version, is_new): (i64, bool) =
        sqlx::query_as(about).persistent(false).fetch_one(link.connection()).await?;
    ensure!(version >= OLDEST, "this is PostgreSQL {version}; it has to be {OLDEST} or newer");
    if is_new {
        let made = "CREATE TABLE schema_step (
            version  BIGINT      PRIMARY KEY,
            checksum BYTEA       NOT NULL,
            made_at  TIMESTAMPTZ NOT NULL DEFAULT now())";
        link.connection().execute(made).await?;
    }
    let mut done = Vec::new();
    for mut row in link.rows("SELECT version, checksum FROM schema_step", &[]).await? {
        done.push((row.take::<i64>()?, row.take::<Vec<u8>>()?));
    }
    if let Some((newer, _)) = done.iter().find(|(step, _)| !MIGRATIONS.version_exists(*step)) {
        return Ok(Some(*newer));
    }
    for step in MIGRATIONS.iter() {
        let known = done.iter().find(|(version, _)| *version == step.version);
        if let Some((version, checksum)) = known {
            ensure!(
                **checksum == *step.checksum,
                "step {version} of its schema is another than this version's"
            );
            continue;
        }
        let which = format!("step {} of its schema", step.version);
        link.connection().execute(&*step.sql).await.context(which)?;
        let note = "INSERT INTO schema_step (version, checksum) VALUES (?, ?)";
        link.change(note, &values![step.version, step.checksum.to_vec()]).await?;
    }
    Ok(None)
}
