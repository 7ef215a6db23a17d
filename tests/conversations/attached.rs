//! A table attached to a message is read as if it had been pasted.

use countersign::{
    domain::chat::Verb,
    sim::slack::{Answered, Person, SharedFile, Trouble},
};
use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Stage, card_text, shown, slack_id};

const LEAVERS: &str = "\u{feff}Employee,Forward to\r\njohn.doe@contoso.com,samir.nadar@contoso.com\r\n\"Roe, Jane\",\r\n";

async fn shares(stage: &Stage, text: &str, name: &str, mimetype: &str, bytes: &[u8]) -> String {
    let from = stage.bot_said(HELPDESK).len();
    let file =
        SharedFile { name: name.to_owned(), mimetype: mimetype.to_owned(), bytes: bytes.to_vec() };
    let text = format!("@countersign {text}");
    let acted = stage.slack.share(&slack_id("tina.tech"), HELPDESK, &text, file).await.unwrap();
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
    stage.settle().await;
    let said = stage.bot_said(HELPDESK).into_iter().skip(from).map(|message| shown(&message));
    let said = said.collect::<Vec<_>>().join("\n");
    format!("{said}\n{}", stage.whispered("tina.tech").join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_attached_in_slack_is_one_card_and_one_signature() {
    let stage = Stage::new().await;
    shares(&stage, "please offboard these people", "leavers.csv", "text/csv", LEAVERS.as_bytes())
        .await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("2 of 2 rows are fine"), "{card}");
    assert!(card.contains("Offboard somebody: Jane Roe (jane.roe@contoso.com)"), "{card}");
    assert!(stage.effects().is_empty());
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_mins(1)).await;
    for upn in ["john.doe@contoso.com", "jane.roe@contoso.com"] {
        assert_eq!(stage.world.user(upn).unwrap()["accountEnabled"], false, "{upn}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_answered_with_what_to_do() {
    let stage = Stage::new().await;
    let excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let large = format!("user\n{}", "john.doe@contoso.com\n".repeat(4_000));
    let rows: Vec<String> = (0..501).map(|n| format!("a{n}@b.co")).collect();
    let many = format!("user\n{}", rows.join("\n"));
    for (name, mimetype, bytes, said) in [
        ("leavers.xlsx", excel, b"PK\x03\x04".as_slice(), "save it as CSV (UTF-8)"),
        ("leavers.csv", "text/csv", large.as_bytes(), "at most 64 KB and 500 rows"),
        ("leavers.csv", "text/csv", many.as_bytes(), "at most 500 rows"),
        ("leavers.csv", "text/csv", b"user\nj\xf6rg@contoso.com\nx".as_slice(), "not UTF-8"),
        ("notes.csv", "text/csv", b"a,b\n1,2\n3,4".as_slice(), "not plain what is to be done"),
    ] {
        let answer = shares(&stage, "offboard these people", name, mimetype, bytes).await;
        assert!(answer.contains(said), "{name}: {said}: {answer}");
    }
    assert!(stage.bot_said(APPROVALS).is_empty(), "nothing was asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_changes_nothing_and_an_app_without_the_right_is_told_which() {
    let stage = Stage::new().await;
    stage.slack.fault(Some("files.info"), Trouble::Says("missing_scope"), 1);
    shares(&stage, "disable john.doe@contoso.com", "screen.png", "image/png", b"\x89PNG").await;
    assert!(stage.newest(APPROVALS).contains("Block sign-in for John Doe"));
    assert_eq!(stage.slack.faults().len(), 1, "pictures are not fetched");
    let answer =
        shares(&stage, "offboard these people", "leavers.csv", "text/csv", LEAVERS.as_bytes())
            .await;
    assert!(answer.contains("files:read"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_for_who_is_nobody_to_us() {
    let stage = Stage::new().await;
    let gina = Person::member("U0GINA", "gina", "Gina Guest", "gina@fabrikam.com");
    stage.slack.put_person(Person { restricted: true, ..gina });
    stage.slack.fault(Some("files.info"), Trouble::Says("missing_scope"), 1);
    let file = SharedFile {
        name: "leavers.csv".to_owned(),
        mimetype: "text/csv".to_owned(),
        bytes: LEAVERS.as_bytes().to_vec(),
    };
    let direct = stage.slack.direct("U0GINA");
    let acted = stage.slack.share("U0GINA", &direct, "offboard these people", file).await.unwrap();
    assert!(acted.answer.is_some_and(|answer| answer.is_ok()));
    stage.settle().await;
    assert_eq!(stage.slack.faults().len(), 1, "nobody asked for the file");
    assert!(stage.bot_said(APPROVALS).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_attached_in_a_personal_teams_chat_is_read_too() {
    let stage = Stage::new().await;
    let conversation = stage.teams.open_personal("tina.tech@contoso.com").unwrap();
    let words = "disable these accounts";
    let table = b"user\njohn.doe@contoso.com\njane.roe@contoso.com\n".as_slice();
    let file = ("accounts.csv", table);
    stage.teams.attach("tina.tech@contoso.com", &conversation, words, file).await.unwrap();
    stage.settle().await;
    let cards = stage.teams_cards("anna.approver");
    let card = card_text(cards.last().unwrap());
    assert!(card.contains("2 of 2 rows are fine"), "{card}");
    stage.presses_in_teams("anna.approver", Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    assert_eq!(stage.world.user("john.doe@contoso.com").unwrap()["accountEnabled"], false);
}
