//! Every error body of Graph and of the token endpoint, each with its source.
//!
//! "Issue" and "public code" mean that the text is quoted there as the service's answer;
//! "unconfirmed" means that nobody has shown it to us yet.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    call::Answer,
    turn::{Turn, seconds},
};

/// What the service will not do.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub details: Vec<Value>,
    pub retry_after: Option<String>,
}

pub(super) type Outcome = Result<Answer, Refusal>;

fn refuse(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { status, code, message: message.into(), details: Vec::new(), retry_after: None }
}

impl Refusal {
    fn with_detail(mut self, code: &str, target: &str) -> Self {
        self.details.push(json!({ "code": code, "message": self.message, "target": target }));
        self
    }

    /// Graph's error body (learn.microsoft.com/graph/errors).
    pub fn answer(&self, turn: &Turn<'_>) -> Answer {
        let mut error = Map::new();
        error.insert("code".into(), json!(self.code));
        error.insert("message".into(), json!(self.message));
        if !self.details.is_empty() {
            error.insert("details".into(), json!(self.details));
        }
        let date = seconds(turn.now);
        error.insert(
            "innerError".into(),
            json!({
                "date": date.trim_end_matches('Z'),
                "request-id": turn.request_id,
                "client-request-id": turn.client_request_id,
            }),
        );
        let mut answer = Answer::json(self.status, json!({ "error": error }));
        if let Some(wait) = &self.retry_after {
            answer = answer.with("Retry-After", wait.clone());
        }
        if self.status == 401 {
            answer = answer.with("WWW-Authenticate", "Bearer realm=\"\", authorization_uri=\"\"");
        }
        answer
    }
}

// ---- tokens and rights

pub(super) fn no_token() -> Refusal {
    // source: issue texts on github.com/microsoftgraph ("Access token is empty.")
    refuse(401, "InvalidAuthenticationToken", "Access token is empty.")
}

pub(super) fn token_expired() -> Refusal {
    // source: issue texts and public code quoting Graph's answer
    refuse(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
}

pub(super) fn wrong_audience() -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
}

pub(super) fn bad_token() -> Refusal {
    // source: issue texts (IDX14100 family); the exact words differ by fault of the token
    refuse(
        401,
        "InvalidAuthenticationToken",
        "IDX14100: JWT is not well formed, there are no dots (.).",
    )
}

pub(super) fn not_allowed() -> Refusal {
    // source: learn.microsoft.com/graph/resolve-auth-errors
    refuse(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

pub(super) fn mailbox_denied() -> Refusal {
    // source: learn.microsoft.com/graph/auth-limit-mailbox-access (code); text unconfirmed
    refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
}

// ---- addresses and bodies

pub(super) fn no_segment(segment: &str) -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(400, "BadRequest", format!("Resource not found for the segment '{segment}'."))
}

pub(super) fn no_method() -> Refusal {
    // source: issue texts ("Specified HTTP method is not allowed for the request target.")
    refuse(
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
    )
}

pub(super) fn no_object(key: &str) -> Refusal {
    // source: learn.microsoft.com/graph/errors and many issue texts
    refuse(
        404,
        "Request_ResourceNotFound",
        format!(
            "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
        ),
    )
}

pub(super) fn bad_object_id(key: &str) -> Refusal {
    // source: issue texts ("Invalid object identifier")
    refuse(400, "Request_BadRequest", format!("Invalid object identifier '{key}'."))
}

pub(super) fn unreadable_body() -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        400,
        "BadRequest",
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    )
}

pub(super) fn empty_body() -> Refusal {
    // source: issue texts ("Empty Payload. JSON content expected.")
    refuse(400, "BadRequest", "Empty Payload. JSON content expected.")
}

// ---- query options

pub(super) fn page_size(size: &str) -> Refusal {
    // source: public code quoting the answer (turbot/steampipe-plugin-azuread)
    refuse(
        400,
        "Request_UnsupportedQuery",
        format!("Invalid page size specified: '{size}'. Must be between 1 and 999 inclusive."),
    )
}

pub(super) fn no_skip() -> Refusal {
    // source: public code quoting the answer (stackql provider notes)
    refuse(400, "Request_BadRequest", "'$skip' is not supported by the service.")
}

pub(super) fn expired_page() -> Refusal {
    // source: issue texts (Directory_ExpiredPageToken)
    refuse(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    )
}

pub(super) fn unknown_property(property: &str, kind: &str) -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        400,
        "BadRequest",
        format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{property}' on type '{kind}'."
        ),
    )
}

pub(super) fn unknown_filter_property(property: &str, kind: &str) -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        400,
        "BadRequest",
        format!(
            "Invalid filter clause: Could not find a property named '{property}' on type '{kind}'."
        ),
    )
}

pub(super) fn bad_filter(why: &str) -> Refusal {
    // source: issue texts ("Invalid filter clause"); the words after the colon are unconfirmed
    refuse(400, "BadRequest", format!("Invalid filter clause: {why}"))
}

pub(super) fn unfilterable(property: &str, kind: &str) -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        400,
        "Request_UnsupportedQuery",
        format!(
            "Unsupported or invalid query filter clause specified for property '{property}' of resource '{kind}'."
        ),
    )
}

pub(super) fn needs_eventual(operator: &str) -> Refusal {
    // source: learn.microsoft.com/graph/aad-advanced-queries, section on error handling
    refuse(
        400,
        "Request_UnsupportedQuery",
        format!(
            "Operator: '{operator}' is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
        ),
    )
}

pub(super) fn search_needs_eventual() -> Refusal {
    // source: learn.microsoft.com/graph/aad-advanced-queries, section on error handling
    refuse(
        400,
        "Request_UnsupportedQuery",
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    )
}

pub(super) fn count_needs_eventual() -> Refusal {
    // source: learn.microsoft.com/graph/aad-advanced-queries, section on error handling
    refuse(400, "Request_BadRequest", "$count is not currently supported.")
}

pub(super) fn no_sorting() -> Refusal {
    // source: public code quoting the answer (pnp/graph tests, several portals)
    refuse(400, "Request_UnsupportedQuery", "Sorting not supported for current query.")
}

pub(super) fn bad_search() -> Refusal {
    // source: learn.microsoft.com/graph/search-query-parameter (rule); text unconfirmed
    refuse(
        400,
        "Request_BadRequest",
        "Invalid $search query: each clause must be \"property:value\" in double quotes.",
    )
}

pub(super) fn unsupported_query(what: &str) -> Refusal {
    // source: issue texts (Request_UnsupportedQuery, "Unsupported Query."); the words are unconfirmed
    refuse(400, "Request_UnsupportedQuery", format!("Unsupported Query: {what}."))
}

// ---- users

pub(super) fn missing_property(property: &str) -> Refusal {
    // source: issue texts ("A value is required for property …")
    refuse(
        400,
        "Request_BadRequest",
        format!("A value is required for property '{property}' of resource 'User'."),
    )
    .with_detail("MissingValue", property)
}

pub(super) fn invalid_value(property: &str) -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        400,
        "Request_BadRequest",
        format!("Invalid value specified for property '{property}' of resource 'User'."),
    )
    .with_detail("InvalidValue", property)
}

pub(super) fn read_only(property: &str) -> Refusal {
    // source: issue texts ("Property '…' is read-only and cannot be set.")
    refuse(
        400,
        "Request_BadRequest",
        format!("Property '{property}' is read-only and cannot be set."),
    )
    .with_detail("ReadOnlyProperty", property)
}

pub(super) fn undeclared_property(property: &str) -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "One or more property values specified are invalid. Property '{property}' does not exist as a declared property or extension property."
        ),
    )
}

pub(super) fn upn_taken() -> Refusal {
    // source: public code and issue texts quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "Another object with the same value for property userPrincipalName already exists.",
    )
    .with_detail("ObjectConflict", "userPrincipalName")
}

pub(super) fn foreign_domain() -> Refusal {
    // source: public code and issue texts quoting the answer, with its details
    refuse(
        400,
        "Request_BadRequest",
        "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    )
    .with_detail("InvalidValue", "userPrincipalName")
}

pub(super) fn password_missing() -> Refusal {
    // source: public code quoting the answer
    refuse(400, "Request_BadRequest", "A password must be specified to create a new user.")
}

pub(super) fn password_weak() -> Refusal {
    // source: public code and issue texts quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "The specified password does not comply with password complexity requirements. Please provide a different password.",
    )
    .with_detail("InvalidPassword", "password")
}

pub(super) fn mastered_on_premises() -> Refusal {
    // source: issue texts and public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
    )
}

pub(super) fn own_manager() -> Refusal {
    // source: unconfirmed
    refuse(400, "Request_BadRequest", "A user cannot be their own manager.")
}

// ---- licences

pub(super) fn both_arrays(missing: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/user-assignlicense (both are required); text from issues
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: {missing}."
        ),
    )
}

pub(super) fn usage_location() -> Refusal {
    // source: issue texts and public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "License assignment cannot be done for user with invalid usage location.",
    )
}

pub(super) fn no_seats(sku: Uuid) -> Refusal {
    // source: issue texts and public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!("Subscription with SKU {sku} does not have any available licenses."),
    )
}

pub(super) fn no_sku(sku: Uuid) -> Refusal {
    // source: issue texts ("License … does not correspond to a valid company License.")
    refuse(
        400,
        "Request_BadRequest",
        format!("License {sku} does not correspond to a valid company License."),
    )
}

pub(super) fn plans_exclude(first: &str, second: &str) -> Refusal {
    // source: issue texts ("… are mutually exclusive")
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "License assignment failed because service plans {first}, {second} are mutually exclusive."
        ),
    )
}

pub(super) fn licence_inherited() -> Refusal {
    // source: issue texts and public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        "User license is inherited from a group membership and it cannot be removed directly from the user.",
    )
}

pub(super) fn licence_not_held() -> Refusal {
    // source: public code quoting the answer (Tools4ever, HelloID connectors)
    refuse(400, "Request_BadRequest", "User does not have a corresponding license.")
}

// ---- groups

pub(super) fn already_member(what: &str) -> Refusal {
    // source: issue texts and public code quoting the answer
    refuse(
        400,
        "Request_BadRequest",
        format!(
            "One or more added object references already exist for the following modified properties: '{what}'."
        ),
    )
}

pub(super) fn exchange_is_master() -> Refusal {
    // source: public code quoting the answer (CIPP-API, several scripts)
    refuse(
        400,
        "Request_BadRequest",
        "Cannot Update a mail-enabled security groups and or distribution list.",
    )
}

pub(super) fn bad_reference() -> Refusal {
    // source: issue texts ("Invalid URL format specified in payload.")
    refuse(400, "Request_BadRequest", "Invalid URL format specified in payload for '@odata.id'.")
}

pub(super) fn last_owner() -> Refusal {
    // source: learn.microsoft.com/graph/api/group-delete-owners (rule); text from issues
    refuse(
        400,
        "Request_BadRequest",
        "The group must have at least one owner, hence this owner cannot be removed.",
    )
}

// ---- mailboxes

pub(super) fn no_mailbox() -> Refusal {
    // source: issue texts on github.com/microsoftgraph
    refuse(
        404,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )
}

pub(super) fn bad_settings(why: &str) -> Refusal {
    // source: learn.microsoft.com/graph/api/user-update-mailboxsettings (rule); code and text unconfirmed
    refuse(400, "ErrorInvalidRequest", why)
}

// ---- batches, throttling, trouble

pub(super) fn bad_batch(why: impl Into<String>) -> Refusal {
    // source: learn.microsoft.com/graph/json-batching (rules); texts unconfirmed
    refuse(400, "BadRequest", why)
}

pub(super) fn batch_too_long() -> Refusal {
    // source: release notes of a public product quoting code and text (MaximumValueExceeded)
    refuse(
        400,
        "MaximumValueExceeded",
        "Number of batch request steps exceeds the maximum value of 20.",
    )
}

pub(super) fn batch_needs_content_type(id: &str) -> Refusal {
    // source: public code quoting the answer (pnp/pnpcore, team archiving)
    refuse(
        400,
        "BadRequest",
        format!("Write request id : {id} does not contain Content-Type header or body."),
    )
}

pub(super) fn dependency_failed() -> Refusal {
    // source: learn.microsoft.com/graph/json-batching (424); text unconfirmed
    refuse(424, "FailedDependency", "The request this one depends on has failed.")
}

pub(super) fn body_too_large() -> Refusal {
    // source: unconfirmed; Graph's own limit for a request is 4 MB
    refuse(413, "RequestEntityTooLarge", "The request body is too large.")
}

/// An error status on command, in the words Graph has for it.
pub(super) fn on_command(status: u16, retry_after: Option<String>) -> Refusal {
    let (code, message) = match status {
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
