//! Cells and their addresses, as Excel reads and writes them.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::drives::{Cell, Sheet};

/// Excel's own limits (support.microsoft.com, "Excel specifications and limits").
const ROWS_MAX: usize = 1_048_576;
const COLUMNS_MAX: usize = 16_384;
/// The simulator keeps sheets small.
const CELLS_MAX: usize = 100_000;

/// A block of cells, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Block {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
}

impl Block {
    /// `A1`, `A1:D3`, with or without dollar signs. Whole rows and columns are not understood.
    pub fn parse(address: &str) -> Option<Self> {
        let bare = address.rsplit('!').next().unwrap_or_default().replace('$', "");
        let (first, last) = bare.split_once(':').unwrap_or((&bare, &bare));
        let (first, last) = (corner(first)?, corner(last)?);
        let (row, column) = (first.0.min(last.0), first.1.min(last.1));
        let rows = first.0.max(last.0) - row + 1;
        let columns = first.1.max(last.1) - column + 1;
        let fits = row + rows <= ROWS_MAX && column + columns <= COLUMNS_MAX;
        (fits && rows * columns <= CELLS_MAX).then_some(Self { row, column, rows, columns })
    }

    /// `Sheet1!A1:D3`; a name that is not one plain word stands in quotes.
    pub fn address(&self, sheet: &str) -> String {
        let plain = sheet.chars().all(|c| c.is_alphanumeric() || c == '_');
        let sheet =
            if plain { sheet.to_owned() } else { format!("'{}'", sheet.replace('\'', "''")) };
        let corner = |row: usize, column: usize| format!("{}{}", letters(column), row + 1);
        let first = corner(self.row, self.column);
        if (self.rows, self.columns) == (1, 1) {
            return format!("{sheet}!{first}");
        }
        let last = corner(self.row + self.rows - 1, self.column + self.columns - 1);
        format!("{sheet}!{first}:{last}")
    }
}

/// Row and column, from 0.
fn corner(text: &str) -> Option<(usize, usize)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = text.split_at(digits);
    let mut column = 0_usize;
    for letter in letters.chars() {
        let step = u32::from(letter.to_ascii_uppercase()).checked_sub(u32::from('A'))?;
        if step > 25 || column > COLUMNS_MAX {
            return None;
        }
        column = column * 26 + usize::try_from(step).ok()? + 1;
    }
    let row: usize = row.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

fn letters(mut column: usize) -> String {
    let mut found = String::new();
    loop {
        let letter = u8::try_from(column % 26).unwrap_or_default() + b'A';
        found.insert(0, char::from(letter));
        if column < 26 {
            return found;
        }
        column = column / 26 - 1;
    }
}

impl Cell {
    pub fn empty() -> Self {
        Self { value: json!(""), text: String::new(), formula: json!("") }
    }

    fn is_empty(&self) -> bool {
        self.value == json!("")
    }

    /// What Excel makes of a value that is written into a cell.
    pub fn typed(value: &Value) -> Self {
        let plain = |value: Value, text: String| Self { formula: value.clone(), value, text };
        match value {
            Value::Bool(flag) => plain(json!(flag), flag.to_string().to_uppercase()),
            Value::Number(number) => plain(json!(number), number.to_string()),
            Value::String(text) => {
                if let Some(text) = text.strip_prefix('\'') {
                    return plain(json!(text), text.to_owned());
                }
                if text.starts_with('=') {
                    // Formulas are kept, not computed.
                    let shown = "#NAME?".to_owned();
                    return Self { value: json!(shown), text: shown, formula: json!(text) };
                }
                match (text.parse::<f64>(), serial(text)) {
                    (Ok(number), _) if number.is_finite() => plain(number_of(number), text.clone()),
                    (_, Some(days)) => plain(json!(days), text.clone()),
                    _ => plain(json!(text), text.clone()),
                }
            }
            _ => Self::empty(),
        }
    }

    fn kind(&self) -> &'static str {
        match &self.value {
            Value::String(text) if text.is_empty() => "Empty",
            Value::Number(_) => "Double",
            Value::Bool(_) => "Boolean",
            _ => "String",
        }
    }
}

/// Whole numbers without a decimal point, as Graph shows them.
fn number_of(number: f64) -> Value {
    let text = number.to_string();
    text.parse::<i64>().map_or_else(|_| json!(number), |whole| json!(whole))
}

/// A day as Excel counts it: from 30 December 1899.
fn serial(text: &str) -> Option<i32> {
    let day: Date = text.parse().ok()?;
    let first = jiff::civil::date(1899, 12, 30);
    (text.len() == 10).then(|| day.since(first).map(|span| span.get_days()).ok()).flatten()
}

impl Sheet {
    fn cell(&self, row: usize, column: usize) -> Cell {
        let found = self.cells.get(row).and_then(|row| row.get(column));
        found.cloned().unwrap_or_else(Cell::empty)
    }

    /// The smallest block that holds everything written; `A1` when there is nothing.
    pub fn used(&self) -> Block {
        let mut block: Option<(usize, usize, usize, usize)> = None;
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, _) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let (top, left, bottom, right) = block.unwrap_or((row, column, row, column));
                block = Some((top, left.min(column), bottom.max(row), right.max(column)));
            }
        }
        let (row, column, bottom, right) = block.unwrap_or_default();
        Block { row, column, rows: bottom - row + 1, columns: right - column + 1 }
    }

    /// A `workbookRange`.
    pub fn range(&self, block: Block) -> Value {
        let rows = |of: &dyn Fn(&Cell) -> Value| -> Vec<Vec<Value>> {
            (block.row..block.row + block.rows)
                .map(|row| {
                    let columns = block.column..block.column + block.columns;
                    columns.map(|column| of(&self.cell(row, column))).collect()
                })
                .collect()
        };
        let address = block.address(&self.name);
        json!({
            "address": address, "addressLocal": address, "rowIndex": block.row,
            "columnIndex": block.column, "rowCount": block.rows, "columnCount": block.columns,
            "cellCount": block.rows * block.columns, "rowHidden": false, "columnHidden": false,
            "hidden": false, "values": rows(&|cell| cell.value.clone()),
            "text": rows(&|cell| json!(cell.text)),
            "formulas": rows(&|cell| cell.formula.clone()),
            "valueTypes": rows(&|cell| json!(cell.kind())),
            "numberFormat": rows(&|_| json!("General")),
        })
    }

    /// Fills an empty sheet from its first cell on.
    pub fn fill(&mut self, rows: &[Vec<Value>]) {
        self.write(Block { row: 0, column: 0, rows: 0, columns: 0 }, rows);
    }

    /// Writes a block; null leaves a cell as it is.
    pub fn write(&mut self, block: Block, values: &[Vec<Value>]) {
        for (row, values) in values.iter().enumerate() {
            for (column, value) in values.iter().enumerate().filter(|(_, value)| !value.is_null()) {
                let (row, column) = (block.row + row, block.column + column);
                if self.cells.len() <= row {
                    self.cells.resize(row + 1, Vec::new());
                }
                if self.cells[row].len() <= column {
                    self.cells[row].resize(column + 1, Cell::empty());
                }
                self.cells[row][column] = Cell::typed(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Block, Cell, letters};

    #[test]
    fn an_address_is_read_and_written() {
        let block = Block::parse("Sheet1!$B$2:D4").unwrap();
        assert_eq!((block.row, block.column, block.rows, block.columns), (1, 1, 3, 3));
        assert_eq!(block.address("Sheet1"), "Sheet1!B2:D4");
        assert_eq!(Block::parse("AA10").unwrap().address("My Sheet"), "'My Sheet'!AA10");
        for wrong in ["", "A", "1", "A0", "1A", "A1:B", "ABCDEFG1", "A1:XFD1048576"] {
            assert_eq!(Block::parse(wrong), None, "{wrong}");
        }
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_cell_holds_what_excel_makes_of_a_value() {
        assert_eq!(Cell::typed(&json!("42")).value, json!(42));
        assert_eq!(Cell::typed(&json!("1.5")).value, json!(1.5));
        assert_eq!(Cell::typed(&json!("2026-11-20")).value, json!(46346));
        assert_eq!(Cell::typed(&json!("'=1+1")).value, json!("=1+1"));
        assert_eq!(Cell::typed(&json!("=1+1")).formula, json!("=1+1"));
        assert_eq!(Cell::typed(&json!("Ann")).text, "Ann");
    }
}
