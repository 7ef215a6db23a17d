//! What this version wrote, every later version must read: plans by their bytes, and a
//! database with a card that still waits.
//!
//! The files in `tests/golden/` are written once for each format and then only read. A
//! new format gets a new folder beside the old one. To write a folder that is not there:
//!
//! ```text
//! COUNTERSIGN_GOLDEN=write cargo test --test conversations golden
//! ```

use std::{
    fs,
    io::{Read as _, Write as _},
    path::PathBuf,
};

use countersign::{
    actions,
    config::KeyRing,
    domain::{
        chat::{Platform, Verb},
        decision::{Approved, Choice, Rule, Vote, VoteKey},
        ids::Number,
        plan::{FORMAT, Frozen, NotAPlan, Plan},
        users::PersonRef,
    },
    sim::slack::Sent,
};
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    catalogue,
    stage::{APPROVALS, Stage, slack_id},
};

/// One plan of each action that changes something, one of several, one with a time.
const PLANS: &[(&str, &str)] = &[
    ("disable_user", "disable jane.roe@contoso.com"),
    ("enable_user", "enable walt.gone@contoso.com"),
    ("reset_password", "reset the password for john.doe@contoso.com"),
    ("revoke_sessions", "revoke the sessions of felix.brandt@contoso.com"),
    ("assign_license", "assign Microsoft Entra ID P2 to hugo.marsh@contoso.com"),
    ("remove_license", "unassign Microsoft 365 E3 from sam.taylor@contoso.com"),
    ("add_to_group", "add jane.roe@contoso.com to VPN Users"),
    ("remove_from_group", "remove john.doe@contoso.com from Sales Team"),
    (
        "set_out_of_office",
        "set an out of office for fiona.ledger@contoso.com saying: I am away, \"back\" soon ✓",
    ),
    (
        "several",
        "disable nadia.petrova@contoso.com and revoke her sessions and remove all her licences",
    ),
    ("scheduled", "disable mona.vale@contoso.com on 2026-11-30"),
    ("create_user", "create a new user called Nora Quist"),
    ("update_user", "set the job title of john.doe@contoso.com to Buyer"),
    ("delete_user", "delete the user felix.brandt@contoso.com"),
    ("reset_mfa", "reset the MFA of john.doe@contoso.com"),
    ("issue_temporary_access_pass", "issue a temporary access pass for jane.roe@contoso.com"),
    ("create_group", "create a security group called Project Atlas"),
    ("invite_guest", "invite nora@fabrikam.com as a guest"),
    ("add_sponsor", "make John Doe the sponsor of rita.partner@fabrikam.com"),
    ("assign_role", "assign the Reports Reader role to John Doe"),
    ("wipe_device", "wipe the device LT-OHADDAD-01"),
    ("retire_device", "retire the device IPH-JDOE"),
    ("set_forwarding", "forward john.doe@contoso.com's mail to jane.roe@contoso.com"),
    ("create_shared_mailbox", "create a shared mailbox called \"Trade Shows\""),
    ("add_mailbox_permission", "give Jane Roe full access to the mailbox of John Doe"),
    ("hide_from_address_list", "hide john.doe@contoso.com from the address list"),
    ("set_litigation_hold", "put the mailbox of John Doe on litigation hold"),
    ("graph_request", "graph PATCH /users/john.doe@contoso.com {\"officeLocation\": \"Leeds\"}"),
];

/// Changing actions that Microsoft lets no app carry out: they never have a plan.
const NEVER_PLANNED: &[&str] = &["change_password", "add_device_owner"];

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a switch of the tests, not a setting of the product"
)]
fn writing() -> bool {
    std::env::var("COUNTERSIGN_GOLDEN").is_ok_and(|said| said == "write")
}

/// Name, bytes and digest of every kept plan.
fn kept() -> Vec<(String, Vec<u8>, String)> {
    let folder = folder("plan-format-1");
    let digests = fs::read_to_string(folder.join("digests.txt")).unwrap();
    digests
        .lines()
        .map(|line| {
            let (digest, name) = line.split_once("  ").unwrap();
            (name.to_owned(), fs::read(folder.join(name)).unwrap(), digest.to_owned())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_are_written_where_they_are_not_kept_yet() {
    let folder = folder(&format!("plan-format-{FORMAT}"));
    if !writing() {
        assert!(folder.is_dir(), "no plans of format {FORMAT} are kept; see the head of this file");
        return;
    }
    fs::create_dir_all(&folder).unwrap();
    let digests = fs::read_to_string(folder.join("digests.txt")).unwrap_or_default();
    let missing = PLANS.iter().filter(|(name, _)| !digests.contains(&format!("  {name}.json")));
    let mut written = Vec::new();
    for (name, words) in missing {
        let stage = Stage::new().await;
        stage.says("tina.tech", words).await;
        let store = &stage.house().store;
        let number = 1001;
        let request = store.numbered(&stage.tenant(), Number(number)).await.unwrap();
        let plan = match &request {
            Some(request) => store.plan(&request.id, 1).await.unwrap(),
            None => None,
        };
        match plan {
            Some(plan) => written.push((format!("{name}.json"), plan)),
            None => eprintln!("{name}: no plan: {}", stage.newest(crate::stage::HELPDESK)),
        }
    }
    for case in catalogue::cases() {
        let name = format!("{}.json", case.action);
        if !digests.contains(&format!("  {name}"))
            && !written.iter().any(|(have, _)| *have == name)
            && let Some(plan) = catalogue::planned(&case).await
        {
            written.push((name, plan));
        }
    }
    let mut digests = digests.into_bytes();
    for (name, plan) in written {
        fs::write(folder.join(&name), plan.bytes()).unwrap();
        writeln!(digests, "{}  {name}", plan.digest()).unwrap();
    }
    fs::write(folder.join("digests.txt"), digests).unwrap();
}

#[test]
fn kept_plans_decode_keep_their_digest_and_freeze_to_the_same_plan() {
    let kept = kept();
    for (name, bytes, digest) in &kept {
        let frozen = Frozen::read(bytes.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(frozen.digest().to_string(), *digest, "{name}");
        assert_eq!(frozen.bytes(), bytes, "{name}: the bytes are kept as they are");
        let again = Frozen::of(frozen.plan()).unwrap();
        assert_eq!(again.plan(), frozen.plan(), "{name}");
    }
    // Each action that changes something is there.
    let of = |frozen: Frozen| {
        frozen.plan().parts.iter().map(|part| part.action.clone()).collect::<Vec<_>>()
    };
    let named: Vec<String> =
        kept.iter().flat_map(|(_, bytes, _)| of(Frozen::read(bytes.clone()).unwrap())).collect();
    let changing =
        |entry: &&actions::Entry| entry.about.risk > countersign::domain::area::Risk::Read;
    let missing = actions::CATALOG.iter().filter(changing).map(|entry| entry.about.id);
    let missing: Vec<_> = missing.filter(|id| !named.iter().any(|action| action == id)).collect();
    assert_eq!(missing, NEVER_PLANNED);
    let scheduled = kept
        .iter()
        .filter(|(_, bytes, _)| Frozen::read(bytes.clone()).unwrap().plan().start_at.is_some());
    assert!(scheduled.count() >= 1 && named.len() > kept.len());
}

#[test]
fn a_plan_of_an_unknown_format_is_refused() {
    for (name, bytes, _) in kept() {
        let plan: Value = serde_json::from_slice(&bytes).unwrap();
        for format in [
            json!(0),
            json!(2),
            json!(65_535),
            json!(65_537),
            json!(-1),
            json!("1"),
            json!(1.5),
            Value::Null,
        ] {
            let mut plan = plan.clone();
            plan["format"] = format.clone();
            let read = Frozen::read(serde_json::to_vec(&plan).unwrap());
            assert!(matches!(read, Err(NotAPlan::Unreadable(_))), "{name}: {format}");
        }
        for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            assert!(Frozen::read(bytes[..cut].to_vec()).is_err(), "{name} cut at {cut}");
        }
        let twice = [&b"{\"format\":1,"[..], &bytes[1..]].concat();
        assert!(Frozen::read(twice).is_err(), "{name}: a member that is there twice");
    }
}

/// Every way to change one field of a value: the changed wholes.
fn changes(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let with = |inner: Value| {
                    let mut map = map.clone();
                    map.insert(key.clone(), inner);
                    Value::Object(map)
                };
                all.extend(changes(inner).into_iter().map(with));
                let mut without = map.clone();
                without.remove(key);
                all.push(Value::Object(without));
            }
            let mut more = map.clone();
            more.insert("also".to_owned(), json!(true));
            all.push(Value::Object(more));
        }
        Value::Array(list) => {
            for at in 0..list.len() {
                all.extend(changes(&list[at]).into_iter().map(|inner| {
                    let mut list = list.clone();
                    list[at] = inner;
                    Value::Array(list)
                }));
                let mut shorter = list.clone();
                shorter.remove(at);
                all.push(Value::Array(shorter));
                let mut doubled = list.clone();
                doubled.insert(at, list[at].clone());
                all.push(Value::Array(doubled));
            }
            let mut turned = list.clone();
            turned.reverse();
            if turned != *list {
                all.push(Value::Array(turned));
            }
        }
        Value::String(text) => {
            all.extend([json!(format!("{text} ")), json!(""), Value::Null, json!(1)]);
            // A digit or letter exchanged: another id, time or name of the same form.
            if let Some(at) = text.char_indices().rev().find(|(_, c)| c.is_ascii_hexdigit()) {
                let other = if at.1 == '4' { "5" } else { "4" };
                all.push(json!(format!("{}{other}{}", &text[..at.0], &text[at.0 + 1..])));
            }
        }
        Value::Number(number) => {
            all.extend([json!(number.as_i64().unwrap_or_default() + 1), json!("x"), Value::Null]);
        }
        Value::Bool(said) => all.extend([json!(!said), Value::Null]),
        Value::Null => all.push(json!(1)),
    }
    all
}

/// Somebody who has nothing to do with it.
fn voter(plan: &Plan) -> PersonRef {
    let id = plan.tenant.object(uuid::Uuid::from_u128(2));
    PersonRef { id, name: "Anna Approver".to_owned(), upn: "anna@contoso.com".parse().unwrap() }
}

#[test]
fn any_change_of_one_field_is_refused_or_has_another_digest_and_no_signature() {
    let key = VoteKey::new(&[7; 32]);
    let (mut tried, mut read) = (0, 0);
    for (name, bytes, _) in kept() {
        let frozen = Frozen::read(bytes.clone()).unwrap();
        let plan = frozen.plan();
        let requester = plan.tenant.object(uuid::Uuid::from_u128(1));
        let voter = voter(plan);
        let Rule::Approve { count, .. } = plan.rule else { panic!("{name} is not approved") };
        let vote = Vote {
            request: plan.request,
            revision: plan.revision,
            digest: frozen.digest(),
            voter,
            choice: Choice::Approve,
            door: Platform::Teams,
            note: None,
            at: plan.expires_at,
            capacity: None,
            instead_of: None,
            emergency: false,
            beforehand: None,
            whole: None,
            step_up: None,
            recognised: None,
            mac: Vec::new(),
        }
        .sealed(&plan.rule, &key);
        let cast: Vec<Vote> = (0..u128::from(count))
            .map(|at| {
                let mut vote = vote.clone();
                vote.voter.id = plan.tenant.object(uuid::Uuid::from_u128(2 + at));
                vote.sealed(&plan.rule, &key)
            })
            .collect();
        assert!(Approved::check(frozen.clone(), &requester, &cast, &key).is_some(), "{name}");
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        for changed in changes(&value) {
            tried += 1;
            let Ok(other) = Frozen::read(serde_json::to_vec(&changed).unwrap()) else { continue };
            read += 1;
            assert_ne!(other.digest(), frozen.digest(), "{name}: {changed}");
            let proof = Approved::check(other, &requester, &cast, &key);
            assert!(proof.is_none(), "{name}: signed for something else: {changed}");
        }
        // Each single byte of the stored text.
        for at in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[at] ^= 1;
            let same = Frozen::read(bent).is_ok_and(|other| other.digest() == frozen.digest());
            assert!(!same, "{name}: byte {at}");
        }
    }
    assert!(tried > 2_000 && read > 500, "{tried} changes tried, {read} of them readable");
}

#[test]
fn a_vote_counts_for_nothing_but_what_it_was_cast_for() {
    let key = VoteKey::new(&[7; 32]);
    let (_, bytes, _) = kept().swap_remove(0);
    let frozen = Frozen::read(bytes).unwrap();
    let plan = frozen.plan();
    let requester = plan.tenant.object(uuid::Uuid::from_u128(1));
    let voter = voter(plan);
    let unsealed = Vote {
        request: plan.request,
        revision: plan.revision,
        digest: frozen.digest(),
        voter,
        choice: Choice::Approve,
        door: Platform::Teams,
        note: Some("as agreed".to_owned()),
        at: plan.expires_at,
        capacity: None,
        instead_of: None,
        emergency: false,
        beforehand: None,
        whole: None,
        step_up: None,
        recognised: None,
        mac: Vec::new(),
    };
    let vote = unsealed.clone().sealed(&plan.rule, &key);
    let counts = |vote: &Vote| {
        let only = std::slice::from_ref(vote);
        Approved::check(frozen.clone(), &requester, only, &key).is_some()
    };
    assert!(counts(&vote));
    let change: [fn(&mut Vote); 8] = [
        |vote| vote.request = countersign::domain::ids::RequestId(uuid::Uuid::from_u128(5)),
        |vote| vote.revision += 1,
        |vote| vote.digest.0[0] ^= 1,
        |vote| vote.voter.id = vote.voter.id.tenant().object(uuid::Uuid::from_u128(3)),
        |vote| vote.choice = Choice::Reject,
        |vote| vote.door = Platform::Slack,
        |vote| vote.at += jiff::SignedDuration::from_micros(1),
        |vote| vote.mac[0] ^= 1,
    ];
    for (at, change) in change.iter().enumerate() {
        let mut bent = vote.clone();
        change(&mut bent);
        assert!(!counts(&bent), "change {at}");
    }
    let other_rule = Rule::Approve { count: 1, of: vec!["groups".to_owned()] };
    assert!(!counts(&unsealed.clone().sealed(&other_rule, &key)), "cast under another rule");
    assert!(!counts(&unsealed.sealed(&plan.rule, &VoteKey::new(&[8; 32]))), "another key");
}

/// The database of a house that was stopped while a card waited, its keys, and the click
/// as Slack sends it from that card.
const DATABASE: &str = "database-1";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_written_where_none_is_kept_yet() {
    let folder = folder(DATABASE);
    if !writing() || folder.is_dir() {
        return;
    }
    let mut stage = Stage::new().await;
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    stage.keep_record().await;
    stage.fall().await;
    let path = stage.folder.path().join("countersign.db");
    let whole = stage.folder.path().join("whole.db");
    let file = rusqlite::Connection::open(path).unwrap();
    file.execute("VACUUM INTO ?1", [whole.to_str().unwrap()]).unwrap();
    drop(file);
    fs::create_dir_all(&folder).unwrap();
    let packed = fs::File::create(folder.join("countersign.db.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
    packed.write_all(&fs::read(whole).unwrap()).unwrap();
    packed.finish().unwrap();
    let keys = json!({
        "about": "invented keys of a test; they open nothing but the database beside them",
        "id": stage.keys.id,
        "encryption": hex::encode(stage.keys.encryption),
        "signing": hex::encode(stage.keys.signing),
    });
    fs::write(folder.join("keys.json"), format!("{keys:#}\n")).unwrap();
    stage.start().await;
    let card = stage.with_button(APPROVALS, Verb::Approve).unwrap();
    let anna = slack_id("anna.approver");
    let acted =
        stage.slack.press(&anna, APPROVALS, &card.ts, Verb::Approve.as_str()).await.unwrap();
    let click = acted.sent.unwrap();
    fs::write(folder.join("click.json"), format!("{:#}\n", click.payload())).unwrap();
}

/// A house of today on the database of then.
async fn upgraded() -> (Stage, Sent) {
    let mut stage = Stage::new().await;
    let click = upgraded_again(&mut stage, "then").await;
    (stage, click)
}

/// The same where a house stands already: it falls, and another one is built on the database of
/// then, under this name.
async fn upgraded_again(stage: &mut Stage, name: &str) -> Sent {
    let folder = folder(DATABASE);
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
    };
    stage.fall().await;
    let packed = fs::File::open(folder.join("countersign.db.gz")).unwrap();
    let mut database = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut database).unwrap();
    // Beside the one of the house that fell: its threads may still be closing that.
    let path = stage.folder.path().join(format!("{name}.db"));
    fs::write(&path, database).unwrap();
    let mut config = (*stage.config).clone();
    config.database = path.to_str().unwrap().to_owned().into();
    stage.config = std::sync::Arc::new(config);
    let keys = read("keys.json");
    let key = |name: &str| -> [u8; 32] {
        hex::decode(keys[name].as_str().unwrap()).unwrap().try_into().unwrap()
    };
    stage.keys = KeyRing {
        id: keys["id"].as_str().unwrap().to_owned(),
        encryption: key("encryption"),
        older: std::collections::BTreeMap::default(),
        signing: key("signing"),
    };
    stage.start().await;
    Sent::interaction(read("click.json"))
}

/// What is done with a card of before, and what comes of it.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Approved,
    Rejected,
    ByTheRequester,
    ByTheSubject,
    ByNobody,
    Bent,
    Twice,
    TooLate,
    AfterAnotherRestart,
}

const FATES: [Fate; 9] = [
    Fate::Approved,
    Fate::Rejected,
    Fate::ByTheRequester,
    Fate::ByTheSubject,
    Fate::ByNobody,
    Fate::Bent,
    Fate::Twice,
    Fate::TooLate,
    Fate::AfterAnotherRestart,
];

/// The click of then, by somebody, with another button.
fn click_of(click: &Sent, who: &str, verb: Verb) -> Sent {
    let mut payload = click.payload().clone();
    payload["user"]["id"] = json!(slack_id(who));
    payload["actions"][0]["action_id"] = json!(verb.as_str());
    Sent::interaction(payload)
}

/// Something is done with the card; how its request ends, and how often something ran.
async fn fated(stage: &mut Stage, click: &Sent, fate: Fate) -> (&'static str, usize) {
    let approve = |who: &str| click_of(click, who, Verb::Approve);
    let (sent, ends, ran) = match fate {
        Fate::Approved => (approve("anna.approver"), "succeeded", 1),
        Fate::Rejected => (click_of(click, "theo.tech", Verb::Reject), "rejected", 0),
        Fate::ByTheRequester => (approve("tina.tech"), "pending", 0),
        Fate::ByTheSubject => (approve("john.doe"), "pending", 0),
        Fate::ByNobody => (approve("henry.desk"), "pending", 0),
        Fate::Bent => {
            let mut payload = approve("anna.approver").payload().clone();
            let value = payload["actions"][0]["value"].as_str().unwrap().to_owned();
            let (button, _) = value.rsplit_once('|').unwrap();
            payload["actions"][0]["value"] = json!(format!("{button}|{}", "0".repeat(64)));
            (Sent::interaction(payload), "pending", 0)
        }
        Fate::Twice => {
            let _first = stage.slack.send_again(&approve("anna.approver")).await;
            (click_of(click, "theo.tech", Verb::Reject), "succeeded", 1)
        }
        Fate::TooLate => {
            stage.clock.pass(jiff::SignedDuration::from_hours(9));
            (approve("anna.approver"), "expired", 0)
        }
        Fate::AfterAnotherRestart => {
            stage.fall().await;
            stage.start().await;
            (approve("anna.approver"), "succeeded", 1)
        }
    };
    let answer = stage.slack.send_again(&sent).await;
    assert_eq!(answer.status, Some(200), "{fate:?}");
    stage.settle().await;
    (ends, ran)
}

#[tokio::test(flavor = "multi_thread")]
async fn b8_every_click_on_a_card_from_before_an_upgrade_is_answered_and_none_wrongly() {
    const SEED: u64 = 0xB8;
    const IN_A_ROOM: u32 = 100;
    let (tried, mut dice) = (times(9, 1_000), Dice(SEED));
    let mut stage = Stage::new().await;
    let noon = stage.clock_now();
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(IN_A_ROOM) {
            stage = Stage::new().await;
        }
        // Each fate at least once, then by chance.
        let nth = usize::try_from(at).unwrap();
        let fate = FATES.get(nth).copied().unwrap_or_else(|| FATES[dice.place(FATES.len())]);
        stage.clock.pass(noon.duration_since(stage.clock_now()));
        stage.world.reset();
        let click = upgraded_again(&mut stage, &format!("then-{at}")).await;
        let told = |stage: &Stage| {
            ["anna.approver", "theo.tech", "tina.tech", "john.doe", "henry.desk"]
                .map(|who| stage.whispered(who).len() + stage.direct(who).len())
                .iter()
                .sum::<usize>()
        };
        let before = told(&stage);
        let (ends, ran) = fated(&mut stage, &click, fate).await;
        let request =
            stage.house().store.numbered(&stage.tenant(), Number(1001)).await.unwrap().unwrap();
        let told_of = format!("click {at}, seed {SEED:#x}: {fate:?}");
        assert_eq!((request.stage.name(), stage.effects().len()), (ends, ran), "{told_of}");
        // Whoever's click counted sees it on the card; everybody else is told.
        let counted = matches!(fate, Fate::Approved | Fate::Rejected | Fate::AfterAnotherRestart);
        assert!(counted || told(&stage) > before, "{told_of}: nobody was told anything");
    }
    figure("B8", "clicks on a card that an earlier version posted, each answered", tried, SEED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_posted_before_an_upgrade_can_be_approved_after_it() {
    let (stage, click) = upgraded().await;
    assert!(stage.effects().is_empty());
    let answer = stage.slack.send_again(&click).await;
    assert_eq!(answer.status, Some(200));
    stage.settle().await;
    assert_eq!(stage.effects(), ["user.password"]);
    let card = stage.newest(APPROVALS);
    assert!(card.contains("Set a new password for John Doe"), "it is drawn: {card}");
    let request =
        stage.house().store.numbered(&stage.tenant(), Number(1001)).await.unwrap().unwrap();
    assert_eq!(request.stage.name(), "succeeded");
    // Its record goes on where the older version left it, and is whole.
    let facts = crate::attacks::facts(&stage).await;
    for kind in ["request.asked", "vote.cast", "step.ended", "run.ended"] {
        assert_eq!(facts.iter().filter(|(said, _)| said == kind).count(), 1, "{kind}");
    }
    let key = countersign::audit::SigningKey::new(&stage.keys.signing).public();
    let head = stage.house().store.head().await.unwrap().into_iter().collect();
    countersign::cli::audit::whole(stage.house().store.as_ref(), head, &key).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_from_before_an_upgrade_that_was_bent_is_refused_all_the_same() {
    let (stage, click) = upgraded().await;
    let mut payload = click.payload().clone();
    let value = payload["actions"][0]["value"].as_str().unwrap().to_owned();
    let (button, _) = value.rsplit_once('|').unwrap();
    payload["actions"][0]["value"] = json!(format!("{button}|{}", "0".repeat(64)));
    assert_eq!(stage.slack.send_again(&Sent::interaction(payload)).await.status, Some(200));
    stage.settle().await;
    assert!(stage.effects().is_empty());
}
