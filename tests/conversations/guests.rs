//! Guests: invited, invited once more, answered for.

use countersign::sim::microsoft::AppRegistration;
use serde_json::json;

use crate::{
    attacks::facts,
    given::{given, line, signed},
    links::token_in,
    stage::{HELPDESK, Stage},
};

/// The address at which an invitation is redeemed.
const REDEEM: &str = "https://login.microsoftonline.com/redeem";

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_invited_by_mail() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "invite nora@fabrikam.com as a guest").await;
    let card = stage.newest(HELPDESK);
    for wanted in [
        "Invite nora@fabrikam.com (nora@fabrikam.com)",
        "Invitation mailed: no → yes",
        "an invitation that was mailed stays mailed",
    ] {
        assert!(card.contains(wanted), "{wanted}: {card}");
    }
    assert_eq!(signed(&stage).await, ["guest.invite"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    stage.says("tina.tech", "invite nora@fabrikam.com as a guest").await;
    assert!(line(&stage).contains("is invited and has not accepted yet"), "{}", line(&stage));
    stage.says("tina.tech", "please invite rita.partner@fabrikam.com").await;
    assert!(line(&stage).contains("Rita Partner"), "{}", line(&stage));
    given(&stage, "invite_guest", json!({ "email": "nora@fabrikam.com", "again": true })).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("once more"), "{card}");
    assert_eq!(signed(&stage).await.len(), 1, "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_comes_with_groups_and_a_sponsor_and_the_link_goes_to_the_requester_alone() {
    let stage = Stage::new().await;
    given(
        &stage,
        "invite_guest",
        json!({
            "email": "Nora@Fabrikam.com", "display_name": "Nora Visitor",
            "send_invitation": false, "redirect": "https://contoso.example/welcome",
            "sponsor": "john.doe@contoso.com", "groups": ["VPN Users"],
        }),
    )
    .await;
    let card = stage.newest(HELPDESK);
    for wanted in [
        "Invite Nora Visitor (nora@fabrikam.com), and hand the link to Tina Tech",
        "Lands on: none → https://contoso.example/welcome",
        "Make John Doe a sponsor of Nora Visitor",
        "Add Nora Visitor to VPN Users",
    ] {
        assert!(card.contains(wanted), "{wanted}: {card}");
    }
    assert_eq!(signed(&stage).await, ["guest.invite", "guest.sponsor.add", "group.member.add"]);
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    let direct = stage.direct("tina.tech").join("\n");
    assert!(direct.contains("link to an invitation"), "{direct}");
    let address = format!("{}/s/open", stage.base);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = json!({ "token": token_in(&stage) });
    let opened: serde_json::Value =
        http.post(address).json(&body).send().await.unwrap().json().await.unwrap();
    let link = opened["secret"].as_str().unwrap();
    assert!(link.starts_with("https://"), "{link}");
    let record = serde_json::to_string(&facts(&stage).await).unwrap();
    assert!(!record.contains(REDEEM) && !record.contains(link), "the record holds no link");
    let said: String = [HELPDESK, crate::stage::APPROVALS]
        .iter()
        .flat_map(|channel| stage.bot_said(channel))
        .map(|message| crate::stage::shown(&message))
        .collect();
    assert!(!said.contains(link), "no channel shows the link");
    for (path, bytes) in stage.files() {
        let found = bytes.windows(link.len()).any(|part| part == link.as_bytes());
        assert!(!found, "{} holds the link", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_invited_is_said() {
    let stage = Stage::new().await;
    for (arguments, said) in [
        (json!({ "email": "not an address" }), "a mail address such as"),
        (json!({ "email": "n@fabrikam.com", "redirect": "http://x.example" }), "https://"),
        (
            json!({ "email": "n@fabrikam.com", "message": "Hello", "send_invitation": false }),
            "which is not to be sent",
        ),
        (json!({ "email": "john.doe@contoso.com" }), "has an account here"),
        (json!({ "email": "n@fabrikam.com", "groups": ["All Engineering"] }), "dynamic group"),
        (
            json!({ "email": "n@fabrikam.com", "sponsor": "nobody@contoso.com" }),
            "nobody@contoso.com",
        ),
    ] {
        given(&stage, "invite_guest", arguments.clone()).await;
        assert!(line(&stage).contains(said), "{arguments}: {}", line(&stage));
    }
    given(&stage, "invite_guest", json!({ "email": "n@blocked.example" })).await;
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Failed: "), "{card}");
    let app = AppRegistration::demo().without("User.Invite.All").without("User.ReadWrite.All");
    stage.world.set_app(app);
    // The token of before lives an hour, and with it the permission.
    stage.pass(jiff::SignedDuration::from_mins(70)).await;
    stage.says("tina.tech", "invite nora@fabrikam.com as a guest").await;
    assert_eq!(signed(&stage).await, Vec::<String>::new());
    assert!(stage.newest(HELPDESK).contains("User.Invite.All"), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_groups_answer_for_guests_up_to_five() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "make John Doe the sponsor of rita.partner@fabrikam.com").await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Make John Doe a sponsor of Rita Partner"), "{card}");
    assert_eq!(signed(&stage).await, ["guest.sponsor.add"]);
    stage.says("tina.tech", "make John Doe the sponsor of rita.partner@fabrikam.com").await;
    assert!(line(&stage).contains("answers for Rita Partner already"), "{}", line(&stage));
    for (sponsor, sponsor_type) in [
        ("VPN Users", "group"),
        ("jane.roe@contoso.com", "user"),
        ("omar.haddad@contoso.com", "user"),
        ("mona.vale@contoso.com", "user"),
    ] {
        let wanted = json!({
            "guest": "rita.partner@fabrikam.com", "sponsor": sponsor, "sponsor_type": sponsor_type,
        });
        given(&stage, "add_sponsor", wanted).await;
        assert_eq!(signed(&stage).await, ["guest.sponsor.add"], "{sponsor}");
    }
    let rita = "rita.partner_fabrikam.com#EXT#@contoso.onmicrosoft.com";
    for (guest, sponsor, said) in [
        (rita, "bob.lead@contoso.com", "5 sponsors answer for Rita Partner already"),
        ("jane.roe@contoso.com", "bob.lead@contoso.com", "Jane Roe is no guest"),
        ("nobody@fabrikam.com", "bob.lead@contoso.com", "nobody@fabrikam.com"),
    ] {
        given(&stage, "add_sponsor", json!({ "guest": guest, "sponsor": sponsor })).await;
        assert!(line(&stage).contains(said), "{guest}: {}", line(&stage));
    }
}
