//! Ledger, request log, state, reset; and that no secret is in any of them.

use countersign::sim::microsoft::{CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET};
use serde_json::{Value, json};

use crate::support::{JOHN, Sim};

const PASSWORD: &str = "Gr33n-Harbour-71";

#[tokio::test]
async fn the_ledger_says_what_happened_to_whom_and_by_which_request() {
    let sim = Sim::start().await;
    let request = sim
        .http
        .patch(format!("{}/v1.0/users/{JOHN}", sim.base))
        .header("client-request-id", "step-17")
        .json(&json!({ "accountEnabled": false }));
    let reply = sim.send(request).await;
    assert_eq!(reply.headers["client-request-id"], "step-17");
    let ledger: Value = sim
        .http
        .get(format!("{}/_sim/ledger", sim.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let effect = &ledger[0];
    assert_eq!((&effect["number"], &effect["what"]), (&json!(1), &json!("user.update")));
    assert_eq!((&effect["target"]["name"], &effect["app"]), (&json!(JOHN), &json!(DEMO_CLIENT_ID)));
    assert_eq!(
        (&effect["before"], &effect["after"]),
        (&json!({ "accountEnabled": true }), &json!({ "accountEnabled": false }))
    );
    assert_eq!(
        (&effect["clientRequestId"], &effect["at"]),
        (&json!("step-17"), &json!("2026-11-21T10:00:00Z"))
    );
    assert_eq!(effect["requestId"], reply.headers["request-id"].to_str().unwrap());
}

#[tokio::test]
async fn no_password_secret_or_token_is_kept_anywhere() {
    let sim = Sim::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", DEMO_CLIENT_ID),
        ("client_secret", DEMO_CLIENT_SECRET),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let url = format!("{}/{CONTOSO_TENANT}/oauth2/v2.0/token", sim.base);
    assert_eq!(sim.http.post(url).form(&form).send().await.unwrap().status(), 200);
    let body = json!({ "passwordProfile": { "password": PASSWORD, "forceChangePasswordNextSignIn": true } });
    assert_eq!(sim.patch(&format!("/users/{JOHN}"), body.clone()).await.status, 204);
    let item = json!({
        "id": "1", "method": "PATCH", "url": format!("/users/{JOHN}"), "body": body,
        "headers": { "Content-Type": "application/json" },
    });
    assert_eq!(sim.post("/$batch", json!({ "requests": [item] })).await.status, 200);
    sim.send(
        sim.http
            .post(format!("{}/v1.0/users", sim.base))
            .body(format!("{{\"password\": \"{PASSWORD}\"")),
    )
    .await;

    let mut everything = format!("{:?}", sim.world.requests());
    for page in ["ledger", "state", "requests"] {
        let url = format!("{}/_sim/{page}", sim.base);
        everything += &sim.http.get(url).send().await.unwrap().text().await.unwrap();
    }
    for secret in [PASSWORD, DEMO_CLIENT_SECRET, sim.token.as_str()] {
        assert!(!everything.contains(secret));
    }
    assert!(everything.contains("Placeholder-0000"));
    assert!(sim.world.password_is(JOHN, PASSWORD));
}

#[tokio::test]
async fn state_shows_one_person_and_reset_brings_the_file_back() {
    let sim = Sim::start().await;
    sim.patch(&format!("/users/{JOHN}"), json!({ "accountEnabled": false })).await;
    let url = format!("{}/_sim/state?user={JOHN}", sim.base);
    let john: Value = sim.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&john["accountEnabled"], &john["manager"]),
        (&json!(false), &json!("samir.nadar@contoso.com"))
    );
    assert_eq!(john["licenses"], json!(["SPE_E3"]));
    let reset = sim.http.post(format!("{}/_sim/reset", sim.base)).send().await.unwrap();
    assert_eq!(reset.status(), 204);
    let john: Value = sim.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(john["accountEnabled"], true);
    assert!(sim.world.ledger().is_empty() && sim.world.requests().is_empty());
    let nobody = format!("{}/_sim/state?user=nobody", sim.base);
    assert_eq!(sim.http.get(nobody).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let sim = Sim::start().await;
    let body = json!({ "aboutMe": "x".repeat(4 * 1024 * 1024) });
    assert_eq!(sim.patch(&format!("/users/{JOHN}"), body).await.status, 413);
}

#[test]
fn every_refusal_names_its_source() {
    let mut files = vec![std::path::PathBuf::from("src/sim/microsoft")];
    let mut counted = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let called = line.contains("refuse(") && !line.contains("fn refuse(");
            if !called {
                continue;
            }
            counted += 1;
            let before = &lines[at.saturating_sub(3)..at];
            let named = before.iter().any(|line| line.trim_start().starts_with("// source: "));
            assert!(named, "{}:{} names no source", path.display(), at + 1);
        }
    }
    assert!(counted >= 70, "only {counted} refusals were found");
}

#[test]
fn object_ids_come_from_names_so_that_runs_agree_and_a_broken_file_is_refused() {
    use countersign::sim::microsoft::World;
    let clock = crate::support::clock();
    let (first, second) = (World::contoso(clock.clone()), World::contoso(clock.clone()));
    assert_eq!(first.tenant(), second.tenant());
    assert_eq!(first.tenant_id().to_string(), CONTOSO_TENANT);
    assert!(World::from_directory("{}", clock).is_err());
}

#[tokio::test]
async fn part_of_the_mailbox_settings_can_be_asked_for_alone() {
    let sim = Sim::start().await;
    let replies = sim.get(&format!("/users/{JOHN}/mailboxSettings/automaticRepliesSetting")).await;
    assert_eq!((replies.status, &replies.body["status"]), (200, &json!("disabled")));
    let purpose = sim.get("/users/info@contoso.com/mailboxSettings/userPurpose").await;
    assert_eq!(purpose.body["value"], "shared");
}
