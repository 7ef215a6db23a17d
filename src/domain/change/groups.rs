//! Changes of groups and of who is in them.

use serde::{Deserialize, Serialize};

use crate::domain::{
    change::{Effect, Kind, Object, Ref, Rights, Sight},
    devices::DeviceId,
    groups::NewGroup,
    ids::{GroupId, TenantId, UserId},
    users::GroupSort,
};

/// A change of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum GroupChange {
    /// Becomes a member.
    AddMember {
        /// Of which group.
        group: Ref<GroupId>,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Who.
        user: Ref<UserId>,
    },
    /// Is no longer a member.
    RemoveMember {
        /// Of which group.
        group: Ref<GroupId>,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Who.
        user: Ref<UserId>,
    },
    /// A device becomes a member. Only the directory's own groups hold devices.
    AddDevice {
        /// Of which group.
        group: Ref<GroupId>,
        /// Which.
        device: DeviceId,
    },
    /// A device is no longer a member.
    RemoveDevice {
        /// Of which group.
        group: Ref<GroupId>,
        /// Which.
        device: DeviceId,
    },
    /// Becomes an owner, who may change who is in it. Lists of Exchange have managers instead.
    AddOwner {
        /// Of which group.
        group: Ref<GroupId>,
        /// Who.
        user: Ref<UserId>,
    },
    /// Is no longer an owner. The last owner stays: the directory refuses.
    RemoveOwner {
        /// Of which group.
        group: Ref<GroupId>,
        /// Who.
        user: Ref<UserId>,
    },
    /// A group becomes a member of another.
    NestGroup {
        /// Of which group.
        group: Ref<GroupId>,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Which.
        member: GroupId,
    },
    /// A group is no longer a member of another.
    UnnestGroup {
        /// Of which group.
        group: Ref<GroupId>,
        /// Its sort: mail-enabled ones go through Exchange.
        sort: GroupSort,
        /// Which.
        member: GroupId,
    },
    /// A security or Microsoft 365 group is made, with a rule or without.
    CreateGroup {
        /// In whose directory.
        tenant: TenantId,
        /// What it is.
        made: NewGroup,
    },
    /// A distribution list or a mail-enabled security group is made, by Exchange.
    CreateList {
        /// In whose directory.
        tenant: TenantId,
        /// What it is.
        made: NewGroup,
    },
}

const MEMBERS: Rights = &[&["GroupMember.ReadWrite.All"]];
const OWNERS: Rights = &[&["Group.ReadWrite.All"]];
const DEVICES: Rights = &[&["GroupMember.ReadWrite.All", "Device.ReadWrite.All"]];
const BY_EXCHANGE: Rights =
    &[&["exchange:Exchange.ManageAsApp", "role:Exchange Recipient Administrator"]];

/// [`GroupChange::AddMember`].
pub const ADD_MEMBER: Kind = Kind::of("add_member", MEMBERS).seen_within(180);
/// [`GroupChange::RemoveMember`].
pub const REMOVE_MEMBER: Kind = Kind::of("remove_member", MEMBERS).seen_within(180);
/// [`GroupChange::AddDevice`].
pub const ADD_DEVICE: Kind = Kind::of("add_device", DEVICES).seen_within(180);
/// [`GroupChange::RemoveDevice`].
pub const REMOVE_DEVICE: Kind = Kind::of("remove_device", DEVICES).seen_within(180);
/// [`GroupChange::AddOwner`].
pub const ADD_OWNER: Kind = Kind::of("add_owner", OWNERS).seen_within(180);
/// [`GroupChange::RemoveOwner`].
pub const REMOVE_OWNER: Kind = Kind::of("remove_owner", OWNERS).seen_within(180);
/// [`GroupChange::NestGroup`].
pub const NEST_GROUP: Kind = Kind::of("nest_group", MEMBERS).seen_within(180);
/// [`GroupChange::UnnestGroup`].
pub const UNNEST_GROUP: Kind = Kind::of("unnest_group", MEMBERS).seen_within(180);
/// [`GroupChange::CreateGroup`]. The directory makes a second group of the same name when it
/// is asked twice; after a crash it is looked up by its nickname first.
pub const CREATE_GROUP: Kind =
    Kind::of("create_group", &[&["Group.Create"]]).repeated(super::Repeat::ReadFirst);
/// [`GroupChange::CreateList`]. Exchange refuses an address that somebody has.
pub const CREATE_LIST: Kind =
    Kind::of("create_list", BY_EXCHANGE).repeated(super::Repeat::ReadFirst).seen_within(300);

/// All of them.
pub const KINDS: &[Kind] = &[
    ADD_MEMBER,
    REMOVE_MEMBER,
    ADD_DEVICE,
    REMOVE_DEVICE,
    ADD_OWNER,
    REMOVE_OWNER,
    NEST_GROUP,
    UNNEST_GROUP,
    CREATE_GROUP,
    CREATE_LIST,
];

impl GroupChange {
    /// Who is in which group, or owns it, is changed: that group, and whether they go in.
    pub fn membership(&self) -> Option<(&Ref<GroupId>, bool)> {
        match self {
            Self::AddMember { group, .. }
            | Self::AddDevice { group, .. }
            | Self::AddOwner { group, .. }
            | Self::NestGroup { group, .. } => Some((group, true)),
            Self::RemoveMember { group, .. }
            | Self::RemoveDevice { group, .. }
            | Self::RemoveOwner { group, .. }
            | Self::UnnestGroup { group, .. } => Some((group, false)),
            Self::CreateGroup { .. } | Self::CreateList { .. } => None,
        }
    }
}

impl Effect for GroupChange {
    fn kind(&self) -> Kind {
        match self {
            Self::AddMember { .. } => ADD_MEMBER,
            Self::RemoveMember { .. } => REMOVE_MEMBER,
            Self::AddDevice { .. } => ADD_DEVICE,
            Self::RemoveDevice { .. } => REMOVE_DEVICE,
            Self::AddOwner { .. } => ADD_OWNER,
            Self::RemoveOwner { .. } => REMOVE_OWNER,
            Self::NestGroup { .. } => NEST_GROUP,
            Self::UnnestGroup { .. } => UNNEST_GROUP,
            Self::CreateGroup { .. } => CREATE_GROUP,
            Self::CreateList { .. } => CREATE_LIST,
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::AddMember { user, .. }
            | Self::RemoveMember { user, .. }
            | Self::AddOwner { user, .. }
            | Self::RemoveOwner { user, .. } => Object::User(user),
            Self::AddDevice { device, .. } | Self::RemoveDevice { device, .. } => {
                Object::Other(device.tenant(), format!("device:{device}"))
            }
            Self::NestGroup { member, .. } | Self::UnnestGroup { member, .. } => {
                Object::Other(member.tenant(), format!("group:{member}"))
            }
            Self::CreateGroup { tenant, .. } | Self::CreateList { tenant, .. } => {
                Object::New(tenant)
            }
        }
    }

    fn others(&self) -> Vec<&TenantId> {
        match self {
            Self::CreateGroup { made, .. } | Self::CreateList { made, .. } => {
                made.owners.iter().map(UserId::tenant).collect()
            }
            _ => {
                let group = self.membership().and_then(|(group, _)| group.known());
                group.map(GroupId::tenant).into_iter().collect()
            }
        }
    }

    fn holds(&self, _before: Option<&Sight>, seen: &Sight) -> bool {
        match (self.membership(), seen) {
            (Some((_, goes_in)), Sight::Member { is }) => *is == goes_in,
            (None, Sight::Object { id, .. }) => id.is_some(),
            _ => false,
        }
    }

    fn called(&self) -> &'static str {
        match self {
            Self::AddMember { .. }
            | Self::RemoveMember { .. }
            | Self::AddOwner { .. }
            | Self::RemoveOwner { .. } => "user",
            Self::AddDevice { .. } | Self::RemoveDevice { .. } => "device",
            Self::NestGroup { .. } | Self::UnnestGroup { .. } => "member",
            Self::CreateGroup { .. } | Self::CreateList { .. } => "group",
        }
    }
}
