//! A request → the view its card is drawn from, for one copy.

use crate::{
    actions,
    desk::{
        Desk, after::inverse, amend::may_be_amended, caller, press::action_of, propose::NO_DIGEST,
        restore::took, standing::template, which,
    },
    domain::{
        area::{Area, Risk},
        chat::{Platform, Press, Verb},
        decision::{Rule, Vote, still_needed},
        escalation::Further,
        ids::{Digest, Nonce},
        message::{
            Audience, Button, ButtonToken, Message, QuestionView, RequestView, Signature, StepView,
        },
        plan::{Frozen, Note, Part, Plan, Step},
        request::{Request, Stage},
        step::{StepRun, StepState},
        trouble::{Reason, Result},
    },
    ports::store::{Copy, StoreError},
};

impl Desk {
    /// What a copy of a request's card shows now.
    pub(super) async fn message_of(
        &self,
        request: &Request,
        copy: &Copy,
    ) -> Result<Message, StoreError> {
        if let Some(on) = &copy.gathered {
            return Ok(Message::Gathered(self.gathered_view(on).await?));
        }
        let frozen = match request.revision {
            0 => None,
            revision => self.store.plan(&request.id, revision).await?,
        };
        let Some(frozen) = frozen else {
            return Ok(Message::Question(question_view(request, &copy.nonce)));
        };
        if copy.audience == Audience::Subject {
            return Ok(self.number_view(request, copy, frozen.plan()));
        }
        let votes = self.store.votes(&request.id, request.revision).await?;
        let steps = self.store.steps(&request.id).await?;
        let mut view = view(request, &frozen, &votes, &steps, copy);
        if let Some(rows) = &frozen.plan().rows {
            self.put_rows(&mut view, request, rows).await?;
        }
        view.notes.extend(caller::stands(request));
        if has_yet_to_run(&request.stage) && self.store.paused().await? {
            view.notes.push(Note::new("paused", &[]));
        }
        if request.stage.is_final()
            && took(&frozen, &steps)
            && let Some(kept) = self.store.snapshots(&request.id).await?.first()
        {
            let until = format!("@{}", kept.until);
            view.notes.push(Note::new("kept_until", &[("at", &until)]));
        }
        Ok(Message::Request(view))
    }

    /// The form behind a question, for whoever pressed its button.
    #[expect(clippy::unused_self, reason = "reads as the desk's")]
    pub(super) fn question(
        &self,
        request: &Request,
        press: &Press,
    ) -> Result<QuestionView, Reason> {
        if !matches!(request.stage, Stage::Clarifying { .. }) {
            let (number, state) =
                (request.number.to_string(), request.stage.name().replace('_', " "));
            return Err(Reason::AlreadySettled { number, state, by: String::new() });
        }
        let mut view = question_view(request, &press.nonce);
        view.of = Some(press.on.clone());
        Ok(view)
    }
}

/// What the buttons of a copy carry.
pub(super) fn token_of(request: &Request, copy: &Copy) -> ButtonToken {
    token(request, &copy.nonce, request.digest.unwrap_or(NO_DIGEST))
}

pub(super) fn token(request: &Request, nonce: &Nonce, digest: Digest) -> ButtonToken {
    ButtonToken { request: request.id, nonce: nonce.clone(), digest }
}

fn question_view(request: &Request, nonce: &Nonce) -> QuestionView {
    let (question, over) = match &request.stage {
        Stage::Clarifying { open, .. } => (open.first().map(|open| open.question.clone()), None),
        stage => (None, Some(stage.name().to_owned())),
    };
    let nothing = || crate::domain::trouble::Question {
        ask: crate::domain::trouble::Ask::Whom,
        said: None,
        choices: Vec::new(),
    };
    QuestionView {
        number: request.number,
        action: action_of(request),
        question: question.unwrap_or_else(nothing),
        answered: which::chosen(request),
        over,
        token: token(request, nonce, NO_DIGEST),
        of: None,
    }
}

/// What a card shows, from what is stored alone. Pure.
pub fn view(
    request: &Request,
    frozen: &Frozen,
    votes: &[Vote],
    steps: &[StepRun],
    copy: &Copy,
) -> RequestView {
    let plan = frozen.plan();
    let signed = votes.iter().map(|vote| Signature {
        by: vote.voter.clone(),
        at: vote.at,
        note: vote.note.clone(),
        instead_of: vote.instead_of.clone(),
        beforehand: vote.beforehand.is_some(),
        stepped_up: vote.step_up.is_some(),
    });
    let mut because: Vec<_> = plan.parts.iter().flat_map(|part| part.because.clone()).collect();
    because.truncate(12);
    let (state, toned) = template::state(request);
    RequestView {
        audience: copy.audience,
        number: request.number,
        state: state.to_owned(),
        tone: toned.unwrap_or_else(|| tone(&request.stage)).to_owned(),
        actions: plan.parts.iter().map(|part| part.action.clone()).collect(),
        brief: brief(plan),
        risk: plan.parts.iter().filter_map(risk).max(),
        requester: request.requester.clone(),
        subjects: plan.subjects.clone(),
        objects: plan.objects.clone(),
        steps: match &plan.standing {
            Some(class) => template::lines(class),
            None => plan.steps.iter().map(|step| step_view(step, steps)).collect(),
        },
        left_out: plan.left_out.clone(),
        batch: None,
        notes: plan.notes.clone(),
        rule: request
            .verdict
            .as_ref()
            .map_or_else(|| Note::new("confirm", &[]), |verdict| verdict.why.clone()),
        needs: match &plan.rule {
            Rule::Quorum(quorum) => Some(quorum.clone()),
            _ => None,
        },
        missing: match request.stage {
            Stage::Pending { .. } => still_needed(frozen, &request.requester.id, votes),
            _ => None,
        },
        emergency: request.emergency.clone(),
        further: further(request, plan),
        signed: signed.collect(),
        talk: request.talk.clone(),
        remark: match &request.stage {
            Stage::Rejected { note, .. } => note.clone(),
            _ => None,
        },
        stopped_by: request.stopped_by.clone(),
        until: match request.stage {
            Stage::Pending { until } => Some(until),
            _ => None,
        },
        start_at: match request.stage {
            Stage::Scheduled { start_at, .. } => Some(start_at),
            Stage::Pending { .. } => plan.start_at,
            _ => None,
        },
        ended_at: ended_at(request),
        because,
        fingerprint: frozen.digest().short(),
        buttons: buttons(request, frozen, steps, (copy.audience, !votes.is_empty())),
        token: token(request, &copy.nonce, frozen.digest()),
    }
}

/// A plan of at most so many steps is read in one look.
const FEW: usize = 5;

/// What matters first, and the steps below: for processes, and for plans of many steps.
fn brief(plan: &Plan) -> bool {
    let process = |part: &Part| {
        actions::entry(&part.action).is_some_and(|entry| entry.about.area == Area::Lifecycle)
    };
    plan.steps.len() > FEW || plan.parts.iter().any(process)
}

pub(super) fn risk(part: &Part) -> Option<Risk> {
    actions::entry(&part.action).map(|entry| entry.risk(&part.arguments))
}

pub(super) fn step_view(step: &Step, runs: &[StepRun]) -> StepView {
    let run = runs.iter().find(|run| run.id == step.id);
    let evidence = run.filter(|run| run.state == StepState::Done).and_then(|run| run.evidence);
    let word = |evidence| match evidence {
        crate::domain::change::Evidence::State => "state",
        crate::domain::change::Evidence::Trace => "trace",
        crate::domain::change::Evidence::Answer => "answer",
    };
    StepView {
        id: step.id.0,
        kind: step.change.kind().as_str().to_owned(),
        names: step.names.clone(),
        values: step.values.clone(),
        state: run.map_or(StepState::Waiting, |run| run.state),
        evidence: evidence.map(|evidence| word(evidence).to_owned()),
        why: run.and_then(|run| run.why.clone()),
        said_by: run.and_then(|run| run.said_by.clone()),
        cannot_undo: step.cannot_undo.clone(),
        secret_to: step.change.delivery().map(|delivery| delivery.to.clone()),
        not_before: step.not_before,
        ends: step.ends,
    }
}

/// Those who may sign too; that somebody may later is worth saying while it waits.
fn further(request: &Request, plan: &Plan) -> Option<Further> {
    if let Some(escalated) = &request.escalated {
        let some = (!escalated.to.is_empty()).then_some(escalated);
        return some.cloned().map(Further::Since);
    }
    let waits = matches!(request.stage, Stage::Pending { .. });
    plan.escalation.as_ref().filter(|_| waits).map(|escalation| Further::From(escalation.at))
}

/// A plan of so many steps has a button that rehearses it; a shorter one is read as fast.
const REHEARSED_FROM: usize = 4;

/// Nothing is left but to end what was given for a while.
fn only_ends(plan: &Plan, steps: &[StepRun]) -> bool {
    let mut open = steps.iter().filter(|run| !run.state.ended()).peekable();
    open.peek().is_some() && open.all(|run| plan.step(run.id).is_some_and(|step| step.ends))
}

fn tone(stage: &Stage) -> &'static str {
    match stage {
        Stage::Clarifying { .. } | Stage::Pending { .. } | Stage::Scheduled { .. } => "waiting",
        Stage::Approved { .. } | Stage::Running { .. } => "working",
        Stage::Succeeded { .. } => "good",
        Stage::Failed { .. } | Stage::Rejected { .. } => "bad",
        Stage::PartlyFailed { .. } | Stage::InDoubt { .. } => "warning",
        Stage::Expired { .. } | Stage::Cancelled { .. } | Stage::Superseded { .. } => "quiet",
    }
}

fn has_yet_to_run(stage: &Stage) -> bool {
    matches!(stage, Stage::Approved { .. } | Stage::Scheduled { .. } | Stage::Running { .. })
}

fn ended_at(request: &Request) -> Option<jiff::Timestamp> {
    if let Some(held) = &request.in_force {
        return held.revoked.as_ref().map(|revoked| revoked.at);
    }
    match &request.stage {
        Stage::Succeeded { at, .. }
        | Stage::PartlyFailed { at, .. }
        | Stage::Failed { at, .. }
        | Stage::InDoubt { at, .. }
        | Stage::Rejected { at, .. }
        | Stage::Expired { at }
        | Stage::Cancelled { at, .. }
        | Stage::Superseded { at, .. } => Some(*at),
        _ => None,
    }
}

/// The buttons that still do something, for these readers, after the first signature or
/// before it.
fn buttons(
    request: &Request,
    frozen: &Frozen,
    steps: &[StepRun],
    (audience, signed): (Audience, bool),
) -> Vec<Button> {
    let button = |verb, style: &str, confirm| Button { verb, style: style.to_owned(), confirm };
    let confirms = frozen.plan().rule == Rule::Confirm;
    // Nobody approves what waits for a number.
    let unknown = request.open_check().is_some();
    let mut list = Vec::new();
    match (&request.stage, audience) {
        (Stage::Pending { .. }, Audience::Approvers) => {
            if !unknown {
                list.push(button(Verb::Approve, "primary", false));
            }
            list.push(button(Verb::Reject, "danger", false));
            if frozen.plan().can_be_trimmed() {
                list.push(button(Verb::Untick, "plain", false));
            }
            if !frozen.plan().emergency.is_empty() && !unknown {
                list.push(button(Verb::Emergency, "danger", true));
            }
            if frozen.plan().steps.len() >= REHEARSED_FROM {
                list.push(button(Verb::Rehearse, "plain", false));
            }
            let reached = request.origin.place.platform != Platform::Api;
            if reached && request.has_room_for_a_question() {
                list.push(button(Verb::Ask, "plain", false));
            }
        }
        (Stage::Pending { .. }, Audience::Requester) => {
            if unknown {
                list.push(button(Verb::EnterNumber, "primary", false));
            } else if confirms {
                list.push(button(Verb::Confirm, "primary", false));
            }
            if request.open_question().is_some() {
                list.push(button(Verb::Answer, "primary", false));
            }
            if frozen.plan().parts.iter().all(may_be_amended) {
                list.push(button(Verb::Edit, "plain", false));
            }
            if frozen.plan().can_be_trimmed() && !signed {
                list.push(button(Verb::Untick, "plain", false));
            }
            if frozen.plan().steps.len() >= REHEARSED_FROM {
                list.push(button(Verb::Rehearse, "plain", false));
            }
            list.push(button(Verb::Cancel, "plain", false));
        }
        (Stage::Scheduled { .. }, Audience::Requester) => {
            list.push(button(Verb::Cancel, "plain", true));
        }
        (Stage::Approved { .. } | Stage::Running { .. }, _) if request.stopped_by.is_none() => {
            let verb = if only_ends(frozen.plan(), steps) { Verb::EndNow } else { Verb::Stop };
            list.push(button(verb, "danger", true));
        }
        (Stage::Failed { .. } | Stage::PartlyFailed { .. }, _) => {
            list.push(button(Verb::Retry, "primary", false));
        }
        (Stage::InDoubt { .. }, _) => {
            list.push(button(Verb::CheckAgain, "primary", false));
            list.push(button(Verb::Happened, "plain", true));
            list.push(button(Verb::DidNot, "plain", true));
        }
        _ => {}
    }
    if audience == Audience::Approvers && request.open_review().is_some() {
        list.push(button(Verb::Acknowledge, "primary", false));
        list.push(button(Verb::Object, "danger", false));
    }
    if request.in_force.as_ref().is_some_and(|held| held.revoked.is_none()) {
        list.push(button(Verb::Revoke, "danger", true));
    }
    let over = matches!(request.stage, Stage::Succeeded { .. } | Stage::PartlyFailed { .. });
    let undoes = audience == Audience::Requester || request.under.is_some();
    if over && undoes && !inverse(frozen, steps).is_empty() {
        let verb = if took(frozen, steps) { Verb::Restore } else { Verb::Undo };
        list.push(button(verb, "plain", true));
    }
    list
}
