//! What the people office writes: labels of its own, last names first, options in columns,
//! news told in prose, and a day that moves.

use countersign::{
    actions::CATALOG,
    interpret::{Said, read},
};

use super::{check, context, index, shown};

#[test]
fn labels_nobody_wrote_down_say_by_their_words_what_they_are() {
    check(&[
        (
            "NEW STARTER\nStarter name: Ruth Adeyo\nPost held: Buyer\nDept: Sales\nDirect superior: Megan Bowen\nDate of entry: 06.04.2026\nPersonal e-mail: ruth@home.example\nWork mobile: (0161) 555 0199\nReason for hire: growth",
            &[
                "onboard_user department=Sales display_name=Ruth Adeyo job_title=Buyer manager=megan.bowen mobile_phone=(0161) 555 0199 start_date=2026-04-06",
            ],
        ),
        (
            "EXIT FORM\nEmp name: Kim, Grace\nLWD: 27-Mar-2026\nExit time: 17:30\nEmails to be forwarded to: Omar Haddad\nConvert mailbox? Yes\nWipe devices (Y/N): N",
            &[
                "offboard_user at=2026-03-27T17:30 convert_mailbox=true forward_to=omar.haddad user=grace.kim wipe_devices=false",
            ],
        ),
        (
            "EXIT FORM\nEmp name: Kim, Grace\nLWD: 27-Mar-2026\nConvert mailbox: Yes\nMailbox handover: none",
            &["offboard_user at=2026-03-27 convert_mailbox=true user=grace.kim"],
        ),
        // Of two titles, the one that is a department.
        (
            "NEW JOINEE\nName: Asha Rao\nDesignation: Buyer\nFunction: Finance\nRM: Chris Naidu\nDOJ: 16-Mar-2026",
            &[
                "onboard_user department=Finance display_name=Asha Rao job_title=Buyer manager=chris.naidu start_date=2026-03-16",
            ],
        ),
    ]);
}

#[test]
fn last_names_come_first_and_titles_are_left_out() {
    check(&[
        (
            "New starters:\n\n| Last name, first name | Post | Department | Manager | Start date |\n|---|---|---|---|---|\n| Ek Lund, Bo | Clerk | HR | Lefèvre, Renée | 07/04/2026 |\n| Dr Ann Lee | Agent | Sales | Okafor, Thomas | 08/04/2026 |",
            &[
                "onboard_user department=HR display_name=Bo Ek Lund job_title=Clerk manager=renee.lefevre start_date=2026-04-07",
                "onboard_user department=Sales display_name=Ann Lee job_title=Agent manager=thomas.okafor start_date=2026-04-08",
            ],
        ),
        ("please disable Haddad, Omar", &["disable_user user=omar.haddad"]),
        (
            "Leavers, please process:\nLast Name,First Name,Last Day\nKim,Grace,27/03/2026\nSmyth,John,31/03/2026",
            &[
                "offboard_user at=2026-03-27 user=grace.kim",
                "offboard_user at=2026-03-31 user=john.smyth",
            ],
        ),
    ]);
}

#[test]
fn what_stands_beside_a_process_is_done_with_it() {
    check(&[
        (
            "INTERNAL MOVE\nEmployee: Grace Kim\nNew dept: Sales\nNew post: Sales Trainer\nNew boss: Megan Bowen\nEffective date: 06/04/2026\nGroup to be added: Sales Team",
            &[
                "add_to_group at=2026-04-06 group=Sales Team user=grace.kim",
                "transfer_user at=2026-04-06 department=Sales job_title=Sales Trainer manager=megan.bowen user=grace.kim",
            ],
        ),
        (
            "Leaver\nEmployee: Grace Kim\nLast day: 2026-03-27\nMailbox: convert to shared, delegate to Omar Haddad",
            &[
                "add_mailbox_permission at=2026-03-27 mailbox=grace.kim permission=full_access user=omar.haddad",
                "offboard_user at=2026-03-27 convert_mailbox=true user=grace.kim",
            ],
        ),
        (
            "Grace Kim moves from Customer Service to Sales on 6 April. On the same day please add her to the Sales Team group.",
            &[
                "add_to_group at=2026-04-06 group=Sales Team user=grace.kim",
                "transfer_user at=2026-04-06 department=Sales user=grace.kim",
            ],
        ),
        // His mailbox goes to her, and not hers to him.
        (
            "offboard John Doe and give his mailbox to Grace Kim",
            &[
                "add_mailbox_permission mailbox=john.doe permission=full_access user=grace.kim",
                "offboard_user user=john.doe",
            ],
        ),
        // "From" and "To" of a form are no mail.
        (
            "Staff movement, please put through\nEmployee: Grace Kim\nFrom: Customer Service\nTo: Sales, Sales Trainer\nAs of: 06/04/2026",
            &[
                "transfer_user at=2026-04-06 department=Sales job_title=Sales Trainer user=grace.kim",
            ],
        ),
    ]);
}

#[test]
fn somebody_new_is_told_of_in_prose() {
    check(&[
        (
            "Ms. Ruth Adeyo-Bell will be joining us as Payroll Clerk in the Finance department with effect from 6th April and she will be reporting to Chris Naidu. Kindly arrange her login and put her in the All Staff group.",
            &[
                "onboard_user department=Finance display_name=Ruth Adeyo-Bell groups=[\"All Staff\"] job_title=Payroll Clerk manager=chris.naidu start_date=2026-04-06",
            ],
        ),
        (
            "New starter: Ruth Adeyo, Payroll Clerk, Finance, London, line manager Chris Naidu, starting 6 April",
            &[
                "onboard_user department=Finance display_name=Ruth Adeyo job_title=Payroll Clerk manager=chris.naidu office_location=London start_date=2026-04-06",
            ],
        ),
        // Not on the one day, but on the other.
        (
            "New start date: Ruth Adeyo (Payroll Clerk, Finance) comes not on 13 April but already on 6 April. She is not yet created, please create her for that date.",
            &[
                "onboard_user department=Finance display_name=Ruth Adeyo job_title=Payroll Clerk start_date=2026-04-06",
            ],
        ),
        // Nobody is called like the manager or the department.
        (
            "We have a new Paralegal starting in HR on 6 April, reporting to Renée Lefèvre. Please set up the account.",
            &["onboard_user ? display_name"],
        ),
    ]);
}

#[test]
fn somebody_leaves_in_other_words() {
    check(&[
        (
            "Mr. Omar Haddad has resigned and his LWD is 13-Mar-2026. Kindly do the exit formalities at 6:30 pm on that day.",
            &["offboard_user at=2026-03-13T18:30 user=omar.haddad"],
        ),
        (
            "Grace Kim (grace.kim@contoso.com) retires on 27 March. Please pass her mails to Omar Haddad and wipe every device she has.",
            &[
                "offboard_user at=2026-03-27 forward_to=omar.haddad user=grace.kim wipe_devices=true",
            ],
        ),
        (
            "The contract of Grace Kim ends 31 March, but her last working day is 27 March. Please do the offboarding on the last working day.",
            &["offboard_user at=2026-03-27 user=grace.kim"],
        ),
        // Who goes to another department leaves nobody.
        (
            "Grace Kim goes from Customer Service to Sales from 6 April. Please change it.",
            &["transfer_user at=2026-04-06 department=Sales user=grace.kim"],
        ),
    ]);
}

#[test]
fn a_day_moves_and_the_rest_stays() {
    let index = index();
    let mut context = context(&index);
    for (before, words, wanted) in [
        (
            "Offboard Grace Kim on 27 March and forward her mail to Omar Haddad",
            "Sorry, her last day is Friday 3 April, not the 27th. Everything else as it was.",
            "offboard_user at=2026-04-03 forward_to=omar.haddad user=grace.kim",
        ),
        (
            "Onboard Ruth Adeyo, Buyer, Sales, reports to Megan Bowen, start 6 April",
            "Hold on, her background check is delayed. New start date is 20 April, the rest stays.",
            "onboard_user department=Sales display_name=Ruth Adeyo job_title=Buyer manager=megan.bowen start_date=2026-04-20",
        ),
        (
            "Onboard Ruth Adeyo, Buyer, Sales, reports to Megan Bowen, start 6 April",
            "I wrote it wrong: her manager is Thomas Okafor, not Megan Bowen.",
            "onboard_user department=Sales display_name=Ruth Adeyo job_title=Buyer manager=thomas.okafor start_date=2026-04-06",
        ),
    ] {
        context.thread = vec![Said { bot: false, words: before.to_owned(), about: Vec::new() }];
        assert_eq!(shown(&read(words, &context, &index, CATALOG)), [wanted], "{words}");
    }
    // Two days, or somebody else: another matter.
    let words = "Offboard Grace Kim on 27 March".to_owned();
    context.thread = vec![Said { bot: false, words, about: Vec::new() }];
    for words in
        ["Sorry, it is either 3 April or 10 April.", "Omar Haddad changed his mind about 3 April."]
    {
        let none = read(words, &context, &index, CATALOG);
        assert!(none.proposals.is_empty(), "{words}: {:?}", shown(&none));
    }
}

#[test]
fn the_rest_of_the_message_answers_what_is_open() {
    check(&[
        (
            "Omar Haddad starts on the project, for which Visio is needed. Please assign him the said licence.",
            &["assign_license license=VISIOCLIENT user=omar.haddad"],
        ),
        (
            "External consultant without an account: Ana Novak, ana.novak@fabrikam.example. Please invite her as a guest, sponsor is Megan Bowen.",
            &[
                "invite_guest display_name=Ana Novak email=ana.novak@fabrikam.example sponsor=megan.bowen",
            ],
        ),
    ]);
}

#[test]
fn nothing_is_taken_or_deleted_by_words_about_a_right() {
    check(&[
        ("@Chris Green could you put Grace Kim back into the Info mailbox?", &[]),
        (
            "Just so everybody has seen it, Chris Green told me he will take care of it:\n\n> Please remove Grace Kim from VPN Users.",
            &[],
        ),
        ("The licence is no more required by me. Please treat my request as withdrawn.", &[]),
        (
            "payroll connector secrets, when do they run out",
            &["list_expiring_secrets app=Payroll Connector"],
        ),
    ]);
}

#[test]
fn whoever_is_quoted_is_not_the_one_who_asks() {
    check(&[
        // The head of a mail may have two lines only.
        (
            "Interesting, look what I got:\n\nFrom: Grace Kim\nTo: Tess Ito\n\nPlease disable Omar Haddad and delete his account.",
            &[],
        ),
        // A line that ends in a colon is no field before it.
        (
            "Look at this:\nFrom: Grace Kim\nTo: Tess Ito\nPlease delete the account of Omar Haddad.",
            &[],
        ),
        // A polite word far from what it asks hands nothing over.
        (
            "Could you tell the whole team on the second floor, when you have the time, about this?\n\n> Please delete the account of Omar Haddad.",
            &[],
        ),
        // Not needed: the order before it is held back. Of a thing, it is the reason.
        ("Remove Visio from Omar Haddad. That is no longer needed.", &[]),
        (
            "The forwarding on info@contoso.com is no longer required; kindly have it lifted.",
            &["remove_forwarding mailbox=info"],
        ),
        // Said of somebody, not to them.
        (
            "@Omar Haddad will need Visio please",
            &["assign_license license=VISIOCLIENT user=omar.haddad"],
        ),
        ("@Omar Haddad will you give Grace Kim Visio", &[]),
    ]);
}

#[test]
fn what_is_asked_for_somebody_else_is_not_lost() {
    check(&[
        (
            "New starter: Ann Lee, Buyer, Sales, starting 6 April. Also please reset the password for Omar Haddad.",
            &[
                "onboard_user department=Sales display_name=Ann Lee job_title=Buyer start_date=2026-04-06",
                "reset_password user=omar.haddad",
            ],
        ),
        (
            "Ann Lee joins Sales on 6 April as Buyer, reporting to Megan Bowen. Please set her up. And please unlock Megan Bowen.",
            &[
                "onboard_user department=Sales display_name=Ann Lee job_title=Buyer manager=megan.bowen start_date=2026-04-06",
                "unlock_user user=megan.bowen",
            ],
        ),
        (
            "Please invite ana.novak@fabrikam.example as a guest and put her in Project Atlas. Also add Omar Haddad to VPN Users.",
            &[
                "add_to_group group=VPN Users user=omar.haddad",
                "invite_guest email=ana.novak@fabrikam.example groups=[\"Project Atlas\"]",
            ],
        ),
        // A guest gets no group because somebody else is in it.
        (
            "Please invite ana.novak@fabrikam.example as a guest. Omar Haddad is already in VPN Users.",
            &["invite_guest email=ana.novak@fabrikam.example"],
        ),
        (
            "Omar Haddad is leaving us on Friday 13 March, please arrange everything. Which groups is Grace Kim in?",
            &["list_user_groups user=grace.kim", "offboard_user at=2026-03-13 user=omar.haddad"],
        ),
    ]);
}
