//! Free seats, counted over all rows of a table: what one row takes is gone for those below it.
//! Pure.

use std::collections::BTreeMap;

use super::ask::Drafted;
use crate::{
    desk::seats::{is_held, takes},
    domain::{ids::SkuId, plan::Plan, trouble::Reason, users::Sku},
};

/// Of rows in their order: those for which no seat is left, by their place, and why.
pub(super) fn without_a_seat(rows: &[Drafted], skus: &[Sku]) -> Vec<(usize, Reason)> {
    short(rows.iter().map(|row| &row.plan), skus)
}

/// Do any of these plans assign a licence?
pub(super) fn are_taken(rows: &[Drafted]) -> bool {
    rows.iter().any(|row| takes(&row.plan.steps).next().is_some())
}

fn short<'a>(plans: impl Iterator<Item = &'a Plan>, skus: &[Sku]) -> Vec<(usize, Reason)> {
    let mut taken: BTreeMap<&SkuId, u32> = BTreeMap::new();
    let mut short = Vec::new();
    for (at, plan) in plans.enumerate() {
        let wanted: Vec<&Sku> = takes(&plan.steps)
            .filter_map(|id| skus.iter().find(|sku| sku.id == *id))
            .filter(|sku| !is_held(&plan.notes, sku))
            .collect();
        let gone = |sku: &&&Sku| taken.get(&sku.id).is_some_and(|taken| *taken >= sku.free());
        if let Some(sku) = wanted.iter().find(gone) {
            let used = sku.used + taken.get(&sku.id).copied().unwrap_or_default();
            short.push((at, Reason::NoSeats { licence: sku.name.clone(), used, seats: sku.seats }));
            continue;
        }
        for sku in wanted {
            *taken.entry(&sku.id).or_default() += 1;
        }
    }
    short
}
