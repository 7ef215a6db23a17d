//! C2: every action of the catalogue about every sort of protected account. Nothing is planned
//! that one person alone could sign, and nothing at all about the operator's untouchable ones.

use countersign::{
    actions::{self},
    domain::{area::Area, decision::Rule, ids::Number},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    catalogue,
    programs::{TOKEN, client},
    stage::{Settings, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xC2;
/// Of each sort so many.
const EACH: usize = 4;
/// How an account is protected.
const SORTS: [&str; 3] = ["role", "group", "untouchable"];
const ROLES: [&str; 4] = [
    "Global Administrator",
    "User Administrator",
    "Authentication Administrator",
    "Exchange Administrator",
];
/// Whom or what somebody else owns, and who is only mentioned beside it.
const BESIDE: [&str; 5] = ["manager", "sponsor", "forward_to", "managers", "delegate"];

fn upn(sort: &str, nth: usize) -> String {
    format!("{sort}{nth}@contoso.com")
}

async fn room() -> Stage {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/microsoft/data/contoso.json");
    let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut add = |list: &str, one: Value| file[list].as_array_mut().unwrap().push(one);
    for (at, sort) in SORTS.iter().enumerate() {
        for nth in 0..EACH {
            let upn = upn(sort, nth);
            add(
                "users",
                json!({
                    "upn": upn, "displayName": format!("{sort} {nth}"), "mail": upn,
                    "userType": "Member", "accountEnabled": true, "department": "IT",
                    "licenses": ["SPE_E3"],
                }),
            );
            let role = ROLES[nth % ROLES.len()];
            match at {
                0 => add("roleHolders", json!({ "who": upn, "role": role })),
                1 => {
                    let group = format!("Holders {nth}");
                    add(
                        "groups",
                        json!({
                            "displayName": group, "groupType": "security", "roleAssignable": true,
                            "mail": null, "owners": [], "members": [upn],
                        }),
                    );
                    add("roleHolders", json!({ "who": group, "role": role }));
                }
                _ => {}
            }
        }
    }
    let untouchable: Vec<String> =
        (0..EACH).map(|nth| format!("\"{}\"", upn("untouchable", nth))).collect();
    let areas: Vec<String> = Area::ALL.iter().map(|area| format!("\"{area}\"")).collect();
    let settings = Settings {
        policy: format!(
            "secrets_to = \"requester\"\nprivileged = \"approve:2\"\nuntouchable = [{}]",
            untouchable.join(", ")
        ),
        more: format!(
            "[policy.limits]\ncards_in_ten_minutes = 0\n[api.clients.hr-portal]\ntoken = \"{TOKEN}\"\nacts_as = \"tina.tech@contoso.com\"\n\
             areas = [{}]\nper_minute = 600\n",
            areas.join(", ")
        ),
        directory: Some(file.to_string()),
        ..Settings::default()
    };
    Stage::with(settings).await
}

/// The arguments with somebody else in the place of whom they are about; nothing where they are
/// about nobody.
fn about(given: &Value, who: &str) -> Option<Value> {
    let mut given = given.clone();
    let mut found = false;
    for (name, value) in given.as_object_mut()? {
        if BESIDE.contains(&name.as_str()) {
            continue;
        }
        let is = |text: &str| text.ends_with("@contoso.com") && !text.starts_with("info@");
        match value {
            Value::String(text) if is(text) => {
                let path = text.strip_suffix("john.doe@contoso.com").unwrap_or_default();
                *text = format!("{path}{who}");
                found = true;
            }
            Value::Array(list) if list.iter().any(|one| one.as_str().is_some_and(is)) => {
                *list = vec![json!(who)];
                found = true;
            }
            _ => {}
        }
    }
    found.then_some(given)
}

/// How many people have to sign it, if it is planned at all; else why not.
async fn people(stage: &Stage, key: &str, body: &Value) -> Result<u8, String> {
    stage.clock.pass(SignedDuration::from_secs(1));
    let to = format!("{}/api/v1/proposals", stage.base);
    let asked = client().post(to).bearer_auth(TOKEN).header("Idempotency-Key", key).json(body);
    let answer = asked.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(!status.is_server_error(), "{body}: {status}: {text}");
    if status != 201 {
        return Err(text);
    }
    let answer: Value = serde_json::from_str(&text).unwrap();
    let number = answer["number"].as_str().unwrap().trim_start_matches('#').parse().unwrap();
    let store = &stage.house().store;
    let request = store.numbered(&stage.tenant(), Number(number)).await.unwrap().unwrap();
    let Some(plan) = store.plan(&request.id, request.revision).await.unwrap() else {
        return Err(format!("no plan: {text}"));
    };
    match &plan.plan().rule {
        Rule::Approve { count, .. } => Ok(*count),
        other => panic!("{body}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_no_action_about_a_protected_account_is_signed_by_one() {
    let (rounds, mut dice) = (times(1, 20), Dice(SEED));
    let stage = room().await;
    let cases: Vec<(&str, Value)> = catalogue::cases()
        .into_iter()
        .filter(|case| actions::entry(case.action).is_some())
        .map(|case| (case.action, case.given))
        .collect();
    let (mut tried, mut stricter, mut refused) = (0_u32, 0_u32, 0_u32);
    for round in 0..rounds {
        for (action, given) in &cases {
            for sort in SORTS {
                let who = upn(sort, dice.place(EACH));
                let Some(arguments) = about(given, &who) else { continue };
                let body = json!({ "action": action, "arguments": arguments });
                let told = format!("round {round}, seed {SEED:#x}: {body}");
                let key = format!("{round}-{action}-{sort}");
                tried += 1;
                match people(&stage, &key, &body).await {
                    Ok(count) => {
                        assert!(count >= 2, "{told}: {count} could sign it");
                        assert_ne!(sort, "untouchable", "{told}: it was planned");
                        stricter += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    eprintln!("C2: {tried} proposals: {stricter} take a second person, {refused} are refused");
    assert!(stricter > tried / 4, "{stricter} of {tried} were planned at all");
    assert!(stage.effects().is_empty());
    let what =
        "proposals of every action about every sort of protected account; none for one alone";
    figure("C2", what, tried, SEED);
}
