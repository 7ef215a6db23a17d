//! What we say to Slack, and what its answers mean.

use std::{sync::Arc, time::Duration};

use countersign::{
    adapters::slack::{
        chat::{Seat, SlackChat},
        installed::Installation,
        web::ApiError,
    },
    ports::chat::{Barred, Chat, ChatError, ChatIdentity},
    sim::slack::{Channel, ChannelKind, Person, Setup, Trouble, Workspace},
};
use jiff::SignedDuration;
use serde_json::json;

use super::stage::{Stage, Standing, card, form, room, serve, somebody, web, words};

#[tokio::test]
async fn a_card_is_posted_and_replaced() {
    let stage = Stage::new().await;
    let posted = stage
        .chat
        .post(&room("C0APPROVALS"), &card("Reset a password"), "k1", false)
        .await
        .unwrap();
    stage.chat.update(&posted, &words("done <!channel> & more")).await.unwrap();
    let messages = stage.slack.messages("C0APPROVALS");
    assert_eq!(messages.len(), 1);
    assert_eq!(
        messages[0].text, "done &lt;!channel&gt; & more",
        "no words of ours can ping or link"
    );
    assert_eq!(messages[0].blocks, None);
    assert_eq!(messages[0].metadata.as_ref().unwrap()["event_payload"], json!({ "key": "k1" }));
}

#[tokio::test]
async fn an_answer_goes_to_the_thread_and_a_whisper_to_one_person() {
    let stage = Stage::new().await;
    let asked = stage
        .slack
        .say("U0TIM", "C0HELPDESK", "@countersign help", None)
        .await
        .unwrap()
        .ts
        .unwrap();
    let mut thread = room("C0HELPDESK");
    thread.thread = Some(asked.clone());
    stage.chat.post(&thread, &words("waiting"), "k1", false).await.unwrap();
    stage.chat.whisper(&thread, &somebody("U0TIM"), &words("only you")).await.unwrap();
    assert_eq!(stage.slack.messages("C0HELPDESK")[1].thread, Some(asked));
    assert_eq!(stage.slack.whispers("U0TIM").len(), 1);
    assert_eq!(stage.slack.whispers("U0GRACE"), []);
    let absent = stage.chat.whisper(&room("C0APPROVALS"), &somebody("U0TIM"), &words("x")).await;
    assert!(matches!(absent, Err(ChatError::NotAllowed(why)) if why == "user_not_in_channel"));
}

#[tokio::test]
async fn the_personal_conversation_is_opened() {
    let stage = Stage::new().await;
    let place = stage.chat.personal(&somebody("U0TIM")).await.unwrap();
    assert_eq!(place.conversation, stage.slack.direct("U0TIM"));
    stage.chat.post(&place, &words("hello"), "k1", false).await.unwrap();
    assert_eq!(stage.slack.messages(&place.conversation).len(), 1);
}

#[tokio::test]
async fn a_post_that_was_cut_off_is_found_again() {
    let stage = Stage::new().await;
    let to = room("C0APPROVALS");
    for trouble in [Trouble::CutAfter, Trouble::HtmlAfter] {
        let key = format!("{trouble:?}");
        stage.slack.fault(Some("chat.postMessage"), trouble, 1);
        let first = stage.chat.post(&to, &card("Reset a password"), &key, false).await;
        assert!(matches!(first, Err(ChatError::Unsure(_))), "{first:?}");
        let before = stage.slack.messages("C0APPROVALS").len();
        let found = stage.chat.post(&to, &card("Reset a password"), &key, true).await.unwrap();
        assert_eq!(stage.slack.messages("C0APPROVALS").len(), before, "nothing was posted twice");
        assert_eq!(stage.slack.messages("C0APPROVALS").last().unwrap().ts, found.message);
    }
    let other = stage.chat.post(&to, &card("Another"), "never posted", true).await.unwrap();
    assert_eq!(stage.slack.messages("C0APPROVALS").last().unwrap().ts, other.message);
    let mut thread = to.clone();
    thread.thread = Some(other.message);
    stage.slack.fault(Some("chat.postMessage"), Trouble::CutAfter, 1);
    stage.chat.post(&thread, &words("in the thread"), "k9", false).await.unwrap_err();
    let count = stage.slack.messages("C0APPROVALS").len();
    stage.chat.post(&thread, &words("in the thread"), "k9", true).await.unwrap();
    assert_eq!(stage.slack.messages("C0APPROVALS").len(), count);
}

#[tokio::test]
async fn each_refusal_of_slack_has_its_meaning() {
    let stage = Stage::new().await;
    let not_allowed =
        |error: &ChatError, why: &str| matches!(error, ChatError::NotAllowed(said) if said == why);
    let post = |id: &'static str| {
        let chat = &stage.chat;
        async move { chat.post(&room(id), &card("x"), "k", false).await.unwrap_err() }
    };
    assert!(not_allowed(&post("C0ELSEWHERE").await, "not_in_channel"));
    assert!(not_allowed(&post("C0NOWHERE").await, "channel_not_found"));
    stage
        .slack
        .put_channel(Channel { archived: true, ..Channel::public("C0OLD", "old", &["U0BOT"]) });
    assert!(not_allowed(&post("C0OLD").await, "is_archived"));
    stage.slack.put_channel(Channel {
        kind: ChannelKind::Private,
        ..Channel::public("C0SECRET", "secret", &["U0TIM"])
    });
    assert!(not_allowed(&post("C0SECRET").await, "channel_not_found"));

    let mut gone = stage.chat.post(&room("C0APPROVALS"), &card("x"), "k", false).await.unwrap();
    gone.message = "1.000001".to_owned();
    assert!(matches!(stage.chat.update(&gone, &card("y")).await, Err(ChatError::Gone)));
    gone.message =
        stage.slack.say("U0GRACE", "C0APPROVALS", "mine", None).await.unwrap().ts.unwrap();
    let others = stage.chat.update(&gone, &card("y")).await.unwrap_err();
    assert!(matches!(others, ChatError::Refused(why) if why == "cant_update_message"));

    let mut bad = card("x");
    bad.body["blocks"][0]["colour"] = "red".into();
    let refused = stage.chat.post(&room("C0APPROVALS"), &bad, "k", false).await.unwrap_err();
    assert!(matches!(refused, ChatError::Refused(why) if why == "invalid_blocks"));
    let long =
        json!({ "type": "section", "text": { "type": "plain_text", "text": "x".repeat(3000) } });
    bad.body = json!({ "blocks": vec![long; 5] });
    let refused = stage.chat.post(&room("C0APPROVALS"), &bad, "k", false).await.unwrap_err();
    assert!(matches!(refused, ChatError::Refused(why) if why == "msg_blocks_too_long"));
    let nothing = stage.chat.post(&room("C0APPROVALS"), &words(""), "k", false).await.unwrap_err();
    assert!(matches!(nothing, ChatError::Refused(why) if why == "no_text"));
    let mut elsewhere = room("C0APPROVALS");
    elsewhere.realm = "T0EVIL".to_owned();
    assert!(matches!(
        stage.chat.post(&elsewhere, &card("x"), "k", false).await,
        Err(ChatError::NotAllowed(_))
    ));
}

#[tokio::test]
async fn no_card_goes_where_another_organisation_reads_along() {
    let stage = Stage::new().await;
    let refused = stage.chat.post(&room("C0SHARED"), &card("x"), "k", false).await.unwrap_err();
    assert!(matches!(refused, ChatError::NotAllowed(why) if why.contains("another organisation")));
    assert_eq!(stage.slack.messages("C0SHARED"), []);
    // A channel that is shared later is noticed within a minute.
    stage.chat.post(&room("C0APPROVALS"), &card("x"), "k1", false).await.unwrap();
    let shared = Channel {
        ext_shared: true,
        ..Channel::public("C0APPROVALS", "approvals", &["U0GRACE", "U0BOT"])
    };
    stage.slack.put_channel(shared);
    stage.clock.pass(SignedDuration::from_secs(61));
    stage.chat.post(&room("C0APPROVALS"), &card("x"), "k2", false).await.unwrap_err();
}

#[tokio::test]
async fn waits_are_told_and_kept() {
    let stage = Stage::new().await;
    let to = room("C0APPROVALS");
    stage.slack.fault(Some("chat.postMessage"), Trouble::RateLimited(30), 1);
    let busy = stage.chat.post(&to, &card("x"), "k", false).await.unwrap_err();
    assert!(matches!(busy, ChatError::Busy { wait } if wait == Duration::from_secs(30)));
    stage.clock.pass(SignedDuration::from_secs(10));
    let still = stage.chat.post(&to, &card("x"), "k", false).await.unwrap_err();
    assert!(
        matches!(still, ChatError::Early { wait } if wait == Duration::from_secs(20)),
        "Slack is not asked early"
    );
    stage.clock.pass(SignedDuration::from_secs(20));
    for n in 0..5 {
        stage.chat.post(&to, &card("x"), &format!("k{n}"), false).await.unwrap();
    }
    let paced = stage.chat.post(&to, &card("x"), "k6", false).await.unwrap_err();
    assert!(matches!(paced, ChatError::Early { wait } if wait <= Duration::from_secs(1)));
    stage
        .chat
        .post(&room("C0HELPDESK"), &card("x"), "k7", false)
        .await
        .expect("each channel has its own pace");
    stage.slack.fault(Some("chat.update"), Trouble::Says("ratelimited"), 1);
    let card_ref = stage.chat.post(&room("C0HELPDESK"), &card("x"), "k8", false).await.unwrap();
    assert!(matches!(stage.chat.update(&card_ref, &card("y")).await, Err(ChatError::Busy { .. })));
}

#[tokio::test]
async fn what_can_be_repeated_is_and_what_cannot_is_not() {
    let stage = Stage::new().await;
    let posted = stage.chat.post(&room("C0APPROVALS"), &card("x"), "k", false).await.unwrap();
    for trouble in
        [Trouble::Status(503), Trouble::Html, Trouble::CutAfter, Trouble::Says("internal_error")]
    {
        stage.slack.fault(Some("chat.update"), trouble, 1);
        stage.chat.update(&posted, &card("y")).await.unwrap();
        stage.slack.fault(Some("chat.postMessage"), trouble, 1);
        let unsure =
            stage.chat.post(&room("C0HELPDESK"), &card("x"), "k", false).await.unwrap_err();
        assert!(matches!(unsure, ChatError::Unsure(_)), "{trouble:?}: {unsure:?}");
    }
    let nobody = serve(axum::Router::new()).await;
    assert!(matches!(web(&nobody, "x", &stage.clock).whoami().await, Err(ApiError::Unsure { .. })));
    let closed: reqwest::Url = "http://127.0.0.1:1/api/".parse().unwrap();
    assert!(
        matches!(web(&closed, "x", &stage.clock).whoami().await, Err(ApiError::Away)),
        "nothing was sent"
    );
}

#[tokio::test]
async fn no_error_shows_a_token_or_an_address() {
    let stage = Stage::new().await;
    stage.slack.fault(None, Trouble::Status(500), 9);
    let error =
        stage.chat.post(&room("D0TIM"), &card("a secret title"), "k", false).await.unwrap_err();
    let text = format!("{error:?} {error}");
    for secret in ["xoxb", "a secret title", "127.0.0.1"] {
        assert!(!text.contains(secret), "{text}");
    }
    let api = web(&stage.api, "xoxb-wrong", &stage.clock);
    stage.slack.clear_faults();
    assert!(
        matches!(api.whoami().await, Err(ApiError::Said { error, .. }) if error == "invalid_auth")
    );
}

#[tokio::test]
async fn only_full_members_of_our_own_workspace_are_somebody() {
    let stage = Stage::new().await;
    let at = room("C0HELPDESK");
    let grace = stage.chat.person(&somebody("U0GRACE"), &at).await.unwrap();
    assert_eq!(grace.barred, None);
    let mail =
        ChatIdentity::Mail { address: Some("grace@contoso.com".to_owned()), confirmed: Some(true) };
    assert_eq!(grace.identity, mail);
    let base = |id: &str| Person::member(id, &id.to_lowercase(), "X", "x@contoso.com");
    stage.slack.put_person(Person { deleted: true, ..base("U0GONE") });
    stage.slack.put_person(Person { bot: true, ..base("U0ROBOT") });
    stage.slack.put_person(Person { restricted: true, ..base("U0GUEST") });
    stage.slack.put_person(Person { ultra_restricted: true, ..base("U0GUEST1") });
    stage.slack.put_person(Person { invited: true, ..base("U0NEW") });
    stage.slack.put_person(base("USLACKBOT"));
    for (id, why) in [
        ("U0GONE", Barred::Deactivated),
        ("U0ROBOT", Barred::Bot),
        ("U0GUEST", Barred::Guest),
        ("U0GUEST1", Barred::Guest),
        ("U0NEW", Barred::Deactivated),
        ("USLACKBOT", Barred::Bot),
        ("U0EVE", Barred::Foreign),
        ("U0NOBODY", Barred::Unknown),
    ] {
        assert_eq!(stage.chat.person(&somebody(id), &at).await.unwrap().barred, Some(why), "{id}");
    }
    let mut foreign = somebody("U0GRACE");
    foreign.realm = "T0EVIL".to_owned();
    assert_eq!(
        stage.chat.person(&foreign, &at).await.unwrap().barred,
        Some(Barred::Foreign),
        "same id, other realm"
    );
}

#[tokio::test]
async fn what_slack_says_of_somebody_is_believed_for_a_minute() {
    let stage = Stage::new().await;
    let at = room("C0HELPDESK");
    assert_eq!(stage.chat.person(&somebody("U0GRACE"), &at).await.unwrap().barred, None);
    let grace = stage.slack.people().into_iter().find(|one| one.id == "U0GRACE").unwrap();
    stage.slack.put_person(Person { deleted: true, ..grace });
    stage.clock.pass(SignedDuration::from_secs(61));
    assert_eq!(
        stage.chat.person(&somebody("U0GRACE"), &at).await.unwrap().barred,
        Some(Barred::Deactivated)
    );
    stage.clock.pass(SignedDuration::from_secs(61));
    stage.slack.fault(Some("users.info"), Trouble::Status(500), 2);
    stage.chat.person(&somebody("U0GRACE"), &at).await.expect_err("no answer is no permission");
}

#[tokio::test]
async fn an_organisation_knows_its_people_in_every_workspace() {
    let clock = Standing::new();
    let enterprise = Some("E0GROUP".to_owned());
    let setup =
        Setup { enterprise: enterprise.clone(), org_wide: true, ..Setup::contoso(clock.clone()) };
    let slack = Workspace::new(setup);
    let walt = Person::member("W0WALT", "walt", "Walt", "walt@contoso.com");
    slack.put_person(Person { team: "T0WEST".to_owned(), enterprise, ..walt });
    let api = serve(slack.router()).await.join("/api/").unwrap();
    let install = Installation::organisation("E0GROUP", &[], "U0BOT");
    let clock = Arc::clone(&clock);
    let chat = SlackChat::new(
        vec![Seat { install, api: web(&api, "xoxb-simulated-bot-token", &clock) }],
        clock,
    );
    let mut walt = somebody("W0WALT");
    let mut at = room("C1");
    at.realm = "E0GROUP".to_owned();
    for realm in ["E0GROUP", "T0WEST"] {
        walt.realm = realm.to_owned();
        assert_eq!(chat.person(&walt, &at).await.unwrap().barred, None, "{realm}");
    }
}

#[tokio::test]
async fn without_the_scope_to_look_back_a_second_copy_is_better_than_none() {
    let clock = Standing::new();
    let mut setup = Setup::contoso(clock.clone());
    setup.scopes.retain(|scope| scope != "channels:history");
    let slack = Workspace::new(setup);
    slack.put_channel(Channel::public("C1", "one", &["U0BOT"]));
    let api = serve(slack.router()).await.join("/api/").unwrap();
    let install = Installation::workspace("T0CONTOSO", None, "U0BOT");
    let seat = Seat { install, api: web(&api, "xoxb-simulated-bot-token", &clock) };
    let chat = SlackChat::new(vec![seat], clock);
    chat.post(&room("C1"), &card("x"), "k", true).await.unwrap();
    assert_eq!(slack.messages("C1").len(), 1);
}

#[tokio::test]
async fn a_form_opens_once_and_within_three_seconds() {
    let mut stage = Stage::new().await;
    let posted = stage.chat.post(&room("C0APPROVALS"), &card("x"), "k", false).await.unwrap();
    let trigger = |stage: &mut Stage| match stage.next().what {
        countersign::domain::chat::Heard::Pressed(press) => press.trigger.unwrap(),
        other => panic!("{other:?}"),
    };
    stage
        .slack
        .press("U0GRACE", "C0APPROVALS", &posted.message, "countersign.choose")
        .await
        .unwrap();
    let first = trigger(&mut stage);
    let form = form("C0APPROVALS", &posted.message);
    stage.chat.open_form(&first, &form).await.unwrap();
    assert_eq!(stage.slack.views("U0GRACE").len(), 1);
    let said = |error: ChatError| match error {
        ChatError::Refused(why) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        said(stage.chat.open_form(&first, &form).await.unwrap_err()),
        "exchanged_trigger_id"
    );
    stage
        .slack
        .press("U0GRACE", "C0APPROVALS", &posted.message, "countersign.choose")
        .await
        .unwrap();
    let late = trigger(&mut stage);
    stage.clock.pass(SignedDuration::from_secs(4));
    assert_eq!(said(stage.chat.open_form(&late, &form).await.unwrap_err()), "expired_trigger_id");
    assert_eq!(
        said(stage.chat.open_form("made up", &form).await.unwrap_err()),
        "invalid_trigger_id"
    );
}

#[tokio::test]
async fn the_token_tells_whose_it_is() {
    let stage = Stage::new().await;
    stage.slack.put_group("S1", &["U0GRACE"]);
    let api = web(&stage.api, " xoxb-simulated-bot-token\n", &stage.clock);
    let whoami = api.whoami().await.unwrap();
    assert_eq!(
        (whoami.user.as_str(), whoami.team.as_deref(), whoami.org_wide),
        ("U0BOT", Some("T0CONTOSO"), false)
    );
    assert_eq!(whoami.installation(), Some(Installation::workspace("T0CONTOSO", None, "U0BOT")));
    assert_eq!(api.group_members("S1").await.unwrap(), ["U0GRACE"]);
    assert!(
        matches!(api.group_members("S2").await, Err(ApiError::Said { error, .. }) if error == "no_such_subteam")
    );
}
