//! Whatever says that it can be undone leaves the tenant, undone, exactly as it was: in
//! tenants whose people, managers, licences and groups are shuffled by a seed.
//!
//! Left out are what Microsoft itself does not put back whole: a new account, group or
//! mailbox that is deleted again stays in the bin, and a deleted policy comes back with
//! another id.

use std::collections::BTreeMap;

use countersign::{
    actions::{Planned, entry},
    domain::step::StepState,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    room::Room,
    shuffled::{Dice, GROUPS, differs, people, settled, shuffled},
};

/// An action with arguments that may or may not be possible in this tenant.
fn asked(dice: &mut Dice, people: &[String]) -> Vec<(&'static str, Value)> {
    let who = dice.one(people);
    let other = dice.one(people);
    let third = dice.one(people);
    let group = dice.one(GROUPS);
    let sku = dice.one(&["SPE_E3", "SPE_E5", "AAD_PREMIUM_P2", "POWER_BI_PRO"]);
    let right = dice.one(&["full_access", "send_on_behalf"]);
    vec![
        (
            "update_user",
            json!({ "user": who, "fields": { "jobTitle": "Head of Ελλάδα", "department": "Ops", "mobilePhone": "" } }),
        ),
        ("set_manager", json!({ "user": who, "manager": other })),
        ("set_manager", json!({ "user": third, "manager": "NOBODY" })),
        ("disable_user", json!({ "user": who })),
        ("enable_user", json!({ "user": other })),
        ("unlock_user", json!({ "user": third })),
        ("delete_user", json!({ "user": who })),
        ("assign_license", json!({ "user": who, "license": sku })),
        ("remove_license", json!({ "user": other, "license": "ALL" })),
        ("set_licenses", json!({ "user": third, "add": [sku], "leave_off": ["NONE"] })),
        ("add_to_group", json!({ "user": who, "group": group })),
        ("remove_from_group", json!({ "user": other, "group": "ALL" })),
        ("add_group_members", json!({ "group": group, "members": [who, other] })),
        ("remove_group_members", json!({ "group": group, "members": [who, third] })),
        ("add_group_owner", json!({ "user": other, "group": group })),
        ("remove_group_owner", json!({ "user": third, "group": group })),
        ("set_out_of_office", json!({ "mailbox": who, "message": "Zurück am Montag" })),
        ("set_forwarding", json!({ "mailbox": who, "forward_to": other })),
        ("remove_forwarding", json!({ "mailbox": "walt.gone@contoso.com" })),
        ("convert_to_shared_mailbox", json!({ "mailbox": third })),
        ("hide_from_address_list", json!({ "mailbox": who })),
        ("set_litigation_hold", json!({ "mailbox": other, "days": 90 })),
        ("add_mailbox_permission", json!({ "mailbox": who, "user": other, "permission": right })),
        (
            "remove_mailbox_permission",
            json!({ "mailbox": "info@contoso.com", "user": "jane.roe@contoso.com" }),
        ),
        ("add_send_as", json!({ "mailbox": who, "user": other })),
        (
            "remove_send_as",
            json!({ "mailbox": "info@contoso.com", "user": "jane.roe@contoso.com" }),
        ),
        ("grant_onedrive_access", json!({ "owner": who, "user": other })),
        ("assign_role", json!({ "user": who, "role": "Reports Reader" })),
        ("set_transport_rule", json!({ "rule": "Copy to legal" })),
        (
            "update_ca_policy",
            json!({ "policy": "Terms of use for guests", "state": "report_only" }),
        ),
    ]
}

/// The tenant, without the instants of its last changes.
pub fn state(room: &Room) -> Value {
    settled(room.world.tenant())
}

/// Does and undoes what the seed asks for; how often each action was carried out.
async fn there_and_back(seed: u64) -> BTreeMap<&'static str, usize> {
    let mut dice = Dice(seed);
    let room = Room::of(&shuffled(&mut dice)).await;
    let people = people(&room.world.tenant());
    let mut done = BTreeMap::new();
    for (action, given) in asked(&mut dice, &people) {
        let before = state(&room);
        let Some(Planned::Changes(draft)) = room.possible(action, &given).await else { continue };
        let walked = room.walk(&draft).await;
        if walked.states().iter().all(|state| *state == StepState::Failed) {
            // Microsoft refused it, which only the making shows: nothing may be left of it.
            assert_eq!(state(&room), before, "{action} {given}: {:?}", walked.whys());
            continue;
        }
        assert!(walked.all_done(), "{action} {given}: {:?} {:?}", walked.states(), walked.whys());
        assert_ne!(state(&room), before, "{action} {given} changed nothing");
        for back in walked.inverse(action, &given) {
            let undone_by = entry(action).unwrap().about.undone_by;
            assert!(undone_by.contains(&back.action.as_str()), "{action}: {}", back.action);
            let given = Value::Object(back.arguments.clone());
            let draft = room.draft(&back.action, &given).await;
            let walked = room.walk(&draft).await;
            assert!(walked.all_done(), "{action} back: {:?} {:?}", walked.states(), walked.whys());
        }
        let mut wrong = Vec::new();
        differs("", &before, &state(&room), &mut wrong);
        assert!(wrong.is_empty(), "{action} {given}, undone, leaves:\n{}", wrong.join("\n"));
        *done.entry(action).or_insert(0) += 1;
    }
    done
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn what_is_undone_is_as_it_was(seed: u64) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let done = runtime.block_on(there_and_back(seed));
        // Many things are impossible in some tenant; some were not. (One seed in some fifty leaves
        // eleven of them.)
        prop_assert!(done.len() >= 8, "only {done:?}");
    }
}
