//! Plan revisions with the lasting half of their steps; runs fill in the other half.

use serde_json::json;

use super::{
    super::{
        at::{at, not_before},
        database::values,
        script::Or,
    },
    Sheet,
};
use crate::domain::{
    change::{Evidence, Repeat},
    ids::RequestId,
    plan::{Frozen, Step},
    step::StepRun,
};

impl Sheet<'_> {
    pub(super) fn revision(&mut self, frozen: &Frozen) {
        let plan = frozen.plan();
        let row = format!("{}/{}", plan.request, plan.revision);
        self.script.add(
            "INSERT INTO plan_revision (request_id, tenant_id, revision, format, digest, made_at, sealed)
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            values![
                plan.request.0,
                plan.tenant.guid(),
                plan.revision,
                plan.format,
                frozen.digest().0.to_vec(),
                self.at,
                self.sealing.seal("plan_revision", &row, frozen.bytes()),
            ],
            Or::Conflict,
        );
        for step in &plan.steps {
            self.planned(frozen, step);
        }
    }

    fn planned(&mut self, frozen: &Frozen, step: &Step) {
        let plan = frozen.plan();
        let kind = step.change.kind();
        let repeat = match kind.repeat() {
            Repeat::Idempotent => "idempotent",
            Repeat::ReadFirst => "read_first",
            Repeat::NeverBlind => "never_blind",
        };
        let evidence = match kind.evidence() {
            Evidence::State => "state",
            Evidence::Trace => "trace",
            Evidence::Answer => "answer",
        };
        self.script.add(
            "INSERT INTO step (request_id, tenant_id, revision, step_id, sort, change_kind, needs,
                 after_steps, resources, contain, repeat_class, evidence_kind, not_before, deadline_s)
             VALUES (?, ?, ?, ?, 'change', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                plan.request.0,
                plan.tenant.guid(),
                plan.revision,
                step.id.0,
                kind.as_str().to_owned(),
                json!(step.needs).to_string(),
                json!(step.after).to_string(),
                json!(step.change.resources()).to_string(),
                step.contain,
                repeat.to_owned(),
                evidence.to_owned(),
                step.not_before.map(not_before),
                kind.deadline_seconds(),
            ],
            Or::Defect("a step was not written"),
        );
    }

    /// Where a step of the request's current revision stands.
    pub(super) fn step(&mut self, request: &RequestId, run: &StepRun) {
        let row = format!("{request}/{}", run.id);
        let sight = |part: &'static str, sight: &Option<_>| {
            let row = format!("{row}/{part}");
            sight.as_ref().map(|sight| self.sealing.seal_json("step", &row, sight))
        };
        let (before, after) = (sight("before", &run.before), sight("after", &run.seen));
        let rest = StepRun { before: None, seen: None, ..run.clone() };
        let error = run.why.as_ref().and_then(|why| {
            let code = serde_json::to_value(why).ok()?;
            Some(code.get("code")?.as_str()?.to_owned())
        });
        self.script.add(
            "UPDATE step SET state = ?3, attempts = ?4, intent_at = ?5, call_id = ?6, next_look_at = ?7,
                 error_code = ?8, sealed_before = ?9, sealed_after = ?10, sealed = ?11
             WHERE request_id = ?1 AND step_id = ?2
               AND revision = (SELECT revision FROM request WHERE request_id = ?1)",
            values![
                request.0,
                run.id.0,
                run.state.as_str().to_owned(),
                run.attempts,
                run.intent_at.map(at),
                run.call.clone(),
                run.next_at.map(not_before),
                error,
                before,
                after,
                self.sealing.seal_json("step", &row, &rest),
            ],
            Or::Defect("a step was saved that is not in the current revision of its plan"),
        );
        for (output, value) in &run.outputs {
            let row = format!("{row}/{output}");
            self.script.add(
                "INSERT INTO step_output (request_id, tenant_id, revision, step_id, output, sealed)
                 SELECT request_id, tenant_id, revision, ?2, ?3, ?4 FROM request WHERE request_id = ?1
                 ON CONFLICT (request_id, tenant_id, revision, step_id, output)
                 DO UPDATE SET sealed = excluded.sealed",
                values![
                    request.0,
                    run.id.0,
                    output.clone(),
                    self.sealing.seal("step_output", &row, value.as_bytes()),
                ],
                Or::Defect("an output of a step that is not there"),
            );
        }
    }
}
