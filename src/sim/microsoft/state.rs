//! The tenant itself, and the questions everybody asks about it.
//!
//! Here are people, groups, licences and mailboxes. Beside them: [`policies`], [`applications`]
//! and the [`consent`] they get, [`domains`], [`drives`] with workbooks and their [`cells`].

mod applications;
mod cells;
mod consent;
mod domains;
mod drives;
mod policies;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

pub(super) use applications::{
    AppKey, Applications, Principal, Registration, RoleGrant, ScopeGrant, Secret, secret_digest,
};
pub(super) use cells::Block;
pub(super) use domains::Domain;
pub(super) use drives::{Book, Drive, DriveFile, Drives, Session, Sheet};
pub(super) use policies::{Location, Policies, Policy};

use super::{
    catalog,
    methods::{Methods, PassPolicy},
    password::Password,
};

pub(super) mod fleet;
pub(super) mod guests;
pub(super) mod rule;

use fleet::Fleet;
use guests::Guests;

pub(super) mod mail;

use mail::{MailDetails, MailFlow};

/// The plain properties of an object, by Graph's names.
pub(super) type Props = Map<String, Value>;

#[derive(Debug, Clone)]
pub(super) struct State {
    pub tenant: Tenant,
    pub users: BTreeMap<Uuid, User>,
    pub deleted: BTreeMap<Uuid, User>,
    pub groups: BTreeMap<Uuid, Group>,
    pub skus: Vec<Sku>,
    pub roles: Vec<Role>,
    pub assignments: Vec<Assignment>,
    pub policies: Policies,
    pub applications: Applications,
    pub domains: Vec<Domain>,
    pub drives: Drives,
    /// What people sign in with, by user id. Kept while a user is deleted.
    pub methods: BTreeMap<Uuid, Methods>,
    pub pass_policy: PassPolicy,
    /// Roles that somebody may activate (Privileged Identity Management).
    pub eligible: Vec<Assignment>,
    pub deleted_groups: BTreeMap<Uuid, Group>,
    pub fleet: Fleet,
    pub guests: Guests,
    pub mail: MailFlow,
}

#[derive(Debug, Clone)]
pub(super) struct Tenant {
    pub id: Uuid,
    pub name: String,
    pub domain: String,
    pub onmicrosoft: String,
}

#[derive(Debug, Clone)]
pub(super) struct User {
    pub id: Uuid,
    pub props: Props,
    pub manager: Option<Uuid>,
    pub password: Option<Password>,
    /// Direct licences only: SKU id → service plans that are switched off.
    pub licences: BTreeMap<Uuid, BTreeSet<Uuid>>,
    pub mailbox: Option<Mailbox>,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Mailbox {
    pub shared: bool,
    pub forwarding_address: Option<String>,
    pub forwarding_smtp: Option<String>,
    pub deliver_and_forward: bool,
    pub hidden: bool,
    pub reply: AutoReply,
    /// Other members of Graph's `mailboxSettings`, as written.
    pub settings: Props,
    /// Rights, holds, rules and meetings.
    pub details: MailDetails,
}

/// Out of office, in Graph's words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AutoReply {
    pub status: String,
    pub audience: String,
    pub internal: String,
    pub external: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Default for AutoReply {
    fn default() -> Self {
        Self {
            status: "disabled".into(),
            audience: "all".into(),
            internal: String::new(),
            external: String::new(),
            start: Timestamp::UNIX_EPOCH,
            end: Timestamp::UNIX_EPOCH,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub id: Uuid,
    pub props: Props,
    pub members: BTreeSet<Uuid>,
    pub owners: BTreeSet<Uuid>,
    /// SKUs that every direct member inherits.
    pub licences: BTreeSet<Uuid>,
}

#[derive(Debug, Clone)]
pub(super) struct Sku {
    pub id: Uuid,
    pub part_number: String,
    pub enabled: u32,
    /// Seats used by people who are not in this directory file.
    pub elsewhere: u32,
    /// The services inside it.
    pub plans: Vec<ServicePlan>,
}

/// One service inside a licence.
#[derive(Debug, Clone)]
pub(super) struct ServicePlan {
    pub id: Uuid,
    pub name: String,
}

#[derive(Debug, Clone)]
pub(super) struct Role {
    pub template: Uuid,
    pub name: String,
}

#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub id: String,
    pub principal: Uuid,
    pub role: Uuid,
}

/// One licence somebody holds, and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub sku: Uuid,
    pub disabled: BTreeSet<Uuid>,
    pub by_group: Option<Uuid>,
}

fn text<'a>(props: &'a Props, name: &str) -> &'a str {
    props.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn flag(props: &Props, name: &str) -> bool {
    props.get(name).and_then(Value::as_bool).unwrap_or_default()
}

impl User {
    pub fn upn(&self) -> &str {
        text(&self.props, "userPrincipalName")
    }

    pub fn is_synced(&self) -> bool {
        flag(&self.props, "onPremisesSyncEnabled")
    }

    /// The directory puts the object id in front of a deleted user's name, so that the name
    /// is free again.
    pub fn hide_name(&mut self) {
        let hidden = format!("{}{}", self.id.simple(), self.upn());
        self.set("userPrincipalName", hidden);
    }

    /// The name before [`User::hide_name`].
    pub fn name_before(&self) -> String {
        self.upn().trim_start_matches(&self.id.simple().to_string()).to_owned()
    }

    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.props.insert(name.to_owned(), value.into());
    }
}

impl Group {
    pub fn name(&self) -> &str {
        text(&self.props, "displayName")
    }

    pub fn mail(&self) -> &str {
        text(&self.props, "mail")
    }

    pub fn is_synced(&self) -> bool {
        flag(&self.props, "onPremisesSyncEnabled")
    }

    pub fn is_role_assignable(&self) -> bool {
        flag(&self.props, "isAssignableToRole")
    }

    pub fn has_type(&self, wanted: &str) -> bool {
        let types = self.props.get("groupTypes").and_then(Value::as_array);
        types.is_some_and(|types| types.iter().any(|found| found == wanted))
    }

    pub fn is_dynamic(&self) -> bool {
        self.has_type("DynamicMembership")
    }

    /// A distribution list or a mail-enabled security group: Exchange is its master.
    pub fn is_exchange_only(&self) -> bool {
        flag(&self.props, "mailEnabled") && !self.has_type("Unified")
    }
}

impl State {
    /// By object id or sign-in name, ignoring case.
    pub fn user(&self, key: &str) -> Option<&User> {
        self.user_id(key).and_then(|id| self.users.get(&id))
    }

    pub fn user_id(&self, key: &str) -> Option<Uuid> {
        if let Ok(id) = Uuid::try_parse(key) {
            return self.users.contains_key(&id).then_some(id);
        }
        self.users.values().find(|user| user.upn().eq_ignore_ascii_case(key)).map(|user| user.id)
    }

    pub fn sku(&self, id: Uuid) -> Option<&Sku> {
        self.skus.iter().find(|sku| sku.id == id)
    }

    /// Who is in the group, by hand or by its rule. Deleted users do not count.
    pub fn members_of(&self, group: &Group) -> BTreeSet<Uuid> {
        let paused = text(&group.props, "membershipRuleProcessingState") == "Paused";
        if group.is_dynamic() && !paused {
            return self.following(text(&group.props, "membershipRule"));
        }
        group.members.iter().filter(|id| self.is_object(**id)).copied().collect()
    }

    /// Who follows a rule now. A rule that cannot be read is followed by nobody.
    pub fn following(&self, rule: &str) -> BTreeSet<Uuid> {
        let Ok(rule) = rule::parse(rule) else { return BTreeSet::new() };
        let users = self.users.values().filter(|user| rule.fits(rule::Of::User, &user.props));
        let devices = self.fleet.devices.values();
        let devices = devices.filter(|device| rule.fits(rule::Of::Device, &device.props));
        users.map(|user| user.id).chain(devices.map(|device| device.id)).collect()
    }

    /// Whether it is a user, a group or a device that is there.
    pub fn is_object(&self, id: Uuid) -> bool {
        self.users.contains_key(&id)
            || self.groups.contains_key(&id)
            || self.fleet.devices.contains_key(&id)
    }

    /// Whether one of the tenant's licences brings this service plan.
    pub fn has_plan(&self, name: &str) -> bool {
        self.skus.iter().any(|sku| sku.plans.iter().any(|plan| plan.name == name))
    }

    /// The groups that name this object directly.
    pub fn groups_with(&self, member: Uuid) -> Vec<&Group> {
        self.groups
            .values()
            .filter(|group| {
                if group.is_dynamic() {
                    self.members_of(group).contains(&member)
                } else {
                    group.members.contains(&member)
                }
            })
            .collect()
    }

    /// The groups that hold this object directly or through other groups.
    pub fn groups_above(&self, member: Uuid) -> Vec<&Group> {
        let mut found: Vec<&Group> = Vec::new();
        let mut look = vec![member];
        while let Some(next) = look.pop() {
            for group in self.groups_with(next) {
                if !found.iter().any(|seen| seen.id == group.id) {
                    found.push(group);
                    look.push(group.id);
                }
            }
        }
        found
    }

    pub fn roles_direct(&self, principal: Uuid) -> Vec<&Role> {
        self.assignments
            .iter()
            .filter(|held| held.principal == principal)
            .filter_map(|held| self.roles.iter().find(|role| role.template == held.role))
            .collect()
    }

    /// Roles of the object itself and of the role-assignable groups above it.
    pub fn roles_above(&self, principal: Uuid) -> Vec<&Role> {
        let mut roles = self.roles_direct(principal);
        for group in self.groups_above(principal) {
            roles.extend(self.roles_direct(group.id));
        }
        roles
    }

    /// Member or owner of a group to which roles can be assigned.
    pub fn is_in_role_group(&self, user: Uuid) -> bool {
        let owns = |group: &Group| group.is_role_assignable() && group.owners.contains(&user);
        self.groups_above(user).iter().any(|group| group.is_role_assignable())
            || self.groups.values().any(owns)
    }

    /// Every licence of a user, direct first, then inherited. Nested groups do not hand down
    /// licences (learn.microsoft.com/entra, "Group-based licensing: limitations").
    pub fn licences_of(&self, user: &User) -> Vec<Held> {
        let direct = user.licences.iter().map(|(sku, disabled)| Held {
            sku: *sku,
            disabled: disabled.clone(),
            by_group: None,
        });
        let licensing = self.groups.values().filter(|group| !group.licences.is_empty());
        let inherited =
            licensing.filter(|group| self.members_of(group).contains(&user.id)).flat_map(|group| {
                group.licences.iter().map(|sku| Held {
                    sku: *sku,
                    disabled: BTreeSet::new(),
                    by_group: Some(group.id),
                })
            });
        direct.chain(inherited).collect()
    }

    /// Seats in use, by people in the file and elsewhere.
    pub fn consumed(&self, sku: &Sku) -> u32 {
        let holds = |user: &&User| self.licences_of(user).iter().any(|held| held.sku == sku.id);
        let here = self.users.values().filter(holds).count();
        sku.elsewhere.saturating_add(u32::try_from(here).unwrap_or(u32::MAX))
    }

    /// Service plans that are switched on for the user, by name.
    pub fn plans_of(&self, user: &User) -> BTreeSet<&str> {
        let mut plans = BTreeSet::new();
        for held in self.licences_of(user) {
            let Some(sku) = self.sku(held.sku) else { continue };
            let on = sku.plans.iter().filter(|plan| !held.disabled.contains(&plan.id));
            plans.extend(on.map(|plan| plan.name.as_str()));
        }
        plans
    }

    /// The user's mailbox, while it is there: shared, or licensed for Exchange.
    pub fn mailbox<'a>(&self, user: &'a User) -> Option<&'a Mailbox> {
        let mailbox = user.mailbox.as_ref()?;
        let licensed =
            || self.plans_of(user).iter().any(|plan| catalog::MAILBOX_PLANS.contains(plan));
        (mailbox.shared || licensed()).then_some(mailbox)
    }

    /// A display name for the ledger: the sign-in name, or the name of the group or device.
    pub fn name_of(&self, id: Uuid) -> String {
        let user = self.users.get(&id).or_else(|| self.deleted.get(&id));
        let group = self.groups.get(&id).or_else(|| self.deleted_groups.get(&id));
        let name = user.map(User::upn).or(group.map(Group::name));
        let device = || self.fleet.devices.get(&id).map(fleet::Device::name);
        let managed = || self.fleet.managed.get(&id).map(|it| text(&it.props, "deviceName"));
        let known = name.or_else(device).or_else(managed).map(str::to_owned);
        known.or_else(|| self.mail.name_of(id)).unwrap_or_else(|| id.to_string())
    }
}
