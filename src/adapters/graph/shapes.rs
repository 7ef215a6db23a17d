//! Graph's JSON, read into our words.
//!
//! The `$select` lists stand beside the shapes that need them.

use anyhow::Context as _;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{
    ids::{TenantId, Upn},
    mail::{DriveRole, DriveShare},
    users::{
        AutomaticReplies, Group, GroupSort, Licence, PersonRef, RepliesAudience, RepliesStatus,
        Role, Service, Sku, User,
    },
};

use super::{roles, skus};

/// Exactly the fields of [`User`].
pub(crate) const USER_SELECT: &str = "id,userPrincipalName,displayName,givenName,surname,mail,\
    jobTitle,department,officeLocation,employeeId,accountEnabled,userType,\
    onPremisesSyncEnabled,usageLocation,lastPasswordChangeDateTime,\
    signInSessionsValidFromDateTime";
/// What [`licences`] needs besides.
pub(crate) const LICENCE_SELECT: &str = "assignedLicenses,licenseAssignmentStates";
/// The manager, for a card.
pub(crate) const MANAGER_EXPAND: &str = "manager($select=id,displayName,userPrincipalName)";
/// What tells the sorts of groups apart.
pub(crate) const GROUP_SELECT: &str = "id,displayName,mail,mailEnabled,securityEnabled,\
    groupTypes,membershipRule,onPremisesSyncEnabled,isAssignableToRole,assignedLicenses";

/// A permission on a drive that one person has (`grantedToV2`, of old `grantedTo`); `None`
/// for links, groups and the owner.
pub(crate) fn drive_share(value: &Value) -> Option<DriveShare> {
    let user = ["grantedToV2", "grantedTo"].iter().find_map(|to| value[*to]["user"]["id"].as_str());
    let roles = value["roles"].as_array()?;
    let has = |role: &str| roles.iter().any(|found| found == role);
    Some(DriveShare {
        id: value["id"].as_str()?.to_owned(),
        who: user?.parse().ok()?,
        role: match (has("owner"), has("write"), has("read")) {
            (true, _, _) | (_, false, false) => return None,
            (_, true, _) => DriveRole::Write,
            _ => DriveRole::Read,
        },
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserShape {
    id: Uuid,
    user_principal_name: String,
    display_name: Option<String>,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    job_title: Option<String>,
    department: Option<String>,
    office_location: Option<String>,
    employee_id: Option<String>,
    account_enabled: Option<bool>,
    user_type: Option<String>,
    on_premises_sync_enabled: Option<bool>,
    usage_location: Option<String>,
    last_password_change_date_time: Option<Timestamp>,
    sign_in_sessions_valid_from_date_time: Option<Timestamp>,
    manager: Option<Value>,
}

/// A user, with the manager if the reading asked for it.
pub(crate) fn user(tenant: &TenantId, value: &Value) -> anyhow::Result<User> {
    let shape = UserShape::deserialize(value).context("a user")?;
    let upn: Upn = shape.user_principal_name.parse().context("a user's sign-in name")?;
    Ok(User {
        id: tenant.object(shape.id),
        name: name_or(shape.display_name.as_deref(), &upn),
        upn,
        given_name: shape.given_name,
        surname: shape.surname,
        mail: shape.mail,
        job_title: shape.job_title,
        department: shape.department,
        office: shape.office_location,
        employee_id: shape.employee_id,
        // Graph always has it when it was selected; without it nothing is assumed.
        enabled: shape.account_enabled.context("a user without `accountEnabled`")?,
        guest: shape.user_type.is_some_and(|kind| kind.eq_ignore_ascii_case("Guest")),
        synced: shape.on_premises_sync_enabled.unwrap_or(false),
        usage_location: shape.usage_location,
        manager: shape.manager.as_ref().and_then(|manager| person(tenant, manager)),
        password_changed_at: shape.last_password_change_date_time,
        sessions_valid_from: shape.sign_in_sessions_valid_from_date_time,
    })
}

/// The name, or the sign-in name of somebody whose name shows nothing: a card says whom it means.
fn name_or(name: Option<&str>, upn: &Upn) -> String {
    // Letters by Unicode, but drawn as nothing: the fillers of Hangul.
    let drawn = |c: char| {
        c.is_alphanumeric() && !matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
    };
    name.filter(|name| name.contains(drawn)).unwrap_or(upn.as_str()).to_owned()
}

/// Somebody in short. A manager may be a contact, which has no sign-in name.
pub(crate) fn person(tenant: &TenantId, value: &Value) -> Option<PersonRef> {
    let upn: Upn = value["userPrincipalName"].as_str()?.parse().ok()?;
    Some(PersonRef {
        id: tenant.object(value["id"].as_str()?.parse().ok()?),
        name: name_or(value["displayName"].as_str(), &upn),
        upn,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupShape {
    id: Uuid,
    display_name: Option<String>,
    mail: Option<String>,
    mail_enabled: Option<bool>,
    security_enabled: Option<bool>,
    #[serde(default)]
    group_types: Vec<String>,
    membership_rule: Option<String>,
    on_premises_sync_enabled: Option<bool>,
    is_assignable_to_role: Option<bool>,
    #[serde(default)]
    assigned_licenses: Vec<Value>,
}

/// A group. `Unified` decides first, then the mail and security switches
/// (Graph, "Working with groups").
pub(crate) fn group(tenant: &TenantId, value: &Value) -> anyhow::Result<Group> {
    let shape = GroupShape::deserialize(value).context("a group")?;
    let typed = |wanted: &str| shape.group_types.iter().any(|said| said == wanted);
    let mail = shape.mail_enabled.unwrap_or(false);
    let sort = match (typed("Unified"), mail, shape.security_enabled.unwrap_or(false)) {
        (true, ..) => GroupSort::Microsoft365,
        (false, true, true) => GroupSort::MailEnabledSecurity,
        (false, true, false) => GroupSort::Distribution,
        (false, false, _) => GroupSort::Security,
    };
    Ok(Group {
        id: tenant.object(shape.id),
        name: shape.display_name.unwrap_or_default(),
        mail: shape.mail,
        sort,
        dynamic: typed("DynamicMembership") || shape.membership_rule.is_some(),
        synced: shape.on_premises_sync_enabled.unwrap_or(false),
        role_assignable: shape.is_assignable_to_role.unwrap_or(false),
        licensed: !shape.assigned_licenses.is_empty(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssignedShape {
    sku_id: Uuid,
    #[serde(default)]
    disabled_plans: Vec<Uuid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StateShape {
    sku_id: Uuid,
    #[serde(default)]
    disabled_plans: Vec<Uuid>,
    assigned_by_group: Option<Uuid>,
    state: Option<String>,
}

/// The licences held, from a user read with [`LICENCE_SELECT`]. A direct one has
/// the plans that its own assignment switches off.
pub(crate) fn licences(tenant: &TenantId, user: &Value) -> anyhow::Result<Vec<Licence>> {
    let list = |name: &str| user.get(name).cloned().unwrap_or_else(|| json!([]));
    let assigned: Vec<AssignedShape> =
        serde_json::from_value(list("assignedLicenses")).context("assigned licences")?;
    let states: Vec<StateShape> =
        serde_json::from_value(list("licenseAssignmentStates")).context("licence states")?;
    let holds = |state: &&StateShape| {
        state.state.as_deref().is_none_or(|s| s == "Active" || s == "ActiveWithError")
    };
    Ok(assigned
        .into_iter()
        .map(|held| {
            let of: Vec<_> =
                states.iter().filter(holds).filter(|state| state.sku_id == held.sku_id).collect();
            let own = of.iter().find(|state| state.assigned_by_group.is_none());
            Licence {
                sku: tenant.object(held.sku_id),
                disabled_plans: own
                    .map_or(held.disabled_plans, |state| state.disabled_plans.clone()),
                // Without any state Graph has not said where from: it can only be tried.
                direct: own.is_some() || of.is_empty(),
                inherited_from: of
                    .iter()
                    .filter_map(|state| state.assigned_by_group)
                    .map(|group| tenant.object(group))
                    .collect(),
            }
        })
        .collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SkuShape {
    sku_id: Uuid,
    sku_part_number: String,
    #[serde(default)]
    consumed_units: i64,
    capability_status: Option<String>,
    applies_to: Option<String>,
    prepaid_units: Option<UnitsShape>,
    #[serde(default)]
    service_plans: Vec<PlanShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlanShape {
    service_plan_id: Uuid,
    service_plan_name: String,
    applies_to: Option<String>,
}

impl PlanShape {
    /// A plan of the company's is nobody's to switch off (learn.microsoft.com/graph,
    /// `servicePlanInfo`, `appliesTo`).
    fn service(self) -> Option<Service> {
        let company = self.applies_to.is_some_and(|to| to == "Company");
        let name = skus::service(&self.service_plan_name).to_owned();
        (!company).then_some(Service {
            id: self.service_plan_id,
            plan: self.service_plan_name,
            name,
        })
    }
}

#[derive(Deserialize)]
struct UnitsShape {
    #[serde(default)]
    enabled: i64,
    #[serde(default)]
    warning: i64,
}

/// A subscription; `None` when it is the company's and not for users.
pub(crate) fn sku(tenant: &TenantId, value: &Value) -> anyhow::Result<Option<Sku>> {
    let shape = SkuShape::deserialize(value).context("a subscription")?;
    if shape.applies_to.as_deref().is_some_and(|to| to != "User") {
        return Ok(None);
    }
    let usable = matches!(shape.capability_status.as_deref(), Some("Enabled" | "Warning"));
    let seats = shape.prepaid_units.map_or(0, |units| units.enabled + units.warning);
    let count = |number: i64| u32::try_from(number.max(0)).unwrap_or(u32::MAX);
    Ok(Some(Sku {
        id: tenant.object(shape.sku_id),
        name: skus::name(&shape.sku_part_number).unwrap_or(&shape.sku_part_number).to_owned(),
        part_number: shape.sku_part_number,
        seats: if usable { count(seats) } else { 0 },
        used: count(shape.consumed_units),
        services: shape.service_plans.into_iter().filter_map(PlanShape::service).collect(),
    }))
}

/// A role from an assignment (`$expand=roleDefinition`) or from a `directoryRole`.
pub(crate) fn role(tenant: &TenantId, value: &Value) -> Option<Role> {
    let definition = &value["roleDefinition"];
    let id = [&definition["templateId"], &value["roleTemplateId"], &value["roleDefinitionId"]]
        .into_iter()
        .find_map(|id| id.as_str()?.parse::<Uuid>().ok())?;
    let name = definition["displayName"].as_str().or_else(|| value["displayName"].as_str());
    Some(Role {
        id: tenant.object(id),
        name: name.or_else(|| roles::name(id)).unwrap_or("a role without a name").to_owned(),
        privileged: roles::is_privileged(id),
    })
}

/// The automatic replies, from `mailboxSettings`.
pub(crate) fn replies(settings: &Value) -> anyhow::Result<AutomaticReplies> {
    let setting = settings.get("automaticRepliesSetting").context("no automatic replies")?;
    let status = match setting["status"].as_str() {
        Some("disabled") => RepliesStatus::Off,
        Some("alwaysEnabled") => RepliesStatus::Always,
        Some("scheduled") => RepliesStatus::Between {
            start: instant(&setting["scheduledStartDateTime"])?,
            end: instant(&setting["scheduledEndDateTime"])?,
        },
        other => anyhow::bail!("an unknown status of automatic replies: {other:?}"),
    };
    let audience = match setting["externalAudience"].as_str() {
        Some("none") => RepliesAudience::Nobody,
        Some("contactsOnly") => RepliesAudience::Contacts,
        Some("all") => RepliesAudience::Everybody,
        other => anyhow::bail!("an unknown audience of automatic replies: {other:?}"),
    };
    let text = |name: &str| setting[name].as_str().unwrap_or("").to_owned();
    Ok(AutomaticReplies {
        status,
        audience,
        internal: text("internalReplyMessage"),
        external: text("externalReplyMessage"),
    })
}

/// A `dateTimeTimeZone`. Graph answers mailbox settings in UTC; an IANA name is
/// understood too, a Windows name is not.
fn instant(value: &Value) -> anyhow::Result<Timestamp> {
    let said = value["dateTime"].as_str().context("a time without `dateTime`")?;
    let zone = match value["timeZone"].as_str().unwrap_or("UTC") {
        "UTC" | "Etc/UTC" | "Etc/GMT" => TimeZone::UTC,
        name => TimeZone::get(name).with_context(|| format!("an unknown time zone: {name}"))?,
    };
    let civil: DateTime = said.trim_end_matches('Z').parse().context("a time")?;
    Ok(zone.to_timestamp(civil)?)
}

/// The body that sets automatic replies. Times go in UTC.
pub(crate) fn replies_body(replies: &AutomaticReplies) -> Value {
    let time = |at: Timestamp| {
        let civil = TimeZone::UTC.to_datetime(at);
        json!({ "dateTime": civil.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": "UTC" })
    };
    let mut setting = json!({
        "externalAudience": match replies.audience {
            RepliesAudience::Nobody => "none",
            RepliesAudience::Contacts => "contactsOnly",
            RepliesAudience::Everybody => "all",
        },
        "internalReplyMessage": replies.internal,
        "externalReplyMessage": replies.external,
    });
    setting["status"] = match &replies.status {
        RepliesStatus::Off => "disabled".into(),
        RepliesStatus::Always => "alwaysEnabled".into(),
        RepliesStatus::Between { start, end } => {
            setting["scheduledStartDateTime"] = time(*start);
            setting["scheduledEndDateTime"] = time(*end);
            "scheduled".into()
        }
    };
    json!({ "automaticRepliesSetting": setting })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant() -> TenantId {
        "11111111-2222-4333-8444-555555555555".parse().unwrap()
    }

    #[test]
    fn groups_are_told_apart_by_their_switches() {
        let of = |types: Value, mail: bool, security: bool| {
            let id = Uuid::from_u128(1);
            let value = json!({ "id": id, "displayName": "x", "groupTypes": types,
                "mailEnabled": mail, "securityEnabled": security });
            group(&tenant(), &value).unwrap().sort
        };
        assert_eq!(of(json!([]), false, true), GroupSort::Security);
        assert_eq!(of(json!(["Unified"]), true, false), GroupSort::Microsoft365);
        assert_eq!(of(json!(["Unified"]), true, true), GroupSort::Microsoft365);
        assert_eq!(of(json!([]), true, false), GroupSort::Distribution);
        assert_eq!(of(json!([]), true, true), GroupSort::MailEnabledSecurity);
    }

    #[test]
    fn somebody_whose_name_shows_nothing_goes_by_the_sign_in_name() {
        for (name, shown) in [
            (json!("Søren Ødegård"), "Søren Ødegård"),
            (json!("شيرين"), "شيرين"),
            (json!(null), "x@contoso.com"),
            (json!(""), "x@contoso.com"),
            (json!("\u{200B} \u{2060}"), "x@contoso.com"),
            (json!("\u{3164}"), "x@contoso.com"),
        ] {
            let value = json!({ "id": Uuid::from_u128(1), "displayName": name,
                "userPrincipalName": "x@contoso.com" });
            assert_eq!(person(&tenant(), &value).unwrap().name, shown, "{name}");
        }
    }

    #[test]
    fn a_licence_knows_whether_it_is_the_users_own() {
        let (own, via, group) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let user = json!({
            "assignedLicenses": [{"skuId": own, "disabledPlans": []}, {"skuId": via, "disabledPlans": []}],
            "licenseAssignmentStates": [
                {"skuId": own, "disabledPlans": [group], "assignedByGroup": null, "state": "Active"},
                {"skuId": own, "disabledPlans": [], "assignedByGroup": group, "state": "Active"},
                {"skuId": via, "disabledPlans": [], "assignedByGroup": group, "state": "Active"},
                {"skuId": via, "disabledPlans": [], "assignedByGroup": null, "state": "Error"},
            ],
        });
        let held = licences(&tenant(), &user).unwrap();
        assert!(held[0].direct && held[0].inherited_from.len() == 1);
        assert_eq!(held[0].disabled_plans, [group]);
        assert!(!held[1].direct);
    }

    #[test]
    fn automatic_replies_survive_the_way_there_and_back() {
        let replies_in = AutomaticReplies {
            status: RepliesStatus::Between {
                start: "2026-03-14T07:00:00Z".parse().unwrap(),
                end: "2026-03-28T07:00:00Z".parse().unwrap(),
            },
            audience: RepliesAudience::Contacts,
            internal: "<b>away</b>".into(),
            external: "\"away\"".into(),
        };
        assert_eq!(replies(&replies_body(&replies_in)).unwrap(), replies_in);
        let as_graph_answers = json!({"automaticRepliesSetting": {
            "status": "scheduled", "externalAudience": "all",
            "scheduledStartDateTime": {"dateTime": "2026-03-14T07:00:00.0000000", "timeZone": "UTC"},
            "scheduledEndDateTime": {"dateTime": "2026-03-28T07:00:00.0000000", "timeZone": "UTC"},
        }});
        assert!(replies(&as_graph_answers).is_ok());
    }

    #[test]
    fn suspended_subscriptions_have_no_seats() {
        let of = |status: &str| {
            let value = json!({"skuId": Uuid::from_u128(1), "skuPartNumber": "SPE_E3",
                "consumedUnits": 3, "capabilityStatus": status, "appliesTo": "User",
                "prepaidUnits": {"enabled": 10, "warning": 5, "suspended": 7, "lockedOut": 0}});
            sku(&tenant(), &value).unwrap().unwrap()
        };
        assert_eq!((of("Enabled").seats, of("Suspended").seats), (15, 0));
        assert_eq!(of("Enabled").name, "Microsoft 365 E3");
    }
}
