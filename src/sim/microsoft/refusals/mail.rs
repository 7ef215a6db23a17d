//! What Outlook and `OneDrive` will not do.

use super::{Refusal, refuse};

pub(in super::super) fn no_item() -> Refusal {
    // source: public code quoting the answer
    refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.")
}

pub(in super::super) fn rule_read_only() -> Refusal {
    // source: learn.microsoft.com/graph/api/resources/messagerule (isReadOnly); code and text unconfirmed
    refuse(400, "ErrorInvalidRequest", "The rule is read-only and cannot be changed or deleted.")
}

pub(in super::super) fn not_the_organiser() -> Refusal {
    // source: learn.microsoft.com/graph/api/event-cancel (status and text); the code is unconfirmed
    refuse(
        400,
        "ErrorInvalidRequest",
        "Your request can't be completed. You need to be an organizer to cancel a meeting.",
    )
}

pub(in super::super) fn drive_denied() -> Refusal {
    // source: public code quoting the answer
    refuse(403, "accessDenied", "Access denied")
}

pub(in super::super) fn no_drive_item() -> Refusal {
    // source: public code quoting the answer
    refuse(404, "itemNotFound", "Item not found")
}

pub(in super::super) fn bad_share(why: &str) -> Refusal {
    // source: unconfirmed
    refuse(400, "invalidRequest", why)
}
