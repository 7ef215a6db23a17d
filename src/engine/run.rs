//! One request being carried out, under a lease.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use crate::{
    domain::{
        change::Change,
        chat::PlaceKind,
        decision::Approved,
        fact::Fact,
        ids::{RequestId, StepId},
        message::{Message, SecretLinkView},
        plan::{Frozen, Step},
        request::{Request, Stage},
        secret::{Secret, password},
        step::{StepRun, StepState},
        trouble::Reason,
        users::PersonRef,
    },
    engine::{
        Engine, LEASE, LEASE_MARGIN, Next, ended, link, pace,
        walk::{self, Wants},
    },
    ports::{
        hands::Call,
        store::{Lease, NewLink, NewSecret, Say, SayTo, StoreError, Turn},
    },
};

/// A request is taken through at most this many rounds of looks and calls in one go.
const ROUNDS_MAX: usize = 1_200;
/// The row of a running request is changed meanwhile at most so often before the
/// worker gives up; the request is then claimed again when the lease ends.
const CONFLICTS_MAX: usize = 8;

pub(super) struct Run<'a> {
    engine: &'a Engine,
    id: RequestId,
    lease: &'a Lease,
    leased_until: Timestamp,
}

/// What is known of the request in this round.
struct Scene {
    request: Request,
    frozen: Frozen,
    steps: Vec<StepRun>,
    changed: Vec<StepId>,
}

impl Scene {
    fn step(&self, id: StepId) -> &Step {
        self.frozen.plan().step(id).expect("each run belongs to a step of its plan")
    }

    fn run(&mut self, id: StepId) -> &mut StepRun {
        if !self.changed.contains(&id) {
            self.changed.push(id);
        }
        self.steps.iter_mut().find(|run| run.id == id).expect("each step has its run")
    }

    fn state(&self, id: StepId) -> StepState {
        self.steps.iter().find(|run| run.id == id).map_or(StepState::Waiting, |run| run.state)
    }

    fn wanting(&self, wanted: Wants, now: Timestamp) -> Vec<StepId> {
        let stopped = self.request.stopped_by.is_some();
        let wants = |run: &&StepRun| {
            walk::wants(self.step(run.id), run, &self.steps, stopped, now) == wanted
        };
        self.steps.iter().filter(wants).map(|run| run.id).collect()
    }

    fn change(&self, id: StepId) -> &Change {
        &self.step(id).change
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(engine: &'a Engine, id: RequestId, lease: &'a Lease) -> Self {
        Self { engine, id, lease, leased_until: engine.clock.now() + LEASE }
    }

    pub(super) async fn go(mut self) -> Result<Next, StoreError> {
        if let Some(next) = self.start().await? {
            return Ok(next);
        }
        for _ in 0..ROUNDS_MAX {
            self.keep_lease().await?;
            let Some(mut scene) = self.scene().await? else { return self.give_back(None).await };
            let paused = self.engine.store.paused().await?;
            if !self.round(&mut scene, paused).await? {
                return self.conclude(scene, paused).await;
            }
        }
        self.give_back(Some(self.engine.clock.now())).await
    }

    fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }

    fn turn(&self) -> Turn {
        Turn { at: self.now(), lease: Some(self.lease.clone()), ..Turn::default() }
    }

    fn fact(&self, request: &Request, kind: &str, payload: serde_json::Value) -> Fact {
        Fact::about(request, kind, self.engine.clock.uuid(), self.now(), payload)
    }

    /// Approved or Scheduled → Running, with its steps and locks. Gives what to do
    /// instead, when it cannot start.
    async fn start(&self) -> Result<Option<Next>, StoreError> {
        let store = &self.engine.store;
        let Some(request) = store.request(&self.id).await? else { return Ok(Some(Next::Ended)) };
        match request.stage {
            Stage::Running { .. } => return Ok(None),
            Stage::Approved { .. } | Stage::Scheduled { .. } => {}
            _ => return self.put_right(request).await.map(Some),
        }
        if store.paused().await? {
            return self.give_back(Some(self.now() + pace::SETTLE)).await.map(Some);
        }
        let (version, now) = (request.version, self.now());
        let Some(frozen) = self.proof(&request).await? else {
            return self.refuse_unproven(request).await.map(Some);
        };
        let mut turn = self.turn();
        let Ok(request) = request.start(now) else { return self.give_back(None).await.map(Some) };
        let plan = frozen.plan();
        turn.steps = plan
            .steps
            .iter()
            .map(|step| (self.id, StepRun { next_at: step.not_before, ..StepRun::new(step.id) }))
            .collect();
        let mut resources: Vec<String> =
            plan.steps.iter().flat_map(|step| step.change.resources()).collect();
        resources.sort();
        resources.dedup();
        turn.lock = resources.into_iter().map(|resource| (self.id, resource)).collect();
        turn.facts.push(self.fact(&request, "run.started", json!({ "steps": plan.steps.len() })));
        turn.redraw.push(self.id);
        turn.requests.push((request, Some(version)));
        match store.save(turn).await {
            Ok(_) => Ok(None),
            // Another request about the same person runs; this one follows it.
            Err(StoreError::Locked { .. }) => {
                self.give_back(Some(now + pace::APART)).await.map(Some)
            }
            Err(error) => Err(error),
        }
    }

    /// The plan, if the stored votes prove that it may run.
    async fn proof(&self, request: &Request) -> Result<Option<Frozen>, StoreError> {
        let store = &self.engine.store;
        let Some(frozen) = store.plan(&self.id, request.revision).await? else { return Ok(None) };
        if Some(frozen.digest()) != request.digest {
            return Ok(None);
        }
        let votes = store.votes(&self.id, request.revision).await?;
        let proof = Approved::check(frozen, &request.requester.id, &votes, &self.engine.votes);
        Ok(proof.map(|proof| proof.frozen().clone()))
    }

    /// The row says approved and the votes do not prove it: somebody wrote in the
    /// database. Nothing runs.
    async fn refuse_unproven(&self, mut request: Request) -> Result<Next, StoreError> {
        tracing::error!(request.id = %self.id, "A request is marked approved without genuine votes; it was not run");
        let (version, now) = (request.version, self.now());
        request.stage = Stage::Failed { by: Vec::new(), at: now };
        request.due_at = None;
        let mut turn = self.turn();
        turn.facts.push(self.fact(&request, "run.unproven", json!({})));
        turn.redraw.push(self.id);
        turn.unlock.push(self.id);
        turn.release = true;
        turn.requests.push((request, Some(version)));
        self.engine.store.save(turn).await?;
        Ok(Next::Ended)
    }

    /// The row was handed out to be carried out, and the sealed request in it is not
    /// signed: it was taken back this instant, or somebody wrote in the database.
    /// Nothing runs. Writing the row again puts its columns right, so that it is not
    /// handed out for ever.
    async fn put_right(&self, request: Request) -> Result<Next, StoreError> {
        let (state, version) = (request.stage.name(), request.version);
        tracing::warn!(request.id = %self.id, state, "A request was due to run and is not signed; it was not run");
        let mut turn = self.turn();
        turn.facts.push(self.fact(&request, "run.refused", json!({ "state": state })));
        turn.redraw.push(self.id);
        turn.release = true;
        turn.requests.push((request, Some(version)));
        self.engine.store.save(turn).await?;
        Ok(Next::Ended)
    }

    async fn scene(&self) -> Result<Option<Scene>, StoreError> {
        let store = &self.engine.store;
        let Some(request) = store.request(&self.id).await? else { return Ok(None) };
        if !matches!(request.stage, Stage::Running { .. }) {
            return Ok(None);
        }
        let Some(frozen) = self.proof(&request).await? else {
            self.refuse_unproven(request).await?;
            return Ok(None);
        };
        let steps = store.steps(&self.id).await?;
        Ok(Some(Scene { request, frozen, steps, changed: Vec::new() }))
    }

    async fn keep_lease(&mut self) -> Result<(), StoreError> {
        let now = self.now();
        if self.leased_until.duration_since(now) < LEASE / 2 {
            self.engine.store.renew(self.lease, now + LEASE).await?;
            self.leased_until = now + LEASE;
        }
        Ok(())
    }

    /// Looks at what wants to be looked at, begins what may begin, looks at what was
    /// accepted; paused, it begins nothing. False: nothing moved.
    async fn round(&self, scene: &mut Scene, paused: bool) -> Result<bool, StoreError> {
        for id in scene.wanting(Wants::Skip, self.now()) {
            walk::skip(scene.run(id));
        }
        let wanted = scene.wanting(Wants::Look, self.now());
        self.look(scene, &wanted).await;
        let begin = scene.wanting(Wants::Begin, self.now());
        if begin.is_empty() || paused {
            return self.save(scene).await;
        }
        let keys = self.intend(scene, &begin).await?;
        self.call(scene, &begin, &keys).await?;
        let accepted: Vec<StepId> = begin
            .into_iter()
            .filter(|id| matches!(scene.state(*id), StepState::Verifying | StepState::Started))
            .collect();
        self.look(scene, &accepted).await;
        self.save(scene).await?;
        Ok(true)
    }

    async fn look(&self, scene: &mut Scene, ids: &[StepId]) {
        if ids.is_empty() {
            return;
        }
        let changes: Vec<&Change> = ids.iter().map(|id| scene.change(*id)).collect();
        let mut sights = self.engine.hands.look(&changes).await.into_iter();
        let now = self.now();
        for id in ids {
            let sight = sights.next().unwrap_or_else(|| {
                let what = "Microsoft Graph";
                Err(crate::domain::trouble::Trouble::Unreachable {
                    what,
                    source: anyhow::anyhow!("a look was not answered"),
                })
            });
            let step = scene.step(*id).clone();
            walk::saw(&step, scene.run(*id), sight, now);
        }
    }

    /// Records that these steps are begun, with the secrets they will set.
    async fn intend(
        &self,
        scene: &mut Scene,
        ids: &[StepId],
    ) -> Result<BTreeMap<StepId, String>, StoreError> {
        let now = self.now();
        let mut turn = self.turn();
        let mut keys = BTreeMap::new();
        for id in ids {
            let key = self.engine.clock.uuid().to_string();
            let step = scene.step(*id).clone();
            let run = scene.run(*id);
            run.state = StepState::Started;
            run.attempts += 1;
            run.intent_at = Some(now);
            run.call = Some(key.clone());
            run.next_at = None;
            let attempt = run.attempts;
            keys.insert(*id, key.clone());
            let told = json!({ "step": id.0, "change": step.change.kind().as_str(), "attempt": attempt, "call": key });
            turn.facts.push(self.fact(&scene.request, "step.started", told));
            if let Some(delivery) = step.change.delivery()
                && self.engine.store.secret(&self.id, *id).await?.is_none()
            {
                let mut random = [0; 32];
                self.engine.clock.fill(&mut random);
                turn.secrets.push(NewSecret {
                    request: self.id,
                    step: *id,
                    recipient: delivery.to.id.clone(),
                    value: password(&random),
                    expires_at: now + self.engine.links_live,
                });
            }
        }
        self.write(scene, turn).await?;
        Ok(keys)
    }

    async fn call(
        &self,
        scene: &mut Scene,
        ids: &[StepId],
        keys: &BTreeMap<StepId, String>,
    ) -> Result<(), StoreError> {
        let mut secrets: BTreeMap<StepId, Secret> = BTreeMap::new();
        for id in ids {
            if scene.change(*id).delivery().is_some()
                && let Some(secret) = self.engine.store.secret(&self.id, *id).await?
            {
                secrets.insert(*id, secret);
            }
        }
        // The lease may have been lost while the disk was slow; then somebody else
        // reads the step back, and we must not begin its call now.
        if self.leased_until.duration_since(self.now()) < LEASE_MARGIN {
            return Err(StoreError::Conflict);
        }
        let calls: Vec<Call<'_>> = ids
            .iter()
            .map(|id| Call { change: scene.change(*id), key: &keys[id], secret: secrets.get(id) })
            .collect();
        let mut answers = self.engine.hands.make(&calls).await.into_iter();
        let now = self.now();
        for id in ids {
            let unanswered = || crate::ports::hands::Made::Unsure {
                cause: anyhow::anyhow!("a call was not answered"),
            };
            let answer = answers.next().unwrap_or_else(unanswered);
            let step = scene.step(*id).clone();
            walk::made(&step, scene.run(*id), answer, now);
        }
        Ok(())
    }

    /// Saves what changed in this round. False: nothing that lets another step begin.
    async fn save(&self, scene: &mut Scene) -> Result<bool, StoreError> {
        if scene.changed.is_empty() {
            return Ok(false);
        }
        let state = |id: &StepId| scene.state(*id);
        let moved =
            scene.changed.iter().any(|id| state(id).ended() || state(id) == StepState::Waiting);
        self.write(scene, self.turn()).await?;
        Ok(moved)
    }

    /// A password that was set goes to its recipient; one that was not is deleted.
    /// One in doubt is kept: a person may still say that it happened.
    async fn deliver(
        &self,
        scene: &Scene,
        step: &Step,
        run: &StepRun,
        turn: &mut Turn,
    ) -> Result<(), StoreError> {
        let Some(delivery) = step.change.delivery() else { return Ok(()) };
        match run.state {
            StepState::Done | StepState::AlreadySo => {}
            StepState::Failed | StepState::Skipped => {
                turn.forget_secrets.push((self.id, step.id));
                return Ok(());
            }
            _ => return Ok(()),
        }
        let Some(value) = self.engine.store.secret(&self.id, step.id).await? else { return Ok(()) };
        let to = self.reach(&scene.request, &delivery.to).await?;
        let Some(to) = to else {
            tracing::error!(request.id = %self.id, step = step.id.0, "The recipient of a password cannot be reached; it stays sealed");
            turn.facts.push(self.fact(
                &scene.request,
                "secret.unreachable",
                json!({ "step": step.id.0 }),
            ));
            return Ok(());
        };
        let mut random = [0; link::TOKEN_BYTES];
        self.engine.clock.fill(&mut random);
        let link = link::make(&random, self.id, step.id, &value);
        let until = self.now() + self.engine.links_live;
        let subject =
            scene.frozen.plan().subjects.iter().find(|s| Some(&s.id) == step.change.user().known());
        let view = SecretLinkView {
            number: scene.request.number,
            subject: subject.unwrap_or(&delivery.to).clone(),
            link: format!("{}/s/#{}", self.engine.public_url, link.token.reveal()),
            until,
        };
        turn.say.push(Say { id: self.engine.clock.uuid(), to, what: Message::SecretLink(view) });
        turn.links.push(NewLink {
            request: self.id,
            step: step.id,
            token_hash: link.hash,
            sealed: link.sealed,
            expires_at: until,
        });
        turn.facts.push(self.fact(
            &scene.request,
            "secret.sent",
            json!({ "step": step.id.0, "to": delivery.to.id }),
        ));
        Ok(())
    }

    /// Where somebody can be told something alone: the personal chat they asked from,
    /// else the newest personal conversation they have with the bot (for the requester:
    /// on the platform they asked from), else whatever the chat opens for the requester.
    async fn reach(
        &self,
        request: &Request,
        whom: &PersonRef,
    ) -> Result<Option<SayTo>, StoreError> {
        let origin = &request.origin;
        let asked = request.requester.id == whom.id;
        if asked && origin.place.kind == PlaceKind::Personal {
            return Ok(Some(SayTo::Place { place: origin.place.clone() }));
        }
        let met = self.engine.store.conversations(&whom.id).await?;
        let known = met.into_iter().find(|c| {
            c.open && c.with.is_some() && (!asked || c.place.platform == origin.place.platform)
        });
        Ok(match known {
            Some(conversation) => Some(SayTo::Place { place: conversation.place }),
            None => asked.then(|| SayTo::Person { user: origin.by.clone() }),
        })
    }

    /// Writes the changed steps, with a fact for each that ended. The request's row is
    /// left alone: the steps are ours under the lease, the row is everybody's.
    async fn write(&self, scene: &mut Scene, mut turn: Turn) -> Result<(), StoreError> {
        for id in &scene.changed {
            let (step, run) = (scene.step(*id), scene.run_of(*id));
            turn.steps.push((self.id, run.clone()));
            if run.state.ended() {
                turn.facts.push(self.fact(&scene.request, "step.ended", told(step, run)));
                self.deliver(scene, step, run, &mut turn).await?;
            }
        }
        turn.redraw.push(self.id);
        self.engine.store.save(turn).await?;
        scene.changed.clear();
        Ok(())
    }

    /// Running → how it ended, or back to waiting when steps are still open.
    async fn conclude(&self, mut scene: Scene, paused: bool) -> Result<Next, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            let (version, now) = (scene.request.version, self.now());
            let request = scene.request.clone().conclude(&scene.steps, now);
            if matches!(request.stage, Stage::Running { .. }) {
                let soonest = if paused { now + pace::SETTLE } else { now };
                let due = request.due_at.unwrap_or(now + pace::SETTLE).max(soonest);
                return self.give_back(Some(due)).await;
            }
            let mut turn = self.turn();
            for run in &scene.steps {
                self.deliver(&scene, scene.step(run.id), run, &mut turn).await?;
            }
            turn.facts.push(self.fact(&request, "run.ended", summary(&request, &scene.steps)));
            turn.say.extend(ended::told(&request, self.engine.clock.uuid()));
            turn.redraw.push(self.id);
            turn.unlock.push(self.id);
            turn.release = true;
            turn.requests.push((request, Some(version)));
            match self.engine.store.save(turn).await {
                // The row was changed meanwhile (a button): take it in and conclude again.
                Err(StoreError::Conflict) => match self.scene().await? {
                    Some(fresh) => scene = fresh,
                    None => return self.give_back(None).await,
                },
                other => return other.map(|_| Next::Ended),
            }
        }
        Err(StoreError::Conflict)
    }

    /// Gives the lease back, to be claimed again not before `due`.
    async fn give_back(&self, due: Option<Timestamp>) -> Result<Next, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            let mut turn = self.turn();
            turn.release = true;
            if let Some(due) = due
                && let Some(mut request) = self.engine.store.request(&self.id).await?
            {
                let version = request.version;
                request.due_at = Some(due);
                turn.requests.push((request, Some(version)));
            }
            match self.engine.store.save(turn).await {
                Err(StoreError::Conflict) => {}
                other => return other.map(|_| due.map_or(Next::Ended, Next::At)),
            }
        }
        Err(StoreError::Conflict)
    }
}

fn summary(request: &Request, steps: &[StepRun]) -> serde_json::Value {
    let counted = |state: StepState| steps.iter().filter(|run| run.state == state).count();
    json!({
        "state": request.stage.name(),
        "done": counted(StepState::Done),
        "already_so": counted(StepState::AlreadySo),
        "failed": counted(StepState::Failed),
        "skipped": counted(StepState::Skipped),
        "in_doubt": counted(StepState::InDoubt),
    })
}

impl Scene {
    fn run_of(&self, id: StepId) -> &StepRun {
        self.steps.iter().find(|run| run.id == id).expect("each step has its run")
    }
}

/// What the record keeps of a step that ended.
fn told(step: &Step, run: &StepRun) -> serde_json::Value {
    let why: Option<&Reason> = run.why.as_ref();
    json!({
        "step": step.id.0,
        "change": step.change.kind().as_str(),
        "names": step.names,
        "outcome": run.state.as_str(),
        "evidence": run.evidence,
        "attempts": run.attempts,
        "call": run.call,
        "why": why,
    })
}
