//! The app registration as code: what `countersign actions terraform` and `script` print is
//! read back by a parser and by a shell, and asks for what the groups need and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Output},
};

use countersign::{
    actions::CATALOG,
    adapters::graph::app_roles::Right,
    cli::actions::needs,
    domain::area::{Area, Risk},
};
use hcl_edit::{
    expr::{Expression, ObjectKey},
    structure::Body,
};

fn countersign(room: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.current_dir(room).env_clear().args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let room = tempfile::tempdir().unwrap();
    let output = countersign(room.path(), arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// `key = value` of an object, strings only.
fn strings(expression: &Expression) -> BTreeMap<String, String> {
    let Expression::Object(object) = expression else { panic!("no object: {expression:?}") };
    let pair = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
        let key = match key {
            ObjectKey::Ident(name) => name.to_string(),
            ObjectKey::Expression(Expression::String(text)) => text.to_string(),
            other @ ObjectKey::Expression(_) => panic!("a strange key: {other:?}"),
        };
        (key, value.expr().as_str().unwrap().to_owned())
    };
    object.iter().map(pair).collect()
}

fn local(body: &Body, name: &str) -> BTreeMap<String, String> {
    let locals = body.get_blocks("locals").next().expect("a locals block");
    strings(&locals.body.get_attribute(name).unwrap_or_else(|| panic!("no local {name}")).value)
}

#[expect(clippy::disallowed_methods, reason = "where the tests find bash, not a setting")]
fn path_of_the_tests() -> String {
    std::env::var("PATH").unwrap()
}

/// Every resource, as `type.name`.
fn resources(body: &Body) -> BTreeSet<String> {
    let named = |block: &hcl_edit::structure::Block| {
        block
            .labels
            .iter()
            .map(hcl_edit::structure::BlockLabel::as_str)
            .collect::<Vec<_>>()
            .join(".")
    };
    body.get_blocks("resource").map(named).collect()
}

/// Names → ids, as the catalogue says for these groups.
fn wanted(on: impl Fn(Area, Risk) -> bool) -> [BTreeMap<String, String>; 3] {
    let entries = CATALOG.iter().filter(|entry| {
        let about = &entry.about;
        on(about.area, about.risk) && about.care != countersign::domain::area::Care::Blocked
    });
    let mut wanted = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
    for need in needs::needs(entries) {
        let right = Right::read(need.permission);
        let (at, name) = match right {
            Right::Permission(service, name) => (service as usize, name),
            Right::Role(name) => (2, name),
        };
        wanted[at].insert(name.to_owned(), right.id().unwrap().to_string());
    }
    wanted
}

#[test]
fn terraform_s_file_is_hcl_and_asks_for_what_the_groups_need_and_nothing_else() {
    let groups = ["users=read_only", "passwords_and_security=read_write"];
    let text = printed(&["actions", "terraform", "--group", groups[0], "--group", groups[1]]);
    let body: Body = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let [graph, exchange, roles] = wanted(|area, risk| match area {
        Area::Users => risk == Risk::Read,
        Area::PasswordsAndSecurity => true,
        _ => false,
    });
    assert_eq!(local(&body, "graph"), graph);
    assert_eq!(local(&body, "exchange"), exchange);
    assert_eq!(local(&body, "roles"), roles);
    assert!(graph.contains_key("User-PasswordProfile.ReadWrite.All"));
    assert!(!graph.contains_key("User.ReadWrite.All"), "the narrowest permission is taken");
    let made = resources(&body);
    for resource in [
        "azuread_application.countersign",
        "azuread_service_principal.countersign",
        "azuread_app_role_assignment.graph",
        "azuread_directory_role_assignment.countersign",
    ] {
        assert!(made.contains(resource), "no {resource} in {made:?}");
    }
}

#[test]
fn terraform_s_file_for_everything_is_hcl_too_and_each_reference_has_its_resource() {
    let groups: Vec<String> =
        Area::ALL.iter().map(|area| format!("--group={area}=read_write")).collect();
    let mut arguments = vec!["actions", "terraform", "--name", "O\"Neil ${x} & Sons"];
    arguments.extend(groups.iter().map(String::as_str));
    let text = printed(&arguments);
    let body: Body = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let [graph, exchange, roles] = wanted(|_, _| true);
    assert_eq!(local(&body, "graph"), graph);
    assert_eq!(local(&body, "exchange"), exchange);
    assert_eq!(local(&body, "roles"), roles);
    let made = resources(&body);
    for (at, _) in text.match_indices("azuread_") {
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
        let named: Vec<_> = rest[..end.unwrap_or(rest.len())].split('.').collect();
        if let [kind, name, _, ..] = named.as_slice() {
            assert!(made.contains(&format!("{kind}.{name}")), "{kind}.{name} is nowhere");
        }
    }
    let name = body.get_blocks("variable").find(|block| block.has_labels(&["name"])).unwrap();
    let default = &name.body.get_attribute("default").unwrap().value;
    assert_eq!(default.as_str(), Some("O\"Neil ${x} & Sons"), "a name is no template");
}

#[test]
fn reading_alone_asks_for_nothing_that_writes() {
    let text = printed(&["actions", "terraform", "--group", "users=read_only"]);
    let body: Body = text.parse().unwrap();
    let graph = local(&body, "graph");
    assert!(!graph.is_empty() && graph.keys().all(|name| !name.contains("Write")), "{graph:?}");
    assert!(local(&body, "roles").is_empty());
    assert!(!text.contains("azuread_directory_role"));
}

#[test]
fn the_groups_and_the_tenant_come_from_the_settings_when_nothing_is_said() {
    let room = tempfile::tempdir().unwrap();
    let example = countersign(room.path(), &["config", "example"]).stdout;
    let text =
        String::from_utf8(example).unwrap().replace("#cloud = \"public\"", "cloud = \"china\"");
    fs::write(room.path().join("countersign.toml"), text).unwrap();
    let output = countersign(room.path(), &["actions", "terraform"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("environment = \"china\"") && text.contains("users=read_only"), "{text}");
    assert!(text.contains("default     = \"11111111-2222-4333-8444-555555555555\""), "{text}");
    let nowhere = tempfile::tempdir().unwrap();
    let output = countersign(nowhere.path(), &["actions", "terraform"]);
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && why.contains("--group users=read_only"), "{why}");
}

/// A stand-in for the Azure CLI: notes what it is asked, and answers as little as the script needs.
const AZ: &str = r#"#!/bin/sh
echo "$*" >> "$AZ_LOG"
case "$1 $2 $3" in
  "account show "*) echo 11111111-2222-4333-8444-555555555555 ;;
  "ad app list"*) [ -f "$AZ_LOG.app" ] && echo aaaaaaaa-0000-4000-8000-000000000001; true ;;
  "ad app create"*) touch "$AZ_LOG.app"; echo aaaaaaaa-0000-4000-8000-000000000001 ;;
  "ad sp list"*) case "$*" in *aaaaaaaa*) [ -f "$AZ_LOG.sp" ] && echo sp-own; true ;; *) echo sp-resource ;; esac ;;
  "ad sp create"*) touch "$AZ_LOG.sp"; echo sp-own ;;
  "rest --method GET"*) [ -f "$AZ_LOG.granted" ] && cat "$AZ_LOG.granted"; true ;;
  "rest --method POST"*) echo "$*" | grep -o '"\(appRoleId\|roleDefinitionId\)": "[^"]*"' | cut -d'"' -f4 >> "$AZ_LOG.granted" ;;
esac
"#;

#[cfg(unix)]
#[test]
fn the_script_grants_each_permission_and_role_once_and_can_be_run_again() {
    use std::os::unix::fs::PermissionsExt;
    let groups = ["--group=users=read_write", "--group=passwords_and_security=read_write"];
    let text = printed(&[&["actions", "script", "--name", "Bot's own"][..], &groups].concat());
    let room = tempfile::tempdir().unwrap();
    let (script, az) = (room.path().join("register.sh"), room.path().join("az"));
    fs::write(&script, &text).unwrap();
    fs::write(&az, AZ).unwrap();
    fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).unwrap();
    let log = room.path().join("log");
    let path = format!("{}:{}", room.path().display(), path_of_the_tests());
    let run = || {
        let ran = Command::new("bash").arg(&script).env("PATH", &path).env("AZ_LOG", &log).output();
        let ran = ran.unwrap();
        let said = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{said}\n{text}");
        said.into_owned()
    };
    let said = run();
    let client = "aaaaaaaa-0000-4000-8000-000000000001";
    assert!(said.contains(&format!("--client-id {client}")), "{said}");
    let asked = fs::read_to_string(&log).unwrap();
    assert!(asked.contains("displayName eq 'Bot''s own'"), "{asked}");
    let [graph, exchange, roles] =
        wanted(|area, _| matches!(area, Area::Users | Area::PasswordsAndSecurity));
    let ids = |of: &[&BTreeMap<String, String>]| -> BTreeSet<String> {
        of.iter().flat_map(|map| map.values().cloned()).collect()
    };
    let granted = fs::read_to_string(room.path().join("log.granted")).unwrap();
    let granted: Vec<&str> = granted.lines().collect();
    let once: BTreeSet<String> = granted.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(once, ids(&[&graph, &exchange, &roles]));
    assert_eq!(once.len(), granted.len(), "nothing is granted twice");
    let manifest = asked.lines().find(|line| line.starts_with("ad app create")).unwrap();
    let json = &manifest[manifest.find('[').unwrap()..=manifest.rfind(']').unwrap()];
    let json: serde_json::Value =
        serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {json}"));
    let asks = json[0]["resourceAccess"].as_array().unwrap().len();
    assert_eq!(asks, graph.len());
    let again = run();
    assert!(!again.contains("Granted") && !again.contains("Assigned"), "{again}");
}
