//! Somebody leaves: access ends, mail and files are kept, licences and groups become free.
//!
//! - [`access`] what ends access; [`owned`] who owns their groups from now on; [`seats`] the
//!   groups and licences

mod access;
mod owned;
mod seats;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        compliance::set_litigation_hold::SetLitigationHold,
        lifecycle::{
            back,
            leaver::{self, Stage},
            process::{Piece, Process},
        },
        look,
        mailboxes::{
            add_mailbox_permission::{AddMailboxPermission, Permission},
            cancel_meetings::CancelMeetings,
            convert_to_shared_mailbox::ConvertToSharedMailbox,
            grant_onedrive_access::GrantOnedriveAccess,
            hide_from_address_list::HideFromAddressList,
            remove_forwarding::RemoveForwarding,
            remove_inbox_rules::RemoveInboxRules,
            set_forwarding::SetForwarding,
            set_out_of_office::SetOutOfOffice,
        },
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{
            accounts, compliance, devices, groups, handover, inbox_rules, licences, mail_rights,
            mailboxes, passwords, roles,
        },
        mail::{DriveRole, Mailbox, MailboxSort},
        plan::{Draft, Note, Step},
        proposal::Proposal,
        step::StepRun,
        trouble::{Reason, Result},
        users::{Dossier, Facet},
    },
    ports::world::World,
};

/// Offboard somebody.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own on the form")]
pub struct OffboardUser {
    /// Who leaves?
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// Against their will? Then nothing answers mail, and sessions end again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hostile: bool,
    /// Should the mailbox become a shared one? Yes if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convert_mailbox: Option<bool>,
    /// Where should new mail go? An address; nowhere if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_to: Option<String>,
    /// Who should be able to open the mailbox?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub mailbox_to: Option<String>,
    /// Who should see their files?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub files_to: Option<String>,
    /// Who should own the groups that nobody else owns? Their manager if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub groups_to: Option<String>,
    /// What should the automatic reply say? It names the manager if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub reply: Option<String>,
    /// Wipe the devices that Intune manages?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wipe_devices: bool,
    /// Cancel the meetings they called?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancel_meetings: bool,
    /// Put the mailbox on litigation hold?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub litigation_hold: bool,
    /// What should be left out?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<LeaveOut>,
}

/// What an offboarding does unless it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaveOut {
    /// Removing the sign-in methods.
    Methods,
    /// Removing the directory roles.
    Roles,
    /// The automatic reply.
    Reply,
    /// Ending what forwards the mail.
    Forwarding,
    /// Hiding from the address lists.
    AddressList,
    /// Leaving the groups.
    Groups,
    /// Taking the licences.
    Licences,
}

/// What may be said of a leaver in the same breath.
const BESIDE: &[&str] = &[
    "access",
    "device",
    "everywhere",
    "forwarding",
    "group",
    "licence",
    "mailbox",
    "onedrive",
    "shared_mailbox",
];

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["offboard"], &[]).beside(BESIDE),
        Frame::of(&["offboard"], &["account", "access"]).beside(BESIDE),
    ],
    slots: &[("user", Slot::Person)],
    examples: &[
        "offboard john.doe@contoso.com",
        "please offboard Megan Bowen on Friday at 17:00 and forward her mail to Omar Haddad",
        "Megan Bowen is leaving us, her last day is 30 November. Please arrange everything.",
    ],
};

impl Action for OffboardUser {
    const ABOUT: About = About {
        id: "offboard_user",
        title: "Offboard somebody",
        area: Area::Lifecycle,
        risk: Risk::Destructive,
        care: Care::AlwaysApprove,
        may: &[
            accounts::DISABLE_SIGN_IN,
            passwords::REVOKE_SESSIONS,
            passwords::DROP_PASSWORD,
            passwords::REMOVE_METHOD,
            roles::REMOVE_ROLE,
            devices::WIPE_DEVICE,
            compliance::SET_LITIGATION_HOLD,
            mail_rights::GRANT_MAIL_RIGHT,
            handover::GRANT_DRIVE_ACCESS,
            handover::CANCEL_MEETING,
            mailboxes::SET_AUTOMATIC_REPLIES,
            mailboxes::SET_FORWARDING,
            inbox_rules::SWITCH_INBOX_RULE,
            mailboxes::HIDE_FROM_ADDRESS_LISTS,
            mailboxes::CONVERT_MAILBOX,
            groups::ADD_MEMBER,
            groups::ADD_OWNER,
            groups::REMOVE_OWNER,
            groups::REMOVE_MEMBER,
            licences::SET_LICENCES,
        ],
        undone_by: &[
            "enable_user",
            "set_licenses",
            "convert_to_shared_mailbox",
            "add_to_group",
            "add_group_owner",
            "remove_group_owner",
            "remove_from_group",
            "assign_role",
            "set_out_of_office",
            "set_forwarding",
            "remove_forwarding",
            "hide_from_address_list",
            "remove_mailbox_permission",
            "grant_onedrive_access",
            "set_litigation_hold",
        ],
        reads: &[
            "LicenseAssignment.Read.All",
            "GroupMember.Read.All",
            "UserAuthenticationMethod.Read.All",
            "MailboxSettings.Read",
            "RoleManagement.Read.Directory",
            "DeviceManagementManagedDevices.Read.All",
            "Calendars.Read",
            "Files.Read.All",
        ],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "john.doe@contoso.com".to_owned(), ..Self::default() }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let facets = [Facet::Groups, Facet::Licences, Facet::Roles];
        let found = look::dossier(look, asked, &self.user, &facets).await?;
        let name = found.user.name.as_str();
        let mailbox = look.mailbox_of(&found.user.id).await?;
        let mut about = Draft::about(found.user.to_ref());
        about.notes.push(Note::new("leaver_tokens", &[("user", name)]));
        let mut pieces = self.access(look, &found).await?;
        if self.wipe_devices {
            pieces.extend(self.devices(look, asked, &found, &mut about).await?);
        }
        pieces.extend(self.asked_of_the_mailbox(&found));
        if let Some(mailbox) = &mailbox {
            pieces.extend(self.mail(&found, mailbox));
        }
        pieces.extend(self.owned(look, asked, &found, &mut about).await?);
        pieces.extend(self.seats(&found, mailbox.as_ref(), &mut about));
        let mut process = Process::plan(look, asked, about, pieces, leaver::ANSWERED).await?;
        if process.draft.steps.is_empty() {
            let what = format!("{name} has left already: nothing is open that would be closed");
            return Err(Reason::AlreadySo { what }.into());
        }
        leaver::order(&mut process);
        process.takes_from(&found.user.id, leaver::TAKE);
        let lost = mailbox.as_ref().is_some_and(|mailbox| {
            mailbox.sort == MailboxSort::Regular && !self.becomes_shared(mailbox)
        });
        if lost && !process.steps_of(Stage::Licences).is_empty() {
            process.draft.notes.push(Note::new("leaver_loses_mailbox", &[("user", name)]));
        }
        if self.mailbox_to.is_none() && self.files_to.is_none() && mailbox.is_some() {
            process.draft.notes.push(Note::new("leaver_hands_over_nothing", &[("user", name)]));
        }
        Ok(Planned::Changes(process.draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        back::back(done)
    }
}

impl OffboardUser {
    fn does(&self, part: LeaveOut) -> bool {
        !self.leave_out.contains(&part)
    }

    /// What somebody asked for by name: without it the process is not what was asked.
    fn asked_of_the_mailbox(&self, found: &Dossier) -> Vec<Piece<Stage>> {
        let user = found.user.id.to_string();
        let mut pieces = Vec::new();
        if self.litigation_hold {
            let hold = SetLitigationHold { mailbox: user.clone(), ..SetLitigationHold::default() };
            pieces.push(Piece::vital(Stage::Hold, &hold));
        }
        if let Some(to) = &self.mailbox_to {
            let access = AddMailboxPermission {
                mailbox: user.clone(),
                user: to.clone(),
                permission: Permission::FullAccess,
                auto_mapping: None,
                until: None,
            };
            pieces.push(Piece::vital(Stage::HandOver, &access));
        }
        if let Some(to) = &self.files_to {
            let access = GrantOnedriveAccess {
                owner: user.clone(),
                user: Some(to.clone()),
                access: Some(DriveRole::Write),
                remove: false,
            };
            pieces.push(Piece::vital(Stage::Files, &access));
        }
        if let Some(to) = &self.forward_to {
            let forward = SetForwarding {
                mailbox: user.clone(),
                forward_to: to.clone(),
                keep_copy: Some(true),
                until: None,
                back_to: None,
            };
            pieces.push(Piece::vital(Stage::Mail, &forward));
        }
        if self.cancel_meetings {
            let cancel = CancelMeetings { user, days: None, comment: None };
            pieces.push(Piece::vital(Stage::Meetings, &cancel));
        }
        pieces
    }

    /// What becomes of the mailbox unless it is left out.
    fn mail(&self, found: &Dossier, mailbox: &Mailbox) -> Vec<Piece<Stage>> {
        let own = found.user.id.to_string();
        let mut pieces = Vec::new();
        if let Some(message) = self.reply_of(found) {
            let reply = SetOutOfOffice {
                mailbox: own.clone(),
                message: Some(message),
                ..SetOutOfOffice::default()
            };
            pieces.push(Piece::offered(Stage::Reply, &reply));
        }
        if self.does(LeaveOut::Forwarding) {
            pieces.push(if self.forward_to.is_some() {
                let rules = RemoveInboxRules {
                    mailbox: own.clone(),
                    rules: Vec::new(),
                    all: false,
                    switch_off: true,
                };
                Piece::offered(Stage::Mail, &rules)
            } else {
                let end = RemoveForwarding { mailbox: own.clone(), rules: None };
                Piece::offered(Stage::Mail, &end)
            });
        }
        if self.does(LeaveOut::AddressList) {
            let hide = HideFromAddressList { mailbox: own.clone(), show: false };
            pieces.push(Piece::offered(Stage::Hide, &hide));
        }
        if self.becomes_shared(mailbox) {
            let convert =
                ConvertToSharedMailbox { mailbox: own, back: false, licence_comes: false };
            pieces.push(Piece::vital(Stage::Convert, &convert));
        }
        pieces
    }

    fn becomes_shared(&self, mailbox: &Mailbox) -> bool {
        self.convert_mailbox.unwrap_or(true) && mailbox.sort == MailboxSort::Regular
    }

    /// What the mailbox answers; nothing when somebody leaves against their will, unless it
    /// is said what.
    fn reply_of(&self, found: &Dossier) -> Option<String> {
        if !self.does(LeaveOut::Reply) {
            return None;
        }
        let said = self.reply.as_deref().map(str::trim).filter(|said| !said.is_empty());
        if said.is_some() || self.hostile {
            return said.map(str::to_owned);
        }
        Some(match &found.user.manager {
            Some(manager) => format!(
                "This mailbox is not read any more. Please write to {} ({}).",
                manager.name, manager.upn
            ),
            None => "This mailbox is not read any more.".to_owned(),
        })
    }
}
