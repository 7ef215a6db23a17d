//! Exchange Online's admin endpoint, for what Graph cannot do.
//!
//! - here        makes changes, reads lists and mailboxes, follows pages
//! - [`cmdlets`] the cmdlets we call
//! - [`sending`] cmdlets alone or in batches, and their tokens
//! - [`reply`]   what an answer means: members, warnings, errors in their order
//! - [`refusals`] what Exchange will not do, in words people understand
//! - [`shapes`]  its objects, read into our words
//! - [`reading`] [`Mailboxes`](crate::ports::mailboxes::Mailboxes) and
//!   [`MailFlow`](crate::ports::mail_flow::MailFlow)
//!
//! The endpoint (`InvokeCommand`) is what Microsoft's own PowerShell module calls;
//! it is not documented for others and may change. Parameters are data, never a
//! script, so nothing that a person typed can become a command.
//!
//! Not here: anything that Graph can do; and PowerShell.

pub mod cmdlets;
mod reading;
mod refusals;
pub mod reply;
mod sending;
pub(crate) mod shapes;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::Semaphore;

pub(crate) use self::cmdlets::Cmdlet;
pub use self::reply::Mailbox;
use self::reply::{Meaning, Reply};
use crate::{
    adapters::graph::{
        client::again,
        making::unsent,
        roles,
        settings::{Audience, Settings},
        token::Tokens,
        tray::{Tray, Twice},
        wire::Wire,
    },
    domain::{
        ids::{TenantId, UserId},
        trouble::{Reason, Result, Trouble},
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
    lanes: Mutex<HashMap<TenantId, Arc<Lane>>>,
}

/// What all calls for one tenant share.
struct Lane {
    in_flight: Semaphore,
    /// Cmdlets that only read and are run in this moment.
    reads: Tray<Cmdlet, Ended>,
}

/// How one cmdlet ended.
pub(crate) enum Ended {
    Answered(Reply),
    /// Nothing was sent.
    Unsent(Trouble),
    /// Nobody knows.
    Lost(anyhow::Error),
}

impl Twice for Ended {
    fn twice(&self) -> Self {
        match self {
            Self::Answered(reply) => Self::Answered(reply.clone()),
            Self::Unsent(trouble) => Self::Unsent(again(trouble)),
            Self::Lost(error) => Self::Lost(anyhow::anyhow!("{error:#}")),
        }
    }
}

impl Exchange {
    pub fn new(settings: Arc<Settings>, wire: Arc<Wire>, tokens: Arc<Tokens>) -> Self {
        Self { settings, wire, tokens, lanes: Mutex::default() }
    }

    /// Makes changes. One answer for each, in order: what the cmdlet put out, or how
    /// else it ended.
    pub async fn make(
        &self,
        tenant: &TenantId,
        cmdlets: &[Cmdlet],
    ) -> Vec<std::result::Result<Value, Made>> {
        let ended = self.invoke(tenant, cmdlets).await;
        let mut judged = Vec::with_capacity(cmdlets.len());
        for (cmdlet, end) in cmdlets.iter().zip(ended) {
            judged.push(self.judge(tenant, cmdlet, end).await);
        }
        judged
    }

    /// The mailbox of a user; `None` when there is none, or not yet.
    pub async fn mailbox(&self, user: &UserId) -> Result<Option<Mailbox>> {
        let values = self.values(user.tenant(), &[Cmdlet::mailbox(user)]).await.pop();
        let found = values.transpose()?.flatten().and_then(|values| values.into_iter().next());
        Ok(found.as_ref().map(Mailbox::of))
    }

    /// What reading cmdlets output, page by page, tried again when unanswered; `None`
    /// where the object is not there.
    pub async fn values(
        &self,
        tenant: &TenantId,
        cmdlets: &[Cmdlet],
    ) -> Vec<Result<Option<Vec<Value>>>> {
        let mut settled: Vec<Option<Result<Option<Vec<Value>>>>> =
            cmdlets.iter().map(|_| None).collect();
        let mut open: Vec<usize> = (0..cmdlets.len()).collect();
        for attempt in 1..=self.settings.limits.read_tries.max(1) {
            let part: Vec<Cmdlet> = open.iter().map(|at| cmdlets[*at].clone()).collect();
            let ended = self.together(tenant, part).await;
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
            Meaning::MissingRole => Ok(Err(self.missing_role(tenant, cmdlet).await.into())),
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

    async fn judge(
        &self,
        tenant: &TenantId,
        cmdlet: &Cmdlet,
        end: Ended,
    ) -> std::result::Result<Value, Made> {
        let reply = match end {
            Ended::Answered(reply) => reply,
            Ended::Unsent(trouble) => return Err(unsent(&trouble)),
            Ended::Lost(cause) => return Err(Made::Unsure { cause }),
        };
        Err(match reply.meaning() {
            Meaning::Done => return Ok(reply.values.into_iter().next().unwrap_or_default()),
            Meaning::AlreadySo => Made::AlreadySo,
            Meaning::Busy(told) => Made::Busy { wait: told.unwrap_or(BUSY_DEFAULT) },
            Meaning::Unknown => Made::Unsure { cause: reply.cause() },
            meaning => {
                tracing::info!(%tenant, cause = %reply.cause(), "not made by Exchange");
                match meaning {
                    Meaning::MissingRole => Made::Refused(self.missing_role(tenant, cmdlet).await),
                    Meaning::Refused(reason) => Made::Refused(reason),
                    // What it changes is gone, or only something it names beside.
                    _ if reply.speaks_of(cmdlet.identity()) => Made::Gone,
                    _ => Made::Refused(reply::no_such_object()),
                }
            }
        })
    }

    /// What the app lacks for a cmdlet, by what its token shows.
    async fn missing_role(&self, tenant: &TenantId, cmdlet: &Cmdlet) -> Reason {
        let link = self.settings.consent_link(tenant);
        let token = self.tokens.get(tenant, Audience::Exchange).await.ok();
        let claims = token.as_ref().map(|token| &token.claims);
        let permission =
            claims.is_some_and(|claims| claims.roles.iter().any(|role| role == reply::PERMISSION));
        let role = claims.is_some_and(|claims| {
            roles::satisfying(cmdlet.role).iter().any(|id| claims.wids.contains(id))
        });
        reply::missing_role(cmdlet.name, cmdlet.role, (permission, role), link.as_deref())
    }
}

fn unreachable(source: anyhow::Error) -> Trouble {
    Trouble::Unreachable { what: WHAT, source }
}
