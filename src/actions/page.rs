//! Long results, page by page.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::message::{FactsView, Table};

/// Rows on one page.
const ROWS: usize = 25;
/// The page nobody asks beyond.
const PAGES_MAX: u32 = 10_000;

/// The first page need not be written down.
pub fn is_first(page: &u32) -> bool {
    *page == 0
}

/// A table that may be longer than a page.
pub struct Paged<'a, F> {
    /// The action's id.
    pub action: &'static str,
    /// What it is about.
    pub title: String,
    /// Names of the columns, keys under `value.`.
    pub columns: &'a [&'a str],
    /// Every row.
    pub rows: Vec<Vec<String>>,
    /// Which page, from 0.
    pub page: u32,
    /// The same arguments for another page.
    pub again: F,
}

/// One page of it.
pub fn table<A: Serialize, F: FnOnce(u32) -> A>(paged: Paged<'_, F>) -> FactsView {
    let Paged { action, title, columns, rows, page, again } = paged;
    let page = page.min(PAGES_MAX);
    let from = (page as usize) * ROWS;
    let total = rows.len();
    let shown: Vec<Vec<String>> = rows.into_iter().skip(from).take(ROWS).collect();
    let left = total.saturating_sub(from + shown.len());
    let next = (left > 0).then(|| serde_json::to_value(again(page + 1)).ok()).flatten();
    let next: Option<Map<String, Value>> = match next {
        Some(Value::Object(map)) => Some(map),
        _ => None,
    };
    FactsView {
        action: action.to_owned(),
        title,
        subtitle: None,
        facts: vec![("count".to_owned(), total.to_string())],
        lists: Vec::new(),
        table: Some(Table {
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            rows: shown,
        }),
        more: u32::try_from(left).unwrap_or(u32::MAX),
        next,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Paged, table};

    #[test]
    fn pages_follow_each_other_until_nothing_is_left() {
        let page = |page: u32| {
            table(Paged {
                action: "list_apps",
                title: String::new(),
                columns: &["app"],
                rows: (0..60).map(|row| vec![row.to_string()]).collect(),
                page,
                again: |page| json!({ "page": page }),
            })
        };
        let first = page(0);
        assert_eq!((first.table.unwrap().rows.len(), first.more), (25, 35));
        assert_eq!(first.next.unwrap()["page"], 1);
        let last = page(2);
        assert_eq!((last.table.unwrap().rows.len(), last.more, last.next), (10, 0, None));
        assert_eq!(page(9).table.unwrap().rows.len(), 0);
    }
}
