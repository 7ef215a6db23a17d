//! Ways of asking that other offices have: who answers to whom, lists under a heading, both
//! of them, in and out, forms.

use super::check;

#[test]
fn somebody_answers_to_somebody_else() {
    check(&[
        (
            "Omar Haddad now answers to Megan Bowen",
            &["set_manager manager=megan.bowen user=omar.haddad"],
        ),
        (
            "Grace Kim is now under Megan Bowen, please record it",
            &["set_manager manager=megan.bowen user=grace.kim"],
        ),
        (
            "New structure in my area, effective 1 April:\n1. Grace Kim reports to me\n2. Omar Haddad reports to me",
            &[
                "set_manager at=2026-04-01 manager=tess.ito user=grace.kim",
                "set_manager at=2026-04-01 manager=tess.ito user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn both_are_the_two_of_the_sentence_before() {
    check(&[
        (
            "Grace Kim and Omar Haddad never see the notices. Would you add both to All Staff?",
            &[
                "add_to_group group=All Staff user=grace.kim",
                "add_to_group group=All Staff user=omar.haddad",
            ],
        ),
        // Of three nobody is both.
        (
            "Grace Kim, Omar Haddad and Megan Bowen never see the notices. Would you add both to All Staff?",
            &["add_to_group ? user"],
        ),
        (
            "Grace Kim and Omar Haddad can come off Project Atlas",
            &[
                "remove_from_group group=Project Atlas user=grace.kim",
                "remove_from_group group=Project Atlas user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn in_and_out_of_a_group() {
    check(&[
        (
            "Grace Kim into VPN Users. Omar Haddad out of it.",
            &[
                "add_to_group group=VPN Users user=grace.kim",
                "remove_from_group group=VPN Users user=omar.haddad",
            ],
        ),
        (
            "VPN Users changes: in = Grace Kim, Megan Bowen. out = Omar Haddad.",
            &[
                "add_to_group group=VPN Users user=grace.kim",
                "add_to_group group=VPN Users user=megan.bowen",
                "remove_from_group group=VPN Users user=omar.haddad",
            ],
        ),
        (
            "please make it so that Megan Bowen comes into Project Phoenix",
            &["add_to_group group=Project Phoenix user=megan.bowen"],
        ),
    ]);
}

#[test]
fn mailboxes_and_mail_in_other_words() {
    check(&[
        (
            "Please allow Grace Kim into the Info mailbox, and allow her to reply under that address as well",
            &[
                "add_mailbox_permission mailbox=info permission=full_access user=grace.kim",
                "add_send_as mailbox=info user=grace.kim",
            ],
        ),
        (
            "Please see to it that whatever arrives at info@contoso.com should go on to Grace Kim",
            &["set_forwarding forward_to=grace.kim mailbox=info"],
        ),
    ]);
}

#[test]
fn forms_of_other_houses() {
    check(&[
        (
            "Could you action this please?\n\nSOFTWARE REQUEST\nEmployee: Grace Kim\nProduct required: Visio\nReason: floor plans",
            &["assign_license license=VISIOCLIENT user=grace.kim"],
        ),
        (
            "EMPLOYEE CHANGE FORM\nEmployee: Grace Kim\nPresent title: Trainer\nNew title: Senior Trainer\nEffective: 01/04/2026\nplease process",
            &[r#"update_user at=2026-04-01 fields={"jobTitle":"Senior Trainer"} user=grace.kim"#],
        ),
        (
            "VISITOR ACCESS, please set up\nVisitor: Lotte Vink\nE-mail: lotte.vink@adatum.example\nSponsor: Grace Kim\nTeam: Project Atlas",
            &[
                "invite_guest display_name=Lotte Vink email=lotte.vink@adatum.example groups=[\"Project Atlas\"] sponsor=grace.kim",
            ],
        ),
    ]);
}

#[test]
fn looks_in_other_words() {
    check(&[
        ("in which groups do we find Grace Kim?", &["list_user_groups user=grace.kim"]),
        ("Who is holding a Visio licence?", &["list_users license=VISIOCLIENT"]),
    ]);
}

#[test]
fn an_owner_is_no_member_and_a_group_that_is_there_is_not_made() {
    check(&[
        (
            "make Grace Kim an owner of Project Atlas",
            &["add_group_owner group=Project Atlas user=grace.kim"],
        ),
        (
            "Please add Omar Haddad as owner of VPN Users",
            &["add_group_owner group=VPN Users user=omar.haddad"],
        ),
        // Who should own it is told; nobody becomes a member by it.
        ("Grace Kim should own the Project Phoenix group from now on", &[]),
        (
            "remove Omar Haddad as an owner of the VPN Users group",
            &["remove_group_owner group=VPN Users user=omar.haddad"],
        ),
        ("who owns Project Atlas?", &["list_group_owners group=Project Atlas"]),
        (
            "create a security group called Warehouse Keys, owner Grace Kim",
            &["create_group display_name=Warehouse Keys group_type=security owner=grace.kim"],
        ),
    ]);
}
