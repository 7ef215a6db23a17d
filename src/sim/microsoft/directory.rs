//! Reads a directory file into a tenant.
//!
//! The file names `users`, `groups`, `skus`, `sharedMailboxes`, `roles`, `authenticationMethods`,
//! `deletedUsers`, `mail` ([`mail`]) and what [`estate`] and [`fleet`] read; other lists are left
//! alone. Everything marked with a default may be absent.

mod estate;
mod ids;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

mod mail;

use super::{
    catalog::{self, id_from},
    methods::{self, FileMethods, PassPolicy},
    state::{
        Applications, Assignment, Drives, Group, Mailbox, Policies, Props, Role, ServicePlan, Sku,
        State, Tenant, User, fleet::Fleet, guests::Guests,
    },
    world::CONTOSO_TENANT,
};

mod fleet;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    tenant_id: Option<Uuid>,
    tenant_name: Option<String>,
    tenant_domain: String,
    onmicrosoft: String,
    users: Vec<FileUser>,
    #[serde(default)]
    groups: Vec<FileGroup>,
    #[serde(default)]
    skus: Vec<FileSku>,
    #[serde(default)]
    shared_mailboxes: Vec<FileMailbox>,
    #[serde(default)]
    roles: Vec<FileRole>,
    #[serde(flatten)]
    estate: estate::FileEstate,
    #[serde(default)]
    authentication_methods: Vec<FileMethods>,
    /// Deleted before the world began; they can still be restored.
    #[serde(default)]
    deleted_users: Vec<FileUser>,
    #[serde(flatten)]
    fleet: fleet::FileFleet,
    #[serde(default)]
    mail: mail::FileMail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileUser {
    /// Its object id; one that comes from the sign-in name when absent.
    id: Option<Uuid>,
    upn: String,
    display_name: String,
    given_name: Option<String>,
    surname: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    manager: Option<String>,
    office_location: Option<String>,
    mobile_phone: Option<String>,
    mail: Option<String>,
    user_type: String,
    account_enabled: bool,
    #[serde(default)]
    licenses: Vec<String>,
    company_name: Option<String>,
    employee_id: Option<String>,
    /// Two letters; "GB" for members when absent, nothing for guests. "" means none.
    usage_location: Option<String>,
    /// Mastered on-premises.
    #[serde(default)]
    synced: bool,
    /// Directory roles by name.
    #[serde(default)]
    roles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileGroup {
    /// Its object id; one that comes from the name when absent.
    id: Option<Uuid>,
    display_name: String,
    group_type: GroupType,
    mail: Option<String>,
    description: Option<String>,
    #[serde(default)]
    owners: Vec<String>,
    /// Sign-in names, or display names of groups. Absent: the owners, and for groups with a
    /// mail address everybody in the department of that name.
    members: Option<Vec<String>>,
    /// A rule such as `(user.department -eq "Sales")` makes the group dynamic.
    membership_rule: Option<String>,
    #[serde(default)]
    synced: bool,
    #[serde(default)]
    role_assignable: bool,
    /// SKUs handed down to members, by part number.
    #[serde(default)]
    licenses: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum GroupType {
    Security,
    Microsoft365,
    Distribution,
    #[serde(rename = "mail_enabled_security")]
    MailEnabledSecurity,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileSku {
    sku_part_number: String,
    sku_id: Uuid,
    enabled: u32,
    consumed: u32,
    /// The services inside, by plan name; those that the part number is known for if empty.
    #[serde(default)]
    service_plans: Vec<String>,
}

impl FileSku {
    fn plans(&self) -> Vec<ServicePlan> {
        let known = catalog::plans(&self.sku_part_number);
        let known = || known.iter().map(|plan| (plan.name, plan.id()));
        let named = self.service_plans.iter().map(|name| {
            let own = known().find(|(known, _)| known == name);
            let id = own.map_or_else(|| id_from("service plan", name), |(_, id)| id);
            (name.as_str(), id)
        });
        let plan = |(name, id): (&str, Uuid)| ServicePlan { id, name: name.to_owned() };
        if self.service_plans.is_empty() {
            known().map(plan).collect()
        } else {
            named.map(plan).collect()
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileMailbox {
    address: String,
    display_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileRole {
    display_name: String,
    template_id: Uuid,
}

/// When everybody's account was made and their password last set.
const LONG_AGO: &str = "2024-02-01T08:00:00Z";

/// How long before the world began the deleted users of a file were deleted.
const DELETED_AGO: SignedDuration = SignedDuration::from_hours(72);

/// `now` is when the world begins.
pub(super) fn read(json: &str, now: Timestamp) -> Result<State, serde_json::Error> {
    let file: File = serde_json::from_str(json)?;
    let contoso = Uuid::try_parse(CONTOSO_TENANT).expect("a constant GUID");
    let name = |domain: &str| {
        let first = domain.split('.').next().unwrap_or_default();
        let mut letters = first.chars();
        letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
    };
    let mut state = State {
        tenant: Tenant {
            id: file.tenant_id.unwrap_or(contoso),
            name: file.tenant_name.clone().unwrap_or_else(|| name(&file.tenant_domain)),
            domain: file.tenant_domain.clone(),
            onmicrosoft: file.onmicrosoft.clone(),
        },
        users: std::collections::BTreeMap::new(),
        deleted: std::collections::BTreeMap::new(),
        groups: std::collections::BTreeMap::new(),
        skus: Vec::new(),
        roles: Vec::new(),
        assignments: Vec::new(),
        policies: Policies::default(),
        applications: Applications::default(),
        domains: Vec::new(),
        drives: Drives::default(),
        methods: methods::read(&file.authentication_methods, user_id),
        pass_policy: PassPolicy::default(),
        eligible: Vec::new(),
        deleted_groups: std::collections::BTreeMap::new(),
        fleet: Fleet::default(),
        guests: Guests::default(),
        mail: mail::flow(&file),
    };
    add_roles(&mut state, &file);
    for user in file.users.iter().map(|user| person(user, &file)) {
        state.users.insert(user.id, user);
    }
    for user in file.shared_mailboxes.iter().map(shared_mailbox) {
        state.users.insert(user.id, user);
    }
    for mut user in file.deleted_users.iter().map(|user| person(user, &file)) {
        user.deleted_at = Some(now - DELETED_AGO);
        user.hide_name();
        state.deleted.insert(user.id, user);
    }
    for group in file.groups.iter().map(|group| circle(group, &file)) {
        state.groups.insert(group.id, group);
    }
    add_skus(&mut state, &file);
    estate::add(&mut state, &file.estate);
    estate::open_drives(&mut state);
    fleet::add(&mut state, &file.fleet);
    mail::add_details(&mut state, &file);
    ids::give(&mut state, &file);
    Ok(state)
}

fn user_id(upn: &str) -> Uuid {
    id_from("user", upn)
}

fn group_id(name: &str) -> Uuid {
    id_from("group", name)
}

fn sku_id(file: &File, part_number: &str) -> Option<Uuid> {
    let found = file.skus.iter().find(|sku| sku.sku_part_number == part_number);
    found.map(|sku| sku.sku_id)
}

fn props(value: Value) -> Props {
    match value {
        Value::Object(mut members) => {
            members.retain(|_, member| !member.is_null());
            members
        }
        _ => Props::new(),
    }
}

fn person(user: &FileUser, file: &File) -> User {
    let guest = user.user_type == "Guest";
    let location = match user.usage_location.as_deref() {
        Some("") => None,
        Some(given) => Some(given),
        None => (!guest).then_some("GB"),
    };
    let nickname = user.upn.split('@').next().unwrap_or_default();
    let proxies: Vec<String> = user.mail.iter().map(|mail| format!("SMTP:{mail}")).collect();
    let mut props = props(json!({
        "userPrincipalName": user.upn, "displayName": user.display_name,
        "givenName": user.given_name, "surname": user.surname, "mail": user.mail,
        "mailNickname": nickname, "department": user.department, "jobTitle": user.job_title,
        "officeLocation": user.office_location, "mobilePhone": user.mobile_phone,
        "companyName": user.company_name, "employeeId": user.employee_id,
        "usageLocation": location, "userType": user.user_type,
        "accountEnabled": user.account_enabled, "proxyAddresses": proxies,
        "creationType": guest.then_some("Invitation"),
        "externalUserState": guest.then_some("Accepted"),
        "createdDateTime": LONG_AGO, "lastPasswordChangeDateTime": LONG_AGO,
        "signInSessionsValidFromDateTime": LONG_AGO,
    }));
    if user.synced {
        props.extend(self::props(json!({
            "onPremisesSyncEnabled": true, "onPremisesLastSyncDateTime": LONG_AGO,
            "onPremisesImmutableId": user_id(&user.upn).simple().to_string(),
            "onPremisesSamAccountName": nickname, "onPremisesDomainName": "corp.contoso.com",
            "onPremisesUserPrincipalName": user.upn,
        })));
    }
    let licences = user.licenses.iter().filter_map(|name| sku_id(file, name));
    User {
        id: user_id(&user.upn),
        props,
        manager: user.manager.as_deref().map(user_id),
        password: None,
        licences: licences.map(|sku| (sku, BTreeSet::new())).collect(),
        mailbox: (!guest).then(Mailbox::default),
        deleted_at: None,
    }
}

fn shared_mailbox(mailbox: &FileMailbox) -> User {
    let address = &mailbox.address;
    User {
        id: user_id(address),
        props: props(json!({
            "userPrincipalName": address, "displayName": mailbox.display_name, "mail": address,
            "mailNickname": address.split('@').next(), "userType": "Member",
            "accountEnabled": false, "proxyAddresses": [format!("SMTP:{address}")],
            "createdDateTime": LONG_AGO, "lastPasswordChangeDateTime": LONG_AGO,
            "signInSessionsValidFromDateTime": LONG_AGO,
        })),
        manager: None,
        password: None,
        licences: std::collections::BTreeMap::new(),
        mailbox: Some(Mailbox { shared: true, ..Mailbox::default() }),
        deleted_at: None,
    }
}

fn circle(group: &FileGroup, file: &File) -> Group {
    let mut types: Vec<&str> = Vec::new();
    if group.group_type == GroupType::Microsoft365 {
        types.push("Unified");
    }
    if group.membership_rule.is_some() {
        types.push("DynamicMembership");
    }
    let security = matches!(group.group_type, GroupType::Security | GroupType::MailEnabledSecurity);
    let nickname = match &group.mail {
        Some(mail) => mail.split('@').next().unwrap_or_default().to_owned(),
        None => group.display_name.replace(' ', ""),
    };
    let proxies: Vec<String> = group.mail.iter().map(|mail| format!("SMTP:{mail}")).collect();
    let props = props(json!({
        "displayName": group.display_name, "description": group.description, "mail": group.mail,
        "mailNickname": nickname, "mailEnabled": group.group_type != GroupType::Security,
        "securityEnabled": security, "groupTypes": types, "proxyAddresses": proxies,
        "membershipRule": group.membership_rule,
        "membershipRuleProcessingState": group.membership_rule.as_ref().map(|_| "On"),
        "onPremisesSyncEnabled": group.synced.then_some(true),
        "isAssignableToRole": group.role_assignable.then_some(true),
        "visibility": (group.group_type == GroupType::Microsoft365).then_some("Private"),
        "createdDateTime": LONG_AGO, "renewedDateTime": LONG_AGO,
    }));
    Group {
        id: group_id(&group.display_name),
        props,
        members: members(group, file),
        owners: group.owners.iter().map(|upn| user_id(upn)).collect(),
        licences: group.licenses.iter().filter_map(|name| sku_id(file, name)).collect(),
    }
}

fn members(group: &FileGroup, file: &File) -> BTreeSet<Uuid> {
    if let Some(named) = &group.members {
        let id = |name: &String| if name.contains('@') { user_id(name) } else { group_id(name) };
        return named.iter().map(id).collect();
    }
    let mut found: BTreeSet<Uuid> = group.owners.iter().map(|upn| user_id(upn)).collect();
    let everybody = group.display_name.eq_ignore_ascii_case("all staff");
    let by_department = |user: &&FileUser| {
        let department = user.department.as_deref().unwrap_or("(none)");
        user.user_type != "Guest" && (everybody || group.display_name.starts_with(department))
    };
    if group.mail.is_some() {
        found.extend(file.users.iter().filter(by_department).map(|user| user_id(&user.upn)));
    }
    found
}

fn add_roles(state: &mut State, file: &File) {
    for (name, template) in catalog::ROLES {
        let template = Uuid::try_parse(template).expect("a test reads the table");
        state.roles.push(Role { template, name: (*name).to_owned() });
    }
    for role in &file.roles {
        if state.roles.iter().all(|known| known.template != role.template_id) {
            let name = role.display_name.clone();
            state.roles.push(Role { template: role.template_id, name });
        }
    }
    for user in &file.users {
        for name in &user.roles {
            let Some(role) = state.roles.iter().find(|role| role.name == *name) else { continue };
            let (principal, role) = (user_id(&user.upn), role.template);
            let id = id_from("assignment", &format!("{principal}{role}")).simple().to_string();
            state.assignments.push(Assignment { id, principal, role });
        }
    }
}

/// `consumed` in the file counts the whole company; whoever is not in the file sits elsewhere.
fn add_skus(state: &mut State, file: &File) {
    for sku in &file.skus {
        state.skus.push(Sku {
            id: sku.sku_id,
            part_number: sku.sku_part_number.clone(),
            enabled: sku.enabled,
            elsewhere: 0,
            plans: sku.plans(),
        });
        let last = state.skus.len() - 1;
        let here = state.consumed(&state.skus[last]);
        state.skus[last].elsewhere = sku.consumed.saturating_sub(here);
    }
}
