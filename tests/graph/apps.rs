//! Applications: what there is, who may do what, and the ones that are registered here.

use countersign::{
    actions::Asked,
    domain::{
        change::{AppChange, Change, Repeat},
        trouble::Reason,
    },
    ports::hands::Made,
    sim::microsoft::{AppSecrets, FaultKind},
};
use serde_json::json;

use crate::{
    asking::{
        Ended, asked, carry_out, draft, elsewhere, facts, lacking, lines, make, no, room, rows,
        without,
    },
    room::{Room, status},
};

fn printer() -> serde_json::Value {
    json!({ "display_name": "Badge Printer", "permissions": ["Mail.Send", "delegated:User.Read"] })
}

async fn registered(room: &Room) -> serde_json::Value {
    let all = elsewhere(room, "GET", "/applications", None).await;
    let all = all["value"].as_array().unwrap().clone();
    all.into_iter().find(|app| app["displayName"] == "Badge Printer").unwrap()
}

#[tokio::test]
async fn apps_and_service_principals_are_listed_with_their_publishers() {
    let room = room().await;
    let asked = asked(&room).await;
    let apps = rows(&room, &asked, "list_apps", json!({ "query": "payroll" })).await;
    assert_eq!(apps.len(), 1, "{apps:?}");
    assert!(apps[0].starts_with("Payroll Connector | "), "{apps:?}");
    assert!(apps[0].ends_with(" | 2 | =no"), "two secrets, and not ours: {apps:?}");
    let others =
        rows(&room, &asked, "list_service_principals", json!({ "third_party": true })).await;
    let start = |row: &String| row.split(" | ").take(2).collect::<Vec<_>>().join(" | ");
    assert_eq!(
        others.iter().map(start).collect::<Vec<_>>(),
        ["Fabrikam Mail Merge | =not_verified", "Northwind Scheduler | Northwind Traders"]
    );
    let all = rows(&room, &asked, "list_service_principals", json!({})).await;
    assert!(all.iter().any(|row| row.starts_with("Microsoft Graph | Microsoft | ")), "{all:?}");
    assert!(all.iter().any(|row| row.starts_with("BI Gateway | =this_tenant | ")), "{all:?}");
}

#[tokio::test]
async fn secrets_that_end_soon_are_listed_soonest_first() {
    let room = room().await;
    let asked = asked(&room).await;
    let soon = rows(&room, &asked, "list_expiring_secrets", json!({ "days": 30 })).await;
    assert_eq!(
        soon,
        [
            "Payroll Connector | =client_secret | old | @2026-10-31T00:00:00Z | =ended",
            "Payroll Connector | =client_secret | prod | @2026-12-01T00:00:00Z | 9",
        ]
    );
    let year = json!({ "days": 365, "app": "Expense Portal" });
    let one = rows(&room, &asked, "list_expiring_secrets", year).await;
    assert_eq!(one.len(), 1, "{one:?}");
    let gone = json!({ "app": "Nothing" });
    let gone = no(&room, &asked, "list_expiring_secrets", gone).await;
    assert_eq!(gone, Reason::NoSuchThing { what: "=app".to_owned(), name: "Nothing".to_owned() });
}

#[tokio::test]
async fn consent_is_listed_for_one_person_and_for_everybody() {
    let room = room().await;
    let asked = asked(&room).await;
    let john = json!({ "user": "john.doe@contoso.com" });
    let his = rows(&room, &asked, "list_oauth_grants", john).await;
    let scheduler = "Northwind Scheduler | Northwind Traders | John Doe | Microsoft Graph | \
                     Calendars.ReadWrite User.Read";
    assert!(his.contains(&scheduler.to_owned()), "{his:?}");
    let all = rows(&room, &asked, "list_oauth_grants", json!({})).await;
    let merge = "Fabrikam Mail Merge | =not_verified";
    assert!(
        all.contains(&format!("{merge} | =by_itself | Microsoft Graph | Mail.Send")),
        "{all:?}"
    );
    let whole = format!("{merge} | =everybody | Microsoft Graph | ");
    assert!(all.iter().any(|row| row.starts_with(&whole)), "{all:?}");
    let gateway = json!({ "app": "BI Gateway" });
    let gateway = rows(&room, &asked, "list_oauth_grants", gateway).await;
    assert!(
        gateway[0].contains("=by_itself"),
        "what is ours is shown when it is named: {gateway:?}"
    );
}

#[tokio::test]
async fn an_app_is_registered_consented_to_and_given_a_secret() {
    let room = room().await;
    let asked = asked(&room).await;
    let plan = draft(&room, &asked, "create_app", printer()).await;
    let asks = "permissions: =none → Mail.Send, delegated:User.Read";
    assert_eq!(lines(&plan.steps[0]), [asks]);
    assert_eq!(plan.notes[0].key, "app_needs_consent");
    carry_out(&room, &plan).await;
    let app = registered(&room).await;
    let tags = app["tags"].to_string();
    assert!(tags.contains("countersign:"), "it can be told from others: {tags}");
    let again = no(&room, &asked, "create_app", printer()).await;
    assert!(matches!(again, Reason::AlreadySo { .. }), "{again}");

    let link = json!({ "app": "Badge Printer" });
    let page = facts(&room, &asked, "prepare_consent", link.clone()).await;
    let address = &page.facts[0].1;
    let client = app["appId"].as_str().unwrap();
    assert!(address.contains("/adminconsent?") && address.contains(client), "{address}");
    assert_eq!(page.facts[2].1, "=no");
    assert_eq!(page.lists[0].1, ["Mail.Send", "delegated:User.Read"]);
    assert!(room.world.consent(client), "a Global Administrator opened it");
    let page = facts(&room, &asked, "prepare_consent", link).await;
    assert_eq!(page.facts[2].1, "=yes");

    let more = json!({ "app": "Badge Printer", "display_name": "ci", "lifetime_months": 12 });
    let plan = draft(&room, &asked, "add_app_secret", more).await;
    let lines = lines(&plan.steps[0]);
    assert_eq!(lines[0], "client_secret: =none → ci");
    assert_eq!(lines[1], "valid_until: =none → @2027-11-21T12:00:00Z");
    assert_eq!(lines[2], "client_secrets: 0 → 1");
    let (_, secret) = carry_out(&room, &plan).await;
    let secret = secret.expect("the answer says the secret, once");
    assert!(room.world.app_secret_is(client, secret.reveal()));
    let kept = serde_json::to_string(&room.log.lock().unwrap().clone()).unwrap();
    assert!(!kept.contains(secret.reveal()), "the log of requests holds no secret");
    assert!(!format!("{secret:?}").contains(secret.reveal()));
}

#[tokio::test]
async fn what_others_registered_is_left_to_them() {
    let room = room().await;
    let asked = asked(&room).await;
    for (action, arguments) in [
        ("add_app_secret", json!({ "app": "Payroll Connector" })),
        ("prepare_consent", json!({ "app": "Payroll Connector" })),
    ] {
        let refused = no(&room, &asked, action, arguments).await;
        assert!(refused.to_string().contains("not registered by Countersign"), "{refused}");
    }
    let taken = json!({ "display_name": "Payroll Connector" });
    let taken = no(&room, &asked, "create_app", taken).await;
    assert!(taken.to_string().contains("somebody else registered it"), "{taken}");
    // A tag that anybody can give makes nothing ours.
    let body = json!({ "displayName": "Lookalike", "tags": ["countersign:0123456789ab"] });
    let made = elsewhere(&room, "POST", "/applications", Some(body)).await;
    assert!(made["id"].is_string());
    for (arguments, says) in [
        (json!({ "display_name": "" }), "1 to 256 characters"),
        (json!({ "display_name": "A", "permissions": ["Mail.Fly"] }), "Mail.Fly"),
        (json!({ "display_name": "A", "redirect_uri": "http://evil.example" }), "https://"),
    ] {
        let refused = no(&room, &asked, "create_app", arguments).await;
        assert!(refused.to_string().contains(says), "{refused}");
    }
    let long = json!({ "app": "Payroll Connector", "lifetime_months": 99 });
    let long = no(&room, &asked, "add_app_secret", long).await;
    assert!(long.to_string().contains("1 to 24 months"), "{long}");
}

/// An app of ours, registered.
async fn with_printer() -> (Room, Asked, Change) {
    let room = room().await;
    let asked = asked(&room).await;
    let plan = draft(&room, &asked, "create_app", printer()).await;
    carry_out(&room, &plan).await;
    let plan = draft(&room, &asked, "add_app_secret", json!({ "app": "Badge Printer" })).await;
    let change = plan.steps[0].change.clone();
    (room, asked, change)
}

#[tokio::test]
async fn a_lost_answer_is_in_doubt_and_the_secret_counts_as_made() {
    let (room, _, change) = with_printer().await;
    let lost = FaultKind::CutAfter;
    room.break_once("POST", "/v1.0/applications/*/addPassword", lost);
    let Ended { made, before, after } = make(&room, &change).await;
    assert!(matches!(made, Made::Unsure { .. }), "{made:?}");
    assert!(change.holds(Some(&before), &after), "one secret more is there: {before:?} {after:?}");
    assert!(change.kind().repeat() == Repeat::NeverBlind);
    assert_eq!(room.felt().iter().filter(|felt| *felt == "application.password.add").count(), 1);
}

#[tokio::test]
async fn what_the_tenant_refuses_is_said_in_words() {
    let (room, _, change) = with_printer().await;
    room.world.set_conduct(|conduct| conduct.app_secrets = AppSecrets::Forbidden);
    let Made::Refused(Reason::NotPossible { what }) = room.make(&change).await else { panic!() };
    assert!(what.contains("policy"), "{what}");
    room.world.set_conduct(|conduct| conduct.app_secrets = AppSecrets::Allowed);
    room.break_once("POST", "/v1.0/applications/*/addPassword", status(429, Some(3)));
    assert!(matches!(room.make(&change).await, Made::Busy { .. }));
    without(&room, &["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"]);
    assert!(lacking(room.make(&change).await).contains("Application.ReadWrite.OwnedBy"));
    without(&room, &[]);
    let Change::App(AppChange::AddAppSecret { app, .. }) = &change else { panic!() };
    elsewhere(&room, "DELETE", &format!("/applications/{}", app.guid()), None).await;
    let Ended { made, .. } = make(&room, &change).await;
    assert!(matches!(made, Made::Gone), "{made:?}");
}
