//! The house, the simulated world in a thread of its own, and a request that waits for one
//! signature.

use std::{net::SocketAddr, path::Path, sync::Arc, thread, time::Duration};

use anyhow::{Context, bail, ensure};
use tokio::{net::TcpListener, sync::oneshot, time::Instant};

use crate::{
    adapters::clock::SystemClock,
    app::{Extras, House},
    cli::bench::{
        offboard::{
            slow::{self, Calls},
            tenant::{ASKS, LEAVES, Profile, SIGNS},
        },
        prepare,
    },
    config::{Config, KeyRing},
    domain::{
        area::Area,
        chat::{CardRef, ChatUser, Heard, Inbound, Place, PlaceKind, Platform, Press, Verb, Words},
        ids::RequestId,
        message::Audience,
        plan::Plan,
        request::{Request, Stage},
        step::StepRun,
    },
    engine::Next,
    ports::clock::Clock,
    sim::{
        microsoft::{self, CONTOSO_TENANT, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, World},
        slack::{Channel, Person, Setup, Workspace},
    },
};

const TECHNICIAN: &str = "U0TINATECH";
const APPROVER: &str = "U0ANNAAPPROVER";
const HELPDESK: &str = "C0HELPDESK";
const APPROVALS: &str = "C0APPROVALS";
/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_mins(2);
/// A long plan is listed before it is signed.
const PRESSES_MAX: usize = 4;

/// The simulated world, far away.
pub struct Far {
    /// The tenant.
    pub world: World,
    /// What was called.
    pub calls: Calls,
    /// The workspace.
    slack: Workspace,
    at: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Far {
    /// Starts it in a thread of its own, on loopback.
    pub async fn open(profile: &Profile) -> anyhow::Result<Self> {
        Self::of(&profile.directory()).await
    }

    /// The same, of a directory file.
    pub async fn of(directory: &str) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let world = World::from_directory(directory, clock.clone())?;
        let slack = workspace(clock);
        let calls = Calls::default();
        let late = axum::middleware::from_fn_with_state(calls.clone(), slow::slowly);
        let routes = microsoft::router(world.clone()).layer(late).merge(slack.router());
        let (tell, at) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await?;
                let _asked = tell.send(listener.local_addr()?);
                tokio::select! {
                    ended = axum::serve(listener, routes) => ended,
                    _ = stopped => Ok(()),
                }
            })
        });
        let at = at.await.context("the simulated world did not start")?;
        Ok(Self { world, calls, slack, at, _stop: stop })
    }

    /// The settings of a house that meets it.
    pub fn settings(&self, room: &Path) -> anyhow::Result<(Config, KeyRing)> {
        let setup = self.slack.setup();
        let area = |area: &Area| {
            let name = serde_json::to_value(area).ok()?.as_str()?.to_owned();
            Some(format!(
                "[policy.groups.{name}]\naccess = \"read_write\"\napproval = \"approve\"\n"
            ))
        };
        let areas = Area::ALL.iter().filter_map(area).collect::<Vec<_>>().concat();
        let text = format!(
            r#"
database = "{database}"
[tenant]
id = "{CONTOSO_TENANT}"
[keys]
file = "{keys}"
[server]
public_url = "https://bench.invalid"
[microsoft]
client_id = "{DEMO_CLIENT_ID}"
client_secret = "{DEMO_CLIENT_SECRET}"
[slack]
signing_secret = "{signing}"
bot_token = "{token}"
app_id = "{app}"
team_id = "{team}"
mail_is_identity = true
[approvals]
slack_channels = ["{APPROVALS}"]
[endpoints]
login = "http://{at}"
graph = "http://{at}"
exchange = "http://{at}"
slack = "http://{at}/api/"
[policy]
requesters = ["{ASKS}"]
approvers = ["{SIGNS}"]
{areas}
"#,
            at = self.at,
            database = room.join(prepare::DATABASE).display(),
            keys = room.join("keys.toml").display(),
            signing = setup.signing_secret,
            token = setup.bot_token,
            app = setup.app,
            team = setup.team,
        );
        prepare::settings(room, &text, &SystemClock)
    }
}

fn workspace(clock: Arc<dyn Clock>) -> Workspace {
    let slack = Workspace::new(Setup::contoso(clock));
    slack.put_person(Person::member(TECHNICIAN, "tina.tech", "Tina Tech", ASKS));
    slack.put_person(Person::member(APPROVER, "anna.approver", "Anna Approver", SIGNS));
    let bot = slack.setup().bot_user.clone();
    let members = [TECHNICIAN, APPROVER, bot.as_str()];
    slack.put_channel(Channel::public(APPROVALS, "it-approvals", &members));
    slack.put_channel(Channel::public(HELPDESK, "helpdesk", &members));
    slack
}

/// One run, from the decision to the end.
pub struct Ran {
    /// When the decision was on the disk.
    pub decided: Instant,
    /// When the end was.
    pub ended: Instant,
    /// How it ended.
    pub request: Request,
    /// What was signed.
    pub plan: Plan,
    /// How each step ended.
    pub steps: Vec<StepRun>,
}

/// The house, with a request about the leaver that waits for its signature.
pub struct Room {
    /// The house.
    pub house: House,
    team: String,
}

impl Room {
    /// Builds the house; nothing of it runs but what is called here.
    pub async fn open(far: &Far, config: &Config, keys: &KeyRing) -> anyhow::Result<Self> {
        Self::with(far, config, keys, Extras::default()).await
    }

    /// The same, with what is handed in besides.
    pub async fn with(
        far: &Far,
        config: &Config,
        keys: &KeyRing,
        extras: Extras,
    ) -> anyhow::Result<Self> {
        let house = House::build(config, keys, extras).await?;
        let (desk, tenant) = (&house.desk, &house.desk.tenant);
        let read = desk.people.refresh(desk.directory.as_ref(), tenant, desk.clock.now()).await;
        read.map_err(|error| anyhow::anyhow!("the simulated directory: {error}"))?;
        Ok(Self { house, team: far.slack.setup().team.clone() })
    }

    /// Asks in plain words.
    pub async fn ask(&self, words: String) -> anyhow::Result<RequestId> {
        let said = Heard::Said {
            words: Words(words),
            mentions: Vec::new(),
            message: None,
            files: Vec::new(),
        };
        let place = self.place(HELPDESK);
        let asked =
            Inbound { key: "asked".to_owned(), from: self.who(TECHNICIAN), place, what: said };
        let answer = self.house.desks.handle(asked).await?;
        let open = self.house.store.open(&self.house.desk.tenant, None, 1).await?;
        let told = || format!("nothing was asked for: {:?}", answer.say);
        open.first().map(|request| request.id).with_context(told)
    }

    /// Signs what waits; a long plan is listed before it is signed.
    pub async fn sign(&self, id: &RequestId) -> anyhow::Result<()> {
        for number in 0..PRESSES_MAX {
            while self.house.desks.tell().await? > 0 {}
            if self.signed(id, number).await? {
                return Ok(());
            }
        }
        bail!("it cannot be signed")
    }

    /// Asks in plain words, signs, and carries it out.
    pub async fn offboard(&self, calls: &Calls) -> anyhow::Result<Ran> {
        let id = self.ask(format!("offboard {LEAVES} and wipe their devices")).await?;
        let (store, engine) = (&self.house.store, &self.house.engine);
        let mut changed = store.changed();
        // A worker, as in the service: it is woken by what is saved, and by the time.
        let work = async {
            loop {
                changed.changed().await?;
                let decided = Instant::now();
                let mut next = engine.work().await?;
                if next.is_none() {
                    continue;
                }
                while !matches!(next, Some(Next::Ended)) {
                    if let Some(Next::At(at)) = next {
                        let left = at.duration_since(self.house.desk.clock.now());
                        tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
                    }
                    next = engine.work().await?;
                }
                return anyhow::Ok((decided, Instant::now()));
            }
        };
        let sign = async {
            for number in 0..PRESSES_MAX {
                while self.house.desks.tell().await? > 0 {}
                calls.forget();
                if self.signed(&id, number).await? {
                    return Ok(());
                }
            }
            bail!("it cannot be signed")
        };
        let both = async { tokio::try_join!(work, sign) };
        let ((decided, ended), ()) =
            Box::pin(tokio::time::timeout(PATIENCE, both)).await.context("it takes too long")??;
        let request = store.request(&id).await?.context("the request is gone")?;
        let frozen = store.plan(&id, request.revision).await?.context("no plan")?;
        let steps = store.steps(&id).await?;
        Ok(Ran { decided, ended, request, plan: frozen.plan().clone(), steps })
    }

    /// Presses the button; whether it is decided.
    async fn signed(&self, id: &RequestId, number: usize) -> anyhow::Result<bool> {
        let store = &self.house.store;
        let request = store.request(id).await?.context("the request is gone")?;
        ensure!(
            matches!(request.stage, Stage::Pending { .. }),
            "the request is {}, not pending",
            request.stage.name()
        );
        let copies = store.copies(id).await?;
        let copy = copies.into_iter().find(|copy| copy.audience == Audience::Approvers);
        let copy = copy.context("no card for the approvers")?;
        let on =
            copy.card.unwrap_or(CardRef { place: self.place(APPROVALS), message: String::new() });
        let press = Press {
            verb: Verb::Approve,
            request: *id,
            nonce: copy.nonce,
            digest: request.digest.context("a request without a plan")?,
            on: on.clone(),
            choice: None,
            note: None,
            ticked: Vec::new(),
            trigger: None,
        };
        let pressed = Inbound {
            key: format!("pressed {number}"),
            from: self.who(APPROVER),
            place: on.place,
            what: Heard::Pressed(press),
        };
        self.house.desks.handle(pressed).await?;
        let request = store.request(id).await?.context("the request is gone")?;
        Ok(!matches!(request.stage, Stage::Pending { .. }))
    }

    fn who(&self, id: &str) -> ChatUser {
        let (platform, realm) = (Platform::Slack, self.team.clone());
        ChatUser { platform, realm, id: id.to_owned(), address: None }
    }

    fn place(&self, channel: &str) -> Place {
        Place {
            platform: Platform::Slack,
            realm: self.team.clone(),
            conversation: channel.to_owned(),
            thread: None,
            kind: PlaceKind::Channel,
            service_url: None,
        }
    }
}
