//! Methods, passes, profiles and lists: the odd corners of people, and what is said there.

use countersign::{
    domain::{plan::Draft, trouble::Reason},
    sim::microsoft::{PassPolicy, ProfileWrites},
};
use serde_json::{Value, json};

use crate::room::{Room, contoso};

const JOHN: &str = "john.doe@contoso.com";
const JANE: &str = "jane.roe@contoso.com";

/// `what: before → after`, one a value.
fn values(draft: &Draft) -> Vec<String> {
    let values = draft.steps.iter().flat_map(|step| &step.values);
    values.map(|value| format!("{}: {} → {}", value.what, value.before, value.after)).collect()
}

fn notes(draft: &Draft) -> Vec<&str> {
    draft.notes.iter().map(|note| note.key.as_str()).collect()
}

#[tokio::test]
async fn the_default_method_goes_in_a_second_pass() {
    let room = Room::new().await;
    let draft = room.draft("reset_mfa", &json!({ "user": JANE })).await;
    assert_eq!(draft.steps.len(), 5);
    assert!(notes(&draft).contains(&"registers_anew"));
    let walked = room.walk(&draft).await;
    assert!(walked.all_done(), "{:?} {:?}", walked.states(), walked.whys());
    assert_eq!(room.world.user(JANE).unwrap()["authenticationMethods"], json!([]));

    // One type alone: the default stays while others are registered, and the card says why.
    let alone = room.draft("reset_mfa", &json!({ "user": JOHN, "method": "authenticator" })).await;
    assert!(notes(&alone).is_empty() || notes(&alone).contains(&"default_method_stays"));
    let walked = room.walk(&alone).await;
    assert!(walked.whys()[0].to_string().contains("default sign-in method"), "{:?}", walked.whys());
    let password =
        room.not_planned("reset_mfa", &json!({ "user": JOHN, "method": "password" })).await;
    assert!(password.to_string().contains("ask to reset the password of John Doe"));
}

#[tokio::test]
async fn a_pass_reaches_its_recipient_and_nothing_else() {
    let room = Room::new().await;
    let arguments = json!({ "user": JOHN, "lifetime_minutes": 60 });
    let first = room.draft("issue_temporary_access_pass", &arguments).await;
    assert_eq!(first.steps.len(), 1);
    let walked = room.walk(&first).await;
    let value = walked.secrets[0].reveal().to_owned();
    assert!(walked.all_done() && room.world.pass_is(JOHN, &value));
    let log = serde_json::to_string(&*room.log.lock().unwrap()).unwrap();
    let ledger = serde_json::to_string(&room.world.ledger()).unwrap();
    assert!(!log.contains(&value) && !ledger.contains(&value));

    // A valid one is taken away first: nobody has two.
    let second = room.draft("issue_temporary_access_pass", &arguments).await;
    assert_eq!(second.steps.len(), 2);
    let walked = room.walk(&second).await;
    assert!(walked.all_done(), "{:?}", walked.whys());
    assert!(!room.world.pass_is(JOHN, &value));

    let refused = |user: &str| json!({ "user": user, "lifetime_minutes": 5 });
    let short = room.not_planned("issue_temporary_access_pass", &refused(JOHN)).await;
    assert!(short.to_string().contains("between 60 and 480"), "{short}");
    let guest = json!({ "user": "rita.partner_fabrikam.com#EXT#@contoso.onmicrosoft.com" });
    let guest = room.not_planned("issue_temporary_access_pass", &guest).await;
    assert!(guest.to_string().contains("their own organisation"), "{guest}");
    let late = room.draft("issue_temporary_access_pass", &json!({ "user": JANE })).await;
    room.world.set_pass_policy(PassPolicy { enabled: false, ..PassPolicy::default() });
    let walked = room.walk(&late).await;
    assert!(walked.whys()[0].to_string().contains("Authentication methods"), "{:?}", walked.whys());
    let off = room.not_planned("issue_temporary_access_pass", &json!({ "user": JANE })).await;
    assert!(off.to_string().contains("allows no Temporary Access Passes"), "{off}");
}

#[tokio::test]
async fn what_sharepoint_keeps_has_a_request_of_its_own() {
    let room = Room::new().await;
    let fields = json!({ "user": JOHN, "fields": {
        "city": "Leeds", "aboutMe": "Sails", "skills": ["Sailing"], "mobilePhone": "+44 1",
    } });
    let draft = room.draft("update_user", &fields).await;
    assert_eq!(draft.steps.len(), 3);
    assert!(notes(&draft).contains(&"profile_apart"));
    let walked = room.walk(&draft).await;
    let failed: Vec<String> = walked.whys().iter().map(ToString::to_string).collect();
    assert_eq!(failed.len(), 2);
    assert!(failed[0].contains("SharePoint keeps this property"), "{failed:?}");
    assert_eq!(room.world.user(JOHN).unwrap()["city"], "Leeds");
    room.world.set_profile_writes(ProfileWrites::Accepted);
    let draft = room.draft("update_user", &fields).await;
    assert_eq!(draft.steps.len(), 2, "the rest is so already");
    assert!(room.walk(&draft).await.all_done());
    let wrong = json!({ "user": JOHN, "fields": { "shoeSize": 43 } });
    assert!(
        room.not_planned("update_user", &wrong)
            .await
            .to_string()
            .contains("no property of this name")
    );
    let elsewhere = json!({ "user": JOHN, "fields": { "accountEnabled": false } });
    assert!(
        room.not_planned("update_user", &elsewhere).await.to_string().contains("block or allow")
    );
    let taken = json!({ "user": JOHN, "fields": { "userPrincipalName": JANE } });
    assert!(room.not_planned("update_user", &taken).await.to_string().contains("signs in as"));
    let synced = json!({ "user": "sven.onprem@contoso.com", "fields": { "city": "Leeds" } });
    assert!(
        room.not_planned("update_user", &synced).await.to_string().contains("Active Directory")
    );
    let admin = room
        .draft(
            "update_user",
            &json!({ "user": "ada.admin@contoso.com", "fields": { "mobilePhone": "+44 1" } }),
        )
        .await;
    let walked = room.walk(&admin).await;
    assert!(
        walked.whys()[0].to_string().contains("Privileged Authentication Administrator"),
        "{:?}",
        walked.whys()
    );
}

#[tokio::test]
async fn what_cannot_be_is_said_with_what_helps_instead() {
    let room = Room::new().await;
    for (action, arguments, words) in [
        ("change_password", json!({ "user": JOHN }), "choose a new password at the next sign-in"),
        (
            "change_password",
            json!({ "user": JOHN, "current_password": "a", "new_password": "b" }),
            "typed",
        ),
        (
            "create_user",
            json!({ "display_name": "Nora Quist", "password": "Hunter-2222" }),
            "typed",
        ),
        ("create_user", json!({ "display_name": "John Doe" }), "say which sign-in name"),
        ("create_user", json!({ "display_name": "Petra Former" }), "restore Petra Former"),
        (
            "create_user",
            json!({ "display_name": "Nora Quist", "licenses": ["POWER_BI_PRO"] }),
            "no free seat",
        ),
        (
            "create_user",
            json!({ "display_name": "Nora Quist", "groups": ["All Engineering"] }),
            "dynamic group",
        ),
        ("unlock_user", json!({ "user": JOHN }), "smart lockout"),
        ("unlock_user", json!({ "user": "sven.onprem@contoso.com" }), "lifted there"),
        ("force_password_change", json!({ "user": "sven.onprem@contoso.com" }), "Active Directory"),
        ("set_manager", json!({ "user": JOHN, "manager": JOHN }), "their own manager"),
        (
            "set_licenses",
            json!({ "user": "lea.nowhere@contoso.com", "add": ["SPE_E3"] }),
            "usage location",
        ),
        ("set_licenses", json!({ "user": JANE, "remove": ["AAD_PREMIUM_P2"] }), "through a group"),
        ("set_licenses", json!({ "user": JOHN, "add": ["POWER_BI_PRO"] }), "no free seat"),
        ("restore_user", json!({ "user": "nobody@contoso.com" }), "30 days"),
        ("delete_user", json!({ "user": "sven.onprem@contoso.com" }), "Active Directory"),
    ] {
        let reason = room.not_planned(action, &arguments).await;
        assert!(reason.to_string().contains(words), "{action}: {reason}");
    }
    assert_eq!(room.felt(), [] as [&str; 0]);
}

#[tokio::test]
async fn lists_are_filtered_counted_and_turned_page_by_page() {
    let mut directory = contoso();
    let users = directory["users"].as_array_mut().unwrap();
    for number in 0..120 {
        users.push(json!({
            "upn": format!("p{number:03}@contoso.com"), "displayName": format!("Person O'Neil {number:03} 🙂"),
            "department": "Depot", "jobTitle": "Picker", "userType": "Member", "accountEnabled": number % 2 == 0,
        }));
    }
    let room = Room::of(&directory).await;
    let rows = |facts: &countersign::domain::message::FactsView| {
        facts.table.as_ref().map_or(0, |table| table.rows.len())
    };
    for (arguments, found, shown) in [
        (json!({ "department": "Sales" }), "4", 4),
        (json!({ "department": "Depot", "state": "disabled", "top": 50 }), "60", 50),
        (json!({ "job_title": "Engineer" }), "2", 2),
        (json!({ "manager": "samir.nadar@contoso.com" }), "3", 3),
        (json!({ "user_type": "guest" }), "1", 1),
        (json!({ "license": "EXCHANGESTANDARD" }), "2", 2),
        (json!({ "query": "Sam Tay" }), "2", 2),
        (json!({ "filter": "startswith(displayName,'Person O''Neil 00')" }), "10", 10),
        (json!({ "search": "\"displayName:jane\"" }), "1", 1),
        (json!({ "department": "Depot", "count": true }), "120", 0),
        (
            json!({ "office_location": "Munich", "select": ["displayName", "city"], "expand": "manager" }),
            "1",
            1,
        ),
    ] {
        let facts = room.facts("list_users", &arguments).await;
        assert_eq!(facts.facts[0], ("found".to_owned(), found.to_owned()), "{arguments}");
        assert_eq!(rows(&facts), shown, "{arguments}");
    }
    let mut seen = Vec::new();
    let mut next = Some(json!({ "department": "Depot", "orderby": "displayName desc", "top": 50 }));
    while let Some(arguments) = next {
        let facts = room.facts("list_users", &arguments).await;
        seen.extend(facts.table.unwrap().rows.into_iter().map(|row| row[0].clone()));
        next = facts.next.map(Value::Object);
    }
    assert_eq!((seen.len(), seen[0].as_str()), (120, "Person O'Neil 119 🙂"));
    let wrong = room.not_planned("list_users", &json!({ "filter": "shoeSize eq 3" })).await;
    assert!(wrong.to_string().contains("does not understand this list"), "{wrong}");
    let column = room.not_planned("list_users", &json!({ "select": ["passwordProfile"] })).await;
    assert!(column.to_string().contains("a list does not show passwordProfile"), "{column}");
}

#[tokio::test]
async fn licences_seats_and_methods_are_read_in_words() {
    let room = Room::new().await;
    let jane = room.facts("list_licenses", &json!({ "user": JANE })).await;
    let rows = jane.table.unwrap().rows;
    assert_eq!(rows[0][..3], ["Microsoft 365 E3", "SPE_E3", "=direct"]);
    assert_eq!(rows[1][..3], ["Microsoft Entra ID P2", "AAD_PREMIUM_P2", "Licence Entra P2"]);
    assert!(jane.lists[0].1[0].contains("Exchange Online (Plan 2)"), "{:?}", jane.lists);
    let skus = room.facts("list_skus", &json!({})).await;
    let power = skus.table.unwrap().rows.into_iter().find(|row| row[1] == "POWER_BI_PRO").unwrap();
    assert_eq!(power, ["Power BI Pro", "POWER_BI_PRO", "5", "5", "0"]);
    let one = room.facts("list_skus", &json!({ "license": "SPE_E3" })).await;
    assert_eq!((one.title.as_str(), one.table.unwrap().rows.len()), ("Microsoft 365 E3", 1));
    let john = room.facts("list_authentication_methods", &json!({ "user": JOHN })).await;
    let rows = john.table.unwrap().rows;
    assert_eq!(rows[1][..2], ["=method_authenticator", "John's iPhone"]);
    assert_eq!(rows[2][..2], ["=method_phone", "•••11"]);
}

#[tokio::test]
async fn plans_that_are_off_stay_off() {
    let room = Room::new().await;
    let intune = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5";
    let off = json!({ "user": JOHN, "add": ["SPE_E3"], "leave_off": [intune] });
    let draft = room.draft("set_licenses", &off).await;
    assert_eq!(values(&draft), ["services_off: =none → Microsoft Intune Plan 1"]);
    assert!(room.walk(&draft).await.all_done());
    let same = json!({ "user": JOHN, "add": ["SPE_E3"] });
    let same = room.not_planned("set_licenses", &same).await;
    assert!(matches!(same, Reason::AlreadySo { .. }), "{same:?}");
    let licences = room.facts("list_licenses", &json!({ "user": JOHN })).await;
    assert!(licences.lists[0].1[0].contains("(−Microsoft Intune Plan 1)"), "{:?}", licences.lists);
    let all = room
        .draft("assign_license", &json!({ "user": "omar.haddad@contoso.com", "license": "ALL" }))
        .await;
    assert_eq!(all.steps.len(), 1);
}
