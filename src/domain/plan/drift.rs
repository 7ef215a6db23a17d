//! A plan that was signed, and what the same wish would be planned as now: what moved
//! between, in a way that matters to whoever signed it.
//!
//! What was signed is what was shown: values before and after. So it matters when a value
//! that a step replaces is not the one that was shown, when a step would replace something
//! that was not shown, and when more would have to be done. It does not matter when a step
//! has nothing to do any more (the look before it finds that out), or when somebody was
//! renamed.
//!
//! Steps that end somebody's access are never compared: no drift holds them back.

use std::collections::BTreeSet;

use crate::domain::{
    ids::StepId,
    plan::{LeftOut, Step, Value},
};

/// Values that move by themselves, day by day, and that nobody signs for: when a meeting is
/// next, how many are invited, how many worksheets a workbook has.
const BY_THEMSELVES: &[&str] = &["meeting_next", "meeting_invited", "worksheets"];

/// Something that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The step of the signed plan that is concerned; none if more would have to be done now.
    pub step: Option<StepId>,
    /// What: the name of a value, as in [`Value::what`]; `more` for one more step.
    pub what: String,
    /// As it was shown.
    pub was: String,
    /// As it is now.
    pub is: String,
}

/// What moved between the steps of one part as they were signed and as they would be planned
/// now, in the order of the steps.
pub fn drift(signed: &[&Step], left_out: &[LeftOut], fresh: &[Step]) -> Vec<Moved> {
    let compared = |step: &&&Step| !step.contain && !step.ends;
    let mut left: Vec<&Step> = fresh.iter().filter(|step| compared(&step)).collect();
    let mut pairs: Vec<(&Step, Option<&Step>)> = Vec::new();
    // The very same change first, then the same sort of change of the same thing.
    for step in signed.iter().filter(compared) {
        pairs.push((step, take(&mut left, |other| other.change == step.change)));
    }
    for (step, found) in pairs.iter_mut().filter(|(_, found)| found.is_none()) {
        *found = take(&mut left, |other| is_alike(step, other));
    }
    let mut moved: Vec<Moved> = pairs
        .iter()
        .filter_map(|(step, found)| found.map(|found| (*step, found)))
        .flat_map(|(step, found)| values(step, found))
        .collect();
    let unticked: BTreeSet<_> =
        left_out.iter().map(|one| (one.kind.as_str(), &one.names)).collect();
    let more = left
        .into_iter()
        .filter(|step| !unticked.contains(&(step.change.kind().as_str(), &step.names)));
    moved.extend(more.map(|step| {
        let (was, is) = match step.values.first() {
            Some(value) => (value.after.clone(), value.before.clone()),
            None => ("=none".to_owned(), "=none".to_owned()),
        };
        Moved { step: None, what: step.values.first().map_or_else(more_to_do, named), was, is }
    }));
    moved
}

fn more_to_do() -> String {
    "more".to_owned()
}

fn named(value: &Value) -> String {
    value.what.clone()
}

/// Takes the first that fits out of the list.
fn take<'a>(left: &mut Vec<&'a Step>, fits: impl Fn(&Step) -> bool) -> Option<&'a Step> {
    let at = left.iter().position(|step| fits(step))?;
    Some(left.remove(at))
}

/// The same sort of change of the same thing. What else is named in it tells memberships of
/// one person apart; people are known by their id and may be renamed.
fn is_alike(one: &Step, other: &Step) -> bool {
    let names = |step: &Step| {
        let mut names = step.names.clone();
        names.remove("user");
        names
    };
    one.change.kind() == other.change.kind()
        && one.change.resources() == other.change.resources()
        && names(one) == names(other)
}

/// The values of a step that are not as they were shown.
fn values(signed: &Step, fresh: &Step) -> Vec<Moved> {
    let of = |step: &Step, what: &str| -> Vec<Value> {
        step.values.iter().filter(|value| value.what == what).cloned().collect()
    };
    let new = fresh.values.iter().filter(|value| {
        !signed.values.iter().any(|known| known.what == value.what && known.before == value.before)
            && !BY_THEMSELVES.contains(&value.what.as_str())
    });
    let moved = new.filter_map(|value| {
        let (then, now) = (of(signed, &value.what), of(fresh, &value.what));
        let was = match (then.as_slice(), now.as_slice()) {
            // It is as it is to become: nothing is lost.
            ([one], [_]) if one.after == value.before => return None,
            ([one], [_]) => one.before.clone(),
            // It was so already, and is not any more.
            ([], _) => value.after.clone(),
            // One more of several.
            _ => "=none".to_owned(),
        };
        let (what, is) = (value.what.clone(), value.before.clone());
        Some(Moved { step: Some(signed.id), what, was, is })
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        change::AccountChange,
        ids::{TenantId, UserId},
        plan::Draft,
    };

    fn step(id: u16, values: &[(&str, &str, &str)]) -> Step {
        let tenant = TenantId::from(uuid::Uuid::from_u128(1));
        let user: UserId = tenant.object(uuid::Uuid::from_u128(u128::from(id)));
        let mut draft = Draft::default();
        let values = values.iter().map(|(what, was, will)| Value::new(what, *was, *will)).collect();
        draft.step(AccountChange::EnableSignIn { user: user.into() }, &[], values);
        Step { id: StepId(id), ..draft.steps.remove(0) }
    }

    fn said(signed: &Step, fresh: &[Step]) -> Vec<String> {
        let told = |moved: Moved| format!("{}: {} → {}", moved.what, moved.was, moved.is);
        drift(&[signed], &[], fresh).into_iter().map(told).collect()
    }

    #[test]
    fn what_is_replaced_and_was_not_shown_moved() {
        let signed = step(1, &[("manager", "Ann", "Bo")]);
        let now = |values: &[(&str, &str, &str)]| said(&signed, &[step(1, values)]);
        assert_eq!(now(&[("manager", "Ann", "Bo")]), Vec::<String>::new());
        assert_eq!(now(&[("manager", "Cleo", "Bo")]), ["manager: Ann → Cleo"]);
        assert_eq!(now(&[("manager", "Bo", "Bo")]), Vec::<String>::new(), "nothing is lost");
        let more = [("manager", "Ann", "Bo"), ("city", "Basel", "Bern")];
        assert_eq!(now(&more), ["city: Bern → Basel"], "it was so already, and is not any more");
        assert_eq!(said(&signed, &[]), Vec::<String>::new(), "there is nothing to do any more");
    }

    #[test]
    fn one_of_several_that_came_since_moved_and_one_that_went_did_not() {
        let two = [("licence", "E3", "=none"), ("licence", "Visio", "=none")];
        assert_eq!(said(&step(1, &two[..1]), &[step(1, &two)]), ["licence: =none → Visio"]);
        assert_eq!(said(&step(1, &two), &[step(1, &two[..1])]), Vec::<String>::new());
    }

    #[test]
    fn a_step_more_moved_unless_it_ends_access_or_was_left_out() {
        let signed = step(1, &[("membership", "=member", "=not_member")]);
        let other = step(2, &[("membership", "=member", "=not_member")]);
        let fresh = [signed.clone(), other.clone()];
        assert_eq!(said(&signed, &fresh), ["membership: =not_member → =member"]);
        let contain = Step { contain: true, ..other.clone() };
        assert_eq!(said(&signed, &[signed.clone(), contain]), Vec::<String>::new());
        let by = crate::domain::users::PersonRef {
            id: TenantId::from(uuid::Uuid::from_u128(1)).object(uuid::Uuid::from_u128(9)),
            upn: "anna@contoso.com".parse().unwrap(),
            name: "Anna".to_owned(),
        };
        let kind = other.change.kind().as_str().to_owned();
        let gone = LeftOut { step: StepId(2), kind, names: other.names, by, follows: false };
        assert_eq!(drift(&[&signed], &[gone], &fresh), Vec::new());
    }

    #[test]
    fn what_moves_by_itself_is_nobodys_drift() {
        let signed = step(1, &[("meeting_next", "@2026-11-30T09:00:00Z", "=cancelled")]);
        let now = step(1, &[("meeting_next", "@2026-12-07T09:00:00Z", "=cancelled")]);
        assert_eq!(drift(&[&signed], &[], &[now]), Vec::new());
    }
}
