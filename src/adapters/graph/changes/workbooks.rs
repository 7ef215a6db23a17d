//! Workbooks: rows and worksheets, through a session of their own.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Behind, Calls, Door, Found, Read, Session, With};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        change::{
            RowWrite, Sight, WorkbookChange,
            workbooks::{FORMULAS, SHEETS, TEXT, VALUES},
        },
        sheet::{BookId, as_sent},
        trouble::Reason,
    },
};

/// `/drives/{drive}/items/{file}/workbook`.
pub(crate) fn book_path(book: &BookId) -> String {
    format!("/drives/{}/items/{}/workbook", encoded(&book.drive), encoded(&book.item))
}

/// One block of cells of a worksheet.
pub(crate) fn range_path(book: &BookId, worksheet: &str, address: &str) -> String {
    let sheet = encoded(worksheet);
    format!("{}/worksheets/{sheet}/range(address='{}')", book_path(book), encoded(address))
}

/// The only row of a range's member.
pub(crate) fn first_row<'a>(range: &'a Value, name: &str) -> Vec<&'a Value> {
    range[name][0].as_array().into_iter().flatten().collect()
}

fn row_read(row: &RowWrite) -> Read {
    let path = format!(
        "{}?$select=text,values,formulas",
        range_path(&row.book, &row.worksheet, &row.address)
    );
    Read::one(&row.tenant, path, Reading::WORKBOOKS)
}

fn row_body(row: &RowWrite) -> Value {
    let cell = |value: &Option<String>| match value {
        None => Value::Null,
        Some(value) if row.exact => json!(value),
        Some(value) => json!(as_sent(value)),
    };
    json!({ "values": [row.values.iter().map(cell).collect::<Vec<_>>()] })
}

impl Calls for WorkbookChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::AddRow(row) | Self::WriteRow(row) => row_read(row),
            Self::AddWorksheet { tenant, book, .. } => {
                let path = format!("{}/worksheets?$select=name", book_path(book));
                Read::list(tenant, path, 1_000, Reading::WORKBOOKS)
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        Ok(match self {
            Self::AddRow(_) | Self::WriteRow(_) => match found[0].one() {
                Some(range) => Sight::object([TEXT, VALUES, FORMULAS].map(|name| {
                    (name, first_row(range, name).into_iter().cloned().collect::<Value>())
                })),
                None => Sight::Missing,
            },
            Self::AddWorksheet { .. } => match found[0].many() {
                Some(sheets) => {
                    let names = sheets.iter().map(|sheet| sheet["name"].clone());
                    Sight::object([(SHEETS, names.collect::<Value>())])
                }
                None => Sight::Missing,
            },
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let (book, ask) = match self {
            Self::AddRow(row) | Self::WriteRow(row) => {
                let path = range_path(&row.book, &row.worksheet, &row.address);
                (&row.book, Ask::of(Method::PATCH, path, Some(row_body(row))))
            }
            Self::AddWorksheet { book, name, .. } => {
                let path = format!("{}/worksheets", book_path(book));
                (book, Ask::of(Method::POST, path, Some(json!({ "name": name }))))
            }
        };
        let base = book_path(book);
        let open = json!({ "persistChanges": true });
        Ok(Door::Session(Box::new(Session {
            open: Ask::of(Method::POST, format!("{base}/createSession"), Some(open)),
            ask,
            close: Ask::of(Method::POST, format!("{base}/closeSession"), Some(json!({}))),
        })))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        if let Some(reason) = refusals::unreadable(answer) {
            return Some(Meaning::Refused(reason));
        }
        match (self, answer.code()) {
            (Self::AddWorksheet { .. }, "ItemAlreadyExists") => Some(Meaning::AlreadySo),
            (Self::AddWorksheet { .. }, "InvalidArgument") => Some(refusals::no(
                "Excel does not take this name for a worksheet: at most 31 characters, none of \
                 \\ / ? * [ ] :",
            )),
            (_, "InvalidArgument") => Some(refusals::no(
                "Excel does not take these values: the row has another width now, or a value is \
                 not one a cell can hold",
            )),
            (_, "AccessDenied") => Some(refusals::no("the cells are protected in the workbook")),
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        Behind::Workbook
    }
}
