//! Many people in one request: a table that was pasted → a batch that waits for one signature.
//!
//! - [`sheet`]   words → a table, and the words around it
//! - [`meant`]   what is to be done with its rows
//! - [`columns`] headings → the fields of the action's form; a row → its answers
//! - [`ask`]     rows → plans → the batch
//! - [`whole`]   one rule for all, the strictest; one digest over all
//! - [`seats`]   free seats, counted over all rows
//! - [`again`]   what failed is tried again; [`back`] what was done is undone: of all rows at once
//! - [`view`]    its card: each row a line; [`end`] rows end with a batch that nobody signed
//!
//! ```text
//! table ─ rows ─┬─ fit:   a request each, planned, with a digest ─┐
//!               └─ unfit: named on the card, with field and remedy ├─ one plan, one digest
//! ```
//!
//! Not here: what happens once it is signed ([`crate::engine`]), and tables of a few lines that
//! HR writes into a sentence (`interpret/forms`).

mod again;
mod ask;
mod back;
mod columns;
mod end;
mod meant;
mod seats;
mod sheet;
mod view;
mod whole;

pub(super) use sheet::BYTES_MAX;
pub(super) use view::may_be_pressed;
