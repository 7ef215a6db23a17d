//! People at work meanwhile: one asks, one signs. Whoever gets no answer tries again, as a chat
//! service or a person does; what was sent may arrive more than once, late and out of order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    cli::chaos::{
        dice::Dice,
        herd::Process,
        jumps,
        outside::{APPROVALS, ASKER, ASKER_IN_SLACK, NIGHT, Outside, SIGNER, SIGNER_IN_SLACK},
        points::Moment,
        tally::Tally,
    },
    domain::{
        chat::{Platform, Verb},
        ids::RequestId,
    },
    sim::{
        slack::{Acted, Message, Sent},
        teams::BotService,
    },
};

/// Between two tries of a delivery that was not acknowledged.
const TRY_AGAIN: Duration = Duration::from_millis(250);
/// A delivery is tried so often; what is still not acknowledged then was never said.
const TRIES_MAX: u32 = 400;
/// The signer looks at the cards so often.
const LOOK: Duration = Duration::from_millis(300);
/// When a card still asks so long after an acknowledged press, it is pressed again.
const ASKS_STILL: Duration = Duration::from_secs(12);
/// Presses on their way at once.
const PRESSES_MAX: usize = 8;

/// What was asked and acknowledged.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The message's id, as the request's origin names it.
    pub message: String,
    /// Where.
    pub platform: Platform,
    /// The channel or conversation.
    pub conversation: String,
}

/// What the signer decided about a request, once.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    /// Approve or reject.
    pub verb: Verb,
    /// Where it is pressed first.
    pub platform: Platform,
    /// When a press was acknowledged first, by this machine's clock and by the world's.
    pub heard: Option<(Instant, Timestamp)>,
    /// When a press was acknowledged last.
    pub acknowledged: Option<Instant>,
    /// Presses that were acknowledged.
    pub presses: u32,
    tries: u32,
}

/// What people did so far.
#[derive(Debug, Default)]
pub struct Diary {
    /// Acknowledged messages.
    pub asked: Vec<Asked>,
    /// Decisions by request.
    pub decided: BTreeMap<RequestId, Decision>,
    /// Messages that nobody ever acknowledged.
    pub unheard: u64,
    /// For when something was asked, by message.
    pub hours: BTreeMap<String, Timestamp>,
}

/// The people, and what they share.
#[derive(Debug)]
pub struct People {
    outside: Arc<Outside>,
    herd: Vec<Arc<Process>>,
    dice: Dice,
    tally: Tally,
    diary: Mutex<Diary>,
    next: AtomicU64,
    /// May what is sent arrive more than once?
    pub repeats: AtomicBool,
    /// Is some of it asked for an hour of the night?
    nights: bool,
}

impl People {
    /// Nobody did anything yet.
    pub fn new(
        outside: Arc<Outside>,
        herd: Vec<Arc<Process>>,
        seed: u64,
        nights: bool,
        tally: Tally,
    ) -> Arc<Self> {
        let (dice, next) = (Dice::of(seed, 11), AtomicU64::new(0));
        let (diary, repeats) = (Mutex::default(), AtomicBool::new(false));
        Arc::new(Self { outside, herd, dice, tally, diary, next, repeats, nights })
    }

    /// What was done so far.
    pub fn diary(&self) -> MutexGuard<'_, Diary> {
        self.diary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next process takes what is sent now.
    fn turn(&self) -> &Arc<Process> {
        let at = self.next.fetch_add(1, Ordering::Relaxed) % (self.herd.len() as u64).max(1);
        let process = &self.herd[usize::try_from(at).unwrap_or_default()];
        self.outside.turn_to(process.at);
        process.reaches(Moment::Hears);
        process
    }

    /// Whether it was acknowledged, which the process may not outlive.
    fn is_heard(process: &Arc<Process>, acknowledged: bool) -> bool {
        if acknowledged {
            process.reaches(Moment::Acknowledged);
        }
        acknowledged
    }

    /// Asks for this many things, one after the other so far apart, until told to stop.
    pub async fn ask(self: Arc<Self>, many: u64, apart: Duration, stop: Arc<AtomicBool>) {
        let mut asking = JoinSet::new();
        for number in 0..many {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            let own = self.clone();
            let wish = self.wish(number);
            if self.dice.percent(70) {
                asking.spawn(async move { own.ask_in_slack(number, wish).await });
            } else {
                asking.spawn(async move { own.ask_in_teams(wish).await });
            }
            sleep(apart).await;
        }
        while asking.join_next().await.is_some() {}
    }

    /// What is asked next.
    fn wish(&self, number: u64) -> Wish {
        let night = number / 3;
        if self.nights && number.is_multiple_of(3) && night < NIGHT {
            let (hour, at) = jumps::hour(self.outside.now(), &self.dice);
            let who = Outside::of_the_night(night);
            return Wish { words: format!("disable {who} {hour}"), at: Some(at) };
        }
        Wish { words: words(number, &self.dice), at: None }
    }

    /// An acknowledged message.
    fn note(&self, asked: Asked, wish: &Wish) {
        let mut diary = self.diary();
        diary.hours.extend(wish.at.map(|at| (asked.message.clone(), at)));
        diary.asked.push(asked);
    }

    async fn ask_in_slack(self: Arc<Self>, number: u64, wish: Wish) {
        let (slack, channel) = (&self.outside.slack, Outside::helpdesk(number));
        let process = self.turn();
        let text = format!("@countersign {}", wish.words);
        let Ok(Acted { ts: Some(ts), sent: Some(sent), answer }) =
            slack.say(ASKER_IN_SLACK, &channel, &text, None).await
        else {
            return;
        };
        let mut heard = Self::is_heard(process, answer.is_some_and(|answer| answer.is_ok()));
        for _ in 0..TRIES_MAX {
            if heard {
                break;
            }
            sleep(TRY_AGAIN).await;
            let process = self.turn();
            heard = Self::is_heard(process, slack.send_again(&sent).await.is_ok());
        }
        if !heard {
            self.diary().unheard += 1;
            return;
        }
        let asked = Asked { message: ts, platform: Platform::Slack, conversation: channel };
        self.note(asked, &wish);
        self.again_in_slack(sent);
    }

    async fn ask_in_teams(self: Arc<Self>, wish: Wish) {
        let teams = self.outside.teams.clone();
        let Ok(conversation) = teams.open_personal(ASKER) else { return };
        let Ok(activity) = teams.said(ASKER, &conversation, &wish.words, &[]) else { return };
        let message = activity["id"].as_str().unwrap_or_default().to_owned();
        if !self.deliver(&activity).await {
            self.diary().unheard += 1;
            return;
        }
        let asked = Asked { message, platform: Platform::Teams, conversation };
        self.note(asked, &wish);
        self.again_in_teams(activity);
    }

    /// Delivers an activity until somebody takes it.
    async fn deliver(&self, activity: &Value) -> bool {
        for _ in 0..TRIES_MAX {
            let process = self.turn();
            let answer = self.outside.teams.deliver(activity).await;
            let taken = answer.is_ok_and(|answer| (200..300).contains(&answer.status));
            if Self::is_heard(process, taken) {
                return true;
            }
            sleep(TRY_AGAIN).await;
        }
        false
    }

    /// The same once more, up to four times, some time later: duplicates out of order.
    fn again_in_slack(self: &Arc<Self>, sent: Sent) {
        let Some(times) = self.times_again() else { return };
        let own = self.clone();
        tokio::spawn(async move {
            for _ in 0..times {
                sleep(Duration::from_millis(own.dice.between(0, 3_000))).await;
                own.turn();
                drop(own.outside.slack.send_again(&sent).await);
                own.tally.faults("slack: delivered again", 1);
            }
        });
    }

    fn again_in_teams(self: &Arc<Self>, activity: Value) {
        let Some(times) = self.times_again() else { return };
        let own = self.clone();
        tokio::spawn(async move {
            for _ in 0..times {
                sleep(Duration::from_millis(own.dice.between(0, 3_000))).await;
                own.turn();
                drop(own.outside.teams.deliver(&activity).await);
                own.tally.faults("teams: delivered again", 1);
            }
        });
    }

    fn times_again(&self) -> Option<u64> {
        let may = self.repeats.load(Ordering::SeqCst);
        (may && self.dice.percent(30)).then(|| self.dice.between(1, 4))
    }

    /// Signs or refuses whatever asks for it, until told to stop.
    pub async fn sign(self: Arc<Self>, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::SeqCst) {
            let open = self.open();
            let mut pressing = JoinSet::new();
            for (request, cards) in open.into_iter().take(PRESSES_MAX) {
                let own = self.clone();
                pressing.spawn(async move { own.decide(request, cards).await });
            }
            while pressing.join_next().await.is_some() {}
            sleep(LOOK).await;
        }
    }

    /// Requests whose cards ask for a signature and that nobody is known to have decided, with
    /// their cards by where they are.
    fn open(&self) -> BTreeMap<RequestId, Vec<Card>> {
        let mut open: BTreeMap<RequestId, Vec<Card>> = BTreeMap::new();
        let in_slack = self.outside.slack.messages(APPROVALS);
        let cards = in_slack.iter().filter_map(Card::of_slack);
        for (request, card) in cards.chain(self.in_teams()) {
            open.entry(request).or_default().push(card);
        }
        let diary = self.diary();
        open.retain(|request, _| {
            let decision = diary.decided.get(request);
            decision
                .and_then(|decision| decision.acknowledged)
                .is_none_or(|acknowledged| acknowledged.elapsed() > ASKS_STILL)
        });
        open
    }

    fn in_teams(&self) -> Vec<(RequestId, Card)> {
        let teams = &self.outside.teams;
        let Ok(conversation) = teams.open_personal(SIGNER) else { return Vec::new() };
        let messages = teams.messages(&conversation);
        let card = |message: &crate::sim::teams::SimMessage| {
            let card = message.card.as_ref()?;
            let data = BotService::button(card, Verb::Approve.as_str())?;
            let request = data["r"].as_str()?.parse().ok()?;
            let (conversation, message) = (conversation.clone(), message.id.clone());
            let card = card.clone();
            Some((request, Card::Teams { conversation, message, card }))
        };
        messages.iter().filter_map(card).collect()
    }

    async fn decide(self: Arc<Self>, request: RequestId, cards: Vec<Card>) {
        let decision = {
            let mut diary = self.diary();
            let fresh = || Decision {
                verb: if self.dice.percent(85) { Verb::Approve } else { Verb::Reject },
                platform: if self.dice.percent(50) { Platform::Slack } else { Platform::Teams },
                heard: None,
                acknowledged: None,
                presses: 0,
                tries: 0,
            };
            let decision = diary.decided.entry(request).or_insert_with(fresh);
            decision.tries += 1;
            *decision
        };
        // Where it does not get through, the other card is tried in turn.
        let other = decision.tries % 3 == 0;
        let wanted = (decision.platform == Platform::Slack) != other;
        let card = cards.iter().rev().find(|card| card.is_slack() == wanted).or(cards.last());
        let pressed = match card {
            Some(Card::Slack { ts }) => self.press_in_slack(ts, decision.verb).await,
            Some(Card::Teams { conversation, message, card }) => {
                self.press_in_teams((conversation, message), card, decision.verb).await
            }
            None => false,
        };
        if pressed && let Some(decision) = self.diary().decided.get_mut(&request) {
            decision.heard = decision.heard.or(Some((Instant::now(), self.outside.now())));
            decision.acknowledged = Some(Instant::now());
            decision.presses += 1;
        }
    }

    async fn press_in_slack(self: &Arc<Self>, ts: &str, verb: Verb) -> bool {
        let process = self.turn();
        let slack = &self.outside.slack;
        let Ok(acted) = slack.press(SIGNER_IN_SLACK, APPROVALS, ts, verb.as_str()).await else {
            return false;
        };
        let is_ok = Self::is_heard(process, acted.answer.is_some_and(|answer| answer.is_ok()));
        if let Some(sent) = acted.sent.filter(|_| is_ok) {
            self.again_in_slack(sent);
        }
        is_ok
    }

    async fn press_in_teams(self: &Arc<Self>, on: (&str, &str), card: &Value, verb: Verb) -> bool {
        let teams = self.outside.teams.clone();
        let Some(data) = BotService::button(card, verb.as_str()) else { return false };
        let Ok(activity) = teams.pressed(SIGNER, on, verb.as_str(), &data, &json!({})) else {
            return false;
        };
        let process = self.turn();
        let Ok(answer) = teams.deliver(&activity).await else { return false };
        let is_ok = Self::is_heard(
            process,
            answer.status == 200 && answer.body["type"] != "application/vnd.microsoft.error",
        );
        if is_ok {
            self.again_in_teams(activity);
        }
        is_ok
    }

    /// The signer's whole list: requests that still ask although a press was acknowledged.
    pub fn asks_still(&self) -> BTreeSet<RequestId> {
        self.open().into_keys().collect()
    }
}

/// What somebody asks for, and for when.
struct Wish {
    words: String,
    at: Option<Timestamp>,
}

/// A card that asks for a signature.
#[derive(Debug, Clone)]
enum Card {
    Slack { ts: String },
    Teams { conversation: String, message: String, card: Value },
}

impl Card {
    fn is_slack(&self) -> bool {
        matches!(self, Self::Slack { .. })
    }

    fn of_slack(message: &Message) -> Option<(RequestId, Self)> {
        let value = button_value(message.blocks.as_ref()?, Verb::Approve.as_str())?;
        let request = value.split('|').next()?.parse().ok()?;
        Some((request, Self::Slack { ts: message.ts.clone() }))
    }
}

/// What the button with this action carries, wherever it is in the blocks.
pub fn button_value<'a>(blocks: &'a Value, action: &str) -> Option<&'a str> {
    match blocks {
        Value::Object(members) if members.get("action_id").is_some_and(|id| id == action) => {
            members.get("value")?.as_str()
        }
        Value::Object(members) => members.values().find_map(|inner| button_value(inner, action)),
        Value::Array(items) => items.iter().find_map(|inner| button_value(inner, action)),
        _ => None,
    }
}

/// What is asked: some that may be done twice, some that must not be.
fn words(number: u64, dice: &Dice) -> String {
    let who = Outside::staff(dice.next());
    match dice.roll(6) {
        0 => format!("revoke the sessions of {who}"),
        1 => format!("reset the password of {who}"),
        2 => format!("issue a temporary access pass for {who}"),
        3 => format!("change the job title of {who} to Keeper {number}"),
        4 => format!("create a security group called Chaos Group {number}"),
        _ => format!("invite guest{number}.chaos@partner.example as a guest"),
    }
}
