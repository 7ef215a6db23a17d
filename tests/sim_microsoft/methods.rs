//! What people sign in with: read, deleted in the right order, and the pass that opens a door once.

use countersign::sim::microsoft::PassPolicy;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{JOHN, Reply, Sim};

const JANE: &str = "jane.roe@contoso.com";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
const ALTERNATE: &str = "b6332ec1-7057-4abe-9331-3d72feddfe41";

fn at(user: &str, rest: &str) -> String {
    format!("/users/{user}/authentication/{rest}")
}

/// Type and id of every method.
async fn methods(sim: &Sim, user: &str) -> Vec<(String, String)> {
    let all = sim.get(&at(user, "methods")).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = all.body["value"].as_array().expect("a list");
    let short =
        |kind: String| kind.replace("#microsoft.graph.", "").replace("AuthenticationMethod", "");
    list.iter().map(|method| (short(text(&method["@odata.type"])), text(&method["id"]))).collect()
}

#[tokio::test]
async fn methods_are_listed_together_by_type_and_one_by_one() {
    let sim = Sim::start().await;
    let names: Vec<String> = methods(&sim, JOHN).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(names, ["password", "microsoftAuthenticator", "phone", "email"]);
    let phones = sim.get(&at(JOHN, "phoneMethods")).await;
    assert_eq!(phones.column("phoneNumber"), ["+44 2079460211"]);
    let one = sim.get(&at(JOHN, &format!("phoneMethods/{MOBILE}"))).await;
    assert_eq!(one.body["phoneType"], "mobile");
    assert_eq!(sim.get(&at(JOHN, &format!("methods/{MOBILE}"))).await.status, 200);
    assert_eq!(sim.get(&at(JOHN, &format!("fido2Methods/{MOBILE}"))).await.status, 404);
    let nobody = sim.get(&at("omar.haddad@contoso.com", "methods")).await;
    assert_eq!(nobody.column("id"), ["28c10230-6103-485e-b985-444c60001490"]);
    for (path, status) in [
        ("planets", 400),
        ("planetMethods", 400),
        ("passwordMethods", 200),
        ("softwareOathMethods", 200),
    ] {
        assert_eq!(sim.get(&at(JOHN, path)).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn the_default_method_is_the_last_to_go() {
    let sim = Sim::start().await;
    let all = methods(&sim, JANE).await;
    let mut stayed = Vec::new();
    for (kind, id) in &all[1..] {
        let gone = sim.delete(&at(JANE, &format!("{kind}Methods/{id}"))).await;
        match gone.status {
            204 => {}
            400 => stayed.push((kind.clone(), id.clone(), gone.message().to_owned())),
            other => panic!("{kind}: {other} {}", gone.body),
        }
    }
    // The mobile number carries the alternate one, and the authenticator code is asked for first.
    let ids: Vec<&str> = stayed.iter().map(|(_, id, _)| id.as_str()).collect();
    assert!(ids.contains(&MOBILE) && ids.len() == 2 && !ids.contains(&ALTERNATE), "{stayed:?}");
    let default = stayed.iter().find(|(kind, ..)| kind == "softwareOath").unwrap();
    assert!(default.2.contains("matches the user's current default authentication method"));
    for (kind, id) in [("phone", MOBILE), ("softwareOath", default.1.as_str())] {
        assert_eq!(
            sim.delete(&at(JANE, &format!("{kind}Methods/{id}"))).await.status,
            204,
            "{kind}"
        );
    }
    assert_eq!(methods(&sim, JANE).await.len(), 1);
    let again = sim.delete(&at(JANE, &format!("phoneMethods/{MOBILE}"))).await;
    assert_eq!(again.status, 404);
    let felt = sim.world.ledger();
    assert_eq!(felt.len(), 5);
    assert!(felt.iter().all(|effect| effect.what == "user.method.remove"));
}

#[tokio::test]
async fn a_password_is_no_method_to_delete_and_writeback_is_not_for_applications() {
    let sim = Sim::start().await;
    let id = "28c10230-6103-485e-b985-444c60001490";
    assert_eq!(sim.delete(&at(JOHN, &format!("passwordMethods/{id}"))).await.status, 405);
    assert_eq!(sim.delete(&at(JOHN, &format!("methods/{MOBILE}"))).await.status, 405);
    let reset = at(JOHN, &format!("methods/{id}/resetPassword"));
    let reset = sim.post(&reset, json!({ "newPassword": "Gr33n-Harbour-71" })).await;
    assert_eq!((reset.status, reset.code()), (403, "accessDenied"));
    assert_eq!(sim.world.ledger(), []);
}

#[tokio::test]
async fn each_type_has_its_own_permission() {
    let sim =
        Sim::start().await.with_app(|app| app.without("UserAuthenticationMethod.ReadWrite.All"));
    assert_eq!(sim.get(&at(JOHN, "methods")).await.code(), "accessDenied");
    let sim = sim.with_app(|app| {
        let mut app = app.without("UserAuthenticationMethod.ReadWrite.All");
        app.graph_roles.insert("UserAuthMethod-Phone.ReadWrite.All".into());
        app
    });
    let phone = at(JOHN, &format!("phoneMethods/{MOBILE}"));
    assert_eq!(sim.delete(&phone).await.status, 204);
    let pass = sim.post(&at(JOHN, "temporaryAccessPassMethods"), json!({})).await;
    assert_eq!((pass.status, pass.code()), (403, "accessDenied"));
}

async fn ask(sim: &Sim, user: &str, body: Value) -> Reply {
    sim.post(&at(user, "temporaryAccessPassMethods"), body).await
}

#[tokio::test]
async fn a_pass_is_shown_once_and_has_a_lifetime() {
    let sim = Sim::start().await;
    let made = ask(&sim, JOHN, json!({ "lifetimeInMinutes": 120, "isUsableOnce": true })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let value = made.body["temporaryAccessPass"].as_str().unwrap().to_owned();
    assert!(value.len() == 8 && sim.world.pass_is(JOHN, &value) && !sim.world.pass_is(JOHN, "x"));
    let id = made.body["id"].as_str().unwrap();
    let path = at(JOHN, &format!("temporaryAccessPassMethods/{id}"));
    let shown = sim.get(&path).await.body;
    assert!(shown["temporaryAccessPass"].is_null());
    assert_eq!((&shown["isUsable"], &shown["lifetimeInMinutes"]), (&json!(true), &json!(120)));
    assert!(!serde_json::to_string(&sim.world.ledger()).unwrap().contains(&value));

    assert_eq!(ask(&sim, JOHN, json!({})).await.status, 400, "one at a time");
    sim.clock.advance(SignedDuration::from_mins(121));
    let sim = sim.with_app(|app| app);
    assert_eq!(sim.get(&path).await.body["methodUsabilityReason"], "Expired");
    assert_eq!(ask(&sim, JOHN, json!({})).await.status, 201);
    assert_eq!(sim.get(&path).await.status, 404, "the expired one was replaced");
    let later = json!({ "startDateTime": "2026-12-01T08:00:00Z" });
    let jane = ask(&sim, JANE, later).await;
    assert_eq!(jane.body["methodUsabilityReason"], "NotYetValid");
}

#[tokio::test]
async fn policy_decides_who_may_have_a_pass_and_for_how_long() {
    let sim = Sim::start().await;
    let configuration = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass";
    let policy = sim.get(configuration).await.body;
    assert_eq!(
        (&policy["state"], &policy["maximumLifetimeInMinutes"]),
        (&json!("enabled"), &json!(480))
    );
    for (body, words) in [
        (json!({ "lifetimeInMinutes": 10 }), "between 60 and 480"),
        (json!({ "lifetimeInMinutes": 481 }), "between 60 and 480"),
        (json!({ "lifetimeInMinutes": "60" }), "lifetimeInMinutes"),
        (json!({ "color": "red" }), "color"),
    ] {
        let refused = ask(&sim, JOHN, body.clone()).await;
        assert_eq!((refused.status, refused.code()), (400, "badRequest"), "{body}");
        assert!(refused.message().contains(words), "{}", refused.message());
    }
    let guest =
        ask(&sim, "rita.partner_fabrikam.com%23EXT%23@contoso.onmicrosoft.com", json!({})).await;
    assert_eq!(guest.message(), "Temporary Access Pass cannot be added to an external guest user.");
    sim.world.set_pass_policy(PassPolicy { only_once: true, ..PassPolicy::default() });
    assert_eq!(ask(&sim, JOHN, json!({ "isUsableOnce": false })).await.status, 400);
    sim.world.set_pass_policy(PassPolicy { enabled: false, ..PassPolicy::default() });
    let off = ask(&sim, JOHN, json!({})).await;
    assert!(off.message().contains("UserCredentialPolicy does not allow"));
    assert_eq!(sim.get(configuration).await.body["state"], "disabled");
    let sim = sim
        .with_app(|app| app.without("Policy.Read.AuthenticationMethod").without("Policy.Read.All"));
    assert_eq!(sim.get(configuration).await.status, 403);
}
