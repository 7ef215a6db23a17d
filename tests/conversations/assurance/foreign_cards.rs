//! B2: cards that are stale, forwarded, borrowed or foreign, in both chats, by twenty routes. The
//! person who presses may sign; the card is not the one that was posted to be pressed.

use countersign::{
    domain::{chat::Verb, ids::Number},
    sim::{slack::Sent, teams::BotService},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    attacks::{Button, button, state},
    stage::{APPROVALS, HELPDESK, Settings, Stage, slack_id},
    trimming::unticks,
};

/// Where chance begins.
const SEED: u64 = 0xB2;
const ANNA: &str = "anna.approver";
const ELSEWHERE: &str = "99999999-2222-4333-8444-555555555555";
/// In how many ways a card comes where it does not belong.
const ROUTES: u64 = 20;
/// After so many the two that wait are asked for anew.
const A_WHILE: u32 = 400;

/// Two requests that wait, and cards of others that are over.
struct Table {
    stage: Stage,
    dice: Dice,
    numbers: [u64; 2],
    cards: [Button; 2],
    /// Of a request that was refused, of one whose time is over, and of a plan that was replaced.
    stale: Vec<Button>,
    nth: u64,
}

impl Table {
    async fn laid(dice: Dice) -> Self {
        let approvers =
            "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\", \"bob.lead@contoso.com\"]";
        let settings = Settings { approvers: approvers.to_owned(), ..Settings::default() };
        let stage = Stage::with(settings).await;
        let mut old = Vec::new();
        stage.says("tina.tech", "disable omar.haddad@contoso.com").await;
        old.push(button(&stage, APPROVALS, Verb::Approve));
        stage.presses("theo.tech", APPROVALS, Verb::Reject).await;
        stage.says("tina.tech", "disable fiona.ledger@contoso.com").await;
        old.push(button(&stage, APPROVALS, Verb::Approve));
        stage.pass(SignedDuration::from_hours(9)).await;
        assert_eq!(state(&stage, 1002).await, "expired");
        let leaves =
            "disable sam.taylor@contoso.com and revoke the sessions of sam.taylor@contoso.com";
        stage.says("tina.tech", leaves).await;
        old.push(button(&stage, APPROVALS, Verb::Approve));
        unticks(&stage, ANNA, APPROVALS, "1").await;
        let (numbers, cards) = asked(&stage, 1003).await;
        Self { stage, dice, numbers, cards, stale: old, nth: 0 }
    }

    /// The two are asked for anew.
    async fn again(&mut self) {
        for _ in 0..2 {
            self.stage.presses("theo.tech", APPROVALS, Verb::Reject).await;
        }
        (self.numbers, self.cards) = asked(&self.stage, self.numbers[1]).await;
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| char::from(b"0123456789abcdef"[self.dice.place(16)])).collect()
    }

    fn verb(&mut self) -> Verb {
        if self.dice.roll(3) == 0 { Verb::Reject } else { Verb::Approve }
    }

    /// A press in Slack by a route; the payload is sent as a genuine one.
    fn in_slack(&mut self, route: u64) -> Sent {
        let verb = self.verb();
        let at = self.dice.place(2);
        let (good, other) = (copied(&self.cards[at]), copied(&self.cards[1 - at]));
        let cancel = button(&self.stage, HELPDESK, Verb::Cancel);
        let (digest, nonce) = (self.hex(64), self.hex(32));
        let moved = |channel: &str, ts: &str| Button {
            channel: channel.to_owned(),
            ts: ts.to_owned(),
            ..copied(&good)
        };
        let cut = self.dice.place(good.value.len());
        let bent = match route {
            0 => good.with(2, &digest),
            1 => good.with(2, &other.part(2)),
            2 => good.with(1, &nonce),
            3 => good.with(1, &other.part(1)),
            4 => good.with(1, &cancel.part(1)),
            5 => good.with(0, &other.part(0)),
            6 => moved(APPROVALS, &other.ts),
            7 => moved(HELPDESK, &good.ts),
            8 => moved(&self.stage.slack.direct(&slack_id(ANNA)), &good.ts),
            9 => moved("C0SOMEWHERE", &good.ts),
            10 => Button { value: good.value[..cut].to_owned(), ..copied(&good) },
            11 => copied(&self.stale[self.dice.place(self.stale.len())]),
            _ => good,
        };
        let sent = bent.pressed_by(&self.stage, ANNA, verb.as_str());
        let mut payload = sent.payload().clone();
        match route {
            12 => payload["team"]["id"] = json!(format!("T{}", self.dice.roll(1_000_000))),
            13 => payload["api_app_id"] = json!(format!("A{}", self.dice.roll(1_000_000))),
            _ => return sent,
        }
        Sent::interaction(payload)
    }

    /// A press in Teams by a route.
    fn in_teams(&mut self, route: u64) -> Value {
        let verb = self.verb();
        let teams = &self.stage.teams;
        let upn = format!("{ANNA}@contoso.com");
        let home = teams.open_personal(&upn).unwrap();
        let card = |who: &str| {
            let cards = self.stage.teams_cards(who);
            let asks = |verb: &str| {
                cards.iter().rev().find_map(|card| {
                    let data = BotService::button(card.card.as_ref()?, verb)?;
                    Some((card.id.clone(), data))
                })
            };
            asks(verb.as_str()).expect("a card that asks")
        };
        let ((own, data), (_, theirs)) = (card(ANNA), card("theo.tech"));
        let place = (home.as_str(), own.as_str());
        let mut sent = teams.pressed(&upn, place, verb.as_str(), &data, &json!({})).unwrap();
        self.nth += 1;
        sent["id"] = json!(format!("18{:011}", self.nth));
        match route {
            14 => sent["value"]["action"]["data"] = theirs,
            15 => {
                let chat = format!("19:{}@thread.v2", self.hex(8));
                sent["conversation"]["id"] = json!(chat);
                sent["conversation"]["conversationType"] = json!("groupChat");
            }
            16 => sent["replyToId"] = json!(format!("17{:011}", self.dice.roll(1_000_000))),
            17 => {
                sent["conversation"]["tenantId"] = json!(ELSEWHERE);
                sent["channelData"]["tenant"]["id"] = json!(ELSEWHERE);
            }
            18 => sent["value"]["action"]["data"]["d"] = json!(self.hex(64)),
            _ => sent["value"]["action"]["data"]["n"] = json!(self.hex(32)),
        }
        sent
    }
}

fn copied(button: &Button) -> Button {
    Button { channel: button.channel.clone(), ts: button.ts.clone(), value: button.value.clone() }
}

/// Two requests more, and their buttons.
async fn asked(stage: &Stage, last: u64) -> ([u64; 2], [Button; 2]) {
    stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
    let first = button(stage, APPROVALS, Verb::Approve);
    stage.says("tina.tech", "disable jane.roe@contoso.com").await;
    let second = button(stage, APPROVALS, Verb::Approve);
    ([last + 1, last + 2], [first, second])
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_no_card_but_the_one_that_was_posted_decides() {
    let tried = times(100, 1_000);
    let mut table = Table::laid(Dice(SEED)).await;
    let ran = table.stage.effects().len();
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(A_WHILE) {
            table.again().await;
        }
        let route = u64::from(at) % ROUTES;
        let told = format!("card {at}, seed {SEED:#x}, route {route}");
        let status = if route < 14 {
            let sent = table.in_slack(route);
            table.stage.slack.send_again(&sent).await.status.unwrap()
        } else {
            let sent = table.in_teams(route);
            table.stage.teams.deliver(&sent).await.unwrap().status
        };
        assert!(status < 500, "{told}: {status}");
        table.stage.settle().await;
        let store = &table.stage.house().store;
        assert_eq!(table.stage.effects().len(), ran, "{told}: something ran");
        for number in table.numbers.into_iter().chain([1003]) {
            let number = Number(number);
            let request = store.numbered(&table.stage.tenant(), number).await.unwrap().unwrap();
            let open = request.stage.name() == "pending" || number.0 == 1003;
            assert!(open, "{told}: {number} is {}", request.stage.name());
            let votes = store.votes(&request.id, request.revision).await.unwrap();
            assert!(votes.is_empty(), "{told}: {votes:?}");
        }
        table.stage.clock.pass(SignedDuration::from_secs(10));
    }
    // The straight button still works.
    let good = copied(&table.cards[1]);
    let sent = good.pressed_by(&table.stage, ANNA, Verb::Approve.as_str());
    table.stage.slack.send_again(&sent).await;
    table.stage.settle().await;
    assert_eq!(state(&table.stage, table.numbers[1]).await, "succeeded");
    let what = "stale, forwarded, borrowed and foreign cards, by 20 routes in both chats";
    figure("B2", what, tried, SEED);
}
