//! Changes of workbooks.
//!
//! A row is written at an address that the plan names, so writing it again is the same; what
//! stood there when it was planned must still stand there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    change::{Effect, Kind, Object, Repeat, Sight},
    ids::TenantId,
    sheet::{self, BookId},
    trouble::Reason,
};

/// A change of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum WorkbookChange {
    /// A row is written into an empty one.
    AddRow(RowWrite),
    /// Cells of a row are written over.
    WriteRow(RowWrite),
    /// A worksheet is added.
    AddWorksheet {
        /// Of which tenant.
        tenant: TenantId,
        /// To which workbook.
        book: BookId,
        /// Its name.
        name: String,
    },
}

/// One row of a worksheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWrite {
    /// Of which tenant.
    pub tenant: TenantId,
    /// Of which workbook.
    pub book: BookId,
    /// The worksheet's name.
    pub worksheet: String,
    /// Such as `A7:D7`.
    pub address: String,
    /// What each cell will hold; nothing leaves it as it is.
    pub values: Vec<Option<String>>,
    /// How each cell looked when this was planned.
    pub was: Vec<String>,
    /// Written as it stands, formulas too; otherwise what looks like one is written as text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
}

/// As reported from the field; Microsoft's pages say that applications are not supported
/// (microsoftgraph/microsoft-graph-docs-contrib issues 6609, 8691).
const WRITE: super::Rights = &[&["Files.ReadWrite.All", "Sites.ReadWrite.All"]];

/// [`WorkbookChange::AddRow`].
pub const ADD_ROW: Kind = Kind::of("add_row", WRITE).repeated(Repeat::ReadFirst);
/// [`WorkbookChange::WriteRow`].
pub const WRITE_ROW: Kind = Kind::of("write_row", WRITE).repeated(Repeat::ReadFirst);
/// [`WorkbookChange::AddWorksheet`].
pub const ADD_WORKSHEET: Kind = Kind::of("add_worksheet", WRITE).repeated(Repeat::ReadFirst);

/// All of them.
pub const KINDS: &[Kind] = &[ADD_ROW, WRITE_ROW, ADD_WORKSHEET];

/// How the cells look.
pub const TEXT: &str = "text";
/// What the cells hold.
pub const VALUES: &str = "values";
/// What was typed into the cells.
pub const FORMULAS: &str = "formulas";
/// The names of the worksheets.
pub const SHEETS: &str = "worksheets";

impl RowWrite {
    /// Do the cells of the row look as they did?
    fn stands(&self, seen: &Sight) -> bool {
        let text = seen.value(TEXT).and_then(Value::as_array);
        text.is_some_and(|text| {
            text.len() == self.was.len()
                && text.iter().zip(&self.was).all(|(now, was)| now.as_str() == Some(was))
        })
    }

    fn written(&self, seen: &Sight) -> bool {
        let list = |name: &str| seen.value(name).and_then(Value::as_array);
        let (Some(text), Some(values)) = (list(TEXT), list(VALUES)) else { return false };
        text.len() == self.values.len()
            && values.len() == self.values.len()
            && self.values.iter().zip(text.iter().zip(values)).all(|(wanted, (text, value))| {
                wanted.as_ref().is_none_or(|wanted| {
                    sheet::holds(wanted, text.as_str().unwrap_or_default(), value.as_f64())
                })
            })
    }
}

impl Effect for WorkbookChange {
    fn kind(&self) -> Kind {
        match self {
            Self::AddRow(_) => ADD_ROW,
            Self::WriteRow(_) => WRITE_ROW,
            Self::AddWorksheet { .. } => ADD_WORKSHEET,
        }
    }

    fn object(&self) -> Object<'_> {
        let (tenant, book) = match self {
            Self::AddRow(RowWrite { tenant, book, .. })
            | Self::WriteRow(RowWrite { tenant, book, .. })
            | Self::AddWorksheet { tenant, book, .. } => (tenant, book),
        };
        Object::Other(tenant, format!("workbook:{tenant}/{}", book.item))
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match self {
            Self::AddRow(row) | Self::WriteRow(row) => row.written(seen),
            Self::AddWorksheet { name, .. } => {
                let names = seen.value(SHEETS).and_then(Value::as_array).into_iter().flatten();
                let mut names = names.filter_map(Value::as_str);
                names.any(|known| known.to_lowercase() == name.to_lowercase())
            }
        }
    }

    fn moved(&self, seen: &Sight) -> Option<Reason> {
        let (Self::AddRow(row) | Self::WriteRow(row)) = self else { return None };
        let moved = *seen != Sight::Missing && !row.stands(seen);
        moved.then(|| Reason::Moved { what: "=row".to_owned() })
    }

    fn called(&self) -> &'static str {
        "workbook"
    }
}
