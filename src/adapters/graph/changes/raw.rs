//! Requests that somebody spelled out.

use reqwest::Method as Verb;
use serde_json::Value;

use super::{Behind, Calls, Door, Found, Read, With};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
    },
    domain::{
        change::{RawChange, Sight},
        graph_call::{Method, cut, masked},
        secret::Secret,
        trouble::Reason,
    },
    ports::hands::Output,
};

/// Characters of an answer that are handed over.
const ANSWER_MAX: usize = 20_000;

pub(crate) fn verb(method: Method) -> Verb {
    match method {
        Method::Get => Verb::GET,
        Method::Post => Verb::POST,
        Method::Put => Verb::PUT,
        Method::Patch => Verb::PATCH,
        Method::Delete => Verb::DELETE,
    }
}

/// An answer as it is handed over: secrets hidden, cut.
pub(crate) fn handed_over(body: &Value) -> String {
    if body.is_null() {
        return "(Microsoft Graph accepted it and answered without a body.)".to_owned();
    }
    let (text, was_cut) = cut(&masked(body), ANSWER_MAX);
    if was_cut { format!("{text}\n… (cut at {ANSWER_MAX} characters)") } else { text }
}

/// The member of the body that a refusal is about: a word of whoever asked, not of Graph.
fn refused_member(body: Option<&Value>, answer: &Answer) -> Option<Meaning> {
    let sent = body?.as_object()?;
    let quoted = |name: &&String| answer.message().contains(&format!("'{name}'"));
    let name: String = sent.keys().find(quoted)?.chars().take(80).collect();
    Some(refusals::no(&format!(
        "Microsoft Graph refused the property {name} as it was sent (400); its words are in the log"
    )))
}

impl Calls for RawChange {
    /// Nothing can be read of an address nobody knows; that the tenant answers is all.
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let tenant = &self.sent().tenant;
        Ok(vec![Read::list(tenant, "/organization?$select=id", 1, Reading::ORGANIZATION)])
    }

    fn sight(&self, _found: &[&Found]) -> anyhow::Result<Sight> {
        Ok(Sight::object([]))
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let sent = self.sent();
        Ok(Door::Graph(Ask::of(verb(sent.method), sent.address.sent(), sent.body.clone())))
    }

    fn output(&self, answer: &Value) -> Output {
        Output { id: None, secret: Some(Secret::new(handed_over(answer))) }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match answer.status {
            404 => Some(refusals::no("nothing is at this address (404)")),
            400 => refusals::general(answer)
                .or_else(|| refused_member(self.sent().body.as_ref(), answer)),
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        Behind::Spelled
    }
}
