//! A world in order, and the settings for it; tests break one thing each.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use axum::{http::header, routing::any};
use countersign::{
    adapters::clock::SystemClock,
    app,
    audit::{SigningKey, Tree, leaf},
    config::{Config, KeyRing},
    domain::fact::{Fact, Header},
    ports::{clock::Clock, store::Turn},
    sim::{
        microsoft::{self, CONTOSO_TENANT, DEMO_CLIENT_SECRET, World},
        slack::{Channel, Setup, Workspace},
        teams::{BotService, BotSettings},
    },
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use countersign::sim::microsoft::DEMO_CLIENT_ID;

/// Where cards go.
pub const APPROVALS: &str = "C0APPROVALS";
const BOT_APP: &str = "33333333-aaaa-4bbb-8ccc-000000000001";

/// The world, and the operator's folder.
pub struct Clinic {
    pub world: World,
    pub slack: Workspace,
    pub teams: BotService,
    pub room: tempfile::TempDir,
    settings: String,
}

/// What the doctor said.
pub struct Said {
    pub code: i32,
    pub text: String,
}

impl Said {
    /// One finding of this name says all of these words, and the doctor ends with 1.
    pub fn names(&self, what: &str, words: &[&str]) {
        assert_eq!(self.code, 1, "{}", self.text);
        let begins = format!("wrong {what}: ");
        let mut findings = self.text.lines().filter(|line| line.starts_with(&begins));
        assert!(
            findings.any(|line| words.iter().all(|word| line.contains(word))),
            "no `{begins}` with {words:?} in:\n{}",
            self.text
        );
    }

    /// One remedy says all of these words.
    pub fn mends(&self, words: &[&str]) {
        let mut remedies = self.text.lines().filter(|line| line.starts_with("      → "));
        assert!(
            remedies.any(|line| words.iter().all(|word| line.contains(word))),
            "no remedy with {words:?} in:\n{}",
            self.text
        );
    }
}

/// This machine's clock, so far ahead.
struct Ahead(SignedDuration);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.0
    }

    fn fill(&self, bytes: &mut [u8]) {
        SystemClock.fill(bytes);
    }
}

impl Clinic {
    /// In order.
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// In order, with another Slack app.
    pub async fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let world = World::contoso(clock.clone());
        let (tenant, graph) = listen().await;
        tokio::spawn(microsoft::serve(tenant, world.clone()));
        let mut setup = Setup::contoso(clock.clone());
        change(&mut setup);
        let slack = Workspace::new(setup);
        let bot = slack.setup().bot_user.clone();
        slack.put_channel(Channel::public(APPROVALS, "it-approvals", &[&bot]));
        let (chats, base) = listen().await;
        let teams = BotService::new(BotSettings {
            base: base.clone(),
            app_id: BOT_APP.to_owned(),
            bot_name: "Countersign".to_owned(),
            secret: "simulated~bot~secret".to_owned(),
            certificate: None,
            bot_endpoint: "http://127.0.0.1:9/api/messages".to_owned(),
            people: Vec::new(),
            clock,
        });
        let routes = slack.router().merge(teams.router());
        tokio::spawn(async move { axum::serve(chats, routes).await });
        let settings = settings(slack.setup(), &teams, &graph, &base);
        let room = tempfile::tempdir().unwrap();
        let clinic = Self { world, slack, teams, room, settings };
        clinic.other_keys();
        clinic
    }

    /// Sets a key that is there once.
    pub fn set(&mut self, key: &str, value: &str) {
        self.drop_line(key);
        let section = match key {
            "client_secret" => "[microsoft]",
            "app_secret" => "[teams]",
            "bot_token" | "team_id" => "[slack]",
            "login" => "[endpoints]",
            other => panic!("where is {other}?"),
        };
        self.replace(section, &format!("{section}\n{key} = \"{value}\""));
    }

    /// Leaves a key out.
    pub fn drop_line(&mut self, key: &str) {
        let begins = format!("{key} = ");
        let before = self.settings.lines().count();
        let kept: Vec<_> =
            self.settings.lines().filter(|line| !line.starts_with(&begins)).collect();
        assert_eq!(kept.len() + 1, before, "{key} is not there once");
        self.settings = kept.join("\n");
    }

    /// Writes something else.
    pub fn replace(&mut self, old: &str, new: &str) {
        assert!(self.settings.contains(old), "{old} is not there");
        self.settings = self.settings.replacen(old, new, 1);
    }

    /// Keys that were never used.
    pub fn other_keys(&self) {
        let file = self.room.path().join("keys.toml");
        let _there_was_none = std::fs::remove_file(&file);
        KeyRing::new_file(&file, |bytes| SystemClock.fill(bytes)).unwrap();
    }

    /// Runs the doctor.
    pub async fn visit(&self) -> Said {
        self.visit_with(&[]).await
    }

    /// Runs the doctor with these flags.
    pub async fn visit_with(&self, flags: &[&str]) -> Said {
        std::fs::write(self.room.path().join("countersign.toml"), &self.settings).unwrap();
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("doctor").args(flags).current_dir(self.room.path()).env_clear();
        let output = command.output().await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        Said { code: output.status.code().unwrap(), text }
    }

    /// What `/readyz` says once the credentials were looked at.
    pub async fn readiness(&self) -> Value {
        let house = self.house(SignedDuration::ZERO).await;
        let (listener, base) = listen().await;
        let routes = countersign::web::router(house.doors.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = http.get(format!("{base}/readyz")).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// The service is started so long from now, looks at its credentials, says what is to be
    /// said, and ends. What stands in the channel then.
    pub async fn told_after(&self, later: SignedDuration, channel: &str) -> Vec<String> {
        let house = self.house(later).await;
        while house.desks.tell().await.unwrap() > 0 {}
        drop(house);
        self.slack.messages(channel).into_iter().map(|message| message.text).collect()
    }

    /// The house of the settings, after it looked at its credentials.
    async fn house(&self, later: SignedDuration) -> app::House {
        let mut config = Config::read(&self.settings, &BTreeMap::default()).unwrap();
        config.database = self.database().display().to_string().into();
        config.keys.file = Some(self.room.path().join("keys.toml"));
        let keys = KeyRing::load(&config.keys).unwrap();
        let extras = app::Extras { clock: Some(Arc::new(Ahead(later))), ..Default::default() };
        let mut house = app::House::build(&config, &keys, extras).await.unwrap();
        // What was handled long ago is forgotten by now.
        house.desk.tidy().await.unwrap();
        assert!(house.watch.take().unwrap().look().await, "nobody answered");
        house
    }

    fn database(&self) -> PathBuf {
        self.room.path().join("countersign.db")
    }

    /// Three facts under a signed head, in the operator's database.
    pub async fn write_record(&self) {
        let mut config = Config::read(&self.settings, &BTreeMap::default()).unwrap();
        config.database = self.database().display().to_string().into();
        config.keys.file = Some(self.room.path().join("keys.toml"));
        let keys = KeyRing::load(&config.keys).unwrap();
        let store = app::open_store(&config, &keys, Arc::new(SystemClock)).await.unwrap();
        let fact = |_| Fact {
            header: Header {
                id: SystemClock.uuid(),
                tenant: config.tenant.id.clone(),
                request: None,
                kind: "house.tested".to_owned(),
                at: SystemClock.now(),
                digest: None,
            },
            payload: json!({ "by": "a test" }),
            subject: "house".to_owned(),
        };
        let turn =
            Turn { at: SystemClock.now(), facts: (0..3).map(fact).collect(), ..Turn::default() };
        store.save(turn).await.unwrap();
        store.number_facts(10).await.unwrap();
        let mut tree = Tree::default();
        for fact in store.record(0, 10).await.unwrap() {
            tree.push(leaf(&fact.header, &fact.payload_hash));
        }
        let head = SigningKey::new(&keys.signing).sign(&tree, SystemClock.now());
        store.sign(&head, tree.peaks()).await.unwrap();
        store.close().await;
    }

    /// Changes one word of a fact, as somebody with the file could.
    pub fn alter_record(&self) {
        let file = rusqlite::Connection::open(self.database()).unwrap();
        file.execute_batch("DROP TRIGGER fact_is_never_changed").unwrap();
        let changed = file
            .execute(
                "UPDATE fact SET header = CAST(replace(CAST(header AS TEXT), 'tested', 'tasted') AS BLOB)
                 WHERE position = 2",
                [],
            )
            .unwrap();
        assert_eq!(changed, 1);
    }
}

/// A login that answers everything at another time.
pub async fn serve_with_date(date: &'static str) -> String {
    let (listener, base) = listen().await;
    let routes = axum::Router::new().fallback(any(async move || ([(header::DATE, date)], "{}")));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    base
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

fn settings(slack: &Setup, teams: &BotService, graph: &str, chats: &str) -> String {
    let areas = ["users", "passwords_and_security", "licences", "groups", "mailboxes"]
        .map(|area| format!("[policy.groups.{area}]\naccess = \"read_write\"\n"))
        .concat();
    format!(
        r#"database = "countersign.db"
[tenant]
id = "{CONTOSO_TENANT}"
[keys]
file = "keys.toml"
[server]
public_url = "https://countersign.example.com"
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
requesters = ["tina.tech@contoso.com"]
approvers = ["anna.approver@contoso.com"]
{areas}"#,
        signing = slack.signing_secret,
        token = slack.bot_token,
        app = slack.app,
        team = slack.team,
        bot_login = teams.login(),
        bot_openid = teams.openid_metadata(),
    )
}
