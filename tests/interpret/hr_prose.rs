//! HR, managers and assistants tell over several sentences what is so now, and ask for it in
//! general: posts, leavers, movers, joiners, guests, lists.

use super::{CATALOG, Said, check, context, index, read, shown};

#[test]
fn what_is_told_of_a_post_an_office_or_a_manager_is_put_right() {
    check(&[
        (
            "Grace Kim has been promoted to Senior Trainer. Please have that reflected in her profile.",
            &["update_user fields={\"jobTitle\":\"Senior Trainer\"} user=grace.kim"],
        ),
        (
            "As of 1 April Grace Kim becomes Lead Trainer and Omar Haddad becomes Team Lead. Kindly update both titles.",
            &[
                "update_user at=2026-04-01 fields={\"jobTitle\":\"Lead Trainer\"} user=grace.kim",
                "update_user at=2026-04-01 fields={\"jobTitle\":\"Team Lead\"} user=omar.haddad",
            ],
        ),
        (
            "Grace Kim and Omar Haddad will answer to Megan Bowen from 1 April. Please adjust that in the directory.",
            &[
                "set_manager at=2026-04-01 manager=megan.bowen user=grace.kim",
                "set_manager at=2026-04-01 manager=megan.bowen user=omar.haddad",
            ],
        ),
        // Told alone, supposed, or beside another wish: nothing is put right.
        ("Grace Kim has been appointed Head Trainer. Congratulations to her!", &[]),
        ("If Grace Kim becomes Lead Trainer, do we need to change her title?", &[]),
        (
            "Grace Kim is now Lead Trainer. Please reset her password.",
            &["reset_password user=grace.kim"],
        ),
        (
            "Our colleague Grace Kim got married. Please change her surname to Park, so the display name becomes Grace Park.",
            &[
                "update_user fields={\"displayName\":\"Grace Park\",\"surname\":\"Park\"} user=grace.kim",
            ],
        ),
    ]);
}

#[test]
fn a_leaver_is_told_of_in_whatever_words() {
    check(&[
        (
            "Omar Haddad has handed in his notice, his last day is 27 March. Please offboard him at 5:30 p.m. that day, leave his mailbox as a shared one and let his mails go to Grace Kim.",
            &[
                "offboard_user at=2026-03-27T17:30 convert_mailbox=true forward_to=grace.kim user=omar.haddad",
            ],
        ),
        (
            "Season's over. Please offboard all three at noon on Friday:\n• Grace Kim\n• Omar Haddad\n• John Smyth",
            &[
                "offboard_user at=2026-03-06T12:00 user=grace.kim",
                "offboard_user at=2026-03-06T12:00 user=john.smyth",
                "offboard_user at=2026-03-06T12:00 user=omar.haddad",
            ],
        ),
        (
            "Could you offboard Grace Kim please? Her last day was yesterday (Tuesday the 3rd). Anything new in her inbox should go to Omar Haddad.",
            &["offboard_user forward_to=omar.haddad user=grace.kim"],
        ),
        (
            "Omar Haddad will leave the company on 30 April. Please schedule the offboarding with redirection of e-mail for Grace Kim. It is not necessary to convert the mailbox.",
            &["offboard_user at=2026-04-30 forward_to=grace.kim user=omar.haddad"],
        ),
        // Nobody leaves for good, and a contract of somebody else ends.
        ("Grace Kim is on annual leave from 9 March, please keep her laptop safe.", &[]),
        (
            "The Northwind contract ends on Friday. Please remove Grace Kim from Project Atlas.",
            &["remove_from_group group=Project Atlas user=grace.kim"],
        ),
    ]);
}

#[test]
fn a_mover_is_told_of_in_points_and_lists() {
    check(&[
        (
            "From 16 March, for Omar Haddad:\n- move from Customer Service to Marketing, reporting to Megan Bowen\n- take out of the Sales Team group\n- add to the Project Atlas group\nAll from that date please.",
            &[
                "add_to_group at=2026-03-16 group=Project Atlas user=omar.haddad",
                "remove_from_group at=2026-03-16 group=Sales Team user=omar.haddad",
                "transfer_user at=2026-03-16 department=Marketing manager=megan.bowen user=omar.haddad",
            ],
        ),
        (
            "Moves agreed by the board, effective 1 April, please execute:\n- Grace Kim: Customer Service -> Sales, manager Thomas Okafor\n- John Smyth: Finance -> Operations, position Cost Planner, manager Chris Naidu",
            &[
                "transfer_user at=2026-04-01 department=Operations job_title=Cost Planner manager=chris.naidu user=john.smyth",
                "transfer_user at=2026-04-01 department=Sales manager=thomas.okafor user=grace.kim",
            ],
        ),
    ]);
}

#[test]
fn each_joiner_has_what_is_said_of_them_and_nobody_else_gets_it() {
    check(&[
        (
            "Thomas has approved a new Controller, Vera Lind, who joins the Finance department in London on 1 April and reports directly to Chris Naidu. Please add her to VPN Users.",
            &[
                "onboard_user department=Finance display_name=Vera Lind groups=[\"VPN Users\"] job_title=Controller manager=chris.naidu office_location=London start_date=2026-04-01",
            ],
        ),
        (
            "Two offers signed:\n• Ines Carvalho – Buyer, Operations, London, reports to John Smith, starts 1 April\n• Bram de Wit – Accountant, Finance, London, mgr Chris Naidu, 15 April\nCan you get them set up please?",
            &[
                "onboard_user department=Finance display_name=Bram de Wit job_title=Accountant manager=chris.naidu office_location=London start_date=2026-04-15",
                "onboard_user department=Operations display_name=Ines Carvalho job_title=Buyer manager=john.smith office_location=London start_date=2026-04-01",
            ],
        ),
        (
            "we have a new trainer starting on monday in customer service, london. set them up please?",
            &["onboard_user ? display_name"],
        ),
    ]);
}

#[test]
fn guests_share_a_sponsor_and_a_list_has_its_people() {
    check(&[
        (
            "Could you get the two people from the printer in as guests: ann.ross@printhub.com and leo.marsh@printhub.com? Put Megan Bowen down as their sponsor.",
            &[
                "invite_guest email=ann.ross@printhub.com sponsor=megan.bowen",
                "invite_guest email=leo.marsh@printhub.com sponsor=megan.bowen",
            ],
        ),
        (
            "I need a distribution list, Fire Wardens, with Grace Kim, Omar Haddad and John Smyth on it. John Smyth is to be the owner.",
            &[
                "create_group display_name=Fire Wardens group_type=distribution members=[\"grace.kim@contoso.com\",\"omar.haddad@contoso.com\",\"john.smyth@contoso.com\"] owner=john.smyth",
            ],
        ),
        (
            "Could we have a shared mailbox called Board Room? Grace Kim and I should both be on it.",
            &[
                "create_shared_mailbox display_name=Board Room members=[\"grace.kim@contoso.com\",\"tess.ito@contoso.com\"]",
            ],
        ),
    ]);
}

#[test]
fn who_only_approves_or_tells_gets_nothing() {
    check(&[
        (
            "Chris Green has signed off on this: Grace Kim should get the User Administrator role. Could you assign it to her?",
            &["assign_role role=User Administrator user=grace.kim"],
        ),
        (
            "Thomas Okafor has agreed that from 1 April Jon Smith comes out of Sales Team and Omar Haddad goes in, same date. Could you see to it?",
            &[
                "add_to_group at=2026-04-01 group=Sales Team user=omar.haddad",
                "remove_from_group at=2026-04-01 group=Sales Team user=jon.smith",
            ],
        ),
    ]);
}

#[test]
fn a_process_that_waits_is_amended() {
    let index = index();
    let mut context = context(&index);
    let said = |bot: bool, words: &str| Said { bot, words: words.to_owned(), about: Vec::new() };
    context.thread = vec![
        said(
            false,
            "Please onboard Ada Moss, Accountant, Finance, manager Chris Naidu, start 1 April",
        ),
        said(true, "Proposed: onboard Ada Moss, start date 2026-04-01. Approve?"),
    ];
    let joins = "onboard_user department=Finance display_name=Ada Moss";
    for (words, wanted) in [
        (
            "oh and she's reporting to Megan Bowen, not to Chris, sorry",
            format!("{joins} job_title=Accountant manager=megan.bowen start_date=2026-04-01"),
        ),
        (
            "Everything stands, only she will now begin on 8 April.",
            format!("{joins} job_title=Accountant manager=chris.naidu start_date=2026-04-08"),
        ),
        (
            "I forgot: add her to VPN Users please.",
            format!(
                "{joins} groups=[\"VPN Users\"] job_title=Accountant manager=chris.naidu start_date=2026-04-01"
            ),
        ),
        // Somebody else is spoken of.
        (
            "thanks, and please reset Grace Kim's password",
            "reset_password user=grace.kim".to_owned(),
        ),
    ] {
        assert_eq!(shown(&read(words, &context, &index, CATALOG)), [wanted], "{words}");
    }
    // What was done is no longer amended.
    context.thread[1].words = "Done: Ada Moss can sign in.".to_owned();
    let read = read("Everything stands, thanks, she begins well.", &context, &index, CATALOG);
    assert!(read.proposals.is_empty(), "{:?}", shown(&read));
}
