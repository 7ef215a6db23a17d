//! Say who answers for a guest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{GuestChange, guests},
        guests::{SPONSORS_MAX, Sponsor},
        plan::{Draft, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// What answers for a guest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SponsorIs {
    /// A person.
    #[default]
    User,
    /// A group.
    Group,
}

/// Make a person or a group the sponsor of a guest.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSponsor {
    /// Which guest?
    #[schemars(extend("x-pick" = "person"))]
    pub guest: String,
    /// Who answers for the guest?
    #[schemars(extend("x-pick" = "person"))]
    pub sponsor: String,
    /// A person or a group?
    #[serde(default, alias = "type")]
    pub sponsor_type: SponsorIs,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["set", "give", "join", "create", "change"], &["sponsor"]).beside(&["guest"])
    ],
    slots: &[("guest", Slot::Guest), ("sponsor", Slot::Second)],
    examples: &[
        "add megan.bowen@contoso.com as sponsor for guest rita@fabrikam.com",
        "make Megan Bowen the sponsor of rita@fabrikam.com",
        "set Megan Bowen as the sponsor of the guest rita@fabrikam.com",
    ],
};

impl Action for AddSponsor {
    const ABOUT: About = About {
        id: "add_sponsor",
        title: "Add a sponsor",
        area: Area::Guests,
        risk: Risk::Write,
        may: &[guests::ADD_SPONSOR],
        care: Care::Usual,
        undone_by: &[],
        reads: &["GroupMember.Read.All"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            guest: "rita@fabrikam.com".to_owned(),
            sponsor: "john.doe@contoso.com".to_owned(),
            sponsor_type: SponsorIs::User,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let guest = self.the_guest(look, asked).await?;
        let (name, sponsor) = sponsor(look, asked, &self.sponsor, self.sponsor_type).await?;
        let held = look.sponsors(&guest.id).await?;
        let held = held.ok_or_else(|| Reason::NoSuchPerson { name: self.guest.clone() })?;
        if held.iter().any(|known| known.id == sponsor.guid()) {
            return Err(Reason::AlreadySo {
                what: format!("{name} answers for {} already", guest.name),
            }
            .into());
        }
        if held.len() >= SPONSORS_MAX {
            return Err(Reason::NotPossible {
                what: format!(
                    "{SPONSORS_MAX} sponsors answer for {} already, and Microsoft allows no more; \
                     take one away in the Entra admin center first",
                    guest.name
                ),
            }
            .into());
        }
        let before: Vec<&str> = held.iter().map(|known| known.name.as_str()).collect();
        let now = if before.is_empty() { "=none".to_owned() } else { before.join(", ") };
        let after = before.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(", ");
        let mut draft = Draft::about(guest.to_ref());
        draft
            .step(
                GuestChange::AddSponsor { user: guest.id.clone().into(), sponsor },
                &[("guest", &guest.name), ("sponsor", &name)],
                vec![Value::new("sponsor", now, after)],
            )
            .cannot_be_undone("sponsor_stays");
        Ok(Planned::Changes(draft))
    }
}

impl AddSponsor {
    /// A guest by sign-in name or object id, or by the mail address of home.
    async fn the_guest(
        &self,
        look: &dyn World,
        asked: &Asked,
    ) -> Result<crate::domain::users::User> {
        let said = self.guest.trim();
        let by_mail = if said.contains('@') && !said.contains("#EXT#") {
            look.account_of(&asked.tenant, &said.to_lowercase()).await?
        } else {
            None
        };
        let user = match by_mail {
            Some(guest) => guest.user,
            None => look::user(look, asked, said).await?,
        };
        if user.guest {
            return Ok(user);
        }
        Err(Reason::NotPossible {
            what: format!(
                "{} is no guest; sponsors answer for guests, and a manager for colleagues",
                user.name
            ),
        }
        .into())
    }
}

/// Who answers: a name for the card, and the object.
pub(super) async fn sponsor(
    look: &dyn World,
    asked: &Asked,
    said: &str,
    is: SponsorIs,
) -> Result<(String, Sponsor)> {
    match is {
        SponsorIs::User => {
            let user = look::user(look, asked, said).await?;
            Ok((user.name, Sponsor::User(user.id)))
        }
        SponsorIs::Group => {
            let group = look::group(look, asked, said).await?;
            Ok((group.name, Sponsor::Group(group.id)))
        }
    }
}
