//! The part of a directory file about policies, applications, domains and workbooks.
//!
//! Entries may be as short as a name; what is missing gets an ordinary value.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        catalog::{self, apis, id_from},
        state::{
            AppKey, Book, Domain, Drive, DriveFile, Location, Policy, Principal, Props,
            Registration, RoleGrant, ScopeGrant, Secret, Sheet, State,
        },
    },
    LONG_AGO, group_id, user_id,
};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FileEstate {
    conditional_access_policies: Vec<FilePolicy>,
    named_locations: Vec<Props>,
    applications: Vec<FileApp>,
    domains: Vec<FileDomain>,
    workbooks: Vec<FileBook>,
}

/// In `conditions`, `user:…`, `group:…`, `role:…` and `location:…` stand for object ids.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FilePolicy {
    display_name: String,
    /// `enabled`, `disabled` or `report_only`.
    state: String,
    conditions: Option<Value>,
    grant_controls: Option<Value>,
    session_controls: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileApp {
    display_name: String,
    app_id: Option<Uuid>,
    /// Registered in another tenant: only its service principal is here.
    home: Option<Uuid>,
    verified_publisher: Option<String>,
    #[serde(default)]
    owners: Vec<String>,
    #[serde(default)]
    secrets: Vec<FileSecret>,
    /// Application permissions of Microsoft Graph, granted.
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    scopes: Vec<FileScope>,
}

#[derive(Deserialize)]
struct FileSecret {
    name: String,
    begins: jiff::Timestamp,
    ends: jiff::Timestamp,
}

/// Delegated permissions of Microsoft Graph, for one user or for everybody.
#[derive(Deserialize)]
struct FileScope {
    scope: String,
    user: Option<String>,
}

#[derive(Deserialize)]
struct FileDomain {
    name: String,
    verified: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileBook {
    /// May begin with folders, such as `IT/Asset Register.xlsx`.
    name: String,
    /// A sign-in name or the display name of a group; the first user when absent.
    owner: Option<String>,
    #[serde(default)]
    worksheets: Vec<FileSheet>,
    locked_by: Option<String>,
    #[serde(default)]
    labelled: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FileSheet {
    Name(String),
    Whole { name: String, rows: Vec<Vec<Value>> },
}

pub(super) fn add(state: &mut State, file: &FileEstate) {
    add_domains(state, file);
    add_apis(state);
    for app in &file.applications {
        add_app(state, app);
    }
    for props in &file.named_locations {
        let name = props.get("displayName").and_then(Value::as_str).unwrap_or_default();
        let id = id_from("location", name);
        state.policies.locations.push(Location { id, props: props.clone() });
    }
    let policies = file.conditional_access_policies.iter().map(|file| policy(state, file));
    let policies: Vec<Policy> = policies.collect();
    state.policies.policies.extend(policies);
    for book in &file.workbooks {
        add_book(state, book);
    }
}

fn add_domains(state: &mut State, file: &FileEstate) {
    let (first, initial) = (state.tenant.domain.clone(), state.tenant.onmicrosoft.clone());
    let domain = |name: String, default: bool, initial: bool, verified: bool| Domain {
        name,
        default,
        initial,
        verified,
    };
    state.domains.push(domain(first, true, false, true));
    state.domains.push(domain(initial, false, true, true));
    let more = file.domains.iter();
    state.domains.extend(more.map(|file| domain(file.name.clone(), false, false, file.verified)));
}

/// Microsoft's own APIs are in every tenant.
fn add_apis(state: &mut State) {
    for (name, app_id) in apis::APIS {
        let props = Map::from_iter([
            ("displayName".to_owned(), json!(name)),
            ("appOwnerOrganizationId".to_owned(), json!(apis::MICROSOFT_SERVICES)),
            ("appRoles".to_owned(), apis::app_roles(name)),
            ("oauth2PermissionScopes".to_owned(), apis::scopes(name)),
            ("signInAudience".to_owned(), json!("AzureADMultipleOrgs")),
        ]);
        let app_id = Uuid::try_parse(app_id).expect("a test reads the table");
        let id = id_from("service principal", name);
        state.applications.principals.push(Principal { id, app_id, props });
    }
}

fn add_app(state: &mut State, file: &FileApp) {
    let name = &file.display_name;
    let app_id = file.app_id.unwrap_or_else(|| id_from("app", name));
    let principal = id_from("service principal", &app_id.to_string());
    let home = file.home.unwrap_or(state.tenant.id);
    let publisher = file.verified_publisher.as_ref().map_or(Value::Null, |publisher| {
        json!({
            "displayName": publisher, "verifiedPublisherId": "1234567",
            "addedDateTime": LONG_AGO,
        })
    });
    if file.home.is_none() {
        state.applications.registrations.push(registration(file, app_id));
    }
    let props = Map::from_iter([
        ("displayName".to_owned(), json!(name)),
        ("appOwnerOrganizationId".to_owned(), json!(home)),
        ("verifiedPublisher".to_owned(), publisher),
    ]);
    state.applications.principals.push(Principal { id: principal, app_id, props });
    let graph = id_from("service principal", "Microsoft Graph");
    for role in &file.roles {
        state.applications.roles.push(RoleGrant {
            id: id_from("grant", &format!("{principal}{role}")).simple().to_string(),
            principal,
            resource: graph,
            role: apis::permission(role, true),
            created: LONG_AGO.to_owned(),
        });
    }
    for scope in &file.scopes {
        let person = scope.user.as_deref().map(user_id);
        state.applications.scopes.push(ScopeGrant {
            id: id_from("scope", &format!("{principal}{person:?}")).simple().to_string(),
            client: principal,
            person,
            resource: graph,
            scope: scope.scope.clone(),
        });
    }
}

fn registration(file: &FileApp, app_id: Uuid) -> Registration {
    let access: Vec<Value> = file
        .roles
        .iter()
        .map(|name| json!({ "id": apis::permission(name, true), "type": "Role" }))
        .collect();
    let (_, graph) = apis::APIS[0];
    let wanted = json!([{ "resourceAppId": graph, "resourceAccess": access }]);
    let secret = |secret: &FileSecret| Secret {
        key_id: id_from("secret", &format!("{app_id}{}", secret.name)),
        name: Some(secret.name.clone()),
        begins: secret.begins,
        ends: secret.ends,
        hint: "Hk3".to_owned(),
        digest: [0; 32],
    };
    Registration {
        id: id_from("application", &app_id.to_string()),
        app_id,
        created_by: None,
        owners: file.owners.iter().map(|upn| user_id(upn)).collect(),
        secrets: file.secrets.iter().map(secret).collect(),
        props: Map::from_iter([
            ("displayName".to_owned(), json!(file.display_name)),
            ("createdDateTime".to_owned(), json!(LONG_AGO)),
            ("requiredResourceAccess".to_owned(), wanted),
        ]),
    }
}

fn policy(state: &State, file: &FilePolicy) -> Policy {
    let conditions = file.conditions.clone().unwrap_or_else(|| {
        json!({
            "applications": { "includeApplications": ["All"] },
            "users": { "includeUsers": ["All"] }, "clientAppTypes": ["all"],
        })
    });
    let grants = match (&file.grant_controls, &file.session_controls) {
        (Some(grants), _) => grants.clone(),
        (None, Some(_)) => Value::Null,
        (None, None) => json!({ "operator": "OR", "builtInControls": ["mfa"] }),
    };
    let switched = match file.state.as_str() {
        "report_only" => "enabledForReportingButNotEnforced",
        other => other,
    };
    let mut props = Map::from_iter([
        ("displayName".to_owned(), json!(file.display_name)),
        ("state".to_owned(), json!(switched)),
        ("createdDateTime".to_owned(), json!(LONG_AGO)),
        ("conditions".to_owned(), named(state, &conditions)),
        ("grantControls".to_owned(), grants),
    ]);
    if let Some(session) = &file.session_controls {
        props.insert("sessionControls".to_owned(), session.clone());
    }
    Policy { id: id_from("policy", &file.display_name), props }
}

/// Names become ids, wherever they stand.
fn named(state: &State, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(k, v)| (k.clone(), named(state, v))).collect()
        }
        Value::Array(items) => items.iter().map(|item| named(state, item)).collect(),
        Value::String(text) => match text.split_once(':') {
            Some(("user", upn)) => json!(user_id(upn)),
            Some(("group", name)) => json!(group_id(name)),
            Some(("role", name)) => json!(catalog::role_template(name)),
            Some(("location", name)) => json!(id_from("location", name)),
            Some(("app", name)) => {
                let id = id_from("app", name);
                json!(state.registration(AppKey::App(id)).map(|app| app.app_id))
            }
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

fn add_book(state: &mut State, file: &FileBook) {
    let owner = match &file.owner {
        Some(name) if name.contains('@') => Some(user_id(name)),
        Some(name) => Some(group_id(name)),
        None => state.users.keys().next().copied(),
    };
    let Some(owner) = owner else { return };
    let sheets = file.worksheets.iter().map(|sheet| {
        let (name, rows) = match sheet {
            FileSheet::Name(name) => (name, &Vec::new()),
            FileSheet::Whole { name, rows } => (name, rows),
        };
        let id = id_from("sheet", &format!("{}{name}", file.name)).to_string().to_uppercase();
        let mut sheet = Sheet { id: format!("{{{id}}}"), name: name.clone(), cells: Vec::new() };
        sheet.fill(rows);
        sheet
    });
    let book = Book { sheets: sheets.collect() };
    let id = id_from("file", &format!("{owner}{}", file.name)).simple().to_string();
    let workbook = Path::new(&file.name).extension().is_some_and(|ending| ending == "xlsx");
    let file = DriveFile {
        id: format!("01{}", id.to_uppercase()),
        path: file.name.clone(),
        book: workbook.then_some(book),
        locked_by: file.locked_by.clone(),
        labelled: file.labelled,
    };
    let drives = &mut state.drives.drives;
    if let Some(drive) = drives.iter_mut().find(|drive| drive.owner == owner) {
        drive.files.push(file);
        return;
    }
    drives.push(Drive { id: drive_id(owner), owner, files: vec![file] });
}

fn drive_id(owner: Uuid) -> String {
    format!("b!{}", id_from("drive", &owner.to_string()).simple())
}

/// Everybody who is licensed for `SharePoint` has a drive, with files in it or without.
pub(super) fn open_drives(state: &mut State) {
    let licensed = state.users.values().filter(|user| {
        let plans = state.plans_of(user);
        catalog::DRIVE_PLANS.iter().any(|plan| plans.contains(plan))
    });
    let without = licensed.map(|user| user.id).filter(|id| state.drive_of(*id).is_none());
    let opened: Vec<Drive> =
        without.map(|owner| Drive { id: drive_id(owner), owner, files: Vec::new() }).collect();
    state.drives.drives.extend(opened);
}
