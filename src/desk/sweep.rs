//! Brings to mind and expires what nobody decided, takes up deliveries that were left,
//! deletes what is past its time.

use jiff::Timestamp;
use serde_json::json;

use crate::{
    desk::{Desk, aside::unasked},
    domain::{
        chat::Inbound,
        message::{Audience, Message},
        plan::{Note, Plan},
        request::{Request, Stage},
        trouble::Result,
    },
    engine::ended,
    ports::store::{Copy, Say, StoreError, Turn},
};

/// So much is done in one go.
const AT_ONCE: u32 = 100;

impl Desk {
    /// Requests for which something is due.
    pub(super) async fn overdue(&self) -> Result<Vec<Request>, StoreError> {
        self.store.overdue(self.now(), AT_ONCE).await
    }

    /// The next instant at which a waiting request is brought to mind or shown to further
    /// people, else its end.
    pub(super) fn set_reminder(&self, request: &mut Request, plan: &Plan) {
        let Stage::Pending { until } = request.stage else { return };
        let now = self.now();
        let rules = self.rules();
        let further = plan.escalation.as_ref().filter(|_| request.escalated.is_none());
        let next = rules.remind_before.iter().map(|before| until - *before);
        let next = next.chain(further.map(|further| further.at));
        request.due_at = Some(next.filter(|at| *at > now).min().unwrap_or(until).min(until));
    }

    /// A request waits and something is due for it: further people, or a reminder.
    async fn take_care(&self, mut request: Request, until: Timestamp) -> Result<(), StoreError> {
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            // Nobody can sign what is not there; it ends by itself.
            let version = request.version;
            request.due_at = Some(until);
            let requests = vec![(request, Some(version))];
            let turn = Turn { at: self.now(), requests, ..Turn::default() };
            return self.store.save(turn).await.map(|_| ());
        };
        let plan = frozen.plan();
        if plan.escalation.as_ref().is_some_and(|further| further.is_due(&request, self.now())) {
            return Box::pin(self.escalate(request, plan)).await;
        }
        let version = request.version;
        self.set_reminder(&mut request, plan);
        self.remind(request, version, until).await
    }

    /// Brings a request to mind where its cards for approvers are.
    async fn remind(
        &self,
        request: Request,
        version: u64,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let number = request.number.to_string();
        let who: Vec<&str> = request.subjects.iter().map(|who| who.name.as_str()).take(3).collect();
        let (who, until) = (who.join(", "), format!("@{until}"));
        let fields = [("number", number.as_str()), ("who", &who), ("until", &until)];
        let note = Note::new("reminder", &fields);
        let copies = self.store.copies(&request.id).await?;
        // Of a card that lists many, the first speaks for all.
        let speaks = |copy: &Copy| copy.gathered.as_ref().is_none_or(|on| on.copy == copy.id);
        let approvers =
            copies.into_iter().filter(|copy| copy.audience == Audience::Approvers && speaks(copy));
        let say = approvers.map(|copy| Say {
            id: self.clock.uuid(),
            to: copy.to,
            what: Message::Note(note.clone()),
        });
        let mut turn = Turn { at: self.now(), say: say.collect(), ..Turn::default() };
        turn.facts.push(self.fact(&request, "request.reminded", json!({})));
        turn.requests.push((request, Some(version)));
        self.store.save(turn).await.map(|_| ())
    }

    pub(super) async fn expire_one(&self, request: Request) -> Result<(), StoreError> {
        let (id, version, now) = (request.id, request.version, self.now());
        if let Stage::Pending { until } = request.stage
            && now < until
        {
            return self.take_care(request, until).await;
        }
        let Ok(request) = unasked(request).expire(now) else { return Ok(()) };
        let mut turn = Turn { at: now, ..Turn::default() };
        turn.facts.push(self.fact(&request, "request.expired", json!({})));
        turn.say.extend(ended::told(&request, self.clock.uuid()));
        turn.redraw.push(id);
        self.end_rows(&mut turn, &request).await?;
        turn.requests.push((request, Some(version)));
        self.store.save(turn).await.map(|_| ())
    }

    /// Deliveries that were acknowledged and not handled.
    pub(super) async fn unhandled(&self) -> Result<Vec<Inbound>, StoreError> {
        self.store.unhandled(AT_ONCE).await
    }

    /// Deletes what is past its time.
    pub async fn tidy(&self) -> Result<u64, StoreError> {
        self.store.sweep(self.now()).await
    }
}
