//! A plan too long for its card: whoever signs it is shown every step first.

use std::sync::Arc;

use countersign::{
    domain::{
        chat::{Drawn, Face, Verb},
        message::Message,
    },
    ports::faces::Faces,
};

use crate::stage::{APPROVALS, Between, HELPDESK, Settings, Stage, card_text};

/// Draws as ever, and says of every plan that its card only counted the steps.
struct Narrow(Arc<dyn Faces>);

impl Faces for Narrow {
    fn draw(&self, message: &Message, face: Face) -> anyhow::Result<Drawn> {
        self.0.draw(message, face)
    }

    fn surely_lists(&self, _: usize, _: usize) -> bool {
        false
    }

    fn counts_steps(&self, message: &Message, _: Face) -> anyhow::Result<bool> {
        Ok(matches!(message, Message::Request(_)))
    }
}

/// A pending request about John Doe, on cards that are too narrow for it.
pub async fn narrow(approval: &str, asks: &str) -> Stage {
    let settings = Settings { approval: approval.to_owned(), ..Settings::default() };
    let faces = |faces| -> Arc<dyn Faces> { Arc::new(Narrow(faces)) };
    let between = Between { faces: Some(Arc::new(faces)), ..Between::default() };
    let stage = Stage::between(settings, between).await;
    stage.says("tina.tech", asks).await;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn in_slack_the_first_press_shows_every_step_and_the_second_signs() {
    let mut stage = narrow("approve", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let shown = stage.whispered("anna.approver").join("\n");
    assert!(shown.contains("Every step of #1001, page 1 of 1"), "{shown}");
    assert!(shown.contains("Block sign-in for John Doe"), "{shown}");
    assert!(shown.contains("then approve again"), "{shown}");
    assert!(stage.effects().is_empty());
    assert!(stage.whispered("theo.tech").is_empty());

    // Each signer is shown it, whoever saw it before.
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty());
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 1);

    // A restart between looking and signing forgets neither who looked nor who did not.
    stage.says("tina.tech", "enable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 1);
    let listed = |stage: &Stage| {
        stage
            .whispered("anna.approver")
            .iter()
            .filter(|said| said.contains("Every step of"))
            .count()
    };
    let before = listed(&stage);
    stage.fall().await;
    stage.start().await;
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 1);
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(stage.effects().len(), 2);
    assert_eq!(listed(&stage), before, "it is not listed again");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_teams_the_first_press_shows_every_step_and_the_second_signs() {
    let stage = narrow("approve", "disable john.doe@contoso.com").await;
    let answer = stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert!(answer.to_string().contains("then approve again"), "{answer}");
    let cards = stage.teams_cards("anna.approver");
    let page = card_text(cards.last().unwrap());
    assert!(page.contains("Every step of #1001, page 1 of 1"), "{page}");
    assert!(page.contains("Block sign-in for John Doe"), "{page}");
    assert!(stage.effects().is_empty());
    stage.presses_in_teams("anna.approver", Verb::Approve).await;
    assert_eq!(stage.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejecting_needs_no_listing_and_the_own_confirmation_does() {
    let stage = narrow("approve", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Reject).await;
    assert!(stage.newest(APPROVALS).contains("Rejected"), "{}", stage.newest(APPROVALS));

    let stage = narrow("confirm", "sign john.doe@contoso.com out everywhere").await;
    stage.presses("tina.tech", HELPDESK, Verb::Confirm).await;
    let shown = stage.whispered("tina.tech").join("\n");
    assert!(shown.contains("Every step of #1001"), "{shown}");
    assert!(stage.effects().is_empty());
    stage.presses("tina.tech", HELPDESK, Verb::Confirm).await;
    assert_eq!(stage.effects().len(), 1);
}
