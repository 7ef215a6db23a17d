//! Groups made, changed and deleted; who may be in what; lists made by Exchange.

use countersign::sim::microsoft::World;
use serde_json::{Value, json};

use crate::support::{JOHN, Sim, clock};

fn pointing(sim: &Sim, upn: &str) -> String {
    format!("https://graph.microsoft.com/v1.0/users/{}", sim.user(upn))
}

fn security(name: &str, nickname: &str) -> Value {
    json!({
        "displayName": name, "mailNickname": nickname, "mailEnabled": false,
        "securityEnabled": true, "groupTypes": [],
    })
}

fn unified(name: &str, nickname: &str) -> Value {
    json!({
        "displayName": name, "mailNickname": nickname, "mailEnabled": true,
        "securityEnabled": false, "groupTypes": ["Unified"],
    })
}

#[tokio::test]
async fn a_group_is_made_with_an_owner_found_changed_and_deleted() {
    let sim = Sim::start().await;
    let mut body = unified("Spring Fair", "spring-fair");
    body["description"] = json!("Plans the fair");
    body["owners@odata.bind"] = json!([pointing(&sim, "mona.vale@contoso.com")]);
    body["members@odata.bind"] = json!([pointing(&sim, JOHN)]);
    let made = sim.post("/groups", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["id"].as_str().unwrap().to_owned();
    assert_eq!(made.body["mail"], "spring-fair@contoso.com");
    assert_eq!(made.body["visibility"], "Public");
    let owners = sim.get(&format!("/groups/{id}/owners")).await;
    assert_eq!(owners.column("userPrincipalName"), ["mona.vale@contoso.com"]);
    let found = sim.get("/groups?$filter=mail eq 'spring-fair@contoso.com'").await;
    assert_eq!(found.column("id"), [id.as_str()]);

    // Changing it needs more than making it.
    let path = format!("/groups/{id}");
    let words = json!({ "description": "Plans the summer fair" });
    let sim = sim.with_app(|app| app.without("Group.ReadWrite.All"));
    assert_eq!(sim.patch(&path, words.clone()).await.code(), "Authorization_RequestDenied");
    let sim = sim.with_app(|mut app| {
        app.graph_roles.insert("Group.ReadWrite.All".into());
        app
    });
    assert_eq!(sim.patch(&path, words).await.status, 204);
    assert_eq!(sim.get(&path).await.body["description"], "Plans the summer fair");
    let sort = sim.patch(&path, json!({ "securityEnabled": true })).await;
    assert!(sort.message().contains("read-only"));
    assert_eq!(sim.delete(&path).await.status, 204);
    assert_eq!(sim.get(&path).await.status, 404);
    let kept = sim.get("/directory/deletedItems/microsoft.graph.group").await;
    assert_eq!(kept.column("displayName"), ["Spring Fair"]);
    let what: Vec<_> = sim.world.ledger().into_iter().map(|effect| effect.what).collect();
    assert_eq!(what, ["group.create", "group.update", "group.delete"]);
}

#[tokio::test]
async fn a_group_that_the_service_does_not_make_is_refused() {
    let sim = Sim::start().await;
    let refused = |body: Value| {
        let sim = &sim;
        async move {
            let reply = sim.post("/groups", body).await;
            assert_eq!(reply.status, 400, "{}", reply.body);
            reply.message().to_owned()
        }
    };
    for name in ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] {
        let mut body = security("A", "a");
        body.as_object_mut().unwrap().remove(name);
        let expected = format!("A value is required for property '{name}' of resource 'Group'.");
        assert_eq!(refused(body).await, expected);
    }
    let mut list = security("A", "a");
    list["mailEnabled"] = json!(true);
    assert!(refused(list).await.contains("does not currently support writes of mail-enabled"));
    let taken = refused(unified("Other Sales", "sales-team")).await;
    assert!(taken.contains("mailNickname already exists"), "{taken}");
    assert!(refused(security("A", "two words")).await.contains("'mailNickname'"));
    let mut strange = security("A", "a");
    strange["colour"] = json!("red");
    assert!(refused(strange).await.contains("'colour' does not exist"));
    let mut many = security("A", "a");
    many["members@odata.bind"] = json!(vec![pointing(&sim, JOHN); 21]);
    assert!(refused(many).await.contains("more than 20 link changes"));
    let mut nested = unified("A", "a-a");
    let vpn = sim.group("VPN Users");
    nested["members@odata.bind"] =
        json!([format!("https://graph.microsoft.com/v1.0/groups/{vpn}")]);
    assert!(refused(nested).await.contains("Unsupported resource type 'group'"));
    // Security groups may share a name: that is why one looks first.
    assert_eq!(sim.post("/groups", security("VPN Users", "vpn")).await.status, 201);
    assert_eq!(sim.world.ledger().len(), 1);

    let sim = sim.with_app(|app| app.without("RoleManagement.ReadWrite.Directory"));
    let mut roles = security("A", "a");
    roles["isAssignableToRole"] = json!(true);
    assert_eq!(sim.post("/groups", roles).await.status, 403);
    let sim = sim.with_app(|app| app.without("Group.Create").without("Group.ReadWrite.All"));
    assert_eq!(sim.post("/groups", security("A", "a")).await.status, 403);
}

#[tokio::test]
async fn a_rule_decides_who_is_in_a_dynamic_group_and_a_wrong_rule_is_refused() {
    let sim = Sim::start().await;
    let dynamic = |rule: &str| {
        let mut body = security("Northerners", "northerners");
        body["groupTypes"] = json!(["DynamicMembership"]);
        body["membershipRule"] = json!(rule);
        body["membershipRuleProcessingState"] = json!("On");
        body
    };
    let made = sim.post("/groups", dynamic("(user.officeLocation -eq \"Manchester\")")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let members = format!("/groups/{}/members", made.body["id"].as_str().unwrap());
    let names = sim.get(&members).await;
    assert_eq!(names.body["value"].as_array().unwrap().len(), 2);
    let devices = sim.post("/groups", dynamic("device.deviceOSType -eq \"Windows\"")).await;
    assert_eq!(devices.status, 201);
    let wrong = sim.post("/groups", dynamic("user.shoeSize -eq 4")).await;
    assert!(wrong.message().ends_with("Wrong property applied."), "{}", wrong.body);
    let wrong = sim.post("/groups", dynamic("user.department near \"Sales\"")).await;
    assert!(wrong.message().contains("rule validation error"));
    let mut without = dynamic("x");
    without.as_object_mut().unwrap().remove("membershipRule");
    assert!(sim.post("/groups", without).await.message().contains("'membershipRule'"));

    let poor = World::from_directory(
        &json!({ "tenantDomain": "contoso.com", "onmicrosoft": "contoso.onmicrosoft.com", "users": [] })
            .to_string(),
        clock(),
    );
    let sim = Sim::with(poor.unwrap(), clock()).await;
    assert_eq!(sim.post("/groups", dynamic("user.department -eq \"Sales\"")).await.status, 403);
}

#[tokio::test]
async fn members_are_added_in_one_request_or_not_at_all() {
    let sim = Sim::start().await;
    let path = format!("/groups/{}", sim.group("Finance Restricted"));
    let bind = |people: &[&str]| {
        let links: Vec<String> = people.iter().map(|upn| pointing(&sim, upn)).collect();
        json!({ "members@odata.bind": links })
    };
    let one_is_in = bind(&["jane.roe@contoso.com", "fiona.ledger@contoso.com"]);
    assert!(sim.patch(&path, one_is_in).await.message().contains("already exist"));
    assert!(sim.world.ledger().is_empty());
    let two = bind(&["jane.roe@contoso.com", JOHN]);
    assert_eq!(sim.patch(&path, two).await.status, 204);
    let rule = bind(&[JOHN]);
    let dynamic = format!("/groups/{}", sim.group("All Engineering"));
    assert_eq!(sim.patch(&dynamic, rule).await.status, 403);
    assert_eq!(sim.world.ledger().len(), 2);
}

#[tokio::test]
async fn devices_and_groups_are_members_where_the_service_lets_them() {
    let sim = Sim::start().await;
    let device = sim.get("/devices?$filter=displayName eq 'LT-JDOE-01'&$select=id").await;
    let device = device.column("id")[0].to_owned();
    let to = |group: &str| format!("/groups/{}/members/$ref", sim.group(group));
    let link = |id: &str| json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}") });
    assert_eq!(sim.post(&to("VPN Users"), link(&device)).await.status, 204);
    assert!(sim.post(&to("Sales Team"), link(&device)).await.message().contains("'device'"));
    let cast = format!("/groups/{}/members/microsoft.graph.device", sim.group("VPN Users"));
    assert_eq!(sim.get(&cast).await.column("displayName"), ["LT-JDOE-01"]);
    let finance = link(&sim.group("Finance Restricted"));
    assert_eq!(sim.post(&to("VPN Users"), finance.clone()).await.status, 204);
    assert_eq!(sim.post(&to("Tier Zero"), finance).await.status, 400);
    let sim = sim.with_app(|app| app.without("Device.ReadWrite.All"));
    let other = format!("/groups/{}/members/$ref", sim.group("Remote Workers"));
    assert_eq!(sim.post(&other, link(&device)).await.status, 403);
}

#[tokio::test]
async fn exchange_makes_lists_and_refuses_an_address_somebody_has() {
    let sim = Sim::start().await;
    let asked = json!({
        "Name": "Spring News", "Alias": "spring-news", "Type": "Distribution",
        "PrimarySmtpAddress": "spring-news@contoso.com", "ManagedBy": ["mona.vale@contoso.com"],
        "Members": [JOHN, "news@contoso.com"], "Description": "What happens in spring",
    });
    let made = sim.exchange("New-DistributionGroup", asked.clone()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = &made.body["value"][0];
    assert_eq!(made["RecipientTypeDetails"], "MailUniversalDistributionGroup");
    let id = made["ExternalDirectoryObjectId"].as_str().unwrap();
    let shown = sim.get(&format!("/groups/{id}")).await.body;
    assert_eq!(shown["mailEnabled"], true);
    assert_eq!(shown["description"], "What happens in spring");
    let members = json!({ "Identity": "spring-news@contoso.com" });
    let members = sim.exchange("Get-DistributionGroupMember", members).await;
    assert_eq!(members.column("PrimarySmtpAddress").len(), 2);

    let again = sim.exchange("New-DistributionGroup", asked).await;
    let text = again.body.to_string();
    assert!(again.status == 400 && text.contains("already being used by the proxy addresses"));
    let person = json!({ "Name": "X", "PrimarySmtpAddress": JOHN });
    assert_eq!(sim.exchange("New-DistributionGroup", person).await.status, 400);
    let name = json!({ "Name": "Company News", "PrimarySmtpAddress": "other@contoso.com" });
    let name = sim.exchange("New-DistributionGroup", name).await;
    assert!(name.body.to_string().contains("ADObjectAlreadyExistsException"));
    let stranger = json!({ "Name": "Y", "ManagedBy": ["nobody@contoso.com"] });
    assert_eq!(sim.exchange("New-DistributionGroup", stranger).await.status, 404);
    let gone = sim.exchange("Remove-DistributionGroup", json!({ "Identity": id })).await;
    assert_eq!(gone.status, 200);
    let what: Vec<_> = sim.world.ledger().into_iter().map(|effect| effect.what).collect();
    assert_eq!(what, ["list.create", "list.delete"]);
}
