//! Graph and Exchange that answer nonsense: every action is planned, and its first steps are
//! made, while answers on the way back are changed by dice. Whatever comes of it, it is an answer of
//! ours, and no panic; and it comes after a bounded number of calls.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::Response,
};
use countersign::{
    actions::{CATALOG, Planned},
    adapters::{graph::Microsoft, http},
    domain::secret::Secret,
    ports::hands::{Call, Hands as _},
};
use tokio::net::TcpListener;

use crate::{
    asking,
    mutate::{Dice, mutated, wanted},
    room::{PASSWORD, Room, settings},
};

/// One answer in so many is changed.
const ONE_IN: usize = 4;
/// No action may call more often, whatever it is answered.
const CALLS_MAX: usize = 400;
const BODY_MAX: usize = 4 << 20;

/// What stands between the adapters and the tenant.
struct Between {
    to: String,
    own: String,
    http: reqwest::Client,
    dice: Mutex<Dice>,
    before: Mutex<Vec<Vec<u8>>>,
    calls: AtomicUsize,
}

impl Between {
    async fn pass(&self, request: Request) -> Response<Body> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let (head, body) = request.into_parts();
        let is_token = head.uri.path().contains("/oauth2/");
        let mut asked = self.http.request(head.method, format!("{}{}", self.to, head.uri));
        for (name, value) in &head.headers {
            if name != "host" && name != "content-length" {
                asked = asked.header(name, value);
            }
        }
        let answer = asked.body(to_bytes(body, BODY_MAX).await.unwrap()).send().await.unwrap();
        let status = answer.status();
        let kind = answer.headers().get("content-type").cloned();
        let said = answer.text().await.unwrap().replace(&self.to, &self.own).into_bytes();
        let mut dice = self.dice.lock().unwrap();
        let said = if !is_token && dice.roll(ONE_IN) == 0 {
            let mut before = self.before.lock().unwrap();
            let piece = before.last().cloned().unwrap_or_default();
            before.push(said.clone());
            match dice.roll(10) {
                0 => b"<html><body>Sign in to your account</body></html>".to_vec(),
                1 => piece,
                _ => mutated(&[said], &mut dice),
            }
        } else {
            said
        };
        let mut answered = Response::builder().status(status);
        if let Some(kind) = kind {
            answered = answered.header("content-type", kind);
        }
        answered.body(Body::from(said)).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_changed_on_their_way_make_no_panic_and_no_endless_asking() {
    let room = asking::room().await;
    let asked = asking::asked(&room).await;
    for seed in 1..=seeds() {
        let (microsoft, between) = nonsense(&room, seed).await;
        for entry in CATALOG {
            between.calls.store(0, Ordering::Relaxed);
            let planned = entry.plan(&(entry.sample)(), &microsoft, &asked).await;
            if let Ok(Planned::Changes(draft)) = planned {
                let password = Secret::new(PASSWORD);
                let calls: Vec<Call<'_>> = draft
                    .steps
                    .iter()
                    .take(3)
                    .map(|step| Call {
                        change: &step.change,
                        key: "11111111-1111-4111-8111-111111111111",
                        secret: Some(&password),
                        after: None,
                    })
                    .collect();
                let _made = microsoft.make(&calls).await;
                let changes: Vec<_> = calls.iter().map(|call| call.change).collect();
                let _seen = microsoft.look(&changes).await;
            }
            let calls = between.calls.load(Ordering::Relaxed);
            assert!(calls <= CALLS_MAX, "seed {seed}: {} called {calls} times", entry.about.id);
        }
    }
    eprintln!("seeds 1 to {}", seeds());
}

fn seeds() -> u64 {
    wanted().map_or(2, |cases| cases.div_ceil(1_000))
}

async fn nonsense(room: &Room, seed: u64) -> (Microsoft, Arc<Between>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    let between = Arc::new(Between {
        to: room.base.clone(),
        own: own.clone(),
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        dice: Mutex::new(Dice::new(seed)),
        before: Mutex::default(),
        calls: AtomicUsize::default(),
    });
    let passing = between.clone();
    let routes = Router::new().fallback(move |request: Request| {
        let passing = passing.clone();
        async move { passing.pass(request).await }
    });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let mut settings = settings(&own, &room.tenant, Arc::default());
    settings.limits.policies_per_second = 1e6;
    settings.limits.read_tries = 2;
    settings.limits.backoff_max = Duration::from_millis(2);
    settings.limits.read_wait_max = Duration::ZERO;
    settings.limits.pages_max = 5;
    let http = http::direct(Duration::from_secs(10));
    (Microsoft::new(settings, http, room.clock.clone()), between)
}
