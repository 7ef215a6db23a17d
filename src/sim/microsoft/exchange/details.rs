//! What a mailbox has beside its settings: send on behalf, litigation hold, archive, size.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        catalog::id_from,
        state::{Mailbox, State, User, mail::Hold},
        turn::Turn,
    },
    Command, Output, Result, mailboxes, recipients, trouble,
};
use crate::sim::microsoft::access::Reach;

/// Adds the details to a mailbox's view.
pub(super) fn show(mailbox: &Mailbox, user: &User, view: &mut Value) {
    let details = &mailbox.details;
    let hold = details.hold.as_ref();
    view["GrantSendOnBehalfTo"] = json!(details.send_on_behalf);
    view["LitigationHoldEnabled"] = json!(hold.is_some());
    view["LitigationHoldDate"] = json!(hold.map(|hold| hold.since.to_string()));
    view["LitigationHoldOwner"] = json!(hold.map(|hold| hold.owner.clone()));
    view["LitigationHoldDuration"] = json!(match hold.and_then(|hold| hold.days) {
        Some(days) => format!("{days}.00:00:00"),
        None => "Unlimited".to_owned(),
    });
    view["InPlaceHolds"] = json!([]);
    view["RetentionPolicy"] =
        json!(details.retention_policy.as_deref().unwrap_or("Default MRM Policy"));
    view["RetentionComment"] = json!(details.retention_comment.as_deref().unwrap_or_default());
    view["ArchiveStatus"] = json!(if details.archive { "Active" } else { "None" });
    view["ArchiveGuid"] =
        json!(if details.archive { id_from("archive", &user.id.to_string()) } else { Uuid::nil() });
}

/// `Get-Mailbox -SoftDeletedMailbox`: mailboxes of deleted users, for thirty days.
pub(super) fn deleted(state: &State, identity: Option<&str>) -> Output {
    let fits = |user: &&User| {
        identity.is_none_or(|wanted| {
            let prop = |name: &str| user.props.get(name).and_then(Value::as_str);
            wanted.eq_ignore_ascii_case(&user.id.to_string())
                || prop("mail").is_some_and(|mail| mail.eq_ignore_ascii_case(wanted))
        })
    };
    let shown = |user: &User| {
        let mut view = mailboxes::view(user, user.mailbox.as_ref()?);
        view["WhenSoftDeleted"] = json!(user.deleted_at.map(|at| at.to_string()));
        view["IsSoftDeletedByRemove"] = json!(true);
        Some(view)
    };
    let value = state.deleted.values().filter(fits).filter_map(shown).collect();
    Output { value, ..Output::default() }
}

/// The parameters of `Set-Mailbox` that are about details. Gives warnings.
pub(super) fn set(
    turn: &Turn<'_>,
    command: &Command,
    user: &User,
    after: &mut Mailbox,
) -> Result<Vec<String>> {
    let identity = command.needed("Identity")?;
    if let Some(value) = command.given("GrantSendOnBehalfTo") {
        let wanted = on_behalf(turn, value, &after.details.send_on_behalf)?;
        // publicDelegates comes from on-premises (Entra Connect, attributes synchronised)
        if user.is_synced() && wanted != after.details.send_on_behalf {
            return Err(trouble::mastered_on_premises(identity));
        }
        after.details.send_on_behalf = wanted;
    }
    let hold = ["LitigationHoldEnabled", "LitigationHoldDuration", "RetentionComment"];
    if let Some(name) = hold.iter().find(|name| command.given(name).is_some())
        && turn.caller.exchange_reach() != Reach::Write
    {
        return Err(trouble::not_in_role(name));
    }
    if let Some(Value::String(comment)) = command.given("RetentionComment") {
        after.details.retention_comment = Some(comment.clone()).filter(|text| !text.is_empty());
    }
    let before = after.details.hold.clone();
    match command.flag("LitigationHoldEnabled")? {
        Some(true) if before.is_none() => {
            let plans = turn.state().plans_of(user);
            if !plans.contains("EXCHANGE_S_ENTERPRISE") {
                return Err(trouble::hold_needs_plan_2(identity));
            }
            let owner = turn.caller.app.clone();
            after.details.hold = Some(Hold { since: turn.now, owner, days: None });
        }
        Some(false) => after.details.hold = None,
        _ => {}
    }
    if let (Some(value), Some(hold)) =
        (command.given("LitigationHoldDuration"), after.details.hold.as_mut())
    {
        hold.days = days(value)?;
    }
    let changed = after.details.hold != before;
    // source: public code quoting the warning
    let slow = "The hold setting may take up to 60 minutes to take effect.".to_owned();
    Ok(changed.then_some(slow).into_iter().collect())
}

/// Days as a number, as `365.00:00:00`, or `Unlimited`.
fn days(value: &Value) -> Result<Option<u32>> {
    let wrong = || trouble::bad_value("LitigationHoldDuration", "a number of days is expected.");
    match value {
        Value::Number(number) => {
            let days = number.as_u64().and_then(|days| u32::try_from(days).ok());
            days.filter(|days| *days > 0).map(Some).ok_or_else(wrong)
        }
        Value::String(text) if text.eq_ignore_ascii_case("unlimited") => Ok(None),
        Value::String(text) => {
            text.split('.').next().and_then(|days| days.parse().ok()).map(Some).ok_or_else(wrong)
        }
        _ => Err(trouble::wrong_type("LitigationHoldDuration")),
    }
}

/// An array replaces; a table with `add` or `remove` changes (Microsoft's module sends
/// `#Exchange.GenericHashTable`).
fn on_behalf(turn: &Turn<'_>, value: &Value, now: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    let ids = |value: &Value| -> Result<Vec<Uuid>> {
        let names: Vec<&str> = match value {
            Value::Null => Vec::new(),
            Value::String(one) => vec![one],
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => return Err(trouble::wrong_type("GrantSendOnBehalfTo")),
        };
        // Set-Mailbox: a delegate must be a mailbox, a mail user or a mail-enabled security
        // group (Microsoft's page of the cmdlet, GrantSendOnBehalfTo).
        let found = |name: &&str| recipients::addressed(turn, name).map(|found| found.id());
        names.iter().map(|name| found(name).ok_or_else(|| trouble::not_found(name))).collect()
    };
    let Value::Object(table) = value else {
        return Ok(ids(value)?.into_iter().collect());
    };
    if !table.contains_key("add") && !table.contains_key("remove") {
        return Err(trouble::wrong_type("GrantSendOnBehalfTo"));
    }
    let mut wanted = now.clone();
    wanted.extend(ids(table.get("add").unwrap_or(&Value::Null))?);
    for gone in ids(table.get("remove").unwrap_or(&Value::Null))? {
        wanted.remove(&gone);
    }
    Ok(wanted)
}

/// `Get-MailboxStatistics`: size and count.
pub(super) fn statistics(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "Archive"])?;
    let identity = command.needed("Identity")?;
    let missing = || trouble::not_found(identity);
    let id = mailboxes::owner(turn, identity)?;
    let user = turn.state().users.get(&id).ok_or_else(missing)?;
    let details = &turn.state().mailbox(user).ok_or_else(missing)?.details;
    if command.flag("Archive")? == Some(true) && !details.archive {
        return Err(missing());
    }
    let value = vec![json!({
        "DisplayName": user.props.get("displayName"), "OwnerADGuid": user.id,
        "MailboxGuid": id_from("mailbox", &user.id.to_string()),
        "ItemCount": details.bytes / 75_000, "TotalItemSize": size(details.bytes),
        "TotalDeletedItemSize": size(0), "LastLogonTime": null,
    })];
    Ok(Output { value, ..Output::default() })
}

/// `48.5 GB (52,076,478,464 bytes)`, as Exchange writes a size.
fn size(bytes: u64) -> String {
    let digits = bytes.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let megabytes = bytes >> 20;
    let (whole, tenth) = (megabytes / 1024, (megabytes % 1024) * 10 / 1024);
    let short = if whole > 0 { format!("{whole}.{tenth} GB") } else { format!("{megabytes} MB") };
    format!("{short} ({grouped} bytes)")
}

/// `Enable-Mailbox -Archive`. Other uses need on-premises Exchange.
pub(super) fn enable(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "Archive", "ArchiveName", "Force"])?;
    let identity = command.needed("Identity")?;
    if command.flag("Archive")? != Some(true) {
        return Err(trouble::missing_parameter(&command.name, "Archive"));
    }
    let id = mailboxes::owner(turn, identity)?;
    let user = turn.state().users.get(&id).ok_or_else(|| trouble::not_found(identity))?;
    let before = user.mailbox.clone().unwrap_or_default();
    if before.details.archive {
        return Err(trouble::archive_exists(identity));
    }
    let mut after = before.clone();
    after.details.archive = true;
    mailboxes::keep(turn, id, "mailbox.update", &before, after, mailboxes::summary);
    mailboxes::get(turn, &Command::naming("Get-Mailbox", &id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_written_as_exchange_writes_them() {
        assert_eq!(size(0), "0 MB (0 bytes)");
        assert_eq!(size(55 << 30), "55.0 GB (59,055,800,320 bytes)");
    }
}
