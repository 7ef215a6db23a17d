//! Proposals of programs that were changed by dice: each is refused with a problem that says why,
//! or taken as what it says. None is our own error, and none of them signs anything.

use serde_json::json;

use crate::{
    mutate::{Dice, mutated, wanted},
    programs::{TOKEN, client, programs_as_often_as},
    stage::Stage,
};

/// So many bodies are sent.
const BODIES: u64 = 150;
const SEED: u64 = 201;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_proposal_is_refused_with_a_reason_or_waits_for_a_signature() {
    let stage = Stage::with(programs_as_often_as(600)).await;
    let bodies = [
        json!({ "action": "disable_user", "arguments": { "user": "john.doe@contoso.com" } }),
        json!({ "action": "reset_password", "arguments": { "user": "jane.roe@contoso.com" }, "at": "2026-12-01T09:00" }),
        json!({ "action": "get_user", "arguments": { "user": "Omar Haddad" } }),
        json!({ "action": "create_user", "arguments": { "name": "Nia Long", "upn": "nia.long@contoso.com" } }),
    ]
    .map(|body| body.to_string().into_bytes());
    let (mut dice, to) = (Dice::new(SEED), format!("{}/api/v1/proposals", stage.base));
    let mut refused = 0;
    for case in 0..wanted().unwrap_or(BODIES).max(BODIES) {
        let body = mutated(&bodies, &mut dice);
        let shown = String::from_utf8_lossy(&body[..body.len().min(1_000)]).into_owned();
        let asked =
            client().post(&to).bearer_auth(TOKEN).header("content-type", "application/json");
        let answer = asked.header("Idempotency-Key", format!("k-{case}")).body(body).send().await;
        let answer = answer.unwrap();
        let status = answer.status();
        assert!(!status.is_server_error(), "seed {SEED}, case {case}: {status}\n{shown}");
        if status.is_client_error() {
            refused += 1;
            let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
            assert_eq!(kind, "application/problem+json", "seed {SEED}, case {case}\n{shown}");
        }
    }
    stage.settle().await;
    assert!(refused > 50, "seed {SEED}: {refused} were refused");
    assert_eq!(stage.world.ledger().len(), 0, "nobody signed anything");
}
