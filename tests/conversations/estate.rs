//! Policies, apps, domains and requests of Graph: from words to what the tenant felt.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    given::asked,
    links::token_in,
    stage::{APPROVALS, HELPDESK, Stage, shown},
};

/// What the tenant felt while `doing`.
async fn felt(stage: &Stage, doing: impl Future<Output = ()>) -> Vec<String> {
    let before = stage.effects().len();
    doing.await;
    stage.effects().split_off(before)
}

/// Reads the names of what was made meanwhile.
async fn knows_anew(stage: &Stage) {
    // Policies, apps and devices tell no changes; they are read again after five minutes.
    stage.clock.pass(SignedDuration::from_mins(5));
    let desk = &stage.house().desk;
    desk.people.refresh(desk.directory.as_ref(), &desk.tenant, desk.clock.now()).await.unwrap();
}

/// What the one-time link that Tina got shows.
async fn opened(stage: &Stage) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = format!("{}/s/open", stage.base);
    let token = json!({ "token": token_in(stage) });
    let answer = client.post(address).json(&token).send().await.unwrap();
    let body: Value = answer.json().await.unwrap();
    body["secret"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_deleted_with_a_signature_and_made_again_with_another() {
    let stage = Stage::new().await;
    let words = "delete the conditional access policy \"Terms of use for guests\"";
    stage.says("tina.tech", words).await;
    let card = stage.newest(HELPDESK);
    assert!(
        card.contains("Delete the Conditional Access policy Terms of use for guests"),
        "{card}"
    );
    assert!(card.contains("State: off → none"), "{card}");
    let done = felt(&stage, stage.presses("anna.approver", APPROVALS, Verb::Approve)).await;
    assert_eq!(done, ["policy.delete"]);
    let gone = stage.world.ledger().pop().unwrap();
    assert_eq!((gone.target.name.as_str(), gone.after), ("Terms of use for guests", Value::Null));
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Make the Conditional Access policy Terms of use for guests"), "{card}");
    let done = felt(&stage, stage.presses("anna.approver", APPROVALS, Verb::Approve)).await;
    assert_eq!(done, ["policy.create"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_of_an_app_is_seen_once_by_whoever_asked() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "register a new app called Badge Printer").await;
    let made = felt(&stage, stage.presses("anna.approver", APPROVALS, Verb::Approve)).await;
    assert!(made.contains(&"application.create".to_owned()), "{made:?}");
    let app = stage.world.ledger().into_iter().find(|felt| felt.what == "application.create");
    let client = app.unwrap().after["appId"].as_str().unwrap().to_owned();
    knows_anew(&stage).await;
    stage.says("tina.tech", "add a client secret to the app Badge Printer").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Goes to Tina Tech"), "{card}");
    assert!(card.contains("Cannot be undone: a secret that was shown stays valid"), "{card}");
    let made = felt(&stage, stage.presses("anna.approver", APPROVALS, Verb::Approve)).await;
    assert_eq!(made, ["application.password.add"]);
    let direct = stage.direct("tina.tech").join("\n");
    assert!(direct.contains("A client secret waits for you"), "{direct}");
    for (path, bytes) in stage.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secretText"), "{}: no answer is kept", path.display());
    }
    let value = opened(&stage).await;
    assert!(stage.world.app_secret_is(&client, &value), "it is not the secret");
    for (path, bytes) in stage.files() {
        let held = bytes.windows(value.len()).any(|part| part == value.as_bytes());
        assert!(!held, "{} holds the secret", path.display());
    }
    // What others registered is left to them.
    stage.says("tina.tech", "add a client secret to the app Payroll Connector").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("was not registered by Countersign"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_is_not_deleted_before_the_operator_names_it() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "delete the domain contoso.co.uk").await;
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
    let said = stage.newest(HELPDESK);
    assert!(said.contains("Delete a domain") || said.contains("delete_domain"), "{said}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_graph_is_answered_to_whoever_asked_alone() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "graph GET /users/john.doe@contoso.com?$select=jobTitle").await;
    let said: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    assert!(!said.join("\n").contains("Account Manager"), "{said:?}");
    let own = stage.whispered("tina.tech").pop().expect("an answer for Tina");
    assert!(own.contains("Account Manager"), "{own}");
    assert!(stage.whispered("theo.tech").is_empty());
    for (words, says) in [
        (
            "graph GET /users/john.doe@contoso.com?$select=passwordProfile",
            "This request is not sent",
        ),
        ("graph POST /$batch {\"requests\": []}", "$batch is not sent"),
        ("graph GET /../beta/users", "was not understood"),
        (
            "graph PATCH /users/ada.admin@contoso.com {\"officeLocation\": \"Leeds\"}",
            "is protected",
        ),
    ] {
        let said = asked(&stage, words).await;
        assert!(said.contains(says), "{words}: {said}");
    }
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_listed_takes_two_people() {
    let stage = Stage::new().await;
    let words = "graph PATCH /users/john.doe@contoso.com {\"officeLocation\": \"Leeds\"}";
    stage.says("tina.tech", words).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("2 of the approvers for raw Graph requests"), "{card}");
    assert!(card.contains("Method: none → PATCH") && card.contains("Leeds"), "{card}");
    let one = felt(&stage, stage.presses("anna.approver", APPROVALS, Verb::Approve)).await;
    assert!(one.is_empty(), "one signature is not enough: {one:?}");
    let two = felt(&stage, stage.presses("theo.tech", APPROVALS, Verb::Approve)).await;
    assert_eq!(two, ["user.update"]);
    assert_eq!(stage.world.user("john.doe@contoso.com").unwrap()["officeLocation"], "Leeds");
    let direct = stage.direct("tina.tech").join("\n");
    assert!(direct.contains("An answer of Microsoft Graph waits for you"), "{direct}");
    let answer = opened(&stage).await;
    assert!(answer.contains("answered without a body"), "{answer}");
}
