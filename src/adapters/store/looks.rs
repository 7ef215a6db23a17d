//! The looks for work after every commit, and the index that each has to be read by, so that
//! they cost the same however much is stored. The tests ask both databases how they read them.

use super::{database::Sql, due, gauges, lease};

/// One statement.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Its words for `SQLite`.
    pub sqlite: &'static str,
    /// Its words for PostgreSQL.
    pub postgres: &'static str,
    /// The indexes of `request` that it has to be read by.
    pub by: &'static [&'static str],
}

/// All of them.
pub fn all() -> Vec<Look> {
    let [first, new_row, row_again] = lease::TAKES;
    let each: &[&str] = &["request_due", "request_row_due", "request_row_again"];
    let looks: [(Sql, &'static [&'static str]); 7] = [
        (first, &["request_due"]),
        (new_row, &["request_row_due"]),
        (row_again, &["request_row_again"]),
        (lease::MAY.into(), each),
        (due::NEXT, each),
        (due::OVERDUE.into(), &["request_due"]),
        (gauges::OPEN.into(), &["request_open"]),
    ];
    looks.map(|(sql, by)| Look { sqlite: sql.sqlite(), postgres: sql.postgres(), by }).to_vec()
}
