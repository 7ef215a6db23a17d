//! Finding the device that is meant: by name, by object id, or as somebody's laptop.

use crate::{
    actions::{Asked, look},
    domain::{
        devices::{Device, ManagedDevice, ManagedFilter, System},
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
    },
    ports::world::World,
};

/// Choices shown at most.
const CHOICES_MAX: usize = 10;
/// Devices of one name that are told apart.
const NAMESAKES_MAX: usize = 20;

/// "the laptop of ada@contoso.com": a sort of device, and whose.
fn possession(said: &str) -> Option<(&str, &str)> {
    let (what, whose) = said.split_once(" of ")?;
    let upn = whose.trim();
    upn.contains('@').then(|| (what.trim().trim_start_matches("the ").trim(), upn))
}

/// Does a system fit the everyday word for a sort of device?
fn is_sort(word: &str, system: &str) -> bool {
    let is = |wanted: System| wanted.is(system);
    match word.to_lowercase().as_str() {
        "laptop" | "computer" | "pc" | "desktop" | "workstation" | "notebook" | "machine" => {
            is(System::Windows) || is(System::Macos) || system.to_lowercase().starts_with("linux")
        }
        "macbook" | "mac" => is(System::Macos),
        "iphone" | "ipad" => is(System::Ios),
        "phone" | "mobile" | "handset" => is(System::Ios) || is(System::Android),
        "tablet" => is(System::Ios) || is(System::Android) || is(System::Windows),
        _ => true,
    }
}

/// The one device of the directory; a question when there are several.
pub(in crate::actions) async fn device(
    look: &dyn World,
    asked: &Asked,
    argument: &str,
    said: &str,
) -> Result<Device> {
    let said = said.trim();
    let mut found: Vec<Device> = if let Some(id) = look::object_id(asked, said) {
        look.device(&id).await?.into_iter().collect()
    } else if let Some((sort, upn)) = possession(said) {
        let user = look::user(look, asked, upn).await?;
        let owned = look.devices_owned(&user.id, None, &[]).await?;
        let fits = |device: &Device| is_sort(sort, device.system.as_deref().unwrap_or_default());
        owned.into_iter().map(|(device, _)| device).filter(fits).collect()
    } else {
        look.devices_named(&asked.tenant, said).await?
    };
    match found.len() {
        0 => Err(nobody(said)),
        1 => Ok(found.remove(0)),
        _ => Err(which(argument, said, found.iter().map(device_choice).collect())),
    }
}

/// The one device that Intune manages; a question when there are several.
pub(super) async fn managed(look: &dyn World, asked: &Asked, said: &str) -> Result<ManagedDevice> {
    let said = said.trim();
    let mut found: Vec<ManagedDevice> = if let Some(id) = look::object_id(asked, said) {
        match look.managed_device(&id).await? {
            Some(device) => vec![device],
            None => of_directory(look, asked, said).await?,
        }
    } else if let Some((sort, upn)) = possession(said) {
        let user = look::user(look, asked, upn).await?;
        let filter = ManagedFilter { user: Some(user.upn.to_string()), ..ManagedFilter::default() };
        let (all, _) = look.managed_devices(&asked.tenant, &filter, NAMESAKES_MAX).await?;
        all.into_iter().filter(|device| is_sort(sort, &device.system)).collect()
    } else {
        let filter = ManagedFilter { name: Some(said.to_owned()), ..ManagedFilter::default() };
        look.managed_devices(&asked.tenant, &filter, NAMESAKES_MAX).await?.0
    };
    match found.len() {
        0 => Err(not_managed(look, asked, said).await),
        1 => Ok(found.remove(0)),
        _ => Err(which("device", said, found.iter().map(managed_choice).collect())),
    }
}

/// The devices of Intune that this object id of the directory means.
async fn of_directory(look: &dyn World, asked: &Asked, said: &str) -> Result<Vec<ManagedDevice>> {
    let Some(id) = look::object_id(asked, said) else { return Ok(Vec::new()) };
    let Some(known) = look.device(&id).await? else { return Ok(Vec::new()) };
    let filter = ManagedFilter { name: Some(known.name), ..ManagedFilter::default() };
    let (all, _) = look.managed_devices(&asked.tenant, &filter, NAMESAKES_MAX).await?;
    let same =
        |device: &ManagedDevice| device.device_id.is_some() && device.device_id == known.device_id;
    Ok(all.into_iter().filter(same).collect())
}

/// Intune does not know it: perhaps the directory does, which is worth saying.
async fn not_managed(look: &dyn World, asked: &Asked, said: &str) -> Trouble {
    let known = look.devices_named(&asked.tenant, said).await.unwrap_or_default();
    if known.is_empty() {
        return nobody(said);
    }
    Reason::NotPossible {
        what: format!(
            "{said} is in the directory, but Intune does not manage it, so nothing can be done to \
             it from afar"
        ),
    }
    .into()
}

fn nobody(said: &str) -> Trouble {
    Reason::NoSuchDevice { name: said.chars().take(80).collect() }.into()
}

fn which(argument: &str, said: &str, choices: Vec<Choice>) -> Trouble {
    Trouble::Unclear {
        argument: argument.to_owned(),
        question: Question {
            ask: Ask::WhichOne,
            said: Some(said.chars().take(80).collect()),
            choices: choices.into_iter().take(CHOICES_MAX).collect(),
        },
    }
}

fn detail(parts: &[Option<&str>]) -> String {
    let known: Vec<&str> =
        parts.iter().copied().flatten().filter(|part| !part.is_empty()).collect();
    known.join(", ")
}

/// What tells a device of the directory from its namesakes.
fn device_choice(device: &Device) -> Choice {
    let owner = device.owners.first().map(|owner| owner.name.as_str());
    let parts =
        [device.system.as_deref(), device.version.as_deref(), device.model.as_deref(), owner];
    Choice { value: device.id.to_string(), label: device.name.clone(), detail: detail(&parts) }
}

/// What tells a device of Intune from its namesakes.
fn managed_choice(device: &ManagedDevice) -> Choice {
    let user = device.user.as_ref().map(|(name, _)| name.as_str());
    let parts =
        [Some(device.system.as_str()), device.model.as_deref(), device.serial.as_deref(), user];
    Choice { value: device.id.to_string(), label: device.name.clone(), detail: detail(&parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebodys_laptop_is_a_sort_and_a_person() {
        assert_eq!(
            possession("the laptop of ada@contoso.com"),
            Some(("laptop", "ada@contoso.com"))
        );
        assert_eq!(possession("LT-JDOE-01"), None);
        assert_eq!(possession("Server of Doom"), None, "a name may hold an of");
        assert!(is_sort("laptop", "Windows") && is_sort("laptop", "macOS"));
        assert!(!is_sort("phone", "Windows") && is_sort("iphone", "iOS"));
        assert!(is_sort("device", "Android"));
    }
}
