//! Finding whom and what is meant. Shared by the plans.
//!
//! - here    people, groups, licences
//! - [`mail`] mailboxes, and where mail goes on to

pub mod mail;

use uuid::Uuid;

use crate::{
    actions::{Asked, SecretsTo},
    domain::{
        change::{Delivery, DeliveryWay},
        ids::{ObjectId, Upn, UserId, kind},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
        users::{Dossier, Facet, Group, GroupSort, PersonRef, Sku, User, Who},
    },
    ports::{directory::Directory, world::World},
};

/// The user named by a sign-in name or an object id (`tenant/guid`, of this tenant only).
pub async fn user(look: &dyn Directory, asked: &Asked, said: &str) -> Result<User> {
    let who = match said.parse::<UserId>() {
        Ok(id) if *id.tenant() == asked.tenant => Who::Id(id),
        Ok(_) => return Err(Reason::NoSuchPerson { name: said.to_owned() }.into()),
        Err(_) => Who::Upn(asked.tenant.clone(), said.parse::<Upn>().map_err(Reason::from)?),
    };
    look.user(&who).await?.ok_or_else(|| Reason::NoSuchPerson { name: said.to_owned() }.into())
}

/// The same, with facets.
pub async fn dossier(
    look: &dyn Directory,
    asked: &Asked,
    said: &str,
    facets: &[Facet],
) -> Result<Dossier> {
    let user = user(look, asked, said).await?;
    let manager = user.manager;
    let found = look.dossier(&user.id, facets).await?;
    let mut dossier =
        found.ok_or_else(|| Trouble::from(Reason::NoSuchPerson { name: said.to_owned() }))?;
    dossier.user.manager = dossier.user.manager.or(manager);
    Ok(dossier)
}

/// Refuses what only Active Directory can change.
pub fn not_synced(user: &User) -> Result<(), Reason> {
    if user.synced {
        return Err(Reason::NotPossible {
            what: format!(
                "{} is mastered in Active Directory, so Microsoft 365 refuses this change; make it there",
                user.name
            ),
        });
    }
    Ok(())
}

/// An object id: `tenant/guid` of this tenant, or a bare GUID.
pub fn object_id<K>(asked: &Asked, said: &str) -> Option<ObjectId<K>> {
    match said.parse::<ObjectId<K>>() {
        Ok(id) => (*id.tenant() == asked.tenant).then_some(id),
        Err(_) => Uuid::try_parse(said.trim()).ok().map(|guid| asked.tenant.object(guid)),
    }
}

/// The one group of this name, mail address or object id; a question when there are several.
pub async fn group(look: &dyn World, asked: &Asked, said: &str) -> Result<Group> {
    let mut found = match object_id::<kind::Group>(asked, said) {
        Some(id) => look.group_with_id(&id).await?.into_iter().collect(),
        None => look.groups_named(&asked.tenant, said).await?,
    };
    match found.len() {
        0 => Err(Reason::NoSuchGroup { name: said.to_owned() }.into()),
        1 => Ok(found.remove(0)),
        _ => Err(Trouble::Unclear {
            argument: "group".to_owned(),
            question: Question::which(
                Ask::WhichGroup,
                Some(said.chars().take(80).collect()),
                found.iter().map(group_choice),
            ),
        }),
    }
}

/// A group as a choice: what tells it from its namesakes.
pub fn group_choice(group: &Group) -> Choice {
    let sort = match group.sort {
        GroupSort::Security => "security group",
        GroupSort::Microsoft365 => "Microsoft 365 group",
        GroupSort::Distribution => "distribution list",
        GroupSort::MailEnabledSecurity => "mail-enabled security group",
    };
    let mail = group.mail.as_deref().unwrap_or("no mail address");
    Choice {
        value: group.id.to_string(),
        label: group.name.clone(),
        detail: format!("{sort}, {mail}"),
    }
}

/// Refuses groups whose members are not set by hand here.
pub fn takes_members(group: &Group) -> Result<(), Reason> {
    if group.dynamic {
        return Err(Reason::NotPossible {
            what: format!(
                "{} is a dynamic group: its rule decides who is in it; change the person's properties or the rule",
                group.name
            ),
        });
    }
    if group.synced {
        return Err(Reason::NotPossible {
            what: format!(
                "{} is mastered in Active Directory; change its members there",
                group.name
            ),
        });
    }
    Ok(())
}

/// The licence with this part number, product name or SKU id of the tenant.
pub async fn sku(look: &dyn Directory, asked: &Asked, said: &str) -> Result<Sku> {
    let skus = look.skus(&asked.tenant).await?;
    skus.into_iter()
        .find(|sku| is_sku(sku, said))
        .ok_or_else(|| Reason::NoSuchLicence { name: said.to_owned() }.into())
}

/// Whether this says that licence: its part number, product name or SKU id.
pub fn is_sku(sku: &Sku, said: &str) -> bool {
    sku.part_number.eq_ignore_ascii_case(said)
        || sku.name.eq_ignore_ascii_case(said)
        || sku.id.guid().hyphenated().to_string().eq_ignore_ascii_case(said)
}

/// Who receives a secret made for this user.
pub fn delivery(asked: &Asked, subject: &User) -> Result<Delivery, Reason> {
    let to = match &asked.secrets_to {
        SecretsTo::Requester => asked.requester.clone(),
        SecretsTo::Person(person) => person.clone(),
        SecretsTo::Manager => subject.manager.clone().ok_or_else(|| Reason::NotPossible {
            what: format!(
                "policy sends the password to the manager, and {} has none in the directory",
                subject.name
            ),
        })?,
    };
    Ok(Delivery { to, by: DeliveryWay::OneTimeLink })
}

/// The same, for somebody who is only being made: `manager` is the one they will have.
pub fn delivery_of_new(
    asked: &Asked,
    manager: Option<PersonRef>,
    name: &str,
) -> Result<Delivery, Reason> {
    let to = match &asked.secrets_to {
        SecretsTo::Requester => asked.requester.clone(),
        SecretsTo::Person(person) => person.clone(),
        SecretsTo::Manager => manager.ok_or_else(|| Reason::NotPossible {
            what: format!("policy sends the first password to the manager; say who {name}'s is"),
        })?,
    };
    Ok(Delivery { to, by: DeliveryWay::OneTimeLink })
}
