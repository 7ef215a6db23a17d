//! Let somebody send mail that looks as if it came from a mailbox.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        mailboxes::{
            remove_send_as::RemoveSendAs,
            rights::{self, Wanted},
        },
        propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::mail_rights,
        mail::MailRight,
        plan::Step,
        proposal::Proposal,
        step::StepRun,
        trouble::Result,
    },
    ports::world::World,
};

/// Let somebody send as a mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSendAs {
    /// As which mailbox? Its address or its owner's sign-in name.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Who should be allowed? A sign-in name.
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Until when, if not for good? It ends by itself then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub until: Option<String>,
}

const WORDING: Wording =
    Wording {
        frames: &[Frame::of(&["give", "want", "join", "allow", "switch_on"], &["send_as"])
            .beside(&["mailbox", "access", "shared_mailbox", "full_access"])],
        slots: &[("mailbox", Slot::MailboxOf), ("user", Slot::Delegate), ("until", Slot::While)],
        examples: &[
            "allow Omar Haddad to send as john.doe@contoso.com",
            "add send as for Omar Haddad on john.doe@contoso.com",
            "Omar Haddad needs send as permission on John Doe's mailbox",
        ],
    };

impl Action for AddSendAs {
    const ABOUT: About = About {
        id: "add_send_as",
        title: "Let somebody send as a mailbox",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mail_rights::GRANT_MAIL_RIGHT, mail_rights::REVOKE_MAIL_RIGHT],
        care: Care::Usual,
        undone_by: &["remove_send_as"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "info@contoso.com".to_owned(),
            user: "john.doe@contoso.com".to_owned(),
            until: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let wanted = Wanted {
            mailbox: &self.mailbox,
            user: &self.user,
            right: MailRight::SendAs,
            give: true,
            auto_mapping: false,
            until: self.until.as_deref(),
        };
        rights::plan(look, asked, wanted).await
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = RemoveSendAs { mailbox: self.mailbox.clone(), user: self.user.clone() };
        rights::was_made(done).then(|| propose(&back)).into_iter().collect()
    }
}
