//! Long and rare reads: on connections of their own that cannot write, without holding up
//! a thread of the runtime.

use sqlx::{
    Column as _, Row as _, SqlitePool, TypeInfo as _, ValueRef as _,
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::adapters::store::{
    broken_by,
    database::{Coming, Database, Row, Sql, Value},
};

/// Reads, each with a connection of the pool.
#[derive(Debug, Clone)]
pub(super) struct Reader(pub(super) SqlitePool);

type Query = sqlx::query::Query<'static, sqlx::Sqlite, SqliteArguments<'static>>;

fn query(sql: Sql, values: &[Value]) -> Query {
    let query = sqlx::query(sql.sqlite());
    values.iter().fold(query, |query, value| match value.clone() {
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Blob(bytes) => query.bind(bytes),
        Value::Id(id) => query.bind(id),
    })
}

fn row_of(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let value = |column: &sqlx::sqlite::SqliteColumn| {
        let at = column.ordinal();
        let raw = row.try_get_raw(at)?;
        if raw.is_null() {
            return Ok(Value::Blob(None));
        }
        match raw.type_info().name() {
            "INTEGER" => row.try_get(at).map(Value::Int),
            "TEXT" => row.try_get(at).map(Value::Text),
            _ => row.try_get(at).map(Value::Blob),
        }
    };
    row.columns().iter().map(value).collect::<Result<_, _>>().map(Row::new)
}

impl Database for Reader {
    fn rows<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, Vec<Row>> {
        let query = query(sql.into(), values);
        Box::pin(async move {
            let rows = query.fetch_all(&self.0).await.map_err(broken_by)?;
            rows.iter().map(row_of).collect::<Result<_, _>>().map_err(broken_by)
        })
    }

    /// Refused by the connection: it only reads.
    fn change<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, u64> {
        let query = query(sql.into(), values);
        Box::pin(async move {
            let done = query.execute(&self.0).await.map_err(broken_by)?;
            Ok(done.rows_affected())
        })
    }

    fn alone_with_the_record(&mut self) -> Coming<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn alone_with_the_outbox(&mut self) -> Coming<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}
