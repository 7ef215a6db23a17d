//! The record in words: one line a fact, from its header, and from its payload who and which.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    adapters::store::upkeep::Upkeep,
    audit,
    domain::{fact::Header, ids::RequestId},
    ports::store::{Recorded, StoreError},
};

/// So many facts are shown.
const LINES_MAX: usize = 200;
/// So many are read at once.
const PAGE: u32 = 200;

/// One fact, for people.
pub struct Line {
    /// Its place, from 1 on.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What it is called: `vote.cast`.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Its leaf in the tree, in hex.
    pub leaf: String,
}

/// What was read of the record so far.
pub struct Ledger {
    store: Arc<dyn Upkeep>,
    next: u64,
    lines: VecDeque<Line>,
    /// Number and subject of requests.
    requests: BTreeMap<RequestId, (String, Option<String>)>,
    newest: Option<(String, String)>,
}

impl Ledger {
    /// Nothing was read yet.
    pub fn new(store: Arc<dyn Upkeep>) -> Self {
        Self { store, next: 0, lines: VecDeque::new(), requests: BTreeMap::new(), newest: None }
    }

    /// The newest facts, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// The newest request that has a subject, and the subject's object id.
    pub fn newest(&self) -> Option<(&str, &str)> {
        self.newest.as_ref().map(|(request, subject)| (request.as_str(), subject.as_str()))
    }

    /// Reads what was added since.
    pub async fn read_on(&mut self) -> Result<(), StoreError> {
        loop {
            let added = self.store.record(self.next, PAGE).await?;
            for recorded in &added {
                self.add(recorded).await?;
                self.next = recorded.seq + 1;
            }
            if added.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    async fn add(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        let Ok(header) = serde_json::from_slice::<Header>(&recorded.header) else {
            tracing::warn!(seq = recorded.seq, "A fact of the record cannot be read");
            return Ok(());
        };
        let payload = recorded.said().and_then(|text| serde_json::from_slice(text).ok());
        let number = self.number(&header).await?;
        if self.lines.len() >= LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(Line {
            seq: recorded.seq + 1,
            at: header.at,
            text: text(&header.kind, &number, &payload.unwrap_or_default()),
            kind: header.kind,
            leaf: hex::encode(audit::leaf(&recorded.header, &recorded.payload_hash)),
        });
        Ok(())
    }

    /// The number of the fact's request. A new request with a subject is the newest.
    async fn number(&mut self, header: &Header) -> Result<String, StoreError> {
        let Some(id) = header.request else { return Ok(String::new()) };
        let known = self.requests.get(&id).filter(|(_, subject)| subject.is_some());
        if let Some((number, _)) = known {
            return Ok(number.clone());
        }
        let Some(request) = self.store.request(&id).await? else { return Ok(String::new()) };
        let subject = request.subjects.first().map(|subject| subject.id.guid().to_string());
        if let Some(subject) = &subject {
            self.newest = Some((id.to_string(), subject.clone()));
        }
        let number = request.number.to_string();
        self.requests.insert(id, (number.clone(), subject));
        Ok(number)
    }
}

/// One line, in words.
fn text(kind: &str, number: &str, payload: &Value) -> String {
    let by = payload["by"]["name"].as_str().unwrap_or("Somebody");
    let step = payload["step"].as_u64().unwrap_or_default();
    match kind {
        "request.asked" => format!("{by} asked, request {number}"),
        "request.unclear" => format!("{number}: {by} is asked a question"),
        "request.cancelled" => format!("{by} took {number} back"),
        "request.expired" => format!("{number}: nobody signed in time"),
        "vote.cast" => match payload["choice"].as_str() {
            Some("reject") => format!("{by} said no to {number}"),
            _ => format!("{by} signed {number}"),
        },
        "run.started" => {
            let steps = payload["steps"].as_u64().unwrap_or_default();
            format!("{number} begins, {steps} step{}", if steps == 1 { "" } else { "s" })
        }
        "run.stopped" => format!("{by} stopped {number}"),
        "step.started" => format!("{number} step {step}: written down before the call"),
        "step.ended" => {
            let state = payload["outcome"].as_str().unwrap_or("ended").replace('_', " ");
            format!("{number} step {step}: {state}")
        }
        "run.ended" => {
            let state = payload["state"].as_str().unwrap_or("ended").replace('_', " ");
            format!("{number} {state}")
        }
        "snapshot.kept" => format!("{number}: what will be taken away was kept first"),
        "secret.sent" => format!("{number}: a one-time link was sent"),
        "secret.opened" => format!("{number}: the one-time link was opened, the value is gone"),
        "secret.unreachable" => format!("{number}: the recipient cannot be reached"),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fact_says_who_and_which_and_never_more() {
        let signed = json!({ "by": { "name": "Anna Approver" }, "choice": "approve", "note": "x" });
        assert_eq!(text("vote.cast", "#1", &signed), "Anna Approver signed #1");
        // Its subject was forgotten: the fact still stands.
        assert_eq!(text("vote.cast", "#1", &Value::Null), "Somebody signed #1");
        assert_eq!(text("something.new", "#1", &Value::Null), "#1");
    }
}
