//! What is wrong with the asking itself.

use super::{Refusal, refuse};

// ---- tokens and rights

pub(in super::super) fn no_token() -> Refusal {
    // source: unconfirmed
    refuse(401, "InvalidAuthenticationToken", "Access token is empty.")
}

pub(in super::super) fn token_expired() -> Refusal {
    // source: public code quoting the answer
    refuse(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
}

pub(in super::super) fn wrong_audience() -> Refusal {
    // source: unconfirmed
    refuse(401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
}

pub(in super::super) fn bad_token() -> Refusal {
    // source: public code quoting the answer; other faults of a token have other words
    refuse(
        401,
        "InvalidAuthenticationToken",
        "IDX14100: JWT is not well formed, there are no dots (.).",
    )
}

pub(in super::super) fn not_allowed() -> Refusal {
    // source: learn.microsoft.com/graph/resolve-auth-errors
    refuse(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

pub(in super::super) fn mailbox_denied() -> Refusal {
    // source: public code quoting the answer (also learn.microsoft.com/graph/auth-limit-mailbox-access)
    refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
}

// ---- addresses and bodies

pub(in super::super) fn no_segment(segment: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(400, "BadRequest", format!("Resource not found for the segment '{segment}'."))
}

pub(in super::super) fn no_method() -> Refusal {
    // source: public code quoting the answer
    refuse(
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
    )
}

pub(in super::super) fn no_object(key: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(
        404,
        "Request_ResourceNotFound",
        format!(
            "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
        ),
    )
}

pub(in super::super) fn bad_object_id(key: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(400, "Request_BadRequest", format!("Invalid object identifier '{key}'."))
}

pub(in super::super) fn unreadable_body() -> Refusal {
    // source: public code quoting the answer (microsoftgraph/msgraph-sdk-go issue 203)
    refuse(
        400,
        "BadRequest",
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    )
}

pub(in super::super) fn empty_body() -> Refusal {
    // source: public code quoting the answer (n8n, CIPP-API)
    refuse(400, "BadRequest", "Empty Payload. JSON content expected.")
}

// ---- query options

pub(in super::super) fn page_size(size: &str) -> Refusal {
    // source: public code quoting the answer (turbot/steampipe-plugin-azuread)
    refuse(
        400,
        "Request_UnsupportedQuery",
        format!("Invalid page size specified: '{size}'. Must be between 1 and 999 inclusive."),
    )
}

pub(in super::super) fn no_skip() -> Refusal {
    // source: public code quoting the answer (stackql provider notes)
    refuse(400, "Request_BadRequest", "'$skip' is not supported by the service.")
}

pub(in super::super) fn expired_page() -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    )
}

pub(in super::super) fn unknown_property(property: &str, kind: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "BadRequest",
        format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{property}' on type '{kind}'."
        ),
    )
}

pub(in super::super) fn unknown_filter_property(property: &str, kind: &str) -> Refusal {
    // source: unconfirmed; built like the answer for $select
    refuse(
        400,
        "BadRequest",
        format!(
            "Invalid filter clause: Could not find a property named '{property}' on type '{kind}'."
        ),
    )
}

pub(in super::super) fn bad_filter(why: &str) -> Refusal {
    // source: unconfirmed
    refuse(400, "BadRequest", format!("Invalid filter clause: {why}"))
}

pub(in super::super) fn unfilterable(property: &str, kind: &str) -> Refusal {
    // source: public code quoting the answer
    refuse(
        400,
        "Request_UnsupportedQuery",
        format!(
            "Unsupported or invalid query filter clause specified for property '{property}' of resource '{kind}'."
        ),
    )
}

pub(in super::super) fn needs_eventual(operator: &str) -> Refusal {
    // source: public code quoting the answer; the words for operators other than endsWith and ne are unconfirmed
    refuse(
        400,
        "Request_UnsupportedQuery",
        if operator == "NotEqualsMatch" {
            "Filter operator 'NotEqualsMatch' is not supported.".to_owned()
        } else {
            format!(
                "Operator '{operator}' is not supported because the 'ConsistencyLevel:eventual' header is missing."
            )
        },
    )
}

pub(in super::super) fn search_needs_eventual() -> Refusal {
    // source: learn.microsoft.com/graph/aad-advanced-queries, section on error handling
    refuse(
        400,
        "Request_UnsupportedQuery",
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    )
}

pub(in super::super) fn count_needs_eventual() -> Refusal {
    // source: learn.microsoft.com/graph/aad-advanced-queries, section on error handling
    refuse(400, "Request_BadRequest", "$count is not currently supported.")
}

pub(in super::super) fn no_sorting() -> Refusal {
    // source: public code quoting the answer (pnp/graph tests, several portals)
    refuse(400, "Request_UnsupportedQuery", "Sorting not supported for current query.")
}

pub(in super::super) fn bad_search() -> Refusal {
    // source: learn.microsoft.com/graph/search-query-parameter (rule); text unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "Invalid $search query: each clause must be \"property:value\" in double quotes.",
    )
}

pub(in super::super) fn unsupported_query(what: &str) -> Refusal {
    // source: unconfirmed (the code is Microsoft's, the words are ours)
    refuse(400, "Request_UnsupportedQuery", format!("Unsupported Query: {what}."))
}

// ---- batches, throttling, trouble

pub(in super::super) fn bad_batch(why: impl Into<String>) -> Refusal {
    // source: learn.microsoft.com/graph/json-batching (rules); texts unconfirmed
    refuse(400, "BadRequest", why)
}

pub(in super::super) fn batch_too_long() -> Refusal {
    // source: release notes of a public product quoting code and text (MaximumValueExceeded)
    refuse(
        400,
        "MaximumValueExceeded",
        "Number of batch request steps exceeds the maximum value of 20.",
    )
}

pub(in super::super) fn batch_needs_content_type(id: &str) -> Refusal {
    // source: public code quoting the answer (pnp/pnpcore, team archiving)
    refuse(
        400,
        "BadRequest",
        format!("Write request id : {id} does not contain Content-Type header or body."),
    )
}

pub(in super::super) fn dependency_failed() -> Refusal {
    // source: learn.microsoft.com/graph/json-batching (424); text unconfirmed
    refuse(424, "FailedDependency", "The request this one depends on has failed.")
}

pub(in super::super) fn body_too_large() -> Refusal {
    // source: unconfirmed; Graph's own limit for a request is 4 MB
    refuse(413, "RequestEntityTooLarge", "The request body is too large.")
}

pub(in super::super) fn no_delta_query() -> Refusal {
    // source: learn.microsoft.com/answers question 1090594, `$filter` and `$orderby` of users/delta
    refuse(400, "Request_UnsupportedQuery", "Unsupported Query.")
}

pub(in super::super) fn not_tracked(properties: &[&str]) -> Refusal {
    // source: microsoft-graph-docs issue 14141, microsoft-graph-explorer-v4 issue 3189
    refuse(
        400,
        "BadRequest",
        format!(
            "Invalid request for delta query: for this entity set, $expand/$select is not supported for the following properties: {}",
            properties.join(",")
        ),
    )
}

pub(in super::super) fn delta_token_expired() -> Refusal {
    // source: devblogs.microsoft.com/microsoft365dev, "Duration of change tracking tokens for
    // identity and education resources"
    refuse(
        400,
        "syncStateNotFound",
        "The sync state generation is not found. The delta token is expired and data must be synchronized again.",
    )
}

pub(in super::super) fn delta_token_unreadable() -> Refusal {
    // source: unconfirmed
    refuse(400, "BadRequest", "Badly formed token.")
}

pub(in super::super) fn resync() -> Refusal {
    // source: learn.microsoft.com/graph/delta-query-overview, "Synchronization reset"; the code
    // and the text unconfirmed
    refuse(410, "resyncRequired", "Resync required. Restart with a full synchronization.")
}

/// An error status on command, in the words Graph has for it.
pub(in super::super) fn on_command(status: u16, retry_after: Option<String>) -> Refusal {
    let (code, message) = match status {
        410 => return resync(),
        429 => ("TooManyRequests", "Too Many Requests"),
        500 => ("InternalServerError", "An internal server error occurred."),
        502 => ("BadGateway", "Bad gateway."),
        503 => ("ServiceUnavailable", "The service is temporarily unavailable."),
        504 => ("GatewayTimeout", "The service did not answer in time."),
        _ => ("UnknownError", "An error occurred."),
    };
    // source: learn.microsoft.com/graph/throttling and /graph/errors (codes); texts other than 429 unconfirmed
    let mut refusal = refuse(status, code, message);
    refusal.retry_after = retry_after;
    refusal
}
