//! Steps that somebody unticks on a card that waits: the plan's next revision, which waits
//! for its signatures anew.
//!
//! Whoever may sign may leave steps out, and may then sign what is left
//! ([`crate::domain::plan::trim`] says why). The requester may too, until somebody has
//! signed: then it is theirs to say what they signed.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    desk::{Desk, form::over_card, press::person},
    domain::{
        chat::Press,
        ids::StepId,
        message::{Audience, ButtonToken, CardAsks, CardFormView, Message, Tick},
        plan::{Frozen, NotAPlan, Note, Plan, trim::Trimmed},
        request::Request,
        trouble::{Reason, Result},
    },
    policy::{self, Standing},
    ports::store::{Answer, Say, StoreError, Turn},
};

type Stored<T> = std::result::Result<T, StoreError>;

impl Desk {
    /// Opens the list of a plan's steps, for whoever may leave some out.
    pub(super) async fn untick(
        &self,
        request: &Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        let frozen = match self.may_trim(request, who, press).await? {
            Ok((frozen, _)) => frozen,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let plan = frozen.plan();
        let view = CardFormView {
            number: request.number,
            actions: plan.parts.iter().map(|part| part.action.clone()).collect(),
            asks: CardAsks::Steps(ticks(plan)),
            token: ButtonToken {
                request: request.id,
                nonce: press.nonce.clone(),
                digest: press.digest,
            },
            of: press.on.clone(),
        };
        Ok(over_card(self, Message::CardForm(view), press).await)
    }

    /// Leaves out what is not ticked, and what needs it.
    pub(super) async fn leave_out(
        &self,
        turn: &mut Turn,
        mut request: Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<Answer>> {
        let (frozen, signed) = match self.may_trim(&request, who, press).await? {
            Ok(found) => found,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let plan = frozen.plan();
        let unticked: BTreeSet<StepId> =
            plan.steps.iter().map(|step| step.id).filter(|id| !press.ticked.contains(id)).collect();
        if unticked.is_empty() {
            let say = Some(super::press::note("nothing_unticked", &[]));
            return Ok(Ok(Answer { say, request: Some(request.id) }));
        }
        let by = person(who);
        let Trimmed { plan: left, parts, gone } = match plan.without(&unticked, &by) {
            Ok(trimmed) => trimmed,
            Err(NotAPlan::Empty) => {
                let what = "nothing would be left of it; reject it instead, or cancel it";
                return Ok(Err(Reason::NotPossible { what: what.to_owned() }.into()));
            }
            Err(wrong) => return Ok(Err(Reason::NotPossible { what: wrong.to_string() }.into())),
        };
        let next = match Frozen::of(&left) {
            Ok(next) => next,
            Err(wrong) => return Ok(Err(Reason::NotPossible { what: wrong.to_string() }.into())),
        };
        // What is asked for once more by "More options" is what is left.
        if request.proposals.len() == plan.parts.len() {
            let kept = parts.iter().filter_map(|at| request.proposals.get(*at));
            request.proposals = kept.cloned().collect();
        }
        let (id, version) = (request.id, request.version);
        let request = match request.revise(&press.digest, &next, self.now()) {
            Ok(request) => request,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let told = json!({
            "by": by,
            "left_out": unticked,
            "with_them": gone.difference(&unticked).collect::<Vec<_>>(),
            "of": plan.steps.len(),
            "before": frozen.digest().to_string(),
            "signatures": signed,
        });
        turn.facts.push(self.fact(&request, "plan.trimmed", told));
        let note = trimmed(&request, &by.name, [gone.len(), plan.steps.len(), signed]);
        let own = request.requester.id == by.id;
        self.tell_trimmed(turn, &request, &note, (own, signed > 0)).await?;
        turn.redraw.push(id);
        turn.revisions.push(next);
        turn.requests.push((request, Some(version)));
        Ok(Ok(Answer { say: None, request: Some(id) }))
    }

    /// The plan that was shown, and how many signed it, if this person may leave out of it.
    async fn may_trim(
        &self,
        request: &Request,
        who: &Standing,
        press: &Press,
    ) -> Stored<Result<(Frozen, usize)>> {
        if let Err(reason) = request.check_open(&press.digest, self.now()) {
            return Ok(Err(reason.into()));
        }
        let Some(frozen) = self.store.plan(&request.id, request.revision).await? else {
            return Ok(Err(Reason::NoSuchRequest.into()));
        };
        // The stored bytes are those that were shown.
        if frozen.digest() != press.digest {
            return Ok(Err(Reason::PlanChanged.into()));
        }
        if !frozen.plan().can_be_trimmed() {
            return Ok(Err(Reason::NotThisCard.into()));
        }
        let concerned = match self.concerned(request, frozen.plan()).await {
            Ok(concerned) => concerned,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let signed = self.store.votes(&request.id, request.revision).await?.len();
        if policy::same_person(&who.user, &concerned.requester) {
            if signed > 0 {
                let what = "somebody has signed it as it is; cancel it and ask again".to_owned();
                return Ok(Err(Reason::NotPossible { what }.into()));
            }
        } else if let Err(trouble) = self.may_sign(who, &concerned, frozen.plan()).await {
            return Ok(Err(trouble));
        }
        Ok(Ok((frozen, signed)))
    }

    /// A card that changes makes no sound: whoever asked is told what others did, and those
    /// who sign if one of them has to sign again.
    async fn tell_trimmed(
        &self,
        turn: &mut Turn,
        request: &Request,
        note: &Note,
        (own, again): (bool, bool),
    ) -> Stored<()> {
        for copy in self.store.copies(&request.id).await? {
            let told = match copy.audience {
                Audience::Requester => !own,
                Audience::Approvers => again,
                Audience::Subject => false,
            };
            if told {
                let what = Message::Note(note.clone());
                turn.say.push(Say { id: self.clock.uuid(), to: copy.to, what });
            }
        }
        Ok(())
    }
}

fn trimmed(request: &Request, by: &str, figures: [usize; 3]) -> Note {
    let number = request.number.to_string();
    let [gone, of, signed] = figures.map(|figure| figure.to_string());
    let signed = if signed == "0" { "" } else { &signed };
    let fields = [
        ("number", number.as_str()),
        ("by", by),
        ("count", &gone),
        ("total", &of),
        ("signed", signed),
    ];
    Note::new("trimmed", &fields)
}

/// The steps, each with those it cannot do without.
fn ticks(plan: &Plan) -> Vec<Tick> {
    let tick = |step: &crate::domain::plan::Step| {
        let mut needs: BTreeSet<StepId> = step.needs.iter().copied().collect();
        needs.extend(step.change.takes_from());
        Tick {
            step: step.id,
            kind: step.change.kind().as_str().to_owned(),
            names: step.names.clone(),
            needs: needs.into_iter().collect(),
        }
    };
    plan.steps.iter().map(tick).collect()
}
