//! The request card as sentences, before it has a face.

use serde::Serialize;

use crate::{
    adapters::cards::{
        CardError, brief,
        clean::clean,
        fit::Steps,
        needs, rows,
        say::Say,
        steps::{StepSheet, begun, counts, given, listed, step},
        texts::Fields,
    },
    domain::{
        chat::Verb,
        emergency::Review,
        escalation::{Escalated, Further},
        message::{Button, ButtonToken, RequestView, Signature},
        plan::{LeftOut, Note, named},
        proposal::WITH_MODEL,
        standing,
        step::StepState,
        talk::Remark,
    },
};

/// So many further people are named.
const NAMED_MAX: usize = 3;

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
    brief: bool,
    facts: Vec<Fact>,
    more_facts: Vec<Fact>,
    steps_heading: String,
    steps: Vec<StepSheet>,
    short: bool,
    counts: Vec<String>,
    full_list: Option<String>,
    left_out: Vec<String>,
    notes: Vec<String>,
    because: Vec<String>,
    fingerprint: String,
    /// Those that decide, of a card whose first screen has all that matters.
    first_buttons: Vec<ButtonSheet>,
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
    // What would have been good to know of something that never happens is not, but why.
    let told = |note: &&Note| !over(view) || WHY_OVER.contains(&note.key.as_str());
    let notes: Result<Vec<_>, _> =
        view.notes.iter().filter(told).map(|n| say.note("note", n)).collect();
    let listed = listed(say, view);
    let begun = begun(&view.steps) || matches!(view.state.as_str(), "approved" | "running");
    let steps: Result<Vec<_>, _> =
        listed.iter().map(|s| step(say, (begun, over(view)), s)).collect();
    let counted = say.level.steps == Steps::Counted;
    let brief = view.brief && view.state == "pending" && view.buttons.iter().any(decides);
    let (first, mut pressed): (Vec<Button>, Vec<Button>) =
        view.buttons.iter().cloned().partition(|button| brief && decides(button));
    if counted {
        pressed.push(Button { verb: Verb::Details, style: "plain".to_owned(), confirm: false });
    }
    let together = view.batch.iter().map(|batch| rows::together(say, batch));
    let together = together.collect::<Result<Vec<_>, _>>()?.concat();
    let total = view.steps.len().to_string();
    let full_list = [("total", total.as_str())];
    let sheet = RequestSheet {
        tone: view.tone.clone(),
        sign: say.word(&format!("tone.{}", view.tone))?,
        title: say.line("line.request", &[("number", &number), ("action", &action)])?,
        subjects: say.some(subjects?)?,
        brief,
        facts: if brief { brief::facts(say, view)? } else { facts(say, view, true)? },
        more_facts: if brief { facts(say, view, false)? } else { Vec::new() },
        steps_heading: say.word(steps_heading(view))?,
        steps: steps?,
        short: say.level.steps != Steps::Full,
        counts: [together, if counted { counts(say, view)? } else { Vec::new() }].concat(),
        full_list: counted.then(|| say.line("line.full_list", &full_list)).transpose()?,
        left_out: left_out(say, view)?,
        notes: say.some(notes?)?,
        because: because(say, view)?,
        fingerprint: clean(&view.fingerprint),
        first_buttons: buttons(say, &first, &[&action, &who, &number])?,
        buttons: buttons(say, &pressed, &[&action, &who, &number])?,
        wants_note: view.buttons.iter().any(takes_note),
        token: view.token.clone(),
        headline,
        number,
        action,
    };
    Ok((sheet, summary))
}

/// It ended before anything was changed.
/// Notes that say why it came to nothing.
const WHY_OVER: [&str; 2] = ["caller_not_them", "caller_guesses"];

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
        "running" if given(view).is_some() => "given",
        state => state,
    };
    let until = given(view).map(|at| say.when(at)).unwrap_or_default();
    let fields = named(&[
        ("total", view.steps.len().to_string().as_str()),
        ("ended", &count(StepState::ended)),
        ("not_well", &count(|state| !state.well())),
        ("doubt", &count(|state| state == StepState::InDoubt)),
        ("until", &until),
        ("bad", &rows::not_well(view).to_string()),
    ]);
    let key = rows::headline(view, state).unwrap_or_else(|| format!("state.{state}"));
    say.texts.say(&key, &fields)
}

fn steps_heading(view: &RequestView) -> &'static str {
    match view.state.as_str() {
        _ if view.actions.iter().any(|id| id == standing::ACTION) => "label.class",
        _ if view.batch.is_some() => "label.rows",
        _ if over(view) => "label.steps_over",
        "succeeded" | "partly_failed" | "failed" | "in_doubt" => "label.steps_after",
        _ => "label.steps",
    }
}

/// Who asked, who signs or signed, when; and `ahead` of the steps what no eye should miss.
fn facts(say: &Say<'_>, view: &RequestView, ahead: bool) -> Result<Vec<Fact>, CardError> {
    let mut facts = Vec::new();
    let mut add = |label: &str, value: String| -> Result<(), CardError> {
        if !value.is_empty() {
            facts.push(Fact { name: say.word(&format!("label.{label}"))?, value });
        }
        Ok(())
    };
    // The first screen of a process has said who asks, and when it begins.
    if ahead {
        add("asked_by", say.person(&view.requester)?)?;
    }
    // Who has to sign is news until somebody did; that nobody else looked stays worth saying.
    if matches!(view.state.as_str(), "pending" | "clarifying") || view.rule.key == "confirm" {
        add(
            "to_sign",
            match &view.needs {
                Some(quorum) => needs::quorum(say, quorum)?,
                None => say.note("verdict", &view.rule)?,
            },
        )?;
    }
    match &view.further {
        None => {}
        Some(Further::From(at)) => {
            add("further", say.line("line.further_from", &[("when", &say.when(*at))])?)?;
        }
        Some(Further::Since(Escalated { at, to })) => {
            let (who, when) = (say.names(&[], to, NAMED_MAX)?, say.when(*at));
            let fields = [("who", who.as_str()), ("when", &when)];
            add("further", say.line("line.further_since", &fields)?)?;
        }
    }
    let rejected = view.signed.last().filter(|_| view.state == "rejected");
    let approved = &view.signed[..view.signed.len() - usize::from(rejected.is_some())];
    let signed: Result<Vec<_>, _> = approved.iter().map(|s| signature(say, s)).collect();
    for signature in say.some(signed?)? {
        add("signed", signature)?;
    }
    if let Some(missing) = &view.missing {
        add("still_needed", needs::needs(say, missing)?)?;
    }
    if let Some(rejected) = rejected {
        // The comment stands below, as the reason.
        let note = rejected.note.clone().filter(|_| view.remark.is_none());
        add("rejected", signature(say, &Signature { note, ..rejected.clone() })?)?;
    }
    if let Some(remark) = &view.remark {
        add("remark", say.typed(remark))?;
    }
    for (label, value) in alone(say, view)? {
        add(label, value)?;
    }
    for (label, value) in talk(say, view)? {
        add(label, value)?;
    }
    if let Some(who) = &view.stopped_by {
        add("stopped_by", say.person(who)?)?;
    }
    for (label, value) in if ahead { self::ahead(say, view)? } else { Vec::new() } {
        add(label, value)?;
    }
    let starts = view.start_at.filter(|_| ahead);
    for (label, at) in [("until", view.until), ("starts", starts), ("ended", view.ended_at)] {
        if let Some(at) = at {
            add(label, say.when(at))?;
        }
    }
    Ok(facts)
}

/// A longer plan that waits says before its steps what no eye should miss in them: how many
/// cannot be undone, and who is sent a secret.
fn ahead(say: &Say<'_>, view: &RequestView) -> Result<Vec<(&'static str, String)>, CardError> {
    const FEW: usize = 5;
    if view.state != "pending" || view.steps.len() <= FEW {
        return Ok(Vec::new());
    }
    let mut ahead = Vec::new();
    let lasting = view.steps.iter().filter(|step| step.cannot_undo.is_some()).count();
    if lasting > 0 {
        let (count, total) = (lasting.to_string(), view.steps.len().to_string());
        let said = say.line("line.final_steps", &[("count", &count), ("total", &total)])?;
        ahead.push(("final", said));
    }
    let to = view.steps.iter().find_map(|step| step.secret_to.as_ref());
    if let Some(to) = to {
        ahead.push(("secret_to", say.person(to)?));
    }
    Ok(ahead)
}

/// What was asked about it and answered: the newest, as much as there is room for, after how
/// many more there are.
fn talk(say: &Say<'_>, view: &RequestView) -> Result<Vec<(&'static str, String)>, CardError> {
    let old = view.talk.len().saturating_sub(say.level.items / 2);
    let more = || Ok(("question", say.line("line.more", &[("count", &old.to_string())])?));
    let more = (old > 0).then(more);
    let line = |remark: &Remark| {
        let fields = [
            ("who", say.typed(&remark.by.name)),
            ("when", say.when(remark.at)),
            ("words", say.typed(&remark.words)),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let label = if remark.answers { "answer" } else { "question" };
        Ok((label, say.line("line.remark", &fields)?))
    };
    more.into_iter().chain(view.talk.iter().skip(old).map(line)).collect()
}

/// That somebody signed alone, and what was said of it.
fn alone(say: &Say<'_>, view: &RequestView) -> Result<Vec<(&'static str, String)>, CardError> {
    let Some(emergency) = &view.emergency else { return Ok(Vec::new()) };
    let fields = [("who", say.typed(&emergency.by.name)), ("why", say.typed(&emergency.why))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let review = match &emergency.review {
        None => say.word("line.to_review")?,
        Some(Review { by, at, objects, note }) => {
            let note = note.as_deref().map(|note| say.typed(note)).unwrap_or_default();
            let (who, when) = (say.typed(&by.name), say.when(*at));
            let fields = [("who", who.as_str()), ("when", &when), ("note", &note)];
            say.line(if *objects { "line.objects" } else { "line.acknowledged" }, &fields)?
        }
    };
    Ok(vec![("emergency", say.line("line.alone", &fields)?), ("review", review)])
}

fn signature(say: &Say<'_>, signed: &Signature) -> Result<String, CardError> {
    let note = signed.note.as_deref().map(|note| say.typed(note)).unwrap_or_default();
    let who = say.person(&signed.by)?;
    let mut when = say.when(signed.at);
    if signed.stepped_up {
        when = say.line("line.signed_afresh", &[("when", &when)])?;
    }
    let fields = [("who", who.as_str()), ("when", &when), ("note", &note)];
    if signed.beforehand {
        return say.line("line.signed_beforehand", &fields[..1]);
    }
    match &signed.instead_of {
        None => say.line("line.signed", &fields),
        Some(other) => {
            let whom = say.person(other)?;
            say.line("line.signed_for", &[fields[0], fields[1], fields[2], ("whom", &whom)])
        }
    }
}

/// What somebody left out, and what went with it.
fn left_out(say: &Say<'_>, view: &RequestView) -> Result<Vec<String>, CardError> {
    let line = |left: &LeftOut| {
        let what = say.texts.say(&format!("change.{}", left.kind), &say.fields(&left.names)?)?;
        let (number, by) = (left.step.to_string(), say.typed(&left.by.name));
        let key = if left.follows { "line.left_out_with" } else { "line.left_out" };
        say.line(key, &[("number", &number), ("what", &what), ("by", &by)])
    };
    let lines: Result<Vec<_>, _> = view.left_out.iter().map(line).collect();
    let unfit = view.batch.iter().map(|batch| rows::unfit(say, &batch.unfit));
    let unfit = unfit.collect::<Result<Vec<_>, _>>()?.concat();
    say.some([lines?, unfit].concat())
}

/// Which words led to what.
fn because(say: &Say<'_>, view: &RequestView) -> Result<Vec<String>, CardError> {
    let lines: Result<Vec<_>, _> = view
        .because
        .iter()
        .map(|because| {
            if because.gave == WITH_MODEL {
                let words = say.typed(&because.words);
                return say.line("line.because_model", &[("words", &words)]);
            }
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

/// Approve, reject, sign alone, or the requester's own confirmation.
fn decides(button: &Button) -> bool {
    matches!(button.verb, Verb::Approve | Verb::Reject | Verb::Confirm | Verb::Emergency)
}

/// What is decided carries the comment typed beside it.
fn takes_note(button: &Button) -> bool {
    let deciding = [Verb::Approve, Verb::Reject, Verb::Emergency, Verb::Acknowledge, Verb::Object];
    deciding.contains(&button.verb)
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
        // A question may be typed there, too, before its own form opens.
        let inputs = takes_note(button) || matches!(button.verb, Verb::Pick | Verb::Ask);
        made.push(ButtonSheet { text, verb, id, style: button.style.clone(), inputs, sure });
    }
    Ok(made)
}

pub(super) fn owned<const N: usize>(fields: [(&str, String); N]) -> Fields {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
