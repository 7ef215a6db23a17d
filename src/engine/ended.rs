//! The sentence for whoever asked, when their request is over.
//!
//! A card that changes makes no sound in any chat; this sentence does. It says how it
//! ended and nothing else: the card has the rest.

use uuid::Uuid;

use crate::{
    domain::{
        batch::Progress,
        chat::{PlaceKind, Platform},
        message::Message,
        plan::Note,
        request::{Origin, Request, Stage},
    },
    ports::store::{Say, SayTo},
};

/// Of many subjects, so many are named.
const NAMES_MAX: usize = 3;

/// What whoever asked is told, if the request just came to an end that they do not know of.
pub fn told(request: &Request, id: Uuid) -> Option<Say> {
    // Its batch says it for all rows together.
    if request.is_row() {
        return None;
    }
    let number = request.number.to_string();
    let people = request.subjects.iter().map(|subject| subject.name.as_str());
    let all: Vec<&str> = people.chain(request.objects.iter().map(String::as_str)).collect();
    let mut who = all[..all.len().min(NAMES_MAX)].join(", ");
    if all.len() > NAMES_MAX {
        who.push_str(", …");
    }
    let about = [("number", number.as_str()), ("who", who.as_str())];
    let Progress { done, not_well, .. } = request.progress.unwrap_or_default();
    let (total, done) = ((done + not_well).to_string(), done.to_string());
    let counted = [about[0], ("done", done.as_str()), ("total", &total)];
    let note = match &request.stage {
        Stage::Succeeded { .. } | Stage::PartlyFailed { .. } | Stage::Failed { .. }
            if request.progress.is_some() =>
        {
            Note::new("told_rows", &counted)
        }
        Stage::Succeeded { .. } if request.in_force.is_some() => {
            Note::new("told_in_force", &about[..1])
        }
        Stage::Succeeded { .. } => Note::new("told_succeeded", &about),
        Stage::PartlyFailed { .. } => Note::new("told_partly_failed", &about),
        Stage::Failed { .. } => Note::new("told_failed", &about),
        Stage::InDoubt { .. } => Note::new("told_in_doubt", &about),
        Stage::Rejected { by, note, .. } => {
            let remark = note.as_deref().unwrap_or_default();
            let fields = [about[0], about[1], ("by", by.name.as_str()), ("remark", remark)];
            Note::new("told_rejected", &fields)
        }
        Stage::Expired { .. } if request.digest.is_none() => {
            Note::new("told_unanswered", &about[..1])
        }
        Stage::Expired { .. } => Note::new("told_expired", &about),
        _ => return None,
    };
    Some(Say { id, to: place(&request.origin), what: Message::Note(note) })
}

/// The thread of the request; a command in a channel has none and is answered directly.
pub fn place(origin: &Origin) -> SayTo {
    if is_command(origin) {
        SayTo::Person { user: origin.by.clone() }
    } else {
        SayTo::Place { place: origin.place.clone() }
    }
}

/// A slash command in a Slack channel: there is no message to answer under, and the bot
/// may not be a member.
pub fn is_command(origin: &Origin) -> bool {
    let place = &origin.place;
    place.platform == Platform::Slack
        && place.kind != PlaceKind::Personal
        && place.thread.is_none()
        && origin.message.is_none()
}
