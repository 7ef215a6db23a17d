//! Guests: inviting them, and who answers for them.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Calls, Door, Found, Read, With, known, user_path};
use crate::{
    adapters::graph::{
        answer::{Answer, Ask},
        permissions::Reading,
        refusals::{self, Meaning},
        wire::encoded,
    },
    domain::{
        change::{GuestChange, Sight},
        guests::{Invitation, SPONSORS_MAX, Sponsor},
        ids::TenantId,
        secret::Secret,
        trouble::Reason,
    },
    ports::hands::Output,
};

/// Accounts of one address that are told apart.
const NAMESAKES_MAX: usize = 5;

impl Calls for GuestChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        Ok(vec![match self {
            Self::InviteGuest { tenant, invitation, .. } => {
                let mail = encoded(&invitation.mail.replace('\'', "''"));
                let path = format!(
                    "/users?$filter=mail%20eq%20'{mail}'&$select=id,mail&$top={NAMESAKES_MAX}"
                );
                Read::list(tenant, path, NAMESAKES_MAX, Reading::USERS)
            }
            Self::InviteAgain { user, .. } => {
                let user = known(user)?;
                let path = format!("{}?$select=id", user_path(user));
                Read::one(user.tenant(), path, Reading::USERS)
            }
            Self::AddSponsor { user, .. } => {
                let user = known(user)?;
                let path = format!("{}/sponsors?$select=id", user_path(user));
                Read::list(user.tenant(), path, 2 * SPONSORS_MAX, Reading::USERS)
            }
        }])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        let Some(items) = found[0].many() else { return Ok(Sight::Missing) };
        let ids = || items.iter().filter_map(|item| item["id"].as_str()?.parse::<Uuid>().ok());
        Ok(match self {
            Self::InviteGuest { tenant, .. } => match ids().next() {
                Some(id) => made(tenant, id),
                None => Sight::Missing,
            },
            Self::InviteAgain { .. } => Sight::object([]),
            Self::AddSponsor { .. } => {
                Sight::object([("sponsors", json!(ids().collect::<Vec<_>>()))])
            }
        })
    }

    fn call(&self, with: &With<'_>) -> Result<Door, Reason> {
        Ok(Door::Graph(match self {
            Self::InviteGuest { invitation, .. } | Self::InviteAgain { invitation, .. } => {
                Ask::of(Method::POST, "/invitations", Some(body(invitation)))
            }
            Self::AddSponsor { user, sponsor } => {
                let path = format!("{}/sponsors/$ref", user_path(known(user)?));
                let reference = match sponsor {
                    Sponsor::User(id) => with.reference(id),
                    Sponsor::Group(id) => with.reference(id),
                };
                Ask::of(Method::POST, path, Some(json!({ "@odata.id": reference })))
            }
        }))
    }

    fn output(&self, answer: &Value) -> Output {
        let (Self::InviteGuest { delivery, .. } | Self::InviteAgain { delivery, .. }) = self else {
            return Output::default();
        };
        let id = match self {
            Self::InviteGuest { tenant, .. } => answer["invitedUser"]["id"]
                .as_str()
                .and_then(|id| id.parse().ok())
                .map(|id: Uuid| tenant.object::<()>(id).to_string()),
            _ => None,
        };
        let link = answer["inviteRedeemUrl"].as_str().filter(|_| delivery.is_some());
        Output { id, secret: link.map(|link| Secret::new(link.to_owned())) }
    }

    fn refusal(&self, answer: &Answer) -> Option<Meaning> {
        let says = |part: &str| refusals::says(answer, part);
        match (self, answer.status) {
            (Self::AddSponsor { .. }, 400) if says("already exist") => Some(Meaning::AlreadySo),
            (Self::AddSponsor { .. }, 400) if says("maximum") => Some(refusals::no(
                "five sponsors answer for this guest already, and Microsoft allows no more",
            )),
            (Self::InviteGuest { .. } | Self::InviteAgain { .. }, 400)
                if says("verified domain of this directory") =>
            {
                Some(refusals::no(
                    "the address is one of this organisation's own; its people are users, not guests",
                ))
            }
            (Self::InviteGuest { .. } | Self::InviteAgain { .. }, 400)
                if says("blocked from signing in") =>
            {
                Some(refusals::no(
                    "the guest has an account here whose sign-in is blocked; allow it, then invite",
                ))
            }
            (Self::InviteGuest { .. } | Self::InviteAgain { .. }, 400)
                if says("invitedusermailaddress") || says("inviteduseremailaddress") =>
            {
                Some(refusals::no("Microsoft does not take this as a mail address"))
            }
            _ => None,
        }
    }
}

fn made(tenant: &TenantId, id: Uuid) -> Sight {
    Sight::Object {
        id: Some(tenant.object::<()>(id).to_string()),
        values: std::collections::BTreeMap::new(),
    }
}

fn body(invitation: &Invitation) -> Value {
    let mut body = json!({
        "invitedUserEmailAddress": invitation.mail,
        "inviteRedirectUrl": invitation.redirect,
        "invitedUserType": invitation.invited_as.as_graph(),
        "sendInvitationMessage": invitation.send,
    });
    if let Some(name) = &invitation.name {
        body["invitedUserDisplayName"] = json!(name);
    }
    if let Some(message) = &invitation.message {
        body["invitedUserMessageInfo"] = json!({ "customizedMessageBody": message });
    }
    body
}
