//! Programs propose over `POST /api/v1/proposals`: in somebody's name, never signing,
//! once for each key, and told exactly what is wrong.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, Settings, Stage};

pub const TOKEN: &str = "cs-test-0123456789abcdef0123456789abcdef";
const OTHER: &str = "cs-other-fedcba9876543210fedcba98765432";

/// Two programs: one acts as Tina, one names whom it asks for.
fn programs() -> Settings {
    programs_as_often_as(20)
}

/// The same, and the first may call so often in a minute.
pub fn programs_as_often_as(per_minute: u32) -> Settings {
    let sha = ring::digest::digest(&ring::digest::SHA256, OTHER.as_bytes());
    Settings {
        more: format!(
            r#"
[api.clients.hr-portal]
token = "{TOKEN}"
acts_as = "tina.tech@contoso.com"
areas = ["users", "passwords_and_security"]
per_minute = {per_minute}
[api.clients.desk-tool]
token_sha256 = "{}"
on_behalf_of = true
areas = ["users", "groups", "mailboxes"]
"#,
            hex::encode(sha.as_ref())
        ),
        ..Settings::default()
    }
}

/// What the API answered.
pub struct Answer {
    pub status: u16,
    kind: String,
    pub body: Value,
}

async fn call(stage: &Stage, request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    let body = serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default();
    stage.settle().await;
    Answer { status, kind: kind.unwrap_or_default(), body }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Proposes, and does what follows.
pub async fn propose(stage: &Stage, token: &str, key: &str, body: &Value) -> Answer {
    let to = format!("{}/api/v1/proposals", stage.base);
    let request = client().post(to).bearer_auth(token).header("Idempotency-Key", key).json(body);
    call(stage, request).await
}

/// A request as its program sees it.
pub async fn look(stage: &Stage, token: &str, id: &str) -> Answer {
    let at = format!("{}/api/v1/requests/{id}", stage.base);
    call(stage, client().get(at).bearer_auth(token)).await
}

fn disable(upn: &str) -> Value {
    json!({ "action": "disable_user", "arguments": { "user": upn } })
}

fn problem(answer: &Answer, status: u16, field: Option<&str>, says: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.kind, "application/problem+json");
    assert_eq!(answer.body["status"], status);
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains(says), "{detail}");
    if let Some(field) = field {
        let errors = answer.body["errors"].as_array().unwrap();
        assert!(errors.iter().any(|error| error["field"] == field), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_proposes_a_person_signs_and_the_program_sees_how_it_ended() {
    let stage = Stage::with(programs()).await;
    let answer = propose(&stage, TOKEN, "k-1", &disable("john.doe@contoso.com")).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["state"], "pending");
    assert_eq!(answer.body["number"], "#1001");
    assert_eq!(answer.body["requester"], "tina.tech@contoso.com");
    let url = answer.body["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/api/v1/requests/", stage.base)), "{url}");
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Block sign-in for John Doe"), "{card}");
    assert!(
        card.contains("Asked by the program “hr-portal”, over the API, in the name of Tina Tech"),
        "{card}"
    );
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
    let seen = look(&stage, TOKEN, answer.body["id"].as_str().unwrap()).await;
    assert_eq!((seen.status, &seen.body["state"]), (200, &json!("succeeded")), "{}", seen.body);
    assert_eq!(seen.body["final"], true);
    assert_eq!(seen.body["steps"][0]["change"], "disable_sign_in");
    assert_eq!(seen.body["steps"][0]["state"], "done");
    assert_eq!(seen.body["signed_by"], json!(["anna.approver@contoso.com"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_the_same_request_however_often_it_is_sent() {
    let stage = Stage::with(programs()).await;
    let body = disable("john.doe@contoso.com");
    let (first, second) =
        tokio::join!(propose(&stage, TOKEN, "k-1", &body), propose(&stage, TOKEN, "k-1", &body));
    let third = propose(&stage, TOKEN, "k-1", &body).await;
    assert_eq!(first.body["id"], second.body["id"]);
    assert_eq!(first.body["id"], third.body["id"]);
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(third.status, 200);
    assert_eq!(stage.bot_said(APPROVALS).len(), 1);
    let other = propose(&stage, TOKEN, "k-1", &disable("omar.haddad@contoso.com")).await;
    problem(&other, 422, Some("Idempotency-Key"), "used for another proposal");
    // Another program's key of the same name is another key.
    let named = json!({ "action": "disable_user", "arguments": { "user": "jane.roe@contoso.com" }, "on_behalf_of": "tina.tech@contoso.com" });
    assert_eq!(propose(&stage, OTHER, "k-1", &named).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_known_token_nothing_is_read() {
    let stage = Stage::with(programs()).await;
    let to = format!("{}/api/v1/proposals", stage.base);
    for token in ["", "x", "cs-test-0123456789abcdef0123456789abcdeF", &TOKEN[..39]] {
        let request = client().post(&to).bearer_auth(token).body("{ not even JSON");
        let answer = call(&stage, request).await;
        problem(&answer, 401, None, "Authorization: Bearer");
    }
    let answer = call(&stage, client().post(&to).basic_auth("hr-portal", Some(TOKEN))).await;
    problem(&answer, 401, None, "No token");
    assert!(stage.bot_said(APPROVALS).is_empty());
    // Where no program is named there is no such door.
    let plain = Stage::new().await;
    assert_eq!(propose(&plain, TOKEN, "k", &disable("john.doe@contoso.com")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_with_its_field_and_the_remedy() {
    let stage = Stage::with(programs()).await;
    let sent = |body: Value| {
        let stage = &stage;
        async move { propose(stage, TOKEN, "k", &body).await }
    };
    let answer = sent(json!({ "action": "make_coffee" })).await;
    problem(&answer, 422, Some("action"), "no action called “make_coffee”");
    let answer = sent(json!({ "action": "disable_user" })).await;
    problem(&answer, 422, Some("user"), "user: This needs an answer.");
    let arguments = json!({ "user": "nobody@contoso.com" });
    let answer = sent(json!({ "action": "disable_user", "arguments": arguments })).await;
    problem(&answer, 422, Some("user"), "Nobody called “nobody@contoso.com” was found");
    let arguments = json!({ "user": ["john.doe@contoso.com"], "now": true });
    let answer = sent(json!({ "action": "reset_password", "arguments": arguments })).await;
    problem(&answer, 422, Some("user"), "This needs one value");
    problem(&answer, 422, Some("now"), "There are: user, force_change, at.");
    let body = json!({ "action": "disable_user", "arguments": { "user": "john.doe@contoso.com" }, "at": "soon" });
    problem(&sent(body).await, 422, Some("at"), "Write a day that exists");
    let body = json!({ "action": "disable_user", "arguments": { "user": "john.doe@contoso.com" }, "approve": true });
    problem(&sent(body).await, 400, None, "unknown field `approve`");
    let to = format!("{}/api/v1/proposals", stage.base);
    let bare = client().post(&to).bearer_auth(TOKEN).json(&disable("john.doe@contoso.com"));
    problem(&call(&stage, bare).await, 400, Some("Idempotency-Key"), "a new one for each proposal");
    let form =
        client().post(&to).bearer_auth(TOKEN).header("Idempotency-Key", "k").body("action=x");
    problem(&call(&stage, form).await, 415, None, "application/json");
    let large = json!({ "action": "x".repeat(70_000) });
    problem(&sent(large).await, 413, None, "larger than 65536 bytes");
    let answer =
        sent(json!({ "action": "enable_user", "arguments": { "user": "john.doe@contoso.com" } }))
            .await;
    problem(&answer, 422, None, "Nothing to do");
    assert!(stage.bot_said(APPROVALS).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_may_do_no_more_than_its_areas_and_its_person() {
    let stage = Stage::with(programs()).await;
    let group = json!({ "action": "add_to_group", "arguments": { "user": "john.doe@contoso.com", "group": "Finance Restricted" } });
    problem(
        &propose(&stage, TOKEN, "1", &group).await,
        403,
        Some("action"),
        "may not propose anything in groups",
    );
    let read = json!({ "action": "get_user", "arguments": { "user": "john.doe@contoso.com" } });
    problem(&propose(&stage, TOKEN, "2", &read).await, 403, Some("action"), "answered in chat");
    let mut named = disable("john.doe@contoso.com");
    named["on_behalf_of"] = json!("theo.tech@contoso.com");
    problem(
        &propose(&stage, TOKEN, "3", &named).await,
        403,
        Some("on_behalf_of"),
        "may not name the person",
    );
    // The other program names people: only those who may ask themselves.
    let mut group = group;
    group["on_behalf_of"] = json!("henry.desk@contoso.com");
    problem(&propose(&stage, OTHER, "4", &group).await, 403, None, "may not ask for groups");
    group["on_behalf_of"] = json!("nobody@contoso.com");
    problem(&propose(&stage, OTHER, "5", &group).await, 403, Some("on_behalf_of"), "not linked");
    group.as_object_mut().unwrap().remove("on_behalf_of");
    problem(
        &propose(&stage, OTHER, "6", &group).await,
        422,
        Some("on_behalf_of"),
        "needs an answer",
    );
    group["on_behalf_of"] = json!("theo.tech@contoso.com");
    let answer = propose(&stage, OTHER, "7", &group).await;
    assert_eq!((answer.status, &answer.body["requester"]), (201, &json!("theo.tech@contoso.com")));
    // Whoever is named asked for it, and does not sign it.
    stage.clicks("theo.tech", APPROVALS, Verb::Approve).await;
    stage.settle().await;
    assert!(stage.whispered("theo.tech").pop().unwrap().contains("You asked for this yourself"));
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sees_its_own_requests_alone() {
    let stage = Stage::with(programs()).await;
    let mine = propose(&stage, TOKEN, "k", &disable("john.doe@contoso.com")).await;
    let id = mine.body["id"].as_str().unwrap();
    problem(&look(&stage, OTHER, id).await, 404, None, "no request with this id");
    problem(&look(&stage, TOKEN, "not-an-id").await, 404, None, "no request with this id");
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let house = stage.house();
    let open = house.desk.store.open(&stage.tenant(), None, 10).await.unwrap();
    let said = open.iter().find(|request| request.origin.client.is_none()).unwrap();
    problem(&look(&stage, TOKEN, &said.id.to_string()).await, 404, None, "this program made");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_calls_wait_for_the_next_minute() {
    let stage = Stage::with(programs()).await;
    let mut last = None;
    for n in 0..=20 {
        last = Some(look(&stage, TOKEN, &format!("x{n}")).await);
    }
    problem(&last.unwrap(), 429, None, "more than 20 calls");
    // The other program has a count of its own, and a minute later it goes on.
    assert_eq!(look(&stage, OTHER, "x").await.status, 404);
    stage.clock.pass(SignedDuration::from_secs(60));
    assert_eq!(look(&stage, TOKEN, "x").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_in_whose_name_it_was_asked_reads_of_it_and_can_take_it_back() {
    let stage = Stage::with(programs()).await;
    // Theo has a chat with the bot in Teams.
    let body = json!({ "action": "disable_user", "arguments": { "user": "john.doe@contoso.com" }, "on_behalf_of": "theo.tech@contoso.com" });
    let answer = propose(&stage, OTHER, "k", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    stage.presses_in_teams("theo.tech", Verb::Cancel).await;
    let seen = look(&stage, OTHER, answer.body["id"].as_str().unwrap()).await;
    assert_eq!(seen.body["state"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_person_has_to_confirm_needs_a_chat_to_confirm_it_in() {
    let settings = Settings { approval: "confirm".to_owned(), ..programs() };
    let stage = Stage::with(settings).await;
    let body =
        json!({ "action": "reset_password", "arguments": { "user": "john.doe@contoso.com" } });
    problem(&propose(&stage, TOKEN, "k", &body).await, 403, None, "has no chat with the bot");
    assert!(stage.bot_said(APPROVALS).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_in_any_file_or_answer_and_the_description_is_complete() {
    let stage = Stage::with(programs()).await;
    propose(&stage, TOKEN, "k", &disable("john.doe@contoso.com")).await;
    stage.keep_record().await;
    for (path, bytes) in stage.files() {
        let held = bytes.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes());
        assert!(!held, "{}", path.display());
    }
    let at = format!("{}/api/v1/openapi.json", stage.base);
    let answer = call(&stage, client().get(at)).await;
    assert_eq!(answer.body["openapi"], "3.1.0");
    let described = &answer.body["components"]["schemas"]["disable_user_proposal"];
    assert_eq!(described["properties"]["action"]["const"], "disable_user");
    let tenant = stage.tenant().to_string();
    assert!(!answer.body.to_string().contains(&tenant), "nothing of this tenant");
}
