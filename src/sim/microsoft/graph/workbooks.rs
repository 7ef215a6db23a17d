//! Workbooks: sessions, worksheets, ranges (learn.microsoft.com/graph/api/resources/excel).
//! Tables, charts and functions are not here; nothing the product writes needs them.

use serde_json::{Value, json};

use super::{
    super::{
        access,
        call::{Answer, Call},
        catalog::id_from,
        conduct::WorkbookDoor,
        odata::{
            kinds_estate::{RANGE, WORKSHEET},
            page,
        },
        refusals::{self, Outcome, Refusal},
        state::{Block, Book, DriveFile, Session, Sheet},
        turn::Turn,
    },
    object, unknown,
};

/// The longest name of a worksheet (support.microsoft.com, "Rename a worksheet").
const NAME_MAX: usize = 31;

/// Which workbook, and by which session.
struct At<'a> {
    drive: &'a str,
    file: &'a str,
    /// A session that does not persist: what it writes is forgotten.
    fleeting: bool,
}

pub(super) fn route(
    turn: &mut Turn<'_>,
    call: &Call,
    drive: &str,
    file: &str,
    path: &[&str],
) -> Outcome {
    may_open(turn, drive, file)?;
    let fleeting = session(turn, call, file)?;
    let at = At { drive, file, fleeting };
    match (call.method.as_str(), path) {
        ("POST", ["createSession"]) => create_session(turn, call, file),
        ("POST", ["closeSession"]) => Ok(close_session(turn, call)),
        ("GET", ["worksheets"]) => sheets(turn, call, &at),
        ("POST", ["worksheets"] | ["worksheets", "add"]) => add_sheet(turn, call, &at),
        ("GET", ["worksheets", sheet]) => sheet_view(turn, call, &at, sheet),
        ("DELETE", ["worksheets", sheet]) => delete_sheet(turn, &at, sheet),
        ("GET", ["worksheets", sheet, "usedRange" | "usedRange()", ..]) => {
            let block = find_sheet(turn, &at, sheet)?.used();
            read(turn, call, &at, sheet, block)
        }
        ("GET", ["worksheets", sheet, "range", address]) => {
            read(turn, call, &at, sheet, parse(address)?)
        }
        ("PATCH", ["worksheets", sheet, "range", address]) => {
            write(turn, call, &at, sheet, parse(address)?)
        }
        (_, ["createSession" | "closeSession" | "worksheets", ..]) => Err(refusals::no_method()),
        _ => Err(unknown(path)),
    }
}

/// The file as it lies in its drive.
fn find<'a>(turn: &'a Turn<'_>, drive: &str, file: &str) -> Result<&'a DriveFile, Refusal> {
    let drive = turn.state().drives.drive(drive).ok_or_else(refusals::no_file)?;
    drive.files.iter().find(|known| known.id == file).ok_or_else(refusals::no_file)
}

fn book<'a>(turn: &'a Turn<'_>, at: &At<'_>) -> Result<&'a Book, Refusal> {
    find(turn, at.drive, at.file)?.book.as_ref().ok_or_else(refusals::no_workbook)
}

fn find_sheet<'a>(turn: &'a Turn<'_>, at: &At<'_>, key: &str) -> Result<&'a Sheet, Refusal> {
    book(turn, at)?.sheet(key).ok_or_else(refusals::no_sheet)
}

fn may_open(turn: &Turn<'_>, drive: &str, file: &str) -> Result<(), Refusal> {
    if !turn.caller.has(access::WORKBOOK) {
        return Err(refusals::files_denied());
    }
    if turn.core.conduct.workbooks == WorkbookDoor::UsersOnly {
        return Err(refusals::workbook_door_closed());
    }
    let file = find(turn, drive, file)?;
    if file.labelled {
        return Err(refusals::workbook_labelled());
    }
    if file.book.is_none() {
        return Err(refusals::no_workbook());
    }
    match &file.locked_by {
        Some(who) => Err(refusals::workbook_locked(who)),
        None => Ok(()),
    }
}

/// Without the header each call has a session of its own. Answers whether it is fleeting.
fn session(turn: &mut Turn<'_>, call: &Call, file: &str) -> Result<bool, Refusal> {
    let Some(id) = call.header("workbook-session-id") else { return Ok(false) };
    let (id, now) = (id.to_owned(), turn.now);
    let known = turn.core.state.drives.session(&id, file, now).cloned();
    let known = known.ok_or_else(refusals::session_gone)?;
    for session in &mut turn.change().drives.sessions {
        if session.id == id {
            session.used = now;
        }
    }
    Ok(!known.persists)
}

fn create_session(turn: &mut Turn<'_>, call: &Call, file: &str) -> Outcome {
    let persists = object(call)?.get("persistChanges").and_then(Value::as_bool);
    let persists = persists.ok_or_else(refusals::bad_argument)?;
    let session = Session {
        id: format!("cluster=SIM&session={}", turn.clock.uuid().simple()),
        file: file.to_owned(),
        persists,
        used: turn.now,
    };
    let body = json!({
        "@odata.context":
            format!("{}/v1.0/$metadata#microsoft.graph.workbookSessionInfo", turn.origin),
        "persistChanges": persists, "id": session.id,
    });
    turn.change().drives.sessions.push(session);
    Ok(Answer::json(201, body))
}

fn close_session(turn: &mut Turn<'_>, call: &Call) -> Answer {
    let id = call.header("workbook-session-id").unwrap_or_default().to_owned();
    turn.change().drives.sessions.retain(|session| session.id != id);
    Answer::empty(204)
}

fn sheets(turn: &Turn<'_>, call: &Call, at: &At<'_>) -> Outcome {
    let all = book(turn, at)?.sheets.iter().enumerate();
    let all = all.map(|(position, sheet)| sheet.view(position)).collect();
    page::list(turn, call, &WORKSHEET, all, &page::nothing)
}

fn sheet_view(turn: &Turn<'_>, call: &Call, at: &At<'_>, key: &str) -> Outcome {
    let mut all = book(turn, at)?.sheets.iter().enumerate();
    let (position, sheet) = all.find(|(_, sheet)| sheet.is(key)).ok_or_else(refusals::no_sheet)?;
    page::one(turn, call, &WORKSHEET, &sheet.view(position), &page::nothing)
}

fn name_fits(name: &str) -> bool {
    (1..=NAME_MAX).contains(&name.chars().count())
        && !name.contains(['\\', '/', '?', '*', '[', ']', ':'])
        && !name.starts_with('\'')
        && !name.ends_with('\'')
        && !name.trim().is_empty()
}

fn add_sheet(turn: &mut Turn<'_>, call: &Call, at: &At<'_>) -> Outcome {
    let asked = object(call)?.get("name").and_then(Value::as_str).map(str::to_owned);
    let count = book(turn, at)?.sheets.len();
    let name = asked.unwrap_or_else(|| format!("Sheet{}", count + 1));
    if !name_fits(&name) {
        return Err(refusals::bad_argument());
    }
    if book(turn, at)?.sheets.iter().any(|sheet| sheet.name.to_lowercase() == name.to_lowercase()) {
        return Err(refusals::sheet_exists());
    }
    let id = format!("{{{}}}", turn.clock.uuid().to_string().to_uppercase());
    let sheet = Sheet { id, name: name.clone(), cells: Vec::new() };
    let view = sheet.view(count);
    if !at.fleeting {
        change(turn, at, |book| book.sheets.push(sheet));
        felt(turn, at, "workbook.sheet.add", Value::Null, json!({ "name": name }));
    }
    Ok(page::written(turn, 201, &WORKSHEET, &view))
}

fn delete_sheet(turn: &mut Turn<'_>, at: &At<'_>, key: &str) -> Outcome {
    let name = find_sheet(turn, at, key)?.name.clone();
    if book(turn, at)?.sheets.len() == 1 {
        return Err(refusals::last_sheet());
    }
    if !at.fleeting {
        change(turn, at, |book| book.sheets.retain(|sheet| sheet.name != name));
        felt(turn, at, "workbook.sheet.delete", json!({ "name": name }), Value::Null);
    }
    Ok(Answer::empty(204))
}

fn parse(address: &str) -> Result<Block, Refusal> {
    let address = address.strip_prefix("address=").ok_or_else(refusals::bad_argument)?;
    Block::parse(address.trim_matches('\'')).ok_or_else(refusals::bad_argument)
}

fn read(turn: &Turn<'_>, call: &Call, at: &At<'_>, key: &str, block: Block) -> Outcome {
    let range = find_sheet(turn, at, key)?.range(block);
    page::one(turn, call, &RANGE, &range, &page::nothing)
}

fn write(turn: &mut Turn<'_>, call: &Call, at: &At<'_>, key: &str, block: Block) -> Outcome {
    let name = find_sheet(turn, at, key)?.name.clone();
    let rows = object(call)?.get("values").and_then(Value::as_array);
    let rows = rows.ok_or_else(refusals::bad_argument)?;
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| row.as_array().cloned().ok_or_else(refusals::bad_argument))
        .collect::<Result<_, _>>()?;
    if rows.len() != block.rows || rows.iter().any(|row| row.len() != block.columns) {
        return Err(refusals::bad_dimensions());
    }
    let scalar = |value: &Value| !value.is_array() && !value.is_object();
    if !rows.iter().flatten().all(scalar) {
        return Err(refusals::bad_argument());
    }
    let before = find_sheet(turn, at, key)?.range(block);
    let mut sheet = find_sheet(turn, at, key)?.clone();
    sheet.write(block, &rows);
    let after = sheet.range(block);
    if !at.fleeting {
        change(turn, at, |book| {
            for known in &mut book.sheets {
                if known.name == name {
                    known.clone_from(&sheet);
                }
            }
        });
        let shown =
            |range: &Value| json!({ "address": range["address"], "values": range["values"] });
        felt(turn, at, "workbook.range", shown(&before), shown(&after));
    }
    page::one(turn, call, &RANGE, &after, &page::nothing)
}

fn change(turn: &mut Turn<'_>, at: &At<'_>, how: impl FnOnce(&mut Book)) {
    let file = turn.change().drives.file_mut(at.drive, at.file);
    if let Some(book) = file.and_then(|file| file.book.as_mut()) {
        how(book);
    }
}

fn felt(turn: &mut Turn<'_>, at: &At<'_>, what: &str, before: Value, after: Value) {
    let path =
        find(turn, at.drive, at.file).map_or_else(|_| String::new(), |file| file.path.clone());
    turn.felt_about(what, id_from("file", at.file), &path, before, after);
}
