//! What would stop a scheduled request is found a day and an hour before, and said then.
//!
//! Nothing is decided by it: what moved back by the hour runs as signed. A signature that is
//! lost is asked for again once, so that there is time to give it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;

use crate::{
    domain::{
        ahead::next_look,
        decision::{Tally, Vote, tally},
        ids::StepId,
        message::Message,
        plan::{Frozen, Note},
        request::Request,
        trouble::Reason,
    },
    engine::{Next, ended, run::Run},
    ports::store::{Copy, Say, StoreError, Turn},
};

/// Of what moved, so much is said before the hour; the rest at it.
const SAID_MAX: usize = 5;

impl Run<'_> {
    /// Looks at a scheduled request before its time.
    pub(super) async fn ahead(
        &self,
        mut request: Request,
        start_at: Timestamp,
    ) -> Result<Next, StoreError> {
        let Some((frozen, votes)) = self.proof(&request).await? else {
            return self.refuse_unproven(request).await;
        };
        let (version, now) = (request.version, self.now());
        let next = next_look(start_at, now);
        let mut turn = self.turn();
        let notes = self.would_stop(&mut turn, &mut request, (&frozen, &votes), start_at).await?;
        if !notes.is_empty() {
            let told: Vec<&str> = notes.iter().map(|note| note.key.as_str()).collect();
            turn.facts.push(self.fact(&request, "request.looked_ahead", json!({ "told": told })));
            self.tell(&mut turn, &request, notes).await?;
        }
        turn.release = true;
        request.due_at = Some(next);
        turn.requests.push((request, Some(version)));
        self.engine.store.save(turn).await.map(|_| Next::At(next))
    }

    /// Why not all of it would run, if it were its time now.
    async fn would_stop(
        &self,
        turn: &mut Turn,
        request: &mut Request,
        (frozen, votes): (&Frozen, &[Vote]),
        start_at: Timestamp,
    ) -> Result<Vec<Note>, StoreError> {
        let plan = frozen.plan();
        let parts: BTreeSet<u16> = plan.steps.iter().map(|step| step.part).collect();
        let (moved, still) = futures::join!(
            self.engine.anew.moved(request, plan, &parts),
            self.engine.signers.still(request, plan, votes)
        );
        let (number, at) = (request.number.to_string(), format!("@{start_at}"));
        let mut notes = Vec::new();
        match moved {
            Ok(moved) => notes.extend(said(&moved, &number, &at)),
            Err(error) => {
                tracing::warn!(request.id = %self.id, %error, "A scheduled request could not be compared ahead of its time");
            }
        }
        let still = match still {
            Ok(still) => still,
            Err(error) => {
                tracing::warn!(request.id = %self.id, %error, "The rights of those who signed could not be read ahead of the time");
                return Ok(notes);
            }
        };
        let holds = tally(frozen, &request.requester.id, &still, &self.engine.votes) == Tally::Yes;
        if !holds && request.anew.is_none() {
            let lost = votes.iter().filter(|vote| !still.contains(vote));
            let names: Vec<&str> = lost.map(|vote| vote.voter.name.as_str()).collect();
            let names = names.join(", ");
            let about = [("number", number.as_str()), ("person", names.as_str())];
            let why = Note::new("signed_before", &about);
            request.anew = self.engine.anew.ask_again(turn, request, frozen, why).await?;
            if request.anew.is_some() {
                let fields = [about[0], about[1], ("at", at.as_str())];
                notes.push(Note::new("ahead_signature", &fields));
            }
        }
        Ok(notes)
    }

    /// Says it to whoever asked, and where those read who sign.
    async fn tell(
        &self,
        turn: &mut Turn,
        request: &Request,
        notes: Vec<Note>,
    ) -> Result<(), StoreError> {
        let copies = self.engine.store.copies(&request.id).await?;
        let signers = copies.into_iter().filter(Copy::is_for_signers);
        let mut to = vec![ended::place(&request.origin)];
        to.extend(signers.map(|copy| copy.to));
        for note in notes {
            turn.say.extend(to.iter().map(|to| Say {
                id: self.engine.clock.uuid(),
                to: to.clone(),
                what: Message::Note(note.clone()),
            }));
        }
        Ok(())
    }
}

/// What moved, in words; the same reason once.
fn said(moved: &[(StepId, Reason)], number: &str, at: &str) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for (_, reason) in moved {
        let note = match reason {
            Reason::Drifted { value, was, is, .. } => {
                let fields =
                    [("number", number), ("at", at), ("value", value), ("was", was), ("is", is)];
                Note::new("ahead_moved", &fields)
            }
            other => {
                let why = other.to_string();
                Note::new("ahead_refused", &[("number", number), ("at", at), ("why", &why)])
            }
        };
        if !notes.contains(&note) && notes.len() < SAID_MAX {
            notes.push(note);
        }
    }
    notes
}
