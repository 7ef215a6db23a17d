//! What only a server can do: be shared by replicas, be reached through a pooler, go away
//! and come back.

use std::collections::BTreeSet;

use countersign::{
    adapters::store::{
        forget::Forgetting,
        looks,
        postgres::{OpenError, Options, PostgresStore},
        sealing::Sealing,
        upkeep::Upkeep as _,
    },
    domain::{ids::Number, secret::Secret},
    ports::store::{Lease, Payload, Recorded, Store, StoreError, Told, Turn},
};
use futures::future::join_all;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use crate::{
    postgres_room::new_room,
    sqlite::everything,
    store_cast::{
        approved, asked, changed, clock, fact, frozen, minute, pending, request, request_id, run,
        say, say_in, tenant, user, vote,
    },
};

/// A connection of somebody who has the database's password, into a room.
async fn by_hand(room: &str) -> PgConnection {
    PgConnection::connect(room).await.unwrap()
}

fn keys(id: &str, byte: u8) -> Sealing {
    Sealing::new(id, &[byte; 32], clock()).unwrap()
}

async fn try_open(room: &str, keys: Sealing, options: Options) -> Result<PostgresStore, OpenError> {
    PostgresStore::open(&Secret::new(room), keys, options).await
}

async fn open(room: &str) -> PostgresStore {
    let few = Options { connections: 6, ..Options::default() };
    try_open(room, keys("k1", 1), few).await.unwrap()
}

pub async fn fresh(pooled: bool) -> PostgresStore {
    let options = Options { connections: 6, pooled, ..Options::default() };
    try_open(&new_room().await, keys("k1", 1), options).await.unwrap()
}

/// Replicas on one database.
async fn replicas<const N: usize>() -> (String, [PostgresStore; N]) {
    let room = new_room().await;
    let stores = join_all((0..N).map(|_| open(&room))).await;
    let stores: Result<[_; N], _> = stores.try_into();
    (room, stores.unwrap_or_else(|_| panic!("{N} replicas")))
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn replicas_that_start_at_once_make_one_schema() {
    let (room, stores) = replicas::<5>().await;
    stores[0].save(asked(request(1))).await.unwrap();
    assert!(stores[4].request(&request_id(1)).await.unwrap().is_some());
    let mut hand = by_hand(&room).await;
    let steps = "SELECT count(*), count(DISTINCT version), max(version) FROM schema_step";
    let steps = hand.fetch_one(steps).await.unwrap();
    let [all, different, last] = [0, 1, 2].map(|at| steps.get::<i64, _>(at));
    assert_eq!((all, different), (last, last), "each step once");
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_newer_schema_and_an_altered_one_are_refused() {
    let (room, _stores) = replicas::<1>().await;
    let mut hand = by_hand(&room).await;
    hand.execute("INSERT INTO schema_step (version, checksum) VALUES (9999, '')").await.unwrap();
    let refused = try_open(&room, keys("k1", 1), Options::default()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Newer { version: 9999, .. }), "{refused}");
    hand.execute("DELETE FROM schema_step WHERE version = 9999").await.unwrap();
    hand.execute("UPDATE schema_step SET checksum = 'x'").await.unwrap();
    let refused = try_open(&room, keys("k1", 1), Options::default()).await.unwrap_err();
    assert!(format!("{:#}", anyhow::Error::new(refused)).contains("is another than"));
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_wrong_key_is_refused_with_what_to_do() {
    let (room, _stores) = replicas::<1>().await;
    for wrong in [keys("k2", 2), keys("k1", 2)] {
        let refused = try_open(&room, wrong, Options::default()).await.unwrap_err();
        assert!(matches!(refused, OpenError::WrongKey { .. }), "{refused}");
        assert!(refused.to_string().contains("[keys]"), "{refused}");
    }
    let rotated = keys("k2", 2).also("k1", &[1; 32]).unwrap();
    try_open(&room, rotated, Options::default()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_refused_without_its_password() {
    for (address, says) in [
        ("postgres://cs:hush77@127.0.0.1:1/cs", "cannot be used"),
        ("postgres://cs:hush77/x@127.0.0.1:1/cs", "is no address"),
    ] {
        let refused = try_open(address, keys("k1", 1), Options::default()).await.unwrap_err();
        let debug = format!("{refused:?}");
        let said = format!("{:#} {debug}", anyhow::Error::new(refused));
        assert!(said.contains(says) && !said.contains("hush77"), "{said}");
    }
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn no_name_and_no_secret_can_be_read_in_any_table() {
    let (room, [store]) = replicas::<1>().await;
    store.save(everything()).await.unwrap();
    store.number_facts(9).await.unwrap();
    let mut hand = by_hand(&room).await;
    let tables = "SELECT table_name::text FROM information_schema.tables
        WHERE table_schema = current_schema()";
    let (mut rows, mut seen) = (0, String::new());
    for table in hand.fetch_all(tables).await.unwrap() {
        let table: String = table.get(0);
        let all = format!("SELECT to_jsonb(t)::text FROM {table} AS t");
        for row in hand.fetch_all(&*all).await.unwrap() {
            seen += &row.get::<String, _>(0).to_lowercase();
            rows += 1;
        }
    }
    assert!(rows > 12, "every table was searched");
    for canary in ["Finkelstein", "Canaria", "Kanarienvogel", "please disable"] {
        let plain = canary.to_lowercase();
        assert!(!seen.contains(&plain) && !seen.contains(&hex::encode(canary)), "{canary}");
    }
    assert!(seen.contains("c1"), "the search does find what is there");
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn everything_is_there_after_a_restart() {
    let (room, [store]) = replicas::<1>().await;
    store.save(everything()).await.unwrap();
    store.number_facts(1).await.unwrap();
    store.pause(true).await.unwrap();
    store.close().await;

    let store = open(&room).await;
    let (_, frozen) = pending(1);
    assert_eq!(store.plan(&request_id(1), 1).await.unwrap(), Some(frozen.clone()));
    assert_eq!(store.steps(&request_id(1)).await.unwrap(), [run(1)]);
    assert_eq!(store.votes(&request_id(1), 1).await.unwrap(), [vote(&frozen, 3)]);
    assert_eq!(store.unsaid(minute(5), minute(6), 9).await.unwrap()[0].say, say(1));
    assert_eq!(store.number_facts(9).await.unwrap(), 1);
    assert!(store.record(0, 9).await.unwrap().iter().all(|fact| fact.said().is_some()));
    assert!(store.paused().await.unwrap());
    assert_eq!(store.save(asked(request(2))).await.unwrap().requests[0].1, Number(1002));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn of_many_writers_of_one_version_on_three_replicas_one_wins() {
    let (_room, stores) = replicas::<3>().await;
    stores[0].save(asked(request(1))).await.unwrap();
    for round in 1..=20 {
        let read = stores[1].request(&request_id(1)).await.unwrap().unwrap();
        assert_eq!(read.version, round);
        let turns = (0..9).map(|n| {
            stores[n % 3].save(Turn { facts: vec![fact(1, "house")], ..changed(read.clone()) })
        });
        let all = join_all(turns).await;
        assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1, "round {round}");
        let lost = all.iter().filter(|result| matches!(result, Err(StoreError::Conflict)));
        assert_eq!(lost.count(), 8, "round {round}");
    }
    assert_eq!(stores[2].number_facts(99).await.unwrap(), 20, "the losers wrote nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn numbers_of_requests_and_facts_have_no_gaps_across_replicas() {
    let (_room, stores) = replicas::<3>().await;
    stores[0].save(asked(request(0))).await.unwrap();
    // Every fifth turn fails after it took a number and wrote a fact.
    let turns = (1..=60_u128).map(|n| {
        let mut turn = Turn { facts: vec![fact(n, "house")], ..asked(request(n)) };
        if n % 5 == 0 {
            turn.requests.push((request(0), Some(9)));
        }
        stores[n as usize % 3].save(turn)
    });
    let numbering = async {
        let mut numbered = 0;
        for _ in 0..40 {
            let each = stores.iter().map(|store| store.number_facts(2));
            numbered += join_all(each).await.into_iter().map(Result::unwrap).sum::<u32>();
        }
        numbered
    };
    let (all, early) = futures::join!(join_all(turns), numbering);
    let mut numbers: Vec<u64> = all.iter().flatten().map(|saved| saved.requests[0].1.0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1002..=1049).collect::<Vec<_>>());

    let late = stores[1].number_facts(999).await.unwrap();
    assert_eq!(early + late, 48);
    let record = stores[2].record(0, 999).await.unwrap();
    assert_eq!(record.iter().map(|r| r.seq).collect::<Vec<_>>(), (0..48).collect::<Vec<_>>());
    let once: BTreeSet<_> = record.iter().map(|r| r.header.clone()).collect();
    assert_eq!(once.len(), 48, "no fact twice");
    assert!(record.iter().all(|recorded| recorded.said().is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn work_is_claimed_by_one_replica_and_a_late_one_is_fenced() {
    let (_room, stores) = replicas::<3>().await;
    for n in 1..=9 {
        stores[0].save(asked(approved(n))).await.unwrap();
    }
    let claims = join_all((0..24).map(|n| stores[n % 3].claim(minute(5), minute(6)))).await;
    let mut got: Vec<_> = claims.into_iter().filter_map(Result::unwrap).collect();
    got.sort_by_key(|(request, _)| request.id);
    let ids: Vec<_> = got.iter().map(|(request, _)| request.id).collect();
    assert_eq!(ids, (1..=9).map(request_id).collect::<Vec<_>>());

    // The first worker sleeps past its lease; another replica takes over.
    let (read, first) = got.swap_remove(0);
    let mut taken = Vec::new();
    while let Some((request, lease)) = stores[1].claim(minute(6), minute(60)).await.unwrap() {
        taken.push((request.id, lease));
    }
    assert_eq!(taken.len(), 9);
    let (_, second) = taken.iter().find(|(id, _)| *id == read.id).unwrap();
    assert_eq!(*second, Lease { token: first.token + 1, ..first.clone() });
    let late = Turn { lease: Some(first.clone()), say: vec![say(1)], ..Turn::default() };
    assert!(matches!(stores[2].save(late).await, Err(StoreError::Conflict)));
    assert!(matches!(stores[2].renew(&first, minute(99)).await, Err(StoreError::Conflict)));
    stores[2].renew(second, minute(99)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn messages_and_cards_are_handed_to_one_teller() {
    let (_room, stores) = replicas::<3>().await;
    for n in 1..=30 {
        let say = say_in(&format!("C{n}"), n);
        stores[0].save(Turn { say: vec![say], ..asked(request(n)) }).await.unwrap();
    }
    let tellers = (0..30).map(|n| stores[n % 3].unsaid(minute(0), minute(5), 3));
    let told = join_all(tellers).await.into_iter().flat_map(Result::unwrap);
    let mut told: Vec<_> = told.map(|unsaid| unsaid.say.id).collect();
    told.sort();
    assert_eq!(told, (1..=30).map(|n| say(n).id).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn of_one_conversation_one_replica_at_a_time_tells() {
    let (_room, stores) = replicas::<3>().await;
    stores[0].save(Turn { say: (1..=30).map(say).collect(), ..asked(request(1)) }).await.unwrap();
    for round in 0..10 {
        let tellers = (0..6).map(|n| stores[n % 3].unsaid(minute(0), minute(5), 3));
        let told = join_all(tellers).await.into_iter().flat_map(Result::unwrap);
        let told: Vec<_> = told.map(|unsaid| unsaid.say.id).collect();
        let next = (1..=3).map(|n| say(3 * round + n).id);
        assert_eq!(told, next.collect::<Vec<_>>(), "the others find nothing while they are told");
        for id in told {
            stores[1].said(&id, Told::Said(None)).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn replicas_that_wait_for_each_other_both_end() {
    let (_room, stores) = replicas::<2>().await;
    for n in [1, 2] {
        stores[0].save(asked(approved(n))).await.unwrap();
    }
    // Each turn redraws both requests and takes two resources, in opposite orders.
    for round in 0..10_u64 {
        let turn = |n: usize| {
            let (one, other) = if n == 0 { (1, 2) } else { (2, 1) };
            let read = |id: u128| (request(id), Some(round + 1));
            Turn {
                requests: vec![read(one), read(other)],
                facts: vec![fact(1, "house")],
                ..Turn::default()
            }
        };
        let both = join_all([0, 1].map(|n| stores[n].save(turn(n)))).await;
        assert_eq!(both.iter().filter(|saved| saved.is_ok()).count(), 1, "{both:?}");
        let lost = both.iter().filter(|saved| matches!(saved, Err(StoreError::Conflict)));
        assert_eq!(lost.count(), 1, "{both:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_subject_that_two_replicas_meet_has_one_key() {
    let (_room, stores) = replicas::<3>().await;
    let facts = |n| Turn { facts: vec![fact(n, "somebody new")], ..Turn::default() };
    for saved in join_all((0..9).map(|n| stores[n % 3].save(facts(n as u128)))).await {
        saved.unwrap();
    }
    stores[0].number_facts(99).await.unwrap();
    let record = stores[1].record(0, 99).await.unwrap();
    assert_eq!(record.iter().filter(|recorded| recorded.said().is_some()).count(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn somebody_forgotten_by_one_replica_is_not_written_about_under_the_old_key() {
    let (_room, [first, second]) = replicas::<2>().await;
    let done = request(1).cancel(crate::store_cast::person(1), minute(1)).unwrap();
    let about = user(2).to_string();
    // Written before the minute in which the new key is made.
    let facts = |n| {
        let mut fact = fact(n, &about);
        fact.header.at = minute(-1);
        Turn { facts: vec![fact], ..Turn::default() }
    };
    first.save(Turn { facts: facts(1).facts, ..asked(done) }).await.unwrap();
    second.save(facts(2)).await.unwrap();

    let known = first.acquaintances(&about).await.unwrap();
    let tried = first.forget(&known[0], false).await.unwrap();
    assert!(matches!(&tried, Forgetting::Done { erased, .. } if erased.payloads == 2), "{tried:?}");
    let (forgotten, written) = futures::join!(
        first.forget(&known[0], true),
        join_all((3..=9).map(|n| second.save(facts(n))))
    );
    let Forgetting::Done { erased, .. } = forgotten.unwrap() else { panic!("it is over") };
    assert!(first.empty_log().await.unwrap());
    for saved in written {
        saved.unwrap();
    }
    second.number_facts(99).await.unwrap();
    let record = second.record(0, 99).await.unwrap();
    assert_eq!(record.len(), 10, "nine about them, and that they were forgotten");
    let theirs: Vec<&Recorded> = record.iter().filter(|r| r.said().is_none()).collect();
    assert_eq!(theirs.len() as u64, erased.payloads);
    for one in theirs {
        assert_eq!(one.payload, Payload::Forgotten { subject: about.clone() });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_commit_wakes_the_other_replica_and_finding_nothing_wakes_nobody_here() {
    let (_room, [here, there]) = replicas::<2>().await;
    let (mut own, mut others) = (here.changed(), there.changed());
    // Listening begins with a look of its own, maybe before anybody asked for news.
    others.wait_for(|looks| *looks > 0).await.unwrap();
    own.mark_unchanged();
    here.save(asked(approved(1))).await.unwrap();
    assert!(own.has_changed().unwrap());
    others.mark_unchanged();
    here.save(asked(approved(2))).await.unwrap();
    others.changed().await.unwrap();

    let quiet = new_room().await;
    let alone = open(&quiet).await;
    let mut changed = alone.changed();
    changed.wait_for(|looks| *looks > 0).await.unwrap();
    assert!(alone.claim(minute(5), minute(6)).await.unwrap().is_none());
    assert!(alone.unsaid(minute(5), minute(6), 9).await.unwrap().is_empty());
    assert_eq!(alone.sweep(minute(5)).await.unwrap(), 0);
    assert_eq!(alone.number_facts(9).await.unwrap(), 0);
    assert!(!changed.has_changed().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn connections_that_the_server_ends_are_replaced() {
    let room = new_room().await;
    let store = open(&format!("{room}&application_name=to%20be%20ended")).await;
    let mut hand = by_hand(&room).await;
    store.save(asked(request(1))).await.unwrap();
    for n in 2..=6 {
        // It waits until they are gone, so that none is met while it commits.
        let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE application_name = 'to be ended'";
        hand.execute(end).await.unwrap();
        store.save(asked(request(n))).await.unwrap();
    }
    assert_eq!(store.open(&tenant(1), None, 9).await.unwrap().len(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_turn_whose_connection_breaks_before_its_commit_is_run_again() {
    let (room, [store]) = replicas::<1>().await;
    let mut hand = by_hand(&room).await;
    // A sequence counts on in a transaction that is taken back: two connections end themselves.
    hand.execute(
        "CREATE SEQUENCE tries;
         CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('tries') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
            RETURN NEW;
         END $$;
         CREATE TRIGGER breaking AFTER INSERT ON request FOR EACH ROW EXECUTE FUNCTION break_off();",
    )
    .await
    .unwrap();
    let saved = store.save(asked(request(1))).await.unwrap();
    assert_eq!(saved.requests[0].1, Number(1001), "the tries before it took no number");
    assert_eq!(store.open(&tenant(1), None, 9).await.unwrap().len(), 1);
    let tried = hand.fetch_one("SELECT last_value FROM tries").await.unwrap();
    assert_eq!(tried.get::<i64, _>(0), 3);
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn what_must_not_change_cannot_be_changed_even_by_hand() {
    let (room, [store]) = replicas::<1>().await;
    store.save(everything()).await.unwrap();
    store.number_facts(9).await.unwrap();
    let mut hand = by_hand(&room).await;
    for sql in [
        "UPDATE plan_revision SET digest = digest",
        "DELETE FROM plan_revision",
        "UPDATE vote SET choice = 'reject'",
        "DELETE FROM vote",
        "UPDATE fact SET header = 'x'",
        "DELETE FROM fact",
        "UPDATE record SET seq = seq + 1",
        "DELETE FROM record",
    ] {
        let refused = hand.execute(sql).await.unwrap_err().to_string();
        assert!(refused.contains("is never"), "{sql}: {refused}");
    }
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn a_server_that_does_not_wait_for_its_disk_waits_for_ours() {
    let (room, _stores) = replicas::<1>().await;
    let hasty = format!("{room}&options[synchronous_commit]=off");
    let store = try_open(&hasty, keys("k1", 1), Options::default()).await.unwrap();
    store.save(Turn { revisions: vec![frozen(1, 1)], ..asked(request(1)) }).await.unwrap();
    let mut hand = by_hand(&hasty).await;
    hand.execute(
        "CREATE TABLE noted (how TEXT);
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO noted VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
         CREATE TRIGGER noting AFTER INSERT ON request FOR EACH ROW EXECUTE FUNCTION note();",
    )
    .await
    .unwrap();
    store.save(asked(request(2))).await.unwrap();
    let noted = hand.fetch_one("SELECT string_agg(how, ' ') FROM noted").await.unwrap();
    assert_eq!(noted.get::<String, _>(0), "on");
}

#[tokio::test]
#[ignore = "needs the PostgreSQL server of scripts/test.sh"]
async fn every_look_for_work_can_be_read_by_its_index() {
    let (room, _stores) = replicas::<1>().await;
    let mut hand = by_hand(&room).await;
    // In an empty table no index is worth it; what is asked here is whether it can be used.
    hand.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
        .await
        .unwrap();
    for look in looks::all() {
        let sql = look.postgres.replace("?1", "1").replace("?2", "2").replace("?3", "'w'");
        let told = hand.fetch_all(&*format!("EXPLAIN {}", sql.replace('?', "9"))).await.unwrap();
        let told = told.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n");
        for index in look.by {
            assert!(told.contains(&format!(" using {index} ")), "{index}, {sql}:\n{told}");
        }
        assert!(!told.contains("Seq Scan on request"), "{sql}:\n{told}");
        let sorted = told.contains("Sort Key") && !sql.contains("GROUP BY");
        assert!(!sorted, "{sql}:\n{told}");
    }
}
