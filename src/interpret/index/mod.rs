//! What the directory calls people, groups and licences, ready to be looked up.
//!
//! - [`Index`]    built once per sync, shared, never changed
//! - [`people`]   a name → the people it may mean, and how surely
//! - [`near`]     words a letter or two off
//! - [`nicknames`] Bob is Robert
//! - [`products`] everyday names of licences
//! - [`roles`]    names of directory roles
//! - [`suggest`]  what may be meant while somebody types
//! - [`mod@file`]     reading a directory file, for `interpret` and the tests
//!
//! Not here: choosing between people who match equally well. That is asked.

mod file;
mod near;
mod nicknames;
mod people;
mod products;
mod roles;
mod suggest;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub use people::{Found, Surely};

use crate::{
    actions::wording::Sort,
    domain::{
        ids::SkuId,
        users::{Group, PersonRef, Sku, User},
    },
    interpret::text::key,
};

/// The longest name that is looked up, in words.
pub const NAME_WORDS_MAX: usize = 7;

/// What the index can know besides Graph's basic properties. All optional.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Names somebody goes by, by sign-in name.
    pub known_as: HashMap<String, Vec<String>>,
    /// Part numbers somebody holds, by sign-in name.
    pub held: HashMap<String, Vec<String>>,
    /// Shared mailboxes, policies, apps, devices, workbooks; roles are known without.
    pub things: Vec<Named>,
}

/// Something with a name that is nobody, no group and no licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its sort.
    pub sort: Sort,
    /// Its display name.
    pub name: String,
    /// What an action is given: the name, or the address of a mailbox.
    pub value: String,
    /// Whose it is, by sign-in name (devices).
    pub owner: Option<String>,
    /// What it is, in a word: `laptop`, `phone`, `tablet` (devices).
    pub form: Option<String>,
}

/// What is kept of a person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub who: PersonRef,
    /// `department`.
    pub department: Option<Arc<str>>,
    /// `jobTitle`.
    pub title: Option<Arc<str>>,
    /// `officeLocation`.
    pub office: Option<Arc<str>>,
    /// The manager's name.
    pub manager: Option<PersonRef>,
    /// Part numbers held, if known.
    pub held: Option<Vec<Arc<str>>>,
}

/// Something a phrase names that is not a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A group, by position.
    Group(usize),
    /// A licence, by position.
    Sku(usize),
    /// Something else, by position.
    Named(usize),
}

/// The directory's names. Immutable; build a new one and swap it.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<Group>,
    pub(super) skus: Vec<Sku>,
    pub(super) named: Vec<Named>,
    addresses: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
    aliases: HashMap<String, Vec<usize>>,
    parts: HashMap<String, Vec<usize>>,
    near_parts: near::Near,
    titles: HashMap<String, Vec<usize>>,
    things: HashMap<String, Vec<Thing>>,
    words_of_groups: HashMap<String, Vec<usize>>,
    /// Single words of the names of policies, devices, mailboxes and so on.
    words_of_named: HashSet<String>,
    departments: HashMap<String, Arc<str>>,
    offices: HashMap<String, Arc<str>>,
    /// Texts that many people share, kept once.
    shared: HashSet<Arc<str>>,
}

impl Index {
    /// Builds the index. A hundred thousand users take about a second.
    pub fn build(users: &[User], groups: &[Group], skus: &[Sku], extras: &Extras) -> Self {
        let mut index = Self { groups: groups.to_vec(), skus: skus.to_vec(), ..Self::default() };
        for user in users {
            index.add_person(user, extras);
        }
        for (at, group) in groups.iter().enumerate() {
            index.add_thing(&key(&group.name), Thing::Group(at));
            for word in key(&group.name).split(' ') {
                let ids = index.words_of_groups.entry(word.to_owned()).or_default();
                if ids.last() != Some(&at) {
                    ids.push(at);
                }
            }
            if let Some(mail) = &group.mail {
                index.add_thing(&mail.to_lowercase(), Thing::Group(at));
            }
        }
        for (at, sku) in skus.iter().enumerate() {
            for name in products::names(&sku.part_number, &sku.name) {
                index.add_thing(&name, Thing::Sku(at));
            }
        }
        for named in extras.things.iter().cloned() {
            index.add_named(named);
        }
        for role in roles::built_in() {
            // The tenant's own list may hold it already: one role is not two.
            let same = |named: &Named| named.sort == Sort::Role && named.name == role.name;
            if !index.named.iter().any(same) {
                index.add_named(role);
            }
        }
        index.shared = HashSet::new();
        index.near_parts = near::Near::of(index.parts.keys().cloned().collect());
        index
    }

    /// This text, kept once however many people have it.
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.shared.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.shared.insert(new.clone());
        new
    }

    fn add_thing(&mut self, name: &str, thing: Thing) {
        let all = self.things.entry(name.to_owned()).or_default();
        if !name.is_empty() && !all.contains(&thing) {
            all.push(thing);
        }
    }

    /// What a folded phrase or an address names besides people. A single ordinary
    /// word that is only some other thing's name is not taken for it.
    pub fn things(&self, phrase: &str) -> &[Thing] {
        self.things.get(phrase).map_or(&[], Vec::as_slice)
    }

    /// A word of the name of a group, a policy, a device…: typed rightly as it is.
    pub fn in_a_name(&self, word: &str) -> bool {
        self.words_of_named.contains(word) || self.words_of_groups.contains_key(word)
    }

    /// Under its name, its address, and the names people shorten it to.
    fn add_named(&mut self, named: Named) {
        let thing = Thing::Named(self.named.len());
        let name = key(&named.name);
        self.words_of_named.extend(name.split(' ').map(str::to_owned));
        for known in [Some(name.as_str()), name.strip_suffix(" xlsx")].into_iter().flatten() {
            self.add_thing(known, thing);
        }
        if named.sort == Sort::Role {
            for short in roles::short(&name) {
                self.add_thing(&short, thing);
            }
        }
        if let Some((local, _)) = named.value.split_once('@') {
            self.add_thing(&named.value.to_lowercase(), thing);
            // "info@" is enough in a house of one domain.
            self.add_thing(&format!("{}@", local.to_lowercase()), thing);
        }
        self.named.push(named);
    }

    /// The things of this sort that somebody has.
    pub fn owned(&self, sort: Sort, upn: &str) -> Vec<usize> {
        let theirs = |at: &usize| {
            let named = &self.named[*at];
            named.sort == sort && named.owner.as_deref() == Some(upn)
        };
        (0..self.named.len()).filter(theirs).collect()
    }

    /// A department's name?
    pub fn department(&self, phrase: &str) -> bool {
        self.departments.contains_key(phrase)
    }

    /// What the directory calls the department with this folded name.
    pub fn department_named(&self, phrase: &str) -> Option<&str> {
        self.departments.get(phrase).map(AsRef::as_ref)
    }

    /// What the directory calls the office with this folded name.
    pub fn office_named(&self, phrase: &str) -> Option<&str> {
        self.offices.get(phrase).map(AsRef::as_ref)
    }

    /// The groups whose names hold all these words.
    pub fn groups_with(&self, words: &[&str]) -> Vec<usize> {
        let mut lists = words.iter().map(|word| self.words_of_groups.get(*word));
        let Some(Some(first)) = lists.next() else { return Vec::new() };
        let mut left = first.clone();
        for list in lists {
            let Some(list) = list else { return Vec::new() };
            left.retain(|at| list.binary_search(at).is_ok());
        }
        left
    }

    /// The licence with this part number.
    pub fn sku(&self, part_number: &str) -> Option<&Sku> {
        self.skus.iter().find(|sku| sku.part_number.eq_ignore_ascii_case(part_number))
    }

    /// The licence with this id.
    pub fn licence(&self, id: &SkuId) -> Option<&Sku> {
        self.skus.iter().find(|sku| sku.id == *id)
    }

    /// Everybody, in the order in which they were read.
    pub fn everybody(&self) -> &[Person] {
        &self.people
    }

    /// Every group, in the order in which they were read.
    pub fn every_group(&self) -> &[Group] {
        &self.groups
    }

    /// The person with this sign-in name or address.
    pub fn person(&self, address: &str) -> Option<&Person> {
        self.addresses.get(address).map(|at| &self.people[*at])
    }

    /// How many groups bear this group's name.
    pub fn namesakes(&self, group: usize) -> usize {
        let name = &self.groups[group].name;
        let alike = |thing: &&Thing| matches!(thing, Thing::Group(at) if self.groups[*at].name.eq_ignore_ascii_case(name));
        self.things(&key(name)).iter().filter(alike).count().max(1)
    }
}
