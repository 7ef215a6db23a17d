//! Reading: properties, filters, pages, and what the directory refuses to look up.

use countersign::sim::microsoft::World;
use serde_json::json;

use crate::support::{JOHN, Sim, clock};

#[tokio::test]
async fn a_user_shows_the_default_properties_until_others_are_asked_for() {
    let sim = Sim::start().await;
    let john = sim.get(&format!("/users/{JOHN}")).await;
    assert_eq!(john.status, 200);
    assert_eq!(john.body["displayName"], "John Doe");
    assert!(john.body.get("accountEnabled").is_none());
    assert!(john.headers.contains_key("request-id"));

    let path = "/users/JOHN.DOE@contoso.com?$select=id,accountEnabled,department&$expand=manager($select=displayName)";
    let john = sim.get(path).await;
    assert_eq!(john.body["accountEnabled"], true);
    assert_eq!(
        john.body["manager"],
        json!({ "@odata.type": "#microsoft.graph.user", "displayName": "Samir Nadar" })
    );
    assert!(john.body.get("displayName").is_none());

    let wrong = sim.get(&format!("/users/{JOHN}?$select=shoeSize")).await;
    assert_eq!((wrong.status, wrong.code()), (400, "BadRequest"));
    let nobody = sim.get("/users/nobody@contoso.com").await;
    assert_eq!((nobody.status, nobody.code()), (404, "Request_ResourceNotFound"));
    let guest = sim.get("/users/rita.partner_fabrikam.com%23EXT%23@contoso.onmicrosoft.com").await;
    assert_eq!(guest.body["displayName"], "Rita Partner");
}

#[tokio::test]
async fn filters_find_whom_they_describe() {
    let sim = Sim::start().await;
    for (filter, found) in [
        ("department eq 'Sales'", 4),
        ("startswith(displayName,'Sam')", 3),
        ("displayName eq 'Sam Taylor'", 2),
        ("accountEnabled eq false", 3),
        ("department in ('HR','Finance')", 5),
        ("userType eq 'Guest' or mail eq 'john.doe@contoso.com'", 2),
        ("onPremisesSyncEnabled eq true", 1),
        ("assignedLicenses/any(l:l/skuId eq 4b9405b0-7788-4568-add1-99614e613b69)", 2),
        ("proxyAddresses/any(p:startswith(p,'SMTP:john'))", 1),
    ] {
        let reply = sim.get(&format!("/users?$filter={filter}&$select=userPrincipalName")).await;
        assert_eq!(reply.status, 200, "{filter}: {}", reply.body);
        assert_eq!(reply.body["value"].as_array().unwrap().len(), found, "{filter}");
    }
    let groups = sim.get("/groups?$filter=groupTypes/any(c:c eq 'Unified')").await;
    assert_eq!(groups.column("displayName"), ["Sales Team"]);
}

#[tokio::test]
async fn advanced_queries_need_the_header_and_the_count() {
    let sim = Sim::start().await;
    for query in [
        "$filter=department ne 'Sales'",
        "$filter=not(department eq 'Sales')",
        "$filter=endswith(mail,'contoso.com')",
        "$filter=department eq 'Sales'&$orderby=displayName",
        "$search=\"displayName:john\"",
    ] {
        let plain = sim.get(&format!("/users?{query}")).await;
        assert_eq!((plain.status, plain.code()), (400, "Request_UnsupportedQuery"), "{query}");
        let advanced = sim.get_eventual(&format!("/users?{query}&$count=true")).await;
        assert_eq!(advanced.status, 200, "{query}: {}", advanced.body);
        assert!(advanced.body["@odata.count"].as_u64().unwrap() > 0, "{query}");
    }
    assert_eq!(sim.get("/users/$count").await.message(), "$count is not currently supported.");
    assert_eq!(sim.get_eventual("/users/$count").await.body, json!(28));
    for query in [
        "$top=1000",
        "$top=0",
        "$skip=3",
        "$filter=contains(displayName,'a')",
        "$filter=lastPasswordChangeDateTime ge 2020-01-01T00:00:00Z",
        "$filter=shoeSize eq 3",
        "$filter=displayName eq",
    ] {
        assert_eq!(sim.get(&format!("/users?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn pages_hold_everybody_once_and_a_foreign_token_is_expired() {
    let clock = clock();
    let users: Vec<_> = (0..230)
        .map(|n| {
            json!({
                "upn": format!("u{n}@contoso.com"), "displayName": format!("User {n}"),
                "userType": "Member", "accountEnabled": true,
            })
        })
        .collect();
    let file = json!({ "tenantDomain": "contoso.com", "onmicrosoft": "contoso.onmicrosoft.com", "users": users });
    let world = World::from_directory(&file.to_string(), clock.clone()).unwrap();
    let sim = Sim::with(world, clock).await;

    let mut seen = Vec::new();
    let mut next = Some(format!("{}/v1.0/users?$select=userPrincipalName", sim.base));
    let mut pages = 0;
    while let Some(link) = next {
        let page = sim.send(sim.http.get(&link)).await;
        assert!(link.starts_with(&sim.base));
        seen.extend(page.column("userPrincipalName").iter().map(|upn| (*upn).to_owned()));
        next = page.body["@odata.nextLink"].as_str().map(str::to_owned);
        pages += 1;
    }
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), pages), (230, 3));

    let first = sim.get("/users?$top=10").await;
    let link = first.body["@odata.nextLink"].as_str().unwrap().replace("top=10", "top=11");
    let foreign = sim.send(sim.http.get(link)).await;
    assert_eq!((foreign.status, foreign.code()), (400, "Directory_ExpiredPageToken"));
}

#[tokio::test]
async fn memberships_show_groups_and_roles_direct_and_through_groups() {
    let sim = Sim::start().await;
    let names = |reply: &crate::support::Reply| {
        let mut names: Vec<_> =
            reply.column("displayName").iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names
    };
    let direct = sim.get(&format!("/users/{JOHN}/memberOf")).await;
    assert_eq!(names(&direct), ["Company News", "Sales Team", "VPN Users"]);
    let above = sim.get(&format!("/users/{JOHN}/transitiveMemberOf/microsoft.graph.group")).await;
    assert_eq!(names(&above), ["Company News", "Remote Workers", "Sales Team", "VPN Users"]);
    let ada = sim.get("/users/ada.admin@contoso.com/memberOf").await;
    assert_eq!(names(&ada), ["Global Administrator", "Tier Zero"]);
    let cast = sim.get("/users/ada.admin@contoso.com/memberOf/microsoft.graph.directoryRole").await;
    assert_eq!(names(&cast), ["Global Administrator"]);
    let omar = sim.get("/users/omar.haddad@contoso.com/memberOf").await;
    assert_eq!(names(&omar), ["All Engineering"]);

    let id = sim.user("ada.admin@contoso.com");
    let path = format!(
        "/roleManagement/directory/roleAssignments?$filter=principalId eq '{id}'&$expand=roleDefinition"
    );
    let roles = sim.get(&path).await;
    assert_eq!(roles.body["value"][0]["roleDefinition"]["displayName"], "Global Administrator");
    let manager = sim.get(&format!("/users/{JOHN}/manager?$select=displayName")).await;
    assert_eq!(manager.body["displayName"], "Samir Nadar");
}

#[tokio::test]
async fn the_tenant_its_domains_seats_and_applications_can_be_read() {
    let sim = Sim::start().await;
    let organization = sim.get("/organization?$select=displayName,verifiedDomains").await;
    assert_eq!(organization.body["value"][0]["displayName"], "Contoso");
    assert_eq!(
        sim.get("/domains").await.column("id"),
        ["contoso.com", "contoso.onmicrosoft.com", "contoso.co.uk", "contoso-old.example"]
    );
    let skus = sim.get("/subscribedSkus").await;
    assert_eq!(skus.body["value"].as_array().unwrap().len(), 6);
    let id = countersign::sim::microsoft::DEMO_CLIENT_ID;
    let principal =
        sim.get(&format!("/servicePrincipals(appId='{id}')?$select=id,displayName")).await;
    assert_eq!(principal.body["displayName"], "Countersign");
    let object = principal.body["id"].as_str().unwrap();
    let roles = sim.get(&format!("/servicePrincipals/{object}/appRoleAssignments")).await;
    assert!(roles.column("appRoleId").contains(&"741f803b-c850-494e-b5df-cde7c675a1ca"));
    assert_eq!(sim.get("/planets").await.code(), "BadRequest");
}
