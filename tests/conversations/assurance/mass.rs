//! C4: a mass change, split into small requests over time. Within any hour no more people are
//! changed by one signature than the operator's limit; who is over it is held back, and nobody
//! before.

use std::collections::VecDeque;

use countersign::domain::{decision::Rule, ids::Number};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    programs::client,
    stage::{Settings, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xC4;
/// Two people ask, each through a program.
const ASKERS: [(&str, &str); 2] = [
    ("tina.tech", "cs-tina-0123456789abcdef0123456789abcdef"),
    ("hannah.reeves", "cs-hannah-0123456789abcdef0123456789abcd"),
];
/// In an hour so many people of everybody's requests, and so many of each one's.
const ALL: u32 = 40;
const EACH: u32 = 25;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// People are counted in steps of this length.
const STEP: SignedDuration = SignedDuration::from_mins(5);

async fn room(people: u32) -> Stage {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/microsoft/data/contoso.json");
    let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for nth in 0..people {
        file["users"].as_array_mut().unwrap().push(json!({
            "upn": format!("m{nth}@contoso.com"), "displayName": format!("Mass {nth}"),
            "mail": null, "userType": "Member", "accountEnabled": true, "department": "Many",
        }));
    }
    let program = |(who, token): (&str, &str)| {
        let name = who.replace('.', "-");
        format!(
            "[api.clients.{name}]\ntoken = \"{token}\"\nacts_as = \"{who}@contoso.com\"\n\
             areas = [\"passwords_and_security\", \"users\"]\nper_minute = 600\n"
        )
    };
    let settings = Settings {
        more: format!(
            "[policy.limits]\ncards_in_ten_minutes = 0\npeople_per_hour = {ALL}\npeople_per_hour_each = {EACH}\n{}",
            ASKERS.map(program).concat()
        ),
        directory: Some(file.to_string()),
        ..Settings::default()
    };
    Stage::with(settings).await
}

/// One request that was asked for: when, by whom, about one person, and was it held back?
struct Asked {
    at: Timestamp,
    by: usize,
    held: bool,
}

async fn asks(stage: &Stage, by: usize, nth: u32) -> Asked {
    let body = json!({
        "action": "revoke_sessions", "arguments": { "user": format!("m{nth}@contoso.com") },
    });
    let to = format!("{}/api/v1/proposals", stage.base);
    let asked = client().post(to).bearer_auth(ASKERS[by].1);
    let asked = asked.header("Idempotency-Key", format!("m-{nth}")).json(&body);
    let answer = asked.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 201, "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    let number = answer["number"].as_str().unwrap().trim_start_matches('#').parse().unwrap();
    let store = &stage.house().store;
    let request = store.numbered(&stage.tenant(), Number(number)).await.unwrap().unwrap();
    let plan = store.plan(&request.id, request.revision).await.unwrap().unwrap();
    let plan = plan.plan();
    let Rule::Approve { count, .. } = plan.rule else { panic!("{:?}", plan.rule) };
    let held = plan.notes.iter().any(|note| note.key.starts_with("held_"));
    assert_eq!(count, 1 + u8::from(held), "one person more signs what is held back");
    Asked { at: stage.clock_now(), by, held }
}

/// A bulk of so many people, one request each, with pauses of chance. Many at once where the
/// pauses are short, and never too many where they are long.
async fn split(people: u32, longest: u64, dice: &mut Dice, told: &str) -> u32 {
    let stage = room(people).await;
    let mut hour: VecDeque<Asked> = VecDeque::new();
    let mut held = 0;
    for nth in 0..people {
        let pause = SignedDuration::from_secs(i64::try_from(1 + dice.roll(longest)).unwrap());
        stage.clock.pass(pause);
        let asked = asks(&stage, dice.place(2), nth).await;
        let (now, by) = (asked.at, asked.by);
        held += u32::from(asked.held);
        let is_held = asked.held;
        hour.push_back(asked);
        while hour.front().is_some_and(|first| now.duration_since(first.at) > HOUR + STEP) {
            hour.pop_front();
        }
        let since =
            |long: SignedDuration| hour.iter().filter(move |one| now.duration_since(one.at) < long);
        let count = |all: &mut dyn Iterator<Item = &Asked>| u32::try_from(all.count()).unwrap();
        // The limit holds: of what one signature suffices for.
        let passed = count(&mut since(HOUR).filter(|one| !one.held));
        let own = count(&mut since(HOUR).filter(|one| !one.held && one.by == by));
        assert!(passed <= ALL && own <= EACH, "{told}, person {nth}: {passed} and {own} passed");
        // Nobody is held back before it is reached.
        let asked = count(&mut since(HOUR + STEP));
        let by_them = count(&mut since(HOUR + STEP).filter(|one| one.by == by));
        assert!(
            !is_held || asked > ALL || by_them > EACH,
            "{told}, person {nth}: held back after {asked} and {by_them}"
        );
    }
    held
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_a_mass_change_in_small_pieces_is_held_back_where_a_large_one_is() {
    let mut dice = Dice(SEED);
    let mut tried = 0;
    for (people, longest) in [(1, 10), (10, 10), (100, 60), (times(120, 1_000), 120), (100, 600)] {
        let told = format!("{people} people, pauses up to {longest} s, seed {SEED:#x}");
        let held = split(people, longest, &mut dice, &told).await;
        eprintln!("C4: {told}: {held} held back");
        tried += people;
        // A hundred within the hour are too many, and a hundred over eight hours are not.
        assert_eq!(held > 0, people >= 100 && longest < 600, "{told}: {held} held back");
    }
    let what = "people of mass changes split into single requests; the hourly limit holds to one";
    figure("C4", what, tried, SEED);
}
