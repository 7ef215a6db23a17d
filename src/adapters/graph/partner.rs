//! Into a customer's tenant in the partner's name: the secure application model, and GDAP.
//!
//! An app of the partner exchanges the refresh token of the partner's service account for a
//! token of each customer's tenant (learn.microsoft.com/partner-center/developer/
//! enable-secure-app-model). What it may do there is what the customer's administrator consented
//! to for the app, and no more than the roles that the relationship gives the account
//! (learn.microsoft.com/partner-center/customers/gdap-introduction).

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::Value;
use uuid::{Uuid, uuid};

use crate::{
    adapters::graph::{
        Microsoft,
        answer::Ask,
        claims::Claims,
        client::{Listing, unreachable},
        roles::{self, GLOBAL_ADMINISTRATOR},
        settings::App,
    },
    domain::{
        change::Change,
        ids::TenantId,
        secret::Secret,
        trouble::{Reason, Result, Trouble},
    },
};

/// Relationships read of one partner.
const RELATIONSHIPS_MAX: usize = 2_000;
/// Reading them (Graph, "List delegatedAdminRelationships").
const PERMISSION: &str = "DelegatedAdminRelationship.Read.All";

/// Roles that a relationship may give, by template id (Microsoft Entra built-in roles). Those of
/// which we speak.
const NAMES: &[(Uuid, &str)] = &[
    (GLOBAL_ADMINISTRATOR, "Global Administrator"),
    (uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1"), "User Administrator"),
    (uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c"), "Groups Administrator"),
    (uuid!("4d6ac14f-3453-41d0-bef9-a3e0c569773a"), "License Administrator"),
    (uuid!("29232cdf-9323-42fd-ade2-1d097af3e4de"), "Exchange Administrator"),
    (uuid!("3a2c62db-5318-420d-8d74-23affee5d9d5"), "Intune Administrator"),
    (uuid!("7698a772-787b-4ac8-901f-60d6b08affd2"), "Cloud Device Administrator"),
    (uuid!("c4e39bd9-1100-46d3-8c65-fb160da0071f"), "Authentication Administrator"),
    (uuid!("7be44c8a-adaf-4e2a-84d6-ab2649e08a13"), "Privileged Authentication Administrator"),
    (uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814"), "Privileged Role Administrator"),
    (uuid!("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"), "Conditional Access Administrator"),
    (uuid!("194ae4cb-b126-40b2-bd5b-6091b380977d"), "Security Administrator"),
    (uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"), "Application Administrator"),
    (uuid!("8329153b-31d0-4727-b945-745eb3bc5f31"), "Domain Name Administrator"),
    (uuid!("17315797-102d-40b4-93e0-432062caca18"), "Compliance Administrator"),
    (uuid!("f28a1f50-f6e7-4571-818b-6a12f2af6b6c"), "SharePoint Administrator"),
    (uuid!("69091246-20e8-4a56-aa4d-066075b2a7a8"), "Teams Administrator"),
    (uuid!("f2ef992c-3afb-46b9-b7cf-a126ee74c451"), "Global Reader"),
    (uuid!("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"), "Directory Readers"),
    (uuid!("729827e3-9c14-49f7-bb1b-9608f156bbb8"), "Helpdesk Administrator"),
];

/// A partner relationship, as the partner's directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its name.
    pub name: String,
    /// `active`, `expired`, `terminated` and the like, as Graph says it.
    pub status: String,
    /// The roles it gives, by name; one that we do not know by its template id.
    pub roles: Vec<String>,
    /// Its end. UTC.
    pub ends: Timestamp,
    /// It is extended by itself before that.
    pub extends_itself: bool,
}

/// The refresh token with which this app acts in the partner's name, if it does.
pub(super) async fn token(app: &App) -> Result<Option<Secret>> {
    let Some(tokens) = &app.partner else { return Ok(None) };
    let unread = |source| Trouble::Unreachable { what: "the store", source };
    match tokens.partner_token().await.map_err(|error| unread(error.into()))? {
        Some(token) => Ok(Some(token.value)),
        None => Err(Reason::MissingPermission {
            missing: "the sign-in of the partner's service account".to_owned(),
            mend: "give its refresh token to `countersign partner keep`, once".to_owned(),
        }
        .into()),
    }
}

/// What is asked with it. A token of the customer, and the next refresh token.
pub(super) fn fields(resource: &str, refresh: &Secret) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", refresh.reveal().to_owned()),
        ("scope", format!("{resource}/.default offline_access")),
    ]
}

/// Keeps the next refresh token. "Refresh tokens replace themselves with a fresh token upon every
/// use", and the one before goes on working (learn.microsoft.com/entra/identity-platform/
/// refresh-tokens), so that two replicas do not get in each other's way, and a crash before this
/// loses nothing.
pub(super) async fn replaced(app: &App, body: &[u8]) {
    let Some(tokens) = &app.partner else { return };
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(next) = read["refresh_token"].as_str().filter(|next| !next.is_empty()) else { return };
    if let Err(error) = tokens.keep_partner_token(&Secret::new(next)).await {
        tracing::warn!(%error, "The partner's next refresh token could not be kept; the one before still works");
    }
}

/// The least role that lets a partner make a change, where the change names none itself
/// (learn.microsoft.com/entra/identity/role-based-access-control/delegate-by-task).
fn role_for(change: &Change) -> Option<&'static str> {
    Some(match change {
        Change::Account(_) | Change::Guest(_) => "User Administrator",
        Change::Password(_) => "Authentication Administrator",
        Change::Licence(_) => "License Administrator",
        Change::Group(_) => "Groups Administrator",
        Change::Role(_) => "Privileged Role Administrator",
        Change::Device(_) => "Intune Administrator",
        Change::Policy(_) => "Conditional Access Administrator",
        Change::App(_) => "Application Administrator",
        Change::Domain(_) => "Domain Name Administrator",
        Change::Mailbox(_)
        | Change::MailRight(_)
        | Change::InboxRule(_)
        | Change::MailFlow(_)
        | Change::Handover(_) => "Exchange Administrator",
        Change::Compliance(_) => "Compliance Administrator",
        Change::Workbook(_) => "SharePoint Administrator",
        Change::Raw(_) => return None,
    })
}

/// The role behind a 403 that a relationship does not give, if the app acts in the partner's
/// name. Its token names the account's roles there under `wids`.
pub(super) fn lacking(change: &Change, claims: &Claims) -> Option<&'static str> {
    let role = role_for(change).filter(|_| claims.is_delegated())?;
    let known = NAMES.iter().filter(|(_, name)| *name == role).map(|(id, _)| *id);
    let above = roles::satisfying(role).into_iter().chain([GLOBAL_ADMINISTRATOR]);
    // Whoever manages people manages their groups and licences too.
    let people = matches!(change, Change::Group(_) | Change::Licence(_));
    let people = people.then_some(roles::USER_ADMINISTRATOR);
    let enough: Vec<Uuid> = known.chain(above).chain(people).collect();
    (!enough.iter().any(|id| claims.wids.contains(id))).then_some(role)
}

/// A role that the relationship does not give, in words.
pub(super) fn lacks(role: &str) -> Reason {
    Reason::MissingPermission {
        missing: format!("the GDAP role {role} in this tenant"),
        mend: format!(
            "ask the customer for a relationship that includes {role}, assign it to the security group of the partner's service account, and ask again some minutes later"
        ),
    }
}

impl Microsoft {
    /// The partner's relationships with a customer, those that end last first. Asked of the
    /// partner's own tenant, with the app's own token.
    ///
    /// # Errors
    /// Refused where the app may not read them, or unreachable.
    pub async fn relationships(
        &self,
        partner: &TenantId,
        customer: &TenantId,
    ) -> Result<Vec<Relationship>> {
        let path = "/tenantRelationships/delegatedAdminRelationships".to_owned();
        let first = self.graph.read(partner, Ask::get(path)).await?;
        let items = match self.graph.rest(partner, first, RELATIONSHIPS_MAX).await? {
            Listing::Items(items) => items,
            Listing::Refused(answer) if answer.status == 403 => {
                return Err(Reason::MissingPermission {
                    missing: PERMISSION.to_owned(),
                    mend: format!(
                        "add it to the app registration of [microsoft] and consent to it: {}",
                        self.consent_link(partner).unwrap_or_default()
                    ),
                }
                .into());
            }
            Listing::Refused(answer) => return Err(unreachable(answer.cause())),
        };
        let ours = |item: &&Value| {
            let id = item["customer"]["tenantId"].as_str();
            id.is_some_and(|id| id.eq_ignore_ascii_case(&customer.guid().to_string()))
        };
        let read: anyhow::Result<Vec<Relationship>> =
            items.iter().filter(ours).map(relationship).collect();
        let mut read = read.map_err(unreachable)?;
        read.sort_by_key(|one| std::cmp::Reverse((one.status == "active", one.ends)));
        Ok(read)
    }
}

/// Graph's resource type delegatedAdminRelationship. Without an end while it is being made.
fn relationship(item: &Value) -> anyhow::Result<Relationship> {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let name_of = |id: &str| {
        let known = NAMES.iter().find(|(known, _)| id.parse() == Ok(*known));
        known.map_or_else(|| id.to_owned(), |(_, name)| (*name).to_owned())
    };
    let roles = item["accessDetails"]["unifiedRoles"].as_array().into_iter().flatten();
    let roles = roles.filter_map(|role| role["roleDefinitionId"].as_str()).map(name_of);
    let ends = match item["endDateTime"].as_str() {
        Some(ends) => ends.parse().context("a relationship's end is no time")?,
        None => Timestamp::MAX,
    };
    // `PT0S` means that it ends (resource type, autoExtendDuration).
    let extends = item["autoExtendDuration"].as_str().is_some_and(|by| by != "PT0S");
    Ok(Relationship {
        name: text("displayName"),
        status: text("status"),
        roles: roles.collect(),
        ends,
        extends_itself: extends,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_relationship_is_read_with_the_names_of_its_roles() {
        let item = json!({
            "displayName": "Contoso and Fabrikam", "status": "active",
            "endDateTime": "2027-01-31T00:00:00Z", "autoExtendDuration": "P180D",
            "customer": { "tenantId": "x" },
            "accessDetails": { "unifiedRoles": [
                { "roleDefinitionId": "fe930be7-5e62-47db-91af-98c3a49a38b1" },
                { "roleDefinitionId": "00000000-0000-0000-0000-000000000001" },
            ] },
        });
        let read = relationship(&item).unwrap();
        assert_eq!(read.roles[0], "User Administrator");
        assert_eq!(read.roles[1], "00000000-0000-0000-0000-000000000001");
        assert!(read.extends_itself && read.ends.to_string().starts_with("2027-01-31"));
        assert!(relationship(&json!({ "endDateTime": "soon" })).is_err());
    }
}
