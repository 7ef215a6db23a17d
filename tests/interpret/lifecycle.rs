//! Joiners, leavers and movers, as HR, managers and technicians write of them.

use super::check;

#[test]
fn a_technician_offboards_in_few_words() {
    check(&[
        ("offboard grace kim", &["offboard_user user=grace.kim"]),
        (
            "offboard Omar Haddad friday 5pm, forward to Grace Kim, wipe his devices",
            &[
                "offboard_user at=2026-03-06T17:00 forward_to=grace.kim user=omar.haddad wipe_devices=true",
            ],
        ),
        (
            "offboard Megan Bowen without wiping her devices",
            &["offboard_user user=megan.bowen wipe_devices=false"],
        ),
        (
            "Please offboard Grace Kim and Omar Haddad",
            &["offboard_user user=grace.kim", "offboard_user user=omar.haddad"],
        ),
    ]);
}

#[test]
fn hr_tells_of_somebody_who_leaves() {
    check(&[
        (
            "Dear IT, Grace Kim is leaving us. Her final working day is Friday 13 March. Please convert her mailbox to a shared one and forward new messages to Omar Haddad.",
            &[
                "offboard_user at=2026-03-13 convert_mailbox=true forward_to=omar.haddad user=grace.kim",
            ],
        ),
        (
            "Grace Kim is leaving us on 13 March, Omar Haddad takes over her customers. Please arrange everything.",
            &["offboard_user at=2026-03-13 user=grace.kim"],
        ),
        (
            "Grace Kim and Omar Haddad are leaving us on 13 March. Please arrange everything.",
            &[
                "offboard_user at=2026-03-13 user=grace.kim",
                "offboard_user at=2026-03-13 user=omar.haddad",
            ],
        ),
        (
            "Two leavers this Friday at 5pm please: Grace Kim and Omar Haddad. No forwarding needed for either.",
            &[
                "offboard_user at=2026-03-06T17:00 user=grace.kim",
                "offboard_user at=2026-03-06T17:00 user=omar.haddad",
            ],
        ),
        (
            "Leaver\nEmployee: Grace Kim\nLast working day: 2026-03-27\nMailbox: convert to shared\nDevices: wipe\nApproved by: Renée Lefèvre",
            &["offboard_user at=2026-03-27 convert_mailbox=true user=grace.kim wipe_devices=true"],
        ),
    ]);
}

#[test]
fn hr_tells_of_somebody_who_starts() {
    check(&[
        (
            "NEW HIRE FORM\n- First name: Luca\n- Last name: Ferraro\n- Role: Test Engineer\n- Team: Sales\n- Manager: Grace Kim\n- Starting: 05.04.2026\n- Groups: VPN Users, Project Atlas",
            &[
                "onboard_user department=Sales display_name=Luca Ferraro groups=[\"VPN Users\",\"Project Atlas\"] job_title=Test Engineer manager=grace.kim start_date=2026-04-05",
            ],
        ),
        (
            "Hello, please find the new starter details in the table:\n\n| Field | Value |\n|---|---|\n| Full name | Kofi Boateng |\n| Position | Warehouse Operative |\n| Department | Operations |\n| Reports to | Omar Haddad |\n| First day | 24/03/2026 |\n\nThank you!",
            &[
                "onboard_user department=Operations display_name=Kofi Boateng job_title=Warehouse Operative manager=omar.haddad start_date=2026-03-24",
            ],
        ),
        (
            "Good morning, two joiners for Finance on 1 April 2026, both reporting to Grace Kim please:\n1. Martin Oyelaran – Accountant\n2. Clara Benedetti – Payroll Assistant\nKind regards",
            &[
                "onboard_user department=Finance display_name=Clara Benedetti job_title=Payroll Assistant manager=grace.kim start_date=2026-04-01",
                "onboard_user department=Finance display_name=Martin Oyelaran job_title=Accountant manager=grace.kim start_date=2026-04-01",
            ],
        ),
    ]);
}

#[test]
fn hr_tells_of_somebody_who_moves() {
    check(&[
        (
            "From 1 April 2026 Grace Kim will move from Customer Service to Operations, reporting to Omar Haddad. Please update the system accordingly.",
            &[
                "transfer_user at=2026-04-01 department=Operations manager=omar.haddad user=grace.kim",
            ],
        ),
        (
            "Omar Haddad is transferring to the Sales department as Junior Account Executive. His new manager will be Thomas Okafor. Would you kindly make the change?",
            &[
                "transfer_user department=Sales job_title=Junior Account Executive manager=thomas.okafor user=omar.haddad",
            ],
        ),
    ]);
}

#[test]
fn what_is_only_told_asked_about_or_taken_back_starts_nothing() {
    check(&[
        ("Grace Kim is leaving us on Friday, sad news", &[]),
        ("What happens when somebody is leaving the company?", &[]),
        ("Grace Kim is not leaving us after all, please relax", &[]),
        ("Is there a checklist for new starters?", &[]),
        ("how do I offboard Grace Kim?", &[]),
        ("don't offboard Grace Kim", &[]),
        // Who of the two?
        (
            "Grace Kim told me that Omar Haddad is leaving us on Friday, please arrange everything",
            &[],
        ),
        ("Omar, Grace Kim is leaving us on Friday. Please arrange everything.", &[]),
        ("If Omar Haddad moves to Sales, would you need anything from us?", &[]),
    ]);
}

#[test]
fn what_is_said_of_a_newcomer_is_not_done_to_a_namesake() {
    check(&[(
        "New hire please\nName: Grace Kim\nJob title: Buyer",
        &["onboard_user display_name=Grace Kim job_title=Buyer"],
    )]);
}
