//! Snapshots: written once, under the key of whom they are of.

use zeroize::Zeroizing;

use super::{
    super::{
        at::at,
        broken_by,
        database::{Sql, values},
        script::Or,
        subjects::Whose,
    },
    Sheet,
};
use crate::{domain::snapshot::Snapshot, ports::store::StoreError};

/// Whose key a part is sealed under.
pub(in super::super) fn whose(part: &Snapshot) -> Whose {
    (part.subject.tenant().clone(), part.subject.to_string())
}

/// What a part is bound to: it opens nowhere else.
pub(in super::super) fn row(part: &str, step: u16, request: &str) -> String {
    format!("snapshot/{request}/{step}/{part}")
}

impl Sheet<'_> {
    /// What was written first stays: a later try may find what is lost already.
    pub(super) fn snapshot(&mut self, part: &Snapshot) -> Result<(), StoreError> {
        let whose = whose(part);
        let key = self.subjects.get(&whose).ok_or_else(|| {
            broken_by(anyhow::anyhow!("the key of a snapshot's subject is not at hand"))
        })?;
        let step = part.step.map_or(0, |step| step.0);
        let value = Zeroizing::new(serde_json::to_vec(&part.value).map_err(broken_by)?);
        let row = row(&part.part, step, &part.request.to_string());
        let sealed = key.key.seal(self.sealing.random(), &row, &value);
        self.script.add(
            Sql::Each {
                sqlite:
                    "INSERT INTO snapshot (request_id, tenant_id, subject, step_id, part, taken_at,
                         until, sealed)
                     SELECT ?, tenant_id, subject, ?, ?, ?, ?, ? FROM subject_key
                     WHERE subject = ? AND tenant_id = ? AND sealed = ?
                     ON CONFLICT (request_id, tenant_id, subject, step_id, part)
                         DO UPDATE SET part = excluded.part",
                // Whoever forgets the subject waits for this turn, or this turn for them.
                postgres: "WITH key AS (
                         SELECT tenant_id, subject FROM subject_key
                         WHERE subject = ?7 AND tenant_id = ?8 AND sealed = ?9 FOR SHARE)
                     INSERT INTO snapshot (request_id, tenant_id, subject, step_id, part, taken_at,
                         until, sealed)
                     SELECT ?1, tenant_id, subject, ?2, ?3, ?4, ?5, ?6 FROM key
                     ON CONFLICT (request_id, tenant_id, subject, step_id, part)
                         DO UPDATE SET part = excluded.part",
            },
            values![
                part.request.0,
                step,
                part.part.as_str(),
                at(part.taken_at),
                at(part.until),
                sealed,
                whose.1,
                whose.0.guid(),
                key.sealed.clone(),
            ],
            // Another process forgot the subject: the key at hand is theirs no more.
            Or::Conflict,
        );
        Ok(())
    }
}
