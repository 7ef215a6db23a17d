//! What takes a finished process back: each step by the action whose step it is.

use serde_json::Map;

use crate::{
    actions::{
        Action,
        compliance::set_litigation_hold::SetLitigationHold,
        groups::{
            add_to_group::AddToGroup, remove_from_group::RemoveFromGroup,
            remove_group_owner::RemoveGroupOwner,
        },
        licences::set_licenses::SetLicenses,
        mailboxes::{
            add_mailbox_permission::{AddMailboxPermission, Permission},
            convert_to_shared_mailbox::ConvertToSharedMailbox,
            grant_onedrive_access::GrantOnedriveAccess,
            hide_from_address_list::HideFromAddressList,
            remove_forwarding::RemoveForwarding,
            set_forwarding::SetForwarding,
            set_out_of_office::SetOutOfOffice,
        },
        propose,
        roles::remove_role::RemoveRole,
        users::{
            create_user::CreateUser, disable_user::DisableUser, enable_user::EnableUser,
            set_manager::SetManager, update_user::UpdateUser,
        },
    },
    domain::{
        change::{
            AccountChange, Change, ComplianceChange, GroupChange, HandoverChange, InboxRuleChange,
            LicenceChange, MailRightChange, MailboxChange, Ref, RoleChange,
        },
        mail::MailboxSort,
        plan::Step,
        proposal::Proposal,
        step::{StepRun, StepState},
    },
};

/// In which order the actions that take a process back go: what lets somebody in again,
/// licences before the mailbox that needs one, and last who gets out again.
const ORDER: &[&str] = &[
    "enable_user",
    "set_licenses",
    "convert_to_shared_mailbox",
    "add_to_group",
    "add_group_owner",
    "remove_group_owner",
    "remove_from_group",
    "assign_role",
    "set_out_of_office",
    "set_forwarding",
    "remove_forwarding",
    "hide_from_address_list",
    "remove_mailbox_permission",
    "grant_onedrive_access",
    "set_litigation_hold",
    "set_manager",
    "update_user",
];

type Done<'a> = (&'a Step, &'a StepRun);

/// The way back, in the order in which it has to go: licences before the mailbox that needs
/// one. What was made by the process takes all that was done with it along.
pub(super) fn back(done: &[Done<'_>]) -> Vec<Proposal> {
    let made = CreateUser::default().inverse(done);
    if !made.is_empty() {
        return made;
    }
    let licences_went = done.iter().any(|(step, _)| takes_licences(&step.change));
    let mut back: Vec<Proposal> = Vec::new();
    let (rules, rest): (Vec<Done<'_>>, Vec<Done<'_>>) =
        done.iter().copied().partition(|(step, _)| sends_mail_on(&step.change));
    back.extend(mail_goes_on(&rules));
    for done in rest {
        back.extend(of_step(done, licences_went));
    }
    back.sort_by_key(|proposal| {
        ORDER.iter().position(|id| *id == proposal.action).unwrap_or(ORDER.len())
    });
    back
}

fn takes_licences(change: &Change) -> bool {
    matches!(change, Change::Licence(LicenceChange::SetLicences { remove, .. }) if !remove.is_empty())
}

fn sends_mail_on(change: &Change) -> bool {
    matches!(
        change,
        Change::Mailbox(MailboxChange::SetForwarding { .. })
            | Change::InboxRule(InboxRuleChange::SwitchInboxRule { .. })
    )
}

/// Forwarding and rules of one mailbox go back together.
fn mail_goes_on(done: &[Done<'_>]) -> Vec<Proposal> {
    let Some(user) = done.iter().find_map(|(step, _)| step.change.user()?.known()) else {
        return Vec::new();
    };
    let mailbox = user.to_string();
    let set = done.iter().any(|(step, _)| {
        matches!(
            &step.change,
            Change::Mailbox(MailboxChange::SetForwarding { forwarding: Some(_), .. })
        )
    });
    let ended = RemoveForwarding { mailbox: mailbox.clone(), rules: None };
    if !set {
        return ended.inverse(done);
    }
    let forward = SetForwarding {
        mailbox,
        forward_to: String::new(),
        keep_copy: None,
        until: None,
        back_to: None,
    };
    let rules: Vec<Done<'_>> = done
        .iter()
        .copied()
        .filter(|(step, _)| matches!(step.change, Change::InboxRule(_)))
        .collect();
    let mut back = forward.inverse(done);
    back.extend(ended.inverse(&rules));
    back
}

fn of_step(done: Done<'_>, licences_went: bool) -> Vec<Proposal> {
    let (change, one) = (&done.0.change, &[done][..]);
    let Some(user) = change.user().and_then(Ref::known).map(ToString::to_string) else {
        return Vec::new();
    };
    match change {
        Change::Account(AccountChange::DisableSignIn { .. }) => DisableUser { user }.inverse(one),
        Change::Account(AccountChange::EnableSignIn { .. }) => EnableUser { user }.inverse(one),
        Change::Account(AccountChange::SetManager { .. }) => {
            SetManager { user, manager: String::new() }.inverse(one)
        }
        Change::Account(AccountChange::UpdateUser { .. } | AccountChange::UpdateProfile { .. }) => {
            UpdateUser { user, fields: Map::new() }.inverse(one)
        }
        Change::Licence(_) => SetLicenses::default().inverse(one),
        Change::Group(GroupChange::RemoveMember { .. }) => {
            RemoveFromGroup { user, group: String::new() }.inverse(one)
        }
        Change::Group(change @ GroupChange::AddMember { .. }) => {
            let group = change.membership().and_then(|(group, _)| group.known());
            let group = group.map(ToString::to_string).unwrap_or_default();
            AddToGroup { user, group, until: None }.inverse(one)
        }
        Change::Group(GroupChange::RemoveOwner { .. }) => {
            RemoveGroupOwner { user, group: String::new(), owner_comes: false }.inverse(one)
        }
        // Whoever owned it before comes back with it.
        Change::Group(change @ GroupChange::AddOwner { .. }) if done.1.state == StepState::Done => {
            let group = change.membership().and_then(|(group, _)| group.known());
            let group = group.map(ToString::to_string).unwrap_or_default();
            vec![propose(&RemoveGroupOwner { user, group, owner_comes: true })]
        }
        Change::Role(RoleChange::RemoveRole { role, .. }) => {
            RemoveRole { user, role: role.to_string() }.inverse(one)
        }
        Change::Mailbox(MailboxChange::SetAutomaticReplies { .. }) => {
            SetOutOfOffice { mailbox: user, ..SetOutOfOffice::default() }.inverse(one)
        }
        Change::Mailbox(MailboxChange::ConvertMailbox { sort, .. }) => {
            let back = *sort == MailboxSort::Regular;
            ConvertToSharedMailbox { mailbox: user, back, licence_comes: licences_went }
                .inverse(one)
        }
        Change::Mailbox(MailboxChange::HideFromAddressLists { hidden, .. }) => {
            HideFromAddressList { mailbox: user, show: !hidden }.inverse(one)
        }
        Change::MailRight(MailRightChange::GrantMailRight { user: to, .. }) => {
            AddMailboxPermission {
                mailbox: user,
                user: to.to_string(),
                permission: Permission::FullAccess,
                auto_mapping: None,
                until: None,
            }
            .inverse(one)
        }
        Change::Handover(HandoverChange::GrantDriveAccess { .. }) => {
            GrantOnedriveAccess { owner: user, user: None, access: None, remove: false }
                .inverse(one)
        }
        Change::Compliance(ComplianceChange::SetLitigationHold { .. }) => {
            SetLitigationHold { mailbox: user, ..SetLitigationHold::default() }.inverse(one)
        }
        _ => Vec::new(),
    }
}
