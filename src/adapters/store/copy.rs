//! Everything of a `SQLite` file goes to a PostgreSQL server: whole, or not at all.
//!
//! Values stay sealed as they are: the server gets the file's keys with them. While it goes
//! on, the file is held so that nothing else has it open; on the server it is one transaction,
//! schema included.

use std::path::{Path, PathBuf};

use super::{
    postgres::{Filling, OpenError},
    sqlite::{Piece, Whole},
};
use crate::domain::secret::Secret;

/// Why nothing was copied. Each text ends with what to do.
#[derive(Debug, thiserror::Error)]
pub enum CannotCopy {
    /// The file is in use.
    #[error(
        "the database {0} is in use; stop `countersign serve` and whatever else has it open, and \
         try again"
    )]
    InUse(PathBuf),
    /// The file cannot be read.
    #[error("the database {path} cannot be read; nothing was copied")]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: anyhow::Error,
    },
    /// The server cannot be opened.
    #[error(transparent)]
    Server(#[from] OpenError),
    /// Somebody is there already.
    #[error(
        "the table {table} of that database holds rows already; nothing was copied. Name an empty \
         database, or an empty schema"
    )]
    NotEmpty {
        /// In which table.
        table: String,
    },
    /// The server did not take it.
    #[error(
        "the server did not take all of it, so it has none of it; mend what it says and try again"
    )]
    Refused(#[source] anyhow::Error),
}

/// What was copied: tables and their rows.
pub type Copied = Vec<(String, u64)>;

/// Copies a file of this version's schema to an empty database of a server.
pub async fn copy(file: &Path, server: &Secret) -> Result<Copied, CannotCopy> {
    let whole = Whole::take(file)?;
    let mut filling = Filling::begin(server).await?;
    if let Some(table) = filling.not_empty().await.map_err(CannotCopy::Refused)? {
        return Err(CannotCopy::NotEmpty { table });
    }
    let mut pieces = whole.pour(filling.tables());
    let (mut copied, mut counts): (Copied, Copied) = (Vec::new(), Vec::new());
    while let Some(piece) = pieces.recv().await {
        match piece? {
            Piece::Table { name, rows } => {
                counts.push((name.clone(), rows));
                copied.push((name, 0));
            }
            Piece::Rows(rows) => {
                let Some((table, count)) = copied.last_mut() else { continue };
                *count += rows.len() as u64;
                filling.add(table, rows).await.map_err(CannotCopy::Refused)?;
            }
        }
    }
    filling.finish(&counts).await.map_err(CannotCopy::Refused)?;
    Ok(copied)
}
