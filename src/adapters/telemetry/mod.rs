//! Traces for an OpenTelemetry collector.
//!
//! - [`layer`]  hears of spans, keeps what they may say, and hands them on when they end
//! - [`ids`]    trace and span ids, and the W3C trace context (`traceparent`)
//! - [`otlp`]   spans as OTLP has them, in its JSON form
//! - [`export`] posts them to the collector, and gives up rather than wait
//!
//! A request's spans lie in one trace, whose id is the request's: what was asked today, signed on
//! Monday and carried out on Tuesday by another replica is one picture. Deliveries begin traces of
//! their own, or continue the one that their `traceparent` names.
//!
//! Off unless `[telemetry]` is in the settings: then a place where a span would begin costs one
//! comparison. Not here: metrics and logs, which have pages of their own.

pub mod export;
pub mod ids;
pub mod layer;
pub mod otlp;

pub use export::start;
pub use ids::traceparent;
pub use layer::Spans;
