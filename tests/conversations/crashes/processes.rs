//! Whole processes, killed at every write and every call they make: the order that loses
//! nothing holds in the tenant's own ledger, nothing that cannot be repeated happens twice,
//! what waits goes on waiting, and every card ends in what is true.
//!
//! `make test` tries a seeded sample of the points, evenly spread; `make assure` each of them,
//! on both sides.

use std::collections::BTreeMap;

use countersign::domain::{
    chat::Verb,
    request::{Request, Stage as At},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Ending, LIVES_IN_A_ROOM, Life, oracles,
    room::{Door, Room},
};
use crate::{
    assure::{Dice, figure, times},
    attacks::patch,
    crashing::{Death, Diary, When},
    stage::{APPROVALS, HELPDESK, Settings, slack_id},
};

/// So many points of each process are tried in `make test`.
const FEW: u32 = 3;
const SEED: u64 = 0x0FF_B0A2D;

/// How it comes to be asked for.
enum Asked {
    /// In words; the day is filled in.
    Words(&'static str),
    /// By the form, before the first death.
    Hostile,
    /// The directory names this day as John's last.
    LastDay,
}

/// One process, and what is true of it wherever the process that carries it out died.
struct Process {
    name: &'static str,
    asked: Asked,
    /// The day it speaks of, so many days ahead; it waits until this hour of it.
    day: Option<(i32, i8)>,
    /// Whom it is about.
    about: &'static str,
    /// The requester gets one link to this person's password.
    password_of: Option<&'static str>,
    /// What the tenant feels before what, each at least once.
    order: &'static [(&'static str, &'static str)],
    /// Before its day nobody may sign in; `Some(true)`: they still may.
    before_its_day: Option<bool>,
}

/// An order of two sorts of effects: the last of one before the first of the other.
const LEAVES: &[(&str, &str)] = &[
    ("blocked", "user.revoke_sessions"),
    ("mailbox.update", "user.licences"),
    ("user.password", "user.licences"),
    ("group.member.remove", "user.licences"),
    ("user.revoke_sessions", "group.member.remove"),
];

/// What came of a life.
struct Lived {
    diary: Diary,
    /// What the tenant felt, sorted.
    felt: Vec<String>,
    /// The person, without instants and ids.
    person: Value,
}

impl Process {
    async fn room(&self) -> Room {
        let more = match self.asked {
            Asked::LastDay => "[drafts]\nrequester = \"hannah.reeves@contoso.com\"".to_owned(),
            _ => String::new(),
        };
        Room::with(Settings { more, ..Settings::default() }).await
    }

    fn date(&self, now: Timestamp) -> Date {
        let (days, _) = self.day.unwrap_or_default();
        now.to_zoned(TimeZone::UTC).date().saturating_add(days.days())
    }

    /// The instant it waits for.
    fn at(&self, now: Timestamp) -> Option<Timestamp> {
        let (_, hour) = self.day?;
        let at = self.date(now).at(hour, 0, 0, 0).to_zoned(TimeZone::get("Europe/London").unwrap());
        Some(at.unwrap().timestamp())
    }

    /// Lives it once with these deaths, and checks.
    async fn live(&self, room: &mut Room, deaths: &[Death], whole: Option<&Lived>) -> Lived {
        // The chats have forgotten the life before, and the days are looked at anew.
        room.stage.clock.pass(SignedDuration::from_hours(2));
        let now = room.stage.clock_now();
        let number = room.next_number();
        let facts = room.stage.house().store.head().await.unwrap().map_or(0, |head| head.size);
        let (date, at) = (self.date(now), self.at(now));
        match &self.asked {
            Asked::Words(words) => {
                room.fate.arm(deaths.iter().copied());
                Box::pin(room.say("tina.tech", &words.replace("DAY", &date.to_string()))).await;
            }
            Asked::Hostile => {
                hostile(room).await;
                room.fate.arm(deaths.iter().copied());
            }
            Asked::LastDay => {
                let last = at.unwrap().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                patch(&room.stage, self.about, &json!({ "employeeLeaveDateTime": last })).await;
                room.stage.clock.pass(SignedDuration::from_hours(1));
                room.fate.arm(deaths.iter().copied());
                room.settle().await;
            }
        }
        let kept = |at: &At| !matches!(at, At::Pending { .. });
        Box::pin(room.sign(("anna.approver", Door::Slack(APPROVALS)), Verb::Approve, number, kept))
            .await;
        room.settle().await;
        if let Some(at) = at {
            let request = room.request(number).await.unwrap();
            let waits = matches!(request.stage, At::Scheduled { .. } | At::Running { .. });
            assert!(waits, "{}: it waits for its day: {:?}", self.name, request.stage);
            if let Some(may) = self.before_its_day {
                let person = room.stage.world.user(self.about).expect("made by now");
                assert_eq!(person["accountEnabled"], may, "{}: not yet its day", self.name);
            }
            room.stage.clock.pass(at.duration_since(room.stage.clock_now()));
            room.settle().await;
        }
        let diary = Box::pin(room.over()).await;
        let request = room.request(number).await.unwrap();
        let steps = room.stage.house().store.steps(&request.id).await.unwrap();
        let open: Vec<_> = steps.iter().filter(|run| !run.state.well()).collect();
        let felt_so_far = felt(room);
        assert_eq!(
            request.stage.name(),
            "succeeded",
            "{}: {open:?}, felt {felt_so_far:?}",
            self.name
        );
        let lived = self.lived(room, diary);
        self.check(room, &request, facts).await;
        if let Some(whole) = whole {
            assert_eq!(lived.felt, whole.felt, "{}: what the tenant felt", self.name);
            assert_eq!(lived.person, whole.person, "{}: how it ended", self.name);
        }
        room.settle().await;
        room.stage.world.reset();
        lived
    }

    fn lived(&self, room: &Room, diary: Diary) -> Lived {
        let own = |what: &&String| !what.is_empty();
        let mut felt: Vec<String> = felt(room).iter().filter(own).cloned().collect();
        felt.sort();
        let mut person = room.stage.world.user(self.about).expect("whom it is about");
        without_instants(&mut person);
        Lived { diary, felt, person }
    }

    /// The order rules, the record, the cards, the link.
    async fn check(&self, room: &Room, request: &Request, facts: u64) {
        let felt = felt(room);
        for (first, then) in self.order {
            let last = felt.iter().rposition(|what| what == first);
            let next = felt.iter().position(|what| what == then);
            assert!(
                last.zip(next).is_some_and(|(last, next)| last < next)
                    || *first == "user.revoke_sessions" && before(&felt, first, then)
                    || *first == "user.password" && before(&felt, first, then),
                "{}: {first} before {then}: {felt:?}",
                self.name
            );
        }
        let life = Life {
            words: "",
            acts: &[],
            ending: Ending::Done,
            effects: &[],
            password_of: self.password_of,
        };
        let places: &[&str] = if matches!(self.asked, Asked::LastDay) {
            &[APPROVALS]
        } else {
            &[HELPDESK, APPROVALS]
        };
        oracles::cards(room, Ending::Done, request.number, places);
        oracles::no_lock_is_left(room);
        oracles::link(room, &life, request.number).await;
        oracles::record(room, &life, request, facts).await;
    }
}

fn before(felt: &[String], first: &str, then: &str) -> bool {
    let at = |wanted: &str| felt.iter().position(|what| what == wanted);
    at(first).zip(at(then)).is_some_and(|(first, then)| first < then)
}

/// What the tenant felt of the bot, in order; the block and a last day by names of their own.
fn felt(room: &Room) -> Vec<String> {
    let ledger = room.stage.world.ledger();
    let named = |effect: &countersign::sim::microsoft::Effect| match effect.what.as_str() {
        "user.update" if effect.after.get("accountEnabled") == Some(&json!(false)) => {
            "blocked".to_owned()
        }
        // What the test itself did.
        "user.update" if effect.after.get("employeeLeaveDateTime").is_some() => {
            "user.last_day".to_owned()
        }
        other => other.to_owned(),
    };
    ledger.iter().map(named).collect()
}

fn without_instants(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| {
                !key.ends_with("DateTime")
                    && !key.ends_with("At")
                    && !key.ends_with("Date")
                    && key != "id"
            });
            map.values_mut().for_each(without_instants);
        }
        Value::Array(list) => {
            list.iter_mut().for_each(without_instants);
            list.sort_by_key(ToString::to_string);
        }
        _ => {}
    }
}

/// The form of somebody who leaves against their will.
async fn hostile(room: &Room) {
    let (slack, who) = (&room.stage.slack, slack_id("tina.tech"));
    slack.command(&who, HELPDESK, "/countersign", "offboard user").await.unwrap();
    room.stage.heard_out().await;
    let view = slack.views(&who).pop().expect("a window");
    let found = slack.search(&who, &view.id, "0.user", "john").await.unwrap();
    slack.fill(&who, &view.id, "0.user", found[0]["value"].as_str().unwrap()).await.unwrap();
    let sent = slack.submit_view(&who, &view.id, &[("0.hostile", "true")]).await.unwrap();
    assert!(sent.answer.is_some_and(|answer| answer.is_ok()));
    room.stage.settle().await;
}

/// Which deaths are tried: of all points, or an even sample from a seed.
fn deaths(points: u32) -> Vec<Death> {
    let all = points * 2;
    let death = |at: u32| Death {
        nth: at / 2 + 1,
        when: if at.is_multiple_of(2) { When::Before } else { When::After },
    };
    let count = times(FEW, all).min(all);
    let mut dice = Dice(SEED);
    let within = |at: u32, dice: &mut Dice| {
        let (from, to) = (all * at / count, all * (at + 1) / count);
        from + u32::try_from(dice.place(usize::try_from(to - from).unwrap())).unwrap()
    };
    (0..count).map(|at| death(within(at, &mut dice))).collect()
}

async fn survives_every_death(process: Process) {
    let begun = std::time::Instant::now();
    let mut room = process.room().await;
    let whole = Box::pin(process.live(&mut room, &[], None)).await;
    let deaths = deaths(whole.diary.points);
    let (mut where_it_died, mut lives) = (BTreeMap::new(), 1);
    for death in &deaths {
        lives += 1;
        if lives % LIVES_IN_A_ROOM == 0 {
            oracles::whole_record(&room).await;
            room = process.room().await;
        }
        let _here = super::Whereabouts { name: process.name, death: *death };
        let came = Box::pin(process.live(&mut room, &[*death], Some(&whole))).await;
        for at in came.diary.died_at {
            *where_it_died.entry(at).or_insert(0_u32) += 1;
        }
    }
    oracles::whole_record(&room).await;
    let count: u32 = where_it_died.values().sum();
    eprintln!(
        "{}: {} points, {lives} lives, {count} deaths at {} sorts of points, {:.1} s",
        process.name,
        whole.diary.points,
        where_it_died.len(),
        begun.elapsed().as_secs_f32(),
    );
    // The last points may not come in another life: two cards may be drawn in one.
    let tried = u32::try_from(deaths.len()).unwrap();
    assert!(count * 10 >= tried * 9, "{count} deaths of {tried}");
    figure("L2", &format!("{}: killed, taken up again", process.name), count, SEED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_at_once() {
    survives_every_death(Process {
        name: "leaver at once",
        asked: Asked::Words("offboard john.doe@contoso.com"),
        day: None,
        about: "john.doe@contoso.com",
        password_of: None,
        order: LEAVES,
        before_its_day: None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_on_a_day() {
    survives_every_death(Process {
        name: "leaver on a day",
        asked: Asked::Words("offboard john.doe@contoso.com on DAY at 17:00"),
        day: Some((3, 17)),
        about: "john.doe@contoso.com",
        password_of: None,
        order: LEAVES,
        before_its_day: Some(true),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_against_their_will() {
    survives_every_death(Process {
        name: "leaver against their will",
        asked: Asked::Hostile,
        day: None,
        about: "john.doe@contoso.com",
        password_of: None,
        order: LEAVES,
        before_its_day: None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mover() {
    survives_every_death(Process {
        name: "mover",
        asked: Asked::Words(
            "John Doe will move from Sales to Finance, reporting to Fiona Ledger. \
             Please update his record.",
        ),
        day: None,
        about: "john.doe@contoso.com",
        password_of: None,
        order: &[],
        before_its_day: None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joiner() {
    survives_every_death(Process {
        name: "joiner",
        asked: Asked::Words(
            "New hire please\nName: Nora Quist\nJob title: Account Manager\nDepartment: Sales\n\
             Manager: Samir Nadar\nStart date: DAY\nLicence: Microsoft 365 E3\nGroups: VPN Users",
        ),
        day: Some((5, 8)),
        about: "nora.quist@contoso.com",
        password_of: Some("nora.quist@contoso.com"),
        order: &[("user.create", "user.licences"), ("user.create", "group.member.add")],
        before_its_day: Some(false),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contractor_is_set_up() {
    survives_every_death(Process {
        name: "contractor's set-up",
        asked: Asked::Words(
            "set up contractor Bob Stone from DAY until 26 February 2028, manager Samir Nadar, \
             company Northwind",
        ),
        day: Some((5, 8)),
        about: "bob.stone@contoso.com",
        password_of: Some("bob.stone@contoso.com"),
        order: &[("user.create", "user.last_day")],
        before_its_day: Some(false),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_ends() {
    survives_every_death(Process {
        name: "contract's end",
        asked: Asked::LastDay,
        day: Some((3, 23)),
        about: "john.doe@contoso.com",
        password_of: None,
        order: LEAVES,
        before_its_day: Some(true),
    })
    .await;
}
