//! Cancel the meetings that somebody called, for when they leave.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned, look,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{HandoverChange, handover},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
    },
    ports::world::World,
};

/// Cancel somebody's meetings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelMeetings {
    /// Whose? A sign-in name.
    #[schemars(extend("x-pick" = "person"))]
    pub user: String,
    /// How many days ahead? 365 if empty, at most 1,825.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// What should the people invited read beside? At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

const WORDING: Wording = Wording {
    frames: &[Frame::of(&["stop", "delete"], &["calendar"]).beside(&["mailbox"])],
    slots: &[("user", Slot::Person), ("comment", Slot::Maybe(&Slot::Message))],
    examples: &[
        "cancel the meetings of megan.bowen@contoso.com",
        "please cancel all meetings Megan Bowen has organised",
        "cancel Megan Bowen's future meetings",
    ],
};

/// As far ahead as anybody looks, in days (Exchange's own cmdlet goes as far).
const DAYS_MAX: u32 = 1_825;
const DAYS_DEFAULT: u32 = 365;
/// Meetings cancelled by one request.
const MEETINGS_MAX: usize = 100;
const COMMENT_CHARS_MAX: usize = 500;

impl Action for CancelMeetings {
    const ABOUT: About = About {
        id: "cancel_meetings",
        title: "Cancel somebody's meetings",
        area: Area::Mailboxes,
        risk: Risk::Destructive,
        may: &[handover::CANCEL_MEETING],
        care: Care::Usual,
        undone_by: &[],
        reads: &["Calendars.Read"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self { user: "samir.nadar@contoso.com".to_owned(), days: None, comment: None }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let user = look::mail::owner(look, asked, &self.user).await?;
        let days = self.days.unwrap_or(DAYS_DEFAULT);
        let comment = self.comment.as_deref().map(str::trim).filter(|said| !said.is_empty());
        if days == 0 || days > DAYS_MAX {
            let why = format!("from 1 to {DAYS_MAX} days ahead are looked at");
            return Err(Reason::WrongArgument { field: "days".to_owned(), why }.into());
        }
        if comment.is_some_and(|said| said.chars().count() > COMMENT_CHARS_MAX) {
            let what = format!("a comment has at most {COMMENT_CHARS_MAX} characters");
            return Err(Reason::TooMuch { what }.into());
        }
        let to = asked.now + SignedDuration::from_hours(24 * i64::from(days));
        let meetings = look.meetings(&user.id, asked.now, to).await?;
        let meetings = meetings.ok_or_else(|| look::mail::none(&user.name))?;
        if meetings.is_empty() {
            let what = format!("{} called no meeting in the next {days} days", user.name);
            return Err(Reason::AlreadySo { what }.into());
        }
        if meetings.len() > MEETINGS_MAX {
            let what = format!(
                "{} called {} meetings; at most {MEETINGS_MAX} are cancelled at once, so ask for fewer days",
                user.name,
                meetings.len()
            );
            return Err(Reason::TooMuch { what }.into());
        }
        let mut draft = Draft::about(user.to_ref());
        draft.notes.push(Note::new("meetings_tell_everybody", &[("user", &user.name)]));
        if meetings.iter().any(|meeting| meeting.series) {
            draft.notes.push(Note::new("meetings_whole_series", &[("user", &user.name)]));
        }
        for meeting in &meetings {
            let subject = if meeting.subject.is_empty() { "=no_subject" } else { &meeting.subject };
            let sort = if meeting.series { "=series" } else { "=single" };
            draft
                .step(
                    HandoverChange::CancelMeeting {
                        user: user.id.clone().into(),
                        meeting: meeting.id.clone(),
                        comment: comment.map(str::to_owned),
                    },
                    &[("user", &user.name), ("meeting", subject)],
                    vec![
                        Value::new("meeting_next", instant(meeting.next), "=cancelled"),
                        Value::new("meeting_invited", invited(meeting.invited), "=told"),
                        Value::new("meeting_sort", sort, "=cancelled"),
                    ],
                )
                .cannot_be_undone("meetings_cancelled");
        }
        Ok(Planned::Changes(draft))
    }
}

fn instant(at: Timestamp) -> String {
    format!("@{at}")
}

fn invited(count: usize) -> String {
    count.to_string()
}
