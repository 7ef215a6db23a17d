//! The process dies at every write and every call of a request's life, and is started
//! again on the same files: no decision is lost, nothing happens twice, and every card
//! ends in what is true.
//!
//! - [`room`]    a stage whose house dies on command and is taken up again
//! - [`oracles`] what must be true afterwards
//! - [`processes`] joiners, leavers, movers and contractors, all the way
//! - [`enumerate`] one life for each point of it, on both sides of the point
//!
//! Not here: a machine that loses what it had written. The store's own tests see to that.

mod oracles;
mod processes;
mod room;

use std::collections::BTreeMap;

use countersign::domain::{chat::Verb, request::Stage as At};
use jiff::SignedDuration;

use self::room::{Door, Room};
use crate::{
    crashing::{Death, Diary, Sort, When},
    stage::{APPROVALS, HELPDESK},
};

/// A room is used for so many lives, so that each also finds what others left.
const LIVES_IN_A_ROOM: u32 = 40;

/// What people do after the words.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// Somebody approves.
    Approve(&'static str, Door),
    /// Somebody refuses.
    Reject(&'static str, Door),
    /// The requester takes it back.
    Cancel,
    /// The requester answers the question.
    Pick,
    /// Nobody does anything until it is too late.
    Nothing,
}

/// How a life ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Done,
    Rejected,
    Cancelled,
    Expired,
}

impl Ending {
    fn stage(self) -> &'static str {
        match self {
            Self::Done => "succeeded",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    fn headline(self) -> &'static str {
        match self {
            Self::Done => "✓  Done",
            Self::Rejected => "Rejected: nothing was changed",
            Self::Cancelled => "Cancelled: nothing was changed",
            Self::Expired => "Expired unsigned: nothing was changed",
        }
    }
}

/// A request's life, as it goes when nothing goes wrong.
pub struct Life {
    words: &'static str,
    acts: &'static [Act],
    ending: Ending,
    /// What the tenant feels, in order.
    effects: &'static [&'static str],
    /// Whose new password the requester gets by a link.
    password_of: Option<&'static str>,
}

/// Lives it once with these deaths, and checks. Gives what happened, and how many
/// cards Teams holds twice.
async fn live(room: &mut Room, life: &Life, deaths: &[Death]) -> (Diary, usize) {
    let number = room.next_number();
    // The chats have forgotten the life before: their limits are whole again.
    room.stage.clock.pass(SignedDuration::from_mins(1));
    let facts = room.stage.house().store.head().await.unwrap().map_or(0, |head| head.size);
    room.fate.arm(deaths.iter().copied());
    Box::pin(room.say("tina.tech", life.words)).await;
    for act in life.acts {
        match *act {
            Act::Approve(who, door) => {
                let kept = |at: &At| !matches!(at, At::Pending { .. });
                Box::pin(room.press((who, door), Verb::Approve, number, kept)).await;
            }
            Act::Reject(who, door) => {
                let kept = |at: &At| matches!(at, At::Rejected { .. });
                Box::pin(room.press((who, door), Verb::Reject, number, kept)).await;
            }
            Act::Cancel => {
                let kept = |at: &At| matches!(at, At::Cancelled { .. });
                Box::pin(room.press(
                    ("tina.tech", Door::Slack(HELPDESK)),
                    Verb::Cancel,
                    number,
                    kept,
                ))
                .await;
            }
            Act::Pick => {
                let kept = |at: &At| !matches!(at, At::Clarifying { .. });
                Box::pin(room.press(
                    ("tina.tech", Door::Slack(HELPDESK)),
                    Verb::Pick,
                    number,
                    kept,
                ))
                .await;
            }
            Act::Nothing => room.stage.clock.pass(SignedDuration::from_hours(9)),
        }
    }
    room.settle().await;
    let diary = Box::pin(room.over()).await;
    let twice = oracles::check(room, life, number, facts).await;
    room.settle().await;
    room.stage.world.reset();
    (diary, twice)
}

/// Says where it was, if the test fails there.
struct Whereabouts<'a> {
    name: &'a str,
    death: Death,
}

impl Drop for Whereabouts<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: failed with {:?}", self.name, self.death);
        }
    }
}

/// One life for each of its points and each side of it, until one runs through.
async fn enumerate(name: &str, life: &Life) {
    let begun = std::time::Instant::now();
    let (mut lives, mut restarts, mut twice) = (0, 0, 0);
    let mut died: BTreeMap<(Sort, String, When), u32> = BTreeMap::new();
    let mut room = Room::new().await;
    let (whole, _) = Box::pin(live(&mut room, life, &[])).await;
    for when in [When::Before, When::After] {
        for nth in 1.. {
            lives += 1;
            if lives % LIVES_IN_A_ROOM == 0 {
                restarts += room.restarts;
                oracles::whole_record(&room).await;
                room = Room::new().await;
            }
            let _here = Whereabouts { name, death: Death { nth, when } };
            let (diary, again) = Box::pin(live(&mut room, life, &[Death { nth, when }])).await;
            twice += again;
            if diary.died_at.is_empty() {
                break;
            }
            for at in diary.died_at {
                *died.entry(at).or_default() += 1;
            }
        }
    }
    restarts += room.restarts;
    let facts = oracles::whole_record(&room).await;
    let deaths: u32 = died.values().sum();
    let of = |sort: Sort| {
        whole.names.iter().filter(|((s, _), _)| *s == sort).map(|(_, n)| n).sum::<u32>()
    };
    eprintln!(
        "{name}: {} points ({} writes, {} calls), {lives} lives, {deaths} deaths, {restarts} restarts, \
         {twice} cards twice in Teams, {facts} facts in the last record, {:.1} s",
        whole.points,
        of(Sort::Write),
        of(Sort::Call),
        begun.elapsed().as_secs_f32(),
    );
    for ((sort, point, when), count) in &died {
        eprintln!("  {sort:?} {when:?} {point}: {count}");
    }
    assert!(deaths >= whole.points, "{deaths} deaths of {} points", whole.points);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_reset_approved_in_teams_survives_every_death() {
    let life = Life {
        words: "reset the password for john.doe@contoso.com",
        acts: &[Act::Approve("anna.approver", Door::Teams)],
        ending: Ending::Done,
        effects: &["user.password"],
        password_of: Some("john.doe@contoso.com"),
    };
    enumerate("reset_password", &life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_steps_approved_in_slack_survive_every_death() {
    let life = Life {
        words: "disable jane.roe@contoso.com's account and set her out of office to \"I have left\"",
        acts: &[Act::Approve("anna.approver", Door::Slack(APPROVALS))],
        ending: Ending::Done,
        effects: &["user.update", "mailbox.settings"],
        password_of: None,
    };
    enumerate("disable_and_out_of_office", &life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_distribution_list_through_exchange_survives_every_death() {
    let life = Life {
        words: "add sam.taylor@contoso.com to the Company News distribution list",
        acts: &[Act::Approve("theo.tech", Door::Teams)],
        ending: Ending::Done,
        effects: &["list.member.add"],
        password_of: None,
    };
    enumerate("add_to_group", &life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_survives_every_death() {
    let life = Life {
        words: "reset the password for john.doe@contoso.com",
        acts: &[Act::Reject("anna.approver", Door::Teams)],
        ending: Ending::Rejected,
        effects: &[],
        password_of: None,
    };
    enumerate("reject", &life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_it_back_survives_every_death() {
    let life = Life {
        words: "reset the password for john.doe@contoso.com",
        acts: &[Act::Cancel],
        ending: Ending::Cancelled,
        effects: &[],
        password_of: None,
    };
    enumerate("cancel", &life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn running_out_of_time_survives_every_death() {
    let life = Life {
        words: "reset the password for john.doe@contoso.com",
        acts: &[Act::Nothing],
        ending: Ending::Expired,
        effects: &[],
        password_of: None,
    };
    enumerate("expire", &life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_answered_and_approved_survives_every_death() {
    let life = Life {
        words: "reset the password for sam taylor",
        acts: &[Act::Pick, Act::Approve("anna.approver", Door::Slack(APPROVALS))],
        ending: Ending::Done,
        effects: &["user.password"],
        password_of: Some("sam.taylor@contoso.com"),
    };
    enumerate("question", &life).await;
}
