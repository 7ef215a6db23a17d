//! Drives and the files in them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        access,
        call::{Answer, Call},
        odata::{kinds_estate::DRIVE_ITEM, page},
        refusals::{self, Outcome, Refusal},
        state::{Drive, DriveFile, Group},
        turn::Turn,
    },
    groups, unknown, users, workbooks,
};

/// `users/{key}/drive/…` and `groups/{key}/drive/…`.
pub(super) fn owned(
    turn: &mut Turn<'_>,
    call: &Call,
    kind: &str,
    key: &str,
    path: &[&str],
) -> Outcome {
    let state = turn.state();
    let owner: Uuid = if kind == "users" {
        users::find(state, key)?.id
    } else {
        let group = groups::find(state, key)?;
        if !has_library(group) {
            return Err(refusals::no_drive());
        }
        group.id
    };
    turn.caller.files_readable()?;
    let drive = turn.state().drive_of(owner).ok_or_else(refusals::no_drive)?.id.clone();
    inside(turn, call, &drive, path)
}

/// Only a Microsoft 365 group has a document library.
fn has_library(group: &Group) -> bool {
    let types = group.props.get("groupTypes").and_then(Value::as_array);
    types.is_some_and(|types| types.iter().any(|kind| kind == "Unified"))
}

/// `drives/{id}/…`
pub(super) fn route(turn: &mut Turn<'_>, call: &Call, path: &[&str]) -> Outcome {
    let [drive, rest @ ..] = path else { return Err(refusals::no_method()) };
    turn.caller.files_readable()?;
    turn.state().drives.drive(drive).ok_or_else(refusals::no_file)?;
    inside(turn, call, drive, rest)
}

fn inside(turn: &mut Turn<'_>, call: &Call, drive: &str, path: &[&str]) -> Outcome {
    match (call.method.as_str(), path) {
        ("GET", []) => show(turn, drive),
        ("GET", ["root" | "items", .., "children"]) => children(turn, call, drive),
        ("GET", ["root", "search", query]) => search(turn, call, drive, query),
        (_, ["root:", rest @ ..]) => by_path(turn, call, drive, rest),
        (_, ["items", file, rest @ ..]) => of_file(turn, call, drive, file, rest),
        _ => Err(unknown(path)),
    }
}

fn find<'a>(turn: &'a Turn<'_>, drive: &str) -> Result<&'a Drive, Refusal> {
    turn.state().drives.drive(drive).ok_or_else(refusals::no_file)
}

fn show(turn: &Turn<'_>, drive: &str) -> Outcome {
    let drive = find(turn, drive)?;
    let state = turn.state();
    let context = format!("{}/v1.0/$metadata#drives/$entity", turn.origin);
    let upn = state.name_of(drive.owner);
    let site = upn.replace(['@', '.', ' '], "_");
    let host = state.tenant.onmicrosoft.split('.').next().unwrap_or_default();
    let owner = state.users.get(&drive.owner);
    let (kind, name, owner, url) = if let Some(user) = owner {
        let shown = user.props.get("displayName");
        let owner = json!({ "user": { "id": user.id, "displayName": shown, "email": upn } });
        let url = format!("https://{host}-my.sharepoint.com/personal/{site}/Documents");
        ("business", "OneDrive", owner, url)
    } else {
        let owner = json!({ "group": { "id": drive.owner, "displayName": upn } });
        let url = format!("https://{host}.sharepoint.com/sites/{site}/Shared%20Documents");
        ("documentLibrary", "Documents", owner, url)
    };
    Ok(Answer::json(
        200,
        json!({
            "@odata.context": context, "id": drive.id, "driveType": kind,
            "name": name, "owner": owner, "webUrl": url,
        }),
    ))
}

fn shown(turn: &Turn<'_>, call: &Call, drive: &str, fits: &dyn Fn(&DriveFile) -> bool) -> Outcome {
    let drive = find(turn, drive)?;
    let files = drive.files.iter().filter(|file| fits(file)).map(|file| file.view(drive));
    page::list(turn, call, &DRIVE_ITEM, files.collect(), &page::nothing)
}

fn children(turn: &Turn<'_>, call: &Call, drive: &str) -> Outcome {
    shown(turn, call, drive, &|file| file.folder().is_empty())
}

/// Finds by name; words inside of files are not looked at here.
fn search(turn: &Turn<'_>, call: &Call, drive: &str, query: &str) -> Outcome {
    let words = query.strip_prefix("q=").unwrap_or(query).trim_matches('\'').replace("''", "'");
    let words = words.to_lowercase();
    shown(turn, call, drive, &|file| file.name().to_lowercase().contains(&words))
}

/// `root:/Finance/Budget.xlsx` and `root:/Finance/Budget.xlsx:/workbook`.
fn by_path(turn: &mut Turn<'_>, call: &Call, drive: &str, path: &[&str]) -> Outcome {
    let end = path.iter().position(|part| part.ends_with(':')).map_or(path.len(), |at| at + 1);
    let (file, rest) = path.split_at(end);
    let wanted = file.join("/").trim_end_matches(':').to_lowercase();
    let known = find(turn, drive)?.files.iter().find(|file| file.path.to_lowercase() == wanted);
    let id = known.ok_or_else(refusals::no_file)?.id.clone();
    of_file(turn, call, drive, &id, rest)
}

fn of_file(turn: &mut Turn<'_>, call: &Call, drive: &str, file: &str, path: &[&str]) -> Outcome {
    let known = find(turn, drive)?.files.iter().find(|known| known.id == file);
    let known = known.ok_or_else(refusals::no_file)?;
    match (call.method.as_str(), path) {
        ("GET", []) => {
            let view = known.view(find(turn, drive)?);
            page::one(turn, call, &DRIVE_ITEM, &view, &page::nothing)
        }
        (_, ["workbook", rest @ ..]) => workbooks::route(turn, call, drive, file, rest),
        (_, []) => Err(refusals::no_method()),
        _ => Err(unknown(path)),
    }
}

impl super::super::turn::Caller {
    fn files_readable(&self) -> Result<(), Refusal> {
        if self.has(access::FILE_READ) { Ok(()) } else { Err(refusals::files_denied()) }
    }
}
