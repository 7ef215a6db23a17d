//! Looks at mailboxes, the rights on them and the rules in them. Cannot change anything.

use async_trait::async_trait;

use crate::domain::{
    ids::{TenantId, UserId},
    mail::{InboxRule, MailRights, Mailbox, Recipient, Search},
    trouble::Result,
};

/// Reads what Exchange knows of recipients.
#[async_trait]
pub trait Mailboxes: Send + Sync {
    /// Whoever has this address, name or object id; `None` when nobody has.
    async fn recipient(&self, tenant: &TenantId, identity: &str) -> Result<Option<Recipient>>;

    /// Recipients that fit, at most `search.limit`.
    async fn recipients(&self, tenant: &TenantId, search: &Search) -> Result<Vec<Recipient>>;

    /// The mailbox of an account with its size; `None` when there is none, or not yet.
    async fn mailbox_of(&self, user: &UserId) -> Result<Option<Mailbox>>;

    /// Who may open it and send as it; `None` when there is no mailbox.
    async fn mail_rights(&self, user: &UserId) -> Result<Option<MailRights>>;

    /// Its inbox rules in their order, the hidden ones too, at most 500; where they send
    /// mail on to is found out. `None` when there is no mailbox.
    async fn inbox_rules(&self, user: &UserId) -> Result<Option<Vec<InboxRule>>>;

    /// The tenant's own domains, in small letters.
    async fn accepted_domains(&self, tenant: &TenantId) -> Result<Vec<String>>;
}
