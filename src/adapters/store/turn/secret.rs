//! Secrets and the links to them. A value is in one place at a time.

use super::{
    super::{at::at, database::values, script::Or},
    Sheet,
};
use crate::{
    domain::ids::{RequestId, StepId},
    ports::store::{NewLink, NewSecret, Turn},
};

impl Sheet<'_> {
    /// Opening deletes the value; of several who open at once, one does.
    pub(super) fn opening(&mut self, turn: &Turn) {
        for token_hash in &turn.void_links {
            self.end_link(token_hash, Or::Fine);
        }
        if let Some(token_hash) = &turn.open_link {
            self.end_link(token_hash, Or::Conflict);
        }
    }

    fn end_link(&mut self, token_hash: &[u8; 32], or: Or) {
        self.script.add(
            "DELETE FROM outbox WHERE state = 'waiting'
                 AND instead_of = (SELECT message_id FROM secret_link WHERE token_hash = ?)",
            values![token_hash.to_vec()],
            Or::Fine,
        );
        self.script.add(
            "DELETE FROM secret_link WHERE token_hash = ? AND expires_at > ?",
            values![token_hash.to_vec(), self.at],
            or,
        );
    }

    pub(super) fn secrets(&mut self, turn: &Turn) {
        for (request, step) in &turn.forget_secrets {
            self.forget_secret(request, *step);
            self.forget_links(request, *step);
        }
        for secret in &turn.secrets {
            self.secret(secret);
        }
        for link in &turn.links {
            self.link(link);
        }
    }

    /// A new value ends the links to an older one.
    fn secret(&mut self, new: &NewSecret) {
        self.forget_links(&new.request, new.step);
        let row = format!("{}/{}", new.request, new.step);
        self.script.add(
            "INSERT INTO secret (request_id, tenant_id, step_id, recipient_tenant, recipient_id, expires_at, sealed)
             VALUES (?1, (SELECT tenant_id FROM request WHERE request_id = ?1), ?, ?, ?, ?, ?)
             ON CONFLICT (request_id, tenant_id, step_id) DO UPDATE SET recipient_tenant = excluded.recipient_tenant,
                 recipient_id = excluded.recipient_id, expires_at = excluded.expires_at, sealed = excluded.sealed",
            values![
                new.request.0,
                new.step.0,
                new.recipient.tenant().guid(),
                new.recipient.guid(),
                at(new.expires_at),
                self.sealing.seal("secret", &row, new.value.reveal().as_bytes()),
            ],
            Or::Defect("a secret was not written"),
        );
    }

    fn link(&mut self, new: &NewLink) {
        self.forget_secret(&new.request, new.step);
        self.script.add(
            "INSERT INTO secret_link (request_id, tenant_id, step_id, token_hash, expires_at, sealed, message_id)
             VALUES (?1, (SELECT tenant_id FROM request WHERE request_id = ?1), ?, ?, ?, ?, ?)",
            values![
                new.request.0,
                new.step.0,
                new.token_hash.to_vec(),
                at(new.expires_at),
                new.sealed.clone(),
                new.message,
            ],
            Or::Defect("a link was not written"),
        );
    }

    fn forget_secret(&mut self, request: &RequestId, step: StepId) {
        self.script.add(
            "DELETE FROM secret WHERE request_id = ? AND step_id = ?",
            values![request.0, step.0],
            Or::Fine,
        );
    }

    fn forget_links(&mut self, request: &RequestId, step: StepId) {
        self.script.add(
            "DELETE FROM secret_link WHERE request_id = ? AND step_id = ?",
            values![request.0, step.0],
            Or::Fine,
        );
    }
}
