//! The simulated world, in this process: tenant, Slack and Bot Framework on loopback.
//! The service that is measured is another process and knows only their addresses.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::Context;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::{
    adapters::clock::SystemClock,
    ports::clock::Clock,
    sim::{
        microsoft::{self, CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, World},
        slack::{Channel, Person, Setup, Transport, Workspace},
        teams::{BotService, BotSettings, SimPerson},
    },
};

/// Who signs, by sign-in name.
pub const APPROVER: &str = "anna.approver@contoso.com";
/// Who asks, as Slack knows her.
pub const TECHNICIAN_IN_SLACK: &str = "U0TINATECH";
/// Who signs, as Slack knows her.
pub const APPROVER_IN_SLACK: &str = "U0ANNAAPPROVER";
/// Where approval cards go in Slack.
pub const APPROVALS: &str = "C0APPROVALS";
const BOT_APP: &str = "33333333-aaaa-4bbb-8ccc-000000000001";
const BOT_SECRET: &str = "simulated~bot~secret";
/// Requests asked in one channel.
const ASKED_IN_ONE: usize = 100;

/// Everything outside.
pub struct Outside {
    /// The workspace.
    pub slack: Workspace,
    /// The Bot Framework.
    pub teams: BotService,
    /// Where the service listens.
    pub service: SocketAddr,
    /// Where chats are.
    pub chats: SocketAddr,
    graph: SocketAddr,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the simulated world around {}", self.service)
    }
}

impl Outside {
    /// Starts all of it; `asked` requests will be made.
    pub async fn open(asked: usize) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let world = World::contoso(clock.clone());
        let (graph_at, graph) = listen().await?;
        let (chats_at, chats) = listen().await?;
        // A port that was free a moment ago: the service binds it itself.
        let (free, service) = listen().await?;
        drop(free);
        let slack = workspace(clock.clone(), asked);
        slack.reach_bot(Transport::Http(format!("http://{service}").parse()?));
        let teams = bot_service(&world, chats, service, clock.clone())?;
        tokio::spawn(microsoft::serve(graph_at, world));
        let routes = slack.router().merge(teams.router());
        tokio::spawn(async move { axum::serve(chats_at, routes).await });
        Ok(Self { slack, teams, service, chats, graph, clock })
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The channel in which the request of this number is asked.
    pub fn helpdesk(number: usize) -> String {
        format!("C0HELPDESK{}", number / ASKED_IN_ONE)
    }

    /// The settings of the service.
    pub fn settings(&self, room: &Path) -> String {
        let Self { slack, teams, service, chats, graph, .. } = self;
        let setup = slack.setup();
        let areas = ["users", "passwords_and_security"].map(|area| {
            format!("[policy.groups.{area}]\naccess = \"read_write\"\napproval = \"approve\"\n")
        });
        format!(
            r#"
database = "{database}"
[tenant]
id = "{CONTOSO_TENANT}"
[keys]
file = "{keys}"
[server]
public_url = "https://bench.invalid"
listen = "{service}"
[microsoft]
client_id = "{DEMO_CLIENT_ID}"
client_secret = "{DEMO_CLIENT_SECRET}"
[teams]
app_id = "{BOT_APP}"
app_secret = "{BOT_SECRET}"
service_hosts = ["http://{chats}"]
[slack]
signing_secret = "{signing}"
bot_token = "{token}"
app_id = "{app}"
team_id = "{team}"
mail_is_identity = true
[approvals]
slack_channels = ["{APPROVALS}"]
[endpoints]
login = "http://{graph}"
graph = "http://{graph}"
exchange = "http://{graph}"
slack = "http://{chats}/api/"
bot_login = "{bot_login}"
bot_openid = "{bot_openid}"
[policy]
requesters = ["tina.tech@contoso.com"]
approvers = ["{APPROVER}"]
{areas}
"#,
            database = room.join(super::prepare::DATABASE).display(),
            keys = room.join("keys.toml").display(),
            signing = setup.signing_secret,
            token = setup.bot_token,
            app = setup.app,
            team = setup.team,
            bot_login = teams.login(),
            bot_openid = teams.openid_metadata(),
            areas = areas.concat(),
        )
    }
}

async fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("no port on 127.0.0.1")?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn workspace(clock: Arc<dyn Clock>, asked: usize) -> Workspace {
    let slack = Workspace::new(Setup::contoso(clock));
    let people = [
        (TECHNICIAN_IN_SLACK, "tina.tech", "Tina Tech", "tina.tech@contoso.com"),
        (APPROVER_IN_SLACK, "anna.approver", "Anna Approver", APPROVER),
    ];
    for (id, handle, name, mail) in people {
        slack.put_person(Person::member(id, handle, name, mail));
    }
    let bot = slack.setup().bot_user.clone();
    let members = [TECHNICIAN_IN_SLACK, APPROVER_IN_SLACK, bot.as_str()];
    slack.put_channel(Channel::public(APPROVALS, "it-approvals", &members));
    for number in (0..asked).step_by(ASKED_IN_ONE) {
        slack.put_channel(Channel::public(&Outside::helpdesk(number), "helpdesk", &members));
    }
    slack
}

fn bot_service(
    world: &World,
    chats: SocketAddr,
    service: SocketAddr,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<BotService> {
    let anna = world.user(APPROVER).context("Contoso has no approver")?;
    let text = |name: &str| anna[name].as_str().unwrap_or_default().to_owned();
    let person = SimPerson {
        name: text("displayName"),
        aad_object_id: text("id"),
        mri: "29:anna-approver".to_owned(),
        upn: APPROVER.to_owned(),
        role: "user".to_owned(),
        tenant: CONTOSO_TENANT.to_owned(),
        installed: true,
    };
    Ok(BotService::new(BotSettings {
        base: format!("http://{chats}"),
        app_id: BOT_APP.to_owned(),
        bot_name: "Countersign".to_owned(),
        secret: BOT_SECRET.to_owned(),
        certificate: None,
        bot_endpoint: format!("http://{service}/api/messages"),
        people: vec![person],
        clock,
    }))
}
