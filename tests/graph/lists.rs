//! What goes through Exchange.

use std::time::Duration;

use countersign::{
    domain::{change::Change, trouble::Reason},
    ports::hands::{Hands as _, Made},
    sim::microsoft::{AppRegistration, FaultKind},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::room::{Room, add, contoso, disable, refusal, remove, status};

#[tokio::test]
async fn members_of_lists_come_and_go_through_exchange() {
    let room = Room::new().await;
    let omar = room.id("omar.haddad@contoso.com").await;
    for name in ["Company News", "Invoices Access"] {
        let list = room.group(name).await;
        let (come, go) = (add(&list, &omar), remove(&list, &omar));
        for change in [&come, &go] {
            let before = room.look(change).await;
            assert!(!change.holds(None, &before));
            assert!(matches!(room.make(change).await, Made::Accepted(_)));
            assert!(change.holds(Some(&before), &room.look(change).await));
            assert!(matches!(room.make(change).await, Made::AlreadySo), "{name}");
        }
    }
    let felt = room.felt();
    assert_eq!(felt.iter().filter(|what| *what == "list.member.add").count(), 2, "{felt:?}");
}

#[tokio::test]
async fn graph_and_exchange_work_side_by_side_in_one_call_each() {
    let mut directory = contoso();
    for number in 0..6 {
        let mail = format!("list{number}@contoso.com");
        directory["groups"].as_array_mut().unwrap().push(json!({ "mail": mail, "owners": [],
            "displayName": format!("List {number}"), "groupType": "distribution",
            "members": ["john.doe@contoso.com"] }));
    }
    let room = Room::of(&directory).await;
    let john = room.id("john.doe@contoso.com").await;
    let mut changes = vec![disable(&john), remove(&room.group("VPN Users").await, &john)];
    for number in 0..6 {
        changes.push(remove(&room.group(&format!("List {number}")).await, &john));
    }
    let (made, mut asked) = room.asked_during(room.make_all(&changes)).await;
    assert!(made.iter().all(|made| matches!(made, Made::Accepted(_))), "{made:?}");
    asked.sort();
    let exchange = format!("POST /adminapi/beta/{}/$batch", room.tenant);
    assert_eq!(asked, [exchange, "POST /v1.0/$batch".to_owned()]);
    let all: Vec<&Change> = changes.iter().collect();
    let (sights, asked) = room.asked_during(room.microsoft.look(&all)).await;
    assert_eq!(asked.len(), 2, "{asked:?}");
    for (change, sight) in changes.iter().zip(sights) {
        assert!(change.holds(None, &sight.unwrap()), "{change:?}");
    }
}

#[tokio::test]
async fn many_lists_of_one_person_are_looked_at_in_one_listing_of_the_directory() {
    let mut directory = contoso();
    for number in 0..7 {
        let mail = format!("list{number}@contoso.com");
        directory["groups"].as_array_mut().unwrap().push(json!({ "mail": mail, "owners": [],
            "displayName": format!("List {number}"), "groupType": "distribution",
            "members": ["john.doe@contoso.com"] }));
    }
    let room = Room::of(&directory).await;
    let john = room.id("john.doe@contoso.com").await;
    let mut changes = Vec::new();
    for number in 0..7 {
        changes.push(remove(&room.group(&format!("List {number}")).await, &john));
    }
    let all: Vec<&Change> = changes.iter().collect();
    for gone in [false, true] {
        let (sights, asked) = room.asked_during(room.microsoft.look(&all)).await;
        assert_eq!(asked.len(), 1, "{asked:?}");
        for (change, sight) in changes.iter().zip(sights) {
            assert_eq!(change.holds(None, &sight.unwrap()), gone, "{change:?}");
        }
        room.make_all(&changes).await;
    }
}

#[tokio::test]
async fn trouble_in_exchange_is_told_like_trouble_in_graph() {
    let room = Room::new().await;
    let omar = room.id("omar.haddad@contoso.com").await;
    let news = room.group("Company News").await;
    let invoke = "/adminapi/beta/*/InvokeCommand";
    room.break_once("POST", invoke, status(429, Some(9)));
    let made = room.make(&add(&news, &omar)).await;
    assert!(matches!(made, Made::Busy { wait } if wait == Duration::from_secs(9)), "{made:?}");
    room.break_once("POST", invoke, FaultKind::CutAfter);
    assert!(matches!(room.make(&add(&news, &omar)).await, Made::Unsure { .. }));
    room.break_once("POST", invoke, FaultKind::Html);
    assert!(matches!(room.make(&remove(&news, &omar)).await, Made::Unsure { .. }));
    room.break_once("POST", invoke, status(500, None));
    let seen = room.look(&add(&news, &omar)).await;
    assert!(add(&news, &omar).holds(None, &seen), "read again after an error");
    room.break_once("POST", invoke, FaultKind::MissingItem);
    let invoices = room.group("Invoices Access").await;
    let made = room.make_all(&[add(&invoices, &omar), remove(&news, &omar)]).await;
    let unsure = made.iter().filter(|made| matches!(made, Made::Unsure { .. })).count();
    assert_eq!(unsure, 1, "{made:?}");
}

#[tokio::test]
async fn a_missing_right_in_exchange_is_named() {
    for (right, named) in [
        ("Exchange.ManageAsApp", "Exchange.ManageAsApp"),
        ("Exchange Administrator", "Exchange Recipient Administrator"),
    ] {
        let room = Room::new().await;
        room.world.set_app(AppRegistration::demo().without(right));
        let omar = room.id("omar.haddad@contoso.com").await;
        let news = room.group("Company News").await;
        let reason = refusal(room.make(&add(&news, &omar)).await);
        assert!(
            matches!(&reason, Reason::MissingPermission { missing, .. } if missing.contains(named)),
            "{right}: {reason}"
        );
        // Granted a moment later, it works at once.
        room.world.set_app(AppRegistration::demo());
        room.clock.pass(SignedDuration::from_secs(61));
        assert!(matches!(room.make(&add(&news, &omar)).await, Made::Accepted(_)), "{right}");
    }
}

#[tokio::test]
async fn an_unknown_list_is_missing_and_a_mailbox_is_found() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let mut list = room.group("Company News").await;
    list.id = room.tenant.object(uuid::Uuid::from_u128(3));
    let change = add(&list, &john);
    assert_eq!(room.look(&change).await, countersign::domain::change::Sight::Missing);
    assert!(matches!(room.make(&change).await, Made::Gone));
    let mailbox = room.microsoft.mailbox(&john).await.unwrap().unwrap();
    assert_eq!(
        (mailbox.kind.as_str(), mailbox.address.as_str()),
        ("UserMailbox", "john.doe@contoso.com")
    );
    let guest = room.id("rita.partner_fabrikam.com#ext#@contoso.onmicrosoft.com").await;
    assert_eq!(room.microsoft.mailbox(&guest).await.unwrap(), None);
}
