//! Everything that an action may look at: all the reading ports in one.

use crate::ports::{
    applications::Applications, devices::Devices, directory::Directory, domains::Domains,
    groups::Groups, guests::Guests, handover::Handover, mail_flow::MailFlow, mailboxes::Mailboxes,
    people::LooksAtPeople, policies::Policies, raw_graph::RawGraph, roles::Roles,
    workbooks::Workbooks,
};

/// What planning may look at. Cannot change anything. A reading port joins by its name
/// here, in both places.
pub trait World:
    Directory
    + LooksAtPeople
    + Groups
    + Guests
    + Roles
    + Devices
    + Mailboxes
    + MailFlow
    + Handover
    + Policies
    + Applications
    + Domains
    + Workbooks
    + RawGraph
{
}

impl<T> World for T where
    T: Directory
        + LooksAtPeople
        + Groups
        + Guests
        + Roles
        + Devices
        + Mailboxes
        + MailFlow
        + Handover
        + Policies
        + Applications
        + Domains
        + Workbooks
        + RawGraph
{
}
