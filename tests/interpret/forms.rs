//! Forms and tables, as HR and ticket systems print them.

use super::check;

#[test]
fn a_table_of_joiners_is_a_proposal_for_each_row() {
    let wanted: &[&str] = &[
        "onboard_user department=Sales display_name=Ann Lee job_title=Agent manager=thomas.okafor office_location=London start_date=2026-04-01",
        "onboard_user department=HR display_name=Bo Ek job_title=Clerk manager=renee.lefevre office_location=London start_date=2026-04-08",
    ];
    check(&[
        (
            "Two new starters, please get them ready:\n\n| Name | Title | Department | Manager | Office | Start |\n|---|---|---|---|---|---|\n| Ann Lee | Agent | Sales | Thomas Okafor | London | 01/04/2026 |\n| Bo Ek | Clerk | HR | Renée Lefèvre | London | 08/04/2026 |\n\nThanks, Tess",
            wanted,
        ),
        // The same, pasted from a sheet.
        (
            "Two new starters, please get them ready:\n\nName\tTitle\tDept\tManager\tOffice\tStart\nAnn Lee\tAgent\tSales\tThomas Okafor\tLondon\t01/04/2026\nBo Ek\tClerk\tHR\tRenée Lefèvre\tLondon\t08/04/2026",
            wanted,
        ),
        (
            "Joiners:\nName;Title;Dept;Manager;Office;Start\nAnn Lee;Agent;Sales;Thomas Okafor;London;01/04/2026\nBo Ek;Clerk;HR;Renée Lefèvre;London;08/04/2026",
            wanted,
        ),
    ]);
}

#[test]
fn labels_stand_before_many_marks() {
    let wanted: &[&str] = &[
        "offboard_user at=2026-03-27 convert_mailbox=true forward_to=omar.haddad user=grace.kim wipe_devices=true",
    ];
    check(&[
        (
            "LEAVER\n• who – Grace Kim\n• last working day – 27/03/2026\n• mailbox – make it a shared one\n• new mail goes to – Omar Haddad\n• kit – wipe",
            wanted,
        ),
        (
            "LEAVER NOTICE\nEmployee ....... Grace Kim, Trainer, London\nLast day ....... 27/03/2026\nMailbox ........ convert to shared\nForwarding ..... yes, to Omar Haddad\nDevices ........ wipe",
            wanted,
        ),
        (
            "Leaver form\nemployee = Grace Kim\nlast day = 27/03/2026\nmailbox = shared\nforward to = Omar Haddad\ndevices = wipe",
            wanted,
        ),
    ]);
}

#[test]
fn what_a_form_says_no_to_is_no() {
    check(&[(
        "Leaver\nEmployee: Grace Kim\nLast day: 27/03/2026\nMailbox: do not convert\nForwarding: yes, to her line manager\nDevices: do NOT wipe",
        &[
            "offboard_user at=2026-03-27 convert_mailbox=false forward_to=thomas.okafor user=grace.kim wipe_devices=false",
        ],
    )]);
}

#[test]
fn a_move_is_told_by_old_and_new() {
    let wanted: &[&str] = &[
        "transfer_user at=2026-04-01 department=HR job_title=Partner manager=renee.lefevre user=grace.kim",
    ];
    check(&[
        (
            "Please process this change of position.\n\n| Field | Old | New |\n|---|---|---|\n| Employee | Grace Kim | Grace Kim |\n| Department | Customer Service | HR |\n| Job title | Trainer | Partner |\n| Manager | Thomas Okafor | Renée Lefèvre |\n| Effective | - | 01/04/2026 |",
            wanted,
        ),
        (
            "TRANSFER REQUEST\nEmployee: Grace Kim\nCurrent department: Customer Service\nNew department: HR\nNew manager: Renée Lefèvre\nNew title: Partner\nEffective: 1 April 2026",
            wanted,
        ),
        // What must be there and is not is asked for, and nothing else is made of it.
        (
            "TRANSFER REQUEST\nEmployee: Grace Kim\nCurrent department: Customer Service\nNew department:\nNew manager: Renée Lefèvre\nEffective: 1 April 2026",
            &["transfer_user ? department"],
        ),
    ]);
}

#[test]
fn people_and_what_they_go_to() {
    check(&[
        (
            "please add:\n| Who | Group |\n|---|---|\n| Grace Kim | Sales Team |\n| Omar Haddad | VPN Users |",
            &[
                "add_to_group group=Sales Team user=grace.kim",
                "add_to_group group=VPN Users user=omar.haddad",
            ],
        ),
        (
            "New reporting lines as of 1 April 2026, please update the line manager:\n- Grace Kim -> Megan Bowen\n- Omar Haddad -> Thomas Okafor",
            &[
                "set_manager at=2026-04-01 manager=megan.bowen user=grace.kim",
                "set_manager at=2026-04-01 manager=thomas.okafor user=omar.haddad",
            ],
        ),
        (
            "Please update these records:\n\nupn,field,new value\ngrace.kim@contoso.com,jobTitle,Lead Trainer\nomar.haddad@contoso.com,officeLocation,Leeds",
            &[
                r#"update_user fields={"jobTitle":"Lead Trainer"} user=grace.kim"#,
                r#"update_user fields={"officeLocation":"Leeds"} user=omar.haddad"#,
            ],
        ),
    ]);
}

#[test]
fn groups_guests_and_names_have_forms_too() {
    check(&[
        (
            "Group request\n- Name: Bid Writers\n- Kind: Microsoft 365\n- Owner: Megan Bowen\n- Members: Grace Kim, Omar Haddad\n- Purpose: drafting bids",
            &[
                r#"create_group description=drafting bids display_name=Bid Writers group_type=microsoft365 members=["grace.kim@contoso.com","omar.haddad@contoso.com"] owner=megan.bowen"#,
            ],
        ),
        (
            "External guest, please invite\nGuest name: Jana Kral\nGuest e-mail: jana.kral@fabrikam.com\nGroup: Project Atlas\nSponsor: me",
            &[
                r#"invite_guest display_name=Jana Kral email=jana.kral@fabrikam.com groups=["Project Atlas"] sponsor=tess.ito"#,
            ],
        ),
        (
            "CHANGE OF NAME\nEmployee: Grace Kim\nNew surname: Park\nNew display name: Grace Park\nPlease amend the profile.",
            &[r#"update_user fields={"displayName":"Grace Park","surname":"Park"} user=grace.kim"#],
        ),
    ]);
}

#[test]
fn a_mails_head_a_ticket_and_a_list_of_facts_are_no_forms_of_ours() {
    check(&[
        (
            "From: Grace Kim\nTo: Omar Haddad\nSubject: lunch\nDate: 27/03/2026\n\nSee you there",
            &[],
        ),
        ("Requester: Grace Kim\nLocation: London\nPhone: 4711\nIssue: the printer is on fire", &[]),
        ("Name: Grace Kim\nDepartment: Sales", &[]),
    ]);
}
