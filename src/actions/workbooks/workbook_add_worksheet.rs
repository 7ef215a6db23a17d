//! Add a worksheet to a workbook.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BESIDE, limit,
    place::{DriveType, Said, book},
};
use crate::{
    actions::{
        About, Action, Asked, Planned,
        wording::{Frame, Slot, Sort, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{WorkbookChange, workbooks::ADD_WORKSHEET},
        plan::{Draft, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Add a worksheet to a workbook.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkbookAddWorksheet {
    /// Which workbook, by its file name?
    pub workbook: String,
    /// What is the worksheet called?
    pub worksheet: String,
    /// In whose drive: a sign-in name, or a group? Yours if nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Is the owner a user or a group?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive_type: Option<DriveType>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["create", "noun", "join", "give"], &["worksheet"]).beside(BESIDE)],
    slots: &[("workbook", Slot::Thing(Sort::Workbook)), ("worksheet", Slot::NewSheet)],
    examples: &[
        "add a worksheet named Tablets to the Asset Register workbook",
        "add a new sheet called Tablets to Asset Register.xlsx",
        "create a worksheet \"Tablets\" in Asset Register.xlsx",
    ],
};

/// The longest name (support.microsoft.com, "Rename a worksheet").
const NAME_MAX: usize = 31;

fn name_fits(name: &str) -> bool {
    (1..=NAME_MAX).contains(&name.chars().count())
        && !name.contains(['\\', '/', '?', '*', '[', ']', ':'])
        && !name.starts_with('\'')
        && !name.ends_with('\'')
}

impl Action for WorkbookAddWorksheet {
    const ABOUT: About = About {
        id: "workbook_add_worksheet",
        title: "Add a worksheet",
        area: Area::Workbooks,
        risk: Risk::Write,
        care: Care::Usual,
        may: &[ADD_WORKSHEET],
        undone_by: &[],
        reads: &["Files.ReadWrite.All", "Sites.ReadWrite.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            workbook: "IT/Asset Register.xlsx".to_owned(),
            worksheet: "Tablets".to_owned(),
            owner: Some("tina.tech@contoso.com".to_owned()),
            drive_type: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let name = self.worksheet.trim();
        if !name_fits(name) {
            return Err(Reason::WrongArgument {
                field: "worksheet".to_owned(),
                why: format!(
                    "Excel takes names of 1 to {NAME_MAX} characters, without \\ / ? * [ ] :"
                ),
            }
            .into());
        }
        let said = Said {
            workbook: &self.workbook,
            worksheet: None,
            owner: self.owner.as_deref(),
            drive_type: self.drive_type,
        };
        let found = book(look, asked, said).await?;
        let all = look.worksheets(&asked.tenant, &found.id).await?;
        if all.iter().any(|sheet| sheet.to_lowercase() == name.to_lowercase()) {
            let what = format!("{} has a worksheet called {name} already", found.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        let mut draft = Draft::of(&*found.name);
        draft.notes.push(limit(&found.name));
        let change = WorkbookChange::AddWorksheet {
            tenant: asked.tenant.clone(),
            book: found.id,
            name: name.to_owned(),
        };
        draft
            .step(
                change,
                &[("workbook", &found.name), ("worksheet", name)],
                vec![Value::new("worksheets", all.len().to_string(), (all.len() + 1).to_string())],
            )
            .cannot_be_undone("worksheet_stays");
        Ok(Planned::Changes(draft))
    }
}
