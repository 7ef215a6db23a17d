//! Who owns the groups of somebody who leaves.
//!
//! Looked for among the groups they are in: which others somebody owns, Microsoft tells no
//! application (learn.microsoft.com/graph/api/user-list-ownedobjects).

use std::collections::BTreeSet;

use super::{LeaveOut, OffboardUser};
use crate::{
    actions::{
        Asked,
        groups::{
            add_group_owner::AddGroupOwner, add_to_group, owners,
            remove_group_owner::RemoveGroupOwner,
        },
        lifecycle::{leaver::Stage, process::Piece},
        look,
    },
    domain::{
        ids::GroupId,
        plan::{Draft, Note},
        trouble::Result,
        users::{Dossier, Facet, Group, GroupSort},
    },
    ports::world::World,
};

/// Groups whose owners are read for one leaver.
const LOOKS_MAX: usize = 500;

impl OffboardUser {
    /// Each group that they own gets another owner, if it has none, before they let go.
    pub(super) async fn owned(
        &self,
        look: &dyn World,
        asked: &Asked,
        found: &Dossier,
        about: &mut Draft,
    ) -> Result<Vec<Piece<Stage>>> {
        if !self.does(LeaveOut::Groups) {
            return Ok(Vec::new());
        }
        let user = &found.user;
        let settable = found.groups.iter().filter(|group| owners::takes_owners(group).is_ok());
        let groups: Vec<&Group> = settable.take(LOOKS_MAX).collect();
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id.clone()).collect();
        let owned = look.owners_of(&ids).await?;
        let own = |all: &BTreeSet<_>| all.contains(&user.id.guid());
        let owned: Vec<(&Group, bool)> = groups
            .into_iter()
            .zip(owned)
            .filter_map(|(group, all)| all.filter(own).map(|all| (group, all.len() == 1)))
            .collect();
        let heir = if owned.iter().any(|(_, alone)| *alone) {
            self.heir(look, asked, found).await?
        } else {
            None
        };
        let (mut pieces, mut kept) = (Vec::new(), Vec::new());
        for (group, alone) in owned {
            let id = group.id.to_string();
            if alone {
                // Nobody becomes able to give admin roles because somebody else leaves.
                let named = self.groups_to.is_some() || !group.role_assignable;
                let Some(heir) = heir.as_ref().filter(|_| named) else {
                    kept.push(group.name.as_str());
                    continue;
                };
                let mut draft = Draft::default();
                let inside = heir.groups.iter().any(|own| own.id == group.id);
                if group.sort == GroupSort::Microsoft365 && !inside && !group.dynamic {
                    add_to_group::enter(&mut draft, &heir.user, group);
                }
                owners::own(&mut draft, &heir.user, group);
                let takes = heir.user.id.to_string();
                let takes = AddGroupOwner { user: takes, group: id.clone(), alone: false };
                pieces.push(Piece::drafted(Stage::NewOwners, &takes, draft));
            }
            let mut draft = Draft::default();
            owners::disown(&mut draft, user, group);
            let lets_go =
                RemoveGroupOwner { user: user.id.to_string(), group: id, owner_comes: true };
            pieces.push(Piece::drafted(Stage::Ownership, &lets_go, draft));
        }
        if !kept.is_empty() {
            let fields = [("user", user.name.as_str()), ("groups", &kept.join(", "))];
            about.notes.push(Note::new("leaver_owner_stays", &fields));
        }
        Ok(pieces)
    }

    /// Who takes the groups over: whoever is named, else the manager if they can sign in.
    async fn heir(
        &self,
        look: &dyn World,
        asked: &Asked,
        found: &Dossier,
    ) -> Result<Option<Dossier>> {
        let who = match (&self.groups_to, &found.user.manager) {
            (Some(named), _) => named.clone(),
            (None, Some(manager)) => manager.id.to_string(),
            (None, None) => return Ok(None),
        };
        let heir = look::dossier(look, asked, &who, &[Facet::Groups]).await?;
        let fit = self.groups_to.is_some() || heir.user.enabled && !heir.user.guest;
        Ok((fit && heir.user.id != found.user.id).then_some(heir))
    }
}
