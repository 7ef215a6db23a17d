//! The record, for somebody who may see one request and not the others.

use countersign::{
    audit::{self, Proof, SigningKey},
    cli::audit::{proof_of, table},
    domain::chat::Verb,
    ports::store::Store,
};

use jiff::SignedDuration;

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage, shown};

/// A signed request about John Doe and an unsigned one about Jane Roe, recorded.
async fn told() -> Stage {
    let stage = Stage::new().await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    assert!(stage.newest(HELPDESK).starts_with("Done: "), "{}", stage.newest(HELPDESK));
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.keep_record().await;
    stage
}

async fn of_johns(stage: &Stage) -> Proof {
    let store = stage.house().store.as_ref();
    let numbered =
        |number| store.numbered(&stage.tenant(), countersign::domain::request::Number(number));
    let john = numbered(1001).await.unwrap().unwrap();
    proof_of(store, &john.id.to_string()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_is_proved_without_showing_another() {
    let stage = told().await;
    let key = SigningKey::new(&stage.keys.signing).public();
    let proof = of_johns(&stage).await;
    assert_eq!(proof.check(&key), Ok(()));
    let shown: Vec<String> = proof
        .facts
        .iter()
        .map(|own| String::from_utf8_lossy(own.fact.said().unwrap()).into_owned())
        .collect();
    assert!(shown.iter().any(|text| text.contains("john.doe@contoso.com")), "{shown:?}");
    assert!(!shown.iter().any(|text| text.contains("jane.roe")), "{shown:?}");
    for kind in ["request.asked", "vote.cast", "step.ended", "run.ended"] {
        let is = |header: &[u8]| String::from_utf8_lossy(header).contains(kind);
        assert_eq!(proof.facts.iter().filter(|own| is(&own.fact.header)).count(), 1, "{kind}");
    }
    // Every byte of every fact counts.
    for at in 0..proof.facts.len() {
        let mut edited = proof.clone();
        let last = edited.facts[at].fact.header.last_mut().unwrap();
        *last ^= 1;
        assert!(edited.check(&key).is_err(), "fact {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_the_record_is_not_proved() {
    let stage = told().await;
    let store = stage.house().store.as_ref();
    let nobody = proof_of(store, "01a1f8d3-0000-7000-8000-000000000000").await.unwrap_err();
    assert!(nobody.to_string().contains("give a request's id"), "{nobody}");
    let first = proof_of(store, "0").await.unwrap();
    assert_eq!((first.facts.len(), first.facts[0].fact.seq), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_is_written_for_spreadsheets_and_siems() {
    let stage = told().await;
    let facts = stage.house().store.record(0, 100).await.unwrap();
    let rows: Vec<String> = facts.iter().map(table::csv).collect();
    assert!(rows.iter().any(|row| row.contains(",vote.cast,")), "{rows:?}");
    let lines: Vec<String> = facts.iter().map(table::cef).collect();
    assert!(lines.iter().all(|line| line.starts_with("CEF:0|Countersign|Countersign|")));
    assert!(lines.iter().any(|line| line.contains("|vote.cast|vote cast|5|")), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_posted_once_a_day_and_only_when_there_is_news() {
    let more = format!("[heads]\nslack_channels = [\"{APPROVALS}\"]");
    let stage = Stage::with(Settings { more, ..Settings::default() }).await;
    let heads = |stage: &Stage| -> Vec<String> {
        let all = stage.slack.messages(APPROVALS);
        all.iter().map(shown).filter(|text| text.contains("countersign-head.1.")).collect()
    };
    let day = SignedDuration::from_hours(24);
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.keep_record().await;
    stage.settle().await;
    let posted = heads(&stage);
    assert_eq!(posted.len(), 1, "{posted:?}");
    // What the channel shows is a head, and the record keeps to it.
    let key = SigningKey::new(&stage.keys.signing).public();
    let head = audit::find(&posted[0]).expect("the message holds a head");
    assert!(audit::is_genuine(&head, &key), "{posted:?}");
    let store = stage.house().store.as_ref();
    countersign::cli::audit::whole(store, vec![head], &key).await.unwrap();
    // More on the same day is not posted again; a quiet day neither.
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    stage.keep_record().await;
    stage.settle().await;
    assert_eq!(heads(&stage).len(), 1);
    stage.pass(day).await;
    stage.keep_record().await;
    stage.settle().await;
    let after_expiry = heads(&stage).len();
    assert_eq!(after_expiry, 2, "what happened since yesterday is news");
    stage.pass(day).await;
    stage.keep_record().await;
    stage.settle().await;
    assert_eq!(heads(&stage).len(), 2, "a quiet day is none");
}
