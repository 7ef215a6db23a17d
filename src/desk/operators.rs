//! Tells whoever runs the service what it needs from them, once.
//!
//! Not here: looking what that is. The credentials are watched in `app`.

use serde_json::json;
use uuid::Uuid;

use crate::{
    config::Places,
    desk::Desk,
    domain::{
        chat::Platform,
        credential::{CredentialEnd, CredentialSort, Urgency},
        fact::{CREDENTIAL_ENDS, Fact},
        message::Message,
        plan::Note,
    },
    ports::store::{Answer, ONCE, Say, SayTo, StoreError, Turn},
};

/// A credential that the bot signs in with, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending<'a> {
    /// The name of the customer whose tenant it opens; `None` for the operator's own.
    pub customer: Option<&'a str>,
    /// The application (client) id it belongs to; `None` for a relationship.
    pub app: Option<Uuid>,
    /// Its end.
    pub end: &'a CredentialEnd,
}

impl Desk {
    /// Posts that a credential ends, at 30, 14 and 3 days and when it is over: each of them
    /// once, over restarts and replicas. Nothing before that. `true` when it was posted now.
    ///
    /// A new credential has another end, so it is told of anew in its own time.
    pub async fn credential_ends(&self, ending: &Ending<'_>) -> Result<bool, StoreError> {
        let (now, end) = (self.now(), ending.end);
        let when = match end.urgency(now) {
            Urgency::None => return Ok(false),
            Urgency::Within(days) => days.to_string(),
            Urgency::Over => "over".to_owned(),
        };
        let say = self.posted_to(&self.operators, &self.note_of(ending));
        if say.is_empty() {
            return Ok(false);
        }
        let (whose, app) = (ending.customer.unwrap_or("own"), ending.app.unwrap_or_default());
        let key = format!("{ONCE}credential/{whose}/{app}/{}/{when}", end.at);
        let payload = json!({
            "sort": end.sort.as_str(),
            "app": ending.app,
            "ends": end.at,
            "days_left": end.days_left(now),
            "places": say.len(),
        });
        let fact = Fact::of_house(&self.tenant, CREDENTIAL_ENDS, self.clock.uuid(), now, payload);
        let inbox = Some((key, Answer::default()));
        let turn = Turn { at: now, inbox, facts: vec![fact], say, ..Turn::default() };
        match self.store.save(turn).await {
            Err(StoreError::Repeated(_)) => Ok(false),
            saved => saved.map(|_| true),
        }
    }

    fn note_of(&self, ending: &Ending<'_>) -> Note {
        let (now, end) = (self.now(), ending.end);
        let is_over = end.urgency(now) == Urgency::Over;
        let key = match (end.sort, is_over) {
            (CredentialSort::Secret, false) => "secret_ends",
            (CredentialSort::Secret, true) => "secret_over",
            (CredentialSort::Certificate, false) => "certificate_ends",
            (CredentialSort::Certificate, true) => "certificate_over",
            (CredentialSort::Relationship, false) => "relationship_ends",
            (CredentialSort::Relationship, true) => "relationship_over",
        };
        let app = ending.app.map(|app| app.to_string()).unwrap_or_default();
        let days = end.days_left(now).to_string();
        let at = format!("@{}", end.at);
        let customer = ending.customer.unwrap_or_default();
        Note::new(key, &[("at", &at), ("days", &days), ("customer", customer), ("app", &app)])
    }

    /// The same note for each of these places whose chat is on.
    pub(super) fn posted_to(&self, places: &Places, note: &Note) -> Vec<Say> {
        let slack = places.slack_channels.iter().map(|to| (Platform::Slack, to));
        let teams = places.teams_conversations.iter().map(|to| (Platform::Teams, to));
        let is_on = |(platform, _): &(Platform, _)| self.chats.contains_key(platform);
        let say = |(platform, to): (Platform, &String)| Say {
            id: self.clock.uuid(),
            to: SayTo::Place { place: self.channel(platform, to) },
            what: Message::Note(note.clone()),
        };
        slack.chain(teams).filter(is_on).map(say).collect()
    }
}
