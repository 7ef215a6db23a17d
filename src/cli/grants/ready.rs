//! For each permission group, which actions can run and what the others lack.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    actions::{CATALOG, Entry},
    adapters::graph::app_roles::Right,
    cli::{
        actions::needs::ALWAYS,
        grants::{access, held::Held, lets, level},
    },
    config::{Access, Policy},
    domain::area::Area,
};

/// What something lacks: entries of permission lists.
pub type Lacks = BTreeSet<&'static str>;

/// One action, and what it lacks.
#[derive(Debug, Clone)]
pub struct State {
    /// The action.
    pub entry: &'static Entry,
    /// What its looking lacks.
    looking: Lacks,
    /// What each of the changes it may make lacks, by the change's name.
    changes: BTreeMap<&'static str, Lacks>,
}

impl State {
    /// Looks at one action.
    pub fn of(entry: &'static Entry, held: &Held) -> Self {
        let about = &entry.about;
        let looking = about.reads.iter().copied().filter(|read| !held.has(read)).collect();
        let change = |kind: &crate::domain::change::Kind| {
            (kind.as_str(), held.lacks(kind.permissions()).into_iter().collect())
        };
        Self { entry, looking, changes: about.may.iter().map(change).collect() }
    }

    /// Everything it lacks; empty when it can run.
    pub fn lacks(&self) -> Lacks {
        self.changes.values().flatten().chain(&self.looking).copied().collect()
    }

    /// Some of its changes can be made, and some cannot.
    fn in_part(&self) -> bool {
        self.looking.is_empty()
            && self.changes.values().any(BTreeSet::is_empty)
            && !self.changes.values().all(BTreeSet::is_empty)
    }

    /// In words, when it cannot run whole.
    fn line(&self) -> String {
        let id = self.entry.about.id;
        if !self.in_part() {
            return format!("{id} is not: it lacks {}", list(&self.lacks()));
        }
        let lacking = self.changes.iter().filter(|(_, lacks)| !lacks.is_empty());
        let each: Vec<_> =
            lacking.map(|(change, lacks)| format!("{change} lacks {}", list(lacks))).collect();
        format!("{id} is in part: {}", each.join("; "))
    }
}

/// One permission group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which.
    pub area: Area,
    /// As the settings switch it.
    pub access: Access,
    /// What may be asked for at this access; for a group that is off, what could be.
    pub actions: Vec<State>,
}

/// Every group that has actions, in the order of the settings.
pub fn groups(policy: &Policy, held: &Held) -> Vec<Group> {
    let of = |area: Area| {
        let access = access(policy, area);
        let shown = if access == Access::Disabled { Access::ReadWrite } else { access };
        let all = CATALOG.iter().filter(|entry| entry.about.area == area);
        let may = all.filter(|entry| lets(shown, entry, &policy.unblocked));
        Group { area, access, actions: may.map(|entry| State::of(entry, held)).collect() }
    };
    let known = |area: &Area| CATALOG.iter().any(|entry| entry.about.area == *area);
    Area::ALL.into_iter().filter(known).map(of).collect()
}

/// What is missing, and what for: in the groups that are on, and for what every request needs.
pub fn missing(groups: &[Group], held: &Held) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (name, what) in ALWAYS.iter().filter(|(name, _)| !held.has(name)) {
        found.entry(*name).or_default().insert(*what);
    }
    let on = groups.iter().filter(|group| group.access != Access::Disabled);
    for state in on.flat_map(|group| &group.actions) {
        for need in state.lacks() {
            found.entry(need).or_default().insert(state.entry.about.id);
        }
    }
    found
}

/// The groups, as the operator reads them: one line each, and one for each action that cannot run.
pub fn page(groups: &[Group]) -> Vec<String> {
    groups.iter().flat_map(lines).collect()
}

fn lines(group: &Group) -> Vec<String> {
    let names = |states: &[&State]| {
        states.iter().map(|state| state.entry.about.id).collect::<Vec<_>>().join(", ")
    };
    let (ready, not): (Vec<_>, Vec<_>) =
        group.actions.iter().partition(|state| state.lacks().is_empty());
    let area = group.area;
    if group.access == Access::Disabled {
        let lacks: Lacks = not.iter().flat_map(|state| state.lacks()).collect();
        let would = if lacks.is_empty() {
            "what it needs is granted".to_owned()
        } else {
            format!("it would still need {}", list(&lacks))
        };
        let count = group.actions.len();
        let actions = if count == 1 { "action" } else { "actions" };
        return vec![format!("off   {area}: {count} {actions}; {would}")];
    }
    let level = level(group.access);
    let head = match (ready.is_empty(), not.is_empty()) {
        (true, true) => format!("none  {area} ({level}): nothing here only reads"),
        (false, true) => format!("ok    {area} ({level}): ready: {}", names(&ready)),
        (true, false) => format!("none  {area} ({level}): nothing is ready"),
        (false, false) => format!("part  {area} ({level}): ready: {}", names(&ready)),
    };
    std::iter::once(head).chain(not.iter().map(|state| format!("      {}", state.line()))).collect()
}

/// `User.Read.All and the Entra role User Administrator`.
pub fn list<'a>(needs: impl IntoIterator<Item = &'a &'static str>) -> String {
    let names: Vec<_> = needs.into_iter().map(|need| Right::read(need).to_string()).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => "nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{adapters::graph::app_roles::Service, cli::actions::needs, config::AreaPolicy};

    fn everything() -> Held {
        let mut held = Held::default();
        for need in needs::needs(CATALOG) {
            match Right::read(need.permission) {
                Right::Permission(Service::Graph, name) => held.graph.push(name.to_owned()),
                Right::Permission(Service::Exchange, name) => held.exchange.push(name.to_owned()),
                role @ Right::Role(_) => held.wids.extend(role.id()),
            }
        }
        held
    }

    fn all(access: Access) -> Policy {
        let rules = |area| (area, AreaPolicy { access, ..AreaPolicy::default() });
        Policy { groups: Area::ALL.into_iter().map(rules).collect(), ..Policy::default() }
    }

    #[test]
    fn what_the_catalogue_lists_makes_every_action_ready() {
        let held = everything();
        for group in groups(&all(Access::ReadWrite), &held) {
            for state in group.actions {
                let lacks = state.lacks();
                assert!(lacks.is_empty(), "{} lacks {lacks:?}", state.entry.about.id);
            }
        }
    }

    #[test]
    fn without_one_permission_exactly_its_actions_are_not_ready() {
        let mut held = everything();
        held.graph.retain(|name| name != "LicenseAssignment.ReadWrite.All");
        // Wider ones would do as well.
        held.graph.retain(|name| name != "User.ReadWrite.All" && name != "Directory.ReadWrite.All");
        let groups = groups(&all(Access::ReadWrite), &held);
        let missing = missing(&groups, &held);
        let lacking = &missing["LicenseAssignment.ReadWrite.All"];
        assert!(lacking.contains("assign_license") && lacking.contains("remove_license"));
        assert!(!lacking.contains("revoke_sessions"));
        let said = page(&groups).join("\n");
        let line = "assign_license is not: it lacks LicenseAssignment.ReadWrite.All";
        assert!(said.contains(line), "{said}");
    }

    #[test]
    fn a_group_that_is_off_misses_nothing_and_says_what_it_would_need() {
        let nothing = Held::default();
        let groups = groups(&Policy::default(), &nothing);
        assert_eq!(missing(&groups, &nothing).len(), ALWAYS.len(), "only what every request needs");
        let said = page(&groups);
        assert_eq!(said.len(), groups.len());
        assert!(said.iter().all(|line| line.starts_with("off ")), "{said:?}");
        assert!(said.iter().any(|line| line.contains("the Entra role User Administrator")));
    }

    #[test]
    fn what_is_blocked_is_not_counted_until_it_is_named() {
        use crate::domain::area::Care;
        let Some(blocked) = CATALOG.iter().find(|entry| entry.about.care == Care::Blocked) else {
            return;
        };
        let id = blocked.about.id;
        let mut policy = all(Access::ReadWrite);
        let shown = |policy: &Policy| {
            let groups = groups(policy, &Held::default());
            groups.iter().flat_map(|group| &group.actions).any(|state| state.entry.about.id == id)
        };
        assert!(!shown(&policy), "{id}");
        policy.unblocked.push(id.to_owned());
        assert!(shown(&policy), "{id}");
    }

    #[test]
    fn every_right_that_an_action_names_has_its_id() {
        let all = CATALOG.iter().flat_map(|entry| {
            let kinds = entry.about.may.iter().flat_map(|kind| kind.permissions());
            kinds.flat_map(|set| set.iter()).chain(entry.about.reads).copied()
        });
        for need in all.chain(ALWAYS.iter().map(|(name, _)| *name)) {
            assert!(Right::read(need).id().is_some(), "{need} is not in the tables of ids");
        }
    }
}
