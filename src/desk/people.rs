//! Names people are called by: an index of the directory, read at the start and
//! now and then, swapped without a pause.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    domain::{
        ids::{TenantId, UserId},
        trouble::Result,
        users::{Group, Sku, User},
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
