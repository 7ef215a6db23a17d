//! The request card as sentences, before it has a face.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    adapters::cards::{CardError, clean::clean, fit::Steps, say::Say, texts::Fields},
    domain::{
        message::{Button, ButtonToken, RequestView, Signature, StepView},
        plan::named,
        step::StepState,
        trouble::Reason,
    },
};

/// A name and what it is.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A button with its words.
#[derive(Debug, Serialize)]
pub struct ButtonSheet {
    /// Its words.
    pub text: String,
    /// `countersign.approve`.
    pub verb: &'static str,
    /// Unlike any other on the card: the verb, with `:n` when it is repeated.
    pub id: String,
    /// `primary`, `danger` or `plain`.
    pub style: String,
    /// Takes the inputs of the card along.
    pub inputs: bool,
    /// The question asked once more, if any.
    pub sure: Option<Sure>,
}

/// What is asked once more.
#[derive(Debug, Serialize)]
pub struct Sure {
    title: String,
    text: String,
    yes: String,
    no: String,
}

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

/// The whole card in words.
#[derive(Debug, Serialize)]
pub struct RequestSheet {
    tone: String,
    sign: String,
    headline: String,
    number: String,
    action: String,
    title: String,
    subjects: Vec<String>,
    facts: Vec<Fact>,
    steps_heading: String,
    steps: Vec<StepSheet>,
    short: bool,
    counts: Vec<String>,
    full_list: Option<String>,
    notes: Vec<String>,
    because: Vec<String>,
    fingerprint: String,
    buttons: Vec<ButtonSheet>,
    wants_note: bool,
    token: ButtonToken,
}

/// The card in words, and its summary.
pub fn sheet(say: &Say<'_>, view: &RequestView) -> Result<(RequestSheet, String), CardError> {
    let action = say.actions(&view.actions)?;
    let headline = headline(say, view)?;
    let number = view.number.to_string();
    let who = say.names(&view.subjects, &view.objects, 1)?;
    let summary = named(&[
        ("state", headline.as_str()),
        ("action", &action),
        ("who", &who),
        ("number", &number),
    ]);
    let summary = say.texts.say("summary.request", &summary)?;
    let people = view.subjects.iter().map(|who| say.person(who));
    let objects = view.objects.iter().map(|name| Ok(say.typed(name)));
    let subjects: Result<Vec<_>, _> = people.chain(objects).collect();
    // What would have been good to know of something that never happens is not.
    let notes: Result<Vec<_>, _> =
        view.notes.iter().filter(|_| !over(view)).map(|n| say.note("note", n)).collect();
    let listed = listed(say, view);
    let steps: Result<Vec<_>, _> = listed.iter().map(|s| step(say, view, s)).collect();
    let counted = say.level.steps == Steps::Counted;
    let total = view.steps.len().to_string();
    let full_list = [("total", total.as_str())];
    let sheet = RequestSheet {
        tone: view.tone.clone(),
        sign: say.word(&format!("tone.{}", view.tone))?,
        title: say.line("line.request", &[("number", &number), ("action", &action)])?,
        subjects: say.some(subjects?)?,
        facts: facts(say, view)?,
        steps_heading: say.word(steps_heading(view))?,
        steps: steps?,
        short: say.level.steps != Steps::Full,
        counts: if counted { counts(say, view)? } else { Vec::new() },
        full_list: counted.then(|| say.line("line.full_list", &full_list)).transpose()?,
        notes: say.some(notes?)?,
        because: because(say, view)?,
        fingerprint: clean(&view.fingerprint),
        buttons: buttons(say, &view.buttons, &[&action, &who, &number])?,
        wants_note: view.buttons.iter().any(takes_note),
        token: view.token.clone(),
        headline,
        number,
        action,
    };
    Ok((sheet, summary))
}

/// It ended before anything was changed.
fn over(view: &RequestView) -> bool {
    matches!(view.state.as_str(), "rejected" | "expired" | "cancelled" | "superseded")
}

/// The state in a clear headline, with how many steps it concerns.
fn headline(say: &Say<'_>, view: &RequestView) -> Result<String, CardError> {
    let count = |is: fn(StepState) -> bool| {
        view.steps.iter().filter(|step| is(step.state)).count().to_string()
    };
    let state = match view.state.as_str() {
        "pending" if view.rule.key == "confirm" => "confirming",
        "running" if view.stopped_by.is_some() => "stopping",
        state => state,
    };
    let fields = named(&[
        ("total", view.steps.len().to_string().as_str()),
        ("ended", &count(StepState::ended)),
        ("not_well", &count(|state| !state.well())),
        ("doubt", &count(|state| state == StepState::InDoubt)),
    ]);
    say.texts.say(&format!("state.{state}"), &fields)
}

fn steps_heading(view: &RequestView) -> &'static str {
    match view.state.as_str() {
        _ if over(view) => "label.steps_over",
        "succeeded" | "partly_failed" | "failed" | "in_doubt" => "label.steps_after",
        _ => "label.steps",
    }
}

/// Who asked, who signs or signed, when.
fn facts(say: &Say<'_>, view: &RequestView) -> Result<Vec<Fact>, CardError> {
    let mut facts = Vec::new();
    let mut add = |label: &str, value: String| -> Result<(), CardError> {
        if !value.is_empty() {
            facts.push(Fact { name: say.word(&format!("label.{label}"))?, value });
        }
        Ok(())
    };
    add("asked_by", say.person(&view.requester)?)?;
    // Who has to sign is news until somebody did; that nobody else looked stays worth saying.
    if matches!(view.state.as_str(), "pending" | "clarifying") || view.rule.key == "confirm" {
        add("to_sign", say.note("verdict", &view.rule)?)?;
    }
    let rejected = view.signed.last().filter(|_| view.state == "rejected");
    let approved = &view.signed[..view.signed.len() - usize::from(rejected.is_some())];
    let signed: Result<Vec<_>, _> = approved.iter().map(|s| signature(say, s)).collect();
    for signature in say.some(signed?)? {
        add("signed", signature)?;
    }
    if let Some(rejected) = rejected {
        // The comment stands below, as the reason.
        let note = rejected.note.clone().filter(|_| view.remark.is_none());
        add("rejected", signature(say, &Signature { note, ..rejected.clone() })?)?;
    }
    if let Some(remark) = &view.remark {
        add("remark", say.typed(remark))?;
    }
    if let Some(who) = &view.stopped_by {
        add("stopped_by", say.person(who)?)?;
    }
    for (label, at) in [("until", view.until), ("starts", view.start_at), ("ended", view.ended_at)]
    {
        if let Some(at) = at {
            add(label, say.when(at))?;
        }
    }
    Ok(facts)
}

fn signature(say: &Say<'_>, signed: &Signature) -> Result<String, CardError> {
    let note = signed.note.as_deref().map(|note| say.typed(note)).unwrap_or_default();
    let who = say.person(&signed.by)?;
    say.line("line.signed", &[("who", &who), ("when", &say.when(signed.at)), ("note", &note)])
}

/// The steps that are listed: all of them, or those that ended badly.
fn listed<'a>(say: &Say<'_>, view: &'a RequestView) -> Vec<&'a StepView> {
    let bad =
        |step: &&StepView| step.state == StepState::Failed || step.state == StepState::InDoubt;
    match say.level.steps {
        Steps::Full | Steps::Short => view.steps.iter().collect(),
        Steps::Counted => view.steps.iter().filter(bad).take(say.level.items).collect(),
    }
}

fn step(say: &Say<'_>, view: &RequestView, step: &StepView) -> Result<StepSheet, CardError> {
    let mut lines = Vec::new();
    let counted = say.level.steps == Steps::Counted;
    // Only what is to happen, or did, goes to somebody and is final.
    let happens = !counted && !over(view) && step.state != StepState::Skipped;
    let happens = happens && step.state != StepState::Failed;
    let shown = !counted && step.state != StepState::Skipped;
    for value in step.values.iter().filter(|_| shown) {
        let fields = [
            ("what", say.word(&format!("value.{}", value.what))?),
            ("before", say.value(&value.before)?),
            ("after", say.value(&value.after)?),
        ];
        lines.push(say.texts.say("line.change", &owned(fields))?);
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
    let begun = view.steps.iter().any(|step| step.state != StepState::Waiting)
        || matches!(view.state.as_str(), "approved" | "running");
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
fn counts(say: &Say<'_>, view: &RequestView) -> Result<Vec<String>, CardError> {
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

/// Which words led to what.
fn because(say: &Say<'_>, view: &RequestView) -> Result<Vec<String>, CardError> {
    let lines: Result<Vec<_>, _> = view
        .because
        .iter()
        .map(|because| {
            let gave = match because.gave.as_str() {
                "action" => say.word("line.action")?,
                name => say.typed(&name.replace('_', " ")),
            };
            let quoted = if because.quoted { gave.as_str() } else { "" };
            let words = say.typed(&because.words);
            say.line("line.because", &[("words", &words), ("gave", &gave), ("quoted", quoted)])
        })
        .collect();
    say.some(lines?)
}

/// Approve and reject carry the comment typed beside them.
fn takes_note(button: &Button) -> bool {
    matches!(button.verb.as_str(), "countersign.approve" | "countersign.reject")
}

/// Buttons with their words. `about` is asked once more: what, whom, which request.
pub fn buttons(
    say: &Say<'_>,
    buttons: &[Button],
    about: &[&str; 3],
) -> Result<Vec<ButtonSheet>, CardError> {
    let mut made: Vec<ButtonSheet> = Vec::with_capacity(buttons.len());
    for button in buttons {
        let verb = button.verb.as_str();
        let text = say.word(&format!("button.{}", verb.trim_start_matches("countersign.")))?;
        let fields = named(&[
            ("button", &text),
            ("what", about[0]),
            ("whom", about[1]),
            ("number", about[2]),
        ]);
        let said = |key: &str| say.texts.say(key, &fields);
        let sure = if button.confirm {
            Some(Sure {
                title: said("sure.title")?,
                text: said("sure.text")?,
                yes: said("sure.yes")?,
                no: said("sure.no")?,
            })
        } else {
            None
        };
        let before = made.iter().filter(|other| other.verb == verb).count();
        let id = if before == 0 { verb.to_owned() } else { format!("{verb}:{before}") };
        let inputs = takes_note(button) || verb == "countersign.pick";
        made.push(ButtonSheet { text, verb, id, style: button.style.clone(), inputs, sure });
    }
    Ok(made)
}

fn owned<const N: usize>(fields: [(&str, String); N]) -> Fields {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
