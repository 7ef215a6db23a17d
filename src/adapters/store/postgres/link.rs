//! Statements on their way to the server.
//!
//! A *pooled* server has a pooler in transaction mode in front of it (`PgBouncer`, Supavisor,
//! RDS Proxy): each transaction may meet another session of the server. So there everything,
//! reads too, runs within a transaction, statements are prepared without a name and only for
//! once, and settings hold for one transaction. Without a pooler, statements are prepared
//! once for each connection, and a lone read is one round trip.
//!
//! Nothing here needs a session: locks beyond rows are advisory locks of a transaction.

use std::fmt::Write as _;

use sqlx::{
    Column as _, PgConnection, PgPool, Postgres, Row as _, Transaction, TypeInfo as _,
    ValueRef as _,
    pool::PoolConnection,
    postgres::{PgArguments, PgColumn, PgRow},
};

use crate::{
    adapters::store::{
        broken_by,
        database::{Coming, Database, Row, Sql, Value},
    },
    ports::store::StoreError,
};

/// Begins a transaction, with its limits, in one round trip. A commit that is acknowledged is
/// on the server's disk, whatever its default is.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL statement_timeout = '15s';
    SET LOCAL lock_timeout = '10s';
    SET LOCAL idle_in_transaction_session_timeout = '30s';
    SELECT set_config('synchronous_commit', 'on', true)
        WHERE current_setting('synchronous_commit') = 'off'";
/// A connection that turns out to be broken before anything was asked of it is replaced, so
/// often: after a restart of the server, all of them are.
const CONNECTIONS_TRIED: usize = 12;
/// Whoever writes the record holds this advisory lock of its transaction.
const RECORD: i64 = 0x436f_756e_7465_7201;
/// Whoever hands out messages holds this one.
const OUTBOX: i64 = 0x436f_756e_7465_7203;
/// Whoever brings the schema up to date holds this one.
pub(super) const SCHEMA: i64 = 0x436f_756e_7465_7202;

/// The server, through a bounded number of connections.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) pool: PgPool,
    pub(super) pooled: bool,
}

/// A connection for one read, or a transaction.
pub(super) struct Link {
    through: Through,
    pooled: bool,
    written: u64,
}

enum Through {
    Lone(PoolConnection<Postgres>),
    Turn(Transaction<'static, Postgres>),
}

impl Server {
    /// For reading: rows that are asked for one statement at a time.
    pub(super) async fn read(&self) -> Result<Link, StoreError> {
        if self.pooled {
            return self.begin().await;
        }
        let through = Through::Lone(self.pool.acquire().await.map_err(broken_by)?);
        Ok(Link { through, pooled: false, written: 0 })
    }

    /// For writing: all of it or nothing. Dropped without [`Link::commit`], it is taken back.
    pub(super) async fn begin(&self) -> Result<Link, StoreError> {
        let mut tries = CONNECTIONS_TRIED;
        loop {
            tries -= 1;
            match self.pool.begin_with(BEGIN).await {
                Err(error) if tries > 0 && is_lost(&error) => {}
                Err(error) => return Err(broken_by(error)),
                Ok(turn) => {
                    let through = Through::Turn(turn);
                    return Ok(Link { through, pooled: self.pooled, written: 0 });
                }
            }
        }
    }
}

/// The connection broke, or the server was told to end it.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(why) => {
            why.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
        }
        _ => false,
    }
}

/// Two transactions waited for each other, or could not be put in an order, and the server
/// took this one back. It may be run again from its beginning.
pub(super) fn was_taken_back(error: &StoreError) -> bool {
    let Some(sqlx::Error::Database(why)) = of_server(error) else { return false };
    why.code().is_some_and(|code| code == "40001" || code == "40P01")
}

/// The connection is gone. What was not to be committed yet was not, and may be run again.
pub(super) fn was_lost(error: &StoreError) -> bool {
    of_server(error).is_some_and(is_lost)
}

fn of_server(error: &StoreError) -> Option<&sqlx::Error> {
    let StoreError::Broken(why) = error else { return None };
    why.downcast_ref()
}

impl Link {
    /// Ends the transaction; says how many rows it wrote. They are on the disk then.
    pub(super) async fn commit(self) -> Result<u64, StoreError> {
        if let Through::Turn(turn) = self.through {
            turn.commit().await.map_err(broken_by)?;
        }
        Ok(self.written)
    }

    /// Takes the transaction back. When even that fails, the server does it.
    pub(super) async fn take_back(self) {
        if let Through::Turn(turn) = self.through
            && let Err(error) = turn.rollback().await
        {
            tracing::debug!(%error, "a transaction was left to the server to take back");
        }
    }

    /// Waits for an advisory lock, held to the end of the transaction.
    pub(super) async fn lock(&mut self, what: i64) -> Result<(), StoreError> {
        self.rows("SELECT pg_advisory_xact_lock(?)::text", &[what.into()]).await.map(drop)
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        match &mut self.through {
            Through::Lone(connection) => connection,
            Through::Turn(turn) => turn,
        }
    }
}

/// PostgreSQL's way to write `?` and `?1`. No statement has a question mark in a text.
fn with_dollars(sql: &str) -> String {
    let (mut text, mut highest) = (String::with_capacity(sql.len() + 16), 0_usize);
    let mut parts = sql.split('?');
    text += parts.next().unwrap_or_default();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = part[..digits].parse().unwrap_or(highest + 1);
        highest = highest.max(number);
        write!(text, "${number}{}", &part[digits..]).expect("a string takes every part");
    }
    text
}

type Query<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

fn query<'q>(sql: &'q str, values: &[Value], pooled: bool) -> Query<'q> {
    let query = sqlx::query(sql).persistent(!pooled);
    values.iter().fold(query, |query, value| match value.clone() {
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Blob(bytes) => query.bind(bytes),
        Value::Id(id) => query.bind(id),
    })
}

fn row_of(row: &PgRow) -> Result<Row, sqlx::Error> {
    let value = |column: &PgColumn| {
        let at = column.ordinal();
        let raw = row.try_get_raw(at)?;
        if raw.is_null() {
            return Ok(Value::Blob(None));
        }
        match raw.type_info().name() {
            "INT8" => row.try_get(at).map(Value::Int),
            "INT4" => Ok(Value::Int(Some(row.try_get::<i32, _>(at)?.into()))),
            "UUID" => row.try_get(at).map(Value::Id),
            "BYTEA" => row.try_get(at).map(Value::Blob),
            _ => row.try_get(at).map(Value::Text),
        }
    };
    row.columns().iter().map(value).collect::<Result<_, _>>().map(Row::new)
}

impl Database for Link {
    fn rows<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, Vec<Row>> {
        let text = with_dollars(sql.into().postgres());
        Box::pin(async move {
            let query = query(&text, values, self.pooled);
            let rows = query.fetch_all(self.connection()).await.map_err(broken_by)?;
            rows.iter().map(row_of).collect::<Result<_, _>>().map_err(broken_by)
        })
    }

    fn change<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, u64> {
        let text = with_dollars(sql.into().postgres());
        Box::pin(async move {
            let query = query(&text, values, self.pooled);
            let done = query.execute(self.connection()).await.map_err(broken_by)?;
            self.written += done.rows_affected();
            Ok(done.rows_affected())
        })
    }

    fn alone_with_the_record(&mut self) -> Coming<'_, ()> {
        Box::pin(self.lock(RECORD))
    }

    fn alone_with_the_outbox(&mut self) -> Coming<'_, ()> {
        Box::pin(self.lock(OUTBOX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_question_mark_counts_on_from_the_highest_number_before_it() {
        for (given, wanted) in [
            ("a = ? AND b = ?", "a = $1 AND b = $2"),
            ("(?1, (SELECT ?1), ?, ?)", "($1, (SELECT $1), $2, $3)"),
            ("(?, ?, ?, ?4, ?4, ?)", "($1, $2, $3, $4, $4, $5)"),
            ("version = ?11", "version = $11"),
            ("no value", "no value"),
        ] {
            assert_eq!(with_dollars(given), wanted);
        }
    }
}
