//! An empty database is filled with the rows of another store, in one transaction.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use rusqlite::types::Value;
use sqlx::{Executor as _, Postgres, QueryBuilder, Row as _};
use uuid::Uuid;

use super::{OpenError, link::Link, open};
use crate::domain::secret::Secret;

/// Tables that are no content: the schema's own, and the switch, which is always there.
const NO_CONTENT: [&str; 2] = ["schema_step", "switch"];
/// What waits for its number: a table that only this store has.
const WAITING: &str = "fact_waiting";

/// A database that is being filled. Dropped before [`Filling::finish`], it stays as it was.
pub(in crate::adapters::store) struct Filling {
    link: Link,
    /// Each table's columns and their types, in order.
    columns: BTreeMap<String, Vec<(String, String)>>,
}

impl Filling {
    /// Begins, with this version's schema.
    pub(in crate::adapters::store) async fn begin(server: &Secret) -> Result<Self, OpenError> {
        let link = open::begin(server).await?;
        Ok(Self { link, columns: BTreeMap::new() })
    }

    /// The first table that has rows already.
    pub(in crate::adapters::store) async fn not_empty(&mut self) -> anyhow::Result<Option<String>> {
        let about = "SELECT table_name::text, column_name::text, data_type::text
             FROM information_schema.columns WHERE table_schema = current_schema()
             ORDER BY table_name, ordinal_position";
        for row in self.link.connection().fetch_all(about).await? {
            let table: String = row.try_get(0)?;
            self.columns.entry(table).or_default().push((row.try_get(1)?, row.try_get(2)?));
        }
        for table in self.columns.keys().filter(|table| !NO_CONTENT.contains(&table.as_str())) {
            let any = format!("SELECT 1 FROM {table} LIMIT 1");
            if self.link.connection().fetch_optional(&*any).await?.is_some() {
                return Ok(Some(table.clone()));
            }
        }
        self.link.connection().execute("DELETE FROM switch").await?;
        Ok(None)
    }

    /// The tables to fill, with the columns each row has.
    pub(in crate::adapters::store) fn tables(&self) -> Vec<(String, Vec<String>)> {
        let names = |columns: &[(String, String)]| {
            columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        self.columns.iter().map(|(table, columns)| (table.clone(), names(columns))).collect()
    }

    /// Adds rows to a table.
    pub(in crate::adapters::store) async fn add(
        &mut self,
        table: &str,
        rows: Vec<Vec<Value>>,
    ) -> anyhow::Result<()> {
        let columns = self.columns.get(table).context("a table nobody knows")?;
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let head = format!("INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE ", names.join(", "));
        let mut wrong = None;
        let mut insert: QueryBuilder<'_, Postgres> = QueryBuilder::new(head);
        insert.push_values(rows, |mut row, values| {
            for ((name, kind), value) in columns.iter().zip(values) {
                match (kind.as_str(), value) {
                    ("bigint", Value::Integer(number)) => row.push_bind(number),
                    ("bigint", Value::Null) => row.push_bind(None::<i64>),
                    ("text", Value::Text(text)) => row.push_bind(text),
                    ("text", Value::Null) => row.push_bind(None::<String>),
                    ("bytea", Value::Blob(bytes)) => row.push_bind(bytes),
                    ("bytea", Value::Null) => row.push_bind(None::<Vec<u8>>),
                    ("uuid", Value::Blob(bytes)) => row.push_bind(Uuid::from_slice(&bytes).ok()),
                    ("uuid", Value::Null) => row.push_bind(None::<Uuid>),
                    (kind, value) => {
                        let what = value.data_type();
                        wrong = Some(format!("{table}.{name} is {kind} there and {what} here"));
                        row.push("NULL")
                    }
                };
            }
        });
        ensure!(wrong.is_none(), "{}", wrong.unwrap_or_default());
        insert
            .build()
            .persistent(false)
            .execute(self.link.connection())
            .await
            .with_context(|| format!("the table {table}"))?;
        Ok(())
    }

    /// Compares the counts, lets numbers go on where they ended, and commits.
    pub(in crate::adapters::store) async fn finish(
        mut self,
        counts: &[(String, u64)],
    ) -> anyhow::Result<()> {
        let waiting = format!(
            "INSERT INTO {WAITING} SELECT position FROM fact
             WHERE position > (SELECT coalesce(max(position), 0) FROM record)"
        );
        self.link.connection().execute(&*waiting).await.context("facts without a number")?;
        for (table, wanted) in counts {
            let count = format!("SELECT count(*) FROM {table}");
            let row = self.link.connection().fetch_one(&*count).await?;
            let found = u64::try_from(row.try_get::<i64, _>(0)?)?;
            ensure!(found == *wanted, "{table} has {found} rows there and {wanted} here");
        }
        let identities = "SELECT table_name::text, column_name::text
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND is_identity = 'YES'";
        for row in self.link.connection().fetch_all(identities).await? {
            let (table, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let go_on = format!(
                "SELECT setval(pg_get_serial_sequence(
                     quote_ident(current_schema()) || '.{table}', '{column}'), max({column}))
                 FROM {table} HAVING max({column}) IS NOT NULL"
            );
            self.link.connection().execute(&*go_on).await.with_context(|| table.clone())?;
        }
        self.link.commit().await?;
        Ok(())
    }
}
