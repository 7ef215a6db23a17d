//! What a person does: say, press, install. Built as the real activities are, signed,
//! and sent to the bot's own address.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value, json};

use crate::{
    domain::chat::PlaceKind,
    sim::teams::{
        connector,
        service::{Author, BotService, Conversation, SimMessage, SimPerson, split},
    },
};

/// What the bot answered at once.
#[derive(Debug, Clone, PartialEq)]
pub struct BotAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body; null if there is none.
    pub body: Value,
}

impl BotService {
    /// Somebody's personal conversation with the bot, by MRI, object id or sign-in name.
    pub fn open_personal(&self, who: &str) -> anyhow::Result<String> {
        let person = self.find(who)?;
        Ok(connector::personal(&mut self.state(), &person))
    }

    /// A group chat or channel with these people and the bot.
    pub fn open(&self, id: &str, kind: PlaceKind, members: &[&str]) -> anyhow::Result<()> {
        let people =
            members.iter().map(|who| self.find(who)).collect::<anyhow::Result<Vec<_>>>()?;
        let tenant = people.first().context("nobody is in it")?.tenant.clone();
        let members = people.into_iter().map(|person| person.mri).collect();
        self.state().conversations.insert(id.to_owned(), Conversation::new(kind, &tenant, members));
        Ok(())
    }

    /// Takes the bot out of a conversation, or brings it back.
    pub fn seat_bot(&self, conversation: &str, is_there: bool) {
        if let Some(conversation) = self.state().conversations.get_mut(conversation) {
            conversation.bot = is_there;
        }
    }

    /// Installs the bot's app for somebody: the bot is told as Teams tells it.
    pub async fn install(&self, who: &str) -> anyhow::Result<BotAnswer> {
        let person = self.find(who)?;
        self.change_person(&person.mri, |person| person.installed = true);
        let conversation = self.open_personal(who)?;
        let mut activity = self.activity(&person, &conversation, "installationUpdate")?;
        activity["action"] = json!("add");
        activity["channelData"]["settings"] = json!({"selectedChannel": {"id": conversation}});
        self.deliver(&activity).await
    }

    /// Somebody writes. `{0}`, `{1}` … in the text stand for the people mentioned; in a
    /// group or channel the bot is mentioned first, or it would not be told. A new
    /// message in a channel begins a thread, unless the conversation names one
    /// (`;messageid=`).
    pub async fn say(
        &self,
        who: &str,
        conversation: &str,
        text: &str,
        mentions: &[&str],
    ) -> anyhow::Result<BotAnswer> {
        let activity = self.said(who, conversation, text, mentions)?;
        self.deliver(&activity).await
    }

    /// The activity of [`Self::say`], kept in the conversation but not yet sent.
    pub fn said(
        &self,
        who: &str,
        conversation: &str,
        text: &str,
        mentions: &[&str],
    ) -> anyhow::Result<Value> {
        let person = self.find(who)?;
        let mut activity = self.activity(&person, conversation, "message")?;
        let id = activity["id"].as_str().unwrap_or_default().to_owned();
        let (base, thread) = split(conversation);
        let kind = self.kind(base)?;
        let (mut words, mut shown) = (text.to_owned(), text.to_owned());
        let mut entities = vec![
            json!({"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web"}),
        ];
        let mut mention = |name: &str, id: &str| {
            let shown = format!("<at>{name}</at>");
            entities.push(
                json!({"type": "mention", "mentioned": {"id": id, "name": name}, "text": shown}),
            );
            shown
        };
        if kind != PlaceKind::Personal {
            words = format!("{}&nbsp;{words}", mention(&self.0.settings.bot_name, &self.bot_mri()));
        }
        for (number, who) in mentions.iter().enumerate() {
            let person = self.find(who)?;
            shown = shown.replace(&format!("{{{number}}}"), &format!("@{}", person.name));
            words = words.replace(&format!("{{{number}}}"), &mention(&person.name, &person.mri));
        }
        let thread = (kind == PlaceKind::Channel).then(|| thread.unwrap_or(&id).to_owned());
        if let Some(thread) = &thread {
            activity["conversation"]["id"] = json!(format!("{base};messageid={thread}"));
        }
        activity["text"] = json!(words);
        activity["textFormat"] = json!("plain");
        activity["attachments"] =
            json!([{"contentType": "text/html", "content": format!("<div>{words}</div>")}]);
        activity["entities"] = json!(entities);
        let message = SimMessage {
            id: id.clone(),
            thread,
            author: Author::Person(person.mri),
            text: Some(shown),
            card: None,
            summary: None,
            updated_times: 0,
            at: self.now(),
        };
        if let Some(conversation) = self.state().conversations.get_mut(base) {
            conversation.add(message);
        }
        self.tell(base, &id);
        Ok(activity)
    }

    /// Somebody presses a button of a card (`Action.Execute`) with these inputs.
    pub async fn press(
        &self,
        who: &str,
        (conversation, message): (&str, &str),
        verb: &str,
        data: &Value,
        inputs: &Value,
    ) -> anyhow::Result<BotAnswer> {
        let activity = self.pressed(who, (conversation, message), verb, data, inputs)?;
        self.deliver(&activity).await
    }

    /// The activity of [`Self::press`], not yet sent.
    pub fn pressed(
        &self,
        who: &str,
        (conversation, message): (&str, &str),
        verb: &str,
        data: &Value,
        inputs: &Value,
    ) -> anyhow::Result<Value> {
        let person = self.find(who)?;
        ensure!(
            self.messages(conversation).iter().any(|known| known.id == message),
            "no such card there"
        );
        let mut activity = self.activity(&person, conversation, "invoke")?;
        activity["name"] = json!("adaptiveCard/action");
        activity["replyToId"] = json!(message);
        let data = merged(data, inputs);
        activity["value"] = json!({"action": {"type": "Action.Execute", "title": verb, "verb": verb, "data": data}, "trigger": "manual"});
        Ok(activity)
    }

    /// The same from an older client: `Action.Submit`, a message with a value. The verb
    /// is in the data.
    pub async fn submit(
        &self,
        who: &str,
        (conversation, message): (&str, &str),
        data: &Value,
        inputs: &Value,
    ) -> anyhow::Result<BotAnswer> {
        let person = self.find(who)?;
        let mut activity = self.activity(&person, conversation, "message")?;
        activity["replyToId"] = json!(message);
        activity["value"] = merged(data, inputs);
        self.deliver(&activity).await
    }

    /// The data of a card's button with this verb, wherever it is in the card.
    pub fn button(card: &Value, verb: &str) -> Option<Value> {
        if card["type"] == "Action.Execute" && card["verb"] == verb {
            return Some(card["data"].clone());
        }
        match card {
            Value::Object(members) => members.values().find_map(|inner| Self::button(inner, verb)),
            Value::Array(items) => items.iter().find_map(|inner| Self::button(inner, verb)),
            _ => None,
        }
    }

    /// The verbs of all buttons of a card.
    pub fn verbs(card: &Value) -> BTreeSet<String> {
        let mut verbs = BTreeSet::new();
        if card["type"] == "Action.Execute" {
            verbs.extend(card["verb"].as_str().map(str::to_owned));
        }
        match card {
            Value::Object(members) => verbs.extend(members.values().flat_map(Self::verbs)),
            Value::Array(items) => verbs.extend(items.iter().flat_map(Self::verbs)),
            _ => {}
        }
        verbs
    }

    /// Sends an activity to the bot with a good token.
    pub async fn deliver(&self, activity: &Value) -> anyhow::Result<BotAnswer> {
        let token = self.mint(&Value::Null);
        self.deliver_with(activity, &token).await
    }

    /// Sends an activity to the bot with this token.
    pub async fn deliver_with(&self, activity: &Value, token: &str) -> anyhow::Result<BotAnswer> {
        let endpoint = self.state().bot_endpoint.clone();
        let sent = self
            .0
            .http
            .post(endpoint)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .json(activity);
        let answer = sent.send().await.context("the bot did not answer")?;
        let status = answer.status().as_u16();
        let body = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
        Ok(BotAnswer { status, body })
    }

    /// The bot's own address in conversations.
    pub fn bot_mri(&self) -> String {
        format!("28:{}", self.0.settings.app_id)
    }

    /// What every activity of somebody has.
    pub fn activity(
        &self,
        person: &SimPerson,
        conversation: &str,
        kind: &str,
    ) -> anyhow::Result<Value> {
        let (base, _) = split(conversation);
        let place = self.kind(base)?;
        let tenant = self
            .state()
            .conversations
            .get(base)
            .map(|known| known.tenant.clone())
            .unwrap_or_default();
        let id = self.state().id();
        let mut activity = json!({
            "type": kind, "id": id, "timestamp": self.now().to_string(), "channelId": "msteams",
            "serviceUrl": self.service_url(), "locale": "en-US",
            "from": {"id": person.mri, "name": person.name, "aadObjectId": person.aad_object_id},
            "recipient": {"id": self.bot_mri(), "name": self.0.settings.bot_name},
            "conversation": {"id": conversation, "tenantId": tenant, "conversationType": "personal"},
            "channelData": {"tenant": {"id": tenant}},
        });
        match place {
            PlaceKind::Personal => {}
            PlaceKind::Group => {
                activity["conversation"]["conversationType"] = json!("groupChat");
                activity["conversation"]["isGroup"] = json!(true);
            }
            PlaceKind::Channel => {
                activity["conversation"]["conversationType"] = json!("channel");
                activity["conversation"]["isGroup"] = json!(true);
                activity["channelData"]["team"] = json!({"id": base});
                activity["channelData"]["channel"] = json!({"id": base});
            }
        }
        Ok(activity)
    }

    fn kind(&self, base: &str) -> anyhow::Result<PlaceKind> {
        self.state().conversations.get(base).map(|known| known.kind).context("no such conversation")
    }

    pub(super) fn find(&self, who: &str) -> anyhow::Result<SimPerson> {
        self.state().person(who).cloned().with_context(|| format!("nobody is called {who}"))
    }
}

/// What the client sends: the button's data with the inputs of the card.
pub(super) fn merged(data: &Value, inputs: &Value) -> Value {
    let mut all: Map<_, _> = data.as_object().cloned().unwrap_or_default();
    all.extend(inputs.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}
