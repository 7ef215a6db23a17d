//! Ask in Slack, sign in Teams or Slack, and every copy agrees.

use countersign::domain::chat::Verb;

use crate::stage::{APPROVALS, HELPDESK, Stage, card_text};

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_reset_once_an_approver_signs() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_some());
    assert!(stage.effects().is_empty(), "nothing runs until a person signs");

    let answer = stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let in_teams = card_text(stage.teams_cards("anna.approver").last().unwrap());
    for card in [in_teams, stage.newest(HELPDESK), stage.newest(APPROVALS)] {
        assert!(card.contains("✓  Done"), "{card}");
    }
    assert_eq!(stage.direct("tina.tech").len(), 1, "the link, to whoever asked");
    assert_eq!(stage.effects(), ["user.password"]);
}
