//! What must be true when all is quiet, wherever it struck.
//!
//! The ledger of the simulated tenant is the truth about effects: each carries the id of the
//! call that made it, and the record says which step of which request began that call.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    app::House,
    audit::SigningKey,
    cli::{
        audit,
        chaos::{
            outside::{ASKER_IN_SLACK, Outside},
            people::{Asked, Decision, Diary},
        },
    },
    config::KeyRing,
    domain::{
        change::Repeat,
        chat::{Platform, Verb},
        decision::{Approved, Choice},
        fact::Header,
        ids::{Number, RequestId, StepId, TenantId},
        request::{Request, Stage},
        step::StepState,
    },
    ports::store::{Store, StoreError},
    sim::microsoft::Effect,
};

/// So many texts of what is wrong are kept.
const WRONG_MAX: usize = 40;
/// A press that was acknowledged is handled after so long, whoever was killed meanwhile.
const HANDLED: Duration = Duration::from_mins(1);
/// Facts read at once.
const PAGE: u32 = 1_000;
/// The first number of a tenant's requests.
const FIRST: u64 = 1001;

/// What the oracles say. Everything but `requests` and the two notes has to be nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oracles {
    /// Acknowledged clicks without a vote, and acknowledged messages that left no trace.
    pub lost_decisions: u64,
    /// Messages that became more than one request.
    pub doubled_requests: u64,
    /// Steps that must not be repeated, and were felt more than once.
    pub double_effects: u64,
    /// Effects without a genuine approval of exactly that plan.
    pub unapproved_effects: u64,
    /// Effects that came before their intent was recorded.
    pub out_of_order: u64,
    /// Requests that reached no final state.
    pub without_final_state: u64,
    /// Steps said to be done that the tenant did not feel.
    pub false_done: u64,
    /// Cards that said something else than the request half a minute after all could recover.
    pub cards_false_after_30_s: u64,
    /// Cards that said something else in the end.
    pub cards_false: u64,
    /// Effects that the record knows nothing of.
    pub effects_not_in_record: u64,
    /// The record does not verify against its signed head.
    pub record_broken: u64,
    /// Secrets of the settings found in files, in any of several spellings.
    pub leaks: u64,
    /// Processes that ended without being killed.
    pub ended_by_themselves: u64,
    /// Votes that counted although the time for them was over.
    #[serde(default)]
    pub decided_after_its_end: u64,
    /// Planned for another time than was asked for, or felt before that time.
    #[serde(default)]
    pub scheduled_wrong: u64,
    /// Felt more than once, of what was signed for an hour.
    #[serde(default)]
    pub scheduled_twice: u64,
    /// Never begun, of what was signed for an hour.
    #[serde(default)]
    pub scheduled_skipped: u64,
    /// What is wrong, in words; the first of it.
    pub wrong: Vec<String>,
}

impl Oracles {
    /// Nothing is wrong.
    pub fn hold(&self) -> bool {
        Self { wrong: Vec::new(), ..self.clone() } == Self::default()
    }

    /// Says what is wrong, once more.
    pub fn wrong(&mut self, what: String) {
        if self.wrong.len() < WRONG_MAX {
            self.wrong.push(what);
        }
    }
}

/// How requests ended, and what is no fault of anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Messages that nobody ever acknowledged: nothing is promised about them.
    pub unheard: u64,
    /// Acknowledged messages.
    pub asked: u64,
    /// Of these, those answered with an apology: Microsoft could not be asked just then.
    pub answered_without_a_request: u64,
    /// What these were told, as far as Slack shows it, and how often.
    pub told_instead: BTreeMap<String, u64>,
    /// How the requests ended.
    pub ended: BTreeMap<String, u64>,
    /// Presses that were acknowledged, and those made again because the card still asked.
    pub presses: u64,
    /// Of the presses, the repeated ones.
    pub presses_again: u64,
    /// Effects that the tenant felt.
    pub effects: u64,
    /// Signed for an hour.
    #[serde(default)]
    pub scheduled: u64,
    /// Presses that came when the time for them was over.
    #[serde(default)]
    pub too_late: u64,
}

/// All requests there are.
pub async fn requests(store: &dyn Store, tenant: &TenantId) -> Result<Vec<Request>, StoreError> {
    let mut all = Vec::new();
    for number in FIRST.. {
        match store.numbered(tenant, Number(number)).await? {
            Some(request) => all.push(request),
            None => break,
        }
    }
    Ok(all)
}

/// Everything but the cards.
pub async fn check(
    house: &House,
    keys: &KeyRing,
    outside: &Outside,
    diary: &Diary,
    all: &[Request],
    oracles: &mut Oracles,
) -> anyhow::Result<Requests> {
    let store: &dyn Store = &*house.store;
    let mut told = Requests { unheard: diary.unheard, ..Requests::default() };
    asked(store, outside, diary, all, (&mut told, oracles)).await?;
    decided((store, outside), diary, all, &mut told, oracles).await?;
    for request in all {
        *told.ended.entry(request.stage.name().to_owned()).or_default() += 1;
        // One that asked something back waits for a person who does not answer here.
        if !request.stage.is_final() && !matches!(request.stage, Stage::Clarifying { .. }) {
            oracles.without_final_state += 1;
            oracles.wrong(format!("{} is {} in the end", request.number, request.stage.name()));
        }
    }
    let unhandled = store.unhandled(100).await?;
    if !unhandled.is_empty() {
        oracles.lost_decisions += unhandled.len() as u64;
        oracles.wrong(format!("{} acknowledged deliveries were never handled", unhandled.len()));
    }
    let effects = outside.world.ledger();
    told.effects = effects.len() as u64;
    felt((store, house, outside), all, &effects, oracles).await?;
    let head = store.head().await?;
    let key = SigningKey::new(&keys.signing).public();
    if let Err(error) = audit::whole(store, head.into_iter().collect(), &key).await {
        oracles.record_broken += 1;
        oracles.wrong(format!("the record: {error:#}"));
    }
    Ok(told)
}

/// I1, of what was asked: each acknowledged message became one request, or was answered.
async fn asked(
    store: &dyn Store,
    outside: &Outside,
    diary: &Diary,
    all: &[Request],
    (told, oracles): (&mut Requests, &mut Oracles),
) -> Result<(), StoreError> {
    let mut by_message: BTreeMap<&str, u64> = BTreeMap::new();
    // What followed from a request (steps that went back for a signature) has its message too.
    for request in all.iter().filter(|request| request.parent.is_none()) {
        *by_message.entry(request.origin.message.as_deref().unwrap_or_default()).or_default() += 1;
    }
    for asked in &diary.asked {
        told.asked += 1;
        match by_message.get(asked.message.as_str()) {
            Some(1) => {}
            Some(more) => {
                oracles.doubled_requests += more - 1;
                oracles.wrong(format!("{asked:?} became {more} requests"));
            }
            None if is_answered(store, outside, asked).await? => {
                told.answered_without_a_request += 1;
                if let Some(said) = answer(outside, asked) {
                    *told.told_instead.entry(said).or_default() += 1;
                }
            }
            None => {
                oracles.lost_decisions += 1;
                oracles.wrong(format!("{asked:?} was acknowledged and left no trace"));
            }
        }
    }
    Ok(())
}

/// It was handled, and the bot said something about it: in its thread, or to whoever asked alone.
async fn is_answered(
    store: &dyn Store,
    outside: &Outside,
    asked: &Asked,
) -> Result<bool, StoreError> {
    let Asked { message, conversation, .. } = asked;
    Ok(match asked.platform {
        Platform::Slack => {
            let key = format!("slack:{}:{conversation}:{message}", outside.slack.setup().team);
            store.answered(&key).await?.is_some() && answer(outside, asked).is_some()
        }
        // A personal chat has no threads: whether this one was answered cannot be told apart.
        Platform::Teams | Platform::Api => true,
    })
}

/// What was said about a message in Slack: in its thread, or to whoever asked alone.
fn answer(outside: &Outside, asked: &Asked) -> Option<String> {
    let Asked { message, conversation, .. } = asked;
    let in_thread = outside.slack.messages(conversation).into_iter();
    let in_thread = in_thread.filter(|said| said.thread.as_ref() == Some(message));
    let whispers = outside.slack.whispers(ASKER_IN_SLACK).into_iter();
    let alone = whispers.filter(|(at, said)| at == conversation && said.ts > *message);
    let said = in_thread.chain(alone.map(|(_, said)| said)).next()?;
    Some(said.text.chars().take(80).collect())
}

/// I1, of clicks: each acknowledged one is a vote, if it came before the end.
async fn decided(
    (store, outside): (&dyn Store, &Outside),
    diary: &Diary,
    all: &[Request],
    told: &mut Requests,
    oracles: &mut Oracles,
) -> Result<(), StoreError> {
    for request in all {
        let Some(decision) = diary.decided.get(&request.id) else { continue };
        told.presses += u64::from(decision.presses);
        told.presses_again += u64::from(decision.presses.saturating_sub(1));
        if decision.presses == 0 {
            continue;
        }
        if matches!(request.stage, Stage::Expired { .. })
            && !in_time(store, outside, request, decision).await?
        {
            told.too_late += u64::from(decision.presses);
            continue;
        }
        let votes = store.votes(&request.id, request.revision).await?;
        let wanted = if decision.verb == Verb::Approve { Choice::Approve } else { Choice::Reject };
        if !votes.iter().any(|vote| vote.choice == wanted) {
            oracles.lost_decisions += 1;
            oracles.wrong(format!(
                "{:?} of {} was acknowledged {} times and is no vote; it is {}",
                decision.verb,
                request.number,
                decision.presses,
                request.stage.name()
            ));
        }
    }
    Ok(())
}

/// Was it pressed before the request's end, and its press had time to be handled before the
/// clock went past it?
async fn in_time(
    store: &dyn Store,
    outside: &Outside,
    request: &Request,
    decision: &Decision,
) -> Result<bool, StoreError> {
    let Some((heard, at)) = decision.heard else { return Ok(false) };
    let Some(plan) = store.plan(&request.id, request.revision).await? else { return Ok(false) };
    let left = plan.plan().expires_at.duration_since(at);
    let in_time = Duration::try_from(left).is_ok_and(|left| left > HANDLED);
    Ok(in_time && !outside.went_ahead(heard, HANDLED))
}

/// A call that the record says was begun.
pub struct Begun {
    /// Of which request.
    pub request: RequestId,
    /// Which step began it.
    pub step: StepId,
    at: jiff::Timestamp,
}

/// I2, I3, I5 and I6: the ledger against plans, votes, steps and record.
async fn felt(
    (store, house, outside): (&dyn Store, &House, &Outside),
    all: &[Request],
    effects: &[Effect],
    oracles: &mut Oracles,
) -> anyhow::Result<()> {
    let calls = calls(store).await?;
    let mut felt: BTreeMap<(RequestId, StepId), BTreeSet<&str>> = BTreeMap::new();
    for effect in effects {
        let Some(call) = calls.get(&effect.client_request_id) else {
            oracles.effects_not_in_record += 1;
            oracles
                .wrong(format!("{} of {} is not in the record", effect.what, effect.target.name));
            continue;
        };
        // The call's intent is on the disk before the call is made.
        if call.at > effect.at && !outside.went_back(call.at, effect.at) {
            oracles.out_of_order += 1;
            oracles.wrong(format!("{} was felt before its intent was recorded", effect.what));
        }
        felt.entry((call.request, call.step)).or_default().insert(&effect.client_request_id);
    }
    for request in all {
        let plan = store.plan(&request.id, request.revision).await?;
        let votes = store.votes(&request.id, request.revision).await?;
        let Some(plan) = plan else { continue };
        let steps = plan.plan().steps.clone();
        let key = &house.desk.votes;
        let proof = Approved::check(plan, &request.requester.id, &votes, key);
        let runs = store.steps(&request.id).await?;
        for step in steps {
            let times = felt.get(&(request.id, step.id)).map_or(0, BTreeSet::len);
            let what = step.change.kind().as_str();
            if times > 0 && proof.is_none() {
                oracles.unapproved_effects += 1;
                oracles.wrong(format!("{what} of {} was felt without approval", request.number));
            }
            if times > 1 && step.change.kind().repeat() != Repeat::Idempotent {
                oracles.double_effects += 1;
                oracles.wrong(format!("{what} of {} was felt {times} times", request.number));
            }
            let run = runs.iter().find(|run| run.id == step.id);
            if times == 0 && run.is_some_and(|run| run.state == StepState::Done) {
                oracles.false_done += 1;
                oracles.wrong(format!("{what} of {} is done and was not felt", request.number));
            }
        }
        let is_done = matches!(request.stage, Stage::Succeeded { .. });
        if is_done && runs.iter().any(|run| !run.state.well()) {
            oracles.false_done += 1;
            oracles.wrong(format!("{} succeeded with a step that did not", request.number));
        }
    }
    Ok(())
}

/// Every call that the record says was begun, by its id.
pub async fn calls(store: &dyn Store) -> anyhow::Result<BTreeMap<String, Begun>> {
    let (mut calls, mut next) = (BTreeMap::new(), 0);
    loop {
        let page = store.record(next, PAGE).await?;
        let Some(last) = page.last() else { return Ok(calls) };
        next = last.seq + 1;
        for fact in &page {
            let header: Header = serde_json::from_slice(&fact.header)?;
            let (Some(request), "step.started") = (header.request, header.kind.as_str()) else {
                continue;
            };
            let said: Value = serde_json::from_slice(fact.said().unwrap_or_default())?;
            let step = said["step"].as_u64().and_then(|step| u16::try_from(step).ok());
            if let (Some(call), Some(step)) = (said["call"].as_str(), step) {
                let begun = Begun { request, step: StepId(step), at: header.at };
                calls.insert(call.to_owned(), begun);
            }
        }
    }
}

/// I7: no secret of the settings stands in any file of the room, in several spellings.
pub fn leaks(room: &Path, outside: &Outside, oracles: &mut Oracles) -> std::io::Result<()> {
    let mut hay = Vec::new();
    for entry in std::fs::read_dir(room)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Settings and keys: where the operator wrote them.
        let is_settings = entry.path().extension().is_some_and(|ending| ending == "toml");
        if entry.file_type()?.is_file() && !is_settings {
            hay.push((name, std::fs::read(entry.path())?));
        }
    }
    for (what, secret) in outside.secrets() {
        let utf_16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let spellings = [
            secret.clone().into_bytes(),
            utf_16,
            hex::encode(&secret).into_bytes(),
            base64::prelude::BASE64_STANDARD.encode(&secret).into_bytes(),
        ];
        for (name, bytes) in &hay {
            if spellings.iter().any(|needle| holds(bytes, needle)) {
                oracles.leaks += 1;
                oracles.wrong(format!("{what} stands in {name}"));
            }
        }
    }
    Ok(())
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return false };
    let starts = hay.iter().enumerate().filter(|(_, byte)| *byte == first);
    starts.into_iter().any(|(at, _)| hay[at..].starts_with(needle))
}
