//! The time, fresh ids and chance: the only source of each.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::ids::{Nonce, RequestId};

/// Tells the time and throws the dice. Tests stand still and know every name.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;

    /// Fills `bytes` with unpredictable values.
    fn fill(&self, bytes: &mut [u8]);

    /// A fresh UUIDv7: the time in milliseconds, then chance.
    fn uuid(&self) -> Uuid {
        let mut chance = [0; 10];
        self.fill(&mut chance);
        let ms = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &chance).into_uuid()
    }

    /// A fresh id of a request.
    fn request_id(&self) -> RequestId {
        RequestId(self.uuid())
    }

    /// A fresh value for the buttons of one card.
    fn nonce(&self) -> Nonce {
        let mut random = [0; 16];
        self.fill(&mut random);
        Nonce::new(random)
    }
}
