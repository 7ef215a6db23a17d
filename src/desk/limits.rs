//! Is it too much at once? Counted where it is saved: two requests in the same instant cannot
//! both slip under a limit.

use jiff::{SignedDuration, Timestamp};

use crate::{
    desk::Desk,
    domain::{
        ids::UserId,
        plan::{Note, Plan},
        request::{Request, RequestKind},
    },
    policy::limits::{Before, WINDOW, is_held, too_many},
    ports::store::{Counted, StoreError},
};

/// People are counted in steps of this length, so that an hour moves on with the time.
const STEP: SignedDuration = SignedDuration::from_mins(5);

impl Desk {
    /// Why so many people more are too many at once; nothing where they are not.
    pub(super) async fn held_back(
        &self,
        requester: &UserId,
        people: usize,
    ) -> Result<Option<Note>, StoreError> {
        let rules = self.rules();
        if people == 0 || rules.limits.are_unset() {
            return Ok(None);
        }
        let (by_all, by_them) = self.store.counted(requester, self.now() - WINDOW).await?;
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        let users = self.people.names().index.people_len();
        Ok(too_many(people, Before { by_all, by_them }, users, &rules))
    }

    /// What is counted of a request when it is saved: one that was not held back must still be
    /// under the limits then.
    pub(super) fn counted(&self, request: &Request, plan: &Plan) -> Option<Counted> {
        let rules = self.rules();
        let changes = matches!(request.kind, RequestKind::Change | RequestKind::Batch);
        let rows = plan.rows.as_ref().map_or(0, |rows| rows.fit.len());
        let people = plan.subjects.len().max(rows);
        if !changes || people == 0 || rules.limits.are_unset() {
            return None;
        }
        let held = is_held(&plan.notes);
        let unless_held = |most: Option<u32>| most.filter(|_| !held);
        let limits = &rules.limits;
        Some(Counted {
            requester: request.requester.id.clone(),
            people: u32::try_from(people).unwrap_or(u32::MAX),
            window: step(self.now()),
            since: self.now() - WINDOW,
            most: unless_held(limits.people_per_hour),
            most_each: unless_held(limits.people_per_hour_each),
        })
    }
}

/// The step that an instant is in.
fn step(now: Timestamp) -> Timestamp {
    let seconds = now.as_second() - now.as_second().rem_euclid(STEP.as_secs());
    Timestamp::from_second(seconds).unwrap_or(now)
}
