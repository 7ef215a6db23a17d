//! What policies, applications, domains and files will not have done to them.

use super::{Refusal, refuse};

// ---- Conditional Access

pub(in super::super) fn policy_scopes() -> Refusal {
    // source: public code quoting the answer (JupiterOne/graph-azure); code AccessDenied also Forbidden
    refuse(
        403,
        "AccessDenied",
        "You cannot perform the requested operation, required scopes are missing in the token.",
    )
}

pub(in super::super) fn policy_licence() -> Refusal {
    // source: public code quoting the answer for Identity Protection; for Conditional Access unconfirmed
    refuse(403, "AccessDenied", "Your tenant is not licensed for this feature.")
}

pub(in super::super) fn policy_pace() -> Refusal {
    // source: learn.microsoft.com/graph/throttling-limits (one request a second, no Retry-After)
    refuse(429, "TooManyRequests", "Too Many Requests")
}

pub(in super::super) fn write_quota() -> Refusal {
    // source: learn.microsoft.com/graph/throttling (429 with Retry-After); text as of policy_pace
    let mut refusal = refuse(429, "TooManyRequests", "Too Many Requests");
    refusal.retry_after = Some("1".to_owned());
    refusal
}

pub(in super::super) fn policy_schema() -> Refusal {
    // source: hashicorp/terraform-provider-azuread issue 790, quoting code and text
    refuse(
        400,
        "BadRequest",
        "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type. For examples, please see API documentation at https://docs.microsoft.com/en-us/graph/api/conditionalaccessroot-post-policies?view=graph-rest-1.0.",
    )
}

pub(in super::super) fn policy_targets() -> Refusal {
    // source: nicolonsky/ModernWorkplaceConcierge issue 50, quoting the text
    refuse(
        400,
        "BadRequest",
        "1012: 'applications' condition cannot include both 'includeApplications' and 'includeUserActions'/'includeProtectionLevels'. Please remove one of the conditions.",
    )
}

pub(in super::super) fn policy_controls() -> Refusal {
    // source: public code quoting the answer (policies without usable controls)
    refuse(
        400,
        "BadRequest",
        "1032: ConditionalActionPolicy validation failed due to InvalidControls.",
    )
}

pub(in super::super) fn policy_rule_missing(what: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/conditionalaccessroot-post-policies (rule); text unconfirmed
    refuse(
        400,
        "BadRequest",
        format!("1032: ConditionalActionPolicy validation failed due to Invalid{what}."),
    )
}

pub(in super::super) fn policy_unknown_id(id: &str) -> Refusal {
    // source: unconfirmed; the service refuses ids it does not know
    refuse(400, "BadRequest", format!("The policy refers to an object that does not exist: {id}."))
}

pub(in super::super) fn no_policy(id: &str) -> Refusal {
    // source: unconfirmed; other workloads of /identity answer in these words
    refuse(404, "ResourceNotFound", format!("Resource '{id}' could not be found."))
}

// ---- applications

pub(in super::super) fn app_missing(property: &str) -> Refusal {
    // source: public code quoting the answer for groups; for applications unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("A value is required for property '{property}' of resource 'Application'."),
    )
    .with_detail("MissingValue", property)
}

pub(in super::super) fn app_invalid(property: &str) -> Refusal {
    // source: public code quoting the answer for users; for applications unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        format!("Invalid value specified for property '{property}' of resource 'Application'."),
    )
    .with_detail("InvalidValue", property)
}

pub(in super::super) fn no_backing_app(id: &str) -> Refusal {
    // source: public code quoting code, text and details
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "The appId '{id}' of the service principal does not reference a valid application object."
        ),
    )
    .with_detail("NoBackingApplicationObject", "appId")
}

pub(in super::super) fn principal_exists(id: &str) -> Refusal {
    // source: public notes quoting the end of the text; code and status unconfirmed
    refuse(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        format!(
            "The service principal cannot be created, updated, or restored because the service principal name {id} is already in use."
        ),
    )
}

pub(in super::super) fn secrets_forbidden() -> Refusal {
    // source: public code quoting code (OfficeDev/TeamsFx) and text (CIPP)
    refuse(
        400,
        "CredentialTypeNotAllowedAsPerAppPolicy",
        "Credential type not allowed as per assigned policy.",
    )
}

pub(in super::super) fn no_secret(id: &str) -> Refusal {
    // source: unconfirmed
    refuse(400, "Request_BadRequest", format!("No password credential found with keyId {id}."))
}

pub(in super::super) fn granted_already() -> Refusal {
    // source: public code quoting the answer (Permission being assigned already exists on the object)
    refuse(
        400,
        "Request_BadRequest",
        "One or more properties are invalid: Permission being assigned already exists on the object.",
    )
}

pub(in super::super) fn no_permission(id: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!("Permission being assigned was not found on application '{id}'."),
    )
}

// ---- domains

pub(in super::super) fn domain_kept(why: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/domain-delete (fails while something depends on it,
    // and for the default and the initial domain); text unconfirmed
    refuse(400, "Request_BadRequest", why)
}

// ---- files and workbooks

pub(in super::super) fn files_denied() -> Refusal {
    // source: public code quoting the answer (OneDrive and SharePoint)
    refuse(403, "accessDenied", "Access denied")
}

pub(in super::super) fn no_drive() -> Refusal {
    // source: public code quoting the answer (alcionai/corso)
    refuse(404, "ResourceNotFound", "User's mysite not found.")
}

pub(in super::super) fn no_file() -> Refusal {
    // source: public code quoting the answer
    refuse(404, "itemNotFound", "The resource could not be found.")
}

pub(in super::super) fn workbook_door_closed() -> Refusal {
    // source: microsoftgraph/microsoft-graph-docs issue 20649, quoting code and text
    refuse(403, "AccessDenied", "Could not obtain a WAC access token.")
}

pub(in super::super) fn workbook_labelled() -> Refusal {
    // source: microsoftgraph/microsoft-graph-docs-contrib issue 1581, quoting code and text
    refuse(403, "OpenWorkbookAccessDenied", "You do not have permissions to open this file.")
}

pub(in super::super) fn workbook_locked(who: &str) -> Refusal {
    // source: public tests quoting code and text; status unconfirmed (423, also 409)
    refuse(423, "EditModeCannotAcquireLock", format!("{who} is editing this workbook."))
}

pub(in super::super) fn no_workbook() -> Refusal {
    // source: learn.microsoft.com/graph/workbook-error-codes (unsupportedWorkbook); code unconfirmed
    refuse(
        400,
        "BadRequest",
        "The request failed. The workbook contains unsupported features or exceeds the size limit.",
    )
}

pub(in super::super) fn session_gone() -> Refusal {
    // source: learn.microsoft.com/graph/workbook-error-codes (invalidSessionReCreatable, as the
    // second code); public tests show 404 and ItemNotFound in front
    refuse(
        404,
        "ItemNotFound",
        "The session specified in the request does not exist or is invalid due to a transient error.",
    )
    .with_inner("invalidSessionReCreatable")
}

pub(in super::super) fn no_sheet() -> Refusal {
    // source: learn.microsoft.com/graph/api/resources/excel, table of errors
    refuse(404, "ItemNotFound", "The requested resource doesn't exist.")
}

pub(in super::super) fn sheet_exists() -> Refusal {
    // source: learn.microsoft.com/graph/api/resources/excel, example of an error (400)
    refuse(400, "ItemAlreadyExists", "A resource with the same name or identifier already exists.")
}

pub(in super::super) fn bad_argument() -> Refusal {
    // source: learn.microsoft.com/graph/api/resources/excel, table of errors
    refuse(400, "InvalidArgument", "The argument is invalid or missing or has an incorrect format.")
}

pub(in super::super) fn bad_dimensions() -> Refusal {
    // source: OfficeDev/office-js issue 1025 and microsoft-graph-docs-contrib issue 7248
    refuse(
        400,
        "InvalidArgument",
        "The number of rows or columns in the input array doesn't match the size or dimensions of the range.",
    )
}

pub(in super::super) fn last_sheet() -> Refusal {
    // source: unconfirmed; Excel keeps one visible sheet
    refuse(400, "InvalidOperation", "A workbook must contain at least one visible worksheet.")
}
