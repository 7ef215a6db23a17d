//! Make somebody's mailbox a shared one, or the other way round.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{MailboxChange, mailboxes},
        mail::{Mailbox, MailboxSort, UNLICENSED_BYTES_MAX},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::{Facet, User},
    },
    ports::world::World,
};

/// Convert to a shared mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertToSharedMailbox {
    /// Whose mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// The other way round: from shared to somebody's own?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub back: bool,
    /// The licence it needs comes back in the same request, for an undo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(skip)]
    pub licence_comes: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["convert", "move", "change"], &["shared_mailbox"]).beside(&["mailbox"]),
        Frame::of(&["convert"], &["user_mailbox"])
            .beside(&["mailbox", "shared_mailbox"])
            .sets(&["back"]),
    ],
    slots: &[("mailbox", Slot::Mailbox)],
    examples: &[
        "convert megan.bowen@contoso.com to a shared mailbox",
        "please change Megan Bowen's mailbox into a shared mailbox",
        "convert megan.bowen@contoso.com back to a user mailbox",
    ],
};

impl Action for ConvertToSharedMailbox {
    const ABOUT: About = About {
        id: "convert_to_shared_mailbox",
        title: "Convert to a shared mailbox",
        area: Area::Mailboxes,
        risk: Risk::Destructive,
        may: &[mailboxes::CONVERT_MAILBOX],
        care: Care::Usual,
        undone_by: &["convert_to_shared_mailbox"],
        reads: &["LicenseAssignment.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "walt.gone@contoso.com".to_owned(), back: false, licence_comes: false }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        let wanted = if self.back { MailboxSort::Regular } else { MailboxSort::Shared };
        if mailbox.sort == wanted {
            let sort = if self.back { "a mailbox of their own" } else { "a shared mailbox" };
            return Err(Reason::AlreadySo { what: format!("{} has {sort}", user.name) }.into());
        }
        if !matches!(mailbox.sort, MailboxSort::Regular | MailboxSort::Shared) {
            let what = format!("the mailbox of {} is neither shared nor somebody's own", user.name);
            return Err(Reason::NotPossible { what }.into());
        }
        let licences = look.dossier(&user.id, &[Facet::Licences]).await?;
        let licensed = licences.is_some_and(|found| !found.licences.is_empty());
        let mut draft = Draft::about(user.to_ref());
        if self.back {
            if !licensed && !self.licence_comes {
                let what = format!(
                    "{} holds no licence, and a mailbox of one's own goes without one after 30 days; assign a licence with Exchange Online first",
                    user.name
                );
                return Err(Reason::NotPossible { what }.into());
            }
        } else {
            notes(&mut draft, &user, &mailbox, licensed);
        }
        draft.step(
            MailboxChange::ConvertMailbox { user: user.id.clone().into(), sort: wanted },
            &[("user", &user.name), ("sort", wanted.word())],
            vec![Value::new("mailbox_sort", mailbox.sort.word(), wanted.word())],
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().any(|(_, run)| run.state == StepState::Done);
        let back = Self {
            mailbox: self.mailbox.clone(),
            back: !self.back,
            licence_comes: self.licence_comes,
        };
        made.then(|| propose(&back)).into_iter().collect()
    }
}

/// What keeps a licence necessary, and what else to do.
fn notes(draft: &mut Draft, user: &User, mailbox: &Mailbox, licensed: bool) {
    let name = user.name.as_str();
    match mailbox.bytes {
        Some(bytes) if bytes > UNLICENSED_BYTES_MAX => {
            let size = look::mail::gigabytes(bytes);
            draft.notes.push(Note::new("shared_over_50_gb", &[("user", name), ("size", &size)]));
        }
        Some(_) => {}
        None => draft.notes.push(Note::new("shared_size_unknown", &[("user", name)])),
    }
    if mailbox.hold.is_some() || mailbox.other_holds > 0 {
        draft.notes.push(Note::new("shared_on_hold", &[("user", name)]));
    }
    if mailbox.archive {
        draft.notes.push(Note::new("shared_with_archive", &[("user", name)]));
    }
    if licensed {
        draft.notes.push(Note::new("shared_before_licence", &[("user", name)]));
    }
    if user.enabled {
        draft.notes.push(Note::new("shared_sign_in_stays", &[("user", name)]));
    }
}
