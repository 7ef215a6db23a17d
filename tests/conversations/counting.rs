//! What the operator's page and probes say after a conversation.

use std::sync::OnceLock;

use countersign::{app::House, domain::chat::Verb, web::metrics};
use serde_json::Value;

use crate::stage::{APPROVALS, Stage};

fn browser() -> &'static reqwest::Client {
    static BROWSER: OnceLock<reqwest::Client> = OnceLock::new();
    BROWSER.get_or_init(|| reqwest::Client::builder().no_proxy().build().unwrap())
}

async fn counted(house: &House) -> String {
    let gauges = house.store.gauges().await.unwrap();
    house.doors.metrics.text(Some(&gauges), house.desk.clock.now())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_counts_what_happened_and_names_nobody() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let open = counted(stage.house()).await;
    assert!(open.contains("countersign_requests_open{state=\"pending\"} 1\n"), "{open}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let answer = browser().post(format!("{}/api/messages", stage.base)).body("{}").send().await;
    assert_eq!(answer.unwrap().status(), 401);
    let text = counted(stage.house()).await;
    for line in [
        "countersign_decisions_total{choice=\"approve\"} 1",
        "countersign_requests_ended_total{state=\"succeeded\"} 1",
        "countersign_steps_total{change=\"set_password\",outcome=\"done\"} 1",
        "countersign_deliveries_total{door=\"slack_interactions\",result=\"accepted\",reason=\"none\"} 1",
        "countersign_deliveries_total{door=\"teams\",result=\"refused\",reason=\"not_authentic\"} 1",
        "countersign_click_seconds_count 1",
        "countersign_waiting{what=\"write\"} 0",
        "countersign_store_up 1",
    ] {
        assert!(text.contains(&format!("{line}\n")), "no {line} in\n{text}");
    }
    for some in ["countersign_microsoft_calls_total{service=\"graph\",status=\"2xx\"}", "process_"]
    {
        assert!(text.contains(some), "no {some} in\n{text}");
    }
    for name in ["john", "tina", "anna", "contoso"] {
        assert!(!text.contains(name), "{name} is on the page:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_not_on_the_doors_and_the_probe_sees_the_record_stop() {
    let stage = Stage::new().await;
    let fetch =
        async |path: &str| browser().get(format!("{}{path}", stage.base)).send().await.unwrap();
    assert_eq!(fetch("/metrics").await.status(), 404);
    let ready = fetch("/readyz").await;
    assert_eq!(ready.status(), 200);
    let said: Value = serde_json::from_str(&ready.text().await.unwrap()).unwrap();
    assert_eq!(said["chats"], serde_json::json!(["slack", "teams"]), "{said}");
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    stage.pass(jiff::SignedDuration::from_mins(2)).await;
    let late = fetch("/readyz").await;
    assert_eq!(late.status(), 503);
    assert!(late.text().await.unwrap().contains("not continued"));
    stage.keep_record().await;
    assert_eq!(fetch("/readyz").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_an_address_of_its_own() {
    let stage = Stage::new().await;
    let house = stage.house();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let page = metrics::router(
        house.doors.metrics.clone(),
        house.store.clone(),
        house.doors.clock.clone(),
    );
    tokio::spawn(async move { axum::serve(listener, page).await });
    let answer = browser().get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert!(answer.text().await.unwrap().contains("# TYPE countersign_click_seconds histogram"));
    let door = browser().get(format!("http://{address}/healthz")).send().await.unwrap();
    assert_eq!(door.status(), 404);
}
