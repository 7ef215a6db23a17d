//! Applications, their secrets, and what was granted to them.

use countersign::sim::microsoft::AppSecrets;
use serde_json::{Value, json};

use crate::support::{GRAPH, Sim};

const MAIL_SEND: &str = "b633e1c5-b582-4048-a93e-9f11b44c7e96";

fn mailer(name: &str) -> Value {
    json!({
        "displayName": name, "signInAudience": "AzureADMyOrg", "tags": ["ours"],
        "requiredResourceAccess": [{
            "resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [{ "id": MAIL_SEND, "type": "Role" }],
        }],
        "web": { "redirectUris": ["https://badge.contoso.com/done"] },
    })
}

async fn app_named(sim: &Sim, name: &str) -> Value {
    let found = sim.get(&format!("/applications?$filter=displayName eq '{name}'")).await;
    found.body["value"][0].clone()
}

async fn sign_in(sim: &Sim, client: &str, secret: &str) -> (u16, Value) {
    let url = format!("{}/{}/oauth2/v2.0/token", sim.base, sim.world.tenant_id());
    let scope = format!("{GRAPH}/.default");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("client_secret", secret),
        ("scope", &scope),
    ];
    let answer = sim.http.post(url).form(&form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn an_application_is_made_gets_a_secret_and_signs_in_after_consent() {
    let sim = Sim::start().await;
    let made = sim.post("/applications", mailer("Badge Printer")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let bot = countersign::sim::microsoft::DEMO_CLIENT_ID;
    assert_eq!(made.body["createdByAppId"], bot);
    let id = made.body["id"].as_str().unwrap().to_owned();
    let client = made.body["appId"].as_str().unwrap().to_owned();
    let owners = sim.get(&format!("/applications/{id}/owners")).await;
    assert_eq!(owners.column("displayName"), ["Countersign"]);

    let asked = json!({ "passwordCredential": {
        "displayName": "printer", "endDateTime": "2027-05-20T00:00:00Z",
    } });
    let added = sim.post(&format!("/applications/{id}/addPassword"), asked.clone()).await;
    assert_eq!(added.status, 200, "{}", added.body);
    let secret = added.body["secretText"].as_str().unwrap().to_owned();
    assert!(sim.world.app_secret_is(&client, &secret));
    assert_eq!(added.body["hint"].as_str().unwrap(), &secret[..3]);
    let listed = sim.get(&format!("/applications/{id}?$select=passwordCredentials")).await;
    assert_eq!(listed.body["passwordCredentials"][0]["secretText"], Value::Null);
    assert!(!format!("{:?}", sim.world.ledger()).contains(&secret));

    // Nobody has consented, so nobody gets a token.
    let (status, told) = sign_in(&sim, &client, &secret).await;
    assert_eq!(status, 400, "{told}");
    assert!(sim.world.consent(&client));
    let (status, told) = sign_in(&sim, &client, &secret).await;
    assert_eq!(status, 200, "{told}");
    let principal = sim.get(&format!("/servicePrincipals(appId='{client}')")).await;
    let principal = principal.body["id"].as_str().unwrap().to_owned();
    let held = sim.get(&format!("/servicePrincipals/{principal}/appRoleAssignments")).await;
    assert_eq!(held.column("appRoleId"), [MAIL_SEND]);

    let again = sim.post(&format!("/applications/{id}/addPassword"), asked).await;
    assert_ne!(again.body["secretText"].as_str().unwrap(), secret, "each call adds another");
    let key = json!({ "keyId": added.body["keyId"] });
    let path = format!("/applications/{id}/removePassword");
    assert_eq!(sim.post(&path, key.clone()).await.status, 204);
    assert_eq!(sim.post(&path, key).await.status, 400);
    assert!(!sim.world.app_secret_is(&client, &secret));
    assert_eq!(sim.delete(&format!("/applications/{id}")).await.status, 204);
    assert_eq!(sim.get(&format!("/applications/{id}")).await.status, 404);
    assert_eq!(sim.get(&format!("/servicePrincipals/{principal}")).await.status, 404);
}

#[tokio::test]
async fn without_the_wide_permission_only_own_applications_are_written() {
    let sim = Sim::start().await;
    let payroll = app_named(&sim, "Payroll Connector").await;
    let id = payroll["id"].as_str().unwrap();
    let refused = sim.post(&format!("/applications/{id}/addPassword"), json!({})).await;
    assert_eq!((refused.status, refused.code()), (403, "Authorization_RequestDenied"));
    assert_eq!(
        sim.patch(&format!("/applications/{id}"), json!({ "notes": "x" })).await.status,
        403
    );
    assert_eq!(sim.delete(&format!("/applications/{id}")).await.status, 403);
    let sim = sim.with_app(|mut app| {
        app.graph_roles.insert("Application.ReadWrite.All".into());
        app
    });
    assert_eq!(
        sim.patch(&format!("/applications/{id}"), json!({ "notes": "x" })).await.status,
        204
    );
}

#[tokio::test]
async fn what_no_application_can_be_is_refused() {
    let sim = Sim::start().await;
    let with = |member: &str, value: Value| {
        let mut app = mailer("A");
        app[member] = value;
        app
    };
    for wrong in [
        json!({}),
        with("displayName", json!("")),
        with("signInAudience", json!("Everybody")),
        with("requiredResourceAccess", json!([{ "resourceAppId": "graph" }])),
        with("web", json!({ "redirectUris": ["http://badge.contoso.com"] })),
        with("shoeSize", json!(43)),
    ] {
        let refused = sim.post("/applications", wrong.clone()).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"), "{wrong}");
    }
    let nobody = json!({ "appId": "00000000-0000-4000-8000-000000000000" });
    let refused = sim.post("/servicePrincipals", nobody).await;
    assert!(refused.message().contains("does not reference a valid application object"));

    let made = sim.post("/applications", mailer("A")).await;
    let app = json!({ "appId": made.body["appId"] });
    assert_eq!(sim.post("/servicePrincipals", app.clone()).await.status, 201);
    assert_eq!(sim.post("/servicePrincipals", app).await.status, 409);
    sim.world.set_conduct(|conduct| conduct.app_secrets = AppSecrets::Forbidden);
    let path = format!("/applications/{}/addPassword", made.body["id"].as_str().unwrap());
    let refused = sim.post(&path, json!({})).await;
    assert_eq!(refused.code(), "CredentialTypeNotAllowedAsPerAppPolicy");
}

#[tokio::test]
async fn strangers_their_permissions_and_secrets_that_end_can_be_read() {
    let sim = Sim::start().await;
    let select =
        "/servicePrincipals?$select=id,displayName,appOwnerOrganizationId,verifiedPublisher";
    let all = sim.get(select).await;
    let of = |name: &str| {
        let list = all.body["value"].as_array().unwrap();
        list.iter().find(|app| app["displayName"] == name).expect("an app").clone()
    };
    assert_eq!(
        of("Microsoft Graph")["appOwnerOrganizationId"],
        "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
    );
    assert_eq!(of("Countersign")["appOwnerOrganizationId"], json!(sim.world.tenant_id()));
    assert_eq!(of("Northwind Scheduler")["verifiedPublisher"]["displayName"], "Northwind Traders");
    let merge = of("Fabrikam Mail Merge");
    let id = merge["id"].as_str().unwrap();
    let held = sim.get(&format!("/servicePrincipals/{id}/appRoleAssignments")).await;
    assert_eq!(
        (held.column("appRoleId"), held.column("resourceDisplayName")),
        (vec![MAIL_SEND], vec!["Microsoft Graph"])
    );
    let grants = sim.get(&format!("/oauth2PermissionGrants?$filter=clientId eq '{id}'")).await;
    assert_eq!(grants.column("scope"), ["Mail.Read Contacts.Read offline_access"]);
    assert_eq!(grants.column("consentType"), ["AllPrincipals"]);
    let john = sim.user("john.doe@contoso.com");
    let own = sim.get(&format!("/oauth2PermissionGrants?$filter=principalId eq '{john}'")).await;
    assert_eq!(own.column("consentType"), ["Principal"]);
    let payroll = app_named(&sim, "Payroll Connector").await;
    assert_eq!(payroll["passwordCredentials"][0]["endDateTime"], "2026-12-01T00:00:00Z");

    let sim = sim.with_app(|app| app.without("Directory.Read.All"));
    assert_eq!(sim.get("/oauth2PermissionGrants").await.status, 403);
}
