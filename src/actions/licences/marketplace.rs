//! What is said where seats are to be bought: no marketplace is connected yet, so this is
//! understood and answered, and never carried out.
//!
//! Not here: a marketplace.

use crate::domain::trouble::{Reason, Trouble};

/// What is said instead: what did not happen, and what to do now.
pub(super) fn not_connected(what: &str, instead: &str) -> Trouble {
    Reason::NotPossible {
        what: format!(
            "{what} needs a licence marketplace, and none is connected to me; nothing was \
             ordered. {instead}"
        ),
    }
    .into()
}
