//! A request's row: the columns that are searched beside the sealed whole.

use uuid::Uuid;

use super::{
    super::{
        at::{at, not_before},
        broken_by,
        database::{Sql, Value, values},
        script::Or,
    },
    Sheet,
};
use crate::{
    domain::{decision::Rule, request::Request},
    ports::store::StoreError,
};

impl Sheet<'_> {
    pub(super) fn request(
        &mut self,
        request: &Request,
        expected: Option<u64>,
    ) -> Result<(), StoreError> {
        let tenant = request.tenant.guid();
        let open = !request.stage.is_final();
        let verdict = request.verdict.as_ref();
        let (parent, relation) = match &request.parent {
            Some((parent, relation)) => (Some(parent.0), Some(name_of(relation)?)),
            None => (None, None),
        };
        let sealed = self.sealing.seal_json("request", &request.id.to_string(), request);
        let moving = values![
            request.id.0,
            tenant,
            request.stage.name().to_owned(),
            request.revision,
            request.digest.map(|digest| digest.0.to_vec()),
            verdict.map(|verdict| verdict.policy.clone()),
            verdict.map(|verdict| {
                match verdict.rule {
                    Rule::Confirm => "confirm",
                    Rule::Approve { .. } | Rule::Quorum(_) => "approve",
                }
                .to_owned()
            }),
            request.due_at.filter(|_| open).map(not_before),
            request.stopped_by.is_some(),
            sealed,
        ];
        let lasting = values![
            name_of(&request.kind)?,
            parent,
            relation,
            request.requester.id.tenant().guid(),
            request.requester.id.guid(),
            request.origin.place.key(),
            request.origin.own_words,
            at(request.asked_at),
            open,
        ];
        match expected {
            None => self.insert([&moving[..], &lasting[..]].concat(), tenant),
            Some(version) => self.update(moving.to_vec(), open, version),
        }
        self.subjects_of(request)?;
        self.script.tell(request.id);
        Ok(())
    }

    fn insert(&mut self, columns: Vec<Value>, tenant: Uuid) {
        self.script.add(
            "INSERT INTO numbering (tenant_id, last) VALUES (?, 1001)
             ON CONFLICT (tenant_id) DO UPDATE SET last = numbering.last + 1",
            values![tenant],
            Or::Defect("a request got no number"),
        );
        self.script.add(
            "INSERT INTO request (request_id, tenant_id, state, revision, digest, policy_version,
                 verdict, due_at, stopped, sealed, kind, parent_id, relation, requester_tenant,
                 requester_id, origin_place, own_words, asked_at, open, number, version)
             VALUES (?1, ?2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                 (SELECT last FROM numbering WHERE tenant_id = ?2), 1)
             ON CONFLICT DO NOTHING",
            columns,
            Or::Conflict,
        );
    }

    /// What a request is made with stays as it is, and most saves leave it open or closed: an
    /// index whose columns are not set costs a click no page.
    fn update(&mut self, mut columns: Vec<Value>, open: bool, expected: u64) {
        let of = columns[..2].to_vec();
        columns.push(expected.cast_signed().into());
        // Only an open request may have something due, before and after each statement.
        if open {
            self.turned(
                "UPDATE request SET open = 1 WHERE request_id = ? AND tenant_id = ? AND open = 0",
                &of,
            );
        }
        self.script.add(
            "UPDATE request SET version = version + 1, state = ?3, revision = ?4, digest = ?5,
                 policy_version = ?6, verdict = ?7, due_at = ?8, stopped = ?9, sealed = ?10
             WHERE request_id = ?1 AND tenant_id = ?2 AND version = ?11",
            columns,
            Or::Conflict,
        );
        if !open {
            self.turned(
                "UPDATE request SET open = 0 WHERE request_id = ? AND tenant_id = ? AND open = 1",
                &of,
            );
        }
    }

    fn turned(&mut self, sql: &'static str, of: &[Value]) {
        self.script.add(sql, of.to_vec(), Or::Fine);
    }

    /// Rows are written only where something changed, so that a click leaves them alone.
    fn subjects_of(&mut self, request: &Request) -> Result<(), StoreError> {
        for subject in &request.subjects {
            if *subject.id.tenant() != request.tenant {
                return Err(broken_by(anyhow::anyhow!(
                    "{:?} is about a user of another directory",
                    request.id
                )));
            }
            self.script.add(
                "INSERT INTO request_subject (tenant_id, subject_id, request_id) VALUES (?, ?, ?)
                 ON CONFLICT DO NOTHING",
                values![request.tenant.guid(), subject.id.guid(), request.id.0],
                Or::Fine,
            );
        }
        let kept: Vec<String> = request
            .subjects
            .iter()
            .map(|subject| subject.id.guid().simple().to_string().to_uppercase())
            .collect();
        self.script.add(
            Sql::Each {
                sqlite: "DELETE FROM request_subject WHERE request_id = ?
                     AND hex(subject_id) NOT IN (SELECT value FROM json_each(?))",
                postgres: "DELETE FROM request_subject WHERE request_id = ?
                     AND subject_id NOT IN (SELECT value::uuid FROM json_array_elements_text(?::json))",
            },
            values![request.id.0, serde_json::to_string(&kept).map_err(broken_by)?],
            Or::Fine,
        );
        Ok(())
    }
}

/// The stored name of a plain enum.
pub(super) fn name_of(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match value.serialize(serde_json::value::Serializer).map_err(broken_by)? {
        serde_json::Value::String(name) => Ok(name),
        other => Err(broken_by(anyhow::anyhow!("{other} is no plain name"))),
    }
}
