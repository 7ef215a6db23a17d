//! What little words point at, over the borders of sentences; and that a right is taken, and
//! never what it is a right on.

use super::check;

#[test]
fn a_right_that_was_told_of_is_taken_and_not_the_mailbox() {
    check(&[
        (
            "Grace Kim helped on the front desk last summer. She no longer has to read the Info mailbox, would you take that away.",
            &["remove_mailbox_permission mailbox=info permission=full_access user=grace.kim"],
        ),
        (
            "Omar Haddad still sends as info@contoso.com from two jobs ago. Nobody is cross, but take that right away from him please.",
            &["remove_send_as mailbox=info user=omar.haddad"],
        ),
        (
            "John Doe doesn't need to send on behalf of info@contoso.com any more; please withdraw it for him",
            &["remove_mailbox_permission mailbox=info permission=send_on_behalf user=john.doe"],
        ),
        (
            "It came up in the review that Megan Bowen is still having full access to the Info mailbox. As she is elsewhere now, the said access may please be withdrawn.",
            &["remove_mailbox_permission mailbox=info permission=full_access user=megan.bowen"],
        ),
    ]);
}

#[test]
fn nothing_is_deleted_by_words_that_take_something_else() {
    check(&[
        (
            "The Info mailbox is full again, nobody can read it. Please remove that text from the wiki.",
            &[],
        ),
        ("Grace Kim left the car pool. She no longer needs the key, please take that away", &[]),
    ]);
}

#[test]
fn what_somebody_lost_is_given_back() {
    check(&[(
        "Grace Kim can't open the Info mailbox since the migration, can she get it back please",
        &["add_mailbox_permission mailbox=info permission=full_access user=grace.kim"],
    )]);
}

#[test]
fn little_words_mean_the_one_thing_or_person_of_the_sentence_before() {
    check(&[
        (
            "Power BI Pro is at 19 of 20 and three people are waiting. Buy 5 more.",
            &["purchase_license license=POWER_BI_PRO quantity=5"],
        ),
        (
            "The Info mailbox has had no message for three years. It can be deleted.",
            &["delete_shared_mailbox mailbox=info"],
        ),
        (
            "'Terms of use for guests' is superseded. It should be removed completely.",
            &["delete_ca_policy policy=Terms of use for guests"],
        ),
    ]);
}
