//! Set automatic replies, or switch them off.

use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actions::{
        About, Action, Asked, Planned,
        local_time::instant,
        look, propose,
        wording::{Frame, Slot, Wording},
    },
    domain::{
        area::{Area, Care, Risk},
        change::{MailboxChange, Sight, mailboxes, visible},
        plan::{Draft, Note, Step, Value},
        proposal::Proposal,
        step::{StepRun, StepState},
        trouble::{Ask, Question, Reason, Result, Trouble},
        users::{AutomaticReplies, Facet, RepliesAudience, RepliesStatus},
    },
    ports::world::World,
};

/// Set an out-of-office message.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetOutOfOffice {
    /// Whose mailbox? A sign-in name, or the address of a shared mailbox.
    #[schemars(extend("x-pick" = "mailbox"))]
    pub mailbox: String,
    /// What should the reply say? At most 10,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub message: Option<String>,
    /// What should people outside read instead? The same if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_message: Option<String>,
    /// Who outside gets a reply? Everybody if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<RepliesAudience>,
    /// From when? A date or a date with time, in the tenant's zone. At once if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub start: Option<String>,
    /// Until when? A date (its end) or a date with time. Until switched off if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-pick" = "date-time"))]
    pub end: Option<String>,
    /// Switch it off instead?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// A whole setting to go back to, for an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub back_to: Option<AutomaticReplies>,
}

const WORDING: Wording = Wording {
    frames: &[
        Frame::of(&["set", "give", "join", "want", "noun"], &["replies"])
            .beside(&["mailbox", "shared_mailbox"]),
        Frame::of(&["stop", "switch_off", "block"], &["replies"])
            .beside(&["mailbox", "shared_mailbox"])
            .sets(&["off"]),
    ],
    slots: &[
        ("mailbox", Slot::Replying),
        ("message", Slot::Message),
        ("start", Slot::Start),
        ("end", Slot::End),
    ],
    examples: &[
        "set an out of office for megan.bowen@contoso.com saying \"I am away until Monday\"",
        "turn off the automatic reply of Megan Bowen",
    ],
};

/// Exchange keeps at most 128 KiB of HTML; people need far less.
const MESSAGE_CHARS_MAX: usize = 10_000;

impl Action for SetOutOfOffice {
    const ABOUT: About = About {
        id: "set_out_of_office",
        title: "Set out of office",
        area: Area::Mailboxes,
        risk: Risk::Write,
        may: &[mailboxes::SET_AUTOMATIC_REPLIES],
        care: Care::Usual,
        undone_by: &["set_out_of_office"],
        reads: &["MailboxSettings.Read"],
        wording: WORDING,
    };

    fn sample() -> Self {
        Self {
            mailbox: "john.doe@contoso.com".to_owned(),
            message: Some("I am away until Monday.".to_owned()),
            external_message: None,
            audience: None,
            start: None,
            end: None,
            off: false,
            back_to: None,
        }
    }

    async fn plan(&self, look: &dyn World, asked: &Asked) -> Result<Planned> {
        let owner = look::mail::owner(look, asked, &self.mailbox).await?;
        let found = look.dossier(&owner.id, &[Facet::Replies]).await?;
        let found = found.ok_or_else(|| look::mail::none(&owner.name))?;
        let user = &found.user;
        let Some(now) = &found.replies else {
            // MailboxNotEnabledForRESTAPI: "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            return Err(Reason::NotPossible {
                what: format!("{} has no mailbox in Exchange Online", user.name),
            }
            .into());
        };
        let wanted = self.wanted(now, asked)?;
        let (from, to) = (when(&now.status, &asked.zone), when(&wanted.status, &asked.zone));
        let (said, says) = (visible(&now.internal), visible(&wanted.internal));
        let others = visible(&now.external) == visible(&wanted.external);
        let same = said == says && others && now.audience == wanted.audience;
        if from == to && (wanted.status == RepliesStatus::Off || same) {
            return Err(Reason::AlreadySo {
                what: format!("the automatic reply of {} is so already", user.name),
            }
            .into());
        }
        let mut values = vec![Value::new("replies_status", from, to)];
        if wanted.status != RepliesStatus::Off {
            values.push(Value::new("replies_internal", quoted(&said), quoted(&says)));
            values.push(Value::new(
                "replies_external",
                quoted(&visible(&now.external)),
                quoted(&visible(&wanted.external)),
            ));
            values.push(Value::new(
                "replies_audience",
                audience(now.audience),
                audience(wanted.audience),
            ));
        }
        let mut draft = Draft::about(user.to_ref());
        draft.step(
            MailboxChange::SetAutomaticReplies { user: user.id.clone().into(), replies: wanted },
            &[("user", &user.name)],
            values,
        );
        if !user.enabled {
            draft.notes.push(Note::new("replies_of_blocked_user", &[("user", &user.name)]));
        }
        Ok(Planned::Changes(draft))
    }

    fn inverse(&self, done: &[(&Step, &StepRun)]) -> Vec<Proposal> {
        let before = done.iter().find_map(|(_, run)| match (&run.before, run.state) {
            (Some(Sight::Replies { replies }), StepState::Done) => Some(replies.clone()),
            _ => None,
        });
        let back = |replies| Self {
            mailbox: self.mailbox.clone(),
            message: None,
            external_message: None,
            audience: None,
            start: None,
            end: None,
            off: false,
            back_to: Some(replies),
        };
        before.map(|replies| propose(&back(replies))).into_iter().collect()
    }
}

impl SetOutOfOffice {
    fn wanted(&self, now: &AutomaticReplies, asked: &Asked) -> Result<AutomaticReplies> {
        if let Some(back) = &self.back_to {
            return Ok(back.clone());
        }
        if self.off {
            return Ok(AutomaticReplies { status: RepliesStatus::Off, ..now.clone() });
        }
        let Some(message) =
            self.message.as_deref().map(str::trim).filter(|message| !message.is_empty())
        else {
            return Err(Trouble::Unclear {
                argument: "message".to_owned(),
                question: Question { ask: Ask::WhatMessage, said: None, choices: Vec::new() },
            });
        };
        let outside =
            self.external_message.as_deref().map(str::trim).filter(|said| !said.is_empty());
        let outside = outside.unwrap_or(message);
        if [message, outside].iter().any(|said| said.chars().count() > MESSAGE_CHARS_MAX) {
            return Err(Reason::TooMuch {
                what: format!("a message has at most {MESSAGE_CHARS_MAX} characters"),
            }
            .into());
        }
        Ok(AutomaticReplies {
            status: self.status(asked)?,
            audience: self.audience.unwrap_or(RepliesAudience::Everybody),
            internal: html(message),
            external: html(outside),
        })
    }

    /// `scheduled` needs both ends (Graph, automaticRepliesSetting): a start alone runs for a year.
    fn status(&self, asked: &Asked) -> Result<RepliesStatus, Reason> {
        let read =
            |field: &str, said: &Option<String>, end: bool| -> Result<Option<Timestamp>, Reason> {
                said.as_deref().map(|said| instant(field, said, end, &asked.zone)).transpose()
            };
        let (start, end) = (read("start", &self.start, false)?, read("end", &self.end, true)?);
        if start.is_none() && end.is_none() {
            return Ok(RepliesStatus::Always);
        }
        let start = start.unwrap_or(asked.now);
        let end = end.unwrap_or(start + jiff::SignedDuration::from_hours(365 * 24));
        if end <= start || end <= asked.now {
            return Err(Reason::WrongArgument {
                field: "end".to_owned(),
                why: "it lies before the start, or in the past".to_owned(),
            });
        }
        Ok(RepliesStatus::Between { start, end })
    }
}

fn html(words: &str) -> String {
    let escaped = words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    format!("<html><body>{}</body></html>", escaped.replace('\n', "<br>"))
}

fn when(status: &RepliesStatus, zone: &TimeZone) -> String {
    let shown =
        |at: &Timestamp| at.to_zoned(zone.clone()).strftime("%a %-d %b %Y %H:%M %Z").to_string();
    match status {
        RepliesStatus::Off => "=off".to_owned(),
        RepliesStatus::Always => "=on".to_owned(),
        RepliesStatus::Between { start, end } => format!("{} – {}", shown(start), shown(end)),
    }
}

fn quoted(words: &str) -> String {
    if words.is_empty() { "=none".to_owned() } else { format!("“{words}”") }
}

fn audience(who: RepliesAudience) -> &'static str {
    match who {
        RepliesAudience::Nobody => "=nobody_outside",
        RepliesAudience::Contacts => "=contacts_only",
        RepliesAudience::Everybody => "=everybody",
    }
}
