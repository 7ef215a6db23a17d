//! What somebody had is kept before any of it is taken away.
//!
//! What ends access goes first and does not wait: it runs beside the reading. What takes
//! something away begins only when all that was to be read is on the disk.

use std::collections::BTreeSet;

use futures::future::{join_all, try_join};
use serde_json::{Value, json};

use crate::{
    domain::{
        change::{Change, PasswordChange, Sight},
        ids::{StepId, UserId},
        plan::Step,
        snapshot::Snapshot,
        trouble::{Reason, Result, Trouble},
        users::Facet,
    },
    engine::{
        run::{Run, scene::Scene, wave::Pass},
        walk,
    },
    ports::store::StoreError,
};

/// What ends access has so many rounds beside the reading: block, sign out, password, and
/// sign out again.
const CONTAIN_ROUNDS_MAX: usize = 4;

/// A step that takes something away: whose it is, and how.
struct Loss {
    step: StepId,
    from: UserId,
    change: Change,
}

/// All that was to be read.
struct Taken {
    /// What each step found, in their order.
    found: Vec<Sight>,
    /// What was read beside the steps: whose, which part, and what it is.
    beside: Vec<(UserId, &'static str, Value)>,
}

/// Something could not be read.
struct Unread {
    /// What: a key among the words of the text file.
    what: &'static str,
    why: Trouble,
}

impl Run<'_> {
    /// Keeps what these steps will take away, while the steps that end access go ahead.
    pub(super) async fn keep(
        &self,
        scene: &mut Scene,
        ids: &[StepId],
        paused: bool,
    ) -> Result<(), StoreError> {
        let losses: Vec<Loss> = ids.iter().filter_map(|id| loss(scene, *id)).collect();
        let others = self.looks(scene, |step| !step.contain, self.now());
        let others = [others.0, others.1].concat();
        let changes: Vec<Change> = others.iter().map(|id| scene.change(*id).into_owned()).collect();
        // What ends access asks first.
        let (contained, (taken, sights)) =
            futures::join!(self.contain(scene, paused), self.take(&losses, &changes));
        contained?;
        self.saw(scene, &others, sights);
        let (now, mut turn) = (self.now(), self.turn());
        match taken {
            Ok(Taken { found, beside }) => {
                let until = now + self.engine.snapshots_live;
                let part = |of: &UserId, part: &str, value: Value| Snapshot {
                    request: self.id,
                    subject: of.clone(),
                    step: None,
                    part: part.to_owned(),
                    value,
                    taken_at: now,
                    until,
                };
                for (loss, found) in losses.iter().zip(found) {
                    let of = part(&loss.from, "", Value::Null);
                    turn.snapshots.push(Snapshot::of_step(&of, loss.step, &found));
                    let step = scene.step(loss.step).clone();
                    let run = scene.run(loss.step);
                    run.attempts = 0;
                    walk::saw(&step, run, Ok(found), now);
                }
                turn.snapshots.extend(beside.iter().map(|(of, what, v)| part(of, what, v.clone())));
                let told = json!({ "parts": turn.snapshots.len(), "until": until });
                turn.facts.push(self.fact(&scene.request, "snapshot.kept", told));
            }
            Err(Unread { what, why }) => {
                let for_good = matches!(why, Trouble::Refused(_));
                let why = why.reason().to_string();
                tracing::warn!(request.id = %self.id, what, why, "What somebody had could not be kept");
                let reason = Reason::NotKept { what: format!("={what}"), why };
                walk::not_kept(scene.runs(ids), &reason, for_good, now);
            }
        }
        self.write(scene, turn).await
    }

    /// What ends access, as far as it goes now.
    pub(super) async fn contain(&self, scene: &mut Scene, paused: bool) -> Result<(), StoreError> {
        for _ in 0..CONTAIN_ROUNDS_MAX {
            let of = |step: &Step| step.contain && step.takes_from.is_none();
            if !self.pass(scene, Pass { of, paused, settle: false }).await? {
                break;
            }
        }
        Ok(())
    }

    /// Reads all of it at once, and in the same moment looks at these other changes.
    async fn take(
        &self,
        losses: &[Loss],
        others: &[Change],
    ) -> (Result<Taken, Unread>, Vec<Result<Sight>>) {
        let changes: Vec<&Change> = losses.iter().map(|loss| &loss.change).chain(others).collect();
        let people: BTreeSet<&UserId> = losses.iter().map(|loss| &loss.from).collect();
        let beside = join_all(people.into_iter().map(|who| self.beside(who, losses)));
        let (mut sights, beside) = futures::join!(self.door.hands.look(&changes), beside);
        let of_others = sights.split_off(losses.len().min(sights.len()));
        let mut sights = sights.into_iter();
        let taken = losses.iter().map(|loss| {
            let sight = sights.next().unwrap_or_else(unanswered);
            sight.map_err(|why| Unread { what: sort(&loss.change), why })
        });
        let taken = taken.collect::<Result<_, _>>().and_then(|found| {
            let beside: Vec<_> = beside.into_iter().collect::<Result<_, _>>()?;
            Ok(Taken { found, beside: beside.concat() })
        });
        (taken, of_others)
    }

    /// Who somebody is, with their groups, licences, roles and automatic replies; and what
    /// else their steps are about.
    async fn beside(
        &self,
        who: &UserId,
        losses: &[Loss],
    ) -> Result<Vec<(UserId, &'static str, Value)>, Unread> {
        const FACETS: [Facet; 3] = [Facet::Groups, Facet::Licences, Facet::Roles];
        let about = |which: fn(&Change) -> bool| {
            losses.iter().any(|loss| loss.from == *who && which(&loss.change))
        };
        let world = &self.door.world;
        let unread = |what| move |why| Unread { what, why };
        let account = async {
            let read = world.dossier(who, &FACETS).await.map_err(unread("kept_account"))?;
            Ok((who.clone(), "account", json!(read)))
        };
        let methods = async {
            if !about(|change| sort(change) == "kept_methods") {
                return Ok(None);
            }
            let read = world.methods(who).await.map_err(unread("kept_methods"))?;
            Ok(Some((who.clone(), "methods", json!(read))))
        };
        let mailbox = async {
            if !about(|change| sort(change) == "kept_mailbox") {
                return Ok(None);
            }
            let read = world.mailbox_of(who).await.map_err(unread("kept_mailbox"))?;
            Ok(Some((who.clone(), "mailbox", json!(read))))
        };
        let (account, (methods, mailbox)) = try_join(account, try_join(methods, mailbox)).await?;
        Ok([Some(account), methods, mailbox].into_iter().flatten().collect())
    }
}

fn loss(scene: &Scene, step: StepId) -> Option<Loss> {
    let from = scene.step(step).takes_from.clone()?;
    Some(Loss { step, from, change: scene.change(step).into_owned() })
}

fn unanswered() -> Result<Sight> {
    let source = anyhow::anyhow!("a look was not answered");
    Err(Trouble::Unreachable { what: "Microsoft", source })
}

/// What a change takes away: a key among the words of the text file.
fn sort(change: &Change) -> &'static str {
    match change {
        Change::Password(PasswordChange::RemoveMethod { .. }) => "kept_methods",
        Change::Licence(_) => "kept_licences",
        Change::Group(_) => "kept_groups",
        Change::Role(_) => "kept_roles",
        Change::Device(_) => "kept_devices",
        Change::Mailbox(_) | Change::InboxRule(_) => "kept_mailbox",
        Change::Handover(_) => "kept_meetings",
        _ => "kept_account",
    }
}
