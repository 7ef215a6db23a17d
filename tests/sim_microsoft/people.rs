//! People's properties, managers, the deleted, and what their licences leave off.

use countersign::sim::microsoft::{ProfileWrites, World};
use serde_json::json;

use crate::support::{JOHN, Sim, clock};

const PETRA: &str = "petra.former@contoso.com";

#[tokio::test]
async fn each_property_has_its_own_rule() {
    let sim = Sim::start().await;
    let path = format!("/users/{JOHN}");
    for right in [
        json!({ "ageGroup": "Adult", "consentProvidedForMinor": null }),
        json!({ "businessPhones": ["+44 20 7946 0999"] }),
        json!({ "employeeHireDate": "2026-01-05T00:00:00Z", "employeeType": "Contractor" }),
        json!({ "employeeOrgData": { "costCenter": "7", "division": "North" } }),
        json!({ "onPremisesExtensionAttributes": { "extensionAttribute3": "x" } }),
        json!({ "passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword" }),
        json!({ "jobTitle": null, "streetAddress": "1 Quay Street", "otherMails": ["j@d.org"] }),
        json!({ "passwordProfile": { "forceChangePasswordNextSignIn": true } }),
    ] {
        let changed = sim.patch(&path, right.clone()).await;
        assert_eq!(changed.status, 204, "{right}: {}", changed.body);
    }
    for wrong in [
        json!({ "ageGroup": "Old" }),
        json!({ "businessPhones": ["1", "2"] }),
        json!({ "department": "x".repeat(65) }),
        json!({ "employeeId": "12345678901234567" }),
        json!({ "employeeOrgData": { "team": "7" } }),
        json!({ "mail": "jane.roe@contoso.com" }),
        json!({ "onPremisesExtensionAttributes": { "extensionAttribute16": "x" } }),
        json!({ "passwordPolicies": "Never" }),
        json!({ "usageLocation": null }),
        json!({ "userType": "Robot" }),
    ] {
        let refused = sim.patch(&path, wrong.clone()).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"), "{wrong}");
    }
    let sim = sim.with_app(|app| {
        app.without("User-LifeCycleInfo.ReadWrite.All").without("User.ManageIdentities.All")
    });
    for denied in ["employeeLeaveDateTime", "identities"] {
        let refused = sim.patch(&path, json!({ denied: null })).await;
        assert_eq!(refused.code(), "Authorization_RequestDenied", "{denied}");
    }
    let john = sim.get(&format!("{path}?$select=passwordProfile,streetAddress,jobTitle")).await;
    assert_eq!(john.body["passwordProfile"]["forceChangePasswordNextSignIn"], true);
    assert_eq!(john.body["streetAddress"], "1 Quay Street");
    assert!(john.body["jobTitle"].is_null());
}

#[tokio::test]
async fn a_new_mail_address_keeps_the_old_one_beside_it() {
    let sim = Sim::start().await;
    let path = format!("/users/{JOHN}");
    assert_eq!(sim.patch(&path, json!({ "mail": "jd@contoso.com" })).await.status, 204);
    let john = sim.get(&format!("{path}?$select=mail,proxyAddresses")).await;
    assert_eq!(
        john.body["proxyAddresses"],
        json!(["SMTP:jd@contoso.com", "smtp:john.doe@contoso.com"])
    );
}

#[tokio::test]
async fn what_sharepoint_keeps_stands_alone_and_is_not_for_applications() {
    let sim = Sim::start().await;
    let path = format!("/users/{JOHN}");
    let about = json!({ "aboutMe": "Sails at weekends" });
    let mixed = json!({ "aboutMe": "Sails at weekends", "city": "Leeds" });
    let refused = sim.patch(&path, mixed.clone()).await;
    assert_eq!((refused.status, refused.code()), (400, "BadRequest"));
    assert!(refused.message().contains("not supported on the targeted entity set"));
    let refused = sim.patch(&path, about.clone()).await;
    assert_eq!(refused.message(), "Attempted to perform an unauthorized operation.");
    sim.world.set_profile_writes(ProfileWrites::Accepted);
    assert_eq!(sim.patch(&path, mixed).await.status, 400);
    assert_eq!(sim.patch(&path, about).await.status, 204);
    let john = sim.get(&format!("{path}?$select=displayName,aboutMe")).await;
    assert_eq!(john.body["aboutMe"], "Sails at weekends");
    let list = sim.get("/users?$select=displayName,aboutMe").await;
    assert_eq!(list.message(), "This operation target is not yet supported.");
    let filter = sim.get("/users?$filter=aboutMe eq 'x'").await;
    assert_eq!(filter.code(), "Request_UnsupportedQuery");
}

#[tokio::test]
async fn a_manager_is_set_replaced_and_removed_and_knows_the_team() {
    let sim = Sim::start().await;
    let manager = async |upn: &str| {
        let reference = format!("https://graph.microsoft.com/v1.0/users/{}", sim.user(upn));
        let request = sim
            .http
            .put(format!("{}/v1.0/users/{JOHN}/manager/$ref", sim.base))
            .json(&json!({ "@odata.id": reference }));
        sim.send(request).await.status
    };
    let team = async |upn: &str| {
        let path =
            format!("/users/{upn}/directReports/microsoft.graph.user?$select=id,displayName");
        sim.get(&path).await.column("displayName").len()
    };
    assert_eq!(
        (manager("fiona.ledger@contoso.com").await, team("samir.nadar@contoso.com").await),
        (204, 2)
    );
    assert_eq!(manager(JOHN).await, 400);
    let count = sim.get_eventual("/users/fiona.ledger@contoso.com/directReports/$count").await;
    assert_eq!(count.body, json!(3));
    let removed = format!("/users/{JOHN}/manager/$ref");
    assert_eq!(sim.delete(&removed).await.status, 204);
    assert_eq!(sim.delete(&removed).await.code(), "Request_ResourceNotFound");
    let samir = sim.get("/users/samir.nadar@contoso.com?$expand=directReports($select=id)").await;
    assert_eq!(samir.body["directReports"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_deleted_come_back_under_their_name_or_another_or_never() {
    let sim = Sim::start().await;
    let list = "/directory/deletedItems/microsoft.graph.user";
    let gone = sim.get(&format!("{list}?$filter=endswith(userPrincipalName,'{PETRA}')")).await;
    assert_eq!(gone.status, 400, "an advanced query");
    let gone = sim
        .get_eventual(&format!("{list}?$filter=endswith(userPrincipalName,'{PETRA}')&$count=true"))
        .await;
    let petra = gone.body["value"][0]["id"].as_str().unwrap().to_owned();
    let one = sim.get(&format!("/directory/deletedItems/{petra}")).await;
    assert_eq!(one.body["displayName"], "Petra Former");

    // Somebody took her name and her address meanwhile.
    let taken = json!({
        "accountEnabled": true, "displayName": "Petra Other", "mailNickname": "petra.former",
        "userPrincipalName": PETRA, "usageLocation": "GB", "mail": PETRA,
        "passwordProfile": { "password": "Gr33n-Harbour-71" },
    });
    assert_eq!(sim.post("/users", taken).await.status, 201);
    let proxies = json!({ "mail": PETRA });
    assert_eq!(sim.patch(&format!("/users/{PETRA}"), proxies).await.status, 204);
    let restore = format!("/directory/deletedItems/{petra}/restore");
    let refused = sim.post(&restore, json!({})).await;
    assert_eq!(refused.body["error"]["details"][0]["target"], "userPrincipalName");
    let other = json!({ "newUserPrincipalName": "petra.f@contoso.com" });
    let refused = sim.post(&restore, other).await;
    assert_eq!(refused.body["error"]["details"][0]["target"], "proxyAddresses");
    let both = json!({
        "newUserPrincipalName": "petra.f@contoso.com", "autoReconcileProxyConflict": true,
    });
    let back = sim.post(&restore, both).await;
    assert_eq!(
        (back.status, &back.body["userPrincipalName"]),
        (200, &json!("petra.f@contoso.com"))
    );
    assert_eq!(sim.post(&restore, json!({})).await.status, 404);

    let id = sim.user(JOHN);
    assert_eq!(sim.delete(&format!("/users/{JOHN}")).await.status, 204);
    let path = format!("/directory/deletedItems/{id}");
    let lesser = sim.with_app(|app| app.without("User.DeleteRestore.All"));
    assert_eq!(lesser.delete(&path).await.code(), "Authorization_RequestDenied");
    let sim = lesser.with_app(|app| app);
    assert_eq!(sim.delete(&path).await.status, 204);
    assert_eq!(sim.post(&format!("{path}/restore"), json!({})).await.status, 404);
}

#[tokio::test]
async fn how_many_licences_somebody_has_can_be_asked() {
    let sim = Sim::start().await;
    let query = "/users?$filter=assignedLicenses/$count ne 0&$select=userPrincipalName";
    assert_eq!(sim.get(query).await.code(), "Request_UnsupportedQuery");
    let licensed = sim.get_eventual(&format!("{query}&$count=true")).await;
    let who = licensed.column("userPrincipalName");
    assert!(who.contains(&JOHN) && !who.contains(&"omar.haddad@contoso.com"), "{who:?}");
}

#[tokio::test]
async fn plans_left_off_are_kept_shown_and_stand_on_others() {
    let clock = clock();
    let file = json!({
        "tenantDomain": "contoso.com", "onmicrosoft": "contoso.onmicrosoft.com",
        "users": [{
            "upn": JOHN, "displayName": "John Doe", "userType": "Member", "accountEnabled": true,
        }],
        "skus": [
            { "skuPartNumber": "SPE_E3", "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "enabled": 5, "consumed": 0 },
            { "skuPartNumber": "MCOMEETADV", "skuId": "0c266dff-15dd-4b49-8397-2bb16070ed52", "enabled": 5, "consumed": 0 },
        ],
    });
    let world = World::from_directory(&file.to_string(), clock.clone()).unwrap();
    let sim = Sim::with(world, clock).await;
    let path = format!("/users/{JOHN}/assignLicense");
    let add = |sku: &str, off: &[&str]| json!({ "addLicenses": [{ "skuId": sku, "disabledPlans": off }], "removeLicenses": [] });
    let conferencing = add(&sim.sku("MCOMEETADV"), &[]);
    let refused = sim.post(&path, conferencing.clone()).await;
    assert!(refused.message().contains("depends on the service plan(s)"));
    let foreign = add(&sim.sku("SPE_E3"), &["00000000-0000-4000-8000-000000000000"]);
    assert_eq!(sim.post(&path, foreign).await.status, 400);
    let teams = "57ff2da0-773e-42df-b2af-ffb7a2317929";
    let intune = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5";
    assert_eq!(sim.post(&path, add(&sim.sku("SPE_E3"), &[intune])).await.status, 200);
    let details = sim.get(&format!("/users/{JOHN}/licenseDetails")).await;
    let plans = details.body["value"][0]["servicePlans"].as_array().unwrap().clone();
    let status = |id: &str| {
        let plan = plans.iter().find(|plan| plan["servicePlanId"] == id).unwrap();
        plan["provisioningStatus"].as_str().unwrap().to_owned()
    };
    assert_eq!((status(intune), status(teams)), ("Disabled".into(), "Success".into()));
    let ledger = sim.world.ledger();
    assert_eq!(ledger[0].after["disabledPlans"]["SPE_E3"], json!([intune]));
    assert_eq!(sim.post(&path, conferencing).await.status, 200);
}
