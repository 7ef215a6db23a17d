//! What was signed alone as an emergency runs, and is put before those who would have signed
//! it: one of them acknowledges it, or objects. Neither changes what was done.

use serde_json::json;

use crate::{
    desk::{Desk, press::person},
    domain::{
        chat::{Press, Verb},
        decision::Vote,
        emergency::{Emergency, Review},
        message::Message,
        plan::Note,
        request::Request,
        trouble::{Reason, Result},
    },
    interpret,
    policy::{self, Standing},
    ports::store::{Answer, Copy, Say, StoreError, Turn},
};

/// A comment has at most this many characters.
const NOTE_CHARS_MAX: usize = 500;

impl Desk {
    /// Keeps that somebody signed alone, and tells the others.
    pub(super) async fn signed_alone(
        &self,
        turn: &mut Turn,
        request: &mut Request,
        vote: &Vote,
    ) -> std::result::Result<(), StoreError> {
        let why = vote.note.clone().unwrap_or_default();
        let number = request.number.to_string();
        let fields = [("number", number.as_str()), ("by", &vote.voter.name), ("why", &why)];
        let note = Note::new("signed_alone", &fields);
        request.emergency = Some(Emergency { by: vote.voter.clone(), why, review: None });
        self.tell_approvers(turn, request, &note).await
    }

    /// What somebody who would have signed says of it.
    pub(super) async fn review(
        &self,
        turn: &mut Turn,
        request: Request,
        who: &Standing,
        press: &Press,
    ) -> std::result::Result<Result<Answer>, StoreError> {
        let Some(emergency) = &request.emergency else {
            return Ok(Err(Reason::NotThisCard.into()));
        };
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        if frozen.digest() != press.digest {
            return Ok(Err(Reason::PlanChanged.into()));
        }
        let concerned = match self.concerned(&request, frozen.plan()).await {
            Ok(concerned) => concerned,
            Err(trouble) => return Ok(Err(trouble)),
        };
        if let Err(trouble) = self.may_sign(who, &concerned, frozen.plan()).await {
            return Ok(Err(trouble));
        }
        match self.user(&emergency.by.id).await {
            Ok(signer) if policy::same_person(&signer, &who.user) => {
                return Ok(Err(Reason::VotedAlready.into()));
            }
            _ => {}
        }
        let typed = press.note.as_ref().map(|note| interpret::redact(note.0.trim()).words);
        let typed = typed.map(|note| note.chars().take(NOTE_CHARS_MAX).collect::<String>());
        let objects = press.verb == Verb::Object;
        let note = typed.filter(|note| !note.is_empty());
        if objects && note.is_none() {
            return Ok(Err(Reason::ReasonWanted.into()));
        }
        let review = Review { by: person(who), at: self.now(), objects, note };
        let (id, version, number) = (request.id, request.version, request.number.to_string());
        let told = json!({ "by": review.by, "objects": objects, "note": review.note });
        let why = review.note.clone().unwrap_or_default();
        let request = match request.reviewed(review) {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason.into())),
        };
        turn.facts.push(self.fact(&request, "emergency.reviewed", told));
        if objects {
            let fields = [("number", number.as_str()), ("by", &who.user.name), ("why", &why)];
            self.tell_approvers(turn, &request, &Note::new("objected", &fields)).await?;
        }
        turn.redraw.push(id);
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    async fn tell_approvers(
        &self,
        turn: &mut Turn,
        request: &Request,
        note: &Note,
    ) -> std::result::Result<(), StoreError> {
        let copies = self.store.copies(&request.id).await?;
        for copy in copies.into_iter().filter(Copy::is_for_signers) {
            let what = Message::Note(note.clone());
            turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
        }
        Ok(())
    }
}
