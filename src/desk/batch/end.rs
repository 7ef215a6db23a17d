//! Rows end with a batch that nobody signed, in the same turn.

use crate::{
    desk::Desk,
    domain::{batch::ROWS_MAX, ids::Number, request::Request},
    ports::store::{StoreError, Turn},
};

impl Desk {
    /// A batch that was refused, taken back or ran out: its rows are over with it.
    pub(in crate::desk) async fn end_rows(
        &self,
        turn: &mut Turn,
        batch: &Request,
    ) -> Result<(), StoreError> {
        if !batch.is_batch() || !batch.stage.is_final() {
            return Ok(());
        }
        let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        for row in self.store.rows(&batch.id, Some("pending"), Number(0), most).await? {
            let version = row.version;
            turn.requests.extend(row.end_with(&batch.stage).map(|row| (row, Some(version))));
        }
        Ok(())
    }
}
