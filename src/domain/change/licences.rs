//! Changes of licences.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Repeat, Sight},
    ids::{SkuId, TenantId, UserId},
};

/// A licence to give, with the service plans to leave off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceGrant {
    /// Which.
    pub sku: SkuId,
    /// Service plans to switch off; assigning again replaces the list.
    pub disabled_plans: Vec<Uuid>,
}

/// A change of licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum LicenceChange {
    /// Licences given and taken in one call, so that a swap needs no spare seat.
    SetLicences {
        /// Whose.
        user: Ref<UserId>,
        /// To give.
        add: Vec<LicenceGrant>,
        /// To take.
        remove: Vec<SkuId>,
    },
}

/// [`LicenceChange::SetLicences`].
pub const SET_LICENCES: Kind = Kind::of("set_licences", &[&["LicenseAssignment.ReadWrite.All"]])
    .repeated(Repeat::ReadFirst)
    .seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[SET_LICENCES];

impl Effect for LicenceChange {
    fn kind(&self) -> Kind {
        SET_LICENCES
    }

    fn object(&self) -> Object<'_> {
        let Self::SetLicences { user, .. } = self;
        Object::User(user)
    }

    fn others(&self) -> Vec<&TenantId> {
        let Self::SetLicences { add, remove, .. } = self;
        add.iter().map(|grant| &grant.sku).chain(remove).map(SkuId::tenant).collect()
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        let (Self::SetLicences { add, remove, .. }, Sight::Licences { held }) = (self, seen) else {
            return false;
        };
        let direct = |sku: &SkuId| held.iter().find(|l| l.sku == *sku && l.direct);
        add.iter().all(|grant| {
            direct(&grant.sku).is_some_and(|l| same_set(&l.disabled_plans, &grant.disabled_plans))
        }) && remove.iter().all(|sku| direct(sku).is_none())
    }
}

fn same_set(a: &[Uuid], b: &[Uuid]) -> bool {
    a.iter().all(|x| b.contains(x)) && b.iter().all(|x| a.contains(x))
}
