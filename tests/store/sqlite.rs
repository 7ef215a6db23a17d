//! What only a file can do: be reopened, be shared, be full, be read by the wrong eyes.

use std::{path::Path, sync::Arc};

use countersign::{
    adapters::store::{
        looks,
        sealing::Sealing,
        sqlite::{OpenError, Options, SqliteStore},
    },
    domain::{request::Request, secret::Secret},
    ports::{
        clock::Clock,
        partner::PartnerTokens as _,
        store::{HeardInThread, NewSecret, Payload, Recorded, Store, StoreError, Turn},
    },
};
use futures::future::join_all;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::store_cast::{
    approved, asked, changed, clock, copy, fact, minute, pending, person, place, request,
    request_id, run, say, tenant, user, vote,
};

fn keys(id: &str, byte: u8) -> Sealing {
    Sealing::new(id, &[byte; 32], clock()).unwrap()
}

async fn open(folder: &TempDir) -> SqliteStore {
    SqliteStore::open(&folder.path().join("c.db"), keys("k1", 1), Options::default()).await.unwrap()
}

pub async fn fresh() -> (TempDir, SqliteStore) {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    (folder, store)
}

/// A turn that writes a name, words or a secret to every table that can hold one.
pub fn everything() -> Turn {
    let (pending, frozen) = pending(1);
    Turn {
        inbox: Some((
            "d1".into(),
            countersign::ports::store::Answer { say: Some(say(1).what), request: None },
        )),
        requests: vec![(pending, None)],
        steps: vec![(request_id(1), run(1))],
        votes: vec![vote(&frozen, 3)],
        revisions: vec![frozen],
        facts: vec![fact(1, "house"), fact(2, &user(2).to_string())],
        say: vec![say(1)],
        copies: vec![copy(1, 1)],
        secrets: vec![NewSecret {
            request: request_id(1),
            step: countersign::domain::ids::StepId(1),
            recipient: user(1),
            value: Secret::new("Kanarienvogel-Xy7"),
            expires_at: minute(60),
        }],
        snapshots: vec![countersign::domain::snapshot::Snapshot {
            request: request_id(1),
            subject: user(2),
            step: None,
            part: "account".into(),
            value: serde_json::json!({ "name": "Canaria Finkelstein" }),
            taken_at: minute(3),
            until: minute(60),
        }],
        heard: vec![HeardInThread {
            place: place("C1").key(),
            tenant: tenant(1),
            person: true,
            words: "please disable Canaria Finkelstein".into(),
            about: vec![person(2)],
            at: minute(0),
            until: minute(60),
        }],
        ..Turn::default()
    }
}

fn found_in(folder: &Path, canary: &str) -> Vec<String> {
    let wide: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let forms = [canary.as_bytes().to_vec(), hex::encode(canary).into_bytes(), wide];
    let mut hits = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for form in &forms {
            if bytes.windows(form.len()).any(|window| window.eq_ignore_ascii_case(form)) {
                hits.push(format!("{canary} in {}", path.display()));
            }
        }
    }
    hits
}

#[tokio::test]
async fn no_name_and_no_secret_can_be_read_in_any_file() {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    store.number_facts(9).await.unwrap();
    let told = countersign::ports::store::Told::Never("Canaria Finkelstein left".into());
    store.drawn(&copy(1, 1).id, 1, told).await.unwrap();
    store.backup_to(&folder.path().join("backup.db")).await.unwrap();
    let search = || {
        ["finkelstein", "canaria", "Kanarienvogel", "please disable", &"ab".repeat(16)]
            .into_iter()
            .flat_map(|canary| found_in(folder.path(), canary))
            .collect::<Vec<_>>()
    };
    assert_eq!(search(), [""; 0]);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(files >= 3, "the database, its log and the backup were searched");
    assert!(!found_in(folder.path(), "C1").is_empty(), "the search does find what is there");
    store.close().await;
    assert_eq!(search(), [""; 0]);
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    store.number_facts(1).await.unwrap();
    store.pause(true).await.unwrap();
    drop(store);

    let store = open(&folder).await;
    let (pending, frozen) = pending(1);
    let found = store.request(&request_id(1)).await.unwrap().unwrap();
    assert_eq!(found, Request { number: found.number, version: 1, ..pending });
    assert_eq!(store.plan(&request_id(1), 1).await.unwrap(), Some(frozen));
    assert_eq!(store.steps(&request_id(1)).await.unwrap(), [run(1)]);
    let held = store.secret(&request_id(1), countersign::domain::ids::StepId(1)).await.unwrap();
    assert_eq!(held.unwrap().reveal(), "Kanarienvogel-Xy7");
    assert_eq!(store.unsaid(minute(5), minute(6), 9).await.unwrap()[0].say, say(1));
    assert_eq!(store.number_facts(9).await.unwrap(), 1);
    let record = store.record(0, 9).await.unwrap();
    assert!(record.iter().all(|recorded| recorded.said().is_some()));
    assert!(store.paused().await.unwrap());
    let next = store.save(asked(request(2))).await.unwrap();
    assert_eq!(next.requests[0].1.0, 1002);
}

#[tokio::test]
async fn the_partner_s_token_is_sealed_and_each_takes_the_place_of_the_one_before() {
    let (folder, store) = fresh().await;
    assert!(store.partner_token().await.unwrap().is_none());
    for value in ["refresh~canaria~one", "refresh~canaria~two"] {
        store.keep_partner_token(&Secret::new(value)).await.unwrap();
    }
    store.close().await;
    assert!(found_in(folder.path(), "canaria").is_empty());
    let kept = open(&folder).await.partner_token().await.unwrap().unwrap();
    assert_eq!(kept.value.reveal(), "refresh~canaria~two");
}

#[tokio::test]
async fn a_wrong_key_is_refused_with_what_to_do() {
    let (folder, store) = fresh().await;
    store.close().await;
    let path = folder.path().join("c.db");
    for wrong in [keys("k2", 2), keys("k1", 2)] {
        let refused = SqliteStore::open(&path, wrong, Options::default()).await.unwrap_err();
        assert!(matches!(refused, OpenError::WrongKey { .. }), "{refused}");
        assert!(refused.to_string().contains("[keys]"), "{refused}");
    }
    let rotated = keys("k2", 2).also("k1", &[1; 32]).unwrap();
    SqliteStore::open(&path, rotated, Options::default()).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("c.db");
    std::fs::write(&path, "these are notes, not a database; ".repeat(100)).unwrap();
    let refused = SqliteStore::open(&path, keys("k1", 1), Options::default()).await.unwrap_err();
    assert!(matches!(refused, OpenError::File { .. }), "{refused}");
    let nowhere = folder.path().join("no/such/folder/c.db");
    let refused = SqliteStore::open(&nowhere, keys("k1", 1), Options::default()).await.unwrap_err();
    assert!(refused.to_string().contains("folder exists"), "{refused}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.path().display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_handles_on_one_file_decide_once() {
    let (folder, first) = fresh().await;
    let second = open(&folder).await;
    let stores = [&first, &second];
    first.save(asked(request(1))).await.unwrap();
    for round in 1..=20 {
        let read = second.request(&request_id(1)).await.unwrap().unwrap();
        assert_eq!(read.version, round);
        let turns = (0..6).map(|n| stores[n % 2].save(changed(read.clone())));
        let all = join_all(turns).await;
        assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1, "round {round}");
        let lost = all.iter().filter(|result| matches!(result, Err(StoreError::Conflict)));
        assert_eq!(lost.count(), 5, "round {round}");
    }
    for n in 2..=9 {
        first.save(asked(approved(n))).await.unwrap();
    }
    let claims = join_all((0..16).map(|n| stores[n % 2].claim(minute(5), minute(6)))).await;
    let mut got: Vec<_> =
        claims.into_iter().filter_map(Result::unwrap).map(|(request, _)| request.id).collect();
    got.sort();
    assert_eq!(got, (2..=9).map(request_id).collect::<Vec<_>>());

    // Both write about a subject that neither has met: one key, and both can read.
    let facts = |n| Turn { facts: vec![fact(n, "somebody new")], ..Turn::default() };
    for result in join_all([first.save(facts(1)), second.save(facts(2))]).await {
        result.unwrap();
    }
    let numbering = join_all([first.number_facts(9), second.number_facts(9)]).await;
    assert_eq!(numbering.into_iter().map(Result::unwrap).sum::<u32>(), 2);
    for recorded in first.record(0, 9).await.unwrap() {
        assert!(recorded.said().is_some(), "{recorded:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_acknowledges_nothing_it_did_not_keep() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("c.db");
    let tight = Options { pages_max: Some(120), ..Options::default() };
    let store = SqliteStore::open(&path, keys("k1", 1), tight).await.unwrap();
    let mut kept = Vec::new();
    let mut refused = 0;
    for group in 0..40 {
        let turns = (0..10).map(|n| store.save(asked(request(group * 10 + n))));
        for (n, result) in join_all(turns).await.into_iter().enumerate() {
            match result {
                Ok(_) => kept.push(group * 10 + n as u128),
                Err(StoreError::Broken(_)) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert!(!kept.is_empty() && refused > 0, "{} kept, {refused} refused", kept.len());
    store.close().await;

    let store = open(&folder).await;
    for n in 0..400 {
        let there = store.request(&request_id(n)).await.unwrap().is_some();
        assert_eq!(there, kept.contains(&n), "request {n}");
    }
    store.save(asked(request(1000))).await.expect("with room again, work goes on");
}

#[tokio::test]
async fn another_process_that_keeps_the_file_busy_acknowledges_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("c.db");
    let hasty = Options { busy: std::time::Duration::ZERO, ..Options::default() };
    let store = SqliteStore::open(&path, keys("k1", 1), hasty).await.unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.save(asked(request(1))).await;
    assert!(matches!(refused, Err(StoreError::Broken(_))), "{refused:?}");
    assert_eq!(store.request(&request_id(1)).await.unwrap(), None, "and reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    store.save(asked(request(1))).await.unwrap();
}

#[tokio::test]
async fn what_must_not_change_cannot_be_changed_even_by_hand() {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    store.number_facts(9).await.unwrap();
    let hand = rusqlite::Connection::open(folder.path().join("c.db")).unwrap();
    for sql in [
        "UPDATE plan_revision SET digest = zeroblob(32)",
        "DELETE FROM plan_revision",
        "UPDATE vote SET choice = 'reject'",
        "DELETE FROM vote",
        "UPDATE fact SET header = x'00'",
        "DELETE FROM fact",
        "UPDATE record SET seq = seq + 1",
        "DELETE FROM record",
    ] {
        let refused = hand.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("is never"), "{sql}: {refused}");
    }
}

#[tokio::test]
async fn somebody_forgotten_cannot_be_read_and_the_leaves_stay() {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    store.number_facts(9).await.unwrap();
    let before = store.record(0, 9).await.unwrap();
    drop(store);
    let hand = rusqlite::Connection::open(folder.path().join("c.db")).unwrap();
    let forget = "UPDATE subject_key SET sealed = NULL, forgotten_at = 1 WHERE subject <> 'house'";
    assert_eq!(hand.execute(forget, []).unwrap(), 1);

    let store = open(&folder).await;
    let after = store.record(0, 9).await.unwrap();
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].payload, Payload::Forgotten { subject: user(2).to_string() });
    assert_eq!(store.snapshots(&request_id(1)).await.unwrap(), [], "nor what they had");
    let leaf = |r: &Recorded| (r.header.clone(), r.payload_hash);
    assert_eq!(leaf(&after[1]), leaf(&before[1]));
}

#[tokio::test]
async fn a_payload_that_was_destroyed_is_told_from_a_forgotten_one() {
    for destroy in [
        "DELETE FROM fact_payload WHERE position = 2",
        "UPDATE fact_payload SET sealed = zeroblob(length(sealed)) WHERE position = 2",
        "UPDATE fact_payload SET subject = 'house' WHERE position = 2",
        "DELETE FROM subject_key WHERE subject <> 'house'",
        "UPDATE subject_key SET sealed = zeroblob(length(sealed)) WHERE subject <> 'house'",
    ] {
        let (folder, store) = fresh().await;
        store.save(everything()).await.unwrap();
        store.number_facts(9).await.unwrap();
        let before = store.record(0, 9).await.unwrap();
        let hand = rusqlite::Connection::open(folder.path().join("c.db")).unwrap();
        hand.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        assert_eq!(hand.execute(destroy, []).unwrap(), 1, "{destroy}");
        let after = store.record(0, 9).await.unwrap();
        assert_eq!(after[0], before[0], "{destroy}");
        let destroyed = Recorded { payload: Payload::Destroyed, ..before[1].clone() };
        assert_eq!(after[1], destroyed, "{destroy}");
    }
}

/// Half an hour after everything else.
struct HalfPast;

impl Clock for HalfPast {
    fn now(&self) -> Timestamp {
        minute(30)
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

#[tokio::test]
async fn somebody_who_was_forgotten_and_is_met_again_is_new() {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    drop(store);
    let hand = rusqlite::Connection::open(folder.path().join("c.db")).unwrap();
    let forget = "UPDATE subject_key SET sealed = NULL, forgotten_at = 1 WHERE subject <> 'house'";
    assert_eq!(hand.execute(forget, []).unwrap(), 1);
    let later = Sealing::new("k1", &[1; 32], Arc::new(HalfPast)).unwrap();
    let path = folder.path().join("c.db");
    let store = SqliteStore::open(&path, later, Options::default()).await.unwrap();
    let mut again = fact(3, &user(2).to_string());
    again.header.at = minute(31);
    store.save(Turn { facts: vec![again], ..Turn::default() }).await.unwrap();
    store.number_facts(9).await.unwrap();
    let record = store.record(0, 9).await.unwrap();
    assert_eq!(record[1].payload, Payload::Forgotten { subject: user(2).to_string() });
    assert!(record[0].said().is_some() && record[2].said().is_some());
}

#[tokio::test]
async fn a_commit_wakes_those_who_wait_and_finding_nothing_wakes_nobody() {
    let (_folder, store) = fresh().await;
    let mut changed = store.changed();
    changed.mark_unchanged();
    store.save(asked(approved(1))).await.unwrap();
    changed.changed().await.unwrap();
    store.claim(minute(5), minute(6)).await.unwrap().unwrap();
    changed.changed().await.unwrap();
    assert!(store.claim(minute(5), minute(6)).await.unwrap().is_none());
    assert!(store.unsaid(minute(5), minute(6), 9).await.unwrap().is_empty());
    assert_eq!(store.sweep(minute(5)).await.unwrap(), 0);
    assert!(!changed.has_changed().unwrap());
}

#[tokio::test]
async fn a_backup_taken_while_work_goes_on_is_whole() {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    let copy = folder.path().join("backup.db");
    store.backup_to(&copy).await.unwrap();
    assert!(store.backup_to(&copy).await.is_err(), "an older backup is not overwritten");
    store.save(asked(request(2))).await.unwrap();

    let restored = SqliteStore::open(&copy, keys("k1", 1), Options::default()).await.unwrap();
    assert!(restored.request(&request_id(1)).await.unwrap().is_some());
    assert!(restored.request(&request_id(2)).await.unwrap().is_none());
}

#[tokio::test]
async fn every_look_for_work_is_read_by_its_index() {
    let (folder, _store) = fresh().await;
    let hand = rusqlite::Connection::open(folder.path().join("c.db")).unwrap();
    for look in looks::all() {
        let mut asked = hand.prepare(&format!("EXPLAIN QUERY PLAN {}", look.sqlite)).unwrap();
        let (mut rows, mut told) = (asked.raw_query(), Vec::new());
        while let Some(row) = rows.next().unwrap() {
            told.push(row.get::<_, String>(3).unwrap());
        }
        let told = told.join("\n");
        for index in look.by {
            assert!(told.split_whitespace().any(|word| word == *index), "{index}:\n{told}");
        }
        assert!(told.lines().all(|line| line != "SCAN request"), "{}:\n{told}", look.sqlite);
        let sorted = told.contains("TEMP B-TREE FOR ORDER BY") && !look.sqlite.contains("GROUP BY");
        assert!(!sorted, "{}:\n{told}", look.sqlite);
    }
}
