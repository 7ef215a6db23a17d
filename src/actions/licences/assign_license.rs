//! Give somebody a licence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        licences::remove_license::RemoveLicense,
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{LicenceChange, LicenceGrant, licences},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::Facet,
    },
    ports::world::World,
};

/// Assign a licence.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignLicense {
    /// Who gets the licence?
    pub user: String,
    /// Which licence? Its part number, such as `SPE_E3`.
    pub license: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["give", "join", "want", "set", "noun"], &["licence"])],
    slots: &[("user", Slot::Person), ("license", Slot::Licence)],
    examples: &[
        "assign Visio to megan.bowen@contoso.com",
        "give Megan Bowen a Visio licence",
        "Megan Bowen needs a Visio licence",
    ],
};

impl Action for AssignLicense {
    const ABOUT: About = About {
        id: "assign_license",
        title: "Assign a licence",
        area: Area::Licences,
        risk: Risk::Write,
        may: &[licences::SET_LICENCES],
        care: Care::Usual,
        undone_by: &["remove_license"],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), license: "POWER_BI_PRO".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = look::dossier(look, asked, &self.user, &[Facet::Licences]).await?;
        let sku = look::sku(look, asked, &self.license).await?;
        let user = &found.user;
        let held = found.licences.iter().find(|licence| licence.sku == sku.id);
        if held.is_some_and(|licence| licence.direct) {
            return Err(Reason::AlreadySo {
                what: format!("{} has {} already", user.name, sku.name),
            }
            .into());
        }
        if user.usage_location.is_none() {
            // "License assignment cannot be done for user with invalid usage location." (assignLicense).
            return Err(Reason::NotPossible {
                what: format!("{} has no usage location, and Microsoft assigns no licence without one; set it first", user.name),
            }
            .into());
        }
        if sku.free() == 0 && held.is_none() {
            return Err(
                Reason::NoSeats { licence: sku.name, used: sku.used, seats: sku.seats }.into()
            );
        }
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            LicenceChange::SetLicences {
                user: user.id.clone().into(),
                add: vec![LicenceGrant { sku: sku.id.clone(), disabled_plans: Vec::new() }],
                remove: Vec::new(),
            },
            &[("user", &user.name), ("add", &sku.name), ("remove", "")],
            vec![Value::new("licence", "=not_assigned", sku.name.clone())],
        );
        draft.notes.push(Note::new(
            "seats_left",
            &[
                ("licence", &sku.name),
                ("free", &sku.free().saturating_sub(1).to_string()),
                ("seats", &sku.seats.to_string()),
            ],
        ));
        if held.is_some() {
            draft.notes.push(Note::new(
                "licence_inherited",
                &[("user", &user.name), ("licence", &sku.name)],
            ));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().any(|(_, run)| run.state == StepState::Done);
        let back = RemoveLicense { user: self.user.clone(), license: self.license.clone() };
        if changed { vec![propose(&back)] } else { Vec::new() }
    }
}
