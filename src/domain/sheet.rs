//! A worksheet as rows under a header: how people speak of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::{GroupId, UserId},
    trouble::Reason,
};

/// Columns that are read; more is no table for a chat.
pub const COLUMNS_MAX: usize = 100;
/// Characters in one cell (Excel's own limit).
pub const CELL_MAX: usize = 32_767;

/// A workbook, by Graph's own ids of its drive and file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BookId {
    /// The drive.
    pub drive: String,
    /// The file in it.
    pub item: String,
}

/// A workbook that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Its ids.
    pub id: BookId,
    /// Its file name.
    pub name: String,
    /// The folder it is in, from the root; empty for the root itself.
    pub folder: String,
}

/// Whose drive it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriveOwner {
    /// Somebody's `OneDrive`.
    User(UserId),
    /// The library of a Microsoft 365 group.
    Group(GroupId),
}

/// The used part of a worksheet, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The number of its first row, from 1.
    pub first_row: u32,
    /// The number of its first column, from 1: A is 1.
    pub first_column: u32,
    /// Row by row, as the cells look.
    pub text: Vec<Vec<String>>,
}

/// A header cell and the column it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// From 1: A is 1.
    pub number: u32,
    /// What the header says; `Column C` where it says nothing.
    pub name: String,
}

impl Column {
    /// Its name, as a card shows it word for word.
    pub fn label(&self) -> String {
        format!("~{}", self.name)
    }
}

/// One row under the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Its cells, one for each column.
    pub cells: Vec<String>,
}

/// The letters of a column: 1 is A, 28 is AB.
pub fn letters(mut number: u32) -> String {
    let mut found = String::new();
    while number > 0 {
        let letter = u8::try_from((number - 1) % 26).unwrap_or_default() + b'A';
        found.insert(0, char::from(letter));
        number = (number - 1) / 26;
    }
    found
}

impl Used {
    /// The columns that the header in `row` names, without empty ones at its end.
    pub fn columns(&self, row: u32) -> Result<Vec<Column>, Reason> {
        let at = row.checked_sub(self.first_row).map(|at| at as usize);
        let cells = at.and_then(|at| self.text.get(at));
        let width = cells.map_or(0, |cells| {
            cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1)
        });
        if width == 0 {
            return Err(Reason::NotPossible {
                what: format!(
                    "row {row} is empty, so it names no columns; say which row is the header"
                ),
            });
        }
        if width > COLUMNS_MAX {
            return Err(Reason::TooMuch { what: format!("{width} columns (limit {COLUMNS_MAX})") });
        }
        let mut columns: Vec<Column> = Vec::new();
        for (at, cell) in cells.into_iter().flatten().take(width).enumerate() {
            let number = self.first_column + u32::try_from(at).unwrap_or(u32::MAX);
            let said = cell.trim();
            let name = if said.is_empty() {
                format!("Column {}", letters(number))
            } else if columns.iter().any(|known| known.name.eq_ignore_ascii_case(said)) {
                format!("{said} ({})", letters(number))
            } else {
                said.to_owned()
            };
            columns.push(Column { number, name });
        }
        Ok(columns)
    }

    /// The rows under the header, without empty ones.
    pub fn rows(&self, header: u32, columns: &[Column]) -> Vec<Row> {
        let mut rows = Vec::new();
        for (at, cells) in self.text.iter().enumerate() {
            let number = self.first_row + u32::try_from(at).unwrap_or(u32::MAX);
            if number <= header {
                continue;
            }
            let cell = |column: &Column| {
                let at = (column.number - self.first_column) as usize;
                cells.get(at).cloned().unwrap_or_default()
            };
            let cells: Vec<String> = columns.iter().map(cell).collect();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push(Row { number, cells });
            }
        }
        rows
    }

    /// The first row under everything that is written.
    pub fn next_row(&self, header: u32) -> u32 {
        let written = self.text.iter().rposition(|row| row.iter().any(|cell| !cell.is_empty()));
        let last = written.map_or(0, |at| self.first_row + u32::try_from(at).unwrap_or(u32::MAX));
        last.max(header) + 1
    }
}

/// `A7:D7`: one row of these columns.
pub fn row_address(row: u32, columns: &[Column]) -> String {
    let first = columns.first().map_or(1, |column| column.number);
    let last = columns.last().map_or(first, |column| column.number);
    format!("{}{row}:{}{row}", letters(first), letters(last))
}

/// One value for each column: first those given in order, then those given by header.
/// Nothing: the column was not named.
pub fn by_column(
    columns: &[Column],
    ordered: &[String],
    named: &BTreeMap<String, String>,
) -> Result<Vec<Option<String>>, Reason> {
    let wrong = |why: String| Reason::WrongArgument { field: "values".to_owned(), why };
    if ordered.len() > columns.len() {
        let headers: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        return Err(wrong(format!(
            "{} values for {} columns ({})",
            ordered.len(),
            columns.len(),
            headers.join(", ")
        )));
    }
    let mut values: Vec<Option<String>> = ordered.iter().cloned().map(Some).collect();
    values.resize(columns.len(), None);
    for (name, value) in named {
        let at = columns.iter().position(|column| same(&column.name, name));
        let at = at.ok_or_else(|| {
            let headers: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            wrong(format!("no column is called {name}; there are {}", headers.join(", ")))
        })?;
        values[at] = Some(value.clone());
    }
    if values.iter().all(Option::is_none) {
        return Err(wrong("no value was given".to_owned()));
    }
    if values.iter().flatten().any(|value| value.chars().count() > CELL_MAX) {
        return Err(wrong(format!("a cell holds at most {CELL_MAX} characters")));
    }
    Ok(values)
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// A value as it is sent: what Excel would take for a formula is sent as text.
pub fn as_sent(value: &str) -> String {
    let number = value.trim().parse::<f64>().is_ok();
    let formula = value.starts_with(['=', '@', '\'']) || value.starts_with(['+', '-']) && !number;
    if formula { format!("'{value}") } else { value.to_owned() }
}

/// Whether a cell that looks like `seen` holds what was `sent`: Excel shows numbers,
/// truth values and days in its own way.
pub fn holds(sent: &str, seen: &str, number: Option<f64>) -> bool {
    let sent = sent.trim();
    if same(sent, seen) {
        return true;
    }
    let Some(number) = number else { return false };
    let close = |wanted: f64| (wanted - number).abs() < 1e-9_f64.max(wanted.abs() * 1e-12);
    sent.parse::<f64>().is_ok_and(close) || serial_day(sent).is_some_and(close)
}

/// A day (`2026-11-20`) as Excel counts it, from 30 December 1899.
fn serial_day(text: &str) -> Option<f64> {
    let day: jiff::civil::Date = (text.len() == 10).then(|| text.parse().ok())??;
    let since = day.since(jiff::civil::date(1899, 12, 30)).ok()?;
    Some(f64::from(since.get_days()))
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Condition {
    /// Holds the text.
    Contains,
    /// Is it.
    Eq,
    /// Comes after it; as numbers when both are numbers.
    Gt,
    /// Comes before it; as numbers when both are numbers.
    Lt,
}

/// Whether all filters must fit, or any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Join {
    /// All of them.
    #[default]
    And,
    /// Any of them.
    Or,
}

/// One filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The header of the column.
    pub column: String,
    /// How it is compared.
    pub condition: Condition,
    /// With what.
    pub value: String,
}

impl Filter {
    fn fits(&self, cell: &str) -> bool {
        let (left, right) = (cell.trim().to_lowercase(), self.value.trim().to_lowercase());
        let order = match (left.parse::<f64>(), right.parse::<f64>()) {
            (Ok(left), Ok(right)) => left.partial_cmp(&right),
            // Nothing is neither before nor after anything.
            _ if left.is_empty()
                && !matches!(self.condition, Condition::Contains | Condition::Eq) =>
            {
                None
            }
            _ => Some(left.cmp(&right)),
        };
        match self.condition {
            Condition::Contains => left.contains(&right),
            Condition::Eq => order.is_some_and(std::cmp::Ordering::is_eq),
            Condition::Gt => order.is_some_and(std::cmp::Ordering::is_gt),
            Condition::Lt => order.is_some_and(std::cmp::Ordering::is_lt),
        }
    }
}

/// Keeps the rows that fit.
pub fn filtered(
    rows: Vec<Row>,
    columns: &[Column],
    filters: &[Filter],
    join: Join,
) -> Result<Vec<Row>, Reason> {
    let mut at = Vec::new();
    for filter in filters {
        let found = columns.iter().position(|column| same(&column.name, &filter.column));
        at.push(found.ok_or_else(|| Reason::WrongArgument {
            field: "filters".to_owned(),
            why: format!("no column is called {}", filter.column),
        })?);
    }
    let fits = |row: &Row| {
        let mut each = filters.iter().zip(&at).map(|(filter, at)| filter.fits(&row.cells[*at]));
        filters.is_empty()
            || if join == Join::And { each.all(|fits| fits) } else { each.any(|fits| fits) }
    };
    Ok(rows.into_iter().filter(fits).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{
        Column, Condition, Filter, Join, Used, as_sent, by_column, filtered, holds, letters,
        row_address,
    };

    fn laptops() -> Used {
        let rows = [
            ["Asset", "Status", "Owner", "Price"],
            ["LT-1", "in use", "John Doe", "1240"],
            ["", "", "", ""],
            ["LT-2", "spare", "", "980"],
            ["LT-3", "in use", "Jane Roe", ""],
        ];
        let text =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Used { first_row: 2, first_column: 2, text }
    }

    #[test]
    fn a_table_is_read_wherever_it_begins() {
        let used = laptops();
        let columns = used.columns(2).unwrap();
        assert_eq!(columns[0], Column { number: 2, name: "Asset".into() });
        let rows = used.rows(2, &columns);
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [3, 5, 6]);
        assert_eq!(used.next_row(2), 7);
        assert_eq!(row_address(7, &columns), "B7:E7");
        assert!(used.columns(1).is_err() && used.columns(4).is_err() && used.columns(99).is_err());
    }

    #[test]
    fn headers_without_a_name_or_with_the_same_get_one() {
        let used = Used {
            first_row: 1,
            first_column: 1,
            text: vec![vec!["Name".into(), String::new(), "name".into(), String::new()]],
        };
        let names: Vec<String> = used.columns(1).unwrap().into_iter().map(|c| c.name).collect();
        assert_eq!(names, ["Name", "Column B", "name (C)"]);
        assert_eq!([1, 26, 27, 52, 703].map(letters), ["A", "Z", "AA", "AZ", "AAA"]);
    }

    #[test]
    fn values_come_in_order_or_by_header() {
        let columns = laptops().columns(2).unwrap();
        let order = ["LT-4".to_owned(), "spare".to_owned()];
        let named = BTreeMap::from([("price".to_owned(), "5".to_owned())]);
        let values = by_column(&columns, &order, &named).unwrap();
        assert_eq!(values, [Some("LT-4".into()), Some("spare".into()), None, Some("5".into())]);
        let stranger = BTreeMap::from([("Colour".to_owned(), "red".to_owned())]);
        assert!(by_column(&columns, &[], &stranger).is_err());
        assert!(by_column(&columns, &[], &BTreeMap::new()).is_err());
        let five = ["a", "b", "c", "d", "e"].map(str::to_owned);
        assert!(by_column(&columns, &five, &BTreeMap::new()).is_err());
    }

    #[test]
    fn filters_join_with_and_or_or() {
        let used = laptops();
        let columns = used.columns(2).unwrap();
        let filter = |column: &str, condition, value: &str| Filter {
            column: column.to_owned(),
            condition,
            value: value.to_owned(),
        };
        let numbers = |filters: &[Filter], join| -> Vec<u32> {
            let rows = filtered(used.rows(2, &columns), &columns, filters, join).unwrap();
            rows.iter().map(|row| row.number).collect()
        };
        let in_use = filter("status", Condition::Eq, "IN USE");
        let dear = filter("Price", Condition::Gt, "1000");
        assert_eq!(numbers(&[in_use.clone(), dear.clone()], Join::And), [3]);
        assert_eq!(
            numbers(&[in_use.clone(), filter("Price", Condition::Lt, "1000")], Join::Or),
            [3, 5, 6]
        );
        assert_eq!(numbers(&[filter("Owner", Condition::Contains, "doe")], Join::And), [3]);
        assert_eq!(numbers(&[], Join::And), [3, 5, 6]);
        let stranger = filter("Colour", Condition::Eq, "red");
        assert!(filtered(used.rows(2, &columns), &columns, &[stranger], Join::And).is_err());
    }

    #[test]
    fn nothing_typed_becomes_a_formula_and_excel_may_show_it_its_way() {
        for formula in ["=1+1", "=HYPERLINK(\"x\")", "@SUM(A1)", "+cmd|' /C calc'!A0", "-x", "'a"] {
            assert!(as_sent(formula).starts_with('\''), "{formula}");
        }
        for plain in ["Ben", "-5", "+44", "2026-11-20", ""] {
            assert_eq!(as_sent(plain), plain);
        }
        assert!(holds("1240", "1,240.00", Some(1240.0)));
        assert!(holds("2026-11-20", "20/11/2026", Some(46346.0)));
        assert!(holds("in use", "in use", None));
        assert!(!holds("1240", "1241", Some(1241.0)));
        assert!(!holds("Ben", "Bea", None));
    }
}
