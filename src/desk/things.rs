//! What has a name and is nobody, for the interpreter: read beside the directory. What
//! cannot be read is left out, so that a missing permission costs its own names and no more.

use std::collections::HashMap;

use crate::{
    actions::wording::Sort,
    domain::{devices::Device, ids::TenantId, trouble::chain},
    interpret::index::Named,
    ports::world::World,
};

/// Devices known by name at most.
const DEVICES_MAX: usize = 50_000;

/// Reads them all.
pub async fn read(world: &dyn World, tenant: &TenantId) -> Vec<Named> {
    match world.every_device(tenant, DEVICES_MAX).await {
        Ok(devices) => named_devices(&devices),
        Err(error) => {
            tracing::info!(error = %chain(&error), "devices are not known by name");
            Vec::new()
        }
    }
}

/// Devices by name; namesakes are told apart by their ids.
fn named_devices(devices: &[Device]) -> Vec<Named> {
    let mut of_name: HashMap<String, usize> = HashMap::new();
    for device in devices {
        *of_name.entry(device.name.to_lowercase()).or_default() += 1;
    }
    let named = devices.iter().filter(|device| !device.name.is_empty()).map(|device| {
        let alone = of_name[&device.name.to_lowercase()] == 1;
        Named {
            sort: Sort::Device,
            name: device.name.clone(),
            value: if alone { device.name.clone() } else { device.id.to_string() },
            owner: device.owners.first().map(|owner| owner.upn.to_string()),
            form: form(device).map(str::to_owned),
        }
    });
    named.collect()
}

/// What people call it. The directory knows the system and, mostly, the model.
fn form(device: &Device) -> Option<&'static str> {
    let system = device.system.as_deref()?.to_lowercase();
    let model = device.model.as_deref().unwrap_or_default().to_lowercase();
    let is = |names: &[&str]| names.iter().any(|name| system.starts_with(name));
    if is(&["ios", "ipados", "iphone", "ipad", "android"]) {
        let tablet = system.starts_with("ipad") || model.contains("ipad") || model.contains("tab");
        return Some(if tablet { "tablet" } else { "phone" });
    }
    is(&["windows", "mac", "linux", "chrome"]).then_some("laptop")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::TenantId, users::PersonRef};

    fn device(id: u128, name: &str, system: &str, model: &str) -> Device {
        let tenant: TenantId = "5d1f6a0c-2f6e-4c0b-9a55-0c6b3d3c1a10".parse().unwrap();
        let owner = PersonRef {
            id: tenant.object(uuid::Uuid::from_u128(1)),
            name: "Ada".to_owned(),
            upn: "ada@contoso.com".parse().unwrap(),
        };
        Device {
            id: tenant.object(uuid::Uuid::from_u128(id)),
            device_id: None,
            name: name.to_owned(),
            system: Some(system.to_owned()),
            version: None,
            model: Some(model.to_owned()),
            trust: None,
            compliant: None,
            synced: false,
            last_seen: None,
            owners: vec![owner],
        }
    }

    #[test]
    fn namesakes_keep_their_ids_and_others_their_names() {
        let all = [
            device(1, "LT-1", "Windows", "Surface Laptop"),
            device(2, "lt-1", "Windows", ""),
            device(3, "Ada's phone", "iOS", "iPhone 15"),
            device(4, "Pad", "iOS", "iPad Air"),
        ];
        let named = named_devices(&all);
        assert_eq!(named[0].value, all[0].id.to_string());
        assert_eq!(named[1].value, all[1].id.to_string());
        assert_eq!(named[2].value, "Ada's phone");
        let forms: Vec<_> = named.iter().map(|one| one.form.as_deref().unwrap()).collect();
        assert_eq!(forms, ["laptop", "laptop", "phone", "tablet"]);
        assert_eq!(named[2].owner.as_deref(), Some("ada@contoso.com"));
    }
}
