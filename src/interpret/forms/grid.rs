//! Lines → labelled values: "Name: …", "name = …", "Name ..... …", "| Name | … |", a header
//! with rows under it, "Ada -> Lee".

use super::labels::{Field, field};
use crate::interpret::{entities::What, scene::Scene, text::Sort};

/// A label has at most so many words.
const LABEL_WORDS_MAX: usize = 5;
/// A table has at most so many columns.
const COLUMNS_MAX: usize = 20;

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
            Some((grid, taken)) => {
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
        found.push((start, at));
        start = at + 1;
    }
    found
}

fn is(scene: &Scene<'_>, at: usize, marks: &[char]) -> bool {
    scene.tokens.get(at).is_some_and(|token| marks.iter().any(|mark| token.is(*mark)))
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
        } else if is(scene, from, &['-', '*', '•', '–', '>', '#', '\u{2022}', '\u{00B7}']) {
            from += 1;
        } else {
            break;
        }
    }
    (from, to)
}

/// A label, as folded words: "Forename(s)" is `forename s`, "Shared mailbox (Y/N)?" is
/// `shared mailbox`.
fn label(scene: &Scene<'_>, (from, mut to): Run) -> Option<String> {
    // "Last name, first name"
    let names = (from..to).all(|at| {
        let name =
            ["last", "first", "name", "names", "surname", "surnames", "forename", "given", "family"];
        !scene.tokens[at].word() || name.contains(&scene.word(at))
    });
    let ends = |at: usize| {
        let choice = ["y", "n", "yes"].contains(&scene.word(at)) || scene.word(at) == "no" && at > from + 1;
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
            || is(scene, at, &['/', '(', ')', '-', '\'', '*', '_', '&', '?', '"'])
    });
    (plain && (1..=LABEL_WORDS_MAX).contains(&words)).then(|| scene.key(from, to))
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
        let dash = is(scene, at, &['–', '—', '-']) && !scene.tokens[at].glued;
        let pipe = is(scene, at, &['|']) && !(at + 1..to).any(|at| is(scene, at, &['|']));
        let skip = if dots >= 3 || is(scene, at, &['…']) {
            dots.max(1)
        } else if is(scene, at, &[':', '=']) || pipe || dash {
            1
        } else {
            continue;
        };
        let own = label(scene, (from, at))?;
        // A dash stands in many lines that are no fields.
        if dash && field(&own) == Field::Other && !inside {
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

/// The cells of a line between these marks, without the empty ones at its ends.
fn cells(scene: &Scene<'_>, line: Run, mark: char) -> Vec<Run> {
    let (from, to) = line;
    let mut all = Vec::new();
    let mut start = from;
    // "Park, Ada" in quotation marks is one cell.
    let parts = |at: &usize| scene.tokens[*at].is(mark) && !scene.lattice.literal[*at];
    for at in (from..to).filter(parts).chain([to]) {
        all.push((start, at));
        start = at + 1;
    }
    let empty = |cell: Option<&Run>| cell.is_some_and(|(from, to)| from == to);
    if mark == '|' && all.len() > 2 && empty(all.first()) {
        all.remove(0);
    }
    if mark == '|' && all.len() > 2 && empty(all.last()) {
        all.pop();
    }
    all
}

/// A line of dashes under a header.
fn ruler(scene: &Scene<'_>, (from, to): Run) -> bool {
    to > from && (from..to).all(|at| is(scene, at, &['-', '|', ':', '+', '=', '–', '—', '_']))
}

/// Rows under a header, or rows of a label and its value.
fn table(scene: &Scene<'_>, lines: &[Run]) -> Option<(Grid, usize)> {
    ['|', ';', ','].into_iter().find_map(|mark| {
        let mut rows: Vec<Vec<Run>> = Vec::new();
        let mut taken = 0_usize;
        for line in lines {
            if ruler(scene, *line) && !rows.is_empty() {
                taken += 1;
                continue;
            }
            let mut cells = cells(scene, *line, mark);
            let width = rows.first().map_or(cells.len(), Vec::len);
            // The last cell is empty, and the tab before it was lost.
            if mark == '|' && cells.len() > 1 && cells.len() + 1 == width {
                cells.push((line.1, line.1));
            }
            if cells.len() < 2 || cells.len() != width || cells.len() > COLUMNS_MAX {
                break;
            }
            rows.push(cells);
            taken += 1;
        }
        let records = records(scene, &rows, mark)?;
        let (first, last) = (lines[0], lines[taken.checked_sub(1)?]);
        Some((Grid { from: first.0, to: last.1, records, table: true }, taken))
    })
}

fn records(scene: &Scene<'_>, rows: &[Vec<Run>], mark: char) -> Option<Vec<Record>> {
    let (header, rest) = rows.split_first()?;
    if rest.is_empty() {
        return None;
    }
    let fields: Vec<Field> = header
        .iter()
        .map(|cell| label(scene, *cell).map_or(Field::Other, |label| field(&label)))
        .collect();
    let known = fields.iter().filter(|field| **field != Field::Other).count();
    // "| Field | Old | New |": a label and its value in each row.
    let named = |wanted: Field| fields.iter().position(|field| *field == wanted);
    // "| Field | Entry |": a label and what was entered.
    if fields[0] == Field::Property && header.len() == 2 {
        return Some(vec![turned(scene, rest, 0, 1)]);
    }
    if let (Some(property), Some(value)) = (named(Field::Property), named(Field::Value))
        && named(Field::Name).or(named(Field::Login)).is_none()
    {
        return Some(vec![turned(scene, rest, property, value)]);
    }
    let needed = if mark == ',' || header.len() > 2 { 2 } else { 1 };
    let people = |cell: &Run| {
        let mut spans = scene.lattice.spans.iter();
        spans.any(|span| span.from >= cell.0 && span.to <= cell.1 && span.named())
    };
    if known >= needed && known * 2 >= header.len() && !header.iter().any(people) {
        let record = |row: &Vec<Run>| Record {
            all: fields
                .iter()
                .zip(header)
                .zip(row)
                .map(|((field, label), value)| Entered {
                    field: *field,
                    label: *label,
                    value: *value,
                })
                .collect(),
        };
        return Some(rest.iter().map(record).map(|record| settled(scene, record)).collect());
    }
    // "employee | Ingrid Bergström": no header.
    let labels = rows
        .iter()
        .filter(|row| label(scene, row[0]).is_some_and(|label| field(&label) != Field::Other));
    (mark == '|' && header.len() == 2 && labels.count() >= 2)
        .then(|| vec![turned(scene, rows, 0, 1)])
}

/// A column of labels and a column of values, as one record. An old value says where
/// somebody comes from.
fn turned(scene: &Scene<'_>, rows: &[Vec<Run>], property: usize, value: usize) -> Record {
    let one = |row: &Vec<Run>| {
        let label = *row.get(property)?;
        let own = self::label(scene, label).map_or(Field::Other, |label| field(&label));
        Some(Entered { field: own, label, value: *row.get(value)? })
    };
    settled(scene, Record { all: rows.iter().filter_map(one).collect() })
}

/// "Designation: Buyer, Function: Procurement": of two titles, the one that is a department.
fn settled(scene: &Scene<'_>, mut record: Record) -> Record {
    let titles = record.all.iter().filter(|one| one.field == Field::Title).count();
    if titles > 1 && !record.has(Field::Department) {
        let department = |one: &&mut Entered| {
            let places = scene.places(one.value.0, one.value.1, false);
            one.field == Field::Title && places.iter().any(|(from, _, _)| *from == one.value.0)
        };
        if let Some(one) = record.all.iter_mut().find(department) {
            one.field = Field::Department;
        }
    }
    // "Access required: Project Phoenix"
    let groups = |one: &&mut Entered| {
        let access = (one.label.0..one.label.1).any(|at| scene.word(at) == "access");
        let mut spans = scene.lattice.spans_in(one.value.0, one.value.1);
        access && spans.any(|span| matches!(span.what, What::Group(_)))
    };
    if !record.has(Field::Groups)
        && let Some(one) = record.all.iter_mut().find(groups)
    {
        one.field = Field::Groups;
    }
    record
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
