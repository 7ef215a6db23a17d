//! What a person's profile, methods and deleted accounts will not have done to them.

use super::{Refusal, refuse};

// ---- profiles

pub(in super::super) fn profile_mixed() -> Refusal {
    // source: microsoftgraph/microsoft-graph-docs issue 15735, quoting the answer
    refuse(400, "BadRequest", "The request is currently not supported on the targeted entity set")
}

pub(in super::super) fn profile_denied() -> Refusal {
    // source: microsoftgraph/microsoft-graph-docs issue 5597 quotes code and message; its status
    // is unconfirmed
    refuse(
        403,
        "-1, Microsoft.Office.Server.Directory.DirectoryObjectUnauthorizedAccessException",
        "Attempted to perform an unauthorized operation.",
    )
}

pub(in super::super) fn profile_in_list() -> Refusal {
    // source: pnp/cli-microsoft365 issue 2434 quotes the message; status and code unconfirmed
    refuse(501, "NotImplemented", "This operation target is not yet supported.")
}

pub(in super::super) fn too_long(property: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/resources/user (lengths); built like the answer for
    // other wrong values
    refuse(
        400,
        "Request_BadRequest",
        format!("Invalid value specified for property '{property}' of resource 'User'."),
    )
    .with_detail("PropertyConflict", property)
}

pub(in super::super) fn address_taken() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "Another object with the same value for property proxyAddresses already exists.",
    )
    .with_detail("ObjectConflict", "proxyAddresses")
}

// ---- licences

pub(in super::super) fn plan_depends(plan: uuid::Uuid, on: uuid::Uuid) -> Refusal {
    // source: learn.microsoft.com/entra, license assignment problems; public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "License assignment failed because service plan {plan} depends on the service plan(s) {on}"
        ),
    )
}

pub(in super::super) fn no_plan(plan: uuid::Uuid) -> Refusal {
    // source: unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("Service plan {plan} is not part of the license being assigned."),
    )
}

// ---- authentication methods

pub(in super::super) fn methods_denied() -> Refusal {
    // source: answers on learn.microsoft.com quoting code and message
    refuse(403, "accessDenied", "Request Authorization failed")
}

pub(in super::super) fn no_method_object(id: &str) -> Refusal {
    // source: unconfirmed
    refuse(
        404,
        "resourceNotFound",
        format!("The requested authentication method id of [{id}] was not found."),
    )
}

pub(in super::super) fn method_value(name: &str) -> Refusal {
    // source: unconfirmed
    refuse(400, "badRequest", format!("The value of '{name}' is not valid."))
}

pub(in super::super) fn default_method(id: &str) -> Refusal {
    // source: public scripts quoting the answer in full
    refuse(
        400,
        "badRequest",
        format!(
            "The requested authentication method id of [{id}] matches the user's current default authentication method, and cannot be deleted until the default authentication method is changed"
        ),
    )
}

pub(in super::super) fn alternate_first() -> Refusal {
    // source: learn.microsoft.com/graph/api/phoneauthenticationmethod-delete (rule); text unconfirmed
    refuse(
        400,
        "badRequest",
        "The mobile phone cannot be deleted while an alternate mobile phone is registered.",
    )
}

pub(in super::super) fn pass_disabled() -> Refusal {
    // source: MicrosoftDocs/azure-docs issue 111778 and public code quoting the answer
    refuse(
        400,
        "badRequest",
        "Converged UserCredentialPolicy does not allow creating or updating this authentication method. AuthMethodType [TemporaryAccessPass].",
    )
}

pub(in super::super) fn pass_for_guest() -> Refusal {
    // source: learn.microsoft.com/entra, "Configure Temporary Access Pass", section on guests
    refuse(400, "badRequest", "Temporary Access Pass cannot be added to an external guest user.")
}

pub(in super::super) fn pass_exists() -> Refusal {
    // source: unconfirmed; the page of 2021 has the rule
    refuse(400, "badRequest", "The user already has a valid Temporary Access Pass.")
}

pub(in super::super) fn pass_lifetime(min: i64, max: i64) -> Refusal {
    // source: learn.microsoft.com/graph/api/authentication-post-temporaryaccesspassmethods (rule);
    // text unconfirmed
    refuse(
        400,
        "badRequest",
        format!("lifetimeInMinutes must be between {min} and {max} by the policy of the tenant."),
    )
}

pub(in super::super) fn pass_only_once() -> Refusal {
    // source: the same page (rule); text unconfirmed
    refuse(400, "badRequest", "The policy of the tenant requires one-time use passes.")
}
