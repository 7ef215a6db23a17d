//! Meetings and drives of somebody who leaves.
//! learn.microsoft.com/graph/api: event-cancel, driveitem-invite, permission-delete.

use reqwest::Method;
use serde_json::json;

use super::{Behind, Calls, Door, Found, Read, With, known, user_path};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        shapes::drive_share,
        wire::encoded,
    },
    domain::{
        change::{HandoverChange, Sight, handover::ROLE},
        ids::UserId,
        trouble::Reason,
    },
};

/// Permissions read of one drive's root.
pub(crate) const SHARES_MAX: usize = 500;

/// The root of somebody's drive.
pub(crate) fn drive_root(user: &UserId) -> String {
    format!("{}/drive/items/root", user_path(user))
}

impl Calls for HandoverChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(match self {
            Self::CancelMeeting { user, meeting, .. } => {
                let user = known(user)?;
                let path = format!(
                    "{}/events/{}?$select=id,isCancelled",
                    user_path(user),
                    encoded(meeting)
                );
                let whose = format!("{}?$select=id", user_path(user));
                vec![
                    Read::one(user.tenant(), path, Reading::CALENDAR),
                    Read::one(user.tenant(), whose, Reading::USERS),
                ]
            }
            Self::GrantDriveAccess { user, .. } | Self::RevokeDriveAccess { user, .. } => {
                let user = known(user)?;
                let path = format!("{}/permissions", drive_root(user));
                vec![Read::list(user.tenant(), path, SHARES_MAX, Reading::DRIVE)]
            }
        })
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        Ok(match self {
            Self::CancelMeeting { .. } => match found[0].one() {
                Some(event) if event["isCancelled"] != true => Sight::object([]),
                // With the mailbox the meeting goes, and nobody who was invited hears of it.
                None if found[1].one().is_none() => Sight::object([("mailbox", json!("gone"))]),
                _ => Sight::Missing,
            },
            Self::GrantDriveAccess { to, .. } | Self::RevokeDriveAccess { to, .. } => {
                let Some(shares) = found[0].many() else { return Ok(Sight::Missing) };
                let mut shares = shares.iter().filter_map(drive_share);
                let role = shares.find(|share| share.who == to.guid()).map(|share| share.role);
                Sight::object([(ROLE, json!(role.map(crate::domain::mail::DriveRole::as_graph)))])
            }
        })
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Graph(match self {
            Self::CancelMeeting { user, meeting, comment } => {
                let path =
                    format!("{}/events/{}/cancel", user_path(known(user)?), encoded(meeting));
                let body = json!({ "comment": comment.as_deref().unwrap_or_default() });
                Ask::of(Method::POST, path, Some(body))
            }
            Self::GrantDriveAccess { user, to, role } => {
                let path = format!("{}/invite", drive_root(known(user)?));
                let body = json!({
                    "recipients": [{ "objectId": to.guid() }], "roles": [role.as_graph()],
                    "requireSignIn": true, "sendInvitation": false,
                });
                Ask::of(Method::POST, path, Some(body))
            }
            Self::RevokeDriveAccess { user, permission, .. } => {
                let path =
                    format!("{}/permissions/{}", drive_root(known(user)?), encoded(permission));
                Ask::of(Method::DELETE, path, None)
            }
        }))
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        match (self, answer.status) {
            (Self::CancelMeeting { .. }, 404) if answer.code() != "ErrorItemNotFound" => {
                Some(Meaning::Refused(refusals::no_mailbox()))
            }
            (Self::CancelMeeting { .. } | Self::RevokeDriveAccess { .. }, 404) => {
                Some(Meaning::AlreadySo)
            }
            (Self::CancelMeeting { .. }, 400) if refusals::says(answer, "organizer") => {
                Some(refusals::no("somebody else called this meeting; only they can cancel it"))
            }
            (Self::GrantDriveAccess { .. }, 404) => {
                Some(refusals::no("there is no OneDrive: it was never opened, or has no licence"))
            }
            _ => None,
        }
    }

    fn behind_403(&self) -> Behind<'_> {
        match self {
            Self::CancelMeeting { .. } => Behind::Mailbox,
            _ => Behind::Nothing,
        }
    }
}
