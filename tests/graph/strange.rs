//! Services that are not what they should be: redirects, other addresses, tokens
//! of other tenants, answers without end.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Response, StatusCode},
};
use base64::Engine as _;
use countersign::{
    adapters::{graph::Microsoft, http},
    domain::ids::TenantId,
    ports::{
        directory::Directory as _,
        hands::{Call, Hands as _, Made},
    },
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::room::{Still, disable, settings};

/// A service that answers as `answer` says, and keeps the paths it was asked for.
struct Service {
    microsoft: Microsoft,
    tenant: TenantId,
    asked: Arc<Mutex<Vec<String>>>,
}

type Answers = fn(base: &str, path: &str) -> Response<Body>;

impl Service {
    async fn new(token_of: u128, answer: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, own) = (Arc::clone(&asked), base.clone());
        let router = Router::new().fallback(move |request: Request| {
            let path = request.uri().to_string();
            let with_token = request.headers().contains_key("authorization");
            let answer = if path.ends_with("/token") {
                token(token_of)
            } else {
                seen.lock().unwrap().push(format!("{path} {with_token}"));
                answer(&own, &path)
            };
            std::future::ready(answer)
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        let tenant = TenantId::from(uuid::Uuid::from_u128(1));
        let mut settings = settings(&base, &tenant, Arc::default());
        settings.limits.read_tries = 2;
        settings.limits.answer_bytes_max = 100_000;
        settings.limits.pages_max = 5;
        let http = http::direct(Duration::from_secs(10));
        Self { microsoft: Microsoft::new(settings, http, Still::new()), tenant, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn token(tenant: u128) -> Response<Body> {
    let claims = json!({ "tid": uuid::Uuid::from_u128(tenant), "roles": ["User.Read.All"] });
    let middle = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
    json_of(&json!({ "access_token": format!("e30.{middle}.x"), "expires_in": 3599 }))
}

fn json_of(value: &Value) -> Response<Body> {
    Response::new(Body::from(value.to_string()))
}

#[tokio::test]
async fn a_token_of_another_tenant_is_never_used() {
    let service = Service::new(2, |_, _| json_of(&json!({ "value": [] }))).await;
    let error = service.microsoft.skus(&service.tenant).await.unwrap_err();
    assert!(error.reason().to_string().contains("another"), "{}", error.reason());
    let user = service.tenant.object(uuid::Uuid::from_u128(7));
    let change = disable(&user);
    let made = service
        .microsoft
        .make(&[Call { change: &change, key: "k", secret: None, after: None }])
        .await;
    assert!(matches!(made[0], Made::Refused(_)));
    assert_eq!(service.asked(), Vec::<String>::new(), "nothing was sent");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let service = Service::new(1, |base, path| {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        let to = format!("{base}/elsewhere{path}");
        answer.headers_mut().insert("location", to.parse().unwrap());
        answer
    })
    .await;
    assert!(service.microsoft.skus(&service.tenant).await.is_err());
    let change = disable(&service.tenant.object(uuid::Uuid::from_u128(7)));
    let made = service
        .microsoft
        .make(&[Call { change: &change, key: "k", secret: None, after: None }])
        .await;
    assert!(matches!(made[0], Made::Unsure { .. }), "{made:?}");
    assert!(!service.asked().iter().any(|path| path.contains("elsewhere")));
}

#[tokio::test]
async fn a_next_page_at_another_address_gets_no_token() {
    let service = Service::new(1, |base, _| {
        let next = format!("{}/v1.0/users?page=2", base.replace("127.0.0.1", "localhost"));
        json_of(&json!({ "value": [], "@odata.nextLink": next }))
    })
    .await;
    assert!(service.microsoft.everyone(&service.tenant, 10).await.is_err());
    assert_eq!(service.asked().len(), 1);
}

#[tokio::test]
async fn a_listing_without_end_is_left() {
    let service = Service::new(1, |base, _| {
        let next = format!("{base}/v1.0/users?page=again");
        json_of(&json!({ "value": [], "@odata.nextLink": next }))
    })
    .await;
    assert!(service.microsoft.everyone(&service.tenant, 10).await.is_err());
    assert_eq!(service.asked().len(), 5 + 1);
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read() {
    let service =
        Service::new(1, |_, _| json_of(&json!({ "value": [{ "id": "x".repeat(200_000) }] }))).await;
    assert!(service.microsoft.everyone(&service.tenant, 10).await.is_err());
}

#[tokio::test]
async fn a_not_found_of_a_proxy_does_not_mean_that_somebody_is_gone() {
    let service = Service::new(1, |_, _| {
        let mut answer = Response::new(Body::from("<html>404 page not found</html>"));
        *answer.status_mut() = StatusCode::NOT_FOUND;
        answer
    })
    .await;
    let id = service.tenant.object(uuid::Uuid::from_u128(7));
    let who = countersign::domain::users::Who::Id(id.clone());
    assert!(service.microsoft.user(&who).await.is_err());
    let change = disable(&id);
    let made = service
        .microsoft
        .make(&[Call { change: &change, key: "k", secret: None, after: None }])
        .await;
    assert!(matches!(made[0], Made::Unsure { .. }), "{made:?}");
}

#[tokio::test]
async fn membership_is_asked_for_twenty_groups_at_a_time() {
    // source: directoryObject: checkMemberGroups, at most 20 ids, answers the ids that fit.
    let service = Service::new(1, |_, path| {
        assert!(path.starts_with("/v1.0/users/") && path.ends_with("/checkMemberGroups"), "{path}");
        json_of(&json!({ "value": [uuid::Uuid::from_u128(3)] }))
    })
    .await;
    let user = service.tenant.object(uuid::Uuid::from_u128(7));
    let groups: Vec<_> =
        (0..20).map(|number| service.tenant.object(uuid::Uuid::from_u128(number))).collect();
    let found = service.microsoft.member_of(&user, &groups).await.unwrap();
    assert_eq!((found, service.asked().len()), (vec![groups[3].clone()], 1));
    assert!(service.microsoft.member_of(&user, &[]).await.unwrap().is_empty());
    assert_eq!(service.asked().len(), 1, "no groups, no question");
    let foreign = TenantId::from(uuid::Uuid::from_u128(2)).object(uuid::Uuid::from_u128(3));
    assert!(service.microsoft.member_of(&user, &[foreign]).await.is_err());
}
