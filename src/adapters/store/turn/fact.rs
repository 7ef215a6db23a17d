//! Facts: written in their turn, numbered later.

use ring::digest;
use zeroize::Zeroizing;

use super::{
    super::{
        broken_by,
        database::{Sql, values},
        script::Or,
    },
    Sheet,
};
use crate::{domain::fact::Fact, ports::store::StoreError};

impl Sheet<'_> {
    pub(super) fn fact(&mut self, fact: &Fact) -> Result<(), StoreError> {
        let tenant = &fact.header.tenant;
        let header = serde_json::to_vec(&fact.header).map_err(broken_by)?;
        let payload = Zeroizing::new(serde_json::to_vec(&fact.payload).map_err(broken_by)?);
        let salted = Zeroizing::new([&self.sealing.random::<16>()[..], &payload[..]].concat());
        let hash = digest::digest(&digest::SHA256, &salted);
        let key = self.subjects.get(&(tenant.clone(), fact.subject.clone())).ok_or_else(|| {
            broken_by(anyhow::anyhow!("the key of a fact's subject is not at hand"))
        })?;
        let row = format!("{}/{}", fact.subject, hex::encode(hash.as_ref()));
        let sealed = key.key.seal(self.sealing.random(), &row, &salted);
        self.script.add(
            Sql::Each {
                sqlite: "INSERT INTO fact (tenant_id, header, payload_hash) VALUES (?, ?, ?)",
                // Its number comes later, when every turn before it is committed.
                postgres: "WITH written AS (
                         INSERT INTO fact (tenant_id, header, payload_hash) VALUES (?, ?, ?)
                         RETURNING position)
                     INSERT INTO fact_waiting (position) SELECT position FROM written",
            },
            values![tenant.guid(), header, hash.as_ref().to_vec()],
            Or::Defect("a fact was not written"),
        );
        self.script.add(
            Sql::Each {
                sqlite: "INSERT INTO fact_payload (position, tenant_id, subject, sealed)
                     SELECT last_insert_rowid(), tenant_id, subject, ? FROM subject_key
                     WHERE subject = ? AND tenant_id = ? AND sealed = ?",
                // Whoever forgets the subject waits for this turn, or this turn for them.
                postgres: "INSERT INTO fact_payload (position, tenant_id, subject, sealed)
                     SELECT currval('fact_position'), tenant_id, subject, ? FROM subject_key
                     WHERE subject = ? AND tenant_id = ? AND sealed = ? FOR SHARE",
            },
            values![sealed, fact.subject.as_str(), tenant.guid(), key.sealed.clone()],
            // Another process forgot the subject: the key at hand is theirs no more.
            Or::Conflict,
        );
        Ok(())
    }
}
