//! Show the rows of a worksheet that fit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BESIDE;
use super::place::{DriveType, Said, first_row, place, row_fits};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        page::{self, Paged},
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        sheet::{Filter, Join, filtered},
        trouble::Result,
    },
    ports::world::World,
};

/// Show rows of a worksheet, by the names in its header row.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkbookFetchRows {
    /// Which workbook, by its file name?
    pub workbook: String,
    /// Which worksheet?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worksheet: Option<String>,
    /// In whose drive: a sign-in name, or a group? Yours if nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Is the owner a user or a group?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive_type: Option<DriveType>,
    /// In which row are the names of the columns?
    #[serde(default = "first_row")]
    pub header_row: u32,
    /// Which rows? All of them if there is no filter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Must all filters fit, or any?
    #[serde(default)]
    pub filter_type: Join,
    /// Which page?
    #[serde(default, skip_serializing_if = "page::is_first")]
    pub page: u32,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["fetch", "list", "show"], &["row"]).beside(BESIDE)],
    slots: &[("workbook", Slot::Thing(Sort::Workbook)), ("worksheet", Slot::Worksheet)],
    examples: &[
        "fetch the rows of the Laptops sheet in Asset Register.xlsx",
        "show me the rows in Asset Register.xlsx sheet Phones",
        "list all rows of sheet 2025 in Leavers Tracker.xlsx",
    ],
};

impl Action for WorkbookFetchRows {
    const ABOUT: About = About {
        id: "workbook_fetch_rows",
        title: "Show rows of a worksheet",
        area: Area::Workbooks,
        risk: Risk::Read,
        care: Care::Usual,
        may: &[],
        undone_by: &[],
        reads: &["Files.ReadWrite.All", "Sites.ReadWrite.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            workbook: "IT/Asset Register.xlsx".to_owned(),
            worksheet: Some("Laptops".to_owned()),
            owner: Some("tina.tech@contoso.com".to_owned()),
            drive_type: Some(DriveType::User),
            header_row: 1,
            filters: Vec::new(),
            filter_type: Join::And,
            page: 0,
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
        let rows = found.used.rows(self.header_row, &found.columns);
        let rows = filtered(rows, &found.columns, &self.filters, self.filter_type)?;
        // The columns are the sheet's own, and may be many: each row names its cells itself.
        let line = |row: crate::domain::sheet::Row| {
            let named = found.columns.iter().zip(row.cells);
            let told = named.filter(|(_, cell)| !cell.trim().is_empty());
            let cells = told.map(|(column, cell)| format!("{}: {cell}", column.name));
            vec![row.number.to_string(), cells.collect::<Vec<_>>().join(" · ")]
        };
        let rows: Vec<Vec<String>> = rows.into_iter().map(line).collect();
        Ok(Planned::Facts(page::table(Paged {
            action: Self::ABOUT.id,
            title: format!("{} · {}", found.book.name, found.worksheet),
            columns: &["row", "row_values"],
            rows,
            page: self.page,
            again: |page| Self { page, ..self.clone() },
        })))
    }
}
