//! Write over cells of a row.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{
    BESIDE, limit,
    place::{DriveType, Said, first_row, place, row_fits},
    workbook_add_row::WorkbookAddRow,
};
use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{
            Change, RowWrite, WorkbookChange,
            workbooks::{FORMULAS, WRITE_ROW},
        },
        plan::{Draft, Step, Value},
        proposal::Proposal,
        sheet::{by_column, row_address},
        step::StepRun,
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Change cells of one row of a worksheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkbookUpdateRow {
    /// Which workbook, by its file name?
    pub workbook: String,
    /// Which worksheet?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worksheet: Option<String>,
    /// Which row, by its number in the sheet?
    pub row: u32,
    /// The values, in the order of the columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The values, by the names of their columns? The other cells stay as they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_header: BTreeMap<String, String>,
    /// In whose drive: a sign-in name, or a group? Yours if nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Is the owner a user or a group?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive_type: Option<DriveType>,
    /// In which row are the names of the columns?
    #[serde(default = "first_row")]
    pub header_row: u32,
    /// Write values as they stand, formulas too? An undo does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["change"], &["row"]).beside(BESIDE)],
    slots: &[
        ("workbook", Slot::Thing(Sort::Workbook)),
        ("worksheet", Slot::Worksheet),
        ("row", Slot::Row),
        ("values", Slot::Cells),
    ],
    examples: &[
        "please update row 4 in Leavers Tracker.xlsx",
        "update row 4 on sheet Laptops in Asset Register.xlsx: LT-0003, in use",
        "change row 2 of Asset Register.xlsx on Phones to PH-0001, lost",
    ],
};

impl WorkbookUpdateRow {
    /// What empties a row that was added.
    pub(super) fn emptied(added: &WorkbookAddRow, step: &Step, row: &RowWrite) -> Option<Self> {
        let number: u32 = step.names.get("row")?.parse().ok()?;
        Some(Self {
            workbook: added.workbook.clone(),
            worksheet: Some(row.worksheet.clone()),
            row: number,
            values: vec![String::new(); row.values.len()],
            by_header: BTreeMap::new(),
            owner: added.owner.clone(),
            drive_type: added.drive_type,
            header_row: added.header_row,
            exact: true,
        })
    }
}

/// What was typed into a cell, as it is typed again.
fn typed(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

impl Action for WorkbookUpdateRow {
    const ABOUT: About = About {
        id: "workbook_update_row",
        title: "Change a row of a worksheet",
        area: Area::Workbooks,
        risk: Risk::Write,
        care: Care::Usual,
        may: &[WRITE_ROW],
        undone_by: &["workbook_update_row"],
        reads: &["Files.ReadWrite.All", "Sites.ReadWrite.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            workbook: "IT/Asset Register.xlsx".to_owned(),
            worksheet: Some("Laptops".to_owned()),
            row: 4,
            values: Vec::new(),
            by_header: BTreeMap::from([("Status".to_owned(), "in use".to_owned())]),
            owner: Some("tina.tech@contoso.com".to_owned()),
            drive_type: None,
            header_row: 1,
            exact: false,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        row_fits(self.header_row, "header_row")?;
        row_fits(self.row, "row")?;
        if self.row <= self.header_row {
            return Err(Reason::WrongArgument {
                field: "row".to_owned(),
                why: format!("the rows begin under the header in row {}", self.header_row),
            }
            .into());
        }
        let said = Said {
            workbook: &self.workbook,
            worksheet: self.worksheet.as_deref(),
            owner: self.owner.as_deref(),
            drive_type: self.drive_type,
        };
        let found = place(look, asked, said, self.header_row).await?;
        let values = by_column(&found.columns, &self.values, &self.by_header)?;
        let address = row_address(self.row, &found.columns);
        let cells = look.cells(&asked.tenant, &found.book.id, &found.worksheet, &address).await?;
        let was = cells.map(|cells| cells.text).unwrap_or_default();
        let said_now =
            |text: &str| if text.is_empty() { "=none".to_owned() } else { text.to_owned() };
        let shown: Vec<Value> = found
            .columns
            .iter()
            .zip(&values)
            .zip(&was)
            .filter_map(|((column, value), was)| {
                let value = value.as_ref().filter(|value| *value != was)?;
                Some(Value::new(&column.label(), said_now(was), said_now(value)))
            })
            .collect();
        if shown.is_empty() {
            let what = format!("row {} of {} says so already", self.row, found.worksheet);
            return Err(Reason::AlreadySo { what }.into());
        }
        let mut draft = Draft::of(&*found.book.name);
        draft.notes.push(limit(&found.book.name));
        let change = WorkbookChange::WriteRow(RowWrite {
            tenant: asked.tenant.clone(),
            book: found.book.id,
            worksheet: found.worksheet.clone(),
            address,
            values,
            was,
            exact: self.exact,
        });
        let number = self.row.to_string();
        let names = [
            ("workbook", found.book.name.as_str()),
            ("worksheet", &found.worksheet),
            ("row", &number),
        ];
        draft.step(change, &names, shown);
        Ok(Planned::Changes(draft))
    }

    /// The cells get back what was typed into them, formulas too.
    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = done.iter().filter_map(|(step, run)| {
            let Change::Workbook(WorkbookChange::WriteRow(row)) = &step.change else { return None };
            let before = run.before.as_ref()?.value(FORMULAS)?.as_array()?;
            Some(Self {
                worksheet: Some(row.worksheet.clone()),
                values: before.iter().map(typed).collect(),
                by_header: BTreeMap::new(),
                exact: true,
                ..self.clone()
            })
        });
        back.map(|action| propose(&action)).collect()
    }
}
