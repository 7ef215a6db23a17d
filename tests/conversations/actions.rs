//! Each action, from plain words to the verified result; and what it refuses, in words.

use countersign::{domain::chat::Verb, sim::microsoft::AppRegistration};
use serde_json::Value;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage};

/// Asks, has it signed, and gives what the tenant felt of it.
async fn asked_and_signed(stage: &Stage, words: &str) -> Vec<String> {
    let before = stage.effects().len();
    stage.says("tina.tech", words).await;
    assert_eq!(stage.effects().len(), before, "nothing runs before a signature: {words}");
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for a signature"), "{words}: {card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.effects()[before..].to_vec()
}

async fn refused(stage: &Stage, words: &str) -> String {
    stage.says("tina.tech", words).await;
    assert!(stage.effects().is_empty(), "{words}");
    let said = stage.newest(HELPDESK);
    said.lines().next().unwrap_or_default().to_owned()
}

fn names(list: &Value) -> String {
    list.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ten_actions_go_from_plain_words_to_a_verified_result() {
    let stage = Stage::new().await;
    let john = || stage.world.user("john.doe@contoso.com").unwrap();
    let jane = || stage.world.user("jane.roe@contoso.com").unwrap();
    let omar = || stage.world.user("omar.haddad@contoso.com").unwrap();
    for (words, effect, line) in [
        ("disable john.doe@contoso.com", "user.update", "Sign-in: allowed → blocked"),
        ("re-enable John Doe's account", "user.update", "Sign-in: blocked → allowed"),
        ("sign John Doe out everywhere", "user.revoke_sessions", "Sessions: valid → ended"),
        ("John Doe forgot his password", "user.password", "Goes to Tina Tech"),
        ("take the Microsoft 365 E3 licence from Jane Roe", "user.licences", "not assigned"),
        ("give Omar Haddad a Microsoft 365 E3 licence", "user.licences", "19 of 60 seats"),
        ("add Omar Haddad to the Sales Team group", "group.member.add", "not a member → member"),
        ("take Jane Roe out of Sales Team", "group.member.remove", "member → not a member"),
        ("add Omar Haddad to Company News", "list.member.add", "not a member → member"),
        ("remove Jane Roe from Company News", "list.member.remove", "member → not a member"),
        (
            "set an out of office for Mona Vale: \"Back on Monday\"",
            "mailbox.settings",
            "To colleagues: none → “Back on Monday”",
        ),
    ] {
        assert_eq!(asked_and_signed(&stage, words).await, [effect], "{words}");
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with("Done: "), "{words}: {card}");
        assert!(card.contains(line), "{words}: {card}");
        assert!(card.contains("– done ("), "the card says what `done` rests on: {card}");
        assert!(stage.told(HELPDESK).ends_with("is done."), "{}", stage.told(HELPDESK));
    }
    assert_eq!(john()["accountEnabled"], true);
    assert!(!names(&jane()["groups"]).contains("Sales Team"), "{}", jane());
    assert!(!names(&jane()["groups"]).contains("Company News"), "{}", jane());
    assert!(names(&omar()["groups"]).contains("Sales Team"), "{}", omar());
    assert!(names(&omar()["groups"]).contains("Company News"), "{}", omar());
    let mona = stage.world.user("mona.vale@contoso.com").unwrap();
    assert!(mona.to_string().contains("Back on Monday"), "{mona}");
    stage.says("tina.tech", "who is Jane Roe?").await;
    insta::assert_snapshot!(stage.whispered("tina.tech").pop().unwrap(), @r"
    Look up a user: Jane Roe
    Look up a user
    *Jane Roe*
    jane.roe@contoso.com
    *Sign-in*  allowed
    *Job title*  Account Manager
    *Department*  Sales
    *Office*  London
    *Manager*  Samir Nadar (samir.nadar@contoso.com)
    *Mail*  jane.roe@contoso.com
    *Password set*  1 February 2024 08:00 GMT
    *Sessions valid from*  1 February 2024 08:00 GMT
    *Licences*  Microsoft Entra ID P2
    *Groups*  Licence Entra P2
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_so_already_is_said_and_left_alone() {
    let stage = Stage::new().await;
    for (words, said) in [
        ("disable walt.gone@contoso.com", "Nothing to do: Walt Gone is blocked already."),
        ("enable john.doe@contoso.com", "Nothing to do: John Doe may sign in already."),
        (
            "assign Microsoft 365 E3 to john.doe@contoso.com",
            "Nothing to do: John Doe has Microsoft 365 E3 already.",
        ),
        (
            "add john.doe@contoso.com to VPN Users",
            "Nothing to do: John Doe is in VPN Users already.",
        ),
        (
            "remove john.doe@contoso.com from Finance Restricted",
            "Nothing to do: John Doe is not in Finance Restricted.",
        ),
        (
            "remove all licences from omar.haddad@contoso.com",
            "Nothing to do: Omar Haddad has no licences.",
        ),
    ] {
        assert_eq!(refused(&stage, words).await, said);
    }
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none(), "nobody is asked to sign that");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_microsoft_would_refuse_is_refused_before_anybody_signs() {
    let stage = Stage::new().await;
    for (words, said) in [
        (
            "assign Power BI Pro to john.doe@contoso.com",
            "No seat of Power BI Pro is free: 5 of 5 are in use.",
        ),
        (
            "assign Microsoft 365 E3 to lea.nowhere@contoso.com",
            "This is not possible: Lea Nowhere has no usage location, and Microsoft assigns no licence without one; set it first.",
        ),
        (
            "remove the Entra ID P2 licence from jane.roe@contoso.com",
            "This is not possible: Microsoft Entra ID P2 comes to Jane Roe through a group; take Jane Roe out of the group instead.",
        ),
        (
            "disable sven.onprem@contoso.com",
            "This is not possible: Sven Onprem is mastered in Active Directory, so Microsoft 365 refuses this change; make it there.",
        ),
        (
            "reset the password for sven.onprem@contoso.com",
            "This is not possible: Sven Onprem is mastered in Active Directory, and Microsoft offers no way for an app to write a password back there; reset it in Active Directory.",
        ),
        (
            "reset the password of Rita Partner",
            "This is not possible: Rita Partner is a guest: the password is held by their own organisation.",
        ),
        (
            "sign Rita Partner out everywhere",
            "This is not possible: Rita Partner is a guest: Microsoft cannot end the sessions of external users.",
        ),
        (
            "add john.doe@contoso.com to All Engineering",
            "This is not possible: All Engineering is a dynamic group: its rule decides who is in it; change the person's properties or the rule.",
        ),
        (
            "disable ada.admin@contoso.com",
            "Ada Admin is protected: holds the role Global Administrator.",
        ),
    ] {
        assert_eq!(refused(&stage, words).await, said);
    }
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none(), "nobody is asked to sign that");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_means_what_can_be_taken_and_the_card_names_what_stays() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "remove all licences from jane.roe@contoso.com").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Remove Microsoft 365 E3 from Jane Roe"), "{card}");
    assert!(
        card.contains("Microsoft Entra ID P2 also comes to Jane Roe through a group"),
        "{card}"
    );
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.licences"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "));

    let effects = asked_and_signed(&stage, "remove john.doe@contoso.com from all groups").await;
    assert_eq!(effects.len(), 3, "{effects:?}");
    let john = stage.world.user("john.doe@contoso.com").unwrap();
    for group in ["VPN Users", "Sales Team", "Company News"] {
        assert!(!names(&john["groups"]).contains(group), "{john}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_gives_more_than_membership_says_so_on_the_card() {
    let policy = "secrets_to = \"requester\"\nprivileged = \"approve:2\"".to_owned();
    let stage = Stage::with(Settings { policy, ..Settings::default() }).await;
    stage.world.set_app(AppRegistration::demo().without("RoleManagement.ReadWrite.Directory"));
    // The token of before lives an hour, and with it the permission.
    stage.pass(jiff::SignedDuration::from_mins(70)).await;
    stage.says("tina.tech", "add omar.haddad@contoso.com to Licence Entra P2").await;
    assert!(stage.newest(HELPDESK).contains("Licence Entra P2 hands out licences to its members."));
    stage.says("tina.tech", "add omar.haddad@contoso.com to Tier Zero").await;
    assert!(stage.newest(HELPDESK).contains("Tier Zero can give admin roles to its members."));
    for who in ["anna.approver", "theo.tech"] {
        stage.presses(who, APPROVALS, Verb::Approve).await;
    }
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Failed: no step succeeded"), "{card}");
    assert!(card.contains("lacks a permission: RoleManagement.ReadWrite.Directory"), "{card}");
    assert!(stage.effects().is_empty());
}
