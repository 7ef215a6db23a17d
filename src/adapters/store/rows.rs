//! Rows that were read become our own words again.

use uuid::Uuid;

use super::{broken_by, database::Row};
use crate::{
    adapters::store::sealing::Sealing,
    domain::{
        ids::{Number, RequestId},
        request::Request,
    },
    ports::store::{Copy, StoreError},
};

/// A request's row as read: still sealed.
pub(super) struct RequestRow {
    pub(super) id: RequestId,
    number: i64,
    version: i64,
    sealed: Vec<u8>,
}

impl RequestRow {
    /// From `request_id, number, version, sealed`, in this order.
    pub(super) fn of(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: RequestId(row.take()?),
            number: row.take()?,
            version: row.take()?,
            sealed: row.take()?,
        })
    }

    /// The request, with the number and version of its row.
    pub(super) fn open(self, sealing: &Sealing) -> Result<Request, StoreError> {
        let row = self.id.to_string();
        let mut request: Request =
            sealing.open_json("request", &row, &self.sealed).map_err(broken_by)?;
        request.number = Number(self.number.cast_unsigned());
        request.version = self.version.cast_unsigned();
        Ok(request)
    }
}

/// The requests in `request_id, number, version, sealed`.
pub(super) fn requests(rows: Vec<Row>, sealing: &Sealing) -> Result<Vec<Request>, StoreError> {
    rows.into_iter().map(|mut row| RequestRow::of(&mut row)?.open(sealing)).collect()
}

/// A copy of a card, with the message it became.
pub(super) fn copy(
    sealing: &Sealing,
    id: Uuid,
    sealed: &[u8],
    card: Option<&[u8]>,
) -> Result<Copy, StoreError> {
    let copy: Copy = sealing.open_json("card_copy", &id.to_string(), sealed).map_err(broken_by)?;
    let row = format!("{id}/card");
    let card = card.map(|card| sealing.open_json("card_copy", &row, card));
    Ok(Copy { card: card.transpose().map_err(broken_by)?, ..copy })
}
