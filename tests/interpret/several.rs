//! Of several who are named, the one who is meant; and what is denied, or not there yet.

use countersign::{actions::CATALOG, interpret::read};

use super::{check, context, index, shown};

#[test]
fn whoever_is_to_be_waited_with_does_not_leave() {
    check(&[
        (
            "Grace Kim leaves us on 27 March. Omar Haddad finishes on the 30th of March. Jon Smith's last day is still under discussion, so wait with him please. Kindly close the first two accounts on their last day.",
            &[
                "offboard_user at=2026-03-27 user=grace.kim",
                "offboard_user at=2026-03-30 user=omar.haddad",
            ],
        ),
        (
            "Megan Bowen is leaving us on 20 March. John Doe's last day is 31 March. Please offboard both.",
            &[
                "offboard_user at=2026-03-20 user=megan.bowen",
                "offboard_user at=2026-03-31 user=john.doe",
            ],
        ),
    ]);
}

#[test]
fn who_is_not_any_more_in_a_group_is_taken_out() {
    check(&[
        (
            "Could you see to it that Omar Haddad is no longer on Project Atlas?",
            &["remove_from_group group=Project Atlas user=omar.haddad"],
        ),
        (
            "Kindly make sure that Grace Kim is not any longer in VPN Users, she has a desk here now.",
            &["remove_from_group group=VPN Users user=grace.kim"],
        ),
    ]);
}

#[test]
fn a_guest_without_an_address_is_asked_for_it() {
    check(&[
        (
            "could you invite Nora Beck from Arden as a guest? she's our new payroll auditor, VPN Users group, sponsor me",
            &["invite_guest ? email"],
        ),
        (
            "please invite Paul Rees of Holm & Co as a guest. he's our fire safety contact, Project Atlas group, sponsor me",
            &["invite_guest ? email"],
        ),
    ]);
}

#[test]
fn a_licence_that_is_refused_is_not_given() {
    check(&[
        (
            "Please give Grace Kim Visio Plan 2, but no Power BI Pro.",
            &["assign_license license=VISIOCLIENT user=grace.kim"],
        ),
        (
            "Please prepare the account of Ines Varga, Group Treasury Analyst, joining Finance in London on Monday 4 May 2026 and reporting to Megan Bowen. She gets Microsoft 365 E3, but no Visio Plan 2.",
            &[
                "onboard_user department=Finance display_name=Ines Varga job_title=Group Treasury Analyst licenses=[\"SPE_E3\"] manager=megan.bowen office_location=London start_date=2026-05-04",
            ],
        ),
    ]);
}

#[test]
fn the_new_manager_of_a_mover_is_not_she() {
    check(&[
        (
            "Grace Kim is off to Sales from 1 April. Title = Key Accounts Lead, boss = Thomas Okafor. that day also take her out of Project Atlas and put her in VPN Users",
            &[
                "add_to_group at=2026-04-01 group=VPN Users user=grace.kim",
                "remove_from_group at=2026-04-01 group=Project Atlas user=grace.kim",
                "transfer_user at=2026-04-01 department=Sales job_title=Key Accounts Lead manager=thomas.okafor user=grace.kim",
            ],
        ),
        (
            "John Doe goes to Finance on 1 April. Manager: Megan Bowen. Please take him out of VPN Users that day.",
            &[
                "remove_from_group at=2026-04-01 group=VPN Users user=john.doe",
                "transfer_user at=2026-04-01 department=Finance manager=megan.bowen user=john.doe",
            ],
        ),
    ]);
}

#[test]
fn a_mailbox_to_be_made_gives_no_rights_on_somebody_s_own() {
    check(&[
        (
            "For Megan Bowen: her people would like a shared mailbox named Trade Fairs, with Grace Kim and Omar Haddad inside. Could you create it?",
            &[
                "create_shared_mailbox display_name=Trade Fairs members=[\"grace.kim@contoso.com\",\"omar.haddad@contoso.com\"]",
            ],
        ),
        (
            "Megan wants a shared mailbox called Press Desk, with John Doe and Jon Smith in it. Can you make it?",
            &[
                "create_shared_mailbox display_name=Press Desk members=[\"john.doe@contoso.com\",\"jon.smith@contoso.com\"]",
            ],
        ),
    ]);
}

#[test]
fn a_leaver_beside_whoever_comes_after_is_a_leaver() {
    check(&[(
        "Omar Haddad leaves 27 march, pls offboard him that day w his mail going to Grace Kim. replacement = Dana Whitcombe, starts 30 march, Claims Agent, Customer Service, London, reports to Grace, m365 e3",
        &[
            "offboard_user at=2026-03-27 forward_to=grace.kim user=omar.haddad",
            "onboard_user department=Customer Service display_name=Dana Whitcombe job_title=Claims Agent licenses=[\"SPE_E3\"] manager=grace.kim office_location=London start_date=2026-03-30",
        ],
    )]);
}

#[test]
fn a_mover_who_reports_to_me_is_not_looked_up() {
    check(&[
        (
            "Grace Kim comes to Sales on 1 April, Demand Planner, reports to me. enter it for that day",
            &[
                "transfer_user at=2026-04-01 department=Sales job_title=Demand Planner manager=tess.ito user=grace.kim",
            ],
        ),
        (
            "John Doe comes to Finance 1 April, Supply Analyst, reports to Megan Bowen. update it that date",
            &[
                "transfer_user at=2026-04-01 department=Finance job_title=Supply Analyst manager=megan.bowen user=john.doe",
            ],
        ),
    ]);
}

#[test]
fn one_line_of_movers_says_nothing_of_another() {
    check(&[
        (
            "Changes on 1 April, please enter them:\n- Omar Haddad -> Sales, Buyer, under Megan Bowen\n- Grace Kim -> stays where she is, new title Head of Stock",
            &[],
        ),
        (
            "Movers 1 April, please update:\nOmar Haddad (claims) -> Sales, Buyer, under Megan Bowen\nGrace -> Finance, Analyst, under Chris Naidu",
            &[
                "transfer_user at=2026-04-01 department=Finance job_title=Analyst manager=chris.naidu user=grace.kim",
                "transfer_user at=2026-04-01 department=Sales job_title=Buyer manager=megan.bowen user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn another_first_day_is_no_text_of_a_reply() {
    let index = index();
    for (words, start, end) in [
        ("sory, shift it to the 12th and not the 10th", "2026-03-12", "2026-03-14"),
        ("until the 17th, not the 14th, sorry", "2026-03-10", "2026-03-17"),
    ] {
        let mut context = context(&index);
        let asked = "set an out of office for Grace Kim from 10 March to 14 March";
        let asked = read(asked, &context, &index, CATALOG);
        context.open = Some(asked.questions[0].clone());
        let got = read(words, &context, &index, CATALOG);
        assert_eq!(shown(&got), ["set_out_of_office ? message"], "{words}");
        let value = |name: &str| got.questions[0].proposal.arguments.get(name).cloned();
        assert_eq!(value("start").unwrap(), start, "{words}");
        assert_eq!(value("end").unwrap(), end, "{words}");
    }
}
