//! A turn as statements: sealed and put in order by its caller, run by the writer.
//!
//! A statement that others can get in the way of changes no row then, and says
//! what that means ([`Or`]).

use rusqlite::{Connection, OptionalExtension as _, params_from_iter, types::Value};
use uuid::Uuid;

use super::writer::broken_by;
use crate::{
    adapters::store::sealing::Sealing,
    domain::ids::{Number, RequestId},
    ports::store::{Answer, Saved, StoreError},
};

/// Statements of one turn, in order.
#[derive(Debug, Default)]
pub(super) struct Script {
    lines: Vec<Line>,
    requests: Vec<RequestId>,
}

#[derive(Debug)]
struct Line {
    sql: &'static str,
    values: Vec<Value>,
    or: Or,
}

/// What it means when a statement changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Or {
    /// Nothing.
    Fine,
    /// Somebody else was first.
    Conflict,
    /// The delivery with this key was received before.
    Repeated(String),
    /// Another request holds this resource.
    Locked(String),
    /// A defect of ours: what was missing.
    Defect(&'static str),
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(rusqlite::types::Value::from($value)),*] };
}
pub(super) use values;

/// A GUID as it is stored.
pub(super) fn id(guid: Uuid) -> Value {
    Value::Blob(guid.as_bytes().to_vec())
}

impl Script {
    /// Adds a statement.
    pub(super) fn add(&mut self, sql: &'static str, values: Vec<Value>, or: Or) {
        self.lines.push(Line { sql, values, or });
    }

    /// The number and version of this request are wanted back.
    pub(super) fn tell(&mut self, request: RequestId) {
        self.requests.push(request);
    }

    /// Runs it within the writer's transaction.
    pub(super) fn run(self, tx: &Connection, sealing: &Sealing) -> Result<Saved, StoreError> {
        for line in self.lines {
            let mut statement = tx.prepare_cached(line.sql).map_err(broken_by)?;
            let changed = statement.execute(params_from_iter(line.values)).map_err(broken_by)?;
            if changed == 0 {
                line.or.fail(tx, sealing)?;
            }
        }
        let mut saved = Saved::default();
        let mut found = tx
            .prepare_cached("SELECT number, version FROM request WHERE request_id = ?")
            .map_err(broken_by)?;
        for request in self.requests {
            let (number, version): (i64, i64) = found
                .query_row([id(request.0)], |row| Ok((row.get(0)?, row.get(1)?)))
                .map_err(broken_by)?;
            saved.requests.push((request, Number(number.cast_unsigned()), version.cast_unsigned()));
        }
        Ok(saved)
    }
}

impl Or {
    fn fail(self, tx: &Connection, sealing: &Sealing) -> Result<(), StoreError> {
        match self {
            Self::Fine => Ok(()),
            Self::Conflict => Err(StoreError::Conflict),
            Self::Repeated(key) => Err(StoreError::Repeated(Box::new(given(tx, sealing, &key)?))),
            Self::Locked(resource) => {
                let holder: [u8; 16] = tx
                    .prepare_cached("SELECT request_id FROM resource_lock WHERE resource = ?")
                    .and_then(|mut found| found.query_row([&resource], |row| row.get(0)))
                    .map_err(broken_by)?;
                Err(StoreError::Locked { resource, holder: RequestId(Uuid::from_bytes(holder)) })
            }
            Self::Defect(what) => Err(broken_by(anyhow::anyhow!(what))),
        }
    }
}

/// The answer given to a delivery; an empty one while it is still being handled.
fn given(tx: &Connection, sealing: &Sealing, key: &str) -> Result<Answer, StoreError> {
    let sealed: Option<Option<Vec<u8>>> = tx
        .prepare_cached("SELECT sealed_answer FROM inbox WHERE delivery_key = ?")
        .and_then(|mut found| found.query_row([key], |row| row.get(0)).optional())
        .map_err(broken_by)?;
    match sealed.flatten() {
        Some(sealed) => sealing.open_json("inbox", key, &sealed).map_err(broken_by),
        None => Ok(Answer::default()),
    }
}
