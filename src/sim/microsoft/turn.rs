//! One request while it is answered: the state it may read and change, and who asks.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{
    ledger::{Effect, Target},
    state::State,
    world::Core,
};
use crate::ports::clock::Clock;

/// What an access token says about its holder.
#[derive(Debug, Clone, Default)]
pub(super) struct Caller {
    pub app: String,
    pub roles: BTreeSet<String>,
    pub wids: BTreeSet<String>,
}

pub(super) struct Turn<'a> {
    pub core: &'a mut Core,
    pub clock: &'a dyn Clock,
    pub now: Timestamp,
    pub caller: Caller,
    /// Scheme and host by which we were called, such as `http://127.0.0.1:8080`.
    pub origin: String,
    pub request_id: Uuid,
    pub client_request_id: String,
    /// An older state that reads must answer from.
    pub stale: Option<Arc<State>>,
    /// Milliseconds to wait before the answer leaves.
    pub latency_ms: u64,
}

impl Turn<'_> {
    /// The state as this request sees it.
    pub fn state(&self) -> &State {
        self.stale.as_deref().unwrap_or(&self.core.state)
    }

    /// The state, to be changed. The state before is kept for stale reads.
    pub fn change(&mut self) -> &mut State {
        self.core.remember(self.now);
        Arc::make_mut(&mut self.core.state)
    }

    /// Writes an effect into the ledger.
    pub fn felt(&mut self, what: &str, target: Uuid, before: Value, after: Value) {
        let name = self.core.state.name_of(target);
        self.felt_about(what, target, &name, before, after);
    }

    /// The same for an object that is neither a user nor a group: its name comes along.
    pub fn felt_about(
        &mut self,
        what: &str,
        target: Uuid,
        name: &str,
        before: Value,
        after: Value,
    ) {
        self.core.ledger.append(Effect {
            number: 0,
            at: self.now,
            request_id: self.request_id,
            client_request_id: self.client_request_id.clone(),
            app: self.caller.app.clone(),
            what: what.to_owned(),
            target: Target { id: target, name: name.to_owned() },
            before,
            after,
        });
    }
}

/// Graph shows instants with whole seconds.
pub(super) fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
