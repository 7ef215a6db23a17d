use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::domain::ids::StepId;

fn user() -> UserId {
    TenantId::from(Uuid::from_u128(1)).object(Uuid::from_u128(2))
}

#[test]
fn each_kind_has_a_name_of_its_own() {
    let names: BTreeSet<_> = kinds().map(Kind::as_str).collect();
    assert_eq!(names.len(), kinds().count());
    for kind in kinds() {
        let paper = serde_json::to_value(kind).unwrap();
        assert_eq!(serde_json::from_value::<Kind>(paper).unwrap(), kind);
    }
    assert!(serde_json::from_value::<Kind>("no_such_change".into()).is_err());
}

#[test]
fn a_change_is_flat_on_paper_and_reads_back() {
    let change: Change = AccountChange::DisableSignIn { user: user().into() }.into();
    let paper = serde_json::to_value(&change).unwrap();
    assert_eq!(paper["change"], "disable_sign_in");
    assert_eq!(serde_json::from_value::<Change>(paper).unwrap(), change);
    assert!(serde_json::from_value::<Change>(json!({ "change": "no_such_change" })).is_err());
}

#[test]
fn what_an_earlier_step_makes_is_filled_in_once_it_is_made() {
    let made = Ref::made_by(StepId(1));
    let change: Change = AccountChange::EnableSignIn { user: made }.into();
    assert_eq!(change.resolved(&|_, _| None), None);
    let known = change.resolved(&|step, output| {
        (step == StepId(1) && output == MADE).then(|| user().to_string())
    });
    assert_eq!(known, Some(AccountChange::EnableSignIn { user: user().into() }.into()));
    let other: Change = AccountChange::EnableSignIn { user: user().into() }.into();
    assert_eq!(other.resolved(&|_, _| None), Some(other));
}
