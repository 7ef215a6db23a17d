//! Names people are called by: an index of the directory, read at the start and
//! now and then, swapped without a pause.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    actions::{self, wording::Slot},
    domain::{
        ids::{TenantId, UserId},
        proposal::{Open, Understood},
        trouble::{Ask, CHOICES_MAX, Choice, Result},
        users::{Facet, Group, Sku, User},
    },
    interpret::{Extras, Index},
    ports::directory::Directory,
};

/// The index is made of at most this many users, and as many groups.
pub const ENTRIES_MAX: usize = 200_000;

/// One reading of the directory.
#[derive(Debug, Default)]
pub struct Names {
    /// For the interpreter.
    pub index: Index,
    /// Address → the one enabled user who has it as sign-in name or mail; `None` when several do.
    addresses: HashMap<String, Option<UserId>>,
}

impl Names {
    /// From what the directory holds.
    pub fn of(users: &[User], groups: &[Group], skus: &[Sku]) -> Self {
        let mut addresses: HashMap<String, Option<UserId>> = HashMap::new();
        for user in users.iter().filter(|user| user.enabled && !user.guest) {
            let mail = user.mail.as_deref().map(str::to_ascii_lowercase);
            let own = [Some(user.upn.to_string()), mail];
            for address in own.into_iter().flatten() {
                addresses
                    .entry(address)
                    .and_modify(|known| *known = known.take().filter(|id| *id == user.id))
                    .or_insert_with(|| Some(user.id.clone()));
            }
        }
        Self { index: Index::build(users, groups, skus, &Extras::default()), addresses }
    }

    /// Nobody was read yet.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The one enabled member with this address, compared without case.
    pub fn one_with_address(&self, address: &str) -> Option<UserId> {
        self.addresses.get(&address.to_ascii_lowercase()).cloned().flatten()
    }
}

/// The current reading.
#[derive(Debug, Default)]
pub struct People(RwLock<Arc<Names>>);

impl People {
    /// As it is now.
    pub fn names(&self) -> Arc<Names> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
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
    pub async fn refresh(&self, directory: &dyn Directory, tenant: &TenantId) -> Result<()> {
        let users = directory.everyone(tenant, ENTRIES_MAX);
        let groups = directory.every_group(tenant, ENTRIES_MAX);
        let (users, groups, skus) = futures::join!(users, groups, directory.skus(tenant));
        let names = Arc::new(Names::of(&users?, &groups?, &skus?));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = names;
        Ok(())
    }
}

/// Whose licences answer this question, if they do.
fn held_by(open: &Open, names: &Names) -> Option<UserId> {
    let entry = actions::entry(&open.proposal.action)?;
    let held = (open.argument.as_str(), Slot::LicenceHeld);
    if !entry.about.wording.slots.contains(&held) {
        return None;
    }
    let upn = open.proposal.arguments.get("user")?.as_str()?;
    names.index.person(upn).map(|person| person.who.id.clone())
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
