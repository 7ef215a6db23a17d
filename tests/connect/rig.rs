//! A simulated tenant, an operator's folder, and a running command whose words are read.

use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use countersign::{
    actions::CATALOG,
    adapters::clock::SystemClock,
    cli::actions::needs,
    domain::area::{Area, Risk},
    sim::microsoft::{self, World},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    process::{Child, ChildStdout, Command},
};

/// The app that is registered.
pub const CLIENT: &str = "44444444-aaaa-4bbb-8ccc-000000000001";
/// Its secret.
pub const SECRET: &str = "operator~s~own~secret";
/// What these groups need, as the catalogue says: permissions to ask for, and roles.
pub fn needs(on: impl Fn(Area, Risk) -> bool) -> (Vec<&'static str>, Vec<&'static str>) {
    let entries = CATALOG.iter().filter(|entry| on(entry.about.area, entry.about.risk));
    let all: Vec<_> = needs::needs(entries).iter().map(|need| need.permission).collect();
    let role = |need: &&'static str| need.strip_prefix("role:");
    let asks = all.iter().copied().filter(|need| role(need).is_none()).collect();
    (asks, all.iter().filter_map(role).collect())
}

/// What reading users needs.
pub fn reading_users() -> Vec<&'static str> {
    let (asks, roles) = needs(|area, risk| area == Area::Users && risk == Risk::Read);
    assert!(roles.is_empty(), "reading users needs {roles:?}");
    asks
}

/// A command that says nothing new for so long hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// The world and the folder.
pub struct Rig {
    pub world: World,
    pub base: String,
    pub room: tempfile::TempDir,
}

impl Rig {
    pub async fn open() -> Self {
        let world = World::contoso(Arc::new(SystemClock));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(microsoft::serve(listener, world.clone()));
        Self { world, base, room: tempfile::tempdir().unwrap() }
    }

    pub fn settings(&self) -> PathBuf {
        self.room.path().join("countersign.toml")
    }

    /// What the administrator does in the portal.
    pub async fn register(&self, mut app: Value) {
        app["clientId"] = json!(CLIENT);
        self.post("/_sim/apps", Some(app)).await;
    }

    /// What the administrator does on the consent page.
    pub async fn consent(&self) {
        self.post(&format!("/_sim/consent?client_id={CLIENT}"), None).await;
    }

    async fn post(&self, path: &str, body: Option<Value>) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = http.post(format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// `countersign connect`, with these lines typed.
    pub fn start(&self, flags: &[&str], typed: &str) -> Run {
        self.start_command(&[&["connect"], flags].concat(), typed)
    }

    /// Any command.
    pub fn start_command(&self, arguments: &[&str], typed: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(arguments)
            .current_dir(self.room.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (mut stdin, typed) = (child.stdin.take().unwrap(), typed.to_owned());
        tokio::spawn(async move {
            // It may end before it has read everything.
            let _ended = stdin.write_all(typed.as_bytes()).await;
        });
        let out = child.stdout.take().unwrap();
        Run { child, out, said: String::new() }
    }
}

/// A command that runs.
pub struct Run {
    child: Child,
    out: ChildStdout,
    said: String,
}

impl Run {
    /// Reads until it has said this; gives everything so far.
    pub async fn until(&mut self, words: &str) -> String {
        while !self.said.contains(words) {
            let read = tokio::time::timeout(PATIENCE, self.more()).await;
            assert!(read == Ok(true), "`{words}` was not said in:\n{}", self.said);
        }
        self.said.clone()
    }

    async fn more(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let count = self.out.read(&mut bytes).await.unwrap();
        self.said.push_str(&String::from_utf8_lossy(&bytes[..count]));
        count > 0
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it ends, with this code; gives everything it said, errors too.
    pub async fn end(mut self, code: i32) -> String {
        while tokio::time::timeout(PATIENCE, self.more()).await.expect("it hangs") {}
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).await.unwrap();
        let ended = self.child.wait().await.unwrap();
        let said = self.said + &errors;
        assert_eq!(ended.code(), Some(code), "{said}");
        said
    }
}
