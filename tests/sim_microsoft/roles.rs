//! Directory roles: found by name, given, taken, eligible; and the last one who holds the keys.

use countersign::sim::microsoft::World;
use serde_json::json;

use crate::support::{JOHN, Sim, clock};

async fn role(sim: &Sim, name: &str) -> String {
    let path = format!("/roleManagement/directory/roleDefinitions?$filter=displayName eq '{name}'");
    sim.get(&path).await.column("id")[0].to_owned()
}

#[tokio::test]
async fn a_role_is_given_once_and_taken_by_its_assignment() {
    let sim = Sim::start().await;
    let assignments = "/roleManagement/directory/roleAssignments";
    let body = json!({
        "principalId": sim.user(JOHN), "roleDefinitionId": role(&sim, "Reports Reader").await,
        "directoryScopeId": "/",
    });
    let given = sim.post(assignments, body.clone()).await;
    assert_eq!(given.status, 201, "{}", given.body);
    let again = sim.post(assignments, body.clone()).await;
    assert!(again.message().starts_with("A conflicting object"), "{}", again.body);
    let id = given.body["id"].as_str().unwrap();
    assert_eq!(sim.delete(&format!("{assignments}/{id}")).await.status, 204);
    assert_eq!(sim.delete(&format!("{assignments}/{id}")).await.status, 404);

    let mut to_group = body.clone();
    to_group["principalId"] = json!(sim.group("VPN Users"));
    assert!(sim.post(assignments, to_group).await.message().contains("isAssignableToRole"));
    let mut no_scope = body.clone();
    no_scope.as_object_mut().unwrap().remove("directoryScopeId");
    assert_eq!(sim.post(assignments, no_scope).await.status, 400);
    let mut no_role = body.clone();
    no_role["roleDefinitionId"] = json!("00000000-0000-4000-8000-000000000000");
    assert_eq!(sim.post(assignments, no_role).await.status, 404);
    let sim = sim.with_app(|app| app.without("RoleManagement.ReadWrite.Directory"));
    assert_eq!(sim.post(assignments, body).await.status, 403);
}

#[tokio::test]
async fn the_last_global_administrator_stays() {
    let sim = Sim::start().await;
    let assignments = "/roleManagement/directory/roleAssignments";
    let ada = sim.user("ada.admin@contoso.com");
    let held = sim.get(&format!("{assignments}?$filter=principalId eq '{ada}'")).await;
    let path = format!("{assignments}/{}", held.column("id")[0]);
    assert!(sim.delete(&path).await.message().contains("last active Global Administrator"));
    let global = role(&sim, "Global Administrator").await;
    let second = json!({ "principalId": sim.user("bob.lead@contoso.com"), "roleDefinitionId": global, "directoryScopeId": "/" });
    assert_eq!(sim.post(assignments, second).await.status, 201);
    assert_eq!(sim.delete(&path).await.status, 204);
}

#[tokio::test]
async fn roles_come_from_groups_and_wait_to_be_activated() {
    let sim = Sim::start().await;
    let eva = sim.user("eva.lindqvist@contoso.com");
    let through =
        sim.get(&format!("/users/{eva}/transitiveMemberOf/microsoft.graph.directoryRole")).await;
    assert_eq!(through.column("displayName"), ["Groups Administrator"]);
    let direct =
        format!("/roleManagement/directory/roleAssignments?$filter=principalId eq '{eva}'");
    assert!(sim.get(&direct).await.column("id").is_empty());
    let path = format!(
        "/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId eq '{eva}'&$expand=roleDefinition"
    );
    let eligible = sim.get(&path).await;
    assert_eq!(eligible.body["value"][0]["roleDefinition"]["displayName"], "Reports Reader");

    let sim = sim.with_app(|mut app| {
        app.graph_roles.retain(|name| !name.starts_with("RoleManagement"));
        app
    });
    let denied = sim.get(&path).await;
    assert_eq!((denied.status, denied.code()), (403, "UnknownError"));
    assert!(denied.message().contains("PermissionScopeNotGranted"));
    let poor = json!({ "tenantDomain": "contoso.com", "onmicrosoft": "contoso.onmicrosoft.com", "users": [] });
    let poor = World::from_directory(&poor.to_string(), clock()).unwrap();
    let sim = Sim::with(poor, clock()).await;
    assert_eq!(sim.get(&path).await.code(), "AadPremiumLicenseRequired");
}
