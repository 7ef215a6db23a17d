//! Whose a Slack account is: offered by a link in a direct message, settled by a code that is
//! typed there, ended by its owner, by the operator, or when the person leaves the directory.

use serde_json::json;

use super::{Entrance, PAUSE, Said};
use crate::{
    desk::{Desk, Identities, press::note, read::spot, refused, sorry},
    domain::{
        chat::{ChatUser, Inbound, Place, PlaceKind, Platform},
        fact::Fact,
        ids::Digest,
        message::{Message, SignInFor, SignInView},
        sign_in::{IdentityLink, Linking, Purpose, SignIn, Stage, TRIES_MAX, same_account},
        trouble::{Reason, Result, Trouble},
        users::{PersonRef, Who},
    },
    ports::{
        clock::Clock,
        store::{Answer, Conversation, Say, SayTo, SignInKey, Store, StoreError, Turn},
    },
};

/// So many links are looked through for people who left.
const LINKS_MAX: u32 = 10_000;

/// Whether a link was offered.
pub(in crate::desk) enum Offered {
    /// Just now.
    Now,
    /// A moment ago; it is still good.
    Before,
    /// Not: it is no use to them, or the operator does not want it.
    Not,
}

impl Desk {
    /// Whose a chat account is by a sign-in. The operator's word goes first, and mail last.
    pub(in crate::desk) async fn linked(&self, who: &ChatUser) -> Result<Option<IdentityLink>> {
        let Identities { slack, others, .. } = &self.identities;
        let set = slack.contains_key(&who.id) || others.contains(&who.id);
        if who.platform != Platform::Slack || set {
            return Ok(None);
        }
        let found = self.store.identity(&self.tenant, who).await;
        found.map_err(|error| Trouble::Unreachable { what: "the store", source: error.into() })
    }

    /// Offers whoever is nobody's account yet to link it, in a direct message alone.
    pub(in crate::desk) async fn offer_link(
        &self,
        turn: &mut Turn,
        (from, seen_in): (&ChatUser, &Place),
    ) -> Result<Offered, StoreError> {
        // Accounts are linked to the operator's own directory, and there.
        let here = from.platform == Platform::Slack && self.home.is_none();
        let entrance = self.sign_ins.as_ref().filter(|_| here);
        let Some(entrance) = entrance else { return Ok(Offered::Not) };
        let taken = self.identities.slack.contains_key(&from.id)
            || self.store.identity(&self.tenant, from).await?.is_some();
        let Some(name) = self.may_link(from, seen_in).await.ok().filter(|_| !taken) else {
            return Ok(Offered::Not);
        };
        let now = self.now();
        let before = self.store.sign_in(SignInKey::LinkOf(from), now).await?;
        if before.is_some_and(|one| now.duration_since(one.asked_at()) < PAUSE) {
            return Ok(Offered::Before);
        }
        self.say_link(turn, entrance, (from, &name), seen_in);
        Ok(Offered::Now)
    }

    fn say_link(&self, turn: &mut Turn, entrance: &Entrance, by: (&ChatUser, &str), place: &Place) {
        let (sign_in, link) = self.new_sign_in(entrance, by, place, Purpose::Link);
        let view = SignInView { purpose: SignInFor::Link, link, until: sign_in.until };
        turn.sign_ins.push((sign_in, None));
        self.say_alone(turn, by.0, Message::SignIn(view));
    }

    /// Nobody whom the directory knows: they are told so, and offered to link
    /// their account where that is of use.
    pub(in crate::desk) async fn not_known(
        &self,
        mut turn: Turn,
        inbound: &Inbound,
        message: Option<&str>,
        trouble: &Trouble,
    ) -> Result<Answer, StoreError> {
        let spot = spot(&inbound.place, message);
        let alone = inbound.place.kind == PlaceKind::Personal;
        let said = match trouble {
            Trouble::Refused(Reason::NotLinked) => {
                match self.offer_link(&mut turn, (&inbound.from, &inbound.place)).await? {
                    Offered::Now if alone => None,
                    Offered::Now => Some(note("link_offered", &[])),
                    Offered::Before => Some(note("link_sent", &[])),
                    Offered::Not => Some(sorry(trouble)),
                }
            }
            _ => Some(sorry(trouble)),
        };
        if let Some(said) = said {
            self.say_to(&mut turn, &spot, &inbound.from, said);
        }
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// What they are called, if they are a full member of our own workspace.
    async fn may_link(&self, who: &ChatUser, seen_in: &Place) -> Result<String> {
        let chat = self.chat(who)?;
        let person = chat.person(who, seen_in).await.map_err(crate::desk::who::unreachable)?;
        match person.barred {
            Some(barred) => Err(Reason::Barred { why: barred.to_string() }.into()),
            None => Ok(person.name),
        }
    }

    /// Says something in somebody's own conversation with the bot.
    pub(super) fn say_alone(&self, turn: &mut Turn, to: &ChatUser, what: Message) {
        let to = SayTo::Person { user: to.clone() };
        turn.say.push(Say { id: self.clock.uuid(), to, what });
    }

    /// Words about signing in, in a direct message.
    pub(in crate::desk) async fn hear_sign_in(
        &self,
        inbound: &Inbound,
        said: Said,
    ) -> Result<Answer, StoreError> {
        let mut turn = self.turn(inbound, Answer::default());
        let from = &inbound.from;
        let answer = match said {
            Said::Link => self.wants_link(&mut turn, inbound).await?,
            Said::Unlink => self.wants_no_link(&mut turn, from).await?,
            Said::Code(code) => self.enter_code(&mut turn, inbound, &code).await?,
        };
        if let Some(message) = answer {
            self.say_alone(&mut turn, from, message);
        }
        self.store.save(turn).await?;
        self.known.forget_chat(from);
        Ok(Answer::default())
    }

    async fn wants_link(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
    ) -> Result<Option<Message>, StoreError> {
        let from = &inbound.from;
        if let Some(upn) = self.identities.slack.get(&from.id) {
            return Ok(Some(note("link_by_operator", &[("upn", upn.as_str())])));
        }
        if let Some(held) = self.store.identity(&self.tenant, from).await? {
            return Ok(Some(refused(Reason::LinkedAlready { person: held.user.name })));
        }
        if let Err(trouble) = self.may_link(from, &inbound.place).await {
            return Ok(Some(sorry(&trouble)));
        }
        Ok(match self.offer_link(turn, (from, &inbound.place)).await? {
            Offered::Now => None,
            Offered::Before => Some(note("link_sent", &[])),
            Offered::Not => Some(refused(Reason::NotLinked)),
        })
    }

    async fn wants_no_link(
        &self,
        turn: &mut Turn,
        from: &ChatUser,
    ) -> Result<Option<Message>, StoreError> {
        let Some(held) = self.store.identity(&self.tenant, from).await? else {
            return Ok(Some(note("unlink_none", &[])));
        };
        let said = named("unlinked", &held.user, from);
        let ended = unlinking(self.store.as_ref(), held, ("self", self.clock.as_ref())).await?;
        turn.facts.extend(ended.facts);
        turn.linking.extend(ended.linking);
        Ok(Some(said))
    }

    /// The code that the page showed to whoever signed in. Only the account for which the link
    /// was made can use it.
    async fn enter_code(
        &self,
        turn: &mut Turn,
        inbound: &Inbound,
        said: &str,
    ) -> Result<Option<Message>, StoreError> {
        let (from, now) = (&inbound.from, self.now());
        let found = self.store.sign_in(SignInKey::LinkOf(from), now).await?;
        let found = found.filter(|one| same_account(&one.by, from));
        let Some(sign_in) = found else { return Ok(Some(refused(Reason::SignInOver))) };
        let Stage::Confirmed { who, code, tries } = sign_in.stage.clone() else {
            return Ok(Some(refused(Reason::SignInOver)));
        };
        if Digest::of(said.as_bytes()) != code {
            let tries = tries + 1;
            if tries >= TRIES_MAX {
                turn.sign_ins_over.push(sign_in);
                return Ok(Some(refused(Reason::SignInOver)));
            }
            let version = sign_in.version;
            let stage = Stage::Confirmed { who, code, tries };
            turn.sign_ins.push((SignIn { stage, ..sign_in }, Some(version)));
            return Ok(Some(refused(Reason::CodeWrong { left: TRIES_MAX - tries })));
        }
        // Whoever was a member when the link was made may be none now.
        let may = self.may_link(from, &inbound.place).await;
        let member = match may {
            Ok(_) => self.member(&Who::Id(who.id.clone())).await,
            Err(trouble) => Err(trouble),
        };
        let standing = match member {
            Ok(standing) => standing,
            Err(trouble) => return Ok(Some(sorry(&trouble))),
        };
        if let Some(held) = self.store.identity(&self.tenant, from).await? {
            return Ok(Some(refused(Reason::LinkedAlready { person: held.user.name })));
        }
        let link = IdentityLink { chat: bare(from), user: standing.user.to_ref(), at: now };
        self.tell_elsewhere(turn, &link).await?;
        let said = named("linked", &link.user, from);
        turn.facts.push(fact(&link, "identity.linked", ("sign_in", self.clock.as_ref())));
        turn.linking.push(Linking::Linked(link));
        turn.sign_ins_over.push(sign_in);
        turn.conversations.push(self.conversation(inbound, Some(&standing)));
        Ok(Some(said))
    }

    /// Whoever was linked to is told wherever else they are known, so that a link they did not
    /// want does not stay unseen.
    async fn tell_elsewhere(&self, turn: &mut Turn, link: &IdentityLink) -> Result<(), StoreError> {
        let known = self.store.conversations(&link.user.id).await?;
        let others = known.into_iter().filter(|one| {
            one.open
                && one.place.kind == PlaceKind::Personal
                && one.with.as_ref().is_some_and(|with| !same_account(with, &link.chat))
        });
        for other in others.take(10) {
            let to = SayTo::Place { place: other.place };
            let what = named("linked_elsewhere", &link.user, &link.chat);
            turn.say.push(Say { id: self.clock.uuid(), to, what });
        }
        Ok(())
    }

    /// Ends the links of people who are not in the directory any more. Blocked people stay
    /// linked: they can do nothing meanwhile, and may come back.
    pub async fn unlink_who_left(&self) -> Result<usize, StoreError> {
        let (names, mut ended) = (self.people.names(), 0);
        if names.is_empty() {
            // Nobody was read yet: everybody would be asked for.
            return Ok(0);
        }
        for held in self.store.identities(&self.tenant, LINKS_MAX).await? {
            // An index that was read says most of them are there; only the others are asked for.
            if names.index.person(held.user.upn.as_str()).is_some() {
                continue;
            }
            if !matches!(self.directory.user(&Who::Id(held.user.id.clone())).await, Ok(None)) {
                continue;
            }
            let (from, said) = (held.chat.clone(), named("unlinked", &held.user, &held.chat));
            let by = ("left", self.clock.as_ref());
            let mut turn = unlinking(self.store.as_ref(), held, by).await?;
            self.say_alone(&mut turn, &from, said);
            match self.store.save(turn).await {
                Ok(_) => ended += 1,
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
            self.known.forget_chat(&from);
        }
        Ok(ended)
    }
}

/// A sentence about an account and a person.
fn named(key: &str, user: &PersonRef, account: &ChatUser) -> Message {
    note(key, &[("user", &user.name), ("upn", user.upn.as_str()), ("account", &account.id)])
}

/// An account without where its messages are addressed.
fn bare(user: &ChatUser) -> ChatUser {
    ChatUser { address: None, ..user.clone() }
}

/// The turn that ends a link. The account's own conversation with the bot is nobody's then:
/// what is meant for the person, a password even, does not go there any more.
pub async fn unlinking(
    store: &(impl Store + ?Sized),
    link: IdentityLink,
    (by, clock): (&str, &dyn Clock),
) -> Result<Turn, StoreError> {
    let theirs =
        |one: &Conversation| one.with.as_ref().is_some_and(|with| same_account(with, &link.chat));
    let now = clock.now();
    let known = store.conversations(&link.user.id).await?;
    let places = known.iter().filter(|one| theirs(one)).map(|one| one.place.key()).collect();
    Ok(Turn {
        at: now,
        facts: vec![fact(&link, "identity.unlinked", (by, clock))],
        linking: vec![Linking::Unlinked { link, places }],
        ..Turn::default()
    })
}

fn fact(link: &IdentityLink, kind: &str, (by, clock): (&str, &dyn Clock)) -> Fact {
    let payload = json!({
        "platform": link.chat.platform, "realm": link.chat.realm, "account": link.chat.id,
        "user": link.user, "by": by,
    });
    Fact::of_person(&link.user.id, kind, clock.uuid(), clock.now(), payload)
}
