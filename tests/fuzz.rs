//! What reads bytes from outside (`fuzz/src/lib.rs`), with real inputs that were changed by dice:
//! no panic, and nothing that takes long. A seed and a case are printed when something is found;
//! `COUNTERSIGN_FUZZ=200000` makes so many of each instead of ten thousand.

#[path = "support/mutate.rs"]
mod mutate;
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use countersign::{actions::CATALOG, sim::slack::Sent};
use mutate::{Dice, mutated, wanted};
use serde_json::{Value, json};

/// Cases of each target.
const CASES: u64 = 10_000;
/// One case of a debug build on a busy machine takes less than this by a thousand times.
const LONG: Duration = Duration::from_secs(5);

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect();
    found
        .retain(|path| path.extension().is_some_and(|ending| ending == "json" || ending == "toml"));
    found.sort();
    assert!(!found.is_empty());
    found.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Every input as it is, then changed ones.
fn fuzz(name: &str, seed: u64, inputs: &[Vec<u8>], target: fn(&[u8])) {
    let (mut longest, mut dice) = (Duration::ZERO, Dice::new(seed));
    let mut one = |case: u64, bytes: &[u8]| {
        let begun = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| target(bytes)));
        longest = longest.max(begun.elapsed());
        let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned();
        assert!(done.is_ok(), "{name}, seed {seed}, case {case}: panics at\n{}", shown());
        assert!(
            begun.elapsed() < LONG,
            "{name}, seed {seed}, case {case}: takes long\n{}",
            shown()
        );
    };
    for bytes in inputs {
        one(0, bytes);
    }
    for case in 1..=wanted().unwrap_or(CASES) {
        one(case, &mutated(inputs, &mut dice));
    }
    eprintln!("{name}: seed {seed}, {} inputs, longest {longest:?}", inputs.len());
}

#[test]
fn slack() {
    let mut inputs = Vec::new();
    for file in files("tests/wire/slack") {
        let said: Value = serde_json::from_slice(&file).unwrap();
        inputs.push([&[0][..], &file].concat());
        inputs.push([&[1][..], Sent::interaction(said.clone()).body().1.as_bytes()].concat());
        let fields = said.as_object().unwrap().iter();
        let fields = fields.map(|(name, value)| (name, value.as_str().unwrap_or("1")));
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        inputs.push([&[2][..], form.as_bytes()].concat());
    }
    fuzz("slack", 101, &inputs, targets::slack);
}

#[test]
fn slack_signatures() {
    let right =
        "1700000000\nv0=0000000000000000000000000000000000000000000000000000000000000000\nbody";
    let inputs = [right, "1700000300\nv0=\n", "+1700000000\nv1=00\n{}", " 1700000000 \n\n"];
    fuzz("slack_signature", 102, &inputs.map(Vec::from), targets::slack_signature);
}

#[test]
fn teams() {
    fuzz("teams", 103, &files("tests/wire/teams"), targets::teams);
}

#[test]
fn tokens() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let token = |head: Value, claims: Value| {
        let part = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
        format!("{}.{}.{}", part(head), part(claims), URL_SAFE_NO_PAD.encode([7; 256])).into_bytes()
    };
    let head = json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" });
    let inputs = [
        token(
            head.clone(),
            json!({
                "iss": "https://api.botframework.com", "aud": "33333333-aaaa-4bbb-8ccc-000000000001",
                "exp": 1_700_003_600, "nbf": 1_700_000_000, "serviceurl": "https://smba.trafficmanager.net/emea/",
            }),
        ),
        token(
            head.clone(),
            json!({
                "iss": "https://login.microsoftonline.com/t/v2.0", "tid": "t", "oid": "o", "aud": "c", "ver": "2.0",
                "nonce": "n", "auth_time": 1_700_000_000, "amr": ["pwd", "mfa"], "acrs": ["c1"], "exp": 1, "nbf": 0,
            }),
        ),
        token(
            head,
            json!({ "tid": "00000000-0000-0000-0000-000000000001", "roles": ["User.Read.All"], "wids": [] }),
        ),
        token(json!({ "alg": "none" }), json!({})),
        b"a.b.c".to_vec(),
        b"..".to_vec(),
    ];
    fuzz("tokens", 104, &inputs, targets::tokens);
}

#[test]
fn settings() {
    let example = countersign::cli::config::EXAMPLE.replace("\n# ", "\n").replace("_file", "_f");
    let plain = countersign::cli::config::EXAMPLE.replace("_file", "_f");
    let inputs = [plain, example, "[policy]\n[tenant]\nid = \"\"\n".to_owned()];
    fuzz("settings", 105, &inputs.map(String::into_bytes), targets::settings);
}

#[test]
fn plans() {
    fuzz("plan", 106, &files("tests/golden/plan-format-1"), targets::plan);
}

#[test]
fn worksheets() {
    let sheet = |filters: Value, row: u32| {
        json!({
            "used": { "first_row": 2, "first_column": 2, "text": [
                ["Asset", "Status", "Owner", "Price", "", "Asset"], ["LT-1", "in use", "John", "1,240.50", "x", "TRUE"],
                ["LT-2", "", "", "2026-11-30", "=1+1", "0"], ["LT-3", "spare"],
            ] },
            "row": row, "filters": filters,
            "values": ["LT-9", "1240.5", "true", "30.11.2026", "=HYPERLINK(1)", "1e3"], "named": { "status": "x" },
        })
        .to_string()
        .into_bytes()
    };
    let filters = json!([
        { "column": "Status", "condition": "EQ", "value": "in use" },
        { "column": "price", "condition": "GT", "value": "1000" },
        { "column": "Owner", "condition": "CONTAINS", "value": "j" },
    ]);
    fuzz("sheet", 107, &[sheet(filters, 2), sheet(json!([]), 1)], targets::sheet);
}

#[test]
fn addresses() {
    let inputs = [
        "/users/john.doe@contoso.com?$select=id,displayName\n{\"id\":\"1\",\"passwordProfile\":{\"password\":\"x\"}}",
        "/groups/22222222-2222-2222-2222-222222222222/members/$ref\n{\"value\":[{\"key\":\"a\"}]}",
        "/users?$filter=startswith(displayName,'O''Neil')&$top=5&$count=true\n[[1,2],{}]",
        "/beta/applications(appId='x')/federatedIdentityCredentials\n\"abc8Q~0123456789012345678901234567890123\"",
    ];
    fuzz("address", 108, &inputs.map(Vec::from), targets::address);
}

#[test]
fn arguments_of_every_action() {
    let inputs: Vec<Vec<u8>> = (0_u16..)
        .zip(CATALOG)
        .map(|(at, entry)| {
            let sample = Value::Object((entry.sample)()).to_string();
            [&at.to_be_bytes()[..], sample.as_bytes()].concat()
        })
        .collect();
    fuzz("arguments", 109, &inputs, targets::arguments);
}
