//! Tenants that are not real: the simulator of this program, on loopback, for as long as one
//! rehearsal lasts. The same adapter talks to it as to Microsoft, with an application that opens
//! nothing else.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use anyhow::Context;
use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{
    adapters::{
        graph::{
            Microsoft,
            settings::{App, Endpoints, Settings},
        },
        http,
    },
    domain::{
        change::{Change, Sight},
        mail::{Mailbox, MailboxSort},
        methods::{Method, MethodSort},
        rehearsal::{Estate, Known},
        secret::Secret,
        trouble::Result,
        users::{Group, GroupSort, User},
    },
    ports::{
        clock::Clock,
        hands::{Call, Hands, Made},
        rehearsal::Rehearsals,
    },
    sim::microsoft::{self, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, PolicyPace, World},
};

/// An answer on loopback takes no longer.
const ANSWER_MAX: Duration = Duration::from_secs(15);

/// Puts them up.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnLoopback;

/// The hands in one of them. It ends with these.
struct StandIn {
    microsoft: Microsoft,
    serving: AbortHandle,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[async_trait]
impl Hands for StandIn {
    async fn look(&self, changes: &[&Change]) -> Vec<Result<Sight>> {
        self.microsoft.look(changes).await
    }

    fn may_follow(&self, first: &Change, then: &Change) -> bool {
        self.microsoft.may_follow(first, then)
    }

    async fn make(&self, calls: &[Call<'_>]) -> Vec<Made> {
        self.microsoft.make(calls).await
    }
}

#[async_trait]
impl Rehearsals for OnLoopback {
    async fn put_up(
        &self,
        estate: &Estate,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Box<dyn Hands>> {
        let world = World::from_directory(&directory(estate).to_string(), clock.clone())?;
        world.set_conduct(|conduct| conduct.policy_pace = PolicyPace::Free);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let at = format!("http://{}", listener.local_addr()?);
        let routes = microsoft::router(world);
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
        let serving = serving.abort_handle();
        let client = uuid::Uuid::parse_str(DEMO_CLIENT_ID).context("a constant GUID")?;
        let app = App::with_secret(client, Secret::new(DEMO_CLIENT_SECRET.to_owned()));
        let endpoints = Endpoints::at(&at, &at, &at);
        let settings = Settings::new(endpoints, [(estate.tenant.clone(), app)].into());
        let client = http::client_for(&at.parse().context("an address")?, ANSWER_MAX);
        Ok(Box::new(StandIn { microsoft: Microsoft::new(settings, client, clock), serving }))
    }
}

/// The directory file of the simulator with all of it, under the ids that it has.
fn directory(estate: &Estate) -> Value {
    let skus: Vec<Value> = estate
        .skus
        .iter()
        .map(|sku| {
            let plans: Vec<&String> = sku.services.iter().map(|service| &service.plan).collect();
            json!({
                "skuPartNumber": sku.part_number, "skuId": sku.id.guid(), "enabled": sku.seats,
                "consumed": sku.used, "servicePlans": plans,
            })
        })
        .collect();
    let roles =
        estate.people.iter().flat_map(|known| &known.roles).map(
            |held| json!({ "displayName": held.role.name, "templateId": held.role.id.guid() }),
        );
    let holders = estate.people.iter().flat_map(|known| {
        known.roles.iter().map(|held| json!({
            "id": (!held.assignment.is_empty()).then_some(&held.assignment), "who": known.dossier.user.upn, "role": held.role.name,
        }))
    });
    let methods = estate.people.iter().map(|known| {
        json!({
            "user": known.dossier.user.upn, "default": default_of(&known.methods),
            "methods": known.methods.iter().map(method).collect::<Vec<_>>(),
        })
    });
    let mailboxes = estate
        .people
        .iter()
        .filter_map(|known| Some(mailbox(&known.dossier.user, known.mailbox.as_ref()?)));
    let contacts = estate.contacts.iter().map(|to| json!({ "name": to, "address": to }));
    json!({
        "tenantId": estate.tenant.guid(), "tenantDomain": estate.domain,
        "onmicrosoft": "rehearsal.onmicrosoft.com",
        "users": estate.people.iter().map(|known| person(estate, known)).collect::<Vec<_>>(),
        "groups": estate.groups.iter().map(|group| circle(estate, group)).collect::<Vec<_>>(),
        "skus": skus, "roles": roles.collect::<Vec<_>>(),
        "roleHolders": holders.collect::<Vec<_>>(),
        "authenticationMethods": methods.collect::<Vec<_>>(),
        "mail": {
            "mailboxes": mailboxes.collect::<Vec<_>>(), "contacts": contacts.collect::<Vec<_>>(),
        },
    })
}

fn person(estate: &Estate, known: &Known) -> Value {
    let user = &known.dossier.user;
    let own = known.dossier.licences.iter().filter(|own| own.direct);
    let licences = own.filter_map(|own| estate.skus.iter().find(|sku| sku.id == own.sku));
    let licences: Vec<&String> = licences.map(|sku| &sku.part_number).collect();
    let manager = user.manager.as_ref().map(|manager| &manager.upn);
    json!({
        "id": user.id.guid(), "upn": user.upn, "displayName": user.name,
        "givenName": user.given_name, "surname": user.surname, "department": user.department,
        "jobTitle": user.job_title, "manager": manager, "officeLocation": user.office,
        "mobilePhone": null, "mail": user.mail, "employeeId": user.employee_id,
        "userType": if user.guest { "Guest" } else { "Member" },
        "accountEnabled": user.enabled, "licenses": licences, "synced": user.synced,
        "usageLocation": user.usage_location.as_deref().unwrap_or(""),
    })
}

/// A group under a name that no other has: whatever it is called, it is meant by its id.
fn circle(estate: &Estate, group: &Group) -> Value {
    let members = estate
        .people
        .iter()
        .filter(|known| known.dossier.groups.iter().any(|own| own.id == group.id));
    let members: Vec<_> = members.map(|known| &known.dossier.user.upn).collect();
    let bears = estate.skus.iter().filter(|sku| {
        let held = estate.people.iter().flat_map(|known| &known.dossier.licences);
        held.into_iter().any(|own| own.sku == sku.id && own.inherited_from.contains(&group.id))
    });
    let bears: Vec<&String> = bears.map(|sku| &sku.part_number).collect();
    let sort = match group.sort {
        GroupSort::Security => "security",
        GroupSort::Microsoft365 => "microsoft365",
        GroupSort::Distribution => "distribution",
        GroupSort::MailEnabledSecurity => "mail_enabled_security",
    };
    // Nobody is in it by this rule.
    let rule = group.dynamic.then_some("(user.department -eq \"of the rehearsal\")");
    json!({
        "id": group.id.guid(), "displayName": group.id.guid(), "groupType": sort,
        "mail": group.mail, "members": members, "membershipRule": rule, "synced": group.synced,
        "roleAssignable": group.role_assignable, "licenses": bears,
    })
}

/// Which of them Microsoft asks for first is not told; of several it is one that can be.
fn default_of(methods: &[Method]) -> Option<usize> {
    methods.iter().position(|method| method.sort.may_be_default())
}

fn method(method: &Method) -> Value {
    let sort = match method.sort {
        MethodSort::Email => "email",
        MethodSort::Fido2 => "fido2",
        MethodSort::Authenticator => "microsoftAuthenticator",
        MethodSort::Phone => "phone",
        MethodSort::Password => "password",
        MethodSort::SoftwareOath => "softwareOath",
        MethodSort::TemporaryAccessPass => "temporaryAccessPass",
        MethodSort::WindowsHello => "windowsHelloForBusiness",
        MethodSort::PlatformCredential => "platformCredential",
        MethodSort::External => "external",
    };
    let phone = (method.sort == MethodSort::Phone).then_some(if method.alternate {
        "alternateMobile"
    } else {
        "mobile"
    });
    json!({ "id": method.id, "sort": sort, "displayName": method.detail, "phoneType": phone })
}

fn mailbox(user: &User, mailbox: &Mailbox) -> Value {
    let gigabytes = mailbox.bytes.unwrap_or_default().div_ceil(1 << 30);
    json!({
        "address": user.upn, "shared": mailbox.sort == MailboxSort::Shared,
        "gigabytes": gigabytes, "hidden": mailbox.hidden, "archive": mailbox.archive,
        "forwardingSmtp": mailbox.forwards_to_address,
        "forwardingAddress": mailbox.forwards_to_recipient,
        "onHold": mailbox.hold.is_some(),
        "holdDays": mailbox.hold.as_ref().and_then(|hold| hold.days),
    })
}
