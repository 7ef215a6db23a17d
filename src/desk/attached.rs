//! Files that come with a message: a table as CSV is read as if it had been pasted under the
//! words. Pictures and letters are left alone; a spreadsheet is not read, and that is said.
//!
//! Not here: how a table is read ([`super::batch`]), and where a file is fetched from.

use crate::{
    desk::{Desk, batch::BYTES_MAX},
    domain::{
        batch::ROWS_MAX,
        chat::{Attached, Heard, Inbound, Platform, Words},
        trouble::Reason,
    },
    ports::chat::FileError,
};

/// Tables as text.
const TABLES: &[&str] = &["csv", "tsv"];
/// Tables that are no text.
const SPREADSHEETS: &[&str] = &["xlsx", "xls", "xlsm", "xlsb", "ods", "numbers"];

impl Desk {
    /// The words with the table that came with them under them, if one did, and its name.
    pub(super) async fn with_table(
        &self,
        inbound: &Inbound,
        words: &Words,
    ) -> Result<(Words, Option<String>), Reason> {
        let alone = || Ok((words.clone(), None));
        let Heard::Said { files, .. } = &inbound.what else { return alone() };
        let not = |what: String| Err(Reason::NotPossible { what });
        let of = |endings: &'static [&'static str]| {
            files.iter().filter(move |file| endings.contains(&ending(file).as_str()))
        };
        if let Some(sheet) = of(SPREADSHEETS).next() {
            return not(format!(
                "{} is a spreadsheet; save it as CSV (UTF-8) and attach that, or paste the table",
                sheet.name
            ));
        }
        let mut tables = of(TABLES);
        let file = match (tables.next(), tables.next()) {
            (None, _) => return alone(),
            (Some(file), None) => file,
            (Some(_), Some(_)) => {
                return not("one message takes one table; send the others by themselves".to_owned());
            }
        };
        let too_large = || {
            let what = format!(
                "{} is too large: a table has at most {} KB and {ROWS_MAX} rows; send it in parts",
                file.name,
                BYTES_MAX / 1024
            );
            Err(Reason::TooMuch { what })
        };
        if file.bytes.is_some_and(|bytes| bytes > BYTES_MAX as u64) {
            return too_large();
        }
        let platform = inbound.place.platform;
        let Some(chat) = self.chats.get(&platform) else { return alone() };
        let bytes = match chat.file(&inbound.place, file, BYTES_MAX).await {
            Ok(bytes) => bytes,
            Err(FileError::TooLarge) => return too_large(),
            Err(error) => return not(why(&error, platform, &file.name)),
        };
        let Ok(text) = String::from_utf8(bytes) else {
            return not(format!(
                "{} is not UTF-8 text; save it as “CSV UTF-8” and attach it again, or paste the table",
                file.name
            ));
        };
        let table = text.trim_start_matches('\u{feff}').trim();
        let said = words.0.trim();
        let whole = if said.is_empty() { table.to_owned() } else { format!("{said}\n{table}") };
        Ok((Words(whole), Some(file.name.clone())))
    }
}

/// What a file of which nobody knows what to do with it is answered with.
pub(super) fn unclear(name: &str) -> Reason {
    let what = format!(
        "{name} was read, and it is not plain what is to be done: its first line needs headings, \
         one of which names the person, and the words beside it say what, such as “offboard these people”"
    );
    Reason::NotPossible { what }
}

fn why(error: &FileError, platform: Platform, name: &str) -> String {
    let meanwhile = "paste the table meanwhile";
    match (error, platform) {
        (FileError::Gone, _) => format!("{name} is not there any more; attach it again"),
        (FileError::Forbidden, Platform::Slack) => format!(
            "{name} may not be read: the Slack app needs the scope files:read (add it, and install the app again); {meanwhile}"
        ),
        (FileError::Away(source), _) => {
            tracing::warn!(error = %format!("{source:#}"), "A file that came with a message could not be read");
            format!(
                "{name} could not be read just now; attach it again in a minute, or paste the table"
            )
        }
        _ => format!("{name} may not be read from where it is; {meanwhile}"),
    }
}

fn ending(file: &Attached) -> String {
    file.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}
