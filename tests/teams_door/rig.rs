//! One of everything: a clock that stands still, the service, a door, a chat.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use bytes::Bytes;
use countersign::{
    adapters::teams::{
        AppCredential, Cloud, DoorRefusal, Endpoints, FromTeams, TeamsChat, TeamsDoor,
        TeamsSettings,
    },
    ports::clock::Clock,
    sim::teams::{BotService, BotSettings, SimPerson},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const APP: &str = "5f0c2c1e-1111-4222-8333-444455556666";
pub const TENANT: &str = "0f0f0f0f-1111-4222-8333-999999999999";
pub const SECRET: &str = "an-invented-secret";

/// Stands still until it is told otherwise. Its chance is a counted sequence.
pub struct StandingClock {
    now: Mutex<Timestamp>,
    chance: AtomicU64,
}

impl StandingClock {
    pub fn new() -> Arc<Self> {
        let noon = "2026-11-21T12:00:00Z".parse().unwrap();
        Arc::new(Self { now: Mutex::new(noon), chance: AtomicU64::new(1) })
    }

    pub fn forward(&self, by: Duration) {
        *self.now.lock().unwrap() += SignedDuration::try_from(by).unwrap();
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut dice = Dice(self.chance.fetch_add(1, Ordering::Relaxed));
        bytes.fill_with(|| u8::try_from(dice.below(256)).unwrap());
    }
}

/// Chance with a seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    pub fn guid(&mut self) -> String {
        uuid::Builder::from_random_bytes(
            (u128::from(self.roll()) << 64 | u128::from(self.roll())).to_be_bytes(),
        )
        .into_uuid()
        .to_string()
    }
}

pub struct Rig {
    pub clock: Arc<StandingClock>,
    pub bot: BotService,
    pub endpoints: Endpoints,
    pub door: TeamsDoor,
    pub waited: Arc<Mutex<Vec<Duration>>>,
}

pub fn person(name: &str, number: u8) -> SimPerson {
    let first = name.split(' ').next().unwrap().to_lowercase();
    SimPerson {
        name: name.into(),
        aad_object_id: format!("aaaaaaaa-0000-4000-8000-{number:012}"),
        mri: format!("29:1{first}-example"),
        upn: format!("{first}@contoso.com"),
        role: "user".into(),
        tenant: TENANT.into(),
        installed: true,
    }
}

impl Rig {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut BotSettings)) -> Self {
        let clock = StandingClock::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut settings = BotSettings {
            base: base.clone(),
            app_id: APP.into(),
            bot_name: "Countersign".into(),
            secret: SECRET.into(),
            certificate: None,
            bot_endpoint: "http://127.0.0.1:1/api/messages".into(),
            people: vec![
                person("Tim Example", 1),
                person("Grace Example", 2),
                person("Ada Example", 3),
            ],
            clock: clock.clone(),
        };
        change(&mut settings);
        let bot = BotService::new(settings);
        let routes = bot.router();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let endpoints = Endpoints {
            login: bot.login(),
            openid_metadata: bot.openid_metadata(),
            service_url: Some(bot.service_url()),
            service_hosts: Vec::new(),
            service_origins: vec![base],
            ..Cloud::Public.endpoints()
        };
        let door = TeamsDoor::new(&settings_for(&endpoints)).unwrap();
        Self { clock, bot, endpoints, door, waited: Arc::default() }
    }

    /// A chat that lets no time pass but on its clock.
    pub fn chat(&self) -> TeamsChat {
        self.chat_as(AppCredential::secret(SECRET.into()).unwrap(), None)
    }

    pub fn chat_as(&self, credential: AppCredential, tenant: Option<&str>) -> TeamsChat {
        let chat =
            TeamsChat::new(APP, tenant, credential, &self.endpoints, self.clock.clone()).unwrap();
        let (clock, waited) = (self.clock.clone(), self.waited.clone());
        chat.with_pause(Arc::new(move |wait| {
            clock.forward(wait);
            waited.lock().unwrap().push(wait);
            Box::pin(std::future::ready(()))
        }))
    }

    pub fn activity(&self) -> Value {
        json!({
            "type": "message", "id": "activity-1", "text": "help", "channelId": "msteams",
            "serviceUrl": self.bot.service_url(),
            "from": {"id": "29:1tim-example", "aadObjectId": "aaaaaaaa-0000-4000-8000-000000000001"},
            "recipient": {"id": format!("28:{APP}")},
            "conversation": {"id": "a:1tim-example", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
        })
    }

    pub async fn knock(
        &self,
        tokens: &[String],
        activity: &Value,
    ) -> Result<FromTeams, DoorRefusal> {
        let mut headers = HeaderMap::new();
        for token in tokens {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(token.as_bytes()).unwrap());
        }
        self.door.read(&headers, Bytes::from(activity.to_string()), self.clock.now()).await
    }
}

pub fn settings_for(endpoints: &Endpoints) -> TeamsSettings {
    TeamsSettings {
        app_id: APP.into(),
        tenants: vec![TENANT.into()],
        endpoints: endpoints.clone(),
        key_hosts: Vec::new(),
        trusted_callers: Vec::new(),
    }
}
