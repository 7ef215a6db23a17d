//! The cmdlets we call, with their parameters as data.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::ids::{GroupId, UserId};

/// One cmdlet to run.
#[derive(Clone)]
pub(crate) struct Cmdlet {
    pub name: &'static str,
    /// Properties wanted of the output.
    pub select: Option<&'static str>,
    pub writes: bool,
    pub key: Option<String>,
    parameters: Value,
}

impl Cmdlet {
    fn of(name: &'static str, parameters: Value) -> Self {
        Self { name, select: None, writes: true, key: None, parameters }
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

    /// A user's mailbox.
    pub fn mailbox(user: &UserId) -> Self {
        let parameters = json!({ "Identity": user.guid() });
        Self { writes: false, ..Self::of("Get-Mailbox", parameters) }
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
