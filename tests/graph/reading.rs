//! What the directory says.

use countersign::{
    domain::users::{Facet, GroupSort, RepliesStatus, Who},
    ports::directory::Directory as _,
};
use serde_json::json;

use crate::room::{Room, contoso, joiner_of_sixty};

const ALL: [Facet; 4] = [Facet::Groups, Facet::Licences, Facet::Roles, Facet::Replies];

#[tokio::test]
async fn a_user_is_read_with_the_manager_in_one_call() {
    let room = Room::new().await;
    let (john, asked) = room.asked_during(room.person("john.doe@contoso.com")).await;
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(john.name, "John Doe");
    assert_eq!(john.manager.unwrap().upn.as_str(), "samir.nadar@contoso.com");
    assert!(john.enabled && !john.guest && !john.synced);
    assert!(john.password_changed_at.is_some());
    let by_id = room.microsoft.user(&Who::Id(john.id)).await.unwrap().unwrap();
    assert_eq!(by_id.upn.as_str(), "john.doe@contoso.com");
}

#[tokio::test]
async fn a_guest_is_found_although_the_name_holds_a_hash() {
    let room = Room::new().await;
    let guest = "rita.partner_fabrikam.com#ext#@contoso.onmicrosoft.com";
    let (rita, asked) = room.asked_during(room.person(guest)).await;
    assert!(rita.guest);
    assert!(asked[0].contains("%23ext%23%40contoso"), "{asked:?}");
}

#[tokio::test]
async fn nobody_is_nobody_and_not_an_error() {
    let room = Room::new().await;
    let who = Who::Upn(room.tenant.clone(), "no.body@contoso.com".parse().unwrap());
    assert!(room.microsoft.user(&who).await.unwrap().is_none());
    let unknown = room.tenant.object(uuid::Uuid::from_u128(1));
    assert!(room.microsoft.dossier(&unknown, &ALL).await.unwrap().is_none());
}

#[tokio::test]
async fn a_dossier_is_one_batch_whatever_it_holds() {
    let room = Room::of(&joiner_of_sixty()).await;
    let john = room.id("john.doe@contoso.com").await;
    let (dossier, asked) = room.asked_during(room.microsoft.dossier(&john, &ALL)).await;
    let dossier = dossier.unwrap().unwrap();
    assert_eq!(asked, ["POST /v1.0/$batch"]);
    assert_eq!(dossier.groups.len(), 63);
    assert!(dossier.groups.iter().any(|group| group.sort == GroupSort::Distribution));
    assert!(dossier.licences[0].direct);
    assert!(dossier.roles.is_empty());
    assert_eq!(dossier.replies.unwrap().status, RepliesStatus::Off);
}

#[tokio::test]
async fn administrators_and_inherited_licences_are_seen() {
    let room = Room::new().await;
    let ada = room.id("ada.admin@contoso.com").await;
    let dossier = room.microsoft.dossier(&ada, &ALL).await.unwrap().unwrap();
    assert_eq!(dossier.roles.len(), 1, "{:?}", dossier.roles);
    assert!(dossier.roles[0].privileged && dossier.roles[0].name == "Global Administrator");
    assert!(dossier.groups.iter().any(|group| group.role_assignable));
    let jane = room.id("jane.roe@contoso.com").await;
    let dossier = room.microsoft.dossier(&jane, &ALL).await.unwrap().unwrap();
    let inherited: Vec<_> = dossier.licences.iter().filter(|licence| !licence.direct).collect();
    assert_eq!(inherited.len(), 1);
    assert_eq!(inherited[0].inherited_from.len(), 1);
}

#[tokio::test]
async fn without_facets_only_the_user_is_asked_for() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let (dossier, asked) = room.asked_during(room.microsoft.dossier(&john, &[])).await;
    assert!(dossier.unwrap().unwrap().licences.is_empty());
    assert!(asked.len() == 1 && asked[0].starts_with("GET /v1.0/users/"), "{asked:?}");
}

#[tokio::test]
async fn a_name_with_quotes_and_ampersands_is_only_a_name() {
    let mut directory = contoso();
    let odd = "O'Brien's & friends' or displayName ne '";
    directory["groups"].as_array_mut().unwrap().push(json!({ "displayName": odd,
        "groupType": "security", "mail": null, "owners": [], "members": [] }));
    let room = Room::of(&directory).await;
    let found = room.microsoft.groups_named(&room.tenant, odd).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, odd);
    assert!(room.microsoft.groups_named(&room.tenant, "' or '1' eq '1").await.unwrap().is_empty());
    let by_mail = room.microsoft.groups_named(&room.tenant, "news@contoso.com").await.unwrap();
    assert_eq!(by_mail[0].sort, GroupSort::Distribution);
}

#[tokio::test]
async fn groups_are_told_apart() {
    let room = Room::new().await;
    assert!(room.group("All Engineering").await.dynamic);
    assert!(room.group("Build Servers").await.synced);
    assert!(room.group("Tier Zero").await.role_assignable);
    assert!(room.group("Licence Entra P2").await.licensed);
    assert_eq!(room.group("Sales Team").await.sort, GroupSort::Microsoft365);
    assert_eq!(room.group("Invoices Access").await.sort, GroupSort::MailEnabledSecurity);
}

#[tokio::test]
async fn licences_have_names_and_free_seats() {
    let room = Room::new().await;
    let e3 = room.sku("SPE_E3").await;
    assert_eq!((e3.name.as_str(), e3.seats), ("Microsoft 365 E3", 60));
    assert_eq!(room.sku("POWER_BI_PRO").await.free(), 0);
}

#[tokio::test]
async fn everyone_is_read_page_by_page_up_to_the_limit() {
    let mut directory = contoso();
    let users = directory["users"].as_array_mut().unwrap();
    for number in 0..2_500 {
        users.push(json!({ "upn": format!("user{number}@contoso.com"), "displayName": "User",
            "userType": "Member", "accountEnabled": true }));
    }
    let all = users.len() + 2;
    let room = Room::of(&directory).await;
    let (found, asked) = room.asked_during(room.microsoft.everyone(&room.tenant, 10_000)).await;
    assert_eq!((found.unwrap().len(), asked.len()), (all, 3));
    let (found, asked) = room.asked_during(room.microsoft.everyone(&room.tenant, 1_200)).await;
    assert_eq!((found.unwrap().len(), asked.len()), (1_200, 2));
    let groups = room.microsoft.every_group(&room.tenant, 4).await.unwrap();
    assert_eq!(groups.len(), 4);
}

#[tokio::test]
async fn membership_through_another_group_counts() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let mut groups = Vec::new();
    for name in ["Remote Workers", "VPN Users", "Finance Restricted"] {
        groups.push(room.group(name).await.id);
    }
    let found = room.microsoft.member_of(&john, &groups).await.unwrap();
    assert_eq!(found, groups[..2]);
}
