//! What reads bytes from outside, each as a function of bytes: it may refuse them, it may not
//! panic, and what it does read keeps what it promises.
//!
//! `tests/fuzz.rs` runs the same functions with mutated real inputs in every test run; with a
//! nightly Rust, `cargo fuzz run <name>` goes on for as long as wanted.
//!
//! Not here, because property tests of their own read them: the interpreter (`tests/interpret`),
//! `OData` filters of the simulator, pasted tables (`desk::batch::sheet`), and what comes over
//! HTTP from Graph and Exchange (`tests/fuzz/answers.rs`).

use std::{collections::BTreeMap, sync::OnceLock};

use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use countersign::{
    actions::CATALOG,
    adapters::{
        graph::claims::Claims,
        slack::{
            door::{Kind, SlackDoor},
            installed::{Installation, Installed},
            signature::SigningSecrets,
        },
        teams::{BuiltInSimulator, SimulatorOnly, TokenlessDoor, jwt},
    },
    config::Config,
    domain::{
        graph_address::GraphAddress,
        graph_call::{cut, masked},
        plan::Frozen,
        sheet::{Filter, Join, Used, as_sent, by_column, filtered, holds, row_address},
    },
};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// The signing secret of the simulated Slack.
const SECRET: &str = "simulated0signing0secret00000000";
/// When the signed bodies are from.
const SECOND: i64 = 1_700_000_000;
/// The number of a row and a column stays below this in Excel.
const ROWS_MAX: u32 = 1_048_576;

fn secrets() -> SigningSecrets {
    SigningSecrets::new(SECRET, None).expect("a secret")
}

fn slack_door() -> &'static SlackDoor {
    static DOOR: OnceLock<SlackDoor> = OnceLock::new();
    DOOR.get_or_init(|| {
        let place = Installation::workspace("T0CONTOSO", None, "U0BOT");
        SlackDoor::over_http(secrets(), Installed::new("A0COUNTERSIGN", vec![place]))
    })
}

fn signature(at: &str, body: &[u8]) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    let mut signed = format!("v0:{at}:").into_bytes();
    signed.extend_from_slice(body);
    format!("v0={}", hex::encode(ring::hmac::sign(&key, &signed)))
}

fn now() -> Timestamp {
    Timestamp::from_second(SECOND).expect("an instant")
}

/// A body that Slack signed, at one of its three doors: the first byte says which.
pub fn slack(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else { return };
    let kind = [Kind::Events, Kind::Interactions, Kind::Commands][usize::from(kind % 3)];
    let at = SECOND.to_string();
    let mut headers = HeaderMap::new();
    headers.insert("x-slack-request-timestamp", HeaderValue::from_str(&at).expect("digits"));
    let signed = HeaderValue::from_str(&signature(&at, body)).expect("hex");
    headers.insert("x-slack-signature", signed);
    let read = slack_door().read_http(kind, &headers, &Bytes::copy_from_slice(body), now());
    if let Err(refused) = read {
        assert!((400..500).contains(&refused.status()), "{refused}");
    }
}

/// Two headers and a body, each after a line end: let in only when the signature is right.
pub fn slack_signature(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let [Some(at), Some(said), Some(body)] = [parts.next(), parts.next(), parts.next()] else {
        return;
    };
    let (Ok(time), Ok(value)) = (HeaderValue::from_bytes(at), HeaderValue::from_bytes(said)) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.insert("x-slack-request-timestamp", time);
    headers.insert("x-slack-signature", value);
    if secrets().check(&headers, body, now()).is_ok() {
        let at = std::str::from_utf8(at).expect("what was checked is decimal");
        assert_eq!(said, signature(at, body).as_bytes(), "let in with another signature");
    }
}

/// An activity of Teams, behind its token.
pub fn teams(data: &[u8]) {
    static DOOR: OnceLock<TokenlessDoor> = OnceLock::new();
    let door = DOOR.get_or_init(|| {
        let address = "127.0.0.1:7080".parse().expect("an address");
        let simulator = BuiltInSimulator::started_on(vec![address]).expect("this machine");
        let proof = SimulatorOnly::prove(["http://127.0.0.1:7080/teams"], &simulator);
        TokenlessDoor::new(proof.expect("all of it is simulated"))
    });
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("127.0.0.1:3978"));
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let _refused = door.read(&headers, &Bytes::copy_from_slice(data));
}

/// A token: of the Bot Framework, of a sign-in, of Graph.
pub fn tokens(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(parts) = jwt::take_apart(text) {
        assert!(text.as_bytes().starts_with(parts.signed), "what was signed is its beginning");
    }
    let _not_one = Claims::read(text);
}

/// Settings. An error names no secret and ends with what to do; here it only has to come.
pub fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // Settings may name files; which ones an operator names is nothing that comes from outside.
    if text.contains("_file") {
        return;
    }
    let _wrong = Config::read(text, &BTreeMap::new());
}

/// A stored plan. What is read is what was stored, with its digest.
pub fn plan(data: &[u8]) {
    let Ok(frozen) = Frozen::read(data.to_vec()) else { return };
    assert_eq!(frozen.bytes(), data);
    let again = Frozen::of(frozen.plan()).expect("a plan that was read can be frozen");
    assert_eq!(again.plan(), frozen.plan());
}

/// A worksheet as Excel answers it, with the filters and values of a request:
/// `{"used": …, "row": 1, "filters": […], "values": […], "named": {…}}`.
pub fn sheet(data: &[u8]) {
    let Ok(said) = serde_json::from_slice::<Value>(data) else { return };
    let Ok(used) = serde_json::from_value::<Used>(said["used"].clone()) else { return };
    let row = said["row"].as_u64().and_then(|row| u32::try_from(row).ok()).unwrap_or(1);
    let fits = |number: u32| (1..=ROWS_MAX).contains(&number);
    // The adapter and the action refuse others before (see `row_fits`).
    if !fits(row) || !fits(used.first_row) || !fits(used.first_column) {
        return;
    }
    let _next = used.next_row(row);
    let Ok(columns) = used.columns(row) else { return };
    let rows = used.rows(row, &columns);
    if !columns.is_empty() {
        let _address = row_address(row, &columns);
    }
    let list = |name: &str| serde_json::from_value::<Vec<String>>(said[name].clone());
    let values = list("values").unwrap_or_default();
    for value in &values {
        let number = value.parse().ok();
        let _same = holds(value, &as_sent(value), number);
        for cell in rows.iter().flat_map(|row| &row.cells).take(20) {
            let _same = holds(value, cell, number);
        }
    }
    let named: BTreeMap<String, String> =
        serde_json::from_value(said["named"].clone()).unwrap_or_default();
    if let Ok(placed) = by_column(&columns, &values, &named) {
        assert_eq!(placed.len(), columns.len());
    }
    if let Ok(filters) = serde_json::from_value::<Vec<Filter>>(said["filters"].clone()) {
        let all = rows.len();
        for join in [Join::And, Join::Or] {
            let kept =
                filtered(rows.clone(), &columns, &filters, join).map_or(0, |kept| kept.len());
            assert!(kept <= all);
        }
    }
}

/// The address of a `graph_request`, and an answer to one (after a line end).
pub fn address(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    if let Some(Ok(said)) = parts.next().map(std::str::from_utf8)
        && let Ok(address) = GraphAddress::parse(said)
    {
        let sent = address.sent();
        assert!(sent.starts_with('/') && !sent.starts_with("//"), "{sent}");
        assert_eq!(GraphAddress::parse(&sent), Ok(address), "it stays what it is");
    }
    if let Some(Ok(answer)) = parts.next().map(serde_json::from_slice::<Value>) {
        let (text, _) = cut(&masked(&answer), 500);
        assert!(text.chars().count() <= 500, "{} characters", text.chars().count());
    }
}

/// The arguments of an action, as a form, a program or a model sends them: the first two bytes
/// say which action.
pub fn arguments(data: &[u8]) {
    let [high, low, rest @ ..] = data else { return };
    let entry = &CATALOG[usize::from(u16::from_be_bytes([*high, *low])) % CATALOG.len()];
    let Ok(given) = serde_json::from_slice::<Map<String, Value>>(rest) else { return };
    let _risk = entry.risk(&given);
    let _undone = entry.inverse(&given, &[]);
}
