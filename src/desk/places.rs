//! Where the cards of a request go: its own thread, and where its approvers read.

use crate::{
    desk::Desk,
    domain::{
        chat::{Place, PlaceKind, Platform},
        decision::Rule,
        ids::{RequestId, UserId},
        message::Audience,
        plan::Plan,
        quorum::{Circle, Needs},
        request::{Origin, Request},
        users::{PersonRef, Who},
    },
    engine::ended,
    policy::Principal,
    ports::store::{Conversation, Copy, SayTo, StoreError},
};

impl Desk {
    /// A new copy of a request's card.
    pub(super) fn copy(&self, request: RequestId, audience: Audience, to: SayTo) -> Copy {
        let (id, nonce) = (self.clock.uuid(), self.clock.nonce());
        Copy { id, request, audience, to, nonce, card: None, gathered: None }
    }

    /// The thread of the request: under its message in a channel, else the conversation.
    #[expect(clippy::unused_self, reason = "reads as the desk's")]
    pub(super) fn thread_of(&self, request: &Request) -> SayTo {
        SayTo::Place { place: request.origin.place.clone() }
    }

    /// Where those read who sign first: the channels that are set, and their own chats.
    pub(super) async fn approver_places(
        &self,
        request: &Request,
        plan: &Plan,
    ) -> Result<Vec<SayTo>, StoreError> {
        let circles: Vec<Circle> = match &plan.rule {
            Rule::Confirm => return Ok(Vec::new()),
            Rule::Approve { of, .. } => {
                of.iter().map(|area| Circle::Areas { of: vec![area.clone()] }).collect()
            }
            Rule::Quorum(quorum) => circles_of(quorum.stage(&[])),
        };
        let mut places = Vec::new();
        for channel in &self.approvals.slack_channels {
            if self.chats.contains_key(&Platform::Slack) {
                places.push(SayTo::Place { place: self.slack_channel(request, channel) });
            }
        }
        for conversation in &self.approvals.teams_conversations {
            if self.chats.contains_key(&Platform::Teams) {
                places.push(SayTo::Place { place: self.channel(Platform::Teams, conversation) });
            }
        }
        places.extend(self.own_chats(request, plan, &circles).await?);
        Ok(places)
    }

    /// The personal chats of those who are named one by one in these circles. Requester,
    /// subjects and recipients of secrets are left out.
    pub(super) async fn own_chats(
        &self,
        request: &Request,
        plan: &Plan,
        circles: &[Circle],
    ) -> Result<Vec<SayTo>, StoreError> {
        let mut places = Vec::new();
        if self.approvals.personal == Some(false) {
            return Ok(places);
        }
        let barred = |id: &UserId| {
            *id == request.requester.id
                || plan.subjects.iter().any(|subject| subject.id == *id)
                || plan.recipients().any(|recipient| recipient.id == *id)
        };
        for approver in self.named(circles).await.iter().filter(|approver| !barred(&approver.id)) {
            for place in self.personal(&approver.id).await? {
                places.push(SayTo::Place { place });
            }
        }
        Ok(places)
    }

    /// Everybody named one by one in these circles.
    async fn named(&self, circles: &[Circle]) -> Vec<PersonRef> {
        let mut people = Vec::new();
        for principal in self.rules().named_in(circles.iter(), self.now()) {
            let who = match principal {
                Principal::User(id) => Who::Id(id),
                Principal::Upn(tenant, upn) => Who::Upn(tenant, upn),
                Principal::Group(_) => continue,
            };
            match self.look_up(&who).await {
                Ok(Some(user)) if user.enabled => people.push(user.to_ref()),
                Ok(_) => tracing::warn!(
                    "An approver named in the policy is not an enabled user; run `countersign doctor`"
                ),
                Err(error) => {
                    tracing::warn!(error = %crate::domain::trouble::chain(&error), "An approver could not be looked up");
                }
            }
        }
        people
    }

    /// The personal chats somebody has with the bot, the newest of each platform and
    /// realm: the conversation itself, which also knows the address it is reached at.
    pub(super) async fn personal(&self, id: &UserId) -> Result<Vec<Place>, StoreError> {
        let mut found: Vec<Place> = Vec::new();
        for Conversation { place, with, open, .. } in self.store.conversations(id).await? {
            let heard = open && with.is_some() && self.chats.contains_key(&place.platform);
            let known =
                |known: &Place| known.platform == place.platform && known.realm == place.realm;
            if heard && !found.iter().any(known) {
                found.push(place);
            }
        }
        Ok(found)
    }

    fn slack_channel(&self, request: &Request, channel: &str) -> Place {
        let own = &request.origin.place;
        let mut place = self.channel(Platform::Slack, channel);
        if own.platform == Platform::Slack {
            place.realm.clone_from(&own.realm);
        }
        place
    }

    /// A channel that the settings name.
    pub(super) fn channel(&self, platform: Platform, id: &str) -> Place {
        Place {
            platform,
            realm: match platform {
                Platform::Slack => self.slack_realm(),
                Platform::Teams | Platform::Api => self.people_tenant().to_string(),
            },
            conversation: id.to_owned(),
            thread: None,
            kind: PlaceKind::Channel,
            service_url: None,
        }
    }

    fn slack_realm(&self) -> String {
        self.identities.slack_realm.clone()
    }
}

/// The circles of a stage.
pub(super) fn circles_of(stage: &Needs) -> Vec<Circle> {
    stage.seats().into_iter().map(|(_, circle)| circle.clone()).collect()
}

/// Where something said is answered. A command in a channel is answered to that person
/// alone: others there did not see it asked.
pub(super) fn answer_to(origin: &Origin) -> SayTo {
    let place = origin.place.clone();
    if ended::is_command(origin) {
        SayTo::Whisper { place, user: origin.by.clone() }
    } else {
        SayTo::Place { place }
    }
}
