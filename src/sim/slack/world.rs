//! People, channels, messages and forms, and what can be read back.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::{broadcast, oneshot};

use super::{deliver::Transport, faults::Fault, files::SharedFile, socket::Wires};
use crate::ports::clock::Clock;

/// Messages kept in one channel, and whispers; the oldest go first.
const MESSAGES_MAX: usize = 10_000;
/// Changes kept for a watcher that is slow.
const CHANGES_MAX: usize = 256;

/// How the workspace and the app are set up.
#[derive(Clone)]
pub struct Setup {
    /// The workspace (`T…`).
    pub team: String,
    /// Its organisation (`E…`), if it is part of one.
    pub enterprise: Option<String>,
    /// The app is installed for the whole organisation.
    pub org_wide: bool,
    /// The app (`A…`).
    pub app: String,
    /// The bot's user (`U…`).
    pub bot_user: String,
    /// The bot's handle: what people type after the @.
    pub bot_handle: String,
    /// The bot token (`xoxb-…`).
    pub bot_token: String,
    /// The app-level token (`xapp-…`), for Socket Mode.
    pub app_token: String,
    /// Signs what is sent over HTTP.
    pub signing_secret: String,
    /// The scopes of the bot token.
    pub scopes: Vec<String>,
    /// How long to wait for an answer or an ack. Slack waits 3 s.
    pub patience: Duration,
    /// The time, for message ids and triggers.
    pub clock: Arc<dyn Clock>,
}

impl Setup {
    /// The made-up company of the demo: team `T0CONTOSO`, app `A0COUNTERSIGN`.
    pub fn contoso(clock: Arc<dyn Clock>) -> Self {
        let scopes = "app_mentions:read im:history im:read im:write chat:write commands users:read \
                      users:read.email usergroups:read channels:read groups:read channels:history groups:history files:read";
        Self {
            team: "T0CONTOSO".into(),
            enterprise: None,
            org_wide: false,
            app: "A0COUNTERSIGN".into(),
            bot_user: "U0BOT".into(),
            bot_handle: "countersign".into(),
            bot_token: "xoxb-simulated-bot-token".into(),
            app_token: "xapp-simulated-app-token".into(),
            signing_secret: "simulated0signing0secret00000000".into(),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            patience: Duration::from_secs(3),
            clock,
        }
    }
}

/// Somebody with a user id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of Slack's user object")]
pub struct Person {
    /// `U…`.
    pub id: String,
    /// What people type after the @.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// The address in the profile.
    pub email: Option<String>,
    /// `is_email_confirmed`.
    pub email_confirmed: Option<bool>,
    /// The home workspace; another one than ours makes an outsider.
    pub team: String,
    /// `enterprise_user.enterprise_id`.
    pub enterprise: Option<String>,
    /// Deactivated.
    pub deleted: bool,
    /// A bot.
    pub bot: bool,
    /// A multi-channel guest.
    pub restricted: bool,
    /// A single-channel guest.
    pub ultra_restricted: bool,
    /// Invited, never signed in.
    pub invited: bool,
}

impl Person {
    /// A full member of the demo's workspace with a confirmed address.
    pub fn member(id: &str, handle: &str, name: &str, email: &str) -> Self {
        Self {
            id: id.to_owned(),
            handle: handle.to_owned(),
            name: name.to_owned(),
            email: Some(email.to_owned()),
            email_confirmed: Some(true),
            team: "T0CONTOSO".to_owned(),
            enterprise: None,
            deleted: false,
            bot: false,
            restricted: false,
            ultra_restricted: false,
            invited: false,
        }
    }
}

/// What sort of channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelKind {
    /// Anybody can look.
    Public,
    /// Only members.
    Private,
    /// One person and the bot.
    Direct,
}

/// A channel with what was said in it.
#[derive(Debug, Clone)]
pub struct Channel {
    /// `C…` or `D…`.
    pub id: String,
    /// Without the #.
    pub name: String,
    /// Public, private, or direct.
    pub kind: ChannelKind,
    /// User ids; the bot is a member only if it is among them.
    pub members: Vec<String>,
    /// Nobody can write any more.
    pub archived: bool,
    /// Shared with another organisation (Slack Connect).
    pub ext_shared: bool,
    /// Oldest first.
    pub messages: Vec<Message>,
    /// What only one person sees, oldest first. Real clients lose them on reload.
    pub whispers: Vec<Whisper>,
}

impl Channel {
    /// A public channel.
    pub fn public(id: &str, name: &str, members: &[&str]) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: ChannelKind::Public,
            members: members.iter().map(|&id| id.to_owned()).collect(),
            archived: false,
            ext_shared: false,
            messages: Vec::new(),
            whispers: Vec::new(),
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id: seconds, a dot, six digits.
    pub ts: String,
    /// Who wrote it.
    pub user: String,
    /// The words, with Slack's mark-up.
    pub text: String,
    /// Block Kit, with the block ids that Slack gave.
    pub blocks: Option<Value>,
    /// The thread it is in.
    pub thread: Option<String>,
    /// The app's metadata.
    pub metadata: Option<Value>,
    /// It was replaced since.
    pub edited: bool,
}

/// A message that one person sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Whisper {
    /// Who sees it.
    pub to: String,
    /// The message.
    pub message: Message,
}

/// A form that somebody has open.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// `V…`.
    pub id: String,
    /// Whose screen it is on.
    pub user: String,
    /// The form, with the block ids that Slack gave.
    pub view: Value,
    /// What the bot found wrong with the last answer, by block id.
    pub errors: BTreeMap<String, String>,
}

/// Something happened; look it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A message came (from the bot or a person).
    Posted { channel: String, ts: String },
    /// The bot replaced a message.
    Updated { channel: String, ts: String },
    /// One person sees something.
    Whispered { channel: String, to: String },
    /// A form opened.
    Opened { view: String, user: String },
    /// A form closed.
    Closed { view: String, user: String },
}

/// A Slack workspace. Cheap to clone: every clone is the same one.
#[derive(Clone)]
pub struct Workspace {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub setup: Setup,
    pub http: reqwest::Client,
    state: Mutex<State>,
    changes: broadcast::Sender<Change>,
}

/// A trigger of a click: one form may be opened with it, soon.
pub(super) struct Trigger {
    pub user: String,
    pub until: jiff::Timestamp,
    pub used: bool,
}

#[derive(Default)]
pub(super) struct State {
    pub people: BTreeMap<String, Person>,
    pub channels: BTreeMap<String, Channel>,
    pub groups: BTreeMap<String, Vec<String>>,
    pub views: Vec<View>,
    pub triggers: HashMap<String, Trigger>,
    /// What people chose or typed in a message or form and did not send yet, by
    /// (user, message or form, block).
    pub chosen: HashMap<(String, String, String), String>,
    /// What the last search of a picker offered, by the same.
    pub offered: HashMap<(String, String, String), Vec<Value>>,
    pub faults: VecDeque<Fault>,
    /// Files that were shared, by id.
    pub files: BTreeMap<String, SharedFile>,
    pub transport: Option<Transport>,
    pub retrying: bool,
    pub retries: Vec<super::deliver::Retry>,
    pub wires: Wires,
    pub awaiting: HashMap<String, oneshot::Sender<Value>>,
    pub last_micros: i64,
    pub count: u64,
}

impl Workspace {
    /// An empty workspace with the bot in it.
    pub fn new(setup: Setup) -> Self {
        let http = reqwest::Client::builder()
            .timeout(setup.patience)
            // docs "Events API": at most two redirects are followed.
            .redirect(reqwest::redirect::Policy::limited(2))
            .no_proxy()
            .build()
            .expect("the settings are constant");
        let mut state = State::default();
        let bot = Person {
            bot: true,
            email: None,
            email_confirmed: None,
            team: setup.team.clone(),
            enterprise: setup.enterprise.clone(),
            ..Person::member(&setup.bot_user, &setup.bot_handle, "Countersign", "")
        };
        state.people.insert(bot.id.clone(), bot);
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        Self { inner: Arc::new(Inner { setup, http, state: Mutex::new(state), changes }) }
    }

    /// How it is set up.
    pub fn setup(&self) -> &Setup {
        &self.inner.setup
    }

    /// Adds somebody, or changes them.
    pub fn put_person(&self, person: Person) {
        self.state().people.insert(person.id.clone(), person);
    }

    /// Adds a channel, or replaces it.
    pub fn put_channel(&self, channel: Channel) {
        self.state().channels.insert(channel.id.clone(), channel);
    }

    /// Sets the members of a user group (`S…`).
    pub fn put_group(&self, id: &str, members: &[&str]) {
        self.state()
            .groups
            .insert(id.to_owned(), members.iter().map(|&id| id.to_owned()).collect());
    }

    /// Everybody, the bot too.
    pub fn people(&self) -> Vec<Person> {
        self.state().people.values().cloned().collect()
    }

    /// The channels, without what was said in them.
    pub fn channels(&self) -> Vec<Channel> {
        let bare = |channel: &Channel| Channel {
            messages: Vec::new(),
            whispers: Vec::new(),
            ..channel.clone()
        };
        self.state().channels.values().map(bare).collect()
    }

    /// What was said in a channel, oldest first.
    pub fn messages(&self, channel: &str) -> Vec<Message> {
        self.state()
            .channels
            .get(channel)
            .map(|channel| channel.messages.clone())
            .unwrap_or_default()
    }

    /// Somebody deletes a message; false if it is not there.
    pub fn delete(&self, channel: &str, ts: &str) -> bool {
        let mut state = self.state();
        let Some(room) = state.channels.get_mut(channel) else { return false };
        let before = room.messages.len();
        room.messages.retain(|message| message.ts != ts);
        room.messages.len() < before
    }

    /// What only this person sees, with the channel, oldest first.
    pub fn whispers(&self, user: &str) -> Vec<(String, Message)> {
        let state = self.state();
        let all = state.channels.values().flat_map(|channel| {
            let own = channel.whispers.iter().filter(|whisper| whisper.to == user);
            own.map(|whisper| (channel.id.clone(), whisper.message.clone()))
        });
        let mut all: Vec<_> = all.collect();
        all.sort_by(|a, b| a.1.ts.cmp(&b.1.ts));
        all
    }

    /// The forms on somebody's screen, the topmost last.
    pub fn views(&self, user: &str) -> Vec<View> {
        self.state().views.iter().filter(|view| view.user == user).cloned().collect()
    }

    /// The direct conversation of somebody with the bot, made if need be.
    pub fn direct(&self, user: &str) -> String {
        self.state().direct(user, &self.inner.setup.bot_user)
    }

    /// Tells of every change from now on. A watcher that is 256 behind misses some.
    pub fn watch(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, change: Change) {
        // Nobody watching is fine.
        let _nobody = self.inner.changes.send(change);
    }
}

impl Channel {
    pub(super) fn keep(&mut self, message: Message) {
        if self.messages.len() >= MESSAGES_MAX {
            self.messages.remove(0);
        }
        self.messages.push(message);
    }

    pub(super) fn whisper(&mut self, to: &str, message: Message) {
        if self.whispers.len() >= MESSAGES_MAX {
            self.whispers.remove(0);
        }
        self.whispers.push(Whisper { to: to.to_owned(), message });
    }
}

impl State {
    pub fn direct(&mut self, user: &str, bot: &str) -> String {
        let id = format!("D0{}", user.trim_start_matches('U'));
        self.channels.entry(id.clone()).or_insert_with(|| Channel {
            kind: ChannelKind::Direct,
            ..Channel::public(&id, "directmessage", &[user, bot])
        });
        id
    }

    /// A message id that was never given before.
    pub fn ts(&mut self, now: jiff::Timestamp) -> String {
        self.last_micros = (self.last_micros + 1).max(now.as_microsecond());
        format!("{}.{:06}", self.last_micros / 1_000_000, self.last_micros % 1_000_000)
    }

    /// A fresh id such as `V0000001`.
    pub fn fresh(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}{:07}", self.count)
    }

    /// Gives a block id to each block that has none, as Slack does.
    pub fn with_block_ids(&mut self, mut blocks: Value) -> Value {
        for block in blocks.as_array_mut().into_iter().flatten() {
            if block.get("block_id").is_none() {
                block["block_id"] = self.fresh("b").into();
            }
        }
        blocks
    }
}
