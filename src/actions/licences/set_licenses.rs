//! Give and take licences in one call, so that a swap needs no spare seat and no mailbox
//! is lost in between.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
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

/// Give and take licences.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLicenses {
    /// Whose?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// To give?
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "named")]
    #[schemars(with = "Vec<String>", extend("x-pick" = "licence"))]
    pub add: Vec<String>,
    /// Which services are left off in them? By name (`Microsoft Teams`, `TEAMS1`), or of one
    /// licence alone (`SPE_E3: Microsoft Teams`); `NONE` switches all on. What is off stays
    /// off if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_off: Vec<String>,
    /// To take? Part numbers, or `ALL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "licence"))]
    pub remove: Vec<String>,
}

/// Plans of an earlier version said `{ "license": … }` for each.
fn named<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Name(String),
        Kept { license: String },
    }
    let said = Vec::<Said>::deserialize(from)?;
    Ok(said.into_iter().map(|(Said::Name(name) | Said::Kept { license: name })| name).collect())
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

/// Every licence that can be taken.
const ALL: &str = "ALL";
/// No service is left off.
const NONE: &str = "NONE";
/// A line of a card names this many services; it has room for some 500 characters.
const SERVICES_A_LINE: usize = 8;
/// A refusal names at most this many services.
const SERVICES_NAMED: usize = 12;

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
            add: vec!["SPE_E5".to_owned()],
            leave_off: Vec::new(),
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
        let mut skus = Vec::new();
        for said in &self.add {
            skus.push(look::sku(look, asked, said).await?);
        }
        let off = left_off(&skus, &self.leave_off)?;
        let own = |sku: &Sku| found.licences.iter().find(|own| own.sku == sku.id && own.direct);
        let wanted = skus.into_iter().zip(off).map(|(sku, off)| {
            let kept = || own(&sku).map(|own| own.disabled_plans.clone()).unwrap_or_default();
            let off = off.unwrap_or_else(kept);
            (sku, off)
        });
        let so = |(sku, off): &(Sku, Vec<Uuid>)| {
            own(sku).is_some_and(|own| {
                own.disabled_plans.len() == off.len()
                    && off.iter().all(|plan| own.disabled_plans.contains(plan))
            })
        };
        Ok(wanted.filter(|wanted| !so(wanted)).collect())
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

/// For each licence the services that are to be off, or `None` where nothing is said of it.
fn left_off(skus: &[Sku], said: &[String]) -> Result<Vec<Option<Vec<Uuid>>>, Reason> {
    let mut off: Vec<Option<Vec<Uuid>>> = vec![None; skus.len()];
    for said in said {
        let only = said.split_once(':').map(|(sku, service)| (sku.trim(), service.trim()));
        let (only, service) = match only {
            Some((sku, service)) if skus.iter().any(|own| look::is_sku(own, sku)) => {
                (Some(sku), service)
            }
            _ => (None, said.trim()),
        };
        let mut known = false;
        for (sku, off) in skus.iter().zip(&mut off) {
            if only.is_some_and(|only| !look::is_sku(sku, only)) {
                continue;
            }
            let meant: Vec<Uuid> =
                sku.services.iter().filter(|own| own.is(service)).map(|own| own.id).collect();
            if meant.is_empty() && service != NONE {
                continue;
            }
            known = true;
            let off = off.get_or_insert_default();
            off.extend(meant);
            off.sort();
            off.dedup();
        }
        if !known {
            return Err(no_service(skus, service));
        }
    }
    Ok(off)
}

fn no_service(skus: &[Sku], service: &str) -> Reason {
    let names: Vec<&str> = skus.iter().map(|sku| sku.name.as_str()).collect();
    let services = || skus.iter().flat_map(|sku| &sku.services);
    let some: Vec<&str> = services().take(SERVICES_NAMED).map(|own| own.name.as_str()).collect();
    let more = services().count().saturating_sub(some.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let why = format!(
        "there is no service `{service}` in {}; it has {}{more}",
        names.join(", "),
        some.join(", ")
    );
    Reason::WrongArgument { field: "leave_off".to_owned(), why }
}

/// What becomes of each service that is or was off, by name: a few in one line, so that no
/// card cuts one away.
fn services(sku: &Sku, was: &[Uuid], off: &[Uuid]) -> Vec<Value> {
    let lines = |of: &[Uuid], but: &dyn Fn(&Uuid) -> bool| -> Vec<String> {
        let chosen = of.iter().filter(|plan| but(plan));
        let mut names: Vec<String> = chosen.map(|plan| sku.service(*plan)).collect();
        names.sort();
        names.chunks(SERVICES_A_LINE).map(|few| few.join(", ")).collect()
    };
    let stay = lines(off, &|plan| was.contains(plan)).into_iter();
    let go = lines(off, &|plan| !was.contains(plan)).into_iter();
    let come = lines(was, &|plan| !off.contains(plan)).into_iter();
    let stay = stay.map(|names| Value::new("services_off", names.clone(), names));
    let go = go.map(|names| Value::new("services_off", "=none", names));
    let come = come.map(|names| Value::new("services_on", "=off", names));
    stay.chain(go).chain(come).collect()
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
        if own.is_none() {
            values.push(Value::new("licence", "=not_assigned", sku.name.clone()));
        }
        let was = own.map_or(&[][..], |own| &own.disabled_plans);
        values.extend(services(sku, was, off));
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
    let again: Vec<&Licence> = touched.filter_map(was).collect();
    let named = |own: &Licence, service: &str| format!("{}: {service}", own.sku.guid());
    let leave_off = again.iter().flat_map(|own| {
        let off = own.disabled_plans.iter().map(|plan| named(own, &plan.to_string()));
        let none = own.disabled_plans.is_empty().then(|| named(own, NONE));
        off.chain(none).collect::<Vec<_>>()
    });
    let away: Vec<String> = add
        .iter()
        .filter(|grant| was(&grant.sku).is_none())
        .map(|grant| grant.sku.guid().to_string())
        .collect();
    Some(propose(&SetLicenses {
        user: user.to_string(),
        leave_off: leave_off.collect(),
        add: again.iter().map(|own| own.sku.guid().to_string()).collect(),
        remove: away,
    }))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_earlier_version_kept_is_still_read() {
        let kept = json!({ "user": "john.doe@contoso.com", "add": [{ "license": "SPE_E5" }] });
        let now = json!({ "user": "john.doe@contoso.com", "add": ["SPE_E5"] });
        for arguments in [kept, now] {
            let read: SetLicenses = serde_json::from_value(arguments).unwrap();
            assert_eq!(read.add, ["SPE_E5"]);
        }
    }
}
