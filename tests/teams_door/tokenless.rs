//! The Playground's door: only in the demo, only from this machine.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use countersign::{
    adapters::teams::{BuiltInSimulator, Cloud, Decoded, SimulatorOnly, TokenlessDoor},
    domain::chat::{Heard, Inbound},
};
use serde_json::{Value, json};

use crate::rig::Dice;

const ACTIVITY: &str = include_str!("../wire/teams/playground.message.json");

fn proof() -> SimulatorOnly {
    let simulator = BuiltInSimulator::started_on(vec!["127.0.0.1:7080".parse().unwrap()]).unwrap();
    SimulatorOnly::prove(["http://127.0.0.1:7080/teams", "http://localhost:7080"], &simulator)
        .unwrap()
}

fn headers(changes: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let ordinary = [
        ("host", "127.0.0.1:3978"),
        ("content-type", "application/json"),
        ("x-ms-agents-playground", "true"),
    ];
    for (name, value) in ordinary {
        if !changes.iter().any(|(changed, _)| *changed == name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    for (name, value) in changes.iter().filter(|(_, value)| !value.is_empty()) {
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    headers
}

#[test]
fn the_playground_is_heard_though_its_ids_are_no_guids() {
    let door = TokenlessDoor::new(proof());
    let from = door.read(&headers(&[]), &Bytes::from_static(ACTIVITY.as_bytes())).unwrap();
    let Decoded::Heard(inbound) = from.into_decoded() else { panic!() };
    let Inbound { from, place, what: Heard::Said { words, .. }, .. } = *inbound else { panic!() };
    assert_eq!(words.0, "who is ada");
    assert_eq!(from.id, "00000000-0000-0000-0000-0000000000099");
    assert_eq!(place.service_url.as_deref(), Some("http://localhost:56150/_connector"));
}

#[test]
fn nothing_from_elsewhere_is_heard() {
    let door = TokenlessDoor::new(proof());
    let refused: &[&[(&str, &str)]] = &[
        &[("host", "countersign.example")],
        &[("host", "127.0.0.1.evil.example:3978")],
        &[("host", "localhost.evil.example")],
        &[("host", "127.0.0.1:3978@evil.example")],
        &[("host", "0.0.0.0:3978")],
        &[("host", "")],
        &[("host", "127.0.0.1"), ("host", "evil.example")],
        &[("x-forwarded-for", "127.0.0.1")],
        &[("x-forwarded-host", "localhost")],
        &[("x-forwarded-proto", "https")],
        &[("forwarded", "for=127.0.0.1")],
        &[("via", "1.1 proxy")],
        &[("x-real-ip", "127.0.0.1")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://localhost.evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("content-type", "text/plain")],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[("content-type", "application/jsonp")],
        &[("content-type", "")],
        &[("authorization", "Bearer x")],
    ];
    for changes in refused {
        let answer = door.read(&headers(changes), &Bytes::from_static(ACTIVITY.as_bytes()));
        assert!(answer.is_err(), "{changes:?}");
    }
    for allowed in [
        ("host", "localhost"),
        ("origin", "http://localhost:56150"),
        ("content-type", "application/json; charset=utf-8"),
    ] {
        assert!(
            door.read(&headers(&[allowed]), &Bytes::from_static(ACTIVITY.as_bytes())).is_ok(),
            "{allowed:?}"
        );
    }
}

#[test]
fn its_connector_must_be_on_this_machine() {
    let door = TokenlessDoor::new(proof());
    for url in [
        "https://smba.trafficmanager.net/teams",
        "http://10.0.0.1/",
        "http://localhost.evil.example/",
        "https://localhost/",
        "",
    ] {
        let mut activity: Value = serde_json::from_str(ACTIVITY).unwrap();
        activity["serviceUrl"] = url.into();
        assert!(door.read(&headers(&[]), &Bytes::from(activity.to_string())).is_err(), "{url}");
    }
}

#[test]
fn there_is_no_proof_when_anything_real_is_configured() {
    let here = || BuiltInSimulator::started_on(vec!["127.0.0.1:7080".parse().unwrap()]).unwrap();
    let real = Cloud::Public.endpoints();
    assert!(SimulatorOnly::prove(real.addresses(), &here()).is_err());
    assert!(
        SimulatorOnly::prove(["http://127.0.0.1:7080", "https://graph.microsoft.com"], &here())
            .is_err()
    );
    assert!(
        SimulatorOnly::prove(["http://127.0.0.1:7081"], &here()).is_err(),
        "another port is another program"
    );
    assert!(SimulatorOnly::prove(["not an address"], &here()).is_err());
    assert!(SimulatorOnly::prove([], &here()).is_err());
    for addresses in [vec![], vec!["0.0.0.0:7080"], vec!["127.0.0.1:7080", "10.0.0.1:7080"]] {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        assert!(BuiltInSimulator::started_on(addresses).is_none());
    }
}

/// Puts something hostile in the place of one value somewhere in an activity.
fn spoil(value: &mut Value, dice: &mut Dice) {
    let inner = match value {
        Value::Object(members) if !members.is_empty() && dice.below(8) > 0 => {
            let at = usize::try_from(dice.below(members.len() as u64)).unwrap();
            members.values_mut().nth(at)
        }
        Value::Array(items) if !items.is_empty() && dice.below(8) > 0 => {
            let at = usize::try_from(dice.below(items.len() as u64)).unwrap();
            items.get_mut(at)
        }
        _ => None,
    };
    if let Some(inner) = inner {
        return spoil(inner, dice);
    }
    let hostile = [
        Value::Null,
        json!(7),
        json!(-1.5e300),
        json!([]),
        json!({"id": {"id": []}}),
        json!(""),
        json!("\u{0}\u{202e}⟨@0⟩<at></at>"),
        json!("é".repeat(5_000)),
        json!(";messageid=;messageid="),
        json!("..%2f..;a=b?c#d"),
    ];
    *value = dice.one_of(&hostile).clone();
}

#[test]
fn no_spoilt_activity_brings_the_door_down() {
    let door = TokenlessDoor::new(proof());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/teams");
    let (mut heard, mut tried) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let whole: Value =
            serde_json::from_str(&text.replace("SERVICE_URL", "http://127.0.0.1:9/")).unwrap();
        for seed in 0..300 {
            let (mut activity, mut dice) = (whole.clone(), Dice(seed));
            for _ in 0..=dice.below(3) {
                spoil(&mut activity, &mut dice);
            }
            tried += 1;
            heard +=
                usize::from(door.read(&headers(&[]), &Bytes::from(activity.to_string())).is_ok());
        }
    }
    assert!(heard > 0 && heard < tried, "some are refused, some only say less: {heard} of {tried}");
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(door.read(&headers(&[]), &Bytes::from(format!("{{\"value\":{deep}}}"))).is_err());
}
