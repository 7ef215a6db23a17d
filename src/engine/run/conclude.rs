//! Running → how it ended.

use serde_json::json;

use crate::{
    domain::{
        request::{Request, Stage},
        step::{StepRun, StepState},
    },
    engine::{
        Next, ended, pace,
        run::{CONFLICTS_MAX, Run, scene::Scene},
    },
    ports::store::StoreError,
};

impl Run<'_> {
    /// Running → how it ended, or back to waiting when steps are still open.
    pub(super) async fn conclude(
        &self,
        mut scene: Scene,
        paused: bool,
    ) -> Result<Next, StoreError> {
        for _ in 0..CONFLICTS_MAX {
            let (version, now) = (scene.request.version, self.now());
            let request = scene.request.clone().conclude(&scene.steps, now);
            if matches!(request.stage, Stage::Running { .. }) {
                let due = request.due_at.unwrap_or(now + pace::SETTLE).max(pace::next(now, paused));
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
