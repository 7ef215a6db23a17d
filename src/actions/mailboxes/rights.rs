//! What giving and taking the rights on a mailbox share.

use crate::{
    actions::{Asked, Planned, for_a_while, look},
    domain::{
        change::{Change, MailRightChange},
        mail::{MailRight, MailRights, Mailbox},
        plan::{Draft, Note, Step, Value},
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Gives a right, or takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// On which mailbox.
    pub mailbox: &'a str,
    /// Who.
    pub user: &'a str,
    /// Which.
    pub right: MailRight,
    /// Given, or taken?
    pub give: bool,
    /// Does Outlook open the mailbox by itself?
    pub auto_mapping: bool,
    /// Until when, if not for good.
    pub until: Option<&'a str>,
}

/// Drafts one right on one mailbox for one person. Both are subjects: who gets a right may
/// not sign for it.
pub async fn plan(look: &dyn World, asked: &Asked, wanted: Wanted<'_>) -> Result<Planned> {
    let (owner, mailbox) = look::mail::mailbox(look, asked, wanted.mailbox).await?;
    let user = look::mail::owner(look, asked, wanted.user).await?;
    if user.id == owner.id {
        let what = format!("{} owns this mailbox", user.name);
        return Err(Reason::NotPossible { what }.into());
    }
    if mailbox.synced && wanted.right == MailRight::SendOnBehalf {
        // publicDelegates comes from Active Directory (Entra Connect, attributes synchronised).
        let what = format!(
            "the mailbox of {} is mastered in Active Directory, and Send on Behalf with it; change it there",
            owner.name
        );
        return Err(Reason::NotPossible { what }.into());
    }
    let rights = look.mail_rights(&owner.id).await?;
    let rights = rights.ok_or_else(|| look::mail::none(&owner.name))?;
    let held = holds(look, asked, &user, &mailbox, &rights, wanted.right).await?;
    if held == wanted.give {
        let right = said(wanted.right);
        let what = if held {
            format!("{} has {right} on the mailbox of {} already", user.name, owner.name)
        } else {
            format!("{} has no {right} on the mailbox of {}", user.name, owner.name)
        };
        return Err(Reason::AlreadySo { what }.into());
    }
    let mut draft = Draft::about(owner.to_ref());
    draft.subjects.push(user.to_ref());
    if wanted.give {
        notes(&mut draft, &owner, &user, &rights, wanted);
    }
    step(&mut draft, &owner, &user, wanted);
    let (mailbox, right) = (owner.id.clone().into(), wanted.right);
    let back = MailRightChange::RevokeMailRight { mailbox, user: user.id.clone(), right };
    for_a_while::ends(&mut draft, wanted.until, asked, back)?;
    Ok(Planned::Changes(draft))
}

fn step(draft: &mut Draft, owner: &User, user: &User, wanted: Wanted<'_>) {
    let names = [
        ("user", user.name.as_str()),
        ("mailbox", owner.name.as_str()),
        ("right", wanted.right.word()),
    ];
    let (mailbox, right) = (owner.id.clone().into(), wanted.right);
    let user = user.id.clone();
    let values = vec![Value::new(
        "right",
        if wanted.give { "=none" } else { right.word() },
        if wanted.give { right.word() } else { "=none" },
    )];
    let change: Change = if wanted.give {
        let auto_mapping = wanted.auto_mapping;
        MailRightChange::GrantMailRight { mailbox, user, right, auto_mapping }.into()
    } else {
        MailRightChange::RevokeMailRight { mailbox, user, right }.into()
    };
    draft.step(change, &names, values);
}

/// What the approver should know of a right that is given.
fn notes(draft: &mut Draft, owner: &User, user: &User, rights: &MailRights, wanted: Wanted<'_>) {
    let fields = [("user", user.name.as_str()), ("mailbox", owner.name.as_str())];
    match wanted.right {
        MailRight::FullAccess => {
            draft.notes.push(Note::new("full_access_reads_all", &fields));
            if rights.denied.iter().any(|who| is(user, who)) {
                draft.notes.push(Note::new("access_is_denied", &fields));
            }
            let mapped = if wanted.auto_mapping { "auto_mapping_on" } else { "auto_mapping_off" };
            draft.notes.push(Note::new(mapped, &fields));
        }
        MailRight::SendAs => draft.notes.push(Note::new("send_as_takes_an_hour", &fields)),
        MailRight::SendOnBehalf => {}
    }
}

/// Has the person this right by an entry of their own?
async fn holds(
    look: &dyn World,
    asked: &Asked,
    user: &User,
    mailbox: &Mailbox,
    rights: &MailRights,
    right: MailRight,
) -> Result<bool> {
    Ok(match right {
        MailRight::FullAccess => rights.full_access.iter().any(|who| is(user, who)),
        MailRight::SendAs => rights.send_as.iter().any(|who| is(user, who)),
        MailRight::SendOnBehalf => {
            for name in mailbox.on_behalf.iter().take(ON_BEHALF_MAX) {
                let found = look.recipient(&asked.tenant, name).await?;
                if found.and_then(|found| found.id) == Some(user.id.guid()) {
                    return Ok(true);
                }
            }
            false
        }
    })
}

/// Delegates looked up of one mailbox.
pub const ON_BEHALF_MAX: usize = 100;

/// Is this the name Exchange gives a person in an entry?
fn is(user: &User, said: &str) -> bool {
    let mail = user.mail.as_deref().unwrap_or_default();
    [user.upn.as_str(), mail, &user.id.guid().hyphenated().to_string()]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(said))
}

/// The right's name in a reason.
fn said(right: MailRight) -> &'static str {
    match right {
        MailRight::FullAccess => "Full Access",
        MailRight::SendAs => "Send As",
        MailRight::SendOnBehalf => "Send on Behalf",
    }
}

/// Was the one step of it made?
pub fn was_made(done: &[(&Step, &StepRun)]) -> bool {
    for_a_while::lasts(done)
        && done.iter().any(|(step, run)| {
            matches!(step.change, Change::MailRight(_)) && run.state == StepState::Done
        })
}
