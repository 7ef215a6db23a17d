//! Buying seats and giving them back. One file per action id.
//!
//! - [`list_subscriptions`] [`purchase_license`] [`cancel_license`]
//!
//! Not here: a marketplace. None is connected yet, so these are understood and answered, and
//! never carried out: they are in [`super::BEYOND`] and not in the catalogue.

pub mod cancel_license;
pub mod list_subscriptions;
pub mod purchase_license;

use crate::domain::trouble::{Reason, Trouble};

/// What is said instead: what did not happen, and what to do now.
fn not_connected(what: &str, instead: &str) -> Trouble {
    Reason::NotPossible {
        what: format!(
            "{what} needs a licence marketplace, and none is connected to me; nothing was \
             ordered. {instead}"
        ),
    }
    .into()
}
