//! Directory roles: held, held through groups, to be activated; given and taken.

use countersign::{domain::chat::Verb, sim::microsoft::AppRegistration};
use serde_json::json;

use crate::{
    given::{asked, each_holds, given, line, signed},
    stage::{APPROVALS, HELPDESK, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_listed_however_they_are_held() {
    let stage = Stage::new().await;
    each_holds(
        &stage,
        &[
            ("show the roles of Ada Admin", &["Global Administrator", "assigned"]),
            (
                "list Eva Lindqvist's roles",
                &[
                    "Groups Administrator",
                    "through a group",
                    "Group Stewards",
                    "Reports Reader",
                    "may be activated",
                ],
            ),
            ("list the directory roles of John Doe", &["none"]),
        ],
    )
    .await;
    let app = AppRegistration::demo()
        .without("RoleEligibilitySchedule.Read.Directory")
        .without("RoleManagement.Read.Directory")
        .without("RoleManagement.ReadWrite.Directory")
        .without("RoleManagement.Read.All");
    stage.world.set_app(app);
    // The token of before lives an hour, and with it the permission.
    stage.pass(jiff::SignedDuration::from_mins(70)).await;
    let said = asked(&stage, "show the roles of Ada Admin").await;
    assert!(said.contains("lacks a permission") || said.contains("may not read"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_given_and_taken_and_the_way_back_is_there() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "give John Doe the Reports Reader role").await;
    let card = stage.newest(HELPDESK);
    for wanted in [
        "Assign the role Reports Reader to John Doe",
        "Role: not assigned → assigned",
        "Reports Reader does not end by itself.",
    ] {
        assert!(card.contains(wanted), "{wanted}: {card}");
    }
    assert_eq!(signed(&stage).await, ["role.assign"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    stage.says("tina.tech", "give John Doe the Reports Reader role").await;
    assert_eq!(line(&stage), "Nothing to do: John Doe has the role Reports Reader.");
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().last().unwrap(), "role.remove");
    stage.says("tina.tech", "remove the Reports Reader role from John Doe").await;
    assert_eq!(line(&stage), "Nothing to do: John Doe does not have the role Reports Reader.");
    stage.says("tina.tech", "make John Doe a global admin").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Assign the role Global Administrator to John Doe"), "{card}");
    assert!(card.contains("Global Administrator is a powerful role"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_is_not_taken_by_is_said() {
    let stage = Stage::new().await;
    for (user, role, said) in [
        (
            "ada.admin@contoso.com",
            "Global Administrator",
            "Ada Admin is the last one who holds Global Administrator and can sign in",
        ),
        (
            "eva.lindqvist@contoso.com",
            "groups admin",
            "through the group Group Stewards, not by an assignment",
        ),
        (
            "eva.lindqvist@contoso.com",
            "Reports Reader",
            "does not hold Reports Reader now but may activate it",
        ),
        ("john.doe@contoso.com", "Emperor", "No directory role called “Emperor” was found."),
    ] {
        given(&stage, "remove_role", json!({ "user": user, "role": role })).await;
        assert!(line(&stage).contains(said), "{role}: {}", line(&stage));
    }
    given(&stage, "assign_role", json!({ "user": "john.doe@contoso.com", "role": "reader" })).await;
    let said = stage.newest(HELPDESK);
    assert!(said.contains("Which one do you mean?") && said.contains("Security Reader"), "{said}");
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_may_not_give_roles_says_which_permission_it_lacks() {
    let stage = Stage::new().await;
    stage.world.set_app(AppRegistration::demo().without("RoleManagement.ReadWrite.Directory"));
    // The token of before lives an hour, and with it the permission.
    stage.pass(jiff::SignedDuration::from_mins(70)).await;
    stage.says("tina.tech", "give John Doe the Reports Reader role").await;
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    let card = stage.newest(HELPDESK);
    assert!(card.contains("lacks a permission: RoleManagement.ReadWrite.Directory"), "{card}");
}
