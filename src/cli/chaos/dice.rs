//! Chance from a seed, so that a run can be repeated.

use std::sync::{Arc, Mutex, PoisonError};

/// Dice; clones go on with the same sequence.
#[derive(Debug, Clone)]
pub struct Dice(Arc<Mutex<u64>>);

impl Dice {
    /// Dice that begin here.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed)))
    }

    /// Dice of their own for one purpose, from this seed.
    pub fn of(seed: u64, purpose: u64) -> Self {
        Self::new(seed ^ purpose.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// The next number of a `SplitMix64` sequence.
    pub fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to below `sides`, which is not 0.
    pub fn roll(&self, sides: u64) -> u64 {
        self.next() % sides.max(1)
    }

    /// From `least` to `most`.
    pub fn between(&self, least: u64, most: u64) -> u64 {
        least + self.roll(most.saturating_sub(least) + 1)
    }

    /// True so often in a hundred.
    pub fn percent(&self, of_hundred: u64) -> bool {
        self.roll(100) < of_hundred
    }

    /// One of these, of which there is at least one.
    pub fn one<'a, T>(&self, all: &'a [T]) -> &'a T {
        let at = usize::try_from(self.roll(all.len() as u64)).unwrap_or_default();
        &all[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_sequence_and_another_one_another() {
        let rolls = |dice: &Dice| (0..20).map(|_| dice.roll(6)).collect::<Vec<_>>();
        assert_eq!(rolls(&Dice::of(7, 1)), rolls(&Dice::of(7, 1)));
        assert_ne!(rolls(&Dice::of(7, 1)), rolls(&Dice::of(7, 2)));
        assert!(rolls(&Dice::new(3)).iter().all(|roll| *roll < 6));
    }
}
