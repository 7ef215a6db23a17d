//! Templates of the operator: named in words, in a form, before a table.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id};

const LEAVER: &str = "[templates.store-leaver]\n\
    action = \"offboard_user\"\n\
    [templates.store-leaver.with]\n\
    convert_mailbox = false\n\
    leave_out = [\"reply\", \"groups\"]\n\
    [templates.licence]\n\
    action = \"assign_license\"\n\
    with = { license = \"EXCHANGESTANDARD\" }\n";

async fn stage() -> Stage {
    Stage::with(Settings { more: LEAVER.to_owned(), ..Settings::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_picks_steps_and_the_card_names_it() {
    let stage = stage().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    let plain = stage.newest(APPROVALS);
    assert!(plain.contains("Sales Team") && !plain.contains("store-leaver"), "{plain}");
    stage.says("tina.tech", "offboard jane.roe@contoso.com with the template store-leaver").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("“store-leaver” → template"), "{card}");
    assert!(!card.contains("Remove Jane Roe from"), "its groups stay: {card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    let jane = stage.world.user("jane.roe@contoso.com").unwrap();
    assert_eq!(jane["accountEnabled"], false);
    assert!(jane["groups"].as_array().is_some_and(|groups| !groups.is_empty()), "{jane}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_answers_what_would_have_been_asked() {
    let stage = stage().await;
    stage.says("tina.tech", "assign a licence to jane.roe@contoso.com, template licence").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Exchange Online (Plan 1)"), "{card}; {}", stage.newest(HELPDESK));
    stage.says("tina.tech", "disable jane.roe@contoso.com with template licence").await;
    let said = stage.whispered("tina.tech").pop().unwrap_or_else(|| stage.newest(HELPDESK));
    assert!(said.contains("the template licence is for assign license"), "{said}");
    stage.says("tina.tech", "offboard jane.roe@contoso.com with template shop").await;
    let said = stage.whispered("tina.tech").pop().unwrap_or_else(|| stage.newest(HELPDESK));
    assert!(said.contains("there is no shop; there are licence, store-leaver"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_begins_with_its_template_and_a_table_takes_it_too() {
    let stage = stage().await;
    let tina = slack_id("tina.tech");
    stage.slack.command(&tina, HELPDESK, "/countersign", "form store-leaver").await.unwrap();
    stage.settle().await;
    let view = format!("{:?}", stage.slack.views(&slack_id("tina.tech")).pop().unwrap());
    assert!(view.contains("initial_options") || view.contains("initial_option"), "{view}");
    let table = "offboard these with the template store-leaver\nuser\njohn.doe@contoso.com\njane.roe@contoso.com";
    stage.says("tina.tech", table).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("2 of 2 rows are fine") && card.contains("store-leaver"), "{card}");
    assert!(!card.contains("Remove from a group"), "{card}");
}
