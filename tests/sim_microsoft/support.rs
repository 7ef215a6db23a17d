//! A running world, a clock that stands still, and short words for requests.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use countersign::{
    ports::clock::Clock,
    sim::microsoft::{AppRegistration, DEMO_CLIENT_ID, World, serve},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub const GRAPH: &str = "https://graph.microsoft.com";
pub const EXCHANGE: &str = "https://outlook.office365.com";
pub const JOHN: &str = "john.doe@contoso.com";

/// Stands at ten in the morning until somebody moves it. Its chance is a counter.
pub struct StillClock {
    now: Mutex<Timestamp>,
    count: AtomicU64,
}

impl StillClock {
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now += by;
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let count = self.count.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for (byte, turn) in bytes.iter_mut().zip(0_u32..) {
            *byte = count.rotate_left(turn * 5).to_be_bytes()[0];
        }
    }
}

pub struct Sim {
    pub world: World,
    pub clock: Arc<StillClock>,
    pub base: String,
    pub http: reqwest::Client,
    pub token: String,
}

pub struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Reply {
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    /// One member of each object of a list.
    pub fn column(&self, name: &str) -> Vec<&str> {
        let list = self.body["value"].as_array().expect("a list");
        list.iter().filter_map(|object| object[name].as_str()).collect()
    }
}

pub fn clock() -> Arc<StillClock> {
    let now = Mutex::new("2026-11-21T10:00:00Z".parse().unwrap());
    Arc::new(StillClock { now, count: AtomicU64::new(1) })
}

impl Sim {
    pub async fn start() -> Self {
        let clock = clock();
        Self::with(World::contoso(clock.clone()), clock).await
    }

    pub async fn with(world: World, clock: Arc<StillClock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, world.clone()));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let token = world.access_token(DEMO_CLIENT_ID, GRAPH).unwrap();
        Self { world, clock, base, http, token }
    }

    /// Changes the rights of the application and takes a new token.
    pub fn with_app(mut self, change: impl FnOnce(AppRegistration) -> AppRegistration) -> Self {
        self.world.set_app(change(AppRegistration::demo()));
        self.token = self.world.access_token(DEMO_CLIENT_ID, GRAPH).unwrap();
        self
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.bearer_auth(&self.token).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status, headers, body }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.http.get(format!("{}/v1.0{path}", self.base))).await
    }

    /// With the header of advanced queries.
    pub async fn get_eventual(&self, path: &str) -> Reply {
        let request = self.http.get(format!("{}/v1.0{path}", self.base));
        self.send(request.header("ConsistencyLevel", "eventual")).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.http.post(format!("{}/v1.0{path}", self.base)).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(self.http.patch(format!("{}/v1.0{path}", self.base)).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.http.delete(format!("{}/v1.0{path}", self.base))).await
    }

    pub async fn exchange(&self, cmdlet: &str, parameters: Value) -> Reply {
        let tenant = self.world.tenant_id();
        let token = self.world.access_token(DEMO_CLIENT_ID, EXCHANGE).unwrap();
        let url = format!("{}/adminapi/beta/{tenant}/InvokeCommand", self.base);
        let input = serde_json::json!({
            "CmdletInput": { "CmdletName": cmdlet, "Parameters": parameters },
        });
        let anchor = "UPN:john.doe@contoso.com";
        let request = self.http.post(url).header("X-AnchorMailbox", anchor).json(&input);
        let response = request.bearer_auth(token).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.json().await.unwrap_or(Value::Null);
        Reply { status, headers, body }
    }

    /// The object id of a group, by its name.
    pub fn group(&self, name: &str) -> String {
        let tenant = self.world.tenant();
        let groups = tenant["groups"].as_array().unwrap().clone();
        let found = groups.iter().find(|group| group["displayName"] == name).expect("a group");
        found["id"].as_str().unwrap().to_owned()
    }

    /// The object id of a user, by sign-in name.
    pub fn user(&self, upn: &str) -> String {
        self.world.user(upn).expect("a user")["id"].as_str().unwrap().to_owned()
    }

    pub fn sku(&self, part_number: &str) -> String {
        let tenant = self.world.tenant();
        let skus = tenant["skus"].as_array().unwrap().clone();
        let found = skus.iter().find(|sku| sku["skuPartNumber"] == part_number).expect("a sku");
        found["skuId"].as_str().unwrap().to_owned()
    }
}
