//! Put a mailbox on litigation hold, lift it, or give the mailbox an archive.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{Change, ComplianceChange, compliance},
        mail::{Hold, Mailbox},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Reason, Result},
        users::User,
    },
    ports::world::World,
};

/// Set a litigation hold or an archive.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLitigationHold {
    /// Which mailbox? A sign-in name or its address.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// Lift the hold instead?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// For how many days is each item kept? Without end if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// What should the owner read about it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Instead of a hold: give the mailbox an archive?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archive: bool,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["set", "join", "give", "want", "switch_on"], &["hold"]).beside(&["mailbox"]),
        Frame::of(&["take", "stop", "switch_off", "revoke"], &["hold"])
            .beside(&["mailbox"])
            .sets(&["off"]),
        Frame::of(&["set", "give", "allow", "switch_on", "create"], &["archive"])
            .beside(&["mailbox"])
            .sets(&["archive"]),
    ],
    slots: &[("mailbox", Slot::Mailbox), ("days", Slot::Days)],
    examples: &[
        "put megan.bowen@contoso.com on litigation hold for 365 days",
        "remove the litigation hold from Megan Bowen's mailbox",
        "enable the archive mailbox of Megan Bowen",
    ],
};

/// Exchange counts in days; nobody keeps mail longer than a century.
const DAYS_MAX: u32 = 36_500;
const COMMENT_CHARS_MAX: usize = 255;

impl Action for SetLitigationHold {
    const ABOUT: About = About {
        id: "set_litigation_hold",
        title: "Set a litigation hold or an archive",
        area: Area::Compliance,
        risk: Risk::Destructive,
        may: &[compliance::SET_LITIGATION_HOLD, compliance::ENABLE_ARCHIVE],
        care: Care::AlwaysApprove,
        undone_by: &["set_litigation_hold"],
        reads: &[],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "john.doe@contoso.com".to_owned(),
            off: false,
            days: Some(365),
            comment: None,
            archive: false,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        if self.days.is_some_and(|days| days == 0 || days > DAYS_MAX) {
            let why = format!("a hold lasts from 1 to {DAYS_MAX} days");
            return Err(Reason::WrongArgument { field: "days".to_owned(), why }.into());
        }
        let comment = self.comment.as_deref().map(str::trim).filter(|said| !said.is_empty());
        if comment.is_some_and(|said| said.chars().count() > COMMENT_CHARS_MAX) {
            let what = format!("a comment has at most {COMMENT_CHARS_MAX} characters");
            return Err(Reason::TooMuch { what }.into());
        }
        let (user, mailbox) = look::mail::mailbox(look, asked, &self.mailbox).await?;
        let mut draft = Draft::about(user.to_ref());
        if self.archive {
            archive(&mut draft, &user, &mailbox)?;
        } else {
            self.hold(&mut draft, &user, &mailbox, comment)?;
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let set = done.iter().find_map(|(step, run)| match (&step.change, run.state) {
            (Change::Compliance(ComplianceChange::SetLitigationHold { .. }), StepState::Done) => {
                run.before.as_ref()
            }
            _ => None,
        });
        let Some(before) = set else { return Vec::new() };
        let on = before.value(compliance::ON_HOLD).is_some_and(|on| *on == true);
        let days = before.value(compliance::HOLD_DAYS).and_then(serde_json::Value::as_u64);
        vec![propose(&Self {
            mailbox: self.mailbox.clone(),
            off: !on,
            days: days.filter(|_| on).and_then(|days| u32::try_from(days).ok()),
            comment: None,
            archive: false,
        })]
    }
}

impl SetLitigationHold {
    fn hold(
        &self,
        draft: &mut Draft,
        user: &User,
        mailbox: &Mailbox,
        comment: Option<&str>,
    ) -> Result<(), Reason> {
        let on = !self.off;
        let days = if on { self.days } else { None };
        let same = match &mailbox.hold {
            Some(hold) => on && hold.days == days,
            None => !on,
        };
        if same {
            let so =
                if on { "is on litigation hold like this" } else { "is on no litigation hold" };
            return Err(Reason::AlreadySo { what: format!("the mailbox of {} {so}", user.name) });
        }
        let fields = [("user", user.name.as_str())];
        draft
            .notes
            .push(Note::new(if on { "hold_takes_an_hour" } else { "hold_lets_go" }, &fields));
        if on {
            draft.notes.push(Note::new("hold_needs_plan_2", &fields));
        }
        let wanted = on.then_some(Hold { since: None, days });
        draft.step(
            ComplianceChange::SetLitigationHold {
                user: user.id.clone().into(),
                on,
                days,
                comment: comment.filter(|_| on).map(str::to_owned),
            },
            &[("user", &user.name), ("state", if on { "=on" } else { "=off" })],
            vec![Value::new(
                "litigation_hold",
                lasts(mailbox.hold.as_ref()),
                lasts(wanted.as_ref()),
            )],
        );
        Ok(())
    }
}

/// How long a hold keeps each item.
fn lasts(hold: Option<&Hold>) -> String {
    match hold {
        None => "=none".to_owned(),
        Some(Hold { days: None, .. }) => "=hold_without_end".to_owned(),
        Some(Hold { days: Some(days), .. }) => format!("{days} d"),
    }
}

fn archive(draft: &mut Draft, user: &User, mailbox: &Mailbox) -> Result<(), Reason> {
    if mailbox.archive {
        return Err(Reason::AlreadySo { what: format!("{} has an archive", user.name) });
    }
    draft.notes.push(Note::new("archive_moves_old_mail", &[("user", &user.name)]));
    draft
        .step(
            ComplianceChange::EnableArchive { user: user.id.clone().into() },
            &[("user", &user.name)],
            vec![Value::new("archive", "=no", "=yes")],
        )
        .cannot_be_undone("archive_holds_mail");
    Ok(())
}
