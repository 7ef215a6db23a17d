//! What was looked up: where it appears, a page at a time, and what the record keeps.
//!
//! The default for everything about people is the asker alone. Policy may say otherwise
//! for each permission group and sort of conversation; a conversation with guests or
//! people of other organisations never gets directory data, whatever it says.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::{
    actions::{Entry, forms},
    config::Shows,
    desk::{Desk, places::answer_to, sorry},
    domain::{
        area::Area,
        chat::{ChatUser, Inbound, Place, PlaceKind, Platform, Turned},
        fact::{Fact, Header},
        form::{Pick, Sort},
        message::{FactsView, Message, PagesView},
        page::{Cut, Page, Spot},
        proposal::Proposal,
        request::{Origin, Request},
        trouble::{Reason, Result},
    },
    policy::Standing,
    ports::{
        chat::Company,
        store::{Answer, Say, SayTo, StoreError, Turn},
    },
};

/// Rows of a table that one card shows: as many as a phone scrolls through without loss.
pub const ROWS_MAX: usize = 15;
/// Pages can be turned this long.
const PAGES_LIVE: SignedDuration = SignedDuration::from_hours(8);

/// What a look found, before it is known where it appears.
#[derive(Debug)]
pub(super) struct Found {
    pub entry: &'static Entry,
    pub arguments: Map<String, Value>,
    pub facts: FactsView,
}

/// Where an answer appears.
enum Appears {
    /// Where it was asked.
    There(SayTo),
    /// To the asker, in their own conversation with the bot; who reads along where it
    /// was asked is told so.
    Apart(ChatUser),
}

impl Desk {
    /// May an answer of this action appear, if it was asked in this sort of conversation?
    /// Asked before anything is looked up.
    pub(super) fn may_appear(&self, entry: &Entry, place: &Place) -> Result<(), Reason> {
        match self.shows(entry, place.kind) {
            Shows::Refuse => Err(Reason::NotHere { area: entry.about.area.to_string() }),
            _ => Ok(()),
        }
    }

    fn shows(&self, entry: &Entry, kind: PlaceKind) -> Shows {
        let reads = self.rules().area(entry.about.area).reads;
        let set = match kind {
            PlaceKind::Personal => return Shows::Thread,
            PlaceKind::Group => reads.group_chats,
            PlaceKind::Channel => reads.channels,
        };
        set.unwrap_or(if is_about_people(entry) { Shows::Asker } else { Shows::Thread })
    }

    /// Says what was found, where policy lets it appear, and records that it was read.
    pub(super) async fn tell_found(
        &self,
        turn: &mut Turn,
        request: &Request,
        who: &Standing,
        found: Found,
    ) {
        let origin = &request.origin;
        let appears = self.appears(found.entry, origin).await;
        let to = match &appears {
            Appears::There(to) => to.clone(),
            Appears::Apart(user) => SayTo::Person { user: user.clone() },
        };
        // A message that only one person sees cannot be replaced, so it only goes on.
        let once = matches!(to, SayTo::Whisper { .. });
        // Whoever turns a page presses it where the answer stands.
        let own = origin.place.kind == PlaceKind::Personal;
        let place = match &appears {
            Appears::There(_) if !own => conversation(&origin.place),
            _ => own_conversation(&origin.by),
        };
        let spot = Spot { arguments: found.arguments.clone(), skip: 0 };
        let page = Page {
            reader: who.user.id.clone(),
            place,
            action: found.entry.about.id.to_owned(),
            to: spot,
            before: Vec::new(),
            number: 1,
            until: self.now() + PAGES_LIVE,
            of: self.home.is_some().then(|| self.tenant.clone()),
        };
        let place = if matches!(appears, Appears::Apart(_)) { "apart" } else { "there" };
        turn.facts.push(self.read_fact(who, &page, place));
        let what = self.paged(&page, found.facts, once);
        turn.say.push(Say { id: self.clock.uuid(), to, what });
        if matches!(appears, Appears::Apart(_)) {
            let note = crate::desk::press::note("read_apart", &[("user", &who.user.name)]);
            turn.say.push(Say { id: self.clock.uuid(), to: answer_to(origin), what: note });
        }
    }

    async fn appears(&self, entry: &Entry, origin: &Origin) -> Appears {
        let place = &origin.place;
        if place.kind == PlaceKind::Personal {
            return Appears::There(answer_to(origin));
        }
        // Whoever does not answer who is there is taken to have others there.
        let company = match self.chats.get(&place.platform) {
            Some(chat) => chat.company(place).await.unwrap_or(Company::Others),
            None => Company::Others,
        };
        let apart = Appears::Apart(origin.by.clone());
        match (company, self.shows(entry, place.kind)) {
            (Company::Ours, Shows::Thread) => Appears::There(answer_to(origin)),
            (Company::Ours | Company::Guests, Shows::Thread | Shows::Asker)
                if place.platform == Platform::Slack =>
            {
                let place = spot(place, origin.message.as_deref());
                Appears::There(SayTo::Whisper { place, user: origin.by.clone() })
            }
            _ => apart,
        }
    }

    /// One page of what was found, with the buttons that turn it.
    fn paged(&self, page: &Page, facts: FactsView, once: bool) -> Message {
        let Cut { facts, number, back, on } = page.cut(facts, ROWS_MAX);
        let back = back.filter(|_| !once).and_then(|page| self.sealed(&page));
        let on = on.and_then(|page| self.sealed(&page));
        Message::Pages(PagesView { facts, number, back, on })
    }

    fn sealed(&self, page: &Page) -> Option<String> {
        let mut chance = [0; 12];
        self.clock.fill(&mut chance);
        let token = page.seal(&self.pages, chance);
        if token.is_none() {
            tracing::warn!(action = %page.action, "A page cannot be turned: its arguments are too long for a button");
        }
        token
    }

    /// A page that was turned, or why not.
    pub async fn turn_page(&self, inbound: &Inbound, turned: &Turned) -> Message {
        match self.other_page(inbound, turned).await {
            Ok(message) => message,
            Err(trouble) => sorry(&trouble),
        }
    }

    async fn other_page(&self, inbound: &Inbound, turned: &Turned) -> Result<Message> {
        let page = Page::open(&turned.token, &self.pages).ok_or(Reason::NotThisCard)?;
        let here = match turned.on.place.kind {
            PlaceKind::Personal => own_conversation(&inbound.from),
            _ => conversation(&turned.on.place),
        };
        let who = self.person(&inbound.from, &inbound.place).await?;
        if who.user.id != page.reader {
            return Err(Reason::NotYourPages.into());
        }
        if page.place != here || page.of.as_ref().unwrap_or(self.people_tenant()) != &self.tenant {
            return Err(Reason::NotThisCard.into());
        }
        if self.now() >= page.until {
            return Err(Reason::PagesOver.into());
        }
        let proposal = Proposal {
            action: page.action.clone(),
            arguments: page.to.arguments.clone(),
            because: Vec::new(),
        };
        let entry = self.allowed(&who, &proposal)?;
        self.may_appear(entry, &turned.on.place)?;
        let origin = Origin {
            place: inbound.place.clone(),
            by: inbound.from.clone(),
            message: None,
            own_words: true,
            alone: false,
            client: None,
        };
        let request = self.new_request(origin, &who, Vec::new());
        let asked = self.asked(&request).await?;
        let planned = entry.plan(&page.to.arguments, self.directory.as_ref(), &asked).await?;
        let crate::actions::Planned::Facts(facts) = planned else {
            return Err(Reason::NotThisCard.into());
        };
        let mut turn = Turn { at: self.now(), ..Turn::default() };
        turn.facts.push(self.read_fact(&who, &page, "turned"));
        if let Err(error) = self.store.save(turn).await {
            // What is not recorded is not shown.
            let what = "the record";
            return Err(crate::domain::trouble::Trouble::Unreachable {
                what,
                source: error.into(),
            });
        }
        Ok(self.paged(&page, facts, turned.once))
    }

    /// A page turned where no answer can be given at once: it is said there anew.
    pub(super) async fn turn_aloud(
        &self,
        inbound: &Inbound,
        turned: &Turned,
    ) -> Result<Answer, StoreError> {
        let what = self.turn_page(inbound, turned).await;
        let mut turn = self.turn(inbound, Answer::default());
        let to = if inbound.place.kind == PlaceKind::Personal {
            SayTo::Place { place: inbound.place.clone() }
        } else {
            SayTo::Person { user: inbound.from.clone() }
        };
        turn.say.push(Say { id: self.clock.uuid(), to, what });
        self.store.save(turn).await.map(|_| Answer::default())
    }

    /// What the record keeps of a read: who, what, with which arguments, and where it
    /// appeared. Not what was found.
    fn read_fact(&self, who: &Standing, page: &Page, place: &str) -> Fact {
        let payload = json!({
            "by": who.user.to_ref(), "action": page.action, "arguments": page.to.arguments,
            "page": page.number, "shown": place,
        });
        Fact {
            header: Header {
                id: self.clock.uuid(),
                tenant: self.tenant.clone(),
                request: None,
                kind: "read.answered".to_owned(),
                at: self.now(),
                digest: None,
            },
            payload,
            subject: who.user.id.to_string(),
        }
    }
}

/// Is what it finds about people? Then the asker alone reads it, unless policy says otherwise.
fn is_about_people(entry: &Entry) -> bool {
    let of_people = [
        Area::Users,
        Area::PasswordsAndSecurity,
        Area::Groups,
        Area::Guests,
        Area::Roles,
        Area::Mailboxes,
        Area::Devices,
        Area::RawGraph,
    ];
    let asks = forms::form(entry.about.id).is_some_and(|form| {
        let person = |sort: &Sort| {
            matches!(sort, Sort::Pick { pick: Pick::Person | Pick::Mailbox | Pick::Device })
        };
        form.fields.iter().any(|field| person(&field.sort))
    });
    asks || of_people.contains(&entry.about.area)
}

/// A conversation without its thread.
fn conversation(place: &Place) -> String {
    Place { thread: None, ..place.clone() }.key()
}

/// Somebody's own conversation with the bot, wherever it is.
fn own_conversation(user: &ChatUser) -> String {
    format!("{}:{}:own:{}", user.platform.as_str(), user.realm, user.id)
}

/// Where a message to one person is seen: Slack shows those in a thread only once the
/// thread has begun (docs.slack.dev, chat.postEphemeral).
pub(super) fn spot(place: &Place, message: Option<&str>) -> Place {
    let mut spot = place.clone();
    if spot.thread.as_deref() == message {
        spot.thread = None;
    }
    spot
}
