//! Graph's refusals in words people understand.
//!
//! A 400 carries only a text, no sub-code, so texts are matched; they are the ones
//! of the reference of August 2026. What is not recognised is refused in general
//! words: Graph's own words go to the log, never to the chat.

use std::time::Duration;

use uuid::Uuid;

use crate::{
    adapters::graph::{answer::Answer, changes::calls},
    domain::{change::Change, trouble::Reason},
};

/// How long to leave an object alone that somebody else holds (409, 412, 423).
const HELD: Duration = Duration::from_secs(5);

/// What a refusal of a change means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It was so before.
    AlreadySo,
    /// The object is not there (any more).
    Gone,
    /// It cannot be.
    Refused(Reason),
    /// No seat is free of this licence.
    NoSeats(Option<Uuid>),
    /// A right is missing; the token and the target tell which.
    Forbidden,
    /// Somebody else is at it.
    Held(Duration),
    /// Not a refusal at all.
    Unknown,
}

/// Reads an answer that is neither success nor a wait: first as the change reads it,
/// then as every change does.
pub(crate) fn meaning(change: &Change, answer: &Answer) -> Meaning {
    match answer.status {
        403 => Meaning::Forbidden,
        400 | 404 | 405 | 409 | 412 | 422 | 423 | 501 => {
            calls(change).refusal(answer).unwrap_or_else(|| every(answer))
        }
        _ => Meaning::Unknown,
    }
}

fn every(answer: &Answer) -> Meaning {
    match answer.status {
        404 => Meaning::Gone,
        409 | 412 | 423 => Meaning::Held(answer.retry_after.unwrap_or(HELD)),
        _ => general(answer).unwrap_or_else(|| unknown_words(answer)),
    }
}

/// Does its text say this (in small letters)?
pub(crate) fn says(answer: &Answer, part: &str) -> bool {
    answer.message().to_lowercase().contains(part)
}

/// It cannot be, for this reason.
pub(crate) fn no(what: &str) -> Meaning {
    Meaning::Refused(Reason::NotPossible { what: what.to_owned() })
}

/// What a 400 means for every change; `None` when its words are not known.
pub(crate) fn general(answer: &Answer) -> Option<Meaning> {
    let text = answer.message().to_lowercase();
    let says = |part: &str| text.contains(part);
    if says("on-premises mastered") || says("directory sync") {
        return Some(Meaning::Refused(synced("account")));
    }
    if says("mail-enabled security group") || says("distribution list") {
        return Some(no("the group is managed in Exchange, not in the directory"));
    }
    if says("dynamic") && says("member") {
        return Some(Meaning::Refused(dynamic_group()));
    }
    if says("usage location") {
        return Some(no(
            "the user has no usage location that the licence allows; set the country first",
        ));
    }
    if says("does not have any available licenses") {
        return Some(Meaning::NoSeats(first_guid(&text)));
    }
    if says("mutually exclusive") {
        return Some(no(
            "the licence cannot stand beside another one the user holds; swap them in one step",
        ));
    }
    if says("depends on the service plan") || says("dependency") {
        return Some(no("a service plan needs another one that would be missing"));
    }
    if says("inherited from a group") {
        return Some(no("the licence comes from a group: take the user out of that group instead"));
    }
    if says("mailbox is either inactive") || answer.code() == "MailboxNotEnabledForRESTAPI" {
        return Some(Meaning::Refused(no_mailbox()));
    }
    unlicensed(answer.message()).map(Meaning::Refused)
}

/// In general words; Graph's own are in the log.
fn unknown_words(answer: &Answer) -> Meaning {
    let code: String = answer
        .code()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._".contains(*c))
        .take(60)
        .collect();
    no(&format!("Microsoft Graph refused it ({} {code}); its words are in the log", answer.status))
}

/// A group with a rule.
pub(crate) fn dynamic_group() -> Reason {
    let what = "the group has a membership rule: who is in it follows from the user's properties";
    Reason::NotPossible { what: what.to_owned() }
}

/// Mastered in Active Directory.
pub(crate) fn synced(object: &str) -> Reason {
    Reason::NotPossible {
        what: format!(
            "the {object} is mastered in the on-premises Active Directory: change it there"
        ),
    }
}

/// `SharePoint`'s, and not for apps (learn.microsoft.com/graph/api/user-update, the notes).
pub(crate) fn profile() -> Reason {
    let what = "SharePoint keeps this property, and Microsoft lets no app write it here: the \
                person changes it in their own profile";
    Reason::NotPossible { what: what.to_owned() }
}

/// Nobody's mailbox.
pub(crate) fn no_mailbox() -> Reason {
    let what = "there is no mailbox in Exchange Online (none, on-premises, or deleted)";
    Reason::NotPossible { what: what.to_owned() }
}

/// Why an application cannot open a workbook that it has every permission for.
pub(crate) fn users_only() -> Reason {
    Reason::NotPossible {
        what: "Microsoft supports workbooks for signed-in users only; in many tenants an app can \
               open them all the same, this one does not let it. Do it by hand in Excel, or keep \
               the list where an app may write"
            .to_owned(),
    }
}

/// Why a workbook cannot be read or written now; `None`: it does not say.
pub(crate) fn unreadable(answer: &Answer) -> Option<Reason> {
    let code = answer.code();
    let inner = answer.body["error"]["innerError"]["code"].as_str().unwrap_or_default();
    let what = if code.starts_with("EditModeCannotAcquireLock") || inner == "accessConflict" {
        let who = answer.message().strip_suffix(" is editing this workbook.");
        let who: String = who.unwrap_or("somebody").chars().take(80).collect();
        format!("{who} has the workbook open in a way that locks it; try again when it is closed")
    } else if code == "OpenWorkbookAccessDenied" {
        "a sensitivity label of the file keeps apps out of it".to_owned()
    } else if inner == "unsupportedWorkbook"
        || answer.message().contains("The workbook contains unsupported features")
    {
        "the file is no workbook that Excel for the web can open (.xlsx, not too large)".to_owned()
    } else {
        return None;
    };
    Some(Reason::NotPossible { what })
}

/// A licence of the tenant is missing, not a right.
pub(crate) fn unlicensed(text: &str) -> Option<Reason> {
    let text = text.to_lowercase();
    let signs =
        ["not licensed for this feature", "premium license", "not applicable to target tenant"];
    signs.iter().any(|sign| text.contains(sign)).then(|| Reason::NotPossible {
        what: "the tenant has no licence for this feature".to_owned(),
    })
}

fn first_guid(text: &str) -> Option<Uuid> {
    text.split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .filter(|word| word.len() == 36)
        .find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_licence_without_seats_is_found_in_the_text() {
        let id = Uuid::from_u128(0x0577_7777);
        let text = format!("subscription with sku {id} does not have any available licenses.");
        assert_eq!(first_guid(&text), Some(id));
        assert_eq!(first_guid("subscription with sku x"), None);
    }
}
