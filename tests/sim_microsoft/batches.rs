//! Batches: twenty at most, each item for itself, answers in any order.

use std::collections::HashMap;

use countersign::sim::microsoft::{DEMO_CLIENT_ID, Fault, FaultKind, RetryAfter};
use serde_json::{Value, json};

use crate::support::{EXCHANGE, JOHN, Sim};

fn by_id(body: &Value) -> HashMap<String, Value> {
    let responses = body["responses"].as_array().expect("responses");
    responses.iter().map(|item| (item["id"].as_str().unwrap().to_owned(), item.clone())).collect()
}

#[tokio::test]
async fn every_item_has_its_own_status_and_a_failed_one_stops_those_that_wait() {
    let sim = Sim::start().await;
    let json_type = json!({ "Content-Type": "application/json" });
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/users/john.doe@contoso.com?$select=id" },
        { "id": "2", "method": "PATCH", "url": "/users/nobody@contoso.com", "headers": json_type, "body": { "city": "x" } },
        { "id": "3", "dependsOn": ["2"], "method": "PATCH", "url": "users/john.doe@contoso.com", "headers": json_type, "body": { "city": "x" } },
        { "id": "4", "method": "POST", "url": "/users/john.doe@contoso.com/revokeSignInSessions" },
        { "id": "5", "dependsOn": ["4"], "method": "PATCH", "url": "/users/john.doe@contoso.com", "headers": json_type, "body": { "accountEnabled": false } },
    ]});
    let reply = sim.post("/$batch", batch).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let answers = by_id(&reply.body);
    let statuses: Vec<_> = ["1", "2", "3", "4", "5"]
        .iter()
        .map(|id| answers[*id]["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 404, 424, 200, 204]);
    assert!(answers["5"].get("body").is_none());
    assert_ne!(reply.body["responses"][0]["id"], "1", "order means nothing");
    let felt: Vec<_> = sim.world.ledger().into_iter().map(|effect| effect.what).collect();
    assert_eq!(felt, ["user.revoke_sessions", "user.update"]);
}

#[tokio::test]
async fn a_batch_that_breaks_a_rule_is_refused_whole() {
    let sim = Sim::start().await;
    let get = |id: &str, url: &str| json!({ "id": id, "method": "GET", "url": url });
    let many: Vec<_> = (0..21).map(|n| get(&n.to_string(), "/users")).collect();
    for wrong in [
        json!(many),
        json!([]),
        json!([get("a", "/users"), get("A", "/users")]),
        json!([get("a", "https://graph.microsoft.com/v1.0/users")]),
        json!([get("a", "/v1.0/users")]),
        json!([{ "id": "a", "method": "PATCH", "url": "/users/x", "body": {} }]),
        json!([{ "id": "a", "method": "GET", "url": "/users", "dependsOn": ["b"] }]),
    ] {
        let reply = sim.post("/$batch", json!({ "requests": wrong.clone() })).await;
        assert_eq!(reply.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn one_item_is_throttled_and_one_goes_missing_after_its_effect() {
    let sim = Sim::start().await;
    let throttle =
        FaultKind::Status { status: 429, retry_after: RetryAfter::seconds(7), after_effect: false };
    sim.world.faults().push(Fault::once("PATCH", "/v1.0/users/john*", throttle));
    sim.world.faults().push(Fault::once("PATCH", "/v1.0/users/jane*", FaultKind::MissingItem));
    let patch = |id: &str, who: &str| {
        json!({
            "id": id, "method": "PATCH", "url": format!("/users/{who}@contoso.com"),
            "headers": { "Content-Type": "application/json" }, "body": { "city": "Leeds" },
        })
    };
    let batch = json!({ "requests": [patch("1", "john.doe"), patch("2", "jane.roe"), patch("3", "tina.tech")] });
    let reply = sim.post("/$batch", batch).await;
    let answers = by_id(&reply.body);
    assert_eq!(answers.len(), 2);
    assert_eq!(answers["1"]["status"], 429);
    assert_eq!(answers["1"]["headers"]["Retry-After"], "7");
    assert_eq!(answers["3"]["status"], 204);
    let city = |who: &str| sim.world.user(&format!("{who}@contoso.com")).unwrap()["city"].clone();
    assert_eq!((city("john.doe"), city("jane.roe")), (json!(null), json!("Leeds")));
}

#[tokio::test]
async fn exchange_takes_commands_in_a_batch_too() {
    let sim = Sim::start().await;
    let tenant = sim.world.tenant_id();
    let invoke = format!("{}/adminapi/beta/{tenant}/InvokeCommand", sim.base);
    let command = |id: &str, name: &str, who: &str| {
        json!({
            "id": id, "method": "POST", "url": invoke,
            "headers": { "X-CmdletName": name, "X-AnchorMailbox": format!("UPN:{who}") },
            "body": { "CmdletInput": { "CmdletName": name, "Parameters": { "Identity": who } } },
        })
    };
    let batch = json!({ "requests": [command("1", "Get-Mailbox", JOHN), command("2", "Get-Mailbox", "nobody@contoso.com")] });
    let token = sim.world.access_token(DEMO_CLIENT_ID, EXCHANGE).unwrap();
    let url = format!("{}/adminapi/beta/{tenant}/$batch", sim.base);
    let body: Value = sim
        .http
        .post(url)
        .bearer_auth(token)
        .json(&batch)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let answers = by_id(&body);
    assert_eq!(answers["1"]["body"]["value"][0]["UserPrincipalName"], JOHN);
    assert_eq!(answers["2"]["status"], 404);
}
