//! Forward everything that arrives in a mailbox.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, for_a_while, look,
        mailboxes::{
            forwarding::{self, Back, Target},
            remove_forwarding::RemoveForwarding,
        },
        propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, MailboxChange, inbox_rules, mailboxes},
        mail::{AutoForwarding, Forwarding},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result, Trouble},
    },
    ports::world::World,
};

/// Forward a mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetForwarding {
    /// Whose mail should go on? A sign-in name or the mailbox's address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Where to? An address, inside or outside.
    pub forward_to: String,
    /// Should a copy stay in the mailbox?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_copy: Option<bool>,
    /// Until when? A date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date"))]
    pub until: Option<String>,
    /// Everything as it was, for an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub back_to: Option<Back>,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["forward"], &["mailbox"]).beside(&["shared_mailbox", "everywhere"]),
        Frame::of(&["forward"], &["shared_mailbox"]).beside(&["mailbox", "everywhere"]),
        Frame::of(&["forward"], &[]),
        Frame::of(&["set", "give", "want", "create", "switch_on", "noun"], &["forwarding"])
            .beside(&["mailbox", "shared_mailbox"]),
    ],
    slots: &[
        ("mailbox", Slot::Forwarded),
        ("forward_to", Slot::ForwardTo),
        ("keep_copy", Slot::KeepCopy),
        ("until", Slot::Until),
    ],
    examples: &[
        "forward john.doe@contoso.com to omar.haddad@contoso.com",
        "please set up forwarding from John Doe's mailbox to Omar Haddad and keep a copy",
        "fwd John Doe's mail to someone@example.com until 2026-12-31",
    ],
};

impl Action for SetForwarding {
    const ABOUT: About = About {
        id: "set_forwarding",
        title: "Forward a mailbox",
        area: Area::Mailboxes,
        risk: Risk::Destructive,
        may: &[mailboxes::SET_FORWARDING, inbox_rules::SWITCH_INBOX_RULE],
        care: Care::Usual,
        undone_by: &["set_forwarding", "remove_forwarding"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "john.doe@contoso.com".to_owned(),
            forward_to: "jane.roe@contoso.com".to_owned(),
            keep_copy: None,
            until: None,
            back_to: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        if let Some(back) = &self.back_to {
            return forwarding::put_back(look, asked, &user, &mailbox, back).await;
        }
        let target = forwarding::target(look, asked, &mailbox, &self.forward_to).await?;
        if target.address == mailbox.address {
            return Err(Reason::NotPossible {
                what: format!("the mail of {} would go round in a circle", user.name),
            }
            .into());
        }
        let keep_copy = self.keep_copy.unwrap_or(false);
        let now = forwarding::now(look, asked, &mailbox).await?;
        if now.as_ref().is_some_and(|now| now.address == target.address)
            && mailbox.keeps_copy == keep_copy
        {
            return Err(Reason::AlreadySo {
                what: format!("the mail of {} goes on to {} already", user.name, target.shown),
            }
            .into());
        }
        let mut draft = Draft::about(user.to_ref());
        notes(look, asked, &target, &mut draft).await?;
        if let Some(until) = &self.until {
            draft.notes.push(ends_by_hand(until, &user.name, asked)?);
        }
        let wanted = Forwarding { to: target.to.clone(), keep_copy };
        draft.step(
            MailboxChange::SetForwarding { user: user.id.clone().into(), forwarding: Some(wanted) },
            &[("user", &user.name), ("to", &target.shown)],
            values(&mailbox, now.as_ref(), &target, keep_copy),
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let set = done.iter().find_map(|(step, run)| match (&step.change, run.state) {
            (Change::Mailbox(MailboxChange::SetForwarding { .. }), StepState::Done) => {
                run.before.as_ref()
            }
            _ => None,
        });
        let Some(before) = set else { return Vec::new() };
        vec![match forwarding::seen(before) {
            Some(before) => propose(&Self {
                mailbox: self.mailbox.clone(),
                forward_to: before.to.address().to_owned(),
                keep_copy: Some(before.keep_copy),
                until: None,
                back_to: Some(Back { forwarding: Some(before), rules: Vec::new() }),
            }),
            None => {
                propose(&RemoveForwarding { mailbox: self.mailbox.clone(), rules: Some(false) })
            }
        }]
    }
}

fn values(
    mailbox: &crate::domain::mail::Mailbox,
    now: Option<&Target>,
    target: &Target,
    keep_copy: bool,
) -> Vec<Value> {
    let yes = |yes: bool| if yes { "=yes" } else { "=no" };
    let before = now.map_or_else(|| "=nobody".to_owned(), |now| now.shown.clone());
    vec![
        Value::new("forwards_to", before, target.shown.clone()),
        Value::new("lies", now.map_or("=none", Target::lies), target.lies()),
        Value::new(
            "copy_stays",
            if now.is_some() { yes(mailbox.keeps_copy) } else { "=all_stays" },
            yes(keep_copy),
        ),
    ]
}

/// What the approver should know of a target outside.
async fn notes(look: &dyn World, asked: &Asked, target: &Target, draft: &mut Draft) -> Result<()> {
    if !target.outside {
        return Ok(());
    }
    draft.notes.push(Note::new("forwarding_outside", &[("to", &target.shown)]));
    // An app that may only change recipients does not see the policy.
    let note = match look.flow_settings(&asked.tenant).await {
        Ok(settings) if settings.outbound.1 != AutoForwarding::On => "forwarding_is_blocked",
        Ok(settings) if !settings.remote_forwarding => "forwarding_is_blocked",
        Ok(_) => return Ok(()),
        Err(Trouble::Refused(Reason::MissingPermission { .. })) => "forwarding_may_be_blocked",
        Err(trouble) => return Err(trouble),
    };
    draft.notes.push(Note::new(note, &[]));
    Ok(())
}

/// Nothing here ends a forwarding by itself, and the card says so.
fn ends_by_hand(until: &str, name: &str, asked: &Asked) -> Result<Note, Reason> {
    let day = for_a_while::day(until, asked)?.to_string();
    Ok(Note::new("forwarding_ends_by_hand", &[("user", name), ("date", &day)]))
}
