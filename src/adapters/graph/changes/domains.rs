//! Domains.

use reqwest::Method;
use serde_json::Value;

use super::{Calls, Door, Found, Read, With};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        change::{DomainChange, Sight},
        trouble::Reason,
    },
};

impl Calls for DomainChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let Self::DeleteDomain { tenant, domain } = self;
        let path = format!("/domains/{}?$select=id,isDefault,isInitial", encoded(domain));
        Ok(vec![Read::one(tenant, path, Reading::DOMAINS)])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        Ok(found[0].one().map_or(Sight::Missing, |domain| {
            let value = |name: &str| domain.get(name).cloned().unwrap_or(Value::Null);
            Sight::object([("isDefault", value("isDefault")), ("isInitial", value("isInitial"))])
        }))
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let Self::DeleteDomain { domain, .. } = self;
        let path = format!("/domains/{}", encoded(domain));
        Ok(Door::Graph(Ask::of(Method::DELETE, path, None)))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match answer.status {
            404 => Some(Meaning::AlreadySo),
            400 | 409 => Some(refusals::no(
                "Microsoft keeps the domain: it is the default or the initial one, or users, \
                 groups or apps still use it; move them to another domain first",
            )),
            _ => None,
        }
    }
}
