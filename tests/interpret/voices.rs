//! The ten actions in many people's voices. Whoever adds a row writes as somebody else.

use super::check;

#[test]
fn a_british_office_asks() {
    check(&[
        (
            "Morning all, would you be a star and reset Grace Kim's password? She's locked herself out. Ta",
            &["reset_password user=grace.kim"],
        ),
        (
            "Afternoon, could we get Omar Haddad's account disabled please, he finished with us last Friday",
            &["disable_user user=omar.haddad"],
        ),
        (
            "Would it be possible to pop Grace Kim into the Project Atlas group? Cheers",
            &["add_to_group group=Project Atlas user=grace.kim"],
        ),
        (
            "Tom Okafor has rung to say he's forgotten his password, bless him. Could you sort him a new one?",
            &["reset_password user=thomas.okafor"],
        ),
        (
            "Sorry to be a pain but could Renée Lefèvre have a Visio licence when you get a moment",
            &["assign_license license=VISIOCLIENT user=renee.lefevre"],
        ),
        (
            "Please could you take Omar Haddad off the All Staff distribution list",
            &["remove_from_group group=All Staff user=omar.haddad"],
        ),
        (
            "Grace Kim's back from mat leave on Monday, please re-enable her account",
            &["enable_user at=2026-03-09 user=grace.kim"],
        ),
        (
            "I'd be ever so grateful if you could sign Omar Haddad out of all his devices",
            &["revoke_sessions user=omar.haddad"],
        ),
        (
            "Kindly remove Megan Bowen's Visio licence, she no longer needs it",
            &["remove_license license=VISIOCLIENT user=megan.bowen"],
        ),
        (
            "Could somebody have a look at Grace Kim's account details for me please",
            &["get_user user=grace.kim"],
        ),
        (
            "Can we suspend Omar Haddad's login with immediate effect please",
            &["disable_user user=omar.haddad"],
        ),
        (
            "Might I trouble you to add myself to VPN Users?",
            &["add_to_group group=VPN Users user=tess.ito"],
        ),
        (
            "Renée Lefèvre isn't meant to be in Project Phoenix, could you take her out please",
            &["remove_from_group group=Project Phoenix user=renee.lefevre"],
        ),
        (
            "Please set Omar Haddad's out of office from tomorrow until 20 March, wording: \"I am on annual leave\"",
            &[
                "set_out_of_office end=2026-03-20 mailbox=omar.haddad message=I am on annual leave start=2026-03-05",
            ],
        ),
        ("Right, John Doe's gone. Block him please.", &["disable_user user=john.doe"]),
    ]);
}

#[test]
fn an_american_provider_asks() {
    check(&[
        (
            "Need a PW reset for Grace Kim ASAP, she's on the phone w/ me",
            &["reset_password user=grace.kim"],
        ),
        (
            "Pls kill all active sessions on omar.haddad@contoso.com - possible BEC",
            &["revoke_sessions user=omar.haddad"],
        ),
        (
            "Term'd user: John Doe. Please disable the account and pull all licenses.",
            &["disable_user user=john.doe", "remove_license license=ALL user=john.doe"],
        ),
        (
            "Go ahead and spin up a Copilot license for Grace Kim",
            &["assign_license license=Microsoft_365_Copilot user=grace.kim"],
        ),
        (
            "yo can someone bounce Omar Haddad from VPN Users",
            &["remove_from_group group=VPN Users user=omar.haddad"],
        ),
        (
            "User needs access restored: please unblock sign-in for Grace Kim",
            &["enable_user user=grace.kim"],
        ),
        (
            "Client approved Power BI Pro for Omar Haddad, go ahead and assign",
            &["assign_license license=POWER_BI_PRO user=omar.haddad"],
        ),
        (
            "Hey team, gonna need Jon Smith's account shut down effective immediately",
            &["disable_user user=jon.smith"],
        ),
        (
            "Let's get Grace Kim added to Sales Team and Project Phoenix",
            &[
                "add_to_group group=Project Phoenix user=grace.kim",
                "add_to_group group=Sales Team user=grace.kim",
            ],
        ),
        (
            "Compromised account - grace.kim@contoso.com. Block sign-in, revoke sessions, reset pw.",
            &[
                "disable_user user=grace.kim",
                "reset_password user=grace.kim",
                "revoke_sessions user=grace.kim",
            ],
        ),
        ("Force sign out on all devices for Omar Haddad", &["revoke_sessions user=omar.haddad"]),
        (
            "Set OOO for Grace Kim thru Friday: \"Out sick, call the main line\"",
            &[
                "set_out_of_office end=2026-03-06 mailbox=grace.kim message=Out sick, call the main line",
            ],
        ),
        (
            "Swap Omar Haddad from Project Atlas to Project Phoenix",
            &[
                "add_to_group group=Project Phoenix user=omar.haddad",
                "remove_from_group group=Project Atlas user=omar.haddad",
            ],
        ),
        (
            "Reclaim the Visio license from Megan Bowen",
            &["remove_license license=VISIOCLIENT user=megan.bowen"],
        ),
        ("please yank M365 E3 off John Doe", &["remove_license license=SPE_E3 user=john.doe"]),
        (
            "Provision a Visio seat for Renee Lefevre, PO attached",
            &["assign_license license=VISIOCLIENT user=renee.lefevre"],
        ),
        (
            "Disable AD account for Omar Haddad - term date 3/20",
            &["disable_user at=2026-03-20 user=omar.haddad"],
        ),
        ("Boot Grace Kim from all sessions", &["revoke_sessions user=grace.kim"]),
        ("pull up the account for John Doe", &["get_user user=john.doe"]),
        ("reset creds for grace.kim", &["reset_password user=grace.kim"]),
    ]);
}

#[test]
fn human_resources_asks() {
    check(&[
        (
            "As of today Omar Haddad is no longer with the company. Kindly deactivate his account.",
            &["disable_user user=omar.haddad"],
        ),
        (
            "Grace Kim will be on parental leave until 30 June. Please set up an automatic reply on her mailbox: \"I am on parental leave until 30 June.\"",
            &[
                "set_out_of_office end=2026-06-30 mailbox=grace.kim message=I am on parental leave until 30 June.",
            ],
        ),
        (
            "Please deactivate the accounts of the following leavers:\n- John Doe\n- Omar Haddad",
            &["disable_user user=john.doe", "disable_user user=omar.haddad"],
        ),
        (
            "Renée Lefèvre has returned from sabbatical. Please reactivate her user account.",
            &["enable_user user=renee.lefevre"],
        ),
        (
            "Following her promotion, Grace Kim should be added to Sales Team",
            &["add_to_group group=Sales Team user=grace.kim"],
        ),
        (
            "John Doe's last working day is 20 March. Please block his sign-in at 17:30 on that day.",
            &["disable_user at=2026-03-20T17:30 user=john.doe"],
        ),
        (
            "We have suspended Omar Haddad pending an investigation. His access must be cut off immediately.",
            &["disable_user user=omar.haddad"],
        ),
        (
            "Please ensure that Grace Kim's account is disabled on 13 March",
            &["disable_user at=2026-03-13 user=grace.kim"],
        ),
        (
            "Kindly withdraw all licences from John Doe",
            &["remove_license license=ALL user=john.doe"],
        ),
        (
            "Please remove John Doe from all distribution lists and groups",
            &["remove_from_group group=ALL user=john.doe"],
        ),
        (
            "Effective Friday close of business, please disable Jon Smith (Sales)",
            &["disable_user at=2026-03-06T17:00 user=jon.smith"],
        ),
    ]);
}

#[test]
fn people_whose_english_is_german_french_or_indian_ask() {
    check(&[
        (
            "Hello, can you please make a new password for the colleague Grace Kim? Thank you in advance",
            &["reset_password user=grace.kim"],
        ),
        ("Please to deactivate the account from Omar Haddad", &["disable_user user=omar.haddad"]),
        (
            "Could you please give to Mr. Haddad a licence for Visio?",
            &["assign_license license=VISIOCLIENT user=omar.haddad"],
        ),
        (
            "Please put Mrs. Kim in the group VPN Users",
            &["add_to_group group=VPN Users user=grace.kim"],
        ),
        ("I have forgotten my password, please reset", &["reset_password user=tess.ito"]),
        (
            "Can you block the access of Omar Haddad since today please",
            &["disable_user user=omar.haddad"],
        ),
        (
            "Bonjour, please to put Grace Kim in the group Project Atlas, merci",
            &["add_to_group group=Project Atlas user=grace.kim"],
        ),
        (
            "It would be necessary to reset the password of Omar Haddad",
            &["reset_password user=omar.haddad"],
        ),
        (
            "Please do the needful and reset the password of Grace Kim at the earliest",
            &["reset_password user=grace.kim"],
        ),
        (
            "Dear team, kindly revoke the sessions of user omar.haddad@contoso.com and revert back",
            &["revoke_sessions user=omar.haddad"],
        ),
        ("Kindly assist to enable the ID of Grace Kim", &["enable_user user=grace.kim"]),
        (
            "Sir, please provide Power BI licence to Omar Haddad at the earliest",
            &["assign_license license=POWER_BI_PRO user=omar.haddad"],
        ),
        (
            "Request you to kindly add Omar Haddad in Project Phoenix group",
            &["add_to_group group=Project Phoenix user=omar.haddad"],
        ),
        (
            "Please be so kind and remove Grace Kim out of the group Sales Team",
            &["remove_from_group group=Sales Team user=grace.kim"],
        ),
        (
            "The password of Mr. Thomas Okafor is forgotten, please a new one",
            &["reset_password user=thomas.okafor"],
        ),
        ("We need that you disable the account of John Doe", &["disable_user user=john.doe"]),
        ("Please you can deactivate the user Omar Haddad?", &["disable_user user=omar.haddad"]),
        (
            "pls do password reset for below user\ngrace.kim@contoso.com",
            &["reset_password user=grace.kim"],
        ),
        ("Please activate again the account of Grace Kim", &["enable_user user=grace.kim"]),
        (
            "Kindly grant Visio license for Renée Lefèvre and remove same from Megan Bowen",
            &[
                "assign_license license=VISIOCLIENT user=renee.lefevre",
                "remove_license license=VISIOCLIENT user=megan.bowen",
            ],
        ),
    ]);
}

#[test]
fn short_tickets_ask() {
    check(&[
        ("pw reset grace kim", &["reset_password user=grace.kim"]),
        ("pwd reset - omar haddad", &["reset_password user=omar.haddad"]),
        ("disable: john doe", &["disable_user user=john.doe"]),
        ("re-enable omar haddad", &["enable_user user=omar.haddad"]),
        ("grace kim -> VPN Users pls", &["add_to_group group=VPN Users user=grace.kim"]),
        ("sign out everywhere: omar haddad", &["revoke_sessions user=omar.haddad"]),
        ("+visio grace kim pls", &["assign_license license=VISIOCLIENT user=grace.kim"]),
        ("lookup omar haddad", &["get_user user=omar.haddad"]),
        (
            "revoke sessions grace kim & omar haddad",
            &["revoke_sessions user=grace.kim", "revoke_sessions user=omar.haddad"],
        ),
        ("block grace.kim@contoso.com", &["disable_user user=grace.kim"]),
        ("unblock grace.kim@contoso.com", &["enable_user user=grace.kim"]),
        ("new temp pw 4 omar haddad pls", &["reset_password user=omar.haddad"]),
        ("rm omar haddad from vpn users", &["remove_from_group group=VPN Users user=omar.haddad"]),
        ("OOF off for grace kim", &["set_out_of_office mailbox=grace.kim off=true"]),
        ("user disable request: John Doe", &["disable_user user=john.doe"]),
        (
            "copilot for omar haddad pls",
            &["assign_license license=Microsoft_365_Copilot user=omar.haddad"],
        ),
        ("strip licences john doe", &["remove_license license=ALL user=john.doe"]),
        ("password reset required for grace.kim@contoso.com", &["reset_password user=grace.kim"]),
        ("account disable required - omar haddad", &["disable_user user=omar.haddad"]),
        (
            "add grace kim, omar haddad to project atlas",
            &[
                "add_to_group group=Project Atlas user=grace.kim",
                "add_to_group group=Project Atlas user=omar.haddad",
            ],
        ),
        ("kick grace kim's sessions", &["revoke_sessions user=grace.kim"]),
    ]);
}

#[test]
fn chatty_people_ask() {
    check(&[
        (
            "hiya! hope you had a lovely weekend :) quick one - Grace can't get in, forgot her password again lol, could you reset it?",
            &["reset_password user=grace.kim"],
        ),
        (
            "ok so long story short Omar left on bad terms and we really want his account locked before he does something silly",
            &["disable_user user=omar.haddad"],
        ),
        (
            "sooo Renée is finally joining us, can you get her in the Project Phoenix group?",
            &["add_to_group group=Project Phoenix user=renee.lefevre"],
        ),
        (
            "omg I clicked something I shouldn't have. can you sign me out of everything please!!",
            &["revoke_sessions user=tess.ito"],
        ),
        (
            "hey hey, Grace needs Visio for the floor plans she's doing, can we sort that?",
            &["assign_license license=VISIOCLIENT user=grace.kim"],
        ),
        (
            "hi! me again, sorry. could you also pop Omar Haddad in VPN Users? he's working from home tomorrow",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        (
            "so Tom's phone got nicked on the tube, can you log him out everywhere just in case",
            &["revoke_sessions user=thomas.okafor"],
        ),
        (
            "thanks for earlier! one more thing, can you take Grace Kim out of Sales Team",
            &["remove_from_group group=Sales Team user=grace.kim"],
        ),
        ("Could you please tell me who Omar Haddad's manager is?", &["get_user user=omar.haddad"]),
        (
            "what's the story with John Doe, is he still enabled? show me his account",
            &["get_user user=john.doe"],
        ),
        (
            "he waited ages, Omar Haddad, for his Copilot licence, please assign it to him now",
            &["assign_license license=Microsoft_365_Copilot user=omar.haddad"],
        ),
    ]);
}

#[test]
fn dictated_and_mistyped_words_ask() {
    check(&[
        (
            "hey can you please reset the password for grace kim question mark",
            &["reset_password user=grace.kim"],
        ),
        (
            "um disable the account of omar haddad uh right away please",
            &["disable_user user=omar.haddad"],
        ),
        ("add grace kim to v p n users group", &["add_to_group ? group"]),
        ("sing omar haddad out everywhere please", &["revoke_sessions user=omar.haddad"]),
        ("plase rest the pasword for Grace Kim", &["reset_password user=grace.kim"]),
        ("disbale acount omar haddad", &["disable_user user=omar.haddad"]),
        ("can u plz add grcae kim to vpn users", &["add_to_group group=VPN Users user=grace.kim"]),
        (
            "remvoe visio licnese from Megan Bowen",
            &["remove_license license=VISIOCLIENT user=megan.bowen"],
        ),
        (
            "asign visio licence to grace kim",
            &["assign_license license=VISIOCLIENT user=grace.kim"],
        ),
        ("revok all sesions for omar haddad", &["revoke_sessions user=omar.haddad"]),
        ("renable grace kims acct", &["enable_user user=grace.kim"]),
        ("pls dissable Thomas Okaforr", &["disable_user user=thomas.okafor"]),
        ("reset omar hadad's passwrod", &["reset_password user=omar.haddad"]),
        (
            "set teh out of ofice for grace kim: 'Back Monday'",
            &["set_out_of_office mailbox=grace.kim message=Back Monday"],
        ),
        ("deactivte john doe", &["disable_user user=john.doe"]),
        ("PLEASE RESET GRACE KIM'S PASSWORD NOW", &["reset_password user=grace.kim"]),
        ("reset,password,for,grace kim", &["reset_password user=grace.kim"]),
    ]);
}

#[test]
fn mails_forms_and_tables_ask() {
    check(&[
        (
            "User: Grace Kim\nIssue: forgot password\nAction: reset password",
            &["reset_password user=grace.kim"],
        ),
        (
            "Request type: Group membership\nUser: omar.haddad@contoso.com\nAction: Add to group\nGroup: VPN Users",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        (
            "Name: Grace Kim\nRequest: Visio licence please",
            &["assign_license license=VISIOCLIENT user=grace.kim"],
        ),
        (
            "Hi team,\n\nPlease see to the following:\n1. Disable John Doe\n2. Remove John Doe from Sales Team\n3. Reset Omar Haddad's password\n\nRegards,\nMegan Bowen\nMarketing | Contoso\nTel: 020 7946 0000",
            &[
                "disable_user user=john.doe",
                "remove_from_group group=Sales Team user=john.doe",
                "reset_password user=omar.haddad",
            ],
        ),
        (
            "Please give these people Visio:\n* Grace Kim\n* Omar Haddad\n* Renée Lefèvre",
            &[
                "assign_license license=VISIOCLIENT user=grace.kim",
                "assign_license license=VISIOCLIENT user=omar.haddad",
                "assign_license license=VISIOCLIENT user=renee.lefevre",
            ],
        ),
        (
            "For Omar Haddad:\n- reset password\n- revoke sessions",
            &["reset_password user=omar.haddad", "revoke_sessions user=omar.haddad"],
        ),
        (
            "Leaver: John Doe\n• block sign-in\n• remove all licences\n• remove from all groups",
            &[
                "disable_user user=john.doe",
                "remove_from_group group=ALL user=john.doe",
                "remove_license license=ALL user=john.doe",
            ],
        ),
        (
            "Hi, could you do this for Grace please?\n\n> From: Grace Kim\n> To: Tess Ito\n> I've forgotten my password, can you reset it?\n> Thanks, Grace",
            &["reset_password user=grace.kim"],
        ),
        (
            "| Name | Action |\n| John Doe | disable account |\n| Grace Kim | reset password |",
            &["disable_user user=john.doe", "reset_password user=grace.kim"],
        ),
        (
            "RE: Access\n\nPlease add Omar Haddad to VPN Users.\n\nKind regards\nMegan\n\nThis e-mail is confidential. If you are not the intended recipient, delete it.",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        (
            "Please disable the following accounts today: jon.smith@contoso.com; john.doe@contoso.com",
            &["disable_user user=john.doe", "disable_user user=jon.smith"],
        ),
        (
            "Please add to Project Atlas: Grace Kim, Omar Haddad and Megan Bowen",
            &[
                "add_to_group group=Project Atlas user=grace.kim",
                "add_to_group group=Project Atlas user=megan.bowen",
                "add_to_group group=Project Atlas user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn several_things_and_several_people_are_asked_at_once() {
    check(&[
        (
            "Disable Omar Haddad and John Doe, and sign them both out everywhere",
            &[
                "disable_user user=john.doe",
                "disable_user user=omar.haddad",
                "revoke_sessions user=john.doe",
                "revoke_sessions user=omar.haddad",
            ],
        ),
        (
            "Reset the passwords for Grace Kim and Omar Haddad",
            &["reset_password user=grace.kim", "reset_password user=omar.haddad"],
        ),
        ("Don't disable Grace Kim, just reset her password", &["reset_password user=grace.kim"]),
        (
            "Grace Kim: add to VPN Users, remove from Sales Team, give Visio",
            &[
                "add_to_group group=VPN Users user=grace.kim",
                "assign_license license=VISIOCLIENT user=grace.kim",
                "remove_from_group group=Sales Team user=grace.kim",
            ],
        ),
        (
            "remove everyone except... no wait, only remove Omar Haddad from Sales Team",
            &["remove_from_group group=Sales Team user=omar.haddad"],
        ),
        (
            "Reset Grace Kim's password but leave Omar Haddad alone",
            &["reset_password user=grace.kim"],
        ),
        (
            "give Grace Kim Visio and Power BI",
            &[
                "assign_license license=POWER_BI_PRO user=grace.kim",
                "assign_license license=VISIOCLIENT user=grace.kim",
            ],
        ),
        (
            "First revoke Omar Haddad's sessions, then reset his password, and finally block him",
            &[
                "disable_user user=omar.haddad",
                "reset_password user=omar.haddad",
                "revoke_sessions user=omar.haddad",
            ],
        ),
        (
            "Take the Visio licence from Megan Bowen and give it to Grace Kim",
            &[
                "assign_license license=VISIOCLIENT user=grace.kim",
                "remove_license license=VISIOCLIENT user=megan.bowen",
            ],
        ),
        (
            "block both Jon Smith and John Smyth",
            &["disable_user user=john.smyth", "disable_user user=jon.smith"],
        ),
        (
            "Enable Grace Kim today and disable Omar Haddad tomorrow at noon",
            &["disable_user at=2026-03-05T12:00 user=omar.haddad", "enable_user user=grace.kim"],
        ),
        (
            "Omar Haddad's account should be switched off on the 20th",
            &["disable_user at=2026-03-20 user=omar.haddad"],
        ),
        (
            "please add Grace Kim and Omar Haddad to VPN Users and Project Atlas",
            &[
                "add_to_group group=Project Atlas user=grace.kim",
                "add_to_group group=Project Atlas user=omar.haddad",
                "add_to_group group=VPN Users user=grace.kim",
                "add_to_group group=VPN Users user=omar.haddad",
            ],
        ),
        ("Disable Grace Kim's account, not Omar's", &["disable_user user=grace.kim"]),
    ]);
}

#[test]
fn problems_and_needs_are_requests_too() {
    check(&[
        ("Grace Kim has forgotten her password", &["reset_password user=grace.kim"]),
        (
            "Omar Haddad requires access to the VPN Users group",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        (
            "Grace Kim is missing from Project Atlas, please add her",
            &["add_to_group group=Project Atlas user=grace.kim"],
        ),
        ("Omar Haddad's password needs resetting", &["reset_password user=omar.haddad"]),
        ("John Doe's access wants cutting off, he left", &["disable_user user=john.doe"]),
        ("we need John Doe's licences back", &["remove_license license=ALL user=john.doe"]),
        (
            "Grace Kim could do with a Visio licence",
            &["assign_license license=VISIOCLIENT user=grace.kim"],
        ),
        (
            "Megan Bowen no longer needs Visio, please remove it",
            &["remove_license license=VISIOCLIENT user=megan.bowen"],
        ),
        (
            "I need to be added to Project Phoenix",
            &["add_to_group group=Project Phoenix user=tess.ito"],
        ),
        ("Omar Haddad must be kept out, block his account", &["disable_user user=omar.haddad"]),
        (
            "Grace Kim should be able to sign in again, please unblock her",
            &["enable_user user=grace.kim"],
        ),
        ("Grace Kim needs to be in Sales Team", &["add_to_group group=Sales Team user=grace.kim"]),
        ("I can't remember my password", &["reset_password user=tess.ito"]),
        ("my password has expired, can you reset it", &["reset_password user=tess.ito"]),
        (
            "Can Omar Haddad get added to project phoenix?",
            &["add_to_group group=Project Phoenix user=omar.haddad"],
        ),
    ]);
}

#[test]
fn a_second_round_of_voices_asks() {
    check(&[
        ("Can we please have Omar Haddad's login blocked asap", &["disable_user user=omar.haddad"]),
        (
            "Please sort out a password reset for Renée Lefèvre",
            &["reset_password user=renee.lefevre"],
        ),
        (
            "Could you chuck Grace Kim into VPN Users?",
            &["add_to_group group=VPN Users user=grace.kim"],
        ),
        (
            "Omar Haddad is to be removed from Sales Team",
            &["remove_from_group group=Sales Team user=omar.haddad"],
        ),
        (
            "kindly deprovision the Visio license of Megan Bowen",
            &["remove_license license=VISIOCLIENT user=megan.bowen"],
        ),
        (
            "Grace Kim lost her phone, please invalidate all her sessions",
            &["revoke_sessions user=grace.kim"],
        ),
        (
            "please get Jon Smith out of Project Atlas",
            &["remove_from_group group=Project Atlas user=jon.smith"],
        ),
        (
            "I'd like Power BI for Omar Haddad",
            &["assign_license license=POWER_BI_PRO user=omar.haddad"],
        ),
        (
            "Reinstate access for Grace Kim as of Monday",
            &["enable_user at=2026-03-09 user=grace.kim"],
        ),
        (
            "John Doe resigned. Kindly disable his user account today EOD.",
            &["disable_user at=2026-03-04T17:00 user=john.doe"],
        ),
        ("who's Renée Lefèvre's line manager?", &["get_user user=renee.lefevre"]),
        (
            "Turn on automatic replies for Grace Kim: \"Away until Monday\"",
            &["set_out_of_office mailbox=grace.kim message=Away until Monday"],
        ),
        (
            "Omar Haddad no longer requires the Power BI licence. Please unassign.",
            &["remove_license license=POWER_BI_PRO user=omar.haddad"],
        ),
        (
            "make Omar Haddad a member of Project Phoenix",
            &["add_to_group group=Project Phoenix user=omar.haddad"],
        ),
        (
            "Could you generate a new temporary password for john.doe@contoso.com and send it to me",
            &["reset_password user=john.doe"],
        ),
        ("lock down grace.kim@contoso.com", &["disable_user user=grace.kim"]),
        ("please end all of Omar Haddad's sessions", &["revoke_sessions user=omar.haddad"]),
    ]);
}

#[test]
fn a_second_round_of_voices_asks_for_more() {
    check(&[
        (
            "access for John Doe to be disabled with effect from 16 March",
            &["disable_user at=2026-03-16 user=john.doe"],
        ),
        (
            "We've had a request to add Omar Haddad to VPN Users, please do so",
            &["add_to_group group=VPN Users user=omar.haddad"],
        ),
        ("Let Omar Haddad back in please", &["enable_user user=omar.haddad"]),
        (
            "I need you to take E3 off Grace Kim and give her E5",
            &[
                "assign_license license=SPE_E5 user=grace.kim",
                "remove_license license=SPE_E3 user=grace.kim",
            ],
        ),
        ("Reset password - Grace Kim - urgent", &["reset_password user=grace.kim"]),
        (
            "pls remove jon smith and john smyth from vpn users",
            &[
                "remove_from_group group=VPN Users user=john.smyth",
                "remove_from_group group=VPN Users user=jon.smith",
            ],
        ),
        (
            "Grace Kim's leaving today so please kill her access and her sessions",
            &["disable_user user=grace.kim", "revoke_sessions user=grace.kim"],
        ),
        (
            "could you see that Grace Kim gets a copilot licence",
            &["assign_license license=Microsoft_365_Copilot user=grace.kim"],
        ),
    ]);
}

#[test]
fn a_third_round_of_voices_asks_too() {
    check(&[
        ("Omar Haddad got the sack. Block him now, please", &["disable_user user=omar.haddad"]),
        (
            "security incident: deactivate john.doe@contoso.com straight away",
            &["disable_user user=john.doe"],
        ),
        ("hiya, could u pls switch off grace kims login", &["disable_user user=grace.kim"]),
        (
            "Kindly ensure that the account of Mr. Omar Haddad is disabled with immediate effect.",
            &["disable_user user=omar.haddad"],
        ),
        ("account of megan bowen to be disabled today please", &["disable_user user=megan.bowen"]),
        (
            "We require that Chris Green be blocked from signing in.",
            &["disable_user user=chris.green"],
        ),
        ("get john doe's account locked down", &["disable_user user=john.doe"]),
        (
            "John Doe's back from parental leave - reactivate him please",
            &["enable_user user=john.doe"],
        ),
        ("please lift the block on Omar Haddad's account", &["enable_user user=omar.haddad"]),
        ("re-enable grace.kim@contoso.com", &["enable_user user=grace.kim"]),
        ("can Megan Bowen's sign-in be allowed again", &["enable_user user=megan.bowen"]),
        (
            "Grace locked herself out by forgetting her password, issue a new one please",
            &["reset_password user=grace.kim"],
        ),
        ("new pw 4 omar pls", &["reset_password user=omar.haddad"]),
        (
            "I've a user on the phone, Chris Naidu, who needs his password resetting",
            &["reset_password user=chris.naidu"],
        ),
        ("Be a dear and reset John Smyth's password", &["reset_password user=john.smyth"]),
        (
            "Would it trouble you to generate a fresh password for Renée Lefèvre?",
            &["reset_password user=renee.lefevre"],
        ),
        ("reset the credentials of Jon Smith", &["reset_password user=jon.smith"]),
        ("my password isn't working, reset it please", &["reset_password user=tess.ito"]),
        ("Log Grace Kim out of everything", &["revoke_sessions user=grace.kim"]),
        (
            "invalidate all refresh tokens for omar.haddad@contoso.com",
            &["revoke_sessions user=omar.haddad"],
        ),
    ]);
}

#[test]
fn a_third_round_of_voices_asks_for_more() {
    check(&[
        ("John Doe's phone was stolen, terminate his sessions", &["revoke_sessions user=john.doe"]),
        ("boot Chris Naidu off all devices", &["revoke_sessions user=chris.naidu"]),
        (
            "Jon Smith requires a Visio licence from today",
            &["assign_license license=VISIOCLIENT user=jon.smith"],
        ),
        (
            "hook megan bowen up with power bi",
            &["assign_license license=POWER_BI_PRO user=megan.bowen"],
        ),
        (
            "Allocate Copilot to Grace Kim",
            &["assign_license license=Microsoft_365_Copilot user=grace.kim"],
        ),
        (
            "please provision an E5 for Thomas Okafor",
            &["assign_license license=SPE_E5 user=thomas.okafor"],
        ),
        (
            "reclaim Omar Haddad's Visio seat",
            &["remove_license license=VISIOCLIENT user=omar.haddad"],
        ),
        (
            "Megan Bowen doesn't use Power BI any more, please unassign it",
            &["remove_license license=POWER_BI_PRO user=megan.bowen"],
        ),
        ("free up the E5 from john.doe", &["remove_license license=SPE_E5 user=john.doe"]),
        ("put chris naidu into vpn users", &["add_to_group group=VPN Users user=chris.naidu"]),
        (
            "enrol Grace Kim in the Project Phoenix group",
            &["add_to_group group=Project Phoenix user=grace.kim"],
        ),
        (
            "can you make Omar a member of Sales Team?",
            &["add_to_group group=Sales Team user=omar.haddad"],
        ),
        (
            "include megan.bowen@contoso.com in All Staff",
            &["add_to_group group=All Staff user=megan.bowen"],
        ),
        (
            "drop Jon Smith from Project Atlas",
            &["remove_from_group group=Project Atlas user=jon.smith"],
        ),
        (
            "Grace is no longer on the project, take her out of Project Phoenix",
            &["remove_from_group group=Project Phoenix user=grace.kim"],
        ),
        ("pull omar out of vpn users plz", &["remove_from_group group=VPN Users user=omar.haddad"]),
        (
            "activate an auto reply for Grace Kim: \"Back on Monday\"",
            &["set_out_of_office mailbox=grace.kim message=Back on Monday"],
        ),
        ("Tom is off until Friday, put his out of office on", &["set_out_of_office ? message"]),
        (
            "switch off Megan Bowen's out of office",
            &["set_out_of_office mailbox=megan.bowen off=true"],
        ),
        ("show me Omar Haddad's account", &["get_user user=omar.haddad"]),
        ("who is Jon Smith's boss?", &["get_user user=jon.smith"]),
        ("pull up the details for chris.green@contoso.com", &["get_user user=chris.green"]),
        (
            "please get rid of Megan Bowen's Visio licence",
            &["remove_license license=VISIOCLIENT user=megan.bowen"],
        ),
        ("please do the reset of Grace Kim's password", &["reset_password user=grace.kim"]),
        ("the reset of Grace Kim's password please", &["reset_password user=grace.kim"]),
        (
            "add Grace Kim to the shared mailbox Info",
            &["add_mailbox_permission mailbox=info permission=full_access user=grace.kim"],
        ),
        (
            "Set Grace Kim's manager to Omar Haddad",
            &["set_manager manager=omar.haddad user=grace.kim"],
        ),
        ("Add a phone number to Grace Kim's profile", &["update_user ? fields"]),
    ]);
}
