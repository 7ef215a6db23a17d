//! What is told of one person, piece by piece: who starts, who leaves, and what is only news.

use super::check;

#[test]
fn whoever_starts_is_read_from_notes_and_from_prose() {
    check(&[
        (
            "New man Monday. Bartek Wrona, Electrician, Finance, London. Reports to Megan Bowen. Microsoft 365 E3.",
            &[
                "onboard_user department=Finance display_name=Bartek Wrona job_title=Electrician licenses=[\"SPE_E3\"] manager=megan.bowen office_location=London start_date=2026-03-09",
            ],
        ),
        (
            "I am pleased to confirm that Dara Whelan has signed. She will take up the post of Payroll Officer in Finance on Monday 9 March, with Megan Bowen as her line manager. A Microsoft 365 E3 licence will do, please.",
            &[
                "onboard_user department=Finance display_name=Dara Whelan job_title=Payroll Officer licenses=[\"SPE_E3\"] manager=megan.bowen start_date=2026-03-09",
            ],
        ),
        // News for everybody, and what is to wait.
        (
            "Please join me in welcoming Dara Whelan, who starts with us on 9 March as Payroll Officer in Finance, reporting to Megan Bowen.",
            &[],
        ),
        (
            "Dara Whelan has an offer from us for Payroll Officer in Finance, start 9 March. She has not accepted yet, so please do not create anything.",
            &[],
        ),
    ]);
}

#[test]
fn several_who_leave_have_a_day_of_their_own() {
    check(&[
        (
            "Could you offboard two people for me please, Grace Kim on the 23rd and Omar Haddad on the 30th, both at 12:00?",
            &[
                "offboard_user at=2026-03-23T12:00 user=grace.kim",
                "offboard_user at=2026-03-30T12:00 user=omar.haddad",
            ],
        ),
        (
            "Leavers, please process:\n1) Grace Kim - 20 March - mail to Omar Haddad\n2) John Doe - 27 March - no forwarding, wipe devices",
            &[
                "offboard_user at=2026-03-20 forward_to=omar.haddad user=grace.kim",
                "offboard_user at=2026-03-27 user=john.doe wipe_devices=true",
            ],
        ),
        // Whoever gets something stays.
        (
            "Please offboard Grace Kim on 20 March.\n- Omar Haddad gets her mail\n- John Doe gets her laptop",
            &["offboard_user at=2026-03-20 forward_to=omar.haddad user=grace.kim"],
        ),
        ("Please remind Grace Kim that she owes me the report about leavers.", &[]),
        ("Hold off on the account of Grace Kim until I confirm.", &[]),
    ]);
}

#[test]
fn points_of_several_sorts_are_read_one_by_one() {
    check(&[(
        "My list, please: 1) Josie Pell starts 9 March, Analyst, Finance, London, reports to Megan Bowen, Microsoft 365 E3 2) Grace Kim leaves on 20 March, leaver process 3) Omar Haddad's title is now Team Lead",
        &[
            "offboard_user at=2026-03-20 user=grace.kim",
            "onboard_user department=Finance display_name=Josie Pell job_title=Analyst licenses=[\"SPE_E3\"] manager=megan.bowen office_location=London start_date=2026-03-09",
            "update_user fields={\"jobTitle\":\"Team Lead\"} user=omar.haddad",
        ],
    )]);
}
