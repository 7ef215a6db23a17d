//! B9: the clock jumps, smears, and is put forward and back. Nothing is decided after its time,
//! nothing that is scheduled runs before it, twice, or not at all.

use countersign::domain::{chat::Verb, ids::Number};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use crate::{
    assure::{Dice, figure, times},
    attacks::{button, state},
    stage::{APPROVALS, Settings, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xB9;
/// So many runs in one house; then another is built.
const IN_A_HOUSE: u32 = 100;
/// How long a request waits for its signature.
const EXPIRES: SignedDuration = SignedDuration::from_hours(8);
/// Local days of London at which clocks are put forward, put back, and left alone.
const DAYS: [&str; 4] =
    ["2027-03-27T23:10", "2027-10-30T23:10", "2027-03-28T00:50", "2026-12-02T12:00"];

/// What the clock does.
fn jump(dice: &mut Dice) -> SignedDuration {
    let all = [
        SignedDuration::from_hours(-24),
        SignedDuration::from_hours(24),
        SignedDuration::from_hours(-1),
        SignedDuration::from_hours(1),
        // A leap second, smeared: half of it early, half late.
        SignedDuration::from_millis(-500),
        SignedDuration::from_millis(500),
        SignedDuration::from_mins(i64::try_from(dice.roll(600)).unwrap() - 300),
    ];
    all[dice.place(all.len())]
}

/// Puts the clock to a local time of London, and a little.
fn put(stage: &Stage, dice: &mut Dice) {
    let day: civil::DateTime = DAYS[dice.place(DAYS.len())].parse().unwrap();
    let london = TimeZone::get("Europe/London").unwrap();
    let at = day.to_zoned(london).unwrap().timestamp();
    let at = at + SignedDuration::from_secs(i64::try_from(dice.roll(1_800)).unwrap());
    stage.clock.pass(at.duration_since(stage.clock_now()));
}

/// A request waits, the clock jumps once or more, and somebody presses: it counts if, and only
/// if, its time was never over by any clock that was looked at.
async fn pressed(stage: &Stage, number: u64, dice: &mut Dice, told: &str) {
    let wish = format!("change the job title of john.doe@contoso.com to Title{number}");
    stage.says("tina.tech", &wish).await;
    let asked = stage.clock_now();
    let until: Timestamp = asked + EXPIRES;
    let card = button(stage, APPROVALS, Verb::Approve);
    let mut was_over = false;
    for _ in 0..=dice.roll(2) {
        stage.clock.pass(jump(dice));
        if dice.roll(2) == 0 {
            // The sweeper looks, or it does not come to it before the press.
            stage.settle().await;
            was_over |= stage.clock_now() >= until;
        }
    }
    let felt = stage.effects().len();
    let late = was_over || stage.clock_now() >= until;
    let sent = card.pressed_by(stage, "anna.approver", Verb::Approve.as_str());
    let whispers = stage.whispered("anna.approver").len() + stage.direct("anna.approver").len();
    assert!(stage.slack.send_again(&sent).await.is_ok(), "{told}");
    stage.settle().await;
    let ran = stage.effects().len() - felt;
    if late {
        assert_eq!((state(stage, number).await, ran), ("expired", 0), "{told}");
        let heard = stage.whispered("anna.approver").len() + stage.direct("anna.approver").len();
        assert!(heard > whispers, "{told}: she is told that it was too late");
    } else {
        assert_eq!((state(stage, number).await, ran), ("succeeded", 1), "{told}");
    }
}

/// A request is signed for later, and the clock jumps back and forth on the way there.
async fn scheduled(stage: &Stage, number: u64, dice: &mut Dice, told: &str) {
    let start = stage.clock_now() + SignedDuration::from_mins(90);
    let zone = TimeZone::get("Europe/London").unwrap();
    let local = start.to_zoned(zone).strftime("%Y-%m-%d at %H:%M").to_string();
    let wish = format!("change the job title of jane.roe@contoso.com to Title{number} on {local}");
    stage.says("tina.tech", &wish).await;
    stage.presses("anna.approver", APPROVALS, Verb::Approve).await;
    let store = &stage.house().store;
    let request = store.numbered(&stage.tenant(), Number(number)).await.unwrap().unwrap();
    let plan = store.plan(&request.id, request.revision).await.unwrap().unwrap();
    let start = plan.plan().start_at.expect("it is for later");
    let felt = stage.effects().len();
    let mut may_have_run = false;
    for _ in 0..=dice.roll(3) {
        stage.clock.pass(jump(dice));
        stage.settle().await;
        // Settling moves the clock over short waits.
        may_have_run |= stage.clock_now() >= start;
        let ran = stage.effects().len() - felt;
        assert_eq!(ran, usize::from(may_have_run), "{told}: by {}", stage.clock_now());
    }
    // Its time comes, perhaps once more.
    let left = start.duration_since(stage.clock_now()) + SignedDuration::from_mins(1);
    stage.pass(left.max(SignedDuration::from_mins(1))).await;
    assert_eq!(stage.effects().len() - felt, 1, "{told}: it ran once");
    assert_eq!(state(stage, number).await, "succeeded", "{told}");
    stage.pass(SignedDuration::from_hours(-24)).await;
    stage.pass(SignedDuration::from_hours(25)).await;
    assert_eq!(stage.effects().len() - felt, 1, "{told}: it ran again");
}

#[tokio::test(flavor = "multi_thread")]
async fn b9_whatever_the_clock_does_nothing_is_decided_late_or_runs_twice() {
    let (tried, mut dice) = (times(16, 500), Dice(SEED));
    let settings = Settings {
        policy: "secrets_to = \"requester\"\nexpires_after = \"PT8H\"".to_owned(),
        ..Settings::default()
    };
    let mut stage = Stage::with(settings.clone()).await;
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(IN_A_HOUSE) {
            stage = Stage::with(settings.clone()).await;
        }
        let number = 1_001 + u64::from(at % IN_A_HOUSE);
        put(&stage, &mut dice);
        let told = format!("run {at}, seed {SEED:#x}, from {}", stage.clock_now());
        if dice.roll(2) == 0 {
            pressed(&stage, number, &mut dice, &told).await;
        } else {
            scheduled(&stage, number, &mut dice, &told).await;
        }
    }
    let what = "runs in which the clock jumps, smears or changes to summer time and back";
    figure("B9", what, tried, SEED);
}
