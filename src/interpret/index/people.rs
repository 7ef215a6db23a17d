//! A name → the people it may mean. Exact before alias before folded parts before one
//! or two mistyped letters; never a near hit when an exact one of somebody else exists,
//! and never a choice between people who match equally well.

use std::collections::HashMap;

use crate::{
    domain::users::User,
    interpret::{
        index::{Extras, Index, Person, nicknames},
        text::{fold, key},
    },
};

/// How surely a name means somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surely {
    /// The address, the full name, or a name they go by.
    Exact,
    /// A part of the name that only these have.
    Part,
    /// One or two letters off.
    Near,
}

/// Whom a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Positions in the index; more than one: it must be asked.
    pub people: Vec<usize>,
    /// How surely.
    pub surely: Surely,
}

/// At most so many candidates are kept; the question shows ten.
const CANDIDATES_MAX: usize = 50;
/// A mistyped name that might be any of so many people is nobody's.
const COMPARED_MAX: usize = 5_000;

impl Index {
    pub(super) fn add_person(&mut self, user: &User, extras: &Extras) {
        let at = self.people.len();
        let upn = user.upn.as_str();
        self.addresses.insert(upn.to_owned(), at);
        if let Some(mail) = &user.mail {
            self.addresses.entry(mail.to_lowercase()).or_insert(at);
        }
        if let Some((local, _)) = upn.split_once('@') {
            let alias = key(local);
            // "megan.bowen" is her name anyway.
            if alias != key(&user.name) {
                push(&mut self.aliases, alias, at);
            }
        }
        let full = key(user.name.split(" (").next().unwrap_or(&user.name));
        let given = user.given_name.as_deref().map(key).unwrap_or_default();
        let surname = user.surname.as_deref().map(key).unwrap_or_default();
        push(&mut self.names, full.clone(), at);
        if !given.is_empty() && !surname.is_empty() {
            push(&mut self.names, format!("{given} {surname}"), at);
            push(&mut self.names, format!("{surname} {given}"), at);
        }
        for alias in extras.known_as.get(upn).into_iter().flatten().map(|alias| key(alias)) {
            push(&mut self.names, format!("{alias} {surname}"), at);
            push(&mut self.parts, alias, at);
        }
        for part in [given.as_str(), surname.as_str()] {
            if !part.is_empty() {
                push(&mut self.parts, part.replace(' ', ""), at);
            }
        }
        for part in full.split(' ').chain(given.split(' ')).chain(surname.split(' ')) {
            if part.chars().count() > 1 {
                push(&mut self.parts, part.to_owned(), at);
            }
        }
        if let Some(title) = &user.job_title {
            push(&mut self.titles, key(title), at);
        }
        if let Some(department) = &user.department {
            let known = self.share(department);
            self.departments.entry(key(department)).or_insert(known);
        }
        if let Some(office) = &user.office {
            let known = self.share(office);
            self.offices.entry(key(office)).or_insert(known);
        }
        let mut share = |text: &Option<String>| text.as_deref().map(|text| self.share(text));
        let (department, title, office) =
            (share(&user.department), share(&user.job_title), share(&user.office));
        let held =
            extras.held.get(upn).map(|all| all.iter().map(|part| self.share(part)).collect());
        self.people.push(Person {
            who: user.to_ref(),
            department,
            title,
            office,
            manager: user.manager.clone(),
            held,
        });
    }

    /// A full name, exactly: its people.
    pub fn full_name(&self, words: &[&str]) -> &[usize] {
        let name = words.join(" ");
        if let Some(found) = self.names.get(&name) {
            return found;
        }
        self.aliases.get(&name).filter(|_| words.len() > 1).map_or(&[], Vec::as_slice)
    }

    /// A word that is part of somebody's name (with or without a possessive s)?
    pub fn name_part(&self, word: &str) -> bool {
        self.parts.contains_key(word)
    }

    /// The people with this job title.
    pub fn titled(&self, title: &str) -> &[usize] {
        self.titles.get(title).map_or(&[], Vec::as_slice)
    }

    /// The person with this sign-in name or mail address, by position.
    pub fn address(&self, address: &str) -> Option<usize> {
        self.addresses.get(address).copied()
    }

    /// Whom these words name. `None`: nobody, not even nearly.
    pub fn name(&self, words: &[&str]) -> Option<Found> {
        let exact = self.full_name(words);
        if !exact.is_empty() {
            return Some(found(exact.to_vec(), Surely::Exact));
        }
        if let Some(people) = self.all_parts(words) {
            let surely = if words.len() > 1 { Surely::Exact } else { Surely::Part };
            return Some(found(people, surely));
        }
        let stripped: Vec<&str> = match words.split_last() {
            Some((last, rest)) => {
                let bare = last.strip_suffix('s').filter(|bare| self.name_part(bare));
                rest.iter().copied().chain(bare).collect()
            }
            None => return None,
        };
        if stripped.len() == words.len()
            && let Some(people) = self.all_parts(&stripped)
        {
            return Some(found(people, Surely::Part));
        }
        if let Some(people) = self.by_nickname(words) {
            return Some(found(people, Surely::Part));
        }
        self.nearly(words)
    }

    fn all_parts(&self, words: &[&str]) -> Option<Vec<usize>> {
        let mut lists = words.iter().map(|word| self.parts.get(*word));
        let mut left = lists.next()??.clone();
        for list in lists {
            let list = list?;
            left.retain(|at| list.binary_search(at).is_ok());
        }
        (!left.is_empty()).then_some(left)
    }

    fn by_nickname(&self, words: &[&str]) -> Option<Vec<usize>> {
        let (first, rest) = words.split_first()?;
        let mut people = Vec::new();
        for formal in nicknames::formal(first).iter().copied() {
            let mut name: Vec<&str> = vec![formal];
            name.extend(rest.iter().copied());
            people.extend(self.all_parts(&name).unwrap_or_default());
        }
        people.sort_unstable();
        people.dedup();
        (!people.is_empty()).then_some(people)
    }

    /// One word a letter or two off, the others exact; or every word one letter off.
    fn nearly(&self, words: &[&str]) -> Option<Found> {
        if words.len() > 4 {
            return None;
        }
        let mut near: Vec<Vec<(usize, &[usize])>> =
            words.iter().map(|word| self.near(word)).collect();
        // The rarest word first: few people are left to be compared.
        near.sort_by_key(|options| options.iter().map(|(_, people)| people.len()).sum::<usize>());
        let (rarest, others) = near.split_first()?;
        let mut costs: HashMap<usize, usize> = HashMap::new();
        for (cost, people) in rarest {
            if costs.len() > COMPARED_MAX {
                return None;
            }
            for at in *people {
                let known = costs.entry(*at).or_insert(*cost);
                *known = (*known).min(*cost);
            }
        }
        for options in others {
            costs.retain(|at, cost| {
                let has = |(_, people): &&(usize, &[usize])| people.binary_search(at).is_ok();
                options.iter().filter(has).map(|(extra, _)| *extra).min().is_some_and(|extra| {
                    *cost += extra;
                    *cost <= 3
                })
            });
        }
        let least = *costs.values().min().filter(|least| **least <= 2)?;
        // A second-best at most one letter worse is still a doubt.
        costs.retain(|_, cost| *cost <= least + 1);
        let mut people: Vec<(usize, usize)> =
            costs.into_iter().map(|(at, cost)| (cost, at)).collect();
        people.sort_unstable();
        Some(found(people.into_iter().map(|(_, at)| at).collect(), Surely::Near))
    }

    /// The people whose name has a part at most one letter off (two from seven letters
    /// on), by distance.
    fn near(&self, word: &str) -> Vec<(usize, &[usize])> {
        let far = match word.len() {
            0..3 => 0,
            3..7 => 1,
            _ => 2,
        };
        let (first, last) = (word.bytes().next(), word.bytes().last());
        let mut close: Vec<(usize, &str)> = Vec::new();
        for part in self.near_parts.like(word, far) {
            let alike = part.bytes().next() == first || part.bytes().last() == last;
            let distance = strsim::osa_distance(word, part);
            if alike && distance <= far {
                close.push((distance, part));
            }
        }
        close.sort_unstable();
        close.dedup();
        close.truncate(CANDIDATES_MAX);
        let people = |part: &str| self.parts.get(part).map_or(&[][..], Vec::as_slice);
        close.into_iter().map(|(distance, part)| (distance, people(part))).collect()
    }

    /// Does a hint (a department, title, office or their words) fit this person?
    pub fn fits(&self, person: usize, hint: &str) -> bool {
        let person = &self.people[person];
        let facts = [&person.department, &person.title, &person.office];
        facts.into_iter().flatten().any(|fact| {
            let fact = fold(fact).replace('&', "");
            fact == hint || fact.split_whitespace().any(|word| word == hint)
        })
    }
}

fn found(mut people: Vec<usize>, surely: Surely) -> Found {
    people.truncate(CANDIDATES_MAX);
    Found { people, surely }
}

fn push(map: &mut HashMap<String, Vec<usize>>, name: String, at: usize) {
    let list = map.entry(name).or_default();
    if list.last() != Some(&at) {
        list.push(at);
    }
}
