//! Too much, too deep, too slow, and of the wrong kind: refused, and the house goes on.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use countersign::{domain::chat::Verb, ports::clock::Clock as _, web};
use reqwest::{Client, Method};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tower::ServiceExt as _;

use crate::{
    crashing::Fate,
    stage::{APPROVALS, Between, HELPDESK, Settings, Stage, slack_id},
};

const DOORS: [&str; 4] =
    ["/slack/events", "/slack/interactions", "/slack/commands", "/api/messages"];
const BODY_BYTES_MAX: usize = 1 << 20;

/// People who are asked for at the same time.
const PEOPLE: [&str; 9] = [
    "john.doe",
    "jane.roe",
    "felix.brandt",
    "omar.haddad",
    "nadia.petrova",
    "hugo.marsh",
    "samir.nadar",
    "sam.taylor",
    "fiona.ledger",
];

fn seconds(stage: &Stage) -> String {
    stage.clock.now().as_second().to_string()
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_before_anything_is_checked() {
    let stage = Stage::new().await;
    for path in DOORS {
        let address = format!("{}{path}", stage.base);
        let over = vec![b' '; BODY_BYTES_MAX + 1];
        let announced = client().post(&address).body(over.clone()).send().await.unwrap();
        assert_eq!(announced.status(), 413, "{path}");
        // The same in chunks, without a length.
        let chunks = over
            .chunks(64 * 1024)
            .map(|chunk| Ok::<_, std::io::Error>(Bytes::copy_from_slice(chunk)));
        let chunks: Vec<_> = chunks.collect();
        let body = Body::from_stream(futures::stream::iter(chunks));
        let request = Request::post(path).body(body).unwrap();
        let routes = web::router(stage.house().doors.clone());
        assert_eq!(routes.oneshot(request).await.unwrap().status(), 413, "{path} in chunks");
        let at = vec![b' '; BODY_BYTES_MAX];
        let at_limit = client().post(&address).body(at).send().await.unwrap();
        assert_eq!(at_limit.status(), 401, "{path}: unsigned, but not too large");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_tell_slack_not_to_try_again() {
    let stage = Stage::new().await;
    let forged = [
        ("x-slack-request-timestamp", seconds(&stage)),
        ("x-slack-signature", format!("v0={}", "0".repeat(64))),
    ];
    for path in &DOORS[..3] {
        let address = format!("{}{path}", stage.base);
        let mut signed = client().post(&address).body("{}");
        for (name, value) in &forged {
            signed = signed.header(*name, value);
        }
        let over = client().post(&address).body(vec![0; BODY_BYTES_MAX + 1]);
        for (what, request) in
            [("unsigned", client().post(&address)), ("forged", signed), ("over", over)]
        {
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_client_error(), "{path} {what}");
            assert_eq!(answer.headers()["x-slack-no-retry"], "1", "{path} {what}");
            assert!(!answer.text().await.unwrap().contains('{'), "{path} {what} explains");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_a_hundred_thousand_deep_is_only_refused() {
    let stage = Stage::new().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_object = format!("{}1{}", "{\"a\":".repeat(60_000), "}".repeat(60_000));
    for json in [&deep, &deep_object] {
        let form =
            form_urlencoded::Serializer::new(String::new()).append_pair("payload", json).finish();
        for (path, kind, body) in [
            ("/slack/events", "application/json", json.clone()),
            ("/slack/interactions", "application/x-www-form-urlencoded", form),
        ] {
            let mut request =
                client().post(format!("{}{path}", stage.base)).header("content-type", kind);
            for (name, value) in stage.slack.sign(body.as_bytes(), stage.clock.now()) {
                request = request.header(name, value);
            }
            assert_eq!(request.body(body).send().await.unwrap().status(), 400, "{path}");
        }
        let token = stage.teams.mint(&serde_json::Value::Null);
        let address = format!("{}/api/messages", stage.base);
        let request =
            client().post(address).bearer_auth(token).header("content-type", "application/json");
        let status = request.body(json.clone()).send().await.unwrap().status();
        assert!(status.is_client_error(), "{status}");
    }
    alive(&stage).await;
}

async fn alive(stage: &Stage) {
    let answer = client().get(format!("{}/healthz", stage.base)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_great_many_headers_are_answered_or_cut_off() {
    let stage = Stage::new().await;
    let address = stage.base.trim_start_matches("http://").to_owned();
    let one_large = format!("x-large: {}\r\n", "a".repeat(64 * 1024));
    let many = (0..2_000).fold(String::new(), |text, n| text + &format!("x-{n}: {n:032}\r\n"));
    let endless = format!("x-large: {}\r\n", "a".repeat(2 << 20));
    for headers in [one_large, many, endless] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let text =
            format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
        // The house may hang up while we still write.
        let _ = stream.write_all(text.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        let line = answer.lines().next().unwrap_or_default();
        let fine = line.is_empty() || line.contains(" 200 ") || line.contains(" 431 ");
        assert!(fine, "{line}");
    }
    alive(&stage).await;
}

#[tokio::test]
async fn a_head_that_never_ends_is_hung_up_on() {
    let stage = Stage::new().await;
    // A door in this test's own runtime, where time can stand still.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = web::router(stage.house().doors.clone());
    tokio::spawn(web::open::serve(listener, routes, std::future::pending()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"POST /slack/events HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    tokio::time::pause();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut answer));
    let _ = read.await.expect("it waits for ever");
    assert!(!String::from_utf8_lossy(&answer).contains(" 200 "));
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let stage = Stage::new().await;
    tokio::time::pause();
    for path in DOORS.into_iter().chain(["/s/open"]) {
        let body = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        let request =
            Request::post(path).header("content-type", "application/json").body(body).unwrap();
        let routes = web::router(stage.house().doors.clone());
        let answer = tokio::time::timeout(Duration::from_mins(1), routes.oneshot(request));
        let answer = answer.await.expect("it waits for ever").unwrap();
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_there() {
    let stage = Stage::new().await;
    for path in [
        "/nothing",
        "/s",
        "/s/open/",
        "/s/../etc/passwd",
        "/s/%2e%2e/",
        "/slack",
        "/slack/events/",
        "/api",
        "/api/messages/",
        "/_sim/ledger",
        "/_sim/reset",
        "/metrics",
        "/demo",
        "/.env",
        "//s/",
        "/healthz/x",
    ] {
        let answer = client().get(format!("{}{path}", stage.base)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    for (method, path) in [
        (Method::GET, "/slack/events"),
        (Method::PUT, "/slack/interactions"),
        (Method::DELETE, "/slack/commands"),
        (Method::GET, "/api/messages"),
        (Method::PATCH, "/api/messages"),
        (Method::GET, "/s/open"),
        (Method::POST, "/s/"),
        (Method::POST, "/healthz"),
        (Method::POST, "/readyz"),
        (Method::TRACE, "/healthz"),
    ] {
        let request = client().request(method.clone(), format!("{}{path}", stage.base));
        assert_eq!(request.send().await.unwrap().status(), 405, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_content_type_is_no_way_in() {
    let stage = Stage::new().await;
    for path in DOORS {
        for kind in [
            "text/plain",
            "text/xml",
            "application/octet-stream",
            "multipart/form-data; boundary=x",
            "",
        ] {
            let body = "<?xml version=\"1.0\"?><a/>";
            let mut request = client()
                .post(format!("{}{path}", stage.base))
                .header("content-type", kind)
                .body(body);
            if path.starts_with("/slack") {
                for (name, value) in stage.slack.sign(body.as_bytes(), stage.clock.now()) {
                    request = request.header(name, value);
                }
            } else {
                request = request.bearer_auth(stage.teams.mint(&serde_json::Value::Null));
            }
            let status = request.send().await.unwrap().status();
            let nothing = path == "/slack/commands" && status == 403;
            assert!(status == 400 || status == 415 || nothing, "{path} {kind}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_forgeries_does_not_keep_good_clicks_out() {
    let stage = Stage::new().await;
    for name in ["john.doe", "jane.roe", "felix.brandt", "omar.haddad", "nadia.petrova"] {
        stage.says("tina.tech", &format!("disable {name}@contoso.com")).await;
    }
    let flood = async {
        let (http, address) = (client(), format!("{}/slack/interactions", stage.base));
        let mut refused = 0;
        for _ in 0..40 {
            let sends = (0..50).map(|n| {
                let request = http
                    .post(&address)
                    .header("x-slack-request-timestamp", seconds(&stage))
                    .header("x-slack-signature", format!("v0={n:064x}"))
                    .body("payload=%7B%7D");
                async move { request.send().await.unwrap().status() }
            });
            let statuses = futures::future::join_all(sends).await;
            refused += statuses.iter().filter(|status| **status == 401).count();
        }
        refused
    };
    let clicks = async {
        let mut good = 0;
        let cards = stage.bot_said(APPROVALS);
        for card in &cards {
            let who = slack_id("anna.approver");
            let acted =
                stage.slack.press(&who, APPROVALS, &card.ts, Verb::Approve.as_str()).await.unwrap();
            good += usize::from(acted.answer.is_some_and(|answer| answer.is_ok()));
        }
        good
    };
    let (refused, good) = tokio::join!(flood, clicks);
    assert_eq!((refused, good), (2_000, 5));
    stage.settle().await;
    assert_eq!(stage.effects().len(), 5, "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_our_own_pace_puts_off_was_not_tried_and_is_said_once() {
    let calls = Fate::new();
    let gate = calls.clone();
    let between =
        Between { calls: Some(Arc::new(move |routes| gate.gate(routes))), ..Between::default() };
    // Bob is not in Teams, whose own pace is waited for.
    let bob = "[\"bob.lead@contoso.com\"]".to_owned();
    let settings = Settings { approvers: bob, ..Settings::default() };
    let stage = Stage::between(settings, between).await;
    calls.arm([]);
    // More cards in the same instant than Slack takes from us in one channel.
    for who in PEOPLE {
        let words = format!("@countersign disable {who}@contoso.com");
        stage.slack.say(&slack_id("tina.tech"), HELPDESK, &words, None).await.unwrap();
        stage.heard_out().await;
    }
    let asked = stage.clock.now();
    stage.settle().await;
    assert!(stage.clock.now() > asked, "Slack's pace was kept");
    for channel in [HELPDESK, APPROVALS] {
        assert_eq!(stage.bot_said(channel).len(), PEOPLE.len(), "one card each in {channel}");
    }
    // Whoever tried before looks for what may stand there already. Nobody did.
    let looks: Vec<_> = calls
        .told()
        .names
        .into_iter()
        .filter(|((_, name), _)| name.contains("history") || name.contains("replies"))
        .collect();
    assert_eq!(looks, []);
}
