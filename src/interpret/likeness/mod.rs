//! What a sentence is most like: for sentences the frames say nothing about.
//!
//! Nobody can list every way of asking. `said/` holds some thousand sentences, each under the
//! action it asks for or under `none`; from them weights are learned, word by word and pair
//! by pair, and kept in `weights.bin` (`make learn` writes it anew; a test finds it stale).
//! Reading is a sum: each word and pair of a sentence says how much it speaks for each
//! action. The same sentence always gets the same answer, and the words that spoke most for
//! it can be named.
//!
//! - [`cells`]    a sentence as words and sorts of names: "take P off the G list"
//! - [`features`] the words and pairs of it, as numbers
//! - [`mod@weights`] what each says
//! - [`wish`]     a sentence taken for what it is most like; [`doubts`] whether it may be;
//!   [`directions`] words without which it may not
//! - [`left_open`] what a wish leaves open, to be asked
//! - [`learn`]    how the weights come from the sentences
//!
//! Not here: whether anything may come of it, and of whom it speaks. Who calls this asks
//! the scene for people and things as after any verb, and proposes nothing without them.

pub mod cells;
mod directions;
mod doubts;
mod features;
pub mod learn;
pub(super) mod left_open;
mod weights;
pub(super) mod wish;

use std::sync::LazyLock;

pub(super) use self::doubts::{PRAISE, tells};
pub use self::weights::{Liking, Weights};

/// Sentences that ask for nothing.
pub const NONE: &str = "none";

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    Weights::of(include_bytes!("weights.bin").as_slice()).expect("a file that `make learn` wrote")
});

/// What these cells are most like.
pub(super) fn like(cells: &[cells::Cell]) -> Option<Liking> {
    WEIGHTS.like(cells)
}

/// The weights that are read with.
pub fn weights() -> &'static Weights {
    &WEIGHTS
}
