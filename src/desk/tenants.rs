//! Several tenants: a desk for each, and which of them a delivery is for.
//!
//! - a conversation that is mapped to a tenant is about that tenant
//! - a button is about the tenant of its request, and is refused in another's conversation
//! - elsewhere people of a customer are about their own tenant
//! - people of the operator's own directory name the tenant (`Fabrikam: …`), go on in the thread
//!   of a request, or are asked which one is meant ([`super::which`])
//!
//! A desk looks at its own directory, and at the operator's for who somebody is; it has no way
//! into any other.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use serde_json::Value;

use crate::{
    config::Config,
    desk::{Desk, hear::thread, sign_in::page::Told, which},
    domain::{
        chat::{ChatUser, Heard, Inbound, Place, Platform, Words},
        decision::Vote,
        ids::{RequestId, TenantId},
        page::Page,
        plan::Plan,
        request::Request,
        secret::Secret,
        trouble,
    },
    engine::Signers,
    policy::Whose,
    ports::{
        faces::Faces,
        store::{Answer, SignInKey, StoreError},
    },
};

/// So many requests of a thread are looked at to see whose it is.
const IN_THREAD_MAX: u32 = 5;

/// Which tenant a conversation is about, where the operator said so.
#[derive(Debug, Clone, Default)]
pub struct Channels(HashMap<(Platform, String), TenantId>);

impl Channels {
    /// As the settings map them.
    pub fn of(config: &Config) -> Self {
        let own = &config.tenant;
        let own = (&own.id, &own.slack_channels, &own.teams_conversations);
        let others = config
            .tenants
            .iter()
            .map(|one| (&one.id, &one.slack_channels, &one.teams_conversations));
        let mut all = HashMap::new();
        for (tenant, slack, teams) in std::iter::once(own).chain(others) {
            let slack = slack.iter().map(|id| (Platform::Slack, id.clone()));
            let teams = teams.iter().map(|id| (Platform::Teams, id.clone()));
            all.extend(slack.chain(teams).map(|key| (key, tenant.clone())));
        }
        Self(all)
    }

    /// The tenant that a conversation is mapped to.
    pub fn tenant(&self, place: &Place) -> Option<&TenantId> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(place.platform, place.conversation.clone()))
    }
}

/// A desk for each tenant.
pub struct Desks {
    home: Arc<Desk>,
    others: BTreeMap<TenantId, Arc<Desk>>,
    /// Every tenant's name, in the order of the settings; nothing while there is only one.
    names: Vec<(TenantId, String)>,
    /// Draw what is about no tenant.
    faces: Arc<dyn Faces>,
}

impl std::fmt::Debug for Desks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} desks", 1 + self.others.len())
    }
}

/// Who hears a delivery.
enum Hearer {
    /// The desk of one tenant, as this delivery.
    One(Arc<Desk>, Box<Inbound>),
    /// It must be asked which.
    Unclear,
}

impl Desks {
    /// The operator's own desk, and those of customers. `faces` draw without a tenant.
    pub fn new(
        home: Arc<Desk>,
        others: Vec<Arc<Desk>>,
        names: Vec<(TenantId, String)>,
        faces: Arc<dyn Faces>,
    ) -> Self {
        let others = others.into_iter().map(|desk| (desk.tenant.clone(), desk)).collect();
        Self { home, others, names, faces }
    }

    /// The operator's own.
    pub fn home(&self) -> &Arc<Desk> {
        &self.home
    }

    /// All of them, the operator's own first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Desk>> {
        std::iter::once(&self.home).chain(self.others.values())
    }

    /// The desk of a tenant, if the settings name it.
    pub fn of(&self, tenant: &TenantId) -> Option<&Arc<Desk>> {
        if *tenant == self.home.tenant { Some(&self.home) } else { self.others.get(tenant) }
    }

    /// What draws what was said about a tenant.
    pub(super) fn faces_of(&self, tenant: Option<&TenantId>) -> &dyn Faces {
        let desk = tenant.and_then(|tenant| self.of(tenant));
        desk.map_or(self.faces.as_ref(), |desk| desk.faces.as_ref())
    }

    /// Keeps a delivery that will be handled after it is acknowledged.
    pub async fn receive(&self, inbound: Inbound) -> Result<(), StoreError> {
        self.home.receive(inbound).await
    }

    /// Handles one delivery, at the desk that it is for.
    pub async fn handle(&self, inbound: Inbound) -> Result<Answer, StoreError> {
        self.take_up(inbound, false).await
    }

    /// Handles a delivery that was acknowledged before.
    pub async fn handle_received(&self, inbound: Inbound) -> Result<Answer, StoreError> {
        self.take_up(inbound, true).await
    }

    async fn take_up(&self, inbound: Inbound, aloud: bool) -> Result<Answer, StoreError> {
        if self.others.is_empty() {
            return Box::pin(self.home.take_up(inbound, aloud)).await;
        }
        match self.hearer(&inbound).await? {
            Hearer::One(desk, heard) => {
                let answer = Box::pin(desk.take_up(*heard, aloud)).await?;
                if let Heard::Pressed(press) = &inbound.what
                    && let Some(said) = self.home.said_of_chosen(&press.request).await?
                {
                    // Kept with the choice, so that nothing is lost if it ends here.
                    Box::pin(self.take_up(said, true)).await?;
                }
                Ok(answer)
            }
            Hearer::Unclear => Box::pin(self.home.ask_which(&inbound, &self.names)).await,
        }
    }

    /// The desk that draws the answer to something, and looks things up for it.
    pub async fn for_delivery(&self, inbound: &Inbound) -> Result<Arc<Desk>, StoreError> {
        if self.others.is_empty() {
            return Ok(self.home.clone());
        }
        Ok(match self.hearer(inbound).await? {
            Hearer::One(desk, _) => desk,
            Hearer::Unclear => self.home.clone(),
        })
    }

    /// The desk for somebody in a place, who did not say more.
    pub fn for_person(&self, from: &ChatUser, place: &Place) -> &Arc<Desk> {
        self.settled(from, place).unwrap_or(&self.home)
    }

    /// Where it is settled by the conversation or by whoever is there.
    fn settled(&self, from: &ChatUser, place: &Place) -> Option<&Arc<Desk>> {
        let mapped = self.home.channels.tenant(place);
        mapped.and_then(|tenant| self.of(tenant)).or_else(|| self.own(from))
    }

    /// The tenant of a customer's own people.
    fn own(&self, from: &ChatUser) -> Option<&Arc<Desk>> {
        self.others.values().find(|desk| desk.has_account(from))
    }

    async fn hearer(&self, inbound: &Inbound) -> Result<Hearer, StoreError> {
        let at = |desk: &Arc<Desk>| Hearer::One(desk.clone(), Box::new(inbound.clone()));
        let found = match &inbound.what {
            Heard::Pressed(press) => self.of_request(&press.request).await?,
            Heard::Filled(filled) => match &filled.of {
                Some(of) => self.of_request(&of.request).await?,
                None => self.settled(&inbound.from, &inbound.place),
            },
            Heard::Turned(turned) => {
                let page = Page::open(&turned.token, &self.home.pages);
                page.and_then(|page| page.of).and_then(|tenant| self.of(&tenant))
            }
            Heard::Said { words, message, .. } => {
                return self.hearer_of_words(inbound, (&words.0, message.as_deref())).await;
            }
            Heard::Wants(_) | Heard::Met | Heard::Parted => {
                self.settled(&inbound.from, &inbound.place)
            }
        };
        Ok(at(found.unwrap_or(&self.home)))
    }

    async fn hearer_of_words(
        &self,
        inbound: &Inbound,
        (words, message): (&str, Option<&str>),
    ) -> Result<Hearer, StoreError> {
        let at =
            |desk: &Arc<Desk>, inbound: Inbound| Ok(Hearer::One(desk.clone(), Box::new(inbound)));
        if let Some(tenant) = self.home.chosen_tenant(&inbound.key).await?
            && let Some(desk) = self.of(&tenant)
        {
            return at(desk, inbound.clone());
        }
        if let Some(desk) = self.settled(&inbound.from, &inbound.place) {
            return at(desk, inbound.clone());
        }
        if let Some((desk, rest)) = self.named_in(words) {
            let mut inbound = inbound.clone();
            if let Heard::Said { words, .. } = &mut inbound.what {
                *words = Words(rest.to_owned());
            }
            return at(desk, inbound);
        }
        let place = thread(&inbound.place, message);
        if place.thread.is_some()
            && let Some(desk) = self.of_thread(&place).await?
        {
            return at(desk, inbound.clone());
        }
        Ok(Hearer::Unclear)
    }

    /// `Fabrikam: reset …`
    fn named_in<'a>(&self, words: &'a str) -> Option<(&Arc<Desk>, &'a str)> {
        let (name, rest) = words.split_once(':')?;
        let name = name.trim().to_lowercase();
        let (tenant, _) = self.names.iter().find(|(_, own)| own.to_lowercase() == name)?;
        Some((self.of(tenant)?, rest.trim_start()))
    }

    async fn of_request(&self, id: &RequestId) -> Result<Option<&Arc<Desk>>, StoreError> {
        let request = self.home.store.request(id).await?;
        Ok(request.and_then(|request| self.of(&request.tenant)))
    }

    async fn of_thread(&self, place: &Place) -> Result<Option<&Arc<Desk>>, StoreError> {
        let made = self.home.store.made_in(&place.key(), IN_THREAD_MAX).await?;
        let newest = made.iter().find(|request| !which::is_question(request));
        Ok(newest.and_then(|request| self.of(&request.tenant)))
    }

    /// Handles deliveries that were acknowledged and not handled, after a crash.
    pub async fn catch_up(&self) -> Result<usize, StoreError> {
        let left = self.home.unhandled().await?;
        let count = left.len();
        for inbound in left {
            match Box::pin(self.handle_received(inbound)).await {
                Ok(_) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    /// Expires requests whose time is over; says how many. Drafts what the directory's days
    /// say and what the profile proposes, where it is time to look.
    pub async fn expire(&self) -> Result<usize, StoreError> {
        for desk in self.all() {
            Box::pin(desk.draft_days()).await?;
            Box::pin(desk.automate()).await?;
        }
        let overdue = self.home.overdue().await?;
        let count = overdue.len();
        for request in overdue {
            // One of a tenant that the settings do not name any more only ends.
            let desk = self.of(&request.tenant).unwrap_or(&self.home);
            match Box::pin(desk.expire_one(request)).await {
                // Somebody decided in the same instant.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    /// Puts other rules in force for every tenant, if all of them can be read; gives the version
    /// of the operator's own.
    pub fn reload(&self, config: &Config) -> anyhow::Result<String> {
        let read = self.all().map(|desk| desk.read_rules(config.policy_of(&desk.tenant)));
        let read = read.collect::<anyhow::Result<Vec<_>>>()?;
        let version = read[0].version.clone();
        for (desk, rules) in self.all().zip(read) {
            desk.put_in_force(rules);
        }
        Ok(version)
    }

    /// Somebody opened a link and goes to Entra.
    pub async fn sign_in_begin(
        &self,
        said: &str,
    ) -> Result<Option<super::sign_in::page::Begun>, StoreError> {
        match self.home.sign_in_of_link(said).await? {
            Some(tenant) => self.of(&tenant).unwrap_or(&self.home).sign_in_begin(said).await,
            None => Ok(None),
        }
    }

    /// A browser comes back with Entra's code.
    pub async fn sign_in_back(
        &self,
        state: &str,
        browser: &str,
        code: &Secret,
    ) -> Told<super::sign_in::page::Shown> {
        self.for_sign_in(state).await?.sign_in_back(state, browser, code).await
    }

    /// Whoever signed in says that it is what they want.
    pub async fn sign_in_confirm(
        &self,
        state: &str,
        browser: &str,
    ) -> Told<super::sign_in::page::Shown> {
        Box::pin(self.for_sign_in(state).await?.sign_in_confirm(state, browser)).await
    }

    async fn for_sign_in(&self, state: &str) -> Result<&Arc<Desk>, StoreError> {
        let state = super::sign_in::page::hashed(state);
        let key = SignInKey::State(&state);
        let found = self.home.store.sign_in(key, self.home.now()).await?;
        Ok(found.and_then(|one| self.of(&one.tenant)).unwrap_or(&self.home))
    }
}

#[async_trait]
impl Signers for Desks {
    /// Of a tenant that the settings do not name any more, nobody's.
    async fn still(
        &self,
        request: &Request,
        plan: &Plan,
        votes: &[Vote],
    ) -> trouble::Result<Vec<Vote>> {
        match self.of(&request.tenant) {
            Some(desk) => desk.still(request, plan, votes).await,
            None => Ok(Vec::new()),
        }
    }
}

impl Desk {
    /// Whose directories its rules speak of.
    pub(super) fn whose(&self) -> Whose<'_> {
        Whose { people: self.people_tenant(), about: &self.tenant }
    }

    /// The directory of those who work here: the operator's own.
    pub(super) fn people_tenant(&self) -> &TenantId {
        self.home.as_ref().map_or(&self.tenant, |home| &home.tenant)
    }

    /// The desk that may look into a directory: this one into its own, and for who somebody is
    /// into the operator's.
    pub(super) fn looks_into(&self, tenant: &TenantId) -> trouble::Result<&Self> {
        if *tenant == self.tenant {
            return Ok(self);
        }
        let home = self.home.as_deref().filter(|home| home.tenant == *tenant);
        home.ok_or_else(|| trouble::Reason::OtherTenant.into())
    }

    /// Is this chat account one of this tenant's own people, by the settings or by its directory?
    fn has_account(&self, from: &ChatUser) -> bool {
        match from.platform {
            Platform::Slack => self.identities.slack.contains_key(&from.id),
            Platform::Teams => from.realm.eq_ignore_ascii_case(&self.tenant.to_string()),
            Platform::Api => false,
        }
    }

    /// Requests of this tenant made in a place, newest first.
    pub(super) async fn made_here(
        &self,
        place: &Place,
        most: u32,
    ) -> Result<Vec<Request>, StoreError> {
        let mut made = self.store.made_in(&place.key(), most).await?;
        made.retain(|request| request.tenant == self.tenant && !which::is_question(request));
        Ok(made)
    }
}

/// Every id of an object in some data that is of none of these tenants.
pub(super) fn strangers<'a>(data: &'a Value, of: &[&TenantId]) -> Vec<&'a str> {
    match data {
        Value::String(text) => {
            let id = text.parse::<crate::domain::ids::UserId>().ok();
            id.filter(|id| !of.contains(&id.tenant())).map(|_| text.as_str()).into_iter().collect()
        }
        Value::Array(list) => list.iter().flat_map(|one| strangers(one, of)).collect(),
        Value::Object(map) => map.values().flat_map(|one| strangers(one, of)).collect(),
        _ => Vec::new(),
    }
}
