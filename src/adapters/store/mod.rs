//! What is remembered, on a disk.
//!
//! - [`sealing`] values are closed before they are written, and opened after they are read
//! - [`sqlite`]  one file; one writer; many turns to one `fdatasync`
//! - [`postgres`] a server; any number of replicas
//! - [`copy`]     all of a file goes to a server
//! - [`upkeep`]  what the operator needs of a store besides the port
//!
//! What both do the same way is written once, over [`database`]: statements in plain SQL
//! with values of our own, answered in rows.
//!
//! - [`seal_check`] does this key belong to this database?
//! - [`save`]     a turn is sealed and run, whichever the database
//! - [`turn`]     a turn becomes sealed statements: a [`script`]
//! - [`due`] the one timer; [`lease`] [`telling`] [`tidy`] [`record`]  the other writes, one idea each
//! - [`looks`] what is looked for after every commit, and by which index
//! - [`read`] [`read_record`] [`read_snapshot`] [`read_standing`] [`read_rows`] [`read_counted`] [`read_sign_in`] what is read; [`rows`] and [`at`](mod@at), how rows become our own words
//! - [`gauges`] [`witness`] how full it is; who counts what was saved
//! - [`subjects`] the keys of those whom the record is about; [`forget`] and how one goes;
//!   [`met`] who is known at all
//! - [`partner`] the partner's refresh token
//!
//! Not here: any rule about requests. A turn is saved as it was decided, or refused
//! because somebody else was first.

mod at;
pub mod copy;
mod database;
mod due;
pub mod forget;
pub mod gauges;
mod lease;
pub mod looks;
mod met;
mod partner;
pub mod postgres;
mod read;
mod read_counted;
mod read_record;
mod read_rows;
mod read_sign_in;
mod read_snapshot;
mod read_standing;
mod record;
mod rows;
mod save;
mod script;
mod seal_check;
pub mod sealing;
pub mod sqlite;
mod subjects;
mod telling;
mod tidy;
mod turn;
pub mod upkeep;
pub mod witness;

use crate::ports::store::StoreError;

/// A failure of the database itself.
fn broken_by(why: impl Into<anyhow::Error>) -> StoreError {
    StoreError::Broken(why.into())
}
