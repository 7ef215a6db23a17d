//! The record, for somebody who may see one request and not the others.

use countersign::{
    audit::{self, Broken, Proof, SigningKey, Tree, Verifier, Whole},
    cli::audit::{proof_of, table},
    desk::record::look_through,
    domain::{chat::Verb, fact::Fact, ids::Number},
    ports::store::{Head, Payload, Recorded, Turn},
};

use jiff::SignedDuration;

use crate::{
    assure::{Dice, figure, times},
    attacks::write_in_the_file,
    stage::{APPROVALS, HELPDESK, Settings, Stage, shown},
};

/// Where chance begins.
const SEED: u64 = 0x5EA1;

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
    let john = store.numbered(&stage.tenant(), Number(1001)).await.unwrap().unwrap();
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

/// Whoever signs may not have numbered yet that a head was posted: another replica did it, or
/// there is more to number than one turn takes.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_posted_once_though_whoever_signs_does_not_know_of_it_yet() {
    let more = format!("[heads]\nslack_channels = [\"{APPROVALS}\"]");
    let stage = Stage::with(Settings { more, ..Settings::default() }).await;
    let house = stage.house();
    let fact = || {
        let (tenant, clock) = (stage.tenant(), &house.desk.clock);
        Fact::of_house(&tenant, "paused", clock.uuid(), clock.now(), serde_json::json!({}))
    };
    let facts = (0..450).map(|_| fact()).collect();
    house.store.save(Turn { at: stage.clock_now(), facts, ..Turn::default() }).await.unwrap();
    stage.keep_record().await;
    stage.settle().await;
    let all = stage.slack.messages(APPROVALS);
    let posted = all.iter().filter(|message| shown(message).contains("countersign-head.1."));
    assert_eq!(posted.count(), 1);
}

/// Whoever can write the file changes what is signed already.
const OLDEST_ALTERED: &str = "DROP TRIGGER fact_is_never_changed;
    UPDATE fact SET header = CAST(replace(CAST(header AS TEXT), 'request.asked', 'request.other') AS BLOB)
    WHERE CAST(header AS TEXT) LIKE '%request.asked%'";

/// Looks through the whole record, without resting.
async fn looked_through(stage: &Stage) -> Result<Whole, Broken> {
    let house = stage.house();
    let rest = |_| std::future::ready(());
    let looked = look_through(&house.desk, &house.signing_key(), rest).await.unwrap();
    looked.expect("there is a head")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_takes_the_record_up_where_it_was_signed_and_then_looks_through_it() {
    let mut stage = told().await;
    let before = stage.house().store.record(0, 1_000).await.unwrap();
    let head = stage.house().store.head().await.unwrap().unwrap();
    assert_eq!(head.size, before.len() as u64);
    assert_eq!(looked_through(&stage).await.unwrap().tree.size(), head.size);

    write_in_the_file(&mut stage, OLDEST_ALTERED).await;
    stage.says("tina.tech", "disable felix.brandt@contoso.com").await;
    stage.keep_record().await;
    // What follows continues what was signed, not what stands there now.
    let mut tree = Tree::default();
    let after = stage.house().store.record(head.size, 1_000).await.unwrap();
    for fact in before.iter().chain(&after) {
        tree.push(audit::leaf(&fact.header, &fact.payload_hash));
    }
    let newest = stage.house().store.head().await.unwrap().unwrap();
    assert!(newest.size > head.size);
    assert_eq!((newest.size, newest.root), (tree.size(), tree.root()));
    assert_eq!(looked_through(&stage).await, Err(Broken::Root(newest.size)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_that_is_not_the_signed_one_is_not_taken_up() {
    let mut stage = told().await;
    // Of a head without its tree, as older versions wrote, and of one with another tree.
    for (sql, who) in [
        ("UPDATE head SET peaks = NULL", "felix.brandt"),
        ("UPDATE head SET peaks = zeroblob(length(peaks))", "omar.haddad"),
    ] {
        write_in_the_file(&mut stage, sql).await;
        stage.says("tina.tech", &format!("disable {who}@contoso.com")).await;
        stage.keep_record().await;
        let whole = looked_through(&stage).await.unwrap();
        let newest = stage.house().store.head().await.unwrap().unwrap();
        assert_eq!((whole.tree.size(), whole.tree.root()), (newest.size, newest.root), "{sql}");
    }
}

fn verify(facts: &[Recorded], heads: Vec<Head>, key: &[u8]) -> Result<Whole, Broken> {
    let mut verifier = Verifier::new(heads, key)?;
    facts.iter().try_for_each(|fact| verifier.next(fact))?;
    verifier.finish()
}

fn flip(bytes: &mut [u8], dice: &mut Dice) {
    let at = dice.place(bytes.len());
    bytes[at] ^= 1 << dice.roll(8);
}

fn number(facts: &mut [Recorded]) {
    for (seq, fact) in facts.iter_mut().enumerate() {
        fact.seq = seq as u64;
    }
}

/// Changes something about a record, in one of the ways that somebody could try.
fn edit(facts: &mut Vec<Recorded>, head: &mut Head, dice: &mut Dice) -> &'static str {
    let at = dice.place(facts.len());
    match dice.roll(11) {
        0 => {
            flip(&mut facts[at].header, dice);
            "a bit of a header"
        }
        1 => {
            let Payload::Kept { text, .. } = &mut facts[at].payload else { panic!("it is kept") };
            flip(text, dice);
            "a bit of a payload"
        }
        2 => {
            let Payload::Kept { salt, .. } = &mut facts[at].payload else { panic!("it is kept") };
            flip(salt, dice);
            "a bit of a salt"
        }
        3 => {
            // Consistently: text and hash, as somebody would who knows how it is made.
            let Payload::Kept { salt, text } = &mut facts[at].payload else { panic!("it is kept") };
            flip(text, dice);
            let hash = audit::payload_hash(salt, text);
            facts[at].payload_hash = hash;
            "a payload with its hash"
        }
        4 => {
            facts.remove(at);
            number(facts);
            "a fact is taken out, the others numbered anew"
        }
        5 => {
            let other = (at + 1) % facts.len();
            facts.swap(at, other);
            number(facts);
            "two facts change places"
        }
        6 => {
            facts.truncate(at);
            "the end is cut off"
        }
        7 => {
            // Not the last: what follows the newest head is not signed yet.
            let at = dice.place(facts.len() - 1);
            facts.insert(at, facts[at].clone());
            number(facts);
            "a fact is there twice"
        }
        8 => {
            facts[at].payload = Payload::Destroyed;
            "a payload is gone"
        }
        9 => {
            facts[at].payload = Payload::Forgotten { subject: "john".to_owned() };
            "a payload is gone as if somebody had been forgotten"
        }
        _ => {
            match dice.roll(3) {
                0 => flip(&mut head.root, dice),
                1 => flip(&mut head.signature, dice),
                _ => head.size -= 1,
            }
            "the head itself"
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_every_edit_of_a_real_record_is_found() {
    let stage = told().await;
    let store = stage.house().store.as_ref();
    let key = SigningKey::new(&stage.keys.signing).public();
    let (facts, head) =
        (store.record(0, 1_000).await.unwrap(), store.head().await.unwrap().unwrap());
    assert_eq!(head.size, facts.len() as u64);
    assert!(verify(&facts, vec![head.clone()], &key).is_ok());
    let (tried, mut dice) = (times(1_000, 10_000), Dice(SEED));
    for at in 0..tried {
        let (mut edited, mut head) = (facts.clone(), head.clone());
        let what = edit(&mut edited, &mut head, &mut dice);
        let found = verify(&edited, vec![head], &key);
        assert!(found.is_err(), "edit {at}, seed {SEED:#x}: {what} was not found");
    }
    figure("E1", "edits of the record (bit, row, order, tail, head), each found", tried, SEED);
}
