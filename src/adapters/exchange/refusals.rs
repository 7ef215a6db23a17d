//! What Exchange will not do, in words that people understand.

use crate::{adapters::graph::refusals::synced, domain::trouble::Reason};

/// Signs in an error's text (small letters), and what they mean.
const KNOWN: &[(&str, &str)] = &[
    (
        "limit of maximum allowed access control entries",
        "the mailbox has as many permission entries as Exchange allows (500); give the right to \
         a mail-enabled security group instead, or clean up old entries",
    ),
    (
        "is already being used by the proxy addresses",
        "the address is taken by another mailbox, group or deleted account of the tenant",
    ),
    ("it's not an accepted domain", "the domain of this address does not belong to the tenant"),
    (
        "isn't valid to permit you to put litigation hold",
        "the mailbox has no licence for litigation hold; Microsoft wants Exchange Online Plan 2, \
         or Plan 1 with archiving",
    ),
    ("already has an archive", "the mailbox has an archive already"),
    (
        "isn't a security principal",
        "Exchange gives rights only to accounts and to mail-enabled security groups",
    ),
];

/// What the text of an error means; `None` for one nobody has shown us.
pub(super) fn known(text: &str) -> Option<Reason> {
    if text.contains("synchronized from your on-premises") {
        return Some(synced("object"));
    }
    let found = KNOWN.iter().find(|(sign, _)| text.contains(sign));
    found.map(|(_, what)| Reason::NotPossible { what: (*what).to_owned() })
}
