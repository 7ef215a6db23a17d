//! Devices: listed, wiped, retired, deleted; and what no application may do.

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{AppRegistration, Fault, FaultKind},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    given::{asked, each_holds, given, line, looked, signed},
    stage::{HELPDESK, Settings, Stage, slack_id},
};

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_listed_by_owner_and_by_state() {
    let stage = Stage::new().await;
    each_holds(
        &stage,
        &[
            ("list John Doe's devices", &["LT-JDOE-01", "IPH-JDOE", "not compliant"]),
            ("show the devices of Olga Depot", &["none"]),
            ("list all managed devices", &["LT-JDOE-01", "Galaxy S24", "LT-SHARED-07"]),
            ("show all noncompliant devices", &["IPH-JDOE", "LT-OHADDAD-01", "Omar Haddad"]),
        ],
    )
    .await;
    let said = asked(&stage, "list the Android devices we manage").await;
    assert!(said.contains("Galaxy S24") && !said.contains("LT-JDOE-01"), "{said}");
    let said = looked(&stage, "list_managed_devices", json!({ "department": "Finance" })).await;
    assert!(said.contains("LT-SHARED-07") && !said.contains("IPH-JDOE"), "{said}");
    let user = "john.doe@contoso.com";
    let filter = "startswith(displayName,'LT-')";
    let said = looked(&stage, "list_user_devices", json!({ "user": user, "filter": filter })).await;
    assert!(said.contains("LT-JDOE-01") && !said.contains("IPH-JDOE"), "{said}");
    let said =
        looked(&stage, "list_user_devices", json!({ "user": user, "select": ["manufacturer"] }))
            .await;
    assert!(said.contains("HP"), "{said}");
    stage.world.set_app(AppRegistration::demo().without("DeviceManagementManagedDevices.Read.All"));
    // The token of before lives an hour, and with it the permission.
    stage.pass(SignedDuration::from_mins(70)).await;
    stage.says("tina.tech", "list all managed devices").await;
    let said = line(&stage);
    assert!(said.contains("DeviceManagementManagedDevices.Read.All"), "{said}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wipe_is_done_when_intune_has_it_in_its_queue_and_is_not_asked_twice() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "wipe John Doe's laptop").await;
    let card = stage.newest(HELPDESK);
    for wanted in [
        "Wipe LT-JDOE-01 (Windows EliteBook 840)",
        "Serial number: 5CG1001JD",
        "Device: as it is → erased",
        "It happens when LT-JDOE-01 next asks Intune what to do",
        "what was on the device is gone for good",
    ] {
        assert!(card.contains(wanted), "{wanted}: {card}");
    }
    assert_eq!(signed(&stage).await, ["device.wipe"]);
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
    stage.says("tina.tech", "wipe the device LT-OHADDAD-01").await;
    assert_eq!(signed(&stage).await, ["device.wipe"]);
    stage.says("tina.tech", "wipe the device LT-OHADDAD-01").await;
    let said = line(&stage);
    assert!(said.contains("LT-OHADDAD-01 is to be wiped already"), "{said}");
    stage.says("tina.tech", "retire the device LT-OHADDAD-01").await;
    assert!(line(&stage).contains("is to be wiped already"), "{}", line(&stage));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_retired_and_one_that_cannot_be_wiped_says_so() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "retire the device IPH-JDOE").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Company data: as it is → removed"), "{card}");
    assert_eq!(signed(&stage).await, ["device.retire"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    stage.says("tina.tech", "wipe the device Galaxy S24").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Galaxy S24 is somebody's own device"), "{card}");
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Failed: ") && card.contains("is retired, not wiped"), "{card}");
    let app =
        AppRegistration::demo().without("DeviceManagementManagedDevices.PrivilegedOperations.All");
    stage.world.set_app(app);
    // The token of before lives an hour, and with it the permission.
    stage.pass(SignedDuration::from_mins(70)).await;
    stage.says("tina.tech", "wipe the device LT-JDOE-01").await;
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    let card = stage.newest(HELPDESK);
    assert!(card.contains("DeviceManagementManagedDevices.PrivilegedOperations.All"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wipe_whose_answer_is_lost_is_looked_for_and_never_sent_again() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "wipe the device LT-OHADDAD-01").await;
    let fault = Fault::once("POST", "*/wipe", FaultKind::CutAfter);
    assert!(stage.world.faults().push(fault));
    assert_eq!(signed(&stage).await, ["device.wipe"]);
    stage.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(stage.effects(), ["device.wipe"], "once");
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "the queue shows it: {card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_are_told_apart_by_serial_number_and_user() {
    let stage = Stage::new().await;
    given(&stage, "wipe_device", json!({ "device": "LT-SHARED-07" })).await;
    let card = stage.with_button(HELPDESK, Verb::Pick).expect("a question with choices");
    let shown = crate::stage::shown(&card);
    assert!(shown.contains("Which one do you mean?"), "{shown}");
    assert!(shown.contains("5CG1007AA") && shown.contains("Fiona Ledger"), "{shown}");
    let blocks = card.blocks.unwrap().to_string();
    let at = blocks.find("5CG1007BB").unwrap();
    let value = &blocks[at..];
    let value = &value[value.find("\"value\":\"").unwrap() + 9..];
    let value = value[..value.find('"').unwrap()].to_owned();
    stage.slack.fill(&slack_id("tina.tech"), &card.ts, "choice", &value).await.unwrap();
    stage.presses("tina.tech", HELPDESK, Verb::Pick).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("5CG1007BB"), "{card}");
    assert_eq!(signed(&stage).await, ["device.wipe"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_device_is_blocked_until_the_operator_names_it() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "delete the device FELIX-TABLET").await;
    assert!(stage.effects().is_empty());
    let said = stage.newest(HELPDESK);
    assert!(!said.starts_with("Waiting for a signature"), "{said}");
    drop(stage);
    let settings = Settings {
        policy: "secrets_to = \"requester\"\nunblocked = [\"delete_device\"]".to_owned(),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    stage.says("tina.tech", "delete the device FELIX-TABLET").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Delete FELIX-TABLET (Windows Surface Go) from the directory"), "{card}");
    assert!(card.contains("BitLocker recovery keys"), "{card}");
    assert_eq!(signed(&stage).await, ["device.delete"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    stage.says("tina.tech", "delete the device FELIX-TABLET").await;
    assert!(
        line(&stage).contains("No device called “FELIX-TABLET” was found."),
        "{}",
        line(&stage)
    );
    stage.says("tina.tech", "delete the device SRV-BUILD-02").await;
    assert!(line(&stage).contains("mastered in Active Directory"), "{}", line(&stage));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_made_the_owner_of_a_device_and_the_answer_says_who_can() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "make Jane Roe the owner of device LT-JDOE-01").await;
    let said = line(&stage);
    assert!(said.contains("lets no application set the registered owner"), "{said}");
    assert!(said.contains("Intune admin center"), "{said}");
    stage.says("tina.tech", "make John Doe the owner of device LT-JDOE-01").await;
    assert_eq!(line(&stage), "Nothing to do: John Doe owns LT-JDOE-01.");
    assert!(stage.effects().is_empty());
}
