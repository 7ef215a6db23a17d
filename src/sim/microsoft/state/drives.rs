//! Drives, the files in them, and what is in a workbook.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::State;

/// A session ends after this long without a request
/// (learn.microsoft.com/graph/api/resources/excel, "Sessions and persistence").
const SESSION: SignedDuration = SignedDuration::from_mins(5);

#[derive(Debug, Clone, Default)]
pub(in super::super) struct Drives {
    pub drives: Vec<Drive>,
    pub sessions: Vec<Session>,
}

/// The `OneDrive` of a user or the library of a group.
#[derive(Debug, Clone)]
pub(in super::super) struct Drive {
    pub id: String,
    pub owner: Uuid,
    pub files: Vec<DriveFile>,
}

#[derive(Debug, Clone)]
pub(in super::super) struct DriveFile {
    pub id: String,
    /// From the root, such as `Finance/Budget.xlsx`.
    pub path: String,
    pub book: Option<Book>,
    /// Somebody has it open in a way that locks it; who.
    pub locked_by: Option<String>,
    /// A sensitivity label keeps applications out.
    pub labelled: bool,
}

#[derive(Debug, Clone, Default)]
pub(in super::super) struct Book {
    pub sheets: Vec<Sheet>,
}

#[derive(Debug, Clone)]
pub(in super::super) struct Sheet {
    pub id: String,
    pub name: String,
    /// Row by row; rows may be shorter than others.
    pub cells: Vec<Vec<Cell>>,
}

/// What a cell holds, and how it looks.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Cell {
    pub value: Value,
    pub text: String,
    pub formula: Value,
}

#[derive(Debug, Clone)]
pub(in super::super) struct Session {
    pub id: String,
    pub file: String,
    pub persists: bool,
    pub used: Timestamp,
}

impl DriveFile {
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    pub fn view(&self, drive: &Drive) -> Value {
        let colon = if self.folder().is_empty() { ":" } else { ":/" };
        json!({
            "id": self.id, "name": self.name(), "size": 9_216,
            "createdDateTime": "2026-03-02T09:00:00Z",
            "lastModifiedDateTime": "2026-11-02T09:00:00Z",
            "webUrl": format!("https://contoso-my.sharepoint.com/{}", self.path.replace(' ', "%20")),
            "file": { "mimeType": if self.book.is_some() {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            } else {
                "application/octet-stream"
            } },
            "parentReference": {
                "driveId": drive.id, "driveType": "business",
                "path": format!("/drives/{}/root{colon}{}", drive.id, self.folder()),
            },
        })
    }
}

impl Drives {
    pub fn drive(&self, id: &str) -> Option<&Drive> {
        self.drives.iter().find(|drive| drive.id == id)
    }

    pub fn file_mut(&mut self, drive: &str, file: &str) -> Option<&mut DriveFile> {
        let drive = self.drives.iter_mut().find(|found| found.id == drive)?;
        drive.files.iter_mut().find(|found| found.id == file)
    }

    /// The session of that file, while it lives.
    pub fn session(&self, id: &str, file: &str, now: Timestamp) -> Option<&Session> {
        let lives = |session: &&Session| {
            session.id == id && session.file == file && now.duration_since(session.used) < SESSION
        };
        self.sessions.iter().find(lives)
    }
}

impl Book {
    /// By id or by name, ignoring case.
    pub fn sheet(&self, key: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.is(key))
    }
}

impl Sheet {
    pub fn is(&self, key: &str) -> bool {
        self.id == key || self.name.to_lowercase() == key.to_lowercase()
    }

    pub fn view(&self, position: usize) -> Value {
        json!({
            "id": self.id, "name": self.name, "position": position, "visibility": "Visible",
        })
    }
}

impl State {
    pub fn drive_of(&self, owner: Uuid) -> Option<&Drive> {
        self.drives.drives.iter().find(|drive| drive.owner == owner)
    }
}
