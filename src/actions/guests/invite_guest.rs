//! Invite somebody of another organisation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        guests::add_sponsor::{SponsorIs, sponsor},
        look,
        wording::{Detail, Frame, Side, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Delivery, DeliveryWay, GroupChange, GuestChange, Ref, groups, guests},
        guests::{Guest, Invitation, InvitedAs},
        ids::UserId,
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
        users::Group,
    },
    ports::world::World,
};

/// Invite a guest, answer for the guest, put the guest into groups.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InviteGuest {
    /// Which mail address?
    pub email: String,
    /// What is the guest called?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// With the rights of a guest or of a member?
    #[serde(alias = "type")]
    pub user_type: InvitedAs,
    /// Should Microsoft mail the invitation? It does, unless told otherwise.
    #[serde(alias = "send_message", skip_serializing_if = "Option::is_none")]
    pub send_invitation: Option<bool>,
    /// What should the mail say?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Where does the guest land afterwards? My Apps, unless named.
    #[serde(alias = "redirect_url", skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    /// Should you get the link that redeems the invitation? You do, when it is not mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over_link: Option<bool>,
    /// Who answers for the guest?
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "person"))]
    pub sponsor: Option<String>,
    /// Which groups should the guest join?
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-pick" = "group"))]
    pub groups: Vec<String>,
    /// Invited before, and nothing came of it: send it once more?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["invite", "join", "create"], &["guest"])
            .beside(&["account", "mailbox", "group"]),
        Frame::of(&["invite"], &[]),
    ],
    slots: &[
        ("email", Slot::Address),
        ("display_name", Slot::Detail(Detail::DisplayName)),
        ("groups", Slot::Groups(Side::Within)),
        ("sponsor", Slot::Detail(Detail::Sponsor)),
        ("message", Slot::Maybe(&Slot::Message)),
    ],
    examples: &[
        "invite nora@fabrikam.com as a guest",
        "invite the external user nora@fabrikam.com",
        "please invite nora@fabrikam.com",
    ],
};

/// Where a guest lands unless somebody says where.
const MY_APPS: &str = "https://myapps.microsoft.com";
/// The longest message that is mailed along.
const MESSAGE_MAX: usize = 1_000;
/// Groups that one invitation names.
const GROUPS_MAX: usize = 20;

impl Action for InviteGuest {
    const ABOUT: About = About {
        id: "invite_guest",
        title: "Invite a guest",
        area: Area::Guests,
        risk: Risk::Write,
        may: &[guests::INVITE_GUEST, guests::INVITE_AGAIN, guests::ADD_SPONSOR, groups::ADD_MEMBER],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            email: "nora@fabrikam.com".to_owned(),
            display_name: Some("Nora Visitor".to_owned()),
            ..Self::default()
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let invitation = self.invitation()?;
        let groups = self.groups_to_join(look, asked).await?;
        let sponsor = match &self.sponsor {
            Some(said) => Some(sponsor(look, asked, said, SponsorIs::User).await?),
            None => None,
        };
        let known = look.account_of(&asked.tenant, &invitation.mail).await?;
        let mut draft = Draft { objects: vec![invitation.mail.clone()], ..Draft::default() };
        let name = invitation.name.clone().unwrap_or_else(|| invitation.mail.clone());
        let guest = match known {
            Some(guest) => self.once_more(&mut draft, asked, &guest, invitation)?,
            None => self.first(&mut draft, asked, invitation, &name),
        };
        let needs: Vec<_> = draft.steps.iter().map(|step| step.id).collect();
        if let Some((who, sponsor)) = sponsor {
            draft
                .step(
                    GuestChange::AddSponsor { user: guest.clone(), sponsor },
                    &[("guest", &name), ("sponsor", &who)],
                    vec![Value::new("sponsor", "=none", who.as_str())],
                )
                .needing(&needs)
                .cannot_be_undone("sponsor_stays");
        }
        for group in &groups {
            draft
                .step(
                    GroupChange::AddMember {
                        group: group.id.clone().into(),
                        sort: group.sort,
                        user: guest.clone(),
                    },
                    &[("user", &name), ("group", &group.name)],
                    vec![Value::new("membership", "=not_member", "=member")],
                )
                .needing(&needs);
        }
        if self.user_type == InvitedAs::Member {
            draft.notes.push(Note::new("guest_as_member", &[("guest", &name)]));
        }
        Ok(Planned::Changes(draft))
    }
}

impl InviteGuest {
    fn invitation(&self) -> Result<Invitation, Reason> {
        let mail = self.email.trim().to_lowercase();
        let shaped = mail.len() <= 254
            && !mail.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"'".contains(c))
            && mail.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && domain.contains('.') && !domain.contains('@')
            });
        if !shaped {
            return Err(wrong("email", "a mail address such as nora@fabrikam.com is wanted"));
        }
        let redirect = self.redirect.as_deref().map_or(MY_APPS, str::trim);
        if !redirect.starts_with("https://") || redirect.len() > 2_000 {
            return Err(wrong("redirect", "an address that begins with https:// is wanted"));
        }
        let message = self.message.clone().filter(|text| !text.trim().is_empty());
        if message.as_ref().is_some_and(|text| text.chars().count() > MESSAGE_MAX) {
            return Err(wrong("message", "at most 1,000 characters are mailed along"));
        }
        let send = self.send_invitation.unwrap_or(true);
        if message.is_some() && !send {
            return Err(wrong(
                "message",
                "it is mailed with the invitation, which is not to be sent",
            ));
        }
        Ok(Invitation {
            mail,
            name: self.display_name.clone().filter(|name| !name.trim().is_empty()),
            invited_as: self.user_type,
            redirect: redirect.to_owned(),
            send,
            message,
        })
    }

    async fn groups_to_join(&self, look: &dyn World, asked: &Asked) -> Result<Vec<Group>> {
        if self.groups.len() > GROUPS_MAX {
            let what = format!("an invitation names at most {GROUPS_MAX} groups");
            return Err(Reason::TooMuch { what }.into());
        }
        let mut groups: Vec<Group> = Vec::new();
        for said in &self.groups {
            let group = look::group(look, asked, said).await?;
            look::takes_members(&group)?;
            if groups.iter().all(|known| known.id != group.id) {
                groups.push(group);
            }
        }
        Ok(groups)
    }

    /// The link goes to the requester alone, by a page that opens once.
    fn delivery(&self, asked: &Asked) -> Option<Delivery> {
        let mailed = self.send_invitation.unwrap_or(true);
        self.hand_over_link
            .unwrap_or(!mailed)
            .then(|| Delivery { to: asked.requester.clone(), by: DeliveryWay::OneTimeLink })
    }

    fn values(invitation: &Invitation) -> Vec<Value> {
        let yes_no = |is: bool| if is { "=yes" } else { "=no" };
        let mut values = vec![
            Value::new(
                "user_type",
                "=none",
                match invitation.invited_as {
                    InvitedAs::Guest => "=guest",
                    InvitedAs::Member => "=member",
                },
            ),
            Value::new("invitation_mailed", "=no", yes_no(invitation.send)),
        ];
        if let Some(message) = &invitation.message {
            values.push(Value::new("message", "=none", message.clone()));
        }
        if invitation.redirect != MY_APPS {
            values.push(Value::new("lands_on", "=none", invitation.redirect.clone()));
        }
        values
    }

    fn first(
        &self,
        draft: &mut Draft,
        asked: &Asked,
        invitation: Invitation,
        name: &str,
    ) -> Ref<UserId> {
        let values = Self::values(&invitation);
        let mail = invitation.mail.clone();
        let delivery = self.delivery(asked);
        let recipient = delivery.as_ref().map(|delivery| delivery.to.name.clone());
        let change =
            GuestChange::InviteGuest { tenant: asked.tenant.clone(), invitation, delivery };
        let names = [
            ("guest", name),
            ("mail", &mail),
            ("recipient", recipient.as_deref().unwrap_or_default()),
        ];
        let step = draft.step(change, &names, values);
        step.cannot_be_undone("invited");
        Ref::made_by(step.id)
    }

    /// Somebody who has an account here is invited again only when that is asked for.
    fn once_more(
        &self,
        draft: &mut Draft,
        asked: &Asked,
        guest: &Guest,
        invitation: Invitation,
    ) -> Result<Ref<UserId>, Reason> {
        let user = &guest.user;
        if !user.guest && !guest.pending() {
            return Err(Reason::AlreadySo {
                what: format!("{} has an account here ({})", user.name, user.upn),
            });
        }
        if !user.enabled {
            return Err(Reason::NotPossible {
                what: format!(
                    "{} has an account here whose sign-in is blocked; allow it, then invite",
                    user.name
                ),
            });
        }
        if !guest.pending() {
            return Err(Reason::AlreadySo {
                what: format!("{} is a guest here and has accepted", user.name),
            });
        }
        if !self.again {
            return Err(Reason::AlreadySo {
                what: format!(
                    "{} is invited and has not accepted yet; to send the invitation once more, \
                     ask for it again with “again” set in the form",
                    user.name
                ),
            });
        }
        draft.subjects.push(user.to_ref());
        let values = Self::values(&invitation);
        let mail = invitation.mail.clone();
        let change = GuestChange::InviteAgain {
            user: user.id.clone().into(),
            invitation,
            delivery: self.delivery(asked),
        };
        let names = [("guest", user.name.as_str()), ("mail", mail.as_str())];
        draft.step(change, &names, values).cannot_be_undone("invited");
        Ok(user.id.clone().into())
    }
}

fn wrong(field: &str, why: &str) -> Reason {
    Reason::WrongArgument { field: field.to_owned(), why: why.to_owned() }
}
