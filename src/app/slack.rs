//! The Slack app: its ways in, its voice, and what keeps it going.
//!
//! Whose the bot token is, only Slack can say. When it cannot be asked at the start, the
//! house opens all the same: what Slack sends is refused so that it comes again, what is to
//! be said there waits, `/readyz` says it, and Slack is asked until it answers.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::Context;
use tokio::sync::watch;

use crate::{
    adapters::{
        http,
        slack::{
            chat::{Seat, SlackChat},
            door::SlackDoor,
            installed::{Installation, Installed},
            signature::SigningSecrets,
            web::{ApiError, WebApi, Whoami},
        },
    },
    app::socket::Socket,
    config::{self, Config},
    desk::Identities,
    domain::{chat::Platform, secret::Secret},
    ports::clock::Clock,
    web::{Doors, health::Away},
};

/// A call to Slack is given up after this long.
const CALL_WITHIN: Duration = Duration::from_secs(10);
/// Before the second try to ask Slack; doubles with each further one.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// The longest wait between two tries.
const ASK_AGAIN_MAX: Duration = Duration::from_mins(1);
/// What `/readyz` says while nobody answers.
const UNREACHABLE: &str = "cannot be reached; trying again";

/// What the Slack app gives the house.
pub(super) struct SlackHouse {
    /// Its voice.
    pub(super) chat: Arc<SlackChat>,
    /// Its way in over HTTP, if it has a signing secret.
    pub(super) door: Option<Arc<SlackDoor>>,
    /// What has to run for it.
    pub(super) work: SlackWork,
}

/// What has to run besides the doors.
pub struct SlackWork {
    stranger: Option<Stranger>,
    socket: Option<Socket>,
}

impl std::fmt::Debug for SlackWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what runs for Slack")
    }
}

impl SlackWork {
    /// Asks Slack until it is known there, then keeps the socket, until told to stop.
    pub(super) async fn run(self, doors: Doors, stop: watch::Receiver<bool>) {
        if let Some(stranger) = self.stranger {
            let mut stopped = stop.clone();
            tokio::select! {
                () = stranger.ask(&doors.away) => {}
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        }
        if let Some(socket) = self.socket {
            socket.run(doors, stop).await;
        }
    }
}

/// The app before Slack said who it is.
struct Stranger {
    slack: config::Slack,
    bot: WebApi,
    chat: Arc<SlackChat>,
    doors: Vec<Arc<SlackDoor>>,
}

impl Stranger {
    /// Until Slack answers. A refusal is not the end either: the house has other work,
    /// and a token that is switched on again needs no restart.
    async fn ask(self, away: &Away) {
        let mut wait = ASK_AGAIN;
        loop {
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(ASK_AGAIN_MAX);
            let why = match self.bot.whoami().await {
                Ok(me) => match installation(&self.slack, &me) {
                    Ok(install) => {
                        self.known(&install);
                        away.is_back(Platform::Slack);
                        tracing::info!("Slack answers; its door is open");
                        return;
                    }
                    Err(error) => format!("{error:#}"),
                },
                Err(error @ ApiError::Said { .. }) => {
                    format!("does not take slack.bot_token: {error}")
                }
                Err(_) => UNREACHABLE.to_owned(),
            };
            tracing::warn!(why, "Slack is still closed");
            away.is_gone(Platform::Slack, why);
        }
    }

    fn known(self, install: &Installation) {
        for door in &self.doors {
            door.opens_to(Installed::new(&self.slack.app_id, vec![install.clone()]));
        }
        self.chat.sit(vec![Seat { install: install.clone(), api: self.bot }]);
    }
}

/// The Slack app: who it is, its ways in, its voice. A token that Slack refuses is an
/// error; a Slack that cannot be asked is not.
pub(super) async fn slack_house(
    config: &Config,
    slack: &config::Slack,
    clock: Arc<dyn Clock>,
    away: &Away,
) -> anyhow::Result<SlackHouse> {
    let base = config.endpoints.slack().parse().context("endpoints.slack is not an address")?;
    let http = http::client_for(&base, config.timing.answers_within(CALL_WITHIN));
    let api = |token: &Secret| WebApi::new(http.clone(), &base, token.clone(), clock.clone());
    let door = match &slack.signing_secret {
        Some(secret) => {
            let previous = slack.previous_signing_secret.as_ref().map(Secret::reveal);
            let secrets =
                SigningSecrets::new(secret.reveal(), previous).context("slack.signing_secret")?;
            Some(Arc::new(SlackDoor::over_http(secrets, OnceLock::new())))
        }
        None => None,
    };
    let socket = slack.app_token.as_ref().map(|token| Socket {
        api: api(token),
        door: Arc::new(SlackDoor::over_socket(OnceLock::new())),
        clock: clock.clone(),
    });
    let chat = Arc::new(SlackChat::without_seats(clock.clone()));
    let doors = door.iter().chain(socket.as_ref().map(|socket| &socket.door)).cloned().collect();
    let stranger =
        Stranger { slack: slack.clone(), bot: api(&slack.bot_token), chat: chat.clone(), doors };
    let stranger = match stranger.bot.whoami().await {
        Ok(me) => {
            stranger.known(&installation(slack, &me)?);
            None
        }
        Err(error @ ApiError::Said { .. }) => {
            return Err(anyhow::Error::new(error)).context(
                "Slack does not take slack.bot_token; take the bot token (xoxb-…) from OAuth & Permissions, after installing the app",
            );
        }
        Err(error) => {
            tracing::error!(
                error = %format!("{:#}", anyhow::Error::new(error)),
                "Slack cannot be reached, so it stays closed until it answers; let this machine reach endpoints.slack, through HTTPS_PROXY if need be"
            );
            away.is_gone(Platform::Slack, UNREACHABLE.to_owned());
            Some(stranger)
        }
    };
    Ok(SlackHouse { chat, door, work: SlackWork { stranger, socket } })
}

fn installation(slack: &config::Slack, me: &Whoami) -> anyhow::Result<Installation> {
    let me =
        me.installation().context("slack.bot_token is not a bot's token; it starts with xoxb-")?;
    Ok(match &slack.enterprise_id {
        Some(enterprise) if me.is_org_wide() => {
            Installation::organisation(enterprise, &[slack.team_id.as_str()], me.bot_user())
        }
        enterprise => Installation::workspace(&slack.team_id, enterprise.as_deref(), me.bot_user()),
    })
}

/// How Slack accounts are tied to the directory, as the operator set it.
pub(super) fn identities(config: &Config) -> anyhow::Result<Identities> {
    let Some(slack) = &config.slack else { return Ok(Identities::default()) };
    let mut people = BTreeMap::new();
    for (id, upn) in &slack.people {
        people.insert(id.clone(), upn.parse().with_context(|| format!("slack.people.{id}"))?);
    }
    let slack_realm = slack.enterprise_id.clone().unwrap_or_else(|| slack.team_id.clone());
    let others = config.tenants.iter().flat_map(|one| one.slack_people.keys().cloned()).collect();
    Ok(Identities { slack_realm, slack: people, slack_mail: slack.mail_is_identity, others })
}
