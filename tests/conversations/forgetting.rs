//! Somebody is forgotten by the operator's own command, while the house runs on.

use std::{
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign::{domain::chat::Verb, ports::store::Payload};
use jiff::SignedDuration;

use crate::{
    links::{open, token_in},
    stage::{APPROVALS, Stage},
};

const JOHN: &str = "john.doe@contoso.com";

/// A command of the product on the database of the stage; what it said.
fn command(stage: &Stage, arguments: &[&str]) -> (Output, String) {
    let room = stage.folder.path();
    let (settings, keys) = (room.join("countersign.toml"), room.join("keys.toml"));
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.current_dir(room).env_clear();
        command
    };
    if !settings.exists() {
        let example = program().args(["config", "example"]).output().unwrap();
        std::fs::write(&settings, example.stdout).unwrap();
        let (id, base64) = (&stage.keys.id, |bytes: &[u8]| STANDARD.encode(bytes));
        let file = format!(
            "version = 1\ncurrent = \"{id}\"\nsigning = \"{}\"\n[encryption]\n\"{id}\" = \"{}\"\n",
            base64(&stage.keys.signing),
            base64(&stage.keys.encryption)
        );
        std::fs::write(&keys, file).unwrap();
        std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let output = program()
        .args(arguments)
        .env("COUNTERSIGN_DATABASE", stage.config.database.to_string())
        .env("COUNTERSIGN_KEYS__FILE", &keys)
        .output()
        .unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output, String::from_utf8(text).unwrap())
}

/// The lines of an answer that count something.
fn counts(said: &str) -> Vec<(u64, String)> {
    let line = |line: &str| {
        let (count, what) = line.trim().split_once(' ')?;
        Some((count.parse().ok()?, what.trim().to_owned()))
    };
    said.lines().filter_map(line).collect()
}

fn count(said: &str, what: &str) -> u64 {
    let all = counts(said);
    let found = all.iter().find(|(_, line)| line.contains(what));
    found.unwrap_or_else(|| panic!("no line about {what} in {said}")).0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_and_the_record_is_still_whole() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let (refused, said) = command(&stage, &["forget", JOHN, "--yes"]);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("#1001") && said.contains("cancel it in the chat"), "{said}");
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.keep_record().await;
    let store = stage.house().store.clone();
    let before = store.record(0, 1_000).await.unwrap();
    let about_him = before.iter().filter(|fact| fact.said().is_some()).count();
    assert!(about_him > 3);
    let token = token_in(&stage);

    // Without --yes it only says what would go.
    let (dry, would) = command(&stage, &["forget", JOHN]);
    assert!(dry.status.success(), "{would}");
    assert!(would.contains("Would be erased") && would.contains("with --yes"), "{would}");
    stage.keep_record().await;
    assert_eq!(store.record(0, 1_000).await.unwrap(), before);

    let (done, said) = command(&stage, &["forget", JOHN, "--yes"]);
    assert!(done.status.success(), "{said}");
    assert_eq!(counts(&said), counts(&would), "what it said it would do");
    assert!(said.contains("John Doe (john.doe@contoso.com)"), "{said}");
    let gone = count(&said, "their key is destroyed");
    assert!(gone > 3, "{said}");
    for what in ["messages heard", "one-time links", "what their account was like"] {
        assert!(count(&said, what) > 0, "{what}: {said}");
    }
    assert_eq!(count(&said, "with the plan that was shown"), 1, "{said}");
    assert!(said.contains("Slack and Teams") && said.contains("backups"), "{said}");
    assert_eq!(open(&stage, &token).await.0, 410, "the link is gone");
    let words = store.thread(&origin(&stage).await, 99).await.unwrap();
    assert!(words.iter().all(|heard| !heard.words.contains("john")), "{words:?}");

    // The leaves stand, the payloads are gone, and the record says why.
    let after = store.record(0, 1_000).await.unwrap();
    for (was, is) in before.iter().zip(&after) {
        assert_eq!((&was.header, was.payload_hash), (&is.header, is.payload_hash));
    }
    let forgotten = |fact: &&countersign::ports::store::Recorded| {
        matches!(fact.payload, Payload::Forgotten { .. })
    };
    assert_eq!(after.iter().filter(forgotten).count() as u64, gone);
    let (verified, said) = command(&stage, &["audit", "verify"]);
    assert!(verified.status.success(), "{said}");
    assert!(said.contains(&format!("{gone} payloads were forgotten")), "{said}");

    // Met again by the house that ran on, he is somebody new; nothing old comes back.
    stage.pass(SignedDuration::from_mins(1)).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    stage.keep_record().await;
    assert_eq!(stage.effects(), ["user.password", "user.update"]);
    let later = store.record(after.len() as u64, 1_000).await.unwrap();
    assert!(later.len() > 3 && later.iter().all(|fact| fact.said().is_some()));
    let (verified, said) = command(&stage, &["audit", "verify"]);
    assert!(verified.status.success(), "{said}");
    assert!(said.contains(&format!("{gone} payloads were forgotten")), "{said}");
}

/// The thread of the first request.
async fn origin(stage: &Stage) -> String {
    let number = countersign::domain::ids::Number(1001);
    let request = stage.house().store.numbered(&stage.tenant(), number).await.unwrap().unwrap();
    request.origin.place.key()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_nobody_has_is_not_forgotten() {
    let stage = Stage::new().await;
    let (refused, said) = command(&stage, &["forget", "nobody@contoso.com", "--yes"]);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing is stored about nobody@contoso.com"), "{said}");
    assert!(said.contains("object id"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_offboarding_kept_is_forgotten_with_the_person() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    crate::lifecycle::approved(&stage).await;
    let (store, number) = (stage.house().store.clone(), countersign::domain::ids::Number(1001));
    let id = store.numbered(&stage.tenant(), number).await.unwrap().unwrap().id;
    let kept = store.snapshots(&id).await.unwrap().len() as u64;
    assert!(kept > 4);
    let (done, said) = command(&stage, &["forget", JOHN, "--yes"]);
    assert!(done.status.success(), "{said}");
    assert!(count(&said, "what their account was like") > kept, "{said}");
    assert_eq!(store.snapshots(&id).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_leavers_of_one_request_only_the_one_is_forgotten() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com and jane.roe@contoso.com").await;
    crate::lifecycle::approved(&stage).await;
    let jane = stage.world.user("jane.roe@contoso.com").unwrap();
    assert_eq!(jane["accountEnabled"], false, "{}", stage.newest(crate::stage::HELPDESK));
    let (store, number) = (stage.house().store.clone(), countersign::domain::ids::Number(1001));
    let id = store.numbered(&stage.tenant(), number).await.unwrap().unwrap().id;
    let of = |who: &str, kept: &[countersign::domain::snapshot::Snapshot]| {
        let user = stage.world.user(who).unwrap()["id"].as_str().unwrap().to_owned();
        kept.iter().filter(|part| part.subject.to_string().contains(&user)).count()
    };
    let before = store.snapshots(&id).await.unwrap();
    let (done, said) = command(&stage, &["forget", JOHN, "--yes"]);
    assert!(done.status.success(), "{said}");
    let after = store.snapshots(&id).await.unwrap();
    assert!(of(JOHN, &before) > 3 && of("jane.roe@contoso.com", &before) > 3, "{before:?}");
    assert_eq!(of(JOHN, &after), 0);
    assert_eq!(of("jane.roe@contoso.com", &after), of("jane.roe@contoso.com", &before));
    // What the steps saw of her is there too, and nothing of him.
    let frozen = store.plan(&id, 1).await.unwrap().unwrap();
    for run in store.steps(&id).await.unwrap() {
        let step = frozen.plan().step(run.id).unwrap();
        let his = step.names.values().any(|name| name == "John Doe");
        assert_eq!(run.before.is_none(), his, "{step:?} {run:?}");
    }
}
