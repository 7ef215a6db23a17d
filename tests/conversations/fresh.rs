//! Names are kept fresh by asking what changed: who is renamed, made or deleted in the tenant
//! is understood after the next minute, and nobody is read twice.

use countersign::{
    domain::trouble::Result,
    sim::microsoft::{DEMO_CLIENT_ID, Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    attacks::patch,
    stage::{HELPDESK, Stage},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Moves the clock and brings the names up to it; the requests that took, without their
/// origin: `/v1.0/…`.
async fn later(stage: &Stage, long: SignedDuration) -> (Result<()>, Vec<String>) {
    stage.clock.pass(long);
    let before = stage.world.requests().len();
    let desk = &stage.house().desk;
    let ended = desk.people.refresh(desk.directory.as_ref(), &desk.tenant, desk.clock.now()).await;
    let asked = stage.world.requests().split_off(before);
    let graph = asked.into_iter().filter(|one| one.path.starts_with("/v1.0/"));
    let one = |path: &Value| format!("/v1.0{}", path.as_str().unwrap_or_default());
    let paths = graph.flat_map(|asked| match asked.body.as_ref().map(|body| &body["requests"]) {
        Some(Value::Array(items)) => items.iter().map(|item| one(&item["url"])).collect(),
        _ => vec![asked.path],
    });
    (ended, paths.collect())
}

/// After a minute, with nothing but questions for what changed.
async fn minute(stage: &Stage) {
    let (ended, asked) = later(stage, MINUTE).await;
    ended.unwrap();
    let by_link = |path: &String| path.contains("/delta?$deltatoken=");
    assert!(asked.len() == 2 && asked.iter().all(by_link), "{asked:?}");
}

fn reads_all(asked: &[String]) -> bool {
    let listing = |set: &str| asked.iter().any(|path| path.starts_with(&format!("/v1.0/{set}?")));
    listing("users") && listing("groups")
}

/// What the bot answers.
async fn answer(stage: &Stage, words: &str) -> String {
    stage.says("tina.tech", words).await;
    stage.newest(HELPDESK)
}

/// Somebody else's administrator does this.
async fn outside(stage: &Stage, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
    let token = stage.world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com").unwrap();
    let address = format!("{}/v1.0{path}", stage.config.endpoints.graph());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.request(method, address).bearer_auth(token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_is_understood_after_a_minute_and_the_old_one_no_more() {
    let stage = Stage::new().await;
    let called = json!({
        "displayName": "Yara Quist", "givenName": "Yara", "surname": "Quist",
        "userPrincipalName": "yara.quist@contoso.com",
    });
    patch(&stage, "felix.brandt@contoso.com", &called).await;
    let before = answer(&stage, "sign Yara Quist out everywhere").await;
    assert!(!before.contains("yara.quist@contoso.com"), "not known yet: {before}");
    minute(&stage).await;
    let new = answer(&stage, "sign Yara Quist out everywhere").await;
    assert!(new.contains("yara.quist@contoso.com"), "{new}");
    let old = answer(&stage, "reset the password for Felix Brandt").await;
    assert!(!old.contains("yara.quist@contoso.com"), "{old}");
    // Nothing changed since: nothing is built anew.
    let names = stage.house().desk.people.names();
    minute(&stage).await;
    assert!(std::sync::Arc::ptr_eq(&names, &stage.house().desk.people.names()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_made_is_known_and_who_is_deleted_is_not() {
    let stage = Stage::new().await;
    let new = json!({
        "accountEnabled": true, "displayName": "Xenia Worthing", "givenName": "Xenia",
        "surname": "Worthing", "mailNickname": "xenia", "userPrincipalName": "xenia.w@contoso.com",
        "passwordProfile": { "password": "Placeholder-0000" },
    });
    outside(&stage, reqwest::Method::POST, "/users", Some(new)).await;
    minute(&stage).await;
    let made = answer(&stage, "sign Xenia Worthing out everywhere").await;
    assert!(made.contains("xenia.w@contoso.com"), "{made}");
    let group = json!({
        "displayName": "Lighthouse Crew", "mailEnabled": false, "securityEnabled": true,
        "mailNickname": "lighthouse",
    });
    outside(&stage, reqwest::Method::POST, "/groups", Some(group)).await;
    minute(&stage).await;
    let added = answer(&stage, "add Felix Brandt to Lighthouse Crew").await;
    assert!(added.contains("Lighthouse Crew"), "{added}");
    outside(&stage, reqwest::Method::DELETE, "/users/xenia.w@contoso.com", None).await;
    minute(&stage).await;
    let names = stage.house().desk.people.names();
    assert!(names.index.person("xenia.w@contoso.com").is_none());
    let gone = answer(&stage, "reset the password for Xenia Worthing").await;
    assert!(!gone.contains("xenia.w@contoso.com"), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_thread_and_a_new_day_mean_reading_all() {
    let stage = Stage::new().await;
    minute(&stage).await;
    let gone =
        FaultKind::Status { status: 410, retry_after: RetryAfter::default(), after_effect: false };
    stage.world.faults().push(Fault::once("GET", "/v1.0/users/delta", gone));
    let name = json!({ "displayName": "Yara Quist" });
    patch(&stage, "john.doe@contoso.com", &name).await;
    let (ended, asked) = later(&stage, MINUTE).await;
    ended.unwrap();
    assert!(reads_all(&asked), "{asked:?}");
    let names = stage.house().desk.people.names();
    assert_eq!(names.index.person("john.doe@contoso.com").unwrap().name, "Yara Quist");
    minute(&stage).await;
    let (ended, asked) = later(&stage, DAY).await;
    ended.unwrap();
    assert!(reads_all(&asked), "{asked:?}");
    minute(&stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_too_old_is_a_lost_one() {
    let stage = Stage::new().await;
    let desk = &stage.house().desk;
    let mark = desk.directory.users_mark(&desk.tenant).await.unwrap().unwrap();
    stage.clock.pass(SignedDuration::from_hours(24 * 8));
    let news = desk.directory.users_since(&desk.tenant, &mark, 10).await.unwrap();
    assert_eq!(news, countersign::domain::news::News::Lost);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_leaves_the_names_as_they_were_and_loses_no_change() {
    let stage = Stage::new().await;
    patch(&stage, "john.doe@contoso.com", &json!({ "displayName": "Yara Quist" })).await;
    let names = stage.house().desk.people.names();
    let ill =
        FaultKind::Status { status: 400, retry_after: RetryAfter::default(), after_effect: false };
    stage.world.faults().push(Fault::once("GET", "/v1.0/groups/delta", ill));
    let (ended, _) = later(&stage, MINUTE).await;
    assert!(ended.is_err());
    assert!(std::sync::Arc::ptr_eq(&names, &stage.house().desk.people.names()));
    minute(&stage).await;
    let names = stage.house().desk.people.names();
    assert_eq!(names.index.person("john.doe@contoso.com").unwrap().name, "Yara Quist");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_come_page_by_page() {
    let stage = Stage::new().await;
    stage.world.set_conduct(|conduct| conduct.delta_page = Some(2));
    for (number, who) in
        ["john.doe", "jane.roe", "felix.brandt", "omar.haddad", "nadia.petrova"].iter().enumerate()
    {
        let name = json!({ "displayName": format!("Person {number}") });
        patch(&stage, &format!("{who}@contoso.com"), &name).await;
    }
    let (ended, asked) = later(&stage, MINUTE).await;
    ended.unwrap();
    let pages = asked.iter().filter(|path| path.contains("/users/delta?")).count();
    assert_eq!(pages, 3, "{asked:?}");
    let names = stage.house().desk.people.names();
    assert_eq!(names.index.person("nadia.petrova@contoso.com").unwrap().name, "Person 4");
    minute(&stage).await;
}
