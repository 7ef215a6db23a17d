//! Questions that a look answers, however they are put; and those that ask something else.

use super::check;

#[test]
fn what_can_be_looked_up_is_looked_up_however_it_is_asked() {
    check(&[
        ("admin roles on Grace Kim?", &["list_user_roles user=grace.kim"]),
        ("grps for Grace Kim?", &["list_user_groups user=grace.kim"]),
        ("what kit does Grace Kim have enrolled", &["list_user_devices user=grace.kim"]),
        ("does Grace Kim have a Visio licence?", &["list_licenses user=grace.kim"]),
        (
            "Could you let me know if Grace Kim has a Visio licence",
            &["list_licenses user=grace.kim"],
        ),
        (
            "Grace Kim's manager wants to know whether her account was disabled",
            &["get_user user=grace.kim"],
        ),
        ("CA policies that r still in report only", &["list_ca_policies state=report_only"]),
        ("secrets expiring in the next 45 days?", &["list_expiring_secrets days=45"]),
    ]);
}

#[test]
fn other_questions_are_left_alone() {
    check(&[
        ("can you wipe devices?", &[]),
        ("who removed Grace Kim from Sales Team?", &[]),
        ("what happens to the mailbox when I delete a user?", &[]),
        ("how do I see Grace Kim's groups?", &[]),
        ("why is Grace Kim's account blocked?", &[]),
        ("who is allowed to see Grace Kim's groups?", &[]),
        ("Set-MgUser? no i think its Update-MgUser -AccountEnabled:$false", &[]),
    ]);
}
