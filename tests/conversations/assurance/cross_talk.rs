//! B10: fifty cards in one thread, decided in no order and in both chats, by clicks that name the
//! workspace or the organisation. Each decides its own request.

use std::collections::BTreeSet;

use countersign::domain::{
    chat::{Inbound, Platform, Verb},
    ids::RequestId,
    message::Audience,
};

use jiff::SignedDuration;

use super::mould::{Cast, Mould};
use crate::{
    assure::{Dice, figure, times},
    stage::{HELPDESK, Stage, shown},
};

/// Where chance begins.
const SEED: u64 = 0xB10;
/// Cards that are open at once in the thread.
const CARDS: usize = 50;
/// So many decisions in one house; then another is built.
const IN_A_HOUSE: u32 = 1_000;

struct Thread {
    stage: Stage,
    moulds: Vec<Mould>,
    open: Vec<Cast>,
    /// Over, with how.
    over: Vec<(RequestId, &'static str)>,
}

impl Thread {
    async fn new(dice: &mut Dice) -> Self {
        let stage = Stage::new().await;
        let people = ["jane.roe", "omar.haddad", "sam.taylor", "felix.brandt", "fiona.ledger"];
        let thread = stage.says("tina.tech", "help").await;
        for who in people {
            let words = format!("revoke the sessions of {who}@contoso.com");
            stage.says_in("tina.tech", &words, &thread).await;
        }
        let asked: Vec<_> = stage.bot_said(HELPDESK).into_iter().skip(1).collect();
        assert_eq!(asked.len(), people.len(), "{:?}", asked.iter().map(shown).collect::<Vec<_>>());
        assert!(asked.iter().all(|message| message.thread.as_deref() == Some(thread.as_str())));
        let mut moulds = Vec::new();
        for number in 1001..=1005 {
            moulds.push(Mould::of(&stage, number).await);
        }
        let mut thread = Self { stage, moulds, open: Vec::new(), over: Vec::new() };
        for _ in 0..CARDS {
            thread.one_more(dice).await;
        }
        thread
    }

    async fn one_more(&mut self, dice: &mut Dice) {
        let mould = &self.moulds[dice.place(self.moulds.len())];
        self.open.push(mould.cast(&self.stage, 1).await);
    }

    /// A press on one of the cards: who presses it, where, and what becomes of that request.
    fn press(&self, cast: &Cast, dice: &mut Dice) -> (Inbound, &'static str) {
        let who = ["anna.approver", "theo.tech"][dice.place(2)];
        let (verb, ends) = match dice.roll(5) {
            0 => (Verb::Cancel, "cancelled"),
            1 | 2 => (Verb::Reject, "rejected"),
            _ => (Verb::Approve, "approved"),
        };
        if verb == Verb::Cancel {
            let copy = cast.copy(&self.stage, Audience::Requester, Platform::Slack, "tina.tech");
            return (cast.pressed_by(&self.stage, "tina.tech", copy, verb), ends);
        }
        let door = if dice.roll(2) == 0 { Platform::Slack } else { Platform::Teams };
        let copy = cast.copy(&self.stage, Audience::Approvers, door, who);
        (cast.pressed_by(&self.stage, who, copy, verb), ends)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b10_of_fifty_cards_in_one_thread_each_decides_its_own_request() {
    let (tried, mut dice) = (times(150, 10_000), Dice(SEED));
    let mut thread = Thread::new(&mut dice).await;
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(IN_A_HOUSE) {
            thread = Thread::new(&mut dice).await;
        }
        let cast = thread.open.swap_remove(dice.place(thread.open.len()));
        let (inbound, ends) = thread.press(&cast, &mut dice);
        let told = format!("decision {at}, seed {SEED:#x}: {:?} on {}", inbound.what, cast.id);
        // The same click by the organisation's id, as Enterprise Grid names it, is no other one,
        // and one of another organisation is none of ours.
        let mut foreign = inbound.clone();
        foreign.key = format!("{} elsewhere", inbound.key);
        "E0ELSEWHERE".clone_into(&mut foreign.place.realm);
        let desk = &thread.stage.house().desk;
        if inbound.place.platform == Platform::Slack && dice.roll(2) == 0 {
            let countersign::domain::chat::Heard::Pressed(press) = &mut foreign.what else {
                panic!("a press")
            };
            "E0ELSEWHERE".clone_into(&mut press.on.place.realm);
            let answer = desk.handle(foreign).await.unwrap();
            assert!(answer.request.is_none(), "{told}: another organisation's was taken");
        }
        let answer = desk.handle(inbound).await.unwrap();
        assert_eq!(answer.request, Some(cast.id), "{told}: {answer:?}");
        thread.over.push((cast.id, ends));
        let store = &thread.stage.house().store;
        // What was decided lately, and everything that still waits, is as it should be.
        for (id, ends) in thread.over.iter().rev().take(3) {
            let request = store.request(id).await.unwrap().unwrap();
            let is = request.stage.name();
            // What was approved may have been carried out since.
            let ran = *ends == "approved" && ["running", "succeeded"].contains(&is);
            assert!(is == *ends || ran, "{told}: {id} is {is}");
        }
        let open = store.open(&thread.stage.tenant(), None, 1_000).await.unwrap();
        let waiting: BTreeSet<RequestId> = open
            .iter()
            .filter(|request| request.stage.name() == "pending")
            .map(|request| request.id)
            .collect();
        let missing = thread.open.iter().filter(|cast| !waiting.contains(&cast.id));
        assert_eq!(missing.count(), 0, "{told}: another card's request was decided");
        if at.is_multiple_of(50) {
            thread.stage.clock.pass(SignedDuration::from_secs(5));
            while Box::pin(thread.stage.house().engine.work()).await.unwrap().is_some() {}
        }
        thread.one_more(&mut dice).await;
    }
    let what =
        "decisions over 50 cards in one thread, in both chats, other organisations' among them";
    figure("B10", what, tried, SEED);
}
