//! What groups, guests, roles and devices will not have done to them.

use serde_json::json;
use uuid::Uuid;

use super::{Refusal, refuse};

// ---- groups

pub(in super::super) fn missing_of(property: &str, resource: &str) -> Refusal {
    // source: public code quoting the answer for groups, with each property's name
    refuse(
        400,
        "Request_BadRequest",
        format!("A value is required for property '{property}' of resource '{resource}'."),
    )
    .with_detail("MissingValue", property)
}

pub(in super::super) fn invalid_of(property: &str, resource: &str) -> Refusal {
    // source: public code quoting the answer for users; for others built alike
    refuse(
        400,
        "Request_BadRequest",
        format!("Invalid value specified for property '{property}' of resource '{resource}'."),
    )
    .with_detail("InvalidValue", property)
}

pub(in super::super) fn mail_enabled_writes() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
    )
}

pub(in super::super) fn nickname_taken() -> Refusal {
    // source: public code quoting the answer, with its details (ObjectConflict)
    refuse(
        400,
        "Request_BadRequest",
        "Another object with the same value for property mailNickname already exists.",
    )
    .with_detail("ObjectConflict", "mailNickname")
}

pub(in super::super) fn too_many_links() -> Refusal {
    // source: microsoftgraph/microsoft-graph-docs issue 6016 quoting the answer; code unconfirmed
    refuse(400, "Request_BadRequest", "A resource cannot contain more than 20 link changes.")
}

pub(in super::super) fn wrong_rule_property() -> Refusal {
    // source: MicrosoftDocs/azure-docs issue 114853 quoting the text; code unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "Dynamic membership rule validation error: Wrong property applied.",
    )
}

pub(in super::super) fn wrong_rule() -> Refusal {
    // source: MicrosoftDocs/azure-docs issue 16182 quoting the text; code unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "Dynamic membership rule validation error: Invalid operands found for operator.",
    )
}

pub(in super::super) fn no_premium() -> Refusal {
    // source: learn.microsoft.com/entra/identity/users/groups-dynamic-membership (rule);
    // code and text unconfirmed
    refuse(
        403,
        "Authorization_RequestDenied",
        "Your tenant is not licensed for this feature: dynamic membership needs Microsoft Entra ID P1.",
    )
}

pub(in super::super) fn not_a_member_kind(kind: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/group-post-members (table of what may be in what);
    // text unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("Unsupported resource type '{kind}' for property 'members' of this group."),
    )
}

// ---- guests

pub(in super::super) fn own_domain() -> Refusal {
    // source: public code quoting the text; code unconfirmed
    refuse(
        400,
        "BadRequest",
        "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
    )
}

pub(in super::super) fn guest_domain_blocked() -> Refusal {
    // source: learn.microsoft.com/entra/external-id/allow-deny-list (rule); code and text unconfirmed
    refuse(
        403,
        "Forbidden",
        "This invitation is blocked by policy: the domain of the user's email address is not allowed by the external collaboration settings of this directory.",
    )
}

pub(in super::super) fn guest_blocked(id: Uuid) -> Refusal {
    // source: public code quoting the text; code unconfirmed
    refuse(
        400,
        "BadRequest",
        format!(
            "The invited user already exists in the directory as object ID: {id}, but the account is blocked from signing in. If the account is unblocked, they can use that account to sign in to shared apps and resources."
        ),
    )
}

pub(in super::super) fn too_many_sponsors() -> Refusal {
    // source: learn.microsoft.com/entra/external-id/b2b-sponsors (at most five); text unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "The number of values for property 'sponsors' exceeds the maximum of 5.",
    )
}

// ---- roles

pub(in super::super) fn already_assigned() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "A conflicting object with one or more of the specified property values is present in the directory.",
    )
}

pub(in super::super) fn last_global_administrator() -> Refusal {
    // source: learn.microsoft.com/entra, Privileged Identity Management ("Prevents removal of the
    // last active Global Administrator"); text unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "The last active Global Administrator role assignment cannot be removed.",
    )
}

pub(in super::super) fn not_role_assignable() -> Refusal {
    // source: learn.microsoft.com/entra/identity/role-based-access-control/groups-concept (rule);
    // text unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "The group cannot be assigned to a directory role because isAssignableToRole is not true.",
    )
}

pub(in super::super) fn no_role_definition(id: &str) -> Refusal {
    // source: hashicorp/terraform-provider-azuread issue 1775 (a 404 for a role unknown to the
    // service); text unconfirmed
    refuse(404, "Request_ResourceNotFound", format!("The role definition '{id}' was not found."))
}

pub(in super::super) fn needs_p2() -> Refusal {
    // source: public code quoting code and text
    refuse(
        400,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    )
}

pub(in super::super) fn scope_not_granted(scopes: &str) -> Refusal {
    let message = json!({
        "errorCode": "PermissionScopeNotGranted",
        "message": format!("Authorization failed due to missing permission scope {scopes}."),
        "instanceAnnotations": [],
    });
    // source: learn.microsoft.com/answers question 1656176 quoting status, code and text
    refuse(403, "UnknownError", message.to_string())
}

// ---- devices

/// Intune's own 403: a JSON document inside the message.
pub(in super::super) fn intune_denied(scopes: &str) -> Refusal {
    let message = json!({
        "_version": 3,
        "Message": format!(
            "Application is not authorized to perform this operation. Application must have one of the following scopes: {scopes} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000"
        ),
        "CustomApiErrorPhrase": "", "RetryAfter": null, "ErrorSourceService": "", "HttpHeaders": "{}",
    });
    // source: answers on learn.microsoft.com and public code quoting code and text
    refuse(403, "Forbidden", message.to_string())
}

pub(in super::super) fn no_intune() -> Refusal {
    // source: public code quoting the text (tenants without an Intune licence); code unconfirmed
    refuse(400, "BadRequest", "Request not applicable to target tenant.")
}

pub(in super::super) fn no_managed_device(id: &str) -> Refusal {
    let message = json!({
        "_version": 3,
        "Message": format!("Device with id {id} not found."),
        "CustomApiErrorPhrase": "", "RetryAfter": null, "ErrorSourceService": "", "HttpHeaders": "{}",
    });
    // source: unconfirmed; Intune's not found, in its JSON document
    refuse(404, "ResourceNotFound", message.to_string())
}

pub(in super::super) fn action_not_supported(action: &str) -> Refusal {
    // source: unconfirmed (reference: 400 when the platform does not know the action)
    refuse(
        400,
        "BadRequest",
        json!({
            "_version": 3,
            "Message": format!("The action {action} is not supported on this device."),
            "CustomApiErrorPhrase": "", "RetryAfter": null, "ErrorSourceService": "",
            "HttpHeaders": "{}",
        })
        .to_string(),
    )
}
