//! The room of these tests: a clock that stands still, Contoso's Slack, and a bot
//! that has only ears.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use countersign::{
    adapters::{
        http,
        slack::{
            chat::{Seat, SlackChat},
            door::{Kind, SlackDoor},
            installed::{Installation, Installed},
            payload::{Decoded, form_errors},
            signature::{BODY_BYTES_MAX, SigningSecrets},
            web::WebApi,
        },
    },
    domain::{
        chat::{ChatUser, Drawn, Inbound, Place, PlaceKind, Platform},
        secret::Secret,
    },
    ports::clock::Clock,
    sim::slack::{Channel, Person, Setup, Transport, Workspace},
};
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

/// Stands at one instant until it is moved.
pub struct Standing {
    now: Mutex<Timestamp>,
    dice: AtomicU8,
}

impl Standing {
    pub fn new() -> Arc<Self> {
        let now = Mutex::new(Timestamp::from_second(1_700_000_000).unwrap());
        Arc::new(Self { now, dice: AtomicU8::new(0) })
    }

    pub fn pass(&self, time: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now += time;
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.dice.fetch_add(1, Ordering::Relaxed));
    }
}

pub fn installed() -> Installed {
    Installed::new("A0COUNTERSIGN", vec![Installation::workspace("T0CONTOSO", None, "U0BOT")])
}

pub fn secrets() -> SigningSecrets {
    SigningSecrets::new("simulated0signing0secret00000000", None).unwrap()
}

/// Contoso's Slack with Tim, Grace and the outsider Eve, a bot that listens, and
/// the chat port that speaks there.
pub struct Stage {
    pub clock: Arc<Standing>,
    pub slack: Workspace,
    pub api: Url,
    pub chat: SlackChat,
    pub heard: mpsc::UnboundedReceiver<Decoded>,
    pub bot: Url,
}

impl Stage {
    pub async fn new() -> Self {
        let clock = Standing::new();
        let slack = Workspace::new(Setup::contoso(clock.clone()));
        slack.put_person(Person::member("U0TIM", "tim", "Tim Technician", "tim@contoso.com"));
        slack.put_person(Person::member("U0GRACE", "grace", "Grace Approver", "grace@contoso.com"));
        let eve = Person::member("U0EVE", "eve", "Eve Outsider", "eve@evil.example");
        slack.put_person(Person { team: "T0EVIL".to_owned(), ..eve });
        slack.put_channel(Channel::public(
            "C0HELPDESK",
            "helpdesk",
            &["U0TIM", "U0GRACE", "U0BOT"],
        ));
        slack.put_channel(Channel::public("C0APPROVALS", "approvals", &["U0GRACE", "U0BOT"]));
        let shared = Channel::public("C0SHARED", "shared", &["U0TIM", "U0EVE", "U0BOT"]);
        slack.put_channel(Channel { ext_shared: true, ..shared });
        slack.put_channel(Channel::public("C0ELSEWHERE", "elsewhere", &["U0TIM"]));
        let api = serve(slack.router()).await;
        let api = api.join("/api/").unwrap();
        let (ears, heard) = mpsc::unbounded_channel();
        let door = Arc::new(SlackDoor::over_http(secrets(), installed()));
        let bot = serve(listener(door, clock.clone(), ears)).await;
        slack.reach_bot(Transport::Http(bot.clone()));
        let seat = Seat {
            install: Installation::workspace("T0CONTOSO", None, "U0BOT"),
            api: web(&api, "xoxb-simulated-bot-token", &clock),
        };
        let chat = SlackChat::new(vec![seat], clock.clone());
        Self { clock, slack, api, chat, heard, bot }
    }

    /// The next thing somebody said or pressed.
    pub fn next(&mut self) -> Inbound {
        match self.heard.try_recv().expect("something was heard") {
            Decoded::Inbound(inbound) => *inbound,
            other => panic!("heard {other:?}"),
        }
    }

    /// The next slash command.
    pub fn next_command(&mut self) -> Inbound {
        match self.heard.try_recv().expect("something was heard") {
            Decoded::Command { inbound, .. } => *inbound,
            other => panic!("heard {other:?}"),
        }
    }
}

pub fn web(api: &Url, token: &str, clock: &Arc<Standing>) -> WebApi {
    let http = http::client_for(api, Duration::from_secs(5));
    WebApi::new(http, api, Secret::new(token), clock.clone())
}

/// Serves on a free port of this machine.
pub async fn serve(router: Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/").parse().unwrap()
}

#[derive(Clone)]
struct Bot {
    door: Arc<SlackDoor>,
    clock: Arc<Standing>,
    ears: mpsc::UnboundedSender<Decoded>,
}

fn listener(
    door: Arc<SlackDoor>,
    clock: Arc<Standing>,
    ears: mpsc::UnboundedSender<Decoded>,
) -> Router {
    Router::new()
        .route("/slack/{kind}", post(hear))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(Bot { door, clock, ears })
}

async fn hear(
    State(bot): State<Bot>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = match kind.as_str() {
        "events" => Kind::Events,
        "interactions" => Kind::Interactions,
        _ => Kind::Commands,
    };
    match bot.door.read_http(kind, &headers, &body, bot.clock.now()) {
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap();
            (status, [("X-Slack-No-Retry", "1")]).into_response()
        }
        Ok(heard) => {
            let answer = match heard.decoded() {
                Decoded::Challenge(text) => text.clone().into_response(),
                Decoded::FormErrors(blocks) => {
                    axum::Json(form_errors(blocks, "Choose one.")).into_response()
                }
                _ => StatusCode::OK.into_response(),
            };
            bot.ears.send(heard.into_decoded()).unwrap();
            answer
        }
    }
}

pub fn somebody(id: &str) -> ChatUser {
    ChatUser {
        platform: Platform::Slack,
        realm: "T0CONTOSO".to_owned(),
        id: id.to_owned(),
        address: None,
    }
}

pub fn room(id: &str) -> Place {
    Place {
        platform: Platform::Slack,
        realm: "T0CONTOSO".to_owned(),
        conversation: id.to_owned(),
        thread: None,
        kind: if id.starts_with('D') { PlaceKind::Personal } else { PlaceKind::Channel },
        service_url: None,
    }
}

/// What a button of request 0190… carries.
pub const VALUE: &str = "0190a3c4-1111-7222-8333-444455556666|00112233445566778899aabbccddeeff|\
                         aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A card with an Approve button.
pub fn card(title: &str) -> Drawn {
    Drawn {
        body: json!({ "blocks": [
            { "type": "section", "text": { "type": "mrkdwn", "text": title } },
            { "type": "actions", "elements": [button("countersign.approve", "Approve"), button("countersign.choose", "Choose")] },
        ] }),
        summary: title.to_owned(),
    }
}

fn button(action: &str, text: &str) -> Value {
    json!({ "type": "button", "action_id": action, "text": { "type": "plain_text", "text": text }, "value": VALUE })
}

/// Words without a card.
pub fn words(text: &str) -> Drawn {
    Drawn { body: Value::String(text.to_owned()), summary: text.to_owned() }
}

/// A form that asks which of two.
pub fn form(channel: &str, ts: &str) -> Drawn {
    let plain = |text: &str| json!({ "type": "plain_text", "text": text });
    let parts: Vec<_> = VALUE.split('|').collect();
    let carried =
        json!({ "r": parts[0], "n": parts[1], "d": parts[2], "channel": channel, "ts": ts });
    let view = json!({
        "type": "modal", "title": plain("Which one?"), "submit": plain("Use"), "private_metadata": carried.to_string(),
        "blocks": [
            { "type": "input", "block_id": "choice", "label": plain("Person"), "optional": true, "element": {
                "type": "radio_buttons", "action_id": "pick", "options": [
                    { "text": plain("John Doe"), "value": "1" }, { "text": plain("John Dough"), "value": "2" } ] } },
            { "type": "input", "block_id": "note", "label": plain("Note"), "optional": true,
              "element": { "type": "plain_text_input", "action_id": "note" } },
        ],
    });
    Drawn { body: json!({ "view": view }), summary: "Which one?".to_owned() }
}

/// A recorded payload.
pub fn wire(name: &str) -> Value {
    let path = format!("{}/tests/wire/slack/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Waits for what must come, but not for ever.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("it takes too long")
}
