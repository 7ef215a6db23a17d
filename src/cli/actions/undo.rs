//! What would take an action back, asked of the action itself.
//!
//! An action says its inverse from finished steps. Here it is shown one finished
//! step for each kind of change it may make, and asked.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    actions::Entry,
    domain::{
        change::{Change, Delivery, DeliveryWay, Kind, LicenceGrant, Sight},
        ids::{StepId, TenantId},
        plan::{Draft, Step, Value},
        step::{StepRun, StepState},
        users::{AutomaticReplies, GroupSort, PersonRef, RepliesAudience, RepliesStatus},
    },
};

/// The ids of the actions that would take this one back; empty when there is no
/// honest inverse.
pub fn of(entry: &Entry) -> Vec<String> {
    let finished: Vec<_> = entry.about.may.iter().map(|kind| finished(*kind)).collect();
    let done: Vec<_> = finished.iter().map(|(step, run)| (step, run)).collect();
    let mut ids: Vec<_> = entry
        .inverse(&(entry.sample)(), &done)
        .into_iter()
        .map(|proposal| proposal.action)
        .collect();
    ids.dedup();
    ids
}

fn finished(kind: Kind) -> (Step, StepRun) {
    let subject = somebody();
    let mut draft = Draft::about(subject.clone());
    let values = vec![Value::new("licence", "E3", "=not_assigned")];
    let step = draft.step(change(kind, &subject), &[], values).clone();
    let mut run = StepRun::new(StepId(1));
    run.state = StepState::Done;
    run.before = Some(match kind {
        Kind::SetAutomaticReplies => Sight::Replies { replies: no_replies() },
        Kind::AddMember | Kind::RemoveMember => Sight::Member { is: kind == Kind::RemoveMember },
        Kind::SetLicences => Sight::Licences { held: Vec::new() },
        _ => Sight::User {
            enabled: kind != Kind::EnableSignIn,
            password_changed_at: Some(Timestamp::UNIX_EPOCH),
            sessions_valid_from: Some(Timestamp::UNIX_EPOCH),
        },
    });
    (step, run)
}

fn change(kind: Kind, subject: &PersonRef) -> Change {
    let tenant = subject.id.tenant();
    let user = subject.id.clone().into();
    let (group, sort) = (tenant.object(Uuid::from_u128(3)), GroupSort::Security);
    let sku = tenant.object(Uuid::from_u128(4));
    match kind {
        Kind::DisableSignIn => Change::DisableSignIn { user },
        Kind::EnableSignIn => Change::EnableSignIn { user },
        Kind::SetPassword => Change::SetPassword {
            user,
            must_change: true,
            delivery: Delivery { to: subject.clone(), by: DeliveryWay::OneTimeLink },
        },
        Kind::RevokeSessions => Change::RevokeSessions { user },
        Kind::SetLicences => Change::SetLicences {
            user,
            add: vec![LicenceGrant { sku, disabled_plans: Vec::new() }],
            remove: Vec::new(),
        },
        Kind::AddMember => Change::AddMember { group, sort, user },
        Kind::RemoveMember => Change::RemoveMember { group, sort, user },
        Kind::SetAutomaticReplies => Change::SetAutomaticReplies { user, replies: no_replies() },
    }
}

fn somebody() -> PersonRef {
    PersonRef {
        id: TenantId::from(Uuid::from_u128(1)).object(Uuid::from_u128(2)),
        name: "John Doe".to_owned(),
        upn: "john.doe@contoso.com".parse().expect("a well-formed sign-in name"),
    }
}

fn no_replies() -> AutomaticReplies {
    AutomaticReplies {
        status: RepliesStatus::Off,
        audience: RepliesAudience::Nobody,
        internal: String::new(),
        external: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions;

    #[test]
    fn undo_leads_to_an_action_that_exists_and_a_password_has_none() {
        for entry in actions::CATALOG {
            for id in of(entry) {
                assert!(actions::entry(&id).is_some(), "{} is undone by {id}", entry.about.id);
            }
        }
        let of_id = |id| of(actions::entry(id).unwrap());
        assert_eq!(of_id("disable_user"), ["enable_user"]);
        assert_eq!(of_id("remove_from_group"), ["add_to_group"]);
        assert_eq!(of_id("set_out_of_office"), ["set_out_of_office"]);
        assert!(of_id("reset_password").is_empty());
    }
}
