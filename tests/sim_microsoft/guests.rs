//! People of other organisations: invited, invited again, refused, answered for.

use serde_json::{Value, json};

use crate::support::{JOHN, Sim};

fn invitation(mail: &str) -> Value {
    json!({
        "invitedUserEmailAddress": mail, "inviteRedirectUrl": "https://myapps.microsoft.com",
        "sendInvitationMessage": true, "invitedUserDisplayName": "Nora Visitor",
        "invitedUserMessageInfo": { "customizedMessageBody": "Welcome to the project" },
    })
}

#[tokio::test]
async fn a_guest_is_invited_once_and_the_link_is_only_in_the_answer() {
    let sim = Sim::start().await;
    let first = sim.post("/invitations", invitation("nora@fabrikam.com")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["status"], "PendingAcceptance");
    let link = first.body["inviteRedeemUrl"].as_str().unwrap();
    assert!(link.starts_with("https://login.microsoftonline.com/redeem?rd="));
    let id = first.body["invitedUser"]["id"].as_str().unwrap();
    let guest = sim
        .get(&format!("/users/{id}?$select=userPrincipalName,userType,externalUserState"))
        .await
        .body;
    assert_eq!(guest["userPrincipalName"], "nora_fabrikam.com#EXT#@contoso.onmicrosoft.com");
    assert_eq!(
        (&guest["userType"], &guest["externalUserState"]),
        (&json!("Guest"), &json!("PendingAcceptance"))
    );
    let by_name = sim.get("/users/nora_fabrikam.com%23EXT%23@contoso.onmicrosoft.com").await;
    assert_eq!(by_name.body["id"], id);

    let again = sim.post("/invitations", invitation("NORA@fabrikam.com")).await;
    assert_eq!((again.status, &again.body["invitedUser"]["id"]), (201, &json!(id)));
    let rita = sim.post("/invitations", invitation("rita.partner@fabrikam.com")).await;
    assert_eq!(rita.body["status"], "Completed");
    let ledger = sim.world.ledger();
    assert_eq!(ledger.len(), 3);
    let record = format!("{ledger:?}{:?}", sim.world.requests());
    assert!(!record.contains("ticket"), "the link is a key to the house");
}

#[tokio::test]
async fn some_are_not_invited() {
    let sim = Sim::start().await;
    let own = sim.post("/invitations", invitation("new.person@contoso.com")).await;
    assert!(own.message().contains("verified domain of this directory"), "{}", own.body);
    let blocked = sim.post("/invitations", invitation("a@blocked.example")).await;
    assert_eq!(blocked.status, 403);
    for wrong in ["nora", "nora@", "@fabrikam.com"] {
        assert_eq!(sim.post("/invitations", invitation(wrong)).await.status, 400, "{wrong}");
    }
    let mut without = invitation("nora@fabrikam.com");
    without.as_object_mut().unwrap().remove("inviteRedirectUrl");
    assert!(sim.post("/invitations", without).await.message().contains("'inviteRedirectUrl'"));
    let sim = sim.with_app(|mut app| {
        app.graph_roles.retain(|name| name != "User.Invite.All" && name != "User.ReadWrite.All");
        app
    });
    let denied = sim.post("/invitations", invitation("nora@fabrikam.com")).await;
    assert_eq!((denied.status, denied.code()), (403, "Authorization_RequestDenied"));
    assert!(sim.world.ledger().is_empty());
}

#[tokio::test]
async fn five_at_most_answer_for_a_guest() {
    let sim = Sim::start().await;
    let rita = sim.user("rita.partner_fabrikam.com#EXT#@contoso.onmicrosoft.com");
    let path = format!("/users/{rita}/sponsors/$ref");
    let person = |upn: &str| json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", sim.user(upn)) });
    let group = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/groups/{}", sim.group("Sales Team")) });
    assert_eq!(sim.post(&path, person(JOHN)).await.status, 204);
    assert!(sim.post(&path, person(JOHN)).await.message().contains("'sponsors'"));
    assert_eq!(sim.post(&path, group).await.status, 204);
    for upn in ["jane.roe@contoso.com", "bob.lead@contoso.com", "mona.vale@contoso.com"] {
        assert_eq!(sim.post(&path, person(upn)).await.status, 204);
    }
    let sixth = sim.post(&path, person("eva.lindqvist@contoso.com")).await;
    assert!(sixth.message().contains("maximum of 5"));
    let listed = sim.get(&format!("/users/{rita}/sponsors")).await;
    assert_eq!(listed.body["value"].as_array().unwrap().len(), 5);
    let john = sim.user(JOHN);
    let gone = format!("/users/{rita}/sponsors/{john}/$ref");
    assert_eq!(sim.delete(&gone).await.status, 204);
    assert_eq!(sim.delete(&gone).await.status, 404);
}
