//! Proposals → a request, saved whole with its cards.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    actions::{self, Planned},
    desk::{Desk, aside::unasked, places::answer_to, read::Found, refused, sorry, weigh::wanted},
    domain::{
        area::Risk,
        chat::Platform,
        decision::Rule,
        fact::Fact,
        ids::Digest,
        message::{Audience, Message},
        plan::{Draft, Frozen, Note, Plan, STEPS_MAX},
        proposal::{Open, Proposal},
        request::{Relation, Request, Stage, Verdict},
        standing,
        trouble::{Reason, Result, Trouble},
    },
    policy::{Standing, Wanted},
    ports::store::{Say, StoreError, Turn},
};

/// A question waits for its answer this long.
pub const QUESTION_LIVES: SignedDuration = SignedDuration::from_hours(8);
/// One message leads to at most this many actions.
pub const PROPOSALS_MAX: usize = 20;

/// What came of planning several proposals.
#[derive(Debug, Default)]
struct Sorted {
    parts: Vec<Proposal>,
    drafts: Vec<Draft>,
    /// When each draft should start, if a time was said.
    times: Vec<Option<Timestamp>>,
    wanted: Vec<Wanted>,
    open: Vec<Open>,
    /// Proposals that wait for the answers.
    held: Vec<Proposal>,
    /// What was looked up.
    found: Vec<Found>,
    answers: Vec<Message>,
}

impl Desk {
    /// Plans what was proposed and puts it into the turn: a waiting request with its
    /// cards, a question, what was looked up, or why not. `request` is new or clarifying;
    /// `read_at` is its version, if it was saved before.
    pub(super) async fn propose(
        &self,
        turn: &mut Turn,
        request: Request,
        read_at: Option<u64>,
        who: &Standing,
        open: Vec<Open>,
    ) -> Result<(), StoreError> {
        self.propose_noting(turn, request, read_at, who, (open, Vec::new())).await
    }

    /// The same, with notes that its plan begins with.
    pub(super) async fn propose_noting(
        &self,
        turn: &mut Turn,
        mut request: Request,
        read_at: Option<u64>,
        who: &Standing,
        (open, notes): (Vec<Open>, Vec<Note>),
    ) -> Result<(), StoreError> {
        if request.proposals.iter().any(|one| one.action == standing::ACTION) {
            return Box::pin(self.ask_standing(turn, request, who)).await;
        }
        let proposals = std::mem::take(&mut request.proposals);
        let sorted = match Box::pin(self.sort(&request, who, proposals, open)).await {
            Ok(sorted) => sorted,
            Err(trouble) => {
                self.answer(turn, &request, vec![sorry(&trouble)]);
                return self.drop_question(turn, request, read_at);
            }
        };
        let Sorted { parts, mut drafts, times, wanted, mut open, mut held, found, answers } =
            sorted;
        if let Some(first) = drafts.first_mut() {
            first.notes.splice(0..0, notes);
        }
        self.answer(turn, &request, answers);
        for found in found {
            self.tell_found(turn, &request, who, found).await;
        }
        if !open.is_empty() {
            self.tell_apart(&mut open).await;
            held.extend(parts);
            request.proposals = held;
            self.ask(turn, request, read_at, open);
            return Ok(());
        }
        if drafts.is_empty() {
            return self.drop_question(turn, request, read_at);
        }
        match Box::pin(self.weigh(&request, &parts, drafts, &times, &wanted)).await {
            Ok((frozen, verdict)) => {
                request.proposals = parts;
                match Box::pin(self.cover(request, who, frozen, verdict)).await? {
                    Ok(covered) => Box::pin(self.run_under(turn, *covered)).await,
                    Err((request, frozen, verdict)) => {
                        Box::pin(self.wait(turn, request, read_at, frozen, verdict)).await
                    }
                }
            }
            Err(trouble) => {
                self.answer(turn, &request, vec![sorry(&trouble)]);
                self.drop_question(turn, request, read_at)
            }
        }
    }

    /// Tries each proposal: changes, facts, a question, or a refusal.
    async fn sort(
        &self,
        request: &Request,
        who: &Standing,
        proposals: Vec<Proposal>,
        open: Vec<Open>,
    ) -> Result<Sorted> {
        // The way back of a process has a part for each of its steps.
        let most = if is_the_way_back(request) { STEPS_MAX } else { PROPOSALS_MAX };
        if proposals.len() + open.len() > most {
            let what = format!("one message may lead to at most {most} actions");
            return Err(Reason::TooMuch { what }.into());
        }
        let asked = self.asked(request).await?;
        let mut sorted = Sorted { open, ..Sorted::default() };
        for open in &sorted.open {
            self.allowed(who, &open.proposal)?;
        }
        for proposal in proposals {
            let entry = match self.allowed(who, &proposal) {
                Ok(entry) => entry,
                Err(reason) => {
                    sorted.answers.push(refused(reason));
                    continue;
                }
            };
            let area = entry.about.area;
            if !self.rules().is_asked_in(&request.origin.place.conversation, area) {
                let area = area.to_string();
                sorted.answers.push(refused(Reason::NotAskedHere { area }));
                continue;
            }
            if entry.about.risk == Risk::Read
                && let Err(reason) = self.may_appear(entry, &request.origin.place)
            {
                sorted.answers.push(refused(reason));
                continue;
            }
            let (arguments, at) = match self.when(entry, &proposal) {
                Ok(parted) => parted,
                Err(reason) => {
                    sorted.answers.push(refused(reason));
                    continue;
                }
            };
            match entry.plan(&arguments, self.directory.as_ref(), &asked).await {
                Ok(Planned::Changes(mut draft)) => {
                    let pieces = match self.pieces(who, &draft) {
                        Ok(pieces) => pieces,
                        Err(reason) => {
                            sorted.answers.push(refused(reason));
                            continue;
                        }
                    };
                    sorted.wanted.extend(pieces);
                    draft
                        .steps
                        .iter_mut()
                        .for_each(|step| step.not_before = step.not_before.max(at));
                    sorted.times.push(at);
                    let at_least = draft.signatures;
                    sorted.wanted.push(Wanted { at_least, ..wanted(entry, &arguments) });
                    sorted.drafts.push(draft);
                    sorted.parts.push(proposal);
                }
                Ok(Planned::Facts(facts)) => {
                    sorted.found.push(Found { entry, arguments, facts });
                }
                Err(Trouble::Unclear { argument, question }) => {
                    sorted.open.push(Open { proposal, argument, question });
                }
                Err(trouble) => sorted.answers.push(sorry(&trouble)),
            }
        }
        Ok(sorted)
    }

    /// What a process is made of, as policy sees it. Whoever asks must be allowed to ask for
    /// each piece.
    pub(super) fn pieces(&self, who: &Standing, draft: &Draft) -> Result<Vec<Wanted>, Reason> {
        let one = |piece: &Proposal| {
            self.allowed(who, piece).map(|entry| wanted(entry, &piece.arguments))
        };
        draft.made_of.iter().map(one).collect()
    }

    /// Clarifying → Pending: the request, its plan and its cards.
    pub(super) async fn wait(
        &self,
        turn: &mut Turn,
        request: Request,
        read_at: Option<u64>,
        frozen: Frozen,
        verdict: Verdict,
    ) -> Result<(), StoreError> {
        let approvers = self.approver_places(&request, frozen.plan()).await?;
        if approvers.is_empty() && frozen.plan().rule != Rule::Confirm {
            let area = actions::entry(&frozen.plan().parts[0].action)
                .map(|entry| entry.about.area.to_string());
            self.answer(
                turn,
                &request,
                vec![refused(Reason::NobodyMayApprove { area: area.unwrap_or_default() })],
            );
            return self.drop_question(turn, request, read_at);
        }
        let Ok(mut request) = request.propose(&frozen, verdict) else {
            return Err(StoreError::Conflict);
        };
        request = self.show_number(turn, request, frozen.plan()).await?;
        self.set_reminder(&mut request, frozen.plan());
        turn.facts.push(self.asked_fact(&request, frozen.plan()));
        let in_a_chat = request.origin.place.platform != Platform::Api;
        if read_at.is_none() && in_a_chat {
            turn.copies.push(self.copy(request.id, Audience::Requester, self.thread_of(&request)));
        }
        turn.copies.extend(self.copies_to_sign(request.id, approvers).await?);
        turn.redraw.push(request.id);
        turn.counted.extend(self.counted(&request, frozen.plan()));
        turn.revisions.push(frozen);
        turn.requests.push((request, read_at));
        Ok(())
    }

    /// What the record keeps of a request that was asked for.
    pub(super) fn asked_fact(&self, request: &Request, plan: &Plan) -> Fact {
        let actions: Vec<&str> = plan.parts.iter().map(|part| part.action.as_str()).collect();
        let mut told = json!({ "by": request.requester, "about": request.subjects, "actions": actions, "rule": plan.rule,
            "policy": request.verdict.as_ref().map(|verdict| &verdict.policy), "client": request.origin.client });
        if let Some(class) = &plan.standing {
            told["standing"] = json!(class);
        }
        self.fact(request, "request.asked", told)
    }

    /// A question to the requester, in the thread of the request.
    pub(super) fn ask(
        &self,
        turn: &mut Turn,
        mut request: Request,
        read_at: Option<u64>,
        open: Vec<Open>,
    ) {
        let until = self.now() + QUESTION_LIVES;
        request.stage = Stage::Clarifying { open, until };
        request.due_at = Some(until);
        if read_at.is_none() {
            turn.facts.push(self.fact(
                &request,
                "request.unclear",
                json!({ "by": request.requester }),
            ));
            turn.copies.push(self.copy(request.id, Audience::Requester, self.thread_of(&request)));
        }
        turn.redraw.push(request.id);
        turn.requests.push((request, read_at));
    }

    /// Nothing is left to ask or to sign: a question that was open is over.
    fn drop_question(
        &self,
        turn: &mut Turn,
        request: Request,
        read_at: Option<u64>,
    ) -> Result<(), StoreError> {
        let Some(version) = read_at else { return Ok(()) };
        let by = request.requester.clone();
        let Ok(request) = unasked(request).cancel(by, self.now()) else {
            return Err(StoreError::Conflict);
        };
        turn.redraw.push(request.id);
        turn.requests.push((request, Some(version)));
        Ok(())
    }

    fn answer(&self, turn: &mut Turn, request: &Request, messages: Vec<Message>) {
        for what in messages {
            turn.say.push(Say { id: self.clock.uuid(), to: answer_to(&request.origin), what });
        }
    }
}

fn is_the_way_back(request: &Request) -> bool {
    matches!(request.parent, Some((_, Relation::Undo | Relation::Restore)))
}

/// A digest that no plan has, for the buttons of a question.
pub(super) const NO_DIGEST: Digest = Digest([0; 32]);
