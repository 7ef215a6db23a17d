//! The words about somebody → post, department, office, manager, days, licences, groups.

use serde_json::{Map, Value};

use super::{
    managers::{Manager, manager},
    marks::Run,
    posts,
};
use crate::{
    domain::{proposal::Because, trouble::Question},
    interpret::{
        dates::When,
        entities::{Span, What},
        lifecycle::{first_day, is_post, last_day, titled},
        scene::Scene,
        slots::{self, Filled},
        text::Sort,
    },
};

/// What is told of one person.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// By the name of the argument: the value, and the words that gave it.
    all: Vec<(&'static str, Value, Run)>,
    /// What is not clear: the argument, and what to ask.
    pub asks: Option<(&'static str, Question)>,
}

impl Facts {
    /// Looks through these runs; `behind`: where the name ends that a post may stand beside.
    pub(super) fn of(scene: &Scene<'_>, runs: &[Run], behind: Option<usize>) -> Self {
        let mut facts = Self::default();
        for run in runs.iter().copied() {
            let inside = behind.filter(|at| (run.0..run.1).contains(at));
            facts.read(scene, run, inside);
        }
        facts
    }

    fn read(&mut self, scene: &Scene<'_>, run: Run, behind: Option<usize>) {
        if let Some(post) = posts::post(scene, run, behind) {
            let said = scene.said(post.0, post.1).trim().trim_matches(['"', '\'', '.']).to_owned();
            let said = if scene.tokens[post.0].capital { said } else { titled(&said) };
            self.put("job_title", Value::String(said), post);
        }
        if let Some((name, at)) = department(scene, run) {
            self.put("department", Value::String(name), at);
        }
        if let Some((name, at)) = office(scene, run) {
            self.put("office_location", Value::String(name), at);
        }
        match manager(scene, run) {
            Some(Manager::Is(value, at)) => self.put("manager", value, at),
            Some(Manager::Asks(question)) if !self.has("manager") => {
                self.asks.get_or_insert(("manager", question));
            }
            _ => {}
        }
        let day = |when: &When| (Value::String(when.date.to_string()), (when.from, when.to));
        if let Some((value, at)) = first_day(scene, run.0, run.1).map(day) {
            self.put("start_date", value, at);
        }
        if let Some((value, at)) = last_day(scene, run.0, run.1, &[]).map(day) {
            self.put("end_date", value, at);
        }
        if let Some(at) = phone(scene, run) {
            self.put("mobile_phone", Value::String(scene.said(at.0, at.1)), at);
        }
        self.licences(scene, run);
        self.groups(scene, run);
    }

    fn has(&self, name: &str) -> bool {
        self.all.iter().any(|(other, ..)| *other == name)
    }

    fn put(&mut self, name: &'static str, value: Value, at: Run) {
        if !self.has(name) {
            self.all.push((name, value, at));
        }
    }

    /// Adds to a list.
    fn add(&mut self, name: &'static str, value: Value, at: Run) {
        match self.all.iter_mut().find(|(other, ..)| *other == name) {
            Some((_, Value::Array(all), _)) if !all.contains(&value) => all.push(value),
            Some(_) => {}
            None => self.all.push((name, Value::Array(vec![value]), at)),
        }
    }

    fn licences(&mut self, scene: &Scene<'_>, (from, to): Run) {
        for span in scene.lattice.spans_in(from, to).filter(|span| !span.negated) {
            let What::Sku(skus) = &span.what else { continue };
            if is_post(scene.word(span.to)) || denied(scene, span.from, from) {
                continue;
            }
            match slots::sku_value(scene, span, skus) {
                Filled::Value(value, _) => self.add("licenses", value, (span.from, span.to)),
                Filled::Ask(question) => {
                    self.asks.get_or_insert(("licenses", question));
                }
                Filled::Absent => {}
            }
        }
    }

    fn groups(&mut self, scene: &Scene<'_>, (from, to): Run) {
        let places = scene.places(from, to, false);
        for span in scene.lattice.spans_in(from, to).filter(|span| !span.negated) {
            let What::Group(groups) = &span.what else { continue };
            let [one] = groups.as_slice() else { continue };
            // "License M365 E3" may be the name of a group, and is said of a licence.
            if ["license", "licence", "licenses", "licences"].contains(&scene.word(span.from)) {
                continue;
            }
            let place = places.iter().any(|(a, b, _)| (*a, *b) == (span.from, span.to));
            let office = office_named(scene, span);
            // "Payroll Readers is not required"
            let without = ["is", "are", "isnt"].contains(&scene.word(span.to))
                && (span.to..span.to + 3).any(|at| ["not", "isnt"].contains(&scene.word(at)));
            if without
                || (place || office) && !called_a_group(scene, span)
                || spoken_of(scene, span)
                || denied(scene, span.from, from)
            {
                continue;
            }
            let name = slots::group_value(scene.index, *one);
            self.add("groups", Value::String(name), (span.from, span.to));
        }
    }

    /// What is not told of one is told of all.
    pub(super) fn or(mut self, shared: &Self) -> Self {
        for (name, value, at) in &shared.all {
            match (*name, value) {
                ("licenses" | "groups", Value::Array(more)) => {
                    let own = self.has(name) && *name == "licenses";
                    for value in more.iter().filter(|_| !own) {
                        self.add(name, value.clone(), *at);
                    }
                }
                ("job_title", Value::String(title)) => {
                    self.put(name, Value::String(single(title)), *at);
                }
                _ => self.put(name, value.clone(), *at),
            }
        }
        if self.asks.is_none() {
            self.asks = shared.asks.clone().filter(|(name, _)| !self.has(name));
        }
        self
    }

    /// How much is told, days aside.
    pub(super) fn count(&self) -> usize {
        self.all.iter().filter(|(name, ..)| *name != "end_date").count()
    }

    /// Is something told of their work, or are they given something?
    pub(super) fn core(&self) -> bool {
        ["job_title", "department", "manager", "licenses", "groups"]
            .iter()
            .any(|name| self.has(name))
    }

    /// What is told of it.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.all.iter().find(|(other, ..)| *other == name).map(|(_, value, _)| value)
    }

    /// Is this told?
    pub(super) fn tells(&self, name: &str) -> bool {
        self.has(name)
    }

    /// All of it, as arguments, and the words that gave each.
    pub(super) fn arguments(&self, scene: &Scene<'_>) -> (Map<String, Value>, Vec<Because>) {
        let mut arguments = Map::new();
        let mut because = Vec::new();
        for (name, value, (from, to)) in &self.all {
            arguments.insert((*name).to_owned(), value.clone());
            let quoted = scene.sentence(*from).quoted;
            because.push(Because {
                words: scene.said(*from, *to),
                gave: (*name).to_owned(),
                quoted,
            });
        }
        (arguments, because)
    }
}

/// "two new QA Engineers": each is one.
fn single(title: &str) -> String {
    let one = title.strip_suffix('s').filter(|one| !one.ends_with('s'));
    let last = one.and_then(|one| one.split(' ').next_back());
    match (one, last) {
        (Some(one), Some(last)) if is_post(&last.to_lowercase()) => one.to_owned(),
        _ => title.to_owned(),
    }
}

/// "no licence", "not in All Staff", "without Visio"
fn denied(scene: &Scene<'_>, at: usize, from: usize) -> bool {
    const BACK_MAX: usize = 6;
    let stop = from.max(at.saturating_sub(BACK_MAX));
    (stop..at)
        .rev()
        .take_while(|at| {
            let token = &scene.tokens[*at];
            token.word() || matches!(token.sort, Sort::Mark('(' | '+' | '&' | '/'))
        })
        .any(|at| {
            ["not", "no", "dont", "without", "never", "except", "nor"].contains(&scene.word(at))
        })
}

/// "the Engineering group", "group: Procurement", "add her to Procurement"
fn called_a_group(scene: &Scene<'_>, span: &Span) -> bool {
    const NOUNS: &[&str] =
        &["group", "groups", "list", "lists", "dl", "dls", "team", "teams", "channel"];
    const PUTS: &[&str] = &["add", "added", "put", "pop", "stick", "include", "member", "members"];
    let before = span.from.saturating_sub(3)..span.from;
    NOUNS.contains(&scene.word(span.to))
        || before.clone().any(|at| NOUNS[..6].contains(&scene.word(at)))
        || (span.from.saturating_sub(5)..span.from).any(|at| PUTS.contains(&scene.word(at)))
}

/// "in the London office" is no group "London Office".
fn office_named(scene: &Scene<'_>, span: &Span) -> bool {
    let last = span.to.saturating_sub(1);
    scene.word(last) == "office" && !scene.places(span.from, span.to, true).is_empty()
}

/// The department somebody will be in: none that only says which Rachel is meant, is a part of a
/// post or of the name of a group, or is left.
fn department(scene: &Scene<'_>, (from, to): Run) -> Option<(String, Run)> {
    let fits = |(start, end): Run| {
        let word = |back: usize| start.checked_sub(back).map_or("", |at| scene.word(at));
        let whole = scene.span(start).is_none_or(|span| {
            matches!(span.what, What::Nobody)
                || span.from == start && span.to == end
                || matches!(span.what, What::Team(_))
                || matches!(span.what, What::Group(_))
                    && span.to <= end + 1
                    && span.from == start
                    && ["department", "dept", "team"].contains(&scene.word(end))
                    && !scene.tokens[end].capital
        });
        let behind = ["from", "of", "in", "at"].contains(&word(1))
            || start > 0 && scene.tokens[start - 1].is('(');
        let which = behind
            && start > 1
            && scene
                .span(start - 2)
                .is_some_and(|span| span.to == start - 1 && matches!(span.what, What::People(..)));
        let left = ["from", "leave", "leaves", "leaving"].contains(&word(1))
            || word(1) == "the" && word(2) == "from";
        let head =
            word(1) == "of" && (is_post(word(2)) || ["vp", "director", "head"].contains(&word(2)));
        // "Account Executive" holds the word for a department.
        let inside = is_post(scene.word(start))
            && start > from
            && scene.tokens[start - 1].word()
            && !["in", "for", "of", "the", "to", "at", "our", "dept", "department", "and", "from"]
                .contains(&scene.word(start - 1));
        let post = inside
            || (end..to.min(end + 4))
                .take_while(|at| {
                    scene.tokens[*at].word()
                        && scene.tokens[*at].capital == scene.tokens[start].capital
                })
                .any(|at| is_post(scene.word(at)) && !["lead"].contains(&scene.word(at)));
        whole && !(which || left || head || post)
    };
    let places = scene.places(from, to, false).into_iter();
    let found = places.map(|(a, b, name)| (name, (a, b))).find(|(_, run)| fits(*run))?;
    Some(found)
}

/// The office somebody will be in, and none that is left.
fn office(scene: &Scene<'_>, (from, to): Run) -> Option<(String, Run)> {
    let fits = |(start, end): Run| {
        let word = |back: usize| start.checked_sub(back).map_or("", |at| scene.word(at));
        let group = scene.span(start).is_some_and(|span| {
            matches!(span.what, What::Group(_) | What::Named(_) | What::Sku(_))
                && span.to > end
                && (span.to != end + 1 || scene.tokens[end].capital)
                && !["in", "at", "to", "the", "from"].contains(&word(1))
        });
        let left = ["from", "not", "than", "leaves", "leaving"].contains(&word(1))
            || word(1) == "of" && word(2) == "instead"
            || word(1) == "the" && word(2) == "from";
        let post = is_post(scene.word(end)) && scene.tokens[end].capital;
        !(group || left || post)
    };
    let places = scene.places(from, to, true).into_iter();
    places.map(|(a, b, name)| (name, (a, b))).find(|(_, run)| fits(*run))
}

/// "+44 7700 900123", "mobile 07700 900 123"
fn phone(scene: &Scene<'_>, (from, to): Run) -> Option<Run> {
    const LABELS: &[&str] = &["mobile", "phone", "cell", "tel", "telephone", "number", "handy"];
    const DIGITS_MIN: usize = 7;
    let digits = |at: usize| {
        let word = scene.word(at);
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    (from..to).find_map(|at| {
        let plus = scene.tokens[at].is('+') && at + 1 < to && digits(at + 1);
        let named =
            digits(at) && (at.saturating_sub(3)..at).any(|at| LABELS.contains(&scene.word(at)));
        let end = (at + usize::from(plus)..to)
            .take_while(|at| {
                digits(*at) || matches!(scene.tokens[*at].sort, Sort::Mark('-' | '(' | ')' | '/'))
            })
            .count()
            + at
            + usize::from(plus);
        let count: usize =
            (at..end).map(|at| if digits(at) { scene.word(at).len() } else { 0 }).sum();
        let end = (at..end).rev().find(|at| digits(*at)).map_or(end, |last| last + 1);
        ((plus || named) && count >= DIGITS_MIN).then_some((at, end))
    })
}

/// "on our HR team", "joins the marketing team": told of, and given to nobody.
fn spoken_of(scene: &Scene<'_>, span: &Span) -> bool {
    let word = |back: usize| span.from.checked_sub(back).map_or("", |at| scene.word(at));
    let last = &scene.tokens[span.to - 1];
    let ours = ["our", "my", "the", "their", "his", "her"].contains(&word(1))
        && ["on", "in", "to", "of", "for", "joins", "joining", "with"].contains(&word(2));
    ours && last.folded == "team" && !last.capital && !called_a_group(scene, span)
}
