//! Is it really John who calls? His manager says so before anybody resets anything.

use countersign::{
    domain::chat::Verb,
    sim::slack::{Channel, Person},
};
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

/// John's manager.
const MANAGER: &str = "samir.nadar";

async fn with(policy: &str) -> Stage {
    let settings = Settings {
        policy: format!(
            "{}\ncaller_check = [\"reset_password\"]\n{policy}",
            Settings::default().policy
        ),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    let mail = format!("{MANAGER}@contoso.com");
    stage.slack.put_person(Person::member(&slack_id(MANAGER), MANAGER, "Samir Nadar", &mail));
    let names = ["tina.tech", "theo.tech", "anna.approver", "henry.desk", "john.doe", MANAGER];
    let mut members: Vec<String> = names.iter().map(|name| slack_id(name)).collect();
    members.push(stage.slack.setup().bot_user.clone());
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    stage.slack.put_channel(Channel::public(APPROVALS, "it-approvals", &members));
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_nothing_is_reset_before_the_manager_says_who_it_was() {
    let stage = with("").await;
    // The manager has met the bot, in a chat of their own.
    let own = stage.slack.direct(&slack_id(MANAGER));
    stage.slack.say(&slack_id(MANAGER), &own, "help", None).await.unwrap();
    stage.settle().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("First the manager says"), "{card}");
    assert!(stage.direct(MANAGER).concat().contains("First the manager says"), "an own card");
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(!stage.whispered("theo.tech").is_empty(), "it is not his turn");
    assert!(stage.effects().is_empty());
    stage.presses(MANAGER, &own, Verb::Approve).await;
    assert!(stage.effects().is_empty(), "the group's rule still follows");
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(!stage.effects().is_empty(), "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_a_no_or_no_answer_of_the_manager_ends_it() {
    let stage = with("").await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    stage.presses(MANAGER, APPROVALS, Verb::Reject).await;
    assert!(stage.newest(HELPDESK).starts_with("Rejected"), "{}", stage.newest(HELPDESK));
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    stage.pass(SignedDuration::from_hours(9)).await;
    assert!(stage.newest(HELPDESK).contains("Expired"), "{}", stage.newest(HELPDESK));
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn d8_no_emergency_and_no_escalation_goes_round_the_manager() {
    let round = "emergency_by = [\"henry.desk@contoso.com\"]\n\
                 escalate_after = \"PT1H\"\nescalate_to = [\"henry.desk@contoso.com\"]";
    let stage = with(round).await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    assert!(stage.with_button(APPROVALS, Verb::Emergency).is_none(), "{}", stage.newest(APPROVALS));
    stage.pass(SignedDuration::from_hours(2)).await;
    stage.presses("henry.desk", APPROVALS, Verb::Approve).await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
    // The same for what is not checked goes its ordinary way.
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects(), ["user.update"]);
}
