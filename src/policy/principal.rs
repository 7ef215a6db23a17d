//! Whom the settings name: a person, or everybody in a group, of one directory or the other.

use anyhow::{Context, bail};
use uuid::Uuid;

use crate::domain::{
    ids::{GroupId, TenantId, Upn, UserId},
    users::User,
};

/// In front of a name in the settings: somebody of the tenant that a request is about, and not
/// of the operator's own.
pub const CUSTOMER: &str = "customer:";

/// Whose directories rules speak of.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// That of the people who ask and sign: the operator's own.
    pub people: &'a TenantId,
    /// That which requests are about.
    pub about: &'a TenantId,
}

impl<'a> Whose<'a> {
    /// The same directory for both.
    pub fn one(tenant: &'a TenantId) -> Self {
        Self { people: tenant, about: tenant }
    }
}

/// Somebody, or everybody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// By object id.
    User(UserId),
    /// By sign-in name, as this directory has it at the time.
    Upn(TenantId, Upn),
    /// Members of a group, direct or through others.
    Group(GroupId),
}

impl Principal {
    /// Does it name this user himself?
    pub fn names(&self, user: &User) -> bool {
        match self {
            Self::User(id) => *id == user.id,
            Self::Upn(tenant, upn) => tenant == user.id.tenant() && *upn == user.upn,
            Self::Group(_) => false,
        }
    }

    /// From a setting: a sign-in name, an object id, or `group:<object id>`; with
    /// [`CUSTOMER`] in front, of the tenant it is about.
    pub fn read_of(said: &str, whose: Whose<'_>) -> anyhow::Result<Self> {
        match said.strip_prefix(CUSTOMER) {
            Some(said) => Self::read(said, whose.about),
            None => Self::read(said, whose.people),
        }
    }

    /// The same in one directory.
    pub fn read(said: &str, tenant: &TenantId) -> anyhow::Result<Self> {
        if let Some(id) = said.strip_prefix("group:") {
            let guid = Uuid::parse_str(id.trim())
                .with_context(|| format!("`{said}`: after group: comes the group's object id"))?;
            return Ok(Self::Group(tenant.object(guid)));
        }
        if let Ok(guid) = Uuid::parse_str(said.trim()) {
            return Ok(Self::User(tenant.object(guid)));
        }
        match said.parse::<Upn>() {
            Ok(upn) => Ok(Self::Upn(tenant.clone(), upn)),
            Err(_) => {
                bail!("`{said}` is neither a sign-in name, nor an object id, nor group:<object id>")
            }
        }
    }
}
