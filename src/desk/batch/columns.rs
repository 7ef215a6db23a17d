//! Headings → the fields of an action's form, and a row → its answers. Pure.
//!
//! Whatever a cell holds is read by the form, as if it had been filled in; only what people
//! write differently in a table is put in the form's way before: names of people, days, yes and
//! no. A name that fits nobody, or several, is never guessed.

use std::collections::BTreeSet;

use jiff::{civil::Date, fmt::strtime};

use crate::{
    domain::form::{
        Complaint, Field, Form, Pick, Sort,
        given::{Answers, Given},
    },
    interpret::{
        Index,
        headings::{ACTION, FIRST, LAST, arguments_under},
        text::key,
    },
};

/// How a day is written in tables, beside `2026-11-30`; only where nobody can read two days.
const DAYS: &[&str] = &["%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%b %d %Y", "%B %d %Y"];
/// So many people of one name are listed.
const NAMESAKES_MAX: usize = 4;

/// Which column is which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The field's name of each column; [`FIRST`] and [`LAST`] of halves of a name.
    of: Vec<Option<String>>,
}

/// Reads the headings for one form.
pub(super) fn columns(form: &Form, headings: &[String]) -> Columns {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let whole = form.field("display_name").is_some();
    let mut one = |heading: &String| {
        let plain = key(&heading.replace(['_', '.'], " "));
        let own = form.fields.iter().find(|field| field.name.replace(['_', '.'], " ") == plain);
        let known = arguments_under(heading).iter().copied();
        let fits =
            |name: &&str| form.field(name).is_some() || (whole && [FIRST, LAST].contains(name));
        let name = own.map(|field| field.name.clone());
        let name = name.or_else(|| {
            known
                .filter(|name| fits(name))
                .find(|name| !taken.contains(*name))
                .map(ToOwned::to_owned)
        });
        name.filter(|name| taken.insert(name.clone()))
    };
    let of: Vec<Option<String>> = headings.iter().map(&mut one).collect();
    Columns { of }
}

impl Columns {
    /// Headings of cells that say something which no field takes.
    pub fn unread<'a>(&self, headings: &'a [String], cells: &[String]) -> Vec<&'a String> {
        let each = headings.iter().zip(&self.of).zip(cells);
        let lost = each.filter(|((heading, field), cell)| {
            field.is_none() && !cell.is_empty() && arguments_under(heading) != [ACTION]
        });
        lost.map(|((heading, _), _)| heading).collect()
    }
}

/// The answers that a row gives; `beside` are those that hold for every row.
pub(super) fn answers(
    form: &Form,
    columns: &Columns,
    cells: &[String],
    (beside, index): (&Answers, &Index),
) -> Result<Answers, Vec<Complaint>> {
    if cells.len() != columns.of.len() {
        let (has, wants) = (cells.len().to_string(), columns.of.len().to_string());
        let note = crate::domain::plan::Note::new("row_cells", &[("has", &has), ("wants", &wants)]);
        return Err(vec![Complaint { field: None, why: crate::domain::form::Why::Answer(note) }]);
    }
    let (mut answers, mut wrong) = (beside.clone(), Vec::new());
    let mut halves = [None, None];
    for (name, cell) in columns.of.iter().zip(cells) {
        let Some(name) = name.as_ref().filter(|_| !cell.is_empty()) else { continue };
        if [FIRST, LAST].contains(&name.as_str()) {
            halves[usize::from(name == LAST)] = Some(cell.as_str());
            continue;
        }
        let Some(field) = form.field(name) else { continue };
        match answer(field, cell, index) {
            Ok(given) => {
                answers.insert(name.clone(), given);
            }
            Err(complaint) => wrong.push(complaint),
        }
    }
    if let [Some(first), Some(last)] = halves {
        answers.insert("display_name".to_owned(), Given::One(format!("{first} {last}")));
    }
    if wrong.is_empty() { Ok(answers) } else { Err(wrong) }
}

/// Whom a row names, as it was written.
pub(super) fn whom(headings: &[String], cells: &[String]) -> String {
    let of = |wanted: &str| {
        let at = headings
            .iter()
            .position(|heading| arguments_under(heading).first() == Some(&wanted))?;
        cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    };
    let halves = [FIRST, LAST].map(of);
    let halves: Vec<&str> = halves.into_iter().flatten().collect();
    if !halves.is_empty() {
        return halves.join(" ");
    }
    let whole = ["display_name", "user"].into_iter().find_map(of);
    whole.or(cells.first().map(String::as_str)).unwrap_or_default().to_owned()
}

fn answer(field: &Field, cell: &str, index: &Index) -> Result<Given, Complaint> {
    let one = |text: String| Ok(Given::One(text));
    match &field.sort {
        Sort::Pick { pick: Pick::Person | Pick::Mailbox } if field.many => {
            let each = cell.split([';', ',', '|']).map(str::trim).filter(|one| !one.is_empty());
            let people: Result<Vec<_>, _> = each.map(|name| person(field, name, index)).collect();
            people.map(Given::Many)
        }
        Sort::Pick { pick: Pick::Person | Pick::Mailbox } => one(person(field, cell, index)?),
        Sort::Pick { .. } if field.many => {
            let each = cell.split([';', ',', '|']).map(|one| one.trim().to_owned());
            Ok(Given::Many(each.filter(|one| !one.is_empty()).collect()))
        }
        Sort::Date | Sort::DateTime => one(day(cell)),
        Sort::Toggle => one(if is_yes(cell) { "true" } else { "false" }.to_owned()),
        Sort::Choice { options } if options.iter().any(|(value, _)| value == "true") => {
            one(if is_yes(cell) { "true" } else { "false" }.to_owned())
        }
        _ => one(cell.to_owned()),
    }
}

fn is_yes(cell: &str) -> bool {
    ["yes", "y", "true", "x", "1", "on"].contains(&cell.trim().to_lowercase().as_str())
}

/// The sign-in name of the one person of this name. What is no plain match is no match.
fn person(field: &Field, said: &str, index: &Index) -> Result<String, Complaint> {
    if said.contains('@') {
        return Ok(said.to_lowercase());
    }
    let (folded, turned) =
        (key(said), said.split_once(',').map(|(last, first)| key(&format!("{first} {last}"))));
    let of = |name: &str| index.full_name(&name.split(' ').collect::<Vec<_>>());
    let mut found = of(&folded);
    if let Some(turned) = turned.filter(|_| found.is_empty()) {
        found = of(&turned);
    }
    match found.as_slice() {
        [one] => Ok(index.somebody(*one).upn.to_owned()),
        [] => Err(Complaint {
            field: Some(field.name.clone()),
            why: crate::domain::form::Why::Reason(crate::domain::trouble::Reason::NoSuchPerson {
                name: said.chars().take(80).collect(),
            }),
        }),
        several => {
            let mut all: Vec<&str> = several.iter().map(|at| index.somebody(*at).upn).collect();
            all.sort_unstable();
            all.truncate(NAMESAKES_MAX);
            let choices = all.join("; ");
            Err(Complaint::of(&field.name, "answer_unclear", &[("choices", &choices)]))
        }
    }
}

/// A day as the form wants it, where it can be read in one way only; else as it was written.
fn day(cell: &str) -> String {
    let (day, time) = match cell.split_once(['T', ' ']) {
        Some((day, time)) if time.contains(':') => (day, Some(time)),
        _ => (cell, None),
    };
    let said = day.replace(',', "");
    let read = DAYS.iter().find_map(|format| strtime::parse(format, &said).ok()?.to_date().ok());
    let read: Option<Date> = read.or_else(|| slashed(&said));
    match (read, time) {
        (Some(day), Some(time)) => format!("{day}T{time}"),
        (Some(day), None) => day.to_string(),
        (None, _) => cell.to_owned(),
    }
}

/// `30/11/2026` and `11/30/2026` are the same day; `01/12/2026` may be two, and is nobody's.
fn slashed(said: &str) -> Option<Date> {
    let parts: Vec<i16> = said.split('/').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [one, two, year] = parts[..] else { return None };
    let date = |day: i16, month: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    match (date(one, two), date(two, one)) {
        (Some(day), None) | (None, Some(day)) => Some(day),
        (Some(day), Some(other)) if day == other => Some(day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::forms::form;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn headings_find_the_fields_of_the_form() {
        let leaver = columns(
            form("offboard_user").unwrap(),
            &texts(&["E-mail", "Last working day", "Mailbox to", "Shoe size", "Name"]),
        );
        let of: Vec<&str> = leaver.of.iter().map(|name| name.as_deref().unwrap_or("-")).collect();
        assert_eq!(of, ["user", "at", "mailbox_to", "-", "-"]);
        let headings = texts(&["E-mail", "Last working day", "Mailbox to", "Shoe size", "Name"]);
        let cells = texts(&["a@contoso.com", "", "", "9", ""]);
        assert_eq!(leaver.unread(&headings, &cells), ["Shoe size"], "an empty cell says nothing");
        let joiner = columns(
            form("onboard_user").unwrap(),
            &texts(&["First name", "Surname", "Start date", "Line manager", "Licence"]),
        );
        let of: Vec<&str> = joiner.of.iter().map(|name| name.as_deref().unwrap_or("-")).collect();
        assert_eq!(of, [FIRST, LAST, "start_date", "manager", "licenses"]);
    }

    #[test]
    fn a_day_is_read_where_it_is_one_day_only() {
        for (said, read) in [
            ("2026-11-30", "2026-11-30"),
            ("30.11.2026", "2026-11-30"),
            ("30/11/2026", "2026-11-30"),
            ("11/30/2026", "2026-11-30"),
            ("4 Dec 2026", "2026-12-04"),
            ("December 4, 2026", "2026-12-04"),
            ("30.11.2026 17:00", "2026-11-30T17:00"),
            ("01/12/2026", "01/12/2026"),
            ("soon", "soon"),
        ] {
            assert_eq!(day(said), read, "{said}");
        }
    }
}
