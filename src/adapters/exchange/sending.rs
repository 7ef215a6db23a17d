//! Cmdlets out, answers in: alone or in batches, each at most once.

use std::sync::Arc;

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::{
    adapters::{
        exchange::{
            BATCH_MAX, Ended, Exchange, Lane,
            cmdlets::Cmdlet,
            reply::{Meaning, Reply},
        },
        graph::{
            client::again,
            settings::Audience,
            token::Token,
            tray::Tray,
            wire::{Payload, Raw, Sent, said},
        },
    },
    domain::ids::TenantId,
};

impl Exchange {
    /// Each cmdlet once, and once more where a stale token stopped it.
    pub(super) async fn invoke(&self, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Ended> {
        let parts = cmdlets.chunks(BATCH_MAX).map(|part| self.fresh(tenant, part));
        join_all(parts).await.into_iter().flatten().collect()
    }

    /// The same, in batches with all that is read in this moment.
    pub(super) async fn together(&self, tenant: &TenantId, cmdlets: Vec<Cmdlet>) -> Vec<Ended> {
        let lane = self.lane(tenant);
        let read = |part: Vec<Cmdlet>| async move { self.invoke(tenant, &part).await };
        let ended = lane.reads.ask(cmdlets, BATCH_MAX, read).await;
        let left = || Ended::Lost(anyhow::anyhow!("whoever read this with theirs went away"));
        ended.into_iter().map(|end| end.unwrap_or_else(left)).collect()
    }

    async fn fresh(&self, tenant: &TenantId, cmdlets: &[Cmdlet]) -> Vec<Ended> {
        let lane = self.lane(tenant);
        let _place = lane.in_flight.acquire().await.expect("never closed");
        let used = match self.tokens.get(tenant, Audience::Exchange).await {
            Ok(token) => token,
            Err(trouble) => {
                let each = |_: &Cmdlet| Ended::Unsent(again(&trouble));
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

    pub(super) async fn post(
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

    pub(super) fn base(&self, tenant: &TenantId) -> String {
        let exchange = self.settings.endpoints.exchange.trim_end_matches('/');
        format!("{exchange}/adminapi/beta/{tenant}")
    }

    fn address(&self, tenant: &TenantId, cmdlet: &Cmdlet) -> String {
        let select = cmdlet.select.map(|list| format!("?$select={list}")).unwrap_or_default();
        format!("{}/InvokeCommand{select}", self.base(tenant))
    }

    fn lane(&self, tenant: &TenantId) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let size = self.settings.limits.exchange_in_flight.max(1);
        let new = || Arc::new(Lane { in_flight: Semaphore::new(size), reads: Tray::new(size / 2) });
        Arc::clone(lanes.entry(tenant.clone()).or_insert_with(new))
    }
}

/// Routes organisation-level cmdlets: the arbitration mailbox every tenant has.
fn anchor(tenant: &TenantId) -> String {
    format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}")
}
