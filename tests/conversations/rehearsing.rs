//! "Rehearse this": what a request that waits would do is played in a tenant that is not real.

use countersign::{
    cli::rehearse,
    domain::{chat::Verb, ids::Number},
};
use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    lifecycle::approved,
    stage::{APPROVALS, HELPDESK, Settings, Stage, shown},
};

/// All that the bot said in the help desk's channel, from this message on.
fn said_since(stage: &Stage, from: usize) -> String {
    stage.bot_said(HELPDESK).iter().skip(from).map(shown).collect::<Vec<_>>().join("\n")
}

/// Whether Microsoft was asked for anything but looks.
fn only_looks(requests: &[Value]) -> bool {
    requests.iter().all(|request| {
        let path = request["path"].as_str().unwrap_or_default();
        let looks = |item: &Value| item["method"] == "GET";
        let batch = request["body"]["requests"].as_array();
        let cmdlet = |item: &Value| {
            let name = item["CmdletInput"]["CmdletName"].as_str();
            name.is_some_and(|name| name.starts_with("Get-"))
        };
        let exchange = path.contains("/adminapi/");
        request["method"] == "GET"
            || path.contains("/oauth2/")
            || batch.is_some_and(|items| {
                items.iter().all(|item| looks(item) || (exchange && cmdlet(&item["body"])))
            })
            || (exchange && cmdlet(&request["body"]))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_is_rehearsed_and_nothing_reaches_the_tenant() {
    let stage = Stage::new().await;
    let thread = stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    let from = stage.bot_said(HELPDESK).len();
    let asked = stage.requests.lock().unwrap().len();
    stage.says_in("tina.tech", "rehearse this", &thread).await;
    let said = said_since(&stage, from);
    assert!(said.contains("#1001 was played in a tenant that is not real"), "{said}");
    assert!(said.contains("would fail: 0; would be skipped: 0; no clear end: 0"), "{said}");
    assert!(said.contains("rehearsed: nothing was changed"), "{said}");
    assert!(said.contains("Block sign-in for John Doe"), "{said}");
    let requests = stage.requests.lock().unwrap().clone();
    assert!(requests.len() > asked, "it is read as it is now");
    assert!(only_looks(&requests[asked..]), "{:#?}", &requests[asked..]);
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
    let store = &stage.house().store;
    let request = store.numbered(&stage.tenant(), Number(1001)).await.unwrap().unwrap();
    assert_eq!(request.stage.name(), "pending", "nothing is signed");
    assert!(store.votes(&request.id, request.revision).await.unwrap().is_empty());
    // What was rehearsed is what happens.
    approved(&stage).await;
    let card = stage.newest(APPROVALS);
    assert!(card.starts_with("Done: "), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_rehearses_for_whoever_pressed_it_and_nobody_else_hears() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    assert!(stage.with_button(APPROVALS, Verb::Rehearse).is_none(), "one step is read as fast");
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Rehearse).await;
    let shown = stage.whispered("anna.approver").join("\n");
    assert!(shown.contains("#1002 was played in a tenant that is not real"), "{shown}");
    assert!(shown.contains("Block sign-in for John Doe"), "{shown}");
    assert!(stage.whispered("theo.tech").is_empty());
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
    // Whoever may not sign it does not steer it.
    stage.presses("henry.desk", APPROVALS, Verb::Rehearse).await;
    let shown = stage.whispered("henry.desk").join("\n");
    assert!(!shown.contains("was played"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_fail_is_said_with_its_reason_and_what_hangs_on_it() {
    let policy = "secrets_to = \"requester\"\nprivileged = \"approve:2\"".to_owned();
    let stage = Stage::with(Settings { policy, ..Settings::default() }).await;
    // Microsoft lets no application block an administrator.
    stage.says("tina.tech", "disable ada.admin@contoso.com").await;
    let from = stage.bot_said(HELPDESK).len();
    stage.says("tina.tech", "dry run #1001").await;
    let said = said_since(&stage, from);
    assert!(said.contains("would fail: 1 (1)"), "{said}");
    assert!(said.to_lowercase().contains("administrator"), "{said}");
    assert!(stage.effects().is_empty());
    assert_eq!(stage.world.user("ada.admin@contoso.com").unwrap()["accountEnabled"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stand_in_does_not_know_is_left_out_and_said_to_be() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com and wipe their devices").await;
    let from = stage.bot_said(HELPDESK).len();
    stage.says("tina.tech", "please rehearse #1001").await;
    let said = said_since(&stage, from);
    assert!(said.contains("would fail: 0;"), "{said}");
    assert!(!said.contains("nothing of that sort: 0"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_steer_a_request_rehearses_it_and_only_before_it_begins() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.says("bob.lead", "rehearse #1001").await;
    let said = stage.bot_said(HELPDESK).last().map(shown).unwrap_or_default();
    let said = format!("{said}\n{}", stage.whispered("bob.lead").join("\n"));
    assert!(!said.contains("was played"), "{said}");
    stage.says("anna.approver", "rehearse #1001").await;
    assert!(said_since(&stage, 0).contains("#1001 was played"), "{}", said_since(&stage, 0));
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(5)).await;
    let from = stage.bot_said(HELPDESK).len();
    stage.says("tina.tech", "rehearse #1001").await;
    let said = said_since(&stage, from);
    assert!(said.contains("only what has a plan and has not begun is rehearsed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_rehearses_it_too() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard jane.roe@contoso.com").await;
    let store = &stage.house().store;
    let request = store.numbered(&stage.tenant(), Number(1001)).await.unwrap().unwrap();
    let text = rehearse::text(&**store, &stage.config, &request).await.unwrap();
    assert!(text.contains("#1001 was played"), "{text}");
    assert!(text.contains("Block sign-in for Jane Roe"), "{text}");
    assert!(stage.effects().is_empty());
}
