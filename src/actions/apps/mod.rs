//! App registrations, service principals, consent. One file per action id.
//!
//! - [`list_apps`] [`list_service_principals`] [`list_expiring_secrets`] [`list_oauth_grants`] look
//! - [`prepare_consent`] gives the page an administrator opens
//! - [`create_app`] [`add_app_secret`] change, and only what was registered here
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod add_app_secret;
pub mod create_app;
pub mod list_apps;
pub mod list_expiring_secrets;
pub mod list_oauth_grants;
pub mod list_service_principals;
pub mod prepare_consent;

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    actions::{Asked, SecretsTo},
    domain::{
        apps::{Api, App, AppId, MICROSOFT, Principal},
        change::{Delivery, DeliveryWay},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
    },
    ports::world::World,
};

/// Registrations read of one tenant.
const APPS_MAX: usize = 5_000;
/// Service principals read of one tenant.
const PRINCIPALS_MAX: usize = 10_000;

fn no_app(said: &str) -> Trouble {
    let name = said.chars().take(120).collect();
    Reason::NoSuchThing { what: "=app".to_owned(), name }.into()
}

/// The registration of this name, client id or object id; a question when several are
/// called like it.
async fn app(look: &dyn World, asked: &Asked, said: &str) -> Result<App> {
    if let Ok(id) = said.parse::<AppId>() {
        let ours = *id.tenant() == asked.tenant;
        let found = if ours { look.app(&id).await? } else { None };
        return found.ok_or_else(|| no_app(said));
    }
    let mut fits = look.apps_named(&asked.tenant, said.trim()).await?;
    if fits.is_empty() {
        let wanted = said.trim().to_lowercase();
        let guid = Uuid::parse_str(said.trim()).ok();
        fits = look.apps(&asked.tenant, APPS_MAX).await?;
        fits.retain(|app| match guid {
            Some(guid) => app.client == guid || app.id.guid() == guid,
            None => app.name.to_lowercase().contains(&wanted),
        });
    }
    match fits.len() {
        0 => Err(no_app(said)),
        1 => Ok(fits.remove(0)),
        _ => Err(Trouble::Unclear {
            argument: "app".to_owned(),
            question: Question {
                ask: Ask::WhichOne,
                said: Some(said.chars().take(80).collect()),
                choices: fits
                    .iter()
                    .take(10)
                    .map(|app| Choice {
                        value: app.id.to_string(),
                        label: app.name.clone(),
                        detail: app.client.to_string(),
                    })
                    .collect(),
            },
        }),
    }
}

/// Refuses what was not registered here: by what the directory itself wrote down, not by a
/// name or a tag that anybody can give.
fn ours(look: &dyn World, asked: &Asked, app: &App) -> Result<(), Reason> {
    let own = look.own_client(&asked.tenant);
    if own.is_some_and(|own| app.is_made_by(own)) {
        return Ok(());
    }
    Err(Reason::NotPossible {
        what: format!(
            "{} was not registered by Countersign, and only its own apps are changed here; do it \
             in Entra",
            app.name
        ),
    })
}

/// Who gets the secret of an app. It has no manager, so then whoever asked gets it.
fn delivery(asked: &Asked) -> Delivery {
    let to = match &asked.secrets_to {
        SecretsTo::Person(person) => person.clone(),
        SecretsTo::Requester | SecretsTo::Manager => asked.requester.clone(),
    };
    Delivery { to, by: DeliveryWay::OneTimeLink }
}

/// Who publishes it, in words.
fn publisher(asked: &Asked, principal: &Principal) -> String {
    match (&principal.publisher, principal.home) {
        (_, Some(home)) if home == asked.tenant.guid() => "=this_tenant".to_owned(),
        (_, Some(home)) if MICROSOFT.contains(&home) => "Microsoft".to_owned(),
        (Some(verified), _) => verified.clone(),
        _ => "=not_verified".to_owned(),
    }
}

/// The names of the permissions that an app asks for; each API is read once.
async fn wants(look: &dyn World, asked: &Asked, app: &App) -> Result<Vec<String>> {
    let mut apis: BTreeMap<Uuid, Option<Api>> = BTreeMap::new();
    for access in &app.wants {
        if !apis.contains_key(&access.api) && apis.len() < 10 {
            apis.insert(access.api, look.api(&asked.tenant, access.api).await?);
        }
    }
    let name = |access: &crate::domain::apps::Access| {
        let api = apis.get(&access.api).and_then(Option::as_ref);
        let name = api.map_or_else(|| access.id.to_string(), |api| api.named(access));
        if access.role { name } else { format!("delegated:{name}") }
    };
    Ok(app.wants.iter().map(name).collect())
}
