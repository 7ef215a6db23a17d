//! Says what was saved to be said, and draws the cards anew.
//!
//! A card is drawn from the request as it stands, so copies that are drawn late or
//! twice agree. A message keeps its key over all tries.

use jiff::SignedDuration;
use tracing::{Instrument as _, field::Empty, info_span};
use uuid::Uuid;

use crate::{
    desk::{Desk, tenants::Desks},
    domain::{
        chat::{CardRef, ChatUser, Drawn, Face, Platform},
        form::Complaint,
        message::{Audience, Message},
        request::Request,
        trouble::chain,
    },
    ports::{
        chat::{Chat, ChatError},
        faces::Faces,
        store::{Copy, Say, SayTo, Stale, Stands, StoreError, TRIES_IN_TURN, Told, Unsaid},
        trace::SPANS,
    },
};

/// A call that was given up arrives within this, or never.
const ARRIVES_WITHIN: SignedDuration = SignedDuration::from_secs(20);
/// So many messages and cards are told at once.
const AT_ONCE: u32 = 16;
/// A chat's waits are believed up to here.
const WAIT_MAX: SignedDuration = SignedDuration::from_mins(30);
/// A message or card is tried at most so often: about a day with the waits between.
const TRIES_MAX: u32 = 60;

impl Desks {
    /// Tells what is due now; says how many things that were.
    pub async fn tell(&self) -> Result<usize, StoreError> {
        let home = self.home();
        let now = home.now();
        let held = now + home.telling;
        let unsaid = home.store.unsaid(now, held, AT_ONCE).await?;
        let stale = home.store.stale(now, held, AT_ONCE).await?;
        let count = unsaid.len() + stale.len();
        let says = futures::future::join_all(by_conversation(&unsaid).map(|all| self.say(all)));
        let draws = futures::future::join_all(stale.iter().map(|stale| self.redraw(stale)));
        let (says, draws) = futures::join!(says, draws);
        says.into_iter().chain(draws).collect::<Result<(), StoreError>>()?;
        Ok(count)
    }

    /// Says the messages to one conversation, one after the other. When one has to wait, those
    /// after it wait too.
    async fn say(&self, all: Vec<&Unsaid>) -> Result<(), StoreError> {
        let mut wait = None;
        for unsaid in all {
            let told = match wait {
                Some(next) => Told::NotYet(next),
                None => self.home().said(unsaid, self.faces_of(unsaid.of.as_ref())).await?,
            };
            let is_tried = unsaid.tries + 1 >= TRIES_IN_TURN;
            wait = match &told {
                Told::NotYet(next) if unsaid.instead_of.is_none() => Some(*next),
                Told::Later(next) if unsaid.instead_of.is_none() && !is_tried => Some(*next),
                _ => wait,
            };
            self.home().store.said(&unsaid.say.id, told).await?;
        }
        Ok(())
    }

    async fn redraw(&self, stale: &Stale) -> Result<(), StoreError> {
        let Stale { copy, wanted, .. } = stale;
        let store = &self.home().store;
        let Some(request) = store.request(&copy.request).await? else {
            let told = Told::Never("the request is gone".to_owned());
            return store.drawn(&copy.id, *wanted, told).await;
        };
        let desk = self.of(&request.tenant).unwrap_or(self.home());
        desk.redraw(stale, &request).await
    }
}

impl Desk {
    async fn said(&self, unsaid: &Unsaid, faces: &dyn Faces) -> Result<Told, StoreError> {
        let span = info_span!(target: SPANS, "message", tries = unsaid.tries, outcome = Empty);
        let told = self.say_it(unsaid, faces).instrument(span.clone()).await?;
        span.record("outcome", ended_as(&told));
        Ok(told)
    }

    async fn say_it(&self, unsaid: &Unsaid, faces: &dyn Faces) -> Result<Told, StoreError> {
        let Unsaid { say: Say { id, to, what }, instead_of, tries, .. } = unsaid;
        Ok(match self.drawn_by(faces, to, what) {
            Ok((chat, drawn)) => match instead_of {
                Some(earlier) => self.change(chat, earlier, &drawn, *tries).await?,
                None => self.outcome(
                    *tries,
                    self.post(chat, to, &drawn, &id.to_string(), *tries > 0).await,
                ),
            },
            Err(why) => Told::Never(why),
        })
    }

    /// Changes an earlier message, once it stands somewhere.
    async fn change(
        &self,
        chat: &dyn Chat,
        earlier: &Uuid,
        drawn: &Drawn,
        tries: u32,
    ) -> Result<Told, StoreError> {
        let card = match self.store.stands(earlier).await? {
            Stands::At(card) => card,
            Stands::NotYet => return Ok(Told::NotYet(self.now() + self.telling)),
            Stands::Nowhere => return Ok(Told::Said(None)),
        };
        Ok(match chat.update(&card, drawn).await {
            // Somebody deleted it: it says nothing that is not true.
            Ok(()) | Err(ChatError::Gone) => Told::Said(None),
            Err(error) => self.outcome(tries, Err(error)),
        })
    }

    async fn redraw(&self, stale: &Stale, request: &Request) -> Result<(), StoreError> {
        let Stale { copy, wanted, tries } = stale;
        let message = self.message_of(request, copy).await?;
        let told = match self.drawn_for(&copy.to, &message) {
            Ok((chat, drawn)) if copy.gathered.is_some() => {
                self.place_list(chat, stale, request, (&message, &drawn)).await?
            }
            Ok((chat, drawn)) => {
                let asked_by = (copy.audience == Audience::Requester).then_some(&request.origin.by);
                let span = info_span!(
                    target: SPANS, "card", request = %request.id, tries = *tries, outcome = Empty
                );
                let placed = self.place_card(chat, copy, &drawn, *tries > 0, asked_by);
                let told = self.outcome(*tries, placed.instrument(span.clone()).await);
                span.record("outcome", ended_as(&told));
                told
            }
            Err(why) => Told::Never(why),
        };
        // An earlier try that was given up, by us or with the process that made it, may still
        // be on its way, and what it shows is older.
        let told = match told {
            Told::Said(card) if *tries > 0 => {
                Told::Doubtful(card, self.now() + self.telling.min(ARRIVES_WITHIN))
            }
            told => told,
        };
        self.store.drawn(&copy.id, *wanted, told).await
    }

    pub(super) async fn place_card(
        &self,
        chat: &dyn Chat,
        copy: &Copy,
        drawn: &Drawn,
        again: bool,
        asked_by: Option<&ChatUser>,
    ) -> Result<Option<CardRef>, ChatError> {
        let key = copy.id.to_string();
        let Some(card) = &copy.card else {
            let posted = self.post(chat, &copy.to, drawn, &key, again).await;
            return match (posted, asked_by) {
                // The bot may not speak where it was asked: whoever asked is told directly.
                (Err(ChatError::NotAllowed(_)), Some(user)) => {
                    let to = SayTo::Person { user: user.clone() };
                    self.post(chat, &to, drawn, &key, again).await
                }
                (posted, _) => posted,
            };
        };
        match chat.update(card, drawn).await {
            Ok(()) => Ok(Some(card.clone())),
            // Somebody deleted the message: the card is posted anew.
            Err(ChatError::Gone) => self.post(chat, &copy.to, drawn, &key, false).await,
            Err(error) => Err(error),
        }
    }

    async fn post(
        &self,
        chat: &dyn Chat,
        to: &SayTo,
        drawn: &Drawn,
        key: &str,
        again: bool,
    ) -> Result<Option<CardRef>, ChatError> {
        match to {
            SayTo::Place { place } => chat.post(place, drawn, key, again).await.map(Some),
            SayTo::Whisper { place, user } => match chat.whisper(place, user, drawn).await {
                Ok(()) => Ok(None),
                // The bot is not there; a direct message is for that person alone, too.
                Err(ChatError::NotAllowed(_)) => self.direct(chat, user, drawn, key, again).await,
                Err(error) => Err(error),
            },
            SayTo::Person { user } => self.direct(chat, user, drawn, key, again).await,
        }
    }

    async fn direct(
        &self,
        chat: &dyn Chat,
        user: &ChatUser,
        drawn: &Drawn,
        key: &str,
        again: bool,
    ) -> Result<Option<CardRef>, ChatError> {
        let place = chat.personal(user).await?;
        chat.post(&place, drawn, key, again).await.map(Some)
    }

    fn drawn_for(&self, to: &SayTo, message: &Message) -> Result<(&dyn Chat, Drawn), String> {
        self.drawn_by(self.faces.as_ref(), to, message)
    }

    fn drawn_by(
        &self,
        faces: &dyn Faces,
        to: &SayTo,
        message: &Message,
    ) -> Result<(&dyn Chat, Drawn), String> {
        let platform = match to {
            SayTo::Place { place } => place.platform,
            SayTo::Person { user } | SayTo::Whisper { user, .. } => user.platform,
        };
        let chat = self
            .chats
            .get(&platform)
            .ok_or_else(|| format!("{} is switched off", platform.as_str()))?;
        let face = match platform {
            Platform::Slack => Face::Slack,
            Platform::Teams => Face::Teams,
            Platform::Api => Face::Plain,
        };
        let drawn = faces.draw(message, face).map_err(|error| {
            tracing::error!(error = %format!("{error:#}"), "A card could not be drawn");
            "the card could not be drawn".to_owned()
        })?;
        Ok((chat.as_ref(), drawn))
    }

    pub(super) fn outcome(&self, tries: u32, result: Result<Option<CardRef>, ChatError>) -> Told {
        let now = self.now();
        let later = |wait: SignedDuration| {
            if tries >= TRIES_MAX {
                Told::Never("tried too often".to_owned())
            } else {
                Told::Later(now + wait)
            }
        };
        let bounded = |wait| SignedDuration::try_from(wait).unwrap_or(WAIT_MAX).min(WAIT_MAX);
        match result {
            Ok(card) => Told::Said(card),
            Err(ChatError::Early { wait }) => Told::NotYet(now + bounded(wait)),
            Err(ChatError::Busy { wait }) => later(bounded(wait)),
            Err(error @ ChatError::Unsure(_)) => {
                tracing::warn!(error = %chain(&error), tries, "A chat did not answer; trying again");
                later(SignedDuration::from_secs(1_i64 << tries.min(10)))
            }
            Err(error) => {
                tracing::warn!(error = %chain(&error), "A message cannot be said");
                Told::Never(error.to_string())
            }
        }
    }

    /// The card of a request as somebody who just pressed on it should see it at once (Teams).
    pub async fn card_now(
        &self,
        press: &crate::domain::chat::Press,
    ) -> Result<Option<Drawn>, StoreError> {
        let Some(request) = self.store.request(&press.request).await? else { return Ok(None) };
        let copies = self.store.copies(&request.id).await?;
        let Some(copy) = copies.into_iter().find(|copy| copy.nonce == press.nonce) else {
            return Ok(None);
        };
        let message = self.message_of(&request, &copy).await?;
        Ok(self.drawn_for(&copy.to, &message).ok().map(|(_, drawn)| drawn))
    }

    /// A message as one face shows it; nothing when it cannot be drawn, which is a defect.
    pub fn draw(&self, message: &Message, face: Face) -> Option<Drawn> {
        let drawn = self.faces.draw(message, face);
        drawn
            .inspect_err(
                |error| tracing::error!(error = %format!("{error:#}"), "A card could not be drawn"),
            )
            .ok()
    }

    /// What is wrong with an answer, in one line.
    pub fn sentence(&self, complaint: &Complaint) -> String {
        let said = self.plain(&complaint.why.said());
        let lines = said.lines().map(|line| line.trim_start_matches(['!', ' ']).trim());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// A message as plain words, for an answer that is only text.
    pub fn plain(&self, message: &Message) -> String {
        let drawn = self.faces.draw(message, Face::Plain);
        drawn.ok().and_then(|drawn| drawn.body.as_str().map(ToOwned::to_owned)).unwrap_or_default()
    }
}

/// Messages by where they go, in the order of each first one.
fn by_conversation(unsaid: &[Unsaid]) -> impl Iterator<Item = Vec<&Unsaid>> {
    let mut lanes: Vec<Vec<&Unsaid>> = Vec::new();
    for one in unsaid {
        match lanes.iter_mut().find(|lane| lane[0].say.to == one.say.to) {
            Some(lane) => lane.push(one),
            None => lanes.push(vec![one]),
        }
    }
    lanes.into_iter()
}

/// How a try ended, for a trace.
fn ended_as(told: &Told) -> &'static str {
    match told {
        Told::Said(_) => "told",
        Told::Doubtful(..) => "doubtful",
        Told::NotYet(_) => "paced",
        Told::Later(_) => "put_off",
        Told::Never(_) => "given_up",
    }
}
