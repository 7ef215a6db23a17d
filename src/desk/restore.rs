//! What an offboarding took is given back: by the button on its card, or asked for in words.
//!
//! The inverse of what was done, like any undo, from what each step found before anything
//! was lost; and what cannot come back stands on the new card.

use std::collections::BTreeMap;

use crate::{
    desk::{Desk, after::inverse, aside::number_in, refused},
    domain::{
        message::Message,
        plan::{Frozen, Note},
        proposal::Intent,
        request::{Origin, Relation, Request},
        snapshot::with_kept,
        step::{StepRun, StepState},
        trouble::Reason,
        users::PersonRef,
    },
    interpret::{self, Context},
    policy::Standing,
    ports::store::{StoreError, Turn},
};

/// So many requests of one person are looked at, newest first.
const REQUESTS_MAX: u32 = 5;

/// Did this run take something away from somebody?
pub(super) fn took(frozen: &Frozen, runs: &[StepRun]) -> bool {
    let done = |id| runs.iter().any(|run| run.id == id && run.state == StepState::Done);
    frozen.plan().steps.iter().any(|step| step.takes_from.is_some() && done(step.id))
}

impl Desk {
    /// Drafts what gives back what a request took, as a new request of whoever asks.
    pub(super) async fn restore(
        &self,
        turn: &mut Turn,
        origin: Origin,
        request: &Request,
        who: &Standing,
    ) -> Result<Result<(), Reason>, StoreError> {
        let not = |what: &str| Ok(Err(Reason::NotPossible { what: what.to_owned() }));
        if !request.stage.is_final() {
            return not(&format!("{} is not over; stop it first", request.number));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest));
        };
        let kept = self.store.snapshots(&request.id).await?;
        if kept.is_empty() {
            return not("what they had is not kept any more, or nothing was taken");
        }
        let steps = with_kept(self.store.steps(&request.id).await?, &kept);
        let back = inverse(&frozen, &steps);
        if back.is_empty() {
            return not("nothing of it can be given back");
        }
        let mut new = self.new_request(origin, who, back);
        new.parent = Some((request.id, Relation::Restore));
        self.propose(turn, new, None, who, Vec::new()).await?;
        Ok(Ok(()))
    }

    /// "Bring John Doe back as he was": the newest request that took something from whoever
    /// is named, the one whose number was said, or the newest of this thread.
    pub(super) async fn restore_asked(
        &self,
        turn: &mut Turn,
        origin: Origin,
        who: &Standing,
        (words, named): (&str, &[PersonRef]),
    ) -> Result<(), StoreError> {
        let message = match self.taken_by(&origin, words, named).await? {
            Ok(request) => match self.restore(turn, origin.clone(), &request, who).await? {
                Ok(()) => return Ok(()),
                Err(reason) => refused(reason),
            },
            Err(message) => message,
        };
        self.say_in(turn, &origin, message);
        Ok(())
    }

    /// Whom the words name, if they ask for what was taken from somebody.
    pub(super) fn to_restore(
        &self,
        intent: Intent,
        words: &str,
        context: &Context,
    ) -> Vec<PersonRef> {
        let names = self.people.names();
        match intent {
            Intent::Restore => interpret::dialogue::named(words, context, &names.index),
            _ => Vec::new(),
        }
    }

    /// Which request took what is to be given back, or what to say.
    async fn taken_by(
        &self,
        origin: &Origin,
        words: &str,
        named: &[PersonRef],
    ) -> Result<Result<Request, Message>, StoreError> {
        if let Some(number) = number_in(words) {
            let found = self.store.numbered(&self.tenant, number).await?;
            return Ok(found.ok_or_else(|| refused(Reason::NoSuchRequest)));
        }
        if named.is_empty() {
            let made = self.made_here(&origin.place, REQUESTS_MAX).await?;
            for request in made {
                if !self.store.snapshots(&request.id).await?.is_empty() {
                    return Ok(Ok(request));
                }
            }
            return Ok(Err(Message::Note(Note::new("restore_whom", &[]))));
        }
        let mut found: Vec<(&PersonRef, Request)> = Vec::new();
        for person in named {
            let newest = self.store.took_from(&person.id, 1).await?.pop();
            found.extend(newest.map(|request| (person, request)));
        }
        let listed = |people: &mut dyn Iterator<Item = &PersonRef>| {
            people.map(|who| format!("{} ({})", who.name, who.upn)).collect::<Vec<_>>().join(", ")
        };
        Ok(match found.len() {
            1 => Ok(found.remove(0).1),
            0 => {
                let who = listed(&mut named.iter());
                Err(Message::Note(Note::new("nothing_kept", &[("who", &who)])))
            }
            _ => {
                let who = listed(&mut found.iter().map(|(person, _)| *person));
                Err(Message::Note(Note::new("restore_which", &[("who", &who)])))
            }
        })
    }

    /// What a request that gives back cannot bring back: by reason, with the steps that took it.
    pub(super) async fn not_restored(&self, request: &Request) -> Result<Vec<Note>, StoreError> {
        let Some((from, Relation::Restore)) = request.parent else { return Ok(Vec::new()) };
        let Some(from) = self.store.request(&from).await? else { return Ok(Vec::new()) };
        self.lost_by(&from).await
    }

    /// What somebody lost by this request for good.
    pub(super) async fn lost_by(&self, from: &Request) -> Result<Vec<Note>, StoreError> {
        let Some(frozen) = self.store.plan(&from.id, from.revision).await? else {
            return Ok(Vec::new());
        };
        let runs = self.store.steps(&from.id).await?;
        let done = |id| runs.iter().any(|run| run.id == id && run.state == StepState::Done);
        let mut lost: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for step in frozen.plan().steps.iter().filter(|step| done(step.id)) {
            if let Some(key) = &step.cannot_undo {
                lost.entry(key).or_default().push(step.id.to_string());
            }
        }
        let number = from.number.to_string();
        let note = |(key, steps): (&str, Vec<String>)| {
            let steps = steps.join(", ");
            Note::new("not_restored", &[("number", &number), ("steps", &steps), ("final", key)])
        };
        Ok(lost.into_iter().map(note).collect())
    }
}
