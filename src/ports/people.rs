//! Looks at people beyond what every plan needs: lists of them, single properties,
//! what they sign in with, the deleted. Cannot change anything.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::{
    change::Values,
    ids::{SkuId, TenantId, Upn, UserId},
    methods::{Method, PassRule},
    trouble::Result,
    users::PersonRef,
};

/// Which people a list shows. What is empty does not narrow it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeopleQuery {
    /// Exact values of properties, by Graph's names.
    pub equal: Vec<(&'static str, String)>,
    /// May sign in, or may not.
    pub enabled: Option<bool>,
    /// Guests, or members.
    pub guests: Option<bool>,
    /// Only those who report to this person.
    pub manager: Option<UserId>,
    /// Holders of this licence.
    pub licence: Option<SkuId>,
    /// Holders of any licence, or of none.
    pub licensed: Option<bool>,
    /// Words that names or mail addresses begin with.
    pub words: Option<String>,
    /// A filter of Graph, as typed.
    pub filter: Option<String>,
    /// A search of Graph, as typed: `"displayName:ada"`.
    pub search: Option<String>,
    /// An order of Graph, as typed: `displayName desc`.
    pub orderby: Option<String>,
    /// The properties to read.
    pub select: Vec<String>,
    /// Whether the manager is read too.
    pub with_manager: bool,
    /// How many a page holds, 1 to 999.
    pub top: u32,
    /// Where this page begins: what the page before gave.
    pub page: Option<String>,
}

/// One page of people.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People {
    /// The properties asked for, with `id`; the manager's name under `manager`.
    pub rows: Vec<Values>,
    /// How many there are in all, when Microsoft counted.
    pub total: Option<u64>,
    /// Where the next page begins; nothing when this is the last.
    pub next: Option<String>,
}

/// Somebody deleted who can still be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Who; the sign-in name is the one before the deletion.
    pub person: PersonRef,
    /// When.
    pub at: Option<Timestamp>,
    /// The employee id, by which accounts of one person are known.
    pub employee_id: Option<String>,
}

/// One licence of a person, with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLicence {
    /// Which.
    pub sku: SkuId,
    /// Microsoft's product name, or the part number.
    pub name: String,
    /// The part number; the SKU id when Microsoft did not say it.
    pub part_number: String,
    /// Names of the services in it, and whether each is on.
    pub services: Vec<(String, bool)>,
    /// Since when the assignment is as it is.
    pub since: Option<Timestamp>,
    /// What is wrong with the assignment: Graph's word, such as `CountViolation`.
    pub error: Option<String>,
}

/// Reads about people.
#[async_trait]
pub trait LooksAtPeople: Send + Sync {
    /// One page of a list.
    async fn people(&self, tenant: &TenantId, query: &PeopleQuery) -> Result<People>;

    /// Some properties of a user, by Graph's names. `None` when there is no such user.
    async fn properties(&self, user: &UserId, names: &[&str]) -> Result<Option<Values>>;

    /// What a user signs in with, the password included. `None` when there is no such user.
    async fn methods(&self, user: &UserId) -> Result<Option<Vec<Method>>>;

    /// The tenant's rule for Temporary Access Passes; `None` when the app may not read it.
    async fn pass_rule(&self, tenant: &TenantId) -> Result<Option<PassRule>>;

    /// Deleted users with this sign-in name, object id or display name, newest first.
    async fn deleted(&self, tenant: &TenantId, said: &str) -> Result<Vec<Deleted>>;

    /// A user's licences with their services. `None` when there is no such user.
    async fn held_licences(&self, user: &UserId) -> Result<Option<Vec<HeldLicence>>>;

    /// Whether this sign-in name is free.
    async fn is_free(&self, tenant: &TenantId, upn: &Upn) -> Result<bool>;
}
