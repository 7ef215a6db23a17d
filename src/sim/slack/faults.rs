//! What goes wrong on purpose.

use super::world::Workspace;

/// A fault of the Web API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Only for this method (`chat.postMessage`), or for any.
    pub method: Option<String>,
    /// What happens.
    pub trouble: Trouble,
    /// How often, before it is over.
    pub times: u32,
}

/// What can go wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// 429 with `Retry-After` in seconds and `{"ok":false,"error":"ratelimited"}`.
    /// Source: docs "Rate limits".
    RateLimited(u32),
    /// This status, with an HTML body. Nothing was done.
    Status(u16),
    /// 200, with an HTML body. Nothing was done. Source: slack-morphism's and
    /// Bolt's issue trackers (maintenance pages); status unconfirmed.
    Html,
    /// It was done, and then the connection broke in the middle of the answer.
    CutAfter,
    /// It was done, and then the answer was 200 with an HTML body.
    HtmlAfter,
    /// `ok: false` with this error. Nothing was done.
    Says(&'static str),
}

impl Workspace {
    /// Lets the next `times` calls of `method` (of any, if `None`) go wrong.
    pub fn fault(&self, method: Option<&str>, trouble: Trouble, times: u32) {
        let fault = Fault { method: method.map(str::to_owned), trouble, times };
        self.state().faults.push_back(fault);
    }

    /// The faults that did not happen yet.
    pub fn faults(&self) -> Vec<Fault> {
        self.state().faults.iter().cloned().collect()
    }

    /// Forgets the faults that did not happen yet.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    pub(super) fn next_fault(&self, method: &str) -> Option<Trouble> {
        let mut state = self.state();
        let meant = |fault: &Fault| fault.method.as_deref().is_none_or(|one| one == method);
        let at = state.faults.iter().position(|fault| fault.times > 0 && meant(fault))?;
        let fault = state.faults.get_mut(at)?;
        fault.times -= 1;
        let trouble = fault.trouble;
        state.faults.retain(|fault| fault.times > 0);
        Some(trouble)
    }
}
