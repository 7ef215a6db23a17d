//! All rows of a file, table by table, with nobody else at it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use rusqlite::{Connection, ErrorCode, OpenFlags, types::Value};
use tokio::sync::mpsc;

use crate::adapters::store::copy::CannotCopy;

/// Rows handed over at once.
const AT_ONCE: usize = 200;
/// Somebody else may be about to close the file.
const BUSY: Duration = Duration::from_millis(500);

/// A file that nothing else has open, until this is dropped.
pub(in crate::adapters::store) struct Whole {
    connection: Connection,
    path: PathBuf,
}

/// What comes of it, in an order in which each row follows those it refers to.
pub(in crate::adapters::store) enum Piece {
    /// A table begins, with so many rows.
    Table {
        /// Its name.
        name: String,
        /// How many there are.
        rows: u64,
    },
    /// Some rows of it: the values of the columns that were asked for.
    Rows(Vec<Vec<Value>>),
}

impl Whole {
    /// Takes the file. Every connection to a file in write-ahead mode holds a shared lock on
    /// it, so an exclusive one is had only when there is no other.
    pub(in crate::adapters::store) fn take(path: &Path) -> Result<Self, CannotCopy> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let taken = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            connection.execute_batch("BEGIN EXCLUSIVE")?;
            Ok(connection)
        });
        let path = path.to_owned();
        match taken {
            Ok(connection) => Ok(Self { connection, path }),
            Err(rusqlite::Error::SqliteFailure(why, _))
                if matches!(why.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) =>
            {
                Err(CannotCopy::InUse(path))
            }
            Err(why) => Err(CannotCopy::File { path, why: why.into() }),
        }
    }

    /// Hands over all rows of all tables; `tables` says which columns each has over there.
    pub(in crate::adapters::store) fn pour(
        self,
        tables: Vec<(String, Vec<String>)>,
    ) -> mpsc::Receiver<Result<Piece, CannotCopy>> {
        let (give, pieces) = mpsc::channel(4);
        tokio::task::spawn_blocking(move || {
            if let Err(why) = self.each(&tables, &give) {
                let failed = CannotCopy::File { path: self.path.clone(), why };
                // Nobody waits for it when the other side failed first.
                let _gone = give.blocking_send(Err(failed));
            }
        });
        pieces
    }

    fn each(
        &self,
        tables: &[(String, Vec<String>)],
        give: &mpsc::Sender<Result<Piece, CannotCopy>>,
    ) -> anyhow::Result<()> {
        for name in self.names()? {
            let (_, columns) = tables
                .iter()
                .find(|(known, _)| *known == name)
                .with_context(|| format!("the server has no table {name}"))?;
            for column in self.columns(&name)? {
                ensure!(columns.contains(&column), "the server's {name} has no column {column}");
            }
            let rows: i64 =
                self.connection
                    .query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0))?;
            let piece = Piece::Table { name: name.clone(), rows: u64::try_from(rows)? };
            if give.blocking_send(Ok(piece)).is_err() {
                return Ok(());
            }
            let order = if self.has_rowid(&name)? { " ORDER BY rowid" } else { "" };
            let sql = format!("SELECT {} FROM {name}{order}", columns.join(", "));
            let mut statement = self.connection.prepare(&sql)?;
            let mut found = statement.query([])?;
            let mut batch = Vec::with_capacity(AT_ONCE);
            while let Some(row) = found.next()? {
                let values: Result<Vec<Value>, _> =
                    (0..columns.len()).map(|at| row.get(at)).collect();
                batch.push(values?);
                if batch.len() == AT_ONCE
                    && give.blocking_send(Ok(Piece::Rows(std::mem::take(&mut batch)))).is_err()
                {
                    return Ok(());
                }
            }
            if !batch.is_empty() && give.blocking_send(Ok(Piece::Rows(batch))).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// In the order in which they were made: none refers to a later one.
    fn names(&self) -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table'
             AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT LIKE '~_%' ESCAPE '~'
             ORDER BY rowid";
        let mut statement = self.connection.prepare(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        names.collect()
    }

    fn columns(&self, table: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare("SELECT name FROM pragma_table_info(?)")?;
        let names = statement.query_map([table], |row| row.get(0))?;
        names.collect()
    }

    fn has_rowid(&self, table: &str) -> rusqlite::Result<bool> {
        let sql = "SELECT wr = 0 FROM pragma_table_list WHERE name = ?";
        self.connection.query_row(sql, [table], |row| row.get(0))
    }
}
