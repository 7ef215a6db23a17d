//! Licences of people, and the seats of the tenant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::Call,
        catalog,
        odata::{
            kinds::{LICENCE_DETAILS, SKU, USER},
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{Mailbox, State, User},
        turn::Turn,
        views,
    },
    object,
    users::find,
};

pub(super) fn skus(turn: &Turn<'_>, call: &Call) -> Outcome {
    turn.caller.need(access::SKU_READ)?;
    let state = turn.state();
    let all = state.skus.iter().map(|sku| views::sku(state, sku)).collect();
    page::list(turn, call, &SKU, all, &page::nothing)
}

pub(super) fn sku(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::SKU_READ)?;
    let state = turn.state();
    let found = state.skus.iter().map(|sku| views::sku(state, sku)).find(|sku| sku["id"] == key);
    page::one(turn, call, &SKU, &found.ok_or_else(|| refusals::no_object(key))?, &page::nothing)
}

pub(super) fn details(turn: &Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::LICENCE_READ)?;
    let state = turn.state();
    let user = find(state, key)?;
    // A plan is off when every assignment of the licence leaves it off.
    let mut held: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for licence in state.licences_of(user) {
        let off = held.entry(licence.sku).or_insert_with(|| licence.disabled.clone());
        off.retain(|plan| licence.disabled.contains(plan));
    }
    let all = held
        .iter()
        .filter_map(|(id, off)| state.sku(*id).map(|sku| (sku, off)))
        .map(|(sku, off)| {
            let mut plans = views::service_plans(sku);
            for plan in &mut plans {
                if off.iter().any(|id| plan["servicePlanId"] == json!(id)) {
                    plan["provisioningStatus"] = json!("Disabled");
                }
            }
            json!({
                "id": catalog::id_from("licence", &format!("{}{}", user.id, sku.id)),
                "skuId": sku.id, "skuPartNumber": sku.part_number, "servicePlans": plans,
            })
        })
        .collect();
    page::list(turn, call, &LICENCE_DETAILS, all, &page::nothing)
}

/// What a request adds, SKU → switched-off plans, and what it removes.
struct Wish {
    add: BTreeMap<Uuid, BTreeSet<Uuid>>,
    remove: BTreeSet<Uuid>,
}

fn guid(value: &Value) -> Result<Uuid, Refusal> {
    let parsed = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    parsed.ok_or_else(|| refusals::invalid_value("skuId"))
}

fn wish(body: &Map<String, Value>) -> Result<Wish, Refusal> {
    let array = |name: &str| {
        body.get(name).and_then(Value::as_array).ok_or_else(|| refusals::both_arrays(name))
    };
    let (adds, removes) = (array("addLicenses")?, array("removeLicenses")?);
    let mut wish = Wish { add: BTreeMap::new(), remove: BTreeSet::new() };
    for item in adds {
        let plans = item["disabledPlans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let plans = plans.iter().map(guid).collect::<Result<_, _>>()?;
        wish.add.insert(guid(&item["skuId"])?, plans);
    }
    for item in removes {
        wish.remove.insert(guid(item)?);
    }
    Ok(wish)
}

/// All or nothing, as `assignLicense` does it.
fn check(state: &State, user: &User, wish: &Wish) -> Result<(), Refusal> {
    let held = state.licences_of(user);
    for id in &wish.remove {
        if user.licences.contains_key(id) {
            continue;
        }
        return Err(if held.iter().any(|held| held.sku == *id) {
            refusals::licence_inherited()
        } else {
            refusals::licence_not_held()
        });
    }
    let location = user.props.get("usageLocation").and_then(Value::as_str);
    for (id, off) in &wish.add {
        let sku = state.sku(*id).ok_or_else(|| refusals::no_sku(*id))?;
        if let Some(plan) = off.iter().find(|off| sku.plans.iter().all(|plan| plan.id != **off)) {
            return Err(refusals::no_plan(*plan));
        }
        if location.is_none() {
            return Err(refusals::usage_location());
        }
        let seated = held.iter().any(|held| held.sku == *id);
        if !seated && state.consumed(sku) >= sku.enabled {
            return Err(refusals::no_seats(*id));
        }
    }
    let mut after = user.clone();
    grant(&mut after, wish);
    let plans = state.plans_of(&after);
    // learn.microsoft.com/entra, "Identify and resolve license assignment problems".
    let (first, second) = (catalog::EXCHANGE_1, catalog::EXCHANGE_2);
    if !wish.add.is_empty() && plans.contains(first.name) && plans.contains(second.name) {
        return Err(refusals::plans_exclude(first.id(), second.id()));
    }
    for (plan, bases) in catalog::BASES {
        if plans.contains(plan.name) && !bases.iter().any(|base| plans.contains(base.name)) {
            return Err(refusals::plan_depends(plan.id(), bases[0].id()));
        }
    }
    Ok(())
}

fn grant(user: &mut User, wish: &Wish) {
    for id in &wish.remove {
        user.licences.remove(id);
    }
    for (id, plans) in &wish.add {
        // An assigned licence is assigned again: its switched-off plans are replaced.
        user.licences.insert(*id, plans.clone());
    }
}

/// Direct licences for the ledger; `disabledPlans` only when there are any.
fn told(state: &State, user: &User) -> Value {
    let skus = user.licences.iter().filter_map(|(id, off)| state.sku(*id).map(|sku| (sku, off)));
    let named: Vec<&str> = skus.clone().map(|(sku, _)| sku.part_number.as_str()).collect();
    let mut told = json!({ "licenses": named });
    let off: Map<String, Value> = skus
        .filter(|(_, off)| !off.is_empty())
        .map(|(sku, off)| (sku.part_number.clone(), json!(off)))
        .collect();
    if !off.is_empty() {
        told["disabledPlans"] = json!(off);
    }
    told
}

pub(super) fn assign(turn: &mut Turn<'_>, call: &Call, key: &str) -> Outcome {
    turn.caller.need(access::LICENCE_WRITE)?;
    let wish = wish(object(call)?)?;
    let user = find(turn.state(), key)?;
    check(turn.state(), user, &wish)?;
    let (id, before) = (user.id, told(turn.state(), user));
    let mut after = user.clone();
    grant(&mut after, &wish);
    let has_mail =
        turn.state().plans_of(&after).iter().any(|plan| catalog::MAILBOX_PLANS.contains(plan));
    if has_mail && after.mailbox.is_none() {
        after.mailbox = Some(Mailbox::default());
        let upn = after.upn().to_owned();
        after.set("proxyAddresses", json!([format!("SMTP:{upn}")]));
        after.set("mail", upn);
    }
    let named = told(turn.state(), &after);
    turn.change().users.insert(id, after);
    turn.felt("user.licences", id, before, named);
    let view = views::user(&turn.core.state, find(&turn.core.state, &id.to_string())?);
    Ok(page::written(turn, 200, &USER, &view))
}
