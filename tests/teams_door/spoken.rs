//! What the bot sends, and what it does when sending fails.

use std::time::Duration;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use countersign::{
    adapters::teams::{AppCredential, InvokeAnswer, TeamsChat, invoke_answer},
    domain::chat::{CardRef, ChatUser, Drawn, Place, PlaceKind, Platform},
    ports::chat::{Barred, Chat, ChatError, ChatIdentity},
    sim::teams::{At, Author, Fault, SimMessage, keys::SigningKey},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::rig::{Rig, SECRET, TENANT};

const GROUP: &str = "19:approvals@thread.v2";

fn card(title: &str) -> Drawn {
    let body = json!({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": title}]});
    Drawn { body, summary: title.to_owned() }
}

fn user(number: u8, first: &str) -> ChatUser {
    ChatUser {
        platform: Platform::Teams,
        realm: TENANT.into(),
        id: format!("aaaaaaaa-0000-4000-8000-{number:012}"),
        address: Some(format!("29:1{first}-example")),
    }
}

fn group(rig: &Rig) -> Place {
    rig.bot.open(GROUP, PlaceKind::Group, &["tim@contoso.com", "grace@contoso.com"]).unwrap();
    place(rig, GROUP, PlaceKind::Group)
}

fn place(rig: &Rig, conversation: &str, kind: PlaceKind) -> Place {
    Place {
        platform: Platform::Teams,
        realm: TENANT.into(),
        conversation: conversation.into(),
        thread: None,
        kind,
        service_url: Some(rig.bot.service_url()),
    }
}

async fn post(chat: &TeamsChat, to: &Place) -> Result<CardRef, ChatError> {
    chat.post(to, &card("Approve?"), "key", false).await
}

fn waits(rig: &Rig) -> Vec<Duration> {
    rig.waited.lock().unwrap().clone()
}

#[tokio::test]
async fn a_card_is_posted_and_replaced_in_its_place() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    let posted = post(&chat, &to).await.unwrap();
    chat.update(&posted, &card("Approved")).await.unwrap();
    let messages = rig.bot.messages(GROUP);
    let [SimMessage { id, author, text, card, summary, updated_times, .. }] = &messages[..] else {
        panic!("{messages:?}")
    };
    assert_eq!((id, author, text, *updated_times), (&posted.message, &Author::Bot, &None, 1));
    assert_eq!(summary.as_deref(), Some("Approved"));
    assert_eq!(card.as_ref().unwrap()["body"][0]["text"], "Approved");
    assert_eq!(rig.bot.count(At::Token), 1, "one sign-in for all");
}

#[tokio::test]
async fn a_card_in_a_channel_begins_a_thread_and_later_ones_stay_in_it() {
    let rig = Rig::new().await;
    rig.bot.open("19:helpdesk@thread.tacv2", PlaceKind::Channel, &["tim@contoso.com"]).unwrap();
    let chat = rig.chat();
    let posted =
        post(&chat, &place(&rig, "19:helpdesk@thread.tacv2", PlaceKind::Channel)).await.unwrap();
    assert_eq!(posted.place.thread.as_ref(), Some(&posted.message));
    chat.update(&posted, &card("Approved")).await.unwrap();
    let reply = post(&chat, &posted.place).await.unwrap();
    let thread = format!("19:helpdesk@thread.tacv2;messageid={}", posted.message);
    let ids: Vec<_> = rig.bot.messages(&thread).into_iter().map(|message| message.id).collect();
    assert_eq!(ids, [posted.message, reply.message]);
}

#[tokio::test]
async fn a_personal_chat_is_opened_once_and_only_where_the_app_is_installed() {
    let rig = Rig::with(|settings| settings.people[2].installed = false).await;
    let chat = rig.chat();
    let tim = chat.personal(&user(1, "tim")).await.unwrap();
    assert_eq!(chat.personal(&user(1, "tim")).await.unwrap(), tim);
    assert_eq!(tim.kind, PlaceKind::Personal);
    chat.whisper(&tim, &user(1, "tim"), &card("Only for you")).await.unwrap();
    assert_eq!(rig.bot.messages(&tim.conversation).len(), 1);
    let refused = chat.personal(&user(3, "ada")).await.unwrap_err();
    assert!(
        matches!(&refused, ChatError::NotAllowed(why) if why.contains("BotNotInConversationRoster")),
        "{refused}"
    );
    let to = group(&rig);
    assert!(matches!(
        chat.whisper(&to, &user(1, "tim"), &card("x")).await,
        Err(ChatError::Refused(_))
    ));
    assert!(matches!(chat.open_form("x", &card("x")).await, Err(ChatError::Refused(_))));
}

#[tokio::test]
async fn throttling_is_waited_out_as_the_service_says() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    rig.bot.plant(At::Send, Fault::Status(429, Some(7)), 1);
    post(&chat, &to).await.unwrap();
    assert_eq!(waits(&rig), [Duration::from_secs(7)]);

    rig.bot.plant(At::Send, Fault::Status(429, Some(120)), 1);
    let calls = rig.bot.count(At::Send);
    let busy = post(&chat, &to).await.unwrap_err();
    assert!(matches!(busy, ChatError::Busy { wait } if wait == Duration::from_mins(2)), "{busy:?}");
    let held = post(&chat, &to).await.unwrap_err();
    assert!(matches!(held, ChatError::Early { .. }), "the conversation is held for everybody");
    assert_eq!(rig.bot.count(At::Send), calls + 1);
    rig.clock.forward(Duration::from_secs(121));
    post(&chat, &to).await.unwrap();
}

#[tokio::test]
async fn passing_errors_are_tried_three_times_with_growing_waits() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    for status in [412, 502, 503, 504] {
        rig.waited.lock().unwrap().clear();
        rig.clock.forward(Duration::from_mins(1));
        rig.bot.plant(At::Send, Fault::Status(status, None), 2);
        post(&chat, &to).await.unwrap();
        let waits = waits(&rig);
        assert_eq!(waits.len(), 2, "{status}");
        assert!((2.0..=4.0).contains(&waits[0].as_secs_f64()), "{waits:?}");
        assert!((4.0..=8.0).contains(&waits[1].as_secs_f64()), "{waits:?}");
    }
    rig.clock.forward(Duration::from_mins(1));
    rig.bot.plant(At::Send, Fault::Status(503, None), 3);
    assert!(matches!(post(&chat, &to).await, Err(ChatError::Busy { .. })));
    rig.clock.forward(Duration::from_mins(1));
    rig.bot.plant(At::Send, Fault::Status(504, None), 3);
    assert!(matches!(post(&chat, &to).await, Err(ChatError::Unsure(_))), "a gateway does not know");
}

#[tokio::test]
async fn lasting_errors_are_not_tried_again() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    for status in [400, 403, 404, 413, 500] {
        let before = rig.bot.count(At::Send);
        rig.bot.plant(At::Send, Fault::Status(status, None), 1);
        let error = post(&chat, &to).await.unwrap_err();
        let right = match status {
            403 | 404 => matches!(error, ChatError::NotAllowed(_)),
            500 => matches!(error, ChatError::Unsure(_)),
            _ => matches!(error, ChatError::Refused(_)),
        };
        assert!(right, "{status}: {error:?}");
        assert_eq!(rig.bot.count(At::Send), before + 1);
        rig.clock.forward(Duration::from_mins(1));
    }
    assert!(waits(&rig).is_empty());
}

#[tokio::test]
async fn a_lost_answer_to_a_send_is_unsure_and_to_an_update_is_asked_for_again() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    rig.bot.plant(At::Send, Fault::Cut, 1);
    assert!(matches!(post(&chat, &to).await, Err(ChatError::Unsure(_))));
    assert_eq!(rig.bot.messages(GROUP).len(), 1, "it had happened, and was not repeated");
    let posted = post(&chat, &to).await.unwrap();
    rig.bot.plant(At::Update, Fault::Cut, 1);
    chat.update(&posted, &card("Approved")).await.unwrap();
    assert_eq!(rig.bot.messages(GROUP)[1].updated_times, 2);
}

#[tokio::test]
async fn a_message_or_a_conversation_that_is_gone_is_named_so() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    let gone = CardRef { place: to.clone(), message: "1".into() };
    assert!(matches!(chat.update(&gone, &card("x")).await, Err(ChatError::Gone)));
    let nameless = CardRef { place: to.clone(), message: String::new() };
    assert!(matches!(chat.update(&nameless, &card("x")).await, Err(ChatError::Gone)));
    rig.bot.seat_bot(GROUP, false);
    assert!(matches!(post(&chat, &to).await, Err(ChatError::NotAllowed(_))));
    let nowhere = place(&rig, "19:nowhere@thread.v2", PlaceKind::Group);
    assert!(matches!(post(&chat, &nowhere).await, Err(ChatError::NotAllowed(_))));
    let climbing = place(&rig, "..", PlaceKind::Group);
    assert!(matches!(post(&chat, &climbing).await, Err(ChatError::Refused(_))));
}

#[tokio::test]
async fn a_card_that_is_too_big_is_refused_before_it_is_sent() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    let big = card(&"é".repeat(25_000));
    assert!(matches!(chat.post(&to, &big, "key", false).await, Err(ChatError::Refused(_))));
    assert_eq!(rig.bot.count(At::Send), 0);
}

#[tokio::test]
async fn more_than_a_conversation_allows_is_spread_out() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    for _ in 0..10 {
        post(&chat, &to).await.unwrap();
    }
    assert_eq!(waits(&rig), [Duration::from_millis(550); 5], "five at once, then one by one");
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_replaced_once() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    post(&chat, &to).await.unwrap();
    rig.bot.revoke_bot_tokens();
    post(&chat, &to).await.unwrap();
    assert_eq!(rig.bot.count(At::Token), 2);
    rig.bot.plant(At::Send, Fault::Status(401, None), 5);
    assert!(matches!(post(&chat, &to).await, Err(ChatError::Refused(_))));
    assert_eq!(rig.bot.count(At::Token), 3, "not again and again");
}

#[tokio::test]
async fn a_token_is_replaced_five_minutes_early_and_the_old_one_serves_in_an_outage() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    post(&chat, &to).await.unwrap();
    rig.clock.forward(Duration::from_mins(55));
    rig.bot.plant(At::Token, Fault::Status(503, None), 1);
    post(&chat, &to).await.unwrap();
    rig.clock.forward(Duration::from_secs(10));
    post(&chat, &to).await.unwrap();
    assert_eq!(rig.bot.count(At::Token), 3, "the first, the failed, the early one");
}

#[tokio::test]
async fn many_at_once_share_one_sign_in() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    let all = futures::future::join_all((0..5).map(|_| post(&chat, &to))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(rig.bot.count(At::Token), 1);
}

#[tokio::test]
async fn a_wrong_secret_sends_nothing_and_asks_once() {
    let rig = Rig::new().await;
    let chat = rig.chat_as(AppCredential::secret("another".into()).unwrap(), None);
    let to = group(&rig);
    for _ in 0..3 {
        assert!(matches!(post(&chat, &to).await, Err(ChatError::Busy { .. })));
    }
    assert_eq!((rig.bot.count(At::Token), rig.bot.count(At::Send)), (1, 0));
    assert!(AppCredential::secret(" ".into()).is_err(), "an unset secret is no secret");
    let shown = format!("{chat:?} {:?}", AppCredential::secret(SECRET.into()).unwrap());
    assert!(!shown.contains(SECRET) && !shown.contains("another"), "{shown}");
}

#[tokio::test]
async fn a_single_tenant_bot_signs_in_with_its_certificate() {
    let der = b"stands for a certificate";
    let sha256 = ring::digest::digest(&ring::digest::SHA256, der);
    let print = URL_SAFE_NO_PAD.encode(sha256);
    let rig = Rig::with(|settings| settings.certificate = Some(print)).await;
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(der)
    );
    let to = group(&rig);
    let right = AppCredential::certificate(&SigningKey::shared(3).private_pem(), &pem).unwrap();
    post(&rig.chat_as(right, Some(TENANT)), &to).await.unwrap();
    assert!(rig.bot.calls().iter().any(|call| call.what == At::Token && call.path == TENANT));
    let wrong = AppCredential::certificate(&SigningKey::shared(2).private_pem(), &pem).unwrap();
    assert!(post(&rig.chat_as(wrong, Some(TENANT)), &to).await.is_err());
    assert!(AppCredential::certificate("no key", &pem).is_err());
    assert!(
        AppCredential::certificate(&SigningKey::shared(3).private_pem(), "no certificate").is_err()
    );
}

#[tokio::test]
async fn the_token_never_goes_to_a_connector_we_do_not_know() {
    let rig = Rig::new().await;
    let stranger = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = stranger.local_addr().unwrap().port();
    let chat = rig.chat();
    let mut to = group(&rig);
    for url in [
        format!("http://127.0.0.1:{port}/teams"),
        format!("http://localhost:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://user@127.0.0.1:{port}/"),
        "http://169.254.169.254/".to_owned(),
    ] {
        to.service_url = Some(url);
        let fresh = rig.chat();
        assert!(
            matches!(post(&fresh, &to).await, Err(ChatError::Refused(_))),
            "{:?}",
            to.service_url
        );
    }
    to.service_url = Some(rig.bot.service_url());
    rig.bot.plant(At::Send, Fault::Redirect(format!("http://127.0.0.1:{port}/teams")), 1);
    assert!(
        matches!(post(&chat, &to).await, Err(ChatError::Refused(_))),
        "a redirect is not followed"
    );
    let knocked = stranger.into_std().unwrap().accept();
    assert!(knocked.is_err(), "nobody came to the stranger's door");
}

#[tokio::test]
async fn people_are_who_the_roster_says_for_a_minute() {
    let rig = Rig::new().await;
    let (chat, to) = (rig.chat(), group(&rig));
    let tim = chat.person(&user(1, "tim"), &to).await.unwrap();
    assert_eq!(tim.barred, None);
    let ChatIdentity::Entra { tenant, object, upn } = tim.identity else { panic!() };
    assert_eq!(
        (tenant.as_str(), object.as_str()),
        (TENANT, "aaaaaaaa-0000-4000-8000-000000000001")
    );
    assert_eq!(upn.unwrap().as_str(), "tim@contoso.com");
    assert_eq!(
        chat.person(&user(3, "ada"), &to).await.unwrap().barred,
        Some(Barred::Unknown),
        "not in this chat"
    );

    rig.bot.change_person("29:1tim-example", |tim| tim.role = "guest".into());
    assert_eq!(chat.person(&user(1, "tim"), &to).await.unwrap().barred, None);
    rig.clock.forward(Duration::from_mins(1));
    assert_eq!(chat.person(&user(1, "tim"), &to).await.unwrap().barred, Some(Barred::Guest));

    rig.bot.change_person("29:1grace-example", |grace| grace.tenant = "fabrikam".into());
    assert_eq!(chat.person(&user(2, "grace"), &to).await.unwrap().barred, Some(Barred::Foreign));
    let impostor = ChatUser { id: user(2, "x").id, ..user(1, "tim") };
    assert_eq!(chat.person(&impostor, &to).await.unwrap().barred, Some(Barred::Unknown));
    rig.bot.plant(At::Member, Fault::Status(403, None), 1);
    rig.clock.forward(Duration::from_mins(1));
    assert!(
        matches!(chat.person(&user(1, "tim"), &to).await, Err(ChatError::NotAllowed(_))),
        "fails closed"
    );
}

#[test]
fn a_click_is_answered_in_the_body_alone() {
    let card = invoke_answer(&InvokeAnswer::Card(json!({"type": "AdaptiveCard"})));
    assert_eq!(card["type"], "application/vnd.microsoft.card.adaptive");
    assert_eq!(
        (&card["statusCode"], &card["value"]["type"]),
        (&json!(200), &json!("AdaptiveCard"))
    );
    let words = invoke_answer(&InvokeAnswer::Message("Grace was first.".into()));
    assert_eq!(
        (&words["type"], &words["value"]),
        (&json!("application/vnd.microsoft.activity.message"), &json!("Grace was first."))
    );
    let no = InvokeAnswer::Error {
        status: 403,
        code: "NotAllowed".into(),
        message: "You may not.".into(),
    };
    let no: Value = invoke_answer(&no);
    assert_eq!((&no["statusCode"], &no["value"]["message"]), (&json!(403), &json!("You may not.")));
}
