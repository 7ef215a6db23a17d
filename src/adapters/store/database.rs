//! What both databases do: answer a statement in rows, or change rows and say how many.
//!
//! A statement is plain SQL that both understand, with `?` and `?1` for its values; where
//! the two speak differently, it is written in [`Sql::Each`]. Whatever is written over
//! [`Database`] is written once.

use futures::future::BoxFuture;
use uuid::Uuid;

use super::broken_by;
use crate::ports::store::StoreError;

/// What is asked or ordered.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sql {
    /// Both understand it.
    Same(&'static str),
    /// Each in its own words.
    Each {
        /// For `SQLite`.
        sqlite: &'static str,
        /// For PostgreSQL.
        postgres: &'static str,
    },
}

impl From<&'static str> for Sql {
    fn from(sql: &'static str) -> Self {
        Self::Same(sql)
    }
}

impl Sql {
    /// The words for `SQLite`.
    pub(super) fn sqlite(self) -> &'static str {
        match self {
            Self::Same(sql) | Self::Each { sqlite: sql, .. } => sql,
        }
    }

    /// The words for PostgreSQL.
    pub(super) fn postgres(self) -> &'static str {
        match self {
            Self::Same(sql) | Self::Each { postgres: sql, .. } => sql,
        }
    }
}

/// One value, or none of its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A whole number, an instant, or yes and no as 1 and 0.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// Bytes.
    Blob(Option<Vec<u8>>),
    /// A GUID.
    Id(Option<Uuid>),
}

macro_rules! value_of {
    ($($from:ty => $kind:ident($make:expr);)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$kind(Some($make(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map($make))
            }
        }
    )*};
}

value_of! {
    i64 => Int(i64::from);
    u32 => Int(i64::from);
    u16 => Int(i64::from);
    bool => Int(i64::from);
    String => Text(String::from);
    &str => Text(str::to_owned);
    Vec<u8> => Blob(Vec::from);
    Uuid => Id(Uuid::from);
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::adapters::store::database::Value::from($value)),*] };
}
pub(super) use values;

/// A row that was answered: its values are taken in order.
#[derive(Debug)]
pub(super) struct Row(std::vec::IntoIter<Value>);

impl Row {
    /// From its values.
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next value.
    pub(super) fn take<T: Stored>(&mut self) -> Result<T, StoreError> {
        let value = self.0.next();
        value.and_then(T::of).ok_or_else(|| {
            broken_by(anyhow::anyhow!("a value of the database is of another type than its schema"))
        })
    }
}

/// What a value can be read as.
pub(super) trait Stored: Sized {
    /// Reads it; none when it is of another type.
    fn of(value: Value) -> Option<Self>;
}

impl Stored for i64 {
    fn of(value: Value) -> Option<Self> {
        if let Value::Int(number) = value { number } else { None }
    }
}

impl Stored for u32 {
    fn of(value: Value) -> Option<Self> {
        i64::of(value)?.try_into().ok()
    }
}

impl Stored for u16 {
    fn of(value: Value) -> Option<Self> {
        i64::of(value)?.try_into().ok()
    }
}

impl Stored for bool {
    fn of(value: Value) -> Option<Self> {
        Some(i64::of(value)? != 0)
    }
}

impl Stored for String {
    fn of(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { text } else { None }
    }
}

impl Stored for Vec<u8> {
    fn of(value: Value) -> Option<Self> {
        if let Value::Blob(bytes) = value { bytes } else { None }
    }
}

/// `SQLite` keeps a GUID as its 16 bytes.
impl Stored for Uuid {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Id(id) => id,
            Value::Blob(bytes) => Self::from_slice(&bytes?).ok(),
            Value::Int(_) | Value::Text(_) => None,
        }
    }
}

impl<T: Stored> Stored for Option<T> {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Int(None) | Value::Text(None) | Value::Blob(None) | Value::Id(None) => {
                Some(None)
            }
            value => T::of(value).map(Some),
        }
    }
}

/// An answer that comes.
pub(super) type Coming<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A connection, or a transaction, of either database.
pub(super) trait Database {
    /// The rows a statement answers.
    fn rows<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, Vec<Row>>;

    /// How many rows a statement changed.
    fn change<'a>(&'a mut self, sql: impl Into<Sql>, values: &'a [Value]) -> Coming<'a, u64>;

    /// From here to the end of the transaction, nobody else writes the record. `SQLite` has
    /// one writer anyway; in PostgreSQL this waits for the others.
    fn alone_with_the_record(&mut self) -> Coming<'_, ()>;

    /// The same for handing out messages: whoever comes second sees what the first took.
    fn alone_with_the_outbox(&mut self) -> Coming<'_, ()>;

    /// The first row, if there is one.
    fn first<'a>(
        &'a mut self,
        sql: impl Into<Sql>,
        values: &'a [Value],
    ) -> Coming<'a, Option<Row>> {
        let rows = self.rows(sql, values);
        Box::pin(async move { Ok(rows.await?.into_iter().next()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_its_values_in_order_and_none_of_another_type() {
        let id = Uuid::from_u128(7);
        let mut row =
            Row::new(values![1_i64, "one", id.as_bytes().to_vec(), None::<i64>, true].to_vec());
        assert_eq!(row.take::<u32>().unwrap(), 1);
        assert_eq!(row.take::<Option<String>>().unwrap().as_deref(), Some("one"));
        assert_eq!(row.take::<Uuid>().unwrap(), id);
        assert_eq!(row.take::<Option<Vec<u8>>>().unwrap(), None, "a NULL has no type");
        assert!(row.take::<String>().is_err());
        assert!(row.take::<i64>().is_err(), "there is no more");
    }
}
