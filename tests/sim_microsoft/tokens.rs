//! Tokens: who gets one, what it says, and when it is no longer taken.

use std::time::Duration;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use countersign::sim::microsoft::{
    AppRegistration, CONTOSO_TENANT, Consent, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, World,
};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::EncodePublicKey};
use serde_json::{Value, json};

use crate::support::{GRAPH, Sim, clock};

async fn ask(sim: &Sim, tenant: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/{tenant}/oauth2/v2.0/token", sim.base);
    let response = sim.http.post(url).form(form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn form<'a>(client: &'a str, secret: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("client_secret", secret),
        ("scope", "https://graph.microsoft.com/.default"),
    ]
}

#[tokio::test]
async fn a_secret_buys_a_token_whose_claims_are_real_and_whose_signature_checks() {
    let sim = Sim::start().await;
    let (status, body) = ask(&sim, CONTOSO_TENANT, &form(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)).await;
    assert_eq!(
        (status, &body["token_type"], &body["expires_in"]),
        (200, &json!("Bearer"), &json!(3599))
    );

    let url = format!("{}/contoso.com/v2.0/.well-known/openid-configuration", sim.base);
    let about: Value = sim.http.get(url).send().await.unwrap().json().await.unwrap();
    let keys = about["jwks_uri"].as_str().unwrap();
    let keys: Value = sim.http.get(keys).send().await.unwrap().json().await.unwrap();
    let (n, e) = (keys["keys"][0]["n"].as_str().unwrap(), keys["keys"][0]["e"].as_str().unwrap());
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[GRAPH]);
    validation.validate_exp = false;
    let key = DecodingKey::from_rsa_components(n, e).unwrap();
    let token = body["access_token"].as_str().unwrap();
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
    assert_eq!(claims["tid"], CONTOSO_TENANT);
    assert_eq!(claims["appid"], DEMO_CLIENT_ID);
    assert!(claims["roles"].as_array().unwrap().contains(&json!("User.ReadWrite.All")));
    let user_administrator = json!("fe930be7-5e62-47db-91af-98c3a49a38b1");
    assert!(claims["wids"].as_array().unwrap().contains(&user_administrator));
}

#[tokio::test]
async fn wrong_credentials_are_refused_with_the_numbers_entra_uses() {
    let sim = Sim::start().await;
    let code = |body: &Value| body["error_codes"][0].as_u64().unwrap();

    let (status, body) = ask(&sim, CONTOSO_TENANT, &form(DEMO_CLIENT_ID, "wrong")).await;
    assert_eq!((status, code(&body)), (401, 7_000_215));
    assert!(body["error_description"].as_str().unwrap().starts_with("AADSTS7000215: "));
    let nobody = "00000000-0000-4000-8000-000000000000";
    let (status, body) = ask(&sim, CONTOSO_TENANT, &form(nobody, DEMO_CLIENT_SECRET)).await;
    assert_eq!((status, code(&body)), (400, 700_016));
    let (status, body) = ask(&sim, "fabrikam.com", &form(DEMO_CLIENT_ID, "x")).await;
    assert_eq!((status, code(&body)), (400, 90002));
    let mut short = form(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET);
    short[3].1 = "User.Read.All";
    assert_eq!(code(&ask(&sim, CONTOSO_TENANT, &short).await.1), 1_002_012);
    let mut other = AppRegistration::demo();
    other.consent = Consent::Missing;
    sim.world.set_app(other);
    let (_, body) = ask(&sim, CONTOSO_TENANT, &form(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)).await;
    assert_eq!(code(&body), 65001);
}

#[tokio::test]
async fn a_token_is_refused_after_its_hour_and_for_another_service() {
    let sim = Sim::start().await;
    assert_eq!(sim.get("/users").await.status, 200);
    sim.clock.advance(SignedDuration::from_mins(61));
    let late = sim.get("/users").await;
    assert_eq!((late.status, late.code()), (401, "InvalidAuthenticationToken"));
    assert!(late.message().contains("expired"));

    let mut sim = Sim::start().await;
    sim.token = sim.world.access_token(DEMO_CLIENT_ID, crate::support::EXCHANGE).unwrap();
    assert!(sim.get("/users").await.message().contains("Invalid audience"));
    sim.token = "abc".into();
    assert_eq!(sim.get("/users").await.status, 401);
}

#[tokio::test]
async fn a_certificate_signs_an_assertion_and_another_one_does_not() {
    let (pem, thumb, key) = certificate();
    let app = AppRegistration::demo().with_certificate(&pem).expect("an RSA certificate");
    let clock = clock();
    let world = World::contoso(clock.clone());
    world.set_app(app);
    let sim = Sim::with(world, clock).await;
    let sign = |thumb: &str, audience: &str| {
        let mut header = Header::new(Algorithm::RS256);
        header.x5t_s256 = Some(thumb.to_owned());
        let now = "2026-11-21T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        let claims = json!({
            "aud": audience, "iss": DEMO_CLIENT_ID, "sub": DEMO_CLIENT_ID,
            "nbf": now, "exp": now + 300, "jti": "1",
        });
        jsonwebtoken::encode(&header, &claims, &key).unwrap()
    };
    let ours = format!("{}/{CONTOSO_TENANT}/oauth2/v2.0/token", sim.base);
    let cases =
        [(thumb.as_str(), ours.as_str(), 200), ("other", &ours, 401), (&thumb, "https://x/", 400)];
    for (thumb, audience, expected) in cases {
        let assertion = sign(thumb, audience);
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", DEMO_CLIENT_ID),
            ("scope", "https://graph.microsoft.com/.default"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let (status, body) = ask(&sim, CONTOSO_TENANT, &form).await;
        assert_eq!(status, expected, "{body}");
    }
}

/// A certificate with nothing in it but a key: enough to be registered.
fn certificate() -> (String, String, EncodingKey) {
    let tlv = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], length.as_slice(), content].concat()
    };
    let key = RsaPrivateKey::new(&mut rng::Rng, 2048).unwrap();
    let info = key.to_public_key().to_public_key_der().unwrap();
    let empty = tlv(0x30, &[]);
    let version = tlv(0xA0, &[2, 1, 2]);
    let fields =
        [&version, &tlv(2, &[1]), &empty, &empty, &empty, &empty, &info.as_bytes().to_vec()];
    let to_sign: Vec<u8> = fields.iter().flat_map(|field| field.iter().copied()).collect();
    let der = tlv(0x30, &tlv(0x30, &to_sign));
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(&der)
    );
    let thumb = URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, &der));
    let private = key.to_pkcs1_der().unwrap();
    (pem, thumb, EncodingKey::from_rsa_der(private.as_bytes()))
}

mod rng {
    use rsa::rand_core::{CryptoRng, Error, RngCore};

    /// The machine's own chance: a prime is not found in a counter.
    pub struct Rng;

    impl CryptoRng for Rng {}

    impl RngCore for Rng {
        fn next_u32(&mut self) -> u32 {
            getrandom::u32().unwrap()
        }

        fn next_u64(&mut self) -> u64 {
            getrandom::u64().unwrap()
        }

        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            getrandom::fill(bytes).unwrap();
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
            self.fill_bytes(bytes);
            Ok(())
        }
    }
}

#[tokio::test]
async fn the_router_answers_without_a_listener_of_its_own() {
    use tower::ServiceExt as _;
    let world = World::contoso(clock());
    let token = world.access_token(DEMO_CLIENT_ID, GRAPH).unwrap();
    let request = axum::http::Request::get("/v1.0/users?$top=1")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let router = countersign::sim::microsoft::router(world);
    let answer = tokio::time::timeout(Duration::from_secs(5), router.oneshot(request));
    assert_eq!(answer.await.unwrap().unwrap().status(), 200);
}
