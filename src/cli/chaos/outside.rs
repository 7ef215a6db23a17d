//! The simulated world, in this process: tenant, Slack and Bot Framework, with lines to each
//! process, and the settings by which a process knows only its own lines.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    adapters::clock::SystemClock,
    cli::chaos::{
        clock::MovedClock,
        database::Database,
        jumps::ZONE,
        line::{Kill, Line},
        tally::Tally,
    },
    domain::secret::Secret,
    ports::clock::Clock,
    sim::{
        microsoft::{self, CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, World},
        slack::{Channel, Person, Setup, Transport, Workspace},
        teams::{BotService, BotSettings, SimPerson},
    },
};

/// Who asks, and who signs, by sign-in name.
pub const ASKER: &str = "tina.tech@contoso.com";
/// Who signs.
pub const SIGNER: &str = "anna.approver@contoso.com";
/// Who asks, as Slack knows her.
pub const ASKER_IN_SLACK: &str = "U0TINATECH";
/// Who signs, as Slack knows her.
pub const SIGNER_IN_SLACK: &str = "U0ANNAAPPROVER";
/// Where approval cards go in Slack.
pub const APPROVALS: &str = "C0APPROVALS";
/// People of whom something is asked.
pub const STAFF: u64 = 80;
/// People of whom something is asked for a later time, each once.
pub const NIGHT: u64 = 150;
/// Channels in which it is asked.
const HELPDESKS: u64 = 12;
const BOT_APP: &str = "33333333-aaaa-4bbb-8ccc-000000000001";
const BOT_SECRET: &str = "simulated~bot~secret";
const CONTOSO: &str = include_str!("../../sim/microsoft/data/contoso.json");

/// Everything outside.
pub struct Outside {
    /// The tenant.
    pub world: World,
    /// The workspace.
    pub slack: Workspace,
    /// The Bot Framework.
    pub teams: BotService,
    /// The time everywhere.
    pub clock: MovedClock,
    /// The files that move the clocks of processes.
    clocks: Mutex<Vec<PathBuf>>,
    /// From when to when the clock went back.
    pub(super) back: Mutex<Vec<(Timestamp, Timestamp)>>,
    /// When the clock went ahead, by this machine's own.
    pub(super) ahead: Mutex<Vec<Instant>>,
    graph: SocketAddr,
    chats: SocketAddr,
    /// The line to the Bot Framework, whose addresses stand in activities: everybody's.
    pub common: Line,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the simulated world around {}", self.graph)
    }
}

/// The lines of one process.
#[derive(Debug, Clone)]
pub struct Lines {
    /// To Entra, Graph and Exchange.
    pub graph: Line,
    /// To Slack.
    pub chats: Line,
    /// To the database, when its server listens on a socket of this machine.
    pub database: Option<Line>,
}

impl Lines {
    /// Nothing more happens to any call.
    pub fn heal(&self) {
        self.graph.heal();
        self.chats.heal();
        self.database.iter().for_each(Line::heal);
    }
}

impl Outside {
    /// Starts all of it.
    pub async fn open(tally: &Tally, kill_any: Kill, time: MovedClock) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(time.clone());
        let world = World::from_directory(&directory()?, clock.clone())
            .map_err(|error| anyhow::anyhow!("the made-up directory: {error}"))?;
        let (graph_at, graph) = listen().await?;
        let (chats_at, chats) = listen().await?;
        let slack = workspace(clock.clone());
        let common = Line::open("teams", chats, tally.clone(), kill_any).await?;
        let teams = bot_service(&world, common.at, clock)?;
        tokio::spawn(microsoft::serve(graph_at, world.clone()));
        let routes = slack.router().merge(teams.router());
        tokio::spawn(async move { axum::serve(chats_at, routes).await });
        for who in [ASKER, SIGNER] {
            teams.open_personal(who)?;
        }
        let (clocks, back, ahead) = (Mutex::default(), Mutex::default(), Mutex::default());
        let clock = time;
        Ok(Self { world, slack, teams, clock, clocks, back, ahead, graph, chats, common })
    }

    /// Lines for one process.
    pub async fn lines(
        &self,
        database: &Database,
        tally: &Tally,
        kill: Kill,
    ) -> anyhow::Result<Lines> {
        let to_database = match database.socket() {
            Some(socket) => Some(Line::to_database(socket, tally.clone(), kill.clone()).await?),
            None => None,
        };
        Ok(Lines {
            graph: Line::open("microsoft", self.graph, tally.clone(), kill.clone()).await?,
            chats: Line::open("slack", self.chats, tally.clone(), kill).await?,
            database: to_database,
        })
    }

    /// From now on the chats reach the bot there.
    pub fn turn_to(&self, service: SocketAddr) {
        if let Ok(address) = format!("http://{service}").parse() {
            self.slack.reach_bot(Transport::Http(address));
        }
        self.teams.set_bot_endpoint(&format!("http://{service}/api/messages"));
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A process follows the clock through this file.
    pub fn add_clock(&self, file: PathBuf) {
        self.clocks.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }

    /// The files that move the clocks of processes.
    pub fn clocks(&self) -> Vec<PathBuf> {
        self.clocks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The channel in which this request is asked.
    pub fn helpdesk(number: u64) -> String {
        format!("C0HELPDESK{}", number % HELPDESKS)
    }

    /// The sign-in name of one of the staff.
    pub fn staff(number: u64) -> String {
        format!("staff{:02}@contoso.com", number % STAFF)
    }

    /// The sign-in name of one of those of whom something is asked for later.
    pub fn of_the_night(number: u64) -> String {
        format!("night{number:03}@contoso.com")
    }

    /// Nothing strikes any more, but for what the lines of processes do.
    pub fn heal(&self) {
        self.world.faults().clear();
        self.slack.clear_faults();
        self.teams.heal();
        self.common.heal();
    }

    /// What nobody outside may ever read, of every sort that the settings hold.
    pub fn secrets(&self) -> Vec<(&'static str, String)> {
        let setup = self.slack.setup();
        vec![
            ("Slack's signing secret", setup.signing_secret.clone()),
            ("Slack's bot token", setup.bot_token.clone()),
            ("the app's secret", DEMO_CLIENT_SECRET.to_owned()),
            ("the bot's secret", BOT_SECRET.to_owned()),
        ]
    }

    /// The settings of the process that listens there.
    pub fn settings(
        &self,
        room: &Path,
        database: &Secret,
        listen: SocketAddr,
        lines: &Lines,
    ) -> String {
        let setup = self.slack.setup();
        let areas = ["users", "passwords_and_security", "groups", "guests"].map(|area| {
            format!("[policy.groups.{area}]\naccess = \"read_write\"\napproval = \"approve\"\n")
        });
        let (graph, chats) = (lines.graph.at, lines.chats.at);
        format!(
            r#"
database = "{database}"
[tenant]
id = "{CONTOSO_TENANT}"
time_zone = "{ZONE}"
[keys]
file = "{keys}"
[server]
public_url = "https://chaos.invalid"
listen = "{listen}"
[microsoft]
client_id = "{DEMO_CLIENT_ID}"
client_secret = "{DEMO_CLIENT_SECRET}"
[teams]
app_id = "{BOT_APP}"
app_secret = "{BOT_SECRET}"
service_hosts = ["http://{common}"]
[slack]
signing_secret = "{signing}"
bot_token = "{token}"
app_id = "{app}"
team_id = "{team}"
mail_is_identity = true
[approvals]
slack_channels = ["{APPROVALS}"]
personal = true
[endpoints]
login = "http://{graph}"
graph = "http://{graph}"
exchange = "http://{graph}"
slack = "http://{chats}/api/"
bot_login = "{bot_login}"
bot_openid = "{bot_openid}"
[policy]
secrets_to = "requester"
requesters = ["{ASKER}"]
approvers = ["{SIGNER}"]
{areas}
[retention]
deliveries = "PT2400H"
[timing]
lease = "PT1S"
telling = "PT5S"
answers = "PT2S"
left_overs = "PT1S"
"#,
            database = database.reveal(),
            keys = room.join("keys.toml").display(),
            common = self.common.at,
            bot_login = self.teams.login(),
            bot_openid = self.teams.openid_metadata(),
            signing = setup.signing_secret,
            token = setup.bot_token,
            app = setup.app,
            team = setup.team,
            areas = areas.concat(),
        )
    }
}

/// Contoso with more people, of whom something is asked.
fn directory() -> anyhow::Result<String> {
    let mut all: Value = serde_json::from_str(CONTOSO)?;
    let users = all["users"].as_array_mut().context("Contoso has no users")?;
    let mut add = |upn: String, first: String| {
        users.push(json!({
            "upn": upn, "displayName": format!("{first} Member"), "givenName": first,
            "surname": "Member", "department": "Stores", "jobTitle": "Picker", "manager": null,
            "officeLocation": "London", "mobilePhone": null, "mail": upn, "userType": "Member",
            "accountEnabled": true, "licenses": ["SPE_E3"],
        }));
    };
    for number in 0..STAFF {
        add(Outside::staff(number), format!("Staff{number:02}"));
    }
    for number in 0..NIGHT {
        add(Outside::of_the_night(number), format!("Night{number:03}"));
    }
    Ok(all.to_string())
}

/// A listener on a port of its own.
async fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("no port on 127.0.0.1")?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// A port that was free a moment ago: a process binds it itself, again after each death. Below
/// those that a connection out is given (from 32768, `ip_local_port_range`), which would take it
/// meanwhile.
pub async fn free_port() -> anyhow::Result<SocketAddr> {
    let mut at = [0; 2];
    for _ in 0..100 {
        SystemClock.fill(&mut at);
        let port = 12_000 + u16::from_le_bytes(at) % 20_000;
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return Ok(listener.local_addr()?);
        }
    }
    anyhow::bail!("no port between 12000 and 32000 on 127.0.0.1 is free")
}

fn workspace(clock: Arc<dyn Clock>) -> Workspace {
    let slack = Workspace::new(Setup::contoso(clock));
    let people = [
        (ASKER_IN_SLACK, "tina.tech", "Tina Tech", ASKER),
        (SIGNER_IN_SLACK, "anna.approver", "Anna Approver", SIGNER),
    ];
    for (id, handle, name, mail) in people {
        slack.put_person(Person::member(id, handle, name, mail));
    }
    let bot = slack.setup().bot_user.clone();
    let members = [ASKER_IN_SLACK, SIGNER_IN_SLACK, bot.as_str()];
    slack.put_channel(Channel::public(APPROVALS, "it-approvals", &members));
    for number in 0..HELPDESKS {
        slack.put_channel(Channel::public(&Outside::helpdesk(number), "helpdesk", &members));
    }
    slack
}

fn bot_service(
    world: &World,
    base: SocketAddr,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<BotService> {
    let person = |upn: &str, mri: &str| {
        let user = world.user(upn).with_context(|| format!("Contoso has no {upn}"))?;
        let text = |name: &str| user[name].as_str().unwrap_or_default().to_owned();
        anyhow::Ok(SimPerson {
            name: text("displayName"),
            aad_object_id: text("id"),
            mri: mri.to_owned(),
            upn: upn.to_owned(),
            role: "user".to_owned(),
            tenant: CONTOSO_TENANT.to_owned(),
            installed: true,
        })
    };
    Ok(BotService::new(BotSettings {
        base: format!("http://{base}"),
        app_id: BOT_APP.to_owned(),
        bot_name: "Countersign".to_owned(),
        secret: BOT_SECRET.to_owned(),
        certificate: None,
        bot_endpoint: String::new(),
        people: vec![person(ASKER, "29:tina-tech")?, person(SIGNER, "29:anna-approver")?],
        clock,
    }))
}
