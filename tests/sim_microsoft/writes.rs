//! Changing people, licences and groups, and the refusals on the way.

use countersign::sim::microsoft::SyncedSignIn;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{JOHN, Sim};

fn newcomer(upn: &str, password: &str) -> Value {
    json!({
        "accountEnabled": true, "displayName": "New Comer", "mailNickname": "new.comer",
        "userPrincipalName": upn, "usageLocation": "GB",
        "passwordProfile": { "password": password, "forceChangePasswordNextSignIn": true },
    })
}

#[tokio::test]
async fn a_user_is_created_changed_deleted_and_restored() {
    let sim = Sim::start().await;
    let upn = "new.comer@contoso.com";
    let made = sim.post("/users", newcomer(upn, "Gr33n-Harbour-71")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(sim.world.password_is(upn, "Gr33n-Harbour-71"));
    let id = made.body["id"].as_str().unwrap().to_owned();

    let again = sim.post("/users", newcomer(upn, "Gr33n-Harbour-71")).await;
    assert!(again.message().contains("userPrincipalName already exists"));
    assert_eq!(again.body["error"]["details"][0]["target"], "userPrincipalName");
    let foreign = sim.post("/users", newcomer("a@fabrikam.com", "Gr33n-Harbour-71")).await;
    assert!(foreign.message().contains("domain portion"));

    let changed = sim.patch(&format!("/users/{id}"), json!({ "department": "Sales" })).await;
    assert_eq!(changed.status, 204);
    assert_eq!(sim.delete(&format!("/users/{id}")).await.status, 204);
    assert_eq!(sim.get(&format!("/users/{id}")).await.status, 404);
    let gone =
        sim.get("/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName").await;
    assert!(gone.column("userPrincipalName").iter().any(|gone| gone.ends_with(upn)));
    let sim = sim.with_app(|mut app| {
        app.graph_roles.insert("User.DeleteRestore.All".into());
        app
    });
    let back = sim.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await;
    assert_eq!((back.status, &back.body["userPrincipalName"]), (200, &json!(upn)));
}

#[tokio::test]
async fn a_reset_moves_the_marks_and_weak_passwords_are_refused() {
    let sim = Sim::start().await;
    let path = format!("/users/{JOHN}");
    let marks =
        format!("{path}?$select=lastPasswordChangeDateTime,signInSessionsValidFromDateTime");
    let reset = |value: &str| json!({ "passwordProfile": { "password": value, "forceChangePasswordNextSignIn": true } });
    for weak in ["", "short1!", "alllowercase", "Contoso1!", "Password1!"] {
        let refused = sim.patch(&path, reset(weak)).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"), "{weak}");
        assert!(refused.message().contains("password complexity"));
    }
    assert_eq!(sim.get(&marks).await.body["lastPasswordChangeDateTime"], "2024-02-01T08:00:00Z");
    assert_eq!(sim.patch(&path, reset("Gr33n-Harbour-71")).await.status, 204);
    assert!(sim.world.password_is(JOHN, "Gr33n-Harbour-71"));
    assert!(!sim.world.password_is(JOHN, "Gr33n-Harbour-72"));
    let after = sim.get(&marks).await.body;
    assert_eq!(after["lastPasswordChangeDateTime"], "2026-11-21T10:00:00Z");

    sim.clock.advance(SignedDuration::from_secs(90));
    let revoked =
        sim.send(sim.http.post(format!("{}/v1.0{path}/revokeSignInSessions", sim.base))).await;
    assert_eq!((revoked.status, &revoked.body["value"]), (200, &json!(true)));
    let after = sim.get(&marks).await.body;
    assert_eq!(after["signInSessionsValidFromDateTime"], "2026-11-21T10:01:30Z");
    assert_eq!(after["lastPasswordChangeDateTime"], "2026-11-21T10:00:00Z");
}

#[tokio::test]
async fn rights_come_from_the_token_and_administrators_need_more() {
    let off = json!({ "accountEnabled": false });
    let password = json!({ "passwordProfile": { "password": "Gr33n-Harbour-71" } });

    let sim = Sim::start().await;
    let ada = sim.patch("/users/ada.admin@contoso.com", off.clone()).await;
    assert_eq!((ada.status, ada.code()), (403, "Authorization_RequestDenied"));
    assert_eq!(sim.patch("/users/priya.auth@contoso.com", off.clone()).await.status, 403);
    assert_eq!(sim.patch("/users/henry.desk@contoso.com", off.clone()).await.status, 204);
    // The owner of a role-assignable group counts as privileged.
    assert_eq!(sim.patch("/users/bob.lead@contoso.com", off.clone()).await.status, 403);
    let title = json!({ "jobTitle": "Administrator" });
    assert_eq!(sim.patch("/users/ada.admin@contoso.com", title).await.status, 204);

    let sim = sim.with_app(|app| app.without("User Administrator"));
    assert_eq!(sim.patch(&format!("/users/{JOHN}"), password).await.status, 403);
    assert_eq!(sim.patch(&format!("/users/{JOHN}"), off.clone()).await.status, 204);

    let sim = sim.with_app(|app| app.without("User.ReadWrite.All"));
    assert_eq!(sim.patch(&format!("/users/{JOHN}"), off.clone()).await.status, 204);
    assert_eq!(sim.patch(&format!("/users/{JOHN}"), json!({ "city": "Leeds" })).await.status, 403);

    let sim = sim.with_app(|mut app| {
        app.graph_roles.clear();
        app
    });
    assert_eq!(sim.get("/users").await.code(), "Authorization_RequestDenied");
}

#[tokio::test]
async fn a_user_mastered_on_premises_is_changed_there() {
    let sim = Sim::start().await;
    let sven = "/users/sven.onprem@contoso.com";
    let title = sim.patch(sven, json!({ "jobTitle": "x" })).await;
    assert!(title.message().contains("on-premises mastered Directory Sync objects"));
    let password = json!({ "passwordProfile": { "password": "Gr33n-Harbour-71" } });
    assert_eq!(sim.patch(sven, password).await.status, 400);
    assert_eq!(sim.patch(sven, json!({ "usageLocation": "DE" })).await.status, 204);
    assert_eq!(sim.patch(sven, json!({ "accountEnabled": false })).await.status, 204);
    sim.world.set_synced_sign_in(SyncedSignIn::Refused);
    assert_eq!(sim.patch(sven, json!({ "accountEnabled": true })).await.status, 400);
}

#[tokio::test]
async fn values_that_no_user_can_have_are_refused() {
    let sim = Sim::start().await;
    for wrong in [
        json!({ "jobTitle": "" }),
        json!({ "jobTitle": 3 }),
        json!({ "accountEnabled": "false" }),
        json!({ "accountEnabled": null }),
        json!({ "usageLocation": "Britain" }),
        json!({ "id": "1" }),
        json!({ "proxyAddresses": [] }),
        json!({ "shoeSize": 43 }),
        json!({ "userPrincipalName": "jane.roe@contoso.com" }),
    ] {
        let refused = sim.patch(&format!("/users/{JOHN}"), wrong.clone()).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"), "{wrong}");
    }
    assert_eq!(sim.world.ledger(), []);
}

#[tokio::test]
async fn licences_are_refused_with_the_words_clients_look_for() {
    let sim = Sim::start().await;
    let assign = async |user: &str, add: &[&str], remove: &[&str]| {
        let add: Vec<_> =
            add.iter().map(|sku| json!({ "skuId": sim.sku(sku), "disabledPlans": [] })).collect();
        let remove: Vec<_> = remove.iter().map(|sku| sim.sku(sku)).collect();
        let body = json!({ "addLicenses": add, "removeLicenses": remove });
        sim.post(&format!("/users/{user}@contoso.com/assignLicense"), body).await
    };
    let one = sim.post(&format!("/users/{JOHN}/assignLicense"), json!({ "addLicenses": [] })).await;
    assert!(one.message().contains("removeLicenses"));
    for (user, add, remove, words) in [
        ("lea.nowhere", &["SPE_E3"][..], &[][..], "invalid usage location"),
        ("john.doe", &["POWER_BI_PRO"], &[], "does not have any available licenses"),
        ("jane.roe", &[], &["AAD_PREMIUM_P2"], "inherited from a group membership"),
        ("john.doe", &[], &["SPE_E5"], "does not have a corresponding license"),
        ("john.doe", &["EXCHANGESTANDARD"], &[], "mutually exclusive"),
    ] {
        let refused = assign(user, add, remove).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"));
        assert!(refused.message().contains(words), "{}", refused.message());
    }
    let seats = || sim.world.tenant()["skus"][1]["consumedUnits"].as_u64().unwrap();
    let before = seats();
    let swapped = assign("john.doe", &["SPE_E5"], &["SPE_E3"]).await;
    assert_eq!(swapped.status, 200, "{}", swapped.body);
    assert_eq!(seats(), before + 1);
    let details = sim.get(&format!("/users/{JOHN}/licenseDetails")).await;
    assert_eq!(details.column("skuPartNumber"), ["SPE_E5"]);
    assert_eq!(
        assign("john.doe", &["SPE_E5"], &[]).await.status,
        200,
        "assigned again is no error"
    );
    assert_eq!(seats(), before + 1);
}

#[tokio::test]
async fn members_come_and_go_where_graph_is_the_master() {
    let sim = Sim::start().await;
    let sim = sim.with_app(|app| app.without("RoleManagement.ReadWrite.Directory"));
    let jane = sim.user("jane.roe@contoso.com");
    let reference =
        json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{jane}") });
    let add = async |group: &str, body: &Value| {
        sim.post(&format!("/groups/{}/members/$ref", sim.group(group)), body.clone()).await
    };
    let remove = async |group: &str| {
        sim.delete(&format!("/groups/{}/members/{jane}/$ref", sim.group(group))).await
    };
    assert_eq!(add("VPN Users", &reference).await.status, 204);
    let twice = add("VPN Users", &reference).await;
    assert!(twice.status == 400 && twice.message().contains("already exist"));
    let members = sim
        .get(&format!("/groups/{}/members?$select=userPrincipalName", sim.group("VPN Users")))
        .await;
    assert!(members.column("userPrincipalName").contains(&"jane.roe@contoso.com"));
    assert_eq!(remove("VPN Users").await.status, 204);
    assert_eq!(remove("VPN Users").await.code(), "Request_ResourceNotFound");

    assert_eq!(add("All Engineering", &reference).await.status, 403);
    assert_eq!(add("Tier Zero", &reference).await.status, 403);
    assert!(add("Build Servers", &reference).await.message().contains("on-premises mastered"));
    for list in ["Company News", "Invoices Access"] {
        assert!(add(list, &reference).await.message().contains("mail-enabled security groups"));
    }
    let short = json!({ "@odata.id": jane });
    assert_eq!(add("VPN Users", &short).await.status, 400);
    let nobody = json!({ "@odata.id": "https://graph.microsoft.com/v1.0/users/00000000-0000-4000-8000-000000000000" });
    assert_eq!(add("VPN Users", &nobody).await.status, 404);
    let put = sim.http.put(format!("{}/v1.0/users/{JOHN}", sim.base)).json(&json!({}));
    assert_eq!(sim.send(put).await.status, 405);
}
