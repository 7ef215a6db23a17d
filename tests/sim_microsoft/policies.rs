//! Conditional Access and domains: read, written, and refused as the real ones.

use countersign::sim::microsoft::PolicyPace;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::Sim;

const POLICIES: &str = "/identity/conditionalAccess/policies";

/// A world whose Conditional Access answers as fast as it is asked.
async fn quick() -> Sim {
    let sim = Sim::start().await;
    sim.world.set_conduct(|conduct| conduct.policy_pace = PolicyPace::Free);
    sim
}

fn mfa(name: &str, users: &Value) -> Value {
    json!({
        "displayName": name, "state": "enabledForReportingButNotEnforced",
        "conditions": {
            "applications": { "includeApplications": ["All"] }, "users": users,
            "clientAppTypes": ["all"],
        },
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
    })
}

async fn id_of(sim: &Sim, name: &str) -> String {
    let found = sim.get(&format!("{POLICIES}?$filter=displayName eq '{name}'&$select=id")).await;
    found.column("id").first().expect("a policy").to_string()
}

#[tokio::test]
async fn a_policy_is_made_read_changed_and_deleted() {
    let sim = quick().await;
    let all = sim.get(&format!("{POLICIES}?$select=id,displayName,state")).await;
    assert!(all.column("displayName").contains(&"Block legacy authentication"));
    let john = sim.user("john.doe@contoso.com");
    let users = json!({ "includeUsers": ["All"], "excludeUsers": [john] });
    let made = sim.post(POLICIES, mfa("Require MFA for Legal", &users)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["conditions"]["users"]["excludeUsers"], json!([john]));
    assert_eq!(made.body["conditions"]["platforms"], Value::Null);
    let path = format!("{POLICIES}/{}", made.body["id"].as_str().unwrap());

    let renamed = sim.patch(&path, json!({ "displayName": "MFA", "state": "disabled" })).await;
    assert_eq!(renamed.status, 204, "{}", renamed.body);
    // What is sent replaces the old value whole: the exclusion is gone.
    let only = mfa("MFA", &json!({ "includeUsers": ["All"] }));
    let changed = sim.patch(&path, json!({ "conditions": only["conditions"] })).await;
    assert_eq!(changed.status, 204, "{}", changed.body);
    let now = sim.get(&path).await;
    assert_eq!(
        (now.body["displayName"].as_str(), now.body["state"].as_str()),
        (Some("MFA"), Some("disabled"))
    );
    assert_eq!(now.body["conditions"]["users"]["excludeUsers"], json!([]));

    assert_eq!(sim.delete(&path).await.status, 204);
    assert_eq!(sim.delete(&path).await.status, 404);
    let felt: Vec<String> = sim.world.ledger().into_iter().map(|effect| effect.what).collect();
    assert_eq!(felt, ["policy.create", "policy.update", "policy.update", "policy.delete"]);
    let last = sim.world.ledger().pop().unwrap();
    assert_eq!((last.target.name.as_str(), &last.before["state"]), ("MFA", &json!("disabled")));
}

#[tokio::test]
async fn what_a_get_showed_cannot_be_sent_back_as_it_is() {
    let sim = quick().await;
    let path = format!("{POLICIES}/{}", id_of(&sim, "Require compliant device for Finance").await);
    let shown = sim.get(&path).await.body;
    let echoed = sim.patch(&path, json!({ "conditions": shown["conditions"] })).await;
    assert_eq!(echoed.status, 400);
    assert!(echoed.message().starts_with("1007: Incoming ConditionalAccessPolicy object"));
}

#[tokio::test]
async fn policies_that_say_nothing_or_too_much_are_refused() {
    let sim = quick().await;
    let good = mfa("A", &json!({ "includeUsers": ["All"] }));
    let with = |path: &str, value: Value| {
        let mut policy = good.clone();
        *policy.pointer_mut(path).expect("a member") = value;
        policy
    };
    for (wrong, words) in [
        (with("/state", json!("report_only")), "1007"),
        (with("/conditions/clientAppTypes", json!("all")), "1007"),
        (with("/conditions/users", json!({})), "InvalidUsers"),
        (with("/conditions/applications", json!({})), "InvalidApplications"),
        (
            with(
                "/conditions/users",
                json!({ "includeGroups": ["00000000-0000-4000-8000-000000000000"] }),
            ),
            "does not exist",
        ),
        (with("/grantControls", Value::Null), "InvalidControls"),
        (with("/grantControls/builtInControls", json!(["block", "mfa"])), "InvalidControls"),
        (
            with(
                "/conditions/applications",
                json!({ "includeApplications": ["All"], "includeUserActions": ["urn:user:registersecurityinfo"] }),
            ),
            "1012",
        ),
    ] {
        let refused = sim.post(POLICIES, wrong).await;
        assert_eq!((refused.status, refused.code()), (400, "BadRequest"));
        assert!(refused.message().contains(words), "{words}: {}", refused.message());
    }
    assert_eq!(sim.world.ledger(), []);
}

#[tokio::test]
async fn all_three_permissions_are_needed_to_write() {
    for name in ["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All"] {
        let sim = quick().await.with_app(|app| app.without(name));
        let refused = sim.post(POLICIES, mfa("A", &json!({ "includeUsers": ["All"] }))).await;
        assert_eq!((refused.status, refused.code()), (403, "AccessDenied"), "{name}");
        assert!(refused.message().contains("required scopes are missing"));
        let reads = sim.get(POLICIES).await.status;
        assert_eq!(reads, if name == "Policy.Read.All" { 403 } else { 200 }, "{name}");
    }
}

#[tokio::test]
async fn the_tenant_answers_once_a_second_and_does_not_say_when() {
    let sim = Sim::start().await;
    assert_eq!(sim.get(POLICIES).await.status, 200);
    let soon = sim.get("/identity/conditionalAccess/namedLocations").await;
    assert_eq!(soon.status, 429);
    assert!(soon.headers.get("retry-after").is_none());
    sim.clock.advance(SignedDuration::from_secs(1));
    let places = sim.get("/identity/conditionalAccess/namedLocations").await;
    assert_eq!(places.column("displayName"), ["London office", "EU and UK"]);
}

#[tokio::test]
async fn a_domain_goes_when_nothing_needs_it() {
    let sim = Sim::start().await;
    for (domain, words) in
        [("contoso.com", "default domain"), ("contoso.onmicrosoft.com", "initial domain")]
    {
        let refused = sim.delete(&format!("/domains/{domain}")).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"));
        assert!(refused.message().contains(words), "{}", refused.message());
    }
    assert_eq!(sim.get("/domains/contoso.co.uk").await.body["isVerified"], true);
    assert_eq!(sim.delete("/domains/contoso.co.uk").await.status, 204);
    assert_eq!(sim.delete("/domains/contoso.co.uk").await.status, 404);
    let sim = sim.with_app(|app| app.without("Domain.ReadWrite.All"));
    assert_eq!(sim.delete("/domains/contoso-old.example").await.status, 403);
}
