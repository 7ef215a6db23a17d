//! Reading a directory file (the format of the evaluation's `directory.json`).

use std::collections::HashMap;

use anyhow::Context as _;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    actions::wording::Sort,
    domain::{
        ids::{TenantId, Upn},
        users::{Group, GroupSort, PersonRef, Sku, User},
    },
    interpret::index::{Extras, Index, Named},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    users: Vec<FileUser>,
    #[serde(default)]
    groups: Vec<FileGroup>,
    #[serde(default)]
    skus: Vec<FileSku>,
    #[serde(default)]
    shared_mailboxes: Vec<FileThing>,
    #[serde(default)]
    roles: Vec<FileThing>,
    #[serde(default)]
    conditional_access_policies: Vec<FileThing>,
    #[serde(default)]
    applications: Vec<FileThing>,
    #[serde(default)]
    workbooks: Vec<FileThing>,
    #[serde(default)]
    devices: Vec<FileThing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileUser {
    upn: String,
    display_name: String,
    given_name: Option<String>,
    surname: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    manager: Option<String>,
    office_location: Option<String>,
    mail: Option<String>,
    #[serde(default)]
    user_type: String,
    #[serde(default)]
    account_enabled: bool,
    #[serde(default)]
    licenses: Vec<String>,
    #[serde(default)]
    known_as: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileGroup {
    display_name: String,
    group_type: GroupSort,
    mail: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileSku {
    sku_part_number: String,
    sku_id: Uuid,
    display_name: String,
    #[serde(default)]
    enabled: u32,
    #[serde(default)]
    consumed: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileThing {
    display_name: Option<String>,
    name: Option<String>,
    address: Option<String>,
    owner: Option<String>,
    kind: Option<String>,
}

impl FileThing {
    fn into_named(self, sort: Sort) -> Option<Named> {
        let mut name = self.display_name.or(self.name)?;
        if sort == Sort::Workbook
            && let Some(slash) = name.rfind('/')
        {
            // People say the file, not the folder it lies in.
            name.drain(..=slash);
        }
        Some(Named {
            sort,
            value: self.address.unwrap_or_else(|| name.clone()),
            name,
            owner: self.owner.map(|upn| upn.to_lowercase()),
            form: self.kind,
        })
    }
}

impl Index {
    /// An index of a directory file. Objects without ids get made-up ones.
    pub fn from_directory_json(text: &str) -> anyhow::Result<Self> {
        let file: File =
            serde_json::from_str(text).context("the directory file is not as expected")?;
        let tenant = TenantId::from(Uuid::from_u128(1));
        let mut extras = Extras::default();
        let mut users = Vec::with_capacity(file.users.len());
        let mut managers = Vec::with_capacity(file.users.len());
        for (at, mut user) in file.users.into_iter().enumerate() {
            let upn: Upn = user.upn.parse()?;
            let name = upn.as_str().to_owned();
            if !user.known_as.is_empty() {
                extras.known_as.insert(name.clone(), std::mem::take(&mut user.known_as));
            }
            extras.held.insert(name, std::mem::take(&mut user.licenses));
            managers.push(user.manager.take().map(|upn| upn.to_lowercase()));
            users.push(user.into_user(&tenant, at, upn));
        }
        let by_upn: HashMap<&str, PersonRef> =
            users.iter().map(|user| (user.upn.as_str(), user.to_ref())).collect();
        let managers: Vec<Option<PersonRef>> = managers
            .into_iter()
            .map(|upn| upn.and_then(|upn| by_upn.get(upn.as_str()).cloned()))
            .collect();
        for (user, manager) in users.iter_mut().zip(managers) {
            user.manager = manager;
        }
        let groups: Vec<Group> =
            file.groups.iter().enumerate().map(|(at, group)| group.to_group(&tenant, at)).collect();
        let skus: Vec<Sku> = file.skus.iter().map(|sku| sku.to_sku(&tenant)).collect();
        let others = [
            (Sort::Mailbox, file.shared_mailboxes),
            (Sort::Role, file.roles),
            (Sort::Policy, file.conditional_access_policies),
            (Sort::App, file.applications),
            (Sort::Workbook, file.workbooks),
            (Sort::Device, file.devices),
        ];
        for (sort, things) in others {
            extras.things.extend(things.into_iter().filter_map(|thing| thing.into_named(sort)));
        }
        Ok(Self::build(&users, &groups, &skus, &extras))
    }
}

impl FileUser {
    fn into_user(self, tenant: &TenantId, at: usize, upn: Upn) -> User {
        User {
            id: tenant.object(Uuid::from_u128(0x1000 + at as u128)),
            upn,
            name: self.display_name,
            given_name: self.given_name,
            surname: self.surname,
            mail: self.mail,
            job_title: self.job_title,
            department: self.department,
            office: self.office_location,
            employee_id: None,
            enabled: self.account_enabled,
            guest: self.user_type == "Guest",
            synced: false,
            usage_location: None,
            manager: None,
            password_changed_at: None,
            sessions_valid_from: None,
        }
    }
}

impl FileGroup {
    fn to_group(&self, tenant: &TenantId, at: usize) -> Group {
        Group {
            id: tenant.object(Uuid::from_u128(0x2000 + at as u128)),
            name: self.display_name.clone(),
            mail: self.mail.clone(),
            sort: self.group_type,
            dynamic: false,
            synced: false,
            role_assignable: false,
            licensed: false,
        }
    }
}

impl FileSku {
    fn to_sku(&self, tenant: &TenantId) -> Sku {
        Sku {
            id: tenant.object(self.sku_id),
            part_number: self.sku_part_number.clone(),
            name: self.display_name.clone(),
            seats: self.enabled,
            used: self.consumed,
            services: Vec::new(),
        }
    }
}
