//! Add a row under the last one of a worksheet.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BESIDE, limit,
    place::{DriveType, Said, first_row, place, row_fits},
    workbook_update_row::WorkbookUpdateRow,
};
use crate::{
    actions::{
        About, Action, Asked, Planned, propose,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, RowWrite, WorkbookChange, workbooks::ADD_ROW},
        plan::{Draft, Step, Value},
        proposal::Proposal,
        sheet::{by_column, row_address},
        step::StepRun,
        trouble::Result,
    },
    ports::world::World,
};

/// Add a row to a worksheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkbookAddRow {
    /// Which workbook, by its file name?
    pub workbook: String,
    /// Which worksheet?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worksheet: Option<String>,
    /// The values, in the order of the columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The values, by the names of their columns.
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
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["join", "noun", "create", "give"], &["row"]).beside(BESIDE),
        Frame::of(&["join"], &["workbook"]).beside(&[
            "row",
            "worksheet",
            "device",
            "group",
            "licence",
        ]),
    ],
    slots: &[
        ("workbook", Slot::Thing(Sort::Workbook)),
        ("worksheet", Slot::Worksheet),
        ("values", Slot::Cells),
    ],
    examples: &[
        "append a row to the Asset Register workbook",
        "new row in Asset Register.xlsx on Phones: PH-0005, spare",
        "add a row to Asset Register.xlsx on Phones: PH-0004, spare",
    ],
};

impl Action for WorkbookAddRow {
    const ABOUT: About = About {
        id: "workbook_add_row",
        title: "Add a row to a worksheet",
        area: Area::Workbooks,
        risk: Risk::Write,
        care: Care::Usual,
        may: &[ADD_ROW],
        undone_by: &["workbook_update_row"],
        reads: &["Files.ReadWrite.All", "Sites.ReadWrite.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            workbook: "Leavers Tracker.xlsx".to_owned(),
            worksheet: Some("2025".to_owned()),
            values: ["Ben Walters", "Sales", "2025-11-07"].map(str::to_owned).to_vec(),
            by_header: BTreeMap::new(),
            owner: Some("hannah.reeves@contoso.com".to_owned()),
            drive_type: None,
            header_row: 1,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        row_fits(self.header_row, "header_row")?;
        let said = Said {
            workbook: &self.workbook,
            worksheet: self.worksheet.as_deref(),
            owner: self.owner.as_deref(),
            drive_type: self.drive_type,
        };
        let found = place(look, asked, said, self.header_row).await?;
        let values = by_column(&found.columns, &self.values, &self.by_header)?;
        let row = found.used.next_row(self.header_row);
        let shown = found
            .columns
            .iter()
            .zip(&values)
            .filter_map(|(column, value)| {
                Some(Value::new(&column.label(), "=none", value.clone()?))
            })
            .collect();
        let mut draft = Draft::of(&*found.book.name);
        draft.notes.push(limit(&found.book.name));
        let change = WorkbookChange::AddRow(RowWrite {
            tenant: asked.tenant.clone(),
            book: found.book.id,
            worksheet: found.worksheet.clone(),
            address: row_address(row, &found.columns),
            was: vec![String::new(); values.len()],
            values,
            exact: false,
        });
        let number = row.to_string();
        let names = [
            ("workbook", found.book.name.as_str()),
            ("worksheet", &found.worksheet),
            ("row", &number),
        ];
        draft.step(change, &names, shown);
        Ok(Planned::Changes(draft))
    }

    /// The row is emptied again; the rows below it stay where they are.
    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = done.iter().filter_map(|(step, _)| match &step.change {
            Change::Workbook(WorkbookChange::AddRow(row)) => {
                WorkbookUpdateRow::emptied(self, step, row)
            }
            _ => None,
        });
        back.map(|action| propose(&action)).collect()
    }
}
