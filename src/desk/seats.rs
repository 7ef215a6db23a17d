//! Seats that others want too: free ones are counted over all requests that are open.
//!
//! Nothing is refused for it: whoever came before may be rejected. The card says who waits for
//! the same seats and what to do, so that nobody signs for a seat that is gone by then.

use std::collections::BTreeMap;

use crate::{
    desk::Desk,
    domain::{
        change::{Change, LicenceChange},
        ids::{Number, SkuId},
        plan::{Note, Step},
        request::{Relation, Request},
        trouble::Result,
        users::Sku,
    },
    ports::store::StoreError,
};

/// Open requests that are looked at, newest first, and plans that are read of them and their
/// rows. Beyond that the counts are too small.
const OPEN_MAX: u32 = 200;
const PLANS_MAX: usize = 1_000;
/// Rows read at once.
const ROWS_AT_ONCE: u32 = 100;
/// Requests that are named.
const NAMED_MAX: usize = 5;

/// So many seats of each licence.
pub(super) type Wanted = BTreeMap<SkuId, u32>;

/// What open requests want: so many seats, and which requests.
#[derive(Default)]
struct Others {
    seats: Wanted,
    who: BTreeMap<SkuId, Vec<Number>>,
}

/// The licences that these steps assign.
pub(super) fn takes(steps: &[Step]) -> impl Iterator<Item = &SkuId> {
    let grants = steps.iter().flat_map(|step| match &step.change {
        Change::Licence(LicenceChange::SetLicences { add, .. }) => add.as_slice(),
        _ => &[],
    });
    grants.map(|grant| &grant.sku)
}

/// Whoever has it through a group already sits on a seat of it.
pub(super) fn is_held(notes: &[Note], sku: &Sku) -> bool {
    let says = |note: &Note| {
        note.key == "licence_inherited" && note.fields.get("licence") == Some(&sku.name)
    };
    notes.iter().any(says)
}

impl Desk {
    /// Where open requests and this one together want more seats than are free: which licence,
    /// and who else wants it. `own`: the steps and notes of each plan that is asked for.
    pub(super) async fn seats_wanted(
        &self,
        request: &Request,
        own: &[(&[Step], &[Note])],
    ) -> Result<Vec<Note>> {
        // The rows of a table are counted together.
        let none = own.iter().all(|(steps, _)| takes(steps).next().is_none());
        if request.is_row() || none {
            return Ok(Vec::new());
        }
        let skus = self.directory.skus(&self.tenant).await?;
        let mut wanted = Wanted::new();
        for (steps, notes) in own {
            for id in takes(steps) {
                let known = skus.iter().find(|sku| sku.id == *id);
                if known.is_some_and(|sku| !is_held(notes, sku)) {
                    *wanted.entry(id.clone()).or_default() += 1;
                }
            }
        }
        let others = self.others_want(request, &skus).await.map_err(super::weigh::unread)?;
        let short = |sku: &&Sku| {
            let (own, theirs) = (wanted.get(&sku.id), others.seats.get(&sku.id));
            own.zip(theirs).is_some_and(|(own, theirs)| own.saturating_add(*theirs) > sku.free())
        };
        let told = |sku: &Sku| {
            let who = others.who.get(&sku.id).map(Vec::as_slice).unwrap_or_default();
            let mut named: Vec<String> =
                who.iter().take(NAMED_MAX).map(ToString::to_string).collect();
            if who.len() > NAMED_MAX {
                named.push("…".to_owned());
            }
            let seats = |of: &Wanted| of.get(&sku.id).copied().unwrap_or_default().to_string();
            let fields = [
                ("licence", sku.name.as_str()),
                ("free", &*sku.free().to_string()),
                ("own", &*seats(&wanted)),
                ("others", &*seats(&others.seats)),
                ("numbers", &*named.join(", ")),
            ];
            Note::new("seats_wanted", &fields)
        };
        Ok(skus.iter().filter(short).map(told).collect())
    }

    /// The seats that other open requests will take.
    async fn others_want(&self, request: &Request, skus: &[Sku]) -> Result<Others, StoreError> {
        let mut others = Others::default();
        let mut left = PLANS_MAX;
        let instead = |other: &Request| matches!(request.parent, Some((id, Relation::Edit)) if id == other.id);
        for other in self.store.open(&self.tenant, None, OPEN_MAX).await? {
            if other.id == request.id || other.digest.is_none() || instead(&other) {
                continue;
            }
            if !other.is_batch() {
                self.wants((&other, other.number), skus, &mut others, &mut left).await?;
                continue;
            }
            let mut after = Number(0);
            while left > 0 {
                let rows = self.store.rows(&other.id, None, after, ROWS_AT_ONCE).await?;
                let Some(last) = rows.last().map(|row| row.number) else { break };
                for row in rows.iter().filter(|row| !row.stage.is_final()) {
                    self.wants((row, other.number), skus, &mut others, &mut left).await?;
                }
                after = last;
            }
        }
        Ok(others)
    }

    /// Adds what one open request will still take.
    async fn wants(
        &self,
        (open, number): (&Request, Number),
        skus: &[Sku],
        others: &mut Others,
        left: &mut usize,
    ) -> Result<(), StoreError> {
        let Some(fewer) = left.checked_sub(1) else { return Ok(()) };
        *left = fewer;
        let Some(frozen) = self.store.plan(&open.id, open.revision).await? else { return Ok(()) };
        let plan = frozen.plan();
        if takes(&plan.steps).next().is_none() {
            return Ok(());
        }
        let runs = self.store.steps(&open.id).await?;
        let over = |step: &Step| runs.iter().any(|run| run.id == step.id && run.state.ended());
        let sits = |id: &SkuId| {
            let sku = skus.iter().find(|sku| sku.id == *id);
            sku.is_some_and(|sku| is_held(&plan.notes, sku))
        };
        for step in plan.steps.iter().filter(|step| !over(step)) {
            for id in takes(std::slice::from_ref(step)).filter(|id| !sits(id)) {
                *others.seats.entry(id.clone()).or_default() += 1;
                let who = others.who.entry(id.clone()).or_default();
                if !who.contains(&number) {
                    who.push(number);
                }
            }
        }
        Ok(())
    }
}
