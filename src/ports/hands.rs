//! Changes things, and reads them back: the only door through which a tenant is touched.

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{
    change::{Change, Sight},
    secret::Secret,
    trouble::{Reason, Result},
};

/// One change to make.
#[derive(Debug)]
pub struct Call<'a> {
    /// What.
    pub change: &'a Change,
    /// The `client-request-id`: a fresh UUID for each attempt, recorded before the call.
    pub key: &'a str,
    /// The value of the secret that the change sets.
    pub secret: Option<&'a Secret>,
    /// It goes in one message with this earlier one of the same calls, which it may follow
    /// ([`Hands::may_follow`]), and is made only once that was taken. When that was not taken,
    /// nothing happens: it ends [`Made::Busy`] without a wait.
    pub after: Option<usize>,
}

/// What an accepted call puts out.
#[derive(Debug, Default)]
pub struct Output {
    /// The id of the object it made: of the directory `tenant/guid`, else the service's own.
    pub id: Option<String>,
    /// A secret that the service made and says only now.
    pub secret: Option<Secret>,
}

/// How one call ended.
#[derive(Debug)]
pub enum Made {
    /// The service took it; whether it holds is seen by looking.
    Accepted(Output),
    /// It was so before ("already exists", 404 on removal).
    AlreadySo,
    /// The object it changes is not there (any more). Nothing happened.
    Gone,
    /// The service refused it, for a reason that is safe to show. Nothing happened.
    Refused(Reason),
    /// Nothing happened; the service asks to wait this long (429, 503 with `Retry-After`).
    Busy {
        /// How long.
        wait: Duration,
    },
    /// Nobody knows whether it happened (cut, timeout, 5xx, an answer that is none).
    Unsure {
        /// For the log.
        cause: anyhow::Error,
    },
}

/// Changes a tenant.
#[async_trait]
pub trait Hands: Send + Sync {
    /// What each change would find, or has left: one batch of reads. `Err` for one
    /// means that it could not be read now.
    async fn look(&self, changes: &[&Change]) -> Vec<Result<Sight>>;

    /// May the second change go in one message with the first, to be made only once the first
    /// was taken? See [`Call::after`].
    fn may_follow(&self, first: &Change, then: &Change) -> bool;

    /// Makes independent changes, in batches. One answer for each call, in order;
    /// a missing answer is [`Made::Unsure`].
    async fn make(&self, calls: &[Call<'_>]) -> Vec<Made>;
}
