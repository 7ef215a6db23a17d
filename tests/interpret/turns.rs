//! Wishes in other turns: what is wanted said last, shorthand with arrows, what is missing or in
//! the way, an order that follows what was told without a mark between them.

use super::check;

#[test]
fn what_is_wanted_may_stand_first_or_last() {
    check(&[
        ("What Omar Haddad needs is a new password.", &["reset_password user=omar.haddad"]),
        ("Grace Kim's sessions: end them all", &["revoke_sessions user=grace.kim"]),
        (
            "Megan Bowen fell for a fake page: new password, drop every session, and reset her MFA",
            &[
                "reset_mfa user=megan.bowen",
                "reset_password user=megan.bowen",
                "revoke_sessions user=megan.bowen",
            ],
        ),
    ]);
}

#[test]
fn arrows_and_marks_stand_for_verbs() {
    check(&[
        ("visio -> grace kim", &["assign_license license=VISIOCLIENT user=grace.kim"]),
        (
            "grace kim + omar haddad -> Project Atlas",
            &[
                "add_to_group group=Project Atlas user=grace.kim",
                "add_to_group group=Project Atlas user=omar.haddad",
            ],
        ),
        (
            "omar haddad's mail -> grace kim",
            &["set_forwarding forward_to=grace.kim mailbox=omar.haddad"],
        ),
    ]);
}

#[test]
fn off_and_out_never_give() {
    check(&[
        ("power bi off grace kim pls", &["remove_license license=POWER_BI_PRO user=grace.kim"]),
        (
            "Omar Haddad wants out of Project Phoenix",
            &["remove_from_group group=Project Phoenix user=omar.haddad"],
        ),
        ("get me off the all staff list", &["remove_from_group group=All Staff user=tess.ito"]),
    ]);
}

#[test]
fn what_is_missing_is_added() {
    check(&[
        (
            "Grace Kim is still missing from VPN Users",
            &["add_to_group group=VPN Users user=grace.kim"],
        ),
        (
            "Why isn't Omar Haddad in VPN Users? Please add him.",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        (
            "Grace Kim needs to be in Project Atlas and have a Visio licence",
            &[
                "add_to_group group=Project Atlas user=grace.kim",
                "assign_license license=VISIOCLIENT user=grace.kim",
            ],
        ),
    ]);
}

#[test]
fn both_is_never_one_alone() {
    check(&[(
        "Grace Kim and Omar Haddad are on duty from now on, please add both to VPN Users",
        &[
            "add_to_group group=VPN Users user=grace.kim",
            "add_to_group group=VPN Users user=omar.haddad",
        ],
    )]);
}

#[test]
fn a_lock_is_no_block() {
    check(&[
        (
            "Grace Kim is locked out again, can you let her back in?",
            &["unlock_user user=grace.kim"],
        ),
        ("Take the lock off Omar Haddad's account", &["unlock_user user=omar.haddad"]),
    ]);
}

#[test]
fn an_order_may_follow_without_a_mark() {
    check(&[
        (
            "omar haddad dont need the info mailbox no more take his access off",
            &["remove_mailbox_permission mailbox=info permission=full_access user=omar.haddad"],
        ),
        (
            "get me off the all staff list phone never stops",
            &["remove_from_group group=All Staff user=tess.ito"],
        ),
    ]);
}

#[test]
fn a_word_of_a_policys_name_says_nothing_of_its_state() {
    check(&[
        (
            "VPN Users should be excluded from the policy Block sign-ins from outside EU",
            &[
                "update_ca_policy exclude_groups=[\"VPN Users\"] policy=Block sign-ins from outside EU",
            ],
        ),
        (
            "rename the policy Terms of use for guests to Guest house rules",
            &["update_ca_policy display_name=Guest house rules policy=Terms of use for guests"],
        ),
        ("rename the policy Terms of use for guests", &["update_ca_policy ? display_name"]),
    ]);
}

#[test]
fn a_list_that_is_left_is_no_company() {
    check(&[(
        "Grace Kim leaves the All Staff list on 30 March, please take her off then",
        &["remove_from_group at=2026-03-30 group=All Staff user=grace.kim"],
    )]);
}

#[test]
fn whose_mail_it_is_does_not_get_it() {
    check(&[(
        "all mail to info@ should also reach Grace Kim",
        &["set_forwarding forward_to=grace.kim mailbox=info"],
    )]);
}
