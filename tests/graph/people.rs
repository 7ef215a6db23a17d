//! Users, passwords and licences: each action planned, made and seen; and what it refuses.

use countersign::{
    domain::{plan::Draft, step::StepState, trouble::Reason},
    sim::microsoft::AppRegistration,
};
use serde_json::{Value, json};

use crate::room::{PASSWORD, Room};

const JOHN: &str = "john.doe@contoso.com";
const JANE: &str = "jane.roe@contoso.com";

/// `what: before → after`, one a value.
fn values(draft: &Draft) -> Vec<String> {
    let values = draft.steps.iter().flat_map(|step| &step.values);
    values.map(|value| format!("{}: {} → {}", value.what, value.before, value.after)).collect()
}

fn new_colleague() -> Value {
    json!({
        "display_name": "Zoë Quist", "job_title": "Account Manager", "department": "Sales",
        "manager": "samir.nadar@contoso.com", "office_location": "London",
        "company_name": "Contoso Ltd", "mobile_phone": "+44 20 7946 0999",
        "business_phones": ["+44 20 7946 0998"], "employee_id": "20001",
        "force_change_with_mfa": true, "licenses": ["SPE_E3"], "groups": ["Sales Team", "Company News"],
    })
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of all actions")]
async fn each_action_is_planned_made_and_seen_to_hold() {
    let room = Room::new().await;
    for (action, arguments, effects, shown) in [
        (
            "create_user",
            new_colleague(),
            vec![
                "user.create",
                "user.manager",
                "user.licences",
                "group.member.add",
                "list.member.add",
            ],
            "userPrincipalName: =none → zoe.quist@contoso.com",
        ),
        (
            "update_user",
            json!({ "user": JOHN, "fields": { "jobTitle": "Buyer", "officeLocation": "" } }),
            vec!["user.update"],
            "jobTitle: Account Manager → Buyer",
        ),
        (
            "set_manager",
            json!({ "user": JOHN, "manager": "fiona.ledger@contoso.com" }),
            vec!["user.manager"],
            "manager: Samir Nadar → Fiona Ledger",
        ),
        (
            "set_manager",
            json!({ "user": JOHN, "manager": "NOBODY" }),
            vec!["user.manager"],
            "manager: Fiona Ledger → =nobody",
        ),
        (
            "force_password_change",
            json!({ "user": JOHN }),
            vec!["user.update"],
            "must_change: =no → =yes",
        ),
        (
            "force_password_change",
            json!({ "user": JOHN, "with_mfa": true }),
            vec!["user.update"],
            "must_change: =yes → =yes_with_mfa",
        ),
        (
            "unlock_user",
            json!({ "user": "walt.gone@contoso.com" }),
            vec!["user.update"],
            "sign_in: =blocked → =allowed",
        ),
        (
            "reset_mfa",
            json!({ "user": JOHN, "method": "email" }),
            vec!["user.method.remove"],
            "method: j•••@fabrikam.com → =removed",
        ),
        (
            "reset_mfa",
            json!({ "user": JOHN }),
            vec!["user.method.remove", "user.method.remove"],
            "method: John's iPhone → =removed",
        ),
        (
            "issue_temporary_access_pass",
            json!({ "user": JOHN, "lifetime_minutes": 120, "usable_once": true }),
            vec!["user.method.add"],
            "lifetime: =none → 2 h",
        ),
        (
            "set_licenses",
            json!({ "user": JOHN, "add": ["SPE_E5"], "remove": ["SPE_E3"] }),
            vec!["user.licences"],
            "licence: Microsoft 365 E3 → =not_assigned",
        ),
        (
            "delete_user",
            json!({ "user": JOHN }),
            vec!["user.delete"],
            "account: john.doe@contoso.com → =deleted",
        ),
        (
            "restore_user",
            json!({ "user": JOHN }),
            vec!["user.restore"],
            "account: =deleted → john.doe@contoso.com",
        ),
    ] {
        let before = room.felt().len();
        let draft = room.draft(action, &arguments).await;
        assert!(
            values(&draft).iter().any(|value| value == shown),
            "{action}: {:?}",
            values(&draft)
        );
        assert_eq!(room.felt().len(), before, "{action} looks and does not touch");
        let walked = room.walk(&draft).await;
        assert!(walked.all_done(), "{action}: {:?} {:?}", walked.states(), walked.whys());
        assert_eq!(room.felt()[before..], effects, "{action}");
    }
    let zoe = room.world.user("zoe.quist@contoso.com").unwrap();
    assert_eq!(
        (&zoe["manager"], &zoe["usageLocation"]),
        (&json!("samir.nadar@contoso.com"), &json!("GB"))
    );
    assert_eq!(zoe["licenses"], json!(["SPE_E3"]));
    assert_eq!(zoe["passwordProfile"]["forceChangePasswordNextSignInWithMfa"], true);
    assert!(room.world.password_is("zoe.quist@contoso.com", PASSWORD));
}

#[tokio::test]
async fn what_is_so_already_is_said_and_nothing_is_planned() {
    let room = Room::new().await;
    let force = json!({ "user": JOHN });
    let draft = room.draft("force_password_change", &force).await;
    assert!(room.walk(&draft).await.all_done());
    let felt = room.felt().len();
    for (action, arguments) in [
        ("update_user", json!({ "user": JOHN, "fields": { "jobTitle": "Account Manager" } })),
        ("set_manager", json!({ "user": JOHN, "manager": "samir.nadar@contoso.com" })),
        ("set_manager", json!({ "user": "grace.chambers@contoso.com", "manager": "NOBODY" })),
        ("restore_user", json!({ "user": JOHN })),
        ("force_password_change", force),
        ("reset_mfa", json!({ "user": "omar.haddad@contoso.com" })),
        ("reset_mfa", json!({ "user": JOHN, "method": "fido2" })),
        ("set_licenses", json!({ "user": JOHN, "add": ["SPE_E3"] })),
        ("set_licenses", json!({ "user": JOHN, "remove": ["SPE_E5"] })),
        ("assign_license", json!({ "user": "samir.nadar@contoso.com", "license": "SPE_E5" })),
    ] {
        let reason = room.not_planned(action, &arguments).await;
        assert!(matches!(reason, Reason::AlreadySo { .. }), "{action}: {reason:?}");
    }
    assert_eq!(room.felt().len(), felt);
}

#[tokio::test]
async fn a_step_that_was_done_meanwhile_is_already_so() {
    let room = Room::new().await;
    for (action, arguments) in [
        ("update_user", json!({ "user": JOHN, "fields": { "city": "Leeds" } })),
        ("set_manager", json!({ "user": JOHN, "manager": "fiona.ledger@contoso.com" })),
        ("force_password_change", json!({ "user": JOHN })),
        ("reset_mfa", json!({ "user": JANE })),
        ("set_licenses", json!({ "user": JOHN, "add": ["SPE_E5"], "remove": ["SPE_E3"] })),
        ("delete_user", json!({ "user": JOHN })),
        ("restore_user", json!({ "user": "petra.former@contoso.com" })),
    ] {
        let draft = room.draft(action, &arguments).await;
        assert!(room.walk(&draft).await.all_done(), "{action}");
        let again = room.walk(&draft).await.states();
        assert!(again.iter().all(|state| *state == StepState::AlreadySo), "{action}: {again:?}");
    }
    // Somebody else of that name is not the one we would have made.
    let draft = room.draft("create_user", &json!({ "display_name": "Nora Quist" })).await;
    assert!(room.walk(&draft).await.all_done());
    let again = room.walk(&draft).await;
    assert!(
        again.whys()[0].to_string().contains("somebody else has this sign-in name"),
        "{:?}",
        again.whys()
    );
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let room = Room::new().await;
    let everything = "User.ReadWrite.All";
    for (action, arguments, without, named) in [
        (
            "create_user",
            json!({ "display_name": "Nora Quist" }),
            vec![everything],
            "User.ReadWrite.All",
        ),
        (
            "update_user",
            json!({ "user": JOHN, "fields": { "city": "Leeds" } }),
            vec![everything],
            "User.ReadWrite.All",
        ),
        (
            "update_user",
            json!({ "user": JOHN, "fields": { "employeeLeaveDateTime": "2026-12-31" } }),
            vec!["User-LifeCycleInfo.ReadWrite.All"],
            "User-LifeCycleInfo.ReadWrite.All",
        ),
        (
            "set_manager",
            json!({ "user": JOHN, "manager": JANE }),
            vec![everything],
            "User.ReadWrite.All",
        ),
        (
            "delete_user",
            json!({ "user": JOHN }),
            vec![everything, "User.DeleteRestore.All"],
            "User.DeleteRestore.All",
        ),
        (
            "restore_user",
            json!({ "user": "petra.former@contoso.com" }),
            vec!["User.DeleteRestore.All"],
            "User.DeleteRestore.All",
        ),
        (
            "force_password_change",
            json!({ "user": JOHN }),
            vec!["User Administrator"],
            "User Administrator",
        ),
        (
            "set_licenses",
            json!({ "user": JOHN, "remove": ["SPE_E3"] }),
            vec![everything, "LicenseAssignment.ReadWrite.All"],
            "LicenseAssignment.ReadWrite.All",
        ),
    ] {
        let draft = room.draft(action, &arguments).await;
        let lesser = without.iter().fold(AppRegistration::demo(), |app, right| app.without(right));
        room.world.set_app(lesser);
        room.clock.pass(jiff::SignedDuration::from_hours(2));
        let walked = room.walk(&draft).await;
        let why = walked.whys().first().map(ToString::to_string).unwrap_or_default();
        assert!(why.contains(named), "{action}: {why:?} {:?}", walked.states());
        room.world.set_app(AppRegistration::demo());
        room.clock.pass(jiff::SignedDuration::from_hours(2));
    }
    // Methods cannot even be looked at.
    room.world.set_app(AppRegistration::demo().without("UserAuthenticationMethod.ReadWrite.All"));
    room.clock.pass(jiff::SignedDuration::from_hours(2));
    for action in ["reset_mfa", "issue_temporary_access_pass", "list_authentication_methods"] {
        let reason = room.not_planned(action, &json!({ "user": JOHN })).await;
        assert!(
            reason.to_string().contains("UserAuthenticationMethod.Read.All"),
            "{action}: {reason:?}"
        );
    }
}

#[tokio::test]
async fn somebody_who_is_gone_fails_clearly() {
    let room = Room::new().await;
    let drafts = [
        room.draft("update_user", &json!({ "user": JOHN, "fields": { "city": "Leeds" } })).await,
        room.draft("set_manager", &json!({ "user": JOHN, "manager": JANE })).await,
        room.draft("force_password_change", &json!({ "user": JOHN })).await,
        room.draft("reset_mfa", &json!({ "user": JOHN, "method": "phone" })).await,
        room.draft("issue_temporary_access_pass", &json!({ "user": JOHN })).await,
        room.draft("set_licenses", &json!({ "user": JOHN, "remove": ["SPE_E3"] })).await,
    ];
    let gone = room.draft("delete_user", &json!({ "user": JOHN })).await;
    assert!(room.walk(&gone).await.all_done());
    for draft in drafts {
        let walked = room.walk(&draft).await;
        let kind = draft.steps[0].change.kind();
        assert_eq!(walked.whys(), [Reason::NoSuchPerson { name: "John Doe".into() }], "{kind:?}");
    }
}

/// What matters of a person, for before and after.
fn kept(room: &Room, upn: &str) -> Value {
    let user = room.world.user(upn).unwrap();
    let names = [
        "jobTitle",
        "city",
        "officeLocation",
        "mobilePhone",
        "manager",
        "licenses",
        "groups",
        "assignedLicenses",
        "accountEnabled",
        "userPrincipalName",
    ];
    names
        .iter()
        .map(|name| ((*name).to_owned(), user[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn an_undo_restores_the_former_state_exactly() {
    let room = Room::new().await;
    for (action, arguments) in [
        (
            "update_user",
            json!({ "user": JOHN, "fields": { "jobTitle": "Buyer", "city": "Leeds", "mobilePhone": "" } }),
        ),
        ("set_manager", json!({ "user": JOHN, "manager": "fiona.ledger@contoso.com" })),
        ("set_manager", json!({ "user": JOHN, "manager": "NOBODY" })),
        (
            "set_licenses",
            json!({ "user": JOHN, "add": ["SPE_E5"], "leave_off": ["microsoft intune plan 1"], "remove": ["ALL"] }),
        ),
        (
            "set_licenses",
            json!({ "user": JOHN, "add": ["SPE_E3"], "leave_off": ["SPE_E3: INTUNE_A"] }),
        ),
        ("delete_user", json!({ "user": JOHN })),
        ("unlock_user", json!({ "user": "walt.gone@contoso.com" })),
    ] {
        let who = arguments["user"].as_str().unwrap();
        let before = kept(&room, who);
        let draft = room.draft(action, &arguments).await;
        let walked = room.walk(&draft).await;
        assert!(walked.all_done(), "{action}: {:?}", walked.whys());
        let back = walked.inverse(action, &arguments);
        assert!(!back.is_empty(), "{action} can be undone");
        for proposal in back {
            let arguments = Value::Object(proposal.arguments);
            let draft = room.draft(&proposal.action, &arguments).await;
            let walked = room.walk(&draft).await;
            assert!(walked.all_done(), "{}: {:?}", proposal.action, walked.whys());
        }
        assert_eq!(kept(&room, who), before, "{action}");
    }
    let draft = room.draft("create_user", &new_colleague()).await;
    let back = room.walk(&draft).await.inverse("create_user", &new_colleague());
    assert_eq!(back[0].action, "delete_user");
    let draft = room.draft("delete_user", &Value::Object(back[0].arguments.clone())).await;
    assert!(room.walk(&draft).await.all_done());
    assert!(room.world.user("zoe.quist@contoso.com").is_none());
}
