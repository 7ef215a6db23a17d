//! A stage whose house dies on command and is taken up again.

use std::{sync::Arc, time::Duration};

use countersign::{
    desk::record::Sequencer,
    domain::{
        chat::Verb,
        ids::Number,
        request::{Request, Stage as At},
    },
    sim::{slack::Message, teams::BotService},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    crashing::{Diary, Fate},
    stage::{APPROVALS, Between, HELPDESK, Settings, Stage, slack_id},
};

/// What is due later than this is not waited for.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// Somebody presses again when nothing came back, at most so often.
const PRESSES_MAX: usize = 8;

/// Where a button is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A channel of Slack.
    Slack(&'static str),
    /// The personal chat in Teams.
    Teams,
}

/// The stage, and the fate of its house.
pub struct Room {
    pub stage: Stage,
    pub fate: Fate,
    sequencer: Option<Sequencer>,
    /// How often the house was taken up again.
    pub restarts: u32,
    requests: u64,
}

impl Room {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    /// A room with other settings.
    pub async fn with(settings: Settings) -> Self {
        let fate = Fate::new();
        let (before_store, before_calls) = (fate.clone(), fate.clone());
        let between = Between {
            store: Some(Arc::new(move |real| before_store.store(real))),
            calls: Some(Arc::new(move |routes| before_calls.gate(routes))),
            faces: None,
        };
        let stage = Stage::between(settings, between).await;
        stage.slack.keep_retries(true);
        Self { stage, fate, sequencer: None, restarts: 0, requests: 0 }
    }

    /// The number the next request will have.
    pub fn next_number(&mut self) -> Number {
        self.requests += 1;
        Number(1000 + self.requests)
    }

    /// The request, as the database holds it.
    pub async fn request(&self, number: Number) -> Option<Request> {
        self.stage.house().store.numbered(&self.stage.tenant(), number).await.unwrap()
    }

    /// Takes the house up again if it died, as often as that takes.
    pub async fn rise(&mut self) {
        while self.fate.is_dead() || self.stage.house.is_none() {
            self.sequencer = None;
            self.stage.fall().await;
            self.fate.revive();
            self.restarts += 1;
            let fate = self.fate.clone();
            tokio::select! {
                biased;
                () = fate.died() => continue,
                () = self.stage.start() => {}
            }
            // A new process first takes up what was acknowledged and not handled.
            let desks = self.stage.house().desks.clone();
            tokio::select! {
                biased;
                () = fate.died() => {}
                caught = desks.catch_up() => { caught.unwrap(); }
            }
        }
    }

    /// Does what is due until nothing is, through deaths, leases and waits.
    pub async fn settle(&mut self) {
        for _ in 0..800 {
            self.rise().await;
            let fate = self.fate.clone();
            let moved = tokio::select! {
                biased;
                () = fate.died() => true,
                moved = self.work() => moved,
            };
            if moved {
                // Time goes on meanwhile: Teams takes one message each 550 ms for long.
                self.stage.clock.pass(SignedDuration::from_millis(600));
                continue;
            }
            let (now, due) =
                (self.stage.clock_now(), self.stage.house().store.next_due().await.unwrap());
            match due {
                Some(due) if due <= now + PATIENCE => {
                    let wait = due.duration_since(now).max(SignedDuration::from_millis(100));
                    self.stage.clock.pass(wait);
                }
                _ => return,
            }
        }
        panic!("it never settles");
    }

    /// One turn of every loop of the product.
    async fn work(&mut self) -> bool {
        let house = self.stage.house();
        let mut changed = house.store.changed();
        while !house.store.unhandled(1).await.unwrap().is_empty() {
            if tokio::time::timeout(Duration::from_secs(5), changed.changed()).await.is_err() {
                Box::pin(house.desks.catch_up()).await.unwrap();
            }
        }
        let mut moved = house.engine.work().await.unwrap().is_some();
        moved |= house.desks.tell().await.unwrap() > 0;
        moved |= house.desks.expire().await.unwrap() > 0;
        if self.sequencer.is_none() {
            self.sequencer = Some(Sequencer::open(&house.desk, house.signing_key()).await.unwrap());
        }
        let sequencer = self.sequencer.as_mut().unwrap();
        moved | (sequencer.turn(&house.desk).await.unwrap() > 0)
    }

    /// Somebody outside does something; if the house dies of it, their connection ends.
    async fn outside<T>(&mut self, act: impl Future<Output = T>) -> T {
        let fate = self.fate.clone();
        tokio::pin!(act);
        tokio::select! {
            biased;
            got = &mut act => return got,
            () = fate.died() => {}
        }
        self.stage.fall().await;
        act.await
    }

    /// Somebody writes in the help desk's channel. Slack sends it again until it is
    /// acknowledged: at once, after a minute, after five. Gives the message's ts.
    pub async fn say(&mut self, who: &str, words: &str) -> String {
        self.rise().await;
        let (slack, user) = (self.stage.slack.clone(), slack_id(who));
        let text = format!("@countersign {words}");
        let acted = self
            .outside(async move { slack.say(&user, HELPDESK, &text, None).await.unwrap() })
            .await;
        let mut heard = acted.answer.is_some_and(|answer| answer.is_ok());
        for wait in [0, 61, 301] {
            if heard {
                break;
            }
            self.settle().await;
            self.stage.clock.pass(SignedDuration::from_secs(wait));
            self.rise().await;
            let slack = self.stage.slack.clone();
            let answers = self.outside(async move { slack.send_due_retries().await }).await;
            heard = answers.iter().any(countersign::sim::slack::Answered::is_ok);
        }
        assert!(heard, "Slack gave up; the process died at {:?}", self.fate.told().died_at);
        self.settle().await;
        acted.ts.unwrap()
    }

    /// Somebody presses a button until the request is where they wanted it: when
    /// nothing came back they look at the card, and press again if it still asks.
    pub async fn press(
        &mut self,
        by: (&str, Door),
        verb: Verb,
        number: Number,
        kept: impl Fn(&At) -> bool,
    ) {
        Box::pin(self.press_until(by, verb, number, kept, true)).await;
    }

    /// The same, where the first press may only show what is to be read first.
    pub async fn sign(
        &mut self,
        by: (&str, Door),
        verb: Verb,
        number: Number,
        kept: impl Fn(&At) -> bool,
    ) {
        Box::pin(self.press_until(by, verb, number, kept, false)).await;
    }

    /// `at_once`: what was acknowledged has to be kept.
    async fn press_until(
        &mut self,
        (who, door): (&str, Door),
        verb: Verb,
        number: Number,
        kept: impl Fn(&At) -> bool,
        at_once: bool,
    ) {
        for _ in 0..PRESSES_MAX {
            self.settle().await;
            let request = self.request(number).await.expect("it was asked for");
            if kept(&request.stage) {
                return;
            }
            let acknowledged = match door {
                Door::Slack(channel) => self.press_in_slack(who, channel, verb, number).await,
                Door::Teams => self.press_in_teams(who, verb, number).await,
            };
            if acknowledged || !at_once {
                self.rise().await;
            }
            if acknowledged && at_once {
                let request = self.request(number).await.expect("it was asked for");
                assert!(
                    kept(&request.stage),
                    "{verb:?} of {number} was acknowledged and is lost: {}",
                    request.stage.name()
                );
            }
        }
        panic!("{verb:?} of {number} was pressed {PRESSES_MAX} times");
    }

    async fn press_in_slack(
        &mut self,
        who: &str,
        channel: &'static str,
        verb: Verb,
        number: Number,
    ) -> bool {
        let cards = self.slack_cards(channel, number);
        let message = cards.into_iter().rev().find(|card| has(card.blocks.as_ref(), verb));
        let message = message.unwrap_or_else(|| panic!("no {verb:?} for {number} in {channel}"));
        let (slack, user) = (self.stage.slack.clone(), slack_id(who));
        let chosen = verb == Verb::Pick;
        let acted = self
            .outside(async move {
                if chosen {
                    let value = "sam.taylor@contoso.com";
                    let option = choice(message.blocks.as_ref().unwrap(), value);
                    slack.fill(&user, &message.ts, "choice", &option).await.unwrap();
                }
                slack.press(&user, channel, &message.ts, verb.as_str()).await
            })
            .await
            .unwrap();
        acted.answer.is_some_and(|answer| answer.is_ok())
    }

    async fn press_in_teams(&mut self, who: &str, verb: Verb, number: Number) -> bool {
        let upn = format!("{who}@contoso.com");
        let conversation = self.stage.teams.open_personal(&upn).unwrap();
        let cards = self.teams_cards(who, number);
        let found = cards.iter().rev().find_map(|message| {
            BotService::button(message.card.as_ref()?, verb.as_str())
                .map(|data| (message.id.clone(), data))
        });
        let (message, data) = found.unwrap_or_else(|| panic!("no {verb:?} for {number} in Teams"));
        let teams = self.stage.teams.clone();
        let answer = self
            .outside(async move {
                teams.press(&upn, (&conversation, &message), verb.as_str(), &data, &json!({})).await
            })
            .await;
        answer.is_ok_and(|answer| {
            answer.status == 200 && answer.body["type"] != "application/vnd.microsoft.error"
        })
    }

    /// The cards of a request in a Slack channel, oldest first.
    pub fn slack_cards(&self, channel: &str, number: Number) -> Vec<Message> {
        let named = format!("{number} ·");
        let of_it = |message: &Message| {
            message.blocks.as_ref().is_some_and(|blocks| blocks.to_string().contains(&named))
        };
        self.stage.bot_said(channel).into_iter().filter(of_it).collect()
    }

    /// The cards of a request in somebody's personal Teams chat, oldest first.
    pub fn teams_cards(
        &self,
        who: &str,
        number: Number,
    ) -> Vec<countersign::sim::teams::SimMessage> {
        let named = format!("{number} ·");
        let mut cards = self.stage.teams_cards(who);
        cards.retain(|card| card.card.as_ref().is_some_and(|c| c.to_string().contains(&named)));
        cards
    }

    /// The life is over: nothing dies any more. Gives what was written of it.
    pub async fn over(&mut self) -> Diary {
        let diary = self.fate.told();
        self.fate.disarm();
        self.settle().await;
        diary
    }
}

/// The places where approvers read.
pub const APPROVERS_READ: [&str; 2] = ["anna.approver", "theo.tech"];
/// The places in Slack where cards stand.
pub const SLACK_PLACES: [&str; 2] = [HELPDESK, APPROVALS];

/// Has this button.
pub fn has(blocks: Option<&Value>, verb: Verb) -> bool {
    blocks.is_some_and(|blocks| blocks.to_string().contains(verb.as_str()))
}

/// The value of the option that ends with these words or has them as its value.
fn choice(blocks: &Value, wanted: &str) -> String {
    fn all(value: &Value, found: &mut Vec<Value>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::Array(options)) = map.get("options") {
                    found.extend(options.iter().cloned());
                }
                map.values().for_each(|inner| all(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| all(inner, found)),
            _ => {}
        }
    }
    let mut options = Vec::new();
    all(blocks, &mut options);
    let option = options.iter().find(|option| option.to_string().contains(wanted));
    option.expect("the choice is offered")["value"].as_str().unwrap().to_owned()
}
