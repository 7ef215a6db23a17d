//! What is remembered, on a disk.
//!
//! - [`sealing`] values are closed before they are written, and opened after they are read
//! - [`sqlite`]  one file; one writer; many turns to one `fdatasync`
//!
//! Not here: any rule about requests. A turn is saved as it was decided, or refused
//! because somebody else was first.

pub mod sealing;
pub mod sqlite;
