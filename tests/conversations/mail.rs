//! Mail, from plain words to the verified result: asked, signed, done; again; undone;
//! without the right; with the object gone.

use countersign::{domain::chat::Verb, sim::microsoft::AppRegistration};

use crate::{
    given::asked,
    stage::{APPROVALS, HELPDESK, Stage, shown},
};

/// Asks, has it signed, and gives what the tenant felt of it.
async fn signed(stage: &Stage, words: &str) -> Vec<String> {
    let before = stage.effects().len();
    let card = asked(stage, words).await;
    assert_eq!(stage.effects().len(), before, "nothing runs before a signature: {words}");
    assert!(card.starts_with("Waiting for a signature"), "{words}: {card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.effects()[before..].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a table of all actions")]
async fn the_mail_actions_go_from_plain_words_to_a_verified_result() {
    let stage = Stage::new().await;
    for (words, effects, line) in [
        (
            "forward john.doe@contoso.com to jane.roe@contoso.com and keep a copy",
            &["mailbox.update"][..],
            "Forwards to: nobody → Jane Roe (jane.roe@contoso.com)",
        ),
        (
            "turn off forwarding on John Doe's mailbox",
            &["mailbox.update"],
            "Forwards to: Jane Roe (jane.roe@contoso.com) → nobody",
        ),
        (
            "remove the forwarding from nadia.petrova@contoso.com",
            &["mailbox.rule.switch", "mailbox.rule.switch", "mailbox.rule.switch"],
            "sends mail outside the organisation: nadia.private@example.net",
        ),
        (
            "delete the inbox rule \"Newsletters\" of Nadia Petrova",
            &["mailbox.rule.remove"],
            "Cannot be undone: a deleted rule does not come back",
        ),
        (
            "convert walt.gone@contoso.com to a shared mailbox",
            &["mailbox.update"],
            "Mailbox: somebody's own mailbox → shared mailbox",
        ),
        (
            "create a shared mailbox called \"Trade Shows\"",
            &["mailbox.create", "user.update"],
            "Address: none → trade.shows@contoso.com",
        ),
        (
            "give John Doe full access to info@contoso.com",
            &["mailbox.access.add"],
            "Right: none → Full Access",
        ),
        (
            "remove John Doe's full access to info@contoso.com",
            &["mailbox.access.remove"],
            "Right: Full Access → none",
        ),
        (
            "add send on behalf for John Doe on info@contoso.com",
            &["mailbox.update"],
            "Right: none → Send on Behalf",
        ),
        (
            "allow John Doe to send as info@contoso.com",
            &["mailbox.send_as.add"],
            "Right: none → Send As",
        ),
        (
            "remove send as for John Doe on info@contoso.com",
            &["mailbox.send_as.remove"],
            "Right: Send As → none",
        ),
        (
            "hide walt.gone@contoso.com from the address list",
            &["mailbox.update"],
            "Address lists: shown → hidden",
        ),
        (
            "cancel the meetings of samir.nadar@contoso.com",
            &["calendar.cancel", "calendar.cancel"],
            "Cancel “Sales weekly”, called by Samir Nadar",
        ),
        ("give Jane Roe access to John Doe's OneDrive", &["drive.grant"], "Access: none → read"),
        (
            "disable the transport rule \"Block executable attachments\"",
            &["transport_rule.switch"],
            "State: on → off",
        ),
        (
            "put john.doe@contoso.com on litigation hold for 365 days",
            &["mailbox.update"],
            "Litigation hold: none → 365 d",
        ),
        ("enable the archive mailbox of John Doe", &["mailbox.update"], "Archive: no → yes"),
        (
            "set an out of office for Info: \"We are closed until Monday\"",
            &["mailbox.settings"],
            "To colleagues: none → “We are closed until Monday”",
        ),
        (
            "delete the shared mailbox support@contoso.com",
            &["mailbox.remove"],
            "can be restored for 30 days",
        ),
    ] {
        assert_eq!(signed(&stage, words).await, effects, "{words}");
        let card = stage.newest(HELPDESK);
        assert!(card.starts_with("Done: "), "{words}: {card}");
        assert!(card.contains(line), "{words}: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_answer_at_once_and_ask_nobody() {
    let stage = Stage::new().await;
    for (words, line) in [
        ("who has access to the info@contoso.com mailbox?", "jane.roe@contoso.com"),
        ("show the mailbox size of Felix Brandt", "61.0 GB"),
        ("show the inbox rules of nadia.petrova@contoso.com", "drop@elsewhere.example"),
        ("list the transport rules", "Block executable attachments"),
        ("show the retention policies", "Finance 10 years"),
        ("list the shared mailboxes", "info@contoso.com"),
    ] {
        let said = asked(&stage, words).await;
        assert!(said.contains(line), "{words}: {said}");
    }
    assert!(stage.effects().is_empty());
    assert!(stage.with_button(APPROVALS, Verb::Approve).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_so_already_is_said_and_left_alone() {
    let stage = Stage::new().await;
    for (words, said) in [
        (
            "remove the forwarding from john.doe@contoso.com",
            "Nothing to do: nothing forwards the mail of John Doe.",
        ),
        (
            "give Jane Roe full access to info@contoso.com",
            "Nothing to do: Jane Roe has Full Access on the mailbox of Info already.",
        ),
        (
            "remove send as for John Doe on info@contoso.com",
            "Nothing to do: John Doe has no Send As on the mailbox of Info.",
        ),
        (
            "put fiona.ledger@contoso.com on litigation hold for 7 years",
            "Nothing to do: the mailbox of Fiona Ledger is on litigation hold like this.",
        ),
    ] {
        let card = asked(&stage, words).await;
        assert_eq!(card.lines().next(), Some(said), "{words}");
    }
    assert!(stage.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_role_is_named_on_the_card() {
    let stage = Stage::new().await;
    stage.world.set_app({
        let mut app = AppRegistration::demo().without("Exchange Administrator");
        app.directory_roles.insert("Exchange Recipient Administrator".into());
        app
    });
    // The token of before lives an hour, and with it the permission.
    stage.pass(jiff::SignedDuration::from_mins(70)).await;
    asked(&stage, "put john.doe@contoso.com on litigation hold").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Failed: no step succeeded"), "{card}");
    assert!(card.contains("the Entra role Exchange Administrator for the app"), "{card}");
    assert!(stage.effects().is_empty());
    let said = asked(&stage, "list the transport rules").await;
    assert!(said.contains("the Entra role Exchange Administrator for the app"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_goes_before_the_signature_fails_and_is_named() {
    let stage = Stage::new().await;
    asked(&stage, "give John Doe full access to support@contoso.com").await;
    signed(&stage, "delete the shared mailbox support@contoso.com").await;
    // Only the first request still has its button.
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let cards: Vec<String> = stage.bot_said(HELPDESK).iter().map(shown).collect();
    let card = cards.iter().find(|card| card.starts_with("Failed: no step succeeded"));
    let card = card.unwrap_or_else(|| panic!("{cards:#?}"));
    assert!(card.contains("Customer Support has no mailbox in Exchange Online any more"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_would_get_a_right_does_not_sign_for_it() {
    let stage = Stage::new().await;
    asked(&stage, "give Anna Approver full access to info@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.effects().is_empty(), "{:?}", stage.effects());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarding_that_was_removed_comes_back_whole() {
    let stage = Stage::new().await;
    let nadia = || stage.world.user("nadia.petrova@contoso.com").unwrap()["mailbox"].clone();
    let before = nadia();
    signed(&stage, "remove the forwarding from nadia.petrova@contoso.com").await;
    assert_ne!(nadia(), before);
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    let card = stage.newest(HELPDESK);
    assert!(card.contains("Switch the inbox rule “Copy home” of Nadia Petrova: on"), "{card}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert_eq!(nadia(), before);
}
