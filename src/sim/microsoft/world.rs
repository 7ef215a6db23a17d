//! The world as others hold it: cheap to clone, one lock inside.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{
    apps::AppRegistration,
    conduct::Conduct,
    directory,
    faults::{FaultBoard, Faults},
    graph::delta::Links,
    ledger::{Effect, Ledger},
    methods::PassPolicy,
    partner,
    requests::{Logged, RequestLog},
    sign_in::Code,
    state::{AppKey, State, secret_digest},
    token, views,
};
use crate::ports::clock::Clock;

/// The tenant id of the built-in Contoso.
pub const CONTOSO_TENANT: &str = "11111111-aaaa-4bbb-8ccc-000000000001";

/// The application that is registered from the start, with every right the product can use.
pub const DEMO_CLIENT_ID: &str = "22222222-aaaa-4bbb-8ccc-000000000001";

/// The client secret of [`DEMO_CLIENT_ID`]. It opens nothing but this simulator.
pub const DEMO_CLIENT_SECRET: &str = "simulated~contoso~client~secret";

/// Snapshots kept for stale reads; older ones are forgotten.
const SNAPSHOTS_MAX: usize = 64;

/// Why a directory file was not understood.
#[derive(Debug, thiserror::Error)]
#[error("the directory file was not understood")]
pub struct BadDirectory(#[from] serde_json::Error);

/// What Graph does with `accountEnabled` of a user that is mastered on-premises.
///
/// Microsoft's guide for emergencies writes it in both directories, so Graph takes it;
/// other public answers quote a refusal. Both can be had here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncedSignIn {
    /// Accepted, as in Microsoft's "Revoke user access in an emergency".
    #[default]
    Accepted,
    /// Refused like any other property of a synced user.
    Refused,
}

/// What Graph does when an application writes what `SharePoint` keeps of a user:
/// `aboutMe`, `birthday`, `skills` and the like.
///
/// Microsoft's page says that it cannot be done without a signed-in user, and
/// microsoft-graph-docs issue 5597 quotes the refusal; issue 15736 says that it works while
/// each stands in a request of its own. Both can be had here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProfileWrites {
    /// Refused, as the page "Update user" says.
    #[default]
    Refused,
    /// Accepted, when no property of the directory stands in the same request.
    Accepted,
}

/// A simulated tenant. Clones share one state.
#[derive(Clone)]
pub struct World {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    initial: Arc<State>,
    core: Mutex<Core>,
}

/// Everything that changes, behind the one lock.
pub(super) struct Core {
    pub state: Arc<State>,
    pub apps: BTreeMap<String, AppRegistration>,
    /// Codes of people who signed in, oldest first.
    pub codes: Vec<Code>,
    pub snapshots: VecDeque<(Timestamp, Arc<State>)>,
    pub links: Links,
    pub ledger: Ledger,
    pub requests: RequestLog,
    pub faults: Faults,
    pub synced_sign_in: SyncedSignIn,
    pub conduct: Conduct,
    pub profile_writes: ProfileWrites,
    /// The partner relationships of this tenant with its customers, as Graph shows them.
    pub relationships: Vec<Value>,
    /// Every refresh token that was shown here, oldest first.
    pub refreshed: Vec<String>,
}

impl World {
    /// The built-in Contoso: about 25 people, 10 groups, 6 kinds of licence.
    pub fn contoso(clock: Arc<dyn Clock>) -> Self {
        Self::from_directory(include_str!("data/contoso.json"), clock)
            .expect("the built-in directory is read by a test")
    }

    /// A world from a directory file. Object ids come from names, so that runs agree.
    pub fn from_directory(json: &str, clock: Arc<dyn Clock>) -> Result<Self, BadDirectory> {
        let state = Arc::new(directory::read(json, clock.now())?);
        let demo = AppRegistration::demo();
        let core = Core {
            state: Arc::clone(&state),
            apps: BTreeMap::from([(demo.client_id.clone(), demo)]),
            codes: Vec::new(),
            snapshots: VecDeque::new(),
            links: Links::default(),
            ledger: Ledger::default(),
            requests: RequestLog::default(),
            faults: Faults::default(),
            synced_sign_in: SyncedSignIn::default(),
            conduct: Conduct::default(),
            profile_writes: ProfileWrites::default(),
            relationships: Vec::new(),
            refreshed: Vec::new(),
        };
        Ok(Self { inner: Arc::new(Inner { clock, initial: state, core: Mutex::new(core) }) })
    }

    /// The tenant's id, a GUID.
    pub fn tenant_id(&self) -> Uuid {
        self.inner.initial.tenant.id
    }

    /// Is this one of the tenant's names: its id, or one of its first two domains?
    pub(super) fn is_called(&self, name: &str) -> bool {
        let tenant = &self.inner.initial.tenant;
        let id = tenant.id.to_string();
        [&id, &tenant.domain, &tenant.onmicrosoft].iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Registers an application, or replaces the one with the same client id.
    /// Tokens that were issued before keep their old claims, as in reality.
    pub fn set_app(&self, app: AppRegistration) {
        self.core().apps.insert(app.client_id.clone(), app);
    }

    /// A copy of a registered application.
    pub fn app(&self, client_id: &str) -> Option<AppRegistration> {
        self.core().apps.get(client_id).cloned()
    }

    /// Decides what happens to `accountEnabled` of synced users.
    pub fn set_synced_sign_in(&self, behaviour: SyncedSignIn) {
        self.core().synced_sign_in = behaviour;
    }

    /// Changes how the tenant behaves where tenants differ. Stays after [`reset`](Self::reset).
    pub fn set_conduct(&self, change: impl FnOnce(&mut Conduct)) {
        change(&mut self.core().conduct);
    }

    /// How the tenant behaves, with what it counted.
    pub fn conduct(&self) -> Conduct {
        self.core().conduct.clone()
    }

    /// Decides what happens to profile properties that an application writes.
    pub fn set_profile_writes(&self, behaviour: ProfileWrites) {
        self.core().profile_writes = behaviour;
    }

    /// Sets the policy for Temporary Access Passes. [`World::reset`] takes it back.
    pub fn set_pass_policy(&self, policy: PassPolicy) {
        let mut core = self.core();
        Arc::make_mut(&mut core.state).pass_policy = policy;
    }

    /// Whether this is the user's Temporary Access Pass. `user` is an id or a sign-in name.
    pub fn pass_is(&self, user: &str, value: &str) -> bool {
        let core = self.core();
        let methods = core.state.user_id(user).and_then(|id| core.state.methods.get(&id));
        methods.and_then(|methods| methods.pass.as_ref()).is_some_and(|pass| pass.is(value))
    }

    /// A signed access token as the token endpoint would issue it, for tests that start behind it.
    /// `audience` is `https://graph.microsoft.com` or `https://outlook.office365.com`.
    pub fn access_token(&self, client_id: &str, audience: &str) -> Option<String> {
        let core = self.core();
        let app = core.apps.get(client_id)?;
        Some(token::issue(&core.state.tenant, app, audience, self.now(), self.clock().uuid()))
    }

    /// A refresh token of the partner's service account of this tenant, for an application.
    pub fn partner_token(&self, client_id: &str) -> String {
        partner::refresh_token(
            client_id,
            &self.tenant_id().to_string(),
            self.now(),
            self.clock().uuid(),
        )
    }

    /// Every refresh token that was exchanged for a token of this tenant, oldest first.
    pub fn refreshed(&self) -> Vec<String> {
        self.core().refreshed.clone()
    }

    /// A partner relationship with a customer, with roles by name and an end in RFC 3339.
    pub fn put_relationship(&self, customer: &str, roles: &[&str], ends: &str) {
        let view = partner::relationship(customer, roles, ends);
        self.core().relationships.push(view);
    }

    /// Every effect so far, oldest first.
    pub fn ledger(&self) -> Vec<Effect> {
        self.core().ledger.entries()
    }

    /// Every request so far, oldest first, without secrets.
    pub fn requests(&self) -> Vec<Logged> {
        self.core().requests.entries()
    }

    /// Where faults are pinned up.
    pub fn faults(&self) -> FaultBoard {
        FaultBoard::new(self.clone())
    }

    /// Whether this is the user's password. `user` is an id or a sign-in name.
    pub fn password_is(&self, user: &str, value: &str) -> bool {
        let core = self.core();
        core.state
            .user(user)
            .and_then(|user| user.password.as_ref())
            .is_some_and(|password| password.is(value))
    }

    /// Whether this is a client secret of the application with that application id.
    pub fn app_secret_is(&self, app_id: &str, value: &str) -> bool {
        let core = self.core();
        let key = Uuid::try_parse(app_id).ok().map(AppKey::App);
        let app = key.and_then(|key| core.state.registration(key));
        let digest = secret_digest(value);
        app.is_some_and(|app| app.secrets.iter().any(|secret| secret.digest == digest))
    }

    /// What an administrator does who opens the consent link of an application. False when the
    /// application is not registered here.
    pub fn consent(&self, app_id: &str) -> bool {
        let now = self.now();
        let mut core = self.core();
        if let Some(app) = core.apps.get_mut(&app_id.to_ascii_lowercase()) {
            app.grant();
            return true;
        }
        core.remember(now);
        Uuid::try_parse(app_id).is_ok_and(|id| Arc::make_mut(&mut core.state).consent(id, now))
    }

    /// One user as `/_sim/state?user=` shows it: properties, manager, groups, licences, mailbox.
    pub fn user(&self, user: &str) -> Option<Value> {
        let core = self.core();
        core.state.user(user).map(|user| views::whole_user(&core.state, user))
    }

    /// The whole tenant as `/_sim/state` shows it.
    pub fn tenant(&self) -> Value {
        views::whole_tenant(&self.core().state)
    }

    /// Back to the directory as it was loaded. Applications stay; ledger, log and faults go.
    pub fn reset(&self) {
        let mut core = self.core();
        core.state = Arc::clone(&self.inner.initial);
        core.snapshots.clear();
        core.links.forget();
        core.ledger = Ledger::default();
        core.requests = RequestLog::default();
        core.faults = Faults::default();
        core.relationships.clear();
        core.refreshed.clear();
    }

    pub(super) fn core(&self) -> MutexGuard<'_, Core> {
        self.inner.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}

impl Core {
    /// Keeps the state as it is now, when somebody may ask for an old value.
    pub fn remember(&mut self, now: Timestamp) {
        if !self.faults.want_snapshots() {
            return;
        }
        self.snapshots.push_back((now, Arc::clone(&self.state)));
        while self.snapshots.len() > SNAPSHOTS_MAX {
            self.snapshots.pop_front();
        }
    }

    /// The state as it was at `then`, when it was different: the one kept just before
    /// the first change after that instant.
    pub fn as_of(&self, then: Timestamp) -> Option<Arc<State>> {
        self.snapshots.iter().find(|(changed, _)| *changed > then).map(|(_, old)| Arc::clone(old))
    }
}
