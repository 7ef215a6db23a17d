//! Making an [`Index`] of what was read.

use std::{
    borrow::Borrow,
    collections::{HashMap, HashSet},
};

use crate::{
    actions::wording::Sort,
    domain::users::{Group, Sku, User},
    interpret::{
        index::{
            Extras, Index, Named, Thing,
            near::Near,
            person,
            postings::{self, Postings},
            products, roles,
        },
        text::key,
    },
};

/// What is collected until everything was seen.
#[derive(Default)]
struct Draft {
    people: person::Builder,
    count: u32,
    upns: postings::Builder,
    mails: postings::Builder,
    names: postings::Builder,
    aliases: postings::Builder,
    parts: postings::Builder,
    titles: postings::Builder,
    things: postings::Builder,
    words_of_groups: postings::Builder,
    words_of_named: HashSet<String>,
    /// Words of names that may be typed wrongly: of all but devices.
    typed: postings::Builder,
    departments: HashMap<String, String>,
    offices: HashMap<String, String>,
    named: Vec<Named>,
    /// Titles, departments and offices as they are written → folded.
    folded: HashMap<String, String>,
}

impl Index {
    /// Builds the index. A hundred thousand users take about a second. Users may come one
    /// by one: none is kept.
    pub fn build<U: Borrow<User>>(
        users: impl IntoIterator<Item = U>,
        groups: &[Group],
        skus: &[Sku],
        extras: &Extras,
    ) -> Self {
        let mut draft = Draft::default();
        for user in users {
            draft.add_person(user.borrow(), extras);
        }
        draft.add_groups(groups);
        for (at, sku) in skus.iter().enumerate() {
            for name in products::names(&sku.part_number, &sku.name) {
                draft.add_thing(&name, Thing::Sku(at));
                draft.add_typed(&name);
            }
        }
        for named in extras.things.iter().cloned() {
            draft.add_named(named);
        }
        for role in roles::built_in() {
            // The tenant's own list may hold it already: one role is not two.
            let same = |named: &Named| named.sort == Sort::Role && named.name == role.name;
            if !draft.named.iter().any(same) {
                draft.add_named(role);
            }
        }
        draft.build(groups.to_vec(), skus.to_vec())
    }
}

impl Draft {
    fn add_person(&mut self, user: &User, extras: &Extras) {
        let at = self.count;
        self.count += 1;
        let upn = user.upn.as_str();
        self.upns.add(upn, at);
        if let Some(mail) = user.mail.as_ref().map(|mail| mail.to_lowercase())
            && mail != upn
        {
            self.mails.add(&mail, at);
        }
        if let Some((local, _)) = upn.split_once('@') {
            let alias = key(local);
            // "megan.bowen" is her name anyway; a single word is never looked up.
            if alias.contains(' ') && alias != key(&user.name) {
                self.aliases.add(&alias, at);
            }
        }
        let full = key(user.name.split(" (").next().unwrap_or(&user.name));
        let given = user.given_name.as_deref().map(key).unwrap_or_default();
        let surname = user.surname.as_deref().map(key).unwrap_or_default();
        self.names.add(&full, at);
        if !given.is_empty() && !surname.is_empty() {
            self.names.add(&format!("{given} {surname}"), at);
            self.names.add(&format!("{surname} {given}"), at);
        }
        for alias in extras.known_as.get(upn).into_iter().flatten().map(|alias| key(alias)) {
            self.names.add(&format!("{alias} {surname}"), at);
            self.parts.add(&alias, at);
        }
        for part in [given.as_str(), surname.as_str()] {
            if !part.is_empty() {
                self.parts.add(&part.replace(' ', ""), at);
            }
        }
        for part in full.split(' ').chain(given.split(' ')).chain(surname.split(' ')) {
            if part.chars().count() > 1 {
                self.parts.add(part, at);
            }
        }
        if let Some(title) = &user.job_title {
            let key = self.fold(title);
            self.titles.add(&key, at);
        }
        if let Some(department) = &user.department {
            let key = self.fold(department);
            self.departments.entry(key).or_insert_with(|| department.clone());
        }
        if let Some(office) = &user.office {
            let key = self.fold(office);
            self.offices.entry(key).or_insert_with(|| office.clone());
        }
        self.people.add(user, extras.held.get(upn));
    }

    /// The key of a text that many people have.
    fn fold(&mut self, text: &str) -> String {
        if let Some(known) = self.folded.get(text) {
            return known.clone();
        }
        let folded = key(text);
        self.folded.insert(text.to_owned(), folded.clone());
        folded
    }

    fn add_groups(&mut self, groups: &[Group]) {
        for (at, group) in groups.iter().enumerate() {
            let name = key(&group.name);
            self.add_thing(&name, Thing::Group(at));
            self.add_typed(&name);
            for word in name.split(' ') {
                self.words_of_groups.add(word, u32::try_from(at).unwrap_or(u32::MAX));
            }
            if let Some(mail) = &group.mail {
                self.add_thing(&mail.to_lowercase(), Thing::Group(at));
            }
        }
    }

    /// The words of a name that a typing error may hit.
    fn add_typed(&mut self, name: &str) {
        const LETTERS_MIN: usize = 5;
        let words = name.split(' ').filter(|word| word.len() >= LETTERS_MIN);
        for word in words.filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())) {
            self.typed.add(word, 0);
        }
    }

    fn add_thing(&mut self, name: &str, thing: Thing) {
        if !name.is_empty() {
            self.things.add(name, thing.number());
        }
    }

    /// Under its name, its address, and the names people shorten it to.
    fn add_named(&mut self, named: Named) {
        let thing = Thing::Named(self.named.len());
        let name = key(&named.name);
        self.words_of_named.extend(name.split(' ').map(str::to_owned));
        if named.sort != Sort::Device {
            self.add_typed(&name);
        }
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

    fn build(self, groups: Vec<Group>, skus: Vec<Sku>) -> Index {
        let parts: Postings = self.parts.build();
        let typed: Postings = self.typed.build();
        Index {
            near_typed: Near::of(&typed),
            typed,
            near_parts: Near::of(&parts),
            parts,
            people: self.people.build(self.upns.build()),
            mails: self.mails.build(),
            names: self.names.build(),
            aliases: self.aliases.build(),
            titles: self.titles.build(),
            things: self.things.build(),
            words_of_groups: self.words_of_groups.build(),
            words_of_named: self.words_of_named,
            departments: self.departments,
            offices: self.offices,
            groups,
            skus,
            named: self.named,
        }
    }
}
