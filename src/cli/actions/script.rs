//! The app registration as a bash script for the Azure CLI. It can be run again: what is
//! there already is kept.
//!
//! Calls as in learn.microsoft.com/graph/api: "Create application", "Create
//! serviceprincipal", "Grant an appRoleAssignment to a service principal", "Create
//! unifiedRoleAssignment".

use std::fmt::Write;

use crate::{
    adapters::graph::app_roles::Service,
    cli::actions::registration::{Grant, Registration},
    config::{Cloud, Endpoints},
};

/// The whole script.
pub fn file(app: &Registration) -> String {
    let mut text = head(app);
    text.push_str("\n# What the registration asks for.\n");
    for service in Service::ALL {
        array(&mut text, label(service), app.permissions(service));
    }
    array(&mut text, "roles", &app.roles);
    text.push_str(BODY);
    text
}

fn head(app: &Registration) -> String {
    let cloud = match app.cloud {
        Cloud::Public => "AzureCloud",
        Cloud::Usgov | Cloud::UsgovDod => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
    };
    let graph = Endpoints { cloud: app.cloud, ..Endpoints::default() }.graph();
    let tenant = app.tenant.as_deref().unwrap_or_default();
    format!(
        "\
#!/usr/bin/env bash
# Makes the app registration of Countersign for {groups},
# with the permissions that these groups need and no other.
#
# Printed by `countersign actions script`. It grants the permissions, so sign in as Privileged Role
# Administrator or Global Administrator first:
#
#   az cloud set --name {cloud}
#   az login --allow-no-subscriptions --tenant TENANT
#   bash register.sh [--certificate app.crt]
#
# Run again, it keeps what is there and adds what is missing; it takes nothing away.
set -euo pipefail

name={name}
tenant={tenant}
graph_url={graph}
certificate=\"\"
while [ $# -gt 0 ]; do
  case \"$1\" in
    --certificate) certificate=\"${{2:?--certificate needs a PEM file}}\"; shift 2 ;;
    --tenant) tenant=\"${{2:?--tenant needs an id}}\"; shift 2 ;;
    *) echo \"usage: $0 [--tenant ID] [--certificate app.crt]\" >&2; exit 2 ;;
  esac
done

signed_in=\"$(az account show --query tenantId --output tsv)\"
if [ -n \"$tenant\" ] && [ \"$tenant\" != \"$signed_in\" ]; then
  echo \"You are signed in to $signed_in, and this is for $tenant: az login --tenant $tenant\" >&2
  exit 1
fi
",
        groups = app.groups,
        name = quoted(&app.name),
        tenant = quoted(tenant),
        graph = quoted(&graph),
    )
}

fn array(text: &mut String, name: &str, grants: &[Grant]) {
    put(text, format_args!("{name}=("));
    for grant in grants {
        let used_by: Vec<_> = grant.used_by.iter().copied().collect();
        put(text, format_args!("  {} # {}: {}", grant.id, grant.name, used_by.join(", ")));
    }
    put(text, format_args!(")"));
}

const BODY: &str = r##"
graph_app=00000003-0000-0000-c000-000000000000
exchange_app=00000002-0000-0ff1-ce00-000000000000

# {"id": "…", "type": "Role"} for each id, with commas between.
access() {
  local id comma=""
  for id in "$@"; do
    printf '%s{"id": "%s", "type": "Role"}' "$comma" "$id"
    comma=", "
  done
}
asked="[{\"resourceAppId\": \"$graph_app\", \"resourceAccess\": [$(access "${graph[@]}")]}"
if [ "${#exchange[@]}" -gt 0 ]; then
  asked="$asked, {\"resourceAppId\": \"$exchange_app\", \"resourceAccess\": [$(access "${exchange[@]}")]}"
fi
asked="$asked]"

client_id="$(az ad app list --filter "displayName eq '${name//\'/\'\'}'" --query '[0].appId' --output tsv)"
if [ -z "$client_id" ]; then
  client_id="$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \
    --required-resource-accesses "$asked" --query appId --output tsv)"
  echo "Made the app registration $name: $client_id"
else
  az ad app update --id "$client_id" --required-resource-accesses "$asked"
  echo "The app registration $name is there: $client_id"
fi

principal="$(az ad sp list --filter "appId eq '$client_id'" --query '[0].id' --output tsv)"
if [ -z "$principal" ]; then
  principal="$(az ad sp create --id "$client_id" --query id --output tsv)"
fi

# An assignment is the consent: no page has to be opened afterwards.
held="$(az rest --method GET --resource "$graph_url" --url "$graph_url/v1.0/servicePrincipals/$principal/appRoleAssignments" \
  --query 'value[].appRoleId' --output tsv)"
grant() {
  local resource id
  resource="$(az ad sp list --filter "appId eq '$1'" --query '[0].id' --output tsv)"
  shift
  for id in "$@"; do
    if grep -qi "$id" <<<"$held"; then continue; fi
    az rest --method POST --resource "$graph_url" --url "$graph_url/v1.0/servicePrincipals/$principal/appRoleAssignments" \
      --headers 'Content-Type=application/json' --output none \
      --body "{\"principalId\": \"$principal\", \"resourceId\": \"$resource\", \"appRoleId\": \"$id\"}"
    echo "Granted $id"
  done
}
grant "$graph_app" "${graph[@]}"
if [ "${#exchange[@]}" -gt 0 ]; then
  grant "$exchange_app" "${exchange[@]}"
fi

if [ "${#roles[@]}" -gt 0 ]; then
  assigned="$(az rest --method GET --resource "$graph_url" --query 'value[].roleDefinitionId' --output tsv \
    --url "$graph_url/v1.0/roleManagement/directory/roleAssignments?\$filter=principalId eq '$principal'")"
  for id in "${roles[@]}"; do
    if grep -qi "$id" <<<"$assigned"; then continue; fi
    az rest --method POST --resource "$graph_url" --url "$graph_url/v1.0/roleManagement/directory/roleAssignments" \
      --headers 'Content-Type=application/json' --output none \
      --body "{\"@odata.type\": \"#microsoft.graph.unifiedRoleAssignment\", \"roleDefinitionId\": \"$id\", \"principalId\": \"$principal\", \"directoryScopeId\": \"/\"}"
    echo "Assigned the role $id"
  done
fi

if [ -n "$certificate" ]; then
  az ad app credential reset --id "$client_id" --cert "@$certificate" --append --output none
  echo "Added the certificate $certificate"
fi

echo
echo "Next: countersign connect --tenant $signed_in --client-id $client_id"
"##;

fn label(service: Service) -> &'static str {
    match service {
        Service::Graph => "graph",
        Service::Exchange => "exchange",
    }
}

/// A word of the shell, whatever it holds.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes everything");
}
