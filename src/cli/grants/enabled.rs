//! Which permission groups are meant: those that are named, or those of the settings.

use anyhow::{Context, bail};

use crate::{
    actions::{CATALOG, Entry},
    cli::{
        grants::{access, lets},
        settings::{ConfigFile, Environment},
    },
    config::{Access, Cloud},
    domain::area::Area,
};

/// Groups by name, or by the settings.
#[derive(Debug, Clone, clap::Args)]
pub struct Enabled {
    /// A permission group and its access, such as `users=read_only` or `licences=read_write`; once for each
    ///
    /// Without any, the groups of the settings file.
    #[arg(long = "group", value_name = "GROUP=ACCESS", value_parser = group)]
    groups: Vec<(Area, Access)>,
    #[command(flatten)]
    config: ConfigFile,
}

/// What is switched on, and where.
#[derive(Debug)]
pub struct Meant {
    /// Each group that is on.
    pub groups: Vec<(Area, Access)>,
    /// Whose tenant, if the settings say it.
    pub tenant: Option<String>,
    /// In which cloud.
    pub cloud: Cloud,
    /// Blocked actions that are let all the same, by id.
    pub unblocked: Vec<String>,
}

impl Meant {
    /// The actions that may be asked for.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        CATALOG.iter().filter(|entry| {
            let on = self.groups.iter().find(|(area, _)| *area == entry.about.area);
            on.is_some_and(|(_, access)| lets(*access, entry, &self.unblocked))
        })
    }

    /// `users=read_only, licences=read_write`.
    pub fn in_words(&self) -> String {
        let one = |(area, access): &(Area, Access)| format!("{area}={}", super::level(*access));
        self.groups.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

impl Enabled {
    /// Reads what was said, or else the settings.
    pub fn read(&self, environment: &Environment) -> anyhow::Result<Meant> {
        let settings = self.config.load(environment);
        if self.groups.is_empty() {
            let config = settings.context(
                "the permission groups come from the settings unless --group names them, such as --group users=read_only",
            )?;
            let on = Area::ALL.into_iter().map(|area| (area, access(&config.policy, area)));
            let groups: Vec<_> = on.filter(|(_, access)| *access != Access::Disabled).collect();
            if groups.is_empty() {
                bail!(
                    "every permission group is off in the settings; name some with --group, such as --group users=read_only"
                );
            }
            let tenant = Some(config.tenant.id.to_string());
            return Ok(Meant {
                groups,
                tenant,
                cloud: config.endpoints.cloud,
                unblocked: config.policy.unblocked,
            });
        }
        // The settings may not be there yet; what they would say is then left open.
        let groups = self.groups.clone();
        Ok(match settings {
            Ok(config) => Meant {
                groups,
                tenant: Some(config.tenant.id.to_string()),
                cloud: config.endpoints.cloud,
                unblocked: config.policy.unblocked,
            },
            Err(_) => Meant { groups, tenant: None, cloud: Cloud::Public, unblocked: Vec::new() },
        })
    }
}

/// Reads `users=read_only`.
pub fn group(said: &str) -> Result<(Area, Access), String> {
    let (area, access) = said
        .split_once('=')
        .ok_or_else(|| format!("`{said}` lacks its access; write it such as users=read_only"))?;
    let area = area.trim().parse::<Area>().map_err(|error| error.to_string())?;
    Ok((area, read_access(access)?))
}

/// Reads an access level.
pub fn read_access(said: &str) -> Result<Access, String> {
    match said.trim() {
        "read_only" | "read-only" => Ok(Access::ReadOnly),
        "read_write" | "read-write" => Ok(Access::ReadWrite),
        "disabled" | "off" => Ok(Access::Disabled),
        other => Err(format!("`{other}` is no access; write read_only, read_write or disabled")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_said_with_its_access() {
        assert_eq!(group("users=read_only"), Ok((Area::Users, Access::ReadOnly)));
        assert_eq!(group("groups = read-write"), Ok((Area::Groups, Access::ReadWrite)));
        assert!(group("users").unwrap_err().contains("users=read_only"));
        assert!(group("users=all").unwrap_err().contains("read_write"));
        assert!(group("people=read_only").unwrap_err().contains("passwords_and_security"));
    }
}
