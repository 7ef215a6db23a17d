//! Ids of application permissions: what a registration is made of, and what an assignment names.
//!
//! They are the same in every tenant and every cloud (Microsoft Graph permissions
//! reference; for Exchange, "App-only authentication for unattended scripts in Exchange
//! Online PowerShell"). A test sees that every permission which an action names is here.
//!
//! Not here: which permission is for what. A change says what it needs.

use std::fmt;

use uuid::{Uuid, uuid};

use crate::adapters::graph::roles;

/// A service whose permissions an app can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Microsoft Graph.
    Graph,
    /// Office 365 Exchange Online.
    Exchange,
}

impl Service {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Graph, Self::Exchange];

    /// Its application id, the same in every tenant.
    pub fn app_id(self) -> Uuid {
        match self {
            Self::Graph => uuid!("00000003-0000-0000-c000-000000000000"),
            Self::Exchange => uuid!("00000002-0000-0ff1-ce00-000000000000"),
        }
    }

    /// As the portal calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Graph => "Microsoft Graph",
            Self::Exchange => "Office 365 Exchange Online",
        }
    }
}

/// One thing an app can be given, as a permission list writes it: `User.Read.All`,
/// `exchange:Exchange.ManageAsApp` or `role:User Administrator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right<'a> {
    /// An application permission.
    Permission(Service, &'a str),
    /// An Entra role of the service principal, by its English name.
    Role(&'a str),
}

impl<'a> Right<'a> {
    /// Reads an entry of a permission list.
    pub fn read(entry: &'a str) -> Self {
        if let Some(role) = entry.strip_prefix("role:") {
            return Self::Role(role);
        }
        match entry.strip_prefix("exchange:") {
            Some(name) => Self::Permission(Service::Exchange, name),
            None => Self::Permission(Service::Graph, entry),
        }
    }

    /// The id that a registration or an assignment names: of the app role, or of the
    /// role's template. `None` when it is not in our tables.
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Permission(service, name) => {
                let of = match service {
                    Service::Graph => GRAPH,
                    Service::Exchange => EXCHANGE,
                };
                of.iter().find_map(|(known, id)| (*known == name).then_some(*id))
            }
            Self::Role(name) => roles::template(name),
        }
    }
}

impl fmt::Display for Right<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permission(Service::Graph, name) => f.write_str(name),
            Self::Permission(Service::Exchange, name) => write!(f, "{name} (Exchange Online)"),
            Self::Role(name) => write!(f, "the Entra role {name}"),
        }
    }
}

/// The name behind an app role's id, when we know it.
pub fn name(service: Service, id: Uuid) -> Option<&'static str> {
    let of = match service {
        Service::Graph => GRAPH,
        Service::Exchange => EXCHANGE,
    };
    of.iter().find_map(|(name, known)| (*known == id).then_some(*name))
}

/// App roles of Office 365 Exchange Online.
const EXCHANGE: &[(&str, Uuid)] =
    &[("Exchange.ManageAsApp", uuid!("dc50a0fb-09a3-484d-be87-e023b12c6440"))];

/// App roles of Microsoft Graph.
const GRAPH: &[(&str, Uuid)] = &[
    ("Application.Read.All", uuid!("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30")),
    ("Application.ReadWrite.All", uuid!("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9")),
    ("Application.ReadWrite.OwnedBy", uuid!("18a4783c-866b-4cc7-a460-3d5e5662c884")),
    ("Calendars.Read", uuid!("798ee544-9d2d-430c-a058-570e29e34338")),
    ("Calendars.ReadWrite", uuid!("ef54d2bf-783f-4e0f-bca1-3210c0444d99")),
    ("DelegatedAdminRelationship.Read.All", uuid!("f6e9e124-4586-492f-adc0-c6f96e4823fd")),
    ("DelegatedAdminRelationship.ReadWrite.All", uuid!("cc13eba4-8cd8-44c6-b4d4-f93237adce58")),
    ("DelegatedPermissionGrant.ReadWrite.All", uuid!("8e8e4742-1d95-4f68-9d56-6ee75648c72a")),
    ("Device.Read.All", uuid!("7438b122-aefc-4978-80ed-43db9fcc7715")),
    ("Device.ReadWrite.All", uuid!("1138cb37-bd11-4084-a2b7-9f71582aeddb")),
    (
        "DeviceManagementManagedDevices.PrivilegedOperations.All",
        uuid!("5b07b0dd-2377-4e44-a38d-703f09a0dc3c"),
    ),
    ("DeviceManagementManagedDevices.Read.All", uuid!("2f51be20-0bb4-4fed-bf7b-db946066c75e")),
    ("DeviceManagementManagedDevices.ReadWrite.All", uuid!("243333ab-4d21-40cb-a475-36241daa0842")),
    ("Directory.Read.All", uuid!("7ab1d382-f21e-4acd-a863-ba3e13f7da61")),
    ("Directory.ReadWrite.All", uuid!("19dbc75e-c2e2-444c-a770-ec69d8559fc7")),
    ("Domain.Read.All", uuid!("dbb9058a-0e50-45d7-ae91-66909b5d4664")),
    ("Domain.ReadWrite.All", uuid!("7e05723c-0bb0-42da-be95-ae9f08a6e53c")),
    ("Files.Read.All", uuid!("01d4889c-1287-42c6-ac1f-5d1e02578ef6")),
    ("Files.ReadWrite.All", uuid!("75359482-378d-4052-8f01-80520e7db3cd")),
    ("Group.Create", uuid!("bf7b1a76-6e77-406b-b258-bf5c7720e98f")),
    ("Group.Read.All", uuid!("5b567255-7703-4780-807c-7be8301ae99b")),
    ("Group.ReadWrite.All", uuid!("62a82d76-70ea-41e2-9197-370581804d09")),
    ("GroupMember.Read.All", uuid!("98830695-27a2-44f7-8c18-0c3ebc9698f6")),
    ("GroupMember.ReadWrite.All", uuid!("dbaae8cf-10b5-4b86-a4a1-f871c94c6695")),
    ("LicenseAssignment.Read.All", uuid!("e2f98668-2877-4f38-a2f4-8202e0717aa1")),
    ("LicenseAssignment.ReadWrite.All", uuid!("5facf0c1-8979-4e95-abcf-ff3d079771c0")),
    ("Mail.Send", uuid!("b633e1c5-b582-4048-a93e-9f11b44c7e96")),
    ("MailboxSettings.Read", uuid!("40f97065-369a-49f4-947c-6a255697ae91")),
    ("MailboxSettings.ReadWrite", uuid!("6931bccd-447a-43d1-b442-00a195474933")),
    ("Organization.Read.All", uuid!("498476ce-e0fe-48b0-b801-37ba7e2685c6")),
    ("Organization.ReadWrite.All", uuid!("292d869f-3427-49a8-9dab-8c70152b74e9")),
    ("Policy.Read.All", uuid!("246dd0d5-5bd0-4def-940b-0421030a5b68")),
    ("Policy.ReadWrite.AuthenticationMethod", uuid!("29c18626-4985-4dcd-85c0-193eef327366")),
    ("Policy.ReadWrite.ConditionalAccess", uuid!("01c0a623-fc9b-48e9-b794-0756f8e8f067")),
    ("RoleEligibilitySchedule.Read.Directory", uuid!("ff278e11-4a33-4d0c-83d2-d01dc58929a5")),
    ("RoleEligibilitySchedule.ReadWrite.Directory", uuid!("fee28b28-e1f3-4841-818e-2704dc62245f")),
    ("RoleManagement.Read.All", uuid!("c7fbd983-d9aa-4fa7-84b8-17382c103bc4")),
    ("RoleManagement.Read.Directory", uuid!("483bed4a-2ad3-4361-a73b-c83ccdbdc53c")),
    ("RoleManagement.ReadWrite.Directory", uuid!("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8")),
    ("Sites.Read.All", uuid!("332a536c-c7ef-4017-ab91-336970924f0d")),
    ("Sites.ReadWrite.All", uuid!("9492366f-7969-46a4-8d15-ed1a20078fff")),
    ("User-LifeCycleInfo.ReadWrite.All", uuid!("925f1248-0f97-47b9-8ec8-538c54e01325")),
    ("User-PasswordProfile.ReadWrite.All", uuid!("cc117bb9-00cf-4eb8-b580-ea2a878fe8f7")),
    ("User.DeleteRestore.All", uuid!("eccc023d-eccf-4e7b-9683-8813ab36cecc")),
    ("User.EnableDisableAccount.All", uuid!("3011c876-62b7-4ada-afa2-506cbbecc68c")),
    ("User.Invite.All", uuid!("09850681-111b-4a89-9bed-3f2cae46d706")),
    ("User.ManageIdentities.All", uuid!("c529cfca-c91b-489c-af2b-d92990b66ce6")),
    ("User.Read.All", uuid!("df021288-bdef-4463-88db-98f22de89214")),
    ("User.ReadWrite.All", uuid!("741f803b-c850-494e-b5df-cde7c675a1ca")),
    ("User.RevokeSessions.All", uuid!("77f3a031-c388-4f99-b373-dc68676a979e")),
    ("UserAuthMethod-Email.ReadWrite.All", uuid!("e8ecb853-1435-4a49-95ba-ec5b31b11672")),
    ("UserAuthMethod-External.ReadWrite.All", uuid!("c7a22c2e-5b01-4129-8159-6c8be2c78f16")),
    (
        "UserAuthMethod-MicrosoftAuthApp.ReadWrite.All",
        uuid!("c833c349-a1ab-4b6d-94a2-fa9a8674420c"),
    ),
    ("UserAuthMethod-Passkey.ReadWrite.All", uuid!("0400e371-7db1-4338-a269-96069eb65227")),
    ("UserAuthMethod-Phone.ReadWrite.All", uuid!("6e85d483-7092-4375-babe-0a94a8213a58")),
    ("UserAuthMethod-PlatformCred.ReadWrite.All", uuid!("1a87acf4-a9ca-4576-a974-452ea265d5f6")),
    ("UserAuthMethod-SoftwareOATH.ReadWrite.All", uuid!("787442d4-3c6e-4e99-aa95-8ccca20a48ff")),
    ("UserAuthMethod-TAP.ReadWrite.All", uuid!("627169a8-8c15-451c-861a-5b80e383de5c")),
    ("UserAuthMethod-WindowsHello.ReadWrite.All", uuid!("f14eee8a-713e-45aa-8223-2ab74632db1a")),
    ("UserAuthenticationMethod.Read.All", uuid!("38d9df27-64da-44fd-b7c5-a6fbac20248f")),
    ("UserAuthenticationMethod.ReadWrite.All", uuid!("50483e42-d915-4231-9639-7fdb7fd190e5")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_entry_says_whose_it_is() {
        assert_eq!(Right::read("User.Read.All").to_string(), "User.Read.All");
        let exchange = Right::read("exchange:Exchange.ManageAsApp");
        assert_eq!(exchange, Right::Permission(Service::Exchange, "Exchange.ManageAsApp"));
        let role = Right::read("role:User Administrator");
        assert_eq!(role.to_string(), "the Entra role User Administrator");
        assert_eq!(role.id(), Some(roles::USER_ADMINISTRATOR));
        assert_eq!(Right::read("Nobody.Has.This").id(), None);
    }

    #[test]
    fn no_id_and_no_name_is_there_twice_and_names_are_in_order() {
        let ids: BTreeSet<_> = GRAPH.iter().map(|(_, id)| id).collect();
        assert_eq!(ids.len(), GRAPH.len());
        assert!(GRAPH.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (known, id) in GRAPH {
            assert_eq!(name(Service::Graph, *id), Some(*known));
        }
    }
}
