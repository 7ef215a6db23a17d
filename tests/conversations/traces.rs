//! Traces: a collector sees the way of a request, and nothing of what is said on it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use countersign::{
    adapters::{
        clock::SystemClock,
        telemetry::{Spans, start},
    },
    config::Telemetry,
    domain::{chat::Verb, ids::Number},
};
use serde_json::Value;
use tokio::sync::Notify;

use crate::{
    leaks::{leaks, log},
    stage::{APPROVALS, Stage},
};

/// What a collector was sent.
#[derive(Clone, Default)]
struct Collector {
    bodies: Arc<Mutex<Vec<Bytes>>>,
    more: Arc<Notify>,
}

impl Collector {
    /// Opens on a port of its own; gives its address.
    async fn open(&self) -> String {
        let take = |State(own): State<Self>, body: Bytes| async move {
            own.bodies.lock().unwrap().push(body);
            own.more.notify_one();
            "{}"
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/v1/traces", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }

    fn spans(&self) -> Vec<Value> {
        let bodies = self.bodies.lock().unwrap();
        let all = bodies.iter().map(|body| serde_json::from_slice::<Value>(body).unwrap());
        all.flat_map(|body| {
            body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone()
        })
        .collect()
    }

    /// Waits until spans of all these names are there.
    async fn has(&self, names: &[&str]) -> Vec<Value> {
        let all_there = async {
            loop {
                let spans = self.spans();
                let known: BTreeSet<_> =
                    spans.iter().filter_map(|span| span["name"].as_str()).collect();
                if names.iter().all(|name| known.contains(name)) {
                    return spans;
                }
                self.more.notified().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), all_there).await.unwrap_or_else(|_| {
            panic!("not all of {names:?} came: {:#?}", self.spans());
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_sees_the_way_of_a_request_and_nothing_that_is_said() {
    log();
    let collector = Collector::default();
    let settings = Telemetry { endpoint: collector.open().await, authorization: None };
    start(&settings, Spans::of_process(), Arc::new(SystemClock)).unwrap();
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password of felix.brandt@contoso.com to Canary-77!x").await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    // A delivery continues the trace that it comes with, also one that is refused.
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let refused = reqwest::Client::builder().no_proxy().build().unwrap();
    let refused = refused
        .post(format!("{}/slack/events", stage.base))
        .header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"))
        .body("felix.brandt@contoso.com");
    assert_eq!(refused.send().await.unwrap().status(), 401);

    let wanted = ["delivery", "desk", "save", "run", "steps", "microsoft", "card", "message"];
    let spans = collector.has(&wanted).await;
    let store = &stage.house().store;
    let jane = store.numbered(&stage.tenant(), Number(1002)).await.unwrap().unwrap();
    let of_jane = jane.id.to_string().replace('-', "");
    for name in ["run", "steps", "card"] {
        let own = |span: &&Value| span["name"] == name && span["traceId"] == of_jane.as_str();
        assert!(spans.iter().any(|span| own(&span)), "no {name} in {of_jane}: {spans:#?}");
    }
    let continued = spans.iter().find(|span| span["traceId"] == trace).expect("it was continued");
    assert_eq!(continued["parentSpanId"], "b7ad6b7169203331");
    assert!(continued["attributes"].to_string().contains("401"), "{continued}");

    let bodies = collector.bodies.lock().unwrap().concat();
    assert!(bodies.len() > 2_000, "{} bytes", bodies.len());
    let text = String::from_utf8(bodies.clone()).unwrap().to_lowercase();
    for word in ["felix", "brandt", "jane", "tina", "anna", "contoso", "canary", "@"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let said = [
        "felix.brandt",
        "contoso.com",
        "jane.roe@contoso.com",
        "tina.tech",
        "anna.approver",
        "Canary-77!x",
        "disable jane",
        "eyJhbGciOi",
    ];
    let said: Vec<_> = said.iter().map(|word| (*word, (*word).to_owned())).collect();
    let found = leaks(&[("what was collected".to_owned(), bodies)], &said);
    assert!(found.is_empty(), "{found:#?}");
}
