//! What the directory calls people, groups and licences, ready to be looked up.
//!
//! - [`Index`]    built once per sync, shared, never changed
//! - [`build`]    how it is made; [`person`] everybody; [`postings`] texts → positions
//! - [`people`]   a name → the people it may mean, and how surely
//! - [`near`]     words a letter or two off
//! - [`nicknames`] Bob is Robert
//! - [`products`] everyday names of licences
//! - [`roles`]    names of directory roles
//! - [`suggest`]  what may be meant while somebody types
//! - [`mod@file`]     reading a directory file, for `interpret` and the tests
//!
//! Not here: choosing between people who match equally well. That is asked.

mod build;
mod file;
mod near;
mod nicknames;
mod people;
mod person;
mod postings;
mod products;
mod roles;
mod suggest;

use std::collections::{HashMap, HashSet};

pub use people::{Found, Surely};
pub use person::Person;
use postings::Postings;

use crate::{
    actions::wording::Sort,
    domain::{
        ids::{SkuId, UserId},
        users::{Group, Sku},
    },
    interpret::{text::key, work},
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

impl Thing {
    /// Its sort in the two highest bits, its position in the others: groups come before
    /// licences, and both before everything else.
    fn number(self) -> u32 {
        let (sort, at) = match self {
            Self::Group(at) => (0, at),
            Self::Sku(at) => (1, at),
            Self::Named(at) => (2, at),
        };
        sort << SORT_SHIFT | u32::try_from(at).unwrap_or(u32::MAX) & POSITION
    }

    fn of(number: u32) -> Self {
        let at = (number & POSITION) as usize;
        match number >> SORT_SHIFT {
            0 => Self::Group(at),
            1 => Self::Sku(at),
            _ => Self::Named(at),
        }
    }
}

/// Where the sort of a thing is in its number.
const SORT_SHIFT: u32 = 30;
/// The bits of its position.
const POSITION: u32 = (1 << SORT_SHIFT) - 1;

/// The directory's names. Immutable; build a new one and swap it.
#[derive(Debug, Default)]
pub struct Index {
    people: person::People,
    pub(super) groups: Vec<Group>,
    pub(super) skus: Vec<Sku>,
    pub(super) named: Vec<Named>,
    /// Mail addresses that are not the same person's sign-in name.
    mails: Postings,
    names: Postings,
    aliases: Postings,
    parts: Postings,
    near_parts: near::Near,
    titles: Postings,
    things: Postings,
    words_of_groups: Postings,
    /// Single words of the names of policies, devices, mailboxes and so on.
    words_of_named: HashSet<String>,
    /// Words of the names of all things but devices, and what is nearly one of them.
    typed: Postings,
    near_typed: near::Near,
    departments: HashMap<String, String>,
    offices: HashMap<String, String>,
}

impl Index {
    /// What a folded phrase or an address names besides people. A single ordinary
    /// word that is only some other thing's name is not taken for it.
    pub fn things(&self, phrase: &str) -> Vec<Thing> {
        self.things.get(phrase).iter().copied().map(Thing::of).collect()
    }

    /// Whether a folded phrase or an address names something besides people.
    pub fn is_thing(&self, phrase: &str) -> bool {
        self.things.has(phrase)
    }

    /// A word of the name of a group, a policy, a device…: typed rightly as it is.
    pub fn in_a_name(&self, word: &str) -> bool {
        self.words_of_named.contains(word) || self.words_of_groups.has(word)
    }

    /// The word of a thing's name that was probably meant by a word that is none: one letter
    /// off or two changed about, with the same first one; nothing if several are.
    pub fn mend(&self, word: &str) -> Option<&str> {
        const LETTERS_MIN: usize = 5;
        if word.len() < LETTERS_MIN || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let near = self.near_typed.like(word, 1).into_iter().map(|number| self.typed.key(number));
        let mut near = near.filter(|other| {
            other.as_bytes()[0] == word.as_bytes()[0] && strsim::osa_distance(word, other) == 1
        });
        let one = near.next()?;
        near.next().is_none().then_some(one)
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
        self.departments.get(phrase).map(String::as_str)
    }

    /// What the directory calls the office with this folded name.
    pub fn office_named(&self, phrase: &str) -> Option<&str> {
        self.offices.get(phrase).map(String::as_str)
    }

    /// The groups whose names hold all these words.
    pub fn groups_with(&self, words: &[&str]) -> Vec<usize> {
        positions(common(words.iter().map(|word| self.words_of_groups.get(word))))
    }

    /// The licence with this part number.
    pub fn sku(&self, part_number: &str) -> Option<&Sku> {
        self.skus.iter().find(|sku| sku.part_number.eq_ignore_ascii_case(part_number))
    }

    /// The licence with this id.
    pub fn licence(&self, id: &SkuId) -> Option<&Sku> {
        self.skus.iter().find(|sku| sku.id == *id)
    }

    /// How many people there are.
    pub fn people_len(&self) -> usize {
        self.people.len()
    }

    /// The person at this position, in the order in which they were read.
    pub fn somebody(&self, at: usize) -> Person<'_> {
        self.people.at(at)
    }

    /// The positions of those who report to somebody, by name; nothing if they are more than
    /// `most`.
    pub fn reports(&self, to: &UserId, most: usize) -> Vec<usize> {
        self.people.reports(to, most)
    }

    /// Every group, in the order in which they were read.
    pub fn every_group(&self) -> &[Group] {
        &self.groups
    }

    /// The person with this sign-in name or address.
    pub fn person(&self, address: &str) -> Option<Person<'_>> {
        self.address(address).map(|at| self.people.at(at))
    }

    /// The one enabled member who has this address as sign-in name or mail, compared without
    /// case; nobody when several have it.
    pub fn one_member(&self, address: &str) -> Option<&UserId> {
        let address = address.to_lowercase();
        let all = self.people.upns().get(&address).iter().chain(self.mails.get(&address));
        let mut members = all
            .map(|at| *at as usize)
            .filter(|at| self.people.is_member(*at))
            .map(|at| self.people.at(at).id);
        let first = members.next()?;
        members.all(|other| other == first).then_some(first)
    }

    /// How many groups bear this group's name.
    pub fn namesakes(&self, group: usize) -> usize {
        let name = &self.groups[group].name;
        let alike = |thing: &&Thing| matches!(thing, Thing::Group(at) if self.groups[*at].name.eq_ignore_ascii_case(name));
        self.things(&key(name)).iter().filter(alike).count().max(1)
    }
}

/// What all these lists hold; they are sorted.
fn common<'a>(mut lists: impl Iterator<Item = &'a [u32]>) -> Vec<u32> {
    let mut left = lists.next().unwrap_or_default().to_vec();
    for list in lists {
        work::steps(left.len());
        left.retain(|at| list.binary_search(at).is_ok());
    }
    left
}

/// As the rest of the house counts.
fn positions(numbers: impl IntoIterator<Item = u32>) -> Vec<usize> {
    numbers.into_iter().map(|at| at as usize).collect()
}
