//! A fact as a row for a spreadsheet (CSV, RFC 4180) or a line for a SIEM (CEF:
//! "`ArcSight` Common Event Format", version 0). For reading only: what verifies is JSONL.

use std::fmt::Write;

use crate::{audit, domain::fact::Header, ports::store::Recorded};

/// The names of the columns.
pub const COLUMNS: &str = "seq,at,kind,tenant,request,digest,leaf,payload\r\n";

/// One row. A cell that a spreadsheet would take for a formula begins with an apostrophe
/// (OWASP, "CSV Injection").
pub fn csv(fact: &Recorded) -> String {
    let cells = cells(fact);
    let columns = COLUMNS.trim_end().split(',');
    let cell = |name: &str| cells.iter().find(|(own, _)| *own == name).map(|(_, cell)| cell);
    let cells: Vec<String> = columns.filter_map(cell).map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// One event.
pub fn cef(fact: &Recorded) -> String {
    let cells = cells(fact);
    let of = |name: &str| {
        let found = cells.iter().find(|(own, _)| *own == name);
        found.map(|(_, cell)| cell.as_str()).unwrap_or_default()
    };
    // Whoever writes the database could put a line's end into a kind, too.
    let head = |text: &str| {
        let text = text.replace('\\', r"\\").replace('|', r"\|");
        text.replace(['\r', '\n'], " ")
    };
    let kind = of("kind");
    let mut line = format!(
        "CEF:0|Countersign|Countersign|{}|{}|{}|{}|",
        env!("CARGO_PKG_VERSION"),
        head(kind),
        head(&kind.replace('.', " ")),
        severity(kind)
    );
    let extension = [
        ("externalId", "seq"),
        ("rt", "rt"),
        ("cs1Label", "=tenant"),
        ("cs1", "tenant"),
        ("cs2Label", "=request"),
        ("cs2", "request"),
        ("cs3Label", "=digest"),
        ("cs3", "digest"),
        ("cs4Label", "=leaf"),
        ("cs4", "leaf"),
        ("msg", "payload"),
    ];
    for (key, name) in extension {
        let value = match name.strip_prefix('=') {
            Some(label) => label.to_owned(),
            None => of(name).to_owned(),
        };
        let value = value
            .replace('\\', r"\\")
            .replace('=', r"\=")
            .replace('\n', r"\n")
            .replace('\r', r"\r");
        write!(line, "{key}={value} ").expect("a string takes everything");
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

/// 0 to 10, as CEF counts: what was refused or broke is worth a look.
fn severity(kind: &str) -> u8 {
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    if has(&["refused", "failed", "doubt", "quarantine", "attack"]) {
        7
    } else if has(&["vote", "decided", "forgotten", "paused"]) {
        5
    } else {
        3
    }
}

fn cells(fact: &Recorded) -> Vec<(&'static str, String)> {
    let header: Option<Header> = serde_json::from_slice(&fact.header).ok();
    let of = |read: fn(&Header) -> String| header.as_ref().map(read).unwrap_or_default();
    let leaf = hex::encode(audit::leaf(&fact.header, &fact.payload_hash));
    let payload = fact.said().map(String::from_utf8_lossy);
    let payload = payload.map_or_else(|| "forgotten".to_owned(), std::borrow::Cow::into_owned);
    vec![
        ("seq", fact.seq.to_string()),
        ("at", of(|header| header.at.to_string())),
        ("kind", of(|header| header.kind.clone())),
        ("tenant", of(|header| header.tenant.to_string())),
        ("request", of(|header| header.request.map(|id| id.to_string()).unwrap_or_default())),
        ("digest", of(|header| header.digest.map(|own| own.to_string()).unwrap_or_default())),
        ("leaf", leaf),
        ("payload", payload),
        ("rt", of(|header| header.at.as_millisecond().to_string())),
    ]
}

/// A cell as it is written: one that a spreadsheet would take for a formula begins with an
/// apostrophe (OWASP, "CSV Injection").
pub fn quoted(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let cell = if risky { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\r', '\n', '\'']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::store::Payload;

    fn fact(payload: &str) -> Recorded {
        let header = r#"{"id":"01a1f8d3-ea00-78d4-8b0e-51b1f514db7c","tenant":"11111111-aaaa-4bbb-8ccc-000000000001","request":null,"kind":"request.asked","at":"2026-11-20T12:00:00Z","digest":null}"#;
        Recorded {
            seq: 7,
            header: header.as_bytes().to_vec(),
            payload_hash: [9; 32],
            payload: Payload::Kept { salt: vec![1; 16], text: payload.as_bytes().to_vec() },
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            for rest in ["1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x\",\"y\")", ""] {
                let row = csv(&fact(&format!("{start}{rest}")));
                let payload = row.splitn(8, ',').nth(7).unwrap();
                assert!(payload.starts_with("\"'"), "{start}{rest}: {row}");
            }
        }
    }

    #[test]
    fn a_row_has_a_cell_for_every_column_and_keeps_quotes_and_lines() {
        let row = csv(&fact("{\"said\":\"one, two\"}"));
        assert!(row.starts_with("7,2026-11-20T12:00:00Z,request.asked,11111111-aaaa-4bbb-"));
        assert!(row.ends_with(",\"{\"\"said\"\":\"\"one, two\"\"}\"\r\n"), "{row}");
        assert_eq!(COLUMNS.trim().split(',').count(), 8);
    }

    #[test]
    fn an_event_keeps_to_its_line_and_its_fields() {
        let line = cef(&fact("{\"a\":\"x=1|\\\\\"}\ncs1=forged"));
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert!(line.starts_with("CEF:0|Countersign|Countersign|"), "{line}");
        assert!(line.contains("|request.asked|request asked|3|externalId=7 rt=1795176000000 "));
        assert!(line.contains(r"x\=1|\\\\"), "{line}");
        assert!(line.contains(r"\ncs1\=forged"), "{line}");
    }
}
