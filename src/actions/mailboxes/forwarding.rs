//! What setting and removing a forwarding share: where mail goes, and the way back.

use serde::{Deserialize, Serialize};

use crate::{
    actions::{Asked, Planned, look},
    domain::{
        change::{InboxRuleChange, MailboxChange, Sight, mailboxes::seen as names},
        mail::{ForwardTo, Forwarding, InboxRule, Mailbox},
        plan::{Draft, Value},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Where mail goes on to, as it is shown and as it is set.
#[derive(Debug, Clone)]
pub struct Target {
    /// As Exchange is told.
    pub to: ForwardTo,
    /// Where it ends, in small letters.
    pub address: String,
    /// For people.
    pub shown: String,
    /// It ends outside the tenant's own domains.
    pub outside: bool,
}

impl Target {
    /// Inside or outside, for the card.
    pub fn lies(&self) -> &'static str {
        if self.outside { "=outside" } else { "=inside" }
    }
}

/// Everything as it was before a forwarding was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// The mailbox's own forwarding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding: Option<Forwarding>,
    /// Inbox rules to be switched on again, by identity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// Whom an address means. Recipients of the tenant are known by it; anything else must
/// lie outside. A mailbox from Active Directory keeps its recipient there, so it takes the
/// address (Entra Connect synchronises `altRecipient`).
pub async fn target(
    look: &dyn World,
    asked: &Asked,
    mailbox: &Mailbox,
    said: &str,
) -> Result<Target> {
    let said = said.trim();
    let domains = look.accepted_domains(&asked.tenant).await?;
    if let Some(found) = look.recipient(&asked.tenant, said).await? {
        let address = look::mail::ends_at(&found).to_owned();
        return Ok(Target {
            to: if mailbox.synced {
                ForwardTo::Address(address.clone())
            } else {
                ForwardTo::Recipient(found.address.clone())
            },
            outside: look::mail::is_outside(&address, &domains),
            shown: look::mail::named(&found),
            address,
        });
    }
    let address = said.to_lowercase();
    let plain = address.split_once('@').filter(|(name, domain)| {
        !name.is_empty() && domain.contains('.') && !address.contains(char::is_whitespace)
    });
    if plain.is_none() {
        return Err(Reason::NoSuchPerson { name: said.to_owned() }.into());
    }
    if !look::mail::is_outside(&address, &domains) {
        return Err(Reason::NotPossible {
            what: format!("nobody in the tenant has the address {address}"),
        }
        .into());
    }
    Ok(Target {
        to: ForwardTo::Address(address.clone()),
        shown: address.clone(),
        address,
        outside: true,
    })
}

/// Where the mailbox forwards to now.
pub async fn now(look: &dyn World, asked: &Asked, mailbox: &Mailbox) -> Result<Option<Target>> {
    let said = match (&mailbox.forwards_to_recipient, &mailbox.forwards_to_address) {
        (Some(name), _) => name,
        (None, Some(address)) => address,
        (None, None) => return Ok(None),
    };
    let domains = look.accepted_domains(&asked.tenant).await?;
    let by_name = mailbox.forwards_to_recipient.is_some();
    let to = |address: &str| {
        if by_name {
            ForwardTo::Recipient(said.clone())
        } else {
            ForwardTo::Address(address.to_owned())
        }
    };
    let found = look.recipient(&asked.tenant, said).await?;
    Ok(Some(match found {
        Some(found) => {
            let address = look::mail::ends_at(&found).to_owned();
            Target {
                to: to(said),
                outside: look::mail::is_outside(&address, &domains),
                shown: look::mail::named(&found),
                address,
            }
        }
        None => Target {
            to: to(said),
            outside: said.contains('@') && look::mail::is_outside(said, &domains),
            shown: said.clone(),
            address: said.to_lowercase(),
        },
    }))
}

/// The forwarding that a look saw.
pub fn seen(sight: &Sight) -> Option<Forwarding> {
    let to: ForwardTo = serde_json::from_value(sight.value(names::FORWARDING)?.clone()).ok()?;
    let keep_copy = sight.value(names::KEEP_COPY).is_some_and(|keep| *keep == true);
    Some(Forwarding { to, keep_copy })
}

/// Where the rules of a mailbox send mail on to, in one line.
pub fn of_rule(rule: &InboxRule) -> String {
    let each = rule.targets.iter().map(|target| match &target.address {
        Some(address) if *address != target.name => format!("{} ({address})", target.name),
        Some(address) => address.clone(),
        None => target.name.clone(),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Does one of the rule's targets lie outside?
pub fn leaves(rule: &InboxRule, domains: &[String]) -> bool {
    let addresses = rule.targets.iter().filter_map(|target| target.address.as_deref());
    addresses.into_iter().any(|address| look::mail::is_outside(address, domains))
}

/// Drafts the way back: forwarding and rules as they were.
pub async fn put_back(
    look: &dyn World,
    asked: &Asked,
    user: &User,
    mailbox: &Mailbox,
    back: &Back,
) -> Result<Planned> {
    let mut draft = Draft::about(user.to_ref());
    let now = now(look, asked, mailbox).await?;
    let shown = now.as_ref().map_or_else(|| "=nobody".to_owned(), |now| now.shown.clone());
    if let Some(before) = &back.forwarding {
        let same = now.as_ref().is_some_and(|now| now.to == before.to)
            && mailbox.keeps_copy == before.keep_copy;
        if !same {
            let said = before.to.address();
            let found = look.recipient(&asked.tenant, said).await?;
            let to = found.as_ref().map_or_else(|| said.to_owned(), look::mail::named);
            draft.step(
                MailboxChange::SetForwarding {
                    user: user.id.clone().into(),
                    forwarding: Some(before.clone()),
                },
                &[("user", &user.name), ("to", &to)],
                vec![Value::new("forwards_to", shown, to.clone())],
            );
        }
    }
    let rules = if back.rules.is_empty() {
        Vec::new()
    } else {
        look.inbox_rules(&user.id).await?.unwrap_or_default()
    };
    for rule in rules.iter().filter(|rule| back.rules.contains(&rule.id) && !rule.enabled) {
        switch_rule(&mut draft, user, rule, true);
    }
    if draft.steps.is_empty() {
        let what = format!("the mail of {} goes where it went before", user.name);
        return Err(Reason::AlreadySo { what }.into());
    }
    Ok(Planned::Changes(draft))
}

/// Drafts the switch of one rule.
pub fn switch_rule(draft: &mut Draft, user: &User, rule: &InboxRule, on: bool) {
    let word = |on: bool| if on { "=on" } else { "=off" };
    let mut values = vec![Value::new("rule_switch", word(rule.enabled), word(on))];
    if !rule.targets.is_empty() {
        let to = of_rule(rule);
        values.push(Value::new(
            "rule_sends_to",
            to.clone(),
            if on { to } else { "=nobody".into() },
        ));
    }
    draft.step(
        InboxRuleChange::SwitchInboxRule {
            user: user.id.clone().into(),
            rule: rule.id.clone(),
            on,
        },
        &[("user", &user.name), ("rule", &rule.name), ("state", word(on))],
        values,
    );
}
