//! The card of a batch: each row a line, as it stands.

use std::collections::BTreeMap;

use crate::{
    desk::Desk,
    domain::{
        batch::{ROWS_MAX, Row, Rows},
        chat::Verb,
        ids::Number,
        message::{Audience, BatchView, Button, RequestView, StepView},
        plan::named,
        request::{Request, Stage},
        step::StepState,
    },
    ports::store::StoreError,
};

/// Of so many rows that did not end well the card says why.
const WHY_MAX: usize = 20;

/// Does this button do something on the card of a batch? The others are about steps, which it
/// has none of.
pub(in crate::desk) fn may_be_pressed(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Approve
            | Verb::Reject
            | Verb::Confirm
            | Verb::Cancel
            | Verb::Stop
            | Verb::Show
            | Verb::Open
            | Verb::Details
            | Verb::Ask
            | Verb::SendQuestion
            | Verb::Answer
            | Verb::SendAnswer
            | Verb::Retry
            | Verb::Undo
            | Verb::Restore
    )
}

impl Desk {
    /// Puts the rows on the card, as they stand.
    pub(in crate::desk) async fn put_rows(
        &self,
        view: &mut RequestView,
        batch: &Request,
        rows: &Rows,
    ) -> Result<(), StoreError> {
        view.steps = self.row_views(batch, rows).await?;
        view.subjects.clear();
        view.brief = true;
        let failed = view.steps.iter().any(|row| row.state == StepState::Failed);
        let does = |verb| may_be_pressed(verb) && (verb != Verb::Retry || failed);
        view.buttons.retain(|button| does(button.verb));
        let over = matches!(batch.stage, Stage::Succeeded { .. } | Stage::PartlyFailed { .. });
        if over
            && view.audience == Audience::Requester
            && let Some(verb) = self.is_undone_by(&rows.fit).await?
        {
            view.buttons.push(Button { verb, style: "plain".to_owned(), confirm: true });
        }
        let mut lasting: BTreeMap<String, u32> = BTreeMap::new();
        for key in rows.fit.iter().flat_map(|row| &row.lasting) {
            *lasting.entry(key.clone()).or_default() += 1;
        }
        view.batch =
            Some(BatchView { changes: rows.changes.clone(), lasting, unfit: rows.unfit.clone() });
        Ok(())
    }

    /// Each row as a line.
    pub(in crate::desk) async fn row_views(
        &self,
        batch: &Request,
        rows: &Rows,
    ) -> Result<Vec<StepView>, StoreError> {
        let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        let begun = !matches!(batch.stage, Stage::Pending { .. });
        let stand = if begun {
            self.store.rows(&batch.id, None, Number(0), most).await?
        } else {
            Vec::new()
        };
        let mut said = 0;
        let mut views = Vec::with_capacity(rows.fit.len());
        for row in &rows.fit {
            let stands = stand.iter().find(|stands| stands.id == row.request);
            let mut view = row_view(row, stands);
            if view.state.ended() && !view.state.well() && said < WHY_MAX {
                said += 1;
                let steps = self.store.steps(&row.request).await?;
                view.why = steps.into_iter().find_map(|run| run.why);
            }
            views.push(view);
        }
        Ok(views)
    }
}

fn row_view(row: &Row, stands: Option<&Request>) -> StepView {
    let (name, upn) = &row.whom;
    let who = if upn.is_empty() { name.clone() } else { format!("{name} ({upn})") };
    let (line, steps) = (row.number.to_string(), row.steps.to_string());
    let mut names =
        named(&[("row", &line), ("actions", &row.action), ("who", &who), ("steps", &steps)]);
    if let Some(number) = stands.map(|stands| stands.number.to_string()) {
        names.insert("number".to_owned(), number);
    }
    StepView {
        id: u16::try_from(row.number).unwrap_or(u16::MAX),
        kind: "row".to_owned(),
        names,
        values: Vec::new(),
        state: stands.map_or(StepState::Waiting, |stands| state(&stands.stage)),
        evidence: None,
        why: None,
        said_by: None,
        cannot_undo: row.lasting.first().cloned(),
        secret_to: row.secrets_to.first().cloned(),
        not_before: row.start_at,
        ends: false,
    }
}

/// How a row stands, in the words for steps.
fn state(stage: &Stage) -> StepState {
    match stage {
        Stage::Clarifying { .. }
        | Stage::Pending { .. }
        | Stage::Approved { .. }
        | Stage::Scheduled { .. } => StepState::Waiting,
        Stage::Running { .. } => StepState::Started,
        Stage::Succeeded { .. } => StepState::Done,
        Stage::PartlyFailed { .. } | Stage::Failed { .. } => StepState::Failed,
        Stage::InDoubt { .. } => StepState::InDoubt,
        Stage::Rejected { .. }
        | Stage::Expired { .. }
        | Stage::Cancelled { .. }
        | Stage::Superseded { .. } => StepState::Skipped,
    }
}
