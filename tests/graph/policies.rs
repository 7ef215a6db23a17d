//! Conditional Access: seen, made, changed, deleted, made again; and nobody locked out.

use countersign::{
    actions::Listed,
    domain::{area::Risk, trouble::Reason},
    ports::hands::Made,
};
use serde_json::{Value, json};

use crate::{
    asking::{
        Ended, asked, back, carry_out, draft, elsewhere, facts, lacking, lines, make, no, room,
        rows, without,
    },
    room::Room,
};

async fn policies(room: &Room) -> Vec<Value> {
    let found = elsewhere(room, "GET", "/identity/conditionalAccess/policies", None).await;
    found["value"].as_array().unwrap().clone()
}

async fn policy(room: &Room, name: &str) -> Option<Value> {
    policies(room).await.into_iter().find(|policy| policy["displayName"] == name)
}

fn sales() -> Value {
    json!({ "display_name": "Require MFA for Sales", "include_groups": ["Sales Team"] })
}

#[tokio::test]
async fn policies_are_listed_and_one_is_shown_in_names() {
    let room = room().await;
    let asked = asked(&room).await;
    let listed = rows(&room, &asked, "list_ca_policies", json!({})).await;
    assert_eq!(
        listed[0],
        "Block legacy authentication | =policy_enabled | =everybody | All | block"
    );
    assert_eq!(listed.len(), 6);
    let off = rows(&room, &asked, "list_ca_policies", json!({ "state": "disabled" })).await;
    assert!(off.len() == 1 && off[0].starts_with("Terms of use for guests"), "{off:?}");
    let one = json!({ "policy": "compliant device" });
    let found = facts(&room, &asked, "get_ca_policy", one).await;
    assert_eq!(found.title, "Require compliant device for Finance");
    let lists = &found.lists;
    assert_eq!(lists[0], ("policy_includes".to_owned(), vec!["Finance Restricted".to_owned()]));
    assert_eq!(lists[1], ("policy_excludes".to_owned(), vec!["Felix Brandt".to_owned()]));
    let place = json!({ "policy": "Block sign-ins from outside EU" });
    let found = facts(&room, &asked, "get_ca_policy", place).await;
    let places = ("policy_places".to_owned(), "All − EU and UK".to_owned());
    assert!(found.facts.contains(&places), "{:?}", found.facts);
    let several = json!({ "policy": "require" });
    let unclear = crate::asking::planned(&room, &asked, "get_ca_policy", several).await;
    assert!(format!("{unclear:?}").contains("WhichOne"), "{unclear:?}");
    let gone = no(&room, &asked, "get_ca_policy", json!({ "policy": "Nothing like it" })).await;
    assert!(matches!(gone, Reason::NoSuchThing { .. }), "{gone}");
}

#[tokio::test]
async fn a_new_policy_is_report_only_and_leaves_the_emergency_accounts_out() {
    let room = room().await;
    let mut asked = asked(&room).await;
    let grace = room.person("grace.chambers@contoso.com").await;
    asked.emergency = vec![Listed::Upn(grace.upn.clone())];
    let draft = draft(&room, &asked, "create_ca_policy", sales()).await;
    assert_eq!(
        lines(&draft.steps[0]),
        [
            "policy_state: =none → =policy_report_only",
            "policy_includes: =none → Sales Team",
            "policy_excludes: =none → Grace Chambers",
            "policy_apps: =none → All",
            "policy_asks: =none → mfa",
        ]
    );
    let (runs, _) = carry_out(&room, &draft).await;
    let made = policy(&room, "Require MFA for Sales").await.unwrap();
    assert_eq!(made["state"], "enabledForReportingButNotEnforced");
    let left_out = &made["conditions"]["users"]["excludeUsers"];
    assert_eq!(*left_out, json!([grace.id.guid().to_string()]));
    let again = no(&room, &asked, "create_ca_policy", sales()).await;
    assert!(matches!(again, Reason::AlreadySo { .. }), "{again}");
    let mut other = sales();
    other["grant"] = json!("block");
    let taken = no(&room, &asked, "create_ca_policy", other).await;
    assert!(taken.to_string().contains("says something else"), "{taken}");
    // The way back is a deletion of just that one.
    let back = back("create_ca_policy", &sales(), &draft, &runs).remove(0);
    assert_eq!(back.action, "delete_ca_policy");
    let draft =
        crate::asking::draft(&room, &asked, "delete_ca_policy", back.arguments.into()).await;
    carry_out(&room, &draft).await;
    assert_eq!(policy(&room, "Require MFA for Sales").await, None);
}

#[tokio::test]
async fn nobody_is_locked_out() {
    let room = room().await;
    let mut asked = asked(&room).await;
    let all = json!({ "display_name": "Stop", "grant": "block", "include_users": ["all"] });
    let refused = no(&room, &asked, "create_ca_policy", all.clone()).await;
    assert!(refused.to_string().contains("nobody could sign in to mend it"), "{refused}");
    let whole = json!({ "definition": {
        "displayName": "Stop", "state": "enabled",
        "conditions": {
            "applications": { "includeApplications": ["All"] },
            "users": { "includeUsers": ["All"] }, "clientAppTypes": ["all"],
        },
        "grantControls": { "operator": "OR", "builtInControls": ["block"] },
    } });
    let refused = no(&room, &asked, "create_ca_policy", whole.clone()).await;
    assert!(refused.to_string().contains("nobody could sign in to mend it"), "{refused}");
    let nobody = no(&room, &asked, "create_ca_policy", json!({ "display_name": "X" })).await;
    assert!(nobody.to_string().contains("whom the policy applies to"), "{nobody}");
    // With an emergency account both are drafted, and say what they would do.
    let grace = room.person("grace.chambers@contoso.com").await;
    asked.emergency = vec![Listed::User(grace.id.clone())];
    for arguments in [all, whole] {
        let draft = draft(&room, &asked, "create_ca_policy", arguments).await;
        let left_out = lines(&draft.steps[0]).remove(2);
        assert_eq!(left_out, "policy_excludes: =none → Grace Chambers");
    }
    // An emergency account that nobody knows is noticed before a policy is made.
    asked.emergency = vec![Listed::Upn("breakglass@contoso.com".parse().unwrap())];
    let missing = no(&room, &asked, "create_ca_policy", sales()).await;
    assert_eq!(missing, Reason::NoSuchPerson { name: "breakglass@contoso.com".to_owned() });
}

#[tokio::test]
async fn a_change_shows_before_and_after_and_goes_back() {
    let room = room().await;
    let mut asked = asked(&room).await;
    let arguments = json!({
        "policy": "Block sign-ins from outside EU", "state": "enabled",
        "exclude_groups": ["VPN Users"], "display_name": "Only from Europe",
    });
    let draft = draft(&room, &asked, "update_ca_policy", arguments.clone()).await;
    assert_eq!(
        lines(&draft.steps[0]),
        [
            "policy_state: =policy_report_only → =policy_enabled",
            "policy_name: Block sign-ins from outside EU → Only from Europe",
            "policy_excludes: Tier Zero → Tier Zero, VPN Users",
        ]
    );
    assert_eq!(draft.notes[0].key, "ca_no_emergency");
    let before = policy(&room, "Block sign-ins from outside EU").await.unwrap();
    let (runs, _) = carry_out(&room, &draft).await;
    let after = policy(&room, "Only from Europe").await.unwrap();
    assert_eq!(after["conditions"]["locations"], before["conditions"]["locations"]);
    let mut again = arguments.clone();
    again["policy"] = json!("Only from Europe");
    let again = no(&room, &asked, "update_ca_policy", again).await;
    assert!(matches!(again, Reason::AlreadySo { .. }), "{again}");
    let back = back("update_ca_policy", &arguments, &draft, &runs).remove(0);
    let way_back =
        crate::asking::draft(&room, &asked, "update_ca_policy", back.arguments.into()).await;
    carry_out(&room, &way_back).await;
    let now = policy(&room, "Block sign-ins from outside EU").await.unwrap();
    for member in ["state", "displayName", "conditions", "grantControls"] {
        assert_eq!(now[member], before[member], "{member}");
    }
    // An emergency account that is left out stays out, whatever definition is sent.
    let felix = room.person("felix.brandt@contoso.com").await;
    asked.emergency = vec![Listed::User(felix.id.clone())];
    let mut finance = policy(&room, "Require compliant device for Finance").await.unwrap();
    finance["conditions"]["users"]["excludeUsers"] = json!([]);
    let inside = json!({
        "policy": "Require compliant device for Finance",
        "definition": { "conditions": finance["conditions"] },
    });
    let refused = no(&room, &asked, "update_ca_policy", inside).await;
    assert!(refused.to_string().contains("those stay out"), "{refused}");
}

/// Conditions as they may be sent: the nulls that a look shows are refused.
fn without_nulls(shown: &Value) -> Value {
    let Some(members) = shown.as_object() else { return shown.clone() };
    let said = members.iter().filter(|(_, value)| !value.is_null());
    said.map(|(name, value)| (name.clone(), without_nulls(value))).collect()
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let room = room().await;
    let asked = asked(&room).await;
    let arguments =
        json!({ "policy": "Block sign-ins from outside EU", "exclude_groups": ["VPN Users"] });
    let draft = draft(&room, &asked, "update_ca_policy", arguments).await;
    let now = policy(&room, "Block sign-ins from outside EU").await.unwrap();
    let path = format!("/identity/conditionalAccess/policies/{}", now["id"].as_str().unwrap());
    let mut conditions = without_nulls(&now["conditions"]);
    conditions["users"]["excludeGroups"] = json!([]);
    let jane = room.person("jane.roe@contoso.com").await;
    conditions["users"]["excludeUsers"] = json!([jane.id.guid().to_string()]);
    elsewhere(&room, "PATCH", &path, Some(json!({ "conditions": conditions }))).await;
    let before = room.look(&draft.steps[0].change).await;
    let moved = draft.steps[0].change.effect().moved(&before);
    assert_eq!(moved, Some(Reason::Moved { what: "=policy".to_owned() }));
    // Deleted meanwhile: said, and nothing else is touched.
    elsewhere(&room, "DELETE", &path, None).await;
    let felt = room.felt().len();
    let Ended { made, .. } = make(&room, &draft.steps[0].change).await;
    assert!(matches!(made, Made::Gone), "{made:?}");
    assert_eq!(room.felt().len(), felt);
}

#[tokio::test]
async fn a_deleted_policy_is_made_again_as_it_was() {
    let room = room().await;
    let asked = asked(&room).await;
    let arguments = json!({ "policy": "Sign-in frequency 12h unmanaged" });
    let before = policy(&room, "Sign-in frequency 12h unmanaged").await.unwrap();
    let draft = draft(&room, &asked, "delete_ca_policy", arguments.clone()).await;
    assert_eq!(draft.notes[0].key, "ca_protection_ends");
    let (runs, _) = carry_out(&room, &draft).await;
    assert_eq!(policy(&room, "Sign-in frequency 12h unmanaged").await, None);
    // The same once more is so already.
    let Ended { made, .. } = make(&room, &draft.steps[0].change).await;
    assert!(matches!(made, Made::AlreadySo | Made::Gone), "{made:?}");
    let back = back("delete_ca_policy", &arguments, &draft, &runs).remove(0);
    assert_eq!(back.action, "create_ca_policy");
    let way_back =
        crate::asking::draft(&room, &asked, "create_ca_policy", back.arguments.into()).await;
    carry_out(&room, &way_back).await;
    let now = policy(&room, "Sign-in frequency 12h unmanaged").await.unwrap();
    for member in ["state", "conditions", "grantControls", "sessionControls"] {
        assert_eq!(now[member], before[member], "{member}");
    }
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let room = room().await;
    let asked = asked(&room).await;
    let arguments = json!({ "policy": "Terms of use for guests", "state": "report_only" });
    let draft = draft(&room, &asked, "update_ca_policy", arguments).await;
    without(&room, &["Policy.ReadWrite.ConditionalAccess"]);
    let made = room.make(&draft.steps[0].change).await;
    assert!(lacking(made).contains("Policy.ReadWrite.ConditionalAccess"));
    without(&room, &["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"]);
    let reads = no(&room, &asked, "list_ca_policies", json!({})).await;
    assert!(reads.to_string().contains("Policy.Read.All"), "{reads}");
}

#[tokio::test]
async fn policies_are_asked_one_at_a_time_and_nothing_else_waits() {
    let arrange = |settings: &mut countersign::adapters::graph::settings::Settings| {
        settings.limits.policies_per_second = 0.001;
        settings.limits.quota_wait_max = std::time::Duration::ZERO;
    };
    let room = Room::with(&crate::room::contoso(), arrange).await;
    let asked = asked(&room).await;
    assert_eq!(rows(&room, &asked, "list_ca_policies", json!({})).await.len(), 6);
    let busy = crate::asking::planned(&room, &asked, "list_ca_policies", json!({})).await;
    assert!(busy.is_err(), "the next second is far away: {busy:?}");
    assert_eq!(rows(&room, &asked, "list_domains", json!({})).await.len(), 4);
    assert!(countersign::actions::entry("update_ca_policy").unwrap().about.risk > Risk::Read);
}
