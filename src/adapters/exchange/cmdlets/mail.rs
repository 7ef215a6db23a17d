//! Cmdlets about mailboxes, rights, rules and the flow of mail.
//!
//! Names and parameters: learn.microsoft.com/powershell/module/exchangepowershell. Every
//! mailbox is named by its object id, which is never ambiguous.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Cmdlet;
use crate::domain::{
    ids::UserId,
    mail::{AutoForwarding, ForwardTo, Forwarding, MailRight, MailboxSort, Search},
};

/// `Set-Mailbox` with these parameters besides `Identity`.
fn set_mailbox(user: &UserId, mut parameters: Value) -> Cmdlet {
    parameters["Identity"] = json!(user.guid());
    Cmdlet::of("Set-Mailbox", parameters)
}

impl Cmdlet {
    /// Size and number of items.
    pub fn statistics(user: &UserId) -> Self {
        Self::reading("Get-MailboxStatistics", json!({ "Identity": user.guid() }))
    }

    /// The mailbox with this address.
    pub fn mailbox_at(address: &str) -> Self {
        Self::reading("Get-Mailbox", json!({ "Identity": address }))
    }

    /// Whoever has this address, name or object id.
    pub fn recipient(identity: &str) -> Self {
        Self::reading("Get-Recipient", json!({ "Identity": identity }))
    }

    /// Recipients that fit.
    pub fn recipients(search: &Search, kinds: &[&str]) -> Self {
        let mut parameters = json!({ "ResultSize": search.limit });
        if let Some(begins) = &search.begins {
            parameters["Anr"] = json!(begins);
        }
        if !kinds.is_empty() {
            parameters["RecipientTypeDetails"] = json!(kinds);
        }
        Self::reading("Get-Recipient", parameters)
    }

    /// `ForwardingAddress` wins over `ForwardingSmtpAddress`, so the other is cleared.
    pub fn set_forwarding(user: &UserId, forwarding: Option<&Forwarding>) -> Self {
        let (recipient, address) = match forwarding.map(|forwarding| &forwarding.to) {
            Some(ForwardTo::Recipient(recipient)) => (json!(recipient), Value::Null),
            Some(ForwardTo::Address(address)) => (Value::Null, json!(address)),
            None => (Value::Null, Value::Null),
        };
        let keep = forwarding.is_some_and(|forwarding| forwarding.keep_copy);
        set_mailbox(
            user,
            json!({
                "ForwardingAddress": recipient, "ForwardingSmtpAddress": address,
                "DeliverToMailboxAndForward": keep,
            }),
        )
    }

    /// Shared, or somebody's own again.
    pub fn convert(user: &UserId, sort: MailboxSort) -> Self {
        let kind = if sort == MailboxSort::Shared { "Shared" } else { "Regular" };
        set_mailbox(user, json!({ "Type": kind }))
    }

    /// Out of the address lists, or back into them.
    pub fn hide(user: &UserId, hidden: bool) -> Self {
        set_mailbox(user, json!({ "HiddenFromAddressListsEnabled": hidden }))
    }

    /// A new shared mailbox.
    pub fn new_shared(name: &str, alias: &str, address: &str) -> Self {
        let parameters = json!({
            "Shared": true, "Name": name, "DisplayName": name, "Alias": alias,
            "PrimarySmtpAddress": address, "Confirm": false,
        });
        Self::of("New-Mailbox", parameters)
    }

    /// Takes a mailbox away, and its account.
    pub fn remove_mailbox(user: &UserId) -> Self {
        Self::of("Remove-Mailbox", json!({ "Identity": user.guid(), "Confirm": false }))
    }

    /// Everybody who may open a mailbox, or what one person may.
    pub fn access(user: &UserId, who: Option<Uuid>) -> Self {
        let mut parameters = json!({ "Identity": user.guid() });
        if let Some(who) = who {
            parameters["User"] = json!(who);
        }
        Self::reading("Get-MailboxPermission", parameters)
    }

    /// Everybody who may send as a mailbox, or whether one person may.
    pub fn senders(user: &UserId, who: Option<Uuid>) -> Self {
        let mut parameters = json!({ "Identity": user.guid() });
        if let Some(who) = who {
            parameters["Trustee"] = json!(who);
        }
        Self::reading("Get-RecipientPermission", parameters)
    }

    /// Gives a right.
    pub fn grant(mailbox: &UserId, who: Uuid, right: MailRight, auto_mapping: bool) -> Self {
        match right {
            MailRight::FullAccess => Self::of(
                "Add-MailboxPermission",
                json!({
                    "Identity": mailbox.guid(), "User": who, "AccessRights": ["FullAccess"],
                    "InheritanceType": "All", "AutoMapping": auto_mapping, "Confirm": false,
                }),
            ),
            MailRight::SendAs => Self::of("Add-RecipientPermission", send_as(mailbox, who)),
            MailRight::SendOnBehalf => set_mailbox(mailbox, on_behalf("add", who)),
        }
    }

    /// Takes a right.
    pub fn revoke(mailbox: &UserId, who: Uuid, right: MailRight) -> Self {
        match right {
            MailRight::FullAccess => Self::of(
                "Remove-MailboxPermission",
                json!({
                    "Identity": mailbox.guid(), "User": who, "AccessRights": ["FullAccess"],
                    "InheritanceType": "All", "Confirm": false,
                }),
            ),
            MailRight::SendAs => Self::of("Remove-RecipientPermission", send_as(mailbox, who)),
            MailRight::SendOnBehalf => set_mailbox(mailbox, on_behalf("remove", who)),
        }
    }

    /// All inbox rules, the hidden ones too.
    pub fn inbox_rules(user: &UserId) -> Self {
        let parameters = json!({ "Mailbox": user.guid(), "IncludeHidden": true });
        Self::reading("Get-InboxRule", parameters)
    }

    /// Switches an inbox rule.
    pub fn switch_inbox_rule(user: &UserId, rule: &str, on: bool) -> Self {
        let name = if on { "Enable-InboxRule" } else { "Disable-InboxRule" };
        Self::of(name, inbox_rule(user, rule))
    }

    /// Deletes an inbox rule.
    pub fn remove_inbox_rule(user: &UserId, rule: &str) -> Self {
        Self::of("Remove-InboxRule", inbox_rule(user, rule))
    }

    /// All transport rules.
    pub fn transport_rules() -> Self {
        Self::reading("Get-TransportRule", json!({ "ResultSize": "Unlimited" })).by_administrator()
    }

    /// Switches a transport rule.
    pub fn switch_transport_rule(rule: Uuid, on: bool) -> Self {
        let name = if on { "Enable-TransportRule" } else { "Disable-TransportRule" };
        Self::of(name, json!({ "Identity": rule, "Confirm": false })).by_administrator()
    }

    /// The outbound spam policies.
    pub fn outbound_policies() -> Self {
        Self::reading("Get-HostedOutboundSpamFilterPolicy", json!({ "Identity": "Default" }))
            .by_administrator()
    }

    /// What an outbound spam policy allows.
    pub fn set_auto_forwarding(policy: &str, mode: AutoForwarding) -> Self {
        let parameters = json!({
            "Identity": policy, "AutoForwardingMode": mode.as_exchange(), "Confirm": false,
        });
        Self::of("Set-HostedOutboundSpamFilterPolicy", parameters).by_administrator()
    }

    /// The domains that belong to the tenant.
    pub fn accepted_domains() -> Self {
        Self::reading("Get-AcceptedDomain", json!({}))
    }

    /// What is allowed towards other domains.
    pub fn remote_domains() -> Self {
        Self::reading("Get-RemoteDomain", json!({}))
    }

    /// The retention policies of mailboxes.
    pub fn retention_policies() -> Self {
        Self::reading("Get-RetentionPolicy", json!({})).by_administrator()
    }

    /// Puts a mailbox on litigation hold, or lifts it.
    pub fn set_hold(user: &UserId, on: bool, days: Option<u32>, comment: Option<&str>) -> Self {
        let mut parameters = json!({ "LitigationHoldEnabled": on });
        if on {
            parameters["LitigationHoldDuration"] =
                days.map_or_else(|| json!("Unlimited"), |days| json!(days));
        }
        if let Some(comment) = comment {
            parameters["RetentionComment"] = json!(comment);
        }
        set_mailbox(user, parameters).by_administrator()
    }

    /// Gives a mailbox an archive.
    pub fn enable_archive(user: &UserId) -> Self {
        Self::of("Enable-Mailbox", json!({ "Identity": user.guid(), "Archive": true }))
    }
}

fn send_as(mailbox: &UserId, who: Uuid) -> Value {
    json!({
        "Identity": mailbox.guid(), "Trustee": who, "AccessRights": ["SendAs"], "Confirm": false,
    })
}

/// A plain array would replace the whole list.
fn on_behalf(verb: &str, who: Uuid) -> Value {
    json!({ "GrantSendOnBehalfTo": {
        "@odata.type": "#Exchange.GenericHashTable", verb: who,
    } })
}

/// Without the two switches the cmdlet would ask about Outlook's own rules, and wait.
fn inbox_rule(user: &UserId, rule: &str) -> Value {
    json!({
        "Identity": rule, "Mailbox": user.guid(), "AlwaysDeleteOutlookRulesBlob": true,
        "Force": true, "Confirm": false,
    })
}
