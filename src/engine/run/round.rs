//! One round of looks and calls, and what is saved of it.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::json;
use tracing::Instrument as _;

use crate::{
    domain::{
        change::{Change, Sight},
        decision::{Tally, tally},
        ids::StepId,
        plan::Step,
        secret::{Secret, password},
        step::{StepRun, StepState},
        trouble::{Reason, Trouble},
    },
    engine::{
        LEASE_MARGIN,
        run::{
            Run,
            scene::Scene,
            wave::{Begin, Pass},
        },
        walk::{self, Wants},
    },
    ports::{
        hands::{Call, Made},
        store::{NewSecret, StoreError, Turn},
        trace::SPANS,
    },
};

impl Run<'_> {
    /// Keeps what somebody had before any of it is taken away, else one [`Self::pass`] over
    /// all steps. False: nothing moved.
    pub(super) async fn round(&self, scene: &mut Scene, paused: bool) -> Result<bool, StoreError> {
        let keep = scene.wanting(|_| true, Wants::Keep, self.now());
        if keep.is_empty() {
            return self.pass(scene, Pass { of: |_| true, paused, settle: true }).await;
        }
        self.keep(scene, &keep, paused).await.map(|()| true)
    }

    /// One wave: looks at what wants to be looked at, begins what may begin, looks at what was
    /// accepted, and in the same look at what may begin next. What began before and holds
    /// nothing back is read back with it. False: nothing moved.
    pub(super) async fn pass(&self, scene: &mut Scene, pass: Pass) -> Result<bool, StoreError> {
        let Pass { of, paused, settle } = pass;
        for id in scene.wanting(of, Wants::Skip, self.now()) {
            walk::skip(scene.run(id));
        }
        let (mut wanted, back) = self.looks(scene, of, self.now());
        let (ahead, mut later): (Vec<StepId>, Vec<StepId>) =
            back.into_iter().partition(|id| scene.holds_back(*id));
        wanted.extend(ahead);
        if !settle {
            later.clear();
        } else if wanted.is_empty() && (paused || self.begins(scene, of, self.now()).is_empty()) {
            wanted.append(&mut later);
        }
        let (sights, signed) =
            futures::join!(self.sights(scene, &wanted), self.signed(scene, paused));
        self.saw(scene, &wanted, sights);
        let mut begin = self.begins(scene, of, self.now());
        if begin.is_empty() || paused {
            let sights = self.sights(scene, &later).await;
            self.saw(scene, &later, sights);
            return self.save(scene).await;
        }
        if let Err(trouble) = signed {
            let now = self.now();
            // What was given for a while ends, whoever has left since.
            let (ending, held): (Vec<Begin>, Vec<Begin>) =
                begin.into_iter().partition(|(id, _)| scene.step(*id).ends);
            for (id, _) in held {
                let step = scene.step(id).clone();
                walk::saw(&step, scene.run(id), Err(again(&trouble)), now);
            }
            if ending.is_empty() {
                return self.save(scene).await;
            }
            begin = ending;
        }
        // The looks may have taken most of it; what is begun now should also be called.
        self.keep_lease().await?;
        let keys = self.intend(scene, &begin).await?;
        self.call(scene, &begin, &keys).await?;
        let accepted = begin.into_iter().map(|(id, _)| id).filter(|id| match scene.state(*id) {
            StepState::Started => true,
            StepState::Verifying => settle || scene.holds_back(*id),
            _ => false,
        });
        later.extend(accepted.collect::<Vec<_>>());
        self.look_back(scene, &later, of).await;
        self.save(scene).await?;
        Ok(true)
    }

    /// Reads these back, and looks in the same moment at the steps of this sort that wait for
    /// nothing else: that counts only if they really may begin then.
    async fn look_back(&self, scene: &mut Scene, back: &[StepId], of: fn(&Step) -> bool) {
        let next = scene.next_after(of, back, self.now());
        let all = [back, &next].concat();
        let mut sights = self.sights(scene, &all).await;
        let ahead = sights.split_off(back.len().min(sights.len()));
        self.saw(scene, back, sights);
        let now = self.now();
        let wanting = scene.wanting(of, Wants::Look, now);
        for (id, sight) in next.into_iter().zip(ahead).filter(|(id, _)| wanting.contains(id)) {
            let step = scene.step(id).clone();
            walk::saw(&step, scene.run(id), sight, now);
        }
    }

    /// Do the signatures still count, by the rights that their signers have now? Asked
    /// while a step may begin, beside the looks.
    async fn signed(&self, scene: &Scene, paused: bool) -> Result<(), Trouble> {
        if paused || scene.steps.iter().all(|run| run.state != StepState::Waiting) {
            return Ok(());
        }
        let Scene { request, frozen, votes, .. } = scene;
        let still = self.engine.signers.still(request, frozen.plan(), votes).await?;
        if tally(frozen, &request.requester.id, &still, &self.engine.votes) == Tally::Yes {
            return Ok(());
        }
        let lost = votes.iter().filter(|vote| !still.contains(vote));
        let names: Vec<&str> = lost.map(|vote| vote.voter.name.as_str()).collect();
        Err(Reason::SignatureLost { person: names.join(", ") }.into())
    }

    pub(super) async fn sights(
        &self,
        scene: &Scene,
        ids: &[StepId],
    ) -> Vec<Result<Sight, Trouble>> {
        if ids.is_empty() {
            return Vec::new();
        }
        let changes: Vec<Cow<'_, Change>> = ids.iter().map(|id| scene.change(*id)).collect();
        let changes: Vec<&Change> = changes.iter().map(AsRef::as_ref).collect();
        self.door.hands.look(&changes).await
    }

    pub(super) fn saw(
        &self,
        scene: &mut Scene,
        ids: &[StepId],
        sights: Vec<Result<Sight, Trouble>>,
    ) {
        let (now, mut sights) = (self.now(), sights.into_iter());
        for id in ids {
            let sight = sights.next().unwrap_or_else(|| {
                let what = "Microsoft Graph";
                Err(Trouble::Unreachable {
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
        begin: &[Begin],
    ) -> Result<BTreeMap<StepId, String>, StoreError> {
        let now = self.now();
        let mut turn = self.turn();
        let mut keys = BTreeMap::new();
        for (id, _) in begin {
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
                && !step.change.hands_over_theirs()
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
        begin: &[Begin],
        keys: &BTreeMap<StepId, String>,
    ) -> Result<(), StoreError> {
        let ids: Vec<StepId> = begin.iter().map(|(id, _)| *id).collect();
        let mut secrets: BTreeMap<StepId, Secret> = BTreeMap::new();
        for id in &ids {
            if scene.change(*id).effect().sets_a_secret_for_nobody() {
                // Never stored: made anew for each call, and forgotten with it.
                let mut random = [0; 32];
                self.engine.clock.fill(&mut random);
                secrets.insert(*id, password(&random));
            } else if scene.change(*id).delivery().is_some()
                && let Some(secret) = self.engine.store.secret(&self.id, *id).await?
            {
                secrets.insert(*id, secret);
            }
        }
        // The lease may have been lost while the disk was slow; then somebody else
        // reads the step back, and we must not begin its call now.
        if self.lease_left() < self.engine.lease / LEASE_MARGIN {
            return Err(StoreError::Conflict);
        }
        let changes: Vec<Cow<'_, Change>> = ids.iter().map(|id| scene.change(*id)).collect();
        let place = |leader: StepId| ids.iter().position(|id| *id == leader);
        let calls: Vec<Call<'_>> = begin
            .iter()
            .zip(&changes)
            .map(|((id, leader), change)| Call {
                change,
                key: &keys[id],
                secret: secrets.get(id),
                after: leader.and_then(place),
            })
            .collect();
        let span = tracing::info_span!(
            target: SPANS, "steps", request = %self.id, step = ids.first().map(|id| id.0),
            change = changes.first().map(|change| change.kind().as_str()), requests = calls.len()
        );
        let mut answers = self.door.hands.make(&calls).instrument(span).await.into_iter();
        let now = self.now();
        let mut turn = self.turn();
        for id in &ids {
            let unanswered = || Made::Unsure { cause: anyhow::anyhow!("a call was not answered") };
            let mut answer = answers.next().unwrap_or_else(unanswered);
            let step = scene.step(*id).clone();
            if let (Made::Accepted(output), Some(delivery)) = (&mut answer, step.change.delivery())
                && let Some(value) = output.secret.take()
            {
                turn.secrets.push(NewSecret {
                    request: self.id,
                    step: *id,
                    recipient: delivery.to.id.clone(),
                    value,
                    expires_at: now + self.engine.links_live,
                });
            }
            walk::made(&step, scene.run(*id), answer, now);
        }
        // What a service says only once is sealed before anything else happens.
        if turn.secrets.is_empty() { Ok(()) } else { self.write(scene, turn).await }
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

    /// Writes the changed steps, with a fact for each that ended. The request's row is
    /// left alone: the steps are ours under the lease, the row is everybody's.
    pub(super) async fn write(&self, scene: &mut Scene, mut turn: Turn) -> Result<(), StoreError> {
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
}

/// The same trouble, for another step.
pub(super) fn again(trouble: &Trouble) -> Trouble {
    match trouble {
        Trouble::Unreachable { what, .. } => {
            let source = anyhow::anyhow!("what this begins with could not be read");
            Trouble::Unreachable { what, source }
        }
        other => Trouble::Refused(other.reason()),
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
