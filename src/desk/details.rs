//! Every step of a plan whose card only counts them, page by page, to one person; in a
//! Teams channel, where nothing can be shown to one alone, to those who read there.
//!
//! A signature is for what was shown. So whoever would sign such a plan is shown the
//! whole of it first, and signs with the next press; "Show every step" does the same
//! without signing. Who was shown what is stored in the turn that shows it, until the
//! request is over.

use serde_json::json;

use crate::{
    desk::{Desk, press::note, show},
    domain::{
        chat::{Face, Inbound, Platform, Verb},
        message::{Message, StepView, StepsView},
        plan::Frozen,
        request::Request,
        trouble::{Reason, Result},
    },
    ports::store::{Answer, Copy, SayTo, Showing, StoreError, Turn},
};

type Stored<T> = std::result::Result<T, StoreError>;

/// So many steps are listed in one message.
const STEPS_A_PAGE: usize = 20;
/// And so many rows of a batch, each a line.
const ROWS_A_PAGE: usize = 50;
/// The record's word for it.
const SHOWN: &str = "plan.shown";

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
        let plan = frozen.plan();
        let lines = plan.rows.as_ref().map_or(plan.steps.len(), |rows| rows.fit.len());
        if self.faces.surely_lists(lines, frozen.bytes().len())
            || self.store.was_shown(&showing(inbound, request, frozen)).await?
            || !self.only_counted(request, copy).await?
        {
            return Ok(None);
        }
        self.list(turn, inbound, request, frozen).await?;
        let (number, total) = (request.number.to_string(), lines.to_string());
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
        let (steps, each) = if let Some(rows) = &frozen.plan().rows {
            (self.row_views(request, rows).await?, ROWS_A_PAGE)
        } else {
            let runs = self.store.steps(&request.id).await?;
            let steps = frozen.plan().steps.iter();
            (steps.map(|step| show::step_view(step, &runs)).collect(), STEPS_A_PAGE)
        };
        let total = steps.len();
        for page in pages(request, frozen, &steps, each) {
            self.say_to(turn, &inbound.place, &inbound.from, Message::Steps(page));
        }
        let told = json!({
            "to": inbound.from.id,
            "door": inbound.from.platform,
            "verb": Verb::Details.as_str(),
            "steps": total,
        });
        turn.facts.push(self.fact(request, SHOWN, told));
        turn.shown.push(showing(inbound, request, frozen));
        Ok(())
    }
}

fn showing(inbound: &Inbound, request: &Request, frozen: &Frozen) -> Showing {
    Showing { request: request.id, plan: frozen.digest(), to: inbound.from.clone() }
}

/// All steps, or rows of a batch, in order.
pub(super) fn pages(
    request: &Request,
    frozen: &Frozen,
    steps: &[StepView],
    each: usize,
) -> Vec<StepsView> {
    let all: Vec<_> = steps.chunks(each).collect();
    let page = |(at, steps): (usize, &&[StepView])| StepsView {
        number: request.number,
        actions: frozen.plan().parts.iter().map(|part| part.action.clone()).collect(),
        steps: steps.to_vec(),
        page: at + 1,
        pages: all.len(),
        fingerprint: frozen.digest().short(),
        rehearsed: false,
    };
    all.iter().enumerate().map(page).collect()
}
