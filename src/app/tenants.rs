//! Settings → a desk for each customer's tenant, with its own way to Microsoft.
//!
//! A customer's desk shares chats, store and keys with the operator's, and nothing that reads or
//! changes a directory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, RwLock},
};

use anyhow::Context;
use jiff::tz::TimeZone;

use super::{AroundFaces, Pace, credentials::Watch, outside};
use crate::{
    adapters::{
        cards::{Cards, fit},
        graph::{Microsoft, settings::RequestLog},
    },
    config::{Config, Customer, Drafts, Places},
    desk::{
        Desk, Identities, drafts::Days, named, people::People, standing::automation::Looked,
        templates::Templates, who::Known,
    },
    domain::{
        chat::{Drawn, Face},
        ids::TenantId,
        message::Message,
    },
    engine::Door,
    policy::{Rules, Whose},
    ports::{clock::Clock, faces::Faces, partner::PartnerTokens},
};

/// How Microsoft is reached.
pub(super) struct Way {
    /// Sees every request.
    pub log: RequestLog,
    /// How often it is asked.
    pub pace: Pace,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The token of the partner's service account, for customers that are reached in its name.
    pub partner: Arc<dyn PartnerTokens>,
    /// The operator's own tenant, as the app of `[microsoft]`.
    pub home: Arc<Microsoft>,
}

/// What customers' tenants add to the house.
pub(super) struct Customers {
    /// A desk for each.
    pub desks: Vec<Arc<Desk>>,
    /// The engine's door to each.
    pub doors: BTreeMap<TenantId, Door>,
}

/// A desk and a door for each customer's tenant, each with its own way to Microsoft.
pub(super) fn customers(
    home: &Arc<Desk>,
    config: &Config,
    drawing: &Drawings,
    (way, watch): (&Way, &mut Watch),
) -> anyhow::Result<Customers> {
    let mut all = Customers { desks: Vec::new(), doors: BTreeMap::new() };
    for customer in &config.tenants {
        let named = || format!("tenants, {}", customer.name);
        let app = microsoft(config, customer, way).with_context(named)?;
        watch.also(config, customer, (&app, &way.home)).with_context(named)?;
        let faces = drawing.about(Some(&customer.name));
        let desk = customer_desk(home, (config, customer), app.clone(), faces);
        all.desks.push(Arc::new(desk.with_context(named)?));
        all.doors.insert(customer.id.clone(), Door { hands: app.clone(), world: app });
    }
    Ok(all)
}

/// Microsoft 365 in a customer's tenant, and in no other.
fn microsoft(
    config: &Config,
    customer: &Customer,
    Way { log, pace, clock, partner, .. }: &Way,
) -> anyhow::Result<Arc<Microsoft>> {
    let set = config.in_tenant_of(customer).microsoft;
    let there = (&customer.id, &set, Some(partner.clone()));
    outside::microsoft_in(config, there, Some(log.clone()), *pace, clock.clone()).map(Arc::new)
}

/// The desk of a customer's tenant, at which people of the operator's own work too.
fn customer_desk(
    home: &Arc<Desk>,
    (config, customer): (&Config, &Customer),
    microsoft: Arc<Microsoft>,
    faces: Arc<dyn Faces>,
) -> anyhow::Result<Desk> {
    let policy = config.policy_of(&customer.id);
    named::check(policy)?;
    let rules = Rules::read_of(policy, Whose { people: &home.tenant, about: &customer.id })?;
    let mut slack = BTreeMap::new();
    for (id, upn) in &customer.slack_people {
        slack.insert(id.clone(), upn.parse().with_context(|| format!("slack_people.{id}"))?);
    }
    let people = People::knowing(rules.switched_on());
    Ok(Desk {
        tenant: customer.id.clone(),
        home: Some(home.clone()),
        channels: home.channels.clone(),
        zone: home.zone.clone(),
        end_of_day: home.end_of_day,
        store: home.store.clone(),
        directory: microsoft,
        chats: home.chats.clone(),
        faces,
        clock: home.clock.clone(),
        rules: RwLock::new(Arc::new(rules)),
        votes: home.votes.clone(),
        pages: home.pages.clone(),
        approvals: customer.approvals.clone().unwrap_or_else(|| home.approvals.clone()),
        // There is one record, and one operator: their own desk posts the heads and tells them.
        heads: Places::default(),
        operators: Places::default(),
        days: Days::of(&Drafts::default()),
        automation: Looked::default(),
        templates: Templates::of(&config.templates)?,
        identities: Identities {
            slack_realm: home.identities.slack_realm.clone(),
            slack,
            // Slack signs its people in at the operator's own tenant, if at any.
            slack_mail: false,
            others: BTreeSet::new(),
        },
        sign_ins: home.sign_ins.clone(),
        seating: None,
        rehearsals: home.rehearsals.clone(),
        words_live: home.words_live,
        telling: home.telling,
        model: home.model.clone(),
        people,
        known: Known::default(),
    })
}

/// The cards, drawn for one tenant or another.
pub(super) struct Drawings {
    cards: Arc<Cards>,
    zone: TimeZone,
    around: Option<Arc<AroundFaces>>,
}

impl Drawings {
    /// In the operator's zone.
    pub(super) fn of(config: &Config, around: Option<Arc<AroundFaces>>) -> anyhow::Result<Self> {
        let cards = Cards::new("en").context("the cards do not compile")?;
        Ok(Self { cards: Arc::new(cards), zone: config.tenant.time_zone.clone(), around })
    }

    /// What draws everything about a tenant, which is named where there are several.
    pub(super) fn about(&self, tenant: Option<&str>) -> Arc<dyn Faces> {
        let (cards, zone) = (self.cards.clone(), self.zone.clone());
        let faces = Drawing { cards, zone, tenant: tenant.map(ToOwned::to_owned) };
        let faces: Arc<dyn Faces> = Arc::new(faces);
        self.around.iter().fold(faces, |faces, around| around(faces))
    }
}

/// Draws from `cards/`, in the operator's zone.
struct Drawing {
    cards: Arc<Cards>,
    zone: TimeZone,
    /// The tenant that is said on everything, where there are several.
    tenant: Option<String>,
}

impl Faces for Drawing {
    fn draw(&self, message: &Message, face: Face) -> anyhow::Result<Drawn> {
        // A sentence without a card answers something that names its tenant.
        let bare = matches!(message, Message::Sorry(_) | Message::Note(_));
        let tenant = self.tenant.as_deref().filter(|_| face != Face::Plain || !bare);
        Ok(self.cards.draw_about(message, face, &self.zone, tenant)?)
    }

    fn surely_lists(&self, steps: usize, bytes: usize) -> bool {
        fit::surely_lists(steps, bytes)
    }

    fn counts_steps(&self, message: &Message, face: Face) -> anyhow::Result<bool> {
        Ok(self.cards.counts_steps(message, face, &self.zone, self.tenant.as_deref())?)
    }
}
