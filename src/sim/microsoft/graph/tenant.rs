//! The organisation.

use serde_json::{Value, json};

use super::super::{
    access,
    call::Call,
    odata::{kinds::ORGANIZATION, page},
    refusals::Outcome,
    state::{Domain, User},
    turn::{Turn, seconds},
};

pub(super) fn organization(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::ORGANIZATION_READ)?;
    let tenant = &turn.state().tenant;
    let synced = turn.state().users.values().any(User::is_synced);
    let domain = |domain: &Domain| {
        json!({
            "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": domain.default,
            "isInitial": domain.initial, "name": domain.name, "type": "Managed",
        })
    };
    let verified = turn.state().domains.iter().filter(|domain| domain.verified);
    let verified: Vec<Value> = verified.map(domain).collect();
    let one = json!({
        "id": tenant.id, "displayName": tenant.name, "countryLetterCode": "GB",
        "tenantType": "AAD", "createdDateTime": "2019-02-01T08:00:00Z",
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesLastSyncDateTime": synced.then(|| seconds(turn.now)),
        "verifiedDomains": verified,
        "assignedPlans": [],
    });
    page::list(turn, call, &ORGANIZATION, vec![one], &page::nothing)
}
