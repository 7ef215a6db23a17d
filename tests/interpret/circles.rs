//! Groups, guests, roles and devices in many people's voices.

use countersign::interpret::Index;

use super::{DIRECTORY, check, check_in};

/// The small directory with a few devices.
fn with_devices() -> Index {
    let mut directory: serde_json::Value = serde_json::from_str(DIRECTORY).unwrap();
    directory["devices"] = serde_json::json!([
        { "name": "LT-GKIM-01", "owner": "grace.kim@contoso.com", "kind": "laptop" },
        { "name": "IPH-GKIM", "owner": "grace.kim@contoso.com", "kind": "phone" },
        { "name": "LT-OHADDAD-01", "owner": "omar.haddad@contoso.com", "kind": "laptop" },
    ]);
    Index::from_directory_json(&directory.to_string()).unwrap()
}

#[test]
fn groups_are_made_and_looked_up() {
    check(&[
        (
            "could you set up a new Microsoft 365 group called Spring Fair please",
            &["create_group display_name=Spring Fair group_type=microsoft365"],
        ),
        (
            "Please create a distribution list named \"Company Runners\"",
            &["create_group display_name=Company Runners group_type=distribution"],
        ),
        ("create a security group", &["create_group ? display_name"]),
        ("who is in VPN Users?", &["list_group_members group=VPN Users"]),
        ("list everyone in the Sales Team group", &["list_group_members group=Sales Team"]),
        ("who owns the Project Phoenix group", &["list_group_owners group=Project Phoenix"]),
        ("show me the groups Grace Kim is in", &["list_user_groups user=grace.kim"]),
        ("list Omar Haddad's group memberships", &["list_user_groups user=omar.haddad"]),
        ("show all security groups", &["list_groups group_type=security"]),
        ("show details of the VPN Users group", &["get_group group=VPN Users"]),
        (
            "bulk add Grace Kim, Omar Haddad and Megan Bowen to the VPN Users group",
            &[
                "add_group_members group=VPN Users members=[\"grace.kim@contoso.com\",\"omar.haddad@contoso.com\",\"megan.bowen@contoso.com\"]",
            ],
        ),
        (
            "add Grace Kim and Omar Haddad to VPN Users",
            &[
                "add_to_group group=VPN Users user=grace.kim",
                "add_to_group group=VPN Users user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn guests_are_invited_and_answered_for() {
    check(&[
        ("Please invite nora@fabrikam.com as a guest", &["invite_guest email=nora@fabrikam.com"]),
        (
            "can you send a guest invite to nora@fabrikam.com",
            &["invite_guest email=nora@fabrikam.com"],
        ),
        (
            "make Grace Kim the sponsor of nora@fabrikam.com",
            &["add_sponsor guest=nora@fabrikam.com sponsor=grace.kim"],
        ),
    ]);
}

#[test]
fn roles_are_given_taken_and_shown() {
    check(&[
        (
            "make Grace Kim a global admin",
            &["assign_role role=Global Administrator user=grace.kim"],
        ),
        (
            "please give Omar Haddad the helpdesk administrator role",
            &["assign_role role=Helpdesk Administrator user=omar.haddad"],
        ),
        (
            "remove the User Administrator role from Grace Kim",
            &["remove_role role=User Administrator user=grace.kim"],
        ),
        ("Give Omar Haddad admin rights", &["assign_role ? role"]),
        ("show Grace Kim's admin roles", &["list_user_roles user=grace.kim"]),
    ]);
}

#[test]
fn devices_are_wiped_retired_and_shown() {
    check_in(
        &with_devices(),
        &[
            ("wipe Grace Kim's laptop", &["wipe_device device=LT-GKIM-01"]),
            ("Grace's phone was stolen, please wipe it", &["wipe_device device=IPH-GKIM"]),
            ("Reset Grace Kim's laptop to factory settings", &["wipe_device device=LT-GKIM-01"]),
            ("please retire the device LT-OHADDAD-01", &["retire_device device=LT-OHADDAD-01"]),
            ("delete device IPH-GKIM", &["delete_device device=IPH-GKIM"]),
            ("show Grace Kim's devices", &["list_user_devices user=grace.kim"]),
            ("list all noncompliant devices", &["list_managed_devices compliance=noncompliant"]),
            ("show all Android devices", &["list_managed_devices os=android"]),
            (
                "make Omar Haddad the owner of device LT-GKIM-01",
                &["add_device_owner device=LT-GKIM-01 user=omar.haddad"],
            ),
        ],
    );
    check(&[("wipe Grace Kim's laptop", &["wipe_device ? device"])]);
}

#[test]
fn what_was_once_not_offered_is_read_as_what_it_is() {
    check(&[
        ("reset MFA for Grace Kim", &["reset_mfa user=grace.kim"]),
        ("disable MFA for Grace Kim", &["reset_mfa user=grace.kim"]),
        ("Reset Grace Kim's authenticator app", &["reset_mfa method=authenticator user=grace.kim"]),
        ("Disable two-factor for Omar Haddad", &["reset_mfa user=omar.haddad"]),
        (
            "reset Omar Haddad's password and his MFA",
            &["reset_mfa user=omar.haddad", "reset_password user=omar.haddad"],
        ),
        ("delete the user Grace Kim", &["delete_user user=grace.kim"]),
        ("delete Grace Kim's account", &["delete_user user=grace.kim"]),
        ("Delete Omar Haddad", &["delete_user user=omar.haddad"]),
        ("unlock Grace Kim", &["unlock_user user=grace.kim"]),
        (
            "forward Grace Kim's mail to Omar Haddad",
            &["set_forwarding forward_to=omar.haddad mailbox=grace.kim"],
        ),
        ("disable forwarding on Grace Kim's mailbox", &["remove_forwarding mailbox=grace.kim"]),
        (
            "Enable the archive mailbox for Grace Kim",
            &["set_litigation_hold archive=true mailbox=grace.kim"],
        ),
        ("Enable litigation hold for Omar Haddad", &["set_litigation_hold mailbox=omar.haddad"]),
        (
            "change Grace Kim's job title to Lead",
            &["update_user fields={\"jobTitle\":\"Lead\"} user=grace.kim"],
        ),
        (
            "Change Grace Kim's surname to Park",
            &["update_user fields={\"surname\":\"Park\"} user=grace.kim"],
        ),
        (
            "Give Grace Kim full access to Omar Haddad's mailbox",
            &["add_mailbox_permission mailbox=omar.haddad permission=full_access user=grace.kim"],
        ),
        (
            "give Grace Kim access to Omar Haddad's mailbox",
            &["add_mailbox_permission mailbox=omar.haddad permission=full_access user=grace.kim"],
        ),
    ]);
}
