//! Names among the tokens: addresses, full names, parts of names, pronouns, things.

use super::What;
use crate::{
    actions::wording::Sort as Named,
    domain::users::PersonRef,
    interpret::{
        index::{Index, NAME_WORDS_MAX, Surely, Thing},
        lexicon::{Classes, LEXICON, object_class, object_of},
        likeness,
        text::{Sort, Token},
        work,
    },
};

const PRONOUNS: &[&str] = &[
    "he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs", "hes", "shes",
    "theyre",
];

const ME: &[&str] = &["i", "me", "my", "mine", "myself", "im", "ive", "id"];

const NOUNS: &[&str] = &[
    "user",
    "person",
    "account",
    "guy",
    "colleague",
    "employee",
    "one",
    "lady",
    "acct",
    "individual",
];

/// Product families, not licences.
const GENERIC: &[&str] = &[
    "m365",
    "microsoft 365",
    "o365",
    "office 365",
    "exchange",
    "ems",
    "frontline",
    "fabric",
    "telephony",
];

pub(super) struct Finder<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) index: &'a Index,
    pub(super) mentions: &'a [Option<PersonRef>],
    pub(super) literal: &'a [bool],
    /// Somewhere it is spoken of mailboxes, or of what is done with their mail.
    pub(super) of_mail: bool,
}

impl Finder<'_> {
    pub(super) fn word(&self, at: usize) -> &str {
        work::step();
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    pub(super) fn span(&self, at: usize) -> Option<(usize, What)> {
        let token = &self.tokens[at];
        match token.sort {
            Sort::Address if !self.literal[at] => Some((at + 1, self.address(&token.folded))),
            Sort::Mention(number) => {
                let person = self.mentions.get(number)?.as_ref()?;
                let found = self.index.address(person.upn.as_str());
                Some((at + 1, found.map_or(What::Nobody, |p| What::People(vec![p], Surely::Exact))))
            }
            Sort::Word => self.named(at).or_else(|| {
                if self.literal[at] { None } else { self.pronoun(at).or_else(|| self.partly(at)) }
            }),
            _ => None,
        }
    }

    fn named(&self, at: usize) -> Option<(usize, What)> {
        let found = self.short_address(at).or_else(|| self.surname_first(at));
        found.or_else(|| self.phrase(at)).or_else(|| self.local_part(at))
    }

    fn address(&self, address: &str) -> What {
        if let Some(person) = self.index.address(address) {
            return What::People(vec![person], Surely::Exact);
        }
        let things = self.index.things(address);
        if things.is_empty() { What::Nobody } else { Self::thing(&things) }
    }

    pub(super) fn thing(things: &[Thing]) -> What {
        let groups: Vec<usize> = things
            .iter()
            .filter_map(|t| if let Thing::Group(at) = t { Some(*at) } else { None })
            .collect();
        let skus: Vec<usize> = things
            .iter()
            .filter_map(|t| if let Thing::Sku(at) = t { Some(*at) } else { None })
            .collect();
        let named = || {
            let of = |t: &Thing| if let Thing::Named(at) = t { Some(*at) } else { None };
            things.iter().filter_map(of).collect()
        };
        match (groups.is_empty(), skus.is_empty()) {
            (false, _) => What::Group(groups),
            (true, false) => What::Sku(skus),
            _ => What::Named(named()),
        }
    }

    /// A whole name: the longest first. Inside quotation marks only what fills them.
    fn phrase(&self, at: usize) -> Option<(usize, What)> {
        if let Some(found) = self.dotted(at) {
            return Some(found);
        }
        let inside = self.literal[at];
        let opens = at > 0 && matches!(self.tokens[at - 1].sort, Sort::Mark('"' | '\'' | '`'));
        if inside && !opens {
            return None;
        }
        let mut words: Vec<&str> = Vec::with_capacity(NAME_WORDS_MAX);
        let mut ends = Vec::with_capacity(NAME_WORDS_MAX);
        let mut end = at;
        while let Some(token) = self.tokens.get(end).filter(|_| words.len() < NAME_WORDS_MAX) {
            let between =
                token.is('-') || token.is('&') || token.is('(') || token.is(')') || token.is('+');
            if token.word() {
                words.push(&token.folded);
                ends.push(end + 1);
                if token.possessive {
                    break;
                }
            } else if !between || words.is_empty() {
                break;
            }
            end += 1;
        }
        for length in (1..=words.len()).rev() {
            let to = ends[length - 1];
            if inside
                && !matches!(
                    self.tokens.get(to).map(|t| t.sort),
                    Some(Sort::Mark('"' | '\'' | '`'))
                )
            {
                continue;
            }
            if let Some(what) = self.whole(&words[..length], at, to) {
                // "Leavers Tracker.xlsx": the ending belongs to it.
                let ending = matches!(what, What::Named(_))
                    && self.tokens.get(to).is_some_and(|token| token.is('.') && token.glued)
                    && ["xlsx", "xlsm"].contains(&self.word(to + 1));
                return Some((to + if ending { 2 } else { 0 }, what));
            }
        }
        None
    }

    fn whole(&self, words: &[&str], at: usize, to: usize) -> Option<What> {
        if words.len() > 1 {
            let people = self.index.full_name(words);
            if !people.is_empty() {
                return Some(What::People(people, Surely::Exact));
            }
        }
        let name = words.join(" ");
        if at > 0 && ["the", "our"].contains(&self.word(at - 1)) && self.word(to) != "of" {
            let titled = self.index.titled(&name);
            if !titled.is_empty()
                && !self.index.things(&name).iter().any(|t| matches!(t, Thing::Group(_)))
            {
                return Some(What::People(titled, Surely::Part));
            }
        }
        let things = self.index.things(&name);
        if things.is_empty() {
            return None;
        }
        let what = Self::thing(&things);
        let licence_next = [
            "licence",
            "license",
            "licences",
            "licenses",
            "lic",
            "one",
            "seat",
            "subscription",
            "sku",
        ]
        .contains(&self.word(to));
        // "the Engineering department" is no group, and "sales.orders" not the one called Sales.
        let place = ["department", "dept", "dpt", "division"].contains(&self.word(to));
        if matches!(what, What::Group(_))
            && (place && self.index.department(&name) || self.in_a_dotted_name(at, to))
        {
            return None;
        }
        match &what {
            What::Named(all) if words.len() == 1 && !self.stands_out(all, at, to) => None,
            // "his office 365 account" is no licence; "project" often is none either.
            What::Sku(_) if GENERIC.contains(&name.as_str()) && !licence_next => None,
            What::Sku(_) if name == "project" && !licence_next && !self.tokens[at].capital => None,
            _ => Some(what),
        }
    }

    /// Is it a part of a dotted word: "sales.orders", "hr.portal"?
    fn in_a_dotted_name(&self, at: usize, to: usize) -> bool {
        let glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued);
        let dot = |at: usize| self.tokens.get(at).is_some_and(|token| token.is('.') && token.glued);
        let behind = dot(to) && glued(to + 1) && self.tokens[to + 1].word();
        behind || glued(at) && at > 0 && dot(at - 1)
    }

    /// A single word is taken for a thing's name only where the words beside it say its
    /// sort, or it is no word of a language.
    fn stands_out(&self, named: &[usize], at: usize, to: usize) -> bool {
        let word = self.word(at);
        let odd = word.bytes().any(|byte| byte.is_ascii_digit()) && word.len() > 3;
        let beside = [to, to + 1].into_iter().chain(at.checked_sub(1)).chain(at.checked_sub(2));
        let said: Classes = beside.map(|at| LEXICON.object(self.word(at))).fold(0, |a, b| a | b);
        let mut sorts = named.iter().map(|at| self.index.named[*at].sort);
        let mail = object_class("mailbox");
        // "send as Reception"
        let back = |back: usize| at.checked_sub(back).map_or("", |at| self.word(at));
        let sends = back(1) == "as"
            && ["send", "sending", "reply", "replying", "answer", "mail", "write"]
                .contains(&back(2));
        let mailbox = named.iter().any(|at| self.index.named[*at].sort == Named::Mailbox);
        if (sends || self.spoken_of(at, to)) && mailbox {
            return true;
        }
        odd || sorts
            .any(|sort| said & object_of(sort) != 0 || sort == Named::Mailbox && said & mail != 0)
    }

    /// `megan.bowen`, a sign-in name without its domain.
    fn dotted(&self, at: usize) -> Option<(usize, What)> {
        let dot = self.tokens.get(at + 1)?;
        let next = self.tokens.get(at + 2)?;
        if !(dot.is('.') && dot.glued && next.glued && next.word()) || self.literal[at] {
            return None;
        }
        let people = self.index.full_name(&[self.word(at), &next.folded]);
        if people.is_empty() {
            // "reply as sales.orders": the mailbox, without its domain.
            let things = self.index.things(&format!("{}.{}@", self.word(at), next.folded));
            return (!things.is_empty()).then(|| (at + 3, Self::thing(&things)));
        }
        Some((at + 3, What::People(people, Surely::Exact)))
    }

    fn pronoun(&self, at: usize) -> Option<(usize, What)> {
        let word = self.word(at);
        if PRONOUNS.contains(&word) {
            return Some((at + 1, What::Pronoun));
        }
        if ME.contains(&word) {
            return Some((at + 1, What::Me));
        }
        let points = ["this", "that", "same", "said"].contains(&word);
        let next = self.word(at + 1);
        let noun = NOUNS.contains(&next) && (next != "one" && next != "person" || points);
        if (points || word == "the" && next != "account" && next != "acct" && next != "employee")
            && noun
            && !self.namey(at + 2)
            && !self.begins_a_thing(at + 1)
        {
            return Some((at + 2, What::Pronoun));
        }
        None
    }

    /// "the User Administrator role": not somebody spoken of before.
    fn begins_a_thing(&self, at: usize) -> bool {
        let two = format!("{} {}", self.word(at), self.word(at + 1));
        self.index.is_thing(&two)
    }

    /// Part of somebody's name?
    fn namey(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at).filter(|token| token.word()) else { return false };
        let word = token.folded.as_str();
        self.index.name_part(word)
            || word
                .strip_suffix('s')
                .is_some_and(|bare| bare.len() > 2 && self.index.name_part(bare))
            || self.index.name(&[word]).is_some_and(|found| found.surely == Surely::Part)
    }

    fn unknown(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.word()
                && token.folded.len() > 1
                && token.folded.chars().all(char::is_alphabetic)
                && !LEXICON.knows(&token.folded)
                // "Pieter ought", "Unfortunately Dmitri": an ordinary word is no name.
                && (token.capital && !self.begins(at)
                    || !likeness::weights().knows(&token.folded))
                // "pradeeps job title": a word of one of our phrases is nobody's name.
                && !LEXICON.in_phrase(&token.folded)
                && !self.index.is_thing(&token.folded)
        })
    }

    fn begins(&self, at: usize) -> bool {
        at == 0
            || matches!(
                self.tokens[at - 1].sort,
                Sort::Line | Sort::Mark('.' | '!' | '?' | '"' | ':' | '-' | '•')
            )
    }

    /// A first name, a surname, a name with a typing error.
    fn partly(&self, at: usize) -> Option<(usize, What)> {
        let token = &self.tokens[at];
        let name =
            self.index.name_part(&token.folded) || !LEXICON.knows(&token.folded) && self.namey(at);
        let common = LEXICON.knows(&token.folded);
        let next_name = self.namey(at + 1) && !LEXICON.knows(self.word(at + 1));
        let starts = (name && (!common || (token.capital && (!self.begins(at) || next_name))))
            || (name
                && common
                && next_name
                && self.index.name(&[&token.folded, self.word(at + 1)]).is_some())
            || (!common
                && self.unknown(at)
                && next_name
                && !token.possessive
                && (token.capital || !self.tokens[at + 1].capital));
        let strangers = !starts
            && token.capital
            && self.unknown(at)
            && self.tokens.get(at + 1).is_some_and(|next| next.capital)
            && self.unknown(at + 1)
            && !token.possessive;
        if !starts && !strangers {
            return None;
        }
        let mut to = at + 1;
        while to < at + 5 && !self.tokens[to - 1].possessive {
            let Some(next) = self.tokens.get(to).filter(|next| next.word() && !self.literal[to])
            else {
                // "Al-Sayed", "Jean-Luc"
                let hyphen = self.tokens.get(to).is_some_and(|t| t.is('-') && t.glued);
                if hyphen && self.namey(to + 1) {
                    to += 1;
                    continue;
                }
                break;
            };
            let more = self.namey(to) && (!LEXICON.knows(&next.folded) || next.capital);
            if more || (self.unknown(to) && (next.capital || to == at + 1)) {
                to += 1;
            } else {
                break;
            }
        }
        let words: Vec<&str> =
            (at..to).map(|at| self.word(at)).filter(|word| *word != "-").collect();
        match self.index.name(&words) {
            Some(found) => Some((to, What::People(found.people, found.surely))),
            None => Some((to, What::Nobody)),
        }
    }
}
