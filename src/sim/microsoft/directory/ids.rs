//! Ids that a directory file gives: the ids of another tenant's people and groups, so that what
//! was planned there can be played here.
//!
//! Everything is read under the ids that its name comes to; then those that were given take
//! their place, wherever they are named.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    super::state::{State, mail::Trustee},
    File, group_id, user_id,
};

/// Puts the given ids in the place of those that come from names.
pub(super) fn give(state: &mut State, file: &File) {
    let people = file.users.iter().filter_map(|user| Some((user_id(&user.upn), user.id?)));
    let groups = file.groups.iter().filter_map(|group| Some((group.own_id(), group.id?)));
    let given: BTreeMap<Uuid, Uuid> = people.chain(groups).collect();
    if given.is_empty() {
        return;
    }
    let own = |id: Uuid| given.get(&id).copied().unwrap_or(id);
    let all = |ids: &BTreeSet<Uuid>| ids.iter().map(|id| own(*id)).collect::<BTreeSet<Uuid>>();
    let users = std::mem::take(&mut state.users).into_values().map(|mut user| {
        user.id = own(user.id);
        user.manager = user.manager.map(own);
        if let Some(mailbox) = &mut user.mailbox {
            let details = &mut mailbox.details;
            details.send_on_behalf = all(&details.send_on_behalf);
            for entry in details.access.iter_mut().chain(&mut details.send_as) {
                if let Trustee::Object(id) = &mut entry.trustee {
                    *id = own(*id);
                }
            }
        }
        (user.id, user)
    });
    state.users = users.collect();
    let groups = std::mem::take(&mut state.groups).into_values().map(|mut group| {
        group.id = own(group.id);
        group.members = all(&group.members);
        group.owners = all(&group.owners);
        (group.id, group)
    });
    state.groups = groups.collect();
    let methods = std::mem::take(&mut state.methods).into_iter();
    state.methods = methods.map(|(id, methods)| (own(id), methods)).collect();
    for held in state.assignments.iter_mut().chain(&mut state.eligible) {
        held.principal = own(held.principal);
    }
}

impl super::FileGroup {
    fn own_id(&self) -> Uuid {
        group_id(&self.display_name)
    }
}
