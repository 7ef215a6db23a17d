//! Changes of guests: inviting, and who answers for them.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{
    change::{Delivery, Effect, Evidence, Kind, Object, Ref, Repeat, SecretSource, Sight},
    guests::{Invitation, Sponsor},
    ids::{TenantId, UserId},
};

/// A change of a guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum GuestChange {
    /// Somebody of another organisation gets an account here, and an invitation.
    InviteGuest {
        /// To whose directory.
        tenant: TenantId,
        /// The invitation.
        invitation: Invitation,
        /// Who gets the link that redeems it, when it is wanted: it stands only in the
        /// service's answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivery: Option<Delivery>,
    },
    /// Somebody who was invited before gets another invitation.
    InviteAgain {
        /// Whom.
        user: Ref<UserId>,
        /// The invitation.
        invitation: Invitation,
        /// Who gets the link that redeems it, when it is wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivery: Option<Delivery>,
    },
    /// A user or a group answers for a guest.
    AddSponsor {
        /// For whom.
        user: Ref<UserId>,
        /// Who answers.
        sponsor: Sponsor,
    },
}

const INVITING: super::Rights = &[&["User.Invite.All"]];

/// [`GuestChange::InviteGuest`]. Asked twice, Microsoft may mail twice.
pub const INVITE_GUEST: Kind = Kind::of("invite_guest", INVITING).repeated(Repeat::NeverBlind);
/// [`GuestChange::InviteAgain`]. Nothing in the directory shows that it was sent.
pub const INVITE_AGAIN: Kind =
    Kind::of("invite_again", INVITING).shown_by(Evidence::Answer).repeated(Repeat::NeverBlind);
/// [`GuestChange::AddSponsor`].
pub const ADD_SPONSOR: Kind = Kind::of("add_sponsor", &[&["User.ReadWrite.All"]]);

/// All of them.
pub const KINDS: &[Kind] = &[INVITE_GUEST, INVITE_AGAIN, ADD_SPONSOR];

impl Effect for GuestChange {
    fn kind(&self) -> Kind {
        match self {
            Self::InviteGuest { .. } => INVITE_GUEST,
            Self::InviteAgain { .. } => INVITE_AGAIN,
            Self::AddSponsor { .. } => ADD_SPONSOR,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::InviteGuest { tenant, .. } => Object::New(tenant),
            Self::InviteAgain { user, .. } | Self::AddSponsor { user, .. } => Object::User(user),
        }
    }

    fn others(&self) -> Vec<&TenantId> {
        match self {
            Self::AddSponsor { sponsor, .. } => vec![sponsor.tenant()],
            _ => Vec::new(),
        }
    }

    fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::InviteGuest { delivery, .. } | Self::InviteAgain { delivery, .. } => {
                delivery.as_ref()
            }
            Self::AddSponsor { .. } => None,
        }
    }

    fn secret_source(&self) -> SecretSource {
        SecretSource::Theirs
    }

    fn hands_over(&self) -> &'static str {
        "invitation_link"
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match (self, seen) {
            (Self::InviteGuest { .. }, Sight::Object { id, .. }) => id.is_some(),
            (Self::AddSponsor { sponsor, .. }, seen) => {
                let named = json!(sponsor.guid());
                let list = seen.value("sponsors").and_then(|list| list.as_array());
                list.is_some_and(|list| list.contains(&named))
            }
            _ => false,
        }
    }

    fn called(&self) -> &'static str {
        "guest"
    }
}
