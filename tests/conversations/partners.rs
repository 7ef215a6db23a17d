//! Into a customer's tenant in the partner's name: the refresh token of a service account, the
//! roles of a relationship.

use countersign::{
    domain::{chat::Verb, secret::Secret},
    sim::microsoft::{AppRegistration, DEMO_CLIENT_ID},
};
use jiff::SignedDuration;

use crate::{
    stage::{APPROVALS, Customer, Settings, Stage, channel_of},
    tenants::directory,
};

const BLOCK: &str = "block sign-in of john.doe@fabrikam.com";

/// A room with a customer that is reached in the partner's name, with these roles there.
async fn with(roles: Option<&[&str]>) -> Stage {
    let people = [("john.doe", "John Doe"), ("fay.cole", "Fay Cole")];
    let customer = Customer {
        name: "Fabrikam".to_owned(),
        directory: directory(1, "fabrikam.com", &people),
        more: "access = \"partner\"".to_owned(),
    };
    let settings = Settings { customers: vec![customer], unread: true, ..Settings::default() };
    let stage = Stage::with(settings).await;
    let app = AppRegistration::demo();
    let app = if let Some(roles) = roles { app.with_gdap(roles) } else { app };
    stage.customers["Fabrikam"].set_app(app);
    stage
}

/// The operator hands a refresh token over.
async fn signed_in(stage: &Stage) -> String {
    let token = stage.world.partner_token(DEMO_CLIENT_ID);
    stage.house().store.keep_partner_token(&Secret::new(token.as_str())).await.unwrap();
    token
}

async fn kept(stage: &Stage) -> String {
    let token = stage.house().store.partner_token().await.unwrap().unwrap();
    token.value.reveal().to_owned()
}

async fn asks(stage: &Stage, words: &str) -> String {
    let channel = channel_of("Fabrikam");
    stage.says_at("tina.tech", &channel, words).await;
    // Where nobody of the tenant can be read, whoever asks is told alone.
    stage.newest(&channel) + &stage.whispered("tina.tech").concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenant_s_token_is_fetched_in_the_partner_s_name_and_each_use_replaces_the_refresh_token()
 {
    let mut stage = with(Some(&["User Administrator"])).await;
    let first = signed_in(&stage).await;
    asks(&stage, BLOCK).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let fabrikam = stage.customers["Fabrikam"].clone();
    assert_eq!(fabrikam.ledger().len(), 1, "{}", stage.newest(APPROVALS));
    assert!(stage.effects().is_empty(), "the operator's own tenant felt nothing");
    let used = fabrikam.refreshed();
    assert_eq!(used[0], first);
    assert!(used.len() <= 2, "once for each of Microsoft's services, while a token lasts");
    let second = kept(&stage).await;
    assert!(!used.contains(&second), "each use replaces it");
    // After a restart and a while the newest one is used, and replaced again.
    stage.fall().await;
    stage.start().await;
    stage.pass(SignedDuration::from_hours(2)).await;
    asks(&stage, "block sign-in of fay.cole@fabrikam.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(fabrikam.ledger().len(), 2, "{}", stage.newest(APPROVALS));
    let refreshed = fabrikam.refreshed();
    assert_eq!(refreshed[used.len()], second);
    let third = kept(&stage).await;
    // None of them is in a file, and none in the log of requests.
    let log = serde_json::to_string(&*stage.requests.lock().unwrap()).unwrap();
    for token in refreshed.iter().chain([&first, &second, &third]) {
        assert!(!log.contains(token.as_str()), "in the log of requests");
        let spilt = stage
            .files()
            .into_iter()
            .find(|(_, bytes)| bytes.windows(token.len()).any(|part| part == token.as_bytes()));
        assert!(spilt.is_none(), "in {:?}", spilt.unwrap().0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_the_relationship_does_not_allow_names_the_missing_role() {
    let stage = with(Some(&["License Administrator"])).await;
    signed_in(&stage).await;
    asks(&stage, BLOCK).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("the GDAP role User Administrator in this tenant"), "{card}");
    assert!(card.contains("a relationship that includes User Administrator"), "{card}");
    assert!(stage.customers["Fabrikam"].ledger().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sign_in_or_a_relationship_nothing_is_done_and_the_answer_says_what_is_missing() {
    let stage = with(Some(&["User Administrator"])).await;
    let answer = asks(&stage, BLOCK).await;
    assert!(answer.contains("countersign partner keep"), "{answer}");
    // A token that nobody used for too long.
    signed_in(&stage).await;
    stage.pass(SignedDuration::from_hours(91 * 24)).await;
    let answer = asks(&stage, BLOCK).await;
    assert!(answer.contains("a refresh token that has not expired"), "{answer}");
    // The account is in no group of a relationship, and the app is nothing there by itself.
    let stage = with(None).await;
    signed_in(&stage).await;
    let answer = asks(&stage, BLOCK).await;
    assert!(answer.contains("the security group of the GDAP relationship"), "{answer}");
    assert!(stage.customers["Fabrikam"].ledger().is_empty());
}
