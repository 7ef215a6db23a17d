//! What a token allows: permissions from `roles`, Entra roles from `wids`.
//!
//! Sets of permissions: the "Permissions" section of each page under
//! learn.microsoft.com/graph/api, and the permissions reference.

mod estate;

use uuid::Uuid;

pub(super) use estate::*;

use super::{
    catalog,
    refusals::{self, Refusal},
    state::State,
    turn::Caller,
};

/// Any one of these sets is enough; a set needs all its names.
pub(super) type Needs = &'static [&'static [&'static str]];

pub(super) const USER_READ: Needs = &[
    &["User.Read.All"],
    &["User.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const USER_WRITE: Needs = &[&["User.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const USER_DELETE: Needs = &[&["User.DeleteRestore.All"], &["User.ReadWrite.All"]];
pub(super) const SIGN_IN: Needs = &[
    &["User.EnableDisableAccount.All", "User.Read.All"],
    &["User.ReadWrite.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const PASSWORD: Needs =
    &[&["User-PasswordProfile.ReadWrite.All"], &["User.ReadWrite.All"]];
pub(super) const REVOKE: Needs =
    &[&["User.RevokeSessions.All"], &["User.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const MEMBER_OF: Needs = &[
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
    &["Group.ReadBasic.All"],
    &["GroupMember.ReadBasic.All"],
    &["GroupMember.Read.All"],
    &["GroupMember.ReadWrite.All"],
    &["Group.Read.All"],
    &["Group.ReadWrite.All"],
];
pub(super) const GROUP_READ: Needs = &[
    &["GroupMember.Read.All"],
    &["GroupMember.ReadWrite.All"],
    &["Group.Read.All"],
    &["Group.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const MEMBER_WRITE: Needs =
    &[&["GroupMember.ReadWrite.All"], &["Group.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const OWNER_WRITE: Needs = &[&["Group.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const ROLE_GROUP_WRITE: Needs = &[&["RoleManagement.ReadWrite.Directory"]];
pub(super) const LICENCE_READ: Needs = &[
    &["LicenseAssignment.Read.All"],
    &["LicenseAssignment.ReadWrite.All"],
    &["User.Read.All"],
    &["User.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const LICENCE_WRITE: Needs =
    &[&["LicenseAssignment.ReadWrite.All"], &["User.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const SKU_READ: Needs = &[
    &["LicenseAssignment.Read.All"],
    &["LicenseAssignment.ReadWrite.All"],
    &["Organization.Read.All"],
    &["Organization.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const MAILBOX_READ: Needs = &[&["MailboxSettings.Read"], &["MailboxSettings.ReadWrite"]];
pub(super) const MAILBOX_WRITE: Needs = &[&["MailboxSettings.ReadWrite"]];
// Calendars and drives, as the pages calendar-list-calendarview, event-cancel, driveitem-invite,
// driveitem-list-permissions and permission-delete have them.
pub(super) const CALENDAR_READ: Needs =
    &[&["Calendars.Read"], &["Calendars.ReadWrite"], &["Calendars.ReadBasic.All"]];
pub(super) const CALENDAR_WRITE: Needs = &[&["Calendars.ReadWrite"]];
pub(super) const DRIVE_READ: Needs =
    &[&["Files.Read.All"], &["Files.ReadWrite.All"], &["Sites.Read.All"], &["Sites.ReadWrite.All"]];
pub(super) const DRIVE_WRITE: Needs = &[&["Files.ReadWrite.All"], &["Sites.ReadWrite.All"]];
pub(super) const ROLE_READ: Needs = &[
    &["RoleManagement.Read.Directory"],
    &["RoleManagement.ReadWrite.Directory"],
    &["RoleManagement.Read.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const ORGANIZATION_READ: Needs = &[
    &["Organization.Read.All"],
    &["Organization.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const DOMAIN_READ: Needs = &[
    &["Domain.Read.All"],
    &["Domain.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
// Authentication methods, deleted people, life-cycle dates.
pub(super) const RESTORE: Needs = &[&["User.DeleteRestore.All"]];
pub(super) const LEAVE_DATE: Needs = &[&["User-LifeCycleInfo.ReadWrite.All"]];
pub(super) const IDENTITIES: Needs = &[&["User.ManageIdentities.All"]];
pub(super) const METHOD_READ: Needs =
    &[&["UserAuthenticationMethod.Read.All"], &["UserAuthenticationMethod.ReadWrite.All"]];
pub(super) const METHOD_WRITE: Needs = &[&["UserAuthenticationMethod.ReadWrite.All"]];
pub(super) const METHOD_EMAIL: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-Email.ReadWrite.All"]];
pub(super) const METHOD_PASSKEY: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-Passkey.ReadWrite.All"]];
pub(super) const METHOD_APP: Needs = &[
    &["UserAuthenticationMethod.ReadWrite.All"],
    &["UserAuthMethod-MicrosoftAuthApp.ReadWrite.All"],
];
pub(super) const METHOD_PHONE: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-Phone.ReadWrite.All"]];
pub(super) const METHOD_OATH: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-SoftwareOATH.ReadWrite.All"]];
pub(super) const METHOD_PASS: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-TAP.ReadWrite.All"]];
pub(super) const METHOD_HELLO: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-WindowsHello.ReadWrite.All"]];
pub(super) const METHOD_PLATFORM: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-PlatformCred.ReadWrite.All"]];
pub(super) const METHOD_EXTERNAL: Needs =
    &[&["UserAuthenticationMethod.ReadWrite.All"], &["UserAuthMethod-External.ReadWrite.All"]];
pub(super) const METHOD_POLICY_READ: Needs = &[
    &["Policy.Read.AuthenticationMethod"],
    &["Policy.Read.All"],
    &["Policy.ReadWrite.AuthenticationMethod"],
];

// ---- groups, guests, roles, devices

pub(super) const GROUP_CREATE: Needs =
    &[&["Group.Create"], &["Group.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const GROUP_WRITE: Needs = &[&["Group.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const INVITE: Needs =
    &[&["User.Invite.All"], &["User.ReadWrite.All"], &["Directory.ReadWrite.All"]];
pub(super) const ROLE_WRITE: Needs = &[&["RoleManagement.ReadWrite.Directory"]];
pub(super) const ELIGIBLE_READ: Needs = &[
    &["RoleEligibilitySchedule.Read.Directory"],
    &["RoleEligibilitySchedule.ReadWrite.Directory"],
    &["RoleManagement.Read.Directory"],
    &["RoleManagement.Read.All"],
    &["RoleManagement.ReadWrite.Directory"],
];
pub(super) const DEVICE_READ: Needs = &[
    &["Device.Read.All"],
    &["Device.ReadWrite.All"],
    &["Directory.Read.All"],
    &["Directory.ReadWrite.All"],
];
pub(super) const DEVICE_WRITE: Needs = &[&["Device.ReadWrite.All"]];
pub(super) const MANAGED_READ: Needs = &[
    &["DeviceManagementManagedDevices.Read.All"],
    &["DeviceManagementManagedDevices.ReadWrite.All"],
];
pub(super) const WIPE: Needs = &[
    &["DeviceManagementManagedDevices.PrivilegedOperations.All"],
    &["DeviceManagementManagedDevices.ReadWrite.All"],
];
pub(super) const RETIRE: Needs = &[&["DeviceManagementManagedDevices.PrivilegedOperations.All"]];

impl Caller {
    pub fn has(&self, needs: Needs) -> bool {
        needs.iter().any(|set| set.iter().all(|name| self.roles.contains(*name)))
    }

    /// Refuses without a hint, as the directory does.
    pub fn need(&self, needs: Needs) -> Result<(), Refusal> {
        if self.has(needs) { Ok(()) } else { Err(refusals::not_allowed()) }
    }

    fn holds(&self, role: &str) -> bool {
        let template = catalog::role_template(role);
        template.is_some_and(|template| self.wids.contains(template))
    }

    /// "Who can perform sensitive actions" (learn.microsoft.com/graph/api/resources/users):
    /// the target's own roles decide which Entra role the application needs besides.
    pub fn may_touch(&self, state: &State, target: Uuid) -> Result<(), Refusal> {
        let enough: &[&str] = match rank(state, target) {
            Rank::Ordinary => return Ok(()),
            Rank::Minor => &[
                "User Administrator",
                "Privileged Authentication Administrator",
                "Global Administrator",
            ],
            Rank::AuthenticationAdministrator => &[
                "Authentication Administrator",
                "Privileged Authentication Administrator",
                "Global Administrator",
            ],
            Rank::Privileged => {
                &["Privileged Authentication Administrator", "Global Administrator"]
            }
        };
        if enough.iter().any(|role| self.holds(role)) {
            Ok(())
        } else {
            Err(refusals::not_allowed())
        }
    }

    /// A password needs an Entra role even for people without any
    /// (description of `user.passwordProfile` in Microsoft's client library).
    pub fn may_set_password(&self) -> Result<(), Refusal> {
        self.need(PASSWORD)?;
        let enough = [
            "User Administrator",
            "Privileged Authentication Administrator",
            "Global Administrator",
        ];
        if enough.iter().any(|role| self.holds(role)) {
            Ok(())
        } else {
            Err(refusals::not_allowed())
        }
    }

    /// How far the token's Entra roles reach in Exchange
    /// (learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2).
    pub fn exchange_reach(&self) -> Reach {
        let writes = ["Exchange Administrator", "Global Administrator"];
        if writes.iter().any(|role| self.holds(role)) {
            Reach::Write
        } else if self.holds("Exchange Recipient Administrator") {
            Reach::Recipients
        } else if self.holds("Global Reader") || self.holds("Security Reader") {
            Reach::Read
        } else {
            Reach::Nothing
        }
    }
}

/// What an application may do in Exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Nothing,
    Read,
    /// Mailboxes, lists and their rights; neither mail flow nor holds.
    Recipients,
    Write,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Ordinary,
    Minor,
    AuthenticationAdministrator,
    Privileged,
}

fn rank(state: &State, target: Uuid) -> Rank {
    let of_role = |name: &str| match name {
        "Directory Readers" | "Guest Inviter" | "Message Center Reader" | "Reports Reader" => {
            Rank::Ordinary
        }
        "Helpdesk Administrator"
        | "Password Administrator"
        | "Groups Administrator"
        | "User Administrator"
        | "Usage Summary Reports Reader" => Rank::Minor,
        "Authentication Administrator" => Rank::AuthenticationAdministrator,
        _ => Rank::Privileged,
    };
    let by_roles = state.roles_above(target).iter().map(|role| of_role(&role.name)).max();
    if state.is_in_role_group(target) {
        return Rank::Privileged;
    }
    by_roles.unwrap_or(Rank::Ordinary)
}
