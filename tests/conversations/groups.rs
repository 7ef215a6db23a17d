//! Groups: made, looked up, filled and emptied, one member or many.

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{AppRegistration, Fault, FaultKind, RetryAfter},
};
use serde_json::{Value, json};

use crate::{
    given::{each_holds, given, line, looked, signed},
    stage::{APPROVALS, HELPDESK, Stage},
};

fn group(stage: &Stage, name: &str) -> Value {
    let tenant = stage.world.tenant();
    let groups = tenant["groups"].as_array().unwrap();
    groups.iter().find(|group| group["displayName"] == name).cloned().unwrap_or(Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_made_with_its_owner_and_members_and_found_afterwards() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "create a security group called Project Atlas").await;
    let card = stage.newest(HELPDESK);
    for wanted in [
        "Create the security group Project Atlas",
        "Owners: none → Tina Tech",
        "Name before the @: none → project-atlas",
        "Tina Tech owns Project Atlas: nobody else was named",
        "deleted by hand",
    ] {
        assert!(card.contains(wanted), "{wanted}: {card}");
    }
    assert_eq!(signed(&stage).await, ["group.create"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    let made = group(&stage, "Project Atlas");
    assert_eq!((&made["securityEnabled"], &made["mailEnabled"]), (&json!(true), &json!(false)));
    assert_eq!(made["owners"], json!(["tina.tech@contoso.com"]));

    stage.says("tina.tech", "create a security group called Project Atlas").await;
    assert_eq!(line(&stage), "Nothing to do: there is a group called Project Atlas.");

    given(
        &stage,
        "create_group",
        json!({
            "display_name": "Überblick & Co.", "group_type": "microsoft365",
            "description": "Plans of the year", "owner": "samir.nadar@contoso.com",
            "members": ["john.doe@contoso.com", "jane.roe@contoso.com"],
        }),
    )
    .await;
    let effects = signed(&stage).await;
    assert_eq!(effects, ["group.create", "group.member.add", "group.member.add"]);
    let made = group(&stage, "Überblick & Co.");
    assert_eq!(made["mail"], "uberblick-co@contoso.com", "{made}");
    assert_eq!(made["owners"], json!(["samir.nadar@contoso.com"]));
    assert_eq!(made["members"].as_array().unwrap().len(), 2, "{made}");
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_decides_who_is_in_a_dynamic_group() {
    let stage = Stage::new().await;
    let rule = "(user.department -eq \"Sales\")";
    let wanted = json!({
        "display_name": "Sales by rule", "group_type": "dynamic", "membership_rule": rule,
    });
    given(&stage, "create_group", wanted.clone()).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Rule: none → (user.department -eq \"Sales\")"), "{card}");
    assert_eq!(signed(&stage).await, ["group.create"]);
    let made = group(&stage, "Sales by rule");
    assert_eq!(made["membershipRule"], rule);
    assert!(made["members"].to_string().contains("john.doe@contoso.com"), "{made}");

    let mut broken = wanted.clone();
    broken["display_name"] = json!("Broken rule");
    broken["membership_rule"] = json!("(user.department -eq ");
    given(&stage, "create_group", broken).await;
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Failed: "), "{card}");
    assert!(card.contains("rule"), "{card}");
    for (change, said) in [
        (json!({ "membership_rule": null }), "a dynamic group needs its rule"),
        (json!({ "members": ["john.doe@contoso.com"] }), "the rule decides who is in"),
        (json!({ "group_type": "distribution" }), "Exchange's lists have no such rule"),
    ] {
        let mut wrong = wanted.clone();
        wrong["display_name"] = json!("Another by rule");
        for (name, value) in change.as_object().unwrap() {
            wrong[name] = value.clone();
        }
        given(&stage, "create_group", wrong).await;
        assert!(line(&stage).contains(said), "{said}: {}", line(&stage));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exchange_makes_lists() {
    let stage = Stage::new().await;
    let wanted = json!({
        "display_name": "Company Runners", "group_type": "distribution",
        "owner": "mona.vale@contoso.com", "members": ["jane.roe@contoso.com"],
    });
    given(&stage, "create_group", wanted).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Create the distribution list Company Runners"), "{card}");
    assert!(card.contains("company-runners@contoso.com"), "{card}");
    assert_eq!(signed(&stage).await, ["list.create", "list.member.add"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    let made = group(&stage, "Company Runners");
    assert_eq!(made["mail"], "company-runners@contoso.com");
    assert_eq!(made["members"], json!(["jane.roe@contoso.com"]));
    let taken = json!({
        "display_name": "Runners", "group_type": "distribution", "mail_nickname": "company-runners",
    });
    given(&stage, "create_group", taken).await;
    assert!(line(&stage).contains("another group has it"), "{}", line(&stage));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_cannot_be_made_without_the_permission() {
    let stage = Stage::new().await;
    let app = AppRegistration::demo().without("Group.Create").without("Group.ReadWrite.All");
    stage.world.set_app(app);
    // The token of before lives an hour, and with it the permission.
    stage.pass(jiff::SignedDuration::from_mins(70)).await;
    stage.says("tina.tech", "create a security group called Project Atlas").await;
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    let card = stage.newest(HELPDESK);
    assert!(card.contains("lacks a permission: "), "{card}");
    assert!(card.contains("Group.Create"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_listed_looked_up_and_paged() {
    let stage = Stage::new().await;
    each_holds(
        &stage,
        &[
            ("list all groups", &["VPN Users", "dynamic: a rule decides", "can give admin roles"]),
            ("show all distribution lists", &["Company News", "news@contoso.com"]),
            ("show details of the VPN Users group", &["May connect from outside", "Bob Lead"]),
            ("show me the All Engineering group", &["user.department -eq", "Rule is"]),
            ("who is in the VPN Users group?", &["John Doe", "Tina Tech", "Felix Brandt"]),
            ("list the members of Remote Workers", &["VPN Users", "group", "Olga Depot"]),
            ("who owns the Sales Team group?", &["Samir Nadar"]),
            ("list John Doe's groups", &["Sales Team", "VPN Users", "Company News"]),
        ],
    )
    .await;
    for (arguments, wanted) in [
        (json!({ "query": "sales", "count": true }), "Sales Team"),
        (json!({ "filter": "startswith(displayName,'VPN')" }), "VPN Users"),
        (json!({ "search": "\"displayName:Finance\"" }), "Finance Restricted"),
        (json!({ "query": "VPN", "select": ["createdDateTime"] }), "VPN Users"),
    ] {
        let said = looked(&stage, "list_groups", arguments.clone()).await;
        assert!(said.contains(wanted), "{arguments}: {said}");
    }
    let said = looked(&stage, "list_groups", json!({ "filter": "nonsense eq 'x'" })).await;
    assert!(said.contains("filter"), "{said}");
    let made = group(&stage, "VPN Users");
    let said = looked(&stage, "get_group", json!({ "group": made["id"] })).await;
    assert!(said.contains("VPN Users"), "{said}");
    let nobody = "00000000-0000-4000-8000-00000000dead";
    let said = looked(&stage, "get_group", json!({ "group": nobody })).await;
    assert!(said.contains("No group called"), "{said}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_members_are_many_steps_and_each_says_what_became_of_it() {
    let stage = Stage::new().await;
    let wanted = json!({
        "group": "VPN Users",
        "members": ["jane.roe@contoso.com", "john.doe@contoso.com", "nobody@contoso.com",
                    "omar.haddad@contoso.com", "jane.roe@contoso.com"],
    });
    given(&stage, "add_group_members", wanted.clone()).await;
    let card = stage.newest(HELPDESK);
    for said in [
        "Add Jane Roe to VPN Users",
        "Add Omar Haddad to VPN Users",
        "John Doe is in VPN Users already, and is left as it is.",
        "Nobody and nothing called “nobody@contoso.com” was found; it is left out.",
    ] {
        assert!(card.contains(said), "{said}: {card}");
    }
    // One of them is gone when it runs.
    let gone =
        FaultKind::Status { status: 404, retry_after: RetryAfter::default(), after_effect: false };
    stage.world.faults().push(Fault::once("POST", "/v1.0/groups/*/members/*", gone));
    let effects = signed(&stage).await;
    assert_eq!(effects, ["group.member.add"], "the other one went in");
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Partly failed: 1 of 2 steps"), "{card}");
    let members = group(&stage, "VPN Users")["members"].to_string();
    assert!(members.contains("omar.haddad") || members.contains("jane.roe"), "{members}");

    given(
        &stage,
        "remove_group_members",
        json!({ "group": "VPN Users", "members": ["john.doe@contoso.com", "mona.vale@contoso.com"] }),
    )
    .await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Mona Vale is not in VPN Users, and is left as it is."), "{card}");
    assert_eq!(signed(&stage).await, ["group.member.remove"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_and_groups_are_members_too_and_the_way_back_is_there() {
    let stage = Stage::new().await;
    let devices = json!({
        "group": "VPN Users", "object_type": "devices", "members": ["LT-JDOE-01", "IPH-JDOE"],
    });
    given(&stage, "add_group_members", devices).await;
    assert_eq!(signed(&stage).await, ["group.member.add", "group.member.add"]);
    let members = group(&stage, "VPN Users")["members"].to_string();
    assert!(members.contains("LT-JDOE-01"), "{members}");
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let members = group(&stage, "VPN Users")["members"].to_string();
    assert!(!members.contains("LT-JDOE-01"), "{members}");

    let nested = json!({
        "group": "VPN Users", "object_type": "groups", "members": ["Finance Restricted"],
    });
    given(&stage, "add_group_members", nested).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Add the group Finance Restricted to VPN Users"), "{card}");
    assert_eq!(signed(&stage).await, ["group.member.add"]);
    for (group, are, member, said) in [
        ("Sales Team", "devices", "LT-JDOE-01", "cannot hold this sort of member"),
        ("Tier Zero", "groups", "VPN Users", "cannot hold this sort of member"),
        ("VPN Users", "groups", "Sales Team", "Sales Team cannot be a member of VPN Users"),
        ("All Engineering", "users", "john.doe@contoso.com", "is a dynamic group"),
        ("VPN Users", "devices", "LT-SHARED-07", "name each by its object id"),
        ("VPN Users", "devices", "LT-NONE", "LT-NONE"),
    ] {
        let wanted = json!({ "group": group, "object_type": are, "members": [member] });
        given(&stage, "add_group_members", wanted).await;
        assert!(line(&stage).contains(said), "{group} {member}: {}", line(&stage));
    }
}
