//! Large tenants and difficult names: 5,000 users, somebody in 300 groups, a licence with 40
//! services, names with apostrophes, accents, right-to-left letters and emoji, guests. Slack's and Teams' own
//! limits are the simulator's: it refuses a card that the service would refuse.

use countersign::domain::chat::Verb;
use serde_json::{Value, json};

use crate::{
    given::{asked, given, looked},
    stage::{APPROVALS, HELPDESK, Settings, Stage, shown, slack_id},
};

const NAMES: &[(&str, &str)] = &[
    ("seamus.oneill", "Séamus O’Neill"),
    ("darcy", "D'Arcy \"Dee\" <Smith> & Co"),
    ("zoe.zolc", "Zoë Żółć-Ångström"),
    ("mohammed", "محمد عبد الله"),
    ("li.xiaolong", "李小龍"),
    ("ana", "Ana 🦊👩‍👩‍👧 da Silva"),
    ("star", "*Bold* _name_ ~x~ `code`"),
];

/// The services of the large E5, by their plan's name; the tenant's own and made-up ones.
fn services() -> Vec<String> {
    let known = ["EXCHANGE_S_ENTERPRISE", "TEAMS1", "SHAREPOINTENTERPRISE", "OFFICESUBSCRIPTION"];
    let more = ["AAD_PREMIUM", "AAD_PREMIUM_P2", "INTUNE_A", "YAMMER_ENTERPRISE", "SWAY"];
    let known = known.iter().chain(&more).map(|name| (*name).to_owned());
    let made = (10..=40).map(|at| format!("RECORDS_AND_DISCOVERY_ADD_ON_{at}"));
    known.chain(made).collect()
}

/// Contoso with 5,000 more people, an E5 with 40 services, and John Doe in 300 more groups.
fn large() -> Value {
    let text = include_str!("../../src/sim/microsoft/data/contoso.json");
    let mut tenant: Value = serde_json::from_str(text).unwrap();
    let person = |upn: &str, name: &str| {
        json!({
            "upn": format!("{upn}@contoso.com"), "displayName": name, "givenName": null,
            "surname": null, "department": "Retail", "jobTitle": "Associate", "manager": null,
            "officeLocation": "Leeds", "mobilePhone": null, "mail": format!("{upn}@contoso.com"),
            "userType": "Member", "accountEnabled": true, "licenses": [],
        })
    };
    let users = tenant["users"].as_array_mut().unwrap();
    users.extend(NAMES.iter().map(|(upn, name)| person(upn, name)));
    users.extend((0..5_000).map(|at| person(&format!("shop{at:04}"), &format!("Shop {at:04}"))));
    let skus = tenant["skus"].as_array_mut().unwrap();
    let e5 = skus.iter_mut().find(|sku| sku["skuPartNumber"] == "SPE_E5").unwrap();
    e5["servicePlans"] = json!(services());
    let groups = tenant["groups"].as_array_mut().unwrap();
    groups.extend((0..300).map(|at| {
        json!({
            "displayName": format!("Circle {at:03}"), "groupType": "security", "mail": null,
            "owners": [], "members": ["john.doe@contoso.com"],
        })
    }));
    tenant
}

async fn stage() -> Stage {
    Stage::with(Settings { directory: Some(large().to_string()), ..Settings::default() }).await
}

/// Presses the button that leads on, on what Tina Tech alone was shown last.
async fn turned(stage: &Stage) -> String {
    let tina = slack_id("tina.tech");
    let (channel, message) = stage.slack.whispers(&tina).pop().unwrap();
    let blocks = message.blocks.as_ref().unwrap();
    let buttons = blocks
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|block| block["elements"].as_array().cloned().unwrap_or_default());
    let on = buttons
        .filter_map(|button| button["action_id"].as_str().map(str::to_owned))
        .find(|action| action.ends_with(":on"))
        .unwrap_or_else(|| panic!("no button leads on: {}", shown(&message)));
    stage.slack.press(&tina, &channel, &message.ts, &on).await.unwrap();
    stage.settle().await;
    stage.whispered("tina.tech").pop().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_five_thousand_is_turned_page_by_page() {
    let stage = stage().await;
    let first = asked(&stage, "list all users").await;
    assert!(first.contains("Ada Admin"), "{first}");
    let second = turned(&stage).await;
    assert!(second.contains("Page 2") && !second.contains("Ada Admin"), "{second}");
    let third = turned(&stage).await;
    assert!(third.contains("Page 3"), "{third}");
    let found = looked(&stage, "list_users", json!({ "department": "Retail" })).await;
    assert!(found.contains("5007"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_three_hundred_groups_is_listed_and_taken_out_of_all() {
    let stage = stage().await;
    let listed = asked(&stage, "list John Doe's groups").await;
    assert!(listed.contains("Circle 000"), "{listed}");
    stage.says("tina.tech", "remove john.doe@contoso.com from all groups").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("steps are too many for one message"), "{card}");
    // The first press lists every step to whoever presses, the second signs.
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty(), "nobody signs what was not listed");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
    assert_eq!(stage.effects().len(), 303);
    let john = stage.world.user("john.doe@contoso.com").unwrap();
    assert_eq!(john["groups"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_with_forty_services_names_each_that_is_left_off() {
    let stage = stage().await;
    assert_eq!(services().len(), 40);
    let listed = looked(&stage, "list_skus", json!({ "license": "SPE_E5" })).await;
    for service in ["Microsoft Teams", "Sway", "RECORDS_AND_DISCOVERY_ADD_ON_40"] {
        assert!(listed.contains(service), "{service}: {listed}");
    }
    // All but Exchange, Teams and SharePoint are left off: 37 names to sign for.
    let off = &services()[3..];
    let wanted = json!({
        "user": "john.doe@contoso.com", "add": ["SPE_E5"], "leave_off": off, "remove": ["SPE_E3"],
    });
    given(&stage, "set_licenses", wanted).await;
    let card = stage.newest(APPROVALS);
    for service in ["Sway", "Microsoft Intune", "RECORDS_AND_DISCOVERY_ADD_ON_40"] {
        assert!(card.contains(service), "{service}: {card}");
    }
    assert!(!card.contains("Microsoft Teams"), "it stays on: {card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
    let shown = asked(&stage, "show the licences of john.doe@contoso.com").await;
    assert!(shown.contains("Microsoft 365 E5: ") && shown.contains("−"), "{shown}");
    // A service that is in no licence given is named, with what there is.
    let unknown = json!({
        "user": "jane.roe@contoso.com", "add": ["SPE_E5"], "leave_off": ["Minecraft"],
    });
    given(&stage, "set_licenses", unknown).await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("Minecraft") && said.contains("and 28 more"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_people_are_called_they_are_shown_and_changed_as_they_are() {
    let stage = stage().await;
    for (upn, name) in NAMES {
        stage.says("tina.tech", &format!("disable {upn}@contoso.com")).await;
        // Marks that a face would take for its own are taken away; letters never are.
        let letters = |text: &str| -> String {
            let text = text.replace("&amp;", "&");
            text.chars().filter(|c| c.is_alphabetic() && !"ˋˍ".contains(*c)).collect()
        };
        let card = stage.newest(APPROVALS);
        assert!(letters(&card).contains(&letters(name)), "{name}: {card}");
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with("Done: "), "{name}: {card}");
        let user = stage.world.user(&format!("{upn}@contoso.com")).unwrap();
        assert_eq!(user["accountEnabled"], false, "{name}");
        assert_eq!(user["displayName"], *name, "the name is left alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_found_by_the_address_people_know() {
    let stage = stage().await;
    let shown = asked(&stage, "who is rita.partner@fabrikam.com?").await;
    assert!(shown.contains("Rita Partner") && shown.contains("guest"), "{shown}");
    let upn = "rita.partner_fabrikam.com#EXT#@contoso.onmicrosoft.com";
    stage.says("tina.tech", &format!("add {upn} to VPN Users")).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Rita Partner"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["group.member.add"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}
