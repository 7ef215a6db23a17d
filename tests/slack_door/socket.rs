//! Socket Mode: the same door over a connection that we open.

use std::{sync::Arc, time::Duration};

use countersign::{
    adapters::slack::{
        door::SlackDoor,
        payload::{Decoded, form_errors},
        socket::{Delivery, SocketMode, SocketStop, Waits},
    },
    domain::chat::Heard,
    ports::chat::Chat,
    sim::slack::{Transport, Trouble},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::stage::{Stage, card, form, installed, room, soon, web};

/// Short waits, so that a test of them does not wait; none decides a result.
const WAITS: Waits = Waits {
    open: Duration::from_secs(5),
    silence: Duration::from_secs(30),
    turn: Duration::from_secs(10),
    quiet: Duration::from_millis(5),
    retire: Duration::from_secs(5),
    backoff: Duration::from_millis(2),
    backoff_max: Duration::from_millis(10),
};

/// Turns that may wait.
const QUEUE: usize = 16;

struct Plugged {
    stage: Stage,
    heard: mpsc::Receiver<Delivery>,
    stop: watch::Sender<bool>,
    running: JoinHandle<SocketStop>,
}

impl Plugged {
    async fn new() -> Self {
        Self::with("xapp-simulated-app-token", WAITS).await
    }

    async fn with(token: &str, waits: Waits) -> Self {
        let stage = Stage::new().await;
        stage.slack.reach_bot(Transport::Socket);
        let (to, heard) = mpsc::channel(QUEUE);
        let client = SocketMode {
            api: web(&stage.api, token, &stage.clock),
            door: Arc::new(SlackDoor::over_socket(installed())),
            clock: stage.clock.clone(),
            to,
            waits,
        };
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(client.run(stopped));
        Self { stage, heard, stop, running }
    }

    async fn connected(&self, count: usize) {
        let mut connections = self.stage.slack.connections();
        soon(connections.wait_for(|open| *open == count)).await.unwrap();
    }

    async fn next(&mut self) -> Delivery {
        soon(self.heard.recv()).await.unwrap()
    }
}

fn said(delivery: &Delivery) -> String {
    match delivery.heard.decoded() {
        Decoded::Inbound(inbound) | Decoded::Command { inbound, .. } => match &inbound.what {
            Heard::Said { words, .. } => words.0.clone(),
            Heard::Pressed(press) => press.verb.as_str().to_owned(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn everything_comes_through_the_socket_and_is_acknowledged_after_its_turn() {
    let mut here = Plugged::new().await;
    here.connected(1).await;
    let slack = here.stage.slack.clone();
    let direct = slack.direct("U0TIM");

    let saying = tokio::spawn({
        let (slack, direct) = (slack.clone(), direct.clone());
        async move { slack.say("U0TIM", &direct, "help", None).await.unwrap() }
    });
    let delivery = here.next().await;
    assert_eq!(said(&delivery), "help");
    assert_eq!(slack.unacknowledged(), 1, "not before the turn is done");
    delivery.done.send(None).unwrap();
    assert!(soon(saying).await.unwrap().answer.unwrap().is_ok());
    assert_eq!(slack.unacknowledged(), 0);

    let posted = here.stage.chat.post(&room(&direct), &card("x"), "k", false).await.unwrap();
    let pressing = tokio::spawn({
        let (slack, direct, ts) = (slack.clone(), direct.clone(), posted.message.clone());
        async move { slack.press("U0TIM", &direct, &ts, "countersign.choose").await.unwrap() }
    });
    let delivery = here.next().await;
    assert_eq!(said(&delivery), "countersign.choose");
    let Decoded::Inbound(inbound) = delivery.heard.decoded().clone() else { panic!() };
    let Heard::Pressed(press) = inbound.what else { panic!() };
    here.stage
        .chat
        .open_form(&press.trigger.unwrap(), &form(&direct, &posted.message))
        .await
        .unwrap();
    delivery.done.send(None).unwrap();
    assert!(soon(pressing).await.unwrap().answer.unwrap().is_ok());

    let view = slack.views("U0TIM")[0].id.clone();
    let sending = tokio::spawn({
        let slack = slack.clone();
        async move { slack.submit_view("U0TIM", &view, &[]).await.unwrap() }
    });
    let delivery = here.next().await;
    let Decoded::FormErrors(blocks) = delivery.heard.decoded().clone() else { panic!() };
    delivery.done.send(Some(form_errors(&blocks, "Choose one."))).unwrap();
    soon(sending).await.unwrap();
    assert_eq!(slack.views("U0TIM")[0].errors["choice"], "Choose one.");

    let commanding = tokio::spawn({
        let slack = slack.clone();
        async move { slack.command("U0TIM", "C0HELPDESK", "/countersign", "help").await.unwrap() }
    });
    let delivery = here.next().await;
    assert_eq!(said(&delivery), "help");
    assert!(matches!(delivery.heard.decoded(), Decoded::Command { .. }));
    delivery.done.send(None).unwrap();
    assert!(soon(commanding).await.unwrap().answer.unwrap().is_ok());
}

#[tokio::test]
async fn a_turn_that_failed_comes_again() {
    let mut here = Plugged::new().await;
    here.connected(1).await;
    let slack = here.stage.slack.clone();
    let direct = slack.direct("U0TIM");
    let saying = tokio::spawn({
        let slack = slack.clone();
        async move { slack.say("U0TIM", &direct, "help", None).await.unwrap() }
    });
    let first = here.next().await;
    let Decoded::Inbound(one) = first.heard.decoded().clone() else { panic!() };
    drop(first.done);
    slack.resend_unacknowledged();
    let second = here.next().await;
    let Decoded::Inbound(two) = second.heard.decoded().clone() else { panic!() };
    assert_eq!(one.key, two.key);
    second.done.send(None).unwrap();
    assert!(soon(saying).await.unwrap().answer.unwrap().is_ok());
}

#[tokio::test]
async fn a_refresh_opens_the_new_connection_before_the_old_one_closes() {
    for reason in ["warning", "refresh_requested", "too_many_websockets"] {
        let here = Plugged::new().await;
        here.connected(1).await;
        let mut connections = here.stage.slack.connections();
        connections.mark_unchanged();
        here.stage.slack.ask_to_reconnect(reason);
        let mut seen = Vec::new();
        while here.stage.slack.connections_opened() < 2 || *connections.borrow() != 1 {
            soon(connections.changed()).await.unwrap();
            seen.push(*connections.borrow_and_update());
        }
        assert!(!seen.contains(&0), "{reason}: there was always one: {seen:?}");
    }
}

#[tokio::test]
async fn a_turn_that_is_open_keeps_the_old_connection_for_its_ack() {
    let mut here = Plugged::new().await;
    here.connected(1).await;
    let slack = here.stage.slack.clone();
    let direct = slack.direct("U0TIM");
    let commanding = tokio::spawn({
        let slack = slack.clone();
        async move { slack.command("U0TIM", &direct, "/countersign", "help").await.unwrap() }
    });
    let delivery = here.next().await;
    slack.ask_to_reconnect("warning");
    here.connected(2).await;
    delivery.done.send(None).unwrap();
    assert!(soon(commanding).await.unwrap().answer.unwrap().is_ok());
    here.connected(1).await;
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_replaced() {
    let here = Plugged::with(
        "xapp-simulated-app-token",
        Waits { silence: Duration::from_millis(20), ..WAITS },
    )
    .await;
    let mut connections = here.stage.slack.connections();
    while here.stage.slack.connections_opened() < 2 {
        soon(connections.changed()).await.unwrap();
    }
}

#[tokio::test]
async fn what_comes_in_a_rush_is_all_heard_in_the_end() {
    let mut here = Plugged::new().await;
    here.connected(1).await;
    let slack = here.stage.slack.clone();
    let direct = slack.direct("U0TIM");
    for n in 0..=QUEUE {
        let (slack, direct) = (slack.clone(), direct.clone());
        tokio::spawn(async move { slack.say("U0TIM", &direct, &n.to_string(), None).await });
    }
    for _ in 0..QUEUE {
        here.next().await.done.send(None).unwrap();
    }
    while slack.unacknowledged() != 1 {
        tokio::task::yield_now().await;
    }
    slack.resend_unacknowledged();
    here.next().await.done.send(None).unwrap();
}

#[tokio::test]
async fn a_broken_connection_is_replaced_and_nothing_is_lost() {
    let mut here = Plugged::new().await;
    here.connected(1).await;
    let slack = here.stage.slack.clone();
    let direct = slack.direct("U0TIM");
    let saying = tokio::spawn({
        let slack = slack.clone();
        async move { slack.say("U0TIM", &direct, "help", None).await.unwrap() }
    });
    let lost = here.next().await;
    here.stage.slack.fault(Some("apps.connections.open"), Trouble::Status(503), 2);
    slack.cut_connections();
    let again = here.next().await;
    assert_eq!(said(&again), "help");
    again.done.send(None).unwrap();
    assert!(soon(saying).await.unwrap().answer.unwrap().is_ok());
    // The ack of the first connection has nowhere to go, and does no harm.
    let _gone = lost.done.send(None);
    assert_eq!(slack.connections_opened(), 2);
}

#[tokio::test]
async fn what_only_the_operator_can_mend_ends_it() {
    let here = Plugged::new().await;
    here.connected(1).await;
    here.stage.slack.ask_to_reconnect("link_disabled");
    assert!(matches!(soon(here.running).await.unwrap(), SocketStop::Disabled));

    let wrong = Plugged::with("xapp-wrong", WAITS).await;
    assert!(
        matches!(soon(wrong.running).await.unwrap(), SocketStop::Token(why) if why == "invalid_auth")
    );
    let bot = Plugged::with("xoxb-simulated-bot-token", WAITS).await;
    assert!(
        matches!(soon(bot.running).await.unwrap(), SocketStop::Token(why) if why == "not_allowed_token_type")
    );

    let asked = Plugged::new().await;
    asked.connected(1).await;
    asked.stop.send(true).unwrap();
    assert!(matches!(soon(asked.running).await.unwrap(), SocketStop::Stopped));
    let mut connections = asked.stage.slack.connections();
    soon(connections.wait_for(|open| *open == 0)).await.unwrap();
}
