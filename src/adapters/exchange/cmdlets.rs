//! The cmdlets we call, with their parameters as data.

mod mail;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{
    groups::NewGroup,
    ids::{GroupId, UserId},
    users::GroupSort,
};

/// The longest `Name` of a list; its `DisplayName` may be longer.
const NAME_MAX: usize = 64;

/// One cmdlet to run.
#[derive(Clone, PartialEq)]
pub(crate) struct Cmdlet {
    pub name: &'static str,
    /// Properties wanted of the output.
    pub select: Option<&'static str>,
    pub writes: bool,
    pub key: Option<String>,
    /// The least Entra role whose holder may run it.
    pub role: &'static str,
    parameters: Value,
}

/// Recipients: mailboxes, lists, and rights on them.
pub(crate) const RECIPIENTS: &str = "Exchange Recipient Administrator";
/// What belongs to the organisation: mail flow, holds.
pub(crate) const ADMINISTRATOR: &str = "Exchange Administrator";

impl Cmdlet {
    fn of(name: &'static str, parameters: Value) -> Self {
        Self { name, select: None, writes: true, key: None, role: RECIPIENTS, parameters }
    }

    /// One that only reads.
    fn reading(name: &'static str, parameters: Value) -> Self {
        Self { writes: false, ..Self::of(name, parameters) }
    }

    /// One that only an administrator of all of Exchange may run.
    fn by_administrator(self) -> Self {
        Self { role: ADMINISTRATOR, ..self }
    }

    /// Adds a member to a list. Both by object id: a display name is ambiguous.
    pub fn add_member(group: &GroupId, member: Uuid) -> Self {
        Self::of("Add-DistributionGroupMember", membership(group, member))
    }

    /// Removes a member from a list.
    pub fn remove_member(group: &GroupId, member: Uuid) -> Self {
        Self::of("Remove-DistributionGroupMember", membership(group, member))
    }

    /// All members of a list.
    pub fn members(group: &GroupId) -> Self {
        let parameters = json!({ "Identity": group.guid(), "ResultSize": "Unlimited" });
        Self {
            select: Some("ExternalDirectoryObjectId"),
            writes: false,
            ..Self::of("Get-DistributionGroupMember", parameters)
        }
    }

    /// The list with this address, if there is one.
    pub fn list_at(mail: &str) -> Self {
        let parameters = json!({ "Identity": mail });
        Self {
            select: Some("ExternalDirectoryObjectId,DisplayName,PrimarySmtpAddress,ManagedBy"),
            writes: false,
            ..Self::of("Get-DistributionGroup", parameters)
        }
    }

    /// A new distribution list or mail-enabled security group, without members.
    pub fn new_list(made: &NewGroup) -> Self {
        let security = made.sort == GroupSort::MailEnabledSecurity;
        let owners: Vec<Uuid> = made.owners.iter().map(UserId::guid).collect();
        let mut parameters = json!({
            "Name": made.name.chars().take(NAME_MAX).collect::<String>(),
            "DisplayName": made.name,
            "Alias": made.nickname,
            "Type": if security { "Security" } else { "Distribution" },
            "Confirm": false,
        });
        if let Some(mail) = &made.mail {
            parameters["PrimarySmtpAddress"] = json!(mail);
        }
        if let Some(description) = &made.description {
            parameters["Description"] = json!(description);
        }
        if !owners.is_empty() {
            parameters["ManagedBy"] = json!(owners);
        }
        Self {
            select: Some("ExternalDirectoryObjectId"),
            ..Self::of("New-DistributionGroup", parameters)
        }
    }

    /// A user's mailbox.
    pub fn mailbox(user: &UserId) -> Self {
        let parameters = json!({ "Identity": user.guid() });
        Self { writes: false, ..Self::of("Get-Mailbox", parameters) }
    }

    /// What it is about.
    pub fn identity(&self) -> &str {
        self.parameters["Identity"].as_str().unwrap_or_default()
    }

    /// With this `client-request-id`.
    pub fn keyed(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    /// As `InvokeCommand` wants it.
    pub fn body(&self) -> Value {
        json!({ "CmdletInput": { "CmdletName": self.name, "Parameters": self.parameters } })
    }
}

/// The app is no manager of the group, so that check is bypassed; `Confirm` would
/// wait for a person.
fn membership(group: &GroupId, member: Uuid) -> Value {
    json!({
        "Identity": group.guid(),
        "Member": member,
        "BypassSecurityGroupManagerCheck": true,
        "Confirm": false,
    })
}
