//! Take somebody's right to send mail that looks as if it came from a mailbox.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        mailboxes::{
            add_send_as::AddSendAs,
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

/// Remove the right to send as a mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveSendAs {
    /// As which mailbox? Its address or its owner's sign-in name.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Who should lose it? A sign-in name.
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["take", "leave", "revoke", "stop"], &["send_as"]).beside(&[
        "mailbox",
        "access",
        "shared_mailbox",
        "full_access",
    ])],
    slots: &[("mailbox", Slot::MailboxOf), ("user", Slot::Delegate)],
    examples: &[
        "remove send as for Omar Haddad on john.doe@contoso.com",
        "revoke Omar Haddad's send as permission on John Doe's mailbox",
        "please take send as on john.doe@contoso.com away from Omar Haddad",
    ],
};

impl Action for RemoveSendAs {
    const ABOUT: About = About {
        id: "remove_send_as",
        title: "Remove the right to send as a mailbox",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mail_rights::REVOKE_MAIL_RIGHT],
        care: Care::Usual,
        undone_by: &["add_send_as"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "info@contoso.com".to_owned(), user: "jane.roe@contoso.com".to_owned() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let wanted = Wanted {
            mailbox: &self.mailbox,
            user: &self.user,
            right: MailRight::SendAs,
            give: false,
            auto_mapping: false,
            until: None,
        };
        rights::plan(look, asked, wanted).await
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let (mailbox, user) = (self.mailbox.clone(), self.user.clone());
        let back = AddSendAs { mailbox, user, until: None };
        rights::was_made(done).then(|| propose(&back)).into_iter().collect()
    }
}
