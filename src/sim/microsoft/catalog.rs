//! Microsoft's own ids: service plans, roles, permissions.
//! Plans and SKUs: learn.microsoft.com/entra, "Product names and service plan identifiers".
//! Roles: learn.microsoft.com/entra, "Microsoft Entra built-in roles".

pub(super) mod apis;

use ring::digest::{SHA256, digest};
use uuid::Uuid;

/// One service inside a licence, as the tables below have it.
pub(super) struct Plan {
    pub name: &'static str,
    id: &'static str,
}

impl Plan {
    pub fn id(&self) -> Uuid {
        Uuid::try_parse(self.id).expect("the table holds GUIDs, a test reads them all")
    }
}

pub(super) const EXCHANGE_2: Plan =
    Plan { name: "EXCHANGE_S_ENTERPRISE", id: "efb87545-963c-4e0d-99df-69c6916d9eb0" };
pub(super) const EXCHANGE_1: Plan =
    Plan { name: "EXCHANGE_S_STANDARD", id: "9aaf7827-d63c-4b61-89c3-182f06f82e5c" };
const EXCHANGE_K: Plan =
    Plan { name: "EXCHANGE_S_DESKLESS", id: "4a82b400-a79f-41a4-b4e2-e94f5787b113" };
const EXCHANGE_F: Plan =
    Plan { name: "EXCHANGE_S_FOUNDATION", id: "113feb6c-3fe4-4440-bddc-54d774bf0318" };
const TEAMS: Plan = Plan { name: "TEAMS1", id: "57ff2da0-773e-42df-b2af-ffb7a2317929" };
const SHAREPOINT_2: Plan =
    Plan { name: "SHAREPOINTENTERPRISE", id: "5dbe027f-2339-4123-9542-606e4d348a72" };
const SHAREPOINT_1: Plan =
    Plan { name: "SHAREPOINTSTANDARD", id: "c7699d2e-19aa-44de-8edf-1736da088ca1" };
const OFFICE: Plan =
    Plan { name: "OFFICESUBSCRIPTION", id: "43de0ff5-c92c-492b-9116-175376d08c38" };
const ENTRA_1: Plan = Plan { name: "AAD_PREMIUM", id: "41781fb2-bc02-4b7c-bd55-b576c07bb09d" };
const ENTRA_2: Plan = Plan { name: "AAD_PREMIUM_P2", id: "eec0eb4f-6444-4f95-aba0-50c24d67f998" };
const INTUNE: Plan = Plan { name: "INTUNE_A", id: "c1ec4a95-1f05-45b3-a911-aa3fa01094f5" };

const SKYPE: Plan = Plan { name: "MCOSTANDARD", id: "0feaeb32-d00e-4d66-bd5a-43b5b83db82c" };
const CONFERENCING: Plan = Plan { name: "MCOMEETADV", id: "3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40" };
const PHONE: Plan = Plan { name: "MCOEV", id: "4828c8ec-dc2e-4779-b502-87ac9ce28ab7" };

/// Plans that stand on another plan, any one of these
/// (learn.microsoft.com/entra, license assignment problems; answers quoting both ids).
pub(super) const BASES: &[(Plan, &[Plan])] =
    &[(CONFERENCING, &[SKYPE, TEAMS]), (PHONE, &[SKYPE, TEAMS])];

/// Plans that come with a mailbox.
pub(super) const MAILBOX_PLANS: &[&str] =
    &["EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS"];

/// A `OneDrive` comes with one of these.
pub(super) const DRIVE_PLANS: &[&str] = &["SHAREPOINTENTERPRISE", "SHAREPOINTSTANDARD"];

/// The service plans of a SKU, the ones that matter here. A directory file may name others.
pub(super) fn plans(part_number: &str) -> &'static [Plan] {
    match part_number {
        "SPE_E5" => &[EXCHANGE_2, TEAMS, SHAREPOINT_2, OFFICE, ENTRA_1, ENTRA_2, INTUNE],
        "SPE_E3" => &[EXCHANGE_2, TEAMS, SHAREPOINT_2, OFFICE, ENTRA_1, INTUNE],
        "ENTERPRISEPACK" => &[EXCHANGE_2, TEAMS, SHAREPOINT_2, OFFICE],
        "STANDARDPACK" | "O365_BUSINESS_PREMIUM" | "O365_BUSINESS_ESSENTIALS" => {
            &[EXCHANGE_1, TEAMS, SHAREPOINT_1]
        }
        "SPB" => &[EXCHANGE_1, TEAMS, SHAREPOINT_1, OFFICE, ENTRA_1, INTUNE],
        "SPE_F1" | "DESKLESSPACK" => &[EXCHANGE_K, TEAMS],
        "EXCHANGESTANDARD" => &[EXCHANGE_1],
        "EXCHANGEENTERPRISE" => &[EXCHANGE_2],
        "MCOMEETADV" => &[CONFERENCING],
        "MCOEV" => &[PHONE],
        "AAD_PREMIUM_P2" | "EMSPREMIUM" => &[ENTRA_1, ENTRA_2],
        "AAD_PREMIUM" | "EMS" => &[ENTRA_1],
        _ => &[EXCHANGE_F],
    }
}

/// Built-in roles, name and template id.
pub(super) const ROLES: &[(&str, &str)] = &[
    ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
    ("Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814"),
    ("Privileged Authentication Administrator", "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"),
    ("User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1"),
    ("Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8"),
    ("Password Administrator", "966707d0-3269-4727-9be2-8c3a10f19b9d"),
    ("Authentication Administrator", "c4e39bd9-1100-46d3-8c65-fb160da0071f"),
    ("Groups Administrator", "fdd7a751-b60b-444a-984c-02652fe8fa1c"),
    ("License Administrator", "4d6ac14f-3453-41d0-bef9-a3e0c569773a"),
    ("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de"),
    ("Exchange Recipient Administrator", "31392ffb-586c-42d1-9346-e59415a2cc4e"),
    ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
    ("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509"),
    ("Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"),
    ("Guest Inviter", "95e79109-95c0-4d8e-aee3-d01accf2d47b"),
    ("Message Center Reader", "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b"),
    ("Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf"),
    ("Usage Summary Reports Reader", "75934031-6c7e-415a-99d7-48dbd49e875e"),
];

/// The template id of a built-in role.
pub(super) fn role_template(name: &str) -> Option<&'static str> {
    ROLES.iter().find(|(known, _)| *known == name).map(|(_, template)| *template)
}

/// Application permissions of the demo registration.
pub(super) const DEMO_PERMISSIONS: &[&str] = &[
    "Calendars.ReadWrite",
    "Files.ReadWrite.All",
    "Application.Read.All",
    "Device.ReadWrite.All",
    "DeviceManagementManagedDevices.PrivilegedOperations.All",
    "DeviceManagementManagedDevices.Read.All",
    "Directory.Read.All",
    "Domain.Read.All",
    "Group.Create",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "MailboxSettings.ReadWrite",
    "Organization.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "User-PasswordProfile.ReadWrite.All",
    "User.EnableDisableAccount.All",
    "User.Invite.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "User.RevokeSessions.All",
    // Policies, applications, domains and files.
    "Application.ReadWrite.OwnedBy",
    "Domain.ReadWrite.All",
    "Files.ReadWrite.All",
    "Policy.Read.All",
    "Policy.ReadWrite.ConditionalAccess",
    "Sites.ReadWrite.All",
    "Policy.Read.AuthenticationMethod",
    "User.DeleteRestore.All",
    "User.ManageIdentities.All",
    "User-LifeCycleInfo.ReadWrite.All",
    "UserAuthenticationMethod.ReadWrite.All",
];

/// Ids of application permissions, where we know them (Microsoft Graph permissions reference).
pub(super) const PERMISSION_IDS: &[(&str, &str)] = &[
    ("Calendars.Read", "798ee544-9d2d-430c-a058-570e29e34338"),
    ("Calendars.ReadWrite", "ef54d2bf-783f-4e0f-bca1-3210c0444d99"),
    ("Files.Read.All", "01d4889c-1287-42c6-ac1f-5d1e02578ef6"),
    ("Files.ReadWrite.All", "75359482-378d-4052-8f01-80520e7db3cd"),
    ("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
    ("Device.Read.All", "7438b122-aefc-4978-80ed-43db9fcc7715"),
    ("Device.ReadWrite.All", "1138cb37-bd11-4084-a2b7-9f71582aeddb"),
    (
        "DeviceManagementManagedDevices.PrivilegedOperations.All",
        "5b07b0dd-2377-4e44-a38d-703f09a0dc3c",
    ),
    ("DeviceManagementManagedDevices.Read.All", "2f51be20-0bb4-4fed-bf7b-db946066c75e"),
    ("DelegatedAdminRelationship.Read.All", "f6e9e124-4586-492f-adc0-c6f96e4823fd"),
    ("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
    ("Group.Create", "bf7b1a76-6e77-406b-b258-bf5c7720e98f"),
    ("Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"),
    ("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"),
    ("GroupMember.ReadWrite.All", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695"),
    ("LicenseAssignment.Read.All", "e2f98668-2877-4f38-a2f4-8202e0717aa1"),
    ("LicenseAssignment.ReadWrite.All", "5facf0c1-8979-4e95-abcf-ff3d079771c0"),
    ("MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91"),
    ("MailboxSettings.ReadWrite", "6931bccd-447a-43d1-b442-00a195474933"),
    ("RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"),
    ("RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"),
    ("User-PasswordProfile.ReadWrite.All", "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7"),
    ("User.DeleteRestore.All", "eccc023d-eccf-4e7b-9683-8813ab36cecc"),
    ("User.EnableDisableAccount.All", "3011c876-62b7-4ada-afa2-506cbbecc68c"),
    ("User.ManageIdentities.All", "c529cfca-c91b-489c-af2b-d92990b66ce6"),
    ("User-LifeCycleInfo.ReadWrite.All", "925f1248-0f97-47b9-8ec8-538c54e01325"),
    ("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
    ("User.Invite.All", "09850681-111b-4a89-9bed-3f2cae46d706"),
    ("User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"),
    ("User.RevokeSessions.All", "77f3a031-c388-4f99-b373-dc68676a979e"),
    ("Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440"),
];

/// An id that depends on nothing but its name, so that runs agree.
pub(super) fn id_from(kind: &str, name: &str) -> Uuid {
    let hash = digest(&SHA256, format!("{kind}:{}", name.to_lowercase()).as_bytes());
    let bytes = hash.as_ref().first_chunk::<16>().expect("SHA-256 has 32 bytes");
    uuid::Builder::from_sha1_bytes(*bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{PERMISSION_IDS, ROLES, plans};

    #[test]
    fn every_id_in_the_tables_is_a_guid() {
        for sku in ["SPE_E5", "SPB", "SPE_F1", "EXCHANGESTANDARD", "EMSPREMIUM", "other"] {
            for plan in plans(sku) {
                assert!(!plan.id().is_nil());
            }
        }
        for (_, id) in ROLES.iter().chain(PERMISSION_IDS) {
            assert!(Uuid::try_parse(id).is_ok());
        }
    }
}
