//! Who owns a group: asked for by itself, and handed over when an owner leaves.

use countersign::domain::chat::Verb;
use serde_json::{Value, json};

use crate::{
    lifecycle::approved,
    stage::{APPROVALS, HELPDESK, Settings, Stage},
};

/// The built-in tenant.
const CONTOSO: &str = include_str!("../../src/sim/microsoft/data/contoso.json");
const SAMIR: &str = "samir.nadar@contoso.com";
const GRACE: &str = "grace.chambers@contoso.com";
const BOB: &str = "bob.lead@contoso.com";

fn owners(stage: &Stage, name: &str) -> Value {
    let tenant = stage.world.tenant();
    let groups = tenant["groups"].as_array().expect("a list");
    let found = groups.iter().find(|group| group["displayName"] == name);
    let found = found.unwrap_or_else(|| panic!("{name} is no group"));
    let mut owners: Vec<&str> =
        found["owners"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    owners.sort_unstable();
    json!(owners)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_becomes_an_owner_and_is_one_no_longer() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "make Jane Roe an owner of the VPN Users group").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Make Jane Roe an owner of VPN Users"), "{card}");
    assert!(card.contains("not an owner → an owner"), "{card}");
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(owners(&stage, "VPN Users"), json!([BOB, "jane.roe@contoso.com"]));

    stage.says("tina.tech", "remove Jane Roe as owner of VPN Users").await;
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(owners(&stage, "VPN Users"), json!([BOB]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays_and_a_list_has_managers_instead() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "remove Bob Lead as owner of VPN Users").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("the only owner of VPN Users"), "{said}");
    stage.says("tina.tech", "make Jane Roe an owner of the Company News group").await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("Exchange admin center"), "{said}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_nobody_owns_a_group_that_gives_admin_roles_by_one_signature() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "make Jane Roe an owner of the Tier Zero group").await;
    let said = stage.newest(HELPDESK);
    let why = "Tier Zero is protected: its members can be given admin roles.";
    assert!(said.contains(why), "{said}");
    assert!(stage.bot_said(APPROVALS).is_empty(), "no card is posted");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_takes_over_what_a_leaver_owned_alone_and_gives_it_back() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard samir.nadar@contoso.com").await;
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(owners(&stage, "Sales Team"), json!([GRACE]));
    let effects = stage.effects();
    let at = |what: &str| effects.iter().position(|felt| felt == what).expect(what);
    assert!(at("group.owner.add") < at("group.owner.remove"), "{effects:?}");
    assert!(at("group.owner.remove") < at("group.member.remove"), "{effects:?}");

    stage.says("tina.tech", "bring Samir Nadar back as he was").await;
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(owners(&stage, "Sales Team"), json!([SAMIR]));
    let grace = stage.world.user(GRACE).expect("she is there");
    assert!(!grace["groups"].to_string().contains("Sales Team"), "{grace}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_anybody_to_take_over_the_card_says_who_stays_an_owner() {
    let mut contoso: Value = serde_json::from_str(CONTOSO).expect("a directory");
    for user in contoso["users"].as_array_mut().expect("people") {
        if user["upn"] == SAMIR {
            user["manager"] = Value::Null;
        }
    }
    let directory = Some(contoso.to_string());
    let stage = Stage::with(Settings { directory, ..Settings::default() }).await;
    stage.says("tina.tech", "offboard samir.nadar@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("stays the only owner of Sales Team"), "{card}");
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    assert_eq!(owners(&stage, "Sales Team"), json!([SAMIR]));
}
