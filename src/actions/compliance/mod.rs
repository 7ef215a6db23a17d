//! Holds and archives. One file per action id.
//!
//! - [`set_litigation_hold`] also the archive
//!
//! Reading a mailbox's hold, archive and retention policy is part of
//! [`list_mailbox_permissions`](super::mailboxes::list_mailbox_permissions).
//!
//! Not here: eDiscovery and Purview's own retention policies, which have another door.

pub mod set_litigation_hold;
