//! `$search="displayName:wa" OR "mail:ad"`: words begin with the value
//! (learn.microsoft.com/graph/search-query-parameter).

use serde_json::Value;

use super::{
    super::refusals::{self, Refusal},
    kinds::Kind,
};

/// Clauses joined by OR, each a list joined by AND.
#[derive(Debug, Clone)]
pub(super) struct Search(Vec<Vec<(String, String)>>);

pub(super) fn parse(text: &str, kind: &Kind) -> Result<Search, Refusal> {
    let mut alternatives = vec![Vec::new()];
    let mut rest = text.trim();
    loop {
        let inside = rest.strip_prefix('"').and_then(|after| after.split_once('"'));
        let (clause, after) = inside.ok_or_else(refusals::bad_search)?;
        let (name, value) = clause.split_once(':').ok_or_else(refusals::bad_search)?;
        if !kind.searches.contains(&name) {
            return Err(refusals::bad_search());
        }
        if let Some(all) = alternatives.last_mut() {
            all.push((name.to_owned(), value.trim().to_lowercase()));
        }
        rest = after.trim_start();
        if rest.is_empty() {
            return Ok(Search(alternatives));
        }
        if let Some(after) = rest.strip_prefix("OR ") {
            alternatives.push(Vec::new());
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix("AND ") {
            rest = after.trim_start();
        } else {
            return Err(refusals::bad_search());
        }
    }
}

impl Search {
    pub fn fits(&self, object: &Value) -> bool {
        let has = |(name, wanted): &(String, String)| {
            let found = object[name.as_str()].as_str().unwrap_or_default().to_lowercase();
            let mut words = found.split(|c: char| !c.is_alphanumeric());
            found.starts_with(wanted.as_str())
                || wanted
                    .split_whitespace()
                    .all(|wanted| words.any(|word| word.starts_with(wanted)))
        };
        self.0.iter().any(|all| all.iter().all(has))
    }
}
