//! Microsoft Graph, and the client for both of Microsoft's doors.
//!
//! In reading order:
//!
//! - [`settings`]  addresses, apps by tenant, limits, the request log
//! - [`wire`]      one request out, one answer back; what may be logged of it
//! - [`token`]     an application's token, per tenant and audience, until it is stale
//! - [`claims`]    what a token says of itself: tenant, permissions, roles
//! - [`signin`]    sign-in errors (`AADSTS…`) in words that say what to mend
//! - [`quota`]     the write quota of a tenant
//! - [`lane`]      what all calls to one tenant share; [`tray`] reads of one moment share batches
//! - [`answer`]    one ask, one answer, and how far that can be trusted
//! - [`client`]    asks alone or in batches, with tries, waits and pages
//! - [`shapes`]    Graph's JSON, read into our words
//! - [`roles`]     which directory roles make somebody an administrator
//! - [`skus`]      product names of part numbers
//! - [`directory`] [`Directory`](crate::ports::directory::Directory)
//! - [`delta`]     what changed since the directory was last read
//! - [`people`]    [`LooksAtPeople`](crate::ports::people::LooksAtPeople); [`methods`] read into our words
//! - [`policies`] [`applications`] [`domains`] [`workbooks`] [`raw_graph`] the other reading ports
//! - [`paced`]     what is asked one at a time
//! - [`groups`] [`guests`] [`role_holders`] [`devices`] the reading ports of those areas
//! - [`handover`]  [`Handover`](crate::ports::handover::Handover): meetings and drives
//! - [`hands`]     [`Hands`](crate::ports::hands::Hands): [`looking`], then [`making`]
//! - [`changes`]   how each change is read and made, a room for each area
//! - [`refusals`]  Graph's refusals (400, 404) in words people understand
//! - [`permissions`] what changes and readings need
//! - [`app_roles`] ids of application permissions
//! - [`partner`]   in the partner's name: refresh tokens, relationships, the roles they give
//! - [`own`]       what the directory says of the app itself: declared, granted, credentials
//! - [`forbidden`] which right is missing behind a 403
//!
//! Not here: any decision about whether something may be done; and Exchange's
//! cmdlets, which are next door in [`exchange`](super::exchange).

pub mod answer;
pub mod app_roles;
mod applications;
pub(crate) mod changes;
pub mod claims;
pub mod client;
mod delta;
pub mod devices;
pub mod directory;
mod domains;
pub mod forbidden;
pub mod groups;
pub mod guests;
mod handover;
pub mod hands;
pub mod lane;
pub mod looking;
pub mod making;
pub mod methods;
pub mod own;
mod paced;
pub mod partner;
pub mod people;
pub mod permissions;
mod policies;
pub mod quota;
mod raw_graph;
pub mod refusals;
pub mod role_holders;
pub mod roles;
pub mod settings;
pub mod shapes;
pub mod signin;
pub mod skus;
pub mod token;
pub(crate) mod tray;
pub mod wire;
mod workbooks;

use std::sync::Arc;

use crate::{
    adapters::{
        exchange::{Exchange, Mailbox},
        graph::{
            claims::Claims,
            client::Client,
            settings::{Audience, Settings},
            token::Tokens,
            wire::Wire,
        },
    },
    domain::{
        ids::{TenantId, UserId},
        trouble::Result,
    },
    ports::clock::Clock,
};

/// Microsoft 365, through Graph and Exchange Online. Implements
/// [`Directory`](crate::ports::directory::Directory) and
/// [`Hands`](crate::ports::hands::Hands). Cheap to clone; clones share tokens,
/// quotas and connections.
#[derive(Clone)]
pub struct Microsoft {
    pub(crate) settings: Arc<Settings>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) graph: Arc<Client>,
    pub(crate) exchange: Arc<Exchange>,
}

impl std::fmt::Debug for Microsoft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Microsoft").finish_non_exhaustive()
    }
}

impl Microsoft {
    /// Knocks on the doors that `settings` names. `http` must follow no redirect
    /// and be one of [`http`](super::http)'s clients.
    pub fn new(settings: Settings, http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        let settings = Arc::new(settings);
        let wire = Arc::new(Wire::new(http, settings.log.clone(), Arc::clone(&clock)));
        let tokens =
            Arc::new(Tokens::new(Arc::clone(&settings), Arc::clone(&wire), Arc::clone(&clock)));
        let graph = Arc::new(Client::new(
            Arc::clone(&settings),
            Arc::clone(&wire),
            Arc::clone(&tokens),
            clock,
        ));
        let exchange = Arc::new(Exchange::new(Arc::clone(&settings), wire, Arc::clone(&tokens)));
        Self { settings, tokens, graph, exchange }
    }

    /// What the app's token for `audience` in `tenant` says of itself: for the
    /// operator's doctor, with [`forbidden::missing`].
    pub async fn rights(&self, tenant: &TenantId, audience: Audience) -> Result<Claims> {
        Ok(self.tokens.get(tenant, audience).await?.claims.clone())
    }

    /// The mailbox of a user in Exchange Online; `None` when there is none, or not yet.
    pub async fn mailbox(&self, user: &UserId) -> Result<Option<Mailbox>> {
        self.exchange.mailbox(user).await
    }

    /// The link an administrator of `tenant` opens to grant what the app asks for.
    pub fn consent_link(&self, tenant: &TenantId) -> Option<String> {
        self.settings.consent_link(tenant)
    }
}
