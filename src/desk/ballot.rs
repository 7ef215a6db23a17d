//! A vote as it is cast: who may, as what they sign, and who is asked next.
//!
//! Not here: the button it came from, and what follows ([`crate::desk::press`]).

use jiff::Timestamp;

use crate::{
    config::Reasons,
    desk::{Desk, places::circles_of},
    domain::{
        chat::{Press, Verb, Words},
        decision::{Choice, Rule, Vote, signed_as},
        plan::{Frozen, Plan},
        quorum::Progress,
        request::Request,
        sign_in::StepUp,
        trouble::{Reason, Result},
        users::{User, Who},
    },
    interpret,
    policy::{self, Principal, Standing},
    ports::store::{Copy, StoreError},
};

/// A comment beside a decision has at most this many characters.
const NOTE_CHARS_MAX: usize = 500;

/// The people of a plan who never sign it.
pub(super) struct Concerned {
    pub(super) requester: User,
    pub(super) subjects: Vec<User>,
    pub(super) recipients: Vec<User>,
}

/// Who votes about what.
#[derive(Clone, Copy)]
pub(super) struct Ballot<'a> {
    pub(super) request: &'a Request,
    pub(super) frozen: &'a Frozen,
    pub(super) concerned: &'a Concerned,
    pub(super) who: &'a Standing,
    /// How they signed in for it, if they did.
    pub(super) step_up: Option<&'a StepUp>,
}

impl Desk {
    /// As whom this person votes, if they may and have not yet. One vote for each person, however
    /// many accounts they have, and for each whose place somebody takes.
    pub(super) async fn may_vote(
        &self,
        who: &Standing,
        concerned: &Concerned,
        plan: &Plan,
        (votes, verb): (&[Vote], Verb),
    ) -> Result<Standing> {
        let acting = if verb == Verb::Emergency {
            self.may_sign_alone(who, concerned, plan)?
        } else {
            self.may_sign(who, concerned, plan).await?
        };
        let before = self.users(votes.iter().map(|vote| &vote.voter.id)).await?;
        if before.iter().any(|user| policy::same_person(user, &who.user)) {
            return Err(Reason::VotedAlready.into());
        }
        let place = acting.stands_in.as_ref().map_or(&acting.user, |other| &other.user);
        let taken = votes.iter().zip(&before).find(|(vote, user)| {
            let theirs = vote.instead_of.as_ref().map(|other| &other.id);
            theirs == Some(&place.id) || policy::same_person(user, place)
        });
        match taken {
            Some((vote, _)) => Err(Reason::PlaceTaken { by: vote.voter.name.clone() }.into()),
            None => Ok(acting),
        }
    }

    /// Alone, somebody signs only as themselves.
    fn may_sign_alone(
        &self,
        who: &Standing,
        concerned: &Concerned,
        plan: &Plan,
    ) -> Result<Standing, Reason> {
        let Concerned { requester, subjects, recipients } = concerned;
        policy::may_sign_alone(who, Some(requester), subjects, plan, &self.rules())?;
        if recipients.iter().any(|user| policy::same_person(user, &who.user)) {
            return Err(Reason::WouldReceiveSecret);
        }
        Ok(who.clone())
    }

    /// As whom this person signs such a plan, whoever has signed it by now.
    pub(super) async fn may_sign(
        &self,
        who: &Standing,
        concerned: &Concerned,
        plan: &Plan,
    ) -> Result<Standing> {
        let Concerned { requester, subjects, recipients } = concerned;
        let may = |who: &Standing| {
            policy::may_decide(who, requester, subjects, (plan, self.now()), &self.rules())?;
            let receives = |user: &User| policy::same_person(user, &who.user);
            let receives = recipients.iter().any(receives);
            if receives { Err(Reason::WouldReceiveSecret) } else { Ok(()) }
        };
        match may(who) {
            Ok(()) => Ok(who.clone()),
            Err(reason) => {
                let instead = self.in_place_of(who, self.now()).await?;
                Ok(instead.into_iter().find(|acting| may(acting).is_ok()).ok_or(reason)?)
            }
        }
    }

    /// Somebody in the place of each person for whom they sign at an instant.
    pub(super) async fn in_place_of(&self, who: &Standing, at: Timestamp) -> Result<Vec<Standing>> {
        let mut all = Vec::new();
        for from in self.rules().stands_in_for(&who.user, at) {
            let from = match from {
                Principal::User(id) => Who::Id(id.clone()),
                Principal::Upn(tenant, upn) => Who::Upn(tenant.clone(), upn.clone()),
                Principal::Group(_) => continue,
            };
            let Some(user) = self.look_up(&from).await? else { continue };
            if let Some(other) = self.standing(&user.id).await? {
                all.push(who.clone().instead_of(other));
            }
        }
        Ok(all)
    }

    /// The vote, sealed. A password typed into its comment is taken out, as everywhere.
    pub(super) fn ballot(
        &self,
        ballot: &Ballot<'_>,
        press: &Press,
        choice: Choice,
        votes: &[Vote],
    ) -> Result<Vote, Reason> {
        let Ballot { request, frozen, concerned, who, step_up } = *ballot;
        let plan = frozen.plan();
        let recognised = request.recognised(&self.votes);
        if plan.caller_number && choice == Choice::Approve && recognised.is_none() {
            let person = plan.subjects.first().map(|who| who.name.clone()).unwrap_or_default();
            return Err(Reason::NotRecognised { person });
        }
        let emergency = press.verb == Verb::Emergency;
        let capacity = if choice == Choice::Approve && !emergency {
            let signed = signed_as(frozen, &request.requester.id, votes);
            let Concerned { requester, subjects, .. } = concerned;
            policy::capacity(who, requester, subjects, (plan, &signed, self.now()), &self.rules())?
        } else {
            None
        };
        let typed = |note: &Words| {
            let clean = interpret::redact(note.0.trim()).words;
            clean.chars().take(NOTE_CHARS_MAX).collect::<String>()
        };
        let note = press.note.as_ref().map(typed).filter(|note| !note.is_empty());
        let wants = match self.rules().reasons {
            Reasons::Optional => false,
            Reasons::Rejections => choice == Choice::Reject,
            Reasons::Decisions => true,
        };
        // The requester's own press needs no reason: nobody else reads it.
        if (wants || emergency) && note.is_none() && plan.rule != Rule::Confirm {
            return Err(Reason::ReasonWanted);
        }
        let vote = Vote {
            request: plan.request,
            revision: plan.revision,
            digest: frozen.digest(),
            voter: who.user.to_ref(),
            choice,
            door: press.on.place.platform,
            note,
            at: self.now(),
            capacity,
            instead_of: who.stands_in.as_ref().map(|other| other.user.to_ref()),
            emergency,
            beforehand: None,
            whole: None,
            step_up: step_up.filter(|_| choice == Choice::Approve).cloned(),
            recognised: recognised.filter(|_| choice == Choice::Approve && plan.caller_number),
            mac: Vec::new(),
        };
        Ok(vote.sealed(&plan.rule, &self.votes))
    }

    /// The copies for those who sign next, when a stage is complete with this vote.
    pub(super) async fn next_in_line(
        &self,
        ballot: &Ballot<'_>,
        before: &[Vote],
        after: &[Vote],
    ) -> Result<Vec<Copy>, StoreError> {
        let Ballot { request, frozen, .. } = *ballot;
        let Rule::Quorum(quorum) = &frozen.plan().rule else { return Ok(Vec::new()) };
        let stage = |votes: &[Vote]| match quorum.progress(&signed_as(
            frozen,
            &request.requester.id,
            votes,
        )) {
            Progress::Open { stage, .. } => Some(stage),
            Progress::Complete => None,
        };
        let Some(next) = stage(after).filter(|next| Some(*next) != stage(before)) else {
            return Ok(Vec::new());
        };
        let circles = circles_of(&quorum.stages[usize::from(next)]);
        let known = self.store.copies(&request.id).await?;
        let places = self.own_chats(request, frozen.plan(), &circles).await?;
        let new = places.into_iter().filter(|to| !known.iter().any(|copy| copy.to == *to));
        self.copies_to_sign(request.id, new.collect()).await
    }

    /// The people of a plan who never sign it, as the directory knows them now.
    pub(super) async fn concerned(&self, request: &Request, plan: &Plan) -> Result<Concerned> {
        let requester = self.user(&request.requester.id).await?;
        let subjects = self.subjects(plan).await?;
        let recipients = self.users(plan.recipients().map(|recipient| &recipient.id)).await?;
        Ok(Concerned { requester, subjects, recipients })
    }
}
