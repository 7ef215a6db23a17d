//! What is said beside asking: help, how things stand, taking a request back.

use serde_json::json;

use crate::{
    actions::{CATALOG, Entry},
    desk::{Desk, read::spot, refused},
    domain::{
        chat::{Heard, Inbound},
        ids::Number,
        message::{HelpView, Message, WaitingLine, WaitingView},
        plan::Note,
        proposal::Intent,
        request::{Origin, Request, Stage},
        trouble::Reason,
        users::PersonRef,
    },
    policy::Standing,
    ports::store::{Answer, StoreError, Turn},
};

/// So many requests are listed as waiting.
const WAITING_MAX: u32 = 20;
/// Of a thread, so many requests are looked at, newest first.
const IN_THREAD_MAX: u32 = 5;

impl Desk {
    /// What a message is, if it asks for nothing new: help, how things stand, taking back.
    pub(super) async fn follow(
        &self,
        turn: &mut Turn,
        origin: Origin,
        who: &Standing,
        intent: Intent,
        said: (&str, &[PersonRef]),
    ) -> Result<(), StoreError> {
        match intent {
            Intent::Help => self.say_in(turn, &origin, help()),
            Intent::Status => {
                let message = self.waiting().await?;
                self.say_in(turn, &origin, message);
            }
            Intent::Cancel => self.take_back(turn, &origin, who, said.0).await?,
            Intent::Rehearse => Box::pin(self.rehearse_asked(turn, &origin, who, said.0)).await?,
            Intent::Restore => Box::pin(self.restore_asked(turn, origin, who, said)).await?,
            Intent::Request | Intent::None => {
                let message = self.puzzled(&origin, who).await?;
                self.say_in(turn, &origin, message);
            }
        }
        Ok(())
    }

    /// Nothing comes of it; whoever wrote it is told why.
    pub(super) async fn refuse(
        &self,
        mut turn: Turn,
        inbound: &Inbound,
        reason: Reason,
    ) -> Result<Answer, StoreError> {
        self.whisper_refusal(&mut turn, inbound, reason);
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// Why not, to whoever wrote it, where they wrote it.
    pub(super) fn whisper_refusal(&self, turn: &mut Turn, inbound: &Inbound, reason: Reason) {
        let message = match &inbound.what {
            Heard::Said { message, .. } => message.as_deref(),
            _ => None,
        };
        let spot = spot(&inbound.place, message);
        self.say_to(turn, &spot, &inbound.from, refused(reason));
    }

    /// "Cancel that", "cancel #1042": what was begun of this person's request stops,
    /// what was not begun is taken back.
    pub(super) async fn take_back(
        &self,
        turn: &mut Turn,
        origin: &Origin,
        who: &Standing,
        words: &str,
    ) -> Result<(), StoreError> {
        let request = match self.meant(origin, who, words).await? {
            Ok(request) => request,
            Err(message) => {
                self.say_in(turn, origin, message);
                return Ok(());
            }
        };
        let (number, version, by) =
            (request.number.to_string(), request.version, who.user.to_ref());
        let running = matches!(request.stage, Stage::Approved { .. } | Stage::Running { .. });
        let (next, kind, note) = if running {
            let note = Note::new("told_stopping", &[("number", &number)]);
            (request.stop(by.clone(), self.now()), "run.stopped", note)
        } else {
            let note = Note::new("told_cancelled", &[("number", &number)]);
            (unasked(request).cancel(by.clone(), self.now()), "request.cancelled", note)
        };
        match next {
            Ok(mut request) => {
                if running && request.is_batch() {
                    request.due_at = Some(self.now());
                }
                self.end_rows(turn, &request).await?;
                turn.facts.push(self.fact(&request, kind, json!({ "by": by })));
                turn.redraw.push(request.id);
                turn.requests.push((request, Some(version)));
                self.say_in(turn, origin, Message::Note(note));
            }
            Err(reason) => self.say_in(turn, origin, refused(reason)),
        }
        Ok(())
    }

    /// Which request is meant: the one whose number was said, else the newest open one
    /// of this thread, else the only open one of this person.
    async fn meant(
        &self,
        origin: &Origin,
        who: &Standing,
        words: &str,
    ) -> Result<Result<Request, Message>, StoreError> {
        let own = |request: &Request| request.requester.id == who.user.id;
        if let Some(number) = number_in(words) {
            let found = self.store.numbered(&self.tenant, number).await?;
            return Ok(match found {
                Some(request) if own(&request) => Ok(request),
                Some(_) => Err(refused(Reason::NotYours)),
                None => Err(refused(Reason::NoSuchRequest)),
            });
        }
        let made = self.made_here(&origin.place, IN_THREAD_MAX).await?;
        let here = made.into_iter().find(|request| !request.stage.is_final() && own(request));
        if let Some(request) = here {
            return Ok(Ok(request));
        }
        let open = self.store.open(&self.tenant, None, WAITING_MAX).await?;
        let mut open: Vec<Request> = open.into_iter().filter(own).collect();
        Ok(match open.len() {
            1 => Ok(open.remove(0)),
            0 => Err(Message::Note(Note::new("nothing_to_cancel", &[]))),
            _ => {
                let numbers: Vec<String> =
                    open.iter().map(|request| request.number.to_string()).collect();
                let numbers = numbers.join(", ");
                Err(Message::Note(Note::new("cancel_which", &[("numbers", &numbers)])))
            }
        })
    }

    /// Nothing was understood; somebody who answers another one's question is told so.
    pub(super) async fn puzzled(
        &self,
        origin: &Origin,
        who: &Standing,
    ) -> Result<Message, StoreError> {
        let made = self.made_here(&origin.place, IN_THREAD_MAX).await?;
        let other = made.iter().find(|request| {
            matches!(request.stage, Stage::Clarifying { .. }) && request.requester.id != who.user.id
        });
        Ok(match other {
            Some(request) => {
                let number = request.number.to_string();
                let fields = [("number", number.as_str()), ("person", &request.requester.name)];
                Message::Note(Note::new("question_of", &fields))
            }
            None => refused(Reason::NotUnderstood),
        })
    }

    /// What is waiting.
    pub(super) async fn waiting(&self) -> Result<Message, StoreError> {
        let open = self.store.open(&self.tenant, None, WAITING_MAX + 1).await?;
        let shown = usize::try_from(WAITING_MAX).unwrap_or(usize::MAX);
        let more = u32::try_from(open.len().saturating_sub(shown)).unwrap_or(u32::MAX);
        let line = |request: &Request| WaitingLine {
            number: request.number,
            actions: actions_of(request),
            subjects: request.subjects.clone(),
            objects: request.objects.clone(),
            state: request.stage.name().to_owned(),
        };
        Ok(Message::Waiting(WaitingView {
            requests: open.iter().take(shown).map(line).collect(),
            more,
        }))
    }
}

/// The actions asked for, those that wait for an answer too.
fn actions_of(request: &Request) -> Vec<String> {
    let open = match &request.stage {
        Stage::Clarifying { open, .. } => open.as_slice(),
        _ => &[],
    };
    let asked = open.iter().map(|open| &open.proposal).chain(&request.proposals);
    asked.map(|proposal| proposal.action.clone()).collect()
}

/// What an open question was about stays known when nobody needs to answer it any more.
pub(super) fn unasked(mut request: Request) -> Request {
    if let Stage::Clarifying { open, .. } = &request.stage {
        let asked: Vec<_> = open.iter().map(|open| open.proposal.clone()).collect();
        request.proposals.splice(..0, asked);
    }
    request
}

/// `#1042`, or the only number of four digits and more.
pub(super) fn number_in(words: &str) -> Option<Number> {
    let digits = |word: &str| -> Option<u64> {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        (4..=12).contains(&word.len()).then(|| word.parse().ok()).flatten()
    };
    let mut numbers = words.split_whitespace().filter_map(digits);
    let first = numbers.next()?;
    numbers.next().is_none().then_some(Number(first))
}

/// What can be asked, with an example of each.
pub(super) fn help() -> Message {
    let example = |entry: &Entry| {
        let example = entry.about.wording.examples.first().copied().unwrap_or_default();
        (entry.about.id.to_owned(), example.to_owned())
    };
    Message::Help(HelpView { actions: CATALOG.iter().map(example).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_meant_by_its_number() {
        assert_eq!(number_in("cancel #1042 please"), Some(Number(1042)));
        assert_eq!(number_in("cancel request 1042."), Some(Number(1042)));
        assert_eq!(number_in("cancel that"), None);
        assert_eq!(number_in("cancel 1042 or 1043"), None);
        assert_eq!(number_in("cancel the 2nd one, from 17:00"), None);
    }
}
