//! More cards than one approver can read at once are listed on one. Each is opened from there,
//! and read before it is signed: the list signs nothing.
//!
//! The list is the message of the first copy that is gathered on it; the others belong to the
//! same message and have buttons of their own there. A flood that goes on gets a new list after
//! a while, because nobody is told of a message that only changes.

use jiff::{SignedDuration, Timestamp};

use crate::{
    actions,
    desk::{
        Desk,
        show::{risk, token},
    },
    domain::{
        chat::{CardRef, Drawn, PlaceKind},
        ids::{RequestId, TenantId},
        message::{Audience, GatheredLine, GatheredView, Message, WaitingLine},
        request::{Request, Stage},
        trouble::{Reason, Result},
    },
    ports::{
        chat::{Chat, ChatError},
        store::{Answer, Copy, Gathered, SayTo, Stale, StoreError, Told, Turn},
    },
};

/// Cards are counted together for so long.
const WHILE: SignedDuration = SignedDuration::from_mins(10);
/// So many copies of that time are looked at, of everybody's.
const LOOKED_AT: u32 = 2_000;
/// A list shows so many (Slack takes 50 blocks in a message, and each has two); the next come up
/// as these are opened or decided.
const LISTED: usize = 20;
/// So many open requests are looked through for it.
const OPEN_MAX: u32 = 500;
/// The first copy is posted by then, or looked for again.
const SOON: SignedDuration = SignedDuration::from_secs(1);
/// A copy waits so long for the message of the first one, and then makes a list of its own.
const PATIENT: SignedDuration = SignedDuration::from_mins(5);

impl Desk {
    /// Copies for those who sign, in these places. In a chat of one's own, beyond so many in a
    /// while, on a list.
    pub(super) async fn copies_to_sign(
        &self,
        request: RequestId,
        places: Vec<SayTo>,
    ) -> Result<Vec<Copy>, StoreError> {
        let most = self.rules().limits.cards_in_ten_minutes;
        let lately = if most > 0 && places.iter().any(|to| own_chat(to).is_some()) {
            self.store.copies_since(self.now() - WHILE, LOOKED_AT).await?
        } else {
            Vec::new()
        };
        let made = places.into_iter().map(|to| {
            let copy = self.copy(request, Audience::Approvers, to);
            let gathered = gathered(&copy, &lately, most, &self.tenant);
            Copy { gathered, ..copy }
        });
        Ok(made.collect())
    }

    /// What a list shows now: those that wait and were not opened, the oldest first.
    pub(super) async fn gathered_view(&self, on: &Gathered) -> Result<GatheredView, StoreError> {
        let open = self.store.open(&on.tenant, None, OPEN_MAX).await?;
        let mut view = GatheredView { requests: Vec::new(), more: 0 };
        for request in open.iter().rev() {
            let Stage::Pending { until } = request.stage else { continue };
            let copies = self.store.copies(&request.id).await?;
            let listed = |copy: &&Copy| copy.gathered.as_ref() == Some(on);
            let Some(copy) = copies.iter().find(listed) else { continue };
            if is_opened(copy, &copies) {
                continue;
            }
            if view.requests.len() == LISTED {
                view.more += 1;
                continue;
            }
            let Some(plan) = self.store.plan(&request.id, request.revision).await? else {
                continue;
            };
            let parts = &plan.plan().parts;
            let known = |action: &&String| actions::entry(action).is_some();
            view.requests.push(GatheredLine {
                of: WaitingLine {
                    number: request.number,
                    actions: parts.iter().map(|part| &part.action).filter(known).cloned().collect(),
                    subjects: request.subjects.clone(),
                    objects: request.objects.clone(),
                    state: request.stage.name().to_owned(),
                },
                requester: request.requester.clone(),
                risk: parts.iter().filter_map(risk).max(),
                until,
                token: token(request, &copy.nonce, plan.digest()),
            });
        }
        Ok(view)
    }

    /// A card of its own for a request that was only listed, in the same chat.
    pub(super) async fn open_gathered(
        &self,
        turn: &mut Turn,
        request: Request,
        copy: &Copy,
    ) -> Result<Result<Answer>, StoreError> {
        let Some(digest) = request.digest else { return Ok(Err(Reason::NoSuchRequest.into())) };
        if let Err(reason) = request.check_open(&digest, self.now()) {
            return Ok(Err(reason.into()));
        }
        let (id, version) = (request.id, request.version);
        if !is_opened(copy, &self.store.copies(&id).await?) {
            turn.copies.push(self.copy(id, Audience::Approvers, copy.to.clone()));
        }
        turn.redraw.push(id);
        // Of two who open it at once, one reads again.
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    /// Puts the list where it stands, or posts it for the first copy that is on it.
    pub(super) async fn place_list(
        &self,
        chat: &dyn Chat,
        stale: &Stale,
        request: &Request,
        (message, drawn): (&Message, &Drawn),
    ) -> Result<Told, StoreError> {
        let Stale { copy, tries, .. } = stale;
        let placed = match self.list_of(copy).await? {
            List::NotYet => return Ok(Told::NotYet(self.now() + SOON)),
            List::Own => self.place_card(chat, copy, drawn, *tries > 0, None).await,
            List::At(card) => match chat.update(&card, drawn).await {
                // Somebody deleted it. What is listed there is in the channels, too.
                Ok(()) | Err(ChatError::Gone) => Ok(Some(card)),
                Err(error) => Err(error),
            },
        };
        let told = self.outcome(*tries, placed);
        // Others on it may have changed meanwhile: what was put there last has to be true.
        if matches!(told, Told::Said(_)) && self.message_of(request, copy).await? != *message {
            return Ok(Told::NotYet(self.now()));
        }
        Ok(told)
    }

    async fn list_of(&self, copy: &Copy) -> Result<List, StoreError> {
        let Some(on) = copy.gathered.as_ref().filter(|on| on.copy != copy.id) else {
            return Ok(List::Own);
        };
        let first = self.store.copies(&on.request).await?;
        let card = first.into_iter().find(|first| first.id == on.copy).and_then(|copy| copy.card);
        Ok(match card {
            Some(card) => List::At(card),
            None if self.now().duration_since(made_at(copy)) < PATIENT => List::NotYet,
            None => List::Own,
        })
    }
}

/// Where a list stands.
enum List {
    /// It is this copy's own message.
    Own,
    /// It is this message of another copy.
    At(CardRef),
    /// Its message was not posted yet.
    NotYet,
}

/// When a copy was made: its id begins with the milliseconds (UUIDv7).
fn made_at(copy: &Copy) -> Timestamp {
    let ms = i64::try_from(copy.id.as_u128() >> 80).unwrap_or(0);
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// Is a copy's request on a card of its own in the same chat by now?
fn is_opened(listed: &Copy, copies: &[Copy]) -> bool {
    let there = own_chat(&listed.to);
    copies.iter().any(|copy| {
        copy.gathered.is_none()
            && copy.audience == Audience::Approvers
            && own_chat(&copy.to) == there
    })
}

/// The list a new copy is put on, when its chat got so many cards lately. `lately`: newest first.
fn gathered(copy: &Copy, lately: &[Copy], most: u32, tenant: &TenantId) -> Option<Gathered> {
    let chat = own_chat(&copy.to)?;
    let there = |other: &&Copy| {
        other.audience == Audience::Approvers && own_chat(&other.to).as_ref() == Some(&chat)
    };
    let cards = lately.iter().filter(there).filter(|other| other.gathered.is_none()).count();
    if most == 0 || cards < most as usize {
        return None;
    }
    // The newest list that began in this while, and is about the same tenant.
    let is_new = |on: &&Gathered| lately.iter().any(|first| first.id == on.copy);
    let list = lately.iter().filter(there).filter_map(|other| other.gathered.as_ref());
    let list = list.filter(|on| on.tenant == *tenant).find(is_new);
    let own = || Gathered { tenant: tenant.clone(), request: copy.request, copy: copy.id };
    Some(list.cloned().unwrap_or_else(own))
}

/// The key of somebody's own chat; nothing for a place of several people.
fn own_chat(to: &SayTo) -> Option<String> {
    match to {
        SayTo::Place { place } if place.kind == PlaceKind::Personal => Some(place.key()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        chat::{Place, Platform},
        ids::Nonce,
    };

    fn copy(n: u128, conversation: &str, kind: PlaceKind) -> Copy {
        let place = Place {
            platform: Platform::Slack,
            realm: "T1".to_owned(),
            conversation: conversation.to_owned(),
            thread: None,
            kind,
            service_url: None,
        };
        Copy {
            id: uuid::Uuid::from_u128(n),
            request: RequestId(uuid::Uuid::from_u128(n)),
            audience: Audience::Approvers,
            to: SayTo::Place { place },
            nonce: Nonce::new([1; 16]),
            card: None,
            gathered: None,
        }
    }

    #[test]
    fn what_is_too_much_for_one_chat_is_on_one_list() {
        let tenant = TenantId::from(uuid::Uuid::from_u128(1));
        let own = |n| copy(n, "D1", PlaceKind::Personal);
        let mut lately = Vec::new();
        for n in 1..=30 {
            let mut next = own(n);
            next.gathered = gathered(&next, &lately, 20, &tenant);
            let list = next.gathered.as_ref().map(|on| on.copy.as_u128());
            assert_eq!(list, (n > 20).then_some(21), "{n}");
            lately.insert(0, next);
        }
        let another = copy(40, "D2", PlaceKind::Personal);
        assert_eq!(gathered(&another, &lately, 20, &tenant), None, "somebody else's chat");
        let channel = copy(41, "D1", PlaceKind::Channel);
        assert_eq!(gathered(&channel, &lately, 20, &tenant), None, "a channel gets every card");
        assert_eq!(gathered(&own(42), &lately, 0, &tenant), None, "none is gathered");
        let other = TenantId::from(uuid::Uuid::from_u128(2));
        let list = gathered(&own(43), &lately, 20, &other).unwrap();
        assert_eq!(list.copy.as_u128(), 43, "another tenant has a list of its own");
        // The list's first copy is older than what is looked at: a new one is begun.
        lately.retain(|copy| copy.id.as_u128() != 21);
        assert_eq!(gathered(&own(44), &lately, 20, &tenant).unwrap().copy.as_u128(), 44);
    }
}
