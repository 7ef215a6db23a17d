//! The record: a Merkle log over salted facts, in the style of RFC 6962. Pure.
//!
//! - [`leaf`]        SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ payload))
//! - [`Tree`]        grows leaf by leaf, knows its root; remembers only one hash per level
//! - [`SigningKey`]  signs heads: a statement about the first `size` facts
//! - [`Verifier`]    goes through a record and its heads, and finds any edit
//! - [`Proof`]       some facts alone, each with its way to a signed root
//!
//! An edit, a removal or a swap changes the root that was signed. A cut at the end
//! shows against the newest head, so heads are also posted elsewhere. A payload may be
//! missing only with its subject, and only when the record says that it was forgotten.
//!
//! Not here: where facts are kept. The store numbers them.

mod head;
mod proof;
mod tree;
mod verify;

pub use head::{SigningKey, find, is_genuine, written};
pub use proof::{Proof, Proved, Unproved, prove};
pub use tree::{Hash, Tree, inclusion, is_included, leaf, payload_hash};
pub use verify::{Broken, Verifier, Whole};
