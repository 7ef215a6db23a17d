//! What the labelled messages taught: each was read wrongly, or not at all, before.

use countersign::interpret::Index;

use super::{DIRECTORY, check, check_in};

#[test]
fn what_is_to_stay_as_it_is_is_not_touched() {
    check(&[
        ("please leave Grace Kim's account enabled, do not block it", &[]),
        ("keep Grace Kim's account disabled", &[]),
        ("never forward Grace Kim's mail to Omar Haddad", &[]),
    ]);
}

#[test]
fn access_to_a_mailbox_is_not_the_mailbox() {
    let mut directory: serde_json::Value = serde_json::from_str(DIRECTORY).unwrap();
    directory["sharedMailboxes"] =
        serde_json::json!([{ "displayName": "Billing", "address": "billing@contoso.com" }]);
    let index = Index::from_directory_json(&directory.to_string()).unwrap();
    let taken = "remove_mailbox_permission mailbox=billing permission=full_access user=omar.haddad";
    let given = "add_mailbox_permission mailbox=billing permission=full_access user=omar.haddad";
    check_in(
        &index,
        &[
            ("remove Omar Haddad's access to the Billing mailbox", &[taken]),
            ("Omar Haddad should be granted access to billing@contoso.com", &[given]),
            ("Omar Haddad needs to read the Billing mailbox", &[given]),
        ],
    );
}

#[test]
fn a_new_password_is_chosen_or_handed_out() {
    check(&[
        (
            "Make Grace Kim change her password at next sign-in",
            &["force_password_change user=grace.kim"],
        ),
        (
            "Grace Kim must choose a new password the next time she logs on",
            &["force_password_change user=grace.kim"],
        ),
        ("change Grace Kim's password", &["reset_password user=grace.kim"]),
    ]);
}

#[test]
fn nouns_and_other_verbs_ask_too() {
    check(&[
        ("account suspension for Grace Kim please", &["disable_user user=grace.kim"]),
        ("can you stop Grace Kim from signing in?", &["disable_user user=grace.kim"]),
        (
            "on 1 June 2026 at 9am enable Grace Kim",
            &["enable_user at=2026-06-01T09:00 user=grace.kim"],
        ),
        (
            "Grace Kim needs Power BI Pro for the month-end reports",
            &["assign_license license=POWER_BI_PRO user=grace.kim"],
        ),
        (
            "Grace Kim's title should be changed to Depot Manager",
            &["update_user fields={\"jobTitle\":\"Depot Manager\"} user=grace.kim"],
        ),
        (
            "Omar Haddad cannot connect to the VPN because he is missing from the VPN Users group, please add him",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        (
            "GET /users/grace.kim@contoso.com/memberOf",
            &["graph_request method=GET path=/users/grace.kim@contoso.com/memberOf"],
        ),
    ]);
}

#[test]
fn a_name_alone_and_somebody_s_notes_make_nothing() {
    check(&[
        ("Payroll Connector", &[]),
        ("info mailbox and Grace Kim", &[]),
        (
            "Grace Kim can't log in, board meeting in 10 min, reset her password NOW",
            &["reset_password user=grace.kim"],
        ),
    ]);
}

#[test]
fn one_licence_for_another_is_two_steps() {
    check(&[(
        "swap Grace Kim from Visio to Power BI Pro",
        &[
            "assign_license license=POWER_BI_PRO user=grace.kim",
            "remove_license license=VISIOCLIENT user=grace.kim",
        ],
    )]);
}

#[test]
fn taking_somebody_off_a_mailbox_deletes_no_mailbox() {
    let taken = "remove_mailbox_permission mailbox=info permission=full_access user=omar.haddad";
    check(&[
        ("remove Omar Haddad from the info@ mailbox", &[taken]),
        ("take Omar Haddad off info@", &[taken]),
        ("delete the shared mailbox info@contoso.com", &["delete_shared_mailbox mailbox=info"]),
    ]);
}

#[test]
fn whoever_gets_the_leavers_mail_stays() {
    check(&[(
        "Grace Kim's last day is Friday. Please run the leaver process for her and have her mail forwarded to Omar Haddad",
        &["offboard_user at=2026-03-06 forward_to=omar.haddad user=grace.kim"],
    )]);
}

#[test]
fn a_policy_is_made_only_where_somebody_says_so() {
    check(&[(
        "flip 'Block sign-ins from outside EU' from report only to on",
        &["update_ca_policy policy=Block sign-ins from outside EU state=enabled"],
    )]);
}

#[test]
fn what_was_closed_is_not_opened_again() {
    check(&[("ticket I closed yesterday lol:\n'please disable Grace Kim'", &[])]);
}

#[test]
fn what_somebody_should_lose_or_be_prompted_for_is_asked() {
    check(&[
        (
            "Grace Kim should be prompted to choose a new password at her next logon",
            &["force_password_change user=grace.kim"],
        ),
        (
            "make Grace Kim pick a new pwd the next time she logs on",
            &["force_password_change user=grace.kim"],
        ),
    ]);
}
