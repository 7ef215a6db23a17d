//! Let somebody open a mailbox, or send on its behalf.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        mailboxes::{
            remove_mailbox_permission::RemoveMailboxPermission,
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

/// Give access to a mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMailboxPermission {
    /// To which mailbox? Its address or its owner's sign-in name.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Who should get it? A sign-in name.
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Open it, or send on its behalf?
    #[serde(default)]
    pub permission: Permission,
    /// Should Outlook open the mailbox by itself? Yes if empty; Full Access only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_mapping: Option<bool>,
    /// Until when, if not for good? It ends by itself then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub until: Option<String>,
}

/// What somebody may do with a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Open it and read all of it.
    #[default]
    FullAccess,
    /// Send mail on its behalf.
    SendOnBehalf,
}

impl From<Permission> for MailRight {
    fn from(permission: Permission) -> Self {
        match permission {
            Permission::FullAccess => Self::FullAccess,
            Permission::SendOnBehalf => Self::SendOnBehalf,
        }
    }
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(
            &["give", "want", "join", "allow", "switch_on", "noun"],
            &["full_access", "on_behalf"],
        )
        .beside(&["mailbox", "access", "shared_mailbox", "send_as"]),
        Frame::of(&["give", "want"], &["mailbox", "shared_mailbox"]).beside(&["access"]),
    ],
    slots: &[
        ("mailbox", Slot::MailboxOf),
        ("user", Slot::Delegate),
        ("permission", Slot::MailPermission),
        ("until", Slot::While),
    ],
    examples: &[
        "give Omar Haddad full access to john.doe@contoso.com",
        "Omar Haddad needs access to John Doe's mailbox",
        "Omar Haddad needs access to John Doe's mailbox until 2026-12-18",
        "add send on behalf for Omar Haddad on john.doe@contoso.com",
    ],
};

impl Action for AddMailboxPermission {
    const ABOUT: About = About {
        id: "add_mailbox_permission",
        title: "Give access to a mailbox",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mail_rights::GRANT_MAIL_RIGHT, mail_rights::REVOKE_MAIL_RIGHT],
        care: Care::Usual,
        undone_by: &["remove_mailbox_permission"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "info@contoso.com".to_owned(),
            user: "john.doe@contoso.com".to_owned(),
            permission: Permission::FullAccess,
            auto_mapping: None,
            until: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let wanted = Wanted {
            mailbox: &self.mailbox,
            user: &self.user,
            right: self.permission.into(),
            give: true,
            auto_mapping: self.auto_mapping.unwrap_or(true),
            until: self.until.as_deref(),
        };
        rights::plan(look, asked, wanted).await
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let back = RemoveMailboxPermission {
            mailbox: self.mailbox.clone(),
            user: self.user.clone(),
            permission: self.permission,
        };
        rights::was_made(done).then(|| propose(&back)).into_iter().collect()
    }
}
