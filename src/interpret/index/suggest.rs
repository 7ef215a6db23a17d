//! What may be meant while somebody types: the pickers of forms. Answered from memory,
//! because a chat waits for three seconds and asks at every letter.

use std::collections::BTreeMap;

use crate::{
    actions::wording::Sort,
    domain::{
        form::Pick,
        trouble::Choice,
        users::{Group, GroupSort, Sku},
    },
    interpret::{
        index::{Index, Named, Person, Thing},
        text::key,
    },
};

/// So many candidates are weighed; of more, the first letters were too few.
const WEIGHED_MAX: usize = 2_000;
/// A value is handed back by the chat in at most this many characters (docs.slack.dev,
/// option object).
const VALUE_CHARS_MAX: usize = 150;

/// How well something fits: the smaller the better.
type Rank = (u8, String);

impl Index {
    /// What may be meant, best first, at most `most`.
    pub fn suggest(&self, pick: Pick, typed: &str, most: usize) -> Vec<Choice> {
        let typed = typed.trim();
        let mut found = match pick {
            Pick::Person => self.people_like(typed, pick),
            Pick::Mailbox => {
                let mut all = self.people_like(typed, pick);
                all.extend(self.things_like(typed, Sort::Mailbox));
                all
            }
            Pick::Group => self.groups_like(typed),
            Pick::Licence => self.licences_like(typed),
            Pick::Role => self.things_like(typed, Sort::Role),
            Pick::Device => self.things_like(typed, Sort::Device),
            Pick::Policy => self.things_like(typed, Sort::Policy),
            Pick::App => self.things_like(typed, Sort::App),
        };
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.into_iter().map(|(_, choice)| choice).take(most).collect()
    }

    /// How something picked is called, if it is known.
    pub fn called(&self, pick: Pick, value: &str) -> Option<Choice> {
        match pick {
            Pick::Person | Pick::Mailbox => {
                self.person(&value.to_lowercase()).map(|found| person(&found))
            }
            Pick::Group => {
                let own = |group: &&Group| {
                    group.id.to_string() == value || group.name.eq_ignore_ascii_case(value)
                };
                let mut all = self.groups.iter().filter(own);
                let first = all.next()?;
                let choice = Choice { value: value.to_owned(), ..group(first) };
                all.next().is_none().then_some(choice)
            }
            Pick::Licence => {
                let known = self.sku(value)?;
                Some(Choice { value: value.to_owned(), ..licence(known) })
            }
            Pick::Role | Pick::Device | Pick::Policy | Pick::App => None,
        }
    }

    fn people_like(&self, typed: &str, pick: Pick) -> Vec<(Rank, Choice)> {
        let (wanted, address) = (key(typed), typed.to_lowercase());
        let mut best: BTreeMap<u32, u8> = BTreeMap::new();
        let mut note = |at: u32, rank: u8| {
            if best.len() < WEIGHED_MAX || best.contains_key(&at) {
                let known = best.entry(at).or_insert(rank);
                *known = rank.min(*known);
            }
        };
        if address.is_empty() {
            (0..narrow(self.people.len().min(WEIGHED_MAX))).for_each(|at| note(at, 9));
        } else {
            for (name, all) in self.people.upns().iter().chain(self.mails.iter()) {
                let rank = if *name == address {
                    0
                } else if name.starts_with(&address) {
                    2
                } else if address.len() > 2 && name.contains(&address) {
                    6
                } else {
                    continue;
                };
                for at in all {
                    note(*at, rank);
                }
            }
        }
        if !wanted.is_empty() {
            for (name, all) in self.names.beginning(&wanted) {
                let rank = if *name == wanted { 1 } else { 3 };
                for at in all {
                    note(*at, rank);
                }
            }
            for (_, all) in self.parts.beginning(&wanted) {
                for at in all {
                    note(*at, 4);
                }
            }
        }
        let ranked = best.into_iter().map(|(at, rank)| (rank, self.people.at(at as usize)));
        let shown = ranked.filter(|(_, person)| pick == Pick::Person || !is_guest(person));
        shown.map(|(rank, who)| ((rank, key(who.name)), person(&who))).collect()
    }

    fn groups_like(&self, typed: &str) -> Vec<(Rank, Choice)> {
        let wanted = key(typed);
        let mut best: BTreeMap<u32, u8> = BTreeMap::new();
        let mut note = |at: u32, rank: u8| {
            if best.len() < WEIGHED_MAX || best.contains_key(&at) {
                let known = best.entry(at).or_insert(rank);
                *known = rank.min(*known);
            }
        };
        if wanted.is_empty() {
            (0..narrow(self.groups.len().min(WEIGHED_MAX))).for_each(|at| note(at, 9));
        } else {
            for (name, all) in self.things.beginning(&wanted) {
                let rank = if *name == wanted { 1 } else { 3 };
                for thing in all.iter().copied().map(Thing::of) {
                    if let Thing::Group(at) = thing {
                        note(narrow(at), rank);
                    }
                }
            }
            // Every word typed begins a word of the name.
            let words: Vec<&str> = wanted.split(' ').collect();
            let last = words.last().copied().unwrap_or_default();
            for (_, all) in self.words_of_groups.beginning(last) {
                let fits = |at: &&u32| {
                    let name = key(&self.groups[**at as usize].name);
                    let own: Vec<&str> = name.split(' ').collect();
                    words.iter().all(|word| own.iter().any(|own| own.starts_with(word)))
                };
                all.iter().take(WEIGHED_MAX).filter(fits).for_each(|at| note(*at, 5));
            }
        }
        let ranked = best.into_iter().map(|(at, rank)| (rank, &self.groups[at as usize]));
        ranked.map(|(rank, own)| ((rank, key(&own.name)), group(own))).collect()
    }

    fn things_like(&self, typed: &str, sort: Sort) -> Vec<(Rank, Choice)> {
        let wanted = key(typed);
        let fits = |named: &&Named| {
            let name = key(&named.name);
            named.sort == sort && wanted.split(' ').all(|word| name.contains(word))
        };
        let found = self.named.iter().filter(fits).take(WEIGHED_MAX);
        found
            .map(|named| {
                let rank = if key(&named.name).starts_with(&wanted) { 1 } else { 2 };
                let detail = named.owner.clone().unwrap_or_default();
                let (value, label) = (named.value.clone(), named.name.clone());
                ((rank, key(&named.name)), Choice { value, label, detail })
            })
            .collect()
    }

    fn licences_like(&self, typed: &str) -> Vec<(Rank, Choice)> {
        let wanted = key(typed);
        let fits = |sku: &Sku| {
            let name = key(&sku.name);
            let words = || wanted.split(' ').all(|word| name.contains(word));
            if wanted.is_empty() || name.starts_with(&wanted) {
                return Some(1);
            }
            let part = sku.part_number.to_lowercase().contains(&typed.to_lowercase());
            // "E3" as people say it, from the table of everyday names.
            let everyday = || {
                self.things(&wanted).iter().any(|thing| match thing {
                    Thing::Sku(at) => self.skus[*at].id == sku.id,
                    _ => false,
                })
            };
            if words() { Some(2) } else { (part || everyday()).then_some(3) }
        };
        let found = self.skus.iter().filter_map(|sku| Some((fits(sku)?, sku)));
        found.map(|(rank, sku)| ((rank, key(&sku.name)), licence(sku))).collect()
    }
}

fn is_guest(person: &Person<'_>) -> bool {
    person.upn.contains("#ext#")
}

fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// By sign-in name; by object id where that is too long for a chat to hand back.
fn person(person: &Person<'_>) -> Choice {
    let upn = person.upn;
    let mut detail = upn.to_owned();
    for more in [person.department, person.title].into_iter().flatten() {
        detail.push_str(" · ");
        detail.push_str(more);
    }
    let long = upn.chars().count() > VALUE_CHARS_MAX;
    let value = if long { person.id.to_string() } else { upn.to_owned() };
    Choice { value, label: person.name.to_owned(), detail }
}

fn group(group: &Group) -> Choice {
    let sort = match group.sort {
        GroupSort::Security => "security group",
        GroupSort::Microsoft365 => "Microsoft 365 group",
        GroupSort::Distribution => "distribution list",
        GroupSort::MailEnabledSecurity => "mail-enabled security group",
    };
    let mut detail = sort.to_owned();
    if let Some(mail) = &group.mail {
        detail.push_str(" · ");
        detail.push_str(mail);
    }
    Choice { value: group.id.to_string(), label: group.name.clone(), detail }
}

fn licence(sku: &Sku) -> Choice {
    let detail = format!("{} · {} of {} used", sku.part_number, sku.used, sku.seats);
    Choice { value: sku.part_number.clone(), label: sku.name.clone(), detail }
}
