//! [`Chat`] over the Bot Connector.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    adapters::teams::{
        cloud::Endpoints,
        connector::{ANSWER_WITHIN, Call, Connector, Pause, path, real_pause},
        credential::{AppCredential, SignIn},
        hosts::ServiceHosts,
        member,
        tokenless::SimulatorOnly,
    },
    domain::chat::{Attached, CardRef, ChatUser, Drawn, Place, PlaceKind, Platform},
    ports::{
        chat::{Chat, ChatError, ChatPerson, Company, FileError},
        clock::Clock,
    },
};

/// Teams refuses messages of about 100 KB in UTF-16 (413); we stop earlier.
pub const MESSAGE_BYTES_MAX: usize = 80 * 1024;
/// What the service said about somebody is believed this long.
const PERSON_FRESH: SignedDuration = SignedDuration::from_secs(60);
const PEOPLE_MAX: usize = 10_000;
const TENANTS_MAX: usize = 1_000;
/// Members per page, the most there may be (Microsoft's page “Get Teams context”), and
/// pages: a conversation with more people is not looked through.
const MEMBERS_A_PAGE: u32 = 500;
const MEMBERS_PAGES_MAX: usize = 4;
const CARD: &str = "application/vnd.microsoft.card.adaptive";

/// The bot as it speaks in Teams.
pub struct TeamsChat {
    connector: Connector,
    clock: Arc<dyn Clock>,
    default_service_url: Option<String>,
    /// The newest connector of each tenant.
    service_urls: Mutex<HashMap<String, String>>,
    people: Mutex<HashMap<String, (ChatPerson, Timestamp)>>,
}

impl fmt::Debug for TeamsChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Teams, through {:?}", self.connector)
    }
}

impl TeamsChat {
    /// The bot with this app id. `tenant` is the bot's own tenant for a single-tenant
    /// registration, and `None` for a multi-tenant one.
    pub fn new(
        app_id: &str,
        tenant: Option<&str>,
        credential: AppCredential,
        endpoints: &Endpoints,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let login = (endpoints.login.as_str(), tenant.unwrap_or(&endpoints.login_tenant));
        let sign_in =
            SignIn::new(login, (app_id, &endpoints.scope), credential, Arc::clone(&clock))?;
        let hosts = ServiceHosts::of(endpoints)?;
        Ok(Self {
            connector: Connector::new(sign_in, hosts, Arc::clone(&clock), real_pause()),
            clock,
            default_service_url: endpoints.service_url.clone(),
            service_urls: Mutex::default(),
            people: Mutex::default(),
        })
    }

    /// Also speaks to the Agents Playground, on whatever port of this machine it is.
    #[must_use]
    pub fn with_playground(mut self, proof: &SimulatorOnly) -> Self {
        self.connector = self.connector.with(|hosts| hosts.and_this_machine(proof), None);
        self
    }

    /// Waits in another way between two tries: for tests.
    #[must_use]
    pub fn with_pause(mut self, pause: Pause) -> Self {
        self.connector = self.connector.with(|hosts| hosts, Some(pause));
        self
    }

    /// Waits for an answer as long as `choose` makes of the usual limit.
    #[must_use]
    pub fn answering_within(mut self, choose: impl FnOnce(Duration) -> Duration) -> Self {
        self.connector = self.connector.answering_within(choose(ANSWER_WITHIN));
        self
    }

    /// Remembers the connector of a verified activity's tenant, for the next personal
    /// conversation that is opened there. Without it the configured one is used.
    pub fn learn(&self, place: &Place) {
        let Some(url) = place.service_url.as_ref().filter(|_| place.platform == Platform::Teams)
        else {
            return;
        };
        let mut known = self.service_urls.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&place.realm) != Some(url)
            && (known.len() < TENANTS_MAX || known.contains_key(&place.realm))
        {
            known.insert(place.realm.clone(), url.clone());
        }
    }

    fn service_url(&self, realm: &str, of_place: Option<&String>) -> Result<String, ChatError> {
        let known = self.service_urls.lock().unwrap_or_else(PoisonError::into_inner);
        let nearest = of_place.or_else(|| known.get(realm)).or(self.default_service_url.as_ref());
        nearest.cloned().ok_or_else(|| {
            ChatError::NotAllowed("nobody of this tenant has spoken to the bot".to_owned())
        })
    }

    /// A new message in a conversation that is there.
    async fn send(&self, to: &Place, activity: &Value) -> Result<CardRef, ChatError> {
        let conversation = conversation_id(to);
        let said = self
            .connector
            .call(Call {
                method: Method::POST,
                service_url: &self.service_url(&to.realm, to.service_url.as_ref())?,
                path: path(&["conversations", &conversation, "activities"])?,
                body: Some(activity),
                conversation: Some(&to.conversation),
            })
            .await?;
        Ok(CardRef { place: to.clone(), message: text(&said, "id") })
    }

    /// A new thread in a channel.
    async fn begin_thread(&self, to: &Place, activity: &Value) -> Result<CardRef, ChatError> {
        let body = json!({
            "isGroup": true,
            "activity": activity,
            "channelData": {"channel": {"id": to.conversation}, "tenant": {"id": to.realm}},
            "tenantId": to.realm,
        });
        let said = self
            .connector
            .call(Call {
                method: Method::POST,
                service_url: &self.service_url(&to.realm, to.service_url.as_ref())?,
                path: path(&["conversations"])?,
                body: Some(&body),
                conversation: Some(&to.conversation),
            })
            .await?;
        let id = text(&said, "id");
        let thread = id.split_once(";messageid=").map(|(_, thread)| thread.to_owned());
        let message =
            Some(text(&said, "activityId")).filter(|id| !id.is_empty()).or_else(|| thread.clone());
        Ok(CardRef { place: Place { thread, ..to.clone() }, message: message.unwrap_or_default() })
    }
}

#[async_trait]
impl Chat for TeamsChat {
    /// Teams has no way to look for an earlier try: `again` may show a card twice,
    /// and the newer one counts.
    async fn post(
        &self,
        to: &Place,
        message: &Drawn,
        _key: &str,
        _again: bool,
    ) -> Result<CardRef, ChatError> {
        let activity = activity(message, to.kind)?;
        if to.kind == PlaceKind::Channel && to.thread.is_none() {
            self.begin_thread(to, &activity).await
        } else {
            self.send(to, &activity).await
        }
    }

    async fn update(&self, card: &CardRef, message: &Drawn) -> Result<(), ChatError> {
        if card.message.is_empty() {
            return Err(ChatError::Gone);
        }
        let mut activity = activity(message, PlaceKind::Group)?;
        activity["id"] = json!(card.message);
        self.connector
            .call(Call {
                method: Method::PUT,
                service_url: &self
                    .service_url(&card.place.realm, card.place.service_url.as_ref())?,
                path: path(&[
                    "conversations",
                    &conversation_id(&card.place),
                    "activities",
                    &card.message,
                ])?,
                body: Some(&activity),
                conversation: Some(&card.place.conversation),
            })
            .await?;
        Ok(())
    }

    /// Only in a personal conversation. Messages to one member of a group are a
    /// preview in Teams, and a client without it shows them to everybody.
    async fn whisper(
        &self,
        place: &Place,
        to: &ChatUser,
        message: &Drawn,
    ) -> Result<(), ChatError> {
        if place.kind != PlaceKind::Personal || place.realm != to.realm {
            return Err(ChatError::Refused(
                "Teams shows a message to one person only in a personal chat".to_owned(),
            ));
        }
        self.post(place, message, "", false).await.map(drop)
    }

    async fn personal(&self, with: &ChatUser) -> Result<Place, ChatError> {
        // An MRI for certain; older documents of Microsoft also allow the object id.
        let member = with.address.as_deref().unwrap_or(&with.id);
        let service_url = self.service_url(&with.realm, None)?;
        let body = json!({
            "isGroup": false,
            "members": [{"id": member}],
            "tenantId": with.realm,
            "channelData": {"tenant": {"id": with.realm}},
        });
        let said = self
            .connector
            .call(Call {
                method: Method::POST,
                service_url: &service_url,
                path: path(&["conversations"])?,
                body: Some(&body),
                conversation: Some(member),
            })
            .await?;
        let conversation = text(&said, "id");
        if conversation.is_empty() {
            return Err(ChatError::Refused("the service opened no conversation".to_owned()));
        }
        Ok(Place {
            platform: Platform::Teams,
            realm: with.realm.clone(),
            conversation,
            thread: None,
            kind: PlaceKind::Personal,
            service_url: Some(service_url),
        })
    }

    async fn person(&self, who: &ChatUser, seen_in: &Place) -> Result<ChatPerson, ChatError> {
        let now = self.clock.now();
        let key = format!("{}:{}:{}", who.realm, who.id, who.address.as_deref().unwrap_or("-"));
        // Whoever is not in one conversation may be in others.
        let missed = format!("{key} in {}", conversation_id(seen_in));
        {
            let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
            let is_fresh = |at: &Timestamp| now >= *at && now.duration_since(*at) < PERSON_FRESH;
            let known = [&key, &missed].into_iter().filter_map(|key| people.get(key));
            if let Some((person, _)) = known.into_iter().find(|(_, at)| is_fresh(at)) {
                return Ok(person.clone());
            }
        }
        let id = who.address.as_deref().unwrap_or(&who.id);
        let asked = self
            .connector
            .call(Call {
                method: Method::GET,
                service_url: &self.service_url(&seen_in.realm, seen_in.service_url.as_ref())?,
                path: path(&["conversations", &conversation_id(seen_in), "members", id])?,
                body: None,
                conversation: None,
            })
            .await;
        let (person, key) = match asked {
            Ok(said) => (member::read(&said, who), key),
            Err(ChatError::Gone) => (member::missing(who), missed),
            Err(error) => return Err(error),
        };
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= PEOPLE_MAX {
            people.retain(|_, (_, at)| now.duration_since(*at) < PERSON_FRESH);
        }
        if people.len() < PEOPLE_MAX {
            people.insert(key, (person.clone(), now));
        }
        Ok(person)
    }

    async fn company(&self, place: &Place) -> Result<Company, ChatError> {
        if place.kind == PlaceKind::Personal {
            return Ok(Company::Ours);
        }
        let mut company = Company::Ours;
        let mut more = String::new();
        for _ in 0..MEMBERS_PAGES_MAX {
            let said = self
                .connector
                .call(Call {
                    method: Method::GET,
                    service_url: &self.service_url(&place.realm, place.service_url.as_ref())?,
                    path: format!(
                        "{}?pageSize={MEMBERS_A_PAGE}{more}",
                        path(&["conversations", &place.conversation, "pagedmembers"])?
                    ),
                    body: None,
                    conversation: None,
                })
                .await?;
            for one in said["members"].as_array().into_iter().flatten() {
                company = member::with(company, one, &place.realm);
            }
            match said["continuationToken"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => {
                    let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
                    more = format!("&continuationToken={token}");
                }
                None => return Ok(company),
            }
        }
        // More people than can be looked at.
        Ok(if company == Company::Ours { Company::Guests } else { company })
    }

    async fn open_form(&self, _trigger: &str, _form: &Drawn) -> Result<(), ChatError> {
        Err(ChatError::Refused("Teams asks questions in the card itself".to_owned()))
    }

    async fn file(
        &self,
        _place: &Place,
        file: &Attached,
        max: usize,
    ) -> Result<Vec<u8>, FileError> {
        self.connector.download(&file.at, max).await
    }

    async fn replace_form(
        &self,
        _of: &Place,
        _window: &str,
        _form: &Drawn,
    ) -> Result<(), ChatError> {
        Err(ChatError::Refused("Teams shows a form only in the answer to its button".to_owned()))
    }
}

/// One message. Words and card never go together: Teams would split them in two and
/// give back no id.
fn activity(message: &Drawn, kind: PlaceKind) -> Result<Value, ChatError> {
    let mut activity = match &message.body {
        Value::String(words) => json!({"type": "message", "text": words, "textFormat": "plain"}),
        card => json!({"type": "message", "attachments": [{"contentType": CARD, "content": card}]}),
    };
    activity["summary"] = json!(message.summary);
    if kind == PlaceKind::Personal {
        activity["channelData"] = json!({"notification": {"alert": true}});
    }
    let bytes = activity.to_string().encode_utf16().count() * 2;
    if bytes > MESSAGE_BYTES_MAX {
        return Err(ChatError::Refused(format!(
            "the card has {bytes} bytes, more than Teams shows"
        )));
    }
    Ok(activity)
}

fn conversation_id(place: &Place) -> String {
    match &place.thread {
        Some(thread) => format!("{};messageid={thread}", place.conversation),
        None => place.conversation.clone(),
    }
}

fn text(said: &Value, member: &str) -> String {
    said.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}
