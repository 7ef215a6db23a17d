//! Everybody, in little room: names in one string, what many share once.

use std::collections::HashMap;

use crate::{
    domain::{
        ids::UserId,
        users::{PersonRef, User},
    },
    interpret::index::postings::Postings,
};

/// What is known of a person.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Who; all comparisons use this alone.
    pub id: &'a UserId,
    /// `displayName`.
    pub name: &'a str,
    /// The sign-in name.
    pub upn: &'a str,
    /// `department`.
    pub department: Option<&'a str>,
    /// `jobTitle`.
    pub title: Option<&'a str>,
    /// `officeLocation`.
    pub office: Option<&'a str>,
    /// The manager's name.
    pub manager: Option<&'a PersonRef>,
    /// Part numbers held, if known.
    pub held: Option<&'a [String]>,
}

impl Person<'_> {
    /// The short form for cards and plans.
    pub fn to_ref(&self) -> PersonRef {
        let upn = self.upn.parse().expect("it was a sign-in name when it was read");
        PersonRef { id: self.id.clone(), name: self.name.to_owned(), upn }
    }
}

/// Nothing is known.
const NONE: u32 = u32::MAX;

/// One person.
#[derive(Debug)]
struct Row {
    id: UserId,
    /// Where the name ends in the text of all names.
    name: u32,
    /// The number of the sign-in name.
    upn: u32,
    department: u32,
    title: u32,
    office: u32,
    manager: u32,
    /// Enabled, and no guest.
    member: bool,
}

/// Everybody, by position.
#[derive(Debug, Default)]
pub(super) struct People {
    rows: Vec<Row>,
    names: String,
    facts: Vec<Box<str>>,
    managers: Vec<PersonRef>,
    held: HashMap<u32, Vec<String>>,
    /// Sign-in name → everybody who has it.
    upns: Postings,
}

impl People {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The person at this position.
    pub fn at(&self, at: usize) -> Person<'_> {
        let row = &self.rows[at];
        let from = at.checked_sub(1).map_or(0, |before| self.rows[before].name as usize);
        let fact = |number: u32| self.facts.get(number as usize).map(AsRef::as_ref);
        Person {
            id: &row.id,
            name: &self.names[from..row.name as usize],
            upn: self.upns.key(row.upn as usize),
            department: fact(row.department),
            title: fact(row.title),
            office: fact(row.office),
            manager: self.managers.get(row.manager as usize),
            held: u32::try_from(at).ok().and_then(|at| self.held.get(&at)).map(Vec::as_slice),
        }
    }

    /// The positions of those who report to somebody, by name; nothing if they are more than
    /// `most`.
    pub fn reports(&self, to: &UserId, most: usize) -> Vec<usize> {
        let number = self.managers.iter().position(|manager| manager.id == *to);
        let Some(number) = number.and_then(|at| u32::try_from(at).ok()) else { return Vec::new() };
        let reports = |(_, row): &(usize, &Row)| row.manager == number && row.member;
        let all = self.rows.iter().enumerate().filter(reports).map(|(at, _)| at);
        let mut all: Vec<usize> = all.take(most + 1).collect();
        if all.len() > most {
            return Vec::new();
        }
        all.sort_by(|a, b| self.at(*a).name.cmp(self.at(*b).name));
        all
    }

    pub fn is_member(&self, at: usize) -> bool {
        self.rows[at].member
    }

    /// Sign-in name → everybody who has it.
    pub fn upns(&self) -> &Postings {
        &self.upns
    }
}

/// Collects [`People`].
#[derive(Debug, Default)]
pub(super) struct Builder {
    people: People,
    facts: HashMap<Box<str>, u32>,
    managers: HashMap<UserId, u32>,
}

impl Builder {
    /// The next person. The sign-in name comes with [`Self::build`].
    pub fn add(&mut self, user: &User, held: Option<&Vec<String>>) {
        let at = narrow(self.people.rows.len());
        self.people.names.push_str(&user.name);
        if let Some(held) = held {
            self.people.held.insert(at, held.clone());
        }
        let row = Row {
            id: user.id.clone(),
            name: narrow(self.people.names.len()),
            upn: 0,
            department: self.fact(user.department.as_deref()),
            title: self.fact(user.job_title.as_deref()),
            office: self.fact(user.office.as_deref()),
            manager: self.manager(user.manager.as_ref()),
            member: user.enabled && !user.guest,
        };
        self.people.rows.push(row);
    }

    /// A text that many people have is kept once.
    fn fact(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return NONE };
        if let Some(known) = self.facts.get(text) {
            return *known;
        }
        let number = narrow(self.people.facts.len());
        self.people.facts.push(text.into());
        self.facts.insert(text.into(), number);
        number
    }

    fn manager(&mut self, who: Option<&PersonRef>) -> u32 {
        let Some(who) = who else { return NONE };
        let next = narrow(self.people.managers.len());
        let number = *self.managers.entry(who.id.clone()).or_insert(next);
        if number == next {
            self.people.managers.push(who.clone());
        }
        number
    }

    pub fn build(self, upns: Postings) -> People {
        let mut people = self.people;
        for (number, (_, ids)) in upns.iter().enumerate() {
            for at in ids {
                people.rows[*at as usize].upn = narrow(number);
            }
        }
        people.upns = upns;
        people.rows.shrink_to_fit();
        people.names.shrink_to_fit();
        people
    }
}

/// Four billion people, and as many letters in their names, are more than are read.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}
