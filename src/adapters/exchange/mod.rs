//! Exchange Online's admin endpoint, for what Graph cannot do.
//!
//! - here       the client: cmdlets alone or in batches, pages, tokens
//! - [`cmdlets`] the cmdlets we call
//! - [`reply`]   what an answer means: members, warnings, errors in their order
//!
//! The endpoint (`InvokeCommand`) is what Microsoft's own PowerShell module calls;
//! it is not documented for others and may change. Parameters are data, never a
//! script, so nothing that a person typed can become a command.
//!
//! Not here: anything that Graph can do; and PowerShell.

pub mod cmdlets;
pub mod reply;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

pub(crate) use self::cmdlets::Cmdlet;
pub use self::reply::Mailbox;
use self::reply::{Meaning, Reply};
use crate::{
    adapters::graph::{
        making::unsent,
        settings::{Audience, Settings},
        token::{Token, Tokens},
        wire::{Payload, Raw, Sent, Wire, said},
    },
    domain::{
        ids::{GroupId, TenantId, UserId},
        trouble::{Result, Trouble},
    },
    ports::hands::Made,
};

/// Cmdlets in one batch (field practice; no published figure).
const BATCH_MAX: usize = 10;
/// Pages followed of one answer.
const PAGES_MAX: usize = 100;
/// When a 429 does not say how long.
const BUSY_DEFAULT: Duration = Duration::from_secs(15);
/// How Exchange is called in messages.
const WHAT: &str = "Exchange Online";

/// Talks to Exchange Online.
pub(crate) struct Exchange {
    settings: Arc<Settings>,
    wire: Arc<Wire>,
    tokens: Arc<Tokens>,
    lanes: Mutex<HashMap<TenantId, Arc<Semaphore>>>,
}

/// How one cmdlet ended.
pub(crate) enum Ended {
    Answered(Reply),
    /// Nothing was sent.
    Unsent(Trouble),
    /// Nobody knows.
    Lost(anyhow::Error),
}

impl Exchange {
    pub fn new(settings: Arc<Settings>, wire: Arc<Wire>, tokens: Arc<Tokens>) -> Self {
        Self { settings, wire, tokens, lanes: Mutex::default() }
    }

    /// Makes changes. One answer for each, in order.
    pub async fn make(&self, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Made> {
        let ended = self.invoke(tenant, cmdlets).await;
        ended.into_iter().map(|end| self.judge(tenant, end)).collect()
    }

    /// The members of lists, by their directory ids; `None` where there is no such list.
    pub async fn members(
        &self,
        tenant: &TenantId,
        groups: &[&GroupId],
    ) -> Vec<Result<Option<HashSet<Uuid>>>> {
        let cmdlets: Vec<Cmdlet> = groups.iter().map(|group| Cmdlet::members(group)).collect();
        let mut found = Vec::new();
        for values in self.values(tenant, &cmdlets).await {
            found.push(values.map(|values| {
                values.map(|values| values.iter().filter_map(reply::member_id).collect())
            }));
        }
        found
    }

    /// The mailbox of a user; `None` when there is none, or not yet.
    pub async fn mailbox(&self, user: &UserId) -> Result<Option<Mailbox>> {
        let values = self.values(user.tenant(), &[Cmdlet::mailbox(user)]).await.pop();
        let found = values.transpose()?.flatten().and_then(|values| values.into_iter().next());
        Ok(found.as_ref().map(Mailbox::of))
    }

    /// What reading cmdlets output, page by page, tried again when unanswered.
    async fn values(
        &self,
        tenant: &TenantId,
        cmdlets: &[Cmdlet],
    ) -> Vec<Result<Option<Vec<Value>>>> {
        let mut settled: Vec<Option<Result<Option<Vec<Value>>>>> =
            cmdlets.iter().map(|_| None).collect();
        let mut open: Vec<usize> = (0..cmdlets.len()).collect();
        for attempt in 1..=self.settings.limits.read_tries.max(1) {
            let part: Vec<Cmdlet> = open.iter().map(|at| cmdlets[*at].clone()).collect();
            let ended = self.invoke(tenant, &part).await;
            let mut wait = self.settings.limits.backoff * attempt;
            let mut still = Vec::new();
            for (at, end) in open.into_iter().zip(ended) {
                let last = attempt == self.settings.limits.read_tries.max(1);
                match self.read(tenant, &cmdlets[at], end).await {
                    Ok(values) => settled[at] = Some(values),
                    Err((told, cause)) if last || told > self.settings.limits.read_wait_max => {
                        settled[at] = Some(Err(unreachable(cause)));
                    }
                    Err((told, _)) => {
                        wait = wait.max(told);
                        still.push(at);
                    }
                }
            }
            open = still;
            if open.is_empty() {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        settled.into_iter().map(|end| end.expect("the loop settles all")).collect()
    }

    /// One reading judged: settled, or to be asked again after a wait.
    async fn read(
        &self,
        tenant: &TenantId,
        cmdlet: &Cmdlet,
        end: Ended,
    ) -> std::result::Result<Result<Option<Vec<Value>>>, (Duration, anyhow::Error)> {
        let reply = match end {
            Ended::Answered(reply) => reply,
            Ended::Unsent(trouble) => return Ok(Err(trouble)),
            Ended::Lost(cause) => return Err((Duration::ZERO, cause)),
        };
        match reply.meaning() {
            Meaning::Done | Meaning::AlreadySo => {
                Ok(self.pages(tenant, cmdlet, reply).await.map(Some))
            }
            Meaning::NoSuchObject => Ok(Ok(None)),
            Meaning::MissingRole => Ok(Err(self.missing_role(tenant).into())),
            Meaning::Refused(reason) => Ok(Err(reason.into())),
            Meaning::Busy(told) => Err((told.unwrap_or(BUSY_DEFAULT), reply.cause())),
            Meaning::Unknown => Err((Duration::ZERO, reply.cause())),
        }
    }

    /// The next pages: the same body is posted to each link.
    async fn pages(&self, tenant: &TenantId, cmdlet: &Cmdlet, first: Reply) -> Result<Vec<Value>> {
        let mut values = first.values;
        let mut next = first.next;
        for _ in 0..PAGES_MAX {
            let Some(url) = next else { return Ok(values) };
            let own = format!("{}/", self.base(tenant));
            if !url.starts_with(&own) {
                return Err(unreachable(anyhow::anyhow!("a next page at another address")));
            }
            let token = self.tokens.get(tenant, Audience::Exchange).await?;
            let raw = self.post(&token, tenant, url, cmdlet).await.map_err(unreachable)?;
            let reply = Reply::read(raw.status, raw.retry_after, &raw.body).map_err(unreachable)?;
            if !matches!(reply.meaning(), Meaning::Done) {
                return Err(unreachable(reply.cause()));
            }
            values.extend(reply.values);
            next = reply.next;
        }
        Err(unreachable(anyhow::anyhow!("more than {PAGES_MAX} pages")))
    }

    fn judge(&self, tenant: &TenantId, end: Ended) -> Made {
        let reply = match end {
            Ended::Answered(reply) => reply,
            Ended::Unsent(trouble) => return unsent(&trouble),
            Ended::Lost(cause) => return Made::Unsure { cause },
        };
        match reply.meaning() {
            Meaning::Done => Made::Accepted,
            Meaning::AlreadySo => Made::AlreadySo,
            Meaning::Busy(told) => Made::Busy { wait: told.unwrap_or(BUSY_DEFAULT) },
            Meaning::Unknown => Made::Unsure { cause: reply.cause() },
            meaning => {
                tracing::info!(%tenant, cause = %reply.cause(), "not made by Exchange");
                Made::Refused(match meaning {
                    Meaning::MissingRole => self.missing_role(tenant),
                    Meaning::Refused(reason) => reason,
                    _ => reply::no_such_object(),
                })
            }
        }
    }

    fn missing_role(&self, tenant: &TenantId) -> crate::domain::trouble::Reason {
        reply::missing_role(self.settings.consent_link(tenant).as_deref())
    }

    /// Each cmdlet once, and once more where a stale token stopped it.
    async fn invoke(&self, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Ended> {
        let parts = cmdlets.chunks(BATCH_MAX).map(|part| self.fresh(tenant, part));
        join_all(parts).await.into_iter().flatten().collect()
    }

    async fn fresh(&self, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Ended> {
        let lane = self.lane(tenant);
        let _place = lane.acquire().await.expect("never closed");
        let used = match self.tokens.get(tenant, Audience::Exchange).await {
            Ok(token) => token,
            Err(trouble) => {
                let each =
                    |_: &Cmdlet| Ended::Unsent(crate::adapters::graph::client::again(&trouble));
                return cmdlets.iter().map(each).collect();
            }
        };
        let mut ended = self.once(&used, tenant, cmdlets).await;
        let stopped: Vec<usize> = (0..ended.len())
            .filter(|at| {
                matches!(&ended[*at], Ended::Answered(reply) if matches!(reply.status, 401 | 403))
            })
            .collect();
        if stopped.is_empty() {
            return ended;
        }
        // 401 stands for a missing role too (its text says so): then only a token
        // with other rights helps.
        let role = |at: &usize| matches!(&ended[*at], Ended::Answered(r) if matches!(r.meaning(), Meaning::MissingRole));
        if stopped.iter().any(role) {
            if !self.tokens.has_other_rights(tenant, Audience::Exchange, &used).await {
                return ended;
            }
        } else {
            self.tokens.drop_used(tenant, Audience::Exchange, &used).await;
        }
        let Ok(token) = self.tokens.get(tenant, Audience::Exchange).await else { return ended };
        let part: Vec<Cmdlet> = stopped.iter().map(|at| cmdlets[*at].clone()).collect();
        let second = self.once(&token, tenant, &part).await;
        for (at, end) in stopped.into_iter().zip(second) {
            ended[at] = end;
        }
        ended
    }

    async fn once(&self, token: &Token, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Ended> {
        if let [cmdlet] = cmdlets {
            let raw = self.post(token, tenant, self.address(tenant, cmdlet), cmdlet).await;
            return vec![match raw.and_then(|r| Reply::read(r.status, r.retry_after, &r.body)) {
                Ok(reply) => Ended::Answered(reply),
                Err(cause) => Ended::Lost(cause),
            }];
        }
        self.batch(token, tenant, cmdlets).await
    }

    /// Answers are told apart by id alone. Addresses have no `$select` here: only the
    /// bare command is known to be taken inside a batch.
    async fn batch(&self, token: &Token, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Ended> {
        let requests: Vec<Value> = cmdlets
            .iter()
            .enumerate()
            .map(|(at, cmdlet)| {
                json!({
                    "id": at.to_string(),
                    "method": "POST",
                    "url": format!("{}/InvokeCommand", self.base(tenant)),
                    "headers": {
                        "Content-Type": "application/json; charset=utf-8",
                        "X-CmdletName": cmdlet.name,
                        "X-AnchorMailbox": anchor(tenant),
                        "Prefer": "odata.maxpagesize=1000",
                        "client-request-id": self.key(cmdlet),
                    },
                    "body": cmdlet.body(),
                })
            })
            .collect();
        let sent = Sent {
            method: Method::POST,
            url: format!("{}/$batch", self.base(tenant)),
            headers: vec![
                ("X-AnchorMailbox", anchor(tenant)),
                ("Prefer", "odata.continue-on-error".to_owned()),
                ("parameter-based-routing", "true".to_owned()),
                ("client-request-id", self.wire.key()),
            ],
            bearer: Some(&token.bearer),
            payload: Payload::Json(json!({ "requests": requests })),
            timeout: self.settings.limits.write_timeout,
            bytes_max: self.settings.limits.answer_bytes_max,
        };
        let lost = |why: &str| {
            cmdlets.iter().map(|_| Ended::Lost(anyhow::anyhow!("the batch: {why}"))).collect()
        };
        let raw = match self.wire.send(sent).await {
            Ok(raw) => raw,
            Err(cause) => return lost(&format!("{cause:#}")),
        };
        if matches!(raw.status, 401 | 403 | 429) || (raw.status == 503 && raw.retry_after.is_some())
        {
            // The whole batch was turned away at the door.
            let each = |_: &Cmdlet| match Reply::read(raw.status, raw.retry_after, &raw.body) {
                Ok(reply) => Ended::Answered(reply),
                Err(cause) => Ended::Lost(cause),
            };
            return cmdlets.iter().map(each).collect();
        }
        let body: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        let Some(items) = body["responses"].as_array() else {
            return lost(&format!("status {}: {}", raw.status, said(&raw.body)));
        };
        let find = |at: usize| {
            let id = at.to_string();
            items.iter().find(|item| item["id"].as_str() == Some(id.as_str()))
        };
        (0..cmdlets.len())
            .map(|at| match find(at).map(Reply::read_item) {
                Some(Ok(reply)) => Ended::Answered(reply),
                Some(Err(cause)) => Ended::Lost(cause),
                None => Ended::Lost(anyhow::anyhow!("the batch's answer lacks this item")),
            })
            .collect()
    }

    async fn post(
        &self,
        token: &Token,
        tenant: &TenantId,
        url: String,
        cmdlet: &Cmdlet,
    ) -> anyhow::Result<Raw> {
        let limits = &self.settings.limits;
        let timeout = if cmdlet.writes { limits.write_timeout } else { limits.read_timeout };
        self.wire
            .send(Sent {
                method: Method::POST,
                url,
                headers: vec![
                    ("X-CmdletName", cmdlet.name.to_owned()),
                    ("X-AnchorMailbox", anchor(tenant)),
                    ("Prefer", "odata.maxpagesize=1000".to_owned()),
                    ("client-request-id", self.key(cmdlet)),
                ],
                bearer: Some(&token.bearer),
                payload: Payload::Json(cmdlet.body()),
                timeout,
                bytes_max: limits.answer_bytes_max,
            })
            .await
    }

    fn key(&self, cmdlet: &Cmdlet) -> String {
        cmdlet.key.clone().unwrap_or_else(|| self.wire.key())
    }

    fn base(&self, tenant: &TenantId) -> String {
        let exchange = self.settings.endpoints.exchange.trim_end_matches('/');
        format!("{exchange}/adminapi/beta/{tenant}")
    }

    fn address(&self, tenant: &TenantId, cmdlet: &Cmdlet) -> String {
        let select = cmdlet.select.map(|list| format!("?$select={list}")).unwrap_or_default();
        format!("{}/InvokeCommand{select}", self.base(tenant))
    }

    fn lane(&self, tenant: &TenantId) -> Arc<Semaphore> {
        let mut lanes = self.lanes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let size = self.settings.limits.exchange_in_flight.max(1);
        Arc::clone(lanes.entry(tenant.clone()).or_insert_with(|| Arc::new(Semaphore::new(size))))
    }
}

/// Routes organisation-level cmdlets: the arbitration mailbox every tenant has.
fn anchor(tenant: &TenantId) -> String {
    format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}")
}

fn unreachable(source: anyhow::Error) -> Trouble {
    Trouble::Unreachable { what: WHAT, source }
}
