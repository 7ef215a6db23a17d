//! Starting values for every permission group at once: `policy.profile`.
//!
//! A profile says what a group's table leaves out; a group's own keys win. What always takes a
//! second person takes one under every profile.
//!
//! Not here: a profile in which nobody signs. `full-automation` is `it-admin` with a set of
//! standing approvals that it proposes; until somebody signs that, everything needs its click.

use std::collections::BTreeMap;

use anyhow::bail;

use crate::{config::given::Given, domain::area::Area};

/// The profiles, as the settings name them.
pub const PROFILES: [&str; 4] = ["read-only", "helpdesk", "it-admin", FULL_AUTOMATION];
/// The one that proposes a set of standing approvals.
pub const FULL_AUTOMATION: &str = "full-automation";

/// Access and approval of one permission group under a profile.
pub fn starting(profile: &str, area: Area) -> (&'static str, &'static str) {
    use Area::{
        Apps, Compliance, ConditionalAccess, Devices, Domains, Groups, Guests, Licences, Lifecycle,
        MailFlow, Mailboxes, PasswordsAndSecurity, RawGraph, Roles, Users, Workbooks,
    };
    match (profile, area) {
        ("it-admin" | FULL_AUTOMATION, Roles | ConditionalAccess | Apps | Domains | RawGraph) => {
            ("read_write", "approve:2")
        }
        ("it-admin" | FULL_AUTOMATION, _)
        | ("helpdesk", Users | PasswordsAndSecurity | Licences | Groups | Mailboxes) => {
            ("read_write", "approve")
        }
        (_, RawGraph) | ("helpdesk", Workbooks) => ("disabled", "approve:2"),
        (_, Lifecycle) => ("disabled", "approve"),
        (
            _,
            Users | PasswordsAndSecurity | Licences | Groups | Guests | Roles | Mailboxes
            | MailFlow | Compliance | Devices | ConditionalAccess | Apps | Domains | Workbooks,
        ) => ("read_only", "approve"),
    }
}

/// Lays the profile that the settings name under their groups.
pub(super) fn fill(given: &mut Given) -> anyhow::Result<()> {
    let Given::Section(all) = given else { return Ok(()) };
    if let Some(Given::List(tenants)) = all.get_mut("tenants") {
        tenants.iter_mut().try_for_each(fill)?;
    }
    let Some(Given::Section(policy)) = all.get_mut("policy") else { return Ok(()) };
    let profile = match policy.get("profile") {
        Some(Given::Text(said) | Given::Variable { text: said, .. }) => said.clone(),
        _ => return Ok(()),
    };
    if profile == FULL_AUTOMATION && !policy.contains_key("automation") {
        bail!(
            "policy.profile: full-automation is a set of standing approvals that somebody signs; say under [policy.automation] in whose name it is proposed, whom it is about and who may ask"
        );
    }
    if !PROFILES.contains(&profile.as_str()) {
        bail!("policy.profile: there is no profile of that name; write {}", PROFILES.join(", "));
    }
    let groups =
        policy.entry("groups".to_owned()).or_insert_with(|| Given::Section(BTreeMap::new()));
    let Given::Section(groups) = groups else { return Ok(()) };
    for area in Area::ALL {
        let group = groups.entry(area.to_string());
        let Given::Section(keys) = group.or_insert_with(|| Given::Section(BTreeMap::new())) else {
            continue;
        };
        let (access, approval) = starting(&profile, area);
        for (key, value) in [("access", access), ("approval", approval)] {
            keys.entry(key.to_owned()).or_insert_with(|| Given::Text(value.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Access, Approval, Config};

    fn read(policy: &str) -> anyhow::Result<Config> {
        let text = format!(
            r#"
database = "x.db"
[tenant]
id = "11111111-2222-4333-8444-555555555555"
[keys]
file = "keys.toml"
[microsoft]
client_id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
client_secret = "x"
[policy]
{policy}
"#
        );
        Config::read(&text, &BTreeMap::new())
    }

    #[test]
    fn a_profile_fills_what_a_group_leaves_out_and_the_group_s_own_keys_win() {
        let config = read("profile = \"helpdesk\"\n[policy.groups.users]\napproval = \"approve:2\"\n[policy.groups.roles]\naccess = \"disabled\"").unwrap();
        let group = |area| &config.policy.groups[&area];
        assert_eq!(group(Area::Users).access, Access::ReadWrite);
        assert_eq!(group(Area::Users).approval, Approval::Approve(2));
        assert_eq!(group(Area::Roles).access, Access::Disabled);
        assert_eq!(group(Area::Apps).access, Access::ReadOnly);
        assert_eq!(group(Area::RawGraph).access, Access::Disabled);
        assert_eq!(config.policy.groups.len(), Area::ALL.len());
    }

    #[test]
    fn without_a_profile_a_group_that_is_not_said_is_off() {
        let config = read("[policy.groups.users]\naccess = \"read_only\"").unwrap();
        assert_eq!(config.policy.groups.len(), 1);
    }

    #[test]
    fn under_every_profile_somebody_signs_every_change() {
        for profile in PROFILES {
            let set = match profile {
                FULL_AUTOMATION => {
                    "[policy.automation]\nproposed_by = \"ops@contoso.com\"\nabout = [\"a@contoso.com\"]\nasked_by = [\"b@contoso.com\"]"
                }
                _ => "",
            };
            let config = read(&format!("profile = \"{profile}\"\n{set}")).unwrap();
            for (area, group) in &config.policy.groups {
                assert!(matches!(group.approval, Approval::Approve(1 | 2)), "{profile} {area}");
                let writes = group.access == Access::ReadWrite;
                assert!(!(writes && profile == "read-only"), "{profile} {area}");
            }
        }
    }

    #[test]
    fn full_automation_wants_its_set_and_an_unknown_profile_is_refused() {
        for (said, why) in [("full-automation", "standing approvals"), ("root", "no profile")] {
            let error = read(&format!("profile = \"{said}\"")).unwrap_err();
            assert!(format!("{error:#}").contains(why), "{error:#}");
        }
    }
}
