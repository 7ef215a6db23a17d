//! Words with a table in them → the table, and the words around it. Pure.
//!
//! A table is comma-, semicolon- or tab-separated (RFC 4180, and as Excel copies it), begins
//! with a line of headings of which one says whom a row is about, and ends at an empty line.

use crate::{domain::batch::ROWS_MAX, domain::trouble::Reason, interpret::headings};

/// A pasted table has at most so many bytes.
pub(in crate::desk) const BYTES_MAX: usize = 64 * 1024;
/// And so many columns.
const COLUMNS_MAX: usize = 40;
/// The words before it have at most so many lines and characters: more is a letter.
const LEAD_LINES_MAX: usize = 6;
const LEAD_CHARS_MAX: usize = 300;
/// One cell is read up to here.
pub(super) const CELL_CHARS_MAX: usize = 1_000;
/// A single row is a sentence's, not a table's.
const ROWS_MIN: usize = 2;

/// A table, and what is said around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::desk) struct Sheet {
    /// The words before and after it.
    pub lead: String,
    /// The headings, as written.
    pub headings: Vec<String>,
    /// The rows under them.
    pub rows: Vec<Line>,
}

/// A row as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::desk) struct Line {
    /// Its line in the table; the headings are line 1.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// The table in these words, if there is one. One that is too large is refused.
pub(in crate::desk) fn sheet(words: &str) -> Option<Result<Sheet, Reason>> {
    let lines: Vec<&str> = words.lines().map(|line| line.trim_end_matches('\r')).collect();
    let begin = lines.iter().take(LEAD_LINES_MAX + 1).position(|line| mark(line).is_some())?;
    let between = mark(lines[begin])?;
    let fence = |line: &str| line.trim().is_empty() || line.trim().starts_with("```");
    let end = lines[begin + 1..].iter().position(|line| fence(line));
    let end = end.map_or(lines.len(), |end| begin + 1 + end);
    let around = lines[..begin].iter().chain(&lines[end..]).filter(|line| !fence(line));
    let lead = around.map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    if end < begin + 1 + ROWS_MIN || lead.chars().count() > LEAD_CHARS_MAX {
        return None;
    }
    let mut text = lines[begin..end].join("\n");
    if let Some(bare) = text.strip_prefix("```") {
        text = bare.to_owned();
    }
    let text = text.trim_end_matches("```");
    if text.len() > BYTES_MAX {
        let what = format!("a table has at most {} KB; send it in parts", BYTES_MAX / 1024);
        return Some(Err(Reason::TooMuch { what }));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(between)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headings = cells(reader.headers().ok()?);
    let mut rows = Vec::new();
    for record in reader.records() {
        // What is no text was not typed into a message.
        let record = record.ok()?;
        let number = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        rows.push(Line {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            cells: cells(&record),
        });
        if rows.len() > ROWS_MAX {
            let what = format!("a table has at most {ROWS_MAX} rows; send it in parts");
            return Some(Err(Reason::TooMuch { what }));
        }
    }
    (rows.len() >= ROWS_MIN).then_some(Ok(Sheet { lead, headings, rows }))
}

fn cells(record: &csv::StringRecord) -> Vec<String> {
    let cut = |cell: &str| cell.chars().take(CELL_CHARS_MAX).collect();
    record.iter().map(cut).collect()
}

/// What parts the cells of this line, if it is a line of headings.
fn mark(line: &str) -> Option<u8> {
    let line = line.trim().trim_start_matches("```").trim_end_matches("```");
    if line.is_empty() || line.contains('@') {
        return None;
    }
    let count = |mark: u8| line.bytes().filter(|byte| *byte == mark).count();
    let between = [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark))?;
    let parts: Vec<&str> = line
        .split(char::from(between))
        .map(|part| part.trim().trim_matches('"').trim())
        .filter(|part| !part.is_empty())
        .collect();
    let known = parts.iter().filter(|part| !headings::arguments_under(part).is_empty()).count();
    let somebody = parts.iter().any(|part| headings::names_somebody(part));
    let fits = (1..=COLUMNS_MAX).contains(&parts.len()) && known * 2 >= parts.len();
    (somebody && fits).then_some(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Option<Sheet> {
        sheet(words).and_then(Result::ok)
    }

    #[test]
    fn a_table_is_found_among_the_words_around_it() {
        let said = "Leavers this month:\n```\nName;Last day\n\"Doe; John\";2026-12-01\nJane Roe;\n```\nthanks";
        let found = read(said).unwrap();
        assert_eq!(found.lead, "Leavers this month:\nthanks");
        assert_eq!(found.headings, ["Name", "Last day"]);
        assert_eq!(
            found.rows[0],
            Line { number: 2, cells: vec!["Doe; John".into(), "2026-12-01".into()] }
        );
        assert_eq!(found.rows[1].number, 3);
        let one = read("disable these accounts\nuser\na@contoso.com\nb@contoso.com").unwrap();
        assert_eq!((one.headings.len(), one.rows.len()), (1, 2));
        let tabs = read("email\tlast day\na@contoso.com\t2026-12-01\nb@contoso.com\t2026-12-01");
        assert_eq!(tabs.unwrap().headings, ["email", "last day"]);
    }

    #[test]
    fn sentences_with_commas_and_single_rows_are_no_tables() {
        for said in [
            "Hi, please disable John, thanks\nTina",
            "name, last day\nJohn Doe, 2026-12-01",
            "user\njohn.doe@contoso.com",
            "john@contoso.com, jane@contoso.com\nboth leave\ntoday",
            "",
        ] {
            assert_eq!(read(said), None, "{said}");
        }
    }

    #[test]
    fn a_table_that_is_too_long_is_refused() {
        let rows: Vec<String> = (0..=ROWS_MAX).map(|at| format!("u{at}@contoso.com,x")).collect();
        let rows = rows.join("\n");
        let too_many = sheet(&format!("user,department\n{rows}"));
        assert!(matches!(too_many, Some(Err(Reason::TooMuch { .. }))));
        let wide = format!("user,department\na,{}\nb,{}\n", "x".repeat(40_000), "y".repeat(40_000));
        assert!(matches!(sheet(&wide), Some(Err(Reason::TooMuch { .. }))));
    }

    proptest::proptest! {
        /// Pieces of tables in any order: a table or none, within its limits.
        #[test]
        fn any_mixture_of_what_tables_are_made_of_is_read(words in proptest::collection::vec(
            proptest::sample::select(vec![
                "user", "name", "last day", "department", ",", ";", "\t", "\n", "\r\n", "\"", "\"\"", "```",
                "a@contoso.com", "Jörg", "2026-12-01", " ", "\u{202e}", "\0", "=1+1", "a,b", "user,last day\n",
            ]),
            0..200,
        )) {
            if let Some(Ok(found)) = sheet(&words.concat()) {
                proptest::prop_assert!((ROWS_MIN..=ROWS_MAX).contains(&found.rows.len()));
                let cells = found.rows.iter().flat_map(|row| &row.cells);
                proptest::prop_assert!(cells.clone().all(|cell| cell.chars().count() <= CELL_CHARS_MAX));
            }
        }
    }
}
