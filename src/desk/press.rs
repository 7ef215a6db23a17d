//! A button → a decision, saved whole.
//!
//! Everything a button brings is a claim: the copy it was posted in, the one-time
//! value and the digest must all be those that are stored.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    actions,
    desk::{
        CONFLICTS_MAX, Desk,
        ballot::{Ballot, Concerned},
        batch::may_be_pressed,
        button::{fits, is_of, may_show},
        sign_in::step_up::Proven,
        sorry,
    },
    domain::{
        chat::{Inbound, Platform, Press, Verb},
        decision::{Approved, Choice, Tally, Vote, tally},
        fact::Fact,
        message::Message,
        plan::{Frozen, Note},
        proposal::WHICH_TENANT,
        request::{Request, Stage},
        trouble::{Reason, Result, Trouble},
        users::PersonRef,
    },
    engine::ended,
    policy::{self, Standing},
    ports::store::{Answer, Copy, StoreError, Turn},
};

/// Teams shows the answer to a press within this, or later than anybody waits.
const ANSWER_ARRIVES: SignedDuration = SignedDuration::from_secs(3);

/// A button, the copy it was on, and the sign-in it waited for.
struct Pressed<'a> {
    inbound: &'a Inbound,
    copy: &'a Copy,
    press: &'a Press,
    proven: Option<&'a Proven>,
}

impl Desk {
    /// One button that was pressed.
    pub(super) async fn press(
        &self,
        inbound: &Inbound,
        press: &Press,
        aloud: bool,
    ) -> Result<Answer, StoreError> {
        self.press_again(inbound, press, (aloud, None)).await
    }

    /// A button that waited for a sign-in, which is over with it.
    pub(super) async fn press_proven(
        &self,
        inbound: &Inbound,
        press: &Press,
        proven: &Proven,
    ) -> Result<Answer, StoreError> {
        self.press_again(inbound, press, (false, Some(proven))).await
    }

    async fn press_again(
        &self,
        inbound: &Inbound,
        press: &Press,
        (aloud, proven): (bool, Option<&Proven>),
    ) -> Result<Answer, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            match self.try_press(inbound, press, (aloud, proven)).await {
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
        (aloud, proven): (bool, Option<&Proven>),
    ) -> Result<Answer, StoreError> {
        let mut turn = self.turn(inbound, Answer::default());
        let outcome = self.weigh_press(&mut turn, inbound, press, proven).await?;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(trouble) => {
                // Nothing of a refused turn is kept but the refusal.
                turn = self.turn(inbound, Answer::default());
                turn.facts.extend(self.refusal(inbound, press, &trouble).await?);
                Answer { say: Some(sorry(&trouble)), request: None }
            }
        };
        if let Some(message) = &answer.say
            && (aloud || press.on.place.platform == Platform::Slack)
        {
            // Teams shows the answer to the press itself, unless an old client sent the
            // button as a message; Slack has to be told.
            self.say_to(&mut turn, &inbound.place, &inbound.from, message.clone());
        }
        if let Some((_, kept)) = &mut turn.inbox {
            kept.clone_from(&answer);
        }
        // Used once, whatever came of it.
        turn.sign_ins_over.extend(proven.map(|proven| proven.sign_in.clone()));
        self.store.save(turn).await?;
        Ok(answer)
    }

    /// What the record keeps of a button that was refused. Of a request that does not
    /// exist nothing is kept: the button was not ours.
    async fn refusal(
        &self,
        inbound: &Inbound,
        press: &Press,
        trouble: &Trouble,
    ) -> Result<Option<Fact>, StoreError> {
        let Some(request) = self.store.request(&press.request).await? else { return Ok(None) };
        let why = serde_json::to_value(trouble.reason()).unwrap_or_default();
        let told = json!({
            "by": inbound.from.id,
            "door": inbound.from.platform,
            "verb": press.verb.as_str(),
            "why": why["code"],
        });
        Ok(Some(self.fact(&request, "press.refused", told)))
    }

    async fn weigh_press(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        press: &Press,
        proven: Option<&Proven>,
    ) -> Result<Result<Answer>, StoreError> {
        let Some(request) = self.store.request(&press.request).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        let elsewhere = |place| self.channels.tenant(place).is_some_and(|of| *of != self.tenant);
        if request.tenant != self.tenant || elsewhere(&inbound.place) || elsewhere(&press.on.place)
        {
            return Ok(Err(Reason::OtherTenant.into()));
        }
        let copies = self.store.copies(&request.id).await?;
        let Some(copy) = copies.iter().find(|copy| is_of(copy, inbound, press)) else {
            return Ok(Err(Reason::NotThisCard.into()));
        };
        let for_rows = !request.is_batch() || may_be_pressed(press.verb);
        // On a list it can be opened and nothing else, and only there.
        let listed = copy.gathered.is_some() == (press.verb == Verb::Open);
        if !may_show(copy.audience, press.verb) || !for_rows || !listed {
            return Ok(Err(Reason::NotThisCard.into()));
        }
        if press.on.place.platform == Platform::Teams {
            // The answer to the press is the card, too, and may come after what is drawn next.
            turn.in_answer = Some((copy.id, self.now() + ANSWER_ARRIVES));
        }
        let who = match self.person(&inbound.from, &inbound.place).await {
            Ok(who) => who,
            Err(trouble) => return Ok(Err(trouble)),
        };
        // Whoever signed in is who presses, also now.
        if proven.is_some_and(|proven| proven.who.id != who.user.id) {
            return Ok(Err(Reason::SignInOther { person: who.user.name }.into()));
        }
        let pressed = Pressed { inbound, copy, press, proven };
        match press.verb {
            Verb::Approve | Verb::Confirm | Verb::Emergency => {
                Box::pin(self.vote(turn, pressed, request, &who, Choice::Approve)).await
            }
            Verb::Reject => Box::pin(self.vote(turn, pressed, request, &who, Choice::Reject)).await,
            Verb::Cancel => Box::pin(self.cancel(turn, request, &who)).await,
            Verb::Pick => Box::pin(self.pick(turn, request, &who, press)).await,
            Verb::Choose => Ok(self.choose(request, &who, press).await),
            Verb::Stop | Verb::EndNow => self.stop(turn, request, &who).await,
            Verb::Retry => Box::pin(self.retry(turn, request, &who)).await,
            Verb::CheckAgain | Verb::Happened | Verb::DidNot => {
                self.settle(turn, request, &who, press).await
            }
            Verb::Undo | Verb::Restore => Box::pin(self.undo(turn, inbound, request, &who)).await,
            Verb::Revoke => self.revoke_by_button(turn, request, &who, press).await,
            Verb::Edit => Ok(Box::pin(self.amend(request, &who, press)).await),
            Verb::Show => Ok(Ok(Answer { say: None, request: Some(request.id) })),
            Verb::Open => self.open_gathered(turn, request, copy).await,
            Verb::Details => Box::pin(self.details(turn, inbound, &request)).await,
            Verb::Rehearse => Box::pin(self.rehearse_pressed(turn, inbound, &request, &who)).await,
            Verb::Untick => Box::pin(self.untick(&request, &who, press)).await,
            Verb::Acknowledge | Verb::Object => {
                Box::pin(self.review(turn, request, &who, press)).await
            }
            Verb::Ask => Box::pin(self.ask_back(&request, &who, press)).await,
            Verb::SendQuestion => Box::pin(self.send_question(turn, request, &who, press)).await,
            Verb::Answer => Ok(Box::pin(self.answer_back(&request, &who, press)).await),
            Verb::SendAnswer => Box::pin(self.send_answer(turn, request, &who, press)).await,
            Verb::LeaveOut => Box::pin(self.leave_out(turn, request, &who, press)).await,
            Verb::EnterNumber => Ok(Box::pin(self.enter_number(&request, &who, press)).await),
            Verb::SendNumber => Box::pin(self.send_number(turn, request, &who, press)).await,
            Verb::NotMe => Box::pin(self.not_me(turn, request, &who)).await,
        }
    }

    /// A vote about exactly the plan that was shown.
    async fn vote(
        &self,
        turn: &mut Turn,
        Pressed { inbound, copy, press, proven }: Pressed<'_>,
        request: Request,
        who: &Standing,
        choice: Choice,
    ) -> Result<Result<Answer>, StoreError> {
        let now = self.now();
        if let Err(reason) = request.check_open(&press.digest, now) {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        // The stored bytes are those that were shown, or there is nothing to sign.
        if frozen.digest() != press.digest {
            return Ok(Err(Reason::PlanChanged.into()));
        }
        let plan = frozen.plan();
        if !fits(press.verb, &plan.rule) {
            return Ok(Err(Reason::NotThisCard.into()));
        }
        let concerned = match self.concerned(&request, plan).await {
            Ok(concerned) => concerned,
            Err(trouble) => return Ok(Err(trouble)),
        };
        // Whoever asked may always take it back by refusing.
        let own = policy::same_person(&who.user, &concerned.requester);
        if own && choice == Choice::Reject {
            return self.cancel(turn, request, who).await;
        }
        let mut votes = self.store.votes(&request.id, request.revision).await?;
        let acting = match self.may_vote(who, &concerned, plan, (&votes, press.verb)).await {
            Ok(acting) => acting,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let by = (&acting, &inbound.from);
        if let Some(reason) = self.elsewhere((&request, plan), by, &votes).await? {
            return Ok(Err(reason.into()));
        }
        if choice == Choice::Approve
            && let Some(answer) = self.shown_first(turn, inbound, &request, &frozen, copy).await?
        {
            return Ok(Ok(answer));
        }
        let ballot = Ballot {
            request: &request,
            frozen: &frozen,
            concerned: &concerned,
            who: &acting,
            step_up: proven.map(|proven| &proven.step_up),
        };
        let vote = match self.ballot(&ballot, press, choice, &votes) {
            Ok(vote) => vote,
            Err(reason) => return Ok(Err(reason.into())),
        };
        if plan.step_up && choice == Choice::Approve && vote.step_up.is_none() {
            let who = (vote.voter, press);
            return Ok(self.ask_sign_in(turn, inbound, (&request, plan), who).map_err(Into::into));
        }
        let before = votes.clone();
        votes.push(vote.clone());
        turn.copies.extend(self.next_in_line(&ballot, &before, &votes).await?);
        let (id, version) = (request.id, request.version);
        let told = json!({ "by": vote.voter, "choice": vote.choice, "door": vote.door, "note": vote.note, "alone": vote.emergency, "step_up": vote.step_up });
        turn.facts.push(self.fact(&request, "vote.cast", told));
        let next = self.decided((request, &frozen), (&vote, &votes), now);
        let mut request = match next {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason.into())),
        };
        if vote.emergency {
            Box::pin(self.signed_alone(turn, &mut request, &vote)).await?;
        }
        if request.stage.name() != "pending" {
            let kind = match &request.in_force {
                Some(_) => "standing.signed".to_owned(),
                None => format!("request.{}", request.stage.name()),
            };
            turn.facts.push(self.fact(&request, &kind, json!({})));
        }
        turn.say.extend(ended::told(&request, self.clock.uuid()));
        turn.votes.push(vote);
        turn.redraw.push(id);
        self.end_rows(turn, &request).await?;
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    /// What becomes of the request with this vote.
    fn decided(
        &self,
        (request, frozen): (Request, &Frozen),
        (vote, votes): (&Vote, &[Vote]),
        now: Timestamp,
    ) -> Result<Request, Reason> {
        let plan = frozen.plan();
        match tally(frozen, &request.requester.id, votes, &self.votes) {
            Tally::No => {
                request.reject(&frozen.digest(), vote.voter.clone(), vote.note.clone(), now)
            }
            Tally::Open { .. } => Ok(request),
            Tally::Yes => {
                let counted = |vote: &&Vote| {
                    vote.choice == Choice::Approve && vote.is_genuine(&plan.rule, &self.votes)
                };
                let by = votes.iter().filter(counted).map(|vote| vote.voter.clone()).collect();
                match Approved::check(frozen.clone(), &request.requester.id, votes, &self.votes) {
                    Some(proof) => request.decide(&proof, by, now),
                    None => Err(Reason::PlanChanged),
                }
            }
        }
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
        // The subject never steers either: a leaver could stop his own leaving.
        let Ok(concerned) = self.concerned(request, frozen.plan()).await else {
            return Ok(Err(Reason::NotYours));
        };
        let Concerned { requester, subjects, .. } = &concerned;
        Ok(policy::may_decide(who, requester, subjects, (frozen.plan(), self.now()), &self.rules())
            .map_err(|_| Reason::NotYours))
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
    let known = |id: &String| actions::entry(id).is_some() || id == WHICH_TENANT;
    open.or_else(first).filter(known).unwrap_or_default()
}

/// Who did it, for the record.
pub(super) fn person(who: &Standing) -> PersonRef {
    who.user.to_ref()
}
