//! Opening the file: made if absent, brought up to date, and its key checked first.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use rusqlite::{Connection, OpenFlags};
use sqlx::{
    Connection as _,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::watch;

use super::{
    Options, SqliteStore,
    near::{Here, Near, at_once},
    reader::Reader,
    writer::Writer,
};
use crate::{
    adapters::store::{
        save::Means,
        seal_check,
        sealing::{NotOpened, Sealing},
        subjects::Subjects,
    },
    ports::store::StoreError,
};

static MIGRATIONS: Migrator = sqlx::migrate!("src/adapters/store/sqlite/migrations");

/// Statements kept ready on each connection; the store has about seventy.
const STATEMENTS_KEPT: usize = 128;
/// The writer copies the write-ahead log into the file between two batches. Only when
/// it never finds the time does a commit do it, at so many pages (64 MiB).
const CHECKPOINT_PAGES_AT_LAST: u32 = 16_000;

/// Why the database does not open. Each text ends with what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened, made or read.
    #[error(
        "the database {path} cannot be opened; check that the folder exists, that this user \
         may write there, and that the file is a SQLite database"
    )]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: anyhow::Error,
    },
    /// The file was written by a newer version.
    #[error(
        "the database {path} was written by a newer Countersign (schema {version}); \
         run that version, or restore a backup from before the upgrade"
    )]
    Newer {
        /// Where.
        path: PathBuf,
        /// The step of the schema this version does not know.
        version: i64,
    },
    /// The key is not the one the file was sealed with.
    #[error(
        "the key `{key}` does not open the database {path}; put the key it was sealed with back \
         under [keys] (an older key belongs there too), or restore the backup that belongs to this key"
    )]
    WrongKey {
        /// The id of the configured key.
        key: String,
        /// Where.
        path: PathBuf,
        /// What the seal said.
        #[source]
        why: NotOpened,
    },
}

impl SqliteStore {
    /// Opens the database, makes it if it is not there, and brings its schema up to date.
    /// A new file can be read by its owner only.
    pub async fn open(path: &Path, keys: Sealing, options: Options) -> Result<Self, OpenError> {
        let failed = |why: anyhow::Error| OpenError::File { path: path.to_owned(), why };
        make_private(path).context("making the file").map_err(failed)?;
        migrate(path, &options).await?;
        let writing = connect_writer(path, &options).context("the writer").map_err(failed)?;
        check_key(&writing, path, &keys)?;
        let pool = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(
                // The system keeps the pages; each connection need not.
                reading(path, &options).pragma("query_only", "ON").pragma("cache_size", "-512"),
            )
            .await
            .context("the readers")
            .map_err(failed)?;
        let (change, changed) = watch::channel(0);
        let writer = Writer::start(writing, change).context("its thread").map_err(failed)?;
        let near = Near::open(path, options.busy).context("reading at once").map_err(failed)?;
        let means = Means {
            sealing: Arc::new(keys),
            subjects: Subjects::default(),
            worker: options.worker.clone(),
            kept: options.kept,
            witness: options.witness.clone(),
        };
        let (path, reader) = (path.to_owned(), Reader(pool));
        Ok(Self { path, writer, reader, near, means, changed, options })
    }

    /// Writes a whole, consistent copy to a new file, while work goes on. It holds the
    /// same sealed values: without the keys it cannot be read.
    pub async fn backup_to(&self, path: &Path) -> anyhow::Result<()> {
        anyhow::ensure!(!path.exists(), "{} is there already", path.display());
        let text = path.to_str().context("the path of a backup has to be UTF-8")?;
        make_private(path)?;
        let mut connection =
            SqliteConnection::connect_with(&reading(&self.path, &self.options)).await?;
        sqlx::query("VACUUM INTO ?").bind(text).execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Finishes what waits and closes the file.
    pub async fn close(self) {
        self.writer.close().await;
        self.near.close();
        self.reader.0.close().await;
    }
}

/// `SQLite` gives its companions (`-wal`, `-shm`) the rights of the file itself.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn reading(path: &Path, options: &Options) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(options.busy)
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENTS_KEPT)
}

async fn migrate(path: &Path, options: &Options) -> Result<(), OpenError> {
    let failed = |why: anyhow::Error| OpenError::File { path: path.to_owned(), why };
    let connect = reading(path, options).journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    let mut connection = SqliteConnection::connect_with(&connect)
        .await
        .context("the first connection")
        .map_err(failed)?;
    let migrated = MIGRATIONS.run_direct(&mut connection).await;
    match migrated {
        Ok(()) => {}
        Err(MigrateError::VersionMissing(version)) => {
            return Err(OpenError::Newer { path: path.to_owned(), version });
        }
        Err(error) => return Err(failed(anyhow::Error::new(error).context("the schema"))),
    }
    connection.close().await.context("closing the first connection").map_err(failed)
}

fn connect_writer(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is deleted is overwritten: an opened secret leaves no page behind.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES_AT_LAST)?;
    if let Some(pages) = options.pages_max {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

fn check_key(connection: &Connection, path: &Path, keys: &Sealing) -> Result<(), OpenError> {
    let checked = at_once(seal_check::check(&mut Here(connection), keys));
    let failed = |why: StoreError| OpenError::File { path: path.to_owned(), why: why.into() };
    checked.map_err(failed)?.map_err(|why| OpenError::WrongKey {
        key: keys.key_id().to_owned(),
        path: path.to_owned(),
        why,
    })
}
