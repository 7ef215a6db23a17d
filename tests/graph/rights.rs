//! Tokens, permissions, roles.

use std::collections::HashMap;

use base64::Engine as _;
use countersign::{
    adapters::graph::{
        forbidden::{self, Reading},
        settings::{App, Audience},
    },
    domain::{change, ids::TenantId, secret::Secret, trouble::Reason, users::Facet},
    ports::{directory::Directory as _, hands::Made},
    sim::microsoft::{AppRegistration, Consent, DEMO_CLIENT_ID},
};
use futures::future::join_all;
use jiff::SignedDuration;
use rsa::{
    pkcs1::{EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _},
    pkcs8::LineEnding,
};

use crate::room::{PASSWORD, Room, add, contoso, disable, refusal, revoke, set_password, status};

fn lacking(reason: Reason) -> (String, String) {
    match reason {
        Reason::MissingPermission { missing, mend } => (missing, mend),
        other => panic!("another reason: {other}"),
    }
}

#[tokio::test]
async fn many_callers_at_once_ask_for_one_token() {
    let room = Room::new().await;
    join_all((0..20).map(|_| room.person("john.doe@contoso.com"))).await;
    assert_eq!(room.tokens_asked(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_five_minutes_before_its_end() {
    let room = Room::new().await;
    room.person("john.doe@contoso.com").await;
    room.clock.pass(SignedDuration::from_mins(50));
    room.person("john.doe@contoso.com").await;
    assert_eq!(room.tokens_asked(), 1);
    room.clock.pass(SignedDuration::from_mins(6));
    room.person("john.doe@contoso.com").await;
    assert_eq!(room.tokens_asked(), 2);
}

#[tokio::test]
async fn a_refused_token_is_dropped_and_the_call_made_once_more() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    room.break_once("PATCH", "/v1.0/users/*", status(401, None));
    assert!(matches!(room.make(&disable(&john)).await, Made::Accepted(_)));
    assert_eq!((room.tokens_asked(), room.felt().len()), (2, 1));
    room.break_once("POST", "/v1.0/$batch", status(401, None));
    let made = room.make_all(&[disable(&john), revoke(&john)]).await;
    assert!(made.iter().all(|made| matches!(made, Made::Accepted(_))), "{made:?}");
    room.break_once("PATCH", "/v1.0/users/*", status(401, None));
    room.break_once("PATCH", "/v1.0/users/*", status(401, None));
    let (missing, _) = lacking(refusal(room.make(&disable(&john)).await));
    assert!(missing.contains("token"), "{missing}");
}

#[tokio::test]
async fn sign_in_errors_say_what_to_mend() {
    let wrong = Room::with(&contoso(), |settings| {
        for app in settings.apps.values_mut() {
            *app = App::with_secret(app.client_id, Secret::new("not the secret"));
        }
    })
    .await;
    let john = wrong.tenant.object(uuid::Uuid::from_u128(1));
    let (missing, mend) = lacking(refusal(wrong.make(&disable(&john)).await));
    assert!(missing.contains("client secret") && mend.contains("not its id"), "{missing} {mend}");

    let room = Room::new().await;
    let mut app = AppRegistration::demo();
    app.consent = Consent::Missing;
    room.world.set_app(app);
    let error = room.microsoft.skus(&room.tenant).await.unwrap_err();
    let (missing, mend) = lacking(error.reason());
    assert!(missing.contains("consent"), "{missing}");
    assert!(mend.contains("/adminconsent?client_id="), "{mend}");

    let stranger = TenantId::from(uuid::Uuid::from_u128(9));
    let error = room.microsoft.skus(&stranger).await.unwrap_err();
    assert_eq!(error.reason(), Reason::OtherTenant);
}

#[tokio::test]
async fn an_app_signs_in_with_a_certificate() {
    let mut dice = rsa::rand_core::OsRng;
    let key = rsa::RsaPrivateKey::new(&mut dice, 2048).unwrap();
    let certificate = certificate(&key.to_public_key());
    let key_pem = Secret::new(key.to_pkcs1_pem(LineEnding::LF).unwrap().to_string());
    let client = DEMO_CLIENT_ID.parse().unwrap();
    let app = App::with_certificate(client, &key_pem, &certificate).unwrap();
    let room = Room::with(&contoso(), |settings| {
        let tenant = settings.apps.keys().next().unwrap().clone();
        settings.apps = HashMap::from([(tenant, app)]);
    })
    .await;
    let registered = AppRegistration::demo().with_certificate(&certificate).unwrap();
    room.world.set_app(registered);
    assert_eq!(room.person("john.doe@contoso.com").await.name, "John Doe");
    let asked = room.log.lock().unwrap()[0].to_string();
    assert!(asked.contains("client_assertion_type") && !asked.contains("client_secret="));
    assert!(App::with_certificate(client, &Secret::new("nothing"), &certificate).is_err());
}

/// The platform writes its token anew; each is good for one sign-in here, because time moves on.
#[tokio::test]
async fn an_app_signs_in_with_the_token_that_its_platform_keeps_in_a_file() {
    const ISSUER: &str = "https://kubernetes.example/issuer";
    const SUBJECT: &str = "system:serviceaccount:it:countersign";
    let mut dice = rsa::rand_core::OsRng;
    let key = rsa::RsaPrivateKey::new(&mut dice, 2048).unwrap();
    let issuer = certificate(&key.to_public_key());
    let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
    let key = jsonwebtoken::EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let token = |subject: &str, ends: i64| {
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
        let claims = serde_json::json!({
            "iss": ISSUER, "sub": subject, "aud": "api://AzureADTokenExchange", "exp": ends,
        });
        jsonwebtoken::encode(&header, &claims, &key).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let app = App::with_federated_token(DEMO_CLIENT_ID.parse().unwrap(), file.clone());
    let room = Room::with(&contoso(), |settings| {
        let tenant = settings.apps.keys().next().unwrap().clone();
        settings.apps = HashMap::from([(tenant, app)]);
    })
    .await;
    room.world.set_app(AppRegistration::demo().with_federated(ISSUER, SUBJECT, &issuer).unwrap());
    let tenant = TenantId::from(room.world.tenant_id());
    let later = i64::MAX / 2;
    let without = room.microsoft.skus(&tenant).await.unwrap_err();
    assert!(lacking(without.reason()).1.contains("federated_token_path"));
    for (held, says) in
        [(token("somebody:else", later), "federated credential"), (token(SUBJECT, 0), "valid now")]
    {
        std::fs::write(&file, held).unwrap();
        room.clock.pass(SignedDuration::from_secs(5));
        let refused = room.microsoft.skus(&tenant).await.unwrap_err();
        assert!(lacking(refused.reason()).0.contains(says), "{says}");
    }
    std::fs::write(&file, format!("{}\n", token(SUBJECT, later))).unwrap();
    room.clock.pass(SignedDuration::from_secs(5));
    assert_eq!(room.person("john.doe@contoso.com").await.name, "John Doe");
    let asked = room.log.lock().unwrap().iter().map(ToString::to_string).collect::<String>();
    assert!(asked.contains("client_assertion") && !asked.contains("client_secret="), "{asked}");
    assert!(!asked.contains(&token(SUBJECT, later)), "the token is in the log");
}

#[tokio::test]
async fn a_missing_permission_is_named_with_the_way_to_grant_it() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let vpn = room.group("VPN Users").await;
    let bare = AppRegistration::demo()
        .without("User.RevokeSessions.All")
        .without("User.ReadWrite.All")
        .without("Directory.ReadWrite.All")
        .without("GroupMember.ReadWrite.All")
        .without("Group.ReadWrite.All")
        .without("MailboxSettings.ReadWrite")
        .without("MailboxSettings.Read");
    room.world.set_app(bare);
    room.clock.pass(SignedDuration::from_hours(1));
    let made = room.make_all(&[revoke(&john), add(&vpn, &john), disable(&john)]).await;
    let mut made = made.into_iter();
    let (missing, mend) = lacking(refusal(made.next().unwrap()));
    assert_eq!(missing, "User.RevokeSessions.All");
    assert!(mend.contains("adminconsent"), "{mend}");
    assert_eq!(lacking(refusal(made.next().unwrap())).0, "GroupMember.ReadWrite.All");
    assert!(matches!(made.next().unwrap(), Made::Accepted(_)), "the others are not held back");
    let error = room.microsoft.dossier(&john, &[Facet::Replies]).await.unwrap_err();
    assert_eq!(lacking(error.reason()).0, "MailboxSettings.Read");
}

#[tokio::test]
async fn an_administrator_is_out_of_reach_of_a_lesser_role() {
    let room = Room::new().await;
    let ada = room.id("ada.admin@contoso.com").await;
    let (missing, _) = lacking(refusal(room.make(&disable(&ada)).await));
    assert!(missing.contains("Privileged Authentication Administrator"), "{missing}");
    assert!(missing.contains("administrator"), "{missing}");
    // A password needs a role even for people without one.
    room.world.set_app(AppRegistration::demo().without("User Administrator"));
    room.clock.pass(SignedDuration::from_hours(1));
    let john = room.person("john.doe@contoso.com").await;
    let (missing, mend) = lacking(refusal(room.make(&set_password(&john)).await));
    assert_eq!(missing, "the Entra role User Administrator");
    assert!(mend.contains("service principal"), "{mend}");
}

#[tokio::test]
async fn a_grant_made_a_moment_ago_works_without_waiting_for_the_old_token() {
    let room = Room::new().await;
    room.world.set_app(
        AppRegistration::demo()
            .without("User.RevokeSessions.All")
            .without("User.ReadWrite.All")
            .without("Directory.ReadWrite.All"),
    );
    let john = room.id("john.doe@contoso.com").await;
    room.world.set_app(AppRegistration::demo());
    assert!(matches!(room.make(&revoke(&john)).await, Made::Accepted(_)));
    assert_eq!(room.felt().len(), 1);
    assert_eq!(room.tokens_asked(), 2);
}

#[tokio::test]
async fn a_standing_refusal_does_not_hammer_the_sign_in_service() {
    let room = Room::new().await;
    let ada = room.id("ada.admin@contoso.com").await;
    for _ in 0..5 {
        refusal(room.make(&disable(&ada)).await);
    }
    assert_eq!(room.tokens_asked(), 2);
}

#[tokio::test]
async fn the_doctor_reads_what_the_app_may_do() {
    let room = Room::new().await;
    let rights = room.microsoft.rights(&room.tenant, Audience::Graph).await.unwrap();
    assert_eq!(
        forbidden::missing(&change::kinds().collect::<Vec<_>>(), &rights.roles, &rights.wids),
        []
    );
    for reading in Reading::ALL {
        assert!(reading.missing(&rights.roles, &rights.wids).is_empty(), "{reading:?}");
    }
    let exchange = room.microsoft.rights(&room.tenant, Audience::Exchange).await.unwrap();
    assert!(exchange.roles.iter().any(|role| role == "Exchange.ManageAsApp"));
}

#[tokio::test]
async fn neither_log_nor_debug_holds_a_secret() {
    let room = Room::new().await;
    let john = room.person("john.doe@contoso.com").await;
    room.make_all(&[set_password(&john), revoke(&john.id)]).await;
    room.make(&set_password(&john)).await;
    assert!(room.world.password_is("john.doe@contoso.com", PASSWORD));
    let log = serde_json::to_string(&*room.log.lock().unwrap()).unwrap();
    assert!(!log.contains(PASSWORD) && !log.contains("simulated~contoso"), "a secret in the log");
    assert!(!log.contains("eyJ"), "a token in the log");
    assert!(log.contains("Bearer ***"));
    assert_eq!(format!("{:?}", room.microsoft), "Microsoft { .. }");
}

/// The smallest certificate that holds this key; nobody signed it (X.509, RFC 5280).
fn certificate(key: &rsa::RsaPublicKey) -> String {
    fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag];
        match u8::try_from(content.len()) {
            Ok(short) if short < 0x80 => out.push(short),
            _ => {
                let length = u16::try_from(content.len()).unwrap().to_be_bytes();
                out.extend([0x82, length[0], length[1]]);
            }
        }
        out.extend_from_slice(content);
        out
    }
    let empty = tagged(0x30, &[]);
    let serial = tagged(0x02, &[1]);
    let public = key.to_pkcs1_der().unwrap();
    let bits = tagged(0x03, &[&[0], public.as_bytes()].concat());
    let info = tagged(0x30, &[empty.clone(), bits].concat());
    let fields =
        [serial, empty.clone(), empty.clone(), empty.clone(), empty.clone(), info].concat();
    let whole = tagged(0x30, &[tagged(0x30, &fields), empty].concat());
    let text = base64::engine::general_purpose::STANDARD.encode(whole);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
