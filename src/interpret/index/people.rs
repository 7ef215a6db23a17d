//! A name → the people it may mean. Exact before alias before folded parts before one
//! or two mistyped letters; never a near hit when an exact one of somebody else exists,
//! and never a choice between people who match equally well.

use std::collections::HashMap;

use crate::interpret::{
    index::{Index, common, nicknames, positions},
    text::fold,
    work,
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
    /// A full name, exactly: its people.
    pub fn full_name(&self, words: &[&str]) -> Vec<usize> {
        let name = words.join(" ");
        let found = match self.names.get(&name) {
            [] if words.len() > 1 => self.aliases.get(&name),
            found => found,
        };
        positions(found.iter().copied())
    }

    /// A word that is part of somebody's name (with or without a possessive s)?
    pub fn name_part(&self, word: &str) -> bool {
        self.parts.has(word)
    }

    /// The people with this job title.
    pub fn titled(&self, title: &str) -> Vec<usize> {
        positions(self.titles.get(title).iter().copied())
    }

    /// The person with this sign-in name or mail address, by position.
    pub fn address(&self, address: &str) -> Option<usize> {
        let of_upn = self.people.upns().get(address).last();
        of_upn.or_else(|| self.mails.get(address).first()).map(|at| *at as usize)
    }

    /// Whom these words name. `None`: nobody, not even nearly.
    pub fn name(&self, words: &[&str]) -> Option<Found> {
        let exact = self.full_name(words);
        if !exact.is_empty() {
            return Some(found(exact, Surely::Exact));
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
        let left = common(words.iter().map(|word| self.parts.get(word)));
        (!left.is_empty()).then(|| positions(left))
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
        let mut near: Vec<Vec<(usize, &[u32])>> =
            words.iter().map(|word| self.near(word)).collect();
        // The rarest word first: few people are left to be compared.
        near.sort_by_key(|options| options.iter().map(|(_, people)| people.len()).sum::<usize>());
        let (rarest, others) = near.split_first()?;
        let mut costs: HashMap<u32, usize> = HashMap::new();
        for (cost, people) in rarest {
            work::steps(people.len());
            if costs.len() > COMPARED_MAX {
                return None;
            }
            for at in *people {
                let known = costs.entry(*at).or_insert(*cost);
                *known = (*known).min(*cost);
            }
        }
        for options in others {
            work::steps(costs.len() * options.len());
            costs.retain(|at, cost| {
                let has = |(_, people): &&(usize, &[u32])| people.binary_search(at).is_ok();
                options.iter().filter(has).map(|(extra, _)| *extra).min().is_some_and(|extra| {
                    *cost += extra;
                    *cost <= 3
                })
            });
        }
        let least = *costs.values().min().filter(|least| **least <= 2)?;
        // A second-best at most one letter worse is still a doubt.
        costs.retain(|_, cost| *cost <= least + 1);
        let mut people: Vec<(usize, u32)> =
            costs.into_iter().map(|(at, cost)| (cost, at)).collect();
        people.sort_unstable();
        Some(found(positions(people.into_iter().map(|(_, at)| at)), Surely::Near))
    }

    /// The people whose name has a part at most one letter off (two from seven letters
    /// on), by distance.
    fn near(&self, word: &str) -> Vec<(usize, &[u32])> {
        let far = match word.len() {
            0..3 => 0,
            3..7 => 1,
            _ => 2,
        };
        let (first, last) = (word.bytes().next(), word.bytes().last());
        // Numbers of parts are in the order of their letters.
        let mut close: Vec<(usize, usize)> = Vec::new();
        for number in self.near_parts.like(word, far) {
            work::step();
            let part = self.parts.key(number);
            let alike = part.bytes().next() == first || part.bytes().last() == last;
            let distance = strsim::osa_distance(word, part);
            if alike && distance <= far {
                close.push((distance, number));
            }
        }
        close.sort_unstable();
        close.dedup();
        close.truncate(CANDIDATES_MAX);
        close.into_iter().map(|(distance, part)| (distance, self.parts.ids(part))).collect()
    }

    /// Does a hint (a department, title, office or their words) fit this person?
    pub fn fits(&self, person: usize, hint: &str) -> bool {
        let person = self.people.at(person);
        let facts = [person.department, person.title, person.office];
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
