//! How mail flows: transport rules, domains, the outbound spam policy, retention.
//! learn.microsoft.com/powershell/module/exchangepowershell: enable-transportrule and its kin.

use serde_json::{Value, json};

use super::{
    super::{state::mail::TransportRule, turn::Turn},
    Command, Output, Result, mailboxes, trouble,
};

fn many(value: Vec<Value>) -> Output {
    Output { value, ..Output::default() }
}

fn view(rule: &TransportRule) -> Value {
    json!({
        "Identity": rule.name, "Name": rule.name, "Guid": rule.id, "ImmutableId": rule.id,
        "State": if rule.enabled { "Enabled" } else { "Disabled" }, "Mode": rule.mode,
        "Priority": rule.priority, "Comments": rule.comments, "Description": rule.description,
        "IsValid": true,
    })
}

fn find<'a>(turn: &'a Turn<'_>, identity: &str) -> Result<&'a TransportRule> {
    let is = |rule: &&TransportRule| {
        rule.name.eq_ignore_ascii_case(identity)
            || rule.id.to_string().eq_ignore_ascii_case(identity)
    };
    turn.state().mail.rules.iter().find(is).ok_or_else(|| trouble::not_found(identity))
}

pub(super) fn rules(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize", "State", "Filter"])?;
    if let Some(identity) = command.text("Identity") {
        return Ok(many(vec![view(find(turn, identity)?)]));
    }
    let mut all: Vec<&TransportRule> = turn.state().mail.rules.iter().collect();
    all.sort_by_key(|rule| rule.priority);
    Ok(many(all.into_iter().map(view).collect()))
}

pub(super) fn switch(turn: &mut Turn<'_>, command: &Command, on: bool) -> Result<Output> {
    command.only(if on { &["Identity", "Mode"] } else { &["Identity"] })?;
    let identity = command.needed("Identity")?;
    let rule = find(turn, identity)?;
    let (id, was) = (rule.id, rule.enabled);
    if was == on {
        return Ok(mailboxes::unchanged(command, identity));
    }
    if let Some(rule) = turn.change().mail.rules.iter_mut().find(|rule| rule.id == id) {
        rule.enabled = on;
    }
    let state = |on: bool| json!({ "state": if on { "Enabled" } else { "Disabled" } });
    turn.felt("transport_rule.switch", id, state(was), state(on));
    Ok(Output::default())
}

pub(super) fn accepted(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize"])?;
    let all = turn.state().mail.accepted.iter();
    let shown = all.map(|domain| {
        json!({
            "Identity": domain.name, "Name": domain.name, "DomainName": domain.name,
            "DomainType": domain.kind, "Default": domain.default, "IsValid": true,
        })
    });
    Ok(many(shown.collect()))
}

pub(super) fn remote(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize"])?;
    Ok(many(vec![json!({
        "Identity": "Default", "Name": "Default", "DomainName": "*",
        "AutoForwardEnabled": turn.state().mail.remote_auto_forward,
        "AutoReplyEnabled": true, "IsValid": true,
    })]))
}

pub(super) fn organization(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&[])?;
    let tenant = &turn.state().tenant;
    Ok(many(vec![json!({
        "Identity": tenant.onmicrosoft, "Name": tenant.onmicrosoft,
        "DisplayName": tenant.name, "IsDehydrated": false, "AuditDisabled": false,
        "MailTipsExternalRecipientsTipsEnabled": false, "AutoExpandingArchiveEnabled": false,
    })]))
}

pub(super) fn retention(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "ResultSize"])?;
    let all = turn.state().mail.retention.iter();
    let shown = all.map(|policy| {
        json!({
            "Identity": policy.name, "Name": policy.name, "RetentionId": policy.id,
            "IsDefault": policy.default, "RetentionPolicyTagLinks": policy.tags, "IsValid": true,
        })
    });
    Ok(many(shown.collect()))
}

pub(super) fn outbound(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity"])?;
    if let Some(identity) = command.text("Identity")
        && !identity.eq_ignore_ascii_case("Default")
    {
        return Err(trouble::not_found(identity));
    }
    Ok(many(vec![json!({
        "Identity": "Default", "Name": "Default", "IsDefault": true, "Enabled": true,
        "AutoForwardingMode": turn.state().mail.auto_forwarding,
        "RecipientLimitExternalPerHour": 0, "ActionWhenThresholdReached": "BlockUserForToday",
    })]))
}

pub(super) fn set_outbound(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Identity", "AutoForwardingMode"])?;
    let identity = command.needed("Identity")?;
    if !identity.eq_ignore_ascii_case("Default") {
        return Err(trouble::not_found(identity));
    }
    let known = ["Automatic", "On", "Off"];
    let mode = command.needed("AutoForwardingMode")?;
    let mode = known.iter().find(|known| known.eq_ignore_ascii_case(mode));
    let mode = mode.ok_or_else(|| trouble::bad_value("AutoForwardingMode", "no such value."))?;
    let before = turn.state().mail.auto_forwarding.clone();
    if before == *mode {
        return Ok(mailboxes::unchanged(command, identity));
    }
    (*mode).clone_into(&mut turn.change().mail.auto_forwarding);
    let id = turn.state().tenant.id;
    let shown = |mode: &str| json!({ "autoForwardingMode": mode });
    turn.felt("outbound_policy.update", id, shown(&before), shown(mode));
    Ok(Output::default())
}
