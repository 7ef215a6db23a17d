//! The catalogue: everything Countersign knows how to do.
//!
//! - [`Action`]   one file each: what it asks, what it is called, what it may change, how people ask for it, how it is planned
//! - [`About`]    the definition that every reader projects: chat grammar, form, tool schema, docs, permissions, policy
//! - [`Entry`]    an action with its type forgotten, so that all of them fit in one list
//! - [`CATALOG`]  the list, in the order in which `help` shows it; [`BEYOND`] what is only understood
//! - [`forms`]    each action's form, made from its schema
//! - [`for_a_while`] what is given ends by itself
//! - [`local_time`] dates as the tenant's people mean them
//! - [`look`]     finding whom and what is meant; shared by the plans
//! - [`page`]     long results, page by page
//! - [`standing`] which of them a standing approval may cover, and what it asks
//! - [`wording`]  how people ask, as data for the interpreter
//! - folders      one per permission group ([`Area`]), one file per action id
//!
//! Not here: anything that changes a tenant. An action looks (through a port that
//! cannot change anything) and drafts.

pub mod apps;
pub mod compliance;
pub mod conditional_access;
pub mod devices;
pub mod domains;
pub mod for_a_while;
pub mod forms;
pub mod groups;
pub mod guests;
pub mod licences;
pub mod lifecycle;
pub mod local_time;
pub mod look;
pub mod mail_flow;
pub mod mailboxes;
pub mod page;
pub mod passwords_and_security;
pub mod raw_graph;
pub mod roles;
pub mod standing;
pub mod users;
pub mod wording;
pub mod workbooks;

use std::{future::Future, pin::Pin, sync::LazyLock};

use jiff::{Timestamp, tz::TimeZone};
use schemars::{JsonSchema, Schema};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    actions::wording::Wording,
    domain::{
        area::{Area, Care, Risk},
        change::Kind,
        graph_rules::Allowed,
        ids::{GroupId, TenantId, Upn, UserId},
        message::FactsView,
        plan::{Draft, Step},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
        users::PersonRef,
    },
    ports::world::World,
};

/// What every reader of an action knows about it.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The id, such as `reset_password`. The file is named like it.
    pub id: &'static str,
    /// What it is called in English, for the operator's terminal; cards read `action.<id>`.
    pub title: &'static str,
    /// The permission group: the folder it is in.
    pub area: Area,
    /// How much harm a mistake would do.
    pub risk: Risk,
    /// What it needs whatever policy says of its group.
    pub care: Care,
    /// The changes it may make; a plan with any other is refused.
    pub may: &'static [Kind],
    /// Ids of the actions that take it back; empty when there is no honest inverse. An
    /// inverse with any other is left out.
    pub undone_by: &'static [&'static str],
    /// Graph application permissions its looking needs, beyond reading users.
    pub reads: &'static [&'static str],
    /// How people ask for it.
    pub wording: Wording,
}

/// What an action is told besides its arguments.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose directory.
    pub tenant: TenantId,
    /// Who asks.
    pub requester: PersonRef,
    /// Who receives secrets, as policy names it.
    pub secrets_to: SecretsTo,
    /// The tenant's time zone, for dates without one.
    pub zone: TimeZone,
    /// Now.
    pub now: Timestamp,
    /// Emergency accounts that no Conditional Access policy may lock out.
    pub emergency: Vec<Listed>,
    /// Whose drives are searched for a workbook when nobody says whose it is in.
    pub drives: Vec<Listed>,
    /// Requests of Graph that the operator lists.
    pub graph_allowed: Vec<Allowed>,
    /// So many days before the directory says that somebody leaves, that is proposed; nothing
    /// where it never is.
    pub ends_proposed: Option<u16>,
}

/// Somebody or a group, as the operator lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// By object id.
    User(UserId),
    /// By sign-in name.
    Upn(Upn),
    /// A group.
    Group(GroupId),
}

/// Who receives a secret that an action makes, as policy names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretsTo {
    /// Whoever asked.
    Requester,
    /// The subject's manager.
    Manager,
    /// Always this person.
    Person(PersonRef),
}

/// What planning gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// Changes to be signed.
    Changes(Draft),
    /// What was looked up; nothing to sign.
    Facts(FactsView),
}

/// Something Countersign knows how to do. Its fields are its arguments: serde reads
/// them, schemars describes them (the doc comment is the question on a form).
pub trait Action: DeserializeOwned + Serialize + JsonSchema + Send + Sync {
    /// The definition.
    const ABOUT: About;

    /// Arguments as an example, which plan well against the simulated Contoso.
    fn sample() -> Self;

    /// Looks, and says what would change.
    fn plan(&self, look: &dyn World, asked: &Asked)
    -> impl Future<Output = Result<Planned>> + Send;

    /// How much harm a mistake would do with these arguments.
    fn risk(&self) -> Risk {
        Self::ABOUT.risk
    }

    /// What would undo these finished steps of it, as proposals; empty when there is
    /// no honest inverse.
    fn inverse(&self, _done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        Vec::new()
    }
}

type PlanFn = for<'a> fn(
    &'a Map<String, Value>,
    &'a dyn World,
    &'a Asked,
) -> Pin<Box<dyn Future<Output = Result<Planned>> + Send + 'a>>;

type RiskFn = fn(&Map<String, Value>) -> Risk;

type InverseFn = fn(&Map<String, Value>, &[(&Step, &StepRun)]) -> Vec<Proposal>;

/// An action with its type forgotten.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The definition.
    pub about: About,
    /// What its arguments look like.
    pub schema: fn() -> Schema,
    /// The arguments' names, in the order of its file.
    pub fields: fn() -> &'static [&'static str],
    /// Arguments as an example.
    pub sample: fn() -> Map<String, Value>,
    plan: PlanFn,
    risk: RiskFn,
    inverse: InverseFn,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.about.id)
    }
}

impl Entry {
    const fn of<A: Action>() -> Self {
        Self {
            about: A::ABOUT,
            schema: || schemars::schema_for!(A),
            fields: forms::fields_of::<A>,
            sample: || arguments(&A::sample()),
            plan: |given, look, asked| {
                Box::pin(async move { read::<A>(given)?.plan(look, asked).await })
            },
            risk: |given| read::<A>(given).map_or(A::ABOUT.risk, |action| action.risk()),
            inverse: |given, done| {
                read::<A>(given).map(|action| action.inverse(done)).unwrap_or_default()
            },
        }
    }

    /// Reads the arguments, looks, and says what would change. A change that was not
    /// declared is a defect and refused.
    pub async fn plan(
        &self,
        given: &Map<String, Value>,
        look: &dyn World,
        asked: &Asked,
    ) -> Result<Planned> {
        let planned = (self.plan)(given, look, asked).await?;
        if let Planned::Changes(draft) = &planned
            && let Some(wide) =
                draft.steps.iter().find(|step| !self.about.may.contains(&step.change.kind()))
        {
            return Err(Reason::NotPossible {
                what: format!(
                    "{} planned {}, which it does not declare",
                    self.about.id,
                    wide.change.kind().as_str()
                ),
            }
            .into());
        }
        Ok(planned)
    }

    /// How much harm a mistake would do with these arguments; of arguments that cannot be
    /// read, as much as ever.
    pub fn risk(&self, given: &Map<String, Value>) -> Risk {
        (self.risk)(given)
    }

    /// What would undo these finished steps.
    pub fn inverse(&self, given: &Map<String, Value>, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let mut back = (self.inverse)(given, done);
        back.retain(|proposal| self.about.undone_by.contains(&proposal.action.as_str()));
        back
    }
}

fn read<A: Action>(given: &Map<String, Value>) -> Result<A, Reason> {
    serde_json::from_value(Value::Object(given.clone())).map_err(|error| Reason::WrongArgument {
        field: A::ABOUT.id.to_owned(),
        why: error.to_string(),
    })
}

fn arguments(action: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(action) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// A proposal of an action, for an inverse.
fn propose<A: Action>(action: &A) -> Proposal {
    Proposal { action: A::ABOUT.id.to_owned(), arguments: arguments(action), because: Vec::new() }
}

/// Everything the bot can do, in the order in which `help` lists it.
pub static CATALOG: &[Entry] = &[
    // Users
    Entry::of::<users::get_user::GetUser>(),
    Entry::of::<users::disable_user::DisableUser>(),
    Entry::of::<users::enable_user::EnableUser>(),
    Entry::of::<users::list_users::ListUsers>(),
    Entry::of::<users::create_user::CreateUser>(),
    Entry::of::<users::update_user::UpdateUser>(),
    Entry::of::<users::set_manager::SetManager>(),
    Entry::of::<users::delete_user::DeleteUser>(),
    Entry::of::<users::restore_user::RestoreUser>(),
    // Passwords and security
    Entry::of::<passwords_and_security::reset_password::ResetPassword>(),
    Entry::of::<passwords_and_security::revoke_sessions::RevokeSessions>(),
    Entry::of::<passwords_and_security::force_password_change::ForcePasswordChange>(),
    Entry::of::<passwords_and_security::change_password::ChangePassword>(),
    Entry::of::<passwords_and_security::unlock_user::UnlockUser>(),
    Entry::of::<passwords_and_security::list_authentication_methods::ListAuthenticationMethods>(),
    Entry::of::<passwords_and_security::reset_mfa::ResetMfa>(),
    Entry::of::<passwords_and_security::issue_temporary_access_pass::IssueTemporaryAccessPass>(),
    // Licences
    Entry::of::<licences::assign_license::AssignLicense>(),
    Entry::of::<licences::remove_license::RemoveLicense>(),
    Entry::of::<licences::set_licenses::SetLicenses>(),
    Entry::of::<licences::list_licenses::ListLicenses>(),
    Entry::of::<licences::list_skus::ListSkus>(),
    // Groups
    Entry::of::<groups::add_to_group::AddToGroup>(),
    Entry::of::<groups::remove_from_group::RemoveFromGroup>(),
    Entry::of::<groups::add_group_members::AddGroupMembers>(),
    Entry::of::<groups::remove_group_members::RemoveGroupMembers>(),
    Entry::of::<groups::add_group_owner::AddGroupOwner>(),
    Entry::of::<groups::remove_group_owner::RemoveGroupOwner>(),
    Entry::of::<groups::create_group::CreateGroup>(),
    Entry::of::<groups::list_groups::ListGroups>(),
    Entry::of::<groups::get_group::GetGroup>(),
    Entry::of::<groups::list_group_members::ListGroupMembers>(),
    Entry::of::<groups::list_group_owners::ListGroupOwners>(),
    Entry::of::<groups::list_user_groups::ListUserGroups>(),
    // Guests
    Entry::of::<guests::invite_guest::InviteGuest>(),
    Entry::of::<guests::add_sponsor::AddSponsor>(),
    // Roles
    Entry::of::<roles::list_user_roles::ListUserRoles>(),
    Entry::of::<roles::assign_role::AssignRole>(),
    Entry::of::<roles::remove_role::RemoveRole>(),
    // Devices
    Entry::of::<devices::list_user_devices::ListUserDevices>(),
    Entry::of::<devices::list_managed_devices::ListManagedDevices>(),
    Entry::of::<devices::wipe_device::WipeDevice>(),
    Entry::of::<devices::retire_device::RetireDevice>(),
    Entry::of::<devices::delete_device::DeleteDevice>(),
    Entry::of::<devices::add_device_owner::AddDeviceOwner>(),
    // Mailboxes
    Entry::of::<mailboxes::set_out_of_office::SetOutOfOffice>(),
    Entry::of::<mailboxes::set_forwarding::SetForwarding>(),
    Entry::of::<mailboxes::remove_forwarding::RemoveForwarding>(),
    Entry::of::<mailboxes::convert_to_shared_mailbox::ConvertToSharedMailbox>(),
    Entry::of::<mailboxes::create_shared_mailbox::CreateSharedMailbox>(),
    Entry::of::<mailboxes::delete_shared_mailbox::DeleteSharedMailbox>(),
    Entry::of::<mailboxes::list_mailbox_permissions::ListMailboxPermissions>(),
    Entry::of::<mailboxes::add_mailbox_permission::AddMailboxPermission>(),
    Entry::of::<mailboxes::remove_mailbox_permission::RemoveMailboxPermission>(),
    Entry::of::<mailboxes::add_send_as::AddSendAs>(),
    Entry::of::<mailboxes::remove_send_as::RemoveSendAs>(),
    Entry::of::<mailboxes::hide_from_address_list::HideFromAddressList>(),
    Entry::of::<mailboxes::list_inbox_rules::ListInboxRules>(),
    Entry::of::<mailboxes::remove_inbox_rules::RemoveInboxRules>(),
    Entry::of::<mailboxes::cancel_meetings::CancelMeetings>(),
    Entry::of::<mailboxes::grant_onedrive_access::GrantOnedriveAccess>(),
    // Mail flow
    Entry::of::<mail_flow::list_recipients::ListRecipients>(),
    Entry::of::<mail_flow::list_transport_rules::ListTransportRules>(),
    Entry::of::<mail_flow::set_transport_rule::SetTransportRule>(),
    // Compliance
    Entry::of::<compliance::set_litigation_hold::SetLitigationHold>(),
    // Conditional Access
    Entry::of::<conditional_access::list_ca_policies::ListCaPolicies>(),
    Entry::of::<conditional_access::get_ca_policy::GetCaPolicy>(),
    Entry::of::<conditional_access::create_ca_policy::CreateCaPolicy>(),
    Entry::of::<conditional_access::update_ca_policy::UpdateCaPolicy>(),
    Entry::of::<conditional_access::delete_ca_policy::DeleteCaPolicy>(),
    // Apps
    Entry::of::<apps::list_apps::ListApps>(),
    Entry::of::<apps::list_service_principals::ListServicePrincipals>(),
    Entry::of::<apps::list_expiring_secrets::ListExpiringSecrets>(),
    Entry::of::<apps::list_oauth_grants::ListOauthGrants>(),
    Entry::of::<apps::prepare_consent::PrepareConsent>(),
    Entry::of::<apps::create_app::CreateApp>(),
    Entry::of::<apps::add_app_secret::AddAppSecret>(),
    // Domains
    Entry::of::<domains::list_domains::ListDomains>(),
    Entry::of::<domains::delete_domain::DeleteDomain>(),
    // Workbooks
    Entry::of::<workbooks::workbook_fetch_rows::WorkbookFetchRows>(),
    Entry::of::<workbooks::workbook_add_row::WorkbookAddRow>(),
    Entry::of::<workbooks::workbook_update_row::WorkbookUpdateRow>(),
    Entry::of::<workbooks::workbook_add_worksheet::WorkbookAddWorksheet>(),
    // Raw requests
    Entry::of::<raw_graph::graph_request::GraphRequest>(),
    // Joiners, leavers, movers
    Entry::of::<lifecycle::onboard_user::OnboardUser>(),
    Entry::of::<lifecycle::offboard_user::OffboardUser>(),
    Entry::of::<lifecycle::transfer_user::TransferUser>(),
    Entry::of::<lifecycle::set_up_contractor::SetUpContractor>(),
    Entry::of::<lifecycle::extend_contract::ExtendContract>(),
];

/// What is understood and cannot be done yet: whoever asks is told so, and what to do.
pub static BEYOND: &[Entry] = &[
    Entry::of::<licences::list_subscriptions::ListSubscriptions>(),
    Entry::of::<licences::purchase_license::PurchaseLicense>(),
    Entry::of::<licences::cancel_license::CancelLicense>(),
];

/// All that is understood: the catalogue, and [`BEYOND`].
pub fn understood() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| [CATALOG, BEYOND].concat());
    &ALL
}

/// The action with this id, of all that are understood.
pub fn entry(id: &str) -> Option<&'static Entry> {
    CATALOG.iter().chain(BEYOND).find(|entry| entry.about.id == id)
}
