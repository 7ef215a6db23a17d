//! Ask in Slack, sign in Teams or Slack, and every copy agrees.

use countersign::domain::chat::Verb;

use crate::stage::{APPROVALS, HELPDESK, Stage, card_text};

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_reset_once_an_approver_signs() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    println!("HELPDESK {}", stage.newest(HELPDESK));
    println!("APPROVALS {}", stage.newest(APPROVALS));
    assert!(stage.effects().is_empty(), "nothing runs until a person signs");

    let answer = stage.presses_in_teams("anna.approver", Verb::Approve).await;
    println!("ANSWER {answer}");
    println!("TEAMS {}", card_text(stage.teams_cards("anna.approver").last().unwrap()));
    println!("HELPDESK {}", stage.newest(HELPDESK));
    println!("APPROVALS {}", stage.newest(APPROVALS));
    println!("DM {:?}", stage.direct("tina.tech"));
    println!("EFFECTS {:?}", stage.effects());
    assert_eq!(stage.effects().len(), 1);
}
