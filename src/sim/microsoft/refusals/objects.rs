//! What an object will not have done to it.

use uuid::Uuid;

use super::{Refusal, refuse};

// ---- users

pub(in super::super) fn missing_property(property: &str) -> Refusal {
    // source: public code quoting the answer for groups; for users and its details unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("A value is required for property '{property}' of resource 'User'."),
    )
    .with_detail("MissingValue", property)
}

pub(in super::super) fn invalid_value(property: &str) -> Refusal {
    // source: public code quoting the answer; its details unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("Invalid value specified for property '{property}' of resource 'User'."),
    )
    .with_detail("InvalidValue", property)
}

pub(in super::super) fn read_only(property: &str) -> Refusal {
    // source: unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("Property '{property}' is read-only and cannot be set."),
    )
    .with_detail("ReadOnlyProperty", property)
}

pub(in super::super) fn undeclared_property(property: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "One or more property values specified are invalid. Property '{property}' does not exist as a declared property or extension property."
        ),
    )
}

pub(in super::super) fn upn_taken() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "Another object with the same value for property userPrincipalName already exists.",
    )
    .with_detail("ObjectConflict", "userPrincipalName")
}

pub(in super::super) fn foreign_domain() -> Refusal {
    // source: public code quoting the answer, with its details
    refuse(
        400,
        "Request_BadRequest",
        "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    )
    .with_detail("InvalidValue", "userPrincipalName")
}

pub(in super::super) fn password_missing() -> Refusal {
    // source: public code quoting the answer
    refuse(400, "Request_BadRequest", "A password must be specified to create a new user.")
}

pub(in super::super) fn password_weak() -> Refusal {
    // source: public code quoting the answer; its details unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "The specified password does not comply with password complexity requirements. Please provide a different password.",
    )
    .with_detail("InvalidPassword", "password")
}

pub(in super::super) fn mastered_on_premises() -> Refusal {
    // source: public code quoting the answer and answers on learn.microsoft.com
    refuse(
        400,
        "Request_BadRequest",
        "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
    )
}

pub(in super::super) fn own_manager() -> Refusal {
    // source: unconfirmed
    refuse(400, "Request_BadRequest", "A user cannot be their own manager.")
}

// ---- licences

pub(in super::super) fn both_arrays(missing: &str) -> Refusal {
    // source: answers on learn.microsoft.com quoting the message
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: {missing}."
        ),
    )
}

pub(in super::super) fn usage_location() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "License assignment cannot be done for user with invalid usage location.",
    )
}

pub(in super::super) fn no_seats(sku: Uuid) -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!("Subscription with SKU {sku} does not have any available licenses."),
    )
}

pub(in super::super) fn no_sku(sku: Uuid) -> Refusal {
    // source: public code quoting the answer (pnp/cli-microsoft365, HelloID connectors)
    refuse(
        400,
        "Request_BadRequest",
        format!("License {sku} does not correspond to a valid company License."),
    )
}

pub(in super::super) fn plans_exclude(first: Uuid, second: Uuid) -> Refusal {
    // source: learn.microsoft.com/entra, license assignment problems; public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "License assignment failed because service plans {first}, {second} are mutually exclusive."
        ),
    )
}

pub(in super::super) fn licence_inherited() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "User license is inherited from a group membership and it cannot be removed directly from the user.",
    )
}

pub(in super::super) fn licence_not_held() -> Refusal {
    // source: public code quoting the answer (Tools4ever, HelloID connectors)
    refuse(400, "Request_BadRequest", "User does not have a corresponding license.")
}

// ---- groups

pub(in super::super) fn already_member(what: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "One or more added object references already exist for the following modified properties: '{what}'."
        ),
    )
}

pub(in super::super) fn exchange_is_master() -> Refusal {
    // source: public code quoting the answer (CIPP-API, several scripts)
    refuse(
        400,
        "Request_BadRequest",
        "Cannot Update a mail-enabled security groups and or distribution list.",
    )
}

pub(in super::super) fn bad_reference() -> Refusal {
    // source: unconfirmed
    refuse(400, "Request_BadRequest", "Invalid URL format specified in payload for '@odata.id'.")
}

pub(in super::super) fn last_owner() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "The group must have at least one owner, hence this owner cannot be removed.",
    )
}

// ---- mailboxes

pub(in super::super) fn no_mailbox() -> Refusal {
    // source: public code quoting the answer
    refuse(
        404,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )
}

pub(in super::super) fn bad_settings(why: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/user-update-mailboxsettings (rule); code and text unconfirmed
    refuse(400, "ErrorInvalidRequest", why)
}
