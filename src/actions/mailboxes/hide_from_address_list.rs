//! Hide a mailbox from the address lists, or show it again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{MailboxChange, mailboxes},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Hide from the address list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HideFromAddressList {
    /// Which mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Show it again instead?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub show: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["hide", "take", "leave"], &["address_list"]).beside(&["mailbox"]),
        Frame::of(&["unhide", "join"], &["address_list"]).beside(&["mailbox"]).sets(&["show"]),
    ],
    slots: &[("mailbox", Slot::Mailbox)],
    examples: &[
        "hide megan.bowen@contoso.com from the address list",
        "please remove Megan Bowen from the global address list",
        "unhide Megan Bowen in the GAL",
    ],
};

impl Action for HideFromAddressList {
    const ABOUT: About = About {
        id: "hide_from_address_list",
        title: "Hide from the address lists",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mailboxes::HIDE_FROM_ADDRESS_LISTS],
        care: Care::Usual,
        undone_by: &["hide_from_address_list"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { mailbox: "walt.gone@contoso.com".to_owned(), show: false }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        let hidden = !self.show;
        if mailbox.hidden == hidden {
            let so = if hidden { "is hidden" } else { "is shown" };
            let what = format!("{} {so} in the address lists already", user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        if mailbox.synced {
            // msExchHideFromAddressLists is written on-premises.
            let what = format!(
                "{} is mastered in Active Directory; set msExchHideFromAddressLists there",
                user.name
            );
            return Err(Reason::NotPossible { what }.into());
        }
        let word = |hidden: bool| if hidden { "=hidden" } else { "=shown" };
        let mut draft = Draft::about(user.to_ref());
        draft.notes.push(Note::new("address_list_lags", &[("user", &user.name)]));
        draft.step(
            MailboxChange::HideFromAddressLists { user: user.id.clone().into(), hidden },
            &[("user", &user.name)],
            vec![Value::new("address_lists", word(mailbox.hidden), word(hidden))],
        );
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let made = done.iter().any(|(_, run)| run.state == StepState::Done);
        let back = Self { mailbox: self.mailbox.clone(), show: !self.show };
        made.then(|| propose(&back)).into_iter().collect()
    }
}
