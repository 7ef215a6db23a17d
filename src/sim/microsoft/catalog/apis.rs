//! Microsoft's own APIs, and permissions they offer (Microsoft Graph permissions reference).

use serde_json::{Value, json};
use uuid::Uuid;

use super::{PERMISSION_IDS, id_from};

/// The tenants Microsoft's own applications come from
/// (learn.microsoft.com/entra, "Verify first-party Microsoft applications in sign-in reports").
pub(in super::super) const MICROSOFT_SERVICES: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// Name and application id.
pub(in super::super) const APIS: &[(&str, &str)] = &[
    ("Microsoft Graph", "00000003-0000-0000-c000-000000000000"),
    ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000"),
    ("Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000"),
];

/// Application permissions that applications of a tenant ask for, beside those we hold ourselves.
const ROLES: &[(&str, &str)] = &[
    ("Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"),
    ("Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"),
    ("Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9"),
    ("Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96"),
    ("Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68"),
    ("Policy.ReadWrite.ConditionalAccess", "01c0a623-fc9b-48e9-b794-0756f8e8f067"),
    ("Sites.Selected", "883ea226-0bf2-4a8f-9f9d-92c9162a727d"),
];

/// Delegated permissions.
const SCOPES: &[(&str, &str)] = &[
    ("Calendars.ReadWrite", "1ec239c2-d7c9-4623-a91a-a9775856bb36"),
    ("Contacts.Read", "ff74d97f-43af-4b68-9f2a-b77ee6968c5d"),
    ("Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"),
    ("Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0"),
    ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
    ("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"),
    ("openid", "37f7f235-527c-4136-accd-4a02d197296e"),
];

fn all_roles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let known =
        PERMISSION_IDS.iter().filter(|(name, _)| !ROLES.iter().any(|(role, _)| role == name));
    ROLES.iter().chain(known).copied()
}

/// The id of a permission of Microsoft Graph.
pub(in super::super) fn permission(name: &str, role: bool) -> Uuid {
    let mut scopes = SCOPES.iter().copied();
    let found = if role {
        all_roles().find(|(known, _)| *known == name)
    } else {
        scopes.find(|(known, _)| *known == name)
    };
    let listed = found.and_then(|(_, id)| Uuid::try_parse(id).ok());
    listed.unwrap_or_else(|| id_from(if role { "permission" } else { "scope" }, name))
}

/// `appRoles` of the service principal of an API.
pub(in super::super) fn app_roles(api: &str) -> Value {
    let of_graph = |(name, id): (&str, &str)| {
        let here = (name == "Exchange.ManageAsApp") == (api == "Office 365 Exchange Online");
        here.then(|| {
            json!({
                "id": id, "value": name, "displayName": name, "description": name,
                "allowedMemberTypes": ["Application"], "isEnabled": true,
            })
        })
    };
    if api == "Office 365 SharePoint Online" {
        return json!([]);
    }
    all_roles().filter_map(of_graph).collect()
}

/// `oauth2PermissionScopes` of the service principal of an API.
pub(in super::super) fn scopes(api: &str) -> Value {
    if api != "Microsoft Graph" {
        return json!([]);
    }
    let view = |(name, id): &(&str, &str)| {
        json!({
            "id": id, "value": name, "type": "User", "isEnabled": true,
            "adminConsentDisplayName": name, "adminConsentDescription": name,
            "userConsentDisplayName": name, "userConsentDescription": name,
        })
    };
    SCOPES.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{APIS, MICROSOFT_SERVICES, ROLES, SCOPES};

    #[test]
    fn every_id_in_the_tables_is_a_guid() {
        assert!(Uuid::try_parse(MICROSOFT_SERVICES).is_ok());
        for (name, id) in APIS.iter().chain(ROLES).chain(SCOPES) {
            assert!(Uuid::try_parse(id).is_ok(), "{name}");
        }
    }
}
