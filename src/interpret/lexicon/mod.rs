//! Word classes: which words mean what, with their inflections and typing errors.
//!
//! - [`verbs`]   verb classes and their words
//! - [`objects`] object classes and their words
//! - [`common`]  ordinary English words, which are neither names nor typing errors
//! - [`Lexicon`] all of it, ready to be looked up
//!
//! Not here: anything about one action. Which verb with which object means what is
//! said in the action's own file (`actions::wording`).

mod common;
mod objects;
mod verbs;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use crate::{actions::wording::Sort, interpret::work};

pub use objects::{CLASSES as OBJECT_CLASSES, LOOSE};
pub use verbs::CLASSES as VERB_CLASSES;

/// A set of classes, one bit each.
pub type Classes = u64;

/// How a verb is inflected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// "disable"
    Base,
    /// "disables"
    Third,
    /// "disabled"
    Past,
    /// "reset": base and past look alike.
    BaseOrPast,
    /// "disabling"
    Ing,
}

/// One sense of a verb's form.
#[derive(Debug, Clone, Copy)]
pub struct Sense {
    /// Its inflection.
    pub form: Form,
    /// The word that must follow, perhaps after the object; empty if none.
    pub particle: &'static str,
    /// The classes it belongs to.
    pub classes: Classes,
}

/// All words, ready to be looked up.
#[derive(Debug)]
pub struct Lexicon {
    verbs: HashMap<String, Vec<Sense>>,
    objects: HashMap<&'static str, Classes>,
    common: HashSet<&'static str>,
    /// The words of object phrases.
    in_phrases: HashSet<&'static str>,
    /// Words with one letter left out → the words.
    shortened: HashMap<String, Vec<&'static str>>,
    all: Vec<&'static str>,
}

/// The one lexicon.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

/// Ordinary words that are often mistyped.
const MISSPELT: &[(&str, &str)] = &[
    ("plase", "please"),
    ("pleas", "please"),
    ("pleese", "please"),
    ("plese", "please"),
    ("pelase", "please"),
    ("teh", "the"),
    ("hte", "the"),
    ("fro", "for"),
    ("adn", "and"),
    ("nad", "and"),
    ("thier", "their"),
];

/// Short words of which two letters are easily changed about: "tkae", "smae", "emial".
const CHANGED_ABOUT: &[&str] = &[
    "take", "turn", "same", "many", "give", "move", "kill", "wipe", "lock", "need", "make", "with",
    "from", "back", "every", "email", "never", "this", "that", "have", "want", "into", "over",
    "sign", "list", "mail", "role", "left", "until", "details",
];
/// … and of which one is easily left out: "kil", "evry".
const LEFT_OUT: &[&str] =
    &["kill", "every", "give", "email", "many", "anymore", "tonight", "until"];

/// The longest object phrase, in words.
pub const PHRASE_WORDS_MAX: usize = 4;

/// The bit of a verb class. Unknown names have none; a test checks the catalogue's.
pub fn verb_class(name: &str) -> Classes {
    VERB_CLASSES.iter().position(|class| *class == name).map_or(0, |bit| 1 << bit)
}

/// The bit of an object class.
pub fn object_class(name: &str) -> Classes {
    OBJECT_CLASSES.iter().position(|class| *class == name).map_or(0, |bit| 1 << bit)
}

/// The classes from `other` on: what is present of them and no frame names means
/// something else.
pub fn foreign_classes() -> Classes {
    let first = object_class("other");
    !(first - 1) & !object_classes(LOOSE)
}

/// The class of a named thing's sort.
pub fn object_of(sort: Sort) -> Classes {
    object_class(match sort {
        Sort::Device => "device",
        Sort::Mailbox => "shared_mailbox",
        Sort::Role => "role",
        Sort::Policy => "policy",
        Sort::App => "app",
        Sort::Workbook => "workbook",
    })
}

/// The bits of several verb classes.
pub fn verb_classes(names: &[&str]) -> Classes {
    names.iter().fold(0, |all, name| all | verb_class(name))
}

/// The bits of several object classes.
pub fn object_classes(names: &[&str]) -> Classes {
    names.iter().fold(0, |all, name| all | object_class(name))
}

impl Lexicon {
    fn build() -> Self {
        let mut verbs: HashMap<String, Vec<Sense>> = HashMap::new();
        for (words, particle, classes) in verbs::VERBS {
            let classes = verb_classes(classes);
            for word in words.split(' ') {
                for (form, text) in forms(word) {
                    verbs.entry(text).or_default().push(Sense { form, particle, classes });
                }
            }
        }
        let mut objects: HashMap<&'static str, Classes> = HashMap::new();
        for (class, phrases) in objects::OBJECTS {
            for phrase in phrases.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()) {
                *objects.entry(phrase).or_default() |= object_class(class);
            }
        }
        let common: HashSet<&'static str> = common::COMMON.split_whitespace().collect();
        let mut all: Vec<&'static str> =
            objects.keys().flat_map(|phrase| phrase.split(' ')).collect();
        all.extend(
            verbs::VERBS.iter().flat_map(|(words, ..)| {
                words.split([' ', '/', ',']).filter(|word| !word.is_empty())
            }),
        );
        // Object words are mended even when they are ordinary words ("acount", "ofice").
        let ours: HashSet<&str> = objects
            .keys()
            .flat_map(|phrase| phrase.split(' '))
            .filter(|word| word.len() >= 6)
            .collect();
        all.retain(|word| {
            word.len() >= 5 && word.is_ascii() && (!common.contains(word) || ours.contains(word))
        });
        all.sort_unstable();
        all.dedup();
        let mut shortened: HashMap<String, Vec<&'static str>> = HashMap::new();
        for word in &all {
            for short in shorter(word) {
                shortened.entry(short).or_default().push(word);
            }
        }
        let in_phrases = objects.keys().flat_map(|phrase| phrase.split(' ')).collect();
        Self { verbs, objects, common, in_phrases, shortened, all }
    }

    /// The senses of a verb form.
    pub fn verb(&self, word: &str) -> &[Sense] {
        work::step();
        self.verbs.get(word).map_or(&[], Vec::as_slice)
    }

    /// The classes of an object phrase, its words joined by spaces.
    pub fn object(&self, phrase: &str) -> Classes {
        work::step();
        self.objects.get(phrase).copied().unwrap_or(0)
    }

    /// An ordinary word, or a verb's form, or an object's word?
    pub fn knows(&self, word: &str) -> bool {
        work::step();
        self.common.contains(word)
            || self.verbs.contains_key(word)
            || self.objects.contains_key(word)
    }

    /// A word of some object phrase, such as "job" of "job title"?
    pub fn in_phrase(&self, word: &str) -> bool {
        work::step();
        self.in_phrases.contains(word)
    }

    /// An ordinary word that is neither verb nor object here?
    pub fn common(&self, word: &str) -> bool {
        work::step();
        self.common.contains(word)
    }

    /// The word that was probably meant: one letter off (two from eight letters on),
    /// and only if there is just one such word.
    pub fn mend(&self, word: &str) -> Option<&'static str> {
        if let Some((_, meant)) = MISSPELT.iter().find(|(wrong, _)| *wrong == word) {
            return Some(meant);
        }
        let length = word.chars().count();
        let known = self.knows(word) || self.in_phrase(word);
        if let Some(short) = mistyped(word).filter(|_| !known) {
            return Some(short);
        }
        if !(5..=24).contains(&length) || !word.is_ascii() || known {
            return None;
        }
        let mut near: Vec<&'static str> = Vec::new();
        let mut look = |short: &str| {
            near.extend(self.shortened.get(short).into_iter().flatten().copied());
        };
        look(word);
        for short in shorter(word) {
            look(&short);
        }
        near.extend(
            shorter(word)
                .filter_map(|short| self.all.binary_search(&short.as_str()).ok())
                .map(|at| self.all[at]),
        );
        near.sort_unstable();
        near.dedup();
        near.retain(|other| strsim::osa_distance(word, other) == 1);
        if near.is_empty() && length >= 8 {
            work::steps(self.all.len());
            let first = word.as_bytes()[0];
            near.extend(self.all.iter().copied().filter(|other| {
                other.as_bytes()[0] == first
                    && other.len().abs_diff(word.len()) <= 2
                    && other.len() >= 7
                    && strsim::osa_distance(word, other) == 2
            }));
        }
        // People rarely mistype the first letter: "acount" is an account, not a count.
        if near.iter().any(|other| other.as_bytes()[0] == word.as_bytes()[0]) {
            near.retain(|other| other.as_bytes()[0] == word.as_bytes()[0]);
        }
        // "licence" and "license", "passwords" and "password": same classes, either will do.
        let first = *near.first()?;
        let same = |other: &&str| {
            self.object(other) == self.object(first)
                && self
                    .verb(other)
                    .iter()
                    .map(|s| s.classes)
                    .eq(self.verb(first).iter().map(|s| s.classes))
        };
        near.iter().all(same).then_some(first)
    }
}

/// The short word that was meant, if it is just one.
fn mistyped(word: &str) -> Option<&'static str> {
    let first = *word.as_bytes().first()?;
    let begins = |other: &&&str| other.as_bytes()[0] == first;
    let letters = |word: &str| {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    let changed = CHANGED_ABOUT.iter().filter(begins).filter(|other| {
        other.len() == word.len()
            && letters(other) == letters(word)
            && strsim::osa_distance(word, other) == 1
    });
    let left = LEFT_OUT
        .iter()
        .filter(begins)
        .filter(|other| other.len() == word.len() + 1 && strsim::osa_distance(word, other) == 1);
    let mut found = changed.chain(left);
    let one = *found.next()?;
    found.next().is_none().then_some(one)
}

fn shorter(word: &str) -> impl Iterator<Item = String> + '_ {
    (0..word.len()).filter(|at| word.is_char_boundary(*at)).map(|at| {
        let mut short = word.to_owned();
        short.remove(at);
        short
    })
}

/// `take/took,taken` → its forms; `add` → add, adds, added, adding.
fn forms(word: &str) -> Vec<(Form, String)> {
    let (base, past) = word.split_once('/').map_or((word, None), |(base, past)| (base, Some(past)));
    let same = past == Some(base);
    let mut found = vec![(if same { Form::BaseOrPast } else { Form::Base }, base.to_owned())];
    let sibilant = ["s", "sh", "ch", "x", "z"].iter().any(|end| base.ends_with(end));
    let stem_y = base.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    let third = match stem_y {
        Some(stem) => format!("{stem}ies"),
        None if sibilant => format!("{base}es"),
        None => format!("{base}s"),
    };
    found.push((Form::Third, third));
    let last: Vec<char> = base.chars().rev().take(3).collect();
    let vowel = |c: &char| "aeiou".contains(*c);
    let doubles = last.len() == 3
        && !vowel(&last[0])
        && !"wxy".contains(last[0])
        && vowel(&last[1])
        && !vowel(&last[2]);
    match past {
        Some(past) if !same => {
            found.extend(past.split(',').map(|past| (Form::Past, past.to_owned())));
        }
        Some(_) => {}
        None => {
            found.push((
                Form::Past,
                match stem_y {
                    Some(stem) => format!("{stem}ied"),
                    None if base.ends_with('e') => format!("{base}d"),
                    None => format!("{base}ed"),
                },
            ));
            if doubles {
                found.push((Form::Past, format!("{base}{}ed", last[0])));
            }
        }
    }
    let ing_stem = base.strip_suffix('e').filter(|stem| !stem.ends_with('e')).unwrap_or(base);
    found.push((Form::Ing, format!("{ing_stem}ing")));
    if doubles {
        found.push((Form::Ing, format!("{base}{}ing", last[0])));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_are_known() {
        for word in
            ["disabling", "stripped", "took", "removed", "unassigning", "revokes", "applied"]
        {
            assert!(!LEXICON.verb(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn typing_errors_are_mended_and_ordinary_words_left_alone() {
        assert_eq!(LEXICON.mend("disbale"), Some("disable"));
        assert_eq!(LEXICON.mend("resert"), Some("reset"));
        let mended = LEXICON.mend("passwrd").unwrap();
        assert_ne!(LEXICON.object(mended) & object_class("password"), 0);
        assert_eq!(LEXICON.mend("sesions"), Some("sessions"));
        for word in ["brown", "phone", "block", "table", "group", "list"] {
            assert_eq!(LEXICON.mend(word), None, "{word}");
        }
    }
}
