//! Recorded activities, names changed, become words, clicks and news; and what the
//! simulator's people do arrives in the same way.

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use countersign::{
    adapters::teams::{Decoded, TeamsDoor},
    domain::chat::{Heard, Inbound, PlaceKind, Press, Verb},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

use crate::rig::{APP, Rig, TENANT, settings_for};

/// A recorded activity, let in through the front door.
async fn heard(rig: &Rig, name: &str) -> (Decoded, bool) {
    let file = format!("{}/tests/wire/teams/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text =
        std::fs::read_to_string(file).unwrap().replace("SERVICE_URL", &rig.bot.service_url());
    let token = format!("Bearer {}", rig.bot.mint(&Value::Null));
    let from = rig.knock(&[token], &serde_json::from_str(&text).unwrap()).await.unwrap();
    (from.decoded().clone(), from.wants_answer())
}

async fn inbound(rig: &Rig, name: &str) -> Inbound {
    match heard(rig, name).await.0 {
        Decoded::Heard(inbound) => *inbound,
        other => panic!("{name} became {other:?}"),
    }
}

#[tokio::test]
async fn words_in_a_personal_chat() {
    let rig = Rig::new().await;
    let said = inbound(&rig, "message.personal").await;
    assert_eq!(said.key, format!("teams:{TENANT}:a:1personal-tim:activity-1"));
    assert_eq!(said.from.id, "aaaaaaaa-0000-4000-8000-000000000001", "object ids are lower case");
    assert_eq!(said.from.address.as_deref(), Some("29:1TimExample"));
    assert_eq!((said.from.realm.as_str(), said.place.kind), (TENANT, PlaceKind::Personal));
    assert_eq!(said.place.service_url, Some(rig.bot.service_url()));
    let Heard::Said { words, mentions, message, .. } = said.what else { panic!() };
    assert_eq!(words.0, "reset the password for john.doe@contoso.com");
    assert!(mentions.is_empty());
    assert_eq!(message.as_deref(), Some("activity-1"));
}

#[tokio::test]
async fn words_in_a_channel_keep_their_thread_and_their_people() {
    let rig = Rig::new().await;
    let said = inbound(&rig, "message.channel").await;
    assert_eq!(
        (said.place.conversation.as_str(), said.place.thread.as_deref()),
        ("19:helpdesk@thread.tacv2", Some("1700000000123"))
    );
    assert_eq!(said.place.kind, PlaceKind::Channel);
    let Heard::Said { words, mentions, .. } = said.what else { panic!() };
    assert_eq!(words.0, "disable ⟨@0⟩");
    assert_eq!(mentions[0].user.address.as_deref(), Some("29:1AdaExample"));
}

#[tokio::test]
async fn a_click_carries_what_the_card_carried() {
    let rig = Rig::new().await;
    let (decoded, wants_answer) = heard(&rig, "invoke.approve").await;
    assert!(wants_answer);
    let Decoded::Heard(inbound) = decoded else { panic!() };
    let Inbound { key, what: Heard::Pressed(press), .. } = *inbound else { panic!() };
    assert_eq!(
        key,
        format!("teams:{TENANT}:19:helpdesk@thread.tacv2;messageid=1700000000123:activity-3")
    );
    let Press { verb, request, digest, on, choice, note, .. } = press;
    assert_eq!((verb, choice), (Verb::Approve, None));
    assert_eq!(request.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
    assert_eq!(digest.short(), "e3b0c44298fc");
    assert_eq!(on.message, "1700000000456", "the message is the service's word, not the client's");
    assert_eq!(note.unwrap().0, "looks right");
}

#[tokio::test]
async fn an_older_client_presses_by_sending_a_message() {
    let rig = Rig::new().await;
    let (decoded, wants_answer) = heard(&rig, "message.submit").await;
    assert!(!wants_answer);
    let Decoded::Heard(inbound) = decoded else { panic!() };
    let Heard::Pressed(press) = inbound.what else { panic!() };
    assert_eq!((press.verb, press.choice.as_deref()), (Verb::Reject, Some("2")));
}

#[tokio::test]
async fn news_about_the_bot_itself() {
    let rig = Rig::new().await;
    assert_eq!(inbound(&rig, "install.personal").await.what, Heard::Met);
    assert_eq!(inbound(&rig, "removed.channel").await.what, Heard::Parted);
}

#[tokio::test]
async fn what_is_not_ours_is_named_and_left() {
    let rig = Rig::new().await;
    assert_eq!(heard(&rig, "invoke.foreign_button").await, (Decoded::Stray, true));
    assert_eq!(heard(&rig, "invoke.task_fetch").await, (Decoded::Stray, true));
    let mut activity = rig.activity();
    activity["type"] = "invoke".into();
    activity["name"] = "fileConsent/invoke".into();
    let token = format!("Bearer {}", rig.bot.mint(&Value::Null));
    let from = rig.knock(&[token], &activity).await.unwrap();
    assert_eq!((from.decoded(), from.wants_answer()), (&Decoded::Unsupported, true));
    assert!(matches!(heard(&rig, "message.edited").await, (Decoded::Ignored(_), false)));
}

#[tokio::test]
async fn somebody_without_an_object_id_is_not_heard() {
    let rig = Rig::new().await;
    let mut activity = rig.activity();
    activity["from"]["aadObjectId"] = Value::Null;
    let token = format!("Bearer {}", rig.bot.mint(&Value::Null));
    let from = rig.knock(std::slice::from_ref(&token), &activity).await.unwrap();
    assert!(matches!(from.into_decoded(), Decoded::Ignored(_)));
    for missing in ["id", "conversation", "type"] {
        let mut activity = rig.activity();
        activity[missing] = Value::Null;
        assert_eq!(
            rig.knock(std::slice::from_ref(&token), &activity).await.unwrap_err().status,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn what_people_do_in_the_simulator_arrives_signed() {
    type Ears = (Arc<TeamsDoor>, Arc<crate::rig::StandingClock>, Arc<Mutex<Vec<Decoded>>>);
    async fn listen(
        State((door, clock, ears)): State<Ears>,
        headers: HeaderMap,
        body: Bytes,
    ) -> StatusCode {
        use countersign::ports::clock::Clock;
        match door.read(&headers, body, clock.now()).await {
            Ok(from) => ears.lock().unwrap().push(from.into_decoded()),
            Err(refusal) => return refusal.status,
        }
        StatusCode::OK
    }
    let rig = Rig::new().await;
    let ears = Arc::new(Mutex::new(Vec::new()));
    let door = Arc::new(TeamsDoor::new(&settings_for(&rig.endpoints)).unwrap());
    let routes = Router::new().route("/api/messages", post(listen)).with_state((
        door,
        rig.clock.clone(),
        ears.clone(),
    ));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    rig.bot.set_bot_endpoint(&format!("http://{}/api/messages", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let mut changes = rig.bot.changes();
    rig.bot.install("tim@contoso.com").await.unwrap();
    rig.bot
        .open(
            "19:helpdesk@thread.tacv2",
            PlaceKind::Channel,
            &["tim@contoso.com", "grace@contoso.com"],
        )
        .unwrap();
    let said = rig
        .bot
        .say("tim@contoso.com", "19:helpdesk@thread.tacv2", "disable {0}", &["ada@contoso.com"])
        .await
        .unwrap();
    assert_eq!(said.status, 200);
    let message = changes.try_recv().unwrap().message;
    let data =
        json!({"r": "01890a5d-ac96-774b-bcce-b302099a8057", "n": "00", "d": "00".repeat(32)});
    let place = ("19:helpdesk@thread.tacv2", message.as_str());
    rig.bot
        .press("grace@contoso.com", place, "countersign.approve", &data, &json!({"note": "ok"}))
        .await
        .unwrap();
    rig.bot
        .submit(
            "grace@contoso.com",
            place,
            &json!({"verb": "countersign.stop", "r": data["r"], "n": "0", "d": data["d"]}),
            &json!({}),
        )
        .await
        .unwrap();

    let heard = ears.lock().unwrap().clone();
    let whats: Vec<_> = heard
        .iter()
        .map(|decoded| match decoded {
            Decoded::Heard(inbound) => match &inbound.what {
                Heard::Said { words, .. } => {
                    assert_eq!(inbound.place.thread.as_deref(), Some(message.as_str()));
                    words.0.clone()
                }
                Heard::Pressed(press) => press.verb.as_str().to_owned(),
                other => format!("{other:?}"),
            },
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(whats, ["Met", "disable ⟨@0⟩", "countersign.approve", "countersign.stop"]);
    let wrong =
        rig.bot.deliver_with(&rig.activity(), &rig.bot.mint(&json!({"aud": "x"}))).await.unwrap();
    assert_eq!(wrong.status, 401);
    assert_eq!(rig.bot.bot_mri(), format!("28:{APP}"));
}
