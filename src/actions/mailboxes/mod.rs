//! Mailboxes. One file per action id.
//!
//! - [`set_out_of_office`]
//! - [`set_forwarding`] [`remove_forwarding`] with [`forwarding`], what they share
//! - [`convert_to_shared_mailbox`] [`create_shared_mailbox`] [`delete_shared_mailbox`]
//! - [`add_mailbox_permission`] [`remove_mailbox_permission`] [`add_send_as`]
//!   [`remove_send_as`] with [`rights`], what they share; [`list_mailbox_permissions`]
//! - [`hide_from_address_list`]
//! - [`list_inbox_rules`] [`remove_inbox_rules`]
//! - [`cancel_meetings`] [`grant_onedrive_access`]: what somebody who leaves hands over
//!
//! Not here: how a change is made; that is an adapter's work.

pub mod add_mailbox_permission;
pub mod add_send_as;
pub mod cancel_meetings;
pub mod convert_to_shared_mailbox;
pub mod create_shared_mailbox;
pub mod delete_shared_mailbox;
pub mod forwarding;
pub mod grant_onedrive_access;
pub mod hide_from_address_list;
pub mod list_inbox_rules;
pub mod list_mailbox_permissions;
pub mod remove_forwarding;
pub mod remove_inbox_rules;
pub mod remove_mailbox_permission;
pub mod remove_send_as;
pub mod rights;
pub mod set_forwarding;
pub mod set_out_of_office;

/// What looking at a mailbox through Exchange needs.
const READS: &[&str] = &["exchange:Exchange.ManageAsApp", "role:Exchange Recipient Administrator"];
