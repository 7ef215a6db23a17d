//! Plays a plan at once, in a tenant that is not real.
//!
//! The same looks, calls and conclusions as when it is carried out ([`walk`]), without a store,
//! without waiting, and with a time of its own. What becomes of each step is all that is left.
//!
//! Not here: what the tenant is made of.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{
        change::Change,
        ids::StepId,
        plan::{Plan, Step},
        rehearsal,
        secret::{Secret, password},
        step::{StepRun, StepState},
    },
    engine::walk::{self, Wants},
    ports::{
        clock::Clock,
        hands::{Call, Hands, Made},
    },
};

/// It is over after so many rounds, whatever is left.
const ROUNDS_MAX: usize = 2_000;
/// So much time passes with each round: marks are written to the second.
const ROUND: SignedDuration = SignedDuration::from_secs(1);

/// A time that passes only when it is told to. Chance is another clock's.
pub struct StageTime {
    /// In microseconds.
    at: AtomicI64,
    chance: Arc<dyn Clock>,
}

impl StageTime {
    /// Begins now, by this clock.
    pub fn of(clock: Arc<dyn Clock>) -> Self {
        Self { at: AtomicI64::new(clock.now().as_microsecond()), chance: clock }
    }

    fn pass(&self, until: Timestamp) {
        self.at.fetch_max(until.as_microsecond(), Relaxed);
    }
}

impl Clock for StageTime {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at.load(Relaxed)).unwrap_or(Timestamp::MAX)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.chance.fill(bytes);
    }
}

impl std::fmt::Debug for StageTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the stage's time, {}", self.now())
    }
}

/// A plan that is being played.
struct Play<'a> {
    steps: Vec<Step>,
    runs: Vec<StepRun>,
    hands: &'a dyn Hands,
    time: &'a StageTime,
}

/// Plays a plan. What cannot be played is taken for done by what needs it, and stands as
/// waiting in the end.
pub async fn rehearse(plan: &Plan, hands: &dyn Hands, time: &StageTime) -> Vec<StepRun> {
    let left: BTreeSet<StepId> = rehearsal::left_out(plan);
    let steps: Vec<Step> = plan.steps.iter().map(rehearsal::at_once).collect();
    let begins = |id| if left.contains(&id) { StepState::Done } else { StepState::Waiting };
    let run = |step: &Step| StepRun { state: begins(step.id), ..StepRun::new(step.id) };
    let runs = steps.iter().map(run).collect();
    let mut stage = Play { steps, runs, hands, time };
    for _ in 0..ROUNDS_MAX {
        if !stage.round().await {
            break;
        }
    }
    for run in stage.runs.iter_mut().filter(|run| left.contains(&run.id)) {
        *run = StepRun::new(run.id);
    }
    stage.runs
}

impl Play<'_> {
    /// Looks, or begins what may begin, or lets time pass. False: nothing is left to do.
    async fn round(&mut self) -> bool {
        for id in self.wanting(Wants::Skip) {
            walk::skip(self.run(id));
        }
        let (look, begin) = (self.wanting(Wants::Look), self.wanting(Wants::Begin));
        if !look.is_empty() {
            self.look(&look).await;
        } else if !begin.is_empty() {
            self.make(&begin).await;
        } else {
            let open = self.runs.iter().filter(|run| !run.state.ended());
            let Some(next) = open.filter_map(|run| run.next_at).min() else { return false };
            self.time.pass(next);
        }
        self.time.pass(self.time.now() + ROUND);
        true
    }

    fn wanting(&self, wanted: Wants) -> Vec<StepId> {
        let now = self.time.now();
        let wants = |(step, run): &(&Step, &StepRun)| {
            walk::wants(step, run, &self.runs, false, now) == wanted
        };
        self.steps.iter().zip(&self.runs).filter(wants).map(|(step, _)| step.id).collect()
    }

    fn run(&mut self, id: StepId) -> &mut StepRun {
        self.runs.iter_mut().find(|run| run.id == id).expect("each step has its run")
    }

    fn step(&self, id: StepId) -> &Step {
        self.steps.iter().find(|step| step.id == id).expect("each run belongs to a step")
    }

    /// The change of a step, with what earlier steps made filled in.
    fn change(&self, id: StepId) -> Cow<'_, Change> {
        let change = &self.step(id).change;
        let made = |step: StepId, output: &str| {
            let run = self.runs.iter().find(|run| run.id == step)?;
            run.outputs.get(output).cloned()
        };
        change.resolved(&made).map_or(Cow::Borrowed(change), Cow::Owned)
    }

    async fn look(&mut self, ids: &[StepId]) {
        let changes: Vec<Cow<'_, Change>> = ids.iter().map(|id| self.change(*id)).collect();
        let changes: Vec<&Change> = changes.iter().map(AsRef::as_ref).collect();
        let sights = self.hands.look(&changes).await;
        let now = self.time.now();
        for (id, sight) in ids.iter().zip(sights) {
            let step = self.step(*id).clone();
            walk::saw(&step, self.run(*id), sight, now);
        }
    }

    async fn make(&mut self, ids: &[StepId]) {
        let now = self.time.now();
        for id in ids {
            let run = self.run(*id);
            run.state = StepState::Started;
            run.attempts += 1;
            run.intent_at = Some(now);
            run.next_at = None;
        }
        let changes: Vec<Change> = ids.iter().map(|id| self.change(*id).into_owned()).collect();
        let keys: Vec<String> = ids.iter().map(|_| self.time.uuid().to_string()).collect();
        // Nobody gets it: the tenant is not real.
        let mut random = [0; 32];
        self.time.fill(&mut random);
        let secret: Secret = password(&random);
        let call = |(change, key)| Call { change, key, secret: Some(&secret), after: None };
        let calls: Vec<Call<'_>> =
            changes.iter().zip(keys.iter().map(String::as_str)).map(call).collect();
        let answers = self.hands.make(&calls).await;
        let unanswered = || Made::Unsure { cause: anyhow::anyhow!("a call was not answered") };
        let mut answers = answers.into_iter();
        for id in ids {
            let step = self.step(*id).clone();
            let answer = answers.next().unwrap_or_else(unanswered);
            walk::made(&step, self.run(*id), answer, now);
        }
    }
}
