//! Who somebody in a chat is in the directory, and what they are a member of.
//!
//! Fails closed: no link, several, a guest, a blocked account or a missing fact is
//! a refusal. What the directory says is kept for at most 60 seconds.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    desk::Desk,
    domain::{
        chat::{ChatUser, Place},
        ids::{GroupId, Upn, UserId},
        plan::Plan,
        sign_in::same_account,
        trouble::{Reason, Result, Trouble},
        users::{User, Who},
    },
    policy::Standing,
    ports::chat::{Chat, ChatError, ChatIdentity},
};

/// What the directory said is believed for this long.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// So many people are kept; the oldest are forgotten first.
const KEPT_MAX: usize = 10_000;

/// Who was seen lately.
#[derive(Debug, Default)]
pub struct Known {
    chats: Mutex<HashMap<ChatUser, (Timestamp, Standing)>>,
    users: Mutex<HashMap<UserId, (Timestamp, User)>>,
    groups: Mutex<HashMap<UserId, (Timestamp, BTreeSet<GroupId>)>>,
}

fn recall<K: std::hash::Hash + Eq, V: Clone>(
    kept: &Mutex<HashMap<K, (Timestamp, V)>>,
    key: &K,
    now: Timestamp,
) -> Option<V> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(key)
        .filter(|(at, _)| now.duration_since(*at) < FRESH && now >= *at)
        .map(|(_, value)| value.clone())
}

fn keep<K: std::hash::Hash + Eq, V>(
    kept: &Mutex<HashMap<K, (Timestamp, V)>>,
    key: K,
    value: V,
    now: Timestamp,
) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT_MAX {
        kept.retain(|_, (at, _)| now.duration_since(*at) < FRESH);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
    }
    kept.insert(key, (now, value));
}

impl Known {
    /// Forgets whose a chat account is.
    pub(super) fn forget_chat(&self, who: &ChatUser) {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        chats.retain(|known, _| !same_account(known, who));
    }

    /// Forgets everybody, so that the next question is asked anew.
    pub fn forget(&self) {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.users.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Desk {
    /// The chat service somebody speaks through.
    pub(super) fn chat(&self, user: &ChatUser) -> Result<&dyn Chat, Reason> {
        self.chats.get(&user.platform).map(AsRef::as_ref).ok_or(Reason::NotLinked)
    }

    /// The directory user behind a chat account, enabled and no guest, with the
    /// groups that the rules speak of: of this tenant, or of the operator's own.
    pub(super) async fn person(&self, who: &ChatUser, seen_in: &Place) -> Result<Standing> {
        let now = self.now();
        if let Some(standing) = recall(&self.known.chats, who, now) {
            return Ok(standing);
        }
        let standing = match (self.own_person(who, seen_in).await, &self.home) {
            (Err(Trouble::Refused(Reason::NotLinked)), Some(home)) => {
                let own = Box::pin(home.person(who, seen_in)).await?;
                let groups = self.groups_of(&own.user.id, true).await?;
                Standing::own(own.user, groups)
            }
            (own, _) => own?,
        };
        keep(&self.known.chats, who.clone(), standing.clone(), now);
        Ok(standing)
    }

    async fn own_person(&self, who: &ChatUser, seen_in: &Place) -> Result<Standing> {
        let person = self.chat(who)?.person(who, seen_in).await.map_err(unreachable)?;
        if let Some(barred) = person.barred {
            return Err(Reason::Barred { why: barred.to_string() }.into());
        }
        let linked = self.linked(who).await?.map(|link| Who::Id(link.user.id));
        if linked.is_none() && matches!(person.identity, ChatIdentity::Mail { .. }) {
            self.names_read().await?;
        }
        let Some(found) = linked.or_else(|| self.find(who, &person.identity)) else {
            return Err(Reason::NotLinked.into());
        };
        self.member(&found).await
    }

    /// Nobody was read yet, right after a start: then they are read now, so that nobody is told
    /// that they, or those they speak of, are not there.
    pub(super) async fn names_read(&self) -> Result<()> {
        if self.people.names().is_empty() {
            self.people.refresh(self.directory.as_ref(), &self.tenant, self.now()).await?;
        }
        Ok(())
    }

    /// An enabled user of this directory, or of the operator's own, who is no guest, with the
    /// groups that the rules speak of, read now.
    pub(super) async fn member(&self, found: &Who) -> Result<Standing> {
        let user = self.look_up(found).await?.ok_or(Reason::NotLinked)?;
        if !user.enabled || user.guest || user.id.tenant() != found.tenant() {
            return Err(Reason::NotLinked.into());
        }
        keep(&self.known.users, user.id.clone(), user.clone(), self.now());
        let groups = self.groups_of(&user.id, true).await?;
        Ok(Standing::own(user, groups))
    }

    /// What the directory and the rules say about somebody by their id, at most 60 s old.
    /// `None`: there is nobody of that id any more.
    pub(super) async fn standing(&self, id: &UserId) -> Result<Option<Standing>> {
        let (user, groups) = futures::join!(self.user(id), self.groups_of(id, false));
        match user {
            Ok(user) => Ok(Some(Standing::own(user, groups?))),
            Err(Trouble::Refused(_)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// Somebody of this directory, or of the operator's own.
    pub(super) async fn look_up(&self, who: &Who) -> Result<Option<User>> {
        self.looks_into(who.tenant())?.directory.user(who).await
    }

    /// Those of the rules' groups that somebody is in, in their own directory.
    async fn groups_of(&self, id: &UserId, anew: bool) -> Result<BTreeSet<GroupId>> {
        let (mut wanted, now) = (self.rules().groups(), self.now());
        wanted.retain(|group| group.tenant() == id.tenant());
        if wanted.is_empty() {
            return Ok(BTreeSet::new());
        }
        let known = recall(&self.known.groups, id, now).filter(|_| !anew);
        if let Some(groups) = known {
            return Ok(groups);
        }
        let groups = self.looks_into(id.tenant())?.directory.member_of(id, &wanted).await?;
        let groups: BTreeSet<GroupId> = groups.into_iter().collect();
        keep(&self.known.groups, id.clone(), groups.clone(), now);
        Ok(groups)
    }

    fn find(&self, who: &ChatUser, identity: &ChatIdentity) -> Option<Who> {
        let by_upn = |upn: Upn| Some(Who::Upn(self.tenant.clone(), upn));
        if let Some(seating) = &self.seating {
            let upn = match identity {
                ChatIdentity::Entra { upn, .. } => upn.as_ref(),
                ChatIdentity::Mail { .. } => None,
            };
            if let Some(seat) = seating(who, upn) {
                return by_upn(seat);
            }
        }
        match identity {
            ChatIdentity::Entra { tenant, object, .. } => {
                let ours = tenant.eq_ignore_ascii_case(&self.tenant.to_string());
                let guid = uuid::Uuid::parse_str(object).ok().filter(|_| ours);
                guid.map(|guid| Who::Id(self.tenant.object(guid)))
            }
            ChatIdentity::Mail { address, confirmed } => {
                if let Some(upn) = self.identities.slack.get(&who.id) {
                    return by_upn(upn.clone());
                }
                if self.identities.others.contains(&who.id) {
                    return None;
                }
                let address = address.as_deref().filter(|a| a.is_ascii())?;
                if !self.identities.slack_mail || *confirmed == Some(false) {
                    return None;
                }
                self.people.names().one_with_address(address).map(Who::Id)
            }
        }
    }

    /// A directory user by id, at most 60 s old.
    pub(super) async fn user(&self, id: &UserId) -> Result<User> {
        let now = self.now();
        if let Some(user) = recall(&self.known.users, id, now) {
            return Ok(user);
        }
        let found = self.look_up(&Who::Id(id.clone())).await?;
        let user = found.ok_or_else(|| Reason::NoSuchPerson { name: id.guid().to_string() })?;
        keep(&self.known.users, id.clone(), user.clone(), now);
        Ok(user)
    }

    /// Somebody who was deleted and can still be restored.
    pub(super) async fn deleted(&self, id: &UserId) -> Result<Option<User>> {
        let found = self.directory.deleted(&self.tenant, &id.guid().to_string()).await?;
        Ok(found.into_iter().next().map(|gone| User::deleted(&gone.person, gone.employee_id)))
    }

    /// Those a plan is about: as users, as deleted ones, and not at all when they are gone for
    /// good. What is to happen to these fails when it runs, and says so.
    pub(super) async fn subjects(&self, plan: &Plan) -> Result<Vec<User>> {
        let each = plan.subjects.iter().map(|subject| async {
            match self.user(&subject.id).await {
                Ok(user) => Ok(Some(user)),
                Err(Trouble::Refused(_)) => self.deleted(&subject.id).await,
                Err(trouble) => Err(trouble),
            }
        });
        let found = futures::future::try_join_all(each).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Several users.
    pub(super) async fn users(&self, ids: impl Iterator<Item = &UserId>) -> Result<Vec<User>> {
        futures::future::try_join_all(ids.map(|id| self.user(id))).await
    }
}

/// A chat call that failed, as a trouble.
pub(super) fn unreachable(error: ChatError) -> Trouble {
    Trouble::Unreachable { what: "the chat service", source: error.into() }
}
