//! The reads on the way of a click, and the looks for work after every commit: made
//! where they are asked for, without a hop to another thread.
//!
//! A read here takes some microseconds: it finds its rows by their key, in pages that
//! the system holds in memory, and in write-ahead mode no writer is waited for. Two
//! hops between threads and a check of the connection would take longer than that.
//! Long and rare reads are made by [`super::reader`].

use std::{
    future::{Future, ready},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::FutureExt as _;
use rusqlite::{
    Connection, OpenFlags, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use crate::{
    adapters::store::{
        broken_by,
        database::{Coming, Database, Row, Sql, Value},
    },
    ports::store::StoreError,
};

/// Connections kept open when nobody reads.
const KEPT_MAX: usize = 4;
/// Pages each connection keeps, in KiB: the system keeps the rest.
const CACHE_KIB: i64 = 512;
/// Statements kept ready on each.
const STATEMENTS_KEPT: usize = 32;

/// A connection of this process. What it is asked it answers at once: its futures never wait.
pub(super) struct Here<'a>(pub(super) &'a Connection);

/// What a future over [`Here`] comes to.
pub(super) fn at_once<T>(asked: impl Future<Output = T>) -> T {
    asked.now_or_never().expect("a connection of this process answers at once")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Int(value) => value.map(ValueRef::Integer),
            Self::Text(value) => value.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Self::Blob(value) => value.as_ref().map(|bytes| ValueRef::Blob(bytes)),
            Self::Id(value) => value.as_ref().map(|id| ValueRef::Blob(id.as_bytes())),
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

impl Here<'_> {
    fn ask(&self, sql: Sql, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.0.prepare_cached(sql.sqlite())?;
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| {
            let value = |at| {
                Ok(match row.get_ref(at)? {
                    ValueRef::Integer(number) => Value::Int(Some(number)),
                    ValueRef::Text(_) => Value::Text(Some(row.get(at)?)),
                    ValueRef::Blob(bytes) => Value::Blob(Some(bytes.to_vec())),
                    // No column is a real number; the reader of the row says so.
                    ValueRef::Null | ValueRef::Real(_) => Value::Blob(None),
                })
            };
            (0..columns).map(value).collect::<rusqlite::Result<Vec<_>>>().map(Row::new)
        };
        statement.query_map(params_from_iter(values), read)?.collect()
    }

    fn order(&self, sql: Sql, values: &[Value]) -> rusqlite::Result<u64> {
        let mut statement = self.0.prepare_cached(sql.sqlite())?;
        statement.execute(params_from_iter(values)).map(|rows| rows as u64)
    }
}

impl Database for Here<'_> {
    fn rows<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, Vec<Row>> {
        Box::pin(ready(self.ask(sql.into(), values).map_err(broken_by)))
    }

    fn change<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, u64> {
        Box::pin(ready(self.order(sql.into(), values).map_err(broken_by)))
    }

    fn alone_with_the_record(&mut self) -> Coming<'_, ()> {
        Box::pin(ready(Ok(())))
    }

    fn alone_with_the_outbox(&mut self) -> Coming<'_, ()> {
        Box::pin(ready(Ok(())))
    }
}

/// Reads at once.
pub(super) struct Near {
    path: PathBuf,
    busy: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "reads of {}", self.path.display())
    }
}

impl Near {
    /// With one connection open.
    pub(super) fn open(path: &Path, busy: Duration) -> rusqlite::Result<Self> {
        let first = connect(path, busy)?;
        Ok(Self { path: path.to_owned(), busy, idle: Mutex::new(vec![first]) })
    }

    /// Closes what is idle.
    pub(super) fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Reads with a connection that nobody else uses meanwhile.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&mut Here<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let connection = match taken {
            Some(connection) => connection,
            None => connect(&self.path, self.busy).map_err(broken_by)?,
        };
        let got = read(&mut Here(&connection));
        let mut idle = idle();
        if idle.len() < KEPT_MAX {
            idle.push(connection);
        }
        got
    }
}

/// A connection that cannot write.
fn connect(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy)?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}
