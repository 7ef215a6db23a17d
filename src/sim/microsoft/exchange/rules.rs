//! Inbox rules, also the ones Graph does not list.
//! learn.microsoft.com/powershell/module/exchangepowershell: get-inboxrule and its kin.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        state::mail::{MailDetails, Rule},
        turn::Turn,
    },
    Command, Output, Result, mailboxes, recipients, trouble,
};

/// The rule every mailbox has and nobody sees.
const JUNK: &str = "Junk E-Mail Rule";

/// `"Jane Roe" [EX:/o=…]` inside, `"a@b.c" [SMTP:a@b.c]` outside.
fn shown_address(turn: &Turn<'_>, address: &str) -> String {
    match recipients::find(turn, address) {
        Some(found) => format!("\"{}\" [EX:{}]", found.display_name(), found.legacy_dn()),
        None => format!("\"{address}\" [SMTP:{address}]"),
    }
}

fn addresses(turn: &Turn<'_>, all: &[String]) -> Value {
    if all.is_empty() {
        return Value::Null;
    }
    all.iter().map(|address| shown_address(turn, address)).collect()
}

fn words(all: &[String]) -> Value {
    if all.is_empty() { Value::Null } else { json!(all) }
}

fn view(turn: &Turn<'_>, owner: Uuid, rule: &Rule) -> Value {
    let kind = [
        (&rule.forward_to, "forward the message to"),
        (&rule.redirect_to, "redirect the message to"),
        (&rule.forward_as_attachment_to, "forward the message as an attachment to"),
    ];
    let said: Vec<String> = kind
        .iter()
        .filter(|(to, _)| !to.is_empty())
        .map(|(to, verb)| format!("{verb} {}", to.join(" and ")))
        .collect();
    json!({
        "Identity": format!("{owner}\\{}", rule.id), "RuleIdentity": rule.id,
        "Name": rule.name, "Enabled": rule.enabled, "Priority": rule.priority,
        "Description": format!("Take the following actions:\n\t{}", said.join("\n\t")),
        "From": addresses(turn, &rule.from), "SubjectContainsWords": words(&rule.subject_words),
        "ForwardTo": addresses(turn, &rule.forward_to),
        "ForwardAsAttachmentTo": addresses(turn, &rule.forward_as_attachment_to),
        "RedirectTo": addresses(turn, &rule.redirect_to), "MoveToFolder": rule.move_to,
        "DeleteMessage": rule.delete, "MarkAsRead": rule.mark_as_read,
        "StopProcessingRules": rule.stop, "MailboxOwnerId": owner, "InError": false,
        "IsValid": true,
    })
}

pub(super) fn get(turn: &Turn<'_>, command: &Command) -> Result<Output> {
    command.only(&["Mailbox", "Identity", "IncludeHidden", "ResultSize"])?;
    let owner = mailboxes::owner(turn, command.needed("Mailbox")?)?;
    let hidden = command.flag("IncludeHidden")? == Some(true);
    let rules = held(turn, owner);
    let mut value: Vec<Value> = if let Some(identity) = command.text("Identity") {
        let found = rules.iter().find(|rule| is(rule, owner, identity));
        vec![view(turn, owner, found.ok_or_else(|| trouble::not_found(identity))?)]
    } else {
        let shown = rules.iter().filter(|rule| hidden || !rule.hidden);
        shown.map(|rule| view(turn, owner, rule)).collect()
    };
    if hidden && command.text("Identity").is_none() {
        let junk = Rule { name: JUNK.to_owned(), id: 1, hidden: true, ..blank() };
        value.push(view(turn, owner, &junk));
    }
    Ok(Output { value, ..Output::default() })
}

fn blank() -> Rule {
    Rule {
        id: 0,
        name: String::new(),
        enabled: true,
        hidden: false,
        read_only: false,
        priority: 0,
        from: Vec::new(),
        subject_words: Vec::new(),
        forward_to: Vec::new(),
        forward_as_attachment_to: Vec::new(),
        redirect_to: Vec::new(),
        move_to: None,
        delete: false,
        mark_as_read: false,
        stop: false,
    }
}

fn details<'a>(turn: &'a Turn<'_>, owner: Uuid) -> Option<&'a MailDetails> {
    let user = turn.state().users.get(&owner)?;
    turn.state().mailbox(user).map(|mailbox| &mailbox.details)
}

/// The rules in a mailbox, in their order.
fn held<'a>(turn: &'a Turn<'_>, owner: Uuid) -> &'a [Rule] {
    details(turn, owner).map_or(&[], |details| details.rules.as_slice())
}

/// By number, by `mailbox\number` or by name.
fn is(rule: &Rule, owner: Uuid, identity: &str) -> bool {
    let number = rule.id.to_string();
    identity == number
        || identity.rsplit_once('\\').is_some_and(|(mailbox, end)| {
            end == number && mailbox.eq_ignore_ascii_case(&owner.to_string())
        })
        || rule.name.eq_ignore_ascii_case(identity)
}

fn chosen(turn: &Turn<'_>, command: &Command) -> Result<(Uuid, usize)> {
    command.only(&["Identity", "Mailbox", "AlwaysDeleteOutlookRulesBlob", "Force"])?;
    command.flag("AlwaysDeleteOutlookRulesBlob")?;
    command.flag("Force")?;
    let identity = command.needed("Identity")?;
    let owner = mailboxes::owner(turn, command.needed("Mailbox")?)?;
    let at = held(turn, owner).iter().position(|rule| is(rule, owner, identity));
    at.map(|at| (owner, at)).ok_or_else(|| trouble::not_found(identity))
}

pub(super) fn remove(turn: &mut Turn<'_>, command: &Command) -> Result<Output> {
    let (owner, at) = chosen(turn, command)?;
    let name = held(turn, owner)[at].name.clone();
    if let Some(mailbox) =
        turn.change().users.get_mut(&owner).and_then(|user| user.mailbox.as_mut())
    {
        mailbox.details.rules.remove(at);
    }
    turn.felt("mailbox.rule.remove", owner, json!({ "rule": name }), Value::Null);
    Ok(Output::default())
}

pub(super) fn switch(turn: &mut Turn<'_>, command: &Command, on: bool) -> Result<Output> {
    let (owner, at) = chosen(turn, command)?;
    let rule = &held(turn, owner)[at];
    if rule.enabled == on {
        return Ok(Output::default());
    }
    let name = rule.name.clone();
    if let Some(mailbox) =
        turn.change().users.get_mut(&owner).and_then(|user| user.mailbox.as_mut())
    {
        mailbox.details.rules[at].enabled = on;
    }
    turn.felt(
        "mailbox.rule.switch",
        owner,
        json!({ "rule": name, "enabled": !on }),
        json!({ "rule": name, "enabled": on }),
    );
    Ok(Output::default())
}
