//! What an answer of Exchange means.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use crate::{
    adapters::{exchange::refusals, graph::wire::said},
    domain::trouble::Reason,
};

/// An answer, read.
#[derive(Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub values: Vec<Value>,
    /// `@odata.nextLink`.
    pub next: Option<String>,
    warnings: Vec<String>,
    /// The error's most precise text, as the service words it.
    error: Option<String>,
}

/// What it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Done,
    /// It was so before.
    AlreadySo,
    NoSuchObject,
    /// The app lacks `Exchange.ManageAsApp` or a role in Exchange.
    MissingRole,
    Refused(Reason),
    Busy(Option<Duration>),
    /// Not recognised: nobody knows whether it happened.
    Unknown,
}

impl Reply {
    /// Reads an answer. Text that is no JSON is an error, unless the status alone
    /// speaks: 401, 403 (which comes with an empty body when
    /// `Exchange.ManageAsApp` is missing) and 429.
    pub fn read(status: u16, retry_after: Option<Duration>, body: &[u8]) -> anyhow::Result<Self> {
        let parsed: Option<Value> =
            if body.is_empty() { Some(Value::Null) } else { serde_json::from_slice(body).ok() };
        match parsed {
            Some(body) => Self::of(status, retry_after, &body),
            None if matches!(status, 401 | 403 | 429) => {
                Self::of(status, retry_after, &Value::Null)
            }
            None => anyhow::bail!("status {status}, no JSON: {}", said(body)),
        }
    }

    /// One item of a batch's answer.
    pub fn read_item(item: &Value) -> anyhow::Result<Self> {
        let body = &item["body"];
        // Some items come without a status: then the body alone says how it went.
        let status = match item["status"].as_u64() {
            Some(status) => u16::try_from(status)?,
            None if body["error"].is_object() => 400,
            None if body.is_object() => 200,
            None => anyhow::bail!("an item without status and body"),
        };
        let retry = item["headers"].as_object().into_iter().flatten().find_map(|(name, value)| {
            let is = name.eq_ignore_ascii_case("Retry-After");
            is.then(|| value.as_str()?.trim().parse::<u64>().ok()).flatten()
        });
        Self::of(status, retry.map(|s| Duration::from_secs(s.min(24 * 60 * 60))), body)
    }

    fn of(status: u16, retry_after: Option<Duration>, body: &Value) -> anyhow::Result<Self> {
        let good = (200..300).contains(&status);
        if good && !(body.is_null() || body.is_object()) {
            anyhow::bail!(
                "status {status}, but no document: {}",
                said(body.to_string().as_bytes())
            );
        }
        if (300..400).contains(&status) {
            anyhow::bail!("status {status}: redirects are not followed");
        }
        let values = match &body["value"] {
            Value::Array(values) => values.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        let warnings = match &body["@adminapi.warnings"] {
            Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Value::String(one) => vec![one.clone()],
            _ => Vec::new(),
        };
        Ok(Self {
            status,
            retry_after,
            values,
            next: body["@odata.nextLink"].as_str().map(str::to_owned),
            warnings,
            error: error_text(&body["error"]),
        })
    }

    /// Does the error speak of this object?
    pub fn speaks_of(&self, identity: &str) -> bool {
        let text = self.error.as_deref().unwrap_or_default().to_lowercase();
        !identity.is_empty() && text.contains(&identity.to_lowercase())
    }

    /// For the log.
    pub fn cause(&self) -> anyhow::Error {
        let text = self.error.as_deref().unwrap_or("-");
        anyhow::anyhow!("status {}: {}", self.status, said(text.as_bytes()))
    }

    /// Judges it.
    pub fn meaning(&self) -> Meaning {
        if (200..300).contains(&self.status) && self.error.is_none() {
            let unchanged = |warning: &String| {
                let warning = warning.to_lowercase();
                [
                    "no settings of",
                    "ace doesn't exist",
                    "ace isn't present",
                    "is already present on the object",
                ]
                .iter()
                .any(|sign| warning.contains(sign))
            };
            let unchanged = self.warnings.iter().any(unchanged);
            return if unchanged { Meaning::AlreadySo } else { Meaning::Done };
        }
        let text = self.error.as_deref().unwrap_or("").to_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        if says(&["memberalreadyexists", "already a member", "membernotfound", "isn't a member"]) {
            return Meaning::AlreadySo;
        }
        if says(&["managementobjectnotfound", "couldn't be found on"]) {
            return Meaning::NoSuchObject;
        }
        if says(&[
            "is not allowed to call",
            "isn't supported in this scenario",
            "is not present in the role definition",
        ]) {
            return Meaning::MissingRole;
        }
        if says(&["already being used by the proxy addresses", "proxyaddressexists"]) {
            return Meaning::Refused(taken("the mail address"));
        }
        if says(&["adobjectalreadyexists"]) {
            return Meaning::Refused(taken("the name"));
        }
        if says(&["synchronized from your on-premises"]) {
            return Meaning::Refused(crate::adapters::graph::refusals::synced("group"));
        }
        if let Some(reason) = refusals::known(&text) {
            return Meaning::Refused(reason);
        }
        match self.status {
            403 => Meaning::MissingRole,
            429 => Meaning::Busy(self.retry_after),
            503 if self.retry_after.is_some() => Meaning::Busy(self.retry_after),
            401 => {
                Meaning::Refused(crate::adapters::graph::making::token_refused("Exchange Online"))
            }
            400..500 if self.error.is_some() => Meaning::Refused(Reason::NotPossible {
                what: format!("Exchange refused it ({}); its words are in the log", self.status),
            }),
            _ => Meaning::Unknown,
        }
    }
}

/// The error's text, most precise first: a detail (`code|Exception.Type|text`),
/// then the inner exception, then the message.
fn error_text(error: &Value) -> Option<String> {
    error.as_object()?;
    let detail = error["details"].as_array().into_iter().flatten();
    let mut detail = detail.filter_map(|detail| detail["message"].as_str());
    let inner = error["innererror"]["internalException"]["message"].as_str();
    let text = detail.next().or(inner).or_else(|| error["message"].as_str());
    Some(text.unwrap_or("").to_owned())
}

/// What `Get-Mailbox` tells of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// `RecipientTypeDetails`, such as `UserMailbox` or `SharedMailbox`.
    pub kind: String,
    /// `PrimarySmtpAddress`.
    pub address: String,
}

impl Mailbox {
    pub(crate) fn of(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or("").to_owned();
        Self { kind: text("RecipientTypeDetails"), address: text("PrimarySmtpAddress") }
    }
}

/// The directory id of a recipient in an output.
pub(crate) fn member_id(value: &Value) -> Option<Uuid> {
    value["ExternalDirectoryObjectId"].as_str()?.parse().ok()
}

/// Exchange knows no such thing beside the object itself: a member, a target.
pub(crate) fn no_such_object() -> Reason {
    let what = "Exchange knows no such group or mailbox (a new one takes some minutes to appear)";
    Reason::NotPossible { what: what.to_owned() }
}

/// Somebody has it already.
fn taken(what: &str) -> Reason {
    let what = format!("{what} belongs to another mailbox or list already; ask with another one");
    Reason::NotPossible { what }
}

/// The application permission of Office 365 Exchange Online that every cmdlet needs.
pub(crate) const PERMISSION: &str = "Exchange.ManageAsApp";

/// What the app needs for a cmdlet, and how it gets it. `held`: does the token show the
/// permission, and a role that suffices?
pub(crate) fn missing_role(
    cmdlet: &str,
    role: &str,
    held: (bool, bool),
    consent: Option<&str>,
) -> Reason {
    let permission = format!("{PERMISSION} (Office 365 Exchange Online)");
    let the_role = format!("the Entra role {role} for the app");
    let link = consent.unwrap_or("the admin consent link of the app");
    let consented = format!("an administrator of the tenant opens {link}");
    let assigned = format!("an administrator assigns {role} to the app's service principal");
    let (missing, mend) = match held {
        (false, true) => (permission, consented),
        (true, false) => (the_role, assigned),
        (false, false) => {
            (format!("{permission}, and {the_role}"), format!("{consented}; {assigned}"))
        }
        (true, true) => (
            format!("a role in Exchange that allows {cmdlet}"),
            "look whether a role group of Exchange narrows what the app may do; a role given \
             just now takes some minutes to arrive"
                .to_owned(),
        ),
    };
    Reason::MissingPermission { missing, mend }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn meaning(status: u16, body: &Value) -> Meaning {
        Reply::read(status, None, body.to_string().as_bytes()).unwrap().meaning()
    }

    #[test]
    fn repeated_membership_is_no_failure() {
        let of = |detail: &str| {
            meaning(
                400,
                &json!({"error": {"code": "BadRequest", "message": "x",
                "details": [{"code": "Context", "target": "", "message": detail}]}}),
            )
        };
        let known = "Ex6F9304|Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException|\
                     The recipient \"x\" is already a member of the group \"y\".";
        assert_eq!(of(known), Meaning::AlreadySo);
        assert_eq!(
            of("Ex|Microsoft.Exchange.Management.Tasks.MemberNotFoundException|…"),
            Meaning::AlreadySo
        );
        assert_eq!(
            of("Ex|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|…"),
            Meaning::NoSuchObject
        );
        assert!(matches!(of("Ex|Other|…"), Meaning::Refused(_)));
    }

    #[test]
    fn a_missing_role_is_told_from_a_stale_token() {
        let role = json!({"error": {"code": "Unauthorized",
            "message": "User is not allowed to call Get-Mailbox"}});
        assert_eq!(meaning(401, &role), Meaning::MissingRole);
        assert!(matches!(meaning(401, &json!({})), Meaning::Refused(_)));
        let empty = Reply::read(403, None, b"").unwrap();
        assert_eq!(empty.meaning(), Meaning::MissingRole);
    }

    #[test]
    fn warnings_that_nothing_changed_mean_already_so() {
        let warned = json!({"value": [], "@adminapi.warnings":
            ["The command completed successfully but no settings of 'x' have been modified."]});
        assert_eq!(meaning(200, &warned), Meaning::AlreadySo);
        assert_eq!(meaning(200, &json!({"value": []})), Meaning::Done);
    }

    #[test]
    fn a_page_of_some_proxy_is_no_answer() {
        assert!(Reply::read(200, None, b"<html>hello").is_err());
        assert!(Reply::read(302, None, b"").is_err());
        assert_eq!(meaning(500, &json!({"error": {"message": "x"}})), Meaning::Unknown);
    }
}
