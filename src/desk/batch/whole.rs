//! Rows with their plans → one rule, the strictest of all, then a digest for each, then the plan of
//! the batch over these.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::ask::Drafted;
use crate::{
    actions::entry,
    desk::Desk,
    domain::{
        batch::{Row, Rows, Unfit},
        decision::Rule,
        escalation::Escalation,
        plan::{FORMAT, Frozen, NotAPlan, Note, Part, Plan},
        proposal::Because,
        request::{Request, Verdict},
        trouble::Reason,
        users::PersonRef,
    },
    policy::{self, limits::is_held},
};

/// Rows whose rules differ in more than this many ways are signed apart.
const RULES_MAX: usize = 8;
/// Of notes that differ only in a name, so many are on the card.
const ALIKE_MAX: usize = 3;

/// The batch's plan, what policy says of it, and its rows.
pub(super) type Whole = (Frozen, Verdict, Vec<(Request, Frozen)>);

impl Desk {
    /// One rule for all rows, then a digest for each, then the batch's own plan over these.
    pub(super) fn whole(
        &self,
        batch: &Request,
        drafted: Vec<Drafted>,
        (unfit, unread): (Vec<Unfit>, Vec<String>),
        (before, because): (Vec<Note>, Vec<Because>),
    ) -> Result<Whole, Reason> {
        let mut verdict = strictest(&drafted)?;
        if is_held(&before) {
            let entries = drafted.iter().flat_map(|row| &row.plan.parts);
            let areas =
                entries.filter_map(|part| Some(entry(&part.action)?.about.area.to_string()));
            let areas: BTreeSet<String> = areas.collect();
            verdict = self.hold_back(verdict, &areas.into_iter().collect::<Vec<_>>())?;
        }
        let rule = verdict.rule.clone();
        // Where one row takes a fresh sign-in, signing all of them does.
        let step_up = drafted.iter().any(|row| row.plan.step_up);
        let further = drafted.iter().filter_map(|row| row.plan.escalation.clone());
        let further: Option<Escalation> = further.min_by_key(|further| further.at);
        let expires_at = drafted.iter().map(|row| row.plan.expires_at).min();
        let expires_at: Timestamp = expires_at.unwrap_or(batch.asked_at);
        let not_a_plan = |wrong: NotAPlan| Reason::NotPossible { what: wrong.to_string() };
        let (mut fit, mut rows, mut changes) = (Vec::new(), Vec::new(), BTreeMap::new());
        let (mut subjects, mut actions): (Vec<PersonRef>, Vec<String>) = (Vec::new(), Vec::new());
        let mut notes = Vec::new();
        for Drafted { number, whom, request, plan, .. } in drafted {
            let escalation = further.clone();
            let (rule, emergency) = (rule.clone(), Vec::new());
            let own = Plan { rule, emergency, step_up, escalation, expires_at, ..plan };
            let frozen = Frozen::of(&own).map_err(not_a_plan)?;
            for step in &own.steps {
                *changes.entry(step.change.kind().as_str().to_owned()).or_default() += 1;
            }
            let action = own.parts.first().map(|part| part.action.clone()).unwrap_or_default();
            fit.push(row(number, whom, &frozen, &action));
            if !actions.contains(&action) {
                actions.push(action);
            }
            subjects.extend(own.subjects);
            notes.extend(own.notes);
            rows.push((request, frozen));
        }
        let counts = (fit.len().to_string(), (fit.len() + unfit.len()).to_string());
        let said = Note::new("rows_read", &[("fit", &counts.0), ("total", &counts.1)]);
        let mut told: Vec<Note> = before.into_iter().chain([said]).collect();
        if !unread.is_empty() {
            told.push(Note::new("rows_unread", &[("names", &unread.join(", "))]));
        }
        told.extend(few_of_each(notes));
        let part = |action: String| Part {
            action,
            arguments: serde_json::Map::new(),
            because: because.clone(),
        };
        let plan = Plan {
            format: FORMAT,
            tenant: batch.tenant.clone(),
            request: batch.id,
            revision: batch.revision + 1,
            parts: actions.into_iter().map(part).collect(),
            subjects,
            objects: Vec::new(),
            steps: Vec::new(),
            left_out: Vec::new(),
            standing: None,
            rows: Some(Rows { fit, unfit, unread, changes }),
            notes: told,
            rule,
            emergency: Vec::new(),
            step_up,
            caller_number: false,
            escalation: further,
            expires_at,
            start_at: None,
        };
        Ok((Frozen::of(&plan).map_err(not_a_plan)?, verdict, rows))
    }
}

/// The rule that is at least as strict as each row's own.
fn strictest(drafted: &[Drafted]) -> Result<Verdict, Reason> {
    let mut rules: Vec<&Rule> = Vec::new();
    for row in drafted {
        if !rules.contains(&&row.verdict.rule) {
            rules.push(&row.verdict.rule);
        }
    }
    if rules.len() > RULES_MAX {
        let what = "these rows need the signatures of too many different people; send those of one department or manager together".to_owned();
        return Err(Reason::TooMuch { what });
    }
    let rule = rules.into_iter().cloned().fold(Rule::Confirm, Rule::and);
    let is = |key: &&&str| drafted.iter().any(|row| row.verdict.why.key == **key);
    let careful = ["privileged", "signer"].iter().find(is).copied().unwrap_or("approve");
    let policy = drafted.first().map(|row| row.verdict.policy.clone()).unwrap_or_default();
    Ok(Verdict { why: policy::why(&rule, careful), rule, policy })
}

fn row(number: u32, whom: (String, String), frozen: &Frozen, action: &str) -> Row {
    let plan = frozen.plan();
    let lasting: BTreeSet<&String> =
        plan.steps.iter().filter_map(|step| step.cannot_undo.as_ref()).collect();
    let mut secrets_to: Vec<PersonRef> = Vec::new();
    for to in plan.recipients() {
        if !secrets_to.contains(to) {
            secrets_to.push(to.clone());
        }
    }
    Row {
        number,
        request: plan.request,
        digest: frozen.digest(),
        action: action.to_owned(),
        whom,
        steps: u16::try_from(plan.steps.len()).unwrap_or(u16::MAX),
        start_at: plan.start_at,
        lasting: lasting.into_iter().cloned().collect(),
        secrets_to,
    }
}

/// What is said of many rows is said of the first few of them.
fn few_of_each(notes: Vec<Note>) -> Vec<Note> {
    let mut of_key: BTreeMap<String, usize> = BTreeMap::new();
    let (mut few, mut more): (Vec<Note>, usize) = (Vec::new(), 0);
    for note in notes {
        if few.contains(&note) {
            continue;
        }
        let count = of_key.entry(note.key.clone()).or_default();
        *count += 1;
        if *count <= ALIKE_MAX {
            few.push(note);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        few.push(Note::new("rows_more_notes", &[("count", &more.to_string())]));
    }
    few
}
