//! At the same instant: one decision, everybody answered, nothing runs twice.
//!
//! Each race is between real requests at the doors of one house, or of two houses on
//! the same database, with a head start that comes from a seed.
//!
//! Not here: processes that die in a race; `crashes` does that.

use std::collections::BTreeMap;

use countersign::{
    app::House,
    domain::{
        chat::{Platform, Verb},
        ids::Number,
        request::Request,
    },
    sim::{
        slack::{Acted, Answered, Sent, Transport},
        teams::{BotAnswer, BotService},
    },
};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    assure::{Dice, figure, times},
    stage::{APPROVALS, HELPDESK, Settings, Stage, card_text, shown, slack_id},
};

/// Where chance begins.
const SEED: u64 = 0x00C0_FFEE;
/// Races of each sort.
const EACH: u32 = 40;
/// So many in one room, before its chats are too full to be read fast.
const IN_A_RING: u32 = 200;
/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/";

/// Lets the others go first, a little.
async fn head_start(steps: u64) {
    for _ in 0..steps {
        tokio::task::yield_now().await;
    }
}

/// A stage on which one request after the other is fought over.
struct Ring {
    stage: Stage,
    dice: Dice,
    number: u64,
    ends: BTreeMap<String, u32>,
}

impl Ring {
    async fn new(name: &str) -> Self {
        eprintln!("{name}: seed {SEED:#x}");
        let settings = Settings { approvers: APPROVERS.to_owned(), ..Settings::default() };
        let stage = Stage::with(settings).await;
        Self { stage, dice: Dice(SEED), number: 1000, ends: BTreeMap::new() }
    }

    /// A new request that waits for a signature.
    async fn ask(&mut self) -> Number {
        self.stage.world.reset();
        // The chats have forgotten the race before: their limits are whole again.
        self.stage.clock.pass(SignedDuration::from_mins(1));
        self.stage.says("tina.tech", "reset the password for john.doe@contoso.com").await;
        self.number += 1;
        Number(self.number)
    }

    async fn request(&self, number: Number) -> Request {
        let house = self.stage.house();
        house.store.numbered(&self.stage.tenant(), number).await.unwrap().unwrap()
    }

    /// A press in Slack's approvers' channel, after a head start for the others.
    fn in_slack(&mut self, who: &str, verb: Verb) -> impl Future<Output = Acted> + use<> {
        let message = self.stage.with_button(APPROVALS, verb).expect("the card asks");
        let (slack, user) = (self.stage.slack.clone(), slack_id(who));
        let steps = self.dice.roll(60);
        async move {
            head_start(steps).await;
            slack.press(&user, APPROVALS, &message.ts, verb.as_str()).await.unwrap()
        }
    }

    /// A press in Teams, after a head start for the others.
    fn in_teams(&mut self, who: &str, verb: Verb) -> impl Future<Output = BotAnswer> + use<> {
        let upn = format!("{who}@contoso.com");
        let conversation = self.stage.teams.open_personal(&upn).unwrap();
        let card = self.stage.teams_cards(who).pop().expect("a card");
        let data = BotService::button(card.card.as_ref().unwrap(), verb.as_str()).expect("it asks");
        let (teams, steps) = (self.stage.teams.clone(), self.dice.roll(60));
        async move {
            head_start(steps).await;
            teams
                .press(&upn, (&conversation, &card.id), verb.as_str(), &data, &json!({}))
                .await
                .unwrap()
        }
    }

    /// One decision: the votes, the ledger and the request agree.
    async fn one_decision(&mut self, number: Number) {
        self.stage.settle().await;
        let request = self.request(number).await;
        let votes = self.stage.house().store.votes(&request.id, request.revision).await.unwrap();
        assert_eq!(votes.len(), 1, "one vote decides {number}: {votes:?}");
        let effects = self.stage.effects();
        match request.stage.name() {
            "succeeded" => assert_eq!(effects, ["user.password"], "{number}"),
            "rejected" => assert!(effects.is_empty(), "{number}: {effects:?}"),
            other => panic!("{number} ended {other}"),
        }
        let how = format!("{} by {}", request.stage.name(), votes[0].voter.name);
        *self.ends.entry(how).or_default() += 1;
    }
}

const APPROVERS: &str = "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\"]";

fn answered(acted: &Acted) {
    assert!(acted.answer.as_ref().is_some_and(Answered::is_ok), "{acted:?}");
}

/// What an invoke says in words, if it does.
fn words(answer: &BotAnswer) -> Option<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["statusCode"], 200, "{answer:?}");
    answer.body["value"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_two_approvers_at_the_same_instant_make_one_decision() {
    let mut ring = Ring::new("two approvers").await;
    for _ in 0..EACH {
        let number = ring.ask().await;
        let anna = ring.in_teams("anna.approver", Verb::Approve);
        let theo = ring.in_teams("theo.tech", Verb::Approve);
        let (anna, theo) = tokio::join!(anna, theo);
        let told: Vec<String> = [&anna, &theo].into_iter().filter_map(words).collect();
        assert_eq!(told.len(), 1, "the loser is told, the winner sees the card: {told:?}");
        let winner = ring.request(number).await.stage.signed_by()[0].name.clone();
        assert!(told[0].contains(&winner), "the loser is told who: {told:?}");
        ring.one_decision(number).await;
    }
    eprintln!("two approvers: {EACH} races, {:?}", ring.ends);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_approving_in_teams_and_refusing_in_slack_make_one_decision() {
    let mut ring = Ring::new("approve versus reject").await;
    for _ in 0..EACH {
        let number = ring.ask().await;
        let whispers = ring.stage.whispered("theo.tech").len();
        let anna = ring.in_teams("anna.approver", Verb::Approve);
        let theo = ring.in_slack("theo.tech", Verb::Reject);
        let (anna, theo) = tokio::join!(anna, theo);
        answered(&theo);
        ring.one_decision(number).await;
        let request = ring.request(number).await;
        if request.stage.name() == "rejected" {
            let told = words(&anna).expect("the loser is told");
            assert!(told.contains("Theo Tech"), "the loser is told who: {told}");
        } else {
            assert_eq!(words(&anna), None, "the winner sees the card");
            let told = ring.stage.whispered("theo.tech");
            assert_eq!(told.len(), whispers + 1, "the loser is told");
            assert!(told.last().unwrap().contains("Anna Approver"), "who: {told:?}");
        }
    }
    eprintln!("approve versus reject: {EACH} races, {:?}", ring.ends);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_counts_once() {
    let mut ring = Ring::new("double click").await;
    for round in 0..EACH {
        let number = ring.ask().await;
        if round % 2 == 0 {
            let first = ring.in_teams("anna.approver", Verb::Approve);
            let second = ring.in_teams("anna.approver", Verb::Approve);
            let (first, second) = tokio::join!(first, second);
            let told = [&first, &second].into_iter().filter_map(words).count();
            assert_eq!(told, 1, "one click sees the card, the other one words");
        } else {
            let first = ring.in_slack("anna.approver", Verb::Approve);
            let second = ring.in_slack("anna.approver", Verb::Approve);
            let (first, second) = tokio::join!(first, second);
            answered(&first);
            answered(&second);
        }
        ring.one_decision(number).await;
    }
    eprintln!("double click: {EACH} races, {:?}", ring.ends);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_delivery_five_times_at_once_counts_once() {
    let mut ring = Ring::new("five deliveries").await;
    for round in 0..EACH {
        let number = ring.ask().await;
        if round % 2 == 0 {
            five_times_in_teams(&mut ring).await;
        } else {
            five_times_in_slack(&mut ring).await;
        }
        ring.one_decision(number).await;
    }
    eprintln!("five deliveries: {EACH} races of 5, {:?}", ring.ends);
}

async fn five_times_in_teams(ring: &mut Ring) {
    let upn = "anna.approver@contoso.com";
    let conversation = ring.stage.teams.open_personal(upn).unwrap();
    let card = ring.stage.teams_cards("anna.approver").pop().unwrap();
    let approve = Verb::Approve.as_str();
    let data = BotService::button(card.card.as_ref().unwrap(), approve).unwrap();
    let place = (conversation.as_str(), card.id.as_str());
    let activity = ring.stage.teams.pressed(upn, place, approve, &data, &json!({})).unwrap();
    let all = (0..5).map(|_| {
        let (teams, activity, steps) =
            (ring.stage.teams.clone(), activity.clone(), ring.dice.roll(60));
        async move {
            head_start(steps).await;
            teams.deliver(&activity).await.unwrap()
        }
    });
    let all = futures::future::join_all(all.collect::<Vec<_>>()).await;
    assert!(all.iter().all(|answer| words(answer).is_none()), "all five see the card: {all:?}");
}

async fn five_times_in_slack(ring: &mut Ring) {
    // Pressed once while nobody listens, to have what Slack sends.
    let message = ring.stage.with_button(APPROVALS, Verb::Approve).unwrap();
    reach(ring, NOWHERE);
    let user = slack_id("anna.approver");
    let acted = ring
        .stage
        .slack
        .press(&user, APPROVALS, &message.ts, Verb::Approve.as_str())
        .await
        .unwrap();
    reach(ring, &ring.stage.base);
    let sent: Sent = acted.sent.unwrap();
    let all = (0..5).map(|_| {
        let (slack, sent, steps) = (ring.stage.slack.clone(), sent.clone(), ring.dice.roll(60));
        async move {
            head_start(steps).await;
            slack.send_again(&sent).await
        }
    });
    for answer in futures::future::join_all(all.collect::<Vec<_>>()).await {
        assert!(answer.is_ok(), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_five_times_at_once_are_one_request() {
    let mut ring = Ring::new("five times the same words").await;
    for _ in 0..EACH / 2 {
        let number = ring.ask().await;
        let words = "@countersign reset the password for jane.roe@contoso.com";
        let (slack, user) = (ring.stage.slack.clone(), slack_id("theo.tech"));
        reach(&ring, NOWHERE);
        let acted = slack.say(&user, HELPDESK, words, None).await.unwrap();
        reach(&ring, &ring.stage.base);
        let sent = acted.sent.unwrap();
        let answers =
            futures::future::join_all((0..5).map(|_| slack.send_again(&sent)).collect::<Vec<_>>())
                .await;
        assert!(answers.iter().all(Answered::is_ok), "{answers:?}");
        ring.stage.settle().await;
        let house = ring.stage.house();
        let tenant = ring.stage.tenant();
        ring.number += 1;
        assert!(house.store.numbered(&tenant, Number(number.0 + 1)).await.unwrap().is_some());
        assert!(house.store.numbered(&tenant, Number(number.0 + 2)).await.unwrap().is_none());
    }
    eprintln!("five times the same words: {} races of 5", EACH / 2);
}

/// Two houses on one database, each with doors, caches and connections of its own.
struct Two {
    ring: Ring,
    second: House,
    second_base: String,
}

impl Two {
    async fn new() -> Self {
        let ring = Ring::new("two houses").await;
        let second = ring.stage.build().await;
        let desk = &second.desk;
        let now = desk.clock.now();
        desk.people.refresh(desk.directory.as_ref(), &desk.tenant, now).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let second_base = format!("http://{}", listener.local_addr().unwrap());
        let routes = countersign::web::router(second.doors.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { ring, second, second_base }
    }

    /// From here on one chat speaks to the first house and the other one to the second.
    fn parted(&mut self) {
        let (first, second) = (self.ring.stage.base.clone(), self.second_base.clone());
        let (slack, teams) =
            if self.ring.dice.roll(2) == 0 { (second, first) } else { (first, second) };
        reach(&self.ring, &slack);
        self.ring.stage.teams.set_bot_endpoint(&format!("{teams}/api/messages"));
    }

    fn together(&self) {
        let first = self.ring.stage.base.clone();
        reach(&self.ring, &first);
        self.ring.stage.teams.set_bot_endpoint(&format!("{first}/api/messages"));
    }
}

/// What came of one click.
enum Came {
    Slack(Acted),
    Teams(BotAnswer),
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_two_houses_on_one_database_decide_and_run_once() {
    let tried = times(EACH, 2_000);
    let mut two = Two::new().await;
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(IN_A_RING) {
            ends.extend(std::mem::take(&mut two.ring.ends));
            two = Two::new().await;
            two.ring.dice = Dice(SEED.wrapping_add(u64::from(at)));
        }
        two.together();
        let number = two.ring.ask().await;
        let whispers = |ring: &Ring| -> usize {
            ["anna.approver", "theo.tech"].map(|who| ring.stage.whispered(who).len()).iter().sum()
        };
        let before = whispers(&two.ring);
        two.parted();
        let many = 2 + two.ring.dice.roll(7);
        let mut clicks: Vec<futures::future::BoxFuture<'static, Came>> = Vec::new();
        for nth in 0..many {
            let who = ["anna.approver", "theo.tech"][two.ring.dice.place(2)];
            let verb = if two.ring.dice.roll(3) == 0 { Verb::Reject } else { Verb::Approve };
            // Of the first two one is in each chat.
            if (nth < 2 && nth == 0) || (nth > 1 && two.ring.dice.roll(2) == 0) {
                let press = two.ring.in_slack(who, verb);
                clicks.push(Box::pin(async { Came::Slack(press.await) }));
            } else {
                let press = two.ring.in_teams(who, verb);
                clicks.push(Box::pin(async { Came::Teams(press.await) }));
            }
        }
        let came = futures::future::join_all(clicks).await;
        tokio::join!(works(two.ring.stage.house()), works(&two.second));
        two.ring.one_decision(number).await;
        let request = two.ring.request(number).await;
        let store = &two.ring.stage.house().store;
        let votes = store.votes(&request.id, request.revision).await.unwrap();
        let winner = &votes[0].voter.name;
        let in_slack = came.iter().filter(|one| matches!(one, Came::Slack(_))).count();
        let won_in_slack = usize::from(votes[0].door == Platform::Slack);
        let mut lost_in_teams = 0;
        for one in &came {
            match one {
                Came::Slack(acted) => answered(acted),
                Came::Teams(answer) => {
                    let Some(told) = words(answer) else { continue };
                    lost_in_teams += 1;
                    let signed = told.contains("You signed this already");
                    assert!(signed || told.contains(winner.as_str()), "{number}: {told}");
                }
            }
        }
        assert_eq!(
            (whispers(&two.ring) - before, lost_in_teams),
            (in_slack - won_in_slack, came.len() - in_slack - (1 - won_in_slack)),
            "race {at}, seed {SEED:#x}: everybody but {winner} is told, each once"
        );
        copies_agree(&two.ring, number, request.stage.name());
    }
    ends.extend(two.ring.ends);
    eprintln!("two houses: {tried} races, {ends:?}");
    let what = "races of 2 to 8 clicks at the doors of two houses on one database, in both chats";
    figure("B5", what, tried, SEED);
}

/// Each copy stands once in its place, and says how it ended.
fn copies_agree(ring: &Ring, number: Number, state: &str) {
    let says = if state == "succeeded" { "Done" } else { "Rejected" };
    let named = format!("{number} ·");
    for channel in [HELPDESK, APPROVALS] {
        let cards = ring.stage.bot_said(channel).into_iter();
        let of_it: Vec<String> =
            cards.map(|card| shown(&card)).filter(|card| card.contains(&named)).collect();
        assert_eq!(of_it.len(), 1, "{number} stands once in {channel}");
        assert!(of_it[0].contains(says), "{number} in {channel}: {}", of_it[0]);
    }
    for who in ["anna.approver", "theo.tech"] {
        let card = card_text(ring.stage.teams_cards(who).last().unwrap());
        assert!(card.contains(says), "{number}, {who} in Teams: {card}");
    }
}

/// Slack speaks to the house at this address from now on.
fn reach(ring: &Ring, base: &str) {
    ring.stage.slack.reach_bot(Transport::Http(base.parse().unwrap()));
}

/// What a house does until it finds nothing more to do.
async fn works(house: &House) {
    for _ in 0..50 {
        let (ran, told) = tokio::join!(house.engine.work(), house.desks.tell());
        if ran.unwrap().is_none() && told.unwrap() == 0 {
            return;
        }
    }
}
