//! Give and take licences in one call, so that a swap needs no spare seat and no mailbox
//! is lost in between.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, LicenceChange, LicenceGrant, Sight, licences},
        ids::SkuId,
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Dossier, Facet, Licence, Sku},
    },
    ports::world::World,
};

/// A licence to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Give {
    /// Which? Its part number, such as `SPE_E3`.
    pub license: String,
    /// Service plans to leave off, by id. What is off already stays off if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>")]
    pub disabled_plans: Option<Vec<Uuid>>,
}

/// Give and take licences.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLicenses {
    /// Whose?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// To give?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Give>,
    /// To take? Part numbers, or `ALL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub remove: Vec<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["move"], &["licence"])],
    slots: &[("user", Slot::Person)],
    examples: &[
        "swap the licence of john.doe@contoso.com",
        "move John Doe's licence",
        "switch John Doe's licence please",
    ],
};

/// `ALL`, as SCHEMA says it.
const ALL: &str = "ALL";

impl Action for SetLicenses {
    const ABOUT: About = About {
        id: "set_licenses",
        title: "Give and take licences",
        area: Area::Licences,
        risk: Risk::Destructive,
        care: Care::Usual,
        undone_by: &["set_licenses"],
        may: &[licences::SET_LICENCES],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            user: "john.doe@contoso.com".to_owned(),
            add: vec![Give { license: "SPE_E5".to_owned(), disabled_plans: None }],
            remove: vec!["SPE_E3".to_owned()],
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.add.is_empty() && self.remove.is_empty() {
            let why = "say which licences to give or to take".to_owned();
            return Err(Reason::WrongArgument { field: "add".to_owned(), why }.into());
        }
        let found = look::dossier(look, asked, &self.user, &[Facet::Licences]).await?;
        let skus = look.skus(&asked.tenant).await?;
        let remove = self.taken(look, asked, &found).await?;
        let add = self.given(look, asked, &found).await?;
        if add.is_empty() && remove.is_empty() {
            let what = format!("{} has exactly these licences already", found.user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        seats(&found, &add)?;
        Ok(Planned::Changes(draft(&found, &skus, &add, &remove)))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let changed = done.iter().filter(|(_, run)| run.state == StepState::Done);
        changed.filter_map(|(step, run)| back(step, run)).collect()
    }
}

impl SetLicenses {
    /// What is to be given and is not held as asked.
    async fn given(
        &self,
        look: &dyn World,
        asked: &Asked,
        found: &Dossier,
    ) -> Result<Vec<(Sku, Vec<Uuid>)>> {
        let mut given = Vec::new();
        for give in &self.add {
            let sku = look::sku(look, asked, &give.license).await?;
            let own = found.licences.iter().find(|own| own.sku == sku.id && own.direct);
            let off = give
                .disabled_plans
                .clone()
                .unwrap_or_else(|| own.map_or_else(Vec::new, |own| own.disabled_plans.clone()));
            let so = own.is_some_and(|own| {
                own.disabled_plans.len() == off.len()
                    && off.iter().all(|plan| own.disabled_plans.contains(plan))
            });
            if !so {
                given.push((sku, off));
            }
        }
        Ok(given)
    }

    /// What is to be taken and is held directly.
    async fn taken(
        &self,
        look: &dyn World,
        asked: &Asked,
        found: &Dossier,
    ) -> Result<Vec<Licence>> {
        if self.remove.iter().any(|said| said.eq_ignore_ascii_case(ALL)) {
            let kept = |own: &&Licence| own.direct;
            return Ok(found.licences.iter().filter(kept).cloned().collect());
        }
        let mut taken = Vec::new();
        for said in &self.remove {
            let sku = look::sku(look, asked, said).await?;
            match found.licences.iter().find(|own| own.sku == sku.id) {
                Some(own) if own.direct => taken.push(own.clone()),
                Some(_) => {
                    // "User license is inherited from a group membership and it cannot be removed directly".
                    let what = format!(
                        "{} comes to {} through a group; take them out of the group instead",
                        sku.name, found.user.name
                    );
                    return Err(Reason::NotPossible { what }.into());
                }
                None => {
                    let what = format!("{} does not have {}", found.user.name, sku.name);
                    return Err(Reason::AlreadySo { what }.into());
                }
            }
        }
        Ok(taken)
    }
}

/// A usage location and a free seat for each that is new.
fn seats(found: &Dossier, add: &[(Sku, Vec<Uuid>)]) -> Result<(), Reason> {
    if add.is_empty() {
        return Ok(());
    }
    if found.user.usage_location.is_none() {
        // "License assignment cannot be done for user with invalid usage location." (assignLicense).
        return Err(Reason::NotPossible {
            what: format!(
                "{} has no usage location, and Microsoft assigns no licence without one; set it first",
                found.user.name
            ),
        });
    }
    for (sku, _) in add {
        let held = found.licences.iter().any(|own| own.sku == sku.id);
        if sku.free() == 0 && !held {
            let (licence, used, seats) = (sku.name.clone(), sku.used, sku.seats);
            return Err(Reason::NoSeats { licence, used, seats });
        }
    }
    Ok(())
}

fn draft(found: &Dossier, skus: &[Sku], add: &[(Sku, Vec<Uuid>)], remove: &[Licence]) -> Draft {
    let user = &found.user;
    let name_of = |sku: &SkuId| {
        let known = skus.iter().find(|known| known.id == *sku);
        known.map_or_else(|| sku.guid().to_string(), |known| known.name.clone())
    };
    let gone: Vec<String> = remove.iter().map(|licence| name_of(&licence.sku)).collect();
    let come: Vec<&str> = add.iter().map(|(sku, _)| sku.name.as_str()).collect();
    let mut values: Vec<Value> =
        gone.iter().map(|name| Value::new("licence", name.clone(), "=not_assigned")).collect();
    for (sku, off) in add {
        let own = found.licences.iter().find(|own| own.sku == sku.id && own.direct);
        values.push(match own {
            Some(own) => Value::new(
                "services_off",
                format!("{}: {}", sku.name, own.disabled_plans.len()),
                off.len().to_string(),
            ),
            None => Value::new("licence", "=not_assigned", sku.name.clone()),
        });
        if own.is_none() && !off.is_empty() {
            values.push(Value::new("services_off", "=none", off.len().to_string()));
        }
    }
    let mut draft = Draft::about(user.to_ref());
    draft.step(
        LicenceChange::SetLicences {
            user: user.id.clone().into(),
            add: add
                .iter()
                .map(|(sku, off)| LicenceGrant { sku: sku.id.clone(), disabled_plans: off.clone() })
                .collect(),
            remove: remove.iter().map(|licence| licence.sku.clone()).collect(),
        },
        &[("user", &user.name), ("add", &come.join(", ")), ("remove", &gone.join(", "))],
        values,
    );
    for (sku, _) in
        add.iter().filter(|(sku, _)| !found.licences.iter().any(|own| own.sku == sku.id))
    {
        draft.notes.push(Note::new(
            "seats_left",
            &[
                ("licence", &sku.name),
                ("free", &sku.free().saturating_sub(1).to_string()),
                ("seats", &sku.seats.to_string()),
            ],
        ));
    }
    if !remove.is_empty() {
        draft.notes.push(Note::new("licence_loss", &[("user", &user.name)]));
    }
    draft
}

/// The former state, exactly: what was given is taken, what was taken is given with the
/// services that were off.
pub(super) fn back(step: &Step, run: &StepRun) -> Option<Proposal> {
    let Change::Licence(LicenceChange::SetLicences { user, add, remove }) = &step.change else {
        return None;
    };
    let (user, Some(Sight::Licences { held })) = (user.known()?, run.before.as_ref()) else {
        return None;
    };
    let was = |sku: &SkuId| held.iter().find(|own| own.sku == *sku && own.direct);
    let touched = add.iter().map(|grant| &grant.sku).chain(remove);
    let again: Vec<Give> = touched
        .filter_map(|sku| {
            let own = was(sku)?;
            Some(Give {
                license: sku.guid().to_string(),
                disabled_plans: Some(own.disabled_plans.clone()),
            })
        })
        .collect();
    let away: Vec<String> = add
        .iter()
        .filter(|grant| was(&grant.sku).is_none())
        .map(|grant| grant.sku.guid().to_string())
        .collect();
    Some(propose(&SetLicenses { user: user.to_string(), add: again, remove: away }))
}

/// Whether services were switched off in what was held before.
pub(super) fn some_off(run: &StepRun) -> bool {
    match run.before.as_ref() {
        Some(Sight::Licences { held }) => {
            held.iter().any(|own| own.direct && !own.disabled_plans.is_empty())
        }
        _ => false,
    }
}
