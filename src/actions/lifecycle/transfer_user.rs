//! Somebody moves to another department: title, manager, office, groups and licences.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        groups::{add_to_group::AddToGroup, remove_from_group::RemoveFromGroup},
        licences::set_licenses::SetLicenses,
        lifecycle::{
            back,
            process::{Piece, Process},
        },
        look,
        users::{set_manager::SetManager, update_user::UpdateUser},
        wording::{Detail, Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{accounts, groups, licences},
        plan::{Draft, Note, Step},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
        users::{Dossier, Facet},
    },
    ports::world::World,
};

/// Move somebody to another department.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferUser {
    /// Who moves?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// To which department?
    pub department: String,
    /// New job title?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// New manager?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub manager: Option<String>,
    /// New office?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// Groups to join?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub add_groups: Vec<String>,
    /// Groups to leave?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub remove_groups: Vec<String>,
    /// Licences to get, by part number?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub add_licenses: Vec<String>,
    /// Licences to give back, by part number?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub remove_licenses: Vec<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["transfer"], &[]).beside(&[
        "field",
        "details",
        "manager_of",
        "reports_to",
    ])],
    slots: &[
        ("user", Slot::Person),
        ("department", Slot::Detail(Detail::NewDepartment)),
        ("job_title", Slot::Detail(Detail::JobTitle)),
        ("manager", Slot::Detail(Detail::Manager)),
        ("office_location", Slot::Detail(Detail::Office)),
    ],
    examples: &[
        "transfer John Doe to the Finance department",
        "please transfer john.doe@contoso.com to Finance as Senior Buyer",
        "John Doe will move from Sales to Finance. Please update his record.",
    ],
};

/// Groups and licences that one request changes, each way.
const EACH_MAX: usize = 40;

/// The stages of a move, in the order of the card. What is new comes before what goes, so
/// that nobody stands without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Profile,
    Manager,
    Join,
    Licences,
    Leave,
}

impl Action for TransferUser {
    const ABOUT: About = About {
        id: "transfer_user",
        title: "Move somebody to another department",
        area: Area::Lifecycle,
        risk: Risk::Write,
        care: Care::Usual,
        may: &[
            accounts::UPDATE_USER,
            accounts::SET_MANAGER,
            groups::ADD_MEMBER,
            groups::REMOVE_MEMBER,
            licences::SET_LICENCES,
        ],
        undone_by: &[
            "update_user",
            "set_manager",
            "add_to_group",
            "remove_from_group",
            "set_licenses",
        ],
        reads: &["LicenseAssignment.Read.All", "GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "john.doe@contoso.com".to_owned(),
            department: "Finance".to_owned(),
            manager: Some("fiona.ledger@contoso.com".to_owned()),
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        self.in_bounds()?;
        let facets = [Facet::Groups, Facet::Licences];
        let found = look::dossier(look, asked, &self.user, &facets).await?;
        let about = Draft::about(found.user.to_ref());
        let mut pieces = self.pieces(&found);
        pieces.extend(self.licences(look, asked, &found).await?);
        let mut process = Process::plan(look, asked, about, pieces, &[]).await?;
        if process.draft.steps.is_empty() {
            let what = format!("everything about {} is so already", found.user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        process.order(Stage::Leave, &[Stage::Join], &[Stage::Licences]);
        self.notes(&found, &mut process.draft);
        Ok(Planned::Changes(process.draft))
    }

    fn risk(&self) -> Risk {
        let takes = !self.remove_groups.is_empty() || !self.remove_licenses.is_empty();
        if takes { Risk::Destructive } else { Self::ABOUT.risk }
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        back::back(done)
    }
}

impl TransferUser {
    fn in_bounds(&self) -> Result<(), Reason> {
        let lists = [
            ("add_groups", &self.add_groups),
            ("remove_groups", &self.remove_groups),
            ("add_licenses", &self.add_licenses),
            ("remove_licenses", &self.remove_licenses),
        ];
        match lists.iter().find(|(_, list)| list.len() > EACH_MAX) {
            Some((field, _)) => {
                let why = format!("at most {EACH_MAX} of them");
                Err(Reason::WrongArgument { field: (*field).to_owned(), why })
            }
            None => Ok(()),
        }
    }

    fn pieces(&self, found: &Dossier) -> Vec<Piece<Stage>> {
        let user = found.user.id.to_string();
        let fields = [
            ("department", Some(&self.department)),
            ("jobTitle", self.job_title.as_ref()),
            ("officeLocation", self.office_location.as_ref()),
        ];
        let fields: Map<String, Json> = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Json::from(value?.as_str()))))
            .collect();
        let mut pieces =
            vec![Piece::vital(Stage::Profile, &UpdateUser { user: user.clone(), fields })];
        if let Some(manager) = &self.manager {
            let manager = SetManager { user: user.clone(), manager: manager.clone() };
            pieces.push(Piece::vital(Stage::Manager, &manager));
        }
        for group in &self.add_groups {
            let join = AddToGroup { user: user.clone(), group: group.clone(), until: None };
            pieces.push(Piece::vital(Stage::Join, &join).of("add_groups"));
        }
        for group in &self.remove_groups {
            let leave = RemoveFromGroup { user: user.clone(), group: group.clone() };
            pieces.push(Piece::vital(Stage::Leave, &leave).of("remove_groups"));
        }
        pieces
    }

    /// All of them in one call, so that a mailbox never stands without. What is not held need
    /// not be given back.
    async fn licences(
        &self,
        look: &dyn World,
        asked: &Asked,
        found: &Dossier,
    ) -> Result<Option<Piece<Stage>>> {
        let mut remove = Vec::new();
        for said in &self.remove_licenses {
            let sku = look::sku(look, asked, said).await?;
            if found.licences.iter().any(|own| own.sku == sku.id) {
                remove.push(said.clone());
            }
        }
        if self.add_licenses.is_empty() && remove.is_empty() {
            return Ok(None);
        }
        let set = SetLicenses {
            user: found.user.id.to_string(),
            add: self.add_licenses.clone(),
            leave_off: Vec::new(),
            remove,
        };
        Ok(Some(Piece::vital(Stage::Licences, &set)))
    }

    /// What follows by itself, and what stays.
    fn notes(&self, found: &Dossier, draft: &mut Draft) {
        let user = &found.user;
        let name = user.name.as_str();
        let moves = user.department.as_deref() != Some(self.department.as_str());
        if moves {
            draft.notes.push(Note::new("mover_dynamic_groups", &[("user", name)]));
        }
        let stays = found.groups.iter().filter(|group| look::takes_members(group).is_ok());
        let count = stays.count();
        if self.remove_groups.is_empty() && count > 0 {
            let fields = [("user", name), ("count", &count.to_string())];
            draft.notes.push(Note::new("mover_keeps_groups", &fields));
        }
    }
}
