//! Requests that wait for a signature, made as people make them: signed Slack events
//! in plain words → the desk → Graph of the simulated tenant → genuine plans and cards.
//!
//! The house stands in this process meanwhile, without its loops: nothing is posted
//! and nothing runs. Slack and Teams limit posting to about one card a second, so the
//! cards are put where they would have been posted, and the store is told so. Then
//! the house is taken down, and the service that is measured opens what it left.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    app::{Extras, House},
    cli::bench::{
        clicks::{Button, Click},
        outside::{APPROVER, Outside, TECHNICIAN_IN_SLACK},
        wire::{Wire, post},
    },
    config::{Config, KeyRing},
    domain::{
        chat::{CardRef, Place, PlaceKind, Platform, Press, Verb},
        message::Audience,
        request::{Request, Stage},
    },
    ports::{
        clock::Clock,
        store::{SayTo, Stale, Told},
    },
    sim::{
        microsoft::CONTOSO_TENANT,
        slack::{Channel, Message},
    },
    web,
};

/// The database's file.
pub const DATABASE: &str = "countersign.db";
/// So many people of Contoso are what the requests are about, in turn. None holds a role:
/// those are protected.
const ABOUT: [&str; 10] = [
    "john.doe",
    "jane.roe",
    "sam.taylor",
    "fiona.ledger",
    "felix.brandt",
    "mona.vale",
    "omar.haddad",
    "nadia.petrova",
    "hugo.marsh",
    "samir.nadar",
];
/// People who ask at the same time.
const LANES: usize = 16;
/// Handling what was asked takes at most this long after the last answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// When a request is carried out once it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once.
    AtOnce,
    /// On a day a month ahead, so that nothing but the decision happens now.
    Later,
}

/// What is wanted: so many requests, to be signed there.
pub type Wanted = (usize, Platform, When);

/// The house of the preparation, with its doors open.
pub struct Workshop {
    house: House,
    doors: JoinHandle<()>,
}

impl Workshop {
    /// Builds the house on a new database and opens its doors.
    pub async fn open(outside: &Outside, config: &Config, keys: &KeyRing) -> anyhow::Result<Self> {
        let house = House::build(config, keys, Extras::default()).await?;
        let (desk, tenant) = (&house.desk, &house.desk.tenant);
        desk.people
            .refresh(desk.directory.as_ref(), tenant, desk.clock.now())
            .await
            .map_err(|error| anyhow::anyhow!("the simulated directory: {error}"))?;
        let listener = TcpListener::bind(outside.service).await?;
        let routes = web::router(house.doors.clone());
        let doors = tokio::spawn(async move {
            // It ends with the workshop.
            let _ended = axum::serve(listener, routes).await;
        });
        outside.teams.install(APPROVER).await.context("the bot cannot be installed")?;
        Ok(Self { house, doors })
    }

    /// Asks, and gives the buttons to press, for each wish in order.
    pub async fn make(
        &self,
        outside: &Arc<Outside>,
        wanted: &[Wanted],
    ) -> anyhow::Result<Vec<Vec<Click>>> {
        let mut wishes = Vec::new();
        for (group, (count, platform, when)) in wanted.iter().enumerate() {
            wishes.extend(std::iter::repeat_n((group, *platform, *when), *count));
        }
        let asked = self.ask(outside, &wishes).await?;
        self.heard_out().await?;
        let mut clicks: Vec<Vec<Click>> = wanted.iter().map(|_| Vec::new()).collect();
        let mut board = Board::new(outside).await?;
        loop {
            let now = outside.now();
            let held = now + SignedDuration::from_mins(10);
            let stale = self.house.store.stale(now, held, 256).await?;
            if stale.is_empty() {
                break;
            }
            let mut told = Vec::new();
            for one in stale {
                let request = self.house.store.request(&one.copy.request).await?;
                let request = request.context("a card without a request")?;
                ensure!(
                    matches!(request.stage, Stage::Pending { .. }),
                    "a prepared request is {}, not pending",
                    request.stage.name()
                );
                let message = request.origin.message.as_deref().unwrap_or_default();
                let number = asked.get(message).copied().context("a request nobody made")?;
                let (group, platform, _) = wishes[number];
                let (card, click) = self.put(&mut board, &one, &request, platform).await?;
                clicks[group].extend(click);
                told.push((one.copy.id, one.wanted, card));
            }
            let told = told.iter().map(|(id, wanted, card)| {
                self.house.store.drawn(id, *wanted, Told::Said(Some(card.clone())))
            });
            futures::future::try_join_all(told).await?;
        }
        board.fill(outside);
        for ((count, ..), made) in wanted.iter().zip(&clicks) {
            ensure!(made.len() == *count, "{} of {count} requests were prepared", made.len());
        }
        Ok(clicks)
    }

    /// Says everything that is wanted; gives which message is which wish.
    async fn ask(
        &self,
        outside: &Arc<Outside>,
        wishes: &[(usize, Platform, When)],
    ) -> anyhow::Result<BTreeMap<String, usize>> {
        let day = (outside.now() + SignedDuration::from_hours(30 * 24)).to_string();
        let day = day.get(..10).context("a date")?.to_owned();
        let lanes = (0..LANES).map(|lane| {
            let (outside, day) = (Arc::clone(outside), day.clone());
            let mine: Vec<(usize, When)> = wishes
                .iter()
                .enumerate()
                .skip(lane)
                .step_by(LANES)
                .map(|(number, (_, _, when))| (number, *when))
                .collect();
            tokio::spawn(async move {
                let mut said = Vec::new();
                for (number, when) in mine {
                    let about = ABOUT[number % ABOUT.len()];
                    let on = match when {
                        When::AtOnce => String::new(),
                        When::Later => format!(" on {day}"),
                    };
                    let words =
                        format!("@countersign revoke the sessions of {about}@contoso.com{on}");
                    let channel = Outside::helpdesk(number);
                    let acted =
                        outside.slack.say(TECHNICIAN_IN_SLACK, &channel, &words, None).await?;
                    let status = acted.answer.and_then(|answer| answer.status);
                    ensure!(status == Some(200), "an event was answered {status:?}");
                    said.push((acted.ts.context("a message without its id")?, number));
                }
                Ok(said)
            })
        });
        let mut all = BTreeMap::new();
        for lane in lanes.collect::<Vec<_>>() {
            all.extend(lane.await??);
        }
        Ok(all)
    }

    async fn heard_out(&self) -> anyhow::Result<()> {
        let mut changed = self.house.store.changed();
        while !self.house.store.unhandled(1).await?.is_empty() {
            tokio::time::timeout(PATIENCE, changed.changed())
                .await
                .context("what was asked is not handled")??;
        }
        Ok(())
    }

    /// Puts one card where it would have been posted; its button, if it is the one to press.
    async fn put(
        &self,
        board: &mut Board,
        stale: &Stale,
        request: &Request,
        platform: Platform,
    ) -> anyhow::Result<(CardRef, Option<Click>)> {
        let copy = &stale.copy;
        let on = match &copy.to {
            SayTo::Place { place } | SayTo::Whisper { place, .. } => place.clone(),
            SayTo::Person { .. } => board.anna.clone(),
        };
        let to_press = copy.audience == Audience::Approvers && on.platform == platform;
        let mut drawn = None;
        if to_press {
            let press = Press {
                verb: Verb::Approve,
                request: request.id,
                nonce: copy.nonce.clone(),
                digest: request.digest.context("a request without a plan")?,
                on: CardRef { place: on.clone(), message: String::new() },
                choice: None,
                note: None,
                ticked: Vec::new(),
                trigger: None,
            };
            let card = self.house.desk.card_now(&press).await?;
            drawn = Some(card.context("the card is not drawn")?);
        }
        let message = match on.platform {
            Platform::Slack => board.in_slack(&on, drawn.as_ref().map(|drawn| &drawn.body)),
            Platform::Teams | Platform::Api => {
                board.in_teams(drawn.as_ref().map(|drawn| &drawn.body)).await?
            }
        };
        let click = drawn.map(|drawn| Click {
            request: request.id,
            on: on.conversation.clone(),
            message: message.clone(),
            button: Button { platform, body: drawn.body },
        });
        Ok((CardRef { place: on, message }, click))
    }

    /// Bytes that one decision adds to the write-ahead log, with nothing else going on:
    /// the median over these presses, which are real requests.
    pub async fn bytes_of(
        &self,
        room: &Path,
        wire: &mut Wire,
        presses: &[Vec<u8>],
    ) -> anyhow::Result<u64> {
        let log = room.join(format!("{DATABASE}-wal"));
        let size = || std::fs::metadata(&log).map_or(0, |about| about.len());
        rusqlite::Connection::open(room.join(DATABASE))?
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .context("the log cannot be emptied")?;
        let mut grown = Vec::new();
        for press in presses {
            let before = size();
            let answer = wire.ask(press).await?;
            ensure!(answer.status == 200, "a click was answered {}", answer.status);
            // After a checkpoint the log begins anew and does not grow for a while.
            grown.extend(size().checked_sub(before).filter(|grown| *grown > 0));
        }
        grown.sort_unstable();
        grown.get(grown.len() / 2).copied().context("the log does not grow")
    }

    /// Takes the house down.
    pub async fn close(self) {
        self.doors.abort();
        let _aborted = self.doors.await;
    }
}

/// Cards on their way into the chats.
struct Board {
    channels: BTreeMap<String, Vec<Message>>,
    bot: String,
    anna: Place,
    wire: Wire,
    token: String,
    micros: i64,
}

impl Board {
    async fn new(outside: &Outside) -> anyhow::Result<Self> {
        let anna = Place {
            platform: Platform::Teams,
            realm: CONTOSO_TENANT.to_owned(),
            conversation: outside.teams.open_personal(APPROVER)?,
            thread: None,
            kind: PlaceKind::Personal,
            service_url: Some(outside.teams.service_url()),
        };
        Ok(Self {
            channels: BTreeMap::new(),
            bot: outside.slack.setup().bot_user.clone(),
            anna,
            wire: Wire::to(outside.chats).await?,
            token: outside.teams.bot_token(),
            micros: outside.now().as_microsecond(),
        })
    }

    fn in_slack(&mut self, on: &Place, body: Option<&Value>) -> String {
        self.micros += 1;
        let ts = format!("{}.{:06}", self.micros / 1_000_000, self.micros % 1_000_000);
        self.channels.entry(on.conversation.clone()).or_default().push(Message {
            ts: ts.clone(),
            user: self.bot.clone(),
            text: "a request".to_owned(),
            blocks: body.map(|body| body["blocks"].clone()),
            thread: on.thread.clone(),
            metadata: None,
            edited: false,
        });
        ts
    }

    async fn in_teams(&mut self, card: Option<&Value>) -> anyhow::Result<String> {
        let activity = match card {
            Some(card) => json!({"type": "message", "attachments":
                [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}]}),
            None => json!({"type": "message", "text": "a request"}),
        };
        let conversation = self.anna.conversation.replace(':', "%3A");
        let path = format!("/teams/v3/conversations/{conversation}/activities");
        let token = format!("Bearer {}", self.token);
        let headers = [("content-type", "application/json"), ("authorization", token.as_str())];
        let request = post(&path, &headers, activity.to_string().as_bytes());
        let answer = self.wire.ask(&request).await?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok(said["id"].as_str().context("the simulated Teams took no card")?.to_owned())
    }

    /// The channels of the workspace with these messages added.
    fn fill(self, outside: &Outside) {
        let mut waiting = self.channels;
        for channel in outside.slack.channels() {
            let Some(cards) = waiting.remove(&channel.id) else { continue };
            let mut messages = outside.slack.messages(&channel.id);
            messages.extend(cards);
            outside.slack.put_channel(Channel { messages, ..channel });
        }
    }
}

/// Reads settings text; the keys are made beside it.
pub fn settings(room: &Path, text: &str, clock: &dyn Clock) -> anyhow::Result<(Config, KeyRing)> {
    std::fs::write(room.join("countersign.toml"), text)?;
    let keys = KeyRing::new_file(&room.join("keys.toml"), |bytes| clock.fill(bytes))?;
    Ok((Config::read(text, &BTreeMap::new())?, keys))
}
