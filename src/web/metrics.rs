//! `/metrics`: what was counted, on an address of its own.
//!
//! - [`Metrics`]       what is counted, and from where
//! - [`count`]         a layer of the doors: deliveries, and how long clicks took
//! - [`Metrics::saw`]  the store's turns: decisions, steps, requests, messages
//! - [`Metrics::called`] requests to Microsoft
//! - [`router`]        the page
//! - [`credentials`]   until when the bot's own last
//! - [`family`]        the text format
//!
//! Labels are stable names of ours. Not here: names, ids, words; and the doors' own
//! addresses, on which there is no such page.

pub mod credentials;
pub mod family;

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use serde_json::Value;
use tracing::{Instrument as _, field::Empty, info_span};

use crate::{
    adapters::store::{gauges::Gauges, upkeep::Upkeep, witness::Seen},
    domain::{decision::Choice, trouble::chain},
    ports::{
        clock::Clock,
        store::{Told, Turn},
        trace::SPANS,
    },
    web::metrics::{
        credentials::Credentials,
        family::{Family, Histogram, Label, Page},
    },
};

/// What is counted. One for each process.
#[derive(Debug)]
pub struct Metrics {
    began: Timestamp,
    deliveries: Family<3>,
    clicks: Histogram,
    decisions: Family<1>,
    ended: Family<1>,
    steps: Family<2>,
    told: Family<2>,
    microsoft: Family<2>,
    /// The bot's own secrets and certificates.
    pub credentials: Credentials,
    /// Whether the record was what was signed, when it was looked through after the start.
    record_whole: OnceLock<bool>,
}

/// Marks the answer to a click.
#[derive(Debug, Clone, Copy)]
struct Click;

/// Marks the answer to a click that counts, so that its time is measured.
pub fn click(answer: impl IntoResponse) -> Response {
    let mut answer = answer.into_response();
    answer.extensions_mut().insert(Click);
    answer
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new(began: Timestamp) -> Self {
        Self {
            began,
            deliveries: Family::new(
                "countersign_deliveries_total",
                "Deliveries at the doors: accepted, refused or failed, and why.",
                ["door", "result", "reason"],
            ),
            clicks: Histogram::new(
                "countersign_click_seconds",
                "From a click's arrival to its answer, for clicks that were stored.",
            ),
            decisions: Family::new(
                "countersign_decisions_total",
                "Votes stored, by choice.",
                ["choice"],
            ),
            ended: Family::new(
                "countersign_requests_ended_total",
                "Requests that came to a final state.",
                ["state"],
            ),
            steps: Family::new(
                "countersign_steps_total",
                "Steps that ended, by kind of change and outcome.",
                ["change", "outcome"],
            ),
            told: Family::new(
                "countersign_messages_total",
                "Tries to say a message or to draw a card.",
                ["what", "result"],
            ),
            microsoft: Family::new(
                "countersign_microsoft_calls_total",
                "Requests to Microsoft, by service and class of status; a batch is one.",
                ["service", "status"],
            ),
            credentials: Credentials::default(),
            record_whole: OnceLock::new(),
        }
    }

    /// The record was looked through after the start: it is what was signed, or not.
    pub fn looked_through(&self, whole: bool) {
        self.record_whole.get_or_init(|| whole);
    }

    /// A delivery was answered at a door.
    pub fn answered(&self, door: &'static str, answer: &Response, took: Duration) {
        let (result, reason) = class(answer.status());
        self.deliveries.count([door.into(), result.into(), reason.into()]);
        if answer.status().is_success() && answer.extensions().get::<Click>().is_some() {
            self.clicks.took(took);
        }
    }

    /// The store saved or was told something.
    pub fn saw(&self, seen: Seen<'_>) {
        match seen {
            Seen::Saved(turn) => self.saved(turn),
            Seen::Said(told) => self.told.count(["message".into(), result(told).into()]),
            Seen::Drawn(told) => self.told.count(["card".into(), result(told).into()]),
        }
    }

    fn saved(&self, turn: &Turn) {
        for vote in &turn.votes {
            let choice = match vote.choice {
                Choice::Approve => "approve",
                Choice::Reject => "reject",
            };
            self.decisions.count([choice.into()]);
        }
        for (request, _) in turn.requests.iter().filter(|(request, _)| request.stage.is_final()) {
            self.ended.count([request.stage.name().into()]);
        }
        for fact in turn.facts.iter().filter(|fact| fact.header.kind == "step.ended") {
            let named = |key: &str| -> Label {
                fact.payload[key].as_str().unwrap_or("unknown").to_owned().into()
            };
            self.steps.count([named("change"), named("outcome")]);
        }
    }

    /// A request to Microsoft, as the request log has it.
    pub fn called(&self, line: &Value) {
        let path = line["path"].as_str().unwrap_or_default();
        let service = match path {
            token if token.contains("/oauth2/") => "sign_in",
            cmdlet if cmdlet.starts_with("/adminapi/") => "exchange",
            _ => "graph",
        };
        let status = match line["status"].as_u64() {
            None => "no_answer",
            Some(429) => "429",
            Some(200..=299) => "2xx",
            Some(300..=399) => "3xx",
            Some(400..=499) => "4xx",
            Some(_) => "5xx",
        };
        self.microsoft.count([service.into(), status.into()]);
    }

    /// The page's text.
    pub fn text(&self, gauges: Option<&Gauges>, now: Timestamp) -> String {
        let mut page = Page::default();
        self.deliveries.write(&mut page);
        self.clicks.write(&mut page);
        self.decisions.write(&mut page);
        self.ended.write(&mut page);
        self.steps.write(&mut page);
        self.told.write(&mut page);
        self.microsoft.write(&mut page);
        self.credentials.write(&mut page, now);
        page.gauge(
            "countersign_store_up",
            "1 when the store could be read for this page.",
            u8::from(gauges.is_some()),
        );
        if let Some(gauges) = gauges {
            write_gauges(&mut page, gauges, now);
        }
        if let Some(whole) = self.record_whole.get() {
            page.gauge(
                "countersign_record_whole",
                "1 when the record was what was signed, 0 when not; it is looked through once after the start.",
                u8::from(*whole),
            );
        }
        if let Some(bytes) = resident_bytes() {
            page.gauge("process_resident_memory_bytes", "Memory in use.", bytes);
        }
        page.gauge(
            "process_start_time_seconds",
            "When the process began, in seconds since 1970.",
            self.began.as_second(),
        );
        page.text()
    }
}

fn write_gauges(page: &mut Page, gauges: &Gauges, now: Timestamp) {
    let name = "countersign_requests_open";
    page.begin(name, "Requests that are not final, by state.", "gauge");
    for (state, count) in &gauges.requests {
        page.line(name, &[("state", state)], count);
    }
    let name = "countersign_waiting";
    page.begin(name, "What is stored and waits for its turn.", "gauge");
    page.line(name, &[("what", "write")], gauges.writes);
    page.line(name, &[("what", "delivery")], gauges.deliveries);
    page.line(name, &[("what", "message")], gauges.messages);
    page.line(name, &[("what", "card")], gauges.cards);
    page.gauge("countersign_paused", "1 while everything is paused.", u8::from(gauges.paused));
    page.gauge("countersign_record_facts", "Facts in the record.", gauges.facts);
    page.gauge(
        "countersign_record_behind_seconds",
        "Age of the oldest fact that no signed head covers; 0 when there is none.",
        gauges.behind(now).as_secs(),
    );
    if let Some(at) = gauges.head_at {
        page.gauge(
            "countersign_record_head_age_seconds",
            "Age of the newest signed head.",
            now.duration_since(at).as_secs().max(0),
        );
    }
}

/// Accepted, refused or failed; and why.
fn class(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        200..=299 => ("accepted", "none"),
        401 => ("refused", "not_authentic"),
        403 => ("refused", "not_allowed"),
        404 => ("refused", "not_set_up"),
        408 => ("failed", "too_slow"),
        410 => ("refused", "gone"),
        413 => ("refused", "too_large"),
        501 => ("refused", "not_supported"),
        503 => ("failed", "store_or_keys"),
        400..=499 => ("refused", "malformed"),
        _ => ("failed", "inside"),
    }
}

fn result(told: &Told) -> &'static str {
    match told {
        Told::Said(_) | Told::Doubtful(..) => "told",
        Told::NotYet(_) => "paced",
        Told::Later(_) => "put_off",
        Told::Never(_) => "given_up",
    }
}

/// The resident set, where Linux tells it (proc(5), `VmRSS` in kB).
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// A layer of the doors: counts deliveries, measures clicks, and begins the trace of each.
pub async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let door = match request.uri().path() {
        _ if request.method() != Method::POST => None,
        "/api/messages" => Some("teams"),
        "/slack/events" => Some("slack_events"),
        "/slack/interactions" => Some("slack_interactions"),
        "/slack/commands" => Some("slack_commands"),
        "/s/open" => Some("links"),
        "/api/v1/proposals" => Some("api"),
        _ => None,
    };
    let Some(door) = door else { return next.run(request).await };
    let came_from = request.headers().get("traceparent").and_then(|said| said.to_str().ok());
    let span = info_span!(target: SPANS, "delivery", door, parent = came_from, status = Empty);
    let began = Instant::now();
    let answer = next.run(request).instrument(span.clone()).await;
    span.record("status", answer.status().as_u16());
    metrics.answered(door, &answer, began.elapsed());
    answer
}

/// What the page is made from.
#[derive(Clone)]
struct Sources {
    metrics: Arc<Metrics>,
    store: Arc<dyn Upkeep>,
    clock: Arc<dyn Clock>,
}

/// The page, for an address of its own.
pub fn router(metrics: Arc<Metrics>, store: Arc<dyn Upkeep>, clock: Arc<dyn Clock>) -> Router {
    Router::new().route("/metrics", get(page)).with_state(Sources { metrics, store, clock })
}

async fn page(State(from): State<Sources>) -> Response {
    let gauges = match from.store.gauges().await {
        Ok(gauges) => Some(gauges),
        Err(error) => {
            tracing::error!(error = %chain(&error), "The store could not be read for /metrics");
            None
        }
    };
    let text = from.metrics.text(gauges.as_ref(), from.clock.now());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_are_told_apart_by_service_and_status() {
        let metrics = Metrics::new(Timestamp::UNIX_EPOCH);
        for (path, status) in [
            ("/contoso/oauth2/v2.0/token", json!(200)),
            ("/v1.0/users", json!(429)),
            ("/v1.0/users", json!(403)),
            ("/adminapi/beta/x/InvokeCommand", json!(500)),
            ("/v1.0/$batch", Value::Null),
        ] {
            metrics.called(&json!({ "path": path, "status": status }));
        }
        let text = metrics.text(None, Timestamp::UNIX_EPOCH);
        for labels in [
            "service=\"sign_in\",status=\"2xx\"",
            "service=\"graph\",status=\"429\"",
            "service=\"graph\",status=\"4xx\"",
            "service=\"exchange\",status=\"5xx\"",
            "service=\"graph\",status=\"no_answer\"",
        ] {
            let line = format!("countersign_microsoft_calls_total{{{labels}}} 1\n");
            assert!(text.contains(&line), "no {line} in\n{text}");
        }
        assert!(text.contains("countersign_store_up 0\n"));
    }

    #[test]
    fn only_the_answer_to_a_click_that_counts_is_measured() {
        let metrics = Metrics::new(Timestamp::UNIX_EPOCH);
        let took = Duration::from_millis(3);
        metrics.answered("slack_interactions", &click(StatusCode::OK), took);
        metrics.answered("slack_interactions", &click(StatusCode::SERVICE_UNAVAILABLE), took);
        metrics.answered("slack_events", &StatusCode::OK.into_response(), took);
        metrics.answered("teams", &StatusCode::UNAUTHORIZED.into_response(), took);
        let text = metrics.text(None, Timestamp::UNIX_EPOCH);
        assert!(text.contains("countersign_click_seconds_count 1\n"), "{text}");
        let refused = "{door=\"teams\",result=\"refused\",reason=\"not_authentic\"} 1\n";
        assert!(text.contains(refused), "{text}");
    }
}
