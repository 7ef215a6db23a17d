//! Finding mailboxes, and telling inside from outside.

use crate::{
    actions::Asked,
    domain::{
        ids::{Upn, UserId},
        mail::{Mailbox, Recipient},
        trouble::{Reason, Result, Trouble},
        users::{User, Who},
    },
    ports::world::World,
};

/// The account behind a mailbox that was named by sign-in name, object id, any of its
/// addresses or its name. The address of a shared mailbox need not be its sign-in name.
pub async fn owner(look: &dyn World, asked: &Asked, said: &str) -> Result<User> {
    let said = said.trim();
    let who = match (said.parse::<UserId>(), said.parse::<Upn>()) {
        (Ok(id), _) if id.tenant() == &asked.tenant => Some(Who::Id(id)),
        (Err(_), Ok(upn)) => Some(Who::Upn(asked.tenant.clone(), upn)),
        _ => None,
    };
    if let Some(who) = &who
        && let Some(user) = look.user(who).await?
    {
        return Ok(user);
    }
    let nobody = || Trouble::from(Reason::NoSuchPerson { name: said.to_owned() });
    let found = match look.recipient(&asked.tenant, said).await {
        Ok(found) => found,
        // Without Exchange only sign-in names are known.
        Err(Trouble::Refused(Reason::MissingPermission { .. })) if who.is_some() => None,
        Err(trouble) => return Err(trouble),
    };
    let id = found.and_then(|found| found.id).ok_or_else(nobody)?;
    let user = look.user(&Who::Id(asked.tenant.object(id))).await?;
    user.ok_or_else(nobody)
}

/// The account and its mailbox.
pub async fn mailbox(look: &dyn World, asked: &Asked, said: &str) -> Result<(User, Mailbox)> {
    let user = owner(look, asked, said).await?;
    let mailbox = look.mailbox_of(&user.id).await?;
    let mailbox = mailbox.ok_or_else(|| none(&user.name))?;
    Ok((user, mailbox))
}

/// There is none.
pub fn none(name: &str) -> Reason {
    Reason::NotPossible { what: format!("{name} has no mailbox in Exchange Online") }
}

/// Does an address lie outside the tenant's own domains?
pub fn is_outside(address: &str, domains: &[String]) -> bool {
    let domain = address.rsplit('@').next().unwrap_or_default();
    !domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
}

/// Where mail to a recipient ends.
pub fn ends_at(recipient: &Recipient) -> &str {
    recipient.outside.as_deref().unwrap_or(&recipient.address)
}

/// `Jane Roe (jane.roe@contoso.com)`.
pub fn named(recipient: &Recipient) -> String {
    if recipient.name == recipient.address {
        return recipient.address.clone();
    }
    format!("{} ({})", recipient.name, recipient.address)
}

/// A size, such as `48.5 GB`.
pub fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / ((1 << 30) / 10);
    format!("{}.{} GB", tenths / 10, tenths % 10)
}
