//! Every byte that stands in a folder, for a search that must miss nothing.
//!
//! A database at work is never still: its log is copied into the file and taken away
//! again. Read one after the other, file and log could both be read where a page is not.
//! So each database is held by a reader of ours, whose view the log must keep, and what
//! was read counts only when the folder looked the same before and after.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use rusqlite::{Connection, OpenFlags};

/// A folder is read at most so often until it stands still.
const TRIES_MAX: usize = 200;
/// What SQLite puts beside its file and takes away by itself.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The files of a folder with their bytes, as they stood at one instant.
pub fn of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    read_by(folder, |path| fs::read(path))
}

fn read_by(
    folder: &Path,
    mut read: impl FnMut(&Path) -> io::Result<Vec<u8>>,
) -> Vec<(PathBuf, Vec<u8>)> {
    let mut vanished = BTreeSet::new();
    for _ in 0..TRIES_MAX {
        let held: Vec<Connection> =
            listed(folder).iter().filter_map(|(path, ..)| held(path)).collect();
        let before = listed(folder);
        let mut found = Vec::new();
        for (path, ..) in &before {
            match read(path) {
                Ok(bytes) => found.push((path.clone(), bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    assert!(
                        is_companion(path),
                        "{} vanished while the folder was searched",
                        path.display()
                    );
                    vanished.insert(path.clone());
                }
                Err(error) => panic!("{} cannot be searched: {error}", path.display()),
            }
        }
        let still = listed(folder) == before;
        drop(held);
        if still && found.len() == before.len() {
            return found;
        }
    }
    panic!("{} never stands still; these came and went: {vanished:?}", folder.display());
}

/// Name, length and time of each file. SQLite's shared memory changes whenever somebody
/// reads, and holds no page: its length and time do not count.
fn listed(folder: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let shared = path.to_string_lossy().ends_with("-shm");
            match fs::metadata(&path) {
                Ok(_) if shared => Some((path, 0, None)),
                Ok(about) => Some((path, about.len(), about.modified().ok())),
                // It is missed in the next listing, or when it is read.
                Err(_) => None,
            }
        })
        .collect();
    files.sort();
    files
}

/// A reader on this file, if it is a database.
fn held(path: &Path) -> Option<Connection> {
    if !fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0")) {
        return None;
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").unwrap();
    Some(connection)
}

fn is_companion(path: &Path) -> bool {
    let name = path.to_string_lossy();
    COMPANIONS
        .iter()
        .any(|ending| name.strip_suffix(ending).is_some_and(|of| Path::new(of).exists()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "Kanarienvogel-stands-here";

    /// A folder whose database has a row in its log only.
    fn at_work() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let writer = Connection::open(folder.path().join("c.db")).unwrap();
        writer
            .execute_batch(
                "PRAGMA journal_mode = WAL; CREATE TABLE t (x); PRAGMA wal_checkpoint(TRUNCATE)",
            )
            .unwrap();
        writer.execute("INSERT INTO t VALUES (?)", [MARK]).unwrap();
        (folder, writer)
    }

    fn finds(found: &[(PathBuf, Vec<u8>)]) -> bool {
        let is =
            |bytes: &Vec<u8>| bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes());
        found.iter().any(|(_, bytes)| is(bytes))
    }

    #[test]
    fn what_moves_from_the_log_into_the_file_while_both_are_read_is_found() {
        let (folder, writer) = at_work();
        writer.busy_timeout(std::time::Duration::ZERO).unwrap();
        let mut moved = false;
        let found = read_by(folder.path(), |path| {
            if path.to_string_lossy().ends_with("-wal") && !moved {
                moved = true;
                let how = "PRAGMA wal_checkpoint(TRUNCATE)";
                writer.query_row(how, [], |_| Ok(())).unwrap();
            }
            fs::read(path)
        });
        assert!(moved && finds(&found));
    }

    #[test]
    fn a_log_that_is_taken_away_is_looked_for_again() {
        let (folder, writer) = at_work();
        let mut writer = Some(writer);
        let mut reads = 0;
        let found = read_by(folder.path(), |path| {
            reads += 1;
            if let Some(writer) = writer.take_if(|_| path.to_string_lossy().ends_with("-wal")) {
                writer.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
                drop(writer);
                // As the last one to close the database does.
                fs::remove_file(path).unwrap();
            }
            fs::read(path)
        });
        assert!(reads > found.len() && finds(&found));
    }

    #[test]
    #[should_panic(expected = "notes.txt vanished")]
    fn any_other_file_that_vanishes_ends_the_search() {
        let (folder, _writer) = at_work();
        fs::write(folder.path().join("notes.txt"), MARK).unwrap();
        read_by(folder.path(), |path| {
            if path.ends_with("notes.txt") {
                fs::remove_file(path).unwrap();
            }
            fs::read(path)
        });
    }

    #[test]
    #[should_panic(expected = "vanished")]
    fn what_only_looks_like_a_log_is_a_file_like_any_other() {
        let (folder, _writer) = at_work();
        fs::write(folder.path().join("notes-wal"), MARK).unwrap();
        read_by(folder.path(), |path| {
            if path.ends_with("notes-wal") {
                fs::remove_file(path).unwrap();
            }
            fs::read(path)
        });
    }

    #[test]
    #[should_panic(expected = "never stands still")]
    fn a_folder_that_never_stands_still_is_not_searched_by_halves() {
        let (folder, _writer) = at_work();
        let mut log = Vec::new();
        read_by(folder.path(), |path| {
            log.push(b'.');
            fs::write(folder.path().join("somebody.log"), &log).unwrap();
            fs::read(path)
        });
    }
}
