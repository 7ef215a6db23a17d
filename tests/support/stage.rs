//! The room: the real house against the simulated world, over real HTTP.
//!
//! Doors, desk, engine, store, cards and adapters are the real ones; pretended are
//! the tenant, the two chats, and the clock, which stands still until it is moved.
//! Nothing runs by itself: [`Stage::settle`] does what is due, in order.
//!
//! What the doors run is in a runtime of its own, the process: when the house falls,
//! all of it stops at once, wherever it is.

#[path = "postgres_room.rs"]
mod postgres_room;

use std::{
    collections::BTreeMap,
    io::Write,
    path::PathBuf,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::Router;
use countersign::{
    adapters::graph::settings::RequestLog,
    app::{AroundFaces, AroundStore, Extras, House},
    config::{Config, KeyRing},
    desk::{Desk, record::Sequencer},
    domain::{area::Area, chat::Verb, ids::TenantId},
    ports::clock::Clock,
    sim::{
        microsoft::{self, CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, PolicyPace, World},
        slack::{Answered, Channel, Message, Person, Setup, Transport, Workspace},
        teams::{BotService, BotSettings, SimMessage, SimPerson},
    },
    web::{self, Patience},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::hay;

/// Longer than any test.
const PATIENT: Duration = Duration::from_hours(1);

/// A clock that stands where it is put, with dice that never repeat.
#[derive(Debug)]
pub struct Noon {
    microseconds: AtomicI64,
    dice: AtomicU64,
}

impl Noon {
    /// Friday, 20 November 2026, noon UTC.
    pub fn new() -> Self {
        let noon: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        Self { microseconds: AtomicI64::new(noon.as_microsecond()), dice: AtomicU64::new(1) }
    }

    /// Moves on.
    pub fn pass(&self, long: SignedDuration) {
        self.microseconds.fetch_add(i64::try_from(long.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.microseconds.load(Ordering::SeqCst)).unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64: well spread, and the same in each run.
            let mut z = self.dice.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes()[..chunk.len()]);
        }
    }
}

/// The technicians' channel.
pub const HELPDESK: &str = "C0HELPDESK";
/// The approvers' channel in Slack.
pub const APPROVALS: &str = "C0APPROVALS";
const BOT_APP: &str = "33333333-aaaa-4bbb-8ccc-000000000001";

/// The room.
pub struct Stage {
    /// The time.
    pub clock: Arc<Noon>,
    /// The tenant.
    pub world: World,
    /// Customers' tenants, by the name in the settings.
    pub customers: BTreeMap<String, World>,
    /// The workspace.
    pub slack: Workspace,
    /// The Bot Framework.
    pub teams: BotService,
    /// The house, while it stands.
    pub house: Option<House>,
    /// Every request to Microsoft, without tokens.
    pub requests: Arc<Mutex<Vec<Value>>>,
    /// Where its files are.
    pub folder: tempfile::TempDir,
    /// The address of the doors.
    pub base: String,
    /// The settings.
    pub config: Arc<Config>,
    /// The keys. The next house that is built has them.
    pub keys: KeyRing,
    /// Held until the first house opens its doors, so that no other test takes the port.
    socket: Option<std::net::TcpListener>,
    between: Between,
    /// How long the next house keeps chats waiting; without end, so that a slow machine
    /// changes nothing.
    pub patience: Patience,
    /// Nobody of the directory is read when a house opens.
    unread: bool,
    process: Option<Process>,
    /// Parts of houses that fell and are still being taken down.
    fallen: Vec<Weak<Desk>>,
}

/// What stands between the house and the world, in tests that let it fall.
#[derive(Clone, Default)]
pub struct Between {
    /// Before its store.
    pub store: Option<Arc<AroundStore>>,
    /// Before what draws its cards.
    pub faces: Option<Arc<AroundFaces>>,
    /// Before everything it calls.
    pub calls: Option<Arc<dyn Fn(Router) -> Router + Send + Sync>>,
}

/// Where the doors run. Dropped without waiting, as `kill -9` would.
struct Process(Option<Runtime>);

impl Process {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Self(Some(runtime.unwrap()))
    }

    fn runtime(&self) -> &Runtime {
        self.0.as_ref().expect("only drop takes it")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.take().expect("dropped once").shutdown_background();
    }
}

/// What can be set differently.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Lines added to `[policy]`.
    pub policy: String,
    /// Tables added at the end.
    pub more: String,
    /// Who approves.
    pub approvers: String,
    /// The rule of every permission group.
    pub approval: String,
    /// Permission groups that are off.
    pub off: &'static [Area],
    /// The tenant, as a directory file; the built-in Contoso when nothing is said.
    pub directory: Option<String>,
    /// The tenant's time zone.
    pub zone: String,
    /// Nobody of the directory was read when it opens.
    pub unread: bool,
    /// Customers' tenants beside it.
    pub customers: Vec<Customer>,
}

/// A customer's tenant. Its channel in Slack is `C0` and its name in capitals.
#[derive(Debug, Clone)]
pub struct Customer {
    /// What cards call it.
    pub name: String,
    /// Its directory file.
    pub directory: String,
    /// Lines added to its `[[tenants]]`.
    pub more: String,
}

impl Customer {
    /// The channel that is about it.
    pub fn channel(&self) -> String {
        channel_of(&self.name)
    }
}

/// The channel that is about a customer.
pub fn channel_of(name: &str) -> String {
    format!("C0{}", name.to_uppercase())
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            policy: "secrets_to = \"requester\"".to_owned(),
            more: String::new(),
            approvers: "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\", \"tina.tech@contoso.com\"]".to_owned(),
            approval: "approve".to_owned(),
            off: &[],
            directory: None,
            zone: "Europe/London".to_owned(),
            unread: false,
            customers: Vec::new(),
        }
    }
}

/// Slack's user id of somebody: `tina.tech` → `U0TINATECH`.
pub fn slack_id(name: &str) -> String {
    format!("U0{}", name.replace('.', "").to_uppercase())
}

impl Stage {
    /// The ordinary room.
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    /// A room with other rules.
    pub async fn with(settings: Settings) -> Self {
        Self::between(settings, Between::default()).await
    }

    /// A room with something between the house and the world.
    pub async fn between(settings: Settings, between: Between) -> Self {
        let clock = Arc::new(Noon::new());
        let world = match &settings.directory {
            None => World::contoso(clock.clone()),
            Some(directory) => World::from_directory(directory, clock.clone()).unwrap(),
        };
        let read = |one: &Customer| World::from_directory(&one.directory, clock.clone()).unwrap();
        let customers: BTreeMap<String, World> =
            settings.customers.iter().map(|one| (one.name.clone(), read(one))).collect();
        let worlds: Vec<World> =
            std::iter::once(&world).chain(customers.values()).cloned().collect();
        for world in &worlds {
            world.set_conduct(|conduct| conduct.policy_pace = PolicyPace::Free);
        }
        let (microsoft, graph_base) = listen().await;
        match &between.calls {
            None => {
                tokio::spawn(async move { microsoft::serve_all(microsoft, &worlds).await });
            }
            Some(calls) => {
                let routes = calls(microsoft::router_of(&worlds));
                tokio::spawn(async move { axum::serve(microsoft, routes).await });
            }
        }
        let (chats, chat_base) = listen().await;
        let (doors, base) = listen().await;
        let slack = workspace(clock.clone());
        for customer in &settings.customers {
            let people = slack.people();
            let people = people.iter().map(|one| one.id.as_str());
            let all: Vec<&str> = people.chain([slack.setup().bot_user.as_str()]).collect();
            slack.put_channel(Channel::public(&customer.channel(), &customer.name, &all));
        }
        let teams = bot_service(&world, &chat_base, &base, clock.clone());
        let routes = slack.router().merge(teams.router());
        let routes = match &between.calls {
            Some(calls) => calls(routes),
            None => routes,
        };
        tokio::spawn(async move { axum::serve(chats, routes).await });
        slack.reach_bot(Transport::Http(base.parse().unwrap()));
        let folder = in_memory();
        let text = settings_text(
            &settings,
            &database(folder.path()).await,
            &graph_base,
            &chat_base,
            &teams,
            &base,
        );
        let config = Config::read(&text, &BTreeMap::default())
            .unwrap_or_else(|error| panic!("{error:#}\n{text}"));
        let keys = KeyRing::fresh(|bytes| clock.fill(bytes));
        let mut stage = Self {
            clock,
            world,
            customers,
            slack,
            teams,
            house: None,
            requests: Arc::default(),
            folder,
            base,
            config: Arc::new(config),
            keys,
            socket: Some(doors.into_std().unwrap()),
            between,
            process: None,
            fallen: Vec::new(),
            patience: Patience { slack: PATIENT, teams: PATIENT },
            unread: settings.unread,
        };
        stage.start().await;
        for who in ["anna.approver", "theo.tech"] {
            stage.teams.install(&format!("{who}@contoso.com")).await.unwrap();
        }
        stage.settle().await;
        stage
    }

    /// Builds the house on the files that are there and opens its doors.
    pub async fn start(&mut self) {
        let process = Process::new();
        let house = self.build().await;
        let now = self.clock.now();
        for desk in house.desks.all().filter(|_| !self.unread) {
            desk.people.refresh(desk.directory.as_ref(), &desk.tenant, now).await.unwrap();
        }
        let address = self.base.trim_start_matches("http://").to_owned();
        let listener = match self.socket.take() {
            Some(listener) => listener,
            None => bound_again(&address).await,
        };
        let routes = web::router(house.doors.clone());
        process.runtime().spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            web::open::serve(listener, routes, std::future::pending()).await.unwrap();
        });
        self.process = Some(process);
        self.house = Some(house);
    }

    /// A house on the files that are there, without doors.
    pub async fn build(&self) -> House {
        let log = self.requests.clone();
        let extras = Extras {
            clock: Some(self.clock.clone()),
            request_log: Some(RequestLog::new(move |line| log.lock().unwrap().push(line.clone()))),
            around_store: self.between.store.clone(),
            // The clock of the room stands still.
            policies_per_second: Some(1e6),
            around_faces: self.between.faces.clone(),
            patience: self.patience,
            ..Extras::default()
        };
        House::build(&self.config, &self.keys, extras)
            .await
            .unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Takes the house down without a word, as a crash would; returns when nothing of
    /// it is left.
    pub async fn fall(&mut self) {
        self.process = None;
        if let Some(house) = self.house.take() {
            self.fallen.push(Arc::downgrade(&house.desk));
        }
        let gone = async {
            while self.fallen.iter().any(|desk| desk.strong_count() > 0) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the house still stands");
        self.fallen.clear();
    }

    /// The house.
    pub fn house(&self) -> &House {
        self.house.as_ref().expect("the house stands")
    }

    /// Does what is due until nothing is; moves the clock over short waits.
    pub async fn settle(&self) {
        let house = self.house();
        for _ in 0..400 {
            self.heard_out().await;
            let mut moved = Box::pin(house.engine.work()).await.unwrap().is_some();
            moved |= Box::pin(house.desks.tell()).await.unwrap() > 0;
            moved |= Box::pin(house.desks.expire()).await.unwrap() > 0;
            if moved {
                continue;
            }
            let soon = self.clock.now() + SignedDuration::from_secs(30);
            match house.store.next_due().await.unwrap() {
                Some(due) if due <= soon => {
                    let wait =
                        due.duration_since(self.clock.now()).max(SignedDuration::from_millis(100));
                    self.clock.pass(wait);
                }
                _ => return,
            }
        }
        panic!("it never settles");
    }

    /// Waits until every acknowledged delivery was handled.
    pub async fn heard_out(&self) {
        let house = self.house();
        let mut changed = house.store.changed();
        while !house.store.unhandled(1).await.unwrap().is_empty() {
            tokio::time::timeout(Duration::from_secs(20), changed.changed())
                .await
                .expect("a delivery is never handled")
                .unwrap();
        }
    }

    /// Moves the clock and does what is due then.
    pub async fn pass(&self, long: SignedDuration) {
        self.clock.pass(long);
        self.settle().await;
    }

    /// Numbers and signs the record.
    pub async fn keep_record(&self) {
        let house = self.house();
        let mut sequencer = Sequencer::open(&house.desk, house.signing_key()).await.unwrap();
        while sequencer.turn(&house.desk).await.unwrap() > 0 {}
    }

    /// Somebody speaks to the bot in the help desk's channel; gives the message's ts.
    pub async fn says(&self, who: &str, words: &str) -> String {
        self.says_at(who, HELPDESK, words).await
    }

    /// The same in another channel.
    pub async fn says_at(&self, who: &str, channel: &str, words: &str) -> String {
        let acted = self
            .slack
            .say(&slack_id(who), channel, &format!("@countersign {words}"), None)
            .await
            .unwrap();
        assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
        self.settle().await;
        acted.ts.unwrap()
    }

    /// The same in a thread.
    pub async fn says_in(&self, who: &str, words: &str, thread: &str) {
        let text = format!("@countersign {words}");
        let acted = self.slack.say(&slack_id(who), HELPDESK, &text, Some(thread)).await.unwrap();
        assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
        self.settle().await;
    }

    /// Somebody of a customer's tenant becomes a member of Slack and of these channels.
    pub fn joins(&self, who: &str, channels: &[&str]) {
        let id = slack_id(who);
        self.slack.put_person(Person::member(&id, who, who, &format!("{who}@example.com")));
        for mut channel in self.slack.channels() {
            if channels.contains(&channel.id.as_str()) {
                channel.members.push(id.clone());
                self.slack.put_channel(channel);
            }
        }
    }

    /// What the bot said in a Slack channel, oldest first: the newest form of each message.
    pub fn bot_said(&self, channel: &str) -> Vec<Message> {
        let bot = &self.slack.setup().bot_user;
        self.slack.messages(channel).into_iter().filter(|message| message.user == *bot).collect()
    }

    /// The bot's newest message in a Slack channel, as text with its blocks; the line that
    /// says a request is over is not counted ([`Self::told`]).
    pub fn newest(&self, channel: &str) -> String {
        let said = self.bot_said(channel);
        said.iter().rfind(|message| !is_told(&message.text)).map(shown).unwrap_or_default()
    }

    /// The newest line in a Slack channel that says how a request ended.
    pub fn told(&self, channel: &str) -> String {
        let said = self.bot_said(channel);
        said.iter()
            .rfind(|message| is_told(&message.text))
            .map(|message| message.text.clone())
            .unwrap_or_default()
    }

    /// What the bot showed to one person alone in Slack channels, oldest first.
    pub fn whispered(&self, who: &str) -> Vec<String> {
        self.slack.whispers(&slack_id(who)).iter().map(|(_, message)| shown(message)).collect()
    }

    /// What the bot wrote to somebody directly in Slack.
    pub fn direct(&self, who: &str) -> Vec<String> {
        self.bot_said(&self.slack.direct(&slack_id(who))).iter().map(shown).collect()
    }

    /// Somebody presses a button of the bot's newest message that has it, in a channel.
    pub async fn presses(&self, who: &str, channel: &str, verb: Verb) {
        self.clicks(who, channel, verb).await;
        self.settle().await;
    }

    /// The same, without doing what follows; gives the HTTP status of the answer.
    pub async fn clicks(&self, who: &str, channel: &str, verb: Verb) -> u16 {
        let message = self
            .with_button(channel, verb)
            .unwrap_or_else(|| panic!("no {verb:?} in {}", self.newest(channel)));
        let acted =
            self.slack.press(&slack_id(who), channel, &message.ts, verb.as_str()).await.unwrap();
        acted.answer.expect("an answer").status.expect("a status")
    }

    /// The bot's newest message in a channel that has this button.
    pub fn with_button(&self, channel: &str, verb: Verb) -> Option<Message> {
        let has = |message: &Message| {
            message.blocks.as_ref().is_some_and(|b| b.to_string().contains(verb.as_str()))
        };
        self.bot_said(channel).into_iter().rev().find(has)
    }

    /// The cards in somebody's personal Teams chat, oldest first.
    pub fn teams_cards(&self, who: &str) -> Vec<SimMessage> {
        let conversation = self.teams.open_personal(&format!("{who}@contoso.com")).unwrap();
        let told = |m: &SimMessage| m.summary.as_deref().is_some_and(is_told);
        let all = self.teams.messages(&conversation).into_iter();
        all.filter(|m| m.card.is_some() && !told(m)).collect()
    }

    /// Somebody presses a button of the newest card in their Teams chat; gives the invoke's answer.
    pub async fn presses_in_teams(&self, who: &str, verb: Verb) -> Value {
        let answer = self.clicks_in_teams(who, verb, |_| {}).await;
        self.settle().await;
        answer
    }

    /// The same, with the button's data changed on the way, and without what follows.
    pub async fn clicks_in_teams(
        &self,
        who: &str,
        verb: Verb,
        change: impl FnOnce(&mut Value),
    ) -> Value {
        let upn = format!("{who}@contoso.com");
        let conversation = self.teams.open_personal(&upn).unwrap();
        let cards = self.teams_cards(who);
        let found = cards.iter().rev().find_map(|m| {
            BotService::button(m.card.as_ref()?, verb.as_str()).map(|data| (m.id.clone(), data))
        });
        let (message, mut data) =
            found.unwrap_or_else(|| panic!("no {verb:?} button in Teams of {who}"));
        change(&mut data);
        let answer = self
            .teams
            .press(&upn, (&conversation, &message), verb.as_str(), &data, &json!({}))
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "an invoke is always answered 200");
        answer.body
    }

    /// The kinds of everything the tenant felt, in order.
    pub fn effects(&self) -> Vec<String> {
        self.world.ledger().iter().map(|effect| effect.what.clone()).collect()
    }

    /// Everything in the house's folder, as bytes; see [`hay`].
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        hay::of(self.folder.path())
    }

    /// The time in the room.
    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        self.config.tenant.id.clone()
    }
}

impl Drop for Stage {
    /// Leaves the requests where they can be compared with Microsoft's description.
    fn drop(&mut self) {
        let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/conversation-requests.jsonl");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let lines: Vec<String> =
            self.requests.lock().unwrap().iter().map(|line| format!("{line}\n")).collect();
        let _unimportant = file.and_then(|mut file| file.write_all(lines.concat().as_bytes()));
    }
}

/// The line that says how a request ended begins with its number.
pub fn is_told(text: &str) -> bool {
    text.starts_with("#1") && !text.contains(" is already ")
}

/// A message with everything that is readable in its blocks.
pub fn shown(message: &Message) -> String {
    let mut text = message.text.clone();
    if let Some(blocks) = &message.blocks {
        text.push('\n');
        texts(blocks, &mut text);
    }
    text
}

fn texts(value: &Value, into: &mut String) {
    match value {
        Value::Object(map) => {
            if let Some(text) = map.get("text").and_then(Value::as_str) {
                into.push_str(text);
                into.push('\n');
            }
            map.iter()
                .filter(|(_, inner)| inner.is_object() || inner.is_array())
                .for_each(|(_, inner)| texts(inner, into));
        }
        Value::Array(list) => list.iter().for_each(|inner| texts(inner, into)),
        _ => {}
    }
}

/// Everything readable in an Adaptive Card.
pub fn card_text(message: &SimMessage) -> String {
    let mut text = String::new();
    if let Some(card) = &message.card {
        texts(card, &mut text);
    }
    text
}

/// The same address once more: the connections of the house that fell may linger there.
async fn bound_again(address: &str) -> std::net::TcpListener {
    let again = async {
        loop {
            if let Ok(listener) = TcpListener::bind(address).await {
                return listener.into_std().unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("the address is taken")
}

/// A folder that no disk is waited for: these processes die, their machine does not.
fn in_memory() -> tempfile::TempDir {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    folder.expect("a folder for the house")
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

fn workspace(clock: Arc<Noon>) -> Workspace {
    // A busy machine is no reason to send a delivery again: here time is the clock's.
    let slack = Workspace::new(Setup { patience: Duration::from_mins(1), ..Setup::contoso(clock) });
    let names = [
        "tina.tech",
        "theo.tech",
        "anna.approver",
        "bob.lead",
        "john.doe",
        "hannah.reeves",
        "henry.desk",
    ];
    let mut members: Vec<String> = names.iter().map(|name| slack_id(name)).collect();
    for name in names {
        let shown = name
            .split('.')
            .map(|part| part[..1].to_uppercase() + &part[1..])
            .collect::<Vec<_>>()
            .join(" ");
        slack.put_person(Person::member(
            &slack_id(name),
            name,
            &shown,
            &format!("{name}@contoso.com"),
        ));
    }
    members.push(slack.setup().bot_user.clone());
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    slack.put_channel(Channel::public(HELPDESK, "helpdesk", &members));
    slack.put_channel(Channel::public(APPROVALS, "it-approvals", &members));
    slack
}

fn bot_service(world: &World, base: &str, house: &str, clock: Arc<Noon>) -> BotService {
    let person = |name: &str| {
        let upn = format!("{name}@contoso.com");
        let user = world.user(&upn).unwrap();
        SimPerson {
            name: user["displayName"].as_str().unwrap().to_owned(),
            aad_object_id: user["id"].as_str().unwrap().to_owned(),
            mri: format!("29:{}", name.replace('.', "-")),
            upn,
            role: "user".to_owned(),
            tenant: CONTOSO_TENANT.to_owned(),
            installed: true,
        }
    };
    BotService::new(BotSettings {
        base: base.to_owned(),
        app_id: BOT_APP.to_owned(),
        bot_name: "Countersign".to_owned(),
        secret: "simulated~bot~secret".to_owned(),
        certificate: None,
        bot_endpoint: format!("{house}/api/messages"),
        people: ["tina.tech", "anna.approver", "theo.tech", "john.doe", "henry.desk"]
            .map(person)
            .to_vec(),
        clock,
    })
}

/// A file in the folder, or a room on the PostgreSQL server when the tests are to run on one.
async fn database(folder: &std::path::Path) -> String {
    match std::env::var_os("COUNTERSIGN_TEST_STORE") {
        None => folder.join("countersign.db").display().to_string(),
        Some(store) if store == "postgres" => postgres_room::new_room().await,
        Some(other) => panic!("COUNTERSIGN_TEST_STORE may be `postgres`, not {}", other.display()),
    }
}

fn settings_text(
    settings: &Settings,
    database: &str,
    graph: &str,
    chats: &str,
    teams: &BotService,
    base: &str,
) -> String {
    let Settings {
        policy,
        more,
        approvers,
        approval,
        off,
        zone,
        directory: _,
        unread: _,
        customers,
    } = settings;
    let customers: String = customers.iter().map(customer_text).collect();
    let setup = Setup::contoso(Arc::new(Noon::new()));
    let areas = Area::ALL
        .map(|area| {
            let access = if off.contains(&area) { "disabled" } else { "read_write" };
            format!("[policy.groups.{area}]\naccess = \"{access}\"\napproval = \"{approval}\"\n")
        })
        .concat();
    format!(
        r#"
database = "{database}"
[tenant]
id = "{CONTOSO_TENANT}"
name = "Contoso"
time_zone = "{zone}"
[keys]
file = "in memory"
[server]
public_url = "{base}"
[microsoft]
client_id = "{DEMO_CLIENT_ID}"
client_secret = "{DEMO_CLIENT_SECRET}"
[teams]
app_id = "{BOT_APP}"
app_secret = "simulated~bot~secret"
service_hosts = ["{chats}"]
[slack]
signing_secret = "{signing}"
bot_token = "{token}"
app_id = "{app}"
team_id = "{team}"
mail_is_identity = true
[approvals]
slack_channels = ["{APPROVALS}"]
[endpoints]
login = "{graph}"
graph = "{graph}"
exchange = "{graph}"
slack = "{chats}/api/"
bot_login = "{bot_login}"
bot_openid = "{bot_openid}"
[policy]
requesters = ["tina.tech@contoso.com", "theo.tech@contoso.com", "hannah.reeves@contoso.com"]
approvers = {approvers}
{policy}
{areas}
{more}
{customers}
"#,
        signing = setup.signing_secret,
        token = setup.bot_token,
        app = setup.app,
        team = setup.team,
        bot_login = teams.login(),
        bot_openid = teams.openid_metadata(),
    )
}

fn customer_text(Customer { name, directory, more }: &Customer) -> String {
    let read: Value = serde_json::from_str(directory).unwrap();
    let (id, channel) = (read["tenantId"].as_str().unwrap(), channel_of(name));
    format!(
        "[[tenants]]\nid = \"{id}\"\nname = \"{name}\"\nslack_channels = [\"{channel}\"]\n{more}\n"
    )
}
