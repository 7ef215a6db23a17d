//! What becomes free when somebody leaves.

use super::{LeaveOut, OffboardUser};
use crate::{
    actions::{
        groups::remove_from_group::{self, RemoveFromGroup},
        licences::remove_license::RemoveLicense,
        lifecycle::{
            leaver::{self, Stage},
            process::Piece,
        },
    },
    domain::{
        mail::Mailbox,
        plan::{Draft, Note},
        users::{Dossier, Group},
    },
};

impl OffboardUser {
    /// What becomes free: groups, licences, and last the groups that bear licences.
    pub(super) fn seats(
        &self,
        found: &Dossier,
        mailbox: Option<&Mailbox>,
        about: &mut Draft,
    ) -> Vec<Piece<Stage>> {
        let user = &found.user;
        let id = user.id.to_string();
        let stays =
            mailbox.is_some_and(|mailbox| leaver::needs_its_licence(mailbox, self.litigation_hold));
        let holds_any = !found.licences.is_empty();
        let mut pieces = Vec::new();
        if self.does(LeaveOut::Groups) {
            let mut said = Draft::default();
            let leaving = remove_from_group::by_hand(&mut said, user, &found.groups);
            about.notes.append(&mut said.notes);
            let (last, first): (Vec<Group>, Vec<Group>) =
                leaving.into_iter().partition(|group| group.licensed);
            let last = if stays { Vec::new() } else { last };
            for (stage, groups) in [(Stage::Groups, first), (Stage::LicenceGroups, last)] {
                let mut draft = Draft::about(user.to_ref());
                for group in &groups {
                    remove_from_group::leave(&mut draft, user, group);
                }
                let all = remove_from_group::ALL.to_owned();
                let leave = RemoveFromGroup { user: id.clone(), group: all };
                if !draft.steps.is_empty() {
                    pieces.push(Piece::drafted(stage, &leave, draft));
                }
            }
        }
        if stays && holds_any {
            about.notes.push(Note::new("leaver_keeps_licences", &[("user", &user.name)]));
        } else if self.does(LeaveOut::Licences) && found.licences.iter().any(|own| own.direct) {
            let remove = RemoveLicense { user: id, license: "ALL".to_owned() };
            pieces.push(Piece::vital(Stage::Licences, &remove));
        }
        pieces
    }
}
