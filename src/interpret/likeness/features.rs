//! The words and pairs of a sentence, as numbers.
//!
//! Not here: what they are worth.

use super::cells::Cell;

/// A number for a word, a pair, or a word beside a sort of name.
pub(super) type Feature = u32;

/// Sentences are read no further than this.
const CELLS_MAX: usize = 60;

/// The feature of a word by itself.
pub(super) fn word(word: &str) -> Feature {
    hash(&["w", word])
}

/// A feature, and the first cell it comes from.
pub(super) fn features(cells: &[Cell]) -> Vec<(Feature, usize)> {
    let cells = &cells[..cells.len().min(CELLS_MAX)];
    let mut found = Vec::with_capacity(cells.len() * 6);
    let names = names(cells);
    let mut before = "^";
    let mut earlier = "";
    for (number, cell) in cells.iter().enumerate() {
        let word = cell.word.as_str();
        let root = stem(word);
        found.push((self::word(word), number));
        found.push((hash(&["s", root]), number));
        found.push((hash(&["b", stem(before), root]), number));
        if !earlier.is_empty() {
            found.push((hash(&["k", stem(earlier), root]), number));
        }
        if !name(word) {
            found.push((hash(&["n", root, &names]), number));
        }
        earlier = before;
        before = word;
    }
    found.push((hash(&["b", stem(before), "$"]), cells.len().saturating_sub(1)));
    found.push((hash(&["all", &names]), 0));
    found.sort_unstable();
    found.dedup_by_key(|(feature, _)| *feature);
    found
}

fn name(word: &str) -> bool {
    word.len() == 1 && word.as_bytes()[0].is_ascii_uppercase()
}

/// The sorts of names in a sentence, each once.
fn names(cells: &[Cell]) -> String {
    let mut all: Vec<&str> = cells
        .iter()
        .map(|cell| cell.word.as_str())
        .filter(|word| name(word) && *word != "T" && *word != "N")
        .collect();
    all.sort_unstable();
    let several = all.iter().filter(|word| **word == "P").count() > 1;
    all.dedup();
    let mut names = all.concat();
    if several {
        names.push('+');
    }
    names
}

/// Endings off, roughly: enough for "wiped", "wiping" and "wipes" to meet.
fn stem(word: &str) -> &str {
    let short =
        |ending: &str| word.strip_suffix(ending).filter(|rest| rest.len() >= 3 && rest.is_ascii());
    let stem = short("ing")
        .or_else(|| short("ed"))
        .or_else(|| short("es"))
        .or_else(|| short("s").filter(|rest| !rest.ends_with('s')))
        .or_else(|| short("e"))
        .unwrap_or(word);
    match stem.char_indices().nth(7) {
        Some((end, _)) => &stem[..end],
        None => stem,
    }
}

/// FNV-1a.
fn hash(parts: &[&str]) -> Feature {
    let mut hash: u32 = 0x811c_9dc5;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash
}
