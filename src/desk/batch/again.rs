//! What rows that failed would do is tried again, with one press on the card of their batch.

use serde_json::json;

use crate::{
    desk::{
        Desk,
        press::{note, person},
    },
    domain::{
        ids::Number,
        request::Request,
        trouble::{Reason, Result},
    },
    engine::walk,
    policy::Standing,
    ports::store::{Answer, StoreError, Turn},
};

/// So many rows are tried again with one press; the next press takes more.
const ROWS_AT_ONCE: u32 = 100;

impl Desk {
    /// The rows that failed, while the signatures last. Those that wait for somebody's word are
    /// left: a person answers for each.
    pub(in crate::desk) async fn retry_rows(
        &self,
        turn: &mut Turn,
        batch: Request,
        who: &Standing,
    ) -> std::result::Result<Result<Answer>, StoreError> {
        let mut failed = Vec::new();
        for state in ["failed", "partly_failed"] {
            failed.extend(self.store.rows(&batch.id, Some(state), Number(0), ROWS_AT_ONCE).await?);
        }
        failed.truncate(ROWS_AT_ONCE as usize);
        let mut again: u32 = 0;
        for row in failed {
            let Some(frozen) = self.store.plan(&row.id, row.revision).await? else { continue };
            let mut steps = self.store.steps(&row.id).await?;
            walk::retry(frozen.plan(), &mut steps);
            let (id, version) = (row.id, row.version);
            let Ok(row) = row.resume(self.now()) else { continue };
            let told = json!({ "by": person(who), "batch": batch.id });
            turn.facts.push(self.fact(&row, "run.retried", told));
            turn.steps.extend(steps.into_iter().map(|run| (id, run)));
            turn.redraw.push(id);
            turn.requests.push((row, Some(version)));
            again += 1;
        }
        if again == 0 {
            let what =
                "no row of it failed; a row that is in doubt has a card of its own".to_owned();
            return Ok(Err(Reason::NotPossible { what }.into()));
        }
        let (id, version, number) = (batch.id, batch.version, batch.number.to_string());
        let batch = match batch.resume(self.now()) {
            Ok(batch) => batch,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let told = json!({ "by": person(who), "rows": again });
        turn.facts.push(self.fact(&batch, "run.retried", told));
        turn.redraw.push(id);
        turn.requests.push((batch, Some(version)));
        let say = note("rows_again", &[("number", &number), ("count", &again.to_string())]);
        Ok(Ok(Answer { say: Some(say), request: Some(id) }))
    }
}
