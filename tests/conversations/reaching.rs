//! A service that cannot be reached when the house opens.

use std::time::Duration;

use countersign::{
    app::{self, Extras, House},
    config::Config,
    domain::secret::Secret,
    sim::slack::{Answered, Transport},
};
use jiff::SignedDuration;
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

use crate::stage::{HELPDESK, Stage, slack_id};

/// A second house for the stage's world, whose Slack is somewhere else.
struct Other {
    base: String,
    stop: watch::Sender<bool>,
}

async fn build(stage: &Stage, change: impl FnOnce(&mut Config)) -> anyhow::Result<House> {
    let mut config = (*stage.config).clone();
    config.database = stage.folder.path().join("other.db").display().to_string().into();
    change(&mut config);
    let extras = Extras { clock: Some(stage.clock.clone()), ..Extras::default() };
    House::build(&config, &stage.keys, extras).await
}

impl Other {
    async fn open(house: House) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(app::run(house, listener, axum::Router::new(), stopped));
        Self { base, stop }
    }

    async fn ready(&self) -> (u16, Value) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(format!("{}/readyz", self.base)).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// Until the probe says so; the stage's clock moves on meanwhile.
    async fn until(&self, stage: &Stage, so: impl Fn(u16, &Value) -> bool) {
        let mut said = (0, Value::Null);
        for _ in 0..200 {
            said = self.ready().await;
            if so(said.0, &said.1) {
                return;
            }
            stage.clock.pass(SignedDuration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it never gets there: {said:?}");
    }
}

/// An address where nobody answers yet.
async fn nobody() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_opens_while_slack_cannot_be_reached_and_goes_on_when_it_can() {
    let stage = Stage::new().await;
    let (held, address) = nobody().await;
    drop(held);
    let house = build(&stage, |config| {
        config.endpoints.slack = Some(format!("http://{address}/api/"));
    });
    let other = Other::open(house.await.unwrap()).await;
    other
        .until(&stage, |status, said| {
            status == 200
                && said["unreachable"]["slack"]
                    .as_str()
                    .is_some_and(|why| why.contains("cannot be reached"))
        })
        .await;
    stage.slack.reach_bot(Transport::Http(other.base.parse().unwrap()));
    let tina = slack_id("tina.tech");
    let asks = "@countersign reset the password for john.doe@contoso.com";
    let early = stage.slack.say(&tina, HELPDESK, asks, None).await.unwrap();
    let status = early.answer.and_then(|answer| answer.status);
    assert_eq!(status, Some(503), "Slack sends it again");

    let listener = TcpListener::bind(&address).await.unwrap();
    let routes = stage.slack.router();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    other
        .until(&stage, |status, said| status == 200 && said["unreachable"] == serde_json::json!({}))
        .await;
    let before = stage.bot_said(HELPDESK).len();
    let later = stage.slack.say(&tina, HELPDESK, asks, None).await.unwrap();
    assert!(later.answer.as_ref().is_some_and(Answered::is_ok), "{later:?}");
    for _ in 0..200 {
        if stage.bot_said(HELPDESK).len() > before {
            break;
        }
        stage.clock.pass(SignedDuration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(stage.newest(HELPDESK).contains("John Doe"), "{}", stage.newest(HELPDESK));
    other.stop.send_replace(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_whose_only_chat_is_away_is_not_ready() {
    let stage = Stage::new().await;
    let (held, address) = nobody().await;
    drop(held);
    let house = build(&stage, |config| {
        config.endpoints.slack = Some(format!("http://{address}/api/"));
        config.teams = None;
    });
    let other = Other::open(house.await.unwrap()).await;
    other.until(&stage, |_, said| said["directory"] == "ok").await;
    let (status, said) = other.ready().await;
    assert_eq!(status, 503, "{said}");
    other.stop.send_replace(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_slack_refuses_ends_the_start_with_the_remedy() {
    let stage = Stage::new().await;
    let wrong = "xoxb-of-another-app";
    let house =
        build(&stage, |config| config.slack.as_mut().unwrap().bot_token = Secret::new(wrong));
    let error = format!("{:#}", house.await.unwrap_err());
    for words in ["slack.bot_token", "invalid_auth", "OAuth & Permissions"] {
        assert!(error.contains(words), "{error}");
    }
    assert!(!error.contains(wrong), "{error}");
}
