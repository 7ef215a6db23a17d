//! Every step of a plan whose card only counts them, page by page, to one person; in a
//! Teams channel, where nothing can be shown to one alone, to those who read there.
//!
//! A signature is for what was shown. So whoever would sign such a plan is shown the
//! whole of it first, and signs with the next press; "Show every step" does the same
//! without signing. Who was shown what is remembered by this process alone: after a
//! restart they are shown it again.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use serde_json::json;

use crate::{
    desk::{Desk, press::note, show},
    domain::{
        chat::{ChatUser, Face, Inbound, Platform, Verb},
        ids::Digest,
        message::{Message, StepsView},
        plan::{Frozen, Step},
        request::Request,
        step::StepRun,
        trouble::{Reason, Result},
    },
    ports::store::{Answer, Copy, SayTo, StoreError, Turn},
};

type Stored<T> = std::result::Result<T, StoreError>;

/// So many steps are listed in one message.
const STEPS_A_PAGE: usize = 20;
/// So many showings are remembered; then all are forgotten, and shown again.
const SHOWN_MAX: usize = 10_000;
/// The record's word for it.
pub(super) const SHOWN: &str = "plan.shown";

/// Who was shown every step of which plan.
#[derive(Debug, Default)]
pub struct Shown(Mutex<HashSet<(ChatUser, Digest)>>);

impl Shown {
    /// The whole of it was put on its way to this person.
    pub fn add(&self, to: &ChatUser, plan: Digest) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() >= SHOWN_MAX {
            shown.clear();
        }
        shown.insert((account(to), plan));
    }

    fn has(&self, who: &ChatUser, plan: Digest) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&(account(who), plan))
    }
}

/// Where private messages are addressed is not part of who somebody is.
fn account(user: &ChatUser) -> ChatUser {
    ChatUser { address: None, ..user.clone() }
}

impl Desk {
    /// Before a signature: if the card only counts the steps and this person was not
    /// shown them, they are, and nothing is signed yet.
    pub(super) async fn shown_first(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        request: &Request,
        frozen: &Frozen,
        copy: &Copy,
    ) -> Stored<Option<Answer>> {
        if self.shown.has(&inbound.from, frozen.digest())
            || !self.only_counted(request, copy).await?
        {
            return Ok(None);
        }
        self.list(turn, inbound, request, frozen).await?;
        let (number, total) = (request.number.to_string(), frozen.plan().steps.len().to_string());
        let say = Some(note("steps_shown", &[("number", &number), ("total", &total)]));
        Ok(Some(Answer { say, request: Some(request.id) }))
    }

    /// "Show every step": whoever can read the card may read the whole of it.
    pub(super) async fn details(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        request: &Request,
    ) -> Stored<Result<Answer>> {
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        self.list(turn, inbound, request, &frozen).await?;
        Ok(Ok(Answer { say: None, request: Some(request.id) }))
    }

    /// Does the card this person looks at count the steps instead of listing them?
    async fn only_counted(&self, request: &Request, copy: &Copy) -> Stored<bool> {
        let message = self.message_of(request, copy).await?;
        let platform = match &copy.to {
            SayTo::Place { place } => place.platform,
            SayTo::Person { user } | SayTo::Whisper { user, .. } => user.platform,
        };
        let face = match platform {
            Platform::Slack => Face::Slack,
            Platform::Teams => Face::Teams,
            Platform::Api => Face::Plain,
        };
        // A card that cannot be drawn was not read: its steps are listed.
        Ok(self.faces.counts_steps(&message, face).unwrap_or_else(|error| {
            tracing::error!(error = %format!("{error:#}"), "A card could not be drawn");
            true
        }))
    }

    async fn list(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        request: &Request,
        frozen: &Frozen,
    ) -> Stored<()> {
        let runs = self.store.steps(&request.id).await?;
        for page in pages(request, frozen, &runs) {
            self.say_to(turn, &inbound.place, &inbound.from, Message::Steps(page));
        }
        let told = json!({
            "to": inbound.from.id,
            "door": inbound.from.platform,
            "verb": Verb::Details.as_str(),
            "steps": frozen.plan().steps.len(),
        });
        turn.facts.push(self.fact(request, SHOWN, told));
        Ok(())
    }
}

/// All steps, in order.
fn pages(request: &Request, frozen: &Frozen, runs: &[StepRun]) -> Vec<StepsView> {
    let plan = frozen.plan();
    let all: Vec<_> = plan.steps.chunks(STEPS_A_PAGE).collect();
    let page = |(at, steps): (usize, &&[Step])| StepsView {
        number: request.number,
        actions: plan.parts.iter().map(|part| part.action.clone()).collect(),
        steps: steps.iter().map(|step| show::step_view(step, runs)).collect(),
        page: at + 1,
        pages: all.len(),
        fingerprint: frozen.digest().short(),
    };
    all.iter().enumerate().map(page).collect()
}
