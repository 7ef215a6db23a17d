//! Who goes out and who comes in, what is "no more", what is only told, and little words that
//! stand for what was said before.

use super::check;

#[test]
fn one_goes_out_and_one_comes_in() {
    check(&[
        (
            "Project Atlas: Grace Kim out, Omar Haddad in",
            &[
                "add_to_group group=Project Atlas user=omar.haddad",
                "remove_from_group group=Project Atlas user=grace.kim",
            ],
        ),
        (
            "Info mailbox, send as: Grace Kim in, Omar Haddad out.",
            &[
                "add_send_as mailbox=info user=grace.kim",
                "remove_send_as mailbox=info user=omar.haddad",
            ],
        ),
        (
            "Info mailbox, full access: Omar Haddad out, Grace Kim in.",
            &[
                "add_mailbox_permission mailbox=info permission=full_access user=grace.kim",
                "remove_mailbox_permission mailbox=info permission=full_access user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn no_more_never_gives() {
    check(&[
        (
            "info@contoso.com, Grace Kim: no more full access.",
            &["remove_mailbox_permission mailbox=info permission=full_access user=grace.kim"],
        ),
        (
            "Exchange Administrator for Chris Green: not any more, please.",
            &["remove_role role=Exchange Administrator user=chris.green"],
        ),
        (
            "please don't touch Grace Kim's licences, only take her out of VPN Users",
            &["remove_from_group group=VPN Users user=grace.kim"],
        ),
    ]);
}

#[test]
fn the_other_one_gets_the_mail() {
    check(&[
        (
            "stop forwarding info@ to Grace Kim, send it to Omar Haddad",
            &["set_forwarding forward_to=omar.haddad mailbox=info"],
        ),
        (
            "The Info mailbox currently forwards to Grace Kim; point it at Omar Haddad instead",
            &["set_forwarding forward_to=omar.haddad mailbox=info"],
        ),
        ("The Info mailbox currently forwards to Grace Kim.", &[]),
    ]);
}

#[test]
fn on_behalf_of_somebody_is_no_full_access() {
    check(&[
        (
            "Megan Bowen is swamped, so she'd like Grace Kim to be able to send on behalf of her",
            &[
                "add_mailbox_permission mailbox=megan.bowen permission=send_on_behalf user=grace.kim",
            ],
        ),
        (
            "Grace Kim should be able to send mail on Megan Bowen's behalf",
            &[
                "add_mailbox_permission mailbox=megan.bowen permission=send_on_behalf user=grace.kim",
            ],
        ),
    ]);
}

#[test]
fn his_is_nobody_who_is_named_only_behind_it() {
    check(&[
        (
            "I spoke to Omar Haddad, he is out till May. Make his mailbox a shared one and let Grace Kim in",
            &[
                "add_mailbox_permission mailbox=omar.haddad permission=full_access user=grace.kim",
                "convert_to_shared_mailbox mailbox=omar.haddad",
            ],
        ),
        (
            "Chris Naidu and I agreed. Omar Haddad wants to read along, so turn his mailbox into a shared one",
            &["convert_to_shared_mailbox mailbox=omar.haddad"],
        ),
    ]);
}

#[test]
fn what_is_told_or_was_asked_before_changes_nothing() {
    check(&[
        (
            "leaning towards dropping Visio for Grace Kim. need to run it past Megan Bowen first",
            &[],
        ),
        (
            "On Tuesday we asked for Grace Kim to be given Visio. Could you tell me where that has got to?",
            &[],
        ),
        ("Grace Kim got taken off Project Atlas by mistake in the clean-up.", &[]),
        ("Grace Kim goes on nights from Friday.", &[]),
        ("can E3 people have teams on their own phones or is that not allowed?", &[]),
    ]);
}

#[test]
fn names_and_short_words_may_be_mistyped() {
    check(&[
        ("visoi off grace kim pls", &["remove_license license=VISIOCLIENT user=grace.kim"]),
        (
            "tkae omar haddad off proejct atlas",
            &["remove_from_group group=Project Atlas user=omar.haddad"],
        ),
        (
            "add grace kim to project phoneix",
            &["add_to_group group=Project Phoenix user=grace.kim"],
        ),
    ]);
}
