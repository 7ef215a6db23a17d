//! The way back: a new request with the inverse, which needs its own signature.

use countersign::domain::chat::Verb;
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Stage, shown};

async fn done(stage: &Stage, words: &str) {
    stage.says("tina.tech", words).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_undone_by_a_request_of_its_own() {
    let stage = Stage::new().await;
    for (words, back, effect) in [
        ("disable john.doe@contoso.com", "Allow sign-in for John Doe", "user.update"),
        (
            "take all licences from nadia.petrova@contoso.com",
            "Assign Office 365 E3 to Nadia Petrova",
            "user.licences",
        ),
        (
            "add omar.haddad@contoso.com to Company News",
            "Remove Omar Haddad from Company News",
            "list.member.remove",
        ),
        (
            "set an out of office for mona.vale@contoso.com: \"Back on Monday\"",
            "Automatic replies: on → off",
            "mailbox.settings",
        ),
    ] {
        done(&stage, words).await;
        let before = stage.effects().len();
        stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
        assert_eq!(stage.effects().len(), before, "the way back waits for its own signature");
        let whisper = stage.whispered("tina.tech").pop().unwrap();
        assert!(whisper.contains("is drafted as a request of its own"), "{whisper}");
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with("Waiting for a signature"), "{card}");
        assert!(card.contains(back), "{words}: {card}");
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
        assert!(
            stage.effects()[before..].iter().all(|felt| felt == effect),
            "{:?}",
            stage.effects()
        );
    }
    assert_eq!(stage.world.user("john.doe@contoso.com").unwrap()["accountEnabled"], true);
    let omar = stage.world.user("omar.haddad@contoso.com").unwrap();
    assert!(!omar["groups"].to_string().contains("Company News"), "{omar}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_honest_inverse_offers_none() {
    let stage = Stage::new().await;
    for words in ["reset the password for john.doe@contoso.com", "sign john.doe@contoso.com out"] {
        done(&stage, words).await;
        // The mark that sessions ended has whole seconds, and a new password moves it too.
        stage.pass(SignedDuration::from_secs(5)).await;
        assert!(stage.with_button(HELPDESK, Verb::Undo).is_none(), "{words}");
        assert!(stage.newest(HELPDESK).contains("Cannot be undone: "), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_that_is_taken_already_is_said() {
    let stage = Stage::new().await;
    done(&stage, "disable john.doe@contoso.com").await;
    let card = stage.with_button(HELPDESK, Verb::Undo).unwrap();
    done(&stage, "enable john.doe@contoso.com").await;
    let tina = crate::stage::slack_id("tina.tech");
    stage.slack.press(&tina, HELPDESK, &card.ts, Verb::Undo.as_str()).await.unwrap();
    stage.settle().await;
    let said: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    assert!(
        said.last().unwrap().contains("Nothing to do: John Doe may sign in already."),
        "{said:?}"
    );
    let whispers = stage.whispered("tina.tech");
    assert!(!whispers.iter().any(|said| said.contains("is drafted")), "{whispers:?}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_to_the_request_cannot_undo_it() {
    let stage = Stage::new().await;
    done(&stage, "disable john.doe@contoso.com").await;
    stage.presses("henry.desk", HELPDESK, Verb::Undo).await;
    let whisper = stage.whispered("henry.desk").pop().unwrap();
    assert!(whisper.contains("Only the requester or an approver may do this."), "{whisper}");
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}
