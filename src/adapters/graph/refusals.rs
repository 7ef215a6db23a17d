//! Graph's refusals in words people understand.
//!
//! A 400 carries only a text, no sub-code, so texts are matched; they are the ones
//! of the reference of August 2026. What is not recognised is refused in general
//! words: Graph's own words go to the log, never to the chat.

use std::time::Duration;

use uuid::Uuid;

use crate::{
    adapters::graph::answer::Answer,
    domain::{change::Change, trouble::Reason},
};

/// How long to leave an object alone that somebody else holds (409, 412, 423).
const HELD: Duration = Duration::from_secs(5);

/// What a refusal of a change means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It was so before.
    AlreadySo,
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

/// Reads an answer that is neither success nor a wait.
pub(crate) fn meaning(change: &Change, answer: &Answer) -> Meaning {
    match answer.status {
        400 | 405 | 422 | 501 => bad_request(change, answer),
        403 => Meaning::Forbidden,
        404 => not_found(change, answer),
        409 | 412 | 423 => Meaning::Held(answer.retry_after.unwrap_or(HELD)),
        _ => Meaning::Unknown,
    }
}

fn not_found(change: &Change, answer: &Answer) -> Meaning {
    let user = change.user().known().map(|user| user.guid().hyphenated().to_string());
    let user = user.unwrap_or_default();
    match change {
        // Not a member, or no such user or group: nobody is in it either way.
        Change::RemoveMember { .. } => Meaning::AlreadySo,
        Change::AddMember { group, .. } if !answer.message().contains(&user) => {
            Meaning::Refused(Reason::NoSuchGroup { name: group.guid().hyphenated().to_string() })
        }
        Change::SetAutomaticReplies { .. } => Meaning::Refused(no_mailbox()),
        _ => Meaning::Refused(Reason::NoSuchPerson { name: user }),
    }
}

fn bad_request(change: &Change, answer: &Answer) -> Meaning {
    let text = answer.message().to_lowercase();
    let says = |part: &str| text.contains(part);
    let no = |what: &str| Meaning::Refused(Reason::NotPossible { what: what.to_owned() });
    match change {
        Change::AddMember { .. } if says("already exist") => return Meaning::AlreadySo,
        Change::SetLicences { add, remove, .. }
            if says("does not have a corresponding license") =>
        {
            // The call is all or nothing: only a single removal is so already.
            return if add.is_empty() && remove.len() == 1 {
                Meaning::AlreadySo
            } else {
                no("a licence that should be taken is not held any more, so none was changed; \
                    look again and ask anew")
            };
        }
        _ => {}
    }
    if says("on-premises mastered") || says("directory sync") {
        let what = match change {
            Change::AddMember { .. } | Change::RemoveMember { .. } => "group",
            _ => "account",
        };
        return Meaning::Refused(synced(what));
    }
    if says("mail-enabled security group") || says("distribution list") {
        return no("the group is managed in Exchange, not in the directory");
    }
    if says("dynamic") && says("member") {
        return Meaning::Refused(dynamic_group());
    }
    if says("usage location") {
        return no("the user has no usage location that the licence allows; set the country first");
    }
    if says("does not have any available licenses") {
        return Meaning::NoSeats(first_guid(&text));
    }
    if says("mutually exclusive") {
        return no(
            "the licence cannot stand beside another one the user holds; swap them in one step",
        );
    }
    if says("depends on the service plan") || says("dependency") {
        return no("a service plan needs another one that would be missing");
    }
    if says("inherited from a group") {
        return no("the licence comes from a group: take the user out of that group instead");
    }
    if says("password") && matches!(change, Change::SetPassword { .. }) {
        return no("the tenant's password policy refuses the generated password");
    }
    if says("mailbox is either inactive") || answer.code() == "MailboxNotEnabledForRESTAPI" {
        return Meaning::Refused(no_mailbox());
    }
    if let Some(reason) = unlicensed(answer.message()) {
        return Meaning::Refused(reason);
    }
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

fn no_mailbox() -> Reason {
    let what = "there is no mailbox in Exchange Online (none, on-premises, or deleted)";
    Reason::NotPossible { what: what.to_owned() }
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
