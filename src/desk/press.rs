//! A button → a decision, saved whole.
//!
//! Everything a button brings is a claim: the copy it was posted in, the one-time
//! value and the digest must all be those that are stored.

use serde_json::json;

use crate::{
    actions,
    desk::{CONFLICTS_MAX, Desk, aside::unasked, sorry},
    domain::{
        chat::{CardRef, Inbound, Press, Verb},
        decision::{Approved, Choice, Tally, Vote, tally},
        message::Message,
        plan::Note,
        request::{Request, Stage},
        trouble::{Reason, Result},
        users::PersonRef,
    },
    engine::ended,
    policy::{self, Standing},
    ports::store::{Answer, Copy, StoreError, Turn},
};

/// A comment beside a decision has at most this many characters.
const NOTE_CHARS_MAX: usize = 500;

impl Desk {
    /// One button that was pressed.
    pub(super) async fn press(
        &self,
        inbound: &Inbound,
        press: &Press,
        aloud: bool,
    ) -> Result<Answer, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            match self.try_press(inbound, press, aloud).await {
                // Somebody else pressed at the same instant: read again, and tell the loser.
                Err(StoreError::Conflict) => {}
                other => return other,
            }
        }
        Err(StoreError::Conflict)
    }

    async fn try_press(
        &self,
        inbound: &Inbound,
        press: &Press,
        aloud: bool,
    ) -> Result<Answer, StoreError> {
        let mut turn = self.turn(inbound, Answer::default());
        let outcome = self.weigh_press(&mut turn, inbound, press).await?;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(trouble) => {
                // Nothing of a refused turn is kept but the refusal.
                turn = self.turn(inbound, Answer::default());
                Answer { say: Some(sorry(&trouble)), request: None }
            }
        };
        if let Some(message) = &answer.say
            && (aloud || press.on.place.platform == crate::domain::chat::Platform::Slack)
        {
            // Teams shows the answer to the press itself, unless an old client sent the
            // button as a message; Slack has to be told.
            self.say_to(&mut turn, &inbound.place, &inbound.from, message.clone());
        }
        if let Some((_, kept)) = &mut turn.inbox {
            kept.clone_from(&answer);
        }
        self.store.save(turn).await?;
        Ok(answer)
    }

    async fn weigh_press(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        press: &Press,
    ) -> Result<Result<Answer>, StoreError> {
        let Some(request) = self.store.request(&press.request).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let copies = self.store.copies(&request.id).await?;
        if !copies.iter().any(|copy| is_of(copy, press)) {
            return Ok(Err(Reason::NotThisCard.into()));
        }
        let who = match self.person(&inbound.from, &inbound.place).await {
            Ok(who) => who,
            Err(trouble) => return Ok(Err(trouble)),
        };
        match press.verb {
            Verb::Approve | Verb::Confirm => {
                self.vote(turn, request, &who, press, Choice::Approve).await
            }
            Verb::Reject => self.vote(turn, request, &who, press, Choice::Reject).await,
            Verb::Cancel => Ok(self.cancel(turn, request, &who)),
            Verb::Pick => self.pick(turn, request, &who, press).await,
            Verb::Choose => Ok(self.choose(request, &who, press).await),
            Verb::Stop => self.stop(turn, request, &who).await,
            Verb::Retry => self.retry(turn, request, &who).await,
            Verb::CheckAgain | Verb::Happened | Verb::DidNot => {
                self.settle(turn, request, &who, press).await
            }
            Verb::Undo => self.undo(turn, inbound, request, &who).await,
        }
    }

    /// A vote about exactly the plan that was shown.
    async fn vote(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
        choice: Choice,
    ) -> Result<Result<Answer>, StoreError> {
        let now = self.now();
        if let Err(reason) = request.check_open(&press.digest, now) {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let plan = frozen.plan();
        let people = self
            .users(
                std::iter::once(&request.requester.id).chain(plan.subjects.iter().map(|s| &s.id)),
            )
            .await;
        let people = match people {
            Ok(people) => people,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let (requester, subjects) = people.split_first().expect("the requester was asked for");
        // Whoever asked may always take it back by refusing.
        let own_refusal = choice == Choice::Reject && policy::same_person(&who.user, requester);
        if own_refusal {
            return Ok(self.cancel(turn, request, who));
        }
        if let Err(reason) = policy::may_decide(who, requester, subjects, plan, &self.rules) {
            return Ok(Err(reason.into()));
        }
        let mut votes = self.store.votes(&request.id, request.revision).await?;
        if votes.iter().any(|vote| vote.voter.id == who.user.id) {
            return Ok(Err(Reason::VotedAlready.into()));
        }
        let note = press
            .note
            .as_ref()
            .map(|note| note.0.trim().chars().take(NOTE_CHARS_MAX).collect::<String>());
        let vote = Vote {
            request: request.id,
            revision: request.revision,
            digest: frozen.digest(),
            voter: who.user.to_ref(),
            choice,
            door: press.on.place.platform,
            note: note.filter(|note| !note.is_empty()),
            at: now,
            mac: Vec::new(),
        }
        .sealed(&plan.rule, &self.votes);
        votes.push(vote.clone());
        let (id, version) = (request.id, request.version);
        let told = json!({ "by": vote.voter, "choice": vote.choice, "door": vote.door, "note": vote.note });
        turn.facts.push(self.fact(&request, "vote.cast", told));
        let next = match tally(&frozen, &request.requester.id, &votes, &self.votes) {
            Tally::No => request.reject(&press.digest, vote.voter.clone(), vote.note.clone(), now),
            Tally::Open { .. } => Ok(request),
            Tally::Yes => {
                let by = votes
                    .iter()
                    .filter(|vote| vote.choice == Choice::Approve)
                    .map(|vote| vote.voter.clone())
                    .collect();
                match Approved::check(frozen, &request.requester.id, &votes, &self.votes) {
                    Some(proof) => request.decide(&proof, by, now),
                    None => Err(Reason::PlanChanged),
                }
            }
        };
        let request = match next {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason.into())),
        };
        if request.stage.name() != "pending" {
            turn.facts.push(self.fact(
                &request,
                &format!("request.{}", request.stage.name()),
                json!({}),
            ));
        }
        turn.say.extend(ended::told(&request, self.clock.uuid()));
        turn.votes.push(vote);
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    fn cancel(&self, turn: &mut Turn, request: Request, who: &Standing) -> Result<Answer> {
        if request.requester.id != who.user.id {
            return Err(Reason::NotYours.into());
        }
        let (id, version, by) = (request.id, request.version, who.user.to_ref());
        let request = unasked(request).cancel(by.clone(), self.now())?;
        turn.facts.push(self.fact(&request, "request.cancelled", json!({ "by": by })));
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Answer { say: None, request: Some(id) })
    }

    /// The requester, or anybody who may sign this plan.
    pub(super) async fn may_steer(
        &self,
        request: &Request,
        who: &Standing,
    ) -> Result<Result<(), Reason>, StoreError> {
        if request.requester.id == who.user.id {
            return Ok(Ok(()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NotYours));
        };
        let Ok(requester) = self.user(&request.requester.id).await else {
            return Ok(Err(Reason::NotYours));
        };
        Ok(policy::may_decide(who, &requester, &[], frozen.plan(), &self.rules)
            .map_err(|_| Reason::NotYours))
    }
}

/// Was this button on that copy? Its one-time value must match, and the message it
/// stands on; a copy whose message id was lost in a crash is bound by the place alone.
fn is_of(copy: &Copy, press: &Press) -> bool {
    let same_place = |card: &CardRef| {
        card.place.platform == press.on.place.platform
            && card.place.conversation == press.on.place.conversation
    };
    copy.nonce == press.nonce
        && match &copy.card {
            Some(card) => same_place(card) && card.message == press.on.message,
            None => match &copy.to {
                crate::ports::store::SayTo::Place { place } => {
                    place.platform == press.on.place.platform
                        && place.conversation == press.on.place.conversation
                }
                crate::ports::store::SayTo::Person { user }
                | crate::ports::store::SayTo::Whisper { user, .. } => {
                    user.platform == press.on.place.platform
                }
            },
        }
}

/// One sentence back to whoever pressed.
pub(super) fn note(key: &str, fields: &[(&str, &str)]) -> Message {
    Message::Note(Note::new(key, fields))
}

/// Names the action for a question.
pub(super) fn action_of(request: &Request) -> String {
    let open = match &request.stage {
        Stage::Clarifying { open, .. } => open.first().map(|open| open.proposal.action.clone()),
        _ => None,
    };
    let first = || request.proposals.first().map(|proposal| proposal.action.clone());
    open.or_else(first).filter(|id| actions::entry(id).is_some()).unwrap_or_default()
}

/// Who did it, for the record.
pub(super) fn person(who: &Standing) -> PersonRef {
    who.user.to_ref()
}
