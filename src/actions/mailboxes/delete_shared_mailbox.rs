//! Delete a shared mailbox. It waits thirty days, and can be brought back meanwhile.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, MailboxChange, Ref, mailboxes},
        mail::{Mailbox, MailboxSort},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Delete a shared mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteSharedMailbox {
    /// Which one? Its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["take", "delete"], &["shared_mailbox"]).beside(&["mailbox"])],
    slots: &[("mailbox", Slot::Mailbox)],
    examples: &[
        "delete the shared mailbox megan.bowen@contoso.com",
        "please remove the shared mailbox of Megan Bowen",
        "get rid of the Megan Bowen shared mailbox",
    ],
};

impl Action for DeleteSharedMailbox {
    const ABOUT: About = About {
        id: "delete_shared_mailbox",
        title: "Delete a shared mailbox",
        area: Area::Mailboxes,
        risk: Risk::Destructive,
        may: &[mailboxes::DELETE_SHARED_MAILBOX],
        care: Care::AlwaysApprove,
        undone_by: &["restore_user"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "support@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        if mailbox.sort != MailboxSort::Shared {
            let what = format!(
                "{} is somebody's own mailbox; it goes with their account (“delete user”)",
                user.name
            );
            return Err(Reason::NotPossible { what }.into());
        }
        if mailbox.synced {
            let what = format!("{} is mastered in Active Directory; delete it there", user.name);
            return Err(Reason::NotPossible { what }.into());
        }
        let rights = look.mail_rights(&user.id).await?.unwrap_or_default();
        let mut draft = Draft::about(user.to_ref());
        notes(&mut draft, &user, &mailbox);
        if !rights.full_access.is_empty() {
            let who = rights.full_access.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
            let fields = [("mailbox", user.name.as_str()), ("who", who.as_str())];
            draft.notes.push(Note::new("shared_is_used_by", &fields));
        }
        draft.step(
            MailboxChange::DeleteSharedMailbox { user: user.id.clone().into() },
            &[("user", &user.name)],
            vec![Value::new("mail_address", mailbox.address.clone(), "=none")],
        );
        Ok(Planned::Changes(draft))
    }

    /// What undo needs is the id the account is kept under in the recycle bin.
    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let gone = done.iter().find_map(|(step, run)| match (&step.change, run.state) {
            (
                Change::Mailbox(MailboxChange::DeleteSharedMailbox { user: Ref::Known(id) }),
                StepState::Done,
            ) => Some(id.to_string()),
            _ => None,
        });
        let restore = |id: String| Proposal {
            action: "restore_user".to_owned(),
            arguments: Map::from_iter([("user".to_owned(), json!(id))]),
            because: Vec::new(),
        };
        gone.map(restore).into_iter().collect()
    }
}

fn notes(draft: &mut Draft, user: &User, mailbox: &Mailbox) {
    let size = mailbox.bytes.map_or_else(|| "=unknown".to_owned(), look::mail::gigabytes);
    let name = user.name.as_str();
    draft.notes.push(Note::new("shared_waits_30_days", &[("mailbox", name), ("size", &size)]));
    if mailbox.hold.is_some() || mailbox.other_holds > 0 {
        draft.notes.push(Note::new("shared_becomes_inactive", &[("mailbox", name)]));
    }
    if mailbox.forwards() {
        draft.notes.push(Note::new("shared_forwards", &[("mailbox", name)]));
    }
}
