//! A customer's tenant that is reached in the partner's name: the token, and the relationship
//! with its roles and its end.

use std::sync::Arc;

use crate::{
    adapters::{
        graph::{partner::Relationship, settings::Audience},
        store::upkeep::Upkeep,
    },
    app::credentials::end_of,
    cli::{
        doctor::{Findings, check::Check, microsoft::refused},
        reach,
    },
    config::{Config, KeyRing},
    domain::{
        credential::{CredentialSort, Urgency},
        ids::TenantId,
    },
    ports::clock::Clock,
};

/// Looks at the way into one of them.
pub async fn look(config: &Config, there: &Config, keys: Option<&KeyRing>, found: &mut Findings) {
    let Some(keys) = keys else { return };
    found.add(token(there, keys).await);
    let customer = &there.tenant.id;
    let home = match reach::microsoft(config) {
        Ok(home) => home,
        Err(error) => {
            let mend = "correct [microsoft]";
            return found.add(Check::wrong("GDAP relationship", format!("{error:#}"), mend));
        }
    };
    match home.relationships(&config.tenant.id, customer).await {
        Ok(all) => found.all(relationships(customer, &all, &*reach::clock())),
        Err(trouble) => found.add(refused("GDAP relationship", &trouble)),
    }
}

async fn token(there: &Config, keys: &KeyRing) -> Check {
    let what = "token for Graph, in the partner's name";
    let store: Arc<dyn Upkeep> = match reach::store(there, keys).await {
        Ok(store) => Arc::from(store),
        Err(error) => {
            return Check::wrong(what, format!("{error:#}"), "mend the store first");
        }
    };
    let microsoft = match reach::microsoft_as_partner(there, store) {
        Ok(microsoft) => microsoft,
        Err(error) => return Check::wrong(what, format!("{error:#}"), "correct [microsoft]"),
    };
    match microsoft.rights(&there.tenant.id, Audience::Graph).await {
        Ok(claims) => Check::ok(what, format!("permissions: {}", claims.roles.join(", "))),
        Err(trouble) => refused(what, &trouble),
    }
}

fn relationships(customer: &TenantId, all: &[Relationship], clock: &dyn Clock) -> Vec<Check> {
    let what = "GDAP relationship";
    let now = clock.now();
    let active: Vec<&Relationship> = all.iter().filter(|one| one.status == "active").collect();
    if active.is_empty() {
        let known: Vec<String> =
            all.iter().map(|one| format!("{} is {}", one.name, one.status)).collect();
        let known = if known.is_empty() { "there is none".to_owned() } else { known.join(", ") };
        let mend = "ask the customer for one in Partner Center, and assign its roles to the security group of the partner's service account";
        return vec![Check::wrong(what, format!("none is active with {customer}: {known}"), mend)];
    }
    let mut checks = Vec::new();
    for one in active {
        let until = if one.extends_itself {
            "extends itself".to_owned()
        } else {
            format!("until {}", one.ends.strftime("%Y-%m-%d"))
        };
        let roles = if one.roles.is_empty() { "no roles".to_owned() } else { one.roles.join(", ") };
        checks.push(Check::ok(what, format!("{}, {until}: {roles}", one.name)));
    }
    if let Some(end) = end_of(all) {
        let mend = CredentialSort::Relationship.mend();
        match end.urgency(now) {
            Urgency::None => {}
            Urgency::Within(days) if days > 3 => {
                checks.push(Check::soon(what, end.in_words(now), mend));
            }
            Urgency::Within(_) | Urgency::Over => {
                checks.push(Check::wrong(what, end.in_words(now), mend));
            }
        }
    }
    checks
}
