//! What may not overtake what, whatever a plan is joined of.

use crate::domain::{
    change::{Change, GroupChange, LicenceChange, MailboxChange, accounts, passwords},
    mail::MailboxSort,
    plan::Step,
};

/// Sessions end after the sign-in is blocked, else a new one starts in between
/// (Microsoft's order for revoking access in an emergency).
pub(super) fn revoke_after_disable(steps: &mut [Step]) {
    let blocked: Vec<_> = steps
        .iter()
        .filter(|step| step.change.kind() == accounts::DISABLE_SIGN_IN)
        .map(|step| (step.id, step.change.user().cloned()))
        .collect();
    for step in steps.iter_mut().filter(|step| step.change.kind() == passwords::REVOKE_SESSIONS) {
        for (id, _) in
            blocked.iter().filter(|(id, user)| user.as_ref() == step.change.user() && *id < step.id)
        {
            if !step.after.contains(id) {
                step.after.push(*id);
            }
        }
    }
}

/// A licence goes only once the mailbox is seen to be shared: an unlicensed mailbox of one's
/// own is deleted after 30 days (learn.microsoft.com/microsoft-365/admin, "About shared
/// mailboxes").
pub(super) fn unlicense_after_convert(steps: &mut [Step]) {
    let converted: Vec<_> = steps
        .iter()
        .filter(|step| becomes(&step.change, MailboxSort::Shared))
        .map(|step| (step.id, step.change.user().cloned()))
        .collect();
    let takes = |step: &&mut Step| {
        matches!(&step.change, Change::Licence(LicenceChange::SetLicences { remove, .. })
            if !remove.is_empty())
    };
    for step in steps.iter_mut().filter(takes) {
        for (id, user) in &converted {
            let same = user.as_ref() == step.change.user() && *id < step.id;
            if same && !step.needs.contains(id) {
                step.needs.push(*id);
            }
        }
    }
}

/// The other way round: a mailbox of one's own needs a licence, so one that comes back with
/// the same plan comes first.
pub(super) fn licence_before_unshare(steps: &mut [Step]) {
    let given: Vec<_> = steps
        .iter()
        .filter(|step| {
            matches!(&step.change, Change::Licence(LicenceChange::SetLicences { add, .. })
                if !add.is_empty())
        })
        .map(|step| (step.id, step.change.user().cloned()))
        .collect();
    for step in steps.iter_mut().filter(|step| becomes(&step.change, MailboxSort::Regular)) {
        for (id, user) in &given {
            let same = user.as_ref() == step.change.user() && *id < step.id;
            if same && !step.needs.contains(id) {
                step.needs.push(*id);
            }
        }
    }
}

/// Who takes a group over owns it before whoever had it lets go: the directory keeps the last
/// owner (learn.microsoft.com/graph/api/group-delete-owners).
pub(super) fn an_owner_stays(steps: &mut [Step]) {
    let owned = |change: &Change| match change {
        Change::Group(GroupChange::AddOwner { group, .. }) => Some((group.clone(), true)),
        Change::Group(GroupChange::RemoveOwner { group, .. }) => Some((group.clone(), false)),
        _ => None,
    };
    let taken: Vec<_> = steps
        .iter()
        .filter_map(|step| owned(&step.change).filter(|(_, goes_in)| *goes_in).zip(Some(step.id)))
        .collect();
    for step in steps.iter_mut() {
        let Some((left, false)) = owned(&step.change) else { continue };
        for ((group, _), id) in &taken {
            if *group == left && *id < step.id && !step.needs.contains(id) {
                step.needs.push(*id);
            }
        }
    }
}

/// Does a mailbox become one of this sort?
pub(super) fn becomes(change: &Change, wanted: MailboxSort) -> bool {
    matches!(change, Change::Mailbox(MailboxChange::ConvertMailbox { sort, .. }) if *sort == wanted)
}
