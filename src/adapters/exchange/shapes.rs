//! Exchange's objects, read into our words. What is not there reads as absent: the
//! endpoint is not documented, and a missing member must not stop a look.

use serde_json::Value;
use uuid::Uuid;

use crate::domain::mail::{
    Hold, InboxRule, Mailbox, MailboxSort, Onward, Recipient, RecipientSort, RetentionPolicy,
    RuleTarget, TransportRule,
};

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// Several values, one alone, or none.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(one) if !one.is_empty() => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// `smtp:a@b.c` or `a@b.c`, in small letters.
fn address(said: &str) -> String {
    let bare = said.split_once(':').map_or(said, |(_, bare)| bare);
    bare.to_lowercase()
}

/// A mailbox, without its size.
pub(crate) fn mailbox(value: &Value) -> Mailbox {
    let flag = |name: &str| value[name] == true;
    let hold = flag("LitigationHoldEnabled").then(|| Hold {
        since: text(value, "LitigationHoldDate").and_then(|at| at.parse().ok()),
        days: text(value, "LitigationHoldDuration").and_then(days),
    });
    Mailbox {
        sort: MailboxSort::of(text(value, "RecipientTypeDetails").unwrap_or_default()),
        address: text(value, "PrimarySmtpAddress").map(address).unwrap_or_default(),
        forwards_to_recipient: text(value, "ForwardingAddress").map(str::to_owned),
        forwards_to_address: text(value, "ForwardingSmtpAddress").map(address),
        keeps_copy: flag("DeliverToMailboxAndForward"),
        hidden: flag("HiddenFromAddressListsEnabled"),
        synced: flag("IsDirSynced"),
        on_behalf: texts(&value["GrantSendOnBehalfTo"]),
        hold,
        other_holds: texts(&value["InPlaceHolds"]).len(),
        archive: text(value, "ArchiveStatus").is_some_and(|status| status != "None"),
        retention_policy: text(value, "RetentionPolicy").map(str::to_owned),
        bytes: None,
    }
}

/// `365.00:00:00`; `Unlimited` has no days.
fn days(said: &str) -> Option<u32> {
    said.split('.').next()?.parse().ok()
}

/// `TotalItemSize` in bytes: `48.5 GB (52,076,478,464 bytes)`, alone or inside `Value`.
pub(crate) fn bytes(statistics: &Value) -> Option<u64> {
    let size = &statistics["TotalItemSize"];
    let said = size.as_str().or_else(|| size["Value"].as_str())?;
    let (_, inner) = said.split_once('(')?;
    let digits: String = inner.split(' ').next()?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The directory id of an object in an output.
pub(crate) fn object_id(value: &Value) -> Option<Uuid> {
    value["ExternalDirectoryObjectId"].as_str()?.parse().ok()
}

/// Is a recipient meant by this name? Exchange keeps references by name, by id, by
/// address or by the old name of the wire.
pub(crate) fn is_called(recipient: &Value, name: &str) -> bool {
    let names = [
        "Identity",
        "Name",
        "Guid",
        "ExternalDirectoryObjectId",
        "PrimarySmtpAddress",
        "WindowsLiveID",
        "Alias",
        "DistinguishedName",
        "LegacyExchangeDN",
        "DisplayName",
    ];
    // A canonical name ends with the name: `contoso.onmicrosoft.com/Users/Jane Roe`.
    let last = name.rsplit('/').next().unwrap_or(name);
    names.iter().filter_map(|key| text(recipient, key)).any(|known| {
        known.eq_ignore_ascii_case(name)
            || (!name.starts_with("/o=") && known.eq_ignore_ascii_case(last))
    })
}

/// A recipient.
pub(crate) fn recipient(value: &Value) -> Option<Recipient> {
    let primary = text(value, "PrimarySmtpAddress").map(address)?;
    let sort = RecipientSort::of(text(value, "RecipientTypeDetails").unwrap_or_default());
    Some(Recipient {
        id: object_id(value),
        name: text(value, "DisplayName").unwrap_or(&primary).to_owned(),
        outside: text(value, "ExternalEmailAddress").map(address),
        address: primary,
        sort,
        hidden: value["HiddenFromAddressListsEnabled"] == true,
    })
}

/// The account every mailbox belongs to.
const OWN: &str = "NT AUTHORITY\\SELF";

fn has_right(entry: &Value, wanted: &str) -> bool {
    texts(&entry["AccessRights"])
        .iter()
        .flat_map(|rights| rights.split(','))
        .any(|right| right.trim().eq_ignore_ascii_case(wanted))
}

/// An entry of `Get-MailboxPermission` that somebody gave: not inherited, not refused.
pub(crate) fn gives_full_access(entry: &Value) -> bool {
    entry["IsInherited"] != true && entry["Deny"] != true && has_right(entry, "FullAccess")
}

/// An entry of `Get-MailboxPermission` that refuses on purpose.
pub(crate) fn denies_full_access(entry: &Value) -> bool {
    entry["IsInherited"] != true && entry["Deny"] == true && has_right(entry, "FullAccess")
}

/// An entry of `Get-RecipientPermission` that somebody gave.
pub(crate) fn gives_send_as(entry: &Value) -> bool {
    let allows = text(entry, "AccessControlType").is_none_or(|kind| kind == "Allow");
    entry["IsInherited"] != true && allows && has_right(entry, "SendAs")
}

/// Whom entries are about, without the owner.
pub(crate) fn trustees(entries: &[Value], gives: fn(&Value) -> bool, key: &str) -> Vec<String> {
    let names = entries.iter().filter(|entry| gives(entry)).filter_map(|entry| text(entry, key));
    names.filter(|who| !who.eq_ignore_ascii_case(OWN)).map(str::to_owned).collect()
}

/// Rules that Outlook and Exchange keep for themselves (public code, CIPP-API).
fn is_own_rule(name: &str) -> bool {
    name == "Junk E-Mail Rule" || name.starts_with("Microsoft.Exchange.OOF.")
}

/// `Identity`, or `RuleIdentity` where there is none.
pub(crate) fn rule_id(value: &Value) -> Option<String> {
    text(value, "Identity").map(str::to_owned).or_else(|| match &value["RuleIdentity"] {
        Value::Number(number) => Some(number.to_string()),
        Value::String(number) => Some(number.clone()),
        _ => None,
    })
}

/// An inbox rule; `None` for the service's own.
pub(crate) fn rule(value: &Value) -> Option<InboxRule> {
    let name = text(value, "Name").unwrap_or_default().to_owned();
    if is_own_rule(&name) {
        return None;
    }
    let to =
        |key: &str, how: Onward| texts(&value[key]).into_iter().map(move |to| target(how, &to));
    let targets = to("ForwardTo", Onward::Forward)
        .chain(to("ForwardAsAttachmentTo", Onward::Attach))
        .chain(to("RedirectTo", Onward::Redirect));
    let looks_for = ["From", "SubjectContainsWords", "SubjectOrBodyContainsWords", "SentTo"];
    let plain =
        |said: String| said.split(" [").next().unwrap_or_default().trim_matches('"').to_owned();
    Some(InboxRule {
        id: rule_id(value)?,
        name,
        enabled: value["Enabled"] == true,
        targets: targets.collect(),
        deletes: value["DeleteMessage"] == true || value["SoftDeleteMessage"] == true,
        moves_to: text(value, "MoveToFolder").map(str::to_owned),
        looks_for: looks_for.iter().flat_map(|key| texts(&value[*key])).map(plain).collect(),
    })
}

/// `"Jane Roe" [EX:/o=…]`, `"a@b.c" [SMTP:a@b.c]`, or an address alone.
fn target(how: Onward, said: &str) -> RuleTarget {
    let (name, inner) = match said.rsplit_once(" [") {
        Some((name, inner)) => (name.trim_matches('"'), inner.trim_end_matches(']')),
        None => (said.trim_matches('"'), said),
    };
    let plain = inner.to_lowercase();
    let found = plain.strip_prefix("smtp:").unwrap_or(&plain);
    let address = (found.contains('@') && !found.starts_with("ex:")).then(|| found.to_owned());
    // What the address book knows is looked up by its old name.
    let name = if address.is_none() { inner.trim_start_matches("EX:") } else { name };
    RuleTarget { how, name: name.to_owned(), address }
}

/// A transport rule.
pub(crate) fn transport_rule(value: &Value) -> Option<TransportRule> {
    Some(TransportRule {
        id: text(value, "Guid").or_else(|| text(value, "ImmutableId"))?.parse().ok()?,
        name: text(value, "Name").unwrap_or_default().to_owned(),
        enabled: value["State"] == "Enabled",
        mode: text(value, "Mode").unwrap_or("Enforce").to_owned(),
        priority: value["Priority"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        description: text(value, "Description").unwrap_or_default().to_owned(),
    })
}

/// A retention policy.
pub(crate) fn retention_policy(value: &Value) -> Option<RetentionPolicy> {
    Some(RetentionPolicy {
        name: text(value, "Name")?.to_owned(),
        default: value["IsDefault"] == true,
        tags: texts(&value["RetentionPolicyTagLinks"]),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_and_durations_are_read_in_each_of_their_forms() {
        let size = |value: Value| bytes(&json!({ "TotalItemSize": value }));
        assert_eq!(size(json!("48.5 GB (52,076,478,464 bytes)")), Some(52_076_478_464));
        assert_eq!(size(json!({ "Value": "2 MB (2,097,152 bytes)" })), Some(2_097_152));
        assert_eq!(size(json!("Unlimited")), None);
        assert_eq!((days("365.00:00:00"), days("Unlimited")), (Some(365), None));
    }

    #[test]
    fn a_target_is_an_address_or_a_name_of_the_address_book() {
        let found = target(Onward::Forward, "\"x@y.z\" [SMTP:X@y.z]");
        assert_eq!(found.address.as_deref(), Some("x@y.z"));
        let found = target(Onward::Redirect, "\"Jane Roe\" [EX:/o=ExchangeLabs/cn=a]");
        assert_eq!((found.address, found.name.as_str()), (None, "/o=ExchangeLabs/cn=a"));
    }

    #[test]
    fn entries_that_nobody_gave_do_not_count() {
        let entry = |inherited: bool, deny: bool, rights: Value| json!({ "User": "x", "IsInherited": inherited, "Deny": deny, "AccessRights": rights });
        assert!(gives_full_access(&entry(false, false, json!(["FullAccess"]))));
        assert!(gives_full_access(&entry(false, false, json!("FullAccess, ReadPermission"))));
        assert!(!gives_full_access(&entry(true, false, json!(["FullAccess"]))));
        assert!(!gives_full_access(&entry(false, true, json!(["FullAccess"]))));
        assert!(!gives_full_access(&entry(false, false, json!(["ReadPermission"]))));
    }

    #[test]
    fn a_reference_is_recognised_by_any_of_a_recipient_s_names() {
        let jane = json!({
            "Identity": "contoso.onmicrosoft.com/Users/Jane Roe", "Name": "Jane Roe",
            "PrimarySmtpAddress": "jane.roe@contoso.com", "Alias": "jane.roe",
        });
        for name in ["jane roe", "JANE.ROE@contoso.com", "contoso.onmicrosoft.com/Users/Jane Roe"] {
            assert!(is_called(&jane, name), "{name}");
        }
        assert!(!is_called(&jane, "Jane"));
    }
}
