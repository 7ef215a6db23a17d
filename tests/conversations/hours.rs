//! Local times, in words and in forms → the instant that is stored, and the run at it: where
//! clocks are put forward and back, half an hour off, beyond the date line, where the law changed.
//!
//! The instants were computed by another implementation (Python's zoneinfo). A local time that
//! there is twice means the first; one that there is not is later by what the clocks jump.

use std::collections::BTreeMap;

use countersign::domain::{chat::Verb, request::Stage as At};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    lifecycle::approved,
    stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id},
};

/// How it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// In words, with a time.
    W,
    /// In a form.
    F,
    /// In words, a leaver's last day: its end.
    E,
}
use Said::{E, F, W};

type Case = (&'static str, Said, &'static str, &'static str, &'static str, &'static str);

/// Zone, how, day, time, instant, what is strange about it.
const CASES: &[Case] = &[
    ("Europe/London", W, "2027-03-28", "01:30", "2027-03-28T01:30:00Z", "a gap"),
    ("Europe/London", F, "2027-10-31", "01:30", "2027-10-31T00:30:00Z", "an overlap"),
    ("Europe/London", W, "2028-02-29", "17:00", "2028-02-29T17:00:00Z", "a leap day"),
    ("Europe/London", W, "2027-03-28", "00:59", "2027-03-28T00:59:00Z", "just before a gap"),
    ("Europe/London", F, "2027-03-28", "02:00", "2027-03-28T01:00:00Z", "just after a gap"),
    ("Europe/Berlin", W, "2027-03-28", "02:30", "2027-03-28T01:30:00Z", "a gap"),
    ("Europe/Berlin", W, "2027-10-31", "02:30", "2027-10-31T00:30:00Z", "an overlap"),
    ("Europe/Berlin", E, "2027-10-31", "", "2027-10-31T16:00:00Z", "a day of 25 hours"),
    ("Europe/Dublin", W, "2027-10-31", "01:30", "2027-10-31T00:30:00Z", "winter is the exception"),
    ("America/New_York", W, "2027-03-14", "02:15", "2027-03-14T07:15:00Z", "a gap"),
    ("America/New_York", F, "2027-11-07", "01:45", "2027-11-07T05:45:00Z", "an overlap"),
    ("America/New_York", E, "2027-03-14", "", "2027-03-14T21:00:00Z", "a day of 23 hours"),
    ("America/St_Johns", W, "2027-01-15", "09:15", "2027-01-15T12:45:00Z", "half an hour"),
    ("America/St_Johns", W, "2027-11-07", "01:10", "2027-11-07T03:40:00Z", "and an overlap"),
    ("Asia/Kolkata", W, "2026-12-01", "09:00", "2026-12-01T03:30:00Z", "half an hour"),
    ("Asia/Kolkata", F, "2026-12-31", "23:59", "2026-12-31T18:29:00Z", "a year's last minute"),
    ("Asia/Kathmandu", W, "2027-01-01", "00:00", "2026-12-31T18:15:00Z", "45 minutes, midnight"),
    ("Asia/Tehran", W, "2027-03-22", "00:30", "2027-03-21T21:00:00Z", "no summer any more"),
    ("Asia/Tokyo", W, "2028-02-29", "08:00", "2028-02-28T23:00:00Z", "a leap day begins before"),
    ("Australia/Lord_Howe", W, "2027-04-04", "01:45", "2027-04-03T14:45:00Z", "half an hour twice"),
    ("Australia/Lord_Howe", W, "2027-10-03", "02:15", "2027-10-02T15:45:00Z", "half an hour never"),
    ("Australia/Adelaide", W, "2027-10-03", "02:30", "2027-10-02T17:00:00Z", "half, and a gap"),
    ("Pacific/Chatham", F, "2027-04-04", "03:15", "2027-04-03T13:30:00Z", "45 minutes, an overlap"),
    ("Pacific/Chatham", W, "2027-09-26", "03:00", "2027-09-25T14:15:00Z", "45 minutes, a gap"),
    ("Pacific/Kiritimati", W, "2026-12-01", "00:30", "2026-11-30T10:30:00Z", "first of all zones"),
    ("Pacific/Kiritimati", E, "2026-12-31", "", "2026-12-31T03:00:00Z", "its end, the first"),
    ("Pacific/Pago_Pago", W, "2026-12-01", "23:30", "2026-12-02T10:30:00Z", "last of all zones"),
    ("Pacific/Pago_Pago", E, "2026-12-31", "", "2027-01-01T04:00:00Z", "its end, next year"),
    ("Pacific/Apia", W, "2027-09-26", "03:30", "2027-09-25T14:30:00Z", "no summer any more"),
    ("Europe/Istanbul", W, "2027-03-28", "03:30", "2027-03-28T00:30:00Z", "summer for good"),
    ("Europe/Moscow", W, "2027-03-28", "02:30", "2027-03-27T23:30:00Z", "winter for good"),
    ("America/Sao_Paulo", W, "2027-11-07", "00:30", "2027-11-07T03:30:00Z", "no summer any more"),
    ("America/Mexico_City", W, "2027-04-04", "02:30", "2027-04-04T08:30:00Z", "no summer any more"),
    ("Asia/Amman", W, "2027-03-26", "00:30", "2027-03-25T21:30:00Z", "summer for good"),
    ("Africa/Casablanca", W, "2027-02-07", "02:30", "2027-02-07T01:30:00Z", "before Ramadan"),
    ("Africa/Casablanca", W, "2027-03-14", "02:30", "2027-03-14T02:30:00Z", "back after Ramadan"),
    ("Africa/Cairo", W, "2027-04-30", "00:30", "2027-04-29T22:30:00Z", "a gap at midnight again"),
    ("Antarctica/Troll", W, "2027-03-28", "02:00", "2027-03-28T02:00:00Z", "a gap of two hours"),
    ("America/Santiago", W, "2027-04-03", "23:30", "2027-04-04T02:30:00Z", "twice before midnight"),
    ("America/Santiago", W, "2027-09-05", "00:30", "2027-09-05T04:30:00Z", "a gap at midnight"),
    ("Asia/Beirut", F, "2027-03-28", "00:30", "2027-03-27T22:30:00Z", "a gap at midnight"),
    ("UTC", E, "2026-12-31", "", "2026-12-31T17:00:00Z", "no zone at all"),
];

/// Whose sign-in ends, one for each case of a zone.
const PEOPLE: &[&str] = &["john.doe", "jane.roe", "sam.taylor", "felix.brandt", "fiona.ledger"];
const LATE: SignedDuration = SignedDuration::from_secs(2);

async fn room(zone: &str) -> Stage {
    Stage::with(Settings { zone: zone.to_owned(), ..Settings::default() }).await
}

/// Asks for it and has it signed; gives the instant at which the request is due.
async fn asked(stage: &Stage, who: &str, said: Said, day: &str, time: &str) -> Timestamp {
    match said {
        W => {
            stage.says("tina.tech", &format!("disable {who}@contoso.com on {day} at {time}")).await
        }
        E => stage.says("tina.tech", &format!("offboard {who}@contoso.com on {day}")).await,
        F => fill(stage, who, day, time).await,
    };
    approved(stage).await;
    let house = stage.house();
    let open = house.store.open(&stage.tenant(), None, 20).await.unwrap();
    let of = |subject: &str| subject == format!("{who}@contoso.com");
    let request = open.iter().find(|one| one.subjects.iter().any(|s| of(s.upn.as_str())));
    let request = request.unwrap_or_else(|| panic!("{}", stage.newest(HELPDESK)));
    match request.stage {
        At::Scheduled { start_at, .. } => start_at,
        ref other => panic!("{who}: {other:?}"),
    }
}

async fn fill(stage: &Stage, who: &str, day: &str, time: &str) -> String {
    let tina = slack_id("tina.tech");
    stage.slack.command(&tina, HELPDESK, "/countersign", "disable user").await.unwrap();
    stage.heard_out().await;
    let view = stage.slack.views(&tina).pop().expect("a window");
    let found = stage.slack.search(&tina, &view.id, "0.user", who.split('.').next().unwrap());
    let found = found.await.unwrap();
    let upn = format!("{who}@contoso.com");
    let one = found.iter().find(|one| one["description"].to_string().contains(&upn)).unwrap();
    stage.slack.fill(&tina, &view.id, "0.user", one["value"].as_str().unwrap()).await.unwrap();
    let at = [("0.at", day), ("0.at#time", time)];
    stage.slack.submit_view(&tina, &view.id, &at).await.unwrap();
    stage.settle().await;
    String::new()
}

/// When sign-in of somebody was blocked, each time.
fn blocked(stage: &Stage, who: &str) -> Vec<Timestamp> {
    let upn = format!("{who}@contoso.com");
    let ledger = stage.world.ledger();
    let of = ledger.iter().filter(|effect| {
        effect.what == "user.update"
            && effect.target.name == upn
            && effect.after.get("accountEnabled") == Some(&json!(false))
    });
    of.map(|effect| effect.at).collect()
}

async fn in_these_zones(part: usize, parts: usize) {
    let mut zones: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in CASES {
        zones.entry(case.0).or_default().push(case);
    }
    for (zone, cases) in zones.into_iter().skip(part).step_by(parts) {
        let stage = room(zone).await;
        let mut waiting = Vec::new();
        for ((_, said, day, time, instant, strange), who) in cases.iter().zip(PEOPLE) {
            let wanted: Timestamp = instant.parse().unwrap();
            let due = asked(&stage, who, *said, day, time).await;
            assert_eq!(due, wanted, "{zone}, {day} {time}: {strange}");
            waiting.push((wanted, *who, *strange));
        }
        waiting.sort_unstable();
        for (wanted, who, strange) in waiting {
            let before = SignedDuration::from_secs(40);
            let left = wanted.duration_since(stage.clock_now()) - before;
            if left.is_positive() {
                stage.pass(left).await;
                assert_eq!(blocked(&stage, who), [], "{zone}, {strange}: too early");
            }
            stage.pass(wanted.duration_since(stage.clock_now()).max(SignedDuration::ZERO)).await;
            let [at] = blocked(&stage, who)[..] else { panic!("{zone}, {strange}: not once") };
            assert!(at >= wanted && at <= wanted + LATE, "{zone}, {strange}: {at} for {wanted}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_local_time_is_its_instant_and_runs_within_two_seconds_of_it() {
    assert!(CASES.len() >= 40);
    in_these_zones(0, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_local_time_is_its_instant_in_the_second_third_of_the_zones() {
    in_these_zones(1, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_local_time_is_its_instant_in_the_last_third_of_the_zones() {
    in_these_zones(2, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_over_the_instant_runs_it_once_and_one_that_jumps_back_does_not_repeat_it()
 {
    let stage = room("Europe/Berlin").await;
    let wanted = asked(&stage, "john.doe", W, "2027-03-28", "02:30").await;
    let jump = wanted.duration_since(stage.clock_now()) + SignedDuration::from_hours(5);
    let after = stage.clock_now() + jump;
    stage.pass(jump).await;
    let [at] = blocked(&stage, "john.doe")[..] else { panic!("not once") };
    assert!(at >= after && at <= after + LATE, "at once: {at}");
    stage.clock.pass(SignedDuration::from_hours(-8));
    stage.settle().await;
    stage.pass(SignedDuration::from_hours(10)).await;
    assert_eq!(blocked(&stage, "john.doe"), [at], "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_down_at_the_instant_runs_it_once_when_it_starts() {
    let mut stage = room("Australia/Lord_Howe").await;
    let wanted = asked(&stage, "john.doe", E, "2027-04-04", "").await;
    stage.pass(wanted.duration_since(stage.clock_now()) - SignedDuration::from_hours(1)).await;
    assert_eq!(blocked(&stage, "john.doe"), []);
    stage.fall().await;
    stage.clock.pass(SignedDuration::from_hours(3));
    let begun = stage.clock_now();
    stage.start().await;
    stage.settle().await;
    let [at] = blocked(&stage, "john.doe")[..] else { panic!("not once") };
    assert!(at >= begun && at <= begun + LATE, "as it starts: {at}, {begun}");
    stage.fall().await;
    stage.start().await;
    stage.pass(SignedDuration::from_hours(30)).await;
    assert_eq!(blocked(&stage, "john.doe"), [at], "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_ends_at_the_end_of_its_last_day_where_the_tenant_is() {
    for (zone, last, wanted) in [
        ("Europe/Berlin", "2027-10-31", "2027-10-31T22:59:00Z"),
        ("Pacific/Kiritimati", "2028-02-29", "2028-02-29T09:59:00Z"),
        ("America/St_Johns", "2027-03-14", "2027-03-15T02:29:00Z"),
    ] {
        let stage = room(zone).await;
        let words = format!("set up contractor Bob Stone until {last}, manager Samir Nadar");
        stage.says("tina.tech", &words).await;
        stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
        let bob = stage.world.user("bob.stone@contoso.com").unwrap();
        assert_eq!(bob["employeeLeaveDateTime"], wanted, "{zone}");
    }
}
