//! Good tokens are let in; keys change, and the service that publishes them fails.

use std::time::Duration;

use countersign::{
    adapters::teams::{Cloud, TeamsDoor, TeamsSettings, TrustedCaller},
    sim::teams::{At, Fault},
};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::rig::{APP, Dice, Rig, TENANT, settings_for};

async fn lets_in(rig: &Rig, claims: &Value) -> bool {
    rig.knock(&[format!("Bearer {}", rig.bot.mint(claims))], &rig.activity()).await.is_ok()
}

#[tokio::test]
async fn two_hundred_variants_of_a_good_token_are_all_let_in() {
    let rig = Rig::new().await;
    let now = rig.bot.claims()["nbf"].as_i64().unwrap();
    for seed in 0..200 {
        let mut dice = Dice(seed);
        let app = dice
            .one_of(&[APP.to_owned(), format!("api://{APP}"), format!("api://botid-{APP}")])
            .clone();
        let url = rig.bot.service_url();
        let url = dice
            .one_of(&[url.clone(), url.trim_end_matches('/').to_owned(), url.to_uppercase()])
            .clone();
        let (begins, ends) =
            (*dice.one_of(&[-3600, -1, 0, 299, 300]), *dice.one_of(&[3600, 1, 0, -299, -300]));
        if begins > ends {
            continue;
        }
        let claims = json!({"aud": app, "serviceurl": url, "nbf": now + begins, "exp": now + ends, "iat": now});
        assert!(lets_in(&rig, &claims).await, "seed {seed}: {claims}");
    }
    assert_eq!(rig.bot.count(At::Metadata), 1, "the keys were fetched once");
}

/// The first people of the day press at the same instant.
#[tokio::test]
async fn whoever_comes_while_the_keys_are_fetched_waits_for_them() {
    let (rig, plain) = (Rig::new().await, Value::Null);
    let all = join_all((0..8).map(|_| lets_in(&rig, &plain))).await;
    assert!(all.iter().all(|one| *one), "{all:?}");
    assert_eq!(rig.bot.count(At::Metadata), 1, "the keys were fetched once");
}

#[tokio::test]
async fn a_bot_without_an_app_id_or_tenants_does_not_start() {
    let endpoints = Cloud::Public.endpoints();
    assert!(TeamsDoor::new(&settings_for(&endpoints)).is_ok());
    for app_id in ["", "  "] {
        assert!(
            TeamsDoor::new(&TeamsSettings { app_id: app_id.into(), ..settings_for(&endpoints) })
                .is_err()
        );
    }
    for tenants in [vec![], vec![String::new()]] {
        assert!(TeamsDoor::new(&TeamsSettings { tenants, ..settings_for(&endpoints) }).is_err());
    }
    let mut plain = endpoints.clone();
    plain.openid_metadata =
        "http://login.botframework.com/v1/.well-known/openidconfiguration".into();
    assert!(TeamsDoor::new(&settings_for(&plain)).is_err(), "keys are not fetched over plain http");
}

#[tokio::test]
async fn only_a_named_app_of_a_named_tenant_may_use_entras_tokens() {
    let mut rig = Rig::new().await;
    let issuer = format!("https://sts.windows.net/{TENANT}/");
    let caller = TrustedCaller {
        app: "trusted-app".into(),
        issuer: issuer.clone(),
        tenant: TENANT.into(),
        openid_metadata: rig.bot.openid_metadata(),
    };
    let settings =
        |callers| TeamsSettings { trusted_callers: callers, ..settings_for(&rig.endpoints) };
    let unbound = TrustedCaller { issuer: "https://sts.windows.net/".into(), ..caller.clone() };
    assert!(
        TeamsDoor::new(&settings(vec![unbound])).is_err(),
        "an issuer without its tenant says nothing"
    );
    rig.door = TeamsDoor::new(&settings(vec![caller])).unwrap();

    let good = json!({"iss": issuer, "tid": TENANT, "appid": "trusted-app", "serviceurl": null});
    assert!(lets_in(&rig, &good).await);
    assert!(lets_in(&rig, &Value::Null).await, "the Bot Framework itself, as before");
    for (name, value) in [
        ("tid", json!("other")),
        ("tid", Value::Null),
        ("appid", json!("other")),
        ("appid", Value::Null),
        ("azp", json!("other")),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert!(!lets_in(&rig, &bad).await, "{bad}");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_when_it_is_first_named() {
    let rig = Rig::new().await;
    assert!(lets_in(&rig, &Value::Null).await);
    rig.bot.rotate_keys(1, &[0, 1]);
    assert!(!lets_in(&rig, &Value::Null).await, "fetched less than a minute ago");
    rig.clock.forward(Duration::from_secs(61));
    assert!(lets_in(&rig, &Value::Null).await);
    assert_eq!(rig.bot.count(At::Metadata), 2);
    rig.bot.rotate_keys(0, &[1]);
    assert!(lets_in(&rig, &Value::Null).await, "the old key is known for the rest of its day");
    rig.clock.forward(Duration::from_secs(24 * 3600 + 1));
    assert!(!lets_in(&rig, &Value::Null).await, "and no longer");
}

#[tokio::test]
async fn a_thousand_unknown_keys_cost_one_fetch_a_minute() {
    let rig = Rig::new().await;
    assert!(lets_in(&rig, &Value::Null).await);
    for minute in 0..3_usize {
        rig.clock.forward(Duration::from_secs(61));
        let tokens: Vec<_> = (0..1_000)
            .map(|number| {
                let header = json!({"alg": "RS256", "kid": format!("unknown-{minute}-{number}")});
                let claims = rig.bot.claims().to_string();
                vec![format!("Bearer {}", rig.bot.signing_key().sign(&header.to_string(), &claims))]
            })
            .collect();
        let activity = rig.activity();
        let answers = join_all(tokens.iter().map(|token| rig.knock(token, &activity))).await;
        assert!(answers.iter().all(Result::is_err));
        assert_eq!(rig.bot.count(At::Metadata), 2 + minute);
        assert!(lets_in(&rig, &Value::Null).await, "the good ones are not held up");
    }
}

#[tokio::test]
async fn a_stranger_without_our_name_causes_no_fetch() {
    let rig = Rig::new().await;
    assert!(!lets_in(&rig, &json!({"aud": "somebody else"})).await);
    assert!(!lets_in(&rig, &json!({"exp": 0, "nbf": 0})).await);
    assert_eq!(rig.bot.count(At::Metadata), 0);
}

#[tokio::test]
async fn old_keys_outlive_an_outage_of_the_service_that_publishes_them() {
    let elsewhere = Rig::new().await;
    for (at, fault) in [
        (At::Metadata, Fault::Status(500, None)),
        (At::Keys, Fault::Status(503, Some(5))),
        (At::Metadata, Fault::Huge),
        (At::Keys, Fault::Huge),
        (At::Metadata, Fault::Redirect(elsewhere.bot.openid_metadata())),
        (At::Keys, Fault::Cut),
    ] {
        let rig = Rig::new().await;
        assert!(lets_in(&rig, &Value::Null).await);
        rig.bot.plant(at, fault.clone(), 1_000);
        rig.clock.forward(Duration::from_hours(25));
        for _ in 0..10 {
            assert!(lets_in(&rig, &Value::Null).await, "{fault:?}");
        }
        assert_eq!(rig.bot.count(At::Metadata), 2, "one try a minute: {fault:?}");
        rig.bot.heal();
        rig.clock.forward(Duration::from_secs(61));
        assert!(lets_in(&rig, &Value::Null).await);
        assert_eq!(rig.bot.count(At::Metadata), 3);
    }
    assert_eq!(elsewhere.bot.count(At::Metadata), 0, "no redirect is followed");
}

#[tokio::test]
async fn keys_on_another_host_are_not_believed_unless_that_host_is_named() {
    let rig = Rig::new().await;
    let lying = axum::Router::new().route(
        "/metadata",
        axum::routing::get({
            let keys = rig.bot.openid_metadata().replace("openidconfiguration", "keys");
            move || async move { axum::Json(json!({"jwks_uri": keys})) }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut endpoints = rig.endpoints.clone();
    endpoints.openid_metadata = format!("http://{}/metadata", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, lying).await });
    let rig = Rig { door: TeamsDoor::new(&settings_for(&endpoints)).unwrap(), ..rig };
    assert!(!lets_in(&rig, &Value::Null).await);
    assert_eq!(rig.bot.count(At::Keys), 0);
}
