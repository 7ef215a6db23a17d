//! One transaction, run again when that is right.

use super::link::was_lost;
pub(super) use super::link::was_taken_back;

/// A transaction that was taken back is run again so often.
pub(super) const AGAIN: u32 = 8;

/// Runs what is written in one transaction, again when the server took it back, and rings
/// when rows were written.
macro_rules! turn {
    ($store:expr, |$tx:ident| $work:expr) => {{
        let mut left = $crate::adapters::store::postgres::again::AGAIN;
        loop {
            let mut link = $store.server.begin().await?;
            let $tx = &mut link;
            let (done, again) = match $work.await {
                Ok(value) => {
                    let done = link.commit().await.map(|rows| (value, rows));
                    let again = done
                        .as_ref()
                        .is_err_and($crate::adapters::store::postgres::again::was_taken_back);
                    (done, again)
                }
                Err(error) => {
                    link.take_back().await;
                    let again = $crate::adapters::store::postgres::again::is_for_again(&error);
                    (Err(error), again)
                }
            };
            match done {
                Err(_) if left > 0 && again => left -= 1,
                Err(error) => break Err(error),
                Ok((value, rows)) => {
                    if rows > 0 {
                        $store.bell.ring();
                    }
                    break Ok(value);
                }
            }
        }
    }};
}

pub(super) use turn;

/// What failed within a transaction may be run again: it was taken back, or never committed.
pub(super) fn is_for_again(error: &crate::ports::store::StoreError) -> bool {
    was_taken_back(error) || was_lost(error)
}
