//! What the directory says about people, groups, licences and mailboxes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::ids::{GroupId, RoleId, SkuId, TenantId, Upn, UserId};

/// Somebody, by id, with what a person reads on a card.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonRef {
    /// The identity; all comparisons use this alone.
    pub id: UserId,
    /// The display name. Free text: never an identity.
    pub name: String,
    /// The sign-in name at the time of reading.
    pub upn: Upn,
}

/// A user of the directory, as Graph's `user` resource has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// `id`, with its tenant.
    pub id: UserId,
    /// `userPrincipalName`.
    pub upn: Upn,
    /// `displayName`.
    pub name: String,
    /// `givenName`.
    pub given_name: Option<String>,
    /// `surname`.
    pub surname: Option<String>,
    /// `mail`.
    pub mail: Option<String>,
    /// `jobTitle`.
    pub job_title: Option<String>,
    /// `department`.
    pub department: Option<String>,
    /// `officeLocation`.
    pub office: Option<String>,
    /// `employeeId`: two accounts with the same one are one person.
    pub employee_id: Option<String>,
    /// `accountEnabled`.
    pub enabled: bool,
    /// `userType` is `Guest`.
    pub guest: bool,
    /// `onPremisesSyncEnabled`: mastered in Active Directory, most writes are refused here.
    pub synced: bool,
    /// `usageLocation`, two letters; licences need it.
    pub usage_location: Option<String>,
    /// The manager, when the reading asked for it.
    pub manager: Option<PersonRef>,
    /// `lastPasswordChangeDateTime`: moves when a password is set.
    pub password_changed_at: Option<Timestamp>,
    /// `signInSessionsValidFromDateTime`: moves when sessions are revoked.
    pub sessions_valid_from: Option<Timestamp>,
}

impl User {
    /// The short form for cards and plans.
    pub fn to_ref(&self) -> PersonRef {
        PersonRef { id: self.id.clone(), name: self.name.clone(), upn: self.upn.clone() }
    }

    /// What is known of an account that lies among the deleted: whose it was.
    pub fn deleted(person: &PersonRef, employee_id: Option<String>) -> Self {
        Self {
            id: person.id.clone(),
            upn: person.upn.clone(),
            name: person.name.clone(),
            given_name: None,
            surname: None,
            mail: None,
            job_title: None,
            department: None,
            office: None,
            employee_id,
            enabled: false,
            guest: false,
            synced: false,
            usage_location: None,
            manager: None,
            password_changed_at: None,
            sessions_valid_from: None,
        }
    }
}

/// What sort of group it is, which decides who can change its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupSort {
    /// `securityEnabled` and not `mailEnabled`.
    Security,
    /// `groupTypes` holds `Unified`.
    Microsoft365,
    /// `mailEnabled`, neither `Unified` nor `securityEnabled`: members only through Exchange.
    Distribution,
    /// `mailEnabled` and `securityEnabled`, not `Unified`: members only through Exchange.
    MailEnabledSecurity,
}

/// A group of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in Graph")]
pub struct Group {
    /// `id`, with its tenant.
    pub id: GroupId,
    /// `displayName`. Not unique.
    pub name: String,
    /// `mail`.
    pub mail: Option<String>,
    /// Its sort.
    pub sort: GroupSort,
    /// It has a `membershipRule`: nobody adds members by hand.
    pub dynamic: bool,
    /// Mastered in Active Directory.
    pub synced: bool,
    /// `isAssignableToRole`: membership can make somebody an administrator.
    pub role_assignable: bool,
    /// It hands out licences (`assignedLicenses` is not empty).
    pub licensed: bool,
}

/// A licence the tenant subscribes to (`subscribedSku`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sku {
    /// `skuId`, with its tenant.
    pub id: SkuId,
    /// `skuPartNumber`, such as `SPE_E3`.
    pub part_number: String,
    /// Microsoft's product name, such as "Microsoft 365 E3"; the part number when unknown.
    pub name: String,
    /// `prepaidUnits.enabled` plus `warning`, when `capabilityStatus` lets seats be used; else 0.
    pub seats: u32,
    /// `consumedUnits`.
    pub used: u32,
    /// The services inside that can be switched off for a user (`servicePlans`).
    #[serde(default)]
    pub services: Vec<Service>,
}

/// One service inside a licence (`servicePlanInfo`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// `servicePlanId`; the same in every tenant.
    pub id: Uuid,
    /// `servicePlanName`, such as `TEAMS1`.
    pub plan: String,
    /// Microsoft's name for it, such as "Microsoft Teams"; the plan when unknown.
    pub name: String,
}

impl Service {
    /// Whether this says it: its id, its plan or its name, in any case of letters.
    pub fn is(&self, said: &str) -> bool {
        self.plan.eq_ignore_ascii_case(said)
            || self.name.to_lowercase() == said.to_lowercase()
            || said.parse() == Ok(self.id)
    }
}

impl Sku {
    /// What people call the service plan with this id; the id when the licence has none such.
    pub fn service(&self, id: Uuid) -> String {
        let own = self.services.iter().find(|service| service.id == id);
        own.map_or_else(|| id.to_string(), |service| service.name.clone())
    }

    /// Seats that can still be given out.
    pub fn free(&self) -> u32 {
        self.seats.saturating_sub(self.used)
    }
}

/// A licence a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Which.
    pub sku: SkuId,
    /// Service plans switched off in it.
    pub disabled_plans: Vec<Uuid>,
    /// Assigned to the user himself.
    pub direct: bool,
    /// Groups it comes from; those cannot be removed here.
    pub inherited_from: Vec<GroupId>,
}

/// Automatic replies of a mailbox (`automaticRepliesSetting`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomaticReplies {
    /// Whether and when they are sent.
    pub status: RepliesStatus,
    /// Who outside gets one.
    pub audience: RepliesAudience,
    /// What colleagues get. HTML or text, as stored.
    pub internal: String,
    /// What others get.
    pub external: String,
}

/// Whether and when automatic replies are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum RepliesStatus {
    /// Not at all.
    Off,
    /// Until somebody switches them off.
    Always,
    /// Between two instants.
    Between {
        /// First instant.
        start: Timestamp,
        /// Last instant.
        end: Timestamp,
    },
}

/// Who outside the organisation gets an automatic reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RepliesAudience {
    /// Nobody outside.
    Nobody,
    /// Only contacts.
    Contacts,
    /// Everybody.
    Everybody,
}

/// A directory role somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The role's template id, with its tenant.
    pub id: RoleId,
    /// Its name, such as "Global Administrator".
    pub name: String,
    /// It can take over the tenant or reset others: everything except the readers
    /// named in Microsoft's table "Who can perform sensitive actions".
    pub privileged: bool,
}

/// A part of what can be read about a user, in one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Groups the user is a direct member of.
    Groups,
    /// Licences held and where from.
    Licences,
    /// Directory roles, direct and through groups.
    Roles,
    /// Automatic replies of the mailbox.
    Replies,
}

/// What one reading found about a user. A facet that was not asked for is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// The user.
    pub user: User,
    /// [`Facet::Groups`].
    pub groups: Vec<Group>,
    /// [`Facet::Licences`].
    pub licences: Vec<Licence>,
    /// [`Facet::Roles`].
    pub roles: Vec<Role>,
    /// [`Facet::Replies`]; `None` when there is no mailbox, or it was not asked for.
    pub replies: Option<AutomaticReplies>,
}

/// How a user is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By object id.
    Id(UserId),
    /// By sign-in name, in a tenant.
    Upn(TenantId, Upn),
}

impl Who {
    /// In which directory.
    pub fn tenant(&self) -> &TenantId {
        match self {
            Self::Id(id) => id.tenant(),
            Self::Upn(tenant, _) => tenant,
        }
    }
}
