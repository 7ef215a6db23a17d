//! Rows under a header, and a column of labels beside a column of values.

use super::{
    grid::{Entered, Grid, Record, Run, is, label},
    labels::{Field, field},
};
use crate::interpret::{entities::What, lifecycle::is_post, scene::Scene};

/// A table has at most so many columns.
const COLUMNS_MAX: usize = 20;

/// The cells of a line between these marks, without the empty ones at its ends.
fn cells(scene: &Scene<'_>, line: Run, mark: char) -> Vec<Run> {
    let (from, to) = line;
    let mut all = Vec::new();
    let mut start = from;
    // "Park, Ada" in quotation marks is one cell.
    // "13/03/2026" is one too.
    let apart = |at: usize| mark != '/' || !scene.tokens[at].glued;
    let parts =
        |at: &usize| scene.tokens[*at].is(mark) && apart(*at) && !scene.lattice.literal[*at];
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
pub(super) fn table(scene: &Scene<'_>, lines: &[Run]) -> Option<(Grid, usize)> {
    ['|', ';', ',', '/'].into_iter().find_map(|mark| {
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
    let needed = if [',', '/'].contains(&mark) || header.len() > 2 { 2 } else { 1 };
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
pub(super) fn settled(scene: &Scene<'_>, mut record: Record) -> Record {
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
    by_value(scene, &mut record);
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

/// A label that is no field of ours, beside a value that can only be one: "Entitlement: Business
/// Premium", "What: Route Planner". A day is no department ("From: 1 June").
fn by_value(scene: &Scene<'_>, record: &mut Record) {
    const BEFORE: &[&str] =
        &["current", "old", "previous", "former", "present", "from", "reason", "replaces"];
    let dated = |run: Run| scene.whens.iter().any(|when| when.from >= run.0 && when.to <= run.1);
    for one in &mut record.all {
        if one.field == Field::OldDepartment && dated(one.value) {
            one.field = Field::When;
        }
    }
    if !record.has(Field::Name) && !record.has(Field::First) {
        return;
    }
    let valued = record.has(Field::Value);
    for at in 0..record.all.len() {
        let one = record.all[at];
        let before = (one.label.0..one.label.1).any(|at| BEFORE.contains(&scene.word(at)));
        if one.field != Field::Other && (one.field != Field::Property || valued) || before {
            continue;
        }
        if let Some(field) = told_by(scene, one.value).filter(|field| !record.has(*field)) {
            record.all[at].field = field;
        }
    }
}

/// What a value can only be.
fn told_by(scene: &Scene<'_>, (from, to): Run) -> Option<Field> {
    let whole = |offices: bool| {
        scene.places(from, to, offices).iter().any(|(a, b, _)| (*a, *b) == (from, to))
    };
    let mut words = (from..to).filter(|at| scene.tokens[*at].word());
    let last = words.clone().next_back()?;
    let all = |wanted: fn(&What) -> bool| {
        let small = ["and", "plus", "licence", "license"];
        words.clone().all(|at| {
            small.contains(&scene.word(at)) || scene.span(at).is_some_and(|span| wanted(&span.what))
        })
    };
    let post = is_post(scene.word(last)) && words.clone().count() <= 5;
    if whole(false) {
        Some(Field::Department)
    } else if whole(true) {
        Some(Field::Office)
    } else if all(|what| matches!(what, What::Sku(_))) {
        Some(Field::Licences)
    } else if all(|what| matches!(what, What::Group(_))) {
        Some(Field::Groups)
    } else if post
        && words.all(|at| {
            scene.span(at).is_none_or(|span| !matches!(span.what, What::People(..) | What::Me))
        })
    {
        Some(Field::Title)
    } else {
        None
    }
}
