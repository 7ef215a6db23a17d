//! What all rows of a batch did is undone, or given back: one new batch, one signature.
//!
//! Each row of the new one is the way back of a row of the old one, made as its own card would
//! make it. A row of which nothing can be undone is left out.

use futures::future::{BoxFuture, join_all};

use super::ask::{AT_ONCE, Drafted, Parts, unfit_of};
use crate::{
    desk::{Desk, after::inverse, restore::took},
    domain::{
        batch::{ROWS_MAX, Row, Unfit},
        chat::Verb,
        ids::Number,
        plan::{Frozen, Note},
        request::{Origin, Relation, Request, RequestKind},
        snapshot::with_kept,
        trouble::Reason,
    },
    policy::Standing,
    ports::store::{StoreError, Turn},
};

/// So many rows are looked at to know what the button of a card is called.
const LOOKED_AT: usize = 20;

/// A row of the old batch, with what would undo it.
struct Back {
    row: Row,
    parts: Parts,
    restores: bool,
}

impl Desk {
    /// Drafts the way back of all rows, as a new batch of whoever asks.
    pub(in crate::desk) async fn undo_rows(
        &self,
        turn: &mut Turn,
        origin: Origin,
        batch: &Request,
        who: &Standing,
    ) -> Result<Result<(), Reason>, StoreError> {
        let not = |what: &str| Ok(Err(Reason::NotPossible { what: what.to_owned() }));
        let Some(frozen) = self.store.plan(&batch.id, batch.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest));
        };
        let backs = match self.ways_back(&frozen, batch).await? {
            Ok(backs) if backs.is_empty() => return not("nothing of it can be undone honestly"),
            Ok(backs) => backs,
            Err(reason) => return Ok(Err(reason)),
        };
        let gives_back = backs.iter().any(|back| back.restores);
        let relation = if gives_back { Relation::Restore } else { Relation::Undo };
        let new = self.new_request(origin, who, Vec::new());
        let new = Request { kind: RequestKind::Batch, parent: Some((batch.id, relation)), ..new };
        let asked = match self.asked(&new).await {
            Ok(asked) => asked,
            Err(trouble) => return Ok(Err(trouble.reason())),
        };
        let mut all = Vec::with_capacity(backs.len());
        let mut backs = backs.into_iter().peekable();
        while backs.peek().is_some() {
            let some = backs.by_ref().take(AT_ONCE).map(|Back { row, parts, .. }| {
                let (new, asked) = (&new, &asked);
                let drafting: BoxFuture<'_, _> = Box::pin(async move {
                    let drafted = self.draft_row(new, who, asked, row.number, parts).await;
                    drafted.map_err(|wrong| unfit_of(&row, wrong))
                });
                drafting
            });
            all.extend(join_all(some.collect::<Vec<_>>()).await);
        }
        let (mut drafted, mut unfit): (Vec<Drafted>, Vec<Unfit>) = (Vec::new(), Vec::new());
        for one in all {
            match one {
                Ok(row) => drafted.push(row),
                Err(row) => unfit.push(row),
            }
        }
        if drafted.is_empty() {
            return not("the way back of no row can be planned now; ask for each row by itself");
        }
        let held = self.held_back(&new.requester.id, drafted.len()).await?;
        match self.whole(
            &new,
            drafted,
            (unfit, Vec::new()),
            (held.into_iter().collect(), Vec::new()),
        ) {
            Ok(whole) => Box::pin(self.wait_rows(turn, new, whole)).await.map(Ok),
            Err(reason) => Ok(Err(reason)),
        }
    }

    /// What would undo each row, from what its steps found.
    async fn ways_back(
        &self,
        frozen: &Frozen,
        batch: &Request,
    ) -> Result<Result<Vec<Back>, Reason>, StoreError> {
        let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        let stand = self.store.rows(&batch.id, None, Number(0), most).await?;
        if let Some(open) = stand.iter().find(|row| !row.stage.is_final()) {
            let what = format!("{}, a row of it, is not over", open.number);
            return Ok(Err(Reason::NotPossible { what }));
        }
        let mut backs = Vec::new();
        for row in frozen.plan().rows.iter().flat_map(|rows| &rows.fit) {
            let Some(old) = stand.iter().find(|old| old.id == row.request) else { continue };
            let Some(plan) = self.store.plan(&old.id, old.revision).await? else { continue };
            let mut steps = self.store.steps(&old.id).await?;
            let gives_back = took(&plan, &steps);
            let mut notes: Vec<Note> = Vec::new();
            if gives_back {
                let kept = self.store.snapshots(&old.id).await?;
                if kept.is_empty() {
                    // What they had is not kept any more.
                    continue;
                }
                steps = with_kept(steps, &kept);
                notes = self.lost_by(old).await?;
            }
            let proposals = inverse(&plan, &steps);
            if !proposals.is_empty() {
                let parts = Parts { proposals, notes, back: true };
                backs.push(Back { row: row.clone(), parts, restores: gives_back });
            }
        }
        Ok(Ok(backs))
    }

    /// The button that undoes what these rows did, if anything can be undone: as on the card of
    /// the first row of which something can.
    pub(in crate::desk) async fn is_undone_by(
        &self,
        rows: &[Row],
    ) -> Result<Option<Verb>, StoreError> {
        for row in rows.iter().take(LOOKED_AT) {
            let Some(old) = self.store.request(&row.request).await? else { continue };
            let Some(plan) = self.store.plan(&old.id, old.revision).await? else { continue };
            let steps = self.store.steps(&old.id).await?;
            if !inverse(&plan, &steps).is_empty() {
                let verb = if took(&plan, &steps) { Verb::Restore } else { Verb::Undo };
                return Ok(Some(verb));
            }
        }
        Ok(None)
    }
}
