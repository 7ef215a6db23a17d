//! Take a licence, or all of them, from somebody.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        licences::{assign_license::AssignLicense, set_licenses},
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{LicenceChange, licences},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Facet, Licence},
    },
    ports::world::World,
};

/// Remove a licence.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveLicense {
    /// Who loses the licence?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Which licence? Its part number, such as `SPE_E3`, or `ALL`.
    #[schemars(extend("x-pick" = "licence"))]
    pub license: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["take", "stop", "move"], &["licence", "all_licences"])],
    slots: &[("user", Slot::Person), ("license", Slot::LicenceHeld)],
    examples: &[
        "remove the Visio licence from megan.bowen@contoso.com",
        "take away all licences from Megan Bowen",
    ],
};

impl Action for RemoveLicense {
    const ABOUT: About = About {
        id: "remove_license",
        title: "Remove a licence",
        area: Area::Licences,
        risk: Risk::Destructive,
        may: &[licences::SET_LICENCES],
        care: Care::Usual,
        undone_by: &["assign_license", "set_licenses"],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), license: "ALL".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let found = look::dossier(look, asked, &self.user, &[Facet::Licences]).await?;
        let skus = look.skus(&asked.tenant).await?;
        let name_of = |licence: &Licence| {
            let known = skus.iter().find(|sku| sku.id == licence.sku);
            known.map_or_else(|| licence.sku.guid().to_string(), |sku| sku.name.clone())
        };
        let user = &found.user;
        let wanted: Vec<&Licence> = if self.license.eq_ignore_ascii_case("ALL") {
            found.licences.iter().collect()
        } else {
            let sku = look::sku(look, asked, &self.license).await?;
            let held: Vec<&Licence> =
                found.licences.iter().filter(|licence| licence.sku == sku.id).collect();
            if held.is_empty() {
                return Err(Reason::AlreadySo {
                    what: format!("{} does not have {}", user.name, sku.name),
                }
                .into());
            }
            held
        };
        let (direct, inherited): (Vec<&Licence>, Vec<&Licence>) =
            wanted.into_iter().partition(|licence| licence.direct);
        if direct.is_empty() {
            let what = match inherited.as_slice() {
                [] => {
                    return Err(Reason::AlreadySo {
                        what: format!("{} has no licences", user.name),
                    }
                    .into());
                }
                // "User license is inherited from a group membership and it cannot be removed directly" (assignLicense).
                [one, ..] => format!(
                    "{} comes to {} through a group; take {} out of the group instead",
                    name_of(one),
                    user.name,
                    user.name
                ),
            };
            return Err(Reason::NotPossible { what }.into());
        }
        let names = direct.iter().map(|licence| name_of(licence)).collect::<Vec<_>>();
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            LicenceChange::SetLicences {
                user: user.id.clone().into(),
                add: Vec::new(),
                remove: direct.iter().map(|licence| licence.sku.clone()).collect(),
            },
            &[("user", &user.name), ("add", ""), ("remove", &names.join(", "))],
            names.iter().map(|name| Value::new("licence", name.clone(), "=not_assigned")).collect(),
        );
        draft.notes.push(Note::new("licence_loss", &[("user", &user.name)]));
        for licence in inherited {
            draft.notes.push(Note::new(
                "licence_inherited",
                &[("user", &user.name), ("licence", &name_of(licence))],
            ));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let taken = done.iter().filter(|(_, run)| run.state == StepState::Done);
        let again = |(step, run): &(&Step, &StepRun)| {
            // What was off stays off: only `set_licenses` can say so.
            if set_licenses::some_off(run) {
                return set_licenses::back(step, run).into_iter().collect();
            }
            let names = step.values.iter().map(|value| value.before.clone());
            let give = |license| propose(&AssignLicense { user: self.user.clone(), license });
            names.map(give).collect::<Vec<_>>()
        };
        taken.flat_map(again).collect()
    }
}
