//! Worksheets, and the cells of a row.

use serde_json::Value;

use super::{Filled, because, figures, texts, which};
use crate::{
    actions::wording::Sort as Named,
    domain::trouble::Ask,
    interpret::{clauses::Predicate, entities::What, lexicon::LEXICON, scene::Scene, text::Sort},
};

const SHEETS: &[&str] = &["sheet", "worksheet", "tab", "page"];
/// No sheet's name.
const NO_NAME: &[&str] = &[
    "the", "a", "an", "this", "that", "new", "in", "on", "to", "of", "first", "please", "pls",
    "too", "thanks", "as", "well", "and", "is", "with", "row", "for", "line", "must", "should",
];

/// The words of the name of a workbook that is named in the sentence.
fn book(scene: &Scene<'_>, from: usize, to: usize) -> Option<(usize, usize)> {
    let workbook = |at: &usize| scene.index.named[*at].sort == Named::Workbook;
    let span = scene.lattice.spans.iter().find(|span| {
        span.from >= from
            && span.to <= to
            && matches!(&span.what, What::Named(all) if all.iter().any(workbook))
    })?;
    // "Leavers Tracker.xlsx": the ending belongs to it.
    let ending = scene.tokens.get(span.to).is_some_and(|token| token.is('.') && token.glued)
        && ["xlsx", "xlsm"].contains(&scene.word(span.to + 1));
    Some((span.from, span.to + if ending { 2 } else { 0 }))
}

/// "a new tab for next year, call it 2027": what it is to be called.
fn called(scene: &Scene<'_>, noun: usize, to: usize) -> Option<(usize, usize)> {
    let lead = (noun + 1..to).find(|at| {
        // A word nobody lists may have been mended.
        let titled = scene.said(*at, at + 1).eq_ignore_ascii_case("titled");
        titled
            || ["call", "name", "label", "title"].contains(&scene.word(*at))
                && scene.word(at + 1) == "it"
            || ["called", "named", "titled", "entitled", "labelled"].contains(&scene.word(*at))
    })?;
    let from = lead + 1 + usize::from(scene.word(lead + 1) == "it");
    let ends = |at: usize| !scene.tokens[at].word() || NO_NAME.contains(&scene.word(at));
    let end = (from..to.min(from + 4)).find(|at| ends(*at)).unwrap_or(to.min(from + 4));
    (end > from).then_some((from, end))
}

/// Words before "sheet" that are no name of it.
const NO_SHEET: &[&str] = &[
    "fresh",
    "extra",
    "another",
    "excel",
    "existing",
    "additional",
    "second",
    "last",
    "separate",
    "blank",
    "further",
    "single",
    "empty",
    "next",
    "one",
    "own",
    "other",
    "add",
    "create",
    "make",
    "which",
    "what",
    "each",
    "every",
    "right",
    "wrong",
];

/// The run of tokens that names a sheet: "the Laptops sheet", "sheet 2025", "row 3 on Laptops".
pub(in crate::interpret) fn sheet(
    scene: &Scene<'_>,
    from: usize,
    to: usize,
) -> Option<(usize, usize)> {
    let book = book(scene, from, to);
    let in_book = |at: usize| book.is_some_and(|(from, to)| (from..to).contains(&at));
    let name = |at: usize| {
        let token = &scene.tokens[at];
        token.word() && !NO_NAME.contains(&token.folded.as_str()) && !in_book(at)
    };
    let noun = (from..to).find(|at| SHEETS.contains(&scene.word(*at)) && !in_book(*at));
    if let Some(noun) = noun {
        return by_its_noun(scene, (from, to), noun, name);
    }
    // "the Q4 rows of New Starters"
    let rows = (from + 1..to).find(|at| scene.word(*at) == "rows" && !in_book(*at));
    let before = rows.map(|rows| rows - 1).filter(|at| {
        let figure = scene.word(*at).starts_with(|c: char| c.is_ascii_digit());
        name(*at) && (figure || scene.tokens[*at].capital) && scene.span(*at).is_none()
    });
    if let Some(before) = before.filter(|at| *at > from) {
        return Some((before, before + 1));
    }
    if let Some((_, end)) = book
        && let Some(found) = behind_its_book(scene, end, to, name)
    {
        return Some(found);
    }
    // "update row 14 on Laptops"
    let on = (from..to).find(|at| {
        ["on", "in", "of"].contains(&scene.word(*at))
            && *at + 1 < to
            && name(at + 1)
            && scene.tokens[at + 1].capital
            && scene.lattice.span_at[at + 1].is_none()
    })?;
    let end = (on + 1..to).take_while(|at| name(*at) && scene.tokens[*at].capital).count() + on + 1;
    Some((on + 1, end))
}

/// The name of a sheet that is called one: "the Q4 tab", "a sheet for 2027".
fn by_its_noun(
    scene: &Scene<'_>,
    (from, to): (usize, usize),
    noun: usize,
    name: impl Fn(usize) -> bool,
) -> Option<(usize, usize)> {
    if let Some(open) = scene.lattice.literals.iter().find(|(open, _)| {
        *open == noun + 1 || *open == noun + 2 && scene.word(noun + 1) == "called"
    }) {
        return Some((open.0 + 1, open.1));
    }
    if let Some(called) = called(scene, noun, to) {
        return Some(called);
    }
    // "the Q4 tab"
    let leads = |at: &usize| {
        name(*at)
            && (scene.tokens[*at].capital
                || scene.word(*at).starts_with(|c: char| c.is_ascii_digit()))
    };
    let before = (from..noun).rev().take_while(leads).count();
    if before > 0 {
        return Some((noun - before, noun));
    }
    // "asset register, laptops tab": a word of its own right before it.
    if let Some(alone) = noun.checked_sub(1).filter(|at| *at >= from && name(*at)) {
        let led = alone.checked_sub(1).filter(|at| *at >= from).is_none_or(|at| {
            !scene.tokens[at].word() || ["the", "in", "on", "of"].contains(&scene.word(at))
        });
        if led && !NO_SHEET.contains(&scene.word(alone)) && scene.span(alone).is_none() {
            return Some((alone, noun));
        }
    }
    // "a sheet for 2027"
    let year = noun + 2;
    if scene.word(noun + 1) == "for"
        && year < to
        && scene.word(year).len() == 4
        && scene.word(year).bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some((year, year + 1));
    }
    // "a worksheet by the name of Q2", "a worksheet entitled Q2"
    let said = ["called", "named", "entitled", "titled", "by", "with", "the", "name", "of"];
    let lead = (noun + 1..to).take_while(|at| said.contains(&scene.word(*at))).count();
    let named = (noun + 1..noun + 1 + lead).any(|at| scene.word(at).contains("name"));
    let short = ["called", "named", "entitled", "titled"].contains(&scene.word(noun + 1));
    let next = noun + 1 + if named { lead } else { usize::from(short) };
    let end = (next..to).take_while(|at| name(*at) && *at < next + 3).count() + next;
    (end > next && next < to).then_some((next, end))
}

/// "Asset Register (Phones)", "Asset Register / Phones", "licence budget fy26 row 12": right behind
/// the book.
fn behind_its_book(
    scene: &Scene<'_>,
    end: usize,
    to: usize,
    name: impl Fn(usize) -> bool,
) -> Option<(usize, usize)> {
    let mark = |at: usize, mark: char| at < to && scene.tokens[at].is(mark);
    let words = |from: usize| (from..to.min(from + 3)).take_while(|at| name(*at)).count();
    let named = words(end + 1);
    if mark(end, '(') && named > 0 && mark(end + 1 + named, ')') {
        return Some((end + 1, end + 1 + named));
    }
    if (mark(end, '/') || mark(end, '>')) && named > 0 {
        return Some((end + 1, end + 1 + named.min(1)));
    }
    // "Licence Budget, FY26, row 4"
    let begins = |at: usize| {
        scene.tokens[at].capital || scene.word(at).starts_with(|c: char| c.is_ascii_digit())
    };
    let behind = end + 2;
    let row = ["row", "line"].contains(&scene.word(behind + 1))
        || ["row", "line"].contains(&scene.word(behind));
    if mark(end, ',') && named > 0 && begins(end + 1) && row {
        return Some((end + 1, end + 2));
    }
    let verb = end < to && !LEXICON.verb(scene.word(end)).is_empty();
    if end < to && name(end) && !verb && ["row", "line", "change"].contains(&scene.word(end + 1)) {
        return Some((end, end + 1));
    }
    None
}

/// The sheet that is to be made.
pub(super) fn new_sheet(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    if let Some((from, to)) = sheet(scene, sentence.from, sentence.to) {
        let why = because(scene, from, to, "", predicate.quoted);
        return Filled::Value(Value::String(scene.said(from, to)), Some(why));
    }
    let quoted =
        scene.lattice.literals.iter().any(|(open, close)| {
            *open >= predicate.from && *close <= predicate.to && close - open > 1
        });
    if quoted { texts::name(scene, predicate) } else { which(Ask::WhatName) }
}

/// "row 14"
pub(super) fn row(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let from = sentence.from.min(predicate.from);
    let found = (from..sentence.to.max(predicate.to)).find_map(|at| {
        let called = ["row", "line"].contains(&scene.word(at));
        let number: i64 = scene.word(at + 1).parse().ok()?;
        called.then_some((at, number))
    });
    match found {
        Some((at, number)) => {
            let why = because(scene, at, at + 2, "", predicate.quoted);
            Filled::Value(Value::from(number), Some(why))
        }
        None => figures::number(scene, predicate),
    }
}

/// Which worksheet.
pub(super) fn worksheet(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let colon = colon(scene, predicate.verb, sentence.to).unwrap_or(sentence.to);
    match sheet(scene, sentence.from, colon) {
        Some((from, to)) => {
            let why = because(scene, from, to, "", predicate.quoted);
            Filled::Value(Value::String(scene.said(from, to)), Some(why))
        }
        None => Filled::Absent,
    }
}

fn colon(scene: &Scene<'_>, from: usize, to: usize) -> Option<usize> {
    (from..to).find(|at| scene.tokens[*at].is(':') && !scene.lattice.literal[*at])
}

/// Rows that stand on lines of their own behind the wish: "A | B | C", "A; B; C", or a cell
/// on each line, numbered.
fn below(scene: &Scene<'_>, predicate: &Predicate) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut start = None;
    for at in predicate.verb..=scene.tokens.len() {
        if at == scene.tokens.len() || scene.tokens[at].sort == Sort::Line {
            lines.extend(start.map(|start| (start, at)));
            start = Some(at + 1);
        }
    }
    let marked = |(from, to): &&(usize, usize)| {
        let marks = |mark| (*from..*to).filter(|at| scene.tokens[*at].is(mark)).count();
        let said = (*from..*to).any(|at| scene.tokens[at].word());
        said && (marks('|') > 0 || marks(';') > 1)
    };
    let rows: Vec<(usize, usize)> = lines.iter().filter(marked).copied().collect();
    if !rows.is_empty() {
        return rows;
    }
    let numbered: Vec<&(usize, usize)> = lines
        .iter()
        .filter(|(from, to)| {
            from + 2 < *to
                && scene.word(*from).bytes().all(|byte| byte.is_ascii_digit())
                && (scene.tokens[from + 1].is(')') || scene.tokens[from + 1].is('.'))
        })
        .collect();
    match (numbered.first(), numbered.last()) {
        (Some(first), Some(last)) if numbered.len() > 1 => vec![(first.0, last.1)],
        _ => Vec::new(),
    }
}

/// The cells of each row that is said.
pub(super) fn rows(scene: &Scene<'_>, predicate: &Predicate) -> Vec<Filled> {
    let read = |(from, to): (usize, usize)| {
        let cells: Vec<String> = split(scene, from, to);
        let cells = cells.iter().map(|cell| {
            let number = cell.split_once([')', '.']);
            let numbered = number.filter(|(digits, rest)| {
                rest.starts_with(' ') && digits.bytes().all(|byte| byte.is_ascii_digit())
            });
            numbered.map_or(cell.as_str(), |(_, rest)| rest.trim()).to_owned()
        });
        let why = because(scene, from, to, "", predicate.quoted);
        Filled::Value(cells.collect::<Vec<_>>().into(), Some(why))
    };
    let below: Vec<Filled> = below(scene, predicate).into_iter().map(read).collect();
    if below.is_empty() { vec![cells(scene, predicate)] } else { below }
}

/// The cells: behind a colon, between "add" and "to", behind "to" or "with".
fn cells(scene: &Scene<'_>, predicate: &Predicate) -> Filled {
    let sentence = scene.sentence(predicate.verb);
    let mut end = sentence.to;
    // "Ada; Sales; 31/10": what stands between the marks is one row.
    while end < scene.tokens.len()
        && [';', '|']
            .iter()
            .any(|mark| scene.tokens[end].is(*mark) || scene.tokens[end - 1].is(*mark))
        && scene.sentence(end).to > end
    {
        end = scene.sentence(end).to;
    }
    let (from, to) = (predicate.verb + 1, end);
    let book = book(scene, sentence.from, to);
    let place = |at: usize| {
        let next = at + 1 + usize::from(scene.word(at + 1) == "the");
        let named = book.is_some_and(|(from, _)| from == next);
        named
            || (next..(next + 3).min(to)).any(|at| {
                SHEETS.contains(&scene.word(at))
                    || ["workbook", "spreadsheet"].contains(&scene.word(at))
            })
    };
    let run = if let Some(colon) = colon(scene, from, to) {
        Some((colon + 1, to))
    } else {
        // "add a row … with A, B", "update row 3 to A, B": not "to the sheet".
        let lead = (from..to).rev().find(|at| {
            ["to", "with"].contains(&scene.word(*at))
                && !place(*at)
                && !scene.lattice.literal[*at]
                && book.is_none_or(|(start, end)| !(start..end).contains(at))
        });
        let into = (from..to)
            .find(|at| ["to", "in", "into", "on"].contains(&scene.word(*at)) && place(*at));
        match (lead, into) {
            (Some(lead), Some(into)) if lead < into => Some((lead + 1, into)),
            (Some(lead), _) => Some((lead + 1, to)),
            (None, None) if cells_behind(scene, predicate) => Some((from, to)),
            (None, Some(into)) if !(from..into).any(|at| scene.word(at) == "row") => {
                Some((from, into))
            }
            _ => None,
        }
    };
    let cells = run.map(|(from, to)| split(scene, from, to)).unwrap_or_default();
    let Some((from, to)) = run.filter(|_| !cells.is_empty()) else { return which(Ask::WhatOne) };
    Filled::Value(Value::from(cells), Some(because(scene, from, to, "", predicate.quoted)))
}

/// "Asset Register, tab Phones: add IPH-7, Apple, Ada": a book before the verb, and cells behind it.
pub(in crate::interpret) fn cells_behind(scene: &Scene<'_>, predicate: &Predicate) -> bool {
    let adds = ["add", "append", "insert", "enter", "log", "put"];
    if !adds.contains(&scene.word(predicate.verb)) {
        return false;
    }
    let sentence = scene.sentence(predicate.verb);
    let before = book(scene, sentence.from, predicate.verb).is_some();
    let behind = (predicate.verb + 1..sentence.to)
        .any(|at| [',', ';', '|'].iter().any(|mark| scene.tokens[at].is(*mark)));
    let sheet = (predicate.verb + 1..sentence.to).any(|at| SHEETS.contains(&scene.word(at)));
    before && behind && !sheet
}

/// Apart at the commas; quotation marks and politeness left out.
fn split(scene: &Scene<'_>, from: usize, to: usize) -> Vec<String> {
    let mut cells = Vec::new();
    let mut start = from;
    let mut cut = |start: usize, end: usize| {
        let words = scene.said(start, end);
        let cell = words.trim().trim_matches(['"', '\'', '`']).trim_end_matches(['.', '!', '?']);
        let polite = ["please", "pls", "thanks", "thank you", "ta"];
        let cell = polite.iter().fold(cell.trim(), |cell, word| {
            let rest = cell.strip_suffix(word).filter(|rest| rest.ends_with([' ', ',']));
            rest.map_or(cell, |rest| rest.trim_end_matches([' ', ',']))
        });
        if !cell.is_empty() {
            cells.push(cell.to_owned());
        }
    };
    // "LT-31 / Lenovo T14 / Leo Fischer (four columns)"
    let slash = |at: usize| scene.tokens[at].is('/') && !scene.tokens[at].glued;
    let slashed = (from..to).filter(|at| slash(*at)).count() > 1;
    let aside = (from..to).find(|at| slashed && scene.tokens[*at].is('('));
    let to = aside.unwrap_or(to);
    let barred = (from..to).any(|at| scene.tokens[at].is('|'));
    for at in from..to {
        let token = &scene.tokens[at];
        let ends = token.is(',') && !slashed && !barred
            || token.is(';')
            || token.is('|')
            || slashed && slash(at)
            || token.sort == Sort::Line;
        if ends && !scene.lattice.literal[at] {
            cut(start, at);
            start = at + 1;
        }
    }
    cut(start, to);
    cells
}
