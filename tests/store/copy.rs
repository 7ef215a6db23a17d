//! A `SQLite` installation moves to a PostgreSQL server: whole, or not at all.

use std::process::Command;

use countersign::{
    adapters::store::{
        copy::{CannotCopy, copy},
        postgres::{Options, PostgresStore},
        sealing::Sealing,
    },
    domain::{
        ids::{Number, StepId},
        secret::Secret,
    },
    ports::{
        partner::PartnerTokens as _,
        store::{Store, Turn},
    },
};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::{
    postgres_room::new_room,
    sqlite::{everything, fresh},
    store_cast::{asked, clock, fact, minute, request, request_id, say_in, tenant, user},
};

/// A file with something in every table, closed.
async fn file() -> TempDir {
    let (folder, store) = fresh().await;
    store.save(everything()).await.unwrap();
    store.save(asked(request(2))).await.unwrap();
    store.number_facts(1).await.unwrap();
    store.pause(true).await.unwrap();
    store.keep_partner_token(&Secret::new("refresh~one")).await.unwrap();
    store.close().await;
    folder
}

async fn open(room: &str) -> PostgresStore {
    let keys = Sealing::new("k1", &[1; 32], clock()).unwrap();
    PostgresStore::open(&Secret::new(room), keys, Options::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn everything_is_there_and_goes_on_where_it_was() {
    let (folder, room) = (file().await, new_room().await);
    let copied = copy(&folder.path().join("c.db"), &Secret::new(&room)).await.unwrap();
    let rows = |table: &str| copied.iter().find(|(name, _)| name == table).unwrap().1;
    assert_eq!((rows("request"), rows("fact"), rows("record"), rows("vote")), (2, 2, 1, 1));

    let store = open(&room).await;
    let one = store.request(&request_id(1)).await.unwrap().unwrap();
    assert_eq!(one.number, Number(1001));
    assert!(store.plan(&one.id, 1).await.unwrap().is_some());
    assert_eq!(store.votes(&one.id, 1).await.unwrap().len(), 1);
    assert_eq!(store.steps(&one.id).await.unwrap().len(), 1);
    assert_eq!(store.copies(&one.id).await.unwrap().len(), 1);
    assert_eq!(store.snapshots(&one.id).await.unwrap().len(), 1);
    let secret = store.secret(&one.id, StepId(1)).await.unwrap().unwrap();
    assert_eq!(secret.reveal(), "Kanarienvogel-Xy7");
    assert!(store.answered("d1").await.unwrap().is_some());
    assert!(store.paused().await.unwrap());
    let kept = store.partner_token().await.unwrap().unwrap();
    assert_eq!(kept.value.reveal(), "refresh~one");
    store.keep_partner_token(&Secret::new("refresh~two")).await.unwrap();
    let kept = store.partner_token().await.unwrap().unwrap();
    assert_eq!(kept.value.reveal(), "refresh~two", "in the place of the one before");

    // Numbers go on: of requests, of facts, of messages.
    let turn = Turn {
        facts: vec![fact(3, &user(2).to_string())],
        say: vec![say_in("C9", 9)],
        ..asked(request(3))
    };
    let saved = store.save(turn).await.unwrap();
    assert_eq!(saved.requests[0].1, Number(1003));
    assert_eq!(store.number_facts(9).await.unwrap(), 2, "one had no number yet, one is new");
    let record = store.record(0, 9).await.unwrap();
    assert_eq!(record.iter().map(|fact| fact.seq).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(record.iter().all(|fact| fact.said().is_some()), "the keys of subjects came along");
    assert_eq!(store.unsaid(minute(5), minute(6), 9).await.unwrap().len(), 2);
    assert_eq!(store.open(&tenant(1), None, 9).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn an_operator_moves_an_installation_with_one_command() {
    let (folder, room) = (tempfile::tempdir().unwrap(), new_room().await);
    let run = |arguments: &[&str], database: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.current_dir(folder.path()).env_clear().args(arguments);
        if !database.is_empty() {
            command.env("COUNTERSIGN_DATABASE", database);
        }
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    };
    let (_, example) = run(&["config", "example"], "");
    std::fs::write(folder.path().join("countersign.toml"), example).unwrap();
    std::fs::write(folder.path().join("address"), &room).unwrap();
    run(&["keys", "new", "keys.toml"], "");
    let (done, said) = run(&["store", "copy", "--to-file", "address"], "");
    assert!(!done && said.contains("there is no database countersign.db"), "{said}");
    assert!(run(&["pause"], "").0);
    let (done, said) = run(&["store", "copy", "--to-file", "address"], "");
    assert!(done && said.contains("The record is whole"), "{said}");
    assert!(said.contains("Now set `database` to that address"), "{said}");
    let (done, said) = run(&["audit", "verify"], &room);
    assert!(done && said.contains("The record is whole"), "the same keys open it: {said}");
    let (done, said) = run(&["store", "copy", "--to-file", "address"], "");
    assert!(!done && said.contains("empty"), "a second time it holds something: {said}");
    let (done, said) = run(&["store", "copy", "--to-file", "address"], &room);
    assert!(!done && said.contains("only a SQLite file is copied"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_database_that_holds_anything_is_refused_and_left_as_it_was() {
    let (folder, room) = (file().await, new_room().await);
    let store = open(&room).await;
    store.save(asked(request(7))).await.unwrap();
    let refused = copy(&folder.path().join("c.db"), &Secret::new(&room)).await.unwrap_err();
    assert!(matches!(refused, CannotCopy::NotEmpty { .. }), "{refused}");
    assert!(store.request(&request_id(7)).await.unwrap().is_some());
    assert!(store.request(&request_id(1)).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn what_the_server_does_not_take_leaves_nothing_there() {
    let (folder, room) = (file().await, new_room().await);
    let path = folder.path().join("c.db");
    let hand = rusqlite::Connection::open(&path).unwrap();
    hand.execute_batch("ALTER TABLE heard ADD COLUMN more TEXT").unwrap();
    drop(hand);
    let refused = copy(&path, &Secret::new(&room)).await.unwrap_err();
    let said = format!("{:#}", anyhow::Error::new(refused));
    assert!(said.contains("no column more"), "{said}");
    let mut hand = PgConnection::connect(&room).await.unwrap();
    let left = "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema()";
    assert!(hand.fetch_all(left).await.unwrap().is_empty(), "not even a table");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_somebody_has_open_is_not_copied() {
    let (folder, store) = fresh().await;
    store.save(asked(request(1))).await.unwrap();
    let path = folder.path().join("c.db");
    let nowhere = Secret::new("postgres://nobody@127.0.0.1:1/nothing");
    let refused = copy(&path, &nowhere).await.unwrap_err();
    assert!(matches!(refused, CannotCopy::InUse(_)), "{refused}");
    assert!(store.request(&request_id(1)).await.unwrap().is_some(), "its owner goes on");
    store.close().await;
    let refused = copy(&path, &nowhere).await.unwrap_err();
    assert!(matches!(refused, CannotCopy::Server(_)), "now it is only the server: {refused}");
}
