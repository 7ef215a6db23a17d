//! What an action is told besides whom it is about: somebody new, rows, lists, policies.

use super::check;

#[test]
fn lists_are_narrowed() {
    check(&[
        ("list everybody in Sales", &["list_users department=Sales"]),
        ("could you show me all suspended accounts", &["list_users state=disabled"]),
        ("show me the guest users please", &["list_users user_type=guest"]),
        ("who reports to Thomas Okafor?", &["list_users manager=thomas.okafor"]),
        (
            "which groups have we got with project in the name? list all groups with project in the name",
            &["list_groups query=project"],
        ),
        ("list the apps called payroll", &["list_apps query=payroll"]),
        ("how many Visio licences do we have left?", &["list_skus license=VISIOCLIENT"]),
        ("do we have any unused Power BI Pro seats?", &["list_skus license=POWER_BI_PRO"]),
        ("which licences does Grace Kim have?", &["list_licenses user=grace.kim"]),
        ("which roles does Omar Haddad hold?", &["list_user_roles user=omar.haddad"]),
        ("group memberships of Grace Kim please", &["list_user_groups user=grace.kim"]),
        ("what licence does Grace Kim need for Visio?", &[]),
        ("does our team have the licences sorted?", &[]),
    ]);
}

#[test]
fn somebody_new_is_described() {
    check(&[
        (
            "create a new user Nora Quist, department Sales, title Account Manager, reporting to Thomas Okafor",
            &[
                "create_user department=Sales display_name=Nora Quist job_title=Account Manager manager=thomas.okafor",
            ],
        ),
        (
            "please create an account for our intern, Nora Quist. She will sit with Sales.",
            &["create_user department=Sales display_name=Nora Quist"],
        ),
        (
            "invite nora@fabrikam.com (Nora Quist) as a guest and put them in Project Atlas",
            &[
                "invite_guest display_name=Nora Quist email=nora@fabrikam.com groups=[\"Project Atlas\"]",
            ],
        ),
    ]);
}

#[test]
fn a_manager_is_set_whoever_is_said_first() {
    check(&[
        ("make Tess Ito Grace Kim's manager", &["set_manager manager=tess.ito user=grace.kim"]),
        (
            "please change Grace Kim's line manager to Omar Haddad",
            &["set_manager manager=omar.haddad user=grace.kim"],
        ),
        (
            "While Tess Ito is away, set Thomas Okafor as Omar Haddad's manager",
            &["set_manager manager=thomas.okafor user=omar.haddad"],
        ),
    ]);
}

#[test]
fn rows_have_cells_and_sheets() {
    check(&[
        (
            "add a row to Leavers Tracker.xlsx sheet Spring: Omar Haddad, Support, 2026-04-01",
            &[
                "workbook_add_row values=[\"Omar Haddad\",\"Support\",\"2026-04-01\"] workbook=Leavers Tracker.xlsx worksheet=Spring",
            ],
        ),
        (
            "fetch the rows of the Phones sheet in Asset Register.xlsx",
            &["workbook_fetch_rows workbook=Asset Register.xlsx worksheet=Phones"],
        ),
        (
            "update row 9 in Asset Register.xlsx to LT-7, lost",
            &["workbook_update_row row=9 values=[\"LT-7\",\"lost\"] workbook=Asset Register.xlsx"],
        ),
    ]);
}

#[test]
fn policies_spare_and_include() {
    check(&[
        (
            "exclude the VPN Users group from the Block legacy authentication policy",
            &["update_ca_policy exclude_groups=[\"VPN Users\"] policy=Block legacy authentication"],
        ),
        (
            "new ca policy \"Phones need MFA\", report only, requires mfa, applies to the Sales Team group",
            &[
                "create_ca_policy display_name=Phones need MFA grant=mfa include_groups=[\"Sales Team\"] state=report_only",
            ],
        ),
    ]);
}

#[test]
fn what_was_said_before_is_taken_up() {
    check(&[
        (
            "Grace Kim has been promoted to Head Trainer. Please update her job title.",
            &["update_user fields={\"jobTitle\":\"Head Trainer\"} user=grace.kim"],
        ),
        ("Omar Haddad is locked out (again), can you unlock", &["unlock_user user=omar.haddad"]),
        (
            "Grace Kim would need to read the info mailbox. Could you give her full access?",
            &["add_mailbox_permission mailbox=info permission=full_access user=grace.kim"],
        ),
        (
            "remove Grace Kim's full access to info@",
            &["remove_mailbox_permission mailbox=info permission=full_access user=grace.kim"],
        ),
        (
            "convert Omar Haddad's mailbox to shared",
            &["convert_to_shared_mailbox mailbox=omar.haddad"],
        ),
        ("factory reset the badge printer for Grace Kim", &[]),
    ]);
}

#[test]
fn i_am_one_of_a_list() {
    check(&[
        (
            "add me and Grace Kim to the Sales Team",
            &[
                "add_to_group group=Sales Team user=grace.kim",
                "add_to_group group=Sales Team user=tess.ito",
            ],
        ),
        (
            "create a shared mailbox called Lab Orders with the address lab@contoso.com, members Grace Kim and me",
            &[
                r#"create_shared_mailbox address=lab display_name=Lab Orders members=["grace.kim@contoso.com","tess.ito@contoso.com"]"#,
            ],
        ),
    ]);
}

#[test]
fn a_time_counts_for_every_step_of_its_sentence() {
    check(&[
        (
            "enable Grace Kim tomorrow at 8am, and give her a new password at the same time",
            &[
                "enable_user at=2026-03-05T08:00 user=grace.kim",
                "reset_password at=2026-03-05T08:00 user=grace.kim",
            ],
        ),
        // When a trouble began is not when to help.
        (
            "Grace Kim got a new phone on Friday, please reset her MFA",
            &["reset_mfa user=grace.kim"],
        ),
        // The second time, not the second of the month.
        ("unlock Grace Kim please, 2nd time today", &["unlock_user user=grace.kim"]),
        (
            "Grace Kim leaves us on 27 March. Please disable her account.",
            &["disable_user at=2026-03-27 user=grace.kim"],
        ),
    ]);
}

#[test]
fn one_wish_in_two_sentences_is_one_proposal() {
    check(&[
        (
            "Reset Grace Kim's password. She should choose a new password at the first sign-in.",
            &["reset_password force_change=true user=grace.kim"],
        ),
        (
            "Change Grace Kim's surname to Park. Please also update her display name to Grace Park.",
            &[r#"update_user fields={"displayName":"Grace Park","surname":"Park"} user=grace.kim"#],
        ),
    ]);
}

#[test]
fn a_title_stands_beside_its_department() {
    check(&[
        (
            "please create a user account for Tobias Lind, Lab Technician in Sales, London, manager is me",
            &[
                "create_user department=Sales display_name=Tobias Lind job_title=Lab Technician manager=tess.ito office_location=London",
            ],
        ),
        (
            "invite jo@fabrikam.com as a guest, sponsor Megan Bowen",
            &["invite_guest email=jo@fabrikam.com sponsor=megan.bowen"],
        ),
        (
            "register a new app called Door Sensor, redirect URI https://door.contoso.com/auth.",
            &["create_app display_name=Door Sensor redirect_uri=https://door.contoso.com/auth"],
        ),
        (
            "quick graph call please: GET /users?$top=5 and paste what comes back",
            &["graph_request method=GET path=/users?$top=5"],
        ),
    ]);
}

#[test]
fn a_trouble_that_is_told_is_a_wish_where_it_is_plain() {
    check(&[
        ("grace kim is locked out", &["unlock_user user=grace.kim"]),
        ("Let Grace Kim know that her account was disabled", &[]),
        ("Grace Kim was locked out yesterday but it works now", &[]),
    ]);
}

#[test]
fn a_time_behind_a_value_is_no_part_of_it() {
    check(&[
        (
            "change Grace Kim's job title to Sales Lead on 9 March at 9am",
            &[r#"update_user at=2026-03-09T09:00 fields={"jobTitle":"Sales Lead"} user=grace.kim"#],
        ),
        (
            "set the office of Grace Kim to Zurich on 27 March and her mobile to +41 44 555 0199",
            &[
                r#"update_user at=2026-03-27 fields={"mobilePhone":"+41 44 555 0199","officeLocation":"Zurich"} user=grace.kim"#,
            ],
        ),
    ]);
}

#[test]
fn two_values_for_one_property_stay_two_proposals() {
    check(&[(
        "Change Grace Kim's job title to Lead. Change Grace Kim's job title to Head.",
        &[
            r#"update_user fields={"jobTitle":"Head"} user=grace.kim"#,
            r#"update_user fields={"jobTitle":"Lead"} user=grace.kim"#,
        ],
    )]);
}
