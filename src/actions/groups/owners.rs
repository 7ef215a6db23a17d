//! Who owns a group: what several actions share.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    domain::{
        change::GroupChange,
        plan::{Draft, Value},
        trouble::{Reason, Result},
        users::{Group, GroupSort, User},
    },
    ports::world::World,
};

/// Refuses groups whose owners are not set here.
pub(in crate::actions) fn takes_owners(group: &Group) -> Result<(), Reason> {
    let name = &group.name;
    let what = if matches!(group.sort, GroupSort::Distribution | GroupSort::MailEnabledSecurity) {
        format!("{name} is a list of Exchange: change who manages it in the Exchange admin center")
    } else if group.synced {
        format!("{name} is mastered in Active Directory; change its owners there")
    } else {
        return Ok(());
    };
    Err(Reason::NotPossible { what })
}

/// The owners of a group, by object id.
pub(in crate::actions) async fn of(look: &dyn World, group: &Group) -> Result<BTreeSet<Uuid>> {
    let owners = look.group_owners(group).await?;
    let owners = owners.ok_or_else(|| Reason::NoSuchGroup { name: group.name.clone() })?;
    Ok(owners.into_iter().map(|owner| owner.id).collect())
}

/// Drafts that somebody becomes an owner.
pub(in crate::actions) fn own(draft: &mut Draft, user: &User, group: &Group) {
    draft.step(
        GroupChange::AddOwner { group: group.id.clone().into(), user: user.id.clone().into() },
        &[("user", &user.name), ("group", &group.name)],
        vec![Value::new("ownership", "=not_owner", "=owner")],
    );
}

/// Drafts that somebody is no longer an owner.
pub(in crate::actions) fn disown(draft: &mut Draft, user: &User, group: &Group) {
    draft.step(
        GroupChange::RemoveOwner { group: group.id.clone().into(), user: user.id.clone().into() },
        &[("user", &user.name), ("group", &group.name)],
        vec![Value::new("ownership", "=owner", "=not_owner")],
    );
}
