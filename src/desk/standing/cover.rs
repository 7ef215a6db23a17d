//! A request that was asked for → the standing approval it runs under, or why a near one does
//! not fit. Asked of the directory and the rules each time; whatever cannot be told is a no.

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    actions::standing::COVERABLE,
    desk::{Desk, standing::automation},
    domain::{
        change::Repeat,
        chat::Platform,
        decision::{Approved, Choice, Rule, Vote, signed_as},
        ids::{RequestId, UserId},
        message::Audience,
        plan::{Frozen, Note, Plan, Step},
        request::{Request, RequestKind, Verdict},
        standing::{Class, IN_FORCE_MAX, Those, Under, Use, day_of},
        trouble::{Result, Trouble, chain},
        users::{PersonRef, User},
    },
    policy::{self, Standing, SubjectFacts},
    ports::store::{SayTo, StoreError, Turn},
};

/// One that ended not longer ago than this is worth a word.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A request with the signatures of those who signed a standing approval.
pub(in crate::desk) struct Covered {
    request: Request,
    frozen: Frozen,
    verdict: Verdict,
    votes: Vec<Vote>,
    used: Use,
}

/// What is asked of a standing approval.
struct Fitting<'a> {
    request: &'a Request,
    plan: &'a Plan,
    who: &'a Standing,
    subjects: &'a [SubjectFacts],
}

/// Why one does not fit: a word under `word.standing_…` if it nearly does.
type Misfit = Option<&'static str>;

impl Desk {
    /// The request under the first standing approval that it fits; else the plan as it goes the
    /// ordinary way, with a line that says why a near one does not fit.
    pub(in crate::desk) async fn cover(
        &self,
        request: Request,
        who: &Standing,
        frozen: Frozen,
        verdict: Verdict,
    ) -> std::result::Result<
        std::result::Result<Box<Covered>, (Request, Frozen, Verdict)>,
        StoreError,
    > {
        let plan = frozen.plan();
        // What takes a fresh sign-in of whoever signs, or a number of whom it is about, is never
        // signed beforehand.
        let may = request.kind == RequestKind::Change && !plan.step_up && !plan.caller_number;
        let near =
            if may && plan.rule != Rule::Confirm { self.near(plan).await? } else { Vec::new() };
        let mut note = None;
        if !near.is_empty() {
            let facts =
                futures::future::try_join_all(plan.subjects.iter().map(|s| self.subject(s)));
            let subjects = match facts.await {
                Ok(subjects) => subjects,
                Err(trouble) => {
                    tracing::warn!(error = %chain(&trouble), "Standing approvals could not be weighed");
                    return Ok(Err((request, frozen, verdict)));
                }
            };
            let fitting = Fitting { request: &request, plan, who, subjects: &subjects };
            for standing in near {
                match self.fit(&fitting, &standing).await? {
                    Ok((frozen, votes, used)) => {
                        let under = Under { request: standing.id, number: standing.number };
                        let request = Request { under: Some(under), ..request };
                        let covered = Covered { request, frozen, verdict, votes, used };
                        return Ok(Ok(Box::new(covered)));
                    }
                    Err(why) => note = note.or(why.map(|why| nearly(&standing, why))),
                }
            }
        }
        let Some(note) = note else { return Ok(Err((request, frozen, verdict))) };
        let mut plan = plan.clone();
        plan.notes.push(note);
        // The same plan with one line more: it froze before.
        let frozen = Frozen::of(&plan).unwrap_or(frozen);
        Ok(Err((request, frozen, verdict)))
    }

    /// Those whose actions are the plan's, in force or lately so.
    async fn near(&self, plan: &Plan) -> std::result::Result<Vec<Request>, StoreError> {
        let since = self.now() - LATELY;
        let mut all = self.store.standing(&self.tenant, since, 2 * IN_FORCE_MAX).await?;
        let named = |request: &Request| {
            let given = request.proposals.first().map(|one| &one.arguments);
            let actions = given.and_then(|given| given.get("actions")?.as_array());
            plan.parts.iter().all(|part| {
                actions.is_some_and(|all| all.iter().any(|id| *id == part.action.as_str()))
            })
        };
        let rules = self.rules();
        all.retain(|request| named(request) && !automation::is_of_others(request, &rules));
        Ok(all)
    }

    /// The plan with its signatures, if it fits.
    async fn fit(
        &self,
        fitting: &Fitting<'_>,
        standing: &Request,
    ) -> std::result::Result<std::result::Result<(Frozen, Vec<Vote>, Use), Misfit>, StoreError>
    {
        let Some((class, signed)) = self.genuine(standing).await? else { return Ok(Err(None)) };
        let used = Use {
            of: standing.id,
            day: day_of(&self.now().to_zoned(self.zone.clone())),
            count: weight(fitting.plan),
            per_day: class.per_day,
        };
        let before = self.store.used(&standing.id, used.day).await?;
        let fits = async {
            if let Err(why) = self.belongs(fitting, standing, &class).await? {
                return Ok(Err(why));
            }
            let left = u32::from(class.per_day).checked_sub(before + used.count);
            let Some(left) = left else { return Ok(Err(Some("standing_limit"))) };
            let mut plan = fitting.plan.clone();
            plan.notes.push(runs_under(standing, &signed, (left, class.per_day)));
            let Ok(frozen) = Frozen::of(&plan) else { return Ok(Err(None)) };
            let votes = self.signed_again(fitting, (&frozen, standing.id), &signed).await?;
            Ok(votes.map(|votes| (frozen, votes)))
        };
        match fits.await {
            Ok(Ok((frozen, votes))) => Ok(Ok((frozen, votes, used))),
            Ok(Err(why)) => Ok(Err(why)),
            Err(trouble) => {
                let trouble: Trouble = trouble;
                tracing::warn!(error = %chain(&trouble), "A standing approval could not be weighed");
                Ok(Err(Some("standing_unread")))
            }
        }
    }

    /// Its class and the votes that prove it. Without proof, somebody wrote in the database.
    pub(super) async fn genuine(
        &self,
        standing: &Request,
    ) -> std::result::Result<Option<(Class, Vec<Vote>)>, StoreError> {
        let Some(frozen) = self.store.plan(&standing.id, standing.revision).await? else {
            return Ok(None);
        };
        let votes = self.store.votes(&standing.id, standing.revision).await?;
        let by = &standing.requester.id;
        let proof = Approved::check(frozen, by, &votes, &self.votes);
        let class = proof.as_ref().and_then(|proof| proof.frozen().plan().standing.clone());
        let (Some(proof), Some(class)) = (proof, class) else {
            tracing::error!(request.id = %standing.id, "A standing approval is in force without genuine votes; it covers nothing");
            return Ok(None);
        };
        let rule = &proof.frozen().plan().rule;
        let yes =
            |vote: &Vote| vote.choice == Choice::Approve && vote.is_genuine(rule, &self.votes);
        Ok(Some((class, votes.into_iter().filter(yes).collect())))
    }

    /// Is the request one of the class?
    async fn belongs(
        &self,
        fitting: &Fitting<'_>,
        standing: &Request,
        class: &Class,
    ) -> Result<std::result::Result<(), Misfit>> {
        let Fitting { request, plan, who, subjects } = *fitting;
        let coverable = |id: &str| COVERABLE.iter().any(|entry| entry.about.id == id);
        let actions = |id: &String| class.actions.contains(id) && coverable(id);
        // Whoever may not use it learns nothing of it.
        if !plan.parts.iter().all(|part| actions(&part.action))
            || !self.is_of(&who.user.id, &class.by).await?
        {
            return Ok(Err(None));
        }
        let starts = plan.steps.iter().filter_map(|step| step.not_before);
        let last = starts.chain(plan.start_at).max().unwrap_or_else(|| self.now());
        let held = standing.in_force.as_ref();
        let why = if held.is_none_or(|held| held.revoked.is_some()) {
            "standing_revoked"
        } else if self.now() >= class.until {
            "standing_over"
        } else if last >= class.until {
            "standing_later"
        } else if !is_own(request) {
            "standing_words"
        } else if !plan.steps.iter().all(can_be_taken_back) {
            "standing_lasting"
        } else if plan.subjects.is_empty() {
            "standing_whom"
        } else {
            for subject in subjects {
                if self.not_protected(subject).await.is_err() {
                    return Ok(Err(Some("standing_protected")));
                }
                if !self.is_of(&subject.user.id, &class.about).await? {
                    return Ok(Err(Some("standing_whom")));
                }
            }
            if self.paths(&plan.steps).await?.is_empty() {
                return Ok(Ok(()));
            }
            "standing_protected"
        };
        Ok(Err(Some(why)))
    }

    /// The votes of those who signed it, as they would sign this plan now.
    async fn signed_again(
        &self,
        fitting: &Fitting<'_>,
        (frozen, under): (&Frozen, RequestId),
        signed: &[Vote],
    ) -> Result<std::result::Result<Vec<Vote>, Misfit>> {
        let (plan, now) = (frozen.plan(), self.now());
        let requester = self.user(&fitting.request.requester.id).await?;
        let subjects: Vec<User> = fitting.subjects.iter().map(|one| one.user.clone()).collect();
        let mut votes: Vec<Vote> = Vec::new();
        for before in signed {
            let Some(acting) = self.acting(before).await? else {
                return Ok(Err(Some("standing_signer")));
            };
            let rules = self.rules();
            if policy::may_decide(&acting, &requester, &subjects, (plan, now), &rules).is_err() {
                return Ok(Err(Some("standing_signer")));
            }
            let given = signed_as(frozen, &requester.id, &votes);
            let signs = (plan, given.as_slice(), now);
            let capacity = policy::capacity(&acting, &requester, &subjects, signs, &rules);
            let Ok(capacity) = capacity else { continue };
            let vote = Vote {
                request: plan.request,
                revision: plan.revision,
                digest: frozen.digest(),
                voter: before.voter.clone(),
                choice: Choice::Approve,
                door: fitting.request.origin.place.platform,
                note: None,
                at: now,
                capacity,
                instead_of: before.instead_of.clone(),
                emergency: false,
                beforehand: Some(under),
                whole: None,
                step_up: None,
                recognised: None,
                mac: Vec::new(),
            };
            votes.push(vote.sealed(&plan.rule, &self.votes));
        }
        let enough = Approved::check(frozen.clone(), &requester.id, &votes, &self.votes).is_some();
        Ok(if enough { Ok(votes) } else { Err(Some("standing_rule")) })
    }

    /// Whoever signed, as they stand now; nobody when they left, or stand in for nobody more.
    pub(super) async fn acting(&self, vote: &Vote) -> Result<Option<Standing>> {
        let Some(own) = self.standing(&vote.voter.id).await? else { return Ok(None) };
        let Some(other) = &vote.instead_of else { return Ok(Some(own)) };
        let instead = self.in_place_of(&own, self.now()).await?;
        let theirs =
            |who: &Standing| who.stands_in.as_ref().is_some_and(|them| them.user.id == other.id);
        Ok(instead.into_iter().find(theirs))
    }

    /// Is somebody one of those? Of a group, asked now.
    async fn is_of(&self, id: &UserId, those: &Those) -> Result<bool> {
        if those.people.iter().any(|who| who.id == *id) {
            return Ok(true);
        }
        let Some(group) = &those.group else { return Ok(false) };
        let among = std::slice::from_ref(&group.id);
        Ok(self.directory.member_of(id, among).await?.contains(&group.id))
    }

    /// Refuses somebody about whom nothing runs under a standing approval.
    pub(super) async fn not_protected(&self, subject: &SubjectFacts) -> Result<()> {
        use crate::domain::trouble::Reason;
        let person = subject.user.name.clone();
        let Some(stands) = self.standing(&subject.user.id).await? else {
            return Err(Reason::NoSuchPerson { name: person }.into());
        };
        match policy::never_covered(subject, &stands, &self.rules()) {
            Some(why) => Err(Reason::Protected { person, why: why.to_owned() }.into()),
            None => Ok(()),
        }
    }

    /// Clarifying → Approved or Scheduled, with the cards: for whoever asked, and with *Undo*
    /// where those read who signed.
    pub(in crate::desk) async fn run_under(
        &self,
        turn: &mut Turn,
        covered: Covered,
    ) -> std::result::Result<(), StoreError> {
        let Covered { request, frozen, verdict, votes, used } = covered;
        let (plan, now) = (frozen.plan(), self.now());
        let mut places = self.approver_places(&request, plan).await?;
        for vote in &votes {
            for place in self.personal(&vote.voter.id).await? {
                let to = SayTo::Place { place };
                if !places.contains(&to) {
                    places.push(to);
                }
            }
        }
        let by: Vec<PersonRef> = votes.iter().map(|vote| vote.voter.clone()).collect();
        let proof = Approved::check(frozen.clone(), &request.requester.id, &votes, &self.votes);
        let pending = request.propose(&frozen, verdict);
        let signed = proof.and_then(|proof| pending.ok()?.decide(&proof, by, now).ok());
        let Some(request) = signed else { return Err(StoreError::Conflict) };
        turn.facts.push(self.asked_fact(&request, plan));
        let told =
            json!({ "under": used.of, "count": used.count, "by": request.stage.signed_by() });
        turn.facts.push(self.fact(&request, "standing.used", told));
        let kind = format!("request.{}", request.stage.name());
        turn.facts.push(self.fact(&request, &kind, json!({})));
        turn.copies.push(self.copy(request.id, Audience::Requester, self.thread_of(&request)));
        for to in places {
            turn.copies.push(self.copy(request.id, Audience::Approvers, to));
        }
        turn.redraw.push(request.id);
        turn.counted.extend(self.counted(&request, plan));
        turn.revisions.push(frozen);
        turn.votes.extend(votes);
        turn.uses.push(used);
        turn.requests.push((request, None));
        Ok(())
    }

    /// Is a standing approval still in force, when something is carried out under it?
    pub(in crate::desk) async fn still_in_force(
        &self,
        id: &RequestId,
    ) -> std::result::Result<bool, StoreError> {
        let Some(standing) = self.store.request(id).await? else { return Ok(false) };
        let held = standing.in_force.as_ref().is_some_and(|held| held.at(self.now()));
        let class = self.genuine(&standing).await?;
        Ok(held && class.is_some_and(|(class, _)| self.now() < class.until))
    }
}

/// Of whoever asks, in a chat, by words that say all of it or by a form; and new: nobody's way
/// back, nothing from a program.
fn is_own(request: &Request) -> bool {
    let origin = &request.origin;
    origin.alone
        && origin.own_words
        && origin.client.is_none()
        && origin.place.platform != Platform::Api
        && request.parent.is_none()
}

fn can_be_taken_back(step: &Step) -> bool {
    let kind = step.change.kind();
    step.cannot_undo.is_none()
        && step.change.delivery().is_none()
        && kind.repeat() != Repeat::NeverBlind
}

/// How many it counts for: an action about each person once.
fn weight(plan: &Plan) -> u32 {
    let many = plan.subjects.len().max(plan.parts.len());
    u32::try_from(many.max(1)).unwrap_or(u32::MAX)
}

fn runs_under(standing: &Request, signed: &[Vote], (left, of): (u32, u16)) -> Note {
    let names: Vec<&str> = signed.iter().map(|vote| vote.voter.name.as_str()).collect();
    let at = signed.iter().map(|vote| vote.at).max().unwrap_or(standing.asked_at);
    let (number, by, at) = (standing.number.to_string(), names.join(", "), format!("@{at}"));
    let (left, of) = (left.to_string(), of.to_string());
    let fields =
        [("number", number.as_str()), ("by", &by), ("at", &at), ("left", &left), ("count", &of)];
    Note::new("under_standing", &fields)
}

fn nearly(standing: &Request, why: &str) -> Note {
    let (number, why) = (standing.number.to_string(), format!("={why}"));
    Note::new("nearly_standing", &[("number", &number), ("why", &why)])
}
