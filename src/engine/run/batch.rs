//! A batch that was signed: its rows are signed with it, then run by themselves; it counts them,
//! and stops them with itself.
//!
//! Whoever has the batch's lease releases the rows, a few in each turn, so that a click that
//! signs five hundred writes one row. A row that was released is anybody's: replicas share them.

use serde_json::json;

use crate::{
    domain::{
        batch::{Progress, Row},
        decision::{Approved, Choice, Vote},
        ids::Number,
        message::Audience,
        plan::{Frozen, Plan},
        request::{Request, Stage},
    },
    engine::{
        Next, ended, pace,
        run::{CONFLICTS_MAX, Run},
    },
    ports::store::{Copy, RowStates, StoreError, Turn},
};

/// So many rows are released or stopped in one turn.
const AT_ONCE: u32 = 25;
/// So many rows that did not end well get a card of their own, where somebody can decide about
/// them; all are listed by the batch's.
const CARDS_MAX: usize = 5;

impl Run<'_> {
    /// Takes a batch as far as it goes now.
    pub(super) async fn batch(&self, request: Request) -> Result<Next, StoreError> {
        if !matches!(request.stage, Stage::Approved { .. } | Stage::Running { .. }) {
            return self.put_right(request).await;
        }
        if self.engine.store.paused().await? {
            return self.give_back(Some(self.now() + pace::SETTLE)).await;
        }
        let Some((frozen, votes)) = self.proof(&request).await? else {
            return self.refuse_unproven(request).await;
        };
        let request = match request.stage {
            Stage::Approved { .. } => match self.begin(request, frozen.plan()).await? {
                Some(request) => request,
                None => return self.give_back(None).await,
            },
            _ => request,
        };
        match &request.stopped_by {
            None => self.release(&request, &frozen, &votes).await?,
            Some(_) => self.stop_rows(&request).await?,
        }
        self.count().await
    }

    /// Approved → Running.
    async fn begin(&self, request: Request, plan: &Plan) -> Result<Option<Request>, StoreError> {
        let version = request.version;
        let Ok(request) = request.start(self.now()) else { return Ok(None) };
        let rows = plan.rows.as_ref().map_or(0, |rows| rows.fit.len());
        let mut turn = self.turn();
        turn.facts.push(self.fact(&request, "run.started", json!({ "rows": rows })));
        turn.redraw.push(self.id);
        turn.requests.push((request, Some(version)));
        self.engine.store.save(turn).await?;
        self.engine.store.request(&self.id).await
    }

    /// Signs the rows that still wait, with the votes of their batch.
    async fn release(
        &self,
        batch: &Request,
        frozen: &Frozen,
        votes: &[Vote],
    ) -> Result<(), StoreError> {
        let rule = &frozen.plan().rule;
        let counts = |vote: &&Vote| {
            vote.choice == Choice::Approve
                && vote.digest == frozen.digest()
                && vote.is_genuine(rule, &self.engine.votes)
        };
        let votes: Vec<&Vote> = votes.iter().filter(counts).collect();
        let signed = frozen.plan().rows.iter().flat_map(|rows| &rows.fit);
        let signed: Vec<&Row> = signed.collect();
        let mut conflicts = 0;
        loop {
            let (store, first) = (&self.engine.store, Number(0));
            let waiting = store.rows(&self.id, Some("pending"), first, AT_ONCE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let mut turn = self.turn();
            for row in waiting {
                let named = signed.iter().find(|named| named.request == row.id).copied();
                let plan = store.plan(&row.id, row.revision).await?;
                self.sign(&mut turn, batch, row, (named, plan), &votes);
            }
            match store.save(turn).await {
                Ok(_) => {}
                // Somebody took a row back in this moment: it is not pending any more.
                Err(StoreError::Conflict) if conflicts < CONFLICTS_MAX => conflicts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// One row, signed by those who signed the batch. A plan that is not the one that was
    /// signed is not run: somebody wrote in the database.
    fn sign(
        &self,
        turn: &mut Turn,
        batch: &Request,
        row: Request,
        (named, plan): (Option<&Row>, Option<Frozen>),
        votes: &[&Vote],
    ) {
        let (version, requester) = (row.version, row.requester.id.clone());
        let same = |plan: &Frozen| {
            named.is_some_and(|named| named.digest == plan.digest())
                && row.digest == Some(plan.digest())
        };
        let key = &self.engine.votes;
        let signed = plan.filter(same).and_then(|plan| {
            let own: Vec<Vote> = votes.iter().map(|vote| vote.for_row(&plan, key)).collect();
            let proof = Approved::check(plan, &requester, &own, key)?;
            Some((proof, own))
        });
        let at = votes.iter().map(|vote| vote.at).max().unwrap_or(batch.asked_at);
        let by = batch.stage.signed_by().to_vec();
        let decided = signed.and_then(|(proof, own)| {
            let row = row.clone().decide_row(&proof, by, at).ok()?;
            Some((row, own))
        });
        let (row, kind) = if let Some((row, own)) = decided {
            turn.votes.extend(own);
            let kind = format!("request.{}", row.stage.name());
            (row, kind)
        } else {
            tracing::error!(request.id = %row.id, batch.id = %self.id, "A row of a batch is not what was signed; it was not run");
            let stage = Stage::Failed { by: Vec::new(), at: self.now() };
            (Request { stage, due_at: None, ..row }, "run.unproven".to_owned())
        };
        turn.facts.push(self.fact(&row, &kind, json!({ "batch": self.id })));
        turn.requests.push((row, Some(version)));
    }

    /// No further step of any row starts; rows that were not begun are taken back.
    async fn stop_rows(&self, batch: &Request) -> Result<(), StoreError> {
        let Some(by) = &batch.stopped_by else { return Ok(()) };
        let mut after = Number(0);
        loop {
            let rows = self.engine.store.rows(&self.id, None, after, AT_ONCE).await?;
            let Some(last) = rows.last().map(|row| row.number) else { return Ok(()) };
            let mut turn = self.turn();
            for row in rows {
                let version = row.version;
                let Some(row) = row.stop_row(by, self.now()) else { continue };
                let told = json!({ "by": by, "batch": self.id });
                turn.facts.push(self.fact(&row, "run.stopped", told));
                turn.requests.push((row, Some(version)));
            }
            match self.engine.store.save(turn).await {
                Ok(_) => after = last,
                // A row moved on in this moment: the next count tries it again.
                Err(StoreError::Conflict) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// How many rows stand where; and how the batch ended, when all have.
    async fn count(&self) -> Result<Next, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            let store = &self.engine.store;
            let RowStates { states, due } = store.row_states(&self.id).await?;
            let progress = Progress::of(&states);
            let Some(before) = store.request(&self.id).await? else { return Ok(Next::Ended) };
            let now = self.now();
            let next = pace::next_count(due, now);
            let request = before.clone().conclude_rows(progress, next, now);
            let mut turn = self.turn();
            turn.release = true;
            if before.progress != request.progress {
                turn.redraw.push(self.id);
            }
            let over = request.stage.is_final();
            if over {
                let Progress { done, not_well, .. } = progress;
                let told =
                    json!({ "state": request.stage.name(), "done": done, "not_well": not_well });
                turn.facts.push(self.fact(&request, "run.ended", told));
                turn.say.extend(ended::told(&request, self.engine.clock.uuid()));
                turn.copies.extend(self.cards_of_rows().await?);
            }
            turn.requests.push((request, Some(before.version)));
            match store.save(turn).await {
                Ok(_) if over => return Ok(Next::Ended),
                Ok(_) => return Ok(Next::At(next)),
                // A button: read it again, or another worker has it by now.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Conflict)
    }

    /// Cards for the first rows that did not end well, where the batch's own were.
    async fn cards_of_rows(&self) -> Result<Vec<Copy>, StoreError> {
        let store = &self.engine.store;
        let mut copies = store.copies(&self.id).await?.into_iter();
        let Some(asked) = copies.find(|copy| copy.audience == Audience::Requester) else {
            return Ok(Vec::new());
        };
        let mut cards = Vec::new();
        for state in ["in_doubt", "partly_failed", "failed"] {
            let most = u32::try_from(CARDS_MAX - cards.len()).unwrap_or_default();
            let rows = store.rows(&self.id, Some(state), Number(0), most).await?;
            cards.extend(rows.into_iter().map(|row| Copy {
                id: self.engine.clock.uuid(),
                request: row.id,
                audience: Audience::Requester,
                to: asked.to.clone(),
                nonce: self.engine.clock.nonce(),
                card: None,
                gathered: None,
            }));
        }
        Ok(cards)
    }
}
