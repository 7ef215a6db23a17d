//! Let somebody, such as a manager, into the files of somebody who leaves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, HandoverChange, handover},
        mail::{Drive, DriveRole, DriveShare},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Give access to somebody's `OneDrive`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantOnedriveAccess {
    /// Whose files? A sign-in name.
    #[schemars(extend("x-pick" = "person"))]
    pub owner: String,
    /// Who should see them? A sign-in name; the manager if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub user: Option<String>,
    /// Read them, or change them as well? Read if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<DriveRole>,
    /// Take the access away instead?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remove: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["give", "want", "allow", "share"], &["onedrive"]).beside(&[
            "access",
            "full_access",
            "details",
        ]),
        Frame::of(&["take", "revoke", "stop"], &["onedrive"])
            .beside(&["access", "full_access", "details"])
            .sets(&["remove"]),
    ],
    slots: &[("owner", Slot::MailboxOf), ("user", Slot::Maybe(&Slot::Delegate))],
    examples: &[
        "give Omar Haddad access to John Doe's OneDrive",
        "Omar Haddad needs access to the OneDrive of john.doe@contoso.com",
        "revoke Omar Haddad's access to John Doe's OneDrive",
    ],
};

impl Action for GrantOnedriveAccess {
    const ABOUT: About = About {
        id: "grant_onedrive_access",
        title: "Give access to a OneDrive",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[handover::GRANT_DRIVE_ACCESS, handover::REVOKE_DRIVE_ACCESS],
        care: Care::Usual,
        undone_by: &["grant_onedrive_access"],
        reads: &["Files.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            owner: "john.doe@contoso.com".to_owned(),
            user: Some("samir.nadar@contoso.com".to_owned()),
            access: None,
            remove: false,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let owner = look::mail::owner(look, asked, &self.owner).await?;
        let to = match &self.user {
            Some(said) => look::mail::owner(look, asked, said).await?,
            None => manager(look, asked, &owner).await?,
        };
        if to.id == owner.id {
            let what = format!("these are the files of {} already", to.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        let drive = look.drive(&owner.id).await?.ok_or_else(|| Reason::NotPossible {
            what: format!("{} has no OneDrive: it was never opened, or has no licence", owner.name),
        })?;
        let mut draft = Draft::about(owner.to_ref());
        draft.subjects.push(to.to_ref());
        self.step(&mut draft, &owner, &to, &drive)?;
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().find(|(_, run)| run.state == StepState::Done);
        let Some((step, run)) = made else { return Vec::new() };
        let role = run.before.as_ref().and_then(|seen| seen.value(handover::ROLE)?.as_str());
        let before = match role {
            Some("read") => Some(DriveRole::Read),
            Some("write") => Some(DriveRole::Write),
            _ => None,
        };
        let Change::Handover(
            HandoverChange::GrantDriveAccess { to, .. }
            | HandoverChange::RevokeDriveAccess { to, .. },
        ) = &step.change
        else {
            return Vec::new();
        };
        vec![propose(&Self {
            owner: self.owner.clone(),
            user: Some(to.to_string()),
            access: before,
            remove: before.is_none(),
        })]
    }
}

async fn manager(look: &dyn World, asked: &Asked, owner: &User) -> Result<User> {
    let manager = owner.manager.as_ref().ok_or_else(|| Reason::NotPossible {
        what: format!("{} has no manager in the directory; say who should get in", owner.name),
    })?;
    look::mail::owner(look, asked, &manager.id.to_string()).await
}

impl GrantOnedriveAccess {
    fn step(&self, draft: &mut Draft, owner: &User, to: &User, drive: &Drive) -> Result<()> {
        let held: Option<&DriveShare> = drive.shares.iter().find(|share| share.who == to.id.guid());
        let before = held.map_or("=none", |share| share.role.word());
        let names = [("user", owner.name.as_str()), ("to", to.name.as_str())];
        if self.remove {
            let Some(share) = held else {
                let what = format!("{} does not see the files of {}", to.name, owner.name);
                return Err(Reason::AlreadySo { what }.into());
            };
            let change = HandoverChange::RevokeDriveAccess {
                user: owner.id.clone().into(),
                to: to.id.clone(),
                permission: share.id.clone(),
            };
            draft.step(change, &names, vec![Value::new("drive_access", before, "=none")]);
            return Ok(());
        }
        let role = self.access.unwrap_or(DriveRole::Read);
        if held.is_some_and(|share| share.role == role) {
            let what = format!("{} sees the files of {} already", to.name, owner.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        let fields = [("user", owner.name.as_str()), ("to", to.name.as_str()), ("url", &drive.url)];
        draft.notes.push(Note::new("drive_sees_all", &fields));
        draft.notes.push(Note::new("drive_goes_after_30_days", &fields[..1]));
        let change = HandoverChange::GrantDriveAccess {
            user: owner.id.clone().into(),
            to: to.id.clone(),
            role,
        };
        draft.step(change, &names, vec![Value::new("drive_access", before, role.word())]);
        Ok(())
    }
}
