//! [`BotService`]: what the simulated Bot Framework knows, and how to look at it.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::Router;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::{
    domain::chat::PlaceKind,
    ports::clock::Clock,
    sim::teams::{
        connector,
        faults::{At, Fault},
        keys::SigningKey,
        login,
    },
};

/// The newest calls that are kept.
const CALLS_MAX: usize = 50_000;
/// The newest messages that are kept of one conversation.
const MESSAGES_MAX: usize = 5_000;

/// What a simulated Bot Framework begins with.
#[derive(Clone)]
pub struct BotSettings {
    /// Its own address, without a path: `http://127.0.0.1:7080`.
    pub base: String,
    /// The bot's app id.
    pub app_id: String,
    /// The bot's name, as people mention it.
    pub bot_name: String,
    /// The bot's secret, which the login checks. An invented one.
    pub secret: String,
    /// The SHA-256 thumbprint (base64url) of the bot's certificate, whose key is
    /// [`SigningKey::shared`] number 3, if it has one.
    pub certificate: Option<String>,
    /// Where the bot listens: `http://127.0.0.1:3978/api/messages`.
    pub bot_endpoint: String,
    /// Who is there.
    pub people: Vec<SimPerson>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Somebody with a Teams client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimPerson {
    /// The name shown.
    pub name: String,
    /// The Entra object id.
    pub aad_object_id: String,
    /// The address for this bot: `29:…`.
    pub mri: String,
    /// The sign-in name.
    pub upn: String,
    /// `user` or `guest`.
    pub role: String,
    /// The home tenant.
    pub tenant: String,
    /// Whether the bot's app is installed for them.
    pub installed: bool,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The bot.
    Bot,
    /// Somebody, by their MRI.
    Person(String),
}

/// A message in a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct SimMessage {
    /// The service's id.
    pub id: String,
    /// The root message of its thread, in a channel.
    pub thread: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// Its words.
    pub text: Option<String>,
    /// Its card.
    pub card: Option<Value>,
    /// What the notification said.
    pub summary: Option<String>,
    /// How often it was replaced.
    pub updated_times: u32,
    /// When it was written or last replaced.
    pub at: Timestamp,
}

/// A call the bot made.
#[derive(Debug, Clone, PartialEq)]
pub struct SimCall {
    /// Which sort.
    pub what: At,
    /// The path.
    pub path: String,
    /// The answer's status; `None` when a fault stood in its place.
    pub status: Option<u16>,
    /// The activity or conversation sent. Never a form with a secret.
    pub body: Value,
}

/// Something changed in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimChange {
    /// Where.
    pub conversation: String,
    /// Which message.
    pub message: String,
}

/// A simulated Bot Framework. Clones are the same one.
#[derive(Clone)]
pub struct BotService(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) settings: BotSettings,
    pub(super) http: reqwest::Client,
    state: Mutex<State>,
    changes: broadcast::Sender<SimChange>,
}

pub(super) struct State {
    pub(super) bot_endpoint: String,
    pub(super) people: Vec<SimPerson>,
    pub(super) conversations: BTreeMap<String, Conversation>,
    /// Tokens of the bot, and until when they are accepted.
    pub(super) tokens: HashMap<String, Timestamp>,
    pub(super) calls: Vec<SimCall>,
    pub(super) published: Vec<usize>,
    pub(super) signing: usize,
    pub(super) endorsements: Vec<String>,
    faults: Vec<(At, Fault, u32)>,
    /// Files that were attached, by id.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    next: u64,
}

/// A conversation. `bot` says whether the bot is in it.
pub(super) struct Conversation {
    pub(super) kind: PlaceKind,
    pub(super) tenant: String,
    pub(super) members: Vec<String>,
    pub(super) bot: bool,
    pub(super) messages: Vec<SimMessage>,
}

impl fmt::Debug for BotService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a simulated Bot Framework at {}", self.0.settings.base)
    }
}

impl BotService {
    /// A service in which nothing has happened yet.
    pub fn new(settings: BotSettings) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(20))
            .build()
            .expect("the settings are constant");
        let state = State {
            bot_endpoint: settings.bot_endpoint.clone(),
            people: settings.people.clone(),
            conversations: BTreeMap::new(),
            tokens: HashMap::new(),
            calls: Vec::new(),
            published: vec![0],
            signing: 0,
            endorsements: vec!["msteams".to_owned(), "webchat".to_owned()],
            faults: Vec::new(),
            files: BTreeMap::new(),
            next: 1_700_000_000_000,
        };
        let (changes, _) = broadcast::channel(1024);
        Self(Arc::new(Inner { settings, http, state: Mutex::new(state), changes }))
    }

    /// Its routes: `/{tenant}/…` of the login below `/bot-login`, the multi-tenant
    /// login also at the root, `/v1/.well-known/…`, and the connector below `/teams`.
    pub fn router(&self) -> Router {
        login::routes().merge(connector::routes()).with_state(self.clone())
    }

    /// The address of the login, for [`crate::adapters::teams::Endpoints::login`].
    pub fn login(&self) -> String {
        format!("{}/bot-login", self.0.settings.base)
    }

    /// The address of the metadata document.
    pub fn openid_metadata(&self) -> String {
        format!("{}/v1/.well-known/openidconfiguration", self.0.settings.base)
    }

    /// The connector, as activities name it.
    pub fn service_url(&self) -> String {
        format!("{}/teams/", self.0.settings.base)
    }

    /// The issuer of its tokens: the real one's name.
    pub fn issuer(&self) -> &'static str {
        "https://api.botframework.com"
    }

    /// Moves the bot to another address.
    pub fn set_bot_endpoint(&self, url: &str) {
        url.clone_into(&mut self.state().bot_endpoint);
    }

    /// Tells of each new or changed message. A slow listener misses the oldest.
    pub fn changes(&self) -> broadcast::Receiver<SimChange> {
        self.0.changes.subscribe()
    }

    /// The messages of a conversation, in order. With `;messageid=…`, of one thread.
    pub fn messages(&self, conversation: &str) -> Vec<SimMessage> {
        let (id, thread) = split(conversation);
        let state = self.state();
        let all =
            state.conversations.get(id).into_iter().flat_map(|conversation| &conversation.messages);
        all.filter(|message| thread.is_none() || message.thread.as_deref() == thread)
            .cloned()
            .collect()
    }

    /// All conversations there are.
    pub fn conversations(&self) -> Vec<(String, PlaceKind)> {
        self.state()
            .conversations
            .iter()
            .map(|(id, conversation)| (id.clone(), conversation.kind))
            .collect()
    }

    /// Who is there.
    pub fn people(&self) -> Vec<SimPerson> {
        self.state().people.clone()
    }

    /// Changes what the service says about somebody; `false` if nobody has this MRI.
    pub fn change_person(&self, mri: &str, change: impl FnOnce(&mut SimPerson)) -> bool {
        let mut state = self.state();
        let person = state.people.iter_mut().find(|person| person.mri == mri);
        person.map(change).is_some()
    }

    /// The calls the bot made, oldest first.
    pub fn calls(&self) -> Vec<SimCall> {
        self.state().calls.clone()
    }

    /// How many calls of one sort the bot made.
    pub fn count(&self, what: At) -> usize {
        self.state().calls.iter().filter(|call| call.what == what).count()
    }

    /// Plants a fault before the next `times` calls of one sort.
    pub fn plant(&self, at: At, fault: Fault, times: u32) {
        self.state().faults.push((at, fault, times));
    }

    /// How many planted faults of one sort of call did not happen yet.
    pub fn planted(&self, at: At) -> u32 {
        let state = self.state();
        state.faults.iter().filter(|(place, _, _)| *place == at).map(|(.., times)| times).sum()
    }

    /// Takes all planted faults away.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// Signs with another key from now on, and publishes these.
    pub fn rotate_keys(&self, signing: usize, published: &[usize]) {
        let mut state = self.state();
        state.signing = signing;
        state.published = published.to_vec();
    }

    /// What the published keys may sign for.
    pub fn endorse(&self, channels: &[&str]) {
        self.state().endorsements = channels.iter().map(|&channel| channel.to_owned()).collect();
    }

    /// No token that was given out is accepted any more.
    pub fn revoke_bot_tokens(&self) {
        self.state().tokens.clear();
    }

    /// A token of the bot itself, as its login gives out.
    pub fn bot_token(&self) -> String {
        login::bot_token(self)
    }

    /// The claims of a good token for the bot.
    pub fn claims(&self) -> Value {
        let now = self.now().as_second();
        json!({
            "serviceurl": self.service_url(), "nbf": now, "exp": now + 3600,
            "iss": self.issuer(), "aud": self.0.settings.app_id,
        })
    }

    /// A signed token for the bot: the good claims with these instead, `null` to leave
    /// one out.
    pub fn mint(&self, overrides: &Value) -> String {
        let mut claims = self.claims();
        for (name, value) in overrides.as_object().into_iter().flatten() {
            if value.is_null() {
                claims.as_object_mut().and_then(|claims| claims.remove(name));
            } else {
                claims[name] = value.clone();
            }
        }
        self.signing_key().token(&claims)
    }

    /// The key it signs with now.
    pub fn signing_key(&self) -> &'static SigningKey {
        SigningKey::shared(self.state().signing)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.settings.clock.now()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, conversation: &str, message: &str) {
        let change =
            SimChange { conversation: conversation.to_owned(), message: message.to_owned() };
        // Nobody may be listening.
        drop(self.0.changes.send(change));
    }
}

impl State {
    /// A fresh id: milliseconds, as Teams' message ids look.
    pub(super) fn id(&mut self) -> String {
        self.next += 1;
        self.next.to_string()
    }

    pub(super) fn record(&mut self, call: SimCall) {
        if self.calls.len() >= CALLS_MAX {
            self.calls.drain(..CALLS_MAX / 2);
        }
        self.calls.push(call);
    }

    pub(super) fn fault(&mut self, at: At) -> Option<Fault> {
        let (_, fault, times) =
            self.faults.iter_mut().find(|(place, _, times)| *place == at && *times > 0)?;
        *times -= 1;
        Some(fault.clone())
    }

    pub(super) fn person(&self, said: &str) -> Option<&SimPerson> {
        let is = |person: &&SimPerson| {
            person.mri == said
                || person.aad_object_id.eq_ignore_ascii_case(said)
                || person.upn.eq_ignore_ascii_case(said)
        };
        self.people.iter().find(is)
    }
}

impl Conversation {
    pub(super) fn new(kind: PlaceKind, tenant: &str, members: Vec<String>) -> Self {
        Self { kind, tenant: tenant.to_owned(), members, bot: true, messages: Vec::new() }
    }

    pub(super) fn add(&mut self, message: SimMessage) {
        if self.messages.len() >= MESSAGES_MAX {
            self.messages.remove(0);
        }
        self.messages.push(message);
    }
}

/// A conversation and its thread: `<channel>;messageid=<root>`.
pub(super) fn split(conversation: &str) -> (&str, Option<&str>) {
    match conversation.split_once(";messageid=") {
        Some((id, thread)) => (id, Some(thread)),
        None => (conversation, None),
    }
}
