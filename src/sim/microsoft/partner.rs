//! A partner in its customers' tenants: the refresh token of its service account, exchanged in
//! each of them (learn.microsoft.com/partner-center/developer/enable-secure-app-model), and the
//! relationships (GDAP) that say what it may do there.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    aadsts::{self, Aadsts},
    access::Needs,
    apps::{AppRegistration, Consent},
    call::{Answer, Call},
    catalog::{self, id_from},
    keys::{KEY_ID, Keys},
    refusals::Outcome,
    state::Tenant,
    token::{self, EXCHANGE, Form, GRAPH},
    turn::Turn,
};

/// A refresh token lasts so long without being used
/// (learn.microsoft.com/entra/identity-platform/refresh-tokens, "Token lifetime").
const LIVES: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Graph, "List delegatedAdminRelationships", permissions of applications.
const RELATIONSHIPS: Needs =
    &[&["DelegatedAdminRelationship.Read.All"], &["DelegatedAdminRelationship.ReadWrite.All"]];

/// A refresh token of the partner's account. Entra's are opaque; ours can be read, so that no
/// world has to know the other.
pub(super) fn refresh_token(client: &str, partner: &str, now: Timestamp, id: Uuid) -> String {
    let claims = json!({
        "typ": "refresh", "appid": client, "home": partner,
        "jti": id.simple().to_string(), "exp": (now + LIVES).as_second(),
    });
    signed(&claims)
}

fn signed(claims: &Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    header.x5t = Some(KEY_ID.to_owned());
    jsonwebtoken::encode(&header, claims, &Keys::get().encoding)
        .expect("our own key signs our own claims")
}

/// `grant_type=refresh_token` in a customer's tenant
/// (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, "Refresh the access
/// token").
pub(super) fn refresh(turn: &mut Turn<'_>, form: &Form) -> Result<Answer, Aadsts> {
    let app = token::known_app(turn, form.needed("client_id")?)?;
    token::proven(turn, &app, form)?;
    let given = form.needed("refresh_token")?.to_owned();
    let scope = form.needed("scope")?;
    let wanted = scope.split_whitespace().find_map(|one| one.strip_suffix("/.default"));
    let Some(wanted) = wanted else { return Err(aadsts::bad_scope(scope)) };
    let resource = token::RESOURCES.iter().find(|known| **known == wanted.trim_end_matches('/'));
    let resource = resource.ok_or_else(|| aadsts::unknown_resource(wanted))?;
    let said = token::verify(&given).filter(|said| said["typ"] == "refresh");
    let said = said.filter(|said| said["appid"] == app.client_id.as_str());
    let said = said.ok_or_else(aadsts::bad_refresh_token)?;
    if said["exp"].as_i64().unwrap_or(0) <= turn.now.as_second() {
        return Err(aadsts::old_refresh_token());
    }
    if app.consent == Consent::Missing {
        return Err(aadsts::no_consent(&app));
    }
    let tenant = turn.core.state.tenant.clone();
    // The account is in no group of a relationship with this tenant.
    let roles = app.gdap.clone().ok_or_else(|| aadsts::stranger(&tenant))?;
    let home = said["home"].as_str().unwrap_or_default();
    let access = issue(&tenant, (&app, &roles, home), resource, (turn.now, turn.clock.uuid()));
    // "Refresh tokens replace themselves with a fresh token upon every use. The Microsoft identity
    // platform doesn't revoke old refresh tokens when used" (…/refresh-tokens).
    let next = refresh_token(&app.client_id, home, turn.now, turn.clock.uuid());
    turn.core.refreshed.push(given);
    Ok(Answer::json(
        200,
        json!({
            "token_type": "Bearer", "scope": format!("{resource}/.default"),
            "expires_in": app.token_seconds, "ext_expires_in": app.token_seconds,
            "access_token": access, "refresh_token": next,
        }),
    ))
}

/// A token in the name of the partner's account. That `wids` names its roles in the customer's
/// tenant is unconfirmed.
fn issue(
    tenant: &Tenant,
    (app, roles, home): (&AppRegistration, &BTreeSet<String>, &str),
    audience: &str,
    (now, id): (Timestamp, Uuid),
) -> String {
    let scopes: Vec<&str> = match audience {
        GRAPH => app.graph_roles.iter().map(String::as_str).collect(),
        EXCHANGE => app.exchange_roles.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let wids: Vec<&str> = roles.iter().filter_map(|name| catalog::role_template(name)).collect();
    let issuer = format!("https://sts.windows.net/{}/", tenant.id);
    let begins = now.as_second();
    let account = id_from("partner account", home);
    signed(&json!({
        "aud": audience, "iss": issuer, "idp": format!("https://sts.windows.net/{home}/"),
        "tid": tenant.id, "iat": begins - 300, "nbf": begins - 300,
        "exp": begins + app.token_seconds, "appid": app.client_id, "app_displayname": app.name,
        "appidacr": "1", "oid": account, "sub": account, "idtyp": "user",
        "scp": scopes.join(" "), "wids": wids, "uti": id.simple().to_string(), "ver": "1.0",
    }))
}

/// What these scopes reach in the name of somebody with these roles: whoever holds any role
/// reads; what a role does not include is not written
/// (learn.microsoft.com/entra/identity/role-based-access-control/delegate-by-task).
pub(super) fn reach(scopes: &str, wids: &BTreeSet<String>) -> BTreeSet<String> {
    let holds =
        |name: &str| catalog::role_template(name).is_some_and(|template| wids.contains(template));
    let written = |scope: &str| {
        let by: &[&str] = match scope.split('.').next().unwrap_or_default() {
            "User" => &["User Administrator"],
            "User-PasswordProfile" => {
                &["User Administrator", "Privileged Authentication Administrator"]
            }
            "Group" | "GroupMember" => &["Groups Administrator", "User Administrator"],
            "LicenseAssignment" => &["License Administrator", "User Administrator"],
            "UserAuthenticationMethod" => {
                &["Authentication Administrator", "Privileged Authentication Administrator"]
            }
            "RoleManagement" => &["Privileged Role Administrator"],
            "MailboxSettings" | "Calendars" | "Exchange" => &["Exchange Administrator"],
            _ => &[],
        };
        holds("Global Administrator") || by.iter().any(|role| holds(role))
    };
    let read = |scope: &str| scope.contains(".Read.") || scope.contains(".ReadBasic.");
    let mut all = BTreeSet::new();
    for scope in scopes.split_whitespace() {
        if written(scope) || (read(scope) && !wids.is_empty()) {
            all.insert(scope.to_owned());
        } else if !wids.is_empty() && scope.contains(".ReadWrite.") {
            all.insert(scope.replace(".ReadWrite.", ".Read."));
        }
    }
    all
}

/// Graph's resource type delegatedAdminRelationship.
pub(super) fn relationship(customer: &str, roles: &[&str], ends: &str) -> Value {
    let roles = roles.iter().filter_map(|name| catalog::role_template(name));
    let roles: Vec<Value> = roles.map(|id| json!({ "roleDefinitionId": id })).collect();
    json!({
        "id": id_from("relationship", customer), "displayName": format!("With {customer}"),
        "duration": "P730D", "status": "active", "autoExtendDuration": "PT0S",
        "customer": { "tenantId": customer, "displayName": customer },
        "accessDetails": { "unifiedRoles": roles },
        "createdDateTime": "2025-01-01T00:00:00Z", "activatedDateTime": "2025-01-02T00:00:00Z",
        "lastModifiedDateTime": "2025-01-02T00:00:00Z", "endDateTime": ends,
    })
}

/// `GET /tenantRelationships/delegatedAdminRelationships`.
pub(super) fn list(turn: &Turn<'_>, _: &Call) -> Outcome {
    turn.caller.need(RELATIONSHIPS)?;
    let all = turn.core.relationships.clone();
    Ok(Answer::json(
        200,
        json!({
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#tenantRelationships/delegatedAdminRelationships",
            "value": all,
        }),
    ))
}
