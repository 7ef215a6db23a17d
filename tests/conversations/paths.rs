//! Ways to more rights: a membership that gives admin roles, or a say in what runs here; and the
//! account of somebody who has it.

use std::sync::Arc;

use countersign::{domain::chat::Verb, sim::microsoft::DEMO_CLIENT_ID};
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn c1_nobody_gets_into_a_group_that_gives_admin_roles_by_one_signature() {
    let stage = Stage::new().await;
    for words in [
        "add omar.haddad@contoso.com to Tier Zero",
        "add omar.haddad@contoso.com to VPN Users and add omar.haddad@contoso.com to Tier Zero",
    ] {
        stage.says("tina.tech", words).await;
        let said = stage.newest(HELPDESK);
        assert!(
            said.contains("Tier Zero is protected: its members can be given admin roles."),
            "{said}"
        );
        assert!(stage.bot_said(APPROVALS).is_empty(), "no card is posted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_nobody_gets_into_a_group_that_signs_here_by_one_signature() {
    for privileged in ["refuse", "approve:2"] {
        let mut stage = Stage::with(Settings {
            policy: format!("secrets_to = \"requester\"\nprivileged = \"{privileged}\""),
            ..Settings::default()
        })
        .await;
        let group = format!("group:{}", group_id(&stage, "VPN Users").await);
        stage.fall().await;
        let mut config = (*stage.config).clone();
        config.policy.approvers.push(group);
        stage.config = Arc::new(config);
        stage.start().await;
        stage.says("tina.tech", "add omar.haddad@contoso.com to VPN Users").await;
        let said = stage.newest(HELPDESK);
        if privileged == "refuse" {
            let why = "VPN Users is protected: its members ask for or sign requests here.";
            assert!(said.contains(why), "{said}");
            continue;
        }
        assert!(said.contains("2 of the approvers for groups"), "{said}");
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        assert!(stage.effects().is_empty(), "one is not enough");
        stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
        assert_eq!(stage.effects().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_group_takes_the_ordinary_rule() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "add omar.haddad@contoso.com to VPN Users").await;
    assert!(stage.newest(HELPDESK).contains("1 of the approvers for groups"));
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_a_group_inside_one_that_signs_here_is_no_way_around() {
    let mut stage = Stage::new().await;
    let (inner, outer) =
        (group_id(&stage, "VPN Users").await, group_id(&stage, "Finance Restricted").await);
    nest(&stage, &inner, &outer).await;
    stage.fall().await;
    let mut config = (*stage.config).clone();
    config.policy.approvers.push(format!("group:{outer}"));
    stage.config = Arc::new(config);
    stage.start().await;
    stage.says("tina.tech", "add omar.haddad@contoso.com to VPN Users").await;
    let said = stage.newest(HELPDESK);
    let why = "VPN Users is protected: its members ask for or sign requests here.";
    assert!(said.contains(why), "{said}");
    assert!(stage.bot_said(APPROVALS).is_empty(), "no card is posted");
}

/// Anna, Bob, Theo and Felix sign.
async fn three_sign(signers: &str) -> Stage {
    let approvers = "[\"anna.approver@contoso.com\", \"bob.lead@contoso.com\", \"theo.tech@contoso.com\", \"felix.brandt@contoso.com\"]";
    Stage::with(Settings {
        policy: format!("secrets_to = \"requester\"\n{signers}"),
        approvers: approvers.to_owned(),
        ..Settings::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_nobody_gets_into_a_signers_account_by_one_signature() {
    let ways = [
        "reset the password for theo.tech@contoso.com",
        "issue a TAP for theo.tech@contoso.com",
        "reset MFA for felix.brandt@contoso.com",
        // The step that blocks could be unticked, or come later.
        "disable theo.tech@contoso.com and reset the password for theo.tech@contoso.com",
        "disable felix.brandt@contoso.com and reset MFA for felix.brandt@contoso.com",
    ];
    for words in ways {
        let stage = three_sign("").await;
        stage.says("tina.tech", words).await;
        let said = stage.newest(HELPDESK);
        let why = "because it opens a way into the account of somebody who signs here";
        assert!(said.contains("2 of the approvers for"), "{words}: {said}");
        assert!(said.contains(why), "{words}: {said}");
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        assert!(stage.effects().is_empty(), "{words}: one is not enough");
        stage.presses("bob.lead", APPROVALS, Verb::Approve).await;
        assert!(!stage.effects().is_empty(), "{words}: {}", stage.newest(HELPDESK));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_no_way_into_a_signers_account_takes_what_anybodys_takes() {
    for words in [
        "reset the password for john.doe@contoso.com",
        "sign theo.tech@contoso.com out everywhere",
        "disable theo.tech@contoso.com",
        "offboard theo.tech@contoso.com",
        // Methods of sign-in go too, once sign-in is blocked.
        "offboard felix.brandt@contoso.com",
    ] {
        let stage = three_sign("").await;
        stage.says("tina.tech", words).await;
        let said = stage.newest(HELPDESK);
        assert!(said.contains("1 of the approvers for"), "{words}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_says_what_a_way_into_a_signers_account_takes() {
    let words = "reset the password for theo.tech@contoso.com";
    let stage = three_sign("signers = \"refuse\"").await;
    stage.says("tina.tech", words).await;
    let said = stage.newest(HELPDESK);
    let why = "Theo Tech is protected: they sign requests here, and this would open a way into their account.";
    assert!(said.contains(why), "{said}");
    assert!(stage.bot_said(APPROVALS).is_empty(), "no card is posted");
    let stage = three_sign("signers = \"approve\"").await;
    stage.says("tina.tech", words).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 1, "{}", stage.newest(HELPDESK));
}

/// Somebody puts a group, or a person, into another group, elsewhere.
pub async fn nest(stage: &Stage, inner: &str, outer: &str) {
    let graph = format!("{}/v1.0", stage.config.endpoints.graph());
    let token = stage.world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com").unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let member = json!({ "@odata.id": format!("{graph}/directoryObjects/{inner}") });
    let asked = http.post(format!("{graph}/groups/{outer}/members/$ref")).bearer_auth(token);
    let answer = asked.json(&member).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

pub async fn group_id(stage: &Stage, name: &str) -> String {
    let token = stage.world.access_token(DEMO_CLIENT_ID, "https://graph.microsoft.com").unwrap();
    let address = format!("{}/v1.0/groups", stage.config.endpoints.graph());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let filter = format!("displayName eq '{name}'");
    let asked = http.get(address).bearer_auth(token).query(&[("$filter", filter)]);
    let found: Value = asked.send().await.unwrap().json().await.unwrap();
    found["value"][0]["id"].as_str().unwrap().to_owned()
}
