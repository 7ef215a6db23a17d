//! A tenant, a clock that stands still, and the adapters in between.

use std::{
    collections::HashMap,
    io::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use countersign::{
    adapters::{
        graph::{
            Microsoft,
            settings::{App, Endpoints, RequestLog, Settings},
        },
        http,
    },
    domain::{
        change::{
            AccountChange, Change, Delivery, DeliveryWay, GroupChange, PasswordChange, Sight,
        },
        ids::{TenantId, Upn, UserId},
        secret::Secret,
        trouble::Reason,
        users::{Group, Sku, User, Who},
    },
    ports::{
        clock::Clock,
        directory::Directory as _,
        hands::{Call, Hands as _, Made},
    },
    sim::microsoft::{
        DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Fault, FaultKind, RetryAfter, World, serve,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Stands still until it is moved. Its dice count.
pub struct Still {
    now: Mutex<Timestamp>,
    dice: Mutex<u64>,
}

impl Still {
    pub fn new() -> Arc<Self> {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        Arc::new(Self { now: Mutex::new(now), dice: Mutex::new(1) })
    }

    pub fn pass(&self, time: SignedDuration) {
        *self.now.lock().unwrap() += time;
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut dice = self.dice.lock().unwrap();
            *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (*dice >> 56) as u8;
        }
    }
}

pub struct Room {
    pub world: World,
    pub clock: Arc<Still>,
    pub microsoft: Microsoft,
    pub tenant: TenantId,
    /// The address of the simulated service.
    pub base: String,
    /// Every request, as the adapters' own log has it.
    pub log: Arc<Mutex<Vec<Value>>>,
}

pub use crate::shuffled::contoso;

impl Room {
    pub async fn new() -> Self {
        Self::of(&contoso()).await
    }

    pub async fn of(directory: &Value) -> Self {
        Self::with(directory, |_| {}).await
    }

    pub async fn with(directory: &Value, arrange: impl FnOnce(&mut Settings)) -> Self {
        let clock = Still::new();
        let world = World::from_directory(&directory.to_string(), clock.clone()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, world.clone()));
        let tenant = TenantId::from(world.tenant_id());
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut settings = settings(&base, &tenant, Arc::clone(&log));
        arrange(&mut settings);
        let http = http::direct(Duration::from_mins(1));
        let microsoft = Microsoft::new(settings, http, clock.clone());
        Self { world, clock, microsoft, tenant, base, log }
    }

    pub async fn person(&self, upn: &str) -> User {
        let who = Who::Upn(self.tenant.clone(), upn.parse::<Upn>().unwrap());
        self.microsoft.user(&who).await.unwrap().unwrap()
    }

    pub async fn id(&self, upn: &str) -> UserId {
        self.person(upn).await.id
    }

    pub async fn group(&self, name: &str) -> Group {
        self.microsoft.groups_named(&self.tenant, name).await.unwrap().remove(0)
    }

    pub async fn sku(&self, part_number: &str) -> Sku {
        let skus = self.microsoft.skus(&self.tenant).await.unwrap();
        skus.into_iter().find(|sku| sku.part_number == part_number).unwrap()
    }

    /// Makes one change, with a password if it needs one.
    pub async fn make(&self, change: &Change) -> Made {
        self.make_all(std::slice::from_ref(change)).await.remove(0)
    }

    pub async fn make_all(&self, changes: &[Change]) -> Vec<Made> {
        let password = Secret::new(PASSWORD);
        let keys: Vec<String> = changes.iter().map(|_| self.clock.uuid().to_string()).collect();
        let calls: Vec<Call<'_>> = changes
            .iter()
            .zip(&keys)
            .map(|(change, key)| Call { change, key, secret: Some(&password), after: None })
            .collect();
        self.microsoft.make(&calls).await
    }

    pub async fn look(&self, change: &Change) -> Sight {
        self.microsoft.look(&[change]).await.remove(0).unwrap()
    }

    pub fn break_once(&self, method: &str, path: &str, kind: FaultKind) {
        assert!(self.world.faults().push(Fault::once(method, path, kind)));
    }

    /// Requests that reached the tenant, token requests left out: `METHOD path`.
    pub fn asked(&self) -> Vec<String> {
        let requests = self.world.requests();
        let requests = requests.iter().filter(|line| !line.path.contains("/oauth2/"));
        requests.map(|line| format!("{} {}", line.method, line.path)).collect()
    }

    /// What was asked while `doing`.
    pub async fn asked_during<T>(&self, doing: impl Future<Output = T>) -> (T, Vec<String>) {
        let before = self.asked().len();
        let done = doing.await;
        (done, self.asked().split_off(before))
    }

    pub fn tokens_asked(&self) -> usize {
        self.world.requests().iter().filter(|line| line.path.contains("/oauth2/")).count()
    }

    /// What the tenant felt.
    pub fn felt(&self) -> Vec<String> {
        self.world.ledger().into_iter().map(|effect| effect.what).collect()
    }
}

impl Drop for Room {
    /// Leaves the requests where they can be compared with Microsoft's description.
    fn drop(&mut self) {
        let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/graph-requests.jsonl");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let lines: Vec<String> = self
            .log
            .lock()
            .unwrap()
            .iter()
            .map(|line| {
                format!(
                    "{line}
"
                )
            })
            .collect();
        let _unimportant = file.and_then(|mut file| file.write_all(lines.concat().as_bytes()));
    }
}

pub const PASSWORD: &str = "Tulip-Hq7m-Zebra-22";

pub fn settings(base: &str, tenant: &TenantId, log: Arc<Mutex<Vec<Value>>>) -> Settings {
    let app = App::with_secret(DEMO_CLIENT_ID.parse().unwrap(), Secret::new(DEMO_CLIENT_SECRET));
    let mut settings =
        Settings::new(Endpoints::at(base, base, base), HashMap::from([(tenant.clone(), app)]));
    settings.limits.backoff = Duration::from_millis(1);
    settings.log = Some(RequestLog::new(move |line| log.lock().unwrap().push(line.clone())));
    settings
}

pub fn status(status: u16, retry_after: Option<u32>) -> FaultKind {
    let retry_after = RetryAfter(retry_after.map(|seconds| seconds.to_string()));
    FaultKind::Status { status, retry_after, after_effect: false }
}

pub fn disable(user: &UserId) -> Change {
    AccountChange::DisableSignIn { user: user.clone().into() }.into()
}

pub fn revoke(user: &UserId) -> Change {
    PasswordChange::RevokeSessions { user: user.clone().into() }.into()
}

pub fn set_password(user: &User) -> Change {
    PasswordChange::SetPassword {
        user: user.id.clone().into(),
        must_change: true,
        delivery: Delivery { to: user.to_ref(), by: DeliveryWay::OneTimeLink },
    }
    .into()
}

pub fn add(group: &Group, user: &UserId) -> Change {
    GroupChange::AddMember {
        group: group.id.clone().into(),
        sort: group.sort,
        user: user.clone().into(),
    }
    .into()
}

pub fn remove(group: &Group, user: &UserId) -> Change {
    GroupChange::RemoveMember {
        group: group.id.clone().into(),
        sort: group.sort,
        user: user.clone().into(),
    }
    .into()
}

/// The words of a refusal.
pub fn refusal(made: Made) -> Reason {
    match made {
        Made::Refused(reason) => reason,
        other => panic!("not refused: {other:?}"),
    }
}

/// Contoso with sixty more groups that John is in.
pub fn joiner_of_sixty() -> Value {
    let mut directory = contoso();
    let groups = directory["groups"].as_array_mut().unwrap();
    for number in 0..60 {
        groups
            .push(json!({ "displayName": format!("Project {number:02}"), "groupType": "security",
            "mail": null, "owners": [], "members": ["john.doe@contoso.com"] }));
    }
    directory
}
