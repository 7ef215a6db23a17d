//! A turn as statements: sealed and put in order by its caller, run in one transaction.
//!
//! A statement that others can get in the way of changes no row then, and says
//! what that means ([`Or`]).

use uuid::Uuid;

use super::{
    broken_by,
    database::{Database, Row, Sql, Value, values},
};
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
    sql: Sql,
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

impl Script {
    /// Adds a statement.
    pub(super) fn add(&mut self, sql: impl Into<Sql>, values: impl Into<Vec<Value>>, or: Or) {
        self.lines.push(Line { sql: sql.into(), values: values.into(), or });
    }

    /// The number and version of this request are wanted back.
    pub(super) fn tell(&mut self, request: RequestId) {
        self.requests.push(request);
    }

    /// Runs it within a transaction.
    pub(super) async fn run(
        &self,
        tx: &mut impl Database,
        sealing: &Sealing,
    ) -> Result<Saved, StoreError> {
        for line in &self.lines {
            if tx.change(line.sql, &line.values).await? == 0 {
                line.or.fail(tx, sealing).await?;
            }
        }
        let mut saved = Saved::default();
        for request in &self.requests {
            let sql = "SELECT number, version FROM request WHERE request_id = ?";
            let mut row = tx
                .first(sql, &values![request.0])
                .await?
                .ok_or_else(|| broken_by(anyhow::anyhow!("a request was not written")))?;
            let (number, version): (i64, i64) = (row.take()?, row.take()?);
            let number = Number(number.cast_unsigned());
            saved.requests.push((*request, number, version.cast_unsigned()));
        }
        Ok(saved)
    }
}

impl Or {
    async fn fail(&self, tx: &mut impl Database, sealing: &Sealing) -> Result<(), StoreError> {
        match self {
            Self::Fine => Ok(()),
            Self::Conflict => Err(StoreError::Conflict),
            Self::Repeated(key) => {
                Err(StoreError::Repeated(Box::new(given(tx, sealing, key).await?)))
            }
            Self::Locked(resource) => {
                let sql = "SELECT request_id FROM resource_lock WHERE resource = ?";
                let holder = tx.first(sql, &values![resource.as_str()]).await?;
                let mut holder = holder.unwrap_or_else(|| Row::new(Vec::new()));
                let holder = RequestId(holder.take::<Uuid>()?);
                Err(StoreError::Locked { resource: resource.clone(), holder })
            }
            Self::Defect(what) => Err(broken_by(anyhow::anyhow!(*what))),
        }
    }
}

/// The answer given to a delivery; an empty one while it is still being handled.
async fn given(tx: &mut impl Database, sealing: &Sealing, key: &str) -> Result<Answer, StoreError> {
    let sql = "SELECT sealed_answer FROM inbox WHERE delivery_key = ?";
    let found = tx.first(sql, &values![key]).await?;
    match found.map(|mut row| row.take::<Option<Vec<u8>>>()).transpose()?.flatten() {
        Some(sealed) => sealing.open_json("inbox", key, &sealed).map_err(broken_by),
        None => Ok(Answer::default()),
    }
}
