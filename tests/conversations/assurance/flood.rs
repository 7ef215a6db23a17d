//! B11: more requests than one approver can read. After twenty cards in ten minutes the others are
//! listed on one; each is opened from there, and read before it is signed.

use std::collections::BTreeSet;

use countersign::{
    domain::{chat::Verb, ids::Number},
    sim::{slack::Sent, teams::BotService},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    attacks::{Button, state},
    stage::{APPROVALS, Settings, Stage, card_text, shown, slack_id},
};

/// Where chance begins.
const SEED: u64 = 0xB11;
const ANNA: &str = "anna.approver";
/// So many cards are still cards.
const CARDS: usize = 20;

/// A directory with so many more people.
fn directory(people: u32) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/microsoft/data/contoso.json");
    let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for nth in 0..people {
        let upn = format!("flood{nth}@contoso.com");
        file["users"].as_array_mut().unwrap().push(json!({
            "upn": upn, "displayName": format!("Flood {nth}"), "mail": upn,
            "userType": "Member", "accountEnabled": true, "department": "Many",
        }));
    }
    file.to_string()
}

/// Anna has met the bot in both chats, and so many requests come within ten minutes.
async fn flooded(requests: u32) -> Stage {
    let settings = Settings {
        approvers: "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\"]".to_owned(),
        directory: Some(directory(requests)),
        ..Settings::default()
    };
    let stage = Stage::with(settings).await;
    let own = stage.slack.direct(&slack_id(ANNA));
    stage.slack.say(&slack_id(ANNA), &own, "help", None).await.unwrap();
    stage.settle().await;
    for nth in 0..requests {
        stage.clock.pass(SignedDuration::from_secs(1));
        stage.says("tina.tech", &format!("disable flood{nth}@contoso.com")).await;
    }
    stage
}

/// Anna's cards in a chat of her own: those that can be approved, and the newest list.
fn in_slack(stage: &Stage) -> (Vec<String>, Vec<countersign::sim::slack::Message>) {
    let own = stage.slack.direct(&slack_id(ANNA));
    let all = stage.bot_said(&own);
    let has = |message: &countersign::sim::slack::Message, verb: Verb| {
        message.blocks.as_ref().is_some_and(|b| b.to_string().contains(verb.as_str()))
    };
    let cards = all.iter().filter(|m| has(m, Verb::Approve)).map(shown).collect();
    let lists = all.into_iter().filter(|m| shown(m).contains("To sign:")).collect();
    (cards, lists)
}

fn in_teams(stage: &Stage) -> (usize, Vec<countersign::sim::teams::SimMessage>) {
    let cards = stage.teams_cards(ANNA);
    let has = |verb: Verb| {
        move |m: &&countersign::sim::teams::SimMessage| {
            BotService::button(m.card.as_ref().unwrap(), verb.as_str()).is_some()
        }
    };
    let approve = cards.iter().filter(has(Verb::Approve)).count();
    let lists = cards.into_iter().filter(|m| card_text(m).contains("To sign:")).collect();
    (approve, lists)
}

/// The buttons of a list in Slack, as their channel, message and value.
fn opens(stage: &Stage, list: &countersign::sim::slack::Message) -> Vec<Button> {
    let blocks = list.blocks.as_ref().unwrap().as_array().unwrap().iter();
    let elements = blocks.flat_map(|block| block["elements"].as_array().into_iter().flatten());
    let own = stage.slack.direct(&slack_id(ANNA));
    elements
        .filter(|one| {
            one["action_id"].as_str().is_some_and(|id| id.starts_with("countersign.open"))
        })
        .map(|one| Button {
            channel: own.clone(),
            ts: list.ts.clone(),
            value: one["value"].as_str().unwrap().to_owned(),
        })
        .collect()
}

async fn press(stage: &Stage, button: &Button, verb: Verb) {
    let sent: Sent = button.pressed_by(stage, ANNA, verb.as_str());
    assert!(stage.slack.send_again(&sent).await.is_ok());
    stage.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_a_flood_is_gathered_on_one_card_and_nothing_is_lost() {
    let (tried, mut dice) = (times(40, 200), Dice(SEED));
    let stage = flooded(tried).await;
    let (cards, lists) = in_slack(&stage);
    let further = tried as usize - CARDS;
    assert_eq!((cards.len(), lists.len()), (CARDS, 1), "{cards:?}");
    let list = shown(&lists[0]);
    assert!(list.contains(&format!("To sign: {further} more")), "{list}");
    assert!(!list.contains(Verb::Approve.as_str()), "nothing is signed on the list");
    let (cards, lists) = in_teams(&stage);
    assert_eq!((cards, lists.len()), (CARDS, 1));
    assert!(card_text(&lists[0]).contains(&format!("To sign: {further} more")));
    // The channel, which is nobody's own, has every card.
    let all = stage.bot_said(APPROVALS);
    assert_eq!(all.len(), tried as usize);

    // Opened one by one, by chance, each is there to be signed: none is lost.
    let mut numbers: BTreeSet<u64> = (1_001 + CARDS as u64..=1_000 + u64::from(tried)).collect();
    while !numbers.is_empty() {
        stage.clock.pass(SignedDuration::from_secs(2));
        let (_, lists) = in_slack(&stage);
        let buttons = opens(&stage, &lists[0]);
        assert!(!buttons.is_empty(), "{} are not listed: {numbers:?}", numbers.len());
        let button = &buttons[dice.place(buttons.len())];
        let before = in_slack(&stage).0.len();
        press(&stage, button, Verb::Open).await;
        let (cards, _) = in_slack(&stage);
        assert_eq!(cards.len(), before + 1, "it has a card of its own now");
        let card = cards.last().unwrap();
        let number = *numbers.iter().find(|n| card.contains(&format!("(#{n})"))).unwrap();
        numbers.remove(&number);
        if dice.roll(2) == 0 {
            let own = stage.slack.direct(&slack_id(ANNA));
            stage.presses(ANNA, &own, Verb::Reject).await;
            assert_eq!(state(&stage, number).await, "rejected");
        }
    }
    let (_, lists) = in_slack(&stage);
    assert!(shown(&lists[0]).contains("To sign: nothing more here"), "{}", shown(&lists[0]));
    figure(
        "B11",
        "requests to one approver within ten minutes; listed after 20, none lost",
        tried,
        SEED,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_a_list_signs_nothing_and_shows_what_was_decided_elsewhere() {
    let stage = flooded(23).await;
    let (_, lists) = in_slack(&stage);
    let buttons = opens(&stage, &lists[0]);
    assert_eq!(buttons.len(), 3);
    // What the list's buttons carry does not sign, by any other button.
    for verb in [Verb::Approve, Verb::Reject, Verb::Emergency, Verb::Untick, Verb::Details] {
        press(&stage, &buttons[0], verb).await;
        let told = stage.whispered(ANNA).concat() + &stage.direct(ANNA).concat();
        assert!(told.contains("does not belong to this card"), "{verb:?}: {told}");
        assert_eq!(state(&stage, 1021).await, "pending", "{verb:?}");
    }
    assert!(stage.effects().is_empty());
    // A card that is a card cannot be opened.
    let card = crate::attacks::button(&stage, APPROVALS, Verb::Approve);
    press(&stage, &card, Verb::Open).await;
    assert!(
        stage.direct(ANNA).concat().contains("does not belong")
            || stage.whispered(ANNA).concat().contains("does not belong")
    );
    // Decided in the channel, it is on the list no more.
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    assert_eq!(state(&stage, 1023).await, "succeeded");
    let (_, lists) = in_slack(&stage);
    assert!(shown(&lists[0]).contains("To sign: 2 more"), "{}", shown(&lists[0]));
    assert!(!shown(&lists[0]).contains("#1023"), "{}", shown(&lists[0]));
    // In Teams the same: opened there, and signed on its own card.
    let list = in_teams(&stage).1.remove(0);
    assert!(card_text(&list).contains("To sign: 2 more"), "{}", card_text(&list));
    let before = in_teams(&stage).0;
    let answer = stage.presses_in_teams(ANNA, Verb::Open).await;
    assert!(answer.to_string().contains("To sign: 1 more"), "the list answers: {answer}");
    assert_eq!(in_teams(&stage).0, before + 1);
    stage.presses_in_teams(ANNA, Verb::Approve).await;
    assert_eq!(state(&stage, 1021).await, "succeeded");
    // After ten minutes a request is a card again.
    stage.pass(SignedDuration::from_mins(11)).await;
    stage.says("tina.tech", "disable john.doe@contoso.com").await;
    assert_eq!(in_teams(&stage).0, before + 1);
    assert!(in_slack(&stage).0.last().unwrap().contains("John Doe"));
    let number = Number(1024);
    assert!(stage.house().store.numbered(&stage.tenant(), number).await.unwrap().is_some());
}
