//! B5 without a network between: two to eight clicks at the same instant on one store. One
//! decision each, whoever came too late is told by whom it was made, and all copies say the same.

use std::{collections::BTreeSet, sync::Arc};

use countersign::{
    domain::{
        chat::{Inbound, Platform, Verb},
        decision::{Choice, Vote},
        message::{Audience, Message},
        request::Request,
        trouble::Reason,
    },
    ports::store::Answer,
};

use super::mould::{Cast, Mould};
use crate::{
    assure::{Dice, figure, times},
    stage::{Settings, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xB5;
/// So many races in one house; then another is built.
const IN_A_HOUSE: u32 = 2_500;
/// Of so many houses, one carries out what was decided in it.
const HOUSES: u32 = 8;

/// Who may sign: all of them in Slack, two of them in their own Teams chats too.
const APPROVERS: [&str; 6] =
    ["anna.approver", "theo.tech", "bob.lead", "john.doe", "hannah.reeves", "henry.desk"];

async fn ring() -> (Stage, Mould) {
    let named = APPROVERS.map(|who| format!("\"{who}@contoso.com\"")).join(", ");
    let stage = Stage::with(Settings { approvers: format!("[{named}]"), ..Settings::default() });
    let stage = stage.await;
    stage.says("tina.tech", "revoke the sessions of jane.roe@contoso.com").await;
    let mould = Mould::of(&stage, 1001).await;
    (stage, mould)
}

/// One click of somebody, somewhere.
fn click(stage: &Stage, cast: &Cast, dice: &mut Dice) -> (&'static str, Inbound) {
    if dice.roll(12) == 0 {
        let copy = cast.copy(stage, Audience::Requester, Platform::Slack, "tina.tech");
        return ("tina.tech", cast.pressed_by(stage, "tina.tech", copy, Verb::Cancel));
    }
    let at = dice.place(APPROVERS.len());
    let verb = if dice.roll(3) == 0 { Verb::Reject } else { Verb::Approve };
    let in_teams = at < 2 && dice.roll(2) == 0;
    let door = if in_teams { Platform::Teams } else { Platform::Slack };
    let copy = cast.copy(stage, Audience::Approvers, door, APPROVERS[at]);
    (APPROVERS[at], cast.pressed_by(stage, APPROVERS[at], copy, verb))
}

/// All of them at once, each after a head start for the others.
async fn race(
    stage: &Stage,
    clicks: Vec<(&'static str, Inbound)>,
    dice: &mut Dice,
) -> Vec<(&'static str, Answer)> {
    let running: Vec<_> = clicks
        .into_iter()
        .map(|(who, inbound)| {
            let (desk, steps) = (Arc::clone(&stage.house().desk), dice.roll(24));
            tokio::spawn(async move {
                for _ in 0..steps {
                    tokio::task::yield_now().await;
                }
                (who, desk.handle(inbound).await.unwrap())
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in running {
        answers.push(one.await.unwrap());
    }
    answers
}

/// What was decided follows from the votes that were kept, and from nothing else.
fn one_decision(request: &Request, votes: &[Vote], people: u8, told: &str) {
    let people = usize::from(people);
    let yes: BTreeSet<&str> = votes
        .iter()
        .filter(|vote| vote.choice == Choice::Approve)
        .map(|vote| vote.voter.upn.as_str())
        .collect();
    let no = votes.iter().filter(|vote| vote.choice == Choice::Reject).count();
    assert_eq!(yes.len() + no, votes.len(), "{told}: each person once: {votes:?}");
    let expected = match (yes.len(), no) {
        (yes, 0) if yes == people => "approved",
        (yes, 1) if yes < people => "rejected",
        (yes, 0) if yes < people && request.stage.name() == "cancelled" => "cancelled",
        (yes, 0) if yes < people => "pending",
        _ => panic!("{told}: votes after the decision: {votes:?}"),
    };
    assert_eq!(request.stage.name(), expected, "{told}: {votes:?}");
}

/// Those whose click counted see the card; the others are told why it did not.
fn everybody_is_answered(
    answers: &[(&str, Answer)],
    request: &Request,
    votes: &[Vote],
    told: &str,
) {
    let counted = answers.iter().filter(|(_, answer)| answer.request == Some(request.id)).count();
    let cancelled = usize::from(request.stage.name() == "cancelled");
    assert_eq!(counted, votes.len() + cancelled, "{told}: {answers:?}");
    for (who, answer) in answers.iter().filter(|(_, answer)| answer.request.is_none()) {
        let Some(Message::Sorry(sorry)) = &answer.say else {
            panic!("{told}: {who} was told {:?}", answer.say)
        };
        match &sorry.reason {
            Reason::AlreadySettled { by, .. } => {
                let deciders =
                    votes.iter().map(|vote| vote.voter.name.as_str()).chain(["Tina Tech"]);
                let named = deciders.into_iter().any(|name| by.contains(name));
                assert!(named, "{told}: {who} is told by whom: {by}");
            }
            // The same person once more, before it was decided.
            Reason::VotedAlready => {}
            other => panic!("{told}: {who} was told {other:?}"),
        }
    }
}

/// What every copy shows now.
async fn copies_agree(stage: &Stage, cast: &Cast, ended: &str, told: &str) {
    for copy in &cast.copies {
        let press = cast.press(copy, Verb::Show);
        let shown = stage.house().desk.card_now(&press).await.unwrap().expect("it can be drawn");
        let begins = match ended {
            "approved" => "Approved",
            "rejected" => "Rejected",
            "cancelled" => "Cancelled",
            other => panic!("{told}: it ended {other}"),
        };
        assert!(shown.summary.contains(begins), "{told}: {ended}, and shown: {}", shown.summary);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_clicks_at_one_instant_make_one_decision() {
    let (tried, mut dice) = (times(200, 100_000), Dice(SEED));
    let (mut stage, mut mould) = ring().await;
    let (mut approved, mut states) = (0_usize, std::collections::BTreeMap::new());
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(IN_A_HOUSE) {
            if (at / IN_A_HOUSE) % HOUSES == 1 {
                carried_out(&stage, approved).await;
            }
            (stage, mould) = ring().await;
            approved = 0;
        }
        let people = if dice.roll(4) == 0 { 2 } else { 1 };
        let cast = mould.cast(&stage, people).await;
        let many = 2 + dice.place(7);
        let clicks: Vec<_> = (0..many).map(|_| click(&stage, &cast, &mut dice)).collect();
        let said = clicks.iter().map(|(who, inbound)| format!("{who} {:?}", inbound.what));
        let told = format!("race {at}, seed {SEED:#x}: {:?}", said.collect::<Vec<_>>());
        let mut answers = race(&stage, clicks, &mut dice).await;
        // Where one signature was not enough, further people press, one after the other.
        let store = &stage.house().store;
        for who in APPROVERS {
            let request = store.request(&cast.id).await.unwrap().unwrap();
            if request.stage.name() != "pending" {
                break;
            }
            let copy = cast.copy(&stage, Audience::Approvers, Platform::Slack, who);
            let press = cast.pressed_by(&stage, who, copy, Verb::Approve);
            answers.extend(race(&stage, vec![(who, press)], &mut dice).await);
        }
        let request = store.request(&cast.id).await.unwrap().unwrap();
        let votes = store.votes(&cast.id, request.revision).await.unwrap();
        one_decision(&request, &votes, people, &told);
        everybody_is_answered(&answers, &request, &votes, &told);
        copies_agree(&stage, &cast, request.stage.name(), &told).await;
        approved += usize::from(request.stage.name() == "approved");
        *states.entry(request.stage.name()).or_insert(0_u32) += 1;
    }
    carried_out(&stage, approved).await;
    assert_eq!(states.len(), 3, "each way to end was tried: {states:?}");
    eprintln!("B5: {states:?}");
    let what = "races of 2 to 8 clicks in one process; one decision, losers told, copies agree";
    figure("B5", what, tried, SEED);
}

/// Everything that was approved is carried out, once each.
async fn carried_out(stage: &Stage, approved: usize) {
    while Box::pin(stage.house().engine.work()).await.unwrap().is_some() {}
    let mut quiet = 0;
    while stage.effects().len() < approved && quiet < 50 {
        stage.clock.pass(jiff::SignedDuration::from_secs(1));
        let moved = Box::pin(stage.house().engine.work()).await.unwrap().is_some();
        quiet = if moved { 0 } else { quiet + 1 };
    }
    assert_eq!(stage.effects().len(), approved, "each approval ran once");
}
