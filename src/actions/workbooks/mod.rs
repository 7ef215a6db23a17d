//! Excel workbooks in somebody's `OneDrive` or a group's library. One file per action id.
//!
//! - [`workbook_fetch_rows`] looks
//! - [`workbook_add_row`] [`workbook_update_row`] [`workbook_add_worksheet`] change
//! - [`place`] which workbook and worksheet is meant
//!
//! Not here: how a change is made; that is an adapter's work.

mod place;
pub mod workbook_add_row;
pub mod workbook_add_worksheet;
pub mod workbook_fetch_rows;
pub mod workbook_update_row;

use crate::domain::plan::Note;

/// What a card says of every workbook: Microsoft's own limit.
fn limit(workbook: &str) -> Note {
    Note::new("workbook_app_only", &[("workbook", workbook)])
}

/// What may stand beside the rows and sheets that are asked for: their names and contents
/// speak of devices, teams and departments.
const BESIDE: &[&str] = &["worksheet", "workbook", "row", "device", "group", "licence"];
