//! Exchange's error bodies, each with its source.

use serde_json::{Value, json};

use super::super::call::Answer;

/// What Exchange will not do.
#[derive(Debug)]
pub(super) struct Trouble {
    status: u16,
    code: &'static str,
    /// The exception's type; without one, the body is the short form.
    exception: Option<&'static str>,
    text: String,
}

fn refuse(
    status: u16,
    code: &'static str,
    exception: Option<&'static str>,
    text: impl Into<String>,
) -> Trouble {
    Trouble { status, code, exception, text: text.into() }
}

impl Trouble {
    /// The shape: tests of Microsoft's module quoted in public code (details with
    /// `code|Exception.Type|text`, innererror with internalexception).
    pub fn answer(&self) -> Answer {
        if self.text.is_empty() {
            return Answer::empty(self.status);
        }
        let message = match self.exception {
            Some(exception) => format!("|{exception}|{}", self.text),
            None => self.text.clone(),
        };
        let details: Vec<Value> = self
            .exception
            .iter()
            .map(|_| json!({ "code": "Context", "target": "", "message": format!("Ex6F9304{message}") }))
            .collect();
        Answer::json(
            self.status,
            json!({ "error": {
                "code": self.code,
                "message": if self.exception.is_some() { "Error executing cmdlet" } else { self.text.as_str() },
                "details": details,
                "innererror": {
                    "message": "Error executing cmdlet",
                    "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                    "internalexception": {
                        "message": message,
                        "type": self.exception.unwrap_or("Microsoft.Exchange.Admin.OData.Core.ODataServiceException"),
                    },
                },
            }}),
        )
    }
}

pub(super) fn bad_request(text: &str) -> Trouble {
    // source: unconfirmed
    refuse(400, "BadRequest", None, text)
}

pub(super) fn no_permission() -> Trouble {
    // source: unconfirmed; reported as a 403 without a body when Exchange.ManageAsApp is missing
    refuse(403, "Forbidden", None, "")
}

pub(super) fn no_role(app: &str) -> Trouble {
    // source: public code quoting the answer of Microsoft's module
    refuse(
        401,
        "Unauthorized",
        None,
        format!(
            "The role assigned to application {app} isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication."
        ),
    )
}

pub(super) fn not_allowed(cmdlet: &str) -> Trouble {
    // source: issue texts ("User is not allowed to call Get-Mailbox")
    refuse(401, "Unauthorized", None, format!("User is not allowed to call {cmdlet}"))
}

pub(super) fn no_cmdlet(cmdlet: &str) -> Trouble {
    // source: PowerShell's own text for an unknown command; over this endpoint unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("System.Management.Automation.CommandNotFoundException"),
        format!(
            "The term '{cmdlet}' is not recognized as the name of a cmdlet, function, script file, or operable program."
        ),
    )
}

pub(super) fn no_parameter(cmdlet: &str, name: &str) -> Trouble {
    // source: PowerShell's own text; over this endpoint unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("System.Management.Automation.ParameterBindingException"),
        format!("A parameter cannot be found that matches parameter name '{name}' for {cmdlet}."),
    )
}

pub(super) fn missing_parameter(cmdlet: &str, name: &str) -> Trouble {
    // source: PowerShell's own text; over this endpoint unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("System.Management.Automation.ParameterBindingException"),
        format!(
            "Cannot process command {cmdlet} because of one or more missing mandatory parameters: {name}."
        ),
    )
}

pub(super) fn wrong_type(name: &str) -> Trouble {
    // source: PowerShell's own text; over this endpoint unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("System.Management.Automation.ParameterBindingException"),
        format!("Cannot process argument transformation on parameter '{name}'."),
    )
}

pub(super) fn bad_value(name: &str, why: &str) -> Trouble {
    // source: unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Configuration.Tasks.TaskArgumentException"),
        format!("The value of '{name}' is not valid: {why}"),
    )
}

pub(super) fn not_found(identity: &str) -> Trouble {
    // source: tests of Microsoft's module in public code, and answers on learn.microsoft.com
    refuse(
        404,
        "NotFound",
        Some("Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"),
        format!(
            "The operation couldn't be performed because object '{identity}' couldn't be found on 'LO2P123A01DC001.GBRP123A001.PROD.OUTLOOK.COM'."
        ),
    )
}

pub(super) fn already_member(member: &str, list: &str) -> Trouble {
    // source: public code (CIPP-API looks for MemberAlreadyExistsException); text unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException"),
        format!("The recipient \"{member}\" is already a member of the group \"{list}\"."),
    )
}

pub(super) fn not_member(member: &str, list: &str) -> Trouble {
    // source: unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Management.Tasks.MemberNotFoundException"),
        format!("The recipient \"{member}\" isn't a member of the group \"{list}\"."),
    )
}

pub(super) fn mastered_on_premises(identity: &str) -> Trouble {
    // source: public code and answers on learn.microsoft.com quoting the first half
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Data.Directory.InvalidADObjectOperationException"),
        format!(
            "The operation on '{identity}' failed because it's out of the current user's write scope. The action can't be performed on the object because the object is being synchronized from your on-premises organization."
        ),
    )
}

// ---- mailboxes

pub(super) fn not_in_role(parameter: &str) -> Trouble {
    // source: public code (CIPP-API) looks for the second half; the first half is unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Configuration.Authorization.ParameterAccessDeniedException"),
        format!(
            "The parameter '{parameter}' is not present in the role definition of the current user."
        ),
    )
}

pub(super) fn address_taken(address: &str, owner: &str) -> Trouble {
    // source: learn.microsoft.com/microsoft-365/admin (shared mailboxes) quoting the text; the
    // exception's type from public code
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Data.Directory.ProxyAddressExistsException"),
        format!(
            "The proxy address \"SMTP:{address}\" is already being used by the proxy addresses or LegacyExchangeDN of \"{owner}\". Please choose another proxy address."
        ),
    )
}

pub(super) fn name_taken(name: &str) -> Trouble {
    // source: unconfirmed; the exception's type from public code
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException"),
        format!("The object '{name}' already exists. Please choose another name."),
    )
}

pub(super) fn foreign_domain(domain: &str) -> Trouble {
    // source: answers on learn.microsoft.com quoting the text
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Data.Directory.NotAcceptedDomainException"),
        format!(
            "You can't use the domain because it's not an accepted domain for your organization. ({domain})"
        ),
    )
}

pub(super) fn no_principal(identity: &str) -> Trouble {
    // source: unconfirmed; a distribution list is no security principal
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Configuration.Tasks.TaskInvalidOperationException"),
        format!(
            "User or group \"{identity}\" wasn't found, or isn't a security principal. Please make sure you've typed it correctly."
        ),
    )
}

pub(super) fn entries_full(mailbox: &str) -> Trouble {
    // source: an administrator's blog quoting the answer (thextrabit.com, exo-max-acl-limit)
    refuse(
        400,
        "BadRequest",
        Some("System.InvalidOperationException"),
        format!(
            "The mailbox {mailbox} has reached the limit of maximum allowed access control entries of 500. Clean existing entries and rearrange them leveraging groups for assigning the same permissions to multiple users."
        ),
    )
}

pub(super) fn hold_needs_plan_2(mailbox: &str) -> Trouble {
    // source: learn.microsoft.com/purview/ediscovery-create-a-litigation-hold (the rule: Exchange
    // Online Plan 2, or Plan 1 with archiving); code and text unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Configuration.Tasks.RecipientTaskException"),
        format!(
            "The license of '{mailbox}' isn't valid to permit you to put litigation hold on this mailbox."
        ),
    )
}

pub(super) fn archive_exists(mailbox: &str) -> Trouble {
    // source: unconfirmed
    refuse(
        400,
        "BadRequest",
        Some("Microsoft.Exchange.Configuration.Tasks.RecipientTaskException"),
        format!("The mailbox '{mailbox}' already has an archive."),
    )
}
