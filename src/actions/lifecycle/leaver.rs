//! The order in which somebody leaves.
//!
//! Access ends first. What keeps the data comes before what loses it: a hold and the
//! conversion before licences, hand-over before groups, groups that bear licences last.
//! (learn.microsoft.com/microsoft-365/admin/add-users/remove-former-employee; "Revoke user
//! access" of Entra's documentation.)

use crate::{
    actions::lifecycle::process::Process,
    domain::mail::{Mailbox, UNLICENSED_BYTES_MAX},
};

/// The stages of leaving, in the order of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Sign-in is blocked.
    Block,
    /// Sessions end.
    SignOut,
    /// The old password is over.
    Password,
    /// Sign-in methods go.
    Methods,
    /// Sessions end once more.
    SignOutAgain,
    /// Directory roles go.
    Roles,
    /// Devices are wiped.
    Devices,
    /// The mailbox is held.
    Hold,
    /// Somebody may open the mailbox.
    HandOver,
    /// Somebody sees the files.
    Files,
    /// The mailbox answers.
    Reply,
    /// Where mail goes on to.
    Mail,
    /// Meetings are cancelled.
    Meetings,
    /// Out of the address lists.
    Hide,
    /// The mailbox becomes shared.
    Convert,
    /// Somebody else owns the groups that nobody else owns.
    NewOwners,
    /// Groups are no longer theirs.
    Ownership,
    /// Groups without licences.
    Groups,
    /// Licences of their own.
    Licences,
    /// Groups that bear licences.
    LicenceGroups,
}

/// Puts the stages in order. `needs` must have ended well, the rest must have ended.
pub(super) fn order(process: &mut Process<Stage>) {
    use Stage::{
        Block, Convert, Devices, Files, Groups, HandOver, Hide, Hold, LicenceGroups, Licences,
        Mail, Meetings, Methods, NewOwners, Ownership, Password, Reply, Roles, SignOut,
        SignOutAgain,
    };
    // A session begun between the two would outlive the revocation.
    process.order(SignOut, &[], &[Block]);
    // A new password ends sessions too: their mark would not show what the revocation did.
    process.order(Password, &[], &[Block, SignOut]);
    process.order(Methods, &[Block], &[SignOut]);
    process.order(SignOutAgain, &[], &[Block, SignOut, Password, Methods]);
    process.order(Roles, &[Block], &[]);
    process.order(Devices, &[Block], &[]);
    process.order(Meetings, &[Block], &[HandOver]);
    // Address pickers find nobody who is hidden.
    process.order(Hide, &[], &[HandOver]);
    process.order(Convert, &[Hold], &[]);
    process.order(NewOwners, &[Block], &[]);
    process.order(Ownership, &[Block], &[NewOwners]);
    process.order(Groups, &[Block], &[HandOver, Files, Ownership]);
    let kept = [Block, Hold, Files, Convert];
    let settled = [HandOver, Reply, Mail, Meetings, Hide, Ownership, Groups];
    process.order(Licences, &kept, &settled);
    process.order(LicenceGroups, &kept, &[&settled[..], &[Licences]].concat());
}

/// What takes something away. The block, sign-out and the password do not wait until what
/// somebody had is kept; nor does what keeps or hands over.
pub(super) const TAKE: &[Stage] = &[
    Stage::Methods,
    Stage::Roles,
    Stage::Devices,
    Stage::Mail,
    Stage::Meetings,
    Stage::Convert,
    Stage::Ownership,
    Stage::Groups,
    Stage::Licences,
    Stage::LicenceGroups,
];

/// Would the mailbox be lost without its licence even when it is shared? `held`: this
/// process puts it on hold.
/// (learn.microsoft.com/microsoft-365/admin/email/about-shared-mailboxes.)
pub(super) fn needs_its_licence(mailbox: &Mailbox, held: bool) -> bool {
    let on_hold = held || mailbox.hold.is_some() || mailbox.other_holds > 0;
    let large = mailbox.bytes.is_some_and(|bytes| bytes > UNLICENSED_BYTES_MAX);
    on_hold || large || mailbox.archive
}

/// Notes that the process as a whole answers: what they warn of is part of it.
pub(super) const ANSWERED: &[&str] = &[
    "sessions_live_on",
    "revoking_takes_minutes",
    "licence_loss",
    "sessions_go_on",
    "registers_anew",
    "default_method_stays",
    "replies_of_blocked_user",
    "shared_before_licence",
    "shared_sign_in_stays",
    "group_takes_licences",
    "address_list_lags",
    "drive_goes_after_30_days",
];
