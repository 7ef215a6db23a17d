//! C1: random directories with hidden ways to more rights, one to five steps long: groups in
//! groups that sign here, groups that give admin roles, groups that a Conditional Access policy
//! leaves out, people who hold a role through a group, and people who sign here through one, whose
//! new password would be a way to their signature. The reference walks the directory itself.
//!
//! Many directories share a tenant, as islands that know nothing of each other.

use std::collections::{BTreeMap, BTreeSet};

use countersign::domain::{decision::Rule, ids::Number};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    assure::{Dice, figure, times},
    programs::{TOKEN, client},
    stage::{Settings, Stage},
};

/// Where chance begins.
const SEED: u64 = 0xC1;
/// So many directories in one tenant.
const ISLANDS: u32 = 60;
/// The group that signs here.
const SIGNERS: (&str, &str) = ("Signers Here", "51617e45-0000-4000-8000-000000000001");
const NAMES: [&str; 9] =
    ["Amber", "Basalt", "Cobalt", "Dune", "Ember", "Flint", "Garnet", "Heath", "Iris"];
/// What makes somebody an administrator, and what does not.
const ROLES: [(&str, bool); 4] = [
    ("Global Administrator", true),
    ("User Administrator", true),
    ("Authentication Administrator", true),
    ("Reports Reader", false),
];

/// Where a hidden way leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Signs,
    GivesRoles,
    IsLeftOut,
}

/// One directory: what is in what, what that gives, and who holds what.
#[derive(Debug, Default)]
struct Island {
    /// Group → the groups it is a member of.
    within: BTreeMap<String, BTreeSet<String>>,
    role_assignable: BTreeSet<String>,
    left_out: BTreeSet<String>,
    /// Person → whether something they hold makes them an administrator.
    people: BTreeMap<String, bool>,
    /// Person → the group they are in.
    member_of: BTreeMap<String, String>,
    groups: Vec<Value>,
    users: Vec<Value>,
    holders: Vec<Value>,
    policies: Vec<Value>,
    longest: usize,
}

impl Island {
    fn new(number: u32, dice: &mut Dice) -> Self {
        let mut island = Self::default();
        let names: Vec<String> = NAMES.iter().map(|name| format!("{name} {number}")).collect();
        // A group is only ever in a later one, so that nothing turns in circles.
        for (at, name) in names.iter().enumerate() {
            let mut within = BTreeSet::new();
            for later in &names[at + 1..] {
                if dice.roll(5) == 0 {
                    within.insert(later.clone());
                }
            }
            island.within.insert(name.clone(), within);
        }
        // The hidden way: so many groups, one in the other, and what the last one gives.
        let length = 1 + dice.place(5);
        let mut chain: Vec<usize> = (0..names.len()).collect();
        while chain.len() > length {
            chain.remove(dice.place(chain.len()));
        }
        let chain: Vec<&String> = chain.into_iter().map(|at| &names[at]).collect();
        for pair in chain.windows(2) {
            island.within.get_mut(pair[0]).unwrap().insert(pair[1].clone());
        }
        island.longest = length;
        let last = (*chain.last().unwrap()).clone();
        match [Goal::Signs, Goal::GivesRoles, Goal::IsLeftOut][dice.place(3)] {
            Goal::Signs => {
                island.within.get_mut(&last).unwrap().insert(SIGNERS.0.to_owned());
            }
            Goal::GivesRoles => {
                // Nothing nests in a group that can be given roles.
                for within in island.within.values_mut() {
                    within.remove(&last);
                }
                island.role_assignable.insert(last);
            }
            Goal::IsLeftOut => {
                island.left_out.insert(last);
            }
        }
        island.people(number, &names, dice);
        island.written(number, &names);
        island
    }

    fn people(&mut self, number: u32, names: &[String], dice: &mut Dice) {
        for nth in 0..4 {
            let upn = format!("p{nth}.{number}@contoso.com");
            let mut is_admin = false;
            let (role, privileged) = ROLES[dice.place(ROLES.len())];
            match dice.roll(4) {
                0 => {
                    self.holders.push(json!({ "who": upn, "role": role }));
                    is_admin = privileged;
                }
                1 => {
                    // Through a group that can be given roles.
                    let stewards = format!("Stewards {nth} {number}");
                    self.groups.push(json!({
                        "displayName": stewards, "groupType": "security", "roleAssignable": true,
                        "mail": null, "owners": [], "members": [upn],
                    }));
                    self.holders.push(json!({ "who": stewards, "role": role }));
                    is_admin = privileged;
                }
                _ => {}
            }
            self.people.insert(upn.clone(), is_admin);
            if dice.roll(2) == 0 {
                self.member_of.insert(upn.clone(), names[dice.place(names.len())].clone());
            }
            let name = format!("Person {nth} {}", names[0]);
            self.users.push(json!({
                "upn": upn, "displayName": name, "mail": upn, "userType": "Member",
                "accountEnabled": true, "department": "Islands",
            }));
        }
    }

    fn written(&mut self, number: u32, names: &[String]) {
        for name in names {
            let members = self.within.iter().filter(|(_, within)| within.contains(name));
            let people = self.member_of.iter().filter(|(_, group)| *group == name);
            let members: Vec<&String> =
                members.map(|(inner, _)| inner).chain(people.map(|(upn, _)| upn)).collect();
            self.groups.push(json!({
                "displayName": name, "groupType": "security", "mail": null, "owners": [],
                "members": members, "roleAssignable": self.role_assignable.contains(name),
            }));
        }
        for name in &self.left_out {
            self.policies.push(json!({
                "displayName": format!("Require MFA on island {number}"), "state": "enabled",
                "conditions": {
                    "applications": { "includeApplications": ["All"] },
                    "users": { "includeUsers": ["All"], "excludeGroups": [format!("group:{name}")] },
                    "clientAppTypes": ["all"],
                },
                "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
            }));
        }
    }

    /// A group and all that it is in.
    fn around(&self, group: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut next = vec![group.to_owned()];
        while let Some(name) = next.pop() {
            if seen.insert(name.clone()) {
                next.extend(self.within.get(&name).into_iter().flatten().cloned());
            }
        }
        seen
    }

    /// The reference: does a membership of this group give more than membership?
    fn gives_more(&self, group: &str) -> bool {
        let around = self.around(group);
        around.contains(SIGNERS.0)
            || !around.is_disjoint(&self.left_out)
            || self.role_assignable.contains(group)
    }

    /// The reference: do they sign here?
    fn signs(&self, upn: &str) -> bool {
        self.member_of.get(upn).is_some_and(|group| self.around(group).contains(SIGNERS.0))
    }
}

async fn tenant(islands: &[Island]) -> Stage {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/microsoft/data/contoso.json");
    let mut file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut add = |list: &str, more: Vec<Value>| file[list].as_array_mut().unwrap().extend(more);
    let mut signers: Vec<Value> = vec![json!("anna.approver@contoso.com")];
    for island in islands {
        let own = island.within.iter().filter(|(_, within)| within.contains(SIGNERS.0));
        signers.extend(own.map(|(name, _)| json!(name)));
        add("users", island.users.clone());
        add("groups", island.groups.clone());
        add("roleHolders", island.holders.clone());
        add("conditionalAccessPolicies", island.policies.clone());
    }
    add(
        "groups",
        vec![json!({
            "id": SIGNERS.1, "displayName": SIGNERS.0, "groupType": "security", "mail": null,
            "owners": [], "members": signers,
        })],
    );
    let approvers = format!(
        "[\"anna.approver@contoso.com\", \"theo.tech@contoso.com\", \"group:{}\"]",
        SIGNERS.1
    );
    let program = format!(
        "[policy.limits]\ncards_in_ten_minutes = 0\n[api.clients.hr-portal]\ntoken = \"{TOKEN}\"\nacts_as = \"tina.tech@contoso.com\"\n\
         areas = [\"users\", \"passwords_and_security\", \"groups\"]\nper_minute = 600\n"
    );
    let settings = Settings {
        policy: "secrets_to = \"requester\"\nprivileged = \"approve:2\"".to_owned(),
        approvers,
        more: program,
        directory: Some(file.to_string()),
        ..Settings::default()
    };
    Stage::with(settings).await
}

/// How many people have to sign what a program proposes.
async fn people(stage: &Stage, key: &str, body: &Value, told: &str) -> u8 {
    stage.clock.pass(SignedDuration::from_secs(1));
    let to = format!("{}/api/v1/proposals", stage.base);
    let asked = client().post(to).bearer_auth(TOKEN).header("Idempotency-Key", key).json(body);
    let answer = asked.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 201, "{told}: {body}: {text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    let number = answer["number"].as_str().unwrap().trim_start_matches('#').parse().unwrap();
    let store = &stage.house().store;
    let request = store.numbered(&stage.tenant(), Number(number)).await.unwrap().unwrap();
    let plan = store.plan(&request.id, request.revision).await.unwrap().unwrap();
    let Rule::Approve { count, .. } = plan.plan().rule else { panic!("{:?}", plan.plan().rule) };
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_no_hidden_way_to_more_rights_is_signed_by_one() {
    let (tried, mut dice) = (times(24, 3_000), Dice(SEED));
    let (mut hidden, mut plain, mut signers) = (BTreeMap::new(), 0_u32, 0_u32);
    for first in (0..tried).step_by(ISLANDS as usize) {
        let islands: Vec<Island> =
            (first..(first + ISLANDS).min(tried)).map(|at| Island::new(at, &mut dice)).collect();
        let stage = tenant(&islands).await;
        for (at, island) in (first..).zip(&islands) {
            let told = format!("directory {at}, seed {SEED:#x}: {island:?}");
            // Into each group, somebody who holds nothing, or whoever.
            for (nth, group) in island.within.keys().enumerate() {
                let (upn, is_admin) = island.people.iter().nth(nth % 4).unwrap();
                if island.member_of.get(upn) == Some(group) {
                    continue;
                }
                let body = json!({
                    "action": "add_to_group", "arguments": { "user": upn, "group": group },
                });
                let wanted = 1 + u8::from(island.gives_more(group) || *is_admin);
                let key = format!("g-{at}-{nth}");
                let count = people(&stage, &key, &body, &told).await;
                assert_eq!(count, wanted, "{told}: {upn} into {group}");
                if wanted == 2 {
                    *hidden.entry(island.longest).or_insert(0_u32) += 1;
                } else {
                    plain += 1;
                }
            }
            for (nth, (upn, is_admin)) in island.people.iter().enumerate() {
                let body = json!({ "action": "revoke_sessions", "arguments": { "user": upn } });
                let count = people(&stage, &format!("p-{at}-{nth}"), &body, &told).await;
                assert_eq!(count, 1 + u8::from(*is_admin), "{told}: about {upn}");
                let body = json!({ "action": "reset_password", "arguments": { "user": upn } });
                let count = people(&stage, &format!("r-{at}-{nth}"), &body, &told).await;
                let signs = island.signs(upn);
                assert_eq!(count, 1 + u8::from(*is_admin || signs), "{told}: into {upn}");
                signers += u32::from(signs && !is_admin);
            }
        }
    }
    eprintln!(
        "C1: by the length of the hidden way: {hidden:?}; {plain} that lead nowhere; {signers} people sign through a group"
    );
    let is_all = hidden.len() == 5 && plain > tried && signers > 0;
    assert!(is_all, "every length was tried, who signs through a group, and what is plain");
    let what =
        "directories with hidden ways to more rights, 1 to 5 steps; none signed by one alone";
    figure("C1", what, tried, SEED);
}
