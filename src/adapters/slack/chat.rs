//! `ports::chat::Chat` over Slack's Web API.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    company::Full,
    installed::Installation,
    people,
    web::{ApiError, Method, WebApi},
};
use crate::{
    domain::chat::{Attached, CardRef, ChatUser, Drawn, Place, PlaceKind, Platform},
    ports::{
        chat::{Barred, Chat, ChatError, ChatPerson, Company, FileError},
        clock::Clock,
    },
};

/// What Slack says about people and channels is believed for this long.
const FRESH_SECONDS_MAX: i64 = 60;
/// Nothing can be said before Slack said whose the token is; the next try is after this.
const WAIT_FOR_SEATS: Duration = Duration::from_secs(5);
/// Entries kept of each sort.
const KEPT_MAX: usize = 2000;
/// `text` beside the blocks; Slack recommends to stay under 4000 characters.
const TEXT_CHARS_MAX: usize = 3500;
/// The mark of our messages, by which an earlier try is found. Everybody in the
/// workspace can read it: it holds ids only.
const EVENT_TYPE: &str = "countersign_message";

/// One install and its token.
pub struct Seat {
    /// Whose people are ours there.
    pub install: Installation,
    /// Speaks with that install's bot token.
    pub api: WebApi,
}

/// Slack, for one or several installs of the app.
pub struct SlackChat {
    seats: OnceLock<HashMap<String, Seat>>,
    pub(super) clock: Arc<dyn Clock>,
    people: Mutex<Kept<(String, String), ChatPerson>>,
    rooms: Mutex<Kept<(String, String), Room>>,
    pub(super) full: Mutex<Full>,
}

/// Whether other organisations are in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Ours,
    Shared,
}

impl SlackChat {
    /// One seat for each install.
    pub fn new(seats: Vec<Seat>, clock: Arc<dyn Clock>) -> Self {
        let chat = Self::without_seats(clock);
        chat.sit(seats);
        chat
    }

    /// Slack, before it said whose the token is. What is to be said waits until [`Self::sit`].
    pub fn without_seats(clock: Arc<dyn Clock>) -> Self {
        Self {
            seats: OnceLock::new(),
            clock,
            people: Mutex::default(),
            rooms: Mutex::default(),
            full: Mutex::default(),
        }
    }

    /// Takes one seat for each install. The first word stands.
    pub fn sit(&self, seats: Vec<Seat>) {
        self.seats.get_or_init(|| {
            seats.into_iter().map(|seat| (seat.install.realm().to_owned(), seat)).collect()
        });
    }

    fn seats(&self) -> Result<&HashMap<String, Seat>, ChatError> {
        self.seats.get().ok_or(ChatError::Early { wait: WAIT_FOR_SEATS })
    }

    pub(super) fn seat(&self, place: &Place) -> Result<&Seat, ChatError> {
        let seats = self.seats()?;
        let seat = seats.get(&place.realm).or_else(|| {
            // A workspace of an organisation that did not name its workspaces.
            let org_wide =
                |seat: &&Seat| seat.install.is_org_wide() && place.realm.starts_with('T');
            seats.values().find(org_wide)
        });
        seat.filter(|_| place.platform == Platform::Slack).ok_or_else(|| {
            ChatError::NotAllowed("this app is not installed in that workspace".to_owned())
        })
    }

    /// Refuses channels that are shared with another organisation: their people
    /// could read the card, and press its buttons.
    pub(super) async fn among_us(&self, seat: &Seat, place: &Place) -> Result<(), ChatError> {
        if place.kind == PlaceKind::Personal {
            return Ok(());
        }
        let key = (place.realm.clone(), place.conversation.clone());
        let known = lock(&self.rooms).get(&key, self.clock.now());
        let room = if let Some(room) = known {
            room
        } else {
            let about = [("channel", place.conversation.as_str())];
            let said = seat.api.call(Method::ConversationInfo, &about, None).await?;
            let room = room(&said["channel"]);
            lock(&self.rooms).put(key, room, self.clock.now());
            room
        };
        match room {
            Room::Ours => Ok(()),
            Room::Shared => Err(ChatError::NotAllowed(
                "the channel is shared with another organisation".to_owned(),
            )),
        }
    }

    /// An earlier try of the same message, if Slack lets us look.
    async fn earlier(
        &self,
        seat: &Seat,
        to: &Place,
        key: &str,
    ) -> Result<Option<CardRef>, ChatError> {
        let mut about = vec![
            ("channel", to.conversation.as_str()),
            ("include_all_metadata", "true"),
            ("limit", "100"),
        ];
        let method = match &to.thread {
            Some(thread) => {
                about.push(("ts", thread));
                Method::Replies
            }
            None => Method::History,
        };
        let said = match seat.api.call(method, &about, None).await {
            Ok(said) => said,
            // Without the scope we cannot look, and in a thread that is gone there
            // is nothing; a second copy of a card is harmless, a lost one is not.
            Err(ApiError::Said { error, .. })
                if matches!(error.as_str(), "missing_scope" | "thread_not_found") =>
            {
                tracing::warn!(slack.error = %error, "Cannot look for an earlier try in Slack; posting again");
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let messages = said["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let own = messages.iter().find(|message| {
            let mark = &message["metadata"];
            mark["event_type"] == EVENT_TYPE
                && mark["event_payload"]["key"] == key
                && message["user"] == seat.install.bot_user()
        });
        Ok(own.and_then(|message| {
            Some(CardRef { place: to.clone(), message: message["ts"].as_str()?.to_owned() })
        }))
    }
}

#[async_trait]
impl Chat for SlackChat {
    async fn post(
        &self,
        to: &Place,
        message: &Drawn,
        key: &str,
        again: bool,
    ) -> Result<CardRef, ChatError> {
        let seat = self.seat(to)?;
        self.among_us(seat, to).await?;
        if again && let Some(card) = self.earlier(seat, to, key).await? {
            return Ok(card);
        }
        let (text, blocks) = face(message);
        let mark = json!({ "event_type": EVENT_TYPE, "event_payload": { "key": key } }).to_string();
        let mut arguments = vec![
            ("channel", to.conversation.as_str()),
            ("text", text.as_str()),
            ("metadata", mark.as_str()),
            ("unfurl_links", "false"),
            ("unfurl_media", "false"),
        ];
        arguments.extend(blocks.as_deref().map(|blocks| ("blocks", blocks)));
        arguments.extend(to.thread.as_deref().map(|thread| ("thread_ts", thread)));
        let said = seat.api.call(Method::PostMessage, &arguments, Some(&to.conversation)).await?;
        let (Some(channel), Some(ts)) = (said["channel"].as_str(), said["ts"].as_str()) else {
            return Err(ChatError::Unsure(anyhow::anyhow!(
                "chat.postMessage did not say where the message is"
            )));
        };
        // A message to a person comes back with the id of the conversation.
        let place = Place { conversation: channel.to_owned(), ..to.clone() };
        Ok(CardRef { place, message: ts.to_owned() })
    }

    async fn update(&self, card: &CardRef, message: &Drawn) -> Result<(), ChatError> {
        let seat = self.seat(&card.place)?;
        let (text, blocks) = face(message);
        // `text` without `blocks` would remove the old blocks or keep them,
        // depending on the year of the documentation: both are always sent.
        let blocks = blocks.unwrap_or_else(|| "[]".to_owned());
        let arguments = [
            ("channel", card.place.conversation.as_str()),
            ("ts", card.message.as_str()),
            ("text", text.as_str()),
            ("blocks", blocks.as_str()),
        ];
        seat.api.call(Method::Update, &arguments, None).await?;
        Ok(())
    }

    async fn whisper(
        &self,
        place: &Place,
        to: &ChatUser,
        message: &Drawn,
    ) -> Result<(), ChatError> {
        let seat = self.seat(place)?;
        let (text, blocks) = face(message);
        let mut arguments = vec![
            ("channel", place.conversation.as_str()),
            ("user", to.id.as_str()),
            ("text", text.as_str()),
        ];
        arguments.extend(blocks.as_deref().map(|blocks| ("blocks", blocks)));
        arguments.extend(place.thread.as_deref().map(|thread| ("thread_ts", thread)));
        seat.api.call(Method::PostEphemeral, &arguments, None).await?;
        Ok(())
    }

    async fn personal(&self, with: &ChatUser) -> Result<Place, ChatError> {
        let nowhere = Place {
            platform: with.platform,
            realm: with.realm.clone(),
            conversation: String::new(),
            thread: None,
            kind: PlaceKind::Personal,
            service_url: None,
        };
        let seat = self.seat(&nowhere)?;
        let said = seat.api.call(Method::OpenConversation, &[("users", &with.id)], None).await?;
        let Some(channel) = said["channel"]["id"].as_str() else {
            return Err(ChatError::Unsure(anyhow::anyhow!(
                "conversations.open did not name the conversation"
            )));
        };
        Ok(Place { conversation: channel.to_owned(), ..nowhere })
    }

    async fn person(&self, who: &ChatUser, seen_in: &Place) -> Result<ChatPerson, ChatError> {
        let seat = self.seat(seen_in)?;
        // The signed payload itself said they are from elsewhere. An org-wide
        // install may not know all its workspaces by name, so there Slack is asked.
        let ours = seat.install.is_ours(Some(&who.realm), Some(&who.realm));
        let perhaps = seat.install.is_org_wide() && who.realm.starts_with('T');
        if who.platform != Platform::Slack || !(ours || perhaps) {
            return Ok(people::nobody(Barred::Foreign));
        }
        let key = (seen_in.realm.clone(), who.id.clone());
        if let Some(person) = lock(&self.people).get(&key, self.clock.now()) {
            return Ok(person);
        }
        let asked = self.clock.now();
        let person = match seat.api.call(Method::UserInfo, &[("user", &who.id)], None).await {
            Ok(said) => people::read(&said, &who.id, &seat.install),
            Err(ApiError::Said { error, .. }) if error == "user_not_found" => {
                people::nobody(Barred::Unknown)
            }
            Err(ApiError::Said { error, .. }) if error == "user_not_visible" => {
                people::nobody(Barred::Foreign)
            }
            Err(error) => return Err(error.into()),
        };
        lock(&self.people).put(key, person.clone(), asked);
        Ok(person)
    }

    async fn company(&self, place: &Place) -> Result<Company, ChatError> {
        self.who_is_in(place).await
    }

    async fn open_form(&self, trigger: &str, form: &Drawn) -> Result<(), ChatError> {
        // A trigger does not say whose it is, and with the wrong token Slack answers
        // `invalid_trigger_id` without using it up.
        let view = form.body.get("view").unwrap_or(&Value::Null).to_string();
        let mut last = Err(ChatError::NotAllowed("this app is not installed anywhere".to_owned()));
        for seat in self.seats()?.values() {
            let arguments = [("trigger_id", trigger), ("view", view.as_str())];
            match seat.api.call(Method::OpenView, &arguments, None).await {
                Ok(_) => return Ok(()),
                Err(ApiError::Said { error, .. }) if error == "invalid_trigger_id" => {
                    last = Err(ChatError::Refused(error));
                }
                Err(error) => return Err(error.into()),
            }
        }
        last
    }

    async fn file(&self, place: &Place, file: &Attached, max: usize) -> Result<Vec<u8>, FileError> {
        self.fetched(place, file, max).await
    }

    async fn replace_form(&self, of: &Place, window: &str, form: &Drawn) -> Result<(), ChatError> {
        let view = form.body.get("view").unwrap_or(&Value::Null).to_string();
        let arguments = [("view_id", window), ("view", view.as_str())];
        self.seat(of)?.api.call(Method::UpdateView, &arguments, None).await?;
        Ok(())
    }
}

/// The words for the notification, and the blocks. A summary drawn for Slack has
/// its entities already, and no `<` or `>` is left in it; in any other words those
/// two are taken away here, so that Slack reads no link and no mention.
fn face(message: &Drawn) -> (String, Option<String>) {
    let words = message.body.as_str().unwrap_or(&message.summary);
    let words: String = words.chars().take(TEXT_CHARS_MAX).collect();
    let text = words.replace('<', "&lt;").replace('>', "&gt;");
    (text, message.body.get("blocks").map(Value::to_string))
}

/// Slack's flags of a shared channel; a channel that does not say is one.
/// `is_org_shared` is sharing between workspaces of our own organisation.
/// Source: docs.slack.dev "Conversation object", "Slack Connect".
fn room(channel: &Value) -> Room {
    let flag = |name: &str| channel[name].as_bool();
    let shared = flag("is_shared").unwrap_or(true) && flag("is_org_shared") != Some(true);
    let with_others =
        flag("is_ext_shared").unwrap_or(true) || flag("is_pending_ext_shared") == Some(true);
    if shared || with_others { Room::Shared } else { Room::Ours }
}

/// Answers with their time. Bounded: when full, the stale ones go, then all.
struct Kept<K, V>(HashMap<K, (Timestamp, V)>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq, V: Clone> Kept<K, V> {
    fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        self.0.get(key).filter(|(at, _)| fresh(*at, now)).map(|(_, value)| value.clone())
    }

    fn put(&mut self, key: K, value: V, now: Timestamp) {
        if self.0.len() >= KEPT_MAX {
            self.0.retain(|_, (at, _)| fresh(*at, now));
        }
        if self.0.len() >= KEPT_MAX {
            self.0.clear();
        }
        self.0.insert(key, (now, value));
    }
}

/// A clock that went back makes nothing fresh.
fn fresh(at: Timestamp, now: Timestamp) -> bool {
    (SignedDuration::ZERO..=SignedDuration::from_secs(FRESH_SECONDS_MAX))
        .contains(&now.duration_since(at))
}

pub(super) fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
