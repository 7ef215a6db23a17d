//! Give somebody a licence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        licences::{remove_license::RemoveLicense, set_licenses},
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
        users::{Dossier, Facet, Sku},
    },
    ports::world::World,
};

/// Assign a licence.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignLicense {
    /// Who gets the licence?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which licence? Its part number, such as `SPE_E3`, or `ALL`.
    #[schemars(extend("x-pick" = "licence"))]
    pub license: String,
}

/// Every licence there is.
const ALL: &str = "ALL";

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["give", "join", "want", "set", "noun", "move"], &["licence"])],
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
        undone_by: &["remove_license", "set_licenses"],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), license: "POWER_BI_PRO".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = look::dossier(look, asked, &self.user, &[Facet::Licences]).await?;
        let user = &found.user;
        let skus = if self.license.eq_ignore_ascii_case(ALL) {
            missing(look.skus(&asked.tenant).await?, &found)?
        } else {
            vec![look::sku(look, asked, &self.license).await?]
        };
        let held = |sku: &Sku| found.licences.iter().find(|licence| licence.sku == sku.id);
        for sku in &skus {
            if held(sku).is_some_and(|licence| licence.direct) {
                let what = format!("{} has {} already", user.name, sku.name);
                return Err(Reason::AlreadySo { what }.into());
            }
        }
        if user.usage_location.is_none() {
            // "License assignment cannot be done for user with invalid usage location." (assignLicense).
            return Err(Reason::NotPossible {
                what: format!("{} has no usage location, and Microsoft assigns no licence without one; set it first", user.name),
            }
            .into());
        }
        for sku in &skus {
            if sku.free() == 0 && held(sku).is_none() {
                return Err(Reason::NoSeats {
                    licence: sku.name.clone(),
                    used: sku.used,
                    seats: sku.seats,
                }
                .into());
            }
        }
        let names: Vec<&str> = skus.iter().map(|sku| sku.name.as_str()).collect();
        let grant = |sku: &Sku| LicenceGrant { sku: sku.id.clone(), disabled_plans: Vec::new() };
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            LicenceChange::SetLicences {
                user: user.id.clone().into(),
                add: skus.iter().map(grant).collect(),
                remove: Vec::new(),
            },
            &[("user", &user.name), ("add", &names.join(", ")), ("remove", "")],
            names.iter().map(|name| Value::new("licence", "=not_assigned", *name)).collect(),
        );
        for sku in &skus {
            let free = sku.free().saturating_sub(1).to_string();
            let seats = sku.seats.to_string();
            let fields = [("licence", sku.name.as_str()), ("free", &free), ("seats", &seats)];
            draft.notes.push(Note::new("seats_left", &fields));
            if held(sku).is_some() {
                let fields = [("user", user.name.as_str()), ("licence", &sku.name)];
                draft.notes.push(Note::new("licence_inherited", &fields));
            }
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let mut changed = done.iter().filter(|(_, run)| run.state == StepState::Done);
        if self.license.eq_ignore_ascii_case(ALL) {
            return changed.filter_map(|(step, run)| set_licenses::back(step, run)).collect();
        }
        let back = RemoveLicense { user: self.user.clone(), license: self.license.clone() };
        if changed.next().is_some() { vec![propose(&back)] } else { Vec::new() }
    }
}

/// Every licence of the tenant that they do not have and that has a free seat.
fn missing(skus: Vec<Sku>, found: &Dossier) -> Result<Vec<Sku>, Reason> {
    let lacks = |sku: &Sku| found.licences.iter().all(|licence| licence.sku != sku.id);
    let left: Vec<Sku> = skus.into_iter().filter(|sku| lacks(sku) && sku.free() > 0).collect();
    if left.is_empty() {
        let what = format!("{} has every licence that has a free seat", found.user.name);
        return Err(Reason::AlreadySo { what });
    }
    Ok(left)
}
