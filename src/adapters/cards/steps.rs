//! The steps of a plan as sentences: on the request card, and page by page.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    adapters::cards::{
        CardError,
        clean::clean,
        fit::{Level, Steps},
        request::owned,
        say::Say,
    },
    domain::{
        message::{RequestView, StepView, StepsView},
        step::StepState,
        trouble::Reason,
    },
};

/// One step in words.
#[derive(Debug, Serialize)]
pub struct StepSheet {
    /// Its number.
    pub number: u16,
    /// Its sign, once it may have started.
    pub sign: Option<String>,
    /// What it does.
    pub title: String,
    /// How it ended.
    pub outcome: Option<String>,
    /// Why it failed, or why nobody can tell.
    pub why: Option<String>,
    /// Values, recipient, what is final.
    pub lines: Vec<String>,
    /// It failed or is in doubt.
    pub bad: bool,
}

/// The steps that are listed: all of them, or those that ended badly.
pub(super) fn listed<'a>(say: &Say<'_>, view: &'a RequestView) -> Vec<&'a StepView> {
    let bad =
        |step: &&StepView| step.state == StepState::Failed || step.state == StepState::InDoubt;
    match say.level.steps {
        Steps::Full | Steps::Short => view.steps.iter().collect(),
        Steps::Counted => view.steps.iter().filter(bad).take(say.level.items).collect(),
    }
}

/// Did any step?
pub(super) fn begun(steps: &[StepView]) -> bool {
    steps.iter().any(|step| step.state != StepState::Waiting)
}

/// One page of the steps of a plan, each by itself however long the plan is.
pub fn page(say: &Say<'_>, view: &StepsView) -> Result<(Value, String), CardError> {
    let steps = if say.level.steps == Steps::Full { Steps::Full } else { Steps::Short };
    let level = Level { steps, ..*say.level };
    let say = Say { level: &level, ..*say };
    let (number, action) = (view.number.to_string(), say.actions(&view.actions)?);
    let (page, pages) = (view.page.to_string(), view.pages.to_string());
    let fields = [("number", number.as_str()), ("page", &page), ("pages", &pages)];
    let begun = begun(&view.steps);
    let heading = if view.rehearsed { "line.steps_rehearsed" } else { "line.steps_page" };
    let listed: Result<Vec<_>, _> =
        view.steps.iter().map(|s| step(&say, (begun, false), s)).collect();
    let sheet = json!({
        "title": say.line("line.request", &[("number", &number), ("action", &action)])?,
        "steps_heading": say.line(heading, &fields)?,
        "steps": listed?, "short": level.steps != Steps::Full,
        "counts": [], "full_list": null, "fingerprint": clean(&view.fingerprint),
    });
    let summary = if view.rehearsed { heading } else { "summary.steps" };
    Ok((sheet, say.line(summary, &fields)?))
}

/// A step in words. Whether any step of the plan `begun`, and whether it is `over`
/// before anything was done, decides what is still worth saying of it.
pub(super) fn step(
    say: &Say<'_>,
    (begun, over): (bool, bool),
    step: &StepView,
) -> Result<StepSheet, CardError> {
    let mut lines = Vec::new();
    let counted = say.level.steps == Steps::Counted;
    // Only what is to happen, or did, goes to somebody and is final.
    let happens = !counted && !over && step.state != StepState::Skipped;
    let happens = happens && step.state != StepState::Failed;
    let shown = !counted && step.state != StepState::Skipped;
    for value in step.values.iter().filter(|_| shown) {
        let fields = [
            ("what", say.label(&value.what)?),
            ("before", say.value(&value.before)?),
            ("after", say.value(&value.after)?),
        ];
        lines.push(say.texts.say("line.change", &owned(fields))?);
    }
    if let Some(at) = step.not_before.filter(|_| step.ends && happens && !step.state.ended()) {
        lines.push(say.line("line.by_itself", &[("when", &say.when(at))])?);
    }
    if let Some(who) = step.secret_to.as_ref().filter(|_| happens) {
        let name = say.typed(&who.name);
        lines.push(say.line("line.secret", &[("name", &name), ("upn", &clean(who.upn.as_str()))])?);
    }
    if let Some(key) = step.cannot_undo.as_ref().filter(|_| happens) {
        let why = say.word(&format!("final.{key}"))?;
        lines.push(say.line("line.cannot_undo", &[("why", &why)])?);
    }
    let mut why = None;
    if let Some(reason) = &step.why {
        let (mut what, hint) = say.reason(reason)?;
        if let (Reason::NotPossible { what: seen }, StepState::InDoubt) = (reason, step.state) {
            what = format!("{}.", say.typed(seen.trim_end_matches('.')));
        }
        let key = if step.state == StepState::InDoubt { "line.why_in_doubt" } else { "line.why" };
        why = Some(say.line(key, &[("what", &what), ("hint", &hint)])?);
    }
    if say.level.steps != Steps::Full {
        lines.splice(0..0, why.take());
    }
    let name = step.state.as_str();
    Ok(StepSheet {
        number: step.id,
        sign: begun.then(|| say.word(&format!("sign.{name}"))).transpose()?,
        title: say.texts.say(&format!("change.{}", step.kind), &say.fields(&step.names)?)?,
        outcome: begun.then(|| outcome(say, step)).transpose()?,
        why,
        lines,
        bad: matches!(step.state, StepState::Failed | StepState::InDoubt),
    })
}

/// How a step stands, what that rests on, and who said so.
fn outcome(say: &Say<'_>, step: &StepView) -> Result<String, CardError> {
    let evidence = match &step.evidence {
        Some(kind) => say.word(&format!("evidence.{kind}"))?,
        None => String::new(),
    };
    let by = step.said_by.as_deref().map(|by| say.typed(by)).unwrap_or_default();
    let outcome = say.word(&format!("outcome.{}", step.state.as_str()))?;
    say.line("line.outcome", &[("outcome", &outcome), ("evidence", &evidence), ("by", &by)])
}

/// The steps by kind and, once they began, by how they stand.
pub(super) fn counts(say: &Say<'_>, view: &RequestView) -> Result<Vec<String>, CardError> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &view.steps {
        *kinds.entry(&step.kind).or_default() += 1;
        *states.entry(step.state.as_str()).or_default() += 1;
    }
    let mut lines = Vec::new();
    for (kind, count) in kinds {
        lines.push(say.line(&format!("many.{kind}"), &[("count", &count.to_string())])?);
    }
    let mut ended = Vec::new();
    for (state, count) in states {
        let sign = say.word(&format!("sign.{state}"))?;
        ended.push(format!("{sign} {count} {}", say.word(&format!("outcome.{state}"))?));
    }
    lines.push(ended.join(" · "));
    let bad =
        view.steps.iter().filter(|s| matches!(s.state, StepState::Failed | StepState::InDoubt));
    let more = bad.count().saturating_sub(say.level.items);
    if more > 0 {
        lines.push(say.line("line.more_steps", &[("count", &more.to_string())])?);
    }
    // What is final and who gets secrets is never left to the detail view.
    let mut finals: BTreeMap<&str, usize> = BTreeMap::new();
    for key in view.steps.iter().filter_map(|step| step.cannot_undo.as_deref()) {
        *finals.entry(key).or_default() += 1;
    }
    for (key, count) in finals {
        let why = say.word(&format!("final.{key}"))?;
        lines.push(format!("{count} × {}", say.line("line.cannot_undo", &[("why", &why)])?));
    }
    let mut recipients: Vec<_> = view.steps.iter().filter_map(|s| s.secret_to.as_ref()).collect();
    recipients.sort();
    recipients.dedup();
    let secrets: Result<Vec<_>, _> = recipients
        .iter()
        .map(|who| {
            let upn = clean(who.upn.as_str());
            say.line("line.secret", &[("name", &say.typed(&who.name)), ("upn", &upn)])
        })
        .collect();
    lines.extend(say.some(secrets?)?);
    Ok(lines)
}

/// Nothing is left but to end what was given for a while: until when it lasts.
pub fn given(view: &RequestView) -> Option<Timestamp> {
    let open = || view.steps.iter().filter(|step| !step.state.ended());
    let given = view.state == "running" && open().all(|step| step.ends);
    open().filter(|_| given).filter_map(|step| step.not_before).min()
}
