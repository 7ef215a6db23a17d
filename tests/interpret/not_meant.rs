//! Whom and what a message does not mean, however near they stand: each row was once read as
//! a change to the wrong person, the wrong thing or at the wrong time.

use countersign::{
    actions::CATALOG,
    domain::proposal::Intent,
    interpret::{Said, read},
};

use super::{check, context, index, person, shown};

#[test]
fn a_form_says_no_behind_a_short_leader() {
    check(&[(
        "[EXIT FORM 12]\nStaff member ........ Grace Kim\nLast day in office .. 27/03/2026\nForward mail to ..... Omar Haddad\nShared mailbox? ..... convert to shared\nWipe devices ........ NO\n\nplease action",
        &[
            "offboard_user at=2026-03-27 convert_mailbox=true forward_to=omar.haddad user=grace.kim wipe_devices=false",
        ],
    )]);
}

#[test]
fn what_was_asked_may_be_taken_back_in_many_words() {
    for words in [
        "Changed my mind. Scrap what I just requested.",
        "I've changed my mind about that",
        "Drop what I only just asked for, thanks",
    ] {
        let index = index();
        let mut context = context(&index);
        let about = vec![person(&index, "grace.kim@contoso.com")];
        let said = "add Grace Kim to VPN Users".to_owned();
        context.thread = vec![Said { bot: false, words: said, about }];
        let got = read(words, &context, &index, CATALOG);
        assert_eq!((got.intent, shown(&got)), (Intent::Cancel, Vec::new()), "{words}");
    }
    // A right is no request.
    check(&[(
        "Please withdraw my access to the Info mailbox",
        &["remove_mailbox_permission mailbox=info permission=full_access user=tess.ito"],
    )]);
}

#[test]
fn how_somebody_finds_themselves_is_no_order() {
    check(&[
        (
            "Omar Haddad frozen out of his account since breakfast, please get him unlocked",
            &["unlock_user user=omar.haddad"],
        ),
        (
            "Grace Kim clicked a bad link 😬 kick her out of everything",
            &["revoke_sessions user=grace.kim"],
        ),
    ]);
}

#[test]
fn what_is_mine_is_not_taken_from_the_one_who_gets_it() {
    check(&[(
        "Kindly remove Visio from my account and the same may be allotted to Omar Haddad.",
        &[
            "assign_license license=VISIOCLIENT user=omar.haddad",
            "remove_license license=VISIOCLIENT user=tess.ito",
        ],
    )]);
}

#[test]
fn somebody_unclear_in_a_clause_is_nobody_else() {
    check(&[(
        "Please unlock Grace Kim, and then gets Chris also a new password.",
        &["unlock_user user=grace.kim"],
    )]);
}

#[test]
fn the_manager_who_is_told_of_is_not_the_one_who_starts() {
    let got = {
        let index = index();
        let words = "Ann Lee joins the Sales department as Agent on 1 April 2026. Thomas Okafor will be her line manager. Please have everything ready. She should have Visio.";
        shown(&read(words, &context(&index), &index, CATALOG))
    };
    assert!(!got.iter().any(|line| line.starts_with("assign_license")), "{got:?}");
    check(&[(
        "I meant Megan Bowen. It is she who needs the Visio licence.",
        &["assign_license license=VISIOCLIENT user=megan.bowen"],
    )]);
}

#[test]
fn a_right_is_withdrawn_and_no_mailbox_deleted() {
    check(&[(
        "Omar Haddad ought no longer to be able to look into the Info inbox. Might you withdraw that, please?",
        &["remove_mailbox_permission mailbox=info permission=full_access user=omar.haddad"],
    )]);
}

#[test]
fn a_time_of_something_else_is_no_time_to_run() {
    check(&[
        (
            "Omar Haddad has a client call at two, so please unlock him",
            &["unlock_user user=omar.haddad"],
        ),
        (
            "Put my auto reply on from tomorrow till Monday with the text \"Back soon\", and add Grace Kim to VPN Users please",
            &[
                "add_to_group group=VPN Users user=grace.kim",
                "set_out_of_office end=2026-03-09 mailbox=tess.ito message=Back soon start=2026-03-05",
            ],
        ),
        (
            "Set an automatic reply on my mailbox from Monday 16 to Friday 20 March saying \"Away this week\"",
            &[
                "set_out_of_office end=2026-03-20 mailbox=tess.ito message=Away this week start=2026-03-16",
            ],
        ),
    ]);
}

#[test]
fn words_beside_a_name_say_what_it_is_not() {
    check(&[
        // A department, and no group; what a licence costs, and no licence.
        ("I'd like the names behind our Visio cost", &[]),
        (
            "Would you change his display name as people see it in the address list? It is about Omar Haddad.",
            &[],
        ),
        ("Turn the mailbox into a shared one, and send new mail to Grace Kim.", &[]),
        // Ambiguous by itself, and no licence of the next sentence.
        (
            "Grace Kim should have an E3, same as everyone in my plan. And Omar Haddad gets Visio.",
            &["assign_license ? license", "assign_license license=VISIOCLIENT user=omar.haddad"],
        ),
    ]);
}

#[test]
fn logins_that_close_on_a_day_given_are_no_process() {
    check(&[(
        "Temps whose time is up, please block the logins on the day given:\n\nwho / last day\nGrace Kim / 13 March\nOmar Haddad / 20 March",
        &[
            "disable_user at=2026-03-13 user=grace.kim",
            "disable_user at=2026-03-20 user=omar.haddad",
        ],
    )]);
}

#[test]
fn an_end_that_moves_is_no_text_of_a_reply() {
    let index = index();
    let mut context = context(&index);
    let words = "put an out of office on Grace Kim's mailbox from tomorrow until 12 March";
    let asked = read(words, &context, &index, CATALOG);
    context.open = asked.questions.first().cloned();
    assert!(context.open.is_some(), "{:?}", shown(&asked));
    let moved = read("Make it the 16th instead", &context, &index, CATALOG);
    assert_eq!(shown(&moved), ["set_out_of_office ? message"]);
    let end = moved.questions[0].proposal.arguments.get("end").and_then(|end| end.as_str());
    assert_eq!(end, Some("2026-03-16"));
}

#[test]
fn what_is_taken_out_of_a_state_or_a_scope_is_not_deleted() {
    check(&[
        (
            "Take “Require compliant device for Finance” off report-only and switch it on.",
            &["update_ca_policy policy=Require compliant device for Finance state=enabled"],
        ),
        (
            "Policy \"Terms of use for guests\": pull it out of reporting mode, please.",
            &["update_ca_policy policy=Terms of use for guests state=enabled"],
        ),
        (
            "Take Omar Haddad out of the scope of Block legacy authentication",
            &[
                "update_ca_policy exclude_users=[\"omar.haddad@contoso.com\"] policy=Block legacy authentication",
            ],
        ),
        // Two sentences, one change.
        (
            "Enable the policy Terms of use for guests. Grace Kim must be excluded from it.",
            &[
                "update_ca_policy exclude_users=[\"grace.kim@contoso.com\"] policy=Terms of use for guests state=enabled",
            ],
        ),
        (
            "Take the policy Terms of use for guests away",
            &["delete_ca_policy policy=Terms of use for guests"],
        ),
    ]);
}

#[test]
fn what_is_scrapped_is_not_asked_for_once_more() {
    let index = index();
    let mut context = context(&index);
    let said = |bot, words: &str| Said { bot, words: words.to_owned(), about: Vec::new() };
    context.thread = vec![
        said(false, "forward info@contoso.com to omar.haddad@contoso.com"),
        said(true, "I have prepared: forward Info to Omar Haddad. Waiting for approval."),
    ];
    for words in [
        "Ah my dear, forget that, Omar is happy with things as they were",
        "Hmm, leave everything as it was, Omar has thought better of it",
        "Grace would sooner we left it the way it is, cancel that",
        "Oops, no need for that now, Grace Kim sorted it",
    ] {
        let got = read(words, &context, &index, CATALOG);
        assert_eq!((got.intent, shown(&got)), (Intent::Cancel, Vec::new()), "{words}");
    }
    // A remark about somebody puts nobody in another's place.
    for words in ["Sorry, Grace Kim already told me", "Oh, Omar Haddad would know"] {
        let got = read(words, &context, &index, CATALOG);
        assert!(got.proposals.is_empty(), "{words}: {:?}", shown(&got));
    }
    let said = said(false, "add Grace Kim to VPN Users");
    context.thread = vec![said];
    for words in ["Sorry, Omar Haddad", "Oops, it was Omar Haddad I meant"] {
        let got = read(words, &context, &index, CATALOG);
        assert_eq!(shown(&got), ["add_to_group group=VPN Users user=omar.haddad"], "{words}");
    }
}

#[test]
fn somebody_described_is_asked_for_and_never_the_requester() {
    check(&[
        (
            "Could you give our new lad in the depot a Visio licence? I'm forever mixing them up",
            &["assign_license ? user"],
        ),
        (
            "Please put that lady from Accounts into VPN Users, I always forget what she's called",
            &["add_to_group ? user"],
        ),
        ("my colleague needs Visio Plan 2 please", &["assign_license ? user"]),
        (
            "Please add the trainee in the warehouse to Project Atlas for me",
            &["add_to_group ? user"],
        ),
        // Named before: it is plain who that is.
        (
            "Omar Haddad started on Monday. Could you put the new guy on the All Staff list?",
            &["add_to_group group=All Staff user=omar.haddad"],
        ),
    ]);
}

#[test]
fn what_somebody_complained_about_is_no_order() {
    check(&[
        (
            "Who owns VPN Users? A customer complained to me about a message that went out to it",
            &["list_group_owners group=VPN Users"],
        ),
        (
            "Who owns Sales Team? Somebody moaned to me about a newsletter that went out on it",
            &["list_group_owners group=Sales Team"],
        ),
        ("A supplier remarked to me on the email that was sent out to Sales Team", &[]),
    ]);
}

#[test]
fn one_loses_what_another_gains() {
    check(&[
        (
            "Info mailbox, change of shift: Grace Kim loses full access, Omar Haddad gains it.",
            &[
                "add_mailbox_permission mailbox=info permission=full_access user=omar.haddad",
                "remove_mailbox_permission mailbox=info permission=full_access user=grace.kim",
            ],
        ),
        (
            "Please action for the Info mailbox: Omar Haddad gets full access and Grace Kim loses hers",
            &[
                "add_mailbox_permission mailbox=info permission=full_access user=omar.haddad",
                "remove_mailbox_permission mailbox=info permission=full_access user=grace.kim",
            ],
        ),
    ]);
    // Whatever is lost and gained, nobody loses what they should gain.
    let index = index();
    let words = "Project Atlas, new crew: Grace Kim loses her place, Omar Haddad gains it";
    let got = shown(&read(words, &context(&index), &index, CATALOG));
    let takes = |line: &String| line.starts_with("remove") && line.contains("omar");
    let gives = |line: &String| line.starts_with("add") && line.contains("grace");
    assert!(!got.iter().any(|line| takes(line) || gives(line)), "{got:?}");
}

#[test]
fn a_line_for_a_sheet_makes_no_sheet() {
    check(&[
        (
            "Append a further line to Leavers Tracker.xlsx, sheet 2026, with the values: Ann Lee, Sales, 3 March",
            &[
                "workbook_add_row values=[\"Ann Lee\",\"Sales\",\"3 March\"] workbook=Leavers Tracker.xlsx worksheet=2026",
            ],
        ),
        (
            "Insert one record at the end of Asset Register.xlsx, tab Phones, with the values: PH-9, spare, Leeds",
            &[
                "workbook_add_row values=[\"PH-9\",\"spare\",\"Leeds\"] workbook=Asset Register.xlsx worksheet=Phones",
            ],
        ),
        (
            "Please add a sheet called Spares to Asset Register.xlsx",
            &["workbook_add_worksheet workbook=Asset Register.xlsx worksheet=Spares"],
        ),
    ]);
}

#[test]
fn a_new_surname_is_no_post() {
    check(&[
        (
            "Megan Bowen married on Saturday! She should appear as Megan Okoro everywhere. Could you change the name for her please?",
            &[
                "update_user fields={\"displayName\":\"Megan Okoro\",\"surname\":\"Okoro\"} user=megan.bowen",
            ],
        ),
        (
            "Chris Green should come up as Chris Hale from now on, so please update the name in the directory.",
            &[
                "update_user fields={\"displayName\":\"Chris Hale\",\"surname\":\"Hale\"} user=chris.green",
            ],
        ),
        (
            "Grace Kim ended up as Team Lead. Please update her title.",
            &["update_user fields={\"jobTitle\":\"Team Lead\"} user=grace.kim"],
        ),
    ]);
}

#[test]
fn what_goes_and_what_comes_is_said_once() {
    check(&[
        (
            "Swap day: Grace Kim never opens Visio, so take it off her and hand it to Omar Haddad please",
            &[
                "assign_license license=VISIOCLIENT user=omar.haddad",
                "remove_license license=VISIOCLIENT user=grace.kim",
            ],
        ),
        (
            "Swap of seats: Omar Haddad has no use for Power BI Pro, so pull it off him and give it to Grace Kim",
            &[
                "assign_license license=POWER_BI_PRO user=grace.kim",
                "remove_license license=POWER_BI_PRO user=omar.haddad",
            ],
        ),
        ("swap the licence of Grace Kim", &["set_licenses user=grace.kim"]),
    ]);
}

#[test]
fn to_hold_off_is_to_wait_and_lifts_no_hold() {
    check(&[
        ("The end date of Grace Kim is still open, please hold off on her", &[]),
        ("Please hold off with Omar Haddad until we hear from Legal.", &[]),
        (
            "take the litigation hold off Grace Kim's mailbox",
            &["set_litigation_hold mailbox=grace.kim off=true"],
        ),
    ]);
}

#[test]
fn a_trouble_with_signing_in_blocks_nobody() {
    check(&[
        ("Grace Kim is not able to login", &[]),
        ("Omar Haddad not able to log in to his account since morning", &[]),
        (
            "Grace Kim should not be able to log in any more, please disable her account",
            &["disable_user user=grace.kim"],
        ),
        (
            "please reset the password of Grace ma'am's assistant, she is not able to login",
            &["reset_password ? user"],
        ),
    ]);
}

#[test]
fn a_table_of_what_is_done_asks_for_nothing() {
    check(&[
        (
            "Leavers of October\n| Name | Account disabled |\n| Grace Kim | yes |\n| Omar Haddad | yes |",
            &[],
        ),
        ("Status for your information\n| Leaver | Laptop |\n| Grace Kim | returned |", &[]),
    ]);
}
