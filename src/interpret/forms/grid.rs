//! Lines → labelled values: "Name: …", "name = …", "Name ..... …", "| Name | … |", a header
//! with rows under it, "Ada -> Lee".

use super::{
    labels::{Field, field},
    tables::{settled, table},
};
use crate::interpret::{
    entities::{Span, What},
    scene::Scene,
    text::Sort,
};

/// A label has at most so many words.
const LABEL_WORDS_MAX: usize = 5;

/// A run of tokens.
pub(super) type Run = (usize, usize);

/// A label and its value; an empty run where nothing is filled in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entered {
    pub field: Field,
    pub label: Run,
    pub value: Run,
}

/// What belongs together: a form, or a row of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub all: Vec<Entered>,
}

impl Record {
    /// The value of a field, if it is there and something is filled in.
    pub(super) fn value(&self, wanted: Field) -> Option<Run> {
        let mut all = self.all.iter();
        all.find(|one| one.field == wanted && one.value.1 > one.value.0).map(|one| one.value)
    }

    /// Is this field there, filled in or not?
    pub(super) fn has(&self, wanted: Field) -> bool {
        self.all.iter().any(|one| one.field == wanted)
    }
}

/// A form or a table.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub from: usize,
    pub to: usize,
    pub records: Vec<Record>,
    /// It has rows under a header.
    pub table: bool,
}

impl Grid {
    /// Does any record have this field?
    pub(super) fn has(&self, wanted: Field) -> bool {
        self.records.iter().any(|record| record.has(wanted))
    }
}

/// The forms and tables among the tokens, in order.
pub(super) fn grids(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Grid> {
    let lines = lines(scene, from, to);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let read = table(scene, &lines[at..])
            .or_else(|| form(scene, &lines[at..]))
            .or_else(|| arrows(scene, &lines[at..]));
        match read {
            Some((mut grid, taken)) => {
                if let Some(before) = at.checked_sub(1) {
                    headed(scene, lines[before], &mut grid);
                }
                found.push(grid);
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

fn lines(scene: &Scene<'_>, from: usize, to: usize) -> Vec<Run> {
    let mut found = Vec::new();
    let mut start = from;
    for at in (from..to).filter(|at| scene.tokens[*at].sort == Sort::Line).chain([to]) {
        let slashes: Vec<usize> = slashed(scene, start, at);
        for slash in slashes {
            found.push((start, slash));
            start = slash + 1;
        }
        found.push((start, at));
        start = at + 1;
    }
    found
}

/// "Name: Ada / Position: Buyer / Dept: Sales": where one line is several.
fn slashed(scene: &Scene<'_>, from: usize, to: usize) -> Vec<usize> {
    let colons = (from..to).filter(|at| is(scene, *at, &[':'])).count();
    let slash = |at: &usize| is(scene, *at, &['/', '|']) && !scene.tokens[*at].glued;
    let all: Vec<usize> = (from..to).filter(slash).collect();
    if colons >= 3 && all.len() + 1 >= colons && all.len() >= 2 { all } else { Vec::new() }
}

pub(super) fn is(scene: &Scene<'_>, at: usize, marks: &[char]) -> bool {
    scene.tokens.get(at).is_some_and(|token| marks.iter().any(|mark| token.is(*mark)))
}

/// A mark of no keyboard: an emoji before a label.
fn picture(scene: &Scene<'_>, at: usize) -> bool {
    matches!(scene.tokens[at].sort, Sort::Mark(mark) if u32::from(mark) > 0x2100)
}

/// Without blanks, bullets, boxes and numbers in front.
fn bare(scene: &Scene<'_>, (mut from, to): Run) -> Run {
    while from < to {
        let number = scene.word(from).bytes().all(|byte| byte.is_ascii_digit())
            && !scene.word(from).is_empty()
            && is(scene, from + 1, &['.', ')'])
            && from + 2 < to
            && !scene.tokens[from + 2].glued;
        if number {
            from += 2;
        } else if is(scene, from, &['-', '*', '•', '–', '>', '#', '\u{2022}', '\u{00B7}'])
            || picture(scene, from)
        {
            from += 1;
        } else {
            break;
        }
    }
    (from, to)
}

/// A label, as folded words: "Forename(s)" is `forename s`, "Shared mailbox (Y/N)?" is
/// `shared mailbox`.
pub(super) fn label(scene: &Scene<'_>, (from, mut to): Run) -> Option<String> {
    // "Last name, first name"
    let names = (from..to).all(|at| {
        let name = [
            "last",
            "first",
            "name",
            "names",
            "surname",
            "surnames",
            "forename",
            "given",
            "family",
            "employee",
            "emp",
            "staff",
            "candidate",
        ];
        !scene.tokens[at].word() || name.contains(&scene.word(at))
    });
    let ends = |at: usize| {
        let choice =
            ["y", "n", "yes"].contains(&scene.word(at)) || scene.word(at) == "no" && at > from + 1;
        choice || is(scene, at, &['/', '(', ')', '?'])
    };
    let before = to;
    while to > from + 1 && ends(to - 1) {
        to -= 1;
    }
    // "Contact no", without a choice behind it
    if (to..before).all(|at| scene.word(at) == "no") {
        to = before;
    }
    let words = (from..to).filter(|at| scene.tokens[*at].word()).count();
    let plain = (from..to).all(|at| {
        let token = &scene.tokens[at];
        let point = is(scene, at, &['.']) && at > from && token.glued;
        token.word()
            || point
            || names && is(scene, at, &[','])
            || is(scene, at, &['/', '(', ')', '-', '\'', '*', '_', '&', '?', '"', '+'])
    });
    (plain && (1..=LABEL_WORDS_MAX).contains(&words)).then(|| scene.key(from, to).replace('_', " "))
}

/// "Name: …", "Name = …", "Name ..... …", "Name | …", "Name – …": label and value.
/// Inside a form a dash may stand behind a label of no field of ours.
fn entered(scene: &Scene<'_>, line: Run, inside: bool) -> Option<(Run, Run)> {
    let (from, to) = bare(scene, line);
    let end = to.min(from + LABEL_WORDS_MAX + 6);
    // "Email - forward to: Ada Park"
    let colon = (from + 1..end).find(|at| is(scene, *at, &[':', '=']));
    let colon = colon.filter(|at| label(scene, (from, *at)).is_some());
    for at in colon.unwrap_or(from + 1)..end {
        let dots = (at..to).take_while(|at| is(scene, *at, &['.', '…'])).count();
        // "Last working day . 21/11/2025": the leader is as long as the line leaves room for.
        let apart = |at: usize| scene.tokens.get(at).is_some_and(|token| !token.glued);
        let leads = (1..3).contains(&dots) && apart(at) && at + dots < to && apart(at + dots);
        let dash = is(scene, at, &['–', '—', '-']) && !scene.tokens[at].glued;
        let pipe = is(scene, at, &['|']) && !(at + 1..to).any(|at| is(scene, at, &['|']));
        // "Convert mailbox? Yes"
        let asks = inside && is(scene, at, &['?']) && at + 1 < to;
        let skip = if dots >= 3 || leads || is(scene, at, &['…']) {
            dots.max(1)
        } else if is(scene, at, &[':', '=']) || pipe || dash || asks {
            1
        } else {
            continue;
        };
        let own = label(scene, (from, at))?;
        // "--- New starter ---": a heading between two rules.
        let value = at + skip..to;
        if dash
            && !value.is_empty()
            && value.clone().all(|at| matches!(scene.tokens[at].sort, Sort::Mark(_)))
        {
            return None;
        }
        // A dash stands in many lines that are no fields.
        if (dash || asks) && field(&own) == Field::Other && (asks || !inside) {
            return None;
        }
        let value = at + skip + usize::from(is(scene, at + skip, &[':', '=']) && dots >= 3);
        return Some(((from, at), (value.min(to), to)));
    }
    None
}

/// Lines that follow each other, each with a label: at least two of them fields of ours.
fn form(scene: &Scene<'_>, lines: &[Run]) -> Option<(Grid, usize)> {
    entered(scene, *lines.first()?, false)?;
    let mut record = Record::default();
    let mut taken = 0;
    for (number, line) in lines.iter().enumerate() {
        let blank = bare(scene, *line).0 == line.1;
        let known = record.all.iter().filter(|one| one.field != Field::Other).count();
        match entered(scene, *line, known >= 2) {
            Some((key, value)) => {
                let own = label(scene, key).map_or(Field::Other, |label| field(&label));
                // "From: Ada Park": the head of a mail.
                let head = scene
                    .lattice
                    .spans
                    .iter()
                    .any(|span| span.from >= value.0 && span.to <= value.1 && span.named());
                let moved = [Field::Department, Field::OldDepartment].contains(&own);
                let own = if moved && head { Field::Other } else { own };
                record.all.push(Entered { field: own, label: key, value });
                taken = number + 1;
            }
            None if blank && number == taken => {}
            None => break,
        }
    }
    let known = record.all.iter().filter(|one| one.field != Field::Other).count();
    let last = lines[taken.checked_sub(1)?];
    let records = vec![settled(scene, record)];
    let grid = Grid { from: lines[0].0, to: last.1, records, table: false };
    (known >= 2).then_some((grid, taken))
}

/// "* Maria Reyes-Villanueva", "Retirement - Ada Park": the line before a form that names nobody.
fn headed(scene: &Scene<'_>, line: Run, grid: &mut Grid) {
    let fields =
        [Field::Name, Field::First, Field::Last, Field::Login, Field::Email, Field::Property];
    let [record] = grid.records.as_mut_slice() else { return };
    if grid.table || fields.iter().any(|field| record.has(*field)) {
        return;
    }
    let (from, to) = bare(scene, line);
    let name = |at: usize| {
        let token = &scene.tokens[at];
        token.word() && token.capital || is(scene, at, &['-', '\'']) && token.glued
    };
    let named = |span: &&Span| matches!(span.what, What::People(..));
    let mut people = scene.lattice.spans_in(from, to).filter(named);
    let value = match (people.next(), people.next()) {
        (Some(one), None) if to <= from + 8 => (one.from, one.to),
        (None, _) if (from..to).all(name) && (2..=7).contains(&(to - from)) => (from, to),
        _ => return,
    };
    record.all.push(Entered { field: Field::Name, label: (value.0, value.0), value });
    grid.from = from;
}

/// "Ada -> Lee", "Ada → Sales Team": at least two lines of it.
fn arrows(scene: &Scene<'_>, lines: &[Run]) -> Option<(Grid, usize)> {
    let one = |line: &Run| {
        let (from, to) = bare(scene, *line);
        let at = (from + 1..to).find(|at| {
            is(scene, *at, &['→', '⇒', '➔'])
                || is(scene, *at, &['-', '=']) && is(scene, at + 1, &['>'])
        })?;
        let end = at + if is(scene, at, &['-', '=']) { 2 } else { 1 };
        let inside = |run: Run| {
            let spans = scene.lattice.spans.iter();
            let mut spans = spans.filter(move |span| span.from >= run.0 && span.to <= run.1);
            spans.next().map(|span| (span.what.clone(), spans.next().is_none()))
        };
        let (What::People(..), true) = inside((from, at))? else { return None };
        let field = match inside((end, to))? {
            (What::People(..) | What::Me, true) => Field::Manager,
            (What::Group(_), _) => Field::Groups,
            (What::Sku(_), _) => Field::Licences,
            _ => return None,
        };
        let label = (at, at);
        let name = Entered { field: Field::Name, label, value: (from, at) };
        Some(Record { all: vec![name, Entered { field, label, value: (end, to) }] })
    };
    let records: Vec<Record> = lines.iter().map_while(one).collect();
    let last = lines[records.len().checked_sub(1)?];
    let grid = Grid { from: lines[0].0, to: last.1, records, table: true };
    (grid.records.len() >= 2).then(|| {
        let taken = grid.records.len();
        (grid, taken)
    })
}
