//! What goes wrong on command, and what had happened all the same.

use countersign::sim::microsoft::{Fault, FaultKind, RetryAfter};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{JOHN, Sim};

fn path() -> String {
    format!("/v1.0/users/{JOHN}")
}

async fn disable(sim: &Sim) -> Result<(u16, String), reqwest::Error> {
    let request = sim.http.patch(format!("{}{}", sim.base, path())).bearer_auth(&sim.token);
    let response = request.json(&json!({ "accountEnabled": false })).send().await?;
    Ok((response.status().as_u16(), response.text().await?))
}

fn enabled(sim: &Sim) -> bool {
    sim.world.user(JOHN).unwrap()["accountEnabled"].as_bool().unwrap()
}

#[tokio::test]
async fn a_cut_connection_gives_no_answer_with_or_without_the_effect() {
    let sim = Sim::start().await;
    sim.world.faults().push(Fault::once("PATCH", &path(), FaultKind::CutBefore));
    let error = disable(&sim).await.unwrap_err();
    assert!(error.is_request(), "cut before any header: {error:?}");
    assert!(enabled(&sim));

    sim.world.faults().push(Fault::once("PATCH", &path(), FaultKind::CutAfter));
    assert!(disable(&sim).await.is_err());
    assert!(!enabled(&sim));
    let logged = sim.world.requests();
    assert!(logged.iter().all(|line| line.status.is_none()));
    assert_eq!(disable(&sim).await.unwrap().0, 204, "the next connection is whole");
}

#[tokio::test]
async fn throttling_says_how_long_or_nothing_or_nonsense() {
    let sim = Sim::start().await;
    for (said, expected) in [(Some("10"), Some("10")), (None, None), (Some("soon"), Some("soon"))] {
        let retry_after = RetryAfter(said.map(str::to_owned));
        let kind = FaultKind::Status { status: 429, retry_after, after_effect: false };
        sim.world.faults().push(Fault::once("GET", "/v1.0/users", kind));
        let reply = sim.get("/users").await;
        assert_eq!((reply.status, reply.code()), (429, "TooManyRequests"));
        let header = reply.headers.get("retry-after").map(|value| value.to_str().unwrap());
        assert_eq!(header, expected);
        assert_eq!(sim.get("/users").await.status, 200);
    }
}

#[tokio::test]
async fn a_gateway_fails_after_the_effect_a_proxy_lies_and_an_answer_is_torn() {
    let sim = Sim::start().await;
    let kind =
        FaultKind::Status { status: 504, retry_after: RetryAfter::default(), after_effect: true };
    sim.world.faults().push(Fault::once("PATCH", "*", kind));
    assert_eq!(disable(&sim).await.unwrap().0, 504);
    assert!(!enabled(&sim));

    sim.world.faults().push(Fault::once("GET", "*", FaultKind::Html));
    let reply = sim.get("/users").await;
    assert_eq!((reply.status, &reply.body), (200, &Value::Null));
    assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8");

    sim.world.faults().push(Fault::once("GET", "*", FaultKind::Truncated));
    let request = sim.http.get(format!("{}{}", sim.base, path())).bearer_auth(&sim.token);
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with('{') && serde_json::from_str::<Value>(&text).is_err());
}

#[tokio::test]
async fn stale_reads_answer_the_old_value_until_the_clock_has_moved() {
    let sim = Sim::start().await;
    let stale = Fault::once("GET", &format!("{}*", path()), FaultKind::StaleReads { ms: 5_000 });
    sim.world.faults().push(stale.times(None));
    sim.clock.advance(SignedDuration::from_mins(1));
    disable(&sim).await.unwrap();
    let read = async || {
        sim.get(&format!("/users/{JOHN}?$select=accountEnabled")).await.body["accountEnabled"]
            .clone()
    };
    assert_eq!(read().await, true);
    sim.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(read().await, false);
}

#[tokio::test]
async fn chance_comes_from_the_seed_and_delays_from_tokio() {
    let run = async |seed: u64| {
        let sim = Sim::start().await;
        let kind = FaultKind::Status {
            status: 503,
            retry_after: RetryAfter::default(),
            after_effect: false,
        };
        let mut fault = Fault::once("GET", "*", kind).times(None);
        (fault.probability, fault.seed) = (0.5, seed);
        sim.world.faults().push(fault);
        let mut statuses = Vec::new();
        for _ in 0..16 {
            statuses.push(sim.get("/domains").await.status);
        }
        statuses
    };
    let (first, second) = (run(7).await, run(7).await);
    assert_eq!(first, second);
    assert!(first.contains(&200) && first.contains(&503), "{first:?}");
    assert_ne!(first, run(8).await);

    let sim = Sim::start().await;
    let fault = Fault::once("GET", "*", FaultKind::Latency { ms: 30 });
    sim.world.faults().push(fault);
    let before = tokio::time::Instant::now();
    assert_eq!(sim.get("/domains").await.status, 200);
    assert!(before.elapsed().as_millis() >= 30);
}

#[tokio::test]
async fn faults_are_pinned_up_over_http_in_plain_words() {
    let sim = Sim::start().await;
    let url = format!("{}/_sim/faults", sim.base);
    let faults = json!([
        { "method": "GET", "path": "/v1.0/users", "kind": "status", "status": 429, "retry_after": 3, "times": 2 },
        { "kind": "latency", "ms": 0, "times": null },
    ]);
    let response = sim.http.post(&url).json(&faults).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let listed: Value = sim.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["times"]), (2, &json!(2)));
    assert_eq!(listed[1]["times"], json!(null));
    assert_eq!(sim.get("/users").await.headers["retry-after"], "3");
    assert_eq!(sim.get("/users").await.status, 429);
    assert_eq!(sim.get("/users").await.status, 200);
    assert_eq!(sim.http.delete(&url).send().await.unwrap().status(), 204);
    assert!(sim.world.faults().list().is_empty());
}
