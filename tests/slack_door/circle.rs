//! Once around: somebody says something, we answer, they press, we replace.

use countersign::{
    adapters::cards::Cards,
    domain::{
        chat::{Face, Heard, Verb},
        message::Message,
    },
    ports::chat::Chat,
    sim::slack::{CannotDo, Change, Trouble},
};
use jiff::{SignedDuration, tz::TimeZone};

use super::stage::{Stage, card, form, room, words};

#[tokio::test]
async fn said_posted_pressed_replaced() {
    let mut stage = Stage::new().await;
    let mut watch = stage.slack.watch();
    let acted = stage
        .slack
        .say(
            "U0TIM",
            "C0HELPDESK",
            "@countersign reset the password for john.doe@contoso.com",
            None,
        )
        .await;
    assert!(acted.unwrap().answer.unwrap().is_ok());
    let heard = stage.next();
    let Heard::Said { words: said, .. } = &heard.what else { panic!() };
    assert_eq!(said.0, "reset the password for john.doe@contoso.com");
    assert_eq!(stage.chat.person(&heard.from, &heard.place).await.unwrap().barred, None);

    let posted = stage
        .chat
        .post(&room("C0APPROVALS"), &card("Reset a password"), "k1", false)
        .await
        .unwrap();
    stage
        .slack
        .press("U0GRACE", "C0APPROVALS", &posted.message, "countersign.approve")
        .await
        .unwrap();
    let pressed = stage.next();
    let Heard::Pressed(press) = &pressed.what else { panic!() };
    assert_eq!((press.verb, &press.on.message), (Verb::Approve, &posted.message));
    assert_eq!(pressed.from.id, "U0GRACE");
    stage.chat.update(&posted, &words("Approved by Grace")).await.unwrap();

    let ts = posted.message.clone();
    assert!(
        matches!(watch.recv().await.unwrap(), Change::Posted { channel, .. } if channel == "C0HELPDESK")
    );
    assert_eq!(
        watch.recv().await.unwrap(),
        Change::Posted { channel: "C0APPROVALS".into(), ts: ts.clone() }
    );
    assert_eq!(
        watch.recv().await.unwrap(),
        Change::Updated { channel: "C0APPROVALS".into(), ts: ts.clone() }
    );
    let gone = stage.slack.press("U0GRACE", "C0APPROVALS", &ts, "countersign.approve").await;
    assert_eq!(gone.unwrap_err(), CannotDo::NoButton);
    let outside = stage.slack.press("U0TIM", "C0APPROVALS", &ts, "countersign.approve").await;
    assert_eq!(outside.unwrap_err(), CannotDo::NotThere);
}

#[tokio::test]
async fn a_card_that_began_a_thread_is_still_the_card_that_was_posted() {
    let mut stage = Stage::new().await;
    let posted = stage.chat.post(&room("C0APPROVALS"), &card("x"), "k1", false).await.unwrap();
    let (channel, ts) = ("C0APPROVALS", posted.message.as_str());
    stage.slack.say("U0GRACE", channel, "who is that?", Some(ts)).await.unwrap();
    stage.slack.press("U0GRACE", channel, ts, "countersign.approve").await.unwrap();
    let Heard::Pressed(press) = stage.next().what else { panic!() };
    assert_eq!(press.on, posted);
    let mut thread = room(channel);
    thread.thread = Some(posted.message);
    let inside = stage.chat.post(&thread, &card("y"), "k2", false).await.unwrap();
    stage.slack.press("U0GRACE", channel, &inside.message, "countersign.approve").await.unwrap();
    let Heard::Pressed(press) = stage.next().what else { panic!() };
    assert_eq!(press.on, inside);
}

#[tokio::test]
async fn every_card_we_can_draw_is_taken_by_slack() {
    let mut stage = Stage::new().await;
    let cards = Cards::new("en").unwrap();
    let at = room("C0HELPDESK");
    let presses = stage.chat.post(&at, &card("x"), "k", false).await.unwrap().message;
    for (name, message) in Message::samples() {
        stage.clock.pass(SignedDuration::from_secs(60));
        let drawn = cards.draw(&message, Face::Slack, &TimeZone::UTC).unwrap();
        let taken = if drawn.body.get("view").is_some() {
            stage.slack.press("U0TIM", "C0HELPDESK", &presses, "countersign.choose").await.unwrap();
            let Heard::Pressed(press) = stage.next().what else { panic!() };
            stage.chat.open_form(&press.trigger.unwrap(), &drawn).await
        } else {
            stage.chat.post(&at, &drawn, &name, false).await.map(|_| ())
        };
        assert!(taken.is_ok(), "{name}: {taken:?}\n{:#}", drawn.body);
    }
}

#[tokio::test]
async fn a_form_that_is_not_filled_in_stays_open_and_says_so() {
    let mut stage = Stage::new().await;
    let direct = stage.slack.direct("U0TIM");
    let posted = stage.chat.post(&room(&direct), &card("Which one?"), "k1", false).await.unwrap();
    stage.slack.press("U0TIM", &direct, &posted.message, "countersign.choose").await.unwrap();
    let Heard::Pressed(press) = stage.next().what else { panic!() };
    stage.chat.open_form(&press.trigger.unwrap(), &form(&direct, &posted.message)).await.unwrap();
    let view = stage.slack.views("U0TIM")[0].id.clone();
    stage.slack.submit_view("U0TIM", &view, &[]).await.unwrap();
    assert_eq!(stage.slack.views("U0TIM")[0].errors["choice"], "Choose one.");
    stage.heard.try_recv().unwrap();
    let wrong = stage.slack.submit_view("U0TIM", &view, &[("choice", "7")]).await;
    assert_eq!(wrong.unwrap_err(), CannotDo::NoOption);
    stage
        .slack
        .submit_view("U0TIM", &view, &[("choice", "2"), ("note", "the tall one")])
        .await
        .unwrap();
    let Heard::Pressed(press) = stage.next().what else { panic!() };
    assert_eq!((press.verb, press.choice.as_deref()), (Verb::Pick, Some("2")));
    assert_eq!(press.note.unwrap().0, "the tall one");
    assert_eq!(press.on, posted);
    assert_eq!(stage.slack.views("U0TIM"), []);
}

#[tokio::test]
async fn the_bot_hears_only_what_is_meant_for_it() {
    let mut stage = Stage::new().await;
    let direct = stage.slack.direct("U0TIM");
    stage.slack.say("U0TIM", "C0HELPDESK", "good morning", None).await.unwrap();
    stage.slack.say("U0TIM", "C0ELSEWHERE", "@countersign help", None).await.unwrap();
    assert!(stage.heard.try_recv().is_err());
    stage.slack.say("U0TIM", &direct, "help", None).await.unwrap();
    stage.slack.command("U0TIM", "C0HELPDESK", "/countersign", "help").await.unwrap();
    stage.slack.say("U0EVE", "C0SHARED", "@countersign help", None).await.unwrap();
    let keys: Vec<_> = [stage.next(), stage.next_command()].map(|heard| heard.from.realm).into();
    assert_eq!(keys, ["T0CONTOSO", "T0CONTOSO"]);
    assert_eq!(stage.next().from.realm, "T0EVIL");
}

#[tokio::test]
async fn a_repeated_delivery_has_the_key_of_the_first() {
    let mut stage = Stage::new().await;
    let direct = stage.slack.direct("U0TIM");
    let acted = stage.slack.say("U0TIM", &direct, "help", None).await.unwrap();
    stage.clock.pass(SignedDuration::from_secs(60));
    stage.slack.send_again(&acted.sent.unwrap()).await;
    assert_eq!(stage.next().key, stage.next().key);
}

#[tokio::test]
async fn slack_sends_an_event_again_when_nobody_answers() {
    let mut stage = Stage::new().await;
    let direct = stage.slack.direct("U0TIM");
    stage.slack.keep_retries(true);
    let nobody: reqwest::Url = "http://127.0.0.1:1/".parse().unwrap();
    stage.slack.reach_bot(countersign::sim::slack::Transport::Http(nobody));
    assert!(
        !stage.slack.say("U0TIM", &direct, "help", None).await.unwrap().answer.unwrap().is_ok()
    );
    assert_eq!(stage.slack.send_due_retries().await.len(), 1, "at once");
    assert_eq!(stage.slack.send_due_retries().await.len(), 0);
    stage.clock.pass(SignedDuration::from_secs(60));
    stage.slack.reach_bot(countersign::sim::slack::Transport::Http(stage.bot.clone()));
    assert!(stage.slack.send_due_retries().await[0].is_ok(), "after a minute");
    stage.next();
    stage.clock.pass(SignedDuration::from_secs(600));
    assert_eq!(stage.slack.send_due_retries().await.len(), 0, "answered is answered");
    stage.slack.fault(None, Trouble::Html, 1);
    stage.slack.clear_faults();
}
