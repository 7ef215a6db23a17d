//! Asks alone or in batches, with tries, waits and pages.
//!
//! Reads are repeated when nobody knows how they ended; writes never are, except
//! where the service said that it did nothing (401, and 403 with an old token).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use crate::{
    adapters::graph::{
        answer::{Answer, Ask, Outcome, advanced, speaks_by_status},
        lane::Lane,
        paced::is_paced,
        settings::{Audience, Settings},
        token::{Token, Tokens},
        wire::{Payload, Raw, Sent, Wire, said},
    },
    domain::{
        ids::TenantId,
        trouble::{Result, Trouble},
    },
    ports::clock::Clock,
};

/// Requests in one `$batch` (Graph, JSON batching).
pub(crate) const BATCH_MAX: usize = 20;
/// How Graph is called in messages.
pub(crate) const WHAT: &str = "Microsoft Graph";

/// Talks to Graph.
pub(crate) struct Client {
    pub(super) settings: Arc<Settings>,
    wire: Arc<Wire>,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    lanes: Mutex<HashMap<TenantId, Arc<Lane>>>,
}

impl Client {
    pub fn new(
        settings: Arc<Settings>,
        wire: Arc<Wire>,
        tokens: Arc<Tokens>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { settings, wire, tokens, clock, lanes: Mutex::default() }
    }

    /// One read.
    pub async fn read(&self, tenant: &TenantId, ask: Ask) -> Result<Answer> {
        let mut answers = self.reads(tenant, vec![ask]).await;
        answers.pop().expect("one answer for one ask")
    }

    /// Many reads, in batches, in parallel. One answer for each, in order. What was
    /// not answered, or answered 429 or 5xx, is asked again, and only that.
    pub async fn reads(&self, tenant: &TenantId, asks: Vec<Ask>) -> Vec<Result<Answer>> {
        let mut settled: Vec<Option<Result<Answer>>> = asks.iter().map(|_| None).collect();
        let mut open: Vec<usize> = (0..asks.len()).collect();
        for attempt in 1.. {
            let outcomes = self.round(tenant, &open, &asks, false).await;
            let last = attempt >= self.settings.limits.read_tries;
            let mut wait = self.backoff(attempt);
            let mut again = Vec::new();
            for (index, outcome) in open.into_iter().zip(outcomes) {
                let failed = match outcome {
                    Outcome::Answered(answer) if !speaks_by_status(answer.status) => {
                        settled[index] = Some(Ok(answer));
                        continue;
                    }
                    Outcome::Unsent(trouble) => {
                        settled[index] = Some(Err(trouble));
                        continue;
                    }
                    Outcome::Answered(answer) if answer.status == 401 => {
                        // A fresh token did not help either.
                        settled[index] = Some(Err(unreachable(answer.cause())));
                        continue;
                    }
                    Outcome::Answered(answer) => {
                        let told = answer.retry_after.unwrap_or(Duration::ZERO);
                        if told > self.settings.limits.read_wait_max {
                            settled[index] = Some(Err(unreachable(answer.cause())));
                            continue;
                        }
                        wait = wait.max(told);
                        answer.cause()
                    }
                    Outcome::Full(told) => anyhow::anyhow!("the quota is full for {told:?}"),
                    Outcome::Lost(cause) => cause,
                };
                if last {
                    settled[index] = Some(Err(unreachable(failed)));
                } else {
                    tracing::debug!(%tenant, attempt, cause = %format!("{failed:#}"), "read again");
                    again.push(index);
                }
            }
            open = again;
            if open.is_empty() {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        settled.into_iter().map(|answer| answer.expect("the loop settles all")).collect()
    }

    /// Independent writes, in batches, in parallel. Each is sent at most once, except
    /// where the service said that it did nothing.
    pub async fn writes(&self, tenant: &TenantId, asks: &[Ask]) -> Vec<Outcome> {
        let all: Vec<usize> = (0..asks.len()).collect();
        self.round(tenant, &all, asks, true).await
    }

    /// The items of a listing, at most `limit`, from its first page on.
    pub async fn rest(&self, tenant: &TenantId, first: Answer, limit: usize) -> Result<Listing> {
        let mut items = Vec::new();
        let mut page = first;
        for _ in 0..self.settings.limits.pages_max {
            if !page.is_ok() {
                return Ok(Listing::Refused(page));
            }
            let Some(Value::Array(values)) = page.body.get_mut("value").map(Value::take) else {
                return Err(unreachable(page.cause().context("a listing without `value`")));
            };
            items.extend(values.into_iter().take(limit - items.len()));
            let next = page.body["@odata.nextLink"].as_str().map(str::to_owned);
            let Some(next) = next.filter(|_| items.len() < limit) else {
                return Ok(Listing::Items(items));
            };
            page = self.read(tenant, Ask::get(self.own_path(&next)?)).await?;
        }
        Err(unreachable(anyhow::anyhow!("more than {} pages", self.settings.limits.pages_max)))
    }

    /// The part of a `nextLink` under the version. It must lead back to where we are:
    /// the token goes with it.
    pub(super) fn own_path(&self, next: &str) -> Result<String> {
        let base = format!("{}/", self.base());
        next.strip_prefix(&base).map(|rest| format!("/{rest}")).ok_or_else(|| {
            unreachable(anyhow::anyhow!(
                "a next page at another address than {base}: {}",
                said(next.as_bytes())
            ))
        })
    }

    fn base(&self) -> String {
        format!("{}/v1.0", self.settings.endpoints.graph.trim_end_matches('/'))
    }

    /// Asks all of `which` once: what is paced one at a time, the rest in batches.
    async fn round(
        &self,
        tenant: &TenantId,
        which: &[usize],
        asks: &[Ask],
        write: bool,
    ) -> Vec<Outcome> {
        if which.iter().any(|index| is_paced(&asks[*index])) {
            return self.paced(tenant, which, asks, write).await;
        }
        if write || which.len() > BATCH_MAX {
            return self.at_once(tenant, which, asks, write).await;
        }
        self.together(tenant, which, asks).await
    }

    /// Reads all of `which` once, in batches with all that is read in this moment.
    async fn together(&self, tenant: &TenantId, which: &[usize], asks: &[Ask]) -> Vec<Outcome> {
        let lane = self.lane(tenant);
        let asked = which.iter().map(|index| asks[*index].clone()).collect();
        let read = |part: Vec<Ask>| async move {
            let all: Vec<usize> = (0..part.len()).collect();
            self.at_once(tenant, &all, &part, false).await
        };
        let answers = lane.reads.ask(asked, BATCH_MAX, read).await;
        let left = || Outcome::Lost(anyhow::anyhow!("whoever read this with theirs went away"));
        answers.into_iter().map(|outcome| outcome.unwrap_or_else(left)).collect()
    }

    /// Asks all of `which` once, in batches.
    pub(super) async fn at_once(
        &self,
        tenant: &TenantId,
        which: &[usize],
        asks: &[Ask],
        write: bool,
    ) -> Vec<Outcome> {
        let lane = self.lane(tenant);
        // One caller queues for the quota with a few batches at a time, not with all.
        let turn = Semaphore::new(self.settings.limits.in_flight.max(1));
        let parts = which.chunks(BATCH_MAX).map(|part| {
            let part: Vec<&Ask> = part.iter().map(|index| &asks[*index]).collect();
            let (lane, turn) = (&lane, &turn);
            async move {
                let _turn = turn.acquire().await.expect("never closed");
                if write {
                    let patience = self.settings.limits.quota_wait_max;
                    if let Err(wait) = lane.bucket.take(part.len(), patience).await {
                        return part.iter().map(|_| Outcome::Full(wait)).collect();
                    }
                }
                let _place = lane.in_flight.acquire().await.expect("never closed");
                lane.breathe().await;
                let outcomes = self.fresh(tenant, &part, write).await;
                lane.heard(&outcomes);
                outcomes
            }
        });
        join_all(parts).await.into_iter().flatten().collect()
    }

    /// Once, and those once more that a stale token stopped: 401, or 403 when a
    /// newer token has other rights. Neither did anything.
    async fn fresh(&self, tenant: &TenantId, asks: &[&Ask], write: bool) -> Vec<Outcome> {
        let used = match self.tokens.get(tenant, Audience::Graph).await {
            Ok(token) => token,
            Err(trouble) => return asks.iter().map(|_| Outcome::Unsent(again(&trouble))).collect(),
        };
        let mut outcomes = self.once(&used, asks, write).await;
        let of = |status: u16, outcomes: &[Outcome]| {
            let is = |o: &Outcome| matches!(o, Outcome::Answered(a) if a.status == status);
            outcomes.iter().enumerate().filter(|(_, o)| is(o)).map(|(i, _)| i).collect::<Vec<_>>()
        };
        let mut stale = of(401, &outcomes);
        if !stale.is_empty() {
            self.tokens.drop_used(tenant, Audience::Graph, &used).await;
        }
        let forbidden = of(403, &outcomes);
        if !forbidden.is_empty()
            && self.tokens.has_other_rights(tenant, Audience::Graph, &used).await
        {
            stale.extend(forbidden);
        }
        if stale.is_empty() {
            return outcomes;
        }
        let Ok(token) = self.tokens.get(tenant, Audience::Graph).await else { return outcomes };
        let part: Vec<&Ask> = stale.iter().map(|index| asks[*index]).collect();
        let second = self.once(&token, &part, write).await;
        for (index, outcome) in stale.into_iter().zip(second) {
            outcomes[index] = outcome;
        }
        outcomes
    }

    async fn once(&self, token: &Token, asks: &[&Ask], write: bool) -> Vec<Outcome> {
        // Headers of its own travel with an item of a batch.
        if let [ask] = asks
            && ask.headers.is_empty()
        {
            return vec![self.alone(token, ask, write).await];
        }
        self.batch(token, asks, write).await
    }

    async fn alone(&self, token: &Token, ask: &Ask, write: bool) -> Outcome {
        let payload = ask.body.clone().map_or(Payload::None, Payload::Json);
        let url = format!("{}{}", self.base(), ask.path);
        let more = ask.headers.clone();
        let sent = self.send(token, ask.method.clone(), url, ask.key.clone(), more, payload, write);
        match sent.await {
            Ok(raw) => match Answer::read(&raw) {
                Ok(answer) => Outcome::Answered(answer),
                Err(cause) => Outcome::Lost(cause),
            },
            Err(cause) => Outcome::Lost(cause),
        }
    }

    /// The outer answer of a batch says nothing of its items; an item that is not
    /// answered may have happened.
    async fn batch(&self, token: &Token, asks: &[&Ask], write: bool) -> Vec<Outcome> {
        let mut requests: Vec<Value> =
            asks.iter().enumerate().map(|(at, ask)| self.item(at, ask)).collect();
        // All that follow depend on the same one, as Graph wants it. What is asked once more
        // after the first was answered well follows nothing.
        if !asks[0].follows {
            for (item, _) in requests.iter_mut().zip(asks).filter(|(_, ask)| ask.follows) {
                item["dependsOn"] = json!(["0"]);
            }
        }
        let url = format!("{}/$batch", self.base());
        let payload = Payload::Json(json!({ "requests": requests }));
        let sent = self.send(token, Method::POST, url, None, Vec::new(), payload, write);
        let answer = match sent.await {
            Ok(raw) => Answer::read(&raw),
            Err(cause) => Err(cause),
        };
        let lost =
            |why: String| asks.iter().map(|_| Outcome::Lost(anyhow::anyhow!("{why}"))).collect();
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(cause) => return lost(format!("the batch: {cause:#}")),
        };
        if answer.status == 401 || answer.told_to_wait().is_some() {
            // The whole batch was turned away at the door.
            return asks.iter().map(|_| Outcome::Answered(answer.bare())).collect();
        }
        let Some(Value::Array(items)) = answer.body.get_mut("responses").map(Value::take) else {
            return lost(format!("the batch: {}", answer.cause()));
        };
        let mut by_id: HashMap<&str, &Value> = HashMap::new();
        for item in &items {
            if let Some(id) = item["id"].as_str() {
                by_id.insert(id, item);
            }
        }
        (0..asks.len())
            .map(|at| match by_id.get(at.to_string().as_str()) {
                Some(item) => match Answer::read_item(item) {
                    Ok(answer) => Outcome::Answered(answer),
                    Err(cause) => Outcome::Lost(cause),
                },
                None => Outcome::Lost(anyhow::anyhow!("the batch's answer lacks this item")),
            })
            .collect()
    }

    fn item(&self, at: usize, ask: &Ask) -> Value {
        let mut headers = Map::new();
        let key = ask.key.clone().unwrap_or_else(|| self.wire.key());
        headers.insert("client-request-id".into(), key.into());
        if ask.body.is_some() {
            headers.insert("Content-Type".into(), "application/json".into());
        }
        if ask.is_advanced() {
            headers.insert("ConsistencyLevel".into(), "eventual".into());
        }
        for (name, value) in &ask.headers {
            headers.insert((*name).into(), value.as_str().into());
        }
        let mut item = json!({
            "id": at.to_string(),
            "method": ask.method.as_str(),
            "url": ask.path,
            "headers": headers,
        });
        if let Some(body) = &ask.body {
            item["body"] = body.clone();
        }
        item
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one request")]
    async fn send(
        &self,
        token: &Token,
        method: Method,
        url: String,
        key: Option<String>,
        more: Vec<(&'static str, String)>,
        payload: Payload,
        write: bool,
    ) -> anyhow::Result<Raw> {
        let limits = &self.settings.limits;
        let priority = if write { "high" } else { "normal" };
        let mut headers = vec![
            ("client-request-id", key.unwrap_or_else(|| self.wire.key())),
            ("x-ms-throttle-priority", priority.to_owned()),
        ];
        headers.extend(more);
        if advanced(&url) && !headers.iter().any(|(name, _)| *name == "ConsistencyLevel") {
            headers.push(("ConsistencyLevel", "eventual".to_owned()));
        }
        self.wire
            .send(Sent {
                method,
                url,
                headers,
                bearer: Some(&token.bearer),
                payload,
                timeout: if write { limits.write_timeout } else { limits.read_timeout },
                bytes_max: limits.answer_bytes_max,
            })
            .await
    }

    pub(super) fn lane(&self, tenant: &TenantId) -> Arc<Lane> {
        let limits = &self.settings.limits;
        let mut lanes = self.lanes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let lane = lanes.entry(tenant.clone());
        Arc::clone(lane.or_insert_with(|| Arc::new(Lane::new(limits))))
    }

    /// Doubles with each try; half of it is chance, so that callers do not return
    /// in step.
    fn backoff(&self, attempt: u32) -> Duration {
        let limits = &self.settings.limits;
        let full = limits.backoff * 2_u32.pow(attempt.saturating_sub(1).min(10));
        let mut dice = [0; 2];
        self.clock.fill(&mut dice);
        let chance = f64::from(u16::from_be_bytes(dice)) / f64::from(u16::MAX);
        full.min(limits.backoff_max).mul_f64(0.5 + chance / 2.0)
    }
}

/// A listing, or why there is none.
pub(crate) enum Listing {
    Items(Vec<Value>),
    Refused(Answer),
}

/// Graph failed us.
pub(crate) fn unreachable(source: anyhow::Error) -> Trouble {
    Trouble::Unreachable { what: WHAT, source }
}

/// The same trouble once more, for another asker.
pub(crate) fn again(trouble: &Trouble) -> Trouble {
    match trouble {
        Trouble::Refused(reason) => Trouble::Refused(reason.clone()),
        Trouble::Unclear { argument, question } => {
            Trouble::Unclear { argument: argument.clone(), question: question.clone() }
        }
        Trouble::Unreachable { what, source } => {
            Trouble::Unreachable { what, source: anyhow::anyhow!("{source:#}") }
        }
    }
}
