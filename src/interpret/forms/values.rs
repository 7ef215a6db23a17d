//! The values of a record → arguments: words, people, places, licences, groups, times.
//!
//! Not here: which of them a form needs.

use serde_json::Value;

use super::{
    grid::{Record, Run},
    labels::Field,
    purpose::Around,
};
use crate::{
    actions::wording::Sort,
    domain::{
        proposal::{Because, Proposal},
        trouble::Question,
    },
    interpret::{
        dates::When,
        entities::{Span, What},
        scene::Scene,
        slots::{self, Filled},
        text,
    },
};

/// A proposal that is being made of a record.
pub(super) struct Made<'a, 's> {
    pub(super) scene: &'a Scene<'s>,
    pub(super) record: &'a Record,
    pub(super) proposal: Proposal,
    /// The first thing to ask.
    pub(super) open: Option<(String, Question)>,
    /// A day that is over already.
    pub(super) over: Option<String>,
    /// It stands in quoted words.
    pub(super) quoted: bool,
}

impl Made<'_, '_> {
    /// Sets an argument, with the words that gave it.
    pub(super) fn set(&mut self, argument: &str, value: Value, words: Run) {
        let words = self.scene.said(words.0, words.1);
        self.proposal.arguments.insert(argument.to_owned(), value);
        self.proposal.because.push(Because {
            words,
            gave: argument.to_owned(),
            quoted: self.quoted,
        });
    }

    /// Asks for an argument; the first thing that is asked counts.
    pub(super) fn ask(&mut self, argument: &str, question: Question) {
        self.open.get_or_insert((argument.to_owned(), question));
    }

    /// The words of a field, without what stands in brackets or behind a comma.
    pub(super) fn words(&self, field: Field) -> Option<(String, Run)> {
        let (from, to) = self.record.value(field)?;
        let end = (from..to)
            .find(|at| ['(', ',', ';'].iter().any(|mark| self.scene.tokens[*at].is(*mark)))
            .unwrap_or(to);
        let words = self.scene.said(from, end);
        let words = words.trim_matches(|c: char| "\"'.*_ ".contains(c)).to_owned();
        let nothing = ["", "-", "–", "n/a", "na", "none", "tbc", "tbd", "?", "unchanged", "same"];
        (!nothing.contains(&words.to_lowercase().as_str())).then_some((words, (from, end)))
    }

    /// What somebody is called: "Park, Ada" and "Dr Ada Park" are Ada Park.
    pub(super) fn name(&self, field: Field) -> Option<(String, Run)> {
        const STYLES: &[&str] =
            &["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "herr", "frau", "sr", "sra"];
        let (words, run) = self.words(field)?;
        let words = quiet(&words);
        let bare = |words: &str| {
            let style =
                |word: &&str| STYLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
            words.split_whitespace().skip_while(style).collect::<Vec<_>>().join(" ")
        };
        let (from, mut to) = self.record.value(field)?;
        // "Park, Ada" in quotation marks, as sheets write it
        let quoted =
            to > from + 2 && self.scene.tokens[from].is('"') && self.scene.tokens[to - 1].is('"');
        let value = (from, to);
        to -= usize::from(quoted);
        let comma = (from..to).filter(|at| self.scene.tokens[*at].is(',')).collect::<Vec<_>>();
        let [comma] = comma.as_slice() else { return Some((bare(&words), run)) };
        let behind = self.scene.said(comma + 1, to);
        let label = self.record.all.iter().find(|one| one.field == field && one.value == value);
        let turned = quoted
            || label.is_some_and(|one| {
                (one.label.0..one.label.1).any(|at| {
                    ["last", "surname", "surnames", "family"].contains(&self.scene.word(at))
                })
            });
        let name = (comma + 1..to).all(|at| {
            let token = &self.scene.tokens[at];
            token.word() && token.capital || ['-', '\'', '.'].iter().any(|mark| token.is(*mark))
        });
        let short = !words.contains(' ') && behind.split_whitespace().count() <= 2;
        if behind.is_empty() || !name || !(turned || short) {
            return Some((bare(&words), run));
        }
        Some((format!("{} {words}", bare(&quiet(&behind))), (from, to)))
    }

    /// A telephone number, with its brackets.
    pub(super) fn phone(&mut self, argument: &str, field: Field) {
        let Some((from, to)) = self.record.value(field) else { return };
        let end = (from..to).find(|at| self.scene.tokens[*at].is(';')).unwrap_or(to);
        let said = self.scene.said(from, end);
        let number = said.trim_matches(|c: char| !c.is_ascii_digit() && c != '+' && c != '(');
        if number.bytes().filter(u8::is_ascii_digit).count() >= 5 {
            self.set(argument, Value::String(number.to_owned()), (from, end));
        }
    }

    /// The words of the first of these fields that is filled in.
    pub(super) fn text(&mut self, argument: &str, fields: &[Field]) {
        if let Some((words, run)) = fields.iter().find_map(|field| self.words(*field)) {
            self.set(argument, Value::String(words), run);
        }
    }

    /// All of a field, as it stands.
    pub(super) fn line(&mut self, argument: &str, field: Field) {
        if let Some((from, to)) = self.record.value(field) {
            let words = self.scene.said(from, to);
            let words = words.trim().trim_matches('"').trim().to_owned();
            if !words.is_empty() {
                self.set(argument, Value::String(words), (from, to));
            }
        }
    }

    /// What is named in a run of tokens.
    pub(super) fn spans(&self, (from, to): Run) -> impl Iterator<Item = &Span> {
        self.scene.lattice.spans.iter().filter(move |span| span.from >= from && span.to <= to)
    }

    /// The first person of the first of these fields that is filled in; asked for if needed.
    pub(super) fn person(&mut self, argument: &str, fields: &[Field]) {
        let Some(run) = fields.iter().find_map(|field| self.record.value(*field)) else {
            return self.ask(argument, slots::whom(None));
        };
        let mut span = self.spans(run).find(|span| span.person()).cloned();
        // "to her line manager": hers whom the form is about.
        let theirs = |what: &What| matches!(what, What::Manager(of) if **of == What::Pronoun);
        if let Some(span) = span.as_mut().filter(|span| theirs(&span.what))
            && let Some(about) = self.about()
        {
            span.what = What::Manager(Box::new(about));
        }
        if let Some(at) = self.surname_first(run) {
            let upn = self.scene.index.somebody(at).upn.to_owned();
            return self.set(argument, Value::String(upn), run);
        }
        let found = span.map(|span| slots::person(self.scene, &span, &span.what, false));
        match found {
            Some(Filled::Value(value, _)) => self.set(argument, value, run),
            Some(Filled::Ask(question)) => self.ask(argument, question),
            _ => {
                let said = self.scene.said(run.0, run.1);
                self.ask(argument, slots::whom(Some(said)));
            }
        }
    }

    /// "Park, Ada": the only one of that name.
    fn surname_first(&self, (from, to): Run) -> Option<usize> {
        let comma = (from..to).find(|at| self.scene.tokens[*at].is(','))?;
        let words = |from: usize, to: usize| {
            let word = |at: usize| self.scene.tokens[at].word().then(|| self.scene.word(at));
            (from..to).filter_map(word).collect::<Vec<_>>()
        };
        let (last, first) = (words(from, comma), words(comma + 1, to));
        let name = [first, last].concat();
        match self.scene.index.full_name(&name).as_slice() {
            [one] if name.len() <= 6 => Some(*one),
            _ => None,
        }
    }

    /// Whom the form is about.
    fn about(&self) -> Option<What> {
        let fields = [Field::Name, Field::Login];
        let run = fields.into_iter().find_map(|field| self.record.value(field))?;
        let person = self.spans(run).find(|span| matches!(span.what, What::People(..)));
        person.map(|span| span.what.clone())
    }

    /// A mail address, or that of a shared mailbox that is named.
    pub(super) fn address(&self, run: Run) -> Option<(String, Run)> {
        let written = (run.0..run.1).find(|at| self.scene.tokens[*at].sort == text::Sort::Address);
        if let Some(at) = written {
            return Some((self.scene.tokens[at].folded.clone(), (at, at + 1)));
        }
        self.spans(run).find_map(|span| {
            let What::Named(all) = &span.what else { return None };
            let mailbox = |at: &&usize| self.scene.index.named[**at].sort == Sort::Mailbox;
            let at = all.iter().find(mailbox)?;
            Some((self.scene.index.named[*at].value.clone(), (span.from, span.to)))
        })
    }

    /// The same where it may be left out.
    pub(super) fn maybe(&mut self, argument: &str, fields: &[Field]) {
        if fields.iter().any(|field| self.words(*field).is_some()) {
            self.person(argument, fields);
        }
    }

    /// A department or an office: as the directory calls it, or as it is written.
    pub(super) fn place(&mut self, argument: &str, fields: &[Field], offices: bool) {
        let Some((words, run)) = fields.iter().find_map(|field| self.words(*field)) else { return };
        let known = self.scene.places(run.0, run.1, offices).into_iter().next();
        self.set(argument, Value::String(known.map_or(words, |(_, _, name)| name)), run);
    }

    /// The licences of a run, as a list.
    pub(super) fn licences(&mut self, run: Run) {
        let spans: Vec<Span> = self.spans(run).cloned().collect();
        let mut all = Vec::new();
        for span in &spans {
            let What::Sku(skus) = &span.what else { continue };
            match slots::sku_value(self.scene, span, skus) {
                Filled::Value(value, _) if !all.contains(&value) => all.push(value),
                Filled::Ask(question) => return self.ask("licenses", question),
                _ => {}
            }
        }
        if !all.is_empty() {
            self.set("licenses", Value::Array(all), run);
        }
    }

    /// The groups of a run, as a list.
    pub(super) fn groups(&mut self, run: Run) {
        let mut all: Vec<Value> = Vec::new();
        for span in self.spans(run) {
            let What::Group(found) = &span.what else { continue };
            let [one] = found.as_slice() else { continue };
            let value = Value::String(slots::group_value(self.scene.index, *one));
            if !all.contains(&value) {
                all.push(value);
            }
        }
        if !all.is_empty() {
            self.set("groups", Value::Array(all), run);
        }
    }

    /// The first time of these fields, its hour with it.
    pub(super) fn time(&self, fields: &[Field]) -> Option<(When, Run)> {
        let run = fields.iter().find_map(|field| self.record.value(*field))?;
        let inside = |when: &&When| when.from >= run.0 && when.to <= run.1;
        let mut whens = self.scene.whens.iter().filter(inside);
        let mut day = *whens.next()?;
        if let Some(clock) = whens.find(|when| !when.dated && day.time.is_none()) {
            day.time = clock.time;
        }
        Some((day, run))
    }

    /// When it is to happen.
    pub(super) fn when(&mut self, fields: &[Field]) {
        if self.proposal.arguments.contains_key(slots::AT) {
            return;
        }
        let Some((mut when, run)) = self.time(fields) else { return };
        if let (None, Some((hour, _))) = (when.time, self.time(&[Field::Hour])) {
            // "same day, 18:00", not the hour of another day
            when.time = hour.time.filter(|_| !hour.dated || hour.date == when.date);
        }
        self.at(when, run);
    }

    /// This time; a day that is over is asked about.
    pub(super) fn at(&mut self, when: When, run: Run) {
        if when.past(&self.scene.context.now) {
            self.over.get_or_insert(self.scene.said(run.0, run.1));
        } else if !when.now {
            self.set(slots::AT, Value::String(when.text()), run);
        }
    }

    /// A time that is said of all of it, around the form.
    pub(super) fn when_around(&mut self, around: &Around) {
        const LEADS: &[&str] =
            &["of", "from", "effective", "on", "per", "wef", "f", "as", "for", "eff"];
        if self.proposal.arguments.contains_key(slots::AT) {
            return;
        }
        let lead = |when: &When| {
            // "w.e.f. 16 March"
            let mut words = (when.from.saturating_sub(3)..when.from).rev();
            let lead =
                words.find(|at| self.scene.tokens[*at].word() && self.scene.word(*at) != "the");
            lead.is_some_and(|at| LEADS.contains(&self.scene.word(at)))
        };
        if let Some(when) = self.day_around(around).filter(lead) {
            self.at(when, (when.from, when.to));
        }
    }

    /// The one day ahead that is said around the form.
    pub(super) fn day_around(&self, around: &Around) -> Option<When> {
        let inside = |when: &&When| {
            around.runs.iter().any(|(from, to)| when.from >= *from && when.to <= *to)
        };
        let mut ahead = self
            .scene
            .whens
            .iter()
            .filter(inside)
            .filter(|when| when.dated && !when.now && !when.past(&self.scene.context.now));
        match (ahead.next(), ahead.next()) {
            (Some(when), None) => Some(*when),
            _ => None,
        }
    }

    /// The people of a field, as a list.
    pub(super) fn people(&mut self, argument: &str, field: Field) {
        let Some(run) = self.record.value(field) else { return };
        let spans: Vec<Span> = self.spans(run).filter(|span| span.person()).cloned().collect();
        let mut all = Vec::new();
        for span in &spans {
            match slots::person(self.scene, span, &span.what, false) {
                Filled::Value(value, _) if !all.contains(&value) => all.push(value),
                Filled::Ask(question) => return self.ask(argument, question),
                _ => {}
            }
        }
        if !all.is_empty() {
            self.set(argument, Value::Array(all), run);
        }
    }

    /// "convert to shared" is yes, "do not convert" no; nothing said is nothing.
    pub(super) fn yes(&self, field: Field, yes: &[&str]) -> Option<(bool, Run)> {
        let run = self.record.value(field)?;
        let says = |words: &[&str]| (run.0..run.1).any(|at| words.contains(&self.scene.word(at)));
        // "keep as shared" is a yes, "keep" alone is a no.
        let keeps = says(&["keep", "kept", "retain", "leave"]) && !says(&["shared"]);
        if keeps || says(&["no", "not", "dont", "n", "none", "na"]) {
            return Some((false, run));
        }
        says(yes).then_some((true, run))
    }
}

/// "DUBOIS-LAURENT" is written so that it is seen, and is Dubois-Laurent.
fn quiet(name: &str) -> String {
    let loud = |word: &str| {
        word.chars().filter(|c| c.is_alphabetic()).count() > 3
            && word.chars().all(|c| !c.is_lowercase())
    };
    let word = |word: &str| {
        if !loud(word) {
            return word.to_owned();
        }
        let mut begins = true;
        let letter = |c: char| {
            let shown: String =
                if begins { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
            begins = !c.is_alphabetic();
            shown
        };
        word.chars().map(letter).collect()
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
