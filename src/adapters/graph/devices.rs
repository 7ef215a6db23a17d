//! [`Devices`]: looks at devices, of the directory and of Intune.

use std::fmt::Write as _;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    adapters::graph::{
        Microsoft,
        answer::{Answer, Ask},
        permissions::Reading,
        refusals, shapes,
        wire::encoded,
    },
    domain::{
        devices::{Device, DeviceId, ManagedDevice, ManagedDeviceId, ManagedFilter, RemoteAction},
        ids::{TenantId, UserId},
        trouble::{Reason, Result},
    },
    ports::devices::Devices,
};

/// Devices of one name that are told apart.
const NAMESAKES_MAX: usize = 20;
/// Devices read of one user.
const OWNED_MAX: usize = 500;
/// Devices of Intune read to be filtered here.
const MANAGED_MAX: usize = 20_000;
/// People of one department.
const PEOPLE_MAX: usize = 20_000;
/// What tells devices apart.
const SELECT: &str = "id,deviceId,displayName,operatingSystem,operatingSystemVersion,model,\
    trustType,isCompliant,onPremisesSyncEnabled,approximateLastSignInDateTime";
const OWNERS: &str = "registeredOwners($select=id,displayName,userPrincipalName)";
const MANAGED_SELECT: &str = "id,azureADDeviceId,deviceName,operatingSystem,osVersion,model,\
    serialNumber,complianceState,managedDeviceOwnerType,userDisplayName,userPrincipalName,\
    lastSyncDateTime,deviceActionResults";

#[async_trait]
impl Devices for Microsoft {
    async fn device(&self, id: &DeviceId) -> Result<Option<Device>> {
        let tenant = id.tenant();
        let path = format!("/devices/{}?$select={SELECT}&$expand={OWNERS}", id.guid().hyphenated());
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        let body = self.body(tenant, answer, Reading::DEVICES).await?;
        Ok(body.as_ref().and_then(|body| device(tenant, body)))
    }

    async fn devices_named(&self, tenant: &TenantId, name: &str) -> Result<Vec<Device>> {
        let text = encoded(&name.replace('\'', "''"));
        let path = format!(
            "/devices?$filter=displayName%20eq%20'{text}'&$select={SELECT}&$expand={OWNERS}\
             &$top={NAMESAKES_MAX}"
        );
        let items = self.listing(tenant, path, NAMESAKES_MAX, Reading::DEVICES).await?;
        Ok(items.iter().filter_map(|item| device(tenant, item)).collect())
    }

    async fn every_device(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Device>> {
        let path = format!("/devices?$select={SELECT}&$expand={OWNERS}&$top=999");
        let items = self.listing(tenant, path, limit, Reading::DEVICES).await?;
        Ok(items.iter().filter_map(|item| device(tenant, item)).collect())
    }

    async fn devices_owned(
        &self,
        user: &UserId,
        filter: Option<&str>,
        select: &[String],
    ) -> Result<Vec<(Device, Vec<String>)>> {
        let tenant = user.tenant();
        let mut more = String::new();
        for name in select {
            more.push(',');
            more.push_str(&encoded(name));
        }
        let id = user.guid().hyphenated();
        let mut path =
            format!("/users/{id}/ownedDevices/microsoft.graph.device?$select={SELECT}{more}");
        if let Some(filter) = filter {
            // A filter on this listing is an advanced query.
            write!(path, "&$filter={}&$count=true", encoded(filter))
                .expect("a string takes everything");
        }
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        if answer.status == 400 && (filter.is_some() || !select.is_empty()) {
            return Err(unreadable_query(&answer).into());
        }
        let first = self.page(tenant, answer, Reading::DEVICES).await?;
        let items = self.items(tenant, first, OWNED_MAX, Reading::DEVICES).await?;
        let shown = |item: &Value| select.iter().map(|name| plain(&item[name])).collect();
        Ok(items.iter().filter_map(|item| Some((device(tenant, item)?, shown(item)))).collect())
    }

    async fn managed_device(&self, id: &ManagedDeviceId) -> Result<Option<ManagedDevice>> {
        let tenant = id.tenant();
        let id = id.guid().hyphenated();
        let path = format!("/deviceManagement/managedDevices/{id}?$select={MANAGED_SELECT}");
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        no_intune(&answer)?;
        let body = self.body(tenant, answer, Reading::INTUNE).await?;
        Ok(body.as_ref().and_then(|body| managed(tenant, body)))
    }

    async fn managed_devices(
        &self,
        tenant: &TenantId,
        filter: &ManagedFilter,
        limit: usize,
    ) -> Result<(Vec<ManagedDevice>, bool)> {
        let mut path = format!("/deviceManagement/managedDevices?$select={MANAGED_SELECT}");
        let quoted = |text: &str| encoded(&text.replace('\'', "''"));
        if let Some(name) = &filter.name {
            write!(path, "&$filter=deviceName%20eq%20'{}'", quoted(name))
                .expect("a string takes everything");
        } else if let Some(upn) = &filter.user {
            write!(path, "&$filter=userPrincipalName%20eq%20'{}'", quoted(upn))
                .expect("a string takes everything");
        }
        let answer = self.graph.read(tenant, Ask::get(path)).await?;
        no_intune(&answer)?;
        let first = self.page(tenant, answer, Reading::INTUNE).await?;
        let items = self.items(tenant, first, MANAGED_MAX, Reading::INTUNE).await?;
        let people = match &filter.department {
            Some(department) => Some(self.of_department(tenant, department).await?),
            None => None,
        };
        let fits = |device: &ManagedDevice| {
            let user = device.user.as_ref().map(|(_, upn)| upn.to_lowercase());
            filter.system.is_none_or(|system| system.is(&device.system))
                && filter.compliance.is_none_or(|wanted| wanted.is(&device.compliance))
                && people.as_ref().is_none_or(|all| user.is_some_and(|upn| all.contains(&upn)))
        };
        let mut found: Vec<ManagedDevice> =
            items.iter().filter_map(|item| managed(tenant, item)).filter(fits).collect();
        let more = found.len() > limit;
        found.truncate(limit);
        Ok((found, more))
    }
}

impl Microsoft {
    /// Sign-in names, in small letters: Intune knows its users, not their departments.
    async fn of_department(&self, tenant: &TenantId, department: &str) -> Result<Vec<String>> {
        let text = encoded(&department.replace('\'', "''"));
        let path = format!(
            "/users?$filter=department%20eq%20'{text}'&$select=id,userPrincipalName&$top=999"
        );
        let items = self.listing(tenant, path, PEOPLE_MAX, Reading::USERS).await?;
        let upn = |item: &Value| item["userPrincipalName"].as_str().map(str::to_lowercase);
        Ok(items.iter().filter_map(upn).collect())
    }
}

/// A tenant without Intune says so in its own words, with 400 or 403.
fn no_intune(answer: &Answer) -> Result<(), Reason> {
    if answer.is_ok() {
        return Ok(());
    }
    match refusals::unlicensed(answer.message()) {
        Some(_) => Err(Reason::NotPossible {
            what:
                "this tenant has no Microsoft Intune licence, so Intune knows none of its devices"
                    .to_owned(),
        }),
        None => Ok(()),
    }
}

fn unreadable_query(answer: &Answer) -> Reason {
    tracing::info!(cause = %answer.cause(), "a query of a person was refused");
    Reason::WrongArgument {
        field: "filter".to_owned(),
        why: "Microsoft Graph does not take this filter or these properties for devices".to_owned(),
    }
}

/// A value of a property that somebody asked for by name.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn text(item: &Value, name: &str) -> Option<String> {
    item[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn time(item: &Value, name: &str) -> Option<Timestamp> {
    // Intune says the year 1 for never.
    item[name].as_str()?.parse().ok().filter(|at: &Timestamp| at.as_second() > 0)
}

fn device(tenant: &TenantId, item: &Value) -> Option<Device> {
    let owners = item["registeredOwners"].as_array().into_iter().flatten();
    Some(Device {
        id: tenant.object(item["id"].as_str()?.parse().ok()?),
        device_id: item["deviceId"].as_str().and_then(|id| id.parse().ok()),
        name: text(item, "displayName").unwrap_or_default(),
        system: text(item, "operatingSystem"),
        version: text(item, "operatingSystemVersion"),
        model: text(item, "model"),
        trust: text(item, "trustType"),
        compliant: item["isCompliant"].as_bool(),
        synced: item["onPremisesSyncEnabled"] == true,
        last_seen: time(item, "approximateLastSignInDateTime"),
        owners: owners.filter_map(|owner| shapes::person(tenant, owner)).collect(),
    })
}

fn managed(tenant: &TenantId, item: &Value) -> Option<ManagedDevice> {
    let actions = item["deviceActionResults"].as_array().into_iter().flatten();
    let action = |action: &Value| {
        Some(RemoteAction {
            name: text(action, "actionName")?,
            state: text(action, "actionState").unwrap_or_else(|| "none".to_owned()),
            at: time(action, "startDateTime"),
        })
    };
    let upn = text(item, "userPrincipalName");
    Some(ManagedDevice {
        id: tenant.object(item["id"].as_str()?.parse().ok()?),
        device_id: item["azureADDeviceId"].as_str().and_then(|id| id.parse().ok()),
        name: text(item, "deviceName").unwrap_or_default(),
        system: text(item, "operatingSystem").unwrap_or_default(),
        version: text(item, "osVersion"),
        model: text(item, "model"),
        serial: text(item, "serialNumber"),
        compliance: text(item, "complianceState").unwrap_or_else(|| "unknown".to_owned()),
        ownership: text(item, "managedDeviceOwnerType"),
        user: upn.map(|upn| (text(item, "userDisplayName").unwrap_or_else(|| upn.clone()), upn)),
        last_sync: time(item, "lastSyncDateTime"),
        actions: actions.filter_map(action).collect(),
    })
}
