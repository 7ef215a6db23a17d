//! A byte search: no secret stands anywhere but in its one delivery. And the record of
//! the same conversation is whole, says everything the tenant felt, and shows any edit.

use std::{
    io::{Read as _, Write},
    sync::{Arc, Mutex, OnceLock},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use countersign::{
    adapters::telemetry::Spans,
    audit::{SigningKey, Verifier},
    cli::audit::line::Line,
    domain::chat::Verb,
    ports::store::{Head, Recorded},
    sim::microsoft::DEMO_CLIENT_SECRET,
};
use rusqlite::Connection;
use serde_json::{Value, json};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::stage::{APPROVALS, HELPDESK, Stage, slack_id};

const TYPED: &str = "Kanarie-Vogel77!x";

/// Everything our code logs in this process, at its loudest.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The log of these tests, beside which spans are heard of when somebody wants them.
pub fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let to = log.clone();
        let filter = "countersign=trace,sqlx=trace,reqwest=trace,hyper=info,tower_http=trace";
        let filter: EnvFilter = filter.parse().unwrap();
        let all = tracing_subscriber::fmt::layer().with_ansi(false);
        let all = all.with_writer(move || to.clone()).with_filter(filter);
        let spans = Spans::of_process().layer();
        let set = tracing_subscriber::registry().with(all).with(spans).try_init();
        set.expect("nobody else listens to the log of these tests");
        log
    })
}

/// The forms in which a secret may hide.
fn forms(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let url = bytes.iter().fold(String::new(), |url, byte| url + &format!("%{byte:02X}"));
    let encoded: String = form_urlencoded::byte_serialize(bytes).collect();
    let json = serde_json::to_string(secret).unwrap();
    let escaped =
        secret.encode_utf16().fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"));
    let mut forms = vec![
        ("raw", bytes.to_vec()),
        ("hex", hex::encode(bytes).into_bytes()),
        ("percent", url.into_bytes()),
        ("form", encoded.into_bytes()),
        ("json", json.trim_matches('"').as_bytes().to_vec()),
        ("json escaped", escaped.into_bytes()),
        ("utf-16le", secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("utf-16be", secret.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("reversed", bytes.iter().rev().copied().collect()),
    ];
    // Base64 looks different at each of three offsets; its first and last digits
    // depend on the neighbours and are left out.
    for offset in 0..3 {
        let mut padded = vec![0; offset];
        padded.extend_from_slice(bytes);
        let skip = [0, 2, 3][offset];
        let whole = padded.len() / 3 * 4;
        for (name, text) in [
            ("base64", STANDARD_NO_PAD.encode(&padded)),
            ("base64url", URL_SAFE_NO_PAD.encode(&padded)),
        ] {
            forms.push((name, text.as_bytes()[skip..whole].to_vec()));
        }
    }
    forms
}

/// A hay with what is packed inside it unpacked.
fn unpacked(hay: &[u8]) -> Vec<u8> {
    let mut all = hay.to_vec();
    let starts = hay.windows(3).enumerate().filter(|(_, w)| *w == [0x1f, 0x8b, 8]);
    for (at, _) in starts {
        let mut inside = Vec::new();
        let _ = flate2::read::GzDecoder::new(&hay[at..]).take(16 << 20).read_to_end(&mut inside);
        all.extend_from_slice(&inside);
    }
    all
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let (first, rest) = needle.split_first().expect("a needle is not empty");
    let mut from = 0;
    while let Some(at) = hay[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if hay[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

pub fn leaks(hays: &[(String, Vec<u8>)], secrets: &[(&str, String)]) -> Vec<String> {
    let hays: Vec<_> = hays.iter().map(|(name, hay)| (name, unpacked(hay))).collect();
    let mut found = Vec::new();
    for (secret, value) in secrets {
        for (form, needle) in forms(value) {
            for (name, _) in hays.iter().filter(|(_, hay)| contains(hay, &needle)) {
                found.push(format!("{secret} ({form}) in {name}"));
            }
        }
    }
    found
}

#[test]
fn the_search_finds_each_form() {
    let secret = "Kx7-mmQw-99aB-cdEF";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(format!("before {secret} after").as_bytes()).unwrap();
    let mut hays: Vec<(String, Vec<u8>)> = forms(secret)
        .into_iter()
        .map(|(form, needle)| (form.to_owned(), [b"<<", &needle[..], b">>"].concat()))
        .collect();
    hays.push(("gzip".to_owned(), gzip.finish().unwrap()));
    for offset in 0..3 {
        let text = format!("{}{secret} and more", "z".repeat(offset));
        hays.push((format!("base64 at {offset}"), STANDARD_NO_PAD.encode(text).into_bytes()));
    }
    let found = leaks(&hays, &[("it", secret.to_owned())]);
    for (name, _) in &hays {
        assert!(found.iter().any(|leak| leak.ends_with(&format!(" in {name}"))), "{name}");
    }
    assert!(
        leaks(&[("clean".to_owned(), vec![7; 10_000])], &[("it", secret.to_owned())]).is_empty()
    );
}

/// A whole conversation with everything secret in it: two resets (one link opened, one
/// not), a typed password, a refusal, a comment, faults on the way. Gives the two tokens.
async fn conversation() -> (Stage, String, String) {
    let stage = Stage::new().await;
    stage.says("tina.tech", &format!("set the password of john.doe@contoso.com to {TYPED}")).await;
    stage.says("tina.tech", &format!("reset jane.roe@contoso.com, password: {TYPED}")).await;
    let thread = stage.says("tina.tech", "reset the password for felix.brandt@contoso.com").await;
    stage.says_in("tina.tech", &format!("their old password was {TYPED}"), &thread).await;
    let card = stage.with_button(APPROVALS, Verb::Approve).unwrap();
    stage.presses("tina.tech", APPROVALS, Verb::Approve).await;
    stage
        .slack
        .press(&slack_id("anna.approver"), APPROVALS, &card.ts, Verb::Approve.as_str())
        .await
        .unwrap();
    stage.settle().await;
    let opened = crate::links::token_in(&stage);
    stage.says("tina.tech", "reset the password for omar.haddad@contoso.com").await;
    stage.presses_in_teams("theo.tech", Verb::Approve).await;
    let unopened = crate::links::token_in(&stage);
    assert_ne!(opened, unopened);
    (stage, opened, unopened)
}

async fn export(stage: &Stage) -> (Vec<Recorded>, Vec<u8>) {
    stage.keep_record().await;
    let record = stage.house().store.record(0, 100_000).await.unwrap();
    let mut text = Vec::new();
    for fact in record.clone() {
        text.extend(serde_json::to_vec(&Line::from(fact)).unwrap());
        text.push(b'\n');
    }
    (record, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_stands_anywhere_but_in_its_one_delivery() {
    log();
    let (stage, token, unopened) = conversation().await;
    let address = format!("{}/s/open", stage.base);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.post(&address).json(&json!({ "token": token })).send().await.unwrap();
    let password: Value = answer.json().await.unwrap();
    let password = password["secret"].as_str().unwrap().to_owned();
    assert!(stage.world.password_is("felix.brandt@contoso.com", &password));
    let setup = stage.slack.setup().clone();
    let bearer = stage.teams.bot_token();
    let secrets = [
        ("the generated password", password),
        ("the typed password", TYPED.to_owned()),
        ("the client secret", DEMO_CLIENT_SECRET.to_owned()),
        ("the bot's secret", "simulated~bot~secret".to_owned()),
        ("Slack's bot token", setup.bot_token.clone()),
        ("Slack's signing secret", setup.signing_secret.clone()),
        ("a bearer token of the bot", bearer),
        ("any token that is a JWT", "eyJhbGciOi".to_owned()),
        ("any token that is a JWT, the other way", "eyJ0eXAiOi".to_owned()),
        ("the encryption key", hex::encode(stage.keys.encryption)),
        ("the signing key", hex::encode(stage.keys.signing)),
        ("the token of the opened link", token.clone()),
    ];
    let (_, exported) = export(&stage).await;
    let mut hays: Vec<(String, Vec<u8>)> = stage
        .files()
        .into_iter()
        .map(|(path, bytes)| (path.display().to_string(), bytes))
        .collect();
    assert!(hays.iter().any(|(name, _)| name.ends_with("-wal")), "the write-ahead log is searched");
    let in_text = |value: &dyn std::fmt::Debug| format!("{value:?}").into_bytes();
    hays.push(("the log".to_owned(), log().0.lock().unwrap().clone()));
    hays.push(("the record".to_owned(), exported));
    let requests = Value::Array(stage.requests.lock().unwrap().clone());
    hays.push(("our log of requests".to_owned(), requests.to_string().into_bytes()));
    let seen = serde_json::to_vec(&stage.world.requests()).unwrap();
    hays.push(("the tenant's log of requests".to_owned(), seen));
    hays.push((
        "the tenant's ledger".to_owned(),
        serde_json::to_vec(&stage.world.ledger()).unwrap(),
    ));
    hays.push(("the bot's calls to Teams".to_owned(), in_text(&stage.teams.calls())));
    for channel in stage.slack.channels() {
        // What people typed themselves is theirs; what the bot said is ours.
        let mut said = in_text(&stage.bot_said(&channel.id));
        if channel.id == stage.slack.direct(&slack_id("tina.tech")) {
            // The one delivery of the link.
            let text = String::from_utf8(said).unwrap();
            assert_eq!(text.matches(&token).count() + text.matches(&unopened).count(), 2);
            said = text.replace(&token, "").replace(&unopened, "").into_bytes();
        }
        hays.push((format!("Slack {}", channel.name), said));
    }
    for who in ["tina.tech", "anna.approver", "theo.tech", "john.doe"] {
        hays.push((format!("whispers to {who}"), stage.whispered(who).concat().into_bytes()));
    }
    for (conversation, _) in stage.teams.conversations() {
        hays.push((format!("Teams {conversation}"), in_text(&stage.teams.messages(&conversation))));
    }
    let bytes: usize = hays.iter().map(|(_, hay)| hay.len()).sum();
    assert!(bytes > 200_000 && log().0.lock().unwrap().len() > 2_000, "{bytes} bytes searched");
    // What waited behind the other link, taken out only after everything was gathered.
    let answer = http.post(&address).json(&json!({ "token": unopened })).send().await.unwrap();
    let waiting: Value = answer.json().await.unwrap();
    let mut secrets = secrets.to_vec();
    secrets.push(("the password that waits", waiting["secret"].as_str().unwrap().to_owned()));
    secrets.push(("the token of the link that waits", unopened));
    let found = leaks(&hays, &secrets);
    assert!(found.is_empty(), "{found:#?}");
    // The keys themselves, as they are.
    for key in [stage.keys.encryption, stage.keys.signing] {
        assert!(hays.iter().all(|(_, hay)| !contains(hay, &key)), "a raw key");
    }
}

fn verified(record: &[Recorded], heads: Vec<Head>, key: &[u8]) -> Result<u64, String> {
    let mut verifier = Verifier::new(heads, key).map_err(|error| error.to_string())?;
    for fact in record {
        verifier.next(fact).map_err(|error| error.to_string())?;
    }
    verifier.finish().map(|whole| whole.tree.size()).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_is_whole_and_says_all_that_the_tenant_felt() {
    let (stage, ..) = conversation().await;
    stage.says("theo.tech", "disable jane.roe@contoso.com and revoke her sessions").await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let (record, text) = export(&stage).await;
    let head = stage.house().store.head().await.unwrap().unwrap();
    let key = SigningKey::new(&stage.keys.signing).public();
    assert_eq!(verified(&record, vec![head.clone()], &key), Ok(head.size));
    assert_eq!(head.size, record.len() as u64);
    // The same from the exported text alone.
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read: Vec<Recorded> = lines
        .map(|line| serde_json::from_slice::<Line>(line).unwrap().try_into().unwrap())
        .collect();
    assert_eq!(verified(&read, vec![head], &key), Ok(record.len() as u64));

    let facts = crate::attacks::facts(&stage).await;
    let calls = |kind: &str| -> Vec<String> {
        let of_kind = facts.iter().filter(|(said, _)| said == kind);
        of_kind.filter_map(|(_, told)| told["call"].as_str().map(str::to_owned)).collect()
    };
    let (started, ended) = (calls("step.started"), calls("step.ended"));
    let effects = stage.world.ledger();
    assert!(effects.len() >= 4, "{effects:?}");
    for effect in &effects {
        let id = &effect.client_request_id;
        let known =
            |calls: &[String]| calls.iter().any(|call| id.starts_with(call.as_str()) || id == call);
        assert!(known(&started), "{} without an intent: {id} {started:?}", effect.what);
        assert!(known(&ended), "{} without an outcome: {id}", effect.what);
    }
    let done =
        facts.iter().filter(|(kind, told)| kind == "step.ended" && told["outcome"] == "done");
    assert_eq!(done.count(), effects.len(), "a success without an effect");
    assert!(stage.newest(HELPDESK).contains("Jane"), "{}", stage.newest(HELPDESK));
}

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

/// One edit of the record's rows, by somebody who may do anything to the file. Says what.
fn tamper(file: &Connection, dice: &mut Dice, count: usize) -> String {
    let one = dice.below(count) + 1;
    let two = (one + dice.below(count - 1)) % count + 1;
    let byte = dice.below(400);
    let flipped = |table: &str, column: &str, key: &str, at: usize| {
        let read = format!("SELECT {column} FROM {table} WHERE {key} = ?1");
        let mut bytes: Vec<u8> = file.query_row(&read, [at], |row| row.get(0)).unwrap();
        let at_byte = byte % bytes.len();
        bytes[at_byte] ^= 1 << (byte % 8);
        file.execute(&format!("UPDATE {table} SET {column} = ?1 WHERE {key} = ?2"), (bytes, at))
            .unwrap();
        format!("byte {at_byte} of {table}.{column} {at}")
    };
    let run = |sql: String| {
        file.execute_batch(&sql).unwrap();
        sql
    };
    match dice.below(13) {
        0 => flipped("fact", "header", "position", one),
        1 => flipped("fact", "payload_hash", "position", one),
        2 => run(format!("DELETE FROM record WHERE seq = {}", one - 1)),
        3 => run(format!("DELETE FROM fact WHERE position = {one}")),
        4 => run(format!(
            "UPDATE record SET position = -1 WHERE seq = {a};
             UPDATE record SET position = {one} WHERE seq = {b};
             UPDATE record SET position = {two} WHERE seq = {a}",
            a = one - 1,
            b = two - 1
        )),
        5 => run(format!(
            "UPDATE fact SET header = (SELECT header FROM fact WHERE position = {two}) WHERE position = {one}"
        )),
        6 => run(format!("DELETE FROM record WHERE seq >= {}", one - 1)),
        7 => flipped("fact_payload", "sealed", "position", one),
        8 => run(format!("DELETE FROM fact_payload WHERE position = {one}")),
        9 => run(format!(
            "UPDATE fact_payload SET sealed = (SELECT sealed FROM fact_payload WHERE position = {two})
             WHERE position = {one}"
        )),
        10 => run(format!(
            "UPDATE subject_key SET sealed = NULL, forgotten_at = made_at
             WHERE subject = (SELECT subject FROM fact_payload WHERE position = {one})"
        )),
        11 => {
            let newest: usize =
                file.query_row("SELECT max(size) FROM head", [], |row| row.get(0)).unwrap();
            flipped("head", ["root", "signature"][byte % 2], "size", newest)
        }
        _ => run(format!(
            "UPDATE record SET seq = seq + 1000000 WHERE seq >= {};
             UPDATE record SET seq = seq - 999999 WHERE seq >= 1000000",
            one - 1
        )),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_edits_of_the_file_are_all_found() {
    let (mut stage, ..) = conversation().await;
    let (record, _) = export(&stage).await;
    let kept_elsewhere = stage.house().store.head().await.unwrap().unwrap();
    let key = SigningKey::new(&stage.keys.signing).public();
    stage.fall().await;
    let path = stage.folder.path().join("countersign.db");
    let file = Connection::open(&path).unwrap();
    file.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let named = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
    let triggers: Vec<String> = file
        .prepare(named)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        file.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    let seed = 20_261_120;
    eprintln!("seed {seed}");
    let mut dice = Dice(seed);
    let reader = Reading::new(&stage).await;
    let mut missed = Vec::new();
    for _ in 0..200 {
        file.execute_batch("BEGIN IMMEDIATE").unwrap();
        let what = tamper(&file, &mut dice, record.len());
        file.execute_batch("COMMIT").unwrap();
        let heads = std::iter::once(kept_elsewhere.clone()).chain(reader.head().await).collect();
        let found = match reader.record().await {
            Ok(record) => verified(&record, heads, &key).is_err(),
            Err(_) => true,
        };
        if !found {
            missed.push(what);
        }
        put_back(&file);
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
    // And put back, it is whole again: the search does not cry wolf.
    assert!(verified(&reader.record().await.unwrap(), vec![kept_elsewhere], &key).is_ok());
}

/// The tables of the record.
const TABLES: [&str; 5] = ["record", "fact", "fact_payload", "subject_key", "head"];

/// The store over the file, and the rows as they were.
struct Reading {
    store: Box<dyn countersign::adapters::store::upkeep::Upkeep>,
}

impl Reading {
    async fn new(stage: &Stage) -> Self {
        let store = countersign::app::open_store(&stage.config, &stage.keys, stage.clock.clone());
        let store = store.await.unwrap();
        let file = Connection::open(stage.folder.path().join("countersign.db")).unwrap();
        for table in TABLES {
            file.execute_batch(&format!("CREATE TABLE was_{table} AS SELECT * FROM {table}"))
                .unwrap();
        }
        Self { store }
    }

    async fn record(&self) -> Result<Vec<Recorded>, String> {
        self.store.record(0, 100_000).await.map_err(|error| error.to_string())
    }

    async fn head(&self) -> Option<Head> {
        self.store.head().await.ok().flatten()
    }
}

fn put_back(file: &Connection) {
    for table in TABLES {
        let sql = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM was_{table}");
        file.execute_batch(&sql).unwrap();
    }
}
