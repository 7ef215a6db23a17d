//! Requests of Graph that somebody spells out: what is answered, what waits, what is refused.

use countersign::{
    actions::{Asked, Planned},
    domain::{change::Change, message::FactsView, plan::Draft, trouble::Reason},
    ports::hands::Made,
};
use serde_json::{Value, json};

use crate::{
    asking::{asked, lacking, lines, no, planned, room, without},
    room::Room,
};

fn get(path: &str) -> Value {
    json!({ "method": "GET", "path": path })
}

async fn raw(room: &Room, asked: &Asked, arguments: Value) -> Planned {
    planned(room, asked, "graph_request", arguments).await.unwrap()
}

async fn answer(room: &Room, asked: &Asked, path: &str) -> FactsView {
    match raw(room, asked, get(path)).await {
        Planned::Facts(facts) => facts,
        Planned::Changes(draft) => panic!("{path} waits for signatures: {draft:?}"),
    }
}

async fn waits(room: &Room, asked: &Asked, arguments: Value) -> Draft {
    match raw(room, asked, arguments.clone()).await {
        Planned::Changes(draft) => draft,
        Planned::Facts(facts) => panic!("{arguments} is answered at once: {facts:?}"),
    }
}

async fn refused(room: &Room, asked: &Asked, arguments: Value) -> String {
    no(room, asked, "graph_request", arguments).await.to_string()
}

#[tokio::test]
async fn what_the_actions_look_at_is_answered_at_once_short_and_masked() {
    let room = room().await;
    let asked = asked(&room).await;
    let found = answer(&room, &asked, "/users/john.doe@contoso.com?$select=id,displayName").await;
    assert_eq!(found.title, "GET /users/john.doe@contoso.com?$select=id,displayName");
    assert_eq!(found.facts[0], ("status".to_owned(), "200".to_owned()));
    assert!(found.lists[0].1.contains(&"displayName: \"John Doe\"".to_owned()), "{found:?}");
    let groups = answer(&room, &asked, "/users/john.doe@contoso.com/memberOf").await;
    assert!(groups.lists[0].1.iter().any(|line| line.contains("Sales Team")), "{groups:?}");
    let all = answer(&room, &asked, "/users").await;
    assert_eq!(all.lists[0].1.len(), 25);
    assert!(all.more > 0 || all.facts.iter().any(|(name, _)| name == "more_pages"), "{all:?}");
    let gone = answer(&room, &asked, "/users/nobody@contoso.com").await;
    assert_eq!(gone.facts[0].1, "404");
    assert_eq!(gone.facts[1], ("error".to_owned(), "Request_ResourceNotFound".to_owned()));
    // Apps are shown, and of their secrets nothing but the names.
    let apps = answer(&room, &asked, "/applications?$select=displayName,tags").await;
    assert!(apps.lists[0].1.iter().any(|line| line.contains("Payroll Connector")));
    assert!(room.felt().is_empty());
}

#[tokio::test]
async fn everything_else_waits_for_two_people() {
    let room = room().await;
    let mut asked = asked(&room).await;
    let calendars = get("/users/john.doe@contoso.com/calendars");
    let plan = waits(&room, &asked, calendars.clone()).await;
    assert_eq!(plan.signatures, 2);
    assert_eq!(plan.subjects[0].name, "John Doe");
    let office = json!({ "method": "PATCH", "path": "/users/john.doe@contoso.com",
        "body": { "officeLocation": "Leeds" } });
    let plan = waits(&room, &asked, office.clone()).await;
    assert_eq!((plan.signatures, plan.subjects[0].name.as_str()), (2, "John Doe"));
    assert_eq!(
        lines(&plan.steps[0]),
        [
            "http_method: =none → PATCH",
            "http_path: =none → /users/john.doe@contoso.com",
            "http_body: =none → {\"officeLocation\":\"Leeds\"}",
        ]
    );
    let delivery = plan.steps[0].change.delivery().unwrap();
    assert_eq!(delivery.to.upn.as_str(), "tina.tech@contoso.com", "the answer is the requester's");
    let Made::Accepted(output) = room.make(&plan.steps[0].change).await else { panic!() };
    assert!(
        output.secret.unwrap().reveal().contains("without a body"),
        "the answer is handed over"
    );
    assert_eq!(room.felt(), ["user.update"]);
    // The operator's list takes one signature off, for just this method and template.
    asked.graph_allowed = vec!["PATCH /users/{id}".parse().unwrap()];
    assert_eq!(waits(&room, &asked, office).await.signatures, 0);
    assert_eq!(waits(&room, &asked, calendars.clone()).await.signatures, 2);
    asked.graph_allowed.push("GET /users/{id}/calendars".parse().unwrap());
    assert!(matches!(raw(&room, &asked, calendars).await, Planned::Facts(_)));
    assert!("GET users".parse::<countersign::domain::graph_rules::Allowed>().is_err());
}

#[tokio::test]
async fn nothing_leads_elsewhere() {
    let room = room().await;
    let asked = asked(&room).await;
    for path in [
        "https://evil.example/users",
        "//evil.example/users",
        "/beta/users",
        "/v1.0/../beta/users",
        "/users/%2e%2e/applications",
        "/users%2fjohn.doe@contoso.com",
        "/users\\john.doe@contoso.com",
        "/users/a/./b",
        "users",
        "/users?$format=atom",
        "/users#x",
    ] {
        let said = refused(&room, &asked, get(path)).await;
        assert!(said.starts_with("path is not understood"), "{path}: {said}");
    }
    assert!(room.asked().iter().all(|line| !line.contains("evil")));
}

#[tokio::test]
async fn credentials_batches_and_what_has_an_action_are_never_sent() {
    let room = room().await;
    let asked = asked(&room).await;
    let before = room.asked().len();
    for (method, path, body) in [
        ("POST", "/$batch", json!({ "requests": [] })),
        ("GET", "/$batch", Value::Null),
        ("GET", "/users/john.doe@contoso.com?$select=passwordProfile", Value::Null),
        ("GET", "/applications?$select=passwordCredentials", Value::Null),
        ("GET", "/informationProtection/bitlocker/recoveryKeys/1?$select=key", Value::Null),
        ("GET", "/devices/1?$expand=deviceLocalCredentials", Value::Null),
        (
            "GET",
            "/users/john.doe@contoso.com/authentication/temporaryAccessPassMethods",
            Value::Null,
        ),
        (
            "POST",
            "/users/john.doe@contoso.com/authentication/temporaryAccessPassMethods",
            json!({}),
        ),
        ("PATCH", "/users/john.doe@contoso.com", json!({ "passwordProfile": { "password": "x" } })),
        ("PATCH", "/users/john.doe@contoso.com", json!({ "PasswordProfile": { "password": "x" } })),
        ("POST", "/applications", json!({ "displayName": "x" })),
        ("POST", "/applications/1/addPassword", json!({})),
        ("POST", "/servicePrincipals/1/appRoleAssignments", json!({})),
        ("POST", "/oauth2PermissionGrants", json!({})),
        ("POST", "/directoryRoles/1/members/$ref", json!({ "@odata.id": "x" })),
        ("POST", "/roleManagement/directory/roleAssignments", json!({})),
        ("DELETE", "/identity/conditionalAccess/policies/1", Value::Null),
        ("PATCH", "/identity/conditionalAccess/policies('1')", json!({ "state": "disabled" })),
        ("DELETE", "/domains/contoso.co.uk", Value::Null),
        ("POST", "/subscriptions", json!({ "notificationUrl": "https://evil.example" })),
    ] {
        let arguments = json!({ "method": method, "path": path, "body": body });
        let said = refused(&room, &asked, arguments).await;
        let is = ["this is not sent: ", "path is not understood", "body is not understood"];
        assert!(is.iter().any(|start| said.starts_with(start)), "{method} {path}: {said}");
    }
    assert_eq!(room.asked().len(), before, "nothing reached the tenant");
}

#[tokio::test]
async fn whom_a_request_touches_is_known_however_it_is_spelled() {
    let room = room().await;
    let asked = asked(&room).await;
    let ada = room.person("ada.admin@contoso.com").await;
    let guid = ada.id.guid().to_string();
    let office = json!({ "officeLocation": "Leeds" });
    for path in [
        format!("/users/{guid}"),
        "/Users('ADA.ADMIN@contoso.com')".to_owned(),
        format!("/v1.0/users/{guid}/manager/$ref"),
    ] {
        let method = if path.ends_with("$ref") { "DELETE" } else { "PATCH" };
        let body = if method == "PATCH" { office.clone() } else { Value::Null };
        let arguments = json!({ "method": method, "path": path, "body": body });
        let plan = waits(&room, &asked, arguments).await;
        assert_eq!(plan.subjects[0].name, "Ada Admin", "{path}");
    }
    let vpn = room.group("Tier Zero").await;
    let path = format!("/groups/{}/members/$ref", vpn.id.guid());
    let john = room.person("john.doe@contoso.com").await;
    let member = format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", john.id.guid());
    let body = json!({ "@odata.id": member });
    let said =
        refused(&room, &asked, json!({ "method": "POST", "path": path, "body": body })).await;
    assert!(said.starts_with("this is not sent: "), "{said}");
}

#[tokio::test]
async fn what_graph_refuses_is_handed_over_and_a_missing_right_is_named() {
    let room = room().await;
    let asked = asked(&room).await;
    let wrong = json!({ "method": "PATCH", "path": "/users/john.doe@contoso.com",
        "body": { "noSuchProperty": 1 } });
    let plan = waits(&room, &asked, wrong).await;
    let Made::Refused(reason) = room.make(&plan.steps[0].change).await else { panic!() };
    assert!(reason.to_string().contains("noSuchProperty"), "{reason}");
    let office = json!({ "method": "PATCH", "path": "/users/john.doe@contoso.com",
        "body": { "officeLocation": "Leeds" } });
    let plan = waits(&room, &asked, office).await;
    let rights = ["User.ReadWrite.All", "Directory.ReadWrite.All"];
    without(&room, &rights);
    assert!(!lacking(room.make(&plan.steps[0].change).await).is_empty());
    without(&room, &[]);
    let gone = json!({ "method": "DELETE", "path": "/users/nobody@contoso.com/manager/$ref" });
    let plan = waits(&room, &asked, gone).await;
    let made = room.make(&plan.steps[0].change).await;
    assert!(matches!(made, Made::Gone | Made::Refused(Reason::NotPossible { .. })), "{made:?}");
    let change: &Change = &plan.steps[0].change;
    assert_eq!(change.kind().as_str(), "graph_write");
}
