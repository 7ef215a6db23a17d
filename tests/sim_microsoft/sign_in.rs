//! Signing in: a page, a code, an id token; and what is refused on the way.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign::sim::microsoft::{
    AppRegistration, CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET,
};
use jiff::SignedDuration;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::support::{JOHN, Sim};

const BACK: &str = "http://127.0.0.1/sign-in/done";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-1";

async fn start() -> Sim {
    let sim = Sim::start().await;
    sim.world.set_app(AppRegistration::demo().with_redirect(BACK));
    sim
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

fn page(sim: &Sim, change: &[(&str, &str)]) -> reqwest::Url {
    let challenge = challenge();
    let mut fields = vec![
        ("client_id", DEMO_CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", "openid profile"),
        ("state", "the state"),
        ("nonce", "the nonce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in change {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let base = format!("{}/{CONTOSO_TENANT}/oauth2/v2.0/authorize", sim.base);
    reqwest::Url::parse_with_params(&base, fields).unwrap()
}

/// Somebody signs in; where they are sent, and what the page said if nowhere.
async fn sign_in(page: reqwest::Url, form: &[(&str, &str)]) -> (Option<String>, String) {
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let answer = http.post(page).form(form).send().await.unwrap();
    let back = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    assert_eq!(back.is_some(), answer.status() == 302);
    (back, answer.text().await.unwrap())
}

async fn code(sim: &Sim, change: &[(&str, &str)], form: &[(&str, &str)]) -> String {
    let (back, said) = sign_in(page(sim, change), form).await;
    let back: reqwest::Url = back.unwrap_or_else(|| panic!("{said}")).parse().unwrap();
    let of = |wanted: &str| {
        back.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    assert_eq!(of("state").as_deref(), Some("the state"));
    of("code").unwrap_or_else(|| panic!("{back}"))
}

async fn redeem(sim: &Sim, code: &str, change: &[(&str, &str)]) -> Result<Value, u64> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", DEMO_CLIENT_ID),
        ("client_secret", DEMO_CLIENT_SECRET),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in change {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    let url = format!("{}/{CONTOSO_TENANT}/oauth2/v2.0/token", sim.base);
    let body: Value = sim.http.post(url).form(&form).send().await.unwrap().json().await.unwrap();
    match body["id_token"].as_str() {
        Some(token) => {
            let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
            Ok(serde_json::from_slice(&claims).unwrap())
        }
        None => Err(body["error_codes"][0].as_u64().unwrap()),
    }
}

#[tokio::test]
async fn whoever_signs_in_is_named_by_the_id_token_with_what_was_asked_for() {
    let sim = start().await;
    let shown = sim.http.get(page(&sim, &[])).send().await.unwrap();
    assert_eq!(shown.status(), 200);
    assert!(shown.text().await.unwrap().contains(JOHN));
    let code = code(&sim, &[], &[("user", JOHN), ("mfa", "1"), ("ago", "60")]).await;
    let claims = redeem(&sim, &code, &[]).await.unwrap();
    let now = "2026-11-21T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(claims["oid"], sim.user(JOHN));
    assert_eq!(claims["tid"], CONTOSO_TENANT);
    assert_eq!((&claims["aud"], &claims["nonce"]), (&json!(DEMO_CLIENT_ID), &json!("the nonce")));
    assert_eq!((&claims["amr"], &claims["auth_time"]), (&json!(["pwd", "mfa"]), &json!(now - 60)));
    assert_eq!(claims["acrs"], Value::Null);

    let afresh = [("prompt", "login"), ("claims", r#"{"id_token":{"acrs":{"value":"c1"}}}"#)];
    let code = self::code(&sim, &afresh, &[("user", JOHN), ("mfa", "1"), ("ago", "60")]).await;
    let claims = redeem(&sim, &code, &[]).await.unwrap();
    assert_eq!((&claims["auth_time"], &claims["acrs"]), (&json!(now), &json!(["c1"])));
    let (back, said) = sign_in(page(&sim, &afresh), &[("user", JOHN)]).await;
    assert!(back.is_none() && said.contains("AADSTS50076"), "{said}");
}

#[tokio::test]
async fn what_entra_refuses_on_its_page_is_refused_by_number() {
    let sim = start().await;
    let john = [("user", JOHN)];
    for (change, number) in [
        (("redirect_uri", "http://elsewhere.example/"), "AADSTS50011"),
        (("client_id", "00000000-0000-4000-8000-000000000000"), "AADSTS700016"),
        (("client_id", ""), "AADSTS900144"),
    ] {
        let (back, said) = sign_in(page(&sim, &[change]), &john).await;
        assert!(back.is_none() && said.contains(number), "{change:?}: {said}");
    }
    for (change, number) in [
        (("response_type", "token"), "AADSTS700054"),
        (("scope", "profile"), "AADSTS70011"),
        (("code_challenge", "short"), "AADSTS50147"),
        (("code_challenge_method", "plain"), "AADSTS50147"),
    ] {
        let (back, _) = sign_in(page(&sim, &[change]), &john).await;
        let back = back.unwrap_or_else(|| panic!("{change:?}"));
        assert!(back.starts_with(BACK) && back.contains(number), "{change:?}: {back}");
        assert!(back.contains("error=") && back.ends_with("&state=the%20state"), "{back}");
    }
    let (_, said) = sign_in(page(&sim, &[]), &[("user", "nobody@contoso.com")]).await;
    assert!(said.contains("AADSTS50034"), "{said}");
    let john_id = sim.user(JOHN);
    let blocked = sim.patch(&format!("/users/{john_id}"), json!({ "accountEnabled": false })).await;
    assert_eq!(blocked.status, 204);
    let (_, said) = sign_in(page(&sim, &[]), &john).await;
    assert!(said.contains("AADSTS50057"), "{said}");
}

#[tokio::test]
async fn a_code_is_redeemed_once_by_whoever_began_and_in_time() {
    let sim = start().await;
    let again = || code(&sim, &[], &[("user", JOHN)]);
    let first = again().await;
    assert!(redeem(&sim, &first, &[]).await.is_ok());
    assert_eq!(redeem(&sim, &first, &[]).await, Err(54005));
    for (change, number) in [
        (("code_verifier", "another-verifier-of-forty-three-characters-1"), 501_481),
        (("code_verifier", ""), 50148),
        (("client_secret", "wrong"), 7_000_215),
        (("client_secret", ""), 7_000_218),
        (("redirect_uri", "http://127.0.0.1/other"), 500_112),
        (("code", "1.nothing"), 70000),
    ] {
        let code = again().await;
        assert_eq!(redeem(&sim, &code, &[change]).await, Err(number), "{change:?}");
    }
    let late = again().await;
    sim.clock.advance(SignedDuration::from_mins(11));
    assert_eq!(redeem(&sim, &late, &[]).await, Err(70008));
}
