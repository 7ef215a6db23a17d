//! Traces: what is measured on a request's way, for whoever runs it.
//!
//! Spans are those of the `tracing` crate with [`SPANS`] as their target. They carry fields of
//! [`FIELDS`] and no other: ids of ours, names of actions and changes, counts. A name, an address,
//! a word or a secret has no field to be in. Without a collector in the settings no span is made.

/// The target of every span.
pub const SPANS: &str = "spans";

/// What a span may say.
pub const FIELDS: &[&str] = &[
    "change",   // the kind of change, such as user.disable
    "door",     // teams, slack_events, …
    "facts",    // how many facts of the record
    "kind",     // said, pressed, filled, …
    "method",   // GET, POST, …
    "next",     // how a turn of carrying out ended
    "outcome",  // told, put_off, …
    "parent",   // W3C trace context that came in; never shown as an attribute
    "platform", // slack, teams
    "request",  // a request's id
    "requests", // how many requests
    "service",  // graph, exchange, sign_in
    "status",   // an HTTP status
    "step",     // a step's number on the card
    "tenant",   // a tenant's id
    "tries",    // how often it was tried before
];
