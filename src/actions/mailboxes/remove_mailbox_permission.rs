//! Take somebody's access to a mailbox, or their right to send on its behalf.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        mailboxes::{
            add_mailbox_permission::{AddMailboxPermission, Permission},
            rights::{self, Wanted},
        },
        propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::mail_rights,
        plan::Step,
        proposal::Proposal,
        step::StepRun,
        trouble::Result,
    },
    ports::world::World,
};

/// Remove access to a mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveMailboxPermission {
    /// To which mailbox? Its address or its owner's sign-in name.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Who should lose it? A sign-in name.
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Opening it, or sending on its behalf?
    #[serde(default)]
    pub permission: Permission,
}

const WORDING: Wording =
    Wording {
        frames: &[
            Frame::of(&["take", "leave", "revoke", "stop"], &["full_access", "on_behalf"])
                .beside(&["mailbox", "access", "shared_mailbox", "send_as"]),
            Frame::of(&["take", "leave"], &["shared_mailbox"]).beside(&["mailbox", "access"]),
        ],
        slots: &[
            ("mailbox", Slot::MailboxOf),
            ("user", Slot::Delegate),
            ("permission", Slot::MailPermission),
        ],
        examples: &[
            "remove Omar Haddad's full access to john.doe@contoso.com",
            "take full access to John Doe's mailbox away from Omar Haddad",
            "revoke send on behalf for Omar Haddad on john.doe@contoso.com",
        ],
    };

impl Action for RemoveMailboxPermission {
    const ABOUT: About = About {
        id: "remove_mailbox_permission",
        title: "Remove access to a mailbox",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mail_rights::REVOKE_MAIL_RIGHT],
        care: Care::Usual,
        undone_by: &["add_mailbox_permission"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "info@contoso.com".to_owned(),
            user: "jane.roe@contoso.com".to_owned(),
            permission: Permission::FullAccess,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let wanted = Wanted {
            mailbox: &self.mailbox,
            user: &self.user,
            right: self.permission.into(),
            give: false,
            auto_mapping: false,
            until: None,
        };
        rights::plan(look, asked, wanted).await
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = AddMailboxPermission {
            mailbox: self.mailbox.clone(),
            user: self.user.clone(),
            permission: self.permission,
            auto_mapping: None,
            until: None,
        };
        rights::was_made(done).then(|| propose(&back)).into_iter().collect()
    }
}
