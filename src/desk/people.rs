//! Names people are called by: an index of the directory, read at the start and
//! now and then, swapped without a pause.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{
    actions::{
        self,
        wording::{Slot, Sort},
    },
    desk::things,
    domain::{
        area::Area,
        ids::{TenantId, UserId},
        proposal::{Open, Understood},
        trouble::{Ask, CHOICES_MAX, Choice, Result},
        users::{Facet, Group, Sku, User},
    },
    interpret::{Extras, Index, index::Named},
    ports::{directory::Directory, world::World},
};

/// The index is made of at most this many users, and as many groups.
pub const ENTRIES_MAX: usize = 200_000;

/// Names of so many app registrations are kept.
const APPS_MAX: usize = 5_000;

/// One reading of the directory.
#[derive(Debug, Default)]
pub struct Names {
    /// For the interpreter.
    pub index: Index,
}

impl Names {
    /// From what the directory holds, and what else is called by a name.
    pub fn of(users: &[User], groups: &[Group], skus: &[Sku], extras: &Extras) -> Self {
        Self { index: Index::build(users, groups, skus, extras) }
    }

    /// Nobody was read yet.
    pub fn is_empty(&self) -> bool {
        self.index.people_len() == 0
    }

    /// The one enabled member with this address, compared without case.
    pub fn one_with_address(&self, address: &str) -> Option<UserId> {
        self.index.one_member(address).cloned()
    }
}

/// The current reading.
#[derive(Debug, Default)]
pub struct People {
    names: RwLock<Arc<Names>>,
    /// The permission groups whose things are read beside people, groups and licences.
    areas: Vec<Area>,
}

impl People {
    /// Nobody was read yet; of these permission groups it will know the names, too.
    pub fn knowing(areas: Vec<Area>) -> Self {
        Self { areas, ..Self::default() }
    }

    /// As it is now.
    pub fn names(&self) -> Arc<Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers by one look what the index cannot know: which licence somebody holds, when
    /// one that is held is to be removed and the words leave it open. The index keeps no
    /// held licences, because they would be stale by the next purchase, and a removal is
    /// rare enough for a look of its own. What cannot be looked up stays a question.
    pub async fn settle(
        &self,
        directory: &dyn Directory,
        mut understood: Understood,
    ) -> Understood {
        let names = self.names();
        for mut open in std::mem::take(&mut understood.questions) {
            let choices = match held_by(&open, &names) {
                Some(user) => held(directory, &names, &user).await,
                None => None,
            };
            let asked = &mut open.question.choices;
            let left: Vec<Choice> = choices
                .unwrap_or_default()
                .into_iter()
                .filter(|held| asked.is_empty() || asked.iter().any(|one| one.value == held.value))
                .collect();
            match left.as_slice() {
                [] => understood.questions.push(open),
                [one] => {
                    let value = one.value.clone().into();
                    open.proposal.arguments.insert(open.argument, value);
                    understood.proposals.push(open.proposal);
                }
                _ => {
                    *asked = left;
                    open.question.ask = Ask::WhichLicence;
                    understood.questions.push(open);
                }
            }
        }
        understood
    }

    /// Reads the directory and swaps.
    pub async fn refresh(&self, look: &dyn World, tenant: &TenantId) -> Result<()> {
        let users = look.everyone(tenant, ENTRIES_MAX);
        let groups = look.every_group(tenant, ENTRIES_MAX);
        let things = things(look, tenant, &self.areas);
        let (users, groups, skus, things) =
            futures::join!(users, groups, look.skus(tenant), things);
        let extras = Extras { things, ..Extras::default() };
        let names = Arc::new(Names::of(&users?, &groups?, &skus?, &extras));
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = names;
        Ok(())
    }
}

/// What is called by a name and is nobody, no group and no licence. What cannot be read is
/// left out: nobody is kept waiting for it, and asking for it says why.
async fn things(look: &dyn World, tenant: &TenantId, areas: &[Area]) -> Vec<Named> {
    let named = |sort: Sort, name: String| Named {
        sort,
        value: name.clone(),
        name,
        owner: None,
        form: None,
    };
    let mut known = Vec::new();
    if areas.contains(&Area::ConditionalAccess) {
        let policies = look.ca_policies(tenant).await.unwrap_or_default();
        known.extend(policies.into_iter().map(|policy| named(Sort::Policy, policy.name)));
    }
    if areas.contains(&Area::Apps) {
        let apps = look.apps(tenant, APPS_MAX).await.unwrap_or_default();
        known.extend(apps.into_iter().map(|app| named(Sort::App, app.name)));
    }
    if areas.contains(&Area::Devices) {
        known.extend(things::read(look, tenant).await);
    }
    known
}

/// Whose licences answer this question, if they do.
fn held_by(open: &Open, names: &Names) -> Option<UserId> {
    let entry = actions::entry(&open.proposal.action)?;
    let held = (open.argument.as_str(), Slot::LicenceHeld);
    if !entry.about.wording.slots.contains(&held) {
        return None;
    }
    let upn = open.proposal.arguments.get("user")?.as_str()?;
    names.index.person(upn).map(|person| person.id.clone())
}

async fn held(directory: &dyn Directory, names: &Names, user: &UserId) -> Option<Vec<Choice>> {
    let found = directory.dossier(user, &[Facet::Licences]).await.ok()??;
    let choice = |sku: &Sku| Choice {
        value: sku.part_number.clone(),
        label: sku.name.clone(),
        detail: sku.part_number.clone(),
    };
    let known = found.licences.iter().filter_map(|licence| names.index.licence(&licence.sku));
    Some(known.map(choice).take(CHOICES_MAX).collect())
}
