//! The app registration as a Terraform file, for the provider `hashicorp/azuread` 3.
//!
//! Arguments as in the provider's pages of `azuread_application`,
//! `azuread_app_role_assignment`, `azuread_directory_role`, `azuread_directory_role_assignment`
//! and `azuread_application_certificate`.

use std::fmt::Write;

use crate::{
    adapters::graph::app_roles::Service,
    cli::actions::registration::{Grant, Registration},
    config::Cloud,
};

/// The whole file.
pub fn file(app: &Registration) -> String {
    let mut text = head(app);
    text.push_str(&locals(app));
    text.push_str(APPLICATION);
    for service in Service::ALL {
        if !app.permissions(service).is_empty() {
            text.push_str(&grants(service));
        }
    }
    if !app.roles.is_empty() {
        text.push_str(ROLES);
    }
    text.push_str(TAIL);
    text
}

fn head(app: &Registration) -> String {
    let environment = match app.cloud {
        Cloud::Public => "global",
        Cloud::Usgov => "usgovernmentl4",
        Cloud::UsgovDod => "usgovernmentl5",
        Cloud::China => "china",
    };
    let tenant = match &app.tenant {
        Some(tenant) => format!("  default     = {}\n", quoted(tenant)),
        None => String::new(),
    };
    format!(
        "\
# The app registration of Countersign for {groups},
# with the permissions that these groups need and no other.
#
# Printed by `countersign actions terraform`. Applying it grants the permissions, so whoever applies it
# must be Privileged Role Administrator or Global Administrator:
#
#   terraform init && terraform plan && terraform apply
#
# Then: countersign connect --client-id \"$(terraform output -raw client_id)\"

terraform {{
  required_version = \">= 1.3\"
  required_providers {{
    azuread = {{
      source  = \"hashicorp/azuread\"
      version = \"~> 3.0\"
    }}
  }}
}}

variable \"tenant_id\" {{
  description = \"Whose directory: Entra admin center, Overview, Tenant ID.\"
  type        = string
{tenant}}}

variable \"name\" {{
  description = \"What administrators read in the list of app registrations.\"
  type        = string
  default     = {name}
}}

variable \"certificate\" {{
  description = \"The PEM file of the certificate it signs in with; none, when empty. No secret is made here, because it would stay readable in the state.\"
  type        = string
  default     = \"\"
}}

variable \"certificate_ends\" {{
  description = \"The certificate's own end, such as 2027-01-31T00:00:00Z (openssl x509 -enddate -in FILE).\"
  type        = string
  default     = null
}}

provider \"azuread\" {{
  environment = \"{environment}\"
  tenant_id   = var.tenant_id
}}
",
        groups = app.groups,
        name = quoted(&app.name),
    )
}

fn locals(app: &Registration) -> String {
    let mut text = "\nlocals {\n".to_owned();
    for service in Service::ALL {
        let name = label(service);
        map(&mut text, service.name(), name, app.permissions(service));
    }
    map(&mut text, "Entra roles of the service principal, by template", "roles", &app.roles);
    let kept = text.trim_end().to_owned();
    kept + "\n}\n"
}

fn map(text: &mut String, what: &str, name: &str, grants: &[Grant]) {
    put(text, format_args!("  # {what}."));
    if grants.is_empty() {
        put(text, format_args!("  {name} = {{}}\n"));
        return;
    }
    put(text, format_args!("  {name} = {{"));
    for grant in grants {
        let used_by: Vec<_> = grant.used_by.iter().copied().collect();
        put(text, format_args!("    # for {}", used_by.join(", ")));
        put(text, format_args!("    {} = \"{}\"", quoted(grant.name), grant.id));
    }
    text.push_str("  }\n\n");
}

const APPLICATION: &str = r#"
resource "azuread_application" "countersign" {
  display_name     = var.name
  sign_in_audience = "AzureADMyOrg"

  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000"

    dynamic "resource_access" {
      for_each = local.graph
      content {
        id   = resource_access.value
        type = "Role"
      }
    }
  }

  dynamic "required_resource_access" {
    for_each = length(local.exchange) > 0 ? [1] : []
    content {
      resource_app_id = "00000002-0000-0ff1-ce00-000000000000"

      dynamic "resource_access" {
        for_each = local.exchange
        content {
          id   = resource_access.value
          type = "Role"
        }
      }
    }
  }
}

resource "azuread_service_principal" "countersign" {
  client_id = azuread_application.countersign.client_id
}

resource "azuread_application_certificate" "countersign" {
  count          = var.certificate == "" ? 0 : 1
  application_id = azuread_application.countersign.id
  type           = "AsymmetricX509Cert"
  value          = file(var.certificate)
  end_date       = var.certificate_ends
}
"#;

/// An assignment is the consent: no page has to be opened afterwards.
fn grants(service: Service) -> String {
    let (name, label) = (service.name(), label(service));
    format!(
        r#"
# {name} is in every tenant already; this only looks it up.
resource "azuread_service_principal" "{label}" {{
  client_id    = "{id}"
  use_existing = true
}}

# The assignment is the consent.
resource "azuread_app_role_assignment" "{label}" {{
  for_each            = local.{label}
  app_role_id         = each.value
  principal_object_id = azuread_service_principal.countersign.object_id
  resource_object_id  = azuread_service_principal.{label}.object_id
}}
"#,
        id = service.app_id(),
    )
}

const ROLES: &str = r#"
resource "azuread_directory_role" "countersign" {
  for_each    = local.roles
  template_id = each.value
}

resource "azuread_directory_role_assignment" "countersign" {
  for_each            = local.roles
  role_id             = azuread_directory_role.countersign[each.key].template_id
  principal_object_id = azuread_service_principal.countersign.object_id
}
"#;

const TAIL: &str = r#"
output "client_id" {
  description = "For microsoft.client_id in countersign.toml."
  value       = azuread_application.countersign.client_id
}

output "tenant_id" {
  description = "For tenant.id in countersign.toml."
  value       = var.tenant_id
}
"#;

fn label(service: Service) -> &'static str {
    match service {
        Service::Graph => "graph",
        Service::Exchange => "exchange",
    }
}

/// A quoted string (Terraform language, "Strings and Templates": `${` and `%{` begin templates).
fn quoted(text: &str) -> String {
    let escaped =
        text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
    format!("\"{escaped}\"")
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes everything");
}
